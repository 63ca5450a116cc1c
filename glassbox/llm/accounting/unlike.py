"""Answers unlike the question: what names have swallowed, so that no rule that looks at tags can see it.

`The failure detection AUROC` of a classifier would be told as that of its classes, `surface Dice at 3 px` as that at 2.
"""

import re

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


def unlike(question: str, query: Query) -> str | None:
    """Why what the query tells is not what the question asks; nothing where it may be."""
    measures = {entry.measure for entry in query.entries}
    parts = {part for entry in query.entries for part in entry.parts}

    def said(pattern: str) -> bool:
        return bool(re.search(pattern, question, re.IGNORECASE))

    for rule in SAID:
        told = (not rule.measures or measures & rule.measures) and (not rule.verbs or query.verb in rule.verbs)
        if told and not parts & rule.parts and said(rule.pattern) and not said(rule.but):
            return rule.why
    whole = query.verb in ("value", "mean", "median", "difference") and not (query.batches or query.cases)
    if whole and (query.unit is None or query.verb != "value") and said(WHICH):
        return "That is recorded of all cases together, and not of each."
    if query.verb in ("mean", "median") and said(HOW_MANY):
        return "Say what is to be counted: cases or batches with a metric above or below a number."
    if query.unit == "model" and said(WHICH_CASE):
        return "Say which model's cases are meant."
    if query.unit == "task" and query.verb in EXTREMES and not said(ANY_END):
        return "Say from which end it is to be ranked: the most or the fewest."
    if query.unit == "case" and said(HOLDING):
        return "Which cases are of a group is not recorded: ask for its mean."
    paired = any(part.startswith("minus_") for part in parts)
    if query.verb == "value" and len(query.models) > 1 and not paired and said(r"\bpaired difference\b"):
        return "No paired difference of these two is recorded."
    of_quality = said(rf"\b{QUALITY} {CURVE}\b|\b{CURVE} (?:of|for|in) (?:[a-z]+ ){{0,2}}(?:failures?|quality)\b")
    judged = any(entry.source.endswith(SELF_JUDGED) for entry in query.entries)
    if of_quality and measures & {"auroc", "auprc", "roc_auc", "average_precision"} and not judged:
        return "No such number of a predicted quality is recorded there."
    corrupted = any(entry.source.endswith(CORRUPTED) for entry in query.entries)
    if corrupted and query.unit is None and said(r"\b(?:sub)?groups?\b|\bthirds?\b"):
        return "That group is not recorded."
    plain = query.verb == "count" and query.unit == "case" and not (query.test or query.held or query.called)
    if plain and said(r"\btrained (?:on|with)\b|\blearn(?:ed|t)? from\b"):
        return "Ask for the number of training cases."
    weighed = measures & {"sharpness", "agreement", "expected_iou"}  # which the predicted quality is made of
    if weighed and any(entry.level == "case" for entry in query.entries) and said(r"\bweights?\b"):
        return "That is a weight in the predicted quality, and is asked for by that name."
    moved = any(entry.source.endswith(MOVED_TO) for entry in query.entries)
    if not moved and query.verb == "value" and said(r"\bthresholded for\b|\bthreshold (?:merely )?(?:moved|shifted)\b"):
        return "Of a moved threshold it is recorded what the balanced model gives, once for each variant."
    if query.order and said(r"\bweirdest\b"):
        return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    rising = all(more_is_better(entry) for entry in query.entries) and query.verb in (*EXTREMES, "list")
    if query.order == "min" and query.unit != "corruption" and rising and said(UPPER) and not said(LOWER):
        return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    lower = said(r"\b(?:smallest|lowest)\b") and not said(r"\b(?:loss|error|drop|mis\w+|gap|fall|harm|failure rate)\b")
    if query.order == "max" and query.unit != "corruption" and rising and lower and not said(UPPER):
        return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    shares = {"dice", "iou", "recall", "precision", "specificity", "accuracy", "f1", "auroc"}
    if query.test and measures <= shares and query.bounds and max(query.bounds) > 1:
        return "That lies between 0 and 1: ask for what is above or below such a number."
    counts = {"fp", "fn", "tp", "tn", "hd95_px"}
    if query.test and measures and measures <= counts and 0 < max(query.bounds, default=0) < 1:
        return "That is no share: ask for what is above or below a number of pixels."
    if query.verb in ("mean", "median") and len(measures) > 1 and query.unit == "case":
        return "Ask for one metric at a time."
    if measures - FAILED - {"auroc"} and measures & FAILED and said(rf"\bfailed {PICTURES}\b"):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    conditioned = query.test or query.held or measures & (FAILED | {"auroc"})
    if measures and not conditioned and said(rf"\bfailed {PICTURES}\b"):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    return None
