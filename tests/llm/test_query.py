"""glassbox.llm.query: what a line means for an index, every reading of it, and why some lines mean nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from glassbox.llm import index, phrases
from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import Catalogue, load
from glassbox.llm.followup import merged
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked, link
from glassbox.llm.query import MOST_READINGS, resolve
from glassbox.llm.typed import Query

Typed = Callable[[str, str], list[Query]]
Link = Callable[[str], Linked]
SKIN = ("skin-balanced", "skin-base", "skin-precision", "skin-recall")
EYE = ("eye-balanced", "eye-base", "eye-precision", "eye-recall")
FIELDS = ("unit", "models", "metrics", "batches", "cases", "order", "limit", "test", "bounds")


def told(query: Query) -> dict[str, Any]:
    """What a query says, without what it leaves open."""
    return {"verb": query.verb} | {name: getattr(query, name) for name in FIELDS if getattr(query, name)}


def one(verb: str, model: str, metric: str = "", **others: object) -> dict[str, Any]:
    """A query about one model."""
    return {"verb": verb, "models": (model,)} | ({"metrics": (metric,)} if metric else {}) | others


BASE = {"model": "skin-base", "metric": "dice"}
READ = [
    ("Dice of skin-base", "value K1 of M1", one("value", "skin-base", "dice.mean")),
    ("Jaccard of the base model of eye", "value K1 of P1 T1", one("value", "eye-base", "iou.mean")),
    ("recall of skin-recall on batch 2", "value X1 in batch N1 of M1",
     one("value", "skin-recall", "recall", batches=(2,))),
    ("recall on batch 5", "value X1 in batch N1", one("value", "chart-base", "recall", batches=(5,))),
    ("dice of case 1 for skin-base", "value K1 in case C1 of M1", one("value", **BASE, cases=("SKIN_0000001",))),
    ("dice of eye-test-0002 for eye-base", "value K1 in case C1 of M1",
     one("value", "eye-base", "dice", cases=("eye-test-0002",))),
    ("dice of skin-base on batches 2 and 3", "value K1 in batch N1 N2 of M1", one("value", **BASE, batches=(2, 3))),
    ("lower bound of the dice of skin-base", "value K1 of M1", one("value", "skin-base", "dice.ci_low")),
    ("pooled dice of skin-base", "value K1 of M1", one("value", "skin-base", "pooled.dice")),
    ("missed lesions of skin-base", "value K1 of M1", one("value", "skin-base", "n.missed")),
    ("ece of skin-base after calibration", "value K1 of M1", one("value", "skin-base", "after.ece")),
    ("iou of skin-balanced with blur 4", "value K1 of M1", one("value", "skin-balanced", "blur.4.iou.mean")),
    ("iou of skin with noise 0.03", "value K1 of T1", one("value", "skin-balanced", "noise.0.03.iou.mean")),
    ("iou of skin-base for low contrast", "value K1 of M1", one("value", "skin-base", "contrast.low.iou.mean")),
    ("test set dice of skin-base", "value K1 of M1", one("value", "skin-base", "dice.mean")),
    ("data faults of chart", "value K1 of T1", {"verb": "value", "metrics": ("faults",)}),
    ("how many training images of skin", "count case of T1", {"verb": "value", "metrics": ("cases.train",)}),
    ("how many images of skin-base", "count case of M1", one("count", "skin-base", "detected", unit="case")),
    ("how many cases of skin-base have dice below 65 %", "count case K1 below N1 of M1",
     one("count", **BASE, unit="case", test="below", bounds=(0.65,))),
    ("cases of skin-base with dice from 0.5 to 0.4", "list case K1 between N1 N2 of M1",
     one("list", **BASE, unit="case", test="between", bounds=(0.4, 0.5))),
    ("which batch did skin-base do worst on", "worst batch of M1", one("worst", **BASE, unit="batch", order="min")),
    ("worst hd95 of any batch of skin-base", "worst batch K1 of M1",
     one("worst", "skin-base", "hd95_px", unit="batch", order="max")),
    ("best hd95 of any case of skin-base", "best case K1 of M1",
     one("best", "skin-base", "hd95_px", unit="case", order="min")),
    ("the two worst batches of skin-base by dice", "list batch K1 worst N1 of M1",
     one("list", **BASE, unit="batch", order="min", limit=2)),
    ("mean dice over the cases of skin-base in batch 2", "mean case K1 in batch N1 of M1",
     one("mean", **BASE, unit="case", batches=(2,))),
    ("is skin-base better than skin-recall", "compare of M1 M2",
     {"verb": "compare", "models": ("skin-base", "skin-recall"), "metrics": ("dice.mean",)}),
    ("which model of skin has the highest iou", "max model K1 of T1",
     {"verb": "max", "unit": "model", "order": "max", "models": SKIN, "metrics": ("iou.mean",)}),
    ("of all data sets, which model has the highest paired difference from balanced in dice", "max model K1 of T1",
     {"verb": "max", "unit": "model", "order": "max", "models": ("skin-precision", "skin-recall"),
      "metrics": ("minus_balanced.skin-precision.dice.mean", "minus_balanced.skin-recall.dice.mean")}),
    ("which task has the most exact duplicates across splits", "max task K1",
     {"verb": "max", "unit": "task", "order": "max", "metrics": ("duplicates.exact_across",)}),
    ("in which task is the dice highest", "max task K1",
     {"verb": "max", "unit": "model", "order": "max", "metrics": ("dice.mean",),
      "models": ("chart-base", *EYE, *SKIN)}),
    ("which batch is SKIN_0000004 in for skin-base", "list batch in case C1 of M1",
     one("list", "skin-base", "detected", unit="batch", cases=("SKIN_0000004",))),
    ("lower and upper bound of the dice of skin-base", "value K1 of M1",
     one("value", "skin-base") | {"metrics": ("dice.ci_low", "dice.ci_high")}),
    ("how many training and validation images of skin", "count case of T1",
     {"verb": "value", "metrics": ("cases.train", "cases.val")}),
    ("difference in ece of skin-base after calibration", "difference K1 of M1",
     one("difference", "skin-base") | {"metrics": ("after.ece", "before.ece")}),
    ("difference in iou of skin-balanced with blur 4", "difference K1 of M1",
     one("difference", "skin-balanced") | {"metrics": ("blur.4.iou.mean", "none.iou.mean")}),
    ("compare dice of skin-base for large lesions and in low contrast", "compare K1 of M1",
     one("compare", "skin-base") | {"metrics": ("size.high.dice.mean", "contrast.low.dice.mean")}),
    ("worst contrast group of skin-base by dice", "worst group K1 of M1",
     one("worst", "skin-base", unit="group", order="min",
         metrics=("contrast.high.dice.mean", "contrast.low.dice.mean"))),
    ("how many was skin trained on ?", "count case of T1", {"verb": "value", "metrics": ("cases.train",)}),
    ("how many images has skin", "count case of T1", {"verb": "value", "metrics": ("cases.test",)}),
    ("images for training in skin", "list case of T1", {"verb": "value", "metrics": ("cases.train",)}),
    ("training and validation set of skin", "list model of T1",
     {"verb": "value", "metrics": ("cases.train", "cases.val")}),
    ("list the models of skin", "list model of T1", {"verb": "list", "unit": "model", "models": SKIN}),
    ("worst corruption of skin", "worst corruption of T1",
     one("worst", "skin-balanced", unit="corruption", order="min",
         metrics=("blur.1.iou.mean", "blur.4.iou.mean", "noise.0.03.iou.mean"))),
    ("highest deletion gain of any method of eye-balanced", "max method K1 of M1",
     one("max", "eye-balanced", unit="method", order="max",
         metrics=("lime.deletion_gain.mean", "saliency.deletion_gain.mean"))),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "expected"), READ)
def test_a_line_has_one_meaning(typed: Typed, question: str, line: str, expected: dict[str, Any]) -> None:
    """Names are looked up, best is turned by the metric's direction, and what only one model has makes it one."""
    assert [told(query) for query in typed(question, line)] == [expected]


