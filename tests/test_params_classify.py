"""glassbox.params.classify: what only tasks have whose pictures are told apart, and the faults of their blocks."""

import json
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml

from glassbox.errors import GlassboxError
from glassbox.params import Classes, Classify, CrossEntropy, Points, load, parse

COMMITTED = Path(__file__).parents[1] / "params.yaml"
ABSENT = object()
XRAY, PATH = "tasks.chest-xray", "tasks.pathmnist"
GATHERING = ("classifying", "networks", "models")  # the blocks that hold a base which tells pictures apart
OVERLAP = {"module": "overlap", "name": "dice", "pixel": 1.0, "smooth": 1.0}
FLAGS = {"module": "classes", "name": "binary-cross-entropy", "weights": "none", "smoothing": 0.0}
UNFIT = "models.pathmnist-base.loss 'categorical-cross-entropy'; expected the other cross-entropy"
OUTLINES = {"keep": "dice", "least": 0.0}


def committed() -> Any:  # noqa: ANN401 - YAML
    """The content of the committed file, without shared blocks."""
    return json.loads(json.dumps(yaml.safe_load(COMMITTED.read_text())))


def written(folder: Path, changes: dict[str, object]) -> Path:
    """The committed file with some keys changed; a loss of a base is changed in the blocks that hold it too."""
    raw = committed()
    for path, value in changes.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        block = reduce(getitem, way, raw)
        if value is ABSENT:
            del block[last]
        else:
            block[last] = value
    if not any(path.split(".")[0] in GATHERING for path in changes):
        for block in (*GATHERING, "outlining", "segmenters"):
            for name in set(raw[block]) & set(raw["bases"]):
                raw[block][name]["loss"] = raw["bases"][name]["loss"]
    (folder / "params.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))
    return folder / "params.yaml"


def classes(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "about": ""} for name in names]


