"""Metrics that a question describes without their names: `what share of the true lesion does it find` is recall."""

from itertools import pairwise

from glassbox.llm.catalogue import CLASS, POINT
from glassbox.llm.linker import Linked
from glassbox.llm.words import (
    BOUNDING,
    CLEARED,
    COUNTING,
    DETECTING,
    DRAWN,
    FAILING,
    FLAGGED,
    FOUND,
    HEALTHY,
    LABELLED,
    NOT,
    OUTLINED,
    PAINTED,
    PART,
    RECOGNISING,
    RIGHTLY,
    SICK,
    STRAYING,
    TRULY,
    WRONG,
)

AVERAGED = {"median", "typical", "biggest", "largest", "smallest", "average", "maximum", "minimum"}
ONE_PICTURE = {"picture", "image", "photo", "pictures", "images", "pic", "pics", "frame"}
CALLS = {"as", "call", "calls", "labels", "label"}  # before the class that is told and may not be the true one
TARGETS = {"lesion", "lesions", "vessel", "vessels", "target", "foreground", "mole", "moles", "spot", "spots"}
OF_CUE = {("ratio",), ("mass",), ("model",), ("without",)}
ON_CUE = {"relevance", "falls", "fall", "factor", "ratio", "mass", "react", "share", "fraction", "part", "weight",
          "lies", "lands"}  # fmt: skip


def paraphrased(linked: Linked) -> str | None:
    """The metric that a question describes: `what share of the true lesion does it find` is recall.

    A number in it is no more than a bound: `does it find over 90 % of the lesion`.
    """
    words = set(linked.spelt)
    bounds = {tag for word, tag in pairwise(linked.tokens) if word in BOUNDING}
    if linked.tags("UK") or not linked.tags("MPXT"):
        return None
    far = words >= {"how", "far"} or words >= {"how", "many", "pixels"}
    if far and words & STRAYING and words & DRAWN and not words & {"most", "batch", "least", "worst"}:
        return "hd95_px"
    if {*linked.numbers} - bounds - {tag for word, tag in pairwise(linked.tokens) if word == "batch"}:
        return None
    if words & AVERAGED and words & PART and words & ONE_PICTURE and words & TARGETS and not linked.tags("MPX"):
        return "target_share"  # `the median share of the picture that a lesion takes up`
    if words & (PART - {"rate", "often"}) and words & FOUND and "lesions" in words and not words & NOT:
        return "detection_rate"
    at_all = ("at", "all") in pairwise(linked.spelt)
    if at_all and words & {"rate", "often"} and words & DETECTING and words & TARGETS and not words & NOT:
        return "detection_rate"  # `how often does it detect the mole at all`
    if not words & (PART | {"much", "more", "less"}) and not linked.percent and not bounds:
        return None
    if words & PART and words & {"failure", "failures"} and not words & NOT:
        return "failure_rate"
    if at_all:
        return None
    share = words & (PART - {"rate"}) and words & {"pixels"} and words & PAINTED
    if share and words & {"none", "healthy", "shouldnt", "nothing", "wrongly", "skin"} and not words & {"not"}:
        return "false_positive_percent"  # `what percentage of pixels did it mark as lesion where there was none`
    if words & {"get", "gets"} and "right" in words and words & {"often", "share", "fraction", "proportion"}:
        return "specificity" if words & HEALTHY else "recall" if words & SICK else "accuracy"
    marked = [at for at, word in enumerate(linked.spelt) if word in PAINTED]
    truly = [at for at, word in enumerate(linked.spelt) if word in TRULY]
    if marked and truly and marked[0] < truly[-1] and words & (PART - {"rate"}) and not _the_true_one(linked):
        return "precision"
    if words & {"correctly", "right", "correct"} and (words & LABELLED or "often" in words):
        own = "specificity" if words & HEALTHY else "recall"
        return own if words & (HEALTHY | SICK) else "accuracy"
    classes = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    says = words & {"says", "say", "calls", "call", "answers", "predicts"} and words & {"often", "really", "truly"}
    if says and any(linked.tokens.count(tag) > 1 for tag in linked.tags("Q")) and "how" in words:
        return "precision"  # `when it says debris, how often is it debris`
    one_class = len(classes) == 1 and {parts[0] for parts in classes[0]} == {CLASS}
    if one_class and words & (PART - {"rate"}) and words & RECOGNISING and not words & (NOT | FAILING):
        return "recall"
    found = words & OUTLINED or ("much" in words and words & TARGETS)
    return "recall" if words & FOUND and found and not words & NOT else None


