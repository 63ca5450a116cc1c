"""Invented records: `skin` and `eye` with four models each, `chart` with a base alone, indexed and open for reading."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassbox.llm import index, phrases
from glassbox.llm import words as heard
from glassbox.llm.answer import tell
from glassbox.llm.ask import Reading
from glassbox.llm.catalogue import Catalogue, load
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked, link
from glassbox.llm.query import resolve
from glassbox.llm.sql import statement
from glassbox.llm.typed import Query

PURPOSES = ("base", "precision", "balanced", "recall")
MODELS = {f"{task}-{purpose}": task for task in ("skin", "eye") for purpose in PURPOSES} | {"chart-base": "chart"}
PURPOSE = {name: name.rpartition("-")[2] for name in MODELS}
TASKS = ["skin", "eye", "chart"]
CASES = {"skin": "SKIN_{:07d}", "eye": "eye-test-{:04d}", "chart": "chart-test-{:04d}"}
BATCHES = {"skin": 4, "eye": 3, "chart": 7}  # of three cases each: batch 5 is one model's alone
SCORES = ("dice", "iou", "precision", "recall", "hd95_px")
PAIRED = {  # of skin: the interval leaves zero out, or holds it
    "skin-precision": {"dice": (-0.0183, -0.0219, -0.0147, 1), "iou": (0.004, -0.001, 0.0091, 0)},
    "skin-recall": {"dice": (-0.0021, -0.0063, 0.0017, 0), "iou": (-0.0333, -0.0401, -0.0222, 1)},
}
SPLITS = {
    name: {"normal": normal, "pneumonia": sick}
    for name, normal, sick in (("train", 40, 60), ("val", 4, 6), ("test", 10, 6))
}
FILM: dict[str, dict[str, Any]] = {
    "film-base": {
        "accuracy": {"mean": 0.75, "ci_low": 0.7, "ci_high": 0.8},
        "per_class": {"normal": {"recall": 0.6, "support": 10}, "pneumonia": {"recall": 0.83, "support": 6}},
        "points": {
            "screening": {"threshold": 0.3, "tp": 5, "fp": 4, "fn": 1, "tn": 6, "sensitivity": 0.83},
            "rule-in": {"threshold": 0.5, "tp": 3, "fp": 2, "fn": 3, "tn": 8, "sensitivity": 0.5},
        },
    },
    "film-base-calibration": {
        "threshold": 0.3,
        "points": {"screening": {"sensitivity": 0.91}, "rule-in": {"sensitivity": 0.97}},  # of the validation split
    },
    "film-base-familiar": {"limit": 7.5, "false_alarms": {"val": 0.25, "test": 0.125}},
    "film-data": {"cases": {name: sum(of.values()) for name, of in SPLITS.items()}, "classes": SPLITS},
    "lung-balanced": {"dice": {"mean": 0.81}, "recall": {"mean": 0.83}, "n": {"missed": 1}},
    "lung-recall": {"dice": {"mean": 0.77}, "recall": {"mean": 0.91}},
    "lung-threshold": {
        "recall": {"threshold": 0.21, "dice": 0.715, "recall": 0.905, "precision": 0.61},
        "precision": {"threshold": 0.64, "recall": 0.62},
    },
    "lung-recall-uncertainty": {"auroc": 0.79, "n": {"cases": 16, "failures": 3}},
    "lung-balanced-uncertainty": {
        "caught": 0.66, "auroc": 0.87, "n": {"cases": 16, "failures": 4}, "tta": {"dice": {"mean": 0.825}},
    },
}  # fmt: skip
FILM_CASES: dict[str, dict[str, list[float]]] = {
    "film-base": {"batch": [0] * 16, "correct": [float(at % 4 > 0) for at in range(16)]},
    "lung-balanced": {
        "batch": [0, 0, 1, 1], "dice": [0.1, 0.2, 0.9, 0.3], "iou": [0.1, 0.1, 0.8, 0.2], "detected": [0, 1, 1, 1],
        "quality": [0.3, 0.4, 0.9, 0.5], "tta_dice": [0.2, 0.3, 0.9, 0.4],
    },
}  # fmt: skip
WORDS = """
    a above after all and any are as at average batch batches below best better between by case cases compare corruption
    corruptions did difference do does equal for from group groups had has have highest how image images in is it least
    less list lowest many maximum mean median method methods metric metrics minimum minus model models more most much of
    on one or over set sum task tasks than the there these three total us variant was were what which with worst worse
