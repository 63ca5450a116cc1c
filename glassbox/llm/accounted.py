"""Words that change what is asked: each must be taken up by the line, or the question is refused.

A small model leaves out in silence what a line can't hold. Names and numbers aside, few words of English decide what a
question about records asks: what is counted or ranked (`which batch`, `how many cases`), ends (`worst`), statistics
(`median`), comparisons (`than its overall Dice`), distances (`closest to`), changes (`got worse after`), what is left
out (`all but`), and a second question. Each rule here looks for one kind, and says what can be asked instead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.beyond import groups_of
from glassbox.llm.language import AVERAGES, EXTREMES, SPREADS, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import BATCHES, PIXELS
from glassbox.llm.words import (
    ARTICLES,
    CALLED,
    FAILING,
    MODELS,
    NOT,
    PICTURES,
    REVIEWING,
    SURPASSING,
    TOWARDS,
    WINNING,
)

NOUNS = {"case": {*CASES} | PICTURES - {"x", "rays", "id"}, "batch": {*BATCHES}, "model": MODELS - {"who"}, **CALLED}
UNITS = {noun: unit for unit, nouns in NOUNS.items() for noun in nouns}
ASKED = {"which", "what"}
WIDE = {"stable", "consistent", "variable", "gap", "spread", "scatter", "varies", "vary", "swings", "uncertainty",
        "ratio", "difference", "differ", "differs", "disagree", "sum", "uncertain"}  # fmt: skip
WIDTHS = {"widest", "narrowest", "tightest", "broadest"}  # of an interval
INTERVAL = {"interval", "intervals", "confidence", "ci", "limits", "bounds"}
RATES = {"dice", "iou", "precision", "recall", "specificity", "accuracy", "f1", "surface_dice_2px", "hd95_px"}
NEAR = {"closest", "nearest", "around", "approximately", "roughly", "nearer", "closer"}
STATISTICS = {
    "trimmed",
    "geometric",
    "mode",
    "mad",
    "decile",
    "deciles",
    "quartile",
    "quartiles",
    "iqr",
    "deviation",
    "variance",
    "skew",
    "skewness",
    "kurtosis",
    "correlation",
    "correlate",
    "correlates",
    "covariance",
    "quantile",
    "relative",
    "winsorised",
    "winsorized",
    "rms",
    "mm",
    "millimetres",
    "millimeters",
    "cm",
}
CHANGED = {"improve", "improves", "improved", "worse", "better", "worsen", "worsened", "rise", "rises", "rose", "fall",
           "falls", "fell", "drop", "drops", "dropped", "gain", "gains", "gained", "benefit", "benefits", "profit",
           "profits", "lower", "lowers", "raise", "raises", "reduce", "reduces", "reduced", "increase", "increased",
           "decrease", "decreased", "help", "helps", "helped", "hurt", "hurts"}  # fmt: skip
WHOLE = {"overall", "average", "mean", "median", "macro", "whole"}
SECOND = {"what", "which", "how", "who", "where"}
PLURAL = {"cases", "images", "lesions", "pictures", "samples", "batches", "models", "networks", "variants", "classes",
          "groups", "subgroups", "methods", "tissues", "films", "photos", "radiographs", "scans", "moles", "slides",
          "tiles", "patches", "case", "batch", "classifiers"}  # fmt: skip
KINDS = {"even", "odd"}


@dataclass(frozen=True)
class _Question:
    """A line with the words of its question."""

    line: Line
    linked: Linked

    @cached_property
    def words(self) -> set[str]:
        return {*self.linked.spelt}

    @cached_property
    def plain(self) -> Sequence[str]:
        return [word for word in self.linked.spelt if word not in ARTICLES]

    @cached_property
    def pairs(self) -> Sequence[tuple[str, str]]:
        return [*pairwise([*self.plain, ""])]

    @cached_property
    def measures(self) -> set[str]:
        """The last parts of what the line's metrics may mean."""
        known = [tag for tag in self.line.metrics if tag in self.linked.meanings]
        return {parts[-1] for tag in known for parts in self.linked.meanings[tag].metrics}

    @cached_property
    def ends(self) -> list[str]:
        """The words for an end of a ranking; those of `at most` are none, nor is `most of`."""
        found = []
        for at, word in enumerate(self.plain):
            before, after = self.plain[at - 1 : at], self.plain[at + 1 : at + 2]
            if word in TOWARDS and before not in (["at"], ["on"]) and not (word == "most" and after == ["of"]):
                found.append(word)
        return found

    @property
    def ranked(self) -> bool:
        return self.line.verb in EXTREMES or bool(self.line.order)


