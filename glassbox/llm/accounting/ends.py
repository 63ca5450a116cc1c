"""Ends, spreads and statistics: what a line ranks by is one metric as it is recorded, from one end."""

from itertools import pairwise

from glassbox.llm.accounting.question import NOUNS, UNITS, Question
from glassbox.llm.asked import YES_OR_NO
from glassbox.llm.catalogue import CLASS
from glassbox.llm.language import AVERAGES, EXTREMES, TABLES
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import BATCHES, TOLERANCE
from glassbox.llm.ranking import AXES, RANKED_BY
from glassbox.llm.rest import INTERVALS
from glassbox.llm.units import RANKED
from glassbox.llm.words import ASKING, CLASSES, DETECTING, FAILING, FEWER, LARGER, RANGING, REVIEWING, TOWARDS

WIDE = {"stable", "consistent", "variable", "gap", "spread", "scatter", "varies", "vary", "swings", "uncertainty",
        "ratio", "difference", "differ", "differs", "disagree", "sum", "uncertain", "overestimate", "overestimates",
        "underestimate", "underestimates", "oversegments", "undersegments"}  # fmt: skip
WIDTHS = {"widest", "narrowest", "tightest", "broadest"}  # of an interval
RATES = {"dice", "iou", "precision", "recall", "specificity", "accuracy", "f1", "surface_dice_2px", "hd95_px"}
NEAR = {"closest", "nearest", "around", "approximately", "roughly", "nearer", "closer"}
ERRING = {"spills", "spill", "misses", "miss", "errs", "strays", "overlooks", "leaks"}
POOLING = {"pool", "pools", "pooling", "lump", "lumps", "lumped", "lumping"}
FAR = {"further", "farther", "furthest", "farthest"}
ANOTHER_KIND = {"adaptive", "classwise", "volumetric", "generalised", "generalized", "symmetric", "directed",
                "debiased", "clinical", "soft", "weighted", "smoothed", "fuzzy", "relaxed", "focal"}  # fmt: skip
STATISTICS = {
    "outlier", "outliers", "sd", "modal", "stdev",
    "trimmed", "geometric", "mode", "mad", "decile", "deciles", "quartile", "quartiles", "iqr", "deviation", "variance",
    "skew", "skewness", "kurtosis", "correlation", "correlate", "correlates", "covariance", "quantile", "relative",
    "winsorised", "winsorized", "rms", "mm", "millimetres", "millimeters", "cm",
}  # fmt: skip
TESTS = {"wilcoxon", "anova", "bonferroni", "holm", "mcnemar", "delong"}
VAGUE = {"uncertain", "reliable", "trustworthy", "calibrated", "confident", "sure", "robust"}
GIVEN = {"tta", "before", "after", "pooled"}
KINDS = {"even", "odd"}


def _end(q: Question) -> str | None:
    """`The Dice, and which is its worst batch`: an end that the line does not rank by."""
    line = q.line
    said = {*q.ends} & {"worst", "best", "highest", "lowest", "poorest", "weakest", "strongest"}
    other = line.verb == "value" and q.linked.tags("Q")
    ranked = any(what in ("what", "which") and rank in ("rank", "place", "position") for what, rank in q.pairs)
    if ranked:
        return "Say which place of the ranking is meant: the second best, the third worst."
    if q.words & REVIEWING or q.measures & {"caught"}:
        return None
    if said and line.verb in ("value", "count", "difference", *AVERAGES) and not q.ranked and not line.within:
        if line.place or other:
            return None
        return "Ask for the best or the worst by itself, and for the rest after it."
    return None


def _other_end(q: Question) -> str | None:
    """`Which spills over least`, `which border lies farthest off`: ranked from the end that is not meant."""
    errs_least = q.line.verb == "worst" and "least" in q.words and q.words & ERRING
    if errs_least or (q.line.verb == "best" and q.words & FAR):
        return "Say what is to be ranked, and from which end."
    return None


