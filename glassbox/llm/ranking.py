"""What is ranked, by which metric and from which end, where the question's words leave no doubt."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import YES_OR_NO, Unanswerable
from glassbox.llm.language import AVERAGES, EXTREMES, SPREADS, TABLES, Line
from glassbox.llm.lexicon import CORRUPTIONS
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import HIGHER, LOWER, SUMMED
from glassbox.llm.naming import asks_for_models
from glassbox.llm.numbers import BATCHES, SUPERLATIVES
from glassbox.llm.words import (
    ADVICE,
    AMOUNT,
    CALLED,
    CLASSES,
    ENDS,
    FAILING,
    FEW,
    FEWER,
    FIRST,
    LARGER,
    LOSING,
    MANY,
    MODELS,
    ORDERING,
    PICTURES,
    QUALITY,
    RANGING,
    RANKING,
    SINKING,
    SPREAD,
    SURPASSING,
    TOWARDS,
)

HARMING = {"harms", "harm", "affects", "affect", "effect", "impact", "influences", "matters", "hurt"}
RANKED_BY = {*RANKING, *TOWARDS, *MANY, *FEW}
SHOWN = ({*CASES} | PICTURES) - {"id", "x", "rays", "sample", "samples"}
SPREADING = {*SPREAD}.union(*CALLED.values())
HIGHEST = {"highest", "greatest", "largest", "biggest"}
AXES = ("size", "contrast", "edge", "ita_deg", "hair", "traced", "brightness")


def ranked(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line with what its question ranks. Raises `Unanswerable` where that is not said, or is not for records."""
    if line.unit in SPREADS:
        line = _spread_by_name(line, words)
    if alone := _of_one(line, linked, words):
        return alone
    if line.unit in SPREADS or line.verb == "difference" or (line.verb, line.unit) == ("list", "model"):
        line = _between_conditions(line, linked)
    if line.verb == "list" and line.metrics and not (line.order or line.test) and words & ORDERING:
        line = replace(line, order="best")  # `rank the variants by recall`
    line = _turned_round(_by_axis(_between_tasks(line, linked, words), linked, words), linked.spelt)
    asking = {"which", "who", "whose", "what", "where"}
    if line.verb in EXTREMES and line.metrics and line.unit in (*SPREADS, "model") and not words & (RANKED_BY | asking):
        return replace(line, verb="value", unit=None)  # nothing is ranked
    purposes = [tag for tag in line.models if tag[0] in "PX"]
    if line.verb in EXTREMES and line.unit == "model" and len(purposes) == 1 and len(line.models) > 1:
        line = replace(line, models=tuple(tag for tag in line.models if tag not in purposes))  # one alone has no rank
    told = words & (RANKED_BY | RANGING | LARGER | FEWER | SINKING | asking | {"name"}) or linked.rank > 1
    told = told or (line.unit == "batch" and words & {*BATCHES})
    if line.verb in EXTREMES and line.metrics and line.unit in TABLES and not line.place and not told:
        return replace(line, verb="value", unit=None)  # `the height of a picture`
    several = sum(tag[0] != "T" for tag in line.models) > 2
    if line.verb == "list" and line.order and line.unit == "batch" and not words & {*BATCHES} and _tiles(linked):
        line = replace(line, unit="case")  # `which three tiles`, of which the task's name has the noun
    behind = [*linked.spelt, ""][[*linked.spelt, "which"].index("which") + 1 :][:2]
    shown = (words & SHOWN and not words & MODELS) or {*behind} & SHOWN  # `which single radiograph`
    if line.unit == "model" and shown and line.metrics and not several:
        line = replace(line, unit="case")  # `the worst eye`
    if line.verb in EXTREMES and line.unit in TABLES and not line.place and asks_for_models(linked):
        line = replace(line, unit="model")  # `which of the networks finds most of the mole`
    if line.verb in EXTREMES and line.unit in (*SPREADS, *TABLES):
        line = _really_ranked(line, linked, words)
    line = _right_way_round(_by_number(line, linked, words), linked.spelt, words)
    line = _so_many(line, linked)
    if line.verb in EXTREMES and line.metrics and not line.within:
        line = replace(line, metrics=_named_by(line, linked))
    if line.verb in EXTREMES and line.unit in TABLES and len(line.metrics) > 1 and not line.there:
        line = replace(line, metrics=_ranking_first(line.metrics, linked.tokens))
    if line.verb in EXTREMES and not line.metrics and line.unit in ("model", "task"):
        _no_advice(words)
    if linked.rank == 2 and line.verb == "worst" and "up" in words and not words & {"worst", "lowest", "last"}:
        line = replace(line, verb="best")  # `the runner-up`
    if linked.rank > 1:
        line = _at_place(line)
    if line.verb in EXTREMES and "second" in words:
        raise Unanswerable("Say which place of the ranking is meant: the second best, the third worst.")
    return line


