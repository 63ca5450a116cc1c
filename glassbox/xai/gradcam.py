"""Grad-CAM at any layers at once: where the feature maps speak for the score."""

import difflib
from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Compiled, Floats, check_inputs, check_model, chunks, compile_fixed, forward
from glassbox.xai.operator import Operator, Score

PARTS = ("encoder", "bottleneck", "gate", "decoder")
DEAD_REASON = (
    "all-zero map: the gradient vanishes at this layer, or its feature maps speak only against the score "
    "(the ReLU keeps what speaks for it)"
)


def grad_cam(
    model: keras.Model, images: ArrayLike, operator: Operator, layers: str | Sequence[str], hires: bool = False
) -> dict[str, Floats]:
    """`ReLU(sum_k w_k A_k)`, `w_k = mean over positions of d operator / d A_k` (Selvaraju 2017, arXiv:1610.02391).

    `hires`: HiResCAM instead, `ReLU(sum_k dA_k * A_k)` with the slopes at each position (Draelos 2020,
    arXiv:2011.08891), which shows places whose features raise the score where they are, not on average.

    images   (N, H, W, C) floating point
    layers   names of layers, or a group that `find_layers` knows; `A` is a layer's output (N, h, w, K)
    returns  for each layer, in that order, (N, H, W) float32 from 0 on, upsampled bilinearly to the images' size

    All layers come from one forward and one backward pass. With `region_mean` this is Seg-Grad-CAM (Vinogradova 2020,
    arXiv:2002.11434) but for the constant factor of the region's size. A map can be all zero: see `is_dead`.
    """
    names = find_layers(model, layers)
    pixels, rows = check_inputs(model, images, operator)
    run = _compile(model, tuple(names), operator.score, hires, pixels.shape[1:], rows.dtype.name, rows.ndim)
    maps = np.empty((len(names), *pixels.shape[:3]), np.float32)
    for part in chunks(len(pixels)):
        maps[:, part] = run(pixels[part], rows[part]).numpy()
    return dict(zip(names, maps, strict=True))


def is_dead(relevance: NDArray[np.floating]) -> bool:
    """Whether a map, of any method, is zero everywhere; for Grad-CAM `DEAD_REASON` says what is likely behind it.

    >>> is_dead(np.zeros((2, 2))), is_dead(np.eye(2))
    (True, False)
    """
    return not bool(relevance.any())


def find_layers(model: keras.Model, group: str | Sequence[str]) -> list[str]:
    """Names of the layers that a group or a list of names stands for, in order and without repetition.

    `encoder`, `bottleneck`, `gate`, `decoder`: the rectified feature maps of that part, which are the `ReLU` layers
    whose name begins with the word (as in the networks of `glassbox.nets`); `levels`: the last of them in each block,
    from encoder to decoder, and the output; `last`: the last layer with a spatial output (N, h, w, K) before the
    output, and `all`: every one, of any network. Anything else is the name of a layer. Names and groups can be mixed,
    in a list or with commas between them.

    Refused: an unknown layer (the nearest names are listed), a layer without a spatial output, a group without layers.
    """
    check_model(model)
    found: dict[str, None] = {}
    for item in group.split(",") if isinstance(group, str) else group:
        found.update(dict.fromkeys(_resolve(model, item.strip())))
    if not found:
        raise GlassboxError("layers", "an empty list", "at least one layer or group")
    return list(found)


def _resolve(model: keras.Model, item: str) -> list[str]:
    known = {layer.name: layer for layer in model.layers}
    spatial = [name for name, layer in known.items() if _is_spatial(layer)]
    output = model.outputs[0]._keras_history.operation.name
    parts = {part: _relus(model, part) for part in PARTS}
    levels = {name.rsplit("_", 1)[0]: name for part in PARTS if part != "gate" for name in parts[part]}
    groups = {**parts, "levels": [*levels.values(), output] if levels else [], "all": spatial}
    groups["last"] = [name for name in spatial if name != output][-1:]
    if item in groups:
        if groups[item]:
            return groups[item]
        raise GlassboxError(
            f"layers {item}", f"no ReLU layer of that name in {model.name}", "names of layers, last, or all"
        )
    if item in known:
        if item not in spatial:
            raise GlassboxError(f"layer {item}", "no spatial output", "a layer with output (N, h, w, K)")
        return [item]
    usable = [*spatial, *(name for name, layers in groups.items() if layers)]
    near = difflib.get_close_matches(item, usable, n=3, cutoff=0.0)
    raise GlassboxError(f"layer {item}", f"no such layer in {model.name}", f"a name like {', '.join(near)}")


def _relus(model: keras.Model, part: str) -> list[str]:
    return [each.name for each in model.layers if each.name.startswith(part) and isinstance(each, keras.layers.ReLU)]


def _is_spatial(layer: keras.layers.Layer) -> bool:
    output = layer.output
    picture = isinstance(output, keras.KerasTensor) and len(output.shape) == 4
    return picture and not isinstance(layer, keras.layers.InputLayer)


@lru_cache(maxsize=8)
def _compile(
    model: keras.Model, names: tuple[str, ...], score: Score, hires: bool, image: tuple[int, ...], dtype: str, rank: int
) -> Compiled:
    network = _with_features(model, names)

    def run(images: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)  # so that a frozen network is recorded too
            *activations, logits = forward(network, images)
            scores = score(logits, rows)
        slopes = tape.gradient(scores, activations, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        size = tf.shape(images)[1:3]
        return tf.stack([_combine(a, s, hires, size) for a, s in zip(activations, slopes, strict=True)])

    return compile_fixed(run, image, dtype, rank)


def _with_features(model: keras.Model, names: tuple[str, ...]) -> keras.Model:
    try:
        return keras.Model(model.inputs[0], [*(model.get_layer(name).output for name in names), model.outputs[0]])
    except ValueError:
        raise GlassboxError(f"layers {', '.join(names)}", "one of another graph", "layers of this network") from None


def _combine(activation: tf.Tensor, slope: tf.Tensor, hires: bool, size: tf.Tensor) -> tf.Tensor:
    weights = tf.cast(slope, tf.float32)
    if not hires:
        weights = tf.reduce_mean(weights, axis=(1, 2), keepdims=True)  # (n, 1, 1, K)
    cam = tf.nn.relu(tf.reduce_sum(weights * tf.cast(activation, tf.float32), axis=-1, keepdims=True))  # (n, h, w, 1)
    return tf.image.resize(cam, size, method="bilinear")[..., 0]
