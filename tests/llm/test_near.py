"""glassbox.llm.accounting.near: what is near to a record is refused, and what is one is not."""

import re

import pytest

from glassbox.llm.accounting.near import NEAR
from glassbox.llm.accounting.unlike import unlike
from glassbox.llm.catalogue import Entry
from glassbox.llm.typed import Query

ROWS = [  # verb, key, a question that is answered so, one that is near to it, what is told; in the order of the rows
    ("count", "recall", "cases with a recall below 0.5", "cases with a recall or precision below 0.5", "one condition"),
    ("count", "dice", "cases with a Dice above 0.9", "cases with a Dice but not an IoU above 0.9", "one condition"),
    ("value", "pooled.dice", "the pooled Dice", "Dice rather than the pooled one", "by its name alone"),
    ("worst", "dice", "the worst batch", "the worst batch apart from batch 0", "left out"),
    ("value", "dice", "Dice on dark skin", "Dice on skin that is not dark", "a recorded group"),
    ("count", "recall", "cases with a recall above 0.9", "failed cases with a recall above 0.9", "second condition"),
    ("count", "correct", "how many it gets wrong", "how many it gets wrong among the bright ones", "its accuracy"),
    ("count", "iou", "how many cases pass 0.65", "what percentage of skin-base cases passes 0.65", "how many"),
    ("value", "noise.0.12.dice", "Dice at noise 0.12", "drop in Dice at noise 0.12", "the difference"),
    ("value", "iou", "interval of the IoU", "half-width of the interval of the IoU", "both bounds"),
    ("value", "target_share.test.median", "the usual share", "the mean share of the lesion", "the median"),
    ("value", "lime.deletion_gain", "deletion gain of LIME", "deletion AUC of LIME", "the gain"),
    ("value", "cases.train", "training images", "images left out of the training set", "each split has"),
    ("value", "n.failures", "failures of skin-base", "unreviewed failures of skin-base", "of one model"),
    ("value", "threshold", "threshold of skin-base", "failure threshold of skin-base", "operating point"),
    ("value", "failure_rate", "how many fail", "what IoU counts as a failure", "a parameter"),
    ("value", "points.screening.fn", "fn at screening", "fn at the triage point", "not recorded"),
    ("value", "p_pneumonia", "probability of pneumonia", "probability of normal", "the other class"),
    ("value", "bottleneck", "correlation at the bottleneck", "correlation at encoder5", "That layer"),
    ("value", "size.low.recall", "recall on small lesions", "detection rate on small lesions", "detection rate"),
    ("value", "recall", "recall of debris", "recall of stroma and debris together", "after the other"),
    (
        "value",
        "size.high.recall",
        "how much of big lesions it finds",
        "How does skin-base fare on big ones?",
        "a metric",
    ),
    ("value", "points.screening.fp", "how many false alarms", "how many mistakes does it make", "false negatives"),
    ("mean", "pointing", "mean over the methods", "mean over the gradient methods", "by kind"),
    ("min", "threshold", "which model has the lowest", "which of the operating points has the lowest", "of the points"),
    ("value", "brier", "Brier score of it", "Brier score of the normal class", "both classes"),
    ("count", "correct", "how often is it wrong", "how often is a picture wrongly called unknown", "unfamiliar"),
    ("value", "points.screening.fn", "sick children it did not find", "sick children it did find", "true positives"),
    ("value", "virus.yes.sensitivity", "how many of the viral it finds", "how often it is wrong about", "left to one"),
    ("worst", "f1", "the class of lowest F1", "the rarest class", "number of cases"),
    ("value", "contrast.low.n", "how many of low contrast", "of low contrast, how good is skin-base?", "a metric"),
    ("value", "hd95_px", "how far off is the outline", "how far off is the outline at the most", "the worst case"),
    ("value", "dice", "how good is skin-base", "how overconfident is skin-base", "name a metric"),
    ("count", "dice", "how many models are there", "how many segmentation models are there", "all together"),
    ("worst", "dice", "which corruption hurts most", "which corruption comes third in hurting", "in order"),
    ("count", "correct", "how many it gets wrong", "which class did it never get wrong", "of a class"),
    ("value", "agreement", "agreement of its views", "agreement of the augmentation", "alignment"),
]


@pytest.mark.parametrize(("verb", "key", "plain", "near", "told"), ROWS)
def test_what_is_near_to_a_record_is_refused(verb: str, key: str, plain: str, near: str, told: str) -> None:
    entry = Entry("skin-base", "skin", "test", key, "metrics/skin-base.json", "whole")
    query = Query(verb, None, (entry,), ("skin-base",), "skin")
    assert unlike(plain, query) is None
    assert told in str(unlike(near, query))


def test_every_row_has_a_question_of_its_own() -> None:
    """A row that nothing meets could be any."""
    for (_, _, plain, near, told), rule in zip(ROWS, NEAR, strict=True):
        assert told in rule.why
        first, second = (re.search(rule.pattern, said, re.IGNORECASE) for said in (near, plain))
        assert first and not (second and not re.search(rule.but, plain, re.IGNORECASE))


OTHERS = [  # verb, key, a question that a row could take for one of its own
    ("value", "dice", "How big is the Dice of skin-base?"),
    ("value", "dice", "How stable is the Dice of skin-base?"),
    ("count", "dice", "How many cases of skin-base pass the 0.8 mark in Dice?"),
    ("count", "dice", "How many skin models have a Dice above 0.8?"),
    ("max", "hd95_px", "Which case has the maximum Hausdorff distance?"),
    ("value", "points.screening.sensitivity", "sensitivity at the threshold set for screening"),
    ("value", "n.failures", "How many cases count as a failure?"),
    ("value", "agreement", "agreement of the augmented views"),
    ("value", "threshold", "threshold tuned for recall"),
]
NEARER = [
    ("difference", "dice", "Dice of skin-base apart from batches 3 and 4"),
    ("value", "points.screening.fn", "how many sick it finds under screening"),
    ("value", "iou", "half the width of the interval of the IoU"),
    ("count", "iou", "what share of cases passes 0.65"),
    ("value", "cases.train", "how many unique training images"),
    ("value", "dice", "Dice at gamma=0.5"),
    ("difference", "recall", "difference in recall, thresholded for recall"),
]


@pytest.mark.parametrize(("verb", "key", "question"), OTHERS)
def test_what_only_sounds_like_it_is_answered(verb: str, key: str, question: str) -> None:
    entry = Entry("skin-base", "skin", "test", key, "metrics/skin-base.json", "whole")
    assert unlike(question, Query(verb, "case" if verb == "max" else None, (entry,), ("skin-base",), "skin")) is None


@pytest.mark.parametrize(("verb", "key", "question"), NEARER)
def test_the_same_in_other_words_is_refused(verb: str, key: str, question: str) -> None:
    entry = Entry("skin-base", "skin", "test", key, "metrics/skin-base.json", "whole")
    assert unlike(question, Query(verb, None, (entry,), ("skin-base",), "skin"))


@pytest.mark.parametrize("question", ["recall at the threshold tuned for recall", "Dice at the threshold of skin-base"])
def test_a_threshold_that_is_not_the_model_s_own_is_refused(question: str) -> None:
    entry = Entry("skin-balanced", "skin", "test", "recall", "metrics/skin-balanced.json", "whole")
    query = Query("value", None, (entry,), ("skin-balanced",), "skin")
    assert "moved threshold" in str(unlike(question, query))
    assert unlike("recall of skin-balanced", query) is None
