"""Operating points: the threshold a model is used at, what each one gives, and the curves they lie on.

A binary case is called positive where its probability of class 1, calibrated, reaches the threshold. With TP, FP, FN
and TN the numbers of cases called rightly and wrongly:

sensitivity TP / (TP + FN)      specificity TN / (TN + FP)      accuracy (TP + TN) / all
precision   TP / (TP + FP)      npv         TN / (TN + FN)      f1       2 TP / (2 TP + FP + FN)
balanced_accuracy  (sensitivity + specificity) / 2
youden             sensitivity + specificity - 1 (Youden 1950, Cancer 3:32,
                   doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3)

Precision and npv are those of the cases at hand: where the disease is rarer, precision is lower.
`probability` is ``(N,) float64 in [0, 1]``, `labels` are ``(N,)`` or ``(N, 1)`` of 0 and 1. Thresholds are chosen on
the validation split; chosen on test cases, they would flatter the model.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.bootstrap import Array, intervals, ratio
from glassbox.metrics.classify.probability import Labels, predicted, truth_flags
from glassbox.params import Form, Point, Points

SCORES = ("sensitivity", "specificity", "precision", "npv", "accuracy", "balanced_accuracy", "f1")
COUNTS = ("tp", "fp", "fn", "tn")


def by_threshold(probability: ArrayLike, labels: ArrayLike) -> pd.DataFrame:
    """What every threshold gives that makes a difference: one row each, rising, `threshold`, the `SCORES`, `youden`.

    Thresholds lie midway between neighbouring distinct probabilities, rounded to as few decimals (at least two) as
    leave them between the two; one below all probabilities and one above all are added where 0 and 1 leave room. A grid
    of hundredths would miss most of them, since a sure model's probabilities crowd at 0 and 1. Precision where no case
    is called positive, and npv where none is called negative, are undefined and told as 0.0: so a point that must keep
    a precision never falls to a threshold that calls nothing. Raises GlassboxError where one of the two classes has no
    case, and on probabilities outside [0, 1].
    """
    said, true = _checked(probability, labels)
    cuts = _cuts(said)
    fn = np.searchsorted(np.sort(said[true]), cuts).astype(np.float64)
    tn = np.searchsorted(np.sort(said[~true]), cuts).astype(np.float64)
    scored = _scores(true.sum() - fn, (~true).sum() - tn, fn, tn)
    scored["youden"] = scored["sensitivity"] + scored["specificity"] - 1
    return pd.DataFrame({"threshold": cuts, **{name: np.nan_to_num(values) for name, values in scored.items()}})


def by_confidence(probabilities: Array, labels: Labels, form: Form) -> pd.DataFrame:
    """What is left when only sure cases are decided: `threshold`, rising, `coverage` and `accuracy`.

    `coverage` is the share of cases whose confidence reaches the threshold, `accuracy` the share of those that are
    right. Confidence is the probability of what a case is called (``max(p)``); for `multi-label` every flag is a case
    of its own, called so or not. Thresholds as in `by_threshold`, as long as one case is left.
    """
    called, flags = predicted(probabilities, form, None), truth_flags(labels, form, probabilities.shape[1])
    if form == "multi-label":
        confidence, right = np.maximum(probabilities, 1 - probabilities).ravel(), (called == flags).ravel()
    else:
        confidence, right = probabilities.max(axis=1), flags[np.arange(len(flags)), called]
    cuts = _cuts(confidence)
    cuts = cuts[cuts <= confidence.max()]
    order = np.argsort(confidence, kind="stable")
    dropped = np.searchsorted(confidence[order], cuts)
    left = right.size - dropped
    hits = right.sum() - np.concatenate([[0], right[order].cumsum()])[dropped]
    return pd.DataFrame({"threshold": cuts, "coverage": left / right.size, "accuracy": hits / left})


def choose(table: pd.DataFrame, point: Point, where: str = "operating point") -> float:
    """The threshold of a `by_threshold` table with the highest `best` of those whose `keep` is at least `least`.

    Of several equally good ones the threshold nearest the middle of their range, between the lowest and the highest of
    them, so that a small shift of the probabilities changes nothing; of two as near the lower. Raises GlassboxError,
    in the name of `where`, where no threshold reaches `least`.
    """
    open_to = table[table[point.keep] >= point.least]
    if not len(open_to):
        highest = table[point.keep].max()
        raise GlassboxError(where, f"{point.keep} {highest:.4g} at best", f"a threshold that keeps {point.least:g}")
    values = open_to[point.best].round(12)  # the last bits of a sum do not decide between equals
    tied = open_to.loc[values == values.max(), "threshold"]
    return float(tied.loc[(tied - (tied.min() + tied.max()) / 2).abs().round(12).idxmin()])


def chosen(table: pd.DataFrame, wanted: Points) -> dict[str, float]:
    """The threshold of each operating point by its name."""
    return {name: choose(table, point, f"operating point '{name}'") for name, point in wanted.points.items()}


def reached(table: pd.DataFrame, threshold: float) -> dict[str, float]:
    """The row of a `by_threshold` table at one of its thresholds, 4 decimals, `threshold` itself as it is."""
    row = table[table["threshold"] == threshold].iloc[0].drop("threshold")
    return {"threshold": threshold, **{str(name): round(float(value), 4) for name, value in row.items()}}


def at(probability: ArrayLike, labels: ArrayLike, threshold: float, seed: int, resamples: int) -> dict[str, Any]:
    """What one threshold gives on these cases: `threshold`, the counts `tp`, `fp`, `fn`, `tn`, and the `SCORES`.

    Each score has its `mean`, which is the score of the counts, and `ci_low` and `ci_high`, the 95 % interval of a
    percentile bootstrap over cases, all scores on the same draws. A score whose denominator is 0 is left out, and
    resamples in which it is are left out of its interval (`left_out` counts them). One class may be absent. Raises
    GlassboxError on probabilities outside [0, 1] and on labels other than 0 and 1.
    """
    said, true = _checked(probability, labels, both=False)
    called = said >= threshold
    kinds = np.stack([called & true, called & ~true, ~called & true, ~called & ~true], axis=1)  # (N, 4), as COUNTS

    def score(weights: Array) -> Mapping[str, Array]:
        return _scores(*(weights @ kinds.astype(np.float64)).T)

    counts = dict(zip(COUNTS, kinds.sum(axis=0).tolist(), strict=True))
    return {"threshold": threshold, **counts, **intervals(score, len(said), seed, resamples)}


def curve_points(
    probability: ArrayLike, labels: ArrayLike, points: Mapping[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Coordinates of the ROC curve, of the precision-recall curve, and of the operating points on both.

    ROC: `false_positive_rate`, `sensitivity`, from (0, 0) to (1, 1). Precision-recall: `recall`, `precision`, from all
    cases called positive, where precision is their share, to recall 0, where it is told as 1. Points: `point` (its
    name), `threshold`, `false_positive_rate`, `sensitivity`, `precision` (NaN where no case is called positive).
    Points on a straight line are left out. Raises GlassboxError as `by_threshold` does.
    """
    said, true = _checked(probability, labels)
    false_rate, hit_rate, _ = roc_curve(true, said)
    precision, recall, _ = precision_recall_curve(true, said, drop_intermediate=True)
    rows = []
    for name, threshold in points.items():
        hits, others = (said[true] >= threshold).sum(), (said[~true] >= threshold).sum()
        rates = (others / (~true).sum(), hits / true.sum(), float(ratio(hits, hits + others)))
        rows.append((name, threshold, *rates))
    return (
        pd.DataFrame({"false_positive_rate": false_rate, "sensitivity": hit_rate}),
        pd.DataFrame({"recall": recall, "precision": precision}),
        pd.DataFrame(rows, columns=["point", "threshold", "false_positive_rate", "sensitivity", "precision"]),
    )


