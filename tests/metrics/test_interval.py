"""glassbox.metrics.interval: the percentile bootstrap over cases."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.metrics import interval
from glassbox.metrics.interval import bootstrap_mean, paired_difference, resample

VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=20)
NORMAL = np.random.default_rng(7).normal(size=80)


def bootstrap_by_hand(values: list[float], seed: int, resamples: int, level: float) -> tuple[float, float]:
    means = [sum(values[at] for at in row) / len(row) for row in resample(len(values), seed, resamples).tolist()]
    low, high = np.percentile(means, [100 * (1 - level) / 2, 100 * (1 + level) / 2])
    return float(low), float(high)


@given(VALUES, st.integers(0, 2**32), st.sampled_from([0.5, 0.9, 0.95]))
def test_interval_matches_a_loop_over_resamples(values: list[float], seed: int, level: float) -> None:
    """The bounds are the percentiles of the means over the rows of `resample`; the mean is that of all cases."""
    found = bootstrap_mean(values, seed, 50, level)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-9)
    assert found[1:] == pytest.approx(bootstrap_by_hand(values, seed, 50, level), abs=1e-9)


def test_interval_approaches_the_exact_bootstrap_distribution() -> None:
    """With many resamples the bounds are those of all N**N equally likely draws."""
    values = [0.1, 0.2, 0.7, 0.9, 1.0]
    exact = np.percentile([np.mean(draw) for draw in itertools.product(values, repeat=5)], [2.5, 97.5])
    assert bootstrap_mean(values, 0, 40_000)[1:] == pytest.approx(tuple(exact), abs=0.011)


def test_interval_is_as_wide_as_the_standard_error_says() -> None:
    """On 80 normal values the 95 % interval is close to the mean plus and minus 1.96 standard errors."""
    found = bootstrap_mean(NORMAL, 3, 4000)
    half = 1.96 * NORMAL.std() / np.sqrt(NORMAL.size)
    assert found == pytest.approx((NORMAL.mean(), NORMAL.mean() - half, NORMAL.mean() + half), abs=0.03)


def test_the_draw_is_held() -> None:
    """The indices of a seed are pinned: another generator would change every published interval."""
    assert resample(5, 42, 2).tolist() == [[0, 3, 3, 2, 2], [4, 0, 3, 1, 0]]


@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**32))
def test_indices_have_their_shape_and_range(n: int, resamples: int, seed: int) -> None:
    """``(resamples, n)`` indices of the n cases, the same for the same seed."""
    indices = resample(n, seed, resamples)
    assert indices.shape == (resamples, n)
    assert indices.min() >= 0
    assert indices.max() < n
    np.testing.assert_array_equal(indices, resample(n, seed, resamples))


def test_every_case_is_drawn_as_often_as_any_other() -> None:
    """20,000 draws of 10 cases: each comes 20,000 times, give or take 4 standard deviations."""
    times = np.bincount(resample(10, 1, 20_000).ravel(), minlength=10)
    assert np.abs(times - 20_000).max() < 4 * np.sqrt(200_000 * 0.1 * 0.9)


def test_another_seed_gives_another_interval() -> None:
    """The seed reaches the draw."""
    assert bootstrap_mean(NORMAL, 0, 200) == bootstrap_mean(NORMAL, 0, 200)
    assert bootstrap_mean(NORMAL, 0, 200) != bootstrap_mean(NORMAL, 1, 200)


def test_metrics_of_one_table_share_their_resamples() -> None:
    """An affine function of a metric has the same function of its interval, which only shared draws give."""
    one, other = bootstrap_mean(NORMAL, 5, 300), bootstrap_mean(2 * NORMAL + 1, 5, 300)
    assert other == pytest.approx([2 * value + 1 for value in one], abs=1e-12)


@pytest.mark.parametrize("gathered", [1, 79, 80, 1000])
def test_chunks_do_not_show(gathered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many values are gathered at once changes no bit of the result."""
    whole = bootstrap_mean(NORMAL, 0, 101)
    monkeypatch.setattr(interval, "_GATHERED", gathered)
    assert bootstrap_mean(NORMAL, 0, 101) == whole


@given(VALUES, st.integers(0, 100))
def test_the_interval_stays_within_the_values(values: list[float], seed: int) -> None:
    """Bounds are ordered and between the smallest and the largest case; a higher level is no narrower."""
    found, narrow = bootstrap_mean(values, seed, 60), bootstrap_mean(values, seed, 60, level=0.5)
    assert min(values) - 1e-9 <= found.low <= narrow.low <= narrow.high <= found.high <= max(values) + 1e-9


@pytest.mark.parametrize("values", [[0.3], [0.7] * 9])
def test_one_case_or_equal_cases_have_no_width(values: list[float]) -> None:
    """Nothing varies, so both bounds are the mean."""
    assert bootstrap_mean(values, 0, 50) == pytest.approx((values[0],) * 3, abs=1e-15)


def test_paired_difference_takes_the_cases_together() -> None:
    """A constant gain on every case is certain, however much the cases differ among themselves."""
    assert paired_difference(NORMAL + 0.25, NORMAL, 0, 200) == pytest.approx((0.25, 0.25, 0.25), abs=1e-12)
    unpaired = paired_difference(NORMAL + 0.25, NORMAL[::-1], 0, 200)
    assert unpaired.high - unpaired.low > 0.3


@given(VALUES, st.integers(0, 100))
def test_paired_difference_changes_sign_with_its_arguments(values: list[float], seed: int) -> None:
    """b - a has the mirrored interval of a - b."""
    other = [value * value / 100 for value in values]
    one, back = paired_difference(values, other, seed, 60), paired_difference(other, values, seed, 60)
    assert back == pytest.approx((-one.mean, -one.high, -one.low), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "resamples", "level", "message"),
    [
        ([], 10, 0.95, "no cases"),
        ([0.1], 0, 0.95, "0 resamples"),
        ([0.1, float("nan")], 10, 0.95, "not finite"),
        ([0.1, float("inf")], 10, 0.95, "not finite"),
        ([[0.1], [0.2]], 10, 0.95, "shape (2, 1)"),
        ([0.1], 10, 1.0, "level 1.0"),
        ([0.1], 10, 0.0, "level 0.0"),
    ],
)
def test_what_has_no_interval_is_refused(values: list[float], resamples: int, level: float, message: str) -> None:
    """An error in one line instead of a NaN in a metrics file."""
    with pytest.raises(GlassboxError) as error:
        bootstrap_mean(values, 0, resamples, level)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [([0.1, 0.2], [0.1], "(2,) and (1,)"), ([0.1], [[0.1]], "(1,) and (1, 1)"), ([], [], "no cases")],
)
def test_cases_that_do_not_pair_are_refused(a: list[float], b: list[float], message: str) -> None:
    """Nothing is broadcast: both models must have been scored on the same cases."""
    with pytest.raises(GlassboxError) as error:
        paired_difference(a, b, 0, 10)
    assert message in str(error.value)
