"""glassbox.llm.sql: one statement a query, its names and numbers as parameters, its rows those of the files."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm import index, phrases
from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import Catalogue, load
from glassbox.llm.language import parse
from glassbox.llm.linker import link
from glassbox.llm.query import resolve
from glassbox.llm.sql import Row, statement
from glassbox.llm.typed import Query

Typed = Callable[[str, str], list[Query]]
Read = Callable[[str, str], list[Reading]]
FIRST = "dice and iou of skin-base and skin-recall on batch 1 and batch 2 between 3 and 0.25 and case 4 and case 5"
OTHER = "hd95 and dice of skin-recall and skin-base on batch 2 and batch 0 between 7 and 0.75 and case 1 and case 3"
KINDS = [
    "value K1 of M1", "value K1 in batch N1 of M1", "value K1 in batch N1 N2 of M1", "value K1 in case C1 of M1",
    "value K1 K2 of M1 M2", "mean batch K1 of M1", "median case K1 of M1", "sum case K1 in batch N1 of M1",
    "max batch K1 of M1", "min case K1 in batch N1 of M1", "max model K1 of M1 M2",
    "count case K1 below N4 of M1", "count batch of M1", "list case K1 between N3 N4 of M1", "list case of M1",
    "list batch K1 max N3 of M1", "difference K1 of M1 M2", "difference K1 in batch N1 N2 of M1",
    "difference K1 K2 of M1", "difference K1 in case C1 C2 of M1", "compare K1 of M1 M2",
    "compare K1 in batch N1 of M1 M2", "list model", "count model", "list metric of M1", "count metric of M1",
    "list task",
]  # fmt: skip


def about(question: str, line: str) -> str:
    """The question in words that its line takes up: no metrics where it has none, no batches where it has a bound."""
    if not re.search(r"[KNC]\d", line):
        return question.partition(" of ")[2].partition(" on ")[0]
    if "N3" in line or "N4" in line:
        question = re.sub(r"^(\w+) and \w+", r"\1", question.replace("batch ", "").replace(" between", " and"))
    return f"lowest {question}" if re.match("max|min", line) else question


@pytest.mark.parametrize("line", KINDS)
def test_no_name_and_no_number_is_part_of_the_text(catalogue: Catalogue, typed: Typed, line: str) -> None:
    """Questions of one kind have one text, whatever they name: all that differs is in the parameters."""
    asked = [about(question, line) for question in (FIRST, OTHER)]
    [first], [other] = ([statement(query, catalogue) for query in typed(question, line)] for question in asked)
    assert first.text == other.text
    assert first.text.count("?") == len(first.parameters)
    assert not re.search(r"skin|eye|chart|dice|iou|hd95|metrics/|['\"]|0\.\d", first.text.replace("'whole'", ""))
    if re.search(r"[KNC]\d", line):
        assert first.parameters != other.parameters


NESTED = [
    ("of all cases of {} with {} below 0.5 which has the lowest {}", "list case K1 below N1 of M1"),
    ("{2} of the batch of {0} with the lowest {1}", "min batch K2 K1 of M1"),
    ("on how many batches is {} higher than skin-precision in {}", "difference K1 of M1 M2"),
    ("second lowest {1} of a case of {0}", "min case K1 of M1"),
]


@pytest.mark.parametrize(("question", "line"), NESTED)
def test_nor_is_any_of_a_nested_question(
    catalogue: Catalogue, records: sqlite3.Connection, typed: Typed, question: str, line: str
) -> None:
    """The same of questions within questions; and these too go by an index."""
    names = (("skin-base", "dice", "iou"), ("skin-recall", "hd95", "dice"))
    [first], [other] = ([statement(q, catalogue) for q in typed(question.format(*of), line)] for of in names)
    assert first.text == other.text
    assert first.text.count("?") == len(first.parameters)
    assert not re.search(r"skin|dice|iou|hd95|metrics/|['\"]|0\.\d", first.text)
    plan = [row[-1] for row in records.execute(f"EXPLAIN QUERY PLAN {first.text}", first.parameters)]
    assert [step for step in plan if re.match(r"SCAN (number|a|b)\b", step)] == []


@pytest.mark.parametrize("line", KINDS)
def test_no_statement_reads_the_whole_table(
    catalogue: Catalogue, records: sqlite3.Connection, typed: Typed, line: str
) -> None:
    """Every access to `number` goes by one of its indices, so that a question takes no longer with more records."""
    for query in typed(about(FIRST, line), line):
        made = statement(query, catalogue)
        plan = [row[-1] for row in records.execute(f"EXPLAIN QUERY PLAN {made.text}", made.parameters)]
        assert [step for step in plan if re.match(r"SCAN (number|a|b)\b", step)] == []


def table(metrics: Path, level: str, model: str, batch: int | None = None) -> pd.DataFrame:
    """The rows of a model's table, of one batch if one is given, as pandas reads them."""
    found = pd.read_csv(metrics / {"batch": "batches", "case": "cases"}[level] / f"{model}.csv")
    return found if batch is None else found[found["batch"] == batch]


