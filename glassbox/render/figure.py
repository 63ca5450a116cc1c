"""Charts as PNG bytes: confusion matrices, training curves, intervals, reliability, distributions of scores.

A chart is a function from plain numbers to ``bytes``: the same numbers give the same bytes, whatever the machine's
matplotlib settings (``drawn``). Where several models are drawn, a model's colour and marker follow from its position:
hand every chart the same order, precision, balanced, recall, base. Titles should name the data set and the model.
"""

import functools
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, ParamSpec

import matplotlib
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from glassbox.errors import GlassboxError
from glassbox.render import palette

P = ParamSpec("P")
Interval = tuple[float, float, float]
"""Mean, low end, high end."""


def drawn(make: Callable[P, Figure]) -> Callable[P, bytes]:
    """Turn a function that makes a figure into one that returns its PNG bytes, always in the house style.

    A user's matplotlibrc is set aside, and the PNG says neither which program wrote it nor when, so that equal figures
    are equal bytes. The figure itself is at ``draw.__wrapped__(...)``.
    """

    @functools.wraps(make)
    def draw(*args: P.args, **kwargs: P.kwargs) -> bytes:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(palette.STYLE)
            file = io.BytesIO()
            make(*args, **kwargs).savefig(file, format="png", dpi=palette.DPI, metadata={"Software": None})
        return file.getvalue()

    return draw


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size_pt: float, bold: bool = False) -> float:
    """Width of one line of text in pixels at ``palette.DPI``."""
    font = FontProperties(family=palette.FONT, size=size_pt, weight="bold" if bold else "normal")
    return float(RendererAgg(1, 1, palette.DPI).get_text_width_height_descent(text, font, ismath=False)[0])


