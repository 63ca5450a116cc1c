"""Is a picture like those that a network was trained on? A dozen numbers of a picture, and a distance between them.

A classifier answers for every picture, for a holiday photograph too. Its answer means something only for pictures like
those it learned from, so `learn` keeps how twelve plain statistics of the training pictures vary together, and
`distance` says how far a picture lies from them (Mahalanobis 1936):

    z = (x - mean) / scale,    d(x)^2 = z^T S^-1 z = |W z|^2,    W^T W = S^-1,

x the twelve `descriptors`, S the covariance of z over the training pictures, shrunk (Ledoit & Wolf 2004), W the upper
triangle that is kept. A picture is familiar where ``d(x) <= threshold``, the distance that a wanted share of the
validation pictures stay within. What it can't see: a picture of the right kind that is wrong, mirrored, or of another
hospital; and the wider the training pictures vary, the less is strange to them.
"""

import math
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf

from glassbox.data.steps import resize
from glassbox.errors import GlassboxError

Descriptors = Mapping[str, float]

SIDE_PX = 64
LAYOUT = ((1, 0), (0, 2), (2, 0), (1, 2))  # cosine waves down and across; none odd across, which a mirror would turn

# The least scale of each: a descriptor that never varies in training (grey pictures have no chroma at all) counts a
# difference of this size as one standard deviation.
FLOORS = {
    "lightness": 1.0,
    "contrast": 0.05,
    "detail": 0.05,
    "direction": 0.02,
    "symmetry": 0.02,
    **{f"layout_{down}{across}": 0.02 for down, across in LAYOUT},
    "chroma": 0.25,
    "redness": 0.2,
    "yellowness": 0.2,
}
NAMES = tuple(FLOORS)
CORNER = [(row, column) for row in range(len(NAMES)) for column in range(row, len(NAMES))]  # where W is not zero


def mean_chroma(image: NDArray[np.uint8]) -> float:
    """Mean CIELAB chroma ``sqrt(a*^2 + b*^2)`` of an RGB picture (H, W, 3) uint8: 0 for grey, 10 to 40 for photographs.

    To be kept from a picture before it is made grey for a network of one channel.
    """
    return float(np.hypot(*_planes(image)[1:]).mean())


def descriptors(image: NDArray[np.uint8], chroma: float | None = None) -> dict[str, float]:
    """Twelve numbers of a picture as prepared for the network, (H, W), (H, W, 1) or (H, W, 3) RGB uint8, any size.

    The picture is first resized to 64 x 64, so that they do not depend on its resolution. With L, a, b its CIELAB
    planes (L from 0 to 100), m(.) the mean over pixels, u = (L - m(L)) / (sd(L) + 1), and C the mean chroma, that of
    the argument where given (the picture's own before it was made grey), else ``m(sqrt(a^2 + b^2))``:

    ``lightness``   m(L)
    ``contrast``    ln(0.5 + sd(L))
    ``detail``      ln(0.1 + m(|grad L|))
    ``direction``   (m(Lx^2) - m(Ly^2)) / (m(Lx^2) + m(Ly^2) + 0.001): 1 for upright stripes, -1 for level ones
    ``symmetry``    m(u u') with u' the mirror image of u, left to right
    ``layout_jk``   m(2 u cos(j pi y) cos(k pi x)), y from 0 at the top to 1, x from 0 to 1; for jk 10, 02, 20, 12
    ``chroma``      ln(0.5 + C)
    ``redness``     m(a) / (1 + C)
    ``yellowness``  m(b) / (1 + C)

    Logarithms make few units of a small spread, detail or chroma count as much as many of a large one, so that grey
    pictures are strange among coloured ones, too. A blank picture has 0 for direction, symmetry and layout.

    Raises `GlassboxError` for an array of another shape or type.
    """
    light, red, yellow = _planes(image)
    colour = float(np.hypot(red, yellow).mean()) if chroma is None else chroma
    unit = (light - light.mean()) / (light.std() + 1)
    down, across = np.gradient(light)
    upright, level = float((across**2).mean()), float((down**2).mean())
    wave = [np.cos(waves * np.pi * (np.arange(SIDE_PX) + 0.5) / SIDE_PX) for waves in range(3)]
    layout = {f"layout_{j}{k}": float((2 * unit * np.outer(wave[j], wave[k])).mean()) for j, k in LAYOUT}
    return {
        "lightness": float(light.mean()),
        "contrast": math.log(0.5 + float(light.std())),
        "detail": math.log(0.1 + float(np.hypot(down, across).mean())),
        "direction": (upright - level) / (upright + level + 1e-3),
        "symmetry": float((unit * unit[:, ::-1]).mean()),
        **layout,
        "chroma": math.log(0.5 + colour),
        "redness": float(red.mean()) / (1 + colour),
        "yellowness": float(yellow.mean()) / (1 + colour),
    }


def described(images: NDArray[np.uint8], chroma: NDArray[np.float32]) -> list[dict[str, float]]:
    """The `descriptors` of each picture of a split, ``(N, H, W, C)``, whose own mean chroma is ``chroma``, ``(N,)``."""
    return [descriptors(image, float(own)) for image, own in zip(images, chroma, strict=True)]


