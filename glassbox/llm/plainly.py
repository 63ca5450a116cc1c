"""The line of a question whose words leave no doubt, where the model would rather refuse.

Where nothing but names, numbers and small words stand in a question, it asks for a value. A few turns of phrase ask for
one thing alone, and other words may stand around them: `how many did it get wrong`, `the sizes of the splits`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from glassbox.llm import lexicon
from glassbox.llm.among import sizes_of
from glassbox.llm.catalogue import CLASS, POINT
from glassbox.llm.language import Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.listed import of_an_end, of_tasks
from glassbox.llm.naming import is_tag, noun_follows
from glassbox.llm.nested import conditions
from glassbox.llm.numbers import BATCHES
from glassbox.llm.pairs import apart
from glassbox.llm.paraphrase import on_cue, paraphrased
from glassbox.llm.places import FAILURES
from glassbox.llm.sets import by_size
from glassbox.llm.worded import failing
from glassbox.llm.words import (
    AFFECTING,
    ARTICLES,
    CAUGHT,
    COMPARING,
    COUNTING,
    FAILING,
    HEALTHY,
    MISSING,
    MODELS,
    NOT,
    PART,
    PICTURES,
    PLAIN,
    REVIEWING,
    RIGHT,
    RIGHTLY,
    SICK,
    SIZES,
    WHY,
    WRONG,
)

OTHERS = {"who", "drew", "keep", "turned", "switched"}  # of these a plain question for a value has none
KINDS_OF = {"or", "and", "test", "training", "validation", "different", "many", "their", "any", "these", "those", "no",
            "not"}  # fmt: skip
THRESHOLD = {("threshold",)}
LEADING = {"leads", "lead", "leading", "ahead", "top", "tops", "best", "strongest", "highest", "first", "wins",
           "winner"}  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """A question with the models and metrics that it names."""

    linked: Linked

    @cached_property
    def words(self) -> set[str]:
        return set(self.linked.spelt)

    @cached_property
    def pairs(self) -> Sequence[tuple[str, str]]:
        return [*pairwise(self.linked.spelt)]

    @cached_property
    def models(self) -> tuple[str, ...]:
        """A purpose is a model's where a noun follows, or the name of a task stands before it."""
        linked = self.linked
        named = tuple(tag for tag in linked.tags("MPXT") if tag[0] != "X" or noun_follows(tag, linked.tokens))
        return named + tuple(tag for tag in linked.tags("X") if tag in self.of_task and tag not in named)

    @cached_property
    def of_task(self) -> set[str]:
        """What stands behind a task's name: `isic recall`."""
        return {tag for task, tag in pairwise(self.linked.tokens) if is_tag(task, "T")}

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        tokens = self.linked.tokens
        twice = {tag for tag in self.of_task if tokens.count(tag) > 1}  # `precision of isic precision`
        return tuple(tag for tag in self.linked.tags("KX") if tag not in self.models or tag in twice)

    @property
    def several(self) -> bool:
        """Whether more than one model is named, a task not being one."""
        return sum(tag[0] != "T" for tag in self.models) > 1

    def only(self, words: frozenset[str] | set[str]) -> bool:
        """Whether nothing but these words, names and numbers is said."""
        tagged = {*self.linked.meanings, *self.linked.numbers}
        return all(word in words for word in self.linked.spelt if word not in tagged)


def plainly(linked: Linked) -> Line | None:
    """The line of a plain question; None for any other, and for one that names what is not recorded."""
    said = _Said(linked)
    if linked.tags("U") or _conditioned(linked) or {*linked.spelt} & OTHERS:
        return None
    if sets := by_size(linked, said.words):
        return sets
    if tasks := of_tasks(linked):
        return tasks
    if not said.models:  # what is on a planted cue is recorded of one task
        return Line("value") if on_cue(linked, said.words) else None
    return next(_readings(said), None)


def _conditioned(linked: Linked) -> bool:
    """Whether pictures of a kind are asked about that no name stands for: `for ulcerated or bleeding moles`."""
    nouns, known = {*CASES, *PICTURES} - {"x", "id"}, {*linked.meanings, *linked.numbers, *PLAIN, *KINDS_OF}
    for at, word in enumerate(linked.spelt):
        behind = linked.spelt[at + 1 : at + 5]
        run = behind[: next((place for place, noun in enumerate(behind) if noun in nouns), 0)]
        if (
            word in ("for", "on", "among")
            and "of" not in run
            and any(one.isalpha() and one not in known for one in run)
        ):
            return True
    return False


