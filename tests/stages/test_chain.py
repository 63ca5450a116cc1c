"""The stage scripts, run in order on a tiny drawn data set in a folder of their own."""

import importlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console

from glassbox import artifacts
from glassbox.data.picture import decode_mask
from glassbox.errors import GlassboxError
from glassbox.nets.inference import probabilities
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
VARIANTS = ["phantom-precision", "phantom-balanced", "phantom-recall"]
MODELS = ["phantom-base", *VARIANTS]
CHAIN = [
    ("preprocess", ["phantom"]),
    ("augment", ["phantom"]),
    ("train-base", ["phantom-base"]),
    ("finetune-variant", VARIANTS),
    ("evaluate", MODELS),
    ("confusion", MODELS),
    ("overlay", ["phantom-balanced"]),
    ("compare", ["phantom"]),
    ("xai-render", ["phantom-balanced"]),
    ("llm-index", [""]),
]


def small(folder: Path) -> None:
    """The project's own files, with a data set and trainings that take seconds."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    task = params["tasks"]["phantom"]
    task["source"] |= {"height": 32, "width": 48, "train": 12, "val": 4, "test": 8}
    task["preprocess"] |= {"height": 32, "width": 48}
    task["augment"]["passes"] = [{"count": 3, "height": 32, "width": 48}]
    task["train"] |= {"passes": 2, "batch": 4}
    task["finetune"] |= {"first_pass": 2, "passes": 1, "batch": 4}
    task["evaluate"] |= {"batch": 3, "resamples": 50, "worst": 2}
    task["xai"] |= {"steps": 2, "segments": 20}
    architecture = params["bases"]["phantom-base"]["architecture"] | {"widths": [8, 12], "heads": 2}
    for block in ("bases", "models"):
        params[block]["phantom-base"]["architecture"] = architecture
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)


def run(folder: Path, stage: str, key: str) -> None:
    """What `python -m stages.<stage> <key>` does, in this process."""
    script = importlib.import_module(f"stages.{stage.replace('-', '_')}")
    script.main(open_stage(stage, [key] if key else [], folder, Console(quiet=True)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every stage has run."""
    folder = tmp_path_factory.mktemp("project")
    small(folder)
    manifest = importlib.import_module("glassbox.commands.dataset")
    paths = artifacts.Paths(folder)
    content = importlib.import_module("glassbox.params").load(paths.params())
    data = manifest.dataset(paths, content, "phantom")
    artifacts.write_text(paths.manifest("phantom"), data.loader.manifest(data.raw, data.source, content.seed))
    for stage, keys in CHAIN:
        for key in keys:
            run(folder, stage, key)
    return folder


def outputs(stage: str, key: str) -> list[str]:
    """What the stage's entry in `dvc.yaml` says that it writes."""
    entry = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"][stage]
    body = entry.get("do", entry)
    listed = [item for kind in ("outs", "metrics", "plots") for item in body.get(kind, [])]
    return [(next(iter(item)) if isinstance(item, dict) else item).replace("${key}", key) for item in listed]


@pytest.mark.parametrize(("stage", "keys"), CHAIN)
def test_every_declared_output_is_written_and_nothing_else(project: Path, stage: str, keys: list[str]) -> None:
    """DVC's list and the script agree."""
    for key in keys:
        for path in outputs(stage, key):
            assert (project / path).exists(), path
    if stage == "llm-index":
        declared = {path for name, names in CHAIN for name_key in names for path in outputs(name, name_key)}
        written = {
            str(path.relative_to(project))
            for folder in ("data", "models", "metrics", "plots")
            for path in (project / folder).rglob("*")
            if path.is_file()
        }
        covered = {path for path in written if any(path == out or path.startswith(f"{out}/") for out in declared)}
        assert written - covered == {"data/phantom.sha256"}


def test_evaluate_agrees_with_a_count_by_hand(project: Path) -> None:
    """Dice of every case, from the stored network and the truth, in four lines of NumPy."""
    test = artifacts.read_split(project / "data" / "phantom" / "test.npz")
    model = artifacts.read_model(project / "models" / "phantom-recall.keras")
    cases = artifacts.read_csv(project / "metrics" / "cases" / "phantom-recall.csv")
    expected = []
    for encoded, probability in zip(test.truths, probabilities(model, test.images), strict=True):
        truth, found = decode_mask(encoded), probability >= 0.5
        expected.append(2 * (truth & found).sum() / max(truth.sum() + found.sum(), 1))
    assert cases["case"].tolist() == list(test.cases)
    assert cases["dice"].to_numpy() == pytest.approx(np.array(expected), abs=1e-9)
    summary = json.loads((project / "metrics" / "phantom-recall.json").read_text(encoding="utf-8"))
    assert summary["dice"]["mean"] == pytest.approx(np.mean(expected), abs=1e-4)