def refuse_unaccounted(line: Line, linked: Linked) -> None:
    """Raises `Unanswerable` for the first word that no part of the line takes up."""
    question = _Question(line, linked)
    if line.apart or line.sized or line.verb in ("help", "refuse", "again"):
        return
    for rule in RULES:
        if told := rule(question):
            raise Unanswerable(told)


def _statistic(q: _Question) -> str | None:
    """`The trimmed mean`, `the highest median recall`: means, medians and ends alone are told."""
    if q.words & STATISTICS - ({"relative"} if ("relative", "to") in q.pairs else set()):
        return "That statistic is not recorded: means, medians, and the highest or lowest can be asked for."
    shares = q.measures & {"target_share", "height_px", "width_px"}
    if "median" in q.words and q.line.verb != "median" and not shares and q.line.metrics:
        return "A median is told of one model at a time, over all its cases or batches."
    if q.line.verb == "sum" and q.measures and q.measures <= RATES:
        return "Of that metric a sum says nothing: ask for the mean."
    return None


def _asked_noun(q: _Question) -> str | None:
    """`Which cases`, `how many batches`: what is asked for is what the line lists, counts or ranks."""
    line = q.line
    for at, word in enumerate(q.plain):
        noun = _noun_behind(q, at)
        unit = UNITS.get(noun, "")
        if unit == "group" and q.words & {*BATCHES}:
            unit = "batch"  # `which group of six pictures (batch)`
        if q.plain[at - 2 : at - 1] and UNITS.get(q.plain[at - 2]) and q.plain[at - 1] in ("at", "in", "on", "for"):
            continue  # `the batch at which the network`
        if word in ASKED and unit in ("batch", "model", "group", "method", "corruption") and not _fits(unit, q):
            return f"Say it with less around it: which {noun} has the highest, the lowest, or more than a number."
        if word == "many" and unit in ("case", "batch", "group", "method", "corruption", "model") and not _counts(q):
            return "Ask how many cases or batches have a metric above or below a number, and nothing besides."
    return None


def _noun_behind(q: _Question, at: int) -> str:
    """The noun behind `which` or `how many`, over names and numbers: `which isic-base case`."""
    for word in q.plain[at + 1 : at + 4]:
        if not is_tag(word, "MPXTN"):
            return word
    return ""


def _fits(unit: str, q: _Question) -> bool:
    line = q.line
    if unit == "group" and (
        line.unit in ("group", "method") or (q.linked.tags("Q") and line.verb in ("value", "compare", "count"))
    ):
        return True
    if unit == "model":
        each = line.verb == "value" and {tag[0] for tag in line.models} <= {"T"}  # told of every one
        return line.unit in ("model", "task", "group") or line.verb == "compare" or each
    if unit == "batch" and line.unit == "case" and line.verb in EXTREMES:
        return True  # of a case its batch is told
    return line.unit == unit or line.place == unit or bool(line.within) or (line.verb == "compare" and unit != "batch")


def _counts(q: _Question) -> bool:
    """Whether the line counts, or its metric is itself a number of cases."""
    counts = q.measures & {
        *SUMMED,
        "failures",
        "n",
        "support",
        "missed",
        "cases",
        "empty_truth",
        "correct",
        "samples",
        "false_alarms",
        "classes",
        "faults",
        "exact_across",
        "exact_within",
        "near_across",
        "near_within",
        "too_small",
        "review",
        "dead",
        "constant",
        "detected",
    }
    return q.line.verb == "count" or bool(counts) or not q.line.metrics


def _end(q: _Question) -> str | None:
    """`The Dice, and which is its worst batch`: an end that the line does not rank by."""
    line = q.line
    said = {*q.ends} & {"worst", "best", "highest", "lowest", "poorest", "weakest", "strongest"}
    other = line.verb == "value" and q.linked.tags("Q")
    if q.words & REVIEWING or q.measures & {"caught"}:
        return None
    if said and line.verb in ("value", "count", "difference", "sum", *AVERAGES) and not q.ranked and not line.within:
        if line.place or other:
            return None
        return "Ask for the best or the worst by itself, and for the rest after it."
    return None


