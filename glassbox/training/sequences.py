"""Batches of token sequences of about one length, and which of their tokens are to be predicted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEP = 4  # a batch's length is a multiple of it: little padding, and few shapes for what compiles one function a shape
Example = tuple[Sequence[int], int]  # tokens, and the position of the first that is to be predicted, 1 or above


@dataclass(frozen=True)
class Batch:
    """Sequences side by side.

    `tokens`: `(N, T) int32`, padded at the right with 0; `counted`: `(N, T) bool`, true where a token is to be
    predicted from those before it, never the first.
    """

    tokens: npt.NDArray[np.int32]
    counted: npt.NDArray[np.bool_]

    def targets(self) -> npt.NDArray[np.int32]:
        """`(K,)`: the tokens to be predicted, row by row."""
        return self.tokens[self.counted]

    def places(self) -> npt.NDArray[np.int32]:
        """`(K,)`: where each of them is predicted, the position before it in the tokens laid end to end."""
        return (np.flatnonzero(self.counted) - 1).astype(np.int32)

    def rows(self) -> npt.NDArray[np.int64]:
        """`(K,)`: the sequence to which each of them belongs."""
        return np.nonzero(self.counted)[0]


def stack(examples: Sequence[Example]) -> Batch:
    """Examples as one batch, as long as the longest needs.

    >>> stack([([1, 5, 6, 2], 2), ([1, 7, 2], 1)]).places()
    array([1, 2, 4, 5], dtype=int32)
    """
    length = max(_length(example) for example in examples)
    tokens = np.zeros((len(examples), length), np.int32)
    counted = np.zeros((len(examples), length), np.bool_)
    for row, (sequence, first) in enumerate(examples):
        tokens[row, : len(sequence)] = sequence
        counted[row, max(first, 1) : len(sequence)] = True
    return Batch(tokens, counted)


def batched(examples: Iterable[Example], size: int) -> Iterator[Batch]:
    """Batches of `size` examples whose lengths round up to the same multiple of `STEP`, each as soon as it is full."""
    waiting: dict[int, list[Example]] = defaultdict(list)
    for example in examples:
        alike = waiting[_length(example)]
        alike.append(example)
        if len(alike) == size:
            yield stack(alike)
            alike.clear()


def ahead(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same batches; the next is made while the network works on the last."""
    source = iter(batches)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, source, None)
        while (batch := waiting.result()) is not None:
            waiting = pool.submit(next, source, None)
            yield batch


def _length(example: Example) -> int:
    return -(-len(example[0]) // STEP) * STEP
