"""`glassbox predict` outlines pictures of every kind at their own size, or leaves nothing behind."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pandas as pd
import pytest

from glassbox import artifacts, params
from glassbox.data.picture import decode_mask
from glassbox.data.steps import prepare
from glassbox.metrics import quality
from glassbox.metrics.overlap import count, dice
from glassbox.nets.inference import at_size, flipped, probabilities

MODELS = ["phantom-balanced", "phantom-recall"]
Run = Callable[..., Any]
Refused = Callable[..., None]
Write = Callable[[str, np.ndarray], Path]
Oracle = Callable[[np.ndarray], np.ndarray]


def grey(path: str | Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))


@pytest.fixture
def oracle(project: artifacts.Paths, networks: dict[str, keras.Model]) -> Oracle:
    """The probability map of the first model at the picture's size, put together by hand."""

    def by_hand(image: np.ndarray) -> np.ndarray:
        steps = params.load(project.params()).tasks["phantom"].preprocess
        temperature = artifacts.read_json(project.calibration(MODELS[0]))["temperature"]
        (probability,) = probabilities(networks[MODELS[0]], prepare(image, steps)[None], temperature)
        return at_size(probability, *image.shape[:2])

    return by_hand


def test_mask_and_probability_at_the_pictures_size(run: Run, write: Write, lesion: np.ndarray, oracle: Oracle) -> None:
    """The mask is 255 exactly where the probability at the picture's size reaches the threshold; numbers agree."""
    path = write("in/lesion.png", lesion)
    result = run("predict", "--model", MODELS[0], path, "--out", "out/deep", "--json")
    assert result.exit_code == 0, result.output
    expected = oracle(lesion)
    mask = grey("out/deep/lesion_mask.png")
    assert mask.dtype == np.uint8 and mask.shape == (40, 60)
    assert 0 < (mask == 255).sum() < mask.size
    assert (mask == np.where(expected >= 0.45, 255, 0)).all()
    assert (grey("out/deep/lesion_probability.png") == np.rint(expected.astype(float) * 255)).all()
    (entry,) = json.loads(result.stdout)["images"]
    (told,) = entry.pop("predictions")
    assert entry == {"image": str(path), "name": "lesion", "width_px": 60, "height_px": 40, "notes": []}
    assert told["area_px"] == (mask == 255).sum() and told["threshold"] == 0.45
    assert told["share_percent"] == pytest.approx(100 * (mask == 255).mean(), abs=1e-4)
    assert told["mean_probability_inside"] == pytest.approx(expected[mask == 255].mean(), abs=1e-4)
    assert sorted(map(str, Path("out/deep").iterdir())) == [told["mask"], told["probability"]]
    assert told["mask"] == "out/deep/lesion_mask.png"


def test_four_flips_outline_the_mean_of_mirror_images(
    project: artifacts.Paths, networks: dict[str, keras.Model], run: Run, write: Write, lesion: np.ndarray
) -> None:
    """Mirrored, run, mirrored back and averaged, by hand; another map than the picture's own, of the same quality."""
    path = write("a.png", lesion)
    plain, result = (
        run("predict", "--model", MODELS[0], path, "--out", out, "--json", *more)
        for out, more in (("plain", []), ("out", ["--flips"]))
    )
    assert result.exit_code == 0, result.output
    prepared = prepare(lesion, params.load(project.params()).tasks["phantom"].preprocess)
    temperature = artifacts.read_json(project.calibration(MODELS[0]))["temperature"]
    turned = [(slice(None), slice(None, None, down), slice(None, None, right)) for down in (1, -1) for right in (1, -1)]
    maps = [next(probabilities(networks[MODELS[0]], prepared[None][at].copy(), temperature))[at[1:]] for at in turned]
    expected = at_size(np.mean(maps, axis=0, dtype=np.float64).astype(np.float32), 40, 60)
    found = grey("out/a_probability.png")
    assert np.abs(found - expected * 255.0).max() < 0.51
    assert (found != grey("plain/a_probability.png")).any()
    sure = np.abs(expected - 0.45) > 1e-5
    assert ((grey("out/a_mask.png") == 255) == (expected >= 0.45))[sure].all()
    assert [json.loads(each.stdout)["flips"] for each in (result, plain)] == [True, False]
    told, single = (json.loads(each.stdout)["images"][0]["predictions"][0] for each in (result, plain))
    assert told["predicted_quality"] == single["predicted_quality"]


