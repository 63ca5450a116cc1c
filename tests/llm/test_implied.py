"""glassbox.llm.implied: metrics that a question describes and does not name."""

from collections.abc import Callable

import pytest

from glassbox.llm.implied import implied, paraphrased
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked

Link = Callable[[str], Linked]
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
    ("what share of lesions does skin-base detect", "detection_rate"),
    ("what share of the lesion does skin-base find at all", None),
    ("what share of the lesion is covered on skin", "recall"),
    ("what share of the lesion is covered", None),
    ("what share of 5 lesions does skin-base find", None),
    ("does skin-base find over 90 % of the lesion", "recall"),
    ("does skin-base find 90 % of the lesion", None),
    ("does skin-base find at least 0.9 of the lesion", "recall"),
    ("how far off is the outline of skin-base", "hd95_px"),
    ("how far does skin-base stray from the border", "hd95_px"),
    ("how far off is skin-base", None),
    ("what share of lesions does skin-base find at all", "detection_rate"),
    ("on what share of images are failures of skin", None),  # named: `failures` is a metric
    ("how often is skin-base right on healthy ones", "specificity"),
    ("how often is skin-base right on the sick", "recall"),
]
MEANT = [  # question, line, the verb, metrics and conditions meant
    ("ids of the missed lesions of skin-base", "value K1 of M1", "list", ["detected"], ("equal", [0])),
    ("missed lesions of skin-base", "value K1 of M1", "value", ["missed"], (None, [])),
    ("in which batch of skin-base were missed lesions", "mean batch K1 of M1", "list", ["missed"], ("above", [0])),
    ("mean missed lesions of a batch of skin-base", "mean batch K1 of M1", "mean", ["missed"], (None, [])),
    ("how many does skin-base get wrong", "count model of M1", "count", ["correct"], ("equal", [0])),
    ("how many does skin-base get right", "value of M1", "count", ["correct"], ("equal", [1])),
    ("share of failures of skin-base that a reviewer picks", "value K1 of M1", "value", ["caught"], (None, [])),
    ("number of failures of skin-base", "value K1 of M1", "value", ["failures"], (None, [])),
    ("number of failures as a share of skin-base", "value K1 of M1", "value", ["failure_rate"], (None, [])),
    ("how many images of skin-base have no true positives", "value K1 of M1", "count", ["tp"], ("equal", [0])),
    ("count of skin-base batches without a single tp", "value K1 of M1", "count", ["tp"], ("equal", [0])),
    ("how many true positives have the images of skin-base", "value K1 of M1", "value", ["tp"], (None, [])),
]
ASIDE = [
    ("worst dice of a case of skin-base leaving aside missed lesions", "worst case K1 K2 of M1", True),
    ("worst dice of a case of skin-base skipping missed lesions", "worst case K1 K2 of M1", True),
    ("worst dice only of the detected lesion cases of skin-base", "worst case K1 K2 of M1", True),
    ("worst dice of a case of skin-base and its missed lesions", "worst case K1 K2 of M1", False),
]
OF_FILM = [  # question, line, what is told
    ("how many healthy does film-base wrongly flag at the screening point", "count case of M1",
     ["film-base: false positives (point screening) 4 on the test split."]),
    ("how many healthy does film-base rightly clear at the rule-in point", "count case of M1",
     ["film-base: true negatives (point rule-in) 8 on the test split."]),
    ("how many sick does film-base flag at the rule-in point", "list case of M1",
     ["film-base: true positives (point rule-in) 3 on the test split."]),
    ("how many sick does film-base wrongly clear at the rule-in point", "value of M1",
     ["film-base: false negatives (point rule-in) 3 on the test split."]),
    ("false alarms of film-base", "value K1 of M1",  # and not the share of the check
     ["film-base: false positives (point rule-in) 2 on the test split.",
      "film-base: false positives (point screening) 4 on the test split."]),
    ("false alarms of the familiarity check of film-base", "value K1 of M1",
     ["film-base: false alarms of the check for unfamiliar pictures (share) 0.125 on the test split."]),
    ("how many pictures does film-base get wrong at its threshold", "value K1 of M1",
     ["film-base: 4 cases classified wrongly."]),
    ("share of failures of lung-balanced that reviewers catch", "value K1 of M1",
     ["lung-balanced: caught 0.66 on the test split."]),
    ("what share of failures is caught on review by lung-balanced", "value K1 of M1",
     ["lung-balanced: caught 0.66 on the test split."]),
    ("whose quality separates failures best of lung", "best model K1 of T1",
     ["lung: the model with the best AUROC (failures told by predicted quality): lung-balanced, at 0.87."]),
    ("ids of the missed lesions of lung-balanced", "value K1 of M1",
     ["lung-balanced: cases not detected: case lung-balanced-0000."]),
    ("quality of the worst case of lung-balanced", "worst case K1 of M1",
     ["lung-balanced: the case with the worst predicted quality: case lung-balanced-0000 (batch 0), at 0.3."]),
    ("worst dice of a case of lung-balanced leaving aside missed lesions", "worst case K1 K2 of M1",
     ["lung-balanced, of those detected: the case with the worst Dice: case lung-balanced-0001 (batch 0), at 0.2."]),
]  # fmt: skip


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


@pytest.mark.parametrize(("question", "line", "verb", "measures", "condition"), MEANT)
def test_what_a_few_words_make_of_a_line(
    spoken: Link, question: str, line: str, verb: str, measures: list[str], condition: tuple[str | None, list[float]]
) -> None:
    found, known = implied(parse(line), spoken(question))
    assert [parts[-1] for tag in found.metrics for parts in known.meanings[tag].metrics] == measures
    assert (found.verb, (found.test, [known.numbers[tag].value for tag in found.bounds])) == (verb, condition)


@pytest.mark.parametrize(("question", "line", "aside"), ASIDE)
def test_the_missed_are_left_aside(spoken: Link, question: str, line: str, aside: bool) -> None:
    """By a condition on what was detected, and one metric fewer; a metric that stands beside another stays one."""
    found, known = implied(parse(line), spoken(question))
    held = [(known.meanings[tag].metrics, test, known.numbers[n].value) for tag, test, n in found.held]
    assert held == ([({("detected",)}, "equal", 1)] if aside else [])
    assert found.metrics == (("K1",) if aside else ("K1", "K2"))


@pytest.mark.parametrize(("question", "line", "told"), OF_FILM)
def test_what_is_told_of_points_reviews_and_quality(
    told_of_film: Callable[[str, str], list[str]], question: str, line: str, told: list[str]
) -> None:
    assert told_of_film(question, line) == told
