"""What a network says of each pixel, its gates, and pictures that stand for nothing: by hand."""

import cv2
import keras
import numpy as np
import pytest
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.nets import attention_unet
from glassbox.params import parse
from glassbox.xai.baseline import baseline
from glassbox.xai.gates import attention_gates, gates
from glassbox.xai.gradcam import grad_cam
from glassbox.xai.members import block, merged
from glassbox.xai.operator import region_mean
from glassbox.xai.pixel import confidence, probabilities, uncertainty

RNG = np.random.default_rng(8)
IMAGES = RNG.random((2, 16, 24, 3)).astype(np.float32)
SMALL = {"widths": [4, 6, 8], "pool": 1, "stem": 1, "standardise": False, "heads": 0, "attended": 0, "dropout": 0.0}


def unet(members: int) -> keras.Model:
    keras.utils.set_random_seed(3)
    given = SMALL | {"batch_norm_momentum": 0.9, "members": members}
    return attention_unet.build(parse(attention_unet.Architecture, given, "architecture"))


def test_uncertainty_is_the_entropy_of_the_mean_over_mirror_images() -> None:
    """In bits, from four passes, each flipped back; 1 where the mean is a half."""
    model = unet(1)
    flips = [(slice(None), slice(None, None, a), slice(None, None, b)) for a in (1, -1) for b in (1, -1)]
    p = np.mean([probabilities(model, IMAGES[at].copy())[at].astype(np.float64) for at in flips], axis=0)
    expected = -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
    np.testing.assert_allclose(uncertainty(model, IMAGES), expected, atol=1e-5)
    image = keras.Input((None, None, 3))
    flat = keras.Model(image, layers.Conv2D(1, 1, kernel_initializer="zeros")(image))
    np.testing.assert_allclose(uncertainty(flat, IMAGES), 1.0, atol=1e-6)


def test_confidence_is_the_mean_of_each_superpixel() -> None:
    """Labels of two halves; a classifier has no pixels to tell of."""
    labels = np.zeros((2, 16, 24), np.int32)
    labels[:, :, 12:] = 1
    found, likely = confidence(unet(1), IMAGES, labels), probabilities(unet(1), IMAGES)
    np.testing.assert_allclose(
        found[:, :, 12:], np.broadcast_to(likely[:, :, 12:].mean((1, 2), keepdims=True), (2, 16, 12)), rtol=1e-4
    )
    image = keras.Input((16, 24, 3))
    with pytest.raises(GlassboxError, match="one logit a pixel"):
        confidence(keras.Model(image, layers.Dense(1)(layers.Flatten()(image))), IMAGES, labels)


def test_gates_are_the_coefficients_of_the_network() -> None:
    """Coarse to fine, enlarged bilinearly; a network without gates is refused."""
    model = unet(1)
    assert gates(model) == ["gate2_coefficients", "gate1_coefficients"]
    found = attention_gates(model, IMAGES)
    inner = keras.Model(model.inputs[0], model.get_layer("gate2_coefficients").output)(IMAGES).numpy()
    expected = np.stack([cv2.resize(each[..., 0], (24, 16), interpolation=cv2.INTER_LINEAR) for each in inner])
    np.testing.assert_allclose(found["gate2"], expected, atol=1e-5)
    assert list(found) == ["gate2", "gate1"]
    image = keras.Input((16, 24, 3))
    with pytest.raises(GlassboxError, match="no attention gates"):
        attention_gates(keras.Model(image, layers.Conv2D(1, 1)(image)), IMAGES)


def test_maps_of_members_are_averaged_by_layer() -> None:
    """A layer of a network of two members is told of once."""
    model, operator = unet(2), region_mean(np.ones((2, 16, 24), bool))
    found = grad_cam(model, IMAGES, operator, "decoder")
    whole = merged(found)
    assert len(found) == 8
    assert list(whole) == ["decoder2_relu1", "decoder2_relu2", "decoder1_relu1", "decoder1_relu2"]
    mean = (found["decoder1a_relu2"] + found["decoder1b_relu2"]) / 2
    np.testing.assert_allclose(whole["decoder1_relu2"], mean, rtol=1e-6)
    assert merged({"data": IMAGES[..., 0]}).keys() == {"data"}
    assert block("encodera_conv", ["encodera_conv"]) == "encodera"


def test_levels_run_from_encoder_to_output() -> None:
    """The last rectified map of each block, and the logits: one page from what goes in to what comes out."""
    found = grad_cam(unet(1), IMAGES, region_mean(np.ones((2, 16, 24), bool)), "levels")
    assert list(found) == [
        "encoder1_relu2", "encoder2_relu2", "bottleneck_relu2", "decoder2_relu2", "decoder1_relu2", "logits",
    ]  # fmt: skip


def test_hires_cam_weighs_each_place_by_its_own_slope() -> None:
    """`ReLU(sum_k slope_k A_k)` at each position, from a tape of its own; not the mean slope of Grad-CAM."""
    image = keras.Input((8, 8, 3))
    keras.utils.set_random_seed(5)
    x = layers.Conv2D(5, 3, padding="same", activation="tanh", name="inner")(image)
    y = layers.Conv2D(1, 3, padding="same", name="logits")(keras.ops.square(x))
    model, one = keras.Model(image, y), RNG.random((1, 8, 8, 3)).astype(np.float32)
    inner = keras.Model(image, x)(one).numpy()[0].astype(np.float64)
    region = RNG.random((1, 8, 8)) < 0.4
    found = grad_cam(model, one, region_mean(region), ["inner"], hires=True)["inner"][0]
    kernel = model.get_layer("logits").get_weights()[0][..., 0].astype(np.float64)
    slope = np.zeros_like(inner)
    for row, column in np.argwhere(region[0]):  # each logit of the region reads the 3 x 3 places around it
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                r, c = row + down, column + right
                if 0 <= r < 8 and 0 <= c < 8:
                    slope[r, c] += kernel[down + 1, right + 1] * 2 * inner[r, c] / region.sum()
    np.testing.assert_allclose(found, np.maximum((slope * inner).sum(-1), 0), atol=1e-6)


def test_baselines() -> None:
    """Black, each image's own mean colour, and a blur that keeps the mean but no edge."""
    assert not baseline("zero", IMAGES, 0.1).any()
    mean = baseline("mean", IMAGES, 0.1)
    np.testing.assert_allclose(mean[1, 3, 5], IMAGES[1].mean((0, 1)), rtol=1e-5)
    assert mean.shape == IMAGES.shape and np.ptp(mean[0], axis=(0, 1)).max() == 0
    step = np.zeros((1, 40, 60, 3), np.float32)
    step[:, :, 30:] = 1
    blurred = baseline("blurred", step, 0.05)[0, 20, :, 0]
    assert blurred[29] + blurred[30] == pytest.approx(1, abs=1e-3) and 0.4 < blurred[29] < 0.5
    assert blurred[30 + 3] == pytest.approx(0.5 * (1 + 0.757), abs=0.03)  # a sigma of 3 pixels, 3.5 beyond the edge
    for kind, blur in (("grey", 0.1), ("blurred", 0.0)):
        with pytest.raises(GlassboxError, match="baseline"):
            baseline(kind, IMAGES, blur)
