"""A whole little project: parameters, data, plan and two tiny networks, and a way to type commands in it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from glassbox import artifacts, params
from glassbox.cli import app
from glassbox.data import assemble_labelled, familiar, plan
from glassbox.data.assemble import assemble
from glassbox.data.check import Census
from glassbox.data.isic import loader as isic
from glassbox.data.labelled import Labelled, tone
from glassbox.data.phantom import loader as phantom
from glassbox.nets import resnet
from glassbox.nets.attention_unet import Architecture, build

REPOSITORY = Path(__file__).parents[2]
MODELS = ("phantom-balanced", "phantom-recall")
TINY = {
    "widths": [8, 16],
    "pool": 1,
    "stem": 2,
    "standardise": True,
    "heads": 1,
    "attended": 0,
    "dropout": 0.1,
    "batch_norm_momentum": 0.9,
    "members": 1,
}
OPERATING = {"temperature": 1.5, "threshold": 0.45}
WEIGHTS = {"constant": 0.1, "expected_iou": 0.5, "agreement": 0.25, "sharpness": 0.125, "review_below": 0.6}
Run = Callable[..., Any]


def small_params() -> dict[str, Any]:
    """The repository's parameters with a phantom of 48x64 pixels, a network of 24x32 and two passes."""
    aliased = yaml.safe_load((REPOSITORY / "params.yaml").read_text())
    content: dict[str, Any] = json.loads(json.dumps(aliased))  # blocks that tasks share become each task's own
    task = content["tasks"]["phantom"]
    task["source"] |= {"height": 48, "width": 64, "train": 6, "val": 2, "test": 5}
    task["preprocess"] |= {"height": 24, "width": 32}
    task["augment"] |= {"passes": [{"count": 3, "samples": 1, "share": 1.0, "height": 24, "width": 32, "without": []}]}
    task["train"] |= {"first_pass": 0, "passes": 2}
    task["finetune"] |= {"first_pass": 2, "passes": 1}
    task["evaluate"] |= {"batch": 2, "resamples": 50}
    for group in ("bases", "outlining", "networks", "segmenters", "models"):
        content[group]["phantom-base"]["architecture"] = TINY
    return content


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files, made once."""
    paths = artifacts.Paths(tmp_path_factory.mktemp("template"))
    paths.params().write_text(yaml.safe_dump(small_params()))
    loaded = params.load(paths.params())
    task = loaded.tasks["phantom"]
    source = params.parse(phantom.Source, task.source, "source")
    for split in artifacts.SPLITS:
        cases = phantom.cases(paths.raw("phantom"), source, loaded.seed, split)
        artifacts.write_split(paths.split("phantom", split), assemble(cases, task.preprocess, split, Census()))
    train = artifacts.read_split(paths.split("phantom", "train"))
    artifacts.write_parquet(paths.plan("phantom"), plan.draw(train.cases, task.augment, loaded.seed))
    for seed, name in enumerate(MODELS):
        artifacts.write_model(paths.model(name), network(seed, train.inputs()))
        artifacts.write_json(paths.calibration(name), OPERATING)
        artifacts.write_json(paths.uncertainty(name), {"weights": WEIGHTS})
    return paths.root


@pytest.fixture(scope="session")
def networks(template: Path) -> dict[str, keras.Model]:
    """The stored networks, read once, to work out by hand what commands must give."""
    return {name: artifacts.read_model(artifacts.Paths(template).model(name)) for name in MODELS}


def network(seed: int, inputs: np.ndarray) -> keras.Model:
    """An untrained network whose masks cover about half of `inputs`."""
    keras.utils.set_random_seed(seed)
    made = build(params.parse(Architecture, TINY, "architecture"))
    layer = made.get_layer("coarse_logits")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias - np.median(made.predict_on_batch(inputs))])
    return made


@pytest.fixture
def project(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> artifacts.Paths:
    """A copy of the project as the working directory."""
    shutil.copytree(template, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return artifacts.Paths()


@pytest.fixture
def run() -> Run:
    """Type a command: ``run("check", "phantom")``; the result has exit_code, stdout and stderr."""

    def typed(*arguments: object) -> Any:  # noqa: ANN401 - typer's result
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return typed


@pytest.fixture
def refused(run: Run) -> Callable[..., None]:
    """Type a command that must fail with exit code 2, one line on stderr that holds `parts`, and no change on disk."""

    def typed(arguments: list[object], *parts: str) -> None:
        before = snapshot()
        result = run(*arguments)
        told = [line for line in result.stderr.splitlines() if not line.startswith("note: ")]
        assert result.exit_code == 2, result.output
        assert len(told) == 1 and told[0].startswith("error: "), told
        assert [part for part in parts if part not in told[0]] == [], told[0]
        assert snapshot() == before

    return typed


def snapshot() -> dict[str, bytes | None]:
    """Every file and folder below the working directory with its bytes."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(Path().rglob("*"))}


