"""`glassbox summary` prints what was recorded, each model in its row, and says in one line what was not."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from glassbox import artifacts
from glassbox.metrics import segment

REPOSITORY = Path(__file__).parents[2]
MODELS = ["phantom-base", "phantom-precision", "phantom-balanced", "phantom-recall"]  # as in params.yaml
HEADER = ["model", "Dice", "IoU", "precision", "recall", "pooled Dice", "ROC AUC", "IoU < 0.65", "missed"]
Run = Callable[..., Any]
Refused = Callable[..., None]


def recorded(number: int) -> dict[str, Any]:
    """Scores in which no two numbers are the same, in the shape of `metrics/<model>.json`."""
    start = 0.1 * (number + 1)
    scores = {
        name: 0.02 * place + start for place, name in enumerate(("iou", "dice", "recall", "precision", "hd95_px"))
    }
    return {
        **{name: {"mean": mean, "ci_low": mean - 0.007, "ci_high": mean + 0.005} for name, mean in scores.items()},
        "pooled": {"iou": 0.011 + start, "dice": 0.013 + start},
        **({"roc_auc": 0.907 + 0.01 * number} if number else {}),
        "failure_rate": 0.333 + 0.01 * number,
        "detection_rate": 0.9,
        "n": {"cases": 120, "missed": 7 + number, "empty_truth": 2},
    }


ROWS = [
    ["phantom-base", "0.120 (0.113–0.125)", "0.100 (0.093–0.105)", "0.160 (0.153–0.165)", "0.140 (0.133–0.145)",
     "0.113", "undefined", "33.3%", "7"],
    ["phantom-precision", "0.220 (0.213–0.225)", "0.200 (0.193–0.205)", "0.260 (0.253–0.265)", "0.240 (0.233–0.245)",
     "0.213", "0.917", "34.3%", "8"],
    ["phantom-balanced", "0.320 (0.313–0.325)", "0.300 (0.293–0.305)", "0.360 (0.353–0.365)", "0.340 (0.333–0.345)",
     "0.313", "0.927", "35.3%", "9"],
    ["phantom-recall", "0.420 (0.413–0.425)", "0.400 (0.393–0.405)", "0.460 (0.453–0.465)", "0.440 (0.433–0.445)",
     "0.413", "0.937", "36.3%", "10"],
]  # fmt: skip


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> artifacts.Paths:
    """A project that holds parameters and the metrics of four models, and no network."""
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    paths = artifacts.Paths()
    for number, model in enumerate(MODELS):
        artifacts.write_json(paths.metrics(model), recorded(number))
    return paths


def cells(line: str) -> list[str]:
    """The cells of a table's line, which two spaces or more keep apart."""
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_every_number_stands_in_its_column(scored: artifacts.Paths, run: Run) -> None:
    """Base first, then the variants as in params.yaml; means with intervals, the pooled value, failures and misses."""
    result = run("summary", "phantom")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "phantom: 120 test cases; means over cases with 95 % bootstrap intervals"
    start = next(at for at, line in enumerate(lines) if cells(line)[:1] == ["model"])
    assert cells(lines[start]) == HEADER
    assert [cells(line) for line in lines[start + 2 : start + 6]] == ROWS


