"""DICOM's greyscale transformations against the standard's formulas, one value at a time."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from glassbox.data.greyscale import levels, palette

LINEAR, EXACT, SIGMOID = "LINEAR", "LINEAR_EXACT", "SIGMOID"


def described(bits: int = 12, signed: bool = False, kind: str = "MONOCHROME2", **tags: object) -> Dataset:
    """The tags of a picture of so many bits, without its pixels."""
    dataset = Dataset()
    dataset.BitsStored, dataset.PixelRepresentation, dataset.PhotometricInterpretation = bits, int(signed), kind
    for name, value in tags.items():
        setattr(dataset, name, value)
    return dataset


def table(entries: list[int] | bytes, count: int, first: int = 0, bits: int = 16) -> Dataset:
    """A look-up table, as numbers or as the bytes that they are stored in."""
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if first < 0 else "US", [count % 2**16, first, bits])
    item.add_new("LUTData", "OW" if isinstance(entries, bytes) else "US", entries)
    return item


def shown(value: float, centre: float, width: float, function: str) -> float:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3, word for word, for an output of 0 to 255."""
    if function == SIGMOID:
        return 255 / (1 + math.exp(min(700, -4 * (value - centre) / width)))
    if function == LINEAR:
        centre, width = centre - 0.5, width - 1
    if value <= centre - width / 2:
        return 0
    if value > centre + width / 2:
        return 255
    return ((value - centre) / width + 0.5) * 255


@pytest.mark.parametrize("function", [LINEAR, EXACT, SIGMOID])
@pytest.mark.parametrize("kind", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("bits", "signed", "slope", "intercept", "centre", "width"),
    [
        (8, False, 1, 0, 100, 50),
        (12, False, 1, -1024, 40, 400),
        (12, True, 1, 0, -10, 1),
        (16, False, 0.5, 3, 9000, 30000),
        (16, True, -2, 7, 0, 65536),
        (10, False, 1, 0, 2000, 20),  # nothing of the picture lies within
    ],
)
def test_a_window_is_that_of_the_standard(
    function: str, kind: str, bits: int, signed: bool, slope: float, intercept: float, centre: float, width: float
) -> None:
    """Every level is the standard's, whatever the depth, the sign and the rescale; MONOCHROME1 is its complement."""
    low = -(2 ** (bits - 1)) if signed else 0
    stored = np.linspace(low, low + 2**bits - 1, 600).round().astype(np.int32).reshape(20, 30)
    dataset = described(bits, signed, kind, RescaleSlope=slope, RescaleIntercept=intercept, WindowCenter=centre)
    dataset.WindowWidth, dataset.VOILUTFunction = width, function
    found, notes = levels(stored, dataset)
    plain = np.array([round(shown(slope * int(v) + intercept, centre, width, function)) for v in stored.ravel()])
    expected = 255 - plain if kind == "MONOCHROME1" else plain
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found.ravel(), expected, atol=0)
    assert ("MONOCHROME1 inverted" in notes) == (kind == "MONOCHROME1")
    assert "the file's window applied" in notes


def test_the_first_of_several_windows_counts() -> None:
    """LINEAR where no function is named."""
    dataset = described(WindowCenter=[100, 2000], WindowWidth=[201, 4096])
    found, notes = levels(np.array([[0, 100, 250]]), dataset)
    assert found.tolist() == [[1, 128, 255]]
    assert notes == ["12 bits scaled to 8", "the file's first window applied"]


@pytest.mark.parametrize(
    "tags",
    [
        {"WindowCenter": 5, "WindowWidth": 0},
        {"WindowCenter": 5, "WindowWidth": -3, "VOILUTFunction": EXACT},
        {"WindowCenter": 5, "WindowWidth": 9, "VOILUTFunction": "CUBIC"},
    ],
)
def test_a_window_that_shows_nothing_is_left_out(tags: dict[str, Any]) -> None:
    """The full range is taken instead, and said."""
    found, notes = levels(np.array([[1000, 1100, 1510]]), described(**tags))
    assert found.tolist() == [[0, 50, 255]]
    assert notes[1:] == ["the file's window is not valid, left out", "full range of values taken"]


