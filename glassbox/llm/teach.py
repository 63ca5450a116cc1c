"""Questions to learn from, each with its query line: wordings filled with invented names, and read by the linker.

A name is chosen for every placeholder, the sentence is worn a little (slips of the finger, greetings, a lost question
mark), and the linker tags it as it tags a user's. So what is learned is how the linker's tags stand in sentences. Where
the metric or the model of a wording is exchanged for one that is not recorded, the line is `refuse`.
"""

import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context

from glassbox.llm import chatter, world
from glassbox.llm.fill import NOUNS, Filled, Place, fill, places, plural, stranger, unrecorded
from glassbox.llm.language import WORDS
from glassbox.llm.linker import Linked, link
from glassbox.llm.numbers import COUNTED
from glassbox.llm.tags import MOST, UNKNOWN
from glassbox.llm.thesaurus import Thesaurus
from glassbox.llm.units import units
from glassbox.llm.wordings import PLACEHOLDER, Wording
from glassbox.llm.wordings import words as texts

KINDS = "MPXTKQSCNU"
SIGNS = ("?", ",", "'s")
SPECIAL = ("<unk>", "<s>", "</s>")
ASKED = "<asked>"  # ends the question
LONGEST = 60  # tokens of a question
COMMON = 3  # wordings that have a word of the vocabulary, at least
THESAURUS = Thesaurus()
VARIED = 0.65  # of the lessons: how many are told in other words
THINNED = 0.5  # of the lessons: how many have words taken out
EXCHANGED = 0.1  # of the wordings with a metric: how many ask for one that is not recorded
SPLIT = 0.3  # of the counts of cases: how many ask for those of one split
SHARES = {  # of the lessons, by what their line begins with
    "value": 0.32, "refuse": 0.14, "list": 0.11, "count": 0.1, "best": 0.05, "worst": 0.05, "max": 0.05, "min": 0.05,
    "compare": 0.06, "difference": 0.06, "mean": 0.03, "median": 0.02, "sum": 0.025, "again": 0.045, "help": 0.01,
}  # fmt: skip
PARTS = 2  # of the lessons, each about indexes of its own
FEW = 1000  # lessons that are drawn without a process for each part
Example = tuple[list[int], int]


@dataclass(frozen=True)
class Lesson:
    """The tokens of a question and of its line."""

    question: tuple[str, ...]
    line: tuple[str, ...]


def vocabulary(wordings: Sequence[Wording]) -> list[str]:
    """The tokens of the model, in order: specials, tags, words of the query language, words of questions.

    A word that fewer than `COMMON` wordings have is left out: nothing could be learned of it but that it is unknown.
    Tags and the query language begin with a space; a word of a question begins with a dot, so that no grammar can take
    it for one of the language.
    """
    sentences = [*chatter.GREETINGS, *chatter.FAREWELLS, *chatter.CLAUSES, *chatter.AROUND]
    sentences += [*NOUNS, *COUNTED, *world.WORLDLY, THESAURUS.words()]
    found = {unit.text for text in sentences for unit in units(text)} | set(SIGNS)
    found |= {word for word, count in _times(wordings).items() if count >= COMMON}
    found = {word for word in found if not re.search(r"\d", word)}
    tags = [f" {kind}{number}" for kind in KINDS for number in range(1, MOST + 1)]
    return [*SPECIAL, ASKED, *tags, *(f" {word}" for word in WORDS), *(f".{word}" for word in sorted(found))]


def rare(wordings: Sequence[Wording]) -> list[str]:
    """The words of wordings that are too few for the vocabulary, sorted: unknown, and yet no slip of the finger."""
    return sorted(word for word, count in _times(wordings).items() if count < COMMON and word.isalpha())


def _times(wordings: Sequence[Wording]) -> Counter[str]:
    """In how many wordings each word is."""
    return Counter(
        word for wording in wordings for word in {unit.text for text in texts([wording]) for unit in units(text)}
    )


def question_words(pieces: Sequence[str]) -> frozenset[str]:
    """The words that a model of this vocabulary knows in a question."""
    return frozenset(piece[1:] for piece in pieces if piece.startswith("."))


