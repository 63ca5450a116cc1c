"""`glassbox sample`: one training sample, made again from its row of the augmentation plan."""

from collections.abc import Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox import tasks
from glassbox.artifacts import Paths, Split, read_parquet, read_split, write_bytes
from glassbox.commands.output import refuse_target
from glassbox.commands.screen import say
from glassbox.data.augment import Image, Recipe, recipe, replay
from glassbox.errors import GlassboxError
from glassbox.params import Schedule, Task, load
from glassbox.render.panel import Sample, augmentation


def run(task: str, pass_: int, case: str, number: int, out: Path | None) -> None:
    """Print every parameter of the row and draw source and sample side by side, each with its mask's outline.

    Where the sample is mixed with its neighbour in the batch, what the network was given stands beside them.
    """
    paths = Paths()
    block = tasks.task(load(paths.params()), task)
    out = out or paths.root / "out" / f"sample-{case}-pass{pass_}{f'-{number}' if number else ''}.png"
    refuse_target(out)
    plan, train = _read(paths, task)
    rows = _pass(plan, pass_)
    place = _place(rows, train.cases, task, case, number)
    made, image, mask = _made(rows, place, train)
    shown = [
        Sample(train.images[made.index], train.masks[made.index] > 0, "source"),
        Sample(image, mask > 0, f"pass {pass_}, {made.width}x{made.height}"),
    ]
    told = {"case": case, "pass": pass_, "place": f"{place + 1} of {len(rows)}"}
    if made.mix:
        next_ = _next(place, _schedule(block, pass_).batch)
        _, other, other_mask = _made(rows, next_, train)
        told["mixed with"] = f"{train.cases[int(rows['index'][next_])]}, place {next_ + 1}"
        soft = mask + made.mix * (other_mask.astype(np.float32) - mask)
        mixed = np.rint(image + made.mix * (other.astype(np.float32) - image)).astype(np.uint8)
        shown.append(Sample(mixed, soft >= 0.5, f"mixed, {made.mix:.0%} of the next"))
    write_bytes(out, augmentation(shown, f"{case}, pass {pass_} of {task}", across=len(shown)))
    _tell(told, made)
    say(f"written: {out}")


def _made(rows: pd.DataFrame, place: int, train: Split) -> tuple[Recipe, Image, Image]:
    """The recipe of a row, and the picture and mask that it gives by itself."""
    made = recipe({str(name): value for name, value in rows.iloc[place].items()})
    return made, *replay(made, train.images[made.index], train.masks[made.index])


def _schedule(task: Task, pass_: int) -> Schedule:
    """The training that replays a pass: that of the base, or that of the variants."""
    finetune = task.finetune
    return task.train if finetune is None or pass_ < finetune.first_pass else finetune


def _next(place: int, batch: int) -> int:
    """The sample after this one in its batch; after the last comes the first (`glassbox.training.batches`)."""
    start = place // batch * batch
    return start + (place - start + 1) % batch


def _read(paths: Paths, task: str) -> tuple[pd.DataFrame, Split]:
    """The plan and the split it was drawn for."""
    for path in (paths.split(task, "train"), paths.plan(task)):
        if not path.exists():
            raise GlassboxError(path, "no such file", "an output of the pipeline", f"dvc repro augment@{task}")
    return read_parquet(paths.plan(task)), read_split(paths.split(task, "train"))


def _pass(plan: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows of one pass, in training order, numbered from 0."""
    last = int(plan["pass"].max())
    if not 0 <= number <= last:
        raise GlassboxError("--pass", str(number), f"0 to {last}, the passes of the plan")
    return plan[plan["pass"] == number].reset_index(drop=True)


def _place(rows: pd.DataFrame, cases: Sequence[str], task: str, case: str, number: int) -> int:
    """The number of the row of the case's sample `number`, from 0."""
    if case not in cases:
        nearest = get_close_matches(case, cases, n=3, cutoff=0)
        raise GlassboxError("--case", f"no case '{case}' in training", f"one such as {', '.join(nearest)}")
    found = np.flatnonzero(rows["case"] == case)
    if not len(found) or rows["index"][int(found[0])] != cases.index(case):
        raise GlassboxError(
            f"plan of {task}", "drawn for other cases", "one of this split", f"dvc repro augment@{task}"
        )
    if not 0 <= number < len(found):
        raise GlassboxError("--sample", str(number), f"0 to {len(found) - 1}, the samples of a case in a pass")
    return int(found[number])


def _tell(row: dict[str, object], made: Recipe) -> None:
    """One line a parameter: its name, its value, and a mark where it changes nothing."""
    for name, value in row.items():
        say(f"{name:<20}{value}")
    for field in fields(Recipe):
        value = getattr(made, field.name)
        shown = f"{value:.6g}" if isinstance(value, float) else f"{value}"
        say(f"{field.name:<20}{shown}{'  (no change)' if value == field.default else ''}")
