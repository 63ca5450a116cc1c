"""Numbers that no part of the line takes up: `on page 7`, `in fold 3`, `its five ghastliest outlines`."""

from glassbox.llm.accounting.question import UNITS, Question
from glassbox.llm.language import AVERAGES, EXTREMES
from glassbox.llm.linker import STRENGTH
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import or_more
from glassbox.llm.numbers import PIXELS
from glassbox.llm.tags import UNKNOWN

COMPARED = (["than"], ["below"], ["above"], ["under"], ["exceeding"], ["exceeds"], ["least"], ["most"])
CHOOSING = {"which", "list", "name", "count", "number", "many", "where", "those", *UNITS}  # some of several
AFTER = {"of", "for", "with", "in", "on", "by"}  # behind what is numbered
MADE = {"masks", "samples", "steps", "passes", "epochs", "seeds", "runs", "folds", "layers", "hours", "days", "gpus"}
NUMBERED = {
    "fold", "run", "seed", "epoch", "visit", "day", "week", "month", "quarter", "round", "room", "ward", "site",
    "centre", "center", "hospital", "scanner", "camera", "device", "machine", "clinic",
    "patient", "reader", "rater", "iteration", "step", "layer", "version", "attempt",
    "block", "stage", "annotator", "radiologist", "doctor", "checkpoint", "experiment", "trial", "release", "build",
    "slice",
}  # fmt: skip


def _loose_number(q: Question) -> str | None:
    """What a number stands for, or from which end the ranking goes that it counts, is not known."""
    line, both = q.line, [*zip(q.linked.tokens, q.linked.spelt, strict=True)]
    sized = [tag for tag, noun in q.pairs if noun in PIXELS and tag in {*q.linked.numbers} - {*line.bounds, line.limit}]
    if sized and line.verb == "value" and not q.measures & {"surface_dice_2px"}:  # `on vessels thinner than 3 px`
        return "Of that number of pixels nothing is recorded."
    made = [tag for tag, noun in q.pairs if tag in q.linked.numbers and noun in MADE]
    behind = any(one in ("with", "using", "after", "from") and tag in made for one, tag in q.pairs)
    if (made and line.verb in ("value", "compare", *EXTREMES)) or behind:  # `with 1000 masks`
        return "Of that number nothing is recorded."
    triples = zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
    if any(first in ("first", "last") and tag in q.linked.numbers and noun in UNITS for first, tag, noun in triples):
        return "Batches have numbers and cases have names: ask by those."
    hairs = any(
        tag in q.linked.numbers and is_tag(then, "Q") and tag not in (line.limit, *line.at) for tag, then in q.pairs
    )
    if hairs and q.kinds == {"hair"}:  # `with 25 hairs`
        return "That strength of a corruption is not recorded: ask which corruptions are."
    used = {*line.bounds, *line.at, line.limit, *(number for *_, number in line.held)}
    if any(one in NUMBERED and other in q.linked.numbers and q.linked.numbers[other].whole for one, other in q.pairs):
        return "Of that number nothing is recorded: write batch before the number of one."
    for (one, said), (other, then), (after, _) in zip(both, both[1:], [*both[2:], ("", "")], strict=False):
        loose = other in q.linked.numbers and other not in used and q.linked.numbers[other].whole
        alone = not after.isalpha() or after in AFTER
        if is_tag(one, "SN") and loose and alone and line.verb == "value" and not line.place:
            return "Name the case as the records do."  # `for test eleven`
        part = other in q.linked.numbers and other not in used and 0 < q.linked.numbers[other].value < 1
        if said == "at" and part and line.verb == "value" and not (line.test or q.linked.numbers[other].percent):
            return "Metrics are recorded at the chosen threshold, and at the operating points."
        if one == UNKNOWN and loose and alone and said not in STRENGTH:
            return f"What {said} stands for is not recorded: write batch before the number of one."
        end = other == UNKNOWN and then.endswith("est") and (line.order or line.verb in EXTREMES)
        if end and (one in q.linked.numbers or ((after in UNITS or is_tag(after, "KXTM")) and not q.ends)):
            return "Say from which end it is to be ranked: the best or the worst, the highest or the lowest."
    return None


def _unheld(q: Question) -> str | None:
    """`Less than 10 %`, `0.9 or more`: a bound that the line lets go, and all would be told in the place of some."""
    held = {*q.line.bounds, *q.line.at, q.line.limit, *(number for *_, number in q.line.held)}
    values = {q.linked.numbers[tag].value for tag in held if tag and tag in q.linked.numbers}
    for at, tag in enumerate(q.plain):
        if tag not in q.linked.numbers or q.linked.numbers[tag].value in values:
            continue
        settled = "defined" in q.words or not q.words & CHOOSING
        if q.line.verb == "value" and settled:  # `is its Dice above 0.8`: the value settles it
            continue
        bound = q.plain[at - 1 : at] in COMPARED or or_more(q.plain, at)
        if bound and not q.line.test and q.line.verb in ("value", "count", "list", *EXTREMES, *AVERAGES):
            return "That bound is not understood: ask for what has a metric above or below a number."
    return None


RULES = (_loose_number, _unheld)
