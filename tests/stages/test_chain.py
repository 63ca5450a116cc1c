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
import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console

from glassbox import artifacts, params
from glassbox.data.picture import decode_mask
from glassbox.errors import GlassboxError
from glassbox.nets import attention_unet
from glassbox.nets.inference import probabilities
from glassbox.stage import open_stage
from glassbox.training import determinism
from glassbox.xai.methods import METHODS

ROOT = Path(__file__).parents[2]
VARIANTS = ["phantom-precision", "phantom-balanced", "phantom-recall"]
MODELS = ["phantom-base", *VARIANTS]
CHAIN = [
    ("preprocess", ["phantom"]),
    ("augment", ["phantom"]),
    ("train-base", ["phantom-base"]),
    ("finetune-variant", VARIANTS),
    ("calibrate", MODELS),
    ("evaluate", MODELS),
    ("uncertainty", ["phantom-balanced"]),
    ("confusion", MODELS),
    ("overlay", ["phantom-balanced"]),
    ("compare", ["phantom"]),
    ("threshold", ["phantom"]),
    ("robustness", ["phantom"]),
    ("xai-render", ["phantom-balanced"]),
    ("xai-compare", ["phantom"]),
    ("xai-check", ["phantom"]),
    ("xai-cue", ["phantom"]),
    ("llm-index", [""]),
]
FINETUNE = [stage for stage, _ in CHAIN].index("finetune-variant")
TRAININGS = {  # what decides a training's result, written down apart from dvc.yaml
    "train-base": ["stages/train_base.py", "glassbox/nets/attention_unet.py"],
    "finetune-variant": ["stages/finetune_variant.py", "glassbox/training/blend.py"],
}
SHARED = [
    "glassbox/data/augment.py",
    "glassbox/losses/overlap.py",
    "glassbox/losses/pixel.py",
    *(f"glassbox/training/{module}.py" for module in ("batches", "determinism", "fit", "optimizer", "resume")),
]


def small(folder: Path) -> None:
    """The project's own files, with a data set and trainings that take seconds."""
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    task = content["tasks"]["phantom"]
    task["source"] |= {"height": 32, "width": 48, "train": 12, "val": 4, "test": 8, "chart": 0.5, "margin": 0.06}
    task["preprocess"] |= {"height": 32, "width": 48}
    task["augment"]["passes"] = [{"count": 3, "samples": 1, "share": 1.0, "height": 32, "width": 48, "without": []}]
    task["train"] |= {"passes": 2, "batch": 4}
    task["finetune"] |= {"first_pass": 2, "passes": 1, "batch": 4}
    task["evaluate"] |= {"batch": 3, "resamples": 50, "worst": 2}
    task["xai"] |= {"steps": 2, "segments": 20, "samples": 2, "masked": 4, "window": 0.5, "region": "truth"}
    task["xai"]["trust"] |= {"cases": 3, "steps": 2, "orders": 1, "perturbations": 1}
    architecture = content["bases"]["phantom-base"]["architecture"] | {"widths": [8, 12], "heads": 2}
    for block in ("bases", "outlining", "networks", "segmenters", "models"):
        content[block]["phantom-base"]["architecture"] = architecture
    content["cues"] = {"phantom": {"loader": "phantom", "model": "phantom-base", "without": "phantom-recall"}}
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)


def run(folder: Path, stage: str, key: str) -> None:
    """What `python -m stages.<stage> <key>` does, in this process."""
    script = importlib.import_module(f"stages.{stage.replace('-', '_')}")
    script.main(open_stage(stage, [key] if key else [], folder, Console(quiet=True)))


def run_all(folder: Path, chain: list[tuple[str, list[str]]]) -> None:
    for stage, keys in chain:
        for key in keys:
            run(folder, stage, key)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the stages up to the base model have run."""
    folder = tmp_path_factory.mktemp("project")
    small(folder)
    manifest = importlib.import_module("glassbox.commands.dataset")
    paths = artifacts.Paths(folder)
    content = params.load(paths.params())
    data = manifest.dataset(paths, content, "phantom")
    artifacts.write_text(paths.manifest("phantom"), data.loader.manifest(data.raw, data.source, content.seed))
    run_all(folder, CHAIN[:FINETUNE])
    return folder


@pytest.fixture(scope="module")
def base_bytes(trained: Path) -> bytes:
    """The base model's file before any variant was made of it."""
    return (trained / "models" / "phantom-base.keras").read_bytes()


