"""Any picture: DICOM where it is one, else a picture file."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest

from glassbox.data.dicom import is_dicom, read_dicom
from glassbox.data.picture import read_image
from glassbox.data.reading import read_any
from glassbox.errors import GlassboxError

FILM = Path(pydicom.__file__).parent / "data" / "test_files" / "MR_small.dcm"  # comes with pydicom: nothing is fetched


@pytest.mark.parametrize("name", ["film.dcm", "film.DCM", "film", "IM0001", "film.png"])
def test_dicom_is_known_by_its_letters(tmp_path: Path, name: str) -> None:
    """Whatever the file is called: archives give DICOM files no ending, or a wrong one."""
    path = Path(shutil.copy(FILM, tmp_path / name))
    assert is_dicom(path)
    np.testing.assert_array_equal(read_any(path).pixels, read_dicom(FILM).pixels)


def test_a_picture_is_read_as_one(tmp_path: Path) -> None:
    """A PNG is no DICOM file, and is read as before."""
    path = tmp_path / "plain.png"
    cv2.imwrite(str(path), np.arange(60, dtype=np.uint8).reshape(4, 5, 3))
    assert not is_dicom(path)
    np.testing.assert_array_equal(read_any(path).pixels, read_image(path).pixels)


@pytest.mark.parametrize(
    ("name", "found"),
    [("picture.dcm", "not a DICOM file"), ("picture.png", "not a picture"), ("", "a directory")],
)
def test_what_is_neither_is_refused(tmp_path: Path, name: str, found: str) -> None:
    """The ending says which of the two it should have been."""
    if name:
        (tmp_path / name).write_bytes(b"DICM, but not where it belongs")
    with pytest.raises(GlassboxError, match=found):
        read_any(tmp_path / name)
    with pytest.raises(GlassboxError, match="no such file"):
        read_any(tmp_path / "absent" / "film.dcm")
