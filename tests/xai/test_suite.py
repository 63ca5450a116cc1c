"""The pages of a rendering: every map at its own image's place, and said where there is nothing to explain."""

import keras
import numpy as np
import pytest
from keras import layers

from glassbox.xai.checks import relevance_mass
from glassbox.xai.gradcam import DEAD_REASON, grad_cam
from glassbox.xai.integrated import IntegratedGradients, integrated_gradients
from glassbox.xai.operator import Operator, region_mean
from glassbox.xai.saliency import saliency
from glassbox.xai.suite import Page, attributions, layer_wise
from glassbox.xai.superpixel import superpixel_confidence, superpixels

THRESHOLD, STEPS, SEGMENTS, COMPACTNESS = 0.6, 2, 6, 10.0
PATH = "integrated gradients\n2 steps, zero baseline"
CONFIDENCE = "superpixel confidence\nSLIC, 6 segments"
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


def attributed(network: keras.Model, part: np.ndarray) -> Page:
    return attributions(network, part, THRESHOLD, STEPS, SEGMENTS, COMPACTNESS)


@pytest.fixture(scope="module")
def pages(network: keras.Model) -> dict[str, Page]:
    """Both pages of the three pictures."""
    return {
        "layers": layer_wise(network, IMAGES, THRESHOLD, "decoder"),
        "attributions": attributed(network, PICTURES),
    }


def probabilities(network: keras.Model) -> np.ndarray:
    logits = network.predict_on_batch(IMAGES)[..., 0].astype(np.float64)
    return np.asarray(1 / (1 + np.exp(-logits)))


def alone(network: keras.Model, image: int) -> tuple[np.ndarray, Operator, np.ndarray]:
    """One image as a batch of its own, what is explained of it, and the predicted lesion."""
    region = probabilities(network)[image] >= THRESHOLD
    return IMAGES[image : image + 1], region_mean(region[None]), region


def integrated(network: keras.Model, image: int) -> IntegratedGradients:
    one, operator, _ = alone(network, image)
    return integrated_gradients(network, one, operator, 0.0, STEPS)


def close(found: np.ndarray | None, expected: np.ndarray) -> None:
    assert found is not None and found.shape == (12, 16) and found.dtype == np.float32 and expected.any()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["layers", "attributions"])
def test_the_prediction_is_what_reaches_the_threshold(pages: dict[str, Page], network: keras.Model, name: str) -> None:
    """Something in the first and the third, nothing in the middle; another threshold would predict otherwise."""
    expected = probabilities(network) >= THRESHOLD
    np.testing.assert_array_equal(pages[name].predictions, expected)
    assert expected.any(axis=(1, 2)).tolist() == [True, False, True]
    assert (expected != (probabilities(network) >= 0.5)).any()


@pytest.mark.parametrize("image", SHOWN)
def test_a_map_stands_at_the_place_of_its_image(pages: dict[str, Page], network: keras.Model, image: int) -> None:
    """The maps beside an empty one are those that the image gives alone: no place is lost or swapped."""
    one, operator, _ = alone(network, image)
    assert list(pages["layers"].maps) == DECODER
    for layer, maps in grad_cam(network, one, operator, DECODER).items():
        close(pages["layers"].maps[layer][image], maps[0])
    maps, signed = pages["attributions"].maps, integrated(network, image).maps[0].sum(axis=-1)
    assert signed.min() < 0 < signed.max()
    assert list(maps) == ["saliency", PATH, CONFIDENCE]
    close(maps["saliency"][image], saliency(network, one, operator)[0])
    close(maps[PATH][image], np.abs(signed))


@pytest.mark.parametrize(("name", "titles"), [("layers", DECODER), ("attributions", ["saliency", PATH])])
def test_nothing_predicted_is_said_and_not_explained(pages: dict[str, Page], name: str, titles: list[str]) -> None:
    """The middle image has no map and one note; the others have a map and another."""
    for title in titles:
        maps, notes = pages[name].maps[title], pages[name].notes[title]
        assert [values is None for values in maps] == [False, True, False]
        assert [note == "nothing predicted" for note in notes] == [False, True, False]


