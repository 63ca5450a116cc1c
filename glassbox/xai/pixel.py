"""What a segmentation network says of each pixel: its superpixel's probability, and how unsure it is.

Both read the probabilities themselves, not a score: no operator is asked. A classifier has none, and is refused.
"""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, check_model, forward_all
from glassbox.xai.superpixel import superpixel_confidence


def probabilities(model: keras.Model, images: ArrayLike) -> Floats:
    """`sigmoid(logits)`, (N, H, W, C) to (N, H, W) float32; refuses a network without one logit a pixel."""
    check_pixelwise(model)
    pixels = np.asarray(images, np.float32)
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.sigmoid(forward_all(model, pixels))))[..., 0]


def check_pixelwise(model: keras.Model) -> None:
    """Refuse a network that does not end in one logit a pixel."""
    check_model(model)
    shape = model.outputs[0].shape
    if len(shape) != 4 or shape[-1] != 1:
        raise GlassboxError(f"network {model.name}", f"an output of shape {shape}", "one logit a pixel, (N, H, W, 1)")


def confidence(model: keras.Model, images: ArrayLike, labels: NDArray[np.integer]) -> Floats:
    """The mean probability of each pixel's superpixel; labels (N, H, W) from 0 on."""
    found = probabilities(model, images)
    return np.stack([superpixel_confidence(*pair) for pair in zip(found, labels, strict=True)])


def uncertainty(model: keras.Model, images: ArrayLike) -> Floats:
    """Entropy in bits, 0 to 1, of the mean probability of a picture and its three mirror images, flipped back."""
    pixels = np.asarray(images, np.float32)
    axes: tuple[tuple[int, ...], ...] = ((), (1,), (2,), (1, 2))
    copies = [np.flip(probabilities(model, np.flip(pixels, axis)), axis) for axis in axes]
    p = np.mean(copies, axis=0, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
    return np.asarray(np.nan_to_num(bits), np.float32)  # 0 log 0 is 0
