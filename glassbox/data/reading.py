"""A picture in whichever of the formats that are read: DICOM, or a picture file."""

from pathlib import Path

from glassbox.data.dicom import is_dicom, read_dicom
from glassbox.data.picture import Picture, read_image


def read_any(path: Path) -> Picture:
    """(H, W, 3) uint8 RGB and notes: by `read_dicom` where `is_dicom`, else by `read_image`, whose errors it raises."""
    return read_dicom(path) if is_dicom(path) else read_image(path)
