"""glassbox.llm.accounting.unlike: what a name has swallowed is seen in the words of the question."""

import pytest

from glassbox.llm.accounting.unlike import unlike
from glassbox.llm.catalogue import Entry
from glassbox.llm.typed import Query

FILES = {
    "auroc": "metrics/film-base.json",
    "blur.4.dice": "metrics/skin-robustness.json",
    "review.auroc": "metrics/skin-base-uncertainty.json",
    "duplicates.exact_across": "metrics/skin-data.json",
}
REFUSED = [
    ("the failure detection AUROC of film-base", "auroc", "predicted quality"),
    ("AUROC of spotting failures, film-base", "auroc", "predicted quality"),
    ("AUPRC of failure detection for skin-base", "average_precision", "predicted quality"),
    ("average Hausdorff distance (not the 95th percentile)", "hd95_px", "95th percentile alone"),
    ("surface Dice at 3px: which leads?", "surface_dice_2px", "tolerance of 2 px"),
    ("surface Dice with a tolerance of one pixel", "surface_dice_2px", "tolerance of 2 px"),
    ("exact duplicates between train and val alone", "duplicates.exact_across", "all splits together"),
    ("Dice in the middle brightness group", "blur.4.dice", "group is not recorded"),
    ("Dice of skin-base with 2x data", "dice", "what would be"),
    ("Dice after averaging the outputs of all four networks", "dice", "one by one"),
    ("Dice when both blurred (4) and noisy (0.03)", "blur.4.dice", "one at a time"),
    ("median height before resizing", "height_px", "trained and scored"),
    ("how many times larger is the HD95 of one", "hd95_px", "both numbers"),
    ("By what percentage does Dice drop with blur 4?", "blur.4.dice", "ask for the difference"),
    ("Dice weighted by lesion area", "dice", "weights"),
    ("Dice on the failed cases of skin-base", "dice", "failed cases alone"),
    ("what share of failures would a review intercept", "failure_rate", "a review catches"),
]
TOLD = [
    ("AUROC of film-base", "auroc"),
    ("the failure detection AUROC of skin-base", "review.auroc"),
    ("the 95th percentile of the Hausdorff distance, not the mean", "hd95_px"),
    ("surface Dice at 2 px", "surface_dice_2px"),
    ("exact duplicates across the splits of skin", "duplicates.exact_across"),
    ("Dice with blur 4", "blur.4.dice"),
    ("how many times did it fail", "failures"),
    ("the failure rate of skin-base", "failure_rate"),
]


def _query(metric: str) -> Query:
    source = FILES.get(metric, "metrics/skin-base.json")
    entry = Entry("skin-base", "skin", "test", metric, source, "whole")
    return Query("value", None, (entry,), ("skin-base",), "skin")


@pytest.mark.parametrize(("question", "metric", "told"), REFUSED)
def test_what_is_unlike_the_question_is_refused(question: str, metric: str, told: str) -> None:
    why = unlike(question, _query(metric))
    assert why is not None
    assert told in why


@pytest.mark.parametrize(("question", "metric"), TOLD)
def test_what_is_asked_is_told(question: str, metric: str) -> None:
    assert unlike(question, _query(metric)) is None


def test_a_weight_is_no_value() -> None:
    entry = Entry("skin-base", "skin", "test", "sharpness", "metrics/quality/skin-base.csv", "case")
    query = Query("mean", "case", (entry,), ("skin-base",), "skin")
    assert unlike("the sharpness weight of skin-base", query)
    assert unlike("the mean sharpness of skin-base", query) is None
