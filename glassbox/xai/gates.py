"""The attention gates of an Attention U-Net: how much of each skip they let pass, and where."""

from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, check_model, chunks

SUFFIX = "_coefficients"


def attention_gates(model: keras.Model, images: ArrayLike) -> dict[str, Floats]:
    """Each gate's coefficients, coarse to fine, `(N, H, W) float32 in [0, 1]`, upsampled bilinearly to the images.

    They belong to the network and the picture, not to a score: no operator is asked. Gates are the layers whose name
    ends in `_coefficients` (as in `glassbox.nets.attention_unet`); a network without one is refused.
    """
    check_model(model)
    pixels = np.asarray(images, np.float32)
    names = gates(model)
    network = _coefficients(model, tuple(names))
    maps = np.empty((len(names), *pixels.shape[:3]), np.float32)
    for part in chunks(len(pixels)):
        found = network(pixels[part], training=False)
        for place, values in enumerate(found if isinstance(found, list) else [found]):
            maps[place, part] = tf.image.resize(values, pixels.shape[1:3], method="bilinear")[..., 0]
    return {name.removesuffix(SUFFIX): values for name, values in zip(names, maps, strict=True)}


def gates(model: keras.Model) -> list[str]:
    """The names of the gates' layers, in the network's order: coarse to fine."""
    names = [layer.name for layer in model.layers if layer.name.endswith(SUFFIX)]
    if not names:
        raise GlassboxError(f"network {model.name}", "no attention gates", "another method for this network")
    return names


@lru_cache(maxsize=4)
def _coefficients(model: keras.Model, names: tuple[str, ...]) -> keras.Model:
    return keras.Model(model.inputs[0], [model.get_layer(name).output for name in names])