def _the_true_one(linked: Linked) -> bool:
    """Whether a part of what is truly there is asked for, not of what was drawn: `what share of the true lesion`."""
    return any(one in ("true", "real", "genuine") and noun in OUTLINED for one, noun in pairwise(linked.spelt))


def at_point(linked: Linked, words: set[str]) -> str | None:
    """Which count of an operating point is asked for: `healthy children wrongly flagged` are false positives."""
    named = [sorted(linked.meanings[tag].conditions)[0] for tag in linked.tags("Q")]
    points = any(parts[0] == POINT for parts in named)
    classes = [parts[1] for parts in named if parts[0] == CLASS and len(parts) == 2]
    if points and len(classes) == 2 and words & {"called", "labelled", "labeled", "taken"} and words & COUNTING:
        return {(True, False): "fn", (False, True): "fp"}.get((classes[0] in SICK, classes[1] in SICK))
    counting = words & (COUNTING | RIGHTLY | WRONG | {"falsely"})
    sick = {word for before, word in pairwise(("", *linked.spelt)) if word in SICK and before not in CALLS}
    if not points or not counting or linked.tags("KN") or bool(words & HEALTHY) == bool(sick):
        return None
    cleared, flagged = words & CLEARED, words & (FLAGGED | {"alarm", "alarms", *CALLS - {"as"}})
    lost = words & {"miss", "missed", "misses", "slip", "slips", "slipped"}
    passed = bool(cleared) != bool(flagged and (words & (NOT | FAILING) or lost))
    if not (cleared or flagged or lost):
        return None
    passed = passed or bool(lost)
    return ("tn" if passed else "fp") if words & HEALTHY else ("fn" if passed else "tp")


def of_chart(linked: Linked) -> set[str]:
    """The conditions that name the colour chart of a planted cue."""
    return {tag for tag in linked.tags("Q") if any(parts[0] == "chart" for parts in linked.meanings[tag].conditions)}


def on_cue(linked: Linked, words: set[str]) -> str | None:
    """What is asked of an explanation's relevance on a planted cue: of a network that learned it, of one that did not.

    `By what factor` asks for the ratio of the two.
    """
    classes = {tag for tag in linked.tags("Q") if any(CLASS in parts for parts in linked.meanings[tag].conditions)}
    chart = of_chart(linked)
    methods = [tag for tag in linked.tags("Q") if tag not in {*classes, *chart}]
    tasks = {task for tag in linked.tags("T") for task in linked.meanings[tag].tasks}
    models = {name for tag in linked.tags("M") for name in linked.meanings[tag].models}
    cue = "cue" in words or bool(chart) or any("cue" in task for task in {*tasks, *models})
    known = all(linked.meanings[tag].metrics <= OF_CUE for tag in linked.tags("K"))
    if len(methods) != 1 or not cue or linked.tags("XPNC") or not known or not (words & ON_CUE or linked.tags("K")):
        return None
    asked = {parts for tag in linked.tags("K") for parts in linked.meanings[tag].metrics}
    if words & {"factor", "ratio", "times"} or asked == {("ratio",)}:
        return "ratio"
    if asked in ({("without",)}, {("model",)}):
        return next(iter(asked))[0]
    return "without" if words & {"without", "never", "unbiased", "clean", "control"} else "model"
