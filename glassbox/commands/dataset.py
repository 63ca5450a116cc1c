"""A task's raw data as the commands see it, through its loader."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.data.case import Case
from glassbox.data.labelled import Entry, Labelled, LabelledLoader
from glassbox.data.loader import Archive, Loader, Pair
from glassbox.errors import GlassboxError
from glassbox.params import Classes, Classify, Params, parse

FILE_ENDING = ".npz"  # of a data set that is officially one file


@dataclass(frozen=True)
class Dataset:
    """The raw data of the task `name`. `raw` is where it lies, or where a copy of it lies that is not yet accepted.

    `labels`: what pictures are told to be, where they are told apart; None where they are outlined.
    """

    name: str
    loader: Loader[Any] | LabelledLoader[Any]
    source: Any
    seed: int
    raw: Path
    labels: Classes | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether the loader draws its cases from the seed: then there are no files to bring."""
        return not self.folders

    @property
    def folders(self) -> list[str]:
        """The official folder names, or the name of the one official file."""
        return self.loader.folders(self.source)

    @property
    def file(self) -> str:
        """The name of the one official file; empty for a data set of folders."""
        return next((name for name in self.folders if name.endswith(FILE_ENDING)), "")

    @property
    def is_in_place(self) -> bool:
        """Whether every official folder, or the file, lies in `raw`."""
        return all((self.raw / name).is_file() if self.file else (self.raw / name).is_dir() for name in self.folders)

    @property
    def archives(self) -> list[Archive]:
        """The official downloads."""
        return self.loader.archives(self.source)

    def pairs(self) -> dict[str, list[Pair]]:
        """Every pair of every official split of pictures that are outlined, those with a missing half included."""
        return cast(dict[str, list[Pair]], self._listed())

    def entries(self) -> dict[str, list[Entry]]:
        """Every case of every official split of pictures that are told apart."""
        return cast(dict[str, list[Entry]], self._listed())

    def files(self) -> list[Path]:
        """The files the loader reads, as far as they exist, relative to `raw`."""
        paths = {path for found in self._listed().values() for each in found for path in each.files}
        return sorted(path.relative_to(self.raw) for path in paths if path.exists())

    def cases(self, split: str) -> Iterator[Case | Labelled]:
        """The cases of ``train``, ``val`` or ``test``, one by one."""
        return self.loader.cases(self.raw, self.source, self.seed, split)

    def _listed(self) -> Mapping[str, Sequence[Pair | Entry]]:
        """What the loader lists.

        `GlassboxError` where a split has no case: nothing read must not pass for nothing wrong.
        """
        found = self.loader.listed(self.raw, self.source)
        empty = [split for split, listed in found.items() if not listed]
        if empty or not found:
            what = f"no picture of split {empty[0]}" if empty else "no picture in it"
            mend = f"glassbox acquire {self.name} --from PATH"
            raise GlassboxError(self.raw, what, f"the data of task '{self.name}'", mend)
        return found


def dataset(paths: Paths, params: Params, name: str) -> Dataset:
    """The raw data of a task.

    `GlassboxError` for an unknown task, a faulty `source` block and a loader that lacks a name of its contract.
    """
    task = tasks.task(params, name)
    labels = task.labels if isinstance(task, Classify) else None
    loader = cast(Loader[Any], import_module(f"glassbox.data.{task.loader}.loader"))
    contract = [offered for offered in vars(Loader) if not offered.startswith("_")]
    missing = [offered for offered in contract if not hasattr(loader, offered)]
    if missing:
        where = f"glassbox/data/{task.loader}/loader.py"
        told = "glassbox/data/loader.py" if labels is None else "glassbox/data/labelled.py"
        raise GlassboxError(where, f"no {', '.join(missing)}", f"{', '.join(contract)} (see {told})")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{name}.source")
    return Dataset(name, loader, source, params.seed, paths.raw(name), labels)
