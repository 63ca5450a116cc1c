"""What holds for every method: the same bits again, nothing where nothing matters, the same for the same pixels."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.params import Xai, load
from glassbox.xai.gradcam import grad_cam
from glassbox.xai.methods import METHODS, explain, explain_each, fitting, method
from glassbox.xai.operator import class_logit, region_mean

QUICK = {"baseline": "zero", "fill": "zero", "steps": 3, "samples": 3, "masked": 20, "segments": 12, "window": 0.25}
SETTINGS: Xai = (
    load(Path(__file__).parents[2] / "params.yaml").tasks["phantom"].xai.model_copy(update=QUICK | {"layers": "last"})
)
RNG = np.random.default_rng(4)
IMAGES = RNG.random((2, 16, 20, 3)).astype(np.float32)
REGION = region_mean(RNG.random((2, 16, 20)) < 0.4)
FITTING = [name for name in METHODS if name != "attention-gates"]


@pytest.mark.parametrize("name", FITTING)
def test_a_second_run_gives_the_same_bits(foreign: keras.Model, name: str) -> None:
    """Of maps that are finite and of the image's size; at least one of a method's is live."""
    settings = SETTINGS.model_copy(update={"layers": "all"})
    first, second = (explain(name, foreign, IMAGES, REGION, settings, 5) for _ in range(2))
    for one, other in zip(first.maps.values(), second.maps.values(), strict=True):
        assert one.shape == (2, 16, 20) and one.dtype == np.float32 and np.isfinite(one).all()
        np.testing.assert_array_equal(one, other)
    assert any(one.any() for one in first.maps.values())
    assert METHODS[name].signed == bool((first.one < 0).any())


def test_methods_together_are_the_methods_alone(foreign: keras.Model) -> None:
    """What two of them share changes neither."""
    together = dict(explain_each(["var-grad", "smooth-grad", "lime"], foreign, IMAGES, REGION, SETTINGS, 5))
    for name, found in together.items():
        np.testing.assert_array_equal(found.one, explain(name, foreign, IMAGES, REGION, SETTINGS, 5).one)


@pytest.mark.parametrize(
    "name", ["saliency", "gradient-input", "smooth-grad", "var-grad", "integrated-gradients", "occlusion"]
)
def test_what_the_score_does_not_see_has_no_relevance(name: str) -> None:
    """A network whose logits on the left half see nothing else: the right half is zero."""
    image = keras.Input((16, 20, 3))
    left = layers.Conv2D(1, 3, padding="same", activation="tanh")(layers.Cropping2D(((0, 0), (0, 10)))(image))
    model, region = keras.Model(image, layers.ZeroPadding2D(((0, 0), (0, 10)))(left)), np.zeros((2, 16, 20), bool)
    region[:, :, :10] = True
    found = explain(name, model, IMAGES, region_mean(region), SETTINGS, 5).one
    assert np.abs(found[:, :, :8]).max() > 0
    assert np.abs(found[:, :, 14:]).max() <= 1e-6 * np.abs(found[:, :, :8]).max()


@pytest.mark.parametrize("name", ["saliency", "gradient-input", "integrated-gradients", "smooth-grad"])
def test_equal_pixels_have_equal_relevance(linear: Callable[[np.ndarray], keras.Model], name: str) -> None:
    """Where network and picture treat two places alike, so does the map; on a linear network it is exact."""
    weights = RNG.normal(size=(16, 20, 3)).astype(np.float32)
    images = IMAGES[:1].copy()
    weights[3, 4], images[0, 3, 4] = weights[9, 11], images[0, 9, 11]
    (found,) = explain(name, linear(weights), images, class_logit(0), SETTINGS, 5).one
    assert found[3, 4] == pytest.approx(found[9, 11], rel=1e-5)
    parts = (weights * images[0]).sum(axis=-1)
    expected = parts if name in ("gradient-input", "integrated-gradients") else np.abs(weights).max(axis=-1)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_a_network_is_asked_by_what_fits_it(foreign: keras.Model, linear: Callable[[np.ndarray], keras.Model]) -> None:
    """No gates in a foreign network; a linear classifier has no ReLU, no layer with a picture, no pixels either."""
    assert fitting(foreign, SETTINGS) == FITTING
    plain = (
        "saliency",
        "gradient-input",
        "smooth-grad",
        "var-grad",
        "integrated-gradients",
        "occlusion",
        "rise",
        "lime",
    )
    assert set(fitting(linear(np.ones((16, 20, 3), np.float32)), SETTINGS)) == set(plain)


def test_an_unknown_method_is_told_with_the_nearest() -> None:
    """The one that was meant comes first."""
    with pytest.raises(GlassboxError, match="method grad-kam: no such method; expected one of grad-cam, "):
        method("grad-kam")


def test_all_layers_come_from_one_backward_pass() -> None:
    """A layer that counts how often a gradient goes through it."""
    passes = tf.Variable(0, trainable=False)

    class Counting(layers.Layer):
        def call(self, x: tf.Tensor) -> tf.Tensor:
            @tf.custom_gradient
            def same(x: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
                def backward(slope: tf.Tensor) -> tf.Tensor:
                    with tf.control_dependencies([passes.assign_add(1)]):
                        return tf.identity(slope)

                return tf.identity(x), backward

            return same(x)

    image = keras.Input((16, 20, 3))
    x = image
    for number in range(4):
        x = layers.Conv2D(3, 3, padding="same", activation="relu", name=f"layer{number}")(x)
    model = keras.Model(image, layers.Conv2D(1, 1)(Counting()(x)))
    found = grad_cam(model, IMAGES, REGION, [f"layer{number}" for number in range(4)])
    assert len(found) == 4
    assert int(passes.numpy()) == 1
