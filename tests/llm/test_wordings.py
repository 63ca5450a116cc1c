"""glassbox.llm.wordings: how people ask, as files of sentences with choices."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.errors import GlassboxError
from glassbox.llm import wordings
from glassbox.llm.language import parse
from glassbox.llm.wordings import PLACEHOLDER, Wording

FILES = sorted((Path(wordings.__file__).parent / "wordings").glob("*.txt"))
LETTERS = {"B": "N", "I": "N"}  # a batch and a count are numbers, and tagged as such
DRAWN = 20  # sentences of each wording


def all_of(sentence: str) -> set[str]:
    """Every sentence that can be drawn, as 300 seeds find them."""
    return {Wording("", sentence).drawn(random.Random(seed)) for seed in range(300)}


CHOICES = [
    ("plain", {"plain"}),
    ("(a|b|c)", {"a", "b", "c"}),
    ("x (a|) y", {"x a y", "x y"}),
    ("(|a)(b|)", {"", "a", "b", "ab"}),
    ("what('s| is) {K}(?|)", {"what's {K}?", "what's {K}", "what is {K}?", "what is {K}"}),
    ("(the (big|small) one|none) left", {"the big one left", "the small one left", "none left"}),
    ("((a|b)|(c|(d|e)))", {"a", "b", "c", "d", "e"}),
    ("(a)", {"a"}),
    ("  two   spaces ", {"two spaces"}),
    ("({M}|the {M}) for {K}", {"{M} for {K}", "the {M} for {K}"}),
]


@pytest.mark.parametrize(("sentence", "drawn"), CHOICES)
def test_choices_are_made(sentence: str, drawn: set[str]) -> None:
    """Each branch comes up, nested ones too, and nothing else; spaces are single."""
    assert all_of(sentence) == drawn


SENTENCES = st.recursive(
    st.sampled_from(["a", "bc", " ", "{K}", "?"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map("|".join).map("({})".format),
    ),
    max_leaves=12,
)


@given(SENTENCES, st.integers(0, 2**32))
def test_no_sign_of_a_choice_is_left(sentence: str, seed: int) -> None:
    """Nested as deep as may be; and the same seed makes the same choices."""
    drawn = Wording("", sentence).drawn(random.Random(seed))
    assert not set("()|") & set(drawn)
    assert drawn == Wording("", sentence).drawn(random.Random(seed))


def test_a_file_in_wordings() -> None:
    """Comments and empty lines are left out; each sentence has the pattern above it."""
    text = "# a\n\n[value {K} {M}]\n  {K} of {M}  \n# b\n{M}: {K}\n[refuse]\nhello\n"
    assert wordings.read(text, "a.txt") == [
        Wording("value {K} {M}", "{K} of {M}"),
        Wording("value {K} {M}", "{M}: {K}"),
        Wording("refuse", "hello"),
    ]


BAD = [
    "{K} of it",
    "{K} of {M} or {M2}",
    "{K} of {M} on {B}",
    "nothing",
    "({K} of {M}",
    "{K} of {M})",
    "{K}) of ({M}",
    "{K} (of {M}|)",
    "({K}|{M})",
]


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_refused(line: str) -> None:
    """Choices that don't balance, and sentences that lack a name of the pattern or hold another: by file and number."""
    with pytest.raises(GlassboxError, match=r"^odd\.txt: line 4: ") as caught:
        wordings.read(f"[value {{K}} {{M}}]\n{{M}} {{K}}\n\n{line}\n", "odd.txt")
    assert "\n" not in str(caught.value)


def test_a_sentence_without_a_pattern_is_refused() -> None:
    """It would mean nothing."""
    with pytest.raises(GlassboxError, match=r"^odd\.txt: line 2: "):
        wordings.read("# no pattern yet\nhello\n[refuse]\nhi\n", "odd.txt")


def test_texts_for_a_vocabulary() -> None:
    """Everything that is said, without signs and without names."""
    found = list(wordings.words([Wording("", "what('s| is) the {K2}(?|)"), Wording("", "({M}|a b)")]))
    assert [text.split() for text in found] == [["what"], ["'s"], ["is"], ["the"], ["?"], ["a", "b"]]


def committed(file: Path) -> list[Wording]:
    return wordings.read(file.read_text(encoding="utf-8"), file.name)


def test_there_are_wordings() -> None:
    """Several files by several people."""
    assert len(FILES) >= 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_committed_file_reads(file: Path) -> None:
    """Every sentence has a pattern, and holds no sign that is none of a choice or a name."""
    found = committed(file)
    assert found
    assert [each for each in found if not each.pattern] == []
    assert [each.sentence for each in found if re.search(r"[{}\[\]]", PLACEHOLDER.sub("", each.sentence))] == []


def line(pattern: str) -> str:
    """A pattern as a query line: a tag for each name, places after `in`, models and tasks after `of`."""
    head: list[str] = []
    places: list[str] = []
    models: list[str] = []
    for word in pattern.split():
        name = PLACEHOLDER.fullmatch(word)
        if not name:
            head.append(word)
        elif name[1][0] == "N" and pattern.startswith("value"):
            continue  # `does it reach 0.9`: the value is told
        elif name[1][0] in "KMTBCIN" and not pattern.startswith("refuse"):
            tag = f"{LETTERS.get(name[1][0], name[1][0])}{name[1][1:] or 1}"
            (places if name[1][0] in "BC" else models if name[1][0] in "MT" else head).append(tag)
    place = ["in", "case" if "{C}" in pattern else "batch", *places] if places else []
    return " ".join([*head, *place, *(["of", *models] if models else [])])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_committed_patterns_are_query_lines(file: Path) -> None:
    """With tags in the place of their names. What is refused has a line of that one word."""
    for pattern in dict.fromkeys(each.pattern for each in committed(file)):
        assert set(re.findall(r"\{(.*?)\}", pattern)) <= {
            *"KMTBCINQU",
            "K2",
            "K3",
            "M2",
            "M3",
            "B2",
            "C2",
            "N2",
            "Q2",
        }, pattern
        found = parse(line(pattern))
        assert found.verb == pattern.split()[0]
        assert found.unit is None or found.unit in pattern.split()
        tests = [word for word in pattern.split() if word in ("below", "above", "least", "most", "equal", "between")]
        assert [found.test] * bool(tests) == tests, pattern
        if found.verb != "refuse" and tests:
            assert len(found.bounds) == 1 + (found.test == "between"), pattern


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_drawn_sentences_hold_the_names_of_their_pattern(file: Path) -> None:
    """Whatever is chosen: all of them and no other."""
    rng = random.Random(5)
    for each in committed(file):
        names = set(PLACEHOLDER.findall(each.pattern))
        for _ in range(DRAWN):
            drawn = each.drawn(rng)
            assert set(PLACEHOLDER.findall(drawn)) == names, (each.pattern, drawn)
            assert drawn and not set("()|") & set(drawn), drawn


def test_no_sentence_means_two_things() -> None:
    """The same words with the same names stand under one pattern alone."""
    meant: dict[str, set[str]] = {}
    for each in (each for file in FILES for each in committed(file)):
        meant.setdefault(each.sentence.lower().rstrip("?. "), set()).add(each.pattern)
    assert {sentence: found for sentence, found in meant.items() if len(found) > 1} == {}
