"""Pictures from pictures: contours, error tints, masks and maps drawn pixel by pixel.

Pictures are RGB ``(H, W, 3) uint8``, masks ``(H, W) bool``; every function returns a new array and leaves its arguments
as they were. A shape, type or range that does not fit raises ``GlassboxError``.
"""

import functools
from typing import TypeVar

import cv2
import matplotlib
import numpy as np
import numpy.typing as npt

from glassbox.errors import GlassboxError
from glassbox.render import palette

Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.floating]


def check_picture(image: Picture) -> None:
    """Raise ``GlassboxError`` unless ``image`` is ``(H, W, 3) uint8`` and not empty."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[-1] != 3 or image.size == 0:
        raise GlassboxError("picture", f"{image.shape} {image.dtype}", "(H, W, 3) uint8")


def check_mask(mask: Mask, height: int, width: int) -> None:
    """Raise ``GlassboxError`` unless ``mask`` is ``(height, width) bool``."""
    if mask.dtype != np.bool_ or mask.shape != (height, width):
        raise GlassboxError("mask", f"{mask.shape} {mask.dtype}", f"({height}, {width}) bool, the size of its picture")


def check_fraction(name: str, value: float) -> None:
    """Raise ``GlassboxError`` unless ``value`` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise GlassboxError(name, f"{value}", "a number from 0 to 1")


def boundary(mask: Mask, width_px: int) -> Mask:
    """The mask minus its erosion: ``mask & ~erode(mask, cross of radius 1, width_px times)``, ``(H, W) bool``.

    The boundary lies inside the mask. What is outside the frame counts as background, so a mask that the frame cuts is
    closed along the frame, and a mask that fills the picture still has an outline.

    >>> boundary(np.ones((3, 4), bool), 1).astype(int)
    array([[1, 1, 1, 1],
           [1, 0, 0, 1],
           [1, 1, 1, 1]])
    """
    if width_px < 0:
        raise GlassboxError("width_px", f"{width_px}", "0 (no outline) or more pixels")
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    inner = cv2.erode(mask.astype(np.uint8), cross, iterations=width_px, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return mask & (inner == 0) if width_px else np.zeros_like(mask)


def contour(image: Picture, mask: Mask, colour: palette.Colour, width_px: int) -> Picture:
    """``image`` with the ``boundary`` of ``mask`` painted in ``colour``; an empty mask changes nothing."""
    check_picture(image)
    check_mask(mask, *image.shape[:2])
    drawn = image.copy()
    drawn[boundary(mask, width_px)] = colour
    return drawn


def tint(image: Picture, mask: Mask, colour: palette.Colour, opacity: float) -> Picture:
    """Where ``mask``: ``(1 - opacity) * image + opacity * colour``, rounded; elsewhere ``image`` untouched."""
    check_picture(image)
    check_mask(mask, *image.shape[:2])
    check_fraction("opacity", opacity)
    drawn = image.copy()
    drawn[mask] = np.rint((1 - opacity) * image[mask] + opacity * np.asarray(colour, np.float64)).astype(np.uint8)
    return drawn


def errors(image: Picture, truth: Mask, prediction: Mask, opacity: float, width_px: int) -> Picture:
    """``image`` with true positives, false positives and false negatives tinted, and both outlines on top.

    True negatives keep their pixels. Outlines are ``width_px`` wide (0: none); the truth is drawn last, so where both
    run together the truth shows.
    """
    check_picture(image)
    for mask in (truth, prediction):
        check_mask(mask, *image.shape[:2])
    for mask, colour in (
        (truth & prediction, palette.TRUE_POSITIVE),
        (~truth & prediction, palette.FALSE_POSITIVE),
        (truth & ~prediction, palette.FALSE_NEGATIVE),
    ):
        image = tint(image, mask, colour, opacity)
    image = contour(image, prediction, palette.PREDICTION, width_px)
    return contour(image, truth, palette.TRUTH, width_px)


def mask_picture(mask: Mask) -> Picture:
    """The mask as a picture: white 255 inside, black 0 outside, ``(H, W, 3) uint8``."""
    return np.repeat(mask[:, :, None].astype(np.uint8) * 255, 3, axis=2)


@functools.cache
def heat_table(limits: tuple[float, float]) -> Picture:
    """The 256 colours of a map with these limits, ``(256, 3) uint8``, low to high.

    Limits that lie evenly about zero are those of a map that speaks for and against: ``palette.SIGNED``, its darkest at
    zero. Else ``palette.HEAT``.
    """
    low, high = limits
    name = palette.SIGNED if low == -high else palette.HEAT
    return np.asarray(matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3], np.uint8)


