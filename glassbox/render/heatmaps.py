"""Explanations on paper: maps over their pictures, on sheets, pages a case, and models side by side.

A map is drawn in the colours of ``overlay.heat_table`` over its picture in grey, with the outline of the truth. All
maps of a method on a sheet share one scale, whose ends are written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette
from glassbox.render.grid import Limits, Row, grid
from glassbox.render.overlay import Mask, Picture, Values
from glassbox.render.panel import fitted, outlined

ACROSS = 4  # cells a row of a case's page
Below = tuple[tuple[Values | None, ...], tuple[str, ...]]
"""A case's maps, and what is said below each."""


@dataclass(frozen=True)
class Look:
    """How maps are drawn: with ``opacity`` over their picture, in colours that end at the percentile ``scale``.

    A few spikes would leave the rest dark. ``smoothing``: sigma of a Gaussian blur before drawing, a share of the
    longer side; 0 for none.
    """

    opacity: float = palette.HEAT_OPACITY
    scale: float = 99.0
    smoothing: float = 0.0


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


def limits(maps: Sequence[Values | None], percentile: float = 100.0, signed: bool = False) -> Limits:
    """One scale for all maps of a method: the lowest value, and ``percentile`` of all values; never of zero width.

    Where no map was made or all values are equal, ``high = low + 1``. ``signed``: as far below zero as above it, to
    ``percentile`` of all sizes; 1 where all are zero.
    """
    made = [values.ravel().astype(np.float64) for values in maps if values is not None]
    if not made:
        return (-1.0, 1.0) if signed else (0.0, 1.0)
    every = np.concatenate(made)
    if signed:
        most = float(np.percentile(np.abs(every), percentile)) or 1.0
        return -most, most
    low, high = float(every.min()), float(np.percentile(every, percentile))
    if low == high:  # fewer values stand out than the percentile cuts off
        high = float(every.max())
    return (low, high) if low < high else (low, low + 1)


def explained(
    names: Sequence[str],
    images: Iterable[Picture],
    truths: Iterable[Mask | None],
    predictions: Iterable[Mask | None],
    rows: Iterable[Below],
    captions: Iterable[str],
) -> list[Explained]:
    """Cases, from what is shown of each: ``rows`` holds a case's maps with what is said below them."""
    parts = zip(names, images, truths, predictions, rows, captions, strict=True)
    return [
        Explained(name, image, truth, prediction, shown, told, caption)
        for name, image, truth, prediction, (shown, told), caption in parts
    ]


def explanations(
    cases: Sequence[Explained],
    methods: Sequence[str],
    about: str,
    note: str = "",
    look: Look = Look(),
    heading: str = "Explanations",
    signed: Sequence[bool] = (),
) -> bytes:
    """Image with the truth outlined, prediction, then one column a method, all its maps under one scale (``limits``).

    Values above ``look.scale`` of a method share its last colour. Where no case has a prediction mask (a classifier),
    that column is left out. ``signed``: which methods speak for and against; none where it is empty.
    """
    for case in cases:
        if len(case.maps) != len(methods):
            raise GlassboxError(f"case {case.name}", f"{len(case.maps)} maps", f"{len(methods)}, one a method")
    cases = _smoothed(cases, look)
    scales = _scales(cases, look, signed or [False] * len(methods))
    known = any(case.truth is not None for case in cases)
    predicted = any(case.prediction is not None for case in cases)
    fixed = ["image and truth" if known else "image"] + ["prediction"] * predicted
    legend = palette.OUTLINES[:1] * known + palette.OUTLINES[1:] * predicted
    rows = []
    for case in cases:
        start = [outlined(case.image, case.truth), outlined(case.image, case.prediction, palette.PREDICTION)]
        maps = (_heat(case, values, scale, look.opacity) for values, scale in zip(case.maps, scales, strict=True))
        captions = ("",) * len(fixed) + case.captions if case.captions else ()
        rows.append(Row(case.name, case.caption, (*start[: len(fixed)], *maps), captions))
    bars = (*[None] * len(fixed), *scales)
    return grid(rows, (*fixed, *methods), f"{heading}: {about}", legend, bars, note)


