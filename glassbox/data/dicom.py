"""DICOM pictures, read to what `glassbox.data.picture.read_image` gives: upright 8-bit RGB, and notes.

Nothing of the patient leaves this module. Only the tags that a picture needs are read; those that name a person, an
institution or a date are skipped as bytes. pydicom's warnings and errors quote values, so none is passed on.
"""

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID

from glassbox.data.greyscale import PALETTE_TAGS, levels, palette
from glassbox.data.header import MAX_SIDE_PX
from glassbox.data.picture import Picture
from glassbox.errors import GlassboxError

DICOM = "a DICOM file with one picture of 8 to 16 bits and at most 16384 pixels on a side"
WHOLE = f"{DICOM}, whole (export it again)"
UNCOMPRESSED = "a picture that can be decoded: export it uncompressed (Explicit VR Little Endian)"
PREAMBLE, MAGIC, UNDEFINED = 128, b"DICM", 0xFFFFFFFF  # the last: length of an element that ends by a delimiter
MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
PALETTE = "PALETTE COLOR"
SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio")
GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
MACROS = ("PixelMeasuresSequence", "FrameVOILUTSequence", "PixelValueTransformationSequence")
TAGS = (
    *("Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "SamplesPerPixel"),
    *("PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "PixelPaddingValue", "PixelData"),
    *("PixelPaddingRangeLimit", "ModalityLUTSequence", "RescaleSlope", "RescaleIntercept", "VOILUTSequence"),
    *("WindowCenter", "WindowWidth", "VOILUTFunction", "BurnedInAnnotation", "ExtendedOffsetTable"),
    *("ExtendedOffsetTableLengths", *SPACINGS, *GROUPS, *PALETTE_TAGS),
)


def is_dicom(path: Path) -> bool:
    """Whether a file is to be read as DICOM: the letters DICM behind 128 bytes, or the ending ``.dcm``.

    >>> is_dicom(Path("absent.DCM")), is_dicom(Path("absent.png"))
    (True, False)
    """
    if path.suffix.lower() == ".dcm":
        return True
    try:
        with path.open("rb") as file:
            return file.read(PREAMBLE + 4)[PREAMBLE:] == MAGIC
    except OSError:
        return False


def read_dicom(path: Path) -> Picture:
    """Decode the first picture of a DICOM file to (H, W, 3) uint8 RGB.

    Monochrome values go through `glassbox.data.greyscale.levels`: modality, window (or the full range), MONOCHROME1
    inverted. RGB, YBR_FULL, YBR_FULL_422, YBR_ICT, YBR_RCT and PALETTE COLOR become RGB; more than 8 bits a colour
    are scaled, ``round(255 v / (2^bits - 1))``. What is changed stands in the notes; so do several frames (the first is
    taken), pixels that are not square (left so) and text that the file says is burned into its picture.

    Raises `GlassboxError` where the file is missing, a directory, empty, not DICOM, cut short or damaged, without
    pixels, compressed in a way that can't be decoded here, of other than 8 to 16 bits, or more than 16,384 pixels on a
    side. The size is read from the tags, before a pixel is decoded.
    """
    data = _bytes(path)
    with _quiet():
        try:
            return _picture(path, _dataset(path, data))
        except GlassboxError:
            raise
        except Exception:  # whatever pydicom meets in damaged bytes; its words may quote them
            raise GlassboxError(path, "damaged DICOM file, its tags can't be read", WHOLE) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """No warning and no log line of pydicom: they may quote what a tag holds."""
    logger = logging.getLogger("pydicom")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logger.setLevel(level)


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise GlassboxError(path, "a directory" if path.is_dir() else "no such file", DICOM)
        data = path.read_bytes()
    except OSError as fault:
        raise GlassboxError(path, f"can't be read ({fault.strerror})", DICOM) from None
    if not data:
        raise GlassboxError(path, "empty file", WHOLE)
    if data[PREAMBLE : PREAMBLE + 4] != MAGIC:
        raise GlassboxError(path, "not a DICOM file (no DICM after its first 128 bytes)", DICOM)
    return data


def _dataset(path: Path, data: bytes) -> FileDataset:
    """The tags of the picture, those of the first frame lifted to the top; refused where no picture can follow."""
    stream = io.BytesIO(data)
    dataset = dcmread(stream, specific_tags=list(TAGS))
    pixels = dataset.get_item("PixelData")
    # pydicom skips past the end without a word, and stops at compressed pixels that have no end.
    short = isinstance(pixels, RawDataElement) and len(pixels.value or b"") < pixels.length != UNDEFINED
    if short or stream.tell() > len(data) or (not pixels and stream.tell() < len(data)):
        raise GlassboxError(path, "DICOM file cut short", WHOLE)
    if not pixels:
        kind = _named(dataset.file_meta.get("MediaStorageSOPClassUID", ""))
        raise GlassboxError(path, f"no pixel data (the file is: {kind})", DICOM)
    _lift(dataset)
    _refuse_layout(path, dataset)
    _refuse_compression(path, dataset)
    return dataset


def _lift(dataset: Dataset) -> None:
    """An enhanced file keeps spacing, window and rescale in groups: those of its first frame are brought to the top."""
    for groups in GROUPS:
        for macro in MACROS:
            for item in (dataset.get(groups) or [Dataset()])[0].get(macro, [])[:1]:
                dataset.update({element.tag: element for element in item if element.keyword in TAGS})


def _refuse_layout(path: Path, dataset: Dataset) -> None:
    rows, columns, allocated, stored, high = (
        int(dataset.get(name) or 0) for name in ("Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit")
    )
    if min(rows, columns) < 1 or max(rows, columns) > MAX_SIDE_PX:
        raise GlassboxError(path, f"DICOM picture of {columns}x{rows} pixels", DICOM)
    if allocated not in (8, 16) or not 8 <= stored <= allocated or high != stored - 1:
        found = f"{stored} bits stored in {allocated}, the highest being bit {high}"
        raise GlassboxError(path, found, "8 to 16 bits stored in the lowest bits of 8 or 16")
    kinds = {**dict.fromkeys((*MONOCHROME, PALETTE), 1), **dict.fromkeys(COLOUR, 3)}
    samples = kinds.get(dataset.get("PhotometricInterpretation"))
    if samples is None or dataset.get("SamplesPerPixel") != samples:
        raise GlassboxError(path, "a photometric interpretation that is not read", f"one of {', '.join(kinds)}")


def _refuse_compression(path: Path, dataset: FileDataset) -> None:
    syntax = dataset.file_meta.get("TransferSyntaxUID", "")
    try:
        able = get_decoder(syntax).is_available
    except NotImplementedError:
        able = False
    if not able:
        raise GlassboxError(path, f"pixels in a transfer syntax not decodable here ({_named(syntax)})", UNCOMPRESSED)


def _named(identifier: str) -> str:
    """The standard's name of an identifier; one that the standard doesn't know is not repeated."""
    name = UID(identifier).name
    return name if name != identifier else "an unknown kind"


def _picture(path: Path, dataset: FileDataset) -> Picture:
    frame, notes, bits = _frame(path, dataset), _notes(dataset), int(dataset.BitsStored)
    if dataset.PhotometricInterpretation in MONOCHROME:
        grey, done = levels(frame, dataset)
        return Picture(np.repeat(grey[:, :, None], 3, axis=2), (*notes, *done, "one channel repeated to RGB"))
    if dataset.PhotometricInterpretation == PALETTE:
        return Picture(palette(frame, dataset), (*notes, "palette applied"))
    if bits == 8:
        return Picture(frame.astype(np.uint8), tuple(notes))
    scaled = np.rint(np.clip(frame * (255 / (2**bits - 1)), 0, 255)).astype(np.uint8)
    return Picture(scaled, (*notes, f"{bits} bits scaled to 8"))


def _frame(path: Path, dataset: FileDataset) -> NDArray[Any]:
    try:
        return pixel_array(dataset, index=0)
    except Exception:  # a decoder's own complaint, of whatever type
        syntax = UID(dataset.file_meta.TransferSyntaxUID)
        if not syntax.is_compressed:
            raise GlassboxError(path, "fewer bytes of pixel data than its size needs", WHOLE) from None
        raise GlassboxError(path, f"pixels damaged or not decodable ({_named(syntax)})", UNCOMPRESSED) from None


def _notes(dataset: Dataset) -> list[str]:
    frames = int(dataset.get("NumberOfFrames") or 1)
    notes = [f"first of {frames} frames"] if frames > 1 else []
    with suppress(TypeError, ValueError, ZeroDivisionError):  # a spacing that is no pair of numbers says nothing
        high, wide = next((dataset[name].value for name in SPACINGS if dataset.get(name) is not None), (1, 1))
        if abs((ratio := float(high) / float(wide)) - 1) > 0.01:
            notes.append(f"pixels {ratio:.3g} times as high as wide, left so")
    return [*notes, "text is burned into the picture"] if dataset.get("BurnedInAnnotation") == "YES" else notes