def places(rows: list[Row], level: str) -> list[object]:
    return [row["case_name" if level == "case" else "batch"] for row in rows]


EVERYWHERE = list(
    product(["skin-base", "eye-recall", "chart-base"], ["batch", "case"], ["dice", "precision", "hd95_px"])
)
NAMED = {"dice": ("dice", "K1"), "precision": ("precision", "X1"), "hd95_px": ("hd95", "K1")}
HIGHER = {"dice": True, "precision": True, "hd95_px": False}


@pytest.mark.parametrize(("model", "level", "metric"), EVERYWHERE)
@pytest.mark.parametrize("verb", ["mean", "median"])
def test_an_average_is_that_of_the_file(
    metrics: Path, readings: Read, verb: str, model: str, level: str, metric: str
) -> None:
    """Over all rows that have a number; the rows say how many those are."""
    name, tag = NAMED[metric]
    over = {"batch": "batches", "case": "cases"}[level]
    [found] = readings(f"{verb} of {name} over {over} of {model}", f"{verb} {level} {tag} of M1")
    [row] = found.told.rows
    values = table(metrics, level, model)[metric].dropna()
    assert row["value"] == pytest.approx(getattr(values, verb)(), rel=1e-12)
    assert row["rows"] == len(values)


@pytest.mark.parametrize("model", ["skin-base", "eye-recall", "chart-base"])
@pytest.mark.parametrize(("level", "name", "column"), [("case", "tp", "tp"), ("batch", "missed lesions", "missed")])
def test_a_sum_is_that_of_the_file(
    metrics: Path, readings: Read, model: str, level: str, name: str, column: str
) -> None:
    """Of counts; of rates there is none."""
    over = {"batch": "batches", "case": "cases"}[level]
    [found] = readings(f"sum of {name} over {over} of {model}", f"sum {level} K1 of M1")
    assert found.told.rows[0]["value"] == table(metrics, level, model)[column].sum()
    with pytest.raises(Unanswerable, match="a sum says nothing"):
        readings(f"sum of dice over {over} of {model}", f"sum {level} K1 of M1")


@pytest.mark.parametrize(("model", "level", "metric"), EVERYWHERE)
@pytest.mark.parametrize("verb", ["max", "min", "best", "worst"])
def test_an_extreme_is_every_row_that_has_it(
    metrics: Path, readings: Read, verb: str, model: str, level: str, metric: str
) -> None:
    """Ties are all there; best is the highest where more is better and the lowest of a distance."""
    name, tag = NAMED[metric]
    end = {"max": "highest", "min": "lowest"}.get(verb, verb)
    [found] = readings(f"{level} of {model} with the {end} {name}", f"{verb} {level} {tag} of M1")
    rows = table(metrics, level, model)
    highest = verb == "max" or (verb in ("best", "worst") and (verb == "best") == HIGHER[metric])
    wanted = rows[metric].max() if highest else rows[metric].min()
    assert {row["value"] for row in found.told.rows} == {wanted}
    assert places(list(found.told.rows), level) == rows[rows[metric] == wanted][level].tolist()


