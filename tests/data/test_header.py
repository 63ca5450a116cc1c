"""Headers: what a file says of itself is read before it is decoded, and a file that isn't whole is refused."""

import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glassbox.data.picture import read_image
from glassbox.errors import GlassboxError

RGB = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)
SMOOTH = cv2.resize(RGB, (96, 64), interpolation=cv2.INTER_CUBIC)


def encoded(ending: str, array: NDArray[Any]) -> bytes:
    """File bytes of an RGB(A) or grey array."""
    order = {4: [2, 1, 0, 3], 3: [2, 1, 0]}.get(array.shape[2] if array.ndim == 3 else 1)
    return bytes(cv2.imencode(ending, array if order is None else np.ascontiguousarray(array[:, :, order]))[1])


def written(folder: Path, name: str, data: bytes) -> Path:
    """The path of a file with these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


def exif(orientation: int, order: str = "<") -> bytes:
    """A TIFF-shaped EXIF block with one field, the orientation."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 1)
    return head + struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)


def jpeg_turned(data: bytes, block: bytes) -> bytes:
    """JPEG bytes with an EXIF segment put after the start-of-image marker."""
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 8) + b"Exif\0\0" + block + data[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_turned(data: bytes, block: bytes) -> bytes:
    """PNG bytes with an eXIf chunk put after the header chunk."""
    return data[:33] + chunk(b"eXIf", block) + data[33:]


def png_bomb(width: int, height: int) -> bytes:
    """A valid PNG that claims a size and holds hardly any data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


def tiff_turned(array: NDArray[np.uint8], orientation: int) -> bytes:
    """An uncompressed RGB TIFF written by hand, with an orientation."""
    height, width = array.shape[:2]
    size = array.nbytes + array.nbytes % 2
    rows = [(256, 3, width), (257, 3, height), (258, 3, 8), (259, 3, 1), (262, 3, 2), (273, 4, 8)]
    rows += [(274, 3, orientation), (277, 3, 3), (278, 3, height), (279, 4, array.nbytes)]
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in rows)
    return (
        b"II*\0" + struct.pack("<I", 8 + size) + array.tobytes().ljust(size, b"\0")
        + struct.pack("<H", len(rows)) + fields + bytes(4)
    )  # fmt: skip


TURNS = {  # what a viewer shows of the stored array
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("container", ["png", "jpg", "tif"])
def test_the_orientation_a_camera_wrote_is_applied(tmp_path: Path, orientation: int, container: str) -> None:
    """The eight EXIF orientations, in each container that has them."""
    if container == "png":
        data, stored = png_turned(encoded(".png", SMOOTH), exif(orientation)), SMOOTH
    elif container == "tif":
        data, stored = tiff_turned(SMOOTH, orientation), SMOOTH
    else:
        plain = encoded(".jpg", SMOOTH)
        stored = cv2.cvtColor(cv2.imdecode(np.frombuffer(plain, np.uint8), -1), cv2.COLOR_BGR2RGB)
        data = jpeg_turned(plain, exif(orientation))
    picture = read_image(written(tmp_path, f"turned.{container}", data))
    np.testing.assert_array_equal(picture.pixels, TURNS[orientation](stored))
    assert picture.notes == ((f"EXIF orientation {orientation} applied",) if orientation > 1 else ())


@pytest.mark.parametrize(
    ("block", "notes"),
    [
        (exif(6, ">"), ("EXIF orientation 6 applied",)),
        (exif(0), ()),
        (exif(99), ()),
        (b"II*\0\xff\xff\xff\xff", ()),
        (b"no EXIF at all", ()),
    ],
)
def test_an_odd_exif_block_is_read_or_passed_over(tmp_path: Path, block: bytes, notes: tuple[str, ...]) -> None:
    """Big-endian blocks count; a value that means nothing, or a broken block, leaves the picture as it is."""
    picture = read_image(written(tmp_path, "odd.png", png_turned(encoded(".png", RGB), block)))
    np.testing.assert_array_equal(picture.pixels, np.rot90(RGB, -1) if notes else RGB)
    assert picture.notes == notes


JPEG, PNG = encoded(".jpg", SMOOTH), encoded(".png", SMOOTH)
THUMBNAIL = jpeg_turned(JPEG, exif(1) + JPEG)  # a whole JPEG, end marker and all, inside the EXIF segment
WHOLE_TIFF = tiff_turned(SMOOTH, 1)
CUT_TIFF = struct.pack("<2sHI", b"II", 42, 8) + WHOLE_TIFF[8 + SMOOTH.nbytes :]  # all of its header, none of its pixels


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("empty.jpg", b"", "empty file"),
        ("text.jpg", b"this is no picture\n" * 99, "not a picture"),
        ("archive.png", b"PK\3\4" + bytes(99), "not a picture"),
        ("one-byte.jpg", b"\xff", "not a picture"),
        ("no-end.jpg", JPEG[:-2], "truncated JPEG"),
        ("half.jpg", JPEG[: len(JPEG) // 2], "truncated JPEG"),
        ("head.jpg", JPEG[:30], "truncated JPEG|cut short"),
        ("thumbnail.jpg", THUMBNAIL[:-400], "truncated JPEG"),
        ("zeros.jpg", JPEG[:-400] + bytes(400), "truncated JPEG"),
        ("half.png", PNG[: len(PNG) // 2], "truncated PNG"),
        ("no-end.png", PNG[:-12], "truncated PNG"),
        ("cut-end.png", PNG[:-1], "truncated PNG"),
        ("head.png", PNG[:20], "cut short"),
        ("flipped-bit.png", PNG[:200] + bytes([PNG[200] ^ 1]) + PNG[201:], "checksum of chunk IDAT"),
        ("half.tif", tiff_turned(RGB, 1)[:60], "cut short"),
        ("cut-data.tif", CUT_TIFF, "truncated TIFF"),
        ("half.bmp", encoded(".bmp", SMOOTH)[:900], "truncated BMP"),
        ("half.gif", encoded(".gif", SMOOTH)[:900], "truncated GIF"),
        ("wide.png", png_bomb(20_000, 10), "20000x10 pixels"),
        ("tall.png", png_bomb(10, 20_000), "10x20000 pixels"),
        ("just-a-header.png", png_bomb(20_000, 20_000)[:33], "20000x20000 pixels"),
        ("wide.gif", b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + bytes(20) + b";", "60000x60000 pixels"),
        ("nothing.png", png_bomb(0, 10), "without a size"),
        ("hollow.png", png_bomb(4000, 4000), "can't be decoded"),
        ("float.tif", encoded(".tif", SMOOTH.astype(np.float32)), "float32 pixels"),
    ],
)
def test_what_is_no_whole_picture_is_refused(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    """One line that names the file and what was found; nothing is filled with grey."""
    path = written(tmp_path, name, data)
    with pytest.raises(GlassboxError, match=found) as refusal:
        read_image(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert "\n" not in str(refusal.value)


def test_a_cmyk_jpeg_is_refused(tmp_path: Path) -> None:
    """Four inks are not three colours: the frame header says so before any decoding."""
    at = JPEG.index(b"\xff\xc0")
    frame = struct.pack(">HBHHB", 20, 8, 64, 96, 4) + bytes(12)
    with pytest.raises(GlassboxError, match="CMYK"):
        read_image(written(tmp_path, "inks.jpg", JPEG[: at + 2] + frame + JPEG[at + 19 :]))


def test_a_forged_size_costs_no_memory(tmp_path: Path) -> None:
    """A header that claims 16,385 x 16,385 pixels is refused before anything of that size is allocated."""
    path = written(tmp_path, "bomb.png", png_bomb(16_385, 16_385))
    tracemalloc.start()
    try:
        with pytest.raises(GlassboxError, match="16385x16385"):
            read_image(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
