"""The replay of a recipe: where every pixel comes from, that the mask goes with it, and what photometrics may touch."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.data.alignment import agreement, aligned
from glassbox.data.augment import (
    Recipe,
    geometry,
    matrix,
    recipe,
    recipes,
    replay,
    shrink,
    shrinkage,
    warp,
)
from glassbox.errors import GlassboxError

Array = npt.NDArray[np.uint8]
ELASTIC = {"elastic_amplitude": 0.05, "elastic_smoothness": 0.15, "elastic_seed": 11}


def scene(height: int, width: int, seed: int = 0) -> tuple[Array, Array]:
    """A smooth coloured picture and a mask of a few ellipses."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((height, width), np.uint8)
    for _ in range(3):
        centre = tuple(int(at) for at in rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height)))
        axes = tuple(int(a) for a in rng.uniform(0.03, 0.3, 2) * height)
        cv2.ellipse(mask, centre, axes, rng.uniform(0, 180), 0, 360, 1, -1)
    return np.asarray(image), mask


def speckle(height: int, width: int) -> tuple[Array, Array]:
    """Independent pixels: nothing but the exact place gives the exact value."""
    rng = np.random.default_rng(5)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8), rng.integers(0, 2, (height, width), dtype=np.uint8)


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        ({}, lambda a: a),
        ({"flip_x": True}, lambda a: a[:, ::-1]),
        ({"flip_y": True}, lambda a: a[::-1]),
        ({"flip_x": True, "flip_y": True}, lambda a: a[::-1, ::-1]),
        ({"angle_deg": 180.0}, lambda a: a[::-1, ::-1]),
        ({"angle_deg": -180.0, "flip_x": True}, lambda a: a[::-1]),
        ({"shift_x": 0.25}, lambda a: np.concatenate([a[:, 15::-1], a[:, :48]], axis=1)),
        ({"shift_y": -0.125}, lambda a: np.concatenate([a[6:], a[:-7:-1]])),
        ({"crop_x": 0.25, "crop_y": 0.5, "crop_w": 0.5, "crop_h": 0.5, "height": 24, "width": 32},
         lambda a: a[24:, 16:48]),
        ({"crop_x": 0.5, "crop_w": 0.25, "crop_h": 1.0, "width": 16}, lambda a: a[:, 32:48]),
        ({"zoom_x": 0.5, "zoom_y": 0.5, "height": 96, "width": 128},
         lambda a: np.pad(a, [(24, 24), (32, 32), (0, 0)][: a.ndim], mode="symmetric")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("readonly", [False, True])
def test_whole_pixel_moves_are_exact(changed: dict[str, Any], moved: Any, readonly: bool) -> None:  # noqa: ANN401
    """Where every output pixel is one source pixel, picture and mask equal NumPy's indexing, edges mirrored."""
    image, mask = speckle(48, 64)
    image.flags.writeable = mask.flags.writeable = not readonly
    made, made_mask = replay(Recipe(**{"index": 0, "height": 48, "width": 64} | changed), image, mask)
    np.testing.assert_array_equal(made, moved(image))
    np.testing.assert_array_equal(made_mask, moved(mask))


@pytest.mark.parametrize("quarters", [-1, 1, 2, 3])
def test_quarter_turns_are_rot90(quarters: int) -> None:
    """Positive angles turn counter-clockwise as `np.rot90`, to the pixel on a square."""
    image, mask = speckle(40, 40)
    made, made_mask = replay(Recipe(0, 40, 40, angle_deg=90.0 * quarters), image, mask)
    np.testing.assert_array_equal(made, np.rot90(image, quarters))
    np.testing.assert_array_equal(made_mask, np.rot90(mask, quarters))


@pytest.mark.parametrize(("height", "width"), [(60, 100), (100, 60), (80, 80)])
@pytest.mark.parametrize("angle", [30.0, 90.0, -77.0])
def test_a_turn_keeps_a_disc_round(height: int, width: int, angle: float) -> None:
    """Angles are true in source pixels: a disc in an oblong picture turns into the same disc."""
    y, x = np.mgrid[:height, :width]
    radius = np.hypot(y - (height - 1) / 2, x - (width - 1) / 2)
    disc = radius <= 20
    _, made = replay(Recipe(0, height, width, angle_deg=angle), np.zeros((height, width, 3), np.uint8), disc)
    assert (made != disc)[radius < 28].mean() < 0.02  # farther out are mirrored copies


@pytest.mark.parametrize("size", [(48, 64), (24, 32), (30, 50)])
def test_geometry_is_the_stated_order(size: tuple[int, int]) -> None:
    """Source to output, point by point: crop, mirror, zoom, turn, shift, undone by `matrix`."""
    made = Recipe(0, *size, True, False, 37.0, 1.3, 0.8, 0.1, -0.2, 0.1, 0.2, 0.7, 0.6)
    for x, y in np.random.default_rng(1).uniform(0, (64, 48), (20, 2)):
        across = (x - (0.1 + 0.35) * 64) * -1 * 1.3
        down = (y - (0.2 + 0.3) * 48) * 0.8
        turn = np.exp(1j * np.radians(37.0)) * (across - 1j * down)  # counter-clockwise with y upwards
        column = (turn.real / (0.7 * 64) + 0.5 + 0.1) * size[1] - 0.5
        row = (-turn.imag / (0.6 * 48) + 0.5 - 0.2) * size[0] - 0.5
        np.testing.assert_allclose(matrix(made, 48, 64) @ [column, row, 1], [x - 0.5, y - 0.5], atol=1e-9)


@pytest.mark.parametrize(("factor", "angle"), [(2, 0.0), (3, 0.0), (4, 180.0)])
def test_whole_shrinking_is_the_area_mean(factor: int, angle: float) -> None:
    """At 1 / factor of the size every pixel is the mean of its block, and the mask true from half of it up."""
    image, mask = speckle(48, 72)
    made, made_mask = replay(Recipe(0, 48 // factor, 72 // factor, angle_deg=angle), image, mask)
    turned, turned_mask = (image[::-1, ::-1], mask[::-1, ::-1]) if angle else (image, mask)
    blocks = turned.reshape(48 // factor, factor, 72 // factor, factor, 3).mean(axis=(1, 3))
    cover = turned_mask.reshape(48 // factor, factor, 72 // factor, factor).mean(axis=(1, 3))
    assert np.abs(made - blocks).max() <= 1
    np.testing.assert_array_equal(made_mask, cover >= 0.5)


@pytest.mark.parametrize(
    ("made", "factor"),
    [
        (Recipe(0, 48, 64), 1),
        (Recipe(0, 25, 33), 1),
        (Recipe(0, 24, 32), 2),
        (Recipe(0, 24, 32, zoom_x=1.01, zoom_y=1.01), 1),
        (Recipe(0, 24, 32, crop_w=0.6, crop_h=0.6), 1),
        (Recipe(0, 24, 32, angle_deg=45.0, zoom_x=0.6, zoom_y=0.6), 3),
        (Recipe(0, 12, 16), 4),
    ],
)
def test_shrinkage_begins_at_half(made: Recipe, factor: int) -> None:
    """The source is averaged first where magnification, zoom and crop included, is a half or less."""
    assert shrinkage(matrix(made, 48, 64)) == factor


def test_shrinking_keeps_the_place_where_it_does_not_divide() -> None:
    """A picture of 101 x 67 pixels averaged first still lands where unaveraged sampling puts it."""
    y, x = np.mgrid[:67, :101]
    ramp = np.repeat((x + y).astype(np.uint8)[..., None], 3, axis=2)
    made = Recipe(0, 20, 30, angle_deg=10.0)
    at_x, at_y = geometry(made, 67, 101)
    inside = (at_x > 3) & (at_x < 97) & (at_y > 3) & (at_y < 63)
    assert inside.sum() > 400
    off = (warp(made, ramp)[..., 0] - (at_x + at_y))[inside]
    assert abs(off.mean()) < 0.1 and np.abs(off).max() < 1.1  # rounded to whole values twice
    assert shrink(ramp, 3).shape == (22, 34, 3) and shrink(ramp, 1) is ramp


def test_elastic_displaces_by_its_amplitude_and_smoothly() -> None:
    """The longest displacement is about the amplitude, neighbours differ little, and the seed decides."""
    plain, bent = Recipe(0, 96, 128), Recipe(0, 96, 128, **ELASTIC)
    push = np.stack(geometry(bent, 96, 128)) - np.stack(geometry(plain, 96, 128))
    assert 0.6 * 0.05 * 128 < np.hypot(*push).max() < 1.4 * 0.05 * 128
    assert max(np.abs(np.diff(push, axis=axis)).max() for axis in (1, 2)) < 0.8  # below 1: nothing folds
    other = np.stack(geometry(replace(bent, elastic_seed=12), 96, 128))
    assert np.abs(other - np.stack(geometry(bent, 96, 128))).max() > 1


@pytest.mark.parametrize("changed", [{}, {"angle_deg": 25.0, "flip_y": True}])
def test_elastic_means_the_same_at_each_size(changed: dict[str, Any]) -> None:
    """The same recipe at twice the size shows the same displacement, sampled more finely."""
    small, large = Recipe(0, 48, 64, **ELASTIC, **changed), Recipe(0, 96, 128, **ELASTIC, **changed)
    for coarse, fine in zip(geometry(small, 96, 128), geometry(large, 96, 128), strict=True):
        blocks = fine.reshape(48, 2, 64, 2).mean(axis=(1, 3))
        assert np.abs(blocks - coarse).max() < 0.25


@st.composite
def drawn(draw: st.DrawFn) -> Recipe:
    """Any recipe of the ranges in use, at a smaller, equal or larger size."""
    share = st.floats(0, 1)
    side = draw(st.floats(0.5, 1))
    seed = draw(st.integers(0, 3))
    return Recipe(
        0, *draw(st.sampled_from([(24, 32), (30, 30), (48, 64), (60, 90)])), draw(st.booleans()), draw(st.booleans()),
        draw(st.floats(-180, 180)), draw(st.floats(0.6, 1.6)), draw(st.floats(0.6, 1.6)),
        draw(st.floats(-0.2, 0.2)), draw(st.floats(-0.2, 0.2)),
        draw(share) * (1 - side), draw(share) * (1 - side), side, side,
        draw(st.floats(0, 0.04)), draw(st.floats(0.1, 0.5)), seed,
        brightness=draw(st.floats(-0.2, 0.2)), contrast=draw(st.floats(0.7, 1.4)), gain_g=draw(st.floats(0.8, 1.2)),
        blur_sigma_px=draw(st.sampled_from([0.0, 1.0])), hair_count=draw(st.integers(0, 3)), hair_seed=seed,
        cutout_w=draw(share) / 4, cutout_h=0.2, jpeg_quality=draw(st.sampled_from([0, 60])),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(drawn(), st.integers(0, 1000))
def test_masks_stay_binary_and_on_their_picture(made: Recipe, seed: int) -> None:
    """For any recipe and blobs: shapes and types hold, the mask is 0 and 1, and the oracle agrees."""
    image, mask = scene(61, 83, seed)
    kept, kept_mask = image.copy(), mask.copy()
    out, out_mask = replay(made, image, mask)
    assert (out.shape, out.dtype) == ((made.height, made.width, 3), np.uint8)
    assert (out_mask.shape, out_mask.dtype) == ((made.height, made.width), np.uint8)
    found = aligned(made, image, mask)
    assert found.binary and found.agreement >= 0.99
    np.testing.assert_array_equal(out_mask, replay(made, image, mask > 0)[1])  # bool and uint8 masks alike
    np.testing.assert_array_equal(out, replay(made, image, mask)[0])  # the same bytes again
    assert (image == kept).all() and (mask == kept_mask).all()


@settings(max_examples=30, deadline=None)
@given(drawn(), st.integers(0, 1000))
def test_picture_is_read_where_geometry_says(made: Recipe, seed: int) -> None:
    """The picture equals an explicit bilinear gather at `geometry`, mirrored at the edges, where nothing shrinks."""
    made = replace(made, height=60, width=90, zoom_x=max(made.zoom_x, 1.0), zoom_y=max(made.zoom_y, 1.0))
    image, _ = scene(48, 64, seed)
    x, y = (np.clip(at, -40, 100) for at in geometry(made, 48, 64))
    padded = np.pad(image.astype(float), ((48, 48), (64, 64), (0, 0)), mode="symmetric")
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - x0)[..., None], (y - y0)[..., None]
    at = lambda dy, dx: padded[y0 + dy + 48, x0 + dx + 64]  # noqa: E731
    top, bottom = at(0, 0) * (1 - fx) + at(0, 1) * fx, at(1, 0) * (1 - fx) + at(1, 1) * fx
    inside = (x > -40) & (x < 100) & (y > -40) & (y < 90)
    assert np.abs(warp(made, image) - (top * (1 - fy) + bottom * fy))[inside].max() <= 3  # 1/32 of a pixel, rounded


@pytest.mark.parametrize("size", [(96, 128), (48, 64)])
@pytest.mark.parametrize("changed", [{}, {"angle_deg": 33.0, "zoom_x": 1.2}, ELASTIC])
def test_a_misplaced_mask_is_caught(size: tuple[int, int], changed: dict[str, Any]) -> None:
    """A mask shifted by 3 px, by 1 px, flipped or empty loses agreement far below 0.98; the true one has 1."""
    _, mask = scene(96, 128, 4)
    made = Recipe(0, *size, **changed)
    true = replay(made, np.zeros((96, 128, 3), np.uint8), mask)[1]
    assert agreement(made, mask, true) == 1
    assert max(agreement(made, mask, np.roll(true, 3, axis)) for axis in (0, 1)) < 0.3
    assert max(agreement(made, mask, np.roll(true, 1, axis)) for axis in (0, 1)) < 0.8
    assert agreement(made, mask, true[:, ::-1]) < 0.3 and agreement(made, mask, np.zeros_like(true)) < 0.1
    assert agreement(made, np.zeros_like(mask), true) == 0


def test_half_a_pixel_is_caught() -> None:
    """The commonest mistake, pixel corners taken for centres, shows below 0.98 on a large lesion."""
    y, x = np.mgrid[:96, :128]
    disc = np.hypot(y - 48, x - 64) < 30
    made = Recipe(0, 96, 128)
    _, shifted = replay(replace(made, shift_x=0.5 / 128, shift_y=0.5 / 96), np.zeros((96, 128, 3), np.uint8), disc)
    assert 0.3 < agreement(made, disc, shifted) < 0.95


@pytest.mark.parametrize("value", [0, 1])
def test_empty_and_full_masks_agree(value: int) -> None:
    """No lesion, or nothing but lesion, stays so under any geometry and agrees."""
    mask = np.full((48, 64), value, np.uint8)
    made = Recipe(0, 24, 32, angle_deg=40.0, shift_x=0.2, **ELASTIC)
    assert aligned(made, np.zeros((48, 64, 3), np.uint8), mask) == (True, 1.0)
    assert (replay(made, np.zeros((48, 64, 3), np.uint8), mask)[1] == value).all()


def test_recipes_come_in_order_and_as_plain_values() -> None:
    """`recipes` gives one pass in row order; `recipe` gives the same from one row; values are Python's own."""
    plan = pd.DataFrame([{"pass": p, "case": str(i), **vars_of(Recipe(i, 8, 9, i == 2, zoom_x=0.5))}
                         for p, order in ((0, (1, 0, 2)), (1, (2, 1, 0))) for i in order])  # fmt: skip
    made = recipes(plan, 1)
    assert made == [Recipe(i, 8, 9, i == 2, zoom_x=0.5) for i in (2, 1, 0)]
    assert made == [recipe(row) for _, row in plan[plan["pass"] == 1].iterrows()]
    assert [type(value) for value in vars_of(made[0]).values()] == [type(v) for v in vars_of(Recipe(0, 1, 1)).values()]


@pytest.mark.parametrize(
    ("broken", "number", "message"),
    [(lambda p: p, 5, "no pass 5; expected a pass up to 0"), (lambda p: p.drop(columns="zoom_x"), 0, "'zoom_x'")],
)
def test_a_plan_of_another_shape_is_refused(broken: Any, number: int, message: str) -> None:  # noqa: ANN401
    """A missing pass or column is told in one line."""
    plan = pd.DataFrame([{"pass": 0, "case": "a", **vars_of(Recipe(0, 8, 9))}])
    with pytest.raises(GlassboxError, match=message):
        recipes(broken(plan), number)


def test_sizes_must_meet() -> None:
    """A mask of another size than its picture is refused."""
    with pytest.raises(ValueError, match="mask is"):
        replay(Recipe(0, 8, 8), np.zeros((8, 8, 3), np.uint8), np.zeros((8, 9), np.uint8))


def vars_of(made: Recipe) -> dict[str, Any]:
    """The fields of a recipe as a row of the plan."""
    return {name: getattr(made, name) for name in made.__slots__}
