"""Skin and lesion of the phantom, in CIELAB: the part of a picture that the ground truth is about."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from glassbox.data.phantom.canvas import Array, Shape, grid, honeycomb, log_uniform, noise, ramp

Mask = npt.NDArray[np.bool_]

SMALLEST, LARGEST = 0.011, 0.59  # share of the picture
FAINTEST = 11.0  # CIELAB distance below which a colour could not be told from the skin's own mottling
ITA_RANGE_DEG = (-50.0, 70.0)

# Colour of a lesion relative to its skin: how often, then the ranges of the change in L*, a* and b*.
# Darkening is meant for skin of L* 75 and shrinks with the skin's own lightness.
PIGMENTS = {
    "brown": (0.58, (-38, -16), (1, 9), (-1, 9)),
    "black": (0.17, (-54, -40), (-6, 0), (-12, -4)),
    "red": (0.13, (-17, -5), (9, 18), (0, 6)),
    "blue-grey": (0.08, (-36, -20), (-9, -5), (-16, -9)),
    "white": (0.04, (7, 14), (-7, -3), (-6, 1)),
}


@dataclass(frozen=True)
class Outline:
    """Where the lesion is: signed depth below its outline (picture heights, positive inside) and its mean radius."""

    mask: Mask
    depth: Array
    radius: float


@dataclass(frozen=True)
class Scene:
    """Clean tissue before light and artefacts: ``(H, W, 3)`` CIELAB, the base skin's ITA, the lesion's Delta E."""

    lab: Array
    ita_deg: float
    contrast: float


def draw_outline(rng: np.random.Generator, shape: Shape) -> Outline:
    """A random lesion: a bent ellipse with a wavy and frayed rim, cut at the share of the picture it is to fill."""
    aspect = shape[1] / shape[0]
    share = SMALLEST * (LARGEST / SMALLEST) ** (rng.random() ** 0.75)
    radius = math.sqrt(share * aspect / math.pi)
    centre = np.clip(rng.normal(0.5, 0.1, 2), 0.2, 0.8)
    if rng.random() < 0.1:  # a lesion that the picture's edge cuts
        centre[rng.integers(2)] = rng.choice([0.04, 0.96])
    distance = _warped_distance(rng, shape, (centre[0] * aspect, centre[1]), radius)
    level = float(np.quantile(distance, share))
    mask = _one_piece(distance < level)
    depth = np.abs(1 - distance / level) * radius
    return Outline(mask, np.where(mask, depth, -depth), radius)


def _warped_distance(rng: np.random.Generator, shape: Shape, centre: tuple[float, float], radius: float) -> Array:
    """Distance from ``centre`` divided by a random outline's radius in that direction."""
    irregular = log_uniform(rng, 0.25, 1.6)
    x, y = grid(shape)
    x = x - centre[0] + 0.16 * irregular * radius * noise(rng, shape, 0.9 * radius)
    y = y - centre[1] + 0.16 * irregular * radius * noise(rng, shape, 0.9 * radius)
    turn, stretch = rng.uniform(0, math.pi), math.sqrt(rng.uniform(1, 1.7))
    x, y = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    x, y = x / stretch, y * stretch
    angle = np.arctan2(y, x)
    waves = sum(
        rng.normal(0, 0.13 * irregular / k) * np.cos(k * angle + rng.uniform(0, 2 * math.pi)) for k in range(2, 9)
    )
    fray = 0.08 * irregular * noise(rng, shape, 0.3 * radius, octaves=3)
    return np.asarray(np.hypot(x, y) * np.exp(waves + fray))


def _one_piece(mask: Mask) -> Mask:
    """The largest 8-connected part of ``mask``, its holes filled."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    part: npt.NDArray[np.uint8] = (labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.uint8)
    contours, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(part, contours, -1, 1, cv2.FILLED)
    return part.astype(bool)


def draw_scene(rng: np.random.Generator, outline: Outline) -> Scene:
    """Skin of a random tone, small distractors and the lesion's colours, as CIELAB."""
    shape = outline.mask.shape
    ita_deg, tone = skin_tone(rng)
    lab = tone + _skin_texture(rng, shape, tone[0])
    lab += ramp((-outline.depth - 0.03) / 0.008)[..., None] * _distractors(rng, shape, tone)
    if rng.random() < 0.2:  # an inflamed rim, which is skin, not lesion
        lab[..., 1] += rng.uniform(4, 9) * np.exp(-np.abs(outline.depth) / (0.35 * outline.radius))
    softness = (0.004 + outline.radius * log_uniform(rng, 0.012, 0.13)) * np.exp(
        0.5 * noise(rng, shape, 0.3) + 0.65 * noise(rng, shape, 0.05, octaves=2)
    )
    lab += ramp(outline.depth / softness)[..., None] * _pigment(rng, outline, tone)
    ring = (outline.depth < 0) & (outline.depth > -0.05 - 0.5 * outline.radius)
    contrast = float(np.linalg.norm(lab[outline.mask].mean(axis=0) - lab[ring].mean(axis=0)))
    return Scene(lab, ita_deg, contrast)