def _of_one(line: Line, linked: Linked, words: set[str]) -> Line | None:
    """A line that ranks or lists where one group, condition or way of averaging is asked for; None for any other."""
    whole = any(len(choice) == 2 for tag in linked.tags("Q") for choice in linked.meanings[tag].conditions)
    if line.verb == "list" and line.unit in SPREADS and whole and not (line.order or line.test or words & SPREADING):
        return replace(line, verb="value", unit=None)  # of one class or group alone
    of_group = line.unit == "group" and line.verb in EXTREMES and whole and words & FAILING
    if of_group and not words & {"which", "what"}:
        return replace(line, verb="value", unit=None)  # `most have tan skin: how often does it fail on that group`
    overall = {parts for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions}
    if line.unit == "group" and overall and overall <= {("macro",), ("weighted",)}:
        return replace(line, verb="value", unit=None, order=None, limit=None)
    pooled = any(linked.meanings[tag].conditions == {("pooled",)} for tag in linked.tags("Q"))
    if line.verb in EXTREMES and pooled and words >= {"than", "per"} and line.metrics:  # `higher than per image`
        return replace(line, verb="compare", unit=None)
    if line.verb in AVERAGES and pooled and words & {"versus", "vs"}:  # `per image versus pooled`
        return replace(line, verb="value", unit=None)
    apart = words & {"apart", "difference", "gap"}
    averaged = line.verb in (*AVERAGES, "value") and pooled and words & {"per", "mean"} and line.metrics
    if averaged and (words & SURPASSING or apart):
        verb = (
            "difference" if "much" in words or apart else "compare"
        )  # `does the mean per image exceed the pooled one`
        return replace(line, verb=verb, unit=None)
    return None


def _spread_by_name(line: Line, words: set[str]) -> Line:
    """Groups, methods or corruptions, as the question calls them."""
    called = [unit for unit, names in CALLED.items() if words & names]
    called = ["method"] if "method" in called else called  # `the method that a small perturbation changes least`
    return replace(line, unit=called[0]) if len(called) == 1 and line.unit not in called else line


def _between_conditions(line: Line, linked: Linked) -> Line:
    """`Among stroma and debris, which has the higher recall` compares the two, and ranks no others."""
    named = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    kinds = {choice[0] for choices in named for choice in choices if len(choice) == 2}
    whole = all(any(len(choice) == 2 for choice in choices) for choices in named)
    ranked = line.verb in (*EXTREMES, "list") or (line.verb == "difference" and len(named) > 2)
    alike = len(kinds) == 1 or kinds <= {*CORRUPTIONS}
    if ranked and len(named) > 1 and whole and alike and line.metrics:
        return replace(line, verb="compare", unit=None)
    return line


def _between_tasks(line: Line, linked: Linked, words: set[str]) -> Line:
    """`Which is more accurate, the chest network or the pneumonia network` compares the models of two tasks."""
    tasks = [tag for tag in linked.tags("T") if len(linked.meanings[tag].tasks) == 1]
    ranked = (
        line.verb in EXTREMES and line.unit == "model" and line.metrics and {tag[0] for tag in line.models} <= {"T"}
    )
    if ranked and len(tasks) == 2 and words & {"or", "than", "versus", "vs", "between"}:
        return replace(line, verb="compare", unit=None, models=tuple(tasks))
    return line


def _by_axis(line: Line, linked: Linked, words: set[str]) -> Line:
    """`Which skin tone` asks for groups and `which blur` for corruptions; pictures of a group are cases, not groups."""
    choices = {choice for tag in linked.tags("Q") for choice in linked.meanings[tag].conditions}
    axes = {choice[0] for choice in choices if len(choice) == 1} & {*CORRUPTIONS, *AXES}
    if (
        (line.verb, line.unit) in (("count", "group"), ("count", "case"))
        and not line.metrics
        and any(len(each) == 2 for each in choices)
    ):
        return replace(line, unit="case")
    which = any(word in ("which", "what") and tag in linked.tags("Q") for word, tag in pairwise(linked.tokens))
    named = any(word.startswith(line.unit or "-") for word in words) and line.unit not in SPREADS and not which
    asked = axes or (line.verb in EXTREMES and words & CLASSES)
    if line.verb not in (*EXTREMES, "list", "count") or not asked or named or line.unit == "method":
        return line
    spoiled = bool(axes) and axes <= set(CORRUPTIONS) and not words & CALLED["group"]
    return replace(line, unit="corruption" if spoiled else "group")


def _turned_round(line: Line, tokens: Sequence[str]) -> Line:
    """A list whose order the words say: `highest first`."""
    said = next((FIRST[word] for word, after in pairwise(tokens) if after == "first" and word in FIRST), None)
    return replace(line, order=said) if said and line.verb == "list" and line.order else line


