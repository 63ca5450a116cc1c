"""Preprocessing steps: pure functions on RGB (H, W, 3) uint8 pictures and (H, W) bool masks.

Only `resize` moves pixels, and `resize_mask` moves a mask's the same way; `aligned` checks that the two agree.
"""

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from glassbox.data.hair import dullrazor as dullrazor
from glassbox.data.hair import hair_mask as hair_mask
from glassbox.errors import GlassboxError

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class ColourConstancy(Protocol):
    """Shades of grey: the Minkowski norm ``p``."""

    @property
    def enabled(self) -> bool: ...
    @property
    def p(self) -> float: ...


class HairRemoval(Protocol):
    """DullRazor: lengths in pixels of the resized picture, ``threshold`` in grey levels."""

    @property
    def enabled(self) -> bool: ...
    @property
    def kernel_px(self) -> int: ...
    @property
    def threshold(self) -> int: ...
    @property
    def inpaint_radius_px(self) -> int: ...


class Clahe(Protocol):
    """Contrast-limited histogram equalisation of L* over ``tiles`` x ``tiles`` tiles."""

    @property
    def enabled(self) -> bool: ...
    @property
    def clip(self) -> float: ...
    @property
    def tiles(self) -> int: ...


class Steps(Protocol):
    """What `apply` does to every picture of a task."""

    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def colour_constancy(self) -> ColourConstancy: ...
    @property
    def hair_removal(self) -> HairRemoval: ...
    @property
    def clahe(self) -> Clahe: ...


def apply(image: Image, mask: Mask, steps: Steps) -> tuple[Image, Mask]:
    """Picture and mask as the network sees them: (height, width, 3) uint8 and (height, width) bool."""
    return prepare(image, steps), resize_mask(mask, steps.height, steps.width)


def prepare(image: Image, steps: Steps) -> Image:
    """The picture alone: resized, then hair, colour and contrast, each where enabled.

    Resizing comes first so that a length in pixels means the same for every camera.
    """
    image = resize(image, steps.height, steps.width)
    if steps.hair_removal.enabled:
        hair = steps.hair_removal
        image = dullrazor(image, hair.kernel_px, hair.threshold, hair.inpaint_radius_px)
    if steps.colour_constancy.enabled:
        image = shades_of_grey(image, steps.colour_constancy.p)
    if steps.clahe.enabled:
        image = clahe(image, steps.clahe.clip, steps.clahe.tiles)
    return image


def resize(image: Image, height: int, width: int) -> Image:
    """The whole frame at another size: mean over the pixel's area when shrinking, bilinear otherwise."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=_interpolation(image, height, width)))


def resize_mask(mask: Mask, height: int, width: int) -> Mask:
    """The mask moved exactly as `resize` moves its picture: true where at least half of the pixel is covered."""
    share = cv2.resize(mask.astype(np.float32), (width, height), interpolation=_interpolation(mask, height, width))
    return np.asarray(share >= 0.5 - 1e-6, dtype=np.bool_)  # a half, computed in float32, may come out a hair below


def shades_of_grey(image: Image, p: float) -> Image:
    """Colour constancy: divide each channel by the estimated illuminant.

    ``e_c = (mean_xy I_c^p)^(1/p)``, scaled to unit length, ``I'_c = I_c / (sqrt(3) e_c)``, clipped to 255. p = 1 is
    grey world, p to infinity white patch; 6 is usual. A channel that is 0 everywhere stays so. Finlayson & Trezzi 2004.
    """
    if p < 1:
        raise GlassboxError("colour_constancy.p", str(p), "a Minkowski norm of at least 1")
    scaled = image.reshape(-1, 3) / 255.0
    illuminant = np.mean(scaled**p, axis=0) ** (1 / p)
    gain = np.linalg.norm(illuminant) / np.sqrt(3) / np.maximum(illuminant, 1e-9)
    return np.asarray(np.clip(np.rint(image * gain), 0, 255), dtype=np.uint8)


def clahe(image: Image, clip: float, tiles: int) -> Image:
    """Contrast-limited adaptive histogram equalisation of CIELAB L*; a* and b* are kept (Zuiderveld 1994)."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.createCLAHE(clipLimit=clip, tileGridSize=(tiles, tiles)).apply(lab[:, :, 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def aligned(image_before: Image, mask_before: Mask, image_after: Image, mask_after: Mask) -> bool:
    """Whether picture and mask went through one and the same resize, and nothing else.

    The mask is drawn as if it were a picture and resized as one: it must agree with ``mask_after`` at IoU 0.95 or
    differ from it by at most one pixel along the outline (tiny lesions). The picture, resized again, must resemble
    ``image_after`` at least as well as it does flipped, turned or shifted by a sixteenth: that holds through changes of
    colour and contrast.
    """
    height, width = image_after.shape[:2]
    if image_before.shape[:2] != mask_before.shape or mask_after.shape != (height, width):
        return False
    drawn = resize(np.where(mask_before[:, :, None], 255, 0).repeat(3, axis=2).astype(np.uint8), height, width)
    return _same_mask(drawn[:, :, 0] >= 127.5, mask_after) and _upright(
        resize(image_before, height, width), image_after
    )


def _same_mask(expected: Mask, found: Mask) -> bool:
    union = np.count_nonzero(expected | found)
    if union == 0 or np.count_nonzero(expected & found) >= 0.95 * union:
        return True
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return all(
        not (one & (cv2.dilate(other.astype(np.uint8), cross) == 0)).any()
        for one, other in ((expected, found), (found, expected))
    )


def _upright(expected: Image, found: Image) -> bool:
    here = cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY).astype(np.float64)
    there = cv2.cvtColor(found, cv2.COLOR_RGB2GRAY).astype(np.float64)
    there -= there.mean()
    down, right = (max(1, side // 16) for side in here.shape)
    others = [here[::-1], here[:, ::-1], here[::-1, ::-1]]
    others += [np.roll(here, step, axis) for axis, step in ((0, down), (0, -down), (1, right), (1, -right))]
    likeness = float((here * there).sum())
    return all(likeness >= float((other * there).sum()) - 1e-6 * abs(likeness) for other in others)


def _interpolation(picture: NDArray[np.uint8] | Mask, height: int, width: int) -> int:
    shrinks = height <= picture.shape[0] and width <= picture.shape[1]
    return int(cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
