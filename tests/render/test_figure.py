"""Charts: what they say, that nothing is cut off, and that equal numbers are equal bytes on every machine."""

import struct
from collections.abc import Callable
from inspect import unwrap

import cv2
import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from glassbox.errors import GlassboxError
from glassbox.render import figure, palette

NAN = float("nan")


def history(epochs: int) -> pd.DataFrame:
    """A plausible history whose best epoch is the one before the last."""
    epoch = np.arange(epochs)
    dice = np.where(epoch == epochs - 2, 0.9, 0.5 + 0.01 * epoch)
    rate = np.full(epochs, 1e-3)
    return pd.DataFrame(
        {"epoch": epoch, "loss": 1 / (epoch + 1), "val_loss": 2 / (epoch + 1), "val_dice": dice, "learning_rate": rate}
    )


HISTORIES = {f"model-{position}": history(5 + position) for position in range(4)}
ROWS = {
    "a-precision": {"Dice": (0.85, 0.84, 0.86), "HD95 (px)": (21.0, 18.5, 24.0)},
    "a-recall": {"Dice": (0.86, 0.85, 0.87), "HD95 (px)": (NAN, NAN, NAN)},
}
BINS = {"as trained": ([0.1, 0.5, 0.9], [0.2, 0.5, 0.7], [1000, 0, 90])}
SCORES = {"a": [0.1, 0.5, 0.9, NAN], "b": [0.8, 0.9]}
CHARTS: dict[str, tuple[Callable[..., bytes], tuple[object, ...]]] = {
    "confusion": (figure.confusion, (1234567, 8, 9, 10, ("lesion", "skin"), "Confusion, isic-recall")),
    "matrix": (figure.confusion_matrix, (np.eye(9, dtype=int), [f"class {k}" for k in range(9)], "PathMNIST")),
    "curves": (figure.curves, (HISTORIES, "Training, isic")),
    "intervals": (figure.intervals, (ROWS, "Variants, isic", "95 % bootstrap intervals")),
    "reliability": (figure.reliability, (BINS, "Reliability, isic-recall")),
    "histogram": (figure.histogram, (SCORES, "Dice of every case, isic")),
}


def chunks(png: bytes) -> list[bytes]:
    """Chunk names of a PNG file, in order."""
    names, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        names.append(png[at + 4 : at + 8])
        at += 12 + length
    return names


def figure_of(name: str) -> Figure:
    """The figure behind a chart."""
    draw, arguments = (
        CHARTS[name] if name != "confusion" else (figure.confusion_matrix, (np.eye(2, dtype=int), "ab", "t"))
    )
    with matplotlib.rc_context(palette.STYLE):
        made: Figure = unwrap(draw)(*arguments)
    return made


def texts(made: Figure | Axes) -> list[str]:
    """All visible text of a figure or of one of its axes."""
    return [text.get_text() for text in made.findobj(Text) if text.get_visible() and text.get_text()]


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_plain_reproducible_png(name: str) -> None:
    """Twice the same bytes, and no chunk that could tell program, version or date."""
    draw, arguments = CHARTS[name]
    png = draw(*arguments)
    assert png == draw(*arguments)
    assert set(chunks(png)) == {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_cut_off(name: str) -> None:
    """The outermost pixels are paper, so no text or mark runs over the edge; and there is a title."""
    draw, arguments = CHARTS[name]
    pixels = cv2.imdecode(np.frombuffer(draw(*arguments), np.uint8), cv2.IMREAD_COLOR)
    assert (pixels[:2] == 255).all()
    assert (pixels[-2:] == 255).all()
    assert (pixels[:, :2] == 255).all()
    assert (pixels[:, -2:] == 255).all()
    if name != "confusion":
        assert figure_of(name).get_suptitle()


def test_charts_leave_matplotlib_settings_alone() -> None:
    """The house style holds inside a chart only."""
    before = dict(matplotlib.rcParams)
    figure.histogram(SCORES, "t")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(("width", "height"), [(300, 200), (641, 479)])
def test_blank_has_exactly_its_pixels(width: int, height: int) -> None:
    """A figure of w by h pixels saves as a PNG of w by h pixels."""
    png = figure.drawn(lambda: figure.blank(width, height, "t"))()
    assert cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR).shape == (height, width, 3)


