"""glassbox.llm.teach: questions to learn from, each with its query line."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from glassbox.llm import chatter, language, teach, wordings
from glassbox.llm.language import WORDS, parse
from glassbox.llm.linker import Linked
from glassbox.llm.numbers import Number
from glassbox.llm.phrases import Meaning
from glassbox.llm.tags import MOST
from glassbox.llm.teach import Lesson, encoded, lessons, piece_of, places, question_words, repeated, vocabulary
from glassbox.llm.wordings import Wording

AROUND_IT = chatter.AROUND_IT
FILES = sorted((Path(wordings.__file__).parent / "wordings").glob("*.txt"))
TAG = re.compile(rf"[{teach.KINDS}][1-9]")
OWN = [
    Wording("value {K} {M}", "what is the {K} of {M}?"),
    Wording("worst batch {K} {M}", "(on|in) which batch did {M} do worst in {K}"),
    Wording("count case {K} below {N} {M}", "how many cases of {M} have {K} below {N}?"),
    Wording("compare {K} {M} {M2}", "is {M} better than {M2} in {K}"),
    Wording("again {B}", "and in {B}?"),
    Wording("refuse {U}", "tell me the {U}"),
    Wording("help", "what can you do"),
]


@cache
def committed() -> list[Wording]:
    return [each for file in FILES for each in wordings.read(file.read_text(encoding="utf-8"), file.name)]


@cache
def pieces() -> list[str]:
    return vocabulary(committed())


@cache
def indexes() -> list[teach.Place]:
    return places(5, 3)


def taught(some: Sequence[Wording], count: int, seed: int = 1) -> list[Lesson]:
    known = question_words(pieces())
    return list(islice(lessons(some, known, indexes(), random.Random(seed)), count))


@cache
def many() -> list[Lesson]:
    """Lessons of every committed wording's kind."""
    return taught(committed(), 700)


def tags(tokens: Sequence[str]) -> set[str]:
    return {token for token in tokens if TAG.fullmatch(token)}


def test_a_vocabulary_has_every_piece_once() -> None:
    """Specials, then every tag, then the query language, then the words of questions, sorted."""
    found = pieces()
    assert len(set(found)) == len(found)
    assert found[:4] == ["<unk>", "<s>", "</s>", "<asked>"]
    every = [f" {kind}{number}" for kind in teach.KINDS for number in range(1, MOST + 1)]
    assert found[4 : 4 + len(every)] == every
    rest = found[4 + len(every) :]
    assert rest[: len(WORDS)] == [f" {word}" for word in WORDS]
    assert rest[len(WORDS) :] == sorted(rest[len(WORDS) :])


def test_a_word_of_few_wordings_is_rare() -> None:
    """It is in no vocabulary, however often that wording says it; numbers are no words."""
    few = [Wording("help", "bogus bogus bogus 3x"), *(Wording("help", f"shared w{n}") for n in range(teach.COMMON))]
    assert teach.rare(few) == ["bogus"]
    known = teach.question_words(teach.vocabulary(few))
    assert "shared" in known and "bogus" not in known


def test_no_word_of_a_question_can_be_taken_for_one_of_the_language() -> None:
    """Those begin with a dot, these with a space, as the grammar has it; a digit is in tags alone."""
    language_pieces = {f" {word}" for word in WORDS}
    for piece in pieces()[4:]:
        assert re.fullmatch(r" [a-z]+| [A-Z][1-9]|\.\D+", piece), piece
        assert piece[0] == "." or piece in language_pieces or TAG.fullmatch(piece[1:])
    assert question_words(pieces()) == {piece[1:] for piece in pieces() if piece[0] == "."}
    assert {"which", "worst", "batch", "?", ",", "'s"} <= question_words(pieces())


def test_every_line_of_a_grammar_is_made_of_pieces() -> None:
    """Whatever a grammar quotes is one piece of the vocabulary."""
    named = tuple(f"{kind}{number}" for kind in teach.KINDS for number in range(1, MOST + 1))
    assert set(re.findall(r'"([^"]*)"', language.grammar(linked(named)))) <= set(pieces())


def linked(tokens: Sequence[str]) -> Linked:
    """A question of which the tags alone are known."""
    found = sorted(tags(tokens))
    numbers = {tag: Number(1, False) for tag in found if tag[0] == "N"}
    return Linked(tuple(tokens), tuple(tokens), {tag: Meaning() for tag in found if tag[0] != "N"}, numbers, ())


def expression(name: str, rules: dict[str, str]) -> str:
    """A rule of the grammar as a regular expression: no rule holds itself."""

    def token(found: re.Match[str]) -> str:
        if found[1]:
            return found[1].replace(" ", r"\s")
        return f"(?:{expression(found[2], rules)})" if found[2] else "(?:"

    return re.sub(r'"([^"]*)"|([a-z]+)|\(', token, rules[name]).replace(" ", "")


