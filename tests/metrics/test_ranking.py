"""glassbox.metrics.ranking: areas under the curves, against scikit-learn on the pixels themselves."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import average_precision_score, roc_auc_score

from glassbox.metrics.ranking import Ranking

TRUTHS = np.random.default_rng(1).random((3, 40, 50)) < 0.2
LOGITS = np.random.default_rng(2).normal(4.0 * TRUTHS - 3.0, 2.0)
PROBABILITIES = expit(LOGITS).astype(np.float32)


def ranked(region: np.ndarray | None = None) -> dict[str, float]:
    ranking = Ranking()
    for truth, probability in zip(TRUTHS, PROBABILITIES, strict=True):
        ranking.add(truth, probability, region)
    return ranking.summary()


def test_areas_are_those_of_all_pixels_together() -> None:
    """Pooled over the pictures, to the fourth decimal."""
    assert ranked() == pytest.approx(
        {
            "roc_auc": roc_auc_score(TRUTHS.ravel(), PROBABILITIES.ravel()),
            "average_precision": average_precision_score(TRUTHS.ravel(), PROBABILITIES.ravel()),
        },
        abs=2e-4,
    )


def test_only_the_region_counts() -> None:
    """What lies outside changes nothing."""
    region = np.zeros(TRUTHS.shape[1:], bool)
    region[10:30, 5:45] = True
    inside = np.broadcast_to(region, TRUTHS.shape)
    assert ranked(region)["roc_auc"] == pytest.approx(roc_auc_score(TRUTHS[inside], PROBABILITIES[inside]), abs=2e-4)


def test_certainty_has_a_place() -> None:
    """Probabilities of exactly 0 and 1 are the outermost; a perfect order has areas of 1."""
    ranking = Ranking()
    ranking.add(np.array([[True, True, False, False]]), np.array([[1.0, 0.7, 0.3, 0.0]], np.float32))
    assert ranking.summary() == {"roc_auc": 1.0, "average_precision": 1.0}


def test_equal_probabilities_are_half_right() -> None:
    """No order at all is an area of one half."""
    ranking = Ranking()
    ranking.add(np.array([[True, False, False]]), np.full((1, 3), 0.25, np.float32))
    assert ranking.summary()["roc_auc"] == 0.5


@pytest.mark.parametrize("value", [True, False])
def test_pixels_of_one_kind_have_no_order(value: bool) -> None:
    """Undefined scores are left out."""
    ranking = Ranking()
    ranking.add(np.full((2, 2), value), np.full((2, 2), 0.5, np.float32))
    assert ranking.summary() == {}
