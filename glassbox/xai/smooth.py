"""Gradients under noise: their mean (SmoothGrad) and their variance (VarGrad), in the memory of one chunk."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats, check_inputs, chunks, gradients
from glassbox.xai.operator import Operator


@dataclass(frozen=True, eq=False)
class Noisy:
    """mean      (N, H, W, C) float32, signed: the mean gradient, in score per unit of pixel value
    variance  (N, H, W, C) float32, from 0 on: the variance of the gradients over the samples, divided by their number
    """

    mean: Floats
    variance: Floats


def noisy_gradients(
    model: keras.Model, images: ArrayLike, operator: Operator, samples: int, noise: float, seed: int
) -> Noisy:
    """Mean and variance of `d operator / d x` at `x + e`, `e ~ N(0, (noise * (max x - min x))^2)` of each image.

    images   (N, H, W, C) floating point
    samples  noisy copies of each image, from 1 on; costs as many gradients
    noise    standard deviation as a share of the image's range of values, from 0 on
    seed     of `draws`, which gives the noise: image i has the stream `[seed, i]`

    The mean is SmoothGrad (Smilkov 2017, arXiv:1706.03825), the variance VarGrad (Adebayo 2018, arXiv:1810.03307).
    Both run along in float64, so that memory does not grow with `samples`.
    """
    pixels, _ = check_inputs(model, images, operator)
    if samples < 1 or noise < 0:
        raise GlassboxError("noise", f"{samples} samples, noise {noise}", "at least 1 sample and a noise from 0 on")
    mean, variance = np.empty_like(pixels), np.empty_like(pixels)
    for i, one in enumerate(operator.each(len(pixels))):
        sigma = noise * float(np.ptp(pixels[i]))
        rng = np.random.default_rng([seed, i])
        first = np.zeros(pixels[i].shape)
        second = np.zeros(pixels[i].shape)
        done = 0
        for part in chunks(samples):
            size = min(part.stop, samples) - part.start
            copies = pixels[i] + draws(rng, size, pixels[i].shape, sigma)
            gradient = gradients(model, copies, one)[1].astype(np.float64)
            # Chan 1979: two groups' means and squares joined, without the cancellation of sum(x^2) - sum(x)^2.
            centre = gradient.mean(axis=0)
            step, total = centre - first, done + size
            second += ((gradient - centre) ** 2).sum(axis=0) + step**2 * done * size / total
            first += step * size / total
            done = total
        mean[i], variance[i] = first, second / samples
    return Noisy(mean, variance)


def draws(rng: np.random.Generator, count: int, shape: tuple[int, ...], sigma: float) -> NDArray[np.float32]:
    """The noise of the next `count` samples: `(count, *shape)` float32, the same whatever the chunks are."""
    noise = [rng.standard_normal(shape, np.float32) for _ in range(count)]
    return np.stack(noise) * np.float32(sigma)
