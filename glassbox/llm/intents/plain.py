"""An intent in plain words again: the question as the records' own names would put it.

The names and numbers are those of the question that was asked. Where they do not fit the intent, one too many or one
too few, there is no plain question, so that no condition is left out in silence. A number that tells how many there are
(`the two models`), or that belongs to a measure's name or a challenge's, may be one too many.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from glassbox.llm.catalogue import PART
from glassbox.llm.intents.intent import CLASS, NUMBER, STRENGTH, Intent
from glassbox.llm.intents.slots import CASE as CASES
from glassbox.llm.intents.slots import CLASS as CLASSES
from glassbox.llm.intents.slots import Number, Slotted
from glassbox.llm.labels import FLAGS
from glassbox.llm.language import EXTREMES

ENDS = {"max": "highest", "min": "lowest", "best": "best", "worst": "worst"}
SO_MANY = {"below": "fewer than", "above": "more than", "least": "at least", "most": "at most", "equal": "exactly"}
TESTS = {"below": "below", "above": "above", "least": "at least", "most": "at most", "equal": "equal to"}
AVERAGES = {"mean": "the mean", "median": "the median", "sum": "the sum"}
NUMBER_OF = "number of "
DUPLICATES = "duplicates"  # counted, too
UNITS = {"batch": "batches"}
FLAG = ("0", "1")  # bounds that no question tells: those of a column of yes and no
NOT = {"not", "never", "neither", "nor", "t"}  # `didn't` is `didn`, `'` and `t`
OF_MANY = re.compile(r"\b(?:hundred|thousand|million|dozen)\b")  # spelt numbers that are not read here
IN_A_HUNDRED = re.compile(r"\b(?:in|of|out of|per|for) (?:a|one|every|each) hundred\b")  # asks for a share
YEARS = {"2016", "2017", "2018"}  # of a challenge
# Numbers that belong to the name of a measure: `Hausdorff, 95th percentile`, `surface Dice at 2 px`.
OF_NAME = {"hd95_px": {"95"}, "surface_dice_2px": {"2"}, "caught": {"20", "5"}, "ci_low": {"95"}, "ci_high": {"95"},
           "tta": {"4"}, "near_across": {"2"}, "exact_across": {"2"}}  # fmt: skip
# Keys in the words of a question.
WORDS = (
    (r"before\.(\w+)", r"\1 before calibration"),
    (r"after\.(\w+)", r"\1 after calibration"),
    (r"cases\.(train|val|test)", r"number of \1 cases"),
    (r"image_sizes\.(\w+)\.(\w+)_px\.median", r"median \2 of the \1 images"),
    (r"target_share\.(\w+)\.min", r"smallest target share on the \1 split"),
    (r"target_share\.(\w+)\.max", r"largest target share on the \1 split"),
    (r"target_share\.(\w+)\.median", r"median target share on the \1 split"),
    (r"target_share\.(\w+)\.q25", r"lower quartile of the target share on the \1 split"),
    (r"target_share\.(\w+)\.q75", r"upper quartile of the target share on the \1 split"),
    (r"classes\.(train|val|test)\.(.+)", r"number of \2 \1 cases"),
    (r"points\.([\w-]+)\.(.+)", r"\2 at the \1 point"),
    (r"per_class\.([\w-]+)\.(.+)", r"\2 of \1"),
    (r"duplicates\.(exact|near)_across", r"\1 duplicates across splits"),
    (r"duplicates\.(exact|near)_within", r"\1 duplicates within a split"),
    (r"alignment\.samples", r"alignment samples"),
    (r"weights\.review_below", r"review below"),
    (r"([\w-]+)\.model", r"share on the cue of \1"),
    (r"(precision|recall)\.(.+)", r"\2 with the threshold moved to match \1"),
    (r"n\.(.+)", r"number of \1"),
    (r"samples", r"samples in the augmentation plan"),
    (r"error", r"error of the predicted quality"),
)
INTERVAL = (".ci_low", ".ci_high")
Recorded = Callable[[str], bool]  # whether a key is


class Unfit(Exception):
    """The names and numbers of a question are not those that its intent needs."""


@dataclass(frozen=True)
class _Numbers:
    """The numbers of a question by what they are for."""

    keys: tuple[str, ...]
    limit: str
    bounds: tuple[str, ...]
    batches: tuple[str, ...]


def plain(intent: Intent, asked: Slotted, owners: Sequence[str], recorded: Recorded) -> str:
    """The plain question. `owners` are the models or the task that the question names. Raises `Unfit`."""
    if _unfit(intent, asked):
        raise Unfit
    numbers = _numbers(intent, asked, recorded)
    measures = list(dict.fromkeys(_words(key) for key in _with_interval(numbers.keys)))
    places = [*(f"batch {number}" for number in numbers.batches), *(f"case {name}" for name in asked.held[CASES])]
    if len(places) > 1 and intent.verb in (*EXTREMES, "list", "count"):
        raise Unfit
    write = _WRITERS.get(intent.verb, _value)
    tested, flag = _tested(intent, numbers.bounds), _flag(intent, numbers.bounds)
    return write(intent, _Parts(measures, [*owners], places, numbers.limit, tested, flag))


def _unfit(intent: Intent, asked: Slotted) -> bool:
    """Whether an intent is none that a question can ask, or leaves out what this one says."""
    listed = intent.verb in ("list", "count")
    odd = any(bound not in (NUMBER, *FLAG) for bound in intent.bounds)
    bare = not intent.keys and (intent.test is not None or not listed)
    tested = intent.test is not None and (not listed or intent.order is not None)
    places = sum(CLASS in key.split(".") for key in intent.keys)
    more = len({*asked.held[CLASSES]}) > max(1, places)  # classes than are asked about
    text = IN_A_HUNDRED.sub("", asked.text) if intent.verb == "value" else asked.text
    return odd or bare or tested or more or _denied(intent, asked) or bool(OF_MANY.search(text))


@dataclass(frozen=True)
class _Parts:
    measures: list[str]
    owners: list[str]
    places: list[str]
    limit: str
    tested: str
    flag: str  # `not detected`, in place of a test

    @property
    def measure(self) -> str:
        return " and ".join(self.measures)

    @property
    def where(self) -> str:
        owners = f" of {' and '.join(self.owners)}" if self.owners else ""
        return f"{owners}{f' in {self.places[0]}' if len(self.places) == 1 else ''}"


def _value(_: Intent, told: _Parts) -> str:
    places = f" in {' and '.join(told.places)}" if len(told.places) > 1 else ""
    return f"{told.measure}{told.where}{places}"


def _average(intent: Intent, told: _Parts) -> str:
    places = f" in {' and '.join(told.places)}" if len(told.places) > 1 else ""
    over = f" over the {_plural(intent.unit)}" if intent.unit and not places else ""
    return f"{AVERAGES[intent.verb]} {told.measure}{over}{told.where}{places}"


def _extreme(intent: Intent, told: _Parts) -> str:
    if len(told.measures) > 1:
        raise Unfit
    counted = told.measure.startswith(NUMBER_OF) or DUPLICATES in told.measure
    if intent.unit == "task" and counted:
        most = "most" if intent.verb in ("max", "best") else "fewest"
        return f"which task has the {most} {told.measure.removeprefix(NUMBER_OF)}"
    overall = " overall" if intent.unit == "model" and not told.owners else ""
    return f"which {intent.unit or 'model'}{told.where} has the {ENDS[intent.verb]} {told.measure}{overall}"


def _list(intent: Intent, told: _Parts) -> str:
    if intent.order:
        count = f"{told.limit} " if told.limit else ""
        if intent.order in ("max", "min"):
            return f"list the {count}{ENDS[intent.order]} {_plural(intent.unit)}{told.where} by {told.measure}"
        return f"list the {count}{intent.order} {_plural(intent.unit)}{told.where} by {told.measure}"
    condition = f" by {told.measure}" * bool(told.measures)
    if told.tested:
        condition = f" that were {told.flag}" if told.flag else f" with {_held(intent, told)}"
    return f"list the {_plural(intent.unit)}{told.where}{condition}"


def _held(intent: Intent, told: _Parts) -> str:
    """A condition: `Dice above 0.8`, `more than 600 test cases`."""
    counted = DUPLICATES in told.measure or told.measure.startswith(NUMBER_OF)
    if not counted or intent.test not in SO_MANY:
        return f"{told.measure} {told.tested}"
    number = told.tested.removeprefix(TESTS[intent.test]).strip()
    return f"{SO_MANY[intent.test]} {number} {told.measure.removeprefix(NUMBER_OF)}"


def _count(intent: Intent, told: _Parts) -> str:
    condition = " are there"
    if told.tested:
        condition = f" were {told.flag}" if told.flag else f" have {_held(intent, told)}"
    return f"how many {_plural(intent.unit)}{told.where}{condition}"


def _pair(intent: Intent, told: _Parts) -> str:
    begin = intent.verb
    if len(told.places) > 2 or (len(told.places) == 2 and len(told.owners) > 1):
        raise Unfit
    if len(told.places) == 2:
        of = f" of {told.owners[0]}" if told.owners else ""
        return f"{begin} {told.measure} between {told.places[0]} and {told.places[1]}{of}"
    if len(told.measures) == 2:
        between = " between" if intent.verb == "difference" else ""
        return f"{begin}{between} {told.measures[0]} and {told.measures[1]}{told.where}"
    if len(told.owners) < 2 or len(told.measures) > 1:
        raise Unfit
    place = f" in {told.places[0]}" if told.places else ""
    return f"{begin} {told.measure} between {' and '.join(told.owners)}{place}"


_WRITERS: Mapping[str, Callable[[Intent, _Parts], str]] = {
    "mean": _average, "median": _average, "sum": _average, "list": _list, "count": _count, "difference": _pair,
    "compare": _pair, **dict.fromkeys(EXTREMES, _extreme),
}  # fmt: skip


def _plural(unit: str | None) -> str:
    return UNITS.get(unit or "", f"{unit or 'case'}s")


def _with_interval(keys: Sequence[str]) -> Sequence[str]:
    """Without the bounds of an interval, which are told with their mean, unless one bound alone is asked for."""
    ends = [key for key in keys if key.endswith(INTERVAL)]
    return keys if len(ends) < 2 else [key.removesuffix(INTERVAL[0]).removesuffix(INTERVAL[1]) for key in keys]


def _words(key: str) -> str:
    """A key as a question puts it: `Dice lower bound (jpeg 25)`."""
    stem = key.removesuffix(".ci_low").removesuffix(".ci_high")
    end = {"ci_low": "lower bound", "ci_high": "upper bound"}.get(key[len(stem) + 1 :], "")
    for pattern, words in WORDS:
        if found := re.fullmatch(pattern, stem):
            return f"{found.expand(words)} {end}".replace("_", " ").strip()
    *under, measure = PART.findall(stem)
    return " ".join(filter(None, (measure, *under, end))).replace("_", " ")


def _tested(intent: Intent, bounds: Sequence[str]) -> str:
    if not intent.test:
        return ""
    if intent.test == "between":
        return f"between {bounds[0]} and {bounds[1]}"
    return f"{TESTS[intent.test]} {bounds[0]}"


def _denied(intent: Intent, asked: Slotted) -> bool:
    """Whether what is denied (`did not fall below 0.5`) would be told as if it were not."""
    turned = intent.test in ("least", "most") or intent.bounds == ("0",)
    return bool(intent.test) and not turned and bool(NOT & {*asked.words})


def _flag(intent: Intent, told: Sequence[str]) -> str:
    """What a test of a column of yes and no is called."""
    bounds = (int(bound) for bound in told if bound.isdigit())
    return FLAGS.get((intent.keys[0], intent.test, *bounds), "") if intent.keys else ""


def _numbers(intent: Intent, asked: Slotted, recorded: Recorded) -> _Numbers:
    """Give every number of the question its place in the intent, strengths first, then batches, the limit, bounds."""
    measures = {part for key in intent.keys for part in key.split(".")}
    of_name = YEARS.union(*(numbers for part, numbers in OF_NAME.items() if part in measures))
    left = [*asked.numbers]
    batches = tuple(number.text for number in left if number.of_batch) if intent.batched else ()
    if intent.batched:
        left = [number for number in left if not number.of_batch]
    classes = [*asked.held[CLASSES]]
    keys = tuple(_filled(key, left, classes, recorded) for key in intent.keys)
    if len(left) > intent.limited + intent.bounds.count(NUMBER):
        left = [number for number in left if number.text not in of_name]
    limit = ""
    if intent.limited:
        at = next((at for at, number in enumerate(left) if number.text.isdigit() and not number.percent), None)
        if at is None and intent.unit != "model":
            raise Unfit
        limit = left.pop(at).text if at is not None else ""
    wanted = intent.bounds.count(NUMBER)
    if len(left) > wanted:
        left = [number for number in left if not number.loose]
    if len(left) != wanted or (intent.batched and not batches):
        raise Unfit
    percent = any(number.percent for number in left)  # `between 80 and 90 %`
    bounds = iter(f"{number.text}{' %' if percent else ''}" for number in left)
    return _Numbers(keys, limit, tuple(next(bounds) if b == NUMBER else b for b in intent.bounds), batches)


def _filled(key: str, left: list[Number], classes: list[str], recorded: Recorded) -> str:
    """A key with the question's strength and class in it, taken from what is left of them."""
    if CLASS in key.split("."):
        if not classes:
            raise Unfit
        key = ".".join(classes[0] if part == CLASS else part for part in key.split("."))
        del classes[: len(classes) > 1]
    if STRENGTH not in key:
        return key
    for at, number in enumerate(left):
        if recorded(filled := key.replace(STRENGTH, number.text)):
            del left[at]
            return filled
    raise Unfit
