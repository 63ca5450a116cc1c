"""Conditions, classes, points and strengths that nobody here has heard of: they are not recorded, and that is said.

A model that is small leaves out in silence what it does not know, and would answer a question about lesions on the
foot with the number of all lesions.
"""

from collections.abc import Sequence
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, SPREADS, TABLES, Line
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import CASES, STRENGTH, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import BATCHES
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.words import ADVICE, ARTICLES, CLASSES, LIKING, PICTURES, REVIEWING, TOWARDS, WITHIN, WRONG

NOUNS = {*CASES, *PICTURES, "skin"}
AMONG = ("on", "with", "without", "among", "under", "says", "say", "recognise", "label", "labels",
         "call", "calls", "called", "leave", "leaves", "left")  # fmt: skip
THEM = {"them", "those", "these"}
STATEMENTS = (
    {"select", "from", "where"}, {"delete", "from"}, {"insert", "into"}, {"update", "set"}, {"declare", "that"},
    {"pretend", "that"},
)  # fmt: skip
CAUSES = {("how", "come"), ("what", "causes"), ("what", "caused"), ("what", "explains"), ("because", "of")}
TAKING = {"use", "set", "take", "choose", "pick", "buy", "deploy", "trust", "prescribe", "rely"}
ORDERING = {"lower", "raise", "set", "change", "increase", "reduce", "move", "turn", "round"}
DISREGARDING = {"disregard", "ignore", "forget", "override", "bypass"}
RECORDS = {"records", "instructions", "rules", "data", "numbers", "all", "your", "previous", "that", "this"}
ELSEWHERE = {"leaderboard", "leaderboards", "competition", "kaggle"}
OF_POINTS = {
    "that", "this",
    "the", "a", "its", "which", "what", "default", "same", "own", "chosen", "operating", "and", "of", "at", "with",
    "for", "current", "by", "or", ",", "each", "usual", "moved", "calibrated", "recorded",
}  # fmt: skip
KINDS = {*NOUNS, "cells", "alone", "cases", "only", "class", "tissue", "subgroup", "?", ","}
BESIDE = {UNKNOWN, "on", "in", "visible", "present"}  # after what is in a picture
OF_CLASSES = {"balance", "imbalance", "sizes", "counts"}
HEARD = {
    *WRONG,
    *OF_CLASSES,
    *KINDS,
    *THEM,
    *CLASSES,
    *AMONG,
}  # never unknown, even where the model has no token for them


COMMANDS = {"rerun", "retrain", "recompute", "recalculate", "redo", "overwrite", "refit", "recalibrate"}


def refuse_strange(line: Line, linked: Linked, words: set[str]) -> None:
    """Raises `Unanswerable` for a question that holds what is not recorded."""
    both = zip(linked.tokens, linked.spelt, strict=True)
    plain = [said if token == UNKNOWN and said in HEARD else token for token, said in both if token not in ARTICLES]
    if _strength(linked):
        raise Unanswerable("That strength of a corruption is not recorded: ask which corruptions are.")
    if _condition(plain) or (UNKNOWN in plain and _pronoun(plain)):
        raise Unanswerable("That condition is not recorded.")
    if any(
        (one == UNKNOWN and other in (*CLASSES, "subgroup")) or (one in CLASSES and other == UNKNOWN)
        for one, other in pairwise(plain)
    ):
        raise Unanswerable("That class or group is not recorded.")
    spread = line.verb in EXTREMES and line.unit in SPREADS and not line.metrics
    if spread and any(which in ("which", "what") and what == UNKNOWN for which, what in pairwise(plain)):
        raise Unanswerable("That is not among what can be ranked: batches, cases, groups, corruptions or methods.")
    by = any(of == "by" and tag in line.metrics for of, tag in pairwise(plain))
    extreme = line.verb in EXTREMES and not by and not {*linked.spelt} & ({*TOWARDS} - {"most", "least"})
    what_kind = any(end in TOWARDS and what == UNKNOWN for end, what in pairwise(plain))
    if line.unit in TABLES and what_kind and not words & {*BATCHES, *NOUNS, *REVIEWING}:
        raise Unanswerable("Say what is to be ranked: batches, cases, models, groups, corruptions or methods.")
    unknown = any(most in ("most", "least") and what == UNKNOWN for most, what in pairwise(plain))
    if unknown and (extreme or not line.metrics):
        raise Unanswerable("That quality is not recorded: name a metric, such as Dice or IoU.")
    own = any(len(linked.meanings[tag].tasks) == 1 for tag in linked.tags("MPT"))
    if not own and any(what == UNKNOWN and _of_a_kind(tag, linked) for what, tag in pairwise(plain)):
        raise Unanswerable("Networks of that kind are not recorded.")
    if _point(linked, plain):
        raise Unanswerable("That operating point is not recorded: ask at which threshold a model works.")
    _refuse_orders(linked, plain, words)
    if line.verb == "count" and "patients" in words and words & {"images", "pictures", "come", "came", "agreed"}:
        raise Unanswerable("Patients are not recorded: ask for cases.")
    beyond = any("against" in two and UNKNOWN in rest for *two, rest in zip(plain, plain[1:], plain[2:], strict=False))
    if beyond and line.verb in (*EXTREMES, "value", "list"):
        raise Unanswerable("That condition is not recorded.")
    if line.place == "batch" and not words & {"batch", "batches"}:
        raise Unanswerable("What that number stands for is not clear: write batch before the number of one.")
    liked = line.verb in EXTREMES and words & LIKING and "you" in words  # `which network do you like most`
    if not line.metrics and (liked or (line.verb == "compare" and words & (ADVICE | LIKING))):
        raise Unanswerable("The records recommend nothing: ask which model has the highest of a metric.")


