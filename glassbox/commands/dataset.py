"""A task's raw data as the commands see it, through its loader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.data.case import Case
from glassbox.data.check import OnDisk
from glassbox.params import Params, parse


@dataclass(frozen=True)
class Dataset:
    """The raw data of the task `name`. `raw` is where it lies, or where a copy of it lies that is not yet accepted."""

    name: str
    loader: Any
    source: Any
    seed: int
    raw: Path

    @property
    def is_drawn(self) -> bool:
        """Whether the loader draws its cases from the seed: then there are no files to bring."""
        return not hasattr(self.loader, "folders")

    @property
    def folders(self) -> list[str]:
        """The official folder names."""
        found: list[str] = self.loader.folders(self.source.edition)
        return found

    def pairs(self) -> dict[str, Sequence[OnDisk]]:
        """Every pair of every official split, those with a missing half included."""
        splits = self.loader.EDITIONS[self.source.edition]
        return {split: self.loader.listed(self.raw, self.source.edition, split) for split in splits}

    def files(self) -> list[Path]:
        """The files the loader reads, as far as they exist, relative to `raw`."""
        paths = {path for pairs in self.pairs().values() for pair in pairs for path in (pair.image, pair.mask)}
        return sorted(path.relative_to(self.raw) for path in paths if path.exists())

    def cases(self, split: str) -> Iterator[Case]:
        """The cases of ``train``, ``val`` or ``test``, one by one."""
        found: Iterator[Case] = self.loader.cases(self.raw, self.source, self.seed, split)
        return found


def dataset(paths: Paths, params: Params, name: str) -> Dataset:
    """The raw data of a task; `GlassboxError` for an unknown task and for a faulty `source` block."""
    task = tasks.task(params, name)
    loader = import_module(f"glassbox.data.{task.loader}.loader")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{name}.source")
    return Dataset(name, loader, source, params.seed, paths.raw(name))
