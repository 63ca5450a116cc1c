import math

import cv2
import numpy as np
import pytest

from glassbox.data.phantom.canvas import Stencil, encode_srgb, lab_to_linear, noise
from glassbox.data.phantom.scene import draw_outline, draw_scene, skin_tone


@pytest.mark.parametrize("lab", [(50, 0, 0), (83, 10, 11), (36, 14, 12), (60, 20, 15), (25, -5, -12), (5, 1, 1)])
def test_colours_agree_with_opencv(lab: tuple[float, float, float]) -> None:
    """CIELAB to linear light to sRGB gives OpenCV's own conversion, within one grey level of 255."""
    theirs = cv2.cvtColor(np.array([[lab]], np.float32), cv2.COLOR_Lab2RGB)[0, 0]
    assert np.abs(encode_srgb(lab_to_linear(lab)) - theirs).max() < 1 / 255


@pytest.mark.parametrize("seed", range(20))
def test_a_skin_tone_has_the_angle_it_says(seed: int) -> None:
    """arctan((L* - 50) / b*) of the colour is the ITA recorded, and the colour can be shown in sRGB."""
    ita_deg, (lightness, _, b) = skin_tone(np.random.default_rng(seed))
    assert math.degrees(math.atan2(lightness - 50, b)) == pytest.approx(ita_deg)
    assert 25 < lightness < 95


@pytest.mark.parametrize("seed", range(20))
def test_the_outline_is_where_depth_changes_sign(seed: int) -> None:
    """Depth is positive on the mask and nowhere else, and grows to about the lesion's radius inside."""
    outline = draw_outline(np.random.default_rng(seed), (96, 128))
    assert np.array_equal(outline.depth > 0, outline.mask)
    assert outline.depth.max() <= outline.radius


@pytest.mark.parametrize("seed", range(10))
def test_the_lesion_differs_from_its_skin(seed: int) -> None:
    """Contrast is the CIELAB distance between the mask's mean and that of the skin around it: drawn from the same
    numbers, the colours of mask and surroundings are that far apart."""
    outline = draw_outline(np.random.default_rng(seed), (96, 128))
    scene = draw_scene(np.random.default_rng(seed), outline)
    reach = round(96 * (0.05 + 0.5 * outline.radius))
    near = cv2.dilate(outline.mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    distance = np.linalg.norm(scene.lab[outline.mask].mean(axis=0) - scene.lab[near & ~outline.mask].mean(axis=0))
    assert scene.contrast == pytest.approx(distance, rel=0.3, abs=1.5)


@pytest.mark.parametrize("cell", [0.05, 0.3, 1.0])
def test_noise_is_centred_and_smooth(cell: float) -> None:
    """Mean near 0 over many draws, spread below 1, and neighbours closer together the larger the cell."""
    drawn = np.stack([noise(np.random.default_rng(seed), (96, 128), cell) for seed in range(60)])
    assert abs(drawn.mean()) < 0.12
    assert 0.4 < drawn.std() < 1.1
    assert np.abs(np.diff(drawn, axis=1)).mean() < 0.04 / cell


def test_a_stencil_measures_area() -> None:
    """Coverage sums to the area of what was drawn, in pixels, within 3 %."""
    stencil = Stencil((100, 150))
    stencil.disc((0.7, 0.5), 0.3)
    assert stencil.coverage().sum() == pytest.approx(math.pi * 30**2, rel=0.03)
    stencil = Stencil((100, 150))
    stencil.box(np.array([0.2, 0.1]), np.array([1.2, 0.4]))
    assert stencil.coverage().sum() == pytest.approx(100 * 30, rel=0.03)
    assert stencil.coverage().max() == 1
