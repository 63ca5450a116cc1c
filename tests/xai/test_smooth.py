"""Gradients under noise: the plain mean and variance of the samples, whatever the chunks."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import CHUNK, gradients
from glassbox.xai.operator import class_logit, region_mean
from glassbox.xai.smooth import draws, noisy_gradients

RNG = np.random.default_rng(6)
IMAGES = RNG.random((2, 16, 20, 3)).astype(np.float32)
REGION = region_mean(RNG.random((2, 16, 20)) < 0.4)


@pytest.mark.parametrize("samples", [1, 2, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
def test_mean_and_variance_are_those_of_all_samples_at_once(foreign: keras.Model, samples: int) -> None:
    """The samples' gradients, one by one and then averaged, at the stated noise."""
    found = noisy_gradients(foreign, IMAGES, REGION, samples, 0.2, 9)
    for i, one in enumerate(REGION.each(2)):
        noise = draws(np.random.default_rng([9, i]), samples, IMAGES[i].shape, 0.2 * float(np.ptp(IMAGES[i])))
        every = np.concatenate([gradients(foreign, (IMAGES[i] + e)[None], one)[1] for e in noise]).astype(float)
        np.testing.assert_allclose(found.mean[i], every.mean(axis=0), atol=1e-7)
        np.testing.assert_allclose(found.variance[i], every.var(axis=0), atol=1e-9)


def test_noise_has_the_stated_spread() -> None:
    """Normal, of the given sigma, and its stream does not depend on how it is asked for."""
    whole = draws(np.random.default_rng(1), 40, (30, 30, 3), 0.5)
    assert whole.dtype == np.float32
    assert whole.std() == pytest.approx(0.5, rel=0.02)
    assert abs(whole.mean()) < 0.01
    rng = np.random.default_rng(1)
    parts = [draws(rng, count, (30, 30, 3), 0.5) for count in (8, 30, 2)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_linear_network_is_not_moved_by_noise(linear: Callable[[np.ndarray], keras.Model]) -> None:
    """Its gradient is its weights everywhere: the mean is exact, the variance zero."""
    weights = RNG.normal(size=(6, 7, 3)).astype(np.float32)
    found = noisy_gradients(linear(weights), IMAGES[:, :6, :7], class_logit(0), 20, 0.5, 0)
    np.testing.assert_allclose(found.mean, np.stack([weights] * 2), rtol=1e-6)
    assert not found.variance.any()


def test_without_noise_it_is_the_gradient(foreign: keras.Model) -> None:
    """Noise 0: every sample is the picture itself."""
    found = noisy_gradients(foreign, IMAGES, REGION, 9, 0.0, 0)
    np.testing.assert_allclose(found.mean, gradients(foreign, IMAGES, REGION)[1], atol=1e-8)
    assert found.variance.max() < 1e-12


def test_same_seed_same_bits(foreign: keras.Model) -> None:
    """A second run gives the same bits, another seed others."""
    runs = [noisy_gradients(foreign, IMAGES, REGION, 5, 0.1, seed).mean for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


@pytest.mark.parametrize(("samples", "noise"), [(0, 0.1), (5, -0.1)])
def test_senseless_settings_are_refused(foreign: keras.Model, samples: int, noise: float) -> None:
    """No sample, or a spread below 0."""
    with pytest.raises(GlassboxError, match="samples, noise"):
        noisy_gradients(foreign, IMAGES, REGION, samples, noise, 0)
