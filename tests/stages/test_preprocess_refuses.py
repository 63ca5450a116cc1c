"""A MedMNIST file that does not fit its task's block is refused by the stage that reads it, in one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from glassbox import artifacts
from glassbox.data import acquire
from glassbox.errors import GlassboxError
from glassbox.stage import open_stage
from stages import preprocess

ROOT = Path(__file__).parents[2]
COUNTS = {"train": 45, "val": 6, "test": 6}
LABELS = {"pneumoniamnist": 2, "pathmnist": 9}
Arrays = dict[str, np.ndarray]


def arrays(task: str) -> Arrays:
    """A file that fits: noise, labels by turns. The task of colours holds a part of its training out."""
    rng, parts = np.random.default_rng(3), {}
    for split, count in COUNTS.items():
        colour = (3,) if task == "pathmnist" else ()
        parts[f"{split}_images"] = rng.integers(0, 256, (count, 28, 28, *colour), np.uint8)
        parts[f"{split}_labels"] = (np.arange(count) % LABELS[task])[:, None].astype(np.uint8)
    if task == "pathmnist":
        del parts["val_images"], parts["val_labels"]
    return parts


def bring(folder: Path, task: str, parts: Arrays) -> artifacts.Paths:
    """The project's own blocks with this file and its checksum."""
    paths, name = artifacts.Paths(folder), Path(f"{task}.npz")
    for source in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / source, folder)
    paths.raw(task).mkdir(parents=True)
    np.savez(paths.raw(task) / name, allow_pickle=False, **parts)
    artifacts.write_text(paths.manifest(task), acquire.manifest(paths.raw(task), [name]))
    return paths


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def set_labels(parts: Arrays, split: str, values: list[int]) -> Arrays:
    """The same file, the first labels of a split others."""
    labels = parts[f"{split}_labels"].copy()
    labels[: len(values), 0] = values
    return parts | {f"{split}_labels": labels}


def without(parts: Arrays, name: str) -> Arrays:
    return {key: part for key, part in parts.items() if key != name}


BINARY, COLOUR = arrays("pneumoniamnist"), arrays("pathmnist")
BAD = {
    "no labels": ("pneumoniamnist", without(BINARY, "train_labels"), "no train_labels in it; expected the arrays of"),
    "no pictures": ("pneumoniamnist", without(BINARY, "val_images"), "no val_images in it; expected the arrays of"),
    "of another number": (
        "pathmnist",
        COLOUR | {"test_images": COLOUR["test_images"][1:]},
        "5 test_images and 6 labels",
    ),
    "label of train": ("pneumoniamnist", set_labels(BINARY, "train", [2]), "train-00000: label 2; expected one class"),
    "label of val": ("pneumoniamnist", set_labels(BINARY, "val", [0, 1, 7]), "val-00002: label 7; expected one class"),
    "label of test": ("pathmnist", set_labels(COLOUR, "test", [0, 9]), "test-00001: label 9; expected one class index"),
    "one class in val": ("pneumoniamnist", set_labels(BINARY, "val", [1] * 6), "6 validation pictures, all of label 1"),
    "one class in all": (
        "pathmnist",
        set_labels(COLOUR, "train", [4] * 45),
        "split train: 36 cases, all of them mucus",
    ),
}


@pytest.mark.parametrize(("task", "parts", "told"), BAD.values(), ids=BAD)
def test_it_is_told_in_one_line(tmp_path: Path, task: str, parts: Arrays, told: str) -> None:
    """Nothing half-written: no census, no picture, no file beside its name; a split that is there is whole."""
    bring(tmp_path, task, parts)
    before = files(tmp_path)
    with pytest.raises(GlassboxError) as caught:
        preprocess.main(open_stage("preprocess", [task], tmp_path, Console(quiet=True)))
    assert told in str(caught.value) and "\n" not in str(caught.value)
    written = files(tmp_path).keys() - before.keys()
    assert written <= {f"data/{task}/{split}.npz" for split in ("train", "val")}
    for name in written:
        split = artifacts.read_labelled(tmp_path / name)
        assert len(split.cases) == len(split.images) == len(split.labels) > 0


def test_started_by_hand_it_ends_with_exit_code_2(tmp_path: Path) -> None:
    """One line on standard error, nothing on standard output, and nothing changed."""
    bring(tmp_path, "pneumoniamnist", without(BINARY, "train_labels"))
    before = files(tmp_path)
    line = [sys.executable, "-m", "stages.preprocess", "pneumoniamnist"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ") and ran.stderr.count("\n") == 1
    assert ran.stderr.rstrip().endswith("run: glassbox acquire pneumoniamnist --from PATH")
    assert files(tmp_path) == before