def test_several_models_side_by_side(project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray) -> None:
    """Files carry the model, each as the model alone gives it, and a panel shows all; a model twice counts once."""
    path = write("in/a.png", lesion)
    both = run("predict", "--model", MODELS[0], "--model", MODELS[1], "--model", MODELS[0], path, "--out", "both")
    assert both.exit_code == 0, both.output
    names = [f"a_{model}_{what}.png" for model in MODELS for what in ("mask", "probability")]
    assert {path.name for path in Path("both").iterdir()} == {*names, "a_panel.png"}
    for model in MODELS:
        run("predict", "--model", model, path, "--out", model)
        assert (grey(f"both/a_{model}_mask.png") == grey(f"{model}/a_mask.png")).all()
    assert (grey(f"both/a_{MODELS[0]}_mask.png") != grey(f"both/a_{MODELS[1]}_mask.png")).any()
    panel = cv2.imread("both/a_panel.png", cv2.IMREAD_COLOR_RGB)
    assert panel.shape[1] > 3 * 240 and all(model in both.stdout for model in MODELS)


@pytest.mark.parametrize(("batch", "cases"), [(0, [0, 1]), (2, [4])])
def test_a_batch_is_the_one_that_evaluate_counts(
    project: artifacts.Paths, run: Run, batch: int, cases: list[int]
) -> None:
    """`--batch N` takes cases N * size and on, the last batch being short; Dice is that against the truth."""
    result = run("predict", "--model", MODELS[0], "--model", MODELS[1], "--batch", batch, "--out", "out", "--json")
    assert result.exit_code == 0, result.output
    test = artifacts.read_split(project.split("phantom", "test"))
    entries = json.loads(result.stdout)["images"]
    assert [entry["name"] for entry in entries] == [test.cases[index] for index in cases]
    for index, entry in zip(cases, entries, strict=True):
        truth = decode_mask(test.truths[index])
        for told in entry["predictions"]:
            mask = grey(told["mask"]) > 0
            assert told["dice"] == round(dice(count(truth, mask)), 4)
        assert Path(entry["panel"]).is_file()


def test_a_table_for_people(project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray) -> None:
    """Without `--json` the numbers come as a table on stdout."""
    result = run("predict", "--model", MODELS[0], write("a.png", lesion), "--out", "out")
    assert "60x40" in result.stdout and "2 files written" in result.stdout
    assert result.stderr == ""


def test_an_empty_mask_has_no_probability_inside(
    project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray
) -> None:
    """Where nothing is outlined, the mean inside is null, not NaN."""
    artifacts.write_json(project.calibration(MODELS[0]), {"temperature": 1.5, "threshold": 0.999999})
    result = run("predict", "--model", MODELS[0], write("a.png", lesion), "--out", "out", "--json")
    (told,) = json.loads(result.stdout)["images"][0]["predictions"]
    assert told["area_px"] == 0 and told["mean_probability_inside"] is None
    assert run("predict", "--model", MODELS[0], "a.png", "--out", "out").exit_code == 0


