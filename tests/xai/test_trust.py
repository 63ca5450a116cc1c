"""What is measured of a map: on networks for which the right answer is known."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

from glassbox.errors import GlassboxError
from glassbox.params import Xai, load
from glassbox.xai import trust
from glassbox.xai.faithfulness import faithfulness, random_order
from glassbox.xai.gradient import scores
from glassbox.xai.methods import METHODS
from glassbox.xai.operator import class_logit, region_mean
from glassbox.xai.randomise import alike, cascade, shuffled_from_the_top
from glassbox.xai.saliency import saliency
from glassbox.xai.sensitivity import maximum_sensitivity

SETTINGS = load(Path(__file__).parents[2] / "params.yaml").tasks["phantom"].xai
Linear = Callable[[np.ndarray], keras.Model]
RNG = np.random.default_rng(12)
IMAGES = RNG.random((2, 16, 20, 3)).astype(np.float32)
REGION = region_mean(RNG.random((2, 16, 20)) < 0.4)


def test_faithfulness_is_the_area_under_the_hand_made_curves(foreign: keras.Model) -> None:
    """Pixel by pixel hidden and shown, by a loop."""
    image, fill, relevance = IMAGES[0], np.zeros_like(IMAGES[0]), RNG.random((16, 20))
    one = REGION.each(2)[0]
    curves = {}
    order = np.argsort(-relevance.ravel(), kind="stable")
    for name, start, end in (("deletion", image, fill), ("insertion", fill, image)):
        curve = []
        for step in range(6):
            shown = start.copy().reshape(-1, 3)
            shown[order[: round(step * 320 / 5)]] = end.reshape(-1, 3)[order[: round(step * 320 / 5)]]
            curve.append(scores(foreign, shown.reshape(1, 16, 20, 3), one)[0])
        curves[name] = np.trapezoid(curve, dx=0.2)
    found = faithfulness(foreign, image, fill, one, relevance, 5)
    assert found.deletion == pytest.approx(curves["deletion"], abs=1e-5)
    assert found.insertion == pytest.approx(curves["insertion"], abs=1e-5)


def test_the_true_parts_of_a_linear_network_beat_a_random_order(linear: Linear) -> None:
    """Positive parts, hidden from the largest on, fall fastest and rise fastest; the reverse order is worst."""
    weights = np.abs(RNG.normal(size=(16, 20, 3))).astype(np.float32) ** 3
    model, image = linear(weights), IMAGES[0]
    parts = (weights * image).sum(axis=-1)
    whole = float(parts.sum())
    by = {
        name: faithfulness(model, image, np.zeros_like(image), class_logit(0), order, 20)
        for name, order in (("true", parts), ("random", random_order((16, 20), 1)), ("reverse", -parts))
    }
    assert by["true"].deletion < 0.4 * by["random"].deletion < 0.4 * by["reverse"].deletion
    assert by["true"].insertion > 1.3 * by["random"].insertion > 1.3 * by["reverse"].insertion
    assert by["random"].deletion == pytest.approx(0.5 * whole, rel=0.2)
    assert by["true"].deletion == pytest.approx(whole - by["true"].insertion, rel=1e-4)


def by_hand(orders: int) -> Xai:
    limits = SETTINGS.trust.model_copy(update={"steps": 8, "orders": orders})
    return SETTINGS.model_copy(update={"trust": limits, "fill": "zero"})


def test_a_map_is_worth_its_distance_from_chance(linear: Linear) -> None:
    """Gains are those over the mean of random orders, mass over the target's share; a flat map has no gains."""
    weights = np.abs(RNG.normal(size=(16, 20, 3))).astype(np.float32)
    model, image, settings, truth = linear(weights), IMAGES[:1], by_hand(2), np.zeros((16, 20), bool)
    truth[:4] = True
    chance = trust.chance(model, image, class_logit(0), settings, 5)
    black, parts = np.zeros_like(image[0]), (weights * image[0]).sum(axis=-1)
    every = [faithfulness(model, image[0], black, class_logit(0), random_order((16, 20), 5 + k), 8) for k in (0, 1)]
    assert chance.deletion == pytest.approx(np.mean([each.deletion for each in every]))
    told = trust.of_map(model, image, parts, truth, class_logit(0), settings, chance)
    found = faithfulness(model, image[0], black, class_logit(0), parts, 8)
    assert told["deletion_gain"] == pytest.approx(chance.deletion - found.deletion) and told["deletion_gain"] > 0
    assert told["insertion_gain"] == pytest.approx(found.insertion - chance.insertion) and told["insertion_gain"] > 0
    assert told["mass"] == pytest.approx(parts[:4].sum() / parts.sum())
    assert told["mass_gain"] == pytest.approx(told["mass"] - 0.25)
    assert told["pointing"] == int(parts.argmax() < 80)
    flat = trust.of_map(model, image, np.ones((16, 20)), truth, class_logit(0), settings, chance)
    assert (flat["deletion_gain"], flat["insertion_gain"]) == (None, None) and flat["mass"] == pytest.approx(0.25)


