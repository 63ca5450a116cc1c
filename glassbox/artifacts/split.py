"""One split of a task: what the network is given, and what it is judged by."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.artifacts.files import decoded, write_arrays

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Split:
    """One split of a segmentation task.

    `images`: `(N, H, W, 3) uint8` RGB at the network's size; `masks`: `(N, H, W) uint8` of 0 and 1 at that size, for
    training; `truths`: N masks at the pictures' own sizes as PNG, for scoring; `attributes`: one row a case; `regions`:
    where scores are taken, N masks as the truths are, or none for whole pictures.
    """

    cases: tuple[str, ...]
    images: np.ndarray
    masks: np.ndarray
    truths: tuple[bytes, ...]
    attributes: pd.DataFrame
    regions: tuple[bytes, ...] = ()

    def inputs(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """`(n, H, W, 3) float32 in [0, 1]`: what the network is given."""
        return self.images[start:stop].astype(np.float32) / 255.0

    def of(self, names: Sequence[str]) -> "Split":
        """The part of the split that holds the named cases, in that order."""
        at = [self.cases.index(name) for name in names]
        truths, regions = (tuple(each[i] for i in at if each) for each in (self.truths, self.regions))
        return Split(tuple(names), self.images[at], self.masks[at], truths, self.attributes.iloc[at], regions)


def write_split(path: Path, split: Split) -> None:
    """Write a split; the PNG masks, then the regions, stand end to end, with the offset at which each begins."""
    drawn = [*split.truths, *split.regions]
    offsets = np.cumsum([0, *map(len, drawn)])
    columns = {f"attribute_{name}": split.attributes[name].to_numpy() for name in split.attributes}
    write_arrays(
        path,
        {
            "cases": np.array(split.cases),
            "images": split.images,
            "masks": split.masks,
            "truths": np.frombuffer(b"".join(drawn), np.uint8),
            "offsets": offsets,
            **columns,
        },
    )


def read_split(path: Path) -> Split:
    """Read what `write_split` wrote."""
    return decoded(path, _split)


def _split(file: io.BytesIO) -> Split:
    arrays = dict(np.load(file, allow_pickle=False))
    joined, offsets = arrays["truths"].tobytes(), arrays["offsets"]
    prefix = "attribute_"
    columns = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    drawn, n = tuple(joined[a:b] for a, b in pairwise(offsets)), len(arrays["cases"])
    return Split(
        cases=tuple(map(str, arrays["cases"])),
        images=arrays["images"],
        masks=arrays["masks"],
        truths=drawn[:n],
        attributes=pd.DataFrame(columns, index=arrays["cases"]),
        regions=drawn[n:],
    )
