"""What tells half of what is asked, or another form of it.

Where a model does not know a word for a group or a metric, it leaves it out: a difference between two groups becomes
one between a group and all, a change becomes a value, healthy children all children. None of these is told.
"""

from itertools import pairwise

from glassbox.llm.accounting.question import Question
from glassbox.llm.beyond import AXES
from glassbox.llm.catalogue import CLASS, INTERVAL, POINT, Catalogue
from glassbox.llm.language import EXTREMES
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.sql import paired
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.typed import Query
from glassbox.llm.words import CALLED, COUNTING, HEALTHY, LOST, RATHER, SICK, SPREAD

WHOLE = {
    "overall", "whole", "all", "total", "general", "average", "mean", "usual", "normal", "everything", "itself",
    "altogether", "entire", "full", "rest", "others", "typical", "plain", "undisturbed", "clean", "original",
    "unmodified", "uncorrupted", "none", "untouched", "baseline", "with", "without", "complete", "not", "no",
    "averaged", "per",
}  # fmt: skip
SIDES = {
    "difference", "differences", "differ", "differs", "gap", "drop", "drops", "rise", "rises",
    "minus", "less", "versus", "vs", "between", "apart", "compared", "than", "extra", "change", "changes", "gain",
    "gains", "lose", "loses", "lost", "cost", "costs",
}  # fmt: skip
OPPOSED = {"versus", "vs", "minus", "against"}
PAIRED = {*AXES, *CORRUPTIONS, CLASS, POINT, "edge", "traced", "bubbles", "ruler", "chart", "vignette", "bacteria",
          "virus"}  # fmt: skip
ENDED = {
    "most", "least", "best", "worst", "top", "bottom", "first", "last", "max", "min", "maximum", "minimum", "peak",
    "more", "less", "better", "worse", "leads", "leading", "lead", "leader", "wins", "win", "winner", "ahead",
    "trails", "struggles", "struggle", "weak", "hard", "trouble", "outperforms", "beats", "range", "ranges",
    "extreme", "extremes", "ceiling", "floor", "runner", "second", "third", "champion", "favourite",
    "hurts", "hurt", "harms", "prone", "spread",
}  # fmt: skip
CHANGES = {
    "lose", "loses", "lost", "losing", "save", "saves", "saved", "separates", "separate", "outnumber", "outnumbers",
    "shrink", "shrinks", "shrunk", "narrow", "narrows", "cost", "costs", "sink", "sinks", "slips", "slip",
    "vanishes", "disappears", "exceed", "exceeds", "fall", "falls", "fell", "decrease", "decreases", "increase",
    "increases", "improve", "improves", "improved", "worsen", "worsens",
}  # fmt: skip
LISTED = {
    "list", "lists", "each", "every", "all", "per", "by", "show", "table", "which", "cases", "images", "names",
    "name", "individual", "pictures", "them", "their", "batches", "methods", "groups", "models", "classes",
    "corruptions", "across", "those", "these", "breakdown", "values", "scores", "photos", "films", "tiles", "lesions",
    "moles", "spots", "separately", "one", "subgroup", "subgroups", "group", "case", "enumerate", "networks",
    "variants", "single", "various", "different", "splits", "sets", "rows", "column", "series", "points", "thirds",
    "third", "conditions", "retinas", "scans", "slides", "patches", "eyes", "nets",
}  # fmt: skip
ONE = {"what", "how", "has", "have", "does", "if"}  # a value is asked for
TAUGHT = {"train", "trained", "learn", "learned", "learnt", "tuning", "tune", "fit", "fitted"}
SIZES = {"cases", "n", "support", "samples"}


def _one_side(q: Question) -> str | None:
    """`The gap between the tiniest and the largest`, where one of them has a name that is not known."""
    groups = {frozenset(q.linked.meanings[tag].conditions) for tag in q.linked.tags("Q")}
    one = len(groups) == 1 and len(q.line.metrics) == 1 and len(q.linked.tags("KX")) == 1
    several = len(q.line.models) > 1 or len(q.line.at) > 1
    both = any(q.linked.meanings[tag].each for tag in q.linked.tags("Q"))
    told = q.line.verb in ("difference", "compare") or (q.line.verb == "value" and q.words & OPPOSED)
    if not told or not one or several or both:
        return None
    if q.kinds - PAIRED or q.words & WHOLE or not q.words & SIDES:
        return None
    if q.kinds <= {*CORRUPTIONS} and q.words & CHANGES and not (q.linked.numbers or q.words & RATHER):
        return None  # `how much Dice is lost with 40 hairs`: from what it is without
    return "Ask for each of the two by name."


