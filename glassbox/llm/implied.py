"""Metrics that a question describes without their names, and what its words make of a metric that is named.

`How often does it fail` names the failure rate, `which did it get wrong` the cases that are not correct.
"""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.flags import IMPLIED, MISSED, NUMBER, by_flag, equal, set_aside, with_metrics
from glassbox.llm.language import EXTREMES, TABLES, Line
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.numbers import BATCHES
from glassbox.llm.paraphrase import ONE_PICTURE, at_point, of_chart, on_cue, paraphrased
from glassbox.llm.phrases import Meaning
from glassbox.llm.places import FAILURES
from glassbox.llm.sets import with_duplicates
from glassbox.llm.worded import by_word
from glassbox.llm.words import (
    ADDING,
    ARTICLES,
    CAUGHT,
    COUNTING,
    ESCAPING,
    FAILING,
    FOUND,
    LOST,
    NOT,
    PAINTED,
    PART,
    PICTURES,
    QUALITY,
    RATHER,
    REVIEWING,
    RIGHT,
    SEPARATING,
    TOWARDS,
    WRONG,
)

SIDES_OF = {"height_px", "width_px"}
SIDES_OF_A_PICTURE = {"width", "height"}
PERCENT_OF = {("fp",): "false_positive_percent", ("fn",): "false_negative_percent"}
EXPECTING = {"expect", "expects", "expected", "anticipate", "anticipated"}
PERCENTS = {(name,) for name in PERCENT_OF.values()}  # of `what percentage of pixels`


def implied(line: Line, linked: Linked) -> tuple[Line, Linked]:
    """Line and question with what the words make of them: `how often does it fail`, `which did it get wrong`.

    Raises `Unanswerable` for the opposite of these, and for failures of less than all cases.
    """
    line = _lost(line, linked)
    words = set(linked.spelt)
    if line.apart:
        return line, linked
    line, linked = _told_apart(line, linked, words)
    for step in (by_flag, set_aside, with_duplicates, by_word):
        if found := step(line, linked, words):
            return found
    named = {parts[-1] for tag in line.metrics if tag in linked.meanings for parts in linked.meanings[tag].metrics}
    if _of_pictures(line, linked, words, named):
        return replace(line, verb="value", unit=None), linked
    if line.verb == "sum" and any(per == "per" and noun in CASES for per, noun in pairwise(linked.spelt)):
        line = replace(line, verb="mean", unit="case")  # `false positives per image`
    spoiled = words & {"added"} and linked.tags("Q")  # `what remains of it when noise is added`
    if line.verb == "sum" and not named & SUMMED and (not words & ADDING or spoiled):
        return replace(line, verb="value", unit=None), linked
    if found := _by_statistic(line, linked, words, named):
        return found
    missed = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics == MISSED]
    if missed and line.unit == "batch" and line.verb == "mean" and "which" in words:
        line = replace(line, verb="list", metrics=())  # `in which batch did it miss one`
    ended = line.verb != "list" and (words & {*TOWARDS} or line.verb not in EXTREMES)
    if missed and missed == [*line.metrics] and line.unit == "batch" and not (line.test or ended):
        line = replace(line, verb="list", metrics=(), order=None)  # `in which batch was a lesion missed`
    if missed and line.unit == "batch" and line.verb in ("count", "list") and not (line.metrics or line.test):
        none = any(no in ("no", "zero", "without") and tag in missed for no, tag in pairwise(linked.spelt))
        test = "equal" if none else "above"
        return replace(line, metrics=(missed[0],), test=test, bounds=(NUMBER,)), with_metrics(linked, 0)
    if found := _by_description(line, linked, words):
        return found
    beside = words & {"real", "true", "actual"} and line.place == "case" and len(line.metrics) == 1
    if beside and named == {"expected_iou"}:  # `the expected IoU next to the real one`
        return replace(line, metrics=(*line.metrics, IMPLIED["rate"])), with_metrics(linked, 0, rate="iou")
    if line.metrics or line.test or linked.tags("K"):
        return line, linked
    if (measure := paraphrased(linked)) and (line.verb not in ("list", "count") or "many" not in words):
        verb = line.verb if line.verb in ("compare", "difference") else "value"
        if line.verb in EXTREMES and line.unit == "model" and "which" in words:  # `which finds most of the mole`
            return replace(line, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate=measure)
        return replace(line, verb=verb, unit=None, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate=measure)
    return _by_verb(line, linked, words)


