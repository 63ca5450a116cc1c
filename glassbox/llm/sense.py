"""Hold a query line against the words of its question: what they plainly say, the line must not leave out.

The model that writes lines is small. A few words leave no doubt, and are looked at again, in this order, each step
with the line that those before it have made:

    naming    which tags are models and which metrics
    quantified  numbers that say how many there must be
    places    numbers that are no batch's, and bounds that are none
    pairs     two models batch by batch: takes the question whole, or leaves it
    beyond    refuses what one query could answer by half
    nested    a question within a question; conditions on other metrics
    ranking   what is ranked, by which metric and from which end
    among     what the ranking is among: groups of a size, models but for one; sums over models
    strange   refuses conditions, classes and orders that nobody here has heard of

Before all of them `called` takes questions about a classifier's answers. After them `implied` puts in the metrics that
are described and not named, with `flags` for cases that are told by a column of yes and no; `rest` and `accounting`
refuse what the question says and the line does not.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.among import among
from glassbox.llm.asked import YES_OR_NO, Unanswerable
from glassbox.llm.beyond import refuse_beyond
from glassbox.llm.catalogue import CLASS
from glassbox.llm.flags import STAYS
from glassbox.llm.language import EXTREMES, NAMED, SPREADS, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.listed import COUNTED, averaged, of_a_bound, of_an_end, of_one_group, several
from glassbox.llm.naming import as_named, behind_its_task, enumerated, is_tag, named
from glassbox.llm.nested import COMPARATIVES, OPPOSITE, TESTED, as_said, conditions, nested
from glassbox.llm.numbers import BATCHES
from glassbox.llm.pairs import apart, side_by_side
from glassbox.llm.paraphrase import paraphrased
from glassbox.llm.places import in_batches, numbered, placed
from glassbox.llm.quantified import quantified
from glassbox.llm.ranking import ranked
from glassbox.llm.strange import refuse_strange
from glassbox.llm.words import (
    ARTICLES,
    DIFFER,
    FAILING,
    GENERAL,
    HOLDING,
    MODELS,
    NEGATIONS,
    NUMBERED,
    PAIRED,
    PICTURES,
    SEVERAL,
    SIGNIFICANT,
    TOWARDS,
    UNEQUAL,
    VIOLATING,
)

MIDDLE = {
    "median",
    "medians",
    "middle",
    "mid",
    "central",
    "halfway",
    "typical",
    "percentile",
    "50th",
    "half",
    "fiftieth",
}
PRAISED = {"dependable", "reliable", "trustworthy", "accurate", "precise", "sensitive", "faithful", "robust", "stable",
           "certain", "careful", "consistent"}  # fmt: skip
WEAK = {
    "worst",
    "poorest",
    "weakest",
    "lowest",
    "least",
    "worse",
    "bad",
    "badly",
    "poorly",
    "fails",
    "wrong",
    "misses",
    "rarely",
    "seldom",
}


def sensible(line: Line, linked: Linked) -> Line:
    """The line, mended where the words leave one meaning; `Unanswerable` where they say what no line can."""
    words = set(linked.spelt)
    line = _count_of_cases(quantified(named(behind_its_task(as_named(line, linked), linked), linked), linked), linked)
    if line.test == "between" and len({linked.numbers[tag].value for tag in line.bounds if tag in linked.numbers}) == 1:
        last = replace(line, bounds=line.bounds[-1:])  # `in more than a fifth of cases (failure rate over 0.2)`
        line = replace(last, test=as_said(last, linked.spelt))
    line = placed(in_batches(numbered(line, linked, words), linked, words), linked, words)
    if pair := apart(line, linked, words):
        refuse_strange(pair, linked, words)
        return pair
    refuse_beyond(line, linked, words)
    line = nested(_of_an_end(line, linked), linked, words)
    line = among(enumerated(ranked(line, linked, words), linked.tokens), linked, words)
    refuse_strange(line, linked, words)
    single = len(line.bounds) == 1 and len(line.metrics) < 2 and not line.held
    if line.verb in ("count", "list") and line.test and single:
        metrics = (_tested_by(line, linked),) if line.metrics else ()
        line = replace(line, metrics=metrics, test=as_said(line, linked.spelt))
    line = averaged(of_one_group(_without_slips(line, linked, words), linked, words), linked, words)
    line = several(of_a_bound(line, linked), linked)
    if line.verb == "value" and line.place == "case" and len(line.at) > 1 and words & {"mean", "average"}:
        line = replace(line, verb="mean", unit="case")
    line = _of_two(line, linked, words)
    if line.test in OPPOSITE and words & VIOLATING:  # `limit: an IoU of at least 0.6; how many violate it`
        line = replace(line, test=OPPOSITE[line.test])
    line = _bounded(line, linked, words)
    one = words & {"is", "does", "has", "did"} and not words & SEVERAL
    if line.unit == "model" and line.test and one and line.metrics and line.models:  # `is the network above 0.8 Dice`
        return replace(line, verb="value", unit=None, test=None, bounds=())
    if line.unit == "model" and not line.metrics and len(linked.tags("S")) > 1:  # the sizes of the splits
        return replace(line, verb="count", unit="case")
    order = line.order or line.verb
    if line.unit in ("group", "case") and words >= {"group", "batch"} and order in EXTREMES:
        # `which group of six pictures (batch)`
        return replace(line, verb=order, order=None, limit=None, unit="batch", place=None, at=())
    if line.verb in ("count", "list") and not line.metrics and linked.tags("K"):
        return _of_a_metric(line, linked)
    if line.verb == "count" and line.metrics and not line.test and not line.order:
        return replace(line, verb="value", unit=None)
    sides = words & {"height", "width"} or (words & {"tall", "wide"} and words & {*CASES, *PICTURES})
    if (
        line.verb == "value"
        and not line.metrics
        and not sides
        and not words & (GENERAL | FAILING)
        and not paraphrased(linked)
    ):
        raise Unanswerable("Name a metric, such as Dice or IoU.")
    return line


def _without_slips(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line without a median that nobody asked for, and without a ranking of cases by a rate over all of them."""
    if line.verb == "median" and not words & MIDDLE:  # a model's slip
        line = replace(line, verb="value", unit=None)
    if line.verb == "value" and not line.place and (listed := of_an_end(linked)):
        return listed
    apart = words & {"separate", "separates", "lose", "loses", "lost", "drop", "drops"}
    if line.verb == "value" and apart and len(linked.tags("Q")) == 2 and len(line.metrics) == 1 and not line.place:
        line = replace(line, verb="difference")
    if line.verb == "count" and line.unit in ("model", "batch") and line.test and words & COUNTED:
        named = words & (MODELS if line.unit == "model" else {*BATCHES})
        line = line if named else replace(line, unit="case")  # `how many of the eye pictures have a Dice above 0.8`
    if line.verb == "worst" and "most" in words and not words & WEAK:
        if line.unit == "method":
            line = replace(line, verb="max")  # `which method reveals the planted chart most`
        elif line.unit == "model" and words & PRAISED:
            line = replace(line, verb="best")  # `which has the most dependable doubts`
    rate = [
        tag for tag in line.metrics if tag in linked.meanings and linked.meanings[tag].metrics == {("detection_rate",)}
    ]
    if rate and line.unit == "case" and line.verb in EXTREMES and not words & {*TOWARDS}:
        line = replace(line, verb="value", unit=None, metrics=tuple(rate))  # `in what share does it detect the lesion`
    return line


