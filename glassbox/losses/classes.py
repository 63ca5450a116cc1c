"""Losses of classifiers, from raw logits.

Shapes: `truth` and `logits` `(N, K) float32`; the result is `(N,)`, one value a picture. How much a picture weighs by
its class is `weights`, which training hands to Keras beside the loss.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from keras import KerasTensor, ops

from glassbox.params import CrossEntropy

Loss = Callable[[KerasTensor, KerasTensor], KerasTensor]


def build(settings: CrossEntropy) -> Loss:
    """The loss that a `loss` block names, its targets smoothed."""
    shape, smoothing = SHAPES[settings.name], settings.smoothing

    def loss(truth: KerasTensor, logits: KerasTensor) -> KerasTensor:
        even = 1.0 / truth.shape[-1] if shape is categorical else 0.5
        return shape(truth * (1.0 - smoothing) + smoothing * even, logits)

    return loss


def binary(truth: KerasTensor, logits: KerasTensor) -> KerasTensor:
    """Binary cross-entropy of each flag, mean over a picture's flags.

        mean_k(-t_k log p_k - (1 - t_k) log(1 - p_k)),   p_k = sigmoid(z_k)

    Keras computes it from the logits, so that none gives an infinity, and the slope is `p_k - t_k` at each, 0 too.

    >>> float(binary(ops.ones((1, 1)), ops.zeros((1, 1)))[0])  # log 2
    0.6931...
    """
    return ops.mean(ops.binary_crossentropy(truth, logits, from_logits=True), axis=-1)


def categorical(truth: KerasTensor, logits: KerasTensor) -> KerasTensor:
    """Cross-entropy of classes that shut each other out: `-sum_k(t_k log p_k)`, `p = softmax(z)`.

    >>> float(categorical(ops.convert_to_tensor([[0.0, 1.0]]), ops.zeros((1, 2)))[0])  # log 2
    0.6931...
    """
    return -ops.sum(truth * ops.log_softmax(logits, axis=-1), axis=-1)


SHAPES: dict[str, Loss] = {"binary-cross-entropy": binary, "categorical-cross-entropy": categorical}


def weights(settings: CrossEntropy, targets: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How much each picture weighs, `(N,) float32` of mean 1, by its row of `targets`, `(N, K)`.

    `balanced`: pictures of one row of targets weigh the same in all as those of any other, `N / (rows * n_row)`; for
    several flags the mean over the flags of `N / (2 * n_flag)`. `none`: 1 each.
    """
    if settings.weights == "none":
        return np.ones(len(targets), np.float32)
    if settings.name == "binary-cross-entropy":
        share = targets.mean(axis=0, keepdims=True)
        each = np.where(targets > 0.5, 0.5 / np.maximum(share, 1e-9), 0.5 / np.maximum(1 - share, 1e-9)).mean(axis=1)
    else:
        counts = targets.sum(axis=0)
        each = len(targets) / (np.count_nonzero(counts) * counts[targets.argmax(axis=1)])
    return np.asarray(each / each.mean(), np.float32)
