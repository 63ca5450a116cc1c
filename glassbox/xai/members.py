"""Networks of several members side by side, whose layers' names differ in a letter: `encoder1a_relu1`, `encoder1b_...`.

Each member speaks for a part of the score. What is told of a layer is told of it in all of them.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from glassbox.xai.gradient import Floats


def block(name: str, names: Iterable[str]) -> str:
    """The beginning of a layer's name, up to the first `_`, without the letter of a member where there are several.

    A number behind the `_` belongs to the beginning: Keras counts layers so.

    >>> block("encoder1a_relu2", ["encoder1a_relu2", "encoder1b_relu2"]), block("conv2d_3", ["conv2d_3"])
    ('encoder1', 'conv2d_3')
    """
    starts = {_start(each) for each in names}
    start = _start(name)
    whole = start[:-1]
    return whole if {f"{whole}a", f"{whole}b"} <= starts else start


def merged(maps: Mapping[str, Floats]) -> dict[str, Floats]:
    """The mean of the maps of a layer over the members, by its name without their letters, in order."""
    groups: dict[str, list[Floats]] = {}
    for name, values in maps.items():
        groups.setdefault(block(name, maps) + name[len(_start(name)) :], []).append(values)
    return {name: np.mean(found, axis=0, dtype=np.float32) for name, found in groups.items()}


def _start(name: str) -> str:
    start, _, rest = name.partition("_")
    return name if rest.isdigit() else start
