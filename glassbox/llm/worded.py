"""Bounds that are words and no numbers: `with a perfect recall` is equal to 1, `a negative gain` below 0."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.flags import IMPLIED, NUMBER, with_metrics
from glassbox.llm.language import SPREADS, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED, test_before
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import ARTICLES, CALLED, COUNTING, FAILING, MODELS, NOT, PICTURES

PERFECT = {"perfect", "flawless"}
UNITS = {"batch": {*BATCHES}, "case": {*CASES, *PICTURES, "outlines", "masks"}, **CALLED}
ONE_AT_BEST = {"dice", "iou", "precision", "recall", "specificity", "accuracy", "f1", "surface_dice_2px"}


def by_word(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """Those whose metric is perfect, or negative: how many, or which."""
    if found := _failing(line, linked, words):
        return found
    asked = words & COUNTING or words & {"which", "list", "name"} or line.verb in ("count", "list")
    free = not (line.test or line.held or line.within) and line.place in (None, "batch")
    if not asked or not free or words & NOT:
        return None
    for metric, word in _beside(linked):
        measures = {parts[-1] for parts in linked.meanings[metric].metrics}
        named = [unit for unit, nouns in UNITS.items() if words & nouns]
        unit = named[0] if len(named) == 1 else line.unit
        known = measures <= ONE_AT_BEST if word in PERFECT else bool(measures)
        if unit in (*SPREADS, *TABLES) and known:
            verb = "count" if words & COUNTING else "list"
            line = replace(line, verb=verb, unit=unit, metrics=(metric,), order=None, limit=None, bounds=(NUMBER,))
            test, bound = ("equal", 1) if word in PERFECT else ("below", 0)
            return replace(line, test=test), with_metrics(linked, bound)
    return None


def failing(linked: Linked, words: set[str]) -> Line | None:
    """`Which groups fail on more than 20 % of the images`: those beyond it, their failure rate still unsaid."""
    units = [unit for unit in (*SPREADS, "model") if words & (CALLED[unit] if unit in CALLED else MODELS - {"who"})]
    units = units[:1] if "group" in units or "corruption" in units else units
    bounds = [tag for tag, number in linked.numbers.items() if number.percent or number.value < 1]
    before = linked.spelt[: linked.spelt.index(bounds[0])] if bounds and bounds[0] in linked.spelt else []
    asked = words & (COUNTING | {"which", "list", "name"})
    plain = asked and words & FAILING and not (linked.tags("KXQC") or words & NOT)
    if not plain or len(units) != 1 or len(bounds) != 1 or not before or before[-1] not in TESTED:
        return None
    test, verb = test_before([word for word in before if word not in FAILING]), "count" if words & COUNTING else "list"
    return Line(verb, unit=units[0], test=test, bounds=tuple(bounds), models=tuple(linked.tags("MPT")))


def _failing(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """The same as a bound on the failure rate, whatever line a model writes of it."""
    found = None if line.place or line.held else failing(linked, words)
    if not found:
        return None
    found = replace(found, metrics=(IMPLIED["rate"],), models=line.models or found.models)
    return found, with_metrics(linked, 0, rate="failure_rate")


def _beside(linked: Linked) -> list[tuple[str, str]]:
    """Each metric with such a word beside it: `perfect recall`, `is the insertion gain negative`."""
    plain = [word for word in linked.spelt if word not in (*ARTICLES, "is", "a", "are")]
    pairs = [*pairwise(plain)]
    found = [(tag, word) for word, tag in pairs if word in PERFECT | {"negative"} and is_tag(tag, "KX")]
    return found + [(tag, word) for tag, word in pairs if word in PERFECT | {"negative"} and is_tag(tag, "KX")]
