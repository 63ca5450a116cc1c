"""Several labels a picture, and grades: what the commands tell where a task's labels are of these forms."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.special import expit

from glassbox import artifacts, params
from glassbox.metrics.classify.chosen import logit_of
from glassbox.nets import resnet

MODEL, TASK = "pathmnist-base", "pathmnist"
TEMPERATURE = 1.5
CLASSES = ("clear", "mild", "severe")
LABELS = {"multi-label": [(0, 0, 0), (0, 1, 1), (1, 0, 0)], "ordinal": [(0,), (2,), (1,)]}
Run = Callable[..., Any]
Put = Callable[[str, np.ndarray], Path]
Draw = Callable[..., np.ndarray]


@pytest.fixture
def reformed(ward: artifacts.Paths) -> Callable[[str, list[float]], None]:
    """Make the task one of three classes of a form, whose network says the same logits of every picture."""

    def changed(form: str, logits: list[float]) -> None:
        content = yaml.safe_load(ward.params().read_text())
        content["tasks"][TASK]["labels"] = {"form": form, "classes": [{"name": name, "about": ""} for name in CLASSES]}
        for group in ("bases", "classifying", "networks", "models"):
            entry = content[group][MODEL]
            entry["loss"] = {"module": "classes", "name": "binary-cross-entropy", "weights": "none", "smoothing": 0.0}
            entry["architecture"]["outputs"] = len(logits)
        ward.params().write_text(yaml.safe_dump(content))
        shape = params.load(ward.params()).bases[MODEL].architecture
        keras.utils.set_random_seed(3)
        made = resnet.build(params.parse(resnet.Architecture, shape, "architecture"))
        kernel, _ = made.get_layer("logits").get_weights()
        made.get_layer("logits").set_weights([kernel * 1e-3, np.array(logits) * TEMPERATURE])
        artifacts.write_model(ward.model(MODEL), made)
        test = artifacts.read_labelled(ward.split(TASK, "test")).of(["test-0", "test-1", "test-2"])
        labels = np.array(LABELS[form], np.int64)
        whole = test.cases, test.images, labels, test.attributes, form, CLASSES, test.chroma
        artifacts.write_labelled(ward.split(TASK, "test"), artifacts.LabelledSplit(*whole))

    return changed


def predicted(run: Run) -> list[dict[str, Any]]:
    result = run("predict", "--model", MODEL, "--batch", 0, "--out", "out", "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["images"]
    return found


@pytest.mark.parametrize(
    ("logits", "label", "joined", "sure"),
    [([-2.0, 1.0, 3.0], ["mild", "severe"], "mild|severe", 1.0), ([-2.0, -1.0, -3.0], [], "", -1.0)],
)
def test_several_labels(
    reformed: Callable[..., None], run: Run, logits: list[float], label: list[str], joined: str, sure: float
) -> None:
    """A list of every class that reaches one half, maybe none; the least sure of them gives the probability."""
    reformed("multi-label", logits)
    entries = predicted(run)
    assert [entry["truth"] for entry in entries] == [[], ["mild", "severe"], ["clear"]]
    for entry in entries:
        (found,) = entry["predictions"]
        chances = dict(zip(CLASSES, expit(logits).tolist(), strict=True))
        assert found["probabilities"] == pytest.approx(chances, abs=0.01)
        assert (found["label"], found["operating_point"]) == (label, None)
        assert found["probability"] == pytest.approx(expit(sure), abs=0.01)
    table = pd.read_csv("out/predictions.csv", dtype=str, keep_default_na=False)
    assert set(table["label"]) == {joined} and list(table["truth"]) == ["", "mild|severe", "clear"]
    shown = run("predict", "--model", MODEL, "--batch", 0).stdout
    assert (joined or "none") in shown and "1st" in shown


def test_grades(reformed: Callable[..., None], run: Run) -> None:
    """Probabilities of the grades add up to 1; the likeliest is called."""
    reformed("ordinal", [3.0, -1.0])
    for entry, truth in zip(predicted(run), ("clear", "severe", "mild"), strict=True):
        (found,) = entry["predictions"]
        expected = [1 - expit(3.0), expit(3.0) - expit(-1.0), expit(-1.0)]
        assert list(found["probabilities"].values()) == pytest.approx(expected, abs=0.01)
        assert (found["label"], entry["truth"]) == ("mild", truth)
        assert found["probability"] == found["probabilities"]["mild"]


@pytest.mark.parametrize(("form", "logits"), [("multi-label", [-2.0, 1.0, 3.0]), ("ordinal", [3.0, -1.0])])
def test_score_of_a_table(
    reformed: Callable[..., None], run: Run, put: Put, tissue: Draw, form: str, logits: list[float]
) -> None:
    """Exact matches of several labels; kappa of grades; people read the same scores in tables."""
    reformed(form, logits)
    right, wrong = {"multi-label": ("mild|severe", "clear"), "ordinal": ("mild", "severe")}[form]
    names = [put(f"slides/{number}.png", tissue(number, 2)).name for number in range(12)]
    rows = [f"{name},{right if number % 3 else wrong}" for number, name in enumerate(names)]
    Path("labels.csv").write_text("file,label\n" + "\n".join(rows))
    ask = ["score", "--model", MODEL, "--images", "slides", "--labels", "labels.csv"]
    told = json.loads(run(*ask, "--json").stdout)
    assert told["accuracy"]["mean"] == pytest.approx(8 / 12, abs=1e-4) and "points" not in told
    if form == "ordinal":
        assert told["mae"]["mean"] == pytest.approx(4 / 12, abs=1e-4)
    shown = run(*ask)
    assert {"multi-label": "accuracy of all flags", "ordinal": "mean absolute error"}[form] in shown.stdout
    assert shown.exit_code == 0 and "macro F1" in shown.stdout


@pytest.mark.parametrize(
    ("form", "logits", "label", "explained"),
    [
        ("multi-label", [-2.0, 1.0, 3.0], ["mild", "severe"], "severe"),
        ("multi-label", [-2.0, -1.0, -3.0], [], "mild"),
        ("ordinal", [3.0, -1.0], "mild", "mild"),
        ("ordinal", [-3.0, -5.0], "clear", "mild"),  # the logit that is explained speaks for more than clear
    ],
)
def test_what_is_explained(
    reformed: Callable[..., None], run: Run, form: str, logits: list[float], label: str | list[str], explained: str
) -> None:
    """The surest of several labels, called or not; of grades what tells the called one from the lower ones."""
    reformed(form, logits)
    ask = ["explain", "--model", MODEL, "--method", "saliency", "--batch", 0]
    entry, *_ = json.loads(run(*ask, "--out", "out", "--json").stdout)["explanations"]
    assert (entry["label"], entry["class"]) == (label, explained)
    assert run(*ask, "--class", "clear", "--out", "out").exit_code == 0


def test_the_logit_of_each_class() -> None:
    """One of its own; of two classes and of grades the one of the class above, or the first negated."""
    forms = ("multi-class", "multi-label", "ordinal")
    found = {form: [logit_of(index, form) for index in range(3)] for form in forms}  # type: ignore[arg-type]
    own = [(0, 1), (1, 1), (2, 1)]
    assert found == {"multi-class": own, "multi-label": own, "ordinal": [(0, -1), (0, 1), (1, 1)]}
    assert [logit_of(index, "binary") for index in range(2)] == [(0, -1), (0, 1)]
