"""What holds a commit from outside: the whole check, the drift of rebuilt scores, two builds compared, the workflow.

The scripts run in scratch repositories where `make` and `dvc` are stand-ins: no environment is made, nothing trained.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from glassbox.params import read_yaml

TOP = Path(__file__).parents[1]
TARGETS = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SCORES = {
    "dice": {"mean": 0.9, "ci_low": 0.88},
    "hd95_px": {"mean": 0.5},
    "thresholded_jaccard": {"mean": 0.8, "ci_low": 0.77, "ci_high": 0.84},
    "failure_rate": 0.1,
    "n": {"cases": 120},
}
RECORD = "metrics/phantom-base.json"


@pytest.fixture(scope="module")
def drift() -> ModuleType:
    spec = spec_from_file_location("drift", TOP / ".ci/drift.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scores(**changed: object) -> str:
    return json.dumps({**SCORES, **changed})


MOVES: list[tuple[dict[str, object], list[str]]] = [
    ({}, []),
    ({"dice": {"mean": 0.91, "ci_low": 0.88}}, []),
    ({"dice": {"mean": 0.88, "ci_low": 0.88}}, []),  # 0.02 in decimals, 0.02 and a rounding error in binary
    ({"dice": {"mean": 0.93, "ci_low": 0.88}}, ["dice.mean: 0.9 committed, 0.93 rebuilt"]),
    ({"dice": {"mean": 0.87, "ci_low": 0.88}}, ["dice.mean: 0.9 committed, 0.87 rebuilt"]),
    ({"dice": {"mean": float("nan"), "ci_low": 0.88}}, ["dice.mean: 0.9 committed, nan rebuilt"]),
    ({"failure_rate": 0.16}, []),  # 12 of 120: Wilson's interval is 0.0582 to 0.1666
    ({"failure_rate": 0.06}, []),
    ({"failure_rate": 0.17}, ["failure_rate: 0.1 committed, 0.17 rebuilt"]),
    ({"failure_rate": 0.05}, ["failure_rate: 0.1 committed, 0.05 rebuilt"]),
    ({"thresholded_jaccard": {"mean": 0.77, "ci_low": 0.7, "ci_high": 0.8}}, []),
    (
        {"thresholded_jaccard": {"mean": 0.85, "ci_low": 0.77, "ci_high": 0.9}},
        ["thresholded_jaccard.mean: 0.8 committed, 0.85 rebuilt"],
    ),
    (
        {"thresholded_jaccard": {"mean": 0.76, "ci_low": 0.7, "ci_high": 0.84}},
        ["thresholded_jaccard.mean: 0.8 committed, 0.76 rebuilt"],
    ),
    ({"dice": {"mean": 0.9, "ci_low": 0.5}, "hd95_px": {"mean": 9.5}, "n": {"cases": 7}}, []),
    ({"dice": {"ci_low": 0.88}}, ["dice.mean: 0.9 committed, not rebuilt"]),
    ({"hd95_px": {}}, ["hd95_px.mean: 0.5 committed, not rebuilt"]),
    ({"specificity": {"mean": 0.2}}, []),
]


@pytest.mark.parametrize(("changed", "expected"), MOVES)
def test_drift_is_a_share_that_moved_or_a_number_that_is_gone(
    drift: ModuleType, changed: dict[str, object], expected: list[str]
) -> None:
    """0.01 passes and 0.03 does not, either way; what jumps at a limit may move within its committed interval.

    Distances, bounds and counts may move, but not go.
    """
    committed, rebuilt = (dict(drift.numbers(json.loads(text), "")) for text in (scores(), scores(**changed)))
    found = [line.removeprefix(".").split(";")[0] for line in drift.faults(committed, rebuilt)]
    assert found == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("metrics/phantom-base.json", True),
        ("metrics/phantom-compare.json", True),
        ("metrics/phantom-data.json", True),
        ("metrics/phantom-base-calibration.json", False),
        ("metrics/phantom-base-subgroups.json", False),
        ("metrics/isic-base.json", False),
    ],
)
def test_scores_of_the_embedded_study_are_compared_choices_are_not(
    drift: ModuleType, name: str, expected: bool
) -> None:
    """A model's scores and its differences; not thresholds and parts of the cases, not another task's."""
    assert drift.compared(name) == expected


def test_every_recorded_mean_and_rate_of_the_embedded_study_is_judged(drift: ModuleType) -> None:
    """Each model's means (distances aside), pooled values and rates are among the shares that are compared."""
    files = [path for path in (TOP / "metrics").glob("phantom-*.json") if drift.compared(f"metrics/{path.name}")]
    assert files
    for path in files:
        for key, value in drift.numbers(json.loads(path.read_bytes()), f"{path.name} "):
            share = key.endswith((".mean", "_rate")) or " pooled." in key
            assert drift.judged(key, value) or not share or "_px" in key or "minus_balanced" in key, key


