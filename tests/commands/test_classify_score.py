"""`glassbox score` of pictures with labels agrees with scikit-learn, by folders and by a table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from scipy.special import expit
from sklearn import metrics

from glassbox import artifacts, params
from glassbox.commands.labelling import by_folder, by_table, known
from glassbox.data import familiar
from glassbox.data.assemble_labelled import in_channels
from glassbox.data.steps import prepare
from glassbox.errors import GlassboxError
from glassbox.params import Category, Classes

MODEL, TISSUE = "chest-xray-base", "pathmnist-base"
TEMPERATURE, POINTS = 1.5, {"screening": 0.5, "rule-in": 0.7, "rule-out": 0.2}  # as the project's files have them
CASES = 26
ARGUMENTS = ["score", "--model", MODEL, "--images", "clinic"]
Run = Callable[..., Any]
Refused = Callable[..., None]
Put = Callable[[str, np.ndarray], Path]
Draw = Callable[..., np.ndarray]


@pytest.fixture
def clinic(ward: artifacts.Paths, put: Put, xray: Draw) -> dict[str, tuple[np.ndarray, int]]:
    """Pictures of another size in a folder a class, by their names as they are scored: sorted."""
    found = {}
    for number in range(CASES):
        label = number % 2
        name, image = f"{('NORMAL', 'Pneumonia')[label]}/{number:02}.png", xray(300 + number, label, 44, 36)
        put(f"clinic/{name}", image)
        found[name] = image, label
    return dict(sorted(found.items()))


def by_hand(paths: artifacts.Paths, network: keras.Model, clinic: dict[str, tuple[np.ndarray, int]]) -> Any:  # noqa: ANN401
    """Truths and calibrated probabilities of the positive class."""
    steps = params.load(paths.params()).tasks["chest-xray"].preprocess
    small = np.stack([in_channels(prepare(image, steps), 1) for image, _ in clinic.values()])
    logits = network.predict_on_batch(small.astype(np.float32) / 255)[:, 0]
    return np.array([label for _, label in clinic.values()]), expit(logits / TEMPERATURE), logits, small


def test_scores_are_those_by_hand(
    ward: artifacts.Paths, run: Run, clinic: dict[str, Any], classifiers: dict[str, keras.Model]
) -> None:
    """Headlines, every point, classes, calibration and the table of cases."""
    result = run(*ARGUMENTS, "--json", "--cases", "there/cases.csv")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    told = json.loads(result.stdout)
    truth, chance, logits, _ = by_hand(ward, classifiers[MODEL], clinic)
    called = chance >= 0.5
    expected = {
        "accuracy": metrics.accuracy_score(truth, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, called),
        "f1": metrics.f1_score(truth, called),
        "auroc": metrics.roc_auc_score(truth, chance),
        "auprc": metrics.average_precision_score(truth, chance),
    }
    assert {name: told[name]["mean"] for name in expected} == pytest.approx(expected, abs=1e-4)
    assert all(told[name]["ci_low"] <= told[name]["mean"] <= told[name]["ci_high"] for name in expected)
    assert told["n"] == {"cases": CASES, "normal": 13, "pneumonia": 13}
    for name, threshold in POINTS.items():
        sensitivity = metrics.recall_score(truth, chance >= threshold)
        assert told["points"][name]["sensitivity"]["mean"] == pytest.approx(sensitivity, abs=1e-4)
    precision = metrics.precision_score(truth, called, average=None, zero_division=0)
    assert told["per_class"]["pneumonia"]["precision"] == pytest.approx(precision[1], abs=1e-4)
    for when, heat in (("before", 1.0), ("after", TEMPERATURE)):
        brier = metrics.brier_score_loss(truth, expit(logits / heat))
        assert told["calibration"][when]["brier"] == pytest.approx(brier, rel=1e-3)
    table = artifacts.read_csv(Path("there/cases.csv"))
    assert list(table["case"]) == list(clinic) and list(table["truth"]) == truth.tolist()
    assert np.allclose(table["probability"], chance, atol=1e-5)
    assert set(told["subgroups"]) == {"brightness", "contrast"}


def test_pictures_unlike_the_training_are_counted(
    ward: artifacts.Paths, run: Run, clinic: dict[str, Any], put: Put, classifiers: dict[str, keras.Model]
) -> None:
    """As many as lie beyond the limit, and each case's distance in the table; a picture in colour is one of them."""
    noise = np.random.default_rng(1).integers(0, 256, (30, 30, 3), np.uint8)
    put("clinic/NORMAL/99.png", noise)
    told = json.loads(run(*ARGUMENTS, "--json", "--cases", "cases.csv").stdout)["unlike_training"]
    learned = artifacts.read_json(ward.familiar(MODEL))
    *_, small = by_hand(ward, classifiers[MODEL], clinic)
    expected = {
        name: familiar.distance(familiar.descriptors(picture, 0.0), learned)
        for name, picture in zip(clinic, small, strict=True)
    }
    table = artifacts.read_csv(Path("cases.csv")).set_index("case")
    assert table["distance"].drop("NORMAL/99.png").to_dict() == pytest.approx(expected, abs=1e-3)
    assert table.loc["NORMAL/99.png", "familiar"] == 0
    strange = 1 + sum(distance > learned["threshold"] for distance in expected.values())
    assert told == {"cases": strange, "share": round(strange / (CASES + 1), 4), "limit": learned["threshold"]}
    assert (table["familiar"] == 0).sum() == strange


