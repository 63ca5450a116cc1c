"""The palette: one meaning a colour, and colours that stay apart for every kind of colour vision."""

import itertools

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from glassbox.render import overlay, palette

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
VISION = {
    "normal": np.eye(3),
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
ERRORS = (palette.TRUE_POSITIVE, palette.FALSE_POSITIVE, palette.FALSE_NEGATIVE)
OUTLINES = (palette.TRUTH, palette.PREDICTION)


def seen(colour: palette.Colour, vision: str) -> np.ndarray:
    """CIE Lab of a colour as it looks under ``vision``."""
    value = np.array(colour) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.asarray(VISION[vision]) @ linear, 0, 1)
    return rgb2lab(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)[None, None])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(
    ("colours", "apart"), [(ERRORS, 11), (palette.LINES, 10), (OUTLINES, 80), (ERRORS + OUTLINES, 11)]
)
def test_colours_differ_for_every_vision(colours: tuple[palette.Colour, ...], apart: float, vision: str) -> None:
    """Every two colours that stand in one picture differ by many just noticeable differences (CIEDE2000)."""
    for one, other in itertools.combinations(colours, 2):
        assert float(deltaE_ciede2000(seen(one, vision), seen(other, vision)).item()) > apart, (one, other)


def test_heat_is_sequential() -> None:
    """Lightness of the map's colours never falls, and rises in nearly equal steps: no false edges."""
    lightness = rgb2lab(overlay.heat_table((0, 1))[None] / 255)[0, :, 0]
    steps = np.diff(lightness[::16])
    assert lightness[-1] - lightness[0] > 60
    assert steps.min() > 0
    assert steps.max() < 2 * steps.mean()


def test_signed_heat_is_lighter_the_further_from_zero() -> None:
    """Darkest in the middle, on both sides as steadily; the sides differ in hue for every vision."""
    table = overlay.heat_table((-2.0, 2.0))
    lightness = rgb2lab(table[None] / 255)[0, :, 0]
    for side in (lightness[127::-16], lightness[128::16]):
        assert side[-1] - side[0] > 50
        assert np.diff(side).min() > 0
    for vision in VISION:
        ends = (tuple(table[at].tolist()) for at in (16, 239))
        assert float(deltaE_ciede2000(*(seen(end, vision) for end in ends)).item()) > 11


def test_area_colours_are_not_line_colours() -> None:
    """A colour has one meaning: no tint of an area is also the line of a model, and the legend names each once."""
    assert not set(ERRORS) & set(palette.LINES)
    assert [entry.colour for entry in palette.LEGEND] == [*ERRORS, *OUTLINES]
    assert len({entry.label for entry in palette.LEGEND}) == len(palette.LEGEND)
    assert [entry.outline for entry in palette.LEGEND] == [False] * 3 + [True] * 2


def test_models_differ_in_colour_and_in_marker() -> None:
    """Charts stay readable without colour: the four models of a task have four colours and four markers."""
    assert len({palette.line(position) for position in range(4)}) == 4
    assert len({palette.marker(position) for position in range(4)}) == 4
    assert palette.line(5) == palette.line(1)
    assert palette.marker(5) == palette.marker(1)
