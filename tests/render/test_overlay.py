"""Overlays, pixel by pixel against the palette and against slow, plain definitions."""

from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette

T, F = True, False
SIZES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10**6))


def scene(size: tuple[int, int, int]) -> tuple[overlay.Picture, overlay.Mask, overlay.Mask]:
    """A random picture with two random masks."""
    height, width, seed = size
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (height, width, 3), np.uint8)
    return image, random.random((height, width)) < 0.6, random.random((height, width)) < 0.6


@pytest.mark.parametrize(
    ("truth", "prediction", "colour"),
    [
        (T, T, palette.TRUE_POSITIVE),
        (F, T, palette.FALSE_POSITIVE),
        (T, F, palette.FALSE_NEGATIVE),
        (F, F, (10, 20, 30)),
    ],
)
def test_errors_paint_each_outcome_in_its_colour(truth: bool, prediction: bool, colour: palette.Colour) -> None:
    """At opacity 1 a pixel has exactly the colour of its outcome; a true negative keeps its own."""
    image = np.full((1, 1, 3), (10, 20, 30), np.uint8)
    drawn = overlay.errors(image, np.array([[truth]]), np.array([[prediction]]), 1.0, 0)
    assert tuple(drawn[0, 0]) == colour


@settings(deadline=None)
@given(SIZES, st.floats(0, 1))
def test_tint_is_a_linear_blend_inside_only(size: tuple[int, int, int], opacity: float) -> None:
    """Inside, round((1 - a) image + a colour); outside, and everywhere at opacity 0, the picture itself."""
    image, mask, _ = scene(size)
    drawn = overlay.tint(image, mask, palette.TRUTH, opacity)
    for y, x in np.ndindex(mask.shape):
        expected = [
            round((1 - opacity) * int(old) + opacity * new) if mask[y, x] else int(old)
            for old, new in zip(image[y, x], palette.TRUTH, strict=True)
        ]
        assert drawn[y, x].tolist() == expected
    assert np.array_equal(overlay.tint(image, mask, palette.TRUTH, 0), image)


@settings(deadline=None)
@given(SIZES, st.integers(0, 3))
def test_boundary_is_what_lies_near_the_outside(size: tuple[int, int, int], width_px: int) -> None:
    """The boundary is the mask's pixels at most ``width_px`` steps from a pixel outside mask or frame."""
    _, mask, _ = scene(size)
    padded = np.pad(mask, 1)
    outside = np.argwhere(~padded) - 1
    expected = np.zeros_like(mask)
    for y, x in np.argwhere(mask):
        expected[y, x] = np.abs(outside - (y, x)).sum(axis=1).min() <= width_px
    assert np.array_equal(overlay.boundary(mask, width_px), expected)


@settings(deadline=None)
@given(SIZES)
def test_contour_paints_the_boundary_and_nothing_else(size: tuple[int, int, int]) -> None:
    """On the boundary the colour, elsewhere the picture, which itself stays as it was."""
    image, mask, _ = scene(size)
    before, edge = image.copy(), overlay.boundary(mask, 1)
    drawn = overlay.contour(image, mask, palette.TRUTH, 1)
    assert (drawn[edge] == palette.TRUTH).all()
    assert np.array_equal(drawn[~edge], image[~edge])
    assert np.array_equal(image, before)


@settings(deadline=None)
@given(SIZES)
def test_errors_leave_true_negatives_and_draw_the_truth_on_top(size: tuple[int, int, int]) -> None:
    """With outlines: true negatives untouched, the truth's boundary whole, the prediction's wherever that leaves it."""
    image, truth, prediction = scene(size)
    drawn = overlay.errors(image, truth, prediction, 0.5, 1)
    true_edge, edge = overlay.boundary(truth, 1), overlay.boundary(prediction, 1)
    assert np.array_equal(drawn[~truth & ~prediction], image[~truth & ~prediction])
    assert (drawn[true_edge] == palette.TRUTH).all()
    assert (drawn[edge & ~true_edge] == palette.PREDICTION).all()


def test_mask_picture_is_black_and_white() -> None:
    """255 inside, 0 outside, in all three channels."""
    picture = overlay.mask_picture(np.array([[T, F]]))
    assert picture.tolist() == [[[255] * 3, [0] * 3]]
    assert picture.dtype == np.uint8


def test_heat_shows_the_colours_of_the_map() -> None:
    """At opacity 1: the first colour at and below ``low``, the last at and above ``high``, the middle between."""
    values = np.array([[-9.0, 2.0, 3.0, 4.0, 99.0]])
    drawn = overlay.heat(np.zeros((1, 5, 3), np.uint8), values, 1.0, (2.0, 4.0))
    colours = matplotlib.colormaps[palette.HEAT]([0, 0, 128, 255, 255], bytes=True)[:, :3]
    assert drawn[0].tolist() == colours.tolist()


def test_heat_of_limits_about_zero_shows_both_signs() -> None:
    """Another map of colours, with zero in its dark middle."""
    drawn = overlay.heat(np.zeros((1, 3, 3), np.uint8), np.array([[-3.0, 0.0, 3.0]]), 1.0, (-3.0, 3.0))
    assert drawn[0].tolist() == matplotlib.colormaps[palette.SIGNED]([0, 128, 255], bytes=True)[:, :3].tolist()


def test_heat_lies_over_a_grey_picture() -> None:
    """At opacity 0 the picture's luma (Rec. 601) is left in all channels."""
    image, _, _ = scene((6, 7, 3))
    drawn = overlay.heat(image, np.zeros((6, 7)), 0.0, (0, 1))
    assert (drawn == drawn[:, :, :1]).all()
    assert np.abs(drawn[:, :, 0] - image @ np.array([0.299, 0.587, 0.114])).max() <= 1


