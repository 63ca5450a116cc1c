"""The pipeline graph is exact: what is changed re-runs what follows from it, and nothing else.

DVC itself runs the project's dvc.yaml, params.yaml and code in a scratch repository. Only the stage scripts are stubs:
each writes outputs that follow from the bytes of its deps and the values of its params, so every change travels as far
as the graph lets it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from glassbox.params import Params, load

TOP = Path(__file__).parents[1]
PARAMS = TOP / "params.yaml"
COPIED = (".dvc/config", ".dvc/plots", ".dvcignore", ".gitignore", "dvc.yaml", "params.yaml", "glassbox")
COMMITTED = ("dvc.lock", "metrics", "models")  # what a clone brings; data, pictures and DVC's cache it does not
TRAINING = ("train-base", "finetune-variant")
PLAIN = shutil.ignore_patterns("__pycache__")

STUB = """
import hashlib, json, sys
from pathlib import Path
import yaml

stage = json.loads(Path("stub.json").read_text())[" ".join([Path(__file__).stem, *sys.argv[1:]])]
if Path(__file__).stem == "preprocess" and not Path("data/raw", sys.argv[1]).exists():
    sys.exit(2)
content = []
for dep in map(Path, stage["deps"]):
    files = [path for path in sorted(dep.rglob("*.*")) if "__pycache__" not in path.parts] if dep.is_dir() else [dep]
    content += [(str(path), path.read_bytes()) for path in files if path.is_file()]
