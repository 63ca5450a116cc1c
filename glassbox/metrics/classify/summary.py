"""The record of a classifier: headline scores with their intervals, operating points, and scores of each class.

Shapes and `form` are those of `metrics.classify.probability`. Scores are functions of case weights, so that each has an
interval: see `metrics.classify.bootstrap`. All intervals are 95 % and share their resamples.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.bootstrap import Array, Score, areas, intervals, mean_of_known, ratio
from glassbox.metrics.classify.points import at
from glassbox.metrics.classify.probability import Labels, log_loss, squared_error, truth_flags
from glassbox.params import Form

Flags = NDArray[np.bool_]


def summary(
    cases: pd.DataFrame,
    probabilities: Array,
    labels: Labels,
    form: Form,
    classes: Sequence[str],
    points: Mapping[str, float],
    seed: int,
    resamples: int,
) -> dict[str, Any]:
    """The metrics of one model: plain ints, and floats of 4 decimals but for thresholds; nothing undefined.

    `cases` is the `cases_table` of the same cases in the same order, which holds what they were called; `points` are
    thresholds by name, empty unless `binary`.

    `n`                 `cases`, and how many have each class, by its name
    `accuracy`          share of cases called rightly; for `multi-label` of those with every flag right (exact match)
    `flag_accuracy`     for `multi-label`: share of flags that are right
    `balanced_accuracy` mean recall of the classes that occur; for `multi-label` mean over classes of (recall +
                        specificity) / 2, of whichever is defined
    `f1`                for `binary` of class 1, else `macro`
    `auroc`, `auprc`    areas under the ROC and the precision-recall curve: for `binary` of class 1, else the mean over
                        classes, each against all others, of those that some cases have and some have not
    `kappa`             for `ordinal`: Cohen's kappa with quadratic weights (Cohen 1968, doi:10.1037/h0026256):
                        1 - sum (t - p)^2 / the same expected if truths t and grades p were independent
    `mae`               for `ordinal`: mean absolute difference of grades
    `nll`, `brier`      means of `log_loss` and `squared_error`

    each with `mean`, `ci_low`, `ci_high` and, where a score was undefined in some resamples, their number `left_out`.

    `points`            for `binary`: `points.at` each threshold
    `per_class`         by name: `precision`, `recall`, `f1`, `support` (cases that have it), `share` (of all cases)
    `macro`, `weighted` means of precision, recall and f1 over the classes that occur or were predicted, equal or by
                        support; what is undefined counts as 0 there, as in scikit-learn with `zero_division=0`

    Raises GlassboxError where cases, probabilities and labels do not belong together.
    """
    if not len(cases) == len(probabilities) == len(labels) or probabilities.shape[1] != len(classes):
        found = f"{len(cases)} cases, {probabilities.shape} probabilities, {len(labels)} labels"
        raise GlassboxError("summary", found, f"as many of each, {len(classes)} classes")
    flags, called = truth_flags(labels, form, len(classes)), called_flags(cases, form, classes)
    support = flags.sum(axis=0).tolist()
    record: dict[str, Any] = {"n": {"cases": len(cases), **dict(zip(classes, support, strict=True))}}
    score = _headline(cases, probabilities, labels, form, flags, called)
    record |= intervals(score, len(cases), seed, resamples)
    if form == "binary":
        record["points"] = {name: at(probabilities[:, 1], labels, cut, seed, resamples) for name, cut in points.items()}
    return record | _by_class(flags, called, classes)


def called_flags(cases: pd.DataFrame, form: Form, classes: Sequence[str]) -> Flags:
    """Which classes each case of a `cases_table` was said to have, ``(N, K) bool``."""
    if form == "multi-label":
        return np.asarray(cases[[f"predicted_{name}" for name in classes]].to_numpy() == 1)
    return np.asarray(cases["predicted"].to_numpy()[:, None] == np.arange(len(classes)))


def ranked(probabilities: Array, flags: Flags, form: Form, weights: Array) -> dict[str, Array]:
    """`auroc` and `auprc` for each row of weights ``(R, N)``: of class 1 for `binary`, else means over the classes."""
    columns = [1] if form == "binary" else range(flags.shape[1])
    pairs = [areas(probabilities[:, at], flags[:, at], weights) for at in columns]
    auroc, auprc = (mean_of_known(np.stack(values, axis=1)) for values in zip(*pairs, strict=True))
    return {"auroc": auroc, "auprc": auprc}


def _headline(
    cases: pd.DataFrame, probabilities: Array, labels: Labels, form: Form, flags: Flags, called: Flags
) -> Score:
    """The headline scores as functions of case weights."""
    means = {"accuracy": cases["correct"].to_numpy(np.float64)}
    losses = {"nll": log_loss(probabilities, labels, form), "brier": squared_error(probabilities, labels, form)}
    if form == "multi-label":
        means["flag_accuracy"] = (flags == called).mean(axis=1)

    def score(weights: Array) -> Mapping[str, Array]:
        total = weights.sum(axis=1)
        told = {name: weights @ values / total for name, values in means.items()}
        told |= _counted(flags, called, form, weights) | ranked(probabilities, flags, form, weights)
        if form == "ordinal":
            told |= _graded(labels[:, 0], cases["predicted"].to_numpy(), weights / total[:, None])
        return told | {name: weights @ values / total for name, values in losses.items()}

    return score


def _counted(flags: Flags, called: Flags, form: Form, weights: Array) -> dict[str, Array]:
    """`balanced_accuracy` and `f1` for each row of weights."""
    support, said, hits = (weights @ each.astype(np.float64) for each in (flags, called, flags & called))  # (R, K)
    recall, f1 = ratio(hits, support), ratio(2 * hits, support + said)
    if form == "multi-label":
        others = weights.sum(axis=1, keepdims=True) - support
        specificity = ratio(others - (said - hits), others)
        recall = mean_of_known(np.stack([recall, specificity], axis=2))
    return {"balanced_accuracy": mean_of_known(recall), "f1": f1[:, 1] if form == "binary" else mean_of_known(f1)}


def _graded(truth: Labels, grade: Labels, shares: Array) -> dict[str, Array]:
    """Quadratic `kappa` and `mae` of grades for each row of weights that sum to 1.

    Expected if independent: E(t - p)^2 = E t^2 + E p^2 - 2 E t E p, so no table of pairs is needed.
    """
    t, p = truth.astype(np.float64), grade.astype(np.float64)
    apart, expected = shares @ (t - p) ** 2, shares @ (t**2 + p**2) - 2 * (shares @ t) * (shares @ p)
    expected = np.where(expected > 1e-9, expected, 0.0)  # what rounding leaves where all are of one grade
    return {"kappa": 1 - ratio(apart, expected), "mae": shares @ np.abs(t - p)}


def _by_class(flags: Flags, called: Flags, classes: Sequence[str]) -> dict[str, Any]:
    """`per_class`, `macro` and `weighted`."""
    support, said, hits = flags.sum(axis=0), called.sum(axis=0), (flags & called).sum(axis=0)
    scores = {
        "precision": ratio(hits, said),
        "recall": ratio(hits, support),
        "f1": ratio(2 * hits, support + said),
    }
    told: dict[str, Any] = {}
    for place, name in enumerate(classes):
        known = {key: round(float(values[place]), 4) for key, values in scores.items() if np.isfinite(values[place])}
        told[name] = {**known, "support": int(support[place]), "share": round(float(support[place] / len(flags)), 4)}
    seen = support + said > 0
    found: dict[str, Any] = {"per_class": told}
    for mean, weights in (("macro", seen.astype(np.float64)), ("weighted", support.astype(np.float64))):
        if weights.any():
            whole = {key: np.average(np.nan_to_num(values), weights=weights) for key, values in scores.items()}
            found[mean] = {key: round(float(value), 4) for key, value in whole.items()}
    return found
