"""Answers unlike the question: what names have swallowed, so that no rule that looks at tags can see it.

`The failure detection AUROC` of a classifier would be told as that of its classes, `surface Dice at 3 px` as that at 2.
"""

import re
from dataclasses import dataclass

from glassbox.llm.accounting.untold import PICTURES, SAID
from glassbox.llm.labels import MOVED_TO, SELF_JUDGED
from glassbox.llm.language import EXTREMES
from glassbox.llm.typed import Query, more_is_better

CORRUPTED = "-robustness.json"
FAILED = {"failures", "failure_rate", "caught", "missed"}
QUALITY = r"(?:(?:failure|failures)[- ](?:detection|prediction)|(?:predicted |estimated )?quality(?: score| estimate)?)"
CURVE = r"(?:AU(?:RO|PR)?C|average precision)"
UPPER = r"\b(?:most|highest|best|largest|greatest|top|biggest|maximum|nicest|finest|cleanest|prettiest|strongest)\b"
LOWER = (
    r"\b(?:least|lowest|worst|fewest|smallest|poorest|weakest|bottom|minim\w*|mis\w+|fail\w*|los\w+|hurt\w*|suffer\w*|"
    r"struggl\w*|wrong\w*|bad\w*|poor\w*|drop\w*|harm\w*|err\w*|trouble\w*|low\w*|hard\w*|overlook\w*|false\w*|weak\w*|"
    r"damag\w*|degrad\w*|reduc\w*|cost\w*|uncertain|unsure|doubt\w*|difficult\w*|sink\w*|fall\w*|fell|under|problem\w*|"
    r"slip\w*|confus\w*|off|stray\w*|dull\w*|challeng\w*|disagree\w*|near\w*|close\w*|small\w*|dark\w*|unlike\w*|apart|down|"
    r"trip\w*|wreck\w*|ruin\w*|spoil\w*|break\w*|crash\w*|defeat\w*|baffl\w*|fool\w*|stump\w*|flop\w*|tank\w*)\b"
)


MOVING = (  # a threshold that is not the model's own
    r"\bthresholded for\b|\bthreshold (?:merely )?(?:moved|shifted)\b|\bthreshold (?:\w+ )?(?:tuned|chosen|set) for\b"
    r"|\b(?:recall|precision)-tuned threshold\b|\bat the threshold of\b|\b(?:recall|precision) operating point\b"
)
HOW_MANY = (
    r"^(?:in |for |on |of )?how many (?:\S+ )?(?:batches|cases|images|pictures|(?:sub)?groups|models|networks|tasks)\b"
)
HOLDING = (
    r"\b(?:images?|pictures?|cases?|photos?) (?:that|which) (?:contains?|has|have|shows?) (?:a |an )?"
    r"(?:hairs?|ruler|chart|bubbles?|vignette)\b"
)
WHICH_CASE = (
    r"^(?:in |on |for )?which (?:\S+ )?(?:film|image|picture|photo|spot|mole|lesion|tile|patch|case|batch)\b"
    r"(?! (?:model|network|classifier|variant))"
)
ANY_END = (
    r"\b(?:most|least|few\w*|larg\w*|small\w*|big\w*|high\w*|low\w*|max\w*|min\w*|tin\w*|great\w*|best|worst|long\w*|"
    r"short\w*|tall\w*|wid\w*|top|more|less|hard\w*|eas\w*|poor\w*|strong\w*|weak\w*)\b"
)
WHICH = (  # of the parts, where the whole is told
    r"^(?:the )?(?:worst|best) (?:\S+ )?(?:batch|case|image|picture)\b|"
    r"\bon (?:its|their|the) (?:worst|best|hardest|easiest) (?:batch|case|image|picture)\b|"
    r"^(?:the )?(?:\d+|two|three|four|five|ten) (?:least|most|best|worst|highest|lowest)\b|"
    r"^(?:in |on |for )?which (?:\S+ ){0,2}(?:batch|case|image|picture)\b|"
    r"^list (?:the )?(?:\d+|two|three|four|five|ten) (?:best|worst|highest|lowest|poorest) (?:\S+ )?"
    r"(?:cases|batches|images|pictures)\b"
)


@dataclass(frozen=True)
class Asked:
    """A question beside the query that answers it."""

    question: str
    query: Query

    def said(self, pattern: str) -> bool:
        """Whether the question has these words."""
        return bool(re.search(pattern, self.question, re.IGNORECASE))

    @property
    def measures(self) -> set[str]:
        """What the query tells."""
        return {entry.measure for entry in self.query.entries}

    @property
    def parts(self) -> set[str]:
        """The parts of the keys of what the query tells."""
        return {part for entry in self.query.entries for part in entry.parts}


def unlike(question: str, query: Query) -> str | None:
    """Why what the query tells is not what the question asks; nothing where it may be."""
    asked = Asked(question, query)
    for rule in (_untold, _of_a_whole, _of_another_record, _from_another_end, _of_another_kind):
        if why := rule(asked):
            return why
    return None