def test_heat_outlines_the_truth_with_a_dark_rim() -> None:
    """The contour lies on the boundary, its rim on the ring of pixels just outside, the rest keeps the map."""
    mask = np.zeros((7, 7), bool)
    mask[2:5, 2:5] = True
    plain = overlay.heat(np.zeros((7, 7, 3), np.uint8), np.ones((7, 7)), 1.0, (0, 1))
    drawn = overlay.heat(np.zeros((7, 7, 3), np.uint8), np.ones((7, 7)), 1.0, (0, 1), mask)
    ring = np.zeros((7, 7), bool)
    ring[1:6, 1:6] = True
    ring &= ~mask
    edge = overlay.boundary(mask, 1)
    assert (drawn[edge] == palette.TRUTH).all()
    assert (drawn[ring] == palette.INK).all()
    assert np.array_equal(drawn[~edge & ~ring], plain[~edge & ~ring])


@pytest.mark.parametrize("factor", [1, 2, 5])
def test_upscale_repeats_pixels(factor: int) -> None:
    """Pixel (y, x) of the result is pixel (y // factor, x // factor) of the original, for pictures and masks."""
    image, mask, _ = scene((3, 4, 0))
    drawn, enlarged = overlay.upscale(image, factor), overlay.upscale(mask, factor)
    assert drawn.shape == (3 * factor, 4 * factor, 3)
    for y, x in np.ndindex(enlarged.shape):
        assert (drawn[y, x] == image[y // factor, x // factor]).all()
        assert enlarged[y, x] == mask[y // factor, x // factor]


@pytest.mark.parametrize(
    ("shape", "fitted"),
    [
        ((96, 128), (192, 256)),
        ((192, 256), (192, 256)),
        ((64, 64), (256, 256)),
        ((28, 28), (252, 252)),
        ((100, 150), (100, 150)),
        ((584, 565), (256, 248)),
        ((767, 1022), (192, 256)),
        ((3, 3000), (1, 256)),
    ],
)
def test_fit_enlarges_by_whole_factors_and_reduces_to_the_cell(shape: tuple[int, int], fitted: tuple[int, int]) -> None:
    """Picture, mask and map of one size end at one size, with their types kept and their flat values unchanged."""
    image = overlay.fit(np.full((*shape, 3), 77, np.uint8))
    mask, values = overlay.fit(np.ones(shape, bool)), overlay.fit(np.full(shape, 0.3))
    assert image.shape == (*fitted, 3)
    assert mask.shape == values.shape == fitted
    assert (image.dtype, mask.dtype, values.dtype) == (np.uint8, np.bool_, np.float64)
    assert (image == 77).all()
    assert mask.all()
    assert np.allclose(values, 0.3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_probability_is_rounded_grey(values: list[float]) -> None:
    """Grey is within half a step of 255 p, 0 stays black and 1 stays white."""
    grey = overlay.probability(np.array([values]))
    assert grey.dtype == np.uint8
    assert np.abs(grey[0] - 255 * np.array(values)).max() <= 0.5
    assert overlay.probability(np.array([[0.0, 1.0]])).tolist() == [[0, 255]]


IMAGE, MASK, MAP = np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), bool), np.zeros((4, 5))
MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("mask:", lambda: overlay.contour(IMAGE, np.zeros((5, 4), bool), palette.TRUTH, 1)),
    ("mask:", lambda: overlay.contour(IMAGE, MASK.astype(np.uint8), palette.TRUTH, 1)),  # type: ignore[arg-type]
    ("mask:", lambda: overlay.errors(IMAGE, MASK, np.zeros((4, 1), bool), 1, 1)),
    ("mask:", lambda: overlay.errors(IMAGE, MASK, np.zeros((5, 4), bool), 1, 0)),
    ("picture:", lambda: overlay.contour(IMAGE[:, :, 0], MASK, palette.TRUTH, 1)),
    ("picture:", lambda: overlay.tint(IMAGE / 255, MASK, palette.TRUTH, 1)),
    ("width_px:", lambda: overlay.contour(IMAGE, MASK, palette.TRUTH, -1)),
    ("opacity:", lambda: overlay.tint(IMAGE, MASK, palette.TRUTH, 1.5)),
    ("opacity:", lambda: overlay.heat(IMAGE, MAP, float("nan"), (0, 1))),
    ("map:", lambda: overlay.heat(IMAGE, np.zeros((5, 4)), 1, (0, 1))),
    ("map:", lambda: overlay.heat(IMAGE, MAP + np.nan, 1, (0, 1))),
    ("limits of a map:", lambda: overlay.heat(IMAGE, MAP, 1, (1, 1))),
    ("mask:", lambda: overlay.heat(IMAGE, MAP, 1, (0, 1), np.zeros((5, 4), bool))),
    ("factor:", lambda: overlay.upscale(IMAGE, 0)),
    ("probability map:", lambda: overlay.probability(MAP + 1.01)),
    ("probability map:", lambda: overlay.probability(MAP + np.nan)),
]


@pytest.mark.parametrize(("where", "call"), MISTAKES)
def test_what_does_not_fit_is_refused(where: str, call: Callable[[], object]) -> None:
    """A wrong shape, type or range is a one-line GlassboxError that names the argument."""
    with pytest.raises(GlassboxError, match=f"^{where}") as caught:
        call()
    assert "\n" not in str(caught.value)