def _changed(q: Question) -> str | None:
    """`How much Dice is lost when a chart appears`, where a value is told and no difference."""
    under = q.line.test == "below" and q.words & {"below", "under", "beneath"}  # `that drag its Dice beneath 0.8`
    if q.line.unit == "corruption" and q.line.test and q.words & LOST and not under:  # `which cost at least 0.02 Dice`
        return "How much is lost is told of one corruption at a time: ask for the difference from none."
    went = {("go", "down"), ("goes", "down"), ("went", "down"), ("go", "up"), ("goes", "up"), ("went", "up")}
    to = any(word in CHANGES and then == "to" for word, then in q.pairs)  # `falls to how much`
    changes = (q.words & CHANGES and not to) or went & {*q.pairs}
    if q.line.verb not in ("value", "mean") or not changes or not ({"much", "many"} & q.words):
        return None
    return "Ask for the difference of two, by name."


def _part_of(q: Question) -> str | None:
    """`Films of healthy lungs`, `tiles to learn from`: where all are counted, or those of another split."""
    counted = q.line.verb == "count" and not (q.line.test or q.line.metrics or q.line.held)
    sized = q.line.verb == "value" and q.measures and q.measures <= SIZES
    if not (counted or sized):
        return None
    if counted and q.words & (HEALTHY | SICK) and not q.linked.tags("Q"):
        return "Say which class is to be counted, by its name."
    if counted and q.words & {"share", "fraction", "proportion"} and q.linked.tags("S"):
        return "How many cases there are is no share of them: say of what a share is asked."
    if q.words & TAUGHT and not q.linked.tags("S") and q.linked.tags("Q"):
        return "Say of which split: training, validation or test."
    return None


def _another_form(q: Question) -> str | None:
    """`What share ...` is no count of methods, and `what IoU has it if ...` no list of six hundred."""
    line = q.line
    bare = not (line.test or line.order or line.limit or line.place or line.held or line.at)
    counted = line.verb == "count" and line.unit in ("method", "corruption", "group") and bare
    if counted and q.words & {"than", "tenfold"}:
        return "Say how many have a metric above or below a number."
    if line.verb == "count" and line.unit == "method" and bare and not q.words & (COUNTING | {"methods"}):
        return "Ask for a method by its name."
    if counted and not line.metrics and not q.words & (CALLED[str(line.unit)] | SPREAD):
        return f"Ask how many {line.unit}s there are."
    spread = line.verb == "list" and bare and line.metrics and line.unit in ("case", "batch", "corruption")
    if spread and q.words & ONE and not (q.words & LISTED or q.linked.tags("Q")):
        return "Ask for a list of cases, or for one value."
    if (
        line.verb == "list"
        and bare
        and line.unit == "corruption"
        and q.words & {"mean", "average"}
        and q.linked.numbers
    ):
        return "Means over some of the corruptions are not computed: ask for the list, or for the mean over all."
    return None


def _no_end(q: Question) -> str | None:
    """`What rule-in point was fixed`: no best and no worst is asked for."""
    ends = q.ends or any(word.endswith("est") for word in q.words) or q.words & ENDED
    if q.line.verb not in EXTREMES or q.line.unit != "group" or ends or q.line.held:
        return None
    return "Say which end is asked for: the best or the worst, the highest or the lowest."


def _denied(q: Question) -> str | None:
    """`Not badly out of focus`, `not on brown skin`: the opposite of a condition is another one, by its own name."""
    tokens = q.linked.tokens
    for at, word in enumerate(tokens[:-1]):
        near = [tag for tag in tokens[at + 1 : at + 3] if is_tag(tag, "Q")]
        if word == "not" and near and q.line.verb == "value" and not q.line.but:
            return "Ask for a condition by its own name, and not for its opposite."
    return None


def _of_a_kind(q: Question) -> str | None:
    """`In the knees-and-elbows group`: a group of a name that nothing has is not all."""
    if (UNKNOWN, "group") in pairwise(q.linked.tokens) and not q.linked.tags("Q"):
        return "That group is not recorded."
    return None


def _largest(q: Question) -> str | None:
    """`The plain maximum, rather than the 95th percentile`: of all points of two borders, no other distance is held."""
    other = {("rather", "than"), ("instead", "of"), ("not", "95th")} & {*q.pairs}
    if "hd95_px" in q.measures and q.line.verb == "value" and other and q.words & {"maximum", "max", "mean", "average"}:
        return "Of the distance between two borders the 95th percentile alone is recorded."
    return None


def without_interval(linked: Linked, query: Query, catalogue: Catalogue) -> str | None:
    """`The interval of the pooled Dice`: of a value that has none, the value alone is not what was asked."""
    apart = {*linked.spelt} & {"paired", "difference", "gap", "margin"} and len(query.models) == 2
    if query.verb in ("compare", "difference") and apart and {*linked.spelt} & {"interval", "intervals", "ci"}:
        return None if paired(query, catalogue) else "No paired difference of these two is recorded."
    if query.verb != "value" or not {*linked.spelt} & {"interval", "intervals", "ci", "cis", "bounds", "limits"}:
        return None
    ends = any(entry.metric.endswith(INTERVAL) for entry in query.entries)
    known = ends or any(catalogue.interval(entry) for entry in query.entries)
    return None if known else "No interval is recorded of that, but the value alone."


RULES = (_of_a_kind, _largest, _denied, _no_end, _one_side, _changed, _part_of, _another_form)
