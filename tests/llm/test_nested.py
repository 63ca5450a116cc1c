"""glassbox.llm.nested, glassbox.llm.sql: questions within questions, against the tables themselves."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading

Read = Callable[[str, str], list[Reading]]
KEYS = {"batch": "batch", "case": "case"}


def table(metrics: Path, level: str, model: str) -> pd.DataFrame:
    return pd.read_csv(metrics / ("batches" if level == "batch" else "cases") / f"{model}.csv")


def names(reading: Reading, level: str, model: str) -> list[object]:
    """The batches or cases of a model among the rows of a reading, each once, as its table calls them."""
    key = "case_name" if level == "case" else "batch"
    return list(dict.fromkeys(row[key] for row in reading.told.rows if row["model"] == model))


@pytest.mark.parametrize(("level", "rank"), [("batch", 2), ("batch", 3), ("case", 2), ("case", 5)])
@pytest.mark.parametrize(("word", "verb"), [("lowest", "min"), ("highest", "max"), ("worst", "worst")])
def test_a_place_in_a_ranking(metrics: Path, readings: Read, rank: int, level: str, word: str, verb: str) -> None:
    """The second lowest is what stands second when the table is sorted."""
    ordinal = {2: "second", 3: "third", 5: "5th"}[rank]
    [found] = readings(f"{level} with the {ordinal} {word} dice of skin-base", f"{verb} {level} K1 of M1")
    ordered = table(metrics, level, "skin-base").sort_values("dice", ascending=verb != "max")
    wanted = ordered.iloc[rank - 1]
    assert names(found, level, "skin-base") == [wanted[KEYS[level]]]
    assert found.told.rows[0]["value"] == wanted["dice"]
    assert f"{ {2: 'second', 3: 'third', 5: 'fifth'}[rank] } {word}" in found.told.text


def test_a_place_beyond_the_last_is_empty(readings: Read) -> None:
    """There is no tenth of four batches."""
    [found] = readings("batch with the tenth lowest dice of skin-base", "min batch K1 of M1")
    assert found.told.rows == [] and "no batches" in found.told.text


@pytest.mark.parametrize("level", ["batch", "case"])
@pytest.mark.parametrize(
    ("word", "verb"), [("lowest", "min"), ("highest", "max"), ("best", "best"), ("worst", "worst")]
)
def test_what_else_is_recorded_there(metrics: Path, readings: Read, level: str, word: str, verb: str) -> None:
    """The IoU of the batch with the lowest Dice is the IoU of that row; the metric beside the superlative ranks."""
    question = f"iou of the {level} of skin-base with the {word} dice"
    [found] = readings(question, f"{verb} {level} K2 K1 of M1")
    rows = table(metrics, level, "skin-base")
    chosen = rows.loc[rows["dice"].idxmin() if verb in ("min", "worst") else rows["dice"].idxmax()]
    values = {row["metric"]: row["value"] for row in found.told.rows}
    assert values == {"dice": chosen["dice"], "iou": chosen["iou"]}
    assert [reading.told.rows for reading in readings(question, f"{verb} {level} K1 K2 of M1")] == [found.told.rows]


@pytest.mark.parametrize("level", ["batch", "case"])
def test_what_another_model_has_there(metrics: Path, readings: Read, level: str) -> None:
    """The ranking is the first model's alone, the number told beside it the other's."""
    question = f"take the {level} where skin-base has the lowest dice what has skin-recall there"
    [found] = readings(question, f"min {level} K1 of M1 M2")
    own, other = table(metrics, level, "skin-base"), table(metrics, level, "skin-recall")
    at = own["dice"].idxmin()
    values = {row["model"]: row["value"] for row in found.told.rows}
    assert values == {"skin-base": own.loc[at, "dice"], "skin-recall": other.loc[at, "dice"]}
    assert f"of skin-recall there: {other.loc[at, 'dice']:.4f}".rstrip("0") in found.told.text


@pytest.mark.parametrize("level", ["batch", "case"])
@pytest.mark.parametrize(
    ("said", "test", "keep"),
    [
        ("above 0.5", "above", lambda iou: iou > 0.5),
        ("below 0.7", "below", lambda iou: iou < 0.7),
        ("of at least 0.5", "least", lambda iou: iou >= 0.5),
    ],
)
@pytest.mark.parametrize(("word", "pick"), [("lowest", "idxmin"), ("highest", "idxmax")])
def test_an_extreme_among_those_of_a_condition(
    metrics: Path, readings: Read, level: str, said: str, test: str, keep: Callable[[pd.Series], pd.Series], word: str,
    pick: str,
) -> None:  # fmt: skip
    """Whichever of the two metrics the line tests: the words tell which is ranked by."""
    rows = table(metrics, level, "skin-base")
    chosen = rows[keep(rows["iou"])]
    plural = {"batch": "batches", "case": "cases"}[level]
    question = f"of all {plural} of skin-base with iou {said} which has the {word} dice"
    for line in (f"list {level} K1 {test} N1 of M1", f"list {level} K2 {test} N1 of M1"):
        [found] = readings(question, line)
        assert names(found, level, "skin-base") == [chosen.loc[getattr(chosen["dice"], pick)(), KEYS[level]]]
        assert "of those with IoU" in found.told.text


def test_those_left_aside_are_the_others(metrics: Path, readings: Read) -> None:
    """`Excluding cases with IoU below 0.5` looks at those from 0.5 on."""
    question = "excluding cases with iou below 0.5 which case of skin-base has the lowest dice"
    [found] = readings(question, "list case K1 below N1 of M1")
    rows = table(metrics, "case", "skin-base")
    chosen = rows[rows["iou"] >= 0.5]
    assert names(found, "case", "skin-base") == [chosen.loc[chosen["dice"].idxmin(), "case"]]


def test_a_condition_that_none_meets_leaves_no_extreme(readings: Read) -> None:
    [found] = readings(
        "of all cases of skin-base with iou above 5 which has the lowest dice", "list case K1 above N1 of M1"
    )
    assert found.told.rows == [] and "no cases with IoU above 5" in found.told.text


@pytest.mark.parametrize(
    "said", ["number of cases where", "how often in cases it is so that", "count the cases in which"]
)
def test_how_often_is_asked_in_other_words(metrics: Path, readings: Read, said: str) -> None:
    """Also where the model took the question for a count of cases."""
    question = f"{said} skin-base has a higher dice than skin-recall"
    one, other = (table(metrics, "case", name)["dice"] for name in ("skin-base", "skin-recall"))
    for line in ("count case of M1 M2", "difference K1 of M1 M2", "compare K1 of M1 M2"):
        [found] = readings(question, line)
        assert found.told.rows[0]["value"] == int((one > other).sum())


def test_by_how_much_is_no_count(readings: Read) -> None:
    [found] = readings("by how much over cases is skin-base higher than skin-recall in dice", "difference K1 of M1 M2")
    assert found.query.verb == "difference"


@pytest.mark.parametrize("level", ["batch", "case"])
@pytest.mark.parametrize(
    ("metric", "said", "ahead"),
    [
        ("dice", "better", lambda one, other: one > other),
        ("dice", "lower", lambda one, other: one < other),
        ("precision", "higher", lambda one, other: one > other),  # of one case undefined: it is in neither number
        ("hd95", "better", lambda one, other: one < other),  # of a distance, less is better
        ("hd95", "higher", lambda one, other: one > other),
    ],
)
def test_how_often_one_model_is_ahead(
    metrics: Path, readings: Read, level: str, metric: str, said: str, ahead: Callable[..., pd.Series]
) -> None:
    """Counted place by place, of as many as both have."""
    plural = {"batch": "batches", "case": "cases"}[level]
    question = f"on how many {plural} is skin-base {said} than skin-recall in {metric}"
    [found] = readings(question, f"difference {'X1' if metric == 'precision' else 'K1'} of M1 M2")
    column = "hd95_px" if metric == "hd95" else metric
    one, other = (table(metrics, level, name)[column] for name in ("skin-base", "skin-recall"))
    [row] = found.told.rows
    assert (row["value"], row["rows"]) == (int(ahead(one, other).sum()), int((one.notna() & other.notna()).sum()))
    assert f"in {row['value']} of {row['rows']} {plural}" in found.told.text
