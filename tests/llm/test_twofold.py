"""glassbox.llm.twofold: two places of one ranking asked for at once. (Both of its ends: test_ranking.py.)"""

from collections.abc import Callable

import pytest

from glassbox.llm.language import parse
from glassbox.llm.linker import Linked
from glassbox.llm.twofold import both_ranks

Link = Callable[[str], Linked]
RANKS = [
    ("best and second best batch of skin-base by dice", "best batch K1 of M1", (1, 2)),
    ("the worst and the second worst batch of skin-base by dice", "worst batch K1 of M1", (1, 2)),
    ("list the second best batch of skin-base by dice , both", "best batch K1 of M1", (1, 2)),
    ("top 2 batches of skin-base by dice , the second best as well", "list batch K1 best N1 of M1", (1,)),
    ("which model of skin wins on dice and which is second best", "best model K1 of T1", (1, 2)),
    ("second best batch of skin-base by dice", "best batch K1 of M1", (2,)),
    ("best batch of skin-base by dice", "best batch K1 of M1", (1,)),
    ("third best batch of skin-base by dice", "best batch K1 of M1", (3,)),
]


@pytest.mark.parametrize(("question", "line", "ranks"), RANKS)
def test_two_places_are_asked_for_one_after_the_other(
    spoken: Link, question: str, line: str, ranks: tuple[int, ...]
) -> None:
    assert tuple(linked.rank for linked in both_ranks(parse(line), spoken(question))) == ranks