def test_a_table_of_labels_says_the_same(run: Run, clinic: dict[str, Any]) -> None:
    """Names in any case, and indices; the same pictures give the same scores, in the table's order."""
    labels = [
        ("pneumonia" if label else "Normal", str(label))[number % 2]
        for number, (_, label) in enumerate(clinic.values())
    ]
    lines = [f"{name},{label},x" for name, label in zip(clinic, labels, strict=True)]
    Path("labels.csv").write_text("\ufeffFile, label,comment\n" + "\n\n".join(lines) + ",more\n\n")
    by_name, folders = (
        json.loads(run(*ARGUMENTS, *more, "--json").stdout) for more in (["--labels", "labels.csv"], [])
    )
    assert by_name == folders
    Path("labels.csv").write_text("file,label\n" + "\n".join(lines[::-1]).replace(",x", "") + "\n")
    assert run(*ARGUMENTS, "--labels", "labels.csv", "--cases", "cases.csv").exit_code == 0
    assert list(artifacts.read_csv(Path("cases.csv"))["case"]) == list(clinic)[::-1]


def test_tables_for_people(run: Run, clinic: dict[str, Any]) -> None:
    """Every part has its table on stdout."""
    result = run(*ARGUMENTS)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    told = f"{MODEL} on clinic: {CASES} cases (normal 13, pneumonia 13)"
    words = ("AUROC", "rule-out", "npv", "recall", "ece before", "unlike the training data", "too small", told)
    assert [word for word in words if word not in result.stdout] == []


def test_one_class_is_scored_as_far_as_it_can_be(ward: artifacts.Paths, run: Run, put: Put, xray: Draw) -> None:
    """No AUROC without the other class: said on stderr, and left out of the JSON."""
    put("clinic/normal/a.png", xray(1, 0))
    result = run(*ARGUMENTS, "--json")
    assert result.stderr == "note: pictures of one class only, normal: AUROC and AUPRC are undefined\n"
    told = json.loads(result.stdout)
    assert "auroc" not in told and told["n"] == {"cases": 1, "normal": 1, "pneumonia": 0}
    assert "undefined" in run(*ARGUMENTS).stdout


def test_some_of_many_classes(ward: artifacts.Paths, run: Run, put: Put, tissue: Draw) -> None:
    """Folders with capitals and spaces; classes without a picture are said, and so is a loose picture."""
    for name, label in (("mucus", 4), ("Tumour Epithelium", 8), ("smooth_muscle", 5)):
        for seed in range(3):
            put(f"slides/{name}/{seed}.png", tissue(10 * label + seed, label))
    put("slides/loose.png", tissue(1, 1))
    Path("slides/.hidden").mkdir()
    Path("slides/mucus/Thumbs.db").touch()
    result = run("score", "--model", TISSUE, "--images", "slides", "--json")
    absent = "adipose, background, debris, lymphocytes, normal-mucosa, cancer-stroma"
    assert result.stderr.splitlines() == [
        "note: slides: 1 pictures outside the folders of classes, left out",
        f"note: no picture of {absent}: left out of means over classes",
    ]
    told = json.loads(result.stdout)
    assert told["n"]["cases"] == 9 and told["n"]["tumour-epithelium"] == 3
    assert "points" not in told and "macro F1" in run("score", "--model", TISSUE, "--images", "slides").stdout


def labels_csv(text: str) -> Callable[[], None]:
    return lambda: Path("labels.csv").write_text(text) and None


def emptied(folder: str) -> Callable[[], None]:
    return lambda: Path(folder).mkdir()


