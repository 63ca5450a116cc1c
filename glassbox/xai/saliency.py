"""Saliency: how much the score moves when a pixel does."""

import keras
import numpy as np
from numpy.typing import ArrayLike

from glassbox.xai.gradient import Floats, gradients
from glassbox.xai.operator import Operator


def saliency(model: keras.Model, images: ArrayLike, operator: Operator) -> Floats:
    """`max_c |d operator / d pixel_c|` (Simonyan 2013, arXiv:1312.6034).

    images  (N, H, W, C) floating point
    returns (N, H, W) float32, from 0 on, in score per unit of pixel value; all zero where nothing moves the score
    """
    _, gradient = gradients(model, images, operator)
    return np.asarray(np.abs(gradient).max(axis=-1))
