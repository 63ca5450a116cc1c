"""What lies between skin and sensor in a dermoscopic picture: light, gel bubbles, hairs, rulers, charts, vignettes.

Each function draws over a picture ``(H, W, 3) float64`` in linear sRGB and returns a new one. ``mask`` is read only
to keep what would hide the lesion off it.
"""

import math

import numpy as np
import numpy.typing as npt

from glassbox.data.phantom.canvas import Array, Point, Shape, Stencil, blend, grid, lab_to_linear, log_uniform, ramp

Mask = npt.NDArray[np.bool_]

BRIGHTEST = 0.5  # mean linear light that the camera exposes for at most
CHART_LAB = np.array(
    [(60, -25, -40), (45, 5, -55), (50, 65, 40), (82, 5, 75), (58, -50, 35), (45, 35, -35), (70, 35, 65), (20, 0, 0)]
)


def light(rng: np.random.Generator, picture: Array) -> Array:
    """A lamp off the centre, brighter on one side, and a camera whose white is not quite white."""
    x, y = grid(picture.shape[:2])
    aspect = picture.shape[1] / picture.shape[0]
    turn, slope, fall = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.5), rng.uniform(0, 0.45)
    x, y = x - aspect / 2, y - 0.5
    lamp = rng.normal(0, 0.15, 2)
    stops = slope * (x * math.cos(turn) + y * math.sin(turn)) - fall * ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2)
    white = np.exp(rng.normal(0, 0.05, 3))
    picture = picture * np.exp(stops)[..., None] * white
    return np.asarray(picture * min(log_uniform(rng, 0.95, 1.5), BRIGHTEST / picture.mean()))


def bubbles(rng: np.random.Generator, picture: Array, mask: Mask) -> Array:
    """Air in the contact gel: clear rings, bright towards the lamp and dark away from it, in a loose cluster."""
    shape = mask.shape
    bright, dark, inside = Stencil(shape), Stencil(shape), Stencil(shape)
    cluster = rng.random(2) * (shape[1] / shape[0], 1)
    lamp = rng.uniform(0, 360)
    for _ in range(rng.integers(3, 18)):
        x, y = rng.normal(cluster, 0.22)
        radius = log_uniform(rng, 0.012, 0.065)
        width, strength = max(0.003, 0.12 * radius), rng.uniform(0.25, 0.6)
        inside.disc((x, y), radius, 0.3)
        dark.arc((x, y), radius, (lamp + 90, lamp + 270), width, strength)
        bright.arc((x, y), radius, (lamp - 100, lamp + 100), width, strength)
        glint = math.radians(lamp + 25)
        bright.disc((x + 0.55 * radius * math.cos(glint), y + 0.55 * radius * math.sin(glint)), 0.16 * radius)
    picture = picture * (1 + 0.35 * inside.coverage())[..., None]
    picture = blend(picture, picture * 0.3, dark.coverage())
    return blend(picture, np.ones(3), 0.85 * bright.coverage())


def hairs(rng: np.random.Generator, picture: Array, mask: Mask) -> Array:
    """Long curved hairs or short stubble, mostly dark, sometimes fair, roughly combed one way."""
    shape = mask.shape
    aspect = shape[1] / shape[0]
    stencil = Stencil(shape)
    stubble = rng.random() < 0.2
    combed, spread = rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 1.2)
    coarse = log_uniform(rng, 0.004, 0.012)
    for _ in range(round(log_uniform(rng, 3, 28)) * (3 if stubble else 1)):
        length = rng.uniform(0.05, 0.14) if stubble else rng.uniform(0.4, 1.6)
        path = _curl(rng, rng.random(2) * (aspect, 1), combed + rng.normal(0, spread), length)
        width, strength = coarse * rng.uniform(0.6, 1.5), rng.uniform(0.6, 1)
        for first, share in ((0, 1.0), (10, 0.8), (16, 0.55)):  # thinner towards the tip
            stencil.line(path[first : first + 12], width * share, strength)
    fair = rng.random() < 0.2 and not stubble
    colour = (rng.uniform(70, 88), 3, rng.uniform(5, 22)) if fair else (rng.uniform(5, 24), 4, rng.uniform(2, 10))
    return blend(picture, lab_to_linear(colour), stencil.coverage())


def _curl(rng: np.random.Generator, middle: Array, heading: float, length: float) -> Array:
    """A curved path ``(24, 2)`` through ``middle``: the heading turns steadily, then turns otherwise."""
    t = np.linspace(0, 1, 24)
    bend = min(1.0, 3 * length)
    headings = heading + bend * rng.normal(0, 0.8) * (t - 0.5) + bend * rng.normal(0, 1.2) * (t - 0.5) ** 2
    steps = length / 23 * np.stack([np.cos(headings), np.sin(headings)], axis=-1)
    path = np.cumsum(steps, axis=0)
    return np.asarray(path - path[12] + middle)


