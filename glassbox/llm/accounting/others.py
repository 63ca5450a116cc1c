"""Comparisons with others, changes, shares and what is left out: told of what is named, or not at all."""

from glassbox.llm.accounting.question import NOUNS, Question
from glassbox.llm.among import OUT
from glassbox.llm.asked import BESIDE
from glassbox.llm.beyond import groups_of
from glassbox.llm.catalogue import CLASS, POINT
from glassbox.llm.language import EXTREMES, SPREADS, TABLES
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import BATCHES, PIXELS
from glassbox.llm.places import FAILURES
from glassbox.llm.words import (
    CAUGHT,
    DETECTING,
    HEALTHY,
    MODELS,
    NOT,
    PART,
    RECOGNISING,
    REVIEWING,
    SURPASSING,
    WINNING,
    WRONG,
)

PLAIN_KINDS = {"pooled", "tta", "before", "after", "none"}  # conditions of a number, and no groups
WHOLE = {"overall", "average", "mean", "median", "macro", "whole"}
OF = {"of", "for", "in", "by", "with", "per"}
CHANGED = {
    "improve", "improves", "improved", "worse", "better", "worsen", "worsened", "rise", "rises", "rose", "fall",
    "falls", "fell", "drop", "drops", "dropped", "gain", "gains", "gained", "benefit", "benefits", "profit", "profits",
    "lower", "lowers", "raise", "raises", "reduce", "reduces", "reduced", "increase", "increased", "decrease",
    "decreased", "help", "helps", "helped", "hurt", "hurts",
}  # fmt: skip


def _than(q: Question) -> str | None:
    """`Which models are better than isic-base`, `batches worse than batch 10`, `classes above the macro F1`."""
    line = q.line
    ranging = line.verb in ("list", "count", *EXTREMES) or (
        line.verb in ("value", "difference") and q.words & {"which", "many"} and len(line.models) < 2
    )
    if not ranging or (line.order and line.verb == "count"):
        return None
    for at, word in enumerate(q.plain):
        if word not in ("than", "beat", "beats", "above", "below", "over", "under"):
            continue
        behind = [said for said in q.plain[at + 1 : at + 4] if said not in ("its", "their", "that", "of", "those")]
        first = behind[0] if behind else ""
        across = word in ("over", "under") and first in BATCHES  # `the least Dice over the batches`
        if first in WHOLE and {*q.plain[at + 1 : at + 6]} & {*q.linked.numbers}:
            continue  # `under a mean Dice of 0.8`
        other = (first in {*WHOLE, *BATCHES, "case"} and not across) or (
            is_tag(first, "MC") and word in ("than", "beat", "beats")
        )
        tasks = q.linked.meanings[first].tasks if first in q.linked.tags("T") else ()
        task = word == "than" and len(tasks) == 1
        metric = is_tag(first, "KX") and word == "than" and line.unit in (*TABLES, None) and not line.test
        group = is_tag(first, "Q") and word == "than" and line.unit in SPREADS
        own = word != "than" and is_tag(first, "KXQ" if q.plain[at + 1 : at + 2] in (["its"], ["their"]) else "KX")
        own = own and not any(tag in q.linked.numbers for tag in q.plain[at + 1 : at + 6])
        macro = line.verb == "value" and is_tag(first, "Q") and q.words & {"which"} and word in ("above", "below")
        if (other or task or metric or group or own or macro) and not (
            line.place and first in BATCHES and line.verb != "count"
        ):
            return "Compare with a number, or two by name: better than another is not looked for."
    return None


def _every(q: Question) -> str | None:
    """`The maximum HD95 of each variant`, `the worst case for all models`, `better on most cases`."""
    line = q.line
    across = ("across", "over", "among")
    spans = [
        (word, {*q.plain[at + 1 : at + 5]})
        for at, word in enumerate(q.plain)
        if word in ("each", "every", "all")
        and not {*q.plain[max(at - 1, 0) : at]} & {*across}
        and q.plain[max(at - 2, 0) : at] != ["out", "of"]
    ]
    models = any(near & (MODELS - {"who"}) for word, near in spans)
    apiece = any(word == "each" or before in OF for before, word in q.pairs[1:] if word in ("each", "every"))
    if models and line.unit == "model" and line.verb in EXTREMES and apiece:
        return "Ask for one model at a time."
    if models and line.unit in TABLES and (line.test or line.verb in ("list", *EXTREMES)) and not line.both:
        return "Ask for one model at a time, or for what is true of both of two."
    tables = {*BATCHES} | NOUNS["case"]
    on_each = any(word in ("every", "each", "most", "more", "all") and noun in tables for word, noun in q.pairs)
    on_each = on_each and not q.words & {*PIXELS}  # `significantly more lesion pixels`
    if line.verb == "compare" and q.words & {"ever", "always", "sometimes"} and q.words & (SURPASSING | WINNING):
        return "Ask on how many batches or cases one model is ahead of the other."
    if line.verb == "compare" and on_each and q.words & (SURPASSING | WINNING):
        return "Ask on how many batches or cases one model is ahead of the other."
    return None