def test_every_fitting_method_is_checked_for_every_case(foreign: keras.Model) -> None:
    """Rows by method and case, each with the numbers of its own map; a batch's rows one a method."""
    changed = {"steps": 2, "samples": 2, "masked": 6, "segments": 6, "window": 0.5, "layers": "last"}
    settings, truths = by_hand(1).model_copy(update=changed), np.asarray(REGION.data)
    given = trust.Asked(("a", "b"), IMAGES, truths, REGION)
    rows = list(trust.by_case(foreign, given, settings, 3))
    names = [name for name in METHODS if name != "attention-gates"]
    assert [(row["method"], row["case"]) for row in rows] == [(name, case) for name in names for case in "ab"]
    row = next(each for each in rows if (each["method"], each["case"]) == ("saliency", "b"))
    one, values = REGION.each(2)[1], saliency(foreign, IMAGES[1:], REGION.each(2)[1])[0]
    chance = trust.chance(foreign, IMAGES[1:], one, settings, 3)
    expected = trust.of_map(foreign, IMAGES[1:], values, truths[1], one, settings, chance)
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-4)
    assert row["completeness"] is None and row["dead"] == 0
    batch = {each["method"]: each for each in trust.by_batch(foreign, given, settings, 3)}
    assert list(batch) == names
    *_, (_, random) = shuffled_from_the_top(foreign, 3)
    pairs = zip(saliency(foreign, IMAGES, REGION), saliency(random, IMAGES, REGION), strict=True)
    last = float(np.mean([alike(*pair) for pair in pairs]))
    assert list(batch["saliency"]["layers"].values())[-1] == pytest.approx(last)
    assert batch["saliency"]["stays"] == int(last >= settings.trust.alike)
    assert batch["superpixel-confidence"]["sensitivity"] > 0


@pytest.mark.parametrize(
    ("relevance", "steps"), [(np.ones((3, 3)), 4), (np.full((16, 20), np.nan), 4), (np.eye(16, 20), 0)]
)
def test_faithfulness_refuses(foreign: keras.Model, relevance: np.ndarray, steps: int) -> None:
    """Another size, NaN, no step."""
    with pytest.raises(GlassboxError):
        faithfulness(foreign, IMAGES[0], np.zeros_like(IMAGES[0]), REGION.each(2)[0], relevance, steps)


def test_shuffling_goes_down_from_the_output_and_keeps_every_value(foreign: keras.Model) -> None:
    """Block by block, the output's first; kernels hold the same values in another order; the network itself stays."""
    before = foreign.get_weights()
    kernels = [i for i, weight in enumerate(before) if weight.ndim > 1]
    changed = []
    for name, network in shuffled_from_the_top(foreign, 1):
        now = network.get_weights()
        changed.append((name, [i for i in kernels if (now[i] != before[i]).any()]))
        for one, other in zip(now, before, strict=True):
            np.testing.assert_array_equal(np.sort(one.ravel()), np.sort(other.ravel()))
    assert changed == [("logits", kernels[-1:]), ("first", kernels)]
    for one, other in zip(foreign.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_members_side_by_side_are_shuffled_together() -> None:
    """A network of two members has as many blocks as one; names that only end alike stay apart."""
    image = keras.Input((8, 8, 3))
    ends = []
    for letter in "ab":
        x = keras.layers.Conv2D(2, 3, padding="same", name=f"first{letter}_conv")(image)
        ends.append(keras.layers.Conv2D(1, 1, name=f"last{letter}")(x))
    tail = keras.layers.Conv2D(1, 1, name="data_conv")(keras.layers.Average()(ends))
    network = keras.Model(image, tail)
    assert [name for name, _ in shuffled_from_the_top(network, 1)] == ["data", "last", "first"]


def test_what_ignores_the_network_stays_alike_and_saliency_does_not(foreign: keras.Model) -> None:
    """An edge detector keeps its map at every step; the gradient's map ends far from where it began."""

    def explain(network: keras.Model) -> dict[str, np.ndarray]:
        edges = np.abs(np.diff(IMAGES[..., 0], axis=2, prepend=0))
        return {"edges": edges, "saliency": saliency(network, IMAGES, REGION)}

    found = cascade(foreign, explain, explain(foreign), 1)
    assert list(found) == ["edges", "saliency"]
    assert all(list(blocks) == ["logits", "first"] for blocks in found.values())
    assert [value for row in found["edges"].values() for value in row] == pytest.approx([1.0] * 4)
    assert all(value is not None and value < 0.99 for row in found["saliency"].values() for value in row)


def test_alike_is_spearmans_correlation_of_sizes() -> None:
    """Signs do not count, and a flat map has none."""
    one, other = RNG.normal(size=(6, 7)), RNG.normal(size=(6, 7))
    assert alike(one, other) == pytest.approx(spearmanr(np.abs(one).ravel(), np.abs(other).ravel()).statistic)
    assert alike(one, -one) == pytest.approx(1)
    assert alike(one, np.ones((6, 7))) is None


def moved(explain: Callable[[np.ndarray], np.ndarray], images: np.ndarray, *rest: float) -> list[float | None]:
    """The sensitivity of one method."""
    return maximum_sensitivity(lambda x: {"one": explain(x)}, {"one": explain(images)}, images, *rest)["one"]


def test_sensitivity_by_hand() -> None:
    """Of the map `x^2`: the largest relative move over the draws; of a constant map 0; of a zero map undefined."""
    images = IMAGES[..., :1]
    found = moved(lambda x: x[..., 0] ** 2, images, 3, 0.1, 4)
    rng, worst = np.random.default_rng(4), np.zeros(2)
    for _ in range(3):
        other = (images + rng.uniform(-0.1, 0.1, images.shape).astype(np.float32))[..., 0] ** 2
        moves = np.linalg.norm((other - images[..., 0] ** 2).reshape(2, -1), axis=1)
        worst = np.maximum(worst, moves / np.linalg.norm(images.reshape(2, -1) ** 2, axis=1))
    assert found == pytest.approx(worst.tolist(), rel=1e-5)
    assert moved(lambda x: np.ones(x.shape[:3]), images, 2, 0.1, 0) == [0.0, 0.0]
    assert moved(lambda x: np.zeros(x.shape[:3]), images, 2, 0.1, 0) == [None, None]
    with pytest.raises(GlassboxError, match="radius 0"):
        moved(lambda x: x[..., 0], images, 2, 0.0, 0)
