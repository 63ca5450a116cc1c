"""What a right answer to a question of `questions.jsonl` must contain, read from metrics/ by other means than GlassBox.

    python tests/reference/oracle.py metrics            # every question with what its answer must contain

It imports nothing of glassbox, so that a mistake there is not repeated here. A query asks for a `verb` over `metrics`:

- `unit` null: numbers of a whole split, by their key path in the JSON files of the model, else in those of the task
  (robustness is recorded for the balanced model alone, so no other finds it);
- `unit` batch or case: rows of metrics/batches or of metrics/cases joined with metrics/quality;
- `unit` group, method, corruption, model, task or metric: the entries of subgroups, explanations (xai), robustness,
  the models of a task (of every task if none is told), the tasks with a data record, the metrics themselves.

For whoever holds an answer against an `Expected`:

- numbers are as recorded: fractions, so 15.8 % is 0.158, but `pixels.*_percent`; those of JSON files are rounded;
- a difference is the first less the second of the question: compare magnitudes, "less by" is not a minus sign;
- a difference of two models' means is that of the unrounded means of cases, up to 1e-4 from that of the rounded ones;
- a name holds if each of its words is in the answer: `contrast low`, `ita deg brown`, `noise 0.12`;
- a list cut off at `limit` must contain names and values, a list under a condition the names alone;
- of an ambiguous question each of `readings` is a query: ask back, or tell what every reading would give.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

LOW_IS_GOOD = {
    "hd95_px", "failure_rate", "failures", "missed", "fp", "fn", "false_positive_percent", "false_negative_percent",
    "ece", "brier", "error", "mean_risk", "least_risk", "sensitivity", "completeness", "faults",
    "exact_within", "exact_across", "near_within", "near_across",
}  # fmt: skip
OF_MODEL = ("", "-calibration", "-uncertainty", "-subgroups", "-xai")
OF_TASK = ("-data", "-robustness", "-threshold", "-compare", "-xai", "-augment")
Query = Mapping[str, Any]


@dataclass(frozen=True)
class Expected:
    """The numbers and the names without which an answer is not right."""

    numbers: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One thing that a metric was recorded for: `name` is its batch, case, group, ...; `model` null is a task's own."""

    model: str | None
    name: str
    value: float

    @property
    def names(self) -> tuple[str, ...]:
        """The row's name and its model's, which are one where models are what is ranked."""
        return (self.name,) if self.model in (None, self.name) else (self.name, str(self.model))


def walk(tree: Any, path: str) -> Any:  # noqa: ANN401
    """The entry at a dotted path whose keys may hold dots themselves: `noise.0.12.iou`; its mean where it has one.

    >>> walk({"noise": {"0.12": {"iou": {"mean": 0.7}}}}, "noise.0.12.iou")
    0.7
    """
    if not path:
        return tree["mean"] if isinstance(tree, dict) and "mean" in tree else tree
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        head = ".".join(parts[:end])
        if isinstance(tree, dict) and head in tree:
            return walk(tree[head], ".".join(parts[end:]))
    raise KeyError(path)


def good_is_low(metric: str) -> bool:
    """Whether less of a metric is better, told by the last part of its path."""
    return metric.split(".")[-1] in LOW_IS_GOOD


def holds(value: float, condition: list[Any] | None) -> bool:
    """Whether a value meets a condition such as `["below", 0.8]`; `between` includes both ends."""
    if condition is None:
        return True
    word, bound, top = condition[0], condition[1], condition[-1]
    meets: dict[str, bool] = {
        "below": value < bound,
        "above": value > bound,
        "least": value >= bound,
        "most": value <= bound,
        "equal": value == bound,
        "between": bound <= value <= top,
    }
    return meets[word]


