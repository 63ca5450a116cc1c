"""What people say around a question, and what changes it.

`How many are below 0.7? I'd call those useless.` asks what its first sentence asks: the second is a remark. `For women
only.` would be a condition. A remark states something, restricts nothing, and names nothing by which one could choose.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from glassbox.llm.beyond import PERSONS
from glassbox.llm.linker import Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.tags import UNKNOWN

SEPARATOR = re.compile(
    r"(?<=[.!?;:])\s+|\s+[–—-]+\s+|\s*[()]\s*|,\s+(?=(?:i|we|he|she|they|reviewer \w+|the reviewer)\b)"
    r"|,\s+(?=so (?:that|we|i)\b)"
    r"|(?<=,)\s+(?=(?:please|kindly|could you|can you|name|list|give|show|tell me|what|which|how)\b)",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\s*\(([^()]+)\)")
AGAIN = re.compile(
    r"(?:\s*\(|,\s*(?:so|i\.?e\.?,?|that is,?|I mean|in other words,?)\s+(?:the\s+)?)([^()?]+?)\)?\s*\?*$"
)
SAID = re.compile(  # `I think the doctor's word was specificity`
    r"[.?!;]\s*(?:I (?:think|believe|guess|suppose) )?(?:that )?(?:the "
    r"(?:doctor|doctors|radiologist|report|book)(?:'s)?"
    r"(?: (?:word|name|term))?|that number|that|it|they|he|she|the (?:word|name|term))"
    r"(?: (?:was|is|says?|said|calls?|called|named|call|it|that|this))+ (?:the )?([\w %-]+?)\W*$",
    re.IGNORECASE,
)
ABBREVIATED = re.compile(r"\d|[A-Z]{2}")
REVIEWER = re.compile(r"\b(?:R|[Rr]eviewer|[Rr]ev\.?)\s?#?[1-9]\b")
SOMEBODY = frozenset((
    "i", "id", "im", "ive", "we", "he", "she", "they", "it", "this", "that", "these", "those", "there", "someone",
    "somebody", "nobody", "everybody", "everyone", "people", "my", "our", "his", "her", "their", "the", "a", "an",
))  # fmt: skip
SPEAKERS = frozenset((
    "reviewer", "reviewers", "referee", "boss", "editor", "supervisor", "colleague", "colleagues", "professor",
    "chief", "manager", "he", "she", "they", "dr", "doctor", "prof", "mr", "mrs", "ms",
))  # fmt: skip
SPEAKING = frozenset((
    "says", "say", "said", "claims", "claim", "claimed", "insists", "insist", "asks", "ask", "asked", "wonders",
    "thinks", "think", "believes", "suspects", "doubts", "complains", "complained", "swears", "bets", "argues",
))  # fmt: skip
STATING = SPEAKING | frozenset((
    "is", "are", "was", "were", "am", "seems", "seem", "looks", "look", "wants", "want", "wanted", "needs", "need",
    "likes", "like", "love", "hate", "worry", "worries", "worried", "fear", "know", "knows", "hear", "heard", "call",
    "matters", "bothers", "annoys", "have", "has", "got", "gets", "came", "come", "makes", "keep", "keeps", "prefer",
    "trust", "suspect", "doubt", "remember", "forgot", "forget", "lost", "read", "saw", "see", "work", "promise",
    "go", "goes", "went", "looked", "seemed", "made", "felt", "found", "wrote", "thought", "promised", "hope",
    "guess", "find", "feel", "write", "m", "re", "ve", "s",
))  # fmt: skip
RESTRICTING = frozenset((
    "if", "suppose", "imagine", "assume", "assuming", "only", "except", "without", "unless", "not", "no", "never",
    "ignore", "ignoring", "exclude", "excluding", "restrict", "limit", "limited", "consider", "considering", "mean",
    "means", "namely", "specifically", "but", "just", "alone", "instead", "rather", "other", "others", "than", "when",
    "where", "which", "who", "whose", "what", "why", "how", "should", "will", "would", "could", "had", "were",
    "predict", "forecast", "because", "per", "each", "every", "all", "include", "including", "male", "female",
    "median",
))  # fmt: skip
LIMITING = frozenset((
    "only", "just", "except", "without", "excluding", "for", "among", "on", "where", "when", "with",
))  # fmt: skip
OF_WHOM = frozenset((
    "patients", "patient", "people", "cases", "images", "lesions", "pictures", "films", "children", "kids", "adults",
    "elderly", "babies", "moles", "spots", "photos", "tiles", "slides", "eyes", "retinas",
))  # fmt: skip
EXPLAINING = re.compile(
    r",\s*(?P<said>(?:"
    r"(?:since|because|as) (?:the|this|it|one|i|we) (?:[\w-]+ "
    r"){0,6}?(?:means?|matters?|tells?|counts?|needs?|wants?|asked|wonders?)\b|"
    r"in case (?:there should be|of doubt|anyone asks|somebody asks)|"
    r"(?:meaning|which means) (?:that|how)|that is(?: to say)?,? (?:the|how|what)|"
    r"(?:for )?which (?:we|i) (?:would )?(?:suspect|believe|think|fear|hope|presume|assume|imagine|guess|expect)|"
    r"if (?:the|one|i|we|you)(?: \w+)? (?:may|might|can) (?:be so|ask|know|inquire|wonder)|"
    r"in which (?:every|each|all) [\w ]+? (?:carry|carries|counts?|weighs?)"
    r")\b[^,?.]*)(?:[,?.]|$)",
    re.IGNORECASE,
)
# What a sentence tells to be otherwise than the records know.
OTHERWISE = frozenset((
    "turned", "switched", "disabled", "removed", "changed", "replaced", "retrained", "trained", "phone", "camera",
     "tablet",
    "another", "different", "off", "second", "annotator", "rotated", "flipped", "eroded", "drawn", "used", "scored",
     "last",
    "year", "month", "week", "yesterday", "twice", "longer", "arm", "leg", "resolution", "soft", "spread",
))  # fmt: skip
OF_PERSONS = frozenset(("patients", "patient", "people", "children", "kids", "adults", "elderly", "babies", "smokers"))
NETWORKS = frozenset(("networks", "models", "variants", "classifiers"))
SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\s+[–—-]+\s+")
ASKED = re.compile(r"(?<=\s)(?:how many|how much|how often|how large|how high|what|which|who|whose)\b", re.IGNORECASE)
SUPPOSING = frozenset((  # in what stands before a question, they may change it
    "if", "suppose", "imagine", "assume", "assuming", "for", "on", "among", "with", "without", "when", "after",
    "before",
    "since", "during", "under", "unless", "had", "only", "except", "not", "across", "within", "than",
    "why", "how", "should", "will", "predict", "forecast", "explain", "improve", "raise", "lower", "change", "fix",
    "delete", "train", "retrain", "because", "reason", "reasons", "guess", "justify",
))  # fmt: skip
TELLING = frozenset((  # before a question within a sentence: `I wonder what`, and not `the maker whose`
    "tell", "know", "wonder", "wondering", "ask", "asked", "asking", "say", "see", "learn", "hear", "remember",
    "curious", "interested", "question", "please", "show", "explain", "idea", "find", "check", "confirm", "clear",
    "sure", "audit", "report", "need", "want", "like", "hello", "hi", "morning", "so", "ok", "okay", "now", "then",
))  # fmt: skip
IMAGINED = frozenset(("suppose", "supposing", "imagine", "assume", "assuming"))
# After `I` they restrict nothing: `I would call those useless`.
OPINION = frozenset((
    "would", "d", "all", "mean", "no", "not", "only", "just",
))  # fmt: skip
CONDITIONAL = frozenset((
    "if", "when", "where", "with", "without", "only", "among", "except", "after", "before", "under", "not", "batch",
))  # fmt: skip
RANKED = frozenset((
    "which", "who", "best", "worst", "most", "least", "highest", "lowest", "list", "rank", "better", "worse", "more",
    "difference", "compare", "why",
))  # fmt: skip
CAUSES = frozenset(("since", "because"))
SIGHS = frozenset((
    "anyway", "lol", "tbh", "imo", "imho", "fwiw", "btw", "sigh", "ugh", "haha",
))  # fmt: skip
COMPLAINING = frozenset((
    "nuisance", "annoying", "problem", "problems", "trouble", "pain", "worry", "common", "rare",
))  # fmt: skip
PLACING = frozenset((
    "for", "on", "in", "with", "at", "under", "among", "after", "within", "during",
))  # fmt: skip
PURPOSES = frozenset((
    "traceability", "completeness", "reference", "audit", "auditing", "record", "records", "file", "report",
    "documentation", "document", "review", "paper", "rebuttal", "slide", "slides", "talk", "newsletter", "planning",
    "verification", "clarity", "transparency", "log", "checklist", "thesis", "curiosity", "interest", "satisfy",
    "verify", "complete", "archive",
))  # fmt: skip
POINTING_BACK = frozenset((
    "them", "these", "those", "then", "there", "such", "that",
))  # fmt: skip
ASKING = frozenset((
    "what", "which", "how", "who", "whose", "give", "show", "tell", "list", "name", "count", "compare", "is", "are",
    "does", "do", "did", "can", "could", "please", "state", "report", "find", "rank",
))  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A sentence of a question, or what stands in brackets, with what the linker finds in it."""

    text: str
    linked: Linked

    @property
    def words(self) -> tuple[str, ...]:
        return self.linked.spelt

    @property
    def conditions(self) -> set[str]:
        """What its conditions are about: `hair`, whether there is much or little."""
        return {parts[0] for tag in self.linked.tags("Q") for parts in self.linked.meanings[tag].conditions}


