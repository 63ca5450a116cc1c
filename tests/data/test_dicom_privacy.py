"""What a DICOM file says of a patient goes nowhere: not into notes, errors, warnings or logs."""

import io
import logging
import warnings
from pathlib import Path

import pydicom
import pytest

from glassbox.data.dicom import read_dicom
from glassbox.errors import GlassboxError

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"  # these come with pydicom: nothing is fetched
SECRETS = (b"Quixote", b"Alonso", b"LAMANCHA", b"160501", b"Rocinante")


def planted(name: str, **tags: object) -> bytes:
    """A real picture's file, with a person, an institution and a date in every place that may hold them."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom, which writes the file, has its doubts too
        dataset = pydicom.dcmread(BUNDLED / name)
        dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "Quixote^Alonso", "LAMANCHA", "16050116"
        dataset.InstitutionName, dataset.AccessionNumber = "Rocinante Infirmary", "LAMANCHA 7"
        dataset.ImageComments = dataset.WindowCenterWidthExplanation = "Quixote, seen by Alonso"
        request = pydicom.Dataset()
        request.RequestedProcedureDescription = "Quixote of Rocinante"
        dataset.RequestAttributesSequence = [request]
        for tag, value in tags.items():
            setattr(dataset, tag, value)
        dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


WHOLE = planted("MR_small.dcm")
BROKEN = [  # a value of the picture's own tags, of as many bytes, that pydicom would quote
    planted("MR_small.dcm", WindowCenter="12345678").replace(b"12345678", b"LAMANCHA"),
    planted("MR_small.dcm", PixelSpacing=["12345678", "1"]).replace(b"12345678", b"LAMANCHA"),
    planted("MR_small.dcm", NumberOfFrames="1234567").replace(b"1234567", b"Quixote"),
    planted("MR_small.dcm", PhotometricInterpretation="Quixote"),
    planted("MR_small.dcm").replace(b"1.2.840.10008.1.2.1", b"1.2.826.1605011605\0"),
    planted("MR_small.dcm").replace(b"PN", b"ZZ"),
    planted("MR_small.dcm").replace(b"16050116", b"Alonso\xff\xfe"),
    planted("test-SR.dcm"),
    planted("JPEG2000.dcm").replace(b"\xff\x52", b"\xff\x01"),
    *(WHOLE[: len(WHOLE) * part // 20] for part in range(1, 20)),
]
ANYTHING_SAID = [WHOLE, *BROKEN, *(planted(name) for name in ("CT_small.dcm", "examples_palette.dcm"))]


@pytest.mark.parametrize("data", ANYTHING_SAID, ids=range(len(ANYTHING_SAID)))
def test_nothing_of_the_patient_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    """With every log line let through and every warning shown, no secret is in what is returned, raised or printed."""
    path = tmp_path / "film.dcm"
    path.write_bytes(data)
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            said = repr(read_dicom(path).notes)
        except GlassboxError as refusal:
            said = f"{refusal!r}{refusal.__cause__!r}"
            assert "\n" not in str(refusal)
    printed = "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret.decode() in said + printed + caplog.text]
    assert not warned
    assert not printed


def test_the_secrets_are_in_the_file_and_pydicom_tells_them(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    assert not [secret for secret in SECRETS if secret not in WHOLE]
    path = tmp_path / "film.dcm"
    path.write_bytes(BROKEN[3])
    with pytest.raises(ValueError, match="Quixote"):
        _ = pydicom.dcmread(path).pixel_array


def test_logs_are_heard_again_afterwards(tmp_path: Path) -> None:
    """pydicom's logger is silent while a file is read, and only then; also where reading failed."""
    logger = logging.getLogger("pydicom")
    before = logger.level
    path = tmp_path / "film.dcm"
    for data in (WHOLE, BROKEN[3]):
        path.write_bytes(data)
        try:
            read_dicom(path)
        except GlassboxError:
            assert data is BROKEN[3]
        assert logger.level == before
