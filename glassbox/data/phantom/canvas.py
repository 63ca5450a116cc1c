"""What the phantom is drawn with: coordinates, smooth noise, colour and anti-aliased stencils.

Lengths are in picture heights, so one seed gives the same scene at every resolution of the same aspect ratio.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Shape = tuple[int, int]
Point = tuple[float, float]

SUPERSAMPLE = 4
XYZ_TO_SRGB = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)
D65_WHITE = np.array([0.95047, 1.0, 1.08883])


def grid(shape: Shape) -> tuple[Array, Array]:
    """x and y of every pixel's centre, each ``(H, W)``, in picture heights from the top left corner."""
    height, width = shape
    x, y = np.meshgrid((np.arange(width) + 0.5) / height, (np.arange(height) + 0.5) / height)
    return x, y


def noise(rng: np.random.Generator, shape: Shape, cell: float, octaves: int = 1) -> Array:
    """Smooth value noise ``(H, W)``, mean 0, standard deviation 0.6 to 0.8; ``cell`` is its coarsest length."""
    height, width = shape
    total = np.zeros(shape)
    for octave in range(octaves):
        step = cell / 2**octave
        lattice = rng.standard_normal((max(2, round(1 / step)), max(2, round(width / height / step))))
        total += 0.5**octave * cv2.resize(lattice, (width, height), interpolation=cv2.INTER_CUBIC)
    return total / math.sqrt(sum(0.25**octave for octave in range(octaves)))


def honeycomb(rng: np.random.Generator, shape: Shape, period: float) -> Array:
    """An irregular honeycomb ``(H, W)``, -0.5 on the mesh to 1 in the holes: three crossed waves, bent by noise."""
    x, y = grid(shape)
    x = x + 0.7 * period * noise(rng, shape, 2.5 * period)
    y = y + 0.7 * period * noise(rng, shape, 2.5 * period)
    frequency = 2 * math.pi / period
    turns = rng.uniform(0, math.pi) + np.arange(3) * math.pi / 3
    return np.asarray(sum(np.cos(frequency * (x * math.cos(turn) + y * math.sin(turn))) for turn in turns) / 3)


def ramp(x: Array) -> Array:
    """The logistic function: 0.5 at 0."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A positive number whose logarithm is uniform between those of ``low`` and ``high``."""
    return float(low * (high / low) ** rng.random())


def lab_to_linear(lab: npt.ArrayLike) -> Array:
    """CIELAB (D65, L 0 to 100) to linear sRGB, ``(..., 3)``, not below 0.

    >>> lab_to_linear([100, 0, 0]).round(2).tolist()
    [1.0, 1.0, 1.0]
    """
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    f = (lightness + 16) / 116
    f = np.stack([f + a / 500, f, f - b / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * D65_WHITE
    return np.asarray(np.maximum(xyz @ XYZ_TO_SRGB.T, 0))


def encode_srgb(linear: Array) -> Array:
    """Linear light in [0, 1] to sRGB values in [0, 1] (IEC 61966-2-1)."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def blend(picture: Array, colour: npt.ArrayLike, coverage: Array) -> Array:
    """Lay ``colour`` (3 numbers or ``(H, W, 3)``) over ``picture`` where ``coverage`` ``(H, W)`` says."""
    return np.asarray(picture + coverage[..., None] * (np.asarray(colour) - picture))


class Stencil:
    """Lines and discs drawn at four times the size; ``coverage()`` is their anti-aliased share of each pixel."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._scale = shape[0] * SUPERSAMPLE
        self._pixels = np.zeros((shape[0] * SUPERSAMPLE, shape[1] * SUPERSAMPLE), np.uint8)

    def line(self, points: npt.ArrayLike, width: float, strength: float = 1.0) -> None:
        """An open polyline through ``points`` ``(n, 2)`` as x, y."""
        path = np.rint(np.asarray(points) * self._scale).astype(np.int32)
        thickness = max(1, round(width * self._scale))
        cv2.polylines(self._pixels, [path], False, 255 * strength, thickness, cv2.LINE_AA)

    def disc(self, centre: Point, radius: float, strength: float = 1.0) -> None:
        """A filled disc."""
        x, y = (round(c * self._scale) for c in centre)
        cv2.circle(self._pixels, (x, y), max(1, round(radius * self._scale)), 255 * strength, cv2.FILLED, cv2.LINE_AA)

    def box(self, corner: Array, opposite: Array) -> None:
        """A filled upright rectangle between two opposite corners, each x, y."""
        first, last = (tuple(round(float(c) * self._scale) for c in point) for point in (corner, opposite))
        cv2.rectangle(self._pixels, first, last, 255, cv2.FILLED)

    def arc(self, centre: Point, radius: float, degrees: tuple[float, float], width: float, strength: float) -> None:
        """A part of a circle's rim, clockwise from the x axis."""
        t = np.radians(np.linspace(*degrees, 24))
        self.line(np.asarray(centre) + radius * np.stack([np.cos(t), np.sin(t)], axis=-1), width, strength)

    def coverage(self) -> Array:
        """``(H, W)`` in [0, 1]."""
        height, width = self._shape
        return np.asarray(cv2.resize(self._pixels, (width, height), interpolation=cv2.INTER_AREA) / 255.0)
