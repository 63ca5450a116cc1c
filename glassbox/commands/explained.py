"""What `glassbox explain` writes and tells: a map as numbers and over its picture, a sheet a picture, and a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from glassbox.artifacts import array_bytes
from glassbox.commands import network
from glassbox.commands.output import Staging, encode_rgb
from glassbox.commands.screen import note, say, table
from glassbox.commands.subjects import Subject
from glassbox.data.steps import resize_mask
from glassbox.render import heatmaps

if TYPE_CHECKING:
    from glassbox.xai.suite import Column

Entry = dict[str, Any]
ANSWER = ("label", "class")  # what a classifier's picture is called, and the class that is explained


@dataclass(frozen=True, eq=False)
class Shown:
    """What one network says of one picture: its outline, if it outlines, the maps, and a caption."""

    name: str
    prediction: npt.NDArray[np.bool_] | None
    columns: list["Column"]
    caption: str = ""


def entry(subject: Subject, model: str, column: "Column", answer: Mapping[str, Any]) -> Entry:
    """What is told of one map; `answer` is what a classifier says of the picture."""
    from glassbox.xai.gradcam import is_dead

    (values,), (error,) = column.maps, column.completeness
    return {
        "image": subject.source,
        "name": subject.name,
        "model": model,
        **answer,
        "method": column.method,
        "map": column.title.splitlines()[-1] if column.several else column.method,
        "note": column.notes[0],
        "dead": values is not None and is_dead(values),
        "completeness": None if error is None else round(error, 4),
        "correlation_with_shuffled": None if column.alike is None else round(column.alike, 4),
        "stays_with_shuffled_weights": column.stays,
    }


def files(
    staging: Staging, subject: Subject, entry: Entry, column: "Column", as_seen: bool, look: heatmaps.Look
) -> dict[str, str]:
    """The map as numbers and over its picture; as large as the picture, or as the network sees it."""
    (values,) = column.maps
    if values is None:
        return {}
    stem = "_".join([subject.name, entry["model"], entry["method"], *([entry["map"]] if column.several else [])])
    sized = values if as_seen else network.at_size(values, subject.size)
    picture = _drawable(subject.prepared) if as_seen else subject.shown
    truth = None if subject.truth is None else resize_mask(subject.truth, *picture.shape[:2])
    drawn = heatmaps.over(picture, sized, truth, look, column.signed)
    return {
        "array": staging.add(f"{stem}.npy", array_bytes(sized)),
        "overlay": staging.add(f"{stem}.png", encode_rgb(drawn)),
    }


def sheet(subject: Subject, shown: Sequence[Shown], look: heatmaps.Look) -> bytes:
    """One row a model, one column a method, each method under one scale."""
    from glassbox.xai import suite

    size = subject.prepared.shape[:2]
    truth = None if subject.truth is None else resize_mask(subject.truth, *size)
    predictions = [None if each.prediction is None else resize_mask(each.prediction, *size) for each in shown]
    columns, count = suite.aligned([each.columns for each in shown]), len(shown)
    rows = [suite.rows(made)[0] for made in columns]
    parts = [_drawable(subject.prepared)] * count, [truth] * count, predictions, rows, [each.caption for each in shown]
    cases = heatmaps.explained([each.name for each in shown], *parts)
    told = suite.about([column for made in columns for column in made])
    if all(prediction is None for prediction in predictions):
        told = told.removeprefix(suite.about([])).strip()  # without a region, nothing lies inside it
    titles, signs = suite.titles(columns[0]), suite.signs(columns[0])
    return heatmaps.explanations(cases, titles, subject.name, told, look, signed=signs)


def tell(entries: Sequence[Entry], as_json: bool) -> None:
    """Numbers on stdout, what is dead or stays on stderr."""
    from glassbox.xai.methods import METHODS

    for each in entries:
        told = f"{each['image']}, {each['model']}, {each['map']}"
        if each["stays_with_shuffled_weights"]:
            note(f"{told}: stays with shuffled weights: much the same had the network learned nothing")
        if each["dead"]:
            note(f"{told}: dead: {METHODS[each['method']].dead}")
    if as_json:
        say(json.dumps({"explanations": entries}, indent=2))
        return
    answers = [name for name in ANSWER if any(name in each for each in entries)]
    numbers = ("deletion_gain", "insertion_gain", "mass", "pointing", "completeness", "correlation_with_shuffled")
    rows = []
    for each in entries:
        answer, worth = (_word(each.get(name, "")) for name in answers), (_cell(each.get(name)) for name in numbers)
        rows.append([each["name"], each["model"], *answer, each["map"], each["note"], *worth])
    heads = ["called" if name == "label" else "explained" for name in answers]
    table(["image", "model", *heads, "map", "told", *(name.replace("_", " ") for name in numbers)], rows)
    say(f"{len([each for each in entries if 'array' in each])} maps written, sheets {entries[0]['sheet']} ...")


def _drawable(prepared: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.repeat(prepared, 3, axis=-1) if prepared.shape[-1] == 1 else prepared


def _word(told: str | int | list[str]) -> str:
    return ", ".join(told) or "none" if isinstance(told, list) else str(told)


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
