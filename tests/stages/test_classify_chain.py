"""Another MedMNIST file is a task by blocks of params.yaml alone: every form of labels, through every stage's script."""

import importlib
import json
import math
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console
from scipy.special import expit, softmax
from sklearn import metrics as sk
from sklearn.utils.class_weight import compute_sample_weight

from glassbox import artifacts, params
from glassbox.data import acquire, familiar
from glassbox.data.augment import Recipe
from glassbox.data.sample import STAINS
from glassbox.errors import GlassboxError
from glassbox.llm.ask import Session
from glassbox.llm.catalogue import load
from glassbox.llm.index import open_index
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
SIDE, PASSES, BATCH, SHOWN = 28, 4, 4, 2
COUNTS = {"train": 80, "val": 40, "test": 36}
CLASSES = {
    "binary": ["dark", "bright"],
    "multi-class": ["red", "green", "blue"],
    "multi-label": ["light", "level", "upright"],
    "ordinal": ["none", "mild", "moderate", "severe"],
}
FORMS, IN_COLOUR = list(CLASSES), ("multi-class", "ordinal")
OUTPUTS = {"binary": 1, "multi-class": 3, "multi-label": 3, "ordinal": 3}
POINTS = {
    "even": {"best": "youden", "keep": "sensitivity", "least": 0.0},
    "sure": {"best": "sensitivity", "keep": "specificity", "least": 0.9},
    "wide": {"best": "specificity", "keep": "sensitivity", "least": 0.95},
    "exact": {"best": "f1", "keep": "precision", "least": 0.8},
}
FEW = {"layers": "all", "methods": ["saliency", "lime"], "steps": 2, "samples": 2, "masked": 4, "segments": 12}
SCORED = ["preprocess", "augment", "train-base", "calibrate", "evaluate", "confusion", "gallery"]
CHAIN = [(stage, form) for form in FORMS for stage in SCORED]
CHAIN += [("familiar", "binary"), ("xai-render", "binary")]
HEADLINE = ["n", "accuracy", "balanced_accuracy", "f1", "auroc", "auprc", "nll", "brier"]
OWN = {"binary": ["points"], "multi-class": [], "multi-label": ["flag_accuracy"], "ordinal": ["kappa", "mae"]}
Written = dict[tuple[str, str], set[str]]


