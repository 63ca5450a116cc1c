"""Two models batch by batch or case by case: where they are furthest apart, and on how many one is ahead by so much."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import BEGINNING, TESTED, or_more, test_before
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import ARTICLES, COUNTING, NETWORKS, NOT, PICTURES

EITHER = {  # two models are apart, whichever is ahead
    "differ", "differs", "differed", "difference", "differences", "gap", "apart", "disagree", "disagrees", "diverge",
    "diverges", "divergence", "disagreement", "distance", "spread", "margin", "within", "other",
}  # fmt: skip
AHEAD = {"beat", "beats", "ahead", "better", "outperform", "outperforms", "outdo", "outdoes", "outscore", "outscores",
         "surpass", "surpasses", "win", "wins", "leads", "lead", "advantage",
         "beaten", "outperformed", "overtaken"}  # fmt: skip
BEHIND = {"behind", "worse", "trails", "trail", "lags", "lag", "loses", "lose", "disadvantage"}
ABOVE = {"higher", "above", "exceeds", "exceed", "larger", "greater"}
BELOW = {"lower", "below", "smaller"}
GAINED = {"gain", "gains", "gained", "improve", "improves", "improvement", "help", "helps", "lift", "lifts", "better",
          "rise", "rises", "raise", "raises"}  # fmt: skip
LOST = {"cost", "costs", "lose", "loses", "lost", "loss", "drop", "drops", "fall", "falls", "hurt", "hurts", "worse",
        "worsen", "worsens", "harm", "harms", "sacrifice", "sacrifices", "deteriorate", "deteriorates"}  # fmt: skip
MOST = {"most", "largest", "biggest", "greatest", "furthest", "farthest", "widest", "highest", "maximum", "max", "far"}
LEAST = {"least", "smallest", "closest", "nearest", "narrowest", "lowest", "minimum", "min"}
BETWEEN = (
    "and", "or", "to", "than", "versus", "vs", "over", "from", "against", "with", "minus", "by", "beat", "beats",
    "outperform", "outperforms", "trail", "trails", "exceed", "exceeds", "surpass", "surpasses",
)  # fmt: skip
MORE = NOT | {  # what such a ranking can't say
    "fail", "fails", "no", "hardly", "almost", "nearly", "barely", "beaten", "outperformed", "favour", "favor",
    "except", "excluding", "only", "best", "worst", "share", "fraction", "percent", "average", "without", "neither",
    "nor", "overtaken", "surpassed", "among",
}  # fmt: skip
PLAINLY = "Ask in which batch or case two models differ most, or on how many one is ahead by more than a number."


def apart(line: Line, linked: Linked, words: set[str]) -> Line | None:
    """The line that ranks, lists or counts by how far two models are apart; None where a question asks for none."""
    pair = _pair(line, linked)
    unit = "batch" if words & {*BATCHES} else "case" if words & {*CASES, *PICTURES} else None
    way = _way(linked, words, pair) if len(pair) == 2 else None
    metrics = tuple(tag for tag in dict.fromkeys(linked.tokens) if is_tag(tag, "KX") and tag not in pair)
    if not unit or not way or line.unit == "model":
        return None
    numbers = [*linked.numbers]
    bound, test = _bound(linked)
    order = _order(linked)
    if not (order or (bound and numbers == [bound])):
        return None
    if (
        len(metrics) > 1
        or line.place
        or linked.tags("C")
        or words & MORE
        or ("other", "than") in pairwise(linked.spelt)
        or _several(linked)
        or _placed(linked, bound)
    ):
        raise Unanswerable(PLAINLY)
    models = (*pair, *(tag for tag in line.models if tag[0] == "T"))
    line = Line("list", unit=unit, metrics=metrics, models=models, apart=way)
    if bound and numbers == [bound]:
        return replace(
            line, verb="count" if words & COUNTING or "often" in words else "list", test=test, bounds=(bound,)
        )
    if len(numbers) > 1:
        return None
    if numbers or _plural(linked):
        return replace(line, order=order, limit=numbers[0] if numbers else None)
    return replace(line, verb=str(order))


def _several(linked: Linked) -> bool:
    """Whether more than two models are named."""
    return len({tag for tag in linked.tokens if is_tag(tag, "MP")}) > 2


def _placed(linked: Linked, bound: str | None) -> bool:
    """Whether a number is a batch's, or one of the first or last: `the first 20 batches`, `batch below 50`."""
    spelt, told = ("", "", *linked.spelt), {"batch", "batches", "first", "last"}
    places = [at for at, token in enumerate(spelt) if token in linked.numbers]
    batches = any({*spelt[at - 2 : at]} & told for at in places)
    return batches or any(spelt[at - 1] in TESTED for at in places if spelt[at] != bound)


