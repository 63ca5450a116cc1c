"""Charts of a classifier: what they say, that nothing is cut off, and that equal numbers are equal bytes."""

from collections.abc import Callable
from inspect import unwrap
from itertools import product
from typing import Any

import cv2
import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from glassbox.errors import GlassboxError
from glassbox.render import classes, figure, palette

LONG = ["adipose", "colorectal adenocarcinoma epithelium", "normal colon mucosa"]


def counted(names: list[str], matrix: list[list[int]]) -> pd.DataFrame:
    """The long form of a matrix."""
    rows = [(names[t], names[p], matrix[t][p]) for t, p in product(range(len(names)), repeat=2)]
    return pd.DataFrame(rows, columns=["actual", "predicted", "n"])


THREE = counted(LONG, [[8, 1, 1], [0, 0, 0], [1234, 0, 1]])
TWENTY_NAMES = [f"class number {k}" for k in range(20)]
TWENTY = counted(TWENTY_NAMES, (np.eye(20, dtype=int) * 10000 + 1).tolist())
TWO = counted(["normal", "ill"], [[200, 34], [5, 385]])
FLAGS = pd.DataFrame(
    [("mass", "mass", 3), ("mass", "not mass", 1), ("oedema", "oedema", 0), ("oedema", "not oedema", 0)],
    columns=["actual", "predicted", "n"],
)
ROC = pd.DataFrame({"false_positive_rate": [0.0, 0.0, 0.5, 1.0], "sensitivity": [0.0, 0.8, 0.9, 1.0]})
PRECISION_RECALL = pd.DataFrame({"recall": [1.0, 0.9, 0.8, 0.0], "precision": [0.6, 0.7, 1.0, 1.0]})
POINTS = pd.DataFrame(
    {
        "point": ["screening", "nothing"],
        "threshold": [0.125, 0.9999998],
        "false_positive_rate": [0.5, 0.0],
        "sensitivity": [0.9, 0.0],
        "precision": [0.7, float("nan")],
    }
)
AREAS = {"auroc": (0.93, 0.9, 0.96), "auprc": (0.91, 0.87, 0.95)}
BARS = {
    "adipose": {"precision": 0.95, "recall": 0.5, "f1": 0.6, "support": 1200, "share": 0.9},
    "debris": {"recall": 0.0, "support": 3},
    "mucus": {"precision": 1.0, "support": 0},
}
CHARTS: dict[str, tuple[Callable[..., bytes], tuple[Any, ...]]] = {
    "two": (classes.confusion, (TWO, ["normal", "ill"], "Confusion, chest-xray-base")),
    "three": (classes.confusion, (THREE, LONG, "Confusion, pathmnist-base, test split, a title that needs two lines")),
    "twenty": (classes.confusion, (TWENTY, TWENTY_NAMES, "Confusion")),
    "flags": (classes.confusion, (FLAGS, ["mass", "oedema"], "Confusion")),
    "curves": (classes.curves, (ROC, PRECISION_RECALL, POINTS, AREAS, "Operating points, chest-xray-base")),
    "no points": (classes.curves, (ROC, PRECISION_RECALL, POINTS[:0], AREAS, "Curves")),
    "bars": (classes.per_class, (BARS, "Precision and recall, pathmnist-base")),
    "one bar": (classes.per_class, ({"x": {"precision": 1.0, "recall": 1.0, "support": 1}}, "One class")),
}


def drawn(draw: Callable[..., Any], *arguments: object) -> Figure:
    """The figure behind a chart, laid out."""
    with matplotlib.rc_context(palette.STYLE):
        made: Figure = unwrap(draw)(*arguments)
        made.draw_without_rendering()
    return made


def texts(made: Figure | Axes) -> list[str]:
    """All visible text of a figure or of one of its axes."""
    return [text.get_text() for text in made.findobj(Text) if text.get_visible() and text.get_text()]


def matrix_of(table: pd.DataFrame, names: list[str]) -> Figure:
    """The figure behind a confusion matrix of more than two classes."""
    draw, made = classes._matrix, []

    def keep(*arguments: object) -> bytes:
        made.append(drawn(draw, *arguments))
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classes, "_matrix", keep)
        classes.confusion(table, names, "t")
    return made[0]


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_reproducible_and_nothing_is_cut_off(name: str) -> None:
    """Twice the same bytes; the outermost pixels are paper, so no text or mark runs over the edge."""
    draw, arguments = CHARTS[name]
    png = draw(*arguments)
    assert png == draw(*arguments)
    assert b"Software" not in png
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    for edge in (pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:]):
        assert (edge == 255).all()


