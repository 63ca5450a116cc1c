"""`glassbox sample` makes again what training saw, and says how."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml

from glassbox import artifacts, params
from glassbox.data import augment, plan
from glassbox.params.augment import Mix
from glassbox.render import overlay, palette
from glassbox.training import batches

CASE = "phantom-train-0003"
Run = Callable[..., Any]
Refused = Callable[..., None]


def read(path: Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB))


def holds(sheet: np.ndarray, picture: np.ndarray) -> bool:
    """Whether `picture` stands somewhere in `sheet`, pixel for pixel."""
    distance = cv2.matchTemplate(sheet, picture, cv2.TM_SQDIFF)
    y, x = np.unravel_index(int(distance.argmin()), distance.shape)
    return bool((sheet[y : y + len(picture), x : x + picture.shape[1]] == picture).all())


@pytest.mark.parametrize("number", [0, 2])
def test_the_picture_is_what_training_replays(project: artifacts.Paths, run: Run, number: int) -> None:
    """Source and sample, both outlined, are in the picture; the sample is the batch's that training draws."""
    result = run("sample", "phantom", "--pass", number, "--case", CASE)
    assert result.exit_code == 0, result.output
    train = artifacts.read_split(project.split("phantom", "train"))
    drawn = artifacts.read_parquet(project.plan("phantom"))
    place = [train.cases[row.index] for row in augment.recipes(drawn, number)].index(CASE)
    pictures, masks = next(batches.replayed(drawn, number, train.images, train.masks, size=6))
    sheet = read(Path(f"out/sample-{CASE}-pass{number}.png"))
    index = train.cases.index(CASE)
    for image, mask in (
        (np.rint(pictures[place] * 255).astype(np.uint8), masks[place, ..., 0] > 0),
        (train.images[index], train.masks[index] > 0),
    ):
        drawn = overlay.contour(overlay.fit(image), overlay.fit(mask), palette.TRUTH, palette.OUTLINE_PX)
        assert holds(sheet, drawn)
    assert f"{place + 1} of {len(train.cases)}" in result.stdout


def test_every_parameter_is_told(project: artifacts.Paths, run: Run) -> None:
    """One line a field of the recipe, with the plan's value."""
    result = run("sample", "phantom", "--pass", 1, "--case", CASE, "--out", "there/a.png")
    told = {line.split()[0]: line.split()[1] for line in result.stdout.splitlines()}
    drawn = artifacts.read_parquet(project.plan("phantom"))
    row = drawn[(drawn["pass"] == 1) & (drawn["case"] == CASE)].iloc[0]
    for field in fields(augment.Recipe):
        expected = row[field.name]
        if field.type in (bool, "bool"):
            assert told[field.name] == str(bool(expected))
        else:
            assert float(told[field.name]) == pytest.approx(float(expected), rel=1e-5)
    assert Path("there/a.png").is_file() and not Path("out").exists()


def redrawn(project: artifacts.Paths, **changed: Any) -> Any:  # noqa: ANN401
    """The plan drawn anew with other passes or mixing."""
    task = params.load(project.params()).tasks["phantom"]
    train = artifacts.read_split(project.split("phantom", "train"))
    made = plan.draw(train.cases, task.augment.model_copy(update=changed), seed=4)
    artifacts.write_parquet(project.plan("phantom"), made)
    return made, train


@pytest.mark.parametrize("batch", [4, 3])
def test_a_mixed_sample_is_shown_as_the_network_saw_it(project: artifacts.Paths, run: Run, batch: int) -> None:
    """Every case of the pass: what stands third is the batch's own picture, also where the neighbour is the first."""
    content = yaml.safe_load(project.params().read_text())
    content["tasks"]["phantom"]["train"]["batch"] = batch
    project.params().write_text(yaml.safe_dump(content))
    drawn, train = redrawn(project, mix=Mix(enabled=True, alpha=1.0))
    made = list(batches.replayed(drawn, 1, train.images, train.masks, batch))
    pictures, truths = (np.concatenate(part) for part in zip(*made, strict=True))
    for place, row in enumerate(augment.recipes(drawn, 1)[: len(pictures)]):
        result = run("sample", "phantom", "--pass", 1, "--case", train.cases[row.index], "--out", "a.png")
        assert result.exit_code == 0 and "mixed with" in result.stdout, result.output
        image = np.rint(pictures[place] * 255).astype(np.uint8)
        shown = overlay.contour(
            overlay.fit(image), overlay.fit(truths[place, ..., 0] >= 0.5), palette.TRUTH, palette.OUTLINE_PX
        )
        assert holds(read(Path("a.png")), shown)


def test_each_patch_of_a_case_can_be_made_again(project: artifacts.Paths, run: Run, refused: Refused) -> None:
    """By its number in the pass; a number too high tells how many there are."""
    stretch = params.Passes(count=2, samples=3, share=0.5, height=12, width=16, without=[])
    drawn, train = redrawn(project, passes=[stretch])
    index = train.cases.index(CASE)
    rows = [row for row in augment.recipes(drawn, 1) if row.index == index]
    for number, row in enumerate(rows):
        run("sample", "phantom", "--pass", 1, "--case", CASE, "--sample", number, "--out", "a.png")
        image, mask = augment.replay(row, train.images[index], train.masks[index])
        shown = overlay.contour(overlay.fit(image), overlay.fit(mask > 0), palette.TRUTH, palette.OUTLINE_PX)
        assert holds(read(Path("a.png")), shown)
    refused(["sample", "phantom", "--pass", 1, "--case", CASE, "--sample", 3], "--sample: 3", "0 to 2")


def test_same_row_same_bytes(project: artifacts.Paths, run: Run) -> None:
    """The command can be repeated: no wall time, no chance."""
    for name in ("a.png", "b.png"):
        run("sample", "phantom", "--pass", 1, "--case", CASE, "--out", name)
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--pass", 3, "--case", CASE], ["--pass: 3", "0 to 2"]),
        (["--pass", -1, "--case", CASE], ["--pass: -1", "0 to 2"]),
        (["--pass", 0, "--case", "phantom-train-0033"], ["no case 'phantom-train-0033'", CASE]),
        (["--pass", 0, "--case", CASE, "--out", "params.yaml/a.png"], ["params.yaml", "is a file"]),
    ],
)
def test_what_is_not_there(
    project: artifacts.Paths, refused: Refused, arguments: list[object], parts: list[str]
) -> None:
    """A pass out of range tells the range, an unknown case its nearest names."""
    refused(["sample", "phantom", *arguments], *parts)


@pytest.mark.parametrize("what", ["plan", "train"])
def test_without_plan_or_split(project: artifacts.Paths, refused: Refused, what: str) -> None:
    """The line names the stage that makes what is absent."""
    (project.plan("phantom") if what == "plan" else project.split("phantom", "train")).unlink()
    refused(["sample", "phantom", "--pass", 0, "--case", CASE], "dvc repro augment@phantom")


def test_a_plan_of_other_cases_is_refused(project: artifacts.Paths, refused: Refused) -> None:
    """A plan whose rows point at other cases than the split's would show a wrong picture."""
    drawn = artifacts.read_parquet(project.plan("phantom"))
    drawn["index"] = (drawn["index"] + 1) % 6
    artifacts.write_parquet(project.plan("phantom"), drawn)
    refused(["sample", "phantom", "--pass", 0, "--case", CASE], "dvc repro augment@phantom")