def writable(lesson: Lesson) -> bool:
    """Whether the grammar of the question lets the line through."""
    rules = dict(line.split(" ::= ", 1) for line in language.grammar(linked(lesson.question)).splitlines())
    return bool(re.fullmatch(expression("root", rules), f" {' '.join(lesson.line)}"))


def test_a_lesson_is_a_question_and_its_line() -> None:
    """The line is one, of the tags of its question alone, and the question's words are in the vocabulary."""
    known = {*question_words(pieces()), "<unk>"}
    for lesson in many():
        found = parse(" ".join(lesson.line))
        assert set(lesson.question) - tags(lesson.question) <= known
        assert tags(lesson.line) <= tags(lesson.question), lesson
        assert len(found.bounds) == (found.test is not None) + (found.test == "between"), lesson
        assert (found.place is None) == (found.at == ())
    assert {lesson.line[0] for lesson in many()} >= {
        "value",
        "worst",
        "count",
        "list",
        "compare",
        "again",
        "refuse",
        "help",
    }


THREE = [Wording("compare {K} {M} {M2} {M3}", "which is best in {K}: {M}, {M2} or {M3}?")]


@pytest.mark.parametrize("some", [None, THREE], ids=["all", "three models"])
def test_what_is_taught_can_be_written(some: list[Wording] | None) -> None:
    """The grammar of the question lets its line through: else a model could never say what it learned."""
    assert [lesson for lesson in (taught(some, 300) if some else many()) if not writable(lesson)] == []


def test_names_of_a_question_are_all_in_its_line() -> None:
    """What is asked about is not left out: no metric, model, number or case of the question but in a refusal."""
    for lesson in many():
        if lesson.line[0] not in ("refuse", "again"):
            kinds = "KXMPTC" if lesson.line[0] == "value" else "KXMPTNC"  # `does it reach 0.9`: the value is told
            assert {tag for tag in tags(lesson.question) if tag[0] in kinds} <= tags(lesson.line), lesson


@pytest.fixture(autouse=True)
def _no_asides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions alone, but where a test is about what stands around them."""
    monkeypatch.setattr(chatter, "AROUND_IT", 0.0)


def test_numbers_of_an_aside_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said before a question stays in it, its number with a tag of its own, which no line takes up."""
    monkeypatch.setattr(chatter, "AROUND_IT", 1.0)
    monkeypatch.setattr(teach, "EXCHANGED", 0)
    for where in ("BEFORE", "BEHIND"):
        monkeypatch.setattr(chatter, where, ["our house has 31 rooms"])
    lessons = taught([OWN[0]], 60)
    assert all(set(lesson.line) & tags(lesson.question) for lesson in lessons)
    assert all("N1" in lesson.question for lesson in lessons)
    assert not any("N1" in lesson.line for lesson in lessons)