def _two_ends(q: Question) -> str | None:
    """`The highest Dice and the lowest recall`."""
    line = q.line
    if line.verb not in EXTREMES or line.within or line.there:
        return None
    said = q.words & (RANKED_BY | RANGING | LARGER | FEWER | ASKING | {"where"}) or q.linked.rank > 1
    if not said and not q.linked.tags("U") and line.unit in TABLES:
        return "Say what is to be ranked, and from which end."
    both = {*q.ends} >= {"best", "worst"} or {*q.ends} >= {"highest", "lowest"}
    if both and sum(tag[0] != "T" for tag in line.models) > 1:
        return "Ask for one model at a time."
    placed = (
        ("but", "one") in q.pairs
        or q.words & {"penultimate"}
        or any(ordinal in RANKED[1:] and place in ("place", "position") for ordinal, place in q.pairs)
    )
    if placed and q.linked.rank == 1:
        return "Say which place of the ranking is meant: the second best, the third worst."
    whole = any(len(parts) == 2 for tag in q.linked.tags("Q") for parts in q.linked.meanings[tag].conditions)
    given = whole or {parts[0] for tag in q.linked.tags("Q") for parts in q.linked.meanings[tag].conditions} & GIVEN
    own = q.kinds & ({*CORRUPTIONS} if line.unit == "corruption" else {*AXES, CLASS} | GIVEN)
    if (
        line.unit in ("group", "corruption")
        and own
        and given
        and not line.but
        and not q.words & FAILING
        and q.linked.spelt[:1] not in YES_OR_NO
    ):
        return "Of one group or condition the value is told: ask for it without an end."
    if any(word in ("after", "behind") and is_tag(tag, "MQ") for word, tag in q.pairs):
        return "Say which place of the ranking is meant: the second best, the third worst."
    found = any(q.linked.meanings[tag].metrics == {("detected",)} for tag in q.linked.tags("K"))
    if q.measures & {"failures"} and (q.words & DETECTING or found):
        return "Ask for the AUROC of the predicted quality."
    if len(q.linked.tags("KX")) < 2:
        return None
    if q.words >= {"high", "low"}:
        return "Say each condition as a metric with its bound, joined by `and`."
    sized = {"largest", "biggest", "smallest"}
    if any(size in sized and noun in ("group", "groups", "subgroup", "subgroups") for size, noun in q.pairs):
        return "Ranked is by metrics, and not by size: ask for the number of cases of one."
    if any(one in TOWARDS and other in TOWARDS for one, other in q.pairs):
        return "Ask for one end of a ranking at a time."
    if not line.metrics and any(size in sized and noun in UNITS for size, noun in q.pairs):
        return "Ranked is by metrics, and not by size: ask for the number of cases of one."
    beside = {end for end, tag in q.pairs if is_tag(tag, "KX")}
    verbs = {TOWARDS[word] for word in q.ends if word not in ("most", "least") or word in beside}
    opposed = verbs >= {"max", "min"} or verbs >= {"best", "worst"}
    return "Ask for one end of a ranking at a time." if opposed else None


def _wide(q: Question) -> str | None:
    """`The widest interval`, `the largest gap between precision and recall`: no line ranks by these."""
    both = {TOWARDS[word] for word in q.ends} >= {"max", "min"} or {*q.ends} >= {"best", "worst"}
    both = both or q.words >= {"maximum", "minimum"}  # whose difference is told
    wide = q.words & WIDE - ({"stable"} if q.line.unit == "method" else set())
    wide = wide or (q.words & WIDTHS and q.words & (INTERVALS | {"limits", "bounds"}))
    triples = zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
    added = any(one == "plus" and is_tag(before, "KX") and is_tag(after, "KX") for before, one, after in triples)
    if q.ranked and (added or (wide and not both)) and q.line.unit != "corruption":
        return "Rankings are by one metric as it is recorded, and not by a spread, a sum or a difference."
    return None


