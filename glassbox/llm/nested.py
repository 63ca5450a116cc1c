"""Questions within questions: of some batches or cases the best, another model's score at one, how often one is ahead.

The line that the model writes holds one question. Where the words say that a second stands around it, both are put
into the line: `of the batches with a recall above 0.9, which has the lowest Dice`, `what has isic-recall where
isic-base is worst`, `on how many pictures does isic-recall beat isic-base`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import AVERAGES, EXTREMES, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag, noun_follows
from glassbox.llm.words import ARTICLES, EXCEPT, FEW, MANY, NOT, PART, PICTURES, THERE, TOWARDS, WINNING

TESTED = {  # a word before a bound
    "below": "below", "under": "below", "beneath": "below", "above": "above", "over": "above", "exceeding": "above",
    "beyond": "above", "least": "least", "most": "most", "exceeds": "above", "than": "above", "exceed": "above",
    "surpass": "above", "surpasses": "above", "surpassing": "above", "tops": "above", "beats": "above", "beat": "above",
    "past": "above", "reach": "least", "reaches": "least", "reaching": "least",
    "topping": "above", "greater": "above", "higher": "above", "larger": "above", "lower": "below", "smaller": "below",
}  # fmt: skip
COMPARATIVES = {"greater", "higher", "larger", "lower", "smaller"}  # right before a number, as in `recall greater 0.95`
MORE = ("more", "less", "fewer", "no", "over", "under", "at")
BEGINNING = ("is", "at", "that", "of")  # after a metric that begins a condition: `recall is above`
BEHIND = {  # a number
    "more": "least", "above": "least", "over": "least", "up": "least", "higher": "least", "greater": "least",
    "fewer": "most", "less": "most", "below": "most", "under": "most", "lower": "most", "smaller": "most",
}  # fmt: skip
CLAUSES = ("and", "but", "which", "where", "that", "with", "whose", ",")
NEGATING = NOT - {"without", "nor"} | {"fail", "fails", "failed", "havent", "cannot", "cant", "wont"}
RANGE = {"between", "from", "to", "range", "within", "inside", "outside"}
OPPOSITE = {"below": "least", "above": "most", "least": "below", "most": "above"}


def nested(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line with the question that stands around it."""
    ends = _ends(linked.spelt)
    bounds = _bounds(linked)
    if len(bounds) == 1 and line.unit in (*TABLES, "model") and line.verb in ("list", "count", *EXTREMES) and ends:
        return _of_those(line, linked, ends, words, bounds[0])
    if len(bounds) == 1 and not ends and words & {"average", "mean"} and line.unit in (*TABLES, None):
        line = _average_of_those(line, linked)
    if len(bounds) > 1 and ends and line.unit in (*TABLES, "model") and line.verb in ("list", "count", *EXTREMES):
        line = _of_all_those(line, linked, ends)
    ranked = line.verb in (*EXTREMES, *AVERAGES) or (line.verb == "list" and line.order)
    if ranked and line.unit in TABLES and not line.place and {*linked.numbers} <= {line.limit}:
        line = _inside(line, linked)
    if line.verb in ("list", "count") and line.unit in (*TABLES, "model") and linked.numbers:
        line = _several_conditions(line, linked, words)
    models = [tag for tag in line.models if tag[0] != "T"]
    if (
        line.verb in EXTREMES
        and line.unit in TABLES
        and len(models) == 2
        and line.metrics
        and ends
        and (words & {*THERE, "where"} or (len(ends) == 1 and _whose_end(linked, models)))
    ):
        own = _whose_end(linked, models) or min(models, key=lambda tag: _apart(tag, ends, linked.tokens))
        tasks = tuple(tag for tag in line.models if tag[0] == "T")
        others = tuple(tag for tag in models if tag != own)
        return replace(line, models=(own, *tasks), there=(*others, *tasks))
    return _ahead(line, linked, words, models)


