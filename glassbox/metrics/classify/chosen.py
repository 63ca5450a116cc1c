"""Which scored cases are shown, and what is said of each and of their explanations, from a `tables.cases_table`.

Errors first: a gallery that shows what a model does well, and not what it does worst, is an advertisement.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from glassbox.errors import GlassboxError
from glassbox.metrics.interval import Interval
from glassbox.params import Form

READING = (
    "Each map shows how much its places matter to one logit, which is named above the pictures: bright is much, and "
    "where a method tells for and against, red speaks for what that logit says and blue against it. A map tells what "
    "the network responded to, not why a picture is of its class, and not whether the network is right. One marked as "
    "staying with shuffled weights would look much the same had the network learned nothing, and so says little."
)


def of_batch(cases: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows of one batch, in order. Raises GlassboxError where there is none."""
    found = cases[cases["batch"] == number]
    if found.empty:
        raise GlassboxError("cases", f"no batch {number}", f"one up to {cases['batch'].max()}")
    return found


def gallery(cases: pd.DataFrame, form: Form, count: int) -> dict[str, pd.DataFrame]:
    """At most `count` cases of each kind that occurs, by the kind's name, the most telling first.

    `binary`: `false positives` and `false negatives`, the surest first, then `true positives` and `true negatives`,
    likewise. Other forms: `errors`, of the highest log loss first, and `right`, of the lowest.
    """
    wrong = cases["correct"] == 0
    if form == "binary":
        called = cases["predicted"] == 1
        kinds = {
            "false positives": cases[wrong & called].sort_values(["probability", "case"], ascending=[False, True]),
            "false negatives": cases[wrong & ~called].sort_values(["probability", "case"]),
            "true positives": cases[~wrong & called].sort_values(["probability", "case"], ascending=[False, True]),
            "true negatives": cases[~wrong & ~called].sort_values(["probability", "case"]),
        }
    else:
        kinds = {
            "errors": cases[wrong].sort_values(["nll", "case"], ascending=[False, True]),
            "right": cases[~wrong].sort_values(["nll", "case"]),
        }
    return {name: found.head(count) for name, found in kinds.items() if len(found)}


def captions(cases: pd.DataFrame, classes: Sequence[str]) -> list[str]:
    """What is said below each case: its class and what it was called, with the probability.

    Of several labels, how many it has and how many it is said to have.
    """
    if f"truth_{classes[0]}" in cases:
        counted = zip(cases["truth"], cases["predicted"], strict=True)
        return [f"{_labels(has)}\ncalled {said}" for has, said in counted]
    if len(classes) == 2:  # that of the second, the positive one, whatever it was called
        sure, chances = classes[1], cases[f"p_{classes[1]}"]
    else:
        sure, chances = "probability", cases["probability"]
    rows = zip(cases["truth"], cases["predicted"], chances, strict=True)
    return [f"{classes[truth]}\ncalled {classes[said]}\n{sure} {chance:.2f}" for truth, said, chance in rows]


def _labels(count: int) -> str:
    return f"{count} label" if count == 1 else f"{count} labels"


def logit_of(index: int, form: Form) -> tuple[int, int]:
    """The logit that speaks for a class, and whether it does so as it is (1) or negated (-1).

    Of two classes the one logit speaks for the second. Of grades, logit k speaks for those above k: a grade is
    explained by what tells it from the lower ones, the lowest by what tells it from the higher.

    >>> logit_of(1, "binary"), logit_of(0, "binary"), logit_of(3, "multi-class"), logit_of(3, "ordinal")
    ((0, 1), (0, -1), (3, 1), (2, 1))
    """
    if form in ("binary", "ordinal"):
        return (0, -1) if index == 0 else (index - 1, 1)
    return index, 1


def explained(cases: pd.DataFrame, form: Form) -> list[int]:
    """Which logit is explained for each case: `logit_of` the class it was called, or its surest label of several.

    It is explained as it is: where `logit_of` says -1, what speaks for it speaks against the class called.
    """
    if form == "multi-label":
        named = [name for name in cases if str(name).startswith("p_")]
        return [int(row.argmax()) for row in cases[named].to_numpy()]
    return [logit_of(int(called), form)[0] for called in cases["predicted"]]


def logit_told(form: Form, classes: Sequence[str]) -> str:
    """What the logit that `explained` chooses speaks for: of two classes the second, whatever a picture was called."""
    return {
        "binary": f"Explained is the one logit, which speaks for {classes[-1]}, also where a picture was called "
        f"{classes[0]}.",
        "multi-class": "Explained is the logit of the class that each picture was called.",
        "multi-label": "Explained is the logit of the likeliest label of each picture.",
        "ordinal": "Explained is the logit that tells the grade a picture was called from the lower ones; for the "
        "lowest grade, the one that speaks for all above it.",
    }[form]


def areas(record: Mapping[str, Any]) -> dict[str, Interval]:
    """`auroc` and `auprc` of a `summary`, each with its interval."""
    return {
        name: Interval(*(record[name][key] for key in ("mean", "ci_low", "ci_high"))) for name in ("auroc", "auprc")
    }
