"""Ours against a plain ResNet-18: the same pictures, the same minutes, the same machine, one run.

    python -m benchmarks.classification [TASK] [--minutes 10 | --markdown]

Each contender has a process of its own, one after the other. One pass and three, compiling included, tell how many fit
into the given minutes, to the nearest; then it starts anew and trains those, with a schedule that ends with them. Both
keep the weights of their best pass, judged on the validation split by the same loss. Ours is the task's base: its
network, plan, loss and schedule. The other is the network of He 2016 (arXiv:1512.03385) with 64 to 512 channels, its
first convolution 3x3 of stride 1 without pooling where pictures are smaller than 64 pixels, as is the custom: AdamW at
1e-3 on a cosine, batches of 32, flips.

Told, of the validation split and of the test split, which is looked at for this table and for nothing else: accuracy
and balanced accuracy with 95 % bootstrap intervals, and the paired difference in accuracy. Where the test pictures come
from elsewhere the two columns differ by that shift. Printed, and written to `benchmarks/classification-<task>.csv`;
`--markdown` trains nothing and prints that file.
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.brief import (
    BESIDE_TURNS,
    INTERVAL,
    base_of,
    contend,
    interval,
    network,
    shortened,
    told_aside,
)
from glassbox.artifacts import LabelledSplit, Paths, read_labelled
from glassbox.data.plan import without
from glassbox.params import Base, Classify, CrossEntropy, load

CONTENDERS = ("ours", "ResNet-18")
SPLITS = ("val", "test")
TITLES = {"val": "validation", "test": "test"}
PLAIN = {"batch": 32, "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 1e-4, "warmup_passes": 0}
RESNET18 = {
    "widths": [64, 128, 256, 512],
    "blocks": [2, 2, 2, 2],
    "standardise": False,
    "depth_drop": 0.0,
    "dropout": 0.0,
    "batch_norm_momentum": 0.9,
}
SMALL = 64  # pixels: below, the first convolution keeps every one


def main() -> None:
    """Train both, then print them side by side."""
    contend(__doc__ or "", "classification", CONTENDERS, "pathmnist", 10.0, _trained, _table)


def _trained(task_name: str, contender: str, minutes: float) -> dict[str, Any]:
    """Everything about one contender, in this process."""
    from glassbox.training import determinism

    params, paths = load(Paths().params()), Paths()
    task, base = params.tasks[task_name], base_of(params, task_name)
    if not isinstance(task, Classify):
        raise SystemExit(f"task '{task_name}' outlines: python -m benchmarks.segmentation {task_name}")
    splits = {name: read_labelled(paths.split(task_name, name)) for name in ("train", *SPLITS)}
    determinism.pin(params.seed)
    if contender != "ours":
        base, task = _plain(base, task)
    model = network(base)
    weights = model.get_weights()

    def run(passes: int) -> float:
        began = time.monotonic()
        _fit(model, base, task, splits, params.seed, passes)
        return time.monotonic() - began

    one, three = run(1), run(3)
    each = (three - one) / 2  # the rest of `one` is compiling
    passes = max(round((60 * minutes - (one - each)) / each), 1)
    model.set_weights(weights)
    spent = run(passes)
    called = {name: _called(model, splits[name]) for name in SPLITS}
    return {
        "minutes": spent / 60,
        "passes": passes,
        "weights": model.count_params(),
        "truth": {name: splits[name].labels[:, 0].tolist() for name in SPLITS},
        "called": called,
    }


def _plain(base: Base, task: Classify) -> tuple[Base, Classify]:
    """The task's base with the network of He 2016, and the task with flips as its only augmentation."""
    small = min(task.preprocess.height, task.preprocess.width) < SMALL
    stem = {"stem": 3, "stem_stride": 1, "pool": False} if small else {"stem": 7, "stem_stride": 2, "pool": True}
    kept = {name: base.architecture[name] for name in ("channels", "outputs")}
    augment = without(task.augment, [*(name for name in BESIDE_TURNS), "rotate", "stain"])
    return (
        base.model_copy(update={"architecture": {**RESNET18, **stem, **kept}}),
        task.model_copy(update={"augment": augment, "train": task.train.model_copy(update=PLAIN)}),
    )


def _fit(
    model: Any,  # noqa: ANN401 - a Keras model: the library is imported late, after its threads are set
    base: Base,
    task: Classify,
    splits: dict[str, LabelledSplit],
    seed: int,
    passes: int,
) -> None:
    """Train for `passes` passes, on a schedule that ends there, with the plan as much shorter."""
    from glassbox.data import plan
    from glassbox.data.targets import targets
    from glassbox.losses import classes
    from glassbox.training.fit_classes import Given, fit

    assert isinstance(base.loss, CrossEntropy)
    given = []
    for name in ("train", "val"):
        wanted = targets(splits[name].labels, splits[name].form, len(splits[name].classes))
        given.append(Given(splits[name].images, wanted, classes.weights(base.loss, wanted)))
    stretches = shortened(task.augment.passes, task.train.passes, passes)
    drawn = plan.draw(splits["train"].cases, task.augment.model_copy(update={"passes": stretches}), seed)
    warm = min(task.train.warmup_passes, passes // 4)
    short = task.train.model_copy(update={"passes": passes, "patience": passes, "warmup_passes": warm})
    with tempfile.TemporaryDirectory() as folder:
        fit(model, classes.build(base.loss), short, drawn, given[0], given[1], Path(folder) / "state.npz", told_aside)


def _called(model: Any, split: LabelledSplit) -> list[int]:  # noqa: ANN401
    """The class that each picture is called."""
    from glassbox.nets.classes import logits

    said = np.stack(list(logits(model, split.images)))
    called: list[int] = (said.argmax(axis=1) if said.shape[1] > 1 else (said[:, 0] >= 0).astype(int)).tolist()
    return called


def _table(told: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Both contenders side by side, as text."""
    from glassbox.metrics.interval import bootstrap_mean, paired_difference

    both, rows = [told[name] for name in CONTENDERS], []
    for split in SPLITS:
        right = [np.equal(each["truth"][split], each["called"][split]).astype(float) for each in both]
        rows.append([f"accuracy, {TITLES[split]}", *(interval(*bootstrap_mean(each, *INTERVAL)) for each in right)])
        rows.append(
            [f"ours minus ResNet-18, {TITLES[split]}", interval(*paired_difference(right[0], right[1], *INTERVAL)), ""]
        )
        balanced = (_balanced(each["truth"][split], each["called"][split]) for each in both)
        rows.append([f"balanced accuracy, {TITLES[split]}", *balanced])
    for key, title, form in (("minutes", "minutes of training", "{:.1f}"), ("passes", "passes", "{:d}")):
        rows.append([title, *(form.format(each[key]) for each in both)])
    rows.append(["weights", *(f"{each['weights']:,d}" for each in both)])
    return pd.DataFrame(rows, columns=["what", *CONTENDERS])


def _balanced(truth: Sequence[int], called: Sequence[int]) -> str:
    from sklearn.metrics import balanced_accuracy_score

    return f"{balanced_accuracy_score(truth, called):.3f}"


if __name__ == "__main__":
    main()
