"""benchmarks/: what they compare is what they say."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import cv2
import keras
import numpy as np
import pandas as pd
import pytest

from benchmarks import ablation, brief, classification, extent, segmentation, textbook
from glassbox.artifacts import Paths, Split, write_csv
from glassbox.data.plan import without
from glassbox.params import Passes, load, parse

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", list(ablation.TRAINED))
def test_a_row_changes_what_it_says_and_can_be_built(name: str) -> None:
    """Every row is a valid params.yaml that differs from the unchanged one's, which is the project's."""
    change, plain = ablation.TRAINED[name], load(ROOT / "params.yaml")
    made, unchanged = (ablation._changed(Paths(ROOT), "isic", each) for each in (change, {}))
    base, before = (brief.base_of(each, "isic") for each in (made, plain))
    assert (made == unchanged) == (name == ablation.UNCHANGED)
    assert brief.base_of(unchanged, "isic").architecture == before.architecture
    assert unchanged.tasks == plain.tasks
    net = import_module(f"glassbox.nets.{base.net}")
    net.check(parse(net.Architecture, base.architecture, "row"), [(192, 256)], "row")
    kept = {"task", "base", "net"}
    assert base.model_dump(include=kept) == before.model_dump(include=kept)
    assert made.tasks["drive"] == plain.tasks["drive"]


def test_the_textbook_network_is_of_our_size() -> None:
    """About as many weights as ours, logits at the picture's size, gates that pass between nothing and all."""
    model = textbook.build()
    assert 1.8e6 < model.count_params() < 2.2e6
    logits = model.predict_on_batch(np.random.default_rng(0).random((1, 48, 64, 3), np.float32))
    assert logits.shape == (1, 48, 64, 1) and np.isfinite(logits).all()
    gates = [layer for layer in model.layers if isinstance(layer, keras.layers.Multiply)]
    assert len(gates) == 4


def test_the_textbook_sees_flips_and_turns_alone() -> None:
    """Every other transform is off."""
    augment = without(load(ROOT / "params.yaml").tasks["isic"].augment, brief.BESIDE_TURNS)
    on = {name for name, block in augment if name != "passes" and block.enabled}
    assert on == {"flip", "rotate"}


def test_a_short_training_has_every_stretch_in_proportion() -> None:
    """80 passes and 8 become 7 and 1; a stretch too short for a whole pass is left out."""
    whole = [Passes(count=n, samples=1, share=1.0, height=8, width=8, without=[]) for n in (80, 8)]
    assert [stretch.count for stretch in brief.shortened(whole, 88, 8)] == [7, 1]
    assert [stretch.count for stretch in brief.shortened(whole, 88, 2)] == [2]
    assert [stretch.count for stretch in brief.shortened(whole, 88, 88)] == [80, 8]
    assert [stretch.count for stretch in brief.shortened(whole, 80, 14)] == [14], "what is not trained on has no share"


def test_a_row_and_its_line_for_the_readme() -> None:
    """Means, the paired difference from the unchanged row, and the passes that were run, by hand."""
    found = [
        [{"dice": 0.5, "iou": 0.25}, {"dice": 0.7, "iou": 0.75}],
        [{"dice": 0.6, "iou": 0.5}, {"dice": 0.8, "iou": 1.0}],
    ]
    names = (ablation.UNCHANGED, "other")
    rows = [ablation._row(name, n, 4.0, scores) for name, n, scores in zip(names, (7, 2), found, strict=True)]
    header, _, first, second = ablation._markdown(ablation._compared(pd.DataFrame(rows))).splitlines()
    assert header.startswith("| what is changed | Dice | Jaccard | gain in Jaccard | passes")
    assert first == "| as it is | 0.600 (0.500–0.700) | 0.500 (0.250–0.750) | 0.000 (0.000–0.000) | 7 | 4.0 |"
    assert second == "| other | 0.700 (0.600–0.800) | 0.750 (0.500–1.000) | 0.250 (0.250–0.250) | 2 | 4.0 |"


