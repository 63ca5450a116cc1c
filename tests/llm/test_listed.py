"""glassbox.llm.listed: so many from one end, or beyond a number, in whatever words."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.language import Line, parse
from glassbox.llm.linker import Linked
from glassbox.llm.listed import averaged, of_a_bound, of_an_end, of_one_group, of_tasks, several

Link = Callable[[str], Linked]
ENDS = [
    ("show me the six spots that skin-base outlines worst by dice", ("case", "worst")),
    ("the 3 batches where skin-base has the highest dice", ("batch", "max")),
    ("the three lesions of skin-base with the lowest dice", ("case", "min")),
    ("delete the six worst cases of skin-base by dice", None),
    ("the six cases of skin-base with a dice above the worst", None),
    ("the best and the worst 3 cases of skin-base by dice", None),
    ("the six worst cases of skin-base by dice and recall", None),
    ("the worst dice of skin-base in batch 3", None),
    ("the 3 worst of skin-base by dice", None),
]


@pytest.mark.parametrize(("question", "found"), ENDS)
def test_one_number_one_metric_one_end(spoken: Link, question: str, found: tuple[str, str] | None) -> None:
    expected = None
    if found:
        unit, order = found
        expected = Line("list", unit=unit, metrics=("K1",), order=order, limit="N1", models=("M1",))
    assert of_an_end(spoken(question)) == expected


TASKS = [
    ("which data sets have more than 9 exact duplicates across splits", ("above", "N1")),
    ("name the tasks with at least 2 exact duplicates across splits", ("least", "N1")),
    ("list the tasks by exact duplicates across splits", None),
    ("which tasks do not have more than 9 exact duplicates across splits", None),
    ("which data sets of skin-base have more than 9 exact duplicates across splits", None),
    ("how many tasks have more than 9 exact duplicates across splits", None),  # a count, and no list
    ("which batches have more than 9 exact duplicates across splits", None),
]


@pytest.mark.parametrize(("question", "found"), TASKS)
def test_tasks_with_more_or_less_of_something(spoken: Link, question: str, found: tuple[str, str] | None) -> None:
    expected = Line("list", unit="task", metrics=("K1",), test=found[0], bounds=(found[1],)) if found else None
    assert of_tasks(spoken(question)) == expected


def test_of_one_group_a_value_is_asked(spoken: Link) -> None:
    """And of all of them a list."""
    listed = Line("list", unit="group", metrics=("K1",), models=("M1",))
    one = spoken("skin-base dice on the subgroup of low contrast")
    assert of_one_group(listed, one, {*one.spelt}) == Line("value", metrics=("K1",), models=("M1",))
    for question in ("skin-base dice by subgroup", "skin-base dice on each subgroup of low contrast"):
        asked = spoken(question)
        assert of_one_group(listed, asked, {*asked.spelt}) == listed


AVERAGED = [
    ("the mean dice over all methods of skin-balanced", "list method K1 of M1", ("mean", "method")),
    ("dice of skin-balanced averaged across corruptions", "mean batch K1 of M1", ("mean", "corruption")),
    ("the mean dice of each method of skin-balanced over all", "list method K1 of M1", ("list", "method")),
    ("all methods of skin-balanced by dice", "list method K1 of M1", ("list", "method")),
    ("the 3 methods of skin-balanced with the best mean dice of all", "list method K1 best N1 of M1",
     ("list", "method")),
    ("the mean dice of skin-balanced over all corruptions of strength 1", "list corruption K1 of M1",
     ("list", "corruption")),
    ("the mean dice drop of skin-balanced over all corruptions", "mean case K1 of M1", ("mean", "case")),
    ("the median dice over all methods of skin-balanced", "median batch K1 of M1", ("median", "method")),
    ("the mean dice over the skin models", "list model K1 of T1", ("mean", "model")),
    ("the mean dice of each of the skin models over all", "list model K1 of T1", ("list", "model")),
    ("the mean dice over all batches of the skin models", "mean batch K1 of T1", ("mean", "batch")),
    ("the mean dice of skin-balanced over all batches", "mean batch K1 of M1", ("mean", "batch")),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "meant"), AVERAGED)
def test_a_mean_over_methods_is_one_number(spoken: Link, question: str, line: str, meant: tuple[str, str]) -> None:
    linked = spoken(question)
    found = averaged(parse(line), linked, {*linked.spelt})
    assert (found.verb, found.unit) == meant


SEVERAL = [
    ("the worst 4 batches of skin-base by dice", "min batch K1 of M1", ("list", "min", "N1")),
    ("the worst batch of skin-base by dice", "min batch K1 of M1", ("min", None, None)),
    ("the batch of skin-base with the lowest dice of batches 3", "min batch K1 in batch N1 of M1", ("min", None, None)),
]


@pytest.mark.parametrize(("question", "line", "meant"), SEVERAL)
def test_as_many_are_told_as_the_number_says(
    spoken: Link, question: str, line: str, meant: tuple[str, str | None, str | None]
) -> None:
    found = several(parse(line), spoken(question))
    assert (found.verb, found.order, found.limit) == meant


def test_a_mean_over_models_is_that_of_their_numbers(answered: Callable[[str, str], list[Reading]]) -> None:
    [each] = answered("the dice of each of the skin models", "list model K1 of T1")
    [mean] = answered("the mean dice over the skin models", "list model K1 of T1")
    values = [row["value"] for row in each.told.rows if row["metric"] == "dice.mean"]
    assert len(values) > 1
    assert mean.told.rows[0]["value"] == pytest.approx(sum(values) / len(values))
    assert f"over {len(values)} models of skin:" in mean.told.text


def test_without_the_word_it_is_no_batch(spoken: Link) -> None:
    line = Line("count", unit="batch", metrics=("K1",), test="least", bounds=("N1",), models=("M1",))
    assert of_a_bound(line, spoken("on how many skins has skin-base at least 300 fp")).unit == "case"
    assert of_a_bound(line, spoken("on how many batches has skin-base at least 300 fp")).unit == "batch"


UNCOUNTED = [
    ("batches of skin-base that hold at least 300 fp", "list"),
    ("how many batches of skin-base hold at least 300 fp", "count"),
    ("do all batches of skin-base hold at least 300 fp", "count"),
]


@pytest.mark.parametrize(("question", "verb"), UNCOUNTED)
def test_what_is_not_counted_is_listed(spoken: Link, question: str, verb: str) -> None:
    line = Line("count", unit="batch", metrics=("K1",), test="least", bounds=("N1",), models=("M1",))
    assert of_a_bound(line, spoken(question)).verb == verb
