"""glassbox.metrics.subgroups: who belongs where, and what is told of it."""

import numpy as np
import pandas as pd
import pytest

from glassbox.errors import GlassboxError
from glassbox.metrics.subgroups import groups, summary

GROUPED = [
    ("size", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], ["low", "low", "middle", "middle", "high", "high"]),
    ("edge", [0.0, 1.0, 1.0], ["no", "yes", "yes"]),
    ("edge", [0.0, 0.0], ["no", "no"]),
    ("contrast", [1.0, np.nan, 2.0, 3.0], ["low", None, "middle", "high"]),
    ("hair", [0.0, 0.0, 0.0, 0.0, 0.5], ["low", "low", "low", "low", "high"]),  # most cases share the lowest value
    (
        "ita_deg",
        [90, 55.1, 55, 41, 28, 10, -30, -80, np.nan],
        ["very_light", "very_light", "light", "intermediate", "tan", "brown", "dark", "dark", None],
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), GROUPED)
def test_each_case_has_its_group(name: str, values: list[float], expected: list[str | None]) -> None:
    """Tones by Chardon's bounds, yes and no, thirds; a case without the attribute has none."""
    found = groups(pd.Series(values, name=name, dtype=float))
    assert [None if pd.isna(label) else label for label in found] == expected


def table(iou: np.ndarray) -> pd.DataFrame:
    """A scored table whose other scores follow from the IoU."""
    names = [f"case-{i}" for i in range(len(iou))]
    return pd.DataFrame({"case": names, "iou": iou, "dice": 2 * iou / (1 + iou), "precision": iou, "recall": 1.0})


def test_groups_are_told_with_their_intervals() -> None:
    """Twelve cases on the edge score lower than 20 off it: means, failures and the worst group agree."""
    iou = np.concatenate([np.linspace(0.3, 0.7, 12), np.linspace(0.6, 0.9, 20)])
    attributes = pd.DataFrame({"edge": [1.0] * 12 + [0.0] * 20}, index=[f"case-{i}" for i in range(32)])
    found = summary(table(iou), attributes, failure_at=0.65, seed=1, resamples=500)
    assert list(found["edge"]) == ["no", "yes"]
    for label, part in (("yes", iou[:12]), ("no", iou[12:])):
        told = found["edge"][label]
        assert told["n"] == len(part)
        assert told["iou"]["mean"] == pytest.approx(part.mean(), abs=1e-4)
        assert told["iou"]["ci_low"] < part.mean() < told["iou"]["ci_high"]
        assert told["failure_rate"] == pytest.approx((part < 0.65).mean(), abs=1e-4)
    assert found["worst"] == {"edge_yes": found["edge"]["yes"]}


def test_a_group_of_fewer_than_ten_is_too_small_for_a_number() -> None:
    """Nine cases have their count alone, and can't be the worst."""
    iou = np.concatenate([np.full(9, 0.1), np.full(11, 0.8)])
    attributes = pd.DataFrame({"edge": [1.0] * 9 + [0.0] * 11}, index=[f"case-{i}" for i in range(20)])
    found = summary(table(iou), attributes, 0.65, 1, 50)
    assert found["edge"]["yes"] == {"n": 9, "too_small": 1}
    assert list(found["worst"]) == ["edge_no"]


def test_where_every_group_is_too_small_none_is_the_worst() -> None:
    """Four cases."""
    attributes = pd.DataFrame({"edge": [0.0, 0.0, 1.0, 1.0]}, index=[f"case-{i}" for i in range(4)])
    assert "worst" not in summary(table(np.full(4, 0.5)), attributes, 0.65, 1, 50)


def test_attributes_of_other_cases_are_refused() -> None:
    """The same cases in the same order, or none of the numbers would be true."""
    attributes = pd.DataFrame({"edge": [0.0, 1.0]}, index=["case-1", "case-0"])
    with pytest.raises(GlassboxError, match="attributes of other cases"):
        summary(table(np.array([0.5, 0.6])), attributes, 0.65, 1, 50)
