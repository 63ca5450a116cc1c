"""How every command ends: with an exit code, and at most one line about what went wrong."""

import errno
import functools
import signal
from collections.abc import Callable
from typing import NoReturn, ParamSpec

import typer

from glassbox.errors import GlassboxError

P = ParamSpec("P")
MISUSE, INTERRUPTED = 2, 130  # 130: the shell's exit code for Ctrl-C


def told(command: Callable[P, int | None]) -> Callable[P, None]:
    """Turn what a command returns into its exit code, and a user's mistake into one line on stderr and exit code 2."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except GlassboxError as error:
            raise _failed(f"error: {error}", MISUSE) from None
        except KeyboardInterrupt:
            raise _failed("interrupted; nothing half-written is left", INTERRUPTED) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has gone: typer knows what to do
                raise
            where = GlassboxError(
                error.filename or "output", str(error.strerror or error), "room and permission for it"
            )
            raise _failed(f"error: {where}", MISUSE) from None
        raise typer.Exit(code or 0)

    return run


def _failed(line: str, code: int) -> typer.Exit:
    typer.secho(line, fg=typer.colors.RED, err=True)
    return typer.Exit(code)


def interrupt_once() -> None:
    """Let Ctrl-C interrupt a command once: a second must not break into the tidying up."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt
