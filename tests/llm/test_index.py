"""glassbox.llm.index: every recorded number once, with where it stands."""

import csv
import json
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.llm import index

MODELS = {"isic-base": "isic", "isic-recall": "isic", "isic-2018-recall": "isic-2018"}
TASKS = ["isic", "isic-2018"]
PURPOSES = {"isic-base": "balanced", "isic-2018-recall": "recall"}  # isic-recall has none
BUILT = (MODELS, TASKS, PURPOSES)
FILES = {
    "isic-recall.json": '{"dice": {"mean": 0.875, "low": 0.8}, "n": {"cases": 3, "missed": 1}, "ok": true, "by": "", '
    '"kinds": {"traced": 4}}',
    "isic-data.json": '{"cases": {"train": 2000, "val": 150}, "duplicates": {"exact_across": 7}, "none": null}',
    "isic-augment.json": '{"alignment": {"iou": 0.99}}',
    "isic-compare.json": '{"isic-recall": {"dice": {"difference": -0.01, "curve": [1, 2.5]}}}',
    "isic-2018-recall.json": '{"dice": {"mean": 0.5}}',
    "isic-robustness.json": '{"blur": {"4": {"dice": {"mean": 0.25}}}}',
    "isic-threshold.json": '{"recall": {"threshold": 0.61}}',
    "isic-2018-threshold.json": '{"threshold": 0.62}',
    "cases/isic-recall.csv": "case,batch,tp,dice\n0012,0,5,0.75\nISIC_2,0,0,\nISIC_3,1,7,0.5\n",
    "batches/isic-recall.csv": "batch,cases,dice\n0,2,0.75\n1,1,0.5\n",
    "other.csv": "model,value\nisic-base,3\nelse,1e-3\n",
    "other.json": '[1, {"isic": 2}]',
    "notes.txt": "12",
}
RECALL = ("isic-recall", "isic")
TABLE = [
    ("metrics/isic-recall.json", (*RECALL, "test", None, None, "dice.mean", 0.875, None)),
    ("metrics/isic-recall.json", (*RECALL, "test", None, None, "n.missed", 1, None)),
    ("metrics/isic-data.json", (None, "isic", "train", None, None, "cases.train", 2000, None)),
    ("metrics/isic-data.json", (None, "isic", None, None, None, "duplicates.exact_across", 7, None)),
    ("metrics/isic-augment.json", (None, "isic", None, None, None, "alignment.iou", 0.99, None)),
    ("metrics/isic-compare.json", (*RECALL, "test", None, None, "isic-recall.dice.difference", -0.01, None)),
    ("metrics/isic-compare.json", (*RECALL, "test", None, None, "isic-recall.dice.curve.1", 2.5, None)),
    ("metrics/isic-2018-recall.json", ("isic-2018-recall", "isic-2018", "test", None, None, "dice.mean", 0.5, None)),
    ("metrics/isic-robustness.json", ("isic-base", "isic", "test", None, None, "blur.4.dice.mean", 0.25, None)),
    ("metrics/isic-threshold.json", ("isic-base", "isic", "test", None, None, "recall.threshold", 0.61, None)),
    ("metrics/isic-2018-threshold.json", (None, "isic-2018", "test", None, None, "threshold", 0.62, None)),
    ("metrics/cases/isic-recall.csv", (*RECALL, "test", 0, "0012", "dice", 0.75, 1)),
    ("metrics/cases/isic-recall.csv", (*RECALL, "test", 1, "ISIC_3", "tp", 7, 3)),
    ("metrics/batches/isic-recall.csv", (*RECALL, "test", 1, None, "cases", 1, 2)),
    ("metrics/other.csv", ("isic-base", "isic", None, None, None, "value", 3, 1)),
    ("metrics/other.csv", (None, None, None, None, None, "value", 0.001, 2)),
    ("metrics/other.json", (None, None, None, None, None, "0", 1, None)),
    ("metrics/other.json", (None, "isic", None, None, None, "1.isic", 2, None)),
]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "metrics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "metrics"


