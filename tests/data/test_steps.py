"""Preprocessing steps: each does what its formula says, and picture and mask stay together."""

from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassbox.data.steps import (
    aligned,
    apply,
    clahe,
    prepare,
    resize,
    resize_mask,
    shades_of_grey,
)
from glassbox.errors import GlassboxError


@dataclass(frozen=True)
class Colour:
    enabled: bool = False
    p: float = 6


@dataclass(frozen=True)
class Hair:
    enabled: bool = False
    kernel_px: int = 9
    threshold: int = 15
    inpaint_radius_px: int = 3


@dataclass(frozen=True)
class Contrast:
    enabled: bool = False
    clip: float = 2.0
    tiles: int = 8


@dataclass(frozen=True)
class Plan:
    height: int = 48
    width: int = 64
    colour_constancy: Colour = field(default_factory=Colour)
    hair_removal: Hair = field(default_factory=Hair)
    clahe: Contrast = field(default_factory=Contrast)


def skin(seed: int = 0, height: int = 96, width: int = 128) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A bright picture with a dark blob off its middle, and the blob."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    blob = np.hypot((y - 0.4 * height) / height, (x - 0.35 * width) / width) < 0.2
    image = np.where(blob[:, :, None], (120, 80, 60), (220, 180, 160)) + rng.integers(-5, 6, (height, width, 3))
    return image.astype(np.uint8), blob


@pytest.mark.parametrize("size", [(48, 64), (96, 128), (200, 300), (50, 200), (7, 5)])
def test_resizing_keeps_a_flat_picture_flat(size: tuple[int, int]) -> None:
    """Whatever the direction, shape and dtype are as promised and one colour stays one colour."""
    flat = np.full((96, 128, 3), (10, 200, 30), np.uint8)
    small = resize(flat, *size)
    assert small.shape == (*size, 3)
    assert small.dtype == np.uint8
    assert (small == (10, 200, 30)).all()


def test_shrinking_takes_the_mean_of_each_area() -> None:
    """Halving gives the mean of 2 x 2 pixels; half of a pixel covered is enough for the mask."""
    image, _ = skin()
    means = image.reshape(48, 2, 64, 2, 3).mean(axis=(1, 3))
    assert np.abs(resize(image, 48, 64) - means).max() <= 0.5
    mask = np.array([[1, 0, 1, 0], [1, 0, 0, 0]], dtype=bool)
    np.testing.assert_array_equal(resize_mask(mask, 1, 2), [[True, False]])


@given(st.integers(8, 60), st.integers(8, 60), st.integers(4, 60), st.integers(4, 60), st.integers(0, 99))
def test_a_mask_moves_like_its_picture(height: int, width: int, high: int, wide: int, seed: int) -> None:
    """A mask drawn as a picture and resized as one agrees with the resized mask, up to the rounding of a half."""
    mask = np.random.default_rng(seed).random((height, width)) < 0.5
    drawn = resize(np.repeat(mask[:, :, None], 3, axis=2).astype(np.uint8) * 255, high, wide)[:, :, 0]
    moved = resize_mask(mask, high, wide)
    unsure = np.abs(drawn.astype(int) - 127.5) <= 2
    np.testing.assert_array_equal(moved[~unsure], drawn[~unsure] > 127)


@given(st.floats(1, 12), st.integers(0, 99))
def test_shades_of_grey_removes_a_cast(p: float, seed: int) -> None:
    """A grey picture under coloured light comes out grey: the Minkowski means of the channels agree."""
    grey = np.random.default_rng(seed).integers(20, 120, (32, 32, 1))
    cast = np.rint(grey * (1.0, 0.8, 0.6)).astype(np.uint8)
    out = shades_of_grey(cast, p).astype(int)
    assert np.abs(out - out.mean(axis=2, keepdims=True)).max() <= 2