def test_both_contenders_side_by_side_for_the_readme(tmp_path: Path) -> None:
    """What the file holds is what the README shows, blank cells included."""
    rest = {"minutes": 15.02, "passes": 20, "ms": 12.4, "flips_ms": 48.6, "weights": 2176865, "memory_mib": 900.0}
    told = {name: {"dice": [d, d], "iou": [d, d], **rest} for name, d in (("ours", 0.75), ("textbook", 0.5))}
    write_csv(tmp_path / "record.csv", segmentation._table(told))
    lines = brief.recorded(tmp_path / "record.csv", segmentation.CONTENDERS).splitlines()
    assert lines[0] == "|  | ours | textbook |"
    assert lines[2] == "| Dice, validation | 0.750 (0.750–0.750) | 0.500 (0.500–0.500) |"
    assert lines[3] == "| Dice, ours minus textbook | 0.250 (0.250–0.250) |  |"
    assert "| milliseconds a picture, four flips | 49 | 49 |" in lines
    assert "| passes | 20 | 20 |" in lines and "| weights | 2,176,865 | 2,176,865 |" in lines


@pytest.mark.parametrize(
    ("seconds", "first", "second", "passes"),
    [
        (900.0, 60.0, 36.0, 24),  # (900 - 24) / 36 = 24.3
        (900.0, 36.0, 36.0, 25),
        (900.0, 250.0, 230.0, 4),
        (60.0, 250.0, 230.0, 1),
        (0.0, 250.0, 10.0, 1),
    ],
)
def test_compiling_is_paid_once_out_of_the_minutes(seconds: float, first: float, second: float, passes: int) -> None:
    """By hand: what is left of the minutes after compiling, in passes, to the nearest, and one at least."""
    assert segmentation.fitting(seconds, first, second) == passes


def test_two_classifiers_side_by_side_for_the_readme() -> None:
    """Shares that are right, by hand: three of four against two, on validation and test apart."""
    truth = {"val": [0, 0, 1, 1], "test": [0, 0, 0, 1]}
    said = {
        "ours": {"val": [0, 0, 1, 0], "test": [0, 0, 0, 1]},
        "ResNet-18": {"val": [1, 1, 1, 1], "test": [1, 0, 0, 1]},
    }
    rest = {"minutes": 5.04, "passes": 64, "weights": 698729}
    table = classification._table({name: {"truth": truth, "called": said[name], **rest} for name in said})
    rows = {row[0]: row[1:] for row in table.to_numpy().tolist()}
    assert [cell.split()[0] for cell in rows["accuracy, validation"]] == ["0.750", "0.500"]
    assert [cell.split()[0] for cell in rows["accuracy, test"]] == ["1.000", "0.750"]
    assert rows["ours minus ResNet-18, validation"][0].startswith("0.250 (")
    assert rows["balanced accuracy, validation"] == ["0.750", "0.500"]
    assert rows["balanced accuracy, test"] == ["1.000", "0.833"]
    assert (rows["passes"], rows["weights"]) == (["64", "64"], ["698,729", "698,729"])


