"""glassbox.llm.sense: what a question plainly says is not left out of its line."""

from collections.abc import Callable

import pytest

from glassbox.llm.asked import Unanswerable
from glassbox.llm.implied import implied
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.sense import sensible

MENDED = [  # question, the line as written, the line that is meant
    ("precision and recall of skin-base", "value X1 of X2 M1", "value X1 X2 of M1"),
    ("compare precision and recall of skin-base", "compare of X1 X2 M1", "compare X1 X2 of M1"),
    ("is skin-base better than the recall variant on dice", "compare K1 of M1 X1", "compare K1 of M1 X1"),
    ("is skin-base better than recall on dice", "compare K1 of M1 X1", "compare K1 of M1 X1"),
    ("recall of the precision variant", "value X1 of X2", "value X1 of X2"),
    ("batch 1 of skin: precision", "value in batch N1 of X1 T1", "value X1 in batch N1 of T1"),
    ("which method is best for skin-base by dice", "best corruption K1 of M1", "best method K1 of M1"),
    ("worst subgroup of skin-base", "worst group of M1", "worst group of M1"),
    ("how many duplicates across splits has skin", "count model of T1", "value K1 of T1"),
    (
        "how many cases with dice below 0.5 has skin-base",
        "count case K1 below N1 of M1",
        "count case K1 below N1 of M1",
    ),
    ("how did skin-base do", "value of M1", "value of M1"),
    ("case of skin-base with the most true positives", "best case K1 of M1", "max case K1 of M1"),
    ("case of skin-base with the fewest true positives", "best case K1 of M1", "min case K1 of M1"),
    ("3 cases of skin-base with the most true positives", "list case K1 best N1 of M1", "list case K1 max N1 of M1"),
    ("dice and iou and the hd95 of skin-base", "value K1 K2 of M1", "value K1 K2 K3 of M1"),
    ("dice and iou of skin-base for the ece", "value K1 K2 of M1", "value K1 K2 of M1"),
    ("dice and iou and hd95 of skin-base", "value K1 of M1", "value K1 of M1"),
    ("which case of skin-base is most accurate by true positives", "best case K1 of M1", "best case K1 of M1"),
    ("case with the highest number of true positives of skin-base", "worst case K1 of M1", "max case K1 of M1"),
    ("how many cases of skin-base have a dice of 0", "count case K1 above N1 of M1", "count case K1 equal N1 of M1"),
    (
        "how many cases of skin-base fell short of a dice of 0.5",
        "count case K1 below N1 of M1",
        "count case K1 below N1 of M1",
    ),
    ("how many cases of skin-base have dice over 0", "count case K1 above N1 of M1", "count case K1 above N1 of M1"),
    (
        "iou and how many cases of skin-base have dice below 0.5",
        "count case K1 below N1 of M1",
        "count case K2 below N1 of M1",
    ),
    ("dice of the models of skin", "min model K1 of T1", "value K1 of T1"),
    ("which model of skin leads by dice", "max model K1 of T1", "max model K1 of T1"),
    ("is the model of skin over 0.8 dice", "list model K1 above N1 of T1", "value K1 of T1"),
    ("does the worst batch of skin-base have dice over 0.8", "value K1 of M1", "worst batch K1 of M1"),
    ("which tissue is worst for skin-base by dice", "worst corruption K1 of M1", "worst group K1 of M1"),
    ("which tissue is worst for skin-base by dice", "worst batch K1 of M1", "worst group K1 of M1"),
    ("which batch of tissue is worst for skin-base by dice", "worst batch K1 of M1", "worst batch K1 of M1"),
    ("iou of skin-balanced with blur 4", "value K1 of M1", "value K1 of M1"),
    ("the best case of most cases of skin-base by true positives", "best case K1 of M1", "best case K1 of M1"),
    ("case of skin-base with the most dice", "best case K1 of M1", "best case K1 of M1"),
    ("median of dice of skin-base", "median case K1 of M1", "median case K1 of M1"),
    ("the six spots that skin-base outlines worst by dice", "value K1 of M1", "list case K1 worst N1 of M1"),
    ("which method tells most of skin-balanced by dice", "worst method K1 of M1", "max method K1 of M1"),
    ("which method is poorest for most of skin-balanced by dice", "worst method K1 of M1", "worst method K1 of M1"),
    (
        "how many pictures of skin have a dice above 0.8",
        "count model K1 above N1 of T1",
        "count case K1 above N1 of T1",
    ),
    (
        "which groups of skin-base fail in more than 20 % of cases , dice over 0.2",
        "list group K1 between N1 N2 of M1",
        "list group K1 above N2 of M1",
    ),
    ("recall difference skin precision and skin-balanced", "difference X2 of X1 T1 M1", "difference X1 of X2 T1 M1"),
    ("what precision did skin recall reach", "value X2 of X1 T1", "value X1 of X2 T1"),
    ("skin recall of the precision variant", "value X1 of X2 T1", "value X1 of X2 T1"),
    (
        "how many corruptions give skin-balanced a dice of at least 0.8",
        "count corruption K1 least N1 of M1",
        "count corruption K1 least N1 of M1",
    ),
    ("how many models of skin have a dice above 0.8", "count model K1 above N1 of T1", "count model K1 above N1 of T1"),
    ("how much dice of skin-base separates low contrast from high contrast", "value K1 of M1", "difference K1 of M1"),
]
IMPLIED = [  # question, line, the verb, unit and metrics that are meant
    ("how many images failed for skin-base", "count case of M1", ("value", None, ["failures", "failure_rate"])),
    ("which group does skin-base fail most on", "worst group of M1", ("max", "group", ["failure_rate"])),
    ("which model of skin fails least often", "worst model of T1", ("min", "model", ["failure_rate"])),
    (
        "what fraction of its cases does skin-base fail on",
        "worst case of M1",
        ("value", None, ["failures", "failure_rate"]),
    ),
    ("which case does skin-base fail on", "worst case of M1", ("worst", "case", [])),
    ("which batch does skin-base fail on", "worst batch of M1", ("worst", "batch", [])),  # not recorded by batch
    ("how many images has skin-base", "count case of M1", ("count", "case", [])),
    ("how many images did skin-base classify correctly", "count case of M1", ("count", "case", ["correct"])),
    ("which images has skin-base got right", "list case of M1", ("list", "case", ["correct"])),
    ("dice of the failed cases of skin-base", "value K1 of M1", ("value", None, ["dice"])),
    ("fewer failures skin-base or skin-recall", "compare K1 of M1 M2", ("compare", None, ["failure_rate"])),
    ("what fraction were failures of skin-base", "value K1 of M1", ("value", None, ["failure_rate"])),
    ("failures of skin-base", "value K1 of M1", ("value", None, ["failures"])),
]
REFUSED = [
    ("which batch of skin-base comes second by dice", "best batch K1 of M1", "which place"),
    ("second best dice of skin-base", "value K1 of M1", "place in a ranking"),
    ("which batch of skin-base is not best", "best batch of M1", "not"),
    ("cases of skin-base with dice", "list case of M1", "compared"),
    ("skin-base in batch 1", "value in batch N1 of M1", "Name a metric"),
    ("iou of skin-balanced with blur 16", "value K1 of M1", "strength"),
]