"""  # that the linker knows of a question


@pytest.fixture(scope="session")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recorded metrics, its numbers drawn once."""
    folder, rng = tmp_path_factory.mktemp("invented") / "metrics", np.random.default_rng(7)
    for model, task in MODELS.items():
        _model(folder, model, task, rng)
    paired = {
        model: {metric: _interval(*found[:3]) | {"excludes_zero": found[3]} for metric, found in by_metric.items()}
        for model, by_metric in PAIRED.items()
    }
    _json(folder / "skin-compare.json", {"minus_balanced": paired})
    for task in ("skin", "eye"):
        worse = {"blur": {"1": _scores(rng), "4": _scores(rng)}, "noise": {"0.03": _scores(rng)}}
        _json(folder / f"{task}-robustness.json", {"none": _scores(rng)} | worse)
        gains = {method: {"cases": 5, "deletion_gain": _interval(*_three(rng))} for method in ("saliency", "lime")}
        _json(folder / f"{task}-balanced-xai.json", gains)
    for task in TASKS:
        cases = {"train": 30, "val": 5, "test": 3 * BATCHES[task]}
        _json(folder / f"{task}-data.json", {"cases": cases, "duplicates": {"exact_across": 2}, "faults": 0})
    return folder


def _model(folder: Path, model: str, task: str, rng: np.random.Generator) -> None:
    """The files of one model: its means, calibration, subgroups, and tables by case and by batch."""
    cases = []
    for number in range(3 * BATCHES[task]):
        row = dict(zip(SCORES, (round(float(value), 6) for value in rng.uniform(0.2, 0.99, len(SCORES))), strict=True))
        row["hd95_px"] = round(20 * row["hd95_px"], 3)
        cases.append(
            {
                "case": CASES[task].format(number),
                "batch": number // 3,
                "tp": int(rng.integers(99)),
                **row,
                "detected": 1,
            }
        )
    cases[1]["precision"] = ""  # nothing found: undefined
    if model == "chart-base":
        cases[2]["dice"] = cases[4]["dice"] = 0.995  # the best, twice
    batches = []
    for number in range(BATCHES[task]):
        rows = [row for row in cases if row["batch"] == number]
        means = {name: float(np.mean([row[name] for row in rows if row[name] != ""])) for name in SCORES}
        batches.append({"batch": number, "cases": 3, **means, "missed": number % 2})
    _csv(folder / "cases" / f"{model}.csv", cases)
    _csv(folder / "batches" / f"{model}.csv", batches)
    means = {name: float(np.mean([row[name] for row in cases if row[name] != ""])) for name in SCORES}
    whole = {name: _interval(mean, mean - 0.0131, mean + 0.0127) for name, mean in means.items()}
    counts = {"n": {"cases": len(cases), "missed": 2, "empty_truth": 0, "failures": 2}, "failure_rate": 0.1667}
    _json(folder / f"{model}.json", whole | {"pooled": {"dice": 0.8537, "iou": 0.7447}} | counts)
    before, after = {"ece": 0.0239, "brier": 0.0343}, {"ece": 0.0123, "brier": 0.0322}
    _json(
        folder / f"{model}-calibration.json",
        {"temperature": 1.487, "threshold": 0.08, "before": before, "after": after},
    )
    groups = {axis: {level: {"n": 4} | _scores(rng) for level in ("low", "high")} for axis in ("size", "contrast")}
    _json(folder / f"{model}-subgroups.json", groups | {"worst": {"contrast_low": groups["contrast"]["low"]}})


def _interval(mean: float, low: float, high: float) -> dict[str, float]:
    return {"mean": round(mean, 4), "ci_low": round(low, 4), "ci_high": round(high, 4)}


def _three(rng: np.random.Generator) -> tuple[float, float, float]:
    mean = float(rng.uniform(0.3, 0.9))
    return mean, mean - 0.05, mean + 0.04


def _scores(rng: np.random.Generator) -> dict[str, Any]:
    return {name: _interval(*_three(rng)) for name in ("dice", "iou")} | {"failure_rate": 0.25}


def _json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, list(rows[0]))
        written.writeheader()
        written.writerows(rows)


