"""What a check of labelled pictures counts and finds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glassbox.data.check_labelled import check
from glassbox.data.labelled import Entry, Labelled
from glassbox.errors import GlassboxError
from glassbox.params import Classes, parse

Picture = Callable[[], np.ndarray]


def classes(form: str, *names: str) -> Classes:
    return parse(Classes, {"form": form, "classes": [{"name": name, "about": name} for name in names]}, "labels")


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (40, 50, 3), np.uint8)


def entry(name: str, label: tuple[int, ...], seed: int, group: str = "") -> Entry:
    """A case of noise."""
    return Entry(name, label, group, Path("all.npz"), lambda: Labelled(name, noise(seed), label, {}, group))


def damaged(name: str) -> Entry:
    """A case whose picture can't be read."""

    def read() -> Labelled:
        raise GlassboxError(name, "truncated JPEG", "a whole picture")

    return Entry(name, (0,), "", Path(f"{name}.jpeg"), read)


TWO = classes("binary", "normal", "pneumonia")


def test_counts_by_split_and_class() -> None:
    """As numbers and, below the sizes, as text."""
    entries = {
        "train": [entry("a", (0,), 1), entry("b", (1,), 2), entry("c", (1,), 3)],
        "test": [entry("d", (0,), 4), entry("e", (1,), 5)],
    }
    told: list[tuple[str, int, int]] = []
    report = check(entries, TWO, lambda *event: told.append(event))
    assert report.counts["cases"] == {"train": 3, "test": 2}
    assert report.counts["classes"] == {"train": {"normal": 1, "pneumonia": 2}, "test": {"normal": 1, "pneumonia": 1}}
    assert (report.findings, report.faults) == ([], [])
    lines = report.lines()
    assert lines[0].startswith("train: 3 cases, 50x40 to 50x40 pixels") and lines[1].startswith("test: 2 cases")
    assert lines[2:4] == ["train: normal 1, pneumonia 2", "test: normal 1, pneumonia 1"]
    assert lines[4].startswith("duplicates: 0 exact within, 0 exact across") and len(lines) == 5
    assert told[0] == ("check train", 1, 5) and told[-1] == ("check test", 5, 5)


def test_flags_count_to_each_of_their_classes() -> None:
    """A case of no class counts to none."""
    entries = {"train": [entry("a", (1, 1, 0), 1), entry("b", (0, 1, 0), 2), entry("c", (0, 0, 0), 3)]}
    report = check(entries, classes("multi-label", "mass", "nodule", "hernia"))
    assert report.counts["classes"] == {"train": {"mass": 1, "nodule": 2, "hernia": 0}}
    assert report.findings == ["no case of class hernia in train"]


def test_one_picture_with_two_labels() -> None:
    """It comes before the duplicates, which it is counted to as well."""
    entries = {
        "train": [entry("a", (0,), 1), entry("b", (1,), 1), entry("c", (1,), 2)],
        "test": [entry("d", (0,), 3), entry("e", (1,), 2), entry("f", (0,), 2)],
    }
    report = check(entries, TWO)
    counts = {"exact_within": 2, "exact_across": 2, "near_within": 0, "near_across": 0, "exact_of_unlike_labels": 3}
    assert report.counts["duplicates"] == counts
    assert report.findings == [
        "one picture, two labels: a and b",
        "one picture, two labels: c and f",
        "one picture, two labels: e and f",
        "exact duplicate across train and test: c and e",
        "exact duplicate across train and test: c and f",
        "exact duplicate within train: a and b",
        "exact duplicate within test: e and f",
    ]
    assert report.faults == []


def test_patients_in_two_splits() -> None:
    """As many as there are, once a pair of splits; cases without a patient are nobody's."""
    entries = {
        "train": [entry("a", (0,), 1, "p2"), entry("b", (1,), 2, "p1"), entry("c", (1,), 3, "p3"), entry("d", (1,), 4)],
        "test": [entry("e", (0,), 5, "p2"), entry("f", (1,), 6, "p1"), entry("g", (1,), 7, "p1"), entry("h", (1,), 8)],
    }
    assert check(entries, TWO).findings == ["2 patient numbers occur both in train and in test, the first p1"]


def test_faults() -> None:
    """A picture that can't be read is one line, as are all labels of a split that the task can't have."""
    wrong = [entry("b", (2,), 2), entry("c", (7,), 3)]
    report = check({"train": [entry("a", (0,), 1), *wrong, damaged("x")], "test": [damaged("y")]}, TWO)
    assert report.faults == [
        "x: truncated JPEG; expected a whole picture",
        "all.npz: 2 labels of train, the first 2 of b; expected one class index from 0 to 1",
        "y: truncated JPEG; expected a whole picture",
    ]
    assert report.counts["faults"] == 3 and report.counts["cases"] == {"train": 3}
    assert report.counts["classes"]["train"] == {"normal": 2, "pneumonia": 0}


@pytest.mark.parametrize("label", [(0, 1), (), (-1,)])
def test_labels_of_another_form(label: tuple[int, ...]) -> None:
    """Too many, none, negative: a fault, never a class."""
    report = check({"train": [entry("a", label, 1), entry("b", (1,), 2)]}, TWO)
    assert len(report.faults) == 1 and report.counts["classes"]["train"] == {"normal": 0, "pneumonia": 1}