for name in stage["params"]:
    value = yaml.load(Path("params.yaml").read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for key in name.split("."):
        value = value[key]
    content.append((name, value))
for out in map(Path, stage["outs"]):
    path = out if out.suffix else out / "picture.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(hashlib.sha256(repr((str(out), content)).encode()).hexdigest())
"""

# DVC's own expansion of dvc.yaml, one entry a command.
EXPAND = """
import json
from dvc.dependency import ParamsDependency
from dvc.repo import Repo

expanded = {}
for stage in Repo().index.stages:
    params = [dep for dep in stage.deps if isinstance(dep, ParamsDependency)]
    expanded[stage.cmd.removeprefix("python -m stages.")] = {
        "deps": [dep.def_path for dep in stage.deps if dep not in params],
        "params": [name for dep in params for name in dep.params],
        "outs": [out.def_path for out in stage.outs],
    }
print(json.dumps(expanded))
"""


def started(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python inside `project`; DVC keeps its settings and databases beside it and reaches no network."""
    aside = project.parent / f"{project.name}-dvc"
    places = {f"DVC_{name}_DIR": str(aside / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **places, "DVC_NO_ANALYTICS": "1", "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def repro(project: Path, *options: str, code: int = 0) -> list[str]:
    """The stages that `dvc repro` starts, each once, sorted."""
    done = started(project, "-m", "dvc", "repro", *options)
    assert done.returncode == code, done.stdout + done.stderr
    return sorted(re.findall(r"^Running stage '(.+)':$", done.stdout, re.MULTILINE))


def expanded(project: Path) -> Mapping[str, Mapping[str, list[str]]]:
    content: Mapping[str, Mapping[str, list[str]]] = json.loads((project / "stub.json").read_text())
    return content


def records(project: Path) -> dict[str, bytes]:
    """Every file under metrics/ and models/ with its bytes."""
    files = [path for folder in COMMITTED[1:] for path in (project / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(project)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def params() -> Params:
    return load(PARAMS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, params: Params) -> Path:
    """The project with stub stages, every task run once."""
    project = tmp_path_factory.mktemp("graph") / "project"
    for name in [*COPIED, *(path.relative_to(TOP).as_posix() for path in (TOP / "data").glob("*.sha256"))]:
        source, target = TOP / name, project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=PLAIN) if source.is_dir() else shutil.copy(source, target)
    for script in (TOP / "stages").glob("*.py"):
        (project / "stages").mkdir(exist_ok=True)
        (project / "stages" / script.name).write_text(STUB if script.stem != "__init__" else "")
    for task in params.tasks:
        (project / "data/raw" / task).mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", project], check=True)
    found = started(project, "-c", EXPAND)
    assert found.returncode == 0, found.stderr
    (project / "stub.json").write_text(found.stdout)
    assert len(repro(project)) == len(expanded(project))
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project, as if it had been built there."""
    return shutil.copytree(built, tmp_path / "project", symlinks=True)


@pytest.fixture
def clone(built: Path, tmp_path: Path) -> Path:
    """What a clone of the built project holds, real data absent."""
    target = tmp_path / "clone"
    ignored = [folder.name for folder in (built / "data").iterdir() if folder.is_dir()]
    shutil.copytree(built, target, ignore=shutil.ignore_patterns("cache", "tmp", "plots", "index.sqlite", *ignored))
    shutil.copytree(built / ".dvc/plots", target / ".dvc/plots")
    assert not (target / "data/raw").exists()
    return target


@pytest.mark.parametrize("variant", ["phantom-recall", "isic-precision"])
def test_a_variants_alpha_re_runs_that_variant_only(project: Path, params: Params, variant: str) -> None:
    """Its training, its scores and pictures, its task's comparison, the index: no other model, no other task."""
    path = project / "params.yaml"
    entry = rf"(?m)^(  {variant}:\n    task: .*\n    base: .*\n    loss: .*\balpha: )[0-9.]+"
    changed, count = re.subn(entry, r"\g<1>0.65", path.read_text(encoding="utf-8"))
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    own = [f"{stage}@{variant}" for stage in ("finetune-variant", "evaluate", "confusion", "overlay", "xai-render")]
    assert repro(project) == sorted([*own, f"compare@{params.variants[variant].task}", "llm-index"])


def test_a_new_neighbour_re_runs_nothing(project: Path) -> None:
    """A loss, a network, a loader, a command or a training helper more is no reason to run anything again."""
    for name in ("losses/focal", "nets/resnet", "data/drive/__init__", "data/drive/loader", "commands/review"):
        new = project / "glassbox" / f"{name}.py"
        assert not new.exists()
        new.parent.mkdir(exist_ok=True)
        new.write_text('"""New."""\n')
    assert repro(project, "--dry") == []


EDITED = {
    "glassbox/metrics/calibration.py": {"evaluate", "confusion", "overlay", "compare", "xai-render"},
    "glassbox/xai/occlusion.py": {"xai-render"},
    "glassbox/training/fit.py": {"train-base", "finetune-variant"},
    "glassbox/params.py": set(),
}


def test_an_edit_re_runs_the_stages_that_use_the_file(project: Path) -> None:
    """A room that a stage names whole counts new files in; a trained network stands until its own code changes."""
    for name, expected in EDITED.items():
        path = project / name
        before = path.read_bytes() if path.exists() else None
        path.write_bytes((before or b"") + b"# edited\n")
        assert {stage.split("@")[0] for stage in repro(project, "--dry")} == expected, name
        path.unlink() if before is None else path.write_bytes(before)


def test_a_clone_is_up_to_date_without_data(clone: Path) -> None:
    """The check of `.ci/run` passes an honest lock, and shows a stale one as a stage to run or a failure."""
    check = ("repro", "--dry", "--allow-missing")
    assert repro(clone, *check[1:]) == []
    path = clone / "glassbox/losses/overlap.py"
    path.write_bytes(path.read_bytes() + b"# edited\n")
    stale = started(clone, "-m", "dvc", *check)
    assert stale.returncode or "Running stage" in stale.stdout


def test_absent_data_lose_no_record(clone: Path, params: Params) -> None:
    """`dvc repro` in a clone without data ends in a failure, with every committed record as it was."""
    (clone / "data/raw/phantom").mkdir(parents=True)  # the one task whose data are drawn, not brought
    before = records(clone)
    assert {f"models/{name}.keras" for name in params.models} <= set(before)
    run = repro(clone, "--keep-going", code=255)
    assert {"preprocess@isic", "preprocess@phantom", "xai-render@phantom-base"} <= set(run)
    assert not [name for name in run if name.startswith(TRAINING) or (name.split("@")[-1].startswith("isic-"))]
    assert records(clone) == before