def _commanded(spelt: Sequence[str]) -> bool:
    """`Please rerun the search`, `how do I rerun it`; and not `I want to rerun the loader for that one`."""
    before = ("", "please", "you", "i", "kindly", "and", "then", "we")
    return any(word in COMMANDS and one in before for one, word in pairwise(("", *spelt)))


def _refuse_orders(linked: Linked, plain: Sequence[str], words: set[str]) -> None:
    """Raises `Unanswerable` for orders, causes and advice, and for scores of other places."""
    pairs = {*pairwise(linked.spelt)}
    order = (("now", "on") in pairs and "from" in words) or ("drop", "table") in pairs or _commanded(linked.spelt)
    if order or any(words >= said for said in STATEMENTS):
        raise Unanswerable("The records answer questions, and take no orders.")
    to_number = any(to == "to" and tag in linked.numbers for to, tag in pairwise(plain))
    if plain[:1] and plain[0] in ORDERING and to_number:  # `lower its threshold to 0.05 for me`
        raise Unanswerable("The records answer questions, and take no orders.")
    if any(one in DISREGARDING and other in RECORDS for one, other in pairwise(plain)):
        raise Unanswerable("The records answer questions, and take no orders.")
    if pairs & CAUSES or words >= {"from", "what", "comes"} or (("due", "to") in pairs and "what" in words):
        raise Unanswerable("The records hold no causes.")
    if pairs & {(should, who) for should in ("should", "ought") for who in ("i", "we")} and words & TAKING:
        raise Unanswerable("The records recommend nothing: ask at which threshold a model works.")
    if words & ELSEWHERE:
        raise Unanswerable("Scores of other places are not recorded: those here are of the official splits.")


def _condition(plain: Sequence[str]) -> bool:
    """`Lesions on a <unk>`, `Dice on <unk>`, `with <unk> cases`."""
    for noun, of, what in zip(plain, plain[1:], plain[2:], strict=False):
        known = noun in NOUNS or (of == "on" and is_tag(noun, "KXM"))
        if known and of in WITHIN and what == UNKNOWN:
            return True
    modified = zip(plain, plain[1:], plain[2:], strict=False)  # `lateral projection accuracy`
    if any(one == other == UNKNOWN and is_tag(tag, "KX") for one, other, tag in modified):
        return True
    ends = (*plain, "?", "?")
    for held, of, what, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        known = held in ("have", "has", "get", "got") or is_tag(held, "KXM")
        if known and of == "for" and what == UNKNOWN and after in ("on", "in", "?", ","):
            return True
    cells = {"cells", "tissue", "tissues"}
    if any(
        one == "for" and two == UNKNOWN and then in cells
        for one, two, then in zip(ends, ends[1:], ends[2:], strict=False)
    ):
        return True
    numbered = {case for case, name in pairwise(plain) if case in NOUNS and is_tag(name, "CN")}  # `retinal case 7`
    return any(
        of in AMONG
        and what == UNKNOWN
        and after not in numbered
        and (after in KINDS or (of in ("with", "without") and after in BESIDE))
        for of, what, after in zip(ends, ends[1:], ends[2:], strict=False)
    )


def _of_a_kind(tag: str, linked: Linked) -> bool:
    """Whether a tag stands for all tasks of one kind, such as `classifiers`."""
    return tag in linked.meanings and len(linked.meanings[tag].tasks) > 1


def _pronoun(plain: Sequence[str]) -> bool:
    """Whether something unknown is taken up again: `with them`, `for those`."""
    return any(of in (*AMONG, "for") and what in THEM for of, what in pairwise(plain))


def _point(linked: Linked, plain: Sequence[str]) -> bool:
    """`At the <unk> threshold`, `with threshold 0.9`: there are operating points that are recorded."""
    cut = any(at == "at" and number in linked.numbers for at, number in pairwise(plain))
    if cut and {*linked.spelt} & {"cut", "binarised", "thresholded"} and linked.tags("KX"):
        return True
    own = {tag for tag in linked.tags("Q") if ("at_threshold",) in linked.meanings[tag].conditions}
    if any(tag in own and number in linked.numbers for tag, number in pairwise([t for t in plain if t != "of"])):
        return True  # `the precision at threshold 0.5`
    points = {tag for tag in linked.tags("K") if linked.meanings[tag].metrics == {("threshold",)}}
    if not points or len(linked.tags("KX")) < 2:
        return False
    named = [one for one, other in pairwise(linked.tokens) if other in points and one.isalpha()]
    if "at" in linked.tokens and any(word not in OF_POINTS for word in named):
        return True  # `at the triage operating point`
    return any(
        (one == UNKNOWN and other in points) or (one in points and other in linked.numbers)
        for one, other in pairwise([token for token in plain if token not in ("of", "at", "to")])
    )


def _strength(linked: Linked) -> bool:
    """Whether a corruption has a strength that is not recorded: those that are belong to its name."""
    plain = [token for token in linked.tokens if token not in (*STRENGTH, UNKNOWN, "with", "down", "to")]
    return any(is_axis(tag, linked) and after in linked.numbers for tag, after in pairwise(plain))


def is_axis(tag: str, linked: Linked) -> bool:
    """Whether a tag stands for a corruption without its strength; with one that is recorded it is a name of its own."""
    choices = linked.meanings[tag].conditions if tag in linked.meanings else set()
    return bool(choices) and {*choices} <= {(name,) for name in CORRUPTIONS}
