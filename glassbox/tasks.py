"""A typed view of the task and model blocks of `params.yaml`.

Identifiers are looked up here, never taken apart: `isic-recall` is a name, not a task and a purpose.
"""

from dataclasses import dataclass

from glassbox.errors import GlassboxError
from glassbox.params import Base, Classify, Params, Points, Task, Variant


@dataclass(frozen=True)
class Model:
    """One model that outlines, with everything its identifier leads to."""

    name: str
    task_name: str
    base_name: str
    task: Task
    entry: Base | Variant


@dataclass(frozen=True)
class Classifier:
    """One model that tells pictures apart, with everything its identifier leads to."""

    name: str
    task_name: str
    task: Classify
    points: Points


def task(params: Params, name: str) -> Task | Classify:
    """The block `tasks.<name>`; `GlassboxError` with the valid names where there is none."""
    if name not in params.tasks:
        raise GlassboxError(f"task '{name}'", "not in params.yaml", f"one of {', '.join(params.tasks)}")
    return params.tasks[name]


def entry(params: Params, name: str) -> Base | Variant:
    """The entry of the model `name`; `GlassboxError` with the valid names where there is none."""
    if name not in params.models:
        raise GlassboxError(f"model '{name}'", "not in params.yaml", f"one of {', '.join(sorted(params.models))}")
    return params.models[name]


def model(params: Params, name: str) -> Model:
    """The model `name` of a task whose pictures are outlined; `GlassboxError` where it is none."""
    found = entry(params, name)
    block = params.tasks[found.task]
    if not isinstance(block, Task):
        raise GlassboxError(
            f"model '{name}'", "it tells pictures apart", f"one that outlines: {', '.join(sorted(params.segmenters))}"
        )
    return Model(name, found.task, found.base, block, found)


def classifier(params: Params, name: str) -> Classifier:
    """The model `name` of a task whose pictures are told apart; `GlassboxError` where it is none."""
    found = entry(params, name)
    block, points = params.tasks[found.task], params.operating[name]
    if not isinstance(block, Classify) or not isinstance(points, Points):
        raise GlassboxError(
            f"model '{name}'", "it outlines", f"one that tells pictures apart: {', '.join(sorted(params.classifying))}"
        )
    return Classifier(name, found.task, block, points)


def models_of(params: Params, task_name: str) -> list[str]:
    """The task's models: its bases first, then its variants, each in the order of `params.yaml`."""
    entries: dict[str, Base | Variant] = {**params.bases, **params.variants}
    return [name for name, found in entries.items() if found.task == task_name]
