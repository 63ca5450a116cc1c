"""glassbox.nets.decoder: causal, the architecture of the papers, and a gradient in every weight."""

import re

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from glassbox.errors import GlassboxError
from glassbox.nets.decoder import Architecture, build, rotation, shape, turn, weights
from glassbox.params import parse

Floats = npt.NDArray[np.float64]
SMALL = {
    "vocabulary": 40,
    "width": 24,
    "depth": 2,
    "heads": 3,
    "kv_heads": 3,
    "hidden": 20,
    "context": 16,
    "dropout": 0.0,
}
PART = r"(tokens|embedding|output_norm|block\d_(attention|feed))"
ROLE = r"(norm|gate|up|product|output|dropout|add)"


def architecture(**changes: object) -> Architecture:
    return parse(Architecture, {**SMALL, **changes}, "architecture")


def network(**changes: object) -> tuple[keras.Model, Architecture]:
    """A decoder whose normalisations do not all weigh 1, as an untrained one's do."""
    keras.utils.set_random_seed(4)
    made = build(architecture(**changes))
    for variable in made.trainable_variables:
        if variable.name == "scale":
            variable.assign(keras.random.uniform(variable.shape, 0.5, 1.5))
    return made, architecture(**changes)


def sequences(n: int, length: int) -> npt.NDArray[np.int32]:
    return np.random.default_rng(length).integers(0, 40, (n, length)).astype(np.int32)


def run(model: keras.Model, tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    return np.asarray(keras.ops.convert_to_numpy(model(tokens, training=False)))


def normalised(x: Floats, scale: Floats) -> Floats:
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5) * scale


def turned(x: Floats) -> Floats:
    """Each pair of neighbours of `(T, C)` as one complex number, times `exp(i t theta)`."""
    pairs = x[:, 0::2] + 1j * x[:, 1::2]
    angles = np.arange(len(x))[:, None] * 10000.0 ** (-2 * np.arange(pairs.shape[1]) / x.shape[1])
    pairs = pairs * np.exp(1j * angles)
    return np.stack([pairs.real, pairs.imag], axis=-1).reshape(x.shape)


def oracle(found: dict[str, Floats], a: Architecture, tokens: npt.NDArray[np.int32]) -> Floats:
    """Logits `(T, V)` of one sequence, head by head and position by position, from llama.cpp's weights."""
    x, channels = found["token_embd.weight"][tokens], a.width // a.heads
    for n in range(a.depth):
        w = {name.split(".")[2]: weight for name, weight in found.items() if name.startswith(f"blk.{n}.")}
        y, heads = normalised(x, w["attn_norm"]), []
        for head in range(a.heads):
            own, shared = (slice(h * channels, (h + 1) * channels) for h in (head, head // (a.heads // a.kv_heads)))
            q, k, v = turned(y @ w["attn_q"][own].T), turned(y @ w["attn_k"][shared].T), y @ w["attn_v"][shared].T
            seen = np.zeros((len(x), channels))
            for t in range(len(x)):
                shares = np.exp(q[t] @ k[: t + 1].T / np.sqrt(channels))
                seen[t] = shares / shares.sum() @ v[: t + 1]
            heads.append(seen)
        x = x + np.concatenate(heads, axis=1) @ w["attn_output"].T
        y = normalised(x, w["ffn_norm"])
        gate = y @ w["ffn_gate"].T
        x = x + (gate / (1 + np.exp(-gate)) * (y @ w["ffn_up"].T)) @ w["ffn_down"].T
    return normalised(x, found["output_norm.weight"]) @ found["token_embd.weight"].T


@pytest.mark.parametrize("kv_heads", [1, 3])
def test_the_network_against_one_written_out_by_hand(kv_heads: int) -> None:
    """Normalisation, rotation, attention, gate and tied output from the exported weights, in NumPy."""
    model, a = network(kv_heads=kv_heads)
    tokens = sequences(2, 11)
    found = {name: weight.astype(np.float64) for name, weight in weights(model, a).items()}
    expected = np.stack([oracle(found, a, row) for row in tokens])
    assert expected.std() > 0.5
    np.testing.assert_allclose(run(model, tokens), expected, atol=2e-5)


def test_rotation_against_complex_numbers() -> None:
    """Position 0 is left alone, and no length changes."""
    x = np.random.default_rng(0).standard_normal((2, 3, 16, 8)).astype(np.float32)
    found = np.asarray(turn(keras.ops.convert_to_tensor(x), *rotation(16, 8)))
    expected = np.stack([[turned(head) for head in heads] for heads in x])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(found[:, :, 0], x[:, :, 0])
    np.testing.assert_allclose(np.linalg.norm(found, axis=-1), np.linalg.norm(x, axis=-1), rtol=1e-5)


@pytest.mark.parametrize("changed", range(8))
def test_no_token_reaches_the_logits_before_it(changed: int) -> None:
    """Another token at a position changes the logits there and after, and not a bit of those before."""
    model, _ = network()
    tokens = sequences(3, 8)
    others = tokens.copy()
    others[:, changed] = (others[:, changed] + 7) % 40
    before, after = run(model, tokens), run(model, others)
    np.testing.assert_array_equal(before[:, :changed], after[:, :changed])
    assert (np.abs(before - after)[:, changed:].max(axis=-1) > 1e-4).all()


@pytest.mark.parametrize("length", [2, 3, 7, 16])
def test_padding_at_the_right_changes_nothing(length: int) -> None:
    """The logits of a sequence are those of its beginning in a longer one; one a token, of every token."""
    model, _ = network()
    whole = sequences(2, 16)
    logits = run(model, whole[:, :length])
    assert (logits.shape, logits.dtype) == ((2, length, 40), np.float32)
    np.testing.assert_allclose(logits, run(model, whole)[:, :length], atol=1e-5)


def test_a_sequence_beyond_the_context_is_refused() -> None:
    """There are no angles for its positions."""
    model, _ = network()
    with pytest.raises(tf.errors.InvalidArgumentError):
        run(model, sequences(1, 17))


def test_order_matters() -> None:
    """Two tokens swapped give other logits at the end."""
    model, _ = network()
    tokens = np.array([[1, 5, 9, 3], [1, 9, 5, 3]], np.int32)
    first, second = run(model, tokens)[:, -1]
    assert np.abs(first - second).max() > 1e-3


def test_every_layer_has_a_name_of_its_own() -> None:
    """Where it stands and what it does; nothing is left to a running number."""
    model, _ = network(dropout=0.1)
    names = [layer.name for layer in model.layers]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(f"{PART}(_{ROLE})?", name)] == []


def test_a_gradient_reaches_every_weight() -> None:
    """No branch is cut off."""
    model, _ = network()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(sequences(4, 9), training=True) ** 2)
    for weight, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables), strict=True):
        assert np.isfinite(tf.convert_to_tensor(gradient).numpy()).all(), weight.path
        assert np.abs(tf.convert_to_tensor(gradient).numpy()).max() > 0, weight.path


