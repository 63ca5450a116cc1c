"""glassbox.llm.asked: conditions side by side."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
SIDES = [  # question, line, the keys told
    ("pooled versus per image dice of skin-base", "value K1 of M1", ["pooled.dice", "dice.mean"]),
    ("dice of skin-balanced with blur 4 vs undisturbed", "value K1 of M1", ["blur.4.dice.mean", "none.dice.mean"]),
    ("dice of skin-base for low contrast and high contrast", "value K1 of M1",
     ["contrast.low.dice.mean", "contrast.high.dice.mean"]),
    ("dice of skin-base for low contrast", "value K1 of M1", ["contrast.low.dice.mean"]),
    ("contrast low contrast and high contrast dice of skin-base", "value K1 of M1",
     ["contrast.low.dice.mean", "contrast.high.dice.mean"]),
    ("contrast the dice of skin-base with that of skin-recall", "compare K1 of M1 M2", ["dice.mean"]),
    ("dice of skin-base after training for recall", "value K1 of M1", ["dice.mean"]),
    ("dice of skin-base in training the precision variant", "value K1 of M1", ["dice.mean"]),
    ("contrast skin-base with skin-recall in dice", "compare K1 of M1 M2", ["dice.mean"]),
    ("dice of skin-base for low contrast and both", "value K1 of M1", ["contrast.low.dice.mean", "dice.mean"]),
    ("pooled dice and iou of skin-base vs those of all images", "value K1 K2 of M1", ["pooled.dice", "pooled.iou"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "keys"), SIDES)
def test_a_condition_beside_another(readings: Read, question: str, line: str, keys: list[str]) -> None:
    """Each side once; an axis adds nothing to its groups, and is a verb before `the`."""
    [found] = readings(question, line)
    assert list(found.query.metrics) == keys


def test_training_by_itself_is_a_split(readings: Read) -> None:
    """And no score of these models is recorded on it."""
    with pytest.raises(Unanswerable, match="training split"):
        readings("dice of skin-base in training", "value K1 of M1")


@pytest.mark.parametrize(
    ("question", "line", "told"),
    [
        (
            "tta dice of lung-balanced with four flips",
            "value K1 of M1",
            "lung-balanced: Dice (four flips averaged) 0.825",
        ),
        ("at which of its operating points is film-base most sensitive", "max group K1 of M1", "screening"),
        ("at which of its operating points is film-base least sensitive", "min group K1 of M1", "rule-in"),
    ],
)
def test_what_is_said_twice_and_what_is_sensitive(
    told_of_film: Callable[[str, str], list[str]], question: str, line: str, told: str
) -> None:
    """The flips once; and of the points, those of the split that is scored."""
    [found] = told_of_film(question, line)
    assert told in found