@pytest.fixture
def lesion() -> np.ndarray:
    """A picture of the phantom, (40, 60, 3) uint8 RGB: neither the network's size nor its shape."""
    content = small_params()["tasks"]["phantom"]["source"] | {"height": 40, "width": 60}
    return phantom.draw(params.parse(phantom.Source, content, "source"), 7, "test", 0).image


@pytest.fixture
def write(project: artifacts.Paths) -> Callable[[str, np.ndarray], Path]:
    """Write a picture (RGB, grey or RGBA) below the project."""
    return written


def written(name: str, pixels: np.ndarray) -> Path:
    """Write a picture below the working directory."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    turned = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    stored = cv2.cvtColor(pixels, turned[pixels.shape[2]]) if pixels.ndim == 3 else pixels
    path.write_bytes(cv2.imencode(path.suffix, stored)[1].tobytes())
    return path


OFFICIAL = {"train": 3, "val": 1, "test": 2}


@pytest.fixture
def official(project: artifacts.Paths, tmp_path: Path) -> Path:
    """A folder outside the project with six drawn cases in the layout of the ISIC 2017 archives."""
    source = params.parse(phantom.Source, small_params()["tasks"]["phantom"]["source"], "source")
    number = 0
    for split, cases in OFFICIAL.items():
        part = isic.EDITIONS[2017][split]
        for index in range(cases):
            case = phantom.draw(source, 3, split, index)
            image, mask = tmp_path / "official" / part.images, tmp_path / "official" / part.masks
            for folder, name, pixels in (
                (image, f"ISIC_{number:07d}.jpg", cv2.cvtColor(case.image, cv2.COLOR_RGB2BGR)),
                (mask, f"ISIC_{number:07d}_segmentation.png", case.mask.astype(np.uint8) * 255),
            ):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(cv2.imencode(Path(name).suffix, pixels)[1].tobytes())
            number += 1
    return tmp_path / "official"


CLASSIFIERS = {"chest-xray-base": "chest-xray", "chest-xray-other": "chest-xray", "pathmnist-base": "pathmnist"}
POINTS = {"screening": 0.5, "rule-in": 0.7, "rule-out": 0.2}
SMALL_RESNET = {"stem": 3, "stem_stride": 1, "pool": False, "widths": [4, 8], "blocks": [1, 1], "standardise": False}


def small_classes() -> dict[str, Any]:
    """The repository's parameters with chest X-rays of 24x32 pixels, tiny networks and two passes."""
    content = small_params()
    for name in dict.fromkeys(CLASSIFIERS.values()):
        task = content["tasks"][name]
        task["preprocess"] |= {"height": 24, "width": 32}
        task["augment"]["passes"] = [{"count": 2, "samples": 1, "share": 1.0, "height": 24, "width": 32, "without": []}]
        task["train"] |= {"passes": 2, "batch": 4}
        task["evaluate"] |= {"batch": 4, "resamples": 50}
    for model in CLASSIFIERS:
        like = model.replace("other", "base")
        points = {name: {"best": "youden", "keep": "sensitivity", "least": 0.0} for name in POINTS}
        binary = CLASSIFIERS[model] == "chest-xray"
        content["operating"][model] = {"default": "screening" if binary else None, "points": points if binary else {}}
        for group in ("bases", "classifying", "networks", "models"):
            entry = json.loads(json.dumps(content[group][like]))
            content[group][model] = entry | {"base": model, "architecture": entry["architecture"] | SMALL_RESNET}
    return content


