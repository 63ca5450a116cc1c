"""What a question says beside what its line holds: where that would change the answer, it is refused.

A small model leaves out in silence what a line can't hold: `the first batch`, `on detected lesions only`, `how many
images were excluded`.
"""

from collections.abc import Sequence
from itertools import pairwise

from glassbox.llm.asked import Unanswerable
from glassbox.llm.beyond import groups_of
from glassbox.llm.language import AVERAGES, EXTREMES, TABLES, Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.naming import is_tag
from glassbox.llm.numbers import BATCHES
from glassbox.llm.words import (
    ARTICLES,
    CLASSES,
    COUNTING,
    EXCEPT,
    MODELS,
    PART,
    PICTURES,
    PLAIN,
    QUALITY,
    REVIEWING,
    SIZES,
    TOWARDS,
)

NOUNS = {*CASES, *PICTURES}
PLACES = {"first", "last", "middle", "final"}  # of a batch or case
SIZED = {"large", "small", "big", "tiny", "dark", "bright", "huge", "hairy"}
COUNTABLE = {  # beside names: a bare count with any other word asks for something else
    "photographs", "photograph", "retinas", "again", "sheet", "storage", "over", "into", "cut", "split", "divided",
    "run", "rest", "stand", "stands", "behind", "figures", "confirm", "judged", "assessed", "here", "consist",
    "consists", "comprises", "form", "grouped", "as", "exist", "exists", "available", "rests", "are", "were",
    "underlie", "base", "based", "sample", "samples", "/", "-", ":", "quick", *PLAIN, *COUNTING, *NOUNS, *BATCHES,
    *SIZES, *MODELS, "trained", "validated", "tested", "learn", "learned", "comprise", "contain", "contains",
    "there", "hold", "holds", "include", "includes", "altogether", "make", "makes", "made", "evaluated", "count",
    "tell", "know", "like", "would", "could", "can", "id", "for", "was", "go", "went", "scored", "validation",
    "training", "kept", "held", "out", "total", "vessels", "thing", "things", "really", "pics",
    "pic", "imgs", "img", "examined", "contained", "upon", "computed", "used", "checked", "told", "nr", "subset",
    "known", "sit", "sits", "inside", "asks", "n",
} - {"drawn"}  # fmt: skip
SAYING = {"with", "without", "show", "shows", "showing", "on", "from", "containing", "depict", "were", "are", "taken"}
SETS = {"set", "sets", "split", "dataset", "many", "number", "data"}
CLAUSES = {"missed", "found", "fail", "failed", "show", "shows", "contain", "contains", "lie", "lies", "touch", "reach",
           "come", "comes", "came", "went", "go", "looks", "looked", "got", "did", "does", "will", "would", "can",
           "could", "we", "i", "you", "make", "makes", "they", "he", "she", "belong", "belongs", "stand", "stands",
           "matter"}  # fmt: skip
INTERVALS = {"interval", "intervals", "confidence", "ci"}
LEVEL = (0.95, 95)  # of the recorded intervals
DETECTED = {("detected",), ("missed",)}
SIZES_OF = {("cases",), ("n",), ("classes",)}
UNMEASURED = {"robust", "fair", "fairer", "uncertain", "reliable", "trustworthy", "stable", "risk", "loss", "trade"}


