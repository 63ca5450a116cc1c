"""A network's raw logits: found behind whatever stands at its end, with the same weights."""

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import gradients
from glassbox.xai.logits import to_logits
from glassbox.xai.operator import region_mean

IMAGES = np.random.default_rng(3).random((2, 6, 8, 3)).astype(np.float32)


def ending(*last: layers.Layer | None, activation: str | None = None, channels: int = 1) -> keras.Model:
    keras.utils.set_random_seed(2)
    image = keras.Input((6, 8, 3))
    x = layers.Conv2D(channels, 3, padding="same", activation=activation, name="end")(image)
    for layer in last:
        x = layer(x)
    return keras.Model(image, x)


@pytest.mark.parametrize(
    "model",
    [
        ending(activation="sigmoid"),
        ending(layers.Activation("sigmoid")),
        ending(layers.Activation("linear", dtype="float32"), activation="sigmoid"),
        ending(layers.Activation("sigmoid"), layers.Reshape((6, 8, 1))),
        ending(activation=None),
    ],
    ids=["activation", "layer", "mixed precision", "reshaped", "none"],
)
def test_a_sigmoid_is_taken_off(model: keras.Model) -> None:
    """What is left is the convolution's own output, which gives the probabilities back; it can be explained."""
    logits = to_logits(model)
    expected = ending().predict_on_batch(IMAGES)
    np.testing.assert_allclose(logits.predict_on_batch(IMAGES), expected, atol=1e-6)
    assert gradients(logits, IMAGES, region_mean(np.ones((2, 6, 8), bool)))[1].any()


@pytest.mark.parametrize("model", [ending(activation="softmax", channels=3), ending(layers.Softmax(), channels=3)])
def test_a_softmax_is_taken_off(model: keras.Model) -> None:
    """Also as a layer of its own."""
    expected = ending(channels=3).predict_on_batch(IMAGES)
    np.testing.assert_allclose(to_logits(model).predict_on_batch(IMAGES), expected, atol=1e-6)


def test_an_operation_is_taken_off() -> None:
    """`keras.ops.sigmoid` is no layer."""
    plain = ending()
    model = keras.Model(plain.inputs[0], keras.ops.sigmoid(plain.outputs[0]))
    np.testing.assert_allclose(to_logits(model).predict_on_batch(IMAGES), plain.predict_on_batch(IMAGES), atol=1e-6)


def test_what_is_no_picture_is_refused() -> None:
    """A table of numbers, or two inputs."""
    numbers, picture = keras.Input((4,)), keras.Input((6, 8, 3))
    with pytest.raises(GlassboxError, match="one picture"):
        to_logits(keras.Model(numbers, layers.Dense(1)(numbers)))
    with pytest.raises(GlassboxError, match="2 inputs"):
        to_logits(keras.Model([picture, keras.Input((6, 8, 3), name="b")], layers.Conv2D(1, 1)(picture)))
