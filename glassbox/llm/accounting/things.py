"""What a question asks for: that is what its line lists, counts or ranks, and nothing is asked for besides."""

from itertools import pairwise

from glassbox.llm.accounting.question import NOUNS, UNITS, Question
from glassbox.llm.catalogue import CLASS
from glassbox.llm.language import AVERAGES, EXTREMES, NAMED, SPREADS, TABLES
from glassbox.llm.lexicon import CORRUPTIONS, PURPOSES
from glassbox.llm.measures import SUMMED
from glassbox.llm.naming import is_tag
from glassbox.llm.nested import TESTED
from glassbox.llm.numbers import BATCHES, PIXELS
from glassbox.llm.quantified import counted
from glassbox.llm.rest import COUNTABLE
from glassbox.llm.tags import UNKNOWN
from glassbox.llm.words import COUNTING, FAILING, MODELS, NOT, TOWARDS, WRONG

ASKED = {"which", "what"}
SECOND = {"what", "which", "how", "who", "where"}
NUMBERS = {*SUMMED, "failures", "n", "support", "missed", "cases", "empty_truth", "correct", "samples",
           "classes", "faults", "exact_across", "exact_within", "near_across", "near_within", "too_small", "review",
           "dead", "constant", "detected"}  # fmt: skip
CONDITIONED = {"have", "has", "with", "where", "whose", "need", "needs", "use", "uses", "trained", "pretrained", "can",
               "problems", "issues"}  # fmt: skip
UNRANKED = {  # by which nothing is recorded to be ranked
    "average", "typical", "median", "common", "commonest", "frequent", "rare", "rarest", "confused", "numerous",
    "overpredicted", "underpredicted", "predicted", "errors",
    "mistakes", "finding", "prevalent", "biased", "affected", "segments", "suffers",
    "needs", "easiest", "wins", "oversegments", "undersegments", "over", "under",
}  # fmt: skip
NOT_A_METRIC = {
    "loss", "gain", "improvement", "drop", "ranking", "target", "histogram", "limit", "goal", "distribution",
}  # fmt: skip
LEVELS = {"low", "high", "middle", "small", "large", "tan", "brown", "light", "dark", "exact", "near", "viral",
          "bacterial", "little", "much"}  # fmt: skip
DONE = {"review", "reviewing", "reviewed", "fine", "finetuning", "training", "retraining", "postprocessing",
        "processing", "cleaning", "correction", "augmentation", "pretraining", "quantisation"}  # fmt: skip
DOUBLED = {"duplicate", "duplicates", "identical", "twice", "double", "doubled"}
BETWEEN = ("on", "for", "in", "under", "with", "at", "to")
LISTING = COUNTABLE | {  # beside names in a list of names
    "which", "what", "list", "name", "names", "all", "every", "any", "classifiers", "classifier", "sets", "groups",
    "group", "classes", "class", "tissues", "methods", "method", "explanations", "corruptions", "corruption", "tasks",
    "datasets", "known", "segmenters", "ids", "subgroups", "subgroup", "give", "ask",
    "explanation", "s", "kinds", "tried", "used", "exist", "available",
    "applied", "must", "tissue", "techniques", "belong", "belongs", "belonging", "under", "within",
    "appendix", "inventory", "recorded",
}  # fmt: skip


def _asked_noun(q: Question) -> str | None:
    """`Which cases`, `how many batches`: what is asked for is what the line lists, counts or ranks."""
    for at, word in enumerate(q.plain):
        noun = _noun_behind(q, at)
        unit = UNITS.get(noun, "")
        if unit == "group" and q.words & {*BATCHES}:
            unit = "batch"  # `which group of six pictures (batch)`
        if at > 1 and UNITS.get(q.plain[at - 2]) and q.plain[at - 1] in ("at", "in", "on", "for", "under", "with"):
            continue  # `the batch at which the network`
        if word in ASKED and unit in ("batch", "model", "group", "method", "corruption") and not _fits(unit, q):
            return f"Say it with less around it: which {noun} has the highest, the lowest, or more than a number."
        if word == "which" and unit == "case" and q.line.verb == "compare" and q.line.place != "case":
            return "Ask on how many cases one is ahead of the other, or where they differ most."
        each = noun in NOUNS["case"] and q.line.unit == "batch" and q.line.verb == "count" and not q.line.place
        if word == "many" and (each or _points(q, at + 1)):
            return "Ask for one thing to be counted: cases of one batch, say."
        if word == "many" and unit in ("case", "batch", "group", "method", "corruption", "model") and not _counts(q):
            return "Ask how many cases or batches have a metric above or below a number, and nothing besides."
    return None


