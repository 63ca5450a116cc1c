"""Lists in whatever words: `the six spots that it outlines worst by Dice`, `which data sets have over 9 duplicates`."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.language import EXTREMES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.nested import conditions
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import COUNTING, PICTURES

ORDERS = {"worst": "worst", "poorest": "worst", "best": "best", "lowest": "min", "smallest": "min", "highest": "max",
          "largest": "max", "greatest": "max"}  # fmt: skip
UNLISTED = {*COUNTING, "amount", "n", "nr", "no", "often", "share", "any", "all", "every", "is", "are", "does", "do",
            "was", "were", "has", "have", "did"}  # fmt: skip
COUNTED = {*CASES, *PICTURES, "spots", "outlines"}  # nouns for cases
OTHERWISE = frozenset(("above", "below", "over", "under", "than", "least", "most", "except", "not", "why", "and", "or",
                       "without", "if", "would", "so", "delete", "remove", "drop", "ignore", "exclude", "excluding",
                       "fix", "after"))  # fmt: skip
SPREAD_NOUNS = {
    "method": {"methods", "explanations", "explainers", "techniques"},
    "corruption": {"corruptions", "perturbations"},
    "group": {"groups", "subgroups"},
}
PARTLY = {"drop", "loss", "lost", "gain", "decrease", "change", "difference", "severe", "mild", "strong", "strongest",
          "weakest", "strength", "level", "worst", "best", "except", "but", "without"}  # fmt: skip
LISTING = {"list", "name", "which", "what"}
NEAR = 3  # words between the number and what it counts


def of_an_end(linked: Linked) -> Line | None:
    """A list of cases or batches, where one number, one metric, one model and one end are named, and nothing else."""
    orders = {ORDERS[word] for word in linked.spelt if word in ORDERS}
    metrics, models = tuple(linked.tags("K")), tuple(linked.tags("M") or linked.tags("T"))
    if len(orders) != 1 or len(metrics) != 1 or len(models) != 1 or len(linked.numbers) != 1:
        return None
    if linked.tags("PXQCSU") or {*linked.spelt} & OTHERWISE:
        return None
    [number] = linked.numbers
    at = linked.tokens.index(number)
    if linked.spelt[at - 1 : at] and linked.spelt[at - 1] in BATCHES:
        return None
    counted = linked.spelt[at + 1 : at + 1 + NEAR]
    unit = "batch" if {*counted} & {*BATCHES} else "case" if {*counted} & COUNTED else None
    if unit is None:
        return None
    return Line("list", unit=unit, metrics=metrics, order=orders.pop(), limit=number, models=models)


def of_tasks(linked: Linked) -> Line | None:
    """The tasks that have more or less than a number of something, where nothing else is named."""
    words, metrics = {*linked.spelt}, tuple(linked.tags("K"))
    tasks = words & {"task", "tasks", "dataset", "datasets"} or words >= {"data", "sets"} or words >= {"data", "set"}
    if not (tasks and words & LISTING) or len(metrics) != 1 or linked.tags("MPXTQCSU") or "not" in words:
        return None
    tested = conditions(linked.spelt, metrics)
    if len(tested) != 1 or len(linked.numbers) != 1:
        return None
    [(_, test, bound)] = tested
    return Line("list", unit="task", metrics=metrics, test=test, bounds=(bound,))


def of_one_group(line: Line, linked: Linked, words: set[str]) -> Line:
    """`The Dice on the brown skin subgroup`: a value, and no list of them all."""
    levels = [parts for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions]
    bare = (line.verb, line.unit) == ("list", "group") and not (line.order or line.test or line.held)
    one = len(linked.tags("Q")) == 1 and all(len(parts) == 2 for parts in levels)
    if bare and one and line.metrics and words & {"group", "subgroup", "stratum"} and not words & {"each", "every"}:
        return replace(line, verb="value", unit=None)
    return line


def several(line: Line, linked: Linked) -> Line:
    """`The 4 batches with the lowest Dice`: as many as the number says, and not the first of them alone."""
    nouns = {"batch": {"batches"}, "case": {noun for noun in COUNTED if noun.endswith("s")}}
    if line.verb not in EXTREMES or line.unit not in nouns or len(line.metrics) > 1 or line.within or line.there:
        return line
    used = {*line.at, *line.bounds, *(number for *_, number in line.held)}
    for tag, noun in pairwise(linked.spelt):
        if tag in linked.numbers and tag not in used and noun in nouns[line.unit] and linked.numbers[tag].whole:
            return replace(line, verb="list", order=line.verb, limit=tag)
    return line


def of_a_bound(line: Line, linked: Linked) -> Line:
    """`Batches that hold at least 300 false positives` are listed, and counted only where their number is asked for.

    Without the word, as in `on how many phantoms`, they are cases and no batches.
    """
    named = {*BATCHES, *(noun for noun in COUNTED if noun.endswith("s"))} & {*linked.spelt[:4]} - {"batch"}
    if line.verb == "count" and line.test and named and not {*linked.spelt} & UNLISTED:
        return replace(line, verb="list")
    if (
        line.verb in ("count", "list")
        and line.test
        and line.unit == "batch"
        and not {*linked.spelt} & {*BATCHES, "batch"}
    ):
        return replace(line, unit="case")  # `on how many phantoms`
    return line


def averaged(line: Line, linked: Linked, words: set[str]) -> Line:
    """`The mean pointing over all methods`, `over the four networks`: one mean, and no list, nor one of batches."""
    bare = not (line.order or line.test or line.limit or line.held or line.within or line.place)
    bare = bare and not (linked.numbers or words & PARTLY or words & {"each", "by", "per"}) and not linked.tags("Q")
    over = words & {"all", "over", "across", "every"} and words & {"mean", "average", "averaged", "median"}
    told = line.verb in ("list", "mean", "median", "value") and len(line.metrics) == 1
    if not (bare and over and told):
        return line
    verb = "median" if "median" in words else "mean"
    units = [unit for unit, named in SPREAD_NOUNS.items() if words & named]
    networks = len(line.models) == 1 and line.models[0][0] == "T" and words & {"models", "networks", "variants", "nets"}
    if not units and networks and not words & {*BATCHES, *COUNTED}:
        return replace(line, verb=verb, unit="model")
    return replace(line, verb=verb, unit=units[0]) if len(units) == 1 else line