def side_by_side(
    models: Sequence[str],
    names: Sequence[str],
    images: Picture,
    truths: Mask,
    outlined_by: Sequence[Mask],
    shown_by: Sequence[Sequence[Below]],
    captions_by: Sequence[Sequence[str]],
    methods: Sequence[str],
    signed: Sequence[bool],
    look: Look,
) -> Iterator[bytes]:
    """A sheet a case, a row a model, whose masks, maps and captions hold all cases; a method has one scale a sheet."""
    for i, name in enumerate(names):
        own = zip(models, outlined_by, shown_by, captions_by, strict=True)
        rows = [
            Explained(model, images[i], truths[i], masks[i], *shown[i], captions[i])
            for model, masks, shown, captions in own
        ]
        yield explanations(rows, methods, name, look=look, heading="Models side by side", signed=signed)


def case_pages(
    cases: Sequence[Explained], titles: Sequence[str], about: str, look: Look, signed: Sequence[bool]
) -> Iterator[tuple[str, bytes]]:
    """A page a case, with the case's name: image, truth, prediction, then each map with title, scale and caption.

    A method has one scale for all cases (``limits``), so that pages can be held side by side.
    """
    cases = _smoothed(cases, look)
    scales = _scales(cases, look, signed)
    for case in cases:
        cells: list[tuple[Picture | None, str]] = [(overlay.fit(case.image), "image")]
        if case.truth is not None:
            cells.append((outlined(case.image, case.truth), "truth"))
        if case.prediction is not None:
            cells.append((outlined(case.image, case.prediction, palette.PREDICTION), "prediction"))
        for title, scale, values, told in zip(titles, scales, case.maps, case.captions, strict=True):
            lines = [title, f"{scale[0]:.3g} to {scale[1]:.3g}", told]
            drawn = _heat(case, values, scale, look.opacity)
            cells.append((drawn if values is None else overlay.with_bar(drawn, scale), "\n".join(filter(None, lines))))
        title, legend = f"{case.name}: {about}", _outlines(case)
        yield case.name, grid(_rows(cells, ACROSS), [""] * ACROSS, title, legend, note=case.caption)


def _smoothed(cases: Sequence[Explained], look: Look) -> list[Explained]:
    """The cases with their maps as they are drawn."""
    return [
        replace(case, maps=tuple(None if values is None else smoothed(values, look.smoothing) for values in case.maps))
        for case in cases
    ]


def smoothed(values: Values, smoothing: float) -> Values:
    """A map blurred by a Gaussian with a sigma of ``smoothing`` times its longer side."""
    if smoothing == 0:
        return values
    sigma = smoothing * max(values.shape)
    return np.asarray(cv2.GaussianBlur(values.astype(np.float64), (0, 0), sigma, borderType=cv2.BORDER_REFLECT))


def _scales(cases: Sequence[Explained], look: Look, signed: Sequence[bool]) -> list[Limits]:
    """One scale a method, for all cases."""
    return [limits([case.maps[at] for case in cases], look.scale, both) for at, both in enumerate(signed)]


def _rows(cells: Sequence[tuple[Picture | None, str]], across: int) -> list[Row]:
    """Cells with their captions in rows of equal length."""
    rows = []
    for start in range(0, len(cells), across):
        part = [*cells[start : start + across], *[(None, "")] * (start + across - len(cells))]
        rows.append(Row("", "", tuple(picture for picture, _ in part), tuple(told for _, told in part)))
    return rows


def _outlines(case: Explained) -> list[palette.Entry]:
    """The legend's entries for the outlines that a case has."""
    drawn = (case.truth is not None, case.prediction is not None)
    return [entry for entry, there in zip(palette.OUTLINES, drawn, strict=True) if there]


def over(image: Picture, values: Values, outline: Mask | None, look: Look, signed: bool) -> Picture:
    """One map over its picture, with an outline if there is one; all reduced or enlarged to a cell."""
    drawn = smoothed(overlay.fit(values), look.smoothing)
    fitted_outline = None if outline is None else overlay.fit(outline)
    scale = limits([drawn], look.scale, signed)
    return overlay.heat(overlay.fit(image), drawn, look.opacity, scale, fitted_outline)


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
    image, truth = fitted(case.image, *([] if case.truth is None else [case.truth]))
    outline = truth[0] if truth else None
    return overlay.heat(image, overlay.fit(values), opacity, scale, outline)
