"""Tables of patterns with what is said in their place, run over a question from the first row to the last."""

import re
from collections.abc import Callable, Iterable

Said = str | Callable[[re.Match[str]], str]
Rows = tuple[tuple[str, Said], ...]


def compiled(rows: Iterable[tuple[str, Said]]) -> list[tuple[re.Pattern[str], Said]]:
    """The rows ready to run, so that the first question does not wait for them."""
    return [(re.compile(pattern, re.IGNORECASE), said) for pattern, said in rows]


def rewritten(question: str, rows: Iterable[tuple[re.Pattern[str], Said]]) -> str:
    """The question after every row.

    >>> rewritten("Which one?", compiled([("which", "what"), ("one", "two")]))
    'what two?'
    """
    for pattern, said in rows:
        question = pattern.sub(said, question)
    return question
