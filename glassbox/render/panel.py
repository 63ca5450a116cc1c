"""The sheets of the pipeline, as thin functions over a labelled grid of pictures.

Cases come as small frozen records of plain arrays: pictures RGB ``(H, W, 3) uint8``, masks ``(H, W) bool``, maps
``(H, W)`` float; a case's masks and maps are of its picture's size. Small pictures are enlarged by a whole factor
(nearest neighbour: pixels stay countable), large ones reduced (``overlay.fit``); outlines are drawn after that and are
equally thin everywhere. ``about`` names model and data set and ends the title: "isic-recall, ISIC 2017 test"; ``note``
is small print below the title. The same cases give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette
from glassbox.render.grid import Row, grid
from glassbox.render.overlay import Mask, Picture


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


def fitted(image: Picture, *masks: Mask) -> tuple[Picture, list[Mask]]:
    """The picture and its masks at the size of a cell; checked before, since afterwards any sizes may agree."""
    overlay.check_picture(image)
    for mask in masks:
        overlay.check_mask(mask, *image.shape[:2])
    return overlay.fit(image), [overlay.fit(mask) for mask in masks]


def outlined(image: Picture, mask: Mask | None, colour: palette.Colour = palette.TRUTH) -> Picture:
    """The picture in its cell, with the outline of ``mask`` if there is one."""
    shown, masks = fitted(image, *([] if mask is None else [mask]))
    return overlay.contour(shown, masks[0], colour, palette.OUTLINE_PX) if masks else shown


def _errors(image: Picture, truth: Mask, prediction: Mask) -> Picture:
    """The picture in its cell with TP, FP and FN tinted and both outlines."""
    shown, (true, predicted) = fitted(image, truth, prediction)
    return overlay.errors(shown, true, predicted, palette.TINT_OPACITY, palette.OUTLINE_PX)


def masks_beside_truth(cases: Sequence[Shown], about: str, note: str = "") -> bytes:
    """Image, truth mask, predicted mask; one row a case."""
    rows = []
    for case in cases:
        image, (truth, prediction) = fitted(case.image, case.truth, case.prediction)
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
                outlined(case.image, case.truth),
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
        rows.append(Row(case.name, case.caption, (outlined(case.image, case.truth), *tinted), captions))
    return grid(rows, ("image and truth", *models), f"Variants side by side: {about}", palette.LEGEND, note=note)


def before_after(cases: Sequence[Stepped], steps: Sequence[str], about: str, note: str = "") -> bytes:
    """One column a preprocessing step, original first, final last, each with the outline of its mask."""
    rows = []
    for case in cases:
        if len(case.pictures) != len(case.masks):
            found = f"{len(case.pictures)} pictures, {len(case.masks)} masks"
            raise GlassboxError(f"steps of {case.name}", found, "a mask, or None, for every picture")
        rows.append(Row(case.name, case.caption, tuple(map(outlined, case.pictures, case.masks))))
    return grid(rows, steps, f"Preprocessing, before and after: {about}", palette.OUTLINES[:1], note=note)


def augmentation(samples: Sequence[Sample], about: str, across: int = 5, note: str = "") -> bytes:
    """Training samples as re-created from the plan, outlined, ``across`` a row, in the order given."""
    rows = []
    for start in range(0, len(samples), across):
        part = samples[start : start + across]
        empty = across - len(part)
        pictures = (*(outlined(sample.image, sample.mask) for sample in part), *[None] * empty)
        rows.append(Row("", "", pictures, (*(sample.caption for sample in part), *[""] * empty)))
    return grid(rows, [""] * across, f"Augmented training samples: {about}", palette.OUTLINES[:1], note=note)
