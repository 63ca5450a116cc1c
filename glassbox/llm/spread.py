"""Groups, methods and corruptions: one metric of each, of which the best is told, those that pass a test, or all."""

from collections.abc import Sequence
from dataclasses import replace

from glassbox.llm.asked import Asked, Unanswerable
from glassbox.llm.catalogue import CLASS, Entry
from glassbox.llm.entries import INSTEAD, unrecorded
from glassbox.llm.language import EXTREMES
from glassbox.llm.measures import USUAL
from glassbox.llm.ranking import AXES
from glassbox.llm.typed import Query, Sized, ordered
from glassbox.llm.words import CLASSES


def spread(asked: Asked, shell: Query) -> Query:
    """Groups, methods or corruptions of one model, and one metric of each."""
    if len(shell.models) != 1 or len(asked.line.metrics) > 1:
        raise Unanswerable("Name one model and one metric.")
    unit, home = str(shell.unit), asked.catalogue.models[shell.models[0]].task
    named = asked.catalogue.spread(unit, shell.models[0], home)
    axis = any(len(choice) == 1 and choice[0] in AXES for choice in asked.conditions)
    if unit == "corruption" and not named and axis and asked.line.verb in EXTREMES:  # `at which brightness level`
        unit = "group"
        shell, named = replace(shell, unit=unit), asked.catalogue.spread(unit, shell.models[0], home)
    of_classes = all(parts[:1] == (CLASS,) for parts in asked.conditions if parts)
    if unit == "group" and set(asked.linked.spelt) & CLASSES and of_classes:
        named = asked.catalogue.spread("class", shell.models[0], home) or named
    wanted = [measure[-1] for tag in asked.line.metrics for measure in sorted(asked.linked.meanings[tag].metrics)]
    wanted += ["sensitivity"] if unit == "method" and "recall" in wanted else []
    wanted += ["n", "support"] if wanted == ["cases"] else [INSTEAD[name] for name in wanted if name in INSTEAD]
    order = asked.line.order or asked.line.verb
    bare = not wanted and not shell.test and order not in EXTREMES
    usual = [named[name][0].measure for name in sorted(named)][:1] if bare else ["iou", *USUAL, "f1", "recall"]
    out = [{*parts} for tag in asked.line.but for parts in asked.linked.meanings[tag].conditions]
    named = {name: of for name, of in named.items() if not any(parts <= {*of[0].parts} for parts in out)}
    axes = {choice[0] for choice in asked.conditions if len(choice) == 1}  # `which skin tone`: of the groups, those
    if unit == "method" and order in EXTREMES and len(axes) == 1:
        axes = set()  # `is rise the method with the highest deletion gain`
    of_axes = {name: found for name, found in named.items() if found[0].parts[0] in axes}
    if unit == "group" and axes & {*AXES} and not of_axes:
        raise Unanswerable(f"No groups of that kind are recorded for {shell.models[0]}.")
    beside = {choice[0] for choice in asked.conditions if len(choice) == 2}
    if unit == "method" and beside & {*AXES, "edge", "ruler", "chart", "bubbles"}:
        raise Unanswerable("Methods are recorded over all cases, and not by group.")
    given = {choice[0] for choice in asked.conditions if choice}
    of_groups = unit == "group" and asked.line.verb == "list" and not (shell.test or asked.line.order or out)
    if of_groups and given and not given & {found[0].parts[0] for found in named.values()}:  # `the bubbles subgroup`
        raise Unanswerable(f"No groups of that kind are recorded for {shell.models[0]}.")
    named = of_axes or named
    measure = next((m for m in wanted or usual if any(e.measure == m for found in named.values() for e in found)), None)
    if measure is None:
        raise Unanswerable(unrecorded(asked, unit, shell.models[0]))
    chosen = tuple(entry for found in named.values() for entry in found if entry.measure == measure)
    if asked.split and any(entry.split != asked.split for entry in chosen):
        raise Unanswerable(f"Not recorded by {unit} on the {asked.split} split.")
    query = replace(shell, entries=chosen, measured=not bare, sized=_sized(asked, chosen, home))
    return ordered(query, order) if order in EXTREMES else query


def _sized(asked: Asked, chosen: Sequence[Entry], task: str) -> Sized | None:
    """The condition on the number of a group's cases, with where those numbers stand."""
    if not asked.line.sized:
        return None
    test, tag = asked.line.sized
    sizes = []
    for entry in chosen:
        keys = [(*entry.parts[:2], name) for name in ("n", "support")]
        found = [asked.catalogue.find(entry.model, task, "whole", parts, entry.split)[0] for parts in keys]
        own = [size for of in found for size in of if size.source == entry.source]
        if not own:
            raise Unanswerable("How many cases each of these has is not recorded.")
        sizes.append(own[0])
    return Sized(tuple(sizes), test, asked.numbers([tag])[0].value)