@pytest.mark.parametrize(
    ("tags", "notes"),
    [
        ({}, []),
        ({"RescaleSlope": 1, "RescaleIntercept": 0}, []),
        ({"WindowCenter": None, "WindowWidth": None}, []),
        ({"kind": "MONOCHROME1"}, ["MONOCHROME1 inverted"]),
    ],
)
def test_eight_bits_without_a_window_stay(tags: dict[str, Any], notes: list[str]) -> None:
    """As the same picture's PNG would be read."""
    stored = np.arange(50, 200, dtype=np.uint8).reshape(10, 15)
    found, said = levels(stored, described(8, **tags))
    np.testing.assert_array_equal(found, 255 - stored if "kind" in tags else stored)
    assert said == notes


@given(st.lists(st.integers(-2048, 2047), min_size=1, max_size=40), st.booleans())
def test_without_a_window_the_full_range_is_taken(values: list[int], inverted: bool) -> None:
    """The lowest value becomes 0 and the highest 255; a constant picture is black where low is black."""
    stored = np.array([values], np.int16)
    found, _ = levels(stored, described(12, True, "MONOCHROME1" if inverted else "MONOCHROME2"))
    low, high = min(values), max(values)
    plain = np.array([round(255 * (v - low) / (high - low)) if high > low else 0 for v in values])
    assert np.abs((255 - plain if inverted else plain) - found[0]).max() <= 1  # halves may round either way
    assert (plain[[values.index(low)]] == 0).all()


@pytest.mark.parametrize("kind", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("padding", "limit", "padded"),
    [
        (-2000, None, [0]),
        (63536, None, [0]),  # -2000, written as if unsigned
        (-2000, -1500, [0, 1]),
        (-1500, -2000, [0, 1]),
        (2000, None, [4]),
        (7, None, []),
    ],
)
def test_padding_is_left_out(kind: str, padding: int, limit: int | None, padded: list[int]) -> None:
    """It does not stretch the range, and it is black either way."""
    dataset = described(16, True, kind)
    dataset.add_new("PixelPaddingValue", "US" if padding > 2**15 else "SS", padding)
    if limit is not None:
        dataset.add_new("PixelPaddingRangeLimit", "SS", limit)
    stored = np.array([[-2000, -1500, 0, 100, 2000]], np.int16)
    found, notes = levels(stored, dataset)
    kept = [i for i in range(5) if i not in padded]
    low, high = int(stored[0, kept].min()), int(stored[0, kept].max())
    plain = {i: 255 * (int(stored[0, i]) - low) / (high - low) for i in kept}
    expected = [round(255 - plain[i] if kind == "MONOCHROME1" else plain[i]) if i in plain else 0 for i in range(5)]
    assert np.abs(found[0] - np.array(expected)).max() <= 1
    assert (found[0, padded] == 0).all()
    assert ("padding left out" in notes) == bool(padded)


def test_nothing_but_padding_is_black() -> None:
    """No range is left, and none is needed."""
    dataset = described()
    dataset.add_new("PixelPaddingValue", "US", 9)
    assert not levels(np.full((2, 3), 9, np.uint16), dataset)[0].any()


