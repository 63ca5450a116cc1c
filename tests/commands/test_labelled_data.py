"""`glassbox acquire` and `check` of pictures that are told apart: one official file, and folders by class."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glassbox.data import download
from glassbox.data.loader import Archive

Run = Callable[..., Any]
Refused = Callable[..., None]
REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY / "../shared/data"
FILE = Path("data/raw/pathmnist/pathmnist.npz")
MANIFEST = Path("data/pathmnist.sha256")
CHEST = Path("data/raw/chest-xray")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the repository's own parameters, without data, and the working directory in it."""
    folder = tmp_path / "project"
    (folder / "data" / "raw").mkdir(parents=True)
    shutil.copy(REPOSITORY / "params.yaml", folder)
    monkeypatch.chdir(folder)
    return folder


def tissue(path: Path, highest: int = 8, seed: int = 1) -> Path:
    """A file of 54 pictures to train on and 18 to test, of nine classes, as MedMNIST stores them."""
    rng, arrays = np.random.default_rng(seed), {}
    for split, count in (("train", 54), ("test", 18)):
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, 28, 28, 3), np.uint8)
        arrays[f"{split}_labels"] = (np.arange(count)[:, None] % (highest + 1)).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return path


def lungs(root: Path) -> Path:
    """A folder with the official one, of noise: two pictures a patient to train on, and patient 1 in test too."""
    rng = np.random.default_rng(2)
    names = [f"train/NORMAL/IM-{patient:04d}-{number:04d}" for patient in range(6) for number in (1, 2)]
    names += [f"train/PNEUMONIA/person{patient}_bacteria_{patient}" for patient in range(12)]
    names += ["test/NORMAL/IM-0100-0001", "test/PNEUMONIA/person1_virus_5"]
    for name in names:
        path = root / "chest_xray" / f"{name}.jpeg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".jpeg", rng.integers(0, 256, (32, 40), np.uint8))[1].tobytes())
    return root


def contents() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path("data").rglob("*") if path.is_file()}


def test_a_file_of_another_name_is_brought_under_the_official_one(run: Run, tmp_path: Path) -> None:
    """The same bytes, one line of manifest, and on stdout how many there are of each class."""
    source = tissue(tmp_path / "brought" / "subset.npz")
    result = run("acquire", "pathmnist", "--from", source)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert contents() == {str(FILE): source.read_bytes(), str(MANIFEST): MANIFEST.read_bytes()}
    assert MANIFEST.read_text() == f"{hashlib.sha256(source.read_bytes()).hexdigest()}  pathmnist.npz\n"
    assert f"{source}: found, to be brought as pathmnist.npz" in result.stdout
    assert "train: 54 cases, 28x28" in result.stdout and "test: adipose 2, background 2" in result.stdout


def test_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    """Repeated with a folder that holds the file, or without a source on data in place."""
    tissue(tmp_path / "brought" / "pathmnist.npz")
    run("acquire", "pathmnist", "--from", tmp_path / "brought")
    before = contents()
    for arguments in (["--from", tmp_path / "brought"], []):
        result = run("acquire", "pathmnist", *arguments)
        assert (result.exit_code, contents()) == (0, before), result.output
        assert f"{MANIFEST}: as it was" in result.stdout


def test_another_file_needs_consent(run: Run, refused: Refused, tmp_path: Path) -> None:
    """The difference is told and nothing touched; with `--accept` file and manifest are replaced."""
    run("acquire", "pathmnist", "--from", tissue(tmp_path / "one.npz"))
    other = tissue(tmp_path / "other.npz", seed=2)
    refused(["acquire", "pathmnist", "--from", other], "1 changed, the first pathmnist.npz", "--accept")
    assert run("acquire", "pathmnist", "--from", other, "--accept").exit_code == 0
    assert FILE.read_bytes() == other.read_bytes()
    assert run("check", "pathmnist").exit_code == 0


def test_labels_that_the_task_has_not_stop_it(run: Run, tmp_path: Path) -> None:
    """One line a split on stdout, exit code 1, nothing in place."""
    result = run("acquire", "pathmnist", "--from", tissue(tmp_path / "ten.npz", highest=9))
    faults = [line for line in result.stdout.splitlines() if line.startswith("fault: ")]
    assert result.exit_code == 1 and contents() == {}
    assert ["5 labels of train, the first 9 of train-00009" in faults[0], "1 labels of test" in faults[1]] == [
        True,
        True,
    ]
    assert faults[0].endswith("expected one class index from 0 to 8")