def _ahead(line: Line, linked: Linked, words: set[str], models: Sequence[str]) -> Line:
    """On how many batches or cases one of two models is ahead of the other; any other line as it is."""
    metrics = line.metrics or (tuple(linked.tags("K")) if line.verb == "count" else ())
    pair = (
        not line.test
        and line.verb in ("value", "difference", "compare", "count", *EXTREMES)
        and len(models) == 2
        and len(metrics) < 2
    )
    step = _from_to(linked, models) if pair else ()
    changed = words & (WINNING | CHANGED_BY) if step else words & WINNING
    often = words >= {"how", "many"} or words >= {"how", "often"} or words & {"number", "count"}
    if pair and not line.place and often and changed and not words & {"points", "much"}:
        if words & BARELY or linked.numbers or words & (PART - {"often", "frequently"}) or words & {"their", "its"}:
            raise Unanswerable("Ask on how many batches or cases one model is ahead of the other.")
        unit = (
            "batch"
            if words & {"batch", "batches"}
            else "case"
            if words & {"often", "times", *CASES, *PICTURES}
            else None
        )
        lower = words & {"lower", "smaller", "less", "fewer", "worse", "behind", "trails", "lags", "inferior"}
        if step:  # `get worse from isic-base to isic-recall`: of the second it is told
            lower, line = words & (LOWERED | {"worse"}), replace(line, models=step)
        if unit:
            return replace(line, verb="count", unit=unit, metrics=metrics, order="min" if lower else "max")
    return line


LOWERED = {"fall", "falls", "fell", "drop", "drops", "dropped", "lose", "loses", "lost", "deteriorate", "deteriorated",
           "worsen", "worsened", "down", "decrease", "decreased", "declined"}  # fmt: skip
CHANGED_BY = LOWERED | {"improve", "improves", "improved", "rise", "rose", "gain", "gained", "up", "increase",
                        "increased"}  # fmt: skip
EITHER_OF = {"while", "whereas", "only", "neither", "nor", "or", "but", "either", "although"}
BARELY = {"no", "hardly", "almost", "nearly", "barely", "beaten", "outperformed", "first", "last", "or"}


def _whose_end(linked: Linked, models: Sequence[str]) -> str | None:
    """The model whose worst case it is: `on the worst case of isic-base`, `in isic-base's worst batch`."""
    plain = [word for word in linked.spelt if word not in ARTICLES and not is_tag(word, "KX")]
    nouns = {*CASES, *PICTURES, "batch"}
    for end, noun, of, tag in zip(plain, plain[1:], plain[2:], plain[3:], strict=False):
        if end in TOWARDS and noun in nouns and of in ("of", "for", "in") and tag in models:
            return tag
    for tag, of, end in zip(plain, plain[1:], plain[2:], strict=False):
        if tag in models and of == "'s" and end in TOWARDS:
            return tag
    return None


def _from_to(linked: Linked, models: Sequence[str]) -> tuple[str, ...]:
    """The two models of `from isic-base to isic-recall`, the second first."""
    plain = [word for word in linked.spelt if word not in ARTICLES]
    pairs = [*pairwise(plain)]
    begin = [tag for word, tag in pairs if word == "from" and tag in models]
    end = [tag for word, tag in pairs if word == "to" and tag in models]
    return (end[0], begin[0]) if len(begin) == len(end) == 1 else ()


def _ends(words: Sequence[str]) -> dict[int, str]:
    """The words for the ends of a ranking, by where they stand; those of `at most` and `at least` are none."""
    return {at: word for at, word in enumerate(words) if word in TOWARDS and words[at - 1 : at] != ("at",)}


def _bounds(linked: Linked) -> list[int]:
    """Where the numbers stand that have a word such as `below` right before them."""
    spelt = linked.spelt
    return [
        at
        for at, (word, tag) in enumerate(pairwise(spelt), start=1)
        if tag in linked.numbers and (word in TESTED or or_more(spelt, at))
    ]


def or_more(words: Sequence[str], at: int) -> str | None:
    """The test of a number with `or more` behind it."""
    joint, more = (*words[at + 1 : at + 3], "", "")[:2]
    return BEHIND.get(more) if joint in ("or", "and") else None


