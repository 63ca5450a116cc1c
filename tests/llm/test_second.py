"""The second reader of `ask`: when its plain words are asked, and when the language model's answer stands."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from glassbox.llm.ask import NOTHING, SURE, SURER, Answer, Session
from glassbox.llm.catalogue import Entry
from glassbox.llm.described import as_json
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.intent import Intent
from glassbox.llm.intents.reader import Reworded, fits
from glassbox.llm.linker import Linked
from glassbox.llm.typed import Query

ODD = "How snugly do the shapes of skin-base sit?"  # of which the linker knows the model alone
PLAIN = "What is the Dice of skin-base?"


@dataclass(frozen=True)
class Told(Classifier):
    """A network that gives one intent for every question, and is so sure of it; others get what is left."""

    intent: Intent
    share: float
    others: tuple[tuple[Intent, float], ...] = ()

    def told(self, text: str) -> list[tuple[Intent, float]]:
        return sorted([(self.intent, self.share), *self.others], key=lambda one: -one[1])


Asked = Callable[..., Answer]


@pytest.fixture
def ask(records: sqlite3.Connection, words: frozenset[str]) -> Asked:
    """Ask with a network that tells an intent, and a language model that writes the lines, the last one ever after."""

    def asked(question: str, shape: str, keys: str, *lines: str, share: float = 0.9) -> Answer:
        left = list(lines)
        network = Told({}, Intent.read(shape, keys), share)
        session = Session(records, words, lambda *_: left.pop(0) if len(left) > 1 else left[0], intents=network)
        return session.ask(question)

    return asked


def test_its_plain_words_are_asked_where_the_model_refuses(ask: Asked) -> None:
    found = ask(ODD, "value", "dice", "refuse", "value K1 of M1")
    assert (found.status, found.read_as) == ("answer", "dice of skin-base")
    assert found.text.startswith("skin-base: Dice 0.")
    assert as_json(found)["read_as"] == "dice of skin-base"


@pytest.mark.parametrize(("share", "status"), [(SURE - 0.01, "refusal"), (SURE + 0.01, "answer")])
def test_it_has_to_be_sure(ask: Asked, share: float, status: str) -> None:
    assert ask(ODD, "value", "dice", "refuse", "value K1 of M1", share=share).status == status


@pytest.mark.parametrize(("share", "told"), [(SURER - 0.01, ""), (SURER + 0.01, "dice contrast low of skin-base")])
def test_it_has_to_be_surer_to_be_told_in_place_of_another_answer(ask: Asked, share: float, told: str) -> None:
    assert ask(PLAIN, "value", "contrast.low.dice", "value K1 of M1", share=share).read_as == told


def test_where_both_say_the_same_the_question_is_not_told_otherwise(ask: Asked) -> None:
    assert ask(PLAIN, "value", "dice", "value K1 of M1").read_as == ""


def test_what_is_ambiguous_in_plain_words_too_stays_so(ask: Asked) -> None:
    assert ask("What is the Dice?", "value", "dice", "value K1").status == "ambiguous"


TWISTED = [  # what it asks for, a question that it can put, and one that it cannot
    ("value", "dice", ODD, "How snugly do the 7 shapes of skin-base sit?"),  # a number that no place is for
    ("worst case in batch", "dice", "Which shape of skin-base sits worst in batch 2?",
     "Which shape of skin-base sits worst aside from batch 2?"),
    ("best model", "dice", "Which skin model is the most snug?", "Which skin model other than skin-base is most snug?"),
    ("worst batch", "dice", "Which batch of skin-base is worst?", "Which batch of skin-base is second worst?"),
    ("mean batch in batch", "dice", "How snug are batch 2 and batch 3 of skin-base?",
     "How snug are batches 2 to 3 of skin-base?"),  # a range: more batches than the two
    ("difference batch in batch", "dice", "How much snugger is batch 1 of skin-base than batch 2?",
     "How much snugger is skin-base in batch 1 than skin-recall in batch 2?"),
    ("value", "dice", "How snug is the recall variant of skin?", "How snug is the recall variant of skin and eye?"),
    ("value", "loss", "How snug is skin-base in validation?", "How snug is skin-base in training and validation?"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "keys", "straight", "twisted"), TWISTED)
def test_what_has_no_place_in_plain_words_is_not_put_in_them(
    records: sqlite3.Connection, words: frozenset[str], shape: str, keys: str, straight: str, twisted: str
) -> None:
    """Beside a question with the same intent that is put in them."""
    session = Session(records, words, lambda *_: "refuse", intents=Told({}, Intent.read(shape, keys), 0.9))
    assert session.second
    told = [session.second.reworded(said, said, session._link(said)) for said in (straight, twisted)]
    assert told[0] is not None and told[1] is None, told


@pytest.mark.parametrize(
    ("question", "shape", "keys"),
    [
        (ODD, "refuse", "none"),
        (ODD, "ambiguous", "none"),
        ("How snugly do the shapes of skin-bass sit?", "value", "dice"),  # no such model
        (ODD, "value", "sharpness.median"),  # not recorded
        (ODD, "count case below N", "dice"),  # below what
    ],
)
def test_what_it_cannot_put_is_refused(ask: Asked, question: str, shape: str, keys: str) -> None:
    assert ask(question, shape, keys, "refuse").status == "refusal"


def test_plain_words_that_are_read_as_something_else_are_no_answer(ask: Asked) -> None:
    """The intent is a mean over batches, and the model reads a value of the whole."""
    assert ask(ODD, "mean batch", "dice", "refuse", "value K1 of M1").status == "refusal"


DICE = Entry("skin-base", "skin", "test", "dice.mean", "metrics/skin-base.json", "whole")


@pytest.mark.parametrize(
    ("shape", "keys", "query", "told"),
    [
        ("value", "dice", Query("value", None, (DICE,), ("skin-base",), "skin"), True),
        ("value", "dice", Query("compare", None, (DICE,), ("skin-base",), "skin"), False),
        ("value", "iou", Query("value", None, (DICE,), ("skin-base",), "skin"), False),
        ("value", "edge.yes.dice", Query("value", None, (DICE,), ("skin-base",), "skin"), False),
        ("value", "dice", Query("value", None, (DICE,), ("skin-recall",), "skin"), False),
        ("best batch", "dice", Query("max", "batch", (DICE,), ("skin-base",), "skin", order="max", asked="best"), True),
        ("best batch", "dice", Query("max", "case", (DICE,), ("skin-base",), "skin", order="max", asked="best"), False),
        (
            "worst batch",
            "dice",
            Query("max", "batch", (DICE,), ("skin-base",), "skin", order="max", asked="best"),
            False,
        ),
    ],
)
def test_a_query_has_to_be_what_the_intent_is(shape: str, keys: str, query: Query, told: bool) -> None:
    reworded = Reworded("", Intent.read(shape, keys), 0.9, frozenset({"skin-base"}))
    assert fits(reworded, query) == told


def test_models_that_are_named_have_to_be_asked_of(ask: Asked) -> None:
    """The plain words name two, and the language model reads one of them."""
    question = "How snugly do the shapes of skin-base and skin-recall sit?"
    assert ask(question, "value", "dice", "refuse", "value K1 of M1").status == "refusal"
    assert ask(question, "value", "dice", "refuse", "value K1 of M1 M2").status == "answer"


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("How snugly do those shapes sit?", "refusal"),  # of which model is told by the question before
        ("And how snugly do shapes of skin-base sit?", "refusal"),
        ("What about those of skin-base, how snug?", "refusal"),
        ("How snugly do those shapes of skin-base sit?", "answer"),
        ("How snugly do its shapes sit for skin-base?", "answer"),
    ],
)
def test_in_a_conversation_what_points_back_is_not_reworded(
    records: sqlite3.Connection, words: frozenset[str], question: str, status: str
) -> None:
    lines = ["value K1 of M1", "refuse"]
    write = lambda linked, _: lines[0] if linked.tags("K") else lines[1]  # noqa: E731
    session = Session(records, words, write, intents=Told({}, Intent.read("value", "dice"), 0.99))
    assert session.ask(PLAIN).status == "answer"
    assert session.ask(question).status == status


def told(records: sqlite3.Connection, words: frozenset[str], question: str, *intents: tuple[str, str, float]) -> Answer:
    """The answer where the network tells these intents, and the language model reads nothing but plain words."""
    first, *others = ((Intent.read(shape, keys), share) for shape, keys, share in intents)

    def write(linked: Linked, _: str) -> str:
        keys = " ".join(dict.fromkeys(linked.tags("KX")))
        return f"value {keys} of M1" if keys else "refuse"

    return Session(records, words, write, intents=Told({}, *first, tuple(others))).ask(question)


def test_how_far_apart_two_are_is_not_told_as_a_comparison(ask: Asked) -> None:
    """The other way round the surer reader is told."""
    question, both = "Dice of skin-base and skin-recall?", ("difference K1 of M1 M2", "compare K1 of M1 M2")
    assert ask(question, "compare", "dice", *both).read_as == ""
    assert (
        ask(question, "difference", "dice", *reversed(both)).read_as
        == "difference dice between skin-base and skin-recall"
    )


def test_intents_that_ask_for_the_same_count_together(records: sqlite3.Connection, words: frozenset[str]) -> None:
    """Neither order of the two keys is the likeliest intent."""
    intents = (("value", "hd95_px", 0.4), ("value", "dice iou", 0.25), ("value", "iou dice", 0.2))
    found = told(records, words, ODD, *intents)
    assert found.read_as == "dice and iou of skin-base"
    assert told(records, words, ODD, *intents[:2]).read_as == "hd95 px of skin-base"


def test_a_condition_that_is_named_speaks_for_the_intents_that_hold_it(
    records: sqlite3.Connection, words: frozenset[str]
) -> None:
    intents = (("value", "dice", 0.5), ("value", "contrast.low.dice", 0.2))
    assert told(records, words, ODD, *intents).read_as == "dice of skin-base"
    found = told(records, words, "How snugly do low contrast shapes of skin-base sit?", *intents)
    assert found.read_as == "dice contrast low of skin-base"


def test_a_class_may_be_told_in_other_words(film: sqlite3.Connection, words: frozenset[str]) -> None:
    """Where it is told by its name that is taken."""
    intent, plain = ("value", "per_class.@.recall", 0.9), "recall of pneumonia of film-base"
    for said in ("pneumonias", "sick lungs among those"):
        assert told(film, words, f"How well are {said} of film-base met?", intent).read_as == plain
    assert told(film, words, "How well are broken ribs of film-base met?", intent).status == "refusal"


@pytest.mark.parametrize(("share", "status"), [(NOTHING - 0.01, "answer"), (NOTHING + 0.01, "refusal")])
def test_what_the_model_could_not_read_and_asks_for_nothing_is_refused(ask: Asked, share: float, status: str) -> None:
    """Its plain words alone would be answered."""
    assert ask(PLAIN, "refuse", "none", "refuse", share=share).status == status


def test_a_conversation_goes_on_from_the_last_answer(records: sqlite3.Connection, words: frozenset[str]) -> None:
    """A question that follows on another is the language model's alone, and follows what was answered."""

    def write(linked: Linked, _: str) -> str:
        if linked.spelt[0] == "and":
            return "again in batch N1"
        return "value K1 in batch N1 of M1" if linked.tags("K") else "refuse"

    session = Session(records, words, write, intents=Told({}, Intent.read("value batch in batch", "dice"), 0.99))
    assert (
        session.ask("How snugly do the shapes of skin-base sit in batch 3?").read_as == "dice of skin-base in batch 3"
    )
    found = session.ask("and for batch 2?")
    assert (found.read_as, found.text.partition(":")[0]) == ("", "skin-base, batch 2")
