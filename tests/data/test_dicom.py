"""DICOM files: their picture, or one line that says why not."""

import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import convert_color_space
from pydicom.uid import (
    MPEG2MPML,
    UID,
    BasicTextSRStorage,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from glassbox.data.dicom import read_dicom
from glassbox.errors import GlassboxError

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"  # these come with pydicom: nothing is fetched
RNG = np.random.default_rng(8)
GREY = RNG.integers(0, 256, (6, 10), dtype=np.uint8)
DEEP = RNG.integers(0, 4096, (6, 10), dtype=np.uint16)
RGB = RNG.integers(0, 256, (6, 10, 3), dtype=np.uint8)
SMOOTH = cv2.resize(RGB, (32, 24), interpolation=cv2.INTER_CUBIC)
ONE = "one channel repeated to RGB"
FULL = "full range of values taken"


def described(pixels: NDArray[np.integer], kind: str = "MONOCHROME2", bits: int = 0, **tags: object) -> Dataset:
    """A picture (H, W) or (H, W, 3), or frames of it, as a dataset."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = DigitalXRayImageStorageForPresentation, UID("1.2.3")
    colour = pixels.shape[-1] == 3
    dataset.Rows, dataset.Columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3 if colour else 1, "RGB" if colour else kind
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = 8 * pixels.itemsize
    dataset.BitsStored = bits or dataset.BitsAllocated
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, int(pixels.dtype.kind == "i")
    if pixels.ndim - colour == 3:
        dataset.NumberOfFrames = len(pixels)
    dataset.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    dataset["PixelData"].VR = "OB" if pixels.itemsize == 1 else "OW"
    for name, value in tags.items():
        setattr(dataset, name, value)
    return dataset


def written(folder: Path, dataset: Dataset, syntax: UID = ExplicitVRLittleEndian, name: str = "film.dcm") -> Path:
    """The path of the file."""
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(folder / name, enforce_file_format=True)
    return folder / name


def jpeg(pixels: NDArray[np.uint8], dataset: Dataset) -> Dataset:
    """The same picture, its pixels as one baseline JPEG."""
    order = pixels[:, :, ::-1] if pixels.ndim == 3 else pixels
    data = bytes(cv2.imencode(".jpg", np.ascontiguousarray(order))[1])
    dataset.PixelData = encapsulate([data])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    if pixels.ndim == 3:
        dataset.PhotometricInterpretation = "YBR_FULL_422"
    return dataset


def stretched(values: NDArray[np.integer]) -> NDArray[np.uint8]:
    """0 at the lowest value, 255 at the highest, in three channels."""
    wide = values.astype(np.float64)
    scaled = np.rint((wide - wide.min()) * (255 / (wide.max() - wide.min())))
    return np.repeat(scaled[:, :, None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize(
    ("dataset", "expected", "notes"),
    [
        (described(GREY), np.dstack([GREY] * 3), (ONE,)),
        (described(GREY, "MONOCHROME1"), np.dstack([255 - GREY] * 3), ("MONOCHROME1 inverted", ONE)),
        (described(DEEP, bits=12), stretched(DEEP), ("12 bits scaled to 8", FULL, ONE)),
        (described(DEEP.astype(np.int16) - 2048), stretched(DEEP), ("16 bits scaled to 8", FULL, ONE)),
        (described(GREY.astype(np.int16).astype(np.int8)), stretched(GREY.view(np.int8)), (FULL, ONE)),
        (described(RGB), RGB, ()),
        (described(np.stack([RGB, 255 - RGB])), RGB, ("first of 2 frames",)),
        (described(GREY, PixelSpacing=[0.3, 0.2]), np.dstack([GREY] * 3),
         ("pixels 1.5 times as high as wide, left so", ONE)),
        (described(GREY, PixelSpacing=0.2), np.dstack([GREY] * 3), (ONE,)),
        (described(GREY, PixelSpacing=[0.2, 0.2], BurnedInAnnotation="NO"), np.dstack([GREY] * 3), (ONE,)),
        (described(GREY, PixelAspectRatio=[1, 2], BurnedInAnnotation="YES"), np.dstack([GREY] * 3),
         ("pixels 0.5 times as high as wide, left so", "text is burned into the picture", ONE)),
    ],
)  # fmt: skip
def test_a_picture_is_read(
    tmp_path: Path, dataset: Dataset, expected: NDArray[np.uint8], notes: tuple[str, ...], syntax: UID
) -> None:
    """Pixels (H, W, 3) uint8 as a plain picture's would be, and every change has its note."""
    picture = read_dicom(written(tmp_path, dataset, syntax))
    assert picture.pixels.dtype == np.uint8
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == notes


def test_big_endian_is_read(tmp_path: Path) -> None:
    """Retired, and still found in archives."""
    dataset = described(DEEP, bits=12)
    dataset.PixelData = DEEP.astype(">u2").tobytes()
    path = written(tmp_path, dataset, ExplicitVRBigEndian)
    np.testing.assert_array_equal(read_dicom(path).pixels, stretched(DEEP))


def test_unused_bits_are_not_read(tmp_path: Path) -> None:
    """An overlay drawn above the stored bits, as older devices do, changes nothing."""
    path = written(tmp_path, described(DEEP | np.uint16(0x8000), bits=12))
    np.testing.assert_array_equal(read_dicom(path).pixels, stretched(DEEP))


@pytest.mark.parametrize("depth", [8, 16])
def test_colour_by_planes_and_of_16_bits(tmp_path: Path, depth: int) -> None:
    """RGB stored plane after plane, and scaled where it is deeper than 8 bits."""
    pixels = RGB if depth == 8 else RGB.astype(np.uint16) * 257
    dataset = described(pixels)
    dataset.PlanarConfiguration, dataset.PixelData = 1, pixels.transpose(2, 0, 1).tobytes()
    picture = read_dicom(written(tmp_path, dataset))
    np.testing.assert_array_equal(picture.pixels, RGB)
    assert picture.notes == (() if depth == 8 else ("16 bits scaled to 8",))


@pytest.mark.parametrize("kind", ["YBR_FULL", "YBR_FULL_422"])
def test_luminance_and_chrominance_become_rgb(tmp_path: Path, kind: str) -> None:
    """Within the rounding of YBR; of 4:2:2 each pair of pixels shares its colour, so the pairs here are alike."""
    pairs = np.repeat(RGB[:, ::2], 2, axis=1)
    dataset = described(pairs)
    ybr: NDArray[np.uint8] = convert_color_space(pairs, "RGB", "YBR_FULL")
    dataset.PhotometricInterpretation, dataset.PixelData = kind, ybr.tobytes()
    if kind == "YBR_FULL_422":
        halves = ybr.reshape(-1, 2, 3)
        dataset.PixelData = np.hstack([halves[:, :, 0], halves[:, 0, 1:]]).tobytes()
    found = read_dicom(written(tmp_path, dataset)).pixels
    assert np.abs(found.astype(int) - pairs).max() <= 2


def test_run_lengths_are_decoded(tmp_path: Path) -> None:
    """RLE is lossless: the same pixels as uncompressed."""
    for pixels in (DEEP, GREY, RGB):
        plain = read_dicom(written(tmp_path, described(pixels)))
        packed = described(pixels)
        packed.compress(RLELossless, generate_instance_uid=False)
        np.testing.assert_array_equal(read_dicom(written(tmp_path, packed, RLELossless)).pixels, plain.pixels)


def test_baseline_jpeg_is_decoded(tmp_path: Path) -> None:
    """As OpenCV decodes the same JPEG, within the rounding of two decoders; colour included."""
    for pixels in (SMOOTH, SMOOTH[:, :, 1]):
        found = read_dicom(written(tmp_path, jpeg(pixels, described(pixels)), JPEGBaseline8Bit)).pixels
        data = cv2.imencode(".jpg", np.ascontiguousarray(pixels[:, :, ::-1] if pixels.ndim == 3 else pixels))[1]
        expected = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[:, :, ::-1]
        assert np.abs(found.astype(int) - expected).max() <= 3


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("MR_small_jp2klossless.dcm", "MR_small.dcm"),
        ("MR_small_RLE.dcm", "MR_small.dcm"),
        ("MR_small_bigendian.dcm", "MR_small.dcm"),
        ("MR_small_implicit.dcm", "MR_small.dcm"),
        ("MR_small_padded.dcm", "MR_small.dcm"),
        ("SC_rgb_rle_16bit.dcm", "SC_rgb_rle.dcm"),
        ("SC_rgb_small_odd_big_endian.dcm", "SC_rgb_small_odd.dcm"),
    ],
)
def test_one_picture_in_several_files_is_one_picture(name: str, like: str) -> None:
    """Real files of several makers: compression, byte order and depth do not show."""
    np.testing.assert_array_equal(read_dicom(BUNDLED / name).pixels, read_dicom(BUNDLED / like).pixels)


