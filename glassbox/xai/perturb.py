"""What happens to the score when parts of the picture are hidden: occlusion, RISE and LIME. Forward passes alone.

A hidden pixel takes the value of a `fill` picture, which stands for "nothing there": `x m + fill (1 - m)` with a mask
`m` of 1 where the picture stays.
"""

from collections.abc import Iterator

import cv2
import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import Ridge

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import CHUNK, Floats, check_inputs, scores
from glassbox.xai.operator import Operator

Masks = NDArray[np.float32]


def occlusion(
    model: keras.Model, images: ArrayLike, operator: Operator, fill: ArrayLike, window: int, stride: int
) -> Floats:
    """Mean fall of the score over the windows that hide a pixel: `f(x) - f(x hidden)` (Zeiler 2014, arXiv:1311.2901).

    images   (N, H, W, C) floating point
    fill     the same shape, or one number
    window   side of the hidden square in pixels, `stride` the pixels from one to the next, at most `window`; the last
             row and column of windows end at the picture's edge, so that each pixel is hidden at least once
    returns  (N, H, W) float32, signed: positive where hiding lowers the score

    Costs one forward pass a window and one of the whole picture.
    """
    pixels, fills = _filled(model, images, operator, fill)
    height, width = pixels.shape[1:3]
    if not 1 <= stride <= window <= min(height, width):
        found = f"window {window}, stride {stride}"
        raise GlassboxError("occlusion", found, f"1 <= stride <= window <= {min(height, width)} pixels")
    places = [(top, left) for top in _starts(height, window, stride) for left in _starts(width, window, stride)]
    maps = np.empty(pixels.shape[:3], np.float32)
    for i, one in enumerate(operator.each(len(pixels))):
        whole = float(scores(model, pixels[i : i + 1], one)[0])
        fall, count = np.zeros((height, width)), np.zeros((height, width))

        def hidden() -> Iterator[Masks]:
            for top, left in places:
                mask = np.ones((height, width), np.float32)
                mask[top : top + window, left : left + window] = 0
                yield mask

        for (top, left), score in zip(places, _scores(model, pixels[i], fills[i], one, hidden()), strict=True):
            fall[top : top + window, left : left + window] += whole - score
            count[top : top + window, left : left + window] += 1
        maps[i] = fall / count
    return maps


def rise(
    model: keras.Model,
    images: ArrayLike,
    operator: Operator,
    fill: ArrayLike,
    samples: int,
    cells: int,
    kept: float,
    seed: int,
) -> Floats:
    """Mean score of the masked pictures in which a pixel stays: `sum_k f(x_k) m_k / sum_k m_k` (Petsiuk 2018).

    images   (N, H, W, C) floating point
    samples  random masks, the same for each image; `cells` a side of the coarse grid they are drawn on, `kept` the
             probability that a cell stays; seed of `rise_masks`
    returns  (N, H, W) float32, in units of the score: higher where the pixel's presence goes with a high score
    Source: arXiv:1806.07421. Costs one forward pass a sample, in the memory of one chunk.
    """
    pixels, fills = _filled(model, images, operator, fill)
    if samples < 1 or cells < 2 or not 0 < kept < 1:
        found = f"{samples} samples, {cells} cells, kept {kept}"
        raise GlassboxError("RISE", found, "at least 1 sample and 2 cells a side, and a probability inside (0, 1)")
    height, width = pixels.shape[1:3]
    maps = np.empty(pixels.shape[:3], np.float32)
    for i, one in enumerate(operator.each(len(pixels))):
        total, weight = np.zeros((height, width)), np.zeros((height, width))
        seen: list[Masks] = []

        def drawn(seen: list[Masks] = seen) -> Iterator[Masks]:
            for mask in rise_masks(samples, cells, kept, height, width, seed):
                seen.append(mask)
                yield mask

        for score in _scores(model, pixels[i], fills[i], one, drawn()):
            mask = seen.pop(0)
            total += score * mask
            weight += mask
        maps[i] = total / np.maximum(weight, np.finfo(np.float32).tiny)
    return maps


