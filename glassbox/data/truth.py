"""The truth of a split's cases, as scores need it: the mask, and where in the picture it counts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassbox.artifacts import Split
from glassbox.data.picture import decode_mask
from glassbox.data.steps import resize_mask

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
