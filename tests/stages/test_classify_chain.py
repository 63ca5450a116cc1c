"""Another MedMNIST file is a task by blocks of params.yaml alone: every form of labels through every stage."""

import importlib
import json
import shutil
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from sklearn import metrics as sk
from yaml import safe_dump

from glassbox import artifacts, params
from glassbox.data import acquire, familiar
from glassbox.data.augment import Recipe
from glassbox.data.sample import STAINS
from glassbox.llm.ask import Session
from glassbox.llm.index import open_index
from glassbox.metrics.classify.probability import log_loss, predicted, probabilities
from glassbox.params import Form
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
STAGES = params.read_yaml(ROOT / "dvc.yaml")["stages"]
SIDE, PASSES, BATCH = 28, 4, 4
COUNTS = {"train": 80, "val": 40, "test": 36}
CLASSES: dict[Form, list[str]] = {
    "binary": ["dark", "bright"],
    "multi-class": ["red", "green", "blue"],
    "multi-label": ["light", "level", "upright"],
    "ordinal": ["none", "mild", "moderate", "severe"],
}
FORMS, COLOURED = list(CLASSES), ("multi-class", "ordinal")
OUTPUTS = {"binary": 1, "multi-class": 3, "multi-label": 3, "ordinal": 3}
POINTS = {
    "even": {"best": "youden", "keep": "sensitivity", "least": 0.0},
    "sure": {"best": "sensitivity", "keep": "specificity", "least": 0.9},
    "wide": {"best": "specificity", "keep": "sensitivity", "least": 0.95},
    "exact": {"best": "f1", "keep": "precision", "least": 0.8},
}
FEW = {"layers": "all", "methods": ["saliency", "lime"], "steps": 2, "samples": 2, "masked": 4, "segments": 12}
SCORED = ("preprocess", "augment", "train-base", "calibrate", "evaluate", "confusion", "gallery")
CHAIN = [*((stage, form) for form in FORMS for stage in SCORED), ("familiar", "binary"), ("xai-render", "binary")]
Ran = tuple[artifacts.Paths, dict[tuple[str, Form], set[str]]]