def rise_masks(samples: int, cells: int, kept: float, height: int, width: int, seed: int) -> Iterator[Masks]:
    """Smooth random masks in [0, 1]: `cells` x `cells` kept or hidden cells, enlarged and shifted at random."""
    rng = np.random.default_rng(seed)
    tall, wide = -(-height // cells), -(-width // cells)
    for _ in range(samples):
        grid = (rng.random((cells + 1, cells + 1)) < kept).astype(np.float32)
        whole = cv2.resize(grid, ((cells + 1) * wide, (cells + 1) * tall), interpolation=cv2.INTER_LINEAR)
        top, left = rng.integers(0, tall), rng.integers(0, wide)
        yield np.asarray(whole[top : top + height, left : left + width])


def lime(
    model: keras.Model,
    images: ArrayLike,
    operator: Operator,
    fill: ArrayLike,
    labels: NDArray[np.integer],
    samples: int,
    kernel: float,
    seed: int,
) -> Floats:
    """Weights of a ridge regression of the score on which superpixels stay (LIME, Ribeiro 2016, arXiv:1602.04938).

    images   (N, H, W, C) floating point; labels (N, H, W) superpixels from 0 on
    samples  random subsets of superpixels, each one kept with probability one half, and the whole picture
    kernel   width of the weight `exp(-d^2 / kernel^2)` of a sample, `d` the cosine distance from the whole picture
    returns  (N, H, W) float32, signed: its superpixel's weight at each pixel, in units of the score
    """
    pixels, fills = _filled(model, images, operator, fill)
    if labels.shape != pixels.shape[:3]:
        raise GlassboxError("labels", f"shape {labels.shape}", f"the images' {pixels.shape[:3]}")
    if samples < 2 or kernel <= 0:
        raise GlassboxError("LIME", f"{samples} samples, kernel {kernel}", "at least 2 samples and a kernel above 0")
    maps = np.empty(pixels.shape[:3], np.float32)
    for i, one in enumerate(operator.each(len(pixels))):
        count = int(labels[i].max()) + 1
        kept = np.random.default_rng([seed, i]).random((samples, count)) < 0.5
        kept[0] = True
        masks = (row[labels[i]].astype(np.float32) for row in kept)
        found = np.fromiter(_scores(model, pixels[i], fills[i], one, masks), np.float64, samples)
        distance = 1 - np.sqrt(kept.mean(axis=1))  # the cosine of a subset with the whole is sqrt(its share)
        regression = Ridge(alpha=1.0).fit(kept, found, sample_weight=np.exp(-((distance / kernel) ** 2)))
        maps[i] = regression.coef_[labels[i]]
    return maps


def _filled(model: keras.Model, images: ArrayLike, operator: Operator, fill: ArrayLike) -> tuple[Floats, Floats]:
    pixels, _ = check_inputs(model, images, operator)
    value = np.asarray(fill, np.float32)
    if value.ndim and value.shape != pixels.shape:
        raise GlassboxError("fill", f"shape {value.shape}", f"a number, or the images' shape {pixels.shape}")
    return pixels, np.broadcast_to(value, pixels.shape)


def _scores(
    model: keras.Model, image: Floats, fill: Floats, operator: Operator, masks: Iterator[Masks]
) -> Iterator[float]:
    """The score of the picture under each mask, in their order."""
    waiting: list[Masks] = []
    for mask in masks:
        waiting.append(mask)
        if len(waiting) == CHUNK:
            yield from _hide(model, image, fill, operator, waiting)
            waiting = []
    if waiting:
        yield from _hide(model, image, fill, operator, waiting)


def _hide(model: keras.Model, image: Floats, fill: Floats, operator: Operator, masks: list[Masks]) -> list[float]:
    kept = np.stack(masks)[..., None]
    return [float(score) for score in scores(model, kept * image + (1 - kept) * fill, operator)]


def _starts(length: int, window: int, stride: int) -> list[int]:
    starts = list(range(0, length - window + 1, stride))
    return starts if starts[-1] == length - window else [*starts, length - window]
