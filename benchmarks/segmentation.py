"""Ours against a textbook Attention U-Net: the same pictures, the same minutes, the same machine, one run.

    python -m benchmarks.segmentation [TASK] [--minutes 15 | --markdown]

Each contender has a process of its own, one after the other. Two passes, the first of which compiles as well, tell how
many fit into the given minutes, to the nearest; then it starts anew and trains those, with a schedule that ends with
them. Each is judged on the task's validation split; the test split is not read.
Ours is the task's base: its network, plan, loss and schedule. The textbook: Dice and cross-entropy, AdamW at 1e-3 on a
cosine, batches of 8, flips and turns. Told: mean Dice and Jaccard index at the pictures' own size with 95 % bootstrap
intervals and their paired difference, minutes, passes, milliseconds a picture (batches of 1), in one pass and in the
four of the picture and its three mirror images, weights and peak memory.
Printed, and written to `benchmarks/segmentation-<task>.csv`; `--markdown` trains nothing and prints that file.
"""

import resource
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.brief import BESIDE_TURNS, INTERVAL, contend, interval, network, outlining, scored, told_aside, train
from glassbox.artifacts import Paths, Split, read_split
from glassbox.data.plan import without
from glassbox.params import Dice, Loss, load

CONTENDERS = ("ours", "textbook")
TEXTBOOK = {"batch": 8, "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 1e-4, "warmup_passes": 0}
NUMBERS = (
    ("minutes", "minutes of training", "{:.1f}"),
    ("passes", "passes", "{:d}"),
    ("ms", "milliseconds a picture", "{:.0f}"),
    ("flips_ms", "milliseconds a picture, four flips", "{:.0f}"),
    ("weights", "weights", "{:,d}"),
    ("memory_mib", "peak memory, MiB", "{:.0f}"),
)
TIMED = 20  # pictures to time a picture


def main() -> None:
    """Train both, then print them side by side."""
    contend(__doc__ or "", "segmentation", CONTENDERS, "isic", 15.0, _trained, _table)


def _trained(task_name: str, contender: str, minutes: float) -> dict[str, Any]:
    """Everything about one contender, in this process."""
    from glassbox.losses import overlap
    from glassbox.nets.inference import flipped, probabilities
    from glassbox.training import determinism

    params, paths = load(Paths().params()), Paths()
    task, base, own = outlining(params, task_name)
    splits = read_split(paths.split(task_name, "train")), read_split(paths.split(task_name, "val"))
    determinism.pin(params.seed)
    loss: Loss
    if contender == "ours":
        model, augment, schedule, loss = network(base), task.augment, task.train, own
    else:
        model, augment = import_module("benchmarks.textbook").build(), without(task.augment, BESIDE_TURNS)
        schedule = task.train.model_copy(update=TEXTBOOK)
        loss = Dice(module="overlap", name="dice", pixel=1.0, smooth=1.0)
    weights = model.get_weights()

    def run(passes: int) -> list[float]:
        ends = [time.monotonic()]

        def report(line: str) -> None:
            ends.append(time.monotonic())
            told_aside(line)

        train(model, overlap.build(loss), augment, schedule, splits, params.seed, passes, report)
        return [end - begin for begin, end in pairwise(ends)]

    passes = fitting(60 * minutes, *run(2))
    model.set_weights(weights)
    spent = run(passes)
    found = scored(splits[1], probabilities(model, splits[1].images, 1.0))
    model.make_predict_function(force=True)  # compiled anew for one picture
    return {
        "minutes": sum(spent) / 60,
        "passes": passes,
        "weights": model.count_params(),
        **{name: [row[name] for row in found] for name in ("dice", "iou")},
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ms": _timed(lambda picture: probabilities(model, picture, 1.0, batch=1), splits[1]),
        "flips_ms": _timed(lambda picture: flipped(model, picture, 1.0, batch=1), splits[1]),
    }


def fitting(seconds: float, first: float, second: float) -> int:
    """How many passes fit into `seconds`, to the nearest, at least 1; `first` took what compiling takes as well."""
    return max(round((seconds - (first - second)) / second), 1)


def _timed(maps: Callable[[npt.NDArray[np.uint8]], Iterator[Any]], val: Split) -> float:
    """Median milliseconds of one picture by itself; the first, which compiles, isn't counted."""
    spent = []
    for number in range(TIMED + 1):
        at = number % len(val.cases)
        began = time.perf_counter()
        next(maps(val.images[at : at + 1]))
        spent.append(1000 * (time.perf_counter() - began))
    return float(np.median(spent[1:]))


def _table(told: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Both contenders side by side, as text."""
    from glassbox.metrics.interval import bootstrap_mean, paired_difference

    both = ours, textbook = [told[name] for name in CONTENDERS]
    rows = []
    for key, title in (("dice", "Dice, validation"), ("iou", "Jaccard, validation")):
        rows.append([title, *(interval(*bootstrap_mean(each[key], *INTERVAL)) for each in both)])
        gain = paired_difference(ours[key], textbook[key], *INTERVAL)
        rows.append([f"{title.split(',')[0]}, ours minus textbook", interval(*gain), ""])
    for key, title, form in NUMBERS:
        rows.append([title, *(form.format(each[key]) for each in both)])
    return pd.DataFrame(rows, columns=["what", *CONTENDERS])


if __name__ == "__main__":
    main()
