"""glassbox.metrics.segment: rows, tables and the choices made from them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glassbox.errors import GlassboxError
from glassbox.metrics.overlap import Mask
from glassbox.metrics.segment import (
    at_threshold,
    batches_table,
    case_row,
    cases_table,
    outline,
    representative_batch,
    worst,
)

COUNTS = ["tp", "fp", "fn", "tn"]
SCORES = ["dice", "iou", "precision", "recall", "specificity", "accuracy", "f1"]
SCORES += ["thresholded_jaccard", "hd95_px", "surface_dice_2px"]


def strip(start: int, stop: int) -> Mask:
    """Rows `start` to `stop` of an 8 x 6 picture, whose diagonal is 10."""
    mask = np.zeros((8, 6), bool)
    mask[start:stop] = True
    return mask


# truth, prediction: an exact hit, IoU 1/2, a hit of IoU 1/7, a miss, an empty truth kept empty, and one that was not
PAIRS = [
    (strip(1, 5), strip(1, 5)),
    (strip(0, 4), strip(2, 4)),
    (strip(0, 4), strip(3, 7)),
    (strip(0, 4), strip(4, 4)),
    (strip(0, 0), strip(0, 0)),
    (strip(0, 0), strip(0, 2)),
]
NAMES = ["f", "e", "d", "c", "b", "a"]


def table(batch_size: int = 2) -> pd.DataFrame:
    return cases_table(NAMES, [case_row(*pair, thresholded_at=0.65) for pair in PAIRS], batch_size)


@pytest.mark.parametrize(
    ("pair", "iou", "jaccard", "hd95", "detected"),
    [
        (PAIRS[0], 1.0, 1.0, 0.0, 1),
        (PAIRS[1], 0.5, 0.0, 2.0, 1),
        (PAIRS[2], 1 / 7, 0.0, 3.0, 1),
        (PAIRS[3], 0.0, 0.0, 10.0, 0),
        (PAIRS[4], 1.0, 1.0, 0.0, 1),
        (PAIRS[5], 0.0, 0.0, 10.0, 0),
    ],
)
def test_row_of_hand_made_masks(
    pair: tuple[Mask, Mask], iou: float, jaccard: float, hd95: float, detected: int
) -> None:
    """All keys in their order, counts and `detected` as ints, scores as floats, values as worked out by hand."""
    row = case_row(*pair, thresholded_at=0.65)
    assert list(row) == [*COUNTS, *SCORES, "detected"]
    assert {key for key, value in row.items() if type(value) is int} == {*COUNTS, "detected"}
    assert all(type(row[key]) is float for key in SCORES)
    assert sum(row[key] for key in COUNTS) == 48
    assert [row["iou"], row["thresholded_jaccard"], row["hd95_px"], row["detected"]] == [iou, jaccard, hd95, detected]


def test_row_scores_inside_the_region_only() -> None:
    """Outside a field of view nothing counts: not a pixel, not an outline, not a lesion."""
    truth, prediction, region = strip(0, 3), strip(1, 8), strip(0, 5)
    row = case_row(truth, prediction, 0.65, region)
    assert [row[key] for key in COUNTS] == [12, 12, 6, 0]
    assert row["hd95_px"] == case_row(truth, strip(1, 5), 0.65)["hd95_px"]
    outside = case_row(strip(6, 8), strip(0, 0), 0.65, region)
    assert (outside["dice"], outside["hd95_px"], outside["detected"]) == (1.0, 0.0, 1)


def test_surface_dice_in_the_row_allows_two_pixels() -> None:
    """Outlines two rows apart agree; three rows apart they do not everywhere."""
    assert case_row(strip(2, 3), strip(4, 5), 0.65)["surface_dice_2px"] == 1.0
    assert case_row(strip(2, 3), strip(5, 6), 0.65)["surface_dice_2px"] == 0.0


def test_cases_table_numbers_the_batches_in_order() -> None:
    """One row a case in the order given, batches from 0, the last one short."""
    cases = table(batch_size=4)
    assert list(cases.columns) == ["case", "batch", *COUNTS, *SCORES, "detected"]
    assert cases["case"].tolist() == NAMES
    assert cases["batch"].tolist() == [0, 0, 0, 0, 1, 1]
    assert cases["tp"].tolist() == [24, 12, 6, 0, 0, 0]


@pytest.mark.parametrize(
    ("names", "rows", "batch_size", "message"),
    [
        (["a"], 2, 1, "1 names for 2 rows"),
        (["a", "b", "b"], 3, 1, "'b' comes twice"),
        (["a"], 1, 0, "batch size 0"),
    ],
)
def test_cases_that_do_not_make_a_table_are_refused(names: list[str], rows: int, batch_size: int, message: str) -> None:
    """Names and rows pair up, a name is unique, a batch holds something."""
    with pytest.raises(GlassboxError) as error:
        cases_table(names, [case_row(*PAIRS[0], 0.65)] * rows, batch_size)
    assert message in str(error.value)


def test_batches_table_has_means_sums_and_misses() -> None:
    """Scores are means over the batch's cases, counts are sums; an empty truth called a lesion is no missed lesion."""
    cases, batches = table(), batches_table(table())
    assert list(batches.columns) == ["batch", "cases", *SCORES, *COUNTS, "missed"]
    assert batches["batch"].tolist() == [0, 1, 2]
    assert batches["cases"].tolist() == [2, 2, 2]
    assert batches["missed"].tolist() == [0, 1, 0]
    for at, (one, two) in enumerate([(0, 1), (2, 3), (4, 5)]):
        for name in SCORES:
            assert batches[name][at] == pytest.approx((cases[name][one] + cases[name][two]) / 2)
        for name in COUNTS:
            assert batches[name][at] == cases[name][one] + cases[name][two]


