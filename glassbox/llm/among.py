"""What a ranking is among: groups of so many cases, models but for one, several data sets, two models at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import EXTREMES, SPREADS, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.measures import SUMMED
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED, or_more, test_before
from glassbox.llm.sets import by_size
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.words import (
    ADDING,
    ARTICLES,
    CALLED,
    CLASSES,
    FEWER,
    LARGER,
    NETWORKS,
    NOT,
    PICTURES,
    REMOVED,
    TOWARDS,
    WRONG,
)

OUT = {
    "excluding", "except", "exclude", "excluded", "ignore", "ignoring", "leaving", "leave", "disregarding", "disregard",
    "discarding", "skip", "skipping", "omit", "omitting", "besides", "barring", "aside",
}  # fmt: skip
OUT_OF_TWO = {("apart", "from"), ("aside", "from"), ("other", "than"), ("not", "counting")}
LEFT = "What is left when some are left out is told of rankings of models and of groups alone."
NUMBER = {"more", "most", "fewer", "fewest", "less", "least"}
ASIDE = {"aside", *REMOVED}  # behind what is left out
JUDGED = WRONG | {"right", "correct", "correctly", "rightly"}
FILLING = (
    *ARTICLES,
    *NETWORKS,
    "for",
    "from",
    "out",
    "all",
    "only",
    "on",
    "those",
    "models",
    "networks",
    "group",
    "groups",
    "class",
)


def among(line: Line, linked: Linked, words: set[str]) -> Line:
    """The line with what its question ranks among."""
    line = _of_size(line, linked, words)
    line = _but(line, linked)
    line = sizes_of(linked, words) or line
    if line.unit == "task" and not line.metrics and not line.test:
        line = by_size(linked, words) or line
    return _summed(line, linked, words) or line


def _of_size(line: Line, linked: Linked, words: set[str]) -> Line:
    """Groups that have so many cases: `which skin tone with at least 50 images has the lowest recall`."""
    choices = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    axis = any(len(parts) == 1 for choice in choices for parts in choice)
    grouped = line.unit in SPREADS or words & (CALLED["group"] | CLASSES) or axis
    if not grouped or line.sized or line.verb in ("refuse", "help") or line.place:
        return line
    spelt = [word for word in linked.spelt if word not in ARTICLES]
    for at, (tag, noun) in enumerate(pairwise(spelt)):
        if tag not in linked.numbers or noun not in {*CASES, *PICTURES}:
            continue
        before = spelt[at - 1] if at else ""
        test = or_more(spelt, at + 1) or (test_before(spelt[:at]) if before in TESTED else None)
        if not test:
            continue
        if len(linked.numbers) > 1 or words & (NOT | OUT) or line.verb == "count":
            raise Unanswerable("Ask for groups with at least so many cases, and for nothing else of them.")
        ends = [word for word in spelt if word in TOWARDS and spelt[spelt.index(word) - 1] != "at"]
        verb = TOWARDS[ends[0]] if len(ends) == 1 else line.verb
        metrics = line.metrics or tuple(tag for tag in linked.tags("KX") if tag not in line.models)[:1]
        unit = line.unit if line.unit in SPREADS else "group"
        line = replace(line, verb=verb, unit=unit, metrics=metrics, sized=(test, tag), test=None, bounds=())
        return replace(line, order=None, limit=None) if verb in EXTREMES else line
    return line


def _but(line: Line, linked: Linked) -> Line:
    """Models or groups that are left out: `leaving the recall model aside, which net has the best recall`."""
    left = tuple(_left_out(linked))
    models = tuple(tag for tag in left if tag[0] in "MPX")
    groups = tuple(tag for tag in left if tag[0] == "Q")
    ends = [TOWARDS[word] for word in linked.spelt if word in TOWARDS]
    if any(tag[0] == "T" for tag in left):
        raise Unanswerable(LEFT)
    if models and line.verb in ("compare", "value", "difference") and len(ends) == 1 and not line.place:
        line = replace(line, verb=ends[0], unit="model")
    if models and line.unit == "model" and line.verb in (*EXTREMES, "list"):
        return replace(line, models=tuple(tag for tag in line.models if tag not in models), but=models)
    if groups and line.unit in SPREADS and len(groups) < 3 and not {*linked.spelt} & {"not", "only"}:
        return replace(line, but=groups)
    if models or groups:
        raise Unanswerable(LEFT)
    return line


def _left_out(linked: Linked) -> Iterator[str]:
    """The tags right behind a word such as `excluding`, and the one before `aside`."""
    tokens, after = linked.spelt, False
    for at, token in enumerate(tokens):
        left = {*tokens[at + 1 : at + 2]} & {"is", "are", "was"} and tokens[at + 2 : at + 4] == ("left", "out")
        aside = {*_near(tokens, at)} & ASIDE or left
        if is_tag(token, "MPXQT"):
            if after or aside:
                yield token
            after = False
        elif (
            token in OUT
            or (token == "but" and at and tokens[at - 1] in (*NETWORKS, "one", "everything", "all"))
            or (at and (tokens[at - 1], token) in OUT_OF_TWO)
        ):
            after = True
        elif token in ("and", "or", ",") and at and is_tag(tokens[at - 1], "MPXQ"):
            after = after or _run_of_out(tokens, at)
        elif token not in FILLING:
            after = False


def _run_of_out(tokens: Sequence[str], at: int) -> bool:
    """Whether what stands before a joint is left out itself: `excluding isic-base and isic-recall`."""
    before = [token for token in tokens[:at] if token not in FILLING]
    while before and (is_tag(before[-1], "MPXQ") or before[-1] in ("and", "or", ",")):
        before.pop()
    return bool(before) and (before[-1] in OUT or tuple(before[-2:]) in OUT_OF_TWO)


def _near(tokens: Sequence[str], at: int) -> Sequence[str]:
    """The next word behind a name that is no noun for a model."""
    return [token for token in tokens[at + 1 : at + 4] if token not in NETWORKS][:1]


def sizes_of(linked: Linked, words: set[str]) -> Line | None:
    """The sizes of several data sets: `which training set is bigger, isic or drive`."""
    tasks = tuple(tag for tag in linked.tags("T") if len(linked.meanings[tag].tasks) == 1)
    sets = words & {*CASES, *PICTURES, "set", "sets", "split", "dataset", "datasets", "data"} or linked.tags("S")
    if (
        len(tasks) < 2
        or linked.tags("MPKXQCNU")
        or not sets
        or not words & (LARGER | FEWER | {"many", "size", "sizes"})
    ):
        return None
    spelt, images = linked.spelt, {*CASES, *PICTURES}
    sized = any(word in LARGER | FEWER and word not in NUMBER and noun in images for word, noun in pairwise(spelt))
    if words & JUDGED and len(tasks) == 2:
        raise Unanswerable("Ask how many each of the two got wrong, one after the other.")
    if (
        sized
        or linked.rank > 1
        or words & (NOT | {"times", "pixels", "pixel"})
        or ("of", UNKNOWN) in pairwise(linked.tokens)
    ):
        return None
    many = {"how", "many"} <= words or "difference" in words
    if many and len(tasks) == 2 and words & (LARGER | FEWER | {"difference"}):
        return Line("difference", unit="case", models=tasks)
    if words & {"which", "what", "where", "who"} or {*words} & {*TOWARDS}:
        return Line("min" if words & FEWER else "max", unit="case", models=tasks)
    return Line("count", unit="case", models=tasks)


def _summed(line: Line, linked: Linked, words: set[str]) -> Line | None:
    """A sum over models: `how many lesions did the three miss altogether`."""
    models = tuple(tag for tag in linked.tags("MPX") if tag in line.models or tag[0] != "X")
    metrics = tuple(tag for tag in linked.tags("KX") if tag not in models)
    of = {parts[-1] for tag in metrics for parts in linked.meanings[tag].metrics}
    adding = words & (ADDING - {"number"}) or ("in", "all") in pairwise(linked.spelt)
    plain = not (line.place or line.test or linked.tags("QCN"))
    plain = plain and (line.unit in (None, "model", "case") or not words & {"batch", "batches"})
    if not (adding and plain and len(models) > 1 and len(metrics) == 1 and of & (SUMMED | {"failures"})):
        return None
    tasks = tuple(linked.tags("T"))
    return Line("sum", unit="model", metrics=metrics, models=(*models, *tasks))
