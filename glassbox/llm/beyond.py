"""Questions that go beyond what one query can say: refused, so that no half of one is answered.

`On how many pictures is isic-recall better by at least 0.1` would else be read as a bound on the metric itself, and
`without batch 3` as batch 3.
"""

from collections.abc import Sequence
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import CLASS
from glassbox.llm.language import AVERAGES, EXTREMES, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import ARTICLES, COUNTING, EQUALLING, EXCEPT, FAILING, NOT, PICTURES, SURPASSING, TOWARDS

AXES = {"size", "contrast", "ita_deg", "hair", "brightness"}
READERS = {"radiologist", "radiologists", "pathologist", "pathologists", "dermatologist", "dermatologists", "readers",
           "clinician", "clinicians", "expert", "experts", "annotator", "annotators", "resident",
           "residents", "physicians", "physician", "doctors"}  # fmt: skip
READING = {"ask", "asks", "asked", "wants", "want", "needs", "says", "report", "meeting", "for"}  # a reader who asks
PER = {*({*CASES} | PICTURES) - {"patient", "patients", "id", "x", "eye"}, *BATCHES, "class", "pixel", "pixels",
       "group", "subgroup", "corruption", "method", "model", "split", "net", "network", "variant", "task", "tissue",
       "lesion", "mean", "dataset", "data", "set", "se", "point", "operating", "strength", "record", "records", "fold",
       "each", "test", "skin", "tone", "cent", "explanation", "category"}  # fmt: skip
KINDS = "MPXTKQSCNU"
YOUNG = {"kids", "children", "people", "patients", "adults", "those", "infants", "babies", "toddlers", "anyone"}
PERSONS = {"women", "men", "woman", "man", "female", "male", "females", "males", "boys", "girls"}
BESIDES = {"outside", "after", "beyond", "but", "besides"}  # before a batch
COMPARED = {"better", "worse", "higher", "lower", "best", "worst"}
METRIC_WORDS = {"metric", "metrics", "measure", "measures", "score", "scores", "numbers", "columns", "quantities"}
PERCENTILES = {"percentile", "95th"}
DISTANT = {"furthest", "farthest", "closest", "nearest", "differ", "differs", "diverge", "disagree"}


def refuse_beyond(line: Line, linked: Linked, words: set[str]) -> None:
    """Raises `Unanswerable` for a question of which a query could hold a part alone."""
    plain = [word for word in linked.spelt if word not in ARTICLES]
    _refuse_persons(line, linked, words, plain)
    named = any(out in EXCEPT and is_tag(what, "C") for out, what in pairwise(plain))
    outside = any(out in BESIDES and what in BATCHES and what != "batches" for out, what in pairwise(plain))
    triples = zip(plain, plain[1:], plain[2:], strict=False)
    outside = outside or ("other", "than", "batch") in triples
    if named or outside or _first_of(plain, linked) or _group_out(plain, linked):
        raise Unanswerable("What is left when some batches or cases are left out is not computed.")
    if line.unit == "batch" and line.test and _of_its_cases(plain, words) and not all_right(linked, words):
        raise Unanswerable("What is true of every case of a batch is not asked of the records: ask for the cases.")
    ranged = line.test == "between" and ("outside" in words or ("not", "between") in pairwise(plain))
    if ranged or ("neither" in words and line.verb in EXTREMES):
        raise Unanswerable("Ask for what lies below or above one number, or for one end of a ranking.")
    if line.unit == "model" and line.test and words & NOT:
        raise Unanswerable("Ask for the models above or below a number, and not for the others.")
    than = any(word in ("than", "to") and is_tag(tag, "M") for word, tag in pairwise(plain))
    if line.unit == "model" and line.verb in EXTREMES and than:
        raise Unanswerable("Ask for two models by name to compare them.")
    classes = [tag for tag in linked.tags("Q") if any(CLASS in parts for parts in linked.meanings[tag].conditions)]
    if classes and line.verb == "count" and words & {"not", "neither", "nor", "except", "but"}:
        raise Unanswerable("Ask for the cases of one class by name.")
    two = sum(tag[0] != "T" for tag in line.models) == 2
    often = bool(words & (COUNTING | {"often"}))
    if two and line.test and (_by_a_bound(linked, plain) or "within" in words):
        raise Unanswerable("How often one model is ahead by so much is not counted: ask how often it is ahead.")
    if two and often and words & SURPASSING and words & (NOT | FAILING):
        raise Unanswerable("Ask how often a model is ahead, or how often it is behind.")
    if two and often and words & EQUALLING:
        raise Unanswerable("How often two models are equal is not counted: ask how often one is ahead.")
    if two and line.verb in EXTREMES and line.unit in TABLES and words & DISTANT:
        raise Unanswerable("Batches and cases are not ranked by how far two models are apart.")
    if any(no == "not" and (what in linked.numbers or what in PERCENTILES) for no, what in pairwise(plain)):
        raise Unanswerable("What is recorded is told, and nothing in its place: a distance at the 95th percentile.")
    bounded = any(word in TESTED and tag in linked.numbers for word, tag in pairwise(plain))
    among = line.unit in TABLES and bounded and {*plain} & {*TOWARDS}  # an extreme among the others can be told
    if _left_out(plain, linked) and not among:
        raise Unanswerable("What is left when some batches or cases are left out is not computed.")
    if (line.verb, line.unit) == ("list", "metric") and words & COMPARED and not words & METRIC_WORDS:
        raise Unanswerable("Say what is to be listed: models, batches, cases, groups or metrics.")


