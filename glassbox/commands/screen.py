"""What the commands put on the screen: results on stdout, notes and progress on stderr."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from glassbox.data.acquire import Tell

WIDE = 1000  # columns, for a table that goes into a file or another program


def say(line: str) -> None:
    """A line of the result, on stdout."""
    typer.echo(printable(line))


def note(line: str) -> None:
    """A line about the result, on stderr."""
    typer.echo(printable(f"note: {line}"), err=True)


def printable(text: str) -> str:
    """The text with a replacement character for each byte of a file name that is not UTF-8, which can't be printed."""
    return os.fsencode(text).decode("utf-8", "replace")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout, its first column to the left and the others to the right; in a terminal, long cells fold."""
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        drawn.add_column(column, justify="right" if position else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(printable, row))
    console = Console(markup=False, highlight=False, emoji=False)
    console.width = console.width if console.is_terminal else WIDE
    console.print(drawn)


@contextmanager
def progress(in_bytes: bool = False) -> Iterator[Tell]:
    """A function ``tell(what, done, total)`` that draws a bar on stderr, one a `what`; nothing where no one watches."""
    console = Console(stderr=True)
    amount = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), amount, TimeRemainingColumn())
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:

        def tell(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what)
            shown.update(bars[what], completed=done, total=total)

        yield tell
