"""glassbox.llm.shuffled: what a map has in common with that of shuffled weights, by its name in the records."""

from collections.abc import Callable

import pytest

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.linker import Linked
from glassbox.llm.shuffled import shuffled

Link = Callable[[str], Linked]
NAMED = [
    ("After shuffling up to gate1, how do the saliency maps of skin-base correlate?",
     "saliency correlation with shuffled gate1 of skin-base"),
    ("Once the weights are randomised down to the stem, what correlation is left for lime on skin-base?",
     "lime stem block of skin-base"),
    ("correlation of saliency with its shuffled version at encoder 2 for skin-base",
     "saliency correlation with shuffled encoder2 of skin-base"),
]  # fmt: skip
KEPT = [
    "How do the saliency maps of skin-base correlate at gate1?",
    "After shuffling up to gate1, which method of skin-base correlates most?",
    "After shuffling gate1 or gate2, how do the saliency maps of skin-base correlate?",
    "After shuffling gate1, how do saliency and lime of skin-base correlate?",
    "After shuffling gate1, how do the saliency maps correlate?",
    "What is the dice of skin-base?",
]


@pytest.mark.parametrize(("question", "said"), NAMED)
def test_a_correlation_has_its_recorded_name(spoken: Link, catalogue: Catalogue, question: str, said: str) -> None:
    """Where one method, one layer and one model are named."""
    assert shuffled(question, spoken, catalogue) == said


@pytest.mark.parametrize("question", KEPT)
def test_others_stay_as_they_are(spoken: Link, catalogue: Catalogue, question: str) -> None:
    """Two layers, two methods, no model, and a ranking."""
    assert shuffled(question, spoken, catalogue) == question
