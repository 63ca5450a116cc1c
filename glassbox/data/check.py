"""What a data set holds before anyone trains on it: counts, sizes, target shares, duplicates and faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glassbox.data.acquire import Tell
from glassbox.data.duplicates import Fingerprints
from glassbox.data.loader import Pair
from glassbox.data.picture import read_image, read_mask
from glassbox.errors import GlassboxError

SHOWN = 20
QUANTILES = {"min": 0.0, "q25": 0.25, "median": 0.5, "q75": 0.75, "max": 1.0}


class Pictured(Protocol):
    """A case of any task. Where it has a ``mask`` (H, W) bool, the mask is counted too."""

    @property
    def name(self) -> str: ...
    @property
    def image(self) -> NDArray[np.uint8]: ...


@dataclass(frozen=True)
class Report:
    """``counts``: nested plain numbers, fit for a metrics JSON; ``findings``: to be known; ``faults``: to be mended."""

    counts: dict[str, Any]
    findings: list[str]
    faults: list[str]

    def lines(self) -> list[str]:
        """The report as text, at most 20 findings and 20 faults of it."""
        told = [f"{split}: {self._split(split)}" for split in self.counts["cases"]]
        same = self.counts["duplicates"]
        told += [f"duplicates: {', '.join(f'{count} {title}'.replace('_', ' ') for title, count in same.items())}"]
        return told + _first("finding", self.findings) + _first("fault", self.faults)

    def _split(self, split: str) -> str:
        size, share = self.counts["image_sizes"][split], self.counts["target_share"].get(split)
        width, height = size["width_px"], size["height_px"]
        told = f"{self.counts['cases'][split]} cases, {width['min']}x{height['min']} to {width['max']}x{height['max']}"
        told += f" pixels, median {width['median']:g}x{height['median']:g}, {size['distinct']} distinct"
        if share:
            told += f"; target share median {share['median']:.1%}, quartiles {share['q25']:.1%} and {share['q75']:.1%}"
        return told


class Census:
    """Counts a data set case by case, so that no more than one picture is in memory."""

    def __init__(self) -> None:
        self._cases: list[tuple[str, str]] = []
        self._sizes: dict[str, list[tuple[int, int]]] = {}
        self._shares: dict[str, list[float]] = {}
        self._prints = Fingerprints()
        self._faults: list[str] = []

    def add(self, split: str, case: Pictured) -> None:
        """Count a case; a mask of another size than its picture, or without a true pixel, is a fault."""
        self._cases.append((split, case.name))
        self._sizes.setdefault(split, []).append((case.image.shape[0], case.image.shape[1]))
        self._prints.add(case.image)
        mask: NDArray[np.bool_] | None = getattr(case, "mask", None)
        if mask is None:
            return
        self._shares.setdefault(split, []).append(float(mask.mean()))
        if mask.shape != case.image.shape[:2]:
            self.fault(f"{case.name}: mask of {mask.shape}, image of {case.image.shape[:2]} (height, width)")
        elif not mask.any():
            self.fault(f"{case.name}: empty mask")

    def fault(self, line: str) -> None:
        """Note a fault of a case that could not be added."""
        self._faults.append(line)

    def report(self) -> Report:
        """All that was counted. Duplicates are counted as pairs: within one split, and across two."""
        exact, near = self._prints.exact(), self._prints.near()
        counts: dict[str, Any] = {
            "cases": {split: len(sizes) for split, sizes in self._sizes.items()},
            "image_sizes": {split: _sizes(sizes) for split, sizes in self._sizes.items()},
            "target_share": {split: _quantiles(shares, 4) for split, shares in self._shares.items()},
            "duplicates": {
                f"{kind}_{where}": sum(self._across(pair) == (where == "across") for pair in found)
                for kind, found in (("exact", exact), ("near", near))
                for where in ("within", "across")
            },
            "faults": len(self._faults),
        }
        findings = [self._finding("exact", pair) for pair in sorted(exact, key=self._across, reverse=True)]
        findings += [self._finding("near", pair) for pair in sorted(near, key=self._across, reverse=True)]
        return Report(counts, findings, list(self._faults))

    def _across(self, pair: tuple[int, int]) -> bool:
        return self._cases[pair[0]][0] != self._cases[pair[1]][0]

    def _finding(self, kind: str, pair: tuple[int, int]) -> str:
        (one_split, one), (other_split, other) = (self._cases[index] for index in pair)
        where = f"across {one_split} and {other_split}" if one_split != other_split else f"within {one_split}"
        return f"{kind} duplicate {where}: {one} and {other}"


@dataclass(frozen=True)
class _Read:
    name: str
    image: NDArray[np.uint8]
    mask: NDArray[np.bool_]


def check(pairs_by_split: Mapping[str, Sequence[Pair]], tell: Tell | None = None) -> Report:
    """Read every image and mask and report on them.

    Faults, one line each: an image without a mask, a mask without an image, a file that can't be read, a mask of
    another size than its image, grey values in a mask, an empty mask. Duplicates are findings: which of two equal
    pictures is to go is not for a program to say.
    """
    census = Census()
    total, done = sum(len(pairs) for pairs in pairs_by_split.values()), 0
    for split, pairs in pairs_by_split.items():
        for pair in pairs:
            _read(census, split, pair)
            done += 1
            if tell is not None:
                tell(f"check {split}", done, total)
    return census.report()


def _read(census: Census, split: str, pair: Pair) -> None:
    if not pair.image.exists() or not pair.mask.exists():
        there, absent = (pair.mask, pair.image) if pair.mask.exists() else (pair.image, pair.mask)
        kind = "mask without an image" if there == pair.mask else "image without a mask"
        census.fault(f"{there}: {kind}; expected {absent}")
        return
    try:
        image = read_image(pair.image).pixels
        mask = read_mask(pair.mask, like=(image.shape[0], image.shape[1]))
        if pair.region is not None:
            read_mask(pair.region, like=(image.shape[0], image.shape[1]))
    except GlassboxError as fault:
        census.fault(str(fault))
        return
    census.add(split, _Read(pair.name, image, mask))


def _sizes(sizes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    sides = {"height_px": [height for height, _ in sizes], "width_px": [width for _, width in sizes]}
    spread = {
        name: {"min": min(side), "median": float(np.median(side)), "max": max(side)} for name, side in sides.items()
    }
    return {**spread, "distinct": len(set(sizes))}


def _quantiles(values: Sequence[float], digits: int) -> dict[str, float]:
    return {name: round(float(np.quantile(values, q)), digits) for name, q in QUANTILES.items()}


def _first(kind: str, told: Sequence[str]) -> list[str]:
    more = [f"{len(told) - SHOWN} more {kind}s"] if len(told) > SHOWN else []
    return [f"{kind}: {line}" for line in told[:SHOWN]] + more
