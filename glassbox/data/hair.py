"""Hairs in dermoscopy: found by their shape, painted over from the skin beside them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def hair_mask(image: Image, kernel_px: int, threshold: int) -> Mask:
    """Dark hairs: (H, W) bool.

    Black-hat by orientated closings: closing with a line of ``kernel_px`` at 0, 45, 90 and 135 degrees, the largest of
    the four minus the picture, above ``threshold`` grey levels in any channel (Lee 1997, DullRazor, with three angles).

    Of what is found, only thin runs at least twice as long as ``kernel_px`` count: dots, specks, and lesions hardly
    wider than a hair, which DullRazor would erase, are left alone. A knot where hairs cross, of up to half of
    ``kernel_px`` squared pixels, does not break a run. A ruler's dark line is thin and long too, and counts.
    """
    if kernel_px < 3 or kernel_px % 2 == 0:
        raise GlassboxError("hair_removal.kernel_px", str(kernel_px), "an odd number of pixels, 3 or more")
    closed = [cv2.morphologyEx(image, cv2.MORPH_CLOSE, line) for line in _lines(kernel_px)]
    hat = np.max(closed, axis=0).astype(np.int16) - image
    found = (hat.max(axis=2) > threshold).astype(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (kernel_px // 2 | 1, kernel_px // 2 | 1))
    thick = cv2.dilate(cv2.morphologyEx(found, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8)) & found
    blobs, area, _ = _runs(thick)
    found[(area > kernel_px**2 / 2)[blobs]] = 0
    runs, _, length = _runs(found)
    return np.asarray((length >= 2 * kernel_px)[runs], dtype=np.bool_)


def dullrazor(image: Image, kernel_px: int, threshold: int, inpaint_radius_px: int) -> Image:
    """Paint over the hairs that `hair_mask` finds, a pixel wider, from their surroundings (Lee 1997; Telea 2004)."""
    hair = cv2.dilate(hair_mask(image, kernel_px, threshold).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.inpaint(image, hair, inpaint_radius_px, cv2.INPAINT_TELEA))


def _runs(mask: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """8-connected components: labels (H, W), and by label the area and the longer side of the box, 0 for background."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    stats[0] = 0
    length = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    return labels, stats[:, cv2.CC_STAT_AREA], length


def _lines(length: int) -> list[NDArray[np.uint8]]:
    flat = np.zeros((length, length), np.uint8)
    flat[length // 2] = 1
    slope = np.eye(length, dtype=np.uint8)
    return [flat, slope, flat.T.copy(), slope[::-1].copy()]
