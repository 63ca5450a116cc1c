"""Read the arrays of a MedMNIST ``.npz``, each held to what the file's layout promises."""

from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import numpy as np
from numpy.typing import NDArray

from glassbox.data.picture import Image
from glassbox.errors import GlassboxError

SPLITS = ("train", "val", "test")
LABELS = "(N, 1) class indices or (N, L) flags, whole numbers"
IMAGES = "(N, height, width) or (N, height, width, 3) uint8"

Labels = NDArray[np.int64]


def read_labels(path: Path) -> dict[str, Labels]:
    """``(N, L) int64`` labels of each split that has pictures: train, test, and val unless it is absent or empty.

    Raises `GlassboxError` for a file that is missing, damaged or no ``.npz``, an array that is missing, labels of
    another shape or type, or negative, another number of them a case from split to split, and no pictures to train on
    or to test.
    """
    held = _names(path)
    needed = {split: {f"{split}_images", f"{split}_labels"} for split in SPLITS}
    if not needed["val"] & held or _is_empty(path, needed["val"] & held):
        del needed["val"]
    missing = [name for names in needed.values() for name in sorted(names - held)]
    if missing:
        raise GlassboxError(path, f"no {', '.join(missing)} in it", "the arrays of a MedMNIST file", mend(path))
    found = {split: _whole(path, f"{split}_labels") for split in needed}
    widths = {split: labels.shape[1] for split, labels in found.items()}
    if len(set(widths.values())) > 1:
        told = ", ".join(f"{width} in {split}" for split, width in widths.items())
        raise GlassboxError(path, f"labels a case: {told}", "as many in every split", mend(path))
    return found


def read_images(path: Path, split: str, count: int) -> Image:
    """``(count, H, W)`` or ``(count, H, W, 3) uint8`` pictures of a split.

    Raises `GlassboxError` for pictures of another shape, such as volumes, of another type, and of another number.
    """
    name = f"{split}_images"
    images = _array(path, name)
    fits = images.ndim == 3 or (images.ndim == 4 and images.shape[3] == 3)
    if images.dtype != np.uint8 or not fits or 0 in images.shape[1:]:
        raise GlassboxError(path, f"{name} of shape {images.shape} {images.dtype}", IMAGES, mend(path))
    if len(images) != count:
        raise GlassboxError(path, f"{len(images)} {name} and {count} labels", "a label for each picture", mend(path))
    return images


def mend(path: Path) -> str:
    """The command that brings the file."""
    return f"glassbox acquire {path.parent.name} --from PATH"  # raw folders are named after their task


def _is_empty(path: Path, names: set[str]) -> bool:
    return all(_array(path, name).size == 0 for name in names)


def _whole(path: Path, name: str) -> Labels:
    """Labels, refused where they are no whole numbers, negative or none."""
    labels = _array(path, name)
    if labels.ndim != 2 or not labels.shape[1] or not np.issubdtype(labels.dtype, np.integer):
        raise GlassboxError(path, f"{name} of shape {labels.shape} {labels.dtype}", LABELS, mend(path))
    if not len(labels):
        raise GlassboxError(path, f"{name} of no pictures", "at least one", mend(path))
    whole = labels.astype(np.int64)
    wrong = np.argwhere(whole < 0)  # an unsigned number too large for int64 turns negative
    if wrong.size:
        found = f"{name} with {labels[tuple(wrong[0])]} in row {wrong[0][0]}"
        raise GlassboxError(path, found, "labels of 0 and above", mend(path))
    return whole


def _names(path: Path) -> set[str]:
    """The names of the arrays in the file."""
    if not path.is_file():
        raise GlassboxError(path, "no such file", "the official MedMNIST file", mend(path))
    if not is_zipfile(path):
        raise GlassboxError(path, "no .npz file, or cut short", "the official MedMNIST file, whole", mend(path))
    return set(_opened(path, None))


def _array(path: Path, name: str) -> NDArray[Any]:
    array: NDArray[Any] = _opened(path, name)
    return array


def _opened(path: Path, name: str | None) -> Any:  # noqa: ANN401 - names or an array
    """The array ``name``, or the names of all; never an object, which would run code of the file's."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return file.files if name is None else file[name]
    except Exception as fault:  # zip, zlib and NumPy's parser of headers each fail in several ways
        told = f" ({str(fault).splitlines()[0][:80]})" if str(fault) else ""
        raise GlassboxError(path, f"damaged{told}", "the official MedMNIST file, whole", mend(path)) from None
