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
from glassbox.llm.words import ARTICLES, COUNTING, NOT, PICTURES

CALLING = {
    "call", "calls", "called", "label", "labels", "labelled", "labeled", "predict", "predicts", "predicted", "classify",
    "classifies", "classified", "take", "takes", "taken", "took", "diagnose", "diagnosed", "say", "says", "said",
    "verdict", "prediction", "class", "diagnosis", "decide", "decided", "guess", "guessed", "assign", "assigned",
    "read", "put", "tell", "told",
}  # fmt: skip
CONFUSED = {"confuse", "confuses", "confused", "mistake", "mistakes", "mistaken", "mistook", "mixed", "mix", "mixes",
            "misread"}  # fmt: skip
OF_CASES = {("predicted",), ("truth",)}
WRONGLY = {"wrongly", "falsely", "mistakenly", "incorrectly", "wrong", "erroneously"}
TRULY = {"really", "actually", "truth", "true", "although", "though", "truly"}


def called(line: Line, linked: Linked, catalogue: Catalogue) -> Query | None:
    """The query of such a question; None for any other."""
    words = {*linked.spelt}
    asked = all(linked.meanings[tag].metrics <= OF_CASES for tag in linked.tags("K"))  # `the predicted class`
    if line.verb in ("help", "again") or linked.tags("NU") or not asked:
        return None
    if not words & (CALLING | CONFUSED) and not linked.tags("K"):
        return None
    found = [*_classifiers(linked, catalogue)]
    if not found and words & CONFUSED and words & {"class", "classes"}:
        raise Unanswerable("Classes are told apart by classifiers alone: name one.")
    if len(found) != 1:
        return None
    model, task = found[0]
    predicted, _ = catalogue.find(model, task, "case", ("predicted",), None)
    cases = tuple(sorted({name for tag in linked.tags("C") for name in linked.meanings[tag].cases}))
    classes = [tag for tag in linked.tags("Q") if _class(tag, linked)]
    if len(classes) != len(linked.tags("Q")) or (words & NOT and not cases):
        return None
    query = Query("value", "case", tuple(predicted[:1]), (model,), task)
    if cases and not classes and (words & CALLING or linked.tags("K")):
        return _of(query, Called(), cases=cases)
    counted = bool(words & COUNTING) or "often" in words
    listed = words & {"which", "list", "name", "show"} and words & ({*CASES} | PICTURES)
    verb = "count" if counted else "list" if listed else None
    if len(classes) == 2 and verb and not cases:
        truth, taken = _in_order(classes, linked)
        return _of(query, Called(_class(truth, linked), _class(taken, linked)), verb)
    if len(classes) == 1 and not cases:
        return _of_one(query, classes[0], linked, words, verb)
    return None


def _of_one(query: Query, tag: str, linked: Linked, words: set[str], verb: str | None) -> Query | None:
    """What one class is taken for most often; how many are called it, or are of it and called another, wrongly."""
    name = _class(tag, linked)
    if words & CONFUSED and (words & {"most", "usually", "mostly", "mainly"} or not verb):
        return _of(query, Called(truth=name, wrong=True), "max")
    if not verb or not words & WRONGLY or not words & CALLING:
        return None
    plain = [word for word in linked.spelt if word not in (*ARTICLES, "as", "for")]
    behind = any(word in CALLING and after == tag for word, after in pairwise(plain))
    return _of(query, Called(predicted=name, wrong=True) if behind else Called(truth=name, wrong=True), verb)


def _of(query: Query, called: Called, verb: str = "value", cases: tuple[str, ...] = ()) -> Query:
    order = "max" if verb == "max" else None
    return Query(verb, "case", query.entries, query.models, query.task, cases=cases, order=order, called=called)


def _class(tag: str, linked: Linked) -> str | None:
    """The class that a condition names."""
    parts = sorted(linked.meanings[tag].conditions)[0]
    return parts[1] if len(parts) == 2 and parts[0] == CLASS else None


def _in_order(classes: Sequence[str], linked: Linked) -> tuple[str, str]:
    """The class in truth and what it was taken for: in this order, unless a word such as `really` stands between."""
    first, second = sorted(classes, key=linked.spelt.index)
    between = linked.spelt[linked.spelt.index(first) : linked.spelt.index(second)]
    return (second, first) if {*between} & TRULY else (first, second)


def _classifiers(linked: Linked, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The models that the question may mean of which it is recorded what they called each case."""
    cases = {name for tag in linked.tags("C") for name in linked.meanings[tag].cases}
    line = Line("value", models=tuple(linked.tags("MPT")))
    try:
        found = [*owners(Asked(line, linked, catalogue))]
    except Unanswerable:
        return
    for models, task in found:
        recorded = len(models) == 1 and catalogue.find(models[0], task, "case", ("predicted",), None)[1] == 0
        if recorded and cases <= {*catalogue.cases.get(task, ())}:
            yield models[0], task
