"""The tables of a segmentation model: one row a case, one row a batch, one summary.

Means are **per image** (every case weighs the same); `pooled` scores come from pixel counts summed over all cases
(every pixel weighs the same). The two differ, so both are published by name. A case whose truth is not empty holds a
lesion; it is *detected* if at least one of its pixels is hit, else *missed*.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from glassbox.errors import GlassboxError
from glassbox.metrics.interval import Interval, bootstrap_mean, paired_difference
from glassbox.metrics.overlap import Counts, Mask, count, scores, thresholded_jaccard
from glassbox.metrics.surface import hd95_px, surface_dice

Record = dict[str, Any]
COUNTS = Counts._fields
POOLED = ("dice", "iou", "precision", "recall", "specificity", "accuracy")
SCORES = (*POOLED, "f1", "thresholded_jaccard", "hd95_px", "surface_dice_2px")
COLUMNS = ("case", "batch", *COUNTS, *SCORES, "detected")

CAPTION = {"Dice": "dice", "P": "precision", "R": "recall"}


def at_threshold(probability: NDArray[np.floating[Any]], threshold: float) -> Mask:
    """The ``(H, W) bool`` mask of the pixels whose probability ``(H, W) float in [0, 1]`` reaches `threshold`.

    Raises GlassboxError on a value outside [0, 1], which NaN is too: it would silently read as background.

    >>> at_threshold(np.array([[0.4, 0.5, 0.6]], np.float32), 0.5).tolist()
    [[False, True, True]]
    """
    if not ((probability >= 0) & (probability <= 1)).all():
        raise GlassboxError("probability map", "a value outside [0, 1] or NaN", "sigmoid outputs, not logits")
    mask: Mask = probability >= float(threshold)  # a Python float takes the map's own precision
    return mask


def outline(probability: NDArray[np.floating[Any]], threshold: float, least_part: float, fill: bool) -> Mask:
    """The `at_threshold` mask, cleaned where asked.

    A part (8-connected) weighs ``sum max(2 p - 1, 0)`` over its pixels: how many more of those likelier in than out are
    expected to be right than wrong. Parts that weigh less than `least_part` times the weightiest are dropped, so that a
    small one that is sure outlasts a large one in doubt; all stay where none holds a pixel likelier in than out. `fill`
    then fills holes (4-connected background that does not reach the picture's edge). An empty mask stays empty.
    """
    mask = at_threshold(probability, threshold)
    if least_part > 0 and mask.any():
        labels, parts = ndimage.label(mask, np.ones((3, 3)))
        surplus = np.maximum(2.0 * probability.astype(np.float64) - 1.0, 0.0)
        weights = ndimage.sum_labels(surplus, labels, np.arange(1, parts + 1))
        mask = np.isin(labels, 1 + np.flatnonzero(weights >= least_part * weights.max()))
    return np.asarray(ndimage.binary_fill_holes(mask)) if fill else mask


def case_row(
    truth: Mask, prediction: Mask, thresholded_at: float, region: Mask | None = None
) -> dict[str, float | int]:
    """tp, fp, fn, tn, the ten scores and `detected` of one case, from ``(H, W) bool`` masks of one shape.

    Inside `region` only, where one is given: both masks are cut to it first, outlines included. `detected` is 1 if at
    least one true pixel is hit, else 0; for an empty truth 1 if the prediction is empty too, else 0.
    Raises GlassboxError on another dtype or on differing shapes; undefined scores as in `overlap` and `surface`.
    """
    counts = count(truth, prediction, region)
    if region is not None:
        truth, prediction = truth & region, prediction & region
    overlap = scores(counts)
    right_if_empty = counts.fn == 0 and counts.fp == 0
    return {
        **counts._asdict(),
        **overlap,
        "thresholded_jaccard": thresholded_jaccard(overlap["iou"], thresholded_at),
        "hd95_px": hd95_px(truth, prediction),
        "surface_dice_2px": surface_dice(truth, prediction, tolerance_px=2),
        "detected": int(counts.tp > 0 or right_if_empty),
    }


def cases_table(names: Sequence[str], rows: Sequence[Mapping[str, float | int]], batch_size: int) -> pd.DataFrame:
    """One row a case in the order given: `case`, `batch` (numbered from 0) and the columns of `case_row`.

    Raises GlassboxError where names and rows differ in number, a name comes twice or `batch_size` is below 1.
    """
    if len(names) != len(rows):
        raise GlassboxError("cases", f"{len(names)} names for {len(rows)} rows", "one name a row")
    if len(set(names)) != len(names):
        raise GlassboxError("cases", f"'{max(names, key=list(names).count)}' comes twice", "a name of its own each")
    if batch_size < 1:
        raise GlassboxError("cases", f"batch size {batch_size}", "at least 1")
    records = [
        {"case": name, "batch": at // batch_size, **row} for at, (name, row) in enumerate(zip(names, rows, strict=True))
    ]
    return pd.DataFrame(records, columns=list(COLUMNS))


def _missed(cases: pd.DataFrame) -> pd.Series:
    """Whether each case holds a lesion of which no pixel was hit."""
    return (cases["tp"] == 0) & (cases["fn"] > 0)


def batches_table(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a batch: `batch`, number of `cases`, means of the ten scores, sums of the counts, lesions `missed`."""
    columns = {
        "cases": ("case", "size"),
        **{name: (name, "mean") for name in SCORES},
        **{name: (name, "sum") for name in (*COUNTS, "missed")},
    }
    return cases.assign(missed=_missed(cases).astype(int)).groupby("batch", sort=True).agg(**columns).reset_index()


def summary(cases: pd.DataFrame, failure_at: float, seed: int, resamples: int) -> dict[str, Any]:
    """The metrics of one model as a nested dictionary of plain ints, and floats rounded to 4 decimals.

    `<score>`           mean over cases with its 95 % bootstrap interval: mean, ci_low, ci_high
    `pooled`            scores of the summed counts
    `failure_rate`      share of cases with ``iou < failure_at``
    `detection_rate`    share of lesions that are detected; 1.0 where no case holds a lesion
    `pixels`            FP and FN in percent of all scored pixels
    `n`                 cases, missed (lesions not detected), empty_truth (cases without a lesion)

    All means share their resamples. Raises GlassboxError on an empty table and on a score that is not finite.
    """
    if len(cases) == 0:
        raise GlassboxError("cases", "an empty table", "at least one scored case")
    total = Counts(*(int(cases[name].sum()) for name in COUNTS))
    missed = int(_missed(cases).sum())
    lesions = int(((cases["tp"] + cases["fn"]) > 0).sum())
    pooled = scores(total)
    return {
        **{name: _mean(cases[name], seed, resamples) for name in SCORES},
        "pooled": {name: round(pooled[name], 4) for name in POOLED},
        "failure_rate": round(float((cases["iou"] < failure_at).mean()), 4),
        "detection_rate": round((lesions - missed) / lesions, 4) if lesions else 1.0,
        "pixels": {
            "false_positive_percent": round(100 * total.fp / max(sum(total), 1), 4),
            "false_negative_percent": round(100 * total.fn / max(sum(total), 1), 4),
        },
        "n": {"cases": len(cases), "missed": missed, "empty_truth": len(cases) - lesions},
    }


def brief(
    truths: Sequence[tuple[Mask, Mask | None]], masks: Sequence[Mask], failure_at: float, seed: int, resamples: int
) -> Record:
    """Means of `dice` and `iou` over cases with 95 % intervals, and `failure_rate`; no boundaries, which are slow.

    `truths` are each case's mask and the region it counts in, None for everywhere.
    """
    pairs = zip(truths, masks, strict=True)
    rows = pd.DataFrame([scores(count(truth, mask, region)) for (truth, region), mask in pairs])
    told: Record = {name: _mean(rows[name], seed, resamples) for name in ("dice", "iou")}
    return {**told, "failure_rate": round(float((rows["iou"] < failure_at).mean()), 4)}


def _mean(values: pd.Series, seed: int, resamples: int) -> dict[str, float]:
    mean, low, high = bootstrap_mean(values.to_numpy(), seed, resamples)
    return {"mean": round(mean, 4), "ci_low": round(low, 4), "ci_high": round(high, 4)}


def representative_batch(batches: pd.DataFrame) -> int:
    """The number of the batch whose (dice, precision, recall) lie closest to their mean over all full-size batches.

    Closest: the least sum of absolute differences. Only batches with the largest number of cases compete, since a short
    last batch is not like the others; ties go to the lowest number. Raises GlassboxError on an empty table.
    """
    if len(batches) == 0:
        raise GlassboxError("batches", "an empty table", "at least one batch")
    full = batches[batches["cases"] == batches["cases"].max()].sort_values("batch")
    triples = full[["dice", "precision", "recall"]].to_numpy()
    # Rounded, so that the last bit of a float does not decide between two batches equally far from the mean.
    distances = np.abs(triples - triples.mean(axis=0)).sum(axis=1).round(9)
    return int(full["batch"].to_numpy()[distances.argmin()])


def worst(cases: pd.DataFrame, n: int) -> list[str]:
    """The names of the `n` cases with the lowest IoU, lowest first, ties by name; all of them where there are fewer."""
    ordered = cases.assign(case=cases["case"].astype(str)).sort_values(["iou", "case"])
    return [str(name) for name in ordered["case"].head(n)]


def confusion_table(cases: pd.DataFrame, target: str, background: str) -> pd.DataFrame:
    """Summed pixel counts of all cases as rows `actual`, `predicted` (each `target` or `background`), `n`."""
    cells = {
        (target, target): "tp",
        (target, background): "fn",
        (background, target): "fp",
        (background, background): "tn",
    }
    rows = [(actual, predicted, int(cases[name].sum())) for (actual, predicted), name in cells.items()]
    return pd.DataFrame(rows, columns=["actual", "predicted", "n"])


def of_batch(cases: pd.DataFrame, batch: int) -> pd.DataFrame:
    """The rows of one batch, indexed by case."""
    return cases[cases["batch"] == batch].set_index("case")


def caption(rows: pd.DataFrame) -> str:
    """Mean Dice, precision and recall of some rows, a case's or a batch's, in a short line."""
    return "  ".join(f"{title} {rows[name].mean():.2f}" for title, name in CAPTION.items())


def captions(cases: pd.DataFrame) -> list[str]:
    """The caption of each row."""
    return [caption(cases.iloc[[at]]) for at in range(len(cases))]


def means(cases: pd.DataFrame, seed: int, resamples: int) -> dict[str, Interval]:
    """The mean of every score with its 95 % interval."""
    return {name: bootstrap_mean(cases[name].to_numpy(), seed, resamples) for name in SCORES}


def against(
    reference: str, tables: Mapping[str, pd.DataFrame], seed: int, resamples: int
) -> dict[str, dict[str, dict[str, float]]]:
    """`compare` of every other model's table with that of `reference`."""
    others = {name: table for name, table in tables.items() if name != reference}
    return {name: compare(table, tables[reference], seed, resamples) for name, table in others.items()}


def compare(variant: pd.DataFrame, reference: pd.DataFrame, seed: int, resamples: int) -> dict[str, dict[str, float]]:
    """Mean difference, variant minus reference, over the same cases, of every score, with its 95 % interval.

    `excludes_zero` is 1 where the interval does not hold 0. Raises GlassboxError where the cases differ.
    """
    if list(variant["case"]) != list(reference["case"]):
        raise GlassboxError("comparison", "tables of different cases", "the same cases in the same order")
    differences = {}
    for name in SCORES:
        mean, low, high = paired_difference(variant[name], reference[name], seed, resamples)
        differences[name] = {
            "mean": round(mean, 4),
            "ci_low": round(low, 4),
            "ci_high": round(high, 4),
            "excludes_zero": int(low > 0 or high < 0),
        }
    return differences
