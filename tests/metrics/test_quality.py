"""glassbox.metrics.quality: signs by hand, the regression, and how failures are found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from glassbox.errors import GlassboxError
from glassbox.metrics import quality


def test_signs_by_hand() -> None:
    """Two pixels in the mask, one of which the flipped copy leaves out."""
    maps = np.array([[[0.9, 0.6, 0.2, 0.0]], [[0.8, 0.4, 0.1, 0.0]]], np.float32)
    found = quality.signs(maps, maps >= 0.5)
    assert found == pytest.approx(
        {"expected_iou": 1.5 / 2.2, "agreement": 0.5, "sharpness": (0.8 + 0.2 + 0.6) / 3}, abs=1e-6
    )


EMPTY = [
    (np.zeros((1, 2, 3), np.float32), (1.0, 1.0, 1.0)),
    (np.ones((2, 2, 3), np.float32), (1.0, 1.0, 1.0)),
    (np.full((2, 1, 4), 0.25, np.float32), (0.0, 1.0, 0.5)),  # nothing outlined, though a pixel of lesion is expected
]


@pytest.mark.parametrize(("maps", "expected"), EMPTY)
def test_empty_and_full_masks_have_signs(maps: np.ndarray, expected: tuple[float, ...]) -> None:
    """No division by zero; a hesitant empty mask is a bad sign."""
    assert tuple(quality.signs(maps, maps >= 0.5).values()) == pytest.approx(expected)


@given(seed=st.integers(0, 2**16), copies=st.integers(1, 4))
def test_signs_and_uncertainty_lie_between_zero_and_one(seed: int, copies: int) -> None:
    """Whatever the maps."""
    maps = np.random.default_rng(seed).random((copies, 5, 6), np.float32)
    assert all(0 <= value <= 1 for value in quality.signs(maps, maps >= 0.4).values())
    found = quality.uncertainty(maps)
    assert (found.shape, found.dtype) == ((5, 6), np.float32)
    assert found.min() >= 0
    assert found.max() <= 1


def test_a_case_is_scored_as_it_is_and_with_its_copies() -> None:
    """The mask of the picture alone for `iou`, that of the mean map for the other two."""
    truth = np.array([[True, True, False, False]])
    maps = np.array([[[0.9, 0.6, 0.6, 0.0]], [[0.9, 0.8, 0.2, 0.0]]], np.float32)
    sizes = []

    def cut(found: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
        sizes.append(size)
        return found >= 0.5

    found = quality.table(["a", "b"], [(truth, None), (~truth, None)], [maps, maps], cut)
    assert set(sizes) == {(1, 4)}
    assert found["case"].tolist() == ["a", "b"]
    assert found["iou"].to_numpy() == pytest.approx([2 / 3, 1 / 4])
    assert (found["tta_iou"].tolist(), found["tta_dice"].tolist()) == ([1.0, 0.0], [1.0, 0.0])
    assert found["agreement"].to_numpy() == pytest.approx([2 / 3, 2 / 3])


def test_the_lowest_come_first() -> None:
    """Ties by name, each with its numbers."""
    cases = pd.DataFrame({"case": ["c", "b", "a"], "quality": [0.5, 0.2, 0.5], "iou": [0.4, 0.9, 0.123]})
    assert quality.lowest(cases, 2) == {"b": "quality 0.20  IoU 0.90", "a": "quality 0.50  IoU 0.12"}


def test_uncertainty_by_hand() -> None:
    """Certain: 0 bits; undecided, or copies that contradict each other: 1 bit; p = 0.25: 0.8113 bits."""
    maps = np.array([[[0.0, 1.0, 0.5, 0.0, 0.25]], [[0.0, 1.0, 0.5, 1.0, 0.25]]], np.float32)
    assert quality.uncertainty(maps)[0] == pytest.approx([0, 0, 1, 1, 0.8113], abs=1e-4)


def signs(n: int) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(n).random((n, 3)), columns=list(quality.SIGNS))


def test_the_regression_finds_the_weights_that_made_the_scores() -> None:
    """And the quality under which a fifth of the cases lies."""
    table = signs(50)
    iou = 0.1 + 0.5 * table["expected_iou"] + 0.2 * table["agreement"] + 0.1 * table["sharpness"]
    record = quality.fitted(table, iou, review=0.2)
    assert record["constant"] == pytest.approx(0.1, abs=1e-5)
    assert [record[name] for name in quality.SIGNS] == pytest.approx([0.5, 0.2, 0.1], abs=1e-5)
    assert quality.predicted(table, record) == pytest.approx(iou.to_numpy(), abs=1e-5)
    assert (quality.predicted(table, record) < record["review_below"]).mean() == pytest.approx(0.2, abs=0.02)


def test_predictions_are_scores() -> None:
    """Cut to [0, 1], however far out the signs."""
    record = {"constant": -0.5, "expected_iou": 3.0, "agreement": 0.0, "sharpness": 0.0}
    table = pd.DataFrame([dict.fromkeys(quality.SIGNS, value) for value in (0.0, 0.3, 1.0)])
    assert quality.predicted(table, record) == pytest.approx([0.0, 0.4, 1.0])


def test_a_case_is_scored_inside_its_region() -> None:
    """False pixels outside do not count."""
    truth, region = np.array([[True, False, False, False]]), np.array([[True, True, False, False]])
    maps = np.array([[[0.9, 0.1, 0.9, 0.9]], [[0.9, 0.1, 0.9, 0.9]]], np.float32)
    found = quality.table(["a", "b"], [(truth, None), (truth, region)], [maps, maps], lambda p, _: p >= 0.5)
    assert found["iou"].to_numpy() == pytest.approx([1 / 3, 1.0])
    assert found["tta_iou"].to_numpy() == pytest.approx([1 / 3, 1.0])


def test_few_cases_leave_the_expected_iou_as_it_is() -> None:
    """Fifteen cases do not settle four weights; none can't even say where to review."""
    table = signs(quality.FEWEST - 1)
    record = quality.fitted(table, np.zeros(len(table)), 0.2)
    assert quality.predicted(table, record) == pytest.approx(table["expected_iou"].to_numpy())
    assert (quality.predicted(table, record) < record["review_below"]).sum() == 3
    with pytest.raises(GlassboxError, match="no case; expected at least one"):
        quality.fitted(signs(0), [], 0.2)


