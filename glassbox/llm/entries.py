"""Where the numbers of a question stand: entries of the index for its metrics, under its conditions, of its models."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from glassbox.llm.asked import Asked, Unanswerable
from glassbox.llm.catalogue import CLASS, POINT, SPREAD, Entry
from glassbox.llm.lexicon import TELLING
from glassbox.llm.measures import LABELS, SPLIT_NAMES, USUAL
from glassbox.llm.words import PART

# Groups of a set in two parts that go by the name of a third of a set in three: `hairy`.
FOR_WANT_OF: dict[tuple[str, ...], tuple[str, ...]] = {("hair", "high"): ("hair", "yes")}
RECALL, SENSITIVITY = ("recall",), ("sensitivity",)
ROC = ("roc_auc",)  # of pixels or cases; `auroc` of a segmentation is that of its predicted quality
OF_BOTH = {"auroc", "roc_auc", "auprc", "nll", "brier", "ece"}  # what concerns all classes, whichever is named
INSTEAD = {"roc_auc": "auroc", "average_precision": "auprc", "sensitivity": "recall"}  # where the first is not recorded
STATED = {  # statistics, as they are said
    "median": "median", "typical": "median", "largest": "max", "biggest": "max", "maximum": "max",
    "smallest": "min", "minimum": "min", "upperquartile": "q75", "lowerquartile": "q25",
}  # fmt: skip
DETECTED = {("detected",), ("detection_rate",)}
FEW = 3  # models that a refusal names
FALSE_POSITIVES, FALSE_WARNINGS = ("fp",), ("false_alarms",)
UNFAMILIAR = {"unfamiliar", "unfamiliarity", "familiarity", "strange", "strangeness", "novelty", "ood", "distribution",
              "unlike", "warning", "check"}  # fmt: skip
MISSED, FALSE_NEGATIVES = ("missed",), ("fn",)


def entries(asked: Asked, models: tuple[str, ...], task: str) -> Iterator[tuple[Entry, ...]]:
    """Every choice of entries: one for each metric and model."""
    if asked.sides and len(models) < 2:
        for choice in product(*(list(entries(side, models, task)) for side in asked.sides)):
            yield tuple(entry for found in choice for entry in found)
        return
    owners: tuple[str | None, ...] = models or (None,)
    per_owner: list[list[tuple[Entry, ...]]] = []
    for owner in owners:
        metrics = _metrics(asked, owner, task)
        per_owner.append([tuple(e for found in metrics for e in found)] if asked.each else list(product(*metrics)))
    if len(owners) == 1:
        yield from per_owner[0]
        return
    # Of several models the same key is meant.
    for first in per_owner[0]:
        keys = [(entry.parts, entry.split) for entry in first]
        same = [next((c for c in other if [(e.parts, e.split) for e in c] == keys), None) for other in per_owner]
        if all(same):
            yield tuple(entry for found in same if found for entry in found)


def _metrics(asked: Asked, owner: str | None, task: str) -> list[list[Entry]]:
    """What each metric may mean; of several, those that are not recorded here are left out, if any is."""
    tags = asked.line.metrics
    if not tags:
        return [_usual(asked, owner, task)]
    found = [found_of(asked, owner, task, tag)[0] for tag in tags] if asked.line.verb == "value" else []
    if len(tags) > 1:
        pairs = zip(found, tags, strict=False)
        found = [entries or _averaged_aside(asked, owner, task, tag) for entries, tag in pairs]
    named = [asked.linked.meanings[tag].metrics for tag in tags]
    judged = any(of & {("auroc",)} and not entries for of, entries in zip(named, found, strict=False))
    if judged and any(of <= {("failures",), ("failure_rate",)} for of in named):  # `AUROC at spotting its own failures`
        raise Unanswerable(f"No AUROC of the predicted quality is recorded {_about(asked, owner, task)}.")
    return [entries for entries in found if entries] or [_metric(asked, owner, task, tag) for tag in tags]


def _metric(asked: Asked, model: str | None, task: str, tag: str) -> list[Entry]:
    """What one metric's tag may mean for a model, or for a task as a whole."""
    found, _ = found_of(asked, model, task, tag)
    if not found:
        raise Unanswerable(f"No such metric is recorded {_about(asked, model, task)}.")
    return found


