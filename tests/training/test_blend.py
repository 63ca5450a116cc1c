"""glassbox.training.blend: weights between two trainings."""

import keras
import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.training.blend import blend

RNG = np.random.default_rng(0)


def network() -> keras.Model:
    """Kernels, statistics of batch normalisation and a layer that draws."""
    layers = keras.layers
    return keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.BatchNormalization(), layers.Dropout(0.5)])


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_weights_lie_on_the_line_between_the_two(share: float) -> None:
    model = network()
    shapes = [each.shape for each in model.get_weights()]
    start, trained = ([RNG.standard_normal(shape).astype(np.float32) for shape in shapes] for _ in range(2))
    model.set_weights(trained)
    blend(model, start, share)
    for own, before, after in zip(model.get_weights(), start, trained, strict=True):
        assert own == pytest.approx(after + share * (before - after), abs=1e-6)


@pytest.mark.parametrize(
    ("start", "share", "message"),
    [
        (lambda model: model.get_weights(), 1.5, "blend: share 1.5; expected a number from 0 to 1"),
        (lambda model: model.get_weights()[:-1], 0.5, "blend: weights of other shapes; expected those of the same"),
    ],
)
def test_what_cannot_be_blended_is_refused(start: object, share: float, message: str) -> None:
    model = network()
    assert callable(start)
    with pytest.raises(GlassboxError, match=message):
        blend(model, start(model), share)
