"""glassbox.metrics.classify.points: thresholds, operating points and curves against cases counted one by one."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import points
from glassbox.metrics.interval import resample
from glassbox.params import Point, Points

LEVELS = [0.0, 1e-12, 1e-6, 0.2, 0.5, np.nextafter(0.5, 1), 0.8, 1 - 1e-9, 1.0]
CASES = st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(0, 1)), min_size=2, max_size=30)
BOTH = CASES.filter(lambda cases: len({label for _, label in cases}) == 2)
YOUDEN = Point(best="youden", keep="sensitivity", least=0.0)


def scored(said: np.ndarray, true: np.ndarray, threshold: float) -> dict[str, float]:
    """Scores by scikit-learn, 0 for 0 / 0."""
    called = (said >= threshold).astype(int)
    sensitivity = recall_score(true, called, zero_division=0)
    specificity = recall_score(true, called, pos_label=0, zero_division=0)
    return {
        "sensitivity": sensitivity,
        "specificity": specificity,
        "precision": precision_score(true, called, zero_division=0),
        "npv": precision_score(true, called, pos_label=0, zero_division=0),
        "accuracy": accuracy_score(true, called),
        "balanced_accuracy": balanced_accuracy_score(true, called),
        "f1": f1_score(true, called, zero_division=0),
        "youden": sensitivity + specificity - 1,
    }


@settings(max_examples=30)
@given(BOTH)
def test_every_threshold_is_counted_and_every_division_is_there(cases: list[tuple[float, int]]) -> None:
    """Each row is scikit-learn's; however probabilities crowd, each way to part the cases occurs exactly once."""
    said, true = (np.array(each) for each in zip(*cases, strict=True))
    table = points.by_threshold(said, true)
    for row in table.to_dict("records"):
        assert row == pytest.approx({"threshold": row["threshold"], **scored(said, true, row["threshold"])})
    called = {tuple((said >= threshold).tolist()) for threshold in table["threshold"]}
    assert len(called) == len(table)
    every = {tuple((said >= level).tolist()) for level in said}
    assert called >= every - {(True,) * len(said)}
    assert table["threshold"].is_monotonic_increasing
    assert table["threshold"].between(0, 1).all()


def test_thresholds_are_short_numbers_midway() -> None:
    """As few decimals, at least two, as stay between the neighbours; labels may be (N, 1)."""
    table = points.by_threshold([0.1, 0.412345, 0.4187654, 0.9999991, 0.9999993], np.array([[0], [1], [0], [1], [1]]))
    assert table["threshold"].tolist() == [0.05, 0.26, 0.416, 0.71, 0.9999992, 0.9999996]


def test_precision_of_no_call_is_never_enough() -> None:
    """Where nothing is called positive, precision is 0; so a model that never reaches it is refused, not silenced."""
    said, true = np.array([0.2, 0.4, 0.6]), np.array([1, 0, 0])
    table = points.by_threshold(said, true)
    assert table["precision"].iloc[-1] == 0.0
    assert table["npv"].iloc[0] == 0.0
    with pytest.raises(GlassboxError, match=r"precision 0\.3333 at best; expected a threshold that keeps 0\.9"):
        points.choose(table, Point(best="specificity", keep="precision", least=0.9))


TABLE = pd.DataFrame(
    {
        "threshold": [0.05, 0.1, 0.3, 0.4, 0.9, 0.95],
        "sensitivity": [1.0, 0.95, 0.9, 0.9, 0.6, 0.0],
        "specificity": [0.0, 0.7, 0.8, 0.8, 0.99, 1.0],
        "precision": [0.5, 0.7, 0.8, 0.8, 0.97, 0.0],
        "youden": [0.0, 0.65, 0.7, 0.7 + 1e-16, 0.59, 0.0],
        "f1": [0.6, 0.8, 0.8, 0.7, 0.8, 0.0],
        "accuracy": [0.5, 0.8, 0.85, 0.85, 0.85, 0.5],
    }
)
CHOSEN = [
    (("youden", "sensitivity", 0.0), 0.3),  # as good as 0.4, and both as near the middle 0.35: the lower
    (("specificity", "sensitivity", 0.95), 0.1),
    (("specificity", "sensitivity", 0.951), 0.05),
    (("sensitivity", "specificity", 0.9), 0.9),
    (("sensitivity", "precision", 0.97), 0.9),
    (("accuracy", "sensitivity", 0.5), 0.4),  # 0.3, 0.4 and 0.9 tie: the middle of their range is 0.6
    (("f1", "sensitivity", 0.0), 0.3),  # 0.1, 0.3 and 0.9 tie, with 0.4 worse between them
]