def without_remarks(question: str, linker: Callable[[str], Linked]) -> Iterator[str]:
    """The question without its remarks, if it has any and what is left does not point back to one."""
    named = REVIEWER.sub("the reviewer", question)
    texts = [text for text in SEPARATOR.split(named) if text and text.strip(" ,.")]
    if len(texts) < 2:
        return
    parts = [Part(text.strip(), linker(text)) for text in texts]
    out = [
        at
        for at, part in enumerate(parts)
        if _remarked(part, parts[:at] + parts[at + 1 :]) or (at == 0 and _labels(part, parts[1:]))
    ]
    kept = [part for at, part in enumerate(parts) if at not in out]
    if not out or not kept:
        return
    after = [part for at, part in enumerate(parts) if at not in out and at > out[0]]
    if any({*part.words} & POINTING_BACK for part in after):
        return
    yield " ".join(part.text for part in kept)


def renamed(question: str, linker: Callable[[str], Linked]) -> Iterator[tuple[str, frozenset[str]]]:
    """The question with one name of a metric where it has two, `boundary distance (HD95)`, and what must be told.

    First without the name in brackets, then with it in place of one to three words before it.
    """
    for bracket in BRACKET.finditer(question):
        linked = linker(bracket[1])
        if len(linked.tags("KX")) != 1 or linked.tags("MPTCSQU") or linked.numbers or linked.missing:
            continue
        names = frozenset(parts[-1] for meaning in linked.meanings.values() for parts in meaning.metrics)
        before, after = question[: bracket.start()].split(), question[bracket.end() :]
        yield f"{' '.join(before)}{after}", names
        for size in (1, 2, 3):
            if any(ABBREVIATED.search(word) for word in before[-size:]):  # `HD100 (the full Hausdorff distance)`
                break
            others = linker(" ".join(before[-size:])).meanings.values()
            if any(parts[-1] not in names for meaning in others for parts in meaning.metrics):
                break
            if any(meaning.models or meaning.tasks for meaning in others):
                break  # `on a-base (pointing game score)` is no other name of it
            yield f"{' '.join(before[:-size])} {bracket[1]}{after}", names


