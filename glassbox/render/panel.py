"""Sheets of pictures as PNG bytes: a labelled grid, and the sheets of the pipeline as thin functions over it.

Cases come as small frozen records of plain arrays: pictures RGB ``(H, W, 3) uint8``, masks ``(H, W) bool``, maps
``(H, W)`` float; a case's masks and maps are of its picture's size. Small pictures are enlarged by a whole factor
(nearest neighbour: pixels stay countable), large ones reduced (``overlay.fit``); outlines are drawn after that and are
equally thin everywhere. ``about`` names model and data set and ends the title: "isic-recall, ISIC 2017 test"; ``note``
is small print below the title. The same cases give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette
from glassbox.render.figure import blank, drawn, text_width, wrap
from glassbox.render.overlay import Mask, Picture, Values

MARGIN, GAP, LABEL, SWATCH = 18, 8, 170, 14  # pixels
NARROWEST, PAGE = 128, 480  # a cell holds the numbers of a colour bar, a page holds a title
Limits = tuple[float, float]
"""What the lowest and the highest colour of a map mean."""


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a grid: name and text to the left, then pictures (``None``: empty) with a caption below each."""

    name: str
    text: str
    pictures: tuple[Picture | None, ...]
    captions: tuple[str, ...] = ()


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


@dataclass
class Page:
    """Pictures and lines of text with their places, in pixels from the top left corner."""

    pictures: list[tuple[int, int, Picture]] = field(default_factory=list)
    lines: list[tuple[float, float, str, dict[str, Any]]] = field(default_factory=list)

    def paste(self, x: int, y: int, picture: Picture) -> None:
        """Put a picture's top left corner at (x, y)."""
        self.pictures.append((x, y, picture))

    def write(self, x: float, y: float, text: Sequence[str], size_pt: float, **style: Any) -> int:  # noqa: ANN401
        """Write lines from (x, y) down; return the height they take."""
        for position, line in enumerate(text):
            self.lines.append((x, y + position * leading(size_pt), line, {"fontsize": size_pt, **style}))
        return len(text) * leading(size_pt)

    def draw(self, width: int, height: int) -> Figure:
        """The page as a figure in which every pixel of a picture is one pixel of the PNG."""
        canvas = np.full((height, width, 3), palette.PAPER, np.uint8)
        for left, top, picture in self.pictures:
            canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        figure = blank(width, height, layout=None)
        figure.figimage(canvas, origin="upper")
        for x, y, line, style in self.lines:
            figure.text(x / width, 1 - y / height, line, va="top", **style)
        return figure


def leading(size_pt: float) -> int:
    """Distance of two lines of text in pixels."""
    return round(size_pt * palette.DPI / 72 * 1.35)


@drawn
def grid(
    rows: Sequence[Row],
    columns: Sequence[str],
    title: str,
    legend: Sequence[palette.Entry] = (),
    scales: Sequence[Limits | None] = (),
    note: str = "",
) -> Figure:
    """A labelled grid: title, note, legend, column headers with their colour bars (``scales``), then the rows.

    Every picture is drawn as it is, centred in a cell of the largest picture's size (at least ``NARROWEST`` wide); text
    is wrapped to its cell, so nothing overlaps. Raises ``GlassboxError`` where a row, ``scales`` and ``columns`` differ
    in length.
    """
    pictures = _checked(rows, columns, scales)
    high = max(picture.shape[0] for picture in pictures)
    wide = max(NARROWEST, *(picture.shape[1] for picture in pictures))
    bold = {"fontweight": "bold"}
    labels = [(wrap(row.name, LABEL, palette.TEXT_PT, True), wrap(row.text, LABEL, palette.TEXT_PT)) for row in rows]
    widths = [
        text_width(line, palette.TEXT_PT, part is label[0]) for label in labels for part in label for line in part
    ]
    left = MARGIN + (round(max(widths)) + 2 * GAP if widths else 0)
    width = max(left + len(columns) * (wide + GAP) - GAP + MARGIN, PAGE)
    page = Page()
    y = MARGIN
    y += page.write(MARGIN, y, wrap(title, width - 2 * MARGIN, palette.TITLE_PT, True), palette.TITLE_PT, **bold)
    faint = palette.unit(palette.FAINT)
    y += page.write(MARGIN, y, wrap(note, width - 2 * MARGIN, palette.SMALL_PT), palette.SMALL_PT, color=faint)
    y += _legend(page, y + GAP, width, legend) + 3 * GAP
    y += _headers(page, left, y, wide, columns, scales)
    for row, (name, text) in zip(rows, labels, strict=True):
        below = page.write(MARGIN, y, name, palette.TEXT_PT, **bold)
        below += page.write(MARGIN, y + below, text, palette.TEXT_PT)
        y += max(below, _pictures(page, left, y, (wide, high), row)) + GAP
    return page.draw(width, y - GAP + MARGIN)


