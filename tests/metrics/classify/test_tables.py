"""glassbox.metrics.classify.tables: rows, batches, the batch that stands for them, and who was called what."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.artifacts import read_csv, write_csv
from glassbox.errors import GlassboxError
from glassbox.metrics.classify.tables import batches_table, cases_table, confusion_table, representative_batch

BINARY = np.array([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7]])
TOLD = np.array([[1], [1], [0]])
FLAGS = np.array([[0, 0], [1, 0], [1, 1]])
FLAG_SAID = np.array([[0.1, 0.2], [0.9, 0.5], [0.8, 0.7]])


def test_a_binary_row_by_hand() -> None:
    """Called at the threshold; `probability` is the positive class's, and `nll` the cost of the truth."""
    table = cases_table(["a", "b", "c"], TOLD, BINARY, "binary", ["normal", "ill"], 2, 0.35)
    assert table.to_dict("list") == {
        "case": ["a", "b", "c"],
        "batch": [0, 0, 1],
        "truth": [1, 1, 0],
        "predicted": [0, 1, 1],
        "correct": [0, 1, 0],
        "probability": [0.1, 0.4, 0.7],
        "nll": [round(-np.log(p), 6) for p in (0.1, 0.4, 0.3)],
        "p_normal": [0.9, 0.6, 0.3],
        "p_ill": [0.1, 0.4, 0.7],
    }


def test_a_row_of_several_classes_by_hand() -> None:
    """`probability` is the predicted class's; what is true with certainty costs 0."""
    p = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]])
    table = cases_table(["a", "b"], np.array([[2], [0]]), p, "multi-class", list("xyz"), 8, None)
    assert table[["truth", "predicted", "correct"]].to_numpy().tolist() == [[2, 1, 0], [0, 0, 1]]
    assert table["probability"].tolist() == [0.5, 1.0]
    assert table["nll"].tolist() == [round(-np.log(0.3), 6), 0.0]
    assert "-0.0" not in table.to_csv()


def test_a_row_of_several_flags_by_hand() -> None:
    """Right only with every flag right; no class at all is a truth too."""
    table = cases_table(["a", "b", "c"], FLAGS, FLAG_SAID, "multi-label", ["mass", "oedema"], 8, None)
    assert table[["truth", "predicted", "correct"]].to_numpy().tolist() == [[0, 0, 1], [1, 2, 0], [2, 2, 1]]
    assert table["probability"].tolist() == [0.85, 0.7, 0.75]
    assert table["nll"].iloc[0] == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2, abs=1e-6)
    assert table[["truth_mass", "truth_oedema"]].to_numpy().tolist() == FLAGS.tolist()
    assert table[["predicted_mass", "predicted_oedema"]].to_numpy().tolist() == [[0, 0], [1, 1], [1, 1]]


@pytest.mark.parametrize(("classes", "columns"), [(20, 27), (21, 7)])
def test_many_classes_have_no_column_each(classes: int, columns: int) -> None:
    """Probabilities of every class up to 20 of them."""
    p = np.full((1, classes), 1 / classes)
    table = cases_table(["a"], np.array([[0]]), p, "multi-class", [str(k) for k in range(classes)], 1, None)
    assert table.shape == (1, columns)


REFUSED = [
    (["a", "b"], ["x", "y"], 1, "probabilities (3, 2); expected (2, 2)"),
    (["a", "b", "c"], ["x"], 1, "probabilities (3, 2); expected (3, 1)"),
    (["a", "b", "a"], ["x", "y"], 1, "'a' comes twice"),
    (["a", "b", "c"], ["x", "y"], 0, "batch size 0"),
]


@pytest.mark.parametrize(("names", "classes", "batch", "told"), REFUSED)
def test_what_makes_no_table_is_refused(names: list[str], classes: list[str], batch: int, told: str) -> None:
    """In one line."""
    with pytest.raises(GlassboxError) as caught:
        cases_table(names, TOLD, BINARY, "binary", classes, batch, None)
    assert told in str(caught.value)