MOST_AROUND = 5  # words beside a name that says again what is asked


def restated(question: str, linker: Callable[[str], Linked]) -> Iterator[str]:
    """What is said plainly at its end: `so the Dice?`, or `(recall under 0.7)` behind `finds less than 70 %`.

    A metric's name of the model that stands before it, or how many of its cases have a metric above or below a number.
    """
    again = AGAIN.search(question) or SAID.search(question)
    if not again:
        return
    whole, end = linker(question[: again.start()]), linker(again[1])
    models, named = whole.tags("MT"), end.tags("KX")
    if len(models) != 1 or len(named) != 1 or end.tags("MPTCSQU") or end.missing or whole.missing:
        return
    around = [word for word in end.spelt if word.isalpha() and not is_tag(word, "KX")]
    if whole.tags("CSQU") or {*whole.spelt} & CONDITIONAL or len(around) > MOST_AROUND:
        return
    name, *others = whole.meanings[models[0]].models or whole.meanings[models[0]].tasks
    if others:
        return
    counted = {*whole.spelt} & {"many", "number", "count"}
    if counted and len(end.numbers) == 1:
        yield f"How many cases of {name} have a {again[1]}?"
    elif not (counted or end.numbers or whole.numbers or {*whole.spelt} & RANKED):
        yield f"What is the {again[1]} of {name}?"


def _remarked(part: Part, rest: list[Part]) -> bool:
    """Whether it states something that changes nothing, or what the rest says as well."""
    words, linked = part.words, part.linked
    if not words or words[0] in ASKING or linked.missing or (part.text.endswith("?") and words[0] != "so"):
        return False
    reported = bool({*words[:3]} & SPEAKERS and {*words} & SPEAKING)
    if reported:  # `R2 insists it is Grad-CAM`; and not `she asks for brown skin`
        return not (linked.tags("MPTS") or {*words} & LIMITING)
    if {*words} & (PERSONS | OF_WHOM):  # `my patients are mostly children` may be meant as a condition
        return False
    again = {key for each in rest for key in each.conditions}
    counted = words[0] in ("these", "those")  # `these two`
    if linked.tags("MPTCSU") or (linked.numbers and not counted) or not part.conditions <= again:
        return False
    if {*words} & SIGHS or words[0] == "so":
        return not {*words} & (RESTRICTING - {"mean"})
    if words[0] in CAUSES:  # `since the mean is skewed by outliers,`
        return bool({*words[1:]} & STATING) and not {*words[1:]} & (RESTRICTING - {"mean"})
    allowed = OPINION if words[0] in ("i", "id", "we", "that", "this", "it") else frozenset()
    begun = words[0] in SOMEBODY or bool({*words} & COMPLAINING)
    return begun and bool({*words[1:]} & STATING) and not {*words} & (RESTRICTING - allowed)


