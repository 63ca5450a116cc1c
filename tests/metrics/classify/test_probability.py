"""glassbox.metrics.classify.probability: each function against its definition written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from glassbox.errors import GlassboxError
from glassbox.metrics.classify import probability
from glassbox.params import Form

FORMS: list[Form] = ["binary", "multi-class", "multi-label", "ordinal"]
CLASSES = 4
OUTPUTS = {"binary": 1, "multi-class": CLASSES, "multi-label": CLASSES, "ordinal": CLASSES - 1}


def drawn(form: Form, seed: int, n: int = 60, heat: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are `heat` times too sure of labels drawn from their probabilities."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, OUTPUTS[form]))
    if form == "ordinal":
        logits = -np.sort(-logits, axis=1)
    p = probability.probabilities(logits, form, 1.0)
    if form == "multi-label":
        labels = (rng.random(p.shape) < p).astype(np.int64)
    else:
        labels = (rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1, keepdims=True)
    return (logits * heat).astype(np.float32), np.minimum(labels, p.shape[1] - 1)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def by_hand(row: list[float], form: Form, heat: float) -> list[float]:
    z = [value / heat for value in row]
    if form == "binary":
        return [1 - sigmoid(z[0]), sigmoid(z[0])]
    if form == "multi-label":
        return [sigmoid(value) for value in z]
    if form == "multi-class":
        powers = [math.exp(value - max(z)) for value in z]
        return [power / sum(powers) for power in powers]
    above = [1.0, *(min(sigmoid(value) for value in z[: k + 1]) for k in range(len(z))), 0.0]
    return [above[k] - above[k + 1] for k in range(len(z) + 1)]


@given(form=st.sampled_from(FORMS), seed=st.integers(0, 99), heat=st.sampled_from([0.05, 0.7, 1.0, 20.0]))
def test_probabilities_are_those_of_their_form(form: Form, seed: int, heat: float) -> None:
    """Each row as by hand; classes that exclude each other add up to 1; none is negative, in whatever order."""
    logits = np.random.default_rng(seed).normal(0, 5, (8, OUTPUTS[form]))
    found = probability.probabilities(logits, form, heat)
    assert found.dtype == np.float64
    assert found.tolist() == [pytest.approx(by_hand(row, form, heat), abs=1e-12) for row in logits.tolist()]
    assert ((found >= 0) & (found <= 1)).all()
    if form != "multi-label":
        assert found.sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_logits_as_far_as_float32_goes_stay_probabilities() -> None:
    """No overflow, no NaN; and a binary pair stays exact on the small side."""
    for form in FORMS:
        far = np.full((2, OUTPUTS[form]), 3e38, np.float32) * np.array([[1], [-1]], np.float32)
        assert np.isfinite(probability.probabilities(far, form, 0.05)).all()
    assert probability.probabilities(np.array([[50.0]]), "binary", 1.0)[0, 0] == pytest.approx(math.exp(-50))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("heat", [0.5, 1.0, 2.5])
def test_temperature_undoes_how_much_too_sure_the_logits_are(form: Form, heat: float) -> None:
    """Labels drawn from the probabilities: T is the factor, and no other temperature has a lower mean log loss."""
    logits, labels = drawn(form, 0, n=6000, heat=heat)
    found = probability.temperature(logits, labels, form)
    assert found == pytest.approx(heat, rel=0.08)

    def loss(t: float) -> float:
        return float(probability.log_loss(probability.probabilities(logits, form, t), labels, form).mean())

    assert loss(found) <= min(loss(found * step) for step in (0.5, 0.9, 0.99, 1.01, 1.1, 2.0)) + 1e-6


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("sign", "expected"), [(1, 1.0), (-1, probability.HOTTEST)])
def test_temperature_stays_within_bounds(form: Form, sign: int, expected: float) -> None:
    """Always right: the colder the better, and none is taken. Always wrong: the hotter the better, up to the bound."""
    logits = sign * np.full((1, OUTPUTS[form]), 3.0)
    labels = {"binary": [[1]], "multi-class": [[0]], "multi-label": [[1] * CLASSES], "ordinal": [[CLASSES - 1]]}[form]
    if form == "multi-class":
        logits[:, 1:] = 0
    assert probability.temperature(logits, np.array(labels), form) == expected


def test_a_temperature_below_the_bound_is_the_bound() -> None:
    """Not sure enough by far, and not always right: 1 would be further off."""
    logits = np.full((5, 1), 0.04 * np.log(4.0))
    assert probability.temperature(logits, np.array([[1], [1], [1], [1], [0]]), "binary") == probability.COOLEST


CALLED: list[tuple[Form, list[list[float]], float | None, list[object]]] = [
    ("binary", [[0.5, 0.5], [0.51, 0.49], [0.1, 0.9]], None, [1, 0, 1]),
    ("binary", [[0.5, 0.5], [0.51, 0.49], [0.1, 0.9]], 0.49, [1, 1, 1]),
    ("binary", [[0.5, 0.5], [0.51, 0.49], [0.1, 0.9]], 0.91, [0, 0, 0]),
    ("multi-class", [[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]], None, [1, 0]),
    ("multi-class", [[0.4, 0.6]], 0.9, [1]),  # a threshold is of the binary form alone
    ("ordinal", [[0.1, 0.1, 0.8]], None, [2]),
    ("multi-label", [[0.5, 0.49], [0.9, 0.8], [0.1, 0.2]], None, [[1, 0], [1, 1], [0, 0]]),
]


@pytest.mark.parametrize(("form", "said", "threshold", "expected"), CALLED)
def test_decisions(form: Form, said: list[list[float]], threshold: float | None, expected: list[object]) -> None:
    """At the threshold itself a case is positive; of equal probabilities the first class wins."""
    found = probability.predicted(np.array(said), form, threshold)
    assert found.tolist() == expected
    assert found.dtype == np.int64


@given(form=st.sampled_from(FORMS), seed=st.integers(0, 99))
def test_losses_are_those_of_scikit_learn(form: Form, seed: int) -> None:
    """Means of the log loss and of Brier's score; for multi-label over every flag."""
    logits, labels = drawn(form, seed)
    p = probability.probabilities(logits, form, 1.0)
    loss, squares = probability.log_loss(p, labels, form), probability.squared_error(p, labels, form)
    assert loss.shape == squares.shape == (60,)
    if form == "multi-label":
        assert loss.mean() == pytest.approx(sklearn_log_loss(labels.ravel(), p.ravel()))
        assert squares.mean() == pytest.approx(brier_score_loss(labels.ravel(), p.ravel()))
        return
    p = p / p.sum(axis=1, keepdims=True)
    assert loss.mean() == pytest.approx(sklearn_log_loss(labels[:, 0], p, labels=range(p.shape[1])))
    of_one = {"scale_by_half": form == "binary"}
    assert squares.mean() == pytest.approx(brier_score_loss(labels[:, 0], p, labels=range(p.shape[1]), **of_one))


