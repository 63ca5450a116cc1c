"""What a picture file says about itself, read from its bytes without decoding a pixel.

A decoder allocates what a header promises, and some fill what is missing with grey. So size, orientation and
completeness are read here first, from the container itself: JPEG (ITU-T T.81), PNG (W3C PNG 3), TIFF 6.0, GIF89a, BMP.
"""

import re
import struct
import zlib
from dataclasses import dataclass

MAX_SIDE_PX = 16_384
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0-SOF15 without DHT, JPG, DAC
NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in coded data: not a stuffed byte, fill byte or restart
ORIENTATION = 0x0112
TIFF_FIELDS = {1: "B", 3: "H", 4: "I"}  # BYTE, SHORT, LONG


class DamagedError(ValueError):
    """The bytes are not a whole picture; the message says in a few words what is wrong."""


@dataclass(frozen=True)
class Header:
    """Container, size as stored (before any turn) and EXIF orientation 1 to 8 (1: upright)."""

    container: str
    width: int
    height: int
    orientation: int = 1
    note: str = ""


def read_header(data: bytes) -> Header:
    """The header of a whole picture file.

    Raises `DamagedError` where ``data`` is not a JPEG, PNG, TIFF, GIF or BMP, where it is cut short or damaged, and
    where it claims no pixel at all or more than 16,384 on a side.

    >>> read_header(b"GIF89a" + (640).to_bytes(2, "little") + (480).to_bytes(2, "little") + b";").width
    640
    """
    for magic, reader in READERS.items():
        if data.startswith(magic):
            try:
                return reader(data)
            except (struct.error, IndexError):
                raise DamagedError("cut short inside its header") from None
    raise DamagedError("not a picture of a known format")


def _jpeg(data: bytes) -> Header:
    """Walk the segments to the end-of-image marker; a thumbnail's own end lies inside APP1 and is stepped over."""
    width = height = components = 0
    orientation, at = 1, 2
    while True:
        found = NEXT_MARKER.search(data, at)
        if found is None:
            raise DamagedError("truncated JPEG (no end-of-image marker)")
        marker, at = data[found.start() + 1], found.end()
        if marker == 0xD9:
            break
        if marker == 0x01:  # TEM stands alone
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if marker in FRAME_MARKERS:
            height, width, components = struct.unpack_from(">HHB", data, at + 3)
            _refuse_size("JPEG", width, height)
        elif marker == 0xE1 and data[at + 2 : at + 8] == b"Exif\0\0":
            orientation = exif_orientation(data[at + 8 : at + length])
        at += length
    if components == 0:
        raise DamagedError("JPEG without a frame")
    if components == 4:
        raise DamagedError("CMYK JPEG, whose colours depend on a printing profile")
    return Header("JPEG", width, height, orientation)


def _png(data: bytes) -> Header:
    """Walk the chunks to IEND, each against its checksum."""
    width, height = struct.unpack_from(">II", data, 16)
    _refuse_size("PNG", width, height)
    orientation, at, kind = 1, 8, b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise DamagedError("truncated PNG (no IEND chunk)")
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if len(body) < length or at + 12 + length > len(data):
            raise DamagedError("truncated PNG (no IEND chunk)")
        if zlib.crc32(body, zlib.crc32(kind)) != struct.unpack_from(">I", data, at + 8 + length)[0]:
            raise DamagedError(f"damaged PNG (checksum of chunk {kind.decode('latin-1')} is wrong)")
        if kind == b"eXIf":
            orientation = exif_orientation(body)
        at += 12 + length
    return Header("PNG", width, height, orientation)


def _tiff(data: bytes) -> Header:
    fields, more = _directory(data)
    if not fields.get(256) or not fields.get(257):
        raise DamagedError("TIFF without a size")
    width, height = fields[256][0], fields[257][0]
    _refuse_size("TIFF", width, height)
    starts, counts = (fields.get(273) or fields.get(324, ()), fields.get(279) or fields.get(325, ()))
    if not starts or max(a + b for a, b in zip(starts, counts, strict=False)) > len(data):
        raise DamagedError("truncated TIFF")
    return Header("TIFF", width, height, _orientation(fields), "first of several pages" if more else "")


def _gif(data: bytes) -> Header:
    width, height = struct.unpack_from("<HH", data, 6)
    _refuse_size("GIF", width, height)
    if not data.rstrip(b"\0").endswith(b";"):
        raise DamagedError("truncated GIF (no trailer)")
    return Header("GIF", width, height)


def _bmp(data: bytes) -> Header:
    start, size = struct.unpack_from("<II", data, 10)
    width, height = struct.unpack_from("<HH" if size == 12 else "<ii", data, 18)
    height = abs(height)  # negative: rows stored top down
    _refuse_size("BMP", width, height)
    (depth,) = struct.unpack_from("<H", data, 24 if size == 12 else 28)
    (compression,) = (0,) if size == 12 else struct.unpack_from("<I", data, 30)
    row = (width * depth + 31) // 32 * 4
    if compression in (0, 3) and start + row * height > len(data):
        raise DamagedError("truncated BMP")
    return Header("BMP", width, height)


def exif_orientation(tiff: bytes) -> int:
    """EXIF orientation 1 to 8 out of a TIFF-shaped EXIF block; 1 where it is absent or unreadable."""
    try:
        return _orientation(_directory(tiff)[0])
    except (struct.error, DamagedError):
        return 1


def _orientation(fields: dict[int, tuple[int, ...]]) -> int:
    value = (fields.get(ORIENTATION) or (1,))[0]
    return value if 1 <= value <= 8 else 1


def _refuse_size(container: str, width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise DamagedError(f"{container} without a size")
    if max(width, height) > MAX_SIDE_PX:
        raise DamagedError(f"{container} of {width}x{height} pixels, more than {MAX_SIDE_PX} on a side")


def _directory(data: bytes) -> tuple[dict[int, tuple[int, ...]], bool]:
    """Whole-number fields of a TIFF's first directory, and whether another directory follows."""
    if data[:2] not in (b"II", b"MM"):
        raise DamagedError("no TIFF header")
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, at)
    fields: dict[int, tuple[int, ...]] = {}
    for entry in range(at + 2, at + 2 + 12 * entries, 12):
        tag, kind, count = struct.unpack_from(order + "HHI", data, entry)
        code = TIFF_FIELDS.get(kind)
        if code is None or count * struct.calcsize(code) > len(data):
            continue
        size = count * struct.calcsize(code)
        where = entry + 8 if size <= 4 else struct.unpack_from(order + "I", data, entry + 8)[0]
        fields[tag] = struct.unpack_from(f"{order}{count}{code}", data, where)
    return fields, struct.unpack_from(order + "I", data, at + 2 + 12 * entries)[0] != 0


READERS = {
    b"\xff\xd8\xff": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"II*\0": _tiff,
    b"MM\0*": _tiff,
    b"GIF8": _gif,
    b"BM": _bmp,
}