def executable(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\nset -eu\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A repository with the scripts, one recorded score and stand-ins that do as good tools would."""
    project = tmp_path / "project"
    shutil.copytree(TOP / ".ci", project / ".ci")
    contents = {".gitignore": ".venv/\n", "glassbox/__init__.py": "", "stages/__init__.py": "", RECORD: scores()}
    contents |= {"dvc.lock": "", "models/phantom-base.keras": ""}
    for name, content in contents.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(content, encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "start")
    executable(project / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    executable(project / ".venv/bin/make", 'echo "make $1"')
    executable(project / ".venv/bin/dvc", 'echo "dvc $*"')
    return project


def run(project: Path, script: str) -> tuple[int, str]:
    """The exit code of `.ci/<script>` and what it printed."""
    environment = {**os.environ, "TMPDIR": str(project.parent), "DEMO": "compare@phantom"}
    command = [f"{project}/.ci/{script} 2>&1"]
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_whole_check_runs_its_steps_in_order(scratch: Path) -> None:
    """Lint, lock, test, demo, drift; each with its time; it is executable and calls targets that exist."""
    code, printed = run(scratch, "run")
    assert code == 0, printed
    assert re.findall(r"^=== (\w+): passed, \d+ s$", printed, re.MULTILINE) == ["lint", "lock", "test", "demo", "drift"]
    called = re.findall(r"^make (\w+)$", printed, re.MULTILINE)
    assert called == ["lint", "test", "demo"]
    assert set(called) <= TARGETS


GONE = f"{{ git rm --quiet {RECORD}; git -c user.name=test -c user.email=test@localhost commit --quiet -m gone; }}"
BREAKS = [
    ("make", '[ "$1" != test ]', "test", "make lint"),
    ("dvc", "echo \"Running stage 'evaluate@phantom-base':\"", "lock", "Running stage 'evaluate@phantom-base'"),
    ("dvc", "echo 'No such file: data/phantom/train.npz' >&2; exit 255", "lock", "No such file"),
    ("make", f"[ \"$1\" != demo ] || echo '{scores(failure_rate=0.2)}' > {RECORD}", "drift", "failure_rate: 0.1 comm"),
    ("make", f'[ "$1" != demo ] || rm {RECORD}', "drift", f"drift: {RECORD} dice.mean: 0.9 committed, not rebuilt"),
    ("make", f'[ "$1" != lint ] || {GONE}', "drift", "drift: metrics/phantom-*.json: no share in HEAD"),
]


@pytest.mark.parametrize(("tool", "script", "step", "told"), BREAKS)
def test_the_whole_check_stops_where_something_is_wrong(
    scratch: Path, tool: str, script: str, step: str, told: str
) -> None:
    """The failing step is named, with what it found, and nothing after it runs."""
    executable(scratch / ".venv/bin" / tool, f'{script}\necho "{tool} $1"')
    code, printed = run(scratch, "run")
    assert code != 0
    assert f"FAILED: {step} (exit code" in printed
    assert told in printed
    assert "all passed" not in printed


REBUILT = f"mkdir -p metrics; echo 1 > dvc.lock; echo 2 > models/phantom-base.keras; echo '{scores()}' > {RECORD}"
BUILDS = [
    (REBUILT, 0, "3 files identical, 0 different; the committed ones differ"),
    ("true", 0, "3 files identical, 0 different; they are the committed ones"),
    (f"{REBUILT}; echo $$ > models/phantom-base.keras", 1, "2 files identical, 1 different"),
    (f"{REBUILT}; echo 4 > models/$$.csv", 1, "3 files identical, 2 different"),
    ("exit 7", 7, "first build"),
]


@pytest.mark.parametrize(("dvc", "expected", "told"), BUILDS)
def test_two_builds_are_compared_byte_for_byte(scratch: Path, dvc: str, expected: int, told: str) -> None:
    """Equal records pass, one other byte or one other file fails, and no clone is left behind."""
    executable(scratch / ".venv/bin/dvc", dvc)
    code, printed = run(scratch, "reproduce")
    assert code == expected, printed
    assert told in printed
    assert list(scratch.parent.iterdir()) == [scratch]


def test_what_the_demo_makes_are_stages() -> None:
    """Every target of the demo is a stage of `dvc.yaml`, of the embedded data set, and those of it alone."""
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^DEMO := (.*\\\n.*)$", makefile, re.MULTILINE)
    (names, suffix) = re.findall(r"addsuffix (@[a-z-]+),([a-z ,-]+)\)", listed)[0][::-1]
    targets = re.findall(r"[a-z-]+@phantom(?!-)", listed) + [f"{name}{suffix}" for name in names.split()]
    stages = read_yaml(TOP / "dvc.yaml")["stages"]
    assert len(targets) == 4
    assert all(target.split("@")[0] in stages and target.split("@")[1].startswith("phantom") for target in targets)


def test_a_build_runs_its_own_clones_code(scratch: Path) -> None:
    """Where the installed package would come before the clone's, nothing is built."""
    executable(scratch / ".venv/bin/python", f'exec "{sys.executable}" -P "$@"')
    code, printed = run(scratch, "reproduce")
    assert code == 1
    assert f"reproduce: {TOP}/glassbox/__init__.py is imported; expected {scratch.parent}" in printed
    assert "dvc repro" not in printed


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    return dict(read_yaml(TOP / ".github/workflows/pipeline.yml"))


def test_the_workflow_reads_only_and_pins_its_actions(workflow: dict[Any, Any]) -> None:
    """No more permission than reading, no secret, and a major version on every action."""
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML 1.1 reads the key `on` as a truth value
    steps = workflow["jobs"]["pipeline"]["steps"]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    assert "secrets." not in (TOP / ".github/workflows/pipeline.yml").read_text(encoding="utf-8")


def test_the_workflow_calls_what_exists(workflow: dict[Any, Any]) -> None:
    """Targets of the Makefile, and stages of the embedded study: no stage whose data are absent there."""
    script = "\n".join(step["run"] for step in workflow["jobs"]["pipeline"]["steps"] if "run" in step)
    made = re.findall(r"\bmake (\S+)", script)
    assert {"lint", "test"} <= set(made) <= TARGETS
    assert re.findall(r"\bdvc (repro.*|metrics \w+)", script) == [
        "repro --downstream preprocess@phantom",
        "metrics diff",
    ]
    assert "phantom" in read_yaml(TOP / "params.yaml")["tasks"]
