"""Hold-outs: seeded, of the promised size, and never with a patient on both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.data.split import holdout
from glassbox.errors import GlassboxError

COHORTS = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.sampled_from(["benign", "malign"])), min_size=1, max_size=60
)


@given(COHORTS, st.floats(0, 0.9), st.integers(0, 2**31))
def test_no_group_is_on_both_sides(cohort: list[tuple[str, str]], share: float, seed: int) -> None:
    """Every case is on exactly one side, and so is every group."""
    names = [f"case{index:02d}" for index in range(len(cohort))]
    groups, strata = [group for group, _ in cohort], [stratum for _, stratum in cohort]
    train, val = holdout(names, groups, share, seed, strata)
    assert sorted(train + val) == names
    group_of = dict(zip(names, groups, strict=True))
    assert not {group_of[name] for name in train} & {group_of[name] for name in val}


@given(COHORTS, st.floats(0, 0.9), st.integers(0, 2**31), st.randoms())
def test_the_order_of_the_cases_does_not_matter(cohort: list[tuple[str, str]], share: float, seed: int, rng) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """A shuffled cohort is divided the same way."""
    rows = [(f"case{index:02d}", *row) for index, row in enumerate(cohort)]
    shuffled = rng.sample(rows, len(rows))
    columns = [tuple(zip(*order, strict=True)) for order in (rows, shuffled)]
    results = [holdout(names, groups, share, seed, strata) for names, groups, strata in columns]
    assert results[0] == results[1]


@given(st.integers(1, 300), st.floats(0, 0.99), st.integers(0, 2**31))
def test_single_cases_are_held_out_at_the_exact_share(count: int, share: float, seed: int) -> None:
    """Without groups, round(share * cases) are held out."""
    _, val = holdout([f"{index:03d}" for index in range(count)], None, share, seed)
    assert len(val) == round(share * count)


def test_each_stratum_is_held_out_at_the_same_share() -> None:
    """A rare class keeps its share."""
    names = [f"{index:03d}" for index in range(200)]
    strata = ["rare" if index < 20 else "frequent" for index in range(200)]
    _, val = holdout(names, None, 0.1, 7, strata)
    assert sum(name < "020" for name in val) == 2
    assert len(val) == 20


def test_a_group_of_two_strata_counts_to_the_first() -> None:
    """Counted to "a", where it is alone, the pair is never held out; in "z" it would be, for some seeds."""
    names = ["x1", "x2", *(f"z{index}" for index in range(8))]
    groups = ["x", "x", *names[2:]]
    strata = ["a", "z", *"zzzzzzzz"]
    held = [holdout(names, groups, 0.2, seed, strata)[1] for seed in range(30)]
    assert all(len(val) == 2 and "x1" not in val for val in held)


def test_the_seed_decides() -> None:
    """The same seed gives the same sides, another seed others, on every machine."""
    names = [f"{index:03d}" for index in range(100)]
    assert holdout(names, None, 0.1, 1) == holdout(names, None, 0.1, 1)
    assert holdout(names, None, 0.1, 1) != holdout(names, None, 0.1, 2)
    assert holdout(names[:10], None, 0.3, 1)[1] == ["004", "007", "008"]


@pytest.mark.parametrize(
    ("names", "groups", "share", "found"),
    [
        (["a", "b"], None, 1.0, "share 1.0"),
        (["a", "b"], None, -0.1, "share -0.1"),
        (["a", "b"], None, float("nan"), "share nan"),
        (["a", "b", "a"], None, 0.5, "case a given twice"),
        (["a", "b"], ["p"], 0.5, "1 groups for 2 cases"),
    ],
)
def test_what_makes_no_sense_is_refused(names: list[str], groups: list[str] | None, share: float, found: str) -> None:
    """One line that says which argument."""
    with pytest.raises(GlassboxError, match=found):
        holdout(names, groups, share, 0)
