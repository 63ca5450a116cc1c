"""What the index holds now, by name: the models, tasks, batches, cases and metrics that a question may be about."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from glassbox.artifacts import SPLITS

Level = Literal["whole", "batch", "case"]
INTERVAL = ("ci_low", "ci_high")
ENDS = (*INTERVAL, "min", "max", "median", "q25", "q75", "distinct", "excludes_zero")  # what is told of a measure
DEFAULT = "mean"  # the statistic that is meant where none is named
COUNTS = "n"  # the container of counts: `n.missed` is `missed`
SPREAD = {"group": ("-subgroups.json", 2), "corruption": ("-robustness.json", 2), "method": ("-xai.json", 1),
          "class": (".json", 2), "point": (".json", 2)}  # fmt: skip
CLASS, POINT = "per_class", "points"  # the containers of what is recorded by class, and by operating point
REPEATS = ("worst", "none")  # what these files hold a second time
PART = re.compile(r"\d+\.\d+(?=\.|$)|[^.]+")  # of a dotted key; a strength such as 0.03 is one part


@dataclass(frozen=True)
class Entry:
    """Where numbers of one metric stand: one cell of a JSON file, or a column of a table with a row a batch or case."""

    model: str | None
    task: str | None
    split: str | None
    metric: str
    source: str
    level: Level

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of the key that tell it from others: `dice` of `dice.mean`, `missed` of `n.missed`."""
        parts = [part for part in PART.findall(self.metric) if part not in SPLITS and part != self.model]
        if len(parts) > 1 and parts[-1] == DEFAULT:
            parts.pop()
        parts = parts[1:] if len(parts) > 1 and parts[0] == COUNTS else parts
        return tuple(parts) or (self.metric,)

    @property
    def measure(self) -> str:
        """The part that says what is measured; those before it say under which condition."""
        return self.parts[-2] if len(self.parts) > 1 and self.parts[-1] in ENDS else self.parts[-1]


@dataclass(frozen=True)
class Known:
    """A model: its task, and its purpose there (base, balanced, precision, recall), if it has one."""

    task: str
    purpose: str | None


@dataclass(frozen=True)
class Catalogue:
    """All names of the index. `batches` by model, `cases` by task; every sequence is sorted."""

    models: Mapping[str, Known]
    tasks: tuple[str, ...]
    entries: tuple[Entry, ...]
    batches: Mapping[str, tuple[int, ...]]
    cases: Mapping[str, tuple[str, ...]]

    @cached_property
    def _by_owner(self) -> Mapping[tuple[str | None, str | None, Level], tuple[Entry, ...]]:
        found: defaultdict[tuple[str | None, str | None, Level], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.model, entry.task, entry.level].append(entry)
        return {key: tuple(entries) for key, entries in found.items()}

    @cached_property
    def numbers_of_batches(self) -> frozenset[int]:
        """Every batch number that any model has."""
        return frozenset(number for numbers in self.batches.values() for number in numbers)

    @cached_property
    def methods(self) -> frozenset[str]:
        """The explanation methods that any model records checks of."""
        return frozenset(
            e.parts[0] for e in self.entries if e.source.endswith(SPREAD["method"][0]) and len(e.parts) > 1
        )

    def of_task(self, task: str) -> tuple[str, ...]:
        """The task's models."""
        return tuple(name for name, known in self.models.items() if known.task == task)

    def with_purpose(self, purpose: str, tasks: Iterable[str]) -> dict[str, str]:
        """The model of that purpose in each of the tasks that has one."""
        wanted = set(tasks)
        return {
            known.task: name for name, known in self.models.items() if known.purpose == purpose and known.task in wanted
        }

    def owned(self, model: str | None, task: str | None, level: Level) -> tuple[Entry, ...]:
        """Entries of a model, or, with `model` None, of a task as a whole."""
        return self._by_owner.get((model, task, level), ())

    def find(
        self, model: str | None, task: str | None, level: Level, parts: Sequence[str], split: str | None
    ) -> tuple[list[Entry], int]:
        """The entries whose key holds all of `parts` and the fewest others, and how many others those are.

        Of several with the same parts the first by source is meant. `split` None takes any, test first.
        """
        best: dict[tuple[str, ...], Entry] = {}
        fewest = len(parts) + 99
        for entry in self.owned(model, task, level):
            if (split is not None and entry.split != split) or not _holds(entry.parts, parts):
                continue
            others = len(entry.parts) - len(parts)
            if others < fewest:
                best, fewest = {}, others
            if others == fewest:
                known = best.get(entry.parts)
                if known is None or _rank(entry) < _rank(known):
                    best[entry.parts] = entry
        return list(best.values()), fewest

    def interval(self, entry: Entry) -> tuple[Entry, ...]:
        """The bounds recorded beside a mean."""
        if entry.level != "whole" or not entry.metric.endswith(f".{DEFAULT}"):
            return ()
        stem = entry.metric.removesuffix(DEFAULT)
        names = {f"{stem}{end}" for end in INTERVAL}
        return tuple(
            e for e in self.owned(entry.model, entry.task, "whole") if e.metric in names and e.source == entry.source
        )

    def spread(self, unit: str, model: str, task: str) -> dict[str, tuple[Entry, ...]]:
        """Entries of every group, method or corruption of a model, or of its task as a whole, by its name."""
        ending, depth = SPREAD[unit]
        container = {"class": CLASS, "point": POINT}.get(unit)
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in (*self.owned(model, task, "whole"), *self.owned(None, task, "whole")):
            whole = len(entry.parts) == depth + 1 and entry.parts[-1] not in ENDS and entry.parts[0] not in REPEATS
            inside = entry.parts[0] == container if container else entry.parts[0] != CLASS
            if whole and entry.source.endswith(ending) and inside:
                found[" ".join(entry.parts[:depth])].append(entry)
        return {name: tuple(entries) for name, entries in found.items()}


def _holds(have: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(have.count(part) >= wanted.count(part) for part in wanted)


def _rank(entry: Entry) -> tuple[bool, int, str]:
    return entry.split != "test", len(entry.source), entry.source


def load(index: sqlite3.Connection) -> Catalogue:
    """Read the names from an open index."""
    models = {
        name: Known(task, purpose) for name, task, purpose in index.execute("SELECT name, task, purpose FROM model")
    }
    rows = index.execute("SELECT model, task, split, metric, source, level FROM entry ORDER BY source, metric")
    entries = tuple(Entry(*row) for row in rows)
    batches, cases = defaultdict(list), defaultdict(list)
    for model, batch in index.execute("SELECT model, batch FROM batch ORDER BY model, batch"):
        batches[model].append(batch)
    for task, name in index.execute("SELECT task, name FROM case_of ORDER BY task, name"):
        cases[task].append(name)
    tasks = tuple(sorted({known.task for known in models.values()}))
    return Catalogue(models, tasks, entries, _frozen(batches), _frozen(cases))


def _frozen(found: Mapping[str, list]) -> dict[str, tuple]:  # type: ignore[type-arg]
    return {name: tuple(values) for name, values in found.items()}
