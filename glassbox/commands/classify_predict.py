"""`glassbox predict` of pictures that are told apart: how likely each class is, and whether to rely on it at all."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.commands.classified import Judge, Seen, from_files, from_test, judge
from glassbox.commands.output import all_or_nothing
from glassbox.commands.screen import note, printable, progress, say, table
from glassbox.params import Classes, Params

Entry = dict[str, Any]
NOTICE = "Research software, not a medical device: not for diagnosis or treatment."
FILE = "predictions.csv"
TOP = ("1st", "2nd", "3rd")


def run(
    paths: Paths,
    params: Params,
    names: Sequence[str],
    images: Sequence[Path],
    batch: int | None,
    point: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Tell of every picture and model how likely each class is; written only where `out` is given.

    All pictures are read before any network is run. Raises `GlassboxError` for an operating point that a model has not.
    """
    models = [tasks.classifier(params, name) for name in names]
    task_name, task = models[0].task_name, models[0].task
    seen = from_files(images, task) if batch is None else from_test(paths, task_name, task, batch)
    entries = [_entry(each, task.labels) for each in seen]
    judges = [judge(paths, model, point) for model in models]
    with progress() as tell:
        for each in judges:
            said: list[npt.NDArray[np.float32]] = []
            for logits in each.said([picture.prepared for picture in seen]):
                said.append(logits)
                tell(each.name, len(said), len(seen))
            found = each.probabilities(np.stack(said))
            for picture, entry, row, called in zip(seen, entries, found, each.called(found), strict=True):
                entry["predictions"].append(_prediction(each, picture, row.tolist(), called))
    written = None if out is None else _write(out, entries)
    _tell({"task": task_name, "notice": NOTICE, "images": entries}, task.labels, written, as_json)


def _entry(seen: Seen, labels: Classes) -> Entry:
    """What is told of a picture, whatever the model."""
    entry: Entry = {
        "image": seen.source,
        "name": seen.name,
        "width_px": seen.size[1],
        "height_px": seen.size[0],
        "notes": list(seen.notes),
    }
    if seen.label is not None:
        several = labels.form == "multi-label"
        entry["truth"] = _named(np.flatnonzero(seen.label).tolist() if several else seen.label, labels)
    return entry | {"predictions": []}


def _prediction(judge: Judge, seen: Seen, row: Sequence[float], called: tuple[int, ...]) -> Entry:
    """What one model says: `probability` is that of the positive class of two, else of the class it is called.

    Of several labels it is the lowest of those that the picture is called, or the highest where it is called none.
    """
    labels, distance = judge.labels, judge.distance(seen)
    sure = row[1] if labels.form == "binary" else min((row[at] for at in called), default=max(row))
    return {
        "model": judge.name,
        "probability": round(sure, 6),
        "probabilities": {name: round(value, 6) for name, value in zip(labels.names, row, strict=True)},
        "label": _named(called, labels),
        "operating_point": None if judge.point is None else {"name": judge.point, "threshold": judge.threshold},
        "familiar": distance <= judge.limit,
        "distance": round(distance, 4),
        "limit": round(judge.limit, 4),
    }


def _named(called: Sequence[int], labels: Classes) -> str | list[str]:
    """The class's name; of several labels a list."""
    names = [labels.names[index] for index in called]
    return names if labels.form == "multi-label" else names[0]


def _write(out: Path, entries: Sequence[Entry]) -> str:
    """One row a picture and model, with a column a class."""
    rows = []
    for entry in entries:
        known = {"image": printable(entry["image"])}
        if "truth" in entry:
            known["truth"] = _joined(entry["truth"])
        for told in entry["predictions"]:
            point = told["operating_point"] or {"name": None, "threshold": None}
            rows.append(
                known
                | {"model": told["model"], "label": _joined(told["label"]), "probability": told["probability"]}
                | {f"p_{name}": value for name, value in told["probabilities"].items()}
                | {"operating_point": point["name"], "threshold": point["threshold"]}
                | {"familiar": int(told["familiar"]), "distance": told["distance"]}
            )
    with all_or_nothing(out) as staging:
        return staging.add(FILE, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode())


def _joined(label: str | list[str]) -> str:
    return label if isinstance(label, str) else "|".join(label)


def _tell(result: Entry, labels: Classes, written: str | None, as_json: bool) -> None:
    """Numbers on stdout, notes on stderr."""
    for entry in result["images"]:
        strange = [told for told in entry["predictions"] if not told["familiar"]]
        apart = dict.fromkeys(f"distance {told['distance']:.2f}, limit {told['limit']:.2f}" for told in strange)
        for line in [*entry["notes"], *(f"looks unlike the training data ({each})" for each in apart)]:
            note(f"{entry['image']}: {line}")
    if as_json:
        say(json.dumps(result, indent=2))
        return
    positive, tops = labels.names[-1], TOP[: len(labels.names)]
    middle = [positive, "called", "operating point"] if labels.form == "binary" else ["called", *tops]
    known = ["truth"] * ("truth" in result["images"][0])
    table(["image", "model", *middle, "like training", *known], _rows(result["images"], labels))
    if written is not None:
        say(f"1 file written, {written}")
    say(NOTICE)


def _rows(entries: Sequence[Entry], labels: Classes) -> Iterator[list[str]]:
    named = Counter(entry["name"] for entry in entries)
    for entry in entries:
        truth = [_joined(entry["truth"]) or "none"] if "truth" in entry else []
        for told in entry["predictions"]:
            called = _joined(told["label"]) or "none"
            like = "yes" if told["familiar"] else f"NO, {told['distance']:.1f} > {told['limit']:.1f}"
            if labels.form == "binary":
                point = told["operating_point"]
                cells = [f"{told['probability']:.4f}", called, f"{point['name']}, from {point['threshold']:.4g}"]
            else:
                ranked = sorted(told["probabilities"].items(), key=lambda pair: -pair[1])[: len(TOP)]
                cells = [called, *(f"{name} {value:.3f}" for name, value in ranked)]
            name = entry["name"] if named[entry["name"]] == 1 else entry["image"]
            yield [name, told["model"], *cells, like, *truth]
