"""The pipeline graph is exact: what is changed re-runs what follows from it, and nothing else.

DVC itself runs the project's dvc.yaml, params.yaml and code in a scratch repository. Only the stage scripts are stubs:
each writes outputs that follow from the bytes of its deps and the values of its params, so every change travels as far
as the graph lets it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from glassbox.params import Params, load

TOP = Path(__file__).parents[1]
COPIED = (".dvc/config", ".dvc/plots", ".dvcignore", ".gitignore", "dvc.yaml", "params.yaml", "glassbox")
PLAIN = shutil.ignore_patterns("__pycache__")

STUB = """
import hashlib, json, sys
from functools import reduce
from pathlib import Path
import yaml

module = ".".join(Path(__file__).relative_to(Path("stages").resolve()).with_suffix("").parts)
stage = json.loads(Path("stub.json").read_text())[" ".join([module, *sys.argv[1:]])]
if Path(__file__).stem == "preprocess" and not Path("data/raw", sys.argv[1]).exists():
    sys.exit(2)
content = []
for dep in map(Path, stage["deps"]):
    files = [path for path in sorted(dep.rglob("*.*")) if "__pycache__" not in path.parts] if dep.is_dir() else [dep]
    content += [(str(path), path.read_bytes()) for path in files if path.is_file()]
