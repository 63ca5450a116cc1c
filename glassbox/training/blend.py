"""Weights between two trainings of one network."""

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt

from glassbox.errors import GlassboxError

Weights = Sequence[npt.NDArray[np.float32]]


def blend(model: keras.Model, start: Weights, share: float) -> None:
    """Give `model` the weights ``share * start + (1 - share) * its own``, in place.

    `start` is what `model.get_weights()` gave before `model` was trained on: along the straight line between the two
    a fine-tuned network often does better than at either end (weight interpolation, Wortsman 2022, arXiv:2109.01903).
    Statistics of batch normalisation are blended like weights, which is not exact but close: the two lie near each
    other. Raises GlassboxError where `share` is not in [0, 1] or the shapes of `start` are not the model's.
    """
    own = model.get_weights()
    if not 0 <= share <= 1:
        raise GlassboxError("blend", f"share {share}", "a number from 0 to 1")
    if [each.shape for each in own] != [each.shape for each in start]:
        raise GlassboxError("blend", "weights of other shapes", "those of the same network")
    model.set_weights([share * before + (1 - share) * after for before, after in zip(start, own, strict=True)])
