"""Cases told by a flag of theirs: missed or detected, called rightly or wrongly, without a single mistake."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from glassbox.llm.asked import Unanswerable
from glassbox.llm.beyond import all_right
from glassbox.llm.catalogue import CLASS
from glassbox.llm.language import AVERAGES, EXTREMES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.numbers import BATCHES, Number
from glassbox.llm.paraphrase import paraphrased
from glassbox.llm.phrases import Meaning
from glassbox.llm.words import (
    ASKING,
    CALLED,
    COUNTING,
    DETECTING,
    EXCEPT,
    FAILING,
    FOUND,
    NAMING,
    NOT,
    PART,
    PICTURES,
    TOWARDS,
    WRONG,
)

IMPLIED = {
    "right": "K0",
    "detected": "K0",
    "correct": "K0",
    "failures": "K0",
    "rate": "K00",
}  # tags that no linker gives
NUMBER = "N0"
MISSED = {("missed",)}
STAYS = ("stays_with_shuffled_weights",)


def by_flag(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """Those of which a column says so: the missed, the correct, those without a mistake."""
    named = [linked.meanings[tag].metrics for tag in line.metrics if tag in linked.meanings]
    if (spotless := _spotless(line, linked, words)) and line.verb in ("count", "value", "list"):
        right = {"right": "accuracy" if spotless["unit"] == "batch" else "correct"}  # without an error
        faultless = spotless["metrics"] == (IMPLIED["right"],)
        number = with_metrics(linked, 1, **right) if faultless else with_metrics(linked, 0)
        verb = "list" if line.verb == "list" else "count"
        line = replace(line, order=None, limit=None, **spotless)
        return replace(line, verb=verb, test="equal", bounds=(NUMBER,)), number
    batches = words & {*BATCHES} and line.unit in ("batch", None) and not line.place
    if batches and line.verb in ("count", "list", "value") and all_right(linked, words):  # `every picture was right`
        verb = "count" if words & (COUNTING | {"often"}) else "list"
        line = replace(line, verb=verb, unit="batch", order=None, limit=None, **equal("right"))
        return line, with_metrics(linked, 1, right="accuracy")
    return (
        _missed(line, linked, words, named)
        or _found(line, linked, words, named)
        or _correct(line, linked, words, named)
    )


def _missed(
    line: Line, linked: Linked, words: set[str], named: Sequence[set[tuple[str, ...]]]
) -> tuple[Line, Linked] | None:
    """Lesions that were missed: which, by both of two models, by which models."""
    cases = line.unit in (None, "case")
    if named == [MISSED] and words & {"not", "never"} and words & COUNTING:
        raise Unanswerable("Ask how many were missed, or for the detection rate.")
    ranked = line.verb in EXTREMES or (line.verb == "list" and not line.test)
    ids = line.verb in ("value", "list") and cases and words & NAMING
    asked = bool(ids or (ranked and line.unit == "case" and words & ASKING))
    which = any(word == "which" and noun in {*CASES, *PICTURES} for word, noun in pairwise(linked.spelt))
    asked = asked or (which and line.verb == "value" and len(line.models) == 1)  # `which lesions did it miss`
    if named == [MISSED] and not line.place and not words & NOT and asked:
        line = replace(line, verb="list", unit="case", order=None, **equal("detected"))
        return line, with_metrics(linked, 0, detected="detected")
    pair = sum(tag[0] != "T" for tag in line.models) == 2 and "both" in words
    if named == [MISSED] and pair and not line.place and not words & NOT:  # `missed by both`
        verb = "count" if words & COUNTING else "list"
        line = replace(line, verb=verb, unit="case", order=None, both=True, **equal("detected"))
        return line, with_metrics(linked, 0, detected="detected")
    lost = len(named) == 1 and named[0] in (MISSED, {("failures",)}) and line.unit == "model"
    none = "no" in words or bool(words & {"every", "all"} and words & FOUND)
    if lost and none and line.verb in (*EXTREMES, "list") and not line.test:
        line = replace(line, verb="list", order=None, limit=None, test="equal", bounds=(NUMBER,))
        return line, with_metrics(linked, 0)  # `which network left no lesion undetected`
    if (
        lost
        and line.verb in (*EXTREMES, "list")
        and not line.test
        and not words & ({*TOWARDS} | NOT | {"more", "each"})
    ):
        line = replace(line, verb="list", order=None, limit=None, test="above", bounds=(NUMBER,))
        return line, with_metrics(linked, 0)  # `which models missed a lesion`
    return None


def _found(
    line: Line, linked: Linked, words: set[str], named: Sequence[set[tuple[str, ...]]]
) -> tuple[Line, Linked] | None:
    """Lesions that were detected, where no metric is named: how many, which not, which model found all."""
    bare = not (line.metrics or line.test or line.place or line.order or linked.tags("QKNC"))
    finding = bare and words & DETECTING and words & {"lesions", "lesion"} and not words & (NOT | PART | {"nothing"})
    unseen = words & DETECTING and words & NOT and words & {"lesion", "lesions"} and len(line.models) == 1
    if unseen and not named and words & ASKING and not (line.place or line.test or linked.tags("QNCK")):
        return replace(line, verb="list", unit="case", order=None, **equal("detected")), with_metrics(
            linked, 0, detected="detected"
        )
    if finding and line.unit == "model" and line.verb == "list" and words & {"every", "all"}:
        line = replace(line, metrics=(IMPLIED["detected"],), test="equal", bounds=(NUMBER,))
        return line, with_metrics(linked, 0, detected="missed")  # `which variant detects every lesion`
    if finding and (line.verb, line.unit) == ("count", "case"):
        return replace(line, **equal("detected")), with_metrics(linked, 1, detected="detected")
    return None


def _correct(
    line: Line, linked: Linked, words: set[str], named: Sequence[set[tuple[str, ...]]]
) -> tuple[Line, Linked] | None:
    """Cases that were called rightly or wrongly, and methods whose maps stay with shuffled weights."""
    cases = line.unit in (None, "case")
    marked = named == [{("correct",)}] and words & COUNTING and cases and not line.place
    none = {number.value for number in linked.numbers.values()} <= {0}
    if marked and words & WRONG and none:  # `wrong (correct = 0)`
        line = replace(line, verb="count", unit="case", **equal("correct"))
        return line, with_metrics(linked, 0, correct="correct")
    if named == [{("correct",)}] and words & COUNTING and not (line.test or line.place) and cases:
        return replace(line, verb="count", unit="case", **equal("correct")), with_metrics(linked, 1, correct="correct")
    if named == [{("cases",)}] and words & WRONG and words & COUNTING and not (line.test or line.place):
        line = replace(line, verb="count", unit="case", **equal("correct"))  # `the number of pictures labelled wrongly`
        return line, with_metrics(linked, 0, correct="correct")
    if named == [{("threshold",)}] and words & WRONG and words & COUNTING and line.verb in ("value", "count"):
        line = replace(line, verb="count", unit="case", **equal("correct"))  # `wrong at its operating point`
        return line, with_metrics(linked, 0, correct="correct")
    named_methods = {tag for tag, noun in pairwise(linked.tokens) if noun in CALLED["method"]}  # `saliency methods`
    methods = {tag for tag in named_methods if tag[0] == "Q"}
    if named == [{STAYS}] and line.unit in (None, "method") and not {*linked.tags("Q")} - methods:
        verb = "count" if words & COUNTING else "list"
        line = replace(line, verb=verb, unit="method", order=None, limit=None, test="equal", bounds=(NUMBER,))
        meanings = {tag: meaning for tag, meaning in linked.meanings.items() if tag not in methods}
        return line, with_metrics(replace(linked, meanings=meanings), 1)
    return None


def set_aside(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """Cases chosen by a flag beside what is asked of them: without the missed, of the wrongly labelled, of a class."""
    apart = MISSED if words & EXCEPT else {("detected",)} if words & {"among", "only"} else set()
    finding = any(did in ("did", "does") and found in FOUND for did, found in pairwise(linked.spelt))
    if line.verb in EXTREMES and line.unit == "case" and finding and words >= {"among", "those"} and not words & NOT:
        held = ((IMPLIED["detected"], "equal", NUMBER),)  # `among those that it did detect`
        return replace(line, held=held), with_metrics(linked, 1, detected="detected")
    others = tuple(tag for tag in line.metrics if not linked.meanings[tag].metrics <= apart)
    if line.verb in EXTREMES and line.unit == "case" and len(others) == 1 < len(line.metrics):
        held = ((IMPLIED["detected"], "equal", NUMBER),)  # `leaving aside the one that it missed`
        return replace(line, metrics=others, held=held), with_metrics(linked, 1, detected="detected")
    counted = (line.verb, line.unit) == ("count", "case")
    right = bool(words & {"correct", "correctly", "rightly"}) or ("were", "right") in pairwise(linked.spelt)
    averaged = line.verb in AVERAGES and line.unit in (None, "case") and len(line.metrics) == 1 and not line.place
    ranked = line.unit == "case" and (line.verb in EXTREMES or bool(line.order)) and not line.place
    wrong = bool(words & (WRONG - {"error", "errors", "mistake", "mistakes"} if ranked else WRONG))
    wrong = wrong and ("most", "wrong") not in pairwise(linked.spelt)
    right = right or (ranked and any(linked.meanings[tag].metrics == {("correct",)} for tag in line.metrics))
    if ((counted and line.test) or averaged or ranked) and (wrong or right) and not line.held:
        if "or" in words:
            raise Unanswerable("Conditions are all true at once: say each by itself, joined by `and` or `but`.")
        metrics = tuple(tag for tag in line.metrics if linked.meanings[tag].metrics != {("correct",)})
        others = tuple(tag for tag in linked.tags("KX") if tag not in (*line.metrics, *line.models))
        line = replace(line, metrics=metrics or others[:1] or line.metrics)
        held = ((IMPLIED["correct"], "equal", NUMBER),)  # `how many wrongly labelled ones have a probability above`
        line = replace(line, unit="case", held=held)
        return line, with_metrics(linked, 0 if wrong else 1, correct="correct")
    classes = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    of_class = len(classes) == 1 and all(parts[0] == CLASS for parts in classes[0]) and not paraphrased(linked)
    if of_class and words & PART and words & (NOT | FAILING):
        raise Unanswerable("Ask for what it recognises, and not for the others.")
    if counted and of_class and words & PART and not (line.metrics or line.place):
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate="share")
    return None


def _spotless(line: Line, linked: Linked, words: set[str]) -> dict[str, Any]:
    """What is counted of which there is none: `on how many pictures is there not a single false positive`."""
    plain = [token for token in linked.spelt if token not in ("a", "any", "single", "one", "make", "makes")]
    none = [tag for no, tag in pairwise(plain) if no in ("no", "not", "without", "zero") and tag in linked.tags("K")]
    measures = {parts[-1] for tag in none for parts in linked.meanings[tag].metrics}
    faultless = any(no in ("no", "not", "without", "zero") and wrong in WRONG for no, wrong in pairwise(plain))
    unit = "batch" if words & {*BATCHES} else "case" if words & {*CASES, *PICTURES} else None
    if faultless and unit and words & COUNTING and not (line.metrics or line.test or line.place):
        return {"verb": "count", "unit": unit, "metrics": (IMPLIED["right"],)}
    if (
        len(none) != 1
        or not measures & (SUMMED - {"missed", "detected"})
        or not unit
        or not (words & COUNTING or (line.verb == "list" and words & ASKING))
        or line.place
        or line.test
    ):
        return {}
    return {"verb": "count", "unit": unit, "metrics": tuple(none)}


def equal(metric: str) -> dict[str, Any]:
    """The part of a line that asks for those of which a metric that is not named equals a number."""
    return {"metrics": (IMPLIED[metric],), "test": "equal", "bounds": (NUMBER,)}


def with_metrics(linked: Linked, number: float, **measures: str) -> Linked:
    """The question with metrics that it does not name, by their tags, and a number."""
    named = {IMPLIED[name]: Meaning(metrics={(measure,)}) for name, measure in measures.items()}
    meanings, numbers = {**linked.meanings, **named}, {**linked.numbers, NUMBER: Number(float(number), False)}
    return replace(linked, meanings=meanings, numbers=numbers)
