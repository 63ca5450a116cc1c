"""Invented indexes to teach with: other names and numbers than any real one, so that none is learned by heart."""

import random
from collections.abc import Sequence

from glassbox.llm import lexicon
from glassbox.llm.catalogue import Catalogue, Entry, Known, Level

SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we",
    "xi", "yo", "za", "bra", "cli", "dro", "flu", "gre", "kly", "pro", "sta", "tri", "vex",
)  # fmt: skip
WORLDLY = (
    "isic",
    "phantom",
    "drive",
    "chest-xray",
    "pathmnist",
    "brats",
    "kvasir",
    "isic-2018",
    "polyp",
    "busi",
    "acdc",
    "nuclei",
)
TABLED = (
    "dice",
    "iou",
    "precision",
    "recall",
    "specificity",
    "accuracy",
    "f1",
    "thresholded_jaccard",
    "hd95_px",
    "surface_dice_2px",
)
COUNTED = ("tp", "fp", "fn", "tn", "missed", "detected", "quality", "tta_iou", "agreement")
SUMMED = (
    "failure_rate", "detection_rate", "roc_auc", "average_precision", "temperature", "threshold", "auroc", "caught",
    "n.missed", "n.failures", "n.cases", "mean_risk", "error", "npv", "balanced_accuracy", "kappa",
)  # fmt: skip
MOVED = (
    "pooled.dice",
    "pooled.iou",
    "before.ece",
    "after.ece",
    "before.brier",
    "after.brier",
    "tta.iou",
    "at_threshold.dice",
)
CONDITIONS = 30  # of those that a lexicon has names for: how many an index splits scores by
PURPOSES = ("base", "precision", "balanced", "recall")


def word(rng: random.Random, least: int = 2, most: int = 3) -> str:
    """A word that no language has."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(least, most)))


def invent(rng: random.Random) -> Catalogue:
    """One invented index: two to five tasks, with one model or four of them each."""
    tasks = sorted({*rng.sample(WORLDLY, rng.randint(1, 4)), word(rng)})
    models: dict[str, Known] = {}
    for task in tasks:
        for purpose in PURPOSES if rng.random() < 0.6 else ("base",):
            models[f"{task}-{purpose}"] = Known(task, purpose)
    if rng.random() < 0.5:
        models[f"{word(rng)}-{word(rng)}"] = Known(tasks[0], None)
    metrics = [
        *rng.sample(TABLED, 8),
        *rng.sample(COUNTED, 6),
        *(f"{word(rng)}_{rng.choice(('index', 'rate'))}" for _ in range(2)),
    ]
    conditions = rng.sample(sorted(parts for parts in lexicon.CONDITIONS if len(parts) == 2), CONDITIONS)
    entries: list[Entry] = []
    for model, known in models.items():
        entries += _of_model(rng, model, known.task, metrics, conditions)
    for task in tasks:
        keys = ("cases.train", "duplicates.exact_across", "duplicates.near_within", "faults")
        entries += [Entry(None, task, None, key, f"metrics/{task}-data.json", "whole") for key in keys]
    batches = {model: tuple(range(rng.choice((4, 17, 20, 100, 140)))) for model in models}
    cases = {task: _cases(rng, task) for task in tasks}
    return Catalogue(models, tuple(tasks), tuple(entries), batches, cases)


def _of_model(
    rng: random.Random, model: str, task: str, metrics: Sequence[str], conditions: Sequence[Sequence[str]]
) -> list[Entry]:
    levels: tuple[Level, ...] = ("batch", "case")
    tables = [(level, name, f"metrics/{level}/{model}.csv") for level in levels for name in metrics]
    found = [Entry(model, task, "test", name, source, level) for level, name, source in tables]
    keys = [*(f"{name}.mean" for name in metrics), *rng.sample(SUMMED, 10), *rng.sample(MOVED, 6)]
    keys += [f"{name}.{end}" for name in metrics[:8] for end in ("ci_low", "ci_high")]
    for parts in conditions:
        keys += [".".join((*parts, name)) for name in ("dice.mean", "iou.mean", "failure_rate")]
    for parts in lexicon.CONDITIONS:
        if parts[0] in ("blur", "noise", "jpeg", "brightness", "colour"):
            keys += [f"{parts[0]}.{strength}.{name}.mean" for strength in (1, 2, 4) for name in ("dice", "iou")]
    return found + [Entry(model, task, "test", key, f"metrics/{model}.json", "whole") for key in keys]


def _cases(rng: random.Random, task: str) -> tuple[str, ...]:
    head = rng.choice(("ISIC_", f"{task}-test-", "img", "P", "scan_"))
    width = rng.choice((4, 7))
    return tuple(f"{head}{number:0{width}d}" for number in sorted(rng.sample(range(10 ** min(width, 5)), 60)))
