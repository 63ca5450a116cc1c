"""What was measured of each method of explanation, as a record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassbox.metrics.interval import bootstrap_mean

MEASURES = ("deletion_gain", "insertion_gain", "mass", "mass_gain", "pointing", "completeness")


def summary(
    cases: pd.DataFrame, batches: Iterable[Mapping[str, Any]], seed: int, resamples: int
) -> dict[str, dict[str, Any]]:
    """By method: each measure's mean over the cases that define it with its 95 % interval, and their number `n`.

    cases    one row a method and case: `method`, `case`, `dead` and `MEASURES`, empty where undefined
    batches  one row a method: `method`, `sensitivity`, `layers`, `stays`

    A measure that no case defines is left out. `dead` is the share of dead maps.
    """
    told: dict[str, dict[str, Any]] = {}
    for method, rows in cases.groupby("method", sort=False):
        found: dict[str, Any] = {"cases": len(rows), "dead": round(float(rows["dead"].mean()), 4)}
        for name in MEASURES:
            values = rows[name].dropna().to_numpy(np.float64)
            if len(values):
                found[name] = _interval(values, seed, resamples)
        told[str(method)] = found
    for row in batches:
        layers = {block: _rounded(value) for block, value in row["layers"].items()}
        told[row["method"]] |= {
            "sensitivity": _rounded(row["sensitivity"]),
            "correlation_with_shuffled": layers,
            "stays_with_shuffled_weights": row["stays"],
        }
    return told


def on_cue(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], seed: int, resamples: int
) -> dict[str, dict[str, dict[str, float] | float]]:
    """By method: the mean share of relevance on a planted cue in the network that learned it and in the one without.

    rows  of `model` and of `without`: one a method and case, `method`, `case` and `mass`, None where undefined

    `ratio` is that of the two means; it is left out where the lower one is 0, and so is a mean that no case defines.
    """
    told: dict[str, dict[str, Any]] = {}
    for role, found in rows.items():
        for method, table in pd.DataFrame(found).groupby("method", sort=False):
            shares = table["mass"].dropna().to_numpy(np.float64)
            told.setdefault(str(method), {}).update({role: shares} if len(shares) else {})
    for each in told.values():
        means = {role: float(shares.mean()) for role, shares in each.items()}
        for role, shares in each.items():
            each[role] = _interval(shares, seed, resamples)
        if "model" in means and means.get("without"):
            each["ratio"] = round(means["model"] / means["without"], 2)
    return told


def _interval(values: NDArray[np.float64], seed: int, resamples: int) -> dict[str, float]:
    mean, low, high = bootstrap_mean(values, seed, resamples)
    return {"mean": round(mean, 4), "ci_low": round(low, 4), "ci_high": round(high, 4), "n": len(values)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
