"""glassbox.llm.naming: which tags of a line are models and which are metrics."""

from collections.abc import Callable

import pytest

from glassbox.llm import phrases
from glassbox.llm.catalogue import Catalogue, Entry, Known
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked, link
from glassbox.llm.naming import enumerated, named

Link = Callable[[str], Linked]
NAMED = [  # question, the line as written, the line that is meant
    # a list of models is meant whole, and the metric that stands outside it is the metric
    (
        "recall of all skin variants precision and balanced and recall",
        "value X1 of X2 T1 P1",
        "value X1 of X2 P1 X1 T1",
    ),
    (
        "which of base or precision or balanced or recall of skin has the highest dice",
        "max model X1 of P1 T1 P2",
        "max model K1 of P1 X1 P2 X2 T1",
    ),
    ("lowest dice of skin-base and skin-recall and skin-balanced", "min group K1 of M1 M2", "min model K1 of M1 M2 M3"),
    ("dice of skin-base and skin-recall and skin-balanced", "difference K1 of M1 M2", "compare K1 of M1 M2 M3"),
    (
        "lowest of skin-base and skin-recall and skin-balanced by dice",
        "difference K1 of M1 M2",
        "min model K1 of M1 M2 M3",
    ),
    ("dice of skin-base and skin-recall", "value K1 of M1 M2", "value K1 of M1 M2"),
    # what stands behind a model without a comma is no part of a list
    ("skin-base vs skin-recall recall", "compare of M1 M2 X1", "compare X1 of M1 M2"),
    ("skin-base recall and precision", "value X1 X2 of M1", "value X1 X2 of M1"),
    # a purpose before its noun is a model
    ("dice of the precision variant and skin-base", "value K1 X1 of M1", "value K1 of M1 X1"),
    # a model that is named twice is one
    ("dice of skin-base the base model of skin", "difference K1 of M1 P1 T1", "value K1 of M1 T1"),
    ("dice of skin-base or the balanced model", "compare K1 of M1 P1", "compare K1 of M1 P1"),
    # purposes that are metrics
    ("precision and recall of chart", "value X1 of X2 T1", "value X1 X2 of T1"),
    ("precision and recall of the recall variant of skin", "value X1 X2 of X2 T1", "value X1 X2 of X2 T1"),
    ("from balanced to recall on skin does precision drop", "compare of P1 X1 X2 T1", "compare X2 of P1 X1 T1"),
    ("compare precision and recall of skin-base", "compare of X1 X2 M1", "compare X1 X2 of M1"),
    (
        "dice of skin-base and of skin recall on batch 1",
        "value K1 in batch N1 of M1 X1 T1",
        "value K1 in batch N1 of M1 X1 T1",
    ),
    # a metric that is said twice
    ("true positives tp of skin-base", "value K1 of M1", "value K1 of M1"),
]


@pytest.mark.parametrize(("question", "written", "meant"), NAMED)
def test_a_line_has_the_models_and_metrics_of_its_question(
    linked: Link, question: str, written: str, meant: str
) -> None:
    assert named(parse(written), linked(question)) == parse(meant)


def test_a_purpose_by_itself_stays_a_model(linked: Link) -> None:
    """`Recall` of `the recall variant` is both."""
    line = named(parse("value X1 of X1"), linked("recall of the recall variant"))
    assert (line.metrics, line.models) == (("X1",), ("X1",))


def test_two_of_a_list_are_all_of_it(linked: Link) -> None:
    """Where a value is asked for; one alone stays one."""
    question = linked("dice and iou and hd95 of skin-base")
    assert enumerated(parse("value K1 K3 of M1"), question.tokens) == parse("value K1 K2 K3 of M1")
    assert enumerated(parse("value K1 of M1"), question.tokens) == parse("value K1 of M1")
    assert enumerated(parse("max batch K1 of M1"), question.tokens) == parse("max batch K1 of M1")


@pytest.mark.parametrize(
    ("question", "tokens"),
    [
        ("dice of the worst retina", "K1 of the worst T1 picture"),
        ("which retina is worst", "which T1 picture is worst"),
        ("dice of the retina", "K1 of the T1"),
        ("worst dice of retinal vessels", "worst K1 of T1"),
    ],
)
def test_a_single_retina_is_a_picture_of_its_task(words: frozenset[str], question: str, tokens: str) -> None:
    """And the retina by itself the task alone."""
    entry = Entry("drive-base", "drive", "test", "dice", "cases/drive-base.csv", "case")
    eyes = Catalogue({"drive-base": Known("drive", "base")}, ("drive",), (entry,), {"drive-base": (0,)}, {})
    assert " ".join(link(question, phrases.of(eyes), eyes, words).tokens) == tokens