@pytest.mark.parametrize("name", ["[bold]a", "$a$ _b", "läsion", "x\udcff"])
def test_any_file_name_will_do(run: Run, write: Write, lesion: np.ndarray, name: str) -> None:
    """Markup, mathematics, letters beyond ASCII and bytes that are not UTF-8 stay what they are: a file's name."""
    path = write(f"{name}.png", lesion)
    result = run("predict", "--model", MODELS[0], "--model", MODELS[1], path, "--out", "out")
    assert result.exit_code == 0, result.output
    assert {path.name for path in Path("out").iterdir()} >= {f"{name}_panel.png", f"{name}_{MODELS[1]}_mask.png"}
    assert name.replace("\udcff", "\ufffd") in result.stdout


def exif(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an EXIF block that holds an orientation alone."""
    tiff = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0]) + b"\0" * 4
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]


@pytest.mark.parametrize("kind", ["alpha", "16 bits", "grey", "EXIF orientation 6"])
def test_unusual_pictures_are_handled_and_said(
    run: Run, write: Write, lesion: np.ndarray, oracle: Oracle, kind: str
) -> None:
    """Alpha, 16 bits, grey and a turned picture give the result of the plain picture, with a note on stderr."""
    said = {"grey": "one channel repeated to RGB"}.get(kind, kind)
    grey_only = lesion[..., :1].repeat(3, axis=2)
    plain = grey_only if kind == "grey" else lesion
    if kind == "alpha":
        path = write("odd.png", np.dstack([lesion, lesion[..., 0]]))
    elif kind == "16 bits":
        path = write("odd.png", lesion.astype(np.uint16) * 257)
    elif kind == "grey":
        path = write("odd.png", lesion[..., 0].copy())
    else:
        path = write("odd.jpg", np.rot90(lesion).copy())
        plain = np.rot90(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION), -1)
        path.write_bytes(exif(path.read_bytes(), 6))
    result = run("predict", "--model", MODELS[0], path, "--out", "out", "--json")
    assert result.exit_code == 0, result.output
    assert said in result.stderr and result.stderr.startswith(f"note: {path}: ")
    (entry,) = json.loads(result.stdout)["images"]
    assert len(entry["notes"]) == 1 and said in entry["notes"][0]
    assert (grey("out/odd_mask.png") == np.where(oracle(plain) >= 0.45, 255, 0)).all()


def test_nothing_but_json_on_the_streams(project: artifacts.Paths, write: Write, lesion: np.ndarray) -> None:
    """In a process of its own: stdout is JSON, stderr empty, in spite of what TensorFlow prints when it is imported."""
    path = write("a.png", lesion)
    command = [sys.executable, "-c", "from glassbox.cli import main; main()"]
    arguments = ["predict", "--model", MODELS[0], str(path), "--out", "out", "--json"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["task"] == "phantom"


@pytest.mark.parametrize(("review_below", "review"), [(0.0, False), (1.0, True)])
def test_a_doubtful_mask_is_said_to_need_a_look(
    project: artifacts.Paths,
    networks: dict[str, keras.Model],
    run: Run,
    write: Write,
    lesion: np.ndarray,
    review_below: float,
    review: bool,
) -> None:
    """The predicted quality is that of the recorded weights and the signs of the picture's mirror images."""
    record = artifacts.read_json(project.uncertainty(MODELS[0]))["weights"] | {"review_below": review_below}
    artifacts.write_json(project.uncertainty(MODELS[0]), {"weights": record})
    path = write("a.png", lesion)
    result = run("predict", "--model", MODELS[0], path, "--out", "out", "--json")
    (told,) = json.loads(result.stdout)["images"][0]["predictions"]
    steps = params.load(project.params()).tasks["phantom"].preprocess
    temperature, threshold = artifacts.read_json(project.calibration(MODELS[0])).values()
    (maps,) = flipped(networks[MODELS[0]], prepare(lesion, steps)[None], temperature)
    signs = pd.DataFrame([quality.signs(maps, maps >= threshold)])
    assert told["predicted_quality"] == pytest.approx(quality.predicted(signs, record)[0], abs=1e-4)
    assert told["review"] is review
    table = run("predict", "--model", MODELS[0], path, "--out", "out").stdout
    assert ("look at it" in table) is review
