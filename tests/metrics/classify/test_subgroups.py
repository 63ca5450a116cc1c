"""glassbox.metrics.classify.subgroups: who is compared with whom, and what is told of it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.subgroups import subgroups
from glassbox.metrics.classify.tables import cases_table
from glassbox.metrics.interval import resample
from glassbox.params import Form

N = 90
TRUE = np.repeat([0, 1, 1], [30, 20, 40])  # 30 normal, 20 viral, 40 bacterial
NAN = float("nan")


def told(columns: dict[str, Any], form: Form = "binary", resamples: int = 60) -> tuple[dict[str, Any], np.ndarray]:
    """Subgroups of 90 cases, viral ones the hardest, at threshold 0.4; and the probabilities."""
    rng = np.random.default_rng(0)
    said = np.clip(rng.normal(np.repeat([0.3, 0.45, 0.8], [30, 20, 40]), 0.15), 0, 1).round(2)
    p, names = np.stack([1 - said, said], axis=1), [f"case-{i}" for i in range(N)]
    labels = TRUE[:, None] if form == "binary" else np.stack([1 - TRUE, TRUE], axis=1)
    cases = cases_table(names, labels, p, form, ["normal", "ill"], 8, 0.4 if form == "binary" else None)
    attributes = pd.DataFrame(columns, index=names, dtype=float)
    return subgroups(cases, attributes, p, labels, form, 7, resamples), said


BACTERIA = np.repeat([0.0, 1.0], [50, 40])


@pytest.mark.parametrize("negatives", [0.0, NAN])
def test_a_kind_of_positives_is_told_from_all_negatives(negatives: float) -> None:
    """AUROC against the 30 normal cases, sensitivity among the kind itself, whatever the column says of normal ones."""
    flag = np.where(TRUE == 1, BACTERIA, negatives)
    found, said = told({"bacteria": flag})
    assert list(found) == ["bacteria", "worst"]
    assert list(found["bacteria"]) == ["no", "yes"]
    for label, first, last in (("yes", 50, 90), ("no", 30, 50)):
        group = found["bacteria"][label]
        among = np.r_[0:30, first:last]
        assert list(group) == ["n", "sensitivity", "auroc"]
        assert group["n"] == last - first
        assert group["auroc"]["mean"] == round(float(roc_auc_score(TRUE[among], said[among])), 4)
        assert group["sensitivity"]["mean"] == round(float((said[first:last] >= 0.4).mean()), 4)
    assert found["worst"] == {"bacteria_no": found["bacteria"]["no"]}


def test_intervals_of_a_kind_are_drawn_from_its_cases_and_all_negatives() -> None:
    """A loop over the same draws gives the same bounds."""
    found, said = told({"bacteria": BACTERIA})
    among = np.r_[0:30, 50:90]
    true, score = TRUE[among], said[among]
    drawn = [(true[row], score[row]) for row in resample(70, 7, 60)]
    areas = np.percentile([roc_auc_score(t, s) for t, s in drawn], [2.5, 97.5])
    found_of = np.percentile([(s[t == 1] >= 0.4).mean() for t, s in drawn], [2.5, 97.5])
    group = found["bacteria"]["yes"]
    assert [group["auroc"][end] for end in ("ci_low", "ci_high")] == pytest.approx(areas.tolist(), abs=6e-5)
    assert [group["sensitivity"][end] for end in ("ci_low", "ci_high")] == pytest.approx(found_of.tolist(), abs=6e-5)


def test_what_negatives_have_too_groups_all_cases() -> None:
    """A column of 0 and 1 that is 1 for a normal case is no kind of pneumonia: accuracy and AUROC within each group."""
    portable = np.arange(N) % 2.0
    found, said = told({"portable": portable})
    for label, members in (("no", portable == 0), ("yes", portable == 1)):
        group = found["portable"][label]
        assert list(group) == ["n", "accuracy", "auroc"]
        assert group["n"] == 45
        right = (said >= 0.4) == (TRUE == 1)
        assert group["accuracy"]["mean"] == round(float(right[members].mean()), 4)
        assert group["auroc"]["mean"] == round(float(roc_auc_score(TRUE[members], said[members])), 4)


def test_measures_are_cut_into_thirds() -> None:
    """In rising order; a third without a positive case has an accuracy but no AUROC."""
    found, _ = told({"brightness": np.arange(N, dtype=float)})
    groups = found["brightness"]
    assert list(groups) == ["low", "middle", "high"]
    assert [group["n"] for group in groups.values()] == [30, 30, 30]
    assert [list(group) for group in groups.values()] == [["n", "accuracy"]] * 3  # each third is of one class
    assert "worst" not in found


def test_cases_without_the_attribute_are_in_no_group() -> None:
    """Those of unknown kind are neither yes nor no."""
    flag = BACTERIA.copy()
    flag[30:35] = NAN
    found, _ = told({"bacteria": flag})
    assert found["bacteria"]["no"]["n"] == 15


def test_a_group_of_fewer_than_ten_is_too_small_for_a_number() -> None:
    """Nine have their count alone, and can't be the worst."""
    few = np.zeros(N)
    few[81:] = 1.0
    found, _ = told({"virus": few})
    assert found["virus"]["yes"] == {"n": 9, "too_small": 1}
    assert list(found["worst"]) == ["virus_no"]


@pytest.mark.parametrize("form", ["multi-class", "multi-label", "ordinal"])
def test_other_forms_have_no_positives(form: Any) -> None:  # noqa: ANN401
    """The same column groups all cases: accuracy within each."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(3), N)
    labels = (p > 0.4).astype(int) if form == "multi-label" else rng.integers(0, 3, (N, 1))
    names = [str(i) for i in range(N)]
    cases = cases_table(names, labels, p, form, ["a", "b", "c"], 8, None)
    attributes = pd.DataFrame({"bacteria": BACTERIA}, index=names)
    found = subgroups(cases, attributes, p, labels, form, 0, 30)
    assert [group["n"] for group in found["bacteria"].values()] == [50, 40]
    assert found["bacteria"]["no"]["accuracy"]["mean"] == round(float(cases["correct"][:50].mean()), 4)
    assert "auroc" in found["bacteria"]["yes"]


def test_no_attribute_no_group() -> None:
    """An empty record."""
    assert told({})[0] == {}


def test_attributes_of_other_cases_are_refused() -> None:
    """The same cases in the same order, or none of the numbers would be true."""
    p, labels = np.array([[0.4, 0.6], [0.7, 0.3]]), np.array([[1], [0]])
    cases = cases_table(["a", "b"], labels, p, "binary", ["normal", "ill"], 8, 0.5)
    attributes = pd.DataFrame({"edge": [0.0, 1.0]}, index=["b", "a"])
    with pytest.raises(GlassboxError, match="attributes of other cases"):
        subgroups(cases, attributes, p, labels, "binary", 1, 50)