values = yaml.load(Path("params.yaml").read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
for name in stage["params"]:
    content.append((name, reduce(lambda block, key: block[key], name.split("."), values)))
for out in map(Path, stage["outs"]):
    path = out if out.suffix else out / "picture.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(hashlib.sha256(repr((str(out), content)).encode()).hexdigest())
"""

# DVC parses params.yaml anew for each of its stages, which takes a second: here it does so once a process.
PARSED_ONCE = """
import sys
from copy import deepcopy
from functools import cache
from dvc.utils.serialize import _yaml

parse = cache(_yaml.parse_yaml)
_yaml.parse_yaml = lambda text, *others, **named: deepcopy(parse(text, *others, **named))
"""
DVC = (
    PARSED_ONCE
    + """
from dvc.cli import main

sys.exit(main(sys.argv[1:]))
"""
)

# Every stage once, in DVC's order, and one write of dvc.lock: `dvc repro` parses and writes it anew after each stage,
# which makes a first run ten times longer. The stubs learn their deps, params and outs from DVC's own expansion.
BUILD = (
    PARSED_ONCE
    + """
import json
from pathlib import Path
from dvc.dependency import ParamsDependency
from dvc.repo import Repo
from dvc.repo.reproduce import plan_repro

repo = Repo()
stages, expanded = plan_repro(repo.index.graph), {}
for stage in stages:
    params = [dep for dep in stage.deps if isinstance(dep, ParamsDependency)]
    expanded[stage.cmd.removeprefix("python -m stages.")] = {
        "deps": [dep.def_path for dep in stage.deps if dep not in params],
        "params": [name for dep in params for name in dep.params],
        "outs": [out.def_path for out in stage.outs],
    }
Path("stub.json").write_text(json.dumps(expanded))
with repo.lock:
    for stage in stages:
        stage.run()
    stages[0].dvcfile.dump_stages(stages, update_pipeline=False)
"""
)


def started(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python inside `project`; DVC keeps its settings and databases beside it and reaches no network."""
    aside = project.parent / f"{project.name}-dvc"
    places = {f"DVC_{name}_DIR": str(aside / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **places, "DVC_NO_ANALYTICS": "1", "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def git(folder: Path, *arguments: str) -> None:
    """Run git inside `folder`, under a name of its own: a clean machine has none."""
    named = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True)


def repro(project: Path, *options: str, code: int = 0) -> list[str]:
    """The stages that `dvc repro` starts, each once, sorted."""
    done = started(project, "-c", DVC, "repro", *options)
    assert done.returncode == code, done.stdout + done.stderr
    return sorted(re.findall(r"^Running stage '(.+)':$", done.stdout, re.MULTILINE))


def records(project: Path) -> dict[str, bytes]:
    """Every file under metrics/ and models/ with its bytes."""
    files = [path for folder in ("metrics", "models") for path in (project / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(project)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def params() -> Params:
    return load(TOP / "params.yaml")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, params: Params) -> Path:
    """The project with stub stages, every task run once, committed to git."""
    project = tmp_path_factory.mktemp("graph") / "project"
    for name in [*COPIED, *(path.relative_to(TOP).as_posix() for path in (TOP / "data").glob("*.sha256"))]:
        source, target = TOP / name, project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=PLAIN) if source.is_dir() else shutil.copy(source, target)
    for script in (TOP / "stages").rglob("*.py"):
        copy = project / script.relative_to(TOP)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(STUB if script.stem != "__init__" else "")
    for task in params.tasks:
        (project / "data/raw" / task).mkdir(parents=True)
    git(project, "init", "--quiet")
    done = started(project, "-c", BUILD)
    assert done.returncode == 0, done.stdout + done.stderr
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "built")
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project, as if it had been built there."""
    return shutil.copytree(built, tmp_path / "project")


@pytest.fixture
def clone(built: Path, tmp_path: Path) -> Path:
    """What git brings: no data, no pictures, no DVC cache."""
    git(tmp_path, "clone", "--quiet", str(built), "clone")
    return tmp_path / "clone"


def test_a_variants_alpha_re_runs_that_variant_only(project: Path, params: Params) -> None:
    """Its training, its scores and pictures, its task's comparison, the index: no other model, no other task."""
    variant, path = "phantom-recall", project / "params.yaml"
    entry = rf"(?m)^(  {variant}: &{variant}\n    task: .*\n    base: .*\n    loss: .*\balpha: )[0-9.]+"
    changed, count = re.subn(entry, r"\g<1>0.65", path.read_text(encoding="utf-8"))
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    after = ("calibrate", "evaluate", "uncertainty", "confusion", "overlay", "xai-render")
    own = [f"{stage}@{variant}" for stage in ("finetune-variant", *after)]
    task = params.variants[variant].task
    assert repro(project) == sorted(
        [*own, *(f"{stage}@{task}" for stage in ("compare", "threshold", "xai-compare")), "llm-index"]
    )


def test_a_new_neighbour_re_runs_nothing(project: Path) -> None:
    """One file more in a room, or an edited contract, is no reason to run a stage."""
    names = ("losses/focal", "nets/other", "data/eyes/__init__", "data/eyes/loader", "training/mixing", "metrics/other")
    for name in (*names, "render/other", "commands/review", "params/classify", "artifacts/__init__"):
        path = project / "glassbox" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((path.read_bytes() if path.exists() else b"") + b"# edited\n")
    assert repro(project, "--dry") == []


def test_a_kinds_scores_are_its_own(project: Path, params: Params) -> None:
    """How outlines are scored re-runs what scores models that outline, how classes are scored what tells them apart."""
    (project / "glassbox/metrics/classify/other.py").write_text('"""New."""\n')
    after = ("calibrate", "evaluate", "confusion", "xai-render", "gallery")
    assert repro(project, "--dry") == sorted(f"{stage}@{name}" for stage in after for name in params.classifying)
    (project / "glassbox/metrics/classify/other.py").unlink()

    path = project / "glassbox/metrics/segment.py"
    path.write_bytes(path.read_bytes() + b"# edited\n")
    after = ("evaluate", "uncertainty", "confusion", "overlay", "xai-render")
    scored = [f"{stage}@{name}" for stage in after for name in params.segmenters]
    after = ("compare", "robustness", "threshold", "xai-compare", "xai-check")
    assert repro(project, "--dry") == sorted(
        [*scored, *(f"{stage}@{t}" for stage in after for t in params.comparisons)]
    )


def test_a_clone_is_up_to_date_without_data(clone: Path) -> None:
    """An honest lock passes the check of `.ci/run`; a stale one shows as a stage to run, or as a failure."""
    check = ("repro", "--dry", "--allow-missing")
    assert repro(clone, *check[1:]) == []
    path = clone / "glassbox/losses/overlap.py"
    path.write_bytes(path.read_bytes() + b"# edited\n")
    stale = started(clone, "-c", DVC, *check)
    assert stale.returncode or "Running stage" in stale.stdout


def test_absent_data_lose_no_record(clone: Path, params: Params) -> None:
    """In a clone without real data their stages fail or wait, others go on, and every committed record stays."""
    (clone / "data/raw/phantom").mkdir(parents=True)  # the one task whose data are drawn, not brought
    before = records(clone)
    assert {f"models/{name}.keras" for name in params.models} <= set(before)
    ran = repro(clone, "--keep-going", "compare@isic", "train-base@phantom-base", code=255)
    assert ran == ["augment@phantom", "preprocess@isic", "preprocess@phantom"]
    assert records(clone) == before