def _of_pictures(line: Line, linked: Linked, words: set[str], named: set[str]) -> bool:
    """`The smallest lesion share in the test split`: the smallest of its pictures, and no model."""
    sizes = bool(named) and named <= {"target_share", "height_px", "width_px"} and line.verb in ("max", "min")
    one = line.unit == "model" and len(linked.tags("T")) == 1
    return sizes and one and not words & {"model", "task", "dataset", "set"}


def _lost(line: Line, linked: Linked) -> Line:
    """`How much Dice is lost with 40 hairs`: the difference from what it is without them."""
    words = {*linked.spelt}
    conditions = [parts for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions]
    none = ("none",) in conditions or "compared with none" in " ".join(linked.spelt)
    conditions = [parts for parts in conditions if parts != ("none",)]
    corrupted = len(conditions) == 1 and conditions[0][0] in CORRUPTIONS and len(conditions[0]) > 1
    to = any(one in LOST and then == "to" for one, then in pairwise(linked.spelt))  # `sinks to what`
    far = none and "how" in words and words & {"much", "many", "far"}
    lost = (words & LOST and not to and (none or not words & RATHER)) or far
    corrupted = corrupted and line.verb == "value" and not linked.numbers
    return replace(line, verb="difference") if corrupted and lost and len(line.metrics) == 1 else line


def _by_statistic(line: Line, linked: Linked, words: set[str], named: set[str]) -> tuple[Line, Linked] | None:
    """The quality below which a person should look, and medians, which the model takes for means or for batches."""
    below = words & {"below", "under"} and words & {"which", "what", "cut", "cutoff"}
    if named == {"quality", "review"} and below and not line.place:
        line = replace(line, verb="value", unit=None, metrics=(IMPLIED["rate"],))
        return line, with_metrics(linked, 0, rate="review_below")
    must = "at" in words and words & {"must", "should", "has"} and words & {"what", "which"}
    if (
        named in ({"quality"}, {"quality", "threshold"}) and (below or must) and words & REVIEWING and not line.place
    ):  # `below which quality should one look`
        line = replace(line, verb="value", unit=None, test=None, bounds=(), order=None, metrics=(IMPLIED["rate"],))
        return line, with_metrics(linked, 0, rate="review_below")
    if (line.verb, line.unit) == ("median", "batch") and not words & {*BATCHES}:
        line = replace(line, unit="case")
    median = "median" in words and line.verb in ("value", "mean") and not (line.place or linked.tags("Q"))
    median = median and all(linked.meanings[tag].splits == {"test"} for tag in linked.tags("S"))
    of_cases = any(tag[0] != "T" for tag in line.models) or not named & {"target_share", "height_px", "width_px"}
    if median and line.metrics and of_cases and line.unit != "batch":
        return replace(line, verb="median", unit="batch" if words & {"batches"} else "case"), linked
    return (line, linked) if line.verb == "median" else None


