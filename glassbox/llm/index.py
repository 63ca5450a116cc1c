"""The index of every recorded number, one row a number: what `glassbox ask` answers from.

    number(model, task, split, batch, case_name, metric, value, source, row)

`metric` is the dotted key in a JSON file (`dice.mean`, `pooled.dice`, `n.missed`; an item of a list by its position) or
the column of a CSV table (`dice`); its columns `case` and `batch` say what a row is about and are no numbers of their
own, nor are those under `kinds`. `source` is the file, as `metrics/isic-recall.json`; `row` the data row of a CSV
table, from 1, NULL for JSON. `batch` and `case_name` are NULL for numbers of a whole split; `model`, `task` and `split`
where a file names none.
Besides, `model(name, task, purpose)` lists the models and `meta(key, value)` holds the index's `format`. What a reader
needs in order to know which numbers there are stands in small tables, so that it need not go through `number`:
`entry(model, task, split, metric, source, level)` has one row for each metric of a file, where `level` is `whole`,
`batch` or `case`; `batch(model, batch)` and `case_of(task, name)` list what the tables have rows for.
`class_of(source, position, name)` names the classes that a classifier's table of cases holds by number, in the order of
its columns `p_<class>`.

    SELECT value, source, row FROM number WHERE model = ? AND batch = ? AND case_name IS NULL AND metric = ?
"""

import csv
import json
import math
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from glassbox.artifacts import SPLITS
from glassbox.errors import GlassboxError

FORMAT = 3
RUN = "dvc repro --single-item llm-index"
SCORED = "test"  # the split that every score is taken on
SPLIT_OF = {  # by the ending of a file's name
    "calibration": "val",
    **dict.fromkeys(("compare", "robustness", "subgroups", "threshold", "uncertainty"), SCORED),
}
# Says how a record was counted, under a name that a group of cases has: it would be taken for a metric.
ASIDE = {"kinds"}
OF_BALANCED = ("robustness", "threshold")  # endings of files that tell of a task's balanced model, and do not name it
PROBABILITY = "p_"  # before a class: the column of its probability
INTEGER = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LIBRARY_VERSION = slice(96, 100)  # of a SQLite file's header: who wrote it last

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE model (name TEXT PRIMARY KEY, task TEXT NOT NULL, purpose TEXT) WITHOUT ROWID;
CREATE TABLE number (
    model TEXT, task TEXT, split TEXT, batch INTEGER, case_name TEXT,
    metric TEXT NOT NULL, value NOT NULL, source TEXT NOT NULL, row INTEGER
);
CREATE TABLE entry (model TEXT, task TEXT, split TEXT, metric TEXT NOT NULL, source TEXT NOT NULL, level TEXT NOT NULL);
CREATE TABLE batch (model TEXT NOT NULL, batch INTEGER NOT NULL, PRIMARY KEY (model, batch)) WITHOUT ROWID;
CREATE TABLE case_of (task TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (task, name)) WITHOUT ROWID;
CREATE TABLE class_of (source TEXT, position INTEGER, name TEXT NOT NULL, PRIMARY KEY (source, position)) WITHOUT ROWID;
CREATE INDEX number_of_model ON number (model, metric, batch);
CREATE INDEX number_of_metric ON number (source, metric);
CREATE INDEX number_of_case ON number (case_name, metric) WHERE case_name IS NOT NULL;
"""

NAMES = """
INSERT INTO entry SELECT DISTINCT model, task, split, metric, source,
    CASE WHEN case_name IS NOT NULL THEN 'case' WHEN batch IS NOT NULL THEN 'batch' ELSE 'whole' END
    FROM number WHERE row IS NULL OR batch IS NOT NULL OR case_name IS NOT NULL
    ORDER BY source, metric, model, task, split;
INSERT INTO batch SELECT DISTINCT model, batch FROM number
    WHERE model IS NOT NULL AND batch IS NOT NULL AND case_name IS NULL;
