"""Superpixels partition the picture, and their confidence is a mean."""

import numpy as np
import pytest
from scipy import ndimage

from glassbox.errors import GlassboxError
from glassbox.xai.superpixel import superpixel_confidence, superpixels


@pytest.fixture
def picture() -> np.ndarray:
    """A dark disc on a bright, slowly changing ground, with a little noise."""
    y, x = np.mgrid[:60, :80]
    ground = np.stack([200 - x, 180 - y, 160 + 0 * x], axis=-1)
    ground[(y - 30) ** 2 + (x - 40) ** 2 < 300] = (90, 60, 40)
    return (ground + np.random.default_rng(0).integers(0, 4, ground.shape)).astype(np.uint8)


@pytest.mark.parametrize(("segments", "compactness"), [(1, 10.0), (20, 10.0), (60, 1.0), (60, 30.0)])
def test_labels_partition_the_picture(picture: np.ndarray, segments: int, compactness: float) -> None:
    """Every pixel has one label, labels run from 0 without a gap, and each one is a connected patch."""
    labels = superpixels(picture, segments, compactness)
    assert labels.shape == picture.shape[:2] and labels.dtype == np.int32
    values = np.unique(labels)
    np.testing.assert_array_equal(values, np.arange(len(values)))
    assert 0.5 * segments <= len(values) <= 1.5 * segments
    assert all(ndimage.label(labels == value)[1] == 1 for value in values)


def test_superpixels_follow_edges_and_repeat(picture: np.ndarray) -> None:
    """Few superpixels straddle the disc's border, and a second run gives the same bytes."""
    labels = superpixels(picture, 60, 10.0)
    assert labels.tobytes() == superpixels(picture.copy(), 60, 10.0).tobytes()
    disc = (picture[..., 0] < 120).astype(float)
    share = superpixel_confidence(disc, labels)
    assert np.abs(share - disc).mean() < 0.02


def test_confidence_is_the_mean_of_each_superpixel() -> None:
    """Constant on a superpixel, equal to the mean by brute force, keeping the picture's total."""
    rng = np.random.default_rng(1)
    probability, labels = rng.random((9, 11)).astype(np.float32), rng.integers(0, 6, (9, 11)) * 2
    result = superpixel_confidence(probability, labels)
    assert result.dtype == np.float32
    for label in np.unique(labels):
        np.testing.assert_allclose(result[labels == label], probability[labels == label].mean(), rtol=1e-6)
    np.testing.assert_allclose(result.sum(), probability.sum(), rtol=1e-5)


@pytest.mark.parametrize(
    ("shape", "dtype", "segments", "compactness"),
    [
        ((8, 8, 3), np.float32, 4, 10.0),
        ((8, 8), np.uint8, 4, 10.0),
        ((8, 8, 3), np.uint8, 0, 10.0),
        ((8, 8, 3), np.uint8, 4, 0.0),
    ],
)
def test_superpixels_refuse(shape: tuple[int, ...], dtype: type, segments: int, compactness: float) -> None:
    """Another kind of picture, no segments, no compactness."""
    with pytest.raises(GlassboxError):
        superpixels(np.zeros(shape, dtype), segments, compactness)


@pytest.mark.parametrize("labels", [np.zeros((3, 4), int), np.zeros((4, 3)), np.full((4, 3), -1)])
def test_confidence_refuses_labels_that_do_not_fit(labels: np.ndarray) -> None:
    """Another size, fractions, and labels below 0."""
    with pytest.raises(GlassboxError, match="labels"):
        superpixel_confidence(np.zeros((4, 3)), labels)
