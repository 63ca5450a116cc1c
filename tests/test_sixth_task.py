"""A new task is a loader and a block of params.yaml: nothing else of the project changes.

The project is copied, a loader and a block are added to the copy, and what a user types is run in it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from glassbox.artifacts import Paths, read_split

TOP = Path(__file__).parents[1]
GLASSBOX = ["-c", "from glassbox.cli import main; main()"]

# Unlike ISIC: one folder for all pictures, the split in the file's name, no validation split, no known download.
LOADER = '''
"""Pictures `<split>-<number>.png` in one folder, their masks in another; every fourth of training validates."""

from collections.abc import Iterator
from pathlib import Path

from glassbox.data import acquire
from glassbox.data.case import Case
from glassbox.data.loader import Archive, Pair
from glassbox.data.picture import read_image, read_mask
from glassbox.params import Block, Count


class Source(Block):
    every: Count


def attributes(image, mask, region=None) -> dict[str, float]:
    return {"size": float(mask.mean())}


def folders(source: Source) -> list[str]:
    return ["pictures", "outlines"]


def archives(source: Source) -> list[Archive]:
    return []


def listed(raw: Path, source: Source) -> dict[str, list[Pair]]:
    names = sorted({path.stem for folder in folders(source) for path in (raw / folder).glob("*.png")})
    found = [Pair(name, raw / "pictures" / f"{name}.png", raw / "outlines" / f"{name}.png") for name in names]
    return {split: [pair for pair in found if pair.name.startswith(split)] for split in ("train", "test")}


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Case]:
    for index, pair in enumerate(listed(raw, source)["test" if split == "test" else "train"]):
        if split == "test" or (index % source.every == 0) == (split == "val"):
            image = read_image(pair.image).pixels
            mask = read_mask(pair.mask, like=(image.shape[0], image.shape[1]))
            yield Case(pair.name, image, mask, attributes(image, mask))


def files(raw: Path, source: Source) -> list[Path]:
    pairs = [pair for pairs in listed(raw, source).values() for pair in pairs]
    return [path.relative_to(raw) for pair in pairs for path in (pair.image, pair.mask)]


def manifest(raw: Path, source: Source, seed: int) -> str:
    return acquire.manifest(raw, files(raw, source))


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    acquire.verify(raw, manifest_text, files(raw, source))
'''


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder with the data as a user has them: eight pictures for training and three to test."""
    folder, rng = tmp_path / "brought", np.random.default_rng(6)
    for name in ("pictures", "outlines"):
        (folder / name).mkdir(parents=True)
    for index, split in enumerate(["train"] * 8 + ["test"] * 3):
        mask = np.zeros((30, 40), np.uint8)
        mask[5 : 15 + index, 8:25] = 255
        for kind, pixels in (("pictures", rng.integers(0, 256, (30, 40, 3), np.uint8)), ("outlines", mask)):
            (folder / kind / f"{split}-{index:02d}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the loader `mini`, and a task of that name beside the others."""
    folder = tmp_path / "project"
    for room in ("glassbox", "stages"):
        shutil.copytree(TOP / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "dvc.yaml", folder)
    package = folder / "glassbox" / "data" / "mini"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "loader.py").write_text(LOADER.lstrip(), encoding="utf-8")
    content = yaml.safe_load((TOP / "params.yaml").read_text(encoding="utf-8"))
    like = content["tasks"]["phantom"]
    size = {"height": 24, "width": 32}
    changed = {"loader": "mini", "source": {"every": 4}, "preprocess": like["preprocess"] | size}
    content["tasks"]["mini"] = like | changed
    (folder / "params.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder


def typed(project: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments in the copy."""
    line, environment = [sys.executable, *map(str, arguments)], {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(line, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_a_loader_and_a_block_are_a_task(project: Path, brought: Path) -> None:
    """Asked for its data, brought, checked, preprocessed; then a mask lost is one fault, told by `check`."""
    told = typed(project, *GLASSBOX, "acquire", "mini")
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert told.stderr.rstrip().endswith("run: glassbox acquire mini --from PATH")

    done = typed(project, *GLASSBOX, "acquire", "mini", "--from", brought)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "train: 8 cases, 40x30" in done.stdout and "test: 3 cases" in done.stdout
    paths = Paths(project)
    assert len(paths.manifest("mini").read_text().splitlines()) == 22

    checked = typed(project, *GLASSBOX, "check", "mini", "--json")
    assert checked.returncode == 0, checked.stderr
    report = json.loads(checked.stdout)
    assert (report["cases"], report["faults"]) == ({"train": 8, "test": 3}, [])

    ran = typed(project, "-m", "stages.preprocess", "mini")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    splits = {name: read_split(paths.split("mini", name)) for name in ("train", "val", "test")}
    assert [len(split.cases) for split in splits.values()] == [6, 2, 3]
    assert splits["val"].cases == ("train-00", "train-04")
    assert splits["train"].images.shape == (6, 24, 32, 3)
    assert json.loads(paths.census("mini").read_text())["cases"] == {"train": 6, "val": 2, "test": 3}

    (paths.raw("mini") / "outlines" / "test-09.png").unlink()
    faulty = typed(project, *GLASSBOX, "check", "mini")
    faults = [line for line in faulty.stdout.splitlines() if line.startswith("fault: ")]
    assert faulty.returncode == 1
    assert ["without a mask" in faults[0], "1 files missing" in faults[1]] == [True, True]
