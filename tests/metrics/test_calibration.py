"""glassbox.metrics.calibration: temperature, reliability and thresholds against definitions written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from glassbox.errors import GlassboxError
from glassbox.metrics import calibration
from glassbox.metrics.calibration import Operating
from glassbox.metrics.overlap import count, scores


def drawn(seed: int, heat: float, n: int = 6, side: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are `heat` times too sure of truths drawn from them."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(-1, 2, (n, side, side))
    return (honest * heat).astype(np.float32), rng.random((n, side, side)) < expit(honest)


@pytest.mark.parametrize("heat", [0.5, 1.0, 2.5])
def test_temperature_undoes_how_much_too_sure_the_logits_are(heat: float) -> None:
    """Truths drawn from the probabilities: T is the factor; no other temperature has a lower cross-entropy."""
    logits, truths = drawn(0, heat)
    found = calibration.temperature(logits, truths)
    assert found == pytest.approx(heat, rel=0.08)

    def cross_entropy(heat: float) -> float:
        p = expit(logits.astype(float) / heat)
        return float(-np.where(truths, np.log(p), np.log1p(-p)).mean())

    assert cross_entropy(found) <= min(cross_entropy(found * step) for step in (0.9, 0.99, 1.01, 1.1)) + 1e-6


@pytest.mark.parametrize(("right", "expected"), [(True, calibration.COOLEST), (False, calibration.HOTTEST)])
def test_temperature_stays_within_bounds(right: bool, expected: float) -> None:
    """Always right: the colder the better. Always wrong: the hotter the better."""
    logits = np.where(np.arange(64).reshape(1, 8, 8) % 2, 3, -3).astype(np.float32)
    found = calibration.temperature(logits, (logits > 0) == right)
    assert found == pytest.approx(expected, rel=0.01)


def test_reliability_by_hand() -> None:
    """Five pixels in four bins; the last bin holds 1.0."""
    p = np.array([[[0.1, 0.2, 0.3, 0.6, 1.0]]])
    with np.errstate(divide="ignore"):
        logits = np.minimum(np.log(p / (1 - p)), 40).astype(np.float32)
    table = calibration.reliability(logits, np.array([[[False, True, False, True, True]]]), 1.0, bins=4)
    expected = {
        "low": [0.0, 0.25, 0.5, 0.75],
        "high": [0.25, 0.5, 0.75, 1.0],
        "pixels": [2, 1, 1, 1],
        "predicted": [0.15, 0.3, 0.6, 1.0],
        "observed": [0.5, 0.0, 1.0, 1.0],
    }
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected), check_exact=False, atol=1e-6)
    assert calibration.expected_error(table) == pytest.approx((2 * 0.35 + 0.3 + 0.4 + 0) / 5, abs=1e-6)


def test_bins_without_a_pixel_are_left_out() -> None:
    """Two pixels in ten bins."""
    logits = np.array([[[-4.0, 4.0]]], np.float32)
    table = calibration.reliability(logits, logits > 0, 1.0, bins=10)
    assert table["low"].tolist() == [0.0, 0.9]


def test_calibration_lowers_both_errors_of_logits_that_are_too_sure() -> None:
    """ECE nearly to nothing, Brier's score to what the draw leaves."""
    logits, truths = drawn(1, 3.0)
    heat = calibration.temperature(logits, truths)
    before, after = (calibration.expected_error(calibration.reliability(logits, truths, t, 15)) for t in (1.0, heat))
    assert after < 0.02 < before
    assert calibration.brier(logits, truths, heat) < calibration.brier(logits, truths, 1.0)


def test_brier_by_hand() -> None:
    """0.8 and 0.5 for a true and a false pixel: (0.04 + 0.25) / 2."""
    logits = np.log(np.array([[[4.0, 1.0]]])).astype(np.float32)
    assert calibration.brier(logits, np.array([[[True, False]]]), 1.0) == pytest.approx(0.145)


@given(seed=st.integers(0, 2**16), heat=st.sampled_from([0.5, 1.0, 3.0]), share=st.sampled_from([0.0, 0.02, 0.5, 1.0]))
def test_every_threshold_agrees_with_masks_cut_one_by_one(seed: int, heat: float, share: float) -> None:
    """Means per image of the scores of `metrics.overlap`, empty and full truths among them."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (3, 5, 7)).astype(np.float32)
    truths = rng.random((3, 5, 7)) < share
    table = calibration.by_threshold(logits, truths, heat)
    assert table["threshold"].tolist() == [round(0.01 * i, 2) for i in range(1, 100)]
    for row in table.iloc[[0, 24, 49, 74, 98]].itertuples():
        cut = np.float32(heat * np.log(row.threshold / (1 - row.threshold)))
        each = [scores(count(truth, logit >= cut)) for truth, logit in zip(truths, logits, strict=True)]
        for name in ("dice", "iou", "precision", "recall"):
            assert getattr(row, name) == pytest.approx(np.mean([one[name] for one in each]), abs=1e-9)


@given(st.lists(st.sampled_from("abc"), min_size=3, max_size=3))
def test_each_kind_counts_alike(kinds: list[str]) -> None:
    """The mean of what each kind's own images give; all of one kind is the mean over images, to the last bit."""
    logits, truths = drawn(4, 1.5, 3)
    table = calibration.by_threshold(logits, truths, 1.5, kinds)
    each = [[kind == label for kind in kinds] for label in sorted(set(kinds))]
    alone = [calibration.by_threshold(logits[of], truths[of], 1.5) for of in each]
    for name in table:
        assert table[name].to_numpy() == pytest.approx(np.mean([one[name] for one in alone], axis=0), abs=1e-12)
    if len(each) == 1:
        assert table.equals(calibration.by_threshold(logits, truths, 1.5))


