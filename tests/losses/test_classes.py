"""glassbox.losses.classes: against scikit-learn, one value a picture, at any logit, and what a picture weighs."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import ops
from scipy.special import expit, softmax
from sklearn.metrics import log_loss

from glassbox.losses import classes
from glassbox.params import LOSSES, CrossEntropy, parse

Floats = npt.NDArray[np.float32]
Pair = tuple[Floats, Floats]
LOGITS = st.floats(-8, 8, width=32)  # beyond, scikit-learn's probabilities lose digits: see the test of any logit
SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 4))
FLAGS = SHAPES.flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.float32, shape, elements=st.sampled_from([0.0, 1.0])),
        hnp.arrays(np.float32, shape, elements=LOGITS),
    )
)
EXCLUSIVE = st.tuples(st.integers(1, 5), st.integers(2, 5)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.int64, shape[0], elements=st.integers(0, shape[1] - 1)),
        hnp.arrays(np.float32, shape, elements=LOGITS),
    )
)


def block(name: str, weights: str = "none", smoothing: float = 0.0) -> CrossEntropy:
    content = {"module": "classes", "name": f"{name}-cross-entropy", "weights": weights, "smoothing": smoothing}
    return parse(CrossEntropy, content, "")


def value(name: str, truth: Floats, logits: Floats, smoothing: float = 0.0) -> Floats:
    loss = classes.build(block(name, smoothing=smoothing))
    return np.asarray(ops.convert_to_numpy(loss(*map(ops.convert_to_tensor, (truth, logits)))))


def one_hot(labels: npt.NDArray[Any], count: int) -> Floats:
    return np.asarray(np.eye(count)[labels], np.float32)


@settings(max_examples=60)
@given(FLAGS)
def test_flags_match_scikit_learn(pair: Pair) -> None:
    """Log loss of each flag, mean over a picture's flags, one value a picture."""
    truth, logits = pair
    expected = []
    for flags, said in zip(truth, expit(logits.astype(np.float64)), strict=True):
        by_flag = [log_loss([t], [[1 - p, p]], labels=[0, 1]) for t, p in zip(flags, said, strict=True)]
        expected.append(np.mean(by_flag))
    found = value("binary", truth, logits)
    assert found.shape == (len(truth),) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@settings(max_examples=60)
@given(EXCLUSIVE)
def test_exclusive_classes_match_scikit_learn(pair: Pair) -> None:
    """Log loss of the softmax, one value a picture."""
    labels, logits = pair
    count = logits.shape[1]
    said = softmax(logits.astype(np.float64), axis=1)
    expected = [log_loss([label], [p], labels=range(count)) for label, p in zip(labels, said, strict=True)]
    found = value("categorical", one_hot(labels, count), logits)
    assert found.shape == (len(labels),) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@settings(max_examples=30)
@given(FLAGS)
def test_one_flag_is_two_exclusive_classes(pair: Pair) -> None:
    """A logit z for one flag says what the logits 0 and z say of two classes."""
    truth, logits = (each[:, :1] for each in pair)
    both = np.concatenate([np.zeros_like(logits), logits], axis=1)
    by_class = value("categorical", np.concatenate([1 - truth, truth], axis=1), both)
    np.testing.assert_allclose(value("binary", truth, logits), by_class, rtol=1e-5, atol=1e-5)


@settings(max_examples=40)
@given(EXCLUSIVE, st.floats(0, 1))
def test_smoothing_moves_that_share_to_an_even_guess(pair: tuple[Floats, Floats], share: float) -> None:
    """By the formulas, with targets `(1 - s) t + s / K` of classes and `(1 - s) t + s / 2` of flags."""
    labels, logits = pair
    hard, wide = one_hot(labels, logits.shape[1]).astype(np.float64), logits.astype(np.float64)
    soft = (1 - share) * hard + share / logits.shape[1]
    expected = -(soft * np.log(softmax(wide, axis=1))).sum(axis=1)
    found = value("categorical", hard.astype(np.float32), logits, share)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    soft = (1 - share) * hard + share / 2
    expected = (soft * np.logaddexp(0, -wide) + (1 - soft) * np.logaddexp(0, wide)).mean(axis=1)
    found = value("binary", hard.astype(np.float32), logits, share)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


BY_HAND = [
    # name, truth, logits, smoothing, expected
    ("binary", [1.0], [0.0], 0.0, np.log(2)),
    ("binary", [1.0], [np.log(3)], 0.0, np.log(4 / 3)),
    ("binary", [0.0], [np.log(3)], 0.0, np.log(4)),
    ("binary", [1.0, 0.0], [np.log(3), np.log(3)], 0.0, (np.log(4 / 3) + np.log(4)) / 2),
    ("binary", [1.0], [np.log(3)], 0.5, 0.75 * np.log(4 / 3) + 0.25 * np.log(4)),
    ("categorical", [1.0, 0.0, 0.0], [0.0, 0.0, 0.0], 0.0, np.log(3)),
    ("categorical", [0.0, 1.0, 0.0], [0.0, np.log(2), 0.0], 0.0, np.log(2)),
    ("categorical", [0.0, 1.0, 0.0], [0.0, np.log(2), 0.0], 0.3, 0.8 * np.log(2) + 0.2 * np.log(4)),
]