def refuse_rest(line: Line, linked: Linked, words: set[str]) -> None:
    """Raises `Unanswerable` where words that are left over would change the answer."""
    plain = [word for word in linked.spelt if word not in ARTICLES]
    tagged = {*linked.meanings, *linked.numbers}
    groups = groups_of(linked)
    bare = not (line.metrics or line.test or line.held or line.order or line.place or linked.tags("QKC"))
    if line.verb == "count" and line.unit in TABLES and bare:
        loose = {token for token in linked.spelt if token not in tagged} - COUNTABLE
        if linked.tags("S"):  # of a split that is named, only what says more of the pictures
            loose &= {then for one, then in pairwise(plain) if one in SAYING}
        if loose or words & {"touch", "touches", "touching"}:
            raise Unanswerable("Say what is to be counted: cases with a metric above or below a number, say.")
    pairs = [*pairwise(plain)]
    if (
        line.verb == "count"
        and words & {"big", "large"}
        and words & {"images", "pictures", "photos"}
        and not words & SETS
    ):
        raise Unanswerable("Ask for the height and width of the pictures.")
    if line.verb in EXTREMES and line.unit == "model" and words & {"not", "doesnt", "isnt", "dont"}:
        raise Unanswerable("Ask for one end of a ranking, and not for the others.")
    numbered = any(where in PLACES and noun in {*BATCHES, *NOUNS} for where, noun in pairs)
    if numbered and (line.verb in (*EXTREMES, *AVERAGES, "value") and line.unit in (*TABLES, None)):
        raise Unanswerable("Batches have numbers and cases have names: ask by those.")
    if any(non in ("non", "not") and tag in groups for non, tag in pairs):
        raise Unanswerable("Ask for a group by name, and not for the others.")
    if groups and any(word in SIZED and after in {",", "and", *groups} - _meant(word, linked) for word, after in pairs):
        raise Unanswerable("Ask for one group at a time: what is in two of them is not recorded.")
    if groups and line.unit in TABLES and line.verb in EXTREMES:
        raise Unanswerable(f"To which group a {line.unit} belongs is not recorded.")
    counted = any(many == "many" and noun in NOUNS for many, noun in pairs)
    if line.place == "batch" and line.verb == "value" and line.metrics and counted and "what" in words:
        raise Unanswerable("Ask for the number of cases and for the metric one after the other.")
    _refuse_counts(line, linked, words, pairs)
    bounds = ("above", "below", "over", "under")
    averaged = [at for at, (bound, of) in enumerate(pairs) if bound in bounds and of in ("mean", "average", "overall")]
    if any(not {*plain[at + 2 : at + 6]} & {*linked.numbers} for at in averaged):
        raise Unanswerable("Compare with a number: above 0.8, say.")
    if line.verb in ("compare", *EXTREMES) and not line.metrics and words & UNMEASURED:
        raise Unanswerable("Name the metric that this is to be measured by.")
    significant = any(word.startswith("significan") for word in words)
    if significant and line.unit == "model" and line.verb in (*EXTREMES, "list", "count"):
        raise Unanswerable("Whether a difference is significant is told of two models: name them.")
    if words & {"metric", "metrics"} and line.verb in ("compare", "difference", "list") and len(line.models) > 1:
        raise Unanswerable("Name the metrics to compare the models by.")
    _refuse_conditions(line, linked, words, plain)


def _meant(word: str, linked: Linked) -> set[str]:
    """The groups that a word says again: `dark (low brightness) tiles`."""
    of = {"dark": ("brightness", "low"), "bright": ("brightness", "high"), "hairy": ("hair", "high")}.get(word)
    return {tag for tag in linked.tags("Q") if of in linked.meanings[tag].conditions}


def _refuse_conditions(line: Line, linked: Linked, words: set[str], plain: Sequence[str]) -> None:
    """Levels of intervals, splits and conditions that are not recorded."""
    tagged, pairs = {*linked.meanings, *linked.numbers}, [*pairwise(plain)]
    levels = [linked.numbers[tag].value for tag, of in pairs if tag in linked.numbers and of in INTERVALS]
    if any(level not in LEVEL for level in levels):
        raise Unanswerable("Intervals are recorded at 95 %.")
    detected = {tag for tag in linked.tags("K") if linked.meanings[tag].metrics <= DETECTED}
    if "only" in words and any(of in ("on", "of", "for") and tag in detected for of, tag in pairs):
        raise Unanswerable("That condition is not recorded.")
    sizes = all(linked.meanings[tag].metrics <= SIZES_OF for tag in line.metrics if tag in linked.meanings)
    if line.verb in ("value", "compare", "difference") and len(linked.tags("S")) > 1 and line.metrics and not sizes:
        raise Unanswerable("Ask for one split at a time: most is recorded of the test split alone.")
    unnamed = line.verb in ("value", "mean") and _unnamed_condition(plain, tagged)
    clause = line.verb in ("value", "mean", *EXTREMES) and _in_a_clause(plain, tagged)
    if (unnamed or clause) and not words & REVIEWING:
        raise Unanswerable("That condition is not recorded.")
    ends = {*TOWARDS}
    for out, end, noun in zip(plain, plain[1:], plain[2:], strict=False):
        if out in EXCEPT and end in ends and noun in NOUNS:
            raise Unanswerable("What is left when some batches or cases are left out is not computed.")


