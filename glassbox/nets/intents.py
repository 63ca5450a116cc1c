"""A small convolutional network that tells what a question asks for: two labels, each of a softmax of its own.

Kim, Convolutional Neural Networks for Sentence Classification, 2014: filters over runs of neighbouring words, of each
filter the strongest answer anywhere in the question, and a linear layer on these. Words are sums of the vectors of
their pieces (Bojanowski 2017). `llm.intents.classifier` computes the same with NumPy alone, from what `weights` gives.
"""

from collections.abc import Mapping
from typing import Annotated

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops
from pydantic import Field

from glassbox.params import Block, Count

NOTHING = 0  # the bucket of no piece
GAIN = 3.0  # of a word's vector: the sum of its n pieces' vectors, GAIN / sqrt(n) times
INITIAL = 0.15  # standard deviation of a piece's vector before training
HEADS = ("shape", "keys")


class Sizes(Block):
    """The shape of the network.

    `buckets`: vectors of pieces; `width`: of a vector; `filters`: for each length of a run of words; `runs`: the
    longest run; `dropout`: rate of it before the linear layers, a third of it on the words' vectors.
    """

    buckets: Annotated[int, Field(ge=2)]
    width: Count
    filters: Count
    runs: Count
    dropout: Annotated[float, Field(ge=0, lt=1)]


def build(sizes: Sizes, labels: Mapping[str, int]) -> keras.Model:
    """The untrained network: buckets of pieces `(N, T, P) int32` to logits `(N, L)` of each head, with L `labels`."""
    pieces = keras.Input((None, None), dtype="int32")
    spread = keras.initializers.RandomNormal(stddev=INITIAL)
    vectors = layers.Embedding(sizes.buckets, sizes.width, embeddings_initializer=spread, name="pieces")(pieces)
    there = ops.cast(ops.not_equal(pieces, NOTHING), "float32")[..., None]
    count = ops.maximum(ops.sum(there, axis=2), 1.0)
    words = GAIN * ops.sum(vectors * there, axis=2) / ops.sqrt(count)
    is_word = there[:, :, 0]
    strongest = []
    for run in range(1, sizes.runs + 1):
        seen = layers.Dropout(sizes.dropout / 3)(words)
        conv = layers.Conv1D(sizes.filters, run, padding="same", activation="relu", name=f"run{run}")(seen)
        strongest.append(ops.max(conv * is_word, axis=1))
    found = layers.Dropout(sizes.dropout)(ops.concatenate(strongest, axis=-1))
    logits = {head: layers.Dense(labels[head], name=head)(found) for head in HEADS}
    return keras.Model(pieces, logits, name="intents")


def weights(network: keras.Model) -> dict[str, npt.NDArray[np.float16]]:
    """Every weight by its layer's name, of a kernel `.kernel`, of a bias `.bias`, and the gain; half precision."""
    found = {"gain": GAIN, "pieces": network.get_layer("pieces").embeddings}
    for layer in network.layers:
        if layer.name.startswith("run") or layer.name in HEADS:
            found |= {f"{layer.name}.kernel": layer.kernel, f"{layer.name}.bias": layer.bias}
    return {name: np.asarray(value).astype(np.float16) for name, value in found.items()}