def _refuse_persons(line: Line, linked: Linked, words: set[str], plain: Sequence[str]) -> None:
    """Raises `Unanswerable` where persons are asked about, another unit of counting, or what two sets share."""
    if words & PERSONS or _of_an_age(plain, linked):
        raise Unanswerable("Of the persons behind the pictures nothing is recorded.")
    if linked.tags("U") and line.verb in AVERAGES and not words & {"median", "mean", "average"}:
        raise Unanswerable("That is not among the recorded numbers.")
    beside = ("per", "by", "a", "three", "two", "than", "to", "among", "between")
    read_by = any(of in beside and who in READERS for of, who in pairwise(plain))
    read_by = read_by or any(tag in linked.numbers and who in READERS for tag, who in pairwise(plain))
    compared = words & {"compared", "versus", "vs", "against", "than", "agreement", "agree", "agrees", "beat", "beats"}
    drawn = words & {"drawn", "marked", "outlined"} and words & {"overlap", "overlaps", "match", "cover", "closely"}
    # `How closely do they overlap with those drawn by the experts` asks for the Dice.
    if words & READERS and (read_by or compared) and not (words & READING or drawn):
        raise Unanswerable("How persons do is not recorded.")
    if ("per", True) in {
        (of, who.isalpha() and who not in PER and not is_tag(who, KINDS)) for of, who in pairwise(plain)
    }:
        raise Unanswerable("Scores are recorded by case, batch, class, group, corruption and method alone.")
    if words & {"left", "dropped", "removed", "excluded"} and "if" in words and linked.numbers and words & {*TOWARDS}:
        raise Unanswerable("What is left when some batches or cases are left out is not computed.")
    if words & {"different", "distinct", "individual", "unique"} and words & {"patients", "people", "persons"}:
        raise Unanswerable("Of the persons behind the pictures nothing is recorded.")
    shared = words & {"share", "common"} and len(linked.tags("T")) > 1 and ("other" in words or "common" in words)
    if shared and not linked.tags("M"):
        raise Unanswerable("What two data sets have in common is not recorded.")


