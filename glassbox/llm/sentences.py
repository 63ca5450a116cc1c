"""The sentence that tells a query's rows: a template for each kind of query, filled from the rows and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from glassbox.llm.catalogue import INTERVAL, Catalogue, Entry
from glassbox.llm.labels import (
    FLAGS,
    INTERVAL_LEVEL,
    TIES,
    conditions,
    label,
    labels,
    owner_of,
    place_of,
    scope,
    shown,
    told_test,
)
from glassbox.llm.language import AVERAGES, EXTREMES, NAMED
from glassbox.llm.measures import LABELS, SPLIT_NAMES
from glassbox.llm.sql import PAIRED, Row
from glassbox.llm.typed import Called, Query, more_is_better
from glassbox.llm.units import RANKED

SHOWN = 12  # rows of a list that are told; all are in the rows
PLURALS = {
    "batch": "batches", "case": "cases", "model": "models", "group": "groups", "method": "methods",
    "corruption": "corruptions", "task": "tasks", "metric": "metrics",
}  # fmt: skip
POOLED = "pooled"
NOT_PAIRED = "No paired difference of these is recorded, so it is not known whether it is significant."


def sentence(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    """The rows of a query, told."""
    if query.unit in NAMED and not query.entries:
        return _names(query, rows)
    if not rows or all(row.get("value") is None for row in rows):
        owner = scope(query, catalogue) if query.unit == "task" else owner_of(query)
        return f"{owner}: no {PLURALS.get(query.unit or '', 'numbers')}{conditions(query)}."
    if query.apart:
        return _apart(query, rows)
    if query.called:
        return _called(query, query.called, rows)
    told = {"difference": _difference, "compare": _compare, "count": _count, "list": _list}
    if query.verb in told:
        return told[query.verb](query, rows, catalogue)
    if query.verb in AVERAGES:
        unit = (query.unit or "case") if rows[0]["rows"] == 1 else PLURALS[query.unit or "case"]
        verb = {"mean": "Mean", "median": "Median", "sum": "Sum"}[query.verb]
        [row] = rows
        owner = f"of {query.task if query.unit == 'model' else owner_of(query)}"
        owner = f"({scope(query, catalogue)})" if query.unit == "task" else owner
        over = f"{row['rows']} {unit} {owner}{conditions(query)}"
        return f"{verb} of {labels(query)} over {over}: {shown(row['value'])}."
    return _extreme(query, rows, catalogue) if query.verb in EXTREMES else _value(query, rows, catalogue)


def _value(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    """Each number with its interval, where one is recorded, and the split."""
    return "; ".join(_one(query, rows, catalogue)) + "."


def _one(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> Iterator[str]:
    by_place = {(row["source"], row["metric"], row["batch"], row["case_name"]): row["value"] for row in rows}
    for entry in query.entries:
        bounds = catalogue.interval(entry)
        for (source, metric, batch, case), value in by_place.items():
            if (source, metric) != (entry.source, entry.metric):
                continue
            at = f", case {case}" if case is not None else f", batch {batch}" if batch is not None else ""
            split = f" on the {SPLIT_NAMES.get(entry.split, entry.split)} split" if entry.split and not at else ""
            ends = [
                by_place.get((b.source, b.metric, None, None))
                for b in sorted(bounds, key=lambda b: b.metric, reverse=True)
            ]
            interval = (
                f" ({INTERVAL_LEVEL} {shown(ends[0])} to {shown(ends[1])})"
                if len(ends) == 2 and None not in ends
                else ""
            )
            yield f"{entry.model or entry.task}{at}: {label(entry)} {shown(value)}{interval}{split}"


def _extreme(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    beside = {(entry.source, entry.metric): label(entry) for entry in query.also}
    also = [row for row in rows if (row["source"], row["metric"]) in beside]
    rows = [row for row in rows if row not in also]
    names = [place_of(row, query) for row in rows]
    word = {"best": "best", "worst": "worst"}.get(query.asked or "", "highest" if query.order == "max" else "lowest")
    word = f"{RANKED[query.rank - 1]} {word}" if query.rank > 1 else word
    more = f" and others, {len(names)} in all" if len(names) > TIES else ""
    who = f"{', '.join(names[:TIES])}{more}"
    owner = scope(query, catalogue) if query.unit in ("model", "task") else owner_of(query)
    unit = query.unit if len(names) == 1 else PLURALS[query.unit or "case"]
    there = [
        f"; {beside[row['source'], row['metric']]}{_other(row, query, len(names))} there: {shown(row['value'])}"
        for row in also[:TIES]
    ]
    if query.within:
        batches = dict.fromkeys(row["batch"] for row in rows)
        owner = f"{owner}, {' and '.join(f'batch {batch}' for batch in batches)}"
    if query.held or query.sized:
        owner = f"{owner}, of those{conditions(query)}"
    own = query.unit == "case" and len(rows) == 1 and not query.within and rows[0]["batch"] is not None
    batch = f" (batch {rows[0]['batch']})" if own else ""
    told = f"{who}{batch}, at {shown(rows[0]['value'])}{''.join(there)}"
    return f"{owner}: the {unit} with the {word} {labels(query)}: {told}."


def _other(row: Mapping[str, Any], query: Query, places: int) -> str:
    """Of which model, or of which of several places, something is told beside an extreme."""
    if row["model"] not in query.models:
        return f" of {row['model']}"
    return f" of {place_of(row, query)}" if places > 1 else ""


def _list(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    if query.unit == "batch" and query.cases and not query.measured:
        told = (f"case {row['case_name']} is in batch {row['batch']}" for row in rows)
        return f"{' and '.join(query.models)}: {', '.join(told)}."
    flag = FLAGS.get((query.entries[0].measure, query.test, *query.bounds)) if query.test else None
    if flag and not query.held:
        names = [place_of(row, query) for row in rows]
        more = f", and more: {len(names)} in all" if len(names) > SHOWN else ""
        return f"{owner_of(query)}: {PLURALS[query.unit or 'case']} {flag}: {', '.join(names[:SHOWN])}{more}."
    ordered = {"max": "highest first", "min": "lowest first"}.get(query.order or "", "")
    others = conditions(replace(query, test=None)).strip() if query.held or query.sized else ""
    notes = ", ".join(filter(None, [ordered, told_test(query), others]))
    items = [place_of(row, query) + (f" {shown(row['value'])}" if query.measured else "") for row in rows]
    more = f", and more: {len(items)} in all" if len(items) > SHOWN else ""
    what = f"{labels(query)} by {query.unit}" if query.measured else PLURALS[query.unit or "case"]
    owner = scope(query, catalogue) if query.unit in ("model", "task") else owner_of(query)
    return f"{owner}: {what}{f' ({notes})' if notes else ''}: {', '.join(items[:SHOWN])}{more}."


def _count(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    number = rows[0]["value"]
    if query.wins:
        word = "higher" if query.order == "max" else "lower"
        one, other = query.models[0], query.models[-1]
        of = f"{number} of {rows[0]['rows']} {PLURALS[query.unit or 'case']}"
        return f"{one} has a {word} {labels(query)} than {other} in {of}."
    unit = (query.unit or "case") if number == 1 else PLURALS[query.unit or "case"]
    owner = scope(query, catalogue) if query.unit in ("model", "task") else owner_of(query)
    return f"{owner}: {number} {unit}{conditions(query)}."


def _difference(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    [row] = rows[:1]
    first, second = query.entries[0], query.entries[-1]
    sides = [_side(first, row, ""), _side(second, row, "other_")]
    numbers = f"is {shown(row['value'])} ({shown(row['first'])} and {shown(row['second'])})"
    if label(first) == label(second):
        better = _ahead(first, sides, row) if sides[0] != sides[1] else ""
        return f"{label(first)}: {sides[0]} minus {sides[1]} {numbers}.{better}"
    return f"{sides[0]}: {label(first)} minus {label(second)} {numbers}."


def _apart(query: Query, rows: Sequence[Row]) -> str:
    """How far two models are apart, on one batch or case or on each of several."""
    one, other = query.models[0], query.models[-1]
    least = query.order == "min"
    ways = {
        "either": f"are {'closest' if least else 'furthest apart'}",
        "up": f"{'least' if least else 'furthest'} above", "down": f"{'least' if least else 'furthest'} below",
    }  # fmt: skip
    joint = f"and {other} {ways['either']}" if query.apart == "either" else f"is {ways[str(query.apart)]} {other}"
    what = f"{labels(query)} by {query.unit}, where {one} {joint}"
    if query.test:
        joint = {"either": f"and {other} apart", "up": f"above {other}", "down": f"below {other}"}[str(query.apart)]
        what = f"{labels(query)} by {query.unit}, {one} {joint} by {_by(query)}"
    if query.verb == "count":
        [row] = rows
        return f"{what}: {row['value']} of {row['rows']} {PLURALS[query.unit or 'case']}."
    one_model = replace(query, models=query.models[:1])
    items = [
        f"{place_of(row, one_model)}, by {shown(row['apart'])} ({shown(row['first'])} and {shown(row['second'])})"
        for row in rows
    ]
    most = SHOWN if query.verb == "list" else TIES
    more = f"; and more: {len(items)} in all" if len(items) > most else ""
    place = f", {RANKED[query.rank - 1]} place" if query.rank > 1 else ""
    return f"{what}{place}: {'; '.join(items[:most])}{more}."


def _called(query: Query, called: Called, rows: Sequence[Row]) -> str:
    """What a classifier called cases, or how many it called so."""
    model = query.models[0]
    if query.cases:
        told = (f"case {row['case_name']} is called {row['predicted']}, in truth {row['truth']}" for row in rows)
        return f"{model}: {'; '.join(told)}."
    if query.verb == "max":
        taken = " and ".join(row["predicted"] for row in rows)
        return f"{model}: {called.truth}, where it is called wrongly, is most often called {taken}: {rows[0]['value']}."
    of, said = (f" of {called.truth}" if called.truth else ""), called.predicted or "something else"
    what = f"{of} called {said}{' wrongly' if called.wrong and called.predicted else ''}"
    if query.verb == "count":
        return f"{model}: {rows[0]['value']} {'case' if rows[0]['value'] == 1 else 'cases'}{what}."
    names = [row["case_name"] for row in rows]
    more = f", and more: {len(names)} in all" if len(names) > SHOWN else ""
    return f"{model}: cases{what}: {', '.join(names[:SHOWN])}{more}."


def _by(query: Query) -> str:
    """By how much, in words: a difference is more or less than a number, not above or below it."""
    return told_test(query).replace("above", "more than").replace("below", "less than")


def _ahead(entry: Entry, sides: Sequence[str], row: Mapping[str, Any]) -> str:
    way = more_is_better(entry)
    if way is None or row["value"] == 0:
        return ""
    return f" Better: {sides[0] if (row['value'] > 0) == way else sides[1]}."


def _side(entry: Entry, row: Mapping[str, Any], prefix: str) -> str:
    case, batch = row[f"{prefix}case_name"], row[f"{prefix}batch"]
    at = f" case {case}" if case is not None else f" batch {batch}" if batch is not None else ""
    return f"{entry.model or entry.task}{at}"


def _compare(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    """The values; then, metric by metric, which is better, and what the recorded paired difference says."""
    told = [_value(query, rows, catalogue)]
    measures = dict.fromkeys(entry.measure for entry in query.entries)
    if (
        len(query.models) == 1
        and len(measures) == len(query.entries) == 2
        and len(rows) >= 2
        and not query.batches
        and not query.cases
    ):
        return f"{told[0]} {_higher(query, rows)}"
    for measure in measures:
        of_measure = [entry for entry in query.entries if entry.measure == measure]
        keys = {(entry.source, entry.metric) for entry in of_measure}
        verdict = _better([row for row in rows if (row["source"], row["metric"]) in keys], of_measure[0], query)
        told.append(
            f"{LABELS.get(measure, measure.replace(chr(95), chr(32)))}: {verdict}"
            if verdict and len(measures) > 1
            else verdict
        )
    if len({catalogue.models[name].task for name in query.models}) > 1:
        told.append("They were scored on different pictures.")
    return " ".join([*filter(None, told), _significance(query, rows, catalogue)])


def _higher(query: Query, rows: Sequence[Row]) -> str:
    """Which of two metrics of one model is higher."""
    first, second = (
        next(row["value"] for row in rows if (row["source"], row["metric"]) == (entry.source, entry.metric))
        for entry in query.entries
    )
    if first == second:
        return "They are equal."
    return f"Higher: {label(query.entries[0] if first > second else query.entries[1])}."


def _better(rows: Sequence[Row], entry: Entry, query: Query) -> str:
    """Which row is better; where it is not known whether more or less is, which is higher."""
    pooled = any(POOLED in entry.parts for entry in query.entries)  # another way to count is not better or worse
    way = more_is_better(entry)
    if len(rows) < 2 or pooled:
        return ""
    best = (min if way is False else max)(row["value"] for row in rows)
    winners = [row for row in rows if row["value"] == best]
    if len(winners) == len(rows):
        return "They are equal."
    named = [place_of(row, query) if not query.sides else _side_of(row, query) for row in winners]
    return f"{'Higher' if way is None else 'Better'}: {' and '.join(named)}."


def _side_of(row: Row, query: Query) -> str:
    """The condition under which a row was taken, where one metric is compared under two."""
    return label(next(e for e in query.entries if (e.source, e.metric) == (row["source"], row["metric"])))


def _significance(query: Query, rows: Sequence[Row], catalogue: Catalogue) -> str:
    """What the recorded paired differences say, metric by metric and model by model."""
    if query.batches or query.cases:
        return ""
    if len(query.models) < 2:
        return NOT_PAIRED if query.sides and not any(POOLED in entry.parts for entry in query.entries) else ""
    balanced = next((name for name in query.models if catalogue.models[name].purpose == "balanced"), "")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        kind, _, key = row["metric"].partition(".")
        if kind == PAIRED:
            measure, _, end = key.removeprefix(f"{row['model']}.").rpartition(".")
            found.setdefault((row["model"], measure), {})[end] = row["value"]
    told = [_paired(balanced, *about, ends) for about, ends in found.items() if {"mean", *INTERVAL} <= set(ends)]
    return " ".join(told) or NOT_PAIRED


def _paired(balanced: str, other: str, measure: str, ends: Mapping[str, float]) -> str:
    low, mean, high = (shown(ends[end]) for end in ("ci_low", "mean", "ci_high"))
    verdict = "excludes zero: significant" if ends.get("excludes_zero") else "includes zero: not significant"
    return (
        f"Paired difference in {LABELS.get(measure, measure.replace('_', ' '))}, {other} minus {balanced}: {mean} "
        f"({INTERVAL_LEVEL} {low} to {high}, which {verdict})."
    )


def _names(query: Query, rows: Sequence[Row]) -> str:
    of = f" of task {query.task}" if query.task else ""
    if query.verb == "count":
        return f"{rows[0]['value']} {PLURALS[query.unit or 'model']}{of}."
    if query.unit == "metric":
        levels = {level: [row["name"] for row in rows if row["level"] == level] for level in ("batch", "case")}
        return " ".join(f"By {level}: {', '.join(dict.fromkeys(names))}." for level, names in levels.items() if names)
    return f"{PLURALS[query.unit or 'model'].capitalize()}{of}: {', '.join(row['name'] for row in rows)}."
