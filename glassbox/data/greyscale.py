"""DICOM's greyscale transformations: stored values to 8-bit levels, by what the file says of itself (PS3.4 N.2).

Look-up tables are applied here and not by pydicom: its `apply_voi` and `apply_color_lut` (3.0) keep an index in the
type of the table's entries, so that a table of 4096 entries of 8 bits is read modulo 256.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_rescale, apply_windowing

from glassbox.data.picture import eight_bits

Values = NDArray[Any]
Levels = NDArray[np.uint8]

CHANNELS = [f"{colour}PaletteColorLookupTable" for colour in ("Red", "Green", "Blue")]
PALETTE_TAGS = [tag for name in CHANNELS for tag in (f"{name}Descriptor", f"{name}Data", f"Segmented{name}Data")]


def levels(stored: Values, dataset: Dataset) -> tuple[Levels, list[str]]:
    """Stored values (H, W) of a monochrome picture to levels (H, W) uint8, black 0, and what was done, one phrase each.

    1. Modality: the file's table, or ``v = slope * stored + intercept``.
    2. Values of interest, to [0, 255]: the file's table, else its first window of centre c and width w,
       ``LINEAR``        ``255 clip((v - (c - 0.5)) / (w - 1) + 0.5)``
       ``LINEAR_EXACT``  ``255 clip((v - c) / w + 0.5)``
       ``SIGMOID``       ``255 / (1 + exp(-4 (v - c) / w))``,
       else nothing where the values are stored in 8 bits, unsigned, and step 1 left them so,
       else the full range of the values, ``255 (v - min) / (max - min)``, which is 0 everywhere for a constant picture.
    3. MONOCHROME1, where the lowest value is white: ``255 - level``.

    Pixels of the padding value, or within the padding range, are no values: they count for no range and come out black.
    Source: DICOM PS3.3 C.11.1, C.11.2, C.7.5.1.1.2. Raises ``ValueError`` where a table, slope or window is no number.
    """
    padded = _padded(stored, dataset)
    values = _modality(stored, dataset)
    scaled, notes = _values_of_interest(values, ~padded, dataset)
    if dataset.BitsStored != 8:
        notes.insert(0, f"{int(dataset.BitsStored)} bits scaled to 8")
    shown = np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = 255 - shown
        notes.append("MONOCHROME1 inverted")
    if padded.any():
        shown[padded] = 0
        notes.append("padding left out")
    return shown, notes


def palette(stored: Values, dataset: Dataset) -> Levels:
    """Palette indexes (H, W) to RGB (H, W, 3) uint8; entries of 16 bits are scaled to 8.

    Source: DICOM PS3.3 C.7.6.3.1.5 and C.7.9. Raises ``ValueError`` where the palette is absent or no table.
    """
    if "SegmentedRedPaletteColorLookupTableData" in dataset:
        entries, _, bits = dataset.RedPaletteColorLookupTableDescriptor
        if bits == 8 and not 0 < entries <= 256:
            raise ValueError("segmented palette of more than 256 entries of 8 bits")
        colours = apply_color_lut(stored, dataset)[..., :3]
    else:
        tables = [(f"{name}Descriptor", f"{name}Data") for name in CHANNELS]
        colours = np.stack([_look_up(stored, dataset, *table, dataset) for table in tables], axis=-1)
    bits = dataset.RedPaletteColorLookupTableDescriptor[2]
    if bits == 8 and colours.max() <= 255:  # a few devices keep 8-bit entries twice in 16 bits
        return colours.astype(np.uint8)
    return eight_bits(colours.astype(np.uint16))


def _padded(stored: Values, dataset: Dataset) -> NDArray[np.bool_]:
    """Where the stored value is padding; the limit, where one is given, may lie on either side of the value."""
    if dataset.get("PixelPaddingValue") is None:
        return np.zeros(stored.shape, np.bool_)
    first = dataset.PixelPaddingValue
    last = first if dataset.get("PixelPaddingRangeLimit") is None else dataset.PixelPaddingRangeLimit
    # A negative value is sometimes written as if unsigned: as a value of the pixels' own type, it's the same bits.
    ends = np.array([int(first), int(last)], np.int64).astype(stored.dtype)
    return np.asarray((stored >= ends.min()) & (stored <= ends.max()), np.bool_)


def _modality(stored: Values, dataset: Dataset) -> Values:
    if dataset.get("ModalityLUTSequence"):
        return _look_up(stored, dataset.ModalityLUTSequence[0], "LUTDescriptor", "LUTData", dataset)
    if dataset.get("RescaleSlope") is None or dataset.get("RescaleIntercept") is None:
        return stored
    if (dataset.RescaleSlope, dataset.RescaleIntercept) == (1, 0):
        return stored
    return _finite(apply_rescale(stored, dataset))


def _values_of_interest(values: Values, kept: NDArray[np.bool_], dataset: Dataset) -> tuple[Values, list[str]]:
    """Values scaled to [0, 255] (not yet rounded), and by what."""
    notes = []
    tables = dataset.get("VOILUTSequence")
    if tables and "LUTData" in tables[0] and "LUTDescriptor" in tables[0]:
        found = _look_up(values, tables[0], "LUTDescriptor", "LUTData", dataset)
        return found * (255 / (2 ** int(tables[0].LUTDescriptor[2]) - 1)), ["the file's table of values applied"]
    if dataset.get("WindowCenter") is not None and dataset.get("WindowWidth") is not None:
        several = dataset["WindowCenter"].VM > 1
        try:
            with np.errstate(over="ignore"):  # far below a narrow sigmoid window: exp overflows, the level is 0
                shown = _finite(apply_windowing(values, _window(dataset)))
            return shown, [f"the file's {'first ' * several}window applied"]
        except (ValueError, TypeError):  # a width of 0, an unknown function, words: a window that shows nothing
            notes = ["the file's window is not valid, left out"]
    if values.dtype == np.uint8 and dataset.BitsStored == 8:
        return values, notes
    return _full_range(values, kept), [*notes, "full range of values taken"]


def _window(dataset: Dataset) -> Dataset:
    """The file's first window, as that of a picture of 8 unsigned bits, for which pydicom's output is [0, 255]."""
    window = Dataset()
    window.PhotometricInterpretation, window.BitsStored, window.PixelRepresentation = "MONOCHROME2", 8, 0
    for name in ("WindowCenter", "WindowWidth"):
        element = dataset[name]
        setattr(window, name, element.value[0] if element.VM > 1 else element.value)
    window.VOILUTFunction = dataset.get("VOILUTFunction") or "LINEAR"
    return window


def _full_range(values: Values, kept: NDArray[np.bool_]) -> Values:
    if not kept.any():
        return np.zeros(values.shape)
    low, high = float(values[kept].min()), float(values[kept].max())
    return (values - low) * (255 / (high - low) if high > low else 0.0)


def _finite(values: Values) -> Values:
    if not np.isfinite(values).all():
        raise ValueError("values without bound")
    return values


def _look_up(values: Values, table: Dataset, descriptor: str, data: str, dataset: Dataset) -> Values:
    """Entries of a table (count, first value mapped, bits): below its first value its first entry, above, its last."""
    count, first, _ = (int(number) for number in table[descriptor].value)
    count = count or 2**16  # 65536 does not fit into the field
    entries = _entries(table[data].value, count, dataset.original_encoding[1] is not False)
    found: Values = entries[np.clip(values.astype(np.int64) - first, 0, count - 1)]
    return found


def _entries(data: bytes | list[int], count: int, little: bool) -> Values:
    """The entries of a table: numbers already, or bytes, two an entry, or one where they are packed."""
    if not isinstance(data, bytes):
        entries = np.atleast_1d(np.asarray(data, np.int64))
    else:
        packed = len(data) < 2 * count
        entries = np.frombuffer(data, np.uint8 if packed else np.dtype("<u2" if little else ">u2")).astype(np.int64)
    if entries.size < count:
        raise ValueError("table shorter than it says")
    return entries[:count]
