"""Hold a query line against the words of its question: what they plainly say, the line must not leave out.

The model that writes lines is small. A few words leave no doubt, and are looked at again here, in `naming` and in
`ranking`: a `not` before a metric, a metric that the line does not hold, a condition that nobody has heard of.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, NAMED, SPREADS, Line
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import CASES, UNKNOWN, Linked
from glassbox.llm.naming import enumerated, named
from glassbox.llm.ranking import ranked
from glassbox.llm.words import ARTICLES, GENERAL, HOLDING, NEGATIONS, PAIRED, PICTURES, UNEQUAL, WITHIN


def sensible(line: Line, linked: Linked) -> Line:
    """The line, mended where the words leave one meaning; `Unanswerable` where they say what no line can."""
    words = set(linked.spelt)
    if any(_is_axis(tag, linked) and after in linked.numbers for tag, after in pairwise(linked.tokens)):
        raise Unanswerable("That strength of a corruption is not recorded: ask which corruptions are.")
    line = enumerated(ranked(named(line, linked), linked, words), linked.tokens)
    _no_strange_condition(linked.tokens, bool(line.metrics))
    alone = len(line.models) == len(line.metrics) == 1 and len({*line.at}) < 2 and line.models[0][0] != "T"
    if line.verb in ("compare", "difference") and alone and not linked.tags("Q"):
        line = replace(line, verb="value", unit=None, at=tuple(dict.fromkeys(line.at)))
    if line.verb == "difference" and words & PAIRED and not line.place and len(line.models) > 1:
        line = replace(line, verb="compare")
    if line.test in ("below", "above", "least", "most") and not words & UNEQUAL:
        if line.unit in SPREADS:
            raise Unanswerable("Say whether above or below that number.")
        line = replace(line, test="equal") if _at_number(linked.tokens) else line
    if line.verb in (*EXTREMES, "list", "count") and _negated(linked.spelt):
        raise Unanswerable("A question with `not` is not understood: ask for a condition, such as a Dice below 0.5.")
    if line.verb in ("count", "list") and not line.metrics and linked.tags("K"):
        return _of_a_metric(line, linked)
    if line.verb == "count" and line.metrics and not line.test:
        return replace(line, verb="value", unit=None)
    if line.verb == "value" and not line.metrics and not words & GENERAL:
        raise Unanswerable("Name a metric, such as Dice or IoU.")
    return line


def _no_strange_condition(tokens: Sequence[str], measured: bool) -> None:
    """Not `lesions on a <unk>`: a condition that nobody here has heard of is not recorded."""
    plain = [token for token in tokens if token not in ARTICLES]
    if any(
        noun in {*CASES, *PICTURES, "skin"} and of in WITHIN and what == UNKNOWN
        for noun, of, what in zip(plain, plain[1:], plain[2:], strict=False)
    ):
        raise Unanswerable("That condition is not recorded.")
    if not measured and any(most in ("most", "least") and what == UNKNOWN for most, what in pairwise(tokens)):
        raise Unanswerable("That quality is not recorded: name a metric, such as Dice or IoU.")


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
