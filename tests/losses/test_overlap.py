"""glassbox.losses.overlap: against NumPy, one value an image, and what alpha and beta weigh."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import ops

from glassbox.errors import GlassboxError
from glassbox.losses import classes, overlap
from glassbox.losses.pixel import cross_entropy
from glassbox.params import LOSSES, Block, parse

SHAPES = hnp.array_shapes(min_dims=3, max_dims=3, max_side=4).map(lambda shape: (*shape, 1))
PAIRS = SHAPES.flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.float32, shape, elements=st.sampled_from([0.0, 1.0])),
        hnp.arrays(np.float32, shape, elements=st.floats(-30, 30, width=32)),
    )
)
WEIGHTS = st.floats(0.05, 2)
Pair = tuple[np.ndarray, np.ndarray]
BLOCKS: dict[str, dict[str, Any]] = {
    "dice": {},
    "tversky": {"alpha": 0.2, "beta": 0.8},
    "hybrid": {"dice": 0.5, "tversky": 0.5, "alpha": 1.0, "beta": 1.0},
    "focal-tversky": {"alpha": 0.3, "beta": 0.7, "gamma": 0.75},
}


def block(name: str, pixel: float = 0.0, smooth: float = 1.0, **changes: float) -> Any:  # noqa: ANN401 - four types
    return parse(
        LOSSES[name],
        {"module": "overlap", "name": name, "pixel": pixel, "smooth": smooth, **BLOCKS[name], **changes},
        "",
    )


def value(name: str, pair: Pair, **changes: float) -> np.ndarray:
    truth, logits = map(ops.convert_to_tensor, pair)
    return np.asarray(ops.convert_to_numpy(overlap.build(block(name, **changes))(truth, logits)))


def index_by_hand(pair: Pair, alpha: float, beta: float, smooth: float) -> np.ndarray:
    """The Tversky index of each image, pixel by pixel in float64."""
    found = []
    for truth, logits in zip(*pair, strict=True):
        tp = fp = fn = 0.0
        for t, z in zip(truth.ravel().tolist(), logits.ravel().tolist(), strict=True):
            p = 1 / (1 + np.exp(-z))
            tp, fp, fn = tp + p * t, fp + p * (1 - t), fn + (1 - p) * t
        found.append((tp + smooth) / (tp + alpha * fp + beta * fn + smooth))
    return np.array(found)


@settings(max_examples=40)
@given(PAIRS, WEIGHTS, WEIGHTS, WEIGHTS, st.floats(0.5, 2))
def test_losses_match_numpy(pair: Pair, alpha: float, beta: float, smooth: float, gamma: float) -> None:
    """Tversky, Dice, hybrid and focal Tversky as their formulas say, one value an image."""
    by_dice = 1 - index_by_hand(pair, 0.5, 0.5, smooth)
    by_tversky = 1 - index_by_hand(pair, alpha, beta, smooth)
    weights = {"alpha": alpha, "beta": beta, "smooth": smooth}
    close = {"rtol": 1e-4, "atol": 1e-5}
    assert np.allclose(value("dice", pair, smooth=smooth), by_dice, **close)
    assert np.allclose(value("tversky", pair, **weights), by_tversky, **close)
    assert np.allclose(value("hybrid", pair, dice=0.3, **weights), 0.3 * by_dice + 0.5 * by_tversky, **close)
    focal = value("focal-tversky", pair, gamma=gamma, **weights)
    assert np.allclose(focal, np.maximum(by_tversky, 1e-6) ** gamma, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("name", BLOCKS)
@settings(max_examples=15)
@given(pair=PAIRS)
def test_every_image_is_judged_by_itself(name: str, pair: Pair) -> None:
    """A batch has the losses of its images alone; without the pixel term each lies in [0, 1]."""
    together = value(name, pair, pixel=0.5)
    alone = [value(name, (pair[0][i : i + 1], pair[1][i : i + 1]), pixel=0.5)[0] for i in range(len(pair[0]))]
    assert together.shape == (len(pair[0]),)
    assert np.allclose(together, alone, atol=1e-6)
    bare = value(name, pair)
    assert ((bare >= 0) & (bare <= 1)).all()


@pytest.mark.parametrize("name", BLOCKS)
@settings(max_examples=15)
@given(pair=PAIRS, pixel=st.floats(0, 2))
def test_the_pixel_term_is_added(name: str, pair: Pair, pixel: float) -> None:
    """`pixel` times the cross-entropy of the same image, and nothing at 0."""
    extra = ops.convert_to_numpy(cross_entropy(*map(ops.convert_to_tensor, pair)))
    assert np.allclose(value(name, pair, pixel=pixel), value(name, pair) + pixel * extra, rtol=1e-5, atol=1e-6)


def masks(truth: list[int], prediction: list[int], sure: float = 50.0) -> Pair:
    """One image in one row; the prediction as sure logits."""
    shape = (1, 1, len(truth), 1)
    logits = np.where(np.array(prediction) == 1, sure, -sure)
    return np.array(truth, np.float32).reshape(shape), logits.astype(np.float32).reshape(shape)


CHECKED_BY_HAND = [
    # truth, prediction, loss block, expected
    ([0, 0, 0, 0], [0, 0, 0, 0], ("dice", {}), 0.0),
    ([1, 1, 1, 1], [1, 1, 1, 1], ("tversky", {}), 0.0),
    ([0, 0, 0, 0], [1, 0, 0, 0], ("dice", {}), 1 - 1 / 1.5),
    ([1, 1, 0, 0], [1, 0, 1, 0], ("dice", {}), 1 - 2 / 3),
    ([1, 1, 0, 0], [1, 0, 1, 0], ("tversky", {"alpha": 1.0, "beta": 1.0}), 1 - 2 / 4),
    ([1, 0, 0, 0], [1, 1, 1, 0], ("tversky", {"alpha": 0.8, "beta": 0.2}), 1 - 2 / 3.6),
    ([1, 1, 1, 0], [1, 0, 0, 0], ("tversky", {"alpha": 0.8, "beta": 0.2}), 1 - 2 / 2.4),
    ([1, 1, 0, 0], [1, 0, 1, 0], ("hybrid", {}), 0.5 * (1 - 2 / 3) + 0.5 * (1 - 2 / 4)),
    ([1, 1, 0, 0], [1, 0, 1, 0], ("focal-tversky", {"gamma": 2.0}), (1 - 2 / 3) ** 2),
]


@pytest.mark.parametrize(("truth", "prediction", "loss", "expected"), CHECKED_BY_HAND)
def test_losses_of_sure_masks(
    truth: list[int], prediction: list[int], loss: tuple[str, dict[str, float]], expected: float
) -> None:
    """Numbers that can be checked by hand, smooth = 1: a correct empty prediction of an empty truth costs nothing."""
    name, changes = loss
    assert value(name, masks(truth, prediction), **changes)[0] == pytest.approx(expected, abs=1e-5)


@settings(max_examples=25)
@given(PAIRS, st.floats(0.1, 1), st.floats(0.1, 1))
def test_alpha_weighs_false_positives_and_beta_false_negatives(pair: Pair, low: float, more: float) -> None:
    """More alpha costs more where pixels outside are called inside, more beta where inside pixels are left out."""
    truth, logits = pair
    every, none = np.full_like(logits, 40), np.full_like(logits, -40)
    outside, inside = (truth == 0).any(axis=(1, 2, 3)), (truth == 1).any(axis=(1, 2, 3))
    weights = {"alpha": low, "beta": low}
    for called, name, wrong, other in ((every, "alpha", outside, "beta"), (none, "beta", inside, "alpha")):
        before = value("tversky", (truth, called), **weights)
        assert (value("tversky", (truth, called), **{**weights, name: low + more})[wrong] > before[wrong]).all()
        assert np.allclose(value("tversky", (truth, called), **{**weights, other: low + more}), before, atol=1e-6)


@settings(max_examples=25)
@given(PAIRS, WEIGHTS)
def test_relations_between_the_losses(pair: Pair, smooth: float) -> None:
    """Dice is Tversky at 0.5, 0.5; of the Jaccard index J, Tversky at 1, 1, it is 2 J / (1 + J); gamma 1: Tversky."""
    dice = 1 - value("dice", pair, smooth=smooth)
    assert np.allclose(dice, 1 - value("tversky", pair, alpha=0.5, beta=0.5, smooth=smooth), atol=1e-6)
    jaccard = 1 - value("tversky", pair, alpha=1.0, beta=1.0, smooth=smooth)
    assert np.allclose(dice, 2 * jaccard / (1 + jaccard), atol=1e-5)
    focal = value("focal-tversky", pair, alpha=0.2, beta=0.8, gamma=1.0)
    assert np.allclose(focal, value("tversky", pair), atol=2e-6)


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("truth", [0.0, 1.0])
@pytest.mark.parametrize("logit", [-1e4, -100.0, 0.0, 100.0, 1e4])
def test_gradients_are_finite_at_any_logit(name: str, truth: float, logit: float) -> None:
    """However sure the network is, right or wrong, on an empty or a full mask; with and without the pixel term."""
    label = tf.fill((1, 2, 2, 1), truth)
    for pixel in (0.0, 1.0):
        logits = tf.Variable(tf.fill((1, 2, 2, 1), logit))
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(overlap.build(block(name, pixel=pixel))(label, logits))
        assert np.isfinite(loss.numpy())
        assert np.isfinite(tape.gradient(loss, logits).numpy()).all()


def test_every_loss_of_the_parameters_is_there() -> None:
    """What params.yaml may name can be built, and nothing else."""
    assert set(overlap.LOSSES) | set(classes.SHAPES) == set(LOSSES)
    assert not set(overlap.LOSSES) & set(classes.SHAPES)
    assert all(issubclass(kind, Block) for kind in LOSSES.values())
    with pytest.raises(GlassboxError, match="gamma: missing"):
        parse(LOSSES["focal-tversky"], {**block("tversky").model_dump(), "name": "focal-tversky"}, "")
