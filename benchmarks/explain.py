"""What explanations cost: time and memory of ours, of a plain eager loop, and of two other libraries.

    python -m benchmarks.explain [MODEL] [--captum PYTHON] [--xplique PYTHON]

Every measurement runs in a process of its own, one after the other, on one picture of MODEL's size drawn at random:
seconds (the fastest of three, after a warm-up) and the process's highest memory. Captum and xplique are no dependency:
give each the Python interpreter of an environment that has it (`pip install keras torch captum`, `pip install
xplique`); they are asked of the same `.keras` file, through `benchmarks/peers.py`. Written to
`benchmarks/explain-<model>.csv`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.brief import markdown
from glassbox.artifacts import Paths, read_csv, write_csv
from glassbox.params import load

SEED, NOISE, REPEATS = 1, 0.1, 3
SAMPLES, MANY = 50, 1000
GROUP = "decoder"
ROWS = [  # library, method, samples or steps
    ("glassbox", "gradient", 1),
    ("glassbox", "smooth-grad", 10),
    ("glassbox", "smooth-grad", SAMPLES),
    ("glassbox", "smooth-grad", MANY),
    ("glassbox", "integrated-gradients", SAMPLES),
    ("glassbox", "grad-cam, all layers", 1),
    ("glassbox", "grad-cam, layer by layer", 1),
    ("eager loop", "smooth-grad", SAMPLES),
    *((peer, method, SAMPLES) for peer in ("captum", "xplique") for method in ("smooth-grad", "integrated-gradients")),
    ("captum", "grad-cam, layer by layer", 1),
]


def main() -> None:
    """Measure every row whose library is there, and print them as a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", nargs="?", default="phantom-balanced")
    parser.add_argument("--captum", type=Path, help="a Python that has captum, keras and torch")
    parser.add_argument("--xplique", type=Path, help="a Python that has xplique and tensorflow")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--row", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    record = Path(__file__).parent / f"explain-{chosen.model}.csv"
    if chosen.row is not None:
        print(json.dumps(_measured(chosen.model, *ROWS[chosen.row])))
        return
    if not chosen.markdown:
        peers = {"captum": chosen.captum, "xplique": chosen.xplique}
        found = [_apart(at, chosen.model, row, peers) for at, row in enumerate(ROWS) if peers.get(row[0], True)]
        write_csv(record, pd.DataFrame(found))
    print(_markdown(read_csv(record)))


def _apart(at: int, model: str, row: tuple[str, str, int], peers: dict[str, Path | None]) -> dict[str, Any]:
    """One row, measured by a process of its own."""
    library, method, samples = row
    python = peers.get(library)
    if python is None:
        line, backend = [sys.executable, "-m", "benchmarks.explain", model, "--row", str(at)], "tensorflow"
    else:
        size = load(Paths().params()).tasks[load(Paths().params()).models[model].task].preprocess
        asked = [library, method, str(samples), str(Paths().model(model)), str(size.height), str(size.width)]
        line = [str(python), str(Path(__file__).with_name("peers.py")), *asked]
        backend = "torch" if library == "captum" else "tensorflow"
    found = subprocess.run(
        line, check=True, capture_output=True, text=True, env=os.environ | {"KERAS_BACKEND": backend}
    )
    told = json.loads(found.stdout.splitlines()[-1])
    print(f"{library}, {method}, {samples}: {told['seconds']:.2f} s, {told['megabytes']:.0f} MB", file=sys.stderr)
    return {"library": library, "method": method, "samples": samples, **told}


def _measured(name: str, library: str, method: str, samples: int) -> dict[str, float]:
    import numpy as np

    from glassbox.artifacts import read_model
    from glassbox.training import determinism
    from glassbox.xai.gradcam import find_layers, grad_cam
    from glassbox.xai.gradient import CHUNK, gradients
    from glassbox.xai.integrated import integrated_gradients
    from glassbox.xai.operator import region_mean
    from glassbox.xai.smooth import noisy_gradients

    determinism.pin(SEED)
    params = load(Paths().params())
    size = params.tasks[params.models[name].task].preprocess
    model = read_model(Paths().model(name))
    image = np.random.default_rng(SEED).random((1, size.height, size.width, 3), np.float32)
    operator = region_mean(np.ones((1, size.height, size.width), bool))
    layers = find_layers(model, GROUP)
    several = np.repeat(image, CHUNK, axis=0)
    run: dict[tuple[str, str], Callable[[], object]] = {
        ("glassbox", "gradient"): lambda: gradients(model, several, operator),
        ("glassbox", "smooth-grad"): lambda: noisy_gradients(model, image, operator, samples, NOISE, SEED),
        ("glassbox", "integrated-gradients"): lambda: integrated_gradients(model, image, operator, 0.0, samples - 1),
        ("glassbox", "grad-cam, all layers"): lambda: grad_cam(model, image, operator, layers),
        ("glassbox", "grad-cam, layer by layer"): lambda: [grad_cam(model, image, operator, [one]) for one in layers],
        ("eager loop", "smooth-grad"): lambda: _eager(model, image, samples),
    }
    seconds = fastest(run[library, method], 1 if samples == MANY else REPEATS)
    return {"seconds": seconds / (CHUNK if method == "gradient" else 1), "megabytes": peak()}


def fastest(run: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several runs, after one that is not timed."""
    run()
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


def peak() -> float:
    """The highest memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _eager(model: Any, image: Any, samples: int) -> Any:  # noqa: ANN401
    """SmoothGrad as it is often written: sample by sample, nothing compiled."""
    import numpy as np
    import tensorflow as tf

    rng, total = np.random.default_rng(SEED), 0
    for _ in range(samples):
        noisy = tf.convert_to_tensor(image + rng.normal(0, NOISE, image.shape).astype(np.float32))
        with tf.GradientTape() as tape:
            tape.watch(noisy)
            score = tf.reduce_mean(model(noisy, training=False))
        total = total + tape.gradient(score, noisy)
    return total


def _markdown(table: pd.DataFrame) -> str:
    """The table, with each row's time in gradients: what the same number of compiled gradients would take is 1."""
    one = float(table.query("library == 'glassbox' and method == 'gradient'")["seconds"].iloc[0])
    cells = []
    for _, row in table.iterrows():
        seconds, samples = float(row["seconds"]), int(row["samples"])
        told = f"{seconds:.2f}", f"{seconds / samples / one:.2f}", f"{row['megabytes']:.0f}"
        cells.append([str(row["library"]), str(row["method"]), str(samples), *told])
    return markdown(("library", "method", "samples", "seconds", "seconds / (samples × one gradient)", "MB"), cells)


if __name__ == "__main__":
    main()
