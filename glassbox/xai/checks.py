"""How far an explanation agrees with a region of interest, such as the true lesion.

Both numbers are undefined, and `None`, where the map has no positive relevance (it points nowhere) or the mask is
empty (there is nothing to point at). Count these cases beside the mean of the others.
"""

import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError


def relevance_mass(relevance: NDArray[np.floating], mask: NDArray[np.bool_]) -> float | None:
    """Share of the positive relevance that lies inside the mask: `sum(R+ in mask) / sum(R+)`, `R+ = max(R, 0)`.

    relevance  (H, W), finite, signed or not
    mask       (H, W) bool
    returns    in [0, 1]; a map spread evenly scores the mask's share of the picture, so compare with that. `None`
               where undefined

    The relevance mass accuracy of Arras 2022 (arXiv:2003.07258) and the inside-total ratio of Kohlbrenner 2020
    (arXiv:1910.09840).

    >>> relevance_mass(np.array([[3.0, 1.0, -5.0]]), np.array([[True, False, True]]))
    0.75
    """
    positive = _positive(relevance, mask)
    total = float(positive.sum())
    if total == 0.0 or not mask.any():
        return None
    return float(positive[mask].sum()) / total


def pointing_game(relevance: NDArray[np.floating], mask: NDArray[np.bool_]) -> int | None:
    """1 if the maximum of the map lies in the mask, else 0 (Zhang 2016, arXiv:1608.00507); no tolerance margin.

    Shapes as in `relevance_mass`. Of several equal maxima all must lie in the mask. `None` where undefined.

    >>> pointing_game(np.array([[0.1, 0.9]]), np.array([[False, True]]))
    1
    """
    positive = _positive(relevance, mask)
    peak = positive.max(initial=0.0)
    if peak == 0.0 or not mask.any():
        return None
    return int(mask[positive == peak].all())


def _positive(relevance: NDArray[np.floating], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    if relevance.ndim != 2 or relevance.shape != mask.shape or mask.dtype != np.bool_:
        found = f"map {relevance.shape}, mask {mask.shape} {mask.dtype}"
        raise GlassboxError("relevance", found, "a map (H, W) and a bool mask of its shape")
    if not np.isfinite(relevance).all():
        raise GlassboxError("relevance", "NaN or infinite values", "a finite map")
    return np.maximum(relevance.astype(np.float64), 0.0)