def examples(wordings: Sequence[Wording], pieces: Sequence[str], among: int, count: int, seed: int) -> list[Example]:
    """`count` lessons about `among` invented indexes as token ids, each with the position at which its line begins.

    They are drawn in `PARTS`, each about indexes of its own, and many in as many processes: the same either way.
    """
    draw = partial(_drawn, wordings, pieces)
    parts = [
        (max(among // PARTS, 1), count * (part + 1) // PARTS - count * part // PARTS, seed * PARTS + part)
        for part in range(PARTS)
    ]
    if count < FEW:
        return [example for part in parts for example in draw(part)]
    with ProcessPoolExecutor(PARTS, get_context("spawn")) as pool:
        return [example for found in pool.map(draw, parts) for example in found]


def _drawn(wordings: Sequence[Wording], pieces: Sequence[str], part: tuple[int, int, int]) -> list[Example]:
    """One part: about so many indexes, so many lessons, by this seed."""
    among, count, seed = part
    known, number = question_words(pieces), {piece: at for at, piece in enumerate(pieces)}
    drawn = lessons(wordings, known, places(seed, among), random.Random(seed))
    return [encoded(lesson.question, lesson.line, number) for lesson in islice(drawn, count)]


def encoded(question: Sequence[str], line: Sequence[str], number: Mapping[str, int]) -> Example:
    """`<s> question <asked> line </s>` as token ids, and where the line begins; without a line, the prompt alone."""
    prompt = [number["<s>"], *(number[piece] for piece in map(piece_of, question)), number[ASKED]]
    told = [*(number[f" {word}"] for word in line), number["</s>"]] if line else []
    return [*prompt, *told], len(prompt)


def piece_of(token: str) -> str:
    """How a token of a linked question stands in the vocabulary."""
    if token == SPECIAL[0]:
        return token
    return f" {token}" if token[0] in KINDS and token[1:].isdigit() else f".{token}"


def repeated(examples: list[Example], seed: int) -> Iterator[Example]:
    """The examples again and again, each time in another order."""
    rng, order = random.Random(seed), list(range(len(examples)))
    while True:
        rng.shuffle(order)
        yield from (examples[at] for at in order)


def lessons(
    wordings: Sequence[Wording], known: frozenset[str], among: Sequence[Place], rng: random.Random
) -> Iterator[Lesson]:
    """Lessons without end.

    Those of one verb come up by `SHARES`, their patterns by about the root of how many wordings they have.
    """
    by_pattern: dict[str, list[Wording]] = {}
    for wording in wordings:
        by_pattern.setdefault(wording.pattern, []).append(wording)
    uncommon = frozenset(rare(wordings))
    patterns, weights = list(by_pattern), {name: len(found) ** 0.6 for name, found in by_pattern.items()}
    whole: Counter[str] = Counter()
    for name, weight in weights.items():
        whole[_verb(name)] += weight
    shares = [SHARES[_verb(name)] * weight / whole[_verb(name)] for name, weight in weights.items()]
    while True:
        [pattern] = rng.choices(patterns, shares)
        lesson = _lesson(rng.choice(by_pattern[pattern]), known, uncommon, rng.choice(among), rng)
        if lesson is not None:
            yield lesson


def _verb(pattern: str) -> str:
    return pattern.split()[0]


def _lesson(
    wording: Wording, known: frozenset[str], uncommon: frozenset[str], place: Place, rng: random.Random
) -> Lesson | None:
    """One lesson; None where the linker takes a name for something else, and nothing can be learned."""
    sentence = wording.drawn(rng)
    if rng.random() < VARIED:
        sentence = THESAURUS.varied(sentence, rng)
    names = list(dict.fromkeys(PLACEHOLDER.findall(wording.pattern)))
    exchanged = _exchange(names, rng) if not wording.pattern.startswith(("refuse", "again")) else None
    filled = fill(wording.pattern, names, place, rng)
    if filled is None:
        return None
    if exchanged:
        filled.texts[exchanged] = unrecorded(place, rng) if exchanged[0] == "K" else stranger(place, rng)
    if wording.pattern.startswith("count case {") and rng.random() < SPLIT:
        split = rng.choice(("training", "test", "validation", "train"))
        sentence = re.sub(r" (cases|images|pictures|lesions|samples)\b", rf" {split} \1", sentence, count=1)
    several = _verb(wording.pattern) not in ("compare", "difference")
    text = chatter.worn(plural(sentence, filled, place, several, rng), filled.texts, rng)
    before, behind = chatter.aside(rng)
    said = link(before + behind, place.phrases, place.catalogue, known, uncommon) if before or behind else None
    if said and (said.meanings or said.missing):
        before, behind, said = "", "", None  # its words are names here
    linked = link(f"{before}{text}{behind}", place.phrases, place.catalogue, known, uncommon)
    spare = {number.value for number in said.numbers.values()} if said else set()
    if exchanged or wording.pattern.startswith("refuse"):
        line: tuple[str, ...] | None = ("refuse",)
    else:
        line = _line(wording.pattern, filled, linked, spare)
    if not line or len(linked.tokens) > LONGEST:
        return None
    if (exchanged or "{U}" in wording.pattern) and not (linked.tags("U") or UNKNOWN in linked.tokens):
        return None  # the invented name is one of the index
    plain = line != ("refuse",) or exchanged
    return Lesson(chatter.thinned(linked.tokens, rng) if plain and rng.random() < THINNED else linked.tokens, line)


def _exchange(names: Sequence[str], rng: random.Random) -> str | None:
    """The placeholder whose name is exchanged for one that is not recorded, now and then."""
    open_to = [name for name in names if name[0] == "K" or name[0] == "M"]
    if not open_to or rng.random() > EXCHANGED:
        return None
    metrics = [name for name in open_to if name[0] == "K"]
    return rng.choice(metrics) if metrics and rng.random() < 0.85 else rng.choice(open_to)


def _line(pattern: str, filled: Filled, linked: Linked, spare: Collection[float] = ()) -> tuple[str, ...] | None:
    """The pattern as a line, with the linker's tags; None where one of the names got none.

    `spare` are numbers of an aside, which the line leaves out.
    """
    if linked.missing:
        return None
    head: list[str] = []
    unasked: list[str] = []  # `does it reach 0.9`: the value is told, and the reader compares
    place: list[str] = []
    models: list[str] = []
    words = pattern.split()
    for word in words:
        name = PLACEHOLDER.fullmatch(word)
        if not name:
            head.append(word)
            continue
        tags = [_tag(kind, value, linked) for kind, value in filled.wanted[name[1]]]
        if None in tags:
            return None
        found = [tag for tag in tags if tag]
        match name[1][0]:
            case "N" if _verb(pattern) == "value":
                unasked += found
            case "K" | "I" | "N":
                head += found
            case "B" | "C":
                place += found
            case "M" | "T":
                models += [tag for tag in found if tag not in models]
    unasked += [tag for tag, number in linked.numbers.items() if number.value in spare]
    if not set(linked.tags("KXMPTNC")) <= {*head, *unasked, *place, *models}:
        return None  # a word of the sentence is taken for a name that it does not ask for
    if sum(tag[0] != "T" for tag in models) < pattern.count("{M"):
        return None  # two models by one purpose
    unit = "batch" if "{B}" in pattern else "case"
    return (*head, *(("in", unit, *place) if place else ()), *(("of", *models) if models else ()))


def _tag(kind: str, value: object, linked: Linked) -> str | None:
    """The tag that stands for this name."""
    if kind == "number":
        return next(
            (tag for tag, number in linked.numbers.items() if abs(number.value - float(str(value))) < 1e-9), None
        )
    read = {"metric": "metrics", "model": "models", "purpose": "purposes", "task": "tasks", "case": "cases"}[kind]
    wanted = (value,) if kind == "metric" else value
    return next((tag for tag, meaning in linked.meanings.items() if wanted in getattr(meaning, read)), None)
