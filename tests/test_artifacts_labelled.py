"""glassbox.artifacts.labelled: a split of labelled pictures comes back as it was, and its bytes are fixed."""

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassbox import artifacts
from glassbox.artifacts import LabelledSplit, read_labelled, write_labelled
from glassbox.errors import GlassboxError
from glassbox.params import Form

FORMS: list[tuple[Form, int, int, int]] = [  # form, numbers a label, classes, channels
    ("binary", 1, 2, 1),
    ("multi-class", 1, 9, 3),
    ("multi-label", 4, 4, 3),
    ("ordinal", 1, 5, 1),
]
DIGEST = "7f8eae606c4ce031e90150e90e4c201dac30d7897d767d28e0c25e510d510d67"
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6)


def split(n: int, form: Form = "binary", width: int = 1, classes: int = 2, channels: int = 1) -> LabelledSplit:
    """A split of `n` cases of 4 x 6 pixels."""
    draw = np.random.default_rng(n)
    names = tuple(f"case-{number}" for number in range(n))
    return LabelledSplit(
        names,
        draw.integers(0, 256, (n, 4, 6, channels), np.uint8),
        draw.integers(0, 2 if form == "multi-label" else classes, (n, width)),
        pd.DataFrame({"brightness": draw.random(n), "left": np.arange(n) % 2 == 1}, index=pd.Index(names)),
        form,
        tuple(f"class {number}" for number in range(classes)),
        draw.random(n).astype(np.float32),
    )


def same(one: LabelledSplit, other: LabelledSplit) -> None:
    """Two splits hold the same, types and order included."""
    assert (one.cases, one.form, one.classes) == (other.cases, other.form, other.classes)
    for mine, theirs in ((one.images, other.images), (one.labels, other.labels), (one.chroma, other.chroma)):
        assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
        np.testing.assert_array_equal(mine, theirs)
    pd.testing.assert_frame_equal(one.attributes, other.attributes)


@pytest.mark.parametrize(("form", "width", "classes", "channels"), FORMS)
@pytest.mark.parametrize("n", [1, 5])
def test_a_split_comes_back(tmp_path: Path, n: int, form: Form, width: int, classes: int, channels: int) -> None:
    """Of every form, grey and in colour."""
    made = split(n, form, width, classes, channels)
    write_labelled(tmp_path / "a.npz", made)
    same(read_labelled(tmp_path / "a.npz"), made)


@settings(max_examples=30)
@given(
    st.lists(NAMES, min_size=2, max_size=2, unique=True),
    st.dictionaries(NAMES, hnp.arrays(np.float64, 2, elements=st.floats(allow_nan=False)), max_size=3),
)
def test_any_name_comes_back(names: list[str], columns: dict[str, np.ndarray]) -> None:
    """Cases, classes and attributes may be called anything: `images` and `labels` too, and in any alphabet."""
    one = split(2)
    table = pd.DataFrame({**columns, "images": [0.5, 1.5]}, index=pd.Index(names))
    made = LabelledSplit(tuple(names), one.images, one.labels, table, "binary", tuple(names[::-1]), one.chroma)
    with tempfile.TemporaryDirectory() as folder:
        write_labelled(Path(folder) / "a.npz", made)
        same(read_labelled(Path(folder) / "a.npz"), made)


def test_a_split_without_attributes_comes_back(tmp_path: Path) -> None:
    """Its table has the cases and no column."""
    one = split(3)
    made = LabelledSplit(one.cases, one.images, one.labels, one.attributes[[]], one.form, one.classes, one.chroma)
    write_labelled(tmp_path / "a.npz", made)
    found = read_labelled(tmp_path / "a.npz")
    assert found.attributes.shape == (3, 0)
    assert list(found.attributes.index) == list(one.cases)


def test_the_bytes_of_the_format_are_fixed(tmp_path: Path) -> None:
    """It is no dependency of a stage: whoever changes its bytes raises `format` in params.yaml."""
    write_labelled(tmp_path / "deep" / "a.npz", split(3))
    write_labelled(tmp_path / "b.npz", split(3))
    content = (tmp_path / "deep" / "a.npz").read_bytes()
    assert content == (tmp_path / "b.npz").read_bytes()
    assert hashlib.sha256(content).hexdigest() == DIGEST


def test_a_part_of_a_split_is_the_named_cases() -> None:
    """In the order asked for, everything of a case moves with it; the classes stay."""
    made = split(5, "multi-label", 4, 4, 3)
    part, at = made.of(["case-3", "case-0"]), [3, 0]
    expected = LabelledSplit(
        ("case-3", "case-0"),
        made.images[at],
        made.labels[at],
        made.attributes.iloc[at],
        made.form,
        made.classes,
        made.chroma[at],
    )
    same(part, expected)


@pytest.mark.parametrize("channels", [1, 3])
def test_inputs_are_pictures_between_0_and_1(channels: int) -> None:
    """float32, 255 is 1, and `start` and `stop` cut as in a slice; shown, every picture has three channels."""
    made = split(3, channels=channels)
    assert made.inputs().dtype == np.float32
    np.testing.assert_array_equal(np.rint(made.inputs(1, 3) * 255).astype(np.uint8), made.images[1:3])
    assert made.inputs().max() <= 1.0
    assert made.in_colour().shape == (3, 4, 6, 3)
    for channel in range(3):
        np.testing.assert_array_equal(made.in_colour()[..., channel], made.images[..., channel % channels])


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04 cut off", b"\x80\xff" * 40, "half", "outlines"])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, content: bytes | str) -> None:
    """Cut off, of another format, or a split of pictures that are outlined: with the stage that makes it again."""
    path = tmp_path / "data" / "chest-xray" / "test.npz"
    write_labelled(path, split(3))
    if content == "outlines":
        masks, empty = np.zeros((1, 4, 6), np.uint8), pd.DataFrame(index=pd.Index(["a"]))
        artifacts.write_split(path, artifacts.Split(("a",), np.zeros((1, 4, 6, 3), np.uint8), masks, (b"",), empty))
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if isinstance(content, str) else content)
    with pytest.raises(GlassboxError) as caught:
        read_labelled(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: damaged") and "\n" not in line
    assert line.endswith("; run: dvc repro augment@chest-xray")


def test_an_absent_file_is_told_with_what_makes_it(tmp_path: Path) -> None:
    """One line with the command."""
    with pytest.raises(GlassboxError, match=r"/test\.npz: no such file; .*; run: dvc repro augment@pathmnist$"):
        read_labelled(tmp_path / "data" / "pathmnist" / "test.npz")
