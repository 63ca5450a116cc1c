"""`glassbox explain` writes the maps that the library gives, for any network, or leaves nothing behind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pytest
from keras import layers

from glassbox import artifacts, params
from glassbox.data.picture import decode_mask
from glassbox.data.steps import prepare
from glassbox.metrics.calibration import operating
from glassbox.nets.inference import at_size
from glassbox.xai.logits import to_logits
from glassbox.xai.methods import METHODS, explain
from glassbox.xai.operator import class_logit, predicted_region, region_mean
from glassbox.xai.regions import at_network

MODELS = ["phantom-balanced", "phantom-recall"]
Run = Callable[..., Any]
Refused = Callable[..., None]
Write = Callable[[str, np.ndarray], Path]
QUICK = ["--steps", 4, "--samples", 3, "--masked", 6, "--cells", 3, "--segments", 12, "--window", 0.5]


def settings(paths: artifacts.Paths) -> params.Xai:
    """Those of the project with the command line's changes."""
    changed = {"steps": 4, "samples": 3, "masked": 6, "cells": 3, "segments": 12, "window": 0.5}
    return params.load(paths.params()).tasks["phantom"].xai.model_copy(update=changed)


def test_every_method_writes_the_librarys_map(
    project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray, networks: dict[str, keras.Model]
) -> None:
    """As the network sees it, value for value; for layers, a file each; the region is the mask that is predicted."""
    path = write("in/a.png", lesion)
    result = run(
        "explain", "--model", MODELS[0], "--method", "all", *QUICK, "--as-seen", path, "--out", "out", "--json"
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["explanations"]
    assert [*dict.fromkeys(entry["method"] for entry in told)] == list(METHODS)

    loaded = params.load(project.params())
    image = prepare(lesion, loaded.tasks["phantom"].preprocess)[None].astype(np.float32) / 255
    threshold = operating(artifacts.read_json(project.calibration(MODELS[0]))).uncalibrated
    network = networks[MODELS[0]]
    operator = region_mean(predicted_region(network.predict_on_batch(image), threshold))
    for name in METHODS:
        made = explain(name, network, image, operator, settings(project), loaded.seed)
        files = [entry["array"] for entry in told if entry["method"] == name]
        assert len(files) == len(made.maps)
        for file, values in zip(files, made.maps.values(), strict=True):
            found = np.load(file)
            assert found.dtype == np.float32 and found.shape == (24, 32)
            np.testing.assert_allclose(found, values[0], rtol=1e-4, atol=1e-6)
    (integrated,) = (entry for entry in told if entry["method"] == "integrated-gradients")
    expected = explain("integrated-gradients", network, image, operator, settings(project), loaded.seed).completeness
    assert f"completeness error {expected[0]:.1%}" in integrated["note"]
    assert integrated["completeness"] == pytest.approx(expected[0], abs=1e-3)


def test_maps_lie_on_the_picture(
    project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray, networks: dict[str, keras.Model]
) -> None:
    """At the picture's own size; with an overlay and a sheet; two models side by side."""
    path = write("a.png", lesion)
    named = [option for model in MODELS for option in ("--model", model)]
    result = run("explain", *named, "--method", "saliency", path, "--out", "out", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["explanations"]
    assert [entry["model"] for entry in told] == MODELS
    names = {f"a_{model}_saliency.{kind}" for model in MODELS for kind in ("npy", "png")}
    assert {file.name for file in Path("out").iterdir()} == {*names, "a_explained.png"}
    seen = run("explain", *named, "--method", "saliency", "--as-seen", path, "--out", "seen")
    assert seen.exit_code == 0
    for model in MODELS:
        whole, small = (np.load(f"{folder}/a_{model}_saliency.npy") for folder in ("out", "seen"))
        assert whole.shape == lesion.shape[:2]
        np.testing.assert_allclose(whole, at_size(small, *lesion.shape[:2]), rtol=1e-6)
        assert cv2.imread(f"out/a_{model}_saliency.png").shape[2] == 3


@pytest.mark.parametrize("form", ["truth", "border", "false-positives", "box:5,6,30,40", "pixel:20,30"])
def test_regions_of_a_test_batch(
    project: artifacts.Paths, run: Run, networks: dict[str, keras.Model], form: str
) -> None:
    """A batch knows its truth: each region of the first picture has the map that the library gives."""
    options = ["--model", MODELS[0], "--method", "saliency", "--batch", 0, "--region", form, "--as-seen", "--json"]
    result = run("explain", *options, "--out", "out")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["explanations"]
    split = artifacts.read_split(project.split("phantom", "test"))
    image, network = split.inputs()[:1], networks[MODELS[0]]
    threshold = operating(artifacts.read_json(project.calibration(MODELS[0]))).uncalibrated
    (prediction,) = predicted_region(network.predict_on_batch(image), threshold)
    truth = decode_mask(split.truths[0])
    asked = at_network(form, prediction, truth, truth.shape, missing=True)
    if not asked.any():
        assert told[0]["note"] == "nothing to explain" and "array" not in told[0]
        return
    expected = explain("saliency", network, image, region_mean(asked[None]), settings(project))
    np.testing.assert_allclose(np.load(told[0]["array"]), expected.maps["saliency"][0], rtol=1e-3, atol=1e-7)
    assert 0 <= told[0]["mass"] <= 1 and told[0]["pointing"] in (0, 1)


def outliner(channels: int, activation: str | None, size: int | None = None) -> keras.Model:
    """A plain Keras network of two convolutions, the second at half the size, with a skip."""
    keras.utils.set_random_seed(4)
    image = keras.Input((size, size, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    y = layers.UpSampling2D()(layers.Conv2D(4, 3, padding="same", activation="relu")(layers.MaxPooling2D()(x)))
    return keras.Model(image, layers.Conv2D(channels, 1, activation=activation)(layers.Concatenate()([x, y])))


def test_a_network_from_elsewhere(project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray) -> None:
    """A plain Keras outliner that takes any size, asked by every method that fits it, straight from its file."""
    outliner(1, None).save("plain.keras")
    path = write("a.png", lesion)
    options = ["--method", "all", *QUICK, "--region", "box:2,2,20,20", "--json"]
    result = run("explain", "--model", "plain.keras", *options, path, "--out", "out")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["explanations"]
    assert [entry["method"] for entry in told] == [name for name in METHODS if name != "attention-gates"]
    assert all(np.load(entry["array"]).shape == lesion.shape[:2] for entry in told)


def test_a_sigmoid_at_the_end_is_taken_off(
    project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray
) -> None:
    """A network that ends in probabilities is explained by its logits: the same map as without its sigmoid."""
    plain = outliner(1, None)
    plain.save("plain.keras")
    sure = outliner(1, "sigmoid")
    sure.set_weights(plain.get_weights())
    sure.save("sure.keras")
    path, maps = write("a.png", lesion), []
    for name in ("plain", "sure"):
        options = ["--model", f"{name}.keras", "--method", "saliency", "--region", "box:2,2,20,20", "--out", name]
        assert run("explain", *options, path).exit_code == 0
        maps.append(np.load(f"{name}/a_{name}_saliency.npy"))
    assert maps[0].any()
    np.testing.assert_allclose(*maps, rtol=1e-4)


def test_an_outliner_of_several_classes_is_asked_of_one(
    project: artifacts.Paths, run: Run, refused: Refused, write: Write, lesion: np.ndarray
) -> None:
    """The class has to be named; its pixels are those where it is the likeliest."""
    network = outliner(3, "softmax", 16)
    network.save("three.keras")
    path = write("a.png", lesion)
    small = cv2.resize(lesion, (16, 16), interpolation=cv2.INTER_AREA)[None].astype(np.float32) / 255
    likeliest = network.predict_on_batch(small)[0].argmax(axis=-1)
    wanted = int(np.bincount(likeliest.ravel()).argmax())
    options = ["explain", "--model", "three.keras", "--method", "saliency", "--as-seen"]
    result = run(*options, "--class", wanted, path, "--out", "out")
    assert result.exit_code == 0, result.output
    logits = to_logits(network)
    one = keras.Model(logits.inputs[0], logits.outputs[0][..., wanted : wanted + 1])
    expected = explain("saliency", one, small, region_mean(likeliest[None] == wanted), settings(project))
    np.testing.assert_allclose(np.load("out/a_three_saliency.npy"), expected.maps["saliency"][0], rtol=1e-4, atol=1e-7)
    refused([*options, path, "--out", "none"], "--class: None", "0 to 2")


def test_a_classifier_of_grey_pictures(project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray) -> None:
    """The likeliest class, or the one that is named; on pixels up to 255 where it was trained on those."""
    grey = keras.Input((16, 16, 1))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3, activation="relu")(grey))
    classifier = keras.Model(grey, layers.Dense(3)(pooled))
    classifier.save("classes.keras")
    path = write("a.png", lesion)
    result = run("explain", "--model", "classes.keras", "--method", "smooth-grad", *QUICK, path, "--out", "out")
    assert result.exit_code == 0, result.output
    assert np.load("out/a_classes_smooth-grad.npy").shape == lesion.shape[:2]
    options = ["--class", 2, "--range", 255, "--as-seen", "--method", "gradient-input"]
    chosen = run("explain", "--model", "classes.keras", *options, path, "--out", "two")
    assert chosen.exit_code == 0, chosen.output
    small = np.rint(cv2.resize(lesion, (16, 16), interpolation=cv2.INTER_AREA).mean(axis=-1, keepdims=True))
    expected = explain("gradient-input", classifier, small[None].astype(np.float32), class_logit(2), settings(project))
    np.testing.assert_allclose(
        np.load("two/a_classes_gradient-input.npy"), expected.maps["gradient x input"][0], rtol=1e-3
    )


def test_nothing_predicted_is_an_answer(project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray) -> None:
    """An empty region: told as such, no map, no traceback."""
    artifacts.write_json(project.calibration(MODELS[0]), {"temperature": 1.0, "threshold": 0.999999})
    result = run("explain", "--model", MODELS[0], "--method", "saliency", write("a.png", lesion), "--out", "out")
    assert result.exit_code == 0, result.output
    assert "nothing to explain" in result.stdout
    assert [path.name for path in Path("out").iterdir()] == ["a_explained.png"]


BAD: list[tuple[list[object], list[str]]] = [
    (["--method", "grad-kam"], ["method grad-kam", "no such method", "grad-cam"]),
    (["--method", "grad-cam", "--layers", "decodr"], ["decodr", "no such layer", "decoder"]),
    (["--method", "integrated-gradients", "--steps", 0], ["steps", "0", "greater than or equal to 1"]),
    (["--method", "integrated-gradients", "--baseline", "grey"], ["baseline", "'grey'", "'zero', 'mean' or 'blurred'"]),
    (["--method", "saliency", "--region", "box:0,0,99,9"], ["40 rows and 60 columns"]),
    (["--method", "saliency", "--region", "lesion"], ["region lesion", "no such region", "predicted"]),
    (["--method", "saliency", "--region", "truth"], ["region truth", "no true mask"]),
    (["--method", "saliency", "--region", "component:99"], ["component:99"]),
    (["--method", "saliency", "--class", 0], ["--class", "a network that outlines"]),
    (["--method", "saliency", "--range", 255], ["--range", "a model of params.yaml"]),
    (["--method", "saliency", "--batch", 0], ["both pictures and --batch"]),
    (["--method", "occlusion", "--window", 1.5], ["window", "1.5"]),
]


@pytest.mark.parametrize(("options", "told"), BAD, ids=[" ".join(map(str, options[-2:])) for options, _ in BAD])
def test_a_mistake_is_told_in_one_line(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray, options: list[object], told: list[str]
) -> None:
    """Exit code 2, and nothing is written."""
    refused(["explain", "--model", MODELS[0], *options, write("a.png", lesion), "--out", "out"], *told)


def test_networks_that_can_not_be_asked(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray
) -> None:
    """An absent file, a network that ends in probabilities, a method that does not fit, a batch without a task."""
    path = write("a.png", lesion)
    refused(["explain", "--model", "none.keras", "--method", "saliency", path, "--out", "out"], "none.keras", "no such")
    image = keras.Input((None, None, 3))
    keras.Model(image, layers.Conv2D(1, 1)(image)).save("flat.keras")
    numbers = keras.Input((10,))
    keras.Model(numbers, layers.Dense(1)(numbers)).save("table.keras")
    four = keras.Input((None, None, 4))
    keras.Model(four, layers.Conv2D(1, 1)(four)).save("four.keras")
    outliner(1, None, 16).save("small.keras")
    refused(["explain", "--model", "table.keras", "--method", "saliency", path, "--out", "out"], "one picture")
    refused(["explain", "--model", "four.keras", "--method", "saliency", path, "--out", "out"], "one or three channels")
    both = ["explain", "--model", MODELS[0], "--model", "small.keras", "--method", "saliency", path, "--out", "out"]
    refused(both, "--model small", "as the others")
    refused(["explain", "--model", "flat.keras", "--method", "guided-backpropagation", path, "--out", "out"], "no ReLU")
    refused(["explain", "--model", "flat.keras", "--method", "attention-gates", path, "--out", "out"], "no attention")
    refused(["explain", "--model", "flat.keras", "--method", "saliency", "--batch", 0, "--out", "out"], "--batch")
