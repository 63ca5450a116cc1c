"""The README tells the truth: its numbers are those of metrics/, its commands exist, its pictures are there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glassbox.artifacts import read_csv, read_json
from glassbox.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLASSIFIED = ("chest-xray", "pneumoniamnist", "pathmnist")


@pytest.mark.parametrize(
    ("name", "task"),
    [
        *(("results", task) for task in ("phantom", "isic", "isic-2018", "drive", *CLASSIFIED)),
        ("trust", "isic"),
        ("explanations", "isic"),
        ("explanations", "phantom-cue"),
    ],
)
def test_results_are_copied_from_metrics(name: str, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its markers stands what `glassbox summary TASK --markdown` prints today."""
    monkeypatch.chdir(ROOT)
    options = [] if name == "results" else [f"--{name}"]
    printed = CliRunner().invoke(app, ["summary", task, "--markdown", *options])
    assert printed.exit_code == 0, printed.output
    found = re.search(rf"<!-- {name}: {task} -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert found and found[1].strip() == printed.stdout.strip()


@pytest.mark.parametrize(
    ("name", "module", "of"),
    [
        ("ablation", "ablation", "isic"),
        ("benchmark", "segmentation", "isic"),
        ("classification", "classification", "pathmnist"),
        ("cost", "explain", "isic-balanced"),
        ("ask", "ask", "reference"),
        ("extent", "extent", "isic"),
    ],
)
def test_tables_of_benchmarks_are_copied_from_their_records(name: str, module: str, of: str) -> None:
    """Between its markers stands what the benchmark prints of the committed record."""
    line = [sys.executable, "-m", f"benchmarks.{module}", of, "--markdown"]
    printed = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = re.search(rf"<!-- {name}: {of} -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert found and found[1].strip() == printed.strip() != ""


def test_every_local_link_leads_somewhere() -> None:
    """Pictures and files that the README names are in the tree."""
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert targets and all((ROOT / target).exists() for target in targets)


def test_every_make_target_it_names_exists() -> None:
    """`make x` in the README is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z]+)", README)) - {"a", "it", "the"}
    assert named and all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in named)


def test_the_cheap_alternative_is_told_as_it_is_recorded() -> None:
    """The differences of Dice between the moved threshold and each variant, with their intervals."""
    recorded = read_json(ROOT / "metrics" / "isic-threshold.json")
    for purpose in ("precision", "recall"):
        told = recorded[purpose][f"minus_{purpose}_variant"]["dice"]
        assert f"{told['mean']:.3f} ({told['ci_low']:.3f} to {told['ci_high']:.3f})" in " ".join(README.split())


def test_both_kinds_of_outlines_are_told_as_they_are_recorded() -> None:
    """Images, Jaccard with its interval and recall, of manual outlines and others; how many failures are tight."""
    recorded = read_json(ROOT / "metrics" / "isic-balanced-subgroups.json")["traced"]
    yes, no = (
        (f"{told['iou']['mean']:.3f} ({told['iou']['ci_low']:.3f}–{told['iou']['ci_high']:.3f})",
         f"{told['recall']['mean']:.3f}", told["n"])
        for told in (recorded["yes"], recorded["no"])
    )  # fmt: skip
    failed = read_csv(ROOT / "metrics" / "cases" / "isic-balanced.csv").query("iou < 0.65")
    kinds = read_json(ROOT / "metrics" / "isic-balanced-calibration.json")["kinds"]
    text = " ".join(README.split())
    for told in (
        f"{kinds['traced']} of the 150 for validation and {yes[2]} of the 600 test masks",
        f"Jaccard {yes[0]} and recall {yes[1]} on the test images with a manual outline, {no[0]} and {no[1]} on the "
        f"other {no[2]}",
        f"Of the {len(failed)} test images on which balanced fails, {(failed['precision'] >= 0.95).sum()} have",
    ):
        assert told in text