@pytest.fixture(scope="module")
def project(trained: Path, base_bytes: bytes) -> Path:
    """A folder in which every stage has run."""
    run_all(trained, CHAIN[FINETUNE:])
    return trained


def outputs(stage: str, key: str) -> list[str]:
    """What the stage's entry in `dvc.yaml` says that it writes."""
    entry = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"][stage]
    body = entry.get("do", entry)
    listed = [item for kind in ("outs", "metrics", "plots") for item in body.get(kind, [])]
    return [
        (next(iter(item)) if isinstance(item, dict) else item)
        .replace("${key}", key)
        .replace("${item.balanced}", "phantom-balanced")
        for item in listed
    ]


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


def test_every_method_is_checked_on_the_balanced_model_and_asked_of_the_cue(project: Path) -> None:
    """Each has a row; those with a truth to point at are told how often they do; the cue's share is a share."""
    checked = artifacts.read_json(project / "metrics" / "phantom-balanced-xai.json")
    assert list(checked) == list(METHODS)
    for row in checked.values():
        assert row["cases"] == 3 and 0 <= row["pointing"]["mean"] <= 1
        assert set(row["correlation_with_shuffled"]) >= {"coarse", "encoder1", "stem"} or row["dead"]
    told = artifacts.read_json(project / "metrics" / "phantom-xai.json")
    assert list(told) == list(METHODS)
    shares = [row[role] for row in told.values() for role in row if role != "ratio"]
    assert all(0 <= share["ci_low"] <= share["mean"] <= 1 for share in shares)


def test_the_index_of_explanations_opens_offline(project: Path) -> None:
    """One file, with its pictures inside: nothing is loaded from elsewhere; each case has a page of its own."""
    folder = project / "plots" / "phantom-balanced" / "xai"
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert text.count("data:image/png;base64,") == 2 + len(list((folder / "cases").glob("*.png")))
    assert "http" not in text and "<script" not in text
    cases = artifacts.read_csv(project / "metrics" / "cases" / "phantom-balanced.csv")
    assert {path.stem for path in (folder / "cases").glob("*.png")} <= set(cases["case"])


def test_evaluate_agrees_with_a_count_by_hand(project: Path) -> None:
    """Dice of every case, from the stored network and the truth, in four lines of NumPy."""
    test = artifacts.read_split(project / "data" / "phantom" / "test.npz")
    model = artifacts.read_model(project / "models" / "phantom-recall.keras")
    cases = artifacts.read_csv(project / "metrics" / "cases" / "phantom-recall.csv")
    operating = artifacts.read_json(project / "metrics" / "phantom-recall-calibration.json")
    expected = []
    found_of = probabilities(model, test.images, operating["temperature"])
    for encoded, probability in zip(test.truths, found_of, strict=True):
        truth, found = decode_mask(encoded), probability >= operating["threshold"]
        expected.append(2 * (truth & found).sum() / max(truth.sum() + found.sum(), 1))
    assert cases["case"].tolist() == list(test.cases)
    assert cases["dice"].to_numpy() == pytest.approx(np.array(expected), abs=1e-9)
    summary = json.loads((project / "metrics" / "phantom-recall.json").read_text(encoding="utf-8"))
    assert summary["dice"]["mean"] == pytest.approx(np.mean(expected), abs=1e-4)


def test_confusion_sums_to_all_pixels(project: Path) -> None:
    """Eight pictures of 32 x 48."""
    table = pd.read_csv(project / "plots" / "phantom-base" / "confusion.csv")
    assert table["n"].sum() == 8 * 32 * 48


def kernels(model: keras.Model) -> np.ndarray:
    """Every kernel of a network, end to end."""
    found = [keras.ops.convert_to_numpy(w).ravel() for w in model.trainable_weights if w.path.endswith("kernel")]
    return np.concatenate(found)


