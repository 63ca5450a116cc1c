"""Scores by subgroup: where a model is worse than its mean tells.

`attributes` has one row a case: columns of 0 and 1 say yes or no, `ita_deg` is the skin's tone, every other column is a
measure whose cases are cut into thirds.
"""

from typing import Any

import numpy as np
import pandas as pd

from glassbox.errors import GlassboxError
from glassbox.metrics.interval import bootstrap_mean

FEWEST = 10  # a smaller group says nothing, and its mean would be read as if it did
SCORED = ("dice", "iou", "precision", "recall")
THIRDS = ("low", "middle", "high")
# Chardon 1991 (doi:10.1111/j.1467-2494.1991.tb00561.x): the group above each angle in degrees.
TONES = {55.0: "very_light", 41.0: "light", 28.0: "intermediate", 10.0: "tan", -30.0: "brown", -np.inf: "dark"}


def groups(values: pd.Series) -> pd.Series:
    """The group each case belongs to by one attribute, as text; missing where the attribute is.

    `ita_deg`: the tone; a column of 0 and 1: `no` and `yes`; others: `low`, `middle` and `high` third, cut at the
    quantiles of the cases given. Thirds that can't be told apart, since too many cases share a value, merge.
    """
    known = values.dropna()
    if values.name == "ita_deg":
        return known.map(lambda angle: next(name for bound, name in TONES.items() if angle > bound)).reindex(
            values.index
        )
    if set(known) <= {0.0, 1.0}:
        return known.map({0.0: "no", 1.0: "yes"}).reindex(values.index)
    low, high = known.quantile([1 / 3, 2 / 3])
    return known.map(lambda value: THIRDS[int(value > low) + int(value > high)]).reindex(values.index)


def summary(
    cases: pd.DataFrame, attributes: pd.DataFrame, failure_at: float, seed: int, resamples: int
) -> dict[str, dict[str, dict[str, Any]]]:
    """Every attribute's groups: `n`, means of the scores with their 95 % intervals, and `failure_rate`.

    `cases` is a scored table of the same cases in the same order. A group of fewer than 10 cases has `n` and
    `too_small` alone. `worst` repeats the group of lowest mean IoU, by attribute and name, where there is one. Raises
    GlassboxError where the cases differ.
    """
    if list(cases["case"].astype(str)) != [str(name) for name in attributes.index]:
        raise GlassboxError("subgroups", "attributes of other cases", "the scored cases in the same order")
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name in attributes:
        labels = groups(attributes[name]).to_numpy()
        found[str(name)] = {
            label: _told(cases[labels == label], failure_at, seed, resamples) for label in _ordered(labels)
        }
    means = {
        (name, label): told["iou"]["mean"]
        for name, labelled in found.items()
        for label, told in labelled.items()
        if "iou" in told
    }
    if means:
        name, label = min(means, key=lambda key: (means[key], key))
        found["worst"] = {f"{name}_{label}": found[name][label]}
    return found


def _ordered(labels: "np.ndarray[Any, Any]") -> list[str]:
    """The labels that occur, lightest, lowest or `no` first."""
    order = [*TONES.values(), *THIRDS, "no", "yes"]
    return [label for label in order if label in set(labels.tolist())]


def _told(cases: pd.DataFrame, failure_at: float, seed: int, resamples: int) -> dict[str, Any]:
    if len(cases) < FEWEST:
        return {"n": len(cases), "too_small": 1}
    told: dict[str, Any] = {"n": len(cases)}
    for name in SCORED:
        mean, low, high = bootstrap_mean(cases[name].to_numpy(), seed, resamples)
        told[name] = {"mean": round(mean, 4), "ci_low": round(low, 4), "ci_high": round(high, 4)}
    return told | {"failure_rate": round(float((cases["iou"] < failure_at).mean()), 4)}
