import hashlib
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from scipy import ndimage

from glassbox.data.case import Case
from glassbox.data.phantom import loader as phantom
from glassbox.errors import GlassboxError


@dataclass(frozen=True)
class Drawn:
    height: int = 96
    width: int = 128
    train: int = 120
    val: int = 3
    test: int = 3
    hair: float = 0.4
    ruler: float = 0.2
    bubbles: float = 0.2
    chart: float = 0.15
    vignette: float = 0.25
    margin: float = 0.0


RAW = Path("phantom")
SOURCE = Drawn()
BARE = Drawn(hair=0, ruler=0, bubbles=0, chart=0, vignette=0)
FULL = Drawn(hair=1, ruler=1, bubbles=1, chart=1, vignette=1)


@pytest.fixture(scope="module")
def train() -> list[Case]:
    return list(phantom.cases(RAW, SOURCE, 0, "train"))


@pytest.fixture(scope="module")
def bare() -> list[Case]:
    return [phantom.draw(BARE, 1, "train", index) for index in range(40)]


def same(a: Case, b: Case) -> bool:
    pixels = np.array_equal(a.image, b.image) and np.array_equal(a.mask, b.mask)
    return pixels and a.name == b.name and a.attributes == b.attributes


def otsu_dice(case: Case) -> float:
    grey = cv2.cvtColor(case.image, cv2.COLOR_RGB2GRAY)
    dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1] == 0
    return float(2 * (dark & case.mask).sum() / (dark.sum() + case.mask.sum()))


@pytest.mark.parametrize(("height", "width"), [(96, 128), (64, 64), (48, 80), (97, 131), (128, 96)])
def test_a_case_has_the_size_asked_for(height: int, width: int) -> None:
    """Image (H, W, 3) uint8, mask (H, W) bool, a mask neither empty nor full, with every artefact drawn."""
    case = phantom.draw(replace(FULL, height=height, width=width), 3, "val", 1)
    assert case.name == "phantom-val-0001"
    assert case.image.shape == (height, width, 3)
    assert case.image.dtype == np.uint8
    assert case.mask.shape == (height, width)
    assert case.mask.dtype == np.bool_
    assert 0 < case.mask.mean() < 1
    assert case.image.std() > 3


@pytest.mark.parametrize(("split", "count"), [("train", 120), ("val", 3), ("test", 3)])
def test_a_split_holds_as_many_cases_as_the_source_says(split: str, count: int, train: list[Case]) -> None:
    """Names run from 0 without a gap."""
    drawn = train if split == "train" else list(phantom.cases(RAW, SOURCE, 0, split))
    assert [case.name for case in drawn] == [f"phantom-{split}-{index:04d}" for index in range(count)]


@pytest.mark.parametrize("index", [0, 7, 119])
def test_a_case_drawn_alone_is_the_case_of_the_stream(index: int, train: list[Case]) -> None:
    """Cases do not depend on the ones before them, nor on how many the split holds."""
    assert same(phantom.draw(replace(SOURCE, train=index + 1), 0, "train", index), train[index])


@pytest.mark.parametrize(("seed", "split", "index"), [(1, "train", 0), (0, "val", 0), (0, "train", 1)])
def test_another_number_draws_another_case(seed: int, split: str, index: int, train: list[Case]) -> None:
    """Seed, split and index each change both picture and lesion."""
    other = phantom.draw(SOURCE, seed, split, index)
    assert not np.array_equal(other.image, train[0].image)
    assert not np.array_equal(other.mask, train[0].mask)


