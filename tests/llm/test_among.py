"""glassbox.llm.among, glassbox.llm.whole: what a ranking is among, sums, sizes, and a threshold that was moved."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
Told = Callable[[str, str], list[str]]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("which group of skin-base with at least 4 cases has the lowest dice", "list group K1 least N1 of M1"),
        ("groups of skin-base with 4 cases or more where is dice lowest", "list case K1 least N1 of M1"),
        ("of groups with more than 3 cases which of skin-base has the lowest dice", "min group K1 of M1"),
    ],
)
def test_groups_of_so_many_cases(metrics: Path, answered: Read, question: str, line: str) -> None:
    """All have four: the lowest of all is told, and what it was among."""
    groups = json.loads((metrics / "skin-base-subgroups.json").read_text())
    lowest = min(groups[axis][level]["dice"]["mean"] for axis in ("size", "contrast") for level in ("low", "high"))
    [found] = answered(question, line)
    assert found.told.rows[0]["value"] == lowest
    assert "of those with" in found.told.text and "cases: the group with the lowest Dice" in found.told.text


def test_groups_that_are_too_small_are_none(answered: Read) -> None:
    """None has five."""
    [found] = answered("which group of skin-base with at least 5 cases has the lowest dice", "list group K1 of M1")
    assert found.told.rows == [] and "no groups with at least 5 cases" in found.told.text


OUT = [
    ("leaving skin-recall aside which skin model has the best dice", "best model K1 of M1 T1", {"skin-recall"}),
    ("apart from skin-base which skin model has the best dice", "best method K1 of M1 T1", {"skin-base"}),
    ("which skin model has the best dice excluding skin-base and skin-recall", "best model K1 of M1 M2 T1",
     {"skin-base", "skin-recall"}),
    ("other than the recall model which skin model has the best dice", "best model K1 of X1 T1", {"skin-recall"}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "out"), OUT)
def test_models_that_are_left_out(metrics: Path, answered: Read, question: str, line: str, out: set[str]) -> None:
    """The best of the others, which are named."""
    names = {f"skin-{purpose}" for purpose in ("base", "precision", "balanced", "recall")} - out
    dice = {name: json.loads((metrics / f"{name}.json").read_text())["dice"]["mean"] for name in names}
    [found] = answered(question, line)
    assert found.told.rows[0]["model"] == max(dice, key=lambda name: dice[name])
    assert all(name in found.told.text for name in names) and not any(name in found.told.text for name in out)


def test_a_group_that_is_left_out(metrics: Path, answered: Read) -> None:
    groups = json.loads((metrics / "skin-base-subgroups.json").read_text())
    of = {
        (axis, level): groups[axis][level]["dice"]["mean"] for axis in ("size", "contrast") for level in ("low", "high")
    }
    worst = min(of, key=lambda name: of[name])
    rest = min(value for name, value in of.items() if name != worst)
    [found] = answered(
        f"excluding {worst[1]} {worst[0]} which group of skin-base has the lowest dice", "min group K1 of M1"
    )
    assert found.told.rows[0]["value"] == rest


def test_what_is_true_of_two_models_at_once(metrics: Path, answered: Read) -> None:
    """Cases on which both are below, and not the sum of what is true of each."""
    base, recall = (pd.read_csv(metrics / "cases" / f"skin-{name}.csv") for name in ("base", "recall"))
    wanted = int(((base["dice"] < 0.6) & (recall["dice"] < 0.6)).sum())
    assert 0 < wanted < (base["dice"] < 0.6).sum()
    question = "how many cases have skin-base and skin-recall both below 0.6 dice"
    [found] = answered(question, "count case K1 below N1 of M1 M2")
    assert found.told.rows[0]["value"] == wanted
    assert "with Dice below 0.6 and Dice of skin-recall below 0.6" in found.told.text


def test_a_sum_over_models(answered: Read) -> None:
    """Two each."""
    [found] = answered("missed lesions of skin-base and skin-recall together", "difference K1 of M1 M2")
    assert found.told.rows[0]["value"] == 4 and "Sum of missed lesions" in found.told.text


SIZES = [
    ("which test set is larger skin or eye", "list model of T1 T2",
     "skin and eye, test split: the task with the highest cases: skin, at 12."),
    ("how many more test cases has skin than eye", "count case of T1", "cases: skin minus eye is 3 (12 and 9)."),
    ("how many cases have skin and eye in the train set", "count case of T1 T2",
     "skin: cases 30 on the training split; eye: cases 30 on the training split."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "told"), SIZES)
def test_sizes_of_several_sets(answered: Read, question: str, line: str, told: str) -> None:
    [found] = answered(question, line)
    assert found.told.text == told


def test_the_batch_of_a_case(metrics: Path, answered: Read) -> None:
    """It is the case that is ranked, and its batch is told."""
    table = pd.read_csv(metrics / "cases" / "skin-base.csv")
    worst = table.loc[table["dice"].idxmin()]
    for question in (
        "which batch has the worst case of skin-base",
        "batch of the case with the lowest dice of skin-base",
    ):
        [found] = answered(question, "worst batch of M1" if "worst" in question else "min batch K1 of M1")
        assert f"case {worst['case']} (batch {worst['batch']})" in found.told.text


def test_the_batch_with_the_most_cases_is_ranked_itself(answered: Read) -> None:
    [found] = answered("which batch has the most missed lesions of skin-base", "max batch K1 of M1")
    assert found.query.unit == "batch"


MOVED = [
    ("to match lung-recall by moving the threshold where was it set", "compare K1 of M1",
     "lung-balanced: threshold (threshold moved to match recall) 0.21 on the test split."),
    ("dice of lung tuned for recall with a shifted threshold", "value K1 K2 of X1 T1",
     "lung-balanced: Dice (threshold moved to match recall) 0.715 on the test split."),
    ("one could lower the threshold instead of recall which threshold of lung", "difference K1 of X1 T1",
     "lung-balanced: threshold (threshold moved to match recall) 0.21 on the test split."),
    ("recall of lung-balanced with its threshold moved to match the precision variant", "value X1 of M1",
     "lung-balanced: recall (threshold moved to match precision) 0.62 on the test split."),  # not precision, for recall
    ("moving the lung threshold to recall the recall is", "value K1 X1 of X1 T1",
     "lung-balanced: recall (threshold moved to match recall) 0.905 on the test split."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "told"), MOVED)
def test_a_threshold_that_was_moved(told_of_film: Told, question: str, line: str, told: str) -> None:
    assert told_of_film(question, line) == [told]


def test_a_threshold_of_another_variant_was_not_moved(told_of_film: Callable[[str, str], list[str]]) -> None:
    """It is the balanced model's that was moved, whatever model a question names."""
    with pytest.raises(Unanswerable, match="what the balanced model gives"):
        told_of_film("dice of lung-recall with its threshold moved to match the precision variant", "value K1 of M1")


def test_a_lower_threshold_is_not_a_moved_one(answered: Read) -> None:
    """Which of two models has the lower one is a comparison."""
    [found] = answered("which has the lower threshold skin-recall or skin-balanced", "compare K1 of M1 M2")
    assert found.query.verb == "compare"


def test_a_sum_needs_what_can_be_added(answered: Read) -> None:
    """Two Dice together are not one."""
    [found] = answered("dice of skin-base and skin-recall together", "compare K1 of M1 M2")
    assert found.query.verb == "compare"


def test_a_group_without_a_number_of_cases_is_refused(answered: Read) -> None:
    """Methods of explanation have no count each."""
    with pytest.raises(Unanswerable):
        answered(
            "which method of skin-balanced with at least 4 cases has the best deletion gain", "best method K1 of M1"
        )
