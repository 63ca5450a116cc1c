"""glassbox.llm.nested, glassbox.llm.sql: questions within questions, against the tables themselves."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.nested import as_said, conditions
from glassbox.llm.sense import sensible

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


SIDE = {
    "worst": ("idxmin", "min"),
    "best": ("idxmax", "max"),
    "lowest": ("idxmin", "min"),
    "highest": ("idxmax", "max"),
}


@pytest.mark.parametrize("model", ["skin-base", "eye-recall", "chart-base"])
@pytest.mark.parametrize("outer", ["worst", "best"])
@pytest.mark.parametrize(("inner", "verb"), [("worst", "worst"), ("best", "best"), ("highest", "max")])
@pytest.mark.parametrize(
    "said", ["the {1} case in the {0} batch of {2} by dice", "in its {0} batch the {1} case of {2}"]
)
def test_an_extreme_within_an_extreme_batch(
    metrics: Path, readings: Read, model: str, outer: str, inner: str, verb: str, said: str
) -> None:
    """The case is looked for in that batch alone, whichever verb and unit the line has."""
    batches, cases = table(metrics, "batch", model), table(metrics, "case", model)
    batch = batches.loc[getattr(batches["dice"], SIDE[outer][0])(), "batch"]
    inside = cases[cases["batch"] == batch]
    value = getattr(inside["dice"], SIDE[inner][1])()
    question = said.format(outer, inner, model)
    metric = "K1 " if "dice" in question else ""
    for line in (f"{verb} case {metric}of M1", f"{outer} batch {metric}of M1"):
        [found] = readings(question, line)
        assert names(found, "case", model) == list(inside.loc[inside["dice"] == value, "case"])
        assert {row["value"] for row in found.told.rows} == {value}
        assert f"in the batch with the {'lowest' if outer == 'worst' else 'highest'} Dice, batch {batch}:" in (
            found.told.text
        )


def test_the_batch_may_be_ranked_by_another_metric(metrics: Path, readings: Read) -> None:
    """By the one that stands nearer to it."""
    [found] = readings("the lowest iou of a case in the batch of skin-base with the highest dice", "min case K1 of M1")
    batches, cases = table(metrics, "batch", "skin-base"), table(metrics, "case", "skin-base")
    inside = cases[cases["batch"] == batches.loc[batches["dice"].idxmax(), "batch"]]
    assert names(found, "case", "skin-base") == [inside.loc[inside["iou"].idxmin(), "case"]]


def test_a_batch_of_two_models_is_not_one(readings: Read) -> None:
    with pytest.raises(Unanswerable, match="Name one model"):
        readings("the worst case in the worst batch by dice of skin-base and skin-recall", "worst case K1 of M1 M2")


@pytest.mark.parametrize("level", ["batch", "case"])
@pytest.mark.parametrize("model", ["skin-base", "eye-precision", "chart-base"])
@pytest.mark.parametrize(
    ("said", "keep"),
    [
        ("dice below 0.6 and recall above 0.5", lambda rows: (rows["dice"] < 0.6) & (rows["recall"] > 0.5)),
        ("a dice below 0.6 but over a recall of 0.5", lambda rows: (rows["dice"] < 0.6) & (rows["recall"] > 0.5)),
        ("dice below 0.6 but recall below 0.5", lambda rows: (rows["dice"] < 0.6) & (rows["recall"] < 0.5)),
        ("dice of at least 0.4 and hd95 of at most 12", lambda rows: (rows["dice"] >= 0.4) & (rows["hd95_px"] <= 12)),
        ("dice above 0.4 and iou above 0.4 and recall above 0.4", lambda rows: (
            (rows["dice"] > 0.4) & (rows["iou"] > 0.4) & (rows["recall"] > 0.4))),
    ],
)  # fmt: skip
def test_several_conditions_are_all_true(
    metrics: Path, readings: Read, level: str, model: str, said: str, keep: Callable[[pd.DataFrame], pd.Series]
) -> None:
    """Of what is counted and of what is listed, though the line holds the first alone."""
    rows = table(metrics, level, model)
    wanted = list(rows.loc[keep(rows), KEYS[level]])
    plural = {"batch": "batches", "case": "cases"}[level]
    [counted] = readings(f"how many {plural} of {model} have {said}", f"count {level} K1 below N1 of M1")
    assert [row["value"] for row in counted.told.rows] == [len(wanted)]
    for line in (f"list {level} K1 below N1 of M1", f"list {level} K1 between N1 N2 of M1"):
        if "above 0.4 and iou" not in said or "between" not in line:  # there is one number
            [listed] = readings(f"which {plural} of {model} have {said}", line)
            assert names(listed, level, model) == wanted
    assert len(counted.query.held) == said.count(" and ") + said.count(" but ")


@pytest.mark.parametrize(
    ("said", "keep"),
    [
        ("both dice and iou above 0.5", lambda rows: (rows["dice"] > 0.5) & (rows["iou"] > 0.5)),
        ("neither dice nor iou above 0.5", lambda rows: (rows["dice"] <= 0.5) & (rows["iou"] <= 0.5)),
    ],
)
def test_one_bound_of_two_metrics(
    metrics: Path, readings: Read, said: str, keep: Callable[[pd.DataFrame], pd.Series]
) -> None:
    rows = table(metrics, "case", "skin-base")
    [found] = readings(f"how many cases of skin-base have {said}", "count case K1 above N1 of M1")
    assert [row["value"] for row in found.told.rows] == [int(keep(rows).sum())]


def test_two_bounds_of_two_metrics_are_no_range(linked: Callable[[str], Linked]) -> None:
    """Without a word before each, they are neither; with `between` they are the ends of one."""
    line = parse("count case K1 between N1 N2 of M1")
    with pytest.raises(Unanswerable, match="Say each condition"):
        sensible(line, linked("how many cases of skin-base have dice 0.6 and iou 0.5"))
    between = sensible(line, linked("how many cases of skin-base with iou have dice between 0.5 and 0.6"))
    assert (between.test, between.bounds, between.held) == ("between", ("N1", "N2"), ())


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("K1 below N1 but K2 above N2", (("K1", "below", "N1"), ("K2", "above", "N2"))),
        ("at least N1 K1", (("K1", "least", "N1"),)),
        ("K1 below N1 and at least N2 of K2", (("K1", "below", "N1"), ("K2", "least", "N2"))),
        ("K1 less than N1", (("K1", "below", "N1"),)),
        ("K1 worse than N1", (("K1", "below", "N1"),)),
        ("K1 more than N1", (("K1", "above", "N1"),)),
        ("K1 no more than N1", (("K1", "most", "N1"),)),
        ("K1 not below N1", (("K1", "least", "N1"),)),
        ("K1 surpassing N1", (("K1", "above", "N1"),)),
        ("under an K1 of N1", (("K1", "below", "N1"),)),
        ("over a K1 of N1 but below N2 K2", (("K1", "above", "N1"), ("K2", "below", "N2"))),
        ("K1 N1 and K2 N2", ()),
        ("K3 below N1", ()),  # not one of the metrics
        ("below N1", ()),
    ],
)
def test_a_condition_is_a_metric_a_word_and_a_number(said: str, found: tuple[tuple[str, str, str], ...]) -> None:
    assert conditions(said.split(), ["K1", "K2"]) == found


@pytest.mark.parametrize(
    ("said", "test"),
    [("K1 under N1", "below"), ("K1 over N1", "above"), ("N1 K1", "least"), ("K1 of N1", "least"), ("K1", "least"),
     ("under an K1 of N1", "below"),
     ("they fail in more than N1", "above"), ("they fail on more than N1", "above"), ("K1 of N1 or more", "least"),
     ("K1 of N1 or lower", "most"), ("they fail to be above N1", "most"),
     ("which do not in M1 have a K1 above N1", "most"), ("failed on K1 above N1", "most"),
     ("K1 no less than N1", "least"), ("K1 beyond N1", "above"), ("K1 exceeds N1", "above")],
)  # fmt: skip
def test_the_word_before_a_bound_tells_the_test(said: str, test: str) -> None:
    """And without one, the line does."""
    assert as_said(parse("count case K1 least N1 of M1"), said.split()) == test


def test_a_line_with_the_wrong_test_is_mended(metrics: Path, readings: Read) -> None:
    dice = table(metrics, "case", "skin-base")["dice"]
    [found] = readings("how many cases of skin-base have dice below 0.4", "count case K1 above N1 of M1")
    assert found.told.rows[0]["value"] == int((dice < 0.4).sum()) != int((dice > 0.4).sum())


@pytest.mark.parametrize("said", ["at least 0.3 iou and below 0.6 dice", "an iou of at least 0.3 and a dice below 0.6"])
def test_a_number_may_stand_before_its_metric(metrics: Path, readings: Read, said: str) -> None:
    """Of two models it is refused: neither counted together, nor taken for how often one is ahead."""
    rows = table(metrics, "case", "skin-base")
    [found] = readings(f"how many cases of skin-base have {said}", "count case K1 below N1 of M1")
    assert [row["value"] for row in found.told.rows] == [int(((rows["iou"] >= 0.3) & (rows["dice"] < 0.6)).sum())]
    with pytest.raises(Unanswerable, match="one model at a time"):
        readings(f"how many cases of skin-base and skin-recall have {said}", "count case K1 below N1 of M1 M2")


def test_the_first_of_a_list_under_a_condition(metrics: Path, readings: Read) -> None:
    """`By` tells what is ranked, wherever it stands."""
    rows = table(metrics, "case", "skin-base")
    wanted = rows[rows["iou"] > 0.3].sort_values("dice")["dice"].head(2).tolist()
    [found] = readings("list the 2 worst cases of skin-base with iou above 0.3 by dice", "list case K1 worst N1 of M1")
    assert [row["value"] for row in found.told.rows] == wanted


@pytest.mark.parametrize(
    ("question", "line", "value"),
    [
        ("the 2 worst cases of skin-base by dice in its worst batch", "list case K1 worst N1 of M1",
         lambda dice: sorted(dice)[:2]),
        ("the mean dice of the cases in the worst batch of skin-base", "mean case K1 of M1",
         lambda dice: [pytest.approx(dice.mean())]),
        ("the case with the highest dice in the batch of skin-base with the lowest dice", "max case K1 of M1",
         lambda dice: [dice.max()]),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_batch_is_of_that_batch(
    metrics: Path, readings: Read, question: str, line: str, value: Callable[[pd.Series], list[float]]
) -> None:
    batches, cases = table(metrics, "batch", "skin-base"), table(metrics, "case", "skin-base")
    dice = cases.loc[cases["batch"] == batches.loc[batches["dice"].idxmin(), "batch"], "dice"]
    [found] = readings(question, line)
    assert [row["value"] for row in found.told.rows] == value(dice)
    assert "in the batch with the lowest Dice" in found.told.text


def test_a_batch_and_a_case_are_two_questions(readings: Read) -> None:
    """The worst case is looked for in all batches, where no more than an `and` joins the two."""
    [found] = readings("the worst batch and the worst case of skin-base by dice", "worst case K1 of M1")
    assert found.query.within is None
