"""Attention U-Net: a small encoder-decoder that outlines one class, built from standard Keras layers only.

Ronneberger 2015 (arXiv:1505.04597) for the encoder, the decoder and the skips; Oktay 2018 (arXiv:1804.03999) for the
additive attention gates on the skips; He 2016 (arXiv:1512.03385) for the residual blocks, which train faster from
scratch; Vaswani 2017 (arXiv:1706.03762) for the self-attention in the bottleneck and, where asked for, in the encoder's
coarse levels, where every position of a map sees every other.

Only standard layers, so that a stored model opens with plain Keras, without GlassBox. Every layer has a name, and each
ReLU is a layer of its own, so that guided backpropagation can replace it and Grad-CAM can address it.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

import keras
from keras import layers
from pydantic import Field, model_validator

from glassbox.errors import GlassboxError
from glassbox.params import Block

LETTERS = "abcdefgh"


class Architecture(Block):
    """The `architecture` block of a model that uses this network.

    `widths`: channels of each encoder level, finest first, the bottleneck last; those before it even. `pool`: side of
    the square of pixels whose mean the network sees as one, 1 for the picture as it is. `stem`: stride of the first
    convolution, 1, or 2 to compute at half resolution. `standardise`: whether the network also sees the picture with
    each channel at mean 0 and variance 1, so that a pale lesion stands out as a dark one does. `heads`: heads of the
    bottleneck's self-attention, 0 to leave it out. `attended`: how many of the encoder's levels, counted from the
    coarsest, have such an attention too, with as many heads. `dropout`: rate of the spatial dropout behind the
    bottleneck. `batch_norm_momentum`: of the running statistics. `members`: encoder-decoders side by side, from other
    initial weights, whose logits are averaged: two of half the weights err less together than one (Lakshminarayanan
    2017, arXiv:1612.01474).
    """

    widths: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2)]
    pool: Annotated[int, Field(ge=1)]
    stem: Literal[1, 2]
    standardise: bool
    heads: Annotated[int, Field(ge=0)]
    attended: Annotated[int, Field(ge=0)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    batch_norm_momentum: Annotated[float, Field(gt=0, lt=1)]
    members: Annotated[int, Field(ge=1, le=len(LETTERS))]

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        odd = [width for width in self.widths[:-1] if width % 2]
        if odd:
            raise ValueError(
                f"widths holds {odd[0]}|even widths before the last: half a decoder's channels are the skip's"
            )
        if self.attended >= len(self.widths):
            raise ValueError(f"attended {self.attended}|at most the encoder's levels, {len(self.widths) - 1}")
        if self.attended and not self.heads:
            raise ValueError(f"attended {self.attended} without heads|heads of 1 or more")
        broken = [width for width in self.widths[-1 - self.attended :] if self.heads and width % self.heads]
        if broken:
            raise ValueError(f"heads {self.heads} does not divide {broken[0]} of widths|a divisor of each attended one")
        return self


def stride(architecture: Architecture) -> int:
    """The number that height and width of a picture must be divisible by."""
    return int(architecture.pool * architecture.stem * 2 ** (len(architecture.widths) - 1))


def check(architecture: Architecture, sizes: Iterable[tuple[int, int]], where: str) -> None:
    """Raises `GlassboxError`, told of `where`, for a height and width in pixels that the network can't be given."""
    step = stride(architecture)
    for height, width in sizes:
        if height % step or width % step:
            found = f"pictures of height {height}, width {width}"
            raise GlassboxError(where, found, f"multiples of {step}, the network's stride")


def build(architecture: Architecture) -> keras.Model:
    """The untrained network: `(N, H, W, 3) float32 in [0, 1]` to logits `(N, H, W, 1)`.

    Height and width are free; each must be divisible by `stride(architecture)`. The sigmoid is left to the caller, so
    that losses and explanations work on raw logits.
    """
    image = keras.Input((None, None, 3), name="image")
    seen = image
    if architecture.pool > 1:
        seen = layers.AveragePooling2D(architecture.pool, name="pool")(image)
    x = layers.Rescaling(4.0, offset=-2.0, name="normalise")(seen)  # [0, 1] to [-2, 2]: about unit variance
    if architecture.standardise:
        standard = layers.GroupNormalization(3, epsilon=1e-4, center=False, scale=False, name="standardise")(seen)
        x = layers.Concatenate(name="colours")([x, standard])
    if architecture.members == 1:
        logits = _member(x, architecture, "")
    else:
        logits = layers.Average(name="logits")(
            [_member(x, architecture, letter) for letter in LETTERS[: architecture.members]]
        )
    return keras.Model(image, logits, name="attention_unet")


