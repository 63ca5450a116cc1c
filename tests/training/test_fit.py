"""Training: bit for bit repeatable and resumable, at the plan's sizes, ending with the best pass's weights."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from glassbox.artifacts import Split
from glassbox.data import plan
from glassbox.data.augment import recipe, replay
from glassbox.data.picture import encode_mask
from glassbox.losses import overlap
from glassbox.nets import attention_unet
from glassbox.params import Augment, Passes, Schedule, Tversky, load
from glassbox.training import batches, determinism, fit, resume

Settings = tuple[Augment, Schedule]
Trained = tuple[list[np.ndarray], pd.DataFrame]
ROOT = Path(__file__).parents[2]
LOSS = Tversky(module="overlap", name="tversky", alpha=0.5, beta=0.5, pixel=1.0, smooth=1.0)
SMALL, LARGE = (
    Passes(count=count, samples=1, share=1.0, height=height, width=width, without=[])
    for count, height, width in ((2, 16, 24), (3, 32, 48))
)


def split(prefix: str, n: int) -> Split:
    """Bright rectangles on dark ground, 32 x 48."""
    rng = np.random.default_rng(len(prefix))
    images = rng.integers(0, 90, (n, 32, 48, 3)).astype(np.uint8)
    masks = np.zeros((n, 32, 48), np.uint8)
    for i in range(n):
        top, left = rng.integers(2, 16), rng.integers(2, 24)
        masks[i, top : top + 12, left : left + 18] = 1
    images[masks == 1] += 120
    names = tuple(f"{prefix}-{i}" for i in range(n))
    return Split(names, images, masks, tuple(encode_mask(m.astype(bool)) for m in masks), pd.DataFrame(index=names))


TRAIN, VAL = split("train", 9), split("v", 5)


@pytest.fixture(scope="module")
def settings() -> Settings:
    task = load(ROOT / "params.yaml").tasks["phantom"]
    augment = task.augment.model_copy(update={"passes": [SMALL, LARGE]})
    changed = {"first_pass": 0, "passes": 5, "batch": 4, "warmup_passes": 1, "patience": 5, "monitor": "val_dice"}
    return augment, task.train.model_copy(update=changed)


def network(members: int = 1, widths: Sequence[int] = (8, 12), attended: int = 0) -> keras.Model:
    determinism.pin(3)
    return attention_unet.build(
        attention_unet.Architecture(
            widths=list(widths),
            pool=1,
            stem=1,
            standardise=True,
            heads=2,
            attended=attended,
            dropout=0.3,
            batch_norm_momentum=0.8,
            members=members,
        )
    )


class KilledError(Exception):
    """Stands for a kill signal."""


def train(settings: Settings, state: Path, die_after: int = 99, **changes: object) -> Trained:
    """Weights and history of one training; `die_after` passes, the process is gone."""
    lines: list[str] = []

    def report(line: str) -> None:
        lines.append(line)
        if len(lines) == die_after:
            raise KilledError

    augment, schedule = settings
    model = network()
    drawn = plan.draw(TRAIN.cases, augment, seed=5)
    schedule = schedule.model_copy(update=changes)
    history = fit.fit(model, overlap.build(LOSS), schedule, drawn, TRAIN, VAL, state, report)
    return [np.array(w) for w in model.get_weights()], history


@pytest.fixture(scope="module")
def whole(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(settings, tmp_path_factory.mktemp("whole") / "state.npz")


def test_two_runs_agree_bit_for_bit(settings: Settings, whole: Trained, tmp_path: Path) -> None:
    """The same seed on the same machine gives the same bits."""
    weights, history = train(settings, tmp_path / "state.npz")
    assert all(np.array_equal(a, b) for a, b in zip(weights, whole[0], strict=True))
    pd.testing.assert_frame_equal(history, whole[1])


def test_two_runs_of_an_attending_network_agree_bit_for_bit(settings: Settings, tmp_path: Path) -> None:
    """Also where a level of the encoder attends, here to 384 positions: over 1536 oneDNN's sums do not repeat."""
    augment, schedule = settings
    ends = []
    for run in ("first", "second"):
        model = network(widths=(8, 8, 12), attended=1)
        drawn, short = plan.draw(TRAIN.cases, augment, seed=5), schedule.model_copy(update={"passes": 3})
        fit.fit(model, overlap.build(LOSS), short, drawn, TRAIN, VAL, tmp_path / run)
        ends.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*ends, strict=True))