@pytest.mark.parametrize(("name", "truth", "logits", "smoothing", "expected"), BY_HAND)
def test_losses_that_can_be_checked_by_hand(
    name: str, truth: list[float], logits: list[float], smoothing: float, expected: float
) -> None:
    """A logit of log 3 is a probability of 3/4, logits 0, log 2, 0 are 1/4, 1/2, 1/4."""
    found = value(name, np.array([truth], np.float32), np.array([logits], np.float32), smoothing)
    assert found[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["binary", "categorical"])
@pytest.mark.parametrize("size", [0.0, 1.0, 88.0, 1e4, 1e30])
def test_any_logit_has_its_loss_and_its_slope(name: str, size: float) -> None:
    """Right or wrong and however sure, 0 included: the slope is what was said less what is true, over the flags."""
    truth = np.array([[1, 0], [0, 1]], np.float32)
    logits = tf.Variable(np.array([[size, -size], [size, -size]], np.float32))
    with tf.GradientTape() as tape:
        loss = classes.build(block(name))(tf.constant(truth), logits)
    said = expit([size, -size]) if name == "binary" else softmax([size, -size])
    per_flag = 2 if name == "binary" else 1
    assert np.isfinite(loss.numpy()).all()
    np.testing.assert_allclose(tape.gradient(loss, logits).numpy(), (said - truth) / per_flag, atol=1e-6)
    wrong = size if name == "binary" else 2 * size
    if size >= 88:
        np.testing.assert_allclose(loss.numpy(), [0, wrong], rtol=1e-6)


def test_every_cross_entropy_of_the_parameters_is_there() -> None:
    """What params.yaml may name can be built, and nothing else."""
    assert set(classes.SHAPES) == {name for name, kind in LOSSES.items() if kind is CrossEntropy}


COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=9).filter(any)


@given(COUNTS)
def test_balanced_classes_weigh_the_same_in_all(counts: list[int]) -> None:
    """Whatever their shares: every class that occurs has one sum, in proportion N / (classes * cases); mean 1."""
    labels = np.repeat(np.arange(len(counts)), counts)
    found = classes.weights(block("categorical", "balanced"), one_hot(labels, len(counts)))
    assert found.shape == labels.shape and found.dtype == np.float32
    assert found.mean() == pytest.approx(1, rel=1e-5)
    occurring = np.flatnonzero(counts)
    for label in occurring:
        of_class = found[labels == label]
        assert of_class.sum() == pytest.approx(len(labels) / len(occurring), rel=1e-4)
        assert np.ptp(of_class) == 0


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_balanced_flag_weighs_the_same_with_and_without(positive: int, negative: int) -> None:
    """As two classes would; where only one occurs, every picture weighs 1."""
    if positive + negative == 0:
        return
    flags = np.repeat(np.array([1, 0], np.float32), [positive, negative])[:, None]
    found = classes.weights(block("binary", "balanced"), flags)
    sums = [found[flags[:, 0] == flag].sum() for flag in (1, 0)]
    total = positive + negative
    expected = [total / 2, total / 2] if positive and negative else [positive, negative]
    assert sums == pytest.approx(expected, rel=1e-4)
    if positive and negative:
        np.testing.assert_allclose(
            found, classes.weights(block("categorical", "balanced"), np.hstack([flags, 1 - flags])), rtol=1e-4
        )


@settings(max_examples=60)
@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 8), st.integers(2, 4)), elements=st.sampled_from([0.0, 1.0])))
def test_several_balanced_flags_weigh_by_their_mean(flags: Floats) -> None:
    """`N / (2 n_flag)` of each flag, counted one by one."""
    each = np.zeros(len(flags))
    for column in flags.T:
        for row, flag in enumerate(column):
            each[row] += len(column) / (2 * sum(other == flag for other in column)) / flags.shape[1]
    found = classes.weights(block("binary", "balanced"), flags)
    np.testing.assert_allclose(found, each / each.mean(), rtol=1e-4)


@given(EXCLUSIVE)
def test_unbalanced_pictures_weigh_1(pair: Pair) -> None:
    """Whatever their class."""
    labels, logits = pair
    for name in ("binary", "categorical"):
        found = classes.weights(block(name), one_hot(labels, logits.shape[1]))
        assert found.dtype == np.float32 and found.tolist() == [1.0] * len(labels)
