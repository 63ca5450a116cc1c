"""glassbox.llm.pairs, glassbox.llm.sql: two models batch by batch or case by case, against the tables themselves."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable
from glassbox.llm.labels import shown
from glassbox.llm.language import Line
from glassbox.llm.linker import Linked
from glassbox.llm.pairs import apart

Read = Callable[[str, str], list[Reading]]
Link = Callable[[str], Linked]


@pytest.fixture
def both(metrics: Path) -> Callable[[str], pd.DataFrame]:
    """The tables of skin-base and skin-recall side by side, `_x` and `_y`."""

    def read(level: str) -> pd.DataFrame:
        base, recall = (pd.read_csv(metrics / level / f"skin-{name}.csv") for name in ("base", "recall"))
        return base.merge(recall, on="case" if level == "cases" else "batch")

    return read


FURTHEST = [  # question, the model's line, the level, the metric, what is ranked by
    ("in which batch do skin-base and skin-recall differ most in dice", "best batch K1 of M1 M2", "batches", "dice",
     lambda one, other: (one - other).abs()),
    ("on which case does skin-recall lose most dice against skin-base", "worst case K1 of M1 M2", "cases", "dice",
     lambda one, other: one - other),
    ("case where skin-recall beats skin-base by most in iou", "best case K1 of M1 M2", "cases", "iou",
     lambda one, other: other - one),
    ("which case costs most hd95 from skin-base to skin-recall", "worst case K1 of M1 M2", "cases", "hd95_px",
     lambda one, other: other - one),  # less is better: what is lost is more
    ("which batch has the smallest gap between skin-base and skin-recall in dice", "refuse", "batches", "dice",
     lambda one, other: -(one - other).abs()),
    ("in which batch is dice of skin-base most above that of skin-recall, most higher", "max batch K1 of M1 M2",
     "batches", "dice", lambda one, other: one - other),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "level", "metric", "measure"), FURTHEST)
def test_where_two_models_are_furthest_apart(
    answered: Read,
    both: Callable[[str], pd.DataFrame],
    question: str,
    line: str,
    level: str,
    metric: str,
    measure: Callable[[pd.Series, pd.Series], pd.Series],
) -> None:
    """The row of the joined tables; both numbers are told, and by how much."""
    table = both(level)
    far = measure(table[f"{metric}_x"], table[f"{metric}_y"])
    wanted = table.loc[far.idxmax()]
    [found] = answered(question, line.replace("refuse", "list batch of M1 M2"))
    [row] = found.told.rows
    key = "case" if level == "cases" else "batch"
    assert row["case_name" if key == "case" else "batch"] == wanted[key]
    assert row["apart"] == pytest.approx(abs(far.max()))
    assert {row["first"], row["second"]} == {wanted[f"{metric}_x"], wanted[f"{metric}_y"]}
    named = row["case_name"] if key == "case" else row["batch"]
    assert f"{key} {named}, by {shown(row['apart'])} ({shown(row['first'])} and" in found.told.text


COUNTED = [
    ("on how many cases does skin-base beat skin-recall by more than 0.1 in dice", lambda far: far > 0.1, "more than"),
    ("how many cases has skin-base at least 0.1 higher dice than skin-recall", lambda far: far >= 0.1, "at least"),
    ("how many cases of skin-base lie within 0.2 of skin-recall in dice", lambda far: far.abs() <= 0.2, "at most"),
    ("on how many cases is skin-base behind skin-recall by over 0.1 in dice", lambda far: -far > 0.1, "below"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "test", "told"), COUNTED)
def test_on_how_many_one_is_ahead_by_so_much(
    answered: Read,
    both: Callable[[str], pd.DataFrame],
    question: str,
    test: Callable[[pd.Series], pd.Series],
    told: str,
) -> None:
    table = both("cases")
    [found] = answered(question, "count case K1 above N1 of M1 M2")
    wanted = int(test(table["dice_x"] - table["dice_y"]).sum())
    assert 0 < wanted < len(table)
    assert found.told.rows[0]["value"] == wanted and found.told.rows[0]["rows"] == len(table)
    assert told in found.told.text and f": {wanted} of {len(table)} cases." in found.told.text


def test_a_list_of_those_furthest_apart(answered: Read, both: Callable[[str], pd.DataFrame]) -> None:
    """As many as asked for, the furthest first."""
    table = both("cases")
    far = (table["dice_x"] - table["dice_y"]).abs()
    [found] = answered("list the 3 cases where skin-base and skin-recall differ most in dice", "list case K1 max N1")
    assert [row["case_name"] for row in found.told.rows] == list(table.loc[far.nlargest(3).index, "case"])


OTHERS = [  # no question of how far two models are apart, batch by batch
    "on how many cases does skin-base beat skin-recall in dice",
    "difference in dice between skin-base and skin-recall",
    "worst batch of skin-base and skin-recall by dice",
    "is skin-base better than skin-recall in dice on most cases",
    "in which batch is the dice of skin-base highest",
    "which model has the largest gap between skin-base and skin-recall",
]


@pytest.mark.parametrize("question", OTHERS)
def test_other_questions_are_left_alone(spoken: Link, question: str) -> None:
    linked = spoken(question)
    line = Line("worst", unit="batch", models=tuple(linked.tags("M")))
    assert apart(line, linked, set(linked.spelt)) is None


BEYOND = [  # of which such a ranking could hold a part alone
    "in which batch do skin-base and skin-recall not differ most in dice",
    "in which batch is skin-base beaten most by skin-recall in dice",
    "on how many cases does skin-base fail to beat skin-recall by 0.1 dice",
    "on how many cases does skin-base beat skin-recall and skin-precision by more than 0.1 dice",
    "3 batches other than batch 1 where skin-base and skin-recall differ most in dice",
    "on which batch below 3 do skin-base and skin-recall differ most in dice",
    "in what share of cases does skin-base beat skin-recall by more than 0.1 dice",
    "on how many cases does skin-base beat skin-recall by more than 0.1 in dice and iou",
]


@pytest.mark.parametrize("question", BEYOND)
def test_what_goes_beyond_is_refused(spoken: Link, question: str) -> None:
    """Rather than answered by half."""
    linked = spoken(question)
    line = Line("count", unit="case", models=tuple(linked.tags("M"))[:2])
    with pytest.raises(Unanswerable):
        apart(line, linked, set(linked.spelt))


def test_behind_by_less_is_behind_at_all(answered: Read, both: Callable[[str], pd.DataFrame]) -> None:
    """`Ahead by less than 0.2` leaves out those where it is behind."""
    far = both("cases")["dice_x"] - both("cases")["dice_y"]
    [found] = answered(
        "on how many cases does skin-base beat skin-recall by less than 0.2 in dice", "count case K1 of M1"
    )
    [row] = found.told.rows
    assert row["value"] == int(((far > 0) & (far < 0.2)).sum()) < int((far < 0.2).sum())
    assert row["rows"] == len(far)
    [found] = answered(
        "on which case is skin-base ahead of skin-recall by the smallest margin in dice", "difference K1 of M1 M2"
    )
    assert found.told.rows[0]["apart"] == pytest.approx(far[far > 0].min())


@pytest.mark.parametrize(
    ("said", "test"), [("0.2 or less", lambda far: far <= 0.2), ("0.2 or more", lambda far: far >= 0.2)]
)
def test_a_bound_with_its_word_behind(
    answered: Read, both: Callable[[str], pd.DataFrame], said: str, test: Callable[[pd.Series], pd.Series]
) -> None:
    far = (both("cases")["dice_x"] - both("cases")["dice_y"]).abs()
    [found] = answered(
        f"on how many cases do skin-base and skin-recall differ in dice by {said}", "count case K1 of M1"
    )
    assert found.told.rows[0]["value"] == int(test(far).sum())


SIDES = [
    ("dice skin-base or skin-recall", "value K1 of M1 M2", "compare"),
    ("dice skin-base versus skin-recall", "value K1 of M1 M2", "compare"),
    ("dice of skin-base and skin-recall", "value K1 of M1 M2", "value"),
    ("dice of skin-base minus that of skin-recall", "value K1 of M1 M2", "difference"),
    ("low contrast and high contrast : dice of skin-base lost", "compare K1 of M1", "difference"),
    ("low contrast and high contrast : dice of skin-base", "compare K1 of M1", "compare"),
    ("how much more dice has skin-base on low contrast than on high contrast", "value K1 of M1", "difference"),
    ("ece of skin-base before minus after calibration", "value K1 of M1", "difference"),
]


@pytest.mark.parametrize(("question", "line", "verb"), SIDES)
def test_which_of_two_is_a_comparison(answered: Read, question: str, line: str, verb: str) -> None:
    [found] = answered(question, line)
    assert found.query.verb == verb
