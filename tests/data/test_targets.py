"""What a network is trained to say, form by form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.data.targets import FORMS, expected, fits, outputs, targets
from glassbox.errors import GlassboxError
from glassbox.params import Form

# form, classes, labels, targets
TABLE: list[tuple[Form, int, list[list[int]], list[list[float]]]] = [
    ("binary", 2, [[0], [1], [1]], [[0], [1], [1]]),
    ("multi-class", 3, [[2], [0]], [[0, 0, 1], [1, 0, 0]]),
    ("multi-label", 3, [[1, 0, 1], [0, 0, 0]], [[1, 0, 1], [0, 0, 0]]),
    ("multi-label", 1, [[1], [0]], [[1], [0]]),
    ("ordinal", 4, [[0], [1], [2], [3]], [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]),
    ("ordinal", 2, [[0], [1]], [[0], [1]]),
    ("multi-class", 5, [], []),
]


@pytest.mark.parametrize(("form", "classes", "labels", "said"), TABLE)
def test_targets_by_form(form: Form, classes: int, labels: list[list[int]], said: list[list[float]]) -> None:
    """As worked out by hand; as many columns as the network has logits."""
    width = classes if form == "multi-label" else 1
    found = targets(np.array(labels, np.int64).reshape(-1, width), form, classes)
    assert found.dtype == np.float32
    assert found.shape == (len(labels), outputs(form, classes))
    assert found.tolist() == said


@given(st.integers(2, 12), st.lists(st.integers(0, 11), min_size=1, max_size=20))
def test_a_class_can_be_read_back(classes: int, drawn: list[int]) -> None:
    """The place of the one, and the number of ones below a grade, are the label."""
    labels = np.array(drawn, np.int64)[:, None] % classes
    one_hot, above = targets(labels, "multi-class", classes), targets(labels, "ordinal", classes)
    assert (one_hot.argmax(axis=1) == labels[:, 0]).all()
    assert (one_hot.sum(axis=1) == 1).all()
    assert (above.sum(axis=1) == labels[:, 0]).all()
    assert (np.diff(above, axis=1) <= 0).all()


@given(st.sampled_from(FORMS), st.integers(2, 4), st.lists(st.integers(-2, 5), min_size=1, max_size=4))
def test_what_fits_is_what_has_targets(form: Form, classes: int, label: list[int]) -> None:
    """`fits` is false exactly where `targets` refuses."""
    classes = 2 if form == "binary" else classes
    try:
        targets(np.array([label], np.int64), form, classes)
    except GlassboxError as error:
        assert expected(form, classes) in str(error) and "\n" not in str(error)
        assert not fits(label, form, classes)
    else:
        assert fits(label, form, classes)


@pytest.mark.parametrize(
    ("form", "classes", "labels", "told"),
    [
        ("binary", 2, [[0], [2]], "labels: 2 in row 1; expected one class index from 0 to 1"),
        ("multi-class", 9, [[8], [9], [10]], "9 in row 1; expected one class index from 0 to 8"),
        ("multi-class", 9, [[-1]], "-1 in row 0"),
        ("ordinal", 5, [[5]], "5 in row 0; expected one class index from 0 to 4"),
        ("multi-label", 2, [[0, 2]], "2 in row 0; expected 2 flags of 0 or 1"),
        ("multi-label", 3, [[0, 1]], r"of shape \(1, 2\); expected \(N, 3\): 3 flags"),
        ("multi-class", 3, [0, 1], r"of shape \(2,\); expected \(N, 1\)"),
        ("binary", 3, [[0]], "labels.classes: 3 for binary labels; expected two"),
        ("ordinal", 1, [[0]], "1 for ordinal labels; expected at least 2"),
        ("multi-label", 0, [[0]], "expected at least 1"),
        ("graded", 3, [[0]], "labels.form: 'graded'; expected one of binary, multi-class, multi-label, ordinal"),
    ],
)
def test_refusals(form: Form, classes: int, labels: list[list[int]], told: str) -> None:
    """Each in one line."""
    with pytest.raises(GlassboxError, match=told):
        targets(np.array(labels, np.int64), form, classes)
