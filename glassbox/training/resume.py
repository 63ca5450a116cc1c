"""An unfinished training, kept so that a killed run ends with the bits of one that was never killed.

Keras' own `BackupAndRestore` leaves out the state of the dropout's random generator. Here every variable of the network
(generators included) and of the optimiser is stored, with the best weights so far and the history.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import keras
import numpy as np

from glassbox.artifacts import read_arrays, write_arrays


@dataclass
class Progress:
    """How far a training is: finished passes, their history and the best weights so far."""

    rows: list[dict[str, float]] = field(default_factory=list)
    best_score: float = -math.inf
    best_weights: list[np.ndarray] = field(default_factory=list)
    waited: int = 0
    size: tuple[int, int] = (0, 0)

    def start_size(self, size: tuple[int, int]) -> None:
        """Judge anew where the size of the pictures changes; a resumed run goes on with the size it was at."""
        if size != self.size:
            self.best_score, self.best_weights, self.waited, self.size = -math.inf, [], 0, size


def digest(settings: Mapping[str, object], files: Sequence[Path], code: Sequence[ModuleType]) -> str:
    """A hash of what decides a training's result: its settings, the bytes of its input files, and its code.

    A state is only resumed under the hash it was stored under; one left by other inputs would resume silently.
    """
    total = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for path in [*files, *(Path(str(module.__file__)) for module in code)]:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def save(path: Path, progress: Progress, model: keras.Model) -> None:
    """Store the state after a finished pass; atomic, so that a kill leaves the state before it."""
    state = {f"live{i:04d}": np.asarray(v) for i, v in enumerate(_variables(model))}
    best = {f"best{i:04d}": weights for i, weights in enumerate(progress.best_weights)}
    told = json.dumps([progress.rows, progress.best_score, progress.waited, progress.size])
    write_arrays(path, {"told": np.array(told), **state, **best})


def restore(path: Path, model: keras.Model) -> Progress:
    """Put a stored state back into a compiled `model`; a fresh `Progress` where none was stored."""
    if not path.exists():
        return Progress()
    arrays = read_arrays(path)
    for i, variable in enumerate(_variables(model)):
        variable.assign(arrays[f"live{i:04d}"])
    rows, score, waited, size = json.loads(str(arrays["told"]))
    best = [arrays[name] for name in sorted(arrays) if name.startswith("best")]
    return Progress(rows, score, best, waited, tuple(size))


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
