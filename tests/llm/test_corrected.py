"""glassbox.llm.corrected: what is said anew takes the place of what it corrects."""

import pytest

from glassbox.llm.corrected import corrected

CASES = [
    ("On what share... no, on how many images is it above 0.9?", "on how many images is it above 0.9?"),
    ("How many test patients... sorry, test images are there?", "How many test images are there?"),
    ("the Dice of skin-base - no wait, the recall of skin-base", "the recall of skin-base"),
    ("what is the Dice, sorry, I mean the IoU of skin-base?", "what is the IoU of skin-base?"),
    ("the IoU in batch 3, make that batch 4", "the IoU in batch 4"),
]
KEPT = [
    "Dice of skin-base, no, skin-recall",  # how much is taken back?
    "the Dice of a model that was trained long ago by some people of ours, no, the recall",
    "are there cases with no overlap, no, or few?",
    "sorry, what is the Dice?",
    "is there hair, yes or no, in batch 3?",
    "what is the Dice of skin-base?",
    "which images have dice below 0.5, no images on batch 3?",
    "dice above 0.9 and recall below 0.9, no, above 0.8?",  # of the Dice, or of the recall?
]


@pytest.mark.parametrize(("question", "said"), CASES)
def test_what_is_said_anew_is_asked(question: str, said: str) -> None:
    assert corrected(question) == said


@pytest.mark.parametrize("question", KEPT)
def test_without_a_common_word_nothing_is_taken_back(question: str) -> None:
    assert corrected(question) == question
