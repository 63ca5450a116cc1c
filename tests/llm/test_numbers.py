"""glassbox.llm.numbers, glassbox.llm.units: numbers in digits and in words, and those that nothing is asked about."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.llm.linker import Linked
from glassbox.llm.units import ONES, TEENS, TENS, units

Link = Callable[[str], Linked]


def said(number: int) -> str:
    """A number from 13 to 99 in words."""
    if number < 20:
        return TEENS[number - 13]
    tens, ones = divmod(number, 10)
    return TENS[tens - 2] + (f" {ONES[ones - 1]}" if ones else "")


@given(st.integers(13, 99), st.sampled_from([" ", "-"]))
def test_a_number_in_words_is_that_in_digits(number: int, joint: str) -> None:
    words = said(number).replace(" ", joint)
    assert [unit.text for unit in units(f"batch {words} of it")] == ["batch", str(number), "of", "it"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("twenty eighteen", ["2018"]),
        ("two thousand seventeen", ["2017"]),
        (".5", ["0.5"]),
        ("#cases", ["number", "of", "cases"]),
        ("batch #12", ["batch", "12"]),
        ("0.1 -> 0.2", ["0.1", "to", "0.2"]),
        ("grad-cam++", ["grad", "cam", "plus", "plus"]),
        ("twenty", ["20"]),
        ("ninety, nine", ["90", ",", "nine"]),
        ("one", ["one"]),
        ("two", ["two"]),
        ("nine tenths", ["0.9"]),
        ("three quarters of it", ["0.75", "of", "it"]),
        ("one tenth", ["0.1"]),
        ("two-fifths", ["0.4"]),
        ("nine", ["nine"]),
        ("the tenth", ["the", "tenth"]),
        ("twenty quarters", ["20", "quarters"]),
    ],
)
def test_signs_and_years(text: str, read: list[str]) -> None:
    assert [unit.text for unit in units(text)] == read


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("which of the four skin models has the best dice", []),
        ("dice of all 4 models of skin", []),
        ("dice of the two models with the highest iou", [2]),
        ("the two best models of skin by dice", [2]),
        ("between which two values is the dice of skin-base", []),
        ("which of the skin four has the best dice", []),
        ("of the 12 skin images how many have dice above 0.5", [0.5]),
        ("of the 12 images with the lowest dice", [12]),
        ("out of the 12, how many have dice above 0.5", [0.5]),
        ("the 11 images of skin", [11]),
        ("out of the 5 , how many have dice above 0.5", [0.5]),
        ("out of 5 , how many have dice above 0.5", [5, 0.5]),
        ("dice of at least one half", [0.5]),
        ("at least one case", [1]),
        ("the two bounds of the dice of skin-base", []),
        ("dice of skin-base over nine tenths", [0.9]),
        ("dice at 2 px of skin-base", []),
        ("dice at 5 px of skin-base", [5]),
        ("iou of skin with blur of 4 px", []),
        ("iou of skin with the strongest blur (4)", []),
        ("iou of skin with the strongest blur, batch 3", [3]),
    ],
)
def test_a_number_that_only_counts_what_there_is_is_left_out(linked: Link, question: str, numbers: list[float]) -> None:
    assert [number.value for number in linked(question).numbers.values()] == numbers


@pytest.mark.parametrize(
    ("question", "rank", "tokens"),
    [
        ("second best batch", 2, "best batch"),
        ("the 3rd worst case", 3, "the worst case"),
        ("2nd highest dice", 2, "highest K1"),
        ("the first best batch", 1, "the <unk> best batch"),
        ("second batch", 1, "<unk> batch"),
        ("the second last case", 2, "the <unk> case"),
        ("the last case", 1, "the <unk> case"),
        ("batch 2 highest", 1, "batch N1 highest"),
        ("11th best batch", 1, "N1 best batch"),
    ],
)
def test_the_place_in_a_ranking_is_no_token(linked: Link, question: str, rank: int, tokens: str) -> None:
    """The model sees the question for the first of the ranking."""
    found = linked(question)
    assert (found.rank, " ".join(found.tokens)) == (rank, tokens)
