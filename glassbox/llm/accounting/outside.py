"""What stands outside of the records beside what they hold: who, how fast, what if, by another measure.

A question that names a metric and a model may ask for something else of them, and a small model reads past it.
"""

from itertools import pairwise

from glassbox.llm.accounting.ends import RATES
from glassbox.llm.accounting.question import Question
from glassbox.llm.beyond import AXES, READERS
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import PIXELS, TOLERANCE
from glassbox.llm.places import FAILURES
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.words import MOVED, REVIEWING, WRONG

UNCOUNTED = {
    "complaints", "complaint", "lawsuits", "lawsuit", "euros", "dollars", "pounds",
    "manufacturer", "manufacturers", "vendor", "vendors", "laboratory", "laboratories", "lab", "labs", "reproduced",
    "replicated", "toddlers", "infants", "babies", "teenagers",
    "megabytes", "gigabytes", "kilobytes", "bytes", "emails", "clicks", "visits", "biopsies", "operations", "deaths",
    "intensive", "hospitalised", "hospitalized", "discharged", "admitted",
}  # fmt: skip
SPEEDS = {"fastest", "slowest", "faster", "slower", "newest", "oldest", "cheapest", "quickest"}
TAUGHT = {"interesting", "instructive", "educational", "photogenic"}
COEFFICIENTS = {"pearson", "spearman", "kendall", "cohen", "hedges", "glass", "cramer"}
DONE = {"drew", "trained", "annotated", "wrote", "made", "labelled", "labeled", "delineated", "built"}
FINER = {"thinner", "thicker", "younger", "older"}
SPANS = {"day", "week", "month", "year", "hour", "shift"}
TIMES = {"seconds", "minutes", "hours", "days", "weeks", "months", "epochs", "passes"}
SUREST = {
    ("trusts", "most"),
    ("trust", "most"),
    ("most", "sure"),
    ("most", "certain"),
    ("most", "confident"),
    ("at", "random"),
}
SCORES = {"dice", "iou", "recall", "precision", "accuracy", "specificity"}
CHANGING = {"go", "increase", "improve", "rise", "drop", "fall", "change", "decrease", "grow"}
REACHING = {"get", "reach", "achieve", "have", "score", "obtain", "manage", "attain"}
BELONGING = {"belong", "belongs", "belonging", "whose"}
REVIEWED, BINS = 0.2, 15  # as they are recorded


def _uncounted(q: Question) -> str | None:
    """`Complaints about its false positives`, `the slowest variant`, `false alarms a day`: of these nothing is held."""
    if q.words & (UNCOUNTED | SPEEDS | TAUGHT):
        return "The records hold scores of pictures, and nothing of that."
    if any(one == "many" and then in TIMES for one, then in q.pairs):  # `how many minutes did it take to train`
        return "The records hold scores of pictures, and no times."
    if "caught" in q.measures and SUREST & {*q.pairs}:  # it is the least certain that are reviewed
        return "What reviewing others than the least certain cases would catch is not recorded."
    if ("many", "vessels") in q.pairs and q.line.verb == "count":
        return "The records tell of pictures, and not of what is seen in one."
    if any(
        one in ("does", "did") and who == UNKNOWN and then in REACHING
        for (one, who), (_, then) in pairwise(pairwise(q.linked.tokens))
    ):  # `what IoU does another network get on isic`
        return "That is none of the recorded models."
    if q.words & BELONGING and q.words & {"patient", "patients", "whom", "person"}:
        return "Persons are not recorded: ask for cases."
    if {("from", "our"), ("our", "own"), ("my", "own"), ("from", "us")} & {*q.pairs}:
        return "Where pictures come from, and how one's own readers do, is not recorded."
    if any(one in ("a", "per", "each") and then in SPANS for one, then in pairwise(q.linked.spelt)):
        return "The records tell of test pictures, and of no time."
    if ("many", "patients") in q.pairs or any(one == "many" and who in READERS for one, who in q.pairs):
        return "Persons are not recorded: ask for cases."
    several = len(q.linked.tags("MP")) > 1  # `who drew the better outline, isic-base or isic-recall`
    if any(one == "who" and did in DONE for one, did in q.pairs) and not several:
        return "Who made something is not recorded."
    return None