def _scores(tp: Array, fp: Array, fn: Array, tn: Array) -> dict[str, Array]:
    """The `SCORES` of counts, each ``(R,)``, NaN where 0 / 0."""
    sensitivity, specificity = ratio(tp, tp + fn), ratio(tn, tn + fp)
    values = (
        sensitivity,
        specificity,
        ratio(tp, tp + fp),
        ratio(tn, tn + fn),
        ratio(tp + tn, tp + fp + fn + tn),
        (sensitivity + specificity) / 2,
        ratio(2 * tp, 2 * tp + fp + fn),
    )
    return dict(zip(SCORES, values, strict=True))


def _cuts(values: Array) -> Array:
    """One threshold in each gap of the distinct values, 0 and 1; `value >= threshold` parts what lies on its sides."""
    edges = np.unique(np.concatenate([[0.0], values, [1.0]]))
    low, high = edges[:-1], edges[1:]
    cuts = (low + high) / 2
    cuts = np.where(cuts > low, cuts, high)  # between floats that are neighbours there is no room
    for digits in range(15, 1, -1):
        short = cuts.round(digits)
        cuts = np.where((short > low) & (short < high), short, cuts)
    return cuts


def _checked(
    probability: ArrayLike, labels: ArrayLike, both: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    said, true = np.asarray(probability, np.float64), np.ravel(labels)
    if said.ndim != 1 or said.shape != true.shape or not said.size:
        raise GlassboxError("operating points", f"shapes {said.shape} and {true.shape}", "one label a probability (N,)")
    if not ((said >= 0) & (said <= 1)).all():
        raise GlassboxError("operating points", "a probability outside [0, 1] or NaN", "probabilities, not logits")
    if not np.isin(true, (0, 1)).all() or (both and np.unique(true).size < 2):
        raise GlassboxError("operating points", f"labels {np.unique(true).tolist()}", "cases of both classes, 0 and 1")
    return said, true == 1
