"""What is explained of a segmentation: hand-drawn masks, and words for what is not there."""

import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.xai.regions import border, region

PREDICTION = np.zeros((8, 10), bool)
PREDICTION[1:3, 1:3] = True  # a part of 4 pixels
PREDICTION[4:7, 5:9] = True  # a part of 12
TRUTH = np.zeros((8, 10), bool)
TRUTH[4:8, 5:8] = True


@pytest.mark.parametrize(
    ("form", "pixels"),
    [
        ("predicted", PREDICTION),
        ("truth", TRUTH),
        ("false-positives", PREDICTION & ~TRUTH),
        ("false-negatives", TRUTH & ~PREDICTION),
        ("component:1", np.pad(np.ones((3, 4), bool), ((4, 1), (5, 1)))),
        ("component:2", np.pad(np.ones((2, 2), bool), ((1, 5), (1, 7)))),
        ("box:2,3,5,7", np.pad(np.ones((3, 4), bool), ((2, 3), (3, 3)))),
        ("pixel:0,9", np.pad(np.ones((1, 1), bool), ((0, 7), (9, 0)))),
    ],
)
def test_a_form_names_its_pixels(form: str, pixels: np.ndarray) -> None:
    """Pixel for pixel."""
    found = region(form, PREDICTION, TRUTH)
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, pixels)


def test_the_border_is_a_band_on_both_sides() -> None:
    """Two pixels inside and two outside of a square, measured along rows and columns."""
    square = np.zeros((20, 20), bool)
    square[6:15, 6:15] = True
    band = border(square)
    assert not band[8:13, 8:13].any() and band[7, 10] and band[6, 10] and band[5, 10] and band[4, 10]
    assert not band[3].any() and not band[8, 10]
    np.testing.assert_array_equal(band, band.T)


@pytest.mark.parametrize("full", [True, False])
def test_a_mask_without_an_outline_has_no_border(full: bool) -> None:
    """Nothing predicted, or everything: the picture's edge is no outline."""
    assert not border(np.full((9, 9), full)).any()


def test_diagonal_neighbours_are_one_part_and_equal_parts_come_in_reading_order() -> None:
    """Parts touch along corners; ties go to the first in reading order."""
    mask = np.eye(6, dtype=bool)
    np.testing.assert_array_equal(region("component:1", mask, None), mask)
    two = np.zeros((3, 5), bool)
    two[1, [0, 4]] = True
    assert region("component:1", two, None)[1, 0] and region("component:2", two, None)[1, 4]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("lesion", "no such region"),
        ("box:1,2", "no such region"),
        ("box:a,2,3,4", "no such region"),
        ("pixel:", "no such region"),
        ("component:0", "2 parts"),
        ("component:3", "2 parts"),
        ("box:0,0,9,5", "8 rows and 10 columns"),
        ("box:5,0,5,5", "8 rows and 10 columns"),
        ("pixel:-1,0", "8 rows and 10 columns"),
        ("pixel:0,10", "8 rows and 10 columns"),
    ],
)
def test_what_is_not_there_is_told(form: str, told: str) -> None:
    """In one line, with what there is."""
    with pytest.raises(GlassboxError, match=told):
        region(form, PREDICTION, TRUTH)


@pytest.mark.parametrize("form", ["truth", "false-positives", "false-negatives"])
def test_without_a_truth_its_forms_are_refused(form: str) -> None:
    """A picture from elsewhere has no true mask."""
    with pytest.raises(GlassboxError, match="no true mask"):
        region(form, PREDICTION, None)