def _inside(line: Line, linked: Linked) -> Line:
    """Cases of a batch that is itself the best or worst one: `the worst case in its worst batch`."""
    words = linked.spelt
    ends = [*_ends(words)]
    batch = [at for at, word in enumerate(words) if word == "batch"]
    cases = [at for at, word in enumerate(words) if word in CASES or word in PICTURES]
    metrics = [tag for tag in dict.fromkeys(linked.tokens) if is_tag(tag, "KX") and tag not in line.models]
    if len(batch) != 1 or len(metrics) > 2 or not ends:
        return line
    if line.verb in AVERAGES and len(ends) == 1 and ends[0] + 1 == batch[0]:
        return replace(line, unit="case", within=(TOWARDS[words[ends[0]]], (*line.metrics, "")[0]))
    if not cases:
        return line
    if len(ends) == 1 and line.verb in EXTREMES and line.unit == "batch" and _of_a_case(words, ends[0]):
        return replace(line, unit="case")  # of a case its batch is told as well
    near = min(cases, key=lambda at: abs(at - batch[0]))
    if "and" in words[min(near, batch[0]) : max(near, batch[0])]:
        return line  # `its best batch and its worst case`
    if len(ends) != 2 or line.verb in AVERAGES:
        return line
    if linked.rank > 1:
        raise Unanswerable("Ask for the batch first, and then for its cases.")
    inner, outer = sorted(ends, key=lambda at: min(abs(at - case) for case in cases))
    ranks = min(metrics, key=lambda tag: _apart(tag, [inner], linked.tokens), default="")
    ranked = next((tag for tag in metrics if tag != ranks), ranks)
    verb, within = TOWARDS[words[inner]], (TOWARDS[words[outer]], ranked)
    line = replace(line, unit="case", metrics=(ranks,) if ranks else (), within=within)
    return replace(line, order=verb) if line.verb == "list" else replace(line, verb=verb)


def _of_a_case(words: Sequence[str], end: int) -> bool:
    """Whether it is a case that is ranked: `which batch contains the worst case`, `the image with the lowest IoU`."""
    nouns = {*CASES, *PICTURES}
    if {*words[end + 1 : end + 2]} & nouns:
        return words[end] not in MANY | FEW  # `the most images` are counted
    plain = [word for word in words[:end] if word not in ARTICLES]
    return plain[-1:] in (["with"], ["has"], ["of"]) and plain[-2:-1] != [] and plain[-2] in nouns


def _several_conditions(line: Line, linked: Linked, words: set[str]) -> Line:
    """A list or count of those for which each of several conditions is true: `a Dice below 0.5 but a recall above 0.9`.

    Raises `Unanswerable` where the line takes the bounds of two metrics for the two ends of one.
    """
    metrics = [tag for tag in dict.fromkeys(linked.tokens) if is_tag(tag, "KX") and tag not in line.models]
    both = any(word == "both" and tag not in metrics for word, tag in pairwise(linked.spelt))
    two = sum(tag[0] != "T" for tag in line.models) == 2
    bounds = len(_bounds(linked)) > 1 or (line.test == "between" and not words & RANGE)
    if two and line.test and ((bounds and not _together(line, linked)) or words & (EITHER_OF | NOT)):
        raise Unanswerable("Ask for one model at a time, or for what is true of both.")
    if both and line.test and sum(tag[0] != "T" for tag in line.models) == 2:
        return replace(line, both=True)
    unlike = {metric for metric, _, _ in conditions(linked.spelt, metrics)} - {*line.metrics}
    if line.test == "between" and words & {"between", "from"} and _bounds(linked) and unlike:
        raise Unanswerable("Say each condition as a metric with its bound: a Dice below 0.5 and a recall above 0.9.")
    held = _of_both(linked.spelt, metrics)
    if len(held) > 1 and len({metric for metric, _, _ in held}) == len(held):
        places = [at for at, token in enumerate(linked.spelt) if token in {bound for _, _, bound in held}]
        negated = words & NOT and not words & {"neither", "but"}
        if "or" in linked.spelt[places[0] : places[-1]] or negated:
            raise Unanswerable("Conditions are all true at once: say each by itself, joined by `and` or `but`.")
        (metric, test, bound), *others = held
        return replace(line, metrics=(metric,), test=test, bounds=(bound,), held=tuple(others))
    if len(metrics) > 1 and ((line.test == "between" and not words & RANGE) or len(_bounds(linked)) > 1):
        raise Unanswerable("Say each condition as a metric with its bound: a Dice below 0.5 and a recall above 0.9.")
    return line


