"""Questions heard, made ready to be learned from: which are held out, their labels, their pieces."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from glassbox.llm.intents import features
from glassbox.llm.intents.classifier import KEYS, SHAPES
from glassbox.llm.intents.intent import Intent

Heard = tuple[Intent, str]
COMMON = 2  # questions that have a label, at least: from one nothing general is learned
HEADS = ("shape", "keys")


def split(heard: Sequence[Heard], held_out: float, seed: int) -> tuple[list[Heard], list[Heard]]:
    """Those to learn from, and the share that is held out."""
    mixed = random.Random(seed).sample(heard, len(heard))
    first = round(len(mixed) * held_out)
    return mixed[first:], mixed[:first]


def labels(taught: Sequence[Heard]) -> dict[str, list[str]]:
    """The labels of each head that `COMMON` questions have, sorted."""
    counts = {head: Counter(_label(intent, head) for intent, _ in taught) for head in HEADS}
    return {head: sorted(name for name, count in of.items() if count >= COMMON) for head, of in counts.items()}


def encoded(
    heard: Sequence[Heard], labels: Mapping[str, Sequence[str]], buckets: int
) -> tuple[list[features.Ids], dict[str, npt.NDArray[np.int32]]]:
    """Pieces and labels of the questions; those with a label that is not learned are left out."""
    number = {head: {name: at for at, name in enumerate(names)} for head, names in labels.items()}
    kept = [one for one in heard if all(_label(one[0], head) in number[head] for head in HEADS)]
    found = {head: np.array([number[head][_label(intent, head)] for intent, _ in kept], np.int32) for head in HEADS}
    return [features.encoded(text, buckets) for _, text in kept], found


def named(labels: Mapping[str, Sequence[str]]) -> dict[str, npt.NDArray[np.str_]]:
    """The labels as arrays of text, by the names that `Classifier` looks for."""
    return {SHAPES: np.array(labels["shape"]), KEYS: np.array(labels["keys"])}


def _label(intent: Intent, head: str) -> str:
    return intent.shape if head == "shape" else intent.measured
