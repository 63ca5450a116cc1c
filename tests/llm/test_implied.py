"""glassbox.llm.implied: metrics that a question describes, and plain questions that a model shies away from."""

from collections.abc import Callable

import pytest

from glassbox.llm.implied import implied, paraphrased, plainly
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked

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
    ("what share of the lesion does skin-base find", "value of M1"),
    ("did calibrated help the ece of skin-base", "compare K1 of M1"),
    ("does blur 4 hurt the dice of skin-balanced", "compare K1 of M1"),
]
NOT_PLAIN = [
    "why is the dice of skin-base so low", "dice of skin-base on the foot", "dice of skin-base if trained on eye",
    "retrain skin-base for dice", "dice of skin-base below 0.5", "tell me the dice", "skin-base", "kappa of skin-base",
    "why does skin-base fail", "dice of skin-base 3 and batch 2",
]  # fmt: skip
PARAPHRASES = [
    ("what share of the lesion does skin-base find", "recall"),
    ("how much of the vessel pixels is covered by skin-base", "recall"),
    ("when skin-base marks lesion how often is it right", "precision"),
    ("of all that skin-base calls lesion what fraction is really lesion", "precision"),
    ("how often is skin-base right", "accuracy"),
    ("what portion of images does skin-base label correctly", "accuracy"),
    ("does skin-base find lesions", None),
    ("what share of the lesion does skin-base not find", None),
    ("dice of skin-base", None),
    ("what share of lesions does skin-base detect", None),
    ("what share of the lesion does skin-base find at all", None),
    ("what share of the lesion is covered on skin", None),
    ("what share of 5 lesions does skin-base find", None),
]


@pytest.mark.parametrize(("question", "meant"), PLAIN)
def test_a_plain_question_is_read_without_the_model(linked: Link, question: str, meant: str) -> None:
    """Where every word but the names is one that changes nothing."""
    assert plainly(linked(question)) == parse(meant)


@pytest.mark.parametrize("question", NOT_PLAIN)
def test_any_other_question_stays_refused(linked: Link, question: str) -> None:
    assert plainly(linked(question)) is None


@pytest.mark.parametrize(("question", "measure"), PARAPHRASES)
def test_a_metric_that_is_described(linked: Link, question: str, measure: str | None) -> None:
    """`Find` is recall, `right when it marks` is precision; a `not` or a number makes it something else."""
    assert paraphrased(linked(question)) == measure


@pytest.mark.parametrize(
    ("question", "line", "meant", "measures"),
    [
        ("which lesions were missed lesions of skin-base", "worst case K1 of M1", "list", ["detected"]),
        ("how many batches of skin-base have missed lesions", "count batch of M1", "count", ["missed"]),
        ("dice of skin-base", "sum case K1 of M1", "value", ["dice"]),
        ("total dice of skin-base", "sum case K1 of M1", "sum", ["dice"]),
        ("true positives of skin-base", "sum case K1 of M1", "sum", ["tp"]),
        ("what share of the lesion does skin-base find", "value of M1", "value", ["recall"]),
        ("compare skin-base and skin-recall on how they fail", "compare of M1 M2", "compare", ["failure_rate"]),
    ],
)
def test_what_a_line_lacks_is_put_in(linked: Link, question: str, line: str, meant: str, measures: list[str]) -> None:
    found, known = implied(parse(line), linked(question))
    assert found.verb == meant
    assert [parts[-1] for tag in found.metrics for parts in known.meanings[tag].metrics] == measures


def test_a_missed_lesion_is_one_that_was_not_detected(linked: Link) -> None:
    """And a batch with one has more than none."""
    found, known = implied(parse("worst case K1 of M1"), linked("which lesions were missed lesions of skin-base"))
    assert (found.test, [known.numbers[tag].value for tag in found.bounds]) == ("equal", [0])
    found, known = implied(parse("count batch of M1"), linked("how many batches of skin-base have missed lesions"))
    assert (found.test, [known.numbers[tag].value for tag in found.bounds]) == ("above", [0])