def found_of(asked: Asked, model: str | None, task: str, tag: str) -> tuple[list[Entry], int]:
    """The entries of one metric's tag, and how many parts of their keys the question does not name."""
    if sides := _both_sides(asked, model, task, tag):
        return sides, 0
    best: list[Entry] = []
    fewest = 99
    home = asked.catalogue.models[model].task if model else task
    conditions = [*asked.conditions]
    conditions += [FOR_WANT_OF[parts] for parts in conditions if parts in FOR_WANT_OF]
    for measure in _measures(asked, model, home, tag):
        for condition in conditions:
            parts = tuple(dict.fromkeys((*condition, *measure)))  # `TTA Dice with four flips` says one thing twice
            found, others = asked.catalogue.find(model, home, asked.level, parts, asked.split)
            if not found and condition and asked.level != "whole":  # a column's own name: `tta_dice`
                joined = "_".join((*condition, *measure))
                found, others = asked.catalogue.find(model, home, asked.level, (joined,), asked.split)
            both = measure[-1] in TELLING and best and others == fewest  # `exact duplicates`, within or across
            if found and (others < fewest or both):
                best, fewest = ([*best, *found] if both else found), others
    said = {STATED[word] for word in asked.linked.spelt if word in STATED}
    best = [entry for entry in best if entry.parts[-1] in said] or best  # `the median share of the picture`
    if {entry.parts[-1] for entry in best} == {"min", "median", "max"} and len(best) == 3:
        best = [entry for entry in best if entry.parts[-1] == "median"]  # none is named
    measures = {parts[-1] for parts in asked.linked.meanings[tag].metrics}
    calibrated = {*asked.conditions} == {("after",)}  # the threshold is that of the calibrated probabilities
    two = model is None or len(asked.catalogue.spread("class", model, home)) < 3
    of_both = two and measures <= OF_BOTH and all(parts[:1] == (CLASS,) for parts in asked.conditions)
    if of_both and model:  # its own class
        of_both = {parts[-1] for parts in asked.conditions} <= _classes(asked, model, home)
    if not best and (calibrated or of_both):
        plain = {name: meaning for name, meaning in asked.linked.meanings.items() if name[0] != "Q"}
        return found_of(replace(asked, linked=replace(asked.linked, meanings=plain)), model, task, tag)
    return best, fewest


def _both_sides(asked: Asked, model: str | None, task: str, tag: str) -> list[Entry]:
    """`Before and after calibration`: under each of the two, where it is recorded so beside the metric as it is."""
    home = asked.catalogue.models[model].task if model else task
    tags = [name for name in asked.linked.tags("Q") if asked.linked.meanings[name].each]
    sides = sorted({parts for name in tags for parts in asked.linked.meanings[name].conditions})
    found = [
        asked.catalogue.find(model, home, asked.level, (*parts, *measure), asked.split)
        for parts in sides
        for measure in _measures(asked, model, home, tag)
    ]
    exact = [entries[0] for entries, others in found if len(entries) == 1 and not others]
    return exact if len(exact) == len(sides) > 1 else []


def _classes(asked: Asked, model: str, home: str) -> set[str]:
    return {name.partition(" ")[2] for name in asked.catalogue.spread("class", model, home)}


def _averaged_aside(asked: Asked, owner: str | None, task: str, tag: str) -> list[Entry]:
    """`The balanced accuracy and the macro F1`: of the first there is no macro average, and it is told as it is."""
    ways = ({("macro",)}, {("weighted",)})
    plain = {name: meaning for name, meaning in asked.linked.meanings.items() if meaning.conditions not in ways}
    if len(plain) == len(asked.linked.meanings):
        return []
    return found_of(replace(asked, linked=replace(asked.linked, meanings=plain)), owner, task, tag)[0]


def _measures(asked: Asked, model: str | None, home: str, tag: str) -> list[tuple[str, ...]]:
    """What a metric's word may mean, in order: sensitivity is recall, but not where a model records it by that name."""
    named = set(asked.linked.meanings[tag].metrics)
    if len(named) > 1:
        words = set(asked.linked.spelt)
        named = {parts for parts in named if words & {*TELLING.get(parts[-1], ())}} or named
    if {FALSE_POSITIVES, FALSE_WARNINGS} <= named:  # both are called false alarms
        named.remove(FALSE_POSITIVES if UNFAMILIAR & {*asked.linked.spelt} else FALSE_WARNINGS)
    named |= {SENSITIVITY} if RECALL in named and "sensitive" in asked.linked.spelt else set()
    named |= {("n",)} if ("cases",) in named and any(asked.conditions) else set()  # the sample size of a group
    if ("auroc",) in named and {*asked.linked.spelt} & {"pixels", "pixel"}:
        named = {ROC}
    told = asked.line.models or asked.linked.tags("TQ")  # `how many were missed` by itself asks of lesions
    if told and MISSED in named and not asked.catalogue.find(model, home, "whole", MISSED, None)[0]:
        named = named - {MISSED} | {FALSE_NEGATIVES}  # what a classifier misses
    if (
        named & DETECTED and {*asked.linked.spelt} & PART and model
    ):  # `what proportion of viral pneumonias was detected`
        lesions = any(asked.catalogue.find(model, home, "whole", parts, None)[0] for parts in DETECTED)
        outlined = asked.catalogue.find(model, home, "whole", ("dice",), None)[0]  # there recall is of pixels
        named = named if lesions or outlined else named | {SENSITIVITY, RECALL}
    find, level, split = asked.catalogue.find, asked.level, asked.split
    if ("detected",) in named and level == "whole" and {*asked.linked.spelt} & PART:  # `what share was detected`
        named = named - {("detected",)} | {("detection_rate",)}
    methods = any(parts and parts[0] in asked.catalogue.methods for parts in asked.conditions)
    here = [*asked.conditions]
    unnamed = (
        RECALL in named
        and any(here)
        and not any(find(model, home, level, (*parts, *RECALL), split)[0] for parts in here)
    )
    if RECALL in named and (unnamed or any(POINT in parts for parts in here)):
        named = named | {SENSITIVITY}
    if RECALL in named and methods:  # how sensitive an explanation is
        named = {SENSITIVITY}
    if {RECALL, SENSITIVITY} <= named and any(
        not entry.source.endswith(SPREAD["method"][0])
        for condition in asked.conditions
        for entry in find(model, home, level, (*condition, *SENSITIVITY), split)[0]
    ):
        named.remove(RECALL)
    named |= {("tta", *parts[0].split("_")[1:]) for parts in named if parts[0].startswith("tta_")}  # of the whole split
    for one, other in ((parts, INSTEAD[parts[-1]]) for parts in list(named) if parts[-1] in INSTEAD):
        there = find(model, home, level, one, split)
        if not (there[0] if one == SENSITIVITY else _exactly(there)):
            named.add((other,))
    return sorted(named, key=lambda parts: (parts != ROC, parts))


