"""Scores of a classifier by subgroup: where it is worse than its mean tells.

`attributes` has one row a case: columns of 0 and 1 say yes or no, `ita_deg` is the skin's tone, every other column is a
measure whose cases are cut into thirds, as in `metrics.subgroups`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.bootstrap import Array, intervals, ratio
from glassbox.metrics.classify.probability import Labels, truth_flags
from glassbox.metrics.classify.summary import ranked
from glassbox.metrics.subgroups import FEWEST, THIRDS, TONES, groups
from glassbox.params import Form

Members = NDArray[np.bool_]


def subgroups(
    cases: pd.DataFrame,
    attributes: pd.DataFrame,
    probabilities: Array,
    labels: Labels,
    form: Form,
    seed: int,
    resamples: int,
) -> dict[str, dict[str, dict[str, Any]]]:
    """Every attribute's groups, each with `n` and its scores with 95 % intervals (`mean`, `ci_low`, `ci_high`).

    A kind of the positives, as `bacteria` and `virus` are of pneumonia, is a column of 0 and 1 of a `binary` task that
    is 1 for no negative case. Its groups are the positives that are of it (`yes`) and that are not (`no`), `n` of them,
    told apart from **all** negatives: `auroc`, and `sensitivity` at the threshold that `cases` was called at. Every
    other attribute groups all cases: `accuracy` and `auroc` within the group. What is undefined is left out.

    A group of fewer than 10 cases has `n` and `too_small` alone. `worst` repeats the group of the lowest mean AUROC, by
    attribute and name, where there is one. `cases` is the `cases_table` of the same cases in the same order; raises
    GlassboxError where the cases differ.
    """
    if list(cases["case"].astype(str)) != [str(name) for name in attributes.index]:
        raise GlassboxError("subgroups", "attributes of other cases", "the scored cases in the same order")
    flags, found = truth_flags(labels, form, probabilities.shape[1]), {}
    for name in attributes:
        values = attributes[name].reset_index(drop=True)
        kind = form == "binary" and _kind_of_positives(values.to_numpy(np.float64), flags[:, 1])
        named = groups(values.where(flags[:, 1]) if kind else values).to_numpy()
        found[str(name)] = {
            label: _told(cases, probabilities, flags, form, named == label, kind, seed, resamples)
            for label in _ordered(named)
        }
    return found | _worst(found)


def _kind_of_positives(values: Array, positive: Members) -> bool:
    """Whether a column says something of positive cases alone."""
    known = np.isfinite(values)
    yes = known & (values == 1)
    return bool(np.isin(values[known & positive], (0, 1)).all() and yes.any() and not (yes & ~positive).any())


def _told(
    cases: pd.DataFrame,
    probabilities: Array,
    flags: Members,
    form: Form,
    members: Members,
    kind: bool,
    seed: int,
    resamples: int,
) -> dict[str, Any]:
    if members.sum() < FEWEST:
        return {"n": int(members.sum()), "too_small": 1}
    among = members | ~flags[:, 1] if kind else members
    said, true, inside = probabilities[among], flags[among], members[among].astype(np.float64)
    hit = cases["correct"].to_numpy(np.float64)[among] * inside  # of a positive case, called rightly is found
    name = "sensitivity" if kind else "accuracy"

    def score(weights: Array) -> Mapping[str, Array]:
        return {name: ratio(weights @ hit, weights @ inside), **ranked(said, true, form, weights)}

    told = intervals(score, int(among.sum()), seed, resamples)
    return {"n": int(members.sum()), **{key: told[key] for key in (name, "auroc") if key in told}}


def _ordered(labels: "np.ndarray[Any, Any]") -> list[str]:
    """The labels that occur, lightest, lowest or `no` first."""
    return [label for label in (*TONES.values(), *THIRDS, "no", "yes") if label in set(labels.tolist())]


def _worst(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    told = {
        f"{name}_{label}": dict(group)
        for name, labelled in found.items()
        for label, group in labelled.items()
        if "auroc" in group
    }
    if not told:
        return {}
    lowest = min(told, key=lambda key: (told[key]["auroc"]["mean"], key))
    return {"worst": {lowest: told[lowest]}}
