"""Calibration of a classifier: whether what it says at 0.8 is right eight times in ten, and the points it is used at.

Shapes and `form` are those of `metrics.classify.probability`. What is told is a prediction that can come true or not:
the positive class of `binary`, the predicted class of `multi-class` and `ordinal`, every flag of `multi-label`.
Everything here is meant for the validation split.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.points import by_confidence, by_threshold, chosen, reached
from glassbox.metrics.classify.probability import (
    Array,
    Labels,
    Logits,
    log_loss,
    predicted,
    probabilities,
    squared_error,
    truth_flags,
)
from glassbox.params import Form, Points


class Operating(NamedTuple):
    """How a classifier's logits become a decision: at `temperature`; for `binary` from `threshold` up it's positive.

    `points` are the thresholds of all operating points by name, empty where the form has none.
    """

    temperature: float
    threshold: float | None
    points: dict[str, float]


def reliability(probabilities: Array, labels: Labels, form: Form, bins: int) -> pd.DataFrame:
    """The reliability table: predictions by their probability, in `bins` bins of one width.

    Columns `low`, `high` (the bin's bounds, the upper one excluded but for 1.0), `predictions`, `predicted` (their mean
    probability) and `observed` (the share of them that came true); bins without a prediction are left out.
    """
    if bins < 1:
        raise GlassboxError("reliability", f"{bins} bins", "at least one")
    said, true = _told(probabilities, labels, form)
    at = np.minimum((said * bins).astype(np.int64), bins - 1)
    count = np.bincount(at, minlength=bins)
    filled = np.flatnonzero(count)
    return pd.DataFrame(
        {
            "low": filled / bins,
            "high": (filled + 1) / bins,
            "predictions": count[filled],
            "predicted": np.bincount(at, said, bins)[filled] / count[filled],
            "observed": np.bincount(at, true, bins)[filled] / count[filled],
        }
    )


def expected_error(table: pd.DataFrame) -> float:
    """ECE: the mean distance of `predicted` and `observed`, weighed by `predictions` (Naeini 2015; Guo 2017)."""
    return float(np.average((table["predicted"] - table["observed"]).abs(), weights=table["predictions"]))


def errors(logits: Logits, labels: Labels, form: Form, bins: int, temperature: float) -> dict[str, dict[str, float]]:
    """`ece`, `brier` and `nll`, `before` and `after` the temperature, to 4 significant digits.

    Means over cases of `squared_error` and `log_loss`.
    """
    told = {}
    for name, heat in (("before", 1.0), ("after", temperature)):
        said = probabilities(logits, form, heat)
        found = {
            "ece": expected_error(reliability(said, labels, form, bins)),
            "brier": float(squared_error(said, labels, form).mean()),
            "nll": float(log_loss(said, labels, form).mean()),
        }
        told[name] = {key: float(f"{value:.4g}") + 0.0 for key, value in found.items()}
    return told


def thresholds(logits: Logits, labels: Labels, form: Form, temperature: float) -> pd.DataFrame:
    """What every threshold gives: for `binary` `points.by_threshold`, for other forms `points.by_confidence`."""
    said = probabilities(logits, form, temperature)
    return by_threshold(said[:, 1], labels) if form == "binary" else by_confidence(said, labels, form)


def calibration_summary(
    logits: Logits,
    labels: Labels,
    form: Form,
    bins: int,
    temperature: float,
    thresholds: pd.DataFrame,
    wanted: Points,
) -> dict[str, Any]:
    """The record of a calibration: `temperature`, and `errors` before and after it.

    For `binary` also `points`, each operating point's threshold and what it gives on these cases (4 decimals), and the
    `threshold` of the default one, 0.5 where there are none. `thresholds` is the table of the function of that name.
    Raises GlassboxError where a point can't be reached, and where another form has points.
    """
    record: dict[str, Any] = {"temperature": temperature, **errors(logits, labels, form, bins, temperature)}
    if form != "binary":
        if wanted.points:
            raise GlassboxError("operating points", f"points for a {form} task", "none, for they cut one class")
        return record
    points = {name: reached(thresholds, cut) for name, cut in chosen(thresholds, wanted).items()}
    threshold = 0.5 if wanted.default is None else points[wanted.default]["threshold"]
    return {"temperature": record.pop("temperature"), "threshold": threshold, **record, "points": points}


def operating(record: Mapping[str, Any]) -> Operating:
    """What a calibration's record says of how its model is used."""
    points = {name: point["threshold"] for name, point in record.get("points", {}).items()}
    return Operating(record["temperature"], record.get("threshold"), points)


def plotted(
    logits: Logits, labels: Labels, form: Form, bins: int, temperature: float
) -> dict[str, tuple[pd.Series, pd.Series, pd.Series]]:
    """The reliability tables before and after `temperature`, as a chart takes them."""
    tables = {
        "before": reliability(probabilities(logits, form, 1.0), labels, form, bins),
        f"temperature {temperature:g}": reliability(probabilities(logits, form, temperature), labels, form, bins),
    }
    return {name: (table["predicted"], table["observed"], table["predictions"]) for name, table in tables.items()}


def _told(probabilities: Array, labels: Labels, form: Form) -> tuple[Array, NDArray[np.bool_]]:
    """The probability of every prediction, and whether it came true."""
    flags = truth_flags(labels, form, probabilities.shape[1])
    if form == "binary":
        return probabilities[:, 1], flags[:, 1]
    if form == "multi-label":
        return probabilities.ravel(), flags.ravel()
    return probabilities.max(axis=1), flags[np.arange(len(flags)), predicted(probabilities, form, None)]