def _of_an_age(plain: Sequence[str], linked: Linked) -> bool:
    """`For kids under 5`, `the ages of those patients`: an age is no bound of a metric."""
    triples = zip(plain, plain[1:], plain[2:], strict=False)
    young = any(who in YOUNG and bound in TESTED and tag in linked.numbers for who, bound, tag in triples)
    for_whom = zip(plain, plain[1:], plain[2:], plain[3:], strict=False)
    young = young or any(
        of == "for"
        and not is_tag(who, KINDS)
        and who.isalpha()
        and who not in (*CASES, *BATCHES, *PICTURES)
        and bound in ("under", "over")
        and tag in linked.numbers
        and linked.numbers[tag].value > 1
        for of, who, bound, tag in for_whom
    )
    return young or bool({*plain} & {"age", "ages", "aged"})


def all_right(linked: Linked, words: set[str]) -> bool:
    """Whether all cases of a batch are asked to be right, which its accuracy tells: `every picture was correct`."""
    all_of_them = _of_its_cases([word for word in linked.spelt if word not in ARTICLES], words)
    right = words & {"right", "correct", "correctly", "rightly"} or any(
        linked.meanings[tag].metrics <= {("accuracy",), ("correct",)} for tag in linked.tags("K")
    )
    ones = {linked.numbers[tag].value for tag in linked.numbers} <= {1, 100}
    whole = all_of_them or (words & {"right"} and linked.numbers)  # `got a hundred per cent right`
    return bool(whole and right and ones and not words & (NOT | {"than"}))


def _of_its_cases(plain: Sequence[str], words: set[str]) -> bool:
    """Whether something is said of each case of a batch: `contain an image`, `every picture`, `all of its images`."""
    nouns = {*CASES, *PICTURES}
    if words & {"contain", "contains", "containing"} and words & nouns:
        return True
    bare = [word for word in plain if word not in ("of", "its", "their", "single", "the", "those")]
    return any(each in ("all", "every", "each") and noun in nouns for each, noun in pairwise(bare))


def groups_of(linked: Linked) -> set[str]:
    """The conditions that name a subgroup, such as `tan skin`; `40 hairs` is a corruption."""
    named = {tag: linked.meanings[tag].conditions for tag in linked.tags("Q")}
    return {
        tag
        for tag, choices in named.items()
        if any(len(parts) == 2 and parts[0] in AXES and not parts[1][0].isdigit() for parts in choices)
    }


def _group_out(plain: Sequence[str], linked: Linked) -> bool:
    """`Dice without tan skin`: a group that has no opposite."""
    groups = groups_of(linked)
    present = {tag for tag in groups for parts in linked.meanings[tag].conditions if parts[1:] in (("yes",), ("no",))}
    return any(out == "without" and tag in groups - present for out, tag in pairwise(plain))


def _first_of(plain: Sequence[str], linked: Linked) -> bool:
    """`The first ten batches`."""
    return any(
        first in ("first", "last") and tag in linked.numbers and what == "batches"
        for first, tag, what in zip(plain, plain[1:], plain[2:], strict=False)
    )


def _by_a_bound(linked: Linked, plain: Sequence[str]) -> bool:
    """Whether a number says by how much one model is ahead of the other: `at least 0.1 higher than isic-base`."""
    numbered = any(word == "by" and {*plain[at + 1 : at + 4]} & {*linked.numbers} for at, word in enumerate(plain))
    than_model = any(word in ("than", "to") and is_tag(tag, "MPX") for word, tag in pairwise(plain))
    return numbered or than_model


def _left_out(plain: Sequence[str], linked: Linked) -> bool:
    """Whether batches or cases are left out: `without batch 3`, `excluding the worst batch`, `excluding cases with`."""
    ends = {*TOWARDS, "last", "first", "its", "their"}
    kept = [word for word in plain if word not in ends]
    batches = any(out in EXCEPT and what in BATCHES for out, what in pairwise(kept))
    cases = any(out in EXCEPT and (what in CASES or is_tag(what, "C")) for out, what in pairwise(kept))
    return batches or (cases and bool(linked.tags("C") or linked.numbers))
