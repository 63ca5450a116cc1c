"""A question with slots in the place of its names and numbers, and what stands in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from glassbox.llm.catalogue import Catalogue

WORD = re.compile(r"[A-Za-z][\w-]*|\d+(?:,\d{3})+(?!\d)|(?:(?<=\s)-)?(?>\d*\.?\d+)(?!\w|-\d)|\w[\w-]*|[^\w\s]")
SPAN = re.compile(r"(?<![\w.-])(\d*\.?\d+)[-–](\d*\.?\d+)(?![\w-]|\.\d)")  # `0.5-0.7`
DIGITS = re.compile(r"\d+(?:,\d{3})+|-?\d*\.?\d+")
MODEL, TASK, CASE, CLASS, NUMBER = "<model>", "<task>", "<case>", "<class>", "#"
SIGN_OF_NUMBER = {"#": "number", "№": "number"}  # `batch #3`, `# of cases`
SPELT = {name: str(number) for number, name in enumerate(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
     "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"), start=2)} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
DETERMINERS = {"the", "these", "those", "all", "both", "our", "your", "its"}
PERCENT = {"%", "percent", "pct"}
BATCH = {"batch", "batches", "b"}
BETWEEN = {  # the numbers of two batches
    "and", ",", "or", "vs", "versus", "to", "&", "-", "against", "number", "no", "nr", ".",
}  # fmt: skip
LONGEST = 3  # words of a class's name


@dataclass(frozen=True)
class Number:
    """A number as it is written; a `loose` one tells how many there are: `which of the two models`."""

    text: str
    percent: bool
    of_batch: bool
    loose: bool


@dataclass(frozen=True)
class Slotted:
    """`words` in lower case with slots among them; `held` what stands in each slot, by the slot's kind, in order."""

    words: tuple[str, ...]
    held: Mapping[str, Sequence[str]]
    numbers: tuple[Number, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Names:
    """The names of the day."""

    catalogue: Catalogue

    @cached_property
    def known(self) -> Mapping[str, tuple[str, str]]:
        """Slot and name by the name in lower case, a class's also with spaces between its words."""
        found: dict[str, tuple[str, str]] = {}
        for model, known in self.catalogue.models.items():
            for name in self.catalogue.spread("class", model, known.task):
                label = name.split(" ", 1)[-1]
                for said in {label.lower(), label.lower().replace("-", " ")}:
                    found |= dict.fromkeys((said, f"{said}s", said.removesuffix("s")), (CLASS, label))
        for slot, names in (
            (CASE, (name for cases in self.catalogue.cases.values() for name in cases)),
            (TASK, self.catalogue.tasks),
            (MODEL, self.catalogue.models),
        ):
            found |= {name.lower(): (slot, name) for name in names}
        return found

    def slotted(self, question: str) -> Slotted:
        """Put slots in."""
        words, at = [word.lower() for word in WORD.findall(SPAN.sub(r"\1 - \2", question))], 0
        told: list[str] = []
        held: dict[str, list[str]] = {slot: [] for slot in (MODEL, TASK, CASE, CLASS)}
        numbers: list[Number] = []
        of_batch = False
        while at < len(words):
            size, named = self._begun(words, at)
            if named:
                told.append(named[0])
                held[named[0]].append(named[1])
                at += size
                continue
            word = words[at]
            written = DIGITS.fullmatch(word)
            of_batch = word in BATCH or (of_batch and bool(written or word in BETWEEN))
            if written or word in SPELT:
                percent = words[at + 1 : at + 2] and words[at + 1] in PERCENT
                loose = not written and told[-1:] != [] and told[-1] in DETERMINERS
                text = SPELT.get(word, word.replace(",", ""))
                numbers.append(Number(f"0{text}" if text[0] == "." else text, bool(percent), of_batch, loose))
            told.append(NUMBER if written else SIGN_OF_NUMBER.get(word, word))
            at += 1
        return Slotted(tuple(told), held, tuple(numbers))

    def _begun(self, words: Sequence[str], at: int) -> tuple[int, tuple[str, str] | None]:
        """The name that begins here, and how many words it has."""
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            if named := self.known.get(" ".join(words[at : at + size])):
                return size, named
        return 1, None