def _refuse_counts(line: Line, linked: Linked, words: set[str], pairs: Sequence[tuple[str, str]]) -> None:
    """Counts of which the line holds a part."""
    every = any(each in ("every", "all", "any", "each", "one") and noun in MODELS for each, noun in pairs)
    numbered = any(tag in linked.numbers and noun in MODELS for tag, noun in pairs)
    if line.test and line.unit in TABLES and (every or numbered):
        raise Unanswerable("Ask for one model at a time, or for what is true of both of two.")
    most = any(end in ("most", "fewest", "least") and noun in NOUNS and noun.endswith("s") for end, noun in pairs)
    if most and (line.test or (line.verb in EXTREMES and not line.metrics)):
        raise Unanswerable("Which has the most cases of a kind is not counted: ask how many one of them has.")
    inside = any(end in TOWARDS and noun == "batch" for end, noun in pairs)
    if line.verb == "count" and line.test and inside and not line.within:
        raise Unanswerable("Ask for the batch first, and then for its cases.")
    share = words & (PART - {"often", "frequently", "rate", "part"}) or linked.percent
    share = share and not words & COUNTING
    if line.verb in ("count", "list") and line.test and line.unit in TABLES and share:
        raise Unanswerable("Ask how many there are: shares of cases under a condition are not computed.")
    if line.unit in TABLES and any(least == "least" and how in QUALITY | {"bad"} for least, how in pairs):
        raise Unanswerable("Ask for the best or the worst.")
    than = any(word == "than" and is_tag(tag, "KX") for word, tag in pairs)
    if line.verb in ("count", "list") and line.unit in TABLES and than and not line.test and not line.order:
        raise Unanswerable("Two metrics are not compared case by case.")
    if line.verb == "count" and not line.metrics and words & CLASSES and "which" in words:
        raise Unanswerable("Which class has the most cases is not ranked: ask for the cases of one.")


def _in_a_clause(plain: Sequence[str], tagged: set[str]) -> bool:
    """`Lesions which bleed`: a clause whose verb no name stands for."""
    return any(
        noun in NOUNS and which in ("which", "that", "who") and verb.isalpha() and verb not in tagged | PLAIN | CLAUSES
        for noun, which, verb in zip(plain, plain[1:], plain[2:], strict=False)
    )


def _unnamed_condition(plain: Sequence[str], tagged: set[str]) -> bool:
    """`On healthy eyes`, `for thin vessels`, `without failed cases`, `after review`: words that no name stands for."""
    nouns = {*NOUNS, "vessels", "eyes", "skin", "ones"} - {"cases", "id", "patient"}
    ends = (*plain, "", "")
    for of, what, noun in zip(ends, ends[1:], ends[2:], strict=False):
        known = what in PLAIN or what in tagged or what in NOUNS or not what.isalpha()
        known = known or (what, noun) == ("skin", "lesions")
        if of in ("on", "without", "among", "near") and not known and noun in nouns | {"cases", "data"}:
            return True
        if of == "for" and not known and noun in nouns | {"vessels"} and noun not in ("patients", "picture"):
            return True
        if of == "without" and not known and what not in ("cue", "it", "them"):
            return True
        if of in nouns and what == "with" and noun and noun.isalpha() and noun not in tagged and noun not in PLAIN:
            return True
    return False
