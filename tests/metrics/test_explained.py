"""Records of explanations: means over what is defined, by hand."""

import numpy as np
import pandas as pd
import pytest

from glassbox.metrics.explained import on_cue, summary
from glassbox.metrics.interval import bootstrap_mean

NONE = dict.fromkeys(("insertion_gain", "mass", "mass_gain", "pointing", "completeness"))
BATCHES = [
    {"method": "saliency", "sensitivity": 0.123456, "layers": {"logits": 0.9, "stem": 0.41234}, "stays": 0},
    {"method": "lime", "sensitivity": None, "layers": {"logits": None, "stem": None}, "stays": 0},
]


def test_a_method_is_told_by_the_cases_that_define_it() -> None:
    """Mean, interval and number of each measure; one that no case defines is left out; dead maps are a share."""
    rows = [
        {"method": "saliency", "case": "a", "deletion_gain": 0.1, "dead": 0, **NONE, "mass": 0.5},
        {"method": "saliency", "case": "b", "deletion_gain": 0.4, "dead": 0, **NONE},
        {"method": "saliency", "case": "c", "deletion_gain": None, "dead": 1, **NONE, "mass": 0.75},
        {"method": "lime", "case": "a", "deletion_gain": -2.0, "dead": 0, **NONE},
    ]
    told = summary(pd.DataFrame(rows), BATCHES, 7, 100)
    assert list(told) == ["saliency", "lime"]
    found = told["saliency"]
    assert (found["cases"], found["dead"]) == (3, pytest.approx(1 / 3, abs=1e-4))
    mean, low, high = bootstrap_mean([0.1, 0.4], 7, 100)
    expected = {"mean": mean, "ci_low": low, "ci_high": high, "n": 2}
    assert found["deletion_gain"] == pytest.approx(expected, abs=1e-4)
    assert found["mass"]["mean"] == pytest.approx(0.625) and found["mass"]["n"] == 2
    assert "pointing" not in found and "completeness" not in found
    assert (found["sensitivity"], found["stays_with_shuffled_weights"]) == (0.1235, 0)
    assert found["correlation_with_shuffled"] == {"logits": 0.9, "stem": 0.4123}
    assert told["lime"]["sensitivity"] is None and told["lime"]["deletion_gain"]["mean"] == -2


def test_the_cue_is_told_of_both_networks() -> None:
    """The ratio is that of the means before they are rounded; none where nothing lies on the cue without it."""
    rng = np.random.default_rng(0)
    with_cue, without = rng.random(5), rng.random(5) / 1e4
    rows = {
        "model": [
            {"method": m, "case": str(i), "mass": v} for m in ("saliency", "lime") for i, v in enumerate(with_cue)
        ],
        "without": [
            *({"method": "saliency", "case": str(i), "mass": v} for i, v in enumerate(without)),
            *({"method": "lime", "case": str(i), "mass": v} for i, v in enumerate([0.0, None, 0.0])),
        ],
    }
    told = on_cue(rows, 3, 50)
    assert told["saliency"]["ratio"] == pytest.approx(with_cue.mean() / without.mean(), abs=0.01)
    assert told["saliency"]["model"]["mean"] == pytest.approx(with_cue.mean(), abs=1e-4)
    assert told["lime"]["without"] == {"mean": 0.0, "ci_low": 0.0, "ci_high": 0.0, "n": 2}
    assert "ratio" not in told["lime"]
