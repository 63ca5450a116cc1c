"""`glassbox summary`: a task's recorded scores as a short table, and where its pictures lie."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from glassbox import params, tasks
from glassbox.artifacts import Paths, read_json
from glassbox.commands import classify_summary, screen
from glassbox.commands.classify_summary import Table
from glassbox.errors import GlassboxError

WITH_INTERVAL = {"Dice": "dice", "IoU": "iou", "precision": "precision", "recall": "recall"}


TRUST = ("threshold", "temperature", "ECE before", "after", "AUROC", "caught", "weakest group", "its IoU")


FLIPS = ("Dice of one pass", "IoU of one pass", "Dice of 4 flips", "IoU of 4 flips")


EXPLAINED = {  # header, and what metrics/<model>-xai.json calls it
    "deletion gain": "deletion_gain",
    "insertion gain": "insertion_gain",
    "mass gain": "mass_gain",
    "pointing": "pointing",
    "completeness error": "completeness",
}
View = Literal["scores", "trust", "explanations"]


def run(task: str, view: View, markdown: bool) -> None:
    """Print what `metrics/` holds of each of the task's models: no network is run.

    `trust` prints how each probability is cut and calibrated, how well doubt finds failures, the subgroup of lowest IoU
    (of a task whose pictures are told apart, of lowest AUROC), and what averaging four mirror images gives;
    `explanations` how far each method can be trusted on the balanced model, or what it shows of a planted cue.
    Raises `GlassboxError` for an unknown task, and where a model has not been scored yet.
    """
    paths = Paths()
    content = params.load(paths.params())
    block, models = tasks.task(content, task), tasks.models_of(content, task)
    shown = [_explanations(paths, content, task)] if view == "explanations" else _shown(paths, block, models, view)
    if markdown:
        _print_markdown(shown)
        return
    cases = read_json(paths.metrics(models[0]))["n"]["cases"]
    means = "means over cases" if isinstance(block, params.Task) else "scores"
    screen.say(f"{task}: {cases} test cases; {means} with 95 % bootstrap intervals")
    for columns, rows in shown:
        screen.table(columns, rows)
    screen.say("Look at:")
    folders = [paths.plots(name) for name in (task, *models)]
    for picture in sorted(path for folder in folders for path in folder.rglob("*.png")):
        screen.say(f"  {picture}")


def _shown(paths: Paths, block: params.Task | params.Classify, models: Sequence[str], view: View) -> list[Table]:
    """The tables of a view, by the kind of the task."""
    if isinstance(block, params.Classify):
        if view == "trust":
            return [classify_summary.trust(paths, models)]
        return list(classify_summary.scores(paths, models, block.labels.form))
    if view == "trust":
        flips = [[model, *_flips(paths, model)] for model in models]
        return [(("model", *TRUST), [[model, *_trust(paths, model)] for model in models]), (("model", *FLIPS), flips)]
    columns = ("model", *WITH_INTERVAL, "pooled Dice", "ROC AUC", f"IoU < {block.evaluate.failure_at}", "missed")
    return [(columns, [[model, *_row(read_json(paths.metrics(model)))] for model in models])]


def _print_markdown(shown: Sequence[Table]) -> None:
    """The tables alone, an empty line between them."""
    for number, (columns, rows) in enumerate(shown):
        if number:
            screen.say("")
        for line in [columns, ("---",) * len(columns), *rows]:
            screen.say(f"| {' | '.join(line)} |")


def _explanations(paths: Paths, content: params.Params, task: str) -> Table:
    """One row a method: what is measured of it on the balanced model, or its relevance on a planted cue."""
    if task in content.cues:
        found = read_json(paths.trust(task))
        roles = ("model", "without")
        rows = [
            [name, *(_interval(row[role]) if role in row else "undefined" for role in roles), str(row.get("ratio", ""))]
            for name, row in found.items()
        ]
        return ("method", *(f"on the cue, {getattr(content.cues[task], role)}" for role in roles), "ratio"), rows
    if task not in content.comparisons:
        raise GlassboxError(f"task '{task}'", "no variants and no cue", f"one of {', '.join(content.comparisons)}")
    found = read_json(paths.trust(content.comparisons[task].balanced))
    columns = ("method", *EXPLAINED, "sensitivity", "with shuffled weights", "dead")
    return columns, [[name, *_method(row)] for name, row in found.items()]


def _method(row: Mapping[str, Any]) -> list[str]:
    """The cells of a method."""
    means = [_interval(row[name]) if name in row else "" for name in EXPLAINED.values()]
    last = list(row["correlation_with_shuffled"].values())[-1]
    stays = "" if last is None else f"{last:.2f}" + (", stays" if row["stays_with_shuffled_weights"] else "")
    moves = "" if row["sensitivity"] is None else f"{row['sensitivity']:.2f}"
    return [*means, moves, stays, f"{row['dead']:.0%}"]


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
        f"{doubt['auroc']:.3f}" if "auroc" in doubt else "undefined",
        f"{doubt['caught']:.0%} of {doubt['n']['failures']}",
        group.replace("_", " "),
        _interval(scores["iou"]) if scores else "undefined",
    ]


def _flips(paths: Paths, model: str) -> list[str]:
    """The cells of `FLIPS`."""
    found = read_json(paths.metrics(model)), read_json(paths.uncertainty(model))["tta"]
    return [_interval(told[name]) for told in found for name in ("dice", "iou")]


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
