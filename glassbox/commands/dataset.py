"""A task's raw data as the commands see it, through its loader."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.data.case import Case
from glassbox.data.loader import Archive, Loader, Pair
from glassbox.errors import GlassboxError
from glassbox.params import Params, parse


@dataclass(frozen=True)
class Dataset:
    """The raw data of the task `name`. `raw` is where it lies, or where a copy of it lies that is not yet accepted."""

    name: str
    loader: Loader[Any]
    source: Any
    seed: int
    raw: Path

    @property
    def is_drawn(self) -> bool:
        """Whether the loader draws its cases from the seed: then there are no files to bring."""
        return not self.folders

    @property
    def folders(self) -> list[str]:
        """The official folder names."""
        return self.loader.folders(self.source)

    @property
    def archives(self) -> list[Archive]:
        """The official downloads."""
        return self.loader.archives(self.source)

    def pairs(self) -> dict[str, list[Pair]]:
        """Every pair of every official split, those with a missing half included.

        `GlassboxError` where a split has none: nothing read must not pass for nothing wrong.
        """
        found = self.loader.listed(self.raw, self.source)
        empty = [split for split, pairs in found.items() if not pairs]
        if empty or not found:
            what = f"no picture of split {empty[0]}" if empty else "no picture in it"
            mend = f"glassbox acquire {self.name} --from PATH"
            raise GlassboxError(self.raw, what, f"the data of task '{self.name}'", mend)
        return found

    def files(self) -> list[Path]:
        """The files the loader reads, as far as they exist, relative to `raw`."""
        paths = {path for pairs in self.pairs().values() for pair in pairs for path in pair.files}
        return sorted(path.relative_to(self.raw) for path in paths if path.exists())

    def cases(self, split: str) -> Iterator[Case]:
        """The cases of ``train``, ``val`` or ``test``, one by one."""
        return self.loader.cases(self.raw, self.source, self.seed, split)


def dataset(paths: Paths, params: Params, name: str) -> Dataset:
    """The raw data of a task.

    `GlassboxError` for an unknown task, a faulty `source` block and a loader that lacks a name of its contract.
    """
    task = tasks.task(params, name)
    loader = cast(Loader[Any], import_module(f"glassbox.data.{task.loader}.loader"))
    contract = [offered for offered in vars(Loader) if not offered.startswith("_")]
    missing = [offered for offered in contract if not hasattr(loader, offered)]
    if missing:
        where = f"glassbox/data/{task.loader}/loader.py"
        raise GlassboxError(where, f"no {', '.join(missing)}", f"{', '.join(contract)} (see glassbox/data/loader.py)")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{name}.source")
    return Dataset(name, loader, source, params.seed, paths.raw(name))