def test_dropout_is_for_training_only() -> None:
    """It has no weights, is off in use, and on in training."""
    dropping, plain = network(dropout=0.5)[0], network()[0]
    for variable, value in zip(dropping.trainable_variables, plain.trainable_variables, strict=True):
        variable.assign(value)
    tokens = sequences(2, 8)
    np.testing.assert_array_equal(run(dropping, tokens), run(plain, tokens))
    assert np.abs(np.asarray(dropping(tokens, training=True)) - run(plain, tokens)).max() > 0.1


def test_weights_are_those_that_the_shape_asks_for() -> None:
    """Every name once, in the order and the sizes of the file; as many numbers as the network has."""
    for kv_heads in (1, 3):
        model, a = network(kv_heads=kv_heads)
        found = weights(model, a)
        assert {name: weight.shape for name, weight in found.items()} == shape(a).tensors()
        assert sum(weight.size for weight in found.values()) == model.count_params()


def test_the_planned_network_is_small() -> None:
    """At most 2.3 M parameters for 3000 tokens."""
    planned = architecture(vocabulary=3000, width=160, depth=5, heads=5, kv_heads=5, hidden=448, context=96)
    assert build(planned).count_params() == 2_068_960


FAULTS = [
    ({"width": 25}, "width 25 for 3 heads; expected a width of an even number of channels a head"),
    ({"width": 27}, "width 27 for 3 heads; expected a width of an even number of channels a head"),
    ({"kv_heads": 2}, "kv_heads 2 does not divide heads, 3; expected a divisor of it"),
    ({"depth": 0}, "depth: 0; expected greater than or equal to 1"),
    ({"dropout": 1.0}, "dropout: 1.0; expected less than 1"),
    ({"layers": 8}, "layers: unknown key; expected only vocabulary, width, depth, heads, kv_heads, hidden, context"),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS)
def test_a_faulty_architecture_is_told_by_its_key(changes: dict[str, object], told: str) -> None:
    """As every other parameter."""
    with pytest.raises(GlassboxError) as caught:
        architecture(**changes)
    assert str(caught.value).startswith(f"architecture: {told}")
