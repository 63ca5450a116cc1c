"""glassbox.llm.beyond: questions of which a query could hold a part alone."""

from collections.abc import Callable

import pytest

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.sense import sensible

Link = Callable[[str], Linked]
BEYOND = [  # question, the line that a model may write, what is told
    ("on how many cases does skin-base not beat skin-recall in dice", "count case K1 max of M1 M2", "or how often"),
    ("how often does skin-base fail to beat skin-recall in dice", "difference K1 of M1 M2", "or how often"),
    ("on how many cases have skin-base and skin-recall equal dice", "value K1 of M1 M2", "are equal is not counted"),
    ("maximum hd95 and not the 95th percentile of skin-base", "value K1 of M1", "nothing in its place"),
    ("without batch 3 what is the dice of skin-base", "value K1 in batch N1 of M1", "left out is not computed"),
    ("dice of skin-base excluding its worst batch", "worst batch K1 of M1", "left out is not computed"),
    ("mean dice of skin-base excluding cases with a dice below 0.1", "mean case K1 of M1", "left out is not computed"),
    ("worst batch of skin-base other than batch 2", "worst case in batch N1 of M1", "left out is not computed"),
    ("cases in the first 2 batches of skin-base below 0.5 dice", "count batch K1 between N1 N2 of M1", "left out"),
    ("cases of skin-base with dice outside 0.2 to 0.9", "count case K1 between N1 N2 of M1", "above one number"),
    ("how many women has skin-base", "count case of M1", "nothing is recorded"),
    ("skin models that do not have a dice above 0.5", "list model K1 above N1 of T1", "not for the others"),
    ("which skin model is worse than skin-base by dice", "worst model K1 of M1 T1", "two models by name"),
    ("which batch of skin-base has all cases above 0.5 dice", "list batch K1 above N1 of M1", "every case"),
    ("how many cases have skin-base above 0.8 dice and skin-recall below 0.6 dice", "count case K1 above N1 of M1 M2",
     "true of both"),
    ("how many cases have neither skin-base nor skin-recall above 0.5 dice", "count case K1 above N1 of M1 M2",
     "true of both"),
    ("in how many batches is skin-base no worse than skin-recall in dice", "difference K1 of M1 M2",
     "one model is ahead"),
    ("dice of skin-base except low contrast", "value K1 of M1", "some are left out"),
    ("which model except the skin ones has the highest dice", "max model K1 of T1", "some are left out"),
    ("which group of skin-base with at least 2 and at most 4 cases has the lowest dice", "list group K1 of M1",
     "nothing else of them"),
    ("which are not worse than base", "list metric of P1", "what is to be listed"),
    ("how many cases of skin-base have dice above 0.5 or iou above 0.5", "count case K1 above N1 of M1", "all true"),
    ("how many cases of skin-base dont have dice above 0.5 and iou above 0.4", "count case K1 above N1 of M1",
     "all true"),
    ("the worst case in the second worst batch of skin-base by dice", "worst case K1 of M1", "the batch first"),
]  # fmt: skip
WITHIN = [  # like these, and yet a query can say them
    ("how many cases of skin-base and skin-recall have a dice above 0.5", "count case K1 above N1 of M1 M2"),
    ("metrics of skin-base", "list metric of M1"),
    ("drop in dice from skin-base to skin-recall for my table", "difference K1 of M1 M2"),
    ("how many cases of skin-base have dice above 0.5 but iou not above 0.4", "count case K1 above N1 of M1"),
    ("worst case of skin-base by dice leaving aside those with iou below 0.3", "worst case K1 of M1"),
]


@pytest.mark.parametrize(("question", "line", "told"), BEYOND)
def test_no_half_of_a_question_is_answered(spoken: Link, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        sensible(parse(line.replace(" max of", " of")), spoken(question))
    assert told in caught.value.told


@pytest.mark.parametrize(("question", "line"), WITHIN)
def test_what_one_query_says_is_not_refused(spoken: Link, question: str, line: str) -> None:
    assert sensible(parse(line), spoken(question)).verb == parse(line).verb


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        (
            "how many cases of skin-base have neither a dice above 0.5 nor an iou above 0.4",
            ("most", ("K2", "most", "N2")),
        ),
        ("how many cases of skin-base have dice above 0.5 but iou not above 0.4", ("above", ("K2", "most", "N2"))),
    ],
)
def test_a_negated_condition_is_its_opposite(
    spoken: Link, question: str, wanted: tuple[str, tuple[str, str, str]]
) -> None:
    found = sensible(parse("count case K1 above N1 of M1"), spoken(question))
    assert (found.test, *found.held) == wanted
