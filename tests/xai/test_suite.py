"""The columns of a rendering: every map at its own image's place, and said where there is nothing to explain."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.errors import GlassboxError
from glassbox.params import Xai, load
from glassbox.xai.checks import relevance_mass
from glassbox.xai.gradcam import DEAD_REASON
from glassbox.xai.methods import METHODS, explain
from glassbox.xai.operator import Operator, region_mean
from glassbox.xai.randomise import alike, shuffled
from glassbox.xai.suite import (
    NOTHING,
    STAYS,
    Column,
    about,
    aligned,
    columns,
    of_classes,
    of_form,
    of_regions,
    rows,
    titles,
)

ROOT = Path(__file__).parents[2]
THRESHOLD, SEED = 0.6, 4
DECODER = ["decoder1_relu1", "decoder1_relu2"]
SHOWN = (0, 2)  # the images in which something is predicted


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Says lesion where it is bright, through a curve that few steps can't follow; the gate speaks only against it.

    Blue speaks against it more than for it, so that contributions have both signs.
    """
    keras.utils.set_random_seed(8)
    image = keras.Input((None, None, 3))
    awake = keras.initializers.Constant(0.05)  # at 0, where the path begins, a ReLU has no slope
    x = layers.Conv2D(
        4, 3, padding="same", activation="tanh", kernel_initializer=positive(0.15), bias_initializer=awake
    )(image)
    x = layers.ReLU(name="decoder1_relu1")(x)
    x = layers.Conv2D(5, 3, padding="same", kernel_initializer=positive(0.2), bias_initializer=awake)(x)
    x = layers.ReLU(name="decoder1_relu2")(x)
    blue = layers.Conv2D(1, 1, name="blue")
    gate = layers.ReLU(name="gate1_relu1")(blue(image))
    blue.set_weights([np.array([0.0, 0.0, 1.0], np.float32).reshape(1, 1, 3, 1), np.array([0.05], np.float32)])
    against = layers.Conv2D(1, 1, use_bias=False, kernel_initializer=keras.initializers.Constant(-3.0))(gate)
    bias = keras.initializers.Constant(-1.2)
    logits = layers.Conv2D(1, 1, kernel_initializer=positive(0.5), bias_initializer=bias)(x)
    return keras.Model(image, layers.Add(name="logits")([logits, against]))


def positive(most: float) -> keras.initializers.Initializer:
    return keras.initializers.RandomUniform(0.0, most, seed=3)


def pictures() -> np.ndarray:
    """Three pictures of 12 x 16, (3, 12, 16, 3) uint8: a bright patch to the left, none, a smaller one to the right.

    In each patch one pixel is blue.
    """
    rng = np.random.default_rng(2)
    made = rng.integers(0, 12, (3, 12, 16, 3)).astype(np.uint8)
    made[0, 2:9, 1:7] += rng.integers(90, 200, (7, 6, 3)).astype(np.uint8)
    made[2, 6:11, 10:15] += rng.integers(120, 240, (5, 5, 3)).astype(np.uint8)
    made[0, 5, 3] = made[2, 8, 12] = (0, 0, 250)
    return made


PICTURES = pictures()
IMAGES = PICTURES.astype(np.float32) / 255
QUICK = {"baseline": "zero", "steps": 2, "samples": 3, "masked": 12, "segments": 6, "window": 0.25, "layers": "decoder"}
SETTINGS: Xai = load(ROOT / "params.yaml").tasks["phantom"].xai.model_copy(update=QUICK)


def probabilities(network: keras.Model) -> np.ndarray:
    logits = network.predict_on_batch(IMAGES)[..., 0].astype(np.float64)
    return np.asarray(1 / (1 + np.exp(-logits)))


def alone(network: keras.Model, image: int) -> tuple[np.ndarray, Operator, np.ndarray]:
    """One image as a batch of its own, what is explained of it, and the predicted lesion."""
    region = probabilities(network)[image] >= THRESHOLD
    return IMAGES[image : image + 1], region_mean(region[None]), region


def made(network: keras.Model, names: Sequence[str], settings: Xai = SETTINGS) -> list[Column]:
    target, _ = of_form(network, IMAGES, [None] * 3, THRESHOLD, "predicted")
    return columns(network, shuffled(network, SEED), IMAGES, target, names, settings, SEED)


def test_the_prediction_is_what_reaches_the_threshold(network: keras.Model) -> None:
    """Something in the first and the third, nothing in the middle; another threshold would predict otherwise."""
    target, predictions = of_form(network, IMAGES, [None] * 3, THRESHOLD, "predicted")
    expected = probabilities(network) >= THRESHOLD
    np.testing.assert_array_equal(predictions, expected)
    assert target.keep.tolist() == expected.any(axis=(1, 2)).tolist() == [True, False, True]
    assert (expected != (probabilities(network) >= 0.5)).any()


@pytest.mark.parametrize("name", [name for name in METHODS if name != "attention-gates"])
def test_a_map_stands_at_the_place_of_its_image(network: keras.Model, name: str) -> None:
    """The map beside an empty one is that which the image gives alone; the middle image has none, and a note."""
    drawn = name in ("smooth-grad", "var-grad", "lime")  # from a stream of its own for each image's place
    for column in made(network, [name]):
        assert [values is None for values in column.maps] == [False, True, False]
        assert column.notes[1] == NOTHING not in (column.notes[0], column.notes[2])
        for image in (0,) if drawn else SHOWN:
            one, operator, _ = alone(network, image)
            found = explain(name, network, one, operator, SETTINGS, SEED).maps[column.title]
            assert column.maps[image] is not None and found[0].any()
            np.testing.assert_allclose(column.maps[image], found[0], rtol=1e-4, atol=1e-6)


