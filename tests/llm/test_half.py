"""glassbox.llm.accounting.half: half of what is asked is not told, nor another form of it."""

from collections.abc import Callable

import pytest

from glassbox.llm.accounting.half import without_interval
from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import Catalogue
from glassbox.llm.linker import Linked
from glassbox.llm.typed import Query

Typed = Callable[[str, str], list[Query]]
Read = Callable[[str, str], list[Reading]]
REFUSED = [  # with the line that a model would write, which does not know one of the words
    (
        "the gap in dice of skin-base between low contrast and the most striking",
        "difference K1 of M1",
        "each of the two",
    ),
    ("dice of skin-base on small size versus the bulkiest", "difference K1 of M1", "each of the two"),
    ("how much dice does skin-base lose when a card appears", "value K1 of M1", "difference of two"),
    ("by how much does the dice of skin-base exceed its mean", "mean case K1 of M1", "difference of two"),
    ("which corruptions cost skin-balanced at least 0.02 dice", "list corruption K1 least N1 of M1", "one corruption"),
    ("the mean dice of skin-balanced over all corruptions of strength 1", "list corruption K1 of M1", "over some"),
    ("how many healthy children are in skin", "count case of T1", "what is to be counted"),
    ("what share of saliency of skin-balanced falls inside", "count method of M1", "a method by its name"),
    ("iou of skin-balanced when not badly blur 4", "value K1 of M1", "own name"),
    ("what subgroup was fixed for skin-base", "worst group of M1", "which end"),
    ("dice of skin-base in the knees and elbows group", "value K1 of M1", "not recorded"),
    ("hd95 of skin-base , that is the max instead of the percentile", "value K1 of M1", "percentile alone"),
    ("what dice has skin-base if it fits inside", "list case K1 of M1", "one value"),
]
LOST = [  # with the values of a corruption's condition, and of none
    ("how much dice does skin-balanced lose when blur 4", "value K1 of M1", True),
    ("dice of skin-balanced lost when blur 4", "difference K1 of M1", True),
    ("how much dice does skin-balanced lose when blur 4 instead of another", "difference K1 of M1", False),
    ("how far does the dice of skin-balanced sink under blur 4 , compared with none", "value K1 of M1", True),
    ("the dice of skin-balanced with blur 4", "value K1 of M1", None),
    ("what dice does skin-balanced sink to under blur 4", "value K1 of M1", None),
]
TOLD = [  # the same lines where they are asked for
    ("the gap in dice of skin-base between low contrast and all", "difference K1 of M1"),
    ("dice of skin-base on small size versus low contrast", "difference K1 of M1"),
    ("how many cases are in skin", "count case of T1"),
    ("how many methods does skin-balanced have", "count method of M1"),
    ("the dice of each case of skin-base", "list case K1 of M1"),
    ("the weakest subgroup of skin-base", "worst group of M1"),
]


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_half_of_it_is_not_told(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable, match=told):
        answered(question, line)


@pytest.mark.parametrize(("question", "line"), TOLD)
def test_what_is_asked_for_is_told(answered: Read, question: str, line: str) -> None:
    assert answered(question, line)


@pytest.mark.parametrize(("question", "line", "told"), LOST)
def test_what_a_corruption_costs_is_a_difference(answered: Read, question: str, line: str, told: bool | None) -> None:
    """From what it is without; and a value where no loss is asked for."""
    if told is False:
        with pytest.raises(Unanswerable):
            answered(question, line)
        return
    [found] = answered(question, line)
    assert found.query.verb == ("difference" if told else "value")
    assert ({entry.parts[0] for entry in found.query.entries} == {"blur", "none"}) is bool(told)


INTERVALS = [
    ("the ci of the dice of skin-base", "value K1 of M1", True),
    ("upper bound of the ci of the dice of skin-base", "value K1 of M1", True),
    ("the interval of the temperature of skin-base", "value K1 of M1", False),
    ("the limits of the temperature of skin-base", "value K1 of M1", False),
    ("the temperature of skin-base", "value K1 of M1", True),
]


@pytest.mark.parametrize(("question", "line", "there"), INTERVALS)
def test_no_interval_is_left_out_in_silence(
    typed: Typed, linked: Callable[[str], Linked], catalogue: Catalogue, question: str, line: str, there: bool
) -> None:
    """A value that has none is not told where the interval is asked for."""
    lacking = [without_interval(linked(question), query, catalogue) for query in typed(question, line)]
    assert [told is None for told in lacking] == [there]


APART = [
    ("precision minus recall of chart", "difference X1 of X2 T1", ["precision", "recall"]),  # it has no such variants
    ("does the dice of skin-base drop from high contrast to low contrast ? give the difference", "compare K1 of M1",
     ["dice", "dice"]),
    ("train cases minus test cases of skin", "count case of T1", ["cases", "cases"]),
    ("exact duplicates across splits minus faults of skin", "difference K1 K2 of T1", ["exact_across", "faults"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "parts"), APART)
def test_a_difference_is_told_and_not_both_sides(typed: Typed, question: str, line: str, parts: list[str]) -> None:
    """Of two metrics, two groups, two splits or two numbers of a task."""
    [query] = typed(question, line)
    assert (query.verb, [entry.parts[-1] for entry in query.entries]) == ("difference", parts)
