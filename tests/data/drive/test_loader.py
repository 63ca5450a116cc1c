"""The DRIVE loader against folders in the official layout, written here, and the real archives where at hand."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.color import deltaE_cie76, rgb2lab

from glassbox.data.acquire import bring
from glassbox.data.drive import loader
from glassbox.errors import GlassboxError

SHARED = Path(__file__).parents[4] / "shared" / "data" / "drive"
SOURCE = loader.Source(holdout=0.25)


def official(raw: Path) -> Path:
    """Eight numbers to train on and three to test, with files that are not the loader's."""
    for folder, numbers in (("training", range(21, 29)), ("test", range(1, 4))):
        for number in numbers:
            field = np.zeros((20, 24), np.uint8)
            field[2:18, 2:22] = 255
            vessels = np.zeros_like(field)
            vessels[4 + number % 8, :] = 255
            picture = np.full((20, 24, 3), number, np.uint8)
            files = {
                f"images/{number:02d}_{folder}.tif": picture,
                f"mask/{number:02d}_{folder}_mask.gif": field,
                f"1st_manual/{number:02d}_manual1.gif": vessels,
                f"2nd_manual/{number:02d}_manual2.gif": field,
            }
            for name, pixels in files.items():
                path = raw / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(pixels).save(path)  # OpenCV writes no GIF of one frame
    return raw


def test_splits_are_the_official_ones_with_a_part_of_training_held_out(tmp_path: Path) -> None:
    """A quarter validates; names tell the folder, since numbers alone do not."""
    raw = official(tmp_path / "drive")
    found = {split: [case.name for case in loader.cases(raw, SOURCE, 5, split)] for split in ("train", "val", "test")}
    assert found["test"] == ["test-01", "test-02", "test-03"]
    assert len(found["val"]) == 2 and len(found["train"]) == 6
    assert sorted(found["train"] + found["val"]) == [f"training-{number}" for number in range(21, 29)]
    again = [case.name for case in loader.cases(raw, SOURCE, 6, "val")]
    assert again != found["val"]


def test_a_case_has_its_field_of_view(tmp_path: Path) -> None:
    """The region is the official mask; the share of vessels is measured inside it."""
    (case, *_) = loader.cases(official(tmp_path / "drive"), SOURCE, 5, "test")
    assert case.region is not None and case.region.sum() == 16 * 20
    assert case.mask.sum() == 24 and case.image.shape == (20, 24, 3)
    assert case.attributes["size"] == pytest.approx(20 / (16 * 20))


def test_contrast_is_that_of_vessels_and_the_rest_of_the_field() -> None:
    """Against scikit-image, whose white point differs a little; undefined without vessels."""
    image = np.full((6, 6, 3), (180, 90, 60), np.uint8)
    mask, region = np.zeros((6, 6), bool), np.ones((6, 6), bool)
    mask[2], region[:, 0] = True, False
    image[2], image[:, 0] = (120, 40, 30), (0, 255, 0)
    expected = deltaE_cie76(*(rgb2lab(np.uint8([[colour]])) for colour in ((120, 40, 30), (180, 90, 60))))
    assert loader.attributes(image, mask, region)["contrast"] == pytest.approx(expected.item(), rel=0.01)
    assert np.isnan(loader.attributes(image, mask & False, region)["contrast"])


@pytest.mark.parametrize("lost", ["images/02_test.tif", "mask/02_test_mask.gif", "1st_manual/02_manual1.gif"])
def test_a_file_missing_is_told(tmp_path: Path, lost: str) -> None:
    """Whichever of the three it is, with the command that mends it."""
    raw = official(tmp_path / "drive")
    (raw / "test" / lost).unlink()
    with pytest.raises(GlassboxError, match=r"no such file.*run: glassbox acquire drive --from PATH") as caught:
        list(loader.cases(raw, SOURCE, 5, "test"))
    assert str(caught.value).startswith(str(raw / "test" / lost))


def test_the_manifest_covers_pictures_vessels_and_fields(tmp_path: Path) -> None:
    """Nothing else; a changed field of view is refused."""
    raw = official(tmp_path / "drive")
    text = loader.manifest(raw, SOURCE, 5)
    assert len(text.splitlines()) == 3 * 11 and "2nd_manual" not in text
    loader.verify(raw, SOURCE, 5, text)
    (raw / "test" / "mask" / "01_test_mask.gif").write_bytes(b"GIF89a")
    with pytest.raises(GlassboxError, match=r"01_test_mask\.gif"):
        loader.verify(raw, SOURCE, 5, text)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Nothing read must not pass for nothing wrong."""
    with pytest.raises(GlassboxError, match="training: no picture in it"):
        loader.listed(tmp_path / "drive", SOURCE)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official DRIVE archives are not here")
def test_the_official_archives_are_read(tmp_path: Path) -> None:
    """Twenty pictures each, of one size, vessels within the field of view but for a few pixels."""
    with ExitStack():
        bring(SHARED, tmp_path / "drive", loader.folders(SOURCE))
    found = {split: list(loader.cases(tmp_path / "drive", SOURCE, 20170, split)) for split in ("train", "val", "test")}
    assert {split: len(cases) for split, cases in found.items()} == {"train": 15, "val": 5, "test": 20}
    for case in found["test"]:
        assert case.image.shape == (584, 565, 3) and case.region is not None
        assert 0.66 < case.region.mean() < 0.7 and 0.05 < case.attributes["size"] < 0.2
        assert (case.mask & ~case.region).sum() < 0.02 * case.mask.sum()
