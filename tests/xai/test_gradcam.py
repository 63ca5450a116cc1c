"""Grad-CAM at several layers at once, against one layer at a time by hand."""

from types import SimpleNamespace

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.nets import attention_unet
from glassbox.xai.gradcam import DEAD_REASON, find_layers, grad_cam, is_dead
from glassbox.xai.gradient import CHUNK
from glassbox.xai.operator import Operator, class_logit, region_mean

RNG = np.random.default_rng(5)
CHAIN = ["first", "pool", "second", "flat", "logits"]


@pytest.fixture(scope="module")
def classifier() -> keras.Model:
    """A chain of layers, so that the rest of the network behind each one is easy to apply by hand."""
    keras.utils.set_random_seed(6)
    return keras.Sequential(
        [
            keras.Input((8, 12, 3)),
            layers.Conv2D(4, 3, padding="same", activation="relu", name="first"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(6, 3, padding="same", activation="relu", name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(3, name="logits"),
        ]
    )


@pytest.fixture(scope="module")
def unet() -> keras.Model:
    """A U-Net of one level, of free size, that GlassBox did not build."""
    keras.utils.set_random_seed(7)
    image = keras.Input((None, None, 3))
    skip = layers.Conv2D(4, 3, padding="same", activation="relu", name="down")(image)
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="deep")(layers.MaxPooling2D(name="pool")(skip))
    x = layers.Concatenate(name="join")([layers.UpSampling2D(name="up")(x), skip])
    x = layers.Conv2D(5, 3, padding="same", activation="relu", name="top")(x)
    return keras.Model(image, layers.Conv2D(1, 1, name="logits")(x))


def by_hand(activation: np.ndarray, slope: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Selvaraju's formula in NumPy, one image; OpenCV upsamples."""
    cam = np.zeros(activation.shape[:2], np.float32)
    for k in range(activation.shape[-1]):
        cam += slope[..., k].mean() * activation[..., k]
    return cv2.resize(np.maximum(cam, 0.0), size[::-1], interpolation=cv2.INTER_LINEAR)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_every_layer_of_a_classifier_is_as_by_hand(classifier: keras.Model, index: int) -> None:
    """The joint backward pass gives what each layer gives alone, by a tape over the layers behind it only."""
    images = RNG.random((3, 8, 12, 3)).astype(np.float32)
    maps = grad_cam(classifier, images, class_logit(index), CHAIN[:3])
    assert list(maps) == CHAIN[:3]
    x = tf.constant(images)
    for depth, name in enumerate(CHAIN[:3], start=1):
        x = classifier.get_layer(name)(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            logits = x
            for later in CHAIN[depth:]:
                logits = classifier.get_layer(later)(logits)
            score = logits[:, index]
        slopes = tape.gradient(score, x).numpy()
        for i in range(3):
            np.testing.assert_allclose(maps[name][i], by_hand(x[i].numpy(), slopes[i], (8, 12)), atol=1e-6)


@pytest.mark.parametrize(("height", "width", "count"), [(8, 12, 2), (16, 4, CHUNK + 1)])
def test_a_skip_connection_carries_its_share(unet: keras.Model, height: int, width: int, count: int) -> None:
    """The layer in front of the skip gets the gradient of both its ways; any size, more images than a chunk."""
    images = RNG.random((count, height, width, 3)).astype(np.float32)
    regions = RNG.random((count, height, width)) < 0.5
    maps = grad_cam(unet, images, region_mean(regions), ["top", "down", "deep"])
    rest = {name: unet.get_layer(name) for name in ("pool", "deep", "up", "join", "top", "logits")}
    for i in range(count):
        down = unet.get_layer("down")(images[i : i + 1])
        with tf.GradientTape() as tape:
            tape.watch(down)
            x = rest["join"]([rest["up"](rest["deep"](rest["pool"](down))), down])
            score = tf.reduce_mean(rest["logits"](rest["top"](x))[0, ..., 0][regions[i]])
        slope = tape.gradient(score, down)[0].numpy()
        np.testing.assert_allclose(maps["down"][i], by_hand(down[0].numpy(), slope, (height, width)), atol=1e-6)


def test_maps_have_the_images_size_and_are_not_negative(unet: keras.Model) -> None:
    """(N, H, W) float32 from 0 on, for every layer of the network."""
    images = RNG.random((2, 8, 12, 3)).astype(np.float32)
    maps = grad_cam(unet, images, region_mean(np.ones((1, 8, 12), bool)), "all")
    assert list(maps) == ["down", "pool", "deep", "up", "join", "top", "logits"]
    for cam in maps.values():
        assert cam.shape == (2, 8, 12) and cam.dtype == np.float32 and (cam >= 0).all()


def test_one_trace_a_size_and_the_same_bits(unet: keras.Model) -> None:
    """New images and data trace nothing anew; the same call gives the same bytes."""
    traces = []

    def score(logits: tf.Tensor, data: tf.Tensor) -> tf.Tensor:
        traces.append(1)
        return data * tf.reduce_mean(logits, axis=(1, 2, 3))

    for count, side in [(1, 4), (2, 16), (3, 16), (2, 4)]:
        images = RNG.random((count, side, side, 3)).astype(np.float32)
        operator = Operator(score, RNG.random(count).astype(np.float32))
        once, again = (grad_cam(unet, images, operator, ["down", "top"]) for _ in range(2))
        assert all(once[name].tobytes() == again[name].tobytes() for name in once)
    assert len(traces) == 2


def test_a_dead_map_is_reported(classifier: keras.Model) -> None:
    """A score that no feature map moves gives an all-zero map; the smallest positive value is life."""
    image = np.ones((1, 8, 12, 3), np.float32)
    constant = Operator(lambda logits, data: data, np.ones(1, np.float32))
    assert is_dead(grad_cam(classifier, image, constant, ["second"])["second"])
    assert not is_dead(np.float32([[0.0, 1e-9]]))
    assert "gradient vanishes" in DEAD_REASON


def test_groups_of_our_network() -> None:
    """A group is the ReLU layers of its part, in the network's order; groups and names mix without repetition."""
    shape = SimpleNamespace(
        widths=[8, 8, 8],
        pool=1,
        stem=1,
        standardise=True,
        heads=1,
        attended=0,
        dropout=0.0,
        batch_norm_momentum=0.9,
        members=1,
    )
    model = attention_unet.build(shape)
    for part in ("encoder", "bottleneck", "gate", "decoder"):
        names = find_layers(model, part)
        assert names and all(name.startswith(part) and "relu" in name for name in names)
    assert find_layers(model, "encoder") == [f"encoder{i}_relu{j}" for i in (1, 2) for j in (1, 2)]
    mixed = find_layers(model, ["decoder1_relu2", "decoder", "logits"])
    assert mixed[0] == "decoder1_relu2" and mixed[-1] == "logits" and len(mixed) == len(set(mixed)) == 5
    assert len(find_layers(model, "all")) > 40
    images = RNG.random((1, 8, 16, 3)).astype(np.float32)
    maps = grad_cam(model, images, region_mean(np.ones((1, 8, 16), bool)), "decoder")
    assert len(maps) == 4 and not all(is_dead(cam) for cam in maps.values())


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("secnd", "layer secnd: no such layer .* expected a name like second"),
        (["first", "pol"], "expected a name like pool"),
        ("flat", "layer flat: no spatial output"),
        (["first", "logits"], "layer logits: no spatial output"),
        ("decoder", "no ReLU layer"),
        ([], "an empty list"),
    ],
)
def test_layers_that_can_not_be_shown_are_refused(
    classifier: keras.Model, group: str | list[str], message: str
) -> None:
    """An unknown layer lists its nearest names; a vector has no place to show."""
    with pytest.raises(GlassboxError, match=message):
        grad_cam(classifier, np.zeros((1, 8, 12, 3), np.float32), class_logit(0), group)
