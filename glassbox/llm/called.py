"""What a classifier called a case, and how often one class is taken for another.

`What did pathmnist-base call test-00355`, `how many stroma tiles were taken for debris`, `what is stroma most often
confused with`. These are asked of the cases' classes and not of a metric, whatever line a model writes of them.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from glassbox.llm.asked import Asked, Unanswerable, owners
from glassbox.llm.catalogue import CLASS, Catalogue
from glassbox.llm.language import Line
from glassbox.llm.linker import CASES, Linked
from glassbox.llm.typed import Called, Query
from glassbox.llm.words import ARTICLES, CLASSES, COUNTING, NOT, PICTURES, PLAIN, RECOGNISING, WRONG

VERBS = {  # that stand between the class in truth and the one that was said, or before what was said
    "call", "calls", "called", "label", "labelled", "labeled", "predict", "predicted", "classify", "classified", "take",
    "taken", "took", "mistake", "mistaken", "mistook", "diagnose", "diagnosed", "confuse", "confused",
}  # fmt: skip
CALLING = VERBS | {"predicts", "takes", "labels", "classifies", "verdict", "prediction", "class", "diagnosis", "say",
                   "says", "decide", "decided", "guess", "assign", "assigned"}  # fmt: skip
CONFUSED = {"confuse", "confuses", "confused", "mistake", "mistakes", "mistaken", "mistook", "mixed", "mix", "mixes",
            "misread"}  # fmt: skip
WRONGLY = {"wrongly", "falsely", "mistakenly", "incorrectly", "erroneously"}
TRULY = {"really", "actually", "truly"}
KNOWN = {  # beside names, and beside words that change nothing: a question with any other asks for something else
    *CALLING, *CONFUSED, *WRONGLY, *TRULY, *CASES, *PICTURES, *CLASSES, *COUNTING, "as", "for", "with", "often", "most",
    "usually", "list", "name", "though", "although", "they", "into", "truth", "true", "s", "number", "nevertheless",
    "confusion", "confusions",
}  # fmt: skip
JUDGED = {
    *RECOGNISING,
    *WRONG,
    "found",
    "detect",
    "detected",
    "right",
    "correctly",
    "correct",
    "miss",
    "missed",
    "misses",
}
CHANCE = {"chance", "probability", "prob", "probable", "likelihood", "likely", "odds"}
OF_CASES = {("predicted",), ("truth",)}
PLAINLY = (
    "Say it plainly: how many tiles of one class were called another, or what one class is most often confused with."
)


def called(line: Line, linked: Linked, catalogue: Catalogue) -> Query | None:
    """The query of such a question; None for any other."""
    words = {*linked.spelt}
    known = OF_CASES | {("probability",)} if linked.tags("C") else OF_CASES
    asked = all(linked.meanings[tag].metrics <= known for tag in linked.tags("K"))  # `the predicted class`
    part = words & {"part", "share", "fraction", "proportion", "percentage"} and linked.tags("X")
    if line.verb in ("help", "again") or linked.tags("NU") or not asked or part:
        return None
    judged = _judged(words)
    if not words & (CALLING | CONFUSED | CHANCE) and not linked.tags("K") and not judged:
        return None
    found = [*_classifiers(linked, catalogue)]
    if not found and words & CONFUSED and words & {"class", "classes"}:
        raise Unanswerable("Classes are told apart by classifiers alone: name one.")
    by_class = any(_class(tag, linked) for tag in linked.tags("Q")) and not linked.tags("SC")
    if len(found) > 1 and by_class and words & COUNTING and words & VERBS:
        raise Unanswerable(f"Name one classifier: {', '.join(model for model, _ in found)}.")
    if len(found) != 1:
        return None
    model, task = found[0]
    predicted, _ = catalogue.find(model, task, "case", ("predicted",), None)
    cases = tuple(sorted({name for tag in linked.tags("C") for name in linked.meanings[tag].cases}))
    classes = [tag for tag in linked.tags("Q") if _class(tag, linked)]
    if len(classes) != len(linked.tags("Q")):
        return None
    likely = any(linked.meanings[tag].metrics == {("probability",)} for tag in linked.tags("K"))
    if likely and not classes:
        return None
    if len(classes) == len(cases) == 1 and (likely or words & CHANCE):
        return _chance(model, task, str(_class(classes[0], linked)), cases, catalogue)
    query = Query("value", "case", tuple(predicted[:1]), (model,), task)
    guarded = linked.rank > 1 or linked.percent or linked.tags("S") or bool(words & {"batch", "batches"})
    plain = not guarded and words <= {*PLAIN, *KNOWN, *linked.meanings}
    if {*classes} - {*linked.spelt}:  # of a question before
        return None
    if judged and len(classes) == 1 and not cases and not words & (VERBS | CONFUSED):
        plain = not guarded and words <= {*PLAIN, *KNOWN, *JUDGED, *linked.meanings}
        name = _class(classes[0], linked)
        of_class = Called(truth=name, wrong=True) if judged == "wrong" else Called(truth=name, predicted=name)
        return _of(query, of_class, "count") if plain and not linked.tags("K") else None
    if cases and not classes and (words & CALLING or linked.tags("K")):
        return _of(query, Called(), cases=cases) if plain else None
    if not classes or cases or not words & (VERBS | CONFUSED):
        return None
    return _of_classes(query, classes, linked, plain)


def _of_classes(query: Query, classes: Sequence[str], linked: Linked, plain: bool) -> Query | None:
    """How often one class is taken for another, or what it is taken for most."""
    words = {*linked.spelt}
    if linked.tags("S") and not words & CONFUSED:  # `training images labelled pneumonia` are those of a class
        return None
    if not plain or linked.spelt.count("many") > 1:
        raise Unanswerable(PLAINLY)
    counted = bool(words & COUNTING) or "often" in words
    listed = words & {"which", "list", "name", "show"} and words & ({*CASES} | PICTURES)
    verb = "count" if counted else "list" if listed else None
    made = _of_pair(classes, linked) if len(classes) == 2 else None
    if len(classes) == 1:
        made, verb = _of_one(classes[0], linked, words, verb)
    if not made or not verb:
        raise Unanswerable(PLAINLY)
    return _of(query, made, verb)


def _chance(model: str, task: str, name: str, cases: tuple[str, ...], catalogue: Catalogue) -> Query | None:
    """How probable a classifier took a class to be, of one case."""
    found, others = catalogue.find(model, task, "case", (f"p_{name}",), None)
    return Query("value", "case", tuple(found), (model,), task, cases=cases) if len(found) == 1 and not others else None


def _judged(words: set[str]) -> str | None:
    """Whether cases of a class are counted that were recognised, or that were not."""
    if not words & COUNTING or words & NOT:
        return None
    if words & WRONG or words & {"miss", "missed", "misses"}:
        return "wrong"
    return "right" if words & (RECOGNISING | {"found", "detect", "detected", "right", "correctly", "correct"}) else None


def _of_pair(classes: Sequence[str], linked: Linked) -> Called | None:
    """`Stroma tiles were taken for debris`; `films did it call normal which are really pneumonia`."""
    first, second = sorted(classes, key=linked.spelt.index)
    at, then = linked.spelt.index(first), linked.spelt.index(second)
    before, between = {*linked.spelt[:at]} & VERBS, {*linked.spelt[at + 1 : then]}
    if between & VERBS and not before and not between & TRULY:
        return Called(_class(first, linked), _class(second, linked))
    if before and between & TRULY and not between & VERBS:
        return Called(_class(second, linked), _class(first, linked))
    return None


def _of_one(tag: str, linked: Linked, words: set[str], verb: str | None) -> tuple[Called | None, str | None]:
    """What one class is taken for most often; how many are called it, or are of it and called another, wrongly."""
    name, at = _class(tag, linked), linked.spelt.index(tag)
    before = {*linked.spelt[:at]} & (VERBS | CONFUSED)
    if words & CONFUSED:
        most = words & {"most", "usually", "mostly"} or not verb
        return (Called(truth=name, wrong=True), "max") if most and not before else (None, None)
    plain = [word for word in linked.spelt if word not in (*ARTICLES, "as", "for")]
    behind = any(word in VERBS and after == tag for word, after in pairwise(plain))
    if words & WRONGLY:
        return Called(predicted=name, wrong=True) if behind else Called(truth=name, wrong=True), verb
    return (Called(predicted=name), verb) if behind and before and not words & TRULY else (None, None)


def _of(query: Query, called: Called, verb: str = "value", cases: tuple[str, ...] = ()) -> Query:
    order = "max" if verb == "max" else None
    return Query(verb, "case", query.entries, query.models, query.task, cases=cases, order=order, called=called)


def _class(tag: str, linked: Linked) -> str | None:
    """The class that a condition names."""
    parts = sorted(linked.meanings[tag].conditions)[0]
    return parts[1] if len(parts) == 2 and parts[0] == CLASS else None


def _classifiers(linked: Linked, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The models that the question may mean of which it is recorded what they called each case."""
    cases = {name for tag in linked.tags("C") for name in linked.meanings[tag].cases}
    line = Line("value", models=tuple(linked.tags("MPT")))
    try:
        found = [*owners(Asked(line, linked, catalogue))]
    except Unanswerable:
        return
    classes = {name for tag in linked.tags("Q") if (name := _class(tag, linked))}
    for models, task in found:
        if len(models) != 1 or catalogue.find(models[0], task, "case", ("predicted",), None)[1] != 0:
            continue
        of_class = [e.parts for e in catalogue.owned(models[0], task, "whole") if e.parts[0] == CLASS]
        known = {parts[1] for parts in of_class if len(parts) > 2}
        if classes <= known and cases <= {*catalogue.cases.get(task, ())}:
            yield models[0], task
