"""Does hiding what a map calls relevant change the score? Deletion and insertion, against a random order.

Petsiuk 2018 (arXiv:1806.07421), on logits: pixels are hidden, or shown, in steps of equal number, the most relevant
first, and the score is followed. Areas are in units of the score. They are not put between the scores of the whole
picture and of the hidden one, which may lie close together, or the wrong way round.
"""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, scores
from glassbox.xai.operator import Operator


@dataclass(frozen=True)
class Faithfulness:
    """Mean scores along the curves of one map: what it is worth is their difference from those of a random order.

    deletion   of the picture while its pixels are hidden: lower is better
    insertion  of the hidden picture while pixels are shown: higher is better
    """

    deletion: float
    insertion: float


def faithfulness(
    model: keras.Model, image: Floats, fill: Floats, operator: Operator, relevance: NDArray[np.floating], steps: int
) -> Faithfulness:
    """The areas under the deletion and insertion curves of one map, by the trapezoidal rule over the share of pixels.

    image, fill  (H, W, C); operator of one image; relevance (H, W), finite; of equal values the first pixel goes first
    steps        equal parts of the pixels, from 1 on; costs `2 (steps + 1)` forward passes
    """
    if relevance.shape != image.shape[:2] or not np.isfinite(relevance).all():
        raise GlassboxError("relevance", f"shape {relevance.shape}", f"a finite map of shape {image.shape[:2]}")
    if steps < 1:
        raise GlassboxError("steps", str(steps), "at least 1")
    order = np.argsort(-relevance.ravel(), kind="stable")
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    cuts = np.rint(np.linspace(0, order.size, steps + 1)).astype(int)
    first = np.stack([rank.reshape(relevance.shape) < cut for cut in cuts])[..., None]
    deleted = scores(model, np.where(first, fill, image).astype(np.float32), operator)
    inserted = scores(model, np.where(first, image, fill).astype(np.float32), operator)
    return Faithfulness(*(float(np.trapezoid(curve.astype(np.float64), dx=1 / steps)) for curve in (deleted, inserted)))


def random_order(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    """A map that says nothing: what `faithfulness` of a method is held against."""
    return np.random.default_rng(seed).random(shape)
