"""glassbox.llm.sets: data sets ranked, listed and counted by their sizes and their duplicates."""

import sqlite3
from collections.abc import Callable

import pytest

from glassbox.llm.answer import tell
from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import Catalogue
from glassbox.llm.linker import Linked
from glassbox.llm.query import resolve
from glassbox.llm.sets import by_size
from glassbox.llm.sql import statement

Read = Callable[[str, str], list[Reading]]
Link = Callable[[str], Linked]
SIZED = [  # cases of the test splits are 12, 9 and 21
    ("which task has the most test cases", "all tasks, test split: the task with the highest cases: chart, at 21."),
    ("which task has the fewest test cases", "all tasks, test split: the task with the lowest cases: eye, at 9."),
    ("smallest test set of all tasks", "all tasks, test split: the task with the lowest cases: eye, at 9."),
    ("which tasks have more than 10 test cases", "all tasks, test split: cases by task (above 10): chart 21, skin 12."),
    ("which tasks have at least 12 test cases", "cases by task (at least 12): chart 21, skin 12."),
    ("how many tasks have more than 10 test cases", "all tasks, test split: 2 tasks with cases above 10."),
]


@pytest.mark.parametrize(("question", "told"), SIZED)
def test_sizes_of_data_sets(
    records: sqlite3.Connection, catalogue: Catalogue, spoken: Link, question: str, told: str
) -> None:
    """Without a model: the words leave no doubt."""
    linked = spoken(question)
    line = by_size(linked, {*linked.spelt})
    assert line
    [query] = resolve(line, linked, catalogue)
    assert tell(query, statement(query, catalogue).run(records), catalogue).text.endswith(told)


OTHERS = [
    "which task has the most test cases of low contrast", "which of skin and eye has the most test cases",
    "which task has not the most test cases", "how many test cases", "which task has the most cases",
    "which model has the most test cases of skin", "which task has the most test cases with a dice above 0.5",
    "which task has the most rejected test cases", "how many more test cases has one task than another",
]  # fmt: skip


@pytest.mark.parametrize("question", OTHERS)
def test_with_anything_else_said_it_is_another_question(spoken: Link, question: str) -> None:
    linked = spoken(question)
    assert by_size(linked, {*linked.spelt}) is None


DUPLICATED = [  # two in each
    ("which tasks have exact duplicates", "list task", "by task (above 0): chart 2, eye 2, skin 2."),
    ("how many tasks have exact duplicates", "value K1", "3 tasks with exact duplicates across splits above 0."),
    (
        "which tasks have no exact duplicates",
        "list task",
        "all tasks: no tasks with exact duplicates across splits equal to 0.",
    ),
    ("how many exact duplicates of skin straddle two splits", "count model K1 above N1 of T1", "splits 2."),
]


@pytest.mark.parametrize(("question", "line", "told"), DUPLICATED)
def test_sets_with_duplicates(answered: Read, question: str, line: str, told: str) -> None:
    [found] = answered(question, line)
    assert told in found.told.text


SUMMED = [
    ("how many test cases do all tasks have together", "Sum of cases over 3 tasks (all tasks, test split): 42."),
    ("test cases of skin and eye in sum", "Sum of cases over 2 tasks (skin and eye, test split): 21."),
    ("the largest number of test cases of all tasks together", None),  # which is no sum
    ("test cases of skin and eye", None),
]


@pytest.mark.parametrize(("question", "told"), SUMMED)
def test_cases_of_several_data_sets_together(answered: Read, question: str, told: str | None) -> None:
    """One number where a sum is asked for, else one for each."""
    line = "count case of T1 T2" if "eye" in question else "count case of T1"
    [found] = answered(question, line)
    assert (found.told.text == told) if told else (found.query.verb == "value")


def test_a_mean_over_data_sets_is_not_told(answered: Read) -> None:
    with pytest.raises(Unanswerable, match="Means over tasks"):
        answered("the mean number of test cases of all tasks together", "count case of T1")


def test_the_best_models_of_all_tasks(answered: Read) -> None:
    """Those that all record a metric alike are ranked together, and no more are told than were asked for."""
    [found] = answered("list the 2 best models by dice of all tasks", "list model K1 best N1 of T1")
    scores = sorted((row["value"] for row in found.told.rows), reverse=True)
    assert [row["value"] for row in found.told.rows] == scores
    [best] = answered("the best model by dice of all tasks", "best model K1 of T1")
    assert len(scores) == 2 and scores[0] == best.told.rows[0]["value"]
