"""What a classification data set holds before anyone trains on it: what `glassbox.data.check` counts, by class too."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from glassbox.data.acquire import Tell
from glassbox.data.check import Census, Report
from glassbox.data.labelled import Entry, Labelled
from glassbox.data.targets import expected, fits
from glassbox.errors import GlassboxError
from glassbox.params import Classes


@dataclass(frozen=True)
class LabelledReport(Report):
    """A report whose ``counts["classes"]`` hold the cases of every class, a split."""

    def lines(self) -> list[str]:
        """The report as text, the classes below the splits."""
        told = super().lines()
        classes = [
            f"{split}: {', '.join(f'{name} {count}' for name, count in found.items())}"
            for split, found in self.counts["classes"].items()
        ]
        splits = len(self.counts["cases"])
        return [*told[:splits], *classes, *told[splits:]]


def check(entries_by_split: Mapping[str, Sequence[Entry]], labels: Classes, tell: Tell | None = None) -> LabelledReport:
    """Read every picture and report on it and its label.

    Faults: a picture that can't be read; labels that the task can't have, one line a split. Findings: duplicates, those
    of unlike labels first, as at most one of the two can be right; classes without a case in a split; patients that
    occur in two splits, where the data set tells patients apart.
    """
    census, alike = Census(), _Alike()
    total, done = sum(len(entries) for entries in entries_by_split.values()), 0
    for split, entries in entries_by_split.items():
        for entry in entries:
            _read(census, alike, split, entry)
            done += 1
            if tell is not None:
                tell(f"check {split}", done, total)
        for line in _out_of_range(split, entries, labels):
            census.fault(line)
    report, unlike = census.report(), alike.unlike()
    classes = {split: _classes(entries, labels) for split, entries in entries_by_split.items()}
    counts = {**report.counts, "classes": classes}
    counts["duplicates"] = {**report.counts["duplicates"], "exact_of_unlike_labels": len(unlike)}
    findings = [f"one picture, two labels: {one} and {other}" for one, other in unlike]
    findings += [
        f"no case of class {name} in {split}" for split in classes for name, n in classes[split].items() if not n
    ]
    return LabelledReport(counts, [*findings, *_shared(entries_by_split), *report.findings], report.faults)


class _Alike:
    """Which cases show one and the same picture."""

    def __init__(self) -> None:
        self._cases: dict[str, list[tuple[str, tuple[int, ...]]]] = {}

    def add(self, case: Labelled) -> None:
        """Count a case."""
        pixels = hashlib.sha256(str(case.image.shape).encode() + case.image.tobytes()).hexdigest()
        self._cases.setdefault(pixels, []).append((case.name, case.label))

    def unlike(self) -> list[tuple[str, str]]:
        """The names of each pair of cases with equal pictures and unlike labels."""
        pairs = (pair for same in self._cases.values() for pair in combinations(same, 2))
        return [(one, other) for (one, label), (other, other_label) in pairs if label != other_label]


def _read(census: Census, alike: _Alike, split: str, entry: Entry) -> None:
    try:
        case = entry.read()
    except GlassboxError as fault:
        census.fault(str(fault))
        return
    census.add(split, case)
    alike.add(case)


def _out_of_range(split: str, entries: Sequence[Entry], labels: Classes) -> list[str]:
    """One line where there is such a label."""
    wrong = [entry for entry in entries if not fits(entry.label, labels.form, len(labels.classes))]
    if not wrong:
        return []
    told = f"{len(wrong)} labels of {split}, the first {', '.join(map(str, wrong[0].label))} of {wrong[0].name}"
    return [f"{wrong[0].file}: {told}; expected {expected(labels.form, len(labels.classes))}"]


def _classes(entries: Sequence[Entry], labels: Classes) -> dict[str, int]:
    """The cases of each class; what is out of range counts to none."""
    fitting = [entry.label for entry in entries if fits(entry.label, labels.form, len(labels.classes))]
    if labels.form == "multi-label":
        return {name: sum(label[index] for label in fitting) for index, name in enumerate(labels.names)}
    found = Counter(label[0] for label in fitting)
    return {name: found[index] for index, name in enumerate(labels.names)}


def _shared(entries_by_split: Mapping[str, Sequence[Entry]]) -> list[str]:
    """Patients that occur in two splits, one line a pair of splits."""
    patients = {split: {entry.group for entry in entries} - {""} for split, entries in entries_by_split.items()}
    told = []
    for one, other in combinations(patients, 2):
        both = sorted(patients[one] & patients[other])
        if both:
            told.append(f"{len(both)} patient numbers occur both in {one} and in {other}, the first {both[0]}")
    return told