AMBIGUOUS = [
    ("recall of the recall variant on batch 2", "value X1 in batch N1 of X1", {("eye-recall",), ("skin-recall",)}),
    ("dice of the base model", "value K1 of P1", {("chart-base",), ("eye-base",), ("skin-base",)}),
    ("dice of skin", "value K1 of T1", {(name,) for name in SKIN}),
    ("dice on batch 3", "value K1 in batch N1", {(name,) for name in SKIN} | {("chart-base",)}),
    ("dice of case 4 with the base model", "value K1 in case C1 of P1",
     {("chart-base",), ("eye-base",), ("skin-base",)}),
    ("is the balanced better than the precision variant", "compare of P1 X1",
     {(f"{task}-balanced", f"{task}-precision") for task in ("eye", "skin")}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "models"), AMBIGUOUS)
def test_every_reading_is_given(typed: Typed, question: str, line: str, models: set[tuple[str, ...]]) -> None:
    """A purpose, a batch or a case that several models have is asked of each, none left out and none twice."""
    found = [query.models for query in typed(question, line)]
    assert set(found) == models
    assert len(found) == len(models)


def test_a_key_that_can_be_meant_twice_is_read_twice(typed: Typed) -> None:
    """An error before and after calibration, and blur of two strengths, are told apart."""
    assert {q.metrics for q in typed("ece of skin-base", "value K1 of M1")} == {("after.ece",), ("before.ece",)}
    blurred = typed("iou of skin-balanced with blur", "value K1 of M1")
    assert {q.metrics for q in blurred} == {("blur.1.iou.mean",), ("blur.4.iou.mean",)}