INSERT INTO case_of SELECT DISTINCT task, case_name FROM number WHERE task IS NOT NULL AND case_name IS NOT NULL;
"""

Number = int | float


@dataclass(frozen=True)
class Place:
    """What a number is about, as far as its file's name, keys and cells say."""

    model: str | None = None
    task: str | None = None
    split: str | None = None
    batch: Number | None = None
    case_name: str | None = None


@dataclass(frozen=True)
class Names:
    """Identifiers that may occur: each model with its task, and the tasks. Looked up whole, never taken apart."""

    models: Mapping[str, str]
    tasks: Sequence[str]
    purposes: Mapping[str, str]

    def place(self, stem: str) -> Place:
        """What a file of this name is about: the longest identifier that is the name or stands before a `-` in it."""
        known = [name for name in {*self.models, *self.tasks} if stem == name or stem.startswith(f"{name}-")]
        if not known:
            return Place()
        name = max(known, key=len)
        place = self.narrowed(Place(), name)
        about = stem.removeprefix(f"{name}-")
        if about in OF_BALANCED:
            place = replace(place, model=self.balanced(name))
        return replace(place, split=SCORED if stem == place.model else SPLIT_OF.get(about))

    def balanced(self, task: str) -> str | None:
        """The task's balanced model."""
        found = (name for name, purpose in self.purposes.items() if purpose == "balanced" and self.models[name] == task)
        return next(found, None)

    def narrowed(self, place: Place, key: str) -> Place:
        """`place`, made narrower where `key` is a split, or a model or task that was left open."""
        if key in SPLITS:
            return replace(place, split=key)
        if key in self.models and place.model is None:
            return replace(place, model=key, task=self.models[key])
        if key in self.tasks and place.task is None:
            return replace(place, task=key)
        return place


@dataclass(frozen=True)
class Entry:
    """One row of `number`."""

    place: Place
    metric: str
    value: Number
    source: str
    row: int | None = None

    def columns(self) -> tuple[str | Number | None, ...]:
        """In the order of the table."""
        at = self.place
        return at.model, at.task, at.split, at.batch, at.case_name, self.metric, self.value, self.source, self.row


def build(recorded: Path, models: Mapping[str, str], tasks: Sequence[str], purposes: Mapping[str, str]) -> bytes:
    """Index every number in the JSON and CSV files under `recorded`; the same numbers always give the same bytes.

    `models` gives each model's task, `purposes` the purpose of those that have one. Text, booleans, null, empty cells,
    NaN and infinities are no numbers and left out.
    Returns a complete SQLite file. Raises `GlassboxError` on a missing folder and on a file that can't be read.
    """
    if not recorded.is_dir():
        raise GlassboxError(recorded, "no such folder", "the recorded metrics", "dvc repro")
    names = Names(models, tasks, purposes)
    found = [entry for path in _files(recorded) for entry in _entries(path, recorded.parent, names)]
    found.sort(key=lambda entry: (entry.source, entry.row or 0, entry.metric, entry.value))
    with closing(sqlite3.connect(":memory:")) as index:
        index.executescript(f"PRAGMA page_size = 4096; {SCHEMA}")
        index.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        listed = [(name, task, purposes.get(name)) for name, task in sorted(models.items())]
        index.executemany("INSERT INTO model VALUES (?, ?, ?)", listed)
        index.executemany(f"INSERT INTO number VALUES ({', '.join('?' * 9)})", (entry.columns() for entry in found))
        index.executemany("INSERT INTO class_of VALUES (?, ?, ?)", sorted(_classes(recorded)))
        index.executescript(NAMES)
        index.commit()
        index.execute("VACUUM")
        content = bytearray(index.serialize())
    content[LIBRARY_VERSION] = bytes(4)  # SQLite comes with the interpreter: another one must not change the file
    return bytes(content)


