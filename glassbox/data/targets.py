"""What a classifier is trained to say of a label, by the form of the task's labels."""

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from glassbox.errors import GlassboxError
from glassbox.params import Form

FORMS: tuple[Form, ...] = get_args(Form)


def outputs(form: Form, classes: int) -> int:
    """How many logits the network has: 1 for binary, K for multi-class and multi-label, K - 1 for ordinal.

    Raises `GlassboxError` for an unknown form and a number of classes that the form can't have.

    >>> [outputs("binary", 2), outputs("multi-class", 9), outputs("multi-label", 14), outputs("ordinal", 5)]
    [1, 9, 14, 4]
    """
    if form not in FORMS:
        raise GlassboxError("labels.form", f"'{form}'", f"one of {', '.join(FORMS)}")
    least = 1 if form == "multi-label" else 2
    if classes < least or (form == "binary" and classes > 2):
        expected = "two" if form == "binary" else f"at least {least}"
        raise GlassboxError("labels.classes", f"{classes} for {form} labels", expected)
    return {"binary": 1, "ordinal": classes - 1}.get(form, classes)


def fits(label: Sequence[int], form: Form, classes: int) -> bool:
    """Whether a label is one that the task can have: as many numbers as its form asks for, each of them in range.

    >>> fits((8,), "multi-class", 9), fits((9,), "multi-class", 9), fits((0, 1), "multi-label", 3)
    (True, False, False)
    """
    width, top = _range(form, classes)
    return len(label) == width and all(0 <= number < top for number in label)


def expected(form: Form, classes: int) -> str:
    """What a label of the task is, in words.

    >>> expected("ordinal", 5)
    'one class index from 0 to 4'
    """
    return f"{classes} flags of 0 or 1" if form == "multi-label" else f"one class index from 0 to {classes - 1}"


def targets(labels: NDArray[np.int64], form: Form, classes: int) -> NDArray[np.float32]:
    """``(N, outputs) float32`` of 0 and 1 from ``(N, L) int64`` labels.

    binary: whether it is class 1; multi-class: one-hot; multi-label: the flags; ordinal: column k says whether the
    grade is above k (Frank and Hall 2001, doi:10.1007/3-540-44795-4_13).

    Raises `GlassboxError` for a label out of range, another number of labels a case, and what `outputs` refuses.

    >>> targets(np.array([[2], [0]]), "ordinal", 4).tolist()
    [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    columns = np.arange(outputs(form, classes))
    width, top = _range(form, classes)
    if labels.ndim != 2 or labels.shape[1] != width:
        raise GlassboxError("labels", f"of shape {labels.shape}", f"(N, {width}): {expected(form, classes)}")
    wrong = np.argwhere((labels < 0) | (labels >= top))
    if wrong.size:
        row, column = wrong[0]
        raise GlassboxError("labels", f"{labels[row, column]} in row {row}", expected(form, classes))
    if form == "ordinal":
        return (labels > columns).astype(np.float32)
    return (labels == columns if form == "multi-class" else labels).astype(np.float32)


def _range(form: Form, classes: int) -> tuple[int, int]:
    """Numbers a label, and the first number that is too large."""
    return (classes, 2) if form == "multi-label" else (1, classes)
