"""The pictures that `glassbox predict` and `explain` draw on: files of the user's, or a batch of the test split."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from glassbox.artifacts import Paths, read_split
from glassbox.commands.chosen import batch_of
from glassbox.commands.screen import progress
from glassbox.data.picture import Image, Mask, Picture, decode_mask, read_image
from glassbox.data.steps import prepare, resize
from glassbox.errors import GlassboxError
from glassbox.params import Classify, Task
from glassbox.render.overlay import fit

STEP, LONGEST = 32, 512  # pixels: what a network from elsewhere most likely takes


@dataclass(frozen=True, eq=False)
class Subject:
    """One picture to outline, or to tell apart.

    `name` starts the names of its files; `source` is the file, or the split and case, it comes from. `size` is
    (height, width) in pixels, at which results are given; `prepared` is what the network sees; `shown` is small enough
    for a panel. `truth` is known in a test batch only.
    """

    name: str
    source: str
    size: tuple[int, int]
    prepared: npt.NDArray[np.uint8]
    shown: Image
    notes: tuple[str, ...] = ()
    truth: Mask | None = None


def from_files(images: Sequence[Path], task: Task | Classify) -> list[Subject]:
    """Decode and prepare every picture; the first that can't be read is a `GlassboxError`."""
    _named_apart(images)
    subjects = []
    with progress() as tell:
        for done, path in enumerate(images, start=1):
            picture, small = _outlined(path, task) if isinstance(task, Task) else _told_apart(path, task)
            height, width = picture.pixels.shape[:2]
            subjects.append(Subject(path.stem, str(path), (height, width), small, fit(picture.pixels), picture.notes))
            tell("read", done, len(images))
    return subjects


def _outlined(path: Path, task: Task) -> tuple[Picture, Image]:
    picture = read_image(path)
    return picture, prepare(picture.pixels, task.preprocess)


def _told_apart(path: Path, task: Classify) -> tuple[Picture, Image]:
    from glassbox.commands import classified

    picture = classified.read(path, task)
    return picture, classified.prepared(picture.pixels, task)


def from_batch(paths: Paths, task_name: str, task: Task | Classify, number: int) -> list[Subject]:
    """Batch `number`, from 0, of the test split, as `evaluate` counts them.

    Results are at the truth's size, or where there is no mask at the network's.
    """
    if isinstance(task, Classify):
        return _labelled_batch(paths, task_name, task, number)
    path = paths.split(task_name, "test")
    if not path.exists():
        raise GlassboxError(path, "no such file", "an output of the pipeline", f"dvc repro preprocess@{task_name}")
    split, size = read_split(path), task.evaluate.batch
    subjects = []
    for index in batch_of(len(split.cases), size, number, task_name):
        truth = decode_mask(split.truths[index])
        height, width = truth.shape
        shown = fit(resize(split.images[index], height, width))
        case = split.cases[index]
        subjects.append(Subject(case, f"{path}: {case}", (height, width), split.images[index], shown, (), truth))
    return subjects


def _labelled_batch(paths: Paths, task_name: str, task: Classify, number: int) -> list[Subject]:
    from glassbox.commands import classified

    path, part = classified.batch_of_test(paths, task_name, task, number)
    size = part.images.shape[1], part.images.shape[2]
    return [
        Subject(case, f"{path}: {case}", size, image, fit(shown))
        for case, image, shown in zip(part.cases, part.images, part.in_colour(), strict=True)
    ]


def unprepared(images: Sequence[Path], takes: tuple[int | None, ...]) -> list[Subject]:
    """Pictures for a network from elsewhere, resized to `takes` (N, H, W, C).

    Where it takes any size, sides are the nearest multiples of `STEP`, the longer at most `LONGEST`. One channel is the
    mean of three. All else that such a network expects of its pictures is not known here.
    """
    _named_apart(images)
    subjects = []
    for path in images:
        picture = read_image(path)
        size = picture.pixels.shape[:2]
        shrunk = min(1.0, LONGEST / max(size))
        free = (max(round(side * shrunk / STEP), 1) * STEP for side in size)
        height, width = (wanted or side for wanted, side in zip(takes[1:3], free, strict=True))
        small = resize(picture.pixels, height, width)
        if takes[3] == 1:
            small = np.rint(small.mean(axis=-1, keepdims=True)).astype(np.uint8)
        subjects.append(Subject(path.stem, str(path), size, small, fit(picture.pixels), picture.notes))
    return subjects


def _named_apart(images: Sequence[Path]) -> None:
    stems: dict[str, Path] = {}
    for path in images:
        if path.stem in stems:
            found = f"the same name as {stems[path.stem]}"
            raise GlassboxError(path, found, "a name of its own for each picture, since results are named after it")
        stems[path.stem] = path
