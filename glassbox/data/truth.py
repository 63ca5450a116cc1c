"""The truth of a split's cases, as scores need it: the mask, where in the picture it counts, how it was outlined."""

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
    """How ragged an outline is: pixels that change sides when it is smoothed, per pixel of its length.

    ``sum(mask xor (G * mask > 1/2)) / length``, with G a Gaussian of standard deviation `smooth_px` and the length that
    of all contours through the pixels' centres. `mask`: ``(H, W) bool``. 0.0 where the length is 0, as when empty.
    """
    own = mask.astype(np.uint8)
    contours, _ = cv2.findContours(own, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(contour, closed=True) for contour in contours)
    smoothed = cv2.GaussianBlur(own.astype(np.float32), (0, 0), smooth_px) > 0.5
    return float((smoothed != mask).sum() / length) if length else 0.0


def traced(mask: Mask, tracing: Tracing) -> bool:
    """Whether an outline, at the network's size, was traced by hand: by points with straight lines between them.

    Such a line is smooth; one that a program filled up to is ragged.
    """
    return raggedness(mask, tracing.smooth_px) < tracing.below


def attributes(split: Split, tracing: Tracing | None) -> pd.DataFrame:
    """The split's attributes, and `traced`, 0.0 or 1.0, where the task tells outlines apart."""
    if tracing is None:
        return split.attributes
    return split.attributes.assign(traced=[float(traced(mask > 0, tracing)) for mask in split.masks])


def conventions(split: Split, tracing: Tracing | None) -> NDArray[np.bool_]:
    """Which cases were `traced`, ``(N,) bool``: none where the task does not tell outlines apart.

    And none where fewer than `tracing.fewest` cases are of either kind, too few to speak for it.
    """
    if tracing is None:
        return np.zeros(len(split.cases), bool)
    found = np.array([traced(mask > 0, tracing) for mask in split.masks], bool)
    enough = min(found.sum(), (~found).sum()) >= tracing.fewest
    return found if enough else np.zeros_like(found)
