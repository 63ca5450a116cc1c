"""The chest X-ray loader against folders in the official layout, written here, and the real archive where at hand."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from glassbox.data.acquire import bring
from glassbox.data.chest_xray import loader
from glassbox.data.labelled import Labelled
from glassbox.errors import GlassboxError

SHARED = Path(__file__).parents[3] / "../shared/data/chest_xray"
SOURCE = loader.Source(holdout=0.25)
SPLITS = ("train", "val", "test")


def picture(path: Path, value: int) -> None:
    """A flat grey picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".jpeg", np.full((12, 16), value, np.uint8))[1].tobytes())


def official(raw: Path, with_val: bool = False) -> Path:
    """20 normal, 24 bacterial and 16 viral pictures of patients with up to three each to train on, and 4 to test."""
    top = raw / "chest_xray"
    for index in range(10):
        picture(top / f"train/NORMAL/IM-{index:04d}-0001.jpeg", 60)
        picture(top / f"train/NORMAL/NORMAL2-IM-{index:04d}-0001-0002.jpeg", 70)
    for index in range(24):
        picture(top / f"train/PNEUMONIA/person{index // 3 + 1}_bacteria_{index}.jpeg", 80)
    for index in range(16):
        picture(top / f"train/PNEUMONIA/person{index // 2 + 101}_virus_{index}.jpeg", 90)
    for name in ("NORMAL/IM-0001-0001", "NORMAL/NORMAL2-IM-0001-0001", "PNEUMONIA/person1_virus_6"):
        picture(top / f"test/{name}.jpeg", 100)
    picture(top / "test/PNEUMONIA/person99_bacteria_7_2.jpeg", 100)
    if with_val:
        picture(top / "val/NORMAL/NORMAL2-IM-1427-0001.jpeg", 110)
        picture(top / "val/PNEUMONIA/person1_bacteria_99.jpeg", 120)
    for junk in ("train/NORMAL/.DS_Store", "train/NORMAL/._IM-0001-0001.jpeg", "test/PNEUMONIA/notes.txt"):
        (top / junk).write_bytes(b"not a picture")
    return raw


def read(raw: Path, split: str, seed: int = 5) -> list[Labelled]:
    return list(loader.cases(raw, SOURCE, seed, split))


def kind(case: Labelled) -> str:
    return next((name for name in ("bacteria", "virus") if case.attributes[name]), "normal")


def test_the_test_folder_is_the_official_one(tmp_path: Path) -> None:
    """Sorted by name; class, patient and kind are those that the file's name tells."""
    found = read(official(tmp_path / "chest-xray"), "test")
    assert [(case.name, case.label, case.group, kind(case)) for case in found] == [
        ("test-normal-IM-0001-0001", (0,), "IM-0001", "normal"),
        ("test-normal-NORMAL2-IM-0001-0001", (0,), "NORMAL2-IM-0001", "normal"),
        ("test-pneumonia-person1_virus_6", (1,), "person1", "virus"),
        ("test-pneumonia-person99_bacteria_7_2", (1,), "person99", "bacteria"),
    ]


def test_attributes(tmp_path: Path) -> None:
    """Two flags, of which at most one is set, and the tone of the picture."""
    (normal, _, viral, bacterial) = read(official(tmp_path / "chest-xray"), "test")
    tone = {"brightness": pytest.approx(100 / 255, abs=0.01), "contrast": pytest.approx(0, abs=0.01)}
    assert normal.attributes == {"bacteria": 0.0, "virus": 0.0, **tone}
    assert viral.attributes == {"bacteria": 0.0, "virus": 1.0, **tone}
    assert bacterial.attributes == {"bacteria": 1.0, "virus": 0.0, **tone}
    assert normal.image.shape == (12, 16, 3) and normal.image.dtype == np.uint8


def test_held_out_by_class_and_kind_and_no_patient_divided(tmp_path: Path) -> None:
    """A quarter of each kind, as far as whole patients add up to it; the rest trains."""
    raw = official(tmp_path / "chest-xray")
    train, val = read(raw, "train"), read(raw, "val")
    assert len({case.name for case in train + val}) == 60 == len(train) + len(val)
    counted = {name: sum(kind(case) == name for case in val) for name in ("normal", "bacteria", "virus")}
    assert counted == {"normal": 5, "bacteria": 6, "virus": 4}
    assert not {case.group for case in train} & {case.group for case in val}
    assert [case.name for case in train] == sorted(case.name for case in train)
    assert [case.name for case in read(raw, "val")] == [case.name for case in val]
    assert [case.name for case in read(raw, "val", seed=6)] != [case.name for case in val]


def test_both_names_of_normal_pictures_are_people_of_their_own(tmp_path: Path) -> None:
    """`IM-0003` and `NORMAL2-IM-0003` are two patients."""
    found = read(official(tmp_path / "chest-xray"), "train") + read(tmp_path / "chest-xray", "val")
    assert len({case.group for case in found if case.label == (0,)}) == 20