def _pooled(q: Question) -> str | None:
    """`The median recall of isic-base and isic-recall`, `the worst batch in both`: two models are told apart."""
    line = q.line
    two = sum(tag[0] != "T" for tag in line.models) > 1
    if two and line.unit in TABLES and not (line.both or line.there or line.verb in ("compare", "difference")):
        if line.verb in ("median", "mean", "sum") or (line.verb == "count" and line.test):
            return "Ask for one model at a time, or for what is true of both."
        if q.ranked and q.words & {"both", "same", "share", "not", "only"}:
            return "Ask for one model at a time."
    return None


def _changed(q: Question) -> str | None:
    """`For which models did the ECE rise`, `what improved most through calibration`."""
    kinds = {parts[0] for tag in q.linked.tags("Q") for parts in q.linked.meanings[tag].conditions}
    both = q.words >= {"before", "after"}
    harmed = q.words & {"lower", "reduce", "cost", "lose", "add", "raise", "adds", "costs"} and "and" in q.words
    harmed = harmed and "between" not in q.words
    several = q.linked.tags("Q") and (len(q.linked.tags("Q")) > 1 or len(q.linked.tags("M")) > 1)
    if q.line.verb == "difference" and harmed and several:
        return "Ask for one difference at a time."
    sides = bool(kinds & {"before", "after", "tta"})
    moved = q.words & CHANGED
    if q.line.unit == "model" and moved and (sides or q.words & {"improve", "improved", "benefits", "drop", "gain"}):
        return "Models are not ranked by a change: ask for the metric before and after of each."
    if sides and not q.line.metrics and q.line.verb in ("count", "list"):
        return "Name a metric, such as the ECE."
    both = both or ("before" in kinds and "after" in q.words) or ("after" in kinds and "before" in q.words)
    if both and len(q.linked.tags("MP")) > 1:
        return "Ask for one model at a time."
    return None


def _not_of(q: Question) -> str | None:
    """`All lesions but the large ones`, `lesions that do not have low contrast`, `the non-isic models`."""
    named = {tag for tag in q.linked.tags("Q") if not _kinds(q, tag) & PLAIN_KINDS} - {*q.line.but}
    for at, word in enumerate(q.plain):
        behind = q.plain[at + 1 : at + 4]
        if word in ("but", "non", "except") and {*behind[:1]} & named:
            return "Ask for a group by name, and not for the others."
        if word == "not" and {*behind[:1]} & named and q.plain[at - 1 : at] in (["is"], ["are"], ["was"]):
            return "Ask for a group by name, and not for the others."
        group = {*behind} & groups_of(q.linked)
        at_least = word == "least" and {*q.linked.numbers} & {*behind}  # `at least 0.8 on dark skin`
        if (
            word in ("but", "least", "except", *NOT)
            and not at_least
            and group
            and not q.line.but
            and "without" not in q.words
        ):
            return "Ask for a group by name, and not for the others."
        names = is_tag(behind[0], "MT") if behind else False
        if word in ("non", "but", "without", "except") and names and not q.line.but:
            return "What is left when some are left out is told of rankings of models and of groups alone."
        if word == "not" and names and q.plain[at - 1 : at] in (["are"], ["is"]) and q.line.unit in ("model", "task"):
            return "Ask for the models of one task, and not for the others."
    return None


def _of_both(q: Question) -> str | None:
    """`Missed by isic-base but not by isic-recall`, `fail in both`: totals say nothing of single cases."""
    two = sum(tag[0] != "T" for tag in q.line.models) > 1
    totals = q.measures & {"missed", "failures", "failure_rate"} and q.line.verb == "value"
    together = (
        "only" in q.words
        or ("but", "not") in q.pairs
        or (two and ("not" in q.words or {("in", "both"), ("by", "both")} & {*q.pairs}))
    )
    if totals and not q.line.both and together:
        return "Which cases fail is not listed: ask for cases with an IoU below a number."
    reviewed = q.words & (REVIEWING | CAUGHT) or any(
        q.linked.meanings[tag].metrics <= FAILURES for tag in q.linked.tags("K")
    )
    stays = q.words & {"remain", "remaining", "unnoticed", "slip"} - (
        {"remain"} if ("i", "remain") in q.pairs else set()
    )
    lost = q.measures & {"missed"} or stays
    left = q.words & REVIEWING or stays or len(q.line.metrics) > 1
    if reviewed and lost and left and q.words & {"failures", *REVIEWING, "remain", "slip", "many"}:
        return "Ask for the share of failures that is caught, and not for the others."
    if totals and len(q.line.metrics) == 1 and any(non in ("non", "not") and is_tag(tag, "K") for non, tag in q.pairs):
        return "Ask for the failures, and not for the others."
    if q.words & OUT and q.line.verb == "value" and len(q.line.metrics) > 1:
        return "What is left when some are left out is not computed."
    return None


