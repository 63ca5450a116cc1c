"""glassbox.metrics.classify.summary: the record of a model, every score against scikit-learn on the same resamples."""

import json
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import points
from glassbox.metrics.classify.probability import predicted
from glassbox.metrics.classify.summary import summary
from glassbox.metrics.classify.tables import cases_table
from glassbox.metrics.interval import resample
from glassbox.params import Form

FORMS: list[Form] = ["binary", "multi-class", "multi-label", "ordinal"]
RESAMPLES = 12
Cases = tuple[np.ndarray, np.ndarray]


def drawn(form: Form, seed: int, n: int, classes: int) -> Cases:
    """Probabilities of two decimals, so that many tie, and labels they say something of."""
    rng = np.random.default_rng(seed)
    if form == "multi-label":
        labels = (rng.random((n, classes)) < 0.3).astype(np.int64)
        return np.clip(rng.random((n, classes)) * 0.7 + 0.3 * labels, 0, 1).round(2), labels
    labels = rng.integers(0, classes, (n, 1))
    p = rng.dirichlet(np.ones(classes), n) + 0.5 * (labels == np.arange(classes))
    p = (p / p.sum(axis=1, keepdims=True)).round(2)
    p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    return np.clip(p, 0, 1), labels


def told(p: np.ndarray, labels: np.ndarray, form: Form, resamples: int = 20, seed: int = 0) -> dict[str, Any]:
    names = [f"class-{k}" for k in range(p.shape[1])]
    cases = cases_table([str(i) for i in range(len(p))], labels, p, form, names, 8, None)
    return summary(cases, p, labels, form, names, {"half": 0.5} if form == "binary" else {}, seed, resamples)


def ovr(score: Callable[..., float], p: np.ndarray, flags: np.ndarray) -> float:
    """The mean over the classes that some cases have and some have not."""
    known = [k for k in range(flags.shape[1]) if 0 < flags[:, k].sum() < len(flags)]
    return float(np.mean([score(flags[:, k], p[:, k]) for k in known])) if known else math.nan


def oracle(p: np.ndarray, labels: np.ndarray, form: Form) -> dict[str, float]:
    """The headline scores by scikit-learn; NaN where undefined."""
    called = predicted(p, form, None)
    if form == "multi-label":
        flags = labels
        rates = [metrics.balanced_accuracy_score(labels[:, k], called[:, k]) for k in range(p.shape[1])]
        seen = [k for k in range(p.shape[1]) if (labels[:, k] | called[:, k]).any()]
        f1 = [metrics.f1_score(labels[:, k], called[:, k]) for k in seen]
        found = {
            "accuracy": metrics.accuracy_score(labels, called),
            "flag_accuracy": 1 - metrics.hamming_loss(labels, called),
            "balanced_accuracy": float(np.mean(rates)),
            "f1": float(np.mean(f1)) if f1 else math.nan,
        }
    else:
        true = labels[:, 0]
        flags = (labels == np.arange(p.shape[1])).astype(int)
        positive = (true | called).any()
        found = {
            "accuracy": metrics.accuracy_score(true, called),
            "balanced_accuracy": metrics.balanced_accuracy_score(true, called),
            "f1": metrics.f1_score(true, called, average="macro", zero_division=0),
        }
        if form == "binary":
            p, flags = p[:, 1:], flags[:, 1:]
            found["f1"] = metrics.f1_score(true, called) if positive else math.nan
        if form == "ordinal":
            grades = range(p.shape[1])  # without them, a grade that is absent would bring its neighbours together
            alike = len({*true, *called}) == 1
            kappa = metrics.cohen_kappa_score
            found["kappa"] = math.nan if alike else kappa(true, called, weights="quadratic", labels=grades)
            found["mae"] = metrics.mean_absolute_error(true, called)
    return {
        **found,
        "auroc": ovr(metrics.roc_auc_score, p, flags),
        "auprc": ovr(metrics.average_precision_score, p, flags),
    }


