"""A labelled grid: pictures arrive pixel for pixel, texts stay apart, sizes follow the table."""

import itertools
from inspect import unwrap
from typing import Any

import cv2
import numpy as np
import pytest
from matplotlib.figure import Figure

from glassbox.render import grid, overlay, palette

HEIGHT, WIDTH = 96, 128


def random_picture(seed: int, height: int = HEIGHT, width: int = WIDTH) -> overlay.Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def decode(png: bytes) -> overlay.Picture:
    """RGB pixels of a PNG."""
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB))


def place(sheet: overlay.Picture, picture: overlay.Picture) -> tuple[int, int]:
    """Top left corner (x, y) at which ``picture`` stands in ``sheet`` pixel for pixel."""
    away = cv2.matchTemplate(sheet, picture, cv2.TM_SQDIFF)
    y, x = np.unravel_index(int(away.argmin()), away.shape)
    assert np.array_equal(sheet[y : y + picture.shape[0], x : x + picture.shape[1]], picture)
    return int(x), int(y)


def test_pictures_arrive_pixel_for_pixel_in_rows_and_columns() -> None:
    """Every picture is in the PNG unchanged; rows share a height, columns an x, and cells are a gap apart."""
    rows = [grid.Row(f"{y}", "", tuple(random_picture(10 * y + x, 30, 140) for x in range(3))) for y in range(2)]
    sheet = decode(grid.grid(rows, ("a", "b", "c"), "t"))
    at = [[place(sheet, picture) for picture in row.pictures if picture is not None] for row in rows]
    for row in at:
        assert [corner[0] - row[0][0] for corner in row] == [0, 140 + grid.GAP, 2 * (140 + grid.GAP)]
        assert len({corner[1] for corner in row}) == 1
    assert [corner[0] for corner in at[0]] == [corner[0] for corner in at[1]]
    assert at[1][0][1] - at[0][0][1] == 30 + grid.GAP


def test_small_pictures_are_centred_in_the_cell_of_the_largest() -> None:
    """Pictures of several sizes stand centred; an empty cell stays paper."""
    large, small = random_picture(1, 80, 140), random_picture(2, 20, 30)
    sheet = decode(grid.grid([grid.Row("", "", (large, small, None))], ("a", "b", "c"), "t"))
    (x, y), (inner_x, inner_y) = place(sheet, large), place(sheet, small)
    assert (inner_x - x, inner_y - y) == (140 + grid.GAP + 55, 30)
    empty = sheet[y : y + 80, x + 2 * (140 + grid.GAP) :][:, :140]
    assert (empty == palette.PAPER).all()


@pytest.mark.parametrize(
    ("count", "captions"), [(1, ()), (3, ()), (8, ()), (12, ()), (2, ("one line", "", "two\nlines"))]
)
def test_sheet_grows_by_one_cell_a_row(count: int, captions: tuple[str, ...]) -> None:
    """n rows are n - 1 times (picture + captions + gap) higher than one row, and equally wide."""
    row = grid.Row("name", "text", (random_picture(0),) * 3, captions)
    one, many = (decode(grid.grid([row] * rows, "abc", "t")) for rows in (1, count))
    lines = 2 if captions else 0
    below = grid.GAP + lines * grid.leading(palette.SMALL_PT) if captions else 0
    assert many.shape[0] - one.shape[0] == (count - 1) * (HEIGHT + below + grid.GAP)
    assert many.shape[1] == one.shape[1]


def boxes(made: Figure) -> list[tuple[str, Any]]:
    """The texts of a page with the rectangles they cover."""
    made.canvas.draw()
    return [(text.get_text(), text.get_window_extent()) for text in made.texts if text.get_text()]


@pytest.mark.parametrize("side", [60, 128, 256])
def test_texts_stay_apart_and_on_the_page(side: int) -> None:
    """However long names, headers, scores, captions and title are: no two texts overlap and none leaves the page."""
    long = "ISIC_0012345_a_long_file_name_without_spaces and then some words"
    pictures = (random_picture(0, side, side),) * 3
    rows = [grid.Row(long, "Dice 0.86\nIoU 0.77 and more text " * 2, pictures, (long, "", "x")) for _ in range(2)]
    scales = (None, (0.0, 1.0), (-123456.0, 1e-9))
    made: Figure = unwrap(grid.grid)(rows, (long, "b\nDice 0.9", "c"), long * 4, palette.LEGEND, scales, long * 4)
    placed = boxes(made)
    for text, box in placed:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= made.bbox.x1, text
        assert box.y1 <= made.bbox.y1, text
    for (one, first), (other, second) in itertools.combinations(placed, 2):
        apart = first.x1 <= second.x0 or second.x1 <= first.x0 or first.y1 <= second.y0 or second.y1 <= first.y0
        assert apart, (one, other)


def test_legend_and_colour_bars_show_palette_and_map() -> None:
    """Each legend colour is on the page, and the bar of a scale is the whole map, low to high."""
    grey = np.full((40, 256, 3), 77, np.uint8)
    made = [grid.Row("", "", (grey,))]
    sheet = decode(grid.grid(made, ("a",), "t", palette.LEGEND, [(0.0, 1.0)]))
    colours = {tuple(pixel) for pixel in sheet.reshape(-1, 3).tolist()}
    assert {entry.colour for entry in palette.LEGEND} <= colours
    place(sheet, np.repeat(overlay.heat_table((0.0, 1.0))[None], grid.GAP, axis=0))
