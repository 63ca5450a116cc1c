"""`glassbox explain`: what moved a network, by one method or several, with how far each map can be trusted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from glassbox import tasks
from glassbox.artifacts import Paths, array_bytes, read_json
from glassbox.commands import network
from glassbox.commands.output import Staging, all_or_nothing, encode_rgb
from glassbox.commands.screen import note, progress, say, table
from glassbox.commands.subjects import Subject, from_batch, from_files, unprepared
from glassbox.data.steps import resize_mask
from glassbox.errors import GlassboxError
from glassbox.metrics.calibration import operating
from glassbox.params import Params, Xai, load, parse
from glassbox.render import heatmaps

if TYPE_CHECKING:
    import keras

    from glassbox.xai.suite import Column, Target

Entry = dict[str, Any]
Outline = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: models, methods, pictures or a batch, the region or class, and parameters to change.

    `top` is the highest pixel value that a network from elsewhere was trained on.
    """

    models: Sequence[str]
    methods: Sequence[str]
    images: Sequence[Path]
    batch: int | None
    region: str | None
    index: int | None
    top: float | None
    changed: Mapping[str, Any]
    as_seen: bool


@dataclass(frozen=True, eq=False)
class Explainee:
    """One network with what is needed to ask it.

    `network` gives what is explained; `whole` all its logits, which is more where it outlines several classes; `random`
    is `network` with shuffled weights; `threshold` is where its probability is cut.
    """

    name: str
    network: "keras.Model"
    whole: "keras.Model"
    random: "keras.Model"
    threshold: float


@dataclass(frozen=True, eq=False)
class Asked:
    """What one network says of one picture: its outline, if it outlines, and the maps."""

    name: str
    prediction: Outline | None
    columns: list["Column"]


def run(wanted: Wanted, out: Path, as_json: bool) -> None:
    """Write a map as numbers and as an overlay for every picture, model and method, and a sheet a picture."""
    paths = Paths()
    params = load(paths.params())
    if bool(wanted.images) == (wanted.batch is not None):
        found = "both pictures and --batch" if wanted.images else "neither pictures nor --batch"
        raise GlassboxError("explain", found, "one of the two")
    known = {name: tasks.model(params, name) for name in dict.fromkeys(wanted.models) if not name.endswith(".keras")}
    if len({model.task_name for model in known.values()}) > 1:
        raise GlassboxError("--model", "models of several tasks", "models of one task")
    task_name = next((model.task_name for model in known.values()), None)
    if known and wanted.top is not None:
        raise GlassboxError("--range", "a model of params.yaml", "a .keras file from elsewhere")
    foreign = len(known) < len(dict.fromkeys(wanted.models))
    settings = _settings(params, task_name, wanted.changed, foreign)
    explainees = [
        _explainee(paths, name, name in known, wanted.index, params.seed) for name in dict.fromkeys(wanted.models)
    ]
    subjects = _subjects(paths, params, task_name, wanted, explainees[0])
    _check(explainees, subjects[0])
    results = []
    with all_or_nothing(out) as staging, progress() as tell:
        for number, subject in enumerate(subjects, start=1):
            results.append(_explained(staging, subject, explainees, wanted, settings, params.seed))
            tell("explain", number, len(subjects))
    _tell(results, as_json)


def _settings(params: Params, task_name: str | None, changed: Mapping[str, Any], foreign: bool) -> Xai:
    """The task's settings with the command line's changes, checked as the file is.

    A network from elsewhere has other layers than ours: unless they are named, it is asked at its last.
    """
    plain = params.tasks[task_name or next(iter(params.tasks))].xai
    given = {key: value for key, value in changed.items() if value is not None}
    return parse(Xai, plain.model_dump() | ({"layers": "last"} if foreign else {}) | given, "explain")


