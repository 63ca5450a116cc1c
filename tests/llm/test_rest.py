"""glassbox.llm.rest: what a question says beside its line is not dropped in silence."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
REFUSED = [  # question, the line that a model may write, what is told
    ("how many skin images were excluded", "count case of T1", "what is to be counted"),
    ("how many cases of skin-base are acceptable", "count case of M1", "what is to be counted"),
    ("dice of skin-base in the first batch", "best batch K1 of M1", "Batches have numbers"),
    ("dice of skin-base on the last case", "worst case K1 of M1", "Batches have numbers"),
    ("dice of skin-base of large , low contrast cases", "value K1 of M1", "one group at a time"),
    ("which low contrast case of skin-base has the lowest dice", "min case K1 of M1", "is not recorded"),
    ("dice of skin-base without rejected cases", "value K1 of M1", "not recorded"),
    ("how many cases of skin-base are above the mean dice", "count case K1 of M1", "with a number"),
    ("how many cases has each model below 0.5 dice of skin", "count case K1 below N1 of T1", "one model at a time"),
    ("which skin model has the fewest cases below 0.5 dice", "list model K1 below N1 of T1", "is not counted"),
    ("what share of cases of skin-base is below 0.5 dice", "count case K1 below N1 of M1", "how many there are"),
    ("how many batches of skin-base have dice between 0.2 and 0.9 and iou above 0.3",
     "count batch K1 between N1 N2 of M1", "as a metric with its bound"),
    ("dice of skin-base excluding the worst case", "worst case K1 of M1", "left out is not computed"),
    ("99 % confidence interval of dice of skin-base", "value K1 of M1", "at 95 %"),
    ("dice of skin-base on images with pathology", "value K1 of M1", "not recorded"),
    ("dice of skin-base on the train and test splits", "value K1 of M1", "one split at a time"),
    ("which skin model does not have the lowest dice", "min model K1 of T1", "one end of a ranking"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_what_would_be_left_out_is_refused(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        answered(question, line)
    assert told in caught.value.told


COUNTED = [
    ("how many cases has skin-base", "count case of M1"),
    ("how many test images are there in skin", "count case of T1"),
    ("on how many cases was skin-base scored", "count case of M1"),
]


@pytest.mark.parametrize(("question", "line"), COUNTED)
def test_a_bare_count_of_known_words_is_told(answered: Read, question: str, line: str) -> None:
    [found] = answered(question, line)
    assert found.told.rows[0]["value"] == 12


NOT_ABOVE = [
    "how many cases of skin-base do not have a dice above 0.7",
    "how many cases of skin-base fail to exceed a dice of 0.7",
    "how many cases of skin-base didnt get a dice over 0.7",
]


@pytest.mark.parametrize("question", NOT_ABOVE)
@pytest.mark.parametrize("line", ["count case K1 above N1 of M1", "count case K1 most N1 of M1"])
def test_a_negated_bound_is_the_other_one(metrics: Path, answered: Read, question: str, line: str) -> None:
    """However far before the bound the negation stands, and whatever the model made of it."""
    dice = pd.read_csv(metrics / "cases" / "skin-base.csv")["dice"]
    [found] = answered(question, line)
    assert found.told.rows[0]["value"] == int((dice <= 0.7).sum()) != int((dice > 0.7).sum())


def test_the_only_model_of_a_task_is_not_ranked(answered: Read) -> None:
    """`Is it the best` of one model is asked of others."""
    with pytest.raises(Unanswerable, match="the only model of its task"):
        answered("is chart-base the best model by dice", "best model K1 of M1")
    [found] = answered("which chart model has the best dice", "best model K1 of T1")
    assert found.told.rows[0]["model"] == "chart-base"


RANKED = [
    ("is skin-recall the best skin model by dice", "best model K1 of M1 T1"),
    ("is skin-recall the best model by dice", "best model K1 of M1"),
    ("is skin-recall the best skin model by dice", "best batch K1 of M1 T1"),
]


@pytest.mark.parametrize(("question", "line"), RANKED)
def test_one_model_is_ranked_among_all_of_its_task(answered: Read, question: str, line: str) -> None:
    """`Is it the best` is not answered by ranking it against itself."""
    [found] = answered(question, line)
    [best] = answered("which skin model is best by dice", "best model K1 of T1")
    assert found.told.rows == best.told.rows and len(found.query.models) == 4


def test_one_batch_is_ranked_among_all(metrics: Path, answered: Read) -> None:
    dice = pd.read_csv(metrics / "batches" / "skin-base.csv").set_index("batch")["dice"]
    [found] = answered("is batch 2 the worst batch of skin-base by dice", "worst batch K1 in batch N1 of M1")
    assert found.told.rows[0]["batch"] == dice.idxmin()


def test_a_mean_over_those_of_a_condition(metrics: Path, answered: Read) -> None:
    rows = pd.read_csv(metrics / "cases" / "skin-base.csv")
    question = "average dice of skin-base in cases with recall above 0.5"
    [found] = answered(question, "list case X1 above N1 of M1")
    assert found.told.rows[0]["value"] == pytest.approx(rows.loc[rows["recall"] > 0.5, "dice"].mean())
    assert "with recall above 0.5" in found.told.text


def test_a_median_is_no_mean(metrics: Path, answered: Read) -> None:
    rows = pd.read_csv(metrics / "cases" / "skin-base.csv")
    for line in ("value K1 of M1", "median batch K1 of M1", "mean case K1 of M1"):
        [found] = answered("median dice of skin-base", line)
        assert found.told.rows[0]["value"] == pytest.approx(rows["dice"].median())
