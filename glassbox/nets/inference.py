"""Run a network on pictures."""

from collections.abc import Iterator

import cv2
import keras
import numpy as np
import numpy.typing as npt
from scipy.special import expit

Logits = npt.NDArray[np.float32]
Probability = npt.NDArray[np.float32]


def logits(model: keras.Model, images: npt.NDArray[np.uint8], batch: int = 8) -> Iterator[Logits]:
    """What the network says of each pixel, one `(H, W) float32` map a picture.

    `images`: `(N, H, W, 3) uint8` RGB at the network's size. The last batch is filled up with its last picture, so that
    one compiled function serves all.
    """
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        filled = np.concatenate([part, np.repeat(part[-1:], batch - len(part), axis=0)]) if len(part) < batch else part
        yield from model.predict_on_batch(filled.astype(np.float32) / 255.0)[: len(part), ..., 0]


def probabilities(
    model: keras.Model, images: npt.NDArray[np.uint8], temperature: float, batch: int = 8
) -> Iterator[Probability]:
    """How probably each pixel is target, `sigmoid(logit / temperature)`: one `(H, W) float32` map a picture."""
    for found in logits(model, images, batch):
        yield expit(found / np.float32(temperature))


def flipped(
    model: keras.Model, images: npt.NDArray[np.uint8], temperature: float, batch: int = 8
) -> Iterator[Probability]:
    """`probabilities` of each picture and of its three mirror images, mirrored back: `(4, H, W) float32`.

    The picture's own map comes first. Four times the cost of `probabilities`.
    """
    axes = ((), (1,), (2,), (1, 2))
    copies = [probabilities(model, np.flip(images, axis), temperature, batch) for axis in axes]
    for maps in zip(*copies, strict=True):
        yield np.stack([np.flip(each, tuple(at - 1 for at in axis)) for each, axis in zip(maps, axes, strict=True)])


def at_size(probability: Probability, height: int, width: int) -> Probability:
    """A map `(H, W)`, or each of several, `(F, H, W)`, at a picture's own size, bilinear: masks are scored there."""
    if probability.shape[-2:] == (height, width):
        return probability
    if probability.ndim == 3:
        return np.stack([at_size(each, height, width) for each in probability])
    return np.asarray(cv2.resize(probability, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
