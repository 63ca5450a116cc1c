"""Occlusion, RISE and LIME: exact on a linear network, equal to a brute-force count on another."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import CHUNK, scores
from glassbox.xai.operator import class_logit, region_mean
from glassbox.xai.perturb import lime, occlusion, rise, rise_masks

Linear = Callable[[np.ndarray], keras.Model]
RNG = np.random.default_rng(10)
IMAGES = RNG.random((2, 16, 20, 3)).astype(np.float32)
FILL = RNG.random((2, 16, 20, 3)).astype(np.float32)
REGION = region_mean(RNG.random((2, 16, 20)) < 0.4)


def hidden(image: np.ndarray, fill: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return (mask[..., None] * image + (1 - mask[..., None]) * fill)[None].astype(np.float32)


@pytest.mark.parametrize(("window", "stride"), [(4, 2), (5, 3), (16, 1), (1, 1), (7, 7)])
def test_occlusion_is_the_mean_fall_over_the_windows(foreign: keras.Model, window: int, stride: int) -> None:
    """Window by window, by hand; the last ones end at the edge, and every pixel is hidden."""
    if window == 1:
        images, fill, region = IMAGES[:1, :4, :4], FILL[:1, :4, :4], region_mean(np.ones((1, 4, 4), bool))
        foreign = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(1, 3, padding="same")])
    else:
        images, fill, region = IMAGES, FILL, REGION
    found = occlusion(foreign, images, region, fill, window, stride)
    for i, one in enumerate(region.each(len(images))):
        height, width = images.shape[1:3]
        tops = sorted({*range(0, height - window + 1, stride), height - window})
        lefts = sorted({*range(0, width - window + 1, stride), width - window})
        falls = [[[] for _ in range(width)] for _ in range(height)]
        whole = scores(foreign, images[i : i + 1], one)[0]
        for top in tops:
            for left in lefts:
                mask = np.ones((height, width))
                mask[top : top + window, left : left + window] = 0
                fall = whole - scores(foreign, hidden(images[i], fill[i], mask), one)[0]
                for y, x in zip(*np.nonzero(mask == 0), strict=True):
                    falls[y][x].append(fall)
        expected = [[np.mean(cell) for cell in row] for row in falls]
        np.testing.assert_allclose(found[i], expected, atol=2e-6)


def test_occlusion_of_single_pixels_of_a_linear_network_is_their_part(linear: Linear) -> None:
    """A window of one pixel: `sum_c w (x - fill)`, the pixel's exact part of the difference."""
    weights = RNG.normal(size=(6, 7, 3)).astype(np.float32)
    images, fill = IMAGES[:, :6, :7], FILL[:, :6, :7]
    found = occlusion(linear(weights), images, class_logit(0), fill, 1, 1)
    np.testing.assert_allclose(found, (weights * (images - fill)).sum(axis=-1), atol=1e-5)


@pytest.mark.parametrize("samples", [1, CHUNK, CHUNK + 3])
def test_rise_is_the_mean_score_of_the_pictures_that_keep_a_pixel(foreign: keras.Model, samples: int) -> None:
    """Every mask at once, weighed by hand."""
    found = rise(foreign, IMAGES, REGION, FILL, samples, 4, 0.5, 3)
    masks = np.stack(list(rise_masks(samples, 4, 0.5, 16, 20, 3))).astype(float)
    for i, one in enumerate(REGION.each(2)):
        each = np.array([scores(foreign, hidden(IMAGES[i], FILL[i], mask), one)[0] for mask in masks], float)
        weight = masks.sum(axis=0)
        expected = np.where(weight > 0, np.einsum("k,khw->hw", each, masks) / np.where(weight > 0, weight, 1), 0)
        np.testing.assert_allclose(found[i], expected, atol=2e-6)


def test_rise_masks_keep_their_share_and_move() -> None:
    """Values in [0, 1], a mean of `kept`, another mask each time, the same for the same seed."""
    masks = np.stack(list(rise_masks(400, 5, 0.3, 30, 40, 0)))
    assert masks.min() >= 0 and masks.max() <= 1
    assert masks.mean() == pytest.approx(0.3, abs=0.02)
    assert (np.abs(masks.mean(axis=0) - 0.3) < 0.1).all()
    assert len(np.unique(masks.reshape(400, -1), axis=0)) == 400
    np.testing.assert_array_equal(masks[:7], list(rise_masks(7, 5, 0.3, 30, 40, 0)))


def test_lime_of_a_linear_network_is_each_superpixels_part(linear: Linear) -> None:
    """With many samples of four superpixels the ridge hardly pulls: within 2 % of `sum w (x - fill)` over each."""
    weights = RNG.normal(size=(16, 20, 3)).astype(np.float32)
    labels = np.zeros((2, 16, 20), np.int32)
    labels[:, :, 10:] += 1
    labels[:, 8:] += 2
    found = lime(linear(weights), IMAGES, class_logit(0), FILL, labels, 2000, 0.5, 0)
    parts = (weights * (IMAGES - FILL)).sum(axis=-1)
    for label in range(4):
        for i in range(2):
            inside = labels[i] == label
            assert np.ptp(found[i][inside]) == 0
            assert found[i][inside][0] == pytest.approx(parts[i][inside].sum(), rel=0.02, abs=0.1)


@pytest.mark.parametrize("explain", ["occlusion", "rise", "lime"])
def test_a_place_that_does_not_matter_has_nothing(linear: Linear, explain: str) -> None:
    """A network of zero weights: hiding changes nothing, and no superpixel weighs anything."""
    model, labels = linear(np.zeros((16, 20, 3), np.float32)), np.tile(np.arange(20) // 5, (2, 16, 1)).astype(np.int32)
    made = {
        "occlusion": lambda: occlusion(model, IMAGES, class_logit(0), 0.0, 4, 2),
        "rise": lambda: rise(model, IMAGES, class_logit(0), 0.0, 10, 4, 0.5, 0),
        "lime": lambda: lime(model, IMAGES, class_logit(0), 0.0, labels, 50, 0.25, 0),
    }[explain]()
    assert made.shape == (2, 16, 20) and made.dtype == np.float32
    np.testing.assert_allclose(made, 0, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda model: occlusion(model, IMAGES, REGION, 0.0, 17, 2), "window 17"),
        (lambda model: occlusion(model, IMAGES, REGION, 0.0, 4, 5), "stride 5"),
        (lambda model: occlusion(model, IMAGES, REGION, 0.0, 4, 0), "stride 0"),
        (lambda model: occlusion(model, IMAGES, REGION, FILL[:1], 4, 2), "fill"),
        (lambda model: rise(model, IMAGES, REGION, 0.0, 0, 4, 0.5, 0), "0 samples"),
        (lambda model: rise(model, IMAGES, REGION, 0.0, 5, 1, 0.5, 0), "1 cells"),
        (lambda model: rise(model, IMAGES, REGION, 0.0, 5, 4, 1.0, 0), "kept 1.0"),
        (lambda model: lime(model, IMAGES, REGION, 0.0, np.zeros((2, 4, 4), int), 5, 0.25, 0), "labels"),
        (lambda model: lime(model, IMAGES, REGION, 0.0, np.zeros((2, 16, 20), int), 1, 0.25, 0), "1 samples"),
        (lambda model: lime(model, IMAGES, REGION, 0.0, np.zeros((2, 16, 20), int), 5, 0.0, 0), "kernel 0"),
    ],
)
def test_senseless_settings_are_refused(foreign: keras.Model, call: Callable[[keras.Model], object], told: str) -> None:
    """One line that names what was given."""
    with pytest.raises(GlassboxError, match=told):
        call(foreign)