def test_an_aside_that_names_something_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Dice` would be a second metric of the question."""
    monkeypatch.setattr(chatter, "AROUND_IT", 1.0)
    monkeypatch.setattr(teach, "EXCHANGED", 0)
    for where in ("BEFORE", "BEHIND"):
        monkeypatch.setattr(chatter, where, ["31 dice were cast"])
    assert not any("N1" in lesson.question for lesson in taught([OWN[0]], 60))


def test_asides_change_nothing() -> None:
    """None asks, compares or names a metric; each is told once."""
    said = [*chatter.BEFORE, *chatter.BEHIND]
    assert len(said) == len({line.lower() for line in said}) > 500
    assert not [line for line in said if {*re.findall(r"[a-z]+", line.lower())} & {"below", "above", "best", "worst"}]


SHAPES = [
    (OWN[0], r"value [KX][12] of( [MPXT][12])+"),
    (OWN[1], r"worst batch [KX][12] of( [MPXT][12])+"),
    (OWN[2], r"count case [KX][12] below N1 of( [MPXT][12])+"),
    (OWN[3], r"compare [KX][12] of( [MPXT][1-4]){2,6}"),
    (OWN[4], r"again in batch N1"),
    (OWN[5], r"refuse"),
    (OWN[6], r"help"),
]


@pytest.mark.parametrize(("wording", "shape"), SHAPES)
def test_lines_of_a_pattern(monkeypatch: pytest.MonkeyPatch, wording: Wording, shape: str) -> None:
    """Are that pattern with tags in the place of its names."""
    monkeypatch.setattr(teach, "EXCHANGED", 0)
    for lesson in taught([wording], 60):
        assert re.fullmatch(shape, " ".join(lesson.line)), lesson


@pytest.mark.parametrize("wording", OWN[:4])
def test_what_is_not_recorded_is_refused(monkeypatch: pytest.MonkeyPatch, wording: Wording) -> None:
    """Where a wording's metric or model is exchanged for a stranger; no question that is answered reads the same."""
    monkeypatch.setattr(teach, "EXCHANGED", 1)
    exchanged = taught([wording], 400)
    assert {lesson.line for lesson in exchanged} == {("refuse",)}
    monkeypatch.setattr(teach, "EXCHANGED", 0)
    recorded = taught([wording], 400)
    assert ("refuse",) not in {lesson.line for lesson in recorded}
    assert {lesson.question for lesson in exchanged} & {lesson.question for lesson in recorded} == set()


def test_some_of_the_wordings_are_exchanged() -> None:
    """About as many as planned, and no follow-up or refusal."""
    refused = [lesson.line == ("refuse",) for lesson in taught(OWN[:1], 600)]
    assert 0.5 * teach.EXCHANGED < sum(refused) / len(refused) < 1.5 * teach.EXCHANGED
    assert {lesson.line[0] for lesson in taught(OWN[4:5], 200)} == {"again"}


def test_the_same_words_are_taught_as_the_same() -> None:
    """No question has two lines."""
    lines: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for lesson in many():
        lines.setdefault(lesson.question, set()).add(lesson.line)
    assert {question: found for question, found in lines.items() if len(found) > 1} == {}


def test_lessons_vary() -> None:
    """Few are the same, most are of one pattern's many wordings, and no name of a wording is left unfilled."""
    assert len({lesson.question for lesson in many()}) > 0.9 * len(many())
    assert not {token for lesson in many() for token in lesson.question if set("{}()|") & set(token)}


LAYOUT = {
    piece: at
    for at, piece in enumerate(["<unk>", "<s>", "</s>", "<asked>", " K1", " M1", " value", " of", ".value", ".of"])
}


def test_a_prompt_and_its_line_as_numbers() -> None:
    """`<s> question <asked> line </s>`, and where the line begins; a word of both is two pieces."""
    question, line = ("value", "K1", "of", "<unk>", "M1"), ("value", "K1", "of", "M1")
    ids, begins = encoded(question, line, LAYOUT)
    assert ids == [1, 8, 4, 9, 0, 5, 3, 6, 4, 7, 5, 2]
    assert begins == 7
    assert encoded(question, (), LAYOUT) == (ids[:7], 7)


PIECES = [
    ("<unk>", "<unk>"),
    ("K1", " K1"),
    ("X9", " X9"),
    ("value", ".value"),
    ("?", ".?"),
    ("'s", ".'s"),
    ("k", ".k"),
]


@pytest.mark.parametrize(("token", "piece"), PIECES)
def test_a_token_as_a_piece(token: str, piece: str) -> None:
    """Tags begin with a space, words with a dot."""
    assert piece_of(token) == piece


def test_examples_are_lessons_as_numbers() -> None:
    """Each can be read back: a question, and a line that is one."""
    found = teach.examples(OWN, pieces(), 2, 50, 3)
    assert len(found) == 50
    for ids, begins in found:
        said = [pieces()[at] for at in ids]
        assert (said[0], said[begins - 1], said[-1]) == ("<s>", "<asked>", "</s>")
        assert parse("".join(said[begins:-1])).verb in {wording.pattern.split()[0] for wording in OWN}


def test_lessons_come_from_the_seed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """In two other processes, whose sets are in another order, they are the same; another seed gives others."""
    monkeypatch.setattr(chatter, "AROUND_IT", AROUND_IT)
    code = (
        "import json, sys; from glassbox.llm import teach; from glassbox.llm.wordings import Wording;"
        "some = [Wording(*each) for each in json.load(sys.stdin)];"
        "print(json.dumps(teach.examples(some, teach.vocabulary(some), 3, 250, 7)))"
    )
    some = committed()[::4]
    given = json.dumps([(each.pattern, each.sentence) for each in some])

    def made(order: str) -> list[teach.Example]:
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=given,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": order, "PYTHONPATH": ":".join(sys.path)},
        )
        return [(ids, begins) for ids, begins in json.loads(done.stdout)]

    here = teach.examples(some, vocabulary(some), 3, 250, 7)
    assert made("1") == made("2") == here
    assert teach.examples(some, vocabulary(some), 3, 250, 8) != here


def test_lessons_are_the_same_from_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn at once in a process for each part, or one part after the other; and the parts differ."""
    monkeypatch.setattr(chatter, "AROUND_IT", AROUND_IT)
    some = committed()[::40]
    here = teach.examples(some, vocabulary(some), 2, 60, 7)
    monkeypatch.setattr(teach, "FEW", 0)
    assert teach.examples(some, vocabulary(some), 2, 60, 7) == here
    assert here[:30] != here[30:]


def test_examples_come_again_in_another_order() -> None:
    """All of them in each round, without end, and by the seed."""
    some: list[teach.Example] = [([number], 0) for number in range(20)]

    def rounds(seed: int) -> Iterator[list[int]]:
        drawn = repeated(some, seed)
        while True:
            yield [ids[0] for ids, _ in islice(drawn, len(some))]

    first, second = islice(rounds(1), 2)
    assert sorted(first) == sorted(second) == list(range(20))
    assert first != second
    assert [first, second] == list(islice(rounds(1), 2))
    assert first != next(rounds(2))
