"""Pictures as a classifier is given them, and a classifier as its records say that it is used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from glassbox import tasks
from glassbox.artifacts import LabelledSplit, Paths, read_json, read_labelled
from glassbox.commands import network
from glassbox.commands.chosen import batch_of
from glassbox.commands.screen import progress
from glassbox.data import familiar
from glassbox.data.assemble_labelled import in_channels
from glassbox.data.picture import Image, Picture
from glassbox.data.reading import read_any
from glassbox.data.steps import prepare
from glassbox.data.targets import outputs
from glassbox.errors import GlassboxError
from glassbox.metrics.classify import calibration, probability
from glassbox.params import Classes, Classify, Form

if TYPE_CHECKING:
    import keras

GREY = "one channel repeated to RGB"  # no news to a network of one channel
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seen:
    """One picture as a classifier is given it.

    `source` is the file, or the split and case, that it comes from; `size` its (height, width) in pixels; `prepared`
    (H, W, C) what the network sees; `notes` what had to be changed to read it. `descriptors` are what it is held to the
    training pictures by, `attributes` what the task's loader measures of any picture. `label` is known of labelled
    pictures only.
    """

    name: str
    source: str
    size: tuple[int, int]
    prepared: Image
    notes: tuple[str, ...]
    descriptors: familiar.Descriptors
    attributes: Mapping[str, float]
    label: tuple[int, ...] | None = None


def from_file(path: Path, task: Classify, name: str = "", label: tuple[int, ...] | None = None) -> Seen:
    """A picture from a file, DICOM included; `GlassboxError` where it can't be read."""
    picture = read(path, task)
    pixels, measure = picture.pixels, import_module(f"glassbox.data.{task.loader}.loader").attributes
    small, size = prepared(pixels, task), (pixels.shape[0], pixels.shape[1])
    descriptors = familiar.descriptors(small, familiar.mean_chroma(pixels))
    return Seen(name or path.stem, str(path), size, small, picture.notes, descriptors, measure(pixels), label)


def read(path: Path, task: Classify) -> Picture:
    """A picture of any format that is read, with the notes that matter to the task's networks."""
    picture = read_any(path)
    grey = task.preprocess.channels == 1
    return Picture(picture.pixels, tuple(note for note in picture.notes if not (grey and note == GREY)))


def prepared(pixels: Image, task: Classify) -> Image:
    """A picture (h, w, 3) as the task's networks are given it, (H, W, C)."""
    return in_channels(prepare(pixels, task.preprocess), task.preprocess.channels)


def from_files(images: Sequence[Path], task: Classify) -> list[Seen]:
    """Every picture, read; the first that can't be is a `GlassboxError`."""
    seen = []
    with progress() as tell:
        for path in images:
            seen.append(from_file(path, task))
            tell("read", len(seen), len(images))
    return seen


def from_test(paths: Paths, task_name: str, task: Classify, number: int) -> list[Seen]:
    """Batch `number`, from 0, of the test split, as `evaluate` counts them."""
    path, split = batch_of_test(paths, task_name, task, number)
    described, seen = familiar.described(split.images, split.chroma), []
    for at, (image, case) in enumerate(zip(split.images, split.cases, strict=True)):
        told = {str(name): float(value) for name, value in split.attributes.iloc[at].items()}
        size, label = (image.shape[0], image.shape[1]), tuple(split.labels[at].tolist())
        seen.append(Seen(case, f"{path}: {case}", size, image, (), described[at], told, label))
    return seen


def batch_of_test(paths: Paths, task_name: str, task: Classify, number: int) -> tuple[Path, LabelledSplit]:
    """The test split's file, and its batch of that number."""
    path = paths.split(task_name, "test")
    if not path.exists():
        raise GlassboxError(path, "no such file", "an output of the pipeline", f"dvc repro preprocess@{task_name}")
    split = read_labelled(path)
    chosen = batch_of(len(split.cases), task.evaluate.batch, number, task_name)
    return path, split.of([split.cases[at] for at in chosen])


@dataclass(frozen=True, eq=False)
class Judge:
    """One classifier with how its logits become a decision.

    `points`: the threshold of each operating point of a `binary` one; `point`: the name of the one that it is used at;
    `threshold`: that one's; None for other forms. `learned`: what its training pictures are like, for
    `glassbox.data.familiar`.
    """

    name: str
    labels: Classes
    network: "keras.Model"
    temperature: float
    points: Mapping[str, float]
    point: str | None
    threshold: float | None
    learned: Mapping[str, float]

    @property
    def form(self) -> Form:
        """The form of the task's labels."""
        return self.labels.form

    @property
    def limit(self) -> float:
        """The distance up to which a picture is like those that it was trained on."""
        return self.learned["threshold"]

    def distance(self, seen: Seen) -> float:
        """How far a picture lies from those that it was trained on."""
        return familiar.distance(seen.descriptors, self.learned)

    def said(self, prepared: Sequence[Image]) -> Iterator[npt.NDArray[np.float32]]:
        """The logits `(outputs,)` of each prepared picture."""
        return network.logits(self.network, prepared)

    def probabilities(self, logits: npt.NDArray[np.float32]) -> Probabilities:
        """Calibrated probabilities `(N, K)` of logits `(N, outputs)`."""
        return probability.probabilities(logits, self.form, self.temperature)

    def called(self, probabilities: Probabilities) -> list[tuple[int, ...]]:
        """The classes that each picture is called: one, or of several labels any number."""
        said = probability.predicted(probabilities, self.form, self.threshold)
        if self.form == "multi-label":
            return [tuple(np.flatnonzero(flags).tolist()) for flags in said]
        return [(index,) for index in said.tolist()]


def judge(paths: Paths, model: tasks.Classifier, point: str | None = None) -> Judge:
    """A classifier at its default operating point, or at the one named.

    Raises `GlassboxError` for a point that it has not, and where its files are absent or don't fit the task.
    """
    at, learned = calibration.operating(read_json(paths.calibration(model.name))), read_json(paths.familiar(model.name))
    labels, settings = model.task.labels, model.task.preprocess
    chosen = _point(paths, model, at.points, point)
    takes = settings.height, settings.width, settings.channels
    net = network.load_classifier(paths.model(model.name), takes, outputs(labels.form, len(labels.classes)))
    threshold = at.threshold if chosen is None else at.points[chosen]
    return Judge(model.name, labels, net, at.temperature, at.points, chosen, threshold, learned)


def _point(paths: Paths, model: tasks.Classifier, points: Mapping[str, float], asked: str | None) -> str | None:
    """The operating point to use; None where the model has none."""
    valid = model.points.points
    if asked is not None and not valid:
        found = f"'{asked}' of {model.name}, which has no operating points"
        raise GlassboxError("--operating-point", found, "a model of two classes, or no point")
    if asked is not None and asked not in valid:
        raise GlassboxError("--operating-point", f"no point '{asked}' of {model.name}", f"one of {', '.join(valid)}")
    chosen = asked or model.points.default
    if chosen is not None and chosen not in points:
        where, mend = paths.calibration(model.name), f"dvc repro calibrate@{model.name}"
        raise GlassboxError(where, f"no operating point '{chosen}'", "those of params.yaml", mend)
    return chosen