def strange(found: Sequence[Descriptors], learned: Mapping[str, float]) -> float:
    """The share of pictures that are not familiar, to 4 decimals: of pictures like the training data, false alarms."""
    return round(sum(not is_familiar(one, learned) for one in found) / len(found), 4)


def learn(train: Sequence[Descriptors], val: Sequence[Descriptors], share: float) -> dict[str, float]:
    """What `distance` and `is_familiar` need to know of the training pictures: 103 numbers by name.

    ``mean_<name>`` and ``scale_<name>`` of each descriptor over ``train``, the scale being its standard deviation, at
    least its floor; ``white_<i>_<j>``, the upper triangle of W; ``threshold``: of n validation pictures' distances the
    ``ceil((n + 1) share)``-th smallest (the largest where n is too small for it), so that a new picture drawn like
    those of ``val`` passes with a probability of at least ``share`` (Papadopoulos 2002, conformal prediction). All are
    rounded to 6 significant digits.

    Raises `GlassboxError` for fewer than 2 training pictures, no validation picture, or a share outside (0, 1].
    """
    if len(train) < 2 or not val:
        found = f"{len(train)} training and {len(val)} validation pictures"
        raise GlassboxError("familiar", found, "at least 2 to learn from and 1 to set the threshold by")
    if not 0 < share <= 1:
        raise GlassboxError("familiar", f"a share of {share}", "a share of validation pictures above 0, at most 1")
    values = np.array([[one[name] for name in NAMES] for one in train])
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), list(FLOORS.values()))
    covariance, _ = ledoit_wolf((values - mean) / scale)
    # Below its floor a descriptor varies by less than 1: the rest is added, as if it were noise of its own.
    covariance += np.diag(np.maximum(1 - np.diag(covariance), 0))
    white = np.linalg.cholesky(np.linalg.inv(covariance)).T
    learned = {
        **{f"mean_{name}": _rounded(number) for name, number in zip(NAMES, mean, strict=True)},
        **{f"scale_{name}": _rounded(number) for name, number in zip(NAMES, scale, strict=True)},
        **{_entry(row, column): _rounded(white[row, column]) for row, column in CORNER},
    }
    distances = sorted(distance(one, learned) for one in val)
    rank = min(len(distances), math.ceil(round((len(distances) + 1) * share, 9)))
    return learned | {"threshold": _rounded(distances[rank - 1] * (1 + 1e-5))}  # never rounded below that distance


def distance(found: Descriptors, learned: Mapping[str, float]) -> float:
    """d(x), at least 0: about ``sqrt(12)`` for a picture like the training pictures, unbounded for others.

    Raises `GlassboxError` where ``learned`` lacks a number.
    """
    white = np.zeros((len(NAMES), len(NAMES)))
    for row, column in CORNER:
        white[row, column] = _known(learned, _entry(row, column))
    return float(np.linalg.norm(white @ _deviations(found, learned)))


def is_familiar(found: Descriptors, learned: Mapping[str, float]) -> bool:
    """Whether ``d(x) <= threshold``."""
    return distance(found, learned) <= _known(learned, "threshold")


def strangest(found: Descriptors, learned: Mapping[str, float]) -> tuple[str, float]:
    """The descriptor that lies farthest from its mean, and by how many of its scales: what to say of a strange picture.

    It explains, and decides nothing: a picture may be strange by a combination of which no part is.
    """
    deviations = _deviations(found, learned)
    at = int(np.abs(deviations).argmax())
    return NAMES[at], float(deviations[at])


def _planes(image: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """L*, a*, b*, each (64, 64)."""
    if image.dtype != np.uint8 or image.shape[2:] not in ((), (1,), (3,)) or image.ndim < 2 or not image.size:
        found = f"array of shape {image.shape} and type {image.dtype}"
        raise GlassboxError("picture", found, "(height, width, 1 or 3) of type uint8")
    small = resize(image, SIDE_PX, SIDE_PX)
    if small.ndim == 2 or small.shape[2] == 1:
        small = np.repeat(small.reshape(SIDE_PX, SIDE_PX, 1), 3, axis=2)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)
    lab[(small == small[:, :, :1]).all(axis=2), 1:] = 0  # OpenCV's grey has a chroma of a few hundredths
    return lab[:, :, 0], lab[:, :, 1], lab[:, :, 2]


def _deviations(found: Descriptors, learned: Mapping[str, float]) -> NDArray[np.float64]:
    """z, (12,)."""
    return np.array([(found[n] - _known(learned, f"mean_{n}")) / _known(learned, f"scale_{n}") for n in NAMES])


def _known(learned: Mapping[str, float], name: str) -> float:
    if name not in learned:
        raise GlassboxError("familiar", f"no number {name!r}", "what was learned of the training pictures, in full")
    return learned[name]


def _entry(row: int, column: int) -> str:
    return f"white_{row:02}_{column:02}"


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")
