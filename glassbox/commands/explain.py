"""`glassbox explain`: what moved a network, by one method or several, with how far each map can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.commands import explained
from glassbox.commands.chosen import pictures_or_batch
from glassbox.commands.explainee import Explainee, asked, explainee, layers_of
from glassbox.commands.output import Staging, all_or_nothing
from glassbox.commands.screen import progress
from glassbox.commands.subjects import Subject, from_batch, from_files, unprepared
from glassbox.data.steps import resize_mask
from glassbox.errors import GlassboxError
from glassbox.params import Classify, Params, Xai, load, parse
from glassbox.render import heatmaps

if TYPE_CHECKING:
    from glassbox.xai.suite import Column, Target

Entry = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: models, methods, pictures or a batch, the region or class, and parameters to change.

    `top` is the highest pixel value that a network from elsewhere was trained on.
    """

    models: Sequence[str]
    methods: Sequence[str]
    images: Sequence[Path]
    batch: int | None
    region: str | None
    class_: str | None
    top: float | None
    changed: Mapping[str, Any]
    as_seen: bool


def run(wanted: Wanted, out: Path, as_json: bool) -> None:
    """Write a map as numbers and as an overlay for every picture, model and method, and a sheet a picture."""
    paths = Paths()
    params = load(paths.params())
    pictures_or_batch("explain", wanted.images, wanted.batch)
    names = list(dict.fromkeys(wanted.models))
    known = {name: tasks.entry(params, name).task for name in names if not name.endswith(".keras")}
    if len(set(known.values())) > 1:
        raise GlassboxError("--model", "models of several tasks", "models of one task")
    task_name = next(iter(known.values()), None)
    if known and wanted.top is not None:
        raise GlassboxError("--range", "a model of params.yaml", "a .keras file from elsewhere")
    settings = _settings(params, task_name, wanted.changed, foreign=len(known) < len(names))
    explainees = [explainee(paths, params, name, wanted.class_) for name in names]
    subjects = _subjects(paths, params, task_name, wanted, explainees[0])
    _check(explainees, subjects[0])
    results = []
    with all_or_nothing(out) as staging, progress() as tell:
        for number, subject in enumerate(subjects, start=1):
            results.append(_explained(staging, subject, explainees, wanted, settings, params.seed))
            tell("explain", number, len(subjects))
    explained.tell([entry for entries in results for entry in entries], as_json)


def _settings(params: Params, task_name: str | None, changed: Mapping[str, Any], foreign: bool) -> Xai:
    """The task's settings with the command line's changes, checked as the file is.

    A network from elsewhere has other layers than ours, and the last of a classifier is what Grad-CAM was made for:
    unless layers are named, these are asked at their last.
    """
    task = params.tasks[task_name or next(iter(params.tasks))]
    given = {key: value for key, value in changed.items() if value is not None}
    last = {"layers": "last"} if foreign or isinstance(task, Classify) else {}
    return parse(Xai, task.xai.model_dump() | last | given, "explain")


def _subjects(paths: Paths, params: Params, task_name: str | None, wanted: Wanted, first: Explainee) -> list[Subject]:
    if wanted.batch is not None:
        if task_name is None:
            raise GlassboxError("--batch", "a model that is not in params.yaml", "pictures")
        return from_batch(paths, task_name, params.tasks[task_name], wanted.batch)
    if task_name is not None:
        return from_files(wanted.images, params.tasks[task_name])
    return unprepared(wanted.images, first.network.input_shape)


def _check(explainees: Sequence[Explainee], subject: Subject) -> None:
    """Models side by side see the same pictures and name their files apart."""
    names = [each.name for each in explainees]
    for each in explainees:
        takes = each.network.input_shape[1:]
        if any(want not in (None, have) for want, have in zip(takes, subject.prepared.shape, strict=True)):
            raise GlassboxError(
                f"--model {each.name}", f"an input of {takes}", f"{subject.prepared.shape}, as the others"
            )
        if names.count(each.name) > 1:
            raise GlassboxError(f"--model {each.name}", "two models of this name", "a name of its own for each")


def _explained(
    staging: Staging, subject: Subject, explainees: Sequence[Explainee], wanted: Wanted, settings: Xai, seed: int
) -> list[Entry]:
    """One picture, asked of every network by every method."""
    from glassbox.xai import suite

    shown, entries = [], []
    look = heatmaps.Look(settings.opacity, settings.scale, settings.smoothing)
    image = subject.prepared[None].astype(np.float32) / 255.0 * (wanted.top or 1.0)
    for each in explainees:
        own, found = layers_of(each, settings), asked(subject, each, image, wanted.region, wanted.batch is not None)
        names = _methods(wanted.methods, each, own)
        made = suite.columns(each.network, each.random, image, found.target, names, own, seed)
        quality = _quality(each, image, found.target, made, subject, own, seed)
        for column, worth in zip(made, quality, strict=True):
            entry = explained.entry(subject, each.name, column, found.told) | worth
            entries.append(entry | explained.files(staging, subject, entry, column, wanted.as_seen, look))
        shown.append(explained.Shown(each.name, found.prediction, made, found.caption))
    sheet = staging.add(f"{subject.name}_explained.png", explained.sheet(subject, shown, look))
    return [entry | {"sheet": sheet} for entry in entries]


def _methods(names: Sequence[str], each: Explainee, settings: Xai) -> list[str]:
    """The methods asked for, each once; `all` is every one that fits the network."""
    from glassbox.xai.methods import fitting

    return fitting(each.network, settings) if "all" in names else list(dict.fromkeys(names))


def _quality(
    each: Explainee,
    image: npt.NDArray[np.float32],
    target: "Target",
    columns: Sequence["Column"],
    subject: Subject,
    settings: Xai,
    seed: int,
) -> list[Entry]:
    """Of each map, how much further than in a random order the score falls and rises, and what is on the true mask."""
    from glassbox.xai import trust

    if target.operator is None:
        return [{} for _ in columns]
    chance, found = trust.chance(each.network, image, target.operator, settings, seed), []
    for column in columns:
        (values,) = column.maps
        assert values is not None
        truth = None if subject.truth is None else resize_mask(subject.truth, *values.shape)
        worth = trust.of_map(each.network, image, values, truth, target.operator, settings, chance)
        found.append({name: None if value is None else round(value, 4) for name, value in worth.items()})
    return found
