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
from glassbox.data.augment import Recipe, recipe, replay
from glassbox.errors import GlassboxError
from glassbox.params import load
from glassbox.render.panel import Sample, augmentation


def run(task: str, pass_: int, case: str, out: Path | None) -> None:
    """Print every parameter of the row and draw source and sample side by side, each with its mask's outline."""
    paths = Paths()
    tasks.task(load(paths.params()), task)
    out = out or paths.root / "out" / f"sample-{case}-pass{pass_}.png"
    refuse_target(out)
    plan, train = _read(paths, task)
    rows = _pass(plan, pass_)
    place = _place(rows, train.cases, task, case)
    made = recipe({str(name): value for name, value in rows.iloc[place].items()})
    image, mask = replay(made, train.images[made.index], train.masks[made.index])
    source = Sample(train.images[made.index], train.masks[made.index] > 0, "source")
    drawn = Sample(image, mask > 0, f"pass {pass_}, {made.width}x{made.height}")
    write_bytes(out, augmentation([source, drawn], f"{case}, pass {pass_} of {task}", across=2))
    _tell({"case": case, "pass": pass_, "place": f"{place + 1} of {len(rows)}"}, made)
    say(f"written: {out}")


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


def _place(rows: pd.DataFrame, cases: Sequence[str], task: str, case: str) -> int:
    """The number of the case's row."""
    if case not in cases:
        nearest = get_close_matches(case, cases, n=3, cutoff=0)
        raise GlassboxError("--case", f"no case '{case}' in training", f"one such as {', '.join(nearest)}")
    found = np.flatnonzero(rows["case"] == case)
    if len(found) != 1 or rows["index"][int(found[0])] != cases.index(case):
        raise GlassboxError(
            f"plan of {task}", "drawn for other cases", "one of this split", f"dvc repro augment@{task}"
        )
    return int(found[0])


def _tell(row: dict[str, object], made: Recipe) -> None:
    """One line a parameter: its name, its value, and a mark where it changes nothing."""
    for name, value in row.items():
        say(f"{name:<20}{value}")
    for field in fields(Recipe):
        value = getattr(made, field.name)
        shown = f"{value:.6g}" if isinstance(value, float) else f"{value}"
        say(f"{field.name:<20}{shown}{'  (no change)' if value == field.default else ''}")
