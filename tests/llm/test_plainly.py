"""glassbox.llm.plainly: plain questions that a model shies away from."""

from collections.abc import Callable

import pytest

from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.plainly import plainly

Link = Callable[[str], Linked]
PLAIN = [  # a question that a model refuses, and the line that it plainly is
    ("dice of skin-base, please", "value K1 of M1"),
    ("skin-base, batch 2: dice and iou?", "value K1 K2 in batch N1 of M1"),
    ("dice of skin-base for SKIN_0000001", "value K1 in case C1 of M1"),
    ("precision of skin precision", "value X1 of T1 X1"),
    ("skin-base or skin-recall: dice?", "compare K1 of M1 M2"),
    ("skin-base more dice than skin-recall?", "compare K1 of M1 M2"),
    ("which fails more often, skin-base or skin-recall", "compare of M1 M2"),
    ("on what share of images does skin-base fail", "value of M1"),
    ("would you say that skin-base never failed", "value of M1"),
    ("at what rate does skin-base fail", "value of M1"),
    ("what share of the lesion does skin-base find", "value of M1"),
    ("did calibrated help the ece of skin-base", "compare K1 of M1"),
    ("does blur 4 hurt the dice of skin-balanced", "compare K1 of M1"),
    ("the 3 batches where skin-base has the highest dice", "list batch K1 max N1 of M1"),
    # splits
    ("sizes of the training , validation and test sets of skin", "count case of T1"),
    ("how many pictures to train on has skin", "count case of T1"),
    # how many
    ("how many did skin-base get wrong", "count case of M1"),
    ("number of cases that skin-base misclassified", "count case of M1"),
    ("how many did skin-base get wrong , correct equals 0", "count case of M1"),
    ("how many does skin-base outline with a dice over 0.9", "count case K1 above N1 of M1"),
    ("how many batches does skin-base finish with a dice below 0.7", "count batch K1 below N1 of M1"),
    ("how many cases of skin-base with low contrast fail", "value of M1"),
    # side by side
    ("paired difference in dice between skin-base and skin-recall", "compare K1 of M1 M2"),
    ("dice of skin-base on large lesions with hair and without", "value K1 of M1"),
    ("which costs more dice of skin-balanced , blur 4 or noise 0.03", "compare K1 of M1"),
    ("does skin-base find over 90 % of the lesion", "value of M1"),
]
OF_FILM = [
    ("how many healthy ones does film-base rightly clear at rule-in", "count case of M1"),
    ("count the sick that film-base wrongly clears at the screening point", "count case of M1"),
    ("how many normal pictures to train on has film", "count case of T1"),
    ("with the threshold moved for recall what does lung-balanced have in dice", "value K1 of M1"),
    ("if the threshold moved to recall level is set , what dice has lung-balanced", "value K1 of M1"),
    ("shifted to recall level what dice", None),
    ("with the threshold moved for recall what dice and recall has lung-balanced in 3", None),
    ("how many ones does film-base rightly clear at rule-in", None),  # healthy or sick
    ("why are healthy films at rule-in film-base", None),
]
NOT_PLAIN = [
    "why is the dice of skin-base so low", "dice of skin-base on the foot", "dice of skin-base if trained on eye",
    "retrain skin-base for dice", "dice of skin-base below 0.5", "tell me the dice", "skin-base", "kappa of skin-base",
    "why does skin-base fail", "how many did skin-base fail to find",
    "dice of skin-base 3 and batch 2", "how many did skin-base not get wrong",
    "why did skin-base get so many wrong", "how many of the training pictures did skin-base not see",
    "how many cases of skin-base have dice above 0.5 and iou above 0.4", "how many has skin-base with dice of 0.5",
    "how many have skin-base and skin-recall with a dice over 0.9", "if skin-base were to fail at what rate",
    "how many of low contrast has skin-base with a dice over 0.9",
]  # fmt: skip


@pytest.mark.parametrize(("question", "meant"), PLAIN)
def test_a_plain_question_is_read_without_the_model(spoken: Link, question: str, meant: str) -> None:
    """Where every word but the names is one that changes nothing."""
    assert plainly(spoken(question)) == parse(meant)


@pytest.mark.parametrize("question", NOT_PLAIN)
def test_any_other_question_stays_refused(spoken: Link, question: str) -> None:
    assert plainly(spoken(question)) is None


@pytest.mark.parametrize(("question", "meant"), OF_FILM)
def test_points_splits_and_moved_thresholds(of_film: Link, question: str, meant: str | None) -> None:
    """What is asked of an operating point, of a class of a split, and of a threshold that is another purpose's."""
    assert plainly(of_film(question)) == (parse(meant) if meant else None)
