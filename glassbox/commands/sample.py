"""`glassbox sample`: one training sample, made again from its row of the augmentation plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox import tasks
from glassbox.artifacts import LabelledSplit, Paths, Split, read_labelled, read_parquet, read_split, write_bytes
from glassbox.commands.output import refuse_target
from glassbox.commands.screen import say
from glassbox.data import sample
from glassbox.data.augment import Image, Recipe, recipe, replay
from glassbox.errors import GlassboxError
from glassbox.params import Classify, Schedule, Task, load
from glassbox.render.panel import Sample
from glassbox.render.samples import sheet

NEUTRAL = {"factor": 1.0, "shift": 0.0}  # of a stain's density
STAINED = tuple(NEUTRAL)


@dataclass(frozen=True, eq=False)
class Made:
    """A row of the plan and what it gives by itself: the picture in colour, and its mask where it has one.

    `stains`: every factor and shift by its column's name, of a task that has them.
    """

    recipe: Recipe
    image: Image
    mask: Image | None
    stains: Mapping[str, float]


def run(task: str, pass_: int, case: str, number: int, out: Path | None) -> None:
    """Print every parameter of the row and draw source and sample side by side, outlined where there are masks.

    Where the sample is mixed with its neighbour in the batch, what the network was given stands beside them.
    """
    paths = Paths()
    block = tasks.task(load(paths.params()), task)
    out = out or paths.root / "out" / f"sample-{case}-pass{pass_}{f'-{number}' if number else ''}.png"
    refuse_target(out)
    plan, train = _read(paths, task, block)
    rows = _pass(plan, pass_)
    place = _place(rows, train.cases, task, case, number)
    made = _made(rows, place, train)
    shown = [
        _source(train, made.recipe.index),
        _sample(made.image, made.mask, f"pass {pass_}, {made.recipe.width}x{made.recipe.height}"),
    ]
    told = {"case": case, "pass": pass_, "place": f"{place + 1} of {len(rows)}"}
    next_ = _next(place, _schedule(block, pass_).batch, len(rows)) if made.recipe.mix else place
    if next_ != place:
        other = _made(rows, next_, train)
        told["mixed with"] = f"{train.cases[other.recipe.index]}, place {next_ + 1}"
        shown.append(_mixed(made, other))
    write_bytes(out, sheet(shown, f"{case}, pass {pass_} of {task}", across=len(shown)))
    _tell(told, made)
    say(f"written: {out}")


def _made(rows: pd.DataFrame, place: int, train: Split | LabelledSplit) -> Made:
    """What a row gives by itself."""
    made = recipe({str(name): value for name, value in rows.iloc[place].items()})
    if isinstance(train, Split):
        return Made(made, *replay(made, train.images[made.index], train.masks[made.index]), {})
    stained = sample.stains(rows, int(rows["pass"][0]))[place]
    parts = zip(sample.STAINS, stained.factors, stained.shifts, strict=True)
    told = {f"{name}_{what}": value for name, *both in parts for what, value in zip(STAINED, both, strict=True)}
    image = sample.in_colour(sample.replay(made, stained, train.images[made.index]))
    return Made(made, image, None, told)


def _source(train: Split | LabelledSplit, index: int) -> Sample:
    if isinstance(train, Split):
        return Sample(train.images[index], train.masks[index] > 0, "source")
    return Sample(sample.in_colour(train.images[index]), None, "source")


def _sample(image: Image, mask: Image | None, caption: str) -> Sample:
    return Sample(image, None if mask is None else mask > 0, caption)


def _mixed(made: Made, other: Made) -> Sample:
    """What the network was given of a sample and the next one."""
    mix, caption = made.recipe.mix, f"mixed, {made.recipe.mix:.0%} of the next"
    image = np.rint(made.image + mix * (other.image.astype(np.float32) - made.image)).astype(np.uint8)
    if made.mask is None or other.mask is None:
        return Sample(image, None, caption)
    soft = made.mask + mix * (other.mask.astype(np.float32) - made.mask)
    return Sample(image, soft >= 0.5, caption)


def _schedule(task: Task | Classify, pass_: int) -> Schedule:
    """The training that replays a pass: that of the base, or that of the variants."""
    finetune = task.finetune
    return task.train if finetune is None or pass_ < finetune.first_pass else finetune


def _next(place: int, batch: int, rows: int) -> int:
    """The sample after this one in its batch; after the last comes the first (`glassbox.training.batches`).

    A last batch that isn't full is left out of training, unless it is the only one.
    """
    start = place // batch * batch
    return start + (place - start + 1) % min(batch, rows - start)


def _read(paths: Paths, task: str, block: Task | Classify) -> tuple[pd.DataFrame, Split | LabelledSplit]:
    """The plan and the split it was drawn for."""
    for path in (paths.split(task, "train"), paths.plan(task)):
        if not path.exists():
            raise GlassboxError(path, "no such file", "an output of the pipeline", f"dvc repro augment@{task}")
    read = read_labelled if isinstance(block, Classify) else read_split
    return read_parquet(paths.plan(task)), read(paths.split(task, "train"))


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


def _tell(row: Mapping[str, object], made: Made) -> None:
    """One line a parameter: its name, its value, and a mark where it changes nothing."""
    for name, value in row.items():
        say(f"{name:<20}{value}")
    for field in fields(Recipe):
        _tell_one(field.name, getattr(made.recipe, field.name), field.default)
    for name, value in made.stains.items():
        _tell_one(name, value, NEUTRAL[name.rpartition("_")[2]])


def _tell_one(name: str, value: object, neutral: object) -> None:
    shown = f"{value:.6g}" if isinstance(value, float) else f"{value}"
    say(f"{name:<20}{shown}{'  (no change)' if value == neutral else ''}")
