"""Teach the small decoder to go on from a question with its query line: the loop, its schedule, what it reports."""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd
from keras import ops

from glassbox.errors import GlassboxError
from glassbox.params import Teach
from glassbox.training import resume
from glassbox.training.sequences import Batch, ahead

Report = Callable[[str], None]


def fit(
    model: keras.Model,
    schedule: Teach,
    batches: Iterable[Batch],
    held_out: Batch,
    state: Path | None = None,
    report: Report = print,
) -> pd.DataFrame:
    """Train the decoder `model` in place on the first `schedule.steps` of `batches`.

    The loss is the mean cross-entropy of the tokens to be predicted, each from those before it. Every `report_steps`
    steps, and after the last, `report` is given a line and the history a row: `step`, the mean `loss` since the row
    before, the `learning_rate`, and `exact`, the share of the sequences of `held_out` of which every token is predicted
    right from the true ones before it. There the run is kept in `state` too: killed and started again with the same
    batches, it ends with the same bits. Raises `GlassboxError` where there are too few batches.
    """
    taught = Taught(at_places(model))
    taught.compile(optimizer=optimizer(schedule), jit_compile=False)
    taught.optimizer.build(taught.trainable_variables)
    progress = resume.restore(state, taught) if state else resume.Progress()
    before = int(progress.rows[-1]["step"]) if progress.rows else 0
    started, losses, step = time.monotonic(), [], before
    for step, batch in enumerate(islice(ahead(batches), before, schedule.steps), before + 1):
        losses.append(taught.learn(batch))
        if step % schedule.report_steps == 0 or step == schedule.steps:
            progress.rows.append(_row(step, losses, taught, held_out))
            losses = []
            if state:
                resume.save(state, progress, taught)
            report(_line(progress.rows[-1], schedule.steps, (time.monotonic() - started) / (step - before)))
    if step < schedule.steps:
        raise GlassboxError("training", f"{step} batches", f"{schedule.steps}, as many as the schedule has steps")
    return pd.DataFrame(progress.rows)


def at_places(decoder: keras.Model) -> keras.Model:
    """The same network, giving logits `(K, V)` at chosen places of the `(N, T)` tokens, as `Batch.places` counts them.

    Behind the last attention no position sees another, so that all that stands there, the large output layer too, is
    computed at the places alone. With a third of the tokens to be predicted a training step takes a quarter less time.
    """
    last = sum(layer.name.endswith("_attention") for layer in decoder.layers) - 1

    def of(role: str) -> keras.layers.Layer:
        return decoder.get_layer(f"block{last}_{role}")

    places = keras.Input((), dtype="int32", name="places")
    x, y = (
        Chosen(name=f"chosen_{name}")(whole, places)  # (N, T, W) to (K, W)
        for name, whole in (("stream", of("attention_norm").input), ("attention", of("attention").output))
    )
    x = of("attention_add")([x, of("attention_dropout")(of("attention_output")(y))])
    y = of("feed_norm")(x)
    y = of("feed_output")(of("feed_product")([of("feed_gate")(y), of("feed_up")(y)]))
    x = decoder.get_layer("output_norm")(of("feed_add")([x, of("feed_dropout")(y)]))
    logits = decoder.get_layer("embedding")(x, reverse=True)
    return keras.Model([decoder.inputs[0], places], logits, name="at_places")


class Chosen(keras.layers.Layer):  # type: ignore[misc]  # Keras brings no types
    """Rows of `(N, T, W)`, laid end to end, at places `(K,)`: `(K, W)`."""

    def call(self, whole: keras.KerasTensor, places: keras.KerasTensor) -> keras.KerasTensor:
        """`(K, W)`."""
        return ops.take(ops.reshape(whole, (-1, whole.shape[-1])), places, axis=0)


class Taught(keras.Model):  # type: ignore[misc]  # Keras brings no types
    """What `at_places` gives, under its loss."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__(name="taught")
        self.network = network

    def call(self, inputs: list[keras.KerasTensor], training: bool = False) -> keras.KerasTensor:
        """Tokens `(N, T)` and places `(K,)` to logits `(K, V)`."""
        return self.network(inputs, training=training)

    def compute_loss(
        self,
        x: list[keras.KerasTensor],
        y: keras.KerasTensor,
        y_pred: keras.KerasTensor,
        sample_weight: keras.KerasTensor,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Mean cross-entropy over the places of weight 1."""
        entropy = keras.losses.sparse_categorical_crossentropy(y, y_pred, from_logits=True)
        return ops.sum(entropy * sample_weight) / ops.sum(sample_weight)

    def learn(self, batch: Batch) -> float:
        """One step; the batch's loss before it."""
        [tokens, places], targets, weights = _padded(batch)
        return float(self.train_on_batch([tokens, places], targets, weights))


def exact(taught: Taught, batch: Batch) -> float:
    """The share of sequences of which every token to be predicted has the highest logit."""
    [tokens, places], targets, weights = _padded(batch)
    right = taught.predict_on_batch([tokens, places]).argmax(axis=-1) == targets
    wrong = np.unique(batch.rows()[~right[weights > 0]])
    return 1 - len(wrong) / len(tokens)


def optimizer(schedule: Teach) -> keras.optimizers.Optimizer:
    """Muon for matrices, AdamW for the rest, linear warm-up, one cosine; normalisations are spared from decay.

    Muon (Jordan 2024, kellerjordan.github.io/posts/muon; scaled as Liu 2025, arXiv:2502.16982, so that both take one
    learning rate) learns in a step what AdamW (Loshchilov 2019, arXiv:1711.05101) learns in one and a half. The
    embedding, which is the output layer too, is AdamW's.
    """
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if schedule.warmup_steps else schedule.learning_rate,
        decay_steps=schedule.steps - schedule.warmup_steps,
        alpha=schedule.final_learning_rate / schedule.learning_rate,
        warmup_target=schedule.learning_rate if schedule.warmup_steps else None,
        warmup_steps=schedule.warmup_steps,
    )
    built = keras.optimizers.Muon(
        rate,
        weight_decay=schedule.weight_decay,
        adam_weight_decay=schedule.weight_decay,
        adam_beta_2=schedule.beta_2,
        global_clipnorm=schedule.clip_norm,
    )
    built.exclude_from_weight_decay(var_names=["scale"])
    return built


def _padded(batch: Batch) -> tuple[list[npt.NDArray[np.int32]], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Inputs, targets and weights, with as many places as a multiple of the batch's size: few shapes to compile for."""
    targets, places = batch.targets(), batch.places()
    room = (0, -len(targets) % len(batch.tokens))
    weights = np.pad(np.ones(len(targets), np.float32), room)
    return [batch.tokens, np.pad(places, room)], np.pad(targets, room), weights


def _row(step: int, losses: list[float], taught: Taught, held_out: Batch) -> dict[str, float]:
    found = {"loss": np.mean(losses), "learning_rate": taught.optimizer.learning_rate, "exact": exact(taught, held_out)}
    return {"step": step, **{name: float(f"{float(value):.5g}") for name, value in found.items()}}


def _line(row: dict[str, float], steps: int, seconds: float) -> str:
    return (
        f"step {row['step']:5d}/{steps}  loss {row['loss']:.4f}  exact {row['exact']:.3f}"
        f"  {seconds * 1000:.0f} ms a step, {seconds * (steps - row['step']) / 60:.0f} min left"
    )