def _count_of_cases(line: Line, linked: Linked) -> Line:
    """`Count of cases with an HD95 over 20 px`: the number of cases is what is asked for, and no metric beside it."""
    sizes = [tag for tag in line.metrics if linked.meanings[tag].metrics == {("cases",)}]
    others = [tag for tag in line.metrics if tag not in sizes]
    tested = conditions(linked.spelt, others)
    if line.verb != "value" or len(sizes) != 1 or line.place or len(tested) != len(others) or len(tested) != 1:
        return line
    [(metric, test, bound)] = tested
    return Line("count", unit="case", metrics=(metric,), test=test, bounds=(bound,), models=line.models)


def _bounded(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line with the test that its words tell, or with none; `Unanswerable` where they tell another."""
    nouns = words & ({*CASES} | {"batch", "batches", "models", "groups", "classes"})
    if line.test == "between" and linked.spelt[:1] in YES_OR_NO and line.models and not nouns:
        line = replace(line, verb="value", unit=None, test=None, bounds=(), order=None, limit=None)
    lies = words >= {"between", "which"} and words & {"lie", "lies"}
    if line.metrics and line.models and (lies or _asks_of_it(linked)):
        line = replace(line, verb="value", unit=None, test=None, bounds=(), order=None, limit=None)
    flag = line.test and any(linked.meanings[t].metrics == {STAYS} for t in line.metrics if t in linked.meanings)
    if flag:  # `stay with shuffled weights (flagged 1)`
        line = replace(line, test=None, bounds=())
    if line.test and len(line.bounds) == 1 and not words & UNEQUAL - {"or"}:
        line = _no_condition(line, linked)
    counted = {tag for tag, noun in pairwise(linked.spelt) if noun in CASES}
    if line.unit in SPREADS and {*line.bounds} & counted:  # `which group with about 50 images`
        raise Unanswerable("A bound on the number of cases is not understood: ask for the groups, and for their cases.")
    if line.test and line.bounds and _zero(line, linked):
        line = replace(line, test="equal")
    if line.test in ("below", "above", "least", "most") and not words & UNEQUAL:
        if line.unit in SPREADS:
            raise Unanswerable("Say whether above or below that number.")
        nothing = [linked.numbers[tag].value for tag in line.bounds if tag in linked.numbers] == [0]
        line = replace(line, test="equal") if nothing or _at_number(linked.tokens) else line
    if line.verb in (*EXTREMES, "list", "count") and _negated(linked.spelt):
        raise Unanswerable("A question with `not` is not understood: ask for a condition, such as a Dice below 0.5.")
    return line


def _of_two(line: Line, linked: Linked, words: set[str]) -> Line:
    """A comparison or difference has two sides, and which of the two is asked for the words tell."""
    line = side_by_side(_of_two_tasks(line, linked), linked, words)
    alone = len(line.models) == len(line.metrics) == 1 and len({*line.at}) < 2 and line.models[0][0] != "T"
    apart = line.verb == "difference" and (words & DIFFER or any(linked.meanings[t].each for t in linked.tags("Q")))
    alone = alone and not (line.verb == "difference" and linked.tokens.count(line.metrics[0]) > 1)
    most_one = len(linked.tags("Q")) < (2 if line.verb == "difference" else 1)
    choices = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    one = len(choices) == 1 and all(parts[0] in (CLASS, "macro", "weighted") for parts in choices[0])
    most_one = most_one or (one and not words & (UNEQUAL | DIFFER | {"than", "versus", "vs", "with", "compare"}))
    if line.verb in ("compare", "difference") and alone and not apart and most_one:
        line = replace(line, verb="value", unit=None, at=tuple(dict.fromkeys(line.at)))
    told_apart = "difference" in words and not words & PAIRED and len(line.models) < 2 and len(linked.tags("Q")) == 2
    if line.verb == "compare" and told_apart and not line.at:  # `does it lose on them? give the difference`
        line = replace(line, verb="difference")
    paired = any(linked.meanings[tag].conditions == {("minus_balanced",)} for tag in linked.tags("Q"))
    if paired and line.verb == "difference" and len(line.models) == len(line.metrics) == 1:  # `recall minus balanced`
        line = replace(line, verb="value", unit=None)
    bounds = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    both = sorted(bounds, key=str) == [{("ci_high",)}, {("ci_low",)}]
    if both and line.verb == "value" and len(line.metrics) == 1 and words & {"wide", "width", "less", "minus", "span"}:
        line = replace(line, verb="difference")  # `how wide is the interval, upper end less lower end`
    each = any(linked.meanings[tag].each for tag in linked.tags("Q"))
    changed = (words >= {"how", "much"} or words >= {"how", "far"} or words & {"amount", "diff"}) and words & (
        DIFFER | {"down", "effect", "diff"}
    )  # `how much did it bring down the ECE`
    if line.verb in ("value", "compare") and each and changed and len(line.metrics) == 1 and not line.place:
        line = replace(line, verb="difference")
    axes = {parts[0] for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions if len(parts) == 2}
    levels = len(linked.tags("Q")) == 2 and len(axes) == 1 and words >= {"how", "much"}
    apart = words & (DIFFER | {"gained", "lost", "exceed", "exceeds"})
    if line.verb == "value" and len(line.metrics) == 1 and apart and (levels or (len(line.at) == 2 and "by" in words)):
        line = replace(line, verb="difference")  # `how much is gained from low to high contrast`
    ends = linked.tokens[-2:]
    if line.verb == "compare" and len(line.models) == 2 and (ends == ("by", "?") or ends[-1:] == ("by",)):
        line = replace(line, verb="difference")  # `ahead by?`
    two = len([tag for tag in line.models if tag[0] != "T"]) == 2 and len(line.metrics) == 1
    if line.verb == "value" and "minus" in words and two:
        line = replace(line, verb="difference")
    beside = words >= {"more", "than"} or words & {"compare", "compares"}
    if line.verb == "value" and two and not line.place and beside and not linked.tags("QNC"):
        line = replace(line, verb="compare")  # `scores more Dice than the other, or?`
    told = line.verb == "difference" or (line.verb == "value" and words & {"difference", "paired", "gap"})
    told = told or (line.verb == "value" and two and words & SIGNIFICANT)  # `significantly more precise than`
    if told and words & (PAIRED | SIGNIFICANT) and not line.place and len(line.models) > 1:
        line = replace(line, verb="compare")
    return line


def _of_two_tasks(line: Line, linked: Linked) -> Line:
    """`Pneumoniamnist or chest-xray: higher accuracy` has two sides, of which the line may hold one."""
    tasks = tuple(tag for tag in linked.tags("T") if len(linked.meanings[tag].tasks) == 1)
    one_of_each = sorted(tag[0] for tag in line.models) == ["M", "T"] and len(line.metrics) == 1 and not line.place
    if line.verb == "value" and one_of_each and "than" in linked.spelt and not linked.tags("QNC"):
        much = {*linked.spelt} >= {"how", "much"}
        return replace(
            line, verb="difference" if much else "compare"
        )  # `is the drive network more accurate than isic-2018-base`
    alone = {tag[0] for tag in line.models} == {"T"} and not linked.tags("MP")
    pair = line.verb in ("compare", "difference") and len(line.metrics) == 1 and alone and not linked.tags("NC")
    pair = pair and len(linked.tags("Q")) < 2
    return replace(line, models=tasks) if pair and len(tasks) == 2 else line


def _asks_of_it(linked: Linked) -> bool:
    """`The accuracy of pneumoniamnist: is it above 90 %`."""
    spelt = [*linked.spelt, "", "", "", ""]
    return any(
        two == ("is", "it")
        and spelt[at + 2] in {*TESTED} - COMPARATIVES
        and {*spelt[at + 3 : at + 5]} & {*linked.numbers}
        for at, two in enumerate(pairwise(linked.spelt))
    )


def _no_condition(line: Line, linked: Linked) -> Line:
    """`Batch 14` and `top 2` are no bounds."""
    before = next((word for word, tag in pairwise(linked.tokens) if tag == line.bounds[0]), "")
    bare = replace(line, test=None, bounds=())
    if before == "batch" and line.metrics and not line.place:
        return replace(bare, verb="value", unit=None, place="batch", at=line.bounds)
    if before in NUMBERED and line.metrics and not line.held:  # `audit file, item 4: the IoU of isic-base`
        return replace(bare, verb="value", unit=None)
    if before in ("top", "best", "worst", "bottom") and line.verb == "list":
        order = "best" if before in ("top", "best") else "worst"
        return replace(bare, order=order, limit=line.bounds[0])
    return line


def _tested_by(line: Line, linked: Linked) -> str:
    """The metric that a bound belongs to: the last one before it, or else that of the line."""
    at = linked.tokens.index(line.bounds[0]) if line.bounds[0] in linked.tokens else 0
    before = [token for token in linked.tokens[:at] if token in linked.tags("K")]
    own = line.metrics[0]
    return before[-1] if before and own in linked.tokens[:at] and own[0] == "K" else own


def _of_an_end(line: Line, linked: Linked) -> Line:
    """`Even in its worst batch, is it above 0.8` asks for that batch."""
    for word, noun in pairwise(linked.spelt):
        if line.verb == "value" and not line.place and word in TOWARDS and noun in ("batch", *CASES):
            return replace(line, verb=TOWARDS[word], unit="batch" if noun == "batch" else "case")
    return line


def _zero(line: Line, linked: Linked) -> bool:
    """Whether the bound is a zero right before its metric, as in `have zero recall`, with no word that tests it."""
    tag = line.bounds[0] if len(line.bounds) == 1 else ""
    spelt = linked.spelt
    at = spelt.index(tag) if tag in spelt else 0
    before, behind = spelt[max(at - 1, 0)], spelt[at + 1 : at + 2]
    return (
        tag in linked.numbers
        and linked.numbers[tag].value == 0
        and before not in TESTED
        and is_tag((*behind, "")[0], "KX")
    )


def _at_number(tokens: Sequence[str]) -> bool:
    """Whether cases have a metric of a number: `with a dice of 0`, and not `short of a dice of 0`."""
    plain = [token for token in tokens if token not in ARTICLES]
    if any(is_tag(metric, "KX") and is_tag(n, "N") for metric, n in pairwise(plain)):
        return True  # `accuracy 1`
    return any(
        held in HOLDING and is_tag(metric, "KX") and of == "of" and is_tag(number, "N")
        for held, metric, of, number in zip(plain, plain[1:], plain[2:], plain[3:], strict=False)
    )


def _of_a_metric(line: Line, linked: Linked) -> Line:
    """A count whose metric the line left out is the metric's own number: `how many duplicates`. A list is not."""
    if line.verb == "count" and line.unit != "batch" and not linked.numbers:
        return replace(line, verb="value", unit=None, metrics=tuple(linked.tags("K")))
    if line.unit in (*NAMED, "batch"):
        return line
    raise Unanswerable("Say what the metric is to be compared with, such as a Dice below 0.5.")


def _negated(tokens: Sequence[str]) -> bool:
    """Whether a `not` stands before a metric or an extreme; `not below` is a condition."""
    return any(token in NEGATIONS and (after in EXTREMES or is_tag(after, "KX")) for token, after in pairwise(tokens))
