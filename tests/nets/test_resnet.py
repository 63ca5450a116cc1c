"""glassbox.nets.resnet: He's residual network, its names and sizes, and what standardising and dropping depth do."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from glassbox.artifacts import write_model
from glassbox.data.targets import outputs
from glassbox.errors import GlassboxError
from glassbox.nets.resnet import Architecture, build, check, stride
from glassbox.params import Base, Classify, load, parse

Floats = npt.NDArray[np.float32]
COMMITTED = load(Path(__file__).parents[2] / "params.yaml")
SMALL: dict[str, Any] = {
    "channels": 3,
    "outputs": 4,
    "stem": 3,
    "stem_stride": 1,
    "pool": False,
    "widths": [8, 12, 16],
    "blocks": [1, 2, 1],
    "standardise": True,
    "depth_drop": 0.0,
    "dropout": 0.2,
    "batch_norm_momentum": 0.9,
}
RESNET18 = SMALL | {
    "outputs": 1000,
    "stem": 7,
    "stem_stride": 2,
    "pool": True,
    "widths": [64, 128, 256, 512],
    "blocks": [2, 2, 2, 2],
}
NAME = (
    r"image|normalise|standardise|stem_(conv|norm|relu|pool)|mean|dropout|logits"
    r"|stage\d_block\d(_(shrink|shortcut_conv|shortcut_norm|drop|add|relu)|[ab]_(conv|norm)|a_relu)"
)


def architecture(**changes: object) -> Architecture:
    return parse(Architecture, SMALL | changes, "architecture")


def built(**changes: object) -> keras.Model:
    keras.utils.set_random_seed(0)
    return build(architecture(**changes))


def run(model: keras.Model, images: Floats, training: bool = False) -> Floats:
    """The logits, computed eagerly: a compiled `predict_on_batch` of Keras takes one picture size a model."""
    return np.asarray(keras.ops.convert_to_numpy(model(images, training=training)))


def pictures(height: int, width: int, channels: int = 3, n: int = 1) -> Floats:
    return np.random.default_rng(0).random((n, height, width, channels), np.float32)


@pytest.fixture(scope="module", params=[1, 3], ids=["grey", "colour"])
def model(request: pytest.FixtureRequest) -> keras.Model:
    return built(channels=request.param)


@pytest.mark.parametrize(("height", "width"), [(28, 28), (4, 4), (1, 1), (5, 9), (64, 32), (33, 50)])
def test_any_size_gives_its_logits(model: keras.Model, height: int, width: int) -> None:
    """Height and width are free, odd ones too: K finite float32 logits a picture."""
    found = run(model, pictures(height, width, model.input_shape[-1], 2))
    assert found.shape == (2, 4) and found.dtype == np.float32
    assert np.isfinite(found).all()
    assert model.output_shape == (None, 4)


def of_a_stage(before: int, width: int, blocks: int, first: bool) -> int:
    """Weights of a stage by hand: two 3x3 kernels a block, each with gamma and beta; a 1x1 shortcut where it widens."""
    kernels = 9 * before * width + 9 * width * width + (blocks - 1) * 2 * 9 * width * width
    shortcut = 0 if first else before * width + 2 * width
    return kernels + blocks * 2 * 2 * width + shortcut


def test_it_has_as_many_weights_as_resnet18() -> None:
    """11,689,512 with three channels and 1000 outputs, the number of He 2016's 18 layers as torchvision has them.

    The mean before the shortcut's convolution has no weights. Running statistics, a mean and a variance for each gamma
    and beta, are not trained and not counted there.
    """
    model = build(parse(Architecture, RESNET18, ""))
    stem, dense = 7 * 7 * 3 * 64 + 2 * 64, 512 * 1000 + 1000
    stages = [of_a_stage(64, 64, 2, True), *(of_a_stage(width, 2 * width, 2, False) for width in (64, 128, 256))]
    assert stem + sum(stages) + dense == 11_689_512
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 11_689_512
    normed = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert model.count_params() == 11_689_512 + sum(2 * layer.gamma.shape[0] for layer in normed)
    weighty = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense)]
    assert len([layer for layer in weighty if "shortcut" not in layer.name]) == 18


def test_every_layer_has_a_name_of_its_own() -> None:
    """Where it stands and what it does; nothing is left to a running number."""
    others: dict[str, object] = {"pool": True, "standardise": False, "depth_drop": 0.3}
    for changes in ({}, others):
        names = [layer.name for layer in built(**changes).layers]
        assert len(set(names)) == len(names)
        assert [name for name in names if not re.fullmatch(NAME, name)] == []
        for name in ("stem_relu", "stage1_block1_relu", "stage2_block2a_relu", "stage3_block1_shortcut_conv", "logits"):
            assert name in names


def test_every_relu_is_a_layer_of_its_own(model: keras.Model) -> None:
    """No convolution, normalisation or other layer hides an activation."""
    for layer in model.layers:
        assert getattr(layer, "activation", None) in (None, keras.activations.linear), layer.name
        assert isinstance(layer, keras.layers.ReLU) == layer.name.endswith("_relu")
    assert len([layer for layer in model.layers if isinstance(layer, keras.layers.ReLU)]) == 1 + 2 * 4


def test_only_standard_layers(model: keras.Model) -> None:
    """A stored model opens without GlassBox."""
    assert {type(layer).__module__.split(".")[0] for layer in model.layers} == {"keras"}


STRIDES = [
    ({"widths": [8], "blocks": [1]}, 1),
    ({}, 4),
    ({"stem_stride": 2}, 8),
    ({"pool": True}, 8),
    ({"pool": True, "stem_stride": 2, "stem": 7, "widths": [4] * 4, "blocks": [1] * 4}, 32),
]


@pytest.mark.parametrize(("changes", "expected"), STRIDES)
def test_stride_is_how_much_the_last_stage_shrinks(changes: dict[str, object], expected: int) -> None:
    """A picture of four strides has a last map of four places along a side, and the mean of those is what decides."""
    network = built(**changes)
    mean = network.get_layer("mean")
    last, side = keras.Model(network.input, [mean.input, mean.output, network.output]), 4 * expected
    places, averaged, logits = (np.asarray(each) for each in last(pictures(side, side)))
    assert stride(architecture(**changes)) == expected
    assert places.shape[1:3] == (4, 4)
    np.testing.assert_allclose(averaged, places.mean(axis=(1, 2)), rtol=1e-4, atol=1e-6)
    kernel, bias = network.get_layer("logits").get_weights()
    np.testing.assert_allclose(logits, averaged @ kernel + bias, rtol=1e-4, atol=1e-5)


def test_a_block_adds_its_residual_to_the_shortcut() -> None:
    """By hand in a block that halves and widens: the shortcut is the mean of 2x2 pixels, then 1x1, then normed."""
    network = built()
    names = ("stage1_block1_relu", "stage2_block1b_norm", "stage2_block1_relu")
    source, residual, found = (
        np.asarray(each)
        for each in keras.Model(network.input, [network.get_layer(name).output for name in names])(pictures(16, 24))
    )
    shrunk = source.reshape(1, 8, 2, 12, 2, 8).mean(axis=(2, 4))
    shortcut = shrunk @ np.asarray(network.get_layer("stage2_block1_shortcut_conv").kernel)[0, 0]
    shortcut = shortcut / np.sqrt(1 + network.get_layer("stage2_block1_shortcut_norm").epsilon)  # untrained: 0 and 1
    np.testing.assert_allclose(found, np.maximum(residual + shortcut, 0), rtol=1e-3, atol=1e-4)


def test_a_gradient_reaches_every_weight(model: keras.Model) -> None:
    """No branch is cut off: every trainable weight has a finite gradient that is not all zero."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(pictures(16, 16, model.input_shape[-1], 4), training=True) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    for weight, gradient in zip(model.trainable_variables, gradients, strict=True):
        assert gradient is not None, weight.path
        assert np.isfinite(gradient.numpy()).all(), weight.path
        assert np.abs(gradient.numpy()).max() > 0, weight.path


