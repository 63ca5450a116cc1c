"""The ISIC loader against folders in the official layout, written here, and against the real archives where at hand."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from glassbox.data.isic.loader import EDITIONS, archives, assigned, cases, files, folders, listed, pairs
from glassbox.errors import GlassboxError

SHARED = Path(__file__).parents[4] / "shared" / "data"


@dataclass(frozen=True)
class Source:
    edition: int
    holdout: float = 0.25


def picture(path: Path, value: int) -> None:
    """A small picture, or a mask with a square lesion, of the kind the name ends in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    array = np.full((12, 16), value, np.uint8)
    if path.suffix == ".png":
        array[:] = 0
        array[3:8, 4:9] = 255
    path.write_bytes(cv2.imencode(path.suffix, array)[1].tobytes())


def official(raw: Path, edition: int, count: int = 8) -> Path:
    """All folders of an edition, with the other files that the official archives hold."""
    ending = "_Segmentation.png" if edition == 2016 else "_segmentation.png"
    for index, part in enumerate(EDITIONS[edition].values()):
        for case in range(count):
            name = f"ISIC_{index:03d}{case:04d}"
            picture(raw / part.images / f"{name}.jpg", 100 + case)
            picture(raw / part.images / f"{name}_superpixels.png", 0)
            picture(raw / part.images / f"._{name}.jpg", 0)
            picture(raw / part.masks / f"{name}{ending}", 0)
        for name in ("LICENSE.txt", "ATTRIBUTION.txt", f"{part.images}_metadata.csv", ".DS_Store"):
            (raw / part.images / name).write_text("not a picture")
        (raw / part.images / "__MACOSX").mkdir()
    return raw


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_is_read_in_its_official_layout(tmp_path: Path, edition: int) -> None:
    """Pairs are sorted by name, and superpixels, tables, licences and hidden files are passed over."""
    raw = official(tmp_path / "isic", edition)
    for index, split in enumerate(EDITIONS[edition]):
        found = pairs(raw, edition, split)
        assert [pair.name for pair in found] == [f"ISIC_{index:03d}{case:04d}" for case in range(8)]
        assert all(pair.image.stem == pair.name and pair.mask.name.startswith(pair.name) for pair in found)
    read = files(raw, Source(edition))
    assert read == sorted(read)
    assert len(read) == 2 * 8 * len(EDITIONS[edition])
    assert not any(path.is_absolute() or "superpixels" in path.name for path in read)
    assert {path.parts[0] for path in read} == set(folders(Source(edition)))


def test_official_splits_are_kept(tmp_path: Path) -> None:
    """2017 has a validation split of its own: the hold-out plays no part."""
    raw = official(tmp_path, 2017)
    for split in ("train", "val", "test"):
        assert assigned(raw, Source(2017, 0.5), 1, split) == pairs(raw, 2017, split)


@pytest.mark.parametrize("edition", [2016, 2018])
def test_validation_is_held_out_where_none_is_official(tmp_path: Path, edition: int) -> None:
    """A seeded quarter of training, disjoint from the rest; the test split is not touched."""
    raw = official(tmp_path, edition)
    train, val, test = (assigned(raw, Source(edition), 1, split) for split in ("train", "val", "test"))
    assert (len(train), len(val), len(test)) == (6, 2, 8)
    assert sorted([*train, *val], key=lambda pair: pair.name) == pairs(raw, edition, "train")
    assert val == assigned(raw, Source(edition), 1, "val")
    assert any(val != assigned(raw, Source(edition), seed, "val") for seed in range(2, 8))


def test_a_case_holds_picture_mask_and_attributes(tmp_path: Path) -> None:
    """Pixels come from the files and the attributes from the pixels."""
    read = list(cases(official(tmp_path, 2017, 3), Source(2017), 0, "test"))
    assert [case.name for case in read] == ["ISIC_0020000", "ISIC_0020001", "ISIC_0020002"]
    assert read[0].image.shape == (12, 16, 3)
    assert read[0].mask.sum() == 25
    assert read[0].attributes["size"] == pytest.approx(25 / 192)
    assert set(read[0].attributes) == {"size", "contrast", "edge", "ita_deg", "hair"}


def lose(folder: str, name: str) -> Callable[[Path], None]:
    """Delete one file."""
    return lambda raw: (raw / folder / name).unlink()


