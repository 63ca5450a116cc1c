"""The tokens of a question as they are made, with what each tag of it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from glassbox.llm.numbers import Number
from glassbox.llm.phrases import Meaning

MOST = 9  # tags of one kind
UNKNOWN = "<unk>"


@dataclass
class Tags:
    """What is said so far, and what is known of it."""

    tokens: list[str] = field(default_factory=list)
    spelt: list[str] = field(default_factory=list)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    rank: int = 1
    percent: bool = False

    def name(self, meaning: Meaning) -> None:
        """A name: the tag it has, or the next number of its kind; beyond the last it is a word that nobody knows."""
        if tag := self._tag(meaning.kind, meaning.key, {tag: known.key for tag, known in self.meanings.items()}):
            self.meanings[tag] = meaning

    def number(self, number: Number, to: bool = False) -> None:
        """A number, likewise; `to` where it is the last of a range that the number before began."""
        before = next((token for token in reversed(self.tokens) if token in self.numbers), None)
        if tag := self._tag("N", number, dict(self.numbers)):
            self.numbers[tag] = number
            self.ranges += [(before, tag)] if to and before else []

    def missed(self, name: str, told: bool = True) -> None:
        """A name that the index does not hold; with `told`, one that looks like its own."""
        self.missing += [name] if told else []
        self.name(Meaning(unrecorded=True, unknown=name))

    def _tag(self, kind: str, key: object, known: Mapping[str, object]) -> str | None:
        same = [tag for tag, other in known.items() if tag[0] == kind and other == key]
        number = sum(tag[0] == kind for tag in known) + 1
        tag = same[0] if same else f"{kind}{number}" if number <= MOST else None
        self.say(tag or UNKNOWN, tag or UNKNOWN)
        return tag

    def say(self, token: str, spelt: str) -> None:
        """Add one token."""
        self.tokens.append(token)
        self.spelt.append(spelt)
