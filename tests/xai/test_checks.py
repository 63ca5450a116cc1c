"""Agreement of a map with a mask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glassbox.errors import GlassboxError
from glassbox.xai.checks import pointing_game, relevance_mass

T, F = True, False


@pytest.mark.parametrize(
    ("relevance", "mask", "mass", "hit"),
    [
        ([[1.0, 3.0]], [[F, T]], 0.75, 1),
        ([[1.0, 3.0]], [[T, F]], 0.25, 0),
        ([[1.0, 3.0]], [[T, T]], 1.0, 1),
        ([[-9.0, 1.0]], [[T, F]], 0.0, 0),  # relevance against the score does not count
        ([[2.0, 2.0]], [[T, F]], 0.5, 0),  # of two maxima one lies outside
        ([[0.0, 0.0]], [[T, F]], None, None),  # points nowhere
        ([[-1.0, -2.0]], [[T, F]], None, None),
        ([[1.0, 3.0]], [[F, F]], None, None),  # nothing to point at
    ],
)
def test_table(relevance: list, mask: list, mass: float | None, hit: int | None) -> None:
    """Checked by hand, undefined cases included."""
    assert relevance_mass(np.array(relevance), np.array(mask)) == mass
    assert pointing_game(np.array(relevance), np.array(mask)) == hit


@given(arrays(np.float32, (4, 5), elements=st.floats(-8, 8, width=16)), arrays(np.bool_, (4, 5)))
def test_inside_and_outside_make_the_whole(relevance: np.ndarray, mask: np.ndarray) -> None:
    """The masses of a mask and its complement sum to 1; the maximum lies in at most one of them."""
    inside, outside = relevance_mass(relevance, mask), relevance_mass(relevance, ~mask)
    if inside is not None and outside is not None:
        assert 0.0 <= inside <= 1.0
        assert inside + outside == pytest.approx(1.0)
        assert (pointing_game(relevance, mask) or 0) + (pointing_game(relevance, ~mask) or 0) <= 1


@pytest.mark.parametrize(
    ("relevance", "mask"),
    [
        (np.ones((2, 3)), np.ones((3, 2), bool)),
        (np.ones((2, 3)), np.ones((2, 3))),
        (np.ones((1, 2, 3)), np.ones((1, 2, 3), bool)),
        (np.full((2, 3), np.nan), np.ones((2, 3), bool)),
    ],
)
def test_refusals(relevance: np.ndarray, mask: np.ndarray) -> None:
    """Another shape, a mask that is no mask, and NaN."""
    with pytest.raises(GlassboxError, match="relevance"):
        relevance_mass(relevance, mask)