def empty(folder: str) -> Callable[[Path], None]:
    """Delete all pictures of a folder."""
    return lambda raw: [path.unlink() for path in (raw / folder).glob("ISIC_*")] and None


@pytest.mark.parametrize(
    ("damage", "where", "found"),
    [
        (lose("ISIC-2017_Training_Part1_GroundTruth", "ISIC_0000003_segmentation.png"), "ISIC_0000003.jpg",
         "image without a mask"),
        (lose("ISIC-2017_Training_Data", "ISIC_0000005.jpg"), "ISIC_0000005_segmentation.png", "mask without an image"),
        (lambda raw: (raw / "ISIC-2017_Training_Data").rename(raw / "Training"), "ISIC-2017_Training_Data",
         "no such folder"),
        (empty("ISIC-2017_Training_Data"), "ISIC-2017_Training_Data", "no picture"),
    ],
)  # fmt: skip
def test_a_damaged_folder_is_refused_with_the_mend(
    tmp_path: Path, damage: Callable[[Path], None], where: str, found: str
) -> None:
    """The first file at fault is named, and the command that brings the data."""
    raw = official(tmp_path / "isic", 2017)
    damage(raw)
    with pytest.raises(GlassboxError, match=f"{where}: {found}.*run: glassbox acquire isic --from PATH"):
        pairs(raw, 2017, "train")


def test_all_names_are_listed_even_where_one_half_is_absent(tmp_path: Path) -> None:
    """`listed` gives the path at which the missing half is expected."""
    raw = official(tmp_path, 2017)
    lose("ISIC-2017_Training_Data", "ISIC_0000005.jpg")(raw)
    found = listed(raw, Source(2017))
    assert {split: len(pairs) for split, pairs in found.items()} == {"train": 8, "val": 8, "test": 8}
    pair = found["train"][5]
    assert pair.name == "ISIC_0000005"
    assert pair.mask.exists()
    assert not pair.image.exists()


def test_a_mask_of_another_size_stops_the_loader(tmp_path: Path) -> None:
    """Nothing is fitted in silence."""
    raw = official(tmp_path, 2017, 1)
    mask = raw / "ISIC-2017_Test_v2_Part1_GroundTruth" / "ISIC_0020000_segmentation.png"
    mask.write_bytes(cv2.imencode(".png", np.full((12, 15), 255, np.uint8))[1].tobytes())
    with pytest.raises(GlassboxError, match=f"{mask.name}: mask is 15x12 pixels; expected the image's 16x12"):
        list(cases(raw, Source(2017), 0, "test"))


@pytest.mark.parametrize(
    ("edition", "split", "found"),
    [(2019, "train", "edition: 2019"), (2017, "dev", "split: 'dev'"), (2018, "dev", "'dev'")],
)
def test_unknown_names_are_refused(tmp_path: Path, edition: int, split: str, found: str) -> None:
    """Editions and splits are named in the error."""
    with pytest.raises(GlassboxError, match=found):
        assigned(tmp_path, Source(edition), 0, split)


@pytest.mark.parametrize(("edition", "count"), [(2016, 4), (2017, 6), (2018, 4)])
def test_the_official_archives_are_named_after_their_folders(edition: int, count: int) -> None:
    """Images and masks of every split, by https, each with the folder that it holds."""
    found = archives(Source(edition))
    assert len({archive.url for archive in found}) == count
    start = f"https://isic-archive.s3.amazonaws.com/challenges/{edition}/"
    assert all(archive.url == start + archive.name for archive in found)
    assert [archive.name for archive in found] == [f"{folder}.zip" for folder in folders(Source(edition))]


@pytest.mark.parametrize(("edition", "counts"), [(2017, (2000, 150, 600)), (2018, (1946, 648, 100))])
def test_the_real_archives_hold_the_official_counts(tmp_path: Path, edition: int, counts: tuple[int, ...]) -> None:
    """Names alone are looked at: empty files under the archives' own names."""
    kept = SHARED / f"isic{edition}"
    if not kept.is_dir():
        pytest.skip(f"no ISIC {edition} archives at {kept}")
    for folder in folders(Source(edition)):
        (tmp_path / folder).mkdir()
        with zipfile.ZipFile(kept / f"{folder}.zip") as archive:
            for name in archive.namelist():
                (tmp_path / name).touch()
    assert tuple(len(assigned(tmp_path, Source(edition), 1, split)) for split in ("train", "val", "test")) == counts