class Records:
    """The files of metrics/, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = sorted(path.stem for path in (folder / "cases").glob("*.csv"))
        self.tasks = sorted(path.stem.removesuffix("-data") for path in folder.glob("*-data.json"))
        self.json = cache(self._json)
        self.table = cache(self._table)

    def _json(self, stem: str) -> dict[str, Any]:
        path = self.folder / f"{stem}.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def _table(self, unit: str, model: str) -> pd.DataFrame:
        """Batches or cases of a model, indexed by their names as strings."""
        if unit == "batch":
            frame = pd.read_csv(self.folder / "batches" / f"{model}.csv", dtype={"batch": str})
            return frame.set_index("batch", drop=False)
        cases = pd.read_csv(self.folder / "cases" / f"{model}.csv", dtype={"case": str, "batch": str})
        assessed = self.folder / "quality" / f"{model}.csv"
        if not assessed.exists():  # a classifier's cases have none
            return cases.set_index("case", drop=False)
        quality = pd.read_csv(assessed, dtype={"case": str}).drop(columns="iou")
        return cases.merge(quality, on="case", validate="1:1").set_index("case", drop=False)

    @staticmethod
    def task_of(model: str) -> str:
        """A model is named after its task and its purpose.

        >>> Records.task_of("phantom-cue-base")
        'phantom-cue'
        """
        return model.rsplit("-", 1)[0]

    def of_task(self, task: str | None) -> list[str]:
        """The models of a task, or all."""
        return [model for model in self.models if task in (None, self.task_of(model))]

    def number(self, model: str | None, task: str | None, path: str) -> float:
        """What the JSON files of a model, or of its task, hold at a path."""
        stems = [f"{model}{end}" for end in OF_MODEL] if model else []
        if model is None or model.endswith("-balanced"):
            stems += [f"{self.task_of(model) if model else task}{end}" for end in OF_TASK]
        for stem in stems:
            try:
                found = walk(self.json(stem), path)
            except KeyError:
                continue
            if isinstance(found, int | float):
                return float(found)
        raise KeyError(f"{model or task}: {path}")

    def has(self, model: str | None, path: str, task: str | None = None) -> bool:
        """Whether a model, or a task, has a number there: those that outline have others than those that classify."""
        try:
            self.number(model, task, path)
        except KeyError:
            return False
        return True

    def exact(self, model: str | None, task: str | None, path: str) -> float:
        """The same, unrounded where the path is a column of the cases: a split's number is the mean of its cases'."""
        if model and path in (table := self.table("case", model)):
            return float(table[path].astype(float).mean())
        return self.number(model, task, path)


def entries(records: Records, unit: str, model: str | None, task: str | None, metric: str) -> Iterator[tuple[str, Any]]:
    """Groups, methods or corruptions by name, those that were too small for the metric left out."""
    stem = {"group": f"{model}-subgroups", "method": f"{model or task}-xai", "corruption": f"{task}-robustness"}[unit]
    tree = {name: entry for name, entry in records.json(stem).items() if name not in ("worst", "none")}
    flat = tree if unit == "method" else {f"{a} {b}": entry for a, inner in tree.items() for b, entry in inner.items()}
    for name, entry in flat.items():
        try:
            yield name.replace("_", " "), walk(entry, metric)
        except KeyError:
            continue


def rows(records: Records, query: Query) -> list[Row]:
    """Everything that a query looks through, its condition met."""
    unit, task, metric = query["unit"], query["task"], (query["metrics"] or [""])[0]
    found: list[Row] = []
    if unit == "model":
        names = query["models"] or [name for name in records.of_task(task) if not metric or records.has(name, metric)]
        found = [Row(name, name, records.number(name, task, metric) if metric else 0.0) for name in names]
    elif unit == "task":
        known = [name for name in records.tasks if not metric or records.has(None, metric, name)]
        found = [Row(None, name, records.number(None, name, metric) if metric else 0.0) for name in known]
    elif unit == "metric":
        outliner = next(name for name in records.models if "pooled" in records.json(name))
        found = [Row(None, name, 0.0) for name in records.json(outliner)["pooled"]]
    elif unit in ("batch", "case"):
        for model in query["models"]:
            table = records.table(unit, model)
            if unit == "case" and query["cases"]:
                table = table.loc[query["cases"]]
            if query["batches"]:
                table = table[table["batch"].isin([str(batch) for batch in query["batches"]])]
            values = table[metric].astype(float) if metric else pd.Series(0.0, index=table.index)
            found += [Row(model, str(name), float(value)) for name, value in values.items()]
    else:
        for model in query["models"] or [None]:
            held = entries(records, unit, model, task or records.task_of(model), metric)
            found += [Row(model, name, float(value) if metric else 0.0) for name, value in held]
    return [row for row in found if holds(row.value, query["condition"])]


def ranked(found: list[Row], order: str, metric: str, limit: int) -> list[Row]:
    """The first of the rows by an order; an error where equal values leave open which they are."""
    down = order == "max" or order == ("worst" if good_is_low(metric) else "best")
    found = sorted(found, key=lambda row: -row.value if down else row.value)
    if limit < len(found) and found[limit - 1].value == found[limit].value:
        raise ValueError(f"a tie at {found[limit].value}: {found[limit - 1].name}, {found[limit].name}")
    return found[:limit]


def told(records: Records, query: Query, exact: bool = False) -> list[Row]:
    """The numbers that a query names one by one, in the order of the question."""
    found: list[Row] = []
    for model in query["models"] or [None]:
        for metric in query["metrics"]:
            if query["unit"] is None:
                read = records.exact if exact else records.number
                found.append(Row(model, model or metric, read(model, query["task"], metric)))
            else:
                table = records.table(query["unit"], str(model))
                wanted = [str(name) for name in (query["cases"] if query["unit"] == "case" else query["batches"])]
                found += [Row(model, name, float(table.loc[name, metric])) for name in wanted]
    return found


def compared(records: Records, query: Query) -> Expected:
    """Two values, whose is better, and the recorded paired difference with its bounds where there is one."""
    first, second = told(records, query)
    if first.value == second.value:
        raise ValueError(f"neither is better: {first}, {second}")
    metric = query["metrics"][0]
    higher, lower = (first, second) if first.value > second.value else (second, first)
    better = lower if good_is_low(metric) else higher
    numbers = [first.value, second.value]
    models = [str(first.model), str(second.model)]
    if query["unit"] is None and any(model.endswith("-balanced") for model in models):
        other = next(model for model in models if not model.endswith("-balanced"))
        paired = records.json(f"{records.task_of(other)}-compare").get("minus_balanced", {}).get(other, {}).get(metric)
        if paired and records.task_of(models[0]) == records.task_of(models[1]):
            numbers += [paired["mean"], paired["ci_low"], paired["ci_high"]]
    return Expected(tuple(numbers), (better.names[-1] if first.model != second.model else better.name,))


def expected(records: Records, query: Query) -> Expected:
    """What an answer to a query must contain; KeyError where the records hold nothing of it."""
    verb, metric = query["verb"], (query["metrics"] or ["dice"])[0]
    if verb == "value":
        return Expected(tuple(row.value for row in told(records, query)))
    if verb == "difference":
        first, second = told(records, query, exact=True)
        return Expected((first.value - second.value,))
    if verb == "compare":
        return compared(records, query)
    found = rows(records, query)
    if verb == "count":
        return Expected((float(len(found)),))
    if verb in ("mean", "median", "sum"):
        return Expected((float(pd.Series([row.value for row in found]).agg(verb)),))
    if verb in ("best", "worst", "min", "max"):
        found = ranked(found, verb, metric, 1)
    elif query["limit"]:
        found = ranked(found, query["order"], metric, query["limit"])
    names = tuple(dict.fromkeys(name for row in found for name in row.names))
    return Expected(tuple(row.value for row in found) if verb != "list" or query["limit"] else (), names)


if __name__ == "__main__":
    everything = Records(Path(sys.argv[1]))
    for line in Path(__file__).with_name("questions.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        readings = asked["query"].get("readings", [asked["query"]] if asked["expect"] == "answer" else [])
        print(asked["expect"], "|", asked["question"], "|", [expected(everything, reading) for reading in readings])
