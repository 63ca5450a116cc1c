"""Pictures made worse on purpose, to see how much a network can bear.

A corruption changes colours and moves nothing, so the truth stays; each is one of the augmentation's own steps, at a
strength that is named in its own unit.
"""

from collections.abc import Callable

import numpy as np

from glassbox.data.augment import Image, Recipe, photometrics
from glassbox.errors import GlassboxError

Step = Callable[[float], dict[str, float]]

# What a strength sets in a recipe. `blur`: sigma in pixels; `noise`: sigma as a share of the grey scale; `jpeg`: the
# quality, 100 the best; `brightness`: added share of the grey scale; `colour`: gain of red, and loss of blue; `hair`:
# how many hairs are drawn.
KINDS: dict[str, Step] = {
    "blur": lambda sigma_px: {"blur_sigma_px": sigma_px},
    "noise": lambda sigma: {"noise_sigma": sigma},
    "jpeg": lambda quality: {"jpeg_quality": round(quality)},
    "brightness": lambda amount: {"brightness": amount},
    "colour": lambda gain: {"gain_r": 1 + gain, "gain_b": 1 - gain},
    "hair": lambda count: {"hair_count": round(count)},
}


def corrupted(images: Image, kind: str, strength: float, seed: int) -> Image:
    """Every picture of `images` `(N, H, W, 3) uint8` RGB at one strength of one of `KINDS`; the input stays as it was.

    Noise and hairs differ from picture to picture and follow from `seed` and the picture's position alone. Raises
    GlassboxError for another kind.
    """
    if kind not in KINDS:
        raise GlassboxError(f"corruption '{kind}'", "no such kind", f"one of {', '.join(KINDS)}")
    settings = KINDS[kind](strength)
    seeds = np.random.default_rng([seed, *kind.encode()]).integers(1, 2**31, len(images))
    height, width = images.shape[1:3]
    made = [
        photometrics(Recipe(i, height, width, noise_seed=int(draw), hair_seed=int(draw), **settings), image)  # type: ignore[arg-type]
        for i, (image, draw) in enumerate(zip(images, seeds, strict=True))
    ]
    return np.stack(made)
