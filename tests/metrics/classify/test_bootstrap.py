"""glassbox.metrics.classify.bootstrap: weights, intervals and areas, each resample against scikit-learn."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import bootstrap
from glassbox.metrics.interval import bootstrap_mean, resample


def pairs_by_hand(score: list[float], flags: list[bool]) -> float:
    """The share of pairs in which the flagged case scores higher, a tie counting half."""
    won = [
        (score[i] > score[j]) + (score[i] == score[j]) / 2
        for i, j in itertools.product(range(len(score)), repeat=2)
        if flags[i] and not flags[j]
    ]
    return sum(won) / len(won)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=14).filter(
        lambda cases: len({flag for _, flag in cases}) == 2
    ),
    st.integers(0, 99),
)
def test_areas_are_those_of_the_cases_as_often_as_drawn(cases: list[tuple[int, bool]], seed: int) -> None:
    """Every resample of tied and untied scores: scikit-learn on the drawn cases, NaN where one class was not drawn."""
    score, flags = (np.array(each) for each in zip(*cases, strict=True))
    drawn = np.concatenate(list(bootstrap.weights(len(score), seed, 20)))
    auroc, auprc = bootstrap.areas(score / 5, flags, drawn)
    for row, indices in enumerate(resample(len(score), seed, 20)):
        true, said = flags[indices], score[indices]
        if true.all() or not true.any():
            assert np.isnan([auroc[row], auprc[row]]).all()
            continue
        assert auroc[row] == pytest.approx(roc_auc_score(true, said))
        assert auprc[row] == pytest.approx(average_precision_score(true, said))
    whole = bootstrap.areas(score, flags, np.ones((1, len(score))))[0]
    assert whole.tolist() == [pytest.approx(pairs_by_hand(score.tolist(), flags.tolist()))]


AREAS = [
    ([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], 1.0, 1.0),  # told apart perfectly
    ([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0], 0.0, (1 / 3 + 2 / 4) / 2),
    ([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0], 0.5, 0.25),  # no order at all
    ([0.0, 1.0], [0, 1], 1.0, 1.0),
]


@pytest.mark.parametrize(("score", "flags", "auroc", "auprc"), AREAS)
def test_areas_by_hand(score: list[float], flags: list[int], auroc: float, auprc: float) -> None:
    """A few orders whose areas can be counted."""
    found = bootstrap.areas(np.array(score), np.array(flags) == 1, np.ones((1, len(score))))
    assert [float(value[0]) for value in found] == [pytest.approx(auroc), pytest.approx(auprc)]


def test_areas_depend_on_the_order_alone() -> None:
    """A rising function of the scores changes nothing, and the mirrored score has the mirrored area."""
    rng = np.random.default_rng(0)
    score, flags = rng.random(50), rng.random(50) < 0.3
    weights = next(bootstrap.weights(50, 0, 30))
    found, stretched = (bootstrap.areas(each, flags, weights) for each in (score, np.exp(9 * score)))
    np.testing.assert_array_equal(found, stretched)
    assert bootstrap.areas(-score, flags, weights)[0] == pytest.approx(1 - found[0])


@pytest.mark.parametrize("gathered", [1, 30, 7 * 30, 10**6])
def test_weights_count_what_was_drawn(gathered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces of any size; rows sum to the number of cases."""
    monkeypatch.setattr(bootstrap, "_GATHERED", gathered)
    found = np.concatenate(list(bootstrap.weights(30, 3, 11)))
    expected = [np.bincount(row, minlength=30).tolist() for row in resample(30, 3, 11)]
    assert found.tolist() == expected


def test_a_mean_has_the_interval_of_the_mean() -> None:
    """The draws are those of `interval.bootstrap_mean`."""
    values = np.random.default_rng(1).random(40)
    found = bootstrap.intervals(lambda weights: {"mean": weights @ values / 40}, 40, 7, 300)
    expected = [round(value, 4) for value in bootstrap_mean(values, 7, 300)]
    assert list(found["mean"].values()) == expected


def test_undefined_resamples_are_left_out_and_counted() -> None:
    """The one positive case is not drawn in about a third of the resamples; a score never defined isn't told."""
    score, flags = np.array([0.9, 0.1, 0.95]), np.array([True, False, False])

    def auroc(weights: bootstrap.Array) -> dict[str, bootstrap.Array]:
        return {"auroc": bootstrap.areas(score, flags, weights)[0], "never": np.full(len(weights), np.nan)}

    found = bootstrap.intervals(auroc, 3, 0, 400)
    drawn = [set(row) for row in resample(3, 0, 400).tolist()]
    one_class = sum(0 not in row or row == {0} for row in drawn)
    assert 0 < one_class < 400
    assert found == {"auroc": {"mean": 0.5, "ci_low": 0.0, "ci_high": 1.0, "left_out": one_class}}


def test_ratios_and_means_of_what_is_known() -> None:
    """0 / 0 is unknown, and unknown values drop out of a mean; of nothing known there's none."""
    found = bootstrap.ratio(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(found, [[0.5, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(bootstrap.mean_of_known(found), [0.5, np.nan])


def test_two_thousand_resamples_of_624_cases_take_seconds() -> None:
    """Both areas, far from what 4000 calls of scikit-learn would take."""
    rng = np.random.default_rng(0)
    score, flags = rng.random(624), rng.random(624) < 0.6

    def both(weights: bootstrap.Array) -> dict[str, bootstrap.Array]:
        return dict(zip(("auroc", "auprc"), bootstrap.areas(score, flags, weights), strict=True))

    start = time.process_time()
    assert set(bootstrap.intervals(both, 624, 0, 2000)) == {"auroc", "auprc"}
    assert time.process_time() - start < 5


@pytest.mark.parametrize(("n", "resamples"), [(0, 10), (10, 0)])
def test_nothing_to_draw_is_refused(n: int, resamples: int) -> None:
    """As by `interval.resample`."""
    with pytest.raises(GlassboxError, match=r"^bootstrap"):
        next(bootstrap.weights(n, 0, resamples))
