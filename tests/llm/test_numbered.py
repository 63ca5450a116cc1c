"""glassbox.llm.accounting.numbered: a number that no part of the line takes up is not passed over."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
REFUSED = [  # with the line of a model that passes over it
    ("dice of skin-base in fold 3", "value K1 of M1", "not recorded"),
    ("dice of skin-base quire 41", "value K1 of M1", "What quire stands for"),
    ("the three ghastliest cases of skin-base by dice", "list case K1 best N1 of M1", "from which end"),
    ("which is the weirdest case of skin-base", "best case of M1", "from which end"),
    ("dice of skin-base at 0.3", "value K1 of M1", "chosen threshold"),
    ("dice of skin for test 11", "value K1 of T1", "Name the case"),
    ("dice of skin-base with 200 samples", "list case K1 best N1 of M1", "Of that number"),
    ("cases of skin-base with a dice of less than 0.5", "list case K1 of M1", "bound"),
    ("how many tasks are there with more than 500 cases", "count task", "bound"),
    ("mean dice of skin-base over the first 10 cases", "mean case K1 of M1", "ask by those"),
]
TOLD = [
    ("is the dice of skin-base above 0.8 ?", "value K1 of M1"),
    ("dice of skin-base in batch 3", "value K1 in batch N1 of M1"),
    ("the three worst cases of skin-base by dice", "list case K1 worst N1 of M1"),
    ("cases of skin-base with a dice above 0.5", "list case K1 above N1 of M1"),
]


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_a_number_that_fits_nowhere_is_refused(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable, match=told):
        answered(question, line)


@pytest.mark.parametrize(("question", "line"), TOLD)
def test_numbers_that_are_taken_up_are_told(answered: Read, question: str, line: str) -> None:
    assert answered(question, line)
