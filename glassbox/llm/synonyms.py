"""More ways to name what is recorded, known when a question is read.

`names/` is what the model is taught with: a name added there trains it anew. It sees tags in place of names, so that
one more name for a tag can teach it nothing: such names stand here, as patterns, in which `(a|b)` is a choice, `(a|)`
may be left out, and choices nest. A phrase that means something already keeps its meaning.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.lexicon import read
from glassbox.llm.phrases import LONGEST, Meaning, Phrase, Phrases, words

SIGN = re.compile(r"[()|]|[^()|]+")


def expanded(pattern: str) -> list[Phrase]:
    """Every phrase of a pattern, in words.

    >>> [" ".join(phrase) for phrase in expanded("(faint|pale (third|half)) moles")]
    ['faint moles', 'pale third moles', 'pale half moles']
    """
    found, _ = _branches(SIGN.findall(pattern), 0)
    return list(dict.fromkeys(found))


def _branches(signs: list[str], at: int) -> tuple[list[Phrase], int]:
    """The phrases of every branch up to the bracket that closes them, and where that stands."""
    done: list[Phrase] = []
    begun: list[Phrase] = [()]
    while at < len(signs) and signs[at] != ")":
        if signs[at] == "(":
            inner, at = _branches(signs, at + 1)
            begun = [first + then for first in begun for then in inner]
        elif signs[at] == "|":
            done, begun = done + begun, [()]
        elif then := words(signs[at]):
            begun = [first + then for first in begun]
        at += 1
    return done + begun, at


@cache
def named(name: str) -> tuple[tuple[tuple[str, ...], tuple[Phrase, ...]], ...]:
    """The sections of a file: what is named, in parts of its key, and the words of each of its names."""
    text = (files(__package__) / "synonyms" / name).read_text(encoding="utf-8")
    return tuple(
        (tuple(key.split()), tuple(dict.fromkeys(phrase for each in patterns for phrase in expanded(each))))
        for key, patterns in read(text).items()
    )


def widened(phrases: Phrases, catalogue: Catalogue) -> Phrases:
    """The phrases of an index with these names of what it holds. None is longer than the linker reads."""
    parts = {entry.parts for entry in catalogue.entries}
    measures = {(entry.measure,) for entry in catalogue.entries}
    conditions = {each[:size] for each in parts for size in range(1, len(each))}
    more: dict[Phrase, Meaning] = {}
    for key, names in named("metrics.txt"):
        if key in measures:
            _add(more, names, Meaning(metrics={key}))
    for key, names in named("conditions.txt"):
        if key in conditions:
            _add(more, names, Meaning(conditions={key}))
    return replace(phrases, meanings={**more, **phrases.meanings})


def _add(found: dict[Phrase, Meaning], names: Iterable[Phrase], meaning: Meaning) -> None:
    """Add names; one that means another thing as well is told in each reading."""
    for name in names:
        if 0 < len(name) <= LONGEST:
            other = found.setdefault(name, meaning)
            if other is not meaning:
                both = other.metrics | meaning.metrics, other.conditions | meaning.conditions
                found[name] = Meaning(metrics=both[0], conditions=both[1])
