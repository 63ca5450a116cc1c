"""Training samples on one sheet, with outlines or, of pictures that are told apart, without."""

from collections.abc import Sequence

from glassbox.render import overlay
from glassbox.render.grid import Row, grid
from glassbox.render.panel import Sample, augmentation


def sheet(shown: Sequence[Sample], about: str, across: int = 5) -> bytes:
    """Samples as re-created from the plan, ``across`` a row, in the order given, each with its caption.

    Where one has a mask it is `panel.augmentation`; without masks there is no outline for a legend to speak of.
    """
    if any(sample.mask is not None for sample in shown):
        return augmentation(shown, about, across)
    rows = []
    for start in range(0, len(shown), across):
        part, empty = shown[start : start + across], max(start + across - len(shown), 0)
        pictures = (*(overlay.fit(sample.image) for sample in part), *[None] * empty)
        rows.append(Row("", "", pictures, (*(sample.caption for sample in part), *[""] * empty)))
    return grid(rows, [""] * across, f"Augmented training samples: {about}")