TESTS: list[tuple[str, str, Callable[[pd.Series], pd.Series]]] = [
    ("below", "N1", lambda values: values < 0.5),
    ("above", "N1", lambda values: values > 0.5),
    ("least", "N2", lambda values: values >= 0.995),
    ("most", "N2", lambda values: values <= 0.995),
    ("above", "N2", lambda values: values > 0.995),
    ("below", "N2", lambda values: values < 0.995),
    ("equal", "N2", lambda values: values == 0.995),
    ("between", "N1 N2", lambda values: (values >= 0.5) & (values <= 0.995)),
    ("between", "N2 N1", lambda values: (values >= 0.5) & (values <= 0.995)),
]


@pytest.mark.parametrize(("test", "bounds", "holds"), TESTS)
def test_a_condition_counts_and_lists_the_rows_that_hold_it(
    metrics: Path, readings: Read, test: str, bounds: str, holds: Callable[[pd.Series], pd.Series]
) -> None:
    """A bound itself is in `least`, `most` and `between`, and not in `below` and `above`."""
    question = "dice of chart-base with 0.5 and 0.995"
    rows = table(metrics, "case", "chart-base")
    expected = rows[holds(rows["dice"])]["case"].tolist()
    [counted] = readings(question, f"count case K1 {test} {bounds} of M1")
    [listed] = readings(question, f"list case K1 {test} {bounds} of M1")
    assert counted.told.rows[0]["value"] == len(expected)
    assert places(list(listed.told.rows), "case") == expected


@pytest.mark.parametrize("order", ["best", "worst", "max", "min"])
@pytest.mark.parametrize(("name", "metric"), [("dice", "dice"), ("hd95", "hd95_px")])
def test_a_ranked_list_is_sorted_and_cut(metrics: Path, readings: Read, order: str, name: str, metric: str) -> None:
    """As many rows as were asked for, the first first; an undefined number is never among them."""
    [found] = readings(f"the 3 cases of skin-base by {name}", f"list case K1 {order} N1 of M1")
    falling = order == "max" or (order in ("best", "worst") and (order == "best") == HIGHER[metric])
    rows = table(metrics, "case", "skin-base").sort_values(metric, ascending=not falling)[:3]
    assert places(list(found.told.rows), "case") == rows["case"].tolist()
    assert [row["value"] for row in found.told.rows] == rows[metric].tolist()


def test_cases_of_a_batch_are_its_own(metrics: Path, readings: Read) -> None:
    """An average over the cases of one batch leaves all others out, and cases are counted one by one."""
    [mean] = readings("dice of skin-base in batch 2", "mean case K1 in batch N1 of M1")
    [count] = readings("cases of skin-base in batch 2", "count case in batch N1 of M1")
    rows = table(metrics, "case", "skin-base", 2)
    assert mean.told.rows[0]["value"] == pytest.approx(rows["dice"].mean(), rel=1e-12)
    assert count.told.rows[0]["value"] == len(rows)


def test_batches_of_two_models_are_not_counted_together(readings: Read) -> None:
    """Batch 0 of one model is not batch 0 of another, and how many each has is asked one by one."""
    with pytest.raises(Unanswerable, match="one model at a time"):
        readings(
            "how many batches of skin-base and eye-base with dice above 0.0001", "count batch K1 above N1 of M1 M2"
        )


DIFFERENCES = [
    ("dice of skin-base and skin-recall on batch 2", "difference K1 in batch N1 of M1 M2",
     ("skin-base", 2, "dice"), ("skin-recall", 2, "dice")),
    ("dice of skin-recall on batch 3 and 1", "difference K1 in batch N1 N2 of M1",
     ("skin-recall", 3, "dice"), ("skin-recall", 1, "dice")),
    ("iou minus dice of eye-base on batch 0", "difference K1 K2 in batch N1 of M1",
     ("eye-base", 0, "iou"), ("eye-base", 0, "dice")),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "first", "second"), DIFFERENCES)
