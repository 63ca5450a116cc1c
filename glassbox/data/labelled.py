"""One picture with its class, and the contract of a loader of a classification task.

It is the contract of `glassbox.data.loader` with `Labelled` for `Case` and `Entry` for `Pair`: a package
``glassbox/data/<name>/`` whose ``loader.py`` offers every name of `LabelledLoader`, and a block of ``params.yaml`` that
names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2

from glassbox.data.loader import Archive
from glassbox.data.picture import Image
from glassbox.params import AnyBlock


@dataclass(frozen=True)
class Labelled:
    """A named picture and what it is.

    Attributes:
        name: unique within its task, and fit for a file's name.
        image: ``(H, W, 3) uint8`` RGB.
        label: the index of the class; of a task with several labels a case, a flag 0 or 1 for each class.
        attributes: numbers to group and plot scores by; the loader says which (flags are 0.0 or 1.0).
        group: the patient, as far as the data set tells patients apart; empty where it does not.
    """

    name: str
    image: Image
    label: tuple[int, ...]
    attributes: dict[str, float]
    group: str = ""


@dataclass(frozen=True)
class Entry:
    """One case on disk: all that is known before its picture is decoded.

    ``file`` holds the picture, and maybe others; ``read`` gives the case, or raises `GlassboxError` where it can't be
    read.
    """

    name: str
    label: tuple[int, ...]
    group: str
    file: Path
    read: Callable[[], Labelled]

    @property
    def files(self) -> list[Path]:
        """The one file of the case."""
        return [self.file]


@dataclass(frozen=True)
class Deposit(Archive):
    """A download of a repository such as Zenodo: MD5 (empty: unknown), and an address that need not end in the name."""

    md5: str = ""
    file: str = ""

    @property
    def name(self) -> str:
        """``file``, else the last part of the address without what is asked of the server.

        >>> Deposit("https://zenodo.org/records/10519652/files/pathmnist.npz?download=1").name
        'pathmnist.npz'
        """
        return self.file or self.url.partition("?")[0].rsplit("/", 1)[-1]


class LabelledLoader(Protocol[AnyBlock]):
    """What a ``loader.py`` of a classification task offers, as a module; arguments as in `glassbox.data.loader`."""

    @property
    def Source(self) -> type[AnyBlock]:
        """The type of the block ``tasks.<task>.source`` in ``params.yaml``."""

    def cases(self, raw: Path, source: AnyBlock, seed: int, split: str) -> Iterator[Labelled]:
        """The cases of ``train``, ``val`` or ``test``, one by one, always in the same order."""

    def attributes(self, image: Image) -> dict[str, float]:
        """What can be measured of any picture, ``(H, W, 3) uint8``, to group scores by."""

    def folders(self, source: AnyBlock) -> list[str]:
        """The official folders to bring into ``raw``, or the one official file, whose name ends in ``.npz``.

        Empty: the cases are drawn from the seed, nothing is brought.
        """

    def listed(self, raw: Path, source: AnyBlock) -> dict[str, list[Entry]]:
        """Every case in ``raw`` by official split. Drawn: empty."""

    def archives(self, source: AnyBlock) -> list[Archive]:
        """The official downloads, which hold ``folders``. Empty: none is known, a user brings the data himself."""

    def manifest(self, raw: Path, source: AnyBlock, seed: int) -> str:
        """What the data are, for git: lines ``<sha256>  <name>``, as in `glassbox.data.loader`."""

    def verify(self, raw: Path, source: AnyBlock, seed: int, manifest_text: str) -> None:
        """Refuse data other than those that ``manifest`` was written for: one missing, extra or changed."""


def tone(image: Image) -> dict[str, float]:
    """``brightness`` and ``contrast``: mean and standard deviation of the luma Y' (BT.601) over 255, both in [0, 1].

    >>> import numpy as np
    >>> tone(np.full((2, 2, 3), 51, np.uint8))
    {'brightness': 0.2, 'contrast': 0.0}
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return {"brightness": float(grey.mean()) / 255, "contrast": float(grey.std()) / 255}
