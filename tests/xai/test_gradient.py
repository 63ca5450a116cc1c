"""The shared gradient: right, traced once, and clear about networks it can't explain."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import CHUNK, check_model, gradients
from glassbox.xai.operator import Operator, class_logit, predicted_region, region_mean

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def unet() -> keras.Model:
    """A U-Net of one level, of free size, that GlassBox did not build."""
    keras.utils.set_random_seed(3)
    image = keras.Input((None, None, 3))
    skip = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    x = layers.Conv2D(6, 3, padding="same", activation="tanh")(layers.MaxPooling2D()(skip))
    x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
    return keras.Model(image, layers.Conv2D(1, 1)(x))


def pictures(count: int, height: int = 8, width: int = 10) -> np.ndarray:
    return RNG.random((count, height, width, 3)).astype(np.float32)


def regions(count: int, height: int = 8, width: int = 10) -> np.ndarray:
    return RNG.random((count, height, width)) < 0.5


def test_scores_and_gradients_are_those_of_an_eager_tape(unet: keras.Model) -> None:
    """Image by image, without a compiled function: the same numbers; more images than a chunk holds."""
    images, where = pictures(CHUNK + 3), regions(CHUNK + 3)
    scores, found = gradients(unet, images, region_mean(where))
    for i in range(len(images)):
        x = tf.constant(images[i : i + 1])
        with tf.GradientTape() as tape:
            tape.watch(x)
            score = tf.reduce_mean(unet(x)[0, ..., 0][where[i]])
        np.testing.assert_allclose(scores[i], score, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found[i], tape.gradient(score, x)[0], atol=1e-6)


def test_one_trace_a_size_serves_every_batch_and_region(unet: keras.Model) -> None:
    """The operator's data is an argument: neither its values nor the batch trace anything anew."""
    traces = []

    def score(logits: tf.Tensor, data: tf.Tensor) -> tf.Tensor:
        traces.append(1)
        return tf.reduce_sum(logits[..., 0] * tf.cast(data, tf.float32), axis=(1, 2))

    for count, height, width in [(1, 8, 10), (3, 8, 10), (CHUNK + 1, 8, 10), (2, 12, 6), (1, 8, 10), (3, 12, 6)]:
        shape = (count, height, width)
        gradients(unet, pictures(*shape), Operator(score, regions(*shape)))
    assert len(traces) == 2


def test_a_second_run_gives_the_same_bits(unet: keras.Model) -> None:
    """Scores and gradients, bit for bit."""
    images, operator = pictures(3, 16, 16), region_mean(regions(3, 16, 16))
    for first, second in zip(gradients(unet, images, operator), gradients(unet, images, operator), strict=True):
        assert first.tobytes() == second.tobytes()


def test_a_change_of_weights_is_seen_after_compiling() -> None:
    """The compiled gradient reads the weights anew: doubling the only kernel doubles the gradient."""
    image = keras.Input((None, None, 3))
    model = keras.Model(image, layers.Conv2D(1, 1)(image))
    images, operator = pictures(1), region_mean(np.ones((1, 8, 10), bool))
    before = gradients(model, images, operator)[1]
    model.set_weights([2.0 * weight for weight in model.get_weights()])
    np.testing.assert_array_equal(gradients(model, images, operator)[1], 2.0 * before)


def test_a_score_that_ignores_the_image_has_gradient_zero(unet: keras.Model) -> None:
    """Zeros, not None."""
    operator = Operator(lambda logits, data: data, np.ones(1, np.float32))
    assert not gradients(unet, pictures(2), operator)[1].any()


def test_frozen_foreign_classifier_of_fixed_size() -> None:
    """A Sequential classifier with another input size and nothing trainable is explained too."""
    model = keras.Sequential(
        [keras.Input((6, 6, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dense(5)]
    )
    model.trainable = False
    images = RNG.random((2, 6, 6, 1)).astype(np.float32)
    scores, found = gradients(model, images, class_logit([4, 0]))
    np.testing.assert_allclose(scores, model(images).numpy()[[0, 1], [4, 0]], rtol=1e-5, atol=1e-6)
    assert found.shape == images.shape and found.any(axis=(1, 2, 3)).all()


def test_predicted_region_feeds_region_mean(unet: keras.Model) -> None:
    """From logits to a region to its gradient; pixels outside its receptive field (7 pixels) have gradient zero."""
    images = pictures(1, 8, 40)
    region = predicted_region(unet(images).numpy(), 0.5)
    region[:, :, 4:] = False
    region[:, 0, 0] = True
    _, found = gradients(unet, images, region_mean(region))
    assert found[:, :, :4].any() and not found[:, :, 12:].any()


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((1, 8, 10, 3), np.uint8),  # not floating point
        np.zeros((8, 10, 3), np.float32),  # no batch axis
        np.zeros((1, 8, 10, 1), np.float32),  # another number of channels
        np.zeros((1, 7, 10, 3), np.float32),  # the skip connection needs an even height
    ],
)
def test_images_that_do_not_fit_are_refused(unet: keras.Model, images: np.ndarray) -> None:
    """One line for the user instead of a TensorFlow traceback."""
    with pytest.raises(GlassboxError, match="images: "):
        gradients(unet, images, Operator(lambda logits, data: logits[:, 0, 0, 0], np.ones(1, np.float32)))


def test_regions_of_another_size_are_refused(unet: keras.Model) -> None:
    """A region of width 1 would broadcast without a word."""
    with pytest.raises(GlassboxError, match="regions"):
        gradients(unet, pictures(1), region_mean(np.ones((1, 8, 1), bool)))


def _sigmoid() -> keras.Model:
    image = keras.Input((None, None, 3))
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid")(image))


def _softmax() -> keras.Model:
    image = keras.Input((4, 4, 3))
    return keras.Model(image, layers.Softmax()(layers.Dense(2)(layers.Flatten()(image))))


def _two_inputs() -> keras.Model:
    one, other = keras.Input((4, 4, 3)), keras.Input((4, 4, 3))
    return keras.Model([one, other], layers.Add()([one, other]))


def _unbuilt() -> keras.Model:
    return keras.Sequential([layers.Conv2D(1, 1)])


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (_sigmoid, "expected raw logits"),
        (_softmax, "expected raw logits"),
        (_two_inputs, "2 inputs and 1 outputs"),
        (_unbuilt, "unbuilt"),
        (keras.Model, "subclassed"),
    ],
)
def test_networks_that_can_not_be_explained_are_refused(build: Callable[[], keras.Model], message: str) -> None:
    """Probabilities saturate and would explain nothing; several inputs have no one gradient."""
    with pytest.raises(GlassboxError, match=message):
        check_model(build())
