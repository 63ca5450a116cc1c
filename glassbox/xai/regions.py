"""What of a segmentation is explained: sets of pixels, from a prediction, a truth, or coordinates.

Each function gives `(H, W) bool` for one picture. It may be empty (nothing predicted, nothing missed): that is an
answer, for the caller to tell, see `operator.nonempty`.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from glassbox.errors import GlassboxError

Region = NDArray[np.bool_]
NAMED = ("predicted", "truth", "border", "false-positives", "false-negatives")
FORMS = (*NAMED, "component:K", "box:TOP,LEFT,BOTTOM,RIGHT", "pixel:ROW,COLUMN")
BORDER_PX = 2


def region(form: str, prediction: Region, truth: Region | None, missing: bool = False) -> Region:
    """The pixels that `form` names.

    `predicted`, `truth`                   the masks themselves
    `false-positives`, `false-negatives`   what one mask holds and the other does not
    `border`                               pixels within `BORDER_PX` of the predicted outline, on both sides
    `component:K`                          the K-th largest connected part of the prediction, from 1 on
    `box:TOP,LEFT,BOTTOM,RIGHT`            rows TOP to BOTTOM - 1, columns LEFT to RIGHT - 1
    `pixel:ROW,COLUMN`                     one pixel

    Raises `GlassboxError` for another form, for a place outside the picture, for a component that is not there (an
    empty region where it may be `missing`), and for a form that needs a truth where there is none.
    """
    name, _, rest = form.partition(":")
    if form in ("truth", "false-positives", "false-negatives"):
        if truth is None:
            raise GlassboxError(f"region {form}", "no true mask", "a picture that has one, or --region predicted")
        made = {"truth": truth, "false-positives": prediction & ~truth, "false-negatives": truth & ~prediction}
        return np.asarray(made[name])
    if form == "predicted":
        return prediction
    if form == "border":
        return border(prediction)
    numbers = _numbers(form, rest)
    match name, len(numbers):
        case "component", 1:
            return component(prediction, numbers[0], missing)
        case "box", 4:
            top, left, bottom, right = numbers
            return box(prediction.shape, top, left, bottom, right)
        case "pixel", 2:
            row, column = numbers
            return box(prediction.shape, row, column, row + 1, column + 1)
    raise GlassboxError(f"region {form}", "no such region", f"one of {', '.join(FORMS)}")


def at_network(
    form: str, prediction: Region, truth: Region | None, size: tuple[int, int], missing: bool = False
) -> Region:
    """`region` at the network's size, that of `prediction`, for a picture of `size` (height, width).

    A truth, a box and a pixel are given in the picture's own pixels. A pixel of the network's belongs to a region where
    most of it does; to a box or a pixel, where any of it does, so that none vanishes.
    """
    height, width = prediction.shape
    if form.startswith(("box", "pixel")):
        whole = region(form, np.zeros(size, bool), None).astype(np.float32)
        return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA) > 0)
    if truth is not None:
        truth = cv2.resize(truth.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) >= 0.5
    return region(form, prediction, truth, missing)


def border(mask: Region) -> Region:
    """Pixels within `BORDER_PX` of the mask's outline, inside and outside; the picture's edge is no outline."""
    outside = ~ndimage.binary_dilation(mask, iterations=BORDER_PX)
    inside = ndimage.binary_erosion(mask, iterations=BORDER_PX, border_value=1)
    return np.asarray(~outside & ~inside)


def component(mask: Region, rank: int, missing: bool = False) -> Region:
    """The `rank`-th largest of the mask's parts, from 1 on; parts touch along sides or corners."""
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if missing and rank >= 1 and rank > count:
        return np.zeros_like(mask)
    if not 1 <= rank <= count:
        raise GlassboxError(f"region component:{rank}", f"{count} parts in the prediction", f"1 to {max(count, 1)}")
    sizes = np.bincount(labels.ravel())[1:]
    return np.asarray(labels == 1 + np.argsort(-sizes, kind="stable")[rank - 1])


def box(shape: tuple[int, ...], top: int, left: int, bottom: int, right: int) -> Region:
    """Rows `top` to `bottom - 1`, columns `left` to `right - 1`; refused where it is empty or leaves the picture."""
    height, width = shape
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        found = f"rows {top} to {bottom}, columns {left} to {right}"
        raise GlassboxError("region", found, f"a place inside the picture of {height} rows and {width} columns")
    made = np.zeros(shape, bool)
    made[top:bottom, left:right] = True
    return made


def _numbers(form: str, rest: str) -> list[int]:
    try:
        return [int(number) for number in rest.split(",")]
    except ValueError:
        raise GlassboxError(f"region {form}", "no such region", f"one of {', '.join(FORMS)}") from None
