"""What every stage script shares: its one argument, its parameters, seeds, files, progress, and errors in one line.

A stage is started by DVC, or by hand as `python -m stages.evaluate isic-recall`.
"""

import hashlib
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast

from rich.console import Console
from rich.progress import track

from glassbox import params as parameters
from glassbox import tasks
from glassbox.artifacts import Paths
from glassbox.errors import GlassboxError

T = TypeVar("T")
INTERRUPTED = 130  # the shell's exit code for Ctrl-C
_kept: list[int] = []  # the file descriptor of stderr while imports run


class Declared:
    """A view of `params.yaml` that gives only what the stage's entry in `dvc.yaml` declares.

    A stage that reads more than it declares would not re-run when that number changes, so reading it is an error.
    """

    def __init__(self, content: object, declared: Sequence[str], stage: str, path: str = "") -> None:
        self._content, self._declared, self._stage, self._path = content, declared, stage, path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for any block
        return self._step(name, lambda: getattr(self._content, name))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - stands for any block
        return self._step(name, lambda: cast(Any, self._content)[name])

    def __contains__(self, name: str) -> bool:
        return name in cast(Any, self._content)

    def _step(self, name: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - stands for any block
        path = f"{self._path}.{name}".lstrip(".")
        if any(path == declared or path.startswith(f"{declared}.") for declared in self._declared):
            return read()
        if any(declared.startswith(f"{path}.") for declared in self._declared):
            return Declared(read(), self._declared, self._stage, path)
        raise GlassboxError(
            f"stage {self._stage}", f"reads parameter {path}", "only what its dvc.yaml entry declares under params"
        )


@dataclass(frozen=True)
class Stage:
    """One running stage: `evaluate` of `isic-recall`, say, where `key` is the model (or the task)."""

    name: str
    key: str
    params: parameters.Params
    paths: Paths
    console: Console

    @property
    def seed(self) -> int:
        """The project's seed."""
        return self.params.seed

    @property
    def task(self) -> parameters.Task:
        """The block of a task whose pictures are outlined: of the task `key`, or of the model `key`."""
        return cast(parameters.Task, self.params.tasks[self.task_name])

    @property
    def classified(self) -> parameters.Classify:
        """The block of a task whose pictures are told apart: of the task `key`, or of the model `key`."""
        return cast(parameters.Classify, self.params.tasks[self.task_name])

    @property
    def points(self) -> parameters.Points:
        """The operating points of the classifier `key`."""
        return cast(parameters.Points, self.params.operating[self.key])

    @property
    def kind(self) -> str:
        """The kind of the task: `segment` or `classify`."""
        return self._all.tasks[self.task_name].kind

    @property
    def task_name(self) -> str:
        """The identifier of the task that `key` is or belongs to."""
        return _task_of(self._all, self.key)

    @property
    def base_name(self) -> str:
        """The identifier of the base of the model `key`."""
        return tasks.entry(self._all, self.key).base

    @property
    def compared(self) -> dict[str, str]:
        """The task's models by purpose: base, precision, balanced, recall."""
        return dict(self._all.comparisons[self.task_name])

    @property
    def names(self) -> dict[str, str]:
        """Every model's identifier with its task's."""
        return {name: entry.task for name, entry in self._all.models.items()}

    @property
    def purposes(self) -> dict[str, str]:
        """What each model is for, of those that a comparison names; another base's purpose is `base`."""
        named = {model: role for block in self._all.comparisons.values() for role, model in dict(block).items()}
        return dict.fromkeys(self._all.bases, "base") | named

    @property
    def task_names(self) -> list[str]:
        """Every task's identifier."""
        return list(self._all.tasks)

    @property
    def _all(self) -> parameters.Params:
        """Everything: names only. A number is read through `params`, which checks that it is declared."""
        return cast(parameters.Params, cast(Any, self.params)._content)

    def say(self, text: str) -> None:
        """Print one line."""
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def track(self, items: Iterable[T], what: str, total: int | None = None) -> Iterable[T]:
        """Show a progress bar while `items` are gone through."""
        return track(items, what, total=total, console=self.console, disable=not self.console.is_terminal)


def importing() -> None:
    """Called before a script's imports, which take seconds: Ctrl-C ends in one line, and TensorFlow's greeting is mute.

    Nothing has been written yet, so the process can be left at once. `run` ends both.
    """
    _kept.append(os.dup(2))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = open(_kept[0], "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 - stays open

    def leave(*_: object) -> None:
        os.write(_kept[0], b"interrupted; nothing had been written\n")
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, leave)


def run(main: Callable[[Stage], None]) -> None:
    """Run a stage script's `main`; a user's mistake is told in one line on stderr and ends with exit code 2."""
    _imported()
    told = Console(stderr=True, style="red", highlight=False, markup=False, soft_wrap=True)
    try:
        main(open_stage(_script(), sys.argv[1:], Path(), Console(), _module()))
    except GlassboxError as error:
        told.print(f"error: {error}")
        sys.exit(2)
    except OSError as error:
        told.print(f"error: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(2)
    except KeyboardInterrupt:
        told.print("interrupted; nothing half-written is left")
        sys.exit(INTERRUPTED)


def _imported() -> None:
    """Undo `importing`, where it was called."""
    if _kept:
        os.dup2(_kept[0], 2)
        sys.stderr = sys.__stderr__
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(_kept.pop())


def open_stage(name: str, arguments: Sequence[str], root: Path, console: Console, module: str = "") -> Stage:
    """The stage `name` with its one argument, where its `dvc.yaml` entry is repeated for tasks or models.

    `module` is the script that was started: each kind of task has its own.
    """
    content = parameters.load(Paths(root).params())
    entry = _entry(parameters.read_yaml(Paths(root).pipeline()), name)
    repeated = "foreach" in entry
    if len(arguments) != repeated:
        raise GlassboxError(f"stage {name}", f"{len(arguments)} arguments", "the task or model" if repeated else "none")
    key = arguments[0] if repeated else ""
    body = entry["do"] if repeated else entry
    item = _item(content, entry["foreach"], key) if repeated else None
    command = _filled(body.get("cmd", ""), key, item)
    if module and command and module not in command.split():
        raise GlassboxError(f"stage {name}", f"'{module}' for '{key}'", "the script of its kind", command)
    declared = [_filled(path, key, item) for path in body.get("params", [])]
    full = f"{name}@{key}" if repeated else name
    view = cast(parameters.Params, Declared(content, declared, full))
    code = _code(root, [_filled(path, key, item) for path in body.get("deps", [])])
    return Stage(name, key, view, Paths(root, code), console)


def _module() -> str:
    """The script that was started, as `stages.evaluate`."""
    spec = sys.modules["__main__"].__spec__
    if spec is None:
        raise GlassboxError("stage", "started as a file", "a module, as in 'python -m stages.evaluate isic-recall'")
    return spec.name


def _script() -> str:
    return _module().rpartition(".")[2].replace("_", "-")


def _entry(pipeline: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - YAML
    stages = pipeline.get("stages", {})
    if name not in stages:
        raise GlassboxError("dvc.yaml", f"no stage '{name}'", f"one of {', '.join(stages)}")
    return cast(dict[str, Any], stages[name])


def _task_of(content: parameters.Params, key: str) -> str:
    if key in content.tasks:
        return key
    if key in content.models:
        return content.models[key].task
    raise GlassboxError(f"'{key}'", "no such task or model", f"one of {', '.join([*content.tasks, *content.models])}")


def _item(content: parameters.Params, foreach: str, key: str) -> object:
    """The entry that a stage's `foreach: ${variants}` gives to `key`."""
    entries = getattr(content, foreach.strip("${}"))
    if key not in entries:
        raise GlassboxError(f"'{key}'", "nothing this stage is repeated for", f"one of {', '.join(entries)}")
    return entries[key]


def _code(root: Path, deps: Sequence[str]) -> str:
    """A hash of the scripts and modules that the stage's entry in `dvc.yaml` depends on."""
    total = hashlib.sha256()
    for path in sorted(path for path in deps if path.endswith(".py")):
        total.update((root / path).read_bytes() if (root / path).is_file() else b"")
    return total.hexdigest()


def _filled(path: str, key: str, item: object) -> str:
    """A parameter path of `dvc.yaml` with `${key}` and `${item.…}` filled in, as DVC does."""

    def value(match: re.Match[str]) -> str:
        return key if match[1] == "key" else str(attrgetter(match[1].removeprefix("item."))(item))

    return re.sub(r"\$\{([a-z_.]+)\}", value, path)