def test_risk_and_coverage_by_hand() -> None:
    """The best-looking case first."""
    found = quality.risk_coverage([0.2, 0.9, 0.5, 0.4], [0.0, 1.0, 0.5, 0.7])
    assert found["coverage"].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert found["risk"].to_numpy() == pytest.approx([0.0, 0.25, 0.8 / 3, 1.8 / 4])


CAUGHT = [(0.25, 0.5), (0.5, 0.5), (0.75, 1.0), (1.0, 1.0), (0.0, 0.0)]


@pytest.mark.parametrize(("share", "expected"), CAUGHT)
def test_how_many_failures_a_review_catches(share: float, expected: float) -> None:
    """Of four cases, the worst-looking and the third of them failed."""
    assert quality.caught([0.1, 0.2, 0.3, 0.4], [True, False, True, False], share) == expected


def scored(told: ArrayLike, iou: ArrayLike) -> pd.DataFrame:
    """A table of predicted and true quality."""
    return pd.DataFrame({"quality": told, "iou": iou, "tta_iou": iou, "tta_dice": iou})


def test_without_a_failure_none_is_missed() -> None:
    """All caught; no curve to speak of."""
    found = quality.summary(scored([0.5, 0.6], [0.9, 0.8]), 0.65, review=0.2, seed=1, resamples=50)
    assert ("auroc" in found, found["caught"], found["n"]) == (False, 1.0, {"cases": 2, "failures": 0})
    assert found["tta"]["iou"]["mean"] == pytest.approx(0.85)


@given(seed=st.integers(0, 2**16))
def test_auroc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    """A failure beside a success: the failure looks worse; ties count half."""
    rng = np.random.default_rng(seed)
    told, iou = rng.integers(0, 6, 20) / 5, rng.random(20)
    failed = iou < 0.5
    found = quality.summary(scored(told, iou), 0.5, review=0.2, seed=1, resamples=50)
    if failed.any() and not failed.all():
        pairs = [(a < b) + 0.5 * (a == b) for a in told[failed] for b in told[~failed]]
        assert found["auroc"] == pytest.approx(np.mean(pairs), abs=1e-4)
    assert found["least_risk"] <= found["mean_risk"] + 1e-4
