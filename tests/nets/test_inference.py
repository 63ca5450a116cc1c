"""glassbox.nets.inference: one map a picture, in order, whatever the batch; sizes as height and width."""

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.nets.inference import at_size, flipped, logits, probabilities


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """A network whose logit is 10 times the mean of red, green and blue, minus 5."""
    image = keras.Input((None, None, 3))
    convolution = layers.Conv2D(
        1, 1, kernel_initializer=keras.initializers.Constant(10 / 3), bias_initializer=keras.initializers.Constant(-5.0)
    )
    return keras.Model(image, convolution(image))


def pictures(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 256, (n, 4, 6, 3), np.uint8)


@pytest.mark.parametrize("batch", [1, 2, 5, 8])
@pytest.mark.parametrize("n", [1, 2, 5, 7])
def test_every_picture_has_its_probability(model: keras.Model, n: int, batch: int) -> None:
    """The sigmoid of its logits at uint8 / 255 over the temperature; how batches are cut changes nothing."""
    images = pictures(n)
    found = list(probabilities(model, images, 2.0, batch))
    expected = 1 / (1 + np.exp((5 - 10 * images.mean(axis=-1) / 255) / 2))
    assert np.allclose(list(logits(model, images, batch)), 10 * images.mean(axis=-1) / 255 - 5, atol=1e-4)
    assert [(one.shape, one.dtype) for one in found] == [((4, 6), np.float32)] * n
    assert np.allclose(found, expected, atol=1e-5)


def test_every_batch_has_one_shape(monkeypatch: pytest.MonkeyPatch, model: keras.Model) -> None:
    """The last batch is filled up, so that nothing is compiled twice; the network sees float32 in [0, 1]."""
    seen: list[np.ndarray] = []
    monkeypatch.setattr(model, "predict_on_batch", lambda x: seen.append(x) or np.zeros((*x.shape[:3], 1), np.float32))
    assert len(list(probabilities(model, pictures(7), 1.0, 3))) == 7
    assert [(x.shape, x.dtype) for x in seen] == [((3, 4, 6, 3), np.float32)] * 3
    assert all(x.min() >= 0 and x.max() <= 1 for x in seen)


def test_no_pictures_no_maps(model: keras.Model) -> None:
    """An empty split is no fault here."""
    assert list(probabilities(model, np.zeros((0, 4, 6, 3), np.uint8), 1.0)) == []


@pytest.mark.parametrize(("height", "width"), [(4, 6), (8, 12), (2, 3), (5, 7), (100, 1)])
def test_a_map_is_brought_to_height_and_width(height: int, width: int) -> None:
    """In that order, float32, and never outside the range that it had."""
    probability = np.random.default_rng(0).random((4, 6), np.float32)
    found = at_size(probability, height, width)
    assert (found.shape, found.dtype) == ((height, width), np.float32)
    assert found.min() >= probability.min() - 1e-6
    assert found.max() <= probability.max() + 1e-6


def test_a_map_of_that_size_stays_as_it_is() -> None:
    """No resampling where there is nothing to resample."""
    probability = np.random.default_rng(0).random((4, 6), np.float32)
    assert at_size(probability, 4, 6) is probability


def test_between_two_pixels_lies_their_mean() -> None:
    """Bilinear, with pixel centres at half: twice as wide gives a quarter and three quarters of the way."""
    found = at_size(np.array([[0.0, 1.0]], np.float32), 1, 4)
    assert np.allclose(found, [[0, 0.25, 0.75, 1]])


def test_mirror_images_are_mirrored_back(model: keras.Model) -> None:
    """A network that looks at single pixels gives four equal maps; the picture's own comes first."""
    images = pictures(3)
    found = list(flipped(model, images, 2.0, batch=2))
    plain = list(probabilities(model, images, 2.0))
    assert [maps.shape for maps in found] == [(4, 4, 6)] * 3
    for maps, own in zip(found, plain, strict=True):
        assert np.allclose(maps, own, atol=1e-6)


def test_each_copy_is_seen_from_another_side() -> None:
    """A network that answers with the column's number shows which copies were mirrored along it."""
    column = keras.layers.Lambda(lambda x: keras.ops.ones_like(x[..., :1]) * keras.ops.arange(6.0)[None, None, :, None])
    image = keras.Input((4, 6, 3))
    found = next(flipped(keras.Model(image, column(image)), pictures(1), 1.0))
    rising = [bool(maps[0, 0] < maps[0, -1]) for maps in found]
    assert rising == [True, True, False, False]


def test_several_maps_are_brought_to_one_size() -> None:
    """Each as it would be by itself."""
    maps = np.random.default_rng(0).random((3, 4, 6), np.float32)
    assert np.array_equal(at_size(maps, 8, 9), np.stack([at_size(each, 8, 9) for each in maps]))
