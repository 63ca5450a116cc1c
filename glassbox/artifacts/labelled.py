"""One split of a classification task: what the network is given, and what it is judged by."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from glassbox.artifacts.files import decoded, write_arrays
from glassbox.params import Form

PREFIX = "attribute_"


@dataclass(frozen=True)
class LabelledSplit:
    """One split of a classification task.

    `images`: `(N, H, W, C) uint8` at the network's size, C = 3 for RGB and 1 for grey; `labels`: `(N, L) int64`, one
    class index, or a flag for each of L classes; `attributes`: one row a case, indexed by `cases`; `form`: what the
    labels say, as `glassbox.params.Classes` has it; `classes`: the classes' names, in order; `chroma`: `(N,) float32`,
    how colourful each picture was before it was prepared, its mean CIELAB chroma.
    """

    cases: tuple[str, ...]
    images: np.ndarray
    labels: np.ndarray
    attributes: pd.DataFrame
    form: Form
    classes: tuple[str, ...]
    chroma: np.ndarray

    def inputs(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """`(n, H, W, C) float32 in [0, 1]`: what the network is given."""
        return self.images[start:stop].astype(np.float32) / 255.0

    def in_colour(self) -> np.ndarray:
        """`(N, H, W, 3) uint8`: grey pictures with their channel three times."""
        return np.repeat(self.images, 3, axis=3) if self.images.shape[3] == 1 else self.images

    def of(self, names: Sequence[str]) -> "LabelledSplit":
        """The part of the split that holds the named cases, in that order."""
        at = [self.cases.index(name) for name in names]
        part = self.images[at], self.labels[at], self.attributes.iloc[at]
        return LabelledSplit(tuple(names), *part, self.form, self.classes, self.chroma[at])


def write_labelled(path: Path, split: LabelledSplit) -> None:
    """Write a split; a column of attributes is an array of its own."""
    columns = {f"{PREFIX}{name}": split.attributes[name].to_numpy() for name in split.attributes}
    fixed = {"cases": np.array(split.cases), "images": split.images, "labels": split.labels}
    fixed |= {"form": np.array(split.form), "classes": np.array(split.classes), "chroma": split.chroma}
    write_arrays(path, {**fixed, **columns})


def read_labelled(path: Path) -> LabelledSplit:
    """Read what `write_labelled` wrote."""
    return decoded(path, _labelled)


def _labelled(file: io.BytesIO) -> LabelledSplit:
    arrays = dict(np.load(file, allow_pickle=False))
    columns = {name.removeprefix(PREFIX): array for name, array in arrays.items() if name.startswith(PREFIX)}
    table = pd.DataFrame(columns, index=arrays["cases"])
    return LabelledSplit(
        cases=tuple(map(str, arrays["cases"])),
        images=arrays["images"],
        labels=arrays["labels"],
        attributes=table,
        form=cast(Form, str(arrays["form"])),
        classes=tuple(map(str, arrays["classes"])),
        chroma=arrays["chroma"],
    )
