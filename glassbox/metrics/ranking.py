"""How well probabilities order pixels, whatever the threshold: areas under ROC and precision-recall curves."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.metrics import average_precision_score, roc_auc_score

from glassbox.metrics.overlap import Mask

BINS, FARTHEST = 65536, 16.0  # logits are told apart in steps of 1/2048; float32 ends near a logit of 16


class Ranking:
    """Counts pixels by probability and truth, picture by picture, so that no more than one is in memory."""

    def __init__(self) -> None:
        self._pixels = np.zeros((2, BINS), np.int64)  # by truth, by rising probability

    def add(self, truth: Mask, probability: NDArray[np.float32], region: Mask | None = None) -> None:
        """Count the pixels of one picture, ``(H, W)`` each; inside `region` only, where one is given."""
        if region is not None:
            truth, probability = truth[region], probability[region]
        with np.errstate(divide="ignore"):
            scaled = np.clip(logit(probability.astype(np.float64)), -FARTHEST, FARTHEST) / FARTHEST
        at = np.minimum(((scaled + 1) / 2 * BINS).astype(np.int64), BINS - 1)
        for actual in (0, 1):
            self._pixels[actual] += np.bincount(at[truth == bool(actual)].ravel(), minlength=BINS)

    def summary(self) -> dict[str, float]:
        """`roc_auc` and `average_precision` over all pixels together, 4 decimals.

        Pixels of one bin count as equal, which is half right and half wrong. Empty where all pixels are of one kind.
        """
        if not self._pixels.any(axis=1).all():
            return {}
        actual, level = np.repeat([0, 1], BINS), np.tile(np.arange(BINS), 2)
        weights = self._pixels.ravel()
        scored = {"roc_auc": roc_auc_score, "average_precision": average_precision_score}
        return {name: round(float(score(actual, level, sample_weight=weights)), 4) for name, score in scored.items()}