def _other_noun(q: Question) -> str | None:
    """`How many eye images was the model tested on`, `list the two images with the best F1`: models are no images."""
    for at, word in enumerate(q.plain):
        near = 4 if word == "many" else 7  # `list the two best isic models`
        nouns = [UNITS[noun] for noun in q.plain[at + 1 : at + near] if noun in UNITS]
        counted_or_ranked = q.line.verb == "count" or (q.line.verb == "list" and q.line.order)
        number = word == "number" and q.plain[at + 1 : at + 2] == ["of"]
        asked = word == "many" or number or (at == 0 and word in ("list", "name", "show"))
        other = nouns[:1] != ["model"] and (nouns or not q.words & MODELS)
        triples = zip(q.linked.tokens, q.linked.tokens[1:], q.linked.tokens[2:], strict=False)
        other = other or (number and ("number", "of", UNKNOWN) in {*triples})  # `number of incidents of`
        if asked and other and q.line.unit == "model" and counted_or_ranked:
            return "Ask how many cases or batches there are, or for a list of them, of one model."
    return None


def _points(q: Question, at: int) -> bool:
    """Whether thresholds are counted, which operating points are taken for; or what is told as a share."""
    tag = q.plain[at] if at < len(q.plain) else ""
    shares = {("threshold",)}, {("caught",)}
    return q.parts(tag, "K") in shares or (q.measures == {"caught"} and is_tag(tag, "K"))


def _noun_behind(q: Question, at: int) -> str:
    """The noun behind `which` or `how many`, over names and numbers: `which isic-base case`."""
    for word in q.plain[at + 1 : at + 4]:
        if not is_tag(word, "MPXTNS") and {*q.plain[at + 1 : at + 6]} & {*PIXELS}:
            return ""  # `how many lesion pixels`
        if not is_tag(word, "MPXTNS"):
            return word
    return ""


def _fits(unit: str, q: Question) -> bool:
    line = q.line
    if unit == "group" and (
        line.unit in ("group", "method") or (q.linked.tags("Q") and line.verb in ("value", "compare", "count"))
    ):
        return True
    if unit == "model":
        each = line.verb == "value" and {tag[0] for tag in line.models} <= {"T"}  # told of every one
        return line.unit in ("model", "task", "group") or line.verb == "compare" or each
    if unit == "batch" and line.unit == "case" and line.verb in EXTREMES:
        return True  # of a case its batch is told
    by_condition = line.verb == "compare" and unit in ("method", "corruption")
    return line.unit == unit or line.place == unit or bool(line.within) or by_condition


def _counts(q: Question) -> bool:
    """Whether the line counts, or its metric is itself a number of cases."""
    if q.line.verb in EXTREMES and not q.line.metrics:
        return False
    return q.line.verb == "count" or bool(q.measures & NUMBERS) or not q.line.metrics


def tagged(q: Question) -> set[str]:
    """The tags of a question."""
    return {*q.linked.meanings, *q.linked.numbers}


def _bare_list(q: Question) -> str | None:
    """`Which batches have errors`, `which cases are easy`: a list of names with a condition that no metric holds."""
    line = q.line
    named = line.unit in NAMED  # tasks, models: of these no condition is asked
    bare = not (line.metrics or line.test or line.order or line.place or line.held)
    loose = {word for word in q.words if word not in tagged(q)} - LISTING
    ranked = line.verb in EXTREMES and not line.metrics and not line.place and not q.linked.tags("S")
    if line.verb in AVERAGES and q.measures and q.measures <= {"truth", "predicted"}:
        return "Of classes neither mean nor median is told: ask how many cases were called one."
    both = pairwise(zip(q.linked.tokens, q.linked.spelt, strict=True))
    by = any(one[1] == "by" and other[0] == UNKNOWN for one, other in both)
    if by and not line.metrics and (line.order or line.verb in EXTREMES):
        return "Say by which metric they are to be ranked."
    if ranked and (q.words & UNRANKED or {*q.ends} & {"largest", "biggest", "smallest"}):
        return "Say by which metric they are to be ranked."
    if line.verb == "list" and named and line.order and not line.metrics:
        return "Say by which metric they are to be ranked."
    if named and bare and line.verb in ("list", "count") and q.words & DOUBLED:
        return "Say which duplicates, exact or near, within or across splits, and how many at least."
    if line.verb != "list" or not bare or (q.linked.tags("QC") and not named):
        return None
    told = q.words & (NOT | FAILING | WRONG | CONDITIONED) - ({"have", "has"} if "been" in q.words else set())
    if named and not q.linked.tags("KQN") and not told:
        return None  # names alone, whatever stands around them
    if q.linked.tags("K") or loose:
        return "Say by what they are to be listed: a metric above or below a number, say."
    return None


