"""glassbox.llm.flipped: what averaging over flips gives, as one difference."""

from collections.abc import Callable

import pytest

from glassbox.llm.flipped import flipped
from glassbox.llm.linker import Linked

ALONE = [
    "does flipping help? I mean TTA Dice minus plain Dice, skin-base",
    "gain of flip averaging for skin-base: TTA dice less ordinary dice",
    "skin-base: Dice with flips minus dice",
]
OTHERS = [
    "TTA Dice minus IoU of skin-base",  # two metrics
    "TTA Dice minus Dice of skin-base and skin-recall",
    "TTA Dice minus Dice",
    "which has the largest TTA Dice minus Dice, skin-base",
    "TTA Dice minus Dice of skin-base in batch 2",
    "TTA Dice minus Dice of skin-base on low contrast",
    "Dice of skin-base",
]


@pytest.mark.parametrize("question", ALONE)
def test_the_difference_stands_alone(linked: Callable[[str], Linked], question: str) -> None:
    assert flipped(question, linked).lower() == "tta dice minus dice of skin-base"


@pytest.mark.parametrize("question", OTHERS)
def test_other_questions_stay(linked: Callable[[str], Linked], question: str) -> None:
    assert flipped(question, linked) == question
