"""A typed view of the task and model blocks of `params.yaml`.

Identifiers are looked up here, never taken apart: `isic-recall` is a name, not a task and a purpose.
"""

from dataclasses import dataclass

from glassbox.errors import GlassboxError
from glassbox.params import Base, Params, Task, Variant


@dataclass(frozen=True)
class Model:
    """One model with everything its identifier leads to."""

    name: str
    task_name: str
    base_name: str
    task: Task
    entry: Base | Variant


def task(params: Params, name: str) -> Task:
    """The block `tasks.<name>`; `GlassboxError` with the valid names where there is none."""
    if name not in params.tasks:
        raise GlassboxError(f"task '{name}'", "not in params.yaml", f"one of {', '.join(params.tasks)}")
    return params.tasks[name]


def model(params: Params, name: str) -> Model:
    """The model `name`; `GlassboxError` with the valid names where there is none."""
    if name not in params.models:
        raise GlassboxError(f"model '{name}'", "not in params.yaml", f"one of {', '.join(sorted(params.models))}")
    entry = params.models[name]
    return Model(name, entry.task, entry.base, params.tasks[entry.task], entry)


def models_of(params: Params, task_name: str) -> list[str]:
    """The task's models: its bases first, then its variants, each in the order of `params.yaml`."""
    entries: dict[str, Base | Variant] = {**params.bases, **params.variants}
    return [name for name, entry in entries.items() if entry.task == task_name]