@pytest.mark.parametrize(("asked", "expected"), CHOSEN)
def test_a_point_is_the_best_of_those_that_keep_what_is_asked(asked: tuple[Any, Any, float], expected: float) -> None:
    """The least itself is enough; ties go to the threshold nearest the middle of their range."""
    best, keep, least = asked
    assert points.choose(TABLE, Point(best=best, keep=keep, least=least)) == expected


def test_a_point_out_of_reach_is_named() -> None:
    """What was reached and what was asked, in the point's name."""
    wanted = Points(default="strict", points={"strict": Point(best="youden", keep="precision", least=0.99)})
    with pytest.raises(GlassboxError) as caught:
        points.chosen(TABLE, wanted)
    told = "operating point 'strict': precision 0.97 at best; expected a threshold that keeps 0.99"
    assert str(caught.value) == told


@settings(max_examples=30)
@given(BOTH, st.sampled_from(["sensitivity", "specificity"]), st.floats(0, 1))
def test_no_threshold_at_all_beats_the_chosen_one(cases: list[tuple[float, int]], keep: Any, least: float) -> None:  # noqa: ANN401
    """Tried at every probability: none that keeps as much has a higher Youden index."""
    said, true = (np.array(each) for each in zip(*cases, strict=True))
    table = points.by_threshold(said, true)
    if table[keep].max() < least:  # with probabilities of exactly 0 or 1 the extremes can't be parted off
        return
    found = scored(said, true, points.choose(table, Point(best="youden", keep=keep, least=least)))
    tried = [scored(said, true, threshold) for threshold in np.unique(said[said > 0])]
    assert found[keep] >= least
    assert found["youden"] >= max((row["youden"] for row in tried if row[keep] >= least), default=0) - 1e-9


