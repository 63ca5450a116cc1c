"""Answers unlike the question: what names have swallowed, so that no rule that looks at tags can see it.

`The failure detection AUROC` of a classifier would be told as that of its classes, `surface Dice at 3 px` as that at 2.
"""

import re

from glassbox.llm.labels import SELF_JUDGED
from glassbox.llm.typed import Query

CORRUPTED = "-robustness.json"
WEIGHED = {"sharpness", "agreement", "expected_iou"}  # which the predicted quality is made of
DUPLICATES = {"exact_across", "near_across", "exact_within", "near_within"}
FAILED = {"failures", "failure_rate", "caught", "missed"}
QUALITY = r"(?:(?:failure|failures)[- ](?:detection|prediction)|(?:predicted |estimated )?quality(?: score| estimate)?)"
CURVE = r"(?:AU(?:RO|PR)?C|average precision)"
PICTURES = r"(?:cases|images|pictures|lesions|masks|outlines)"
SAID = {  # what of a question, by its pattern, is told of no measure
    "The records tell what is, and not what would be.": (
        r"\b(?:w/|with|given|on|using) (?:\d+ ?x|twice|double|half|more|\d+ ?% more)(?: (?:the|as much))? "
        rf"(?:data|training (?:data|{PICTURES}))\b"
    ),
    "Networks are recorded one by one, and none that takes the mean of several.": (
        r"\b(?:averag|combin|merg|pool)\w+ (?:the )?(?:outputs|predictions|probabilities|logits|masks) (?:of|from)\b"
        r"(?!.*\b(?:flip|mirror))"
    ),
    "Corruptions are recorded one at a time.": r"\bboth (?:blur|nois|dark|bright|rotat)\w*\b.*\band\b",
    "The records hold the pictures as they were trained and scored.": (
        r"\b(?:before|prior to|without) (?:any )?(?:resizing|resampling|cropping|preprocessing|downscaling)\b"
    ),
    "How many times as much is not computed: ask for both numbers.": (
        r"\b(?:how many )?times (?:larger|higher|bigger|more|greater|smaller|lower|as (?:large|high|much|many|big))\b"
    ),
    "Relative changes are not computed: ask for the difference.": (
        r"^by what percentage\b|\bwhat percentage (?:change|drop|increase)\b|\brelative (?:change|drop|loss|increase)\b"
    ),
    "What lies outside the field of view is not scored.": r"\boutside (?:of )?the field of view\b",
    "Means with weights are not computed.": r"\bweighted (?:by|with|for)\b",
}
PIXELS_OF = re.compile(r"\b(\d+|one|three|four|five|ten)[ -]?(?:px|pixels?)\b", re.IGNORECASE)


def unlike(question: str, query: Query) -> str | None:
    """Why what the query tells is not what the question asks; nothing where it may be."""
    measures = {entry.measure for entry in query.entries}

    def said(pattern: str) -> bool:
        return bool(re.search(pattern, question, re.IGNORECASE))

    for told, pattern in SAID.items():
        if said(pattern):
            return told
    of_quality = said(rf"\b{QUALITY} {CURVE}\b|\b{CURVE} (?:of|for|in) (?:[a-z]+ ){{0,2}}(?:failures?|quality)\b")
    judged = any(entry.source.endswith(SELF_JUDGED) for entry in query.entries)
    if of_quality and measures & {"auroc", "auprc", "roc_auc", "average_precision"} and not judged:
        return "No such number of a predicted quality is recorded there."
    if measures & {"hd95_px"} and said(r"\b(?:not|rather than|instead of|other than) (?:the |at the )?(?:95|ninety)"):
        return "Of the distance between two borders the 95th percentile alone is recorded."
    tolerances = {number.lower() for number in PIXELS_OF.findall(question)} - {"2"}
    if measures & {"surface_dice_2px"} and not measures & {"hd95_px"} and tolerances:
        return "The surface Dice is recorded at a tolerance of 2 px."
    if measures & DUPLICATES and said(r"\bfrom (?:train|val|test)|\bbetween (?!(?:the |its |their )?splits)"):
        return "Duplicates are counted across all splits together, or within them."
    spoiled = said(r"\b(?:out of focus|over-?exposed|under-?exposed|blurry|shaky|badly lit|smeared|noisy)\b")
    told = {*("blur", "noise", "brightness", "contrast")} & {part for entry in query.entries for part in entry.parts}
    if spoiled and not told and query.verb in ("value", "mean"):
        return "That condition is not recorded."
    corrupted = any(entry.source.endswith(CORRUPTED) for entry in query.entries)
    if corrupted and query.unit is None and said(r"\b(?:sub)?groups?\b|\bthirds?\b"):
        return "That group is not recorded."
    if any(entry.level == "case" for entry in query.entries) and measures & WEIGHED and said(r"\bweights?\b"):
        return "That is a weight in the predicted quality, and is asked for by that name."
    conditioned = query.test or query.held or measures & (FAILED | {"auroc"})
    if measures and not conditioned and said(rf"\bfailed {PICTURES}\b"):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    if measures & {"failure_rate"} and query.verb == "value" and said(r"\b(?:intercept|review)\w*\b"):
        return "Ask what share of the failures a review catches."
    return None