def _exactly(found: tuple[list[Entry], int]) -> bool:
    """Whether something stands under this key itself, and not under a longer one: `lime.sensitivity` is another."""
    return bool(found[0]) and found[1] == 0


def _about(asked: Asked, model: str | None, task: str) -> str:
    split = f", {SPLIT_NAMES[asked.split]} split" if asked.split else ""
    level = {"whole": "", "batch": " by batch", "case": " by case"}[asked.level]
    return f"for {model or f'task {task} as a whole'}{level}{split}"


def unrecorded(asked: Asked, unit: str, model: str) -> str:
    """What is told where a metric is not recorded of a model's groups, methods or corruptions: what is, or of whom."""
    catalogue = asked.catalogue
    task = catalogue.models[model].task
    held = {entry.measure for found in catalogue.spread(unit, model, task).values() for entry in found}
    if held:
        names = sorted(LABELS.get(measure) or measure.replace("_", " ") for measure in held)
        return f"No such metric is recorded by {unit} for {model}; recorded are {', '.join(names)}."
    others = sorted(name for name, known in catalogue.models.items() if catalogue.spread(unit, name, known.task))
    beside = sorted(others, key=lambda name: catalogue.models[name].task != task)[:FEW]  # those of its task first
    nothing = f"Nothing is recorded by {unit} for {model}"
    return f"{nothing}, but for {' and '.join(beside)}." if beside else f"{nothing}."


def _usual(asked: Asked, model: str | None, task: str) -> list[Entry]:
    """The metric that is meant where none is named."""
    home = asked.catalogue.models[model].task if model else task
    for name in USUAL if model else ():
        for condition in asked.conditions:
            found, others = asked.catalogue.find(model, home, asked.level, (*condition, name), asked.split)
            if found and others == 0:
                return found[:1]
    raise Unanswerable("Name a metric, such as Dice or IoU.")


def elsewhere(asked: Asked, models: tuple[str, ...], task: str) -> tuple[Entry, ...]:
    """Where a metric stands that no table of batches or cases has, and a number of the whole split does.

    The mean over cases of a subgroup, or with four flips, is recorded as such; so is a maximum of the data's own.
    """
    whole = Asked(replace(asked.line, unit=None, verb="value"), asked.linked, asked.catalogue)
    tag, owner = asked.line.metrics[0], models[0] if models else None
    if asked.line.verb == "median" and not asked.linked.tags("S") and owner:
        return ()  # of what is recorded once there is none
    if len(asked.line.metrics) > 1 or asked.line.place or (owner and found_of(asked, owner, task, tag)[0]):
        return ()
    found, others = found_of(whole, owner, task, tag) if owner else ([], 1)
    if found and others == 0:
        return tuple(found)
    for measure in sorted(asked.linked.meanings[tag].metrics):
        found, others = asked.catalogue.find(None, task, "whole", (*measure, asked.line.verb), asked.split)
        if len(found) == 1 and others < 2:
            return tuple(found)
    return ()


def over_cases(asked: Asked, models: tuple[str, ...], task: str) -> tuple[Entry, ...]:
    """The column to take a mean or sum of, where a number of the whole split is asked for that is not recorded."""
    if len(models) != 1 or len(asked.line.metrics) > 1 or asked.linked.tags("Q"):
        return ()
    tag = asked.line.metrics[0]
    if found_of(asked, models[0], task, tag)[1] == 0:
        return ()
    cases = Asked(replace(asked.line, unit="case"), asked.linked, asked.catalogue)
    found, others = found_of(cases, models[0], task, tag)
    return tuple(found) if len(found) == 1 and others == 0 else ()