def draw_xray(seed: int, label: int, height: int = 40, width: int = 50) -> np.ndarray:
    """Something like a chest, (height, width, 3) uint8 and grey: a veil over one side where `label` is 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 150 - 90 * np.exp(-(((np.abs(x) - 0.45) / 0.3) ** 2) - (y / 0.6) ** 2) + 8 * np.sin(9 * y)
    light += label * 60 * np.exp(-(((x - 0.4) / 0.25) ** 2) - ((y - 0.2) / 0.3) ** 2) + rng.normal(0, 6, light.shape)
    return np.clip(light + rng.normal(0, 10), 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def draw_tissue(seed: int, label: int, height: int = 28, width: int = 28) -> np.ndarray:
    """A patch of stained tissue, (height, width, 3) uint8: of each class another tone and grain."""
    rng = np.random.default_rng(seed)
    tone = np.array([200, 120, 170]) + 6 * label * np.array([-1, 1, 0.5]) + rng.normal(0, 4, 3)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width, 1)), (0, 0), 0.6 + 0.3 * label)
    return np.clip(tone + 60 * grain.reshape(height, width, 1), 0, 255).astype(np.uint8)


DRAWN = {"chest-xray": draw_xray, "pathmnist": draw_tissue}


@pytest.fixture(scope="session")
def labelled_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with data, plans, two tiny classifiers and what is recorded of them, made once."""
    paths = artifacts.Paths(tmp_path_factory.mktemp("labelled"))
    paths.params().write_text(yaml.safe_dump(small_classes()))
    loaded = params.load(paths.params())
    splits = {name: labelled_splits(paths, loaded, name) for name in dict.fromkeys(CLASSIFIERS.values())}
    for seed, (model, name) in enumerate(CLASSIFIERS.items()):
        train, val = splits[name]["train"], splits[name]["val"]
        described = [familiar.described(split.images, split.chroma) for split in (train, val)]
        artifacts.write_json(paths.familiar(model), familiar.learn(*described, share=1.0))
        artifacts.write_parquet(paths.plan(name), plan.draw(train.cases, loaded.tasks[name].augment, loaded.seed))
        artifacts.write_model(paths.model(model), classifier(loaded, model, seed, train.inputs()))
        record = {"temperature": 1.5, "before": {"ece": 0.2}, "after": {"ece": 0.1}}
        if train.form == "binary":
            record |= {"threshold": 0.5, "points": {point: {"threshold": cut} for point, cut in POINTS.items()}}
        artifacts.write_json(paths.calibration(model), record)
    return paths.root


def labelled_splits(paths: artifacts.Paths, loaded: params.Params, name: str) -> dict[str, artifacts.LabelledSplit]:
    """The splits of a task, drawn, written and given."""
    task, splits = loaded.tasks[name], {}
    for start, (split, count) in enumerate({"train": 24, "val": 20, "test": 10}.items()):
        drawn = []
        for i in range(count):
            label = i % len(task.labels.classes)
            image = DRAWN[name](1000 * start + i, label)
            drawn.append(Labelled(f"{split}-{i}", image, (label,), tone(image)))
        splits[split] = assemble_labelled.assemble(drawn, task.preprocess, task.labels, split, Census())
        artifacts.write_labelled(paths.split(name, split), splits[split])
    return splits


def classifier(loaded: params.Params, model: str, seed: int, inputs: np.ndarray) -> keras.Model:
    """An untrained network whose logits on `inputs` have mean 0 and deviation 2."""
    keras.utils.set_random_seed(seed)
    made = resnet.build(params.parse(resnet.Architecture, loaded.bases[model].architecture, "architecture"))
    said, layer = made.predict_on_batch(inputs), made.get_layer("logits")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * 2 / said.std(axis=0), bias - said.mean(axis=0) * 2 / said.std(axis=0)])
    return made


@pytest.fixture
def ward(labelled_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> artifacts.Paths:
    """A copy of the project with classifiers as the working directory."""
    shutil.copytree(labelled_template, tmp_path / "ward")
    monkeypatch.chdir(tmp_path / "ward")
    return artifacts.Paths()


@pytest.fixture(scope="session")
def classifiers(labelled_template: Path) -> dict[str, keras.Model]:
    """The stored classifiers, read once, to work out by hand what commands must give."""
    return {name: artifacts.read_model(artifacts.Paths(labelled_template).model(name)) for name in CLASSIFIERS}


@pytest.fixture
def put(ward: artifacts.Paths) -> Callable[[str, np.ndarray], Path]:
    """Write a picture (RGB, grey or RGBA) below the project with classifiers."""
    return written


@pytest.fixture
def xray() -> Callable[..., np.ndarray]:
    """`xray(seed, label, height, width)` draws something like a chest."""
    return draw_xray


@pytest.fixture
def tissue() -> Callable[..., np.ndarray]:
    """`tissue(seed, label, height, width)` draws something like a stained slide."""
    return draw_tissue
