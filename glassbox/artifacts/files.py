"""Text, tables and arrays: atomic, byte-stable writes, and reads that say what is wrong with a file."""

import errno
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from glassbox.artifacts.paths import mend
from glassbox.errors import GlassboxError

T = TypeVar("T")


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all. A full disk is a `GlassboxError`."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise GlassboxError(path, "the disk is full", f"{len(content):,} free bytes") from None
        raise
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text."""
    write_bytes(path, text.encode())


def read_manifest(path: Path) -> str:
    """Read a task's checksums; where there are none, the error says what writes them."""
    if not path.is_file():
        raise GlassboxError(path, "no such file", "the task's checksums", f"glassbox acquire {path.stem}")
    return decoded(path, lambda file: file.read().decode())


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON in the given order. NaN and infinity are refused: `dvc metrics` can't read them."""
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote."""
    content: dict[str, Any] = decoded(path, json.load)
    return content


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table without its index."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))


def read_csv(path: Path) -> pd.DataFrame:
    """Read what `write_csv` wrote; names of cases stay text, `0012` and `NA` too."""
    return decoded(path, lambda file: pd.read_csv(file, dtype={"case": str}, keep_default_na=False, na_values=[""]))


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a large table, compressed."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    write_bytes(path, buffer.getvalue())


def read_parquet(path: Path) -> pd.DataFrame:
    """Read what `write_parquet` wrote."""
    return decoded(path, pd.read_parquet)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays as `.npz`, uncompressed: pictures hardly shrink, and reading is ten times faster."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_bytes(path, buffer.getvalue())


def array_bytes(array: np.ndarray) -> bytes:
    """One array as the bytes of an `.npy` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def read_arrays(path: Path, needed: Collection[str] = ()) -> dict[str, np.ndarray]:
    """Read what `write_arrays` wrote; a file that lacks a `needed` array is damaged."""

    def decode(file: io.BytesIO) -> dict[str, np.ndarray]:
        found = dict(np.load(file, allow_pickle=False))
        if lacking := sorted({*needed} - {*found}):
            raise ValueError(f"no array {lacking[0]}")
        return found

    return decoded(path, decode)


def decoded(path: Path, decode: Callable[[io.BytesIO], T]) -> T:
    """What a file holds; `GlassboxError` for one that is absent or damaged."""
    try:
        return decode(io.BytesIO(_read(path)))
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        found = f"damaged ({str(error).splitlines()[0][:80]})" if str(error) else "damaged"
        raise GlassboxError(path, found, "an output of the pipeline", mend(path)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise GlassboxError(path, "no such file", "an output of the pipeline", mend(path)) from None