def _really_ranked(line: Line, linked: Linked, words: set[str]) -> Line:
    """A ranking of batches, cases, groups, corruptions or methods, if the question has a word for them.

    Where it lists models instead, those are ranked.
    """
    unit = str(line.unit)
    tokens = linked.tokens
    asked = any(first in ("is", "was") and then == "batch" for first, then in pairwise(tokens))
    if unit == line.place and len({*line.at}) == 1:  # `is batch 5 the worst batch`
        return replace(line, place=None, at=())
    if unit in TABLES and not words & {*BATCHES, *CASES, *PICTURES} and words & MODELS and words & RANKED_BY:
        return replace(line, unit="model")
    if unit == "case" and line.place == "batch" and asked and not words & {*CASES, *PICTURES}:
        return replace(line, unit="batch", place=None, at=())  # `is batch 1 the worst`
    alone = sum(tag[0] != "T" for tag in line.models) == 1 and linked.spelt[:1] in YES_OR_NO
    if unit in TABLES and alone and linked.rank > 1 and not words & ({*BATCHES, *CASES} | PICTURES):
        return replace(line, unit="model")  # `is isic-base second best by recall`
    own = {"batch": {*BATCHES}, "case": {*CASES, *PICTURES}}.get(unit) or CALLED[unit] | SPREAD
    if words & own or (unit in SPREADS and linked.tags("Q")):
        return line
    if sum(tag[0] != "T" for tag in line.models) > 1 or (unit in SPREADS and words & MODELS):
        return replace(line, unit="model")
    tables = {"batch": {*BATCHES}, "case": SHOWN}
    other = next((name for name, nouns in tables.items() if unit in SPREADS and words & nouns), None)
    if other:
        return replace(line, unit=other)
    if unit in TABLES or words & {"which", "where", "whose", *FEW, *MANY}:
        return line
    raise Unanswerable("Say what is to be ranked: batches, cases, models, groups, corruptions or methods.")


def _by_number(line: Line, linked: Linked, words: set[str]) -> Line:
    """The most false positives are the highest number of them, and not the best: of counts, words of number decide."""
    verb = line.order or line.verb
    measures = {parts[-1] for tag in line.metrics for parts in linked.meanings[tag].metrics}
    counts = measures <= SUMMED or not measures & (HIGHER | LOWER)
    noun = [word for word, tag in pairwise(linked.tokens) if tag in line.metrics and word == "most"]
    if verb == "best" and measures and measures <= LOWER and noun == ["most"]:  # `covers most false-positive pixels`
        return replace(line, order="max") if line.order else replace(line, verb="max")
    if verb not in ("best", "worst") or not measures or not counts or words & QUALITY:
        return line
    turned = _turned(verb, linked.spelt, set(line.metrics))
    said = [end for end, named in (("max", MANY), ("min", FEW)) if words & named]
    unknown = not measures & (HIGHER | LOWER)
    if len(said) == 1 and ((turned == verb and measures <= SUMMED and "by" not in words) or unknown):
        turned = said[0]
    return replace(line, order=turned) if line.order else replace(line, verb=turned)


def _right_way_round(line: Line, tokens: Sequence[str], words: set[str]) -> Line:
    """The other end, where a word before the metric says it: `the most accurate` is not the worst of accuracy."""
    before = {word for word, tag in pairwise(tokens) if tag in line.metrics}
    verb = line.verb
    up, down = before & {"most", *HIGHEST}, before & {"least", "lowest", "smallest", "fewest"}
    if verb in ("best", "worst") and bool(before & HIGHEST) != bool(down - {"least"}) and not words & QUALITY:
        return replace(line, verb="max" if before & HIGHEST else "min")  # `the biggest share of failures caught`
    if any(up in words and down in words for up, (_, down) in ENDS.items()):
        return line  # both ends are asked for, one after the other
    flipped = {"max": "min", "min": "max"}
    least = any(word == "least" and adverb.endswith("ly") for word, adverb in pairwise(tokens))
    spared = (
        line.unit == "corruption"
        and not line.test  # `at least 0.2`
        and words & {"least", "smallest"}
        and (words & (LOSING | HARMING) or ("least" in words and "least" not in before))
    )
    if spared:
        return replace(line, verb="best")  # `which corruption hurts it the least`
    noun = {word for before, word in pairwise(tokens) if before in ("picture", "image", "which", "of", "kind", "type")}
    if verb == "best" and (least or (line.unit == "corruption" and words & LOSING - noun)):
        return replace(line, verb="worst")  # `recognised least reliably`, `which lowers its Dice the most`
    if words & SINKING and verb in ("max", "best") and not before & {"highest", "largest"}:
        return replace(line, verb="min" if verb == "max" else "worst")  # `where its recall collapses most`
    adjective = before & {"most", "least"} and not words & (QUALITY | LOSING)
    flipped |= {"best": "worst", "worst": "best"} if adjective else {}
    wrong = (up and not down and verb in ("min", "worst")) or (down and not up and verb in ("max", "best"))
    if verb == "worst" and "better" in words and not words & {"worst", "worse", "poorest", "weakest", "lowest"}:
        return replace(line, verb="best")
    return replace(line, verb=flipped.get(verb, verb)) if wrong else line


