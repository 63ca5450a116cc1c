"""Wordings: how people ask. Text files with a query pattern in brackets and, below it, sentences that mean it.

    [worst batch {K} {M}]
    on which batch did {M} (do|perform) worst (by|in) {K}(?|)

A pattern is a query line with placeholders in the place of names; a sentence holds the same placeholders. `(a|b)` is a
choice, `(a|)` may be left out, choices nest, and `#` begins a comment.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glassbox.errors import GlassboxError

PLACEHOLDER = re.compile(r"\{([A-Z]\d?)\}")
TOKEN = re.compile(r"[()|]|[^()|]+")


@dataclass(frozen=True)
class Wording:
    """One sentence of a pattern, with its choices still open."""

    pattern: str
    sentence: str

    def drawn(self, rng: random.Random) -> str:
        """The sentence with every choice made."""
        text, _ = _drawn(TOKEN.findall(self.sentence), 0, rng)
        return " ".join(text.split())

    def all(self) -> Iterator[str]:
        """Sentences in which every branch of every choice is taken at least once."""
        rng, branches = random.Random(0), self.sentence.count("|")
        yield from (self.drawn(rng) for _ in range(8 * branches + 1))


def _balanced(line: str) -> bool:
    """Whether every choice that is opened is closed after it."""
    depth = 0
    for sign in line:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def read(text: str, where: str) -> list[Wording]:
    """Every wording of a file. A line that does not balance, or lacks a placeholder, is a `GlassboxError`."""
    found, pattern = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            pattern = line.strip("[]")
            continue
        wording, names = Wording(pattern, line), set(PLACEHOLDER.findall(pattern))
        if not pattern or not _balanced(line) or any(set(PLACEHOLDER.findall(text)) != names for text in wording.all()):
            raise GlassboxError(
                f"{where}: line {number}", repr(line[:60]), f"balanced choices and the names of [{pattern}]"
            )
        found.append(wording)
    return found


def words(wordings: Sequence[Wording]) -> Iterator[str]:
    """Every text between signs and placeholders, for a vocabulary."""
    for wording in wordings:
        yield from (piece for piece in re.split(r"[()|]", PLACEHOLDER.sub(" ", wording.sentence)) if piece.strip())


def _drawn(tokens: Sequence[str], at: int, rng: random.Random) -> tuple[str, int]:
    """One branch of the choice that begins at `at`, and where it ends."""
    branches, text = [], ""
    while at < len(tokens) and tokens[at] != ")":
        if tokens[at] == "(":
            inner, at = _drawn(tokens, at + 1, rng)
            text += inner
        elif tokens[at] == "|":
            branches.append(text)
            text = ""
        else:
            text += tokens[at]
        at += 1
    return rng.choice([*branches, text]), at
