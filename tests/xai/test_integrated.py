"""Integrated gradients: exact where that is possible, and honest about its error elsewhere."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.xai.integrated import integrated_gradients
from glassbox.xai.operator import Operator, class_logit, region_mean

RNG = np.random.default_rng(3)
IMAGES = RNG.random((2, 6, 8, 3)).astype(np.float32)
WHOLE = region_mean(np.ones((1, 6, 8), bool))


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """A small segmenter, smooth but not linear, of free size."""
    keras.utils.set_random_seed(4)
    image = keras.Input((None, None, 3))
    x = layers.Conv2D(6, 3, padding="same", activation="tanh")(image)
    return keras.Model(image, layers.Conv2D(1, 3, padding="same")(x))


def square(image: keras.KerasTensor) -> keras.Model:
    """Logits (N, H, W, 1) `sum_c x_c^2`, whose path integral is known."""
    return keras.Model(image, keras.ops.sum(keras.ops.square(image), axis=-1, keepdims=True))


@pytest.mark.parametrize("steps", [1, 5, 20])
@pytest.mark.parametrize("baseline", [0.0, 0.25, RNG.random((2, 6, 8, 3)).astype(np.float32)])
def test_exact_on_a_linear_network(baseline: float | np.ndarray, steps: int) -> None:
    """`w * (x - b)` with any number of steps, and complete."""
    weights = RNG.normal(size=(6, 8, 3)).astype(np.float32)
    image = keras.Input((6, 8, 3))
    model = keras.Model(image, layers.Dense(1)(layers.Flatten()(image)))
    model.set_weights([weights.reshape(-1, 1), np.ones(1)])
    result = integrated_gradients(model, IMAGES, class_logit(0), baseline, steps)
    np.testing.assert_allclose(result.maps, weights * (IMAGES - baseline), rtol=1e-5, atol=1e-7)
    assert result.completeness.shape == (2,) and (result.completeness < 1e-5).all()


@pytest.mark.parametrize("steps", [1, 7, 8, 30])
def test_the_rule_is_the_trapezoidal_one(steps: int) -> None:
    """On `sum x^3`: the trapezoid over [0, x] is `x^3 (1 + 1 / (2 n^2))`, whichever way the steps fall into chunks."""
    image = keras.Input((None, None, 3))
    cube = keras.Model(image, keras.ops.sum(image**3, axis=-1, keepdims=True))
    total = Operator(_sum, np.zeros(1, np.float32))
    result = integrated_gradients(cube, IMAGES, total, 0.0, steps)
    excess = 1.0 / (2.0 * steps**2)
    np.testing.assert_allclose(result.maps, IMAGES**3 * (1.0 + excess), rtol=1e-5)
    np.testing.assert_allclose(result.completeness, excess, rtol=1e-2, atol=1e-6)


def _sum(logits: tf.Tensor, data: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(logits, axis=(1, 2, 3))


def test_maps_sum_to_the_difference_of_scores(network: keras.Model) -> None:
    """Completeness against scores computed here, and an error that shrinks with more steps."""
    difference = network(IMAGES).numpy().mean(axis=(1, 2, 3)) - network(IMAGES * 0).numpy().mean(axis=(1, 2, 3))
    coarse = integrated_gradients(network, IMAGES, WHOLE, 0.0, 2)
    fine = integrated_gradients(network, IMAGES, WHOLE, 0.0, 64)
    np.testing.assert_allclose(fine.maps.sum(axis=(1, 2, 3)), difference, rtol=1e-3)
    sums = coarse.maps.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(coarse.completeness, np.abs(sums - difference) / np.abs(difference), rtol=1e-2)
    assert (fine.completeness < 0.1 * coarse.completeness).all()


def test_an_input_that_does_not_matter_gets_exactly_zero(network: keras.Model) -> None:
    """Unchanged from its baseline, or out of the region's reach (its receptive field is 5 pixels wide)."""
    baseline = IMAGES.copy()
    baseline[:, :3] = 0.0
    corner = np.zeros((1, 6, 8), bool)
    corner[:, 0, 0] = True
    maps = integrated_gradients(network, IMAGES, region_mean(corner), baseline, 4).maps
    assert maps[:, :3, :3].all() and not maps[:, 3:].any() and not maps[:, :, 3:].any()


def test_an_image_equal_to_its_baseline_is_zero_and_complete(network: keras.Model) -> None:
    """No division by the zero difference."""
    result = integrated_gradients(network, IMAGES, WHOLE, IMAGES, 3)
    assert not result.maps.any() and not result.completeness.any()


def test_each_image_has_its_own_region(network: keras.Model) -> None:
    """A batch gives what its images give alone, bit for bit."""
    regions = RNG.random((2, 6, 8)) < 0.5
    both = integrated_gradients(network, IMAGES, region_mean(regions), 0.0, 10)
    for i in range(2):
        alone = integrated_gradients(network, IMAGES[i : i + 1], region_mean(regions[i : i + 1]), 0.0, 10)
        assert alone.maps.tobytes() == both.maps[i].tobytes()


@pytest.mark.parametrize(
    ("baseline", "steps", "message"),
    [
        (np.zeros((2, 3, 4, 3)), 4, r"baseline: shape \(2, 3, 4, 3\)"),
        (np.zeros((1, 6, 8, 3)), 4, "baseline"),
        (0.0, 0, "steps: 0; expected at least 1"),
        (0.0, -2, "steps"),
    ],
)
def test_refusals(network: keras.Model, baseline: float | np.ndarray, steps: int, message: str) -> None:
    """A baseline of another size, and no steps, are user errors."""
    with pytest.raises(GlassboxError, match=message):
        integrated_gradients(network, IMAGES, WHOLE, baseline, steps)
