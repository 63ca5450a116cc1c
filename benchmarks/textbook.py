"""The Attention U-Net of the textbooks, to compare ours with: Oktay 2018 (arXiv:1804.03999) on Ronneberger 2015.

Five levels of two 3x3 convolutions with batch normalisation, max-pooling, transposed convolutions up, additive gates on
the skips, He's initial weights, and the whole picture at its full size.
"""

import keras
from keras import layers


def build(width: int = 16, levels: int = 5) -> keras.Model:
    """`(N, H, W, 3) float32 in [0, 1]` to logits `(N, H, W, 1)`; 2.0 million weights at the default width."""
    image = keras.Input((None, None, 3), name="image")
    x, skips = image, []
    for level in range(levels - 1):
        x = _block(x, width * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = _block(x, width * 2 ** (levels - 1))
    for level in reversed(range(levels - 1)):
        x = layers.Conv2DTranspose(width * 2**level, 2, strides=2)(x)
        x = layers.Concatenate()([x, _gate(skips[level], x, width * 2**level // 2)])
        x = _block(x, width * 2**level)
    return keras.Model(image, layers.Conv2D(1, 1)(x), name="textbook")


def _block(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    for _ in range(2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    return x


def _gate(skip: keras.KerasTensor, signal: keras.KerasTensor, width: int) -> keras.KerasTensor:
    """`skip * sigmoid(psi(relu(theta(skip) + phi(signal))))`, both already at the skip's size."""
    x = layers.Add()([layers.Conv2D(width, 1)(skip), layers.Conv2D(width, 1)(signal)])
    return layers.Multiply()([skip, layers.Conv2D(1, 1, activation="sigmoid")(layers.ReLU()(x))])
