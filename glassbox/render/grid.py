"""A labelled grid of pictures as PNG bytes: every pixel of a picture is a pixel of the page, and no text overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from glassbox.errors import GlassboxError
from glassbox.render import overlay, palette
from glassbox.render.figure import blank, drawn, text_width, wrap
from glassbox.render.overlay import Picture

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
            page.paste(x, y + tall, np.repeat(overlay.heat_table(scale)[None, steps], GAP, axis=0))
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
