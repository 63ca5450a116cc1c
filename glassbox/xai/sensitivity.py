"""How far a map moves when its picture hardly does."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError

Floats = NDArray[np.float32]
Maps = NDArray[np.floating]


def maximum_sensitivity(
    explain: Callable[[Floats], Mapping[str, Maps]],
    references: Mapping[str, Maps],
    images: Floats,
    perturbations: int,
    radius: float,
    seed: int,
) -> dict[str, list[float | None]]:
    """`max_k |E(x + e_k) - E(x)| / |E(x)|`, `e_k` uniform in [-radius, radius] (Yeh 2019, arXiv:1901.09392).

    explain     by name: maps (N, H, W) of images (N, H, W, C); the norm is Euclidean
    references  those of `images`
    returns     by name, one number an image, from 0 on, lower is steadier; `None` where a map is zero everywhere
    """
    if perturbations < 1 or radius <= 0:
        found = f"{perturbations} perturbations, radius {radius}"
        raise GlassboxError("sensitivity", found, "at least 1 perturbation and a radius above 0")
    rng = np.random.default_rng(seed)
    worst = {name: np.zeros(len(images)) for name in references}
    for _ in range(perturbations):
        moved = images + rng.uniform(-radius, radius, images.shape).astype(np.float32)
        for name, maps in explain(moved).items():
            worst[name] = np.maximum(worst[name], _size(maps.astype(np.float64) - references[name]))
    sizes = {name: _size(maps.astype(np.float64)) for name, maps in references.items()}
    return {
        name: [float(far / whole) if whole > 0 else None for far, whole in zip(worst[name], sizes[name], strict=True)]
        for name in references
    }


def _size(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt((maps**2).sum(axis=(1, 2))))
