"""Every phrase that may stand for a name of the index, and what it may mean."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from glassbox.llm import lexicon
from glassbox.llm.catalogue import COUNTS, INTERVAL, Catalogue, Entry

WORD = re.compile(r"\d+\.\d+|[^\W_]+")
UNITS = ("px", "percent", "deg")  # at the end of a name: the unit it is in
LONGEST = 9  # words of a phrase
Phrase = tuple[str, ...]
Parts = tuple[str, ...]


@dataclass
class Meaning:
    """What one phrase may stand for. `metrics` and `conditions` hold parts of keys, one tuple a reading."""

    models: set[str] = field(default_factory=set)
    purposes: set[str] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    metrics: set[Parts] = field(default_factory=set)
    conditions: set[Parts] = field(default_factory=set)
    splits: set[str] = field(default_factory=set)
    each: bool = False  # of the conditions: all are meant, side by side
    unrecorded: bool = False
    unknown: str = ""  # the name itself, where nothing is known of it

    @property
    def kind(self) -> str:
        """The letter of its tag; X is a metric or a model's purpose, as the sentence has it."""
        if self.metrics and self.purposes:
            return "X"
        named = {
            "M": self.models, "T": self.tasks, "P": self.purposes, "K": self.metrics, "C": self.cases,
            "Q": self.conditions, "S": self.splits,
        }  # fmt: skip
        return next((kind for kind, found in named.items() if found), "U")

    @property
    def names(self) -> bool:
        """Whether it is a name of the project's own: a model, its purpose, a task or a case."""
        return bool(self.models or self.purposes or self.tasks or self.cases)

    @property
    def key(self) -> tuple[object, ...]:
        """Two phrases with the same key mean the same."""
        found = (self.models, self.purposes, self.tasks, self.cases, self.metrics, self.conditions, self.splits)
        return (*(frozenset(each) for each in found), self.unknown)


@dataclass(frozen=True, eq=False)
class Phrases:
    """The phrases of one index. `tails` are the numbers at the end of case names: `12` of `phantom-test-0012`."""

    meanings: Mapping[Phrase, Meaning]
    tails: Mapping[int, frozenset[str]]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a phrase."""
        return frozenset(word for phrase in self.meanings for word in phrase)

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """The phrases of one long word, sorted."""
        return tuple(sorted(phrase[0] for phrase in self.meanings if len(phrase) == 1 and len(phrase[0]) > 6))

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """The most words of a phrase that begins with this word."""
        found: dict[str, int] = {}
        for phrase in self.meanings:
            found[phrase[0]] = max(found.get(phrase[0], 0), len(phrase))
        return found


@lru_cache(maxsize=1 << 17)  # an index names thousands, and training sees many indexes
def words(name: str) -> Phrase:
    """A name in words: `isic-2018-base` is `isic 2018 base`."""
    plain = name.lower()
    if plain.replace(" ", "").isalnum():  # nearly all of them: as the expression would split it, in a third of the time
        return tuple(plain.split())
    return tuple(WORD.findall(plain.replace("%", " percent ")))


def of(catalogue: Catalogue) -> Phrases:
    """Every phrase for a name of the index, and for what is often asked for and is not in it."""
    found: defaultdict[Phrase, Meaning] = defaultdict(Meaning)
    for name in catalogue.models:
        found[words(name)].models.add(name)
    for name in catalogue.tasks:
        for phrase in (name, *lexicon.TASKS.get(name, ())):
            found[words(phrase)].tasks.add(name)
            found[words(re.sub(" network$", " net", phrase))].tasks.add(name)
        *of, last = words(name)
        if " ".join(of) in catalogue.tasks:  # `the cue network` is of phantom-cue
            found[last, *of].tasks.add(name)
            for noun in lexicon.NETWORK_NOUNS:
                found[last, noun].tasks.add(name)
    for phrase in lexicon.EVERY_TASK if len(catalogue.tasks) > 1 else ():
        found[words(phrase)].tasks.update(catalogue.tasks)
    outlining = {entry.task for entry in catalogue.entries if entry.task and entry.parts == ("dice",)}
    kinds = {lexicon.SEGMENTING: outlining, lexicon.CLASSIFYING: {*catalogue.tasks} - outlining}
    for said, tasks in kinds.items():
        for phrase in said if 1 < len(tasks) < len(catalogue.tasks) else ():
            found[words(phrase)].tasks.update(tasks)
    tails = _cases(found, catalogue.cases)
    for purpose in {known.purpose for known in catalogue.models.values() if known.purpose}:
        for phrase in (purpose, *lexicon.PURPOSES.get(purpose, ())):
            found[words(phrase)].purposes.add(purpose)
    for split, phrases in lexicon.SPLITS.items():
        for phrase in phrases:
            found[words(phrase)].splits.add(split)
    _metrics(found, catalogue.entries)
    for phrase, sides in lexicon.SIDES.items():
        both = [found[words(side)].conditions for side in sides if words(side) in found]
        if len(both) == len(sides):
            found[words(phrase)] = Meaning(conditions={parts for side in both for parts in side}, each=True)
    for kind, names in lexicon.UNRECORDED.items():
        for phrase in names:
            if words(phrase) not in found:
                found[words(phrase)] = Meaning(unrecorded=True, unknown=phrase if kind == "condition" else "")
    return Phrases({phrase: meaning for phrase, meaning in found.items() if phrase}, tails)


def _cases(found: Mapping[Phrase, Meaning], cases: Mapping[str, Iterable[str]]) -> dict[int, frozenset[str]]:
    tails: defaultdict[int, set[str]] = defaultdict(set)
    for name in {name for names in cases.values() for name in names}:
        found[words(name)].cases.add(name)
        if tail := re.search(r"\d{1,15}$", name):
            tails[int(tail[0])].add(name)
    return {tail: frozenset(names) for tail, names in tails.items()}


def _metrics(found: Mapping[Phrase, Meaning], entries: Iterable[Entry]) -> None:
    """What is measured, and under which condition, by the words of the key and by the field's other names."""
    chains = sorted({entry.parts[: entry.parts.index(entry.measure)] for entry in entries})
    classes = {chain[1] for chain in chains if len(chain) == 2 and chain[0] in lexicon.BY_NAME}
    measures = sorted(
        {entry.measure for entry in entries} - classes
    )  # the number of cases of a class is not its name's meaning
    for measure in (name for name in measures if re.search("[a-z]", name)):
        known = measure in lexicon.PURPOSES or measure not in lexicon.ORDINARY
        own = _own(measure) if known else ()
        for phrase in (*own, *lexicon.SYNONYMS.get(measure, ())):
            found[words(phrase)].metrics.add((measure,))
    for end in INTERVAL:
        for phrase in lexicon.STATISTICS[end]:
            found[words(phrase)].conditions.add((end,))
    for chain, phrases in _strengths(chains):
        for phrase in phrases:
            found[words(phrase)].conditions.add(chain)
    known_measures, bare = {*measures}, [tuple(part for part in chain if part != COUNTS) for chain in chains]
    for parts in dict.fromkeys(chain[:size] for chain in bare for size in range(1, len(chain) + 1)):
        for phrase in _condition(parts, known_measures):
            meaning = found[words(phrase)]
            if not meaning.metrics:  # `precision` is one first of all, and a condition of the moved threshold last
                meaning.conditions.add(parts)


