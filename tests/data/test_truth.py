"""glassbox.data.truth: masks and regions of a split, at the pictures' own size and at the network's."""

import cv2
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from glassbox.artifacts import Split
from glassbox.data.picture import encode_mask
from glassbox.data.truth import attributes, conventions, raggedness, traced, truths, truths_as_seen
from glassbox.params import Tracing

OWN = np.random.default_rng(1).random((2, 12, 16)) < 0.4
FIELD = np.zeros((12, 16), bool)
FIELD[2:10, 4:12] = True
SMALL = OWN[:, ::2, ::2].astype(np.uint8)


def split(regions: tuple[bytes, ...]) -> Split:
    images = np.zeros((2, 6, 8, 3), np.uint8)
    return Split(("a", "b"), images, SMALL, tuple(map(encode_mask, OWN)), pd.DataFrame(index=["a", "b"]), regions)


def test_without_regions_every_pixel_counts() -> None:
    """Masks at their own size and at the network's."""
    assert [np.array_equal(found.mask, own) for found, own in zip(truths(split(())), OWN, strict=True)] == [True, True]
    seen = truths_as_seen(split(()))
    assert [np.array_equal(found.mask, own > 0) for found, own in zip(seen, SMALL, strict=True)] == [True, True]
    assert [found.region for found in (*truths(split(())), *seen)] == [None] * 4


def test_regions_come_at_the_size_of_their_masks() -> None:
    """Own size as stored, the network's as a mask is resized; a part of the split keeps its own."""
    whole = split((encode_mask(FIELD), encode_mask(~FIELD)))
    assert np.array_equal(truths(whole)[1].region, ~FIELD)
    seen = truths_as_seen(whole)
    assert np.array_equal(seen[0].region, FIELD[::2, ::2]) and seen[0].mask.shape == (6, 8)
    (alone,) = truths(whole.of(["b"]))
    assert np.array_equal(alone.region, ~FIELD) and np.array_equal(alone.mask, OWN[1])


TRACING = Tracing(smooth_px=2.5, below=0.15, fewest=2)  # as params.yaml has it for real outlines, but for `fewest`


def polygon(seed: int) -> np.ndarray:
    """Eleven points around the middle, with straight lines between them, on 192 x 256 pixels."""
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 11))
    far = rng.uniform(45, 75, 11)
    points = np.stack([128 + far * np.cos(angles), 96 + far * np.sin(angles)], axis=1).round().astype(np.int32)
    return cv2.fillPoly(np.zeros((192, 256), np.uint8), [points], 1) > 0


def filled_up(seed: int) -> np.ndarray:
    """What lies above one half of a smooth slope in noise: as a program fills up to a faint edge."""
    rng = np.random.default_rng(seed)
    down, right = np.indices((192, 256), float)
    noise = gaussian_filter(rng.normal(size=(192, 256)), 1.2)
    return 60 - np.hypot(down - 96, right - 128) + 12 * noise / noise.std() > 0


@pytest.mark.parametrize("seed", range(5))
def test_points_with_lines_between_are_traced_and_what_was_filled_up_is_not(seed: int) -> None:
    """Mirrored and turned too."""
    for mask, by_hand in ((polygon(seed), True), (filled_up(seed), False)):
        assert [traced(each, TRACING) for each in (mask, mask[::-1].copy(), mask.T.copy())] == [by_hand] * 3


def test_a_rectangle_loses_its_corners_alone() -> None:
    """Smoothed by another library and counted; its outline through the pixels' centres is two sides less one, twice."""
    mask = np.zeros((40, 50), bool)
    mask[8:30, 10:41] = True
    smoothed = gaussian_filter(mask.astype(float), 2.5, mode="mirror") > 0.5
    assert not (smoothed & ~mask).any() and smoothed[8, 25] and not smoothed[8, 10]
    assert raggedness(mask, 2.5) == pytest.approx((mask & ~smoothed).sum() / (2 * (21 + 30)))


@pytest.mark.parametrize("pixels", [[], [(3, 4)]])
def test_a_mask_without_an_outline_is_not_ragged(pixels: list[tuple[int, int]]) -> None:
    """Empty, or one pixel; nor is the whole picture, which has nothing to smooth."""
    mask = np.zeros((9, 9), bool)
    for at in pixels:
        mask[at] = True
    assert raggedness(mask, 2.5) == 0.0 == raggedness(np.ones((9, 9), bool), 2.5)


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(1, 3))
def test_kinds_are_told_apart_where_both_have_enough_cases(kinds: list[bool], fewest: int) -> None:
    """As an attribute always, for a threshold if `fewest` of each are there; neither where the task says nothing."""
    names = tuple(f"case-{at}" for at in range(len(kinds)))
    masks = np.stack([polygon(1) if kind else filled_up(1) for kind in kinds]).astype(np.uint8)
    measured = pd.DataFrame({"size": masks.mean(axis=(1, 2))}, index=list(names))
    made = Split(names, np.zeros((*masks.shape, 3), np.uint8), masks, tuple(map(encode_mask, masks > 0)), measured, ())
    tracing = TRACING.model_copy(update={"fewest": fewest})
    enough = min(kinds.count(True), kinds.count(False)) >= fewest
    assert conventions(made, tracing).tolist() == (kinds if enough else [False] * len(kinds))
    assert attributes(made, tracing)["traced"].tolist() == [float(kind) for kind in kinds]
    assert list(attributes(made, tracing)) == ["size", "traced"]
    assert not conventions(made, None).any() and attributes(made, None) is measured
