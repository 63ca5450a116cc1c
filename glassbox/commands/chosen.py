"""What a command is asked about: models of one task, and pictures or a batch."""

from collections.abc import Sequence
from pathlib import Path

from glassbox import tasks
from glassbox.errors import GlassboxError
from glassbox.params import Params


def one_task(params: Params, names: Sequence[str]) -> str:
    """The task of all the models; `GlassboxError` where they differ: each task prepares pictures in its own way."""
    chosen = {name: tasks.entry(params, name).task for name in names}
    task_name = chosen[names[0]]
    other = next((name for name in names if chosen[name] != task_name), None)
    if other is not None:
        found = f"a model of task '{chosen[other]}' beside one of task '{task_name}'"
        raise GlassboxError(f"model '{other}'", found, "models of one task")
    return task_name


def pictures_or_batch(command: str, images: Sequence[Path], batch: int | None) -> None:
    """`GlassboxError` where a command is given both, or neither."""
    if bool(images) == (batch is not None):
        found = "both pictures and --batch" if images else "neither pictures nor --batch"
        raise GlassboxError(command, found, "one of the two")


def batch_of(cases: int, size: int, number: int, task_name: str) -> range:
    """The places of the cases of batch `number`, from 0, as `evaluate` counts them; `GlassboxError` beyond the last."""
    last = (cases - 1) // size
    if number > last:
        raise GlassboxError("--batch", str(number), f"0 to {last}, the batches of {size} of task '{task_name}'")
    return range(number * size, min((number + 1) * size, cases))