def with_bar(picture: Picture, limits: tuple[float, float], high_px: int = 8) -> Picture:
    """A picture with the colours of its map below it, low to high, a thin line of paper between them."""
    steps = np.linspace(0, 255, picture.shape[1]).round().astype(np.intp)
    line = np.full((2, picture.shape[1], 3), palette.PAPER, np.uint8)
    return np.concatenate([picture, line, np.repeat(heat_table(limits)[None, steps], high_px, axis=0)])


def heat(
    image: Picture, values: Values, opacity: float, limits: tuple[float, float], contour_mask: Mask | None = None
) -> Picture:
    """A map laid over its picture: ``(1 - opacity) * grey(image) + opacity * colour(values)``, ``(H, W, 3) uint8``.

    ``values`` ``(H, W)`` float are spread linearly over ``limits = (low, high)`` and clipped there; no gamma. The
    picture is drawn grey so that every hue comes from the map and can be read off the colour bar. ``contour_mask`` adds
    the outline of the truth, one pixel wide, with a dark rim outside it, since the top of the map is yellow as well.
    Values that are not finite raise: a failed map must not look like zeros.
    """
    check_picture(image)
    check_fraction("opacity", opacity)
    low, high = limits
    if values.shape != image.shape[:2]:
        raise GlassboxError("map", f"{values.shape}", f"{image.shape[:2]}, the size of its picture")
    if not np.isfinite(values).all():
        raise GlassboxError("map", f"{np.count_nonzero(~np.isfinite(values))} values not finite", "finite values")
    if not low < high:
        raise GlassboxError("limits of a map", f"({low}, {high})", "low < high")
    steps = np.rint(np.clip((values.astype(np.float64) - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[:, :, None].astype(np.float64)
    drawn: Picture = np.rint((1 - opacity) * grey + opacity * heat_table(limits)[steps]).astype(np.uint8)
    if contour_mask is None:
        return drawn
    drawn = contour(drawn, contour_mask, palette.TRUTH, 1)
    rim: Mask = cv2.dilate(contour_mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > contour_mask
    drawn[rim] = palette.INK
    return drawn


Array = TypeVar("Array", Picture, Mask, Values)


def upscale(image: Array, factor: int) -> Array:
    """Every pixel as a ``factor`` by ``factor`` square (nearest neighbour), for a picture, mask or map."""
    if factor < 1:
        raise GlassboxError("factor", f"{factor}", "a whole number from 1")
    return np.repeat(np.repeat(image, factor, axis=0), factor, axis=1)


def fit(array: Array) -> Array:
    """A picture, mask or map with a longest side of ``palette.CELL_PX`` or, enlarged by a whole factor, just below.

    Where it must be reduced, masks take the nearest pixel and stay boolean; pictures and maps are averaged over the
    area that becomes one pixel.
    """
    height, width = array.shape[:2]
    longest = max(height, width, 1)
    if longest <= palette.CELL_PX:
        return upscale(array, palette.CELL_PX // longest)
    size = [max(1, round(side * palette.CELL_PX / longest)) for side in (width, height)]
    binary = array.dtype == np.bool_
    source = array.astype(np.uint8) if binary else array
    reduced: Array = cv2.resize(source, size, interpolation=cv2.INTER_NEAREST if binary else cv2.INTER_AREA)
    return reduced.astype(array.dtype)


def probability(p: Values) -> npt.NDArray[np.uint8]:
    """A probability map as grey: ``rint(255 p)``, ``(H, W) uint8``; 0 is black, 1 is white.

    >>> probability(np.array([[0.0, 0.2, 1.0]])).tolist()
    [[0, 51, 255]]
    """
    if not (np.isfinite(p).all() and (p >= 0).all() and (p <= 1).all()):
        raise GlassboxError("probability map", "values outside [0, 1]", "the output of a sigmoid or softmax")
    return np.rint(np.asarray(p, np.float64) * 255).astype(np.uint8)