def _otherwise(q: Question) -> str | None:
    """`If the lesions were all large`, `with augmentation turned off`, `leaving the diseased ones aside`."""
    moved = q.words & (MOVED | REVIEWING | {"sent", "threshold", "cut", "cutoff"})
    supposed = next((word for word in ("if", "suppose", "supposing", "imagine") if word in q.words), None)
    if supposed and "were" in q.words and not moved and q.plain.index(supposed) < q.plain.index("were"):
        return "The records tell what is, and not what would be."
    if q.plain[:1] == ["would"] and q.words & CHANGING and q.words & {"with", "if", "on"} and not moved:
        return "The records tell what is, and not what would be."
    if ("by", "reviewing") in q.pairs and q.measures and q.measures <= SCORES:
        return "What the scores would be after a review is not recorded: ask what share of the failures is caught."
    off = {("turned", "off"), ("switched", "off"), ("thrown", "out"), ("were", "removed")} & {*q.pairs}
    if off or ("aside" in q.words and q.words & {"leaving", "leave", "left"} and not (q.line.but or q.line.held)):
        return "What is left when something is left out is not recorded."
    if q.words & FINER:
        return "That condition is not recorded."
    trained = any(one == "trained" and on in ("on", "with") for one, on in q.pairs) and q.plain[:1] != ["how"]
    sizes = q.measures <= {"cases", "n", "classes"}
    learned = trained and (q.words & WRONG or (q.line.metrics and not sizes and {"it", "was"} <= q.words))
    return "Scores on the training pictures are not recorded." if learned else None


def _measured_otherwise(q: Question) -> str | None:
    """`At 3 px`, `with twenty bins`, `when 10 % are reviewed`, `at 95 % specificity`: recorded at one value alone."""
    numbers, spelt = q.linked.numbers, q.plain
    behind = [(tag, spelt[at + 1 : at + 2]) for at, tag in enumerate(spelt) if tag in numbers]
    if q.measures & {"surface_dice_2px", "agreement"} and not q.line.test:
        pixels = [numbers[tag].value for tag, noun in behind if {*noun} & {*PIXELS}]
        if any(value != TOLERANCE for value in pixels):
            return "The surface Dice is recorded at a tolerance of 2 px."
    if q.measures & {"ece"} and q.words & {"bins", "bin"} and any(numbers[tag].value != BINS for tag, _ in behind):
        return f"The ECE is recorded over {BINS} bins."
    if q.measures & {"caught"} and any(numbers[t].percent and numbers[t].value != REVIEWED for t, _ in behind):
        return "What a review catches is recorded for a review of 20 % of the cases."
    fixed = any(
        at and spelt[at - 1] == "at" and tag in numbers and is_tag((*spelt[at + 1 :], "")[0], "K")
        for at, tag in enumerate(spelt)
    )
    if fixed and q.line.verb == "value" and len(q.line.metrics) > 1:
        return "Of a metric at a fixed value of another nothing is recorded: ask for an operating point."
    last = [word for word in q.plain if word != "?"][-1:] == ["not"]
    if q.line.test and last:  # `recall is above 0.95 but precision is not`
        return "Say each condition as a metric with its bound, joined by `and`."
    if (
        any(no == "not" and tag in q.line.metrics and is_tag(tag, "K") for no, tag in q.pairs)
        and q.line.verb == "value"
    ):
        return "What is recorded is told, and nothing in its place."
    return None


def _reckoned(q: Question) -> str | None:
    """`The ratio of false positives to false negatives`, `Cohen's d`, `the same gap for another`: not computed."""
    if q.words & COEFFICIENTS:
        return "That statistic is not recorded: means, medians, and the highest or lowest can be asked for."
    gaps = sum(word in ("gap", "drop", "difference", "gain", "loss") for word in q.plain)
    if gaps > 1 and q.line.verb in ("difference", "compare"):
        return "How far two differences are apart is not computed: ask for each."
    ratio = any(q.parts(tag, "K") == {("ratio",)} for tag in q.linked.tags("K")) or "ratio" in q.words
    if ratio and len(q.linked.tags("KX")) > 2 and q.line.verb == "value":
        return "Ratios of two numbers are not computed: ask for each."
    two = sum(tag[0] != "T" for tag in q.line.models) > 1
    if two and q.words & {"percentage", "percent", "fraction"} and q.measures and q.measures <= RATES:
        return "How many times as much is not computed: ask for both numbers."
    instead = any(no == "not" and other in ("median", "mean", "average") for no, other in q.pairs)
    if instead and not q.linked.tags("Q"):  # `pooled, not the mean` is recorded
        return "What is recorded is told, and nothing in its place."
    joined = "together" in q.words and (len(q.linked.tags("Q")) > 1 or ("go", "together") in q.pairs)
    if joined and q.line.verb == "value":
        return "What two of them are together is not recorded: ask for each."
    axis = any(
        len(parts) == 1 and parts[0] in AXES
        for tag in q.linked.tags("Q")
        for parts in q.linked.meanings[tag].conditions
    )
    if "both" in q.words and axis and q.line.verb == "value":
        return "Ask for one group at a time: what is in two of them is not recorded."
    every = any(one == "every" and is_tag(tag, "K") for one, tag in q.pairs)
    lost = any(q.parts(tag, "K") <= FAILURES for tag in q.linked.tags("K"))
    if every and "many" in q.words and not lost:
        return "Ratios of two numbers are not computed: ask for each."
    return None


RULES = (_uncounted, _otherwise, _measured_otherwise, _reckoned)
