"""What `glassbox score` found, as tables for people."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from glassbox.commands.screen import say, table
from glassbox.metrics.segment import SCORES

Found = Mapping[str, Any]


def show(found: Found, model: str, images: Path) -> None:
    """Means with their intervals, the single numbers, subgroups, and robustness where it was asked for."""
    say(f"{model} on {images}: {found['n']['cases']} cases")
    table(["mean over cases", "mean", "95 % from", "to"], ((name, *_interval(found[name])) for name in SCORES))
    groups = {name: found[name] for name in ("pooled", "pixels", "n")}
    rates = {name: found[name] for name in ("failure_rate", "detection_rate", "roc_auc", "average_precision")}
    single = {f"{group} {name}": value for group, values in groups.items() for name, value in values.items()} | rates
    table(["all cases together", "value"], ((name, f"{value}") for name, value in single.items()))
    table(["trust", "value"], _trust(found["calibration"], found["uncertainty"]))
    table(["subgroup", "cases", "iou", "95 % from", "to", "failure_rate"], _groups(found["subgroups"]))
    if "robustness" in found:
        table(["made worse by", "iou", "95 % from", "to", "failure_rate"], _robustness(found["robustness"]))


def _interval(score: Found) -> tuple[str, str, str]:
    mean, low, high = (f"{score[key]:.4f}" for key in ("mean", "ci_low", "ci_high"))
    return mean, low, high


def _trust(errors: Found, doubt: Found) -> Iterator[tuple[str, str]]:
    for name in ("ece", "brier"):
        yield f"{name} before, after temperature", f"{errors['before'][name]:.4f}, {errors['after'][name]:.4f}"
    yield "failures found by predicted quality, AUROC", f"{doubt['auroc']:.4f}" if "auroc" in doubt else "undefined"
    yield f"failures among the {doubt['review']:.0%} of lowest quality", f"{doubt['caught']:.1%}"
    yield "iou of four flips averaged", f"{doubt['tta']['iou']['mean']:.4f}"


def _groups(subgroups: Found) -> Iterator[tuple[str, ...]]:
    for attribute, groups in subgroups.items():
        for name, told in groups.items():
            scores = ("too small", "", "", "") if "iou" not in told else (*_interval(told["iou"]), _rate(told))
            yield (f"{attribute} {name}".replace("_", " "), str(told["n"]), *scores)


def _robustness(kinds: Found) -> Iterator[tuple[str, ...]]:
    for kind, strengths in kinds.items():
        for strength, told in strengths.items():
            yield (f"{kind} {strength}", *_interval(told["iou"]), _rate(told))


def _rate(told: Found) -> str:
    return f"{told['failure_rate']:.4f}"
