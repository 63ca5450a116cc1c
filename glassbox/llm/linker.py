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
from dataclasses import dataclass
from functools import cached_property, lru_cache

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.numbers import (
    BATCHES,
    NUMBER,
    PIXELS,
    SUPERLATIVES,
    Number,
    number_at,
    of_batch,
    rank_at,
    spare,
)
from glassbox.llm.phrases import LONGEST, Meaning, Phrases
from glassbox.llm.tags import UNKNOWN, Tags
from glassbox.llm.units import PERCENT, Unit, chain, spelt, text_at, units, without_level

CODE = re.compile(r"[^\W\d]+\d\w*")  # letters, then digits: `resnet50`
CASES = (
    "case", "cases", "image", "images", "lesion", "lesions", "picture", "pictures", "photo", "sample", "samples",
    "patient",
)  # fmt: skip
RAYS = {"ray": "picture", "rays": "pictures"}  # `x-rays` are pictures like any others
NETWORKS = ("model", "variant", "network", "net", "models", "variants", "networks")
OF_TASKS = ("task", "data", "set", "dataset", "trained", "test", "s", "xai", *NETWORKS)
# The last word of a task's name that one picture has too: `the worst retina`, `which retinal image`.
PICTURED = {"retina": "picture", **dict.fromkeys(("picture", "image", "photograph", "photo", "scan"), "picture")}
ONE_OF = ("which", "one", "single", "segmented", "outlined", "what")
OF_A_KIND = {"classifier": "model", "classifiers": "models", "segmenter": "model", "segmenters": "models"}
DEGREES = ("most", "least", "more", "less", "how", "as", "equally", "very")
STRENGTH = ("sigma", "quality", "strength", "level", "of", "at", "hairs")
FRAMED = (  # after a name that is not recorded: it tells who asks, or why
    "check", "patients", "report", "board", "meeting", "talk", "review", "paper", "audit", "study", "committee", "team",
    "clinic", "doctor", "nurse", "conference", "specialist", "research", "researcher", "unit", "department", "society",
)  # fmt: skip
ALIKE = ("and", "or", "vs", "versus", "to", "from", ",")  # between `high` and `low contrast`
TO = ("to", "through", "until", "till")
UNSAID = ("no", "number", "numbered", "nr", "the")  # between `batch` and its number
EDITIONS = ("ones", "one", "edition", "challenge")
YEARS = range(1990, 2100)
PADDED = 4  # digits of a case's number, at least, that stands for it without the word


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
    rank: int = 1  # 2 of `second best`, which the tokens hold as `best`
    percent: bool = False  # whether a per cent is asked for, with no number before it

    def tags(self, kinds: str) -> list[str]:
        """The tags of these kinds, in the order in which they first occur."""
        return [tag for tag in (*self.meanings, *self.numbers) if tag[0] in kinds]