def _near(q: Question) -> str | None:
    """`A recall closest to 0.9`, `within 0.05 of the mean`."""
    line = q.line
    loosely = any(word in NEAR and then == "how" for word, then in q.pairs)  # `roughly how many`
    near = (q.words & NEAR and not loosely) or ("plus", "or") in q.pairs
    bounds = [q.linked.numbers[tag].value for tag in line.bounds if tag in q.linked.numbers]
    # `How many of 20 images are under 0.8`: the first number is no bound
    stray = line.test == "between" and not q.words & {"between", "from", "and"} and q.measures & (RATES - {"hd95_px"})
    if stray and len(bounds) > 1 and min(bounds) < 1 < max(bounds):
        return "Say what lies between two numbers: a Dice between 0.5 and 0.8, say."
    far = q.ranked and any(word in FAR and then in ("from", "to") for word, then in q.pairs)
    far = far and not q.measures & {"hd95_px"}
    within = any(word == "within" and tag in line.bounds for word, tag in q.pairs)
    within = within or (line.test == "equal" and "within" in q.words)
    if (line.test and (near or within)) or (q.ranked and q.words & {"closest", "nearest"}) or far:
        return "How near something is to a number is not ranked: ask for what lies above or below it."
    return None


def _of_ends(q: Question) -> str | None:
    """`Of the five worst batches, which has the best recall`; `the mean of the worst 10 cases`."""
    line = q.line
    places = [q.plain.index(word) for word in dict.fromkeys(q.ends)]
    other = len(places) > 1 and TOWARDS[q.plain[places[0]]] != line.order
    if line.limit and other and {*q.plain[:3]} & {"of", "among"} and not line.within:
        return "Ask for the ranking first, and then for what is within it."
    ordered = ("to", "worst") in q.pairs or ("to", "best") in q.pairs  # `from best to worst` is one ranking
    if line.limit and not ordered and ({*q.ends} >= {"best", "worst"} or {*q.ends} >= {"highest", "lowest"}):
        return "Ask for one end of a ranking at a time."
    means = [q.plain.index(word) for word in ("mean", "average") if word in q.words and ("i", word) not in q.pairs]
    behind = means and places and min(means) < max(places)  # `the mean of the worst`, not `the best mean`
    if line.verb == "list" and line.limit and behind and q.plain[:4].count("list") == 0:
        return "Means over the best or the worst are not computed: ask for the list."
    nouns = NOUNS["case"] | {*BATCHES}
    if line.verb in ("compare", "difference") and any(end in TOWARDS and noun in nouns for end, noun in q.pairs):
        return "Ask for the best or worst of each model one after the other."
    out = ("leaving", "out") in q.pairs or ("leave", "out") in q.pairs or ("left", "out") in q.pairs
    if out and q.ends and {*q.plain} & nouns and line.verb in (*EXTREMES, "value", *AVERAGES) and not line.within:
        return "What is left when some batches or cases are left out is not computed."
    if q.measures & {"target_share"} and q.words & {"mean", "average"}:
        return "Of these the smallest, the largest, the median and the quartiles are recorded, and no mean."
    if line.verb == "median" and "mean" in q.words:
        return "Ask for the mean and for the median one after the other."
    if line.verb == "value" and not line.metrics and q.words & VAGUE:
        return "Name the metric that this is to be measured by."
    return None


