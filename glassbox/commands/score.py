"""`glassbox score`: the metrics of a model on any folder of pictures with masks."""

import json
from pathlib import Path
from typing import Any

from glassbox import tasks
from glassbox.artifacts import Paths, read_json, write_csv
from glassbox.commands import network
from glassbox.commands.output import refuse_target
from glassbox.commands.pairing import Pair, pair
from glassbox.commands.screen import note, progress, say, table
from glassbox.data.picture import Image, Mask, read_image, read_mask
from glassbox.data.steps import prepare
from glassbox.errors import GlassboxError
from glassbox.metrics.calibration import operating
from glassbox.metrics.segment import SCORES, case_row, cases_table, summary
from glassbox.params import Task, load


def run(model_name: str, images: Path, masks: Path, cases: Path | None, allow_empty: bool, as_json: bool) -> None:
    """Score every pair at its mask's size, and tell what stage evaluate tells of the test split."""
    paths = Paths()
    params = load(paths.params())
    model = tasks.model(params, model_name)
    if cases is not None:
        refuse_target(cases)
    pairs = pair(images, masks)
    net = network.load(paths.model(model_name))
    temperature, threshold = operating(read_json(paths.calibration(model_name)))
    evaluate = model.task.evaluate
    rows = []
    with progress() as tell:
        for start in range(0, len(pairs), network.BATCH):  # so that a large set fits into memory
            chunk = [_read(each, model.task, allow_empty) for each in pairs[start : start + network.BATCH]]
            prepared, truths = zip(*chunk, strict=True)
            probabilities = network.maps(net, prepared, [truth.shape for truth in truths], temperature)
            for truth, probability in zip(truths, probabilities, strict=True):
                rows.append(case_row(truth, network.outline(probability, threshold, evaluate), evaluate.failure_at))
                tell("score", len(rows), len(pairs))
    scored = cases_table([each.name for each in pairs], rows, evaluate.batch)
    found = summary(scored, evaluate.failure_at, params.seed, evaluate.resamples)
    if cases is not None:
        write_csv(cases, scored)
    if as_json:
        say(json.dumps(found, indent=2))
    else:
        _show(found, model_name, images)


def _read(pair: Pair, task: Task, allow_empty: bool) -> tuple[Image, Mask]:
    picture = read_image(pair.image)
    for line in picture.notes:
        note(f"{pair.image}: {line}")
    mask = read_mask(pair.mask, like=(picture.pixels.shape[0], picture.pixels.shape[1]), allow_empty=True)
    if not allow_empty and not mask.any():
        mend = "glassbox score with --allow-empty, where pictures without a lesion are meant"
        raise GlassboxError(pair.mask, "empty mask", "at least one pixel of 255", mend)
    return prepare(picture.pixels, task.preprocess), mask


def _show(found: dict[str, Any], model: str, images: Path) -> None:
    """Means with their intervals, then the single numbers."""
    say(f"{model} on {images}: {found['n']['cases']} cases")
    means = ((name, *(f"{found[name][key]:.4f}" for key in ("mean", "ci_low", "ci_high"))) for name in SCORES)
    table(["mean over cases", "mean", "95 % from", "to"], means)
    groups = {name: found[name] for name in ("pooled", "pixels", "n")}
    rates = {name: found[name] for name in ("failure_rate", "detection_rate")}
    single = {f"{group} {name}": value for group, values in groups.items() for name, value in values.items()} | rates
    table(["all cases together", "value"], ((name, f"{value}") for name, value in single.items()))