RAMP = [v * v * 255 // 4095**2 for v in range(4096)]
DEEP = [65535 - 16 * v for v in range(4096)]


@pytest.mark.parametrize("first", [0, -100, 50])
@pytest.mark.parametrize(
    ("data", "entries", "bits"),
    [
        (RAMP, RAMP, 8),  # pydicom 3.0 reads these modulo 256
        (bytes(RAMP), RAMP, 8),  # packed, one byte an entry
        (np.array(RAMP, "<u2").tobytes(), RAMP, 8),
        (np.array(DEEP, "<u2").tobytes(), DEEP, 16),
        ([v // 16 for v in DEEP], [v // 16 for v in DEEP], 12),
    ],
)
def test_a_table_of_values_is_looked_up(data: list[int] | bytes, entries: list[int], bits: int, first: int) -> None:
    """Below its first value stands its first entry, above its last one its last; a table goes before a window."""
    dataset = described(13, WindowCenter=1, WindowWidth=1)
    dataset.VOILUTSequence = [table(data, 4096, first, bits)]
    stored = np.array([[0, 1, 49, 50, 51, 300, 2000, 3995, 4095, 4145, 8000]], np.uint16)
    found, notes = levels(stored, dataset)
    picked = [entries[min(max(int(v) - first, 0), 4095)] for v in stored[0]]
    np.testing.assert_allclose(found[0], [v * 255 / (2**bits - 1) for v in picked], atol=0.5 + 1e-9)
    assert notes == ["13 bits scaled to 8", "the file's table of values applied"]


def test_a_modality_table_goes_first() -> None:
    """Its entries are what a window sees; a table of 65536 entries says 0."""
    dataset = described(16, WindowCenter=100, WindowWidth=200, VOILUTFunction=EXACT)
    dataset.ModalityLUTSequence = [table([v // 256 for v in range(2**16)], 2**16)]
    assert levels(np.array([[0, 25600, 51200]], np.uint16), dataset)[0].tolist() == [[0, 128, 255]]


@pytest.mark.parametrize(
    "tags",
    [
        {"RescaleSlope": math.nan, "RescaleIntercept": 0},
        {"RescaleSlope": 1, "RescaleIntercept": math.inf},
        {"VOILUTSequence": [table([1, 2], 3)]},
    ],
)
def test_what_is_no_number_is_refused(tags: dict[str, Any]) -> None:
    """Levels are never made of nan, nor of a table that ends early."""
    with pytest.raises(ValueError, match=r"without bound|shorter"):
        levels(np.array([[1, 2]], np.uint16), described(**tags))


def coloured(entries: NDArray[Any], bits: int, first: int = 0, segmented: bool = False) -> Dataset:
    """A palette (count, 3) in the bytes of its own type."""
    dataset = described(8, kind="PALETTE COLOR")
    for name, column in zip(("Red", "Green", "Blue"), entries.T, strict=True):
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [len(entries), first, bits])
        head = [0, len(column)] if segmented else []  # one discrete segment
        data = np.array([*head, *column], entries.dtype).tobytes()
        setattr(dataset, f"{'Segmented' if segmented else ''}{name}PaletteColorLookupTableData", data)
    dataset.set_original_encoding(False, True)
    return dataset


COLOURS = np.random.default_rng(5).integers(0, 256, (200, 3))


@pytest.mark.parametrize(
    ("entries", "bits", "segmented"),
    [
        (COLOURS.astype("u1"), 8, False),
        (COLOURS.astype("u1"), 8, True),
        ((COLOURS * 257).astype("<u2"), 16, False),
        ((COLOURS * 257).astype("<u2"), 16, True),
        (COLOURS.astype("<u2"), 8, False),
    ],
)
def test_a_palette_gives_its_colours(entries: NDArray[Any], bits: int, segmented: bool) -> None:
    """8 bits, 16 bits scaled to 8, and 8 bits kept in 16; outside the table its ends."""
    stored = np.array([[0, 10, 11], [150, 209, 255]], np.uint8)
    found = palette(stored, coloured(entries, bits, 10, segmented))
    np.testing.assert_array_equal(found, COLOURS[np.clip(stored.astype(int) - 10, 0, 199)])
    assert found.dtype == np.uint8


def test_a_palette_that_pydicom_would_misread_is_refused() -> None:
    """Segments of 8 bits and more than 256 entries."""
    dataset = described(16)
    dataset.RedPaletteColorLookupTableDescriptor = [300, 0, 8]
    dataset.SegmentedRedPaletteColorLookupTableData = b"\0\2\1\1"
    with pytest.raises(ValueError, match="segmented palette"):
        palette(np.zeros((2, 2), np.uint16), dataset)