def _readings(said: _Said) -> Iterator[Line]:
    """Every way in which a question is plain, the surest first."""
    linked, words, models, metrics = said.linked, said.words, said.models, said.metrics
    if distant := apart(Line("list"), linked, words):
        yield distant
    if sizes := sizes_of(linked, words):
        yield sizes
    if listed := of_an_end(linked):
        yield listed
    yield from _described(said)
    yield from _judged(said)
    yield from _of_splits(said)
    yield from _counted(said)
    yield from _of_two(said)
    yield from _of_several(said)
    yield from _of_conditions(said)
    pair = len(models) == 2 and len(metrics) == 1 and not linked.tags("QNC")
    if pair and words & COMPARING and said.only(PLAIN | COMPARING):
        yield Line("difference" if "much" in words else "compare", metrics=metrics, models=models)
    missed = [linked.meanings[tag].metrics for tag in metrics] == [{("missed",)}]
    if missed and not linked.numbers and said.only(PLAIN | MISSING):  # `is it true that it missed no lesion`
        yield Line("value", metrics=metrics, models=models)
    if 0 < len(metrics) < 4 and said.only(PLAIN) and (value := _value(said)):
        yield value


def _described(said: _Said) -> Iterator[Line]:
    """Values that are described: what a review catches, the sides of pictures, a metric in other words."""
    linked, words, models, metrics = said.linked, said.words, said.models, said.metrics
    sides = words & {"width", "height", "tall"} or ("how", "wide") in pairwise(linked.spelt)
    caught = [tag for tag in metrics if linked.meanings[tag].metrics == {("caught",)}]
    failures = [tag for tag in metrics if linked.meanings[tag].metrics <= FAILURES]
    below = [tag for tag in metrics if linked.meanings[tag].metrics == {("review_below",)}]
    quality = [tag for tag in metrics if linked.meanings[tag].metrics == {("quality",)}]
    limited = any(linked.meanings[tag].metrics == THRESHOLD for tag in metrics)
    cut = quality and words & REVIEWING and (words & {"below", "under", "cut", "cutoff", "threshold"} or limited)
    if cut and not said.several and not linked.tags("QNC"):  # `the quality cut under which cases go to human review`
        yield Line("value", metrics=tuple(quality[:1]), models=models)
    own = [tag for tag in metrics if linked.meanings[tag].metrics <= {("auroc",), ("roc_auc",)}]
    plain = not (said.several or linked.tags("QNC") or words & (WHY | NOT))
    asked = plain and (failures or words & {"failures", "failure"})
    if asked and len(own) == 1 and len(own) + len(failures) == len(metrics):
        yield Line("value", metrics=tuple(own), models=models)  # `can it detect its own failures, as AUROC`
    if below and not said.several and not linked.tags("QNC"):  # `below which quality should a person look`
        yield Line("value", metrics=tuple(below), models=models)
    if words & REVIEWING and not said.several and (caught or (failures and words & CAUGHT)):
        yield Line("value", metrics=tuple((caught or failures)[:1]), models=models)
    if sides and not linked.tags("KCN") and linked.tags("T"):
        yield Line("value", models=models)
    if paraphrased(linked) and {*linked.tags("X")} <= {*models}:
        batches = tuple(tag for word, tag in pairwise(linked.spelt) if word == "batch" and tag in linked.numbers)
        at = tuple(linked.tags("C")) or batches
        place = "case" if linked.tags("C") else "batch" if batches else None
        yield Line("compare" if said.several else "value", place=place, at=at, models=models)


def _judged(said: _Said) -> Iterator[Line]:
    """What it fails on, which group it fails on most often, and how many it got wrong or right."""
    linked, words, models = said.linked, said.words, said.models
    ranked = words & {"most", "least"} and words & {"often", "seldom"} and words & MODELS and "which" in words
    if words & FAILING and ranked and not linked.tags("KNQC"):  # `which of the networks fails the least often`
        yield Line("max" if "most" in words else "min", unit="model", models=models)
    if bounded_rate := failing(linked, words):
        yield bounded_rate
    bounded = "than" in words  # `would it be right that it fails on fewer than one in ten`
    polite = ("would", "you") in pairwise(linked.spelt)
    causes = words & (WHY - ({"would", "if"} if bounded or polite else set()))
    unable = any(one in FAILING and then == "to" for one, then in pairwise(linked.spelt))  # `fails to see`
    if words & FAILING and not unable and not linked.tags("K") and not causes and (bounded or not linked.numbers):
        if said.several:
            yield Line("compare", models=models)
        elif words & (PART | COUNTING | {"ever", "never", "any"}) or linked.numbers:
            yield Line("value", models=models)
    axes = [len(parts) == 1 for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions]
    if words & FAILING and axes and all(axes) and words & {"most", "least"} and "often" in words:
        yield Line("worst" if "most" in words else "best", unit="group", models=models)
    yield from _wrongly(said)


