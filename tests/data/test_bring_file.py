"""A data set of one file: every shape a user may have it in gives the same file, and a bad one leaves nothing."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glassbox.data.bring_file import bring_file
from glassbox.errors import GlassboxError

NAME = "pathmnist.npz"


def named(root: Path) -> Path:
    return put(root / NAME)


def of_another_name(root: Path) -> Path:
    return put(root / "pathmnist_subset.NPZ")


def in_a_folder(root: Path) -> Path:
    put(root / NAME)
    put(root / "other.npz", b"other")
    return root


def three_levels_down(root: Path) -> Path:
    put(root / "a" / "b" / "c" / NAME)
    put(root / ".cache" / NAME, b"hidden")
    return root


def nearest(root: Path) -> Path:
    put(root / "old" / NAME, b"old")
    return in_a_folder(root)


def put(path: Path, data: bytes = b"content") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("shape", [named, of_another_name, in_a_folder, three_levels_down, nearest])
def test_it_comes_under_its_official_name(tmp_path: Path, shape: Callable[[Path], Path]) -> None:
    """And nothing else; what was there before is replaced, other files stay."""
    source, raw = shape(tmp_path / "source"), tmp_path / "raw" / "pathmnist"
    put(raw / NAME, b"before")
    put(raw / "notes.txt", b"mine")
    for _ in range(2):
        assert bring_file(source, raw, NAME).read_bytes() == b"content"
        found = {path.name: path.read_bytes() for path in raw.iterdir()}
        assert found == {NAME: b"content", "notes.txt": b"mine"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", r"nowhere: no such file or folder; expected a \.npz file, or a folder with pathmnist\.npz"),
        ("some.zip", r"some\.zip: another kind of file; expected a \.npz file"),
        ("", r"no pathmnist\.npz in it; expected a folder with pathmnist\.npz, or a \.npz file of any name"),
    ],
)
def test_what_it_is_not(tmp_path: Path, name: str, told: str) -> None:
    """Each in one line, and nothing is left."""
    put(tmp_path / "source" / "some.zip")
    put(tmp_path / "source" / "other.npz")
    with pytest.raises(GlassboxError, match=told):
        bring_file(tmp_path / "source" / name, tmp_path / "raw", NAME)
    assert not (tmp_path / "raw").exists()


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told in one line."""

    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"con")
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    put(tmp_path / "raw" / NAME, b"before")
    with pytest.raises(GlassboxError, match="raw: disk full"):
        bring_file(named(tmp_path / "source"), tmp_path / "raw", NAME)
    assert [path.read_bytes() for path in (tmp_path / "raw").iterdir()] == [b"before"]
