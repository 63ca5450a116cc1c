"""`glassbox predict` refuses bad input in one line, and leaves nothing behind."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import cv2
import keras
import numpy as np
import pytest

from glassbox import artifacts

MODELS = ["phantom-balanced", "phantom-recall"]
Run = Callable[..., Any]
Refused = Callable[..., None]
Write = Callable[[str, np.ndarray], Path]


def forged(width: int) -> bytes:
    """A PNG that claims to be `width` pixels wide."""
    png = bytearray(cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes())
    png[16:20] = width.to_bytes(4, "big")
    return bytes(png)


BAD = {
    "cut.jpg": (lambda jpeg: jpeg[: len(jpeg) // 2], "truncated JPEG"),
    "empty.jpg": (lambda _: b"", "empty file"),
    "text.jpg": (lambda _: b"hello", "not a picture"),
    "wide.png": (lambda _: forged(20_000), "20000x4"),
}


@pytest.mark.parametrize("name", [*BAD, "missing.jpg", "folder"])
def test_one_bad_picture_stops_all(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray, name: str
) -> None:
    """The good picture before it leaves no file: all are read before anything is written."""
    good = write("good.jpg", lesion)
    make, said = BAD.get(name, (None, "no such file"))
    if make is not None:
        Path(name).write_bytes(make(good.read_bytes()))
    if name == "folder":
        Path(name).mkdir()
        said = "a directory"
    refused(["predict", "--model", MODELS[0], good, name, "--out", "out"], name, said)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--model", "phantom-best", "a.png"], ["model 'phantom-best'", *MODELS]),
        (["--model", "phantom-base", "a.png"], ["models/phantom-base.keras", "dvc repro"]),
        (["--model", MODELS[0]], ["neither pictures nor --batch"]),
        (["--model", MODELS[0], "a.png", "--batch", 0], ["both pictures and --batch"]),
        (["--model", MODELS[0], "--batch", 3], ["--batch: 3", "0 to 2"]),
        (["--model", MODELS[0], "--model", "isic-base", "a.png"], ["model 'isic-base'", "models of one task"]),
        (["--model", MODELS[0], "a.png", "b/a.jpg"], ["b/a.jpg", "the same name as a.png"]),
    ],
)
def test_misuse_is_told_in_one_line(
    project: artifacts.Paths,
    refused: Refused,
    write: Write,
    lesion: np.ndarray,
    arguments: list[object],
    parts: list[str],
) -> None:
    """Each mistake names what was found and what is expected."""
    write("a.png", lesion)
    write("b/a.jpg", lesion)
    refused(["predict", *arguments, "--out", "out"], *parts)


def test_no_test_split(project: artifacts.Paths, refused: Refused) -> None:
    """`--batch` before preprocessing names the stage to run."""
    project.split("phantom", "test").unlink()
    refused(["predict", "--model", MODELS[0], "--batch", 0, "--out", "out"], "dvc repro preprocess@phantom")


def test_no_params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused) -> None:
    """Outside a project the line says where to go."""
    monkeypatch.chdir(tmp_path)
    refused(["predict", "--model", MODELS[0], "a.png", "--out", "out"], "params.yaml", "top folder")


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x05\x06" + b"\0" * 18], ids=["empty", "text", "empty zip"])
def test_a_model_file_that_is_no_model(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray, content: bytes
) -> None:
    """A damaged model is an error line, not a traceback."""
    project.model(MODELS[0]).write_bytes(content)
    refused(["predict", "--model", MODELS[0], write("a.png", lesion), "--out", "out"], f"{MODELS[0]}.keras")


def test_a_network_that_does_not_outline(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray
) -> None:
    """A model of another kind is refused by its shapes."""
    made = keras.Sequential([keras.Input((4,)), keras.layers.Flatten()])
    artifacts.write_model(project.model(MODELS[0]), made)
    refused(["predict", "--model", MODELS[0], write("a.png", lesion), "--out", "out"], "outlines a class")


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_out_that_is_a_file(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray, out: str
) -> None:
    """A file in the place of the folder, or above it, is refused and stays."""
    Path("file").write_text("mine")
    refused(["predict", "--model", MODELS[0], write("a.png", lesion), "--out", out], out)


def test_a_picture_is_never_overwritten(
    project: artifacts.Paths, refused: Refused, write: Write, lesion: np.ndarray
) -> None:
    """Results that would take a picture's place are refused."""
    write("in/a_mask.png", lesion)
    pictures = [write("in/a.png", lesion), "in/a_mask.png"]
    refused(["predict", "--model", MODELS[0], *pictures, "--out", "in"], "in/a_mask.png", "overwritten")


@pytest.mark.parametrize("failing_at", [1, 3])
def test_a_full_disk_leaves_nothing(
    project: artifacts.Paths,
    refused: Refused,
    write: Write,
    lesion: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
    failing_at: int,
) -> None:
    """Whichever file no longer fits, the folder is left as it was, with what others put there."""
    Path("out").mkdir()
    Path("out/mine.txt").write_text("mine")
    write("a.png", lesion)
    write("b.png", lesion)
    replace, calls = Path.replace, []

    def full(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    refused(["predict", "--model", MODELS[0], "a.png", "b.png", "--out", "out"], "disk is full")
    assert len(calls) == failing_at


def test_interrupted_leaves_nothing(
    project: artifacts.Paths, run: Run, write: Write, lesion: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C: one line, exit code 130, no folder."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("glassbox.commands.output.write_bytes", interrupt)
    result = run("predict", "--model", MODELS[0], write("a.png", lesion), "--out", "out/deep")
    assert result.exit_code == 130
    assert result.stderr.splitlines() == ["interrupted; nothing half-written is left"]
    assert not Path("out").exists()


def test_without_its_calibration_a_model_is_not_used(project: artifacts.Paths, refused: Refused, write: Write) -> None:
    """Nothing is guessed: the file is named, and the command that brings it back."""
    path = write("a.png", np.full((40, 60, 3), 120, np.uint8))
    project.calibration(MODELS[0]).unlink()
    refused(
        ["predict", "--model", MODELS[0], path, "--out", "out"], str(project.calibration(MODELS[0])), "no such file"
    )
