"""`glassbox predict` of pictures that are told apart agrees with what is worked out by hand, and writes when asked."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian
from scipy.special import expit, softmax

from glassbox import artifacts, params
from glassbox.data import familiar
from glassbox.data.assemble_labelled import in_channels
from glassbox.data.steps import prepare

BINARY, OTHER, TISSUE = "chest-xray-base", "chest-xray-other", "pathmnist-base"
POINTS = {"screening": 0.5, "rule-in": 0.7, "rule-out": 0.2}  # as the project's files have them
TEMPERATURE = 1.5
NOTICE = "Research software, not a medical device: not for diagnosis or treatment."
Run = Callable[..., Any]
Refused = Callable[..., None]
Put = Callable[[str, np.ndarray], Path]
Draw = Callable[..., np.ndarray]


def prepared(paths: artifacts.Paths, task: str, image: np.ndarray) -> np.ndarray:
    """A picture as the task's network sees it, put together by hand."""
    steps = params.load(paths.params()).tasks[task].preprocess
    return in_channels(prepare(image, steps), steps.channels)


def asked(network: keras.Model, small: np.ndarray) -> np.ndarray:
    """The calibrated logits."""
    return np.asarray(network.predict_on_batch(small[None].astype(np.float32) / 255)[0]) / TEMPERATURE


def files() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*"))