UNANSWERABLE = [
    ("dice of skin-base on batch 6", "value K1 in batch N1 of M1", "skin-base has no batch 6; it has batches 0 to 3."),
    ("dice of skin-base on batch 1.5", "value K1 in batch N1 of M1", "A batch has a whole number."),
    ("dice of skin-base of eye", "value K1 of M1 T1", "skin-base belongs to task skin, not to eye."),
    ("training set dice of skin-base", "value K1 of M1", "No such metric is recorded for skin-base, training split."),
    ("temperature of skin-base in batch 1", "value K1 in batch N1 of M1",
     "No such metric is recorded for skin-base by batch."),
    ("ece of skin-base by case", "mean case K1 of M1", "No such metric is recorded for skin-base by case."),
    ("0 worst cases of skin-base", "list case worst N1 of M1", "A list has a whole number of rows."),
    ("best model of skin by temperature", "best model K1 of T1",
     "It is not known whether more or less temperature is better: ask for the highest or lowest."),
    ("worst corruption of skin-base", "worst corruption of M1",
     "Nothing is recorded by corruption for skin-base, but for skin-balanced and eye-balanced."),
    ("corruption of skin-balanced with the highest temperature", "max corruption K1 of M1",
     "No such metric is recorded by corruption for skin-balanced; recorded are"),
    ("cases of skin-base with dice between 1", "list case K1 between N1 of M1", "Say which number to compare with."),
    ("best batch of the precision variant of chart", "best batch of X1 T1", "That is not among the recorded numbers."),
    ("dice of eye-test-0001 for skin-base", "value K1 in case C1 of M1", "eye-test-0001 is a case of eye, not of s"),
    ("in which task is dice best in batch 2", "best task K1 in batch N1", "Name one metric, and no batch"),
    ("which images of skin are for training", "list case of T1", "Which case is of which condition or split"),
    ("which task has the highest ece", "max task K1", "Not all tasks record that alike"),
    ("which task has the highest learning rate", "max task", "Name one metric"),
    ("how many models have batch 5", "count model in batch N1", ""),  # not how many models there are
    ("difference in dice of skin-base", "difference K1 of M1", ""),  # from itself
    ("difference in dice of skin", "difference K1 of T1", ""),  # of four models
    ("difference in dice of skin-base on batch 1", "difference K1 in batch N1 of M1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "expected"), UNANSWERABLE)
def test_what_can_not_be_answered_is_said_with_what_there_is(
    typed: Typed, question: str, line: str, expected: str
) -> None:
    """No batch, split, level, direction or second side is made up; the sentence says what is missing."""
    with pytest.raises(Unanswerable) as caught:
        typed(question, line)
    assert expected in caught.value.told and caught.value.told.endswith(".")


@pytest.fixture
def crowd(tmp_path: Path) -> Catalogue:
    """An index of more tasks than there may be readings, each with a model and a number of its own."""
    names = [f"t{chr(97 + number)}" for number in range(MOST_READINGS + 1)]
    (tmp_path / "metrics").mkdir()
    for name in names:
        (tmp_path / f"metrics/{name}-base.json").write_text('{"dice": {"mean": 0.5}}')
        (tmp_path / f"metrics/{name}-data.json").write_text('{"faults": 1}')
    models = {f"{name}-base": name for name in names}
    built = index.build(tmp_path / "metrics", models, names, dict.fromkeys(models, "base"))
    (tmp_path / "index.sqlite").write_bytes(built)
    with closing(index.open_index(tmp_path / "index.sqlite")) as opened:
        return load(opened)


@pytest.mark.parametrize("metric", ["dice", "data faults"])
def test_more_readings_than_can_be_told_are_asked_back(crowd: Catalogue, metric: str) -> None:
    """One sentence instead of dozens of answers, whether they are of models or of tasks; `every` gives them all."""
    linked = link(metric, phrases.of(crowd), crowd, frozenset())
    with pytest.raises(Unanswerable, match=f"read in {MOST_READINGS + 1} ways"):
        resolve(parse("value K1"), linked, crowd)
    assert len(resolve(parse("value K1"), linked, crowd, every=True)) == MOST_READINGS + 1


FOLLOW_UPS = [
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and for batch 2?", "again in batch N1"),
     [one("value", **BASE, batches=(2,))]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and the iou?", "again K1"),
     [one("value", "skin-base", "iou", batches=(1,))]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and eye-base?", "again of M1"),
     [one("value", "eye-base", "dice", batches=(1,))]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and on SKIN_0000007?", "again in case C1"),
     [one("value", **BASE, cases=("SKIN_0000007",))]),
    (("which batch did skin-base do worst on", "worst batch of M1"), ("and best?", "again best"),
     [one("best", **BASE, unit="batch", order="max")]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and the highest?", "again max"),
     [one("max", **BASE, unit="batch", order="max")]),
    (("the 2 worst cases of skin-base by iou", "list case K1 worst N1 of M1"), ("and the best?", "again best"),
     [one("list", "skin-base", "iou", unit="case", order="max", limit=2)]),
    (("iou of skin-balanced with blur 4", "value K1 of M1"), ("and with noise 0.03?", "again"),
     [one("value", "skin-balanced", "noise.0.03.iou.mean")]),
    (("dice of the base model of skin", "value K1 of P1 T1"), ("and of eye?", "again of T1"),
     [one("value", "eye-base", "dice.mean")]),
    (("dice of the base model of skin", "value K1 of P1 T1"), ("and the recall variant?", "again of X1"),
     [one("value", "skin-recall", "dice.mean")]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and the recall?", "again of X1"),
     [one("value", "skin-base", "recall", batches=(1,))]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and the recall variant?", "again of X1"),
     [one("value", "skin-recall", "dice", batches=(1,))]),
    (("dice of skin-base on batch 1", "value K1 in batch N1 of M1"), ("and skin recall?", "again of X1 T1"),
     [one("value", "skin-recall", "dice", batches=(1,))]),
    (("best batch of the base model of skin", "best batch of P1 T1"), ("and for eye?", "again"),
     [one("best", "eye-base", "dice", unit="batch", order="max")]),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), FOLLOW_UPS)
