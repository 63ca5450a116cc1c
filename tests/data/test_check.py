"""The census of a data set: counts by hand, every fault in its own line, duplicates as findings."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glassbox.data.check import Census, Report, check
from glassbox.data.loader import Pair


@dataclass(frozen=True)
class Bare:
    """A case without a mask, as a classification task has it."""

    name: str
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class Masked(Bare):
    mask: NDArray[np.bool_]


def picture(seed: int, height: int = 24, width: int = 32) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def square(side: int, height: int = 24, width: int = 32) -> NDArray[np.bool_]:
    mask = np.zeros((height, width), bool)
    mask[:side, :side] = True
    return mask


def stored(folder: Path, name: str, image: NDArray[Any] | bytes | None, mask: NDArray[Any] | bytes | None) -> Pair:
    """A pair on disk; bytes are written as they are, None not at all."""
    paths = folder / f"{name}.png", folder / f"{name}_segmentation.png"
    for path, content in zip(paths, (image, mask), strict=True):
        if isinstance(content, np.ndarray):
            content = cv2.imencode(".png", content)[1].tobytes()
        if content is not None:
            path.write_bytes(content)
    return Pair(name, *paths)


WHITE = square(6).astype(np.uint8) * 255


def test_the_counts_by_hand() -> None:
    """Sizes, lesion shares and duplicates of seven small cases."""
    census = Census()
    for index, side in enumerate((4, 8, 12)):
        census.add("train", Masked(f"t{index}", picture(index), square(side)))
    census.add("train", Masked("t3", picture(3, 48, 64), square(4, 48, 64)))
    census.add("val", Masked("v0", picture(0), square(4)))
    census.add("test", Masked("e0", picture(7), square(4)))
    census.add("test", Masked("e1", np.clip(picture(7).astype(int) + 2, 0, 255).astype(np.uint8), square(4)))
    report = census.report()
    assert report.counts["cases"] == {"train": 4, "val": 1, "test": 2}
    assert report.counts["image_sizes"]["train"] == {
        "height_px": {"min": 24, "median": 24.0, "max": 48},
        "width_px": {"min": 32, "median": 32.0, "max": 64},
        "distinct": 2,
    }
    shares = report.counts["target_share"]["train"]
    assert (shares["min"], shares["max"]) == (round(16 / 3072, 4), round(144 / 768, 4))
    assert shares["median"] == round((16 + 64) / 768 / 2, 4)
    assert report.counts["duplicates"] == {"exact_within": 0, "exact_across": 1, "near_within": 1, "near_across": 0}
    assert report.findings == [
        "exact duplicate across train and val: t0 and v0",
        "near duplicate within test: e0 and e1",
    ]
    assert report.faults == []
    assert report.counts["faults"] == 0


def numbers(tree: Any) -> list[Any]:  # noqa: ANN401
    return [leaf for value in tree.values() for leaf in numbers(value)] if isinstance(tree, dict) else [tree]


def test_counts_fit_a_metrics_file() -> None:
    """Nested plain numbers: no list, no null, no NaN, no numpy type; empty and without masks too."""
    census = Census()
    for reported in (
        census.report(),
        _with(census, Bare("a", picture(0))),
        _with(census, Masked("b", picture(1), square(0))),
    ):
        leaves = numbers(json.loads(json.dumps(reported.counts, allow_nan=False)))
        assert all(type(leaf) in (int, float) for leaf in leaves)


def _with(census: Census, case: Bare) -> Report:
    census.add("train", case)
    return census.report()


def test_a_case_without_a_mask_has_no_share() -> None:
    """Classification tasks are counted by their pictures alone."""
    report = _with(Census(), Bare("a", picture(0)))
    assert report.counts["target_share"] == {}
    assert report.lines()[0] == "train: 1 cases, 32x24 to 32x24 pixels, median 32x24, 1 distinct"


@pytest.mark.parametrize(
    ("image", "mask", "fault"),
    [
        (picture(0), None, "a.png: image without a mask; expected"),
        (None, WHITE, "a_segmentation.png: mask without an image; expected"),
        (None, None, "a.png: "),
        (b"text", WHITE, "a.png: not a picture"),
        (cv2.imencode(".png", picture(0))[1].tobytes()[:99], WHITE, "a.png: truncated PNG"),
        (picture(0), WHITE[:-1], "a_segmentation.png: mask is 32x23 pixels; expected the image's 32x24"),
        (picture(0), np.full_like(WHITE, 128), "768 grey pixels, the first value 128"),
        (picture(0), WHITE * 0, "a_segmentation.png: empty mask"),
        (picture(0), b"", "a_segmentation.png: empty file"),
    ],
)  # fmt: skip
def test_every_fault_has_its_line(tmp_path: Path, image: Any, mask: Any, fault: str) -> None:  # noqa: ANN401
    """The faulty pair is named once, and the sound one is still counted."""
    pairs = [stored(tmp_path, "a", image, mask), stored(tmp_path, "b", picture(1), WHITE)]
    report = check({"train": pairs})
    assert len(report.faults) == 1
    assert fault in report.faults[0]
    assert report.counts["cases"] == {"train": 1}
    assert report.counts["faults"] == 1
    assert report.lines()[-1].startswith("fault: ")


def test_masks_of_a_census_are_looked_at_too() -> None:
    """Cases that never were files: an empty mask, and one of another size."""
    census = Census()
    census.add("train", Masked("empty", picture(0), square(0)))
    census.add("train", Masked("small", picture(1), square(3, 12, 12)))
    assert [fault.split(":")[0] for fault in census.report().faults] == ["empty", "small"]


def test_progress_and_a_long_list(tmp_path: Path) -> None:
    """Progress once a pair; of thirty faults twenty are printed and ten counted."""
    told: list[tuple[str, int, int]] = []
    pairs = [stored(tmp_path, f"{index:02d}", picture(index), None) for index in range(30)]
    report = check({"train": pairs[:29], "val": pairs[29:]}, lambda *event: told.append(event))
    assert told[-1] == ("check val", 30, 30)
    assert len(report.faults) == 30
    assert report.lines()[-1] == "10 more faults"
