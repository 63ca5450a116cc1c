"""A query line with what its tags stand for: the level, split, conditions, models and cases that it asks about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

from glassbox.llm import lexicon
from glassbox.llm.catalogue import CLASS, POINT, Catalogue, Level
from glassbox.llm.language import EXTREMES, TABLES, Line
from glassbox.llm.linker import Linked
from glassbox.llm.naming import is_tag, noun_follows
from glassbox.llm.numbers import Number
from glassbox.llm.phrases import Meaning
from glassbox.llm.words import NOT

Parts = tuple[str, ...]
# Two of one set are not meant at once.
OPPOSED = ({"before", "after", "pooled", "tta"}, {"ci_low", "ci_high"}, {"macro", "weighted"})
# Of what stands beside a condition.
BESIDE = {
    "versus", "vs", "prior", "none", "without", "others", "rest", "undisturbed", "untouched", "single", "both",
    "absent",
}  # fmt: skip
THERE_IS = {"when", "where", "there", "if", "with", "showing", "having", "has", "have"}  # before what a picture shows
YES_OR_NO = {("is",), ("does",), ("was",), ("has",), ("did",)}
OPPOSITE = {"after": "before", "before": "after"}


class Unanswerable(Exception):
    """The records can't answer. `told` says what is missing, and what there is."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True)
