"""glassbox.llm.recognised: how much of a class is found is the recall of that class, and of nothing else."""

from collections.abc import Callable

import pytest

from glassbox.llm.linker import Linked
from glassbox.llm.recognised import recognised

CLASSES = [
    "how much of pneumonia does film-base recognise as pneumonia?",
    "what share of pneumonia did film-base pick up",
    "of the pneumonia patches, what fraction did film-base catch?",
]
OTHERS = [
    "what fraction of all lesions does film-base detect",
    "what share of the low contrast does film-base find",
    "how much of the boundary does film-base trace",
    "what share of the large pneumonia does film-base find",
    "of the test images, what fraction did film-base find",
    "what share of pneumonia did film-base find in batch 2",
]


@pytest.mark.parametrize("question", CLASSES)
def test_a_class_has_a_recall(of_film: Callable[[str], Linked], question: str) -> None:
    assert recognised(question, of_film).rstrip("?") == "what is the recall of film-base for pneumonia"


@pytest.mark.parametrize("question", OTHERS)
def test_what_is_no_class_stays(of_film: Callable[[str], Linked], question: str) -> None:
    assert recognised(question, of_film) == question