BAD: list[tuple[str, Callable[[], Any], list[object], list[str]]] = [
    ("empty folder", emptied("clinic/x"), [], ["clinic/x", "a folder of no class", "normal, pneumonia"]),
    ("second folder", emptied("clinic/normal"), [], ["clinic/normal", "a second folder of normal"]),
    ("masks", lambda: None, ["--masks", "clinic"], ["--masks", MODEL, "tells pictures apart"]),
    ("robustness", lambda: None, ["--robustness"], ["--robustness", "tells pictures apart"]),
    ("allow empty", lambda: None, ["--allow-empty"], ["--allow-empty", "tells pictures apart"]),
    ("no table", lambda: None, ["--labels", "labels.csv"], ["labels.csv", "no such file"]),
    ("no rows", labels_csv("file,label\n"), ["--labels", "labels.csv"], ["labels.csv", "no row"]),
    ("nothing", labels_csv(""), ["--labels", "labels.csv"], ["labels.csv", "empty"]),
    ("semicolons", labels_csv("file;label\na;b\n"), ["--labels", "labels.csv"], ["no column file", "commas"]),
    ("quotes", labels_csv('file,label\n"a,b\n'), ["--labels", "labels.csv"], ["can't be read"]),
    ("short", labels_csv("file,label\nNORMAL/00.png\n"), ["--labels", "labels.csv"], ["line 2", "0 labels"]),
    ("no column", labels_csv("file,class\na,b\n"), ["--labels", "labels.csv"], ["no column label"]),
    ("bytes", lambda: Path("labels.csv").write_bytes(b"\xff\xfe\x00"), ["--labels", "labels.csv"], ["can't be read"]),
    ("no file", labels_csv("file,label\nx.png,0\n"), ["--labels", "labels.csv"], ["line 2", "clinic/x.png"]),
    (
        "twice",
        labels_csv("file,label\nNORMAL/00.png,0\nNORMAL/00.png,0\n"),
        ["--labels", "labels.csv"],
        ["line 3", "after line 2"],
    ),
    (
        "unknown label",
        labels_csv("file,label\nNORMAL/00.png,healthy\n"),
        ["--labels", "labels.csv"],
        ["line 2", "label 'healthy'", "normal, pneumonia"],
    ),
    ("index", labels_csv("file,label\nNORMAL/00.png,2\n"), ["--labels", "labels.csv"], ["line 2", "label '2'"]),
    ("no label", labels_csv("file,label\nNORMAL/00.png,\n"), ["--labels", "labels.csv"], ["line 2", "0 labels"]),
    ("two labels", labels_csv("file,label\nNORMAL/00.png,0|1\n"), ["--labels", "labels.csv"], ["line 2", "2 labels"]),
    ("cases", lambda: None, ["--cases", "params.yaml/a.csv"], ["params.yaml", "is a file"]),
    (
        "damaged",
        lambda: Path("clinic/NORMAL/00.png").write_bytes(b"hello"),
        ["--cases", "cases.csv"],
        ["clinic/NORMAL/00.png", "not a picture"],
    ),
]


@pytest.mark.parametrize(("make", "options", "parts"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_misuse_is_told_in_one_line(
    refused: Refused, clinic: dict[str, Any], make: Callable[[], Any], options: list[object], parts: list[str]
) -> None:
    """What was found and what is expected; nothing is written."""
    make()
    refused([*ARGUMENTS, *options], *parts)


def test_folders_that_are_none(ward: artifacts.Paths, refused: Refused, put: Put, xray: Draw) -> None:
    """No folder, none of a class, none with a picture; and what each kind of model has no use for."""
    refused(ARGUMENTS, "clinic: no such folder")
    Path("clinic").mkdir()
    refused(ARGUMENTS, "clinic: no folder in it", "normal, pneumonia", "--labels FILE")
    put("clinic/normal/a.png", xray(1, 0))
    Path("clinic/pneumonia").mkdir()
    refused(ARGUMENTS, "clinic/pneumonia: no picture in it")
    outliner = ["score", "--model", "phantom-base", "--images", "clinic"]
    refused(outliner, "--masks: no folder", "phantom-base outlines")
    refused([*outliner, "--masks", "clinic", "--labels", "x.csv"], "--labels", "phantom-base, which outlines")


FINDINGS = Classes(form="multi-label", classes=[Category(name=name, about="") for name in ("mass", "nodule", "edema")])


def test_several_labels_a_picture(tmp_path: Path) -> None:
    """Names and indices with | between them, in any order; nothing where there is none; folders can't say it."""
    (tmp_path / "a.csv").write_text("file,label\n1.png,Nodule | mass\n2.png,\n3.png,2\n")
    for number in (1, 2, 3):
        (tmp_path / f"{number}.png").touch()
    found = by_table(tmp_path, tmp_path / "a.csv", FINDINGS)
    assert [(each.name, each.label) for each in found.pictures] == [
        ("1.png", (1, 1, 0)),
        ("2.png", (0, 0, 0)),
        ("3.png", (0, 0, 1)),
    ]
    (tmp_path / "a.csv").write_text("file,label\n1.png,mass\n2.png,edema\n")
    assert known(tmp_path, tmp_path / "a.csv", FINDINGS).notes == [
        "no picture of nodule: left out of means over classes"
    ]
    with pytest.raises(GlassboxError, match="--labels FILE"):
        by_folder(tmp_path, FINDINGS)
