"""Another MedMNIST file is a task by blocks of params.yaml alone: every form of labels through every stage."""

import importlib
import json
import math
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console
from scipy.special import expit, softmax
from sklearn import metrics as sk
from sklearn.utils.class_weight import compute_sample_weight

from glassbox import artifacts, params
from glassbox.data import acquire, familiar
from glassbox.data.augment import Recipe
from glassbox.data.sample import STAINS
from glassbox.errors import GlassboxError
from glassbox.llm.ask import Session
from glassbox.llm.index import open_index
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
SIDE, PASSES, BATCH, SHOWN = 28, 4, 4, 2
COUNTS = {"train": 80, "val": 40, "test": 36}
CLASSES = {
    "binary": ["dark", "bright"],
    "multi-class": ["red", "green", "blue"],
    "multi-label": ["light", "level", "upright"],
    "ordinal": ["none", "mild", "moderate", "severe"],
}
FORMS, IN_COLOUR = list(CLASSES), ("multi-class", "ordinal")
OUTPUTS = {"binary": 1, "multi-class": 3, "multi-label": 3, "ordinal": 3}
POINTS = {
    "even": {"best": "youden", "keep": "sensitivity", "least": 0.0},
    "sure": {"best": "sensitivity", "keep": "specificity", "least": 0.9},
    "wide": {"best": "specificity", "keep": "sensitivity", "least": 0.95},
    "exact": {"best": "f1", "keep": "precision", "least": 0.8},
}
FEW = {"layers": "all", "methods": ["saliency", "lime"], "steps": 2, "samples": 2, "masked": 4, "segments": 12}
SCORED = ["preprocess", "augment", "train-base", "calibrate", "evaluate", "confusion", "gallery"]
CHAIN = [(stage, form) for form in FORMS for stage in SCORED]
CHAIN += [("familiar", "binary"), ("xai-render", "binary")]
HEADLINE = ["n", "accuracy", "balanced_accuracy", "f1", "auroc", "auprc", "nll", "brier"]
OWN = {"binary": ["points"], "multi-class": [], "multi-label": ["flag_accuracy"], "ordinal": ["kappa", "mae"]}
Written = dict[tuple[str, str], set[str]]


