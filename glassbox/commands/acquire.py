"""`glassbox acquire`: bring a data set in its official layout into place and write down what it holds."""

import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from glassbox.artifacts import Paths, read_manifest, write_text
from glassbox.commands.check import inspect, tell
from glassbox.commands.dataset import Dataset, dataset
from glassbox.commands.screen import progress, say
from glassbox.data import acquire, download
from glassbox.data.bring_file import bring_file
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
        say(f"{task}: nothing to acquire, its pictures are drawn from the numbers in {paths.params()}")
        _write(paths.manifest(task), data.loader.manifest(data.raw, data.source, data.seed))
        return 0
    manifest = paths.manifest(task)
    command = ["glassbox", "acquire", task, *(["--from", str(source)] if source else []), "--accept"]
    consent = None if accept else shlex.join(command)
    if source is None and data.is_in_place:
        say(f"{data.raw}: already there")
        text = _approved(data, manifest, consent)
    else:
        text = _brought(data, source or _download(data, data.raw.parent / ".downloads"), manifest, consent)
    if text is None:
        say(f"{manifest}: not written, because of the faults")
        return FAULTY
    _write(manifest, text)
    return 0


def _brought(data: Dataset, source: Path, manifest: Path, consent: str | None) -> str | None:
    """Put the data into place if they are approved; their manifest, None where they have faults."""
    with _incoming(data) as new:
        if data.file:
            say(f"{bring_file(source, new.raw, data.file)}: found, to be brought as {data.file}")
        else:
            with progress() as bar:
                count = acquire.bring(source, new.raw, data.folders, bar)
            say(f"{count} files found in {source}")
        text = _approved(new, manifest, consent)
        if text is not None:
            for folder in data.folders:
                acquire.put(new.raw / folder, data.raw / folder)
            say(f"{data.raw}: in place")
    return text


def _download(data: Dataset, folder: Path) -> Path:
    """The official archives, fetched into `folder`."""
    archives = data.archives
    if not archives:
        mend = f"glassbox acquire {data.name} --from PATH"
        raise GlassboxError(f"task '{data.name}'", "no official download known", "a place to bring its data from", mend)
    with progress(in_bytes=True) as bar:
        fetched = [download.fetch(archive, folder, bar) for archive in archives]
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
    shutil.rmtree(place, ignore_errors=True)
    try:
        yield replace(data, raw=place / data.name)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if made and data.raw.is_dir() and not any(data.raw.iterdir()):
            data.raw.rmdir()


def _approved(data: Dataset, manifest: Path, consent: str | None) -> str | None:
    """Compare with the manifest, then check every picture; the data's own manifest, None where they have faults.

    `consent` is the command that would accept other data than listed; None where it was given.
    """
    with progress() as bar:
        text = acquire.manifest(data.raw, data.files(), bar)
    if manifest.exists() and consent is not None:
        _refuse_difference(manifest, read_manifest(manifest), text, consent)
    report = inspect(data)
    tell(report)
    return None if report.faults else text


def _write(manifest: Path, text: str) -> None:
    """Write the manifest unless it says the same already."""
    if manifest.exists() and read_manifest(manifest) == text:
        say(f"{manifest}: as it was")
        return
    write_text(manifest, text)
    say(f"{manifest}: written, {len(text.splitlines())} lines; commit it")


def _refuse_difference(manifest: Path, before: str, now: str, consent: str) -> None:
    """Raise `GlassboxError` with the first file that differs, and how many do."""
    listed, found = _entries(before), _entries(now)
    kinds = {
        "changed": sorted(path for path in listed.keys() & found.keys() if listed[path] != found[path]),
        "missing": sorted(listed.keys() - found.keys()),
        "not listed": sorted(found.keys() - listed.keys()),
    }
    told = [f"{len(paths)} {kind}, the first {paths[0]}" for kind, paths in kinds.items() if paths]
    if told:
        expected = f"the {len(listed)} files it lists, or consent to replace it"
        raise GlassboxError(manifest, f"other data: {', '.join(told)}", expected, consent)


def _entries(manifest: str) -> dict[str, str]:
    return {path: digest for digest, _, path in (line.partition("  ") for line in manifest.splitlines())}
