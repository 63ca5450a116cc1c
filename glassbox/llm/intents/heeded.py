"""Whether an intent takes up what a question says: the network may know what a question is about and miss its twist.

`What share was missed` is not the recall, `how many were flagged` no share, `the worst of the failed` not the worst of
all. A question that says such a thing, and whose intent does not, is left to the first reader and its rules.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from glassbox.llm.intents.intent import CLASS, NUMBER, STRENGTH, Intent
from glassbox.llm.intents.slots import CASE, MODEL, TASK, Slotted
from glassbox.llm.intents.slots import CLASS as CLASSES
from glassbox.llm.language import EXTREMES
from glassbox.llm.linker import Linked
from glassbox.llm.measures import HIGHER, LOWER
from glassbox.llm.phrases import Parts

FOUND = {"recall", "sensitivity", "detection_rate", "detected", "caught", "tp"}  # of what was missed the opposite
RATES = {"recall", "sensitivity", "detection_rate", "caught", "accuracy", "precision", "specificity", "npv", "ppv",
         "mass", "f1", "dice", "iou", "failure_rate", "auroc", "share", "balanced_accuracy"}  # fmt: skip
COUNTED = {"n", "fp", "fn", "tp", "tn", "support", "cases", "missed", "failures", "samples", "faults", CLASS,
           "train", "val", "test"}  # fmt: skip
LACKING = {"fn", "missed", "false_negative_percent", "false_positive_percent", "failures", "failure_rate", "fp",
           "correct", "detected"}  # fmt: skip
EITHER = {"sensitivity"}  # of a classifier better when higher, of an explanation when lower
ABSENT = {"no", "without", "before", "none", "ratio"}  # parts of keys that say what a `no` or `without` does
CLASSIFYING = {"auroc", "auprc", "balanced_accuracy", "mcc", "kappa", "sensitivity", "npv", "ppv"}
SHARED = {  # by all kinds of models
    "accuracy", "nll", "ece", "brier", "temperature", "threshold", "train", "val", "test",
}  # fmt: skip
OF_A_CASE = {"nll", "probability", "dice", "iou", "hd95_px", "quality"}
OVERLOOKED = re.compile(
    r"(?<!\bnot )(?<!\bt )(?<!\bi )(?<!\bm )\b(?:miss(?:ed|es|ing)?|overlook\w*|undetected|unnoticed|unseen"
    r"|slip(?:s|ped)? (?:through|by|past|away)|fail(?:s|ed)? to|lets? (?:through|slip|go)|left (?:out|behind|unmarked)"
    r"|leaves? (?:out|behind))\b"
)
DENIED = re.compile(
    r"(?<!\bi )\b(?:do|does|did|is|are|was|were|has|have|had|can|could)(?:n ' t| not)\b(?! count)|\bnon-\w|\bnon - <"
    r"|\bnot (?:for|in|among|from|failures?|miss\w*|detected|catch|caught|fail\w*)\b"
    r"|\b(?:neither|cannot|without|outside)\b|\bnever(?! focus)"
    r"|\bno (?:missed|lesions?|spots?|exact|near|duplicates?|failures?|false|errors?)\b(?! (?:was|is) there)"
)
SHARE = re.compile(r"\b(?:share|fraction|proportion|percentage|per ?cent|prevalence|rate|how often)\b|%")
SHARE_OF = re.compile(
    r"\b(?:share|fraction|proportion|percentage|per ?cent) of (?:the |all )?"
    r"(?:batches|cases|images|pictures|groups|models)\b"
)
MANY = re.compile(r"\b(?:how many|number of|count)\b")
OF_A_HUNDRED = re.compile(r"%|\b(?:per ?cent|percentage|hundred|share|part|in ten|out of)\b")
BOUND = re.compile(r"\b(?:lower|upper) (?:bound|end|limit|edge)\b|\bwidest interval\b")
ALIKE = re.compile(r"exact|near|almost|ident|same|alike|cop(?:y|ies)|twin|practical|virtual|byte|close|unchanged")
PARTS = re.compile(r"\b(?:half|thirds?|quarters?|tenths?|fifths?|hundredths?|thousandths?)\b")
OTHER_PARTS = re.compile(r"\b(?:half|thirds?|quarters?|tenths?|every second)\b")  # than the fifth that is reviewed
TWICE = re.compile(r"\b(?:fail\w*|miss\w*|catch\w*|overlook\w*|wrong\w*)\b")  # with a `not` it is turned once more
TOGETHER = re.compile(r"\b(?:of both kinds|both ways|right (?:and|or) wrong|exact and near|near and exact)\b")
# Words that name an end, upper and lower: of a measure that is better when higher, of an error, of any measure.
OF_MERITS = (
    re.compile(r"\b(?:highest|best|finest|strongest|top)\b"),
    re.compile(r"\b(?:lowest|worst|poorest|weakest)\b"),
)
OF_ERRORS = (
    re.compile(r"\b(?:highest|largest|biggest|greatest|worst|poorest|weakest)\b"),
    re.compile(r"\b(?:lowest|smallest|fewest|tiniest|best|finest|closest)\b"),
)
OF_NUMBERS = (re.compile(r"\bmost\b"), re.compile(r"\b(?:least|fewest)\b"))  # and not `best`: `most honest`
OF_ANY = (re.compile(r"\b(?:highest|largest)\b"), re.compile(r"\b(?:lowest|smallest)\b"))
OF_RANKS = (re.compile(r"\bbest\b"), re.compile(r"\bworst\b"))
CALLED = re.compile(r"\b(?:called|confused|mistaken for|taken for|classified as|labelled as)\b")
UNKNOWN = re.compile(r"\bf[2-9]\b|\bf #|- cam \+|cam \+ \+")  # measures and methods that are like those recorded
WRONG = re.compile(r"\b(?:wrong|wrongly|false|mistaken|incorrect)\b")
OF_A_CLASS = "per_class"  # what the key of a class begins with
BESIDE = 4  # words from a condition to another: `hair and a ruler`
NAMES = {  # of measures, where they stand as they are recorded
    "dice", "iou", "precision", "recall", "specificity", "accuracy", "balanced_accuracy", "f1", "auroc", "auprc",
    "temperature", "threshold", "mass", "mass_gain", "pointing", "insertion_gain", "deletion_gain", "ece", "brier",
    "nll", "npv", "ppv", "youden", "sharpness", "agreement", "sensitivity", "kappa", "mcc",
}  # fmt: skip
VARIANT = r"(?:variant|model|network|net|one|version)\b"
CLASSIFY = re.compile(r"\bclassif\w+|\bx-rays? (?:models|networks)")
SEGMENT = re.compile(r"\b(?:segment\w+|outlining)\b")
COMPUTED = re.compile(
    r"\bratio of\b|\brelative (?:terms|change|difference|gain|drop)\b|\bby what (?:factor|per ?cent)\b"
    r"|\bspread (?:of|across)\b|\b(?:deviation|variance)\b|^relative "
)
AFTER = re.compile(
    rf"\b(?:after|following|closest to) {MODEL}(?! .? ?s\b)"
    rf"|\bwithin # (?:%|px)? ?of\b|{CASE} (?:to|through|until) {CASE}"
)
PLACE = re.compile(r"\b(?!95th)\d+(?:st|nd|rd|th)\b(?! batch)")
RATE_OF = re.compile(r"\b(?:false (?:negative|positive)|miss) rate\b(?!.*\broc\b)")
LITTLE = re.compile(r"\b(?:hurt|lower|harm|damage|reduce|cost|affect|change)\w*\b.*\bleast\b")
CHANGED = re.compile(r"\b(?:gain|improve|reduce|rais|chang)\w*\b.*\b(?:least|most)\b")
AT_POINT = re.compile(r"\brule-(?:in|out)\b|\bscreening\b")
CALIBRATED = re.compile(r"\b(?:before|after) (?:calibration|scaling|temperature)\b")
TIMED = re.compile(  # before its correction, or after it
    r"\b(?:before\w*|be[fv]or\w*|ahead|afte?r\w*|prior|pre|post\w*|once|since|until|following|raw|start|outset"
    r"|un(?:correct|calibrat|adjust|scal|touch|treat|temper|alter|fix|tam|tun|mend|cal)\w*|original\w*|initial\w*"
    r"|re(?:calibrat|scal|adjust|set|main|tun|pair)\w*|calibrat\w*\b(?! (?:error|gap|loss))|correct\w*|adjust\w*"
    r"|scal\w*|straight\w*|temper\w*|tun(?:ed|ing)|cool\w*|soft\w*|fix\w*|mend\w*|ton(?:ed|ing)|tam(?:ed|ing)|treat\w*|brought"
    r"|native\w*|as trained|already|divided|still|yet|final\w*)\b"
)
TWO_SPLITS = re.compile(r"\balso in\b|\bin both\b")
THOSE = re.compile(
    r"\b(?:cases|tiles|images|pictures|films) (?:(?:were|are|was) (?:wrong|right|correct|false)\b"
    r"|that (?:\S+ )?(?:fail|miss|got|get)\w*)|\b(?:correctly|wrongly|rightly) classified\b"
)
ONES = re.compile(
    r"\b(?:misclassified|wrong(?:ly)?|incorrect(?:ly)?|mistaken|failed|detected|found|correct(?:ly)?)\b"
    r"(?= (?:case|cases|tile|tiles|image|images|picture|pictures|film|films|ones?|lesions?|calls?)\b)"
)


def in_a_key(parts: Parts) -> set[str]:
    """A condition as it stands in a key of an intent: `noise.#`, and of a class `@` alone."""
    if parts[0] == OF_A_CLASS:
        return {CLASS}
    return {STRENGTH if part.replace(".", "").isdigit() else part for part in parts}


@lru_cache
def _named(measure: str) -> re.Pattern[str]:
    """A measure where its name stands as it is recorded, and belongs to no model."""
    return re.compile(rf"\b{measure.replace('_', ' ')}\b(?! {VARIANT})")


@dataclass(frozen=True)
class Heeded:
    """A question, beside an intent that may be its own."""

    intent: Intent
    asked: Slotted
    linked: Linked

    @cached_property
    def measures(self) -> set[str]:
        """The last parts of the keys, without the bound of an interval."""
        return {key.removesuffix(".ci_low").removesuffix(".ci_high").rsplit(".", 1)[-1] for key in self.intent.keys}

    @cached_property
    def parts(self) -> set[str]:
        """All parts of the keys."""
        return {part for key in self.intent.keys for part in key.split(".")}

    def said(self, pattern: re.Pattern[str]) -> bool:
        """Whether the question says so."""
        return bool(pattern.search(self.asked.text))

    @property
    def named(self) -> bool:
        """Whether a measure of the intent stands in the question as it is recorded."""
        return any(measure.replace("_", " ") in self.asked.text for measure in self.measures)

    @property
    def turned(self) -> bool:
        """Whether the intent itself denies something: `at most`, `not detected`, `without hair`."""
        least = self.intent.test in ("least", "most") or (self.intent.test == "equal" and self.intent.bounds == ("0",))
        return least or bool(self.parts & ABSENT)

    @property
    def all_heeded(self) -> bool:
        """Whether nothing that the question says is lost."""
        return not any(
            lost
            for lost in (
                self.opposite, self.other_end, self.denied, self.another_kind, self.bound, self.alike, self.number,
                self.scope, self.computed, self.elsewhere, self.some, self.another_name, self.together,
            )
        )  # fmt: skip

    @property
    def opposite(self) -> bool:
        """What was missed, told by what was found."""
        wrong = self.said(WRONG) and self.said(SHARE) and self.measures <= {"precision", "recall", "npv", "accuracy"}
        return (wrong or (self.said(OVERLOOKED) and self.measures <= FOUND and not self.named)) and not self.turned

    @property
    def other_end(self) -> bool:
        """The best where the worst is named, the lowest where the highest is, and the other way round."""
        end = self.intent.order or self.intent.verb
        if end not in EXTREMES:
            return False
        if self.measures <= LOWER:
            of_number = end in ("max", "min") and self._turned(OF_NUMBERS, upper=end == "max")
            return of_number or self._turned(OF_ERRORS, upper=end in ("max", "worst"))
        if self.measures <= HIGHER - EITHER:
            return self._turned(OF_MERITS, upper=end in ("max", "best"))
        return self._turned(OF_ANY if end in ("max", "min") else OF_RANKS, upper=end in ("max", "best"))

    def _turned(self, ends: tuple[re.Pattern[str], re.Pattern[str]], *, upper: bool) -> bool:
        """Whether the other end is named, and this one is not."""
        this, other = ends if upper else ends[::-1]
        return self.said(other) and not self.said(this)

    @property
    def denied(self) -> bool:
        """A `not` that the intent has no place for."""
        lacking = self.measures & LACKING and not self.said(TWICE)
        return self.said(DENIED) and not self.turned and not lacking

    @property
    def another_kind(self) -> bool:
        """A share told by a number of cases, or the other way round."""
        if self.intent.verb == "count":
            return self.said(SHARE_OF)
        if self.intent.verb != "value" or not self.measures:
            return False
        share = self.said(SHARE) and not self.said(MANY) and self.measures <= COUNTED
        return share or (
            self.said(MANY) and not self.said(OF_A_HUNDRED) and not self.said(SHARE) and self.measures <= RATES
        )

    @property
    def bound(self) -> bool:
        """The bound of an interval, told by what it is of."""
        return self.said(BOUND) and not self.parts & {"ci_low", "ci_high", "max", "min"}

    @property
    def alike(self) -> bool:
        """Duplicates that are not said to be exact or near."""
        either = any("_across" in part or "_within" in part for part in self.parts)
        return either and "duplicat" in self.asked.text and not self.said(ALIKE)

    @property
    def number(self) -> bool:
        """A part of one (`one and a half`, `if half is sent`), or a place (`the 10th`), where another is read."""
        bound = NUMBER in self.intent.bounds and self.said(PARTS) and "#" not in self.asked.words
        place = self.intent.verb in EXTREMES and self.said(PLACE)
        return bound or place or ("caught" in self.measures and self.said(OTHER_PARTS))

    @property
    def scope(self) -> bool:
        """All models or tasks of one kind, where all are told."""
        whole = self.intent.unit in ("model", "task") and not self.asked.held[MODEL] and not self.asked.held[TASK]
        one = self.said(CLASSIFY) and not self.measures <= CLASSIFYING | {"brier"}
        return whole and (one or (self.said(SEGMENT) and bool(self.measures & SHARED)))

    @property
    def computed(self) -> bool:
        """What is computed of two numbers, and what comes after one that is named."""
        changed = self.parts & {"before", "after"} and self.said(CHANGED)
        little = self.intent.verb in EXTREMES and (changed or self.said(LITTLE))
        return (
            bool(little)
            or self.said(RATE_OF)
            or (self.said(COMPUTED) and "ratio" not in self.parts)
            or self.said(AFTER)
        )

    @property
    def elsewhere(self) -> bool:
        """An operating point, a calibration, two splits, conditions of their own: of a whole that is told."""
        point = self.said(AT_POINT) and "points" not in self.parts
        times = self.parts & {"before", "after"}
        calibrated = self.said(CALIBRATED) if not times else len(times) == 1 and not self.said(TIMED)
        splits = self.said(TWO_SPLITS) and bool(self.parts & {"cases", "classes"})
        return point or calibrated or splits or (self.intent.unit == "case" and "corruptions" in self.asked.words)

    @property
    def some(self) -> bool:
        """Cases of one kind, or class, where those of all kinds are looked through."""
        through = self.intent.unit == "case" and (self.intent.test or self.intent.order or self.intent.verb != "value")
        named = {*self.asked.held[CLASSES]}
        of_class = bool(through and named and self.measures & OF_A_CASE) and not any(
            name in key for name in (CLASS, *named) for key in self.intent.keys
        )
        ones = self.said(THOSE) or (through and self.said(ONES))
        conditions = {parts for tag in self.linked.tags("Q") for parts in self.linked.meanings[tag].conditions}
        classes = named | {parts[-1] for parts in conditions if parts[0] == OF_A_CLASS}
        places = sum(CLASS in key.split(".") for key in self.intent.keys)
        return of_class or bool(ones and self.measures & OF_A_CASE) or len(classes) > max(1, places)

    @property
    def another_name(self) -> bool:
        """A metric that the linker knows, told by another; one that is like a recorded one; a class called another."""
        known = {parts[-1] for tag in self.linked.tags("KX") for parts in self.linked.meanings[tag].metrics}
        named = {name for name in known & NAMES if self.said(_named(name))}
        other = bool(named) and not named & self.parts
        other = other or (len(named) > 1 and len(self.intent.keys) > 1 and not self.measures & NAMES <= known)
        called = self.said(CALLED) and bool(self.parts & {"support", "classes", "share", "n"})
        return other or called or self.said(UNKNOWN)

    @property
    def together(self) -> bool:
        """Two things of which one is told: two conditions, both kinds of errors."""
        spelt, meanings = self.linked.spelt, self.linked.meanings
        both = {
            (spelt[at], other)
            for at in range(len(spelt))
            for to, other in enumerate(spelt[at + 1 : at + BESIDE], start=at + 1)
            if spelt[at][:1] == other[:1] == "Q" and {*spelt[at:to]} & {"and", "or"} and spelt[at] != other
        }
        told = {tag for pair in both for tag in pair}
        held = all(any(in_a_key(parts) <= self.parts for parts in meanings[tag].conditions) for tag in told)
        return not held or (self.said(TOGETHER) and len(self.intent.keys) == 1)
