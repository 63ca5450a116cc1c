"""Conditions, causes and advice that stand beside what a line holds: `on the arm`, `at Mayo`, `and why`.

A small model leaves them out, and the number of all cases would be told in the place of theirs.
"""

from glassbox.llm.accounting.question import Question
from glassbox.llm.language import AVERAGES, EXTREMES
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import CASES, YEARS
from glassbox.llm.naming import is_tag
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.words import COUNTING, PICTURES

BODY = {
    "foot", "feet", "arm", "arms", "back", "face", "neck", "leg", "legs", "scalp", "nose", "ear", "ears", "hand",
    "hands", "palm", "palms", "trunk", "toe", "toes", "nail", "nails", "shoulder", "belly", "cheek", "lip", "knee",
    "thigh", "calf", "torso", "head", "eyelid",
}  # fmt: skip
WHERE = {"on", "in", "at", "from", "during", "since", "for", "by"}
WHOSE = {"my", "our", "your", "his", "her", "their", "own", "this", "that", "these", "those", "its", "both", "each"}
SHOWN = {*CASES} | PICTURES | {"spot", "spots", "marks", "naevi", "moles"}
CAUSES = {("and", "why"), ("how", "can"), ("how", "could"), ("what", "should"),
          ("why", "is"), ("why", "?")}  # fmt: skip
CHANGING = {"halve", "double", "remove", "removed", "train", "retrain", "shrink", "enlarge", "crop", "rotate", "change",
            "changed"}  # fmt: skip
EDITIONS = (2017, 2018)  # of ISIC
MUST = {"have", "reach", "get", "achieve", "?"}
BLAMED = {"fault", "blame"}
DISMISSED = {"unlike", "forget", "disregarding", "nevermind"}
GROUPED = {"size", "contrast", "hair", "ita_deg", "edge", "traced"}
TOGETHER = {"combined", "together", "plus", "simultaneously", "jointly", "combination", "atop"}
OTHER_NETWORKS = {"ensemble", "ensembles", "ensembled", "ensembling", "dropout", "bayesian", "distilled", "pruned",
                  "quantised", "quantized"}  # fmt: skip
ROBUST = {"robust", "robustness", "resistant", "resistance", "resilient", "resilience", "stability"}
TOLD = ("value", "compare", "difference", "count", "list", *AVERAGES, *EXTREMES)


def _condition(q: Question) -> str | None:
    """`On the arm`, `at Mayo`, `in 2023`: right behind a name or a number, and no name itself."""
    if q.line.verb not in TOLD:
        return None
    strange = {word for word, token in zip(q.linked.spelt, q.linked.tokens, strict=True) if token == UNKNOWN}
    for at, (left, where) in enumerate(q.pairs):
        if where not in WHERE or not is_tag(left, "MKXPTCN"):
            continue
        what, *after = [*(word for word in q.plain[at + 2 : at + 6] if word not in WHOSE), "?"]
        ends = {*after[:2]} & {"?", ",", "have", "has", "had", "is", "was"} or len(after) < 2
        if what in strange and what not in SHOWN and not what.endswith("ing") and ends:
            return "That condition is not recorded."
    if _year(q) or _changed_pictures(q):
        return "That condition is not recorded."
    for at, word in enumerate(q.plain):
        before = [said for said in q.plain[max(at - 2, 0) : at] if said not in WHOSE][-1:]
        last = at == len(q.plain) - 1 and before and before[0] in {*q.linked.meanings, *q.linked.numbers}
        of_body = word in BODY and (last or {*before} & {"on", "of", "at", "from"})
        if of_body or (word == "side" and {*before} & {"left", "right"}):
            return "That condition is not recorded."
    if any(how in ("with", "from", "for", "in", "on") and is_tag(tag, "U") for how, tag in q.pairs):
        return "That condition is not recorded."
    return None


def _of_two(q: Question) -> str | None:
    """`Low contrast that also touch the edge`, `blur 4 and noise at once`: what is true of both is not recorded."""
    spoiled = {tag for tag in q.linked.tags("Q") if {p[0] for p in q.linked.meanings[tag].conditions} <= {*CORRUPTIONS}}
    if "also" in q.words and len(q.linked.tags("Q")) > 1 and q.line.verb in ("value", "compare"):
        return "Ask for one group at a time: what is in two of them is not recorded."
    parts = [p for tag in q.linked.tags("Q") for p in q.linked.meanings[tag].conditions if len(p) == 2]
    strong = any(p[0] in CORRUPTIONS and p[1][:1].isdigit() for p in parts)
    grouped = any(p[0] in GROUPED and not p[1][:1].isdigit() for p in parts)
    if strong and grouped and q.line.verb == "value":
        return "Corruptions are recorded over all cases, and not by group."
    if len(spoiled) > 1 and ("at", "once") in q.pairs:
        return "Corruptions are recorded one at a time."
    if len(spoiled) > 1 and q.words & TOGETHER and q.line.verb == "value":
        return "Corruptions are recorded one at a time."
    if q.line.verb == "difference" and len(q.line.metrics) > 1 and q.measures & {"stays_with_shuffled_weights"}:
        return "Ask whether the maps of a method stay with shuffled weights, or for their correlation."
    return None


