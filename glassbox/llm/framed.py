"""Whom an answer is for, and why it is asked: `for our wall chart I would love to know which ...`.

Such a frame holds words that mean something elsewhere (`class`, `chart`, `mistake`), so that it is taken away before
names are looked for. It names nothing of the index, restricts nothing, and asks for nothing.
"""

import re
from collections.abc import Callable

from glassbox.llm.beyond import PERSONS
from glassbox.llm.linker import Linked
from glassbox.llm.remarks import OF_PERSONS, OTHERWISE

AUDIENCE = re.compile(
    r"\b(?:(?:my|our|the|a|an|this|your|every) )?(?:(?:[a-z]+ )?(?:wall|bar|flip)[ -]?charts?|(?:(?:my|our) "
    r"(?:[a-z]+ )?|"
    r"in |the )class(?:room)?(?! of)|pupils?|students?|lessons?|homework|posters?|(?:black|white)?board(?: meeting)?|"
    r"(?:first |last |next )?slides?(?= *(?:[.,:!?]|$|about|on|i\b|we\b))|talk|lecture|quiz|worksheet|handout|"
    r"newsletter|leaflet|league table|presentation|colleagues?|committee|boss|supervisor|neighbour|wife|husband)\b",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"\b(?:which|what|whether|how (?:many|much|often|well|high|low|large|big|far)|(?:give|tell|show) (?:me|us)|list|"
    r"name)\b",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"\b(?:know|tell|hear|learn|show|ask|asks|asked|wonder|wonders|see|say|like|love|want|wants|need|please|[,:])"
    r"(?: (?:me|us|my|our))?\W*$|[,:]\s*(?:so |and )?(?:(?:would|could|can|will) you )?(?:please |kindly )?$",
    re.IGNORECASE,
)
STATED = re.compile(
    r"(?:i|we|my|our|it|they|this|that|an?|the|some|everyone|nobody)\b(?! (?:mean|meant)\b)", re.IGNORECASE
)
ENDED = re.compile(r"(?<=[?.!])\s+")
REASON = re.compile(
    r",\s*(?:since|because|as (?=(?:i|we|my|our|it)\b)|"
    r"(?=(?:the|my|our) [a-z]+ (?:wants?|needs?|asked for) (?:it|this|that)\b))"
    r"(?P<why>[^,?]*)(?P<end>[.?!]*)$",
    re.IGNORECASE,
)
RESAID = re.compile(
    r",\s*(?:in other words|that is to say|so to speak)\b(?P<why>[^,?]*)(?P<end>[.?!]*)$", re.IGNORECASE
)
HEADING = re.compile(r"([a-z][a-z -]{3,40}): (?=(?:which|what|how|does|is|are|do)\b)", re.IGNORECASE)
# They make a statement a condition, or part of the question.
RESTRICTING = frozenset((
    "if", "suppose", "imagine", "assume", "assuming", "except", "without", "unless", "excluding", "ignore", "ignoring",
    "exclude", "restrict", "limit", "instead", "rather", "other", "others", "than", "per", "but", "only", "alone",
    "namely", "male", "female", "median", "mean", "average", "pooled", "interval", "intervals", "confidence", "before",
    "after", "both", "second", "each", "every", "batch", "batches", "case", "cases", "patients", "train", "retrain",
    "delete", "change", "ignored", "them", "these", "those", "not", "no", "never", "predict", "recommend", "should",
))  # fmt: skip
BARRED = RESTRICTING | PERSONS | OF_PERSONS | OTHERWISE
OF_AN_AUDIENCE = frozenset(("only", "every", "each", "should", "them", "not", "both", "cases", "no", "never", "but"))


def unframed(question: str, link: Callable[[str], Linked]) -> str:
    """The question without whom it is for, where that names and restricts nothing."""
    question = _without_heading(_without_reason(question, link), link)
    first, *others = ENDED.split(question.strip())
    while others and _idle(others[-1], link) and ("?" in first or len(others) > 1):
        others.pop()
    while others and _idle(first, link) and AUDIENCE.search(first):
        first, *others = others
    return " ".join([_without_lead(first, link), *others])


def _without_heading(question: str, link: Callable[[str], Linked]) -> str:
    """The question without `Boundary agreement:`, where what follows names its metric and its model itself."""
    heading = HEADING.match(question)
    if not heading:
        return question
    above, rest = link(heading[1]), link(question[heading.end() :])
    named = above.tags("MPTCSQXU") or above.numbers or above.missing or {*above.spelt} & BARRED
    return question if named or not (rest.tags("KX") and rest.tags("MPT")) else question[heading.end() :]


def _without_lead(sentence: str, link: Callable[[str], Linked]) -> str:
    """`My class would like to know which ...`, from the word that asks on."""
    for asked in ASKED.finditer(sentence, 1):
        lead = sentence[: asked.start()]
        if not AUDIENCE.search(lead) or not LEADING.search(lead):
            continue
        return sentence[asked.start() :] if _empty(lead, link) else sentence
    return sentence


def _without_reason(question: str, link: Callable[[str], Linked]) -> str:
    """The question without `, since failures teach us the most`, and `, in other words the tidiest outline`."""
    for pattern, kinds in ((REASON, "MPTCSQXU"), (RESAID, "MPTCSQXUK")):
        if found := pattern.search(question):
            linked = link(found["why"])
            named = linked.tags(kinds) or linked.numbers or linked.missing
            restricting = {*linked.spelt} & BARRED
            if not (named or restricting) and link(question[: found.start()]).tags("KX"):
                return f"{question[: found.start()]}{found['end'] or '?'}"
    return question


def _idle(sentence: str, link: Callable[[str], Linked]) -> bool:
    """Whether it states something of the one who asks."""
    return bool(STATED.match(sentence)) and not sentence.endswith("?") and _empty(sentence, link)


def _empty(said: str, link: Callable[[str], Linked]) -> bool:
    """Whether it names nothing and restricts nothing, whom it is for apart."""
    linked = link(AUDIENCE.sub(" ", said))
    restricting = RESTRICTING - OF_AN_AUDIENCE if AUDIENCE.search(said) else RESTRICTING
    named = linked.tags("MPTCSQKXU") or linked.numbers or linked.missing
    return not (named or {*linked.spelt} & (restricting | PERSONS | OF_PERSONS | OTHERWISE))
