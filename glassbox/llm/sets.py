"""Data sets side by side: which is the largest, which have more than so many cases, which hold duplicates."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.flags import NUMBER, with_metrics
from glassbox.llm.language import Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED, or_more, test_before
from glassbox.llm.words import ASKING, COUNTING, FEWER, HOLDING, LARGER, NOT, PICTURES, PLAIN

SETS = {"task", "tasks", "dataset", "datasets", "collection", "collections"}
EVERY = {"all", "any", "every", "overall", "them", "everything"}
HOLD = {*HOLDING, "occur", "occurs", "occurring", "found", "exist", "appear", "show", "suffer", "contain", "contains",
        "hold", "holds", "include", "includes", "there"}  # fmt: skip
SAID = {  # beside names and numbers: with any other word something else is asked
    *PLAIN, *LARGER, *FEWER, *SETS, *EVERY, *CASES, *PICTURES, *TESTED, *HOLD, *ASKING, *COUNTING, "sets", "than",
    "imgs", "w", "who", "where", "those", "greatest", "size", "sized", "greater", "tiniest", "one", "pics", "pic",
    "big", "large", "terms", "biggest", "possess", "possesses", "own", "owns", "offers", "comes", "across", "among",
    "how", "'s", "does", "out", "been", "recorded", "would", "comprise", "comprises",
}  # fmt: skip
ACROSS = {"straddle", "straddles", "across", "between", "different", "leak", "leaking", "leaked", "shared", "several"}
INSIDE = {"inside", "within", "same", "single"}
DUPLICATED = {"exact_within", "exact_across", "near_within", "near_across", "faults"}


def by_size(linked: Linked, words: set[str]) -> Line | None:
    """`Which data set has the most test cases`, `tasks with more than 1000 training images`."""
    if linked.tags("MPXKQCU") or len(linked.tags("S")) != 1 or linked.rank > 1 or words & NOT:
        return None
    tasks = [linked.meanings[tag].tasks for tag in linked.tags("T")]
    several = words & SETS or any(len(of) > 1 for of in tasks) or ("data", "sets") in pairwise(linked.spelt)
    several = several or ("data", "set") in pairwise(linked.spelt) or words & (EVERY - {"them"})
    known = {*linked.meanings, *linked.numbers}
    if not several or any(len(of) == 1 for of in tasks) or {*linked.spelt} - known - SAID:
        return None
    if not linked.numbers:
        ends = {"max" if word in LARGER else "min" for word in words & (LARGER | FEWER)}
        return Line(ends.pop(), unit="task") if len(ends) == 1 and not words & {"many", "more", "less"} else None
    [bound, *others] = linked.numbers
    at = linked.spelt.index(bound)
    test = or_more(linked.spelt, at) or (test_before(linked.spelt[:at]) if linked.spelt[at - 1] in TESTED else None)
    if others or not at or not test:
        return None
    return Line("count" if words & COUNTING else "list", unit="task", test=test, bounds=(bound,))


def with_duplicates(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """`Which tasks have near duplicates`, `how many data sets contain exact duplicates`: those with more than none."""
    named = [tag for tag in linked.tags("T") if len(linked.meanings[tag].tasks) == 1]
    tags = [tag for tag in linked.tags("K") if {parts[-1] for parts in linked.meanings[tag].metrics} <= DUPLICATED]
    sets = words & SETS or {("data", "sets"), ("data", "set")} & {*pairwise(linked.spelt)}
    asked = any(first in ("which", "many") and then in (*SETS, "data") for first, then in pairwise(linked.spelt))
    zero = all(number.value == 0 for number in linked.numbers.values())
    plain = len(tags) == len(linked.tags("KX")) == 1 and not linked.tags("MPQC") and zero and not named
    linked = _where(linked, tags, words)
    if len(tags) == len(linked.tags("KX")) == len(named) == 1 and line.unit in ("model", "task") and line.test:
        line = replace(line, verb="value", unit=None, metrics=tuple(tags), test=None, bounds=(), order=None)
        return line, linked  # `how many straddle two splits`
    told = line.verb == "value" and len(tags) == len(linked.tags("KX")) == len(named) == 1
    if told and not line.place:  # `has any test data leaked across the splits of isic`
        meanings = {tag: meaning for tag, meaning in linked.meanings.items() if tag[0] != "S"}
        return replace(line, metrics=tuple(tags)), replace(linked, meanings=meanings)
    if not (sets and asked and plain and words & HOLD) or words & (NOT | (set() if linked.numbers else LARGER | FEWER)):
        return None
    none = any(no in ("no", "zero") and is_tag(tag, "K") for no, tag in pairwise(linked.spelt))
    verb = "count" if words & COUNTING else "list"
    line = replace(line, verb=verb, unit="task", metrics=tuple(tags), order=None, limit=None)
    return replace(line, test="equal" if none else "above", bounds=(NUMBER,)), with_metrics(linked, 0)


def _where(linked: Linked, tags: list[str], words: set[str]) -> Linked:
    """The question with duplicates in one split or across several, as far as its words tell."""
    meanings = dict(linked.meanings)
    for tag in tags:
        kept = meanings[tag].metrics
        if words & ACROSS and not words & INSIDE:
            kept = {parts for parts in kept if parts[-1].endswith("across")} or kept
        if words & INSIDE and not words & ACROSS:
            kept = {parts for parts in kept if parts[-1].endswith("within")} or kept
        meanings[tag] = replace(meanings[tag], metrics=kept)
    return replace(linked, meanings=meanings)
