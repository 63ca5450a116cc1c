"""Losses that judge how far two masks overlap: Dice, Tversky, their hybrid and focal Tversky.

Shapes: `truth` `(N, H, W, 1) float32` in [0, 1], `logits` `(N, H, W, 1) float32`; every loss is `(N,)`, one value an
image. With `p = sigmoid(logits)` and sums over one image's pixels,

    TP = sum(p * truth),   FP = sum(p * (1 - truth)),   FN = sum((1 - p) * truth)

`smooth`, in pixels, is added above and below the fraction: a correct empty prediction of an empty truth has loss 0, and
an empty mask gives no division by zero.
"""

from collections.abc import Callable
from functools import partial

from keras import KerasTensor, ops

from glassbox.losses.pixel import cross_entropy
from glassbox.params import Loss as Weights

Loss = Callable[[KerasTensor, KerasTensor], KerasTensor]


def build(weights: Weights) -> Loss:
    """The loss that a `loss` block describes: `(truth, logits) -> (N,)`, plus `pixel` times cross-entropy."""
    numbers = weights.model_dump(exclude={"module", "name", "pixel"})
    overlap = partial(LOSSES[weights.name], **numbers)

    def loss(truth: KerasTensor, logits: KerasTensor) -> KerasTensor:
        total = overlap(truth, logits)
        return total + weights.pixel * cross_entropy(truth, logits) if weights.pixel else total

    return loss


def tversky_index(truth: KerasTensor, logits: KerasTensor, alpha: float, beta: float, smooth: float) -> KerasTensor:
    """Tversky index of each image; alpha weighs false positives, beta false negatives (Salehi 2017, arXiv:1706.05721).

        (TP + smooth) / (TP + alpha * FP + beta * FN + smooth)

    alpha = beta = 0.5 is Dice, alpha = beta = 1 Jaccard.

    >>> truth = ops.reshape(ops.array([1.0, 1.0, 0.0, 0.0]), (1, 2, 2, 1))
    >>> logits = ops.reshape(ops.array([50.0, -50.0, 50.0, -50.0]), (1, 2, 2, 1))  # one TP, one FN, one FP
    >>> round(float(tversky_index(truth, logits, alpha=0.2, beta=0.8, smooth=1.0)[0]), 4)  # 2 / (1 + 0.2 + 0.8 + 1)
    0.6667
    """
    p = ops.sigmoid(logits)
    true_positive = ops.sum(p * truth, axis=(1, 2, 3))
    false_positive = ops.sum(p * (1.0 - truth), axis=(1, 2, 3))
    false_negative = ops.sum((1.0 - p) * truth, axis=(1, 2, 3))
    found = true_positive + smooth
    return found / (found + alpha * false_positive + beta * false_negative)


def tversky(truth: KerasTensor, logits: KerasTensor, alpha: float, beta: float, smooth: float) -> KerasTensor:
    """One minus the Tversky index (Salehi 2017, arXiv:1706.05721)."""
    return 1.0 - tversky_index(truth, logits, alpha, beta, smooth)


def dice(truth: KerasTensor, logits: KerasTensor, smooth: float) -> KerasTensor:
    """One minus soft Dice, `(2 TP + 2 smooth) / (2 TP + FP + FN + 2 smooth)` (Milletari 2016, arXiv:1606.04797)."""
    return tversky(truth, logits, 0.5, 0.5, smooth)


def hybrid(
    truth: KerasTensor,
    logits: KerasTensor,
    dice: float,
    tversky: float,
    alpha: float,
    beta: float,
    smooth: float,
) -> KerasTensor:
    """`dice` times the Dice loss plus `tversky` times the Tversky loss."""
    by_dice = 1.0 - tversky_index(truth, logits, 0.5, 0.5, smooth)
    by_tversky = 1.0 - tversky_index(truth, logits, alpha, beta, smooth)
    return dice * by_dice + tversky * by_tversky


def focal_tversky(
    truth: KerasTensor, logits: KerasTensor, alpha: float, beta: float, gamma: float, smooth: float
) -> KerasTensor:
    """`(1 - Tversky index) ** gamma`: gamma below 1 keeps the gradient up where the overlap is already good.

    Abraham 2018, arXiv:1810.07842, whose exponent 1 / gamma is written gamma here. A floor of 1e-6 keeps the gradient
    finite at a perfect overlap.
    """
    return ops.maximum(tversky(truth, logits, alpha, beta, smooth), 1e-6) ** gamma


LOSSES: dict[str, Callable[..., KerasTensor]] = {
    "dice": dice,
    "tversky": tversky,
    "hybrid": hybrid,
    "focal-tversky": focal_tversky,
}
