"""Training the decoder: what it is taught, that it learns, repeats bit for bit, and goes on where it was killed."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from glassbox.errors import GlassboxError
from glassbox.nets import decoder
from glassbox.params import Teach, parse
from glassbox.training import determinism, fit_decoder
from glassbox.training.sequences import Batch, Example, ahead, batched, stack

VOCABULARY, ASK = 24, 3  # token 3 stands between question and answer
SCHEDULE = {
    "steps": 12,
    "batch": 8,
    "learning_rate": 5e-3,
    "final_learning_rate": 1e-5,
    "warmup_steps": 4,
    "weight_decay": 0.01,
    "beta_2": 0.98,
    "clip_norm": 1.0,
    "report_steps": 5,
}
Trained = tuple[list[np.ndarray], pd.DataFrame]


def schedule(**changes: object) -> Teach:
    return parse(Teach, {**SCHEDULE, **changes}, "teach")


def network(dropout: float = 0.0, width: int = 32) -> keras.Model:
    determinism.pin(3)
    return decoder.build(
        decoder.Architecture(
            vocabulary=VOCABULARY,
            width=width,
            depth=2,
            heads=2,
            kv_heads=2,
            hidden=2 * width,
            context=24,
            dropout=dropout,
        )
    )


def questions(seed: int) -> Iterator[Example]:
    """Tags (10 and up) among other words (4 to 9); the answer repeats the tags in their order, then ends."""
    rng = np.random.default_rng(seed)
    while True:
        n = rng.integers(4, 9)
        words = np.where(rng.random(n) < 0.5, rng.integers(10, VOCABULARY, n), rng.integers(4, 10, n))
        asked = [1, *map(int, words), ASK]
        yield [*asked, *(int(word) for word in words if word >= 10), 2], len(asked)


def held_out(n: int = 40) -> Batch:
    return stack(list(islice(questions(99), n)))


class KilledError(Exception):
    """Stands for a kill signal."""


def train(state: Path | None = None, die_after: int = 99, **changes: object) -> Trained:
    """Weights and history of one training; `die_after` reports, the process is gone."""
    lines: list[str] = []

    def report(line: str) -> None:
        lines.append(line)
        if len(lines) == die_after:
            raise KilledError

    model = network(dropout=0.1)
    history = fit_decoder.fit(model, schedule(**changes), batched(questions(1), 8), held_out(), state, report)
    return model.get_weights(), history


@pytest.fixture(scope="module")
def whole() -> Trained:
    return train()


def test_training_learns_to_copy() -> None:
    """After some seconds nine answers of ten to questions never seen are right to the last token."""
    model, lines = network(width=64), []
    settings = schedule(steps=500, batch=64, learning_rate=3e-3, warmup_steps=50, weight_decay=0.0, report_steps=250)
    history = fit_decoder.fit(model, settings, batched(questions(1), 64), held_out(200), None, lines.append)
    assert history["exact"].iloc[-1] > 0.9
    assert history["loss"].iloc[-1] < 0.2
    assert [line.split()[1] for line in lines] == ["250/500", "500/500"]


def test_two_runs_agree_bit_for_bit(whole: Trained) -> None:
    """The same seed on the same machine gives the same bits, dropout and all."""
    weights, history = train()
    assert all(np.array_equal(a, b) for a, b in zip(weights, whole[0], strict=True))
    pd.testing.assert_frame_equal(history, whole[1])


@pytest.mark.parametrize("die_after", [1, 2])
def test_a_killed_run_ends_with_the_bits_of_one_that_was_not(whole: Trained, tmp_path: Path, die_after: int) -> None:
    """Killed after any report and started again in a new network."""
    state = tmp_path / "state.npz"
    with pytest.raises(KilledError):
        train(state, die_after)
    weights, history = train(state)
    assert all(np.array_equal(a, b) for a, b in zip(weights, whole[0], strict=True))
    pd.testing.assert_frame_equal(history, whole[1])


def test_history_has_a_row_a_report(whole: Trained) -> None:
    """Every fifth step and the last; a rate that rises and falls."""
    history = whole[1]
    assert list(history) == ["step", "loss", "learning_rate", "exact"]
    assert history["step"].tolist() == [5, 10, 12]
    rates = history["learning_rate"].tolist()
    assert rates[0] == pytest.approx(5e-3, rel=0.1)
    assert rates[-1] == pytest.approx(1e-5, rel=1e-3)


def test_the_rate_warms_up_and_then_falls_along_a_cosine() -> None:
    """From 0 to the rate in the warm-up's steps, half-way down in the middle, the final rate at the end."""
    rate = fit_decoder.optimizer(schedule(steps=120, warmup_steps=20))._learning_rate
    found = [float(rate(step)) for step in (0, 10, 20, 70, 120)]
    assert found == pytest.approx([0, 2.5e-3, 5e-3, (5e-3 + 1e-5) / 2, 1e-5], rel=1e-4, abs=1e-9)