def test_perfect_separation_is_cut_in_the_middle() -> None:
    """All scores 1, and the threshold is far from both classes."""
    table = points.by_threshold([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    threshold = points.choose(table, YOUDEN)
    assert threshold == 0.5
    reached = points.reached(table, threshold)
    assert set(reached.values()) == {0.5, 1.0}
    assert list(reached) == list(table)


def test_one_probability_for_all_parts_nothing() -> None:
    """All called positive or none."""
    table = points.by_threshold([0.4] * 4, [0, 1, 1, 1])
    assert table[["threshold", "sensitivity", "specificity"]].to_numpy().tolist() == [[0.2, 1, 0], [0.7, 0, 1]]


@given(CASES, st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.integers(0, 99))
def test_a_point_has_the_scores_of_its_counts_and_their_interval(
    cases: list[tuple[float, int]], threshold: float, seed: int
) -> None:
    """A loop over resamples gives the same bounds; what is undefined is not told; one class may be absent."""
    said, true = (np.array(each) for each in zip(*cases, strict=True))
    found = points.at(said, true, threshold, seed, 40)
    called = said >= threshold
    counts = [int((called & (true == 1)).sum()), int((called & (true == 0)).sum())]
    counts += [int((~called & (true == 1)).sum()), int((~called & (true == 0)).sum())]
    assert [found[name] for name in points.COUNTS] == counts
    assert found["threshold"] == threshold
    every = [recall(true[row], called[row]) for row in resample(len(true), seed, 40)]
    known = [value for value in every if value is not None]
    if (whole := recall(true, called)) is None or not known:
        assert "sensitivity" not in found
        return
    low, high = np.percentile(known, [2.5, 97.5])
    left_out = {"left_out": 40 - len(known)} if len(known) < 40 else {}
    expected = {"mean": whole, "ci_low": low, "ci_high": high, **left_out}
    assert found["sensitivity"] == pytest.approx(expected, abs=6e-5)


def recall(true: np.ndarray, called: np.ndarray) -> float | None:
    return float(called[true == 1].mean()) if (true == 1).any() else None


def test_a_point_agrees_with_the_table_it_was_chosen_from() -> None:
    """The means of `at` are the row of `by_threshold`, on the same cases."""
    rng = np.random.default_rng(0)
    true = rng.integers(0, 2, 200)
    said = rng.beta(1 + 2 * true, 3 - 2 * true)
    table = points.by_threshold(said, true)
    threshold = points.choose(table, Point(best="specificity", keep="sensitivity", least=0.95))
    found, row = points.at(said, true, threshold, 0, 200), points.reached(table, threshold)
    assert {name: found[name]["mean"] for name in points.SCORES} == {name: row[name] for name in points.SCORES}
    assert all(found[name]["ci_low"] <= found[name]["mean"] <= found[name]["ci_high"] for name in points.SCORES)
    assert list(found) == ["threshold", *points.COUNTS, *points.SCORES]
    assert row["sensitivity"] >= 0.95


@pytest.mark.parametrize("form", ["multi-class", "ordinal", "multi-label"])
def test_sure_cases_are_counted_one_by_one(form: Any) -> None:  # noqa: ANN401
    """Coverage and accuracy at every threshold, over flags for multi-label; at the lowest everything is covered."""
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(3), 40).round(2)
    labels = (rng.random((40, 3)) < p).astype(int) if form == "multi-label" else p.argmax(axis=1)[:, None] % 2
    table = points.by_confidence(p, labels, form)
    if form == "multi-label":
        sure, right = np.maximum(p, 1 - p).ravel(), ((p >= 0.5) == labels).ravel()
    else:
        sure, right = p.max(axis=1), p.argmax(axis=1) == labels[:, 0]
    for threshold, *found in table.to_numpy().tolist():
        assert found == pytest.approx([(sure >= threshold).mean(), right[sure >= threshold].mean()])
    assert table.iloc[0, 1:].tolist() == [1.0, pytest.approx(right.mean())]
    assert table["coverage"].is_monotonic_decreasing
    assert len(table) == len(np.unique(sure))


@given(BOTH)
def test_areas_under_the_curves_are_scikit_learns(cases: list[tuple[float, int]]) -> None:
    """Though points on a straight line are dropped: trapezes for ROC, steps for precision and recall."""
    said, true = (np.array(each) for each in zip(*cases, strict=True))
    roc, precision_recall, _ = points.curve_points(said, true, {})
    area = np.trapezoid(roc["sensitivity"], roc["false_positive_rate"])
    assert area == pytest.approx(roc_auc_score(true, said))
    assert roc.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert precision_recall.iloc[0].tolist() == [1, pytest.approx(true.mean())]
    assert precision_recall.iloc[-1].tolist() == [0, 1]
    steps = -np.diff(precision_recall["recall"]) * precision_recall["precision"].to_numpy()[:-1]
    assert steps.sum() == pytest.approx(average_precision_score(true, said))


def test_points_lie_where_their_thresholds_put_them() -> None:
    """Rates by hand; a threshold that calls nothing has no precision."""
    said, true = [0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1]
    _, _, marks = points.curve_points(said, true, {"low": 0.3, "none": 0.99})
    assert marks.iloc[0].tolist() == ["low", 0.3, 0.5, 1.0, pytest.approx(2 / 3)]
    assert marks.iloc[1, 1:4].tolist() == [0.99, 0.0, 0.0]
    assert np.isnan(marks["precision"].iloc[1])


REFUSED = [
    ([0.1, 0.2], [1, 1], "labels [1]; expected cases of both classes, 0 and 1"),
    ([0.1, 0.2], [0, 2], "labels [0, 2]"),
    ([0.1, 1.2], [0, 1], "a probability outside [0, 1] or NaN"),
    ([0.1, float("nan")], [0, 1], "a probability outside [0, 1] or NaN"),
    ([0.1], [0, 1], "shapes (1,) and (2,)"),
    ([], [], "one label a probability"),
]


@pytest.mark.parametrize(("said", "true", "told"), REFUSED)
def test_what_has_no_operating_point_is_refused(said: list[float], true: list[int], told: str) -> None:
    """By the table and the curves alike, in one line."""
    for measure in (points.by_threshold, lambda a, b: points.curve_points(a, b, {})):
        with pytest.raises(GlassboxError) as caught:
            measure(said, true)
        assert told in str(caught.value)
