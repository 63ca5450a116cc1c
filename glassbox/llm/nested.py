"""Questions within questions: of some batches or cases the best, another model's score at one, how often one is ahead.

The line that the model writes holds one question. Where the words say that a second stands around it, both are put
into the line: `of the batches with a recall above 0.9, which has the lowest Dice`, `what has isic-recall where
isic-base is worst`, `on how many pictures does isic-recall beat isic-base`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.language import EXTREMES, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.words import EXCEPT, PICTURES, THERE, TOWARDS, WINNING

TESTED = {  # a word before a bound
    "below": "below", "under": "below", "beneath": "below", "above": "above", "over": "above", "exceeding": "above",
    "beyond": "above", "least": "least", "most": "most", "exceeds": "above", "than": "above",
}  # fmt: skip
OPPOSITE = {"below": "least", "above": "most", "least": "below", "most": "above"}


def nested(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line with the question that stands around it."""
    ends = {
        at: word for at, word in enumerate(linked.spelt) if word in TOWARDS and linked.spelt[at - 1 : at] != ("at",)
    }
    bounds = [(word, tag) for word, tag in pairwise(linked.tokens) if tag in linked.numbers and word in TESTED]
    if len(bounds) == 1 and line.unit in TABLES and line.verb in ("list", "count", *EXTREMES) and ends:
        return _of_those(line, linked, ends, words, *bounds[0])
    models = [tag for tag in line.models if tag[0] != "T"]
    if line.verb in EXTREMES and line.unit in TABLES and len(models) == 2 and line.metrics and ends and words & THERE:
        own = min(models, key=lambda tag: _apart(tag, ends, linked.tokens))
        tasks = tuple(tag for tag in line.models if tag[0] == "T")
        others = tuple(tag for tag in models if tag != own)
        return replace(line, models=(own, *tasks), there=(*others, *tasks))
    metrics = line.metrics or (tuple(linked.tags("K")) if line.verb == "count" else ())
    pair = line.verb in ("difference", "compare", "count", *EXTREMES) and len(models) == 2 and len(metrics) == 1
    often = words >= {"how", "many"} or words >= {"how", "often"} or words & {"number", "count"}
    if pair and not line.place and often and words & WINNING and not words & {"points", "much"}:
        unit = "batch" if words & {"batch", "batches"} else "case" if words & {*CASES, *PICTURES} else None
        lower = words & {"lower", "smaller", "less", "fewer"}
        if unit:
            return replace(line, verb="count", unit=unit, metrics=metrics, order="min" if lower else "max")
    return line


def _of_those(line: Line, linked: Linked, ends: dict[int, str], words: set[str], said: str, bound: str) -> Line:
    """An extreme among those that a condition is true of, where one metric is ranked by and another is tested."""
    metrics = [tag for tag in linked.tags("KX") if tag not in line.models]
    if len(metrics) != 2 or len({TOWARDS[word] for word in ends.values()}) != 1:
        return line
    ranks = min(metrics, key=lambda tag: _apart(tag, ends, linked.tokens))
    tested = next(tag for tag in metrics if tag != ranks)
    if _apart(ranks, ends, linked.tokens) >= _apart(tested, ends, linked.tokens):
        return line
    test = "below" if said == "than" and words & {"less", "lower", "smaller", "fewer"} else TESTED[said]
    test = OPPOSITE[test] if words & EXCEPT else test
    verb = TOWARDS[next(iter(ends.values()))]
    return replace(
        line, verb=verb, metrics=(ranks,), tested=(tested,), test=test, bounds=(bound,), order=None, limit=None
    )


def _apart(tag: str, places: Iterable[int], tokens: Sequence[str]) -> int:
    """How many tokens a tag stands from the nearest of some places."""
    return min(abs(at - place) for place in places for at, token in enumerate(tokens) if token == tag)
