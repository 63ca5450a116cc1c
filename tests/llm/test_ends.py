"""Both ends of a ranking in one question, and how far they are apart."""

import sqlite3
from collections.abc import Callable

import pytest

from glassbox.llm.ask import Answer, Session

Ask = Callable[[str, str], Answer]


@pytest.fixture
def ask(records: sqlite3.Connection, words: frozenset[str]) -> Ask:
    """Ask a question of which the model writes the given line."""
    known = words | {"spread", "apart", "gap", "range"}
    return lambda question, line: Session(records, known, lambda linked, rules: line).ask(question)


def test_both_ends_of_a_ranking_are_one_answer(ask: Ask) -> None:
    """Two sentences, and no ambiguity."""
    found = ask("best and worst batch of skin-base by dice", "best batch K1 of M1")
    assert (found.status, [reading.query.asked for reading in found.readings]) == ("answer", ["best", "worst"])
    assert len(found.text.splitlines()) == 2


@pytest.mark.parametrize("unit", ["batch", "case"])
@pytest.mark.parametrize("said", ["how far apart are the best and worst {}", "spread between best and worst {}"])
def test_how_far_the_ends_are_apart(ask: Ask, unit: str, said: str) -> None:
    """The difference of the two, recorded numbers both."""
    found = ask(f"{said.format(unit)} of skin-base by dice", f"worst {unit} K1 of M1")
    first, second, apart = (reading.told.rows[0] for reading in found.readings)
    assert apart["value"] == pytest.approx(first["value"] - second["value"])
    assert found.status == "answer" and len(found.text.splitlines()) == 3


@pytest.mark.parametrize("unit", ["batch", "case"])
def test_a_range_has_two_ends(ask: Ask, unit: str) -> None:
    found = ask(f"range of dice over each {unit} of skin-base", f"min {unit} K1 of M1")
    assert [reading.query.order for reading in found.readings[:2]] == ["min", "max"]


def test_a_batch_and_a_case_are_asked_for_apart(ask: Ask) -> None:
    """One line can't hold both, and half an answer is none."""
    found = ask("best batch and worst case of skin-base", "best batch of M1")
    assert (found.status, "one after the other" in found.text) == ("refusal", True)


def test_both_ends_are_told_once_each(ask: Ask) -> None:
    """Of cases where no unit is named; a word beside the metric turns neither round."""
    found = ask("the highest and the lowest dice of skin-base", "max group K1 of M1")
    assert [(reading.query.unit, reading.query.order) for reading in found.readings] == [
        ("case", "max"),
        ("case", "min"),
    ]
