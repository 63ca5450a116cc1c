"""glassbox.params: the committed file loads, and every fault is told in one line that names the key.

What only tasks have whose pictures are told apart: test_params_classify.py.
"""

import json
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from glassbox.errors import GlassboxError
from glassbox.params import Block, load, parse, read_yaml

COMMITTED = Path(__file__).parents[1] / "params.yaml"
ABSENT = object()
RECALL = "variants.phantom-recall"
GATHERED = ("outlining", "classifying", "networks", "segmenters", "models")


def gathered(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The blocks of models with what works on their kind, by their definition."""
    entries = {**raw["bases"], **raw["variants"]}
    tasks = {name: raw["tasks"].get(entry.get("task"), {}) for name, entry in entries.items()}
    kinds = {name: task["kind"] if task.get("kind") in raw["kinds"] else "segment" for name, task in tasks.items()}
    worked = {name: {**entry, **raw["kinds"][kinds[name]]} for name, entry in entries.items()}
    outlining = [name for name in raw["bases"] if kinds[name] == "segment"]
    classifying = [name for name in raw["bases"] if kinds[name] == "classify"]
    held = (outlining, classifying, raw["bases"], [*outlining, *raw["variants"]], entries)
    return {block: {name: worked[name] for name in names} for block, names in zip(GATHERED, held, strict=True)}


def written(folder: Path, changes: dict[str, object]) -> Path:
    """The committed file with some keys changed; the blocks that gather models are made anew unless changed too."""
    raw = json.loads(json.dumps(yaml.safe_load(COMMITTED.read_text())))  # aliases become copies
    for path, value in changes.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        block = reduce(getitem, way, raw)
        if value is ABSENT:
            del block[last]
        else:
            block[last] = value
    if not any(path.split(".")[0] in GATHERED for path in changes):
        raw |= gathered(raw)
    (folder / "params.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))
    return folder / "params.yaml"


FAULTS: list[tuple[dict[str, object], str]] = [
    (
        {"sed": 1},
        "sed: unknown key; expected only format, seed, tasks, bases, variants, kinds, outlining, classifying, "
        "networks, segmenters, models, operating, comparisons, cues, ask",
    ),
    ({"seed": ABSENT}, "seed: missing; expected a value: no parameter has a default"),
    ({"seed": "7"}, "seed: '7'; expected a valid integer"),
    ({"seed": -1}, "seed: -1; expected greater than or equal to 0"),
    ({"format": True}, "format: True; expected a valid integer"),
    ({"tasks.isic.xai.steps": ABSENT}, "tasks.isic.xai.steps: missing; expected a value: no parameter has a default"),
    ({"tasks.isic.xai.step": 1}, "tasks.isic.xai.step: unknown key; expected only methods, beside, region, layers, "),
    ({"tasks.isic.kind": "regress"}, "tasks.isic.kind: 'regress'; expected one of segment, classify"),
    ({"tasks.isic.kind": ABSENT}, "tasks.isic.kind: None; expected one of segment, classify"),
    ({"tasks.isic.kind": "classify"}, "tasks.isic.labels.form: missing; expected a value"),
    ({"tasks.isic.loader": "../isic"}, "tasks.isic.loader: '../isic'; expected "),
    ({"tasks.phantom.augment.blur.rate": -0.1}, "tasks.phantom.augment.blur.rate: -0.1; expected greater than or eq"),
    ({"tasks.phantom.augment.blur.rate": 1.5}, "tasks.phantom.augment.blur.rate: 1.5; expected less than or equal to"),
    ({"tasks.phantom.augment.blur.rate": float("nan")}, "tasks.phantom.augment.blur.rate: nan; expected "),
    ({"tasks.phantom.augment.blur.enabled": 1}, "tasks.phantom.augment.blur.enabled: 1; expected a valid boolean"),
    ({"tasks.phantom.augment.passes": []}, "tasks.phantom.augment.passes: []; expected "),
    ({"tasks.phantom.augment.passes.0.count": 0}, "tasks.phantom.augment.passes.0.count: 0; expected greater than or"),
    ({"tasks.phantom.augment.passes.0.c": 0}, "tasks.phantom.augment.passes.0.c: unknown key; expected only count, "),
    (
        {"tasks.phantom.augment.passes.0.without": ["flip", "spin"]},
        "tasks.phantom.augment: passes.0.without 'spin'; expected some of flip, rotate, ",
    ),
    (
        {"tasks.phantom.augment.jpeg.low": 95},
        "tasks.phantom.augment: jpeg.low 95 above jpeg.high 90; expected low at most high",
    ),
    (
        {"tasks.phantom.finetune.first_pass": 21},
        "tasks.phantom: finetune replays passes 21 to 25; expected passes below 25, which is what augment.passes draws",
    ),
    ({f"{RECALL}.loss.alpha": -1}, f"{RECALL}.loss.alpha: -1; expected greater than or equal to 0"),
    (
        {f"{RECALL}.loss.alpha": 0, f"{RECALL}.loss.beta": 0.0},
        f"{RECALL}.loss: alpha + beta = 0; expected at least one of them above 0",
    ),
    (
        {f"{RECALL}.loss.name": "tverski"},
        f"{RECALL}.loss.name: 'tverski'; expected one of dice, tversky, hybrid, focal-tversky",
    ),
    ({f"{RECALL}.loss.name": ABSENT}, f"{RECALL}.loss.name: None; expected one of dice, tversky, hybrid, focal"),
    ({f"{RECALL}.loss": "tversky"}, f"{RECALL}.loss: 'tversky'; expected "),
    ({f"{RECALL}.loss.gamma": 1}, f"{RECALL}.loss.gamma: unknown key; expected only module, pixel, smooth, alpha, b"),
    ({"bases.isic-base.loss.dice": -1}, "bases.isic-base.loss.dice: -1; expected greater than or equal to 0"),
    ({"bases.isic-base.loss.tversky": ABSENT}, "bases.isic-base.loss.tversky: missing; expected a value"),
    ({"variants.hybrid": {}}, "variants.hybrid.task: missing; expected a value"),
    ({"variants.dice": {"tsk": 1}}, "variants.dice.task: missing; expected a value"),
    ({"tasks.dice": {"kind": "no"}}, "tasks.dice.kind: 'no'; expected one of segment, classify"),
    ({"variants.Recall_1": {}}, "variants.Recall_1.[key]: 'Recall_1'; expected "),
    ({"models.isic-base.net": 3}, "models.isic-base.net: 3; expected a valid string"),
    ({"models.isic-base.fit": ABSENT}, "models.isic-base.fit: missing; expected a value: no parameter has a default"),
    ({"models": ABSENT}, "models: missing; expected a value: no parameter has a default"),
    ({"kinds.segment.fit": ABSENT}, "kinds.segment.fit: missing; expected a value: no parameter has a default"),
    ({"kinds.segment.fits": "a"}, "kinds.segment.fits: unknown key; expected only scripts, folder, replays, fit, also"),
    ({"kinds.regress": {}}, "kinds.regress: unknown key; expected only segment, classify"),
    ({f"{RECALL}.task": "fantom"}, "models.phantom-recall.task 'fantom'; expected one of phantom, isic"),
    ({f"{RECALL}.base": "base"}, "models.phantom-recall.base 'base'; expected one of phantom-base, isic-base"),
    ({f"{RECALL}.base": "isic-base"}, "models.phantom-recall.base of task 'isic'; expected a base of task 'phantom'"),
    ({"operating.isic-base": ABSENT}, "operating and models differ in 'isic-base'; expected one purpose a model"),
    ({"operating.isic-bse": {"keep": "dice", "least": 0}}, "operating and models differ in 'isic-bse'; expected one"),
    ({"operating.isic-base.keep": "f1"}, "operating.isic-base.keep: 'f1'; expected 'dice', 'precision' or 'recall'"),
    ({"comparisons.phantom.recall": "isic-recall"}, "comparisons.phantom.recall 'isic-recall'; expected a model of"),
    ({"cues.phantom-cue.without": "base"}, "cues.phantom-cue.without 'base'; expected one of phantom-base, isic-base"),
    ({"cues.phantom-cue.loader": "isic"}, "cues.phantom-cue.loader 'isic'; expected the task's own: phantom"),
    (
        {"cues.cue": {"loader": "isic", "model": "isic-base", "without": "isic-base"}},
        "cues.cue; expected the name of a task: phantom",
    ),
    (
        {"comparisons.fantom": dict.fromkeys(("precision", "balanced", "recall", "base"), "isic-base")},
        "comparisons.fantom; expected the name of a task: phantom, isic",
    ),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS, ids=[next(iter(changes)) for changes, _ in FAULTS])
def test_a_fault_is_told_in_one_line_that_names_the_key(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    """File, the key's full path, what stands there, what may."""
    path = written(tmp_path, changes)
    with pytest.raises(GlassboxError) as caught:
        load(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: {told}")
    assert "\n" not in line


FILES = [
    (None, "no such file; expected the project's top folder as working directory"),
    (b"a: [", "not readable as YAML"),
    (b"\xff", "not readable as YAML"),
    (b"", "a NoneType at the top; expected a YAML mapping"),
    (b"- 1", "a list at the top; expected a YAML mapping"),
]


@pytest.mark.parametrize(("content", "told"), FILES)
def test_a_file_that_is_no_yaml_mapping_is_told_in_one_line(tmp_path: Path, content: bytes | None, told: str) -> None:
    """Absent, broken, of another encoding, empty, or a list."""
    path = tmp_path / "params.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GlassboxError) as caught:
        read_yaml(path)
    assert str(caught.value).startswith(f"{path}: {told}")
    assert "\n" not in str(caught.value)


def test_the_committed_file_loads() -> None:
    """Every number of the file arrives, and nothing is added to it."""
    params = load(COMMITTED)
    assert params.model_dump() == read_yaml(COMMITTED)
    raw = params.model_dump()
    assert {block: raw[block] for block in GATHERED} == gathered(raw)


@pytest.mark.parametrize("name", ["isic-2018-base", "drive-base"])
@pytest.mark.parametrize("block", [block for block in GATHERED if block != "classifying"])
def test_a_block_that_gathers_models_holds_them_as_they_were_written(tmp_path: Path, block: str, name: str) -> None:
    """One that lacks a model, or has it other than its entry and what works on its kind, is told by its name."""
    changes: list[tuple[dict[str, object], str]] = [
        ({f"{block}.{name}": ABSENT}, f"{block} and the models it gathers differ in '{name}'; expected "),
        ({f"{block}.{name}.net": "resnet"}, f"{block}.{name} other than its entry; expected that and kinds.segment "),
        ({f"{block}.{name}.fit": "a.py"}, f"{block}.{name} other than its entry; expected that and kinds.segment "),
        ({f"{block}.{name}.loss.pixel": 0.5}, f"{block}.{name} other than its entry; expected that and kinds.segm"),
    ]
    for change, told in changes:
        with pytest.raises(GlassboxError) as caught:
            load(written(tmp_path, change))
        assert str(caught.value).startswith(f"{tmp_path / 'params.yaml'}: {told}")
        assert "\n" not in str(caught.value)


def blocks(block: type[Block]) -> Iterator[type[Block]]:
    for below in block.__subclasses__():
        yield below
        yield from blocks(below)


OWN = {block for block in blocks(Block) if block.__module__.startswith("glassbox.params.")}


@pytest.mark.parametrize("block", sorted(OWN, key=repr))
def test_no_parameter_has_a_default(block: type[Block]) -> None:
    """No default hides in code, unknown keys are refused, and no text is taken for a number."""
    assert all(field.is_required() for field in block.model_fields.values())
    assert {name: block.model_config.get(name) for name in ("extra", "frozen", "strict")} == {
        "extra": "forbid",
        "frozen": True,
        "strict": True,
    }


def test_parameters_can_not_be_changed() -> None:
    """Frozen at every level."""
    params: Any = load(COMMITTED)
    for block, name in ((params, "seed"), (params.tasks["isic"].train, "batch"), (params.models["isic-base"], "task")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(block, name, 1)


class Source(Block):
    edition: int


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({}, "params.yaml: tasks.isic.source: edition: missing; expected a value: no parameter has a default"),
        ({"edition": 1, "x": 2}, "params.yaml: tasks.isic.source: x: unknown key; expected only edition"),
    ],
)
def test_a_loaders_own_block_is_told_the_same_way(raw: dict[str, object], told: str) -> None:
    """`parse` checks a block that belongs to a loader or a network, and names where it stands."""
    with pytest.raises(GlassboxError) as caught:
        parse(Source, raw, "params.yaml: tasks.isic.source")
    assert str(caught.value) == told
    assert parse(Source, {"edition": 2017}, "").edition == 2017