def _member(x: keras.KerasTensor, architecture: Architecture, letter: str) -> keras.KerasTensor:
    """One encoder-decoder, to logits at the picture's size; `letter` tells its layers from another member's."""
    widths, momentum = list(architecture.widths), architecture.batch_norm_momentum
    x = _convolve(x, widths[0], f"stem{letter}", momentum, stride=architecture.stem)

    skips = []
    for level, width in enumerate(widths[:-1], start=1):
        x = _block(x, width, f"encoder{level}{letter}", momentum)
        if level >= len(widths) - architecture.attended:
            x = _attend(x, architecture.heads, f"encoder{level}{letter}_attention")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"encoder{level}{letter}_pool")(x)

    x = _block(x, widths[-1], f"bottleneck{letter}", momentum)
    if architecture.heads:
        x = _attend(x, architecture.heads, f"bottleneck{letter}_attention")
    x = layers.SpatialDropout2D(architecture.dropout, name=f"bottleneck{letter}_dropout")(x)

    for level in range(len(widths) - 1, 0, -1):
        width, gate, decoder = widths[level - 1], f"gate{level}{letter}", f"decoder{level}{letter}"
        skip = _gate(skips[level - 1], x, gate, momentum)
        # Half the channels each: a block over twice as many costs twice the time and outlines no better.
        skip = layers.Conv2D(width // 2, 1, use_bias=False, name=f"{gate}_reduce")(skip)
        x = layers.Conv2D(width // 2, 1, use_bias=False, name=f"{decoder}_reduce")(x)
        x = layers.UpSampling2D(interpolation="bilinear", name=f"{decoder}_up")(x)
        x = layers.Concatenate(name=f"{decoder}_join")([x, skip])
        x = _block(x, width, decoder, momentum)

    shrunk = architecture.pool * architecture.stem
    if shrunk == 1:
        return layers.Conv2D(1, 1, name=f"logits{letter}")(x)
    x = layers.Conv2D(1, 1, name=f"coarse_logits{letter}")(x)
    return layers.UpSampling2D(shrunk, interpolation="bilinear", name=f"logits{letter}")(x)


def gate_maps(model: keras.Model) -> keras.Model:
    """The same network, giving the attention gates' coefficients instead of logits.

    Returns a model whose outputs, finest gate first, are `(N, h, w, 1) float32 in [0, 1]`: how much of the skip passes
    at each place. `h` and `w` are those of the next coarser level.
    """
    names = sorted(layer.name for layer in model.layers if layer.name.endswith("_coefficients"))
    return keras.Model(model.input, [model.get_layer(name).output for name in names], name="gate_maps")


def _convolve(
    x: keras.KerasTensor, width: int, name: str, momentum: float, stride: int = 1, suffix: str = ""
) -> keras.KerasTensor:
    x = layers.Conv2D(
        width, 3, stride, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv{suffix}"
    )(x)
    x = layers.BatchNormalization(momentum=momentum, name=f"{name}_norm{suffix}")(x)
    return layers.ReLU(name=f"{name}_relu{suffix}")(x)


def _block(x: keras.KerasTensor, width: int, name: str, momentum: float) -> keras.KerasTensor:
    """Two 3x3 convolutions beside a shortcut."""
    shortcut = x
    if x.shape[-1] != width:
        shortcut = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_shortcut")(x)
    x = _convolve(x, width, name, momentum, suffix="1")
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv2")(x)
    x = layers.BatchNormalization(momentum=momentum, name=f"{name}_norm2")(x)
    x = layers.Add(name=f"{name}_add")([x, shortcut])
    return layers.ReLU(name=f"{name}_relu2")(x)


def _attend(x: keras.KerasTensor, heads: int, name: str) -> keras.KerasTensor:
    """Self-attention over all positions of the map, beside a shortcut."""
    width = x.shape[-1]
    y = layers.LayerNormalization(name=f"{name}_norm")(x)
    y = layers.MultiHeadAttention(heads, width // heads, attention_axes=(1, 2), name=name)(y, y)
    return layers.Add(name=f"{name}_add")([x, y])


def _gate(skip: keras.KerasTensor, signal: keras.KerasTensor, name: str, momentum: float) -> keras.KerasTensor:
    """Oktay's additive gate: `skip * up(sigmoid(psi(relu(theta(skip) + phi(signal)))))`, at the coarser size."""
    width = max(skip.shape[-1] // 2, 8)
    theta = layers.Conv2D(width, 2, strides=2, use_bias=False, name=f"{name}_theta")(skip)
    phi = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_phi")(signal)
    x = layers.Add(name=f"{name}_add")([theta, phi])
    x = layers.BatchNormalization(momentum=momentum, name=f"{name}_norm")(x)
    x = layers.ReLU(name=f"{name}_relu")(x)
    x = layers.Conv2D(1, 1, name=f"{name}_psi")(x)
    coefficients = layers.Activation("sigmoid", name=f"{name}_coefficients")(x)
    coefficients = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_up")(coefficients)
    return layers.Multiply(name=f"{name}_pass")([skip, coefficients])
