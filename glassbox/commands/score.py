"""`glassbox score`: how a model does, and how far it may be trusted, on any pictures with masks or labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from glassbox import tasks
from glassbox.artifacts import Paths, read_json, write_csv
from glassbox.commands import network
from glassbox.commands.output import refuse_target
from glassbox.commands.pairing import Pair, of_names, pair
from glassbox.commands.scored import show
from glassbox.commands.screen import note, progress, say
from glassbox.data.corruption import corrupted
from glassbox.data.picture import Image, Mask, read_image, read_mask
from glassbox.data.steps import prepare, resize_mask
from glassbox.data.truth import traced
from glassbox.errors import GlassboxError
from glassbox.metrics import calibration, quality, segment, subgroups
from glassbox.metrics.ranking import Ranking
from glassbox.params import Classify, Params, load

Found = dict[str, Any]
NEAREST_ONE = 1 - 1e-7  # probabilities are float32: beyond, a logit would be infinite


@dataclass(frozen=True)
class Wanted:
    """What is asked for: pictures, with masks to outline, or with a table of labels or a folder a class to tell apart.

    `regions`: where only a part of each picture counts; `cases`: where to write one row a case; `allow_empty`: whether
    masks may be empty; `robustness`: whether to score the pictures made worse, too.
    """

    images: Path
    masks: Path | None
    regions: Path | None
    labels: Path | None
    cases: Path | None
    allow_empty: bool
    robustness: bool
    as_json: bool


@dataclass
class Tally:
    """What is gathered case by case; `logits` and `truths`: of the pixels that count, at the network's size."""

    rows: list[dict[str, float | int]] = field(default_factory=list)
    doubts: list[pd.DataFrame] = field(default_factory=list)
    attributes: list[dict[str, float]] = field(default_factory=list)
    logits: list[npt.NDArray[np.float32]] = field(default_factory=list)
    truths: list[Mask] = field(default_factory=list)
    ranking: Ranking = field(default_factory=Ranking)


@dataclass(frozen=True)
class Read:
    """One pair as read: `prepared` for the network; mask and region at their own size; what can be measured of it."""

    name: str
    prepared: Image
    mask: Mask
    region: Mask | None
    attributes: dict[str, float]


def run(model_name: str, wanted: Wanted) -> None:
    """Score every picture, and tell what the pipeline tells of the test split, by the kind of the model's task."""
    paths = Paths()
    params = load(paths.params())
    if wanted.cases is not None:
        refuse_target(wanted.cases)
    if isinstance(params.tasks[tasks.entry(params, model_name).task], Classify):
        from glassbox.commands import classify_score

        _refuse_options_for_masks(wanted, model_name)
        model = tasks.classifier(params, model_name)
        classify_score.run(paths, params, model, wanted.images, wanted.labels, wanted.cases, wanted.as_json)
        return
    if wanted.labels is not None:
        raise GlassboxError("--labels", f"{model_name}, which outlines", "--masks, a folder of them")
    _score(paths, params, tasks.model(params, model_name), wanted)


def _refuse_options_for_masks(wanted: Wanted, model_name: str) -> None:
    options = {
        "--masks": wanted.masks,
        "--regions": wanted.regions,
        "--allow-empty": wanted.allow_empty,
        "--robustness": wanted.robustness,
    }
    given = next((option for option, value in options.items() if value), None)
    if given is not None:
        raise GlassboxError(given, f"{model_name}, which tells pictures apart", "a model that outlines")


def _score(paths: Paths, params: Params, model: tasks.Model, wanted: Wanted) -> None:
    """Score every pair at its mask's size."""
    if wanted.masks is None:
        raise GlassboxError("--masks", "no folder", f"the masks of {wanted.images}, since {model.name} outlines")
    pairs = pair(wanted.images, wanted.masks)
    regions = of_names(wanted.regions, [each.name for each in pairs]) if wanted.regions else {}
    scorer = _Scorer(paths, params, model)
    tally = Tally()
    with progress() as tell:
        for start in range(0, len(pairs), network.BATCH):  # so that a large set fits into memory
            chunk = pairs[start : start + network.BATCH]
            scorer.score([_read(each, regions.get(each.name), model, wanted.allow_empty) for each in chunk], tally)
            tell("score", len(tally.rows), len(pairs))
    scored = segment.cases_table([each.name for each in pairs], tally.rows, model.task.evaluate.batch)
    found = scorer.summary(scored, tally)
    if wanted.robustness:
        with progress() as tell:
            reading = (_read(each, regions.get(each.name), model, True, mute=True) for each in pairs)
            found["robustness"] = scorer.robustness(list(reading), tell)
    if wanted.cases is not None:
        write_csv(wanted.cases, scored.merge(scorer.assessed(tally)[["case", "quality"]], on="case"))
    if wanted.as_json:
        say(json.dumps(found, indent=2))
    else:
        show(found, model.name, wanted.images)


