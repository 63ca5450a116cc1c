"""The columns that a rendering shows: several explanations of one batch, and what is to be said below each map.

A score is explained over a region of each picture. Where the region is empty there is nothing to explain: the map is
None and its note says so. Every method is asked twice, of the network and of one with shuffled weights: a map that
stays would look much the same had the network learned nothing, and its note says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from glassbox.params import Xai
from glassbox.xai.checks import relevance_mass
from glassbox.xai.gradcam import is_dead
from glassbox.xai.gradient import Floats, forward_all
from glassbox.xai.methods import METHODS, Explained, explain_each, method
from glassbox.xai.operator import Operator, class_logit, nonempty, predicted_region, region_mean
from glassbox.xai.randomise import alike, known_mean
from glassbox.xai.regions import region

Map = NDArray[np.float32]
Track = Callable[[Iterable[Any], str, int], Iterable[Any]]
NOTHING = "nothing to explain"
STAYS = "STAYS with shuffled weights"
READING = (
    "Each map colours a picture by how much its places matter to one number: the mean of the network's logits over a "
    "region, such as the mask it predicted. Dark is little, bright is much; where a method tells for and against, red "
    "speaks for a higher number and blue against it. All maps of a method share one scale, whose ends stand beside "
    "them. A map tells what the network responded to, not why a lesion is what it is, and not whether the network is "
    "right. Methods differ, and some are poor: a map marked as staying with shuffled weights looks much the same for "
    "a network that has learned nothing, and so says little about this one."
)


@dataclass(frozen=True, eq=False)
class Column:
    """One method, or one layer of it, over N images.

    title         the method's, and the layer's on a second line
    several       whether the method gives more maps than this one
    maps          (H, W) float32, or None where there was nothing to explain
    notes         a few words below each map
    signed        whether the maps speak for and against
    completeness  one error an image, or None where the method has none
    alike         mean rank correlation of the maps with those of a network with shuffled weights; None if undefined
    stays         whether that is so high that the maps say little of the network
    """

    method: str
    title: str
    several: bool
    maps: tuple[Map | None, ...]
    notes: tuple[str, ...]
    signed: bool
    completeness: tuple[float | None, ...]
    alike: float | None
    stays: bool


@dataclass(frozen=True, eq=False)
class Target:
    """What is explained of N images: `operator` holds the data of those that are kept, in their order.

    keep     (N,) bool: the others have nothing to explain
    regions  (N, H, W) bool where a region is explained, else None
    """

    keep: NDArray[np.bool_]
    operator: Operator | None
    regions: NDArray[np.bool_] | None = None


def of_regions(regions: NDArray[np.bool_]) -> Target:
    """The mean logit over each region, (N, H, W) bool; one may be empty."""
    keep = nonempty(regions)
    return Target(keep, region_mean(regions[keep]) if keep.any() else None, regions)


def of_classes(indices: Sequence[int]) -> Target:
    """The logit of a class, one index an image."""
    return Target(np.ones(len(indices), bool), class_logit(indices))


def of_form(
    model: keras.Model, images: Floats, truths: Sequence[NDArray[np.bool_] | None], threshold: float, form: str
) -> tuple[Target, NDArray[np.bool_]]:
    """The target that `form` (see `regions.region`) names on each image, and the predicted masks.

    A part of the prediction that an image does not have is an empty region, and so nothing to explain.
    """
    predictions = predicted_region(forward_all(model, images), threshold)
    found = [region(form, *pair, missing=True) for pair in zip(predictions, truths, strict=True)]
    return of_regions(np.stack(found)), predictions


def columns(
    model: keras.Model,
    random: keras.Model,
    images: Floats,
    target: Target,
    names: Sequence[str],
    settings: Xai,
    seed: int,
    track: Track | None = None,
) -> list[Column]:
    """The columns of the named methods, in that order; `images` `(N, H, W, C) float32`, in the network's range.

    random  `randomise.shuffled(model)`: every method is asked of it as well
    track   shows the progress of what it is given, with a few words and their number
    """
    for name in names:
        method(name).check(model, settings)
    if target.operator is None:
        return [_nothing(name, len(images)) for name in names]
    asked = images[target.keep], target.operator, settings, seed
    made = []
    pairs = zip(explain_each(names, model, *asked), explain_each(names, random, *asked), strict=True)
    for (name, found), (_, other) in track(pairs, "explain", len(names)) if track else pairs:
        for title, values in found.maps.items():
            correlation = known_mean([alike(*pair) for pair in zip(values, other.maps[title], strict=True)])
            stays = correlation is not None and correlation >= settings.trust.alike
            made.append(_column(name, title, values, found, target, correlation, stays))
    return made


def _nothing(name: str, count: int) -> Column:
    signed, empty = METHODS[name].signed, (None,) * count
    return Column(name, name, False, empty, (NOTHING,) * count, signed, empty, None, False)


def _column(
    name: str, title: str, values: Floats, found: Explained, target: Target, correlation: float | None, stays: bool
) -> Column:
    """The maps of the kept images at their places among all, and what is said below each."""
    maps: list[Map | None] = [None] * len(target.keep)
    notes = [NOTHING] * len(target.keep)
    errors: list[float | None] = [None] * len(target.keep)
    for at, (place, one) in enumerate(zip(np.flatnonzero(target.keep), values, strict=True)):
        region = None if target.regions is None else target.regions[place]
        maps[place] = one
        errors[place] = None if found.completeness is None else float(found.completeness[at])
        notes[place] = note(one, region, errors[place], stays)
    signed, several = METHODS[name].signed, len(found.maps) > 1
    return Column(name, title, several, tuple(maps), tuple(notes), signed, tuple(errors), correlation, stays)


def note(values: Map, region: NDArray[np.bool_] | None, completeness: float | None, stays: bool) -> str:
    """What is said below one map: that it is dead, where its relevance lies, its error, that it stays."""
    told = []
    if is_dead(values):
        told.append("dead")
    elif region is not None:
        mass = relevance_mass(values, _at(region, values))
        told.append("nothing for it" if mass is None else f"{mass:.0%} inside")
    if completeness is not None:
        told.append(f"completeness error {completeness:.1%}")
    return ", ".join([*told, STAYS] if stays else told)


def _at(region: NDArray[np.bool_], values: Map) -> NDArray[np.bool_]:
    """The region at the map's size, where a network's logits are smaller than its pictures."""
    if region.shape == values.shape:
        return region
    height, width = values.shape
    return np.asarray(cv2.resize(region.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0)


def rows(columns: Sequence[Column]) -> list[tuple[tuple[Map | None, ...], tuple[str, ...]]]:
    """Each image's maps and notes, the columns in order."""
    maps, notes = zip(*(column.maps for column in columns), strict=True), zip(*(c.notes for c in columns), strict=True)
    return list(zip(maps, notes, strict=True))


