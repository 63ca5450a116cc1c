"""Stage llm-train, run on a handful of questions in a folder of its own."""

import importlib
import shutil
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from glassbox import artifacts
from glassbox.llm.runner import Runner
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stage's outputs for a decoder of one block, after three steps."""
    folder = tmp_path_factory.mktemp("project")
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["ask"] |= {"places": 2, "questions": 60, "held_out": 10}
    content["ask"]["architecture"] |= {"width": 32, "depth": 1, "heads": 2, "kv_heads": 2, "hidden": 32}
    content["ask"]["teach"] |= {"steps": 3, "batch": 8, "warmup_steps": 1, "report_steps": 2}
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)
    shutil.copytree(ROOT / "glassbox/llm/wordings", folder / "glassbox/llm/wordings")
    importlib.import_module("stages.llm_train").main(open_stage("llm-train", [], folder, Console(quiet=True)))
    return folder


def test_the_model_of_ask_is_one_that_llama_cpp_runs(taught: Path) -> None:
    """With the vocabulary of the committed wordings; its history tells the steps."""
    opened = Runner(taught / "models" / "ask.gguf")
    assert opened.is_embedded
    assert {".which", ".worst", " batch", " K1"} <= set(opened.vocabulary())
    history = artifacts.read_csv(taught / "models" / "ask-history.csv")
    assert history["step"].tolist() == [2, 3]


def test_nothing_else_is_written_and_no_state_is_left(taught: Path) -> None:
    """What `dvc.yaml` declares, and no unfinished training."""
    written = {path.name for path in (taught / "models").iterdir()}
    assert written == {"ask.gguf", "ask-history.csv"}
    assert list((taught / ".glassbox").rglob("*.npz")) == []
