"""`glassbox acquire` puts a data set into place whole, or leaves what was there."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glassbox import artifacts
from glassbox.data import download
from glassbox.data.isic import loader as isic
from glassbox.data.loader import Archive, Pair

Run = Callable[..., Any]
Refused = Callable[..., None]
RAW = Path("data/raw/isic")
MANIFEST = Path("data/isic.sha256")
IMAGE = "ISIC-2017_Test_v2_Data/ISIC_0000004.jpg"
MASK = "ISIC-2017_Test_v2_Part1_GroundTruth/ISIC_0000004_segmentation.png"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def zipped(official: Path, target: Path) -> Path:
    """Each official folder as an archive of its own."""
    target.mkdir()
    for folder in official.iterdir():
        with zipfile.ZipFile(target / f"{folder.name}.zip", "w") as archive:
            for path in folder.iterdir():
                archive.write(path, f"{folder.name}/{path.name}")
    return target


@pytest.mark.parametrize("packed", [False, True])
def test_brings_checks_and_writes_the_manifest(official: Path, run: Run, tmp_path: Path, packed: bool) -> None:
    """From folders or archives: the same files, a manifest of their checksums, and what was found on stdout."""
    source = zipped(official, tmp_path / "zips") if packed else official
    result = run("acquire", "isic", "--from", source)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert contents(RAW) == contents(official)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents(RAW).items()}
    assert MANIFEST.read_text() == "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    assert all(line in result.stdout for line in ("train: 3 cases, 64x48", "test: 2 cases", f"{MANIFEST}: written"))


def test_again_changes_nothing(official: Path, run: Run) -> None:
    """Repeated with a source, or without one on data in place, the files and the manifest stay."""
    run("acquire", "isic", "--from", official)
    before = contents(Path())
    for arguments in (["--from", official], []):
        result = run("acquire", "isic", *arguments)
        assert (result.exit_code, contents(Path())) == (0, before), result.output
        assert f"{MANIFEST}: as it was" in result.stdout


def test_files_of_others_stay(official: Path, run: Run) -> None:
    """What else lies in the raw folder is left alone; an official folder is replaced as a whole."""
    run("acquire", "isic", "--from", official)
    (RAW / "notes.txt").write_text("mine")
    (RAW / IMAGE).with_name("stale.txt").write_text("old")
    assert run("acquire", "isic", "--from", official).exit_code == 0
    assert contents(RAW) == {**contents(official), "notes.txt": b"mine"}


def change(official: Path) -> None:
    (official / IMAGE).write_bytes((official / IMAGE.replace("4.jpg", "5.jpg")).read_bytes())


def remove(official: Path) -> None:
    (official / IMAGE).unlink()
    (official / MASK).unlink()


def add(official: Path) -> None:
    for name in (IMAGE, MASK):
        shutil.copy(official / name, official / name.replace("ISIC_0000004", "ISIC_0000009"))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (change, f"1 changed, the first {IMAGE}"),
        (remove, f"2 missing, the first {IMAGE}"),
        (add, f"2 not listed, the first {IMAGE.replace('4.jpg', '9.jpg')}"),
    ],
)
@pytest.mark.parametrize("in_place", [False, True])
def test_other_data_than_the_manifest_need_consent(
    official: Path, run: Run, refused: Refused, edit: Callable[[Path], None], said: str, in_place: bool
) -> None:
    """The difference is told and nothing touched; with `--accept` data and manifest are replaced."""
    run("acquire", "isic", "--from", official)
    before = MANIFEST.read_text()
    edit(RAW if in_place else official)
    arguments = ["acquire", "isic"] if in_place else ["acquire", "isic", "--from", official]
    refused(arguments, str(MANIFEST), said, "--accept")
    result = run(*arguments, "--accept")
    assert result.exit_code == 0, result.output
    assert MANIFEST.read_text() != before
    assert in_place or contents(RAW) == contents(official)
    assert run("acquire", "isic").exit_code == 0


def test_faults_stop_it(official: Path, run: Run) -> None:
    """A damaged picture and a mask alone: each one line on stdout, exit code 1, nothing in place."""
    (official / IMAGE).write_bytes((official / IMAGE).read_bytes()[:-9])
    (official / IMAGE.replace("4.jpg", "5.jpg")).unlink()
    result = run("acquire", "isic", "--from", official)
    assert result.exit_code == 1
    faults = [line for line in result.stdout.splitlines() if line.startswith("fault: ")]
    assert len(faults) == 2 and "truncated JPEG" in faults[0] and "mask without an image" in faults[1]
    assert not RAW.exists() and not MANIFEST.exists()


def test_without_a_source_it_downloads(
    official: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The official archives of the edition are fetched and brought."""
    zips = zipped(official, tmp_path / "zips")

    def fetch(archive: Archive, folder: Path, tell: object) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(zips / archive.name, folder))

    monkeypatch.setattr(download, "fetch", fetch)
    result = run("acquire", "isic")
    assert result.exit_code == 0, result.output
    assert contents(RAW) == contents(official)
    assert "6 archives" in result.stdout and "data/raw/.downloads" in result.stdout


