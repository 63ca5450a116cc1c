"""From cases to a split: everything of a case arrives, in order, and a mask beside its picture is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from glassbox.data import steps
from glassbox.data.assemble import assemble, showcase
from glassbox.data.case import Case
from glassbox.data.check import Census
from glassbox.data.picture import decode_mask
from glassbox.errors import GlassboxError
from glassbox.params import Preprocess, load

Picture, Mask = npt.NDArray[np.uint8], npt.NDArray[np.bool_]
ROOT = Path(__file__).parents[2]
SIZES = [(96, 128), (120, 180), (72, 80)]
STEPS = ["hair_removal", "colour_constancy", "clahe"]


def settings(*enabled: str) -> Preprocess:
    """The project's own numbers at 48 x 64, with the named steps on."""
    read = load(ROOT / "params.yaml").tasks["phantom"].preprocess
    switched = {name: getattr(read, name).model_copy(update={"enabled": name in enabled}) for name in STEPS}
    return read.model_copy(update={"height": 48, "width": 64, **switched})


def case(number: int, **attributes: float) -> Case:
    """A dark blob off the middle of a bright picture, at a size of its own, with a hair across."""
    height, width = SIZES[number]
    rng = np.random.default_rng(number)
    y, x = np.mgrid[:height, :width]
    mask = np.hypot((y - 0.4 * height) / height, (x - 0.35 * width) / width) < 0.2 + 0.03 * number
    image = np.where(mask[..., None], (120, 80, 60), (220, 180, 160)) + rng.integers(-5, 6, (height, width, 3))
    image[height // 2 : height // 2 + 4] = 25
    return Case(f"case-{number}", image.astype(np.uint8), mask, attributes)


CASES = [case(2, size=0.123456789), case(0, size=1.0), case(1, size=-3e-7)]


def test_a_case_arrives_whole_and_in_order() -> None:
    """Name, picture, mask of 0 and 1 and attributes, 6 decimals of them, stand at one place of the split."""
    split = assemble(iter(CASES), settings("clahe"), "train", Census())
    assert split.cases == ("case-2", "case-0", "case-1")
    assert split.images.shape == (3, 48, 64, 3) and split.masks.shape == (3, 48, 64)
    assert split.images.dtype == split.masks.dtype == np.uint8
    for i, one in enumerate(CASES):
        image, mask = steps.apply(one.image, one.mask, settings("clahe"))
        np.testing.assert_array_equal(split.images[i], image)
        np.testing.assert_array_equal(split.masks[i], mask)
    assert split.attributes.index.tolist() == list(split.cases)
    assert split.attributes["size"].tolist() == [0.123457, 1.0, 0.0]


def test_the_truth_keeps_its_own_size() -> None:
    """What is scored against is the mask as it was drawn, not as the network sees it."""
    split = assemble(CASES, settings(), "test", Census())
    for one, encoded in zip(CASES, split.truths, strict=True):
        truth = decode_mask(encoded)
        assert truth.shape == one.image.shape[:2] != (48, 64)
        np.testing.assert_array_equal(truth, one.mask)


def test_every_case_is_counted_under_its_split() -> None:
    """One census through two splits holds both, at the sizes before preprocessing."""
    census = Census()
    assemble(CASES, settings(), "train", census)
    assemble(CASES[:1], settings(), "val", census)
    counts = census.report().counts
    assert counts["cases"] == {"train": 3, "val": 1}
    assert counts["image_sizes"]["train"]["height_px"] == {"min": 72, "median": 96.0, "max": 120}
    assert counts["target_share"]["val"]["median"] == pytest.approx(CASES[0].mask.mean(), abs=1e-4)
    assert counts["duplicates"]["exact_across"] == 1


Broken = Callable[[Picture, Mask], tuple[Picture, Mask]]
BROKEN: dict[str, Broken] = {
    "mask shifted": lambda image, mask: (image, np.roll(mask, 3, axis=1)),
    "mask mirrored": lambda image, mask: (image, mask[:, ::-1]),
    "mask emptied": lambda image, mask: (image, np.zeros_like(mask)),
    "mask at another size": lambda image, mask: (image, mask[:24]),
    "picture mirrored": lambda image, mask: (image[:, ::-1], mask),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_mask_that_left_its_picture_is_refused(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever preprocessing does to one of the two alone ends the stage, by the name of the first such case."""
    apply = steps.apply

    def broken(image: Picture, mask: Mask, plan: steps.Steps) -> tuple[Picture, Mask]:
        made = apply(image, mask, plan)
        return BROKEN[how](*made) if image.shape[:2] == SIZES[0] else made

    monkeypatch.setattr(steps, "apply", broken)
    assert assemble([CASES[0], CASES[2]], settings(), "train", Census()).cases == ("case-2", "case-1")
    with pytest.raises(GlassboxError, match=r"^case-0: mask and picture lie apart after preprocessing; expected one"):
        assemble(CASES, settings(), "train", Census())


def test_a_split_without_cases_is_refused() -> None:
    """Told by the split's name, not by NumPy."""
    with pytest.raises(GlassboxError, match=r"^split val: no cases; expected at least one$"):
        assemble([], settings(), "val", Census())


SINGLE: dict[str, Callable[[Picture, Any], Picture]] = {
    "hair removal": lambda small, s: steps.dullrazor(small, s.hair_removal.kernel_px, s.hair_removal.threshold,
                                                     s.hair_removal.inpaint_radius_px),
    "colour constancy": lambda small, s: steps.shades_of_grey(small, s.colour_constancy.p),
    "CLAHE": lambda small, s: steps.clahe(small, s.clahe.clip, s.clahe.tiles),
}  # fmt: skip


@pytest.mark.parametrize("enabled", [[], ["colour_constancy"], ["hair_removal", "clahe"], STEPS])
def test_a_showcase_shows_each_step_alone_and_says_which_are_on(enabled: list[str]) -> None:
    """Every step is shown on the resized picture, on or off; the last picture is what the network is trained on."""
    image, chosen = CASES[1].image, settings(*enabled)
    shown = showcase(image, chosen)
    on = {title: "on" if name in enabled else "off" for title, name in zip(SINGLE, STEPS, strict=True)}
    titles = {title: f"{title} ({how})" for title, how in on.items()}
    assert list(shown) == ["original", "resize", *titles.values(), "as trained on"]
    small = steps.resize(image, 48, 64)
    np.testing.assert_array_equal(shown["original"], image)
    np.testing.assert_array_equal(shown["resize"], small)
    for title, alone in SINGLE.items():
        expected = alone(small, chosen)
        assert (expected != small).any(), title
        np.testing.assert_array_equal(shown[titles[title]], expected)
    np.testing.assert_array_equal(shown["as trained on"], assemble(CASES[1:2], chosen, "train", Census()).images[0])