def _by_description(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked] | None:
    """Shares on a planted cue, failures above a bound, negative numbers, the sides of pictures."""
    if (share := on_cue(linked, words)) and not line.place:
        line = replace(line, verb="value", unit=None, order=None, limit=None, metrics=(IMPLIED["rate"],))
        known = {tag: meaning for tag, meaning in linked.meanings.items() if tag not in of_chart(linked)}
        line = replace(line, models=())  # it is recorded of the task: of both networks
        return replace(line, test=None, bounds=()), with_metrics(replace(linked, meanings=known), 0, rate=share)
    failed = {parts for tag in line.metrics for parts in linked.meanings[tag].metrics} if line.metrics else set()
    if failed == MISSED and line.test and line.unit == "case" and words & COUNTING:  # `of 600, how many were missed`
        return replace(line, verb="value", unit=None, test=None, bounds=(), order=None), linked
    if (
        failed == {("failures",)}
        and line.test
        and line.unit in ("group", "model", "corruption")
        and (
            words & (PART | {"percent"}) | _shares(linked)
            or all(linked.numbers[tag].value == 0 for tag in line.bounds if tag in linked.numbers)
        )
    ):
        return replace(line, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate="failure_rate")
    fails = words & FAILING and words & {"often", "frequently"} and words & {"most", "least"}
    if failed and failed <= FAILURES and fails and line.verb in EXTREMES:  # `fails least often, by failure rate`
        return replace(line, verb=_by_failing(line.verb, words)), linked
    if failed and failed <= FAILURES and line.test and line.unit == "case" and len(line.metrics) == 1:
        line = replace(line, verb="value", unit=None, test=None, bounds=(), order=None)  # `do over 15 % fail`
        rate = "failures" if words >= {"how", "many", "of"} and not _shares(linked) else "failure_rate"
        return replace(line, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate=rate)
    size = {name for tag in line.metrics for (name, *_) in linked.meanings[tag].metrics} & SIDES_OF
    pairs = {*pairwise(linked.spelt)}
    sized = any(one in ONE_PICTURE and of in ("size", "dimensions") for one, of in pairwise(linked.spelt))
    of_both = (
        (words & SIDES_OF_A_PICTURE or ("how", "tall") in pairs or ("how", "wide") in pairs or sized)
        and not (line.metrics or linked.tags("KCN"))
        and linked.tags("T")
    )
    if (size and words & SIDES_OF_A_PICTURE and len(line.metrics) == 1) or of_both:
        both = with_metrics(linked, 0, failures="height_px", rate="width_px")
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["failures"], IMPLIED["rate"])), both
    return None


def _shares(linked: Linked) -> set[str]:
    """The numbers that are per cents."""
    return {tag for tag, number in linked.numbers.items() if number.percent}


def _told_apart(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked]:
    """With the metrics that other words make of those named: failures that a review catches, the rate of failures."""
    line, linked = _of_quality(line, linked, words)
    linked = _by_words(line, linked, words)
    known = [tag for tag in line.metrics if tag in linked.meanings]
    heated = [tag for tag in known if linked.meanings[tag].metrics == {("temperature",)}]
    if len(heated) == 1 < len(known) and words & {"applied", "once"}:  # `the ECE once the temperature is applied`
        line = replace(line, metrics=tuple(tag for tag in line.metrics if tag not in heated))
        linked = replace(linked, meanings={**linked.meanings, "Q00": Meaning(conditions={("after",)})})
    caught = tuple(tag for tag in known if linked.meanings[tag].metrics == {("caught",)})
    shares = line.bounds + ((line.limit,) if line.limit else ())
    looked = any(linked.meanings[tag].metrics == {("review",)} for tag in known)
    if len(caught) == 1 and looked and line.verb == "value":
        line = replace(line, metrics=caught)
    if len(caught) == 1 and words & REVIEWING and line.verb in ("list", "count") and {*shares} & _shares(linked):
        ranked = line.unit == "model" and "which" in words and words & {"most", "biggest", "largest", "highest"}
        line = replace(line, verb="value", unit=None, order=None, limit=None, test=None, bounds=())
        line = replace(line, verb="max", unit="model") if ranked else line  # 20 % are no twenty models
    line = replace(line, metrics=caught) if len(caught) == 1 and words & REVIEWING else line
    one = [tag for tag in line.metrics if tag in linked.meanings and linked.meanings[tag].metrics <= PERCENTS]
    if len(one) == 1 and len(line.metrics) == 2 and line.verb in ("value", "difference", "compare"):
        line = replace(line, verb="value" if len(line.models) < 2 else line.verb, metrics=tuple(one))
    return line, linked


