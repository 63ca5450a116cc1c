"""`glassbox acquire`: bring a data set in its official layout into place and write down what it holds."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from glassbox.artifacts import Paths, write_text
from glassbox.commands.check import inspect
from glassbox.commands.dataset import Dataset, dataset
from glassbox.commands.screen import progress, say
from glassbox.data import acquire, download
from glassbox.errors import GlassboxError
from glassbox.params import load

FAULTY = 1


def run(task: str, source: Path | None, accept: bool) -> int:
    """Bring, check, hold against the manifest or write it; exit code 1 where the data have faults.

    Without `source`, data that lie in place already are checked where they are; else the official archives are fetched.
    """
    paths = Paths()
    data = dataset(paths, load(paths.params()), task)
    if data.is_drawn:
        say(f"{task}: nothing to acquire, its pictures are drawn from the seed in {paths.params()}")
        return 0
    if source is None and all((data.raw / folder).is_dir() for folder in data.folders):
        say(f"{data.raw}: already there")
        return _record(data, paths.manifest(task), accept)
    source = source or _download(data, paths.raw(task).parent / ".downloads")
    with _incoming(data) as brought:
        with progress() as tell:
            count = acquire.bring(source, brought.raw, data.folders, tell)
        say(f"{count} files found in {source}")
        if code := _record(brought, paths.manifest(task), accept):
            return code
        for folder in data.folders:
            _replace(brought.raw / folder, data.raw / folder)
    say(f"{data.raw}: in place")
    return 0


def _download(data: Dataset, folder: Path) -> Path:
    """The official archives, fetched into `folder`."""
    with progress(in_bytes=True) as tell:
        fetched = [download.fetch(archive, folder, tell) for archive in download.isic_archives(data.source.edition)]
    size = sum(path.stat().st_size for path in fetched)
    say(f"{len(fetched)} archives, {size / 1e9:.2f} GB, in {folder}; delete it when the data are in place")
    return folder


@contextmanager
def _incoming(data: Dataset) -> Iterator[Dataset]:
    """The data set at a place of its own below its raw folder, so that what is there stays until the new is accepted.

    Inside the raw folder, so that renaming never crosses a file system; named after the task, as error lines expect.
    """
    place = data.raw / ".incoming"
    made = not data.raw.exists()
    try:
        yield replace(data, raw=place / data.name)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if made and data.raw.is_dir() and not any(data.raw.iterdir()):
            data.raw.rmdir()


def _replace(new: Path, place: Path) -> None:
    """Rename `new` to `place`; what was there moves beside `new`."""
    if place.exists():
        place.rename(new.with_name(f"{new.name}.old"))
    new.rename(place)


def _record(data: Dataset, manifest: Path, accept: bool) -> int:
    """Compare with the manifest, check every picture, then write the manifest; nothing is written for faulty data."""
    with progress() as tell:
        text = acquire.manifest(data.raw, data.files(), tell)
    before = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    if before and not accept:
        _refuse_difference(data.name, manifest, before, text)
    report = inspect(data)
    for line in [*replace(report, faults=[]).lines(), *(f"fault: {line}" for line in report.faults)]:
        say(line)
    if report.faults:
        say(f"{len(report.faults)} faults: {manifest} not written, nothing put in place")
        return FAULTY
    if text == before:
        say(f"{manifest}: every file as listed")
        return 0
    write_text(manifest, text)
    say(f"{manifest}: written, {len(text.splitlines())} files; commit it")
    return 0


def _refuse_difference(task: str, manifest: Path, before: str, now: str) -> None:
    """Raise `GlassboxError` with the first file that differs, and how many do."""
    listed, found = _entries(before), _entries(now)
    kinds = {
        "changed": sorted(path for path in listed.keys() & found.keys() if listed[path] != found[path]),
        "missing": sorted(listed.keys() - found.keys()),
        "not listed": sorted(found.keys() - listed.keys()),
    }
    told = [f"{len(paths)} files {kind}, the first {paths[0]}" for kind, paths in kinds.items() if paths]
    if told:
        mend = f"glassbox acquire {task} --accept (with the same --from) to replace the manifest by these data"
        raise GlassboxError(manifest, f"other data: {'; '.join(told)}", f"the {len(listed)} files it lists", mend)


def _entries(manifest: str) -> dict[str, str]:
    return {path: digest for digest, _, path in (line.partition("  ") for line in manifest.splitlines())}