def aligned(models: Sequence[Sequence[Column]]) -> list[list[Column]]:
    """The columns of several models, each with those of all: empty where a model has none of that title.

    A model with nothing to explain has one empty column a method, where another may have one a layer.
    """
    shown = {column.title: column for made in models for column in made if any(m is not None for m in column.maps)}
    several = {column.method for column in shown.values()}
    for made in models:
        shown |= {column.title: column for column in made if column.method not in several}
    rows = []
    for made in models:
        own, count = {column.title: column for column in made}, len(made[0].maps)
        rows.append([own.get(title, replace(_nothing(c.method, count), title=title)) for title, c in shown.items()])
    return rows


def apart(columns: Sequence[Column], method: str) -> tuple[list[Column], list[Column]]:
    """The columns of one method, and those of the others."""
    return [c for c in columns if c.method == method], [c for c in columns if c.method != method]


def titles(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns' headers."""
    return tuple(column.title for column in columns)


def signs(columns: Sequence[Column]) -> tuple[bool, ...]:
    """Which columns' maps speak for and against."""
    return tuple(column.signed for column in columns)


def guide(columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """A table of what each method shows, for a reader who has never seen one."""
    names = dict.fromkeys(column.method for column in columns)
    return (("method", "what it shows"), *((name, METHODS[name].told) for name in names))


def about(columns: Sequence[Column]) -> str:
    """What is said of a page: what is explained, and the likely reason of a dead map on it."""
    told = "Below each map: the share of its positive relevance inside the region that is explained."
    dead = {column.method for column in columns for values in column.maps if values is not None and is_dead(values)}
    reasons = dict.fromkeys(METHODS[name].dead for name in METHODS if name in dead)
    return " ".join([told, *(f"Dead: {reason}." for reason in reasons)])
