"""The truth of a split's cases, as scores need it: the mask, where in the picture it counts, how it was outlined."""

import math
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassbox.artifacts import Split
from glassbox.data.picture import decode_mask
from glassbox.data.steps import resize_mask
from glassbox.params import Tracing

Mask = NDArray[np.bool_]


class Truth(NamedTuple):
    """One case: `mask` ``(H, W) bool`` at the picture's own size; `region` likewise, None where all of it counts."""

    mask: Mask
    region: Mask | None


def truths(split: Split) -> list[Truth]:
    """The truth of every case, in order."""
    masks = map(decode_mask, split.truths)
    regions = map(decode_mask, split.regions) if split.regions else [None] * len(split.truths)
    return [Truth(mask, region) for mask, region in zip(masks, regions, strict=True)]


def truths_as_seen(split: Split) -> list[Truth]:
    """The truth of every case at the network's size, in order."""
    height, width = split.masks.shape[1:]
    small = [None if region is None else resize_mask(region, height, width) for _, region in truths(split)]
    return [Truth(mask, region) for mask, region in zip(split.masks > 0, small, strict=True)]


def raggedness(mask: Mask, smooth_px: float) -> float:
    """How ragged an outline is: pixels that smoothing moves, beyond what it moves of a smooth line, a pixel of length.

    ``max(0, sum(mask xor (G * mask > 1/2)) - pi s^2 n) / length``, with G a Gaussian of standard deviation `smooth_px`,
    s. A smooth line of curvature k moves s^2 k / 2 inwards, so that a round outline of any size loses pi s^2 of area; n
    is the number of outlines. On pixels it loses that much where s spans several, and next to nothing at 1.5: there
    pi s^2, 7 pixels an outline, is an allowance, which lets small smooth outlines be smooth. What runs along the
    picture's edge, where nothing moves, counts neither in `length`, taken through the pixels' centres, nor in n.
    `mask`: ``(H, W) bool``. nan where no outline is left: of a mask that is empty, one pixel, or the whole picture.
    """
    own = mask.astype(np.uint8)
    contours, _ = cv2.findContours(own, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    lengths = np.array([_lengths(contour[:, 0], mask.shape) for contour in contours]).reshape(-1, 2)
    inside = lengths[:, 0].sum()
    if not inside:
        return math.nan
    smoothed = cv2.GaussianBlur(own.astype(np.float32), (0, 0), smooth_px) > 0.5
    rounded = math.pi * smooth_px**2 * (lengths[:, 0] / np.maximum(lengths[:, 1], 1)).sum()
    return float(max((smoothed != mask).sum() - rounded, 0.0) / inside)


def _lengths(points: NDArray[np.int32], shape: tuple[int, ...]) -> tuple[float, float]:
    """The length of a closed contour ``(N, 2)``, x and y, without what runs along the picture's edge; and with it."""
    steps = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    edge = ((points == 0) | (points == (shape[1] - 1, shape[0] - 1))).any(axis=1)
    return float(steps[~(edge & np.roll(edge, -1))].sum()), float(steps.sum())


def attributes(split: Split, tracing: Tracing | None) -> pd.DataFrame:
    """The split's attributes, and whether each outline was `traced`, where the task tells outlines apart."""
    if tracing is None:
        return split.attributes
    return split.attributes.assign(traced=[traced(mask > 0, tracing) for mask in split.masks])


def traced(mask: Mask, tracing: Tracing) -> float:
    """Whether an outline, at the network's size, looks traced by hand: 1.0 where it is smooth, 0.0 where it is ragged.

    Points with lines between them make a smooth outline, a region that was grown from a seed a ragged one. A guess by
    shape: no data set tells. nan where `raggedness` is.
    """
    found = raggedness(mask, tracing.smooth_px)
    return math.nan if math.isnan(found) else float(found < tracing.below)


def kinds(split: Split, tracing: Tracing | None) -> NDArray[np.str_]:
    """Each case's kind of outline, ``(N,)``: `traced` or `other`.

    `other` for all where the task does not tell outlines apart, and where fewer than `tracing.fewest` cases are of
    either kind, too few to speak for it.
    """
    if tracing is None:
        return np.full(len(split.cases), "other")
    found = np.array([traced(mask > 0, tracing) == 1.0 for mask in split.masks])
    enough = min(found.sum(), (~found).sum()) >= tracing.fewest
    return np.where(found & enough, "traced", "other")


def counts(kinds: NDArray[np.str_]) -> dict[str, dict[str, int]]:
    """How many cases each kind has, under `kinds`; nothing where all are of one."""
    names, n = np.unique(kinds, return_counts=True)
    return {"kinds": {str(name): int(count) for name, count in zip(names, n, strict=True)}} if len(names) > 1 else {}
