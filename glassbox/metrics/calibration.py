"""Calibration of a segmentation model: whether a probability of 0.8 is right eight times in ten, and where to cut it.

Measured over pixels. `logits` and `truths` hold one array an image, float32 and bool, of one shape each: maps, or the
pixels of them that count. Everything here is meant for the validation split; a temperature or a threshold chosen on
test cases would flatter the model.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit

from glassbox.errors import GlassboxError

Logits = Sequence[NDArray[np.float32]] | NDArray[np.float32]
Truths = Sequence[NDArray[np.bool_]] | NDArray[np.bool_]
Pixels = tuple[list[NDArray[np.float32]], list[NDArray[np.bool_]]]
STEPS = 100  # thresholds are looked for at 0.01, 0.02, ..., 0.99
COOLEST, HOTTEST = 0.05, 20.0


class Operating(NamedTuple):
    """How a model's logits become a mask: `sigmoid(logit / temperature) >= threshold`."""

    temperature: float
    threshold: float

    @property
    def uncalibrated(self) -> float:
        """The threshold that gives the same mask from `sigmoid(logit)`."""
        return float(expit(self.temperature * logit(self.threshold)))


def counted(
    maps: Iterable[NDArray[np.float32]], truths: Iterable[tuple[NDArray[np.bool_], NDArray[np.bool_] | None]]
) -> Pixels:
    """The logits and truths of the pixels that count: those inside each image's region, all where it has none.

    `maps` are ``(H, W) float32``, `truths` the mask and the region of each, ``(H, W) bool``.
    """
    pairs = [
        (map_.ravel(), mask.ravel()) if region is None else (map_[region], mask[region])
        for map_, (mask, region) in zip(maps, truths, strict=True)
    ]
    return [logits for logits, _ in pairs], [truth for _, truth in pairs]


def temperature(logits: Logits, truths: Truths) -> float:
    """The T > 0 of the least cross-entropy of `sigmoid(logits / T)`, to 4 significant digits (Guo 2017).

    Above 1 the model was too sure of itself, below 1 not sure enough; the order of the pixels stays. Where every pixel
    is right the best T is 0: then the lower bound 0.05 is given. arXiv:1706.04599. Raises GlassboxError on logits that
    are not finite or that differ from the truths in shape.

    >>> logits = np.log([[[4.0, 4.0, 4.0, 4.0, 4.0]]]).astype(np.float32)  # 0.8, and right four times in five
    >>> temperature(logits, np.array([[[True, True, True, True, False]]]))
    0.9998
    """
    said, true = _joined(logits, truths)
    margins = np.where(true, said, -said)

    def loss(log_temperature: float) -> float:
        return float(np.logaddexp(np.float32(0), -margins / np.float32(np.exp(log_temperature))).mean(dtype=np.float64))

    found = minimize_scalar(loss, bounds=(np.log(COOLEST), np.log(HOTTEST)), method="bounded", options={"xatol": 1e-4})
    return float(f"{np.exp(found.x):.4g}")


def reliability(logits: Logits, truths: Truths, temperature: float, bins: int) -> pd.DataFrame:
    """The reliability table: pixels by predicted probability, in `bins` bins of one width.

    Columns `low`, `high` (the bin's bounds, the upper one excluded but for 1.0), `pixels`, `predicted` (their mean
    probability) and `observed` (the share of them that is lesion); bins without a pixel are left out.
    """
    said, true = _joined(logits, truths)
    if bins < 1:
        raise GlassboxError("reliability", f"{bins} bins", "at least one")
    probability = expit(said.astype(np.float64) / temperature)
    at = np.minimum((probability * bins).astype(np.int64), bins - 1)
    pixels = np.bincount(at, minlength=bins)
    filled = np.flatnonzero(pixels)
    return pd.DataFrame(
        {
            "low": filled / bins,
            "high": (filled + 1) / bins,
            "pixels": pixels[filled],
            "predicted": np.bincount(at, probability, bins)[filled] / pixels[filled],
            "observed": np.bincount(at, true, bins)[filled] / pixels[filled],
        }
    )


def expected_error(table: pd.DataFrame) -> float:
    """ECE: the mean distance of `predicted` and `observed` of a reliability table, weighed by pixels (Naeini 2015)."""
    return float(np.average((table["predicted"] - table["observed"]).abs(), weights=table["pixels"]))


def brier(logits: Logits, truths: Truths, temperature: float) -> float:
    """Brier score: mean squared distance of probability and truth over all pixels; 0 is perfect (Brier 1950)."""
    said, true = _joined(logits, truths)
    return float(np.mean((expit(said.astype(np.float64) / temperature) - true) ** 2))


def by_threshold(logits: Logits, truths: Truths, temperature: float, kinds: ArrayLike | None = None) -> pd.DataFrame:
    """What each threshold 0.01, 0.02, ..., 0.99 gives: `threshold` and mean `dice`, `iou`, `precision`, `recall`.

    Means per image; a pixel belongs to the mask from the threshold up; 0/0 as in `metrics.overlap`. With `kinds`, one
    label an image, ``(N,)``, the means of the kinds' means: each kind counts alike, however many images it has. Where
    truths were drawn by several conventions, a plain mean leans to the one this split has most of.
    """
    _joined(logits, truths)
    rows = np.stack([_cuts(each, truth, temperature) for each, truth in zip(logits, truths, strict=True)])
    labels = np.zeros(len(rows)) if kinds is None else np.asarray(kinds)
    means = [np.mean(rows[labels == label], axis=0) for label in np.unique(labels)]
    table = pd.DataFrame(np.mean(means, axis=0), columns=["dice", "iou", "precision", "recall"])
    table.insert(0, "threshold", np.arange(1, STEPS) / STEPS)
    return table


