"""What a classifier's logits say: probabilities, at which temperature, what each case is called, and how wrong that is.

`form` tells how the outputs of a network become probabilities of K classes:

`binary`       one logit z, K = 2: class 1, the positive one, has sigmoid(z / T)
`multi-class`  K logits: softmax(z / T)
`multi-label`  K logits: sigmoid(z_k / T), each for itself, so that a row does not add up to 1
`ordinal`      K - 1 logits for grades in their order: sigmoid(z_k / T) is the chance of a grade above k

Labels are ``(N, L) int64``: one class index a case (L = 1), for `multi-label` K flags of 0 and 1 (L = K).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, logsumexp, softmax

from glassbox.errors import GlassboxError
from glassbox.params import Form

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Logits = NDArray[np.floating[Any]]
COOLEST, HOTTEST = 0.05, 20.0
LEAST = 1e-7  # a probability below this costs as much as this: one sure mistake must not outweigh a thousand cases


def probabilities(logits: Logits, form: Form, temperature: float) -> Array:
    """Probabilities ``(N, K) float64`` of logits ``(N, outputs)``, divided by `temperature` first.

    Where the logits of `ordinal` contradict each other, a chance of "above k" is lowered to that of "above k - 1", so
    that no grade's probability is negative (as Frank and Hall 2001, doi:10.1007/3-540-44795-4_13, but kept in order).
    Raises GlassboxError on logits that are not finite or not of their form's shape, and on a temperature of 0 or less.

    >>> probabilities(np.array([[np.log(3.0)]]), "binary", 1.0).round(2).tolist()
    [[0.25, 0.75]]
    >>> probabilities(np.array([[2.0, -2.0]]), "ordinal", 1.0).round(2).tolist()
    [[0.12, 0.76, 0.12]]
    """
    cool = _finite(logits, form) / _positive(temperature)
    if form == "multi-class":
        return np.asarray(softmax(cool, axis=1))
    if form == "multi-label":
        return np.asarray(expit(cool))
    if form == "binary":
        return np.asarray(expit(np.hstack([-cool, cool])))
    above = np.minimum.accumulate(expit(cool), axis=1)  # (N, K - 1)
    return np.asarray(-np.diff(above, axis=1, prepend=1.0, append=0.0))


def temperature(logits: Logits, labels: Labels, form: Form) -> float:
    """The T from 0.05 to 20 of the least cross-entropy, to 4 significant digits (Guo 2017, arXiv:1706.04599).

    Above 1 the model was too sure of itself, below 1 not sure enough. Cross-entropy is the mean of -log of the true
    class's probability, or over all flags of `multi-label`; for `ordinal` a probability counts as 1e-7 at least. Where
    every case is right the best T is 0, which would make the model sure of everything: 1 is given, which changes
    nothing. Meant for the validation split. Raises GlassboxError as `probabilities` does, and on labels that do not
    fit.

    >>> logits = np.full((5, 1), np.log(4.0))  # 0.8, and right four times in five
    >>> temperature(logits, np.array([[1], [1], [1], [1], [0]]), "binary")
    1.0
    """
    said, plain = _finite(logits, form), probabilities(logits, form, 1.0)
    flags = truth_flags(labels, form, plain.shape[1])
    if np.array_equal(predicted(plain, form, None).ravel(), labels.ravel()):
        return 1.0

    def loss(log_temperature: float) -> float:
        return _cross_entropy(said / np.exp(log_temperature), labels, flags, form)

    bounds = (np.log(COOLEST), np.log(HOTTEST))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-5}).x
    best = min((bounds[0], found, bounds[1]), key=loss)  # a loss that underflows to 0 is flat: the coldest of equals
    return float(f"{np.exp(best):.4g}")


def predicted(probabilities: Array, form: Form, threshold: float | None) -> Labels:
    """What each case is called: a class index ``(N,)``, or for `multi-label` flags ``(N, K)``; int64.

    `binary`: 1 where the probability of class 1 is at least `threshold`, 0.5 where that is None. `multi-class`,
    `ordinal`: the class of the highest probability, of equal ones the first. `multi-label`: each flag at 0.5.

    >>> predicted(np.array([[0.7, 0.3], [0.8, 0.2]]), "binary", 0.3).tolist()
    [1, 0]
    """
    if form == "binary":
        return np.asarray(probabilities[:, 1] >= (0.5 if threshold is None else threshold), np.int64)
    if form == "multi-label":
        return np.asarray(probabilities >= 0.5, np.int64)
    return np.asarray(probabilities.argmax(axis=1), np.int64)


def truth_flags(labels: Labels, form: Form, classes: int) -> NDArray[np.bool_]:
    """Which classes each case has, ``(N, K) bool``: one a row, for `multi-label` any number.

    Raises GlassboxError for no case, and for labels of another shape or outside their classes.
    """
    width, values = (classes, 2) if form == "multi-label" else (1, classes)
    if labels.ndim != 2 or labels.shape[1] != width or len(labels) == 0:
        raise GlassboxError(f"{form} labels", f"shape {labels.shape}", f"(N, {width}) with at least one case")
    if labels.min() < 0 or labels.max() >= values:
        raise GlassboxError(f"{form} labels", f"{labels.min()} to {labels.max()}", f"0 to {values - 1}")
    return np.asarray(labels == 1 if form == "multi-label" else labels == np.arange(classes))


def log_loss(probabilities: Array, labels: Labels, form: Form) -> Array:
    """-log of the probability of what is true, of each case, ``(N,)``; a probability counts as 1e-7 at least.

    For `multi-label` the mean over the case's flags, each with the probability of the flag being as it is.
    """
    flags = truth_flags(labels, form, probabilities.shape[1])
    if form == "multi-label":
        true = np.where(flags, probabilities, 1 - probabilities)
        return np.asarray(-np.log(np.maximum(true, LEAST)).mean(axis=1))
    return np.asarray(-np.log(np.maximum(probabilities[flags], LEAST)))


def squared_error(probabilities: Array, labels: Labels, form: Form) -> Array:
    """Squared distance of probability and truth of each case, ``(N,)``; its mean is Brier's score.

    `binary`: of class 1 alone, 0 to 1. `multi-class`, `ordinal`: summed over the classes, 0 to 2 (Brier 1950,
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2). `multi-label`: the mean over the flags, 0 to 1.
    """
    squares = (probabilities - truth_flags(labels, form, probabilities.shape[1])) ** 2
    if form == "binary":
        return squares[:, 1]
    return np.asarray(squares.mean(axis=1) if form == "multi-label" else squares.sum(axis=1))


def _cross_entropy(logits: Array, labels: Labels, flags: NDArray[np.bool_], form: Form) -> float:
    """Mean cross-entropy, from logits, since a probability that is rounded to 0 or 1 has lost how wrong it was."""
    if form == "multi-class":
        return float((logsumexp(logits, axis=1) - logits[flags]).mean())
    if form == "ordinal":
        return float(log_loss(probabilities(logits, form, 1.0), labels, form).mean())
    true = flags[:, 1:] if form == "binary" else flags
    return float(np.logaddexp(0, np.where(true, -logits, logits)).mean())


def _finite(logits: Logits, form: Form) -> Array:
    least = 2 if form == "multi-class" else 1
    shape = "(N, 1)" if form == "binary" else f"(N, outputs), at least {least}"
    if logits.ndim != 2 or logits.shape[1] < least or (form == "binary" and logits.shape[1] > 1) or len(logits) == 0:
        raise GlassboxError(f"{form} logits", f"shape {logits.shape}", f"{shape}, of at least one case")
    if not np.isfinite(logits).all():
        raise GlassboxError(f"{form} logits", "a value that is not finite", "a trained model's logits")
    return np.asarray(logits, np.float64)


def _positive(temperature: float) -> float:
    if not 0 < temperature < np.inf:
        raise GlassboxError("temperature", f"{temperature}", "a number above 0")
    return temperature
