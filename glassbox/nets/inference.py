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
    """The lesion probability of each pixel, `sigmoid(logit / temperature)`, one `(H, W) float32` map a picture."""
    for found in logits(model, images, batch):
        yield expit(found / np.float32(temperature))


def at_size(probability: Probability, height: int, width: int) -> Probability:
    """A probability map at a picture's own size, bilinear, so that masks are scored where they were drawn."""
    if probability.shape == (height, width):
        return probability
    return np.asarray(cv2.resize(probability, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
