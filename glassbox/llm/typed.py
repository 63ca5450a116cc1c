"""The typed query: a question with every name looked up, and nothing left of its words."""

from dataclasses import dataclass, replace

from glassbox.llm.asked import Unanswerable
from glassbox.llm.catalogue import SPREAD, Entry
from glassbox.llm.measures import HIGHER, LOWER


@dataclass(frozen=True)
class Held:
    """A condition on another metric than the one that is ranked, listed or counted."""

    entries: tuple[Entry, ...]
    test: str
    bound: float


@dataclass(frozen=True)
class Within:
    """The batch that ranked cases lie in: the one where these entries are highest (`max`) or lowest (`min`)."""

    entries: tuple[Entry, ...]
    order: str


@dataclass(frozen=True)
class Called:
    """Cases by their class in truth and by what a classifier called them; None for any; `wrong`: the two differ."""

    truth: str | None = None
    predicted: str | None = None
    wrong: bool = False


@dataclass(frozen=True)
class Sized:
    """A condition on how many cases a group has: `sizes` holds the number's entry for each entry that is ranked."""

    sizes: tuple[Entry, ...]
    test: str
    bound: float


@dataclass(frozen=True)
class Query:
    """One reading of a question, every name looked up.

    `entries` say where the numbers stand, for the models in `models` in that order. `order` is `max` or `min` where
    best and worst have been turned by the metric's direction. A condition is a test with its one or two bounds.
    """

    verb: str
    unit: str | None
    entries: tuple[Entry, ...]
    models: tuple[str, ...]
    task: str | None
    batches: tuple[int, ...] = ()
    cases: tuple[str, ...] = ()
    order: str | None = None
    limit: int | None = None
    test: str | None = None
    bounds: tuple[float, ...] = ()
    asked: str | None = None  # best or worst, as it was said
    measured: bool = True  # False where rows are listed for their names alone
    rank: int = 1  # of an extreme: 2 is the second best
    held: tuple[Held, ...] = ()  # conditions on other metrics
    within: Within | None = None  # of cases
    sized: Sized | None = None  # of groups
    called: Called | None = None  # of a classifier's cases
    wins: bool = False  # where it is counted how often the first entry is ahead of the second
    apart: str | None = None  # how far the first entry is from the second: either way, up or down
    also: tuple[Entry, ...] = ()  # told beside what ranks: the recall of the batch with the lowest Dice

    @property
    def sides(self) -> bool:
        """Whether one metric of one model is asked for under two conditions."""
        return len(self.models) < 2 and len(self.entries) > 1 and len({entry.measure for entry in self.entries}) == 1

    @property
    def metrics(self) -> tuple[str, ...]:
        """The keys asked for, each once."""
        return tuple(dict.fromkeys(entry.metric for entry in (*self.entries, *self.also)))


def more_is_better(entry: Entry) -> bool | None:
    """Which way a metric is better; None where that is not known.

    The sensitivity of an explanation tells how far a little noise moves it, and is better when lower.
    """
    if entry.measure == "sensitivity" and entry.source.endswith(SPREAD["method"][0]):
        return False
    return entry.measure in HIGHER if entry.measure in HIGHER | LOWER else None


def ordered(query: Query, order: str) -> Query:
    """`best` and `worst` turned into `max` and `min` by the metric's direction."""
    if order in ("max", "min"):
        return replace(query, order=order)
    way = more_is_better(query.entries[0])
    if way is None:
        measure = query.entries[0].measure
        raise Unanswerable(f"It is not known whether more or less {measure} is better: ask for the highest or lowest.")
    highest = (order == "best") == way
    return replace(query, order="max" if highest else "min", asked=order)