def wrap(text: str, width_px: float, size_pt: float, bold: bool = False) -> list[str]:
    """Lines of ``text``, each at most ``width_px`` wide: broken at spaces, and inside a word only if it alone is wider.

    >>> wrap("ISIC_0012086 Dice 0.91", 100, 9.0)
    ['ISIC_0012086', 'Dice 0.91']
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if text_width(joined, size_pt, bold) <= width_px:
                line = joined
                continue
            lines += [line] if line else []
            while len(word) > 1 and text_width(word, size_pt, bold) > width_px:
                fits = max(n for n in range(1, len(word)) if n == 1 or text_width(word[:n], size_pt, bold) <= width_px)
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        lines.append(line)
    return lines


def blank(
    width_px: int, height_px: int, title: str = "", layout: Literal["constrained"] | None = "constrained"
) -> Figure:
    """An empty white figure of exactly ``width_px`` by ``height_px`` pixels with an Agg canvas."""
    size = (width_px / palette.DPI, height_px / palette.DPI)
    figure = Figure(figsize=size, dpi=palette.DPI, facecolor="white", layout=layout)
    FigureCanvasAgg(figure)
    if title:
        lines = wrap(title, width_px - 40, palette.TITLE_PT, bold=True)
        figure.suptitle("\n".join(lines), fontsize=palette.TITLE_PT, fontweight="bold")
    return figure


def model_style(position: int) -> dict[str, Any]:
    """Colour and marker keywords of the model at ``position``."""
    return {"color": palette.unit(palette.line(position)), "marker": palette.marker(position), "markersize": 4.5}


def confusion(tp: int, fp: int, fn: int, tn: int, labels: tuple[str, str], title: str, unit: str = "pixels") -> bytes:
    """Counts and percentages of a binary decision side by side; ``labels`` are (positive, negative)."""
    return confusion_matrix(np.array([[tp, fn], [fp, tn]]), labels, title, unit)


@drawn
def confusion_matrix(matrix: npt.NDArray[np.integer], labels: Sequence[str], title: str, unit: str = "cases") -> Figure:
    """A ``(K, K) int`` matrix, truth in rows, prediction in columns: counts, and per cent of each row's truth.

    The diagonal of the right half is each class's recall. A class that never occurs has no percentages: "–". Both
    halves are shaded by the percentage; with K = 2 (positive class first) in the colours of TP, FP and FN.
    """
    count = len(labels)
    if matrix.shape != (count, count) or (matrix < 0).any():
        raise GlassboxError("confusion matrix", f"{matrix.shape} for {count} labels", f"counts ({count}, {count})")
    total = matrix.sum(axis=1, keepdims=True)
    share = np.divide(matrix, total, out=np.full(matrix.shape, np.nan), where=total > 0)
    side = max(330, 62 * count + 100)
    tallest = 0 if count < 4 else round(max(text_width(label, palette.SMALL_PT) for label in labels))
    figure = blank(2 * side + 60, side + 90 + tallest // 2, title)
    left, right = figure.subplots(1, 2, sharey=True)
    counts = [[f"{value:,}" for value in row] for row in matrix]
    _cells(left, share, counts, labels, f"{unit}, n = {int(matrix.sum()):,}")
    percents = [["–" if math.isnan(value) else f"{100 * value:.1f} %" for value in row] for row in share]
    _cells(right, share, percents, labels, "per cent of each true class")
    left.set_ylabel("truth")
    return figure


def _cells(
    axes: Axes, share: npt.NDArray[np.floating], cells: list[list[str]], labels: Sequence[str], head: str
) -> None:
    """One half of a confusion matrix: ``cells`` in squares shaded by ``share`` of the row, (K, K) in [0, 1] or NaN."""
    weight = np.nan_to_num(share)[:, :, None]
    names = [["TP", "FN"], ["FP", "TN"]] if len(labels) == 2 else None
    shade = matplotlib.colormaps[palette.HEAT](weight[:, :, 0])[:, :, :3]
    if names:
        meaning = [[palette.TRUE_POSITIVE, palette.FALSE_NEGATIVE], [palette.FALSE_POSITIVE, palette.FAINT]]
        shade = 1 - (0.12 + 0.5 * weight) * (1 - np.array(meaning) / 255)
    axes.imshow(shade, aspect="auto")
    axes.grid(False)
    axes.set_xticks(range(len(labels)), labels, rotation=0 if len(labels) < 4 else 40)
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set(title=head, xlabel="prediction")
    for row, column in np.ndindex(share.shape):
        ink = "black" if names or weight[row, column, 0] > 0.55 else "white"
        text = f"{names[row][column]}\n{cells[row][column]}" if names else cells[row][column]
        size = palette.HEADER_PT if names else palette.SMALL_PT
        axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=size)


@drawn
def curves(histories: Mapping[str, pd.DataFrame], title: str, score: str = "Dice") -> Figure:
    """Loss, validation score and learning rate by epoch; one history a model.

    A history has the columns ``epoch``, ``loss``, ``val_loss``, ``learning_rate`` and ``val_<score>`` in small letters.
    Losses of models trained with different losses can't be compared with each other; scores can.
    """
    if not histories:
        raise GlassboxError("training curves", "no history", "the history of at least one model")
    column = f"val_{score.lower()}"
    needed = ["epoch", "loss", "val_loss", column, "learning_rate"]
    for model, history in histories.items():
        if missing := [name for name in needed if name not in history.columns]:
            raise GlassboxError(
                f"history of {model}", f"no column {', '.join(missing)}", "columns " + ", ".join(needed)
            )
    figure = blank(1150, 430, title)
    loss, value, rate = figure.subplots(1, 3, width_ratios=(4, 4, 2.2))
    for position, (model, history) in enumerate(histories.items()):
        style, epoch, reached = model_style(position) | {"markevery": 0.15}, history["epoch"], history[column]
        loss.plot(epoch, history["loss"], linestyle="--", linewidth=1, **style | {"marker": None})
        loss.plot(epoch, history["val_loss"], **style)
        value.plot(epoch, reached, label=model, **style)
        rate.plot(epoch, history["learning_rate"], linewidth=1, **style)
        if reached.notna().any():
            top = int(np.nanargmax(reached))
            value.plot(epoch.iloc[top], reached.iloc[top], "o", markersize=10, fillstyle="none", color=style["color"])
    loss.set(title="loss: training dashed, validation solid")
    value.set(title=f"validation {score}; ring: best epoch")
    rate.set(title="learning rate")
    _logarithmic(rate, (1, 2, 5))
    for axes in (loss, value, rate):
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    figure.legend(*value.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


@drawn
def intervals(rows: Mapping[str, Mapping[str, Interval]], title: str, note: str = "") -> Figure:
    """Dot and whisker, one panel a metric, one row a model: ``rows[model][metric] = (mean, low, high)``.

    Every panel has its own axis, so metrics of different units can stand together. An interval that is not finite is
    written "undefined" instead of drawn. ``note`` says what the whiskers are, for instance "95 % bootstrap intervals".
    """
    metrics = list(dict.fromkeys(metric for row in rows.values() for metric in row))
    if not metrics:
        raise GlassboxError("intervals", "no metric of any model", "at least one (mean, low, high)")
    down = math.ceil(len(metrics) / 5)
    across = math.ceil(len(metrics) / down)
    figure = blank(130 + 250 * across, 90 + down * (70 + 42 * len(rows)), title)
    grid = figure.subplots(down, across, squeeze=False, sharey=True).ravel()
    for axes, metric in zip(grid, metrics, strict=False):
        axes.set_title(metric)
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.7)
        axes.margins(x=0.25)
        axes.grid(axis="y", visible=False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        for position, row in enumerate(rows.values()):
            _whisker(axes, position, row.get(metric, (math.nan,) * 3))
    for axes in grid[len(metrics) :]:
        axes.set_visible(False)
    if note:
        figure.supxlabel(note, fontsize=palette.SMALL_PT, color=palette.unit(palette.FAINT))
    return figure


def _whisker(axes: Axes, position: int, interval: Interval) -> None:
    """One dot with its whisker, and its numbers above it; three decimals for shares, one for anything larger."""
    if not all(map(math.isfinite, interval)):
        axes.text(0.5, position, "undefined", transform=axes.get_yaxis_transform(), ha="center", va="center")
        return
    mean, low, high = interval
    axes.plot([low, high], [position, position], color=palette.unit(palette.line(position)), linewidth=2)
    axes.plot([mean], [position], **model_style(position) | {"markersize": 7})
    digits = 3 if max(map(abs, interval)) <= 1 else 1
    text = f"{mean:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"
    axes.annotate(text, (mean, position), (0, 7), textcoords="offset points", ha="center", fontsize=palette.SMALL_PT)


def _logarithmic(axes: Axes, steps: Sequence[int]) -> None:
    """A logarithmic y axis with plain numbers at ``steps`` times the powers of ten."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=steps, numticks=6))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))


