"""Which cases a gallery shows, what is said of each, and which logit is explained."""

import numpy as np
import pandas as pd
import pytest

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import chosen
from glassbox.metrics.classify.tables import cases_table

BINARY = pd.DataFrame(
    {
        "case": list("abcdefgh"),
        "batch": [0, 0, 0, 1, 1, 1, 2, 2],
        "truth": [0, 0, 0, 1, 1, 1, 1, 0],
        "predicted": [1, 1, 0, 0, 1, 1, 0, 0],
        "correct": [0, 0, 1, 0, 1, 1, 0, 1],
        "probability": [0.7, 0.9, 0.2, 0.3, 0.8, 0.8, 0.1, 0.05],
        "nll": [1.2, 2.3, 0.2, 1.2, 0.2, 0.2, 2.3, 0.05],
        "p_no": [0.3, 0.1, 0.8, 0.7, 0.2, 0.2, 0.9, 0.95],
        "p_yes": [0.7, 0.9, 0.2, 0.3, 0.8, 0.8, 0.1, 0.05],
    }
)


def names(found: dict[str, pd.DataFrame]) -> dict[str, str]:
    return {kind: "".join(table["case"]) for kind, table in found.items()}


def test_a_binary_gallery_shows_the_surest_of_each_kind() -> None:
    """Errors before what is right, the surest first, ties by name; positives are sure high, negatives low."""
    assert names(chosen.gallery(BINARY, "binary", 2)) == {
        "false positives": "ba",
        "false negatives": "gd",
        "true positives": "ef",
        "true negatives": "hc",
    }
    assert names(chosen.gallery(BINARY, "binary", 1))["true positives"] == "e"


def test_a_kind_without_a_case_is_left_out() -> None:
    """A perfect model has no errors to show."""
    assert list(chosen.gallery(BINARY[BINARY["correct"] == 1], "binary", 3)) == ["true positives", "true negatives"]


@pytest.mark.parametrize("form", ["multi-class", "ordinal", "multi-label"])
def test_other_galleries_go_by_log_loss(form: str) -> None:
    """The worst errors, then what was told best."""
    found = names(chosen.gallery(BINARY, form, 3))  # type: ignore[arg-type]
    assert found == {"errors": "bga", "right": "hce"}


def test_a_batch_and_its_captions() -> None:
    """Rows of the batch alone; the class, what it was called, and the chance of the positive class."""
    rows = chosen.of_batch(BINARY, 1)
    assert list(rows["case"]) == ["d", "e", "f"]
    assert chosen.captions(rows, ("no", "yes"))[0] == "yes\ncalled no\nyes 0.30"
    with pytest.raises(GlassboxError, match="no batch 9; expected one up to 2"):
        chosen.of_batch(BINARY, 9)


def test_of_two_classes_it_is_always_the_second_ones() -> None:
    """Also where the table's own probability is that of the class that was called."""
    shares = np.array([[0.98, 0.02], [0.3, 0.7]])
    table = cases_table(["a", "b"], np.array([[0], [1]]), shares, "multi-class", ("benign", "bad"), 2, None)
    assert chosen.captions(table, ("benign", "bad")) == ["benign\ncalled benign\nbad 0.02", "bad\ncalled bad\nbad 0.70"]


def test_of_more_classes_the_chance_is_that_of_the_one_called() -> None:
    """There is no positive class to speak of."""
    shares = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])
    table = cases_table(["a", "b"], np.array([[1], [2]]), shares, "multi-class", ("x", "y", "z"), 2, None)
    assert chosen.captions(table, ("x", "y", "z")) == ["y\ncalled y\nprobability 0.50", "z\ncalled x\nprobability 0.60"]
    assert chosen.explained(table, "multi-class") == [1, 0]


def test_of_several_labels_counts_are_said_and_the_surest_is_explained() -> None:
    """No single class was called."""
    shares = np.array([[0.9, 0.2, 0.6], [0.1, 0.2, 0.3]])
    table = cases_table(["a", "b"], np.array([[1, 0, 0], [0, 0, 1]]), shares, "multi-label", ("x", "y", "z"), 2, None)
    assert chosen.captions(table, ("x", "y", "z")) == ["1 label\ncalled 2", "1 label\ncalled 0"]
    assert chosen.explained(table, "multi-label") == [0, 2]


def test_one_logit_is_the_one_explained_and_a_grades_is_the_one_below_it() -> None:
    """Grades 0 to 2 have two logits, "above 0" and "above 1"."""
    assert chosen.explained(BINARY, "binary") == [0] * 8
    shares = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    table = cases_table(list("abc"), np.array([[0], [1], [2]]), shares, "ordinal", ("x", "y", "z"), 3, None)
    assert chosen.explained(table, "ordinal") == [0, 0, 1]


def test_areas_come_with_their_intervals() -> None:
    """As the curves take them."""
    record = {name: {"mean": 0.9, "ci_low": 0.8, "ci_high": 0.95} for name in ("auroc", "auprc")}
    assert {name: tuple(area) for name, area in chosen.areas(record).items()} == {
        "auroc": (0.9, 0.8, 0.95),
        "auprc": (0.9, 0.8, 0.95),
    }


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("binary", "speaks for yes, also where a picture was called no"),
        ("multi-class", "the class that each picture was called"),
        ("multi-label", "the likeliest label"),
        ("ordinal", "from the lower ones"),
    ],
)
def test_what_a_map_speaks_for_is_said(form: str, told: str) -> None:
    """Of two classes the one logit is the second's: red is no sign of `no` in a picture that was called so."""
    assert told in chosen.logit_told(form, ("no", "yes"))  # type: ignore[arg-type]
