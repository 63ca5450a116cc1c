"""Losses that judge every pixel by itself.

Shapes: `truth` `(N, H, W, 1) float32` in [0, 1], `logits` `(N, H, W, 1) float32`; the result is `(N,)`, one value an
image, so that a large lesion does not outweigh a small one in another picture.
"""

from keras import KerasTensor, ops


def cross_entropy(truth: KerasTensor, logits: KerasTensor) -> KerasTensor:
    """Binary cross-entropy, mean over each image's pixels.

        mean(-truth * log(p) - (1 - truth) * log(1 - p)),   p = sigmoid(logits)

    Computed from the logits, `max(z, 0) - z * truth + log(1 + exp(-|z|))`, so that no logit gives an infinity.

    >>> float(cross_entropy(ops.ones((1, 2, 2, 1)), ops.zeros((1, 2, 2, 1)))[0])  # log 2
    0.6931...
    """
    losses = ops.maximum(logits, 0.0) - logits * truth + ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.mean(losses, axis=(1, 2, 3))
