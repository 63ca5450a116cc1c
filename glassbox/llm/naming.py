"""Which tags of a line are its models and which its metrics, where the question's words leave no doubt.

`Precision` and `recall` are metrics and models' purposes; a list of models is meant whole; a model that is named twice
is one.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glassbox.llm.language import EXTREMES, SPREADS, TABLES, Line
from glassbox.llm.linker import Linked
from glassbox.llm.words import JOINTS, MODELS, NETWORKS, TOWARDS

# What a metric's word may mean besides: a classifier misses its false negatives.
ALSO: dict[tuple[str, ...], set[tuple[str, ...]]] = {("missed",): {("fn",)}}
TASKS = ("T1", "T2")  # within a list of models: `isic base, isic precision`
COMPARED = {"below", "above", "under", "over", "exceeding", "beyond"}
TUNED = {"tuned", "trained", "optimised", "optimized", "specialised", "specialized", "built", "made", "meant"}
NOT_VERBS = (*JOINTS, "of", "to", "from", "against", "between", "than", "for")


def named(line: Line, linked: Linked) -> Line:
    """The line with the models and metrics that its question names."""
    purposes = [tag for tag in line.metrics if tag[0] == "X" and noun_follows(tag, linked.tokens)]
    if len(line.metrics) > len(purposes) and {*purposes} - {*line.models}:  # `the precision variant` is no metric
        spare = {tag for tag in purposes if linked.tokens.count(tag) == 1}
        kept = tuple(tag for tag in line.metrics if tag not in spare)
        line = replace(line, metrics=kept, models=(*line.models, *(tag for tag in line.metrics if tag in spare)))
    line = _tuned(_of_a_bound(line, linked), linked)
    bare = [tag for tag in line.models if tag[0] == "X" and not noun_follows(tag, linked.tokens)]
    counts = {*linked.spelt} & {"many", "count", "number", "cases"}
    if (
        (line.verb, line.unit) == ("count", "case")
        and len(bare) == 1 < len(line.models)
        and not (line.metrics or counts)
    ):
        models = tuple(tag for tag in line.models if tag not in bare)
        line = replace(line, verb="value", unit=None, metrics=tuple(bare), models=models)  # `debris recall pathmnist`
    named_ones = linked.tags("M")
    if not line.models and len(named_ones) == 1 and line.verb not in ("refuse", "help"):
        line = replace(line, models=tuple(named_ones))
    if line.verb in ("compare", "difference") and not line.metrics:
        line = _last_is_metric(line, linked.tokens)
        twice = [tag for tag in line.models if tag[0] == "X" and linked.tokens.count(tag) > 1]
        line = replace(line, metrics=tuple(twice)) if len(twice) == 1 and not line.metrics else line
    line = _metrics_beside_names(_listed_models(_once(line, linked), linked.tokens), linked.tokens)
    return _same_metric(line, linked)


def behind_its_task(line: Line, linked: Linked) -> Line:
    """`Recall difference isic precision and isic balanced`: the word behind the task is the variant."""
    behind = {tag for task, tag in pairwise(linked.tokens) if is_tag(task, "T") and is_tag(tag, "X")}
    pairs = [*pairwise(linked.tokens)]
    compared = {tag for tag, noun in pairs if is_tag(tag, "X") and noun in ("difference", "gap")}
    compared |= {tag for what, tag in pairs if is_tag(tag, "X") and what in ("what", "which")}
    compared -= {tag for tag in compared if noun_follows(tag, linked.tokens)}
    if (
        line.verb not in ("difference", "compare", "value")
        or len(line.metrics) != 1
        or not {*line.metrics} <= behind - compared
    ):
        return line
    others = [tag for tag in line.models if tag in compared - behind]
    if len(others) != 1:
        return line
    models = tuple(line.metrics[0] if tag == others[0] else tag for tag in line.models)
    return replace(line, metrics=tuple(others), models=models)


def _of_a_bound(line: Line, linked: Linked) -> Line:
    """`Among those with recall below 0.9`: what is compared with a number is a metric and no model."""
    triples = zip(linked.spelt, linked.spelt[1:], linked.spelt[2:], strict=False)
    tested = {
        tag for tag, word, number in triples if is_tag(tag, "X") and word in COMPARED and number in linked.numbers
    }
    kept = tuple(tag for tag in line.models if tag not in tested)
    return replace(line, models=kept) if kept else line


def _tuned(line: Line, linked: Linked) -> Line:
    """`The network tuned for recall: what precision is left to it`: the first is the model, the other the metric."""
    said = zip(linked.spelt, linked.spelt[1:], linked.spelt[2:], strict=False)
    tuned = tuple(tag for how, joint, tag in said if how in TUNED and joint == "for" and is_tag(tag, "X"))
    others = tuple(tag for tag in linked.tags("X") if tag not in tuned and not noun_follows(tag, linked.tokens))
    if len({*tuned}) != 1 or len(others) != 1 or linked.tags("K") or not line.models:
        return line
    models = tuple(dict.fromkeys((*tuned, *(tag for tag in line.models if tag not in others))))
    return replace(line, metrics=others, models=models)


def _last_is_metric(line: Line, tokens: Sequence[str]) -> Line:
    """`Would going from balanced to recall cost precision`: of three purposes, that behind a verb is the metric."""
    models = [tag for tag in line.models if tag[0] != "T"]
    ahead = (*tokens, "", "", "")
    for at, (happens, before, tag) in enumerate(zip(("", *tokens), tokens, tokens[1:], strict=False)):
        verb = before not in NOT_VERBS or (before == "to" and happens in ("happens", "happen", "done"))
        listed = ahead[at + 2] in JOINTS[:3] and is_tag(ahead[at + 3], "MPX")
        behind_verb = before.isalpha() and verb and not listed
        if tag[0] == "X" and tag in models and len(models) > 2 and behind_verb and not noun_follows(tag, tokens):
            return replace(line, metrics=(tag,), models=tuple(model for model in line.models if model != tag))
    return line


def _same_metric(line: Line, linked: Linked) -> Line:
    """Without a metric that another of the line says more plainly: `false alarms (fp)`, `let through (fn)`."""
    of = {
        tag: linked.meanings[tag].metrics | ALSO.get(min(linked.meanings[tag].metrics), set()) for tag in line.metrics
    }
    kept = tuple(tag for tag in of if not any(other != tag and of[other] < of[tag] for other in of))
    if len(kept) == len(of):
        return line
    single = len(kept) == 1 and line.verb in ("difference", "compare") and len(line.models) < 2 and len(line.at) < 2
    return replace(line, metrics=kept, verb="value" if single else line.verb)


def _once(line: Line, linked: Linked) -> Line:
    """Without the purpose of a model that is named as well: `isic-base, the base network of isic`."""
    purposes = {model.rpartition("-")[2] for tag in line.models for model in linked.meanings[tag].models}
    again = [tag for tag in line.models if (own := linked.meanings[tag].purposes) and own <= purposes and tag[0] == "P"]
    if not again or sum(tag[0] == "M" for tag in line.models) != 1:
        return line
    models = tuple(tag for tag in line.models if tag not in again)
    alone = line.verb in ("difference", "compare") and sum(tag[0] != "T" for tag in models) < 2
    return replace(line, verb="value" if alone and not len(line.at) > 1 else line.verb, models=models)


def _listed_models(line: Line, tokens: Sequence[str]) -> Line:
    """Where three models or more are listed, all of them are meant: `the isic networks (base, precision, recall)`.

    A purpose of the list that is a metric too is a metric only where it stands outside as well.
    """
    run, listed = _longest_list(tokens)
    if len(listed) < 3 or not any(tag[0] in "MP" for tag in listed) or not ({*listed} & {*line.models, *line.metrics}):
        return line
    bare = [tag for tag in listed if tag[0] == "X" and not noun_follows(tag, tokens)]
    if bare == [*line.metrics] == [listed[0]] and line.verb in ("compare", "difference"):
        return line  # `the greater recall, isic-base or isic-recall`
    elsewhere = [token for at, token in enumerate(tokens) if not run[0] <= at < run[1] and is_tag(token, "KX")]
    if len(listed) - len(bare) == 1 and listed[0] not in bare and not elsewhere:  # `phantom-base, precision and recall`
        models = (listed[0], *(tag for tag in line.models if tag[0] == "T"))
        return replace(line, metrics=tuple(bare), models=models)
    outside = [token for at, token in enumerate(tokens) if not run[0] <= at < run[1]]
    metrics = [tag for tag in line.metrics if tag in outside]
    metrics = metrics or [tag for tag in dict.fromkeys(outside) if is_tag(tag, "KX")][:1]
    models = (*listed, *(tag for tag in line.models if tag[0] == "T"))
    unsaid = line.unit in SPREADS or (line.unit in TABLES and not any(said.startswith(line.unit) for said in tokens))
    unit = "model" if line.verb in (*EXTREMES, "list") and unsaid else line.unit
    if line.verb == "difference" and len(listed) > 2:
        ends = [TOWARDS[token] for token in tokens if token in TOWARDS]
        line = replace(line, verb=ends[0] if ends else "compare")
        unit = "model" if ends else None
    return replace(line, metrics=tuple(metrics), models=tuple(dict.fromkeys(models)), unit=unit)


def _longest_list(tokens: Sequence[str]) -> tuple[tuple[int, int], list[str]]:
    """Where the longest list of models begins and ends, and its tags.

    A list ends before what may be a metric, where no comma or the like stands between: `isic-recall vs isic: recall`.
    """
    apart = (*JOINTS, *TASKS)
    ends: list[tuple[int, int]] = []
    for begin, end in _runs(tokens, "MPX", TASKS):
        cuts = [at for at in range(begin + 1, end) if is_tag(tokens[at], "X") and tokens[at - 1] not in apart]
        if is_tag(tokens[begin], "X") and is_tag(
            (*tokens, "")[begin + 1], "M"
        ):  # `recall: isic-base versus isic-recall`
            cuts.insert(0, begin + 1)
        ends += pairwise([begin, *(at for at in cuts if not is_tag(tokens[at - 1], "T")), end])
    begin, end = max(ends, key=lambda found: found[1] - found[0], default=(0, 0))
    return (begin, end), [token for token in tokens[begin:end] if token not in JOINTS]


def _runs(tokens: Sequence[str], kinds: str, between: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Where tags of these kinds stand one after the other with no more than a comma, an `and` or `between` between."""
    runs: list[tuple[int, int]] = []
    begun: int | None = None
    for at, token in enumerate((*tokens, "")):
        if is_tag(token, kinds):
            begun = at if begun is None else begun
            end = at + 1
        elif token not in (*JOINTS, *between) and begun is not None:
            runs.append((begun, end))
            begun = None
    return runs


