"""Groups, methods and corruptions, and what is recorded of a task's methods as a whole."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from glassbox.llm import index
from glassbox.llm.ask import Reading, Session
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
REFUSED = [
    ("dice by group of skin-base with tta", "list group K1 of M1", "not recorded"),
    ("which method of skin-balanced has the lowest deletion gain on small size", "min method K1 of M1", "not by group"),
]


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_a_condition_beside_a_spread_is_not_lost(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable, match=told):
        answered(question, line)


def test_how_many_cases_a_method_was_told_of(answered: Read) -> None:
    [found] = answered("how many cases of lime has skin-balanced", "count case of M1")
    assert [row["value"] for row in found.told.rows] == [5]
    assert found.query.entries[0].parts == ("lime", "cases")


@pytest.fixture
def judged(tmp_path: Path) -> sqlite3.Connection:
    """Two tables of the same cases, of which one alone tells their batches."""
    folder = tmp_path / "metrics"
    for name, text in {
        "cases": "case,batch,dice\na,0,0.5\nb,0,0.7\nc,1,0.9\n",
        "batches": "batch,cases,dice\n0,2,0.6\n1,1,0.9\n",
        "quality": "case,quality\na,0.1\nb,0.3\nc,0.8\n",
    }.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "mole-base.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(folder, {"mole-base": "mole"}, ["mole"], {"mole-base": "base"}))
    return index.open_index(path)


@pytest.mark.parametrize(("batch", "mean"), [(0, 0.2), (1, 0.8)])
def test_a_mean_over_the_cases_of_a_batch_that_another_table_tells(
    judged: sqlite3.Connection, words: frozenset[str], batch: int, mean: float
) -> None:
    with closing(judged):
        session = Session(judged, words, lambda linked, rules: "mean case K1 in batch N1 of M1")
        asked = session.ask(f"mean quality of the cases in batch {batch} of mole-base")
        assert asked.status == "answer", asked.text
        [found] = asked.readings
    assert found.told.rows[0]["value"] == pytest.approx(mean)
    assert found.told.rows[0]["rows"] == (2 if batch == 0 else 1)
