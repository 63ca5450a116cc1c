"""Attributes of a case that a model's scores are broken down by: measured from the picture and its true mask."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from glassbox.data.hair import hair_mask
from glassbox.data.steps import resize, resize_mask

LONG_SIDE_PX = 256  # measured at one scale, so that a hair or a ring is as wide for every camera
RING_PX = 16
HAIR_KERNEL_PX = 9
HAIR_THRESHOLD = 15
DARKEST_SKIN_L = 15.0  # below lies the black frame of a dermatoscope, not skin


def attributes(image: NDArray[np.uint8], mask: NDArray[np.bool_]) -> dict[str, float]:
    """Measure (H, W, 3) uint8 RGB and (H, W) bool, both first resized to 256 pixels on the long side.

    ``size``      share of the picture the lesion covers, in [0, 1] (at its own size)
    ``edge``      1.0 where the mask touches the picture's edge, else 0.0 (at its own size)
    ``contrast``  CIELAB Delta E 1976 between the mean colour of the lesion and of the 16-pixel ring of skin around it
    ``ita_deg``   individual typology angle, median over skin pixels: ``arctan((L* - 50) / b*) 180 / pi``, the quadrant
                  of b* respected (Chardon 1991). Skin: outside the lesion and its ring, no hair, L* at least 15
    ``hair``      share of pixels `glassbox.data.hair.hair_mask` finds, in [0, 1]

    ``contrast`` is nan for an empty mask or a lesion without a ring, ``ita_deg`` where no skin pixel is left.
    """
    size, edge = float(mask.mean()), float(_touches_edge(mask))
    image, mask = _rescale(image, mask)
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RING_PX + 1, 2 * RING_PX + 1))
    around = cv2.dilate(mask.astype(np.uint8), disc) > 0
    hair = hair_mask(image, HAIR_KERNEL_PX, HAIR_THRESHOLD)
    skin = ~hair & (lab[:, :, 0] >= DARKEST_SKIN_L)
    return {
        "size": size,
        "contrast": _delta_e(lab, mask, around & ~mask & skin),
        "edge": edge,
        "ita_deg": _ita_deg(lab[~around & skin]),
        "hair": float(hair.mean()),
    }


def _rescale(image: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    height, width = (max(1, round(side * LONG_SIDE_PX / max(mask.shape))) for side in mask.shape)
    return resize(image, height, width), resize_mask(mask, height, width)


def _touches_edge(mask: NDArray[np.bool_]) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def _delta_e(lab: NDArray[np.float32], lesion: NDArray[np.bool_], ring: NDArray[np.bool_]) -> float:
    if not lesion.any() or not ring.any():
        return math.nan
    return float(np.linalg.norm(lab[lesion].mean(axis=0, dtype=np.float64) - lab[ring].mean(axis=0, dtype=np.float64)))


def _ita_deg(skin: NDArray[np.float32]) -> float:
    if not skin.size:
        return math.nan
    return float(np.median(np.degrees(np.arctan2(skin[:, 0].astype(np.float64) - 50, skin[:, 2]))))
