"""glassbox.nets.classes: the logits of every picture, in order, whatever the batch; mirrored, the mean of two."""

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import layers

from glassbox.nets.classes import logits

Pictures = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """A network whose two logits are the mean of the left half less that of the right, and of the top less the rest."""
    image = keras.Input((4, 6, 1))
    weights = np.zeros((4, 6, 2), np.float32)
    weights[:, :3, 0], weights[:, 3:, 0] = 1 / 12, -1 / 12
    weights[:2, :, 1], weights[2:, :, 1] = 1 / 12, -1 / 12
    dense = layers.Dense(2, kernel_initializer=lambda shape, dtype=None: weights.reshape(shape), use_bias=False)
    return keras.Model(image, dense(layers.Flatten()(image)))


def pictures(n: int) -> Pictures:
    return np.random.default_rng(n).integers(0, 256, (n, 4, 6, 1), np.uint8)


def by_hand(images: Pictures) -> npt.NDArray[np.float64]:
    shares = images[..., 0] / 255
    across = shares[:, :, :3].mean(axis=(1, 2)) - shares[:, :, 3:].mean(axis=(1, 2))
    down = shares[:, :2].mean(axis=(1, 2)) - shares[:, 2:].mean(axis=(1, 2))
    return np.stack([across, down], axis=1)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("batch", [1, 2, 5, 16])
@pytest.mark.parametrize("n", [1, 2, 5, 7])
def test_every_picture_has_its_logits(model: keras.Model, n: int, batch: int, mirrored: bool) -> None:
    """At uint8 / 255, one `(K,) float32` each; how batches are cut changes nothing.

    Mirrored, left and right cancel out and top and bottom stay: the mirror image is that of the width.
    """
    images = pictures(n)
    found = list(logits(model, images, mirrored, batch))
    assert [one.shape for one in found] == [(2,)] * n
    assert {one.dtype for one in found} == {np.dtype(np.float32)}
    np.testing.assert_allclose(found, by_hand(images) * (0.0 if mirrored else 1.0, 1.0), atol=1e-6)


def test_mirrored_is_the_mean_with_the_mirror_image(model: keras.Model) -> None:
    """Of what the network says of both; a picture and its mirror image are told the same."""
    images = pictures(5)
    both = [list(logits(model, copy)) for copy in (images, images[:, :, ::-1])]
    found = list(logits(model, images, mirrored=True))
    np.testing.assert_allclose(found, np.mean(both, axis=0), atol=1e-6)
    np.testing.assert_allclose(found, list(logits(model, images[:, :, ::-1], mirrored=True)), atol=1e-6)


@pytest.mark.parametrize("mirrored", [False, True])
def test_every_batch_has_one_shape(monkeypatch: pytest.MonkeyPatch, model: keras.Model, mirrored: bool) -> None:
    """The last batch is filled up with its last picture, so that nothing is compiled twice; float32 in [0, 1]."""
    seen: list[np.ndarray] = []
    monkeypatch.setattr(model, "predict_on_batch", lambda x: seen.append(x) or np.zeros((len(x), 2), np.float32))
    images = pictures(7)
    assert len(list(logits(model, images, mirrored, 3))) == 7
    assert [(x.shape, x.dtype) for x in seen] == [((3, 4, 6, 1), np.float32)] * (6 if mirrored else 3)
    assert all(x.min() >= 0 and x.max() <= 1 for x in seen)
    own = seen[::2] if mirrored else seen
    expected = np.concatenate([images, images[-1:], images[-1:]]).astype(np.float32) / 255
    np.testing.assert_array_equal(np.concatenate(own), expected)
    if mirrored:
        np.testing.assert_array_equal(np.concatenate(seen[1::2]), expected[:, :, ::-1])


def test_pictures_are_taken_one_batch_at_a_time(monkeypatch: pytest.MonkeyPatch, model: keras.Model) -> None:
    """A caller that shows how far it is, or stops, has not paid for the rest."""
    seen: list[int] = []
    monkeypatch.setattr(model, "predict_on_batch", lambda x: seen.append(len(x)) or np.zeros((len(x), 2), np.float32))
    told = logits(model, pictures(9), batch=3)
    for _ in range(4):
        next(told)
    assert seen == [3, 3]


def test_no_pictures_no_logits(model: keras.Model) -> None:
    """An empty split is no fault here."""
    assert list(logits(model, np.zeros((0, 4, 6, 1), np.uint8))) == []
