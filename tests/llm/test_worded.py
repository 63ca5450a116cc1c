"""glassbox.llm.worded: bounds that are words and no numbers."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading

Read = Callable[[str, str], list[Reading]]


def test_a_perfect_score_is_one(metrics: Path, answered: Read) -> None:
    """Counted by its word, whatever the model ranks or averages; of what has no best of 1 it is no bound."""
    dice = pd.read_csv(metrics / "cases" / "skin-base.csv")["dice"]
    for line in ("value K1 of M1", "mean case K1 of M1", "list case K1 best of M1"):
        [found] = answered("how many cases of skin-base have a perfect dice", line)
        assert (found.query.test, found.query.bounds) == ("equal", (1.0,))
        assert found.told.rows[0]["value"] == int((dice == 1).sum())


NEGATIVE = ["for how many methods of skin-balanced is the deletion gain negative",
            "how many methods of skin-balanced have a negative deletion gain"]  # fmt: skip


@pytest.mark.parametrize("question", NEGATIVE)
def test_a_negative_metric_is_below_zero(answered: Read, question: str) -> None:
    """On either side of the metric; all gains here are above."""
    [found] = answered(question, "count method of M1")
    assert (found.query.verb, found.query.unit, found.query.test) == ("count", "method", "below")
    assert found.told.rows[0]["value"] == 0


FAILING = [  # the failure rate of each is 0.1667
    ("which skin models fail on more than 10 % of the images", "value of T1", "list", "above", 4),
    ("which skin models fail on more than 20 % of the images", "value of T1", "list", "above", 0),
    ("which skin models fail > 10 % of the time", "value of T1", "list", "above", 4),
    ("which skin models fail on no more than 20 % of the images", "value of T1", "list", "most", 4),
    ("how many skin models fail on less than 20 % of the images", "list model of T1", "count", "below", 1),
]


@pytest.mark.parametrize(("question", "line", "verb", "test", "rows"), FAILING)
def test_a_share_that_fails_is_a_bound_on_the_failure_rate(
    answered: Read, question: str, line: str, verb: str, test: str, rows: int
) -> None:
    [found] = answered(question, line)
    assert (found.query.verb, found.query.unit, found.query.test) == (verb, "model", test)
    assert {entry.measure for entry in found.query.entries} == {"failure_rate"}
    assert len(found.told.rows) == rows
