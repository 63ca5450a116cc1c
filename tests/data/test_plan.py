"""The augmentation plan: what it draws, and that nothing else moves when one choice changes."""

import time
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from glassbox.data.augment import Recipe
from glassbox.data.plan import draw
from glassbox.errors import GlassboxError
from glassbox.params import Augment

CASES = [f"case-{number:03}" for number in range(100)]
BLOCKS: dict[str, dict[str, Any]] = {
    "flip": {"enabled": True, "horizontal": 0.5, "vertical": 0.25},
    "rotate": {"enabled": True, "rate": 0.8, "degrees": 120.0},
    "scale": {"enabled": True, "low": 0.7, "high": 1.5, "aspect": 0.2},
    "shift": {"enabled": True, "share": 0.12},
    "elastic": {"enabled": True, "rate": 0.3, "amplitude": 0.03, "smoothness": 0.12},
    "crop": {"enabled": True, "rate": 0.4, "low": 0.6, "high": 0.9},
    "brightness": {"enabled": True, "amount": 0.15},
    "contrast": {"enabled": True, "low": 0.75, "high": 1.3},
    "colour": {"enabled": True, "gain": 0.12},
    "blur": {"enabled": True, "rate": 0.5, "sigma_px": 1.2},
    "noise": {"enabled": True, "rate": 0.6, "sigma": 0.03},
    "jpeg": {"enabled": True, "rate": 0.35, "low": 40, "high": 90},
    "hair": {"enabled": True, "rate": 0.45, "most": 12},
    "cutout": {"enabled": True, "rate": 0.7, "share": 0.25},
    "mix": {"enabled": True, "alpha": 0.3},
    "fade": {"enabled": True, "rate": 0.55, "low": 0.1, "high": 0.6, "smoothness": 0.05},
}
COLUMNS = {
    "flip": ["flip_x", "flip_y"],
    "rotate": ["angle_deg"],
    "scale": ["zoom_x", "zoom_y"],
    "shift": ["shift_x", "shift_y"],
    "elastic": ["elastic_amplitude", "elastic_smoothness", "elastic_seed"],
    "crop": ["crop_x", "crop_y", "crop_w", "crop_h"],
    "brightness": ["brightness"],
    "contrast": ["contrast"],
    "colour": ["gain_r", "gain_g", "gain_b"],
    "blur": ["blur_sigma_px"],
    "noise": ["noise_sigma", "noise_seed"],
    "jpeg": ["jpeg_quality"],
    "hair": ["hair_count", "hair_seed"],
    "cutout": ["cutout_x", "cutout_y", "cutout_w", "cutout_h"],
    "mix": ["mix"],
    "fade": ["fade", "fade_smoothness"],
}
NEUTRAL = {field.name: field.default for field in fields(Recipe)}


def settings(passes: tuple[tuple[int, int, int], ...] = ((6, 48, 64), (4, 96, 128)), **changed: object) -> Augment:
    """Augment parameters; `changed` names whole blocks."""
    sizes = [
        {"count": count, "samples": 1, "share": 1.0, "height": h, "width": w, "without": []} for count, h, w in passes
    ]
    return Augment.model_validate({"passes": sizes, **BLOCKS, **changed})


@pytest.fixture(scope="module")
def plan() -> pd.DataFrame:
    return draw(CASES, settings(), seed=7)


def test_columns_are_pass_case_share_and_the_recipe(plan: pd.DataFrame) -> None:
    """Every field of a recipe is a column of the plan, in the same order, and there are no others."""
    assert list(plan) == ["pass", "case", "share", *NEUTRAL]


def test_types_are_the_declared_ones(plan: pd.DataFrame) -> None:
    """Types are narrow and fixed, so the stored plan is small and the same everywhere."""
    kinds = {"pass": "int16", "case": "category", "share": "float32", "index": "int32"}
    kinds |= {
        "height": "int16",
        "width": "int16",
        "flip_x": "bool",
        "flip_y": "bool",
        "jpeg_quality": "uint8",
        "hair_count": "int16",
    }
    kinds |= dict.fromkeys(("elastic_seed", "noise_seed", "hair_seed"), "uint32")
    assert {name: str(kind) for name, kind in plan.dtypes.items()} == dict.fromkeys(NEUTRAL, "float32") | kinds


def test_every_pass_holds_every_case_once_in_its_own_order(plan: pd.DataFrame) -> None:
    """A pass is a permutation of the cases; two passes differ; `index` is the position of `case`."""
    orders = [rows["case"].tolist() for _, rows in plan.groupby("pass")]
    assert len(orders) == 10
    assert all(sorted(order) == CASES and order != CASES for order in orders)
    assert len({tuple(order) for order in orders}) == 10
    assert [CASES[i] for i in plan["index"]] == plan["case"].tolist()


