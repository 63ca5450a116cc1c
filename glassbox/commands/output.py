"""Files for the user, all of a command's or none."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from glassbox.artifacts import write_bytes
from glassbox.errors import GlassboxError


class Staging:
    """Takes files until all of a command's are made."""

    def __init__(self, folder: Path, hidden: Path) -> None:
        self._folder, self._hidden = folder, hidden

    def add(self, name: str, content: bytes) -> str:
        """Keep a file for later; the path it will have."""
        if (self._folder / name).is_dir():
            raise GlassboxError(self._folder / name, "a folder", "the name of a file")
        write_bytes(self._hidden / name, content)
        return str(self._folder / name)


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[Staging]:
    """Put every added file into `folder` at the end, or leave it as it was where anything fails before.

    Raises `GlassboxError` where `folder` is a file or can't be made.
    """
    if folder.exists() and not folder.is_dir():
        raise GlassboxError(folder, "a file", "a folder, there or not")
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        hidden = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    except OSError as error:
        _remove(made)
        raise GlassboxError(folder, f"can't be written ({error.strerror})", "a folder that can be") from None
    try:
        yield Staging(folder, hidden)
        for path in sorted(hidden.iterdir()):
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        _remove(made)


def refuse_target(path: Path) -> None:
    """Raise `GlassboxError` where `path` can't become a file: told before the work, not after it."""
    if path.is_dir():
        raise GlassboxError(path, "a folder", "the name of a file")
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    if not nearest.is_dir():
        raise GlassboxError(path, f"{nearest} is a file", "a folder to write into")


def encode_grey(values: npt.NDArray[np.uint8]) -> bytes:
    """PNG bytes of an (H, W) uint8 picture; the same picture gives the same bytes."""
    return bytes(cv2.imencode(".png", values)[1])


def encode_rgb(picture: npt.NDArray[np.uint8]) -> bytes:
    """PNG bytes of an (H, W, 3) uint8 RGB picture."""
    return bytes(cv2.imencode(".png", picture[..., ::-1])[1])


def _remove(made: list[Path]) -> None:
    """Remove folders, innermost first, that were made and have stayed empty."""
    for path in made:
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