def test_the_note_below_a_map_is_its_share_inside_the_lesion(pages: dict[str, Page], network: keras.Model) -> None:
    """For Grad-CAM and saliency, each with its own image's region; no two shown notes of a column are the same."""
    for page, titles in ((pages["layers"], DECODER), (pages["attributions"], ["saliency"])):
        for title in titles:
            shares = [relevance_mass(page.maps[title][i], alone(network, i)[2]) for i in SHOWN]
            expected = [f"{share:.0%} inside" for share in shares]
            assert [page.notes[title][i] for i in SHOWN] == expected and len(set(expected)) == 2


def test_the_note_below_integrated_gradients_is_their_error(pages: dict[str, Page], network: keras.Model) -> None:
    """How far the map is from complete with so few steps, at each image's own place."""
    errors = [float(integrated(network, i).completeness[0]) for i in SHOWN]
    notes = pages["attributions"].notes[PATH]
    assert [notes[i] for i in SHOWN] == [f"completeness error {error:.1%}" for error in errors]
    assert min(errors) > 0.002 and notes[0] != notes[2]


def test_superpixels_show_every_image(pages: dict[str, Page], network: keras.Model) -> None:
    """Confidence needs no prediction: each has its map, the mean probability a patch, and its highest value."""
    page, likely = pages["attributions"], probabilities(network).astype(np.float32)
    for i in range(3):
        expected = superpixel_confidence(likely[i], superpixels(PICTURES[i], SEGMENTS, COMPACTNESS))
        close(page.maps[CONFIDENCE][i], expected)
        assert page.notes[CONFIDENCE][i] == f"highest {expected.max():.2f}"


def test_a_dead_layer_is_said_below_its_map_and_explained_once(network: keras.Model, pages: dict[str, Page]) -> None:
    """Feature maps that speak only against the score leave a map of zeros; a page without one says nothing of it."""
    page = layer_wise(network, IMAGES, THRESHOLD, "gate")
    assert page.notes == {"gate1_relu1": ["dead", "nothing predicted", "dead"]}
    assert page.note.endswith(f"Dead: {DEAD_REASON}.")
    assert "Dead" not in pages["layers"].note and "Dead" not in pages["attributions"].note


def test_a_batch_without_any_prediction_is_a_page_too(network: keras.Model) -> None:
    """Every column is there, empty and said to be; no method is run on no images."""
    none = np.repeat(PICTURES[1:2], 2, axis=0)
    for page, titles in (
        (layer_wise(network, none.astype(np.float32) / 255, THRESHOLD, "decoder"), DECODER),
        (attributed(network, none), ["saliency", PATH]),
    ):
        assert not page.predictions.any() and page.predictions.shape == (2, 12, 16)
        assert list(page.maps) == list(page.notes) == [*titles, *([CONFIDENCE] if titles != DECODER else [])]
        for title in titles:
            assert page.maps[title] == [None, None]
            assert page.notes[title] == ["nothing predicted"] * 2
        assert "Dead" not in page.note


def test_one_image_of_a_page_has_its_columns_in_order() -> None:
    """`of` gives the row of an image: its prediction, then a map and a note of each column."""
    first, second = np.ones((2, 2), np.float32), np.zeros((2, 2), np.float32)
    predictions = np.array([[[True]], [[False]]])
    page = Page(predictions, {"b": [first, None], "a": [second, first]}, {"b": ["p", "q"], "a": ["r", "s"]}, "")
    prediction, maps, notes = page.of(1)
    assert prediction.tolist() == [[False]] and notes == ("q", "s")
    assert maps[0] is None and maps[1] is first and len(maps) == 2
    assert [values is expected for values, expected in zip(page.of(0)[1], (first, second), strict=True)] == [True] * 2
