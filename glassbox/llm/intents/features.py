"""A slotted question as numbers: every word by the buckets that it and its runs of letters are hashed into.

Bojanowski et al., Enriching Word Vectors with Subword Information, 2017: with runs of three to five letters beside
it, a word keeps most of its meaning through a slip of the finger, another ending, or a spelling never seen before.
"""

import re
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"<[a-z]+>|[a-z]+|[^\s\w]|#")
LETTERS = (3, 4, 5)
SHORT = 3  # letters of a word that has no runs of its own
PIECES = 16  # buckets of a word, at most
LONGEST = 48  # words of a question
NOTHING = 0  # the bucket of no piece

Ids = npt.NDArray[np.int32]


def encoded(text: str, buckets: int) -> Ids:
    """`(T, PIECES)` buckets of a slotted question of T words, `NOTHING` where a word has fewer pieces."""
    rows = [_word(word, buckets) for word in WORD.findall(text.lower())[:LONGEST]]
    return np.array([row + (NOTHING,) * (PIECES - len(row)) for row in rows], np.int32).reshape(-1, PIECES)


@lru_cache(maxsize=1 << 16)
def _word(word: str, buckets: int) -> tuple[int, ...]:
    """Buckets from 1 on: of the word, then of its runs of letters, evenly thinned where there are too many."""
    runs: list[str] = []
    if word.isalpha() and len(word) > SHORT:
        padded = f"^{word}$"
        runs = [f"-{padded[at : at + size]}" for size in LETTERS for at in range(len(padded) - size + 1)]
        runs = runs[:: -(-len(runs) // (PIECES - 1))]
    return tuple(1 + zlib.crc32(piece.encode()) % (buckets - 1) for piece in (word, *runs))