@dataclass(frozen=True)
class _Linker:
    """The names of one index, and what a reader of its questions knows."""

    phrases: Phrases
    catalogue: Catalogue
    vocabulary: Collection[str]

    @cached_property
    def purposes(self) -> Mapping[str, set[str]]:
        """The models of each purpose, by its name."""
        found: dict[str, set[str]] = {}
        for name, model in self.catalogue.models.items():
            found.setdefault(model.purpose or "", set()).add(name)
        return found

    def step(self, found: Sequence[Unit], at: int, tags: Tags) -> int:
        """Tag what begins at `at`; returns how many units that took."""
        if rank := rank_at(found, at):
            tags.rank = rank
            return 1
        size, meaning = self.begun(found, at, tags)
        end = chain(found, at)
        rest = found[at + size : end]
        if meaning and meaning.names and rest and not self.fits(meaning, rest):
            return _missed(found, at, end, tags)
        if not meaning and (apart := self.around_task(found, at, tags)):
            return apart
        if meaning and meaning.kind == "S" and rest and NUMBER.fullmatch(text_at(found, at + size)):
            return _missed(found, at, end, tags)  # `test-35`
        if meaning and meaning.kind == "U" and text_at(found, at + size) in FRAMED:
            tags.say(UNKNOWN, UNKNOWN)
            return size
        if meaning and meaning.kind == "U" and meaning.unknown:
            tags.missing.append(meaning.unknown)
        if meaning and meaning.kind == "Q":
            size, meaning = self.of_strength(found, at, size, meaning)
        if meaning:
            self.named(meaning, found[at + size - 1].text, tags)
            last = found[at + size - 1].text
            one = PICTURED.get(last) if meaning.tasks and not meaning.models else None
            if one and text_at(found, at - 1) in (*SUPERLATIVES, *ONE_OF):
                tags.say(one, last)
            return size + self.strength(meaning, found, at + size)
        return self.unnamed(found, at, end, tags)

    def begun(self, found: Sequence[Unit], at: int, tags: Tags) -> tuple[int, Meaning | None]:
        """The name that begins at `at`, and how many units it takes."""
        size, meaning = self.match(found, at)
        if found[at].text == "rise" and tags.tokens[-1:] and _goes_before_a_verb(tags.tokens):
            size, meaning = 0, None  # `by how much does it rise`, and not the method
        if found[at].text == "specific" and text_at(found, at - 1) in DEGREES:  # and not `a specific batch`
            size, meaning = 1, self.phrases.meanings.get(("specificity",))
        if not meaning and (shared := self.shared(found, at)):
            size, meaning = 1, shared
        return size, meaning

    def unnamed(self, found: Sequence[Unit], at: int, end: int, tags: Tags) -> int:
        """Tag a number, or say a word, that no name begins with; `end` is where what is glued to it ends."""
        if (number := number_at(found, at)) is not None:
            size = 2 if text_at(found, at + 1) in (PERCENT, *PIXELS) else 1
            if not spare(found, at, size, number, self.catalogue):
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
        if found[at].text == "x" and text_at(found, at + 1) in RAYS:
            tags.say(RAYS[found[at + 1].text], found[at + 1].text)
            return 2
        strange = found[at].text not in self.vocabulary and found[at].text.isalpha()
        if strange and len(glued) > 1 and glued[-1].text in self.purposes:
            return _missed(found, at, end, tags)  # `mammography-base`
        self.word(found, at, tags)
        return 1

    def named(self, meaning: Meaning, last: str, tags: Tags) -> None:
        """A name; one of a kind of networks, such as `classifiers`, keeps its noun."""
        noun = OF_A_KIND.get(last, last if last in NETWORKS else "") if meaning.tasks and not meaning.models else ""
        if noun and len(meaning.tasks) > 1 and tags.tokens and re.fullmatch(r"[MT]\d", tags.tokens[-1]):
            tags.say(noun, noun)  # `the chest x-ray classifier` is of one task
            return
        tags.name(meaning)
        if noun:
            tags.say(noun, noun)

    def of_strength(self, found: Sequence[Unit], at: int, size: int, meaning: Meaning) -> tuple[int, Meaning]:
        """A corruption with the strength that stands some words behind it: `blur, sigma 4`; else as it is."""
        kinds = {parts[0] for parts in meaning.conditions if len(parts) == 1}
        then = at + size
        while text_at(found, then) in (*STRENGTH, ",", "to") and then < at + size + 3:
            then += 1
        known = self.phrases.meanings.get((*kinds, text_at(found, then))) if len(kinds) == 1 else None
        if not known or known.kind != "Q" or not NUMBER.fullmatch(text_at(found, then)):
            return size, meaning
        return then + 1 - at, known

    def strength(self, meaning: Meaning, found: Sequence[Unit], at: int) -> int:
        """How many units from `at` on only repeat a condition's strength: the `sigma 4` of `the strongest blur`."""
        strengths = {parts[1] for parts in meaning.conditions if len(parts) == 2}
        size = 1 if text_at(found, at) in (*STRENGTH, ",") else 0
        if meaning.kind == "Q" and strengths and text_at(found, at) in PIXELS:
            return 1
        if meaning.kind != "Q" or text_at(found, at + size) not in strengths:
            return 0
        return size + (2 if text_at(found, at + size + 1) in PIXELS else 1)

    def word(self, found: Sequence[Unit], at: int, tags: Tags) -> None:
        """A word that is no name: known, unknown, or unknown where a model's name would stand."""
        text, follows = found[at].text, text_at(found, at + 1)
        if text == PERCENT:
            tags.percent = True
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
        texts = tuple([unit.text.lstrip("'") for unit in found[at : at + most]])
        for size in range(most, 0, -1):
            meaning = self.phrases.meanings.get(texts[:size])
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

    def around_task(self, found: Sequence[Unit], at: int, tags: Tags) -> int:
        """How many units a condition takes that a task's name splits, as in `small isic lesions`; both are tagged."""
        size, task = self.match(found, at + 1) if at + 1 < len(found) else (0, None)
        noun = text_at(found, at + 1 + size)
        if not task or task.kind != "T" or not noun:
            return 0
        condition = self.phrases.meanings.get((found[at].text, noun))
        if not condition or condition.kind != "Q":
            return 0
        tags.name(task)
        tags.name(condition)
        return size + 2

    def two_words(self, found: Sequence[Unit]) -> bool:
        """`isic recall` may be a model, or the recall of isic: the sentence tells. `isic-recall` is the model."""
        last = self.phrases.meanings.get((found[-1].text,))
        return len(found) > 1 and not found[-1].glued and last is not None and last.kind == "X"

    def fits(self, meaning: Meaning, rest: Sequence[Unit]) -> bool:
        """Whether what is glued to a name may stand there: `recall-tuned`, `isic-task`, not `isic-large`."""
        if meaning.tasks and rest[0].text in self.purposes:
            known = {self.catalogue.models[name].task for name in self.purposes[rest[0].text]}
            if not meaning.tasks <= known:
                return False  # `chest-xray-balanced`, of which there is none
        if meaning.tasks and not meaning.purposes:
            first = self.phrases.meanings.get((rest[0].text,))
            if first and first.kind == "K":
                return False  # `isic-f1` is a model's name, and of none
            return all(unit.text in OF_TASKS or (unit.text,) in self.phrases.meanings for unit in rest)
        return self.known(rest)

    def known(self, found: Iterable[Unit]) -> bool:
        """Whether each is a word that stands in sentences, or a name by itself."""
        return all(unit.text in self.vocabulary or (unit.text,) in self.phrases.meanings for unit in found)

    def count(self, found: Sequence[Unit], at: int, number: Number, tags: Tags) -> None:
        """A number: of a batch, at the end of a case's name, a year after a task's name, or any."""
        before = [token for token in tags.tokens if token not in UNSAID and token != UNKNOWN]
        last, text, whole = before[-1] if before else "", found[at].text, number.whole
        if whole in YEARS and text_at(found, at + 1) in EDITIONS:
            return
        if whole in YEARS and last[:1] == "T" and last[1:].isdigit():
            tags.missing.append(f"{whole} among the tasks")
        padded = len(text) >= PADDED and text.startswith("0")
        if whole is not None and (last in CASES or padded) and (names := self.phrases.tails.get(whole)):
            tags.name(Meaning(cases=set(names)))
            return
        if whole is not None and of_batch(found, at, before) and whole not in self.catalogue.numbers_of_batches:
            tags.missing.append(f"batch {whole}")
        if last in CASES and len(text) >= PADDED and text.isdigit():
            tags.missing.append(f"case {text}")
        to = found[at].glued or text_at(found, at - 1) in TO
        to = to or (text_at(found, at - 1) in BATCHES and text_at(found, at - 2) in TO)  # `from batch 3 to batch 6`
        spans = to and whole is not None and bool({"batches", "from"} & {*tags.tokens})
        tags.number(number, to=spans and of_batch(found, at, before))


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
    found = without_level(spelt(units(question), phrases, _all_of(vocabulary, rare)))
    linker, tags, at = _Linker(phrases, catalogue, vocabulary), Tags(), 0
    while at < len(found):
        at += linker.step(found, at, tags)
    missing, ranges = tuple(tags.missing), tuple(tags.ranges)
    return Linked(
        tuple(tags.tokens), tuple(tags.spelt), tags.meanings, tags.numbers, missing, ranges, tags.rank, tags.percent
    )


@lru_cache(maxsize=8)
def _all_of(vocabulary: frozenset[str], rare: frozenset[str]) -> frozenset[str]:
    """Both sets in one: to unite thousands of words takes longer than to tag a question."""
    return vocabulary | rare


def _goes_before_a_verb(tokens: Sequence[str]) -> bool:
    asked = bool({*tokens} & {"does", "did", "will", "would", "do"})
    return tokens[-1] in ("does", "did", "will", "would", "to", "it", "do") or (asked and tokens[-1][0] in "KXC")


def _missed(found: Sequence[Unit], at: int, end: int, tags: Tags) -> int:
    """A name of several parts that looks like one of the index and is none."""
    tags.missed("-".join(unit.text for unit in found[at:end]))
    return end - at