def _metrics_beside_names(line: Line, tokens: Sequence[str]) -> Line:
    """`precision` and `recall` are metrics, unless a noun such as `variant` follows, beside models by name.

    So they are where a value is asked for and no other metric is named: `batch 3 of isic: precision`.
    """
    by_name = any(tag[0] == "M" for tag in line.models)
    line = _both_metrics(line, tokens)
    twice = {tag for tag in line.metrics if tag[0] == "X" and tag in line.models and not noun_follows(tag, tokens)}
    twice -= {*_longest_list(tokens)[1]} if len(_longest_list(tokens)[1]) > 2 else set()
    apart = line.verb in ("difference", "compare") and "its" in tokens and len(line.metrics) == 1
    free = [tag for tag in line.models if tag[0] == "X" and not noun_follows(tag, tokens)]
    if apart and line.metrics[0][0] == "X" and len(free) == 1 and not any(tag[0] in "MP" for tag in line.models):
        models = tuple(tag for tag in line.models if tag not in free)  # `is the recall lower than its precision`
        return replace(line, metrics=(*line.metrics, *free), models=models)
    if any(tag[0] == "T" for tag in line.models) and not any(
        is_tag(a, "T") and b in twice for a, b in pairwise(tokens)
    ):
        line = replace(line, models=tuple(tag for tag in line.models if tag not in twice))
    of_task = {tag for task, tag in pairwise(tokens) if is_tag(task, "T")}  # `isic recall`
    other = bool(line.metrics)
    bare = [tag for tag in line.models if tag[0] == "X" and not noun_follows(tag, tokens)]
    bare = [tag for tag in bare if not (other and tag in of_task)]
    if len(bare) > 1:
        bare = [tag for tag in bare if tag not in of_task]
    _, listed = _longest_list(tokens)
    bare = [tag for tag in bare if len(listed) < 3 or tag not in listed]
    a_pair = line.verb in ("compare", "difference") and any(tag[0] == "K" for tag in line.metrics)
    placed = line.verb == "compare" and line.place is not None and any(tag[0] == "T" for tag in line.models)
    by_name = bool(by_name or ((line.verb == "value" or placed) and not line.metrics))
    if not by_name or not bare or (a_pair and sum(tag[0] == "M" for tag in line.models) == 1):
        return line
    models = tuple(tag for tag in line.models if tag not in bare)
    return replace(line, metrics=tuple(dict.fromkeys((*line.metrics, *bare))), models=models)