def _wrongly(said: _Said) -> Iterator[Line]:
    """How many cases it got wrong or right, and which of a batch."""
    linked, words, models = said.linked, said.words, said.models
    judged = words & WRONG or any(words >= said_so for said_so in RIGHT)
    counts = [after for many, after in pairwise(linked.spelt) if many == "many" and after.isalpha()]
    of_cases = {*CASES, *PICTURES, "of", "did", "does", "do", "has", "have", "was", "were", "it", "in", "are", "pics"}
    judged = judged and {*counts} <= of_cases | {"tests", "test", "wrong", "mistakes", "errors", "misread", "imgs"}
    spelt = [word for word in linked.spelt if word not in ("equals", "equal", "is", "being", "to")]
    flag = any(
        word == "correct" and tag in linked.numbers and not linked.numbers[tag].value for word, tag in pairwise(spelt)
    )
    if flag and judged and words & COUNTING and not linked.tags("KQC"):  # `classified wrongly, meaning correct = 0`
        yield Line("count", unit="case", models=models)
    if judged and words & COUNTING and not linked.tags("KNQC") and not words & (NOT | WHY) and not said.several:
        yield Line("count", unit="case", models=models)
    flagged = [tag for tag in linked.tags("K") if linked.meanings[tag].metrics == {("correct",)}]
    none = {number.value for number in linked.numbers.values()} <= {0}
    if judged and len(flagged) == len(linked.tags("K")) == 1 and none and words & COUNTING and not linked.tags("QC"):
        yield Line("count", unit="case", metrics=tuple(flagged), models=models)  # `classified wrongly (correct = 0)`
    batch = [tag for word, tag in pairwise(linked.spelt) if word == "batch" and tag in linked.numbers]
    asked = words & ({"which", "list", "name"} | COUNTING) or words & {*CASES}
    if (
        judged
        and asked
        and len(batch) == len(linked.numbers) == 1
        and not linked.tags("KQC")
        and not words & (NOT | WHY)
    ):
        verb = "count" if words & COUNTING else "list"
        yield Line(verb, unit="case", place="batch", at=tuple(batch), models=models)


def _of_two(said: _Said) -> Iterator[Line]:
    """Two models, or a metric with a condition and without."""
    linked, words, models, metrics = said.linked, said.words, said.models, said.metrics
    if len(metrics) == 1 and len([tag for tag in models if tag[0] != "T"] or models) == 2 and "paired" in words:
        yield Line("compare", metrics=metrics, models=models)
    single = len(models) == len(metrics) == len(linked.tags("Q")) == 1 and not linked.tags("NC")
    if single and words & AFFECTING and not words & (WHY - {"would"}):  # `did calibration improve the ECE`
        yield Line("compare", metrics=metrics, models=models)
    if single and {"with", "without"} <= words:  # `Dice with a ruler and without`
        yield Line("value", metrics=metrics, models=models)


def _of_conditions(said: _Said) -> Iterator[Line]:
    """A value under a corruption, one of two conditions, or with a threshold that was moved."""
    linked, words, models, metrics = said.linked, said.words, said.models, said.metrics
    kinds = [parts for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions]
    spoiled = all(parts[0] in lexicon.CORRUPTIONS and len(parts) == 2 for parts in kinds)
    one = len(linked.tags("Q")) == len(metrics) == 1 and not linked.tags("NC") and not said.several
    if spoiled and one and not words & (WHY - {"if", "would", "will"}):  # `suppose the lighting is off, brightness 0.3`
        yield Line("value", metrics=metrics, models=models)
    two = len(models) == len(metrics) == 1 and len(linked.tags("Q")) == 2 and not linked.tags("NC")
    if two and words & {"or", "than", "versus", "vs"}:  # `which costs more Dice, brightness 0.3 or colour 0.3`
        yield Line("compare", metrics=metrics, models=models)
    if moved := _moved(said):
        yield moved


