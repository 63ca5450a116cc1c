"""Find the names of the index in a question, and put tags in their place.

    >>> linked.tokens                      # of "Recall of the recall variant on batch 78?"
    ('X1', 'of', 'the', 'X1', 'variant', 'on', 'batch', 'N1', '?')

The model that reads the tokens knows wordings alone: which metrics, models and numbers there are, the tags tell. A tag
is a letter and a number; the same name has the same tag.

    M model   P purpose of a model   X purpose or metric   T task   K metric   Q condition of a metric   S split
    C case    N number               U named, and not recorded
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.phrases import LONGEST, Meaning, Phrases
from glassbox.llm.units import PERCENT, Unit, chain, spelt, units, without_level

ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?")
CODE = re.compile(r"[^\W\d]+\d\w*")  # letters, then digits: `resnet50`
COUNTED = {
    "zero": 0, "half": 0.5, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
    "hundred": 100,
}  # fmt: skip
BATCHES = ("batch", "batches")
CASES = (
    "case", "cases", "image", "images", "lesion", "lesions", "picture", "pictures", "photo", "sample", "samples",
    "patient",
)  # fmt: skip
MANY = ("batches", "cases", "images", "pictures", "lesions", "samples")
OWN = ("its", "all", "their", "these", "those", "whole", "entire")
RAYS = {"ray": "picture", "rays": "pictures"}  # `x-rays` are pictures like any others
WHOLE = ("the", "over", "across", "of", "in")
CHOOSING = ("with", "where", "that", "which", "whose", "by", "having")
PIXELS = ("px", "pixel", "pixels")
ONE_AFTER = ("exactly", "least", "most", "than", "only", "just", "single", "precisely")
OF_TASKS = (
    "task",
    "data",
    "set",
    "dataset",
    "trained",
    "models",
    "model",
    "test",
    "variant",
    "variants",
    "network",
    "s",
)
NETWORKS = ("model", "variant", "network", "net", "models", "variants", "networks")
ALIKE = ("and", "or", "vs", "versus", "to", "from", ",")  # between `high` and `low contrast`
BETWEEN = ("and", "or", "to", "vs", "versus", ",", "through")  # numbers of several batches
TO = ("to", "through", "until", "till")
UNSAID = ("no", "number", "numbered", "nr", "the")  # between `batch` and its number
YEARS = range(1990, 2100)
PADDED = 4  # digits of a case's number, at least, that stands for it without the word
MOST = 9  # tags of one kind
UNKNOWN = "<unk>"


@dataclass(frozen=True)
class Number:
    """A number in the question; with a per cent sign it is a hundredth."""

    value: float
    percent: bool

    @property
    def whole(self) -> int | None:
        """The number where it can be a batch's or a count."""
        return int(self.value) if not self.percent and self.value.is_integer() else None


@dataclass(frozen=True)
class Linked:
    """A question as the model sees it: in `tokens` unknown words are `<unk>`, in `spelt` they stand as they are.

    `missing` are names in it that look like one of the index and are not.
    """

    tokens: tuple[str, ...]
    spelt: tuple[str, ...]
    meanings: Mapping[str, Meaning]
    numbers: Mapping[str, Number]
    missing: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...] = ()  # numbers of batches from the first to the second: `batches 3-7`

    def tags(self, kinds: str) -> list[str]:
        """The tags of these kinds, in the order in which they first occur."""
        return [tag for tag in (*self.meanings, *self.numbers) if tag[0] in kinds]


@dataclass
class _Tags:
    tokens: list[str] = field(default_factory=list)
    spelt: list[str] = field(default_factory=list)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    ranges: list[tuple[str, str]] = field(default_factory=list)

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