def test_variants_start_from_the_stored_base_and_leave_it(project: Path, base_bytes: bytes) -> None:
    """Each variant's kernels lie near the base's, not near those the base itself began with; the base's file stays.

    A variant built anew from the same seed would lie near the beginning: nearer to it than to the base.
    """
    files = {model: project / "models" / f"{model}.keras" for model in MODELS}
    assert files["phantom-base"].read_bytes() == base_bytes
    assert len({file.read_bytes() for file in files.values()}) == 4
    content = params.load(project / "params.yaml")
    determinism.pin(content.seed)
    architecture = content.bases["phantom-base"].architecture
    fresh = kernels(attention_unet.build(params.parse(attention_unet.Architecture, architecture, "architecture")))
    base = kernels(artifacts.read_model(files["phantom-base"]))
    for model in VARIANTS:
        variant = kernels(artifacts.read_model(files[model]))
        assert 0 < np.linalg.norm(variant - base) < 0.5 * np.linalg.norm(variant - fresh), model


def test_a_variant_keeps_the_share_of_its_base_that_the_file_says(project: Path, tmp_path: Path) -> None:
    """With half of the base's, its kernels are the mean of the base's and of those with none."""
    for folder in ("models", "data"):
        shutil.copytree(project / folder, tmp_path / folder)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    content = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    stored = {}
    for share in (0.0, 0.5, 1.0):
        changed = {"base_share": share, "learning_rate": 0.03}  # far enough to be told from rounding to halves
        content["tasks"]["phantom"]["finetune"] |= changed
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        run(tmp_path, "finetune-variant", "phantom-recall")
        stored[share] = kernels(artifacts.read_model(tmp_path / "models" / "phantom-recall.keras"))
    assert np.abs(stored[0.0] - stored[1.0]).max() > 0.02
    assert np.array_equal(stored[1.0], kernels(artifacts.read_model(project / "models" / "phantom-base.keras")))
    rounding = 2.0**-11 * (np.abs(stored[0.0]) + np.abs(stored[1.0])) + 1e-7  # of all three, stored as halves
    assert (np.abs(stored[0.5] - (stored[0.0] + stored[1.0]) / 2) <= rounding).all()


@pytest.mark.parametrize(("stage", "key"), [("train-base", "phantom-base"), ("finetune-variant", "phantom-recall")])
def test_an_unfinished_training_is_taken_up_by_the_same_code_only(stage: str, key: str, tmp_path: Path) -> None:
    """The name of its state changes with every module that a training reaches, and with no other."""
    small(tmp_path)
    for room in ("glassbox", "stages"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))

    def state() -> Path:
        return open_stage(stage, [key], tmp_path, Console(quiet=True)).paths.resume(key, "x" * 64)

    def edited(module: str) -> Path:
        file = tmp_path / module
        kept = file.read_bytes()
        file.write_bytes(kept + b"# edited\n")
        found = state()
        file.write_bytes(kept)
        return found

    first = state()
    assert [module for module in [*TRAININGS[stage], *SHARED] if edited(module) == first] == []
    others = ["glassbox/cli.py", "glassbox/data/plan.py", "glassbox/xai/suite.py", "stages/evaluate.py"]
    assert {edited(module) for module in others} == {first} == {state()}


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
    [("confusion", "phantom-nonsense", "'phantom-nonsense'"), ("preprocess", "phantom-base", "one of phantom, isic")],
)
def test_a_wrong_key_is_told_in_one_line_with_the_valid_ones(stage: str, key: str, part: str) -> None:
    """Started by hand: exit code 2, one line on stderr, no traceback; scripts without TensorFlow, to be quick."""
    ran = subprocess.run([sys.executable, "-m", f"stages.{stage}", key], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    lines = ran.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ") and part in lines[0]


def test_only_a_base_is_trained_from_scratch() -> None:
    """A variant given to train-base is refused with the bases."""
    with pytest.raises(GlassboxError, match=r"one of ([a-z0-9-]+-base(, |$))+$"):
        open_stage("train-base", ["phantom-recall"], ROOT, Console(quiet=True))


def test_ctrl_c_in_a_training_leaves_nothing_half_written(trained: Path, tmp_path: Path) -> None:
    """Interrupted after two passes: exit code 130, no model, and the state of the last pass to go on from."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(trained / name, tmp_path)
    content = yaml.safe_load((tmp_path / "params.yaml").read_text(encoding="utf-8"))
    content["tasks"]["phantom"]["augment"]["passes"][0]["count"] = 100
    content["tasks"]["phantom"]["train"] |= {"passes": 100, "patience": 100}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    shutil.copytree(trained / "data", tmp_path / "data")
    run(tmp_path, "augment", "phantom")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "stages.train_base", "phantom-base"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes) as process:
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
    assert [path for path in tmp_path.rglob(".*") if path.is_file()] == []
