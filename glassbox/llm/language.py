"""The query line that the model writes, and the grammar that holds it to what the index has.

    value X1 in batch N1 of X1            what was the recall of the recall variant on batch 78
    worst batch of X1                     which batch did the precision model do worst on
    min batch K1 K2 of M1                 the recall of the batch with the lowest Dice: the first metric ranks
    count case K1 below N1 of M1          how many cases of isic-base have an IoU below 0.65
    list batch K1 worst N1 of M1          the three worst batches of isic-base by Dice
    compare K1 of P1 X1                   is balanced better than precision on IoU
    again in batch N1                     and for batch 12?
    refuse

A line has tags where names and numbers stand. There is no other way to write a name or a digit, and the tags are those
of one question, so that a metric, model or number that the question does not hold, or the index does not know, can't be
named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glassbox.llm.linker import Linked

EXTREMES = ("best", "worst", "max", "min")
AVERAGES = ("mean", "median", "sum")
TABLES = ("batch", "case")
SPREADS = ("group", "method", "corruption")
NAMED = ("model", "task", "metric")
UNITS = (*TABLES, *NAMED, *SPREADS)
TESTS = ("below", "above", "least", "most", "equal", "between")
VERBS = ("value", *AVERAGES, *EXTREMES, "count", "list", "difference", "compare", "again", "help", "refuse")
WORDS = (*VERBS, *UNITS, *TESTS, "in", "of")
METRICS, MODELS = "KX", "MPXT"


@dataclass(frozen=True)
class Line:
    """A query line taken apart; names and numbers are still tags. The last ones are no part of what a model writes."""

    verb: str
    unit: str | None = None
    metrics: tuple[str, ...] = ()
    order: str | None = None
    limit: str | None = None
    test: str | None = None
    bounds: tuple[str, ...] = ()
    place: str | None = None  # batch or case
    at: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    held: tuple[tuple[str, str, str], ...] = ()  # conditions on other metrics: metric, test and number of each
    there: tuple[str, ...] = ()  # models of which is told what they have at the place of the ranking
    within: tuple[str, str] | None = None  # of cases: the batch that they lie in, by its verb and its metric
    sized: tuple[str, str] | None = None  # of groups: the test and the number of their cases
    but: tuple[str, ...] = ()  # models or groups that are left out
    both: bool = False  # whether a condition is to be true of each of two models
    apart: str | None = None  # how far two models are apart: either way, or the first ahead, behind, up or down


def parse(text: str) -> Line:
    """Take a line apart. Raises `ValueError` where it is none: the grammar lets no such line through."""
    verb, *rest = text.split()
    if verb not in VERBS:
        raise ValueError(f"no query begins with '{verb}'")
    found: dict[str, object] = {}
    if verb == "again" and rest and rest[0] in VERBS:
        found["order"] = rest.pop(0)
    if rest and rest[0] in UNITS:
        found["unit"] = rest.pop(0)
    found["metrics"] = _tags(rest, METRICS)
    if rest and rest[0] in EXTREMES and verb == "list":
        found["order"] = rest.pop(0)
        found["limit"] = next(iter(_tags(rest, "N", most=1)), None)
    if rest and rest[0] in TESTS:
        found["test"] = rest.pop(0)
        found["bounds"] = _tags(rest, "N")
    if rest and rest[0] == "in":
        found["place"], found["at"] = "".join(rest[1:2]), _tags(rest := rest[2:], "NC")
    if rest and rest[0] == "of":
        rest.pop(0)
        found["models"] = _tags(rest, MODELS)
    placed = "place" not in found or (found["place"] in TABLES and found["at"])
    if rest or not placed:
        raise ValueError(f"'{' '.join(rest)}' is left over of '{text}'")
    return Line(verb, **found)  # type: ignore[arg-type]


def _tags(rest: list[str], kinds: str, most: int = 9) -> tuple[str, ...]:
    """Take the tags at the beginning of `rest`."""
    found: list[str] = []
    while rest and len(found) < most and rest[0][0] in kinds and rest[0][1:].isdigit():
        found.append(rest.pop(0))
    return tuple(found)


def grammar(linked: Linked, refusing: bool = True) -> str:
    """The GBNF grammar of every line that can be written of this question; without `refusing`, of each that asks."""
    rules = dict(_rules(linked))
    others = ('" refuse"', '" help"') if refusing else ()
    rules["root"] = _either(*others, *(name for name in _VERB_RULES if name in rules))
    return "\n".join(f"{name} ::= {rule}" for name, rule in rules.items()) + "\n"


_VERB_RULES = ("value", "over", "extreme", "spread", "count", "list", "names", "pair", "again")


def _rules(linked: Linked) -> Iterator[tuple[str, str]]:
    """Each rule that has something to name, by its name."""
    tags = {
        name: linked.tags(kinds) for name, kinds in (("metric", METRICS), ("model", MODELS), ("n", "N"), ("c", "C"))
    }
    for name, found in tags.items():
        if found:
            yield name, _words(found)
    metrics, some = bool(tags["metric"]), "metric metric? metric?"
    places = [*(['" batch" n n? n? n? n?'] if tags["n"] else []), *(['" case" c c?'] if tags["c"] else [])]
    if places:
        yield "in", f'" in" ({" | ".join(places)})'
    if tags["model"]:
        yield "of", '" of" model model? model? model? model? model?'
    where = f"{'in? ' if places else ''}{'of?' if tags['model'] else ''}".strip()
    table, order = _words(TABLES), _words(EXTREMES)
    ranked = f"({order}){' n?' if tags['n'] else ''}"
    test = f'({_words(TESTS[:-1])}) n | " between" n n' if metrics and tags["n"] else ""
    if metrics or where:
        yield "value", f'" value" {f"({some})? " if metrics else ""}{where}'
    if metrics:
        yield "over", f"({_words(AVERAGES)}) ({table}) metric {where}"
        yield "spread", f"({order}) ({_words(SPREADS)}) metric {where}"
    one, two = ("metric? ", "metric? metric? ") if metrics else ("", "")
    others = _words(("model", "task", "group", "corruption"))
    yield "extreme", f"({order}) (({table}) {two}| ({others}) {one}){where}"
    counted = f"(metric ({test}))? " if test else ""
    yield "count", f'" count" ({_words((*TABLES, *NAMED, *SPREADS))}) {counted}{where}'
    listed = f"metric? ({ranked} | {test})? " if test else f"{'metric? ' if metrics else ''}({ranked})? "
    yield "list", f'" list" ({_words((*TABLES, "model", *SPREADS))}) {listed}{where}'
    yield "names", f'" list" ({_words(NAMED)}) {where}'
    yield "pair", f'(" compare" | " difference") {"metric? metric? " if metrics else ""}{where}'
    again = f'({order} | {_words(AVERAGES)} | " value")? ({table})? {"metric? metric? " if metrics else ""}{where}'
    yield "again", f'" again" {again}'


def _words(words: Sequence[str]) -> str:
    return _either(*(f'" {word}"' for word in words))


def _either(*choices: str) -> str:
    return " | ".join(choices)