def test_contenders_run_apart_and_leave_a_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One process each, in order, with the task and minutes asked for; what they print last is what is compared."""
    started, kept = [], {}

    def run(line: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(line[2:])
        return subprocess.CompletedProcess(line, 0, "pass 1\n" + json.dumps({"score": len(started)}) + "\n")

    monkeypatch.setattr(brief.subprocess, "run", run)
    monkeypatch.setattr(brief, "write_csv", lambda path, table: kept.update({path.name: table}))
    monkeypatch.setattr(brief, "read_csv", lambda path: kept[path.name])
    monkeypatch.setattr(sys, "argv", ["x", "here", "--minutes", "2"])
    brief.contend(
        "Told.",
        "sums",
        ("a", "b"),
        "there",
        9.0,
        lambda *_: {},
        lambda found: pd.DataFrame([["score", *(str(found[name]["score"]) for name in "ab")]]),
    )
    expected = [["benchmarks.sums", "here", "--minutes", "2.0", "--contender", name] for name in "ab"]
    assert (started, list(kept)) == (expected, ["sums-here.csv"])
    assert capsys.readouterr().out.splitlines()[-1] == "| score | 1 | 2 |"


def test_what_the_best_threshold_of_each_case_would_give_by_group() -> None:
    """Three cases by hand: right at 0.33, right at 0.9 alone, right nowhere; a case of no group counts among all."""
    ious = np.zeros((3, 99))
    ious[0, 32], ious[1, 32], ious[1, 89], ious[2] = 0.9, 0.3, 0.8, 0.2
    table = extent._extents(ious, 0.33, {"traced": np.array(["yes", "yes", np.nan], object)}, 0.8)
    assert table["cases"].tolist() == ["all", "traced: yes"]
    assert table["n"].tolist() == [3, 2]
    assert table["iou"].tolist() == [0.4667, 0.6] and table["best_iou"].tolist() == [0.6333, 0.85]
    assert table["failures"].tolist() == [0.6667, 0.5] and table["best_failures"].tolist() == [0.3333, 0.0]
    header, _, line, _ = extent._markdown(table).splitlines()
    assert header == "| cases | number | Jaccard | at each one's best | failures | at each one's best |"
    assert line == "| all | 3 | 0.467 | 0.633 | 67% | 33% |"


def test_the_jaccard_index_of_every_threshold_counts_cleaned_masks_inside_the_region() -> None:
    """A lesion of four pixels of 0.9, one of 0.6 beside it, and one outside the region, neither right nor wrong."""
    found = np.zeros((4, 6), np.float32)
    found[1:3, 1:3], found[1, 4], found[3, 5] = 0.9, 0.6, 0.95
    truth, region = found == np.float32(0.9), np.ones((4, 6), bool)
    region[3, 5] = False
    png = [cv2.imencode(".png", each.astype(np.uint8) * 255)[1].tobytes() for each in (truth, region)]
    split = Split(
        ("a",), np.zeros((1, 4, 6, 3), np.uint8), truth[None].astype(np.uint8), (png[0],), pd.DataFrame(), (png[1],)
    )
    for least_part, at_half in ((0.0, 4 / 5), (0.2, 1.0)):
        (ious,) = extent._ious([found], split, least_part, False)
        assert ious[49] == at_half and (ious[60:89] == 1).all() and ious[92] == 0, least_part


def test_features_are_mean_and_deviation_of_every_block() -> None:
    """Two blocks that double red and halve green, and a layer that ends none; a red picture, and one half so, green."""
    image = keras.Input((None, None, 3))
    maps = [keras.layers.Conv2D(1, 1, use_bias=False, name=f"{name}_conv")(image) for name in "abc"]
    ends = zip(maps, ("a_relu2", "b_relu2", "c_relu1"), strict=True)
    model = keras.Model(image, keras.layers.Add()([keras.layers.ReLU(name=name)(each) for each, name in ends]))
    for name, weights in (("a", [2, 0, 0]), ("b", [0, 0.5, 0])):
        model.get_layer(f"{name}_conv").set_weights([np.array(weights, np.float32).reshape(1, 1, 3, 1)])
    images = np.zeros((2, 4, 4, 3), np.uint8)
    images[0, ..., 0], images[1, :2, :, 0], images[1, ..., 1] = 255, 255, 255
    split = Split(("a", "b"), images, np.zeros((2, 4, 4), np.uint8), (b"", b""), pd.DataFrame())
    assert extent._features(model, split).tolist() == [[2.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.5, 0.0]]


@pytest.mark.parametrize(("shift", "low", "high"), [(0.0, 0.35, 0.65), (3.0, 0.75, 1.0)])
def test_kinds_are_told_where_features_differ_and_not_where_they_do_not(shift: float, low: float, high: float) -> None:
    """Features drawn alike for both kinds say nothing, however many; one that is moved by three deviations does."""
    rng = np.random.default_rng(0)
    kinds = [np.arange(n) % 2 == 0 for n in (400, 200)]
    many = np.arange(300)
    train, val = (rng.standard_normal((len(each), 300)) + shift * each[:, None] * (many == 0) for each in kinds)
    areas = extent._told_apart(train, val, *kinds)
    assert all(low <= area <= high for area in areas.values()), areas
    inverted = extent._told_apart(train, val, kinds[0], ~kinds[1])
    assert inverted["auroc_val"] == pytest.approx(1 - areas["auroc_val"], abs=0.002)


def test_kinds_are_not_told_by_the_series_a_picture_comes_from() -> None:
    """Ten series of one kind each, each with its look: neighbours, held out together, can't tell of each other."""
    rng = np.random.default_rng(0)
    kinds = rng.permutation([True, False] * 5).repeat(40)
    looks = rng.standard_normal((10, 30)).repeat(40, axis=0) + 0.1 * rng.standard_normal((400, 30))
    assert extent._told_apart(looks, looks, kinds, kinds)["auroc_train"] < 0.8
