"""Operators: the one number of the logits that is explained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.xai.operator import Operator, class_logit, nonempty, predicted_region, region_mean

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(3, 4, 5, 1)).astype(np.float32)
REGIONS = RNG.random((3, 4, 5)) < 0.4


def test_region_mean_is_the_mean_logit_over_each_region() -> None:
    """One number an image, equal to indexing the logits by the region."""
    operator = region_mean(REGIONS)
    expected = [LOGITS[i, ..., 0][REGIONS[i]].mean() for i in range(3)]
    np.testing.assert_allclose(operator(LOGITS, operator.data), expected, rtol=1e-6)


def test_one_region_holds_for_every_image_and_each_splits_by_image() -> None:
    """A single row of data is repeated; `each` gives image i its own row."""
    np.testing.assert_array_equal(region_mean(REGIONS[:1]).rows(3), np.repeat(REGIONS[:1], 3, axis=0))
    for i, one in enumerate(region_mean(REGIONS).each(3)):
        np.testing.assert_array_equal(one.data, REGIONS[i : i + 1])


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        (
            np.stack([REGIONS[0], np.zeros((4, 5), bool), np.zeros((4, 5), bool)]),
            "no pixel in the region of image 1, 2",
        ),
        (REGIONS[0], r"\(4, 5\) bool; expected \(N, H, W\) bool"),
        (REGIONS.astype(float), "float64; expected"),
    ],
)
def test_region_mean_refuses_what_has_no_mean(regions: np.ndarray, message: str) -> None:
    """An empty region is an error that names its image, never a division by zero."""
    with pytest.raises(GlassboxError, match=message):
        region_mean(regions)


def test_nonempty_tells_which_regions_can_be_explained() -> None:
    """The rows that `nonempty` keeps are accepted by `region_mean`."""
    regions = np.stack([REGIONS[0], np.zeros((4, 5), bool), REGIONS[2]])
    keep = nonempty(regions)
    assert keep.tolist() == [True, False, True]
    assert len(region_mean(regions[keep]).data) == 2


@given(st.floats(0.01, 0.99), st.floats(-6, 6))
def test_predicted_region_is_the_thresholded_sigmoid(threshold: float, logit: float) -> None:
    """`logit >= log(t / (1 - t))` decides as `sigmoid(logit) >= t` does, but for rounding at equality."""
    probability = 1.0 / (1.0 + np.exp(-logit))
    if abs(probability - threshold) > 1e-9:
        assert predicted_region([[[[logit]]]], threshold).item() == (probability >= threshold)


def test_predicted_region_keeps_its_boundary() -> None:
    """A logit of exactly 0 is foreground at threshold 0.5."""
    assert predicted_region(np.zeros((1, 1, 1, 1), np.float32), 0.5).all()


@pytest.mark.parametrize("threshold", [0.0, 1.0, -1.0, float("nan")])
def test_predicted_region_refuses_a_threshold_that_is_no_probability(threshold: float) -> None:
    """0 and 1 have no logit."""
    with pytest.raises(GlassboxError, match="threshold"):
        predicted_region(LOGITS, threshold)


def test_predicted_region_refuses_several_channels() -> None:
    """Class maps have no single foreground."""
    with pytest.raises(GlassboxError, match="shape"):
        predicted_region(np.zeros((1, 2, 2, 3)))


@pytest.mark.parametrize(("index", "expected"), [(2, [2.0, 6.0]), ([0, 3], [0.0, 7.0])])
def test_class_logit_picks_one_class_an_image(index: int | list[int], expected: list[float]) -> None:
    """One index for all images, or one each."""
    operator = class_logit(index)
    logits = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.testing.assert_array_equal(operator(logits, operator.rows(2)), expected)


@pytest.mark.parametrize("index", [-1, 0.5, [[0]]])
def test_class_logit_refuses_what_is_no_index(index: object) -> None:
    """A negative index would silently count from the end."""
    with pytest.raises(GlassboxError, match="class index"):
        class_logit(index)


@pytest.mark.parametrize(
    ("operator", "logits"),
    [
        (region_mean(REGIONS), (None, 8, 5, 1)),  # another size
        (region_mean(REGIONS), (None, 4, 5, 2)),  # several channels
        (region_mean(REGIONS), (None, 4)),  # a classifier
        (class_logit(4), (None, 4)),  # no such class
        (class_logit(0), (None, 4, 5, 1)),  # a segmenter
    ],
)
def test_check_refuses_logits_the_data_does_not_fit(operator: Operator, logits: tuple[int | None, ...]) -> None:
    """Caught before TensorFlow broadcasts, or gathers zeros, without a word."""
    with pytest.raises(GlassboxError):
        operator.check(operator.data, logits)


def test_rows_refuse_another_number_of_images() -> None:
    """Two regions can't be shared out among three images."""
    with pytest.raises(GlassboxError, match="data of 2 images; expected data of 1 or 3"):
        region_mean(REGIONS[:2]).rows(3)
