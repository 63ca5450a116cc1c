"""Run a network that tells pictures apart."""

from collections.abc import Iterator

import keras
import numpy as np
import numpy.typing as npt

Logits = npt.NDArray[np.float32]


def logits(
    model: keras.Model, images: npt.NDArray[np.uint8], mirrored: bool = False, batch: int = 16
) -> Iterator[Logits]:
    """What the network says of each picture, one `(K,) float32` a picture.

    `images`: `(N, H, W, C) uint8` at the network's size. `mirrored`: the mean with what it says of the mirror image, at
    twice the cost. The last batch is filled up with its last picture, so that one compiled function serves all.
    """
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        filled = np.concatenate([part, np.repeat(part[-1:], batch - len(part), axis=0)]) if len(part) < batch else part
        said = model.predict_on_batch(filled.astype(np.float32) / 255.0)
        if mirrored:
            said = (said + model.predict_on_batch(filled[:, :, ::-1].astype(np.float32) / 255.0)) / 2
        yield from said[: len(part)]
