"""`glassbox score` agrees with scores worked out by hand, on any folder of pairs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import roc_auc_score

from glassbox import artifacts, params
from glassbox.commands.pairing import pair
from glassbox.data.attributes import attributes
from glassbox.data.phantom import loader as phantom
from glassbox.data.steps import prepare, resize_mask
from glassbox.data.truth import raggedness
from glassbox.errors import GlassboxError
from glassbox.metrics import quality
from glassbox.nets.inference import at_size, flipped, probabilities

MODEL = "phantom-balanced"
OPERATING = {"temperature": 1.5, "threshold": 0.45}  # as the project's files have them
WEIGHTS = {"constant": 0.1, "expected_iou": 0.5, "agreement": 0.25, "sharpness": 0.125}
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


def test_trust_is_told_for_data_from_elsewhere(
    project: artifacts.Paths, run: Run, cases: list[Any], networks: dict[str, keras.Model]
) -> None:
    """Calibration, ranking, predicted quality and subgroups agree with the same measured by other ways."""
    result = run(*ARGUMENTS, "--json", "--cases", "cases.csv")
    told, table = json.loads(result.stdout), artifacts.read_csv(Path("cases.csv"))
    task = params.load(project.params()).tasks["phantom"]
    at, weights = OPERATING, WEIGHTS
    images = np.stack([prepare(case.image, task.preprocess) for case in cases])
    small = np.stack([resize_mask(case.mask, 24, 32) for case in cases])
    plain, calibrated = (np.stack(list(probabilities(networks[MODEL], images, heat))) for heat in (1.0, 1.5))
    assert told["calibration"]["before"]["brier"] == pytest.approx(np.mean((plain - small) ** 2), rel=1e-3)
    assert told["calibration"]["after"]["brier"] == pytest.approx(np.mean((calibrated - small) ** 2), rel=1e-3)

    pixels = [(case.mask.ravel(), at_size(map_, 40, 60).ravel()) for case, map_ in zip(cases, calibrated, strict=True)]
    truth, probability = (np.concatenate(part) for part in zip(*pixels, strict=True))
    assert told["roc_auc"] == pytest.approx(roc_auc_score(truth, probability), abs=2e-4)

    copies = list(flipped(networks[MODEL], images, at["temperature"]))
    signs = pd.DataFrame([quality.signs(maps, maps >= at["threshold"]) for maps in copies])
    assert table["quality"].to_numpy() == pytest.approx(quality.predicted(signs, weights), abs=1e-5)
    failed = table["iou"] < task.evaluate.failure_at
    if failed.any() and not failed.all():
        assert told["uncertainty"]["auroc"] == pytest.approx(roc_auc_score(failed, -table["quality"]), abs=1e-4)
    assert told["uncertainty"]["n"] == {"cases": 9, "failures": int(failed.sum())}

    assert set(told["subgroups"]) == {"size", "contrast", "edge", "ita_deg", "hair"}  # and no worst: all are too small
    touches = sum(attributes(case.image, case.mask)["edge"] for case in cases)
    assert told["subgroups"]["edge"].get("yes", {"n": 0})["n"] == touches
    assert all(group["too_small"] for groups in told["subgroups"].values() for group in groups.values())


def test_outlines_traced_by_hand_are_scored_apart(project: artifacts.Paths, run: Run, cases: list[Any]) -> None:
    """Where the task tells them apart, each its own cases: measured at the network's size, from masks of another."""
    found = [raggedness(resize_mask(case.mask, 24, 32), 1.0) for case in cases]
    content = yaml.safe_load(project.params().read_text())
    for below in np.unique(found)[1:]:
        content["tasks"]["phantom"]["calibrate"]["tracing"] = {"smooth_px": 1.0, "below": float(below), "fewest": 1}
        project.params().write_text(yaml.safe_dump(content))
        groups = json.loads(run(*ARGUMENTS, "--json").stdout)["subgroups"]["traced"]
        by_hand = int((found < below).sum())
        assert {label: told["n"] for label, told in groups.items()} == {"no": 9 - by_hand, "yes": by_hand}


def test_only_regions_count_where_they_are_given(
    project: artifacts.Paths, run: Run, cases: list[Any], write: Write
) -> None:
    """Pixels outside are neither right nor wrong, in scores, calibration and doubt; every picture needs its region."""
    region = np.zeros((40, 60), np.uint8)
    region[4:36, 6:50] = 255
    for case in cases:
        write(f"fields/{case.name}_mask.png", region)
    inside = json.loads(run(*ARGUMENTS, "--regions", "fields", "--json", "--cases", "cases.csv").stdout)
    table, whole = artifacts.read_csv(Path("cases.csv")), json.loads(run(*ARGUMENTS, "--json").stdout)
    assert (table[["tp", "fp", "fn", "tn"]].sum(axis=1) == 32 * 44).all()
    truth = [case.mask[4:36, 6:50].sum() for case in cases]
    assert (table["tp"] + table["fn"]).tolist() == truth
    for part in ("calibration", "uncertainty", "roc_auc"):
        assert inside[part] != whole[part]
    Path(f"fields/{cases[2].name}_mask.png").unlink()
    result = run(*ARGUMENTS, "--regions", "fields")
    assert result.exit_code == 2 and f"no region of '{cases[2].name}'" in result.stderr


def test_robustness_is_measured_where_asked_for(project: artifacts.Paths, run: Run, cases: list[Any]) -> None:
    """Every kind at every strength of the task; a strength that changes nothing gives the score as it is."""
    content = yaml.safe_load(project.params().read_text())
    kinds = {name: [] for name in content["tasks"]["phantom"]["robustness"]}
    content["tasks"]["phantom"]["robustness"] = kinds | {"brightness": [0.0, 0.3], "noise": [0.12]}
    project.params().write_text(yaml.safe_dump(content))
    found = json.loads(run(*ARGUMENTS, "--robustness", "--json").stdout)
    told = found["robustness"]
    assert {kind: list(strengths) for kind, strengths in told.items()} == {
        "brightness": ["0", "0.3"],
        "noise": ["0.12"],
    }
    assert told["brightness"]["0"]["iou"] == found["iou"]
    assert told["brightness"]["0.3"]["iou"]["mean"] != found["iou"]["mean"]
    assert "brightness 0.3" in run(*ARGUMENTS, "--robustness").stdout


def test_a_table_for_people(project: artifacts.Paths, run: Run, cases: list[Any]) -> None:
    """Without `--json` every score stands in a table on stdout."""
    result = run(*ARGUMENTS)
    assert result.exit_code == 0 and result.stderr == ""
    assert all(
        word in result.stdout
        for word in ("9 cases", "hd95_px", "pooled iou", "detection_rate", "ece before", "AUROC", "too small")
    )


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