def _plural(linked: Linked) -> bool:
    """Whether several are asked for: `the cases where they differ most`, but not `over all cases`."""
    nouns = {"cases", "batches", "images", "pictures", "photos"}
    asking = ("the", "which", "list", "what", "name")
    return any(before in asking and noun in nouns for before, noun in pairwise(("", *linked.spelt)))


def _pair(line: Line, linked: Linked) -> tuple[str, ...]:
    """The two models, in the order in which they are said."""
    nouns = (*ARTICLES, *NETWORKS, *(tag for tag in linked.tags("T")))
    plain = [token for token in linked.tokens if token not in nouns]
    named = [tag for tag in line.models if tag[0] != "T"]
    if len(named) == 2:
        return tuple(sorted(named, key=plain.index)) if {*named} <= {*plain} else ()
    joined = [
        (one, other)
        for one, joint, other in zip(plain, plain[1:], plain[2:], strict=False)
        if joint in BETWEEN and is_tag(one, "MPX") and is_tag(other, "MPX") and one != other
    ]
    purposes = len(joined) == 1 and all(is_tag(tag, "X") for tag in joined[0])
    if purposes and linked.tags("M"):  # `the gap between precision and recall` of a model
        return ()
    return joined[0] if len(joined) == 1 else ()


def _way(linked: Linked, words: set[str], pair: Sequence[str]) -> str | None:
    """What is measured: `either` how far apart, or how far the first is `ahead`, `behind`, `up` or `down`."""
    plain = [token for token in linked.tokens if token not in (*ARTICLES, *NETWORKS, *linked.tags("T"))]
    places = [plain.index(tag) for tag in pair if tag in plain]
    if len(places) == 2 and plain[places[0] - 1 : places[0]] == ["from"] and plain[places[1] - 1] == "to":
        lost, gained = words & LOST, words & GAINED
        if bool(lost) != bool(gained):
            return "ahead" if lost else "behind"
    free = {word for word, after in pairwise((*linked.spelt, "")) if after not in linked.numbers}  # no `above 0.1`
    either = (free | words & {"within"}) & EITHER
    for way, said in (("ahead", AHEAD | GAINED), ("behind", BEHIND | LOST), ("up", ABOVE), ("down", BELOW)):
        if free & said and not either & {"differ", "differs", "disagree", "apart"}:
            return way
    return "either" if either else None


def _order(linked: Linked) -> str | None:
    """From which end: `max` where they are apart most; a `most` before what is counted says nothing of it."""
    nouns = {*CASES, *PICTURES, "batches", "of"}
    said = {word for word, after in pairwise((*linked.spelt, "")) if word in MOST | LEAST and after not in nouns}
    ends = {"max" for word in said & MOST} | {"min" for word in said & LEAST}
    return ends.pop() if len(ends) == 1 else None


def _bound(linked: Linked) -> tuple[str | None, str]:
    """The number by which one is ahead, and its test: `by more than 0.1`, `at least 0.1 higher`, `within 0.02`."""
    plain = [word for word in linked.spelt if word not in ARTICLES]
    for at, (word, tag) in enumerate(pairwise(plain), start=1):
        if tag not in linked.numbers:
            continue
        if more := or_more(plain, at):
            return tag, more
        if word in ("within", "by"):
            return tag, "most" if word == "within" else "least"
        if word in TESTED and not {*plain[at + 1 : at + 2]} & {*BEGINNING}:
            return tag, test_before(plain[:at])
    return None, ""


def side_by_side(line: Line, linked: Linked, words: set[str]) -> Line:
    """`Specificity: a-base or a-recall?` asks which is ahead; `IoU with flips minus plain IoU` for a difference."""
    named = [tag for tag in line.models if tag[0] == "M"]
    either = any(
        joint in ("or", "vs", "versus", "against") and is_tag(one, "M") and is_tag(other, "M")
        for one, joint, other in zip(linked.tokens, linked.tokens[1:], linked.tokens[2:], strict=False)
    )
    if line.verb == "value" and len(named) == 2 and len(line.metrics) == 1 and either:
        return replace(line, verb="compare")
    alone = len(named) < 2 and len(line.metrics) == 1 and not line.place
    lost = words & {"lost", "loss", "gained", "gain"} and len(linked.tags("Q")) == 2
    if line.verb == "compare" and alone and ("minus" in words or lost):
        return replace(line, verb="difference")
    more = words >= {"how", "more", "than"} and len(linked.tags("Q")) == 2 and len(_axes(linked)) == 1
    if line.verb == "value" and alone and (more or (lost and len(_axes(linked)) == 1)):
        return replace(line, verb="difference")  # `how many more false positives at screening than at rule-in`
    if line.verb == "value" and alone and ("before", "minus") in {*pairwise(linked.spelt)}:
        return replace(line, verb="difference")  # `before minus after calibration`
    return line


def _axes(linked: Linked) -> set[str]:
    """The kinds of the conditions: two of one kind stand side by side."""
    return {parts[0] for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions if len(parts) > 1}