def test_an_empty_table_has_no_representative_batch() -> None:
    """An error in one line instead of an index error."""
    with pytest.raises(GlassboxError, match="an empty table"):
        representative_batch(batches_table(cases_table([], [], 2)))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        #  batch, cases, dice, precision, recall
        ([(0, 8, 0.2, 0.2, 0.2), (1, 8, 0.5, 0.6, 0.5), (2, 8, 0.9, 0.9, 0.9)], 1),
        ([(0, 8, 0.2, 0.2, 0.2), (1, 8, 0.9, 0.9, 0.9), (2, 3, 0.55, 0.55, 0.55)], 0),  # a short batch cannot win
        (
            [(0, 8, 0.4, 0.4, 0.4), (1, 8, 0.6, 0.6, 0.6), (2, 8, 0.8, 0.8, 0.8), (3, 1, 0, 0, 0)],
            1,
        ),  # nor pull the mean
        ([(5, 8, 0.1, 0.7, 0.3), (3, 8, 0.3, 0.1, 0.7)], 3),  # equally far: the lowest number, in any order
        ([(0, 8, 0.5, 0.9, 0.1), (1, 8, 0.5, 0.6, 0.6), (2, 8, 0.5, 0.1, 0.9)], 1),  # precision and recall count too
        ([(4, 2, 0.0, 0.0, 0.0)], 4),
    ],
)
def test_representative_batch(rows: list[tuple[float, ...]], expected: int) -> None:
    """The full-size batch closest to the mean of the full-size batches, ties to the lowest number."""
    batches = pd.DataFrame(rows, columns=["batch", "cases", "dice", "precision", "recall"])
    assert representative_batch(batches) == expected
    assert type(representative_batch(batches)) is int


@given(st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=1, max_size=8))
def test_representative_batch_matches_a_loop(percents: list[tuple[int, int, int]]) -> None:
    """The same, worked out in exact integers."""
    size, sums = len(percents), [sum(column) for column in zip(*percents, strict=True)]
    far = [sum(abs(size * value - total) for value, total in zip(row, sums, strict=True)) for row in percents]
    rows = [(at, 4, *(value / 100 for value in row)) for at, row in enumerate(percents)]
    batches = pd.DataFrame(rows, columns=["batch", "cases", "dice", "precision", "recall"])
    assert representative_batch(batches) == far.index(min(far))


@pytest.mark.parametrize(
    ("n", "expected"), [(0, []), (1, ["a"]), (3, ["a", "c", "d"]), (9, ["a", "c", "d", "e", "b", "f"])]
)
def test_worst_are_the_lowest_in_order(n: int, expected: list[str]) -> None:
    """Lowest IoU first, ties by name, never more than there are."""
    assert worst(table(), n) == expected


def test_worst_gives_names_as_text() -> None:
    """Numbered cases read back from a CSV are ints there; their names are still text, and tie as text."""
    assert worst(pd.DataFrame({"case": [9, 10], "iou": [0.5, 0.5]}), 2) == ["10", "9"]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_threshold_itself_is_foreground(dtype: type[np.floating[Any]]) -> None:
    """A pixel at the threshold counts as lesion, in the precision of the map."""
    mask = at_threshold(np.array([[0.0, 0.69], [0.7, 1.0]], dtype), 0.7)
    assert mask.dtype == bool
    assert mask.tolist() == [[False, False], [True, True]]
    assert at_threshold(np.array([[0.7]], dtype), np.float64(0.7)).all()


