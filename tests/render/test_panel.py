"""Sheets: pictures arrive pixel for pixel, texts stay apart, sizes follow the table, equal cases are equal bytes."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.render import figure, grid, heatmaps, overlay, palette, panel

HEIGHT, WIDTH = 96, 128


def random_picture(seed: int, height: int = HEIGHT, width: int = WIDTH) -> overlay.Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def disc(x: int, radius: int = 25) -> overlay.Mask:
    """A disc around (x, 48)."""
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    return (rows - 48) ** 2 + (columns - x) ** 2 < radius**2


def shown(count: int) -> list[panel.Shown]:
    return [
        panel.Shown(f"case {n}", random_picture(n), disc(50), disc(55 + n), "Dice 0.9\nIoU 0.8") for n in range(count)
    ]


def varied(count: int) -> list[panel.Varied]:
    masks = tuple(disc(x) for x in (45, 55, 60))
    return [panel.Varied(f"case {n}", random_picture(n), disc(50), masks, ("a", "b", "c")) for n in range(count)]


def explained(count: int, maps: int = 2) -> list[heatmaps.Explained]:
    values = [np.linspace(0, n + 1, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) for n in range(count)]
    return [
        heatmaps.Explained(f"case {n}", random_picture(n), disc(50), disc(60), (values[n],) * maps, ("score",) * maps)
        for n in range(count)
    ]


def decode(png: bytes) -> overlay.Picture:
    """RGB pixels of a PNG."""
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB))


def place(sheet: overlay.Picture, picture: overlay.Picture) -> tuple[int, int]:
    """Top left corner (x, y) at which ``picture`` stands in ``sheet`` pixel for pixel."""
    away = cv2.matchTemplate(sheet, picture, cv2.TM_SQDIFF)
    y, x = np.unravel_index(int(away.argmin()), away.shape)
    assert np.array_equal(sheet[y : y + picture.shape[0], x : x + picture.shape[1]], picture)
    return int(x), int(y)


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a sheet hands to ``grid``, instead of a picture of it."""
    kept: dict[str, Any] = {}
    names = ("rows", "columns", "title", "legend", "scales", "note")

    def keep(*values: object, **named: object) -> bytes:
        kept.update({"legend": (), "scales": (), "note": ""} | dict(zip(names, values, strict=False)) | named)
        return b""

    monkeypatch.setattr(panel, "grid", keep)
    monkeypatch.setattr(heatmaps, "grid", keep)
    return kept