def test_without_a_source_the_file_is_downloaded(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the address in the parameters, and brought from where downloads lie."""
    source = tissue(tmp_path / "pathmnist.npz")
    asked: list[Archive] = []

    def fetch(archive: Archive, folder: Path, tell: object) -> Path:
        asked.append(archive)
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(source, folder / archive.name))

    monkeypatch.setattr(download, "fetch", fetch)
    result = run("acquire", "pathmnist")
    assert result.exit_code == 0, result.output
    assert FILE.read_bytes() == source.read_bytes()
    assert [archive.url.partition("?")[0].rsplit("/", 1)[-1] for archive in asked] == ["pathmnist.npz"]


def test_misuse_of_a_file(refused: Refused, tmp_path: Path) -> None:
    """Nowhere, another kind, no archive, another layout, and nothing brought yet: one line each, nothing written."""
    refused(["acquire", "pathmnist", "--from", "nowhere"], "nowhere", "no such file or folder")
    (tmp_path / "x.zip").write_bytes(b"x")
    refused(["acquire", "pathmnist", "--from", tmp_path / "x.zip"], "another kind of file", "a .npz file")
    refused(["acquire", "pathmnist", "--from", tmp_path], "no pathmnist.npz in it")
    (tmp_path / "x.npz").write_bytes(b"x")
    refused(["acquire", "pathmnist", "--from", tmp_path / "x.npz"], "no .npz file, or cut short")
    np.savez(tmp_path / "y.npz", images=np.zeros((2, 2)))
    refused(
        ["acquire", "pathmnist", "--from", tmp_path / "y.npz"],
        "no train_images, train_labels, test_images, test_labels in",
    )
    refused(["check", "pathmnist"], "pathmnist.npz: no such file", "run: glassbox acquire pathmnist --from PATH")


@pytest.mark.parametrize("packed", [False, True])
def test_folders_by_class(run: Run, tmp_path: Path, packed: bool) -> None:
    """From the folder or its archive: the pictures, their manifest, and who is on both sides."""
    source = lungs(tmp_path / "brought")
    if packed:
        shutil.make_archive(str(tmp_path / "zips" / "chest_xray"), "zip", source, "chest_xray")
        assert zipfile.is_zipfile(tmp_path / "zips" / "chest_xray.zip")
    result = run("acquire", "chest-xray", "--from", tmp_path / "zips" if packed else source)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert len(Path("data/chest-xray.sha256").read_text().splitlines()) == 26
    told = run("check", "chest-xray").stdout
    assert "train: 24 cases, 40x32" in told and "train: normal 12, pneumonia 12" in told
    assert "finding: 1 patient numbers occur both in train and in test, the first person1" in told
    report = json.loads(run("check", "chest-xray", "--json").stdout)
    classes = {"train": {"normal": 12, "pneumonia": 12}, "test": {"normal": 1, "pneumonia": 1}}
    assert (report["classes"], report["cases"], report["faults"]) == (classes, {"train": 24, "test": 2}, [])


def test_faults_of_folders(run: Run, refused: Refused, tmp_path: Path) -> None:
    """A damaged picture and a manifest that no longer holds are faults; a class without pictures is a mistake."""
    run("acquire", "chest-xray", "--from", lungs(tmp_path / "brought"))
    damaged = CHEST / "chest_xray/test/NORMAL/IM-0100-0001.jpeg"
    damaged.write_bytes(damaged.read_bytes()[:-30])
    result = run("check", "chest-xray")
    faults = [line for line in result.stdout.splitlines() if line.startswith("fault: ")]
    assert result.exit_code == 1
    assert ["IM-0100-0001.jpeg" in faults[0], "1 files changed" in faults[1]] == [True, True]
    damaged.unlink()
    refused(["check", "chest-xray"], "test/NORMAL: no picture in it", "run: glassbox acquire chest-xray --from PATH")


def test_no_download_of_the_chest_pictures_is_known(refused: Refused) -> None:
    """They are handed out after registration: the line says how to bring them."""
    refused(["acquire", "chest-xray"], "no official download known", "run: glassbox acquire chest-xray --from PATH")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data sets are not here")
@pytest.mark.parametrize(
    ("task", "source", "lines", "told"),
    [
        ("pathmnist", "medmnist/pathmnist_subset.npz", 1, "train: 1000 cases"),
        ("pneumoniamnist", "medmnist", 1, "10 exact across"),
        ("chest-xray", "chest_xray", 5840, "170 patient numbers occur both in train and in test"),
    ],
)
def test_real_data(run: Run, task: str, source: str, lines: int, told: str) -> None:
    """As they lie on the disk, without a fault."""
    result = run("acquire", task, "--from", SHARED / source)
    assert result.exit_code == 0, result.output
    assert told in result.stdout and "0 faults" in result.stdout
    assert len(Path(f"data/{task}.sha256").read_text().splitlines()) == lines