FAULTS: list[tuple[dict[str, object], str]] = [
    (
        {f"{PATH}.labels.classes": classes("cases", "b", "c")},
        f"{PATH}.labels: a class named cases; expected another name: records count all cases under that one",
    ),
    ({f"{PATH}.labels.classes": classes(*map(str, range(21)))}, f"{PATH}.labels.classes: "),
    ({f"{XRAY}.kind": ABSENT}, f"{XRAY}.kind: None; expected one of segment, classify"),
    ({f"{XRAY}.kind": "tell"}, f"{XRAY}.kind: 'tell'; expected one of segment, classify"),
    ({f"{XRAY}.kind": "segment"}, f"{XRAY}.labels.target: missing; expected a value"),
    ({f"{XRAY}.robustness": {}}, f"{XRAY}.robustness: unknown key; expected only kind, loader, source, labels, "),
    ({f"{XRAY}.finetune": {}}, f"{XRAY}.finetune: {{}}; expected None"),
    ({f"{XRAY}.preprocess.channels": 2}, f"{XRAY}.preprocess.channels: 2; expected 1 or 3"),
    ({f"{XRAY}.preprocess.channels": ABSENT}, f"{XRAY}.preprocess.channels: missing; expected a value"),
    ({f"{XRAY}.augment.stain": ABSENT}, f"{XRAY}.augment.stain: missing; expected a value"),
    ({f"{XRAY}.augment.stain.rate": 1.5}, f"{XRAY}.augment.stain.rate: 1.5; expected less than or equal to 1"),
    ({f"{XRAY}.augment.jpeg.low": 95}, f"{XRAY}.augment: jpeg.low 95 above jpeg.high 90; expected low at most high"),
    ({"tasks.isic.augment.stain": {}}, "tasks.isic.augment.stain: unknown key; expected only passes, flip, rotate, "),
    ({"tasks.isic.preprocess.channels": 3}, "tasks.isic.preprocess.channels: unknown key; expected only height, "),
    ({f"{XRAY}.calibrate.familiar": 1.1}, f"{XRAY}.calibrate.familiar: 1.1; expected less than or equal to 1"),
    ({f"{XRAY}.evaluate.shown": 0}, f"{XRAY}.evaluate.shown: 0; expected greater than or equal to 1"),
    (
        {f"{XRAY}.augment.passes.0.count": 5, f"{XRAY}.train.passes": 6},
        f"{XRAY}: train replays passes 0 to 5; expected passes below 5, which is what augment.passes draws",
    ),
    ({f"{XRAY}.train.monitor": "val_dice"}, f"{XRAY}: train.monitor 'val_dice'; expected 'val_loss'"),
    ({f"{XRAY}.labels.form": "graded"}, f"{XRAY}.labels.form: 'graded'; expected 'binary', 'multi-class', 'multi-la"),
    ({f"{XRAY}.labels.classes": []}, f"{XRAY}.labels.classes: []; expected "),
    ({f"{XRAY}.labels.classes.1.about": ABSENT}, f"{XRAY}.labels.classes.1.about: missing; expected a value"),
    ({f"{XRAY}.labels.classes.1": ABSENT}, f"{XRAY}.labels: form 'binary' with 1 classes; expected two"),
    ({f"{XRAY}.labels.classes": classes("a", "b", "c")}, f"{XRAY}.labels: form 'binary' with 3 classes; expected two"),
    ({f"{XRAY}.labels.classes.1.name": "normal"}, f"{XRAY}.labels: classes of one name; expected a name of its own "),
    ({f"{PATH}.labels.classes": classes("a")}, f"{PATH}.labels: form 'multi-class' with 1 classes; expected at least"),
    ({f"{PATH}.labels.form": "binary"}, f"{PATH}.labels: form 'binary' with 9 classes; expected two"),
    (
        {"bases.pathmnist-base.loss.name": "entropy"},
        "bases.pathmnist-base.loss.name: 'entropy'; expected one of dice",
    ),
    ({"bases.pathmnist-base.loss.weights": 1}, "bases.pathmnist-base.loss.weights: 1; expected 'balanced' or 'none'"),
    ({"bases.pathmnist-base.loss.smoothing": 2}, "bases.pathmnist-base.loss.smoothing: 2; expected less than or equ"),
    ({"bases.pathmnist-base.loss.pixel": 1}, "bases.pathmnist-base.loss.pixel: unknown key; expected only module, na"),
    ({"variants.isic-recall.loss": FLAGS}, "variants.isic-recall.loss.name: 'binary-cross-entropy'; expected one of "),
    # a loss that is none for the task's kind, or for the form of its labels
    (
        {"bases.chest-xray-base.loss": OVERLAP},
        "models.chest-xray-base.loss 'dice'; expected a loss for a task of kind classify",
    ),
    (
        {"bases.drive-base.loss": FLAGS},
        "models.drive-base.loss 'binary-cross-entropy'; expected a loss for a task of kind segment",
    ),
    (
        {"bases.chest-xray-base.loss.name": "categorical-cross-entropy"},
        "models.chest-xray-base.loss 'categorical-cross-entropy'; expected the other cross-entropy, for binary labels",
    ),
    (
        {"bases.pathmnist-base.loss.name": "binary-cross-entropy"},
        "models.pathmnist-base.loss 'binary-cross-entropy'; expected the other cross-entropy, for multi-class labels",
    ),
    ({f"{PATH}.labels.form": "ordinal"}, f"{UNFIT}, for ordinal labels"),
    ({f"{PATH}.labels.form": "multi-label"}, f"{UNFIT}, for multi-label labels"),
    # operating points: of another kind of task, or of labels that have none
    (
        {"operating.chest-xray-base": OUTLINES},
        "operating.chest-xray-base of another kind of task; expected keep and least to outline, points to classify",
    ),
    (
        {"operating.isic-base": {"default": None, "points": {}}},
        "operating.isic-base of another kind of task; expected keep and least to outline, points to classify",
    ),
    (
        {"operating.chest-xray-base": {"default": None, "points": {}}},
        "operating.chest-xray-base for binary labels; expected points where labels are binary, else none",
    ),
    (
        {"operating.pathmnist-base": committed()["operating"]["chest-xray-base"]},
        "operating.pathmnist-base for multi-class labels; expected points where labels are binary, else none",
    ),
    ({"operating.pathmnist-base": ABSENT}, "operating and models differ in 'pathmnist-base'; expected one purpose a m"),
    ({"operating.chest-xray-base.default": "triage"}, "operating.chest-xray-base"),  # each fault of a point: below
    ({"operating.chest-xray-base.points.screening.best": "auc"}, "operating.chest-xray-base"),
    (
        {"variants.odd": {"task": "chest-xray", "base": "chest-xray-base", "loss": OVERLAP}, "operating.odd": OUTLINES},
        "tasks.chest-xray.finetune null; expected a schedule, which variant 'odd' needs",
    ),
    # the blocks that gather models
    ({"classifying.pathmnist-base": ABSENT}, "classifying and the models it gathers differ in 'pathmnist-base'; exp"),
    ({"networks.pathmnist-base": ABSENT}, "networks and the models it gathers differ in 'pathmnist-base'; expected "),
    ({"models.pathmnist-base": ABSENT}, "models and the models it gathers differ in 'pathmnist-base'; expected "),
    (
        {"classifying.drive-base": committed()["outlining"]["drive-base"]},
        "classifying and the models it gathers differ in 'drive-base'; expected chest-xray-base, pathmnist-base, ",
    ),
    (
        {"outlining.pathmnist-base": committed()["classifying"]["pathmnist-base"]},
        "outlining and the models it gathers differ in 'pathmnist-base'; expected drive-base, ",
    ),
    (
        {"classifying.pathmnist-base.scripts": "stages"},
        "classifying.pathmnist-base other than its entry; expected that and kinds.classify merged",
    ),
    (
        {"models.pathmnist-base.architecture": {}},
        "models.pathmnist-base other than its entry; expected that and kinds.classify merged",
    ),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS, ids=[next(iter(changes)) for changes, _ in FAULTS])
