"""Whether what is asked is a question in English, as far as can be told."""

import unicodedata

from glassbox.errors import GlassboxError
from glassbox.llm.linker import Linked
from glassbox.llm.tags import UNKNOWN

LONGEST = 400  # characters of a question
FOREIGN_LETTERS = 2  # of another alphabet than the Latin
FOREIGN_WORDS = frozenset((
    "welche", "welchen", "wert", "welcher", "welches", "hat", "ist", "der", "das", "wie", "viele", "und", "für",
    "quel", "quelle", "est", "les", "des", "combien", "pour", "cuál", "cual", "cuántas", "cuantas", "qué", "que",
    "para", "qual", "quanto", "quale", "il", "della", "che", "het", "een", "wat", "hoeveel", "é", "el", "los", "las",
    "por",
))  # fmt: skip
FOREIGN = 0.62  # of its words unknown: not English, as far as can be told


def checked(question: str) -> str:
    """The question as it is, where it is one."""
    if not question.strip():
        raise GlassboxError("question", "empty", "a question in English")
    if len(question) > LONGEST:
        raise GlassboxError("question", f"{len(question):,} characters", f"at most {LONGEST}")
    if any(
        (unicodedata.category(sign) in ("Cc", "Cs", "Co") and sign not in "\t\n\r") or sign == "\ufffd"
        for sign in question
    ):
        raise GlassboxError("question", "not text", "a question in English")
    letters = [sign for sign in question if sign.isalpha()]
    latin = sum("LATIN" in unicodedata.name(sign, "") for sign in letters)
    strange = len(letters) - latin > FOREIGN_LETTERS or "¿" in question or "¡" in question
    if not any(sign.isalnum() for sign in question) or strange:
        raise GlassboxError("question", "not in English letters and signs", "a question in English")
    return question


def in_english(linked: Linked) -> None:
    """Raises `GlassboxError` for another language.

    A question whose words are mostly unknown is not English, as far as can be told. A name is a known word.
    """
    words = [token for token in linked.tokens if token[0].isalpha() or token == UNKNOWN]
    unknown = words.count(UNKNOWN)
    if unknown and sum(word in FOREIGN_WORDS for word in linked.spelt) > 1:
        raise GlassboxError("question", "words of another language", "a question in English")
    if unknown > 2 and unknown >= FOREIGN * len(words):
        raise GlassboxError("question", f"{unknown} of {len(words)} words unknown", "a question in English")
