"""Numbers, metrics, conditions and places as a reader knows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from glassbox.llm.catalogue import CLASS, INTERVAL, Catalogue, Entry
from glassbox.llm.language import SPREADS
from glassbox.llm.measures import LABELS, SPLIT_NAMES
from glassbox.llm.typed import Query

INTERVAL_LEVEL = "95 % interval"
TIES = 5
MOVED_TO = "-threshold.json"  # the balanced model, its threshold moved to another's precision or recall
SELF_JUDGED = "-uncertainty.json"  # there the AUROC is of the predicted quality, and not of pixels
TESTED = {
    "below": "below {}", "above": "above {}", "least": "at least {}", "most": "at most {}", "equal": "equal to {}",
    "between": "between {} and {}",
}  # fmt: skip
FLAGS: dict[tuple[object, ...], str] = {  # what a column of yes and no is called under a condition
    ("detected", "equal", 0): "not detected", ("detected", "equal", 1): "detected",
    ("correct", "equal", 0): "classified wrongly", ("correct", "equal", 1): "classified correctly",
}  # fmt: skip


def label(entry: Entry) -> str:
    """What is measured, as a reader knows it, with its condition: `Dice (contrast low)`."""
    if entry.metric in LABELS and "." in entry.metric:
        return LABELS[entry.metric]
    end = f", {_end(entry)}" if entry.parts[-1] in INTERVAL else ""
    name = LABELS.get(entry.measure) or entry.measure.replace("_", " ")
    if entry.metric == "auroc" and entry.source.endswith(SELF_JUDGED):
        name = f"{name} (failures told by predicted quality)"
    under = [part for part in entry.parts if part != entry.measure and part not in INTERVAL]
    if entry.source.endswith(MOVED_TO):
        purpose, *rest = entry.parts
        minus = [part for part in rest if part.startswith("minus")]
        under = [", ".join([f"threshold moved to match {purpose}", *minus])]
    return f"{name}{f' ({_condition(under)})' if under else ''}{end}"


def _condition(parts: Sequence[str]) -> str:
    return " ".join(LABELS.get(part, part.replace("_", " ")) for part in parts)


def _end(entry: Entry) -> str:
    return "lower bound" if entry.parts[-1] == INTERVAL[0] else "upper bound"


def where(entry: Entry) -> str:
    """Under which condition an entry was taken, in words."""
    return " ".join(part for part in entry.parts[:-1] if part != CLASS).replace("_", " ")


def shown(value: Any) -> str:  # noqa: ANN401 - a cell
    """A number as it is told: whole, or with four decimals at most."""
    if isinstance(value, int) or value == int(value):
        return str(int(value))
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text if float(text) else f"{value:.2g}"


def labels(query: Query) -> str:
    if query.unit in SPREADS:
        measure = query.entries[0].measure
        return LABELS.get(measure, measure.replace("_", " "))
    return " and ".join(dict.fromkeys(label(entry) for entry in query.entries))


def owner_of(query: Query) -> str:
    place = f", {_places(query)}" if _places(query) else ""
    if query.within:
        end = "highest" if query.within.order == "max" else "lowest"
        place += f", in the batch with the {end} {label(query.within.entries[0])}"
    return f"{' and '.join(query.models) or query.task}{place}"


def scope(query: Query, catalogue: Catalogue) -> str:
    """What is ranked: a task, all tasks, or else those that were compared."""
    if query.unit == "task":
        tasks = tuple(dict.fromkeys(str(entry.task) for entry in query.entries))
        splits = {entry.split for entry in query.entries if entry.split}
        split = f", {SPLIT_NAMES[splits.pop()]} split" if len(splits) == 1 else ""
        return f"{'all tasks' if len(tasks) == len(catalogue.tasks) else _named(tasks)}{split}"
    ranked = {*query.models}
    if ranked == {*catalogue.models} and len(catalogue.tasks) > 1:
        return "all tasks"
    task = next((name for name in catalogue.tasks if ranked == {*catalogue.of_task(name)}), None)
    return task or _named(query.models)


def _named(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) <= TIES else "all that record it"


def _places(query: Query) -> str:
    batches = " and ".join(f"batch {batch}" for batch in query.batches)
    return batches or " and ".join(f"case {case}" for case in query.cases)


def place_of(row: Mapping[str, Any], query: Query) -> str:
    """What tells this row from the others: the case, the batch, the group, or the model."""
    if query.unit in SPREADS:
        entry = next(e for e in query.entries if (e.source, e.metric) == (row["source"], row["metric"]))
        return where(entry)
    of = f" of {row['model']}" if len(query.models) > 1 else ""
    if query.unit == "case" or (query.unit is None and len(query.cases) > 1):
        return f"case {row['case_name']}{of}"
    if query.unit == "batch" or (query.unit is None and len(query.batches) > 1):
        return f"batch {row['batch']}{of}"
    return str(row["model"] or row["task"])


def told_test(query: Query) -> str:
    return TESTED[query.test].format(*map(shown, query.bounds)) if query.test else ""


def conditions(query: Query) -> str:
    """Every condition of a query, as it stands after what is counted: ` with Dice below 0.5`, ` classified wrongly`."""
    own = [(query.entries[0], query.test, query.bounds)] if query.test else []
    told = [*own, *((held.entries[0], held.test, (held.bound,)) for held in query.held)]
    flags = [FLAGS.get((entry.measure, test, *bounds), "") for entry, test, bounds in told]
    said = [
        flag if _own(query, entry) else f"{flag} by {entry.model}"
        for (entry, _, _), flag in zip(told, flags, strict=True)
        if flag
    ]
    others = [
        f"{_tested(query, entry)} {TESTED[test].format(*map(shown, bounds))}"
        for (entry, test, bounds), flag in zip(told, flags, strict=True)
        if not flag
    ]
    if query.sized:
        others.append(f"{TESTED[query.sized.test].format(shown(query.sized.bound))} cases")
    return "".join([f" {' and '.join(said)}" if said else "", f" with {' and '.join(others)}" if others else ""])


def _tested(query: Query, entry: Entry) -> str:
    """What a condition is on, and of which model where that is another one."""
    if entry is query.entries[0]:
        return labels(query)
    return label(entry) if _own(query, entry) else f"{label(entry)} of {entry.model}"


def _own(query: Query, entry: Entry) -> bool:
    """Whether a condition is on the model that is asked about."""
    return entry.model in query.models[:1] or len(query.models) > 1
