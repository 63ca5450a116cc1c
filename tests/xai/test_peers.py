"""Maps as Captum and xplique make them: of the same network, frozen by `tests/reference/make_xai.py`."""

import importlib.util
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from glassbox.xai import smooth
from glassbox.xai.gradcam import grad_cam
from glassbox.xai.gradient import gradients
from glassbox.xai.guided import guided_backpropagation
from glassbox.xai.integrated import integrated_gradients
from glassbox.xai.operator import Operator, region_mean
from glassbox.xai.perturb import occlusion
from glassbox.xai.saliency import saliency

REFERENCE = Path(__file__).parents[1] / "reference"
MOST = 1e-3  # relative error


@pytest.fixture(scope="module")
def frozen() -> dict[str, np.ndarray]:
    with np.load(REFERENCE / "xai.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """The network of the reference, drawn by its own script."""
    spec = importlib.util.spec_from_file_location("make_xai", REFERENCE / "make_xai.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_xai"] = module
    spec.loader.exec_module(module)
    built: keras.Model = module.network()
    return built


@pytest.fixture(scope="module")
def operator(frozen: dict[str, np.ndarray]) -> Operator:
    return region_mean(frozen["regions"])


def agree(found: np.ndarray, expected: np.ndarray) -> None:
    """To a relative error, over the whole of each image's map; a map of zeros would prove nothing."""
    assert found.shape == expected.shape
    for ours, theirs in zip(found.astype(np.float64), expected.astype(np.float64), strict=True):
        assert np.abs(theirs).max() > 1e-9
        assert np.linalg.norm(ours - theirs) <= MOST * np.linalg.norm(theirs)


def test_gradients(network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator) -> None:
    """Signed gradients, saliency's largest channel, gradient x input."""
    found = gradients(network, frozen["images"], operator)[1]
    agree(found, frozen["captum_gradient"])
    agree(found * frozen["images"], frozen["captum_gradient_input"])
    agree(found * frozen["images"], frozen["xplique_gradient_input"])
    agree(saliency(network, frozen["images"], operator), frozen["xplique_saliency"][..., 0])


def test_integrated_gradients(network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator) -> None:
    """At enough steps, whatever rule each library takes the integral by."""
    found = integrated_gradients(network, frozen["images"], operator, 0.0, 3000)
    agree(found.maps, frozen["captum_integrated"])
    agree(found.maps, frozen["xplique_integrated"])


@pytest.mark.parametrize("layer", ["relu1", "relu2", "relu3"])
def test_grad_cam(network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator, layer: str) -> None:
    """Captum's is at the layer's size; ours is that, enlarged bilinearly."""
    small = tf.constant(frozen[f"captum_cam_{layer}"][..., None])
    expected = tf.image.resize(small, frozen["images"].shape[1:3], method="bilinear").numpy()[..., 0]
    agree(grad_cam(network, frozen["images"], operator, [layer])[layer], expected)


def test_guided_backpropagation(network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator) -> None:
    """Of a twin of torch's own modules."""
    agree(guided_backpropagation(network, frozen["images"], operator), frozen["captum_guided"])


def test_noise(
    network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SmoothGrad and VarGrad of the same noise."""
    waiting = [list(noise) for noise in frozen["noise"]]

    def given(rng: object, count: int, shape: tuple[int, ...], sigma: float) -> np.ndarray:
        stream = next(left for left in waiting if left)
        return np.stack([stream.pop(0) for _ in range(count)])

    monkeypatch.setattr(smooth, "draws", given)
    samples = frozen["noise"].shape[1]
    found = smooth.noisy_gradients(network, frozen["images"], operator, samples, 0.1, 0)
    agree(found.mean, frozen["captum_smooth"])
    agree(found.variance, frozen["captum_variance"])


def test_occlusion(network: keras.Model, frozen: dict[str, np.ndarray], operator: Operator) -> None:
    """Captum gives every channel the same value."""
    agree(occlusion(network, frozen["images"], operator, 0.3, 4, 2), frozen["captum_occlusion"][..., 0])