def test_bytes_do_not_depend_on_process_or_settings(tmp_path: Path) -> None:
    """Another process with other matplotlib settings draws the same sheet and chart, without pyplot or TensorFlow."""
    image = random_picture(3)
    mask = image[:, :, 0] > 128
    sheet = panel.overlays_beside_truth([panel.Shown("a", image, mask, ~mask, "Dice 0")], "b")
    assert sheet == panel.overlays_beside_truth([panel.Shown("a", image, mask, ~mask, "Dice 0")], "b")
    chart = figure.histogram({"a": [0.1, 0.5]}, "b")
    program = (
        "import hashlib, sys, numpy as np; from glassbox.render import figure, heatmaps, panel;"
        "image = np.random.default_rng(3).integers(0, 256, (96, 128, 3), np.uint8); mask = image[:, :, 0] > 128;"
        "sheet = panel.overlays_beside_truth([panel.Shown('a', image, mask, ~mask, 'Dice 0')], 'b');"
        "chart = figure.histogram({'a': [0.1, 0.5]}, 'b');"
        "assert not {'tensorflow', 'keras', 'matplotlib.pyplot'} & set(sys.modules);"
        "print(*(hashlib.sha256(png).hexdigest() for png in (sheet, chart)))"
    )
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsavefig.dpi: 37\naxes.facecolor: red\nimage.cmap: jet\n")
    environment = os.environ | {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "PYTHONHASHSEED": "5"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.split() == [hashlib.sha256(png).hexdigest() for png in (sheet, chart)]


def test_eight_rows_of_four_take_less_than_two_seconds() -> None:
    """A sheet of 8 cases and 4 columns costs less than two seconds of processor time."""
    start = time.process_time()
    panel.variants(varied(8), ("a", "b", "c"), "m")
    assert time.process_time() - start < 2


def test_masks_beside_truth(handed: dict[str, Any]) -> None:
    """Image, truth, prediction, enlarged by two; the title names what it is about."""
    panel.masks_beside_truth(shown(2), "isic-recall, test", "batch 4")
    image, truth, prediction = handed["rows"][1].pictures
    assert np.array_equal(image, overlay.upscale(random_picture(1), 2))
    assert np.array_equal(truth, overlay.mask_picture(overlay.upscale(disc(50), 2)))
    assert np.array_equal(prediction, overlay.mask_picture(overlay.upscale(disc(56), 2)))
    assert (handed["rows"][1].name, handed["rows"][1].text) == ("case 1", "Dice 0.9\nIoU 0.8")
    assert handed["title"].endswith("isic-recall, test")
    assert (handed["columns"], handed["note"]) == (("image", "truth", "prediction"), "batch 4")


def test_overlays_beside_truth(handed: dict[str, Any]) -> None:
    """The truth outlined, then the errors of the prediction, with the full legend."""
    panel.overlays_beside_truth(shown(1), "m")
    image, truth, errors = handed["rows"][0].pictures
    masks = overlay.upscale(disc(50), 2), overlay.upscale(disc(55), 2)
    assert np.array_equal(truth, overlay.contour(image, masks[0], palette.TRUTH, palette.OUTLINE_PX))
    assert np.array_equal(errors, overlay.errors(image, *masks, palette.TINT_OPACITY, palette.OUTLINE_PX))
    assert handed["legend"] == palette.LEGEND


def test_worst_shows_the_first_eight_numbered(handed: dict[str, Any]) -> None:
    """Ten cases in, the first eight out in their order."""
    panel.worst(shown(10), "m")
    assert [row.name for row in handed["rows"]] == [f"{n + 1}. case {n}" for n in range(8)]
    assert handed["title"] == "The 8 worst cases: m"


def test_variants_have_one_column_a_model(handed: dict[str, Any]) -> None:
    """Headers as given; a model's column shows its own errors, its caption stands below it."""
    panel.variants(varied(2), ("p\nDice 0.8", "b", "r"), "m")
    assert handed["columns"] == ("image and truth", "p\nDice 0.8", "b", "r")
    row = handed["rows"][0]
    masks = overlay.upscale(disc(50), 2), overlay.upscale(disc(60), 2)
    image = overlay.upscale(random_picture(0), 2)
    assert np.array_equal(row.pictures[3], overlay.errors(image, *masks, palette.TINT_OPACITY, palette.OUTLINE_PX))
    assert row.captions == ("", "a", "b", "c")


def test_before_after_takes_every_step_at_its_own_size(handed: dict[str, Any]) -> None:
    """A large original and a small result end in cells of one size; a step without mask has no outline."""
    small, large = random_picture(1), random_picture(2, 3 * HEIGHT, 3 * WIDTH)
    step = panel.Stepped("a", (large, small), (overlay.upscale(disc(50), 3), None))
    panel.before_after([step], ("original", "final"), "m")
    first, last = handed["rows"][0].pictures
    assert first.shape == last.shape == (192, 256, 3)
    assert np.array_equal(last, overlay.upscale(small, 2))
    assert (first == palette.TRUTH).all(axis=2).any()


def test_augmentation_fills_rows_in_order(handed: dict[str, Any]) -> None:
    """Seven samples, three a row: three rows, the last padded with empty cells."""
    panel.augmentation([panel.Sample(random_picture(n), disc(50), f"pass {n}") for n in range(7)], "m", across=3)
    assert [row.captions for row in handed["rows"]][::2] == [("pass 0", "pass 1", "pass 2"), ("pass 6", "", "")]
    assert [picture is None for picture in handed["rows"][2].pictures] == [False, True, True]
    assert len(handed["columns"]) == 3


def test_explanations_share_one_scale_a_method(handed: dict[str, Any]) -> None:
    """The bar runs from the least to the greatest value of all cases, and every map is drawn under it."""
    cases = explained(3)
    heatmaps.explanations(cases, ("gradient", "lime"), "m", look=heatmaps.Look(scale=100))
    assert handed["columns"] == ("image and truth", "prediction", "gradient", "lime")
    assert handed["scales"] == (None, None, (0.0, 3.0), (0.0, 3.0))
    image, truth = overlay.upscale(cases[0].image, 2), overlay.upscale(disc(50), 2)
    values = overlay.upscale(np.linspace(0, 1, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH), 2)
    expected = overlay.heat(image, values, palette.HEAT_OPACITY, (0.0, 3.0), truth)
    assert np.array_equal(handed["rows"][0].pictures[2], expected)
    assert handed["rows"][0].captions == ("", "", "score", "score")


def test_explanations_of_a_classifier_need_no_masks(handed: dict[str, Any]) -> None:
    """Without masks the column of the prediction goes; a map that was not made is a grey cell."""
    case = heatmaps.Explained("a", random_picture(0), None, None, (None, np.ones((HEIGHT, WIDTH))))
    heatmaps.explanations([case], ("gradient", "lime"), "m")
    assert handed["columns"] == ("image", "gradient", "lime")
    assert handed["scales"] == (None, (0.0, 1.0), (1.0, 2.0))
    assert (handed["rows"][0].pictures[1] == palette.RULE).all()
    assert handed["legend"] == ()


def test_a_page_a_case_has_every_map_with_its_scale(handed: dict[str, Any]) -> None:
    """Image, truth and prediction, then the maps four a row, each with title, ends of the scale, and its colours."""
    cases = explained(2, maps=6)
    titles = [f"method {n}" for n in range(6)]
    look = heatmaps.Look(scale=100)
    names = [name for name, _ in heatmaps.case_pages(cases, titles, "m", look, (False, True, *[False] * 4))]
    assert names == ["case 0", "case 1"]
    rows = handed["rows"]  # of the page that came last
    assert [len(row.pictures) for row in rows] == [4, 4, 4]
    captions = [caption for row in rows for caption in row.captions]
    assert captions[:5] == ["image", "truth", "prediction", "method 0\n0 to 2\nscore", "method 1\n-2 to 2\nscore"]
    assert captions[9:] == ["", "", ""] and all(picture is None for picture in rows[2].pictures[1:])
    bar = rows[0].pictures[3][-8:]
    assert np.array_equal(bar[0, [0, -1]], overlay.heat_table((0.0, 2.0))[[0, 255]]) and (bar == bar[:1]).all()
    assert np.array_equal(rows[1].pictures[0][-1, [0, -1]], overlay.heat_table((-2.0, 2.0))[[0, 255]])


def test_a_sheet_a_case_has_a_row_a_model(handed: dict[str, Any]) -> None:
    """Each model's own outline, maps and captions of that case."""
    images, truths = np.stack([random_picture(n) for n in range(2)]), np.stack([disc(50), disc(70)])
    masks = [np.stack([disc(40 + n), disc(60 + n)]) for n in range(3)]
    maps = [[((np.full((HEIGHT, WIDTH), 10.0 * n + i),), (f"{n}{i}",)) for i in range(2)] for n in range(3)]
    told = [[f"model {n} case {i}" for i in range(2)] for n in range(3)]
    given = ["a", "b", "c"], ["x", "y"], images, truths, masks, maps, told, ("saliency",), (False,), heatmaps.Look()
    assert len(list(heatmaps.side_by_side(*given))) == 2
    assert [row.name for row in handed["rows"]] == ["a", "b", "c"]
    assert [row.text for row in handed["rows"]] == ["model 0 case 1", "model 1 case 1", "model 2 case 1"]
    assert [row.captions[-1] for row in handed["rows"]] == ["01", "11", "21"]
    fitted = [panel.outlined(images[1], mask[1], palette.PREDICTION) for mask in masks]
    assert all(np.array_equal(row.pictures[1], one) for row, one in zip(handed["rows"], fitted, strict=True))


def test_limits_clip_at_the_percentile() -> None:
    """High is the percentile over all maps together, low the minimum; constant maps get a width of one."""
    maps = [np.arange(50.0).reshape(5, 10), None, np.arange(50.0, 101.0)[None]]
    assert heatmaps.limits(maps) == (0, 100)
    assert heatmaps.limits(maps, 90) == (0, 90)
    assert heatmaps.limits([np.full((2, 2), 4.0)]) == (4, 5)
    assert heatmaps.limits([np.eye(20) * np.eye(20)[:, :1]], 99) == (0, 1), "one value of 400 is beyond the percentile"


def test_limits_of_a_signed_method_lie_evenly_about_zero() -> None:
    """As far as the percentile of all sizes; maps of zeros get one on both sides."""
    maps = [np.arange(-100.0, 1.0)[None], None]
    assert heatmaps.limits(maps, signed=True) == (-100, 100)
    assert heatmaps.limits(maps, 90, signed=True) == (-90, 90)
    assert heatmaps.limits([np.zeros((2, 2))], signed=True) == heatmaps.limits([None], signed=True) == (-1, 1)


def test_maps_are_smoothed_before_they_are_drawn() -> None:
    """A spike spreads as a Gaussian of the stated share of the longer side, and keeps its sum; 0 changes nothing."""
    spike = np.zeros((41, 81))
    spike[20, 40] = 1
    made = heatmaps.smoothed(spike, 0.05)
    down, across = np.mgrid[-20:21, -40:41]
    expected = np.exp(-(down**2 + across**2) / (2 * (0.05 * 81) ** 2))
    np.testing.assert_allclose(made, expected / expected.sum(), atol=2e-5)
    assert made.sum() == pytest.approx(1)
    assert heatmaps.smoothed(spike, 0) is spike


def test_signed_columns_have_a_scale_of_their_own(handed: dict[str, Any]) -> None:
    """Only those that are said to be."""
    heatmaps.explanations(explained(3), ("gradient", "lime"), "m", look=heatmaps.Look(scale=100), signed=(False, True))
    assert handed["scales"] == (None, None, (0.0, 3.0), (-3.0, 3.0))


IMAGE, SQUARE = random_picture(0), random_picture(0, WIDTH, WIDTH)
TWICE = overlay.upscale(disc(50), 2)  # would fit the enlarged picture, but not the picture
MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("sheet", lambda: panel.masks_beside_truth([], "m")),
    ("sheet", lambda: panel.augmentation([], "m")),
    ("mask", lambda: panel.masks_beside_truth([panel.Shown("a", IMAGE, disc(50), TWICE)], "m")),
    ("mask", lambda: panel.overlays_beside_truth([panel.Shown("a", IMAGE, TWICE, disc(50))], "m")),
    ("mask", lambda: panel.worst([panel.Shown("a", SQUARE, disc(50), disc(50))], "m")),
    ("mask", lambda: panel.augmentation([panel.Sample(IMAGE, TWICE, "")], "m")),
    ("picture", lambda: panel.augmentation([panel.Sample(IMAGE / 255, None, "")], "m")),
    ("row case 0", lambda: panel.variants(varied(1), ("a", "b"), "m")),
    ("row a", lambda: grid.grid([grid.Row("a", "", (IMAGE,), ("x", "y"))], ("a",), "t")),
    ("scales", lambda: grid.grid([grid.Row("a", "", (IMAGE,))], ("a",), "t", scales=[None, None])),
    ("steps of a", lambda: panel.before_after([panel.Stepped("a", (IMAGE,), ())], ("a",), "m")),
    ("case case 0", lambda: heatmaps.explanations(explained(1), ("one",), "m")),
    (
        "map of a",
        lambda: heatmaps.explanations(
            [heatmaps.Explained("a", IMAGE, None, None, (np.ones((WIDTH, HEIGHT)),))], ("one",), "m"
        ),
    ),
]


@pytest.mark.parametrize(("where", "call"), MISTAKES)
def test_what_does_not_fit_is_refused(where: str, call: Callable[[], object]) -> None:
    """Shapes and lengths that do not match are a GlassboxError that names the row or case."""
    with pytest.raises(GlassboxError, match=f"^{where}:"):
        call()
