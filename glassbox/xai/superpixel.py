"""Superpixels: patches of similar colour, and what a network says of each."""

import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import slic

from glassbox.errors import GlassboxError


def superpixels(image: NDArray[np.uint8], segments: int, compactness: float) -> NDArray[np.int32]:
    """SLIC superpixels: k-means over colour (CIELAB) and place, started on a grid (Achanta 2012,
    doi:10.1109/TPAMI.2012.120).

    image        (H, W, 3) uint8 RGB
    segments     about how many; small fragments are merged, so that fewer, down to one, can come back
    compactness  weight of place against colour, above 0: higher is squarer
    returns      (H, W) int32, labels 0 to n - 1, each one a connected patch; the same picture gives the same labels
    """
    if image.ndim != 3 or image.shape[-1] != 3 or image.dtype != np.uint8:
        raise GlassboxError("image", f"{image.shape} {image.dtype}", "(H, W, 3) uint8 RGB")
    if segments < 1 or compactness <= 0:
        found = f"{segments} segments, compactness {compactness}"
        raise GlassboxError("superpixels", found, "at least 1 segment and a compactness above 0")
    labels = slic(image, n_segments=segments, compactness=compactness, start_label=0, channel_axis=-1)
    return np.asarray(labels, np.int32)


def superpixel_confidence(probability: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.float32]:
    """Each pixel's superpixel's mean probability: (H, W) in [0, 1] and (H, W) labels from 0 on, to (H, W) float32.

    >>> superpixel_confidence(np.array([[0.2, 0.4, 1.0]]), np.array([[0, 0, 1]]))
    array([[0.3, 0.3, 1. ]], dtype=float32)
    """
    if probability.shape != labels.shape or labels.ndim != 2:
        raise GlassboxError("labels", f"shape {labels.shape}", f"(H, W) of the probability, {probability.shape}")
    if not np.issubdtype(labels.dtype, np.integer) or (labels.size and labels.min() < 0):
        raise GlassboxError("labels", f"{labels.dtype}, or a value below 0", "integers from 0 on")
    flat = labels.ravel()
    counts = np.maximum(np.bincount(flat), 1)  # a label no pixel has divides nothing
    means = np.bincount(flat, weights=probability.ravel().astype(np.float64)) / counts
    return np.asarray(means[labels], np.float32)
