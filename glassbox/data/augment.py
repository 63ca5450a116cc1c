"""Replay one row of the augmentation plan on a picture and its mask.

Picture and mask go through one geometry, a single resampling from the source, and only then the picture through its
photometric steps. Nothing is drawn here: the same recipe gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import cos, floor, radians, sin, sqrt
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox.errors import GlassboxError

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8] | npt.NDArray[np.bool_]
Map = npt.NDArray[np.float32]

# Mirrored about the picture's edge, not about its last pixel's centre: the same place at every scale.
BORDER = cv2.BORDER_REFLECT


@dataclass(frozen=True, slots=True)
class Recipe:
    """One row of the plan without its pass and case; the defaults are the neutral values.

    `index` is the case's position in its split, `height` and `width` the size in pixels of the sample made. Lengths are
    shares of a side, so a recipe means the same at each size; only `blur_sigma_px` is in pixels of the sample.
    """

    index: int
    height: int
    width: int
    flip_x: bool = False
    flip_y: bool = False
    angle_deg: float = 0.0  # counter-clockwise, as np.rot90
    zoom_x: float = 1.0
    zoom_y: float = 1.0
    shift_x: float = 0.0  # to the right, share of the sample's width
    shift_y: float = 0.0  # downwards
    crop_x: float = 0.0  # the window's left and top edge, width and height in the source
    crop_y: float = 0.0
    crop_w: float = 1.0
    crop_h: float = 1.0
    elastic_amplitude: float = 0.0  # longest displacement, share of the sample's longer side
    elastic_smoothness: float = 0.0  # spacing of the random nodes, likewise
    elastic_seed: int = 0
    brightness: float = 0.0
    contrast: float = 1.0
    gain_r: float = 1.0
    gain_g: float = 1.0
    gain_b: float = 1.0
    fade: float = 0.0  # share of the difference in colour between target and surroundings taken away
    fade_smoothness: float = 0.0  # sigma of the target's softened edge, share of the sample's longer side
    blur_sigma_px: float = 0.0
    noise_sigma: float = 0.0
    noise_seed: int = 0
    jpeg_quality: int = 0
    hair_count: int = 0
    hair_seed: int = 0
    cutout_x: float = 0.0
    cutout_y: float = 0.0
    cutout_w: float = 0.0
    cutout_h: float = 0.0
    mix: float = 0.0  # the weight at which the batch's next sample shines through: see `glassbox.training.batches`


def recipe(row: Mapping[str, Any]) -> Recipe:
    """The recipe of one row: a Series of the plan or a mapping of its columns."""
    return Recipe(**{field.name: cast(type, field.type)(row[field.name]) for field in fields(Recipe)})


def recipes(plan: pd.DataFrame, pass_: int) -> list[Recipe]:
    """The recipes of one pass in training order. Raises `GlassboxError` for a pass or column the plan lacks."""
    names = [field.name for field in fields(Recipe)]
    missing = [name for name in ("pass", *names) if name not in plan]
    if missing:
        raise GlassboxError("augmentation plan", f"no column '{missing[0]}'", "a plan of this version")
    rows = plan[plan["pass"] == pass_]
    if rows.empty:
        raise GlassboxError("augmentation plan", f"no pass {pass_}", f"a pass up to {plan['pass'].max()}")
    return [Recipe(*values) for values in zip(*(rows[name].tolist() for name in names), strict=True)]


def matrix(recipe: Recipe, source_height: int, source_width: int) -> npt.NDArray[np.float64]:
    """The affine map from output to source pixel coordinates, (2, 3) float64.

    Forwards: the crop window becomes the picture; it is mirrored, zoomed, turned about its centre and shifted. Angles
    are true in the source's pixels, whatever the output's aspect. Pixel centres lie at whole coordinates.

    >>> matrix(Recipe(0, 96, 128), 192, 256).tolist()
    [[2.0, 0.0, 0.5], [0.0, 2.0, 0.5]]
    """
    window_w, window_h = recipe.crop_w * source_width, recipe.crop_h * source_height
    step_x, step_y = window_w / recipe.width, window_h / recipe.height
    back_x = (-1 if recipe.flip_x else 1) / recipe.zoom_x
    back_y = (-1 if recipe.flip_y else 1) / recipe.zoom_y
    c, s = cos(radians(recipe.angle_deg)), sin(radians(recipe.angle_deg))
    xx, xy = back_x * c * step_x, 0.0 - back_x * s * step_y
    yx, yy = back_y * s * step_x, back_y * c * step_y
    # The output point that shows the window's centre.
    middle_x, middle_y = recipe.width * (0.5 + recipe.shift_x) - 0.5, recipe.height * (0.5 + recipe.shift_y) - 0.5
    at_x = recipe.crop_x * source_width + window_w / 2 - 0.5 - xx * middle_x - xy * middle_y
    at_y = recipe.crop_y * source_height + window_h / 2 - 0.5 - yx * middle_x - yy * middle_y
    return np.array([[xx, xy, at_x], [yx, yy, at_y]])


def geometry(recipe: Recipe, source_height: int, source_width: int) -> tuple[Map, Map]:
    """The source coordinates each output pixel reads: x and y, each (H, W) float32, pixel centres at whole numbers.

    The affine map of `matrix`, plus the elastic displacement (Simard 2003): normal values at coarse nodes, scaled so
    that the longest is `elastic_amplitude`, with cubic interpolation between.
    """
    return _grid(recipe, matrix(recipe, source_height, source_width))


def _grid(recipe: Recipe, affine: npt.NDArray[np.float64]) -> tuple[Map, Map]:
    x, y = np.arange(recipe.width, dtype=np.float64), np.arange(recipe.height, dtype=np.float64)
    maps = []
    for (along_x, along_y, start), bend in zip(affine, _bends(recipe, affine), strict=True):
        flat = (along_x * x).astype(np.float32) + (along_y * y + start).astype(np.float32)[:, None]
        maps.append(flat if bend is None else flat + bend)
    return maps[0], maps[1]


def _bends(recipe: Recipe, affine: npt.NDArray[np.float64]) -> tuple[Map, Map] | tuple[None, None]:
    """The elastic displacement in source pixels along x and y, each (H, W)."""
    if not recipe.elastic_seed:
        return None, None
    longer = max(recipe.height, recipe.width)
    spacing = max(recipe.elastic_smoothness, 1 / longer) * longer
    nodes = (2, *(floor(side / spacing + 0.500001) + 1 for side in (recipe.height, recipe.width)))
    push = np.random.default_rng(recipe.elastic_seed).standard_normal(nodes, dtype=np.float32)
    push *= recipe.elastic_amplitude * longer / np.hypot(push[0], push[1]).max()
    x, y = (
        cv2.resize(each, (recipe.width, recipe.height), interpolation=cv2.INTER_CUBIC)
        for each in np.tensordot(affine[:, :2].astype(np.float32), push, 1)
    )
    return x, y


def replay(recipe: Recipe, image: Image, mask: Mask) -> tuple[Image, Image]:
    """Make one training sample: image (H, W, 3) uint8 and mask (H, W) uint8 of 0 and 1, at the recipe's size.

    `image` is (h, w, 3) uint8 RGB, `mask` (h, w) bool or uint8 (above 0 is true). Both are read at the same places, by
    linear interpolation, mirrored at the edges; the mask is true from half coverage up.

    Raises `ValueError` when the mask is not of the image's size.
    """
    if image.shape[:2] != mask.shape:
        raise ValueError(f"mask is {mask.shape}; expected the image's {image.shape[:2]}")
    # The mask travels as a fourth channel: it can't part from its picture, and it is faster than two calls.
    made = warp(recipe, cv2.merge([image, (mask != 0).view(np.uint8) * np.uint8(255)]))
    made_mask = (cv2.extractChannel(made, 3) >= 128).view(np.uint8)
    picture = faded(recipe, cv2.cvtColor(made, cv2.COLOR_RGBA2RGB), made_mask)
    return photometrics(recipe, picture), made_mask


def warp(recipe: Recipe, picture: Image) -> Image:
    """The geometry alone, on (h, w, C) uint8: one resampling, after `shrink` where that would skip pixels."""
    height, width = picture.shape[:2]
    affine = matrix(recipe, height, width)
    small = shrink(picture, shrinkage(affine))
    if small is not picture:
        ratio = np.array([[small.shape[1] / width], [small.shape[0] / height]])
        affine *= ratio
        affine[:, 2:] += (ratio - 1) / 2  # the picture's corner, not the centre of its first pixel, stays put
    size, flags = (recipe.width, recipe.height), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if recipe.elastic_seed:
        return cast(Image, cv2.remap(small, *_grid(recipe, affine), cv2.INTER_LINEAR, borderMode=BORDER))
    return cast(Image, cv2.warpAffine(small, affine, size, flags=flags, borderMode=BORDER))


def shrinkage(affine: npt.NDArray[np.float64]) -> int:
    """The whole factor by which a source is too fine for `affine`: from 2 up where it magnifies 0.5 or less, else 1."""
    (xx, xy, _), (yx, yy, _) = affine.tolist()
    return max(1, floor(sqrt(abs(xx * yy - xy * yx)) + 1e-6))


def shrink(picture: Image, factor: int) -> Image:
    """Area mean over `factor` x `factor` pixels; the picture itself at factor 1."""
    if factor == 1:
        return picture
    size = [max(1, round(side / factor)) for side in (picture.shape[1], picture.shape[0])]
    return cast(Image, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def photometrics(recipe: Recipe, image: Image) -> Image:
    """What changes colours and moves nothing, on (H, W, 3) uint8 RGB, each step rounded to uint8.

    In this order: channel gains, contrast about the picture's mean, brightness (these three in one table of 256 values
    a channel, clipped once), hairs, blur, noise, cutout in the picture's mean colour, JPEG. The input stays as it was.
    """
    image = tones(recipe, image)
    if recipe.hair_count:
        image = hairs(image.copy(), recipe.hair_count, recipe.hair_seed)
    if recipe.blur_sigma_px > 0:
        image = cv2.GaussianBlur(image, (0, 0), recipe.blur_sigma_px)
    if recipe.noise_sigma > 0:
        grain = np.random.default_rng(recipe.noise_seed).standard_normal(image.shape, dtype=np.float32)
        image = cv2.add(image, np.rint(grain * (255 * recipe.noise_sigma)).astype(np.int16), dtype=cv2.CV_8U)
    if recipe.cutout_w > 0 and recipe.cutout_h > 0:
        image = cutout(recipe, image.copy())
    if recipe.jpeg_quality:
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, recipe.jpeg_quality])
        image = cast(Image, cv2.imdecode(data, cv2.IMREAD_COLOR_RGB))
    return image


def faded(recipe: Recipe, image: Image, mask: Mask) -> Image:
    """The sample with its target paler: nearer in colour to what lies around it.

        image - fade * soft * (mean inside the mask - mean of the ring around it)

    for each channel of (H, W, 3) uint8, where `soft` is the mask blurred by `fade_smoothness` and the ring is a
    sixteenth of the longer side wide. Unchanged where the mask or its ring is empty.
    """
    if recipe.fade == 0:
        return image
    longer = max(mask.shape)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * (longer // 16) + 1,) * 2)
    ring = cv2.dilate(mask, disc) - mask
    if not mask.any() or not ring.any():
        return image
    difference = np.subtract(cv2.mean(image, mask)[:3], cv2.mean(image, ring)[:3]).astype(np.float32)
    soft = mask.astype(np.float32)
    if recipe.fade_smoothness > 0:
        soft = cv2.GaussianBlur(soft, (0, 0), recipe.fade_smoothness * longer)
    return np.rint(np.clip(image - np.float32(recipe.fade) * soft[..., None] * difference, 0, 255)).astype(np.uint8)


def tones(recipe: Recipe, image: Image) -> Image:
    """`((value * gain - mean) * contrast + mean) + brightness`, where mean is that of all values after the gains."""
    gains = np.array([recipe.gain_r, recipe.gain_g, recipe.gain_b])
    if (gains == 1).all() and recipe.contrast == 1 and recipe.brightness == 0:
        return image
    mean = np.dot(cv2.mean(image)[:3], gains) / 3
    values = np.arange(256)[:, None] * gains  # (256, 3)
    table = (values - mean) * recipe.contrast + mean + 255 * recipe.brightness
    return cast(Image, cv2.LUT(image, np.clip(np.rint(table), 0, 255).astype(np.uint8)[None]))


def hairs(image: Image, count: int, seed: int) -> Image:
    """Draw `count` curved hairs into `image`, most of them dark: quadratic Bezier curves one or two pixels wide."""
    rng = np.random.default_rng(seed)
    height, width = image.shape[:2]
    longer = max(height, width)
    t = np.linspace(0, 1, 12)[:, None]
    for _ in range(count):
        middle = rng.uniform(0, (width, height))
        angle, half, bend = rng.uniform((0, 0.1, -0.15), (np.pi, 0.4, 0.15)) * (1, longer, longer)
        along = np.array([cos(angle), sin(angle)])
        across = np.array([-along[1], along[0]])
        curve = middle + along * half * (2 * t - 1) + across * bend * 4 * t * (1 - t)
        dark = rng.random() < 0.85
        shade = rng.uniform(10, 70) if dark else rng.uniform(150, 220)
        thickness = max(1, round(longer / 256 * rng.uniform(0.8, 2.2)))
        points = [np.rint(curve * 16).astype(np.int32)]
        cv2.polylines(image, points, False, (shade, shade * 0.8, shade * 0.7), thickness, cv2.LINE_AA, shift=4)
    return image


def cutout(recipe: Recipe, image: Image) -> Image:
    """Fill the recipe's rectangle of `image` with the mean colour (DeVries and Taylor 2017, arXiv:1708.04552)."""
    height, width = image.shape[:2]
    top, bottom = round(recipe.cutout_y * height), round((recipe.cutout_y + recipe.cutout_h) * height)
    left, right = round(recipe.cutout_x * width), round((recipe.cutout_x + recipe.cutout_w) * width)
    image[top:bottom, left:right] = np.rint(cv2.mean(image)[:3])
    return image