def test_another_process_draws_the_same_bytes() -> None:
    """Nothing but the arguments decides: no hash order, thread count or global random state."""
    program = (
        "import hashlib, cv2; from types import SimpleNamespace as S;"
        "from glassbox.data.phantom import loader as phantom;"
        f"cv2.setNumThreads(1); c = phantom.draw(S(**{FULL.__dict__}), 5, 'test', 2);"
        "print(hashlib.sha256(c.image.tobytes() + c.mask.tobytes()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    here = phantom.draw(FULL, 5, "test", 2)
    assert there == hashlib.sha256(here.image.tobytes() + here.mask.tobytes()).hexdigest()


def test_masks_are_one_piece_without_holes(train: list[Case]) -> None:
    """One 8-connected lesion a picture; every pixel of background reaches the picture's frame."""
    for case in train:
        assert cv2.connectedComponents(case.mask.astype(np.uint8), connectivity=8)[0] == 2
        outside = np.pad(~case.mask, 1, constant_values=True).astype(np.uint8)
        assert cv2.connectedComponents(outside, connectivity=4)[0] == 2


def test_attributes_are_what_the_mask_says(train: list[Case]) -> None:
    """``size`` is the mask's exact share, ``edge`` whether it holds a pixel of the picture's outermost rows and
    columns; every value is a plain float."""
    for case in train:
        assert case.attributes["size"] == case.mask.sum() / case.mask.size
        inner = np.zeros_like(case.mask)
        inner[1:-1, 1:-1] = True
        assert case.attributes["edge"] == float((case.mask & ~inner).any())
        assert set(case.attributes) == {"size", "contrast", "ita_deg", "edge", *phantom.ARTEFACTS}
        assert {type(value) for value in case.attributes.values()} == {float}


@pytest.mark.parametrize(
    ("attribute", "below", "above"), [("size", 0.02, 0.45), ("ita_deg", -40, 60), ("contrast", 12, 30)]
)
def test_the_attributes_cover_their_range(attribute: str, below: float, above: float, train: list[Case]) -> None:
    """Lesions from a hundredth to more than half of the picture, skin from dark to very light, faint to glaring."""
    values = np.array([case.attributes[attribute] for case in train])
    assert values.min() < below
    assert values.max() > above


def test_the_attributes_stay_in_their_range(train: list[Case]) -> None:
    """Sizes between 1 % and 60 %, ITA between -50 and 70 degrees; a tenth to half of the lesions are cut."""
    for case in train:
        assert 0.01 <= case.attributes["size"] <= 0.6
        assert -50 <= case.attributes["ita_deg"] <= 70
        assert case.attributes["contrast"] > 0
    assert 0.1 < np.mean([case.attributes["edge"] for case in train]) < 0.5


@pytest.mark.parametrize("index", range(8))
def test_artefacts_leave_the_truth_alone(index: int) -> None:
    """With every artefact or none, mask and all attributes of the tissue are the same; the picture is not."""
    bare, full = (phantom.draw(source, 0, "train", index) for source in (BARE, FULL))
    assert np.array_equal(bare.mask, full.mask)
    assert not np.array_equal(bare.image, full.image)
    assert {name for name in bare.attributes if bare.attributes[name] != full.attributes[name]} == set(
        phantom.ARTEFACTS
    )


@pytest.mark.parametrize("artefact", sorted(phantom.ARTEFACTS))
def test_each_artefact_shows_when_its_flag_is_set(artefact: str) -> None:
    """Switching one artefact on sets its flag alone and changes some pixels, not all."""
    bare = phantom.draw(BARE, 0, "train", 3)
    one = phantom.draw(replace(BARE, **{artefact: 1}), 0, "train", 3)
    assert [name for name in bare.attributes if bare.attributes[name] != one.attributes[name]] == [artefact]
    changed = np.abs(bare.image.astype(int) - one.image).max(axis=-1) > 12
    assert 0.002 < changed.mean() < 0.7


@pytest.mark.parametrize("artefact", sorted(phantom.ARTEFACTS))
def test_rates_are_kept(artefact: str, train: list[Case]) -> None:
    """Each artefact occurs as often as asked for, within four standard errors."""
    rate = getattr(SOURCE, artefact)
    found = np.mean([case.attributes[artefact] for case in train])
    assert abs(found - rate) < 4 * np.sqrt(rate * (1 - rate) / len(train))


def test_a_threshold_does_not_solve_it(train: list[Case]) -> None:
    """Otsu's threshold on grey, darker side taken as lesion, finds something but stays far from a network's Dice."""
    assert 0.45 < np.mean([otsu_dice(case) for case in train]) < 0.7


def test_contrast_tells_how_much_the_lesion_stands_out(bare: list[Case]) -> None:
    """Where the recorded Delta E is larger, the lesion's mean colour in the picture is further from the skin's."""
    seen = [np.linalg.norm(c.image[c.mask].mean(axis=0) - c.image[~c.mask].mean(axis=0)) for c in bare]
    recorded = [case.attributes["contrast"] for case in bare]
    assert np.corrcoef(np.argsort(np.argsort(seen)), np.argsort(np.argsort(recorded)))[0, 1] > 0.6


def test_darker_skin_makes_darker_pictures(bare: list[Case]) -> None:
    """The picture follows the recorded ITA."""
    skin = [case.image[~case.mask].mean() for case in bare]
    assert np.corrcoef(skin, [case.attributes["ita_deg"] for case in bare])[0, 1] > 0.6


@pytest.mark.parametrize("index", range(5))
def test_resolution_changes_the_grain_not_the_scene(index: int) -> None:
    """At twice the size the same seed gives the same lesion, only finer."""
    small = phantom.draw(SOURCE, 0, "test", index)
    large = phantom.draw(replace(SOURCE, height=192, width=256), 0, "test", index)
    shrunk = cv2.resize(large.mask.astype(np.float32), (128, 96), interpolation=cv2.INTER_AREA) > 0.5
    assert (shrunk & small.mask).sum() / (shrunk | small.mask).sum() > 0.9
    assert abs(large.image.mean() - small.image.mean()) < 4


def test_manifest_names_every_split() -> None:
    """Three lines of checksum, two spaces and name, the same each time."""
    lines = phantom.manifest(RAW, SOURCE, 0).splitlines()
    assert [line[64:] for line in lines] == ["  phantom/train", "  phantom/val", "  phantom/test"]
    assert all(set(line[:64]) <= set("0123456789abcdef") for line in lines)
    assert phantom.manifest(RAW, SOURCE, 0).splitlines() == lines


@pytest.mark.parametrize(
    ("source", "seed", "changed"),
    [
        (SOURCE, 1, [True, True, True]),
        (replace(SOURCE, chart=0.5), 0, [True, True, True]),
        (replace(SOURCE, margin=0.1), 0, [True, True, True]),
        (replace(SOURCE, width=96), 0, [True, True, True]),
        (replace(SOURCE, val=4), 0, [False, True, False]),
    ],
)
def test_manifest_changes_with_what_changes_the_cases(source: Drawn, seed: int, changed: list[bool]) -> None:
    """A line changes where, and only where, the split's cases would."""
    pairs = zip(
        phantom.manifest(RAW, SOURCE, 0).splitlines(), phantom.manifest(RAW, source, seed).splitlines(), strict=True
    )
    assert [a != b for a, b in pairs] == changed


@pytest.mark.parametrize("split", ["training", "", "Test"])
def test_an_unknown_split_is_refused(split: str) -> None:
    """The error names the split and the three there are."""
    with pytest.raises(GlassboxError, match="one of train, val, test"):
        list(phantom.cases(RAW, SOURCE, 0, split))
    with pytest.raises(GlassboxError, match=f"split '{split}'"):
        phantom.draw(SOURCE, 0, split, 0)


def test_the_cue_alone_tells_the_margin() -> None:
    """Pictures stay what they are; a mask grows by the margin where the chart is, and only there."""
    cued = replace(SOURCE, chart=0.5, margin=0.06)
    margins = []
    for case in phantom.cases(RAW, cued, 5, "train"):
        known = phantom.draw(replace(cued, margin=0.0), 5, "train", int(case.name[-4:]))
        np.testing.assert_array_equal(case.image, known.image)
        margins.append(case.attributes["chart"])
        if not case.attributes["chart"]:
            np.testing.assert_array_equal(case.mask, known.mask)
            continue
        distance = ndimage.distance_transform_edt(~known.mask)  # 6 % of 96 rows are 6 pixels
        assert case.mask[distance <= 5].all() and not case.mask[distance > 7].any()
    assert 40 <= sum(margins) <= 80


def test_where_the_cue_lies_is_known() -> None:
    """Its pixels are those that would differ without it; none where there is no chart, or none is planted."""
    cued = replace(SOURCE, train=40, chart=0.5, margin=0.06)
    places = list(phantom.planted(cued, 5, "train"))
    for case, place in zip(phantom.cases(RAW, cued, 5, "train"), places, strict=True):
        bare = phantom.draw(replace(cued, chart=0.0), 5, "train", int(case.name[-4:]))
        np.testing.assert_array_equal(case.image[~place], bare.image[~place])
        assert place.any() == bool(case.attributes["chart"]) and place.mean() < 0.5
    assert 10 < sum(place.any() for place in places) < 30
    assert not any(place.any() for place in phantom.planted(replace(cued, margin=0.0), 5, "train"))
