"""glassbox.data.truth: masks and regions of a split, at the pictures' own size and at the network's."""

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import binary_fill_holes, gaussian_filter, label

from glassbox.artifacts import Split
from glassbox.data.picture import encode_mask
from glassbox.data.truth import attributes, counts, kinds, raggedness, traced, truths, truths_as_seen
from glassbox.params import load

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


TRACING = load(Path(__file__).parents[2] / "params.yaml").tasks["isic"].calibrate.tracing  # type: ignore[union-attr]
RADII = (12, 20, 35, 60, 75)  # of 192 x 256 pixels: 1 to 36 percent of the picture


def polygon(seed: int, radius: float, beside: int = 0) -> np.ndarray:
    """Eleven points around the middle, or `beside` it, with straight lines between them, on 192 x 256 pixels."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 11, endpoint=False) + rng.uniform(-0.2, 0.2, 11)
    far = radius * rng.uniform(0.8, 1.2, 11)
    points = np.stack([128 + beside + far * np.cos(angles), 96 + far * np.sin(angles)], axis=1).round().astype(np.int32)
    return cv2.fillPoly(np.zeros((192, 256), np.uint8), [points], 1) > 0


def grown(seed: int, radius: float, beside: int = 0) -> np.ndarray:
    """What lies above one half of a slope in noise: as a region that grows up to a faint edge, holes filled."""
    rng = np.random.default_rng(seed)
    down, right = np.indices((192, 256), float)
    noise = gaussian_filter(rng.normal(size=(192, 256)), 1.0)
    found = radius - np.hypot(down - 96, right - 128 - beside) + 0.8 * noise / noise.std() > 0
    return binary_fill_holes(label(found)[0] == label(found)[0][96, 128 + beside])


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("seed", range(4))
def test_points_with_lines_between_are_told_from_a_region_that_grew(radius: float, seed: int) -> None:
    """At every size, mirrored and turned, and where the picture's edge leaves half of a larger one."""
    for draw, by_hand in ((polygon, 1.0), (grown, 0.0)):
        mask, cut = draw(seed, radius), draw(seed, 2 * radius, 127)
        assert cut[:, -1].any()
        assert [traced(each, TRACING) for each in (mask, mask[::-1].copy(), mask.T.copy(), cut)] == [by_hand] * 4


def test_the_grown_outlines_drawn_here_are_no_more_ragged_than_real_ones() -> None:
    """The grown ones are 0.05 to 0.2 pixels a pixel, where training masks of ISIC 2017 heap up."""
    found = [raggedness(grown(seed, radius), TRACING.smooth_px) for radius in RADII for seed in range(4)]
    assert min(found) > 0.05 and np.median(found) < 0.2


@pytest.mark.parametrize(("smooth_px", "least"), [(1.5, 0.0), (4.0, 0.8)])
def test_a_disc_of_any_size_and_place_is_smooth(smooth_px: float, least: float) -> None:
    """Smoothing takes at most about pi s^2 pixels of a disc: as much once s spans pixels, next to none at 1.5."""
    rng, down, right = np.random.default_rng(0), *np.indices((192, 256))
    moved = []
    for radius in np.linspace(12, 80, 40):
        disc = np.hypot(down - 96 - rng.random(), right - 128 - rng.random()) < radius
        moved.append(((gaussian_filter(disc.astype(float), smooth_px, mode="mirror") > 0.5) != disc).sum())
        assert raggedness(disc, smooth_px) < (0.001 if smooth_px == 1.5 else 0.1)
    assert least <= np.mean(moved) / (np.pi * smooth_px**2) <= 1


def test_raggedness_by_hand() -> None:
    """A square of 31 pixels with a gap cut into it: smoothed by another library, and its outline walked by hand.

    And one that the picture's edge cuts off: of its outline, 30 steps run along the edge and 90 do not.
    """
    mask = np.zeros((60, 60), bool)
    mask[15:46, 15:46] = True
    mask[15:25, 30] = False
    smoothed = gaussian_filter(mask.astype(float), 1.5, mode="mirror") > 0.5
    length = 4 * 30 - 2 + 2 * 9 + 2 * np.sqrt(2)  # the gap's two walls, and across its foot by two slants
    assert raggedness(mask, 1.5) == pytest.approx(((smoothed != mask).sum() - np.pi * 1.5**2) / length)
    cut = np.zeros((60, 60), bool)
    cut[:31, 15:46] = True
    cut[21:31, 30] = False
    smoothed = gaussian_filter(cut.astype(float), 1.5, mode="mirror") > 0.5
    inside = length - 30
    expected = ((smoothed != cut).sum() - np.pi * 1.5**2 * inside / length) / inside
    assert raggedness(cut, 1.5) == pytest.approx(expected)


@pytest.mark.parametrize("pixels", [[], [(3, 4)]])
def test_a_mask_without_an_outline_is_neither(pixels: list[tuple[int, int]]) -> None:
    """Empty, or one pixel; or the whole picture."""
    mask = np.zeros((9, 9), bool)
    for at in pixels:
        mask[at] = True
    for each in (mask, np.ones((9, 9), bool)):
        assert np.isnan(raggedness(each, 2.5)) and np.isnan(traced(each, TRACING))


DRAWN = {"traced": polygon(1, 40), "other": grown(1, 40), "none": np.zeros((192, 256), bool)}


@given(st.lists(st.sampled_from(sorted(DRAWN)), min_size=1, max_size=6), st.integers(1, 3))
def test_kinds_are_told_apart_where_both_have_enough_cases(drawn: list[str], fewest: int) -> None:
    """As an attribute always, for a threshold if `fewest` of each are there; neither where the task says nothing."""
    names = tuple(f"case-{at}" for at in range(len(drawn)))
    masks = np.stack([DRAWN[kind] for kind in drawn]).astype(np.uint8)
    measured = pd.DataFrame({"size": masks.mean(axis=(1, 2))}, index=list(names))
    made = Split(names, np.zeros((*masks.shape, 3), np.uint8), masks, tuple(map(encode_mask, masks > 0)), measured, ())
    tracing = TRACING.model_copy(update={"fewest": fewest})
    n = drawn.count("traced")
    enough = min(n, len(drawn) - n) >= fewest
    found = kinds(made, tracing)
    assert found.tolist() == ["traced" if enough and kind == "traced" else "other" for kind in drawn]
    assert counts(found) == ({"kinds": {"other": len(drawn) - n, "traced": n}} if enough else {})
    told = attributes(made, tracing)
    assert list(told) == ["size", "traced"]
    assert told["traced"].fillna(-1).tolist() == [{"traced": 1.0, "other": 0.0, "none": -1.0}[kind] for kind in drawn]
    assert set(kinds(made, None)) == {"other"} and attributes(made, None) is measured
