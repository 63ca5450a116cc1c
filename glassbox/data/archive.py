"""Find the official folders of a data set in what a user has: one zip, a folder of zips, or unpacked folders."""

import stat
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from glassbox.errors import GlassboxError


@dataclass(frozen=True)
class Item:
    """One file to bring: where it goes below its official folder, its size in bytes and how to open it."""

    target: PurePosixPath
    size: int
    open: Callable[[], IO[bytes]]


def collect(source: Path, folders: Sequence[str], opened: ExitStack) -> dict[str, list[Item]]:
    """Official folder name to its files, for those of ``folders`` found up to three levels down.

    Zips win over unpacked folders, and among zips the one named after the folder. Hidden files and ``__MACOSX`` are
    left out. The archives stay open until ``opened`` is closed.

    Raises `GlassboxError` for a missing source, a broken archive and an entry that climbs out or is encrypted.
    """
    if not source.exists():
        raise GlassboxError(source, "no such file or folder", "a zip, a folder of zips or a folder in official layout")
    found: dict[str, list[Item]] = {}
    if source.is_file():
        return _from_zip(source, folders, opened)
    archives = sorted(source.glob("*.zip"))
    for archive in sorted(archives, key=lambda path: path.stem not in folders):
        for folder, items in _from_zip(archive, folders, opened).items():
            found.setdefault(folder, items)
    for path in [source, *sorted(below for depth in ("*", "*/*", "*/*/*") for below in source.glob(depth))]:
        official = path.name in folders and path.is_dir() and _visible(PurePosixPath(path.relative_to(source)))
        if official and not (path / path.name).is_dir():  # unpacked into a folder of its own name: the inner one
            found.setdefault(path.name, _from_folder(path))
    return {folder: items for folder, items in found.items() if items}


def _from_folder(folder: Path) -> list[Item]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    targets = [PurePosixPath(folder.name, path.relative_to(folder).as_posix()) for path in paths]
    return [
        Item(target, path.stat().st_size, partial(_open, path))
        for target, path in zip(targets, paths, strict=True)
        if _visible(target)
    ]


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _from_zip(archive: Path, folders: Sequence[str], opened: ExitStack) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    try:
        contents = opened.enter_context(zipfile.ZipFile(archive))
    except (zipfile.BadZipFile, OSError) as fault:
        raise GlassboxError(archive, f"not a readable zip ({fault})", "an official archive, whole") from None
    entries = [(entry, _parts(archive, entry)) for entry in contents.infolist()]
    if archive.stem in folders and not any(part in folders for _, parts in entries for part in parts[:-1]):
        entries = [(entry, (archive.stem, *parts)) for entry, parts in entries]  # packed without its folder
    for entry, parts in entries:
        tops = [index for index, part in enumerate(parts[:-1]) if part in folders]
        if tops and not entry.is_dir() and _visible(target := PurePosixPath(*parts[tops[-1] :])):
            item = Item(target, entry.file_size, partial(contents.open, entry))
            found.setdefault(target.parts[0], []).append(item)
    return found


def _visible(target: PurePosixPath) -> bool:
    return not any(part.startswith(".") or part == "__MACOSX" for part in target.parts)


def _parts(archive: Path, entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The entry's path, refused where it would be written outside its folder."""
    parts = tuple(entry.filename.replace("\\", "/").rstrip("/").split("/"))
    if parts[0] == "" or parts[0].endswith(":") or ".." in parts or stat.S_ISLNK(entry.external_attr >> 16):
        raise GlassboxError(archive, f"entry {entry.filename!r} climbs out of the archive", "an official archive")
    if entry.flag_bits & 1:
        raise GlassboxError(archive, f"entry {entry.filename!r} is encrypted", "an official archive")
    return parts
