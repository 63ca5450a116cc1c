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
from glassbox.data import plan
from glassbox.data.assemble import assemble
from glassbox.data.check import Census
from glassbox.data.isic import loader as isic
from glassbox.data.phantom import loader as phantom
from glassbox.nets.attention_unet import Architecture, build

REPOSITORY = Path(__file__).parents[2]
MODELS = ("phantom-balanced", "phantom-recall")
TINY = {
    "widths": [8, 16],
    "pool": 1,
    "stem": 2,
    "standardise": True,
    "heads": 1,
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
    for group in ("bases", "models"):
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

    def written(name: str, pixels: np.ndarray) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        turned = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
        stored = cv2.cvtColor(pixels, turned[pixels.shape[2]]) if pixels.ndim == 3 else pixels
        path.write_bytes(cv2.imencode(path.suffix, stored)[1].tobytes())
        return path

    return written


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