def choose(table: pd.DataFrame, purpose: Literal["dice", "precision", "recall"], least: float) -> float:
    """The threshold of a `by_threshold` table that gives the best mean Dice, under a condition.

    For `precision` and `recall`, only among thresholds at which that mean is at least `least`; where no threshold
    reaches it, the one that comes closest. Ties go to the threshold nearest 0.5.
    """
    open_to = table
    if purpose != "dice":
        reached = table[table[purpose] >= least]
        open_to = reached if len(reached) else table[table[purpose] == table[purpose].max()]
    best = open_to[open_to["dice"] == open_to["dice"].max()]
    return float(best.loc[(best["threshold"] - 0.5).abs().idxmin(), "threshold"])


def operating(record: Mapping[str, Any]) -> Operating:
    """What a calibration's record says of how its model is used."""
    return Operating(record["temperature"], record["threshold"])


def matching(table: pd.DataFrame, name: str, value: float) -> float:
    """The threshold of a `by_threshold` table whose mean `name` is closest to `value`; of several the nearest 0.5."""
    distance = (table[name] - value).abs()
    closest = table.loc[distance == distance.min(), "threshold"]
    return float(closest.loc[(closest - 0.5).abs().idxmin()])


def errors(logits: Logits, truths: Truths, bins: int, temperature: float) -> dict[str, dict[str, float]]:
    """`ece` and `brier`, `before` and `after` the temperature, to 4 significant digits."""
    scored = {}
    for name, heat in (("before", 1.0), ("after", temperature)):
        found = {
            "ece": expected_error(reliability(logits, truths, heat, bins)),
            "brier": brier(logits, truths, heat),
        }
        scored[name] = {key: float(f"{value:.4g}") for key, value in found.items()}
    return scored


def summary(
    logits: Logits, truths: Truths, bins: int, operating: Operating, thresholds: pd.DataFrame
) -> dict[str, float | dict[str, float]]:
    """The record of a calibration, rounded to 4 significant digits.

    `temperature` and `threshold`; `before` and `after` the temperature, `ece` and `brier`; `at_threshold` the means of
    the `by_threshold` table there.
    """
    row = thresholds[thresholds["threshold"] == operating.threshold].iloc[0].drop("threshold")
    reached = {str(name): round(float(value), 4) for name, value in row.items()}
    return {**operating._asdict(), **errors(logits, truths, bins, operating.temperature), "at_threshold": reached}


def plotted(
    logits: Logits, truths: Truths, bins: int, temperature: float
) -> dict[str, tuple[pd.Series, pd.Series, pd.Series]]:
    """The reliability tables before and after `temperature`, as a chart takes them."""
    tables = {
        "before": reliability(logits, truths, 1.0, bins),
        f"temperature {temperature:g}": reliability(logits, truths, temperature, bins),
    }
    return {name: (table["predicted"], table["observed"], table["pixels"]) for name, table in tables.items()}


def _cuts(map_: NDArray[np.float32], truth: NDArray[np.bool_], temperature: float) -> NDArray[np.float64]:
    """Dice, IoU, precision and recall of one image at every threshold, `(STEPS - 1, 4)`."""
    cuts = temperature * np.log(np.arange(1, STEPS) / np.arange(STEPS - 1, 0, -1))  # thresholds as logits
    below = np.searchsorted(cuts.astype(np.float32), map_.ravel(), side="right")  # how many thresholds are reached
    hit = np.bincount(below[truth.ravel()], minlength=STEPS)
    false = np.bincount(below[~truth.ravel()], minlength=STEPS)
    tp, fp = (counts[::-1].cumsum()[::-1][1:].astype(np.float64) for counts in (hit, false))
    fn = truth.sum() - tp
    with np.errstate(invalid="ignore"):
        found = np.stack([2 * tp / (2 * tp + fp + fn), tp / (tp + fp + fn), tp / (tp + fp), tp / (tp + fn)], axis=1)
    empty = np.stack([fp + fn == 0, fp + fn == 0, fn == 0, fp == 0], axis=1)
    return np.where(np.isnan(found), empty, found)


def _joined(logits: Logits, truths: Truths) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """All pixels of all images in one row."""
    shapes, expected = ([each.shape for each in maps] for maps in (logits, truths))
    if shapes != expected or sum(each.size for each in logits) == 0:
        odd = next((pair for pair in zip(shapes, expected, strict=False) if pair[0] != pair[1]), (shapes, expected))
        raise GlassboxError("logits", f"shape {odd[0]}", f"the truths' shape {odd[1]}, at least one pixel")
    said = np.concatenate([each.ravel() for each in logits]).astype(np.float32)
    if not np.isfinite(said).all():
        raise GlassboxError("logits", "a value that is not finite", "a trained model's logits")
    return said, np.concatenate([each.ravel() for each in truths])
