"""`glassbox check` tells what a data set holds, one line a fault, and says so in its exit code."""

import json
import subprocess
import sys
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
    refused(["check", "nobody"], "task 'nobody'", "one of ", "isic", "phantom")
    refused(["check", "isic"], "data/raw/isic", "glassbox acquire isic --from PATH")


def test_the_data_commands_never_load_tensorflow(project: artifacts.Paths) -> None:
    """Help, acquire, check and sample, run in a process of their own, import neither Keras nor TensorFlow."""
    script = """
import sys
from typer.testing import CliRunner
from glassbox.cli import app
sample = "sample phantom --pass 0 --case phantom-train-0000"
for line in ("--help", "acquire phantom", "check phantom", sample):
    assert CliRunner().invoke(app, line.split()).exit_code == 0, line
print([name for name in ("tensorflow", "keras") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
