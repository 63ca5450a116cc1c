"""`glassbox predict`: outline pictures, or tell them apart, with one or several models."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox.artifacts import Paths, read_json
from glassbox.commands import network
from glassbox.commands.chosen import one_task, pictures_or_batch
from glassbox.commands.output import Staging, all_or_nothing, encode_grey
from glassbox.commands.screen import note, printable, progress, say, table
from glassbox.commands.subjects import Subject, from_batch, from_files
from glassbox.data.picture import Mask
from glassbox.errors import GlassboxError
from glassbox.metrics import quality
from glassbox.metrics.calibration import operating
from glassbox.metrics.overlap import count, scores
from glassbox.params import Classify, Task, load
from glassbox.render import overlay, palette
from glassbox.render.grid import Row, grid

Entry = dict[str, Any]
Probability = npt.NDArray[np.float32]


def run(
    models: Sequence[str],
    images: Sequence[Path],
    batch: int | None,
    out: Path | None,
    point: str | None,
    flips: bool,
    as_json: bool,
) -> None:
    """Outline pictures, or tell them apart, by the kind of the models' task.

    Of a model that outlines, write mask and probability of every picture, and a panel where there are several models;
    with `flips` those of the mean probability over each picture and its three mirror images. Threshold and predicted
    quality are those of one pass.
    """
    paths = Paths()
    params, names = load(paths.params()), list(dict.fromkeys(models))
    task_name = one_task(params, names)
    pictures_or_batch("predict", images, batch)
    task = params.tasks[task_name]
    if isinstance(task, Classify):
        from glassbox.commands import classify_predict

        if flips:
            raise GlassboxError("--flips", f"{names[0]}, which tells pictures apart", "a model that outlines")
        classify_predict.run(paths, params, names, images, batch, point, out, as_json)
        return
    if point is not None:
        raise GlassboxError("--operating-point", f"{names[0]}, which outlines", "a model that tells pictures apart")
    if out is None:
        raise GlassboxError("--out", "no folder", f"one for the masks that {names[0]} outlines")
    subjects = from_files(images, task) if batch is None else from_batch(paths, task_name, task, batch)
    _refuse_overwriting(images, out, subjects, names)
    entries = _outline(paths, names, subjects, task, out, flips)
    _tell({"task": task_name, "flips": flips, "images": entries}, task.labels.target, as_json)


def _outline(
    paths: Paths, names: Sequence[str], subjects: Sequence[Subject], task: Task, out: Path, flips: bool
) -> list[Entry]:
    """Run every network on every picture, and write what comes out."""
    networks = [network.load(paths.model(name)) for name in names]
    points = [operating(read_json(paths.calibration(name))) for name in names]
    weights = [read_json(paths.uncertainty(name))["weights"] for name in names]
    entries = [_entry(subject) for subject in subjects]
    masks: list[list[Mask]] = [[] for _ in subjects]
    with all_or_nothing(out) as staging, progress() as tell:
        prepared = [each.prepared for each in subjects]
        for name, net, (temperature, threshold), record in zip(names, networks, points, weights, strict=True):
            found = network.copies(net, prepared, temperature)
            for at, (subject, copies) in enumerate(zip(subjects, found, strict=True)):
                probability = network.at_size(copies.mean(axis=0) if flips else copies[0], subject.size)
                mask = network.outline(probability, threshold, task.evaluate)
                files = _files(staging, _stem(subject, name, len(names)), probability, mask)
                small = np.stack([network.outline(copy, threshold, task.evaluate) for copy in copies])
                told = _prediction(subject, name, probability, mask) | {"threshold": threshold}
                entries[at]["predictions"].append(told | _doubt(copies, small, record) | files)
                masks[at].append(overlay.fit(mask))
                tell(name, at + 1, len(subjects))
        if len(names) > 1:
            for subject, entry, drawn in zip(subjects, entries, masks, strict=True):
                entry["panel"] = staging.add(
                    f"{subject.name}_panel.png", _panel(subject, entry, drawn, task.labels.target)
                )
    return entries


def _stem(subject: Subject, model: str, models: int) -> str:
    return subject.name if models == 1 else f"{subject.name}_{model}"


def _refuse_overwriting(images: Sequence[Path], out: Path, subjects: Sequence[Subject], models: list[str]) -> None:
    """Raise `GlassboxError` where a result would take the place of a picture it is made from."""
    inputs = {path.resolve() for path in images}
    for subject in subjects:
        stems = [_stem(subject, model, len(models)) for model in models]
        names = [f"{stem}_{what}.png" for stem in stems for what in ("mask", "probability")]
        for name in [*names, f"{subject.name}_panel.png"]:
            if (out / name).resolve() in inputs:
                raise GlassboxError(out / name, "one of the pictures, about to be overwritten", "another --out")


def _entry(subject: Subject) -> Entry:
    height, width = subject.size
    return {
        "image": subject.source,
        "name": subject.name,
        "width_px": width,
        "height_px": height,
        "notes": list(subject.notes),
        "predictions": [],
    }


def _prediction(subject: Subject, model: str, probability: Probability, mask: Mask) -> Entry:
    """The numbers of one picture and model; Dice and IoU where the truth is known."""
    inside = round(float(probability[mask].mean(dtype=np.float64)), 4) if mask.any() else None
    entry: Entry = {
        "model": model,
        "share_percent": round(100 * float(mask.mean()), 4),
        "area_px": int(mask.sum()),
        "mean_probability_inside": inside,
    }
    if subject.truth is not None:
        overlap = scores(count(subject.truth, mask))
        entry |= {name: round(overlap[name], 4) for name in ("dice", "iou")}
    return entry


def _doubt(copies: npt.NDArray[np.float32], masks: npt.NDArray[np.bool_], weights: Mapping[str, float]) -> Entry:
    """The predicted quality, and whether it is so low that a person should look."""
    signs = pd.DataFrame([quality.signs(copies, masks)])
    (told,) = quality.predicted(signs, weights)
    return {"predicted_quality": round(float(told), 4), "review": bool(told < weights["review_below"])}


def _files(staging: Staging, stem: str, probability: Probability, mask: Mask) -> Entry:
    return {
        "mask": staging.add(f"{stem}_mask.png", encode_grey(mask.astype(np.uint8) * 255)),
        "probability": staging.add(f"{stem}_probability.png", encode_grey(overlay.probability(probability))),
    }


def _panel(subject: Subject, entry: Entry, masks: Sequence[Mask], target: str) -> bytes:
    """The picture, with its truth where known, then one column a model."""
    truth = None if subject.truth is None else overlay.fit(subject.truth)
    plain = subject.shown if truth is None else overlay.contour(subject.shown, truth, palette.TRUTH, palette.OUTLINE_PX)
    drawn, captions = [plain], [printable(subject.source)]
    for mask, told in zip(masks, entry["predictions"], strict=True):
        if truth is None:
            drawn.append(overlay.contour(subject.shown, mask, palette.PREDICTION, palette.OUTLINE_PX))
        else:
            drawn.append(overlay.errors(subject.shown, truth, mask, palette.TINT_OPACITY, palette.OUTLINE_PX))
        captions.append("\n".join(f"{label}: {value}" for label, value in _numbers(told, target).items()))
    columns = ["image" if truth is None else "image and truth", *(told["model"] for told in entry["predictions"])]
    legend = palette.OUTLINES[1:] if truth is None else palette.LEGEND
    return grid([Row("", "", tuple(drawn), tuple(captions))], columns, printable(subject.name), legend)


def _numbers(told: Entry, target: str) -> dict[str, str]:
    """A prediction's numbers as text; `target` is what the task calls what is outlined."""
    inside = told["mean_probability_inside"]
    numbers = {
        f"{target}, %": f"{told['share_percent']:.2f}",
        f"{target}, px": f"{told['area_px']}",
        "probability inside": "none" if inside is None else f"{inside:.3f}",
        "predicted quality": f"{told['predicted_quality']:.2f}" + (", look at it" if told["review"] else ""),
    }
    return numbers | {name: f"{told[name]:.3f}" for name in ("dice", "iou") if name in told}


def _tell(result: Entry, target: str, as_json: bool) -> None:
    """Numbers on stdout, notes on stderr."""
    for entry in result["images"]:
        for line in entry["notes"]:
            note(f"{entry['image']}: {line}")
    if as_json:
        say(json.dumps(result, indent=2))
        return
    rows = [(entry, told) for entry in result["images"] for told in entry["predictions"]]
    columns = ["image", "size, px", "model", *_numbers(rows[0][1], target)]
    sized = (
        [e["name"], f"{e['width_px']}x{e['height_px']}", told["model"], *_numbers(told, target).values()]
        for e, told in rows
    )
    table(columns, sized)
    files = [told[what] for _, told in rows for what in ("mask", "probability")]
    files += [entry["panel"] for entry in result["images"] if "panel" in entry]
    say(f"{len(files)} files written, the first {files[0]}")
