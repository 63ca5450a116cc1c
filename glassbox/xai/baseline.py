"""Pictures that stand for "nothing there": where a path to the picture begins, and what hidden pixels show."""

import cv2
import numpy as np
from numpy.typing import ArrayLike

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import Floats

KINDS = ("zero", "mean", "blurred")


def baseline(kind: str, images: ArrayLike, blur: float) -> Floats:
    """The baseline of each image, `(N, H, W, C) float32`.

    `zero`     black
    `mean`     each image's own mean colour
    `blurred`  the image blurred by a Gaussian of sigma `blur` times its longer side: colours stay, edges go
    """
    pixels = np.asarray(images, np.float32)
    if kind == "zero":
        return np.zeros_like(pixels)
    if kind == "mean":
        return np.broadcast_to(pixels.mean(axis=(1, 2), keepdims=True), pixels.shape).copy()
    if kind == "blurred" and blur > 0:
        sigma = blur * max(pixels.shape[1:3])
        blurred = [cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REFLECT) for image in pixels]
        return np.stack(blurred).reshape(pixels.shape)
    raise GlassboxError("baseline", f"{kind}, blur {blur}", f"one of {', '.join(KINDS)}, and a blur above 0")
