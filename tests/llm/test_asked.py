"""glassbox.llm.asked: conditions side by side."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading

Read = Callable[[str, str], list[Reading]]
SIDES = [  # question, line, the keys told
    ("pooled versus per image dice of skin-base", "value K1 of M1", ["pooled.dice", "dice.mean"]),
    ("dice of skin-balanced with blur 4 vs undisturbed", "value K1 of M1", ["blur.4.dice.mean", "none.dice.mean"]),
    ("dice of skin-base for low contrast and high contrast", "value K1 of M1",
     ["contrast.low.dice.mean", "contrast.high.dice.mean"]),
    ("dice of skin-base for low contrast", "value K1 of M1", ["contrast.low.dice.mean"]),
    ("contrast low contrast and high contrast dice of skin-base", "value K1 of M1",
     ["contrast.low.dice.mean", "contrast.high.dice.mean"]),
    ("contrast the dice of skin-base with that of skin-recall", "compare K1 of M1 M2", ["dice.mean"]),
    ("pooled dice and iou of skin-base vs those of all images", "value K1 K2 of M1", ["pooled.dice", "pooled.iou"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "keys"), SIDES)
def test_a_condition_beside_another(readings: Read, question: str, line: str, keys: list[str]) -> None:
    """Each side once; an axis adds nothing to its groups, and is a verb before `the`."""
    [found] = readings(question, line)
    assert list(found.query.metrics) == keys
