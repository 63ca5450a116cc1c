"""Pictures and masks as they arrive: what can be mended is mended and said, the rest is refused in one line."""

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassbox.data.picture import decode_mask, eight_bits, encode_mask, read_image, read_mask
from glassbox.errors import GlassboxError

RNG = np.random.default_rng(3)
RGB = RNG.integers(0, 256, (4, 6, 3), dtype=np.uint8)
SMOOTH = cv2.resize(RGB, (96, 64), interpolation=cv2.INTER_CUBIC)


def encoded(ending: str, array: NDArray[Any]) -> bytes:
    """File bytes of an RGB(A) or grey array."""
    order = {4: [2, 1, 0, 3], 3: [2, 1, 0]}.get(array.shape[2] if array.ndim == 3 else 1)
    return bytes(cv2.imencode(ending, array if order is None else np.ascontiguousarray(array[:, :, order]))[1])


def written(folder: Path, name: str, data: bytes) -> Path:
    """The path of a file with these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


ALPHA = np.dstack([RGB, RNG.integers(0, 256, (4, 6), dtype=np.uint8)])
DEEP = RGB.astype(np.uint16) * 257
GREY = RGB[:, :, 0]


@pytest.mark.parametrize(
    ("name", "data", "expected", "notes"),
    [
        ("plain.png", encoded(".png", RGB), RGB, ()),
        ("plain.tif", encoded(".tif", RGB), RGB, ()),
        ("plain.bmp", encoded(".bmp", RGB), RGB, ()),
        ("wrong-ending.jpg", encoded(".png", RGB), RGB, ()),
        ("alpha.png", encoded(".png", ALPHA), RGB, ("alpha channel dropped",)),
        ("deep.png", encoded(".png", DEEP), RGB, ("16 bits scaled to 8",)),
        ("deep.tif", encoded(".tif", DEEP), RGB, ("16 bits scaled to 8",)),
        ("deep-alpha.png", encoded(".png", np.dstack([DEEP, DEEP[:, :, 0]])), RGB,
         ("16 bits scaled to 8", "alpha channel dropped")),
        ("grey.png", encoded(".png", GREY), np.dstack([GREY] * 3), ("one channel repeated to RGB",)),
        ("deep-grey.tif", encoded(".tif", DEEP[:, :, 0]), np.dstack([GREY] * 3),
         ("16 bits scaled to 8", "one channel repeated to RGB")),
    ],
)  # fmt: skip
def test_what_can_be_mended_is_mended_and_said(
    tmp_path: Path, name: str, data: bytes, expected: NDArray[np.uint8], notes: tuple[str, ...]
) -> None:
    """The pixels come out as RGB uint8, and each change has its note."""
    picture = read_image(written(tmp_path, name, data))
    assert picture.pixels.dtype == np.uint8
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == notes


@given(st.integers(0, 65535))
def test_16_bits_scale_evenly(value: int) -> None:
    """round(v / 257): 0 stays 0, 65535 becomes 255, and no value is off by more than half a level."""
    scaled = int(eight_bits(np.array([[value]], dtype=np.uint16))[0, 0])
    assert abs(scaled - value / 257) <= 0.5


@pytest.mark.parametrize(("name", "found"), [("absent.jpg", "no such file"), ("", "a directory")])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, found: str) -> None:
    """A missing path and a directory are told apart."""
    with pytest.raises(GlassboxError, match=found):
        read_image(tmp_path / name)


def test_the_largest_side_is_read(tmp_path: Path) -> None:
    """16,384 pixels on a side are allowed."""
    path = written(tmp_path, "long.png", encoded(".png", np.zeros((2, 16_384), np.uint8)))
    assert read_image(path).pixels.shape == (2, 16_384, 3)


DISC = np.hypot(*np.mgrid[-8:8, -12:12]) < 6
WHITE = DISC.astype(np.uint8) * 255


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("white.png", WHITE),
        ("ones.png", DISC.astype(np.uint8)),
        ("rgb.png", np.dstack([WHITE] * 3)),
        ("alpha.png", np.dstack([WHITE] * 3 + [np.full_like(WHITE, 7)])),
        ("deep.png", DISC.astype(np.uint16) * 65535),
        ("deep-ones.png", DISC.astype(np.uint16)),
    ],
)
def test_masks_are_read_however_they_are_stored(tmp_path: Path, name: str, array: NDArray[Any]) -> None:
    """{0, 255}, {0, 1}, three equal channels and 16 bits all give the same booleans."""
    mask = read_mask(written(tmp_path, name, encoded(".png", array)), like=(16, 24))
    assert mask.dtype == np.bool_
    np.testing.assert_array_equal(mask, DISC)


def gif(mask: NDArray[np.bool_]) -> bytes:
    """A black and white GIF: 3-bit codes, the code table cleared before it grows."""
    codes = [code for pixel in mask.ravel() for code in (4, int(pixel))] + [5]
    bits = sum(code << (3 * index) for index, code in enumerate(codes))
    data = bits.to_bytes((3 * len(codes) + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255))
    size = struct.pack("<HH", mask.shape[1], mask.shape[0])
    head = b"GIF89a" + size + b"\x80\0\0" + bytes(3) + b"\xff" * 3
    return head + b"," + bytes(4) + size + b"\0\2" + blocks + b"\0;"


def test_a_gif_mask_is_read(tmp_path: Path) -> None:
    """DRIVE distributes its vessel masks as GIF."""
    np.testing.assert_array_equal(read_mask(written(tmp_path, "vessels.gif", gif(DISC))), DISC)


SPECKED = WHITE.copy()
SPECKED[0, :3] = (128, 40, 40)


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("grey.png", encoded(".png", SPECKED), "3 grey pixels, the first value 40"),
        (
            "mixed.png",
            encoded(".png", np.where(DISC, np.where(np.eye(16, 24) > 0, 1, 255), 0).astype(np.uint8)),
            "value 1",
        ),
        ("smooth.jpg", encoded(".jpg", WHITE), "grey pixels"),
        ("deep-grey.png", encoded(".png", DISC.astype(np.uint16) * 255), "grey pixels, the first value 255"),
        ("colour.png", encoded(".png", np.dstack([WHITE, WHITE, WHITE * 0])), "in colour"),
        ("small.png", encoded(".png", WHITE[:-1]), "24x15 pixels"),
        ("turned.png", encoded(".png", WHITE.T.copy()), "16x24 pixels"),
        ("empty.png", encoded(".png", WHITE * 0), "empty mask"),
        ("text.png", b"no mask", "not a picture"),
        ("half.png", encoded(".png", SPECKED)[:60], "truncated PNG"),
    ],
)
def test_what_is_no_mask_is_refused(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    """Grey values are never thresholded in silence, and a mask of another size never fitted."""
    path = written(tmp_path, name, data)
    with pytest.raises(GlassboxError, match=found) as refusal:
        read_mask(path, like=(16, 24))
    assert str(refusal.value).startswith(f"{path}: ")


def test_an_empty_mask_is_allowed_where_asked(tmp_path: Path) -> None:
    """``allow_empty`` lets a picture without a lesion through."""
    path = written(tmp_path, "none.png", encoded(".png", WHITE * 0))
    assert not read_mask(path, allow_empty=True).any()


def test_a_full_mask_is_read(tmp_path: Path) -> None:
    """A lesion may fill the picture, as 255 or as 1."""
    for value in (1, 255):
        assert read_mask(written(tmp_path, "full.png", encoded(".png", np.full((3, 5), value, np.uint8)))).all()


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32))
def test_a_mask_survives_its_png(height: int, width: int, seed: int) -> None:
    """decode(encode(m)) == m for every size, and equal masks give equal bytes."""
    mask = np.random.default_rng(seed).random((height, width)) < 0.5
    data = encode_mask(mask)
    np.testing.assert_array_equal(decode_mask(data), mask)
    assert data == encode_mask(np.asfortranarray(mask))


@pytest.mark.parametrize("data", [b"", b"no png", encode_mask(DISC)[:20]])
def test_bytes_that_are_no_mask_are_refused(data: bytes) -> None:
    """A damaged split says so instead of giving an empty mask."""
    with pytest.raises(GlassboxError, match="not a picture"):
        decode_mask(data)


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9])
def test_a_jpeg_that_ends_early_but_properly_is_refused(tmp_path: Path, cut: float) -> None:
    """Half of the data, closed with the end marker: libjpeg would fill the rest with grey and only complain aside."""
    picture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8), (0, 0), 3)
    data = bytes(cv2.imencode(".jpg", picture)[1])
    path = tmp_path / "half.jpg"
    path.write_bytes(data[: int(len(data) * cut)] + b"\xff\xd9")
    with pytest.raises(GlassboxError, match=r"half\.jpg: damaged JPEG \(.*premature end"):
        read_image(path)