def test_confusion_sums_to_all_pixels(project: Path) -> None:
    """Eight pictures of 32 x 48."""
    table = pd.read_csv(project / "plots" / "phantom-base" / "confusion.csv")
    assert table["n"].sum() == 8 * 32 * 48


def test_variants_start_from_the_stored_base_and_leave_it(project: Path) -> None:
    """Three fine-tunings give three networks, none of them the base."""
    files = {(project / "models" / f"{model}.keras").read_bytes() for model in MODELS}
    assert len(files) == 4


def test_every_number_of_a_summary_is_in_the_index(project: Path) -> None:
    """The index holds what was recorded, under the model's name."""
    recorded = json.loads((project / "metrics" / "phantom-base.json").read_text(encoding="utf-8"))
    with sqlite3.connect(project / "data" / "index.sqlite") as connection:
        query = "select value from number where model = ? and metric = ? and batch is null and case_name is null"
        found = connection.execute(query, ("phantom-base", "dice.mean")).fetchall()
    connection.close()
    assert (recorded["dice"]["mean"],) in found


@pytest.mark.parametrize("stage", ["preprocess", "augment", "evaluate", "confusion", "compare", "llm-index"])
def test_a_second_run_writes_the_same_bytes(project: Path, stage: str) -> None:
    """Same inputs, same bytes, pictures included."""
    key = dict(CHAIN)[stage][0]
    files = [
        path
        for out in outputs(stage, key)
        for path in ([project / out] if (project / out).is_file() else sorted((project / out).rglob("*.*")))
    ]
    before = {path: path.read_bytes() for path in files}
    run(project, stage, key)
    assert {path: path.read_bytes() for path in files} == before


def test_pictures_open(project: Path) -> None:
    """Every PNG decodes to something that is not blank."""
    pictures = sorted((project / "plots").rglob("*.png"))
    assert len(pictures) >= 12
    for path in pictures:
        decoded = cv2.imread(str(path))
        assert decoded is not None and decoded.std() > 1, path


def test_real_data_that_are_absent_are_told_with_the_command_that_brings_them(project: Path) -> None:
    """One line; committed records stay."""
    shutil.copy(ROOT / "data" / "isic.sha256", project / "data")
    with pytest.raises(GlassboxError, match=r"data/raw/isic.*; run: glassbox acquire isic --from PATH$"):
        run(project, "preprocess", "isic")


@pytest.mark.parametrize(
    ("stage", "key", "part"),
    [
        ("evaluate", "phantom-nonsense", "'phantom-nonsense'"),
        ("preprocess", "phantom-base", "one of phantom, isic"),
        ("train-base", "phantom-recall", "one of phantom-base, isic-base"),
    ],
)
def test_a_wrong_key_is_told_in_one_line_with_the_valid_ones(stage: str, key: str, part: str) -> None:
    """Started by hand: exit code 2, no traceback."""
    ran = subprocess.run(
        [sys.executable, "-m", f"stages.{stage.replace('-', '_')}", key], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 2
    lines = [line for line in ran.stdout.splitlines() if line]
    assert len(lines) == 1 and lines[0].startswith("error: ") and part in lines[0]


def test_ctrl_c_in_a_training_leaves_nothing_half_written(project: Path, tmp_path: Path) -> None:
    """Interrupted after two passes: exit code 130, no model, and the state of the last pass to go on from."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(project / name, tmp_path)
    text = (tmp_path / "params.yaml").read_text(encoding="utf-8")
    params = yaml.safe_load(text)
    params["tasks"]["phantom"]["augment"]["passes"][0]["count"] = 400
    params["tasks"]["phantom"]["train"] |= {"passes": 300, "patience": 300}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    shutil.copytree(project / "data", tmp_path / "data")
    run(tmp_path, "augment", "phantom")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "stages.train_base", "phantom-base"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("pass   2/"):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
        assert process.wait(60) == 130
    assert "interrupted" in rest
    assert not (tmp_path / "models").exists()
    assert len(list((tmp_path / ".glassbox" / "resume").glob("*.npz"))) == 1
    hidden = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert hidden == []
