"""Hold a query line against the words of its question: what they plainly say, the line must not leave out.

The model that writes lines is small. A few words leave no doubt, and are looked at again here: `second best`, a `not`
before a metric, a metric named that the line does not hold, `precision` beside a model's name, a verb such as `fail`
that names a metric by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, NAMED, SPREADS, Line
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import Linked, Number
from glassbox.llm.measures import SUMMED
from glassbox.llm.phrases import Meaning

ORDINALS = ("second", "third", "fourth", "fifth")
NETWORKS = ("variant", "model", "network", "net", "version", "one", "tuned", "system")
CLASSES = {"class", "classes", "tissue", "tissues"}
CALLED = {
    "method": {"method", "methods", "explanation", "explanations", "explainer", "technique", "techniques"},
    "corruption": {"corruption", "corruptions", "perturbation", "perturbations", "degradation", "degradations"},
    "group": {"group", "groups", "subgroup", "subgroups", "subset", "subsets", "category", "categories", *CLASSES},
}
GENERAL = {"how", "well", "do", "did", "does", "perform", "performed", "fare", "result", "results", "score", "go"}
MANY = {"most", "highest", "largest", "greatest", "maximum", "biggest", "max"}
FEW = {"fewest", "least", "lowest", "smallest", "minimum", "min"}
QUALITY = {"best", "worst", "better", "worse", "badly", "poorest", "poorly", "weakest", "strongest", "well", "wrong"}
COUNTING = {"number", "count", "numbers", "amount", "total", "of", "the"}
NOT = {"not", "never", "without", "nor", "didnt", "doesnt", "isnt", "wasnt", "werent", "arent", "dont", "hasnt"}
UNEQUAL = {"below", "above", "under", "over", "than", "least", "most", "beyond", "exceed", "exceeds", "exceeding", "up",
           "minimum", "maximum", "beneath", "within", "reach", "reaches", "reaching", "or", "between"}  # fmt: skip
ARTICLES = ("a", "an", "the")
HOLDING = ("with", "have", "has", "had", "having")
PART = {"fraction", "share", "proportion", "part", "percentage", "rate", "often"}
FAILING = {"fail", "fails", "failed", "failing"}
WRONG = {"wrong", "wrongly", "incorrectly", "misclassified", "misclassify", "mistaken"}
RIGHT = ({"get", "right"}, {"gets", "right"}, {"got", "right"}, {"correctly"})
IMPLIED, CORRECT = ("K0", "K00"), "N0"  # tags that no linker gives
FIRST = {"highest": "max", "largest": "max", "lowest": "min", "smallest": "min", "worst": "worst", "best": "best"}
AXES = ("size", "contrast", "edge", "ita_deg", "hair")
JOINTS = (",", "and", "the", "plus", "also")
NEGATIONS = ("not", "never", "without")


def implied(line: Line, linked: Linked) -> tuple[Line, Linked]:
    """Line and question with the metric that a verb alone names: `how often does it fail`, `which did it get wrong`.

    Raises `Unanswerable` for the opposite of these, and for failures of less than all cases.
    """
    words = set(linked.spelt)
    wrong, right, fails = words & WRONG, any(words >= said for said in RIGHT), words & FAILING
    part = bool(words & PART) and (line.verb in EXTREMES and line.unit == "case")  # `what fraction of its cases fail`
    counted = (line.verb in ("count", "list") or part) and line.unit == "case"
    if line.metrics or line.test or linked.tags("K") or not (fails or (counted and (wrong or right))):
        return line, linked
    if words & NOT or (wrong and right):
        raise Unanswerable("Ask for those that failed, that it got wrong or that it got right, and not for the others.")
    if counted and fails and (line.place or linked.numbers):
        raise Unanswerable("Failures are recorded of all cases together: ask for cases with an IoU below a number.")
    if counted and not fails and not line.place:
        number = Number(0.0 if wrong else 1.0, False)
        named = replace(_with(linked, {IMPLIED[0]: "correct"}), numbers={**linked.numbers, CORRECT: number})
        return replace(line, metrics=IMPLIED[:1], order=None, test="equal", bounds=(CORRECT,)), named
    named = _with(linked, dict(zip(IMPLIED, ("failures", "failure_rate"), strict=True)))
    if fails and not line.place and (line.verb == "value" or part or (line.verb, line.unit) == ("count", "case")):
        return replace(line, verb="value", unit=None, metrics=IMPLIED), named
    if fails and not line.place and line.verb in EXTREMES and line.unit in ("model", "group", "corruption"):
        return replace(line, verb=_turned(line.verb, linked.spelt, FAILING), metrics=IMPLIED[1:]), named
    return line, linked


def _with(linked: Linked, measures: Mapping[str, str]) -> Linked:
    """The question with metrics that it does not name, by their tags."""
    return replace(linked, meanings={**linked.meanings, **{t: Meaning(metrics={(m,)}) for t, m in measures.items()}})


def sensible(line: Line, linked: Linked) -> Line:
    """The line, mended where the words leave one meaning; `Unanswerable` where they say what no line can."""
    words = set(linked.spelt)
    if any(_is_axis(tag, linked) and after in linked.numbers for tag, after in pairwise(linked.tokens)):
        raise Unanswerable("That strength of a corruption is not recorded: ask which corruptions are.")
    line = _metrics_beside_names(line, linked.tokens)
    if line.unit in SPREADS:
        line = _spread_by_name(line, words)
    line = _turned_round(_by_axis(line, linked, words), linked.spelt)
    line = _enumerated(_by_number(line, linked, words), linked.tokens)
    if line.test in ("below", "above", "least", "most") and not words & UNEQUAL and _at_number(linked.tokens):
        line = replace(line, test="equal")
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
    turned = _turned(verb, linked.spelt, set(line.metrics))
    return replace(line, order=turned) if line.order else replace(line, verb=turned)


def _by_axis(line: Line, linked: Linked, words: set[str]) -> Line:
    """`Which skin tone` asks for groups and `which blur` for corruptions; pictures of a group are cases, not groups."""
    choices = {choice for tag in linked.tags("Q") for choice in linked.meanings[tag].conditions}
    axes = {choice[0] for choice in choices if len(choice) == 1} & {*CORRUPTIONS, *AXES}
    if (line.verb, line.unit) == ("count", "group") and not line.metrics and any(len(each) == 2 for each in choices):
        return replace(line, unit="case")
    named = any(word.startswith(line.unit or "-") for word in words) and line.unit not in SPREADS
    asked = axes or (line.verb in EXTREMES and words & CLASSES)
    if line.verb not in (*EXTREMES, "list", "count") or not asked or named or line.unit == "method":
        return line
    spoiled = bool(axes) and axes <= set(CORRUPTIONS) and not words & CALLED["group"]
    return replace(line, unit="corruption" if spoiled else "group")


def _at_number(tokens: Sequence[str]) -> bool:
    """Whether cases have a metric of a number: `with a dice of 0`, and not `short of a dice of 0`."""
    plain = [token for token in tokens if token not in ARTICLES]
    return any(
        held in HOLDING and metric[0] in "KX" and metric[1:].isdigit() and of == "of" and number[0] == "N"
        for held, metric, of, number in zip(plain, plain[1:], plain[2:], plain[3:], strict=False)
    )


def _is_axis(tag: str, linked: Linked) -> bool:
    """Whether a tag stands for a corruption without its strength; with one that is recorded it is a name of its own."""
    choices = linked.meanings[tag].conditions if tag in linked.meanings else set()
    return bool(choices) and {*choices} <= {(name,) for name in CORRUPTIONS}


def _turned_round(line: Line, tokens: Sequence[str]) -> Line:
    """A list whose order the words say: `highest first`."""
    said = next((FIRST[word] for word, after in pairwise(tokens) if after == "first" and word in FIRST), None)
    return replace(line, order=said) if said and line.verb == "list" and line.order else line


def _turned(verb: str, tokens: Sequence[str], counted: set[str]) -> str:
    """`max` or `min` where a word of number stands beside what is counted: `most K1`, `fewest of its K1`, `most often`.

    In `most accurate by K1` it does not: there the verb is as it was.
    """
    said: set[str] = set()
    for at, token in enumerate(tokens):
        around = {*tokens[at + 1 : at + 2], *(tokens[at + 2 : at + 4] if {*tokens[at + 1 : at + 2]} & COUNTING else ())}
        before = {*tokens[max(at - 2, 0) : at]}
        if token in MANY | FEW and (around & (counted | {"often"}) or before & counted):
            said.add("max" if token in MANY else "min")
    return said.pop() if len(said) == 1 else verb


def _enumerated(line: Line, tokens: Sequence[str]) -> Line:
    """Where two metrics or models of a list are asked for, all are: `the recall, the specificity and the accuracy`."""
    if line.verb not in ("value", "compare"):
        return line
    metrics = _run(line.metrics, [tag if tag not in line.models else "" for tag in tokens], "KX")
    models = _run(line.models, tokens, "M")
    return replace(line, metrics=metrics if line.verb == "value" else line.metrics, models=models)


def _run(tags: Sequence[str], tokens: Sequence[str], kinds: str) -> tuple[str, ...]:
    """The tags, or the longer run of such tags in the question that holds them all, if they are two at least."""
    run: list[str] = []
    for token in (*tokens, ""):
        if token[:1] and token[:1] in kinds and token[1:].isdigit():
            run += [token] if token not in run else []
        elif token not in JOINTS:
            if len(tags) > 1 and set(tags) < set(run):
                return tuple(run)
            run = []
    return tuple(tags)


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
