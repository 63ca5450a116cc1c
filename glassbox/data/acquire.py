"""Bring a data set in its official layout into place, and hold it to a manifest of checksums afterwards."""

import errno
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from glassbox.data.archive import Item, collect
from glassbox.errors import GlassboxError

Tell = Callable[[str, int, int], None]
"""Progress: called as ``tell(what, done, total)``."""


def bring(source: Path, destination: Path, folders: Sequence[str], tell: Tell | None = None) -> int:
    """Copy the official ``folders`` found in ``source`` to ``destination``; the number of files brought.

    ``source`` is one zip, a folder of zips, or a folder that holds the official folders (or is one), up to three levels
    down; where both exist the zip is taken. Hidden files and ``__MACOSX`` stay behind. Everything is written to a
    staging folder first and then renamed, an official folder at a time, so none is ever half there; running it again
    gives the same files. Other files in ``destination`` are left alone.

    Raises `GlassboxError` where a folder isn't found, an archive is damaged, encrypted or holds an entry that climbs
    out of it (``..``, an absolute path, a link), or the disk is full.
    """
    with ExitStack() as opened:
        found = collect(source, folders, opened)
        missing = [folder for folder in folders if folder not in found]
        if missing:
            report = f"{len(missing)} of {len(folders)} official folders not found, the first {missing[0]}"
            raise GlassboxError(source, report, f"{missing[0]}.zip or a folder of that name")
        items = [item for folder in folders for item in found[folder]]
        staging = destination / ".partial"  # inside, so that renaming never crosses a file system
        try:
            _stage(items, staging, tell)
            for folder in folders:
                put(staging / folder, destination / folder)
        except OSError as fault:
            report = "disk full" if fault.errno == errno.ENOSPC else f"{fault.strerror} ({fault.filename})"
            raise GlassboxError(destination, report, "room and permission to write the data set") from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            if destination.is_dir() and not any(destination.iterdir()):
                destination.rmdir()
    return len(items)


def manifest(raw: Path, files: Iterable[Path], tell: Tell | None = None) -> str:
    """Lines ``<sha256>  <path relative to raw>`` sorted by path, as `sha256sum --check` reads them."""
    paths = sorted({path.as_posix() for path in files})
    return "".join(f"{digest}  {path}\n" for path, digest in _digests(raw, paths, tell))


def verify(raw: Path, manifest_text: str, files: Iterable[Path] | None = None, tell: Tell | None = None) -> None:
    """Hold ``raw`` to a manifest.

    ``files``, the files the loader would read relative to ``raw``, are looked through for extra ones; None skips that.
    Raises `GlassboxError` with the first file missing, extra or changed, and how many there are.
    """
    expected = _parse(raw, manifest_text)
    missing = [path for path in expected if not (raw / path).is_file()]
    _refuse(raw, missing, len(expected), "missing")
    extra = {path.as_posix() for path in files or ()} - expected.keys()
    _refuse(raw, sorted(extra), len(expected), "not in the manifest")
    changed = [path for path, digest in _digests(raw, list(expected), tell) if digest != expected[path]]
    _refuse(raw, changed, len(expected), "changed")


def put(new: Path, place: Path) -> None:
    """Rename the folder ``new`` to ``place``; what was there moves beside ``new``, as ``<name>.old``.

    Where this fails or is interrupted half-way, what was there is put back.
    """
    old = new.with_name(f"{new.name}.old")
    try:
        if place.exists() or place.is_symlink():
            place.rename(old)
        new.rename(place)
    except BaseException:  # Ctrl-C too: the caller deletes what lies beside ``new``
        if (old.exists() or old.is_symlink()) and not (place.exists() or place.is_symlink()):
            old.rename(place)
        raise


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digests(raw: Path, paths: Sequence[str], tell: Tell | None) -> Iterator[tuple[str, str]]:
    for done, path in enumerate(paths, start=1):
        yield path, sha256(raw / path)
        if tell is not None:
            tell("checksums", done, len(paths))


def _parse(raw: Path, text: str) -> dict[str, str]:
    expected: dict[str, str] = {}
    for line in text.splitlines():
        digest, gap, path = line.partition("  ")
        if len(digest) != 64 or not gap or not path or ".." in PurePosixPath(path).parts:
            raise GlassboxError("manifest", f"line {line[:80]!r}", "<sha256>  <relative path>", _mend(raw))
        expected[path] = digest
    if not expected:
        raise GlassboxError("manifest", "empty", "<sha256>  <relative path> lines", _mend(raw))
    return dict(sorted(expected.items()))


def _refuse(raw: Path, paths: Sequence[str], total: int, what: str) -> None:
    if paths:
        raise GlassboxError(raw, f"{len(paths)} files {what}, the first {paths[0]}", f"the {total} listed", _mend(raw))


def _mend(raw: Path) -> str:
    return f"glassbox acquire {raw.name} --from PATH"  # raw folders are named after their task


def _stage(items: Sequence[Item], staging: Path, tell: Tell | None) -> None:
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    needed, free = sum(item.size for item in items), shutil.disk_usage(staging).free
    if needed > free:
        raise GlassboxError(staging.parent, f"{free / 1e9:.1f} GB free", f"{needed / 1e9:.1f} GB for the data set")
    for done, item in enumerate(items, start=1):
        _copy(item, staging / item.target)
        if tell is not None:
            tell(item.target.parts[0], done, len(items))


def _copy(item: Item, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with item.open() as stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
        raise GlassboxError(item.target, f"damaged in its archive ({fault})", "a whole archive") from None
