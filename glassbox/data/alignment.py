"""Proof, on a sample of the plan, that augmented masks still sit on their pictures."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage

from glassbox.data.augment import Image, Mask, Recipe, geometry, matrix, recipes, replay, shrinkage, warp
from glassbox.errors import GlassboxError

LEAST = 0.98
"""Least `agreement` of one sample; a shift by half a pixel falls below 0.95."""


class Alignment(NamedTuple):
    """Whether a replayed mask is binary, and how well it sits on its picture: see `agreement`."""

    binary: bool
    agreement: float


def verify(
    plan: pd.DataFrame, images: npt.NDArray[np.uint8], masks: npt.NDArray[np.uint8], samples: int
) -> dict[str, float | int]:
    """Replay about `samples` rows, as many of every pass and at least one, and verify each.

    Returns `samples`, `agreement_mean` and `agreement_min`. Raises `GlassboxError` naming the first sample whose mask
    is not binary or agrees less than `LEAST` with an independent warp of the mask along its picture's grid.
    """
    numbers = sorted(plan["pass"].unique())
    each = max(samples // len(numbers), 1)
    agreements = []
    for number in numbers:
        for row in recipes(plan, int(number))[:each]:
            binary, agreement = aligned(row, images[row.index], masks[row.index])
            if not binary or agreement < LEAST:
                found = f"agreement {agreement:.2f}" if binary else "a mask that is not binary"
                raise GlassboxError(f"augmented sample {row.index} of pass {number}", found, f"{LEAST} or more")
            agreements.append(agreement)
    return {
        "samples": len(agreements),
        "agreement_mean": round(float(np.mean(agreements)), 4),
        "agreement_min": round(float(np.min(agreements)), 4),
    }


def aligned(recipe: Recipe, image: Image, mask: Mask) -> Alignment:
    """Replay a row and verify that the mask stayed binary and on its picture.

    `agreement` is the worse of two: of the mask as `replay` makes it, and of the mask painted as a picture and sent
    the picture's way.
    """
    _, made = replay(recipe, image, mask)
    painted = np.repeat((mask != 0).astype(np.uint8)[..., None] * np.uint8(255), 3, axis=2)
    carried = warp(recipe, painted)[..., 0] >= 128
    binary = made.dtype == np.uint8 and bool(np.isin(made, (0, 1)).all())
    return Alignment(binary, min(agreement(recipe, mask, made), agreement(recipe, mask, carried)))


def agreement(recipe: Recipe, mask: Mask, made: Mask) -> float:
    """How well `made` (H, W) sits where `geometry` puts `mask` (h, w), in [0, 1]; 1 is best.

        1 - wrong / max(boundary, 1), at least 0

    The oracle is a second resampling: where `warp` shrinks, it takes area means of its own, and SciPy reads the result
    at the places of `geometry`. A pixel is wrong where that coverage is below 1/4 and `made` is true, or above 3/4 and
    `made` is false; between, either answer is right. `boundary` counts the oracle's pixels of half coverage or more
    that touch one of less above, below, left or right. A shift by more than a quarter of a pixel shows, and costs the
    same on small lesions as on large ones: by half a pixel about 0.2, by two or more all. Both empty gives 1.
    """
    k = shrinkage(matrix(recipe, *mask.shape))
    x, y = geometry(recipe, *mask.shape)
    source = (mask != 0).astype(np.float64)
    if k > 1:
        rows, columns = (_area_weights(side, max(1, round(side / k))) for side in mask.shape)
        source = rows @ source @ columns.T
        y = (y + 0.5) * (source.shape[0] / mask.shape[0]) - 0.5
        x = (x + 0.5) * (source.shape[1] / mask.shape[1]) - 0.5
    coverage = ndimage.map_coordinates(source, [y, x], order=1, mode="reflect")
    truth = coverage >= 0.5
    wrong = np.where(made, coverage < 0.25, coverage > 0.75)
    boundary = truth & ~ndimage.binary_erosion(truth, border_value=1)
    return max(0.0, 1 - float(wrong.sum()) / max(int(boundary.sum()), 1))


def _area_weights(side: int, small: int) -> npt.NDArray[np.float64]:
    """The share of each of `side` pixels in each of `small` equal stretches, (small, side); rows sum to 1."""
    edges = np.arange(small + 1)[:, None] * (side / small)
    pixels = np.arange(side)
    overlap: npt.NDArray[np.float64] = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    return overlap.clip(0) * (small / side)
