"""Integrated gradients: how much each pixel contributes to the score, counted from a baseline image."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, check_inputs, chunks, gradients
from glassbox.xai.operator import Operator

SMALLEST_DIFFERENCE = 1e-6
"""Below it, two float32 scores can't be told apart, and a relative error says nothing."""


@dataclass(frozen=True, eq=False)
class IntegratedGradients:
    """maps          (N, H, W, C) float32, signed, in units of the score
    completeness  (N,) float64, relative error of the sum: `|sum(map) - d| / max(|d|, 1e-6)` with
                  `d = f(x) - f(baseline)`; 0 is exact, and a large value asks for more steps
    """

    maps: Floats
    completeness: NDArray[np.float64]


def integrated_gradients(
    model: keras.Model, images: ArrayLike, operator: Operator, baseline: ArrayLike, steps: int
) -> IntegratedGradients:
    """`(x - b) * integral over a in [0, 1] of grad f(b + a (x - b))` (Sundararajan 2017, arXiv:1703.01365).

    images    (N, H, W, C) floating point
    baseline  the same shape, or one number for every value: the image that stands for "nothing there"
    steps     intervals of the trapezoidal rule, from 1 on; costs `steps + 1` gradients an image

    Memory does not grow with `steps`. An image equal to its baseline has a map of zeros and completeness 0.
    """
    pixels, _ = check_inputs(model, images, operator)
    start = np.asarray(baseline, np.float32)
    if start.ndim and start.shape != pixels.shape:
        raise GlassboxError("baseline", f"shape {start.shape}", f"a number, or the images' shape {pixels.shape}")
    if steps < 1:
        raise GlassboxError("steps", str(steps), "at least 1 interval")
    starts = np.broadcast_to(start, pixels.shape)
    maps = np.empty_like(pixels)
    errors = np.empty(len(pixels))
    for i, one in enumerate(operator.each(len(pixels))):
        attribution, difference = _integrate(model, pixels[i], starts[i], one, steps)
        maps[i] = attribution
        errors[i] = abs(attribution.sum() - difference) / max(abs(difference), SMALLEST_DIFFERENCE)
    return IntegratedGradients(maps, errors)


def _integrate(
    model: keras.Model, image: Floats, start: Floats, operator: Operator, steps: int
) -> tuple[NDArray[np.float64], float]:
    """Attribution of one image and `f(image) - f(start)`, both from the same passes along the path."""
    alphas = np.arange(steps + 1, dtype=np.float32) / np.float32(steps)
    weights = np.full(steps + 1, 1.0 / steps)
    weights[[0, -1]] /= 2.0
    scores = np.empty(steps + 1)
    mean = np.zeros(image.shape)  # float64: a thousand float32 terms would lose two digits
    for part in chunks(steps + 1):
        a = alphas[part, None, None, None]
        path = (1.0 - a) * start + a * image  # exact at both ends, which `start + a * (image - start)` is not
        scores[part], gradient = gradients(model, path, operator)
        mean += np.einsum("i,ihwc->hwc", weights[part], gradient)
    return (image.astype(np.float64) - start) * mean, float(scores[-1] - scores[0])
