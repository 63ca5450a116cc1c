"""One colour-blind-safe palette, used by every picture and chart.

The colours are those of Okabe and Ito (2008, jfly.uni-koeln.de/color): eight hues that stay apart in lightness as well
as in hue, so that they remain distinct under protanopia, deuteranopia and tritanopia, and in a grey print. A colour has
one meaning everywhere:

* tints of areas: true positive bluish green, false positive vermillion, false negative sky blue;
* outlines: truth yellow, prediction black. Both are absent from skin and retina, and they differ most in lightness,
  so either shows on pale skin and on a dark lesion;
* lines of charts: one colour *and* one marker a variant, in the order precision, balanced, recall, base. Charts must
  stay readable without colour.

Maps use ``HEAT``: lightness rises steadily with the value, so equal steps look equal, and no false edge appears the way
it does in jet (Borland and Taylor 2007, doi:10.1109/MCG.2007.323435). Cividis is tuned to look the same to people with
and without colour vision deficiency (Nuñez 2018, doi:10.1371/journal.pone.0199239). Maps that speak for and against
use ``SIGNED`` (Crameri 2020, doi:10.1038/s41467-020-19160-7): dark at zero, ever lighter red above it and blue below.
"""

from dataclasses import dataclass
from typing import Any

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

TRUE_POSITIVE: Colour = (0, 158, 115)  # bluish green
FALSE_POSITIVE: Colour = (213, 94, 0)  # vermillion
FALSE_NEGATIVE: Colour = (86, 180, 233)  # sky blue

TRUTH: Colour = (240, 228, 66)  # yellow
PREDICTION: Colour = (0, 0, 0)

LINES: tuple[Colour, ...] = (
    (0, 114, 178),  # blue: precision
    (230, 159, 0),  # orange: balanced
    (204, 121, 167),  # reddish purple: recall
    (0, 0, 0),  # black: base
)
MARKERS = ("v", "o", "^", "s")

HEAT = "cividis"
SIGNED = "berlin"
INK: Colour = (34, 34, 34)
FAINT: Colour = (110, 110, 110)
RULE: Colour = (217, 217, 217)
PAPER: Colour = (255, 255, 255)

FONT = "DejaVu Sans"
"""Ships inside matplotlib, so that text has the same bytes on every machine."""
TITLE_PT, HEADER_PT, TEXT_PT, SMALL_PT = 13.0, 10.0, 9.0, 8.0
DPI = 100

TINT_OPACITY = 0.55  # areas: the picture stays readable below
HEAT_OPACITY = 0.6
OUTLINE_PX = 2
CELL_PX = 256  # longest side of a picture in a sheet: four pictures fit a screen


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: a filled swatch, or a line where ``outline`` is true."""

    label: str
    colour: Colour
    outline: bool = False


ERRORS = (
    Entry("true positive: found", TRUE_POSITIVE),
    Entry("false positive: extra", FALSE_POSITIVE),
    Entry("false negative: missed", FALSE_NEGATIVE),
)
OUTLINES = (Entry("truth outline", TRUTH, True), Entry("prediction outline", PREDICTION, True))
LEGEND = ERRORS + OUTLINES


def line(position: int) -> Colour:
    """Colour of the variant at ``position``: 0 precision, 1 balanced, 2 recall, 3 base; further ones start again.

    >>> line(0) == line(4) == (0, 114, 178)
    True
    """
    return LINES[position % len(LINES)]


def marker(position: int) -> str:
    """Matplotlib marker of the variant at ``position``, in the order of ``line``."""
    return MARKERS[position % len(MARKERS)]


def unit(colour: Colour) -> tuple[float, float, float]:
    """The colour in [0, 1], as matplotlib takes it.

    >>> unit((255, 0, 51))
    (1.0, 0.0, 0.2)
    """
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


STYLE: dict[str, Any] = {
    "figure.facecolor": unit(PAPER),
    "font.family": FONT,
    "font.size": TEXT_PT,
    "axes.titlesize": HEADER_PT,
    "axes.labelsize": TEXT_PT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlepad": 8,
    "axes.edgecolor": unit(FAINT),
    "axes.labelcolor": unit(INK),
    "xtick.color": unit(INK),
    "ytick.color": unit(INK),
    "grid.color": unit(RULE),
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": TEXT_PT,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "text.color": unit(INK),
    "text.parse_math": False,
    "figure.dpi": DPI,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.constrained_layout.h_pad": 0.12,
}
"""Matplotlib settings of every chart and sheet. No mathtext: a file name may hold a dollar sign."""