def drawn(form: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures whose label shows, though not always: as brightness, as colour, or as stripes."""
    rng, turn = np.random.default_rng(seed), np.arange(count)
    y, x = np.mgrid[:SIDE, :SIDE]
    light, grain = rng.normal(0, 1, count), rng.normal(0, 8, (count, SIDE, SIDE))
    if form == "multi-label":
        labels = turn[:, None] >> np.arange(3) & 1
        waves = np.stack([np.ones((SIDE, SIDE)), np.sin(y * np.pi / 2), np.sin(x * np.pi / 2)])
        pixels = 90 + np.tensordot(labels * 40 + rng.normal(0, 8, (count, 3)), waves, 1) + grain
    else:
        labels = turn[:, None] % len(CLASSES[form])
        step, wide = {"binary": (55, 30), "multi-class": (0, 20), "ordinal": (45, 16)}[form]
        pixels = (60 + step * labels[:, 0] + wide * light)[:, None, None] + grain
    if form in IN_COLOUR:
        own = 50 * (labels == np.arange(3)) + rng.normal(0, 22, (count, 3)) if form == "multi-class" else [[9, 0, -9]]
        pixels = pixels[..., None] + np.asarray(own)[:, None, None]
    return np.clip(pixels, 0, 255).astype(np.uint8), labels.astype(np.uint8)


def arrays(form: str) -> dict[str, np.ndarray]:
    """A MedMNIST file; that of grades has no validation part."""
    made = {split: drawn(form, count, seed) for seed, (split, count) in enumerate(COUNTS.items())}
    parts = {f"{split}_{kind}": part for split, pair in made.items() for kind, part in zip(("images", "labels"), pair)}
    return {name: part for name, part in parts.items() if form != "ordinal" or not name.startswith("val")}


def with_blocks(content: dict[str, Any], form: str) -> None:
    """What a user writes for a file of their own: a task, a base, the base with what works on it, its points."""
    task, base = json.loads(json.dumps([content["tasks"]["pneumoniamnist"], content["bases"]["pneumoniamnist-base"]]))
    channels, one = 3 if form in IN_COLOUR else 1, {"samples": 1, "share": 1.0, "height": SIDE, "width": SIDE}
    task["source"] = {"file": f"{form}.npz", "url": "", "md5": "", "holdout": 0.25 if form == "ordinal" else 0.0}
    task["labels"] = {"form": form, "classes": [{"name": name, "about": "Drawn."} for name in CLASSES[form]]}
    task["preprocess"]["channels"] = channels
    kept = {"flip", "mix"}
    task["augment"] = {name: block | ({"enabled": name in kept} if "enabled" in block else {}) if name != "passes"
                       else [one | {"count": PASSES, "without": ["mix"]}] for name, block in task["augment"].items()}  # fmt: skip
    task["train"] |= {"passes": PASSES, "batch": 8, "learning_rate": 0.02, "patience": PASSES}
    task["evaluate"] = {"batch": BATCH, "resamples": 60, "shown": SHOWN}
    task["xai"] |= FEW
    base["architecture"] |= {"channels": channels, "outputs": OUTPUTS[form], "widths": [4, 8], "blocks": [1, 1]}
    base["architecture"] |= {"standardise": False, "batch_norm_momentum": 0.6, "depth_drop": 0.0, "dropout": 0.0}
    base |= {"task": f"tiny-{form}", "base": f"tiny-{form}-base"}
    base["loss"]["name"] = "categorical-cross-entropy" if form == "multi-class" else "binary-cross-entropy"
    content["tasks"][f"tiny-{form}"], content["bases"][f"tiny-{form}-base"] = task, base
    for gathered in ("classifying", "networks", "models"):
        content[gathered][f"tiny-{form}-base"] = base | content["kinds"]["classify"]
    points = {"default": "even", "points": POINTS} if form == "binary" else {"default": None, "points": {}}
    content["operating"][f"tiny-{form}-base"] = points


def bring(folder: Path, form: str, parts: dict[str, np.ndarray]) -> None:
    """The file and its checksum, as `glassbox acquire` leaves them."""
    paths = artifacts.Paths(folder)
    raw = paths.raw(f"tiny-{form}")
    raw.mkdir(parents=True)
    np.savez(raw / f"{form}.npz", **parts)
    artifacts.write_text(paths.manifest(f"tiny-{form}"), acquire.manifest(raw, [Path(f"{form}.npz")]))


def begun(folder: Path) -> Path:
    """The project's own files, and the new blocks."""
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    for form in FORMS:
        with_blocks(content, form)
    (folder / "params.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)
    return folder


def key_of(stage: str, form: str) -> str:
    return f"tiny-{form}" if stage in ("preprocess", "augment") else f"tiny-{form}-base"


@cache
def pipeline() -> dict[str, Any]:
    stages: dict[str, Any] = params.read_yaml(ROOT / "dvc.yaml")["stages"]
    return stages


def run(folder: Path, stage: str, form: str) -> None:
    """What DVC runs for a task or model of a form, in this process."""
    key = key_of(stage, form)
    command = pipeline()[stage]["do"]["cmd"].replace("${item.scripts}", "stages.classify").split()
    importlib.import_module(command[2]).main(open_stage(stage, [key], folder, Console(quiet=True)))


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with when it was written and how long it is."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found.items()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    """A project in which every stage has run, and which files each of them wrote."""
    folder, written = begun(tmp_path_factory.mktemp("project")), {}
    for form in FORMS:
        bring(folder, form, arrays(form))
    for stage, form in CHAIN:
        before = files(folder)
        run(folder, stage, form)
        written[stage, form] = {name for name, at in files(folder).items() if before.get(name) != at}
    index = importlib.import_module("stages.llm_index")
    index.main(open_stage("llm-index", [], folder, Console(quiet=True)))
    return folder, written


@pytest.fixture(scope="module")
def paths(ran: tuple[Path, Written]) -> artifacts.Paths:
    return artifacts.Paths(ran[0])
