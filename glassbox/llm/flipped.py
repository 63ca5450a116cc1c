"""What averaging over flips gives, asked as one number less the other: `TTA Dice minus plain Dice`."""

import re
from collections.abc import Callable

from glassbox.llm.linker import Linked

PLAIN = r"(?:(?:the|its) )?(?:(?:plain|ordinary|usual|normal|simple|single[- ]pass|untreated) )?"
GAINED = re.compile(
    r"\b(?:(?:with )?(?:TTA|flip[- ]averaged|flip)[ .](?:(?:mean|average) )?(?P<one>dice|iou|jaccard)|"
    r"(?P<two>dice|iou|jaccard) with (?:TTA|flips|flip averaging))"
    rf" (?:minus|less) {PLAIN}(?P<other>dice|iou|jaccard)\b",
    re.IGNORECASE,
)
BESIDE = re.compile(r"\b(?:batch\w*|cases?|images?|which|above|below|not|no|worst|best|most|least)\b", re.IGNORECASE)


def flipped(question: str, link: Callable[[str], Linked]) -> str:
    """The difference alone, where the question names one model or task and restricts nothing.

    `Does flipping help? I mean TTA Dice minus plain Dice, a-base` is `TTA Dice minus Dice of a-base`.
    """
    found = GAINED.search(question)
    if not found or (found["one"] or found["two"]).lower() != found["other"].lower() or BESIDE.search(question):
        return question
    linked = link(GAINED.sub(" ", question))
    conditions = {parts for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions}
    names = {name for tag in linked.tags("MT") for name in linked.meanings[tag].models or linked.meanings[tag].tasks}
    if conditions - {("tta",)} or len(names) != 1 or linked.numbers or linked.missing or linked.tags("CSPU"):
        return question
    return f"TTA {found['other']} minus {found['other']} of {names.pop()}"
