"""Every file of the pipeline, by what it holds, and the command that brings it back."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """Every file of the pipeline, by what it holds.

    `root` is the project's top folder. `code` is a hash of the code that a stage runs: part of the name of an
    unfinished training's state, so that other code starts anew.
    """

    root: Path = field(default_factory=Path)
    code: str = ""

    def params(self) -> Path:
        """Every number that can change a result."""
        return self.root / "params.yaml"

    def pipeline(self) -> Path:
        """The stages, their files and their parameters."""
        return self.root / "dvc.yaml"

    def raw(self, task: str) -> Path:
        """The task's data as it was brought in; never in git."""
        return self.root / "data" / "raw" / task

    def manifest(self, task: str) -> Path:
        """What `raw` must hold: one checksum a file."""
        return self.root / "data" / f"{task}.sha256"

    def split(self, task: str, split: str) -> Path:
        """One split, ready for the network."""
        return self.root / "data" / task / f"{split}.npz"

    def plan(self, task: str) -> Path:
        """The augmentation plan."""
        return self.root / "data" / task / "plan.parquet"

    def census(self, task: str) -> Path:
        """Counts, duplicates and sizes of the task's data."""
        return self.root / "metrics" / f"{task}-data.json"

    def alignment(self, task: str) -> Path:
        """How well augmented masks agree with their pictures."""
        return self.root / "metrics" / f"{task}-augment.json"

    def model(self, model: str) -> Path:
        """A trained network."""
        return self.root / "models" / f"{model}.keras"

    def history(self, model: str) -> Path:
        """Its training, one row a pass."""
        return self.root / "models" / f"{model}-history.csv"

    def familiar(self, model: str) -> Path:
        """What is known of the pictures it was trained on, to tell a strange one by."""
        return self.root / "models" / f"{model}-familiar.json"

    def strangeness(self, model: str) -> Path:
        """How often that calls pictures of its own task strange."""
        return self.root / "metrics" / f"{model}-familiar.json"

    def metrics(self, model: str) -> Path:
        """Its scores on the test split."""
        return self.root / "metrics" / f"{model}.json"

    def calibration(self, model: str) -> Path:
        """Its temperature and operating threshold, chosen on the validation split."""
        return self.root / "metrics" / f"{model}-calibration.json"

    def subgroups(self, model: str) -> Path:
        """Its scores on the test split, by lesion size, contrast, skin tone and the like."""
        return self.root / "metrics" / f"{model}-subgroups.json"

    def uncertainty(self, model: str) -> Path:
        """How it predicts its own quality, and how many failures that finds."""
        return self.root / "metrics" / f"{model}-uncertainty.json"

    def trust(self, model: str) -> Path:
        """How far each method of explanation can be trusted on it."""
        return self.root / "metrics" / f"{model}-xai.json"

    def quality(self, model: str) -> Path:
        """Its predicted quality, one row a test case."""
        return self.root / "metrics" / "quality" / f"{model}.csv"

    def cases(self, model: str) -> Path:
        """Its scores, one row a test case."""
        return self.root / "metrics" / "cases" / f"{model}.csv"

    def batches(self, model: str) -> Path:
        """Its scores, one row a batch of test cases."""
        return self.root / "metrics" / "batches" / f"{model}.csv"

    def comparison(self, task: str) -> Path:
        """Paired differences between the task's variants."""
        return self.root / "metrics" / f"{task}-compare.json"

    def threshold(self, task: str) -> Path:
        """Scores of the task's balanced model with its threshold moved to a variant's purpose."""
        return self.root / "metrics" / f"{task}-threshold.json"

    def robustness(self, task: str) -> Path:
        """Scores of the task's balanced model on corrupted test pictures."""
        return self.root / "metrics" / f"{task}-robustness.json"

    def plots(self, name: str) -> Path:
        """The pictures of a task or model."""
        return self.root / "plots" / name

    def index(self) -> Path:
        """Every recorded number, searchable."""
        return self.root / "data" / "index.sqlite"

    def wordings(self) -> Path:
        """The folder of sentences that the model of `ask` learns from."""
        return self.root / "glassbox" / "llm" / "wordings"

    def reader(self) -> Path:
        """The small language model that turns a question into a query line."""
        return self.root / "models" / "ask.gguf"

    def reader_history(self) -> Path:
        """Its training, one row every so many steps."""
        return self.root / "models" / "ask-history.csv"

    def heard(self) -> Path:
        """The folder of questions that the network of intents learns from."""
        return self.root / "glassbox" / "llm" / "intents" / "heard"

    def intents(self) -> Path:
        """The small network that tells what a question asks for, with its labels."""
        return self.root / "models" / "ask-intents.npz"

    def intents_history(self) -> Path:
        """Its training, one row a pass."""
        return self.root / "models" / "ask-intents-history.csv"

    def recorded(self) -> Path:
        """The folder of all metrics."""
        return self.root / "metrics"

    def resume(self, model: str, digest: str) -> Path:
        """An unfinished training's state: outside DVC's outputs, which are deleted before a stage runs."""
        name = hashlib.sha256(f"{digest} {self.code}".encode()).hexdigest()[:16]
        return self.root / ".glassbox" / "resume" / f"{model}-{name}.npz"


def mend(path: Path) -> str:
    """The command that brings a file of the pipeline back: git where git holds it, else the stage that makes it."""
    folder = path.parent.name
    if "models" in path.parts or "metrics" in path.parts:
        return f"git checkout -- {path}, or dvc repro"
    if path.suffix in (".npz", ".parquet") and path.parent.parent.name == "data":
        return f"dvc repro augment@{folder}"
    return "dvc repro"
