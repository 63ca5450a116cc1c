"""`glassbox summary`: a task's recorded scores as a short table, and where its pictures lie."""

from collections.abc import Mapping
from typing import Any

from glassbox import params, tasks
from glassbox.artifacts import Paths, read_json
from glassbox.commands import screen

WITH_INTERVAL = {"Dice": "dice", "IoU": "iou", "precision": "precision", "recall": "recall"}


TRUST = (
    "threshold",
    "temperature",
    "ECE before",
    "after",
    "IoU of 4 flips",
    "AUROC",
    "caught",
    "weakest group",
    "its IoU",
)


def run(task: str, trust: bool, markdown: bool) -> None:
    """Print what `metrics/` holds of each of the task's models: no network is run.

    `trust` prints how each probability is cut and calibrated, how well doubt finds failures, and the subgroup of lowest
    IoU. Raises `GlassboxError` for an unknown task, and where a model has not been scored yet.
    """
    paths = Paths()
    content = params.load(paths.params())
    settings, models = tasks.task(content, task).evaluate, tasks.models_of(content, task)
    if trust:
        columns: tuple[str, ...] = ("model", *TRUST)
        rows = [[model, *_trust(paths, model)] for model in models]
    else:
        columns = ("model", *WITH_INTERVAL, "pooled Dice", "ROC AUC", f"IoU < {settings.failure_at}", "missed")
        rows = [[model, *_row(read_json(paths.metrics(model)))] for model in models]
    if markdown:
        for line in [columns, ("---",) * len(columns), *rows]:
            screen.say(f"| {' | '.join(line)} |")
        return
    cases = read_json(paths.metrics(models[0]))["n"]["cases"]
    screen.say(f"{task}: {cases} test cases; means over cases with 95 % bootstrap intervals")
    screen.table(columns, rows)
    screen.say("Look at:")
    folders = [paths.plots(name) for name in (task, *models)]
    for picture in sorted(path for folder in folders for path in folder.rglob("*.png")):
        screen.say(f"  {picture}")


def _trust(paths: Paths, model: str) -> list[str]:
    """The cells of `TRUST`."""
    cut, doubt = read_json(paths.calibration(model)), read_json(paths.uncertainty(model))
    weakest = read_json(paths.subgroups(model)).get("worst", {})
    group, scores = next(iter(weakest.items()), ("none of 10 cases", None))
    return [
        f"{cut['threshold']:.2f}",
        f"{cut['temperature']:.2f}",
        f"{cut['before']['ece']:.3f}",
        f"{cut['after']['ece']:.3f}",
        _interval(doubt["tta"]["iou"]),
        f"{doubt['auroc']:.3f}" if "auroc" in doubt else "undefined",
        f"{doubt['caught']:.0%} of {doubt['n']['failures']}",
        group.replace("_", " "),
        _interval(scores["iou"]) if scores else "undefined",
    ]


def _row(scores: Mapping[str, Any]) -> list[str]:
    means = [_interval(scores[name]) for name in WITH_INTERVAL.values()]
    ranked = f"{scores['roc_auc']:.3f}" if "roc_auc" in scores else "undefined"
    return [
        *means,
        f"{scores['pooled']['dice']:.3f}",
        ranked,
        f"{scores['failure_rate']:.1%}",
        str(scores["n"]["missed"]),
    ]


def _interval(score: Mapping[str, float]) -> str:
    return f"{score['mean']:.3f} ({score['ci_low']:.3f}–{score['ci_high']:.3f})"
