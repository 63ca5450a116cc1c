"""glassbox.metrics.surface: against brute force over all pairs of boundary pixels, and against distance transforms."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, distance_transform_edt, generate_binary_structure

from glassbox.errors import GlassboxError
from glassbox.metrics.overlap import Mask
from glassbox.metrics.surface import boundary, hd95_px, surface_dice

H, W = 9, 12
PAIRS = hnp.array_shapes(min_dims=2, max_dims=2, max_side=9).flatmap(
    lambda shape: st.tuples(hnp.arrays(bool, shape), hnp.arrays(bool, shape))
)


def box(top: int, left: int, bottom: int, right: int) -> Mask:
    mask = np.zeros((H, W), bool)
    mask[top:bottom, left:right] = True
    return mask


MASKS = {
    "empty": box(0, 0, 0, 0),
    "full": box(0, 0, H, W),
    "one pixel": box(4, 5, 5, 6),
    "a corner": box(0, 0, 1, 1),
    "the opposite corner": box(H - 1, W - 1, H, W),
    "box": box(2, 3, 7, 9),
    "box moved by one": box(3, 3, 8, 9),
    "two blobs": box(1, 1, 3, 3) | box(6, 8, 8, 11),
    "ring": box(1, 2, 8, 10) & ~box(3, 4, 6, 8),
    "on the edge": box(0, 4, 5, W),
    "row": box(4, 0, 5, W),
}


def outline_by_hand(mask: Mask) -> list[tuple[int, int]]:
    inside = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    return [(y, x) for y, x in inside if not {(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)} <= inside]


def distances_by_hand(truth: Mask, prediction: Mask) -> tuple[list[float], list[float]]:
    a, b = outline_by_hand(truth), outline_by_hand(prediction)
    there = [min(np.hypot(y - v, x - u) for v, u in b) for y, x in a]
    back = [min(np.hypot(y - v, x - u) for v, u in a) for y, x in b]
    return there, back


def percentile_by_hand(values: list[float], percent: float) -> float:
    ordered, place = sorted(values), percent / 100 * (len(values) - 1)
    below = int(place)
    return ordered[below] + (place - below) * (ordered[min(below + 1, len(values) - 1)] - ordered[below])


def check_against_brute_force(truth: Mask, prediction: Mask) -> None:
    there, back = distances_by_hand(truth, prediction)
    expected = max(percentile_by_hand(there, 95), percentile_by_hand(back, 95))
    assert hd95_px(truth, prediction) == pytest.approx(expected, abs=1e-9)
    for tolerance in (0, 1, 1.5, 3):
        near = sum(distance <= tolerance for distance in there + back)
        assert surface_dice(truth, prediction, tolerance) == near / len(there + back)


@pytest.mark.parametrize("truth", [name for name in MASKS if name != "empty"])
@pytest.mark.parametrize("prediction", [name for name in MASKS if name != "empty"])
def test_hand_made_masks_match_brute_force(truth: str, prediction: str) -> None:
    """Both measures equal their definition, taken over all pairs of boundary pixels."""
    check_against_brute_force(MASKS[truth], MASKS[prediction])


@given(PAIRS)
def test_random_masks_match_brute_force(pair: tuple[Mask, Mask]) -> None:
    """The same on any two masks of any shape, one pixel high or wide included."""
    if pair[0].any() and pair[1].any():
        check_against_brute_force(*pair)


@pytest.mark.parametrize("density", [0.001, 0.05, 0.5, 0.97])
def test_larger_masks_match_distance_transforms(density: float) -> None:
    """Distances equal those of SciPy's exact Euclidean distance transform, bit for bit."""
    rng = np.random.default_rng(int(1000 * density))
    truth, prediction = rng.random((2, 120, 150)) < density
    cross = generate_binary_structure(2, 1)
    a, b = (mask & ~binary_erosion(mask, cross, border_value=0) for mask in (truth, prediction))
    there, back = distance_transform_edt(~b)[a], distance_transform_edt(~a)[b]
    assert hd95_px(truth, prediction) == max(np.percentile(there, 95), np.percentile(back, 95))
    assert surface_dice(truth, prediction, 2) == (np.concatenate([there, back]) <= 2).mean()


@pytest.mark.parametrize("name", MASKS)
def test_boundary_is_the_mask_minus_its_erosion(name: str) -> None:
    """The outside of the picture counts as background, so a full mask has its frame as boundary."""
    expected = np.zeros((H, W), bool)
    for y, x in outline_by_hand(MASKS[name]):
        expected[y, x] = True
    np.testing.assert_array_equal(boundary(MASKS[name]), expected)


