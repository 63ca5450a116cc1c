"""A task whose outlines are of two kinds: both count alike where a threshold is chosen, and each is scored apart."""

import importlib
import shutil
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console

from glassbox import artifacts
from glassbox.artifacts import Split
from glassbox.data.picture import encode_mask
from glassbox.metrics.overlap import count, scores
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
SIZE = 64
TRACED, RAGGED = 10, 20  # radii: who traces draws tighter here


def disc(radius: float, ragged: bool) -> np.ndarray:
    """A disc, or one with teeth around it, two pixels wide and three high."""
    down, right = np.indices((SIZE, SIZE)) - SIZE / 2
    away = np.hypot(down, right)
    teeth = (np.arctan2(down, right) * radius // 2 % 2 == 0) & (away < radius + 3)
    return (away < radius) | (teeth & ragged)


def split(kinds: str) -> Split:
    """One case a letter, `t`raced or `r`agged; the picture is brightest in the middle, alike for both."""
    down, right = np.indices((SIZE, SIZE)) - SIZE / 2
    bright = np.clip(255 - 8 * np.hypot(down, right), 0, 255).astype(np.uint8)
    masks = np.stack([disc(RAGGED if kind == "r" else TRACED, kind == "r") for kind in kinds])
    names = tuple(f"case-{number:02d}" for number in range(len(kinds)))
    images = np.repeat(np.repeat(bright[None, :, :, None], 3, axis=3), len(kinds), axis=0)
    told = pd.DataFrame({"size": masks.mean(axis=(1, 2))}, index=list(names))
    return Split(names, images, masks.astype(np.uint8), tuple(map(encode_mask, masks)), told, ())


def project(folder: Path, tracing: dict[str, float] | None) -> artifacts.Paths:
    """Parameters, a network that says how bright a pixel is, and two splits; calibrated and evaluated."""
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["tasks"]["phantom"]["calibrate"]["tracing"] = tracing
    content["tasks"]["phantom"]["evaluate"]["resamples"] = 20
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)
    paths = artifacts.Paths(folder)
    image = keras.Input((None, None, 3))
    network = keras.Model(image, keras.layers.Conv2D(1, 1, name="logits")(image))
    network.set_weights([np.full((1, 1, 3, 1), 2.0, np.float32), np.array([-3.0], np.float32)])
    artifacts.write_model(paths.model("phantom-base"), network)
    artifacts.write_split(paths.split("phantom", "val"), split("t" * 12 + "r" * 24))
    artifacts.write_split(paths.split("phantom", "test"), split("t" * 10 + "r" * 12))
    for stage in ("calibrate", "evaluate"):
        script = importlib.import_module(f"stages.{stage}")
        script.main(open_stage(stage, ["phantom-base"], folder, Console(quiet=True)))
    return paths


def best(paths: artifacts.Paths, weights: dict[str, float]) -> float:
    """The threshold of the best weighed mean Dice, counted pixel by pixel from the stored temperature."""
    heat = artifacts.read_json(paths.calibration("phantom-base"))["temperature"]
    logits = 6.0 * split("t").images[0, :, :, 0].astype(np.float32) / 255 - 3.0
    found = {}
    for threshold in np.arange(1, 100) / 100:
        mask = logits / heat >= np.log(threshold / (1 - threshold))
        dice = {kind: scores(count(split(kind).masks[0] > 0, mask))["dice"] for kind in weights}
        found[threshold] = sum(weights[kind] * dice[kind] for kind in weights)
    most = max(found.values())
    return min((at for at in found if found[at] == most), key=lambda at: abs(at - 0.5))


@pytest.mark.parametrize(
    ("tracing", "weights"),
    [
        ({"smooth_px": 1.5, "below": 0.1, "fewest": 10}, {"t": 0.5, "r": 0.5}),
        ({"smooth_px": 1.5, "below": 0.1, "fewest": 13}, {"t": 1 / 3, "r": 2 / 3}),  # 12 traced ones are too few
        (None, {"t": 1 / 3, "r": 2 / 3}),
    ],
)
def test_both_kinds_count_alike(tmp_path: Path, tracing: dict[str, float] | None, weights: dict[str, float]) -> None:
    """Twice as many ragged as traced: the threshold leans to them only where kinds are not told apart."""
    paths = project(tmp_path, tracing)
    chosen = artifacts.read_json(paths.calibration("phantom-base"))["threshold"]
    assert chosen == pytest.approx(best(paths, weights))
    assert best(paths, {"t": 0.5, "r": 0.5}) != best(paths, {"t": 1 / 3, "r": 2 / 3})
    told = artifacts.read_json(paths.calibration("phantom-base")).get("kinds")
    assert told == ({"other": 24, "traced": 12} if weights["t"] == weights["r"] else None)
    groups = artifacts.read_json(paths.subgroups("phantom-base"))
    assert {label: told["n"] for label, told in groups.get("traced", {}).items()} == (
        {"no": 12, "yes": 10} if tracing else {}
    )