def drawn(form: Form, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures whose label shows, though not always: as brightness, as stripes of two directions, or as colour."""
    rng, turn, several = np.random.default_rng(seed), np.arange(count)[:, None], form == "multi-label"
    labels = turn >> np.arange(3) & 1 if several else turn % len(CLASSES[form])
    shows = {"binary": [40, 0, 0], "multi-class": [0, 0, 0], "multi-label": [40, 40, 40], "ordinal": [50, 0, 0]}[form]
    waves = np.stack([np.ones((SIDE, SIDE)), *np.sin(np.mgrid[:SIDE, :SIDE] * np.pi / 2)])
    light = 60 + rng.normal(0, 20, (count, 1, 1)) + rng.normal(0, 8, (count, SIDE, SIDE))
    pixels = light + np.tensordot(labels * np.array(shows), waves, 1)
    if form in COLOURED:
        tint = 50 * (labels == np.arange(3)) + rng.normal(0, 22, (count, 3)) if form == "multi-class" else [[9, 0, -9]]
        pixels = pixels[..., None] + np.asarray(tint)[:, None, None]
    return np.clip(pixels, 0, 255).astype(np.uint8), labels.astype(np.uint8)


def arrays(form: Form) -> dict[str, np.ndarray]:
    """A MedMNIST file; that of grades has no validation part."""
    made: dict[str, np.ndarray] = {}
    for seed, (split, count) in enumerate(COUNTS.items()):
        if (form, split) != ("ordinal", "val"):
            made[f"{split}_images"], made[f"{split}_labels"] = drawn(form, count, seed)
    return made


def with_blocks(content: dict[str, Any], form: Form) -> None:
    """What a user writes for a file of their own: a task, a base, the base with what works on it, its points."""
    task, base = json.loads(json.dumps([content["tasks"]["pneumoniamnist"], content["bases"]["pneumoniamnist-base"]]))
    name, channels = f"tiny-{form}-base", 3 if form in COLOURED else 1
    task["source"] = {"file": f"{form}.npz", "url": "", "md5": "", "holdout": 0.25 if form == "ordinal" else 0.0}
    task["labels"] = {"form": form, "classes": [{"name": each, "about": "Drawn."} for each in CLASSES[form]]}
    task["preprocess"]["channels"] = channels
    off = [each for each, block in task["augment"].items() if "enabled" in block and each != "flip"]
    task["augment"]["passes"][0] |= {"count": PASSES, "without": off}
    task["train"] |= {"passes": PASSES, "batch": 8, "learning_rate": 0.02, "patience": PASSES}
    task["evaluate"] = {"batch": BATCH, "resamples": 60, "shown": 2}
    task["xai"] |= FEW
    base["architecture"] |= {"channels": channels, "outputs": OUTPUTS[form], "widths": [4, 8], "blocks": [1, 1]}
    base["architecture"] |= {"standardise": False, "batch_norm_momentum": 0.6, "depth_drop": 0.0, "dropout": 0.0}
    base["loss"]["name"] = "categorical-cross-entropy" if form == "multi-class" else "binary-cross-entropy"
    base |= {"task": f"tiny-{form}", "base": name}
    content["tasks"][f"tiny-{form}"], content["bases"][name] = task, base
    for gathered in ("classifying", "networks", "models"):
        content[gathered][name] = base | content["kinds"]["classify"]
    binary = form == "binary"
    content["operating"][name] = {"default": "even" if binary else None, "points": POINTS if binary else {}}


def key_of(stage: str, form: Form) -> str:
    return f"tiny-{form}" if STAGES[stage]["foreach"] == "${tasks}" else f"tiny-{form}-base"


def run(folder: Path, stage: str, form: Form) -> None:
    """What DVC runs, in this process."""
    script = STAGES[stage]["do"]["cmd"].replace("${item.scripts}", "stages.classify").split()[2]
    importlib.import_module(script).main(open_stage(stage, [key_of(stage, form)], folder, Console(quiet=True)))


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with when it was written and how long it is."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found.items()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The project's own files with the new blocks; every stage has run, and which files each of them wrote."""
    paths, written = artifacts.Paths(tmp_path_factory.mktemp("project")), {}
    content = dict(params.read_yaml(ROOT / "params.yaml"))
    for form in FORMS:  # the data as `glassbox acquire` leaves them
        with_blocks(content, form)
        raw, name = paths.raw(f"tiny-{form}"), f"{form}.npz"
        raw.mkdir(parents=True)
        np.savez(raw / name, allow_pickle=False, **arrays(form))
        artifacts.write_text(paths.manifest(f"tiny-{form}"), acquire.manifest(raw, [Path(name)]))
    artifacts.write_text(paths.params(), safe_dump(content, sort_keys=False))
    shutil.copy(ROOT / "dvc.yaml", paths.root)
    for stage, form in CHAIN:
        before = files(paths.root)
        run(paths.root, stage, form)
        written[stage, form] = {name for name, at in files(paths.root).items() if before.get(name) != at}
    importlib.import_module("stages.llm_index").main(open_stage("llm-index", [], paths.root, Console(quiet=True)))
    return paths, written


@pytest.fixture(scope="module")
def paths(ran: Ran) -> artifacts.Paths:
    return ran[0]


def said(paths: artifacts.Paths, form: Form, split: str) -> tuple[artifacts.LabelledSplit, np.ndarray]:
    """A split, and the stored network's logits of it by Keras alone."""
    data = artifacts.read_labelled(paths.split(f"tiny-{form}", split))
    return data, artifacts.read_model(paths.model(f"tiny-{form}-base")).predict_on_batch(data.inputs())


@pytest.mark.parametrize(("stage", "form"), CHAIN)
def test_every_declared_output_is_written_and_nothing_else(ran: Ran, stage: str, form: Form) -> None:
    """DVC's list and the script agree; no picture is blank; records are of numbers, no list, no null, none infinite."""
    listed = [item for kind in ("outs", "metrics", "plots") for item in STAGES[stage]["do"].get(kind, [])]
    names = [next(iter(item)) if isinstance(item, dict) else item for item in listed]
    outs = [name.replace("${key}", key_of(stage, form)).replace("${item.task}", f"tiny-{form}") for name in names]
    within = {name: [out for out in outs if f"{name}/".startswith(f"{out}/")] for name in ran[1][stage, form]}
    assert [name for name, found in within.items() if not found] == []
    assert {out for found in within.values() for out in found} == set(outs)
    for name in (name for name in within if name.endswith(".png")):
        assert np.std(np.asarray(cv2.imread(str(ran[0].root / name)))) > 1, name
    for name in (name for name in within if name.startswith("metrics/") and name.endswith(".json")):
        record = pd.json_normalize(artifacts.read_json(ran[0].root / name)).iloc[0]
        assert [key for key, told in record.items() if np.ndim(told) or not np.isfinite(float(told))] == [], name


@pytest.mark.parametrize("form", FORMS)
def test_the_splits_are_those_of_the_file(paths: artifacts.Paths, form: Form) -> None:
    """Pictures and labels as given, each in one split; the census by class; every case in every pass of the plan."""
    given, census = arrays(form), artifacts.read_json(paths.census(f"tiny-{form}"))
    seen: list[str] = []
    for split in COUNTS:
        data = artifacts.read_labelled(paths.split(f"tiny-{form}", split))
        assert (data.form, list(data.classes), data.images.shape[3] == 3) == (form, CLASSES[form], form in COLOURED)
        for name, image, label in zip(data.cases, data.images, data.labels, strict=True):
            part, place = name.split("-")
            assert (image.squeeze() == given[f"{part}_images"][int(place)]).all()
            assert (label == given[f"{part}_labels"][int(place)]).all()
        flags = data.labels if form == "multi-label" else data.labels == np.arange(len(CLASSES[form]))
        assert census["classes"][split] == dict(zip(CLASSES[form], flags.sum(axis=0).tolist(), strict=True))
        assert census["cases"][split] == len(data.cases)
        seen += data.cases
    assert len(set(seen)) == len(seen) == sum(len(part) for name, part in given.items() if name.endswith("labels"))
    assert census["cases"]["val"] == (20 if form == "ordinal" else COUNTS["val"])
    plan, train = artifacts.read_parquet(paths.plan(f"tiny-{form}")), seen[: census["cases"]["train"]]
    stains = {f"{stain}_{what}" for stain in STAINS for what in ("factor", "shift")}
    assert set(plan) == {"pass", "case", "share"} | set(Recipe.__dataclass_fields__) | stains
    for _, rows in plan.groupby("pass"):
        assert sorted(rows["case"]) == sorted(train) and [train[i] for i in rows["index"]] == list(rows["case"])
    assert len(plan) == PASSES * len(train) == artifacts.read_json(paths.alignment(f"tiny-{form}"))["samples"]


@pytest.mark.parametrize("form", FORMS)
def test_the_network_fits_the_labels_and_learns_them(paths: artifacts.Paths, form: Form) -> None:
    """Channels and logits of the form, a history row a pass, the best pass stored, better than the commonest label."""
    (val, logits), history = said(paths, form, "val"), artifacts.read_csv(paths.history(f"tiny-{form}-base"))
    assert logits.shape == (len(val.cases), OUTPUTS[form])
    assert list(history) == ["epoch", "pass", "loss", "val_loss", "val_accuracy", "learning_rate"]
    assert list(history["pass"]) == list(range(PASSES)) and np.isfinite(history).all(axis=None)
    if form == "binary":
        told = sk.log_loss(val.labels, probabilities(logits, form, 1.0)[:, 1])  # as many of both: all weigh the same
        assert history["val_loss"].min() == pytest.approx(told, abs=5e-3)  # weights are stored as halves
    cases = artifacts.read_csv(paths.cases(f"tiny-{form}-base"))
    assert cases["correct"].mean() > cases["truth"].value_counts(normalize=True).max() + 0.1


@pytest.mark.parametrize("form", FORMS)
def test_temperature_and_cases_are_those_of_the_stored_network(paths: artifacts.Paths, form: Form) -> None:
    """No temperature of a fine grid has less log loss on validation; test cases are told at it and at the threshold."""
    record, (val, logits) = artifacts.read_json(paths.calibration(f"tiny-{form}-base")), said(paths, form, "val")
    only = {"threshold", "points"} if form == "binary" else set()
    assert set(record) == {"temperature", "before", "after"} | only
    best = record["temperature"]
    heats = (1.0, best, *np.geomspace(0.05, 20, 500))
    loss = [log_loss(probabilities(logits, form, heat), val.labels, form).mean() for heat in heats]
    assert [record[name]["nll"] for name in ("before", "after")] == pytest.approx(loss[:2], rel=1e-3)
    assert loss[1] <= min(loss) + 1e-6
    cases, (test, logits) = artifacts.read_csv(paths.cases(f"tiny-{form}-base")), said(paths, form, "test")
    found = probabilities(logits, form, best)
    assert list(cases["case"]) == list(test.cases) and list(cases["batch"]) == [i // BATCH for i in range(36)]
    assert cases[[f"p_{name}" for name in CLASSES[form]]].to_numpy() == pytest.approx(found, abs=1e-5)
    called = predicted(found, form, record.get("threshold")).reshape(test.labels.shape)
    assert (table(cases, form, "truth").reshape(called.shape) == test.labels).all()
    assert (table(cases, form, "predicted").reshape(called.shape) == called).all()
    assert list(cases["correct"]) == (called == test.labels).all(axis=1).tolist()


def table(cases: pd.DataFrame, form: Form, kind: str) -> np.ndarray:
    """`truth` or `predicted`: class indices (N,), or flags (N, K)."""
    return cases[[f"{kind}_{name}" for name in CLASSES[form]] if form == "multi-label" else kind].to_numpy()


def cuts(found: np.ndarray, true: np.ndarray, point: dict[str, Any]) -> list[tuple[float, float, dict[str, float]]]:
    """Between which two probabilities a threshold may lie, by trying every one, and what each of the best gives."""
    tried = []
    for low, high in pairwise([0.0, *np.unique(found), 1.0]):
        given = true, found >= high
        got = {"sensitivity": sk.recall_score(*given), "specificity": sk.recall_score(*given, pos_label=0)}
        got |= {"precision": sk.precision_score(*given, zero_division=0), "accuracy": sk.accuracy_score(*given)}
        got |= {"f1": sk.f1_score(*given), "youden": sum(got[name] for name in ("sensitivity", "specificity")) - 1}
        tried += [(low, high, got)] if got[point["keep"]] >= point["least"] else []
    most = max(got[point["best"]] for _, _, got in tried)
    return [row for row in tried if row[2][point["best"]] > most - 1e-9]


def test_operating_points_are_chosen_on_validation(paths: artifacts.Paths) -> None:
    """Each where trying every threshold on the validation pictures may put it, with what it gives there."""
    record, (val, logits) = artifacts.read_json(paths.calibration("tiny-binary-base")), said(paths, "binary", "val")
    assert list(record["points"]) == list(POINTS) and record["threshold"] == record["points"]["even"]["threshold"]
    found = 1 / (1 + np.exp(-logits[:, 0].astype(np.float64) / record["temperature"]))
    for name, told in record["points"].items():
        best = cuts(found, val.labels[:, 0], POINTS[name])
        [given] = [given for low, high, given in best if low < told["threshold"] < high]
        assert {score: told[score] for score in given} == pytest.approx(given, abs=5.1e-5), name
    assert len({told["threshold"] for told in record["points"].values()}) > 1


def expected(form: Form, cases: pd.DataFrame) -> dict[str, float]:
    """The headline scores by scikit-learn, from the table of cases."""
    truth, called, binary = table(cases, form, "truth"), table(cases, form, "predicted"), form == "binary"
    found = cases[[f"p_{name}" for name in CLASSES[form]]].to_numpy()
    flags = truth == 1 if form == "multi-label" else truth[:, None] == np.arange(found.shape[1])
    one = (flags[:, 1], found[:, 1]) if binary else (flags, found)
    each = [sk.brier_score_loss(flags[:, at], found[:, at]) for at in range(found.shape[1])]
    told = {
        "accuracy": sk.accuracy_score(truth, called),
        "f1": sk.f1_score(truth, called, average="binary" if binary else "macro"),
        "auroc": sk.roc_auc_score(*one),
        "auprc": sk.average_precision_score(*one),
        "brier": sum(each) / {"binary": 2, "multi-label": 3}.get(form, 1),
        "nll": log_loss(found, truth.reshape(len(truth), -1), form).mean(),
    }
    if form != "multi-label":
        told["balanced_accuracy"] = sk.balanced_accuracy_score(truth, called)
        graded = sk.cohen_kappa_score(truth, called, weights="quadratic"), np.abs(truth - called).mean()
        return told | (dict(zip(("kappa", "mae"), graded, strict=True)) if form == "ordinal" else {})
    balanced = [sk.balanced_accuracy_score(*pair) for pair in zip(truth.T, called.T, strict=True)]
    return told | {"flag_accuracy": (truth == called).mean(), "balanced_accuracy": np.mean(balanced)}


@pytest.mark.parametrize("form", FORMS)
def test_metrics_and_confusion_are_those_of_the_cases(paths: artifacts.Paths, form: Form) -> None:
    """Every score by scikit-learn and within its interval, those of each class and point too; every case is counted."""
    name, cases = f"tiny-{form}-base", artifacts.read_csv(paths.cases(f"tiny-{form}-base"))
    record, counted = artifacts.read_json(paths.metrics(name)), artifacts.read_csv(paths.plots(name) / "confusion.csv")
    told, pair = expected(form, cases), (table(cases, form, "truth"), table(cases, form, "predicted"))
    assert sorted(record) == sorted([*told, "n", *["points"] * (form == "binary"), "per_class", "macro", "weighted"])
    assert {name: record[name]["mean"] for name in told} == pytest.approx(told, abs=2e-4)
    assert all(record[name]["ci_low"] <= record[name]["mean"] <= record[name]["ci_high"] for name in told)
    by_class = np.array(sk.precision_recall_fscore_support(*pair, zero_division=0)).T
    for one, row in zip((record["per_class"][name] for name in CLASSES[form]), by_class, strict=True):
        assert [one[name] for name in ("precision", "recall", "f1", "support")] == pytest.approx(row.tolist(), abs=6e-5)
    for mean in ("macro", "weighted"):
        found = sk.precision_recall_fscore_support(*pair, average=mean, zero_division=0)[:3]
        assert list(record[mean].values()) == pytest.approx(list(found), abs=6e-5)
    for point in record.get("points", {}).values():
        counts = sk.confusion_matrix(pair[0], cases["p_bright"] >= point["threshold"]).ravel()
        assert [point[name] for name in ("tn", "fp", "fn", "tp")] == counts.tolist()
    assert counted.groupby("actual")["n"].sum().to_dict() | {"cases": COUNTS["test"]} == record["n"]
    if form != "multi-label":
        assert counted["n"].tolist() == sk.confusion_matrix(*pair).ravel().tolist()


def test_the_gallery_shows_each_kind_of_case_that_there_is(ran: Ran) -> None:
    """A sheet each; `xai-render` has a page for each case of one batch."""
    cases = artifacts.read_csv(ran[0].cases("tiny-binary-base"))
    signs = cases["correct"].map({0: "false-", 1: "true-"}) + cases["predicted"].map({0: "negatives", 1: "positives"})
    assert {Path(name).stem for name in ran[1]["gallery", "binary"]} == {*signs, "classes", "curves"}
    pages = {Path(name).stem for name in ran[1]["xai-render", "binary"] if "/cases/" in name}
    assert signs.nunique() > 2 and pages in [set(rows["case"]) for _, rows in cases.groupby("batch")]


def test_familiar_tells_its_limit_and_its_false_alarms(paths: artifacts.Paths) -> None:
    """Of validation pictures as few as wanted; stripes are strange."""
    learned, record = (artifacts.read_json(of("tiny-binary-base")) for of in (paths.familiar, paths.strangeness))
    test = artifacts.read_labelled(paths.split("tiny-binary", "test"))
    strange = [not familiar.is_familiar(one, learned) for one in familiar.described(test.images, test.chroma)]
    assert record["limit"] == learned["threshold"] and record["false_alarms"]["val"] <= 0.01
    assert record["false_alarms"]["test"] == pytest.approx(np.mean(strange), abs=5.1e-5)
    assert not familiar.is_familiar(familiar.descriptors(drawn("multi-label", 8, 0)[0][7]), learned)


def test_trained_again_it_is_the_same_bytes(paths: artifacts.Paths, tmp_path: Path) -> None:
    """Same seed, same data: the same network, history, calibration and scores."""
    again = shutil.copytree(paths.root, tmp_path / "again", ignore=shutil.ignore_patterns("models", "metrics", "raw"))
    for stage in ("train-base", "calibrate", "evaluate"):
        run(again, stage, "binary")
    names = [name for name in files(again) if name.startswith(("models/", "metrics/"))]
    assert len(names) == 7
    assert [name for name in names if (again / name).read_bytes() != (paths.root / name).read_bytes()] == []


ASKED = {"auroc": "binary", "auprc": "binary", "accuracy": "multi-class", "flag_accuracy": "multi-label",
         "balanced_accuracy": "multi-label", "kappa": "ordinal", "mae": "ordinal"}  # fmt: skip


def test_the_scores_can_be_asked_for(paths: artifacts.Paths) -> None:
    """By their names, of models the index did not know before; one of several operating points is told of each."""
    words = frozenset(("what", "is", "the", "of", "on", "test", "split"))
    with closing(open_index(paths.index())) as opened:
        session = Session(opened, words, lambda linked, rules: "value K1 of M1")
        for key, form in ASKED.items():
            mean = artifacts.read_json(paths.metrics(f"tiny-{form}-base"))[key]["mean"]
            entries, others = session.catalogue.find(f"tiny-{form}-base", f"tiny-{form}", "whole", [key], "test")
            assert [entry.metric for entry in entries] == [f"{key}.mean"] and others == 0
            found = session.ask(f"What is the {key.replace('_', ' ')} of tiny-{form}-base on the test split?")
            assert found.status == "answer" and f" {mean:g} (95 % interval" in found.text, found
        found = session.ask("What is the specificity of tiny-binary-base?")
    for name, point in artifacts.read_json(paths.metrics("tiny-binary-base"))["points"].items():
        assert f"(point {name}) {point['specificity']['mean']:g}" in found.text