def test_weight_decay_spares_normalisations() -> None:
    """A zero gradient leaves them; a matrix shrinks by the rate times the decay."""
    built = fit_decoder.optimizer(schedule(warmup_steps=0, weight_decay=0.5, learning_rate=0.1))
    variables = [
        keras.Variable(np.ones(size, np.float32), name=name) for name, size in (("kernel", (4, 4)), ("scale", (4,)))
    ]
    built.build(variables)
    built.apply([np.zeros(variable.shape, np.float32) for variable in variables], variables)
    assert [round(float(np.array(v).mean()), 4) for v in variables] == [0.95, 1.0]


def test_a_matrix_moves_alike_in_every_direction_and_the_embedding_by_adam() -> None:
    """Muon makes the singular values of a step nearly one; Adam makes its elements so, in its first step."""
    built = fit_decoder.optimizer(schedule(warmup_steps=0, weight_decay=0.0, learning_rate=0.1, clip_norm=1e9))
    rng, names = np.random.default_rng(0), ("kernel", "embedding")
    uneven = np.logspace(0, 1.5, 8)[:, None]
    gradients = [(rng.standard_normal((8, 24)) * uneven).astype(np.float32) for _ in names]
    variables = [keras.Variable(np.zeros((8, 24), np.float32), name=name) for name in names]
    built.build(variables)
    built.apply(gradients, variables)
    before, after = (np.linalg.svd(step, compute_uv=False) for step in (gradients[0], np.array(variables[0])))
    assert before.max() > 10 * before.min()
    assert after.max() < 2 * after.min()
    assert np.abs(np.array(variables[1])) == pytest.approx(0.1, rel=1e-2)


def test_the_loss_is_the_mean_over_what_is_to_be_predicted() -> None:
    """By hand from all logits; padding and the question carry none, and `exact` counts whole answers."""
    model = network()
    batch = held_out(7)
    taught = fit_decoder.Taught(fit_decoder.at_places(model))
    taught.compile(optimizer=keras.optimizers.SGD(0.0), jit_compile=False)
    logits = np.asarray(model(batch.tokens), np.float64)
    entropies, right = [], []
    for row, (tokens, counted) in enumerate(zip(batch.tokens, batch.counted, strict=True)):
        for place in np.flatnonzero(counted):
            scores = logits[row, place - 1]
            entropies.append(np.log(np.exp(scores).sum()) - scores[tokens[place]])
        right.append(all(logits[row, p - 1].argmax() == tokens[p] for p in np.flatnonzero(counted)))
    assert taught.learn(batch) == pytest.approx(np.mean(entropies), rel=1e-5)
    assert fit_decoder.exact(taught, batch) == pytest.approx(np.mean(right))


def test_too_few_batches_are_told() -> None:
    """In one line."""
    batches = list(islice(batched(questions(1), 8), 3))
    with pytest.raises(GlassboxError) as caught:
        fit_decoder.fit(network(), schedule(), batches, held_out(), None, lambda _: None)
    assert str(caught.value) == "training: 3 batches; expected 12, as many as the schedule has steps"


def test_a_batch_knows_what_is_predicted_and_from_where() -> None:
    """Padded with 0 to a multiple of four; the place of a token is that before it, in the rows laid end to end."""
    batch = stack([([1, 5, 6, 2], 2), ([1, 7, 8, 9, 10, 11, 12, 13, 2], 7)])
    assert batch.tokens.tolist() == [[1, 5, 6, 2] + [0] * 8, [1, 7, 8, 9, 10, 11, 12, 13, 2] + [0] * 3]
    assert batch.targets().tolist() == [6, 2, 13, 2]
    assert batch.places().tolist() == [1, 2, 18, 19]
    assert batch.rows().tolist() == [0, 0, 1, 1]
    assert batch.tokens.ravel()[batch.places() + 1].tolist() == batch.targets().tolist()


def test_batches_hold_every_example_once_and_of_one_length() -> None:
    """In the order in which they fill up; those that fill none wait."""
    examples = list(islice(questions(5), 100))
    made = list(ahead(batched(examples, 8)))
    assert all(len(batch.tokens) == 8 and batch.tokens.shape[1] % 4 == 0 for batch in made)
    rows = [tuple(row[row > 0].tolist()) for batch in made for row in batch.tokens]
    given = [tuple(tokens) for tokens, _ in examples]
    assert len(rows) > 80
    assert not set(rows) - set(given)
    for batch in made:
        lengths = (batch.tokens > 0).sum(axis=1)
        assert ((lengths > batch.tokens.shape[1] - 4) & (lengths <= batch.tokens.shape[1])).all()


def test_a_fault_in_making_batches_is_not_swallowed() -> None:
    """It comes out where the batch would have."""

    def broken() -> Iterator[Batch]:
        yield held_out(2)
        raise GlassboxError("tag", "unknown", "a known one")

    batches = ahead(broken())
    next(batches)
    with pytest.raises(GlassboxError, match=r"^tag: unknown"):
        next(batches)


def test_a_warm_up_as_long_as_the_training_is_refused() -> None:
    """By its key."""
    with pytest.raises(GlassboxError) as caught:
        schedule(warmup_steps=12)
    assert str(caught.value).startswith("teach: warmup_steps 12; expected below steps, 12")
