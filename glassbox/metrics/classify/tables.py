"""The tables of a classifier: one row a case, one row a batch, and how many cases of each class were called what.

Shapes and `form` are those of `metrics.classify.probability`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix

from glassbox.errors import GlassboxError
from glassbox.metrics.classify.probability import Array, Labels, log_loss, predicted, truth_flags
from glassbox.params import Form

MOST_NAMED = 20  # with more classes, a table of every probability is read by nobody


def cases_table(
    names: Sequence[str],
    labels: Labels,
    probabilities: Array,
    form: Form,
    classes: Sequence[str],
    batch: int,
    threshold: float | None,
) -> pd.DataFrame:
    """One row a case in the order given, `batch` of them a batch; floats have 6 decimals.

    `case`, `batch`       name, and number of the batch from 0
    `truth`, `predicted`  class index; for `multi-label` how many classes it has, and how many it's said to have
    `correct`             1 where they agree, else 0; for `multi-label` where every flag does
    `probability`         for `binary` of class 1, else of the predicted class; for `multi-label` the mean over the
                          flags of the probability of the flag being as it was called
    `nll`                 `log_loss`
    `p_<class>`           the probability of every class, where there are at most 20
    `truth_<class>`, `predicted_<class>`  for `multi-label` alone: the flags, 0 or 1

    Raises GlassboxError where numbers of rows or classes differ, a name comes twice or `batch` is below 1.
    """
    _fitting(names, probabilities, classes, batch)
    flags = truth_flags(labels, form, len(classes))
    called = predicted(probabilities, form, threshold)
    if form == "multi-label":
        truth, said, correct = flags.sum(axis=1), called.sum(axis=1), (flags == called).all(axis=1)
        sure = np.where(called == 1, probabilities, 1 - probabilities).mean(axis=1)
    else:
        truth, said, correct = labels[:, 0], called, labels[:, 0] == called
        sure = probabilities[:, 1] if form == "binary" else probabilities.max(axis=1)
    # Adding 0.0 turns a minus zero into a zero.
    columns = {
        "case": list(names),
        "batch": np.arange(len(names)) // batch,
        "truth": truth,
        "predicted": said,
        "correct": correct.astype(np.int64),
        "probability": sure.round(6) + 0.0,
        "nll": (log_loss(probabilities, labels, form) + 0.0).round(6),
    }
    if len(classes) <= MOST_NAMED:
        columns |= {f"p_{name}": probabilities[:, at].round(6) + 0.0 for at, name in enumerate(classes)}
    if form == "multi-label":
        columns |= {f"truth_{name}": flags[:, at].astype(np.int64) for at, name in enumerate(classes)}
        columns |= {f"predicted_{name}": called[:, at] for at, name in enumerate(classes)}
    return pd.DataFrame(columns)


def batches_table(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a batch: `batch`, number of `cases`, means of `correct` (as `accuracy`), `nll` and `probability`."""
    columns = {
        "cases": ("case", "size"),
        "accuracy": ("correct", "mean"),
        "nll": ("nll", "mean"),
        "probability": ("probability", "mean"),
    }
    return cases.groupby("batch", sort=True).agg(**columns).round(6).reset_index()


def representative_batch(batches: pd.DataFrame) -> int:
    """The number of the batch whose accuracy, log loss and mean probability lie closest to those of all batches.

    Closest: the least sum of absolute differences to the mean, each in standard deviations over the batches, since a
    log loss has another scale. Only batches of the largest number of cases compete; ties go to the lowest number.
    Raises GlassboxError on an empty table.
    """
    if len(batches) == 0:
        raise GlassboxError("batches", "an empty table", "at least one batch")
    full = batches[batches["cases"] == batches["cases"].max()].sort_values("batch")
    values = full[["accuracy", "nll", "probability"]].to_numpy(np.float64)
    spread = values.std(axis=0)
    distances = np.abs(values - values.mean(axis=0)) / np.where(spread > 1e-9, spread, np.inf)
    # Rounded, so that the last bit of a float does not decide between two batches equally far from the mean.
    return int(full["batch"].to_numpy()[distances.sum(axis=1).round(9).argmin()])


def confusion_table(cases: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How many cases of each class were called what, in long form: `actual`, `predicted`, `n`, a row a pair.

    `cases` is a `cases_table`. Of a `multi-label` one each class has two rows, of the cases that have it: those that
    were called so, and those that were not, as `not <class>`.
    """
    if f"truth_{names[0]}" in cases:
        rows = []
        for name in names:
            called = cases.loc[cases[f"truth_{name}"] == 1, f"predicted_{name}"]
            rows += [(name, name, int(called.sum())), (name, f"not {name}", int((called == 0).sum()))]
    else:
        matrix = confusion_matrix(cases["truth"], cases["predicted"], labels=range(len(names)))
        rows = [(names[true], names[said], int(matrix[true, said])) for true, said in np.ndindex(matrix.shape)]
    return pd.DataFrame(rows, columns=["actual", "predicted", "n"])


def _fitting(names: Sequence[str], probabilities: Array, classes: Sequence[str], batch: int) -> None:
    if probabilities.shape != (len(names), len(classes)):
        raise GlassboxError("cases", f"probabilities {probabilities.shape}", f"({len(names)}, {len(classes)})")
    if len(set(names)) != len(names):
        raise GlassboxError("cases", f"'{max(names, key=list(names).count)}' comes twice", "a name of its own each")
    if batch < 1:
        raise GlassboxError("cases", f"batch size {batch}", "at least 1")