def test_sizes_follow_the_stretches(plan: pd.DataFrame) -> None:
    """Passes are numbered through the stretches, each at its stretch's size."""
    sizes = plan.groupby("pass")[["height", "width"]].agg(["min", "max"]).to_numpy().tolist()
    assert sizes == [[48, 48, 64, 64]] * 6 + [[96, 96, 128, 128]] * 4
    assert plan["pass"].is_monotonic_increasing


def test_patches_come_as_often_as_asked_and_show_their_share() -> None:
    """Each case `samples` times a pass, each time another window of `share` of the sides, crops inside it."""
    stretch = {"count": 2, "samples": 3, "share": 0.25, "height": 16, "width": 24, "without": []}
    made = draw(CASES, Augment.model_validate({"passes": [stretch], **BLOCKS}), 7)
    assert (made.groupby(["pass", "index"]).size() == 3).all() and len(made) == 600
    assert (made["share"] == 0.25).all()
    assert set(np.round(made.loc[made["crop_w"] == 0.25, ["crop_w", "crop_h"]].to_numpy().ravel(), 6)) == {0.25}
    assert made["crop_w"].max() == 0.25 and made["crop_w"].min() == pytest.approx(0.25 * 0.6, rel=0.05)
    for start, side in (("crop_x", "crop_w"), ("crop_y", "crop_h")):
        assert made[start].min() >= 0 and (made[start] + made[side]).max() <= 1 + 1e-6
        assert made[start].max() > 0.7 and made[start].nunique() > 500


def test_same_seed_same_plan() -> None:
    """The plan is a function of its arguments; another seed gives another."""
    pd.testing.assert_frame_equal(draw(CASES, settings(), 7), draw(CASES, settings(), 7))
    assert not draw(CASES, settings(), 7).equals(draw(CASES, settings(), 8))


def test_adding_passes_leaves_the_earlier(plan: pd.DataFrame) -> None:
    """Rows of pass p depend on p alone, not on how many passes there are."""
    longer = draw(CASES, settings(((6, 48, 64), (9, 96, 128))), 7)
    pd.testing.assert_frame_equal(longer[: len(plan)], plan)
    assert len(longer) == 1500


@pytest.mark.parametrize("name", list(BLOCKS))
def test_switching_one_off_leaves_the_others(plan: pd.DataFrame, name: str) -> None:
    """A transform that is off has its neutral values, and every other column is as it was."""
    off = draw(CASES, settings(**{name: BLOCKS[name] | {"enabled": False}}), 7)
    for column in COLUMNS[name]:
        assert (off[column] == NEUTRAL[column]).all() and not np.signbit(off[column].to_numpy(float)).any()
        assert not plan[column].equals(off[column])
    pd.testing.assert_frame_equal(off.drop(columns=COLUMNS[name]), plan.drop(columns=COLUMNS[name]))


@pytest.mark.parametrize("name", list(BLOCKS))
def test_a_stretch_goes_without_what_it_names(plan: pd.DataFrame, name: str) -> None:
    """Its passes are drawn as if the transform were off; the other stretch has it as before."""
    whole = settings()
    calm = whole.passes[1].model_copy(update={"without": [name]})
    made = draw(CASES, whole.model_copy(update={"passes": [whole.passes[0], calm]}), 7)
    off = draw(CASES, settings(**{name: BLOCKS[name] | {"enabled": False}}), 7)
    late = plan["pass"] >= whole.passes[0].count
    pd.testing.assert_frame_equal(made[late], off[late])
    pd.testing.assert_frame_equal(made[~late], plan[~late])


