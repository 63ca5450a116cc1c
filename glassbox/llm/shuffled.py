"""What a map has in common with that of shuffled weights, in whatever order it is asked: by its name in the records."""

import re
from collections.abc import Callable

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.linker import Linked

CORRELATING = re.compile(r"\bcorrelat\w+|\br\b(?= with)", re.IGNORECASE)
SHUFFLING = re.compile(r"\b(?:shuffl\w+|randomi[sz]\w+|scrambl\w+)", re.IGNORECASE)
LAYER = re.compile(r"\b(?:stem|bottleneck|coarse|(?:encoder|decoder|gate)[ -]?\d)(?= |$|[?,.:;)']|’)", re.IGNORECASE)
RANKED = re.compile(
    r"\b(?:which|most|best|highest|strongest|least|lowest|weakest|smallest|than|minus|difference)\b", re.IGNORECASE
)

BESIDE = re.compile(  # what would be lost
    r"\b(?:batch\w*|how many|median|not|no|never|cases?|images?|above|below|mean|average|sum|edges?|lesions?|size|"
    r"truth|masks?|contrast|only|without|seeds?|times)\b",
    re.IGNORECASE,
)


def shuffled(question: str, link: Callable[[str], Linked], catalogue: Catalogue) -> str:
    """The question in the usual form of it, where it names one method, one model and one layer, and ranks nothing.

    `After shuffling up to gate1, how do the saliency maps of a-base correlate?` is `saliency correlation with shuffled
    gate1 of a-base`.
    """
    layers = {found.replace(" ", "").replace("-", "").lower() for found in LAYER.findall(question)}
    if len(layers) != 1 or not (CORRELATING.search(question) and SHUFFLING.search(question)):
        return question
    linked, layer = link(re.sub(r"\s's ", " ", LAYER.sub(" ", question))), layers.pop()
    groups = [tag for tag in linked.tags("Q") if {p[0] for p in linked.meanings[tag].conditions} - {*catalogue.methods}]
    if linked.numbers or groups or BESIDE.search(question):
        return question
    models = {name for tag in linked.tags("MT") for name in linked.meanings[tag].models or linked.meanings[tag].tasks}
    methods = {
        parts[0]
        for tag in linked.tags("QK")
        for parts in {*linked.meanings[tag].conditions} | {*linked.meanings[tag].metrics}
        if parts[0] in catalogue.methods
    }
    if len(models) != 1 or linked.missing or linked.tags("CS"):
        return question
    if len(methods) != 1 or RANKED.search(question):
        return question
    by_name = "stem block" if layer == "stem" else f"correlation with shuffled {layer}"
    return f"{methods.pop()} {by_name} of {models.pop()}"
