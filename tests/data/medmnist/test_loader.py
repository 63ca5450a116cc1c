"""The MedMNIST loader against files in the official layout, written here, and the real ones where at hand."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.data.bring_file import bring_file
from glassbox.data.labelled import Labelled
from glassbox.data.medmnist import loader
from glassbox.errors import GlassboxError
from glassbox.params import parse

SHARED = Path(__file__).parents[3] / "../shared/data/medmnist"
PATH_MD5 = "a8b06965200029087d5bd730944a56c1"
PATH_URL = "https://zenodo.org/records/10519652/files/pathmnist.npz?download=1"
SIZES = {"train": 40, "val": 12, "test": 9}


def source(file: str = "tinymnist.npz", holdout: float = 0.0) -> loader.Source:
    return loader.Source(file=file, url="", md5="", holdout=holdout)


def content(classes: int = 3, colour: bool = False, width: int = 1, dtype: str = "uint8") -> dict[str, np.ndarray]:
    """Every array of a file: noise, with labels that take turns, or flags drawn at random."""
    rng, arrays = np.random.default_rng(4), {}
    for split, count in SIZES.items():
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, 6, 5, *([3] if colour else [])), np.uint8)
        turns, flags = np.arange(count)[:, None] % classes, rng.integers(0, 2, (count, width))
        arrays[f"{split}_labels"] = (turns if width == 1 else flags).astype(dtype)
    return arrays


def written(folder: Path, arrays: dict[str, np.ndarray], compressed: bool = False) -> Path:
    """The raw folder of a task `tiny` that holds these arrays."""
    raw = folder / "tiny"
    raw.mkdir(exist_ok=True)
    (np.savez_compressed if compressed else np.savez)(raw / "tinymnist.npz", **arrays)
    return raw


def read(raw: Path, given: loader.Source, split: str, seed: int = 7) -> list[Labelled]:
    return list(loader.cases(raw, given, seed, split))


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "uint64", ">i4"])
def test_official_splits_are_kept(tmp_path: Path, colour: bool, compressed: bool, dtype: str) -> None:
    """In the file's order, named by split and place, grey repeated to three channels, labels as plain numbers."""
    arrays = content(colour=colour, dtype=dtype)
    raw = written(tmp_path, arrays, compressed)
    for split, count in SIZES.items():
        found = read(raw, source(), split)
        assert [case.name for case in found] == [f"{split}-{index:05d}" for index in range(count)]
        assert [case.label for case in found] == [(index % 3,) for index in range(count)]
        for case, image in zip(found, arrays[f"{split}_images"], strict=True):
            assert case.image.shape == (6, 5, 3) and case.image.flags.c_contiguous and case.group == ""
            assert (case.image == (image if colour else image[:, :, None])).all()
            assert case.attributes == loader.attributes(case.image)


@pytest.mark.parametrize("left_out", [True, False])
def test_a_part_of_training_validates_where_the_file_has_none(tmp_path: Path, left_out: bool) -> None:
    """At the same share of every class; nothing is lost or in both, and another seed holds out others."""
    arrays = content()
    for name in ("val_images", "val_labels"):
        arrays[name] = arrays[name][:0]
        if left_out:
            del arrays[name]
    raw, given = written(tmp_path, arrays), source(holdout=0.25)
    train, val = (read(raw, given, split) for split in ("train", "val"))
    assert sorted(case.name for case in train + val) == [f"train-{index:05d}" for index in range(40)]
    assert [case.name for case in val] == sorted(case.name for case in val)
    assert Counter(case.label for case in val) == {(0,): 4, (1,): 3, (2,): 3}  # rounded quarters of 14, 13 and 13
    by_name = {case.name: case for case in train + val}
    for index, image in enumerate(arrays["train_images"]):
        assert (by_name[f"train-{index:05d}"].image[:, :, 0] == image).all()
    assert [case.name for case in read(raw, given, "val")] == [case.name for case in val]
    assert [case.name for case in read(raw, given, "val", seed=8)] != [case.name for case in val]
    assert len(read(raw, given, "test")) == 9
    assert list(loader.listed(raw, given)) == ["train", "test"]


def test_several_labels_a_case(tmp_path: Path) -> None:
    """Flags come as they are; held out is a share of the cases with the rarest flag too."""
    arrays = {name: array for name, array in content(width=4).items() if not name.startswith("val")}
    arrays["train_labels"][:, 3] = np.arange(40) < 4
    raw, given = written(tmp_path, arrays), source(holdout=0.25)
    train, val = (read(raw, given, split) for split in ("train", "val"))
    assert sorted(case.label for case in train + val) == sorted(map(tuple, arrays["train_labels"].tolist()))
    assert sum(case.label[3] for case in val) == 1


