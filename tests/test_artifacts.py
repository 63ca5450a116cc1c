"""glassbox.artifacts: the same content gives the same bytes, and a file is the old one or the new one."""

import errno
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassbox import artifacts
from glassbox.errors import GlassboxError

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
CASES = LINES.filter(bool) | st.sampled_from(["0012", "NA", "null", "nan", "1e3", "True", "a,b", '"', " x "])
TREES = st.recursive(FLOATS | st.integers() | st.booleans() | LINES, lambda s: st.dictionaries(LINES, s, max_size=3))


def split(n: int = 2, seed: int = 0) -> artifacts.Split:
    """A split of `n` cases of 4 x 6 pixels."""
    draw = np.random.default_rng(seed)
    names = tuple(f"case-{i}" for i in range(n))
    return artifacts.Split(
        names,
        draw.integers(0, 256, (n, 4, 6, 3), np.uint8),
        draw.integers(0, 2, (n, 4, 6), np.uint8),
        tuple(draw.bytes(3 * i) for i in range(n)),
        pd.DataFrame({"size": draw.random(n), "edge": np.arange(n) % 2 == 1}, index=pd.Index(names)),
    )


def same(one: artifacts.Split, other: artifacts.Split) -> bool:
    """Whether two splits hold the same."""
    arrays = np.array_equal(one.images, other.images) and np.array_equal(one.masks, other.masks)
    kinds = (one.images.dtype, one.masks.dtype) == (other.images.dtype, other.masks.dtype)
    return arrays and kinds and (one.cases, one.truths) == (other.cases, other.truths)


TABLE = pd.DataFrame({"case": ["0012", "b"], "batch": [0, 1], "dice": [0.1, 2 / 3], "hd95_px": [None, 3.0]})
GOLDEN: list[tuple[str, Callable[[Path], None], str]] = [
    (
        "json",
        lambda path: artifacts.write_json(path, {"dice": {"mean": 0.875}, "n": 3, "ä": "ö"}),
        "e5405a03f0ada5656982e70e4286f2da901ce566322c9b5438816a386e7c9645",
    ),
    (
        "csv",
        lambda path: artifacts.write_csv(path, TABLE),
        "72748fbeb1a773710c6aa2717fec3a792318b8299caacee971cea2f4c5c0c956",
    ),
    (
        "npz",
        lambda path: artifacts.write_arrays(path, {"a": np.arange(6).reshape(2, 3), "b": np.array("x")}),
        "41295b1b2f17bcc0c51619b70bb2291304cbc1faed2ca530f4222cf076a76a68",
    ),
    (
        "split",
        lambda path: artifacts.write_split(path, split()),
        "fdc77a7d5d8bf8dc7feb35d58a8c66823eee59a1b5c0b687a87170ca0fecce04",
    ),
    (
        "text",
        lambda path: artifacts.write_text(path, "ä\n"),
        "ac6f010e65c9ea739dbdaa21427edd5ef60c6d461ef4d619c003e3ab62453a56",
    ),
]


@pytest.mark.parametrize(("kind", "write", "digest"), GOLDEN, ids=[kind for kind, _, _ in GOLDEN])
def test_the_bytes_of_a_format_are_fixed(tmp_path: Path, kind: str, write: Callable[[Path], None], digest: str) -> None:
    """These formats are no dependency of a stage: whoever changes their bytes raises `format` in params.yaml."""
    write(tmp_path / "deep" / kind)
    write(tmp_path / "again")
    content = (tmp_path / "deep" / kind).read_bytes()
    assert content == (tmp_path / "again").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest


@settings(max_examples=40)
@given(st.dictionaries(LINES, TREES, max_size=4))
def test_json_comes_back_in_its_order(content: dict[str, Any]) -> None:
    """Every number to its last bit, and the keys in the order given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        artifacts.write_json(path, content)
        found = artifacts.read_json(path)
    assert repr(found) == repr(content)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_json_refuses_what_is_no_number(tmp_path: Path, value: float) -> None:
    """NaN and infinity are refused, and nothing is left behind."""
    with pytest.raises(ValueError, match="Out of range float"):
        artifacts.write_json(tmp_path / "a.json", {"dice": value})
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=40)
@given(st.lists(st.tuples(CASES, st.integers(-(2**63), 2**63 - 1), FLOATS), min_size=1, max_size=5))
@example([("NA", 0, 0.1 + 0.2), ("0012", 1, 5e-324)])
def test_a_table_comes_back(rows: list[tuple[str, int, float]]) -> None:
    """Names of cases stay text, whatever they look like; integers stay integers; floats keep their last bit."""
    table = pd.DataFrame(rows, columns=["case", "n", "dice"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        artifacts.write_csv(path, table)
        found = artifacts.read_csv(path)
    assert [tuple(row) for row in found.itertuples(index=False)] == rows
    assert list(found.columns) == list(table.columns)


def test_a_table_without_cases_comes_back(tmp_path: Path) -> None:
    """A history or a batch table holds no case."""
    artifacts.write_csv(tmp_path / "a.csv", pd.DataFrame({"batch": [0, 1], "dice": [0.5, 0.25]}))
    assert artifacts.read_csv(tmp_path / "a.csv").to_dict("list") == {"batch": [0, 1], "dice": [0.5, 0.25]}


def test_a_parquet_table_comes_back(tmp_path: Path) -> None:
    """Same rows and types; written twice, the same bytes."""
    table = TABLE.assign(pass_=np.array([1, 2], np.int16))
    artifacts.write_parquet(tmp_path / "a", table)
    artifacts.write_parquet(tmp_path / "b", table)
    pd.testing.assert_frame_equal(artifacts.read_parquet(tmp_path / "a"), table)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


DTYPES = st.sampled_from([np.uint8, np.float32, np.float64, np.int64, np.bool_])


@settings(max_examples=40)
@given(
    st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), hnp.arrays(DTYPES, hnp.array_shapes()), max_size=3)
)
def test_arrays_come_back(arrays: dict[str, np.ndarray]) -> None:
    """Same names, order, types, shapes and bits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        artifacts.write_arrays(path, arrays)
        found = artifacts.read_arrays(path)
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].shape, found[name].tobytes()) == (
            array.dtype,
            array.shape,
            array.tobytes(),
        )


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_split_comes_back(tmp_path: Path, n: int) -> None:
    """Cases, pictures, masks, the PNG bytes of each truth and the attributes, case by case."""
    made = split(n)
    artifacts.write_split(tmp_path / "a.npz", made)
    found = artifacts.read_split(tmp_path / "a.npz")
    assert same(found, made)
    pd.testing.assert_frame_equal(found.attributes, made.attributes)