class Asked:
    """A line with what its tags stand for."""

    line: Line
    linked: Linked
    catalogue: Catalogue
    side: bool = False  # whether it is one of two sides already

    @property
    def level(self) -> Level:
        if self.line.place == "batch" and self.line.unit != "case":
            return "batch"
        if self.line.place == "case":
            return "case"
        return self.line.unit if self.line.unit in TABLES else "whole"  # type: ignore[return-value]

    @property
    def split(self) -> str | None:
        """The one split that the question names."""
        return self.splits[0] if len(self.splits) == 1 else None

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that the question names, in its order."""
        named = [split for tag in self.linked.tags("S") for split in sorted(self.linked.meanings[tag].splits)]
        usual = ("train",) if self.learned else ("val",) if "validated" in self.linked.spelt else ()
        return tuple(dict.fromkeys(named)) or usual

    @property
    def learned(self) -> bool:
        """Whether a question ends in what a model learned from: `how many was it trained on`."""
        plain = tuple(word for word in self.linked.spelt if word != "?")
        return plain[-2:] in (("trained", "on"), ("learn", "from"), ("learned", "from"))

    @property
    def conditions(self) -> Iterator[Parts]:
        """Every choice of readings of the conditions that the question names, their parts joined."""
        tags = [tag for tag in self.linked.tags("Q") if tag not in self.line.but]
        named = [sorted(self.linked.meanings[tag].conditions) for tag in tags]
        if self.line.verb == "compare":  # `a real difference or noise?` asks of no corruption
            named = [choice for choice in named if choice != [("noise",)]]
        if self.each:
            named = [choice for choice in named if len(choice) == 1]
        if any(choice[0][0] == POINT for choice in named if choice):  # a point's numbers are about one class
            named = [choice for choice in named if {parts[0] for parts in choice} != {CLASS}]
        for choice in product(*named):
            yield tuple(part for parts in choice for part in parts)

    @property
    def each(self) -> bool:
        """Whether two conditions named in one breath are both meant: `before and after calibration`."""
        return any(self.linked.meanings[tag].each for tag in self.linked.tags("Q"))

    @property
    def sides(self) -> "list[Asked]":
        """The same line under each of two conditions that exclude each other: low contrast and high contrast.

        Of a difference or comparison with one condition, under that and without it; of a value too where the question
        has a word for the other: `with a ruler and without one`, `pooled versus per image`.
        """
        tags, line = self.linked.tags("Q"), self.line
        pair = line.verb in ("difference", "compare")
        words = {*self.linked.spelt}
        stated = {*self.conditions}  # `the ECE before and then after calibration`
        opposed = ("before" in words and stated == {("after",)}) or ("after" in words and stated == {("before",)})
        others = ("do", "not") in pairwise(self.linked.spelt) and "those" in words  # `and for those that do not`
        said = words & BESIDE or opposed or others
        beside = line.verb == "value" and not self.side and len(line.models) < 2 and said
        named = {choice[0] for tag in tags for choice in self.linked.meanings[tag].conditions}
        if len(tags) == 1 and named <= self.catalogue.methods:
            return []  # an explanation has no opposite
        if len(tags) == 1 and beside and len(line.metrics) == 1 and not line.at and not self.each:
            return self._with_and_without(tags[0])
        if len(tags) == 1 and pair and len(line.metrics) < 2 and len(line.at) < 2 and not self.each:
            return self._with_and_without(tags[0])
        choices = [self.linked.meanings[tag].conditions for tag in tags]
        points = all(parts[0] == POINT for of in choices for parts in of)
        one_axis = len({choice[0] for of in choices for choice in of}) == 1  # `on low, on middle and on high contrast`
        several = len(tags) > 2 and line.verb != "compare" and not (points or one_axis)
        if len(tags) < 2 or several or not (pair or line.verb == "value"):
            return []
        parts = [{choice[0] for choice in of} for of in choices]
        kinds = set().union(*parts)
        corruption = kinds <= {*lexicon.CORRUPTIONS, "none"}
        groups = pair and all(len(choice) == 2 for of in choices for choice in of)
        groups = groups or all(choice[1:] in (("yes",), ("no",)) for of in choices for choice in of)
        groups = groups or kinds <= self.catalogue.methods
        if (
            any(kind != parts[0] for kind in parts)
            and not corruption
            and not groups
            and not points
            and not any(kinds <= pairs for pairs in OPPOSED)
        ):
            return []
        line = replace(line, verb="value")
        apart = (_without(self.linked, *(other for other in tags if other != tag)) for tag in tags)
        return [Asked(line, linked, self.catalogue, side=True) for linked in apart]

    def _with_and_without(self, tag: str) -> "list[Asked]":
        """The condition itself, and its opposite: before calibration, the clean pictures, or no condition at all."""
        line, parts = replace(self.line, verb="value"), {choice[0] for choice in self.linked.meanings[tag].conditions}
        opposite = next((other for one, other in OPPOSITE.items() if parts == {one}), None)
        clean = parts <= {*lexicon.CORRUPTIONS} and all(
            choice[1:2] == () or choice[1][:1].isdigit() for choice in self.linked.meanings[tag].conditions
        )
        other: tuple[str, ...] = (opposite,) if opposite else ("none",) if clean else ()
        present = [choice for choice in self.linked.meanings[tag].conditions if choice[1:] in (("yes",), ("no",))]
        if len(present) == 1:
            other = (present[0][0], "no" if present[0][1] == "yes" else "yes")
        bare = _without(self.linked, tag)
        if other:
            bare = replace(bare, meanings={**bare.meanings, tag: Meaning(conditions={other})})
        return [Asked(line, linked, self.catalogue, side=True) for linked in (self.linked, bare)]

    def numbers(self, tags: Iterable[str]) -> list[Number]:
        return [self.linked.numbers[tag] for tag in tags]

    @property
    def batches(self) -> tuple[int, ...]:
        if self.line.place != "batch":
            return ()
        found = self.numbers(self.line.at)
        if any(number.whole is None for number in found):
            raise Unanswerable("A batch has a whole number.")
        numbers = [int(number.value) for number in found]
        for first, last in self.linked.ranges if self.line.verb != "difference" else ():
            if first in self.line.at and last in self.line.at:
                ends = sorted(int(self.linked.numbers[tag].value) for tag in (first, last))
                numbers = sorted({*numbers, *range(ends[0], ends[1] + 1)})
        return tuple(dict.fromkeys(numbers))

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that the question names, within its models or beside them.

        Several at once, such as `classifiers`, are meant where no other is named, or one is asked to be their best.
        """
        named = [self.linked.meanings[tag].tasks for tag in self.linked.tags("T")]
        several = [tasks for tasks in named if len(tasks) > 1]
        asked_of = self.line.unit == "model" and self.line.verb in EXTREMES and self.linked.spelt[:1] in YES_OR_NO
        if several and asked_of:  # `is chest-xray the most accurate classifier`
            named = several
        named = [tasks for tasks in named if len(tasks) == 1] or named
        return tuple(dict.fromkeys(task for tasks in named for task in sorted(tasks)))