def _unit_elsewhere(q: Question) -> str | None:
    """`The lowest IoU of any subgroup`, `over all corruptions`, `the classifier with the case of the highest nll`."""
    line, nouns = q.line, {"group": {"subgroup", "subgroups"}, "corruption": {"corruptions", "corruption"}}
    ranging = line.verb in (*EXTREMES, *AVERAGES, "count", "list")
    for unit, named in nouns.items():
        if (
            q.words & named
            and ranging
            and line.unit not in ("group", "corruption", "method")
            and not q.linked.tags("Q")
        ):
            return f"Name one model, and ask which of its {unit}s has the highest, the lowest, or more than a number."
    if q.words & nouns["corruption"] and line.verb == "compare" and not q.linked.tags("Q"):
        return "Ask which corruption has the highest or lowest of a metric."
    if line.unit == "model" and line.verb in EXTREMES and q.words & {"case", "batch"} and not line.place:
        return "Name one model, and ask for its best or worst batch or case."
    if line.verb in EXTREMES and q.words & {"pass", "epoch", "fold", "decile", "quartile"}:
        return "Ranked are batches, cases, models, groups, corruptions and methods."
    return None


def _second(q: Question) -> str | None:
    """`What is the Dice, and how many did it fail on`: one question at a time."""
    line = q.line
    many = [at for at, word in enumerate(q.plain) if word == "many" and q.plain[at + 1 : at + 2] not in ([], ["?"])]
    classes = q.kinds == {CLASS} and len(q.linked.tags("Q")) > 1  # `how many normals, how many pneumonias`
    if len([at for at in many if q.plain[at + 1] not in PIXELS]) > 1 and not classes:
        return "Ask one question at a time."
    for at, (joint, word) in enumerate(q.pairs):
        if joint != "and" or word not in SECOND or not {*q.plain[:at]} & SECOND:
            continue
        left, right = q.plain[:at], q.plain[at + 1 :]
        again = word in left and word == "which" and not is_tag((*right[1:2], "")[0], "KX")
        both = line.verb == "value" and len(line.metrics) > 1  # `how many did it miss and what Dice is left`
        if both:
            continue
        if again or (word == "how" and "much" in right[:2] and "much" in left) or ("many" in left and word == "what"):
            return "Ask one question at a time."
        same = line.verb in EXTREMES and {*right} & {*line.metrics}  # `the fewest missed, and how many did it miss`
        if (
            word == "how"
            and "many" in right[:2]
            and not same
            and not {*right} & {*PIXELS}
            and {*left} & {*q.linked.tags("KX")}
        ):
            return "Ask one question at a time."
        if word in ("which", "who", "where") and {*right} & {*TOWARDS}:
            return "Ask one question at a time."
    if ("and", "overall") in q.pairs and (q.line.place or q.linked.tags("Q")):
        return "Ask for the whole and for its part one after the other."
    return None


def _another_metric(q: Question) -> str | None:
    """`Which has the best AUROC, and what is its accuracy`: of models and groups the metric that ranks is told."""
    line = q.line
    others = {*q.linked.tags("K")} - {*line.metrics} - {metric for metric, _, _ in line.held}
    known = {parts for tag in line.metrics if tag in q.linked.meanings for parts in q.linked.meanings[tag].metrics}
    others = {tag for tag in others if not q.linked.meanings[tag].metrics & known}
    of = {tag for tag, word in q.pairs if word in ("of", "does", "do") and is_tag(tag, "KX")}
    of -= {tag for tag in of if q.parts(tag, "K") == {("threshold",)}}
    ranks = {tag for end, tag in q.pairs if end in TOWARDS and is_tag(tag, "KX")}
    if line.verb in EXTREMES and line.unit in ("model", *SPREADS) and ranks and of - ranks - {*q.linked.tags("M")}:
        return "Ask first which has it, and then for its other metric."
    and_its = {tag for its, tag in q.pairs if its in ("its", "their") and is_tag(tag, "KX")} - {*line.metrics}
    if line.verb in EXTREMES and line.unit in ("model", *SPREADS) and and_its:
        return "Ask for one metric at a time."
    listed = line.metrics and line.verb == "list" and line.test and line.unit in TABLES
    listed = bool(listed) and not (line.order or line.held)
    before = q.plain[: q.plain.index(line.metrics[0])] if listed and line.metrics[0] in q.plain else ()
    if listed and "what" in q.words and any(is_tag(word, "K") for word in before):
        return "Ask for the mean of one metric over the cases with another above or below a number."
    points = any(q.parts(tag, "K") == {("threshold",)} for tag in line.metrics)
    of_points = points and (line.test or len(others) > 1)  # one of them by one metric is told
    if others and line.unit == "model" and (of_points or (line.verb in EXTREMES and "what" in q.words and not points)):
        return "Ask for one metric at a time."
    if ("which", "of") in q.pairs and any(of == "of" and is_tag(tag, "KX") for of, tag in q.pairs[:3]):
        return "Metrics are not ranked against each other: ask for each."
    if line.unit == "model" and line.verb == "list" and not line.test and q.words & NOT:
        return "Ask for the models that have it, and not for the others."
    if line.verb == "difference" and q.measures & {"review_below"}:
        return "Ask for one number at a time."
    return None