@drawn
def reliability(bins: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]], title: str) -> Figure:
    """Mean confidence of each bin against the observed frequency, and how many predictions each bin holds.

    ``bins[name] = (confidence, frequency, count)``, each ``(B,)``, the first two in [0, 1]. On the diagonal a model is
    calibrated; below it is over-confident. Empty bins (``count`` 0) are left out.
    """
    figure = blank(520, 620, title)
    upper, lower = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    upper.plot([0, 1], [0, 1], color=palette.unit(palette.FAINT), linestyle=":", label="perfectly calibrated")
    for position, (name, columns) in enumerate(bins.items()):
        confidence, frequency, count = (np.asarray(column, np.float64) for column in columns)
        if not confidence.shape == frequency.shape == count.shape or confidence.ndim != 1:
            raise GlassboxError(f"reliability of {name}", "columns of different lengths", "three columns (B,)")
        full = count > 0
        upper.plot(confidence[full], frequency[full], label=name, **model_style(position))
        lower.plot(confidence[full], count[full], **model_style(position))
    upper.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), ylabel="observed frequency")
    upper.legend(loc="upper left")
    lower.set(xlabel="predicted probability", ylabel="predictions")
    _logarithmic(lower, (1,))
    return figure


@drawn
def histogram(scores: Mapping[str, npt.ArrayLike], title: str, name: str = "Dice") -> Figure:
    """Distribution of a per-case score in [0, 1]: 20 bins, one strip a model; undefined (NaN) cases counted apart."""
    if not scores:
        raise GlassboxError("histogram", "no model", "the per-case scores of at least one model")
    figure = blank(640, 80 + 150 * len(scores), title)
    strips = figure.subplots(len(scores), 1, squeeze=False, sharex=True, sharey=True).ravel()
    for position, (axes, (model, values)) in enumerate(zip(strips, scores.items(), strict=True)):
        every = np.asarray(values, np.float64)
        value = every[np.isfinite(every)]
        if value.size and (value.min() < 0 or value.max() > 1):
            raise GlassboxError(f"{name} of {model}", f"{value.min()} to {value.max()}", "scores from 0 to 1")
        colour = palette.unit(palette.line(position))
        axes.hist(value, bins=20, range=(0, 1), color=colour, alpha=0.75, edgecolor="white")
        text = f"n = {value.size}" + (f", undefined {every.size - value.size}" if every.size > value.size else "")
        if value.size:
            text += f", mean {value.mean():.3f} (dashed), median {np.median(value):.3f} (dotted)"
            axes.axvline(value.mean(), color=palette.unit(palette.INK), linestyle="--", linewidth=1.2)
            axes.axvline(float(np.median(value)), color=palette.unit(palette.INK), linestyle=":", linewidth=1.2)
        axes.set_title(model, loc="left", fontweight="bold")
        axes.set_title(text, loc="right", fontsize=palette.SMALL_PT)
        axes.set(xlim=(0, 1), ylabel="cases")
    strips[-1].set_xlabel(name)
    return figure
