"""glassbox.llm.synonyms: names that are known when a question is read, and not taught."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.llm import lexicon, phrases, synonyms
from glassbox.llm.catalogue import Catalogue
from glassbox.llm.phrases import LONGEST
from glassbox.llm.synonyms import expanded, widened

FILES = {"metrics.txt": lexicon.SYNONYMS, "conditions.txt": lexicon.CONDITIONS}
PATTERNS = [
    ("one two", {"one two"}),
    ("(one|two)", {"one", "two"}),
    ("(one|two|) three", {"one three", "two three", "three"}),
    ("a (b (c|d)|e) f", {"a b c f", "a b d f", "a e f"}),
    ("a|b c", {"a", "b c"}),
]


@pytest.mark.parametrize(("pattern", "found"), PATTERNS)
def test_every_choice_is_made(pattern: str, found: set[str]) -> None:
    assert {" ".join(phrase) for phrase in expanded(pattern)} == found


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3), min_size=1, max_size=4))
def test_choices_side_by_side_are_crossed(choices: list[list[str]]) -> None:
    pattern = " ".join(f"({'|'.join(each)})" for each in choices)
    assert {*expanded(pattern)} == {*product(*choices)}


@pytest.mark.parametrize("name", FILES)
def test_every_pattern_is_balanced_and_names_what_is_known(name: str) -> None:
    """Brackets close, no name is longer than the linker reads, and each key has names that are taught."""
    for key, names in synonyms.named(name):
        assert (key[-1] if name == "metrics.txt" else key) in FILES[name], key
        assert names
        for phrase in names:
            assert 0 < len(phrase) <= LONGEST, phrase
            assert not {*"()|"} & {*" ".join(phrase)}, phrase


@pytest.mark.parametrize("name", FILES)
def test_no_name_has_two_meanings(name: str) -> None:
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    for key, names in synonyms.named(name):
        for phrase in names:
            assert seen.setdefault(phrase, key) == key, phrase


def test_what_has_a_meaning_keeps_it(catalogue: Catalogue) -> None:
    """More phrases, none exchanged, and those of the index's own metrics and conditions alone."""
    before = phrases.of(catalogue)
    after = widened(before, catalogue)
    assert {phrase: after.meanings[phrase] for phrase in before.meanings} == dict(before.meanings)
    added = {phrase: meaning for phrase, meaning in after.meanings.items() if phrase not in before.meanings}
    assert added
    parts = {entry.parts for entry in catalogue.entries}
    held = {each[:size] for each in parts for size in range(1, len(each))}
    assert {key for meaning in added.values() for key in meaning.conditions} <= held
    assert {key for meaning in added.values() for key in meaning.metrics} <= {(e.measure,) for e in catalogue.entries}
    assert after.meanings["weakest", "third", "of", "the", "moles"].conditions == {("contrast", "low")}
