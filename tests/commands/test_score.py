"""`glassbox score` agrees with scores worked out by hand, on any folder of pairs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pytest

from glassbox import artifacts, params
from glassbox.commands.pairing import pair
from glassbox.data.phantom import loader as phantom
from glassbox.data.steps import prepare
from glassbox.errors import GlassboxError
from glassbox.nets.inference import at_size, probabilities

MODEL = "phantom-balanced"
ARGUMENTS = ["score", "--model", MODEL, "--images", "images", "--masks", "masks"]
Run = Callable[..., Any]
Refused = Callable[..., None]
Write = Callable[[str, np.ndarray], Path]


@pytest.fixture
def cases(project: artifacts.Paths, write: Write) -> list[Any]:
    """Nine cases of another seed, at another size than the task's, as two folders."""
    block = params.load(project.params()).tasks["phantom"].source | {"height": 40, "width": 60, "test": 9}
    found = list(phantom.cases(Path(), params.parse(phantom.Source, block, "source"), 99, "test"))
    for case in found:
        write(f"images/{case.name}.png", case.image)
        write(f"masks/{case.name}_segmentation.png", case.mask.astype(np.uint8) * 255)
    return found


def by_hand(project: artifacts.Paths, network: keras.Model, cases: list[Any]) -> dict[str, list[float]]:
    """Dice, IoU and counts of every case, from the definitions."""
    steps = params.load(project.params()).tasks["phantom"].preprocess
    operating = artifacts.read_json(project.calibration(MODEL))
    found: dict[str, list[float]] = {name: [] for name in ("dice", "iou", "tp", "fp", "fn")}
    for case in cases:
        (probability,) = probabilities(network, prepare(case.image, steps)[None], operating["temperature"])
        mask = at_size(probability, *case.mask.shape) >= operating["threshold"]
        tp, fp, fn = (mask & case.mask).sum(), (mask & ~case.mask).sum(), (~mask & case.mask).sum()
        row = {"dice": 2 * tp / (2 * tp + fp + fn), "iou": tp / (tp + fp + fn), "tp": tp, "fp": fp, "fn": fn}
        for name, value in row.items():
            found[name].append(float(value))
    return found


def test_scores_are_those_by_hand(
    project: artifacts.Paths, run: Run, cases: list[Any], networks: dict[str, keras.Model]
) -> None:
    """Means per image, pooled scores and the table of cases agree with the definitions."""
    result = run(*ARGUMENTS, "--json", "--cases", "there/cases.csv")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    told, expected = json.loads(result.stdout), by_hand(project, networks[MODEL], cases)
    for name in ("dice", "iou"):
        assert told[name]["mean"] == pytest.approx(np.mean(expected[name]), abs=1e-4)
        assert told[name]["ci_low"] <= told[name]["mean"] <= told[name]["ci_high"]
    tp, fp, fn = (sum(expected[name]) for name in ("tp", "fp", "fn"))
    assert told["pooled"]["iou"] == pytest.approx(tp / (tp + fp + fn), abs=1e-4)
    assert told["n"] == {"cases": 9, "missed": 0, "empty_truth": 0}
    table = artifacts.read_csv(Path("there/cases.csv"))
    assert list(table["case"]) == [case.name for case in cases]
    assert list(table["batch"]) == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    assert np.allclose(table["iou"], expected["iou"]) and list(table["fp"]) == expected["fp"]


def test_a_table_for_people(project: artifacts.Paths, run: Run, cases: list[Any]) -> None:
    """Without `--json` every score stands in a table on stdout."""
    result = run(*ARGUMENTS)
    assert result.exit_code == 0 and result.stderr == ""
    assert all(word in result.stdout for word in ("9 cases", "hd95_px", "pooled iou", "detection_rate"))


def test_empty_masks_need_consent(project: artifacts.Paths, run: Run, refused: Refused, cases: list[Any]) -> None:
    """An empty mask is refused with the mend, and counted as a case without a lesion where it is meant."""
    empty = Path(f"masks/{cases[8].name}_segmentation.png")
    empty.write_bytes(cv2.imencode(".png", np.zeros((40, 60), np.uint8))[1].tobytes())
    refused(ARGUMENTS, str(empty), "empty mask", "--allow-empty")
    result = run(*ARGUMENTS, "--allow-empty", "--json")
    assert json.loads(result.stdout)["n"]["empty_truth"] == 1


def test_notes_of_pictures_are_said(project: artifacts.Paths, run: Run, cases: list[Any], write: Write) -> None:
    """What had to be changed in a picture is said on stderr."""
    path = write(f"images/{cases[0].name}.png", np.dstack([cases[0].image, cases[0].image[..., 0]]))
    result = run(*ARGUMENTS, "--json")
    assert result.stderr == f"note: {path}: alpha channel dropped\n"