def test_twenty_classes_fit_a_screen() -> None:
    """A picture that can be looked at whole, with room for four digits in a cell."""
    draw, arguments = CHARTS["twenty"]
    pixels = cv2.imdecode(np.frombuffer(draw(*arguments), np.uint8), cv2.IMREAD_COLOR)
    assert pixels.shape[1] <= 1600
    assert pixels.shape[0] <= 1200
    made = matrix_of(TWENTY, TWENTY_NAMES)
    boxes = [text.get_window_extent() for text in made.axes[0].texts]
    assert max(box.width for box in boxes) <= classes.CELL_PX


def test_cells_hold_counts_and_shares_of_their_row() -> None:
    """Truth in rows with its number of cases; an empty cell is a 0, an empty class has no shares."""
    axes = matrix_of(THREE, LONG).axes[0]
    assert [text.get_text() for text in axes.texts] == [
        *("8\n80.0 %", "1\n10.0 %", "1\n10.0 %"),
        *("–", "–", "–"),
        *("1,234\n99.9 %", "0", "1\n0.1 %"),
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "adipose  (n = 10)",
        "colorectal adenocarcinoma epithelium  (n = 0)",
        "normal colon mucosa  (n = 1,235)",
    ]
    assert [label.get_text() for label in axes.get_xticklabels()] == LONG
    shade = axes.images[0].get_array()
    assert shade is not None
    assert shade[0].tolist() == [0.8, 0.1, 0.1]


def test_rows_of_the_table_may_come_in_any_order_or_lack() -> None:
    """A pair without a row counts 0."""
    shuffled = THREE[THREE["n"] > 0].sample(frac=1, random_state=0)
    assert classes.confusion(shuffled, LONG, "t") == classes.confusion(THREE, LONG, "t")


def test_two_classes_are_drawn_as_a_decision() -> None:
    """The second class is the positive one: TP first, as in every other confusion of this house."""
    expected = figure.confusion(385, 34, 5, 200, ("ill", "normal"), "t", "cases")
    assert classes.confusion(TWO, ["normal", "ill"], "t") == expected


def test_flags_are_drawn_as_found_or_not() -> None:
    """Two cells a class."""
    axes = matrix_of(FLAGS, ["mass", "oedema"]).axes[0]
    assert [text.get_text() for text in axes.texts] == ["3\n75.0 %", "1\n25.0 %", "–", "–"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["called so", "not called so"]


def test_curves_are_the_coordinates_given() -> None:
    """Both curves and both points; a point without a precision is on one curve alone, and in the legend."""
    made = drawn(classes.curves, *CHARTS["curves"][1])
    roc, precision_recall = made.axes
    assert roc.lines[1].get_xydata().tolist() == ROC.to_numpy().tolist()
    assert precision_recall.lines[1].get_xydata().tolist() == PRECISION_RECALL.to_numpy().tolist()
    assert precision_recall.lines[0].get_ydata() == [0.6, 0.6]  # what guessing gives
    assert [line.get_xydata().tolist() for line in roc.lines[2:]] == [[[0.5, 0.9]], [[0.0, 0.0]]]
    assert precision_recall.lines[2].get_xydata().tolist() == [[0.9, 0.7]]
    said = texts(made)
    assert "ROC curve, area 0.930 [0.900, 0.960]" in said
    assert "precision-recall curve, area 0.910 [0.870, 0.950]" in said
    assert "screening: threshold 0.125, sensitivity 0.900, specificity 0.500" in said
    assert "nothing: threshold 0.9999998, sensitivity 0.000, specificity 1.000" in said
    assert len({line.get_marker() for line in roc.lines[2:]}) == 2


def test_bars_are_as_long_as_the_scores() -> None:
    """A bar a score a class; what is absent is written, not drawn as 0."""
    made = drawn(classes.per_class, *CHARTS["bars"][1])
    axes = made.axes[0]
    precision, recall = axes.containers
    assert [bar.get_width() for bar in precision.patches] == [0.95, 0.0, 1.0]
    assert [bar.get_width() for bar in recall.patches] == [0.5, 0.0, 0.0]
    assert [text.get_text() for text in axes.texts] == ["0.950", "undefined", "1.000", "0.500", "0.000", "undefined"]
    assert "adipose  (n = 1,200)" in texts(made)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at])


MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("confusion matrix: 21 classes", lambda: classes.confusion(TWENTY, [*TWENTY_NAMES, "one more"], "t")),
    ("confusion matrix: 0 classes", lambda: classes.confusion(TWENTY, [], "t")),
    ("confusion matrix: 'normal colon mucosa'", lambda: classes.confusion(THREE, LONG[:2], "t")),
    ("scores by class: no class", lambda: classes.per_class({}, "t")),
]


@pytest.mark.parametrize(("where", "call"), MISTAKES)
def test_what_does_not_fit_is_refused(where: str, call: Callable[[], object]) -> None:
    """Numbers that can't be drawn are a GlassboxError that names them."""
    with pytest.raises(GlassboxError, match=f"^{where}"):
        call()