@pytest.mark.parametrize("name", ["rotate", "elastic", "crop", "blur", "noise", "jpeg", "hair", "cutout", "fade"])
def test_changing_a_rate_keeps_what_stays_on(plan: pd.DataFrame, name: str) -> None:
    """Rows that keep a transform at a lower rate keep its values too."""
    rare = draw(CASES, settings(**{name: BLOCKS[name] | {"rate": 0.2}}), 7)[COLUMNS[name]]
    on = (rare != pd.Series(NEUTRAL)[COLUMNS[name]]).any(axis=1)
    assert 0 < on.mean() < 0.3
    pd.testing.assert_frame_equal(rare[on], plan.loc[on, COLUMNS[name]])


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("angle_deg", -120, 120),
        ("shift_x", -0.12, 0.12),
        ("shift_y", -0.12, 0.12),
        ("brightness", -0.15, 0.15),
        ("contrast", 0.75, 1.3),
        ("gain_r", 0.88, 1.12),
        ("gain_g", 0.88, 1.12),
        ("gain_b", 0.88, 1.12),
        ("crop_w", 0.6, 0.9),
        ("elastic_amplitude", 0.03, 0.03),
        ("elastic_smoothness", 0.12, 0.12),
        ("blur_sigma_px", 0, 1.2),
        ("noise_sigma", 0, 0.03),
        ("jpeg_quality", 40, 90),
        ("hair_count", 1, 12),
        ("cutout_w", 0, 0.25),
        ("cutout_h", 0, 0.25),
        ("mix", 0, 0.5),
        ("fade", 0.1, 0.6),
        ("fade_smoothness", 0, 0.05),
    ],
)
def test_values_fill_their_range(plan: pd.DataFrame, column: str, low: float, high: float) -> None:
    """Values that are not neutral stay in the parameters' range and reach its outer 5 %."""
    values = plan.loc[plan[column] != NEUTRAL[column], column].astype(float)
    slack, reach = 1e-6, 0.05 * (high - low) + 1e-6
    assert low - slack <= values.min() <= low + reach
    assert high - reach <= values.max() <= high + slack


def test_zoom_is_log_even_and_its_sides_differ_by_the_aspect(plan: pd.DataFrame) -> None:
    """The geometric mean of the sides lies in [low, high], evenly in its logarithm; their ratio within 1 + aspect."""
    log_zoom = np.log(plan["zoom_x"] * plan["zoom_y"]) / 2
    assert np.log(0.7) - 1e-6 <= log_zoom.min() and log_zoom.max() <= np.log(1.5) + 1e-6
    assert log_zoom.mean() == pytest.approx((np.log(0.7) + np.log(1.5)) / 2, abs=0.03)
    ratio = np.abs(np.log(plan["zoom_x"] / plan["zoom_y"]))
    assert 0.95 * np.log(1.2) < ratio.max() <= np.log(1.2) + 1e-6


def test_windows_lie_inside(plan: pd.DataFrame) -> None:
    """Crop windows and cutouts lie within the picture and touch near both ends; crop sides are equal."""
    for kind in ("crop", "cutout"):
        for start, side in ((f"{kind}_x", f"{kind}_w"), (f"{kind}_y", f"{kind}_h")):
            assert plan[start].min() >= 0 and (plan[start] + plan[side]).max() <= 1 + 1e-6
        assert plan[f"{kind}_x"].max() > 0.25 and not plan[f"{kind}_x"].equals(plan[f"{kind}_y"])
    assert plan["crop_w"].equals(plan["crop_h"])


@pytest.mark.parametrize(
    ("column", "rate"),
    [
        ("flip_x", 0.5),
        ("flip_y", 0.25),
        ("angle_deg", 0.8),
        ("elastic_seed", 0.3),
        ("crop_w", 0.4),
        ("blur_sigma_px", 0.5),
        ("noise_seed", 0.6),
        ("noise_sigma", 0.6),
        ("jpeg_quality", 0.35),
        ("hair_seed", 0.45),
        ("hair_count", 0.45),
        ("cutout_w", 0.7),
        ("fade", 0.55),
    ],
)
def test_rates_are_met(plan: pd.DataFrame, column: str, rate: float) -> None:
    """Over 1000 rows a transform's share is its rate within four standard errors."""
    share = (plan[column] != NEUTRAL[column]).mean()
    assert share == pytest.approx(rate, abs=4 * np.sqrt(rate * (1 - rate) / 1000))


@pytest.mark.parametrize("kind", ["elastic", "noise", "hair"])
def test_seeds_are_on_where_the_transform_is(plan: pd.DataFrame, kind: str) -> None:
    """A seed is 0 exactly where its transform is off, and practically never repeated."""
    size = {"elastic": "elastic_amplitude", "noise": "noise_sigma", "hair": "hair_count"}[kind]
    seeds = plan[f"{kind}_seed"]
    assert ((seeds > 0) == (plan[size] > 0)).all()
    assert seeds[seeds > 0].is_unique


@pytest.mark.parametrize("cases", [[], ["a", "b", "a"]])
def test_cases_are_distinct(cases: list[str]) -> None:
    """No case, or one named twice, is refused in one line."""
    with pytest.raises(GlassboxError, match=r"augmentation plan: .* expected distinct cases"):
        draw(cases, settings(), 1)


def test_a_large_plan_is_quick() -> None:
    """2000 cases in 50 passes take a fraction of the 3 s (of processor time) they may."""
    start = time.process_time()
    plan = draw([str(number) for number in range(2000)], settings(((50, 96, 128),)), 1)
    assert time.process_time() - start < 3 and len(plan) == 100_000