def _both_metrics(line: Line, tokens: Sequence[str]) -> Line:
    """`Precision and recall of the chart model` asks for both, where a model is named beside them."""
    for first, joint, then in zip(tokens, tokens[1:], tokens[2:], strict=False):
        pair = (
            {first, then}
            if joint in ("and", ",", "plus", "or") and first[0] in "KX" and then[0] == "X" != first
            else set()
        )
        taken = pair & {*line.models}
        others = [tag for tag in line.models if tag not in pair]
        if len(taken) == 1 and pair - taken <= {*line.metrics} and others and not noun_follows(then, tokens):
            alone = line.verb == "value" or sum(tag[0] != "T" for tag in others) < 2
            metrics = (first, then) if alone else line.metrics
            return replace(line, metrics=tuple(dict.fromkeys((*metrics, *line.metrics))), models=tuple(others))
    return line


def is_tag(token: str, kinds: str) -> bool:
    """Whether a token of a question is a tag of one of these kinds."""
    return token[:1] in {*kinds} and token[1:].isdigit()


def noun_follows(tag: str, tokens: Sequence[str]) -> bool:
    """Whether a purpose stands before a noun such as `variant`."""
    return any(tag == token and after in NETWORKS for token, after in pairwise(tokens))


def enumerated(line: Line, tokens: Sequence[str]) -> Line:
    """Where two metrics or models of a list are asked for, all are: `the recall, the specificity and the accuracy`."""
    if line.verb not in ("value", "compare"):
        return line
    metrics = _run(line.metrics, [tag if tag not in line.models else "" for tag in tokens], "KX")
    models = _run(line.models, tokens, "M")
    return replace(line, metrics=metrics if line.verb == "value" else line.metrics, models=models)


