"""glassbox.llm.ranking: what is ranked, by which metric, and from which end."""

from collections.abc import Callable

import pytest

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.sense import sensible
from glassbox.llm.twofold import both_ends

Link = Callable[[str], Linked]
RANKED = [
    # what is ranked has a word in the question
    ("is batch 1 the worst of skin-base by dice", "worst case K1 in batch N1 of M1", "worst batch K1 of M1"),
    ("which model is worst by dice skin-base or skin-recall", "worst group K1 of M1 M2", "worst model K1 of M1 M2"),
    ("which groups of skin-base have the worst dice", "worst group K1 of M1", "worst group K1 of M1"),
    ("which of blur 4 or noise 0.03 has the worse dice of skin-base", "worst corruption K1 of M1", "compare K1 of M1"),
    ("which corruption lowers the dice of skin-base most", "best corruption K1 of M1", "worst corruption K1 of M1"),
    ("which group of skin-base does it do least reliably by dice", "best group K1 of M1", "worst group K1 of M1"),
    ("between skin and eye, whose dice is higher", "best model K1 of T1", "compare K1 of T1 T2"),
    # by which metric
    ("iou of the case of skin-base with the lowest dice", "min case K1 of M1", "min case K2 K1 of M1"),
    ("which model of skin is best in dice by iou", "best model K1 of T1", "best model K2 of T1"),
    # from which end
    ("which model of skin does better on dice", "worst model K1 of T1", "best model K1 of T1"),
    ("the lowest dice of a batch of skin-base", "max batch K1 of M1", "min batch K1 of M1"),
    ("the highest dice of a batch of skin-base", "min batch K1 of M1", "max batch K1 of M1"),
    ("the best batch of skin-base by dice", "best batch K1 of M1", "best batch K1 of M1"),
    # what stands between
    ("dice of the worst batch of skin-base", "value K1 of M1", "worst batch K1 of M1"),
    (
        "dice of skin-base with low contrast and with high contrast which is best",
        "best group K1 of M1",
        "compare K1 of M1",
    ),
    # two tasks, and a purpose by itself
    ("which has more dice , the chart network or the eye network", "max model K1 of T1 T2", "compare K1 of T1 T2"),
    ("is skin better than eye on dice", "best model K1 of T1 T2", "compare K1 of T1 T2"),
    ("which model of skin and eye has the highest dice", "max model K1 of T1 T2", "max model K1 of T1 T2"),
    ("which model of skin or eye or chart is best in dice", "best model K1 of T1 T2 T3", "best model K1 of T1 T2 T3"),
    ("is the precision model of skin the best by dice", "best model K1 of X1 T1", "best model K1 of T1"),
    ("which is the best by dice of the precision and the recall model of skin", "best model K1 of X1 X2 T1",
     "best model K1 of X1 X2 T1"),
    # by which axis
    ("which contrast images have the lowest dice of skin-base", "min case K1 of M1", "min group K1 of M1"),
    ("which contrast cases have the lowest dice of skin-base", "min case K1 of M1", "min group K1 of M1"),
    ("lowest dice of cases with contrast of skin-base", "min case K1 of M1", "min case K1 of M1"),
    ("per image versus pooled dice of skin-base", "mean case K1 of M1", "value K1 of M1"),
    ("mean pooled dice of the cases of skin-base", "mean case K1 of M1", "mean case K1 of M1"),
]  # fmt: skip
ENDS = [
    ("best and worst batch of skin-base by dice", "worst batch K1 of M1", ["best", "worst"]),
    ("lowest and highest dice over cases of skin-base", "max case K1 of M1", ["min", "max"]),
    ("the largest and the smallest dice of a case of skin-base", "list case K1 max of M1", ["max", "min"]),
    ("best batch of skin-base by lowest hd95", "best batch K1 of M1", ["best"]),
    ("batches of skin-base from worst to best", "list batch best of M1", [None]),
    ("best case of skin-base in the worst batch", "best case of M1", ["best"]),
    ("the 3 best and 3 worst batches of skin-base", "list batch best N1 of M1", [None]),
]


@pytest.mark.parametrize(("question", "written", "meant"), RANKED)
def test_a_ranking_is_that_of_its_question(linked: Link, question: str, written: str, meant: str) -> None:
    assert sensible(parse(written), linked(question)) == parse(meant)


@pytest.mark.parametrize(("question", "line", "verbs"), ENDS)
def test_both_ends_of_a_ranking(linked: Link, question: str, line: str, verbs: list[str | None]) -> None:
    """In the order in which they are asked for; a list that goes from one end to the other stays one."""
    found = both_ends(parse(line), linked(question))
    assert [each.verb if verb else None for each, verb in zip(found, verbs, strict=True)] == verbs
    assert all(each.order is None for each in found if len(found) > 1)


@pytest.mark.parametrize(
    ("question", "line", "told"),
    [
        ("which model of skin is one to deploy", "best model of T1", "recommend nothing"),
        ("which batch of skin-base comes second", "best batch of M1", "which place"),
    ],
)
def test_what_is_not_for_records_to_rank(linked: Link, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        sensible(parse(line), linked(question))
    assert told in caught.value.told
