"""Answers unlike the question: what names have swallowed, so that no rule that looks at tags can see it.

`The failure detection AUROC` of a classifier would be told as that of its classes, `surface Dice at 3 px` as that at 2.
"""

import re
from dataclasses import dataclass

from glassbox.llm.labels import MOVED_TO, SELF_JUDGED
from glassbox.llm.language import EXTREMES
from glassbox.llm.typed import Query, more_is_better

CORRUPTED = "-robustness.json"
FAILED = {"failures", "failure_rate", "caught", "missed"}
QUALITY = r"(?:(?:failure|failures)[- ](?:detection|prediction)|(?:predicted |estimated )?quality(?: score| estimate)?)"
CURVE = r"(?:AU(?:RO|PR)?C|average precision)"
PICTURES = r"(?:cases|images|pictures|lesions|masks|outlines)"
HAUSDORFF = r"\b(?:maximum|max|full|100 ?%)[^?]*\bhausdorff|\bhausdorff\b[^?]*\b(?:maximum|100 ?%)"
SPOILED = r"\b(?:out of focus|over-?exposed|under-?exposed|blurry|shaky|badly lit|smeared|noisy)\b"
UPPER = r"\b(?:most|highest|best|largest|greatest|top|biggest|maximum)\b"
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
    r"^(?:the )?(?:worst|best) (?:batch|case|image|picture)\b|"
    r"^(?:the )?(?:\d+|two|three|four|five|ten) (?:least|most|best|worst|highest|lowest)\b|"
    r"^(?:in |on |for )?which (?:\S+ )?(?:batch|case|image|picture)\b|"
    r"^list (?:the )?(?:\d+|two|three|four|five|ten) (?:best|worst|highest|lowest|poorest) (?:\S+ )?"
    r"(?:cases|batches|images|pictures)\b"
)


@dataclass(frozen=True)
class Said:
    """What is said that these measures, or any, do not tell; unless something else is said, or a part of a key told."""

    pattern: str
    why: str
    measures: frozenset[str] = frozenset()
    but: str = r"(?!)"
    parts: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ()


