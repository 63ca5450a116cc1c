"""From labelled pictures to a split: sizes, channels, labels, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from glassbox.artifacts import read_labelled, write_labelled
from glassbox.data import steps
from glassbox.data.assemble_labelled import assemble, counts
from glassbox.data.check import Census
from glassbox.data.labelled import Labelled
from glassbox.errors import GlassboxError
from glassbox.params import Classes, ClassifyPreprocess, parse

OFF = {
    "colour_constancy": {"enabled": False, "p": 6},
    "hair_removal": {"enabled": False, "kernel_px": 9, "threshold": 10, "inpaint_radius_px": 1},
    "clahe": {"enabled": False, "clip": 2.0, "tiles": 4},
}
NAMES = ("normal", "bacterial", "viral")


def settings(channels: int, **changed: object) -> ClassifyPreprocess:
    """16 x 20 pixels."""
    return parse(ClassifyPreprocess, {**OFF, "height": 16, "width": 20, "channels": channels, **changed}, "preprocess")


def classes(form: str, names: tuple[str, ...] = NAMES) -> Classes:
    return parse(Classes, {"form": form, "classes": [{"name": name, "about": name} for name in names]}, "labels")


def cases(*labels: tuple[int, ...]) -> Iterator[Labelled]:
    """Noise, 30 x 40 pixels, one a label."""
    rng = np.random.default_rng(3)
    for index, label in enumerate(labels):
        image = rng.integers(0, 256, (30, 40, 3), np.uint8)
        yield Labelled(f"case-{index}", image, label, {"brightness": 1 / 3, "flag": 1.0})


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("clahe", [False, True])
def test_pictures_are_prepared_and_kept_in_the_channels_asked_for(channels: int, clahe: bool) -> None:
    """The steps of segmentation in colour, then colour or luma."""
    given, census = settings(channels, clahe={**OFF["clahe"], "enabled": clahe}), Census()
    split = assemble(cases((0,), (2,), (1,)), given, classes("multi-class"), "train", census)
    assert split.images.shape == (3, 16, 20, channels) and split.images.dtype == np.uint8
    for found, case in zip(split.images, cases((0,), (2,), (1,)), strict=True):
        ready = steps.prepare(case.image, given)
        luma = cv2.cvtColor(ready, cv2.COLOR_RGB2GRAY)[:, :, None]
        assert (found == (ready if channels == 3 else luma)).all()
    assert split.labels.tolist() == [[0], [2], [1]] and split.labels.dtype == np.int64
    assert split.cases == ("case-0", "case-1", "case-2")
    assert split.attributes.to_dict("list") == {"brightness": [0.333333] * 3, "flag": [1.0] * 3}
    assert list(split.attributes.index) == list(split.cases)
    report = census.report()
    assert report.counts["cases"] == {"train": 3} and report.counts["image_sizes"]["train"]["width_px"]["max"] == 40


def test_grey_pictures_lose_nothing_in_one_channel() -> None:
    """What was grey already comes out as any of its three channels."""
    grey = np.random.default_rng(1).integers(0, 256, (16, 20, 1), np.uint8)
    case = Labelled("grey", np.repeat(grey, 3, axis=2), (1,), {})
    split = assemble([case], settings(1), classes("multi-class"), "test", Census())
    assert (split.images[0] == grey).all()


def test_a_split_survives_its_file(tmp_path: Path) -> None:
    """What is assembled can be stored and read."""
    split = assemble(cases((0,), (1,)), settings(1), classes("ordinal"), "val", Census())
    write_labelled(tmp_path / "val.npz", split)
    again = read_labelled(tmp_path / "val.npz")
    assert again.cases == split.cases and (again.images == split.images).all() and (again.labels == split.labels).all()


@pytest.mark.parametrize(
    ("form", "labels", "counted"),
    [
        ("multi-class", [(0,), (2,), (2,)], {"normal": 1, "bacterial": 0, "viral": 2}),
        ("ordinal", [(1,), (0,)], {"normal": 1, "bacterial": 1, "viral": 0}),
        ("multi-label", [(0, 1, 1), (0, 1, 0), (0, 0, 0)], {"normal": 0, "bacterial": 2, "viral": 1}),
    ],
)
def test_counts_by_class(form: str, labels: list[tuple[int, ...]], counted: dict[str, int]) -> None:
    """Every class is named, one without a case too; they are plain numbers, fit for JSON."""
    split = assemble(cases(*labels), settings(3), classes(form), "train", Census())
    found = counts(split)
    assert found == counted and {type(count) for count in found.values()} == {int}


@pytest.mark.parametrize(
    ("form", "labels", "split", "told"),
    [
        ("multi-class", [], "test", "split test: no cases; expected at least one"),
        ("multi-class", [(0,), (3,)], "test", "case-1: label 3; expected one class index from 0 to 2"),
        ("multi-class", [(0,), (-1,)], "test", "case-1: label -1"),
        ("multi-class", [(0,), (1, 2)], "test", "case-1: label 1, 2"),
        ("multi-label", [(0, 1, 1), (0, 2, 0)], "train", "case-1: label 0, 2, 0; expected 3 flags of 0 or 1"),
        ("multi-class", [(2,), (2,)], "train", "split train: 2 cases, all of them viral; expected cases of two"),
        ("ordinal", [(0,)], "val", "split val: 1 cases, all of them normal"),
        ("multi-label", [(1, 0, 1), (1, 0, 1)], "val", "all of them normal and viral"),
        ("multi-label", [(0, 0, 0), (0, 0, 0)], "val", "all of them of no class"),
    ],
)
def test_refusals(form: str, labels: list[tuple[int, ...]], split: str, told: str) -> None:
    """In one line that names the case, or the split and the class."""
    with pytest.raises(GlassboxError, match=told) as refusal:
        assemble(cases(*labels), settings(3), classes(form), split, Census())
    assert "\n" not in str(refusal.value)


def test_a_test_split_may_hold_one_class() -> None:
    """It is scored, not learned from: what is undefined there is for the scores to say."""
    split = assemble(cases((1,), (1,)), settings(3), classes("binary", ("normal", "pneumonia")), "test", Census())
    assert len(split.cases) == 2
