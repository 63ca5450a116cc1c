"""Numbers in a question: how they are written, and those that nothing is asked about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.units import PERCENT, RANKED, Unit, text_at

ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
SUPERLATIVES = (
    "best", "worst", "highest", "lowest", "largest", "smallest", "greatest", "biggest", "poorest", "weakest",
    "strongest", "most", "fewest", "least", "top", "longest", "shortest",
)  # fmt: skip
NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?")
COUNTED = {
    "zero": 0, "half": 0.5, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "hundred": 100,
}  # fmt: skip
ONE_AFTER = ("exactly", "least", "most", "than", "only", "just", "single", "precisely")
PIXELS = ("px", "pixel", "pixels")
BATCHES = ("batch", "batches")
MANY = (
    "batches", "cases", "images", "pictures", "lesions", "samples", "photographs", "photos", "films", "radiographs",
    "tiles", "retinas", "scans", "eyes",
)  # fmt: skip
ENDING = ("", "?", ",", "has", "have", "is", "are", "does", "do", "by", "had")
OWN = ("its", "all", "their", "these", "those", "whole", "entire")
WHOLE = ("the", "over", "across", "of", "in")
BETWEEN = ("and", "or", "to", "vs", "versus", ",", "through")  # numbers of several batches
CHOOSING = ("with", "where", "that", "which", "whose", "by", "having")
COUNTED_ALL = (  # there are so many of them, and the number tells nothing: `the four isic networks`
    "model", "models", "variant", "variants", "network", "networks", "net", "nets", "versions", "classifiers",
    "segmenters", "points", "values", "numbers", "figures", "tissues", "classes", "splits", "tasks", "methods",
    "corruptions", "groups", "subgroups", "strengths", "levels", "kinds", "ends", "bounds",
)  # fmt: skip
ALL = ("the", "all", "of", "its", "their", "these", "those", "'s", "between", "among", "our", "your", "both")
MOST_OF_THEM = 30
TOLERANCE = 2  # pixels, of the surface Dice that is recorded
OUTER = ("values", "numbers", "figures")  # `two values`, whatever stands before


@dataclass(frozen=True)
class Number:
    """A number in the question; with a per cent sign it is a hundredth."""

    value: float
    percent: bool

    @property
    def whole(self) -> int | None:
        """The number where it can be a batch's or a count."""
        return int(self.value) if not self.percent and self.value.is_integer() else None


def number_at(found: Sequence[Unit], at: int) -> Number | None:
    """The number that stands at `at`, in digits or in a word."""
    text = found[at].text
    if text == "one" and text_at(found, at - 1) in ONE_AFTER and text_at(found, at + 1) != "half":
        return Number(1.0, False)
    ordinal = ORDINAL.fullmatch(text)
    if text in COUNTED:
        return Number(float(COUNTED[text]), False)
    if not (NUMBER.fullmatch(text) or ordinal):
        return None
    value = float(ordinal[1] if ordinal else text)
    percent = text_at(found, at + 1) == PERCENT
    return Number(value / 100 if percent else value, percent)


def rank_at(found: Sequence[Unit], at: int) -> int | None:
    """The place in a ranking that an ordinal before a superlative names: 2 of `second best` and `second last`."""
    text, ordinal = found[at].text, ORDINAL.fullmatch(found[at].text)
    if (text, text_at(found, at + 1)) == ("runner", "up"):
        return 2
    if text_at(found, at + 1) not in (*SUPERLATIVES, "last"):
        return None
    place = int(ordinal[1]) if ordinal else RANKED.index(text) + 1 if text in RANKED else 2 * (text == "next")
    return place if 1 < place <= len(RANKED) else None


def spare(found: Sequence[Unit], at: int, size: int, number: Number, catalogue: Catalogue) -> bool:
    """A number that nothing is asked about: `its 20 batches`, `the 6 cases of batch 4`, `at 2 px`, `exclude 0`."""
    before, after, beyond = (text_at(found, place) for place in (at - 1, at + size, at + size + 1))
    counted = found[at].text in COUNTED and after in ENDING
    if counted and (before in ("the", "those", "these") or before in catalogue.tasks):
        return True  # `between the two`, `of the isic four`
    if _all_of_them(found, at + size, before, number):
        return True
    if found[at].text in COUNTED and at + 1 < len(found) and found[at + 1].glued and after.isalpha():
        return True  # `the nine-tissue model`
    if [text_at(found, at - n) for n in (3, 2, 1)] == ["out", "of", "the"]:
        return True
    batch = beyond in ("of", "in") and text_at(found, at + size + 2) == "batch"
    ahead = [text_at(found, place) for place in range(at + size, at + size + 4)]
    noun = next((at + size + n for n, text in enumerate(ahead) if text in MANY), 0)
    if any(text in SUPERLATIVES for text in ahead[: max(noun - at - size, 0)]):
        noun = 0
    if before == "the" and after in ("", "?", ",") and _everything(number, "cases", "", catalogue):
        return True  # `out of the 600`
    everything = before in WHOLE and noun and _everything(number, found[noun].text, text_at(found, noun + 1), catalogue)
    if everything and noun > at + size:  # `of the 600 isic test pictures`
        return True
    if after in MANY and (before in OWN or batch or everything):
        return True
    if size == 2 and found[at + 1].text in PIXELS:
        return before in ("at", "of", "within", "with", "tolerance", ",") and number.value == TOLERANCE
    return number.value == 0 and before.startswith(("exclud", "includ"))


def _all_of_them(found: Sequence[Unit], at: int, before: str, number: Number) -> bool:
    """Whether the number before `at` is that of all there are: `the four isic networks`, and not `the two best`."""
    if (before not in ALL and text_at(found, at) not in OUTER) or number.whole not in range(MOST_OF_THEM):
        return False
    for end in range(at, min(at + 4, len(found))):
        if found[end].text in COUNTED_ALL:
            return text_at(found, end + 1) not in CHOOSING
        if found[end].text in SUPERLATIVES or not found[end].text.isalnum():
            return False
    return False


def _everything(number: Number, noun: str, follows: str, catalogue: Catalogue) -> bool:
    """Whether so many are all that there are: `over the 600 cases`, and not `the 600 cases with the lowest`."""
    there = catalogue.batches if noun in BATCHES else catalogue.cases
    sizes = {len(names) for names in there.values()}
    return number.whole in sizes and follows not in CHOOSING


def of_batch(found: Sequence[Unit], at: int, before: Sequence[str]) -> bool:
    """Whether the number at `at` is a batch's: `batch 3`, `batches 3 and 5`, `the 12th batch`."""
    follows = text_at(found, at + 1)
    if follows == "batch" and ORDINAL.fullmatch(found[at].text):
        return True
    words = list(before)
    while words and (words[-1] in BETWEEN or (words[-1][0] == "N" and words[-1][1:].isdigit())):
        words.pop()
    return bool(words) and words[-1] in ("batches", "batch" if len(words) == len(before) else "batches")
