"""Networks whose explanations are known without this package."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

Linear = Callable[[np.ndarray], keras.Model]


@pytest.fixture
def linear() -> Linear:
    """A classifier with the one logit `sum w x`, of weights (H, W, C)."""

    def build(weights: np.ndarray) -> keras.Model:
        image = keras.Input(weights.shape)
        model = keras.Model(image, layers.Dense(1)(layers.Flatten()(image)))
        model.set_weights([weights.reshape(-1, 1), np.zeros(1)])
        return model

    return build


@pytest.fixture(scope="session")
def foreign() -> keras.Model:
    """A small segmenter that GlassBox did not build, with ReLUs as layers and as activations."""
    keras.utils.set_random_seed(5)
    image = keras.Input((16, 20, 3))
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="first_conv")(image)
    x = layers.BatchNormalization(name="first_norm")(layers.Conv2D(6, 3, padding="same", name="first_conv2")(x))
    x = layers.ReLU(name="first_relu")(x)
    x = layers.UpSampling2D()(layers.MaxPooling2D()(x))
    return keras.Model(image, layers.Conv2D(1, 1, name="logits")(x))