@pytest.fixture(scope="session")
def records(metrics: Path) -> Iterator[sqlite3.Connection]:
    """The index of the invented records."""
    path = metrics.parent / "index.sqlite"
    path.write_bytes(index.build(metrics, MODELS, TASKS, PURPOSE))
    with closing(index.open_index(path)) as opened:
        yield opened


@pytest.fixture(scope="session")
def catalogue(records: sqlite3.Connection) -> Catalogue:
    return load(records)


@pytest.fixture(scope="session")
def linked(catalogue: Catalogue, words: frozenset[str]) -> Callable[[str], Linked]:
    """Tag a question as `glassbox ask` does."""
    known = phrases.of(catalogue)
    return lambda question: link(question, known, catalogue, words)


@pytest.fixture(scope="session")
def words() -> frozenset[str]:
    """The words that the linker knows of a question."""
    return frozenset(WORDS.split())


@pytest.fixture(scope="session")
def every_word(words: frozenset[str]) -> frozenset[str]:
    """The same with the words that the rules look for."""
    named = (name for name in vars(heard).values() if isinstance(name, set | frozenset | tuple | dict))
    return (
        words
        | {"where", "ought", "delete", "belong", "our", "own", "patient"}
        | {word for name in named for word in name if isinstance(word, str)}
    )


@pytest.fixture(scope="session")
def spoken(catalogue: Catalogue, every_word: frozenset[str]) -> Callable[[str], Linked]:
    """Tag a question with all of these words known."""
    known = phrases.of(catalogue)
    return lambda question: link(question, known, catalogue, every_word)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The index of `film`, whose model tells pictures apart at two points, and of `lung`, outlined at any threshold."""
    folder = tmp_path_factory.mktemp("film") / "metrics"
    for name, content in FILM.items():
        _json(folder / f"{name}.json", content)
    for name, columns in FILM_CASES.items():
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        _csv(folder / "cases" / f"{name}.csv", [{"case": f"{name}-{at:04d}", **row} for at, row in enumerate(rows)])
    path = folder.parent / "index.sqlite"
    models = {"film-base": "film", "lung-balanced": "lung", "lung-recall": "lung"}
    path.write_bytes(index.build(folder, models, ["film", "lung"], {n: n.rpartition("-")[2] for n in models}))
    with closing(index.open_index(path)) as opened:
        yield opened


@pytest.fixture(scope="session")
def of_film(film: sqlite3.Connection, every_word: frozenset[str]) -> Callable[[str], Linked]:
    """Tag a question about these."""
    catalogue = load(film)
    known = phrases.of(catalogue)
    return lambda question: link(question, known, catalogue, every_word)


@pytest.fixture(scope="session")
def told_of_film(film: sqlite3.Connection, of_film: Callable[[str], Linked]) -> Callable[[str, str], list[str]]:
    """What is told of these for a question and its line."""
    catalogue = load(film)

    def told(question: str, line: str) -> list[str]:
        queries = resolve(parse(line), of_film(question), catalogue)
        return [tell(query, statement(query, catalogue).run(film), catalogue).text for query in queries]

    return told


@pytest.fixture(scope="session")
def typed(catalogue: Catalogue, linked: Callable[[str], Linked]) -> Callable[[str, str], list[Query]]:
    """The typed queries of a question and of the line that a model wrote for it."""
    return lambda question, line: resolve(parse(line), linked(question), catalogue)


@pytest.fixture(scope="session")
def readings(
    records: sqlite3.Connection, catalogue: Catalogue, typed: Callable[[str, str], list[Query]]
) -> Callable[[str, str], list[Reading]]:
    """The same with their statements, rows and sentences."""

    def read(question: str, line: str) -> list[Reading]:
        found = [(query, statement(query, catalogue)) for query in typed(question, line)]
        return [Reading(query, made, tell(query, made.run(records), catalogue)) for query, made in found]

    return read


@pytest.fixture(scope="session")
def answered(
    records: sqlite3.Connection, catalogue: Catalogue, spoken: Callable[[str], Linked]
) -> Callable[[str, str], list[Reading]]:
    """The readings of a question with every word known that the rules look for."""

    def read(question: str, line: str) -> list[Reading]:
        found = [(query, statement(query, catalogue)) for query in resolve(parse(line), spoken(question), catalogue)]
        return [Reading(query, made, tell(query, made.run(records), catalogue)) for query, made in found]

    return read
