"""Hairs: found where they are thin and long, and nothing else is touched."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glassbox.data.hair import dullrazor, hair_mask
from glassbox.errors import GlassboxError


def skin() -> NDArray[np.uint8]:
    """Bright grainy skin with a dark lesion."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:96, :128]
    lesion = np.hypot(y - 38, x - 45) < 22
    image = np.where(lesion[:, :, None], (120, 80, 60), (220, 180, 160)) + rng.integers(-5, 6, (96, 128, 3))
    return image.astype(np.uint8)


def hairy(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The picture with three dark hairs, and the hairs."""
    drawn = np.zeros(image.shape[:2], np.uint8)
    for start, end in (((5, 80), (120, 60)), ((10, 10), (120, 90)), ((100, 5), (110, 90))):
        cv2.line(drawn, start, end, 1, 2)
    return np.where(drawn[:, :, None] > 0, 30, image).astype(np.uint8), drawn > 0


def test_a_knot_does_not_break_a_hair() -> None:
    """Where hairs cross, both are still found from end to end."""
    image = np.full((96, 128, 3), 210, np.uint8)
    for column in range(20, 120, 12):  # pieces of 12 pixels between the knots: too short to count alone
        cv2.line(image, (column, 10), (column, 86), (40, 30, 20), 2)
    cv2.line(image, (20, 48), (110, 48), (40, 30, 20), 2)
    dark = image[:, :, 0] < 100
    assert hair_mask(image, 9, 15)[dark].mean() > 0.95


def test_hairs_are_found_and_painted_over() -> None:
    """Most hair pixels are found, hardly any skin is, and the picture under the hairs comes back."""
    bare = skin()
    image, hairs = hairy(bare)
    found = hair_mask(image, 9, 15)
    assert found[hairs].mean() > 0.7
    assert found[~hairs].mean() < 0.01
    repaired = np.abs(dullrazor(image, 9, 15, 3).astype(int) - bare)[hairs].mean()
    assert repaired < 0.25 * np.abs(image.astype(int) - bare)[hairs].mean()


@pytest.mark.parametrize("radius", [2, 4, 6, 8, 10, 14, 30])
def test_a_round_lesion_is_no_hair(radius: int) -> None:
    """A dark disc of any size, as small as a hair is wide or as large as the picture allows, is left alone."""
    image = np.full((96, 128, 3), 210, np.uint8)
    cv2.circle(image, (64, 48), radius, (70, 40, 30), -1)
    assert not hair_mask(image, 9, 15).any()
    np.testing.assert_array_equal(dullrazor(image, 9, 15, 3), image)


@pytest.mark.parametrize("kernel_px", [0, 2, 8, -3])
def test_a_kernel_without_a_middle_is_refused(kernel_px: int) -> None:
    """The line needs an odd length."""
    with pytest.raises(GlassboxError, match="odd number"):
        hair_mask(skin(), kernel_px, 15)


def test_a_long_thin_lesion_is_no_hair() -> None:
    """Narrow enough for the closing to fill and longer than two kernels, but wider than a hair."""
    image = np.full((96, 128, 3), 210, np.uint8)
    cv2.ellipse(image, (64, 48), (14, 3), 0, 0, 360, (70, 40, 30), -1)
    assert not hair_mask(image, 9, 15).any()
