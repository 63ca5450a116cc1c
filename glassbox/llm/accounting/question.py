"""A line with the words of its question, as the rules of accounting look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from glassbox.llm.language import EXTREMES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import ARTICLES, CALLED, MODELS, PICTURES, TOWARDS

NOUNS = {"case": {*CASES} | PICTURES - {"x", "rays", "id"}, "batch": {*BATCHES}, "model": MODELS - {"who"}, **CALLED}
UNITS = {noun: unit for unit, nouns in NOUNS.items() for noun in nouns}


@dataclass(frozen=True)
class Question:
    """A line with the words of its question. In `plain` the articles are left out."""

    line: Line
    linked: Linked

    @cached_property
    def words(self) -> set[str]:
        return {*self.linked.spelt}

    @cached_property
    def plain(self) -> Sequence[str]:
        return [word for word in self.linked.spelt if word not in ARTICLES]

    @cached_property
    def pairs(self) -> Sequence[tuple[str, str]]:
        return [*pairwise([*self.plain, ""])]

    @cached_property
    def measures(self) -> set[str]:
        """The last parts of what the line's metrics may mean."""
        known = [tag for tag in self.line.metrics if tag in self.linked.meanings]
        return {parts[-1] for tag in known for parts in self.linked.meanings[tag].metrics}

    @cached_property
    def kinds(self) -> set[str]:
        """The first parts of what the question's conditions may mean."""
        return {parts[0] for tag in self.linked.tags("Q") for parts in self.linked.meanings[tag].conditions}

    @cached_property
    def ends(self) -> list[str]:
        """The words for an end of a ranking; those of `at most` are none, nor is `most of`."""
        found = []
        for at, word in enumerate(self.plain):
            before, after = self.plain[at - 1 : at], self.plain[at + 1 : at + 2]
            none = word in ("most", "least", "top") and (before in (["at"], ["on"]) or after == ["of"])
            if word in TOWARDS and not none:
                found.append(word)
        return found

    @property
    def follows(self) -> bool:
        """Whether it follows on a question, whose words and tags it keeps: a tenth tag of a kind is one of its own."""
        return any(len(tag) > 2 and tag[1:] != "00" for tag in (*self.linked.meanings, *self.linked.numbers))

    @property
    def ranked(self) -> bool:
        return self.line.verb in EXTREMES or bool(self.line.order)

    def parts(self, tag: str, kinds: str) -> set[tuple[str, ...]]:
        """What a tag of these kinds may stand for, part by part of the key; nothing for any other word."""
        meaning = self.linked.meanings.get(tag)
        if meaning is None or tag[:1] not in {*kinds}:
            return set()
        return {*meaning.metrics} | {*meaning.conditions}
