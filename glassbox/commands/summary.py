"""`glassbox summary`: a task's recorded scores as a short table, and where its pictures lie."""

from collections.abc import Mapping
from typing import Any

from glassbox import params, tasks
from glassbox.artifacts import Paths, read_json
from glassbox.commands import screen

WITH_INTERVAL = {"Dice": "dice", "IoU": "iou", "precision": "precision", "recall": "recall"}


def run(task: str, markdown: bool) -> None:
    """Print what `metrics/` holds of each of the task's models: no network is run.

    Raises `GlassboxError` for an unknown task, and where a model has not been scored yet.
    """
    paths = Paths()
    content = params.load(paths.params())
    failure_at = tasks.task(content, task).evaluate.failure_at
    columns = ("model", *WITH_INTERVAL, "pooled Dice", f"IoU < {failure_at}", "missed")
    models = tasks.models_of(content, task)
    recorded = {model: read_json(paths.metrics(model)) for model in models}
    rows = [[model, *_row(scores)] for model, scores in recorded.items()]
    if markdown:
        for line in [columns, ("---",) * len(columns), *rows]:
            screen.say(f"| {' | '.join(line)} |")
        return
    cases = recorded[models[0]]["n"]["cases"]
    screen.say(f"{task}: {cases} test cases; means over cases with 95 % bootstrap intervals")
    screen.table(columns, rows)
    screen.say("Look at:")
    folders = [paths.plots(name) for name in (task, *models)]
    for picture in sorted(path for folder in folders for path in folder.rglob("*.png")):
        screen.say(f"  {picture}")


def _row(scores: Mapping[str, Any]) -> list[str]:
    means = [_interval(scores[name]) for name in WITH_INTERVAL.values()]
    rest = (f"{scores['pooled']['dice']:.3f}", f"{scores['failure_rate']:.1%}", str(scores["n"]["missed"]))
    return [*means, *rest]


def _interval(score: Mapping[str, float]) -> str:
    return f"{score['mean']:.3f} ({score['ci_low']:.3f}–{score['ci_high']:.3f})"
