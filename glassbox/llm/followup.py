"""A follow-up such as `and for batch 12?`: the question before, with what the new one names in the place of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.language import EXTREMES, Line
from glassbox.llm.linker import NETWORKS, Linked
from glassbox.llm.phrases import Meaning

ASKING = frozenset((
    "best", "worst", "highest", "lowest", "max", "min", "maximum", "minimum", "mean", "average", "median", "sum",
    "total", "top", "bottom", "poorest", "strongest", "weakest", "largest", "smallest", "greatest", "least", "most",
    "peak", "value", "overall", "biggest", "finest", "hardest", "easiest", "fewest",
))  # fmt: skip
TESTS = {"below": {"below", "under", "less", "beneath"}, "above": {"above", "over", "more", "beyond"}}


def merged(line: Line, linked: Linked, before: tuple[Line, Linked], catalogue: Catalogue) -> tuple[Line, Linked]:
    """A follow-up: the line before, with what the new one names in the place of its own."""
    old, context = before
    line = _measured(line, linked, old)
    if old.test and linked.numbers and not set(linked.spelt) & {"batch", "batches"}:  # another bound
        line = replace(line, place=None, at=(), order=None)
        bounds = tuple(list(linked.numbers)[: len(old.bounds)])
        if len(bounds) == len(old.bounds):
            old = replace(old, bounds=_new(bounds), test=_test(linked.spelt) or old.test)
    kinds = {tag[0] for tag in line.models}
    gone = {kind for kind in "TSQ" if linked.tags(kind)} | ({"T"} if "M" in kinds else set())
    meanings = {tag: meaning for tag, meaning in context.meanings.items() if tag[0] not in gone}
    models = tuple(tag for tag in old.models if tag in meanings)
    if kinds and not kinds - {"P", "X"} and not _tasks(meanings):  # the same task's model for another purpose
        tasks = {catalogue.models[name].task for tag in models for name in meanings[tag].models}
        meanings |= {"T00": Meaning(tasks=tasks)} if tasks else {}
    if kinds == {"T"}:  # the same purposes of another task
        models = (*(tag for tag in models if tag[0] in "PX"), *_new(line.models))
    changed = replace(
        old,
        metrics=_new(line.metrics) or old.metrics,
        place=line.place or old.place,
        at=_new(line.at) or old.at,
        models=models if kinds == {"T"} else _new(line.models) or models,
    )
    if line.place and line.place == old.unit:  # one of those that the question before looked through
        changed = replace(changed, verb="value", unit=None, order=None, limit=None, test=None, bounds=())
    if line.order and set(linked.spelt) & ASKING:
        changed = _asking(changed, line.order, line.unit)
    meanings |= {_renamed(tag): meaning for tag, meaning in linked.meanings.items()}
    numbers = {**context.numbers, **{_renamed(tag): number for tag, number in linked.numbers.items()}}
    tokens, spelt = context.tokens, context.spelt
    if line.order:  # its words of order stand in the place of the old ones
        kept = [at for at, word in enumerate(spelt) if word not in ASKING]
        tags = {*linked.meanings, *linked.numbers}
        tokens, spelt = (
            (*(old[at] for at in kept), *(_renamed(word) if word in tags else word for word in new))
            for old, new in ((tokens, linked.tokens), (spelt, linked.spelt))
        )
    rank = linked.rank if line.order or linked.rank > 1 else context.rank
    return changed, Linked(tokens, spelt, meanings, numbers, linked.missing, rank=rank, percent=linked.percent)


def _measured(line: Line, linked: Linked, old: Line) -> Line:
    """The line with what may be a metric or a purpose as a metric, where no variant is told by its purpose before."""
    beside = {tag for tag, after in pairwise((*linked.spelt, "")) if tag[:1] == "X" and after in {*NETWORKS, "one"}}
    if {tag[0] for tag in old.models} & {"P", "X", "T"} or linked.tags("T"):
        return line
    metrics = tuple(tag for tag in line.models if tag[0] == "X" and tag not in beside)
    models = tuple(tag for tag in line.models if tag not in metrics)
    return replace(line, metrics=(*line.metrics, *metrics), models=models)


def _test(words: Sequence[str]) -> str | None:
    """The condition that a follow-up names."""
    return next((test for test, said in TESTS.items() if set(words) & said), None)


def _tasks(meanings: Mapping[str, Meaning]) -> set[str]:
    """The tasks that a question names."""
    return {task for meaning in meanings.values() for task in meaning.tasks}


def _asking(line: Line, verb: str, unit: str | None) -> Line:
    """The same line with another verb; an extreme or average is taken over batches where no unit was named."""
    if line.verb == "list" and verb in EXTREMES:
        return replace(line, order=verb)
    unit = None if verb == "value" else unit or line.unit or "batch"
    place, at = (None, ()) if line.place == unit else (line.place, line.at)
    return replace(line, verb=verb, unit=unit, order=None, limit=None, place=place, at=at)


def _renamed(tag: str) -> str:
    """A tag of the follow-up, told from those of the question before."""
    return f"{tag}0"


def _new(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_renamed, tags))
