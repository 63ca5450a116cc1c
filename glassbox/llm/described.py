"""Everything behind an answer, as JSON: query, SQL with its parameters, rows and sources."""

from typing import Any

from glassbox.llm.ask import Answer, Reading
from glassbox.llm.typed import Query


def as_json(found: Answer) -> dict[str, Any]:
    """Everything behind an answer: query, SQL with its parameters, rows and sources; of several readings, each."""
    told = [_reading_json(reading) for reading in found.readings]
    nothing: dict[str, Any] = {"query": None, "sql": None, "parameters": [], "rows": [], "sources": []}
    one = told[0] if len(told) == 1 else nothing
    said = {"answer": found.text, "line": found.line, "read_as": found.read_as}
    return {"status": found.status, **one, **said, "readings": told}


def _reading_json(reading: Reading) -> dict[str, Any]:
    return {
        "query": describe(reading.query),
        "sql": reading.statement.text,
        "parameters": list(reading.statement.parameters),
        "rows": list(reading.told.rows),
        "sources": list(reading.told.sources),
        "answer": reading.told.text,
    }


def describe(query: Query) -> dict[str, Any]:
    """The typed query, name by name."""
    return {
        "aggregate": query.verb,
        "unit": query.unit,
        "metrics": list(query.metrics),
        "models": list(query.models),
        "task": query.task,
        "splits": sorted({entry.split for entry in query.entries if entry.split}),
        "batches": list(query.batches),
        "cases": list(query.cases),
        "condition": [query.test, *query.bounds] if query.test else None,
        "order": query.order,
        "limit": query.limit,
        "within": [query.within.entries[0].metric, query.within.order] if query.within else None,
        "held": [[held.entries[0].metric, held.test, held.bound] for held in query.held],
        "sized": [query.sized.test, query.sized.bound] if query.sized else None,
        "called": vars(query.called) if query.called else None,
        "rank": query.rank,
        "wins": query.wins,
        "apart": query.apart,
    }