def test_what_is_listed_is_what_is_read(tmp_path: Path) -> None:
    """Each entry gives its case; the file is the one that all of them lie in."""
    raw = written(tmp_path, content())
    entries = loader.listed(raw, source())
    assert {split: len(found) for split, found in entries.items()} == SIZES
    for split, found in entries.items():
        for entry, case in zip(found, read(raw, source(), split), strict=True):
            again = entry.read()
            assert (entry.name, entry.label, entry.files) == (case.name, case.label, [raw / "tinymnist.npz"])
            assert again.name == case.name and (again.image == case.image).all()


def change(**changed: np.ndarray | None) -> dict[str, np.ndarray]:
    return {name: array for name, array in {**content(), **changed}.items() if array is not None}


def numbers(*shape: int, dtype: str = "uint8") -> np.ndarray:
    return np.zeros(shape, dtype)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        (change(train_labels=None), "no train_labels in it"),
        (change(test_images=None, test_labels=None), "no test_images, test_labels in it"),
        (change(val_labels=None), "no val_labels in it"),
        (change(train_images=numbers(39, 6, 5)), "39 train_images and 40 labels; expected a label for each picture"),
        (change(val_images=numbers(0, 6, 5)), "0 val_images and 12 labels"),
        (change(val_labels=numbers(0, 1)), "val_labels of no pictures"),
        (change(test_images=numbers(9, 28, 28, 28)), r"test_images of shape \(9, 28, 28, 28\) uint8"),
        (change(test_images=numbers(9, 28)), r"test_images of shape \(9, 28\)"),
        (change(test_images=numbers(9, 0, 28)), r"test_images of shape \(9, 0, 28\)"),
        (change(test_images=numbers(9, 6, 5, dtype="float32")), r"\(9, 6, 5\) float32; expected .* uint8"),
        (change(test_labels=numbers(9)), r"test_labels of shape \(9,\) uint8; expected \(N, 1\)"),
        (change(test_labels=numbers(9, 1, dtype="float64")), r"test_labels of shape \(9, 1\) float64"),
        (change(test_labels=numbers(9, 1, dtype="bool")), r"\(9, 1\) bool"),
        (change(test_labels=np.array([["a"]] * 9)), r"\(9, 1\) <U1"),
        (change(test_labels=np.array([[1]] * 8 + [[-3]])), "test_labels with -3 in row 8; expected labels of 0 and"),
        (change(test_labels=np.array([[2**63]] * 9, "uint64")), "test_labels with 9223372036854775808 in row 0"),
        (change(test_labels=numbers(9, 4)), "labels a case: 1 in train, 1 in val, 4 in test"),
        (change(train_images=numbers(0, 6, 5), train_labels=numbers(0, 1)), "train_labels of no pictures"),
        (change(train_labels=np.array([[None]] * 40)), "damaged .*Object arrays"),
    ],
)
def test_a_file_that_breaks_the_layout_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], told: str) -> None:
    """In one line that names the file and the array, and how to bring another."""
    raw = written(tmp_path, arrays)
    with pytest.raises(GlassboxError, match=told) as refusal:
        loader.listed(raw, source())
    line = str(refusal.value)
    assert line.startswith(f"{raw / 'tinymnist.npz'}: ") and line.endswith("run: glassbox acquire tiny --from PATH")


@pytest.mark.parametrize(
    ("given", "val", "told"),
    [
        (0.1, content()["val_labels"], "source.holdout: 0.1 of training, though .* has a validation part; expected 0"),
        (0.0, None, "source.holdout: 0 of training, and .* has no validation part; expected a share that leaves"),
        (0.03, None, "source.holdout: 0.03 of training"),
        (0.0, numbers(12, 1), "12 validation pictures, all of label 0; expected several of the 3"),
    ],
)
@pytest.mark.parametrize("split", ["train", "val"])
def test_a_validation_part_that_is_none(
    tmp_path: Path, given: float, val: np.ndarray | None, told: str, split: str
) -> None:
    """Two of them, none, or one that holds a single class."""
    images = None if val is None else content()["val_images"]
    raw = written(tmp_path, change(val_images=images, val_labels=val))
    with pytest.raises(GlassboxError, match=told):
        read(raw, source(holdout=given), split)


def test_a_part_held_out_of_one_class(tmp_path: Path) -> None:
    """So small a share that the rare class has none in it."""
    labels = (np.arange(40)[:, None] < 2).astype(np.uint8)
    raw = written(tmp_path, change(train_labels=labels, val_images=None, val_labels=None))
    with pytest.raises(GlassboxError, match="4 validation pictures, all of label 0; expected several of the 2"):
        read(raw, source(holdout=0.1), "val")


