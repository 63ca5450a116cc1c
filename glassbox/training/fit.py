"""Train a segmentation network on a replayed plan: the loop, its schedule, early stopping, and the best weights."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd
from keras import ops

from glassbox.artifacts import Split
from glassbox.params import Schedule
from glassbox.training import batches, optimizer, resume

Loss = Callable[[keras.KerasTensor, keras.KerasTensor], keras.KerasTensor]
Report = Callable[[str], None]
Pictures = npt.NDArray[np.float32]


def fit(
    model: keras.Model,
    loss: Loss,
    schedule: Schedule,
    plan: pd.DataFrame,
    train: Split,
    val: Split,
    state: Path,
    report: Report = print,
) -> pd.DataFrame:
    """Train `model` in place and leave it with the weights of its best pass.

    A network that ends in an average of several members' logits is trained member by member on the same samples: the
    loss is the mean of theirs, so that each learns to outline by itself. It is judged by its average.

    A pass is judged on the validation split at the pass's own size, by mean Dice or mean loss (`monitor`). Where the
    plan goes on at another size, judging starts anew: scores at two sizes can't be compared. Training stops when, at
    the last size, `patience` passes bring nothing better. `state` is where the run is kept after every pass: a killed
    run, started again, ends with the same bits. `report` is given one line a pass. Returns the history, one row a pass.
    """
    passes = range(schedule.first_pass, schedule.first_pass + schedule.passes)
    counts = [batches.count(plan, number, schedule.batch) for number in passes]
    last_size = batches.picture_size(plan, passes[-1])
    model, loss = _members(model), _mean_over_members(loss)
    model.compile(optimizer=optimizer.build(schedule, counts), loss=loss, jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    progress = resume.restore(state, model)
    started, before, shown = time.monotonic(), len(progress.rows), (0, 0)
    for number in passes[len(progress.rows) :]:
        if progress.size == last_size and progress.waited >= schedule.patience:
            break
        size = batches.picture_size(plan, number)
        if size != shown:
            judged, shown = batches.unchanged(val, *size), size
            _compile_for_new_size(model)
            progress.start_size(size)
        row: dict[str, float] = {"epoch": len(progress.rows), "pass": number, "height": size[0], "width": size[1]}
        row |= _one_pass(model, plan, number, train, schedule.batch)
        with _averaged(model):
            row |= validate(model, loss, *judged)
            _judge(progress, model, row["val_dice"] if schedule.monitor == "val_dice" else -row["val_loss"])
        row["learning_rate"] = float(model.optimizer.learning_rate)
        progress.rows.append({key: _rounded(value) for key, value in row.items()})
        resume.save(state, progress, model)
        seconds = (time.monotonic() - started) / (len(progress.rows) - before)
        report(_line(progress, schedule.passes, seconds))
    model.set_weights(progress.best_weights)
    return pd.DataFrame(progress.rows)


def validate(model: keras.Model, loss: Loss, pictures: Pictures, masks: Pictures, batch: int = 10) -> dict[str, float]:
    """Mean loss and mean Dice, one value an image, at probability 0.5 of the mean logit; both masks empty is Dice 1.

    `pictures`: `(N, H, W, 3) float32 in [0, 1]`; `masks`: `(N, H, W, 1) float32` of 0 and 1.
    """
    losses, dice = [], []
    for start in range(0, len(pictures), batch):
        truth = masks[start : start + batch]
        logits = model.predict_on_batch(pictures[start : start + batch])
        losses.append(ops.convert_to_numpy(loss(ops.convert_to_tensor(truth), ops.convert_to_tensor(logits))))
        prediction = logits.mean(axis=-1, keepdims=True) >= 0
        overlap = 2.0 * (prediction * truth).sum(axis=(1, 2, 3))
        total = prediction.sum(axis=(1, 2, 3)) + truth.sum(axis=(1, 2, 3))
        dice.append(np.where(total > 0, overlap / np.maximum(total, 1), 1.0))
    return {"val_loss": float(np.concatenate(losses).mean()), "val_dice": float(np.concatenate(dice).mean())}


def _members(model: keras.Model) -> keras.Model:
    """The same network, giving the logits of every member `(N, H, W, M)`; itself where it has one."""
    last = model.outputs[0]._keras_history.operation
    if not isinstance(last, keras.layers.Average):
        return model
    return keras.Model(model.inputs[0], keras.layers.Concatenate()(last.input))


def _mean_over_members(loss: Loss) -> Loss:
    """The mean of `loss` over the last axis, each entry the logits of one member."""

    def mean(truth: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
        members = ops.split(logits, logits.shape[-1], axis=-1)
        return sum(loss(truth, member) for member in members) / len(members)

    return mean


def _compile_for_new_size(model: keras.Model) -> None:
    """Forget the functions compiled for another picture size.

    Keras would relax them to any size, and its bilinear UpSampling2D can't be compiled for an unknown one.
    """
    model.make_train_function(force=True)
    model.make_predict_function(force=True)


def _one_pass(model: keras.Model, plan: pd.DataFrame, number: int, train: Split, size: int) -> dict[str, float]:
    losses = []
    for pictures, truth in batches.replayed(plan, number, train.images, train.masks, size):
        losses.append(float(model.train_on_batch(pictures, truth)))
        model.reset_metrics()  # Keras averages the loss over all batches since the last reset
    return {"loss": float(np.mean(losses))}


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


def _judge(progress: resume.Progress, model: keras.Model, score: float) -> None:
    """Keep the weights of the best pass so far, and count the passes since."""
    if score > progress.best_score:
        progress.best_score, progress.waited = score, 0
        progress.best_weights = [np.array(weights) for weights in model.get_weights()]
    else:
        progress.waited += 1


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.5g}")


def _line(progress: resume.Progress, passes: int, seconds: float) -> str:
    row, best = progress.rows[-1], "*" if progress.waited == 0 else " "
    return (
        f"pass {row['epoch'] + 1:3d}/{passes}  {row['width']}x{row['height']}  loss {row['loss']:.4f}"
        f"  val loss {row['val_loss']:.4f}  val Dice {row['val_dice']:.4f} {best}"
        f"  {seconds:.0f} s a pass, {seconds * (passes - len(progress.rows)) / 60:.0f} min left"
    )
