"""`glassbox sample` of a task whose pictures are told apart makes again what training saw, stains included."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glassbox import artifacts, params
from glassbox.data import augment, plan, sample
from glassbox.params.augment import Mix
from glassbox.render import overlay
from glassbox.training import fit_classes

CASE = "train-3"
Run = Callable[..., Any]
Refused = Callable[..., None]


def read(path: str) -> np.ndarray:
    return np.asarray(cv2.imread(path, cv2.IMREAD_COLOR_RGB))


def holds(sheet: np.ndarray, picture: np.ndarray) -> bool:
    """Whether `picture`, as large as it is drawn, stands somewhere in `sheet`, pixel for pixel."""
    drawn = overlay.fit(sample.in_colour(picture))
    distance = cv2.matchTemplate(sheet, drawn, cv2.TM_SQDIFF)
    y, x = np.unravel_index(int(distance.argmin()), distance.shape)
    return bool((sheet[y : y + len(drawn), x : x + drawn.shape[1]] == drawn).all())


def trained(paths: artifacts.Paths, task: str, number: int, batch: int) -> list[np.ndarray]:
    """Every picture of a pass, in the plan's order, as training is given it."""
    train, drawn = artifacts.read_labelled(paths.split(task, "train")), artifacts.read_parquet(paths.plan(task))
    plain = np.zeros((len(train.cases), 1), np.float32)
    given = fit_classes.Given(train.images, plain, plain[:, 0])
    batches = fit_classes.replayed(drawn, number, given, batch)
    return [np.rint(picture * 255).astype(np.uint8) for pictures, *_ in batches for picture in pictures]


@pytest.mark.parametrize("task", ["chest-xray", "pathmnist"])
@pytest.mark.parametrize("number", [0, 1])
def test_the_picture_is_what_training_replays(ward: artifacts.Paths, run: Run, task: str, number: int) -> None:
    """Source and sample side by side, in grey and in colour; nothing speaks of an outline."""
    result = run("sample", task, "--pass", number, "--case", CASE)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    train, drawn = artifacts.read_labelled(ward.split(task, "train")), artifacts.read_parquet(ward.plan(task))
    place = [train.cases[row.index] for row in augment.recipes(drawn, number)].index(CASE)
    sheet = read(f"out/sample-{CASE}-pass{number}.png")
    assert holds(sheet, train.images[train.cases.index(CASE)])
    assert holds(sheet, trained(ward, task, number, 4)[place])
    assert f"{place + 1} of {len(train.cases)}" in result.stdout


def test_every_parameter_is_told(ward: artifacts.Paths, run: Run) -> None:
    """Those of the recipe and of each stain, with the plan's values and a mark where one changes nothing."""
    lines = run("sample", "pathmnist", "--pass", 1, "--case", CASE, "--out", "a.png").stdout.splitlines()
    told = {line.split()[0]: line.split()[1] for line in lines}
    drawn = artifacts.read_parquet(ward.plan("pathmnist"))
    row = drawn[(drawn["pass"] == 1) & (drawn["case"] == CASE)].iloc[0]
    stains = [f"{stain}_{what}" for stain in sample.STAINS for what in ("factor", "shift")]
    numbers = [field.name for field in fields(augment.Recipe) if field.name not in ("flip_x", "flip_y")]
    for name in [*numbers, *stains]:
        assert float(told[name]) == pytest.approx(float(row[name]), rel=1e-5)
    assert any(float(told[name]) not in (0.0, 1.0) for name in stains)
    grey = run("sample", "chest-xray", "--pass", 1, "--case", CASE, "--out", "b.png").stdout
    assert "haematoxylin_factor 1  (no change)" in grey


@pytest.mark.parametrize("batch", [5, 7])
def test_a_mixed_sample_is_shown_as_the_network_saw_it(ward: artifacts.Paths, run: Run, batch: int) -> None:
    """Of every case in a full batch; one of the last batch, which training leaves out, is still drawn."""
    content = ward.params().read_text().replace("batch: 4", f"batch: {batch}")
    ward.params().write_text(content)
    task = params.load(ward.params()).tasks["pathmnist"]
    train = artifacts.read_labelled(ward.split("pathmnist", "train"))
    augmented = task.augment.model_copy(update={"mix": Mix(enabled=True, alpha=1.0)})
    drawn = plan.draw(train.cases, augmented, seed=4)
    artifacts.write_parquet(ward.plan("pathmnist"), drawn)
    pictures, rows = trained(ward, "pathmnist", 1, task.train.batch), augment.recipes(drawn, 1)
    for place in (0, task.train.batch - 1, len(pictures) - 1, len(rows) - 1):
        case = train.cases[rows[place].index]
        result = run("sample", "pathmnist", "--pass", 1, "--case", case, "--out", "a.png")
        assert result.exit_code == 0 and "mixed with" in result.stdout, result.output
        assert place >= len(pictures) or holds(read("a.png"), pictures[place])


def test_what_is_not_there(ward: artifacts.Paths, refused: Refused) -> None:
    """A pass, a case and a sample that are not in the plan, and no plan at all."""
    refused(["sample", "chest-xray", "--pass", 2, "--case", CASE], "--pass: 2", "0 to 1")
    refused(["sample", "chest-xray", "--pass", 0, "--case", "train-99"], "no case 'train-99'", "train-9")
    refused(["sample", "chest-xray", "--pass", 0, "--case", CASE, "--sample", 1], "--sample: 1", "0 to 0")
    Path("data/chest-xray/plan.parquet").unlink()
    refused(["sample", "chest-xray", "--pass", 0, "--case", CASE], "dvc repro augment@chest-xray")
