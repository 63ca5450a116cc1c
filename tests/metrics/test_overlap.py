"""glassbox.metrics.overlap: pixel counts, the scores made of them and their 0/0 rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassbox.errors import GlassboxError
from glassbox.metrics.overlap import Counts, Mask, count, dice, scores, thresholded_jaccard

NAMES = ["dice", "iou", "precision", "recall", "specificity", "accuracy", "f1"]
SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6)
TRIPLES = SHAPES.flatmap(lambda shape: st.tuples(*[hnp.arrays(bool, shape)] * 3))
COUNTS = st.builds(Counts, *[st.integers(0, 10**9)] * 4)


def count_by_hand(truth: Mask, prediction: Mask, region: Mask) -> Counts:
    pairs = [(bool(t), bool(p)) for t, p, r in zip(truth.flat, prediction.flat, region.flat, strict=True) if r]
    return Counts(*(pairs.count(pair) for pair in [(True, True), (False, True), (True, False), (False, False)]))


@given(TRIPLES)
def test_count_matches_a_pixel_by_pixel_tally(masks: tuple[Mask, Mask, Mask]) -> None:
    """Every pixel of the region lands in exactly one count, and without a region every pixel of the picture does."""
    truth, prediction, region = masks
    assert count(truth, prediction, region) == count_by_hand(truth, prediction, region)
    assert count(truth, prediction) == count_by_hand(truth, prediction, np.ones_like(truth))


@given(TRIPLES)
def test_swapping_truth_and_prediction_swaps_the_two_errors(masks: tuple[Mask, Mask, Mask]) -> None:
    """FP and FN change places, precision and recall with them; Dice and IoU do not change."""
    truth, prediction, region = masks
    one, other = count(truth, prediction, region), count(prediction, truth, region)
    assert (one.fp, one.fn) == (other.fn, other.fp)
    assert scores(one)["precision"] == scores(other)["recall"]
    assert (scores(one)["dice"], scores(one)["iou"]) == (scores(other)["dice"], scores(other)["iou"])


def test_counts_are_plain_integers() -> None:
    """Counts are Python ints, so that they pass through JSON."""
    mask = np.eye(3, dtype=bool)
    assert {type(value) for value in (*count(mask, mask), *count(mask, mask, mask))} == {int}


@pytest.mark.parametrize(
    ("truth", "prediction", "region", "message"),
    [
        (np.zeros((2, 3), bool), np.zeros((3, 2), bool), None, "prediction mask: shape (3, 2); expected shape (2, 3)"),
        (np.zeros((2, 3), bool), np.zeros((2, 3), bool), np.zeros((1, 3), bool), "region mask: shape (1, 3)"),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 3), bool), None, "truth mask: uint8"),
        (np.zeros((2, 3), bool), np.zeros((2, 3), np.float32), None, "prediction mask: float32"),
        (np.zeros((2, 3), bool), np.zeros((2, 3), bool), np.zeros((2, 3), int), "region mask: int64"),
        (np.zeros((2, 3, 1), bool), np.zeros((2, 3, 1), bool), None, "truth mask: bool of shape (2, 3, 1)"),
    ],
)
def test_masks_that_do_not_fit_are_refused(truth: Mask, prediction: Mask, region: Mask | None, message: str) -> None:
    """Nothing is broadcast or cast in silence: the error names the mask and what was found."""
    with pytest.raises(GlassboxError) as error:
        count(truth, prediction, region)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        #  tp fp fn tn            dice   iou   precision recall specificity accuracy f1
        (Counts(6, 2, 4, 8), [12 / 18, 6 / 12, 6 / 8, 6 / 10, 8 / 10, 14 / 20, 12 / 18]),
        (Counts(5, 0, 0, 5), [1, 1, 1, 1, 1, 1, 1]),  # perfect
        (Counts(0, 3, 4, 0), [0, 0, 0, 0, 0, 0, 0]),  # everything wrong
        (Counts(0, 0, 0, 9), [1, 1, 1, 1, 1, 1, 1]),  # both empty
        (Counts(0, 0, 4, 6), [0, 0, 0, 0, 1, 0.6, 0]),  # a missed lesion
        (Counts(0, 4, 0, 6), [0, 0, 0, 0, 0.6, 0.6, 0]),  # a lesion that is not there
        (Counts(9, 0, 0, 0), [1, 1, 1, 1, 1, 1, 1]),  # all positive, all found: both backgrounds are empty
        (Counts(6, 0, 3, 0), [12 / 15, 6 / 9, 1, 6 / 9, 0, 6 / 9, 12 / 15]),  # all positive, some missed
        (Counts(0, 0, 9, 0), [0, 0, 0, 0, 0, 0, 0]),  # all positive, all missed
        (Counts(0, 9, 0, 0), [0, 0, 0, 0, 0, 0, 0]),  # all negative, all called positive
        (Counts(0, 0, 0, 0), [1, 1, 1, 1, 1, 1, 1]),  # an empty region
    ],
)
def test_scores_of_hand_made_counts(counts: Counts, expected: list[float]) -> None:
    """Formulas, and 0/0 is 1.0 only if truth and prediction are both empty (for specificity: both backgrounds)."""
    assert scores(counts) == pytest.approx(dict(zip(NAMES, expected, strict=True)), abs=1e-15)


@given(COUNTS)
def test_scores_stay_between_zero_and_one(counts: Counts) -> None:
    """No counts give NaN or leave [0, 1], and the names and their order are fixed."""
    assert list(scores(counts)) == NAMES
    assert all(type(value) is float and 0 <= value <= 1 for value in scores(counts).values())


@given(COUNTS)
def test_dice_and_iou_say_the_same(counts: Counts) -> None:
    """dice = f1 = 2 iou / (1 + iou), undefined cases included."""
    values = scores(counts)
    assert values["dice"] == values["f1"] == dice(counts)
    assert values["dice"] == pytest.approx(2 * values["iou"] / (1 + values["iou"]))


@given(COUNTS)
def test_specificity_is_the_recall_of_the_background(counts: Counts) -> None:
    """Exchanging the two classes turns specificity into recall, undefined cases included."""
    tp, fp, fn, tn = counts
    assert scores(counts)["specificity"] == scores(Counts(tp=tn, fp=fn, fn=fp, tn=tp))["recall"]


@pytest.mark.parametrize(
    ("iou", "at", "expected"),
    [
        (0.65, 0.65, 0.65),
        (13 / 20, 0.65, 0.65),
        (0.6499, 0.65, 0.0),
        (1.0, 0.65, 1.0),
        (0.0, 0.65, 0.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_thresholded_jaccard_keeps_the_value_from_the_threshold_on(iou: float, at: float, expected: float) -> None:
    """The threshold itself passes; everything below is 0."""
    assert thresholded_jaccard(iou, at) == expected