def _kinds(q: Question, tag: str) -> set[str]:
    """The first parts of what a condition may mean."""
    return {parts[0] for parts in q.linked.meanings[tag].conditions}


def _present(q: Question, tag: str) -> bool:
    """Whether a condition is that something is there, or is not: it has an opposite."""
    return any(parts[1:] in (("yes",), ("no",)) for parts in q.linked.meanings[tag].conditions)


def _small_or_large(q: Question) -> str | None:
    """`More precise on small or on large lesions`: two groups, of which one has no name here."""
    named = [tag for tag in q.linked.tags("Q") if ("noise",) not in q.linked.meanings[tag].conditions]
    other = q.words & {"or", "than", "versus", "vs"} and not q.words & (WHOLE | BESIDE | {"clean", "everything", "all"})
    alone = len(q.line.models) < 2 and len(q.line.metrics) < 2
    opposed = any(_kinds(q, tag) & PLAIN_KINDS or _present(q, tag) for tag in named)
    if q.line.verb == "compare" and len(named) == 1 and other and alone and not opposed:
        return "Name both groups in full: small lesions and large lesions, say."
    if q.measures & {"caught"} and q.words & NOT:
        return "Ask for the share of failures that is caught, and not for the others."
    return None


def _share(q: Question) -> str | None:
    """`What share of the classes`, `how many percent of the cases`: they are counted, and not divided."""
    share = q.words & (PART - {"often", "frequently", "rate", "part"}) or q.linked.percent
    if q.line.test and q.line.verb in ("count", "list") and share:
        return "Ask how many there are: shares under a condition are not computed."
    missed = q.measures & {"missed"}
    if missed and q.line.verb == "value" and share:
        return "Ask how many were missed, or for the detection rate."
    times = q.words & {"twice", "factor", "double", "triple"} or ("times" in q.words and "as" in q.words)
    checked = any(one == "double" and then.startswith("check") for one, then in q.pairs)
    times = times and not q.measures & {"exact_across", "exact_within", "near_across", "near_within"}
    if times and not checked and not q.measures & {"ratio", "model", "without"}:
        return "How many times as much is not computed: ask for both numbers."
    if ("one", "minus") in q.pairs:
        return "What is left to one is not computed: ask for the metric itself."
    return None


def _of_class(q: Question) -> str | None:
    """`The precision for normal at rule-out`: what is recorded of a point is about the positive class."""
    kinds = [sorted(q.linked.meanings[tag].conditions)[0] for tag in q.linked.tags("Q")]
    points = any(parts[0] == POINT for parts in kinds)
    normal = any(parts[0] == CLASS and parts[1:] and parts[1] in HEALTHY for parts in kinds)
    found = q.words & (DETECTING | RECOGNISING) and q.words & {"many", "number", "count"}
    if q.line.verb == "count" and not q.line.metrics and kinds and found:
        return "How many of a group were found is not recorded: ask for its recall, or for the cases of a class."
    if q.line.verb == "difference" and q.measures & {"missed"} and q.words & DETECTING:
        return "Ask how many each of the two missed."
    if q.measures & {"failures"} and groups_of(q.linked) and "many" in q.words:
        return "Of a group the failure rate is recorded, and not their number."
    if points and normal and q.measures & {"precision", "recall", "f1", "sensitivity", "average_precision"}:
        return "Of an operating point the metrics are recorded for the positive class: ask for specificity or NPV."
    if q.measures & {"share"} and q.words & WRONG:
        return "Ask for the recall of that class, or how many of it were called another."
    return None


def _relative(q: Question) -> str | None:
    """`How much did it give away relative to the balanced one`, where one model's two metrics are told."""
    pairs = {*q.pairs}
    beside = any(one == "to" and is_tag(tag, "MP") for one, tag in pairs) and pairs & {
        ("relative", "to"),
        ("compared", "to"),
    }
    one = len([tag for tag in q.line.models if tag[0] != "T"]) < 2
    return "Name the two models." if beside and one and q.line.verb == "difference" else None


RULES = (_relative, _than, _every, _pooled, _changed, _not_of, _of_both, _share, _of_class, _small_or_large)
