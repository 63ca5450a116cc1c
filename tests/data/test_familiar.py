"""A picture like the training pictures: what is measured of it, and which pictures are told to be strange."""

import json
import math
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf

from glassbox.data.familiar import (
    FLOORS,
    NAMES,
    descriptors,
    distance,
    is_familiar,
    learn,
    mean_chroma,
    strangest,
)
from glassbox.errors import GlassboxError

Image = NDArray[np.uint8]
SIDE = 96


def film(seed: int, side: int = SIDE) -> Image:
    """A drawn X-ray, (side, side): a bright middle between two dark lungs, no two alike."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    lung = sum(
        np.exp(-(((across - at) / rng.uniform(0.22, 0.3)) ** 2) - ((down - rng.uniform(-0.15, 0.05)) / 0.6) ** 2)
        for at in (-0.45, 0.45)
    )
    middle = 40 * np.exp(-((across / 0.2) ** 2))
    ribs = 6 * np.sin(down * 30 + rng.uniform(0, 6)) * lung
    light = rng.uniform(130, 160) + 30 * down + middle - rng.uniform(90, 120) * lung + ribs
    grain = cv2.resize(rng.normal(0, 4, (24, 24)), (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(light + grain, 0, 255), dtype=np.uint8)


def photograph(seed: int) -> Image:
    """A drawn lesion on skin, (SIDE, SIDE, 3)."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    spot = np.exp(-(((across - rng.normal(0, 0.1)) / 0.4) ** 2) - ((down - rng.normal(0, 0.1)) / 0.4) ** 2)
    skin, lesion = np.array([215, 165, 145]) + rng.normal(0, 6, 3), np.array([110, 70, 55])
    colours = skin + (lesion - skin) * spot[:, :, None] * rng.uniform(0.6, 1)
    return np.asarray(np.clip(colours + rng.normal(0, 3, (SIDE, SIDE, 1)), 0, 255), dtype=np.uint8)


FILMS = [descriptors(film(seed)) for seed in range(160)]
FILM = learn(FILMS[:80], FILMS[80:], 0.99)
SKIN = learn(
    [descriptors(photograph(seed)) for seed in range(80)], [descriptors(photograph(s)) for s in range(80, 130)], 1
)


def half(rows: slice, columns: slice) -> Image:
    """White on black."""
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[rows, columns] = 255
    return picture


def stripes(axis: int) -> Image:
    """Smooth stripes that vary along an axis, 8 of them."""
    wave = 128 + 100 * np.sin(np.arange(SIDE) * 2 * np.pi * 8 / SIDE)
    return np.broadcast_to(wave[:, None] if axis == 0 else wave, (SIDE, SIDE)).astype(np.uint8).copy()


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (np.full((9, 7), 0, np.uint8), {"lightness": 0, "contrast": math.log(0.5), "detail": math.log(0.1)}),
        (np.full((9, 7), 255, np.uint8), {"lightness": 100, "direction": 0, "symmetry": 0, "layout_10": 0}),
        (half(slice(48), slice(None)), {"lightness": 50, "contrast": math.log(50.5), "direction": -1,
                                        "symmetry": (50 / 51) ** 2, "layout_10": 50 / 51 * 4 / math.pi}),
        (half(slice(None), slice(48)), {"direction": 1, "symmetry": -((50 / 51) ** 2), "layout_10": 0}),
        (half(slice(24, 72), slice(None)), {"layout_10": 0, "layout_20": -50 / 51 * 4 / math.pi, "layout_02": 0}),
        (half(slice(None), slice(24, 72)), {"layout_10": 0, "layout_20": 0, "layout_02": -50 / 51 * 4 / math.pi}),
        (stripes(0), {"direction": -1}),
        (stripes(1), {"direction": 1}),
        (np.full((5, 5, 3), (255, 0, 0), np.uint8),  # CIELAB 53.24, 80.09, 67.20 (sRGB red, D65)
         {"lightness": 53.24, "chroma": math.log(105.05), "redness": 80.09 / 105.55, "yellowness": 67.2 / 105.55}),
    ],
)  # fmt: skip
def test_descriptors_that_can_be_worked_out_by_hand(picture: Image, expected: dict[str, float]) -> None:
    """Blank pictures, halves, bands, stripes, one colour."""
    found = descriptors(picture)
    assert tuple(found) == NAMES
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=4e-3)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_grey_picture_is_one_picture_however_it_is_stored(seed: int) -> None:
    """(H, W), (H, W, 1) and (H, W, 3) with three equal channels; its chroma is 0."""
    picture = film(seed)
    tripled = np.repeat(picture[:, :, None], 3, axis=2)
    assert descriptors(picture) == descriptors(picture[:, :, None]) == descriptors(tripled)
    assert mean_chroma(tripled) == mean_chroma(picture) == descriptors(picture)["redness"] == 0


