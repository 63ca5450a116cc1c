"""Metrics that a verb alone names, and plain questions that the model shied away from.

`How often does it fail` names the failure rate, `which did it get wrong` the cases that are not correct. And where
nothing but names, numbers and small words stand in a question, it asks for a value, whatever the model says.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, Line
from glassbox.llm.linker import Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.naming import is_tag, noun_follows
from glassbox.llm.numbers import BATCHES, Number
from glassbox.llm.phrases import Meaning
from glassbox.llm.words import (
    ADDING,
    AFFECTING,
    ASKING,
    COMPARING,
    COUNTING,
    FAILING,
    FOUND,
    LABELLED,
    NOT,
    OUTLINED,
    PAINTED,
    PART,
    PLAIN,
    RIGHT,
    TRULY,
    WRONG,
)

IMPLIED = {"detected": "K0", "correct": "K0", "failures": "K0", "rate": "K00"}  # tags that no linker gives
NUMBER = "N0"
PERCENT_OF = {("fp",): "false_positive_percent", ("fn",): "false_negative_percent"}
PERCENTS = {(name,) for name in PERCENT_OF.values()}  # of `what percentage of pixels`
STAYS = ("stays_with_shuffled_weights",)


def implied(line: Line, linked: Linked) -> tuple[Line, Linked]:
    """Line and question with the metric that a verb alone names: `how often does it fail`, `which did it get wrong`.

    Raises `Unanswerable` for the opposite of these, and for failures of less than all cases.
    """
    words = set(linked.spelt)
    linked = _by_words(line, linked, words)
    one = [tag for tag in line.metrics if tag in linked.meanings and linked.meanings[tag].metrics <= PERCENTS]
    if len(one) == 1 and len(line.metrics) == 2 and line.verb in ("value", "difference", "compare"):
        line = replace(line, verb="value" if len(line.models) < 2 else line.verb, metrics=tuple(one))
    named = [linked.meanings[tag].metrics for tag in line.metrics if tag in linked.meanings]
    ranked = line.verb in EXTREMES or (line.verb == "list" and not line.test)
    if (
        named == [{("missed",)}]
        and ranked
        and line.unit == "case"
        and not line.place
        and words & ASKING
        and not words & NOT
    ):
        return replace(line, verb="list", order=None, **_equal("detected")), _with(linked, 0, detected="detected")
    if named == [{("correct",)}] and words & COUNTING and not (line.test or line.place) and line.unit in (None, "case"):
        return replace(line, verb="count", unit="case", **_equal("correct")), _with(linked, 1, correct="correct")
    if named == [{STAYS}] and line.unit in (None, "method") and not linked.tags("Q"):
        numbers = {**linked.numbers, NUMBER: Number(1, False)}
        line = replace(line, verb="list", unit="method", order=None, limit=None, test="equal", bounds=(NUMBER,))
        return line, replace(linked, numbers=numbers)
    if line.verb == "sum" and not {parts[-1] for of in named for parts in of} & SUMMED and not words & ADDING:
        return replace(line, verb="value", unit=None), linked
    missed = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics == {("missed",)}]
    if missed and line.unit == "batch" and line.verb in ("count", "list") and not (line.metrics or line.test):
        numbers = {**linked.numbers, NUMBER: Number(0, False)}
        return replace(line, metrics=(missed[0],), test="above", bounds=(NUMBER,)), replace(linked, numbers=numbers)
    if line.metrics or line.test or linked.tags("K"):
        return line, linked
    if (measure := paraphrased(linked)) and (line.verb not in ("list", "count") or "many" not in words):
        verb = line.verb if line.verb in ("compare", "difference") else "value"
        return replace(line, verb=verb, unit=None, metrics=(IMPLIED["rate"],)), _with(linked, 0, rate=measure)
    return _by_verb(line, linked, words)


def _by_verb(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked]:
    """The same where nothing but a verb tells the metric."""
    wrong, right, fails = words & WRONG, any(words >= said for said in RIGHT), words & FAILING
    part = bool(words & PART) and (line.verb in (*EXTREMES, "list", "count") and line.unit == "case")
    counted = (line.verb in ("count", "list") or part) and line.unit == "case"
    if not (fails or (counted and (wrong or right))):
        return line, linked
    if words & NOT or (wrong and right):
        raise Unanswerable("Ask for those that failed, that it got wrong or that it got right, and not for the others.")
    if counted and fails and (line.place or linked.numbers):
        raise Unanswerable("Failures are recorded of all cases together: ask for cases with an IoU below a number.")
    if line.place:
        return line, linked
    if counted and not fails:
        return replace(line, order=None, **_equal("correct")), _with(linked, 0 if wrong else 1, correct="correct")
    part = part or bool(words & {"any"} and line.unit == "case")
    named = _with(linked, 0, failures="failures", rate="failure_rate")
    if line.verb == "value" or part or (line.verb, line.unit) == ("count", "case"):
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["failures"], IMPLIED["rate"])), named
    if line.verb in ("compare", "difference"):
        return replace(line, verb="compare", metrics=(IMPLIED["rate"],)), named
    if line.verb in EXTREMES and line.unit in ("model", "group", "corruption"):
        return replace(line, verb=_by_failing(line.verb, words), metrics=(IMPLIED["rate"],)), named
    return line, linked


def _equal(metric: str) -> dict[str, Any]:
    """The part of a line that asks for those of which a metric that is not named equals a number."""
    return {"metrics": (IMPLIED[metric],), "test": "equal", "bounds": (NUMBER,)}


def _with(linked: Linked, number: float, **measures: str) -> Linked:
    """The question with metrics that it does not name, by their tags, and a number."""
    named = {IMPLIED[name]: Meaning(metrics={(measure,)}) for name, measure in measures.items()}
    meanings, numbers = {**linked.meanings, **named}, {**linked.numbers, NUMBER: Number(number, False)}
    return replace(linked, meanings=meanings, numbers=numbers)


def _by_words(line: Line, linked: Linked, words: set[str]) -> Linked:
    """The question with `what fraction were failures` as the rate, and pixels overlooked as false negatives."""
    meant = {("failures",): "failure_rate"} if words & PART or line.verb == "compare" else {}
    meant |= {("missed",): "fn"} if words & {"pixel", "pixels"} else {}
    if (linked.percent or "percentage" in words) and not linked.numbers:
        meant |= PERCENT_OF
    named = {
        tag: meant[parts]
        for tag, meaning in linked.meanings.items()
        for parts in list(meaning.metrics)[:1]
        if len(meaning.metrics) == 1 and parts in meant
    }
    for tag in [tag for tag, meaning in linked.meanings.items() if meaning.metrics == PERCENTS]:
        others = {parts for name in linked.tags("K") if name != tag for parts in linked.meanings[name].metrics}
        said = [of for parts, of in PERCENT_OF.items() if parts in others]
        named |= {tag: said[0]} if said else {}
    meanings = {**linked.meanings, **{tag: Meaning(metrics={(measure,)}) for tag, measure in named.items()}}
    return replace(linked, meanings=meanings)


def _by_failing(verb: str, words: set[str]) -> str:
    """`max` or `min` where it is said how often: `fails most`, `fails least often`."""
    most, least = words & {"most", "highest", "maximum"}, words & {"least", "lowest", "fewest", "rarest", "seldom"}
    return "max" if most and not least else "min" if least and not most else verb


def paraphrased(linked: Linked) -> str | None:
    """The metric that a question describes: `what share of the true lesion does it find` is recall."""
    words = set(linked.spelt)
    if not words & (PART | {"much", "more", "less"}) or linked.tags("UKN") or not linked.tags("MPX"):
        return None
    if ("at", "all") in pairwise(linked.spelt):
        return None  # whether anything is found, and not how much
    if words & PAINTED and words & TRULY and words & (PART - {"rate"}):
        return "precision"
    if words & {"correctly", "right", "correct"} and (words & LABELLED or "often" in words):
        return "accuracy"
    return "recall" if words & FOUND and words & OUTLINED and not words & NOT else None


def plainly(linked: Linked) -> Line | None:
    """The line of a question whose words leave no doubt, where the model would rather refuse; None for any other."""
    words = set(linked.spelt)
    models = tuple(tag for tag in linked.tags("MPXT") if tag[0] != "X" or noun_follows(tag, linked.tokens))
    of_task = {tag for task, tag in pairwise(linked.tokens) if is_tag(task, "T")}
    models += tuple(tag for tag in linked.tags("X") if tag in of_task and tag not in models)  # `isic recall`
    if linked.tags("U") or not models:
        return None
    if paraphrased(linked) and {*linked.tags("X")} <= {*models}:
        several = sum(tag[0] != "T" for tag in models) > 1
        return Line("compare" if several else "value", models=models)
    if words & FAILING and not linked.tags("KN"):
        if sum(tag[0] != "T" for tag in models) > 1:
            return Line("compare", models=models)
        return Line("value", models=models) if words & PART and not words & {"why", "if", "will", "would"} else None
    twice = {tag for tag in of_task if linked.tokens.count(tag) > 1}  # `precision of isic precision`
    metrics = tuple(tag for tag in linked.tags("KX") if tag not in models or tag in twice)
    tagged = {*linked.meanings, *linked.numbers}
    models_only = [tag for tag in models if tag[0] != "T"] or list(models)
    if "paired" in words and len(models_only) == 2 and len(metrics) == 1:
        return Line("compare", metrics=metrics, models=models)
    single = len(models) == len(metrics) == len(linked.tags("Q")) == 1
    affected = words & AFFECTING and all(word in PLAIN | AFFECTING for word in linked.spelt if word not in tagged)
    if affected and single and not linked.tags("NC"):  # `did calibration improve the ECE`
        return Line("compare", metrics=metrics, models=models)
    plain = all(word in PLAIN | COMPARING for word in linked.spelt if word not in tagged)
    if plain and words & COMPARING and len(models) == 2 and len(metrics) == 1 and not linked.tags("QNC"):
        return Line("compare", metrics=metrics, models=models)
    if not metrics or len(metrics) > 3 or any(word not in PLAIN for word in linked.spelt if word not in tagged):
        return None
    batches = tuple(after for before, after in pairwise(linked.tokens) if before in BATCHES and after in linked.numbers)
    cases = tuple(linked.tags("C"))
    if set(linked.numbers) != set(batches) or (batches and cases):
        return None
    place = "batch" if batches else "case" if cases else None
    return Line("value", metrics=metrics, place=place, at=batches or cases, models=models)