@dataclass(frozen=True)
class _Linker:
    """The names of one index, and what a reader of its questions knows."""

    phrases: Phrases
    catalogue: Catalogue
    vocabulary: Collection[str]

    def step(self, found: Sequence[Unit], at: int, tags: _Tags) -> int:
        """Tag what begins at `at`; returns how many units that took."""
        size, meaning = self.match(found, at)
        if not meaning and (shared := self.shared(found, at)):
            size, meaning = 1, shared
        end = chain(found, at)
        rest = found[at + size : end]
        if meaning and meaning.names and rest and not self.fits(meaning, rest):
            return _missed(found, at, end, tags)
        if meaning:
            tags.name(meaning)
            return size
        if (number := _number(found, at)) is not None:
            size = 2 if _text(found, at + 1) in (PERCENT, *PIXELS) else 1
            if not self.spare(found, at, size, number):
                self.count(found, at, number, tags)
            return size
        glued = found[at:end]
        coded = (
            len(glued) > 1
            and glued[-1].text.isdigit()
            and (len(glued[-1].text) >= PADDED or not self.known(glued[:-1]))
        )
        if coded and glued[0].text not in BATCHES:
            return _missed(found, at, end, tags)
        if found[at].text == "x" and _text(found, at + 1) in RAYS:
            tags.say(RAYS[found[at + 1].text], found[at + 1].text)
            return 2
        self.word(found, at, tags)
        return 1

    def word(self, found: Sequence[Unit], at: int, tags: _Tags) -> None:
        """A word that is no name: known, unknown, or unknown where a model's name would stand."""
        text, follows = found[at].text, found[at + 1].text if at + 1 < len(found) else ""
        if text == PERCENT:
            return
        if text in self.vocabulary:
            tags.say(text, text)
        elif follows in NETWORKS or CODE.fullmatch(text):
            tags.missed(text, told=False)
        else:
            tags.say(UNKNOWN, text)

    def match(self, found: Sequence[Unit], at: int) -> tuple[int, Meaning | None]:
        """The longest phrase that begins at `at`."""
        most = min(self.phrases.longest.get(found[at].text, 0), LONGEST, len(found) - at)
        for size in range(most, 0, -1):
            meaning = self.phrases.meanings.get(tuple(unit.text for unit in found[at : at + size]))
            if meaning is not None and not (meaning.models and self.two_words(found[at : at + size])):
                return size, meaning
        return 0, None

    def shared(self, found: Sequence[Unit], at: int) -> Meaning | None:
        """A condition whose noun stands with a later one, as that of `low` in `low, middle and high contrast`."""
        then = at
        while then + 2 < len(found) and found[then + 1].text in ALIKE and then < at + 4:
            then += 2
            size, other = self.match(found, then)
            if other and other.kind == "Q" and size > 1:
                noun = tuple(unit.text for unit in found[then + 1 : then + size])
                meaning = self.phrases.meanings.get((found[at].text, *noun))
                return meaning if meaning and meaning.kind == "Q" else None
        return None

    def two_words(self, found: Sequence[Unit]) -> bool:
        """`isic recall` may be a model, or the recall of isic: the sentence tells. `isic-recall` is the model."""
        last = self.phrases.meanings.get((found[-1].text,))
        return len(found) > 1 and not found[-1].glued and last is not None and last.kind == "X"

    def fits(self, meaning: Meaning, rest: Sequence[Unit]) -> bool:
        """Whether what is glued to a name may stand there: `recall-tuned`, `isic-task`, not `isic-large`."""
        if meaning.tasks and not meaning.purposes:
            return all(unit.text in OF_TASKS or (unit.text,) in self.phrases.meanings for unit in rest)
        return self.known(rest)

    def spare(self, found: Sequence[Unit], at: int, size: int, number: Number) -> bool:
        """A number that nothing is asked about: `its 20 batches`, `the 6 cases of batch 4`, `at 2 px`, `exclude 0`."""
        before, after, beyond = _text(found, at - 1), _text(found, at + size), _text(found, at + size + 1)
        if before in ("the", "those", "these") and after in ("", "?", ",") and found[at].text in COUNTED:
            return True  # `between the two`
        batch = beyond in ("of", "in") and _text(found, at + size + 2) == "batch"
        if after in MANY and (before in OWN or batch or (before in WHOLE and self.everything(number, after, beyond))):
            return True
        if size == 2 and found[at + 1].text in PIXELS:
            return before in ("at", "of", "within", "with")
        return number.value == 0 and before.startswith(("exclud", "includ"))

    def everything(self, number: Number, noun: str, follows: str) -> bool:
        """Whether so many are all that there are: `over the 600 cases`, and not `the 600 cases with the lowest`."""
        there = self.catalogue.batches if noun in BATCHES else self.catalogue.cases
        sizes = {len(names) for names in there.values()}
        return number.whole in sizes and follows not in CHOOSING

    def known(self, found: Iterable[Unit]) -> bool:
        """Whether each is a word that stands in sentences, or a name by itself."""
        return all(unit.text in self.vocabulary or (unit.text,) in self.phrases.meanings for unit in found)

    def count(self, found: Sequence[Unit], at: int, number: Number, tags: _Tags) -> None:
        """A number: of a batch, at the end of a case's name, a year after a task's name, or any."""
        before = [token for token in tags.tokens if token not in UNSAID and token != UNKNOWN]
        last, text, whole = before[-1] if before else "", found[at].text, number.whole
        if whole in YEARS and last[:1] == "T" and last[1:].isdigit():
            return
        padded = len(text) >= PADDED and text.startswith("0")
        if whole is not None and (last in CASES or padded) and (names := self.phrases.tails.get(whole)):
            tags.name(Meaning(cases=set(names)))
            return
        if whole is not None and _of_batch(found, at, before) and whole not in self.catalogue.numbers_of_batches:
            tags.missing.append(f"batch {whole}")
        if last in CASES and len(text) >= PADDED and text.isdigit():
            tags.missing.append(f"case {text}")
        spans = found[at].glued or _text(found, at - 1) in TO
        tags.number(
            number, to=spans and whole is not None and _of_batch(found, at, before) and "batches" in tags.tokens
        )


