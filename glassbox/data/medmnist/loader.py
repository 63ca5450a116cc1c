"""Loader of MedMNIST's two-dimensional data sets (Yang 2023, doi:10.1038/s41597-022-01721-8).

Each is one official ``.npz``, which holds, for each of train, val and test, ``<split>_images`` ``(N, H, W)`` or
``(N, H, W, 3) uint8`` and ``<split>_labels`` ``(N, L)``, whole numbers: L = 1 class index, or L flags. A case is named
after its split and its place there, such as ``train-00042``; patients are not told apart.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from glassbox.data import acquire
from glassbox.data.labelled import Deposit, Entry, Labelled, tone
from glassbox.data.loader import Archive
from glassbox.data.medmnist.arrays import SPLITS, Labels, read_images, read_labels
from glassbox.data.picture import Image
from glassbox.data.split import holdout
from glassbox.errors import GlassboxError
from glassbox.params import Block, Share


def _written(pattern: str, what: str) -> AfterValidator:
    """A check that a text is of a form; `glassbox.params` tells what stands before and behind the bar in one line."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"'{text}'|{what}")
        return text

    return AfterValidator(check)


class Source(Block):
    """``file``: its official name; ``url`` and ``md5``: as MedMNIST publishes them, empty where unknown.

    ``holdout``: share of training held out where the file has no validation part; 0 where it has one.
    """

    file: Annotated[str, _written(r"[\w-]+\.npz", "the name of a file, such as pathmnist.npz")]
    url: str
    md5: Annotated[str, _written(r"([0-9a-f]{32})?", "32 hexadecimal digits, or '' where unknown")]
    holdout: Share


def folders(source: Source) -> list[str]:
    """The one official file."""
    return [source.file]


def archives(source: Source) -> list[Archive]:
    """The official download, where its address is known."""
    return [Deposit(source.url, md5=source.md5, file=source.file)] if source.url else []


def listed(raw: Path, source: Source) -> dict[str, list[Entry]]:
    """Every case of each split that the file has.

    Raises `GlassboxError` for a file that is missing, damaged or no ``.npz``, an array that is missing, of another type
    or of a shape that does not fit, a negative label, and a split without a picture.
    """
    path = raw / source.file
    labels = read_labels(path)
    return {split: _entries(path, split, labels[split]) for split in labels}


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Labelled]:
    """The cases of ``train``, ``val`` or ``test`` one by one, in the file's order.

    The file's own splits are kept. Where it has no validation part, ``val`` is a seeded share ``source.holdout`` of
    train at the same share of every class, and ``train`` the rest. A case with several labels is held out with those of
    its rarest flag.

    Raises `GlassboxError` as `listed` does, for a ``holdout`` where there is a validation part already and for one that
    leaves it empty, and for a validation part of one class where train has several.
    """
    path = raw / source.file
    labels = read_labels(path)
    part, chosen = _assigned(path, labels, source, seed, split)
    images = read_images(path, part, len(labels[part]))
    for index in chosen:
        yield _case(part, images, labels[part], index)


def attributes(image: Image) -> dict[str, float]:
    """``brightness`` and ``contrast`` of `glassbox.data.labelled.tone`."""
    return tone(image)


def manifest(raw: Path, source: Source, seed: int) -> str:
    """The checksum of the file, which is read and held to its layout before."""
    listed(raw, source)
    return acquire.manifest(raw, [Path(source.file)])


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    """Hold the file to its manifest."""
    acquire.verify(raw, manifest_text, [Path(source.file)])


def _assigned(
    path: Path, labels: dict[str, Labels], source: Source, seed: int, split: str
) -> tuple[str, NDArray[np.int64]]:
    """The file's split that the cases of ``split`` lie in, and their places there."""
    if split not in SPLITS:
        raise GlassboxError("split", f"'{split}'", f"one of {', '.join(SPLITS)}")
    if "val" in labels and source.holdout:
        found = f"{source.holdout:g} of training, though {path} has a validation part"
        raise GlassboxError("source.holdout", found, "0: that part is kept")
    if "val" in labels:
        _refuse_one_class(path, labels["val"], labels["train"])
    elif split != "test":
        held = _held_out(path, labels["train"], source.holdout, seed)
        return "train", np.flatnonzero(held == (split == "val"))
    return split, np.arange(len(labels[split]))


def _held_out(path: Path, labels: Labels, share: float, seed: int) -> NDArray[np.bool_]:
    """Which cases of train validate, ``(N,) bool``."""
    names = [_name("train", index) for index in range(len(labels))]
    chosen = set(holdout(names, None, share, seed, _strata(labels))[1])
    if not chosen:
        found = f"{share:g} of training, and {path} has no validation part"
        raise GlassboxError("source.holdout", found, "a share that leaves pictures to validate by")
    held = np.array([name in chosen for name in names])
    _refuse_one_class(path, labels[held], labels)
    return held


def _refuse_one_class(path: Path, val: Labels, train: Labels) -> None:
    """Nothing can be chosen by a validation part in which every label is the same."""
    kinds, trained = np.unique(val, axis=0), np.unique(train, axis=0)
    if len(kinds) == 1 and len(trained) > 1:
        found = f"{len(val)} validation pictures, all of label {', '.join(map(str, kinds[0]))}"
        raise GlassboxError(path, found, f"several of the {len(trained)} that training has")


def _strata(labels: Labels) -> list[str]:
    """What each case is held out with: its class, or the rarest of its flags."""
    if labels.shape[1] == 1:
        return [str(label) for label in labels[:, 0]]
    frequency = (labels > 0).sum(axis=0)
    flags = [np.flatnonzero(row) for row in labels]
    return [str(min(row, key=lambda flag: (frequency[flag], flag))) if row.size else "none" for row in flags]


def _entries(path: Path, split: str, labels: Labels) -> list[Entry]:
    images = read_images(path, split, len(labels))
    return [
        Entry(_name(split, index), _label(labels, index), "", path, partial(_case, split, images, labels, index))
        for index in range(len(labels))
    ]


def _case(split: str, images: Image, labels: Labels, index: int) -> Labelled:
    image = images[index]
    image = np.repeat(image[:, :, None], 3, axis=2) if image.ndim == 2 else np.ascontiguousarray(image)
    return Labelled(_name(split, index), image, _label(labels, index), attributes(image))


def _name(split: str, index: int) -> str:
    return f"{split}-{index:05d}"


def _label(labels: Labels, index: int) -> tuple[int, ...]:
    return tuple(int(number) for number in labels[index])
