"""What every test runs under: repeatable examples, no deadline (the machine may be busy), one OpenCV thread."""

import cv2
import pytest
from hypothesis import settings

cv2.setNumThreads(1)
settings.register_profile("glassbox", deadline=None, derandomize=True)
settings.load_profile("glassbox")


def pytest_configure(config: pytest.Config) -> None:
    """Keras saves its variables through an `__array__` of the old signature, which NumPy 2 deprecates: not ours."""
    config.addinivalue_line(
        "filterwarnings", "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    )
