"""glassbox.nets.attention_unet: sizes, names, gates, and a gradient in every weight."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from glassbox.errors import GlassboxError
from glassbox.nets.attention_unet import Architecture, build, check, gate_maps, stride
from glassbox.params import Base, load, parse

COMMITTED = load(Path(__file__).parents[2] / "params.yaml")
SMALL = {
    "widths": [4, 8, 8],
    "pool": 1,
    "stem": 1,
    "standardise": True,
    "heads": 2,
    "attended": 0,
    "dropout": 0.2,
    "batch_norm_momentum": 0.9,
    "members": 1,
}
PART = (
    r"(image|pool|normalise|standardise|colours|(stem|encoder\d|bottleneck|gate\d|decoder\d|coarse_logits|logits)[a-h]?"
    r"(_attention)?|logits)"
)
ROLE = r"(conv\d?|norm\d?|relu\d?|shortcut|add|pool|dropout|theta|phi|psi|coefficients|up|pass|reduce|join)"


def architecture(**changes: object) -> Architecture:
    return parse(Architecture, {**SMALL, **changes}, "architecture")


def run(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """The logits, computed eagerly: a compiled `predict_on_batch` of Keras takes one picture size a model."""
    return np.asarray(keras.ops.convert_to_numpy(model(images, training=False)))


def pictures(height: int, width: int, n: int = 1) -> np.ndarray:
    return np.random.default_rng(0).random((n, height, width, 3), np.float32)


@pytest.fixture(scope="module", params=[1, 2], ids=["stem1", "stem2"])
def model(request: pytest.FixtureRequest) -> keras.Model:
    keras.utils.set_random_seed(0)
    return build(architecture(stem=request.param))


ENTRIES = [pytest.param(name, entry, id=name) for name, entry in COMMITTED.outlining.items()]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_the_committed_networks_are_small_and_fit_their_pictures(name: str, entry: Base) -> None:
    """At most 2.7 M parameters, so that the file stays under 6 MB, and every size of the plan can be computed."""
    settings = parse(Architecture, entry.architecture, name)
    task = COMMITTED.tasks[entry.task]
    for size in (task.preprocess, *task.augment.passes):
        assert (size.height % stride(settings), size.width % stride(settings)) == (0, 0)
    assert build(settings).count_params() <= 2_700_000


def test_every_layer_has_a_name_of_its_own(model: keras.Model) -> None:
    """Where it stands and what it does; nothing is left to a running number."""
    names = [layer.name for layer in model.layers]
    assert len(set(names)) == len(names)
    unnamed = [name for name in names if not re.fullmatch(f"{PART}(_{ROLE})?", name)]
    assert unnamed == []
    for name in (
        "encoder1_conv1",
        "encoder1_relu1",
        "bottleneck_relu2",
        "gate1_coefficients",
        "decoder1_relu2",
        "logits",
    ):
        assert model.get_layer(name)


def test_every_relu_is_a_layer_of_its_own(model: keras.Model) -> None:
    """No convolution, normalisation or other layer hides an activation; the sigmoid stands in the gates only."""
    for layer in model.layers:
        activation = getattr(layer, "activation", None)
        if isinstance(layer, keras.layers.Activation):
            assert (layer.name.endswith("_coefficients"), activation) == (True, keras.activations.sigmoid)
        else:
            assert activation in (None, keras.activations.linear), layer.name
        assert isinstance(layer, keras.layers.ReLU) == ("_relu" in layer.name)


def test_only_standard_layers(model: keras.Model) -> None:
    """A stored model opens without GlassBox."""
    assert {type(layer).__module__.split(".")[0] for layer in model.layers} == {"keras"}


SIZES = [(8, 8), (8, 16), (24, 8), (40, 56)]


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_logits_are_as_large_as_the_picture(model: keras.Model, height: int, width: int) -> None:
    """Any size that the stride divides, one finite float32 logit a pixel."""
    logits = run(model, pictures(height, width, 2))
    assert (logits.shape, logits.dtype) == ((2, height, width, 1), np.float32)
    assert np.isfinite(logits).all()


STRIDES = [
    ({"widths": [4, 8]}, 2),
    ({"widths": [4, 8, 8]}, 4),
    ({"widths": [4, 8], "stem": 2}, 4),
    ({"stem": 2}, 8),
    ({"pool": 2}, 8),
    ({"pool": 3, "stem": 2}, 24),
]


@pytest.mark.parametrize(("changes", "expected"), STRIDES)
def test_stride_is_how_much_the_bottleneck_shrinks(changes: dict[str, object], expected: int) -> None:
    """A picture of four strides has a bottleneck map of four pixels."""
    network = build(architecture(**changes))
    side = 4 * expected
    coarsest = keras.Model(network.input, network.get_layer("bottleneck_relu2").output)
    assert stride(architecture(**changes)) == expected
    assert coarsest.compute_output_shape((1, side, side, 3))[1:3] == (4, 4)


@pytest.mark.parametrize("height", [1, 2, 3, 5, 6, 7, 9, 12, 15, 20, 23])
def test_a_size_that_the_stride_does_not_divide_gives_no_mask(model: keras.Model, height: int) -> None:
    """The network refuses it; a half-resolution stem rounds up, so that its logits are one pixel too high instead."""
    step = 4 if model.get_layer("stem_conv").strides == (1, 1) else 8
    if height % step == 0:
        assert model(pictures(height, 16)).shape[1] == height
    elif step == 8 and height % step == step - 1:
        assert model(pictures(height, 16)).shape[1] == height + 1
    else:
        with pytest.raises(tf.errors.OpError):
            model(pictures(height, 16))


FAULTS = [
    ({"widths": [8]}, "widths: [8]; expected "),
    ({"widths": [8, 0]}, "widths.1: 0; expected greater than or equal to 1"),
    ({"stem": 4}, "stem: 4; expected 1 or 2"),
    ({"dropout": 1.0}, "dropout: 1.0; expected less than 1"),
    ({"batch_norm_momentum": 1}, "batch_norm_momentum: 1; expected less than 1"),
    ({"filters": 8}, "filters: unknown key; expected only widths, pool, stem, standardise, heads, attended, dropout, "),
    ({"widths": [4, 7, 8]}, "widths holds 7; expected even widths before the last"),
    ({"widths": [4, 7], "heads": 2}, "heads 2 does not divide 7 of widths; expected a divisor of each attended one"),
    ({"widths": [4, 10, 8], "heads": 4, "attended": 1}, "heads 4 does not divide 10 of widths; expected "),
    ({"attended": 3}, "attended 3; expected at most the encoder's levels, 2"),
    ({"attended": 1, "heads": 0}, "attended 1 without heads; expected heads of 1 or more"),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS)
def test_a_faulty_architecture_is_told_by_its_key(changes: dict[str, object], told: str) -> None:
    """As every other parameter."""
    with pytest.raises(GlassboxError) as caught:
        architecture(**changes)
    assert str(caught.value).startswith(f"architecture: {told}")


@pytest.mark.parametrize(
    ("height", "width", "fits"), [(96, 128, True), (32, 32, True), (100, 128, False), (96, 8, False)]
)
def test_a_size_the_network_cannot_take_is_refused(height: int, width: int, fits: bool) -> None:
    """In one line that names the place, the size and the stride, before anything is trained."""
    settings = architecture(widths=[4, 8, 8, 8], stem=2)  # stride 16
    if fits:
        check(settings, [(64, 64), (height, width)], "params.yaml: tasks.isic")
        return
    with pytest.raises(GlassboxError) as caught:
        check(settings, [(64, 64), (height, width)], "params.yaml: tasks.isic")
    told = f"pictures of height {height}, width {width}; expected multiples of 16, the network's stride"
    assert str(caught.value) == f"params.yaml: tasks.isic: {told}"


def test_the_standardised_copy_has_mean_zero_and_variance_one(model: keras.Model) -> None:
    """Each channel of each picture by itself; a picture of one colour gives zeros, not a division by zero."""
    shown = keras.Model(model.input, [model.get_layer("colours").output, model.get_layer("standardise").output])
    images = pictures(16, 24, 3) * np.float32(0.1) + np.array([0.2, 0.5, 0.8], np.float32)
    images[2] = 0.4
    colours, standard = (np.asarray(each) for each in shown(images))
    expected = (images - images.mean((1, 2), keepdims=True)) / np.sqrt(images.var((1, 2), keepdims=True) + 1e-4)
    assert np.allclose(standard, expected, atol=1e-4)
    assert np.array_equal(colours, np.concatenate([images * 4 - 2, standard], axis=-1))
    assert np.abs(standard[2]).max() < 1e-3


def test_the_standardised_copy_can_be_left_out() -> None:
    """Without it the network sees the picture alone."""
    network = build(architecture(standardise=False))
    assert [layer.name for layer in network.layers if layer.name in ("colours", "standardise")] == []
    assert network.get_layer("stem_conv").kernel.shape[2] == 3


def test_a_pooling_network_sees_area_means() -> None:
    """Its logits are those of the same weights without pooling on the shrunken picture, brought to full size."""
    pooling, plain = (build(architecture(pool=pool, stem=2)) for pool in (2, 1))
    plain.set_weights(pooling.get_weights())
    images = pictures(32, 48, 2)
    small = images.reshape(2, 16, 2, 24, 2, 3).mean((2, 4))
    coarse = keras.Model(plain.input, plain.get_layer("coarse_logits").output)(small)
    expected = keras.ops.image.resize(coarse, (32, 48), interpolation="bilinear")
    assert np.allclose(run(pooling, images), expected, atol=1e-4)


def test_self_attention_can_be_left_out() -> None:
    """No heads, no attention, the same output."""
    network = build(architecture(heads=0))
    assert [layer.name for layer in network.layers if "attention" in layer.name] == []
    assert run(network, pictures(8, 8)).shape == (1, 8, 8, 1)


@pytest.mark.parametrize("attended", [0, 1, 2])
def test_the_coarsest_levels_of_the_encoder_are_attended(attended: int) -> None:
    """There a far corner reaches a position that three convolutions cannot; elsewhere it does not."""
    network = build(architecture(attended=attended, standardise=False))  # which looks at the whole picture
    seen = [f"encoder{level}_attention" for level in range(1, 3) if level > 2 - attended]
    assert sorted(layer.name for layer in network.layers if re.fullmatch(r"encoder\d_attention", layer.name)) == seen
    maps = keras.Model(network.input, [network.get_layer(f"encoder{level}_pool").output for level in (1, 2)])
    images = pictures(64, 64)
    changed = images.copy()
    changed[:, :4, :4] = 1 - changed[:, :4, :4]
    for level, (before, after) in enumerate(zip(maps(images), maps(changed), strict=True), start=1):
        reached = np.abs(np.asarray(before - after))[0, -1, -1].max() > 0
        assert reached == (f"encoder{level}_attention" in seen)


def test_gate_maps_are_shares_finest_first(model: keras.Model) -> None:
    """One map a gate at the size of the next coarser level, in [0, 1], and not the same everywhere."""
    maps = [found.numpy() for found in gate_maps(model)(pictures(32, 64))]
    finest = 16 if model.get_layer("stem_conv").strides == (1, 1) else 8
    assert [found.shape for found in maps] == [(1, finest, 2 * finest, 1), (1, finest // 2, finest, 1)]
    for found in maps:
        assert found.min() >= 0
        assert found.max() <= 1
        assert found.std() > 0


def test_a_gate_weighs_its_skip(model: keras.Model) -> None:
    """What passes is the skip times the coefficients, brought to the skip's size."""
    names = ("encoder1_relu2", "gate1_up", "gate1_pass")
    skip, coefficients, passed = keras.Model(model.input, [model.get_layer(n).output for n in names])(pictures(16, 16))
    assert np.allclose(passed, skip * coefficients)
    assert coefficients.shape[1:] == (*skip.shape[1:3], 1)


