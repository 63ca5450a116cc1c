"""What is explained: one number per image, computed from the network's raw logits.

Every method of this room explains `operator(logits, data) -> (n,)` and knows nothing else of the task: segmentation
and classification differ only in the operator they pass. Explaining a segmentation through the sum or mean of its
logits over a region is the idea of Seg-Grad-CAM (Vinogradova 2020, arXiv:2002.11434).

An operator is a pure `score` and the `data` it needs for each image (a region, a class). The data is an argument of the
compiled gradient, never a constant in it: new regions do not trace the network again.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError

Rows = NDArray[Any]
Shape = tuple[int | None, ...]
Score = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
Check = Callable[[Rows, Shape], None]


def _accept(data: Rows, logits: Shape) -> None:
    """The check of an operator that takes logits of any shape."""


@dataclass(frozen=True, eq=False)
class Operator:
    """A scalar of the logits: `operator(logits (n, ...), data (n, ...)) -> (n,) float32`.

    score  pure and written in TensorFlow, so that it can be compiled and differentiated. One function object for all
           calls (not a fresh lambda): the compiled gradient is cached by it
    data   what `score` needs for each image, one row an image; a single row holds for every image
    check  raises `GlassboxError` where `data` does not fit logits of a given shape
    """

    score: Score
    data: Rows
    check: Check = _accept

    def __call__(self, logits: tf.Tensor, data: tf.Tensor) -> tf.Tensor:
        return self.score(logits, data)

    def rows(self, count: int) -> Rows:
        """The data of `count` images; refuses another number of rows than 1 or `count`."""
        if len(self.data) not in (1, count):
            raise GlassboxError("operator", f"data of {len(self.data)} images", f"data of 1 or {count}")
        return np.broadcast_to(self.data, (count, *self.data.shape[1:]))

    def each(self, count: int) -> list["Operator"]:
        """One operator for each of `count` images."""
        rows = self.rows(count)
        return [replace(self, data=rows[i : i + 1]) for i in range(count)]


def region_mean(regions: ArrayLike) -> Operator:
    """Mean logit over a region: `sum(region * logit) / sum(region)`.

    regions  (N, H, W) bool, at the size of the logits (N, H, W, 1); any set of pixels of any source

    The mean over an empty region is undefined, and refused with the rows it concerns. Ask `nonempty` first where
    "nothing predicted" is a result to report.
    """
    pixels = np.asarray(regions)
    if pixels.ndim != 3 or pixels.dtype != np.bool_:
        raise GlassboxError("regions", f"{pixels.shape} {pixels.dtype}", "(N, H, W) bool")
    empty = np.flatnonzero(~nonempty(pixels))
    if len(empty):
        rows = ", ".join(map(str, empty))
        raise GlassboxError("regions", f"no pixel in the region of image {rows}", "at least one pixel an image")
    return Operator(_region_mean, pixels, _check_regions)


def nonempty(regions: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which regions hold a pixel: (N, H, W) bool to (N,) bool.

    >>> nonempty(np.array([[[True, False]], [[False, False]]]))
    array([ True, False])
    """
    return np.asarray(regions.any(axis=(1, 2)))


def predicted_region(logits: ArrayLike, threshold: float = 0.5) -> NDArray[np.bool_]:
    """Pixels of predicted foreground, `sigmoid(logit) >= threshold`: (N, H, W, 1) to (N, H, W) bool.

    Compared as `logit >= log(threshold / (1 - threshold))`, which a saturated sigmoid can't blur.

    >>> predicted_region([[[[-1.0], [0.0], [2.0]]]], 0.5)
    array([[[False,  True,  True]]])
    """
    values = np.asarray(logits)
    if values.ndim != 4 or values.shape[-1] != 1:
        raise GlassboxError("logits", f"shape {values.shape}", "(N, H, W, 1)")
    if not 0.0 < threshold < 1.0:
        raise GlassboxError("threshold", str(threshold), "a probability above 0 and below 1")
    return np.asarray(values[..., 0] >= math.log(threshold / (1.0 - threshold)))


def class_logit(index: int | Sequence[int]) -> Operator:
    """The logit of a class, from logits (N, K): `index` for all images, or one index an image.

    A one-logit classifier has the single index 0.
    """
    indices = np.atleast_1d(np.asarray(index))
    if indices.ndim != 1 or not np.issubdtype(indices.dtype, np.integer) or (indices < 0).any():
        raise GlassboxError("class index", str(index), "an integer from 0 on, or one an image")
    return Operator(_class_logit, indices.astype(np.int32), _check_classes)


def _region_mean(logits: tf.Tensor, regions: tf.Tensor) -> tf.Tensor:
    inside = tf.cast(regions, tf.float32)
    total = tf.reduce_sum(tf.cast(logits, tf.float32)[..., 0] * inside, axis=(1, 2))
    return total / tf.reduce_sum(inside, axis=(1, 2))


def _check_regions(regions: Rows, logits: Shape) -> None:
    if logits[1:] != (*regions.shape[1:], 1):
        raise GlassboxError("regions", f"(H, W) = {regions.shape[1:]}", f"those of logits {logits[1:]}, one channel")


def _class_logit(logits: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    return tf.gather(tf.cast(logits, tf.float32), indices, axis=1, batch_dims=1)


def _check_classes(indices: Rows, logits: Shape) -> None:
    if len(logits) != 2:
        raise GlassboxError("class index", f"a network whose logits are {logits}", "a classifier's logits (N, K)")
    classes = logits[1] or 0
    if (indices >= classes).any():
        raise GlassboxError("class index", str(indices.max()), f"0 to {classes - 1}, the network's logits")
