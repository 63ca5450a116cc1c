"""Rankings asked for twice at once: both ends, `its best and worst batch`, or two places, `the best and the second`."""

from dataclasses import replace
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import AVERAGES, EXTREMES, SPREADS, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.numbers import BATCHES
from glassbox.llm.ranking import SPREADING
from glassbox.llm.words import ARTICLES, ENDS, MODELS, OTHER_END, PICTURES, RANGING, TOWARDS


def both_ends(line: Line, linked: Linked) -> tuple[Line, ...]:
    """The line twice where both ends of a ranking are asked for, `its best and worst batch`; else once."""
    said = [word for word in linked.spelt if word in ENDS or any(word == end for _, end in ENDS.values())]
    pair = next(((up, down) for up in said if up in ENDS for down in said if down == ENDS[up][1]), None)
    order = line.order or line.verb
    averaged = line.verb in AVERAGES and line.unit in TABLES and "range" in linked.spelt
    single = len(line.metrics) == 1 and sum(tag[0] != "T" for tag in line.models) == 1 and not linked.tags("QN")
    told = {*linked.spelt} & {"uncertainty", "interval", "confidence", "ci"}  # `with its uncertainty range`
    if line.verb == "value" and single and not line.place and "range" in linked.spelt and not told:
        return tuple(replace(line, verb=end, unit="case") for end in ("min", "max"))
    if (order in ("min", "max") or averaged) and {*linked.spelt} & RANGING and not pair and not line.place:
        return tuple(replace(line, verb=end, order=None, limit=None) for end in ("min", "max"))
    if not pair or order not in EXTREMES or line.limit or line.verb == "again" or linked.rank > 1:
        return (line,)
    said_unit = {*linked.spelt} & ({*BATCHES, *CASES} | PICTURES | SPREADING | MODELS) or linked.tags("Q")
    if line.unit in (*SPREADS, "batch") and not said_unit:  # `the highest and the lowest Dice`
        line = replace(line, unit="case")
    batches = [at for at, word in enumerate(linked.spelt) if word.startswith("batch")]
    cases = [at for at, word in enumerate(linked.spelt) if word in CASES]
    if batches and cases:
        if "and" in linked.spelt[min(*batches, *cases) : max(*batches, *cases)]:
            raise Unanswerable("Ask for the batch and for the case one after the other.")
        return (line,)
    spelt = list(linked.spelt)
    if any(
        spelt[at + 1] == "to" and {spelt[at], spelt[at + 2]} == {*pair} for at in range(len(spelt) - 2)
    ):  # `ranked from worst to best`
        return (line,)
    high = ENDS[pair[0]][0]
    ends = (high, OTHER_END[high]) if said.index(pair[0]) < said.index(pair[1]) else (OTHER_END[high], high)
    return tuple(replace(line, verb=end, order=None) for end in ends)


def both_ranks(line: Line, linked: Linked) -> tuple[Linked, ...]:
    """The question twice where two places of a ranking are asked for, `the best and the second best`; else once.

    A list of two holds the second: `the top two, the runner-up as well`.
    """
    if linked.rank != 2:
        return (linked,)
    if line.verb == "list" and line.limit in linked.numbers:
        return (replace(linked, rank=1),)
    plain = [word for word in linked.spelt if word not in (*ARTICLES, "also")]
    twice = any(
        one == other and one in TOWARDS and joint in ("and", ",")
        for one, joint, other in zip(plain, plain[1:], plain[2:], strict=False)
    )
    listed = {*plain} & {"list", "both"} and line.verb in EXTREMES
    after = {("and", "up")} & {*pairwise(plain)} and {*plain} & {*TOWARDS}  # `best model and runner-up`
    won = {*plain} & {"win", "wins", "won", "winner"} and "and" in plain  # `who wins, and who is runner-up`
    return (replace(linked, rank=1), linked) if twice or listed or after or won else (linked,)
