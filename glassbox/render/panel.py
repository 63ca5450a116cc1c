"""The sheets of the pipeline, as thin functions over a labelled grid of pictures.

Cases come as small frozen records of plain arrays: pictures RGB ``(H, W, 3) uint8``, masks ``(H, W) bool``, maps
``(H, W)`` float; a case's masks and maps are of its picture's size. Small pictures are enlarged by a whole factor
(nearest neighbour: pixels stay countable), large ones reduced (``overlay.fit``); outlines are drawn after that and are
equally thin everywhere. ``about`` names model and data set and ends the title: "isic-recall, ISIC 2017 test"; ``note``
is small print below the title. The same cases give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette
from glassbox.render.grid import Limits, Row, grid
from glassbox.render.overlay import Mask, Picture, Values


@dataclass(frozen=True, eq=False)
class Shown:
    """A case with one prediction; ``caption`` is short text, such as its scores."""

    name: str
    image: Picture
    truth: Mask
    prediction: Mask
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Varied:
    """A case with the prediction of every model, and a text below each."""

    name: str
    image: Picture
    truth: Mask
    predictions: tuple[Mask, ...]
    captions: tuple[str, ...] = ()
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Stepped:
    """A case before, during and after preprocessing: every step's picture with its mask, each pair at its own size."""

    name: str
    pictures: tuple[Picture, ...]
    masks: tuple[Mask | None, ...]
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Sample:
    """One training sample as the network sees it; ``caption`` says which case and which pass."""

    image: Picture
    mask: Mask | None
    caption: str


@dataclass(frozen=True, eq=False)
class Explained:
    """A case with one map a method (``None``: none made) and a text below each; a classifier's cases have no masks."""

    name: str
    image: Picture
    truth: Mask | None
    prediction: Mask | None
    maps: tuple[Values | None, ...]
    captions: tuple[str, ...] = ()
    caption: str = ""


def _fitted(image: Picture, *masks: Mask) -> tuple[Picture, list[Mask]]:
    """The picture and its masks at the size of a cell; checked before, since afterwards any sizes may agree."""
    overlay.check_picture(image)
    for mask in masks:
        overlay.check_mask(mask, *image.shape[:2])
    return overlay.fit(image), [overlay.fit(mask) for mask in masks]


def _outlined(image: Picture, mask: Mask | None, colour: palette.Colour = palette.TRUTH) -> Picture:
    """The picture in its cell, with the outline of ``mask`` if there is one."""
    fitted, masks = _fitted(image, *([] if mask is None else [mask]))
    return overlay.contour(fitted, masks[0], colour, palette.OUTLINE_PX) if masks else fitted


def _errors(image: Picture, truth: Mask, prediction: Mask) -> Picture:
    """The picture in its cell with TP, FP and FN tinted and both outlines."""
    fitted, (true, predicted) = _fitted(image, truth, prediction)
    return overlay.errors(fitted, true, predicted, palette.TINT_OPACITY, palette.OUTLINE_PX)


def masks_beside_truth(cases: Sequence[Shown], about: str, note: str = "") -> bytes:
    """Image, truth mask, predicted mask; one row a case."""
    rows = []
    for case in cases:
        image, (truth, prediction) = _fitted(case.image, case.truth, case.prediction)
        pictures = (image, overlay.mask_picture(truth), overlay.mask_picture(prediction))
        rows.append(Row(case.name, case.caption, pictures))
    return grid(rows, ("image", "truth", "prediction"), f"Predicted masks beside the truth: {about}", note=note)


def overlays_beside_truth(cases: Sequence[Shown], about: str, note: str = "") -> bytes:
    """Image, truth outlined, prediction with its errors tinted; one row a case."""
    return _overlays(cases, f"Prediction beside the truth: {about}", note)


def worst(cases: Sequence[Shown], about: str, note: str = "", count: int = 8) -> bytes:
    """The first ``count`` of ``cases``, which come worst first, numbered; columns as in ``overlays_beside_truth``."""
    ranked = [
        Shown(f"{rank}. {case.name}", case.image, case.truth, case.prediction, case.caption)
        for rank, case in enumerate(cases[:count], 1)
    ]
    return _overlays(ranked, f"The {len(ranked)} worst cases: {about}", note)


def _overlays(cases: Sequence[Shown], title: str, note: str) -> bytes:
    rows = [
        Row(
            case.name,
            case.caption,
            (
                overlay.fit(case.image),
                _outlined(case.image, case.truth),
                _errors(case.image, case.truth, case.prediction),
            ),
        )
        for case in cases
    ]
    return grid(rows, ("image", "truth", "prediction and its errors"), title, palette.LEGEND, note=note)


def variants(cases: Sequence[Varied], models: Sequence[str], about: str, note: str = "") -> bytes:
    """Image with the truth outlined, then one column a model with its errors tinted.

    ``models`` are the column headers: the model's id and, on a second line, its scores on the batch.
    """
    rows = []
    for case in cases:
        tinted = (_errors(case.image, case.truth, prediction) for prediction in case.predictions)
        captions = ("", *case.captions) if case.captions else ()
        rows.append(Row(case.name, case.caption, (_outlined(case.image, case.truth), *tinted), captions))
    return grid(rows, ("image and truth", *models), f"Variants side by side: {about}", palette.LEGEND, note=note)