def _checked(rows: Sequence[Row], columns: Sequence[str], scales: Sequence[Limits | None]) -> list[Picture]:
    """All pictures of the grid, checked; at least one."""
    pictures = [picture for row in rows for picture in row.pictures if picture is not None]
    if not pictures:
        raise GlassboxError("sheet", "no picture", "at least one case")
    for picture in pictures:
        overlay.check_picture(picture)
    for row in rows:
        if len(row.pictures) != len(columns) or len(row.captions) not in (0, len(columns)):
            found = f"{len(row.pictures)} pictures and {len(row.captions)} captions"
            raise GlassboxError(f"row {row.name}", found, f"{len(columns)} of each, as there are columns")
    if len(scales) not in (0, len(columns)):
        raise GlassboxError("scales", f"{len(scales)} for {len(columns)} columns", "one a column, or none")
    return pictures


def _legend(page: Page, y: int, width: int, legend: Sequence[palette.Entry]) -> int:
    """Swatches with their labels, flowing into as many lines as needed; returns the height taken."""
    x, top = MARGIN, y
    for entry in legend:
        needed = SWATCH + GAP + round(text_width(entry.label, palette.TEXT_PT))
        if x > MARGIN and x + needed > width - MARGIN:
            x, y = MARGIN, y + SWATCH + GAP
        swatch = np.full((SWATCH, SWATCH, 3), palette.RULE if entry.outline else entry.colour, np.uint8)
        page.paste(x, y, overlay.contour(swatch, np.ones((SWATCH, SWATCH), bool), entry.colour, palette.OUTLINE_PX))
        page.write(x + SWATCH + GAP, y, [entry.label], palette.TEXT_PT)
        x += needed + 2 * GAP
    return y + SWATCH - top if legend else 0


def _headers(page: Page, left: int, y: int, wide: int, columns: Sequence[str], scales: Sequence[Limits | None]) -> int:
    """Column headers, the first line bold, and below them the colour bars with their ends; returns the height taken."""
    texts = [wrap(column, wide, palette.HEADER_PT, True) for column in columns]
    tall = max(len(text) for text in texts) * leading(palette.HEADER_PT)
    for position, text in enumerate(texts):
        x = left + position * (wide + GAP)
        used = page.write(x, y, text[:1], palette.HEADER_PT, fontweight="bold")
        page.write(x, y + used, text[1:], palette.TEXT_PT)
        if scales and (scale := scales[position]):
            steps = np.linspace(0, 255, wide).round().astype(np.intp)
            page.paste(x, y + tall, np.repeat(overlay.heat_table()[None, steps], GAP, axis=0))
            page.write(x, y + tall + GAP + 2, [f"{scale[0]:.3g}"], palette.SMALL_PT)
            page.write(x + wide, y + tall + GAP + 2, [f"{scale[1]:.3g}"], palette.SMALL_PT, ha="right")
    return tall + GAP // 2 + (GAP + leading(palette.SMALL_PT) if any(scales) else 0)


def _pictures(page: Page, left: int, y: int, cell: tuple[int, int], row: Row) -> int:
    """The pictures of one row, framed, centred in their cells, with captions; returns the height taken."""
    wide, high = cell
    tall = 0
    for position, picture in enumerate(row.pictures):
        x = left + position * (wide + GAP)
        if picture is not None:
            height, width = picture.shape[:2]
            corner = x + (wide - width) // 2, y + (high - height) // 2
            page.paste(corner[0] - 1, corner[1] - 1, np.full((height + 2, width + 2, 3), palette.RULE, np.uint8))
            page.paste(*corner, picture)
        if row.captions:
            lines = wrap(row.captions[position], wide, palette.SMALL_PT)
            tall = max(tall, GAP + page.write(x, y + high + GAP // 2, lines, palette.SMALL_PT))
    return high + tall


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