def test_the_note_below_a_map_is_its_share_inside_the_region(network: keras.Model) -> None:
    """Each with its own image's region; no two of a column are the same."""
    for column in made(network, ["grad-cam", "saliency"]):
        shares = [relevance_mass(column.maps[i], alone(network, i)[2]) for i in SHOWN]
        expected = [f"{share:.0%} inside" for share in shares]
        assert [column.notes[i].removesuffix(f", {STAYS}") for i in SHOWN] == expected
        assert len(set(expected)) == 2


def test_integrated_gradients_tell_their_error(network: keras.Model) -> None:
    """How far the map is from complete with so few steps, at each image's own place."""
    (column,) = made(network, ["integrated-gradients"])
    one = [explain("integrated-gradients", network, *alone(network, i)[:2], SETTINGS).completeness for i in SHOWN]
    errors = [float(each[0]) for each in one]
    assert [column.notes[i].split(", ")[1] for i in SHOWN] == [f"completeness error {error:.1%}" for error in errors]
    assert min(errors) > 0.002 and column.notes[0] != column.notes[2]


def test_a_method_that_ignores_the_weights_is_marked(network: keras.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean correlation with a shuffled network's maps, held to the limit of the settings."""
    other, (column,) = shuffled(network, SEED), made(network, ["saliency"])
    parts = [alone(network, i) for i in SHOWN]
    found = [
        alike(*(explain("saliency", each, *part[:2], SETTINGS).maps["saliency"][0] for each in (network, other)))
        for part in parts
    ]
    assert column.alike == pytest.approx(np.mean(found))
    for limit, stays in ((column.alike - 0.01, True), (column.alike + 0.01, False)):
        limits = SETTINGS.trust.model_copy(update={"alike": limit})
        (again,) = made(network, ["saliency"], SETTINGS.model_copy(update={"trust": limits}))
        assert again.stays is stays
        assert [again.notes[i].endswith(f", {STAYS}") for i in SHOWN] == [stays, stays]
        assert again.notes[1] == NOTHING


def test_a_dead_layer_is_said_below_its_map_and_explained_once(network: keras.Model) -> None:
    """Feature maps that speak only against the score leave a map of zeros; a page without one says nothing of it."""
    dead = made(network, ["grad-cam"], SETTINGS.model_copy(update={"layers": "gate"}))
    assert [column.notes for column in dead] == [("dead", NOTHING, "dead")]
    assert about(dead).endswith(f"Dead: {DEAD_REASON}.")
    assert "Dead" not in about(made(network, ["saliency"]))


def test_a_batch_without_any_prediction_has_its_columns(network: keras.Model) -> None:
    """Every one is there, empty and said to be; no method is run on no images."""
    target = of_regions(np.zeros((3, 12, 16), bool))
    found = columns(network, shuffled(network, SEED), IMAGES, target, ["saliency", "lime"], SETTINGS, SEED)
    assert titles(found) == ("saliency", "lime")
    assert all(column.maps == (None,) * 3 and column.notes == (NOTHING,) * 3 for column in found)
    assert "Dead" not in about(found)


def test_layers_are_columns_of_their_own(network: keras.Model) -> None:
    """In their order, with the layer's name below the method's; one image's row has a map and a note of each."""
    found = made(network, ["grad-cam", "saliency"])
    assert list(titles(found)) == [f"Grad-CAM\n{layer}" for layer in DECODER] + ["saliency"]
    assert [column.several for column in found] == [True, True, False]
    maps, notes = rows(found)[2]
    assert len(maps) == len(notes) == 3
    assert all(values is column.maps[2] for values, column in zip(maps, found, strict=True))


def test_a_class_is_explained_without_a_region(linear: Callable[[np.ndarray], keras.Model]) -> None:
    """Of a classifier: nothing is left out, and no share inside is told."""
    model = linear(np.ones((12, 16, 3), np.float32))
    target = of_classes([0, 0, 0])
    (column,) = columns(model, shuffled(model, SEED), IMAGES, target, ["gradient-input"], SETTINGS, SEED)
    np.testing.assert_allclose(np.stack(column.maps), IMAGES.sum(axis=-1), rtol=1e-5)
    assert not any("inside" in note for note in column.notes)


def test_an_unknown_method_or_one_that_does_not_fit_is_refused_first(network: keras.Model) -> None:
    """Also where nothing is predicted."""
    nothing = of_regions(np.zeros((3, 12, 16), bool))
    for name, told in (("grad-kam", "one of grad-cam"), ("attention-gates", "no attention gates")):
        with pytest.raises(GlassboxError, match=told):
            columns(network, network, IMAGES, nothing, [name], SETTINGS, SEED)


def test_models_side_by_side_have_the_same_columns(network: keras.Model) -> None:
    """What one lacks is empty; a model with nothing to explain adds no column of its own."""
    target, random = of_form(network, IMAGES, [None] * 3, THRESHOLD, "predicted")[0], shuffled(network, SEED)
    one = columns(network, random, IMAGES, target, ["grad-cam", "saliency"], SETTINGS, SEED)
    nothing = of_regions(np.zeros((3, 12, 16), bool))
    other = columns(network, random, IMAGES, nothing, ["grad-cam", "saliency"], SETTINGS, SEED)
    for models, place in (([one, other], 1), ([other, one], 0)):
        found = aligned(models)
        assert titles(found[0]) == titles(found[1]) == titles(one)
        assert [column.maps for column in found[place]] == [(None,) * 3] * 3
        assert all(a is b for a, b in zip(found[1 - place], one, strict=True))