def test_a_sure_mistake_costs_no_more_than_the_floor() -> None:
    """Probability 0 of what is true: -log 1e-7, not infinity; certainty costs nothing."""
    p = np.array([[1.0, 0.0]])
    assert probability.log_loss(p, np.array([[1]]), "binary").tolist() == [pytest.approx(-math.log(1e-7))]
    assert probability.log_loss(p, np.array([[0]]), "multi-class").tolist() == [0.0]
    assert probability.log_loss(p, np.array([[0, 1]]), "multi-label").tolist() == [pytest.approx(-math.log(1e-7))]


def test_labels_become_flags() -> None:
    """One of K a row, or as they are; a case of no class at all is one of multi-label."""
    assert probability.truth_flags(np.array([[2], [0]]), "ordinal", 3).astype(int).tolist() == [[0, 0, 1], [1, 0, 0]]
    flags = np.array([[0, 0], [1, 1]])
    assert probability.truth_flags(flags, "multi-label", 2).astype(int).tolist() == flags.tolist()


REFUSED: list[tuple[Form, np.ndarray, np.ndarray, str]] = [
    ("binary", np.zeros((2, 2)), np.zeros((2, 1), int), "shape (2, 2); expected (N, 1)"),
    ("multi-class", np.zeros((2, 1)), np.zeros((2, 1), int), "shape (2, 1); expected (N, outputs), at least 2"),
    ("ordinal", np.zeros((0, 2)), np.zeros((0, 1), int), "at least one case"),
    ("multi-class", np.full((1, 3), np.nan), np.zeros((1, 1), int), "a value that is not finite"),
    ("multi-class", np.zeros((1, 3)), np.array([[3]]), "3 to 3; expected 0 to 2"),
    ("ordinal", np.zeros((1, 3)), np.array([[-1]]), "-1 to -1; expected 0 to 3"),
    ("multi-label", np.zeros((1, 3)), np.array([[1]]), "shape (1, 1); expected (N, 3)"),
    ("multi-label", np.zeros((1, 3)), np.array([[0, 2, 0]]), "0 to 2; expected 0 to 1"),
    ("binary", np.zeros((1, 1)), np.array([1]), "shape (1,); expected (N, 1)"),
]


@pytest.mark.parametrize(("form", "logits", "labels", "told"), REFUSED)
def test_what_does_not_fit_its_form_is_refused(form: Form, logits: np.ndarray, labels: np.ndarray, told: str) -> None:
    """In one line that names the form."""
    with pytest.raises(GlassboxError) as caught:
        probability.temperature(logits, labels, form)
    assert told in str(caught.value)
    assert str(caught.value).startswith(form)


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.inf, math.nan])
def test_a_temperature_is_a_positive_number(temperature: float) -> None:
    """Anything else would turn probabilities upside down without a word."""
    with pytest.raises(GlassboxError, match=r"^temperature"):
        probability.probabilities(np.zeros((1, 1)), "binary", temperature)
