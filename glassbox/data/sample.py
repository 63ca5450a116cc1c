"""Replay one row of the augmentation plan on a picture that is told apart: no mask, and its stains.

Geometry and photometric steps are those of `glassbox.data.augment`. Nothing is drawn here: the same row gives the same
bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from skimage.color import hed2rgb, hed_from_rgb

from glassbox.data.augment import Recipe, photometrics, recipes, warp

Image = npt.NDArray[np.uint8]
STAINS = ("haematoxylin", "eosin", "residual")
LEAST = 1e-6  # of light that passes, in [0, 1]: its logarithm is the unit of density, as in scikit-image


@dataclass(frozen=True, slots=True)
class Stains:
    """Factors and shifts of the three stains' densities; 1 and 0 where nothing changes."""

    factors: tuple[float, ...]
    shifts: tuple[float, ...]

    @property
    def changes(self) -> bool:
        """Whether any of them does anything."""
        return any(factor != 1.0 for factor in self.factors) or any(shift != 0.0 for shift in self.shifts)


def stains(plan: pd.DataFrame, number: int) -> list[Stains]:
    """The stains of one pass, in training order."""
    rows = plan[plan["pass"] == number]
    factors, shifts = (rows[[f"{stain}_{what}" for stain in STAINS]].to_numpy() for what in ("factor", "shift"))
    return [Stains(tuple(a), tuple(b)) for a, b in zip(factors.tolist(), shifts.tolist(), strict=True)]


def replay(recipe: Recipe, stained: Stains, image: Image) -> Image:
    """One training sample `(H, W, C) uint8` at the recipe's size, of `(h, w, C) uint8`; C is 1 or 3.

    Stains come right after the geometry, as the laboratory comes before the camera; a grey picture has none.
    """
    grey = image.shape[2] == 1
    made = warp(recipe, in_colour(image))
    if stained.changes and not grey:
        made = restain(made, stained)
    painted = photometrics(recipe, made)
    return painted[:, :, :1] if grey else painted


def first(plan: pd.DataFrame, images: Image, count: int) -> Iterator[tuple[int, Image]]:
    """The first samples of pass 0, in colour, each with the position of its case."""
    for row, stained in list(zip(recipes(plan, 0), stains(plan, 0), strict=True))[:count]:
        yield row.index, in_colour(replay(row, stained, images[row.index]))


def in_colour(image: Image) -> Image:
    """`(H, W, 3) uint8`: a grey picture with its channel three times, another as it is."""
    return np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image


def restain(image: Image, stained: Stains) -> Image:
    """`(H, W, 3) uint8` RGB with each stain's density `d` turned into `factor * d + shift`.

    Densities are the optical densities of Ruifrok 2001's haematoxylin, eosin and DAB, in the units of scikit-image
    (Tellez 2018, arXiv:1808.05896, for the augmentation). A colour that no mixture of the three gives has densities
    below 0; scikit-image's `rgb2hed` cuts them off, and the way back would then lead to another colour.
    """
    densities = np.log(np.maximum(image / 255, LEAST)) / np.log(LEAST) @ hed_from_rgb
    changed = densities * np.array(stained.factors) + np.array(stained.shifts)
    return np.asarray(np.rint(hed2rgb(changed) * 255), np.uint8)
