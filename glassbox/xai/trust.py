"""How far each method can be trusted on one network: what `xai-check` records.

Every method is asked for one map a picture, the last where it gives one a layer. Four questions: does hiding what it
shows change the score more than hiding at random (faithfulness); does it lie on the target (localisation); does it stay
when the picture hardly moves (sensitivity); does it go when the network's weights are shuffled (randomisation)?
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.params import Xai
from glassbox.xai.baseline import baseline
from glassbox.xai.checks import pointing_game, relevance_mass
from glassbox.xai.faithfulness import Faithfulness, faithfulness, random_order
from glassbox.xai.gradcam import is_dead
from glassbox.xai.gradient import Floats
from glassbox.xai.methods import METHODS, explain_each, fitting
from glassbox.xai.operator import Operator
from glassbox.xai.randomise import cascade, known_mean
from glassbox.xai.sensitivity import maximum_sensitivity
from glassbox.xai.suite import Target

Row = dict[str, Any]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Asked:
    """The cases that methods are asked about: those of which there is something to explain."""

    cases: tuple[str, ...]
    images: Floats
    truths: Masks
    operator: Operator


def asked(cases: Sequence[str], images: Floats, truths: Masks, target: Target, model: str) -> Asked:
    """The cases with something to explain; a `model`, by name, that has none is refused."""
    if target.operator is None:
        raise GlassboxError(model, "nothing to explain on any case", "a network that outlines something")
    names = tuple(name for name, kept in zip(cases, target.keep, strict=True) if kept)
    return Asked(names, images[target.keep], truths[target.keep], target.operator)


def spread(cases: Sequence[str], count: int) -> list[str]:
    """`count` of the cases, or all, spread evenly over their order.

    >>> spread(["a", "b", "c", "d", "e"], 3)
    ['a', 'c', 'e']
    """
    if count >= len(cases):
        return list(cases)
    return [cases[at] for at in np.rint(np.linspace(0, len(cases) - 1, count)).astype(int)]


def by_case(model: keras.Model, asked: Asked, settings: Xai, seed: int) -> Iterator[Row]:
    """One row a method that fits the network, and case: `method`, `case`, what `of_map` tells, `completeness`, `dead`.

    `dead` is 0 or 1.
    """
    each = asked.operator.each(len(asked.cases))
    chances = [chance(model, asked.images[i : i + 1], one, settings, seed) for i, one in enumerate(each)]
    names = fitting(model, settings)
    for name, made in explain_each(names, model, asked.images, asked.operator, settings, seed):
        maps = made.one
        for i, case in enumerate(asked.cases):
            told = of_map(model, asked.images[i : i + 1], maps[i], asked.truths[i], each[i], settings, chances[i])
            error = None if made.completeness is None else float(made.completeness[i])
            yield {"method": name, "case": case, **told, "completeness": error, "dead": int(is_dead(maps[i]))}


def of_map(
    model: keras.Model,
    image: Floats,
    relevance: NDArray[np.floating],
    truth: Masks | None,
    operator: Operator,
    settings: Xai,
    by_chance: Faithfulness,
) -> dict[str, float | None]:
    """What one map is worth, each None where it is undefined.

    image  (1, H, W, C), operator of one image, relevance (H, W); truth (H, W) where the target's place is known

    `deletion_gain`   how much lower than by chance the area under the deletion curve is, in units of the score
    `insertion_gain`  how much higher than by chance the area under the insertion curve is
    `mass`            share of the positive relevance on the true target, and `mass_gain` that less the target's share
                      of the picture
    `pointing`        1 where the highest relevance is on the true target

    A map that is the same everywhere puts no pixel first: its gains are undefined.
    """
    told: dict[str, float | None] = {"deletion_gain": None, "insertion_gain": None}
    if np.ptp(relevance) > 0:
        found = _areas(model, image, relevance, operator, settings)
        told["deletion_gain"] = by_chance.deletion - found.deletion
        told["insertion_gain"] = found.insertion - by_chance.insertion
    if truth is not None:
        mass, pointing = relevance_mass(relevance, truth), pointing_game(relevance, truth)
        gain = None if mass is None else mass - float(truth.mean())
        told |= {"mass": mass, "mass_gain": gain, "pointing": pointing}
    return told


def chance(model: keras.Model, image: Floats, operator: Operator, settings: Xai, seed: int) -> Faithfulness:
    """The mean faithfulness of random orders of one image's pixels."""
    orders = [random_order(image.shape[1:3], seed + k) for k in range(settings.trust.orders)]
    found = [_areas(model, image, order, operator, settings) for order in orders]
    return Faithfulness(*(float(np.mean(each)) for each in zip(*map(astuple, found), strict=True)))


def by_batch(model: keras.Model, asked: Asked, settings: Xai, seed: int) -> Iterator[Row]:
    """One row a method: what needs its maps many times over.

    `method`
    `sensitivity`  mean over the images of the maximum sensitivity
    `layers`       by block of layers, the output's first: mean rank correlation of the maps with those of the network
                   shuffled down to there
    `stays`        1 where the last of them reaches `settings.trust.alike`: the maps did not go with the weights
    """
    limits, names = settings.trust, fitting(model, settings)

    def maps(network: keras.Model, images: Floats) -> dict[str, Floats]:
        found = explain_each(names, network, images, asked.operator, settings, seed)
        return {name: each.one for name, each in found}

    references = maps(model, asked.images)
    moved = maximum_sensitivity(
        partial(maps, model), references, asked.images, limits.perturbations, limits.radius, seed
    )
    layers = cascade(model, partial(maps, images=asked.images), references, seed)
    for name in names:
        means = {block: known_mean(found) for block, found in layers[name].items()}
        last = list(means.values())[-1]
        stays = int(last is not None and last >= limits.alike)
        yield {"method": name, "sensitivity": known_mean(moved[name]), "layers": means, "stays": stays}


def on_cue(
    model: keras.Model, asked: Asked, cues: Masks, settings: Xai, seed: int, methods: Sequence[str] = tuple(METHODS)
) -> Iterator[Row]:
    """One row a method and case: `method`, `case`, and `mass`, the share of its positive relevance on the cue.

    cues  (N, H, W) bool. A cue for a wider outline speaks for its border: what speaks against it is not counted. `None`
          where nothing speaks for the score
    """
    for name, made in explain_each(methods, model, asked.images, asked.operator, settings, seed):
        for case, relevance, cue in zip(asked.cases, made.one, cues, strict=True):
            yield {"method": name, "case": case, "mass": relevance_mass(relevance, cue)}


def _areas(
    model: keras.Model, image: Floats, relevance: NDArray[np.floating], operator: Operator, settings: Xai
) -> Faithfulness:
    fill = baseline(settings.fill, image, settings.blur)[0]
    return faithfulness(model, image[0], fill, operator, relevance, settings.trust.steps)