def test_a_fault_is_told_in_one_line_that_names_the_key(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    """File, the key's full path, what stands there, what may."""
    path = written(tmp_path, changes)
    with pytest.raises(GlassboxError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {told}")
    assert "\n" not in str(caught.value)


POINT = {"best": "youden", "keep": "sensitivity", "least": 0.0}
POINTS: list[tuple[dict[str, Any], str]] = [
    ({"default": None}, "default null; expected one of a, b"),
    ({"default": "c"}, "default 'c'; expected one of a, b"),
    ({"points": {}}, "default 'a'; expected one of no points: null"),
    ({"default": ABSENT}, "default: missing; expected a value: no parameter has a default"),
    ({"points": ABSENT}, "points: missing; expected a value: no parameter has a default"),
    ({"points": {"a": {**POINT, "best": "auc"}}}, "points.a.best: 'auc'; expected 'youden', 'sensitivity', 'specifi"),
    ({"points": {"a": {**POINT, "keep": "f1"}}}, "points.a.keep: 'f1'; expected 'sensitivity', 'specificity' or 'pre"),
    ({"points": {"a": {**POINT, "least": 1.01}}}, "points.a.least: 1.01; expected less than or equal to 1"),
    ({"points": {"a": {"best": "youden"}}}, "points.a.keep: missing; expected a value: no parameter has a default"),
    ({"keep": "dice"}, "keep: unknown key; expected only default, points"),
]


@pytest.mark.parametrize(("changes", "told"), POINTS)
def test_a_fault_of_operating_points_is_told(changes: dict[str, Any], told: str) -> None:
    """A default that is none of them, and every key of a point."""
    raw = {"default": "a", "points": {"a": POINT, "b": POINT}}
    assert parse(Points, raw, "").default == "a"
    with pytest.raises(GlassboxError) as caught:
        parse(Points, {key: value for key, value in (raw | changes).items() if value is not ABSENT}, "operating.x")
    assert str(caught.value).startswith(f"operating.x: {told}")
    assert "\n" not in str(caught.value)


FORMS = [("binary", 2), ("multi-class", 2), ("multi-class", 9), ("multi-label", 1), ("multi-label", 14), ("ordinal", 5)]


@pytest.mark.parametrize(("form", "count"), FORMS)
def test_classes_fit_their_form(form: str, count: int) -> None:
    """Two for binary, one or more flags, two or more that shut each other out; names in the order of the file."""
    names = [f"class {number}" for number in range(count)]
    found = parse(Classes, {"form": form, "classes": classes(*names)}, "")
    assert (found.form, found.names) == (form, names)


def test_a_form_of_several_classes_needs_two() -> None:
    """Grades as much as classes; a single flag is a form of its own."""
    for form in ("binary", "multi-class", "ordinal"):
        with pytest.raises(GlassboxError, match=f"labels: form '{form}' with 1 classes; expected "):
            parse(Classes, {"form": form, "classes": classes("a")}, "labels")


def test_the_committed_tasks_have_points_and_losses_of_their_form() -> None:
    """What the checks demand, read off the file: points where labels are binary, categorical where they exclude."""
    params = load(COMMITTED)
    for name, entry in params.classifying.items():
        task, points = params.tasks[entry.task], params.operating[name]
        assert isinstance(task, Classify) and isinstance(points, Points) and isinstance(entry.loss, CrossEntropy)
        assert bool(points.points) == (points.default is not None) == (task.labels.form == "binary")
        assert (entry.loss.name == "categorical-cross-entropy") == (task.labels.form == "multi-class")
        assert entry.architecture["channels"] == task.preprocess.channels
