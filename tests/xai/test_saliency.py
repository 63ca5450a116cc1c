"""Saliency, exact where the network is linear."""

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.xai.operator import class_logit, region_mean
from glassbox.xai.saliency import saliency

RNG = np.random.default_rng(2)
IMAGES = RNG.random((3, 6, 7, 3)).astype(np.float32)


def linear_classifier(weights: np.ndarray) -> keras.Model:
    """Logits `sum w_k x`, with weights (H, W, C, K)."""
    image = keras.Input(weights.shape[:3])
    model = keras.Model(image, layers.Dense(weights.shape[3])(layers.Flatten()(image)))
    model.set_weights([weights.reshape(-1, weights.shape[3]), np.zeros(weights.shape[3])])
    return model


@pytest.mark.parametrize("index", [0, 1])
def test_saliency_of_a_linear_classifier_is_its_largest_weight(index: int) -> None:
    """`max_c |w|`, bit for bit, the same for every image."""
    weights = RNG.normal(size=(6, 7, 3, 2)).astype(np.float32)
    maps = saliency(linear_classifier(weights), IMAGES, class_logit(index))
    assert maps.dtype == np.float32
    np.testing.assert_array_equal(maps, np.broadcast_to(np.abs(weights[..., index]).max(-1), (3, 6, 7)))


def test_saliency_of_a_linear_segmenter_is_its_weight_over_the_regions_size() -> None:
    """Inside the region `max_c |w_c| / |region|`, outside 0."""
    image = keras.Input((None, None, 3))
    model = keras.Model(image, layers.Conv2D(1, 1)(image))
    model.set_weights([np.float32([0.5, -2.0, 1.0]).reshape(1, 1, 3, 1), np.ones(1)])
    regions = RNG.random((3, 6, 7)) < 0.3
    expected = regions * 2.0 / regions.sum(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(saliency(model, IMAGES, region_mean(regions)), expected, rtol=1e-6)


def test_a_pixel_that_does_not_matter_has_saliency_zero() -> None:
    """Zero weights give exactly zero, whatever the pixel's value."""
    weights = RNG.normal(size=(6, 7, 3, 1)).astype(np.float32)
    weights[2, 3] = 0.0
    maps = saliency(linear_classifier(weights), IMAGES, class_logit(0))
    assert not maps[:, 2, 3].any()
    assert (maps > 0).sum() == 3 * (6 * 7 - 1)
