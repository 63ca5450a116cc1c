"""glassbox.training.optimizer: the learning rate's course, Muon's step against a singular value decomposition."""

from pathlib import Path

import keras
import numpy as np
import pytest

from glassbox.params import Schedule, load
from glassbox.training import optimizer

COMMITTED = load(Path(__file__).parents[2] / "params.yaml").tasks["phantom"].train
RNG = np.random.default_rng(0)


def schedule(**changes: object) -> Schedule:
    return COMMITTED.model_copy(update={"warmup_passes": 0, "weight_decay": 0.0, "clip_norm": 1e9, **changes})


def step(settings: Schedule, gradient: np.ndarray, name: str = "kernel", steps: int = 1) -> np.ndarray:
    """By how much `steps` steps along one gradient change a variable that starts at 0."""
    variable = keras.Variable(np.zeros(gradient.shape, np.float32), name=name)
    built = optimizer.build(settings, [10] * 100)
    built.build([variable])
    for _ in range(steps):
        built.apply([gradient.astype(np.float32)], [variable])
    return np.array(variable)


@pytest.mark.parametrize("shape", [(3, 3, 16, 24), (3, 3, 8, 96), (1, 1, 64, 8), (2, 2, 12, 12)])
def test_muon_moves_every_direction_of_a_kernel_alike(shape: tuple[int, ...]) -> None:
    """The update keeps the gradient's singular vectors and brings all singular values near one.

    Newton and Schulz stop early: between 0.6 and 1.3 is what their five steps promise for values that are not tiny.
    """
    gradient = RNG.standard_normal(shape)
    rate = 1e-2
    moved = step(schedule(optimizer="muon", learning_rate=rate), gradient).reshape(-1, shape[-1])
    left, values, right = np.linalg.svd(gradient.reshape(-1, shape[-1]), full_matrices=False)
    scale = rate * optimizer.RMS * max(moved.shape) ** 0.5
    along = np.diag(left.T @ -moved @ right.T) / scale
    assert along.min() > 0.6
    assert along.max() < 1.3
    off = left.T @ -moved @ right.T / scale - np.diag(along)
    assert np.abs(off).max() < 1e-2
    assert values.max() / values.min() > along.max() / along.min()


def test_a_step_of_muon_is_as_long_as_one_of_adamw() -> None:
    """Root mean square about 0.2 of the learning rate, whatever the gradient's size."""
    for size in (1e-3, 1e3):
        moved = step(schedule(optimizer="muon", learning_rate=1e-2), size * RNG.standard_normal((3, 3, 32, 32)))
        assert np.sqrt((moved**2).mean()) == pytest.approx(0.2 * 1e-2, rel=0.25)


@pytest.mark.parametrize("shape", [(24,), (3, 3, 6, 1), (1, 1, 24, 1), (1, 1, 6, 24), (24, 24), (16, 4, 4)])
def test_other_variables_go_by_adamw(shape: tuple[int, ...]) -> None:
    """Biases, normalisations, kernels without eight rows and columns, and the self-attention's matrices."""
    gradient = RNG.standard_normal(shape)
    moved = [step(schedule(optimizer=name), gradient, steps=3) for name in ("muon", "adamw")]
    assert np.allclose(*moved, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("name", ["adamw", "muon"])
def test_weight_decay_spares_biases_and_normalisations(name: str) -> None:
    """A zero gradient leaves them; a kernel shrinks by the rate times the decay."""
    built = optimizer.build(schedule(optimizer=name, learning_rate=0.1, weight_decay=0.5), [10] * 100)
    shapes = {"kernel": (3, 3, 8, 8), "bias": (8,), "gamma": (8,), "beta": (8,)}
    variables = [keras.Variable(np.ones(shape, np.float32), name=key) for key, shape in shapes.items()]
    built.build(variables)
    built.apply([np.zeros(variable.shape, np.float32) for variable in variables], variables)
    assert [round(float(np.array(v).mean()), 4) for v in variables] == [0.95, 1.0, 1.0, 1.0]


def test_the_rate_warms_up_and_then_falls_along_a_cosine() -> None:
    """From 0 to the rate in the warm-up's batches, half-way down in the middle, the final rate at the end."""
    settings = schedule(learning_rate=2e-3, final_learning_rate=1e-5, warmup_passes=2, optimizer="muon")
    rate = optimizer.build(settings, [10] * 12)._learning_rate
    found = [float(rate(batch)) for batch in (0, 10, 20, 70, 120)]
    assert found == pytest.approx([0, 1e-3, 2e-3, (2e-3 + 1e-5) / 2, 1e-5], rel=1e-4, abs=1e-9)