def _of_splits(said: _Said) -> Iterator[Line]:
    """`The sizes of the training, validation and test sets`, `how many normal films to train on`."""
    linked, words = said.linked, said.words
    classes = [linked.meanings[tag].conditions for tag in linked.tags("Q")]
    split = bool(linked.tags("S")) or "validated" in words
    named = split and all(parts[0] == CLASS for choices in classes for parts in choices)
    if (
        named
        and not linked.tags("KNC")
        and words & SIZES
        and not words & (WHY | NOT | PART | {"width", "height", "wide", "tall", "ages", "age"})
        and words & ((SIZES - COUNTING) | {*CASES} | PICTURES - {"id", "patient"} | {"children", "patients"})
    ):
        yield Line("count", unit="case", models=said.models)


def _of_several(said: _Said) -> Iterator[Line]:
    """Three models or more in a ranking: `who is weakest on Dice among ...`, `order ... by recall, best first`."""
    words, named = said.words, tuple(tag for tag in said.models if tag[0] in "MP")
    if len(named) < 3 or len(said.metrics) != 1 or said.linked.tags("QNC") or words & (NOT | WHY):
        return
    low, high = words & {"weakest", "worst", "lowest", "poorest", "last", "trails"}, words & LEADING
    if words & {"order", "rank", "sort", "arrange"}:
        yield Line(
            "list", unit="model", metrics=said.metrics, order="worst" if low and not high else "best", models=named
        )
    elif bool(low) != bool(high):
        yield Line("worst" if low else "best", unit="model", metrics=said.metrics, models=named)


def _counted(said: _Said) -> Iterator[Line]:
    """`How many does it outline with a Dice over 0.9`; `how many healthy children does it clear at rule-in`."""
    linked, words = said.linked, said.words
    unit = "batch" if words & {*BATCHES} else "case"
    tested = conditions(linked.spelt, said.metrics)
    if words & COUNTING and not said.several and not linked.tags("QC") and len(tested) == len(linked.numbers) == 1:
        (metric, test, bound), *_ = tested
        yield Line("count", unit=unit, metrics=(metric,), test=test, bounds=(bound,), models=said.models)
    plain = [word for word in linked.spelt if word not in (*ARTICLES, "exactly", "precisely")]
    whole = [
        (metric, tag)
        for metric, of, tag in zip(plain, plain[1:], plain[2:], strict=False)
        if metric in said.metrics and of == "of" and tag in linked.numbers
    ]
    asked = words & COUNTING and words & {*CASES, *PICTURES, *BATCHES, "spots", "outlines"}
    if asked and not said.several and not linked.tags("QC") and len(whole) == len(linked.numbers) == 1:
        [(metric, bound)] = whole
        yield Line("count", unit=unit, metrics=(metric,), test="equal", bounds=(bound,), models=said.models)
    points = any(parts[0] == POINT for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions)
    counting = words & (COUNTING | RIGHTLY | WRONG)
    if points and counting and words & (HEALTHY | SICK) and not linked.tags("N"):
        counted = Line("count", unit="case", models=said.models)
        yield Line("value", metrics=said.metrics[:1], models=said.models) if said.metrics else counted


def _moved(said: _Said) -> Line | None:
    """What a model has with its threshold moved: `if the threshold is moved to match the recall variant, what Dice`."""
    linked, metrics = said.linked, said.metrics
    purposes = {parts[0] for tag in linked.tags("Q") for parts in linked.meanings[tag].conditions}
    others = tuple(tag for tag in metrics if linked.meanings[tag].metrics != THRESHOLD)
    if not purposes & {*lexicon.PURPOSES} or len(others) > 1 or linked.tags("NC"):
        return None
    return Line("value", metrics=others or metrics, models=said.models) if metrics else None


def _value(said: _Said) -> Line | None:
    """A value at the batches or cases that are named; None where a number stands for anything else."""
    linked = said.linked
    batches = tuple(after for before, after in pairwise(linked.tokens) if before in BATCHES and after in linked.numbers)
    cases = tuple(linked.tags("C"))
    if set(linked.numbers) != set(batches) or (batches and cases):
        return None
    place = "batch" if batches else "case" if cases else None
    return Line("value", metrics=said.metrics, place=place, at=batches or cases, models=said.models)
