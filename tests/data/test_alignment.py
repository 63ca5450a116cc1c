"""The proof over a plan: which samples it takes, what it counts, and that it stops at the first mask that strayed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from glassbox.data import alignment, augment, plan
from glassbox.data.alignment import LEAST, Alignment, verify
from glassbox.data.augment import Image, Mask, Recipe
from glassbox.errors import GlassboxError
from glassbox.params import Passes, load

CASES, HEIGHT, WIDTH = 4, 48, 64
PASSES = [
    Passes(count=count, samples=1, share=1.0, height=height, width=width, without=[])
    for count, height, width in ((2, 24, 32), (1, 48, 64))
]
Made = tuple[Image, Image]


def scenes() -> tuple[Image, Image]:
    """A few pictures and their masks, (N, H, W, 3) and (N, H, W) uint8: one disc each, off the middle."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    masks = np.stack([np.hypot(y - 18, x - 20 - 2 * i) < 9 for i in range(CASES)]).astype(np.uint8)
    return np.where(masks[..., None] == 1, np.uint8(60), np.uint8(200)).repeat(3, axis=3), masks


IMAGES, MASKS = scenes()


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """The project's own transforms: three passes of four cases, the last pass at another size."""
    content = load(Path(__file__).parents[2] / "params.yaml").tasks["phantom"].augment
    return plan.draw([str(i) for i in range(CASES)], content.model_copy(update={"passes": PASSES}), seed=3)


@pytest.mark.parametrize(("samples", "each"), [(3, 1), (6, 2), (8, 2), (11, 3), (12, 4), (400, 4)])
def test_samples_are_spread_over_all_passes(
    drawn: pd.DataFrame, samples: int, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same number of each pass, the first in training order, each on its own case; never more than was asked."""
    seen: list[Recipe] = []

    def spy(recipe: Recipe, image: Image, mask: Mask) -> Alignment:
        np.testing.assert_array_equal(image, IMAGES[recipe.index])
        np.testing.assert_array_equal(mask, MASKS[recipe.index])
        seen.append(recipe)
        return Alignment(True, 1.0)

    monkeypatch.setattr(alignment, "aligned", spy)
    found = verify(drawn, IMAGES, MASKS, samples)
    assert seen == [recipe for number in range(3) for recipe in augment.recipes(drawn, number)[:each]]
    assert found == {"samples": 3 * each, "agreement_mean": 1.0, "agreement_min": 1.0}


def test_mean_and_least_agreement_are_told(drawn: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1, 1 and the least that passes, to 4 decimals; a hair below it is refused."""
    values = iter([1.0, LEAST, 1.0])
    monkeypatch.setattr(alignment, "aligned", lambda *_: Alignment(True, next(values)))
    found = verify(drawn, IMAGES, MASKS, 3)
    assert found == {"samples": 3, "agreement_mean": round((2 + LEAST) / 3, 4), "agreement_min": LEAST}
    monkeypatch.setattr(alignment, "aligned", lambda *_: Alignment(True, LEAST - 1e-9))
    with pytest.raises(GlassboxError, match=r"^augmented sample \d of pass 0: agreement 0\.98;"):
        verify(drawn, IMAGES, MASKS, 3)


def test_what_replay_makes_agrees(drawn: pd.DataFrame) -> None:
    """Nothing patched: every sample of the plan passes."""
    found = verify(drawn, IMAGES, MASKS, 100)
    assert found["samples"] == 12 and LEAST <= found["agreement_min"] <= found["agreement_mean"] <= 1


STRAYED: dict[str, tuple[Callable[[Made], Any], str]] = {
    "shifted by two pixels": (lambda made: (made[0], np.roll(made[1], 2, axis=1)), r"agreement 0\.[0-8]\d"),
    "turned about": (lambda made: (made[0], made[1][::-1, ::-1]), r"agreement 0\.[0-8]\d"),
    "of 0 and 255": (lambda made: (made[0], made[1] * np.uint8(255)), "a mask that is not binary"),
    "of floats": (lambda made: (made[0], made[1].astype(np.float32)), "a mask that is not binary"),
}


@pytest.mark.parametrize("how", STRAYED)
def test_a_mask_that_strayed_in_one_pass_is_refused(
    drawn: pd.DataFrame, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken only at the size of the last pass, `replay` is caught there, by the first such sample and its pass."""
    replay, (broken, told) = augment.replay, STRAYED[how]

    def replayed(recipe: Recipe, image: Image, mask: Mask) -> Made:
        made = replay(recipe, image, mask)
        strayed: Made = broken(made) if recipe.height == PASSES[1].height else made
        return strayed

    monkeypatch.setattr(alignment, "replay", replayed)
    assert verify(drawn[drawn["pass"] < 2], IMAGES, MASKS, 100)["samples"] == 8
    first = augment.recipes(drawn, 2)[0].index
    with pytest.raises(GlassboxError, match=f"^augmented sample {first} of pass 2: {told}"):
        verify(drawn, IMAGES, MASKS, 100)


def test_a_picture_that_strayed_is_refused(drawn: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mask at its place and the picture's way two pixels off are caught as well."""
    warp: Any = augment.warp
    monkeypatch.setattr(alignment, "warp", lambda recipe, picture: np.roll(warp(recipe, picture), 2, axis=1))
    with pytest.raises(GlassboxError, match=r"^augmented sample \d of pass 0: agreement 0\.[0-8]\d"):
        verify(drawn, IMAGES, MASKS, 3)
