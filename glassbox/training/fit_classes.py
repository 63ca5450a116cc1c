"""Train a network that tells pictures apart on a replayed plan: batches, the loop, early stopping, the best weights."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd
from keras import ops

from glassbox.data.augment import Recipe, recipes
from glassbox.data.sample import Stains, replay, stains
from glassbox.params import Schedule
from glassbox.training import optimizer, resume

Loss = Callable[[keras.KerasTensor, keras.KerasTensor], keras.KerasTensor]
Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]
Batch = tuple[Floats, Floats, Floats]
JUDGED = 64  # pictures at once: no weight is learned there, so it changes time and nothing else


@dataclass(frozen=True, eq=False)
class Given:
    """What a network learns from, or is judged on.

    `images`: `(N, H, W, C) uint8`; `targets`: `(N, K) float32`, what its logits should say; `weights`: `(N,) float32`,
    how much each picture counts.
    """

    images: npt.NDArray[np.uint8]
    targets: Floats
    weights: Floats


def fit(
    model: keras.Model,
    loss: Loss,
    schedule: Schedule,
    plan: pd.DataFrame,
    train: Given,
    val: Given,
    state: Path,
    report: Report = print,
) -> pd.DataFrame:
    """Train `model` in place and leave it with the weights of its pass of the lowest validation loss.

    Both losses are means weighted by the pictures' weights. Where the optimiser keeps a running average of the weights,
    that is judged and kept. Training stops when `patience` passes bring nothing better.
    `state` is where the run is kept after every pass: a killed run, started again, ends with the same bits. `report` is
    given one line a pass. Returns the history, one row a pass: `epoch`, `pass`, `loss`, `val_loss`, `val_accuracy`,
    `learning_rate`.
    """
    passes = range(schedule.first_pass, schedule.first_pass + schedule.passes)
    batches = [max(int((plan["pass"] == number).sum()) // schedule.batch, 1) for number in passes]
    model.compile(optimizer=optimizer.build(schedule, batches), loss=loss, jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    progress = resume.restore(state, model)
    started, before, shown = time.monotonic(), len(progress.rows), (0, 0)
    for number in passes[before:]:
        if progress.waited >= schedule.patience:
            break
        size = _size(plan, number)
        if size != shown:  # else Keras would go on with one function for all sizes, whose sums end in other bits
            model.make_train_function(force=True)
            shown = size
        row: dict[str, float] = {"epoch": len(progress.rows), "pass": number}
        losses = []
        for batch in replayed(plan, number, train, schedule.batch):
            losses.append(float(model.train_on_batch(*batch)))
            model.reset_metrics()  # Keras averages the loss over all batches since the last reset
        row["loss"] = float(np.mean(losses))
        with _averaged(model):
            row |= judge(model, loss, val)
            _keep_best(progress, model, -row["val_loss"])
        row["learning_rate"] = float(model.optimizer.learning_rate)
        progress.rows.append(
            {key: value if isinstance(value, int) else float(f"{value:.5g}") for key, value in row.items()}
        )
        resume.save(state, progress, model)
        report(_line(progress, schedule.passes, (time.monotonic() - started) / (len(progress.rows) - before)))
    model.set_weights(progress.best_weights)
    return pd.DataFrame(progress.rows)


def replayed(plan: pd.DataFrame, number: int, train: Given, size: int) -> Iterator[Batch]:
    """The batches of pass `number`, in the plan's order: pictures `(n, H, W, C)` in [0, 1], targets, weights.

    Where two samples were mixed, all three are `(1 - mix) * own + mix * next`, the last with the first. A last batch
    smaller than `size` is dropped: every sample comes again in another pass. The next batch is made while the network
    works on the last.
    """
    rows = list(zip(recipes(plan, number), stains(plan, number), strict=True))
    starts = range(0, max(len(rows) - size, 0) + 1, size)
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(_batch, rows[:size], train)
        for start in starts:
            ready = ahead.result()
            if start != starts[-1]:
                ahead = pool.submit(_batch, rows[start + size : start + 2 * size], train)
            yield ready


def judge(model: keras.Model, loss: Loss, val: Given) -> dict[str, float]:
    """`val_loss`, weighted, and `val_accuracy`: the share of pictures whose largest logit, or every flag, is right."""
    exclusive = val.targets.shape[1] > 1 and bool((val.targets.sum(axis=1) == 1).all())
    losses, right = [], []
    for start in range(0, len(val.images), JUDGED):
        truth = val.targets[start : start + JUDGED]
        logits = model.predict_on_batch(val.images[start : start + JUDGED].astype(np.float32) / 255.0)
        losses.append(ops.convert_to_numpy(loss(ops.convert_to_tensor(truth), ops.convert_to_tensor(logits))))
        if exclusive:
            right.append(logits.argmax(axis=1) == truth.argmax(axis=1))
        else:
            right.append(((logits >= 0) == (truth > 0.5)).all(axis=1))
    weighted = float(np.average(np.concatenate(losses), weights=val.weights))
    return {"val_loss": weighted, "val_accuracy": float(np.concatenate(right).mean())}


def _size(plan: pd.DataFrame, number: int) -> tuple[int, int]:
    """Height and width in pixels of the samples of pass `number`."""
    height, width = plan.loc[plan["pass"] == number, ["height", "width"]].iloc[0]
    return int(height), int(width)


def _batch(rows: list[tuple[Recipe, Stains]], train: Given) -> Batch:
    chosen = [recipe.index for recipe, _ in rows]
    made = np.stack([replay(recipe, stained, train.images[recipe.index]) for recipe, stained in rows])
    whole = made.astype(np.float32) / 255.0, train.targets[chosen], train.weights[chosen]
    mix = np.array([recipe.mix for recipe, _ in rows], np.float32)
    if not mix.any():
        return whole
    pictures, targets, weights = (
        own + mix.reshape(-1, *[1] * (own.ndim - 1)) * (np.roll(own, -1, axis=0) - own) for own in whole
    )
    return pictures, targets, weights


@contextmanager
def _averaged(model: keras.Model) -> Iterator[None]:
    """Inside, the network holds the running average of its weights, where the optimiser keeps one."""
    if not model.optimizer.use_ema:
        yield
        return
    live = [np.array(variable) for variable in model.trainable_variables]
    model.optimizer.finalize_variable_values(model.trainable_variables)
    yield
    for variable, value in zip(model.trainable_variables, live, strict=True):
        variable.assign(value)


def _keep_best(progress: resume.Progress, model: keras.Model, score: float) -> None:
    """Keep the weights of the best pass so far, and count the passes since."""
    if score > progress.best_score:
        progress.best_score, progress.waited = score, 0
        progress.best_weights = [np.array(weights) for weights in model.get_weights()]
    else:
        progress.waited += 1


def _line(progress: resume.Progress, passes: int, seconds: float) -> str:
    row, best = progress.rows[-1], "*" if progress.waited == 0 else " "
    return (
        f"pass {row['epoch'] + 1:3d}/{passes}  loss {row['loss']:.4f}  val loss {row['val_loss']:.4f}"
        f"  val accuracy {row['val_accuracy']:.4f} {best}"
        f"  {seconds:.0f} s a pass, {seconds * (passes - len(progress.rows)) / 60:.0f} min left"
    )