def test_a_part_of_a_split_is_the_named_cases() -> None:
    """In the order asked for, everything of a case moves with it."""
    made = split(5)
    part = made.of(["case-3", "case-0"])
    assert (part.cases, part.truths) == (("case-3", "case-0"), (made.truths[3], made.truths[0]))
    assert np.array_equal(part.images, made.images[[3, 0]])
    assert np.array_equal(part.masks, made.masks[[3, 0]])
    assert part.attributes.equals(made.attributes.iloc[[3, 0]])


def test_inputs_are_pictures_between_0_and_1() -> None:
    """float32, 255 is 1, and `start` and `stop` cut as in a slice."""
    made = split(3)
    assert made.inputs().dtype == np.float32
    assert np.array_equal(np.round(made.inputs(1, 3) * 255).astype(np.uint8), made.images[1:3])
    assert made.inputs().max() <= 1.0


class Failing:
    """A file whose disk gives `error` after a few bytes."""

    def __init__(self, handle: int, error: BaseException) -> None:
        self.file, self.error = io.FileIO(handle, "wb"), error

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, content: bytes) -> None:
        self.file.write(content[:2])
        raise self.error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["mkdir", "mkstemp", "write"])
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, step: str) -> None:
    """Wherever the disk turns out to be full, the line names the file; the old file stays, with nothing beside it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    path = tmp_path / "a.json"
    artifacts.write_json(path, {"old": 1})
    if step == "write":
        monkeypatch.setattr(os, "fdopen", lambda handle, mode: Failing(handle, OSError(code, os.strerror(code))))
    else:
        monkeypatch.setattr(*{"mkdir": (Path, "mkdir"), "mkstemp": (tempfile, "mkstemp")}[step], full)
    with pytest.raises(GlassboxError) as caught:
        artifacts.write_bytes(path, bytes(2000))
    assert str(caught.value) == f"{path}: the disk is full; expected 2,000 free bytes"
    assert artifacts.read_json(path) == {"old": 1}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "input/output error"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Whatever stops a write half-way, the old bytes stay and no temporary file is left."""
    path = tmp_path / "a.json"
    artifacts.write_json(path, {"old": 1})
    monkeypatch.setattr(os, "fdopen", lambda handle, mode: Failing(handle, error))
    with pytest.raises(type(error)):
        artifacts.write_json(path, {"new": 2})
    assert artifacts.read_json(path) == {"old": 1}
    assert list(tmp_path.iterdir()) == [path]


READERS = [artifacts.read_json, artifacts.read_csv, artifacts.read_arrays, artifacts.read_split]


@pytest.mark.parametrize("read", [*READERS, artifacts.read_parquet, artifacts.read_model])
def test_an_absent_file_is_told_with_what_makes_it(tmp_path: Path, read: Callable[[Path], object]) -> None:
    """One line with the command."""
    with pytest.raises(GlassboxError, match=r"/absent: no such .*; run: dvc repro$"):
        read(tmp_path / "absent")


def test_an_absent_manifest_is_told_with_the_command_that_brings_the_data(tmp_path: Path) -> None:
    """Checksums come from `glassbox acquire`, not from the pipeline."""
    with pytest.raises(GlassboxError, match=r"isic\.sha256: no such file; .*; run: glassbox acquire isic$"):
        artifacts.read_manifest(tmp_path / "isic.sha256")


@pytest.mark.parametrize(
    "read", [artifacts.read_json, artifacts.read_arrays, artifacts.read_split, artifacts.read_parquet]
)
@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04 cut off", b"\x80\xff" * 40])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, read: Callable[[Path], object], content: bytes) -> None:
    """The file is named, and what makes it again."""
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(GlassboxError, match=r"^\S+/damaged: damaged.*; run: dvc repro$"):
        read(path)


MENDS = [
    (artifacts.Paths().model("isic-base"), "git checkout -- models/isic-base.keras, or dvc repro"),
    (artifacts.Paths().cases("isic-base"), "git checkout -- metrics/cases/isic-base.csv, or dvc repro"),
    (artifacts.Paths().split("isic", "test"), "dvc repro augment@isic"),
    (artifacts.Paths().plan("isic"), "dvc repro augment@isic"),
]


@pytest.mark.parametrize(("path", "mend"), MENDS)
def test_the_mend_is_a_command_that_brings_the_file_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path, mend: str
) -> None:
    """git for what git holds; else the stage that makes it, by the name that DVC knows."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GlassboxError) as caught:
        artifacts.read_model(path) if path.suffix == ".keras" else artifacts.read_csv(path)
    assert str(caught.value).endswith(f"; run: {mend}")
    assert "\n" not in str(caught.value)