@pytest.mark.parametrize("side", [28, 64, 200, 640])
def test_the_resolution_hardly_matters(side: int) -> None:
    """The same scene, coarse or fine, is familiar to what was learned at 96 pixels."""
    found, same = descriptors(film(500, side)), descriptors(film(500))
    assert all(abs(found[name] - same[name]) < 0.1 * max(1, abs(same[name])) for name in NAMES if name != "detail")
    assert is_familiar(found, FILM) or side == 28  # so coarse that the ribs are gone


@given(st.integers(0, 10**6))
def test_a_mirror_changes_nothing(seed: int) -> None:
    """Left and right are one: networks are trained on mirrored pictures."""
    picture = film(seed, 64)
    mirrored = descriptors(np.ascontiguousarray(picture[:, ::-1]))
    assert mirrored == pytest.approx(descriptors(picture), abs=1e-6)


def test_the_chroma_from_before_a_picture_was_made_grey_counts() -> None:
    """A photograph made grey is as far as its colour says; that it looks like an X-ray does not help it."""
    picture = film(3)
    tinted = (picture[:, :, None] * np.array([1.0, 0.8, 0.5])).astype(np.uint8)
    found = descriptors(picture, mean_chroma(tinted))
    assert found == descriptors(picture) | {"chroma": descriptors(tinted)["chroma"]}
    assert is_familiar(descriptors(picture), FILM)
    assert not is_familiar(found, FILM)


def rows(found: list[dict[str, float]]) -> NDArray[np.float64]:
    return np.array([[one[name] for name in NAMES] for one in found])


def test_the_distance_is_that_of_mahalanobis() -> None:
    """Against the formula with an inverse: standardised, shrunk, descriptors that never vary at their floor."""
    train = rows(FILMS[:80])
    mean, scale = train.mean(axis=0), np.maximum(train.std(axis=0), list(FLOORS.values()))
    covariance = LedoitWolf().fit((train - mean) / scale).covariance_
    for place in range(len(NAMES)):
        covariance[place, place] = max(covariance[place, place], 1.0)
    for one in [*FILMS[80:90], descriptors(photograph(1)), descriptors(255 - film(2))]:
        z = (np.array([one[name] for name in NAMES]) - mean) / scale
        assert distance(one, FILM) == pytest.approx(math.sqrt(z @ np.linalg.inv(covariance) @ z), rel=1e-4)


@given(st.integers(1, 60), st.floats(0.01, 1))
def test_the_wanted_share_of_validation_pictures_passes(count: int, share: float) -> None:
    """The ceil((n + 1) share) nearest of them, or all of them where n is too small; not one more."""
    val = FILMS[80 : 80 + count]
    learned = learn(FILMS[:80], val, share)
    wanted = min(count, math.ceil(round((count + 1) * share, 9)))
    assert sum(is_familiar(one, learned) for one in val) == wanted


def test_what_is_learned_fits_into_a_metrics_file() -> None:
    """103 scalars by name, no list; the file gives them back exactly, and they are short."""
    assert len(FILM) == 24 + 78 + 1
    assert all(isinstance(number, float) and math.isfinite(number) for number in FILM.values())
    assert json.loads(json.dumps(FILM)) == FILM
    assert all(float(f"{number:.6g}") == number for number in FILM.values())
    assert learn(FILMS[:80], FILMS[80:], 0.99) == FILM


def noise(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)