def before_after(cases: Sequence[Stepped], steps: Sequence[str], about: str, note: str = "") -> bytes:
    """One column a preprocessing step, original first, final last, each with the outline of its mask."""
    rows = []
    for case in cases:
        if len(case.pictures) != len(case.masks):
            found = f"{len(case.pictures)} pictures, {len(case.masks)} masks"
            raise GlassboxError(f"steps of {case.name}", found, "a mask, or None, for every picture")
        rows.append(Row(case.name, case.caption, tuple(map(_outlined, case.pictures, case.masks))))
    return grid(rows, steps, f"Preprocessing, before and after: {about}", palette.OUTLINES[:1], note=note)


def augmentation(samples: Sequence[Sample], about: str, across: int = 5, note: str = "") -> bytes:
    """Training samples as re-created from the plan, outlined, ``across`` a row, in the order given."""
    rows = []
    for start in range(0, len(samples), across):
        part = samples[start : start + across]
        empty = across - len(part)
        pictures = (*(_outlined(sample.image, sample.mask) for sample in part), *[None] * empty)
        rows.append(Row("", "", pictures, (*(sample.caption for sample in part), *[""] * empty)))
    return grid(rows, [""] * across, f"Augmented training samples: {about}", palette.OUTLINES[:1], note=note)


def limits(maps: Sequence[Values | None], percentile: float = 100.0) -> Limits:
    """One scale for all maps of a method: the lowest value, and ``percentile`` of all values; never of zero width.

    Where no map was made or all values are equal, ``high = low + 1``.
    """
    made = [values.ravel().astype(np.float64) for values in maps if values is not None]
    if not made:
        return 0.0, 1.0
    every = np.concatenate(made)
    low, high = float(every.min()), float(np.percentile(every, percentile))
    return (low, high) if low < high else (low, low + 1)


def explanations(
    cases: Sequence[Explained],
    methods: Sequence[str],
    about: str,
    note: str = "",
    percentile: float = 100.0,
    opacity: float = palette.HEAT_OPACITY,
    heading: str = "Explanations",
) -> bytes:
    """Image with the truth outlined, prediction, then one column a method, all its maps under one scale (``limits``).

    Values above ``percentile`` of a method share its last colour. Where no case has a prediction mask (a classifier),
    that column is left out.
    """
    for case in cases:
        if len(case.maps) != len(methods):
            raise GlassboxError(f"case {case.name}", f"{len(case.maps)} maps", f"{len(methods)}, one a method")
    scales: list[Limits] = [
        limits([case.maps[position] for case in cases], percentile) for position in range(len(methods))
    ]
    known = any(case.truth is not None for case in cases)
    predicted = any(case.prediction is not None for case in cases)
    fixed = ["image and truth" if known else "image"] + ["prediction"] * predicted
    legend = palette.OUTLINES[:1] * known + palette.OUTLINES[1:] * predicted
    rows = []
    for case in cases:
        start = [_outlined(case.image, case.truth), _outlined(case.image, case.prediction, palette.PREDICTION)]
        maps = (_heat(case, values, scale, opacity) for values, scale in zip(case.maps, scales, strict=True))
        captions = ("",) * len(fixed) + case.captions if case.captions else ()
        rows.append(Row(case.name, case.caption, (*start[: len(fixed)], *maps), captions))
    bars = (*[None] * len(fixed), *scales)
    return grid(rows, (*fixed, *methods), f"{heading}: {about}", legend, bars, note)


def doubts(
    cases: Mapping[str, str],
    images: Picture,
    truths: Mask,
    predictions: Sequence[Mask],
    maps: Sequence[Values],
    about: str,
) -> bytes:
    """Image with the truth outlined, prediction, and uncertainty in bits, of cases with a caption each.

    ``images`` ``(N, H, W, 3)``, ``truths`` ``(N, H, W)``; a mask and a map ``(H, W)`` for each case.
    """
    drawn = zip(cases.items(), images, truths, predictions, maps, strict=True)
    rows = [
        Explained(name, image, truth, mask, (doubt,), caption=told) for (name, told), image, truth, mask, doubt in drawn
    ]
    return explanations(rows, ("uncertainty, bits",), about, heading="Lowest predicted quality")


def _heat(case: Explained, values: Values | None, scale: Limits, opacity: float) -> Picture:
    """One map over its picture in its cell, with the outline of the truth; a plain grey cell where no map was made."""
    if values is None:
        return np.full_like(overlay.fit(case.image), palette.RULE)
    if values.shape != case.image.shape[:2]:
        raise GlassboxError(
            f"map of {case.name}", f"{values.shape}", f"{case.image.shape[:2]}, the size of its picture"
        )
    image, truth = _fitted(case.image, *([] if case.truth is None else [case.truth]))
    outline = truth[0] if truth else None
    return overlay.heat(image, overlay.fit(values), opacity, scale, outline)
