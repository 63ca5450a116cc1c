"""What limits an outlining model: where it draws an outline, or how wide.

    python -m benchmarks.extent [TASK] [--markdown]

Of the task's base on the validation split, at the network's size: mean Jaccard index, and failures, at the threshold of
its calibration, and at each case's own best of 0.01, 0.02, ..., 0.99. Nobody can know that one: it tells how much of
the error is an outline too narrow or too wide around the right place. Of all cases, of each kind of outline, where the
task tells kinds apart, and of each third by contrast: of the true outline, as subgroups are, and of the model's own. A
true outline drawn far out has less contrast than the lesion in it. Both are measured at the network's size.
Then whether a picture tells which kind its outline is of: the area under the ROC curve of a logistic regression on mean
and standard deviation of every block's maps, on fifths of the training split held out from it in blocks of neighbouring
cases, and on the validation split after learning from all of training. The network itself has seen all of training. The
test split is not read.
Printed, and written to `benchmarks/extent-<task>.csv`; `--markdown` measures nothing and prints that file.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.brief import markdown, outlining
from glassbox.artifacts import Paths, Split, read_csv, read_json, read_model, read_split, write_csv
from glassbox.metrics.calibration import STEPS
from glassbox.params import load

Floats = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
THRESHOLDS = np.arange(1, STEPS) / STEPS
HEADER = ("cases", "number", "Jaccard", "at each one's best", "failures", "at each one's best")
SCORES = ("iou", "best_iou", "failures", "best_failures")
ORDER = ("low", "middle", "high", "no", "yes")
FOLDS = 5


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", nargs="?", default="isic")
    parser.add_argument("--markdown", action="store_true")
    chosen = parser.parse_args()
    record = Path(__file__).parent / f"extent-{chosen.task}.csv"
    if not chosen.markdown:
        write_csv(record, _measured(chosen.task))
    print(_markdown(read_csv(record)))


def _measured(name: str) -> pd.DataFrame:
    """The record of one task's base."""
    from glassbox.data.truth import attributes
    from glassbox.metrics import calibration, subgroups
    from glassbox.metrics.segment import outline
    from glassbox.nets.inference import probabilities

    params, paths = load(Paths().params()), Paths()
    task, base, _ = outlining(params, name)
    key = next(key for key, entry in params.bases.items() if entry is base)
    model, at = read_model(paths.model(key)), calibration.operating(read_json(paths.calibration(key)))
    train, val = (read_split(paths.split(name, part)) for part in ("train", "val"))
    maps = list(probabilities(model, val.images, at.temperature))
    part, fill = task.evaluate.least_part, task.evaluate.fill
    own = [outline(found, at.threshold, part, fill) for found in maps]
    told = attributes(val, task.calibrate.tracing).assign(
        contrast=_contrasts(val.images, list(val.masks > 0)), own=_contrasts(val.images, own)
    )
    groups = {
        title: subgroups.groups(told[column]).to_numpy()
        for column, title in (("contrast", "contrast"), ("own", "contrast of its own outline"), ("traced", "traced"))
        if column in told
    }
    record = _extents(_ious(maps, val, part, fill), at.threshold, groups, task.evaluate.failure_at)
    if "traced" in told:
        kinds = [attributes(split, task.calibrate.tracing)["traced"].to_numpy() == 1.0 for split in (train, val)]
        found = _told_apart(_features(model, train), _features(model, val), *kinds)
        record = record.assign(**found)
    return record


def _contrasts(images: npt.NDArray[np.uint8], masks: list[Mask]) -> list[float]:
    """The contrast between what each mask outlines and the ring around it."""
    from glassbox.data.attributes import attributes

    return [attributes(image, mask)["contrast"] for image, mask in zip(images, masks, strict=True)]


def _ious(maps: list[Floats], split: Split, least_part: float, fill: bool) -> Floats:
    """Each case's Jaccard index at each threshold, ``(N, 99)``, its mask cleaned."""
    from glassbox.data.truth import truths_as_seen
    from glassbox.metrics.overlap import count, scores
    from glassbox.metrics.segment import outline

    return np.array(
        [
            [scores(count(truth, outline(found, float(cut), least_part, fill), region))["iou"] for cut in THRESHOLDS]
            for found, (truth, region) in zip(maps, truths_as_seen(split), strict=True)
        ]
    )


def _extents(ious: Floats, threshold: float, groups: dict[str, Any], failure_at: float) -> pd.DataFrame:
    """One row for all cases and for every group: means at one threshold and at each case's best, shares that fail."""
    one, best = ious[:, THRESHOLDS.tolist().index(threshold)], ious.max(axis=1)
    parts = {"all": np.full(len(ious), True)}
    for column, labels in groups.items():
        parts |= {f"{column}: {label}": labels == label for label in ORDER if label in set(labels)}
    rows = [
        (name, int(at.sum()), *(score[at].mean() for score in (one, best, one < failure_at, best < failure_at)))
        for name, at in parts.items()
    ]
    return pd.DataFrame(rows, columns=["cases", "n", *SCORES]).round(4)


def _features(model: Any, split: Split) -> Floats:  # noqa: ANN401 - a Keras model
    """Mean and standard deviation of every map behind a block, ``(N, F)``."""
    import keras

    maps = [layer.output for layer in model.layers if layer.name.endswith("_relu2")]
    behind = keras.Model(model.input, maps)
    found = []
    for start in range(0, len(split.cases), 8):
        seen = [np.asarray(each) for each in behind(split.inputs(start, start + 8), training=False)]
        found.append(np.concatenate([f(each, axis=(1, 2)) for each in seen for f in (np.mean, np.std)], axis=1))
    return np.concatenate(found).astype(np.float64)


def _told_apart(train: Floats, val: Floats, train_kinds: Mask, val_kinds: Mask) -> dict[str, float]:
    """Areas under the ROC curve, held out of training and on validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    reader = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=2000))
    folds = KFold(FOLDS)  # cases stand in the order of their numbers: neighbours may come from one series
    held_out = cross_val_predict(reader, train, train_kinds, cv=folds, method="predict_proba")[:, 1]
    said = reader.fit(train, train_kinds).predict_proba(val)[:, 1]
    areas = {"auroc_train": roc_auc_score(train_kinds, held_out), "auroc_val": roc_auc_score(val_kinds, said)}
    return {name: round(float(area), 3) for name, area in areas.items()}


def _markdown(record: pd.DataFrame) -> str:
    lines = []
    for _, row in record.iterrows():
        shares = (f"{100 * row[name]:.0f}%" for name in SCORES[2:])
        lines.append([row["cases"], str(row["n"]), *(f"{row[name]:.3f}" for name in SCORES[:2]), *shares])
    told = ""
    if "auroc_train" in record:
        first = record.iloc[0]
        told = f"\n\nkind of outline from the picture, AUROC: {first['auroc_train']} held out of training, "
        told += f"{first['auroc_val']} on validation"
    return markdown(HEADER, lines) + told


if __name__ == "__main__":
    main()