def test_an_interrupt_between_two_renames_keeps_the_old_data(
    official: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the old folder is away and the new not yet there, Ctrl-C leaves the old one in place, and no other."""
    run("acquire", "isic", "--from", official)
    before = contents(RAW)
    change(official)
    real = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if ".incoming" in self.parts and target.parent == RAW and not self.name.endswith(".old"):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    assert run("acquire", "isic", "--from", official, "--accept").exit_code == 130
    assert contents(RAW) == before


def test_without_a_known_download_a_source_is_asked_for(
    official: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loader may know no archives: then the line says how to bring the data."""
    monkeypatch.setattr(isic, "archives", lambda source: [])
    refused(["acquire", "isic"], "task 'isic'", "no official download", "run: glassbox acquire isic --from PATH")


@pytest.mark.parametrize("command", ["acquire", "check"])
def test_a_loader_that_lacks_a_name_is_refused(
    project: artifacts.Paths, refused: Refused, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Never taken for one that draws its pictures, or for data without a fault."""
    for name in ("folders", "listed"):
        monkeypatch.delattr(isic, name)
    refused(
        [command, "isic"],
        "glassbox/data/isic/loader.py: no folders, listed;",
        "Source, cases, attributes, folders, listed",
    )


@pytest.mark.parametrize(
    ("found", "said"), [({}, "no picture in it"), ({"train": [], "test": []}, "no picture of split train")]
)
@pytest.mark.parametrize("command", [["check", "isic"], ["acquire", "isic", "--from"]])
def test_nothing_found_is_not_nothing_wrong(
    official: Path,
    refused: Refused,
    monkeypatch: pytest.MonkeyPatch,
    found: dict[str, list[Pair]],
    said: str,
    command: list[object],
) -> None:
    """A loader that finds no pair, where there is no data or another layout, never ends with 0 faults."""
    monkeypatch.setattr(isic, "listed", lambda raw, source: found)
    RAW.parent.mkdir(parents=True)
    arguments = [*command, official] if command[-1] == "--from" else command
    refused(arguments, said, "run: glassbox acquire isic --from PATH")


def test_misuse(official: Path, refused: Refused, tmp_path: Path) -> None:
    """A source that isn't there, or holds something else, is told in one line."""
    refused(["acquire", "isic", "--from", "nowhere"], "nowhere", "no such file or folder")
    refused(["acquire", "isic", "--from", tmp_path / "project"], "6 of 6 official folders not found")
    refused(["acquire", "nobody"], "task 'nobody'")


def test_drawn_data_need_no_files(project: artifacts.Paths, run: Run) -> None:
    """The phantom's manifest is written from its parameters."""
    result = run("acquire", "phantom")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "nothing to acquire" in result.stdout
    assert [line.split()[1] for line in project.manifest("phantom").read_text().splitlines()] == [
        f"phantom/{split}" for split in artifacts.SPLITS
    ]


def test_check_of_files(official: Path, run: Run) -> None:
    """`glassbox check` finds what went wrong after acquiring: an edited mask, and that the manifest no longer holds."""
    run("acquire", "isic", "--from", official)
    assert run("check", "isic").exit_code == 0
    (RAW / MASK).write_bytes((RAW / IMAGE).read_bytes())
    result = run("check", "isic")
    faults = [line for line in result.stdout.splitlines() if line.startswith("fault: ")]
    assert result.exit_code == 1
    assert [("ISIC_0000004" in line) for line in faults] == [True, True]
    assert "changed" in faults[1]


def test_check_counts_duplicates(official: Path, run: Run) -> None:
    """The same picture in two splits is a finding, not a fault."""
    shutil.copy(official / "ISIC-2017_Training_Data/ISIC_0000000.jpg", official / IMAGE)
    run("acquire", "isic", "--from", official)
    result = run("check", "isic")
    assert result.exit_code == 0
    assert "exact duplicate across train and test: ISIC_0000000 and ISIC_0000004" in result.stdout
