"""glassbox.losses.pixel: cross-entropy of each image, at any logit."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import ops

from glassbox.losses.pixel import cross_entropy

SHAPES = hnp.array_shapes(min_dims=3, max_dims=3, max_side=4).map(lambda shape: (*shape, 1))
PAIRS = SHAPES.flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.float32, shape, elements=st.sampled_from([0.0, 1.0])),
        hnp.arrays(np.float32, shape, elements=st.floats(-30, 30, width=32)),
    )
)


def by_hand(truth: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """-log of the probability given to each pixel's true class, mean over each image, in float64."""
    signed = np.where(truth == 1, logits, -logits).astype(np.float64)
    return np.log1p(np.exp(-signed)).mean(axis=(1, 2, 3))


@settings(max_examples=40)
@given(PAIRS)
def test_cross_entropy_is_the_mean_surprise_of_each_image(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """One value an image, as the definition gives it."""
    found = ops.convert_to_numpy(cross_entropy(*map(ops.convert_to_tensor, pair)))
    assert found.shape == (len(pair[0]),)
    assert np.allclose(found, by_hand(*pair), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("truth", "logit", "expected"),
    [(1, 0, np.log(2)), (0, 0, np.log(2)), (1, 1e4, 0), (0, -1e4, 0), (1, -1e4, 1e4), (0, 1e4, 1e4), (1, 3e38, 0)],
)
def test_no_logit_gives_an_infinity(truth: float, logit: float, expected: float) -> None:
    """Certain and right costs nothing, certain and wrong the size of the logit."""
    shape = (1, 2, 2, 1)
    assert float(cross_entropy(ops.full(shape, float(truth)), ops.full(shape, float(logit)))[0]) == pytest.approx(
        expected
    )


@settings(max_examples=25)
@given(PAIRS)
def test_the_gradient_is_probability_minus_truth(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """Divided by the image's pixels; so it never vanishes for a pixel that is wrong, however sure."""
    truth, logits = pair[0], np.where(np.abs(pair[1]) < 1e-6, np.float32(1), pair[1])  # at 0, |z| has a kink
    variable = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(cross_entropy(tf.constant(truth), variable))
    expected = (1 / (1 + np.exp(-logits.astype(np.float64))) - truth) / truth[0].size
    assert np.allclose(tape.gradient(loss, variable).numpy(), expected, atol=1e-6)