def link(
    question: str,
    phrases: Phrases,
    catalogue: Catalogue,
    vocabulary: frozenset[str],
    rare: frozenset[str] = frozenset(),
) -> Linked:
    """Tag a question. Words that are neither in `vocabulary` nor near to one of it become `<unk>`.

    So do `rare` words; but they are words, and no misspelt names: `mice` is not `dice`.
    """
    found = without_level(spelt(units(question), phrases, vocabulary | rare))
    linker, tags, at = _Linker(phrases, catalogue, vocabulary), _Tags(), 0
    while at < len(found):
        at += linker.step(found, at, tags)
    return Linked(
        tuple(tags.tokens), tuple(tags.spelt), tags.meanings, tags.numbers, tuple(tags.missing), tuple(tags.ranges)
    )


def _missed(found: Sequence[Unit], at: int, end: int, tags: _Tags) -> int:
    """A name of several parts that looks like one of the index and is none."""
    tags.missed("-".join(unit.text for unit in found[at:end]))
    return end - at


def _of_batch(found: Sequence[Unit], at: int, before: Sequence[str]) -> bool:
    """Whether the number at `at` is a batch's: `batch 3`, `batches 3 and 5`, `the 12th batch`."""
    follows = found[at + 1].text if at + 1 < len(found) else ""
    if follows == "batch" and ORDINAL.fullmatch(found[at].text):
        return True
    words = list(before)
    while words and (words[-1] in BETWEEN or (words[-1][0] == "N" and words[-1][1:].isdigit())):
        words.pop()
    return bool(words) and words[-1] in ("batches", "batch" if len(words) == len(before) else "batches")


def _text(found: Sequence[Unit], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _number(found: Sequence[Unit], at: int) -> Number | None:
    text = found[at].text
    if text == "one" and _text(found, at - 1) in ONE_AFTER:
        return Number(1.0, False)
    ordinal = ORDINAL.fullmatch(text)
    if text in COUNTED:
        return Number(float(COUNTED[text]), False)
    if not (NUMBER.fullmatch(text) or ordinal):
        return None
    value = float(ordinal[1] if ordinal else text)
    percent = at + 1 < len(found) and found[at + 1].text == PERCENT
    return Number(value / 100 if percent else value, percent)
