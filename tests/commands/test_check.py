"""`glassbox check` tells what a data set holds, one line a fault, and says so in its exit code."""

import json
from collections.abc import Callable
from typing import Any

from glassbox import artifacts

Run = Callable[..., Any]
Refused = Callable[..., None]


def test_the_drawn_data_set_is_clean(project: artifacts.Paths, run: Run) -> None:
    """The phantom is checked through its loader: counts and sizes, no fault."""
    result = run("check", "phantom")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "train: 6 cases, 64x48" in result.stdout and "0 faults" in result.stdout


def test_json(project: artifacts.Paths, run: Run) -> None:
    """With `--json`, stdout is the report as data."""
    report = json.loads(run("check", "phantom", "--json").stdout)
    assert report["cases"] == {"train": 6, "val": 2, "test": 5}
    assert report["faults"] == []


def test_misuse(project: artifacts.Paths, refused: Refused) -> None:
    """An unknown task, or data that are absent, is a mistake, not a fault: exit code 2."""
    refused(["check", "nobody"], "task 'nobody'", "phantom, isic")
    refused(["check", "isic"], "data/raw/isic", "glassbox acquire isic --from PATH")
