"""Predicted quality: how good a mask will turn out to be, told without its truth, so that a person looks at the rest.

`maps` is `(F, H, W) float32 in [0, 1]`: the calibrated probabilities of one picture and of its flipped copies, flipped
back, the picture's own first. A linear regression, fitted on validation cases, turns three signs of trouble into a
predicted IoU.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_auc_score

from glassbox.errors import GlassboxError
from glassbox.metrics.interval import bootstrap_mean
from glassbox.metrics.overlap import Mask, count, scores

Maps = NDArray[np.float32]
Masks = NDArray[np.bool_]
Table = pd.DataFrame
Cut = Callable[[NDArray[np.float32], tuple[int, ...]], Mask]
SIGNS = ("expected_iou", "agreement", "sharpness")
FEWEST = 16  # cases to fit four weights on


def signs(maps: Maps, masks: Masks) -> dict[str, float]:
    """What the maps of one picture and their masks, `(F, H, W) bool`, tell of the first mask.

    Each lies in [0, 1] and is higher for a better mask.

    `expected_iou`  sum of p inside the mask / (pixels of the mask + sum of p outside it): the IoU to be expected if the
                    probabilities are frequencies and pixels independent; 1.0 where both are 0
    `agreement`     mean IoU of the mask with those of the flipped copies; 1.0 without a flipped copy
    `sharpness`     mean of 2 |p - 0.5| over the pixels whose p is above 0.05; 1.0 where there are none
    """
    own = maps[0].astype(np.float64)
    inside, outside = own[masks[0]].sum(), own[~masks[0]].sum()
    whole = masks[0].sum() + outside
    others = [scores(count(masks[0], other))["iou"] for other in masks[1:]]
    seen = own[own > 0.05]
    return {
        "expected_iou": float(inside / whole) if whole else 1.0,
        "agreement": float(np.mean(others)) if others else 1.0,
        "sharpness": float(np.mean(2 * np.abs(seen - 0.5))) if seen.size else 1.0,
    }


def table(cases: Sequence[str], truths: Iterable[tuple[Mask, Mask | None]], maps: Iterable[Maps], cut: Cut) -> Table:
    """One row a case: its name, its `signs`, the `iou` of its mask, and `tta_iou` and `tta_dice` of the mean map's.

    `truths` are each case's mask and the region it counts in, None for everywhere. `cut` makes the mask of one map at a
    size `(H, W)`. Signs are taken at the maps' own size, scores at the truth's.
    """
    rows = []
    for (truth, region), each in zip(truths, maps, strict=True):
        own = scores(count(truth, cut(each[0], truth.shape), region))
        mean = scores(count(truth, cut(each.mean(axis=0), truth.shape), region))
        masks = np.stack([cut(one, one.shape) for one in each])
        rows.append({**signs(each, masks), "iou": own["iou"], "tta_iou": mean["iou"], "tta_dice": mean["dice"]})
    return pd.DataFrame({"case": list(cases), **pd.DataFrame(rows)})


def told(cases: Table, known: Table, review: float) -> tuple[Table, dict[str, float]]:
    """`cases` with their `quality`, 6 decimals, and the weights, `fitted` on the `known` cases of another split."""
    weights = fitted(known, known["iou"], review)
    return assessed(cases, weights), weights


def assessed(cases: Table, weights: Mapping[str, float]) -> Table:
    """`cases` with the `quality` that weights fitted before foretell, 6 decimals."""
    return cases.assign(quality=predicted(cases, weights)).round(6)


def lowest(cases: pd.DataFrame, n: int) -> dict[str, str]:
    """The `n` cases of lowest `quality`, lowest first, each with its quality and IoU in a short line."""
    chosen = cases.sort_values(["quality", "case"]).head(n)
    return {str(row.case): f"quality {row.quality:.2f}  IoU {row.iou:.2f}" for row in chosen.itertuples()}


def uncertainty(maps: Maps) -> NDArray[np.float32]:
    """Binary entropy of the mean over the copies, in bits, `(H, W) float32 in [0, 1]`: 1 where p = 0.5.

    High where the copies disagree, and where all are undecided.
    """
    mean = maps.mean(axis=0, dtype=np.float64)
    return np.asarray((entr(mean) + entr(1 - mean)) / np.log(2), np.float32)


def fitted(table: pd.DataFrame, iou: ArrayLike, review: float) -> dict[str, float]:
    """Least squares of `iou` on the columns `SIGNS`: `constant`, one weight a sign, and `review_below`.

    `review_below` is the predicted quality under which the share `review` of these cases lies. Fewer than `FEWEST`
    cases are too few to fit: then the quality is `expected_iou` as it stands. Raises GlassboxError for no case at all.
    """
    if len(table) == 0:
        raise GlassboxError("predicted quality", "no case", "at least one to fit it on")
    record = {"constant": 0.0, **dict.fromkeys(SIGNS, 0.0), "expected_iou": 1.0}
    if len(table) >= FEWEST:
        found = LinearRegression().fit(table[list(SIGNS)].to_numpy(), np.asarray(iou))
        record = {name: round(float(w), 6) for name, w in zip(record, (found.intercept_, *found.coef_), strict=True)}
    return {**record, "review_below": round(float(np.quantile(predicted(table, record), review)), 6)}


def predicted(table: pd.DataFrame, record: Mapping[str, float]) -> NDArray[np.float64]:
    """The predicted IoU of each row of signs, `(N,) float64` cut to [0, 1]."""
    total = record["constant"] + sum(record[name] * table[name].to_numpy(np.float64) for name in SIGNS)
    return np.asarray(np.clip(total, 0.0, 1.0))


def risk_coverage(quality: ArrayLike, iou: ArrayLike) -> pd.DataFrame:
    """What is left when the cases of lowest predicted quality go to a person: one row a number of cases kept.

    Columns `coverage`, the share kept, from 1 / N to 1, and `risk`, their mean 1 - IoU (El-Yaniv 2010). Cases of one
    quality stay in their order.
    """
    order = np.argsort(-np.asarray(quality, np.float64), kind="stable")
    risks = 1 - np.asarray(iou, np.float64)[order]
    kept = np.arange(1, len(order) + 1)
    return pd.DataFrame({"coverage": kept / len(order), "risk": risks.cumsum() / kept})


def caught(quality: ArrayLike, failed: ArrayLike, share: float) -> float:
    """The share of the failed cases among the `share` of all cases with the lowest quality; 1.0 where none failed."""
    wrong = np.asarray(failed, bool)
    sent = np.argsort(np.asarray(quality, np.float64), kind="stable")[: round(share * len(wrong))]
    return float(wrong[sent].sum() / wrong.sum()) if wrong.any() else 1.0


def summary(cases: pd.DataFrame, failure_at: float, review: float, seed: int, resamples: int) -> dict[str, Any]:
    """How well `quality` finds failures (`iou < failure_at`), rounded to 4 decimals.

    `auroc`            of finding a failure by low quality; left out where all or none failed
    `error`            mean absolute difference of quality and IoU
    `caught`           share of the failures among the share `review` of lowest quality; `review` beside it
    `mean_risk`        area under the risk-coverage curve, and `least_risk` that of a perfect order
    `n`                cases and failures
    `tta`              `iou` and `dice` of the mean over the flipped copies, with their 95 % intervals
    """
    told, true = cases["quality"].to_numpy(np.float64), cases["iou"].to_numpy(np.float64)
    failed = true < failure_at
    found = {
        "error": float(np.abs(told - true).mean()),
        "caught": caught(told, failed, review),
        "review": review,
        "mean_risk": float(risk_coverage(told, true)["risk"].mean()),
        "least_risk": float(risk_coverage(true, true)["risk"].mean()),
    }
    if failed.any() and not failed.all():
        found["auroc"] = float(roc_auc_score(failed, -told))
    tta = {name: bootstrap_mean(cases[f"tta_{name}"].to_numpy(), seed, resamples) for name in ("iou", "dice")}
    return {
        **{name: round(value, 4) for name, value in found.items()},
        "n": {"cases": len(cases), "failures": int(failed.sum())},
        "tta": {
            name: {"mean": round(mean, 4), "ci_low": round(low, 4), "ci_high": round(high, 4)}
            for name, (mean, low, high) in tta.items()
        },
    }
