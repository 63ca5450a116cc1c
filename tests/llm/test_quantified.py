"""glassbox.llm.quantified: numbers that say how many there must be are no bounds."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
COUNTED = [
    ("do at least 3 cases of skin-base have a dice above 0.5", "list case K1 between N1 N2 of M1", "cases"),
    ("do at least 3 skin-base cases have a dice above 0.5", "list case K1 least N1 of M1", "cases"),
    ("does at least one case of skin-base have a dice above 0.5", "value K1 in case N1 of M1", "cases"),
    ("do more than 2 batches of skin-base reach a dice above 0.5", "list batch K1 above N1 of M1", "batches"),
]


@pytest.mark.parametrize(("question", "line", "table"), COUNTED)
def test_how_many_there_are_is_counted(metrics: Path, answered: Read, question: str, line: str, table: str) -> None:
    """Whatever the model took for the bound."""
    dice = pd.read_csv(metrics / table / "skin-base.csv")["dice"]
    [found] = answered(question, line)
    assert found.query.verb == "count"
    assert found.told.rows[0]["value"] == int((dice > 0.5).sum())


SHARES = [
    ("do at least half of the cases of skin-base have a dice above 0.5", "list case K1 between N1 N2 of M1"),
    ("do more than 90 % of the skin-base cases have a dice above 0.5", "list case K1 above N1 of M1"),
    ("which dice do 90 % of the cases of skin-base have", "list case K1 above N1 of M1"),
    ("which batches of skin-base have at least one case below 0.5 dice", "list batch K1 between N1 N2 of M1"),
]


@pytest.mark.parametrize(("question", "line"), SHARES)
def test_shares_and_numbers_of_something_else_are_refused(answered: Read, question: str, line: str) -> None:
    with pytest.raises(Unanswerable, match="Ask how many"):
        answered(question, line)


BOUNDS = [
    ("cases of skin-base with a dice above 0.5", "list case K1 above N1 of M1", ("above", (0.5,))),
    ("batches of skin-base with at least 1 missed", "list batch K1 least N1 of M1", ("least", (1.0,))),
    ("the 3 worst cases of skin-base by dice", "list case K1 worst N1 of M1", (None, ())),
]


@pytest.mark.parametrize(("question", "line", "condition"), BOUNDS)
def test_a_bound_stays_one(answered: Read, question: str, line: str, condition: tuple[object, object]) -> None:
    [found] = answered(question, line)
    assert (found.query.test, found.query.bounds) == condition