def open_index(path: Path) -> sqlite3.Connection:
    """Open an index for reading only. One that is absent, damaged or of another format is a `GlassboxError`."""
    if not path.is_file():
        raise GlassboxError(path, "no such index", "an index of the recorded metrics", RUN)
    index = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        [state] = index.execute("PRAGMA quick_check(1)").fetchone()
        found = index.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except sqlite3.DatabaseError as error:
        index.close()
        raise GlassboxError(path, f"not readable as an index ({error})", "an index of the metrics", RUN) from None
    if state != "ok" or found != (FORMAT,):
        index.close()
        told = f"index format {found[0] if found else 'not given'}"
        raise GlassboxError(path, "damaged" if state != "ok" else told, f"index format {FORMAT}", RUN)
    return index


def _files(recorded: Path) -> list[Path]:
    found = (path for ending in ("json", "csv") for path in recorded.rglob(f"*.{ending}") if path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))


def _entries(path: Path, top: Path, names: Names) -> Iterator[Entry]:
    """The numbers of one file."""
    source = path.relative_to(top).as_posix()
    place = names.place(path.stem)
    try:
        if path.suffix == ".json":
            yield from _json(json.loads(path.read_text(encoding="utf-8")), "", place, source, names)
        else:
            with path.open(encoding="utf-8", newline="") as file:
                yield from _csv(csv.reader(file, strict=True), place, source, names)
    except (ValueError, csv.Error) as error:
        expected = f"a {path.suffix[1:].upper()} file of metrics"
        raise GlassboxError(
            source, f"not readable ({error})", expected, f"git checkout -- {source}, or dvc repro"
        ) from None


def _classes(recorded: Path) -> Iterator[tuple[str, int, str]]:
    """Each table of cases that holds classes by number, with the number and the name of each."""
    for path in _files(recorded):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                header = next(csv.reader(file), [])
            if {"truth", "predicted"} <= {*header}:
                names = [column.removeprefix(PROBABILITY) for column in header if column.startswith(PROBABILITY)]
                source = path.relative_to(recorded.parent).as_posix()
                yield from ((source, position, name) for position, name in enumerate(names))


def _json(node: object, key: str, place: Place, source: str, names: Names) -> Iterator[Entry]:
    if isinstance(node, dict | list):
        for name, below in node.items() if isinstance(node, dict) else enumerate(node):
            if name in ASIDE:
                continue
            where = names.narrowed(place, str(name))
            yield from _json(below, f"{key}.{name}" if key else str(name), where, source, names)
    elif isinstance(node, int | float) and not isinstance(node, bool) and (value := _storable(node)) is not None:
        yield Entry(place, key, value, source)


def _csv(rows: Iterator[list[str]], place: Place, source: str, names: Names) -> Iterator[Entry]:
    header = next(rows, [])
    if len(set(header)) < len(header):
        raise ValueError("a column comes twice")
    for number, cells in enumerate(filter(None, rows), start=1):
        if len(cells) != len(header):
            raise ValueError(f"row {number} has {len(cells)} cells, its header {len(header)}")
        by_column = dict(zip(header, cells, strict=True))
        where = replace(place, case_name=by_column.pop("case", None), batch=_number(by_column.pop("batch", "")))
        for cell in by_column.values():
            where = names.narrowed(where, cell)
        for column, cell in by_column.items():
            if (value := _number(cell)) is not None:
                yield Entry(where, column, value, source, number)


def _number(cell: str) -> Number | None:
    """The number in a cell; None for text. `float` itself would take `1_000` and `infinity`."""
    if INTEGER.fullmatch(cell):
        return _storable(int(cell))
    return _storable(float(cell)) if DECIMAL.fullmatch(cell) else None


def _storable(value: Number) -> Number | None:
    """`value` as SQLite holds it, 64 bits; None where it is not finite."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        value = float(value) if abs(value) < 2**1023 else math.inf
    return value if math.isfinite(value) else None