@pytest.fixture
def opened(recorded: Path) -> Iterator[sqlite3.Connection]:
    path = recorded.parent / "index.sqlite"
    path.write_bytes(index.build(recorded, *BUILT))
    with closing(index.open_index(path)) as connection:
        yield connection


@pytest.mark.parametrize(("source", "row"), TABLE)
def test_a_number_stands_once_with_what_it_is_about(
    opened: sqlite3.Connection, source: str, row: tuple[object, ...]
) -> None:
    """A known number of each kind of file has one row: model, task, split, batch, case, metric, value and place."""
    columns = "model, task, split, batch, case_name, metric, value, row"
    found = opened.execute(f"SELECT {columns} FROM number WHERE source = ?", (source,)).fetchall()
    assert found.count(row) == 1
    assert [type(value) for value in found[found.index(row)]] == [type(value) for value in row]


def test_what_is_no_number_is_left_out(opened: sqlite3.Connection) -> None:
    """Booleans, text, null and empty cells leave no row, and a file of another kind none at all."""
    total = opened.execute("SELECT source, count(*) FROM number GROUP BY source").fetchall()
    assert dict(total) == {
        "metrics/isic-recall.json": 4,
        "metrics/isic-data.json": 3,
        "metrics/isic-augment.json": 1,
        "metrics/isic-compare.json": 3,
        "metrics/isic-2018-recall.json": 1,
        "metrics/isic-2018-threshold.json": 1,
        "metrics/isic-robustness.json": 1,
        "metrics/isic-threshold.json": 1,
        "metrics/cases/isic-recall.csv": 5,
        "metrics/batches/isic-recall.csv": 4,
        "metrics/other.csv": 2,
        "metrics/other.json": 2,
    }
    assert opened.execute("SELECT * FROM meta").fetchall() == [("format", index.FORMAT)] == [("format", 3)]


def test_models_are_listed_with_task_and_purpose(opened: sqlite3.Connection) -> None:
    """Each once, also one without a file of its own; the purpose is NULL where there is none."""
    expected = [(name, task, PURPOSES.get(name)) for name, task in sorted(MODELS.items())]
    assert opened.execute("SELECT * FROM model ORDER BY name").fetchall() == expected


LISTED = {
    ("metrics/isic-recall.json", "dice.mean"): (*RECALL, "test", "whole"),
    ("metrics/isic-data.json", "cases.train"): (None, "isic", "train", "whole"),
    ("metrics/isic-robustness.json", "blur.4.dice.mean"): ("isic-base", "isic", "test", "whole"),
    ("metrics/cases/isic-recall.csv", "dice"): (*RECALL, "test", "case"),
    ("metrics/batches/isic-recall.csv", "dice"): (*RECALL, "test", "batch"),
}


def test_every_metric_of_a_file_is_one_entry(opened: sqlite3.Connection) -> None:
    """However many rows a column has, it is one entry, at the level its rows are about."""
    found = opened.execute("SELECT source, metric, model, task, split, level FROM entry").fetchall()
    by_place = {row[:2]: row[2:] for row in found}
    assert {place: by_place[place] for place in LISTED} == LISTED
    every = opened.execute("SELECT DISTINCT source, metric FROM number WHERE source <> 'metrics/other.csv'").fetchall()
    assert sorted(row[:2] for row in found) == sorted(every)


def test_batches_and_cases_are_listed_once(opened: sqlite3.Connection) -> None:
    """A model's batches by number, those of its table by batch; a task's cases by name, leading zeros kept."""
    assert opened.execute("SELECT * FROM batch").fetchall() == [("isic-recall", 0), ("isic-recall", 1)]
    cases = [("isic", name) for name in ("0012", "ISIC_2", "ISIC_3")]
    assert opened.execute("SELECT * FROM case_of").fetchall() == cases


