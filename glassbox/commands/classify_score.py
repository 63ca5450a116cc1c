"""`glassbox score` of pictures that are told apart: any pictures with labels."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox import tasks
from glassbox.artifacts import Paths, write_csv
from glassbox.commands import network
from glassbox.commands.classified import Judge, from_file, judge
from glassbox.commands.classify_scored import show
from glassbox.commands.labelling import Known, known
from glassbox.commands.screen import note, printable, progress, say
from glassbox.metrics.classify import calibration, subgroups, summary, tables
from glassbox.params import Params

Found = dict[str, Any]


class _Tally:
    """What is gathered picture by picture."""

    def __init__(self) -> None:
        self.logits: list[npt.NDArray[np.float32]] = []
        self.attributes: list[Mapping[str, float]] = []
        self.distances: list[float] = []


def run(
    paths: Paths,
    params: Params,
    model: tasks.Classifier,
    images: Path,
    labels: Path | None,
    cases: Path | None,
    as_json: bool,
) -> None:
    """Score a classifier at its default operating point, as stage evaluate does, and tell of every point.

    Raises `GlassboxError` for a picture that can't be read, and as `labelling.known` does; nothing is written then.
    """
    found = known(images, labels, model.task.labels)
    for line in found.notes:
        note(line)
    asked = judge(paths, model)
    tally = _gathered(asked, model, found.pictures)
    names = [printable(each.name) for each in found.pictures]
    truths = np.array([each.label for each in found.pictures], np.int64)
    record, scored = _scored(params, model, asked, names, truths, tally)
    if cases is not None:
        distances = np.array(tally.distances)
        write_csv(cases, scored.assign(familiar=(distances <= asked.limit).astype(int), distance=distances.round(4)))
    if as_json:
        say(json.dumps(record, indent=2))
    else:
        show(record, model, images)


def _gathered(asked: Judge, model: tasks.Classifier, pictures: Sequence[Known]) -> _Tally:
    """Every picture read and asked about, a few at a time, so that a large set fits into memory."""
    tally = _Tally()
    with progress() as tell:
        for start in range(0, len(pictures), network.BATCH):
            some = [from_file(each.image, model.task) for each in pictures[start : start + network.BATCH]]
            tally.logits += asked.said([seen.prepared for seen in some])
            for seen in some:
                for line in seen.notes:
                    note(f"{seen.source}: {line}")
                tally.attributes.append(seen.attributes)
                tally.distances.append(asked.distance(seen))
            tell("score", len(tally.logits), len(pictures))
    return tally


def _scored(
    params: Params,
    model: tasks.Classifier,
    asked: Judge,
    names: Sequence[str],
    truths: npt.NDArray[np.int64],
    tally: _Tally,
) -> tuple[Found, pd.DataFrame]:
    """The record of all pictures, each part under the name it has in `metrics/`, and one row a picture."""
    logits, form, classes = np.stack(tally.logits), asked.form, model.task.labels.names
    probabilities = asked.probabilities(logits)
    told, drawn = (probabilities, truths, form), (params.seed, model.task.evaluate.resamples)
    scored = tables.cases_table(names, truths, probabilities, form, classes, model.task.evaluate.batch, asked.threshold)
    attributes = pd.DataFrame(tally.attributes, index=list(names))
    strange = sum(distance > asked.limit for distance in tally.distances)
    record = {
        **summary.summary(scored, *told, classes, asked.points, *drawn),
        "calibration": calibration.errors(logits, truths, form, model.task.calibrate.bins, asked.temperature),
        "subgroups": subgroups.subgroups(scored, attributes, *told, *drawn),
        "unlike_training": {"cases": strange, "share": round(strange / len(names), 4), "limit": asked.limit},
    }
    return record, scored