@pytest.mark.parametrize("die_after", [1, 2, 3, 4])
def test_a_killed_run_ends_with_the_bits_of_one_that_was_not(
    settings: Settings, whole: Trained, tmp_path: Path, die_after: int
) -> None:
    """Killed after any pass, before and after the change of size, and started again in a new network."""
    state = tmp_path / "state.npz"
    with pytest.raises(KilledError):
        train(settings, state, die_after)
    weights, history = train(settings, state)
    assert all(np.array_equal(a, b) for a, b in zip(weights, whole[0], strict=True))
    pd.testing.assert_frame_equal(history, whole[1])


def test_the_running_average_is_what_is_judged_and_kept(settings: Settings, tmp_path: Path) -> None:
    """By hand from the weights after every batch; the training itself goes on from the weights, not their average."""
    augment, schedule = settings
    drawn = plan.draw(TRAIN.cases, augment, seed=5)
    seen: dict[float, list[list[np.ndarray]]] = {}
    for decay in (0.0, 0.6):
        model, seen[decay] = network(), []
        one_batch = model.train_on_batch

        def spy(
            *batch: object, model: keras.Model = model, decay: float = decay, run: Callable[..., object] = one_batch
        ) -> object:
            loss = run(*batch)
            seen[decay].append([np.array(v) for v in model.trainable_variables])
            return loss

        model.train_on_batch = spy
        fitted = schedule.model_copy(update={"passes": 2, "average": decay})
        history = fit.fit(model, overlap.build(LOSS), fitted, drawn, TRAIN, VAL, tmp_path / f"{decay}.npz", print)
    assert all(np.array_equal(a, b) for a, b in zip(seen[0.0][-1], seen[0.6][-1], strict=True))

    mean, after_pass = seen[0.6][0], []
    for number, weights in enumerate(seen[0.6]):
        mean = [0.6 * m + 0.4 * w for m, w in zip(mean, weights, strict=True)]
        if number % 2:  # nine pictures in batches of four: two batches a pass
            after_pass.append(mean)
    best = after_pass[int(history["val_dice"].argmax())]
    for kept, expected in zip(model.trainable_variables, best, strict=True):
        assert np.allclose(kept, expected, rtol=1e-4, atol=1e-6)


def test_a_killed_run_keeps_its_running_average(settings: Settings, tmp_path: Path) -> None:
    """It is part of the state."""
    whole = train(settings, tmp_path / "whole.npz", passes=3, average=0.9)
    with pytest.raises(KilledError):
        train(settings, tmp_path / "killed.npz", 1, passes=3, average=0.9)
    weights, history = train(settings, tmp_path / "killed.npz", passes=3, average=0.9)
    assert all(np.array_equal(a, b) for a, b in zip(weights, whole[0], strict=True))
    pd.testing.assert_frame_equal(history, whole[1])


def test_history_tells_every_pass_and_its_size(whole: Trained) -> None:
    """One row a pass, at the size the plan says, with a learning rate that rises and then falls."""
    history = whole[1]
    assert history["pass"].tolist() == [0, 1, 2, 3, 4]
    assert history["height"].tolist() == [16, 16, 32, 32, 32]
    rates = history["learning_rate"].tolist()
    assert rates[0] == pytest.approx(2e-3, rel=1e-3) and rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_training_learns(settings: Settings, tmp_path: Path, optimizer: str) -> None:
    """The loss falls: bright rectangles are easy."""
    _, history = train(settings, tmp_path / "s.npz", optimizer=optimizer, learning_rate=1e-2)
    assert history["loss"].iloc[-1] < 0.8 * history["loss"].iloc[0]