@pytest.mark.parametrize(
    ("truth", "prediction", "hd95", "dice_at_1"),
    [
        ("empty", "empty", 0.0, 1.0),
        ("box", "empty", 15.0, 0.0),  # hypot(9, 12)
        ("empty", "one pixel", 15.0, 0.0),
        ("box", "box", 0.0, 1.0),
        ("box", "box moved by one", 1.0, 1.0),
        ("a corner", "the opposite corner", np.hypot(8, 11), 0.0),
    ],
)
def test_values_known_beforehand(truth: str, prediction: str, hd95: float, dice_at_1: float) -> None:
    """Both empty is perfect, exactly one empty the worst case: a missed lesion never leaves the mean."""
    assert hd95_px(MASKS[truth], MASKS[prediction]) == pytest.approx(hd95, abs=1e-12)
    assert surface_dice(MASKS[truth], MASKS[prediction], 1) == dice_at_1


def test_five_percent_of_the_boundary_may_stray() -> None:
    """One far pixel in 41 leaves HD95 at 0 in its own direction; taking the 95th percentile is what buys that."""
    truth = np.zeros((3, 60), bool)
    truth[0, :40] = True
    prediction = truth.copy()
    prediction[0, 59] = True
    assert hd95_px(truth, prediction) == 0.0
    prediction[0, 54:] = True
    assert hd95_px(truth, prediction) > 15


def test_the_worse_direction_counts() -> None:
    """A prediction that lies on the truth but covers one of its two parts is as far off as the part it leaves out."""
    truth, prediction = MASKS["a corner"] | MASKS["the opposite corner"], MASKS["a corner"]
    expected = 0.95 * np.hypot(8, 11)
    assert hd95_px(truth, prediction) == pytest.approx(expected)
    assert hd95_px(prediction, truth) == pytest.approx(expected)


@given(PAIRS, st.floats(0, 20))
def test_bounds_and_symmetry(pair: tuple[Mask, Mask], tolerance: float) -> None:
    """Truth and prediction may change places; a mask has distance 0 to itself; values stay in their range."""
    truth, prediction = pair
    assert hd95_px(truth, prediction) == hd95_px(prediction, truth)
    assert surface_dice(truth, prediction, tolerance) == surface_dice(prediction, truth, tolerance)
    assert 0 <= hd95_px(truth, prediction) <= np.hypot(*truth.shape)
    assert 0 <= surface_dice(truth, prediction, tolerance) <= 1
    assert hd95_px(truth, truth) == 0
    assert surface_dice(truth, truth, 0) == 1


@given(PAIRS)
def test_surface_dice_grows_with_the_tolerance(pair: tuple[Mask, Mask]) -> None:
    """More tolerance never lowers the score."""
    values = [surface_dice(*pair, tolerance) for tolerance in (0, 1, 2, 4)]
    assert values == sorted(values)


@given(PAIRS, st.integers(0, 3), st.integers(0, 3))
def test_empty_margins_change_nothing(pair: tuple[Mask, Mask], above: int, left: int) -> None:
    """Where both masks hold something, background around them does not matter."""
    truth, prediction = pair
    if truth.any() and prediction.any():
        wide_truth, wide_prediction = (np.pad(mask, ((above, 1), (left, 2))) for mask in pair)
        assert hd95_px(wide_truth, wide_prediction) == hd95_px(truth, prediction)
        assert surface_dice(wide_truth, wide_prediction, 1) == surface_dice(truth, prediction, 1)


@pytest.mark.parametrize("measure", [hd95_px, lambda truth, prediction: surface_dice(truth, prediction, 2)])
def test_masks_that_do_not_fit_are_refused(measure: Callable[[Mask, Mask], float]) -> None:
    """Differing shapes and masks that are not bool raise, empty ones too."""
    others: list[NDArray[Any]] = [np.zeros((3, 2), bool), np.zeros((2, 3), np.uint8)]
    for other in others:
        with pytest.raises(GlassboxError, match="prediction mask"):
            measure(np.zeros((2, 3), bool), other)


@pytest.mark.parametrize("tolerance", [-1.0, float("nan")])
def test_a_tolerance_below_zero_is_refused(tolerance: float) -> None:
    """A tolerance is zero or more."""
    with pytest.raises(GlassboxError, match="zero or more"):
        surface_dice(MASKS["box"], MASKS["box"], tolerance)