def test_shades_of_grey_by_hand() -> None:
    """p = 1 on one pixel (120, 60, 60): e = (2, 1, 1) / sqrt 6, so each channel becomes 60 sqrt 2 = 84.85."""
    pixel = np.array([[[120, 60, 60]]], dtype=np.uint8)
    np.testing.assert_array_equal(shades_of_grey(pixel, 1), [[[85, 85, 85]]])
    assert (shades_of_grey(pixel * 0, 6) == 0).all()
    with pytest.raises(GlassboxError, match="Minkowski"):
        shades_of_grey(pixel, 0)


def test_clahe_raises_contrast_and_keeps_colour() -> None:
    """The spread of L* grows; a* and b* stay but for rounding."""
    image = np.clip(skin()[0] * 0.2 + 100, 0, 255).astype(np.uint8)
    before, after = (cv2.cvtColor(p, cv2.COLOR_RGB2LAB).astype(int) for p in (image, clahe(image, 3.0, 4)))
    assert after[:, :, 0].std() > 1.2 * before[:, :, 0].std()
    assert np.abs(after[:, :, 1:] - before[:, :, 1:]).max() <= 3


ALL = Plan(colour_constancy=Colour(True), hair_removal=Hair(True), clahe=Contrast(True))


@pytest.mark.parametrize(
    "plan",
    [Plan(), replace(Plan(), colour_constancy=Colour(True)), replace(Plan(), hair_removal=Hair(True)),
     replace(Plan(), clahe=Contrast(True)), ALL],
)  # fmt: skip
def test_every_combination_stays_aligned(plan: Plan) -> None:
    """Sizes are as asked, the input is untouched, the result is repeatable and picture and mask agree."""
    image, mask = skin()
    kept = image.copy()
    out, small = apply(image, mask, plan)
    assert (out.shape, out.dtype, small.shape, small.dtype) == ((48, 64, 3), np.uint8, (48, 64), np.bool_)
    np.testing.assert_array_equal(image, kept)
    np.testing.assert_array_equal(out, prepare(image, plan))
    assert aligned(image, mask, out, small)


def test_a_disabled_step_does_nothing() -> None:
    """With all three off, only the size changes; each one switched on changes the picture."""
    image = skin()[0]
    image[30:90, 100:102] = 30  # a hair
    np.testing.assert_array_equal(prepare(image, Plan()), resize(image, 48, 64))
    for change in ({"colour_constancy": Colour(True)}, {"hair_removal": Hair(True)}, {"clahe": Contrast(True)}):
        assert (prepare(image, replace(Plan(), **change)) != resize(image, 48, 64)).any()  # type: ignore[arg-type]


FAULTS: dict[str, Any] = {
    "mask flipped": lambda image, mask: (image, mask[:, ::-1]),
    "picture flipped": lambda image, mask: (image[:, ::-1], mask),
    "picture upside down": lambda image, mask: (image[::-1], mask),
    "mask shifted": lambda image, mask: (image, np.roll(mask, 4, axis=1)),
    "picture shifted": lambda image, mask: (np.roll(image, 4, axis=1), mask),
    "mask of another size": lambda image, mask: (image, mask[:-1]),
    "mask lost": lambda image, mask: (image, mask & False),
    "mask inverted": lambda image, mask: (image, ~mask),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_misalignment_is_seen(fault: str) -> None:
    """A turn, shift or loss of one of the two alone is reported, with and without changes of colour."""
    image, mask = skin()
    for plan in (Plan(), ALL):
        assert not aligned(image, mask, *FAULTS[fault](*apply(image, mask, plan)))


def test_a_tiny_lesion_may_differ_by_a_pixel_of_outline() -> None:
    """Three pixels across, one pixel of outline is most of the area: still aligned; two pixels off is not."""
    image = np.full((96, 128, 3), 200, np.uint8)
    mask = np.zeros((96, 128), bool)
    mask[40:46, 60:66] = True
    image[mask] = 60
    out, small = apply(image, mask, Plan())
    for step, fine in ((0, True), (1, True), (3, False)):
        assert aligned(image, mask, out, np.roll(small, step, axis=0)) == fine
