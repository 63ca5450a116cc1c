"""Teach the small network to tell what a question asks for: the loop, its schedule, what it reports."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox.params import Intents

Ids = npt.NDArray[np.int32]  # (T, P): buckets of the pieces of each of T words, 0 for none
Report = Callable[[str], None]
SHORTEST = 8  # words that a batch's questions are filled up to, at least
TOGETHER = 16  # batches that are sorted by length at once, so that a batch's questions are about as long


@dataclass(frozen=True)
class Questions:
    """Each with its words' pieces `(T, P)`, and of each head of the network its labels `(N,)`."""

    pieces: Sequence[Ids]
    labels: Mapping[str, npt.NDArray[np.int32]]


def fit(
    model: keras.Model, plan: Intents, taught: Questions, held_out: Questions, seed: int, report: Report = print
) -> pd.DataFrame:
    """Train `model` in place for `plan.passes` passes over `taught`.

    The loss is the sum over the heads of the cross-entropy with smoothed labels (Szegedy 2016). After each pass
    `report` is given a line and the history a row: `pass`, the mean `loss`, and `exact`, the share of `held_out` of
    which every head gives the right label.
    """
    rng = np.random.default_rng(seed)
    steps = plan.passes * sum(1 for _ in _batches(taught, plan.batch, np.random.default_rng(0)))
    model.compile(
        optimizer=_optimizer(plan, steps),
        loss={name: _entropy(model.get_layer(name).units, plan.smoothing) for name in taught.labels},
        jit_compile=False,
    )
    rows, started = [], time.monotonic()
    for number in range(1, plan.passes + 1):
        losses = [_step(model, taught, chosen, plan.thinned, rng) for chosen in _batches(taught, plan.batch, rng)]
        rows.append({"pass": number, "loss": round(float(np.mean(losses)), 4), "exact": exact(model, held_out)})
        seconds = (time.monotonic() - started) / number
        report(
            f"pass {number:3d}/{plan.passes}  loss {rows[-1]['loss']:.3f}  exact {rows[-1]['exact']:.3f}  "
            f"{seconds:.0f} s a pass, {seconds * (plan.passes - number) / 60:.0f} min left"
        )
    return pd.DataFrame(rows)


def exact(model: keras.Model, questions: Questions, size: int = 256) -> float:
    """The share of questions of which every head has the highest logit at the right label."""
    right = 0
    for at in range(0, len(questions.pieces), size):
        logits = model.predict_on_batch(stacked(questions.pieces[at : at + size]))
        same = [logits[name].argmax(axis=-1) == truth[at : at + size] for name, truth in questions.labels.items()]
        right += int(np.all(same, axis=0).sum())
    return round(right / len(questions.pieces), 4)


def _entropy(labels: int, smoothing: float) -> Callable[[keras.KerasTensor, keras.KerasTensor], keras.KerasTensor]:
    def loss(truth: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
        wanted = keras.ops.one_hot(keras.ops.reshape(truth, (-1,)), labels)
        return keras.losses.categorical_crossentropy(wanted, logits, from_logits=True, label_smoothing=smoothing)

    return loss


def _optimizer(plan: Intents, steps: int) -> keras.optimizers.Optimizer:
    """AdamW (Loshchilov 2019) with a linear warm-up and one cosine down to nothing."""
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=max(1, steps - plan.warmup_steps),
        warmup_target=plan.learning_rate,
        warmup_steps=plan.warmup_steps,
    )
    return keras.optimizers.AdamW(rate, weight_decay=plan.weight_decay)


def _batches(questions: Questions, size: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Every question once, in a new order; a last batch that would not be full is left out."""
    order = rng.permutation(len(questions.pieces))
    for at in range(0, len(order), size * TOGETHER):
        near = sorted(order[at : at + size * TOGETHER], key=lambda number: len(questions.pieces[number]))
        starts = range(0, len(near) - size + 1, size)
        yield from (near[start : start + size] for start in rng.permutation(starts))


def _step(
    model: keras.Model, taught: Questions, chosen: Sequence[int], thinned: float, rng: np.random.Generator
) -> float:
    """One batch, of whose words a few are left out; its loss before the step."""
    pieces = [_thinned(taught.pieces[number], thinned, rng) for number in chosen]
    labels = {name: truth[chosen] for name, truth in taught.labels.items()}
    return float(model.train_on_batch(stacked(pieces), labels, return_dict=True)["loss"])


def _thinned(words: Ids, rate: float, rng: np.random.Generator) -> Ids:
    kept = rng.random(len(words)) >= rate
    return words[kept] if kept.any() else words


def stacked(questions: Sequence[Ids]) -> Ids:
    """`(N, T, P)`: as many rows as the longest question has words, and rows of no piece below a shorter one."""
    length = max(SHORTEST, *(len(question) for question in questions))
    found = np.zeros((len(questions), length, questions[0].shape[1]), np.int32)
    for row, question in zip(found, questions, strict=True):
        row[: len(question)] = question
    return found
