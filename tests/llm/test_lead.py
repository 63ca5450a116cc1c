"""glassbox.llm.ask: what leads to a question, where the model takes the whole for none."""

import sqlite3

import pytest

from glassbox.llm.ask import Session
from glassbox.llm.linker import Linked

LED = [
    ("I wonder whether you would be so kind as to tell me what is the dice of skin-base", "answer"),
    ("why what is the dice of skin-base", "refusal"),
    ("suppose we doubled the pictures, what is the dice of skin-base", "refusal"),
]


@pytest.mark.parametrize(("question", "status"), LED)
def test_what_leads_to_a_question_is_left_out_where_it_says_nothing(
    records: sqlite3.Connection, words: frozenset[str], question: str, status: str
) -> None:
    """A model that takes such a question for none is asked again for its end alone."""

    def write(linked: Linked, rules: str) -> str:
        return "value K1 of M1" if linked.spelt[:1] == ("what",) else "refuse"

    assert Session(records, words, write).ask(question).status == status
