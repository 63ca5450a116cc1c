"""Charts of a classifier as PNG bytes: who was called what, the curves its operating points lie on, scores by class.

Everything drawn is handed over as numbers; nothing is counted here. Titles should name the data set and the model.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.errors import GlassboxError
from glassbox.render import palette
from glassbox.render.figure import Interval, blank, confusion_matrix, drawn, model_style, text_width

MOST = 20  # classes whose numbers can be read on one page
CELL_PX, LEAST_PX = 56, 340  # width of a cell, and of all together at least: a title needs room
BARS = {"precision": 0, "recall": 2}  # each with the colour of the variant that is trained for it
NOT = ("called so", "not called so")


def confusion(table: pd.DataFrame, names: Sequence[str], title: str) -> bytes:
    """Counts of cases, truth in rows, prediction in columns, each with its share of the row's truth.

    `table` has the columns `actual`, `predicted` and `n`; a pair without a row counts 0. Where `predicted` says
    ``not <name>``, every class has two cells: its cases that were called so and those that were not. Shaded by the
    share; a class without a case has none: "–". Two classes are drawn in the colours of TP, FP and FN, the second one,
    the positive, first. Raises GlassboxError for more than 20 classes and for names that are not in `names`.
    """
    if not 1 <= len(names) <= MOST:
        raise GlassboxError("confusion matrix", f"{len(names)} classes", f"1 to {MOST}")
    apart = set(table["predicted"]) & {f"not {name}" for name in names} - set(names)
    known = {*names, *apart}
    if strange := sorted((set(table["actual"]) - set(names)) | (set(table["predicted"]) - known)):
        raise GlassboxError("confusion matrix", f"'{strange[0]}'", f"one of {', '.join(names)}")
    counts = table.groupby(["actual", "predicted"])["n"].sum().to_dict()
    if apart:
        pairs = [[counts.get((name, said), 0) for said in (name, f"not {name}")] for name in names]
        return _matrix(np.array(pairs), names, NOT, title)
    matrix = np.array([[counts.get((true, said), 0) for said in names] for true in names])
    if len(names) == 2:
        return confusion_matrix(matrix[::-1, ::-1], names[::-1], title)
    return _matrix(matrix, names, names, title)


@drawn
def _matrix(matrix: npt.NDArray[np.integer], rows: Sequence[str], columns: Sequence[str], title: str) -> Figure:
    """``(R, C) int``: a cell has its count and, below it, its per cent of the row; where nobody is, a faint 0."""
    total = matrix.sum(axis=1, keepdims=True)
    share = np.divide(matrix, total, out=np.full(matrix.shape, np.nan), where=total > 0)
    labels = [f"{name}  (n = {count:,})" for name, count in zip(rows, total[:, 0], strict=True)]
    cell = max(CELL_PX, LEAST_PX // len(columns))
    left, widest = (max(text_width(name, palette.SMALL_PT) for name in names) for names in (labels, columns))
    steep = widest > cell - 8
    below = widest * math.sin(math.radians(45)) if steep else 0
    figure = blank(round(cell * len(columns) + left + 90), round(42 * len(rows) + below + 130), title)
    axes = figure.subplots()
    axes.imshow(share, aspect="auto", cmap=palette.HEAT, vmin=0, vmax=1)
    axes.set_xticks(range(len(columns)), columns, rotation=45 if steep else 0, ha="right" if steep else "center")
    axes.set_yticks(range(len(rows)), labels)
    _ruled(axes, matrix.shape)
    axes.set(ylabel="truth", xlabel="" if columns is NOT else "prediction")
    for row, column in np.ndindex(matrix.shape):
        part, count = share[row, column], matrix[row, column]
        text = f"{count:,}\n{100 * part:.1f} %" if count else "–" if math.isnan(part) else "0"
        ink = palette.unit(palette.PAPER if count and part <= 0.55 else palette.FAINT if part == 0 else palette.INK)
        axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=palette.SMALL_PT)
    return figure


def _ruled(axes: Axes, shape: tuple[int, ...]) -> None:
    """White lines between cells in place of ticks and frame."""
    axes.set_axisbelow(False)
    axes.grid(False)
    axes.set_yticks(np.arange(1, shape[0]) - 0.5, minor=True)
    axes.set_xticks(np.arange(1, shape[1]) - 0.5, minor=True)
    axes.grid(which="minor", color=palette.unit(palette.PAPER), linewidth=1)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)


@drawn
def curves(
    roc: pd.DataFrame,
    precision_recall: pd.DataFrame,
    points: pd.DataFrame,
    areas: Mapping[str, Interval],
    title: str,
) -> Figure:
    """The ROC curve and the precision-recall curve side by side, with the operating points on both.

    `roc` has the columns `false_positive_rate` and `sensitivity`; `precision_recall` has `recall` and `precision`, the
    row of all cases called positive first; `points` has `point`, `threshold`, `false_positive_rate`, `sensitivity` and
    `precision`, where a value that is not finite is not drawn. `areas` has `auroc` and `auprc`, each (mean, low,
    high). Dotted: what guessing gives. Colour and marker of a point follow from its row.
    """
    figure = blank(1000, 490 + 18 * math.ceil(len(points) / 2), title)
    left, right = figure.subplots(1, 2)
    ink, faint = palette.unit(palette.INK), palette.unit(palette.FAINT)
    left.plot([0, 1], [0, 1], color=faint, linestyle=":")
    left.plot(roc["false_positive_rate"], roc["sensitivity"], color=ink, linewidth=1.5)
    left.set(xlabel="1 − specificity", ylabel="sensitivity", title=f"ROC curve, area {_area(areas['auroc'])}")
    right.axhline(precision_recall["precision"].iloc[0], color=faint, linestyle=":")
    steps = {"color": ink, "linewidth": 1.5, "drawstyle": "steps-post"}  # the area does not interpolate either
    right.plot(precision_recall["recall"], precision_recall["precision"], **steps)
    right.set(xlabel="sensitivity (recall)", ylabel="precision")
    right.set_title(f"precision-recall curve, area {_area(areas['auprc'])}")
    for axes in (left, right):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    _marked(left, right, points)
    if len(points):
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _marked(roc: Axes, precision_recall: Axes, points: pd.DataFrame) -> None:
    """The operating points on both curves."""
    for position, point in enumerate(points.to_dict("records")):
        label = f"{point['point']}: threshold {point['threshold']:.9g}, sensitivity {point['sensitivity']:.3f}, "
        label += f"specificity {1 - point['false_positive_rate']:.3f}"
        style = model_style(position) | {"markersize": 10, "linestyle": "none", "markeredgecolor": "white"}
        roc.plot([point["false_positive_rate"]], [point["sensitivity"]], label=label, **style)
        precision_recall.plot([point["sensitivity"]], [point["precision"]], **style)


def _area(area: Interval) -> str:
    mean, low, high = area
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]"


@drawn
def per_class(table: Mapping[str, Mapping[str, float]], title: str) -> Figure:
    """Precision and recall of each class as bars, one group a class: ``table[name] = {precision, recall, support}``.

    Both in [0, 1]; one that is absent is undefined, and written so. Precision is blue and above, recall purple and
    hatched. Raises GlassboxError for no class.
    """
    if not table:
        raise GlassboxError("scores by class", "no class", "at least one")
    labels = [f"{name}  (n = {scores['support']:,.0f})" for name, scores in table.items()]
    left = max(text_width(label, palette.TEXT_PT) for label in labels)
    figure = blank(round(left + 560), 140 + 44 * len(table), title)
    axes = figure.subplots()
    for shift, (score, colour) in zip((-0.19, 0.19), BARS.items(), strict=True):
        values = [scores.get(score, math.nan) for scores in table.values()]
        with matplotlib.rc_context({"hatch.linewidth": 0.6}):
            axes.barh(
                np.arange(len(values)) + shift,
                np.nan_to_num(values),
                height=0.36,
                label=score,
                color=palette.unit(palette.line(colour)),
                hatch="////" if score == "recall" else None,
                edgecolor="white",
            )
        _numbers(axes, values, shift)
    axes.set_yticks(range(len(labels)), labels, fontsize=palette.TEXT_PT)
    axes.set(xlim=(0, 1.12), ylim=(len(labels) - 0.4, -0.6))
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.grid(axis="y", visible=False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _numbers(axes: Axes, values: Sequence[float], shift: float) -> None:
    """Each bar's value beside its end."""
    style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": palette.SMALL_PT}
    for place, value in enumerate(values):
        text, end = ("undefined", 0.0) if math.isnan(value) else (f"{value:.3f}", value)
        axes.annotate(text, (end, place + shift), (4, 0), **style)