@pytest.mark.parametrize("value", [float("nan"), -0.1, 3.2])
def test_what_is_no_probability_is_refused(value: float) -> None:
    """Logits or NaN would pass as an ordinary mask."""
    with pytest.raises(GlassboxError, match="probability map"):
        at_threshold(np.array([[0.5, value]], np.float32), 0.5)


BLOBS = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0, 1, 0],
        [0, 1, 0, 1, 0, 0, 0, 1],
        [0, 1, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ],
    np.float64,
)
RING, DISC = np.zeros((5, 8), bool), np.zeros((5, 8), bool)
DISC[1:4, 1:4] = True
RING |= DISC
RING[2, 2] = False
CLEANED = [
    (0.0, False, BLOBS > 0),
    (0.25, False, BLOBS > 0),
    (0.26, False, RING),
    (1.0, False, RING),
    (0.0, True, (BLOBS > 0) | DISC),
    (1.0, True, DISC),
]


@pytest.mark.parametrize(("least_part", "fill", "expected"), CLEANED)
def test_a_mask_is_cleaned_as_asked(least_part: float, fill: bool, expected: np.ndarray) -> None:
    """A ring of eight pixels with a hole, and two pixels that touch at a corner: a quarter of the ring."""
    assert (outline(BLOBS * 0.9, 0.5, least_part, fill) == expected).all()


def test_a_small_part_that_is_sure_outlasts_a_large_one_in_doubt() -> None:
    """Two pixels of 1.0 weigh 2, six of 0.6 weigh 1.2: the two stay alone from 0.61 on, and both parts below 0.6."""
    probability = np.zeros((4, 8))
    probability[1:3, 1], probability[1:3, 4:7] = 1.0, 0.6
    for least_part, kept in ((1.0, 2), (0.61, 2), (0.59, 8), (0.0, 8)):
        assert outline(probability, 0.3, least_part, False).sum() == kept, least_part
    assert outline(probability, 0.3, 1.0, False)[1:3, 1].all()


def test_where_nothing_is_likelier_in_than_out_all_parts_stay() -> None:
    """A low threshold finds parts that weigh nothing; a part with one likelier pixel outlasts them."""
    probability = np.zeros((3, 9))
    probability[:, 1], probability[:, 4:8] = 0.4, 0.5
    assert (outline(probability, 0.3, 1.0, False) == (probability > 0)).all()
    probability[0, 1] = 0.51
    assert outline(probability, 0.3, 1.0, False).sum() == 3


@given(
    arrays(np.float32, (6, 7), elements=st.sampled_from([0.0, 0.125, 0.375, 0.625, 0.875, 1.0])),
    st.sampled_from([0.125, 0.375, 0.625]),
    st.sampled_from([0.25, 0.5, 1.0]),
)
def test_cleaning_agrees_with_a_walk_from_pixel_to_pixel(p: np.ndarray, threshold: float, least: float) -> None:
    """Parts found by walking to all eight neighbours, weighed pixel by pixel; eighths are exact."""
    left, parts = {(y, x) for y, x in np.argwhere(p >= threshold).tolist()}, []
    while left:
        part, ahead = set(), [left.pop()]
        while ahead:
            y, x = ahead.pop()
            part.add((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            ahead += near
        parts.append((sum(max(2 * float(p[at]) - 1, 0) for at in part), part))
    weightiest = max((weight for weight, _ in parts), default=0)
    expected = np.zeros(p.shape, bool)
    for weight, part in parts:
        for at in part:
            expected[at] = weight >= least * weightiest
    assert (outline(p, threshold, least, False) == expected).all()


def test_parts_are_weighed_before_holes_are_filled() -> None:
    """A ring of eight pixels of 0.9 weighs 6.4, less than eleven of 0.8; its hole of 0.7, not in the mask, nothing."""
    probability = np.zeros((11, 9))
    probability[1:4, 1:4] = 0.9
    probability[2, 2] = 0.7
    probability[:, 7] = 0.8
    assert (outline(probability, 0.75, 1.0, True) == (probability == 0.8)).all()
    assert outline(probability, 0.75, 0.9, True).sum() == 9 + 11


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_cleaning_leaves_empty_and_full_masks(value: float) -> None:
    """Nothing to keep, nothing to fill."""
    probability = np.full((4, 5), value)
    assert (outline(probability, 0.5, 1.0, True) == (probability > 0)).all()
