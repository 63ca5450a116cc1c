"""glassbox.llm.catalogue: which numbers there are, and where each stands."""

import json
import random
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.llm import index, world
from glassbox.llm.catalogue import Catalogue, Entry, Known, Level, load


def entry(
    metric: str,
    source: str = "m.json",
    split: str | None = "test",
    level: Level = "whole",
    model: str | None = "eye-base",
) -> Entry:
    return Entry(model, "eye", split, metric, source, level)


KEYS = [
    ("dice", ("dice",), "dice"),
    ("dice.mean", ("dice",), "dice"),
    ("dice.ci_low", ("dice", "ci_low"), "dice"),
    ("dice.max", ("dice", "max"), "dice"),
    ("mean", ("mean",), "mean"),
    ("min", ("min",), "min"),
    ("n", ("n",), "n"),
    ("n.missed", ("missed",), "missed"),
    ("pooled.dice", ("pooled", "dice"), "dice"),
    ("tta.iou.mean", ("tta", "iou"), "iou"),
    ("noise.0.03.dice.mean", ("noise", "0.03", "dice"), "dice"),
    ("blur.4.dice.ci_high", ("blur", "4", "dice", "ci_high"), "dice"),
    ("cases.train", ("cases",), "cases"),
    ("minus_balanced.eye-base.dice.mean", ("minus_balanced", "dice"), "dice"),
    ("minus_balanced.eye-recall.dice", ("minus_balanced", "eye-recall", "dice"), "dice"),
]


@pytest.mark.parametrize(("metric", "parts", "measure"), KEYS)
def test_a_key_in_parts(metric: str, parts: tuple[str, ...], measure: str) -> None:
    """Splits, the model, the usual statistic and the container of counts are left out; a strength is one part."""
    assert entry(metric).parts == parts
    assert entry(metric).measure == measure


@pytest.mark.parametrize("metric", ["train", "test.val", "eye-base", "", "."])
def test_a_key_of_nothing_but_left_out_parts_has_a_measure(metric: str) -> None:
    """The index takes any key of a JSON file, so none may be without a measure."""
    assert entry(metric).measure in entry(metric).parts


@given(st.lists(st.sampled_from(["dice", "mean", "ci_low", "n", "0.5", "size", "min"]), min_size=1, max_size=5))
def test_a_measure_is_one_of_the_parts(parts: list[str]) -> None:
    """And no part is invented: all stand in the key, in its order."""
    found = entry(".".join(parts))
    assert found.measure in found.parts
    rest = iter(parts)
    assert all(part in rest for part in found.parts)


SMALL = Catalogue(
    {"eye-base": Known("eye", "base"), "eye-own": Known("eye", None), "lung-base": Known("lung", "base")},
    ("eye", "lung"),
    (
        *(entry(key) for key in ("dice.mean", "dice.ci_low", "dice.ci_high", "pooled.dice", "n.missed", "iou.mean")),
        entry("dice.mean", "eye-base-val.json", "val"),
        entry("dice.ci_low", "eye-base-val.json", "val"),
        entry("dice.mean", "longer-name.json"),
        entry("roc_auc", "z.json", "val"),
        entry("dice", "metrics/cases/eye-base.csv", level="case"),
        *(entry(f"{key}.mean", "eye-base-subgroups.json") for key in ("contrast.low.dice", "contrast.low.iou")),
        *(entry(key, "eye-base-subgroups.json") for key in ("size.high.dice.mean", "size.high.dice.ci_low")),
        *(entry(key, "eye-base-subgroups.json") for key in ("worst.size.dice.mean", "n")),
        *(entry(key, "eye-robustness.json") for key in ("blur.4.dice.mean", "none.0.dice.mean", "noise.0.03.iou.mean")),
        *(entry(key, "eye-base-xai.json") for key in ("lime.mass_gain.mean", "lime.mass_gain.ci_low", "seconds")),
        entry("cases.train", "eye-data.json", None, model=None),
    ),
    {"eye-base": (0, 1, 2), "eye-own": (0, 7)},
    {"eye": ("a1", "a2")},
)

FOUND = [
    (("dice",), None, {("dice.mean", "m.json")}, 0),
    (("dice",), "val", {("dice.mean", "eye-base-val.json")}, 0),
    (("dice", "pooled"), None, {("pooled.dice", "m.json")}, 0),
    (("pooled",), None, {("pooled.dice", "m.json")}, 1),
    (("contrast", "low"), None, {(f"contrast.low.{k}.mean", "eye-base-subgroups.json") for k in ("dice", "iou")}, 1),
    (("0.03", "iou"), None, {("noise.0.03.iou.mean", "eye-robustness.json")}, 1),
    (("missed",), "test", {("n.missed", "m.json")}, 0),
    (("roc_auc",), None, {("roc_auc", "z.json")}, 0),
    (("roc_auc",), "test", set(), None),
    (("dice", "dice"), None, set(), None),
    (("kappa",), None, set(), None),
]


