"""Numbers that a line takes for a batch's, or for a bound, and that the question means otherwise."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import AVERAGES, EXTREMES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED, as_said, conditions, or_more
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import EXCEPT, NUMBERED, PICTURES, REMOVED, REVIEWING, TOWARDS

PERCENTILE = 95  # of the boundary distance that is recorded
DISTANCE = {("hd95_px",)}
FAILURES = {("failures",), ("failure_rate",)}
ROUND = (10, 100, 1000, 10000)  # `out of 100` is no number of cases
JOINING = {",", "and", "or", "to", "from", "through", "between", "number", "numbers", "no", "till", "until", "the"}
LOWER_END = {"bottom": "worst", "last": "worst", "top": "best", "first": "best"}


def without_asides(linked: Linked) -> Linked:
    """The question without numbers that say nothing: `(95th percentile)` of the distance that is one, `out of 600`."""
    tokens, out = linked.tokens, set()
    distance = {tag for tag in linked.tags("K") if linked.meanings[tag].metrics <= DISTANCE}
    for at, tag in enumerate(tokens):
        if tag not in linked.numbers:
            continue
        near = {*tokens[max(at - 4, 0) : at], *tokens[at + 1 : at + 6]} & distance
        if (
            near
            and linked.numbers[tag].value in (PERCENTILE, PERCENTILE / 100)
            and tokens[at + 1 : at + 2] == ("percentile",)
        ):
            out |= {at, at + 1}
        if tokens[max(at - 2, 0) : at] == ("out", "of") and linked.numbers[tag].value not in ROUND:
            out |= {at - 2, at - 1, at}
        if tokens[at - 1 : at] == ("to",) and tokens[at + 1 : at + 2] in (("decimals",), ("decimal",), ("digits",)):
            out |= {at - 1, at, at + 1}  # `to two decimals`
    out |= {
        at + 1 for at, (tag, word) in enumerate(pairwise(tokens)) if is_tag(tag, "Q") and word in ("only", "alone")
    }  # `on brown skin only`: as of any group
    if not out:
        return linked
    left = [at for at in range(len(tokens)) if at not in out]
    numbers = {tag: number for tag, number in linked.numbers.items() if any(tokens[at] == tag for at in left)}
    kept = tuple(tokens[at] for at in left), tuple(linked.spelt[at] for at in left)
    return replace(linked, tokens=kept[0], spelt=kept[1], numbers=numbers)


def _of_a_section(linked: Linked) -> set[str]:
    """Numbers that tell where something is written: `clause 7.3.6`, `item 14`."""
    found: set[str] = set()
    for word, tag in pairwise(linked.spelt):
        if tag in linked.numbers and (word in NUMBERED or word in found):
            found.add(tag)
    return found


def in_batches(line: Line, linked: Linked, words: set[str]) -> Line:
    """A condition on the cases of batches, whose numbers are no bounds: `a recall below 0.8 in batches 10 and 12`."""
    batches = _of_batches(linked)
    pairs = {*pairwise(linked.spelt)}
    out = words & {"besides", *REMOVED} or pairs & {("not", "counting"), ("not", "in")}
    if batches and out and line.verb in ("count", "list", *EXTREMES):
        raise Unanswerable("What is left when some batches or cases are left out is not computed.")
    if not batches or not line.test or {*batches} <= {*line.at}:
        return line
    ranged = words & {"from", "between", "to", "through"} and tuple(batches[:2]) not in linked.ranges
    metrics = [tag for tag in dict.fromkeys(linked.tokens) if is_tag(tag, "KX") and tag not in line.models]
    held = [each for each in conditions(linked.spelt, metrics) if each[2] not in batches]
    if (
        len(held) != 1
        or ranged
        or line.verb not in ("count", "list")
        or words & (EXCEPT | {"besides", "counting", "not"})
    ):
        raise Unanswerable("Ask for the cases of one batch, or for a batch by its number.")
    (metric, test, bound), *_ = held
    unit = "case" if words & ({*CASES} | PICTURES) else "batch"
    bare = Line(line.verb, unit=unit, metrics=(metric,), test=test, bounds=(bound,), models=line.models)
    return replace(bare, place="batch", at=tuple(batches))


def _of_batches(linked: Linked) -> list[str]:
    """The numbers of batches: `batch 3 or batch 4`, `batches 10, 12 and 14`, `batches from 10 to 20`."""
    found: list[str] = []
    inside = False
    for word in linked.spelt:
        if word in BATCHES:
            inside = True
        elif word in linked.numbers and inside:
            found.append(word)
        elif word not in JOINING:
            inside = False
    return found


def numbered(line: Line, linked: Linked, words: set[str]) -> Line:
    """`The batch, I mean the one numbered 17`: it is that batch, and no mean over all."""
    told = [tag for word, tag in pairwise(linked.spelt) if word in ("numbered", "number") and tag in linked.numbers]
    free = not (line.place or line.test or line.order) and line.limit is None and "batch" in words and len(told) == 1
    if free and line.verb in ("value", *AVERAGES) and line.metrics:
        return replace(line, verb="value", unit=None, place="batch", at=tuple(told))
    if free and (line.verb, line.unit) == ("count", "case") and not line.metrics:
        return replace(line, place="batch", at=tuple(told))
    return line


def placed(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line without what its numbers do not say.

    `The Hausdorff distance, 95th percentile` names one metric; `bottom two batches` are two, and none is batch 2;
    `if a person looks at 20 %` is how much is reviewed.
    """
    distance = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics <= DISTANCE]
    own = {tag for tag in linked.numbers if linked.numbers[tag].value in (PERCENTILE, PERCENTILE / 100)}
    told = {*line.at, *line.bounds, *filter(None, [line.limit])}
    if distance and "percentile" in words and told and told <= own:
        bare = replace(line, metrics=tuple(distance), place=None, at=(), test=None, bounds=(), order=None, limit=None)
        return bare if line.verb in EXTREMES else replace(bare, verb="value", unit=None)
    failed = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics <= FAILURES]
    if (
        line.test == "between"
        and len(line.bounds) == 2
        and len({linked.numbers[tag].value for tag in line.bounds}) == 1
    ):
        line = replace(line, test="equal", bounds=line.bounds[-1:])  # `less than 30 % of it found (recall below 0.3)`
        return replace(line, test=as_said(line, linked.spelt))
    if line.place != "batch":
        return line
    if failed and words & REVIEWING and "batch" not in words:
        return replace(line, verb="value", unit=None, metrics=tuple(failed[:1]), place=None, at=())
    if "batch" not in words and {linked.numbers[tag].value for tag in line.at} == {0}:  # `different from zero`
        return replace(line, place=None, at=())
    before = {tag: word for word, tag in pairwise(linked.spelt) if tag in line.at}
    ends = {before[tag] for tag in line.at if tag in before} & {*LOWER_END, *TOWARDS}
    if len(line.at) == 1 and ends and words & {"batches", "batch"} and line.metrics:
        [end] = ends
        bare = replace(line, verb="list", unit="batch", place=None, at=(), limit=line.at[0])
        return replace(bare, order=LOWER_END.get(end) or TOWARDS[end])
    of_batch = [tag for word, tag in pairwise(linked.spelt) if word == "batch" and tag in linked.numbers]
    here = line.at[0] in linked.spelt if line.at else False  # and not of a follow-up
    if here and len(of_batch) == len(line.at) == 1 and of_batch[0] != line.at[0]:  # `of the six in batch 1`
        return replace(line, at=tuple(of_batch))
    if not words & {*BATCHES} and {*line.at} <= _of_a_section(linked):
        return replace(line, place=None, at=())
    said = [tag for tag in line.at if tag in linked.spelt]  # a follow-up keeps numbers of the question before
    bounds = [before.get(tag) in TESTED or or_more(linked.spelt, linked.spelt.index(tag)) for tag in said]
    if any(bounds) and not all(bounds) and words & {*BATCHES} and len(of_batch) + words.issuperset({"batches"}):
        raise Unanswerable("Ask for the cases of all batches, or for a batch by its number.")
    if any(bounds):
        return replace(line, place=None, at=())
    return line