@pytest.mark.parametrize(("question", "written", "meant"), MENDED)
def test_a_line_is_mended_by_the_words_of_its_question(
    linked: Callable[[str], Linked], question: str, written: str, meant: str
) -> None:
    """Only where they leave no doubt; any other line stays as it is."""
    assert sensible(parse(written), linked(question)) == parse(meant)


@pytest.mark.parametrize(("question", "line", "meant"), IMPLIED)
def test_a_verb_alone_names_its_metric(
    linked: Callable[[str], Linked], question: str, line: str, meant: tuple[str, str | None, list[str]]
) -> None:
    """How often it fails is the failure rate; how many failed, the failures too."""
    found, known = implied(parse(line), linked(question))
    measures = [parts[-1] for tag in found.metrics for parts in known.meanings[tag].metrics]
    assert (found.verb, found.unit, measures) == meant


@pytest.mark.parametrize(("said", "number"), [("get right", 1), ("classify correctly", 1), ("get wrong", 0)])
def test_what_is_right_and_what_is_wrong(linked: Callable[[str], Linked], said: str, number: int) -> None:
    """`correct` is 1 for a case that was called what it is, and 0 for another."""
    found, known = implied(parse("count case of M1"), linked(f"how many did skin-base {said}"))
    assert (found.test, [known.numbers[tag].value for tag in found.bounds]) == ("equal", [number])


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("how many cases of skin-base did not fail", "count case of M1"),
        ("how many did skin-base not get right", "count case of M1"),
        ("how many did skin-base get right and how many wrong", "count case of M1"),
        ("how many failed in batch 1 of skin-base", "count case in batch N1 of M1"),
        ("how many cases of skin-base fail below 0.5", "count case of M1"),
    ],
)
def test_the_opposite_of_a_failure_is_not_told_as_one(
    linked: Callable[[str], Linked], question: str, line: str
) -> None:
    """Nor are the failures of all cases those of a batch, or by another limit."""
    with pytest.raises(Unanswerable):
        implied(parse(line), linked(question))


@pytest.mark.parametrize(("question", "written", "told"), REFUSED)
def test_what_no_line_can_say_is_refused(
    linked: Callable[[str], Linked], question: str, written: str, told: str
) -> None:
    """With what can be asked instead."""
    with pytest.raises(Unanswerable) as caught:
        sensible(parse(written), linked(question))
    assert told in caught.value.told
