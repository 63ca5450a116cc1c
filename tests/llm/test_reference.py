"""The reference questions are many, varied and true to the records, by an oracle that knows nothing of GlassBox."""

import importlib.util
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
REFERENCE = TOP / "tests" / "reference"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (REFERENCE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
FIELDS = {
    *("verb", "unit", "metrics", "models", "task", "split"),
    *("batches", "cases", "condition", "order", "limit"),
}
GROUPS = {
    "value": {"value"},
    "extreme": {"best", "worst", "min", "max"},
    "aggregate": {"mean", "median", "sum"},
    "count": {"count"},
    "list": {"list"},
    "difference": {"difference"},
    "compare": {"compare"},
}
SHARES = {
    "value": 0.40,
    "extreme": 0.15,
    "aggregate": 0.10,
    "count": 0.12,
    "list": 0.08,
    "difference": 0.08,
    "compare": 0.07,
}
UNITS = {None, "batch", "case", "model", "group", "method", "corruption", "task", "metric"}
# What a frame leaves blank: names of tasks and purposes, cases, metrics, numbers.
BLANKS = re.compile(
    r"\b(?:isic_\d+|phantom-test-\d+|test-\d\d|"
    r"(?:isic-2018|isic|drive|phantom-cue|phantom-chart|phantom)(?:[- ](?:base|precision|balanced|recall))?|"
    r"base|precision|balanced|recall|sensitivity|specificity|accuracy|ppv|dice|dsc|f1|iou|jaccard|"
    r"intersection[- ]over[- ]union|hd95|hausdorff|brier|ece|auroc|roc auc)\b|-?\d+(?:\.\d+)?"
)


@cache
def oracle() -> ModuleType:
    """`tests/reference/oracle.py`, which is no package's."""
    spec = importlib.util.spec_from_file_location("oracle", REFERENCE / "oracle.py")
    assert spec and spec.loader
    module = sys.modules["oracle"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def records() -> Any:  # noqa: ANN401
    """The committed metrics, as the oracle reads them."""
    return oracle().Records(TOP / "metrics")


def of(kind: str) -> list[dict[str, Any]]:
    """The questions of a kind."""
    return [asked for asked in QUESTIONS if asked["expect"] == kind]


def queries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query with its question, readings of the ambiguous ones too."""
    for asked in QUESTIONS:
        for query in asked["query"].get("readings", [asked["query"]] if asked["query"] else []):
            yield asked["question"], query


def frame(question: str) -> str:
    """A question's sentence with its names and numbers left blank, in lower case and without punctuation.

    >>> frame("What is the Dice of isic-recall in batch 78?") == frame("what is the IoU of phantom-base in batch 3")
    True
    """
    return " ".join(re.sub(r"[^\w<>]+", " ", BLANKS.sub("<>", question.lower())).split())


def test_ids_and_questions_are_unique() -> None:
    """Every question has a number of its own, from 1 in the order of the file, and is asked once."""
    assert [asked["id"] for asked in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))
    assert len({asked["question"].lower() for asked in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("name", "answers", "refusals"), [("everyday", 160, 40), ("fresh", 192, 48), ("evaluators", 450, 149)]
)
def test_other_questions_have_one_answer_each(name: str, answers: int, refusals: int) -> None:
    """Numbered and asked once, none of them among the others; the oracle finds what a right answer holds."""
    asked = [json.loads(line) for line in (REFERENCE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["id"] for each in asked] == list(range(1, len(asked) + 1))
    texts = {each["question"].lower() for each in asked}
    assert len(texts) == len(asked)
    assert not texts & {each["question"].lower() for each in QUESTIONS}
    assert Counter(each["expect"] for each in asked) == {"answer": answers, "refuse": refusals}
    assert all(oracle().expected(records(), each["query"]) for each in asked if each["expect"] == "answer")


def test_there_are_enough_of_each_kind() -> None:
    """At least 480 questions: about 120 to refuse, about 30 ambiguous, the rest to answer."""
    kinds = Counter(asked["expect"] for asked in QUESTIONS)
    assert set(kinds) == {"answer", "refuse", "ambiguous"}
    assert len(QUESTIONS) >= 480
    assert kinds["refuse"] >= 110 and kinds["ambiguous"] >= 25 and kinds["answer"] >= 330


@pytest.mark.parametrize("group", GROUPS)
def test_verbs_have_their_share(group: str) -> None:
    """Of the questions to answer, the share of each group of verbs is within 3 points of the one planned."""
    verbs = [asked["query"]["verb"] for asked in of("answer")]
    assert set(verbs) <= set().union(*GROUPS.values())
    assert abs(sum(verb in GROUPS[group] for verb in verbs) / len(verbs) - SHARES[group]) < 0.03


def test_no_frame_is_used_more_than_three_times() -> None:
    """Names, metrics and numbers left blank, at most three questions are the same sentence."""
    frames = Counter(frame(asked["question"]) for asked in QUESTIONS)
    assert {text: count for text, count in frames.items() if count > 3} == {}


def test_only_what_is_to_be_refused_has_no_query() -> None:
    """A question to answer has one query, an ambiguous one at least two readings, one to refuse none."""
    assert all(asked["query"] == {} for asked in of("refuse"))
    assert all(set(asked["query"]) == {"readings"} and len(asked["query"]["readings"]) > 1 for asked in of("ambiguous"))
    assert all(set(query) == FIELDS and query["unit"] in UNITS for _, query in queries())


def test_every_answer_is_in_the_records() -> None:
    """The oracle finds numbers or names for each query, with no NaN and no tie that leaves the answer open."""
    for question, query in queries():
        found = oracle().expected(records(), query)
        assert found.numbers or found.names, question
        assert all(math.isfinite(number) for number in found.numbers), question


def test_readings_of_an_ambiguous_question_differ() -> None:
    """What is called ambiguous would get different answers, so that one must ask back or tell them all."""
    for asked in of("ambiguous"):
        found = [oracle().expected(records(), query) for query in asked["query"]["readings"]]
        assert len(set(found)) > 1, asked["question"]


def test_every_name_exists() -> None:
    """Models, tasks, batches, cases and metrics of the queries are those of metrics/."""
    for question, query in queries():
        assert set(query["models"]) <= set(records().models), question
        assert query["task"] in {None, *records().tasks}, question
        for model in query["models"]:
            cases = records().table("case", model)
            assert set(query["cases"]) <= set(cases.index), question
            assert {str(batch) for batch in query["batches"]} <= set(cases["batch"]), question
            if query["unit"] in ("batch", "case"):
                assert set(query["metrics"]) <= set(records().table(query["unit"], model)), question


def test_a_task_is_that_of_its_models() -> None:
    """A query that names models of one task names the task too."""
    for question, query in queries():
        tasks = {records().task_of(model) for model in query["models"]}
        assert len(tasks) != 1 or query["task"] in tasks, question


def test_the_oracle_reads_csv_and_json_alike() -> None:
    """A mean over cases, rounded, is the number of the whole split: what the oracle reads twice agrees."""
    for model in [name for name in records().models if records().has(name, "dice")]:  # the others classify
        for metric in ("dice", "iou", "precision", "recall", "specificity", "hd95_px"):
            exact = records().exact(model, None, metric)
            assert abs(exact - records().number(model, None, metric)) < 1e-4, (model, metric)


@pytest.mark.parametrize(
    ("tree", "path", "found"),
    [
        ({"dice": {"mean": 0.5, "ci_low": 0.4}}, "dice", 0.5),
        ({"dice": {"mean": 0.5, "ci_low": 0.4}}, "dice.ci_low", 0.4),
        ({"noise": {"0.03": {"iou": {"mean": 0.7}}}}, "noise.0.03.iou", 0.7),
    ],
)
def test_the_oracle_walks_a_path(tree: dict[str, Any], path: str, found: float) -> None:
    """A path ends at a number or at an entry with a mean, and its keys may hold dots."""
    assert oracle().walk(tree, path) == found


def test_the_oracle_ranks_by_the_direction_of_the_metric() -> None:
    """The worst Dice is the lowest and the worst HD95 the highest, while min and max are literal; ties are refused."""
    module = oracle()
    few = [module.Row("m", name, value) for name, value in (("0", 0.2), ("1", 0.9), ("2", 0.5))]
    first = {(order, metric): module.ranked(few, order, metric, 1)[0].name for order in ("best", "worst", "min", "max")
             for metric in ("dice", "hd95_px")}  # fmt: skip
    assert (first["best", "dice"], first["worst", "dice"]) == ("1", "0")
    assert (first["best", "hd95_px"], first["worst", "hd95_px"]) == ("0", "1")
    assert all((first["min", metric], first["max", metric]) == ("0", "1") for metric in ("dice", "hd95_px"))
    with pytest.raises(ValueError, match="tie"):
        module.ranked([*few, module.Row("m", "3", 0.9)], "max", "dice", 1)


def test_the_oracle_needs_nothing_of_glassbox() -> None:
    """It and the questions could judge any other program."""
    assert not re.search(r"^\s*(from|import) (glassbox|stages)", (REFERENCE / "oracle.py").read_text(), re.MULTILINE)