def skin_tone(rng: np.random.Generator) -> tuple[float, Array]:
    """A skin colour: its individual typology angle in degrees and its CIELAB coordinates ``(3,)``.

    ITA = arctan((L* - 50) / b*) 180 / pi (Chardon 1991): over 55 very light, 41 light, 28 intermediate, 10 tan,
    -30 brown, below that dark.
    """
    ita_deg = rng.uniform(*ITA_RANGE_DEG)
    b = rng.uniform(0.9, 1.15) * np.interp(ita_deg, [-50, 0, 40, 70], [12, 18, 17, 11])
    return ita_deg, np.array([50 + b * math.tan(math.radians(ita_deg)), rng.uniform(8, 15) + 0.02 * (10 - ita_deg), b])


def _skin_texture(rng: np.random.Generator, shape: Shape, lightness: float) -> Array:
    """Blood-filled blotches, uneven melanin, furrows and fine grain, as a change of CIELAB ``(H, W, 3)``."""
    blood, melanin = noise(rng, shape, 0.3, octaves=3), noise(rng, shape, 0.4, octaves=4)
    furrows = np.minimum(honeycomb(rng, shape, rng.uniform(0.06, 0.1)), 0.2)
    grain = noise(rng, shape, 0.03, octaves=2)
    blotchy, rough = rng.uniform(0.5, 2.5), rng.uniform(0.5, 1.6)
    change = np.zeros((*shape, 3))
    change[..., 0] = -blotchy * (0.5 * blood + 0.8 * melanin) + rough * (1.8 * furrows + 0.8 * grain)
    change[..., 1] = blotchy * blood
    change[..., 2] = blotchy * 0.5 * melanin
    change[..., 0] *= 0.4 + 0.6 * lightness / 75
    return change


def _distractors(rng: np.random.Generator, shape: Shape, tone: Array) -> Array:
    """Freckles and small moles that no annotator would outline, as a change of CIELAB ``(H, W, 3)``."""
    x, y = grid(shape)
    change = np.zeros((*shape, 3))
    for _ in range(rng.poisson(4)):
        centre = rng.random(2) * (shape[1] / shape[0], 1)
        radius, strength = log_uniform(rng, 0.006, 0.024), rng.uniform(0.2, 0.8)
        spot = ramp((radius - np.hypot(x - centre[0], y - centre[1])) / (0.25 * radius))
        change += strength * spot[..., None] * _colour(rng, tone, "red" if rng.random() < 0.2 else "brown")
    return change


def _colour(rng: np.random.Generator, tone: Array, pigment: str) -> Array:
    """One colour of ``PIGMENTS`` as a change from the skin's, ``(3,)``."""
    change = np.array([rng.uniform(*limits) for limits in PIGMENTS[pigment][1:]])
    if change[0] < 0:
        change[0] *= tone[0] / 75
    return change * max(1.0, FAINTEST / float(np.linalg.norm(change)))


def _pigment(rng: np.random.Generator, outline: Outline, tone: Array) -> Array:
    """The lesion's colours as a change from the skin's, ``(H, W, 3)``: one to four areas, mottled and netted."""
    shape, radius = outline.mask.shape, outline.radius
    names = list(PIGMENTS)
    base = str(rng.choice(names, p=[PIGMENTS[name][0] for name in names]))
    change = np.tile(_colour(rng, tone, base), (*shape, 1))
    if base in ("brown", "black", "red"):
        for _ in range(rng.choice(4, p=[0.3, 0.35, 0.2, 0.15])):
            excess = noise(rng, shape, 0.8 * radius, octaves=4) - rng.uniform(0.3, 1)
            area = ramp(excess / log_uniform(rng, 0.08, 0.4))
            other = _colour(rng, tone, str(rng.choice(names, p=[0.4, 0.25, 0.12, 0.15, 0.08])))
            change += rng.uniform(0.5, 1) * area[..., None] * (other - change)
    inwards = np.clip(outline.depth / radius, 0, 1)
    mottle = 1 + rng.uniform(0.15, 0.4) * noise(rng, shape, 0.35 * radius, octaves=4) + rng.uniform(-0.3, 0.4) * inwards
    if base == "brown":
        net = honeycomb(rng, shape, log_uniform(rng, 0.03, 0.05))
        net *= ramp(2 * noise(rng, shape, 0.5 * radius) + 0.5)  # the net is never whole
        mottle -= rng.uniform(0, 0.8) * net * (1 - 0.6 * inwards)
    return change * np.maximum(mottle, 0.35)[..., None]