def _two_ends(q: _Question) -> str | None:
    """`The highest Dice and the lowest recall`."""
    line = q.line
    if line.verb not in EXTREMES or line.within or line.there or len(q.linked.tags("KX")) < 2:
        return None
    beside = {end for end, tag in q.pairs if is_tag(tag, "KX")}
    verbs = {TOWARDS[word] for word in q.ends if word not in ("most", "least") or word in beside}
    opposed = verbs >= {"max", "min"} or verbs >= {"best", "worst"}
    return "Ask for one end of a ranking at a time." if opposed else None


def _wide(q: _Question) -> str | None:
    """`The widest interval`, `the largest gap between precision and recall`: no line ranks by these."""
    both = {TOWARDS[word] for word in q.ends} >= {"max", "min"} or {*q.ends} >= {"best", "worst"}
    both = both or q.words >= {"maximum", "minimum"}  # whose difference is told
    wide = q.words & WIDE - ({"stable"} if q.line.unit == "method" else set())
    wide = wide or (q.words & WIDTHS and q.words & INTERVAL)
    triples = zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
    added = any(one == "plus" and is_tag(before, "KX") and is_tag(after, "KX") for before, one, after in triples)
    if q.ranked and (added or (wide and not both)) and q.line.unit != "corruption":
        return "Rankings are by one metric as it is recorded, and not by a spread, a sum or a difference."
    return None


def _near(q: _Question) -> str | None:
    """`A recall closest to 0.9`, `within 0.05 of the mean`."""
    line = q.line
    near = q.words & NEAR or ("plus", "or") in q.pairs
    within = any(word == "within" and tag in line.bounds for word, tag in q.pairs)
    if (line.test and (near or within)) or (q.ranked and q.words & {"closest", "nearest"}):
        return "How near something is to a number is not ranked: ask for what lies above or below it."
    return None


def _than(q: _Question) -> str | None:
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
        other = first in {*WHOLE, *BATCHES, "case"} or (is_tag(first, "MC") and word in ("than", "beat", "beats"))
        task = is_tag(first, "T") and word == "than" and len(q.linked.meanings[first].tasks) == 1
        metric = is_tag(first, "KX") and word == "than" and line.unit in (*TABLES, None) and not line.test
        group = is_tag(first, "Q") and word == "than" and line.unit in SPREADS
        if (other or task or metric or group) and not (line.place and first in BATCHES):
            return "Compare with a number, or two by name: better than another is not looked for."
    return None


def _every(q: _Question) -> str | None:
    """`The maximum HD95 of each variant`, `the worst case for all models`, `better on most cases`."""
    line = q.line
    across = ("across", "over", "among")
    spans = [
        (word, {*q.plain[at + 1 : at + 5]})
        for at, word in enumerate(q.plain)
        if word in ("each", "every", "all") and not {*q.plain[max(at - 1, 0) : at]} & {*across}
    ]
    models = any(near & (MODELS - {"who"}) for word, near in spans)
    if models and line.unit == "model" and line.verb in EXTREMES and any(word != "all" for word, _ in spans):
        return "Ask for one model at a time."
    if models and line.unit in TABLES and (line.test or line.verb in ("list", *EXTREMES)) and not line.both:
        return "Ask for one model at a time, or for what is true of both of two."
    tables = {*BATCHES} | NOUNS["case"]
    on_each = any(word in ("every", "each", "most", "more", "all") and noun in tables for word, noun in q.pairs)
    if line.verb == "compare" and on_each and q.words & (SURPASSING | WINNING):
        return "Ask on how many batches or cases one model is ahead of the other."
    return None


def _pooled(q: _Question) -> str | None:
    """`The median recall of isic-base and isic-recall`, `the worst batch in both`: two models are told apart."""
    line = q.line
    two = sum(tag[0] != "T" for tag in line.models) > 1
    if two and line.unit in TABLES and not (line.both or line.there or line.verb in ("compare", "difference")):
        if line.verb in ("median", "mean", "sum") or (line.verb == "count" and line.test):
            return "Ask for one model at a time, or for what is true of both."
        if q.ranked and q.words & {"both", "same", "share", "not", "only"}:
            return "Ask for one model at a time."
    return None


def _second(q: _Question) -> str | None:
    """`What is the Dice, and how many did it fail on`: one question at a time."""
    many = [at for at, word in enumerate(q.plain) if word == "many" and q.plain[at + 1 : at + 2] not in ([], ["?"])]
    if len([at for at in many if q.plain[at + 1] not in PIXELS]) > 1:
        return "Ask one question at a time."
    for at, (joint, word) in enumerate(q.pairs):
        if joint != "and" or word not in SECOND or not {*q.plain[:at]} & SECOND:
            continue
        left, right = q.plain[:at], q.plain[at + 1 :]
        if word == "how" and "many" in right[:2] and not {*right} & {*PIXELS} and {*left} & {*q.linked.tags("KX")}:
            return "Ask one question at a time."
        if word in ("which", "who", "where") and {*right} & {*TOWARDS}:
            return "Ask one question at a time."
    if ("and", "overall") in q.pairs and (q.line.place or q.linked.tags("Q")):
        return "Ask for the whole and for its part one after the other."
    return None