def test_a_gradient_reaches_every_weight(model: keras.Model) -> None:
    """No branch is cut off: every trainable weight has a finite gradient that is not all zero."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(pictures(16, 16, 4), training=True) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    for weight, gradient in zip(model.trainable_variables, gradients, strict=True):
        assert gradient is not None, weight.path
        assert np.isfinite(gradient.numpy()).all(), weight.path
        assert np.abs(gradient.numpy()).max() > 0, weight.path


def test_pictures_do_not_touch_each_other(model: keras.Model) -> None:
    """At inference the logits of a picture do not depend on its neighbours in the batch."""
    batch = pictures(16, 16, 3)
    alone = np.concatenate([run(model, batch[i : i + 1]) for i in range(3)])
    assert np.allclose(run(model, batch), alone, atol=1e-5)


def test_members_are_apart_and_averaged() -> None:
    """Two members of one shape and other weights; what the network says is the mean of what they say."""
    keras.utils.set_random_seed(3)
    alone, together = build(architecture()), build(architecture(members=2))
    assert together.count_params() == 2 * alone.count_params()
    names = [layer.name for layer in together.layers]
    assert {name.replace("1a_", "1b_") for name in names if "encoder1a" in name} <= set(names)
    images = pictures(16, 24)
    each = [run(keras.Model(together.input, together.get_layer(f"logits{m}").output), images) for m in "ab"]
    assert (each[0] != each[1]).any()
    np.testing.assert_allclose(run(together, images), (each[0] + each[1]) / 2, rtol=1e-5, atol=1e-6)
