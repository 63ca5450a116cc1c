"""Archives: every shape a user may have the data in gives the same files, and a bad one leaves nothing behind."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from glassbox.data.acquire import bring
from glassbox.errors import GlassboxError

FOLDERS = ["Official_Images", "Official_Masks"]
FILES = {f"{folder}/ISIC_{index}{end}": f"{folder} {index}".encode() * 50
         for folder, end in zip(FOLDERS, (".jpg", "_segmentation.png"), strict=True) for index in range(3)}  # fmt: skip
IMAGES = {name: data for name, data in FILES.items() if "Images" in name}
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


def bare_zips(root: Path) -> Path:
    """Zips packed without their folder."""
    for folder in FOLDERS:
        inside = {name.split("/")[1]: data for name, data in FILES.items() if name.startswith(folder)}
        zipped(root / f"{folder}.zip", inside)
    return root


def doubled(root: Path) -> Path:
    """Each zip unpacked into a folder of its own name."""
    for name, data in FILES.items():
        path = root / name.split("/")[0] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def windows_zip(root: Path) -> Path:
    """A zip whose entries were written with backslashes."""
    path = zipped(root / "all.zip", FILES)
    path.write_bytes(path.read_bytes().replace(b"Official_Images/", b"Official_Images\\").replace(
        b"Official_Masks/", b"Official_Masks\\"))  # fmt: skip
    return path


SHAPES: dict[str, Callable[[Path], Path]] = {
    "folder of zips": folder_of_zips,
    "zips without their folder": bare_zips,
    "official folders": unpacked,
    "official folders deeper down": lambda root: unpacked(root, "downloads/isic"),
    "folders within folders of the same name": doubled,
    "one zip": lambda root: zipped(root / "all.zip", FILES | JUNK),
    "one zip with a top folder": lambda root: zipped(root / "x.zip", {f"top/{k}": v for k, v in FILES.items()}),
    "one zip from Windows": windows_zip,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_files(tmp_path: Path, shape: str) -> None:
    """Junk stays behind, no staging folder is left, and bringing twice changes nothing."""
    source = SHAPES[shape](tmp_path / "source")
    for _ in range(2):
        assert bring(source, tmp_path / "data" / "raw", FOLDERS) == len(FILES)
        assert tree(tmp_path / "data" / "raw") == FILES
        assert [path.name for path in (tmp_path / "data" / "raw").iterdir() if path.name.startswith(".")] == []


def link(root: Path) -> Path:
    """A zip that holds a symbolic link."""
    path = zipped(root / "all.zip", FILES)
    entry = zipfile.ZipInfo("Official_Images/ISIC_9.jpg")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    return path


def cut(root: Path) -> Path:
    """A download that broke off."""
    path = zipped(root / "all.zip", FILES)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def flipped(root: Path) -> Path:
    """A zip with one bit of a picture flipped: its checksum no longer holds."""
    with zipfile.ZipFile(root / "all.zip", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    data = (root / "all.zip").read_bytes()
    (root / "all.zip").write_bytes(data.replace(b"Official_Masks 1", b"Official_Masks 7", 1))
    return root / "all.zip"


def locked(root: Path) -> Path:
    """A zip whose entries claim to be encrypted."""
    path = zipped(root / "all.zip", FILES)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(
    ("build", "found"),
    [
        (lambda root: zipped(root / "a.zip", FILES | {"Official_Images/../../evil.jpg": b"x"}), "climbs out"),
        (lambda root: zipped(root / "a.zip", FILES | {"../evil.jpg": b"x"}), "'../evil.jpg' climbs out"),
        (lambda root: zipped(root / "a.zip", FILES | {"/tmp/evil.jpg": b"x"}), "'/tmp/evil.jpg' climbs out"),
        (lambda root: zipped(root / "a.zip", FILES | {"C:/evil.jpg": b"x"}), "'C:/evil.jpg' climbs out"),
        (lambda root: zipped(root / "a.zip", FILES | {"a\\..\\..\\evil.jpg": b"x"}), "climbs out"),
        (link, "'Official_Images/ISIC_9.jpg' climbs out"),
        (cut, "not a readable zip"),
        (flipped, "ISIC_1_segmentation.png: damaged in its archive"),
        (locked, "is encrypted"),
        (lambda root: root / "absent", "no such file or folder"),
        (lambda root: zipped(root / "a.zip", IMAGES), "1 of 2 .* the first Official_Masks"),
        (lambda root: root, "2 of 2 official folders not found"),
    ],
)  # fmt: skip
def test_a_bad_source_leaves_nothing_behind(tmp_path: Path, build: Callable[[Path], Path], found: str) -> None:
    """Refused in one line; neither a destination nor anything outside it is written."""
    (tmp_path / "source").mkdir()
    source = build(tmp_path / "source")
    before = tree(tmp_path)
    with pytest.raises(GlassboxError, match=found):
        bring(source, tmp_path / "raw", FOLDERS)
    assert tree(tmp_path) == before
    assert not (tmp_path / "raw").exists()
