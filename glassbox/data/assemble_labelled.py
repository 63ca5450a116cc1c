"""From labelled pictures as a loader reads them to a split as a classifier is given it."""

from collections.abc import Iterable

import cv2
import numpy as np
import pandas as pd

from glassbox.artifacts import LabelledSplit
from glassbox.data import steps
from glassbox.data.check import Census
from glassbox.data.familiar import mean_chroma
from glassbox.data.labelled import Labelled
from glassbox.data.picture import Image
from glassbox.data.targets import expected, fits
from glassbox.errors import GlassboxError
from glassbox.params import Classes, ClassifyPreprocess

FITTED = ("train", "val")


def assemble(
    cases: Iterable[Labelled], settings: ClassifyPreprocess, labels: Classes, split: str, census: Census
) -> LabelledSplit:
    """Preprocess every case and count it in `census`.

    Pictures are resized and prepared in colour, ``(H, W, 3)``; where the network is given one channel it is their luma.
    Attributes are rounded to 6 decimals: they are reported, not computed with.

    Raises `GlassboxError` for a label that the task can't have, a split without cases, and a `train` or `val` in which
    every case has one label: nothing can be learned or chosen there.
    """
    names, images, found, chroma, attributes = [], [], [], [], []
    for case in cases:
        census.add(split, case)
        if not fits(case.label, labels.form, len(labels.classes)):
            label = ", ".join(map(str, case.label))
            raise GlassboxError(case.name, f"label {label}", expected(labels.form, len(labels.classes)))
        names.append(case.name)
        images.append(in_channels(steps.prepare(case.image, settings), settings.channels))
        found.append(case.label)
        chroma.append(mean_chroma(case.image))
        attributes.append({name: round(value, 6) for name, value in case.attributes.items()})
    if not names:
        raise GlassboxError(f"split {split}", "no cases", "at least one")
    if split in FITTED and len(set(found)) == 1:
        one = f"{len(found)} cases, all of them {_told(found[0], labels)}"
        raise GlassboxError(f"split {split}", one, "cases of two classes or more")
    table = pd.DataFrame(attributes, index=names)
    told, colour = np.array(found, dtype=np.int64), np.array(chroma, np.float32).round(4)
    return LabelledSplit(tuple(names), np.stack(images), told, table, labels.form, tuple(labels.names), colour)


def in_channels(image: Image, channels: int) -> Image:
    """A prepared picture ``(H, W, 3)`` as the network is given it, ``(H, W, channels)``: as it is, or its luma."""
    return image if channels == 3 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))[:, :, None]


def counts(split: LabelledSplit) -> dict[str, int]:
    """How many cases there are of each class, by its name; a case with several labels counts to each of them."""
    if split.form == "multi-label":
        return {name: int(count) for name, count in zip(split.classes, split.labels.sum(axis=0), strict=True)}
    found = np.bincount(split.labels[:, 0], minlength=len(split.classes))
    return {name: int(count) for name, count in zip(split.classes, found, strict=True)}


def _told(label: tuple[int, ...], labels: Classes) -> str:
    """A label in the names of its classes."""
    if labels.form != "multi-label":
        return labels.names[label[0]]
    return " and ".join(name for name, flag in zip(labels.names, label, strict=True) if flag) or "of no class"