def _of_quality(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked]:
    """`Whose predicted quality separates the failures best` asks for the AUROC of that, and not for the quality."""
    known = [tag for tag in line.metrics if tag in linked.meanings]
    failures = any(linked.meanings[tag].metrics <= FAILURES for tag in known) and words & QUALITY
    among = linked.tags("K") if failures else known
    quality = [tag for tag in among if linked.meanings[tag].metrics == {("quality",)}]
    named = [tag for tag in linked.tags("K") if ("auroc",) in linked.meanings[tag].metrics]
    ranked = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics == {("auroc",)}]
    if len(ranked) == 1 and len(known) == 1 and linked.meanings[known[0]].metrics <= FAILURES and known != ranked:
        return replace(line, metrics=tuple(ranked)), linked  # `recognises its own failures best, by AUROC`
    separated = failures or (words & SEPARATING and words & QUALITY)
    of_iou = [tag for tag in known if linked.meanings[tag].metrics == {("iou",)}]
    guessed = of_iou and (quality or words & {"estimates", "estimate", "predicts", "guesses", "guess"})
    if guessed and len(known) < 3 and words & {"error", "off"} and not line.place:
        off = {**linked.meanings, of_iou[0]: Meaning(metrics={("error",)})}  # `estimates its own IoU with an error`
        verb = line.verb if line.verb in EXTREMES else "value"
        unit = line.unit if line.verb in EXTREMES else None
        return replace(line, verb=verb, unit=unit, metrics=tuple(of_iou)), replace(linked, meanings=off)
    erring = [tag for tag in known if linked.meanings[tag].metrics == {("error",)}]
    if len(erring) == len(quality) == 1 and len(known) == 2 and not line.place:
        return replace(line, verb="value", unit=None, metrics=tuple(erring)), linked
    if len(quality) == 1 and quality == known and words & {"error", "errors", "off", "wrong"} and not line.place:
        off = {**linked.meanings, quality[0]: Meaning(metrics={("error",)})}  # `the error of its own quality estimate`
        flat = line.unit in TABLES and line.verb not in EXTREMES
        line = replace(line, verb="min") if line.verb in EXTREMES and words & {"smallest", "least", "lowest"} else line
        return (replace(line, verb="value", unit=None) if flat else line), replace(linked, meanings=off)
    if len(quality) != 1 or line.place or not (named or separated):
        return line, linked
    meanings = {**linked.meanings, quality[0]: Meaning(metrics={("auroc",)})}
    return replace(line, metrics=tuple(quality)), replace(linked, meanings=meanings)


def _by_verb(line: Line, linked: Linked, words: set[str]) -> tuple[Line, Linked]:
    """The same where nothing but a verb tells the metric."""
    if (measure := at_point(linked, words)) and line.verb in ("count", "list", "value"):
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["rate"],)), with_metrics(linked, 0, rate=measure)
    if line.verb == "count" and line.unit == "model" and words & WRONG:
        line = replace(line, unit="case")
    none = (("at", "all") in pairwise(linked.spelt) and words & NOT) or "nothing" in words
    unseen = none and words & FOUND and words & COUNTING and words & {*CASES, *PICTURES}
    if unseen and line.verb in ("count", "list", "value") and line.unit in (None, "case") and not line.place:
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["rate"],)), with_metrics(
            linked, 0, rate="missed"
        )
    wrong, right, fails = words & WRONG, any(words >= said for said in RIGHT), words & FAILING
    if any(one in FAILING and then == "to" for one, then in pairwise(linked.spelt)):
        fails = set()  # what it fails to do is no failure
    if line.verb == "value" and words >= {"how", "many"} and (wrong or right) and not line.place:
        line = replace(line, verb="count", unit="case")
    part = bool(words & PART) and (line.verb in (*EXTREMES, "list", "count") and line.unit == "case")
    counted = (line.verb in ("count", "list") or part) and line.unit == "case"
    escaped = words & ESCAPING and words & {"lesions", "moles", "spots"}
    if not (fails or (counted and (wrong or right or escaped))):
        return line, linked
    aside = any(no == "not" and rate in PART for no, rate in pairwise([w for w in linked.spelt if w not in ARTICLES]))
    if (words & (NOT if counted else NOT - {"never"}) and not aside) or (wrong and right):
        raise Unanswerable("Ask for those that failed, that it got wrong or that it got right, and not for the others.")
    if counted and fails and (line.place or linked.numbers):
        raise Unanswerable("Failures are recorded of all cases together: ask for cases with an IoU below a number.")
    if line.place and not (counted and (wrong or right) and not fails):
        return line, linked
    if counted and not (fails or wrong or right):
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["rate"],)), with_metrics(
            linked, 0, rate="missed"
        )
    if counted and not fails:
        return replace(line, order=None, **equal("correct")), with_metrics(linked, 0 if wrong else 1, correct="correct")
    part = part or bool(words & {"any", "even"} and line.unit == "case")
    named = with_metrics(linked, 0, failures="failures", rate="failure_rate")
    if line.verb == "value" or part or (line.verb, line.unit) == ("count", "case"):
        return replace(line, verb="value", unit=None, metrics=(IMPLIED["failures"], IMPLIED["rate"])), named
    if line.verb in ("compare", "difference"):
        return replace(line, verb="compare", metrics=(IMPLIED["rate"],)), named
    if line.verb == "list" and line.order in EXTREMES and line.unit in ("model", "group", "corruption"):
        return replace(line, order=_by_failing(line.order, words), metrics=(IMPLIED["rate"],)), named
    if line.verb in EXTREMES and line.unit in ("model", "group", "corruption"):
        return replace(line, verb=_by_failing(line.verb, words), metrics=(IMPLIED["rate"],)), named
    if line.verb in ("list", "count") and line.unit in ("model", "group", "corruption") and line.test:
        return replace(line, metrics=(IMPLIED["rate"],)), named
    return line, linked