def test_the_weights_kept_are_those_of_the_best_pass_at_the_last_size(whole: Trained) -> None:
    """Scored again, the network gives the best validation Dice among the passes at the last size."""
    weights, history = whole
    model = network()
    model.set_weights(weights)
    scores = fit.validate(model, overlap.build(LOSS), *batches.unchanged(VAL, 32, 48))
    assert scores["val_dice"] == pytest.approx(history["val_dice"][2:].max(), rel=1e-4)


def test_training_stops_when_nothing_gets_better(settings: Settings, tmp_path: Path) -> None:
    """With a learning rate too small to change a prediction, `patience` passes after the first at the last size."""
    _, history = train(settings, tmp_path / "s.npz", learning_rate=1e-12, final_learning_rate=1e-13, patience=1)
    assert history["height"].tolist() == [16, 16, 32, 32]


def test_validation_dice_against_a_count_by_hand() -> None:
    """Two pictures: one predicted exactly, one with an empty truth and an empty prediction; both are Dice 1."""
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Rescaling(20.0, offset=-10.0)])
    masks = np.zeros((3, 4, 4, 1), np.float32)
    masks[0, :2] = 1
    pictures = masks.copy()
    masks[2, 0, :2] = 1  # two true pixels, of which none is predicted
    found = fit.validate(model, overlap.build(LOSS), pictures, masks, batch=2)
    assert found["val_dice"] == pytest.approx(2 / 3)


def test_batches_follow_the_plan(settings: Settings) -> None:
    """The n-th sample of a pass is the n-th row of the plan, replayed on its case; what fills no batch is dropped."""
    mixed = settings[0].model_copy(update={"mix": settings[0].mix.model_copy(update={"enabled": True})})
    drawn = plan.draw(TRAIN.cases, mixed, seed=5)
    rows = drawn[drawn["pass"] == 3]
    assert rows["case"].tolist() != list(TRAIN.cases)  # an order of its own, or this test proves nothing
    made = list(batches.replayed(drawn, 3, TRAIN.images, TRAIN.masks, 4))
    assert [pictures.shape for pictures, _ in made] == [(4, 32, 48, 3)] * 2
    assert len(made) == batches.count(drawn, 3, 4) == 2
    pictures, truths = (np.concatenate(part) for part in zip(*made, strict=True))
    assert pictures.dtype == truths.dtype == np.float32 and truths.shape == (8, 32, 48, 1)
    samples = []
    for _, row in rows[:8].iterrows():
        at = TRAIN.cases.index(row["case"])
        image, mask = replay(recipe(row), TRAIN.images[at], TRAIN.masks[at])
        samples.append((row["mix"], image.astype(np.float32) / 255, mask.astype(np.float32)))
    for at, (weight, own, mask) in enumerate(samples):
        _, next_, next_mask = samples[at + 1 if at % 4 < 3 else at - 3]  # the last of a batch is mixed with its first
        np.testing.assert_allclose(pictures[at], (1 - weight) * own + weight * next_, atol=1e-6)
        np.testing.assert_allclose(truths[at, ..., 0], (1 - weight) * mask + weight * next_mask, atol=1e-6)
    assert max(weight for weight, *_ in samples) > 0.05


def test_unmixed_batches_are_the_samples_to_the_bit(settings: Settings) -> None:
    """Where mixing is off, truths are 0 and 1 and pictures whole steps of 1/255."""
    off = settings[0].model_copy(update={"mix": settings[0].mix.model_copy(update={"enabled": False})})
    pictures, truths = next(batches.replayed(plan.draw(TRAIN.cases, off, seed=5), 0, TRAIN.images, TRAIN.masks, 4))
    assert set(np.unique(truths)) <= {0.0, 1.0}
    np.testing.assert_array_equal(pictures, np.rint(pictures * 255).astype(np.float32) / 255)