def _labels(part: Part, rest: list[Part]) -> bool:
    """Whether it is a heading or a purpose before what names all that it asks for.

    `Fairness question from the reviewer:`, `for traceability of the worst errors,`.
    """
    if part.linked.tags("MPTCSQU") or part.linked.numbers or part.linked.missing or {*part.words} & RESTRICTING:
        return False
    first = next((word for word in part.words[1:] if word not in ("the", "my", "our", "a", "full", "your")), "")
    headed = part.text.endswith(":") and part.words[0] not in PLACING
    if not headed and not (part.text.endswith(",") and part.words[0] in ("for", "to") and first in PURPOSES):
        return False
    return any(each.linked.tags("KX") and each.linked.tags("MPT") for each in rest)


def without_frame(question: str, link: Callable[[str], Linked]) -> Iterator[str]:
    """The question without the sentences that name nothing, and its last alone; none if one points back."""
    parts = [(part, link(part)) for part in SENTENCE.split(question) if part.strip()]
    if len(parts) == 1 and (begun := ASKED.search(question, 1)):  # `I wonder whether you would tell me how many`
        lead = link(question[: begun.start()])
        if {*lead.spelt} & TELLING and not (lead.tags("KMPXTCQSU") or _conditional(lead) or {*lead.spelt} & SUPPOSING):
            yield question[begun.start() :]
    said = {*link(question).spelt}
    if len(parts) < 2 or said & POINTING_BACK or said & IMAGINED:
        return
    named = [part for part, linked in parts if linked.tags("KMPXTC")]
    lost = [linked for part, linked in parts if part not in named]
    if named and lost and not any(map(_conditional, lost)):
        yield " ".join(named)
    if not any(_conditional(linked) or linked.tags("MPTC") for _, linked in parts[:-1]):
        yield parts[-1][0]


def without_lead(question: str, link: Callable[[str], Linked]) -> Iterator[str]:
    """The last sentence alone, which names its metric and its model, behind others that name no other.

    `Vessels are slender things. What is the recall of drive-base?` A condition before it keeps the question whole, but
    for one that the last sentence says itself.
    """
    parts = [(part, link(part)) for part in SENTENCE.split(question) if part.strip()]
    if len(parts) < 2:
        return
    said, last = parts[-1]
    limiting = (LIMITING | IMAGINED | PERSONS | OF_PERSONS | OTHERWISE) - {"on", "for", "with"}
    names = {name for _, linked in parts[:-1] for tag in linked.tags("M") for name in linked.meanings[tag].models}
    words = {*last.spelt}
    pointing = len(names) == 1 and words & {"it", "its"} and not last.tags("MPT")
    if not last.tags("KX") or words & (POINTING_BACK | {"they", "their"}):
        return
    if not pointing and (not last.tags("MPT") or names or words & {"it", "its"}):
        return
    for _, linked in parts[:-1]:
        named = linked.tags("PCSU") or linked.missing or (linked.tags("Q") and not last.tags("Q"))
        if named or {*linked.spelt} & limiting or (linked.numbers and not {*linked.spelt} & NETWORKS):
            return
    for name in names:  # `it reached a batch more. What is its recall?`
        said = re.sub(r"\bits\b", f"{name}'s", re.sub(r"\bit\b", name, said))
    yield said


def without_tail(question: str, link: Callable[[str], Linked]) -> Iterator[str]:
    """The question without a clause that excuses or explains it, and names nothing.

    `..., if the committee may ask`, `..., since the one means little without the other`, `with what temperature, that
    is the factor by which it is toned down, was it calibrated`.
    """
    for clause in EXPLAINING.finditer(question):
        linked = link(clause["said"])
        barred = {*linked.spelt} & (PERSONS | OF_PERSONS | OTHERWISE)
        if barred or linked.tags("MPTCSQUX") or linked.numbers or linked.missing:
            continue
        left = f"{question[: clause.start()]} {question[clause.end() :].lstrip(', ')}".strip()
        main = link(left)
        if main.tags("KX") and main.tags("MPT"):
            yield left if left.endswith(("?", ".")) else f"{left}?"


def _conditional(linked: Linked) -> bool:
    """Whether a sentence may say under which condition something is asked."""
    people = any(one == UNKNOWN and noun in OF_WHOM for one, noun in pairwise(linked.tokens))  # `male patients:`
    people = people or bool({*linked.spelt} & PERSONS)
    return bool(linked.numbers or linked.tags("QU") or linked.missing or people)