def _untold(asked: Asked) -> str | None:
    """By the table of what no record tells."""
    for rule in SAID:
        told = not rule.measures or asked.measures & rule.measures
        if told and rule.verbs and asked.query.verb not in rule.verbs:
            continue
        if told and not asked.parts & rule.parts and asked.said(rule.pattern) and not asked.said(rule.but):
            return rule.why
    return None


def _of_a_whole(asked: Asked) -> str | None:
    """The whole in place of a part, a mean in place of a number, a model in place of a picture."""
    query, said = asked.query, asked.said
    whole = query.verb in ("value", "mean", "median", "difference") and not (query.batches or query.cases)
    if whole and (query.unit is None or query.verb != "value") and said(WHICH):
        return "That is recorded of all cases together, and not of each."
    if query.verb in ("mean", "median") and said(HOW_MANY):
        return "Say what is to be counted: cases or batches with a metric above or below a number."
    if query.unit == "model" and said(WHICH_CASE):
        return "Say which model's cases are meant."
    if query.unit == "case" and said(HOLDING):
        return "Which cases are of a group is not recorded: ask for its mean."
    corrupted = any(entry.source.endswith(CORRUPTED) for entry in query.entries)
    if corrupted and query.unit is None and said(r"\b(?:sub)?groups?\b|\bthirds?\b"):
        return "That group is not recorded."
    plain = query.verb == "count" and query.unit == "case" and not (query.test or query.held or query.called)
    if plain and said(r"\btrained (?:on|with)\b|\blearn(?:ed|t)? from\b"):
        return "Ask for the number of training cases."
    measures, failed = asked.measures, said(rf"\bfailed {PICTURES}\b")
    conditioned = query.test or query.held or measures & (FAILED | {"auroc"})
    if failed and ((measures and not conditioned) or (measures - FAILED - {"auroc"} and measures & FAILED)):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    return None


def _of_another_record(asked: Asked) -> str | None:
    """A number of the same name in another file: of classes, of cases, of a threshold that was not moved."""
    query, said, measures = asked.query, asked.said, asked.measures
    paired = any(part.startswith("minus_") for part in asked.parts)
    if query.verb == "value" and len(query.models) > 1 and not paired and said(r"\bpaired difference\b"):
        return "No paired difference of these two is recorded."
    of_quality = said(rf"\b{QUALITY} {CURVE}\b|\b{CURVE} (?:of|for|in) (?:[a-z]+ ){{0,2}}(?:failures?|quality)\b")
    judged = any(entry.source.endswith(SELF_JUDGED) for entry in query.entries)
    if of_quality and measures & {"auroc", "auprc", "roc_auc", "average_precision"} and not judged:
        return "No such number of a predicted quality is recorded there."
    weighed = measures & {"sharpness", "agreement", "expected_iou"}  # which the predicted quality is made of
    if weighed and any(entry.level == "case" for entry in query.entries) and said(r"\bweights?\b"):
        return "That is a weight in the predicted quality, and is asked for by that name."
    moved = any(entry.source.endswith(MOVED_TO) for entry in query.entries)
    own = moved or measures == {"threshold"} or asked.parts & {"points"}
    if not own and query.verb in ("value", "compare", "difference") and said(MOVING):
        return "Of a moved threshold it is recorded what the balanced model gives, once for each variant."
    return None


def _from_another_end(asked: Asked) -> str | None:
    """A ranking from the end that is not meant, or from one that is not said."""
    query, said = asked.query, asked.said
    if query.unit == "task" and query.verb in EXTREMES and not said(ANY_END):
        return "Say from which end it is to be ranked: the most or the fewest."
    rising = all(more_is_better(entry) for entry in query.entries) and query.verb in (*EXTREMES, "list")
    rising = rising and query.unit != "corruption"
    lower = said(r"\b(?:smallest|lowest)\b") and not said(r"\b(?:loss|error|drop|mis\w+|gap|fall|harm|failure rate)\b")
    wrong = (query.order and said(r"\bweirdest\b")) or (
        rising
        and (
            (query.order == "min" and said(UPPER) and not said(LOWER))
            or (query.order == "max" and lower and not said(UPPER))
        )
    )
    return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest." if wrong else None


def _of_another_kind(asked: Asked) -> str | None:
    """A share held against a number of pixels, or the other way; one statistic of two metrics."""
    query, measures = asked.query, asked.measures
    shares = {"dice", "iou", "recall", "precision", "specificity", "accuracy", "f1", "auroc"}
    if query.test and measures <= shares and query.bounds and max(query.bounds) > 1:
        return "That lies between 0 and 1: ask for what is above or below such a number."
    counts = {"fp", "fn", "tp", "tn", "hd95_px"}
    if query.test and measures and measures <= counts and 0 < max(query.bounds, default=0) < 1:
        return "That is no share: ask for what is above or below a number of pixels."
    if query.verb in ("mean", "median") and len(measures) > 1 and query.unit == "case":
        return "Ask for one metric at a time."
    return None
