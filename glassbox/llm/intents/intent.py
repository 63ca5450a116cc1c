"""What a question asks for, apart from the names and numbers in it: an intent, in two labels.

    count case below N | dice                  how many pictures of <model> have a Dice under #
    list batch worst N | iou                   the # batches where <model> overlaps least
    difference | jpeg.#.dice none.dice         what does JPEG # cost <task> in Dice
    value in batch | recall                    how much was found in batch # by <model>

Left of the bar stands its shape: verb, unit, order, limit, test, place, as in a query line (`language`). Right of it
stand the keys of what is measured, with `#` where the question holds a strength and `@` where it names a class.
"""

from dataclasses import dataclass
from typing import Self

from glassbox.errors import GlassboxError
from glassbox.llm.language import EXTREMES, TESTS, UNITS, VERBS

NUMBER, STRENGTH, CLASS = "N", "#", "@"
NONE = "none"  # of what nothing is measured: `how many models are there`
REFUSE, AMBIGUOUS = "refuse", "ambiguous"  # intents without keys


@dataclass(frozen=True)
class Intent:
    """`bounds` are numbers of the question (`N`) or what a flag is held to (`0`, `1`)."""

    verb: str
    unit: str | None = None
    keys: tuple[str, ...] = ()
    order: str | None = None
    limited: bool = False
    test: str | None = None
    bounds: tuple[str, ...] = ()
    batched: bool = False

    @classmethod
    def read(cls, shape: str, keys: str) -> Self:
        """From its two labels. Raises `GlassboxError` for a shape that is none."""
        verb, *rest = shape.split()
        unit = rest.pop(0) if rest and rest[0] in UNITS else None
        order = rest.pop(0) if rest and rest[0] in EXTREMES else None
        limited = bool(order and rest and rest[0] == NUMBER and rest.pop(0))
        test = rest.pop(0) if rest and rest[0] in TESTS else None
        bounds = []
        while test and rest and (rest[0] == NUMBER or rest[0].isdigit()):
            bounds.append(rest.pop(0))
        batched = rest == ["in", "batch"]
        if (verb not in VERBS and verb != AMBIGUOUS) or (rest and not batched):
            raise GlassboxError("intent", repr(shape), "verb, unit, order, limit, test, place")
        named = tuple(keys.split()) if keys != NONE else ()
        return cls(verb, unit, named, order, limited, test, tuple(bounds), batched)

    @property
    def shape(self) -> str:
        """The label left of the bar."""
        parts = (self.verb, self.unit, self.order, NUMBER if self.limited else None, self.test, *self.bounds)
        return " ".join([*filter(None, parts), *(["in batch"] if self.batched else [])])

    @property
    def measured(self) -> str:
        """The label right of the bar."""
        return " ".join(self.keys) or NONE
