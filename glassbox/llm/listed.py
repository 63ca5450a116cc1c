"""Lists in whatever words: `the six spots that it outlines worst by Dice`, `which data sets have over 9 duplicates`."""

from dataclasses import replace

from glassbox.llm.language import Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.nested import conditions
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import PICTURES

ORDERS = {"worst": "worst", "poorest": "worst", "best": "best", "lowest": "min", "smallest": "min", "highest": "max",
          "largest": "max", "greatest": "max"}  # fmt: skip
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


def averaged(line: Line, linked: Linked, words: set[str]) -> Line:
    """`The mean pointing over all methods`: one mean, and no list of them all, nor a mean over batches."""
    bare = not (line.order or line.test or line.limit or line.held or line.within or line.place)
    bare = bare and not (linked.numbers or words & PARTLY)
    units = [unit for unit, named in SPREAD_NOUNS.items() if words & named]
    over = words & {"all", "over", "across", "every"} and words & {"mean", "average", "averaged", "median"}
    if (
        not (bare and over and len(units) == len(line.metrics) == 1)
        or linked.tags("Q")
        or words & {"each", "by", "per"}
    ):
        return line
    verb = "median" if "median" in words else "mean"
    return replace(line, verb=verb, unit=units[0]) if line.verb in ("list", "mean", "median", "value") else line
