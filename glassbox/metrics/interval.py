"""Confidence intervals of means over cases: the percentile bootstrap.

Cases are drawn with replacement, N out of N, `resamples` times; the interval runs between the percentiles
``100 (1 - level) / 2`` and ``100 (1 + level) / 2`` of the resampled means (Efron 1979, doi:10.1214/aos/1176344552).
The draw depends on ``(N, seed, resamples)`` alone, so all metrics of one table share their resamples. The unit is the
case: where one patient gives several pictures, the interval is too narrow.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError

# Values gathered at once: bounds memory to some 8 MB whatever the number of cases.
_GATHERED = 1_000_000


class Interval(NamedTuple):
    """The mean over all cases and the bounds of its confidence interval."""

    mean: float
    low: float
    high: float


def resample(n: int, seed: int, resamples: int) -> NDArray[np.int32]:
    """Indices ``(resamples, n) int32`` in [0, n), drawn uniformly with replacement; the same for the same arguments.

    Raises GlassboxError where `n` or `resamples` is below 1.
    """
    if n < 1:
        raise GlassboxError("bootstrap", "no cases", "at least one case")
    if resamples < 1:
        raise GlassboxError("bootstrap", f"{resamples} resamples", "at least one")
    return np.random.default_rng([seed]).integers(0, n, size=(resamples, n), dtype=np.int32)


def bootstrap_mean(values: ArrayLike, seed: int, resamples: int, level: float = 0.95) -> Interval:
    """The mean of `values` ``(N,) float`` and its bootstrap interval at `level`.

    One case, or equal ones, give an interval of width zero. Raises GlassboxError where `values` is empty, not of one
    dimension or not finite, and where `level` is not between 0 and 1.

    >>> bootstrap_mean([0.5, 0.5, 0.5], seed=0, resamples=100)
    Interval(mean=0.5, low=0.5, high=0.5)
    """
    cases = np.asarray(values, dtype=np.float64)
    if cases.ndim != 1:
        raise GlassboxError("bootstrap", f"values of shape {cases.shape}", "shape (N,)")
    if not np.isfinite(cases).all():
        raise GlassboxError("bootstrap", "a value that is not finite", "a number for every case")
    if not 0 < level < 1:
        raise GlassboxError("bootstrap", f"level {level}", "a level between 0 and 1")
    indices = resample(len(cases), seed, resamples)
    rows = max(1, _GATHERED // len(cases))
    means = np.concatenate([cases[indices[at : at + rows]].mean(axis=1) for at in range(0, resamples, rows)])
    low, high = np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return Interval(float(cases.mean()), float(low), float(high))


def paired_difference(a: ArrayLike, b: ArrayLike, seed: int, resamples: int, level: float = 0.95) -> Interval:
    """The mean of ``a - b`` over the same cases, in the same order, and its bootstrap interval.

    An interval that leaves out zero says that the two models differ on these cases at that level. Raises GlassboxError
    as `bootstrap_mean` does, and where `a` and `b` differ in shape.

    >>> paired_difference([0.75, 1.0], [0.25, 0.5], seed=0, resamples=100)
    Interval(mean=0.5, low=0.5, high=0.5)
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise GlassboxError("paired difference", f"values of shapes {first.shape} and {second.shape}", "the same cases")
    return bootstrap_mean(first - second, seed, resamples, level)