@pytest.mark.parametrize(("parts", "split", "found", "others"), FOUND)
def test_the_entries_nearest_to_what_is_named(
    parts: tuple[str, ...], split: str | None, found: set[tuple[str, str]], others: int | None
) -> None:
    """Those that hold all parts and the fewest others; of equals the test split's, then the shortest source."""
    entries, more = SMALL.find("eye-base", "eye", "whole", parts, split)
    assert {(each.metric, each.source) for each in entries} == found
    assert others is None or more == others


def test_what_is_owned() -> None:
    """By a model, by a task as a whole, by level; nothing where there is nothing."""
    assert [each.metric for each in SMALL.owned(None, "eye", "whole")] == ["cases.train"]
    assert [each.level for each in SMALL.owned("eye-base", "eye", "case")] == ["case"]
    assert SMALL.owned("eye-base", "eye", "batch") == SMALL.owned("eye-base", "lung", "whole") == ()


INTERVALS = [
    ("dice.mean", "m.json", 2),
    ("dice.mean", "eye-base-val.json", 1),
    ("iou.mean", "m.json", 0),
    ("n", "m.json", 0),
]


@pytest.mark.parametrize(("metric", "source", "bounds"), INTERVALS)
def test_the_bounds_beside_a_mean(metric: str, source: str, bounds: int) -> None:
    """They stand in the same file under the same key; only a mean of a whole split has them."""
    split = "val" if "val" in source else "test"
    found = SMALL.interval(entry(metric, source, split))
    assert len(found) == bounds
    assert {(each.source, each.metric.rpartition(".")[0]) for each in found} <= {(source, "dice")}
    assert SMALL.interval(entry("dice", "metrics/cases/eye-base.csv", level="case")) == ()


SPREADS = [
    ("group", {"contrast low": 2, "size high": 1}),
    ("corruption", {"blur 4": 1, "noise 0.03": 1}),
    ("method", {"lime": 1}),
]


@pytest.mark.parametrize(("unit", "names"), SPREADS)
def test_groups_methods_and_corruptions(unit: str, names: dict[str, int]) -> None:
    """Each by its name, with its means: no bounds, and not what these files hold a second time."""
    assert {name: len(found) for name, found in SMALL.spread(unit, "eye-base", "eye").items()} == names


def test_models_by_task_and_purpose() -> None:
    """A purpose names one model a task; a model without one is the task's all the same."""
    assert SMALL.of_task("eye") == ("eye-base", "eye-own")
    assert SMALL.with_purpose("base", ("eye", "lung", "skin")) == {"eye": "eye-base", "lung": "lung-base"}
    assert SMALL.with_purpose("base", iter(["lung"])) == {"lung": "lung-base"}
    assert SMALL.with_purpose("recall", SMALL.tasks) == {}
    assert SMALL.numbers_of_batches == {0, 1, 2, 7}


def test_an_index_is_loaded_by_its_names(tmp_path: Path) -> None:
    """Models with task and purpose, every metric once, numbers of batches and names of cases in order."""
    metrics = tmp_path / "metrics"
    for folder in ("cases", "batches"):
        (metrics / folder).mkdir(parents=True)
    (metrics / "eye-base.json").write_text(json.dumps({"dice": {"mean": 0.5, "ci_low": 0.4}, "n": {"missed": 1}}))
    (metrics / "cases/eye-base.csv").write_text("case,batch,dice\nb,1,0.5\na,0,0.25\nc,10,\n")
    (metrics / "batches/eye-base.csv").write_text("batch,cases,dice\n10,1,0.5\n2,1,0.25\n")
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(metrics, {"eye-base": "eye", "x": "eye"}, ["eye", "none"], {"eye-base": "base"}))
    with closing(index.open_index(path)) as opened:
        found = load(opened)
    assert dict(found.models) == {"eye-base": Known("eye", "base"), "x": Known("eye", None)}
    assert found.tasks == ("eye",)
    assert (dict(found.batches), dict(found.cases)) == ({"eye-base": (2, 10)}, {"eye": ("a", "b")})
    assert {(each.metric, each.level) for each in found.entries} == {
        *(("dice.mean", "whole"), ("dice.ci_low", "whole"), ("n.missed", "whole")),
        *(("dice", "case"), ("dice", "batch"), ("cases", "batch")),
    }


@given(st.integers(0, 10**6))
def test_an_invented_index_is_one(seed: int) -> None:
    """Each task has models and cases, each model has batches, and the same seed invents the same."""
    made = world.invent(random.Random(seed))
    assert made == world.invent(random.Random(seed))
    assert {known.task for known in made.models.values()} == set(made.tasks) == set(made.cases)
    assert list(made.tasks) == sorted(made.tasks)
    assert set(made.batches) == set(made.models)
    assert {each.model for each in made.entries} == {None, *made.models}
    assert all(list(names) == sorted(set(names)) for names in made.cases.values())
    assert all(made.owned(name, known.task, level) for name, known in made.models.items() for level in levels())


def levels() -> tuple[Level, ...]:
    return ("whole", "batch", "case")
