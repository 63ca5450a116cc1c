"""glassbox.data.corruption: each kind does what its name says, more so at a higher strength, and repeats."""

import cv2
import numpy as np
import pytest

from glassbox.data.corruption import KINDS, corrupted
from glassbox.errors import GlassboxError

RISING = {
    "blur": (1, 2, 4),
    "noise": (0.03, 0.06, 0.12),
    "jpeg": (50, 25, 10),
    "brightness": (0.1, 0.2, 0.3),
    "colour": (0.1, 0.2, 0.3),
    "hair": (5, 15, 40),
}


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Three smooth pictures with an edge, in the middle of the grey scale."""
    rng = np.random.default_rng(0)
    made = cv2.resize(rng.integers(90, 150, (6, 8, 9)).astype(np.float32), (80, 60))
    made[:, 40:] += 30
    return np.stack(np.split(made, 3, axis=2)).astype(np.uint8)


def test_every_kind_is_tested() -> None:
    """A new kind has its strengths here."""
    assert set(RISING) == set(KINDS)


@pytest.mark.parametrize("kind", RISING)
def test_a_higher_strength_changes_more(images: np.ndarray, kind: str) -> None:
    """The mean absolute change rises, shape and type stay, and the input is left alone."""
    before = images.copy()
    changes = []
    for strength in RISING[kind]:
        made = corrupted(images, kind, strength, seed=3)
        assert (made.shape, made.dtype) == (images.shape, np.uint8)
        changes.append(np.abs(made.astype(int) - images).mean())
    assert 0 < changes[0] < changes[1] < changes[2]
    assert np.array_equal(images, before)


def test_what_each_kind_does(images: np.ndarray) -> None:
    """By hand: brighter by a share of 255; red up and blue down; noise of that spread; a blurred edge is flatter."""
    plain = images.astype(float)
    assert (corrupted(images, "brightness", 0.1, 1) - plain).mean() == pytest.approx(25.5, abs=0.5)
    warm = corrupted(images, "colour", 0.1, 1)
    assert (warm / plain).mean((0, 1, 2)) == pytest.approx([1.1, 1.0, 0.9], abs=0.01)
    assert (corrupted(images, "noise", 0.05, 1) - plain).std() == pytest.approx(0.05 * 255, rel=0.05)
    edge = np.abs(np.diff(corrupted(images, "blur", 3, 1)[..., 0].astype(float), axis=2)).max()
    assert edge < 0.5 * np.abs(np.diff(plain[..., 0], axis=2)).max()
    assert (np.abs(corrupted(images, "hair", 5, 1) - plain).max(axis=3) > 20).mean() < 0.3


@pytest.mark.parametrize("kind", ["noise", "hair"])
def test_draws_differ_between_pictures_and_repeat(images: np.ndarray, kind: str) -> None:
    """The same picture three times is corrupted three ways, and the same ways again."""
    same = np.repeat(images[:1], 3, axis=0)
    first, again, other = (corrupted(same, kind, RISING[kind][2], seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first[0], first[1])


def test_another_kind_is_refused(images: np.ndarray) -> None:
    """With the valid names."""
    with pytest.raises(
        GlassboxError, match="no such kind; expected one of blur, noise, jpeg, brightness, colour, hair"
    ):
        corrupted(images, "rain", 1, 1)