def drawn(form: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures whose label shows, though not always: as brightness, as colour, or as stripes."""
    rng, turn = np.random.default_rng(seed), np.arange(count)
    y, x = np.mgrid[:SIDE, :SIDE]
    light, grain = rng.normal(0, 1, count), rng.normal(0, 8, (count, SIDE, SIDE))
    if form == "multi-label":
        labels = turn[:, None] >> np.arange(3) & 1
        waves = np.stack([np.ones((SIDE, SIDE)), np.sin(y * np.pi / 2), np.sin(x * np.pi / 2)])
        pixels = 90 + np.tensordot(labels * 40 + rng.normal(0, 8, (count, 3)), waves, 1) + grain
    else:
        labels = turn[:, None] % len(CLASSES[form])
        step, wide = {"binary": (55, 30), "multi-class": (0, 20), "ordinal": (45, 16)}[form]
        pixels = (60 + step * labels[:, 0] + wide * light)[:, None, None] + grain
    if form in IN_COLOUR:
        own = 50 * (labels == np.arange(3)) + rng.normal(0, 22, (count, 3)) if form == "multi-class" else [[9, 0, -9]]
        pixels = pixels[..., None] + np.asarray(own)[:, None, None]
    return np.clip(pixels, 0, 255).astype(np.uint8), labels.astype(np.uint8)


def arrays(form: str) -> dict[str, np.ndarray]:
    """A MedMNIST file; that of grades has no validation part."""
    made = {split: drawn(form, count, seed) for seed, (split, count) in enumerate(COUNTS.items())}
    parts = {f"{split}_{kind}": part for split, pair in made.items() for kind, part in zip(("images", "labels"), pair, strict=True)}
    return {name: part for name, part in parts.items() if form != "ordinal" or not name.startswith("val")}


def with_blocks(content: dict[str, Any], form: str) -> None:
    """What a user writes for a file of their own: a task, a base, the base with what works on it, its points."""
    task, base = json.loads(json.dumps([content["tasks"]["pneumoniamnist"], content["bases"]["pneumoniamnist-base"]]))
    channels, one = 3 if form in IN_COLOUR else 1, {"samples": 1, "share": 1.0, "height": SIDE, "width": SIDE}
    task["source"] = {"file": f"{form}.npz", "url": "", "md5": "", "holdout": 0.25 if form == "ordinal" else 0.0}
    task["labels"] = {"form": form, "classes": [{"name": name, "about": "Drawn."} for name in CLASSES[form]]}
    task["preprocess"]["channels"] = channels
    kept = {"flip", "mix"}
    task["augment"] = {name: block | ({"enabled": name in kept} if "enabled" in block else {}) if name != "passes"
                       else [one | {"count": PASSES, "without": ["mix"]}] for name, block in task["augment"].items()}  # fmt: skip
    task["train"] |= {"passes": PASSES, "batch": 8, "learning_rate": 0.02, "patience": PASSES}
    task["evaluate"] = {"batch": BATCH, "resamples": 60, "shown": SHOWN}
    task["xai"] |= FEW
    base["architecture"] |= {"channels": channels, "outputs": OUTPUTS[form], "widths": [4, 8], "blocks": [1, 1]}
    base["architecture"] |= {"standardise": False, "batch_norm_momentum": 0.6, "depth_drop": 0.0, "dropout": 0.0}
    base |= {"task": f"tiny-{form}", "base": f"tiny-{form}-base"}
    base["loss"]["name"] = "categorical-cross-entropy" if form == "multi-class" else "binary-cross-entropy"
    content["tasks"][f"tiny-{form}"], content["bases"][f"tiny-{form}-base"] = task, base
    for gathered in ("classifying", "networks", "models"):
        content[gathered][f"tiny-{form}-base"] = base | content["kinds"]["classify"]
    points = {"default": "even", "points": POINTS} if form == "binary" else {"default": None, "points": {}}
    content["operating"][f"tiny-{form}-base"] = points


def bring(folder: Path, form: str, parts: dict[str, np.ndarray]) -> None:
    """The file and its checksum, as `glassbox acquire` leaves them."""
    paths = artifacts.Paths(folder)
    raw = paths.raw(f"tiny-{form}")
    raw.mkdir(parents=True)
    np.savez(raw / f"{form}.npz", **parts)
    artifacts.write_text(paths.manifest(f"tiny-{form}"), acquire.manifest(raw, [Path(f"{form}.npz")]))


def begun(folder: Path) -> Path:
    """The project's own files, and the new blocks."""
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    for form in FORMS:
        with_blocks(content, form)
    (folder / "params.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)
    return folder


def key_of(stage: str, form: str) -> str:
    return f"tiny-{form}" if stage in ("preprocess", "augment") else f"tiny-{form}-base"


@cache
def pipeline() -> dict[str, Any]:
    stages: dict[str, Any] = params.read_yaml(ROOT / "dvc.yaml")["stages"]
    return stages


def run(folder: Path, stage: str, form: str) -> None:
    """What DVC runs for a task or model of a form, in this process."""
    key = key_of(stage, form)
    command = pipeline()[stage]["do"]["cmd"].replace("${item.scripts}", "stages.classify").split()
    importlib.import_module(command[2]).main(open_stage(stage, [key], folder, Console(quiet=True)))


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with when it was written and how long it is."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found.items()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    """A project in which every stage has run, and which files each of them wrote."""
    folder, written = begun(tmp_path_factory.mktemp("project")), {}
    for form in FORMS:
        bring(folder, form, arrays(form))
    for stage, form in CHAIN:
        before = files(folder)
        run(folder, stage, form)
        written[stage, form] = {name for name, at in files(folder).items() if before.get(name) != at}
    index = importlib.import_module("stages.llm_index")
    index.main(open_stage("llm-index", [], folder, Console(quiet=True)))
    return folder, written


@pytest.fixture(scope="module")
def paths(ran: tuple[Path, Written]) -> artifacts.Paths:
    return artifacts.Paths(ran[0])


@pytest.fixture(scope="module")
def index(ran: tuple[Path, Written]) -> Iterator[Session]:
    """The records, open for questions; the model that writes query lines always asks for one metric of one model."""
    words = frozenset(("what", "is", "the", "of", "on", "test", "split"))
    with closing(open_index(artifacts.Paths(ran[0]).index())) as opened:
        yield Session(opened, words, lambda linked, rules: "value K1 of M1")


def declared(stage: str, form: str) -> list[str]:
    """What the stage's entry in `dvc.yaml` says that it writes."""
    body = pipeline()[stage]["do"]
    listed = [item for kind in ("outs", "metrics", "plots") for item in body.get(kind, [])]
    names = [next(iter(item)) if isinstance(item, dict) else item for item in listed]
    return [name.replace("${key}", key_of(stage, form)).replace("${item.task}", f"tiny-{form}") for name in names]


def said(paths: artifacts.Paths, form: str, split: str) -> tuple[artifacts.LabelledSplit, np.ndarray]:
    """A split, and the stored network's logits of it by Keras alone."""
    data = artifacts.read_labelled(paths.split(f"tiny-{form}", split))
    return data, artifacts.read_model(paths.model(f"tiny-{form}-base")).predict_on_batch(data.inputs())


def probable(form: str, logits: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities (N, K) as CLASSES' forms are defined, grades one by one."""
    cool = logits.astype(np.float64) / temperature
    if form in ("multi-class", "multi-label"):
        return softmax(cool, axis=1) if form == "multi-class" else expit(cool)
    above = [[1.0, *expit(row), 0.0] for row in cool]
    kept = [[min(row[: at + 1]) for at in range(len(row))] for row in above]
    return np.array([[row[at] - row[at + 1] for at in range(len(row) - 1)] for row in kept])


def surprise(form: str, found: np.ndarray, labels: np.ndarray) -> float:
    """Mean log loss."""
    if form == "multi-label":
        return -float(np.log(np.where(labels == 1, found, 1 - found)).mean())
    return -float(np.log(np.maximum(found[np.arange(len(found)), labels[:, 0]], 1e-7)).mean())


@pytest.mark.parametrize(("stage", "form"), CHAIN)
def test_every_declared_output_is_written_and_nothing_else(ran: tuple[Path, Written], stage: str, form: str) -> None:
    """DVC's list and the script agree; every picture opens and is not blank."""
    outs, names = declared(stage, form), ran[1][stage, form]
    assert [out for out in outs if not any(name == out or name.startswith(f"{out}/") for name in names)] == []
    assert [name for name in names if not any(name == out or name.startswith(f"{out}/") for out in outs)] == []
    for name in (name for name in names if name.endswith(".png")):
        assert cv2.imread(str(ran[0] / name)).std() > 1, name


@pytest.mark.parametrize("form", FORMS)
def test_the_splits_are_those_of_the_file(paths: artifacts.Paths, form: str) -> None:
    """Pictures and labels as they were given, the census by class, every case in every pass of the plan."""
    given, splits = arrays(form), {s: artifacts.read_labelled(paths.split(f"tiny-{form}", s)) for s in COUNTS}
    for split, data in splits.items():
        assert (data.form, data.classes) == (form, tuple(CLASSES[form]))
        for name, image, label in zip(data.cases, data.images, data.labels, strict=True):
            part, place = name.split("-")
            assert (image == given[f"{part}_images"][int(place)].reshape(image.shape)).all()
            assert (label == given[f"{part}_labels"][int(place)]).all()
        assert data.images.shape[1:] == (SIDE, SIDE, 3 if form in IN_COLOUR else 1)
    cases = [name for data in splits.values() for name in data.cases]
    assert len(set(cases)) == len(cases) == sum(len(part) for name, part in given.items() if name.endswith("labels"))
    assert len(splits["val"].cases) == (20 if form == "ordinal" else COUNTS["val"])
    census = artifacts.read_json(paths.census(f"tiny-{form}"))
    for split, data in splits.items():
        flags = data.labels if form == "multi-label" else data.labels == np.arange(len(CLASSES[form]))
        assert census["cases"][split] == len(data.cases)
        assert census["classes"][split] == dict(zip(CLASSES[form], flags.sum(axis=0).tolist(), strict=True))
    plan, train = artifacts.read_parquet(paths.plan(f"tiny-{form}")), splits["train"].cases
    stains = {f"{stain}_{what}" for stain in STAINS for what in ("factor", "shift")}
    assert set(plan) == {"pass", "case", "share"} | {field.name for field in fields(Recipe)} | stains
    for number in range(PASSES):
        rows = plan[plan["pass"] == number]
        assert sorted(rows["case"]) == sorted(train) and [train[i] for i in rows["index"]] == list(rows["case"])
    assert len(plan) == PASSES * len(train) == artifacts.read_json(paths.alignment(f"tiny-{form}"))["samples"]


@pytest.mark.parametrize("form", FORMS)
def test_the_network_fits_the_labels_and_learns_them(paths: artifacts.Paths, form: str) -> None:
    """Channels and logits of the form, a history row a pass, the best pass stored, better than the commonest label."""
    model, data = artifacts.read_model(paths.model(f"tiny-{form}-base")), said(paths, form, "val")
    assert model.input_shape[-1] == data[0].images.shape[-1] and model.output_shape == (None, OUTPUTS[form])
    history = artifacts.read_csv(paths.history(f"tiny-{form}-base"))
    assert list(history) == ["epoch", "pass", "loss", "val_loss", "val_accuracy", "learning_rate"]
    assert list(history["pass"]) == list(range(PASSES)) and history.map(math.isfinite).all(axis=None)
    if form == "binary":
        weights, found = compute_sample_weight("balanced", data[0].labels[:, 0]), probable(form, data[1], 1.0)
        told = sk.log_loss(data[0].labels[:, 0], found[:, 1], sample_weight=weights)
        assert history["val_loss"].min() == pytest.approx(told, abs=5e-3)  # weights are stored as halves
    cases = artifacts.read_csv(paths.cases(f"tiny-{form}-base"))
    assert cases["correct"].mean() > cases["truth"].value_counts(normalize=True).max() + 0.1


@pytest.mark.parametrize("form", FORMS)
def test_the_temperature_is_the_best_on_validation(paths: artifacts.Paths, form: str) -> None:
    """No other of a fine grid has less log loss; the errors told are those of the stored network."""
    record, (val, logits) = artifacts.read_json(paths.calibration(f"tiny-{form}-base")), said(paths, form, "val")
    only = ["threshold", "points"] if form == "binary" else []
    assert sorted(record) == sorted(["temperature", "before", "after", *only])
    for name, heat in (("before", 1.0), ("after", record["temperature"])):
        assert list(record[name]) == ["ece", "brier", "nll"]
        assert record[name]["nll"] == pytest.approx(surprise(form, probable(form, logits, heat), val.labels), rel=1e-3)
    grid = [surprise(form, probable(form, logits, heat), val.labels) for heat in np.geomspace(0.05, 20, 500)]
    assert surprise(form, probable(form, logits, record["temperature"]), val.labels) <= min(grid) + 1e-6
    table = artifacts.read_csv(paths.plots(f"tiny-{form}-base") / "thresholds.csv")
    assert table["threshold"].is_monotonic_increasing and {"threshold", "accuracy"} < set(table)


def scores(true: np.ndarray, called: np.ndarray) -> dict[str, float]:
    sensitivity, specificity = (sk.recall_score(true, called, pos_label=label) for label in (1, 0))
    return {
        "sensitivity": sensitivity,
        "specificity": specificity,
        "youden": sensitivity + specificity - 1,
        "precision": sk.precision_score(true, called, zero_division=0),
        "accuracy": sk.accuracy_score(true, called),
        "f1": sk.f1_score(true, called, zero_division=0),
    }


def cut(found: np.ndarray, true: np.ndarray, point: dict[str, Any]) -> tuple[float, float, dict[str, float]]:
    """Between which two probabilities a threshold belongs, by trying every one, and what it gives there."""
    edges = [0.0, *np.unique(found), 1.0]
    tried = [(low, high, scores(true, found >= high)) for low, high in pairwise(edges)]
    kept = [row for row in tried if row[2][point["keep"]] >= point["least"]]
    most = max(row[2][point["best"]] for row in kept)
    tied = [row for row in kept if row[2][point["best"]] > most - 1e-9]
    middle = [(low + high) / 2 for low, high, _ in tied]
    return tied[int(np.argmin(np.abs(np.array(middle) - (middle[0] + middle[-1]) / 2)))]


def test_operating_points_are_chosen_on_validation(paths: artifacts.Paths) -> None:
    """Each where trying every threshold on the validation pictures puts it; on the test pictures some lie elsewhere."""
    record = artifacts.read_json(paths.calibration("tiny-binary-base"))
    assert list(record["points"]) == list(POINTS) and record["threshold"] == record["points"]["even"]["threshold"]
    inside = {}
    for split in ("val", "test"):
        data, logits = said(paths, "binary", split)
        found, true = probable("binary", logits, record["temperature"])[:, 1], data.labels[:, 0]
        for name, told in record["points"].items():
            low, high, given = cut(found, true, POINTS[name])
            inside[split, name] = low < told["threshold"] < high
            if split == "val":
                assert {score: told[score] for score in given} == pytest.approx(given, abs=5.1e-5), name
    assert all(inside["val", name] for name in POINTS) and not all(inside["test", name] for name in POINTS)
    assert len({told["threshold"] for told in record["points"].values()}) > 1


@pytest.mark.parametrize("form", FORMS)
def test_scored_cases_are_what_the_stored_network_says(paths: artifacts.Paths, form: str) -> None:
    """Probabilities at the recorded temperature, what each case is called, and how wrong that is."""
    cases, (test, logits) = artifacts.read_csv(paths.cases(f"tiny-{form}-base")), said(paths, form, "test")
    record = artifacts.read_json(paths.calibration(f"tiny-{form}-base"))
    found = probable(form, logits, record["temperature"])
    assert list(cases["case"]) == list(test.cases) and list(cases["batch"]) == [i // BATCH for i in range(36)]
    assert cases[[f"p_{name}" for name in CLASSES[form]]].to_numpy() == pytest.approx(found, abs=1e-5)
    if form == "multi-label":
        assert (cases[[f"truth_{name}" for name in CLASSES[form]]].to_numpy() == test.labels).all()
        assert (cases[[f"predicted_{name}" for name in CLASSES[form]]].to_numpy() == (found >= 0.5)).all()
        assert list(cases["correct"]) == ((found >= 0.5) == test.labels).all(axis=1).tolist()
    else:
        called = found[:, 1] >= record["threshold"] if form == "binary" else found.argmax(axis=1)
        assert (cases["predicted"] == called).all() and (cases["truth"] == test.labels[:, 0]).all()
        assert list(cases["correct"]) == (called == test.labels[:, 0]).tolist()
    assert cases["nll"].mean() == pytest.approx(surprise(form, found, test.labels), abs=1e-4)
    batches = artifacts.read_csv(paths.batches(f"tiny-{form}-base"))
    assert list(batches["accuracy"]) == pytest.approx(cases.groupby("batch")["correct"].mean().tolist(), abs=1e-6)


def expected(form: str, cases: pd.DataFrame) -> dict[str, float]:
    """The headline scores by scikit-learn, from the table of cases."""
    found = cases[[f"p_{name}" for name in CLASSES[form]]].to_numpy()
    truth, called, average = cases["truth"], cases["predicted"], "binary" if form == "binary" else "macro"
    flags: np.ndarray = truth.to_numpy()[:, None] == np.arange(len(CLASSES[form]))
    if form == "multi-label":
        truth, called = (cases[[f"{kind}_{name}" for name in CLASSES[form]]] for kind in ("truth", "predicted"))
        flags = truth.to_numpy() == 1
    told = {"accuracy": sk.accuracy_score(truth, called), "f1": sk.f1_score(truth, called, average=average)}
    shown = (flags[:, 1], found[:, 1]) if form == "binary" else (flags, found)
    told |= {"auroc": sk.roc_auc_score(*shown), "auprc": sk.average_precision_score(*shown)}
    each = [sk.brier_score_loss(flags[:, at], found[:, at]) for at in range(flags.shape[1])]
    told["brier"] = each[1] if form == "binary" else sum(each) if form != "multi-label" else np.mean(each)
    if form == "multi-label":
        pairs = [(truth[f"truth_{name}"], called[f"predicted_{name}"]) for name in CLASSES[form]]
        told |= {"flag_accuracy": np.mean([sk.accuracy_score(*pair) for pair in pairs])}
        told |= {"balanced_accuracy": np.mean([sk.balanced_accuracy_score(*pair) for pair in pairs])}
        return told | {"nll": sk.log_loss(flags.ravel(), found.ravel())}
    told |= {"balanced_accuracy": sk.balanced_accuracy_score(truth, called)}
    told |= {"nll": sk.log_loss(truth, np.maximum(found, 1e-7) / np.maximum(found, 1e-7).sum(axis=1, keepdims=True))}
    graded = {"kappa": sk.cohen_kappa_score(truth, called, weights="quadratic"), "mae": (truth - called).abs().mean()}
    return told | (graded if form == "ordinal" else {})


@pytest.mark.parametrize("form", FORMS)
def test_metrics_are_those_of_the_cases(paths: artifacts.Paths, form: str) -> None:
    """Every score by scikit-learn, within its interval; scores of each class, means over them, counts of each point."""
    record, cases = (artifacts.read_json(paths.metrics(f"tiny-{form}-base")),
                     artifacts.read_csv(paths.cases(f"tiny-{form}-base")))  # fmt: skip
    assert sorted(record) == sorted([*HEADLINE, *OWN[form], "per_class", "macro", "weighted"])
    told = expected(form, cases)
    assert {name: record[name]["mean"] for name in told} == pytest.approx(told, abs=2e-4)
    assert all(record[name]["ci_low"] <= record[name]["mean"] <= record[name]["ci_high"] for name in told)
    kinds = ("truth", "predicted")
    pair = [cases[[f"{k}_{c}" for c in CLASSES[form]] if form == "multi-label" else k].to_numpy() for k in kinds]
    by_class = np.array(sk.precision_recall_fscore_support(*pair, zero_division=0)).T
    assert list(record["per_class"]) == CLASSES[form]
    for one, row in zip(record["per_class"].values(), by_class, strict=True):
        assert [one[name] for name in ("precision", "recall", "f1", "support")] == pytest.approx(row.tolist(), abs=6e-5)
    for mean in ("macro", "weighted"):
        found = sk.precision_recall_fscore_support(*pair, average=mean, zero_division=0)[:3]
        assert list(record[mean].values()) == pytest.approx(list(found), abs=6e-5)
    for point in record.get("points", {}).values():
        counts = sk.confusion_matrix(cases["truth"], cases["p_bright"] >= point["threshold"]).ravel()
        assert [point[name] for name in ("tn", "fp", "fn", "tp")] == counts.tolist()


@pytest.mark.parametrize("form", FORMS)
def test_confusion_counts_every_case(paths: artifacts.Paths, form: str) -> None:
    """By actual and predicted class; of several labels each class's own cases."""
    table = artifacts.read_csv(paths.plots(f"tiny-{form}-base") / "confusion.csv")
    cases = artifacts.read_csv(paths.cases(f"tiny-{form}-base"))
    support = artifacts.read_json(paths.metrics(f"tiny-{form}-base"))["n"]
    assert support.pop("cases") == COUNTS["test"] and table.groupby("actual")["n"].sum().to_dict() == support
    if form != "multi-label":
        matrix = sk.confusion_matrix(cases["truth"], cases["predicted"])
        assert table["n"].tolist() == matrix.ravel().tolist() and table["n"].sum() == COUNTS["test"]


def leaves(node: object) -> Iterator[object]:
    """Every value of a JSON tree, and lists as they are."""
    if not isinstance(node, dict):
        yield node
        return
    for below in node.values():
        yield from leaves(below)


def test_records_hold_named_numbers_alone(paths: artifacts.Paths) -> None:
    """No list, no null, nothing infinite: so DVC compares them and the index holds each by its name."""
    records = sorted(paths.recorded().rglob("*.json"))
    assert len(records) == 5 * len(FORMS) + 1
    odd = [(path, leaf) for path in records for leaf in leaves(artifacts.read_json(path))
           if type(leaf) not in (int, float) or not math.isfinite(leaf)]  # fmt: skip
    assert odd == []


def test_the_gallery_shows_each_kind_of_case_that_there_is(ran: tuple[Path, Written], paths: artifacts.Paths) -> None:
    """A sheet each; `xai-render` has a page for each case of one batch."""
    cases = artifacts.read_csv(paths.cases("tiny-binary-base"))
    kinds = {
        f"{'true' if row.correct else 'false'}-{('negatives', 'positives')[row.predicted]}"
        for row in cases.itertuples()
    }
    names = {Path(name).stem for name in ran[1]["gallery", "binary"]}
    assert names == kinds | {"classes", "curves"} and len(kinds) == 4
    pages = {Path(name).stem for name in ran[1]["xai-render", "binary"] if "/cases/" in name}
    assert pages in [set(rows["case"]) for _, rows in cases.groupby("batch")]


def test_familiar_passes_the_wanted_share_of_validation(paths: artifacts.Paths) -> None:
    """The limit stands in the record; a picture of another kind is strange."""
    learned = artifacts.read_json(paths.familiar("tiny-binary-base"))
    record = artifacts.read_json(paths.strangeness("tiny-binary-base"))
    assert record["limit"] == learned["threshold"] and set(record["false_alarms"]) == {"val", "test"}
    for split, told in record["false_alarms"].items():
        data = artifacts.read_labelled(paths.split("tiny-binary", split))
        far = [familiar.distance(one, learned) for one in familiar.described(data.images, data.chroma)]
        assert told == pytest.approx(np.mean(np.array(far) > learned["threshold"]), abs=5.1e-5)
    assert record["false_alarms"]["val"] <= 0.05
    stripes = drawn("multi-label", 8, 0)[0][7]
    assert not familiar.is_familiar(familiar.descriptors(stripes), learned)


def test_trained_again_it_is_the_same_bytes(ran: tuple[Path, Written], tmp_path: Path) -> None:
    """Same seed, same data: the same network, history, calibration and scores."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ran[0] / name, tmp_path)
    shutil.copytree(ran[0] / "data" / "tiny-binary", tmp_path / "data" / "tiny-binary")
    for stage in ("train-base", "calibrate", "evaluate"):
        run(tmp_path, stage, "binary")
    again = [name for name in files(tmp_path) if name.startswith(("models/", "metrics/"))]
    assert len(again) == 7
    assert [name for name in again if (tmp_path / name).read_bytes() != (ran[0] / name).read_bytes()] == []


ASKED = [("binary", "AUROC"), ("binary", "AUPRC"), ("multi-class", "accuracy"), ("multi-label", "flag accuracy"),
         ("ordinal", "kappa"), ("ordinal", "mae"), ("ordinal", "Brier score"), ("multi-label", "balanced accuracy")]  # fmt: skip


@pytest.mark.parametrize(("form", "name"), ASKED)
def test_the_scores_can_be_asked_for(index: Session, paths: artifacts.Paths, form: str, name: str) -> None:
    """By their names, of a model the index did not know before."""
    key = {"Brier score": "brier"}.get(name, name.lower().replace(" ", "_"))
    recorded = artifacts.read_json(paths.metrics(f"tiny-{form}-base"))[key]["mean"]
    entries, others = index.catalogue.find(f"tiny-{form}-base", f"tiny-{form}", "whole", [key], "test")
    assert [entry.metric for entry in entries] == [f"{key}.mean"] and others == 0
    found = index.ask(f"What is the {name} of tiny-{form}-base on the test split?")
    assert found.status == "answer" and f"{recorded:g}" in found.text, found


def test_a_score_of_operating_points_is_told_of_each(index: Session, paths: artifacts.Paths) -> None:
    """And every number of the record stands in the index under its key."""
    found = index.ask("What is the specificity of tiny-binary-base on the test split?")
    points = artifacts.read_json(paths.metrics("tiny-binary-base"))["points"]
    assert [f"points {name}" in found.text for name in points] == [True] * len(POINTS)
    assert all(f"{point['specificity']['mean']:g}" in found.text for point in points.values())


def without(parts: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    return {key: part for key, part in parts.items() if key != name}


def labelled(parts: dict[str, np.ndarray], split: str, labels: list[int]) -> dict[str, np.ndarray]:
    """The same file, the first labels of a split others."""
    changed = parts[f"{split}_labels"].copy()
    changed[: len(labels), 0] = labels
    return parts | {f"{split}_labels": changed}


BAD = [
    ("binary", lambda parts: without(parts, "train_labels"), "no train_labels in it"),
    ("multi-class", lambda parts: without(parts, "test_images"), "no test_images in it"),
    ("binary", lambda parts: labelled(parts, "train", [2]), "label 2; expected one class index from 0 to 1"),
    (
        "ordinal",
        lambda parts: labelled(parts, "test", [0, 4]),
        "test-00001: label 4; expected one class index from 0 to 3",
    ),
    ("multi-label", lambda parts: labelled(parts, "val", [2]), "expected 3 flags of 0 or 1"),
    ("binary", lambda parts: labelled(parts, "val", [1] * 40), "40 validation pictures, all of label 1"),
]


@pytest.mark.parametrize(("form", "spoil", "told"), BAD)
def test_a_file_that_does_not_fit_is_told_in_one_line(tmp_path: Path, form: str, spoil: Any, told: str) -> None:  # noqa: ANN401
    """Nothing half-written: no census, no picture, no file beside its name, and every split there is whole."""
    bring(begun(tmp_path), form, spoil(arrays(form)))
    before = set(files(tmp_path))
    with pytest.raises(GlassboxError, match=re.escape(told)) as caught:
        run(tmp_path, "preprocess", form)
    assert "\n" not in str(caught.value)
    for name in set(files(tmp_path)) - before:
        assert name in [f"data/tiny-{form}/{split}.npz" for split in ("train", "val")]
        assert artifacts.read_labelled(tmp_path / name).form == form
