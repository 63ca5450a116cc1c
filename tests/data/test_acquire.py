"""Bringing data: whole or not at all, from whatever shape the user has it in, and held to its manifest afterwards."""

import errno
import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from glassbox.data import acquire
from glassbox.data.acquire import bring, manifest, verify
from glassbox.errors import GlassboxError

FOLDERS = ["Official_Images", "Official_Masks"]
FILES = {f"{folder}/ISIC_{index}{end}": f"{folder} {index}".encode() * 50
         for folder, end in zip(FOLDERS, (".jpg", "_segmentation.png"), strict=True) for index in range(3)}  # fmt: skip
JUNK = {"__MACOSX/Official_Images/._ISIC_0.jpg": b"x", "Official_Images/.DS_Store": b"x", "readme.txt": b"x"}


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder: relative path to content."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def unpacked(root: Path, prefix: str = "") -> Path:
    """The official folders, with junk beside them, on disk."""
    for name, data in (FILES | JUNK).items():
        path = root / prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """A zip of these files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def folder_of_zips(root: Path) -> Path:
    """One zip per official folder, as the archive distributes them."""
    for folder in FOLDERS:
        zipped(root / f"{folder}.zip", {name: data for name, data in FILES.items() if name.startswith(folder)} | JUNK)
    return root


def test_a_source_that_is_the_destination_is_kept(tmp_path: Path) -> None:
    """Archives unpacked, or put, right where they belong."""
    raw = unpacked(tmp_path / "raw")
    bring(raw, raw, FOLDERS)
    assert {name: data for name, data in tree(raw).items() if name in FILES} == FILES
    zips = folder_of_zips(tmp_path / "zips")
    bring(zips, zips, FOLDERS)
    assert {f"{folder}.zip" for folder in FOLDERS} < tree(zips).keys()


def test_old_files_are_replaced_and_others_left_alone(tmp_path: Path) -> None:
    """A folder that was there before holds afterwards what was brought, and nothing else."""
    raw = tmp_path / "raw"
    for name in ("Official_Images/old.jpg", "Another_Edition/keep.jpg"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(b"old")
    bring(folder_of_zips(tmp_path / "zips"), raw, FOLDERS)
    assert tree(raw) == FILES | {"Another_Edition/keep.jpg": b"old"}


def test_progress_is_told(tmp_path: Path) -> None:
    """Once a file, up to the total."""
    told: list[tuple[str, int, int]] = []
    bring(unpacked(tmp_path / "source"), tmp_path / "raw", FOLDERS, lambda *event: told.append(event))
    assert told[0] == ("Official_Images", 1, 6)
    assert told[-1] == ("Official_Masks", 6, 6)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_write_that_fails_keeps_the_old_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """A full disk, half-way, is told in one line; what was there before is still there, whole."""
    bring(folder_of_zips(tmp_path / "zips"), tmp_path / "raw", FOLDERS)
    real, copied = shutil.copyfileobj, []

    def fill_up(*args: object) -> None:
        copied.append(args)
        if len(copied) > 3:
            raise OSError(code, "it failed", "some file")
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(shutil, "copyfileobj", fill_up)
    with pytest.raises(GlassboxError, match="disk full" if code == errno.ENOSPC else "it failed"):
        bring(tmp_path / "zips", tmp_path / "raw", FOLDERS)
    assert tree(tmp_path / "raw") == FILES


def test_a_disk_that_is_too_small_is_seen_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The space needed is known from the archives."""
    monkeypatch.setattr(acquire.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 9))
    with pytest.raises(GlassboxError, match=r"0\.0 GB free"):
        bring(folder_of_zips(tmp_path / "zips"), tmp_path / "raw", FOLDERS)


@pytest.mark.parametrize("fault", [OSError(errno.EIO, "broken disk"), KeyboardInterrupt()])
@pytest.mark.parametrize("moved", [False, True], ids=["at the new one's", "behind the old one's"])
def test_a_rename_that_fails_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, moved: bool
) -> None:
    """The one moment at which a folder is away: a fault or an interrupt in it, before or in the second rename."""
    bring(folder_of_zips(tmp_path / "zips"), tmp_path / "raw", FOLDERS)
    real = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if moved and target.name.endswith(".old"):
            real(self, target)
            raise fault
        if not moved and self.parent.name == ".partial" and not self.name.endswith(".old"):
            raise fault
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises((GlassboxError, KeyboardInterrupt), match=r"broken disk|^$"):
        bring(tmp_path / "zips", tmp_path / "raw", FOLDERS)
    assert tree(tmp_path / "raw") == FILES


PATHS = [Path(name) for name in FILES]


def test_a_manifest_is_what_sha256sum_reads(tmp_path: Path) -> None:
    """Sorted lines of hash, two spaces and path; `sha256sum --check` agrees."""
    raw = unpacked(tmp_path / "raw")
    text = manifest(raw, reversed(PATHS))
    lines = text.splitlines()
    assert lines[0] == f"{hashlib.sha256(FILES['Official_Images/ISIC_0.jpg']).hexdigest()}  Official_Images/ISIC_0.jpg"
    assert [line[66:] for line in lines] == sorted(FILES)
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet"], input=text.encode(), cwd=raw, check=True)
    verify(raw, text)
    verify(raw, text, PATHS)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (
            lambda raw: (raw / PATHS[1]).unlink(),
            "1 files missing, the first Official_Images/ISIC_1.jpg; expected the 6",
        ),
        (shutil.rmtree, "6 files missing, the first Official_Images/ISIC_0.jpg"),
        (lambda raw: (raw / PATHS[4]).write_bytes(b"other"), "1 files changed, the first Official_Masks/ISIC_1_seg"),
    ],
)
def test_a_folder_that_differs_is_refused_with_the_mend(
    tmp_path: Path, damage: Callable[[Path], None], found: str
) -> None:
    """Missing and changed files, with the command that brings them."""
    raw = unpacked(tmp_path / "isic")
    text = manifest(raw, PATHS)
    damage(raw)
    with pytest.raises(GlassboxError, match=found + ".*run: glassbox acquire isic --from PATH"):
        verify(raw, text)


def test_a_file_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    """One that the loader would read."""
    raw = unpacked(tmp_path / "isic")
    with pytest.raises(GlassboxError, match=r"1 files not in the manifest, the first Official_Images/ISIC_9\.jpg"):
        verify(raw, manifest(raw, PATHS), [*PATHS, Path("Official_Images/ISIC_9.jpg")])


@pytest.mark.parametrize("text", ["", "no manifest\n", f"{'0' * 64} one-space\n", f"{'0' * 64}  ../out\n"])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    """An empty manifest would verify anything."""
    with pytest.raises(GlassboxError, match="manifest"):
        verify(tmp_path, text)
