"""Scores of a binary mask against the truth, all from four pixel counts.

With TP, FP, FN, TN the counted pixels:

    dice = f1   = 2 TP / (2 TP + FP + FN)        recall      = TP / (TP + FN)
    iou         = TP / (TP + FP + FN)            specificity = TN / (TN + FP)
    precision   = TP / (TP + FP)                 accuracy    = (TP + TN) / (TP + FP + FN + TN)

One rule for every 0/0: **1.0 if truth and prediction are both empty, else 0.0**. So a correctly empty prediction scores
1.0, and a missed lesion has precision 0.0 and recall 0.0 instead of dropping out of a mean. Specificity is the recall
of the background, so there the rule asks for two empty backgrounds: without a negative pixel it is 1.0 if no positive
one was missed, else 0.0.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError

Mask = NDArray[np.bool_]


class Counts(NamedTuple):
    """Pixels of one image, or of many summed."""

    tp: int
    fp: int
    fn: int
    tn: int


def check_masks(**masks: Mask) -> None:
    """Raise GlassboxError unless every mask is ``(H, W) bool`` and all have the shape of the first."""
    first = next(iter(masks.values()))
    for name, mask in masks.items():
        if mask.dtype != np.bool_ or mask.ndim != 2:
            raise GlassboxError(f"{name} mask", f"{mask.dtype} of shape {mask.shape}", "bool of shape (H, W)")
        if mask.shape != first.shape:
            raise GlassboxError(f"{name} mask", f"shape {mask.shape}", f"shape {first.shape} as in {next(iter(masks))}")


def count(truth: Mask, prediction: Mask, region: Mask | None = None) -> Counts:
    """Count TP, FP, FN and TN over ``(H, W) bool`` masks, inside `region` only where one is given.

    `region` is where scoring happens, for instance the field of view of a fundus camera. An empty region gives four
    zeros, on which every score is 1.0. Raises GlassboxError on another dtype or on differing shapes.

    >>> count(np.array([[True, True, False]]), np.array([[True, False, False]]))
    Counts(tp=1, fp=0, fn=1, tn=1)
    """
    if region is None:
        check_masks(truth=truth, prediction=prediction)
    else:
        check_masks(truth=truth, prediction=prediction, region=region)
        truth, prediction = truth[region], prediction[region]
    tp = np.count_nonzero(truth & prediction)
    fp = np.count_nonzero(prediction) - tp
    fn = np.count_nonzero(truth) - tp
    return Counts(int(tp), int(fp), int(fn), int(truth.size - tp - fp - fn))


def _ratio(part: int, whole: int, both_empty: bool) -> float:
    return part / whole if whole else float(both_empty)


def dice(counts: Counts) -> float:
    """2 TP / (2 TP + FP + FN), which is also F1; 1.0 where truth and prediction are both empty."""
    return _ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn, both_empty=True)


def scores(counts: Counts) -> dict[str, float]:
    """dice, iou, precision, recall, specificity, accuracy and f1, each in [0, 1]; formulas and 0/0 rule above.

    >>> scores(Counts(tp=3, fp=1, fn=2, tn=4))["iou"]
    0.5
    >>> missed = scores(Counts(tp=0, fp=0, fn=5, tn=5))
    >>> missed["precision"], missed["recall"]
    (0.0, 0.0)
    """
    tp, fp, fn, tn = counts
    return {
        "dice": dice(counts),
        "iou": _ratio(tp, tp + fp + fn, both_empty=True),
        "precision": _ratio(tp, tp + fp, both_empty=fn == 0),
        "recall": _ratio(tp, tp + fn, both_empty=fp == 0),
        "specificity": _ratio(tn, tn + fp, both_empty=fn == 0),
        "accuracy": _ratio(tp + tn, tp + fp + fn + tn, both_empty=True),
        "f1": dice(counts),
    }


def thresholded_jaccard(iou: float, at: float) -> float:
    """`iou` if it reaches `at`, else 0.0: a mask too poor to be of use counts as failed.

    Codella 2019, arXiv:1902.03368, with ``at=0.65``.

    >>> thresholded_jaccard(0.7, 0.65), thresholded_jaccard(0.64, 0.65)
    (0.7, 0.0)
    """
    return iou if iou >= at else 0.0