def _strengths(chains: Iterable[Parts]) -> Iterator[tuple[Parts, list[str]]]:
    """`the strongest blur`, for the mildest, the middle and the strongest of each corruption's strengths."""
    strengths = defaultdict(list)
    for chain in chains:
        if len(chain) == 2 and chain[0] in lexicon.CORRUPTIONS and re.fullmatch(r"[\d.]+", chain[1]):
            strengths[chain[0]].append(chain)
    for kind, found in strengths.items():
        ordered = sorted(found, key=lambda chain: float(chain[1]), reverse=kind in lexicon.LESS_IS_STRONGER)
        names = dict.fromkeys((kind, *(name for name in lexicon.CONDITIONS.get((kind,), ()) if len(words(name)) < 3)))
        for chain, said in ((ordered[0], lexicon.MILDEST), (ordered[-1], lexicon.STRONGEST)):
            yield chain, [pattern.format(name) for name in names for pattern in said]
        if len(ordered) == 3:
            yield ordered[1], [pattern.format(name) for name in names for pattern in lexicon.MIDDLE]


def _own(part: str) -> Iterator[str]:
    """The words of a part of a key, with and without its unit."""
    yield part
    *rest, last = part.split("_")
    if rest and (last in UNITS or re.fullmatch(r"\d+px", last)):
        yield " ".join(rest)


def _condition(parts: Parts, measures: Collection[str]) -> Iterator[str]:
    """Phrases for what stands before the measure in a key, or for the beginning of it.

    A pair whose second part is a measure elsewhere has none of its own: `pooled recall` is recall, pooled.
    """
    yield from lexicon.CONDITIONS.get(parts, ())
    first, *rest = parts
    if first in lexicon.PURPOSES:  # the balanced model with its threshold moved to another's purpose
        yield from () if rest else lexicon.moved(first)
    elif not rest:
        if parts not in lexicon.CONDITIONS and first not in lexicon.ORDINARY and not first.isdigit():
            yield from _own(first)
    elif len(rest) == 1 and rest[0] not in measures:
        yield from _pair(first, rest[0])


def _pair(first: str, second: str) -> Iterator[str]:
    """`contrast low` and `low contrast`; `blur 4`, `blur of 4`, `40 hairs`; `with a ruler`, `without ruler`."""
    for pattern in lexicon.BY_NAME.get(first, ()):
        for own in (second, second.removesuffix("s"), f"{second.removesuffix('s')}s"):
            yield pattern.format(own)
    names = dict.fromkeys((*_own(first), *(p for p in lexicon.CONDITIONS.get((first,), ()) if len(words(p)) < 3)))
    for name in names:
        for own in _own(second):
            yield f"{name} {own}"
            yield f"{own} {name}"
            if re.fullmatch(r"[\d.]+", second):
                yield from (f"{name} {between} {own}" for between in lexicon.STRENGTH)
                yield from (f"{name} {sign}{own}" for sign in lexicon.SIGNS.get(first, ()))
    for pattern in lexicon.PRESENT.get(second, ()):
        yield pattern.format(first)
