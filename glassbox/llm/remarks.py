"""What people say around a question, and what changes it.

`How many are below 0.7? I'd call those useless.` asks what its first sentence asks: the second is a remark. `For women
only.` would be a condition. A remark states something, restricts nothing, and names nothing by which one could choose.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from glassbox.llm.beyond import PERSONS
from glassbox.llm.linker import Linked

SEPARATOR = re.compile(
    r"(?<=[.!?;:])\s+|\s+[–—-]+\s+|\s*[()]\s*|,\s+(?=(?:i|we|he|she|they|reviewer \w+|the reviewer)\b)"
    r"|,\s+(?=so (?:that|we|i)\b)"
    r"|(?<=,)\s+(?=(?:please|kindly|could you|can you|name|list|give|show|tell me|what|which|how)\b)",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\s*\(([^()]+)\)")
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
# After `I` they restrict nothing: `I would call those useless`.
OPINION = frozenset((
    "would", "d", "all", "mean", "no", "not", "only", "just",
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


def without_remarks(question: str, linker: Callable[[str], Linked]) -> str | None:
    """The question without its remarks; None where it has none, or what is left points back to one."""
    named = REVIEWER.sub("the reviewer", question)
    texts = [text for text in SEPARATOR.split(named) if text and text.strip(" ,.")]
    if len(texts) < 2:
        return None
    parts = [Part(text.strip(), linker(text)) for text in texts]
    out = [
        at
        for at, part in enumerate(parts)
        if _remarked(part, parts[:at] + parts[at + 1 :]) or (at == 0 and _labels(part, parts[1:]))
    ]
    kept = [part for at, part in enumerate(parts) if at not in out]
    if not out or not kept:
        return None
    after = [part for at, part in enumerate(parts) if at not in out and at > out[0]]
    if any({*part.words} & POINTING_BACK for part in after):
        return None
    return " ".join(part.text for part in kept)


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