def test_batches_are_means_of_their_cases() -> None:
    """A short last batch is one too."""
    table = cases_table(["a", "b", "c"], TOLD, BINARY, "binary", ["normal", "ill"], 2, 0.35)
    found = batches_table(table)
    assert list(found) == ["batch", "cases", "accuracy", "nll", "probability"]
    assert found["cases"].tolist() == [2, 1]
    assert found["accuracy"].tolist() == [0.5, 0.0]
    assert found["probability"].tolist() == [0.25, 0.7]
    assert found["nll"].tolist() == pytest.approx([table["nll"][:2].mean(), table["nll"][2]], abs=1e-6)


def batches(*rows: tuple[int, int, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["batch", "cases", "accuracy", "nll", "probability"])


STANDS = [
    (batches((0, 4, 0.5, 0.9, 0.4), (1, 4, 0.75, 0.5, 0.5), (2, 4, 1.0, 0.1, 0.6)), 1),
    (batches((0, 4, 0.5, 0.9, 0.4), (1, 4, 1.0, 0.1, 0.6), (2, 1, 0.75, 0.5, 0.5)), 0),  # a short one doesn't compete
    (batches((7, 2, 0.9, 0.2, 0.5)), 7),
    (batches((2, 4, 0.9, 0.2, 0.5), (1, 4, 0.9, 0.2, 0.5)), 1),  # all alike: the lowest number
    # In its own unit the log loss alone would decide, for batch 2; in standard deviations batch 0 is nearer.
    (batches((0, 4, 0.79, 9.0, 0.5), (1, 4, 0.6, 30.0, 0.4), (2, 4, 1.0, 13.0, 0.6), (3, 4, 0.8, 0.0, 0.5)), 0),
]


@pytest.mark.parametrize(("table", "expected"), STANDS)
def test_the_batch_nearest_the_mean_stands_for_all(table: pd.DataFrame, expected: int) -> None:
    """Accuracy, log loss and probability weigh the same."""
    assert representative_batch(table) == expected


def test_no_batch_stands_for_none() -> None:
    """An error, not an index into nothing."""
    with pytest.raises(GlassboxError, match="an empty table"):
        representative_batch(batches())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_every_pair_of_classes_is_counted(pairs: list[tuple[int, int]]) -> None:
    """Nine rows that add up to the cases, classes that never occur among them."""
    table = confusion_table(pd.DataFrame(pairs, columns=["truth", "predicted"]), ["a", "b", "c"])
    assert list(table) == ["actual", "predicted", "n"]
    assert table["n"].sum() == len(pairs)
    counted = {(row[0], row[1]): row[2] for row in table.to_numpy().tolist()}
    assert counted == {(t, p): pairs.count(("abc".index(t), "abc".index(p))) for t in "abc" for p in "abc"}


def test_flags_are_counted_where_they_are_true() -> None:
    """Found and not found, of the cases that have it; none of a class nobody has."""
    flags = np.hstack([FLAGS, np.zeros((3, 1), int)])
    said = np.hstack([FLAG_SAID, np.full((3, 1), 0.9)])
    said[1, 0] = 0.2
    names = ["mass", "oedema", "hernia"]
    found = confusion_table(cases_table(list("abc"), flags, said, "multi-label", names, 1, None), names)
    assert found.to_numpy().tolist() == [
        ["mass", "mass", 1],
        ["mass", "not mass", 1],
        ["oedema", "oedema", 1],
        ["oedema", "not oedema", 0],
        ["hernia", "hernia", 0],
        ["hernia", "not hernia", 0],
    ]


@pytest.mark.parametrize("form", ["binary", "multi-label"])
def test_tables_survive_csv(form: str, tmp_path: Path) -> None:
    """Names of digits stay text; batches and confusion of the file are those of the table it was written from."""
    labels, said = (TOLD, BINARY) if form == "binary" else (FLAGS, FLAG_SAID)
    table = cases_table(["0012", "NA", "7"], labels, said, form, ["mass", "oedema"], 2, None)  # type: ignore[arg-type]
    write_csv(tmp_path / "cases.csv", table)
    again = read_csv(tmp_path / "cases.csv")
    pd.testing.assert_frame_equal(again, table, check_dtype=False)
    pd.testing.assert_frame_equal(batches_table(again), batches_table(table))
    names = ["mass", "oedema"]
    pd.testing.assert_frame_equal(confusion_table(again, names), confusion_table(table, names))
