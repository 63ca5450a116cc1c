"""Networks as files: the same weights are the same bytes, and what is no network is told in one line."""

import io
import json
import re
import time
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from glassbox import artifacts
from glassbox.errors import GlassboxError
from glassbox.nets.attention_unet import Architecture, build

ARCHITECTURE = Architecture(
    widths=[8, 16],
    pool=1,
    stem=1,
    standardise=True,
    heads=2,
    attended=1,
    dropout=0.1,
    batch_norm_momentum=0.9,
    members=1,
)


def trained() -> keras.Model:
    """A small network after one step, so that an optimizer with a state hangs on it."""
    keras.utils.set_random_seed(0)
    model = build(ARCHITECTURE)
    model.compile(optimizer="adamw", loss="mse")
    model.train_on_batch(np.ones((1, 8, 8, 3), np.float32), np.ones((1, 8, 8, 1), np.float32))
    return model


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return trained()


def test_a_model_comes_back_rounded_to_float16(tmp_path: Path, model: keras.Model) -> None:
    """Same structure and weights up to float16, in float32; plain Keras opens the file; it holds no optimizer."""
    path = tmp_path / "a.keras"
    artifacts.write_model(path, model)
    found = artifacts.read_model(path)
    for again in (found, keras.saving.load_model(path)):
        assert not again.compiled
        assert [(layer.name, type(layer)) for layer in again.layers] == [(n.name, type(n)) for n in model.layers]
        for weight, original in zip(again.weights, model.weights, strict=True):
            assert weight.dtype == original.dtype
            expected = original.numpy()
            rounded = expected.astype(np.float16).astype(np.float32) if expected.dtype == np.float32 else expected
            assert np.array_equal(weight.numpy(), rounded), weight.path
    picture = np.random.default_rng(0).random((1, 8, 8, 3), np.float32)
    assert np.allclose(found.predict_on_batch(picture), model.predict_on_batch(picture), atol=0.02)
    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as weights:
        assert "optimizer" not in weights
        assert "date_saved" not in json.loads(archive.read("metadata.json"))


def test_a_model_is_the_same_bytes_whenever_it_is_written(tmp_path: Path, model: keras.Model) -> None:
    """A second later, from another network built alike; and it holds no address of this process's memory."""
    artifacts.write_model(tmp_path / "a", model)
    time.sleep(1.1)  # zip and HDF5 would stamp seconds
    artifacts.write_model(tmp_path / "b", model)
    other = build(ARCHITECTURE)
    other.set_weights(model.get_weights())
    artifacts.write_model(tmp_path / "c", other)
    with zipfile.ZipFile(tmp_path / "a") as archive:
        addresses = re.findall(rb'"shared_object_id": (\d+)', archive.read("config.json"))
    assert set(addresses) == {b"0"}
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()


@pytest.mark.parametrize("value", [1e6, -1e6, np.nan, np.inf])
def test_a_weight_that_float16_can_not_hold_is_refused(tmp_path: Path, value: float) -> None:
    """Too large, infinite or NaN: a training that went wrong is not stored, and no file appears."""
    model = build(ARCHITECTURE)
    kernel = model.get_layer("logits").kernel
    kernel.assign(np.full(kernel.shape, value, np.float32))
    with pytest.raises(GlassboxError, match=r"^weight .*float16"):
        artifacts.write_model(tmp_path / "a.keras", model)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x05\x06" + bytes(18), None])
def test_a_file_that_is_no_model_is_told_in_one_line(tmp_path: Path, model: keras.Model, content: bytes | None) -> None:
    """Empty, text, an empty zip, a model cut short."""
    path = tmp_path / "a.keras"
    artifacts.write_model(path, model)
    path.write_bytes(path.read_bytes()[:-500] if content is None else content)
    with pytest.raises(GlassboxError) as caught:
        artifacts.read_model(path)
    assert re.match(rf"{path}: not (a model, or cut off|readable as a model \(.*\)); expected", str(caught.value))
    assert str(caught.value).endswith("; run: dvc repro")
    assert "\n" not in str(caught.value)
