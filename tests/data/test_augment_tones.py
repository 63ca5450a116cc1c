"""Augmentation of tones: what changes pictures and leaves masks, against values by hand."""

from typing import Any

import cv2
import numpy as np
import pytest

from glassbox.data.augment import (
    Recipe,
    photometrics,
    replay,
)

PHOTOMETRIC: dict[str, dict[str, Any]] = {
    "gains": {"gain_r": 1.2, "gain_b": 0.8},
    "contrast": {"contrast": 1.5},
    "brightness": {"brightness": -0.2},
    "hairs": {"hair_count": 5, "hair_seed": 3},
    "blur": {"blur_sigma_px": 1.5},
    "noise": {"noise_sigma": 0.05, "noise_seed": 4},
    "cutout": {"cutout_x": 0.25, "cutout_y": 0.5, "cutout_w": 0.25, "cutout_h": 0.125},
    "jpeg": {"jpeg_quality": 40},
}


@pytest.mark.parametrize("name", list(PHOTOMETRIC))
def test_photometrics_change_the_picture_and_leave_the_mask(name: str) -> None:
    """Every photometric step alters the picture, repeats to the byte, leaves its input and never touches the mask."""
    rng = np.random.default_rng(0)
    image = cv2.resize(rng.integers(0, 256, (6, 8, 3), np.uint8), (128, 96), interpolation=cv2.INTER_CUBIC)
    mask = rng.integers(0, 2, (96, 128), np.uint8)
    plain, changed = Recipe(0, 96, 128), Recipe(0, 96, 128, **PHOTOMETRIC[name])
    kept = image.copy()
    made, made_mask = replay(changed, image, mask)
    assert (made != image).any()
    np.testing.assert_array_equal(made, photometrics(changed, image))
    np.testing.assert_array_equal(image, kept)
    np.testing.assert_array_equal(made_mask, replay(plain, image, mask)[1])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"brightness": 0.1}, [[85.5, 125.5, 165.5]]),
        ({"contrast": 2.0}, [[20, 100, 180]]),
        ({"gain_r": 0.5, "gain_b": 1.5}, [[30, 100, 210]]),
        ({"gain_b": 1.5, "contrast": 0.5, "brightness": -0.1}, [[61.667 + 30 - 25.5, 61.667 + 50 - 25.5, 141.167]]),
        ({"brightness": 0.9}, [[255, 255, 255]]),
    ],
)
def test_tones_by_hand(changed: dict[str, float], expected: list[list[float]]) -> None:
    """One colour (60, 100, 140), mean 100: gains, then contrast about the mean, then brightness, clipped once."""
    image = np.full((4, 4, 3), (60, 100, 140), np.uint8)
    made = photometrics(Recipe(0, 4, 4, **changed), image)
    assert np.abs(made - np.array(expected)).max() <= 0.51


def test_noise_has_its_sigma_and_cutout_its_rectangle() -> None:
    """Noise has the drawn standard deviation about the value; a cutout is exactly its rectangle in the mean colour."""
    image = np.full((96, 128, 3), (90, 120, 150), np.uint8)
    grain = photometrics(Recipe(0, 96, 128, noise_sigma=0.04, noise_seed=9), image) - image.astype(float)
    assert abs(grain.mean()) < 0.3 and grain.std() == pytest.approx(0.04 * 255, rel=0.03)
    image[:, :64] = (10, 40, 250)
    made = photometrics(Recipe(0, 96, 128, **PHOTOMETRIC["cutout"]), image)
    changed = (made != image).any(axis=2)
    assert changed[48:60, 32:64].all() and changed.sum() == 12 * 32
    np.testing.assert_array_equal(made[50, 40], [50, 80, 200])


def test_jpeg_keeps_red_red() -> None:
    """Channels come back from JPEG in RGB order, close to what went in."""
    image = np.full((32, 32, 3), (200, 60, 20), np.uint8)
    assert np.abs(photometrics(Recipe(0, 32, 32, jpeg_quality=90), image).astype(int) - image).max() <= 6


def test_hairs_are_thin_and_more_are_more() -> None:
    """A few hairs cover a few per cent of the picture, mostly darker; each one more adds to those before."""
    image = np.full((192, 256, 3), 180, np.uint8)
    few = photometrics(Recipe(0, 192, 256, hair_count=2, hair_seed=1), image)
    many = photometrics(Recipe(0, 192, 256, hair_count=12, hair_seed=1), image)
    covered = [(made != image).any(axis=2) for made in (few, many)]
    assert 0 < covered[0].mean() < covered[1].mean() < 0.12
    assert (covered[1] | ~covered[0]).all() and many[covered[1]].mean() < 140


def fading(size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Light skin with a dark square in the middle."""
    mask = np.zeros((size, size), np.uint8)
    mask[24:40, 24:40] = 1
    image = np.where(mask[..., None] > 0, np.uint8([60, 40, 20]), np.uint8([200, 160, 140])).astype(np.uint8)
    return image, mask


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_fading_takes_its_share_of_the_contrast(share: float) -> None:
    """With a hard edge, the target moves by that share towards its ring; at 1 it is gone. The skin stays."""
    image, mask = fading()
    made, made_mask = replay(Recipe(0, 64, 64, fade=share), image, mask)
    np.testing.assert_array_equal(made_mask, mask)
    np.testing.assert_array_equal(made[mask == 0], image[mask == 0])
    expected = np.rint(image[30, 30] + share * (image[0, 0].astype(float) - image[30, 30]))
    assert (made[mask > 0] == expected).all()


def test_a_soft_fade_ends_softly() -> None:
    """Inside it fades as a hard one does, and across the edge less and less."""
    image, mask = fading()
    made, _ = replay(Recipe(0, 64, 64, fade=0.5, fade_smoothness=2 / 64), image, mask)
    change = made[32, :, 0].astype(int) - image[32, :, 0]
    assert change[32] == 70 and change[40] > change[43] > change[48] == 0
    assert (np.diff(change[32:]) <= 0).all()


@pytest.mark.parametrize("value", [0, 1])
def test_without_a_target_or_surroundings_nothing_fades(value: int) -> None:
    """An empty mask, and one that fills the picture, leave the picture as it is."""
    image, _ = fading()
    made, _ = replay(Recipe(0, 64, 64, fade=0.5, fade_smoothness=0.05), image, np.full((64, 64), value, np.uint8))
    np.testing.assert_array_equal(made, image)
