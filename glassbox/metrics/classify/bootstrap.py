"""Bootstrap intervals of scores that are no mean over cases: ratios of counts, areas under curves.

A score is a function of weights: a case of weight 2 counts as if it were there twice. Drawing N of N cases with
replacement is the same as giving each case the number of times it was drawn, so one matrix product scores a thousand
resamples. The draws are those of `interval.resample`: a mean has the same interval here as by `bootstrap_mean`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.metrics.interval import resample

Array = NDArray[np.float64]
Score = Callable[[Array], Mapping[str, Array]]
"""From weights ``(R, N)`` to named values ``(R,)``, NaN where undefined."""

_GATHERED = 1_000_000  # weights held at once: bounds memory to some tens of MB whatever the number of cases


def weights(n: int, seed: int, resamples: int) -> Iterator[Array]:
    """How often each of `n` cases is drawn, ``(r, n) float64`` with rows that sum to n, some rows at a time.

    Raises GlassboxError where `n` or `resamples` is below 1.
    """
    indices = resample(n, seed, resamples)
    rows = max(1, _GATHERED // n)
    for at in range(0, resamples, rows):
        some = indices[at : at + rows].astype(np.int64)
        places = (some + n * np.arange(len(some))[:, None]).ravel()
        yield np.bincount(places, minlength=n * len(some)).reshape(len(some), n).astype(np.float64)


def intervals(score: Score, n: int, seed: int, resamples: int, level: float = 0.95) -> dict[str, dict[str, Any]]:
    """Each value of `score` over all `n` cases with its percentile interval, 4 decimals: `mean`, `ci_low`, `ci_high`.

    `mean` is the value over all cases, as for a mean. Resamples in which a value is undefined, such as an AUROC where
    only one class was drawn, are left out of its interval, and `left_out` says how many where there are any. A value
    that is undefined over all cases, or in every resample, is not told at all.
    """
    whole = score(np.ones((1, n)))
    drawn = [score(some) for some in weights(n, seed, resamples)]
    told = {}
    for name, value in whole.items():
        every = np.concatenate([values[name] for values in drawn])
        known = every[np.isfinite(every)]
        if not np.isfinite(value[0]) or not known.size:
            continue
        low, high = np.percentile(known, [50 * (1 - level), 50 * (1 + level)])
        told[name] = {"mean": _rounded(value[0]), "ci_low": _rounded(low), "ci_high": _rounded(high)}
        if known.size < every.size:
            told[name]["left_out"] = int(every.size - known.size)
    return told


def ratio(part: ArrayLike, whole: ArrayLike) -> Array:
    """`part / whole`, NaN where `whole` is 0."""
    over, under = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    return np.asarray(np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0))


def mean_of_known(values: Array) -> Array:
    """The mean along the last axis of what is not NaN; NaN where nothing is known."""
    known = np.isfinite(values)
    return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


def areas(score: NDArray[np.floating[Any]], flags: NDArray[np.bool_], weights: Array) -> tuple[Array, Array]:
    """Areas under the ROC curve and the precision-recall curve for each row of weights: two ``(R,)``.

    `score` and `flags` are ``(N,)``, `weights` ``(R, N)``. With w the weights, P and Q their sums over the cases that
    are flagged and those that are not, and for a flagged case i T and F the weights of the flagged and the others whose
    score is at least its own:

    AUROC  sum w_i w_j ([s_i > s_j] + [s_i = s_j] / 2) / (P Q) over i flagged, j not: the chance that a flagged case
           scores higher (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747)
    AUPRC  sum w_i T_i / (T_i + F_i) / P over i flagged: average precision, which does not interpolate

    Both are NaN where one of the two kinds has no weight.
    """
    positives, negatives = np.sort(score[flags]), np.sort(score[~flags])
    positive = weights[:, flags][:, np.argsort(score[flags], kind="stable")]
    negative = weights[:, ~flags][:, np.argsort(score[~flags], kind="stable")]
    hits, others = positive.sum(axis=1), negative.sum(axis=1)
    lower = _before(negative)[:, np.searchsorted(negatives, positives)]  # weight of the others with a lower score
    tied = _before(negative)[:, np.searchsorted(negatives, positives, side="right")] - lower
    reached = hits[:, None] - _before(positive)[:, np.searchsorted(positives, positives)]
    precision = np.nan_to_num(ratio(reached, reached + others[:, None] - lower))
    auroc = ratio((positive * (lower + tied / 2)).sum(axis=1), hits * others)
    return auroc, np.where(others > 0, ratio((positive * precision).sum(axis=1), hits), np.nan)


def _before(weights: Array) -> Array:
    """``(R, N + 1)``: the sum of the weights before each place."""
    return np.concatenate([np.zeros((len(weights), 1)), weights.cumsum(axis=1)], axis=1)


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0  # no minus zero
