"""Guided backpropagation, held against the rule written out by hand."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import gradients
from glassbox.xai.guided import guided_backpropagation
from glassbox.xai.operator import class_logit, region_mean

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("as_layer", [True, False])
def test_two_dense_layers_by_hand(as_layer: bool) -> None:
    """Backwards by matrices: a slope passes where the unit is active and the slope positive."""
    shapes = (12, 9), (9, 7), (7, 1)
    kernels = [RNG.normal(size=shape).astype(np.float32) for shape in shapes]
    image = keras.Input((2, 2, 3))
    x = layers.Flatten()(image)
    for kernel in kernels[:2]:
        x = layers.Dense(kernel.shape[1], use_bias=False, activation=None if as_layer else "relu")(x)
        x = layers.ReLU()(x) if as_layer else x
    model = keras.Model(image, layers.Dense(1, use_bias=False)(x))
    model.set_weights(kernels)
    images = RNG.normal(size=(5, 2, 2, 3)).astype(np.float32)

    hidden1 = np.maximum(images.reshape(5, 12) @ kernels[0], 0)
    hidden2 = np.maximum(hidden1 @ kernels[1], 0)
    slope = np.repeat(kernels[2].T, 5, axis=0)
    slope = np.where((hidden2 > 0) & (slope > 0), slope, 0) @ kernels[1].T
    slope = np.where((hidden1 > 0) & (slope > 0), slope, 0) @ kernels[0].T
    found = guided_backpropagation(model, images, class_logit(0))
    np.testing.assert_allclose(found, slope.reshape(images.shape), rtol=1e-5, atol=1e-6)


def test_the_network_is_left_as_it_was_and_later_weights_count(foreign: keras.Model) -> None:
    """Its own gradient does not change, and the guided one follows its weights."""
    images, region = RNG.random((1, 16, 20, 3)).astype(np.float32), region_mean(np.ones((1, 16, 20), bool))
    before = gradients(foreign, images, region)[1]
    guided = guided_backpropagation(foreign, images, region)
    np.testing.assert_array_equal(gradients(foreign, images, region)[1], before)
    assert (guided != before).any()
    weights = foreign.get_weights()
    try:
        foreign.set_weights([*weights[:-2], 2 * weights[-2], weights[-1]])
        np.testing.assert_allclose(guided_backpropagation(foreign, images, region), 2 * guided, rtol=1e-4, atol=1e-8)
    finally:
        foreign.set_weights(weights)


def test_a_network_without_relu_is_refused(linear: Callable[[np.ndarray], keras.Model]) -> None:
    """There is nothing to guide; a ReLU with a ceiling is none."""
    with pytest.raises(GlassboxError, match="no ReLU"):
        guided_backpropagation(linear(np.ones((4, 4, 3), np.float32)), np.ones((1, 4, 4, 3)), class_logit(0))
    image = keras.Input((4, 4, 3))
    capped = keras.Model(image, layers.Conv2D(1, 1)(layers.ReLU(max_value=6)(image)))
    with pytest.raises(GlassboxError, match="no ReLU"):
        guided_backpropagation(capped, np.ones((1, 4, 4, 3)), region_mean(np.ones((1, 4, 4), bool)))


def test_relus_of_networks_within_a_network_are_guided() -> None:
    """A backbone as a layer: the same map as of the same layers one by one; a ReLU that is no layer is refused."""
    keras.utils.set_random_seed(3)
    first, second = (layers.Conv2D(4, 3, padding="same", activation="relu") for _ in range(2))
    image = keras.Input((8, 8, 3))
    end = layers.Conv2D(1, 1)
    flat = keras.Model(image, end(second(first(image))))
    nested = keras.Model(image, end(keras.Sequential([image, first, second])(image)))
    images = np.random.default_rng(2).random((1, 8, 8, 3)).astype(np.float32)
    operator = region_mean(np.ones((1, 8, 8), bool))
    expected = guided_backpropagation(flat, images, operator)
    assert expected.any()
    np.testing.assert_allclose(guided_backpropagation(nested, images, operator), expected, atol=1e-7)
    loose = keras.Model(image, end(keras.ops.relu(first(image))))
    with pytest.raises(GlassboxError, match="a ReLU that is no layer"):
        guided_backpropagation(loose, images, operator)
