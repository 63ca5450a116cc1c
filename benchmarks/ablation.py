"""What each step of the recipe gives: one thing changed at a time, in a short training, judged on the validation split.

    python -m benchmarks.ablation [TASK] [--passes 6] [--only NAME | --markdown]

Every row trains the task's base network from scratch for a few passes of its plan, with a schedule that ends there, in
a process of its own; rows of inference take the unchanged row's network. The test split is not read. Written, row by
row, to `benchmarks/ablation-<task>.csv`: mean Dice and Jaccard index at the pictures' own size with 95 % bootstrap
intervals over cases, and the paired difference of the Jaccard index from the unchanged row. Intervals are over cases:
another seed moves a row too. A row that is there already is kept: delete the file to start anew. `--markdown` trains
nothing and prints the file for the README.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.brief import BESIDE_TURNS, INTERVAL, Scores, interval, markdown, network, outlining, scored, train
from glassbox.artifacts import Paths, Split, read_csv, read_json, read_split, write_csv, write_json
from glassbox.params import Params, Task, parse, read_yaml

Content = dict[str, Any]
OFF, ON = {"enabled": False}, {"enabled": True}
UNCHANGED = "as it is"
# Row to what changes: keys of `architecture`, `loss`, `train`, `augment` and `preprocess`; transforms left out at last.
TRAINED: dict[str, Content] = {
    UNCHANGED: {},
    "colour constancy": {"preprocess": {"colour_constancy": ON}},
    "hair removal": {"preprocess": {"hair_removal": ON}},
    "CLAHE": {"preprocess": {"clahe": ON}},
    "twice the resolution, as many minutes": {"architecture": {"pool": 1}, "share_of_passes": 1 / 3.5},
    "a finer level, as many minutes": {
        "architecture": {"pool": 1, "widths": [12, 24, 48, 96, 144, 160]},
        "share_of_passes": 1 / 1.35,
    },
    "two members, as many minutes": {"architecture": {"members": 2}, "share_of_passes": 1 / 2},
    "twice the weights, as many minutes": {
        "architecture": {"widths": [32, 68, 136, 204, 228]},
        "share_of_passes": 1 / 1.75,
    },
    "colours not standardised": {"architecture": {"standardise": False}},
    "no self-attention": {"architecture": {"heads": 0, "attended": 0}},
    "self-attention in the bottleneck alone": {"architecture": {"attended": 0}},
    "cross-entropy alone": {"loss": {"dice": 0.0, "tversky": 0.0}},
    "overlap alone": {"loss": {"pixel": 0.0}},
    "no mixup": {"augment": {"mix": OFF}},
    "no fading": {"augment": {"fade": OFF}},
    "the last eighth without mixup and fading": {"last_without": ["mix", "fade"]},
    "flips and turns alone": {"augment": dict.fromkeys(BESIDE_TURNS, OFF)},
    "AdamW": {"train": {"optimizer": "adamw"}},
    "weight decay 0.1": {"train": {"weight_decay": 0.1}},
    "batches of 8": {"train": {"batch": 8}},
    "no warm-up": {"train": {"warmup_passes": 0}},
    "average of weights, 0.99": {"train": {"average": 0.99}},
}
INFERRED = FLIPS, PARTS, HOLES, THRESHOLD = (
    "four flips averaged",
    "parts of little weight dropped",
    "holes filled",
    "threshold of the best Dice",
)


def main() -> None:
    """Run the rows that are missing and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", nargs="?", default="isic")
    parser.add_argument("--passes", type=int, default=6)
    parser.add_argument("--only", help="one row, by name")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.into:
        write_json(chosen.into, _measured(chosen.task, chosen.only, chosen.passes))
        return
    record = Path(__file__).parent / f"ablation-{chosen.task}.csv"
    if chosen.markdown:
        print(_markdown(read_csv(record)))
        return
    for name in TRAINED if chosen.only is None else (UNCHANGED, chosen.only):
        table = _read(record)
        if name not in set(table.get("row", ())):
            print(f"{name} ...", flush=True)
            table = pd.concat([table, pd.DataFrame(_apart(chosen.task, name, chosen.passes))], ignore_index=True)
            write_csv(record, _compared(table))
    print(_read(record).drop(columns="ious").to_string(index=False))


def _read(record: Path) -> pd.DataFrame:
    return read_csv(record) if record.exists() else pd.DataFrame()


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    """The table with each row's paired difference of the Jaccard index from the unchanged one, and its interval."""
    from glassbox.metrics.interval import paired_difference

    ious = [[float(value) for value in row.split()] for row in table["ious"]]
    reference = ious[list(table["row"]).index(UNCHANGED)]
    found = [paired_difference(each, reference, *INTERVAL) for each in ious]
    return table.assign(
        **{name: [round(each[at], 4) for each in found] for at, name in enumerate(("gain", "gain_low", "gain_high"))}
    )


