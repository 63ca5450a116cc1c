"""glassbox.metrics.classify.calibration: reliability, its errors, and the record a model is used by."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit
from sklearn.calibration import calibration_curve

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import calibration, probability
from glassbox.metrics.classify.calibration import Operating
from glassbox.params import Form, Point, Points

NONE = Points(default=None, points={})
POINTS = Points(
    default="balanced",
    points={
        "screening": Point(best="specificity", keep="sensitivity", least=0.95),
        "balanced": Point(best="youden", keep="sensitivity", least=0.0),
    },
)
FORMS: list[Form] = ["binary", "multi-class", "multi-label", "ordinal"]


def drawn(form: Form, seed: int, n: int, heat: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are `heat` times too sure of labels drawn from their probabilities."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, 1 if form == "binary" else 3))
    if form == "ordinal":
        logits = -np.sort(-logits, axis=1)
    p = probability.probabilities(logits, form, 1.0)
    if form == "multi-label":
        return logits * heat, (rng.random(p.shape) < p).astype(np.int64)
    labels = (rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1, keepdims=True)
    return logits * heat, np.minimum(labels, p.shape[1] - 1)


def test_reliability_by_hand() -> None:
    """Five cases in four bins; the last bin holds 1.0, an empty one is left out."""
    p = np.array([0.1, 0.2, 0.3, 0.3, 1.0])
    table = calibration.reliability(np.stack([1 - p, p], axis=1), np.array([[0], [1], [0], [0], [1]]), "binary", 4)
    expected = {
        "low": [0.0, 0.25, 0.75],
        "high": [0.25, 0.5, 1.0],
        "predictions": [2, 2, 1],
        "predicted": [0.15, 0.3, 1.0],
        "observed": [0.5, 0.0, 1.0],
    }
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected))
    assert calibration.expected_error(table) == pytest.approx((2 * 0.35 + 2 * 0.3 + 0) / 5)


@given(form=st.sampled_from(FORMS), seed=st.integers(0, 99), bins=st.integers(1, 20))
def test_reliability_is_scikit_learns(form: Form, seed: int, bins: int) -> None:
    """Of the positive class, of the class called, or of all flags; every prediction is in one bin."""
    logits, labels = drawn(form, seed, 80, 1.5)
    p = probability.probabilities(logits, form, 1.0)
    if form == "binary":
        said, true = p[:, 1], labels[:, 0] == 1
    elif form == "multi-label":
        said, true = p.ravel(), labels.ravel() == 1
    else:
        said, true = p.max(axis=1), p.argmax(axis=1) == labels[:, 0]
    table = calibration.reliability(p, labels, form, bins)
    observed, predicted = calibration_curve(true, said, n_bins=bins)
    assert table["observed"].tolist() == pytest.approx(observed.tolist())
    assert table["predicted"].tolist() == pytest.approx(predicted.tolist())
    assert table["predictions"].sum() == said.size


@pytest.mark.parametrize("form", FORMS)
def test_calibration_lowers_the_errors_of_logits_that_are_too_sure(form: Form) -> None:
    """All three fall, ECE nearly to nothing; the numbers have 4 significant digits."""
    logits, labels = drawn(form, 1, 4000, 3.0)
    heat = probability.temperature(logits, labels, form)
    found = calibration.errors(logits, labels, form, 15, heat)
    assert found["after"]["ece"] < 0.03 < found["before"]["ece"]
    assert all(found["after"][name] < found["before"][name] for name in ("ece", "brier", "nll"))
    assert all(value == float(f"{value:.4g}") for side in found.values() for value in side.values())


def record(form: Form, wanted: Points) -> tuple[dict[str, Any], pd.DataFrame]:
    logits, labels = drawn(form, 2, 300, 2.0)
    heat = probability.temperature(logits, labels, form)
    table = calibration.thresholds(logits, labels, form, heat)
    return calibration.calibration_summary(logits, labels, form, 15, heat, table, wanted), table


def test_the_record_of_a_binary_model_holds_its_points() -> None:
    """Each with what it gives; the default one's threshold is the model's; read back, it's how the model is used."""
    found, table = record("binary", POINTS)
    assert list(found) == ["temperature", "threshold", "before", "after", "points"]
    assert found["threshold"] == found["points"]["balanced"]["threshold"]
    assert found["points"]["screening"]["sensitivity"] >= 0.95
    assert list(found["points"]["screening"]) == list(table)
    again = json.loads(json.dumps(found, allow_nan=False))
    cuts = {name: found["points"][name]["threshold"] for name in ("screening", "balanced")}
    assert calibration.operating(again) == Operating(found["temperature"], found["threshold"], cuts)
    assert set(cuts.values()) <= set(table["threshold"])


@pytest.mark.parametrize("form", ["multi-class", "multi-label", "ordinal"])
def test_other_forms_have_no_threshold(form: Form) -> None:
    """Their table tells coverage; points asked for are refused."""
    found, table = record(form, NONE)
    assert list(found) == ["temperature", "before", "after"]
    assert calibration.operating(found) == Operating(found["temperature"], None, {})
    assert list(table) == ["threshold", "coverage", "accuracy"]
    with pytest.raises(GlassboxError, match=f"points for a {form} task"):
        record(form, POINTS)


def test_without_points_a_binary_model_is_cut_at_one_half() -> None:
    """A default that says nothing."""
    found, _ = record("binary", NONE)
    assert (found["threshold"], found["points"]) == (0.5, {})


def test_the_chart_is_given_both_tables() -> None:
    """Before and after, as three columns each."""
    logits, labels = drawn("binary", 0, 50, 2.0)
    found = calibration.plotted(logits, labels, "binary", 5, 2.0)
    assert list(found) == ["before", "temperature 2"]
    assert [len(column) for column in found["before"]] == [len(found["before"][0])] * 3
    assert found["before"][2].sum() == 50


def test_one_case_is_enough() -> None:
    """Said at 0.8 and true: the error is 0.2."""
    found = calibration.errors(np.array([[logit(0.8)]]), np.array([[1]]), "binary", 10, 1.0)
    assert found["before"] == pytest.approx({"ece": 0.2, "brier": 0.04, "nll": 0.2231})


def test_no_bins_are_refused() -> None:
    """At least one."""
    with pytest.raises(GlassboxError, match="0 bins"):
        calibration.reliability(np.array([[0.5, 0.5]]), np.array([[1]]), "binary", 0)