@settings(max_examples=25)
@given(st.sampled_from(FORMS), st.integers(0, 999), st.sampled_from([2, 6, 25]), st.sampled_from([2, 3, 5]))
def test_every_score_and_interval_is_scikit_learns(form: Form, seed: int, n: int, classes: int) -> None:
    """On all cases and on every resample, with classes that are absent and calls that are all alike among them."""
    p, labels = drawn(form, seed, n, 2 if form == "binary" else classes)
    found = told(p, labels, form, RESAMPLES, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of classes that were called but do not occur
        whole = oracle(p, labels, form)
        every = [oracle(p[row], labels[row], form) for row in resample(n, seed, RESAMPLES)]
    for name, value in whole.items():
        known = [one[name] for one in every if math.isfinite(one[name])]
        if math.isnan(value) or not known:
            assert name not in found, name
            continue
        low, high = np.percentile(known, [2.5, 97.5])
        expected = {"mean": value, "ci_low": low, "ci_high": high}
        left_out = found[name].pop("left_out", 0)
        assert (found[name], left_out) == (pytest.approx(expected, abs=6e-5), RESAMPLES - len(known)), name


@settings(max_examples=40)
@given(st.sampled_from(FORMS), st.integers(0, 999), st.sampled_from([1, 4, 30]))
def test_classes_are_scikit_learns(form: Form, seed: int, n: int) -> None:
    """Precision, recall and F1 of each class where they are defined, and both means over them."""
    p, labels = drawn(form, seed, n, 2 if form == "binary" else 3)
    found, called = told(p, labels, form), predicted(p, form, None)
    flags = labels if form == "multi-label" else (labels == np.arange(p.shape[1])).astype(int)
    said = called if form == "multi-label" else (called[:, None] == np.arange(p.shape[1])).astype(int)
    scores = metrics.precision_recall_fscore_support
    for k, row in enumerate(found["per_class"].values()):
        precision, recall, f1, _ = scores(flags[:, k], said[:, k], average="binary", zero_division=0)
        has, calls = int(flags[:, k].sum()), int(said[:, k].sum())
        expected = {"precision": precision} if calls else {}
        expected |= ({"recall": recall} if has else {}) | ({"f1": f1} if has or calls else {})
        assert row == pytest.approx({**expected, "support": has, "share": has / n}, abs=6e-5)
    seen = np.flatnonzero(flags.any(axis=0) | said.any(axis=0))
    by_class = np.array([scores(flags[:, k], said[:, k], average="binary", zero_division=0)[:3] for k in seen])
    if not len(seen):
        assert "macro" not in found
        return
    assert list(found["macro"].values()) == pytest.approx(by_class.mean(axis=0), abs=6e-5)
    if form != "multi-label":
        true = scores(labels[:, 0], called, average="weighted", zero_division=0)[:3]
        assert list(found["weighted"].values()) == pytest.approx(true, abs=6e-5)


def leaves(tree: dict[str, Any]) -> list[Any]:
    return [leaf for value in tree.values() for leaf in (leaves(value) if isinstance(value, dict) else [value])]


@settings(max_examples=40)
@given(st.sampled_from(FORMS), st.integers(0, 999), st.integers(1, 8))
def test_the_record_survives_json_and_dvc(form: Form, seed: int, n: int) -> None:
    """However few cases: plain finite numbers of at most 4 decimals, no list, no null, ordered bounds."""
    found = told(*drawn(form, seed, n, 2), form)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert all(type(leaf) in (int, float) and math.isfinite(leaf) and leaf == round(leaf, 4) for leaf in leaves(found))
    assert all(value["ci_low"] <= value["ci_high"] for value in found.values() if "ci_low" in value)


KEYS: list[tuple[Form, list[str]]] = [
    ("binary", ["auroc", "auprc", "nll", "brier", "points"]),
    ("multi-class", ["auroc", "auprc", "nll", "brier"]),
    ("multi-label", ["auroc", "auprc", "nll", "brier"]),
    ("ordinal", ["auroc", "auprc", "kappa", "mae", "nll", "brier"]),
]


@pytest.mark.parametrize(("form", "scores"), KEYS)
def test_the_record_has_exactly_these_keys(form: Form, scores: list[str]) -> None:
    """The names are public: `dvc metrics diff` compares them between commits."""
    p, labels = drawn(form, 0, 60, 2)
    found = told(p, labels, form)
    first = ["n", "accuracy", *(["flag_accuracy"] if form == "multi-label" else []), "balanced_accuracy", "f1"]
    assert list(found) == [*first, *scores, "per_class", "macro", "weighted"]
    count = labels.sum(axis=0) if form == "multi-label" else [(labels == k).sum() for k in (0, 1)]
    assert found["n"] == {"cases": 60, "class-0": count[0], "class-1": count[1]}
    assert {tuple(found[name]) for name in first[1:]} == {("mean", "ci_low", "ci_high")}
    assert set(found["per_class"]) == {"class-0", "class-1"}


def test_points_are_told_as_they_are_by_themselves() -> None:
    """The record repeats `points.at`, on the same draws as everything else."""
    p, labels = drawn("binary", 1, 50, 2)
    found = told(p, labels, "binary", 100, 5)
    assert found["points"] == {"half": points.at(p[:, 1], labels, 0.5, 5, 100)}
    assert found["points"]["half"]["accuracy"] == found["accuracy"]
    assert found["points"]["half"]["f1"] == found["f1"]


def test_perfect_answers_have_perfect_scores_without_width() -> None:
    """Nothing varies but which classes are drawn."""
    p, labels = np.eye(3)[[0, 1, 2] * 5], np.array([[0], [1], [2]] * 5)
    found = told(p, labels, "ordinal", 50)
    for name, value in found.items():
        if name in ("n", "per_class", "macro", "weighted"):
            continue
        best = 0.0 if name in ("nll", "brier", "mae") else 1.0
        assert (value["mean"], value["ci_low"], value["ci_high"]) == (best, best, best)
    assert found["macro"] == found["weighted"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_an_absent_class_has_no_area_and_no_recall() -> None:
    """Two classes of three in the test split, all called the first one."""
    p, labels = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1]] * 3), np.array([[0], [1]] * 3)
    found = told(p, labels, "multi-class")
    assert found["auroc"]["mean"] == 1.0  # of the two that can be ranked
    assert found["balanced_accuracy"]["mean"] == 0.5
    assert found["per_class"]["class-2"] == {"support": 0, "share": 0.0}
    assert found["per_class"]["class-1"] == {"recall": 0.0, "f1": 0.0, "support": 3, "share": 0.5}
    assert found["macro"] == {"precision": 0.25, "recall": 0.5, "f1": 0.3333}


def test_one_case_has_no_area_at_all() -> None:
    """Nor do cases without any flag; what can be told is told."""
    assert "auroc" not in told(np.array([[0.2, 0.8]]), np.array([[1]]), "binary")
    found = told(np.full((4, 2), 0.1), np.zeros((4, 2), np.int64), "multi-label")
    assert not {"auroc", "auprc", "f1", "macro", "weighted"} & set(found)
    assert found["accuracy"] == {"mean": 1.0, "ci_low": 1.0, "ci_high": 1.0}


def test_what_does_not_belong_together_is_refused() -> None:
    """Labels of other cases would give numbers that look right."""
    p, labels = drawn("binary", 0, 4, 2)
    cases = cases_table(list("abcd"), labels, p, "binary", ["x", "y"], 2, None)
    with pytest.raises(GlassboxError, match="4 cases"):
        summary(cases, p, labels[:3], "binary", ["x", "y"], {}, 0, 10)
    with pytest.raises(GlassboxError, match="3 classes"):
        summary(cases, p, labels, "binary", ["x", "y", "z"], {}, 0, 10)