def _dropped(q: Question) -> str | None:
    """Words right beside a metric or a name that would be left out: `the Dice loss`, `low and on high contrast`."""
    line = q.line
    done = any(when in ("before", "after") and word in DONE for when, word in q.pairs)
    of_part = any(on in ("on", "without", "among") and _flag(q, tag) for on, tag in q.pairs)
    lost = line.verb == "value" and of_part and len(q.linked.tags("KX")) > 1
    if line.metrics and (lost or (done and line.verb in ("value", *EXTREMES))):
        return "That condition is not recorded."
    calibrated = {parts[0] for tag in q.linked.tags("Q") for parts in q.linked.meanings[tag].conditions}
    if line.place and calibrated & {"before", "after"}:
        return "Batches and cases are recorded as they were scored alone."
    moved = q.kinds & {*PURPOSES}
    behind = not moved and any(is_tag(tag, "KX") and word in NOT_A_METRIC for tag, word in q.pairs)
    if behind and line.verb == "value" and sum(tag[0] != "T" for tag in line.models) < 2:
        return "Recorded are metrics as they are: ask for the metric itself."
    for at, word in enumerate(q.plain):
        after = [said for said in q.plain[at + 2 : at + 4] if said not in BETWEEN]
        joined = q.plain[at + 1 : at + 2] and q.plain[at + 1] in ("and", "or", "than")
        if (
            word in LEVELS
            and joined
            and after
            and is_tag(after[0], "QK")
            and line.verb in ("value", "compare", "count")
        ):
            return "Name both in full: low contrast and high contrast, say."
        kinds = {parts[0] for parts in q.parts(word, "Q")}
        spoiled = bool(kinds) and kinds <= {*CORRUPTIONS}
        if spoiled and joined and after and after[0] in q.linked.numbers and after[0] not in (*line.bounds, *line.at):
            return "Name both corruptions in full: blur 1 and blur 4, say."
    return None


def _flag(q: Question, tag: str) -> bool:
    """Whether a tag stands for cases that failed, or were missed or detected."""
    flags = {("failures",), ("missed",), ("detected",), ("failure_rate",)}
    return bool(found := q.parts(tag, "K")) and found <= flags


def _every_bound(q: Question) -> str | None:
    """`Below 0.5, below 0.7 and below 0.9`, `between 0.5 and 0.6 or above 0.95`: one condition on a metric."""
    line = q.line
    held = {*line.bounds, *line.at, *(bound for _, _, bound in line.held)}
    held |= {line.limit or ""}
    values = {q.linked.numbers[tag].value for tag in held if tag in q.linked.numbers}
    said = {tag for word, tag in q.pairs if word in TESTED and tag in q.linked.numbers}
    said = {tag for tag in said if q.linked.numbers[tag].value not in values}
    if line.test and any(not counted(tag, q.linked) for tag in said):
        return "Ask for one condition on a metric at a time."
    both = any(one in UNITS and joint == "and" and other in UNITS and UNITS[one] != UNITS[other]
               for one, joint, other in zip(q.plain, q.plain[1:], q.plain[2:], strict=False))  # fmt: skip
    if both and line.verb == "count":
        return "Ask for the batches and for the cases one after the other."
    if q.words & FAILING and line.verb == "count" and not line.metrics and q.words & COUNTING and line.place:
        return "Failures are recorded of all cases together: ask for cases with an IoU below a number."
    return None


def _left_metric(q: Question) -> str | None:
    """`Precision or recall below 0.5`, `a precision and a recall above 0.9` of groups: one metric is tested."""
    line = q.line
    if not line.test or line.held:
        return None
    failed = q.measures == {"failure_rate"}  # `more than 30 percent failures` names it in another word
    named = [tag for tag in q.linked.tags("KX") if tag not in line.models]
    named = [tag for tag in named if not (failed and q.parts(tag, "K") == {("failures",)})]
    joined = [
        (one, other)
        for one, joint, other in zip(q.plain, q.plain[1:], q.plain[2:], strict=False)
        if joint in ("or", "and") and is_tag(one, "KX") and is_tag(other, "KX")
    ]
    if joined and not line.both and {*joined[0]} & {*line.metrics}:
        return "Say each condition as a metric with its bound, joined by `and`: all are true at once."
    if line.unit in SPREADS and len(named) > 1:
        return "Groups are listed by one condition at a time."
    return None


RULES = (
    _asked_noun,
    _other_noun,
    _bare_list,
    _unit_elsewhere,
    _second,
    _another_metric,
    _left_metric,
    _dropped,
    _every_bound,
)
