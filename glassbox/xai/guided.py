"""Guided backpropagation: the gradient of a network whose ReLUs let only positive gradients of active units back."""

from collections.abc import Callable
from functools import lru_cache

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, check_model, gradients
from glassbox.xai.operator import Operator


def guided_backpropagation(model: keras.Model, images: ArrayLike, operator: Operator) -> Floats:
    """`d operator / d x` with every ReLU's backward pass `g * (g > 0) * (y > 0)` (Springenberg 2015, arXiv:1412.6806).

    images   (N, H, W, C) floating point
    returns  (N, H, W, C) float32, signed

    ReLUs are the `ReLU` layers without ceiling, slope or threshold, and the `relu` activation of any layer. A network
    without one has no guided gradient, and is refused.
    """
    check_guided(model)
    guided = _guided(model)
    guided.set_weights(model.get_weights())  # those of today: the graph is kept, the weights may have changed
    return gradients(guided, images, operator)[1]


@tf.custom_gradient  # type: ignore[untyped-decorator]
def guided_relu(x: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """`max(x, 0)`, which passes a gradient back where both it and the gradient are positive."""
    y = tf.nn.relu(x)
    return y, lambda slope: tf.where((y > 0) & (slope > 0), slope, tf.zeros_like(slope))


def check_guided(model: keras.Model) -> None:
    """Refuse a network without a ReLU, and one with a ReLU that can't be guided."""
    check_model(model)
    _guided(model)


@lru_cache(maxsize=4)
def _guided(model: keras.Model) -> keras.Model:
    """The same graph with its ReLUs replaced, also those of networks within it."""
    replaced = []

    def copied(layer: keras.layers.Layer) -> keras.layers.Layer:
        plain = isinstance(layer, keras.layers.ReLU) and not (
            layer.max_value is not None or layer.negative_slope or layer.threshold
        )
        if plain:
            replaced.append(layer.name)
            return keras.layers.Activation(guided_relu, name=layer.name)
        config = layer.get_config()
        if getattr(layer, "activation", None) is keras.activations.relu:
            replaced.append(layer.name)
            config["activation"] = guided_relu
        return type(layer).from_config(config)

    made = keras.models.clone_model(model, clone_function=copied, recursive=True)
    if any(type(operation).__name__ in ("Relu", "Relu6") for operation in made.operations):
        raise GlassboxError(f"network {model.name}", "a ReLU that is no layer", "ReLU layers or relu activations")
    if not replaced:
        raise GlassboxError(f"network {model.name}", "no ReLU", "at least one, for guided backpropagation")
    return made