def test_an_unknown_split(tmp_path: Path) -> None:
    """There are three."""
    with pytest.raises(GlassboxError, match="split: 'valid'; expected one of train, val, test"):
        read(written(tmp_path, content()), source(), "valid")


def test_no_file_and_no_archive(tmp_path: Path) -> None:
    """Absent, another thing under the name, one array alone, and cut short."""
    raw = written(tmp_path, content())
    path = raw / "tinymnist.npz"
    whole = path.read_bytes()
    for damaged in (b"", b"<html>log in</html>", whole[:-30], whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(GlassboxError, match=r"tinymnist\.npz: no \.npz file, or cut short"):
            loader.listed(raw, source())
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(GlassboxError, match=r"no \.npz file"):
        loader.listed(raw, source())
    path.unlink()
    with pytest.raises(GlassboxError, match=r"no such file.*run: glassbox acquire tiny --from PATH"):
        loader.listed(raw, source())


@settings(max_examples=60)
@given(st.data())
def test_damage_is_told_in_one_line_or_harmless(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A byte changed anywhere: the same cases as before, or a line that names the file; never another error."""
    raw = written(tmp_path_factory.mktemp("damage"), content(), compressed=data.draw(st.booleans()))
    before = read(raw, source(), "test")
    path = raw / "tinymnist.npz"
    changed = bytearray(path.read_bytes())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        after = read(raw, source(), "test")
    except GlassboxError as refusal:
        assert "\n" not in str(refusal) and str(path) in str(refusal)
    else:
        assert [(case.name, case.label) for case in after] == [(case.name, case.label) for case in before]
        assert all((one.image == other.image).all() for one, other in zip(after, before, strict=True))


def test_the_manifest_is_of_the_file(tmp_path: Path) -> None:
    """One line; another file is refused."""
    raw = written(tmp_path, content())
    text = loader.manifest(raw, source(), 7)
    assert text.endswith("  tinymnist.npz\n") and len(text.splitlines()) == 1
    loader.verify(raw, source(), 7, text)
    written(tmp_path, content(classes=2))
    with pytest.raises(GlassboxError, match=r"1 files changed, the first tinymnist\.npz"):
        loader.verify(raw, source(), 7, text)


def test_the_download_is_the_official_one() -> None:
    """With MedMNIST's MD5, under the file's name; without an address there is none."""
    block = {"file": "pathmnist.npz", "url": PATH_URL, "md5": PATH_MD5, "holdout": 0.0}
    (found,) = loader.archives(parse(loader.Source, block, "source"))
    assert (found.url, found.name, getattr(found, "md5", "")) == (PATH_URL, "pathmnist.npz", PATH_MD5)
    assert loader.archives(source()) == [] and loader.folders(source()) == ["tinymnist.npz"]


@pytest.mark.parametrize("changed", [{"file": "../x.npz"}, {"file": "x.zip"}, {"md5": "abc"}, {"holdout": 2.0}])
def test_a_faulty_source_block(changed: dict[str, object]) -> None:
    """A name of a file, not a path; a whole checksum."""
    block = {"file": "pathmnist.npz", "url": PATH_URL, "md5": PATH_MD5, "holdout": 0.0}
    with pytest.raises(GlassboxError, match=f"source: {next(iter(changed))}: "):
        parse(loader.Source, block | changed, "source")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real MedMNIST files are not here")
@pytest.mark.parametrize(
    ("brought", "given", "counts"),
    [
        ("pneumoniamnist", source("pneumoniamnist.npz"), {"train": 4708, "val": 524, "test": 624}),
        ("pathmnist_subset", source("pathmnist.npz", 0.15), {"train": 849, "val": 151, "test": 718}),
    ],
)
def test_real_files_are_read(tmp_path: Path, brought: str, given: loader.Source, counts: dict[str, int]) -> None:
    """All official counts of one; of the other, which has no validation part, a share held out of each class."""
    bring_file(SHARED / f"{brought}.npz", tmp_path / "real", given.file)
    found = {split: read(tmp_path / "real", given, split) for split in SIZES}
    assert {split: len(cases) for split, cases in found.items()} == counts
    shares = {split: Counter(case.label for case in found[split]) for split in ("train", "val")}
    for label, count in shares["train"].items():
        assert shares["val"][label] / counts["val"] == pytest.approx(count / counts["train"], abs=0.01)
    assert {case.image.shape for cases in found.values() for case in cases} == {(28, 28, 3)}