def _run(tags: Sequence[str], tokens: Sequence[str], kinds: str) -> tuple[str, ...]:
    """The tags, or the longer run of such tags in the question that holds them all, if they are two at least."""
    for begin, end in _runs(tokens, kinds) if len(tags) > 1 else ():
        run = dict.fromkeys(token for token in tokens[begin:end] if is_tag(token, kinds))
        if set(tags) < set(run):
            return tuple(run)
    return tuple(tags)


def asks_for_models(linked: Linked) -> bool:
    """Whether a model is asked for: `which of the isic networks`, and not `which network's worst case`."""
    spelt = linked.spelt
    at = next((place for place, word in enumerate(spelt) if word in ("which", "whose")), None)
    if at is None or spelt[at] == "whose":
        return False
    for place in range(at + 1, min(at + 6, len(spelt))):
        if spelt[place] in MODELS - {"who"}:
            return spelt[place + 1 : place + 2] not in (("'s",), ("case",), ("batch",), ("image",))
        between = ("of", "the", "all", "four", "three", "two", "these", "our")
        if spelt[place] not in between and not is_tag(spelt[place], "TMP"):
            return False
    return False


def as_named(line: Line, linked: Linked) -> Line:
    """The line with the models and the cases that the question names, where it has fewer."""
    if not line.models and line.verb in (*EXTREMES, "value", "compare", "difference", "count", "list"):
        line = replace(line, models=tuple(linked.tags("M")))
    if line.place == "case" and {*line.at} < {*linked.tags("C")} and not line.held:
        line = replace(line, at=tuple(linked.tags("C")))
    return line