def _explainee(paths: Paths, name: str, is_known: bool, index: int | None, seed: int) -> Explainee:
    """A model of params.yaml, or the path of a `.keras` file; the latter is cut at probability one half."""
    import keras

    from glassbox.xai.randomise import shuffled

    if is_known:
        whole, threshold = network.load(paths.model(name)), operating(read_json(paths.calibration(name))).uncalibrated
    else:
        whole, threshold = network.load_any(Path(name)), 0.5
    shape, one = whole.outputs[0].shape, whole
    if len(shape) == 4 and shape[-1] > 1:
        if index is None or not 0 <= index < shape[-1]:
            raise GlassboxError("--class", str(index), f"0 to {shape[-1] - 1}, what {name} outlines")
        one = keras.Model(whole.inputs[0], whole.outputs[0][..., index : index + 1])
    return Explainee(name if is_known else Path(name).stem, one, whole, shuffled(one, seed), threshold)


def _subjects(paths: Paths, params: Params, task_name: str | None, wanted: Wanted, first: Explainee) -> list[Subject]:
    if wanted.batch is not None:
        if task_name is None:
            raise GlassboxError("--batch", "a model that is not in params.yaml", "pictures")
        return from_batch(paths, task_name, params.tasks[task_name], wanted.batch)
    if task_name is not None:
        return from_files(wanted.images, params.tasks[task_name])
    return unprepared(wanted.images, first.network.input_shape)


def _check(explainees: Sequence[Explainee], subject: Subject) -> None:
    """Models side by side see the same pictures and name their files apart."""
    names = [each.name for each in explainees]
    for each in explainees:
        takes = each.network.input_shape[1:]
        if any(want not in (None, have) for want, have in zip(takes, subject.prepared.shape, strict=True)):
            raise GlassboxError(
                f"--model {each.name}", f"an input of {takes}", f"{subject.prepared.shape}, as the others"
            )
        if names.count(each.name) > 1:
            raise GlassboxError(f"--model {each.name}", "two models of this name", "a name of its own for each")


def _explained(
    staging: Staging, subject: Subject, explainees: Sequence[Explainee], wanted: Wanted, settings: Xai, seed: int
) -> list[Entry]:
    """One picture, asked of every network by every method."""
    from glassbox.xai import suite

    asked, entries = [], []
    look = heatmaps.Look(settings.opacity, settings.scale, settings.smoothing)
    image = subject.prepared[None].astype(np.float32) / 255.0 * (wanted.top or 1.0)
    for each in explainees:
        target, prediction = _target(subject, each, image, wanted)
        names = _methods(wanted.methods, each, settings)
        made = suite.columns(each.network, each.random, image, target, names, settings, seed)
        quality = _quality(each, image, target, made, subject, settings, seed)
        for column, worth in zip(made, quality, strict=True):
            entry = _entry(subject, each, column) | worth
            entries.append(entry | _files(staging, subject, entry, column, wanted.as_seen, look))
        asked.append(Asked(each.name, prediction, made))
    sheet = staging.add(f"{subject.name}_explained.png", _sheet(subject, asked, look))
    return [entry | {"sheet": sheet} for entry in entries]


def _methods(names: Sequence[str], each: Explainee, settings: Xai) -> list[str]:
    """The methods asked for, each once; `all` is every one that fits the network."""
    from glassbox.xai.methods import fitting

    return fitting(each.network, settings) if "all" in names else list(dict.fromkeys(names))


def _target(
    subject: Subject, each: Explainee, image: npt.NDArray[np.float32], wanted: Wanted
) -> tuple["Target", Outline | None]:
    """What is explained of one picture, and the predicted mask where there is one, at the size of the logits."""
    from glassbox.xai import suite
    from glassbox.xai.gradient import forward_all
    from glassbox.xai.operator import predicted_region
    from glassbox.xai.regions import at_network

    logits = forward_all(each.whole, image)
    if logits.ndim == 2:
        if wanted.region is not None:
            raise GlassboxError("--region", "a classifier", "--class, or no region")
        return suite.of_classes([int(logits[0].argmax()) if wanted.index is None else wanted.index]), None
    if logits.shape[-1] > 1:
        prediction = np.asarray(logits[0].argmax(axis=-1) == wanted.index)
    elif wanted.index is not None:
        raise GlassboxError("--class", "a network that outlines one thing", "--region, or no class")
    else:
        (prediction,) = predicted_region(logits, each.threshold)
    missing = wanted.batch is not None  # of several pictures one may lack what the others have
    region = at_network(wanted.region or "predicted", prediction, subject.truth, subject.size, missing)
    return suite.of_regions(region[None]), prediction


