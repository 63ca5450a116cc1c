"""Numbers that say how many there must be: `do at least three classes have a precision below 0.8`.

A small model takes them for bounds on the metric. How many there are is counted, and the number asked for left to the
reader; of shares, such as half of the cases, a count says too little.
"""

from glassbox.llm.accounting.question import UNITS
from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import Line
from glassbox.llm.linker import Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED, conditions
from glassbox.llm.places import FAILURES
from glassbox.llm.words import ARTICLES, FAILING, TOWARDS

OF = ("of", *ARTICLES, "its", "all", "their", "these", "those", "our")
QUANTIFYING = {*TESTED, "exactly", "only", "just"}
HALVES = ("second", "first", "latter", "last", "other", "upper", "lower")
PLAINLY = "Ask how many have a metric above or below a number: whether that is enough is left to you."


def quantified(line: Line, linked: Linked) -> Line:
    """The line, with what is counted where a number says how many there must be.

    Raises `Unanswerable` for shares, for several such numbers, and for a number of other things than are asked for.
    """
    taken = {*line.bounds, *line.at}
    counting = {tag: unit for tag in linked.numbers if tag in taken and (unit := counted(tag, linked))}
    if not counting:
        return line
    failing = {*linked.spelt} & FAILING and all(linked.numbers[tag].percent for tag in counting)
    rate = any(linked.meanings[tag].metrics <= FAILURES for tag in linked.tags("K"))
    if failing or rate:  # `do over 15 % of them fail`
        return line
    if {*linked.spelt} & {*TOWARDS} - {"least", "most"}:  # `the worst group with at least 50 images` is of a size
        return line
    [(tag, unit), *more] = counting.items()
    number = linked.numbers[tag]
    metrics = [each for each in dict.fromkeys(linked.tokens) if is_tag(each, "KX") and each not in line.models]
    tested = [held for held in conditions(linked.spelt, metrics) if held[2] not in counting]
    asked = line.unit if line.unit in UNITS.values() else unit
    if number.whole and not tested:
        return line
    if more or not number.whole or len(tested) != 1 or asked != unit:
        raise Unanswerable(PLAINLY)
    (metric, test, bound), *_ = tested
    models = line.models or tuple(linked.tags("M"))
    return Line("count", unit=unit, metrics=(metric,), test=test, bounds=(bound,), models=models)


def counted(tag: str, linked: Linked) -> str | None:
    """What a number counts: the noun behind it, over names; of a share an `of` or the noun itself follows."""
    spelt = linked.spelt
    at = spelt.index(tag) if tag in spelt else len(spelt)
    number = linked.numbers[tag]
    before = spelt[at - 1] if at else ""
    if before in HALVES and number.value == 1 / 2:
        return "batch"
    if before in ("batch", "case", "top", "worst", "best", "first", "last") or number.value < 0:
        return None
    behind = [word for word in spelt[at + 1 : at + 6] if word not in OF]
    noun = next((word for word in behind if not is_tag(word, "MPXT")), "")
    if number.whole is None:
        return UNITS.get(noun) if spelt[at + 1 : at + 2] in (("of",), ("the",), (noun,)) else None
    if noun in ("thirds", "quarters"):
        raise Unanswerable(PLAINLY)
    return UNITS.get(noun) if before in QUANTIFYING else None
