"""glassbox.data.sample: geometry and photometry as in segmentation, stains changed one by one, grey kept grey."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from skimage.color import hed2rgb, rgb2hed, rgb_from_hed

from glassbox.data import augment, plan
from glassbox.data.augment import Recipe
from glassbox.data.sample import STAINS, Stains, first, in_colour, replay, restain, stains
from glassbox.params import Augment, ClassifyAugment, load

Array = npt.NDArray[np.uint8]
NEUTRAL = Stains((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
CASES = [f"case-{number}" for number in range(40)]
PARAMS = load(Path(__file__).parents[2] / "params.yaml")
UNIT = -np.log(1e-6)  # of light: one unit of density in scikit-image
COLUMNS = [f"{stain}_{what}" for stain in STAINS for what in ("factor", "shift")]
EVERYTHING: dict[str, Any] = {
    "flip_x": True, "angle_deg": 20.0, "zoom_x": 1.1, "shift_y": 0.1, "elastic_amplitude": 0.05,
    "elastic_smoothness": 0.15, "elastic_seed": 3, "brightness": 0.05, "contrast": 1.2, "gain_r": 1.1, "gain_b": 0.9,
    "blur_sigma_px": 0.8, "noise_sigma": 0.02, "noise_seed": 5, "jpeg_quality": 70, "hair_count": 3, "hair_seed": 7,
    "cutout_x": 0.2, "cutout_y": 0.3, "cutout_w": 0.2, "cutout_h": 0.1,
}  # fmt: skip


def tissue(height: int, width: int, channels: int = 3, seed: int = 0) -> Array:
    """A smooth coloured picture, or its luma as one channel."""
    coarse = np.random.default_rng(seed).integers(60, 256, (6, 8, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    return image if channels == 3 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))[:, :, None]


def drawn_from(**stain: Any) -> ClassifyAugment:  # noqa: ANN401 - a block's keys
    """The augmentation of pathmnist with three passes and another block of stains."""
    block = PARAMS.tasks["pathmnist"].augment
    assert isinstance(block, ClassifyAugment)
    stretch = block.passes[0].model_copy(update={"count": 3})
    return block.model_copy(update={"passes": [stretch], "stain": block.stain.model_copy(update=stain)})


@pytest.mark.parametrize("changed", [{}, {"height": 24, "width": 80}, EVERYTHING], ids=["copy", "size", "everything"])
@pytest.mark.parametrize("seed", [0, 1])
def test_without_stains_a_sample_is_that_of_segmentation(changed: dict[str, Any], seed: int) -> None:
    """To the byte: what a picture with an empty mask becomes by the same recipe."""
    image, row = tissue(48, 64, seed=seed), Recipe(**{"index": 0, "height": 48, "width": 64} | changed)
    expected, _ = augment.replay(row, image, np.zeros((48, 64), np.uint8))
    np.testing.assert_array_equal(replay(row, NEUTRAL, image), expected)
    np.testing.assert_array_equal(replay(row, NEUTRAL, image), augment.photometrics(row, augment.warp(row, image)))


@pytest.mark.parametrize("changed", [{}, EVERYTHING], ids=["copy", "everything"])
def test_a_grey_sample_is_one_channel_of_the_grey_picture_in_colour(changed: dict[str, Any]) -> None:
    """Of its own size, whatever its stains: a grey picture has none. The input stays as it was."""
    image, row = tissue(48, 64, 1), Recipe(**{"index": 0, "height": 40, "width": 56} | changed)
    before = image.copy()
    found = replay(row, Stains((0.0, 0.0, 0.0), (0.1, 0.1, 0.1)), image)
    assert found.shape == (40, 56, 1) and found.dtype == np.uint8
    np.testing.assert_array_equal(found[..., 0], replay(row, NEUTRAL, np.repeat(image, 3, axis=2))[..., 0])
    np.testing.assert_array_equal(image, before)


def test_stains_come_between_geometry_and_photometry() -> None:
    """The laboratory before the camera."""
    image, row = tissue(48, 64), Recipe(**EVERYTHING | {"index": 0, "height": 32, "width": 48})
    stained = Stains((1.3, 0.7, 1.0), (0.0, 0.01, 0.0))
    expected = augment.photometrics(row, restain(augment.warp(row, image), stained))
    np.testing.assert_array_equal(replay(row, stained, image), expected)
    assert (replay(row, stained, image) != replay(row, NEUTRAL, image)).mean() > 0.5


@settings(max_examples=60)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 4), st.integers(1, 4), st.just(3))))
def test_neutral_stains_leave_any_colour(image: Array) -> None:
    """To two levels, also where no mixture of the three stains gives the colour: pure green, black."""
    np.testing.assert_allclose(restain(image, NEUTRAL).astype(int), image, atol=2)


def test_a_small_change_is_a_small_change_of_any_colour() -> None:
    """Every 15th level of each channel: a thousandth more of a stain is seen in no colour as another colour."""
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 1, 3)
    found = restain(cube, Stains((1.001, 1.0, 1.0), (0.0, 0.0, 0.0)))
    assert np.abs(found.astype(int) - cube).max() <= 5


@given(hnp.arrays(np.uint8, (2, 3, 3)))
def test_no_stain_is_white_glass(image: Array) -> None:
    """All densities 0: every light passes."""
    assert (restain(image, Stains((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))) == 255).all()


@pytest.mark.parametrize("at", range(3))
def test_a_factor_changes_its_stain_alone(at: int) -> None:
    """A slide mixed of known densities: one is multiplied, one shifted, the colour is that of the new mixture."""
    rng = np.random.default_rng(at)
    densities = rng.uniform(0.005, 0.03, (6, 8, 3))
    slide = np.asarray(np.rint(hed2rgb(densities) * 255), np.uint8)
    factors, shifts = [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]
    factors[at], shifts[(at + 1) % 3] = 1.4, 0.004
    by_hand = 255 * np.exp(-UNIT * (densities * factors + shifts) @ rgb_from_hed)
    found = restain(slide, Stains(tuple(factors), tuple(shifts)))
    assert np.abs(found - by_hand).max() <= 2
    assert np.abs(rgb2hed(found) - (densities * factors + shifts)).max() < 2e-3


def test_stains_are_those_of_their_pass_in_training_order() -> None:
    """Three factors and three shifts a row, in the order of the names."""
    drawn = plan.draw(CASES, drawn_from(enabled=True, rate=0.7, amount=0.3), seed=4)
    for number in range(3):
        rows = drawn[drawn["pass"] == number]
        found = stains(drawn, number)
        assert len(found) == len(rows) == len(augment.recipes(drawn, number))
        for stained, (_, row) in zip(found, rows.iterrows(), strict=True):
            assert stained.factors == tuple(row[f"{stain}_factor"] for stain in STAINS)
            assert stained.shifts == tuple(row[f"{stain}_shift"] for stain in STAINS)
    shuffled = drawn[list(drawn)[::-1]]
    assert stains(shuffled, 1) == stains(drawn, 1) != stains(drawn, 2)


def test_whether_stains_change_anything() -> None:
    """Neutral only where all three factors are 1 and all three shifts 0."""
    assert not NEUTRAL.changes
    for at in range(3):
        other = [0.0, 0.0, 0.0]
        other[at] = 1e-7
        assert replace(NEUTRAL, shifts=tuple(other)).changes
        assert replace(NEUTRAL, factors=tuple(1 + each for each in other)).changes


@pytest.mark.parametrize("channels", [1, 3])
def test_first_samples_are_those_of_pass_0_in_colour(channels: int) -> None:
    """With the position of the case that each shows."""
    images = np.stack([tissue(28, 28, channels, seed) for seed in range(len(CASES))])
    drawn = plan.draw(CASES, drawn_from(), seed=4)
    found = list(first(drawn, images, 5))
    rows = list(zip(augment.recipes(drawn, 0), stains(drawn, 0), strict=True))[:5]
    assert [index for index, _ in found] == [row.index for row, _ in rows]
    for (index, image), (row, stained) in zip(found, rows, strict=True):
        assert image.shape == (28, 28, 3)
        np.testing.assert_array_equal(image, in_colour(replay(row, stained, images[index])))


def plain(block: ClassifyAugment) -> Augment:
    """The same settings as a task that outlines has them."""
    return Augment.model_validate(block.model_dump(exclude={"stain"}))


def test_only_a_task_that_tells_apart_has_columns_of_stains() -> None:
    """Six at the end; every other column is byte for byte what the same settings without stains give."""
    block = drawn_from(enabled=True, rate=0.8, amount=0.3)
    with_stains, without = plan.draw(CASES, block, 9), plan.draw(CASES, plain(block), 9)
    assert list(with_stains) == [*without, *COLUMNS]
    assert not set(COLUMNS) & set(without)
    pd.testing.assert_frame_equal(with_stains.drop(columns=COLUMNS), without)
    for name in without.select_dtypes(exclude="category"):
        assert with_stains[name].to_numpy().tobytes() == without[name].to_numpy().tobytes()
    assert {str(with_stains[name].dtype) for name in COLUMNS} == {"float32"}


def test_stains_are_drawn_in_their_range_at_their_rate() -> None:
    """A factor of 1 +- amount and a shift of +- amount of a usual density, each stain by itself, all three or none."""
    drawn = plan.draw([str(number) for number in range(1000)], drawn_from(enabled=True, rate=0.6, amount=0.25), 2)
    factors, shifts = (drawn[[f"{stain}_{what}" for stain in STAINS]].to_numpy() for what in ("factor", "shift"))
    changed = (factors != 1).any(axis=1)
    assert changed.mean() == pytest.approx(0.6, abs=4 * np.sqrt(0.6 * 0.4 / len(drawn)))
    assert (shifts[~changed] == 0).all() and (factors[changed] != 1).all() and (shifts[changed] != 0).all()
    for values, low, high in ((factors, 0.75, 1.25), (shifts / plan.MEAN_DENSITY, -0.25, 0.25)):
        assert low - 1e-6 <= values.min() < low + 0.01 and high - 0.01 < values.max() <= high + 1e-6
        assert np.abs(np.corrcoef(values[changed].T) - np.eye(3)).max() < 0.1
    assert np.abs(np.corrcoef(factors[changed, 0], shifts[changed, 0])[0, 1]) < 0.1


def test_stains_that_are_off_are_neutral_and_leave_the_rest() -> None:
    """Off for all passes, or left out by a stretch: 1 and 0, and no other column moves."""
    on, off = (plan.draw(CASES, drawn_from(enabled=enabled), 3) for enabled in (True, False))
    assert [stained.changes for number in range(3) for stained in stains(off, number)] == [False] * 3 * len(CASES)
    assert not np.signbit(off[COLUMNS].to_numpy()).any()
    pd.testing.assert_frame_equal(on.drop(columns=COLUMNS), off.drop(columns=COLUMNS))
    block = drawn_from(enabled=True)
    calm = [block.passes[0].model_copy(update={"count": 1}), block.passes[0].model_copy(update={"without": ["stain"]})]
    late = plan.draw(CASES, block.model_copy(update={"passes": calm}), 3)
    assert late["pass"].max() == 3
    pd.testing.assert_frame_equal(late[late["pass"] == 0], on[on["pass"] == 0])
    pd.testing.assert_frame_equal(late[late["pass"].isin((1, 2))], off[off["pass"] > 0])
