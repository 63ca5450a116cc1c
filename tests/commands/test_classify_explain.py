"""`glassbox explain` of a classifier explains the logit of a class, by the library's own maps."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from glassbox import artifacts, params
from glassbox.data.assemble_labelled import in_channels
from glassbox.data.steps import prepare
from glassbox.xai.methods import METHODS, explain
from glassbox.xai.operator import class_logit

BINARY, OTHER, TISSUE = "chest-xray-base", "chest-xray-other", "pathmnist-base"
QUICK = ["--steps", 4, "--samples", 3, "--masked", 6, "--cells", 3, "--segments", 12, "--window", 0.5]
CHANGED = {"steps": 4, "samples": 3, "masked": 6, "cells": 3, "segments": 12, "window": 0.5, "layers": "last"}
OUTLINING = ("attention-gates", "superpixel-confidence", "uncertainty")
RELUS = ["stem_relu", "stage1_block1_relu", "stage2_block1_relu"]  # the last of each block
Run = Callable[..., Any]
Refused = Callable[..., None]
Put = Callable[[str, np.ndarray], Path]
Draw = Callable[..., np.ndarray]


def given(paths: artifacts.Paths, task: str, image: np.ndarray) -> tuple[np.ndarray, params.Xai, int]:
    """What the library is asked with: the picture as the network sees it, the settings and the seed."""
    loaded = params.load(paths.params())
    block = loaded.tasks[task]
    small = in_channels(prepare(image, block.preprocess), block.preprocess.channels)
    return small[None].astype(np.float32) / 255, block.xai.model_copy(update=CHANGED), loaded.seed


def told(result: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - typer's result
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["explanations"]
    return found


def test_every_method_that_fits_a_network_of_one_channel(
    ward: artifacts.Paths, run: Run, put: Put, xray: Draw, classifiers: dict[str, keras.Model]
) -> None:
    """The map of the one logit, value for value; Grad-CAM at the last layer; methods for outlines are left out."""
    path = put("in/a.png", xray(21, 1))
    result = run("explain", "--model", BINARY, "--method", "all", *QUICK, "--as-seen", path, "--out", "out", "--json")
    entries = told(result)
    assert [entry["method"] for entry in entries] == [name for name in METHODS if name not in OUTLINING]
    image, settings, seed = given(ward, "chest-xray", xray(21, 1))
    for entry in entries:
        made = explain(entry["method"], classifiers[BINARY], image, class_logit(0), settings, seed)
        np.testing.assert_allclose(np.load(entry["array"]), made.one[0], rtol=1e-3, atol=1e-5)
        assert entry["class"] == "pneumonia" and Path(entry["overlay"]).is_file()
    alone = json.loads(run("predict", "--model", BINARY, path, "--json").stdout)["images"][0]["predictions"][0]
    assert {(entry["label"], entry["probability"]) for entry in entries} == {(alone["label"], alone["probability"])}


def test_maps_lie_on_the_picture(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """At its own size; two models and two methods side by side; a table that tells what is called and explained."""
    path = put("a.png", xray(22, 1, 44, 36))
    options = ["--model", BINARY, "--model", OTHER, "--method", "grad-cam", "--method", "lime", *QUICK]
    result = run("explain", *options, path, "--out", "out")
    assert result.exit_code == 0, result.output
    stems = [f"a_{model}_{method}" for model in (BINARY, OTHER) for method in ("grad-cam", "lime")]
    names = {f"{stem}{ending}" for stem in stems for ending in (".npy", ".png")}
    assert {file.name for file in Path("out").iterdir()} == {*names, "a_explained.png"}
    assert all(np.load(f"out/{stem}.npy").shape == (44, 36) for stem in stems)
    assert all(word in result.stdout for word in ("called", "explained", "4 maps written"))


def test_the_called_class_of_several_is_explained(
    ward: artifacts.Paths, run: Run, put: Put, tissue: Draw, classifiers: dict[str, keras.Model]
) -> None:
    """Or the one named, or given by its index; in colour."""
    path = put("a.png", tissue(31, 6))
    image, settings, seed = given(ward, "pathmnist", tissue(31, 6))
    names = params.load(ward.params()).tasks["pathmnist"].labels.names
    called = int(classifiers[TISSUE].predict_on_batch(image)[0].argmax())
    wanted = (called + 4) % len(names)
    ask = ["explain", "--model", TISSUE, "--method", "gradient-input", "--as-seen", "--json", path]
    for index, more in ((called, []), (wanted, ["--class", names[wanted].upper()]), (wanted, ["--class", wanted])):
        (entry,) = told(run(*ask, *more, "--out", "out"))
        assert (entry["label"], entry["class"]) == (names[called], names[index])
        expected = explain("gradient-input", classifiers[TISSUE], image, class_logit(index), settings, seed)
        np.testing.assert_allclose(np.load(entry["array"]), expected.one[0], rtol=1e-3, atol=1e-6)


def test_the_negative_class_of_two_is_what_speaks_against_the_other(
    ward: artifacts.Paths, run: Run, put: Put, xray: Draw
) -> None:
    """Signed maps change their sign, and the gains are of the negated score; the map of the called class stays."""
    path, maps = put("a.png", xray(23, 0)), {}
    for name in ("normal", "pneumonia"):
        options = ["--class", name, "--method", "integrated-gradients", *QUICK, "--as-seen", "--json"]
        (entry,) = told(run("explain", "--model", BINARY, *options, path, "--out", name))
        assert entry["class"] == name
        maps[name] = np.load(entry["array"])
    np.testing.assert_allclose(maps["normal"], -maps["pneumonia"], rtol=1e-4, atol=1e-6)
    assert maps["normal"].any()


@pytest.mark.parametrize(
    ("named", "layers"),
    [([], ["grad-cam"]), (["--layers", "levels"], RELUS), (["--layers", "stem_relu, levels"], RELUS)],
)
def test_layers_of_grad_cam(
    ward: artifacts.Paths, run: Run, put: Put, xray: Draw, named: list[object], layers: list[str]
) -> None:
    """The last one unless others are named; levels are the last ReLU of each block, from the picture on."""
    result = run(
        "explain", "--model", BINARY, "--method", "grad-cam", *named, put("a.png", xray(2, 1)), "--out", "o", "--json"
    )
    assert [entry["map"] for entry in told(result)] == layers


def test_a_batch_of_the_test_split(ward: artifacts.Paths, run: Run, classifiers: dict[str, keras.Model]) -> None:
    """Each case by its name, as the network sees it."""
    options = ["--model", TISSUE, "--method", "saliency", "--batch", 2, "--as-seen", "--json"]
    entries = told(run("explain", *options, "--out", "out"))
    assert [entry["name"] for entry in entries] == ["test-8", "test-9"]
    image = artifacts.read_labelled(ward.split("pathmnist", "test")).inputs()[8:9]
    called = int(classifiers[TISSUE].predict_on_batch(image)[0].argmax())
    _, settings, seed = given(ward, "pathmnist", np.zeros((9, 9, 3), np.uint8))
    expected = explain("saliency", classifiers[TISSUE], image, class_logit(called), settings, seed)
    np.testing.assert_allclose(np.load(entries[0]["array"]), expected.one[0], rtol=1e-3, atol=1e-6)


BAD: list[tuple[list[object], list[str]]] = [
    (["--model", BINARY, "--class", "healthy"], ["--class: 'healthy'", "normal, pneumonia"]),
    (["--model", BINARY, "--class", 2], ["--class: '2'", "normal, pneumonia"]),
    (["--model", BINARY, "--region", "border"], ["--region: a classifier", "--class"]),
    (["--model", BINARY, "--layers", "encoder"], ["layers encoder", "no ReLU layer of that name"]),
    (["--model", BINARY, "--method", "uncertainty"], ["one logit a pixel"]),
    (["--model", BINARY, "--range", 255], ["--range", "a model of params.yaml"]),
    (["--model", BINARY, "--model", TISSUE], ["--model", "models of several tasks"]),
    (["--model", BINARY, "--model", "phantom-base"], ["--model", "models of several tasks"]),
    (["--model", "pneumoniamnist-base"], ["pneumoniamnist-base", "no such"]),
    (["--model", "small.keras", "--class", "dog"], ["--class: dog", "0 to 2, the logits of small.keras"]),
    (["--model", "small.keras", "--class", 3], ["--class: 3", "0 to 2"]),
]


@pytest.mark.parametrize(("options", "parts"), BAD, ids=[" ".join(map(str, bad[0])) for bad in BAD])
def test_misuse_is_told_in_one_line(
    ward: artifacts.Paths, refused: Refused, put: Put, xray: Draw, options: list[object], parts: list[str]
) -> None:
    """Exit code 2, and nothing is written."""
    image = keras.Input((16, 16, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(4, 3, activation="relu")(image))
    keras.Model(image, keras.layers.Dense(3)(pooled)).save("small.keras")
    method = [] if "--method" in options else ["--method", "grad-cam"]
    refused(["explain", *options, *method, put("a.png", xray(1, 1)), "--out", "out"], *parts)


def test_a_process_says_nothing_but_its_own_words(ward: artifacts.Paths, put: Put, xray: Draw) -> None:
    """TensorFlow greets on stderr when it is first imported; a user's terminal and log stay clean."""
    path = put("in/a.png", xray(21, 1))
    line = ["explain", "--model", BINARY, "--method", "saliency", str(path), "--out", "out"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_CPP")}
    command = [sys.executable, "-c", "from glassbox.cli import main; main()", *line]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, [text for text in done.stderr.splitlines() if not text.startswith("note: ")]) == (0, [])