def _markdown(table: pd.DataFrame) -> str:
    cells = []
    for _, row in table.iterrows():
        scores = (interval(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in ("dice", "iou", "gain"))
        cells.append([str(row["row"]), *scores, str(row["passes"]), f"{row['minutes']:.1f}"])
    return markdown(("what is changed", "Dice", "Jaccard", "gain in Jaccard", "passes", "minutes"), cells)


def _apart(task: str, name: str, passes: int) -> list[Content]:
    """The records of one training, made in another process."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "row.json"
        line = [sys.executable, "-m", "benchmarks.ablation", task, "--passes", str(passes), "--only", name]
        subprocess.run([*line, "--into", str(into)], check=True)
        return list(read_json(into)["rows"])


def _measured(task_name: str, name: str, passes: int) -> Content:
    """Train one row, and judge it."""
    from glassbox.losses import overlap
    from glassbox.training import determinism

    change, paths = TRAINED[name], Paths()
    params = _changed(paths, task_name, change)
    task, base, loss = outlining(params, task_name)
    determinism.pin(params.seed)
    model = network(base)
    train_split, val = (_prepared(read_split(paths.split(task_name, part)), task) for part in ("train", "val"))
    passes = max(round(passes * change.get("share_of_passes", 1)), 1)
    began = time.monotonic()
    train(model, overlap.build(loss), task.augment, task.train, (train_split, val), params.seed, passes, _told)
    minutes = (time.monotonic() - began) / 60
    ways = ["", *INFERRED] if name == UNCHANGED else [""]
    return {"rows": [_row(way or name, passes, minutes, _scored(model, val, way, task)) for way in ways]}


def _changed(paths: Paths, task_name: str, change: Content) -> Params:
    """`params.yaml` with the change made, checked as the file itself is."""
    content = json.loads(json.dumps(read_yaml(paths.params())))
    task = content["tasks"][task_name]
    for block in ("preprocess", "augment"):
        for key, values in change.get(block, {}).items():
            task[block][key] |= values
    task["train"] |= change.get("train", {})
    if "last_without" in change:
        passes = task["train"]["passes"]
        first = task["augment"]["passes"][0] | {"count": passes - passes // 8}
        last = first | {"count": passes // 8, "without": change["last_without"]}
        task["augment"]["passes"] = [first, last, *task["augment"]["passes"][1:]]
    for group in ("bases", "outlining", "networks", "segmenters", "models"):
        for entry in (each for each in content[group].values() if each["task"] == task_name and "net" in each):
            entry["architecture"] |= change.get("architecture", {})
            entry["loss"] |= change.get("loss", {})
    return parse(Params, content, "ablation")


def _prepared(split: Split, task: Task) -> Split:
    """The split with the changed steps of preprocessing: right where the task itself has none, as `isic`."""
    import numpy as np

    from glassbox.data.steps import prepare

    images = np.stack([prepare(image, task.preprocess) for image in split.images])
    return Split(split.cases, images, split.masks, split.truths, split.attributes, split.regions)


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _scored(model: Any, val: Split, way: str, task: Task) -> Scores:  # noqa: ANN401 - a Keras model
    """Every validation case's scores; `way` is one of `INFERRED`, or none."""
    from glassbox.data.truth import truths_as_seen
    from glassbox.metrics import calibration
    from glassbox.nets.inference import flipped, logits, probabilities

    if way == FLIPS:
        return scored(val, (each.mean(axis=0) for each in flipped(model, val.images, 1.0)))
    maps = probabilities(model, val.images, 1.0)
    if way == THRESHOLD:
        seen = calibration.by_threshold(*calibration.counted(logits(model, val.images), truths_as_seen(val)), 1.0)
        return scored(val, maps, calibration.choose(seen, "dice", 0.0))
    return scored(val, maps, least_part=task.evaluate.least_part * (way == PARTS), fill=way == HOLES)


def _row(name: str, passes: int, minutes: float, found: Scores) -> Content:
    from glassbox.metrics.interval import bootstrap_mean

    row: Content = {"row": name, "passes": passes, "minutes": round(minutes, 1)}
    for score in ("dice", "iou"):
        mean, low, high = bootstrap_mean([each[score] for each in found], *INTERVAL)
        row |= {score: round(mean, 4), f"{score}_low": round(low, 4), f"{score}_high": round(high, 4)}
    return row | {"ious": " ".join(f"{each['iou']:.4f}" for each in found)}


if __name__ == "__main__":
    main()
