"""From a line to typed queries: what it means for this index, name by name; and why some lines mean nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.accounting.rules import refuse_unaccounted
from glassbox.llm.asked import (
    YES_OR_NO,
    Asked,
    Unanswerable,
    cases_of,
    named_models,
    of_no_variant,
    owners,
    with_presence,
    without_spare,
)
from glassbox.llm.called import called
from glassbox.llm.catalogue import Catalogue, Entry, Level
from glassbox.llm.entries import elsewhere, entries, over_cases
from glassbox.llm.implied import implied
from glassbox.llm.language import EXTREMES, NAMED, SPREADS, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.rest import refuse_rest
from glassbox.llm.sense import sensible
from glassbox.llm.spread import spread
from glassbox.llm.typed import Held, Query, Within, more_is_better, ordered
from glassbox.llm.whole import all_cases, counted, everywhere, moved, point
from glassbox.llm.words import ASKING, MODELS

MOST_READINGS = 24
EVERY = {("of", "all"), ("over", "all"), ("the", "lot"), ("them", "all"), ("every", "network"), ("every", "model"),
         ("all", "models"), ("all", "networks")}  # fmt: skip
EVERYWHERE = {"overall", "everything", "everywhere", "anywhere"}  # over all tasks
NUMERIC = {"higher", "lower", "larger", "smaller", "greater", "more", "less", "fewer"}  # by number, and not by quality


def resolve(line: Line, linked: Linked, catalogue: Catalogue, every: bool = False) -> list[Query]:
    """Every reading that the index can answer, at least one.

    Raises `Unanswerable` where there is none, and where there are more than can be told, unless `every` asks for all.
    """
    if found := called(line, linked, catalogue):
        return [found]
    line, linked = implied(sensible(of_no_variant(line, linked, catalogue), linked), linked)
    refuse_rest(line, linked, {*linked.spelt})
    refuse_unaccounted(line, linked)
    linked = with_presence(without_spare(linked, line.but), catalogue)
    asked = _of_its_cases(Asked(line, linked, catalogue))
    line = asked.line
    collective = all(tag[0] == "T" and len(linked.meanings[tag].tasks) > 1 for tag in line.models)
    tested = line.test and line.verb in ("list", "count") and collective and not line.held
    tested = tested and (not asked.tasks or line.unit == "task" or bool(line.models))
    ranked = line.verb in EXTREMES and (line.unit == "task" or (line.unit == "model" and len(asked.tasks) > 1))
    leading = line.verb == "list" and line.order and line.unit == "model" and len(asked.tasks) > 1 and not line.test
    unnamed = line.unit == "model" and not (line.models or asked.tasks or line.place) and len(line.metrics) == 1
    everything = {*linked.spelt} & EVERYWHERE or EVERY & {*pairwise(linked.spelt)}
    if unnamed and line.verb in EXTREMES and everything:  # `out of everything, which single model`
        ranked = True
    explained = any(parts[:1] and parts[0] in catalogue.methods for parts in asked.conditions)
    if line.verb == "difference" and explained and len(linked.tags("Q")) == 1 and len(line.metrics) == 1:
        line = replace(line, verb="value")  # `how much of its mass falls inside`: of a method there is no opposite
        asked = replace(asked, line=line)
    if line.unit == "task" and not line.metrics and (tested or line.verb in EXTREMES) and (sizes := all_cases(asked)):
        return [sizes]
    if ranked or leading or (tested and line.unit in ("model", "task")):
        return [everywhere(asked, _limit(asked))]
    if line.unit in NAMED and line.verb in ("list", "count") and not line.metrics:
        if line.place:
            raise Unanswerable(f"Which {line.unit}s have a batch or a case is not asked of the records.")
        task = asked.tasks[0] if len(asked.tasks) == 1 else None
        return [Query(line.verb, line.unit, (), named_models(asked), task)]
    if whole := all_cases(asked) or moved(asked) or point(asked):
        return [whole]
    cut = any(linked.meanings[tag].metrics == {("threshold",)} for tag in linked.tags("K"))
    if cut and {*linked.spelt} & {"moved", "shifted"} and len(linked.tags("KX")) > 1:
        raise Unanswerable("Of a moved threshold it is recorded what the balanced model gives, once for each variant.")
    readings = _readings(asked)
    if line.unit == "batch" and line.place == "case" and not line.metrics:  # the same of every model of a task
        readings = list({query.task: query for query in reversed(readings)}.values())
    if len(readings) > MOST_READINGS and not every:
        raise Unanswerable(f"That can be read in {len(readings)} ways. Name the model.")
    return readings


def _readings(asked: Asked) -> list[Query]:
    """The readings of a question for each model or task that it may mean; `Unanswerable` where none can be told."""
    line, readings = asked.line, list[Query]()
    why = Unanswerable("That is not among the recorded numbers.")
    of_tasks: set[str] = set()  # what is told of a task as a whole is not told of each of its models again
    left = _left_out(asked)
    for owned, task in owners(asked):
        models = tuple(name for name in owned if name not in left)
        if len(models) == 1 and line.unit == "model" and line.verb in EXTREMES:  # `is isic-recall the best model`
            models = tuple(name for name in asked.catalogue.of_task(task) if name not in left)
            if len(models) == 1 and asked.linked.spelt[:1] in YES_OR_NO:
                raise Unanswerable(f"{models[0]} is the only model of its task: name what to compare it with.")
        if task in of_tasks or (owned and not models):
            continue
        try:
            for cases in cases_of(asked, task):
                readings += _read(asked, models, task, cases)
        except Unanswerable as error:
            why = error
        if not models and readings and readings[-1].task == task:
            of_tasks.add(task)
    if not readings:
        raise why
    return list(dict.fromkeys(readings))


def _left_out(asked: Asked) -> set[str]:
    """The models that a question leaves out."""
    meanings = [asked.linked.meanings[tag] for tag in asked.line.but]
    tasks = asked.tasks or asked.catalogue.tasks
    purposes = {purpose for meaning in meanings for purpose in meaning.purposes}
    of = {name for purpose in purposes for name in asked.catalogue.with_purpose(purpose, tasks).values()}
    return of | {name for meaning in meanings for name in meaning.models}


def _read(asked: Asked, models: tuple[str, ...], task: str, cases: tuple[str, ...]) -> Iterator[Query]:
    """The readings for one choice of models and cases."""
    line = asked.line
    _there(asked, models)
    shell = Query(
        line.verb, line.unit, (), models, task, asked.batches, cases, limit=_limit(asked), rank=asked.linked.rank
    )
    if line.test:
        bounds = asked.numbers(line.bounds)
        if len(bounds) != (2 if line.test == "between" else 1):
            raise Unanswerable("Say which number to compare with.")
        shell = replace(shell, test=line.test, bounds=tuple(sorted(number.value for number in bounds)))
    shell = replace(shell, held=tuple(_held(asked, each, models, task) for each in line.held))
    if line.within:
        shell = replace(shell, within=_within(asked, shell, line.within))
    alone = len(models) == 1 and line.metrics and not (line.test or line.order or line.limit)
    if (line.verb, line.unit) == ("list", "model") and alone:
        line = replace(line, verb="value", unit=None)  # a list of one
        yield from _read(replace(asked, line=line), models, task, cases)
    elif line.unit in SPREADS:
        yield spread(asked, shell)
    elif line.both:
        yield from _of_both(shell, entries(asked, models, task))
    elif line.apart:
        yield from _apart(shell, line, entries(asked, models, task))
    elif line.verb == "count" and line.order:
        for found in entries(asked, models, task):
            lower = (line.order == "min") != (more_is_better(found[0]) is False and not {*asked.linked.spelt} & NUMERIC)
            yield replace(shell, entries=found, wins=True, order="min" if lower else "max")
    elif line.verb in ("count", "list") and not line.metrics and not line.order:
        yield _names(asked, shell)
    elif line.unit in TABLES and line.metrics and not line.test and (found := elsewhere(asked, models, task)):
        own = tuple(entry.model for entry in found[:1] if entry.model)
        yield replace(shell, verb="value", unit=None, entries=found, models=own)
    elif line.verb == "value" and line.metrics and not line.place and (found := over_cases(asked, models, task)):
        each = any(per == "per" and noun in CASES for per, noun in pairwise(asked.linked.spelt))
        summed = found[0].measure in SUMMED and not each
        yield replace(shell, verb="sum" if summed else "mean", unit="case", entries=found)
    elif line.verb in EXTREMES and line.unit in TABLES and (len(line.metrics) > 1 or line.there):
        yield from _nested(asked, shell, models, task)
    else:
        for found in entries(asked, models, task):
            query = replace(shell, entries=found)
            _two_sides(query)
            yield ordered(query, line.order or line.verb) if (line.order or line.verb) in EXTREMES else query


def _of_both(shell: Query, found: Iterator[tuple[Entry, ...]]) -> Iterator[Query]:
    """What is true of each of two models, on the same batch or case."""
    for pair in found:
        if len(pair) != 2 or len(shell.bounds) != 1:
            raise Unanswerable("Name two models, one metric and one number.")
        also = Held(pair[1:], str(shell.test), shell.bounds[0])
        yield replace(shell, entries=pair[:1], models=shell.models[:1], held=(*shell.held, also))


def _apart(shell: Query, line: Line, found: Iterator[tuple[Entry, ...]]) -> Iterator[Query]:
    """How far two models are apart; ahead is above where more is better, and below where less is."""
    for pair in found:
        if len(pair) != 2:
            raise Unanswerable("Name the two models, and one metric.")
        rising, way = more_is_better(pair[0]), str(line.apart)
        if way in ("ahead", "behind"):
            if rising is None:
                what = f"more or less {pair[0].measure} is better"
                raise Unanswerable(f"It is not known whether {what}: ask for the difference.")
            way = "up" if (way == "ahead") == rising else "down"
        order = line.order or (line.verb if line.verb in EXTREMES else None)
        yield replace(shell, entries=pair, apart=way, order=order)


def _held(asked: Asked, condition: tuple[str, str, str], models: tuple[str, ...], task: str) -> Held:
    """A condition on another metric, where that is recorded: of several meanings the first."""
    metric, test, number = condition
    return Held(next(entries(_of_metrics(asked, (metric,)), models, task)), test, asked.numbers([number])[0].value)


def _within(asked: Asked, shell: Query, within: tuple[str, str]) -> Within:
    """The batch that cases are looked for in, of one model."""
    verb, metric = within
    if len(shell.models) != 1:
        raise Unanswerable("Name one model.")
    line = replace(asked.line, verb=verb, unit="batch", metrics=(metric,) if metric else ())
    found = next(entries(replace(asked, line=line), shell.models, str(shell.task)))
    return Within(found, str(ordered(replace(shell, entries=found), verb).order))


def _nested(asked: Asked, shell: Query, models: tuple[str, ...], task: str) -> Iterator[Query]:
    """An extreme with what is told beside it, of this model or of another."""
    line, ranks = asked.line, asked.line.metrics[:1]
    others = [models]
    if line.there:
        others = [names for names, of in owners(replace(asked, line=replace(line, models=line.there))) if of == task]
    for first in entries(_of_metrics(asked, ranks), models, task):
        for also in _told_beside(asked, others, task):
            beside = tuple(entry for entry in also if entry not in first)
            yield ordered(replace(shell, entries=first, also=beside), line.verb)


def _told_beside(asked: Asked, others: Sequence[tuple[str, ...]], task: str) -> list[tuple[Entry, ...]]:
    """What is told beside an extreme; nothing where that is not recorded."""
    told = asked.line.metrics[1:] or (asked.line.metrics[:1] if asked.line.there else ())
    try:
        return [e for names in others for e in entries(_of_metrics(asked, told), names, task)] if told else [()]
    except Unanswerable:
        return [()]


def _of_its_cases(asked: Asked) -> Asked:
    """Of a task with one model, several are cases: `isic-2018 hd95 > 40 px, count`, `3 films with the highest`."""
    line, words = asked.line, {*asked.linked.spelt}
    models = [name for name, known in asked.catalogue.models.items() if known.task in asked.tasks]
    several = line.test or (line.limit and asked.numbers([line.limit])[0].value > 1)
    if line.unit != "model" or line.verb not in ("count", "list") or not several or len(line.metrics) != 1:
        return asked
    if len(asked.tasks) != 1 or len(models) != 1 or words & MODELS or len(line.models) != 1:
        return asked
    return replace(asked, line=replace(line, unit="case"))


def _of_metrics(asked: Asked, metrics: tuple[str, ...]) -> Asked:
    return replace(asked, line=replace(asked.line, metrics=metrics))


def _two_sides(query: Query) -> None:
    """A difference has two sides, and a comparison at least two."""
    sides = len(query.entries) * max(1, len(query.batches), len(query.cases))
    alike = len({*query.entries}) < len(query.entries)  # a number less itself
    if (query.verb == "difference" and (sides != 2 or alike)) or (query.verb == "compare" and sides < 2):
        to = "subtract" if query.verb == "difference" else "compare"
        raise Unanswerable(f"Name the two models, batches, cases or metrics to {to}.")


def _limit(asked: Asked) -> int | None:
    if asked.line.limit is None:
        return None
    [number] = asked.numbers([asked.line.limit])
    if not number.whole:
        raise Unanswerable("A list has a whole number of rows.")
    return number.whole


def _there(asked: Asked, models: Sequence[str]) -> None:
    """Every batch asked for is one of the model's."""
    for model in models:
        have = asked.catalogue.batches.get(model, ())
        for batch in asked.batches:
            if batch not in have:
                span = f"batches {have[0]} to {have[-1]}" if have else "no batches"
                raise Unanswerable(f"{model} has no batch {batch}; it has {span}.")


def _names(asked: Asked, shell: Query) -> Query:
    """The batches or cases themselves, without a metric: where the first column of their table stands."""
    condition = next(asked.conditions)
    if condition or asked.split not in (None, "test"):
        asks_how_many = shell.verb == "count" or not {*asked.linked.spelt} & ASKING  # `images for training in isic`
        if asks_how_many and shell.unit == "case" and not shell.batches:
            return counted(asked, shell, condition)
        raise Unanswerable(f"Which {shell.unit} is of which condition or split is not recorded.")
    if len(shell.models) != 1:
        raise Unanswerable("Name one model.")
    level: Level = "case" if shell.unit == "case" or shell.cases else "batch"  # a case's row tells its batch
    owned = asked.catalogue.owned(shell.models[0], shell.task, level)
    if not owned:
        raise Unanswerable(f"{shell.models[0]} has no {shell.unit} recorded.")
    first = min(owned, key=lambda entry: (entry.source, entry.metric))
    return replace(shell, entries=(first,), measured=False)
