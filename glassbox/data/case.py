"""One picture with its ground truth: what every loader of a segmentation task yields."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Case:
    """A named picture, the exact or annotated outline of what is looked for, and what is known about it.

    Attributes:
        name: unique within its task, such as ``phantom-train-0007`` or ``ISIC_0000001``.
        image: ``(H, W, 3) uint8`` RGB.
        mask: ``(H, W) bool``, True inside what is looked for: a lesion, a vessel.
        attributes: numbers to group and plot scores by; the loader says which (flags are 0.0 or 1.0).
        region: ``(H, W) bool``, True where scores are taken, such as the field of view of a fundus camera; None for
            the whole picture.
    """

    name: str
    image: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.bool_]
    attributes: dict[str, float]
    region: npt.NDArray[np.bool_] | None = None
