"""What `glassbox score` found of a classifier, as tables for people."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from glassbox import tasks
from glassbox.commands.screen import say, table
from glassbox.params import Form

Found = Mapping[str, Any]
HEADLINES = {  # as metrics/<model>.json calls them: as people do
    "accuracy": "accuracy",
    "flag_accuracy": "accuracy of all flags",
    "balanced_accuracy": "balanced accuracy",
    "f1": "F1",
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "kappa": "quadratic kappa",
    "mae": "mean absolute error, grades",
    "nll": "negative log likelihood",
    "brier": "Brier score",
}
OF_SOME_FORMS = ("flag_accuracy", "kappa", "mae")
RATES = ("sensitivity", "specificity", "precision", "npv")
COUNTS = ("tp", "fp", "fn", "tn")
UNDEFINED = "undefined"


def show(found: Found, model: tasks.Classifier, images: Path) -> None:
    """Scores with their intervals, every operating point, scores by class, trust and subgroups."""
    counts = ", ".join(f"{name} {found['n'][name]}" for name in model.task.labels.names)
    say(f"{model.name} on {images}: {found['n']['cases']} cases ({counts})")
    form = model.task.labels.form
    told = [name for name in HEADLINES if name in found or name not in OF_SOME_FORMS]
    table(["all cases", "value", "95 % from", "to"], ((headline(name, form), *cells(found.get(name))) for name in told))
    if found.get("points"):
        table(["operating point", "threshold", *RATES, *COUNTS], _points(found["points"]))
    table(["class", "cases", "precision", "recall", "f1"], _classes(found["per_class"]))
    table(["trust", "value"], _trust(found))
    table(["subgroup", "cases", "score", "value", "95 % from", "to"], _groups(found["subgroups"]))


def headline(name: str, form: Form) -> str:
    """What people call a score; over several classes some are means."""
    return f"macro {HEADLINES[name]}" if name == "f1" and form != "binary" else HEADLINES[name]


def cells(score: Found | None) -> tuple[str, str, str]:
    """A score and the ends of its interval; one that is undefined says so."""
    if score is None:
        return UNDEFINED, "", ""
    mean, low, high = (f"{score[key]:.4f}" for key in ("mean", "ci_low", "ci_high"))
    return mean, low, high


def interval(score: Found | None, digits: int = 3) -> str:
    """A score with its interval in one cell."""
    if score is None:
        return UNDEFINED
    return f"{score['mean']:.{digits}f} ({score['ci_low']:.{digits}f}–{score['ci_high']:.{digits}f})"


def _points(points: Found) -> Iterator[tuple[str, ...]]:
    for name, told in points.items():
        rates = (interval(told.get(rate)) for rate in RATES)
        yield (name, f"{told['threshold']:.4g}", *rates, *(str(told[count]) for count in COUNTS))


def _classes(classes: Found) -> Iterator[tuple[str, ...]]:
    for name, told in classes.items():
        scores = (f"{told[score]:.4f}" if score in told else UNDEFINED for score in ("precision", "recall", "f1"))
        yield (name, str(told["support"]), *scores)


def _trust(found: Found) -> Iterator[tuple[str, str]]:
    before, after = (found["calibration"][when] for when in ("before", "after"))
    for name in before:
        yield f"{name} before, after temperature", f"{before[name]:.4f}, {after[name]:.4f}"
    unlike = found["unlike_training"]
    beyond = f"pictures unlike the training data, beyond {unlike['limit']:.4g}"
    yield beyond, f"{unlike['cases']} ({unlike['share']:.1%})"


def _groups(subgroups: Found) -> Iterator[tuple[str, ...]]:
    for attribute, groups in subgroups.items():
        for group, told in groups.items():
            name, count = f"{attribute} {group}".replace("_", " "), str(told["n"])
            scores = [score for score in told if score not in ("n", "too_small")]
            if not scores:
                yield (name, count, "too small" if "too_small" in told else UNDEFINED, "", "", "")
            for score in scores:
                yield (name, count, HEADLINES.get(score, score), *cells(told[score]))