STRANGE_TO_FILMS: dict[str, Callable[[int], Image]] = {
    "photographs": photograph,
    "photographs made grey": lambda seed: np.asarray(cv2.cvtColor(photograph(seed), cv2.COLOR_RGB2GRAY)),
    "inverted": lambda seed: 255 - film(seed),
    "on their side": lambda seed: np.rot90(film(seed)).copy(),
    "sepia": lambda seed: (film(seed)[:, :, None] * np.array([1, 0.95, 0.85])).astype(np.uint8),
    "noise": noise,
    "blank": lambda seed: np.full((SIDE, SIDE), seed % 256, np.uint8),
    "a corner": lambda seed: film(seed)[: SIDE // 2, : SIDE // 2].copy(),
}


@pytest.mark.parametrize("kind", STRANGE_TO_FILMS)
def test_what_is_no_film_is_strange_to_films(kind: str) -> None:
    """Every one of twenty."""
    assert not [seed for seed in range(200, 220) if is_familiar(descriptors(STRANGE_TO_FILMS[kind](seed)), FILM)]


@pytest.mark.parametrize("strange", [film, noise, lambda seed: 255 - photograph(seed)])
def test_what_is_no_photograph_is_strange_to_photographs(strange: Callable[[int], Image]) -> None:
    """Grey among coloured ones as well: an X-ray given to a model of skin."""
    assert not [seed for seed in range(200, 220) if is_familiar(descriptors(strange(seed)), SKIN)]


def test_films_and_photographs_are_familiar_among_their_own() -> None:
    """New ones pass at about the wanted share."""
    assert sum(is_familiar(descriptors(film(seed)), FILM) for seed in range(300, 400)) >= 95
    assert sum(is_familiar(descriptors(photograph(seed)), SKIN) for seed in range(300, 400)) >= 90


def test_a_speck_of_colour_on_a_film_is_no_photograph() -> None:
    """A red marker on one pixel in four hundred, as viewers draw it."""
    marked = np.repeat(film(7)[:, :, None], 3, axis=2)
    marked[2:6, 2:8] = (255, 0, 0)
    assert is_familiar(descriptors(marked), FILM)


def test_it_is_said_what_is_strange() -> None:
    """The descriptor farthest from its mean, and on which side."""
    sepia = descriptors(STRANGE_TO_FILMS["sepia"](1))
    name, deviation = strangest(sepia, FILM)
    assert (name, deviation > 3) == ("chroma", True)
    grey = strangest(descriptors(film(1)), SKIN)
    assert grey[1] < -3 or grey[0] != "chroma"


GOOD: Mapping[str, float] = FILMS[0]


@pytest.mark.parametrize(
    ("attempt", "found"),
    [
        (lambda: learn([GOOD], [GOOD], 0.9), r"1 training and 1 validation"),
        (lambda: learn([GOOD, GOOD], [], 0.9), r"2 training and 0 validation"),
        (lambda: learn([GOOD, GOOD], [GOOD], 0), r"a share of 0"),
        (lambda: learn([GOOD, GOOD], [GOOD], 1.2), r"a share of 1\.2"),
        (lambda: distance(GOOD, {k: v for k, v in FILM.items() if k != "white_02_07"}), r"no number 'white_02_07'"),
        (lambda: is_familiar(GOOD, {k: v for k, v in FILM.items() if k != "threshold"}), r"no number 'threshold'"),
        (lambda: descriptors(np.zeros((4, 4, 4), np.uint8)), r"shape \(4, 4, 4\)"),
        (lambda: descriptors(np.zeros((0, 4), np.uint8)), r"shape \(0, 4\)"),
        (lambda: descriptors(np.zeros((4, 4), np.float32)), r"type float32"),
        (lambda: mean_chroma(np.zeros(4, np.uint8)), r"shape \(4,\)"),
    ],
)
def test_what_makes_no_sense_is_refused(attempt: Callable[[], object], found: str) -> None:
    """In one line."""
    with pytest.raises(GlassboxError, match=found):
        attempt()


def test_equal_training_pictures_are_learned_too() -> None:
    """No spread at all: every scale is its floor, and the picture itself has distance 0."""
    learned = learn([GOOD, GOOD], [GOOD], 1)
    assert [learned[f"scale_{name}"] for name in NAMES] == list(FLOORS.values())
    assert distance(GOOD, learned) < 1e-3
    assert not is_familiar(descriptors(noise(1)), learned)