def test_a_follow_up_changes_only_what_it_names(
    catalogue: Catalogue, linked: Link, first: tuple[str, str], second: tuple[str, str], expected: list[dict[str, Any]]
) -> None:
    """The rest is that of the question before, whatever the tags of the two are called."""
    before = parse(first[1]), linked(first[0])
    line, both = merged(parse(second[1]), linked(second[0]), before, catalogue)
    assert [told(query) for query in resolve(line, both, catalogue)] == expected


@pytest.mark.parametrize(
    ("second", "line", "order", "rank"),
    [
        ("and for skin-recall?", "again of M1", "min", 2),  # the place of the question before
        ("and the third lowest?", "again min", "min", 3),
        ("and the second highest?", "again max", "max", 2),
        ("and the highest?", "again max", "max", 1),  # another ranking is for its first
    ],
)
def test_a_follow_up_keeps_the_place_in_a_ranking(
    catalogue: Catalogue, linked: Link, second: str, line: str, order: str, rank: int
) -> None:
    before = parse("min batch K1 of M1"), linked("batch of skin-base with the second lowest dice")
    changed, both = merged(parse(line), linked(second), before, catalogue)
    [query] = resolve(changed, both, catalogue)
    assert (query.order, query.rank) == (order, rank)


def test_only_what_is_in_the_index_is_ever_named(
    catalogue: Catalogue, records: sqlite3.Connection, typed: Typed
) -> None:
    """Each entry of each reading is one row of the index's table of entries."""
    listed = set(records.execute("SELECT model, task, split, metric, source, level FROM entry"))
    for question, line, _ in (*READ, *AMBIGUOUS):
        for query in typed(question, line):
            assert {(e.model, e.task, e.split, e.metric, e.source, e.level) for e in query.entries} <= listed
