"""`glassbox summary` of a task whose pictures are told apart: every recorded number in its column."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from glassbox import artifacts

REPOSITORY = Path(__file__).parents[2]
MODEL, TISSUE = "chest-xray-base", "pathmnist-base"
Run = Callable[..., Any]
Refused = Callable[..., None]


def interval(mean: float) -> dict[str, float]:
    return {"mean": mean, "ci_low": mean - 0.1, "ci_high": mean + 0.05}


def shown(mean: float) -> str:
    return f"{mean:.3f} ({mean - 0.1:.3f}–{mean + 0.05:.3f})"


HEADLINES = ("accuracy", "balanced_accuracy", "f1", "auroc", "auprc", "kappa", "mae")
RATES = ("sensitivity", "specificity", "precision", "npv")
SCREENING = {name: interval(0.6 + 0.01 * place) for place, name in enumerate(RATES)}
RULE_IN = {"tp": 0, "sensitivity": interval(0.2), "specificity": interval(0.9)}
RECORD: dict[str, Any] = {
    "n": {"cases": 624, "normal": 234, "pneumonia": 390},
    **{name: interval(0.5 + 0.01 * place) for place, name in enumerate(HEADLINES)},
    "flag_accuracy": interval(0.7),
    "points": {"screening": {"threshold": 0.25} | SCREENING, "rule-in": {"threshold": 0.99986} | RULE_IN},
}


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> artifacts.Paths:
    """A project that holds parameters and the metrics of two classifiers, and no network."""
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    paths = artifacts.Paths()
    for model in (MODEL, TISSUE):
        artifacts.write_json(paths.metrics(model), RECORD)
    return paths


def rows(printed: str) -> list[list[str]]:
    """The rows of markdown tables, rules and empty lines left out."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if line]
    return [line for line in lines if set(line) != {"---"}]


def test_two_classes(scored: artifacts.Paths, run: Run) -> None:
    """Headlines of every model, then a row a model and point; what is undefined says so."""
    result = run("summary", "chest-xray", "--markdown")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    names = ("auroc", "auprc", "accuracy", "balanced_accuracy", "f1")
    assert rows(result.stdout) == [
        ["model", "AUROC", "AUPRC", "accuracy", "balanced accuracy", "F1"],
        [MODEL, *(shown(RECORD[name]["mean"]) for name in names)],
        ["model", "operating point", "threshold", "sensitivity", "specificity", "precision", "npv"],
        [MODEL, "screening", "0.25", shown(0.6), shown(0.61), shown(0.62), shown(0.63)],
        [MODEL, "rule-in", "0.9999", shown(0.2), shown(0.9), "undefined", "undefined"],
    ]


def test_several_classes(scored: artifacts.Paths, run: Run) -> None:
    """One table, with the mean over classes of F1; no points."""
    found = rows(run("summary", "pathmnist", "--markdown").stdout)
    assert found == [
        ["model", "accuracy", "balanced accuracy", "macro F1", "AUROC"],
        [TISSUE, *(shown(0.5 + 0.01 * place) for place in range(4))],
    ]


@pytest.mark.parametrize(
    ("form", "header"),
    [
        ("multi-label", ["accuracy", "accuracy of all flags", "macro F1", "AUROC", "AUPRC"]),
        ("ordinal", ["accuracy", "balanced accuracy", "quadratic kappa", "mean absolute error, grades", "AUROC"]),
    ],
)
def test_other_forms(scored: artifacts.Paths, run: Run, form: str, header: list[str]) -> None:
    """Each has the scores that its labels call for."""
    content = yaml.safe_load(scored.params().read_text())
    content["tasks"]["pathmnist"]["labels"]["form"] = form
    for group in ("bases", "classifying", "networks", "models"):
        content[group][TISSUE]["loss"] = content[group][MODEL]["loss"]
    scored.params().write_text(yaml.safe_dump(content))
    found = rows(run("summary", "pathmnist", "--markdown").stdout)
    assert found[0] == ["model", *header] and len(found[1]) == len(header) + 1


def test_for_people(scored: artifacts.Paths, run: Run) -> None:
    """The number of cases first, both tables, and the pictures of the task and its models."""
    artifacts.write_bytes(scored.plots("chest-xray") / MODEL / "curves.png", b"picture")
    result = run("summary", "chest-xray")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == "chest-xray: 624 test cases; scores with 95 % bootstrap intervals"
    assert [line.split()[:2] for line in lines if "0.9999" in line] == [[MODEL, "rule-in"]]
    assert lines[-2:] == ["Look at:", f"plots/chest-xray/{MODEL}/curves.png"]


def test_trust(scored: artifacts.Paths, run: Run) -> None:
    """Temperature, errors of calibration and the subgroup of lowest AUROC; none where all are too small."""
    cut = {"temperature": 1.234, "before": {"ece": 0.0512}, "after": {"ece": 0.0123}}
    worst = {"worst": {"brightness_low": {"n": 208, "accuracy": interval(0.8), "auroc": interval(0.75)}}}
    for record, told in ((worst, ["brightness low", shown(0.75)]), ({}, ["none of 10 cases", "undefined"])):
        artifacts.write_json(scored.calibration(MODEL), cut)
        artifacts.write_json(scored.subgroups(MODEL), record)
        found = rows(run("summary", "chest-xray", "--trust", "--markdown").stdout)
        assert found[1] == [MODEL, "1.23", "0.051", "0.012", *told]


def test_what_is_not_recorded_is_told(scored: artifacts.Paths, refused: Refused) -> None:
    """One line, with what makes it; explanations are measured of variants and cues alone."""
    scored.metrics(MODEL).unlink()
    refused(["summary", "chest-xray"], f"metrics/{MODEL}.json: no such file", "dvc repro")
    refused(["summary", "chest-xray", "--explanations"], "task 'chest-xray': no variants and no cue")
