"""Ours against a textbook Attention U-Net: the same pictures, the same minutes, the same machine, one run.

    python -m benchmarks.segmentation [TASK] [--minutes 15]

Each contender has a process of its own, one after the other. It trains the given minutes, timing included, with a
schedule that ends on time, and is judged on the task's validation split; the test split is not read. Ours is the task's
base: its network, plan, loss and schedule. The textbook: Dice and cross-entropy, AdamW at 1e-3 on a cosine, batches of
8, flips and turns. Printed: mean Dice and Jaccard index at the pictures' own size with 95 % bootstrap intervals
and their paired difference, minutes, passes, milliseconds a picture (batches of 1), weights and peak memory.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from glassbox.artifacts import Paths, Split, read_split
from glassbox.params import Augment, Dice, Passes, Schedule, Task, load, parse
from glassbox.stage import importing  # noqa: F401 - importing glassbox pins the threads before TensorFlow is read

CONTENDERS = ("ours", "textbook")
OFF = ("scale", "shift", "elastic", "crop", "brightness", "contrast", "colour", "blur", "noise", "jpeg", "hair")
TIMED = 20  # pictures


def main() -> None:
    """Train and time both, then print them side by side."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", nargs="?", default="isic")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.contender:
        print(json.dumps(_trained(chosen.task, chosen.contender, chosen.minutes)))
        return
    told = {}
    for name in CONTENDERS:
        print(f"{name}: {chosen.minutes:g} minutes of training on {chosen.task}", flush=True)
        line = [sys.executable, "-m", "benchmarks.segmentation", chosen.task, "--minutes", str(chosen.minutes)]
        done = subprocess.run([*line, "--contender", name], check=True, stdout=subprocess.PIPE, text=True)
        told[name] = json.loads(done.stdout.splitlines()[-1])
    _show(told)


def _trained(task_name: str, contender: str, minutes: float) -> dict[str, Any]:
    """Everything about one contender, in this process."""
    from glassbox.losses import overlap
    from glassbox.training import determinism

    params, paths = load(Paths().params()), Paths()
    task = params.tasks[task_name]
    base = next(entry for entry in params.bases.values() if entry.task == task_name)
    train, val = (read_split(paths.split(task_name, name)) for name in ("train", "val"))
    determinism.pin(params.seed)
    if contender == "ours":
        net = import_module(f"glassbox.nets.{base.net}")
        model = net.build(parse(net.Architecture, base.architecture, "architecture"))
        augment, schedule, loss = task.augment, task.train, overlap.build(base.loss)
    else:
        model = import_module("benchmarks.textbook").build()
        augment, schedule = (
            _plain(task),
            task.train.model_copy(
                update={
                    "batch": 8,
                    "optimizer": "adamw",
                    "learning_rate": 1e-3,
                    "weight_decay": 1e-4,
                    "warmup_passes": 0,
                }
            ),
        )
        loss = overlap.build(Dice(module="overlap", name="dice", pixel=1.0, smooth=1.0))
    began = time.monotonic()
    passes = _fit(model, loss, augment, schedule, train, val, params.seed, 60 * minutes)
    spent = time.monotonic() - began
    return {
        "minutes": spent / 60,
        "passes": passes,
        "weights": model.count_params(),
        **_scored(model, val),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **_timed(model, val),
    }


def _plain(task: Task) -> Augment:
    """Flips and turns alone, as a textbook has them."""
    off = {name: getattr(task.augment, name).model_copy(update={"enabled": False}) for name in (*OFF, "mix", "fade")}
    return task.augment.model_copy(update={**off, "cutout": task.augment.cutout.model_copy(update={"enabled": False})})


def _fit(
    model: Any,  # noqa: ANN401 - a Keras model, which is imported late
    loss: Any,  # noqa: ANN401
    augment: Augment,
    schedule: Schedule,
    train: Split,
    val: Split,
    seed: int,
    seconds: float,
) -> int:
    """Time two passes, then train for as many as fit into what is left, on weights as they were. Returns how many."""
    from glassbox.data import plan
    from glassbox.training import fit

    first = augment.passes[0]
    weights, began = model.get_weights(), time.monotonic()

    def run(passes: int) -> None:
        drawn = plan.draw(train.cases, augment.model_copy(update={"passes": [_of(first, passes)]}), seed)
        short = schedule.model_copy(
            update={"passes": passes, "patience": passes, "warmup_passes": min(schedule.warmup_passes, passes // 2)}
        )
        with tempfile.TemporaryDirectory() as folder:
            fit.fit(model, loss, short, drawn, train, val, Path(folder) / "state.npz", _told)

    run(2)
    each = (time.monotonic() - began) / 2
    left = max(int((seconds - (time.monotonic() - began)) / each), 1)
    model.set_weights(weights)
    run(left)
    return left


def _of(stretch: Passes, count: int) -> Passes:
    return stretch.model_copy(update={"count": count})


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _scored(model: Any, val: Split) -> dict[str, Any]:  # noqa: ANN401
    """Dice and Jaccard index of every validation case, at probability 0.5 and the picture's own size."""
    from glassbox.data.truth import truths
    from glassbox.metrics.overlap import count, scores
    from glassbox.nets.inference import at_size, probabilities

    rows = []
    for (truth, region), found in zip(truths(val), probabilities(model, val.images, 1.0), strict=True):
        rows.append(scores(count(truth, at_size(found, *truth.shape) >= 0.5, region)))
    return {name: [row[name] for row in rows] for name in ("dice", "iou")}


def _timed(model: Any, val: Split) -> dict[str, float]:  # noqa: ANN401
    """Median milliseconds of one picture by itself."""
    import numpy as np

    model.make_predict_function(force=True)
    spent = []
    for number in range(TIMED + 1):
        picture = val.inputs(number % len(val.cases), number % len(val.cases) + 1)
        began = time.perf_counter()
        model.predict_on_batch(picture)
        spent.append(1000 * (time.perf_counter() - began))
    return {"ms": float(np.median(spent[1:]))}


def _show(told: dict[str, dict[str, Any]]) -> None:
    from glassbox.metrics.interval import bootstrap_mean, paired_difference

    ours, textbook = told["ours"], told["textbook"]
    print(f"{'':32}{'ours':>26}{'textbook':>26}")
    for name, title in (("dice", "Dice, validation"), ("iou", "Jaccard index, validation")):
        cells = [_interval(bootstrap_mean(each[name], 0, 2000)) for each in (ours, textbook)]
        print(f"{title:32}{cells[0]:>26}{cells[1]:>26}")
        print(f"{'  ours minus textbook':32}{_interval(paired_difference(ours[name], textbook[name], 0, 2000)):>26}")
    for key, title, form in (
        ("minutes", "minutes of training", "{:.1f}"),
        ("passes", "passes", "{:d}"),
        ("ms", "milliseconds a picture", "{:.0f}"),
        ("weights", "weights", "{:,d}"),
        ("memory_mib", "peak memory, MiB", "{:.0f}"),
    ):
        print(f"{title:32}{form.format(ours[key]):>26}{form.format(textbook[key]):>26}")


def _interval(score: tuple[float, float, float]) -> str:
    return f"{score[0]:.3f} ({score[1]:.3f} to {score[2]:.3f})"


if __name__ == "__main__":
    main()
