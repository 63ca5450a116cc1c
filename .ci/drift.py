"""Hold the rebuilt scores of the embedded study to the committed ones: `python .ci/drift.py`, after `make demo`.

Another processor rounds otherwise, so a rebuilt network has other bits; what is recorded must stay the same result.
Judged is every share (a decimal number in [0, 1]) of the committed metrics/phantom-*.json: means, pooled values, rates,
the data set's shares. It may move by 0.02, but for the two scores that jump at a Jaccard of 0.65 (`JUMPS`): a picture
at 0.66 on one processor and at 0.64 on another hardly moves the mean overlap, yet is a failure on one of them alone.
Two processors built networks whose mean Jaccard differs by 0.009 and whose failures are 6 and 9 of 120. Such a score
may move within its own 95 % interval, the recorded one or, for a rate, Wilson's. Not judged, only required to be there:

* `*_px`, distances in pixels: not bounded, and one stray region far from the lesion moves a mean by whole pixels;
* `ci_low`, `ci_high`: bounds of a mean that is judged;
* `minus_balanced`: differences of means that are judged, each in its own model's file;
* whole numbers and percentages: counts, and parts of the pooled values.

Left aside are the files that hold choices and parts of the data (`ASIDE`): a threshold that jumps from 0.45 to 0.52
where Dice is flat is the same result, the mean of ten cases moves further than that of all, and gains are in logits.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

LIMIT = 0.02
SHOWN = 12
RECORDED = "metrics/phantom-*.json"
ASIDE = ("-calibration", "-robustness", "-subgroups", "-threshold", "-uncertainty", "-xai")
JUMPS = ("thresholded_jaccard.mean", "failure_rate")
NOT_JUDGED = ("_px", "ci_low", "ci_high", "minus_balanced", "percent")

Numbers = dict[str, float]  # "metrics/phantom-base.json dice.mean" -> 0.8992


def numbers(value: object, key: str) -> Iterator[tuple[str, float]]:
    """Every number below `value`, with its dotted key.

    >>> list(numbers({"dice": {"mean": 0.9}, "n": 3}, "a.json "))
    [('a.json dice.mean', 0.9), ('a.json n', 3)]
    """
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from numbers(part, f"{key}{name}" if key.endswith(" ") else f"{key}.{name}")
    elif isinstance(value, int | float):
        yield key, value


def compared(name: str) -> bool:
    """Whether a file's numbers are held to the committed ones."""
    return Path(name).match(RECORDED) and not Path(name).stem.endswith(ASIDE)


def judged(key: str, value: float) -> bool:
    """Whether `value` is a share that may move by no more than the limit."""
    return isinstance(value, float) and 0 <= value <= 1 and not any(part in key for part in NOT_JUDGED)


def drifts(committed: Numbers, rebuilt: Numbers) -> list[tuple[float, str]]:
    """The judged keys that both hold, with how far each has moved, largest first."""
    moved = [(abs(rebuilt[k] - v), k) for k, v in committed.items() if k in rebuilt and judged(k, v)]
    return sorted(moved, key=lambda row: (-row[0], row[1]))


def reach(committed: Numbers, key: str) -> tuple[float, float]:
    """The least and the largest value to which the share `key` may move."""
    value = committed[key]
    if not key.endswith(JUMPS):
        return value - LIMIT, value + LIMIT
    if key.endswith(".mean"):
        bounds = (key.removesuffix("mean") + end for end in ("ci_low", "ci_high"))
        low, high = (committed[bound] for bound in bounds)
    else:
        cases = int(committed[key.removesuffix("failure_rate") + "n.cases"])
        low, high = binomtest(round(value * cases), cases).proportion_ci(method="wilson")
    return round(float(low), 4), round(float(high), 4)


def faults(committed: Numbers, rebuilt: Numbers) -> list[str]:
    """One line a fault: a number that is gone, or a share that moved beyond its reach."""
    found = [f"{key}: {value} committed, not rebuilt" for key, value in committed.items() if key not in rebuilt]
    for _, key in drifts(committed, rebuilt):
        low, high = reach(committed, key)
        if not round(low, 9) <= rebuilt[key] <= round(high, 9):
            expected = f"{low:.4g} to {high:.4g} expected"
            found.append(f"{key}: {committed[key]} committed, {rebuilt[key]} rebuilt; {expected}")
    return found


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def committed_numbers() -> Numbers:
    """Of HEAD, so that what `make demo` writes over the checkout does not matter."""
    names = [name for name in git("ls-tree", "--name-only", "HEAD", "metrics/").split() if compared(name)]
    parts: list[tuple[str, Any]] = [(name, json.loads(git("show", f"HEAD:{name}"))) for name in names]
    return {key: value for name, part in parts for key, value in numbers(part, f"{name} ")}


def rebuilt_numbers() -> Numbers:
    names = [path.as_posix() for path in sorted(Path().glob(RECORDED)) if compared(path.as_posix())]
    parts = [(name, json.loads(Path(name).read_bytes())) for name in names]
    return {key: value for name, part in parts for key, value in numbers(part, f"{name} ")}


def main() -> int:
    """Print the largest differences; 1 if there is a fault, or nothing to hold to."""
    committed, rebuilt = committed_numbers(), rebuilt_numbers()
    moved = drifts(committed, rebuilt)
    print(f"{'committed':>9}  {'rebuilt':>9}  {'moved':>9}  number")
    for difference, key in moved[:SHOWN]:
        print(f"{committed[key]:9.4f}  {rebuilt[key]:9.4f}  {difference:9.4f}  {key}")
    print(f"{len(moved)} shares compared; each may move by {LIMIT}, {' and '.join(JUMPS)} within their 95 % intervals")
    found = faults(committed, rebuilt)
    if not moved and not found:
        found = [f"{RECORDED}: no share in HEAD; expected the embedded study's scores; run: make demo, and commit"]
    for line in found:
        print(f"drift: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