TABLE = pd.DataFrame(
    {
        "threshold": [0.1, 0.3, 0.5, 0.7, 0.9],
        "dice": [0.70, 0.80, 0.82, 0.82, 0.60],
        "precision": [0.60, 0.75, 0.85, 0.92, 0.97],
        "recall": [0.98, 0.93, 0.85, 0.80, 0.50],
    }
)
CHOSEN = [
    ("dice", 0.0, 0.5),  # a tie with 0.7: the nearer to one half
    ("precision", 0.9, 0.7),
    ("precision", 0.95, 0.9),
    ("precision", 0.99, 0.9),  # reached by none: the closest
    ("recall", 0.9, 0.3),
    ("recall", 0.95, 0.1),
    ("recall", 0.5, 0.5),
]


@pytest.mark.parametrize(("keep", "least", "expected"), CHOSEN)
def test_the_threshold_serves_its_purpose(keep: str, least: float, expected: float) -> None:
    """The best Dice among those that keep what is asked."""
    assert calibration.choose(TABLE, keep, least) == expected


MATCHED = [("recall", 0.92, 0.3), ("recall", 0.0, 0.9), ("precision", 0.5, 0.1), ("dice", 0.82, 0.5)]


@pytest.mark.parametrize(("name", "value", "expected"), MATCHED)
def test_a_threshold_is_moved_to_a_value(name: str, value: float, expected: float) -> None:
    """The closest there is; of several the nearest one half."""
    assert calibration.matching(TABLE, name, value) == expected


@given(
    logit=st.floats(-20, 20, width=32),
    temperature=st.floats(0.1, 10),
    threshold=st.integers(1, 99).map(lambda i: i / 100),
)
def test_the_uncalibrated_threshold_gives_the_same_mask(logit: float, temperature: float, threshold: float) -> None:
    """Unless the logit lies on the cut itself."""
    point = Operating(temperature, threshold)
    calibrated, plain = expit(logit / temperature), expit(logit)
    if abs(calibrated - threshold) > 1e-9:
        assert (calibrated >= threshold) == (plain >= point.uncalibrated) or abs(plain - point.uncalibrated) < 1e-12


def test_the_record_tells_before_and_after_and_what_the_threshold_gives() -> None:
    """Read back, it gives the operating point."""
    logits, truths = drawn(2, 2.0)
    heat = calibration.temperature(logits, truths)
    table = calibration.by_threshold(logits, truths, heat)
    point = Operating(heat, calibration.choose(table, "recall", 0.9))
    record = calibration.summary(logits, truths, 15, point, table)
    assert calibration.operating(record) == point
    assert record["after"]["ece"] < record["before"]["ece"]
    assert record["at_threshold"]["recall"] >= 0.9
    assert record["before"]["brier"] == pytest.approx(calibration.brier(logits, truths, 1.0), rel=1e-3)


def test_only_pixels_of_the_region_count() -> None:
    """Where a picture has a region, what lies outside is as if it were not there; elsewhere every pixel counts."""
    logits, truths = drawn(3, 1.5)
    inside = np.zeros(truths.shape[1:], bool)
    inside[1:, :2] = True
    found, _ = calibration.counted(logits, [(truths[0], None), *((truth, inside) for truth in truths[1:])])
    assert [each.size for each in found] == [truths[0].size, *[inside.sum()] * (len(truths) - 1)]
    expected = np.concatenate([logits[0].ravel(), *(each[1:, :2].ravel() for each in logits[1:])])
    assert np.array_equal(np.concatenate(found), expected)
    wrong = np.where(inside, logits, -logits[:, ::-1])
    regions = [(truth, inside) for truth in truths]
    assert calibration.temperature(*calibration.counted(wrong, regions)) == calibration.temperature(
        *calibration.counted(logits, regions)
    )
    rows = calibration.by_threshold(*calibration.counted(logits, regions), 1.0)
    assert rows["recall"].iloc[49] == pytest.approx(
        np.mean([(each[inside] >= 0)[truth[inside]].mean() for each, truth in zip(logits, truths, strict=True)])
    )


FAULTS = [
    (np.zeros((1, 2, 2), np.float32), np.zeros((1, 2, 3), bool), "shape (2, 2); expected the truths' shape (2, 3)"),
    (np.zeros((0, 2, 2), np.float32), np.zeros((0, 2, 2), bool), "at least one pixel"),
    (np.full((1, 2, 2), np.nan, np.float32), np.zeros((1, 2, 2), bool), "a value that is not finite"),
]


@pytest.mark.parametrize(("logits", "truths", "told"), FAULTS)
def test_what_can_not_be_calibrated_is_refused(logits: np.ndarray, truths: np.ndarray, told: str) -> None:
    """In one line, by each function that measures."""
    for measure in (
        calibration.temperature,
        lambda a, b: calibration.reliability(a, b, 1.0, 5),
        lambda a, b: calibration.brier(a, b, 1.0),
        lambda a, b: calibration.by_threshold(a, b, 1.0),
    ):
        with pytest.raises(GlassboxError) as caught:
            measure(logits, truths)
        assert told in str(caught.value)