def mask_of(*size: int, value: int = 255) -> np.ndarray:
    mask = np.zeros(size, np.uint8)
    mask[:9, :9] = value
    return mask


@pytest.mark.parametrize(
    ("name", "pixels", "said"),
    [
        ("masks/{}_segmentation.png", mask_of(40, 61), "mask is 61x40"),
        ("masks/{}_segmentation.png", mask_of(40, 60, value=100), "grey pixels"),
        ("masks/{}_segmentation.png", np.dstack([mask_of(40, 60)] + 2 * [mask_of(40, 60, value=0)]), "in colour"),
        ("masks/{}_mask.png", mask_of(40, 60), "a second file for"),
        ("images/alone.png", np.zeros((40, 60, 3), np.uint8), "image without a mask"),
        ("masks/alone.png", mask_of(40, 60), "mask without an image"),
    ],
)
def test_bad_masks(
    project: artifacts.Paths, refused: Refused, cases: list[Any], write: Write, name: str, pixels: np.ndarray, said: str
) -> None:
    """Another size, grey values, colour, a second mask, a missing half: told, and no table of cases written."""
    path = write(name.format(cases[8].name), pixels)
    refused([*ARGUMENTS, "--cases", "cases.csv"], path.name, said)


def test_many_missing_masks_are_counted(project: artifacts.Paths, refused: Refused, cases: list[Any]) -> None:
    """The line names the first image without a mask and says how many there are."""
    for case in cases[:3]:
        Path(f"masks/{case.name}_segmentation.png").unlink()
    refused(ARGUMENTS, f"images/{cases[0].name}.png", "image without a mask (3 of 9)")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--model", "nobody", "--images", "images", "--masks", "masks"], ["model 'nobody'", MODEL]),
        (["--model", MODEL, "--images", "nowhere", "--masks", "masks"], ["nowhere", "no such folder"]),
        (["--model", MODEL, "--images", "models", "--masks", "masks"], ["models", "no picture in it"]),
        ([*ARGUMENTS[1:], "--cases", "params.yaml/a.csv"], ["params.yaml", "is a file"]),
    ],
)
def test_misuse(
    project: artifacts.Paths, refused: Refused, cases: list[Any], arguments: list[object], parts: list[str]
) -> None:
    """Each mistake is one line."""
    refused(["score", *arguments], *parts)


def test_a_damaged_picture(project: artifacts.Paths, refused: Refused, cases: list[Any]) -> None:
    """The file is named; nothing is written."""
    path = Path(f"images/{cases[4].name}.png")
    path.write_bytes(path.read_bytes()[:-20])
    refused([*ARGUMENTS, "--cases", "cases.csv"], str(path), "truncated PNG")


@pytest.mark.parametrize(
    ("images", "masks", "names"),
    [
        (["a.jpg"], ["a.png"], ["a"]),
        (["a.jpg", "b.JPG"], ["a_segmentation.png", "b_Segmentation.png"], ["a", "b"]),
        (["a.png", "b.png", "c.png"], ["a_mask.png", "b_lesion.bmp", "c-mask.tif"], ["a", "b", "c"]),
        (["a.jpg", "a_superpixels.png", ".a.jpg", "notes.txt"], ["a_mask.png", "Thumbs.db"], ["a"]),
        (["a_lesion.jpg"], ["a_lesion.png"], ["a_lesion"]),
        (["a_lesion.jpg"], ["a_lesion_mask.png"], ["a_lesion"]),
        (["a.jpg", "a_mask.jpg"], ["a.png", "a_mask.png"], ["a", "a_mask"]),
        (["a.jpg"], ["b_mask.png"], None),
        (["a.jpg", "a.png"], ["a_mask.png"], None),
        (["a.jpg"], ["a_mask.png", "a_segmentation.png"], None),
        ([], ["a_mask.png"], None),
    ],
)
def test_pairing(tmp_path: Path, images: list[str], masks: list[str], names: list[str] | None) -> None:
    """By stem, or by the stem without what calls it a mask; every file that could be meant has its half, or none."""
    for folder, files in (("images", images), ("masks", masks)):
        (tmp_path / folder).mkdir()
        for file in files:
            (tmp_path / folder / file).touch()
    if names is None:
        with pytest.raises(GlassboxError):
            pair(tmp_path / "images", tmp_path / "masks")
    else:
        assert [each.name for each in pair(tmp_path / "images", tmp_path / "masks")] == names


def test_pairing_in_one_folder(tmp_path: Path) -> None:
    """Pictures and masks may lie side by side: there a mask is what is called one."""
    for name in ("a.jpg", "a_mask.png", "b.png", "b_segmentation.png"):
        (tmp_path / name).touch()
    assert [(each.image.name, each.mask.name) for each in pair(tmp_path, tmp_path)] == [
        ("a.jpg", "a_mask.png"),
        ("b.png", "b_segmentation.png"),
    ]
