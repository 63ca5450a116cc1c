"""Networks as the commands use them: read, checked, and run on pictures of any size."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from glassbox.artifacts import read_model
from glassbox.errors import GlassboxError
from glassbox.metrics import segment
from glassbox.metrics.overlap import Mask
from glassbox.params import Evaluate

if TYPE_CHECKING:
    import keras

BATCH = 8


def load(path: Path) -> "keras.Model":
    """Read a network; `GlassboxError` where the file is absent, is no model or does not outline one class."""
    network = _read(path)
    shapes = network.input_shape, network.output_shape
    if any(not isinstance(shape, tuple) or len(shape) != 4 for shape in shapes) or (
        (shapes[0][-1], shapes[1][-1]) != (3, 1)
    ):
        found = f"a network from {shapes[0]} to {shapes[1]}"
        raise GlassboxError(path, found, "one that outlines a class: (N, H, W, 3) to (N, H, W, 1)")
    return network


def load_classifier(path: Path, takes: tuple[int, int, int], outputs: int) -> "keras.Model":
    """Read a network that tells pictures of `takes` (height, width, channels) apart, by so many logits.

    Raises `GlassboxError` where the file is absent, is no model, or takes or gives something else.
    """
    network = _read(path)
    shapes = network.input_shape, network.output_shape
    fits = all(isinstance(shape, tuple) for shape in shapes) and (len(shapes[0]), len(shapes[1])) == (4, 2)
    if not fits or shapes[1][1] != outputs or shapes[0][3] != takes[2] or not _open_to(shapes[0][1:3], takes[:2]):
        expected = f"one from (N, {', '.join(map(str, takes))}) to (N, {outputs}), as params.yaml has the task"
        raise GlassboxError(path, f"a network from {shapes[0]} to {shapes[1]}", expected)
    return network


def _open_to(sides: tuple[int | None, ...], wanted: tuple[int, ...]) -> bool:
    """Whether a network takes a size: its own sides are the same, or free."""
    return all(side in (None, want) for side, want in zip(sides, wanted, strict=True))


def _read(path: Path) -> "keras.Model":
    if not path.is_file():  # before TensorFlow, whose import takes seconds
        raise GlassboxError(path, "no such model", "a .keras file", f"git checkout -- {path}, or dvc repro")
    with _muted():
        return read_model(path)


def load_any(path: Path) -> "keras.Model":
    """Read any network of one picture of one or three channels, that outlines or classifies, to its raw logits."""
    if not path.is_file():
        raise GlassboxError(path, "no such model", "a .keras file, or a model of params.yaml")
    with _muted():
        network = read_model(path)
        from glassbox.xai.logits import to_logits

        made = to_logits(network)
    takes = made.inputs[0].shape
    if takes[-1] not in (1, 3):
        raise GlassboxError(path, f"an input of shape {takes}", "pictures of one or three channels")
    return made


def maps(
    network: "keras.Model",
    prepared: Sequence[npt.NDArray[np.uint8]],
    sizes: Sequence[tuple[int, int]],
    temperature: float,
) -> Iterator[npt.NDArray[np.float32]]:
    """The calibrated probability map of each prepared picture, at its own (height, width)."""
    from glassbox.nets.inference import at_size, probabilities

    found = probabilities(network, np.stack(prepared), temperature, BATCH)
    for probability, size in zip(found, sizes, strict=True):
        yield at_size(probability, *size)


def copies(
    network: "keras.Model", prepared: Sequence[npt.NDArray[np.uint8]], temperature: float
) -> Iterator[npt.NDArray[np.float32]]:
    """The calibrated maps of each prepared picture and of its mirror images, at the network's size, its own first."""
    from glassbox.nets.inference import flipped

    return flipped(network, np.stack(prepared), temperature, BATCH)


def logits(network: "keras.Model", prepared: Sequence[npt.NDArray[np.uint8]]) -> Iterator[npt.NDArray[np.float32]]:
    """What a classifier says of each prepared picture, its logits `(K,)`."""
    from glassbox.nets import classes

    return classes.logits(network, np.stack(prepared))


def at_size(probability: npt.NDArray[np.float32], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A map at a picture's own (height, width)."""
    from glassbox.nets import inference

    return inference.at_size(probability, *size)


def outline(probability: npt.NDArray[np.float32], threshold: float, settings: Evaluate) -> Mask:
    """The mask that the pipeline would score."""
    return segment.outline(probability, threshold, settings.least_part, settings.fill)


@contextmanager
def _muted() -> Iterator[None]:
    """Send file descriptor 2 nowhere: TensorFlow's libraries greet there on import, whatever the log level."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
