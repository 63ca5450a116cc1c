"""The only place where picture files are decoded: images to RGB, masks to booleans.

Pictures arrive turned, transparent, 16 bits deep, grey, cut short or forged. What can be mended without a guess is
mended and said in a note; the rest is refused in one line that names the file.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glassbox.data.header import DamagedError, Header, read_header
from glassbox.errors import GlassboxError

PICTURE = "a whole JPEG, PNG, TIFF, GIF or BMP picture of at most 16384 pixels on a side"
AGAIN = f"{PICTURE} (fetch or export the file again)"

LOST = ("premature end", "bad Huffman code")  # libjpeg's words where pixels are lost, not only bytes too many

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Raster = NDArray[Any]


@dataclass(frozen=True)
class Picture:
    """``pixels`` (H, W, 3) uint8 RGB, upright; ``notes``: what had to be changed to get there, one phrase each."""

    pixels: Image
    notes: tuple[str, ...]


def read_image(path: Path) -> Picture:
    """Decode a picture to upright 8-bit RGB.

    Mended, and said in the notes: EXIF orientation is applied, an alpha channel is dropped (the colour under it is
    kept), 16 bits are scaled to 8 (``round(v / 257)``), one channel is repeated to three, of several TIFF pages the
    first is taken.

    Raises `GlassboxError` where the file is missing, a directory, empty, not a picture, cut short or damaged, a CMYK
    JPEG, of a depth other than 8 or 16 bits, or more than 16,384 pixels on a side. The size is read from the header,
    before a pixel is decoded, so a forged size costs no memory.
    """
    raster, notes = _raster(path)
    if raster.dtype == np.uint16:
        raster = eight_bits(raster)
        notes.append("16 bits scaled to 8")
    if raster.ndim == 3 and raster.shape[2] == 4:
        raster = raster[:, :, :3]
        notes.append("alpha channel dropped")
    if raster.ndim == 2:
        notes.append("one channel repeated to RGB")
        return Picture(np.repeat(raster[:, :, None], 3, axis=2), tuple(notes))
    return Picture(np.ascontiguousarray(raster[:, :, ::-1]), tuple(notes))


def eight_bits(raster: NDArray[np.uint16]) -> Image:
    """``round(v / 257)``: 0 to 65535 spread over 0 to 255."""
    return ((raster.astype(np.uint32) + 128) // 257).astype(np.uint8)


def read_mask(path: Path, like: tuple[int, int] | None = None, allow_empty: bool = False) -> Mask:
    """Decode a mask of {0, 255} (or {0, 1}) to (H, W) bool.

    Three equal channels count as one and an alpha channel is dropped. ``like`` is the (height, width) of the image the
    mask belongs to.

    Raises `GlassboxError` for what `read_image` refuses, and for a coloured mask, grey values, another size than
    ``like``, and, unless ``allow_empty``, a mask without a true pixel.
    """
    raster, _ = _raster(path)
    if raster.ndim == 3:
        if (raster[:, :, 0] != raster[:, :, 1]).any() or (raster[:, :, 0] != raster[:, :, 2]).any():
            raise GlassboxError(path, "mask in colour", "one channel, 0 and 255 only")
        raster = raster[:, :, 0]
    if like is not None and raster.shape != like:
        found = f"mask is {raster.shape[1]}x{raster.shape[0]} pixels"
        raise GlassboxError(path, found, f"the image's {like[1]}x{like[0]} (width x height)")
    _refuse_grey(path, raster)
    mask: Mask = raster > 0
    if not allow_empty and not mask.any():
        raise GlassboxError(path, "empty mask", "at least one pixel of 255")
    return mask


def encode_mask(mask: Mask) -> bytes:
    """PNG bytes, one bit a pixel, of an (H, W) bool mask: the same mask gives the same bytes."""
    options = [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 9]
    done, data = cv2.imencode(".png", mask.astype(np.uint8) * 255, options)
    if not done:
        raise GlassboxError("mask", f"array of shape {mask.shape}", "a mask with at least one row and column")
    return bytes(data)


def decode_mask(data: bytes) -> Mask:
    """The (H, W) bool mask that `encode_mask` wrote.

    >>> decode_mask(encode_mask(np.eye(3, dtype=bool))).sum()
    np.int64(3)
    """
    raster = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) if data else None
    if raster is None:
        raise GlassboxError("mask", "bytes that are not a picture", "a PNG mask", "dvc repro preprocess")
    return np.asarray(raster > 0, dtype=np.bool_)


def _raster(path: Path) -> tuple[Raster, list[str]]:
    """The decoded array, upright, (H, W) or (H, W, 3 or 4) in OpenCV's BGR order, and the notes so far."""
    data = _bytes(path)
    try:
        header = read_header(data)
    except DamagedError as fault:
        raise GlassboxError(path, str(fault), AGAIN) from None
    raster, complaint = _decode(data)
    if complaint:
        raise GlassboxError(path, f"damaged {header.container} ({complaint})", AGAIN)
    if raster is None:
        raise GlassboxError(path, f"{header.container} that can't be decoded", AGAIN)
    if raster.dtype not in (np.uint8, np.uint16):
        raise GlassboxError(path, f"{raster.dtype} pixels", "8 or 16 bits a channel (export it as PNG)")
    return _upright(raster, header), _notes(header)


def _decode(data: bytes) -> tuple[Raster | None, str]:
    """The decoded array, and what libjpeg complained of: it fills what is missing with grey and goes on."""
    with tempfile.TemporaryFile() as said:
        sys.stderr.flush()
        kept = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            raster = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        except cv2.error:
            raster = None
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        said.seek(0)
        complaints = [
            line for line in said.read().decode("utf-8", "replace").splitlines() if any(cause in line for cause in LOST)
        ]
    if raster is not None and raster.ndim == 3 and raster.shape[2] == 1:
        raster = raster[:, :, 0]
    return raster, complaints[0].strip() if complaints else ""


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise GlassboxError(path, "a directory", PICTURE)
        if not path.is_file():
            raise GlassboxError(path, "no such file", PICTURE)
        data = path.read_bytes()
    except OSError as fault:
        raise GlassboxError(path, f"can't be read ({fault.strerror})", PICTURE) from None
    if not data:
        raise GlassboxError(path, "empty file", AGAIN)
    return data


def _upright(raster: Raster, header: Header) -> Raster:
    """Undo the camera's turn. OpenCV has done so already for TIFF, and never does for JPEG and PNG read unchanged."""
    if header.container == "TIFF" or header.orientation == 1:
        return raster
    turned = raster.swapaxes(0, 1) if header.orientation >= 5 else raster
    flips = {2: (1,), 3: (0, 1), 4: (0,), 5: (), 6: (1,), 7: (0, 1), 8: (0,)}[header.orientation]
    return np.ascontiguousarray(np.flip(turned, flips))


def _notes(header: Header) -> list[str]:
    turned = [f"EXIF orientation {header.orientation} applied"] if header.orientation != 1 else []
    return turned + ([header.note] if header.note else [])


def _refuse_grey(path: Path, raster: Raster) -> None:
    counts = np.bincount(raster.ravel())
    values = np.flatnonzero(counts)
    white = 1 if values.max() == 1 else np.iinfo(raster.dtype).max
    grey = values[(values != 0) & (values != white)]
    if grey.size:
        found = f"mask with {int(counts[grey].sum())} grey pixels, the first value {int(grey[0])}"
        raise GlassboxError(path, found, "0 and 255 only (threshold it and save it as PNG)")
