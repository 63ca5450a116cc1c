"""Attributes: each against a picture on which it is known."""

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glassbox.data.attributes import attributes

SKIN, LESION = (220, 180, 150), (110, 70, 50)


def scene(height: int = 192, width: int = 256) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A rectangle lesion, a quarter of each side, in the middle of plain skin."""
    mask = np.zeros((height, width), bool)
    mask[height * 3 // 8 : height * 5 // 8, width * 3 // 8 : width * 5 // 8] = True
    return np.where(mask[:, :, None], LESION, SKIN).astype(np.uint8), mask


def lab(colour: tuple[int, int, int]) -> NDArray[np.float64]:
    """CIELAB (D65) of an sRGB colour, written out from the CIE formulas."""
    c = np.array(colour) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    matrix = [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
    t = np.array(matrix) @ linear / (0.950456, 1.0, 1.088754)
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("size", [(192, 256), (96, 128), (768, 1024)])
def test_a_plain_scene_is_measured_exactly(size: tuple[int, int]) -> None:
    """Size, Delta E 76 and ITA against the formulas; no hair, no contact with the edge; at any resolution."""
    found = attributes(*scene(*size))
    l_star, _, b_star = lab(SKIN)
    assert found["size"] == 1 / 16
    assert found["edge"] == 0.0
    assert found["contrast"] == pytest.approx(np.linalg.norm(lab(SKIN) - lab(LESION)), rel=0.06)
    assert found["ita_deg"] == pytest.approx(math.degrees(math.atan((l_star - 50) / b_star)), abs=0.1)
    assert found["hair"] == 0.0
    assert all(isinstance(value, float) for value in found.values())


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_a_lesion_at_the_edge_is_marked(side: str) -> None:
    """One pixel on any of the four sides is enough."""
    image, mask = scene()
    mask[{"top": (0, 5), "bottom": (-1, 5), "left": (5, 0), "right": (5, -1)}[side]] = True
    assert attributes(image, mask)["edge"] == 1.0


def test_contrast_is_to_the_skin_nearby() -> None:
    """What lies further off than the ring of 16 pixels plays no part."""
    image, mask = scene()
    near = cv2.dilate(mask.astype(np.uint8), np.ones((41, 41), np.uint8)) > 0
    far = image.copy()
    far[~near] = (120, 160, 200)
    assert attributes(far, mask)["contrast"] == attributes(image, mask)["contrast"]


def test_hair_counts_and_darker_skin_has_a_lower_angle() -> None:
    """A drawn hair raises the hair share by about its area; ITA falls from light to dark skin."""
    image, mask = scene()
    cv2.line(image, (10, 20), (240, 40), (30, 20, 20), 2)
    assert 0.005 < attributes(image, mask)["hair"] < 0.03
    shades = [(235, 205, 185), (220, 180, 150), (170, 125, 95), (95, 65, 50)]
    angles = [attributes(np.full((96, 128, 3), shade, np.uint8), scene(96, 128)[1])["ita_deg"] for shade in shades]
    assert angles == sorted(angles, reverse=True)
    assert angles[0] > 41
    assert angles[-1] < -10


def test_the_black_frame_of_a_dermatoscope_is_no_skin() -> None:
    """Black corners, even over most of what is not lesion, leave the skin's angle as it is."""
    image, mask = scene()
    plain = attributes(image, mask)["ita_deg"]
    image[:, :80] = image[:, -80:] = 3
    assert attributes(image, mask)["ita_deg"] == pytest.approx(plain, abs=0.1)


@pytest.mark.parametrize("value", [False, True])
def test_what_is_undefined_is_nan(value: bool) -> None:
    """Without a lesion, or without skin around it, there is no contrast; without skin no angle."""
    image, _ = scene()
    found = attributes(image, np.full(image.shape[:2], value))
    assert math.isnan(found["contrast"])
    assert math.isnan(found["ita_deg"]) == value
    assert found["size"] == float(value)