def test_the_official_validation_folder_joins_train(tmp_path: Path) -> None:
    """Its pictures keep its name, and its patients stay with those of train."""
    raw = official(tmp_path / "chest-xray", with_val=True)
    found = {case.name: case for split in ("train", "val") for case in read(raw, split)}
    assert len(found) == 62
    assert {"val-normal-NORMAL2-IM-1427-0001", "val-pneumonia-person1_bacteria_99"} < set(found)
    assert {split: len(entries) for split, entries in loader.listed(raw, SOURCE).items()} == {"train": 62, "test": 4}
    train, val = ({case.group for case in read(raw, split)} for split in ("train", "val"))
    assert not train & val


def test_what_is_listed_is_what_is_read(tmp_path: Path) -> None:
    """One file an entry."""
    raw = official(tmp_path / "chest-xray")
    for entry, case in zip(loader.listed(raw, SOURCE)["test"], read(raw, "test"), strict=True):
        again = entry.read()
        assert (entry.name, entry.label, entry.group) == (case.name, case.label, case.group)
        assert (again.name, again.attributes) == (case.name, case.attributes) and len(entry.files) == 1


@pytest.mark.parametrize("folder", ["train/NORMAL", "train/PNEUMONIA", "test/NORMAL", "test/PNEUMONIA", "val/NORMAL"])
@pytest.mark.parametrize("empty", [False, True])
def test_a_class_without_pictures_is_refused(tmp_path: Path, folder: str, empty: bool) -> None:
    """Whether its folder is missing or holds none: nothing read must not pass for nothing there."""
    raw = official(tmp_path / "chest-xray", with_val=True)
    for path in (raw / "chest_xray" / folder).iterdir():
        path.unlink()
    if not empty:
        (raw / "chest_xray" / folder).rmdir()
    told = "no picture in it" if empty else "no such folder"
    with pytest.raises(GlassboxError, match=rf"{folder}: {told}.*run: glassbox acquire chest-xray --from PATH"):
        loader.listed(raw, SOURCE)


@pytest.mark.parametrize("name", ["NORMAL/scan.jpeg", "PNEUMONIA/person_virus_6.jpeg", "PNEUMONIA/IM-0001-0001.jpeg"])
def test_a_name_that_tells_no_patient_is_refused(tmp_path: Path, name: str) -> None:
    """A picture of nobody knows whom could be on both sides."""
    raw = official(tmp_path / "chest-xray")
    picture(raw / "chest_xray/train" / name, 50)
    with pytest.raises(GlassboxError, match=rf"{name}: a name that does not tell the patient; expected a patient's"):
        loader.listed(raw, SOURCE)


def test_an_unreadable_picture_is_one_line(tmp_path: Path) -> None:
    """It names the file."""
    raw = official(tmp_path / "chest-xray")
    path = raw / "chest_xray/test/NORMAL/IM-0001-0001.jpeg"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(GlassboxError, match=r"IM-0001-0001\.jpeg: "):
        read(raw, "test")


def test_misuse(tmp_path: Path) -> None:
    """No share to validate by, and a split that is none."""
    raw = official(tmp_path / "chest-xray")
    with pytest.raises(GlassboxError, match=r"source\.holdout: 0 of 60 training pictures; expected a share"):
        list(loader.cases(raw, loader.Source(holdout=0.0), 5, "train"))
    with pytest.raises(GlassboxError, match="split: 'valid'; expected one of train, val, test"):
        read(raw, "valid")


def test_the_manifest_covers_every_picture(tmp_path: Path) -> None:
    """Nothing else; one too many is refused."""
    raw = official(tmp_path / "chest-xray")
    text = loader.manifest(raw, SOURCE, 5)
    assert len(text.splitlines()) == 64 and ".DS_Store" not in text
    loader.verify(raw, SOURCE, 5, text)
    picture(raw / "chest_xray/test/NORMAL/IM-0099-0001.jpeg", 50)
    with pytest.raises(GlassboxError, match=r"1 files not in the manifest, .*IM-0099"):
        loader.verify(raw, SOURCE, 5, text)
    assert loader.archives(SOURCE) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real chest X-rays are not here")
def test_the_real_archive_is_read(tmp_path: Path) -> None:
    """The official counts, every name understood, a tenth of each kind held out, and 170 numbers on both sides."""
    raw, tenth = tmp_path / "chest-xray", loader.Source(holdout=0.1)
    assert bring(SHARED, raw, loader.folders(tenth)) == 5840
    found = loader.listed(raw, tenth)
    counted = {split: [sum(e.label == (k,) for e in entries) for k in (0, 1)] for split, entries in found.items()}
    assert counted == {"train": [1341, 3875], "test": [234, 390]}
    train, test = ({entry.group for entry in found[split]} for split in ("train", "test"))
    assert len(train & test) == 170
    val = list(loader.cases(raw, tenth, 20170, "val"))
    shares = {name: sum(kind(case) == name for case in val) for name in ("normal", "bacteria", "virus")}
    assert shares == {
        "normal": pytest.approx(134, abs=5),
        "bacteria": pytest.approx(253, abs=5),
        "virus": pytest.approx(134, abs=5),
    }
