"""`glassbox summary` of a task whose pictures are told apart: tables of what was recorded of its classifiers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glassbox.artifacts import Paths, read_json
from glassbox.commands.classify_scored import RATES, UNDEFINED, headline, interval
from glassbox.params import Form

Table = tuple[tuple[str, ...], list[list[str]]]
SCORES: dict[Form, tuple[str, ...]] = {
    "binary": ("auroc", "auprc", "accuracy", "balanced_accuracy", "f1"),
    "multi-class": ("accuracy", "balanced_accuracy", "f1", "auroc"),
    "multi-label": ("accuracy", "flag_accuracy", "f1", "auroc", "auprc"),
    "ordinal": ("accuracy", "balanced_accuracy", "kappa", "mae", "auroc"),
}
TRUST = ("temperature", "ECE before", "after", "weakest group", "its AUROC")


def scores(paths: Paths, models: Sequence[str], form: Form) -> Iterator[Table]:
    """The headline scores, a row a model; and of two classes a row a model and operating point."""
    records = {model: read_json(paths.metrics(model)) for model in models}
    names = SCORES[form]
    rows = [[model, *(interval(found.get(name)) for name in names)] for model, found in records.items()]
    yield ("model", *(headline(name, form) for name in names)), rows
    if form == "binary":
        points = [_point(model, *pair) for model, found in records.items() for pair in found["points"].items()]
        yield ("model", "operating point", "threshold", *RATES), points


def trust(paths: Paths, models: Sequence[str]) -> Table:
    """How each model's probabilities are calibrated, and the subgroup that it ranks worst."""
    return ("model", *TRUST), [[model, *_trust(paths, model)] for model in models]


def _point(model: str, name: str, told: Mapping[str, Any]) -> list[str]:
    return [model, name, f"{told['threshold']:.4g}", *(interval(told.get(rate)) for rate in RATES)]


def _trust(paths: Paths, model: str) -> list[str]:
    cut = read_json(paths.calibration(model))
    weakest = read_json(paths.subgroups(model)).get("worst", {})
    group, told = next(iter(weakest.items()), ("none of 10 cases", dict[str, Any]()))
    return [
        f"{cut['temperature']:.2f}",
        f"{cut['before']['ece']:.3f}",
        f"{cut['after']['ece']:.3f}",
        group.replace("_", " "),
        interval(told["auroc"]) if "auroc" in told else UNDEFINED,
    ]