def _without(linked: Linked, *tags: str) -> Linked:
    """The question without some of its conditions."""
    return replace(linked, meanings={name: meaning for name, meaning in linked.meanings.items() if name not in tags})


def without_spare(linked: Linked, out: Iterable[str] = ()) -> Linked:
    """The question without conditions and splits that are none.

    The axis of a group adds nothing to the group, as `skin colour` to `very light skin`; `contrast` is a verb before
    what it compares, and `training for recall` and `after training` no split.
    """
    named = {tag: linked.meanings[tag].conditions for tag in linked.tags("Q") if tag not in out}
    axes = {choice[0] for choices in named.values() for choice in choices if len(choice) == 2}
    spare = {tag for tag, choices in named.items() if choices and all(c[:1] == c and c[0] in axes for c in choices)}
    words = {*linked.spelt}
    ends = {tag for tag, choices in named.items() if choices in ({("ci_low",)}, {("ci_high",)})}
    if len(ends) == 1 and (
        words & {"lower", "low"} if named[min(ends)] == {("ci_high",)} else words & {"upper", "high"}
    ):
        spare |= ends  # `the lower and the upper bound` are told with the value
    pairs = [*pairwise(linked.tokens)]
    spare |= {
        one for one, two in pairs if (named.get(one), named.get(two)) == ({("after",)}, {("before",)})
    }  # `better calibrated before temperature scaling`
    for at, tag in enumerate(linked.tokens):
        before, behind = linked.tokens[max(at - 1, 0) : at], linked.tokens[at + 1 :]
        after, then, *_ = (*(token for token in behind if token != "the"), "", "")
        if named.get(tag) == {("contrast",)} and (behind[:1] == ("the",) or after[:1] in {*"KXM"}):
            spare.add(tag)
        if named.get(tag) == {("colour",)} and (before == ("to",) or behind[:1] == ("in",)):
            spare.add(tag)  # `inclined to colour healthy skin`
        aim = then if after == "for" else after if behind[:1] == ("the",) else ""
        training = tag in linked.tags("S") and linked.meanings[tag].splits == {"train"}
        if training and (is_tag(aim, "XP") or before == ("after",)):
            spare.add(tag)
    return _without(linked, *spare)


def _before(linked: Linked) -> Linked:
    """The question with `before any calibration` as what was before it."""
    meanings = dict(linked.meanings)
    for at, tag in enumerate(linked.spelt):
        calibrated = tag in linked.tags("Q") and meanings[tag].conditions <= {("after",), ("before",)}
        if calibrated and "before" in linked.spelt[max(at - 2, 0) : at]:
            meanings[tag] = replace(meanings[tag], conditions={("before",)}, each=False)
    return replace(linked, meanings=meanings)


def with_presence(linked: Linked, catalogue: Catalogue) -> Linked:
    """The question with `when a ruler is in the frame` as pictures that show one: no word says that there is none."""
    linked = _before(linked)
    words = {*linked.spelt}
    if words & (NOT | {"no", "or", "than", "versus", "vs", "presence", "group", "subgroup", "which", "absent"}):
        return linked
    there = (
        {entry.parts[0] for entry in catalogue.entries if entry.parts[1:2] == ("yes",)} if linked.tags("Q") else set()
    )
    plain, meanings = linked.spelt, dict(linked.meanings)
    for tag in linked.tags("Q"):
        before = {*plain[max(plain.index(tag) - 3, 0) : plain.index(tag)]} if tag in plain else set()
        axes = {parts[0] for parts in meanings[tag].conditions if len(parts) == 1}
        if len(axes) == len(meanings[tag].conditions) == 1 and before & THERE_IS and axes <= there:
            meanings[tag] = replace(meanings[tag], conditions={(axes.pop(), "yes")})
    return replace(linked, meanings=meanings)


