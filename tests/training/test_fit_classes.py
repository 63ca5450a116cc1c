"""Training a classifier: bit for bit repeatable and resumable, samples as planned, ending with the best pass."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from keras import layers

from glassbox.data import plan
from glassbox.data.augment import recipes
from glassbox.data.sample import replay, stains
from glassbox.data.targets import targets
from glassbox.losses import classes
from glassbox.nets import resnet
from glassbox.params import ClassifyAugment, CrossEntropy, Form, Passes, Schedule, load
from glassbox.training import determinism, fit_classes
from glassbox.training.fit_classes import Given, fit, judge, replayed

Settings = tuple[ClassifyAugment, Schedule]
Trained = tuple[list[npt.NDArray[np.float32]], pd.DataFrame]
SMALL, LARGE = (
    Passes(count=count, samples=1, share=1.0, height=height, width=width, without=[])
    for count, height, width in ((2, 10, 12), (2, 16, 20))
)
CASES = tuple(f"case-{number}" for number in range(9))


def loss(name: str = "binary", weights: Any = "balanced", smoothing: float = 0.0) -> CrossEntropy:  # noqa: ANN401
    kind: Any = f"{name}-cross-entropy"
    return CrossEntropy(module="classes", name=kind, weights=weights, smoothing=smoothing)


LOSS = classes.build(loss())


def given(n: int, seed: int) -> Given:
    """Coloured noise, 16 x 20; a third of the pictures, class 1, are bright in the middle."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 90, (n, 16, 20, 3)).astype(np.uint8)
    labels = (np.arange(n) % 3 == 0).astype(np.int64)[:, None]
    images[labels[:, 0] == 1, 4:12, 5:15] += 120
    wanted = targets(labels, "binary", 2)
    return Given(images, wanted, classes.weights(loss(), wanted))


TRAIN, VAL = given(len(CASES), 1), given(70, 2)  # more than are judged at once


@pytest.fixture(scope="module")
def settings() -> Settings:
    task = load(Path(__file__).parents[2] / "params.yaml").tasks["pathmnist"]
    assert isinstance(task.augment, ClassifyAugment)
    augment = task.augment.model_copy(update={"passes": [SMALL, LARGE], "mix": mix(task.augment, True)})
    changed = {"first_pass": 0, "passes": 4, "batch": 4, "optimizer": "muon", "average": 0.0, "patience": 4}
    rates = {"learning_rate": 2e-3, "final_learning_rate": 1e-5, "warmup_passes": 1, "weight_decay": 0.1}
    return augment, task.train.model_copy(update=changed | rates)


def mix(augment: ClassifyAugment, enabled: bool) -> object:
    return augment.mix.model_copy(update={"enabled": enabled})


