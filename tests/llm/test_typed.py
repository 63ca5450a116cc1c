"""glassbox.llm.typed: which way a metric is better."""

import pytest

from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import Entry
from glassbox.llm.typed import Query, more_is_better, ordered

WAYS = [
    ("dice", "skin-base.json", True),
    ("ece", "skin-base-calibration.json", False),
    ("sensitivity", "film-base.json", True),
    ("points.rule-in.sensitivity", "film-base.json", True),
    ("lime.sensitivity", "skin-base-xai.json", False),  # how far a little noise moves a map
    ("lime.deletion_gain", "skin-base-xai.json", True),
    ("threshold", "skin-base-calibration.json", None),
]


def entry(metric: str, source: str) -> Entry:
    return Entry("skin-base", "skin", "test", metric, f"metrics/{source}", "whole")


@pytest.mark.parametrize(("metric", "source", "way"), WAYS)
def test_which_way_is_better(metric: str, source: str, way: bool | None) -> None:
    """By the metric, and by what it is a metric of; the best is the highest where more is better, else the lowest."""
    assert more_is_better(entry(metric, source)) is way
    query = Query("best", "method", (entry(metric, source),), ("skin-base",), "skin")
    if way is None:
        with pytest.raises(Unanswerable, match="not known whether"):
            ordered(query, "best")
    else:
        assert ordered(query, "best").order == ("max" if way else "min")
        assert ordered(query, "worst").order == ("min" if way else "max")
        assert ordered(query, "max").order == "max"