def told(result: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - typer's result
    """The entries of a result in JSON; it must have succeeded."""
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["images"]
    return found


def test_two_classes_by_hand(
    ward: artifacts.Paths, run: Run, put: Put, xray: Draw, classifiers: dict[str, keras.Model]
) -> None:
    """Probability of the positive class, its label at the default point, the distance; nothing is written."""
    pictures = [xray(50 + seed, seed % 2) for seed in range(4)]
    paths = [put(f"in/{number}.png", picture) for number, picture in enumerate(pictures)]
    before = files()
    result = run("predict", "--model", BINARY, *paths, "--json")
    entries = told(result)
    assert files() == before
    learned = artifacts.read_json(ward.familiar(BINARY))
    for path, picture, entry in zip(paths, pictures, entries, strict=True):
        (found,) = entry.pop("predictions")
        assert entry == {"image": str(path), "name": path.stem, "width_px": 50, "height_px": 40, "notes": []}
        small = prepared(ward, "chest-xray", picture)
        (chance,) = expit(asked(classifiers[BINARY], small))
        assert found["probability"] == pytest.approx(chance, abs=1e-5)
        assert found["probabilities"] == pytest.approx({"normal": 1 - chance, "pneumonia": chance}, abs=1e-5)
        assert found["label"] == ("pneumonia" if chance >= 0.5 else "normal")
        assert found["operating_point"] == {"name": "screening", "threshold": 0.5}
        distance = familiar.distance(familiar.descriptors(small, 0.0), learned)
        assert found["distance"] == pytest.approx(distance, abs=1e-3)
        assert found["familiar"] is (distance <= learned["threshold"])
    whole = json.loads(result.stdout)
    assert whole["task"] == "chest-xray" and whole["notice"] == NOTICE


def test_each_operating_point_has_its_own_threshold(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """A probability does not move with the point; what it is called does, for some of the pictures."""
    paths = [put(f"{seed}.png", xray(70 + seed, seed % 2)) for seed in range(8)]
    labels = {}
    for name, threshold in POINTS.items():
        found = [entry["predictions"][0] for entry in told(run(*ask(BINARY, paths), "--operating-point", name))]
        assert all(each["operating_point"] == {"name": name, "threshold": threshold} for each in found)
        assert [each["label"] == "pneumonia" for each in found] == [each["probability"] >= threshold for each in found]
        labels[name] = [each["label"] for each in found]
    assert labels["rule-in"].count("pneumonia") < labels["rule-out"].count("pneumonia")


def ask(model: str, paths: list[Path]) -> list[object]:
    return ["predict", "--model", model, *paths, "--json"]


def test_several_classes_by_hand(
    ward: artifacts.Paths, run: Run, put: Put, tissue: Draw, classifiers: dict[str, keras.Model]
) -> None:
    """A softmax of calibrated logits; called the likeliest; a table with the three likeliest for people."""
    path = put("a.png", tissue(5, 3))
    (entry,) = told(run(*ask(TISSUE, [path])))
    (found,) = entry["predictions"]
    expected = softmax(asked(classifiers[TISSUE], prepared(ward, "pathmnist", tissue(5, 3))))
    names = params.load(ward.params()).tasks["pathmnist"].labels.names
    assert found["probabilities"] == pytest.approx(dict(zip(names, expected.tolist(), strict=True)), abs=1e-5)
    order = [names[at] for at in np.argsort(-expected)]
    assert (found["label"], found["operating_point"]) == (order[0], None)
    assert found["probability"] == found["probabilities"][order[0]]
    table = run("predict", "--model", TISSUE, path).stdout
    (row,) = (line for line in table.splitlines() if TISSUE in line)
    places = [row.index(f"{name} {found['probabilities'][name]:.3f}") for name in order[:3]]
    assert places == sorted(places) and f"{order[3]} 0" not in row


def test_several_models_side_by_side(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """Each as it answers alone; a model twice counts once."""
    path = put("a.png", xray(3, 1))
    (both,) = told(run("predict", "--model", BINARY, "--model", OTHER, "--model", BINARY, path, "--json"))
    alone = [told(run(*ask(model, [path])))[0]["predictions"][0] for model in (BINARY, OTHER)]
    assert both["predictions"] == alone
    assert alone[0]["probability"] != alone[1]["probability"]


def test_with_out_there_is_a_table_in_a_file(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """One row a picture and model, with the numbers of the JSON; no other file."""
    paths = [put("in/a.png", xray(1, 0)), put("in/b.png", xray(2, 1))]
    entries = told(run("predict", "--model", BINARY, "--model", OTHER, *paths, "--out", "out/deep", "--json"))
    assert [path.name for path in Path("out/deep").iterdir()] == ["predictions.csv"]
    table = pd.read_csv("out/deep/predictions.csv")
    assert list(table["image"]) == [str(path) for path in paths for _ in range(2)]
    found = [told_ for entry in entries for told_ in entry["predictions"]]
    for column, key in (("model", "model"), ("label", "label"), ("probability", "probability"), ("distance",) * 2):
        assert table[column].tolist() == [each[key] for each in found]
    assert table["p_normal"].tolist() == [each["probabilities"]["normal"] for each in found]
    assert set(table["operating_point"]) == {"screening"} and set(table["threshold"]) == {0.5}
    assert table["familiar"].tolist() == [int(each["familiar"]) for each in found]
    shown = run("predict", "--model", BINARY, *paths, "--out", "out/deep")
    assert "1 file written, out/deep/predictions.csv" in shown.stdout


def test_a_strange_picture_is_told(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """In colour among grey ones: a note on stderr with distance and limit, once for models of the same training."""
    holiday = np.dstack([np.full((60, 90), value, np.uint8) for value in (240, 120, 20)])
    path = put("holiday.png", holiday)
    result = run("predict", "--model", BINARY, "--model", OTHER, path, put("a.png", xray(9, 0)), "--json")
    strange, plain = told(result)
    (found, same) = strange["predictions"]
    assert found["familiar"] is same["familiar"] is False and found["distance"] > found["limit"]
    assert all(each["familiar"] for each in plain["predictions"])
    apart = f"distance {found['distance']:.2f}, limit {found['limit']:.2f}"
    assert result.stderr == f"note: {path}: looks unlike the training data ({apart})\n"
    shown = run("predict", "--model", BINARY, path, "a.png").stdout
    assert f"NO, {found['distance']:.1f} > {found['limit']:.1f}" in shown


@pytest.mark.parametrize(("batch", "cases"), [(0, range(4)), (2, range(8, 10))])
def test_a_batch_of_the_test_split(ward: artifacts.Paths, run: Run, batch: int, cases: range) -> None:
    """The cases that `evaluate` counts to it, the last batch being short, each with its true class."""
    entries = told(run("predict", "--model", BINARY, "--batch", batch, "--json"))
    assert [entry["name"] for entry in entries] == [f"test-{index}" for index in cases]
    assert [entry["truth"] for entry in entries] == [("normal", "pneumonia")[index % 2] for index in cases]
    assert [entry["image"] for entry in entries] == [f"data/chest-xray/test.npz: test-{index}" for index in cases]
    assert "truth" in run("predict", "--model", BINARY, "--batch", batch, "--out", "out").stdout
    assert list(pd.read_csv("out/predictions.csv")["truth"]) == [entry["truth"] for entry in entries]


def test_pictures_of_one_name_are_told_apart(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """By their paths in the table, where their names don't."""
    shown = run("predict", "--model", BINARY, put("a/1.png", xray(1, 0)), put("b/1.png", xray(2, 1)), "a/1.png").stdout
    assert shown.count("a/1.png") == 2 and shown.count("b/1.png") == 1


def test_a_batch_and_its_files_are_answered_alike(ward: artifacts.Paths, run: Run, put: Put, tissue: Draw) -> None:
    """The picture of the first test case, from a file, is told to be the same, and as far from training."""
    (first, *_) = told(run("predict", "--model", TISSUE, "--batch", 0, "--json"))
    (again,) = told(run(*ask(TISSUE, [put("a.png", tissue(2000, 0))])))
    (one,), (other,) = first["predictions"], again["predictions"]
    assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)
    assert one["distance"] == pytest.approx(other["distance"], abs=1e-3)


def test_a_table_for_people(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """The positive class names its column; the last line says what this is not."""
    result = run("predict", "--model", BINARY, put("a.png", xray(4, 1)))
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    assert lines[0].split()[:4] == ["image", "model", "pneumonia", "called"]
    assert "screening, from 0.5" in lines[2] and lines[-1] == NOTICE


def radiograph(path: Path, pixels: np.ndarray) -> Path:
    """A DICOM file of 12 bits, with a patient in its tags."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = DigitalXRayImageStorageForPresentation, "1.2.3"
    dataset.PatientName, dataset.PatientID, dataset.InstitutionName = "Secretary^Ann", "ID-98765", "Saint Nowhere"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *pixels.shape, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = (pixels.astype(np.uint16) * 16).tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_dicom_is_read_and_no_patient_is_told(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """The answer is that of the same pixels as PNG; name, number and hospital stay in the file."""
    full = xray(6, 1)[..., 0].astype(np.int64)
    pixels = np.rint(255 * (full - full.min()) / np.ptp(full)).astype(np.uint8)  # what its full range becomes
    path = radiograph(Path("film.dcm"), pixels)
    result = run("predict", "--model", BINARY, path, "--out", "out", "--json")
    (film,), (plain,) = told(result), told(run(*ask(BINARY, [put("same.png", pixels)])))
    assert film["predictions"][0]["probability"] == pytest.approx(plain["predictions"][0]["probability"], abs=1e-3)
    assert film["notes"] == ["12 bits scaled to 8", "full range of values taken"]
    shown = run("predict", "--model", BINARY, path).output
    spoken = result.output + shown + Path("out/predictions.csv").read_text()
    assert not [secret for secret in ("Secretary", "98765", "Nowhere") if secret in spoken]


def test_one_channel_is_news_to_a_network_of_colour(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """A grey file is what a chest network expects; a network of stained slides is told so."""
    path = put("grey.png", xray(1, 1)[..., 0].copy())
    assert run("predict", "--model", BINARY, path).stderr == ""
    assert f"note: {path}: one channel repeated to RGB\n" in run("predict", "--model", TISSUE, path).stderr


def test_nothing_but_json_on_the_streams(ward: artifacts.Paths, put: Put, xray: Draw) -> None:
    """In a process of its own, with two networks: stdout is JSON, stderr empty."""
    path = put("a.png", xray(12, 1))
    command = [sys.executable, "-c", "from glassbox.cli import main; main()"]
    arguments = ["predict", "--model", BINARY, "--model", OTHER, str(path), "--json"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["task"] == "chest-xray"


BAD: list[tuple[list[object], list[str]]] = [
    (["--model", BINARY, "a.png", "--operating-point", "best"], ["no point 'best'", *POINTS]),
    (["--model", TISSUE, "a.png", "--operating-point", "rule-in"], [TISSUE, "no operating points"]),
    (["--model", BINARY, "--model", TISSUE, "a.png"], [f"model '{TISSUE}'", "models of one task"]),
    (["--model", BINARY, "--model", "phantom-base", "a.png"], ["model 'phantom-base'", "models of one task"]),
    (["--model", "chest-xray", "a.png"], ["model 'chest-xray'", "not in params.yaml", BINARY]),
    (["--model", BINARY], ["neither pictures nor --batch"]),
    (["--model", BINARY, "a.png", "--batch", 0], ["both pictures and --batch"]),
    (["--model", BINARY, "--batch", 3], ["--batch: 3", "0 to 2"]),
    (["--model", BINARY, "a.png", "missing.png"], ["missing.png", "no such file"]),
    (["--model", BINARY, "params.yaml"], ["params.yaml", "not a picture"]),
    (["--model", BINARY, "empty.dcm"], ["empty.dcm", "empty file"]),
    (["--model", BINARY, "a.png", "--out", "a.png"], ["a.png", "a folder"]),
    (["--model", "phantom-base", "a.png"], ["--out", "phantom-base outlines"]),
    (["--model", "phantom-base", "a.png", "--out", "o", "--operating-point", "x"], ["--operating-point", "outlines"]),
    (["--model", BINARY, "a.png", "--flips"], ["--flips", f"{BINARY}, which tells pictures apart"]),
    (["--model", "pneumoniamnist-base", "a.png"], ["pneumoniamnist-base", "no such file"]),
]


@pytest.mark.parametrize(("arguments", "parts"), BAD, ids=[" ".join(map(str, bad[0])) for bad in BAD])
def test_misuse_is_told_in_one_line(
    ward: artifacts.Paths, refused: Refused, put: Put, xray: Draw, arguments: list[object], parts: list[str]
) -> None:
    """Each mistake names what was found and what is expected; nothing is written."""
    put("a.png", xray(1, 0))
    Path("empty.dcm").touch()
    refused(["predict", *arguments], *parts)


@pytest.mark.parametrize("name", ["calibration", "familiar", "model"])
def test_without_a_record_a_model_is_not_used(
    ward: artifacts.Paths, refused: Refused, put: Put, xray: Draw, name: str
) -> None:
    """Nothing is guessed: the file is named, and the command that brings it back."""
    path = getattr(ward, name)(BINARY)
    path.unlink()
    refused(["predict", "--model", BINARY, put("a.png", xray(1, 0))], str(path), "no such", "run: ")


def test_records_that_do_not_fit_the_task(ward: artifacts.Paths, refused: Refused, put: Put, xray: Draw) -> None:
    """A point of params.yaml that was never calibrated, and a network of another task's pictures."""
    path = put("a.png", xray(1, 0))
    record = artifacts.read_json(ward.calibration(BINARY))
    del record["points"]["rule-in"]
    artifacts.write_json(ward.calibration(BINARY), record)
    calibrate = f"dvc repro calibrate@{BINARY}"
    refused(["predict", "--model", BINARY, path, "--operating-point", "rule-in"], "no operating point", calibrate)
    ward.model(OTHER).write_bytes(ward.model(TISSUE).read_bytes())
    refused(["predict", "--model", OTHER, path], f"{OTHER}.keras", "(N, 24, 32, 1) to (N, 1)")
