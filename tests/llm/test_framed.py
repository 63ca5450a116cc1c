"""glassbox.llm.framed: whom an answer is for is left out; what restricts or names anything is not."""

from collections.abc import Callable

import pytest

from glassbox.llm.framed import unframed
from glassbox.llm.linker import Linked

Link = Callable[[str], Linked]
FRAMED = [
    ("What is the dice of skin-base? I would love to show it to my class.", "What is the dice of skin-base?"),
    ("What is the dice of skin-base? My pupils like a bar chart.", "What is the dice of skin-base?"),
    ("What is the dice of skin-base? A pupil asked. It is for a quiz.", "What is the dice of skin-base?"),
    ("My class would like to know what is the dice of skin-base.", "what is the dice of skin-base."),
    ("For our wall chart I would love to know which of the skin models has the best dice",
     "which of the skin models has the best dice"),
    ("We draw it on the board, so would you please give me the dice of skin-base?", "give me the dice of skin-base?"),
    ("Which three images have the worst dice with skin-base, since they amuse us?",
     "Which three images have the worst dice with skin-base?"),
    ("What is the dice of skin-base, the doctor wants it", "What is the dice of skin-base?"),
    ("Which skin model has the best dice, in other words the tidiest drawing?", "Which skin model has the best dice?"),
    ("Drawing agreement: which skin model has the best dice?", "which skin model has the best dice?"),
]  # fmt: skip
KEPT = [
    "What is the dice of skin-base? I mean the median.",
    "What is the dice of skin-base? I only want that of women.",
    "What is the dice of skin-base? We look at skin-recall.",
    "What is the dice of skin-base? My pupils look at batch 3.",
    "What is the dice of skin-base? It should be before calibration.",
    "What is the dice of skin-base? I need the interval.",
    "For our brown patients I would love to know what is the dice of skin-base",
    "For the case with the worst recall my class wants to know what is the dice of skin-base",
    "What is the dice of skin-base, the doctor wants it on small size",
    "Which skin model has the best dice, since batch 3?",
    "Which skin model is best, in other words the dice?",
    "For women: what is the dice of skin-base?",
    "Recall: which skin model is best?",
    "I would love to know the dice of skin-base",
]


@pytest.mark.parametrize(("question", "left"), FRAMED)
def test_whom_it_is_for_is_left_out(spoken: Link, question: str, left: str) -> None:
    assert unframed(question, spoken) == left


@pytest.mark.parametrize("question", KEPT)
def test_what_restricts_or_names_is_kept(spoken: Link, question: str) -> None:
    assert unframed(question, spoken) == question
