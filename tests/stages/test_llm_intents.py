"""Stage llm-intents, run on a handful of questions in a folder of its own."""

import importlib
import shutil
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from glassbox import artifacts
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.reader import ARRAYS
from glassbox.stage import open_stage

ROOT = Path(__file__).parents[2]
HEARD = """[value | dice]
{0} overlap of <model>
[worst batch | recall]
{0} batch of <model> finds least
"""
BEGINNINGS = ("tell me the", "the", "say what", "now the", "please the", "which", "show me the", "give the")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stage's outputs for a few questions and a small network."""
    folder = tmp_path_factory.mktemp("project")
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["intents"] |= {"passes": 40, "batch": 4, "warmup_steps": 2, "learning_rate": 0.01, "held_out": 0.2}
    content["intents"]["architecture"] |= {"buckets": 256, "width": 8, "filters": 8, "runs": 2}
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    shutil.copy(ROOT / "dvc.yaml", folder)
    for number, begin in enumerate(BEGINNINGS):
        artifacts.write_bytes(artifacts.Paths(folder).heard() / f"{number}.txt", HEARD.format(begin).encode())
    importlib.import_module("stages.llm_intents").main(open_stage("llm-intents", [], folder, Console(quiet=True)))
    return folder


def test_the_network_is_stored_with_its_labels(taught: Path) -> None:
    """Read back as `ask` reads it, it tells a question that it never saw."""
    told = Classifier(artifacts.read_arrays(artifacts.Paths(taught).intents(), ARRAYS))
    (intent, share), *_ = told.told("i want the overlap of <model>")
    assert (intent.shape, intent.keys) == ("value", ("dice",)) and 0.25 < share <= 1


def test_its_history_tells_the_passes_and_nothing_else_is_written(taught: Path) -> None:
    history = artifacts.read_csv(artifacts.Paths(taught).intents_history())
    assert history["pass"].tolist() == list(range(1, 41)) and history["exact"].between(0, 1).all()
    assert {path.name for path in (taught / "models").iterdir()} == {"ask-intents.npz", "ask-intents-history.csv"}
