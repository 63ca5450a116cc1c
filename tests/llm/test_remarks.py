"""glassbox.llm.remarks: what is said around a question is left out, what changes it is not."""

import sqlite3
from collections.abc import Callable

import pytest

from glassbox.llm.ask import Session
from glassbox.llm.linker import Linked
from glassbox.llm.remarks import renamed, without_remarks

Link = Callable[[str], Linked]
REMARKS = [
    ("What is the dice of skin-base? I'd call that useless.", "What is the dice of skin-base?"),
    ("What is the dice of skin-base? R2 insists it is the recall.", "What is the dice of skin-base?"),
    ("Small print is annoying. What is the dice of skin-base?", "What is the dice of skin-base?"),
    ("Small pictures are annoying. What is the dice of skin-base?", None),  # which may be those that are meant
    ("overlap question from reviewer 2: what is the dice of skin-base?", "what is the dice of skin-base?"),
    ("For the audit, what is the dice of skin-base?", "what is the dice of skin-base?"),
    ("What is the dice of skin-base, so that it can be filed?", "What is the dice of skin-base"),
    ("What is the dice of skin-base (it is for my thesis)?", "What is the dice of skin-base ?"),
    ("Since the mean is skewed, what is the dice of skin-base?", "what is the dice of skin-base?"),
    ("Since only large ones matter, what is the dice of skin-base?", None),
    ("What is the dice of skin-base? Only for large ones.", None),
    ("For women, what is the dice of skin-base?", None),
    ("We look at skin-recall. What is the dice of skin-base?", None),
    ("What is the dice of skin-base? We had 12 of them.", None),
    ("They are our patients. What is the dice of those with skin-base?", None),
    ("She asks only for large ones. What is the dice of skin-base?", None),
    ("My patients are mostly young. What is the dice of skin-base?", None),
    ("What is the dice of skin-base, so only of large ones?", None),
    ("Why is that? What is the dice of skin-base?", None),
    ("What is the dice of skin-base?", None),
]
NAMES = [
    ("the painted share (dice) of skin-base", "the painted share of skin-base"),
    ("the painted share (dice) of skin-base", "the dice of skin-base"),
    ("the HD100 (dice) of skin-base", "the HD100 of skin-base"),
]


@pytest.mark.parametrize(("question", "left"), REMARKS)
def test_remarks_are_left_out(spoken: Link, question: str, left: str | None) -> None:
    """A statement that names and restricts nothing; what is left must not point back to it."""
    assert without_remarks(question, spoken) == left


@pytest.mark.parametrize(("question", "said"), NAMES)
def test_of_two_names_for_a_metric_one_is_left(spoken: Link, question: str, said: str) -> None:
    """Without the name in brackets, and with it in place of what stands before."""
    assert (said, frozenset({"dice"})) in [*renamed(question, spoken)]


@pytest.mark.parametrize("asked", ["HD100 (dice)", "recall (dice)", "distance (batch 3)"])
def test_no_other_metric_is_exchanged(spoken: Link, asked: str) -> None:
    """`HD100 (the Hausdorff distance)` is another one; and what is no metric's name stays in its brackets."""
    before = asked.partition(" ")[0]
    assert all(f"the {before} of" in said for said, _ in renamed(f"the {asked} of skin-base", spoken))


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("What is the dice of skin-base? I'd call that useless.", "answer"),
        ("What is the dice of skin-base? Only for large ones.", "refusal"),
        ("What is the painted share (dice) of skin-base?", "answer"),
    ],
)
def test_a_refused_question_is_asked_again_without_them(
    records: sqlite3.Connection, every_word: frozenset[str], question: str, status: str
) -> None:
    """The answer must be of the metric in brackets; a model that writes a line for short questions alone."""

    def write(linked: Linked, rules: str) -> str:
        short = len(linked.tokens) < 9 and len(linked.tags("KX")) == 1
        return f"value {linked.tags('KX')[0]} of M1" if short else "refuse"

    assert Session(records, every_word, write).ask(question).status == status


def test_what_is_left_may_be_no_english(records: sqlite3.Connection, every_word: frozenset[str]) -> None:
    """Then the question stays refused: what is asked again is not what a person typed."""
    asked = "we have it and it is so and it is it. zork blip gronk frob"
    session = Session(records, every_word, lambda linked, rules: "refuse")
    assert without_remarks(asked, session._link) == "zork blip gronk frob"
    assert session.ask(asked).status == "refusal"


def test_a_model_is_no_name_of_a_metric(spoken: Link) -> None:
    """`On skin-base (dice)` would lose the model."""
    said = [reworded for reworded, _ in renamed("where is it best on skin-base (dice)?", spoken)]
    assert said
    assert all("skin-base" in reworded for reworded in said)