def test_markdown_is_the_table_and_nothing_else(scored: artifacts.Paths, run: Run) -> None:
    """Header, rule and a line a model, to be pasted; no counts, no files."""
    artifacts.write_bytes(scored.plots("phantom") / "a.png", b"picture")
    result = run("summary", "phantom", "--markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    expected = [HEADER, ["---"] * len(HEADER), *ROWS]
    assert result.stdout.splitlines() == [f"| {' | '.join(line)} |" for line in expected]


def test_the_pictures_of_the_task_and_its_models_are_listed(scored: artifacts.Paths, run: Run) -> None:
    """Every PNG of theirs, however deep, as a path that can be opened from here; no table, no other task's."""
    shown = ["phantom/augment.png", "phantom-base/xai/gradcam.png", "phantom-recall/worst.png"]
    for name in [*shown, "isic/augment.png", "isic-base/worst.png", "phantom-base/confusion.csv"]:
        artifacts.write_bytes(Path("plots") / name, b"content")
    lines = run("summary", "phantom").stdout.splitlines()
    listed = [line.strip() for line in lines[lines.index("Look at:") + 1 :]]
    assert sorted(listed) == sorted(f"plots/{name}" for name in shown)


def test_the_failure_bound_is_the_tasks_own(scored: artifacts.Paths, run: Run) -> None:
    """Where params.yaml counts failures below another Jaccard index, the column's title says so."""
    content = yaml.safe_load(scored.params().read_text(encoding="utf-8"))
    content["tasks"]["phantom"]["evaluate"]["failure_at"] = 0.5
    scored.params().write_text(yaml.safe_dump(content), encoding="utf-8")
    header = run("summary", "phantom", "--markdown").stdout.splitlines()[0]
    assert "| IoU < 0.5 |" in header


def test_what_the_pipeline_records_can_be_summarised(scored: artifacts.Paths, run: Run) -> None:
    """The scores of a perfect and a missed lesion, summed up by the metrics room itself: their mean Dice is a half."""
    truth = np.zeros((8, 8), bool)
    truth[2:6, 2:6] = True
    rows = [segment.case_row(truth, found, 0.65) for found in (truth, np.zeros_like(truth))]
    made = segment.summary(segment.cases_table(["a", "b"], rows, 2), 0.65, seed=1, resamples=50)
    for model in MODELS:
        artifacts.write_json(scored.metrics(model), made)
    shown = run("summary", "phantom", "--markdown").stdout.splitlines()[-1].split(" | ")
    assert shown[1].startswith("0.500 (") and shown[5:] == ["0.667", "undefined", "50.0%", "1 |"]


@pytest.mark.parametrize("markdown", [[], ["--markdown"]])
def test_a_model_not_scored_yet_is_told(scored: artifacts.Paths, refused: Refused, markdown: list[str]) -> None:
    """One line with the file and what makes it; no half of a table."""
    scored.metrics("phantom-balanced").unlink()
    refused(["summary", "phantom", *markdown], "metrics/phantom-balanced.json: no such file", "dvc repro")


def test_an_unknown_task_is_told(scored: artifacts.Paths, refused: Refused) -> None:
    """With the tasks there are; a model is no task."""
    refused(["summary", "phantom-base"], "task 'phantom-base': not in params.yaml", "one of phantom, isic")


TOLD = [
    ["phantom-base", "0.40", "1.30", "0.050", "0.010", "0.910", "60% of 9", "contrast low",
     "0.500 (0.400–0.600)"],
    ["phantom-precision", "0.41", "1.31", "0.051", "0.011", "0.911", "61% of 9", "contrast low",
     "0.510 (0.410–0.610)"],
    ["phantom-balanced", "0.42", "1.32", "0.052", "0.012", "0.912", "62% of 9", "contrast low",
     "0.520 (0.420–0.620)"],
    ["phantom-recall", "0.43", "1.33", "0.053", "0.013", "undefined", "63% of 9",
     "none of 10 cases", "undefined"],
]  # fmt: skip


FLIPS = [
    ["phantom-base", "0.120 (0.113–0.125)", "0.100 (0.093–0.105)", "0.800 (0.700–0.900)", "0.700 (0.600–0.800)"],
    ["phantom-precision", "0.220 (0.213–0.225)", "0.200 (0.193–0.205)", "0.810 (0.710–0.910)", "0.710 (0.610–0.810)"],
    ["phantom-balanced", "0.320 (0.313–0.325)", "0.300 (0.293–0.305)", "0.820 (0.720–0.920)", "0.720 (0.620–0.820)"],
    ["phantom-recall", "0.420 (0.413–0.425)", "0.400 (0.393–0.405)", "0.830 (0.730–0.930)", "0.730 (0.630–0.830)"],
]


def test_trust_tells_calibration_doubt_and_the_weakest_group(scored: artifacts.Paths, run: Run) -> None:
    """From four files a model, what four flips give apart; what could not be measured is said to be undefined."""
    for number, model in enumerate(MODELS):
        up, last = 0.01 * number, model == MODELS[-1]
        interval = {name: value + up for name, value in (("mean", 0.5), ("ci_low", 0.4), ("ci_high", 0.6))}
        tta = {
            score: {name: value + by for name, value in interval.items()} for score, by in (("iou", 0.2), ("dice", 0.3))
        }
        cut = {"threshold": 0.4 + up, "temperature": 1.3 + up}
        ece = {"before": {"ece": 0.05 + 0.1 * up}, "after": {"ece": 0.01 + 0.1 * up}}
        doubt = {"caught": 0.6 + up, "n": {"cases": 120, "failures": 9}, "tta": tta}
        artifacts.write_json(scored.calibration(model), cut | ece)
        artifacts.write_json(scored.uncertainty(model), doubt | ({} if last else {"auroc": 0.91 + 0.1 * up}))
        artifacts.write_json(scored.subgroups(model), {} if last else {"worst": {"contrast_low": {"iou": interval}}})
    result = run("summary", "phantom", "--trust", "--markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in result.stdout.splitlines()]
    assert rows[0][:3] == ["model", "threshold", "temperature"]
    assert rows[2:6] == TOLD
    assert rows[7] == ["model", "Dice of one pass", "IoU of one pass", "Dice of 4 flips", "IoU of 4 flips"]
    assert rows[6] == [""] and rows[9:] == FLIPS


def interval(mean: float) -> dict[str, float]:
    return {"mean": mean, "ci_low": mean - 0.1, "ci_high": mean + 0.2, "n": 9}


def table_of(printed: str) -> list[list[str]]:
    """A markdown table's rows, without the rule below its header."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines()]
    return [lines[0], *lines[2:]]


def test_explanations_tell_each_method_of_the_balanced_model(scored: artifacts.Paths, run: Run) -> None:
    """From one file; a measure that a method does not have is an empty cell; the last block's correlation is told."""
    first = {"cases": 50, "dead": 0.02, "deletion_gain": interval(0.3), "mass_gain": interval(0.4)}
    found = {
        "saliency": first
        | {
            "sensitivity": 0.51,
            "correlation_with_shuffled": {"logits": 0.9, "stem": 0.25},
            "stays_with_shuffled_weights": 0,
        },
        "lime": {"cases": 50, "dead": 0.0, "completeness": interval(0.1)}
        | {
            "sensitivity": None,
            "correlation_with_shuffled": {"logits": 0.9, "stem": 0.75},
            "stays_with_shuffled_weights": 1,
        },
    }
    artifacts.write_json(scored.trust("phantom-balanced"), found)
    result = run("summary", "phantom", "--explanations", "--markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    header, *rows = table_of(result.stdout)
    assert header[:3] == ["method", "deletion gain", "insertion gain"] and header[-1] == "dead"
    assert rows == [
        ["saliency", "0.300 (0.200–0.500)", "", "0.400 (0.300–0.600)", "", "", "0.51", "0.25", "2%"],
        ["lime", "", "", "", "", "0.100 (0.000–0.300)", "", "0.75, stays", "0%"],
    ]


def test_explanations_of_a_planted_cue_tell_both_networks(scored: artifacts.Paths, run: Run) -> None:
    """The share of relevance on the cue with its interval, and how many times that of the network without."""
    found = {
        "saliency": {"model": interval(0.5), "without": interval(0.25), "ratio": 2.0},
        "lime": {"model": interval(0.5)},
    }
    artifacts.write_json(scored.trust("phantom-cue"), found)
    result = run("summary", "phantom-cue", "--explanations", "--markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    assert table_of(result.stdout) == [
        ["method", "on the cue, phantom-cue-base", "on the cue, phantom-chart-base", "ratio"],
        ["saliency", "0.500 (0.400–0.700)", "0.250 (0.150–0.450)", "2.0"],
        ["lime", "0.500 (0.400–0.700)", "undefined", ""],
    ]


def test_a_task_without_variants_has_no_explanations_to_tell(scored: artifacts.Paths, refused: Refused) -> None:
    """Said with the tasks that have."""
    refused(
        ["summary", "drive", "--explanations"], "task 'drive': no variants and no cue; expected one of phantom, isic"
    )