def _against(q: Question) -> str | None:
    """`Zork vs isic-base`, `an ensemble of them`: of what is not recorded another's value would be told."""
    sides = zip(q.linked.tokens, q.linked.tokens[1:], q.linked.tokens[2:], strict=False)
    beside = any(
        against in ("vs", "versus", "against")
        and (UNKNOWN in (left, right) or (left.isalpha() and right.isalpha()))
        and right not in ("without", "with", "not", "no", "the", "its", "all")
        for left, against, right in sides
    )
    if (
        beside
        and "ratio" not in q.words
        and q.line.verb == "value"
        and len(q.line.models) < 2
        and len(q.linked.tags("Q")) < 2
    ):
        return "One of the two is not recorded: ask for each by its name."
    if q.words & OTHER_NETWORKS:
        return "Networks of that kind are not recorded."
    return None


def _year(q: Question) -> bool:
    """`In 2023`, `batch 3 of 2019`: a year that is no batch's and no bound."""
    taken = {*q.line.at, *q.line.bounds, q.line.limit}
    years = {tag for tag in q.linked.numbers if q.linked.numbers[tag].whole in YEARS and tag not in taken}
    years -= {tag for tag in years if q.linked.numbers[tag].value in EDITIONS}
    return any(when in ("in", "of", "since", "from") and tag in years for when, tag in q.pairs)


def _changed_pictures(q: Question) -> bool:
    """`If I halve the pictures`."""
    triples = zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
    return any(one == "if" and who in ("i", "we", "you", "they") and verb in CHANGING for one, who, verb in triples)


def _advice(q: Question) -> str | None:
    """`And why`, `what should we do`, `what recall should it have`: the records hold numbers alone."""
    happened = () if q.line.place else (("what", "happened"),)
    if {*q.pairs} & {*CAUSES, *happened} or q.words & BLAMED or ("that", "problem") in q.pairs:
        return "The records hold no causes, and recommend nothing."
    triples = zip(q.plain, q.plain[1:], [*q.plain[2:], "?"], strict=False)
    should = any(one == "should" and is_tag(tag, "M") and verb in MUST for one, tag, verb in triples)
    if should and not q.linked.tags("Q"):
        return "The records tell what is, and not what should be."
    alone = sum(tag[0] != "T" for tag in q.line.models) == 1
    if "winner" in q.words and q.line.verb in ("value", "compare") and alone:
        return "Scores of other places are not recorded: those here are of the official splits."
    several = len(q.linked.tags("MP")) > 1
    if several and q.words & DISMISSED:
        return "Name only what is asked for."
    wished = any(q.linked.numbers[tag].value > 1 for tag in q.line.bounds if tag in q.linked.numbers)
    if q.words & {"could", "would"} and q.line.test == "equal" and q.line.unit == "case" and wished:
        return "The records tell what is, and not what would be."
    if q.line.place and "overall" in q.words and q.line.verb == "value":
        return "Ask for the whole and for its part one after the other."
    return None


def _temper(q: Question) -> str | None:
    """`How robust is it`, `which case is it least certain of`: by which number that is measured is not said."""
    line = q.line
    named = any(one == "to" and not is_tag(then, "Q") and then.isalnum() for one, then in q.pairs)
    named = named and not any(one == "to" and then in ("by", "in", "on") for one, then in q.pairs)
    if named and q.words & ROBUST and line.verb in EXTREMES and not q.linked.tags("Q"):  # `to motion artefacts`
        return "That corruption is not recorded."
    if line.verb == "count" and q.words & {"robust", "stable", "resistant"} and not line.test:
        return "Ask for a metric under that corruption."
    bordering = q.words & {"border", "borders", "agree", "agrees", "boundary", "edges"}
    if bordering and line.verb in EXTREMES and not line.metrics:
        return "Name the metric that this is to be measured by."
    sure = q.words & {
        "confidence", "confident", "certain", "trust", "trusts", "trusted", "doubtful", "hesitate", "hesitates",
        "cautious", "unsure", "sure",
    }  # fmt: skip
    if sure and line.verb in EXTREMES and not line.metrics:
        return "Ask for the predicted quality."
    judged = q.words & {"easiest", "hardest", "telling", "predict", "knows", "spot", "detect"}
    if line.verb in EXTREMES and line.unit == "model" and judged and (q.measures & {"failures", "failure_rate"}):
        return "Ask for the AUROC of the predicted quality."
    counted = q.words & COUNTING and line.verb == "count" and line.unit == "case" and not line.place
    if counted and "batch" in q.words and not q.linked.numbers and not line.within:
        return "Ask for the cases of one batch by its number."
    if ("most", "often") in q.pairs and line.verb in EXTREMES and not line.metrics:
        return "Say by which metric they are to be ranked."
    two = sum(tag[0] != "T" for tag in line.models) > 1
    changed = q.words & {"worse", "improved", "changed", "rescue", "rescued", "bad", "good"}
    if (
        two
        and changed
        and (line.verb in EXTREMES or (line.verb == "list" and line.order))
        and line.unit in ("batch", "case")
        and not line.there
    ):
        return "Ask in which batch or case two models differ most."
    return None


RULES = (_condition, _of_two, _against, _advice, _temper)