def _entry(subject: Subject, each: Explainee, column: "Column") -> Entry:
    from glassbox.xai.gradcam import is_dead

    (values,), (error,) = column.maps, column.completeness
    return {
        "image": subject.source,
        "name": subject.name,
        "model": each.name,
        "method": column.method,
        "map": column.title.splitlines()[-1] if column.several else column.method,
        "note": column.notes[0],
        "dead": values is not None and is_dead(values),
        "completeness": None if error is None else round(error, 4),
        "correlation_with_shuffled": None if column.alike is None else round(column.alike, 4),
        "stays_with_shuffled_weights": column.stays,
    }


def _quality(
    each: Explainee,
    image: npt.NDArray[np.float32],
    target: "Target",
    columns: Sequence["Column"],
    subject: Subject,
    settings: Xai,
    seed: int,
) -> list[Entry]:
    """Of each map, how much further than in a random order the score falls and rises, and what is on the true mask."""
    from glassbox.xai import trust

    if target.operator is None:
        return [{} for _ in columns]
    chance, found = trust.chance(each.network, image, target.operator, settings, seed), []
    for column in columns:
        (values,) = column.maps
        assert values is not None
        truth = None if subject.truth is None else resize_mask(subject.truth, *values.shape)
        worth = trust.of_map(each.network, image, values, truth, target.operator, settings, chance)
        found.append({name: None if value is None else round(value, 4) for name, value in worth.items()})
    return found


def _files(
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


def _drawable(prepared: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.repeat(prepared, 3, axis=-1) if prepared.shape[-1] == 1 else prepared


def _sheet(subject: Subject, asked: Sequence[Asked], look: heatmaps.Look) -> bytes:
    """One row a model, one column a method, each method under one scale."""
    from glassbox.xai import suite

    size = subject.prepared.shape[:2]
    truth = None if subject.truth is None else resize_mask(subject.truth, *size)
    predictions = [None if each.prediction is None else resize_mask(each.prediction, *size) for each in asked]
    columns, count = suite.aligned([each.columns for each in asked]), len(asked)
    rows = [suite.rows(made)[0] for made in columns]
    shown = [_drawable(subject.prepared)] * count, [truth] * count, predictions, rows, [""] * count
    cases = heatmaps.explained([each.name for each in asked], *shown)
    told = suite.about([column for made in columns for column in made])
    titles, signs = suite.titles(columns[0]), suite.signs(columns[0])
    return heatmaps.explanations(cases, titles, subject.name, told, look, signed=signs)


def _tell(results: Sequence[Sequence[Entry]], as_json: bool) -> None:
    """Numbers on stdout, what is dead or stays on stderr."""
    from glassbox.xai.methods import METHODS

    entries = [entry for entries in results for entry in entries]
    for entry in entries:
        told = f"{entry['image']}, {entry['model']}, {entry['map']}"
        if entry["stays_with_shuffled_weights"]:
            note(f"{told}: stays with shuffled weights: much the same had the network learned nothing")
        if entry["dead"]:
            note(f"{told}: dead: {METHODS[entry['method']].dead}")
    if as_json:
        say(json.dumps({"explanations": entries}, indent=2))
        return
    numbers = ("deletion_gain", "insertion_gain", "mass", "pointing", "completeness", "correlation_with_shuffled")
    rows = [
        [entry["name"], entry["model"], entry["map"], entry["note"], *(_cell(entry.get(name)) for name in numbers)]
        for entry in entries
    ]
    table(["image", "model", "map", "told", *(name.replace("_", " ") for name in numbers)], rows)
    say(f"{len([entry for entry in entries if 'array' in entry])} maps written, sheets {entries[0]['sheet']} ...")


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
