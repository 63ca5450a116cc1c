"""What the examples in docstrings take as given."""

from typing import Any

import pytest

from glassbox.llm import phrases
from glassbox.llm.catalogue import Catalogue, Entry, Known
from glassbox.llm.linker import link

MODELS = {"isic-recall": Known("isic", "recall")}
RECALL = Entry("isic-recall", "isic", "test", "recall", "metrics/batches/isic-recall.csv", "batch")
WORDS = frozenset(("of", "the", "variant", "on", "batch", "?"))


@pytest.fixture(scope="session", autouse=True)
def _linked(doctest_namespace: dict[str, Any]) -> None:
    """`linked`, the question that the linker's example tags."""
    records = Catalogue(MODELS, ("isic",), (RECALL,), {"isic-recall": tuple(range(100))}, {})
    asked = "Recall of the recall variant on batch 78?"
    doctest_namespace["linked"] = link(asked, phrases.of(records), records, WORDS)