def test_a_difference_is_the_first_minus_the_second(
    metrics: Path, readings: Read, question: str, line: str, first: tuple[str, int, str], second: tuple[str, int, str]
) -> None:
    """In the order of the question, with both numbers beside it."""
    a, b = (table(metrics, "batch", model, batch)[metric].item() for model, batch, metric in (first, second))
    [found] = readings(question, line)
    [row] = found.told.rows
    assert (row["first"], row["second"]) == (a, b)
    assert row["value"] == pytest.approx(a - b, rel=1e-12)


WRITES = [
    "DELETE FROM number", "UPDATE number SET value = 1", "INSERT INTO meta VALUES ('a', 1)", "DROP TABLE model",
    "CREATE TABLE other (a)", "PRAGMA user_version = 3", "VACUUM", "REINDEX",
]  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_the_connection_can_not_write(metrics: Path, records: sqlite3.Connection, write: str) -> None:
    """Even SQL that got in could change nothing: neither rows nor tables nor a byte of the file."""
    path = metrics.parent / "index.sqlite"
    before = path.read_bytes()
    with closing(index.open_index(path)) as opened, pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.execute(write)
    assert path.read_bytes() == before


EVIL = ["x'; DROP TABLE number; --", '"x" OR 1=1', "x' UNION SELECT 9 --", "ROBERT'); DELETE FROM number; --"]
ASKED = [
    "value K1 of M1",
    "mean case K1 of M1",
    "list case K1 of M1",
    "worst case of M1",
    "count case of M1",
    "list model",
]


@pytest.mark.parametrize("name", EVIL)
def test_sql_in_a_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    """Of a model, a task and a case: the rows are those of its files, and the index is as it was."""
    folder, path = tmp_path / "metrics", tmp_path / "index.sqlite"
    (folder / "cases").mkdir(parents=True)
    (folder / f"{name}.json").write_text('{"dice": {"mean": 0.5}}')
    quoted = '"' + name.replace('"', '""') + '"'
    (folder / "cases" / f"{name}.csv").write_text(f"case,batch,dice\n{quoted},0,0.25\nother,0,0.75\n")
    path.write_bytes(index.build(folder, {name: f"t {name}"}, [f"t {name}"], {name: "base"}))
    before, values = path.read_bytes(), []
    with closing(index.open_index(path)) as opened:
        catalogue = load(opened)
        linked = link(f"dice of {name}", phrases.of(catalogue), catalogue, frozenset())
        assert linked.tokens[-1] == "M1"
        known = phrases.of(catalogue)
        bare, worst = (link(text, known, catalogue, frozenset()) for text in (name, f"worst case of {name}"))
        for line in ASKED:
            asked = linked if "K" in line else worst if "worst" in line else bare
            [query] = resolve(parse(line), asked, catalogue)
            made = statement(query, catalogue)
            assert name not in made.text
            values.append([row.get("value", row.get("name")) for row in made.run(opened)])
    assert values == [[0.5], [0.5], [0.25, 0.75], [0.25], [2], [name]]
    assert path.read_bytes() == before


def test_a_list_has_all_its_rows(tmp_path: Path) -> None:
    """Of a test split of more than a thousand cases none is left out of a count, a mean or the list itself."""
    folder, path = tmp_path / "metrics", tmp_path / "index.sqlite"
    (folder / "cases").mkdir(parents=True)
    rows = "\n".join(f"case-{number},{number // 6},{number / 2000}" for number in range(1200))
    (folder / "cases/big-base.csv").write_text(f"case,batch,dice\n{rows}\n")
    path.write_bytes(index.build(folder, {"big-base": "big"}, ["big"], {"big-base": "base"}))
    with closing(index.open_index(path)) as opened:
        catalogue = load(opened)
        found = [
            statement(query, catalogue).run(opened)
            for text, line in (("", "count case"), ("dice of ", "mean case K1"), ("dice of ", "list case K1"))
            for query in resolve(
                parse(f"{line} of M1"),
                link(f"{text}big-base", phrases.of(catalogue), catalogue, frozenset()),
                catalogue,
            )
        ]
    assert (found[0][0]["value"], found[1][0]["rows"], len(found[2])) == (1200, 1200, 1200)
