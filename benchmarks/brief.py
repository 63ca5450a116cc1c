"""What both benchmarks do: train for a few passes, on a schedule that ends there, and score the validation split."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from glassbox.artifacts import Split, read_csv, write_csv
from glassbox.params import Augment, Base, CrossEntropy, Loss, Params, Passes, Schedule, Task, parse

TURNS = ("flip", "rotate")
BESIDE_TURNS = tuple(sorted(set(Augment.model_fields) - {"passes", *TURNS}))
Scores = list[dict[str, float]]
INTERVAL = (0, 2000)  # seed and resamples of a bootstrap


def contend(
    told: str,
    module: str,
    contenders: Sequence[str],
    task: str,
    minutes: float,
    trained: Callable[[str, str, float], dict[str, Any]],
    table: Callable[[dict[str, dict[str, Any]]], pd.DataFrame],
) -> None:
    """The command line of a benchmark that trains contenders for the same minutes and prints them side by side.

    Each is `trained(task, contender, minutes)` in a process of its own, one after the other. `told` is the benchmark's
    docstring, `module` its name, `task` and `minutes` what it takes where nothing is given. The `table` of all is
    written beside this file as `<module>-<task>.csv`; `--markdown` trains nothing and prints that.
    """
    parser = argparse.ArgumentParser(description=told.splitlines()[0])
    parser.add_argument("task", nargs="?", default=task)
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--contender", choices=contenders, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.contender:
        print(json.dumps(trained(chosen.task, chosen.contender, chosen.minutes)))
        return
    record = Path(__file__).parent / f"{module}-{chosen.task}.csv"
    if not chosen.markdown:
        found = {}
        for name in contenders:
            print(f"{name}: {chosen.minutes:g} minutes of training on {chosen.task}", flush=True)
            line = [sys.executable, "-m", f"benchmarks.{module}", chosen.task, "--minutes", str(chosen.minutes)]
            done = subprocess.run([*line, "--contender", name], check=True, stdout=subprocess.PIPE, text=True)
            found[name] = json.loads(done.stdout.splitlines()[-1])
        write_csv(record, table(found))
    print(recorded(record, contenders))


def recorded(record: Path, contenders: Sequence[str]) -> str:
    """The table of a record for the README."""
    return markdown(["", *contenders], read_csv(record).fillna("").astype(str).to_numpy().tolist())


def told_aside(line: str) -> None:
    """A line about the run, on stderr: stdout is for the result."""
    print(line, file=sys.stderr, flush=True)


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table for the README."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *rows))


def interval(mean: float, low: float, high: float, digits: int = 3) -> str:
    """A mean with its 95 % interval, as the README has them."""
    return f"{mean:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def base_of(params: Params, task: str) -> Base:
    """The task's network trained from scratch."""
    return next(entry for entry in params.bases.values() if entry.task == task)


def outlining(params: Params, name: str) -> tuple[Task, Base, Loss]:
    """The block of a task whose pictures are outlined, its network trained from scratch, and that one's loss."""
    task, base = params.tasks[name], base_of(params, name)
    if not isinstance(task, Task) or isinstance(base.loss, CrossEntropy):
        raise SystemExit(f"task '{name}' tells pictures apart: python -m benchmarks.classification {name}")
    return task, base, base.loss


def network(base: Base) -> Any:  # noqa: ANN401 - a Keras model: the library is imported late, after its threads are set
    """The base's network with initial weights."""
    net = import_module(f"glassbox.nets.{base.net}")
    return net.build(parse(net.Architecture, base.architecture, "architecture"))


def shortened(stretches: Sequence[Passes], trained: int, passes: int) -> list[Passes]:
    """`passes` passes in all, shared among the stretches as the first `trained` passes were, to whole passes."""
    counts = [stretch.count for stretch in stretches]
    ends = [round(passes * min(sum(counts[: i + 1]), trained) / trained) for i in range(len(counts))]
    spans = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return [s.model_copy(update={"count": n}) for s, n in zip(stretches, spans, strict=True) if n]


def train(
    model: Any,  # noqa: ANN401
    loss: Any,  # noqa: ANN401
    augment: Augment,
    schedule: Schedule,
    splits: tuple[Split, Split],
    seed: int,
    passes: int,
    report: Callable[[str], None] = print,
) -> None:
    """Train for `passes` passes, with each stretch of the plan as much shorter, on a schedule that ends there.

    A warm-up takes a quarter of the passes at most. Weights are those of the best pass, judged as in the pipeline.
    """
    from glassbox.data import plan
    from glassbox.training import fit

    stretches = shortened(augment.passes, schedule.passes, passes)
    drawn = plan.draw(splits[0].cases, augment.model_copy(update={"passes": stretches}), seed)
    warm = min(schedule.warmup_passes, passes // 4)
    short = schedule.model_copy(update={"passes": passes, "patience": passes, "warmup_passes": warm})
    with tempfile.TemporaryDirectory() as folder:
        fit.fit(model, loss, short, drawn, *splits, Path(folder) / "state.npz", report)


def scored(
    split: Split, maps: Iterable[Any], threshold: float = 0.5, least_part: float = 0.0, fill: bool = False
) -> Scores:
    """Every case's scores at its own size; `maps` are probabilities, the rest is how a mask is cut and cleaned."""
    from glassbox.data.truth import truths
    from glassbox.metrics.overlap import count, scores
    from glassbox.metrics.segment import outline
    from glassbox.nets.inference import at_size

    return [
        scores(count(truth, outline(at_size(found, *truth.shape), threshold, least_part, fill), region))
        for (truth, region), found in zip(truths(split), maps, strict=True)
    ]
