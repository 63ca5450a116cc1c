"""A typed query as one read-only SQL statement with parameters: names and numbers are never part of its text."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from glassbox.llm.catalogue import Catalogue, Entry
from glassbox.llm.language import AVERAGES, EXTREMES, NAMED
from glassbox.llm.typed import Called, Held, Query, Sized, Within

COLUMNS = ("model", "task", "split", "batch", "case_name", "metric", "value", "source", "row")
ORDER = "model, source, row, metric"
TESTS = {"below": "value < ?", "above": "value > ?", "least": "value >= ?", "most": "value <= ?", "equal": "value = ?",
         "between": "value BETWEEN ? AND ?"}  # fmt: skip
AVERAGED = {
    "mean": "SELECT avg(value) AS value, count(*) AS rows, group_concat(DISTINCT source) AS source FROM found",
    "sum": "SELECT sum(value) AS value, count(*) AS rows, group_concat(DISTINCT source) AS source FROM found",
    "median": (
        "SELECT avg(value) AS value, max(rows) AS rows, group_concat(DISTINCT source) AS source "
        "FROM (SELECT value, source, "
        "row_number() OVER (ORDER BY value) AS place, count(*) OVER () AS rows FROM found) "
        "WHERE place IN ((rows + 1) / 2, (rows + 2) / 2)"
    ),
}
TURNS = {"max": "DESC", "min": "ASC"}
FAR = {"either": "abs(value)", "up": "value", "down": "-value"}
PAIRED = "minus_balanced"  # what a comparison's file calls the paired difference from the balanced model
MOST_ROWS = 1_000_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters, in order."""

    text: str
    parameters: tuple[str | float | int, ...]

    def run(self, index: sqlite3.Connection) -> list[Row]:
        """The rows, each by column name."""
        cursor = index.execute(self.text, self.parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def statement(query: Query, catalogue: Catalogue) -> Statement:
    """The statement whose rows hold every number of the query's answer."""
    if query.unit in NAMED and not query.entries:
        return _named(query)
    if query.verb == "difference":
        return _difference(query)
    if query.apart:
        return _apart(query)
    if query.called:
        return _called(query, query.called)
    entries = list(query.entries)
    if query.verb in ("value", "compare"):
        entries += [bound for entry in query.entries for bound in catalogue.interval(entry)]
        entries += paired(query, catalogue) if query.verb == "compare" else []
    found = _found(query, entries)
    if query.within:
        found = _inside(query, found, query.within)
    for held in query.held:
        found = _among(query, found, held)
    if query.sized:
        found = _of_size(query, found, query.sized)
    if query.verb in AVERAGES:
        return Statement(f"WITH found AS ({found.text}) {AVERAGED[query.verb]}", found.parameters)
    if query.wins:
        return _wins(query)
    if query.verb == "count":
        return _count(query, found)
    if query.verb in EXTREMES:
        return _extreme(query, found)
    test = f" WHERE {TESTS[query.test]}" if query.test else ""
    turn = {"max": "value DESC, ", "min": "value, "}.get(query.order or "", "")
    limit = query.limit or MOST_ROWS
    text = f"WITH found AS ({found.text}) SELECT * FROM found{test} ORDER BY {turn}{ORDER} LIMIT ?"
    return Statement(text, (*found.parameters, *query.bounds, limit))


def paired(query: Query, catalogue: Catalogue) -> list[Entry]:
    """The recorded paired differences of the compared models from the balanced one, where that is among them."""
    others = [name for name in query.models if catalogue.models[name].purpose != "balanced"]
    if query.batches or query.cases or len(others) + 1 != len(query.models):
        return []
    measures = dict.fromkeys(entry.parts for entry in query.entries)
    owned = [entry for name in others for entry in catalogue.owned(name, query.task, "whole")]
    keys = {(PAIRED, *parts) for parts in measures}
    return [e for e in owned if e.parts in keys or e.parts[:-1] in keys]


def _found(query: Query, entries: Sequence[Entry]) -> Statement:
    """The rows of these entries at the query's place; a cross join, so that each entry is looked up in the index."""
    text = (
        f"SELECT {', '.join(f'number.{column}' for column in COLUMNS)} "
        f"FROM (VALUES {', '.join(['(?, ?)'] * len(entries))}) AS wanted "
        "CROSS JOIN number ON number.source = wanted.column1 AND number.metric = wanted.column2"
    )
    parameters: list[str | float | int] = [part for entry in entries for part in (entry.source, entry.metric)]
    for column, wanted in (("batch", query.batches), ("case_name", query.cases)):
        marks = ", ".join("?" * len(wanted))
        if wanted and column == "batch" and any(entry.level == "case" for entry in entries):
            # Where a case's row tells no batch of its own, another file of its model does.
            text += (
                f" AND (number.batch IN ({marks}) OR number.batch IS NULL AND number.case_name IN "
                "(SELECT placed.case_name FROM number AS placed WHERE placed.model IS number.model "
                f"AND placed.split IS number.split AND placed.batch IN ({marks})))"
            )
            parameters += (*wanted, *wanted)
        elif wanted:
            text += f" AND number.{column} IN ({marks})"
            parameters += wanted
    return Statement(text, tuple(parameters))


def _inside(query: Query, found: Statement, within: Within) -> Statement:
    """Those of the rows that lie in the batch with the highest or lowest of a metric."""
    batches = _found(query, within.entries)
    end = f"SELECT value FROM batches WHERE value IS NOT NULL ORDER BY value {TURNS[within.order]} LIMIT 1"
    chosen = f"WITH batches AS ({batches.text}) SELECT batch FROM batches WHERE value = ({end})"
    text = f"SELECT * FROM ({found.text}) AS of WHERE of.batch IN ({chosen})"
    return Statement(text, (*found.parameters, *batches.parameters))


def _among(query: Query, found: Statement, held: Held) -> Statement:
    """Those of the rows for whose batch and case a condition on another metric, or on another model, is true."""
    tested = _found(query, held.entries)
    own = {entry.model for entry in held.entries} <= {entry.model for entry in query.entries}
    same = f"{_same(query, 'of', 'tested', own)} AND tested.{TESTS[held.test]}"
    test = f"SELECT 1 FROM ({tested.text}) AS tested WHERE {same}"
    text = f"SELECT * FROM ({found.text}) AS of WHERE EXISTS ({test})"
    return Statement(text, (*found.parameters, *tested.parameters, held.bound))


def _of_size(query: Query, found: Statement, sized: Sized) -> Statement:
    """Those of the groups that have so many cases."""
    named = ", ".join(["(?, ?, ?, ?)"] * len(sized.sizes))
    text = (
        f"SELECT of.* FROM ({found.text}) AS of JOIN (VALUES {named}) AS sized "
        "ON of.source = sized.column1 AND of.metric = sized.column2 "
        "JOIN number ON number.source = sized.column3 AND number.metric = sized.column4 "
        f"WHERE number.{TESTS[sized.test]}"
    )
    pairs = zip(query.entries, sized.sizes, strict=True)
    parameters = [part for one, size in pairs for part in (one.source, one.metric, size.source, size.metric)]
    return Statement(text, (*found.parameters, *parameters, sized.bound))


def _count(query: Query, found: Statement) -> Statement:
    """How many different batches, cases or models; those of two models are not the same."""
    column = {"batch": "batch", "case": "case_name", "model": "model"}.get(query.unit or "", "metric")
    test = f" WHERE {TESTS[query.test]}" if query.test else ""
    counted = "SELECT count(*) AS value, group_concat(DISTINCT source) AS source"
    text = f"WITH found AS ({found.text}) {counted} FROM (SELECT DISTINCT source, {column} FROM found{test})"
    return Statement(text, (*found.parameters, *query.bounds))


def _extreme(query: Query, found: Statement) -> Statement:
    """The rows at the asked place of the ranking, and what else is told of the same batches or cases."""
    turn = TURNS[str(query.order)]
    place = f"SELECT value FROM found WHERE value IS NOT NULL ORDER BY value {turn} LIMIT 1 OFFSET ?"
    chosen = f"SELECT * FROM found WHERE value = ({place})"
    parameters = (*found.parameters, query.rank - 1)
    if not query.also:
        return Statement(f"WITH found AS ({found.text}) {chosen} ORDER BY {ORDER}", parameters)
    also = _found(query, query.also)
    own = {entry.model for entry in query.also} <= {entry.model for entry in query.entries}
    beside = f"SELECT also.* FROM also JOIN chosen ON {_same(query, 'also', 'chosen', own)}"
    text = (
        f"WITH found AS ({found.text}), chosen AS ({chosen}), also AS ({also.text}) "
        f"SELECT * FROM (SELECT * FROM chosen UNION ALL {beside}) ORDER BY batch, case_name, source, row, metric"
    )
    return Statement(text, (*parameters, *also.parameters))


def _same(query: Query, one: str, other: str, own: bool = True) -> str:
    """Two rows are of the same batch or case, and with `own` of the same model."""
    place = {"case": "case_name", "batch": "batch"}.get(query.entries[0].level)
    columns = [*(["model"] if own else []), *([place] if place else [])]
    return " AND ".join(f"{one}.{column} IS {other}.{column}" for column in columns) or "TRUE"


def _wins(query: Query) -> Statement:
    """On how many batches or cases the first entry is above the second, or below it, of those that have both."""
    first, second = (_found(query, [entry]) for entry in (query.entries[0], query.entries[-1]))
    sign = ">" if query.order == "max" else "<"
    joined = f"({first.text}) AS one JOIN ({second.text}) AS other ON {_same(query, 'one', 'other', False)}"
    files = "max(one.source) AS source, max(other.source) AS other_source"
    text = f"SELECT sum(one.value {sign} other.value) AS value, count(*) AS rows, {files} FROM {joined} "
    text += "WHERE one.value IS NOT NULL AND other.value IS NOT NULL"
    return Statement(text, (*first.parameters, *second.parameters))


def _apart(query: Query) -> Statement:
    """How far two models are apart on each batch or case that both have: the furthest, a list, or how many."""
    first, second = (_found(query, [entry]) for entry in query.entries)
    pairs = ", ".join(f"one.{c} AS {c}, other.{c} AS other_{c}" for c in ("model", "metric", "source", "row"))
    text = (
        f"WITH pairs AS (SELECT one.value - other.value AS value, one.value AS first, other.value AS second, "
        f"one.batch AS batch, one.case_name AS case_name, {pairs} "
        f"FROM ({first.text}) AS one JOIN ({second.text}) AS other ON {_same(query, 'one', 'other', False)}), "
        f"found AS (SELECT *, {FAR[str(query.apart)]} AS apart FROM pairs WHERE value IS NOT NULL) "
    )
    parameters = (*first.parameters, *second.parameters)
    test = f" WHERE {TESTS[query.test].replace('value', 'apart')}" if query.test else ""
    if query.apart != "either" and (query.order == "min" or query.test in ("below", "most")):
        text = text.replace("WHERE value IS NOT NULL)", f"WHERE {FAR[str(query.apart)]} > 0)")  # ahead at all
    turn = TURNS[query.order or "max"]
    if query.verb == "count":
        both = "(SELECT count(*) FROM pairs WHERE value IS NOT NULL) AS rows"
        files = f"{both}, max(source) AS source, max(other_source) AS other_source"
        return Statement(f"{text}SELECT count(*) AS value, {files} FROM found{test}", (*parameters, *query.bounds))
    if query.verb == "list":
        text += f"SELECT * FROM found{test} ORDER BY apart {turn}, {ORDER} LIMIT ?"
        return Statement(text, (*parameters, *query.bounds, query.limit or MOST_ROWS))
    text += f"SELECT * FROM found WHERE apart = (SELECT apart FROM found ORDER BY apart {turn} LIMIT 1 OFFSET ?)"
    return Statement(f"{text} ORDER BY {ORDER}", (*parameters, query.rank - 1))


def _called(query: Query, called: Called) -> Statement:
    """Cases with their class in truth and what they were called: each, how many, or what they were called most."""
    tests = {"a.name = ?": called.truth, "b.name = ?": called.predicted}
    marks = f"truth.case_name IN ({', '.join('?' * len(query.cases))})"
    where = [test for test, value in tests.items() if value] + [marks] * bool(query.cases)
    where += ["a.position <> b.position"] * called.wrong
    rows = (
        "SELECT truth.model, truth.batch, truth.case_name, truth.value, truth.source, truth.row, a.name AS truth, "
        "b.name AS predicted FROM number AS truth JOIN number AS said ON said.source = truth.source "
        "AND said.row = truth.row AND said.metric = 'predicted' "
        "JOIN class_of AS a ON a.source = truth.source AND a.position = truth.value "
        "JOIN class_of AS b ON b.source = said.source AND b.position = said.value "
        f"WHERE truth.source = ? AND truth.metric = 'truth'{''.join(f' AND {test}' for test in where)}"
    )
    parameters = (query.entries[0].source, *(value for value in tests.values() if value), *query.cases)
    if query.verb == "count":
        return Statement(f"SELECT count(*) AS value, max(source) AS source FROM ({rows})", parameters)
    if query.verb == "max":
        counted = f"SELECT predicted, count(*) AS value, max(source) AS source FROM ({rows}) GROUP BY predicted"
        text = f"WITH counted AS ({counted}) SELECT * FROM counted WHERE value = (SELECT max(value) FROM counted)"
        return Statement(f"{text} ORDER BY predicted", parameters)
    return Statement(f"{rows} ORDER BY truth.row", parameters)


def _difference(query: Query) -> Statement:
    """First minus second: two models or metrics at one place, or one metric at two."""
    first, second = query.entries[0], query.entries[-1]
    places = [(column, wanted) for column, wanted in (("batch", query.batches), ("case_name", query.cases)) if wanted]
    text: list[str] = []
    parameters: list[str | float | int] = []
    for name, entry, which in (("a", first, 0), ("b", second, -1)):
        text.append(f"{name}.source = ? AND {name}.metric = ?")
        parameters += [entry.source, entry.metric]
        for column, wanted in places:
            text.append(f"{name}.{column} = ?")
            parameters.append(wanted[which])
    shown = ", ".join(
        f"a.{c} AS {c}, b.{c} AS other_{c}" for c in ("model", "batch", "case_name", "metric", "source", "row")
    )
    chosen = f"SELECT a.value - b.value AS value, a.value AS first, b.value AS second, {shown} FROM number a, number b"
    return Statement(f"{chosen} WHERE {' AND '.join(text)}", tuple(parameters))


def _named(query: Query) -> Statement:
    """Names rather than numbers: of models, tasks or metrics."""
    marks = ", ".join("?" * len(query.models))
    if query.unit == "metric":
        of = f"FROM entry WHERE model IN ({marks}) AND level <> 'whole'"
        text = f"SELECT DISTINCT metric AS name, level {of} ORDER BY level, name"
        return Statement(
            text if query.verb == "list" else f"SELECT count(DISTINCT name) AS value FROM ({text})", query.models
        )
    column = "name" if query.unit == "model" else "task"
    if query.verb == "count":
        return Statement(f"SELECT count(DISTINCT {column}) AS value FROM model WHERE name IN ({marks})", query.models)
    return Statement(f"SELECT DISTINCT {column} AS name FROM model WHERE name IN ({marks}) ORDER BY name", query.models)