def test_pictures_do_not_touch_each_other(model: keras.Model) -> None:
    """At inference the logits of a picture do not depend on its neighbours in the batch."""
    batch = pictures(16, 16, model.input_shape[-1], 3)
    alone = np.concatenate([run(model, batch[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(run(model, batch), alone, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("contrast", "brightness"), [(1.0, 0.3), (0.8, 0.0), (0.7, 0.25), (1.2, -0.1), (2.0, 0.5)])
def test_brightness_and_contrast_say_nothing_once_standardised(
    channels: int, contrast: float, brightness: float
) -> None:
    """The logits of `a * x + b` are those of `x`, to 1e-3 of their size; without standardising they are not."""
    images = pictures(24, 24, channels, 3)
    changed = np.float32(contrast) * images + np.float32(brightness)
    network = built(channels=channels)
    size = np.abs(run(network, images)).max()
    np.testing.assert_allclose(run(network, changed), run(network, images), rtol=0, atol=1e-3 * max(1, size))
    plain = built(channels=channels, standardise=False)
    assert np.abs(run(plain, changed) - run(plain, images)).max() > 1e-2


def test_a_standardised_picture_has_mean_zero_and_variance_one() -> None:
    """Over all its pixels and channels, so that its colours stay; a picture of one grey gives zeros."""
    network = built()
    images = pictures(16, 24, 3, 3) * np.float32(0.2) + np.array([0.2, 0.5, 0.7], np.float32)
    images[2] = 0.4
    found = np.asarray(keras.Model(network.input, network.get_layer("standardise").output)(images))
    mean, variance = (images.mean((1, 2, 3), keepdims=True), images.var((1, 2, 3), keepdims=True))
    np.testing.assert_allclose(found, (images - mean) / np.sqrt(variance + 1e-4), atol=1e-4)
    assert np.abs(found[2]).max() < 1e-3
    scaled = built(standardise=False)
    shown = np.asarray(keras.Model(scaled.input, scaled.get_layer("normalise").output)(images))
    np.testing.assert_allclose(shown, images * 4 - 2, atol=1e-6)


def test_stochastic_depth_leaves_inference_as_it_is() -> None:
    """The same weights say the same with and without; in training whole pictures lose whole residuals."""
    plain, dropping = built(dropout=0.0), built(dropout=0.0, depth_drop=0.5)
    for layer in plain.layers:
        dropping.get_layer(layer.name).set_weights(layer.get_weights())
    images = pictures(16, 16, 3, 8)
    np.testing.assert_array_equal(run(dropping, images), run(plain, images))
    assert np.abs(run(dropping, images, training=True) - run(plain, images, training=True)).max() > 1e-3


def test_the_rate_of_stochastic_depth_rises_with_the_block() -> None:
    """Block n of N: n / N of the last one's. A picture's residual is kept whole and made up for, or all gone."""
    network = built(blocks=[1, 2, 1], depth_drop=0.6)
    drops = [layer for layer in network.layers if layer.name.endswith("_drop")]
    assert [layer.rate for layer in drops] == pytest.approx([0.15, 0.3, 0.45, 0.6])
    ones = np.ones((2000, 3, 4, 5), np.float32)
    for layer in drops:
        kept = np.asarray(layer(ones, training=True))
        assert (kept == kept[:, :1, :1, :1]).all()
        share = (kept[:, 0, 0, 0] == 0).mean()
        assert share == pytest.approx(layer.rate, abs=4 * np.sqrt(layer.rate * (1 - layer.rate) / 2000))
        np.testing.assert_allclose(np.unique(kept), [0, 1 / (1 - layer.rate)], rtol=1e-5)
    assert [layer.name for layer in built().layers if layer.name.endswith("_drop")] == []


ENTRIES = [pytest.param(name, entry, id=name) for name, entry in COMMITTED.classifying.items()]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_the_committed_networks_are_small_and_fit_their_pictures(tmp_path: Path, name: str, entry: Base) -> None:
    """A file below 6 MB that plain Keras opens, for the task's channels and labels, at each size of its pictures."""
    settings, task = parse(Architecture, entry.architecture, name), COMMITTED.tasks[entry.task]
    assert isinstance(task, Classify)
    wanted = outputs(task.labels.form, len(task.labels.classes))
    given = task.preprocess
    sizes = {(given.height, given.width), *((stretch.height, stretch.width) for stretch in task.augment.passes)}
    for size in sizes:
        check(settings, (10, *size, given.channels), (10, wanted), name)
    keras.utils.set_random_seed(1)
    model = build(settings)
    write_model(tmp_path / "a.keras", model)
    assert (tmp_path / "a.keras").stat().st_size < 6_000_000
    opened = keras.saving.load_model(tmp_path / "a.keras", compile=False)
    assert [layer.name for layer in opened.layers] == [layer.name for layer in model.layers]
    images = pictures(given.height, given.width, given.channels, 2)
    assert np.abs(run(opened, images) - run(model, images)).max() < 0.02 * max(1, np.abs(run(model, images)).max())


def test_a_network_that_drops_depth_is_stored_too(tmp_path: Path) -> None:
    """Its noise has one number a picture in the file as well."""
    model = built(depth_drop=0.5)
    write_model(tmp_path / "a.keras", model)
    opened = keras.saving.load_model(tmp_path / "a.keras", compile=False)
    assert opened.get_layer("stage3_block1_drop").noise_shape == (None, 1, 1, 1)
    np.testing.assert_allclose(run(opened, pictures(16, 16)), run(model, pictures(16, 16)), atol=0.02)


CHECKS = [
    ((10, 28, 28, 3), (10, 4), None),
    ((10, 4, 4, 3), (10, 4), None),
    ((10, 28, 28, 1), (10, 4), "x.channels: 3; expected 1, the pictures' channels"),
    ((10, 28, 28, 3), (10, 1), "x.outputs: 4; expected 1, as the labels need"),
    ((10, 28, 3, 3), (10, 4), "x: a stride of 4 pixels; expected at most the pictures' height 28 and width 3"),
    ((10, 2, 28, 3), (10, 4), "x: a stride of 4 pixels; expected at most the pictures' height 2 and width 28"),
]


@pytest.mark.parametrize(("images", "targets", "told"), CHECKS)
def test_data_that_the_network_does_not_fit_are_refused(
    images: tuple[int, ...], targets: tuple[int, ...], told: str | None
) -> None:
    """In one line that names the key, before anything is trained."""
    if told is None:
        check(architecture(), images, targets, "x")
        return
    with pytest.raises(GlassboxError) as caught:
        check(architecture(), images, targets, "x")
    assert str(caught.value) == told


FAULTS = [
    ({"channels": 2}, "channels: 2; expected 1 or 3"),
    ({"outputs": 0}, "outputs: 0; expected greater than or equal to 1"),
    ({"stem": 4}, "stem: 4; expected 3, 5 or 7"),
    ({"stem_stride": 3}, "stem_stride: 3; expected 1 or 2"),
    ({"pool": 1}, "pool: 1; expected a valid boolean"),
    ({"widths": [], "blocks": []}, "widths: []; expected "),
    ({"widths": [8, 0, 8]}, "widths.1: 0; expected greater than or equal to 1"),
    ({"blocks": [1, 0, 1]}, "blocks.1: 0; expected greater than or equal to 1"),
    ({"blocks": [1, 1]}, "3 widths and 2 blocks; expected one of each a stage"),
    ({"depth_drop": 1.0}, "depth_drop: 1.0; expected less than 1"),
    ({"dropout": -0.1}, "dropout: -0.1; expected greater than or equal to 0"),
    ({"batch_norm_momentum": 0}, "batch_norm_momentum: 0; expected greater than 0"),
    ({"heads": 8}, "heads: unknown key; expected only channels, outputs, stem, stem_stride, pool, widths, blocks, "),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS)
def test_a_faulty_architecture_is_told_by_its_key(changes: dict[str, object], told: str) -> None:
    """As every other parameter."""
    with pytest.raises(GlassboxError) as caught:
        architecture(**changes)
    assert str(caught.value).startswith(f"architecture: {told}")
    assert "\n" not in str(caught.value)
