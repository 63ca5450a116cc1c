"""Bring a data set that is officially one file, as `glassbox.data.acquire.bring` brings one of folders."""

import errno
import shutil
from pathlib import Path

from glassbox.data.acquire import put
from glassbox.errors import GlassboxError


def bring_file(source: Path, destination: Path, name: str) -> Path:
    """Copy the official file ``name`` into the folder ``destination``; the path it was copied from.

    ``source`` is a folder with a file of that name, up to three levels down, or a file of the same kind and any name,
    which is brought under the official one. It is copied beside its place first and then renamed, so it is never half
    there.

    Raises `GlassboxError` where there is no such file, for one of another kind, and where the disk is full.
    """
    found = _found(source, name)
    staging = destination / ".partial"
    try:
        staging.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, staging / name)
        put(staging / name, destination / name)
    except OSError as fault:
        report = "disk full" if fault.errno == errno.ENOSPC else f"{fault.strerror} ({fault.filename})"
        raise GlassboxError(destination, report, "room and permission to write the data set") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if destination.is_dir() and not any(destination.iterdir()):
            destination.rmdir()
    return found


def _found(source: Path, name: str) -> Path:
    """The file to copy."""
    kind = Path(name).suffix
    if not source.exists():
        raise GlassboxError(source, "no such file or folder", f"a {kind} file, or a folder with {name}")
    if source.is_file():
        if source.suffix.lower() != kind:
            raise GlassboxError(source, "another kind of file", f"a {kind} file, or a folder with {name}")
        return source
    for depth in ("", "*/", "*/*/", "*/*/*/"):
        for path in sorted(source.glob(f"{depth}{name}")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts):
                return path
    raise GlassboxError(source, f"no {name} in it", f"a folder with {name}, or a {kind} file of any name")