class _Scorer:
    """One model and its records, as the stages of the pipeline use them."""

    def __init__(self, paths: Paths, params: Params, model: tasks.Model) -> None:
        self._net = network.load(paths.model(model.name))
        self._at = calibration.operating(read_json(paths.calibration(model.name)))
        self._weights = read_json(paths.uncertainty(model.name))["weights"]
        self._settings, self._task, self._seed = model.task.evaluate, model.task, params.seed

    def score(self, cases: Sequence[Read], tally: Tally) -> None:
        """Run the network on a few cases and their mirror images, and add what comes out to the tally."""
        copies = list(network.copies(self._net, [case.prepared for case in cases], self._at.temperature))
        for case, maps in zip(cases, copies, strict=True):
            probability = network.at_size(maps[0], case.mask.shape)
            mask = network.outline(probability, self._at.threshold, self._settings)
            tally.rows.append(segment.case_row(case.mask, mask, self._settings.failure_at, case.region))
            tally.ranking.add(case.mask, probability, case.region)
            tally.attributes.append(case.attributes)
            self._count(case, maps[0], tally)
        names, truths = [case.name for case in cases], [(case.mask, case.region) for case in cases]
        tally.doubts.append(quality.table(names, truths, copies, self._cut))

    def summary(self, scored: pd.DataFrame, tally: Tally) -> Found:
        """Scores, ranking, calibration, doubt and subgroups, each under the name it has in `metrics/`."""
        settings, names = self._settings, list(scored["case"])
        rest = (settings.failure_at, self._seed, settings.resamples)
        doubt = quality.summary(self.assessed(tally), settings.failure_at, settings.review, *rest[1:])
        return {
            **segment.summary(scored, *rest),
            **tally.ranking.summary(),
            "calibration": calibration.errors(
                tally.logits, tally.truths, self._task.calibrate.bins, self._at.temperature
            ),
            "uncertainty": doubt,
            "subgroups": subgroups.summary(scored, pd.DataFrame(tally.attributes, index=names), *rest),
        }

    def assessed(self, tally: Tally) -> pd.DataFrame:
        """Every case's predicted quality, by the weights that were fitted on the model's own validation split."""
        return quality.assessed(pd.concat(tally.doubts, ignore_index=True), self._weights)

    def robustness(self, cases: Sequence[Read], tell: Any) -> Found:  # noqa: ANN401 - rich's
        """Means on the pictures made worse on purpose, kind by kind, strength by strength."""
        images = np.stack([case.prepared for case in cases])
        found: Found = {}
        truths, sizes = [(case.mask, case.region) for case in cases], [case.mask.shape for case in cases]
        kinds = [(kind, each) for kind, strengths in self._task.robustness for each in strengths]
        for done, (kind, strength) in enumerate(kinds, start=1):
            worse = list(corrupted(images, kind, strength, self._seed))
            maps = network.maps(self._net, worse, sizes, self._at.temperature)
            masks = [network.outline(each, self._at.threshold, self._settings) for each in maps]
            told = segment.brief(truths, masks, self._settings.failure_at, self._seed, self._settings.resamples)
            found.setdefault(kind, {})[f"{strength:g}"] = told
            tell("robustness", done, len(kinds))
        return found

    def _cut(self, probability: npt.NDArray[np.float32], size: tuple[int, ...]) -> Mask:
        return network.outline(network.at_size(probability, (size[0], size[1])), self._at.threshold, self._settings)

    def _count(self, case: Read, probability: npt.NDArray[np.float32], tally: Tally) -> None:
        """Add the logits and truths of the pixels that count, at the network's size."""
        logits = self._at.temperature * logit(np.clip(probability, 1 - NEAREST_ONE, NEAREST_ONE))
        small = [None if each is None else resize_mask(each, *probability.shape) for each in (case.mask, case.region)]
        said, true = calibration.counted([logits.astype(np.float32)], [(small[0], small[1])])  # type: ignore[list-item]
        tally.logits += said
        tally.truths += true


def _read(pair: Pair, region: Path | None, model: tasks.Model, allow_empty: bool, mute: bool = False) -> Read:
    picture = read_image(pair.image)
    size = (picture.pixels.shape[0], picture.pixels.shape[1])
    for line in () if mute else picture.notes:
        note(f"{pair.image}: {line}")
    mask = read_mask(pair.mask, like=size, allow_empty=True)
    if not allow_empty and not mask.any():
        target = model.task.labels.target
        mend = f"glassbox score with --allow-empty, where pictures without a {target} are meant"
        raise GlassboxError(pair.mask, "empty mask", "at least one pixel of 255", mend)
    field_ = None if region is None else read_mask(region, like=size)
    measure = import_module(f"glassbox.data.{model.task.loader}.loader").attributes
    prepared = prepare(picture.pixels, model.task.preprocess)
    attributes, tracing = measure(picture.pixels, mask, field_), model.task.calibrate.tracing
    if tracing is not None:
        attributes["traced"] = traced(resize_mask(mask, *prepared.shape[:2]), tracing)
    return Read(pair.name, prepared, mask, field_, attributes)
