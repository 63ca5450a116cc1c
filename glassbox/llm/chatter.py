"""How people type: greetings, asides and slips of the finger around a sentence, and words lost from it."""

import random
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from glassbox.llm import world
from glassbox.llm.tags import UNKNOWN

LOST, UNHEARD = 0.05, 0.1  # of the words that can be spared: how many are left out, and how many become unknown
GREETINGS = (
    "hi", "hello,", "hey", "ok,", "please,", "quick question:", "sorry,", "well", "so", "now", "good morning,",
    "hi there,", "one more:", "just checking:", "for my report:", "thanks in advance.", "btw", "right,", "question:",
)  # fmt: skip
FAREWELLS = (
    "please", "thanks", "thank you", "pls", "thx", "cheers", "if you can", "if possible", "in the records",
    "as recorded", "for me", "then", "exactly", "overall", "here", "in this project", "roughly",
)  # fmt: skip
CLAUSES = (  # around a question, before it or after it
    "for the meeting tomorrow", "i need this for my report", "my boss wants to know", "as an auditor i ask",
    "before we go on", "no need for details", "if it is in the records", "just the number", "one figure is enough",
    "i lost my notes", "help me out", "i am curious", "to be sure", "for the record", "let me see", "tell me",
    "can you tell me", "could you show me", "could u tell me", "i wonder", "do you know", "please look up",
    "i would like to know", "show me", "give me", "remind me", "we were asked", "according to the records",
    "in your records", "from the files", "as far as you know", "in the end", "this time",
    "out of interest", "i think", "when you have a moment", "sorry to bother you", "it is urgent", "quickly",
    "once more", "for the paper", "for the slides", "if i may ask", "compute nothing", "do not explain",
)  # fmt: skip
# What people say of themselves before a question and behind it, which changes nothing in it. Most words stay unknown.
BEFORE, BEHIND = (
    part.splitlines() for part in (files(__package__) / "asides.txt").read_text(encoding="utf-8").split("\n\n")
)
AROUND_IT = 0.15  # of the sentences: how many have an aside
# Words on which the meaning of a question hangs: these are never taken out of it.
TELLING = frozenset((
    "worst", "best", "highest", "lowest", "most", "least", "below", "above", "under", "over", "many", "count", "list",
    "mean", "average", "median", "sum", "total", "difference", "better", "worse", "compare", "between", "at", "than",
    "max", "min", "maximum", "minimum", "largest", "smallest", "biggest", "top", "bottom", "more", "less", "fewer",
    "higher", "lower", "exactly", "not", "no", "which", "batch", "batches", "case", "cases", "image", "images",
    "lesion", "lesions", "picture", "pictures", "model", "models", "group", "groups", "subgroup", "subgroups", "method",
    "methods", "corruption", "corruptions", "task", "tasks", "metric", "metrics", "and", "for", "what", "about", "same",
    "versus", "vs", "against", "gap", "all", "each", "every", "any", "how", "why", "number", "up", "poorest", "weakest",
    "strongest", "greatest", "fewest", "variant", "variants", "network", "networks", "beat", "beats", "significant",
    "significantly", "data", "set", "sets", "help",
))  # fmt: skip
AROUND = (  # words that stand around names
    "batch number no nr tuned oriented trained focused focussed specialised optimised leaning heavy minded recorded",
    "pixel pixels count score rate value index confidence interval",
)


def worn(sentence: str, names: Mapping[str, str], rng: random.Random) -> str:
    """The sentence with its names put in, as people type."""
    pieces = re.split(r"(\{[A-Z]\d?\})", sentence)
    if rng.random() < 0.2:
        literal = [at for at, piece in enumerate(pieces) if not piece.startswith("{") and len(piece) > 5]
        if literal:
            at = rng.choice(literal)
            pieces[at] = _slipped(pieces[at], rng)
    if rng.random() < 0.08:
        pieces.insert(0, f"{rng.choice(GREETINGS)} ")
    if rng.random() < 0.06:
        pieces.append(f" {rng.choice(FAREWELLS)}")
    if rng.random() < 0.1:
        clause, sign = rng.choice(CLAUSES), rng.choice((", ", ": ", " - ", ". ", " "))
        pieces = [clause, sign, *pieces] if rng.random() < 0.6 else [*pieces, sign, clause]
    text = "".join(names[piece[1:-1]] if piece.startswith("{") else piece for piece in pieces)
    drawn = rng.random()
    if drawn < 0.2:
        return text.rstrip("?. ")
    return text.upper() if drawn < 0.22 else f"{text}?" if drawn < 0.3 and not text.endswith("?") else text


def aside(rng: random.Random) -> tuple[str, str]:
    """What stands before a sentence, and what behind it: now and then an aside, else nothing."""
    if rng.random() >= AROUND_IT:
        return "", ""
    if rng.random() < 0.65:
        return rng.choice(BEFORE) + rng.choice((", ", ": ", " - ", ". ", "; ", "! ", " ")), ""
    return "", rng.choice((", ", ". ", " - ", "; ", "? ", " ")) + rng.choice(BEHIND)


def _slipped(text: str, rng: random.Random) -> str:
    """One letter lost, doubled or exchanged with its neighbour, or one word left out or unknown."""
    words = text.split(" ")
    at = rng.randrange(len(words))
    word, drawn = words[at], rng.random()
    if drawn < 0.25:
        words[at] = ""
    elif drawn < 0.4:
        words[at] = world.word(rng)
    elif len(word) > 3:
        cut = rng.randrange(1, len(word) - 1)
        head, letter, tail = word[:cut], word[cut], word[cut + 1 :]
        words[at] = rng.choice((head + tail, head + letter + letter + tail, head + tail[0] + letter + tail[1:]))
    return " ".join(words)


def thinned(tokens: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    """The tokens with some words made unknown and some left out, so that none but the telling ones is relied on."""
    kept = []
    for token in tokens:
        loose = token.isalpha() and token not in TELLING
        drawn = rng.random() if loose else 1.0
        if drawn >= LOST:
            kept.append(token if drawn >= LOST + UNHEARD else UNKNOWN)
    return tuple(kept)
