"""What a question asks for, told by the network of `nets.intents`, computed with NumPy alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from glassbox.llm.intents.features import NOTHING, encoded
from glassbox.llm.intents.intent import AMBIGUOUS, NONE, REFUSE, Intent

Vector = npt.NDArray[np.float32]
SHAPES, KEYS = "labels.shape", "labels.keys"
LIKELIEST = 8


@dataclass(frozen=True)
class Classifier:
    """The arrays that the stage `llm-intents` wrote: weights, labels and the gain of a word's vector."""

    arrays: Mapping[str, npt.NDArray[np.generic]]

    @cached_property
    def weights(self) -> Mapping[str, Vector]:
        """The weights, in single precision."""
        labels = (SHAPES, KEYS)
        return {name: array.astype(np.float32) for name, array in self.arrays.items() if name not in labels}

    def told(self, text: str) -> list[tuple[Intent, float]]:
        """What a slotted question may ask for, the likeliest first, each with its probability.

        That of an intent is the product of those of its two labels; one without keys has its shape's alone. Of each
        head the `LIKELIEST` labels are looked at.
        """
        shapes, keys = (_softmax(logits) for logits in self.logits(text))
        found: dict[Intent, float] = {}
        for at in np.argsort(-shapes)[:LIKELIEST]:
            shape = str(self.arrays[SHAPES][at])
            if shape in (REFUSE, AMBIGUOUS):
                found[Intent.read(shape, NONE)] = float(shapes[at])
                continue
            for which in np.argsort(-keys)[:LIKELIEST]:
                found[Intent.read(shape, str(self.arrays[KEYS][which]))] = float(shapes[at] * keys[which])
        return sorted(found.items(), key=lambda one: -one[1])

    def logits(self, text: str) -> tuple[Vector, Vector]:
        """Of the shapes `(S,)` and of the keys `(K,)`."""
        weights = self.weights
        pieces = encoded(text, len(weights["pieces"]))
        there = (pieces != NOTHING).astype(np.float32)[..., None]
        count = np.maximum(there.sum(axis=1), 1)
        words = float(weights["gain"]) * (weights["pieces"][pieces] * there).sum(axis=1) / np.sqrt(count)
        kernels = (value for name, value in weights.items() if name.startswith("run") and name.endswith(".kernel"))
        runs = sorted(kernels, key=len)
        found = np.concatenate([_strongest(words, kernel, weights[f"run{len(kernel)}.bias"]) for kernel in runs])
        shape, keys = (found @ weights[f"{head}.kernel"] + weights[f"{head}.bias"] for head in ("shape", "keys"))
        return shape, keys


def _strongest(words: Vector, kernel: Vector, bias: Vector) -> Vector:
    """Of each filter the strongest answer, at least 0, over all places of its run `(R, W, F)` in the words `(T, W)`."""
    run, _, filters = kernel.shape
    if not len(words):
        return np.zeros(filters, np.float32)
    padded = np.pad(words, (((run - 1) // 2, run // 2), (0, 0)))
    places = np.stack([padded[at : at + len(words)] for at in range(run)], axis=1)
    answers = places.reshape(len(words), -1) @ kernel.reshape(-1, filters) + bias
    strongest: Vector = np.maximum(answers.max(axis=0), 0)
    return strongest


def _softmax(logits: Vector) -> Vector:
    powers = np.exp(logits - logits.max())
    shares: Vector = powers / powers.sum()
    return shares
