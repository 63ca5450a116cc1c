"""Seeded hold-outs that keep a patient on one side."""

from collections.abc import Sequence

import numpy as np

from glassbox.errors import GlassboxError


def holdout(
    names: Sequence[str],
    groups: Sequence[str] | None,
    share: float,
    seed: int,
    strata: Sequence[str] | None = None,
) -> tuple[list[str], list[str]]:
    """Hold out about ``share`` of the cases for validation: (train, val), each sorted by name.

    ``groups`` (a patient per case; None: every case by itself) are never divided, so no patient is on both sides.
    ``strata`` (a class per case) are held out one by one at the same share; a group that spans several counts to the
    alphabetically first of them. Within a stratum the groups are drawn in a seeded order and taken while they fit into
    ``round(share * cases)``, so the share held out is never above that and falls short by less than the largest group
    left. The result depends on the set of cases, not on their order.

    Raises `GlassboxError` for a share outside [0, 1), a name given twice or columns of different lengths.

    >>> train, val = holdout(["a1", "a2", "b1", "c1"], ["a", "a", "b", "c"], share=0.5, seed=0)
    >>> len(val), ("a1" in val) == ("a2" in val)
    (2, True)
    """
    _refuse(names, groups, share, strata)
    members: dict[str, list[str]] = {}
    stratum_of: dict[str, str] = {}
    for name, group, stratum in sorted(zip(names, groups or names, strata or [""] * len(names), strict=True)):
        members.setdefault(group, []).append(name)
        stratum_of[group] = min(stratum, stratum_of.get(group, stratum))
    val: list[str] = []
    for index, stratum in enumerate(sorted(set(stratum_of.values()))):
        inside = sorted(group for group in members if stratum_of[group] == stratum)
        val += _draw({group: members[group] for group in inside}, share, [seed, index])
    held = set(val)
    return sorted(name for name in names if name not in held), sorted(val)


def _draw(members: dict[str, list[str]], share: float, seed: list[int]) -> list[str]:
    groups = list(members)
    room = round(share * sum(len(cases) for cases in members.values()))
    drawn: list[str] = []
    for index in np.random.default_rng(seed).permutation(len(groups)):
        cases = members[groups[index]]
        if len(drawn) + len(cases) <= room:
            drawn += cases
    return drawn


def _refuse(names: Sequence[str], groups: Sequence[str] | None, share: float, strata: Sequence[str] | None) -> None:
    if not 0 <= share < 1:
        raise GlassboxError("holdout", f"share {share}", "a share of the training cases, at least 0 and below 1")
    if len(set(names)) < len(names):
        twice = next(name for name in sorted(names) if names.count(name) > 1)
        raise GlassboxError("holdout", f"case {twice} given twice", "every case once")
    for title, column in (("groups", groups), ("strata", strata)):
        if column is not None and len(column) != len(names):
            raise GlassboxError("holdout", f"{len(column)} {title} for {len(names)} cases", "one for each case")
