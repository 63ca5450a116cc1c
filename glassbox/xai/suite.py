"""The pages that a rendering shows: several explanations of one batch, of the lesion the network predicted.

What is explained is the mean logit over the predicted lesion. Where nothing was predicted there is nothing to explain:
the map is None and its note says so.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from glassbox.xai.checks import relevance_mass
from glassbox.xai.gradcam import DEAD_REASON, find_layers, grad_cam, is_dead
from glassbox.xai.integrated import integrated_gradients
from glassbox.xai.operator import Operator, nonempty, predicted_region, region_mean
from glassbox.xai.saliency import saliency
from glassbox.xai.superpixel import superpixel_confidence, superpixels

Map = NDArray[np.float32]
Maps = list[Map | None]
NOTHING = "nothing predicted"


@dataclass(frozen=True, eq=False)
class Page:
    """Maps `(H, W) float32` and short notes of N images, by the title of their column; `note` speaks for the page."""

    predictions: NDArray[np.bool_]
    maps: dict[str, Maps]
    notes: dict[str, list[str]]
    note: str

    def of(self, image: int) -> tuple[NDArray[np.bool_], tuple[Map | None, ...], tuple[str, ...]]:
        """One image's prediction, maps and notes, the columns in order."""
        maps = tuple(column[image] for column in self.maps.values())
        return self.predictions[image], maps, tuple(notes[image] for notes in self.notes.values())


def layer_wise(model: keras.Model, images: NDArray[np.float32], threshold: float, layers: str) -> Page:
    """Grad-CAM of every layer of a group, from coarse to fine as the network computes them.

    `images`: `(N, H, W, 3) float32 in [0, 1]`. The note below a map is the share of its relevance that lies inside the
    predicted lesion, or that the map is dead.
    """
    regions = predicted_region(model.predict_on_batch(images), threshold)
    made = _where_predicted(regions, lambda keep, operator: grad_cam(model, images[keep], operator, layers))
    maps = made or {name: [None] * len(images) for name in find_layers(model, layers)}
    notes = {name: [_inside(values, regions[i]) for i, values in enumerate(column)] for name, column in maps.items()}
    dead = any(values is not None and is_dead(values) for column in maps.values() for values in column)
    note = "Grad-CAM of the mean logit over the predicted lesion; below: share of relevance inside it."
    return Page(regions, maps, notes, f"{note} Dead: {DEAD_REASON}." if dead else note)


def attributions(
    model: keras.Model,
    pictures: NDArray[np.uint8],
    threshold: float,
    steps: int,
    segments: int,
    compactness: float,
) -> Page:
    """Saliency, integrated gradients from a black image, and the mean probability of each superpixel.

    `pictures`: `(N, H, W, 3) uint8`. Integrated gradients are shown by their size, summed over channels; the note below
    is their completeness error.
    """
    images = pictures.astype(np.float32) / 255.0
    logits = model.predict_on_batch(images)
    regions = predicted_region(logits, threshold)
    made = _where_predicted(regions, lambda keep, operator: {"saliency": saliency(model, images[keep], operator)})
    maps: dict[str, Maps] = made or {"saliency": [None] * len(images)}
    notes = {"saliency": [_inside(values, regions[i]) for i, values in enumerate(maps["saliency"])]}

    path, errors = f"integrated gradients\n{steps} steps, zero baseline", np.full(len(images), np.nan)

    def integrate(keep: NDArray[np.bool_], operator: Operator) -> dict[str, Map]:
        found = integrated_gradients(model, images[keep], operator, 0.0, steps)
        errors[keep] = found.completeness
        return {path: np.abs(found.maps.sum(axis=-1))}

    maps |= _where_predicted(regions, integrate) or {path: [None] * len(images)}
    notes[path] = [NOTHING if np.isnan(error) else f"completeness error {error:.1%}" for error in errors]

    probabilities = keras.ops.convert_to_numpy(keras.ops.sigmoid(logits))[..., 0]
    confidence = f"superpixel confidence\nSLIC, {segments} segments"
    maps[confidence] = [
        superpixel_confidence(probability, superpixels(picture, segments, compactness))
        for picture, probability in zip(pictures, probabilities, strict=True)
    ]
    notes[confidence] = [f"highest {values.max():.2f}" for values in maps[confidence] if values is not None]
    return Page(
        regions,
        maps,
        notes,
        "Explained: the mean logit over the predicted lesion. Colours end at the 99th percentile of each column.",
    )


def _where_predicted(
    regions: NDArray[np.bool_], explain: Callable[[NDArray[np.bool_], Operator], dict[str, Map]]
) -> dict[str, Maps]:
    """`explain` on the images in which something was predicted, None for the others; empty where nothing was at all."""
    keep = nonempty(regions)
    if not keep.any():
        return {}
    places = np.flatnonzero(keep)
    columns: dict[str, Maps] = {}
    for name, made in explain(keep, region_mean(regions[keep])).items():
        columns[name] = [None] * len(regions)
        for place, values in zip(places, made, strict=True):
            columns[name][place] = values
    return columns


def _inside(values: Map | None, region: NDArray[np.bool_]) -> str:
    if values is None:
        return NOTHING
    mass = relevance_mass(values, region)
    return "dead" if mass is None else f"{mass:.0%} inside"
