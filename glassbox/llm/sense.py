"""Hold a query line against the words of its question: what they plainly say, the line must not leave out.

The model that writes lines is small. A few words leave no doubt, and are looked at again here: `second best`, a `not`
before a metric, a metric named that the line does not hold, `precision` beside a model's name.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, NAMED, SPREADS, Line
from glassbox.llm.linker import Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.phrases import Meaning

ORDINALS = ("second", "third", "fourth", "fifth")
NETWORKS = ("variant", "model", "network", "net", "version", "one", "tuned", "system")
CALLED = {
    "method": {"method", "methods", "explanation", "explanations", "explainer", "technique", "techniques"},
    "corruption": {"corruption", "corruptions", "perturbation", "perturbations", "degradation", "degradations"},
    "group": {"group", "groups", "subgroup", "subgroups", "subset", "subsets", "category", "categories", "stratum"},
}
GENERAL = {"how", "well", "do", "did", "does", "perform", "performed", "fare", "result", "results", "score", "go"}
MANY = {"most", "highest", "largest", "greatest", "maximum", "biggest", "max"}
FEW = {"fewest", "least", "lowest", "smallest", "minimum", "min"}
QUALITY = {"best", "worst", "better", "worse", "badly", "poorest", "poorly", "weakest", "strongest", "well", "wrong"}
FAILING = {"fail", "fails", "failed", "failing"}
IMPLIED = ("K0", "K00")  # tags that no linker gives
JOINTS = (",", "and", "the", "plus", "also")
NEGATIONS = ("not", "never", "without")


def implied(line: Line, linked: Linked) -> tuple[Line, Linked]:
    """Line and question with the metric that a verb alone names: `how often does it fail`, `which group fails most`."""
    words = set(linked.spelt)
    if line.metrics or line.test or line.place or not words & FAILING or linked.tags("K"):
        return line, linked
    meanings = {
        tag: Meaning(metrics={(name,)}) for tag, name in zip(IMPLIED, ("failures", "failure_rate"), strict=True)
    }
    known = replace(linked, meanings={**linked.meanings, **meanings})
    if line.verb == "value" or (line.verb, line.unit) == ("count", "case"):
        return replace(line, verb="value", unit=None, metrics=IMPLIED), known
    if line.verb in ("best", "worst") and line.unit in ("model", "group", "corruption"):
        return replace(line, verb=_turned(line.verb, words), metrics=IMPLIED[1:]), known
    return line, linked


def sensible(line: Line, linked: Linked) -> Line:
    """The line, mended where the words leave one meaning; `Unanswerable` where they say what no line can."""
    words = set(linked.spelt)
    line = _metrics_beside_names(line, linked.tokens)
    if line.unit in SPREADS:
        line = _spread_by_name(line, words)
    line = _enumerated(_by_number(line, linked, words), linked.tokens)
    if line.verb in (*EXTREMES, "list", "count") and _negated(linked.spelt):
        raise Unanswerable("A question with `not` is not understood: ask for a condition, such as a Dice below 0.5.")
    if line.verb in EXTREMES and words & set(ORDINALS):
        raise Unanswerable("Only the first of a ranking is told by itself: ask for the two best, or the three worst.")
    if line.verb in ("count", "list") and not line.metrics and linked.tags("K"):
        return _of_a_metric(line, linked)
    if line.verb == "count" and line.metrics and not line.test:
        return replace(line, verb="value", unit=None)
    if line.verb == "value" and not line.metrics and not words & GENERAL:
        raise Unanswerable("Name a metric, such as Dice or IoU.")
    return line


def _by_number(line: Line, linked: Linked, words: set[str]) -> Line:
    """The most false positives are the highest number of them, and not the best: of counts, words of number decide."""
    verb = line.order or line.verb
    measures = {parts[-1] for tag in line.metrics for parts in linked.meanings[tag].metrics}
    if verb not in ("best", "worst") or not measures or not measures <= SUMMED or words & QUALITY:
        return line
    turned = _turned(verb, words)
    return replace(line, order=turned) if line.order else replace(line, verb=turned)


def _turned(verb: str, words: set[str]) -> str:
    """`max` or `min` where a word of number says so, else the verb as it is."""
    return "max" if words & MANY and not words & FEW else "min" if words & FEW and not words & MANY else verb


def _enumerated(line: Line, tokens: Sequence[str]) -> Line:
    """Where two metrics of a list are asked for, all of it are: `the recall, the specificity and the accuracy`."""
    if line.verb != "value" or len(line.metrics) < 2:
        return line
    run: list[str] = []
    for token in (*tokens, ""):
        if token[:1] in ("K", "X") and token[1:].isdigit():
            run += [token] if token not in (*run, *line.models) else []
        elif token not in JOINTS:
            if set(line.metrics) < set(run):
                return replace(line, metrics=tuple(run))
            run = []
    return line


def _metrics_beside_names(line: Line, tokens: Sequence[str]) -> Line:
    """`precision` and `recall` are metrics, unless a noun such as `variant` follows, beside models by name.

    So they are where a value is asked for and no other metric is named: `batch 3 of isic: precision`.
    """
    named = any(tag[0] == "M" for tag in line.models)
    bare = [tag for tag in line.models if tag[0] == "X" and not _noun_follows(tag, tokens)]
    a_pair = line.verb in ("compare", "difference") and any(tag[0] == "K" for tag in line.metrics)
    named = named or (line.verb == "value" and not line.metrics)
    if not named or not bare or (a_pair and sum(tag[0] == "M" for tag in line.models) == 1):
        return line
    models = tuple(tag for tag in line.models if tag not in bare)
    return replace(line, metrics=tuple(dict.fromkeys((*line.metrics, *bare))), models=models)


def _noun_follows(tag: str, tokens: Sequence[str]) -> bool:
    return any(tag == token and after in NETWORKS for token, after in pairwise(tokens))


def _spread_by_name(line: Line, words: set[str]) -> Line:
    """Groups, methods or corruptions, as the question calls them."""
    called = [unit for unit, names in CALLED.items() if words & names]
    return replace(line, unit=called[0]) if len(called) == 1 and line.unit not in called else line


def _of_a_metric(line: Line, linked: Linked) -> Line:
    """A count whose metric the line left out is the metric's own number: `how many duplicates`. A list is not."""
    if line.verb == "count" and line.unit != "batch" and not linked.numbers:
        return replace(line, verb="value", unit=None, metrics=tuple(linked.tags("K")))
    if line.unit in (*NAMED, "batch"):
        return line
    raise Unanswerable("Say what the metric is to be compared with, such as a Dice below 0.5.")


def _negated(tokens: Sequence[str]) -> bool:
    """Whether a `not` stands before a metric or an extreme; `not below` is a condition."""
    for token, after in pairwise(tokens):
        if token in NEGATIONS and (after in EXTREMES or (after[0] in "KX" and after[1:].isdigit())):
            return True
    return False