def of_no_variant(line: Line, linked: Linked, catalogue: Catalogue) -> Line:
    """The line with `precision` and `recall` as metrics where the task that is named has no variants of these names."""
    tasks = {task for tag in linked.tags("T") for task in linked.meanings[tag].tasks}
    metrics = [
        tag
        for tag in line.models
        if is_tag(tag, "X")
        and tasks
        and not noun_follows(tag, linked.tokens)
        and not any(catalogue.with_purpose(purpose, tasks) for purpose in linked.meanings[tag].purposes)
    ]
    named = [tag for tag in dict.fromkeys(linked.tokens) if tag in {*line.metrics, *metrics}]  # as they are said
    if not metrics:
        return line
    return replace(line, metrics=tuple(named), models=tuple(tag for tag in line.models if tag not in metrics))


def named_models(asked: Asked) -> tuple[str, ...]:
    """The models that a list of names is about: those named, else all."""
    found = {model for models, _ in owners(asked) for model in models}
    return tuple(name for name in asked.catalogue.models if name in found)


def owners(asked: Asked) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every choice of models that the question may mean, each with its task; none stands for the task as a whole."""
    catalogue, line = asked.catalogue, asked.line
    meanings = [_single(asked.linked.meanings[tag], line, catalogue) for tag in line.models]
    named = {model for meaning in meanings for model in meaning.models}
    own = {catalogue.models[model].task for model in named}
    of_two = any(meaning.models and meaning.tasks for meaning in meanings)  # a task that stands for its model
    several = len(own) > 1 and own & {*asked.tasks}  # one of them is of another task
    if asked.tasks and not of_two and not own <= set(asked.tasks) and not several:
        other = next(model for model in sorted(named) if catalogue.models[model].task not in asked.tasks)
        raise Unanswerable(f"{other} belongs to task {catalogue.models[other].task}, not to {', '.join(asked.tasks)}.")
    tasks = tuple(sorted(own)) or asked.tasks or catalogue.tasks
    if not any(meaning.models or meaning.purposes for meaning in meanings):
        everywhere = [asked.linked.meanings[tag].tasks for tag in asked.linked.tags("T")]
        if line.unit == "model" and everywhere and all(len(of) > 1 for of in everywhere):
            yield tuple(model for task in tasks for model in catalogue.of_task(task)), tasks[0]
            return
        pair = line.verb in ("compare", "difference") and len(line.at) < 2 and not asked.sides and not asked.each
        together = line.unit == "model" or pair
        sides = len(line.metrics) == 2 or bool(asked.sides)
        of_task = line.verb == "value" or (line.verb == "difference" and sides)
        for task in tasks:
            if of_task and asked.level == "whole" and not line.place:
                yield (), task
            models = catalogue.of_task(task)
            yield from [(models, task)] if together else [((model,), task) for model in models]
        return
    for task in tasks if len(own) < 2 else tasks[:1]:
        choice: list[str] = []
        for meaning in meanings:
            if meaning.models:
                choice += sorted(meaning.models)
            for purpose in sorted(meaning.purposes):
                choice += catalogue.with_purpose(purpose, [task]).values()
        wanted = sum(bool(meaning.models or meaning.purposes) for meaning in meanings)
        if len(choice) == wanted:
            yield tuple(dict.fromkeys(choice)), task


def _single(meaning: Meaning, line: Line, catalogue: Catalogue) -> Meaning:
    """A task that is compared with a model of another stands for its own model, where it has one alone."""
    tasks, others = meaning.tasks, len(line.models) > 1 and line.verb in ("compare", "difference")
    own = catalogue.of_task(next(iter(tasks))) if others and len(tasks) == 1 and not meaning.models else ()
    return replace(meaning, models={*own}) if len(own) == 1 else meaning


def cases_of(asked: Asked, task: str) -> Iterator[tuple[str, ...]]:
    """The named cases, as far as the task has them; a number may stand for several."""
    if asked.line.place != "case":
        yield ()
        return
    there = set(asked.catalogue.cases.get(task, ()))
    asked_for = {name for tag in asked.line.at for name in asked.linked.meanings[tag].cases}
    if not asked_for & there:
        of = [name for name, cases in asked.catalogue.cases.items() if asked_for & set(cases)]
        raise Unanswerable(f"{', '.join(sorted(asked_for)[:2])} is a case of {', '.join(of)}, not of {task}.")
    for choice in product(*(sorted(asked.linked.meanings[tag].cases) for tag in asked.line.at)):
        if there.issuperset(choice):
            yield choice
