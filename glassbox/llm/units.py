"""A question in units: words, numbers and the few signs that matter, spelt as the index and the wordings spell them."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

from glassbox.llm.phrases import Phrases

UNIT = re.compile(
    r"(?<!\S)-?\d+(?:\.\d+)?e-?\d+|(?<!\S)-(?:\d+(?:\.\d+)?|\.\d+)|\d+(?:\.\d+)?e-\d+|\d+\.\d+|\.\d+"
    r"|[^\W_]+(?:'[^\W\d_]+)*|[?%,]"
)
GLUE = re.compile(r"[-_.‐]+")  # NFKC writes a hyphen that does not break as U+2010
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
SIGNS = {
    "++": " plus plus ",
    "->": " to ", "→": " to ", "’": "'", "<=": " at most ", "≤": " at most ", ">=": " at least ", "≥": " at least ",
    "<": " below ", ">": " above ", "per cent": "percent", "two thousand eighteen": "2018",
    "two thousand seventeen": "2017", "two thousand and eighteen": "2018", "two thousand and seventeen": "2017",
}  # fmt: skip
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PARTS = {"tenths": 10, "tenth": 10, "fifths": 5, "quarters": 4}
RANKED = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
IN_DIGITS = {name: str(13 + at) for at, name in enumerate(TEENS)} | {
    name: str(20 + 10 * at) for at, name in enumerate(TENS)
}
NUMBER_OF = re.compile(r"#\s*(?=[a-z])")
COUNTED_THINGS = re.compile(r"(batch|case|image|top|picture|sample)s?(\d+)")
INTERVALS = frozenset(
    ("interval", "intervals", "confidence", "ci", "cis", "limits", "bounds", "bound", "margin", "bootstrap", "band")
)
PERCENT = "percent"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONG = 4, 7  # letters of a word that may be misspelt, and of one that may be so twice
ALIKE = 0.77  # of two long words, twice the letters in common by all letters: `presicion` and `precision` have 0.78


@dataclass(frozen=True)
class Unit:
    """One word, number or sign; `glued` to the unit before it by a hyphen or the like."""

    text: str
    glued: bool


def units(question: str) -> list[Unit]:
    """The question taken apart, in lower case; `what's` is two units, `batch12` too, `%` is `percent`."""
    text = unicodedata.normalize("NFKC", question).lower()
    for sign, said in SIGNS.items():
        text = text.replace(sign, said)
    text = NUMBER_OF.sub("number of ", text)
    return list(_in_digits(list(_units(THOUSANDS.sub("", text)))))


def _in_digits(found: Sequence[Unit]) -> Iterator[Unit]:
    """The units with `nineteen`, `ninety five` and `nine tenths` in digits, and `twenty eighteen` as a year."""
    at = 0
    while at < len(found):
        word, then = found[at].text, text_at(found, at + 1)
        at += 1
        if word in ONES and then in PARTS:
            yield Unit(f"{(ONES.index(word) + 1) / PARTS[then]:g}", False)
            at += 1
            continue
        if word == "b" and then.isdigit():  # `isic-base b.70`
            yield replace(found[at - 1], text="batch")
            continue
        if word not in IN_DIGITS:
            yield found[at - 1]
            continue
        number = IN_DIGITS[word]
        if word in TENS and then in ONES:
            number, at = str(int(number) + ONES.index(then) + 1), at + 1
        elif word == "twenty" and then in IN_DIGITS:
            number, at = f"20{IN_DIGITS[then]}", at + 1
        yield Unit(number, False)


def _units(text: str) -> Iterator[Unit]:
    end = 0
    for found in UNIT.finditer(text):
        word = found[0]
        glued = bool(end and GLUE.fullmatch(text[end : found.start()])) and word not in "?%,"
        end = found.end()
        if word[0] == "." and len(word) > 1:
            word = f"0{word}"
        head, _, tail = word.partition("'")
        if tail == "s":
            yield from (Unit(head, glued), Unit("'s", False))
        elif parts := COUNTED_THINGS.fullmatch(word):
            yield from (Unit(parts[1], glued), Unit(parts[2], False))
        else:
            yield Unit(PERCENT if word == "%" else word.replace("'", ""), glued)


def without_level(found: Sequence[Unit]) -> list[Unit]:
    """Without the `95 %` of a `95 % interval`: every interval recorded is one, and the number is no bound."""
    if not {unit.text for unit in found} & INTERVALS:
        return list(found)
    level = [at for at in range(len(found) - 1) if (found[at].text, found[at + 1].text) == ("95", PERCENT)]
    return [unit for at, unit in enumerate(found) if at not in level and at - 1 not in level]


def text_at(found: Sequence[Unit], at: int) -> str:
    """The unit at `at`; empty beyond either end."""
    return found[at].text if 0 <= at < len(found) else ""


def chain(found: Sequence[Unit], at: int) -> int:
    """Where the run of glued units that begins at `at` ends."""
    end = at + 1
    while end < len(found) and found[end].glued:
        end += 1
    return end


def spelt(found: Sequence[Unit], phrases: Phrases, vocabulary: Collection[str]) -> list[Unit]:
    """The same units, each word that is one slip of the finger from a known one put right.

    A word of a phrase comes before a word of a sentence; in a name of several parts only a word of a phrase counts.
    """
    right = []
    for at, unit in enumerate(found):
        word, alone = unit.text, not unit.glued and chain(found, at) == at + 1
        if len(word) >= SHORTEST and word.isalpha() and not _is_known(word, phrases, vocabulary):
            word = _nearest(word, phrases, frozenset(vocabulary) if alone else frozenset())
        right.append(replace(unit, text=word))
    return right


def _is_known(word: str, phrases: Phrases, vocabulary: Collection[str]) -> bool:
    return word in vocabulary or word in phrases.words or word in RANKED


@lru_cache(maxsize=20000)
def _nearest(word: str, phrases: Phrases, vocabulary: frozenset[str]) -> str:
    slips = _slips(word)
    near = slips & phrases.words or slips & vocabulary
    if not near and len(word) >= LONG:
        near = set(get_close_matches(word, [other for other in phrases.alone if other[0] == word[0]], 1, ALIKE))
    if len(near) > 1:  # a letter is lost, or two are exchanged, more often than another is typed: `wich`, `recal`
        near = near & _lost(word) or near
    one = len({other.removesuffix("s") for other in near}) == 1  # `jaccardd` is near to `jaccard` and to `jaccards`
    return min(near, key=len) if one else word


def _lost(word: str) -> set[str]:
    """Every word from which this one is a letter lost or two exchanged."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return swapped | {left + letter + right for left, right in cuts for letter in LETTERS}


def _slips(word: str) -> set[str]:
    """Every word at one deletion, exchange of neighbours, replacement or insertion (Damerau 1964)."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in LETTERS}
    return found | _lost(word)
