"""glassbox.llm.accounting.unlike: what a name has swallowed is seen in the words of the question."""

from dataclasses import replace

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
    ("IoU of skin-base when contrast is reduced by 0.2", "iou", "That corruption"),
    ("ECE of skin-base for lesions at the picture's edge", "ece", "That group"),
    ("which share of the missed pixels lies within two pixels of the border", "fn", "from a border"),
    ("Of the images with a Dice over 0.9, how many were taken at night?", "dice", "second condition"),
    ("Dice of skin-base on lesions with air bubbles", "dice", "not recorded there"),
    ("Of the cases sent to review, how many did the reader correct?", "review", "share of the failures"),
    ("near duplicates that link train with test", "duplicates.exact_across", "all splits together"),
    ("recall of skin-base on thin vessels", "recall", "not told apart"),
    ("deletion gain on the cases that failed", "deletion", "failed cases alone"),
    ("Please open a ticket for the failures of skin-base", "failures", "but answering"),
    ("reviewer 2 wants a stronger baseline", "dice", "no advice"),
    ("the cases whose lesion was later excised", "dice", "became of"),
    ("IoU when blur 4 and noise 0.06 hit the same picture", "blur.4.dice", "one at a time"),
    ("the BCa interval of the Dice", "dice", "bootstrap"),
    ("Dice of skin-base on STARE", "dice", "data set is not"),
    ("exact duplicates of skin: how many lie in training?", "duplicates.exact_across", "all splits together"),
    ("Which batch drops most in Dice with blur 4?", "blur.4.dice", "all cases together"),
    ("list the 5 worst cases by Dice among those", "dice", "all cases together"),
    ("how many of the cases were biopsied afterwards", "dice", "became of"),
    ("how often did doctors disagree with its false positives", "fp", "persons do"),
    ("how many separate lesions, as opposed to images, are there", "cases", "Cases are counted"),
    ("how many different slides do the tiles come from", "cases", "come from"),
    ("Of the two exact duplicates within the splits, how many differ", "exact_within", "nothing more"),
    ("is it better than the winning entry", "dice", "other places"),
    ("accuracy under selective prediction", "accuracy", "mean risk"),
    ("the Dice, and I want the median", "dice", "median by itself"),
    ("what percentage of healthy skin pixels is wrong", "false_positive_percent", "share of all pixels"),
    ("the CI of the drop in Dice with blur 4", "blur.4.dice", "no interval"),
    ("cases with a Dice below 0.6 that come from the clinic in Basle", "dice", "Where pictures"),
    ("the masks of skin-base and skin-recall merged into one", "iou", "one by one"),
    ("best skin-base case among those without hair", "dice", "all cases together"),
    ("which skin test case loses most under blur", "blur.4.dice", "all cases together"),
    ("share of lesion pixels not found", "fn", "ask for the recall"),
    ("percentage of the pixels that skin-base marks which are wrong", "fp", "share of all pixels"),
    ("near duplicates within the test split", "duplicates.exact_across", "all splits together"),
    ("Dice of case 3 minus the mean", "dice", "both"),
    ("the failed cases' mean Dice", "dice", "failed cases alone"),
    ("the margin of error on the ECE", "ece", "No interval"),
    ("Draw its worst case with both outlines", "dice", "Nothing is drawn"),
    ("near duplicates that straddle training and test", "duplicates.exact_across", "all splits together"),
    ("how well does skin-base tell failures apart", "failures", "AUROC"),
    ("how many branches does skin-base miss on its worst image", "missed", "all cases together"),
    ("three worst pictures of skin-base by Dice", "dice", "all cases together"),
    ("what share of the cases is hairy", "hair.n", "Shares of cases"),
    ("Dice when eight rotations are averaged", "tta_dice", "four flips"),
    ("how many false positive regions, not pixels, has skin-base", "fp", "parts that they make up"),
    ("the file names of the exact duplicates across splits", "duplicates.exact_across", "not named"),
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
    ("surface Dice within 2 pixels of the border", "surface_dice_2px"),
    ("Dice and IoU of the cases", "dice"),
    ("blur 4 and noise 0.06: Dice", "blur.4.dice"),
    ("order the models by Dice", "dice"),
    ("the failure rate of cases, not pixels", "failure_rate"),
    ("draw 40 hairs on each: what Dice is left", "hair.40.dice"),
    ("which is best calibrated afterwards, by ECE", "after.ece"),
    ("drawn to within two pixels of the true border", "surface_dice_2px"),
    ("precision weighted by class support", "weighted.precision"),
    ("near duplicates between the skin splits", "duplicates.exact_across"),
    ("the pooled Dice, over pixels as opposed to images", "pooled.dice"),
    ("agreement with masks drawn by hand, in Dice", "dice"),
    ("the model was subsequently calibrated; its ECE after that", "after.ece"),
    ("is it credible that the Dice is 0.86", "dice"),
    ("mean risk under selective prediction", "mean_risk"),
    ("of the 600 cases, how many did it miss", "missed"),
    ("the interval of the difference between the two in Dice", "dice"),
    ("median lesion share of the training split", "target_share.train.median"),
    ("how many different sizes have the pictures", "height_px"),
    ("how many distinct picture sizes are there", "image_sizes.test.distinct"),
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