def _together(line: Line, linked: Linked) -> bool:
    """Whether the models stand side by side: `of isic-base and isic-recall`."""
    places = sorted(linked.spelt.index(tag) for tag in line.models if tag[0] != "T" and tag in linked.spelt)
    between = linked.spelt[places[0] + 1 : places[-1]] if places else ()
    return all(word in (*ARTICLES, "and", ",") for word in between)


def _of_both(tokens: Sequence[str], metrics: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """The conditions of several metrics: each has its own, or one is for two, `both precision and recall above 0.9`."""
    said = [
        word
        for word, tag in pairwise([token for token in tokens if token not in ARTICLES])
        if word in ("both", "neither") and tag in metrics
    ]
    found, both = conditions(tokens, metrics), {*said}
    if len(found) != 1 or len(metrics) != 2 or not both or sum(is_tag(token, "N") for token in tokens) > 1:
        return found
    [(_, test, bound)] = found
    return tuple((metric, test, bound) for metric in metrics)


def conditions(tokens: Sequence[str], metrics: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """Each number that stands after a word such as `below`, with its test and its metric.

    The metric stands right behind the number, `at least 0.9 recall`, unless it begins the next condition;
    or else before it.

    >>> conditions("cases with K1 below N1 and at least N2 K2".split(), ["K1", "K2"])
    (('K1', 'below', 'N1'), ('K2', 'least', 'N2'))
    """
    found: list[tuple[str, str, str]] = []
    begin = 0
    for at, token in enumerate(tokens):
        word = _word_before(tokens, at)
        if not is_tag(token, "N") or word is None:
            continue
        before = [tag for tag in tokens[begin:at] if tag in metrics]
        after = [tag for tag in tokens[at + 1 : at + 3] if tag in metrics]
        begins = {*tokens[at + 2 : at + 5]} & {*TESTED, *BEGINNING}
        behind = bool(after) and tokens[at + 1] == after[0] and not begins
        if before or after:
            found.append(((after if behind or not before else before[-1:])[0], test_before(tokens[: word + 1]), token))
        begin = at + 2 if behind else at + 1
    return tuple(found)


def _word_before(tokens: Sequence[str], at: int) -> int | None:
    """Where the word stands that tests the number at `at`: right before it, or as in `under an IoU of 0.5`."""
    word = at - 1
    if at > 2 and tokens[at - 1] == "of" and is_tag(tokens[at - 2], "KX"):
        word = at - 3 - (tokens[at - 3] in ARTICLES)
    return word if word >= 0 and tokens[word] in TESTED else None


def test_before(before: Sequence[str]) -> str:
    """What the words before a number ask of it: `above`, `less than`, `no more than`, `not below`."""
    said, words = before[-1], before[-4:-1]
    clause = len(before) - next((at for at, word in enumerate(reversed(before)) if word in CLAUSES), len(before))
    fails = {"fail", "fails", "failed"}
    happens = {one for one, then in pairwise(before) if one in fails and then == "in"}  # `fails in more than 20 %`
    on = zip(before, before[1:], before[2:], strict=False)
    happens |= {one for one, then, much in on if one in fails and then == "on" and much in (*COMPARATIVES, *MORE)}
    far = {*before[clause:-4]} & NEGATING - happens or {*words} & fails - happens
    less = said == "than" and {*words} & {"less", "lower", "smaller", "fewer", "worse"}
    test = "below" if less else TESTED[said]
    beside = {word for word, noun in pairwise([*words, said]) if noun not in (*CASES, *PICTURES, "pixels")}
    return OPPOSITE[test] if far or beside & {*NOT, "no", "neither"} else test


def as_said(line: Line, tokens: Sequence[str]) -> str | None:
    """The test of a line's one bound, as the word before that says it: `under N1` is below, whatever the line says."""
    at = tokens.index(line.bounds[0]) if line.bounds[0] in tokens else None
    word = _word_before(tokens, at) if at is not None else None
    if at is not None and word is None and (behind := or_more(tokens, at)):
        return behind
    return line.test if word is None else test_before(tokens[: word + 1])


def _average_of_those(line: Line, linked: Linked) -> Line:
    """A mean over those that a condition is true of: `the average Dice of cases with a recall above 0.9`."""
    tokens = linked.tokens
    metrics = [tag for tag in dict.fromkeys(tokens) if is_tag(tag, "KX") and not noun_follows(tag, tokens)]
    held = conditions(linked.spelt, metrics)
    others = [tag for tag in metrics if tag not in {metric for metric, _, _ in held}]
    models = tuple(tag for tag in line.models if tag not in metrics)
    if len(held) != 1 or len(others) != 1 or line.place or not models:
        return line
    unit = "batch" if {*linked.spelt} & {"batch", "batches"} else "case"
    return Line("mean", unit=unit, metrics=(others[0],), models=models, held=held)


def _of_all_those(line: Line, linked: Linked, ends: dict[int, str]) -> Line:
    """An extreme among those that several conditions are true of."""
    metrics = [
        tag for tag in dict.fromkeys(linked.tokens) if is_tag(tag, "KX") and not noun_follows(tag, linked.tokens)
    ]
    held = conditions(linked.spelt, metrics)
    ranks = [tag for tag in metrics if tag not in {metric for metric, _, _ in held}]
    verbs = {TOWARDS[word] for word in ends.values()}
    if len(held) != len(_bounds(linked)) or len(ranks) != 1 or len(verbs) != 1 or "or" in linked.spelt:
        return line
    models = tuple(tag for tag in line.models if tag not in metrics)
    line = replace(line, verb=verbs.pop(), metrics=(ranks[0],), held=held, models=models, test=None, bounds=())
    return replace(line, order=None, limit=None)


def _of_those(line: Line, linked: Linked, ends: dict[int, str], words: set[str], at: int) -> Line:
    """An extreme among those that a condition is true of, where one metric is ranked by and another is tested."""
    bound = linked.spelt[at]
    metrics = [tag for tag in linked.tags("KX") if tag not in line.models]
    if len(metrics) != 2 or len({TOWARDS[word] for word in ends.values()}) != 1:
        return line
    ranks = min(metrics, key=lambda tag: _apart(tag, ends, linked.tokens))
    tested = next(tag for tag in metrics if tag != ranks)
    by = [tag for word, tag in pairwise(linked.tokens) if word == "by" and tag in metrics]
    if by:  # `the worst with an IoU above 0.5 by Dice`
        ranks, tested = by[0], next(tag for tag in metrics if tag != by[0])
    elif _apart(ranks, ends, linked.tokens) >= _apart(tested, ends, linked.tokens):
        return line
    test = or_more(linked.spelt, at) or test_before(linked.spelt[:at])
    test = OPPOSITE[test] if {*linked.spelt[max(at - 8, 0) : at]} & EXCEPT else test
    verb = TOWARDS[next(iter(ends.values()))]
    held = ((tested, test, bound),)
    line = replace(line, metrics=(ranks,), held=held, test=None, bounds=())
    if line.verb == "list" and line.limit not in (None, bound):
        return replace(line, order=verb)
    return replace(line, verb=verb, order=None, limit=None)


def _apart(tag: str, places: Iterable[int], tokens: Sequence[str]) -> int:
    """How many tokens a tag stands from the nearest of some places."""
    return min(abs(at - place) for place in places for at, token in enumerate(tokens) if token == tag)
