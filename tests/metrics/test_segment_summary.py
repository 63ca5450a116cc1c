"""glassbox.metrics.segment: the summary of a model, as its metrics file holds it."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.metrics.interval import bootstrap_mean
from glassbox.metrics.overlap import Counts, Mask, scores
from glassbox.metrics.segment import batches_table, case_row, cases_table, summary

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


def table() -> pd.DataFrame:
    return cases_table(list("abcdef"), [case_row(*pair, thresholded_at=0.65) for pair in PAIRS], batch_size=2)


def leaves(tree: dict[str, Any]) -> list[Any]:
    return [leaf for value in tree.values() for leaf in (leaves(value) if isinstance(value, dict) else [value])]


def test_summary_has_exactly_these_keys() -> None:
    """The names are public: `dvc metrics diff` compares them between commits."""
    found = summary(table(), failure_at=0.65, seed=0, resamples=20)
    assert list(found) == [*SCORES, "pooled", "failure_rate", "detection_rate", "pixels", "n"]
    assert {tuple(found[name]) for name in SCORES} == {("mean", "ci_low", "ci_high")}
    assert list(found["pooled"]) == ["dice", "iou", "precision", "recall", "specificity", "accuracy"]
    assert list(found["pixels"]) == ["false_positive_percent", "false_negative_percent"]
    assert list(found["n"]) == ["cases", "missed", "empty_truth"]


def test_summary_by_hand() -> None:
    """Rates, pooled scores and counts of the six hand-made cases."""
    found = summary(table(), failure_at=0.5, seed=0, resamples=20)
    assert found["n"] == {"cases": 6, "missed": 1, "empty_truth": 2}
    assert found["iou"]["mean"] == round((1 + 0.5 + 1 / 7 + 0 + 1 + 0) / 6, 4)
    assert found["hd95_px"]["mean"] == round((0 + 2 + 3 + 10 + 0 + 10) / 6, 4)
    assert found["failure_rate"] == 0.5  # 1/7, 0 and 0; an IoU of exactly 0.5 has not failed
    assert found["detection_rate"] == 0.75  # three of four lesions
    total = Counts(tp=42, fp=30, fn=54, tn=162)
    assert found["pooled"] == {name: round(scores(total)[name], 4) for name in found["pooled"]}
    assert found["pixels"] == {"false_positive_percent": 10.4167, "false_negative_percent": 18.75}


def test_summary_intervals_are_those_of_the_bootstrap() -> None:
    """Each interval is `bootstrap_mean` of its column with the same seed, so all share their resamples."""
    cases = table()
    found = summary(cases, failure_at=0.65, seed=9, resamples=200)
    for name in SCORES:
        expected = [round(value, 4) for value in bootstrap_mean(cases[name].to_numpy(), 9, 200)]
        assert list(found[name].values()) == expected
    assert found["dice"] == found["f1"]
    assert found != summary(cases, failure_at=0.65, seed=10, resamples=200)


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=5
    )
)
def test_summary_survives_json_and_dvc(strips: list[tuple[int, int, int, int]]) -> None:
    """Whatever the cases: plain finite numbers of at most 4 decimals, no list, no null, shares within [0, 1]."""
    rows = [case_row(strip(*edges[:2]), strip(*edges[2:]), 0.65) for edges in strips]
    found = summary(cases_table([str(at) for at in range(len(rows))], rows, 2), 0.65, seed=0, resamples=10)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert all(type(leaf) in (int, float) and math.isfinite(leaf) and leaf == round(leaf, 4) for leaf in leaves(found))
    assert {type(value) for value in found["n"].values()} == {int}
    assert 0 <= found["failure_rate"] <= 1
    assert found["n"]["missed"] <= found["n"]["cases"] - found["n"]["empty_truth"]


@pytest.mark.parametrize(("prediction", "dice"), [(strip(0, 0), 1.0), (strip(0, 2), 0.0)])
def test_summary_without_a_lesion(prediction: Mask, dice: float) -> None:
    """No lesion means none missed: a detection rate of 1, whatever was drawn."""
    found = summary(cases_table(["a"], [case_row(strip(0, 0), prediction, 0.65)], 1), 0.65, seed=0, resamples=5)
    assert (found["detection_rate"], found["dice"]["mean"], found["pooled"]["dice"]) == (1.0, dice, dice)
    assert found["n"] == {"cases": 1, "missed": 0, "empty_truth": 1}


def test_summary_of_an_empty_region() -> None:
    """No scored pixel at all divides nothing by zero."""
    row = case_row(strip(0, 4), strip(2, 6), 0.65, region=strip(0, 0))
    assert summary(cases_table(["a"], [row], 1), 0.65, 0, 5)["pixels"]["false_positive_percent"] == 0.0


def test_a_missed_lesion_worsens_every_mean() -> None:
    """Missing a lesion outright never scores better than finding half of it."""
    means = [
        summary(cases_table(["a", "b"], [case_row(*PAIRS[0], 0.1), case_row(*pair, 0.1)], 2), 0.65, 0, 5)
        for pair in (PAIRS[1], PAIRS[3])
    ]
    found, missed = ({name: tree[name]["mean"] for name in SCORES} for tree in means)
    assert missed.pop("hd95_px") > found.pop("hd95_px")
    found.pop("specificity"), missed.pop("specificity")  # nothing is drawn on the background in either
    assert all(missed[name] < found[name] for name in missed)


def test_tables_survive_csv(tmp_path: Path) -> None:
    """The summary and the batches of the file are those of the table it was written from."""
    cases = table()
    cases.to_csv(tmp_path / "cases.csv", index=False)
    again = pd.read_csv(tmp_path / "cases.csv")
    assert summary(again, 0.65, 0, 50) == summary(cases, 0.65, 0, 50)
    pd.testing.assert_frame_equal(batches_table(again), batches_table(cases))


def test_an_empty_table_is_refused() -> None:
    """No cases: no metrics, and an error that says so."""
    with pytest.raises(GlassboxError, match="an empty table"):
        summary(cases_table([], [], 2), 0.65, 0, 10)
