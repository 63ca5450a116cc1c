"""Duplicates: found through what storing a picture twice does to it, and not between pictures that are only alike."""

import time
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glassbox.data.duplicates import Fingerprints, perceptual_hash, thumbnail

Image = NDArray[np.uint8]


def lesion(seed: int, height: int = 96, width: int = 128) -> Image:
    """A dark blob of random place and texture on skin of random shading."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / max(height, width)
    rough = cv2.resize(rng.normal(size=(9, 12)), (width, height), interpolation=cv2.INTER_CUBIC)
    blob = np.hypot(y - rng.uniform(0.3, 0.5), x - rng.uniform(0.3, 0.7)) + 0.05 * rough < rng.uniform(0.1, 0.3)
    shade = 190 + 20 * (x - y) + 8 * rough
    return np.clip(np.where(blob, shade - 90, shade)[:, :, None] * (1.0, 0.85, 0.75), 0, 255).astype(np.uint8)


def jpeg(image: Image) -> Image:
    """Stored as JPEG and read again."""
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR))


ALIKE: dict[str, Callable[[Image], Image]] = {
    "recompressed": jpeg,
    "enlarged": lambda image: np.asarray(cv2.resize(image, (300, 225))),
    "brighter": lambda image: np.clip(image.astype(int) + 15, 0, 255).astype(np.uint8),
    "another white balance": lambda image: (image * (0.8, 0.9, 1.0)).astype(np.uint8),
    "less contrast": lambda image: (image * 0.6 + 60).astype(np.uint8),
    "a row cut off": lambda image: np.ascontiguousarray(image[1:]),
}
OTHER: dict[str, Callable[[Image], Image]] = {
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    "upside down": lambda image: np.ascontiguousarray(image[::-1]),
    "another lesion": lambda image: lesion(99),
    "nothing on it": lambda image: np.full_like(image, 180),
}


def pairs(*images: Image) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Exact and near duplicates of these pictures."""
    prints = Fingerprints()
    for image in images:
        prints.add(image)
    return prints.exact(), prints.near()


@pytest.mark.parametrize("change", ALIKE)
@pytest.mark.parametrize("seed", range(4))
def test_a_picture_stored_twice_is_near(change: str, seed: int) -> None:
    """Near, not exact."""
    assert pairs(lesion(seed), ALIKE[change](lesion(seed))) == ([], [(0, 1)])


@pytest.mark.parametrize("change", OTHER)
@pytest.mark.parametrize("seed", range(4))
def test_another_picture_is_not(change: str, seed: int) -> None:
    """A mirrored picture is another one too: the plan of augmentations flips."""
    assert pairs(lesion(seed), OTHER[change](lesion(seed))) == ([], [])


def test_exact_duplicates_are_pairs_and_not_near() -> None:
    """Three copies are three pairs; the same bytes in another shape are another picture."""
    copy = lesion(1)
    assert pairs(copy, lesion(2), copy.copy(), np.asfortranarray(copy)) == ([(0, 2), (0, 3), (2, 3)], [])
    assert pairs(np.zeros((4, 6, 3), np.uint8), np.zeros((6, 4, 3), np.uint8))[0] == []


def test_different_lesions_are_told_apart() -> None:
    """Two hundred lesions, each in another place: no pair."""
    assert pairs(*(lesion(seed) for seed in range(200))) == ([], [])


def test_the_hash_is_64_bits_half_of_them_set() -> None:
    """Bits above the median: 32 of 64, for any picture that has some structure."""
    for seed in range(10):
        value = perceptual_hash(thumbnail(lesion(seed)))
        assert 0 <= value < 2**64
        assert value.bit_count() == 32


def test_2750_pictures_are_compared_in_seconds() -> None:
    """The pairs of a set as large as ISIC 2017, random hashes apart from one duplicate."""
    prints = Fingerprints()
    noise = np.random.default_rng(0).integers(0, 256, (2749, 8, 8, 3), dtype=np.uint8)
    for image in noise:
        prints.add(image)
    prints.add(np.clip(noise[5].astype(int) + 3, 0, 255).astype(np.uint8))
    start = time.process_time()
    assert prints.near() == [(5, 2749)]
    assert time.process_time() - start < 5


def framed(seed: int) -> np.ndarray:
    """A picture that shares its make with all others and has a little of its own."""
    common, own = (np.random.default_rng(each).normal(0, 1, (9, 9)) for each in (99, seed))
    pattern = cv2.resize(40 * common + 3 * own, (128, 128), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + pattern, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def test_pictures_of_one_make_are_not_duplicates_and_copies_among_them_are() -> None:
    """What all pictures share says nothing; with few pictures it can't be told apart, and they are all reported."""
    few, many = Fingerprints(), Fingerprints()
    for seed in range(8):
        few.add(framed(seed))
    assert len(few.near()) > 10
    for seed in range(24):
        many.add(framed(seed))
    many.add(np.clip(framed(3).astype(int) + 9, 0, 255).astype(np.uint8))
    assert many.near() == [(3, 24)]