def ruler(rng: np.random.Generator, picture: Array, mask: Mask) -> Array:
    """Millimetre marks, every fifth longer: a scale engraved near one edge, or coarse marks along the edge itself."""
    along, inwards, origin, span = _side_frame(_emptiest_side(rng, mask), mask.shape[1] / mask.shape[0])
    stencil = Stencil(mask.shape)
    step, width = rng.uniform(0.025, 0.045), rng.uniform(0.004, 0.007)
    if rng.random() < 0.65:
        tilt, length, tick = rng.normal(0, 0.07), rng.uniform(0.45, 0.7), 0.025
        start = origin + along * rng.uniform(0.05, span - length - 0.05) + inwards * rng.uniform(0.07, 0.13)
        along, inwards = (
            along * math.cos(tilt) + inwards * math.sin(tilt),
            inwards * math.cos(tilt) - along * math.sin(tilt),
        )
        stencil.line([start, start + along * length], width)
    else:
        start, length, tick, width = origin, span, 0.05, 1.6 * width
    for i in range(int(length / step) + 1):
        foot = start + along * step * i
        stencil.line([foot, foot + inwards * tick * (1.7 if i % 5 == 0 else 1.0)], width)
    ink = (16, 0, 0) if picture.mean() > 0.12 else (78, 0, 4)  # white marks on dark skin
    return blend(picture, lab_to_linear(ink), rng.uniform(0.75, 1) * stencil.coverage())


def _emptiest_side(rng: np.random.Generator, mask: Mask) -> int:
    """The side (0 left, 1 top, 2 right, 3 bottom) whose outer fifth holds the least lesion, ties by chance."""
    rows, cols = mask.shape[0] // 5, mask.shape[1] // 5
    strips = (mask[:, :cols], mask[:rows], mask[:, -cols:], mask[-rows:])
    return int(np.argmin([strip.mean() for strip in strips] + 0.01 * rng.random(4)))


def _side_frame(side: int, aspect: float) -> tuple[Array, Array, Array, float]:
    """Of one side: the unit vector along it, the one inwards, its first corner, its length."""
    right, down = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    return (
        (down, right, np.zeros(2), 1.0),
        (right, down, np.zeros(2), aspect),
        (down, -right, np.array([aspect, 0.0]), 1.0),
        (right, -down, np.array([0.0, 1.0]), aspect),
    )[side]


def chart(rng: np.random.Generator, picture: Array, mask: Mask) -> Array:
    """A colour chart at an edge: a disc of one or two colours or a strip of patches, where it hides least lesion."""
    side = _emptiest_side(rng, mask)
    along, inwards, origin, span = _side_frame(side, mask.shape[1] / mask.shape[0])
    colours = lab_to_linear(rng.permutation(CHART_LAB)) * rng.uniform(0.75, 1)
    if rng.random() < 0.2:
        return _patches(rng, picture, side, colours)
    places = rng.uniform(0.1, 0.9, 8)
    radii = rng.uniform(0.2, 0.4) * 0.93 ** np.arange(8)
    sunk = rng.uniform(0.0, 0.7)
    discs = [(origin + along * span * p - inwards * sunk * r, r) for p, r in zip(places, radii, strict=True)]
    hidden = [float((_disc(mask, centre, r) * mask).sum()) for centre, r in discs]
    centre, radius = discs[int(np.argmin(hidden))]
    picture = blend(picture, picture * 0.55, _disc(mask, centre + 0.012, radius, soft=0.02))
    picture = blend(picture, colours[0], _disc(mask, centre, radius))
    if rng.random() < 0.5:
        picture = blend(picture, colours[1], _disc(mask, centre, radius * rng.uniform(0.4, 0.7)))
    return picture


def _disc(mask: Mask, centre: Point | Array, radius: float, soft: float = 0.003) -> Array:
    x, y = grid(mask.shape)
    return np.asarray(np.clip((radius - np.hypot(x - centre[0], y - centre[1])) / soft + 0.5, 0, 1))


def _patches(rng: np.random.Generator, picture: Array, side: int, colours: Array) -> Array:
    """A white strip along one side with five square patches on it."""
    shape = picture.shape[:2]
    along, inwards, origin, span = _side_frame(side, shape[1] / shape[0])
    size = rng.uniform(0.09, 0.13)
    gap = 0.15 * size
    length = 5 * (size + gap) + gap
    start = origin + along * rng.uniform(0, max(0.0, span - length))
    picture = blend(picture, np.full(3, 0.7), _box(shape, start, start + along * length + inwards * (size + gap)))
    for i in range(5):
        corner = start + along * (gap + i * (size + gap))
        picture = blend(picture, colours[i], _box(shape, corner, corner + (along + inwards) * size))
    return picture


def _box(shape: Shape, corner: Array, opposite: Array) -> Array:
    stencil = Stencil(shape)
    stencil.box(corner, opposite)
    return stencil.coverage()


def vignette(rng: np.random.Generator, picture: Array, mask: Mask) -> Array:
    """Dark corners: the round aperture of a contact dermoscope, or a soft fall-off; the lesion stays inside."""
    x, y = grid(mask.shape)
    aspect = mask.shape[1] / mask.shape[0]
    centre = rng.normal((aspect / 2, 0.5), 0.03)
    distance = np.hypot(x - centre[0], y - centre[1])
    radius = max(rng.uniform(0.58, 0.76), float(np.quantile(distance[mask], 0.97)))
    soft = log_uniform(rng, 0.006, 0.12)
    return blend(picture, picture * rng.uniform(0.01, 0.12), ramp((distance - radius) / soft - 1))
