"""Questions about a task as a whole, or about all tasks: how many cases it has, which model of all is best."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import YES_OR_NO, Asked, Unanswerable, owners
from glassbox.llm.catalogue import CLASS, Entry
from glassbox.llm.entries import found_of
from glassbox.llm.linker import Linked
from glassbox.llm.typed import Query, ordered
from glassbox.llm.words import FEW, MANY, MOVED

APART = {"more", "fewer", "outnumber", "outnumbers", "difference", "exceed", "exceeds", "surplus", "minus",
         "less"}  # fmt: skip
SUMMED = {"sum", "summed", "total", "together", "altogether", "combined", "overall"}
OTHER_NUMBERS = {"mean", "average", "median", "smallest", "largest", "biggest", "most", "fewest", "highest", "lowest",
                 "minimum", "maximum", "each", "per", "patients", "people", "persons"}  # fmt: skip
TUNED = ("precision", "recall")  # purposes that the balanced model's threshold is moved to match
AGAINST = {
    "differ",
    "differs",
    "difference",
    "differences",
    "against",
    "versus",
    "relative",
    "lost",
    "vs",
    "minus",
    "worse",
    "good",
    "better",
}


def everywhere(asked: Asked, limit: int | None = None) -> Query:
    """Which task, or which model of all tasks, has the most or least of what all that record it record alike.

    Of a task asked for, what is recorded of tasks as a whole comes before what is recorded of their models.
    """
    line, catalogue = asked.line, asked.catalogue
    if line.place or len(line.metrics) != 1:
        raise Unanswerable("Name one metric, and no batch or case, to rank all tasks by.")
    tasks = asked.tasks if len(asked.tasks) > 1 else catalogue.tasks
    meanings = [asked.linked.meanings[tag] for tag in line.models]
    wanted = {name for meaning in meanings for name in meaning.models}
    wanted |= {name for m in meanings for p in m.purposes for name in catalogue.with_purpose(p, tasks).values()}
    models = [(name, task) for task in tasks for name in catalogue.of_task(task) if name in wanted or not wanted]
    whole: list[tuple[str | None, str]] = [(None, task) for task in tasks] if line.unit == "task" and not wanted else []
    for owned, unit in ((whole, "task"), (models, "model")):
        found = [of for model, task in owned if (of := found_of(asked, model, task, line.metrics[0])[0])]
        found = [[e for e in of if e.parts[-1] == "median"] or of for of in found]
        if not found:
            continue
        if any(len(of) > 1 for of in found) or len({_alike(of[0]) for of in found}) > 1:
            raise Unanswerable("Not all tasks record that alike: name one of them.")
        single = tuple(of[0] for of in found)
        own = tuple(e.model for e in single if e.model)
        query = Query(line.verb, unit, single, own, None, limit=limit, rank=asked.linked.rank)
        if line.test:
            bounds = tuple(sorted(number.value for number in asked.numbers(line.bounds)))
            return replace(query, test=line.test, bounds=bounds)
        return ordered(query, line.order or line.verb)
    raise Unanswerable("No such metric is recorded for the tasks.")


def _alike(entry: Entry) -> tuple[object, ...]:
    """What two entries of different owners have in common where they mean the same: key, split and kind of file."""
    return entry.parts, entry.split, entry.source.replace(entry.model or entry.task or "", "")


def all_cases(asked: Asked) -> Query | None:
    """How many cases a task has, or each of several, where no model is named: of the split that is, else of test."""
    line, tasks, learned = asked.line, asked.tasks, asked.learned
    of_tasks = line.unit == "task" and not line.metrics
    if of_tasks and asked.splits:  # `which task has the smallest training set`
        tasks, line = tasks or asked.catalogue.tasks, replace(line, unit="case")
    named = any(tag[0] != "T" for tag in line.models) and not learned
    if learned and not tasks:
        tasks = tuple(dict.fromkeys(task for _, task in owners(asked)))
    tested = of_tasks and line.test and line.verb in ("list", "count")
    of_several = (line.verb in ("difference", "max", "min") or tested) and len(tasks) > 1
    sizes = all(asked.linked.meanings[tag].metrics == {("cases",)} for tag in line.metrics)  # `split sizes`
    counted = line.unit == "case" and not line.metrics and (line.verb == "count" or of_several)
    counted = counted or (line.verb in ("value", "count") and bool(line.metrics) and sizes and len(asked.splits) > 1)
    if line.place or not counted or named or not tasks or any(asked.conditions):
        return None
    every = ("train", "val", "test") if in_all(asked) and not of_several else ("test",)
    splits = asked.splits or every
    found = [asked.catalogue.find(None, task, "whole", ("cases",), split) for task in tasks for split in splits]
    single = tuple(entries[0] for entries, others in found if len(entries) == 1 and not others)
    more = {*asked.linked.spelt} & APART
    if len(single) == len(found) == 2 and len(tasks) == 1 and more and line.verb == "count":
        return Query("difference", None, single, (), tasks[0])  # `how many more for training than for validation`
    if len(single) != len(found) or (of_several and len(splits) > 1):
        return None
    if line.verb in ("max", "min"):
        return ordered(Query(line.verb, "task", single, (), None), line.verb)
    if tested:
        bounds = tuple(sorted(number.value for number in asked.numbers(line.bounds)))
        return Query(line.verb, "task", single, (), None, test=line.test, bounds=bounds)
    words = {*asked.linked.spelt}
    if len(tasks) > 1 and words & {"mean", "average", "median"}:
        raise Unanswerable("Means over tasks are not computed: ask for the cases of each.")
    if len(tasks) > 1 and len(splits) == 1 and not of_several and words & SUMMED and not words & OTHER_NUMBERS:
        return Query("sum", "task", single, (), None)  # `how many training cases do all tasks have together`
    return Query("difference" if of_several else "value", None, single, (), tasks[0] if len(tasks) == 1 else None)


def counted(asked: Asked, shell: Query, condition: tuple[str, ...]) -> Query:
    """How many cases there are of a condition, of each of several classes, or of another split than the one scored."""
    named = [sorted(asked.linked.meanings[tag].conditions)[0] for tag in asked.linked.tags("Q")]
    named = [parts for parts in named if parts != ("classes",)] or named  # `the class balance, normal and pneumonia`
    classes = len(named) > 1 and all(parts[0] == CLASS for parts in named)
    each = named if classes else [condition]
    splits: tuple[str | None, ...] = asked.splits or (("train", "val", "test") if in_all(asked) else (None,))
    found = [_number_of(asked, shell, parts, split) for parts in each for split in splits]
    models = tuple(dict.fromkeys(entry.model for entry in found if entry.model))
    apart = {*asked.linked.spelt} & APART
    two = classes or len(splits) == 2
    verb = "difference" if two and apart and len(found) == 2 else "value"  # `how many more normal than pneumonia`
    return replace(shell, verb=verb, unit=None, entries=tuple(found), models=models)


def _number_of(asked: Asked, shell: Query, condition: tuple[str, ...], split: str | None) -> Entry:
    """The recorded number of cases of one condition; with none, of the split."""
    keys: list[tuple[str, ...]] = (
        [(*condition, name) for name in ("n", "support", "cases")] if condition else [("cases",)]
    )
    keys += [("classes", condition[1])] if len(condition) == 2 and condition[0] == CLASS else []
    for owner in [*(shell.models[:1] if condition else ()), None]:
        for parts in keys:
            found, others = asked.catalogue.find(owner, shell.task, "whole", parts, split)
            if len(found) == 1 and not others:
                return found[0]
    raise Unanswerable("No such number of cases is recorded.")


def in_all(asked: Asked) -> bool:
    """Whether all splits together are asked for."""
    return bool({*asked.linked.spelt} & {"total", "altogether"}) or ("in", "all") in pairwise(asked.linked.spelt)


def point(asked: Asked) -> Query | None:
    """Which operating point has the most or least of a metric: `at which of its operating points is it most sensitive`.

    The linker takes `operating point` for the threshold, which is one of the points' numbers.
    """
    line, linked, words = asked.line, asked.linked, set(asked.linked.spelt)
    measures = {tag: {parts[-1] for parts in linked.meanings[tag].metrics} for tag in linked.tags("KX")}
    others = [tag for tag in measures if measures[tag] != {"threshold"} and tag not in line.models]
    ends = {"max": words & MANY, "min": words & FEW, "best": words & {"best"}, "worst": words & {"worst"}}
    order = [end for end, said in ends.items() if said]
    cut = len(others) < len(measures) or bool(words & {"point", "points"})
    if cut and others and linked.numbers and line.unit == "model":
        raise Unanswerable("Ask which operating point has the highest or lowest of a metric.")
    if (
        not cut
        or len(others) != 1
        or linked.numbers
        or len(order) != 1
        or line.place
        or not (words & {"which", "name", "what"} or linked.spelt[:1] in YES_OR_NO)
    ):
        return None
    owned = [models for models, _ in owners(asked) if len(models) == 1]
    for [model] in owned[:1] if len(owned) == 1 else []:
        named = asked.catalogue.spread("point", model, asked.catalogue.models[model].task)
        wanted = measures[others[0]] | ({"sensitivity"} if "recall" in measures[others[0]] else set())
        of_points = [entry for found in named.values() for entry in found if entry.measure in wanted]
        chosen = tuple(entry for entry in of_points if entry.split == (asked.split or "test"))
        if len(chosen) > 1 and len({entry.measure for entry in chosen}) == 1:
            return ordered(Query(order[0], "group", chosen, (model,), None, rank=linked.rank), order[0])
    return None


def moved(asked: Asked) -> Query | None:
    """What the balanced model gives with its threshold moved, until it does what another variant does.

    `To match isic-precision by moving the threshold of the balanced model, where was it set`; in which words a
    difference is asked for, it is the recorded one from that variant.
    """
    linked, catalogue = asked.linked, asked.catalogue
    words = linked.spelt
    cut = {tag for tag in linked.tags("K") if linked.meanings[tag].metrics == {("threshold",)}}
    lowered = any(one in ("lower", "raise", "cut") and other in ("the", "its") for one, other in pairwise(words))
    matched = {parts[0] for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions} & {*TUNED}
    said = (cut or {*words} & {"cut", "cutoff", "threshold"}) and ({*words} & MOVED or lowered)
    if not said and len(matched) != 1:
        return None
    own = len(linked.tags("MPX")) == len(linked.tags("M")) == 1 and {*words} & MOVED <= {"tuned"} and not lowered
    if own and not linked.tags("Q"):  # `which threshold was tuned for isic-recall` asks for its own
        return None
    named = {tag: _purposes(asked, tag) & {*TUNED} for tag in (*linked.tags("MPX"),)}
    purposes = matched or {purpose for of in named.values() for purpose in of}
    tasks = asked.tasks or tuple({catalogue.models[name].task for tag in named for name in linked.meanings[tag].models})
    others = {tag for tag in linked.tags("MP") if not _purposes(asked, tag) <= {*TUNED, "balanced"}}
    batches = {*words} & {"batch", "batches", "worst", "best"}
    own_purposes = {purpose for tag in linked.tags("MP") for purpose in named[tag]}
    foreign = matched and own_purposes - matched  # `isic-precision with a threshold for recall`: it is not balanced
    if purposes and (len(purposes) > 1 or others or foreign or linked.tags("NC") or batches):
        raise Unanswerable("Of a moved threshold it is recorded what the balanced model gives, once for each variant.")
    if len(purposes) != 1 or len(tasks) != 1:
        return None
    [purpose] = purposes
    tags = [tag for tag in dict.fromkeys(linked.tokens) if tag in linked.tags("KX") and tag not in cut]
    to = any(one == "to" and tag in cut for one, tag in pairwise([word for word in words if word != "the"]))
    makes = any(tag in cut and then == "that" for tag, then in pairwise(linked.tokens))
    if makes and not to:  # `the threshold that makes it`, and not `moved to the threshold that`
        tags = []
    what = {tag for before, tag in pairwise(linked.tokens) if before in ("what", "which", "how")}
    tags = [
        tag
        for tag in tags
        if not named.get(tag) or tag in what or tag in asked.line.metrics or _told_twice(tag, linked)
    ]
    measures = [sorted(linked.meanings[tag].metrics)[0] for tag in tags] or [("threshold",)]
    minus = (f"minus_{purpose}_variant",) if {*words} & AGAINST and tags else ()
    owner = catalogue.with_purpose("balanced", tasks).get(tasks[0])
    wanted = [(purpose, *minus, *parts) for parts in measures]
    found = [catalogue.find(owner, tasks[0], "whole", parts, None)[0] for parts in wanted]
    # The order of the parts counts: the recall at the threshold for precision is not the precision at that for recall.
    single = tuple(e for of, parts in zip(found, wanted, strict=True) for e in of if e.parts == parts)
    return Query("value", None, single, (str(owner),), tasks[0]) if len(single) == len(found) else None


def _purposes(asked: Asked, tag: str) -> set[str]:
    """The purposes that a name stands for, as such or as that of a model."""
    meaning = asked.linked.meanings[tag]
    return {*meaning.purposes} | {str(asked.catalogue.models[name].purpose) for name in meaning.models}


def _told_twice(tag: str, linked: Linked) -> bool:
    """Whether a purpose is the metric as well: `moved toward recall: the recall this achieved`."""
    return sum(token == tag and before != "'s" for before, token in pairwise(("", *linked.tokens))) > 1
