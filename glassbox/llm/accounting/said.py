"""A row of the tables of what no record tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """What is said that these measures, or any, do not tell; unless something else is said, or a part of a key told."""

    pattern: str
    why: str
    measures: frozenset[str] = frozenset()
    but: str = r"(?!)"
    parts: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ()