RANKED = [
    ("which two batches agree most by dice", "min", True),
    ("which two batches have the lowest dice", "min", False),
    ("which two batches suffer most by dice", "min", False),
    ("which catches the smallest part by dice", "max", True),
    ("which has the smallest loss of dice", "max", False),
    ("which has the highest dice", "max", False),
    ("which is the weirdest by dice", "max", True),
]


@pytest.mark.parametrize(("question", "order", "refused"), RANKED)
def test_an_end_that_the_question_does_not_name_is_refused(question: str, order: str, refused: bool) -> None:
    query = replace(_query("dice"), verb="list", unit="batch", order=order)
    assert (unlike(question, query) is not None) is refused


def test_a_moved_threshold_is_another_records() -> None:
    """Told of the balanced model alone, in a file of its own."""
    asked = "dice of skin-base thresholded for recall"
    assert unlike(asked, _query("dice"))
    moved = replace(_query("dice").entries[0], source="metrics/skin-threshold.json")
    assert unlike(asked, replace(_query("dice"), entries=(moved,))) is None


@pytest.mark.parametrize(("bound", "refused"), [(3.0, True), (0.3, False)])
def test_a_share_lies_between_0_and_1(bound: float, refused: bool) -> None:
    query = replace(_query("dice"), verb="count", unit="case", test="below", bounds=(bound,))
    assert (unlike("how many below that", query) is not None) is refused


def test_training_cases_are_not_those_of_the_test() -> None:
    query = replace(_query("dice"), verb="count", unit="case")
    assert unlike("how many moles was skin-base trained with", query)
    assert unlike("how many moles has skin-base", query) is None


def test_a_difference_has_an_interval_where_it_is_paired() -> None:
    asked = "the interval of the drop in Dice"
    assert unlike(asked, replace(_query("dice"), verb="difference"))
    assert unlike("the drop in Dice", replace(_query("dice"), verb="difference")) is None
    both = replace(_query("dice"), models=("skin-base", "skin-recall"))
    assert unlike("the paired difference in Dice", both)
    assert unlike("the difference in Dice", both) is None


def test_groups_hold_no_cases() -> None:
    lowest = replace(_query("dice"), verb="min", unit="case", order="min")
    assert unlike("which image that contains hair has the lowest Dice", lowest)
    assert unlike("which image has the lowest Dice", lowest) is None


def test_how_many_is_no_mean() -> None:
    mean = replace(_query("dice"), verb="mean", unit="case")
    assert unlike("in how many batches was every picture right", mean)
    assert unlike("how far is the mean Dice", mean) is None


def test_a_model_is_no_picture_and_has_an_end() -> None:
    worst = replace(_query("nll"), verb="max", unit="model", order="max")
    assert unlike("which chest film was its greatest blunder", worst)
    assert unlike("which model has the highest nll", worst) is None
    fewest = replace(_query("duplicates.exact_across"), verb="min", unit="task", order="min")
    assert unlike("in which task do duplicates sit across the splits", fewest)
    assert unlike("which task has the fewest duplicates", fewest) is None


def test_those_that_failed_are_no_group() -> None:
    count = replace(_query("dice"), verb="count", unit="case", test="above", bounds=(0.5,))
    assert unlike("how many images which skin-base failed on have a Dice above 0.5", count)
    assert unlike("how many images have a Dice above 0.5", count) is None


@pytest.mark.parametrize(("metric", "bound", "refused"), [("fp", 0.1, True), ("fp", 10, False), ("dice", 0.1, False)])
def test_pixels_are_no_share(metric: str, bound: float, refused: bool) -> None:
    query = replace(_query(metric), verb="count", unit="batch", test="below", bounds=(bound,))
    assert (unlike("how many have less than that", query) is not None) is refused


def test_two_metrics_have_no_median() -> None:
    one, two = _query("dice"), _query("iou")
    both = replace(one, verb="median", unit="case", entries=(*one.entries, *two.entries))
    assert unlike("the median Dice and IoU", both)
    assert unlike("the median Dice", replace(one, verb="median", unit="case")) is None


def test_a_sum_is_no_mean_and_the_worst_is_not_all() -> None:
    assert unlike("false positives on average", replace(_query("fp"), verb="sum", unit="case"))
    assert unlike("all false positives", replace(_query("fp"), verb="sum", unit="case")) is None
    assert unlike("which cases failed", replace(_query("dice"), verb="worst", unit="case"))
    assert unlike("which case is the worst", replace(_query("dice"), verb="worst", unit="case")) is None