def _by_words(line: Line, linked: Linked, words: set[str]) -> Linked:
    """The question with `what fraction were failures` as the rate, and pixels overlooked as false negatives."""
    rate = line.verb == "compare" or (words & PART and (not words & {"count", "number"} or words & (PART - {"rate"})))
    meant = {("failures",): "failure_rate"} if rate else {}
    of_failures = any(linked.meanings[tag].metrics <= FAILURES for tag in linked.tags("K"))
    if words & CAUGHT and of_failures and words & NOT:
        raise Unanswerable("Ask for the share of failures that is caught, and not for the others.")
    reviewed = words & REVIEWING or any(linked.meanings[tag].metrics == {("review",)} for tag in linked.tags("K"))
    if words & CAUGHT and (reviewed or (of_failures and words & {"its", "their", "own"})):
        meant = {("failures",): "caught", ("failure_rate",): "caught"}
    meant |= {("correct",): "accuracy"} if words & PART and line.verb == "value" else {}
    meant |= {("missed",): "fn"} if words & {"pixel", "pixels"} else {}
    if line.place and "many" in words:  # of a batch or case the pixels are recorded, and not their share
        meant |= {(name,): parts[0] for parts, name in PERCENT_OF.items()}
    percent = linked.percent or words & {"percentage", "percentages", "pct"}
    if percent and not linked.numbers:
        meant |= PERCENT_OF | ({("failures",): "failure_rate"} if words & COUNTING else {})
    if (line.place == "case" or (line.unit == "case" and line.verb in EXTREMES)) and words & EXPECTING:
        meant |= {("iou",): "expected_iou"}
    named = {
        tag: meant[parts]
        for tag, meaning in linked.meanings.items()
        for parts in sorted(meaning.metrics, key=lambda parts: (parts not in meant, parts))[:1]
        if parts in meant and (len(meaning.metrics) == 1 or parts in PERCENT_OF)
    }
    for tag in [tag for tag, meaning in linked.meanings.items() if meaning.metrics == PERCENTS]:
        others = {parts for name in linked.tags("K") if name != tag for parts in linked.meanings[name].metrics}
        said = [of for parts, of in PERCENT_OF.items() if parts in others]
        said = ["false_positive_percent"] if words & {"wrongly", "falsely"} and words & PAINTED else said
        said = ["accuracy"] if words & {"correctly", "rightly", "right", "correct"} else said
        named |= {tag: said[0]} if said else {}
    meanings = {**linked.meanings, **{tag: Meaning(metrics={(measure,)}) for tag, measure in named.items()}}
    return replace(linked, meanings=meanings)


def _by_failing(verb: str, words: set[str]) -> str:
    """`max` or `min` where it is said how often: `fails most`, `fails least often`."""
    most, least = words & {"most", "highest", "maximum"}, words & {"least", "lowest", "fewest", "rarest", "seldom"}
    return "max" if most and not least else "min" if least and not most else verb
