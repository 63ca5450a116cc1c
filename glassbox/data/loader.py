"""The contract of a loader: all that the commands and stage `preprocess` know about a task's data.

A loader is a package ``glassbox/data/<name>/`` whose ``loader.py`` offers every name of `Loader`; a task is a block of
``params.yaml`` that names it. Nothing else has to be told of a new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from glassbox.data.case import Case
from glassbox.data.picture import Image, Mask
from glassbox.params import AnyBlock


@dataclass(frozen=True)
class Pair:
    """One case on disk: its name, such as ``ISIC_0000000``, its picture and its mask, either of which may be absent.

    ``region``: the mask of where scores are taken, for a data set that has one.
    """

    name: str
    image: Path
    mask: Path
    region: Path | None = None

    @property
    def files(self) -> list[Path]:
        """Every file of the case."""
        return [path for path in (self.image, self.mask, self.region) if path is not None]


@dataclass(frozen=True)
class Archive:
    """An official archive. ``sha256`` is empty where its publisher gives none: then the first download's is kept."""

    url: str
    sha256: str = ""

    @property
    def name(self) -> str:
        """File name: the last part of the address."""
        return self.url.rsplit("/", 1)[-1]


class Loader(Protocol[AnyBlock]):
    """What a ``loader.py`` offers, as a module.

    ``raw`` is the folder with the task's data, named after the task; it is not looked at where cases are drawn.
    ``source`` is the task's block of that name, as a `Source`; ``seed`` is the project's. What a user can mend is a
    `GlassboxError`.
    """

    @property
    def Source(self) -> type[AnyBlock]:
        """The type of the block ``tasks.<task>.source`` in ``params.yaml``."""

    def cases(self, raw: Path, source: AnyBlock, seed: int, split: str) -> Iterator[Case]:
        """The cases of ``train``, ``val`` or ``test``, one by one, always in the same order."""

    def attributes(self, image: Image, mask: Mask, region: Mask | None) -> dict[str, float]:
        """What can be measured of any case, ``(H, W, 3) uint8`` and ``(H, W) bool``, to group scores by."""

    def folders(self, source: AnyBlock) -> list[str]:
        """The official folders to bring into ``raw``. Empty: the cases are drawn from the seed, nothing is brought."""

    def listed(self, raw: Path, source: AnyBlock) -> dict[str, list[Pair]]:
        """Every pair in ``raw`` by official split, with the expected path of a half that is absent. Drawn: empty."""

    def archives(self, source: AnyBlock) -> list[Archive]:
        """The official downloads, which hold ``folders``. Empty: none is known, a user brings the data himself."""

    def manifest(self, raw: Path, source: AnyBlock, seed: int) -> str:
        """What the data are, for git: `glassbox.data.acquire.manifest` of the files ``listed``. Drawn: of the source.

        Lines ``<sha256>  <name>``.
        """

    def verify(self, raw: Path, source: AnyBlock, seed: int, manifest_text: str) -> None:
        """Refuse data other than those that ``manifest`` was written for: one missing, extra or changed."""