def test_the_first_frames_window_and_rescale_are_found_in_its_groups(tmp_path: Path) -> None:
    """Enhanced CT: rescale and spacing shared, the window its own for each frame."""
    shared, own, other = Dataset(), Dataset(), Dataset()
    macros: list[tuple[Dataset, str, dict[str, Any]]] = [
        (shared, "PixelValueTransformationSequence", {"RescaleSlope": 2, "RescaleIntercept": -1000}),
        (shared, "PixelMeasuresSequence", {"PixelSpacing": [1, 2]}),
        (own, "FrameVOILUTSequence", {"WindowCenter": 40, "WindowWidth": 400, "VOILUTFunction": "LINEAR_EXACT"}),
        (other, "FrameVOILUTSequence", {"WindowCenter": 0, "WindowWidth": 2}),
    ]
    for group, macro, tags in macros:
        item = Dataset()
        for tag, value in tags.items():
            setattr(item, tag, value)
        setattr(group, macro, [item])
    groups: dict[str, Any] = {
        "SharedFunctionalGroupsSequence": [shared],
        "PerFrameFunctionalGroupsSequence": [own, other],
    }
    picture = read_dicom(written(tmp_path, described(np.stack([DEEP // 4, DEEP]), bits=12, **groups)))
    expected = np.rint(np.clip(((DEEP // 4 * 2.0 - 1000 - 40) / 400 + 0.5) * 255, 0, 255))
    np.testing.assert_array_equal(picture.pixels[:, :, 0], expected)
    assert picture.notes[:2] == ("first of 2 frames", "pixels 0.5 times as high as wide, left so")


def report() -> Dataset:
    """A structured report: a DICOM file without a picture."""
    dataset = described(GREY)
    dataset.SOPClassUID = BasicTextSRStorage
    del dataset.PixelData, dataset.Rows, dataset.Columns
    return dataset


@pytest.mark.parametrize(
    ("dataset", "syntax", "found"),
    [
        (report(), ExplicitVRLittleEndian, r"no pixel data \(the file is: Basic Text SR Storage\)"),
        (jpeg(GREY, described(GREY)), RLELossless, r"pixels damaged or not decodable \(RLE Lossless\)"),
        (jpeg(GREY, described(GREY)), JPEGLosslessSV1, r"not decodable here \(JPEG Lossless.*export it"),
        (jpeg(GREY, described(GREY)), JPEGLSLossless, r"not decodable here \(JPEG-LS Lossless"),
        (jpeg(GREY, described(GREY)), MPEG2MPML, r"not decodable here \(MPEG2"),
        (described(GREY, Rows=0), ExplicitVRLittleEndian, r"picture of 10x0 pixels"),
        (described(GREY, Columns=16_385), ExplicitVRLittleEndian, r"16385x6 pixels; expected .* 16384 pixels on"),
        (described(GREY, Rows=60), ExplicitVRLittleEndian, r"fewer bytes of pixel data than its size needs"),
        (described(GREY, BitsAllocated=32, BitsStored=32), ExplicitVRLittleEndian, r"32 bits stored in 32"),
        (described(GREY, BitsStored=1, HighBit=0), ExplicitVRLittleEndian, r"1 bits stored in 8"),
        (described(DEEP, bits=12, HighBit=15), ExplicitVRLittleEndian, r"highest being bit 15"),
        (described(GREY, PhotometricInterpretation="HSV"), ExplicitVRLittleEndian, r"interpretation that is not read"),
        (described(GREY, SamplesPerPixel=3), ExplicitVRLittleEndian, r"interpretation that is not read"),
        (described(GREY, PhotometricInterpretation="PALETTE COLOR"), ExplicitVRLittleEndian, r"damaged DICOM"),
        (described(GREY, RescaleSlope="1E400", RescaleIntercept="1"), ExplicitVRLittleEndian, r"damaged DICOM"),
    ],
)  # fmt: skip
def test_what_has_no_picture_for_us_is_refused(tmp_path: Path, dataset: Dataset, syntax: UID, found: str) -> None:
    """One line: the file, what was found, what is expected."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom, which writes the file, has its doubts too
        path = written(tmp_path, dataset, syntax)
    with pytest.raises(GlassboxError, match=found) as refusal:
        read_dicom(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("absent.dcm", None, "no such file"),
        ("", None, "a directory"),
        ("empty.dcm", b"", "empty file"),
        ("text.dcm", b"not a picture at all" * 20, "not a DICOM file"),
        ("bare.dcm", b"\0" * 128 + b"DICM", "no pixel data"),
    ],
)
def test_what_is_no_dicom_file_is_refused(tmp_path: Path, name: str, data: bytes | None, found: str) -> None:
    """Missing, a directory, empty, something else, and nothing but the letters."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(GlassboxError, match=found):
        read_dicom(tmp_path / name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files of each kind of storage, by name."""
    folder, packed = tmp_path_factory.mktemp("whole"), described(DEEP, bits=12, WindowCenter=2000, WindowWidth=900)
    packed.compress(RLELossless, generate_instance_uid=False)
    paths = {
        "plain": written(folder, described(DEEP, bits=12), name="plain.dcm"),
        "implicit": written(folder, described(RGB), ImplicitVRLittleEndian, "implicit.dcm"),
        "deflated": written(folder, described(GREY), DeflatedExplicitVRLittleEndian, "deflated.dcm"),
        "packed": written(folder, packed, RLELossless, "packed.dcm"),
        "jpeg": written(folder, jpeg(SMOOTH, described(SMOOTH)), JPEGBaseline8Bit, "jpeg.dcm"),
    }
    return {name: path.read_bytes() for name, path in paths.items()}


KINDS = ["plain", "implicit", "deflated", "packed", "jpeg"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [0.2, 0.5, 0.8, 0.99])
def test_a_file_cut_short_is_refused(tmp_path: Path, whole: dict[str, bytes], kind: str, cut: float) -> None:
    """Wherever the end is missing; half a picture is never returned."""
    (tmp_path / "cut.dcm").write_bytes(whole[kind][: int(len(whole[kind]) * cut)])
    with pytest.raises(GlassboxError, match=r"cut short|no pixel data|damaged|not a DICOM"):
        read_dicom(tmp_path / "cut.dcm")


@given(st.data())
def test_damaged_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, whole: dict[str, bytes], data: st.DataObject
) -> None:
    """Any byte may be any other: a picture, or one line, and nothing else."""
    broken = bytearray(whole[data.draw(st.sampled_from(KINDS))])
    for place in data.draw(st.lists(st.integers(132, len(broken) - 1), min_size=1, max_size=6)):
        broken[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("broken") / "film.dcm"
    path.write_bytes(broken)
    try:
        assert read_dicom(path).pixels.dtype == np.uint8
    except GlassboxError as refusal:
        assert "\n" not in str(refusal)