QUESTIONS = [
    ("model = 'isic-recall' AND batch = 1 AND metric = 'dice' AND case_name IS NULL", "number_of_model"),
    ("source = 'metrics/cases/isic-recall.csv' AND metric = 'dice'", "number_of_metric"),
    ("case_name = 'ISIC_3' AND metric = 'dice'", "number_of_case"),
]


@pytest.mark.parametrize(("condition", "name"), QUESTIONS)
def test_questions_use_an_index(opened: sqlite3.Connection, condition: str, name: str) -> None:
    """A question by model, by file and metric, or by case reads an index of the table, not all of it."""
    [plan] = opened.execute(f"EXPLAIN QUERY PLAN SELECT value FROM number WHERE {condition}").fetchall()
    assert f"USING INDEX {name} " in plan[-1]


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1, max_size=6)
SCALARS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none(), NAMES
)
TREES = st.dictionaries(
    NAMES, st.recursive(SCALARS, lambda s: st.lists(s, max_size=3) | st.dictionaries(NAMES, s, max_size=3)), max_size=4
)
ROWS = st.lists(st.tuples(NAMES, st.integers(0, 99), st.floats(allow_nan=False, allow_infinity=False)), max_size=5)


def numbers_in(node: Any, key: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401 - JSON
    """Every number of a JSON tree with its dotted key, read the slow way."""
    if type(node) in (dict, list):
        for name in node if type(node) is dict else range(len(node)):
            yield from numbers_in(node[name], f"{key}.{name}" if key else str(name))
    elif type(node) in (int, float):
        yield key, node


@settings(max_examples=40)
@given(tree=TREES, rows=ROWS)
def test_every_number_is_found_again_in_its_file(tree: dict[str, Any], rows: list[tuple[str, int, float]]) -> None:
    """Each number of each file has exactly one row, and source and row lead back to it; any name is harmless."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "metrics").mkdir()
        (top / "metrics/a.json").write_text(json.dumps(tree))
        with (top / "metrics/b.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("case", "batch", "dice"), *rows])
        path = top / "index.sqlite"
        path.write_bytes(index.build(top / "metrics", *BUILT))
        with closing(index.open_index(path)) as opened:
            found = opened.execute("SELECT source, row, case_name, batch, metric, value FROM number").fetchall()
        with (top / "metrics/b.csv").open(encoding="utf-8", newline="") as file:
            read_again = list(csv.DictReader(file))
    expected = [("metrics/a.json", None, None, None, key, value) for key, value in numbers_in(tree)]
    for at, row in enumerate(read_again, start=1):
        expected.append(("metrics/b.csv", at, row["case"], int(row["batch"]), "dice", float(row["dice"])))
    assert Counter(found) == Counter(expected)


@pytest.mark.parametrize("cell", ["1_000", "nan", "inf", "-Infinity", "1e999", "٣", " 1", "0x10", "True", ""])
def test_a_cell_that_is_no_decimal_number_is_text(tmp_path: Path, cell: str) -> None:
    """What Python alone would read as a number, a table does not mean as one, and nothing infinite gets in."""
    (tmp_path / "a.csv").write_text(f"dice,b\n{cell},1\n", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"a": NaN, "b": Infinity, "c": 1e999}')
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(tmp_path, {}, [], {}))
    with closing(index.open_index(path)) as opened:
        assert opened.execute("SELECT metric, value FROM number").fetchall() == [("b", 1)]


@pytest.mark.parametrize("name", ["'; DROP TABLE number; --", '"x"', "a?b", "%", "Robert'); --"])
def test_names_with_sql_in_them_are_only_names(tmp_path: Path, name: str) -> None:
    """Models, keys and cases go in as values, never as SQL."""
    (tmp_path / "a.json").write_text(json.dumps({name: {"dice": 1}}))
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(tmp_path, {name: name}, [name], {name: name}))
    with closing(index.open_index(path)) as opened:
        assert opened.execute("SELECT model, task, metric FROM number").fetchall() == [(name, name, f"{name}.dice")]
        assert opened.execute("SELECT * FROM model").fetchall() == [(name, name, name)]
        assert opened.execute("SELECT model, metric FROM entry").fetchall() == [(name, f"{name}.dice")]


def test_the_same_numbers_give_the_same_bytes(recorded: Path) -> None:
    """Built again, in another process, and with keys, models and tasks in another order, the file is the same."""
    first = index.build(recorded, *BUILT)
    code = (
        "import sys; from pathlib import Path; from glassbox.llm import index;"
        f"sys.stdout.buffer.write(index.build(Path(sys.argv[1]), {MODELS}, {TASKS}, {PURPOSES}))"
    )
    other = subprocess.run([sys.executable, "-c", code, str(recorded)], capture_output=True, check=True).stdout
    path = recorded / "isic-recall.json"
    path.write_text(json.dumps(dict(reversed(json.loads(path.read_text()).items())), indent=4))
    turned = dict(reversed(MODELS.items())), TASKS[::-1], dict(reversed(PURPOSES.items()))
    assert first == other == index.build(recorded, *turned)


def test_the_header_holds_no_trace_of_how_it_was_made(recorded: Path) -> None:
    """One page size, no free pages, change counter equal to version-valid-for, and no library version."""
    content = index.build(recorded, *BUILT)
    page, counter, pages, free = struct.unpack_from(">16xH6xII4xI", content)
    [valid_for, library] = struct.unpack_from(">92xII", content)
    assert (content[:16], page, pages * page, free) == (b"SQLite format 3\0", 4096, len(content), 0)
    assert counter == valid_for
    assert library == 0


def test_an_opened_index_can_not_be_changed(opened: sqlite3.Connection) -> None:
    """Nothing that answers a question can write."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.execute("DELETE FROM number")


UNREADABLE = [
    (None, "no such index"),
    (b"", "not readable as an index"),
    (b"no database" * 1000, "not readable as an index"),
    ("CREATE TABLE other (a)", "not readable as an index"),
    ("CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('format', 99)", "index format 99; expected index for"),
    (
        "CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('format', 1)",
        "index format 1; expected index format 3",
    ),
    ("CREATE TABLE meta (key, value)", "index format not given"),
    ("cut", "damaged|not readable as an index"),
]


@pytest.mark.parametrize(("content", "told"), UNREADABLE)
def test_an_index_that_is_none_is_told_in_one_line(
    recorded: Path, tmp_path: Path, content: bytes | str | None, told: str
) -> None:
    """Absent, damaged, of another format or of another program: one line, with the command that mends it."""
    path = tmp_path / "odd ?#name.sqlite"
    if content == "cut":
        path.write_bytes(index.build(recorded, *BUILT)[:-4096])
    elif isinstance(content, str):
        with closing(sqlite3.connect(path)) as other:
            other.executescript(content)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(GlassboxError, match=told) as caught:
        index.open_index(path)
    assert str(caught.value).endswith("run: dvc repro --single-item llm-index")
    assert "\n" not in str(caught.value)


FAULTY = [
    ("a.json", b"{"),
    ("a.json", b"\xff"),
    ("a.csv", b"a,b\n1\n"),
    ("a.csv", b"a,a\n1,2\n"),
    ("a.csv", b'a\n"b'),
    ("a.csv", b"\xff\n1"),
]


@pytest.mark.parametrize(("name", "content"), FAULTY)
def test_a_damaged_file_is_told_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    """No number of a damaged file is guessed at; the line names the file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GlassboxError, match=rf"^{tmp_path.name}/{name}: not readable .*run: git checkout -- "):
        index.build(tmp_path, {}, [], {})


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """No metrics at all is a fault, not an empty index."""
    with pytest.raises(GlassboxError, match="no such folder"):
        index.build(tmp_path / "metrics", {}, [], {})
