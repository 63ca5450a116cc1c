"""Residual network: tells pictures apart, built from standard Keras layers only.

He 2016 (arXiv:1512.03385) for the residual blocks; He 2019 (arXiv:1812.01187) for the shortcut, which takes a mean
before its 1x1 convolution so that no pixel is dropped. `resnet18` of He 2016 is `widths: [64, 128, 256, 512]`,
`blocks: [2, 2, 2, 2]`, `stem: 7`, `stem_stride: 2`, `pool: true`; pictures of 28 pixels take `stem: 3`,
`stem_stride: 1`, `pool: false`, as is the custom on them.

Only standard layers, so that a stored model opens with plain Keras, without GlassBox. Every layer has a name, and each
ReLU is a layer of its own, so that guided backpropagation can replace it and Grad-CAM can address it.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

import keras
from keras import layers
from pydantic import Field, model_validator

from glassbox.errors import GlassboxError
from glassbox.params import Block


class Architecture(Block):
    """The `architecture` block of a model that uses this network.

    `channels` of the pictures; `outputs`: logits. `stem`: side of the first convolution's kernel, `stem_stride` its
    stride, `pool` whether a 3x3 maximum of stride 2 follows. `widths`: channels of each stage, `blocks`: residual
    blocks of each; every stage but the first halves height and width. `standardise`: whether each picture is brought to
    mean 0 and variance 1 first, so that brightness and contrast of a scanner say nothing; else [0, 1] becomes [-2, 2].
    `depth_drop`: rate at which the last block's residual is left out for a picture in training; that of block `n` of
    `N` is `n / N` of it (stochastic depth, Huang 2016, arXiv:1603.09382). `dropout`: rate before the logits.
    """

    channels: Literal[1, 3]
    outputs: Annotated[int, Field(ge=1)]
    stem: Literal[3, 5, 7]
    stem_stride: Literal[1, 2]
    pool: bool
    widths: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    blocks: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    standardise: bool
    depth_drop: Annotated[float, Field(ge=0, lt=1)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    batch_norm_momentum: Annotated[float, Field(gt=0, lt=1)]

    @model_validator(mode="after")
    def _one_count_a_stage(self) -> Self:
        if len(self.widths) != len(self.blocks):
            raise ValueError(f"{len(self.widths)} widths and {len(self.blocks)} blocks|one of each a stage")
        return self


def stride(architecture: Architecture) -> int:
    """How many pixels of the picture one place of the last stage stands for, along a side."""
    return int(architecture.stem_stride * (2 if architecture.pool else 1) * 2 ** (len(architecture.widths) - 1))


def check(architecture: Architecture, pictures: Sequence[int], targets: Sequence[int], where: str) -> None:
    """Raises `GlassboxError`, told of `where`, for data that the network does not fit.

    `pictures`: shape `(N, H, W, C)`; `targets`: shape `(N, K)`.
    """
    _, height, width, channels = pictures
    if channels != architecture.channels:
        raise GlassboxError(f"{where}.channels", str(architecture.channels), f"{channels}, the pictures' channels")
    if targets[1] != architecture.outputs:
        raise GlassboxError(f"{where}.outputs", str(architecture.outputs), f"{targets[1]}, as the labels need")
    if min(height, width) < stride(architecture):
        found = f"a stride of {stride(architecture)} pixels"
        raise GlassboxError(where, found, f"at most the pictures' height {height} and width {width}")


def build(architecture: Architecture) -> keras.Model:
    """The untrained network: `(N, H, W, channels) float32 in [0, 1]` to logits `(N, outputs)`.

    Height and width are free. Sigmoid or softmax is left to the caller, so that losses and explanations work on raw
    logits. The last stage's mean over all places is what the logits are computed from.
    """
    image = keras.Input((None, None, architecture.channels), name="image")
    x = _scaled(image, architecture)
    momentum = architecture.batch_norm_momentum
    x = _normed(_conv(x, architecture.widths[0], architecture.stem, architecture.stem_stride, "stem"), momentum, "stem")
    x = layers.ReLU(name="stem_relu")(x)
    if architecture.pool:
        x = layers.MaxPooling2D(3, 2, padding="same", name="stem_pool")(x)
    total, done = sum(architecture.blocks), 0
    for stage, (width, count) in enumerate(zip(architecture.widths, architecture.blocks, strict=True), start=1):
        for block in range(1, count + 1):
            done += 1
            step = 2 if stage > 1 and block == 1 else 1
            dropped = architecture.depth_drop * done / total
            x = _block(x, width, step, dropped, momentum, f"stage{stage}_block{block}")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(architecture.dropout, name="dropout")(x)
    return keras.Model(image, layers.Dense(architecture.outputs, name="logits")(x), name="resnet")


def _scaled(image: keras.KerasTensor, architecture: Architecture) -> keras.KerasTensor:
    if not architecture.standardise:
        return layers.Rescaling(4.0, offset=-2.0, name="normalise")(image)
    return layers.GroupNormalization(1, epsilon=1e-4, center=False, scale=False, name="standardise")(image)


def _block(
    x: keras.KerasTensor, width: int, step: int, dropped: float, momentum: float, name: str
) -> keras.KerasTensor:
    shortcut = x
    if step > 1:
        shortcut = layers.AveragePooling2D(step, padding="same", name=f"{name}_shrink")(shortcut)
    if x.shape[-1] != width:
        shortcut = _normed(_conv(shortcut, width, 1, 1, f"{name}_shortcut"), momentum, f"{name}_shortcut")
    y = _normed(_conv(x, width, 3, step, f"{name}a"), momentum, f"{name}a")
    y = layers.ReLU(name=f"{name}a_relu")(y)
    y = _normed(_conv(y, width, 3, 1, f"{name}b"), momentum, f"{name}b")
    if dropped:  # one number a picture: noise of shape (N, 1, 1, 1)
        y = layers.Dropout(dropped, noise_shape=(None, 1, 1, 1), name=f"{name}_drop")(y)
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([shortcut, y]))


def _conv(x: keras.KerasTensor, width: int, side: int, step: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(
        width, side, step, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv"
    )(x)


def _normed(x: keras.KerasTensor, momentum: float, name: str) -> keras.KerasTensor:
    return layers.BatchNormalization(momentum=momentum, name=f"{name}_norm")(x)