SAID = (
    Said(
        r"\b(?:w/|with|given|on|using) (?:\d+ ?x|twice|double|half|more|\d+ ?% more)(?: (?:the|as much))? "
        rf"(?:data|training (?:data|{PICTURES}))\b",
        "The records tell what is, and not what would be.",
    ),
    Said(
        r"\b(?:averag|combin|merg|pool)\w+ (?:the )?(?:outputs|predictions|probabilities|logits|masks) (?:of|from)\b",
        "Networks are recorded one by one, and none that takes the mean of several.",
        but=r"\b(?:flip|mirror)",
    ),
    Said(r"\bboth (?:blur|nois|dark|bright|rotat)\w*\b.*\band\b", "Corruptions are recorded one at a time."),
    Said(
        r"\b(?:before|prior to|without) (?:any )?(?:resizing|resampling|cropping|preprocessing|downscaling)\b"
        r"|\bbefore (?:they|it) (?:was|were|got) (?:shrunk|resized|cropped|scaled|preprocessed)",
        "The records hold the pictures as they were trained and scored.",
    ),
    Said(
        r"\b(?:how many )?times (?:larger|higher|bigger|more|greater|smaller|lower|as (?:large|high|much|many|big))\b",
        "How many times as much is not computed: ask for both numbers.",
    ),
    Said(
        r"^by what percentage\b|\b(?:what percentage|relative) (?:change|drop|loss|increase)\b",
        "Relative changes are not computed: ask for the difference.",
    ),
    Said(
        r"\bby (?:my|our|another|a second|the second|the other) (?:\w+ )?(?:colleague|doctor|radiologist|dermatologist|"
        r"nurse|student|reader|resident|expert)s?\b",
        "How persons do is not recorded.",
    ),
    Said(r"\bin a row\b|\bconsecutive\b|\bback to back\b", "Batches are counted, and not how they follow each other."),
    Said(
        r"\b(?:painted|edited|erased|cropped|cut|taken|shaved) (?:out|off|away)\b",
        "Pictures are recorded as they are.",
        but=r"\bcut off (?:by|at)\b",
    ),
    Said(r"\boutside (?:of )?the field of view\b", "What lies outside the field of view is not scored."),
    Said(
        r"\b(?:share|fraction|percentage|proportion)\b",
        "Shares of cases are not computed: ask for their numbers.",
        frozenset(("cases", "n")),
        verbs=("value", "count"),
    ),
    Said(
        r"\b(?:rotations?|turns|scales|crops|shifts) (?:are |is )?(?:averaged|combined|pooled)\b",
        "What is recorded is the mean over four flips.",
    ),
    Said(
        r"\bfalse[- ](?:positive|negative) (?:regions?|blobs?|components?|islands?|objects?)\b|\bnot pixels\b",
        "Pixels are counted, and not the parts that they make up.",
    ),
    Said(
        r"\b(?:file ?names?|names|ids?|identifiers?) of the (?:exact|near)?[- ]?duplicates\b",
        "Duplicates are counted, and not named.",
        frozenset(("exact_across", "near_across", "exact_within", "near_within")),
    ),
    Said(
        r"\b\w+ed (?:afterwards|later|subsequently)\b|\b(?:then|afterwards) (?:put right|corrected|fixed|mended)\b",
        "What became of persons or pictures is not recorded.",
    ),
    Said(
        r"\b(?:doctor|radiologist|dermatologist|clinician|reader|expert|physician)s? (?:dis)?agree|"
        r"\bby hand\b|\bmanually\b",
        "How persons do is not recorded.",
    ),
    Said(r"\bas opposed to (?:the )?(?:images|pictures|cases|pixels)\b", "Cases are counted, and pixels."),
    Said(
        r"\bhow many (?:different|distinct|separate|unique) "
        r"(?!(?:picture |image )?sizes|models|networks|tasks|data|methods|corruptions|(?:sub)?groups)",
        "Cases are counted, and not where they come from.",
    ),
    Said(
        r"^of (?:the|its|their) (?:\w+ )?(?:exact|near)[- ]duplicates\b.*, how many\b",
        "Duplicates are counted, and nothing more is recorded of them.",
    ),
    Said(r"\bweighted (?:by|with|for)\b", "Means with weights are not computed."),
    Said(
        r"\b(?:not|rather than|instead of|other than) (?:the |at the )?(?:95|ninety)",
        "Of the distance between two borders the 95th percentile alone is recorded.",
        frozenset(("hd95_px",)),
    ),
    Said(
        HAUSDORFF,
        "Of the distance between two borders the 95th percentile alone is recorded.",
        frozenset(("hd95_px",)),
        but=r"\b95|hd95",
        verbs=("value",),
    ),
    Said(
        r"\b(?:[013-9]|\d\d+|one|three|four|five|ten)[ -]?(?:px|pixels?)\b",
        "The surface Dice is recorded at a tolerance of 2 px.",
        frozenset(("surface_dice_2px",)),
        but=r"\bhd95|\bhausdorff",
    ),
    Said(
        r"\bfrom (?:train|val|test)|\bbetween (?!(?:the |its |their |different |two |several )*splits)",
        "Duplicates are counted across all splits together, or within them.",
        frozenset(("exact_across", "near_across", "exact_within", "near_within")),
    ),
    Said(
        r"\bor better\b",
        "Say whether at least or at most that number.",
        frozenset(("hd95_px", "nll", "ece", "brier", "failure_rate")),
    ),
    Said(r"\b(?:among|of|over|in) (?:the |its )?(?:first|last) \d+\b", "Batches have numbers and cases have names."),
    Said(r"\bwithout (?:the )?(?:base|balanced|recall|precision)\b", "Name the models that are meant."),
    Said(
        r"\bwinning (?:entry|team|submission)\b|\bchallenge winner\b|\bwinner of the (?:\d+ )?challenge\b",
        "Scores of other places are not recorded.",
    ),
    Said(r"\b(?:horizontal|vertical|two|eight|2|8) flips?\b", "What is recorded is the mean over four flips."),
    Said(r"\brisk\b", "Ask for the mean risk, or for the predicted quality.", frozenset(("quality",))),
    Said(
        r"\b(?:zero|nothing|nought) (?:when|if|below|under)\b",
        "Ask for the thresholded Jaccard.",
        frozenset(("iou",)),
        verbs=("value",),
    ),
    Said(
        r"\bcalls? (?:an? |the )?\w+ (?:healthy|normal)\b",
        "Ask for the negative predictive value.",
        frozenset(("precision",)),
        parts=frozenset(("normal",)),
        verbs=("value",),
    ),
    Said(
        r"^",
        "Of sizes those of the pictures alone are recorded.",
        frozenset(("width_px", "height_px")),
        but=r"\b(?:image|picture|photo|photograph|scan|film|tile|slide|size|tall|wide|height|px|pixel|radiograph|x-ray)",
    ),
    Said(
        SPOILED,
        "That condition is not recorded.",
        parts=frozenset(("blur", "noise", "brightness", "contrast")),
        verbs=("value", "mean"),
    ),
    Said(
        r"\b(?:wants?|demands?|asks? for) (?:a |an )?(?:stronger|better|newer|bigger) \w+",
        "The records give no advice.",
    ),
    Said(
        r"\b(?:later|subsequently|eventually|afterwards) (?!than)\w+(?:ed|en)\b",
        "What became of persons or pictures is not recorded.",
    ),
    Said(
        r"\b(?:hit|on|affect|spoil|in)(?:s|ting)? (?:the same|one) (?:picture|image|photo)\b",
        "Corruptions are recorded one at a time.",
        but=r"^(?:(?!\band\b).)*$",
    ),
    Said(
        r"\b(?:BCa|bias[- ]corrected|studenti[sz]ed|wilson|clopper|jackknife|bayesian|credible)\b",
        "Intervals are recorded as percentiles of a bootstrap.",
    ),
    Said(r"\bSTARE\b|\bCHASE\b|\bHRF\b|\bPH2\b|\bIDRiD\b", "That data set is not recorded."),
    Said(
        r"\bhow many (?:of them )?(?:lie|are|sit|stand) in (?:the )?(?:training|test|validation)\b",
        "Duplicates are counted across all splits together, or within them.",
        frozenset(("exact_across", "near_across", "exact_within", "near_within")),
    ),
    Said(
        r"\bcontrast (?:is |was |were )?(?:reduced|lowered|increased|raised|changed|halved)\b",
        "That corruption is not recorded.",
    ),
    Said(
        r"\b(?:lesions|moles|spots|those|ones) (?:at|near|close to) the (?:\S+ )?(?:edge|border|margin|frame)\b",
        "That group is not recorded there.",
        parts=frozenset(("edge",)),
    ),
    Said(
        r"\bwithin (?:\d+|one|two|three|four|five|ten) ?(?:px|pixels?) (?:of|from)\b",
        "How far from a border pixels lie is not recorded.",
        but=r"\bsurface|\bnsd\b",
    ),
    Said(
        r"^(?:out )?of (?:the|those|all|its) [^,]*\d[^,]*, how many (?:were|are|have|had|show|come|came|did|do)\b",
        "A second condition on those cases is not recorded.",
        verbs=("count", "value"),
        but=r", how many (?:are|were|have|had|show) [a-z ]*\b(?:above|below|over|under|least|most|than|miss\w*)\b",
    ),
    Said(
        r"\bbubbles?\b",
        "That condition is not recorded there.",
        parts=frozenset(("bubbles",)),
    ),
    Said(
        r"\b(?:sent|flagged|referred) (?:to|for) (?:a )?review, how many\b",
        "Of a review it is recorded what share of the failures it catches.",
    ),
    Said(
        r"\b(?:link|join|connect|tie)s? (?:train\w*|val\w*|test) (?:with|and|to)\b",
        "Duplicates are counted across all splits together, or within them.",
    ),
    Said(
        r"\b(?:thin|thick|fine|narrow|wide|main|peripheral|central)(?:ner|nest|er|est)? (?:blood )?vessels\b",
        "Vessels are not told apart.",
    ),
    Said(
        rf"\b(?:on|over|for|among|of|across|in) (?:the |those )?(?:\S+ )?{PICTURES} (?:that|which|it) (?:it )?(?:had )?"
        r"(?:fail(?:s|ed)?)\b",
        "Means over the failed cases alone are not computed: ask for cases with an IoU below a number.",
        verbs=("value", "mean", "compare", "difference"),
        but=r"\bhow many\b",
    ),
    Said(
        r"^(?:please |kindly )?(?:open|file|raise|create|submit|schedule|book|e-?mail|upload|approve|sign|order|fax) "
        r"(?:an?|the|this|it)\b",
        "Nothing is done here but answering: ask for a recorded number.",
        but=r"^order the\b.*\b(?:by|from)\b",
    ),
    Said(
        r"\b(?:interval|CI)\b.*\b(?:drop|difference|loss|fall|gap)\b|\b(?:drop|difference|loss|fall|gap)\b.*"
        r"\b(?:interval|CI)\b",
        "Of that difference no interval is recorded.",
        verbs=("difference",),
    ),
    Said(
        r"\b(?:intercept|review)\w*\b",
        "Ask what share of the failures a review catches.",
        frozenset(("failure_rate",)),
        verbs=("value",),
    ),
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
    whole = query.verb in ("value", "mean", "median") and not (query.batches or query.cases)
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
    rising = all(more_is_better(entry) for entry in query.entries) and query.verb in (*EXTREMES, "list")
    if query.order == "min" and query.unit != "corruption" and rising and said(UPPER) and not said(LOWER):
        return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    lower = said(r"\b(?:smallest|lowest)\b") and not said(r"\b(?:loss|error|drop|mis\w+|gap|fall|harm|failure rate)\b")
    if query.order == "max" and query.unit != "corruption" and rising and lower and not said(UPPER):
        return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    shares = {"dice", "iou", "recall", "precision", "specificity", "accuracy", "f1", "auroc"}
    if query.test and measures <= shares and query.bounds and max(query.bounds) > 1:
        return "That lies between 0 and 1: ask for what is above or below such a number."
    conditioned = query.test or query.held or measures & (FAILED | {"auroc"})
    if measures and not conditioned and said(rf"\bfailed {PICTURES}\b"):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    return None