def _which_part(q: Question) -> str | None:
    """`The even batches`, `the smallest lesion`, `the failed cases`: parts of the cases that no line holds."""
    nouns = NOUNS["case"] | {*BATCHES}
    plain = [word for word in q.plain if word not in ("numbered", "-")]
    if any(kind in KINDS and noun in nouns and noun.endswith("s") for kind, noun in pairwise(plain)):
        return "Batches have numbers and cases have names: ask by those."
    sized = {"smallest", "biggest", "largest", "hairiest", "rarest"}
    if q.line.unit == "group" and any(size in sized and noun in CLASSES for size, noun in q.pairs):
        return "Groups are not ranked by their size: ask for the number of cases of one."
    if q.line.unit == "batch" and q.measures & {"failures", "failure_rate"}:
        return "Failures are recorded of all cases together: ask for cases with an IoU below a number."
    shares = q.measures & {"target_share"}
    if any(size in sized and noun in NOUNS["case"] for size, noun in q.pairs) and q.line.verb != "count" and not shares:
        return "Cases are not ranked by the size of what they show."
    told = (q.line.verb in ("value", *AVERAGES, *EXTREMES) or q.line.order) and q.line.metrics
    to = any(one in FAILING and then == "to" for one, then in q.pairs)  # what it fails to do is no failure
    failing = q.words & FAILING and not to and not q.measures & {"failures", "failure_rate", "caught"}
    if told and failing and q.line.unit not in ("model", "group") and not q.line.held:
        return "Means and ends over the failed cases alone are not computed: ask for cases with an IoU below a number."
    of_failed = any(is_tag(tag, "K") and noun in NOUNS["case"] for tag, noun in q.pairs)
    failed = {tag for tag in q.linked.tags("K") if q.linked.meanings[tag].metrics <= {("failures",), ("missed",)}}
    beside = [q.plain[max(at - 2, 0) : at] for at, tag in enumerate(q.plain) if tag in failed]
    over = any({*near} & {"over", "among", "within"} or near[-1:] == ["on"] for near in beside)
    if over and q.line.verb in ("value", *AVERAGES) and len(q.line.metrics) > 1:
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    if of_failed and told and len(q.line.metrics) > 1 and any(tag in failed and n in nouns for tag, n in q.pairs):
        return "Means over the failed cases alone are not computed: ask for cases with an IoU below a number."
    return None


def _statistic(q: Question) -> str | None:
    """`The trimmed mean`, `the highest median recall`: means, medians and ends alone are told."""
    perfect = q.words & {"perfect", "perfectly", "flawless"} and not (q.line.test or q.line.held)
    if perfect and q.line.verb in ("count", "list", "value"):
        return "Say how much that is: a recall of 1, say."
    surface = q.measures & {"surface_dice_2px"} and q.line.verb == "value" and not q.line.place
    if surface and any(
        number.whole and number.value < 20 and number.value != TOLERANCE for number in q.linked.numbers.values()
    ):
        return "The surface Dice is recorded at a tolerance of 2 px."
    wrong = ("most", "wrong") in q.pairs or ("most", "mistaken") in q.pairs
    if wrong and not q.measures & {"nll", "probability"} and "by" not in q.words:
        return "Say by which metric they are to be ranked."
    nearby = [{*q.plain[max(at - 4, 0) : at]} for at, tag in enumerate(q.plain) if is_tag(tag, "KX")]
    if any(near & ANOTHER_KIND for near in nearby):
        return "That kind of the metric is not recorded: ask for the metric by its plain name."
    if q.words & TESTS or {("t", "test"), ("paired", "t"), ("signed", "rank")} & {*q.pairs}:
        return "Differences are recorded with paired bootstrap intervals, and with no other test."
    quartiles = q.words & {"upperquartile", "lowerquartile"} and q.measures != {"target_share"}
    centiles = q.words & {"percentile", "percentiles", "centile"} and not q.measures & {"hd95_px"}
    if centiles or quartiles or q.words & STATISTICS - ({"relative"} if ("relative", "to") in q.pairs else set()):
        return "That statistic is not recorded: means, medians, and the highest or lowest can be asked for."
    shares = q.measures & {"target_share", "height_px", "width_px"}
    if "median" in q.words and q.line.verb != "median" and not shares and q.line.metrics:
        return "A median is told of one model at a time, over all its cases or batches."
    if q.words & POOLING and "pooled" not in q.kinds and q.line.verb == "value":
        return "Say which metric is to be told of all pixels pooled."
    if q.line.verb == "sum" and q.measures and q.measures <= RATES:
        return "Of that metric a sum says nothing: ask for the mean."
    return None


RULES = (_statistic, _end, _other_end, _two_ends, _wide, _near, _of_ends, _which_part)
