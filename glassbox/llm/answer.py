"""The sentence that tells a query's rows, and the verifier that lets no other number through.

A sentence is a template filled from the rows; the model has no part in it. `verify` reads the finished sentence again
and looks for every number of it in the rows, in the question's own bounds, or in the names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glassbox.llm.catalogue import Catalogue
from glassbox.llm.labels import INTERVAL_LEVEL, label, shown, where
from glassbox.llm.measures import LABELS
from glassbox.llm.sentences import sentence
from glassbox.llm.sql import Row
from glassbox.llm.typed import Query

WITH_DIGIT = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?!\w)|\w*\d\w*")
TOLD = ("value", "first", "second", "apart", "batch", "other_batch", "rows")  # columns whose numbers a sentence tells


class Unverified(Exception):
    """A sentence holds a number that no row has. It must not be shown."""


@dataclass(frozen=True)
class Told:
    """A sentence, the rows that it was filled from, and where they stand."""

    text: str
    rows: Sequence[Row]
    sources: tuple[str, ...]


def tell(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> Told:
    """The sentence for these rows, verified. Raises `Unverified`, which only a fault of a template can cause."""
    text = " ".join(sentence(query, rows, catalogue).split())
    verify(text, query, rows)
    return Told(text, rows, tuple(sources(rows)))


def sources(rows: Iterable[Row]) -> list[str]:
    """Each file with the row of the table, where it has one: `metrics/cases/isic-base.csv row 12`."""
    found: dict[str, None] = {}
    for row in rows:
        for prefix in ("", "other_"):
            number = row.get(f"{prefix}row")
            for source in (row.get(f"{prefix}source") or "").split(","):
                found[f"{source} row {number}" if number else source] = None
    found.pop("", None)
    return list(found)


def verify(text: str, query: Query, rows: Sequence[Row]) -> None:
    """Demand that every number of the sentence is, as it is written, one of the rows' or one of the question's own.

    Names are taken out whole first, so that what is left with a digit in it is a number, or no name of the answer.
    """
    names = {str(row[key]) for row in rows for key in row if isinstance(row[key], str)}
    names |= {str(entry.task) for entry in query.entries}
    names |= {*query.models, *query.cases, *filter(None, [query.task]), INTERVAL_LEVEL, *LABELS.values()}
    names |= {query.called.truth or "", query.called.predicted or ""} if query.called else set()
    others = (entry for held in query.held for entry in held.entries)
    asked = (*query.entries, *query.also, *others, *(query.within.entries if query.within else ()))
    names |= {label(entry) for entry in asked} | {where(entry) for entry in asked}
    spelt = [name for name in sorted(filter(None, names), key=len, reverse=True) if not name.isdigit()]
    text = re.sub(rf"(?<![\w.])(?:{'|'.join(map(re.escape, spelt))})(?!\w)", " ", text) if spelt else text
    beside = {(entry.source, entry.metric) for entry in query.also}
    main = sum((row.get("source"), row.get("metric")) not in beside for row in rows)
    told = [row[key] for row in rows for key in TOLD if isinstance(row.get(key), int | float)]
    told += [
        *query.bounds,
        *(held.bound for held in query.held),
        *((query.sized.bound,) if query.sized else ()),
        *query.batches,
        len(rows),
        main,
        *filter(None, [query.limit]),
    ]
    allowed = {shown(value) for value in told} | {name for name in names if name.isdigit()}
    for found in WITH_DIGIT.findall(text):
        if found not in allowed:
            raise Unverified(f"{found} is in no row of the answer")