@given(st.text("ab .0", max_size=60), st.integers(20, 200))
def test_wrap_keeps_words_within_the_width(text: str, width_px: int) -> None:
    """No line is wider than asked, and no character but spaces is lost or moved."""
    lines = figure.wrap(text, width_px, 9.0)
    assert all(figure.text_width(line, 9.0) <= width_px for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrap_keeps_line_breaks() -> None:
    """A header's second line stays a second line; an empty text has no lines."""
    assert figure.wrap("isic-recall\nDice 0.86", 500, 9.0) == ["isic-recall", "Dice 0.86"]
    assert figure.wrap("", 500, 9.0) == []


def test_confusion_shows_counts_and_row_percentages() -> None:
    """Truth in rows: TP and FN share the first row, so 92.3 % is recall; counts have separators."""
    with matplotlib.rc_context(palette.STYLE):
        made = unwrap(figure.confusion_matrix)(np.array([[4812345, 402991], [310222, 24000112]]), ("a", "b"), "t", "px")
    said = texts(made)
    for cell in ("TP\n4,812,345", "FN\n402,991", "FP\n310,222", "TN\n24,000,112"):
        assert cell in said
    for cell in ("TP\n92.3 %", "FN\n7.7 %", "FP\n1.3 %", "TN\n98.7 %", "px, n = 29,525,670"):
        assert cell in said


def test_confusion_is_the_two_by_two_matrix() -> None:
    """``confusion`` draws what ``confusion_matrix`` draws for [[TP, FN], [FP, TN]]."""
    matrix = np.array([[1, 3], [2, 4]])
    assert figure.confusion(1, 2, 3, 4, ("a", "b"), "t", "px") == figure.confusion_matrix(matrix, ("a", "b"), "t", "px")


def test_a_class_that_never_occurs_has_no_percentage() -> None:
    """An empty row is undefined, not 0 %."""
    made = unwrap(figure.confusion_matrix)(np.array([[2, 0, 1], [0, 0, 0], [0, 0, 5]]), "abc", "t")
    assert texts(made).count("–") == 3


def test_curves_ring_the_best_epoch() -> None:
    """The ring of a model stands at its highest validation score, and the legend names every model once."""
    made = figure_of("curves")
    rings = [line for line in made.axes[1].lines if line.get_fillstyle() == "none"]
    assert [(float(ring.get_xdata()[0]), float(ring.get_ydata()[0])) for ring in rings] == [
        (3.0, 0.9),
        (4.0, 0.9),
        (5.0, 0.9),
        (6.0, 0.9),
    ]
    assert [text.get_text() for text in made.legends[0].get_texts()] == list(HISTORIES)


def test_models_keep_their_style_from_chart_to_chart() -> None:
    """The third model has the third colour and marker in the curves and in the intervals."""
    style = figure.model_style(2)
    third = {f"model-{position}": {"Dice": (0.5, 0.4, 0.6)} for position in range(4)}
    whiskers = unwrap(figure.intervals)(third, "t").axes[0].lines[1::2]
    score = [line for line in figure_of("curves").axes[1].lines if line.get_fillstyle() != "none"]
    for line in (whiskers[2], score[2]):
        assert (line.get_color(), line.get_marker()) == (style["color"], style["marker"])


def test_intervals_draw_the_numbers_they_are_given() -> None:
    """One panel a metric; whisker from low to high, dot at the mean; undefined is written, not drawn."""
    dice, distance = figure_of("intervals").axes
    assert [axes.get_title() for axes in (dice, distance)] == ["Dice", "HD95 (px)"]
    assert dice.lines[0].get_xdata().tolist() == [0.84, 0.86]
    assert dice.lines[1].get_xdata().tolist() == [0.85]
    assert "0.850 [0.840, 0.860]" in texts(dice)
    assert "21.0 [18.5, 24.0]" in texts(distance)
    assert "undefined" in texts(distance)
    assert len(distance.lines) == 2


def test_reliability_leaves_out_empty_bins() -> None:
    """A bin without predictions has no point in either panel."""
    upper, lower = figure_of("reliability").axes
    assert upper.lines[1].get_xdata().tolist() == [0.1, 0.9]
    assert lower.lines[0].get_ydata().tolist() == [1000, 90]


def test_histogram_counts_every_case() -> None:
    """Bars add up to the defined cases; undefined ones are counted in words."""
    first, second = figure_of("histogram").axes
    assert [sum(bar.get_height() for bar in axes.patches) for axes in (first, second)] == [3, 2]
    assert "n = 3, undefined 1, mean 0.500 (dashed), median 0.500 (dotted)" in texts(first)


MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("confusion matrix", lambda: figure.confusion_matrix(np.eye(3, dtype=int), "ab", "t")),
    ("confusion matrix", lambda: figure.confusion(1, -1, 0, 0, ("a", "b"), "t")),
    ("history of m: no column val_dice", lambda: figure.curves({"m": history(3).drop(columns="val_dice")}, "t")),
    ("training curves", lambda: figure.curves({}, "t")),
    ("intervals", lambda: figure.intervals({}, "t")),
    ("reliability of m", lambda: figure.reliability({"m": ([0.1], [0.1, 0.2], [1])}, "t")),
    ("histogram", lambda: figure.histogram({}, "t")),
    ("Dice of m", lambda: figure.histogram({"m": [1.2]}, "t")),
]


@pytest.mark.parametrize(("where", "call"), MISTAKES)
def test_what_does_not_fit_is_refused(where: str, call: Callable[[], object]) -> None:
    """Numbers that can't be drawn are a GlassboxError that names them."""
    with pytest.raises(GlassboxError, match=f"^{where}"):
        call()
