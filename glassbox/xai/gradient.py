"""The gradient that the methods of this room share: compiled once, fed in chunks of a few samples.

One `tf.function` of fixed signature for a network, a score and an image size serves every batch and region without a
new trace, and any number of samples in the memory of one chunk.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.operator import Operator, Rows, Score, Shape

Floats = NDArray[np.float32]
Compiled = Callable[..., Any]

CHUNK = 8
"""Samples a pass. It bounds memory; larger chunks gain little on a CPU and change results by rounding only."""


def gradients(model: keras.Model, images: ArrayLike, operator: Operator) -> tuple[Floats, Floats]:
    """Scores (N,) and their gradients (N, H, W, C) by each input value: `d operator(model(x)) / d x`.

    model     functional or built Sequential network with one image input and raw logits as its one output
    images    (N, H, W, C) floating point, in the range the network was trained on

    The last few networks stay in memory with their compiled gradients. Later changes of the weights are honoured.
    """
    pixels, rows = check_inputs(model, images, operator)
    run = _compile(model, operator.score, pixels.shape[1:], rows.dtype.name, rows.ndim)
    scores = np.empty(len(pixels), np.float32)
    result = np.empty_like(pixels)
    for part in chunks(len(pixels)):
        score, gradient = run(pixels[part], rows[part])
        scores[part], result[part] = score.numpy(), gradient.numpy()
    return scores, result


def scores(model: keras.Model, images: ArrayLike, operator: Operator) -> Floats:
    """Scores (N,) alone, by forward passes: `operator(model(x))`. Arguments as in `gradients`."""
    pixels, rows = check_inputs(model, images, operator)
    run = _compile_forward(model, operator.score, pixels.shape[1:], rows.dtype.name, rows.ndim)
    return np.concatenate([run(pixels[part], rows[part]).numpy() for part in chunks(len(pixels))])


def forward_all(model: keras.Model, images: ArrayLike) -> Floats:
    """Logits of all images, in chunks; refuses images of a size that the network can't take."""
    pixels = np.asarray(images, np.float32)
    _logits_shape(model, pixels.shape[1:])
    return np.concatenate([model.predict_on_batch(pixels[part]) for part in chunks(len(pixels))])


def check_inputs(model: keras.Model, images: ArrayLike, operator: Operator) -> tuple[Floats, Rows]:
    """The images as float32 and the operator's rows for them; refuses what does not fit together."""
    check_model(model)
    pixels = np.asarray(images)
    takes = model.inputs[0].shape
    fits = len(pixels.shape) == len(takes) == 4 and all(
        want in (None, have) for want, have in zip(takes[1:], pixels.shape[1:], strict=True)
    )
    if not fits or not np.issubdtype(pixels.dtype, np.floating):
        found = f"{pixels.shape} {pixels.dtype}"
        raise GlassboxError("images", found, f"(N, H, W, C) floating point that fit the network's input {takes}")
    operator.check(operator.data, _logits_shape(model, pixels.shape[1:]))
    return pixels.astype(np.float32, copy=False), operator.rows(len(pixels))


def check_model(model: keras.Model) -> None:
    """Refuse a network without a graph from one input to one output, or one that ends in probabilities."""
    try:
        ends = len(model.inputs), len(model.outputs)
    except (AttributeError, TypeError, ValueError):
        ends = 0, 0
    if ends == (1, 1) and len(model.inputs[0].shape) != 4:
        raise GlassboxError("network", f"an input of shape {model.inputs[0].shape}", "one picture, (N, H, W, C)")
    if ends != (1, 1):
        found = "a subclassed or unbuilt network" if ends == (0, 0) else f"{ends[0]} inputs and {ends[1]} outputs"
        raise GlassboxError("network", found, "a functional or built Sequential network, one input, one output")
    last = model.outputs[0]._keras_history.operation
    saturating = (keras.activations.sigmoid, keras.activations.softmax)
    if isinstance(last, keras.layers.Softmax) or getattr(last, "activation", None) in saturating:
        # The gradient of a saturated probability is zero exactly where the network is sure.
        found = f"probabilities, from its last layer {last.name}"
        raise GlassboxError("network", found, "raw logits, see glassbox.xai.logits.to_logits")


def forward(network: keras.Model, images: tf.Tensor) -> tf.Tensor | list[tf.Tensor]:
    """The network's outputs while a function is traced; a size that only fails inside is told like any other."""
    try:
        return network(images, training=False)
    except ValueError as error:
        raise _size_error(tuple(images.shape[1:])) from error


def chunks(count: int) -> list[slice]:
    """Slices of at most `CHUNK` that cover `range(count)`."""
    return [slice(start, start + CHUNK) for start in range(0, count, CHUNK)]


def compile_fixed(run: Compiled, image: tuple[int, ...], dtype: str, rank: int) -> Compiled:
    """`run(images, rows)` compiled for images of one size and rows of one kind, in batches of any size.

    The size is part of the signature because Keras 3.15 can't trace a bilinear `UpSampling2D` of unknown size.
    """
    signature = [tf.TensorSpec((None, *image), tf.float32), tf.TensorSpec([None] * rank, dtype)]
    compiled: Compiled = tf.function(run, input_signature=signature, autograph=False)
    return compiled


@lru_cache(maxsize=8)
def _compile(model: keras.Model, score: Score, image: tuple[int, ...], dtype: str, rank: int) -> Compiled:
    network = keras.Model(model.inputs[0], model.outputs[0])

    def run(images: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)
            scores = score(forward(network, images), rows)
        return scores, tape.gradient(scores, images, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return compile_fixed(run, image, dtype, rank)


@lru_cache(maxsize=8)
def _compile_forward(model: keras.Model, score: Score, image: tuple[int, ...], dtype: str, rank: int) -> Compiled:
    network = keras.Model(model.inputs[0], model.outputs[0])

    def run(images: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
        return score(forward(network, images), rows)

    return compile_fixed(run, image, dtype, rank)


@lru_cache(maxsize=16)
def _logits_shape(model: keras.Model, image: tuple[int, ...]) -> Shape:
    network = keras.Model(model.inputs[0], model.outputs[0])
    try:
        return tuple(network.compute_output_shape((None, *image)))
    except ValueError as error:
        raise _size_error(image) from error


def _size_error(image: tuple[int, ...]) -> GlassboxError:
    return GlassboxError("images", f"(H, W, C) = {image}, which the network can't take", "sides its strides divide")