def _left_metric(q: _Question) -> str | None:
    """`Precision or recall below 0.5`, `a precision and a recall above 0.9` of groups: one metric is tested."""
    line = q.line
    if not line.test or line.held:
        return None
    named = [tag for tag in q.linked.tags("KX") if tag not in line.models]
    joined = [
        (one, other)
        for one, joint, other in zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
        if joint in ("or", "and") and is_tag(one, "KX") and is_tag(other, "KX")
    ]
    if joined and not line.both and {*joined[0]} & {*line.metrics}:
        return "Say each condition as a metric with its bound, joined by `and`: all are true at once."
    if line.unit in SPREADS and len(named) > 1:
        return "Groups are listed by one condition at a time."
    return None


def _changed(q: _Question) -> str | None:
    """`For which models did the ECE rise`, `what improved most through calibration`."""
    kinds = {parts[0] for tag in q.linked.tags("Q") for parts in q.linked.meanings[tag].conditions}
    both = q.words >= {"before", "after"}
    sides = bool(kinds & {"before", "after", "tta"})
    moved = q.words & CHANGED
    if q.line.unit == "model" and moved and (sides or q.words & {"improve", "improved", "benefits", "drop", "gain"}):
        return "Models are not ranked by a change: ask for the metric before and after of each."
    if sides and not q.line.metrics and q.line.verb in ("count", "list"):
        return "Name a metric, such as the ECE."
    if both and len(q.linked.tags("MP")) > 1:
        return "Ask for one model at a time."
    return None


def _not_of(q: _Question) -> str | None:
    """`All lesions but the large ones`, `lesions that do not have low contrast`, `the non-isic models`."""
    for at, word in enumerate(q.plain):
        behind = q.plain[at + 1 : at + 4]
        group = {*behind} & groups_of(q.linked)
        if word in ("but", "least", "except", *NOT) and group and not q.line.but and "without" not in q.words:
            return "Ask for a group by name, and not for the others."
        names = is_tag(behind[0], "MT") if behind else False
        if word in ("non", "but", "without", "except") and names and not q.line.but:
            return "What is left when some are left out is told of rankings of models and of groups alone."
        if word == "not" and names and q.plain[at - 1 : at] in (["are"], ["is"]) and q.line.unit in ("model", "task"):
            return "Ask for the models of one task, and not for the others."
    return None


def _which_part(q: _Question) -> str | None:
    """`The even batches`, `the smallest lesion`, `the failed cases`: parts of the cases that no line holds."""
    nouns = NOUNS["case"] | {*BATCHES}
    if any(kind in KINDS and noun in nouns for kind, noun in q.pairs):
        return "Batches have numbers and cases have names: ask by those."
    sized = {"smallest", "biggest", "largest", "hairiest"}
    if any(size in sized and noun in NOUNS["case"] for size, noun in q.pairs) and q.line.verb != "count":
        return "Cases are not ranked by the size of what they show."
    told = q.line.verb in ("value", *AVERAGES, *EXTREMES) and q.line.metrics
    to = any(one in FAILING and then == "to" for one, then in q.pairs)  # what it fails to do is no failure
    failing = q.words & FAILING and not to and not q.measures & {"failures", "failure_rate", "caught"}
    if told and failing and q.line.unit not in ("model", "group") and not q.line.held:
        return "Means and ends over the failed cases alone are not computed: ask for cases with an IoU below a number."
    of_failed = any(is_tag(tag, "K") and noun in NOUNS["case"] for tag, noun in q.pairs)
    failed = {tag for tag in q.linked.tags("K") if q.linked.meanings[tag].metrics <= {("failures",), ("missed",)}}
    if of_failed and told and len(q.line.metrics) > 1 and any(tag in failed and n in nouns for tag, n in q.pairs):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    return None


RULES: tuple[Callable[[_Question], str | None], ...] = (
    _statistic, _asked_noun, _end, _two_ends, _wide, _near, _than, _every, _pooled, _second, _left_metric, _changed,
    _not_of, _which_part,
)  # fmt: skip