def network() -> keras.Model:
    """With everything that draws: stochastic depth and dropout."""
    determinism.pin(3)
    return resnet.build(
        resnet.Architecture(
            channels=3,
            outputs=1,
            stem=3,
            stem_stride=1,
            pool=False,
            widths=[8, 12],
            blocks=[1, 1],
            standardise=False,
            depth_drop=0.3,
            dropout=0.3,
            batch_norm_momentum=0.8,
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
    model, drawn = network(), plan.draw(CASES, augment, seed=5)
    history = fit(model, LOSS, schedule.model_copy(update=changes), drawn, TRAIN, VAL, state, report)
    assert len(lines) <= len(history)
    return [np.array(weight) for weight in model.get_weights()], history


def same(one: Trained, other: Trained) -> None:
    assert all(np.array_equal(a, b) for a, b in zip(one[0], other[0], strict=True))
    pd.testing.assert_frame_equal(one[1], other[1])


@pytest.fixture(scope="module")
def whole(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(settings, tmp_path_factory.mktemp("whole") / "state.npz")


def test_two_runs_agree_bit_for_bit(settings: Settings, whole: Trained, tmp_path: Path) -> None:
    """The same seed on the same machine gives the same bits."""
    same(train(settings, tmp_path / "state.npz"), whole)


@pytest.mark.parametrize("die_after", [1, 2, 3])
def test_a_killed_run_ends_with_the_bits_of_one_that_was_not(
    settings: Settings, whole: Trained, tmp_path: Path, die_after: int
) -> None:
    """Killed after any pass, before and after the samples' size changes, and started again in a new network."""
    with pytest.raises(KilledError):
        train(settings, tmp_path / "state.npz", die_after)
    same(train(settings, tmp_path / "state.npz"), whole)


def test_a_killed_run_keeps_its_running_average(settings: Settings, tmp_path: Path) -> None:
    """It is part of the state."""
    unbroken = train(settings, tmp_path / "whole.npz", passes=3, average=0.9)
    with pytest.raises(KilledError):
        train(settings, tmp_path / "killed.npz", 1, passes=3, average=0.9)
    same(train(settings, tmp_path / "killed.npz", passes=3, average=0.9), unbroken)


def test_the_running_average_is_what_is_judged_and_kept(settings: Settings, tmp_path: Path) -> None:
    """By hand from the weights after every batch; the training itself goes on from the weights, not their average."""
    augment, schedule = settings
    drawn = plan.draw(CASES, augment, seed=5)
    seen: dict[float, list[list[npt.NDArray[np.float32]]]] = {}
    for decay in (0.0, 0.6):
        model, seen[decay] = network(), []
        one_batch = model.train_on_batch

        def spy(
            *batch: object, model: keras.Model = model, decay: float = decay, run: Callable[..., object] = one_batch
        ) -> object:
            found = run(*batch)
            seen[decay].append([np.array(variable) for variable in model.trainable_variables])
            return found

        model.train_on_batch = spy
        fitted = schedule.model_copy(update={"passes": 2, "average": decay})
        history = fit(model, LOSS, fitted, drawn, TRAIN, VAL, tmp_path / f"{decay}.npz", lambda _: None)
    assert all(np.array_equal(a, b) for a, b in zip(seen[0.0][-1], seen[0.6][-1], strict=True))

    mean, after_pass = seen[0.6][0], []
    for number, weights in enumerate(seen[0.6]):
        mean = [0.6 * m + 0.4 * w for m, w in zip(mean, weights, strict=True)]
        if number % 2:  # nine pictures in batches of four: two batches a pass
            after_pass.append(mean)
    best = after_pass[int(history["val_loss"].argmin())]
    for kept, expected in zip(model.trainable_variables, best, strict=True):
        np.testing.assert_allclose(np.array(kept), expected, rtol=1e-4, atol=1e-6)


def test_history_tells_every_pass(whole: Trained) -> None:
    """One row a pass, five digits, with a learning rate that falls after the first."""
    history = whole[1]
    assert list(history) == ["epoch", "pass", "loss", "val_loss", "val_accuracy", "learning_rate"]
    assert history["epoch"].tolist() == history["pass"].tolist() == [0, 1, 2, 3]
    rates = history["learning_rate"].tolist()
    assert rates[0] == pytest.approx(2e-3, rel=1e-3) and rates == sorted(rates, reverse=True)
    assert all(value == float(f"{value:.5g}") for value in history.drop(columns=["epoch", "pass"]).to_numpy().ravel())


def test_the_learning_rate_falls_over_all_batches_of_the_plan(settings: Settings, tmp_path: Path) -> None:
    """Where a pass has every case several times, its batches are counted too: half-way, the cosine is half-way."""
    stretch = SMALL.model_copy(update={"samples": 4, "count": 4})
    twice = settings[0].model_copy(update={"passes": [stretch]})
    _, history = train((twice, settings[1]), tmp_path / "s.npz", passes=4, warmup_passes=0)
    high, low = settings[1].learning_rate, settings[1].final_learning_rate
    expected = [low + (high - low) * (1 + np.cos(np.pi * done / 4)) / 2 for done in (1, 2, 3, 4)]
    assert history["learning_rate"].tolist() == pytest.approx(expected, rel=1e-3)


def test_the_passes_are_those_of_the_schedule(settings: Settings, tmp_path: Path) -> None:
    """A schedule that starts later replays later passes."""
    _, history = train(settings, tmp_path / "s.npz", first_pass=2, passes=2)
    assert history["pass"].tolist() == [2, 3]


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_training_learns(settings: Settings, tmp_path: Path, optimizer: str) -> None:
    """Bright middles are told from dark ones: every validation picture is right in the end, and surely so."""
    off = [name for name in type(settings[0]).model_fields if name not in ("passes", "flip")]
    stretch = LARGE.model_copy(update={"count": 12, "samples": 4, "without": off})
    augment = settings[0].model_copy(update={"passes": [stretch]})
    changes: dict[str, Any] = {"passes": 12, "optimizer": optimizer, "learning_rate": 0.01, "patience": 12}
    _, history = train((augment, settings[1]), tmp_path / "s.npz", **changes)
    assert history["val_accuracy"].iloc[-1] == 1
    assert history["val_loss"].min() < 0.2 * np.log(2)


def test_the_weights_kept_are_those_of_the_best_pass(settings: Settings, tmp_path: Path) -> None:
    """Judged again, the network gives the lowest validation loss, though later passes were worse."""
    weights, history = train(settings, tmp_path / "s.npz", learning_rate=0.2, final_learning_rate=0.2)
    model = network()
    model.set_weights(weights)
    best = int(history["val_loss"].argmin())
    assert best < len(history) - 1
    found = judge(model, LOSS, VAL)
    assert found["val_loss"] == pytest.approx(history["val_loss"][best], rel=1e-4)
    assert found["val_accuracy"] == pytest.approx(history["val_accuracy"][best], rel=1e-4)


def test_training_stops_when_nothing_gets_better(settings: Settings, tmp_path: Path) -> None:
    """`patience` passes after the best; started again, a training that has stopped stays so."""
    still = {"learning_rate": 1e-12, "final_learning_rate": 1e-13, "patience": 2}
    state, (augment, schedule) = tmp_path / "s.npz", settings
    lines: list[str] = []
    frozen = keras.Sequential([keras.Input((None, None, 3)), layers.GlobalAveragePooling2D(), layers.Dense(1)])
    drawn = plan.draw(CASES, augment, seed=5)
    for _ in range(2):
        history = fit(frozen, LOSS, schedule.model_copy(update=still), drawn, TRAIN, VAL, state, lines.append)
        assert history["pass"].tolist() == [0, 1, 2]
    assert len(lines) == 3 and lines[0].startswith("pass   1/4  loss ") and "*" in lines[0] and "*" not in lines[2]


@pytest.mark.parametrize("mixed", [True, False])
def test_batches_follow_the_plan(settings: Settings, mixed: bool) -> None:
    """The n-th sample of a pass is the n-th row of the plan, replayed on its case; what fills no batch is dropped.

    Mixed by hand, pictures, targets and weights alike, the last of a batch with its first; unmixed, to the bit.
    """
    drawn = plan.draw(CASES, settings[0].model_copy(update={"mix": mix(settings[0], mixed)}), seed=5)
    rows = list(zip(recipes(drawn, 3), stains(drawn, 3), strict=True))
    assert [row.index for row, _ in rows] != sorted(row.index for row, _ in rows)
    assert any(stained.changes for _, stained in rows)
    made = list(replayed(drawn, 3, TRAIN, 4))
    assert [[part.shape for part in batch] for batch in made] == [[(4, 16, 20, 3), (4, 1), (4,)]] * 2
    assert {part.dtype for batch in made for part in batch} == {np.dtype(np.float32)}
    found = [np.concatenate(part) for part in zip(*made, strict=True)]
    own = [
        (replay(row, stained, TRAIN.images[row.index]) / 255, TRAIN.targets[row.index], TRAIN.weights[row.index])
        for row, stained in rows
    ]
    for at, (row, _) in enumerate(rows[:8]):
        after = at + 1 if at % 4 < 3 else at - 3
        for part, mine, other in zip(found, own[at], own[after], strict=True):
            expected = (1 - row.mix) * mine + row.mix * other
            np.testing.assert_allclose(part[at], expected, atol=1e-6)
    if mixed:
        assert max(row.mix for row, _ in rows) > 0.05
    else:
        np.testing.assert_array_equal(found[0], np.rint(found[0] * 255).astype(np.float32) / 255)
        assert set(np.unique(found[1])) == {0.0, 1.0}


def test_a_set_smaller_than_a_batch_is_one_batch(settings: Settings) -> None:
    """Nothing is dropped where there is nothing else."""
    drawn = plan.draw(CASES, settings[0], seed=5)
    made = list(replayed(drawn, 0, TRAIN, 20))
    assert [pictures.shape for pictures, _, _ in made] == [(9, 10, 12, 3)]
    exact = list(replayed(drawn, 0, TRAIN, 9))
    assert len(exact) == 1
    np.testing.assert_array_equal(exact[0][0], made[0][0])


def test_the_training_loss_is_weighted(settings: Settings, tmp_path: Path) -> None:
    """A network that does not move: the mean over the batches of `mean(weight * loss)`, mixed targets and all."""
    logit = 0.7
    model = keras.Sequential([keras.Input((None, None, 3)), layers.GlobalAveragePooling2D(), layers.Dense(1)])
    model.layers[-1].set_weights([np.zeros((3, 1)), np.array([logit])])
    drawn, schedule = plan.draw(CASES, settings[0], seed=5), settings[1].model_copy(update={"passes": 1})
    still = schedule.model_copy(update={"learning_rate": 1e-12, "final_learning_rate": 1e-13})
    history = fit(model, LOSS, still, drawn, TRAIN, VAL, tmp_path / "s.npz", lambda _: None)
    expected = [
        np.mean(weights * (np.logaddexp(0, logit) - logit * wanted[:, 0]))
        for _, wanted, weights in replayed(drawn, 0, TRAIN, schedule.batch)
    ]
    assert history["loss"][0] == pytest.approx(np.mean(expected), rel=1e-4)
    by_picture = np.logaddexp(0, logit) - logit * VAL.targets[:, 0]
    assert history["val_loss"][0] == pytest.approx(np.average(by_picture, weights=VAL.weights), rel=1e-4)
    assert history["val_accuracy"][0] == pytest.approx(24 / 70, rel=1e-4)


LOW, HIGH = -1.0, 2.0
# form, classes, labels, the logits said, which pictures are right
JUDGED: list[tuple[Form, int, list[list[int]], list[list[float]], list[bool]]] = [
    ("binary", 2, [[0], [1], [1]], [[LOW], [HIGH], [LOW]], [True, True, False]),
    ("binary", 2, [[1], [1]], [[0.0], [-1e-6]], [True, False]),
    ("multi-class", 3, [[0], [1], [2]], [[HIGH, LOW, LOW], [LOW, -0.5, -2], [HIGH, LOW, 1.9]], [True, True, False]),
    ("multi-label", 2, [[0, 0], [1, 1], [1, 0]], [[LOW, LOW], [HIGH, LOW], [HIGH, LOW]], [True, False, True]),
    ("multi-label", 2, [[1, 0], [1, 1]], [[HIGH, 1.0], [1.0, HIGH]], [False, True]),
    ("ordinal", 3, [[0], [1], [2], [2]], [[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [HIGH, LOW]], [True] * 3 + [False]),
    ("ordinal", 3, [[1], [0]], [[HIGH, 1.0], [LOW, -2.0]], [False, True]),
]


@pytest.mark.parametrize("at_once", [1, 2, 64])
@pytest.mark.parametrize(("form", "count", "labels", "logits", "right"), JUDGED)
def test_judging_by_hand(
    monkeypatch: pytest.MonkeyPatch,
    form: Form,
    count: int,
    labels: list[list[int]],
    logits: list[list[float]],
    right: list[bool],
    at_once: int,
) -> None:
    """Weighted loss and unweighted accuracy: the largest logit of exclusive classes, every flag of the other forms."""
    monkeypatch.setattr(fit_classes, "JUDGED", at_once)
    wanted, said = targets(np.array(labels, np.int64), form, count), np.array(logits, np.float32)
    images = np.zeros((len(labels), 2, 2, 1), np.uint8)
    images[:, 0, 0, 0] = np.arange(len(labels))  # the number of the picture: the network looks its logits up
    table = layers.Embedding(len(labels), said.shape[1], weights=[said])
    image = keras.Input((2, 2, 1))
    model = keras.Model(image, table(keras.ops.cast(keras.ops.round(255 * image[:, 0, 0, 0]), "int32")))
    weights = np.linspace(0.5, 2, len(labels)).astype(np.float32)
    name = "categorical" if form == "multi-class" else "binary"
    if name == "categorical":
        by_picture = np.log(np.exp(said).sum(axis=1)) - (wanted * said).sum(axis=1)
    else:
        by_picture = (np.logaddexp(0, said) - said * wanted).mean(axis=1)
    found = judge(model, classes.build(loss(name)), Given(images, wanted, weights))
    assert found["val_loss"] == pytest.approx(np.average(by_picture, weights=weights), rel=1e-5)
    assert found["val_accuracy"] == pytest.approx(np.mean(right))