def _turned(verb: str, tokens: Sequence[str], counted: set[str]) -> str:
    """`max` or `min` where a word of number stands beside what is counted: `most K1`, `fewest of its K1`, `most often`.

    In `most accurate by K1` it does not: there the verb is as it was.
    """
    said: set[str] = set()
    for at, token in enumerate(tokens):
        around = {*tokens[at + 1 : at + 2], *(tokens[at + 2 : at + 4] if {*tokens[at + 1 : at + 2]} & AMOUNT else ())}
        before = {*tokens[max(at - 2, 0) : at]}
        if token in MANY | FEW and (around & (counted | {"often"}) or before & counted):
            said.add("max" if token in MANY else "min")
    return said.pop() if len(said) == 1 else verb


def _tiles(linked: Linked) -> bool:
    """Whether pictures are asked for: by a noun, or by a number right before a task, `which three pathology tiles`."""
    before_task = any(tag in linked.numbers and task in linked.tags("T") for tag, task in pairwise(linked.spelt))
    return before_task or bool({*linked.spelt} & SHOWN)


def _so_many(line: Line, linked: Linked) -> Line:
    """`Three corruptions under which its Dice is poorest` are a list, whatever ends a model ranks by."""
    nouns = {
        "corruption": {"corruptions"},
        "method": {"methods"},
        "group": {"groups", "subgroups"},
        "batch": {"batches"},
    }
    plural = nouns.get(line.unit or "", set())
    spelt = linked.spelt
    said = [tag for at, tag in enumerate(spelt) if tag in linked.numbers and {*spelt[at + 1 : at + 4]} & plural]
    free = line.verb in EXTREMES and line.metrics and not (line.test or line.within or line.held or line.place)
    if free and len(said) == len(linked.numbers) == 1 and linked.rank == 1:
        return replace(line, verb="list", order=line.verb, limit=said[0])
    return line


def _named_by(line: Line, linked: Linked) -> tuple[str, ...]:
    """The metric after `by`, where the line has one before it: `foresees its failures best by AUROC`.

    Of batches and cases, both metrics of a question: the recall of the case with the lowest Dice.
    """
    named = [tag for tag in linked.tags("KX") if tag not in line.models]
    said = [tag for by, tag in pairwise(linked.tokens) if by == "by" and tag in named]
    if len(said) == 1 and said[0] not in line.metrics and len(line.metrics) == 1 and line.unit not in TABLES:
        return (said[0],)
    if line.unit in TABLES and len(line.metrics) == 1 and len(named) == 2 and not line.held:
        return (*line.metrics, *(tag for tag in named if tag not in line.metrics))
    return line.metrics


def _ranking_first(metrics: tuple[str, ...], tokens: Sequence[str]) -> tuple[str, ...]:
    """The metrics, that first by which is ranked: the one beside a superlative."""
    by = [tag for word, tag in pairwise(tokens) if word == "by" and tag in metrics]
    if by:  # `the recall of the worst batch by Dice`
        return (by[0], *(metric for metric in metrics if metric != by[0]))
    places = [at for at, token in enumerate(tokens) if token in SUPERLATIVES]
    apart = {
        metric: min(
            (abs(at - place) for place in places for at, token in enumerate(tokens) if token == metric), default=99
        )
        for metric in metrics
    }
    return tuple(sorted(metrics, key=lambda metric: apart[metric]))


def _no_advice(words: set[str]) -> None:
    """Which model is best can be told; which to use, or to be proud of, can't."""
    if words & ADVICE or not words & RANKING:
        raise Unanswerable("The records recommend nothing: ask which model has the highest of a metric.")


def _at_place(line: Line) -> Line:
    """A question for the second best is one for an extreme."""
    if line.verb == "list" and line.order and not line.limit:
        return replace(line, verb=line.order, order=None)
    several = sum(tag[0] != "T" for tag in line.models) > 2 or {tag[0] for tag in line.models} == {"T"}
    if line.verb in ("compare", "value") and several and line.metrics and not line.place:
        return replace(line, verb="best", unit="model")  # `the second best Dice among` four models
    if line.verb not in EXTREMES:
        raise Unanswerable("A place in a ranking is told of batches, cases, models, groups or corruptions alone.")
    return line