def test_patches_are_judged_on_whole_pictures(settings: Settings) -> None:
    """At the scale of the patches; the network is given patches and whole pictures."""
    stretch = settings[0].passes[0].model_copy(update={"share": 0.25, "height": 8, "width": 12, "samples": 2})
    drawn = plan.draw(TRAIN.cases, settings[0].model_copy(update={"passes": [stretch]}), seed=5)
    assert batches.picture_size(drawn, 0) == (32, 48)
    assert batches.sizes(drawn) == [(8, 12), (32, 48)]
    pictures, _ = next(batches.replayed(drawn, 0, TRAIN.images, TRAIN.masks, 4))
    assert pictures.shape == (4, 8, 12, 3)
    assert batches.count(drawn, 0, 4) == 2 * len(TRAIN.cases) // 4


def test_digest_changes_with_every_input(tmp_path: Path) -> None:
    """A state is found again only where settings, files and code are the same."""
    file = tmp_path / "a"
    file.write_bytes(b"1")
    first = resume.digest({"seed": 1}, [file], [fit])
    assert resume.digest({"seed": 1}, [file], [fit]) == first
    assert resume.digest({"seed": 2}, [file], [fit]) != first
    assert resume.digest({"seed": 1}, [file], [batches]) != first
    file.write_bytes(b"2")
    assert resume.digest({"seed": 1}, [file], [fit]) != first


def test_members_are_trained_each_by_its_own_loss_and_judged_together(settings: Settings) -> None:
    """The loss of a batch is the mean of the members' own, and no member's gradient depends on another's logits."""
    model = network(members=2)
    both = fit._members(model)
    pictures, truth = batches.unchanged(VAL, 32, 48)
    logits = both.predict_on_batch(pictures)
    loss = overlap.build(LOSS)
    apart = [np.asarray(loss(truth, logits[..., m : m + 1])) for m in (0, 1)]
    assert (apart[0] != apart[1]).any()
    np.testing.assert_allclose(fit._mean_over_members(loss)(truth, logits), np.mean(apart, axis=0), rtol=1e-6)
    np.testing.assert_allclose(model.predict_on_batch(pictures), logits.mean(axis=-1, keepdims=True), atol=1e-5)
    first, moved = (tf.constant(values) for values in (logits, logits + np.float32([0, 1])))
    slopes = []
    for values in (first, moved):
        with tf.GradientTape() as tape:
            tape.watch(values)
            total = tf.reduce_sum(fit._mean_over_members(loss)(tf.constant(truth), values))
        slopes.append(tape.gradient(total, values).numpy())
    assert slopes[0][..., 0].any()
    np.testing.assert_array_equal(slopes[0][..., 0], slopes[1][..., 0])
    assert (slopes[0][..., 1] != slopes[1][..., 1]).any()
    told = fit.validate(both, fit._mean_over_members(loss), pictures, truth)
    assert told == pytest.approx(
        {**fit.validate(model, loss, pictures, truth), "val_loss": float(np.mean(apart))}, rel=1e-4
    )


def test_a_network_of_members_ends_with_the_weights_of_its_best_pass(settings: Settings, tmp_path: Path) -> None:
    """Training moves every member's weights in the network that was given, and its best validation Dice is theirs."""
    model, (augment, schedule) = network(members=2), settings
    before = model.get_weights()
    drawn = plan.draw(TRAIN.cases, augment, seed=5)
    history = fit.fit(model, overlap.build(LOSS), schedule, drawn, TRAIN, VAL, tmp_path / "state.npz", lambda _: None)
    kernels = [i for i, weight in enumerate(before) if weight.ndim == 4]
    assert all((model.get_weights()[i] != before[i]).any() for i in kernels)
    large = history[history["height"] == 32]
    told = fit.validate(model, overlap.build(LOSS), *batches.unchanged(VAL, 32, 48))
    assert told["val_dice"] == pytest.approx(large["val_dice"].max(), abs=1e-4)
