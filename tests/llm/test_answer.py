"""glassbox.llm.answer: sentences filled from rows, and a verifier that lets no other number through."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from glassbox.llm import index, phrases
from glassbox.llm.answer import Unverified, shown, tell, verify
from glassbox.llm.ask import Reading
from glassbox.llm.catalogue import Catalogue, load
from glassbox.llm.language import parse
from glassbox.llm.linker import link
from glassbox.llm.query import resolve
from glassbox.llm.sentences import sentence
from glassbox.llm.sql import statement

Read = Callable[[str, str], list[Reading]]

# In braces the file and key, or the table, row and column, of the number that must stand there.
SENTENCES = [
    ("dice of skin-base", "value K1 of M1",
     "skin-base: Dice {skin-base dice.mean} (95 % interval {skin-base dice.ci_low} to {skin-base dice.ci_high}) on the "
     "test split."),
    ("recall of skin-recall on batch 2", "value X1 in batch N1 of M1",
     "skin-recall, batch 2: recall {batches/skin-recall 3 recall}."),
    ("dice of SKIN_0000004 for skin-base", "value K1 in case C1 of M1",
     "skin-base, case SKIN_0000004: Dice {cases/skin-base 5 dice}."),
    ("missed lesions of eye-base", "value K1 of M1", "eye-base: missed lesions {eye-base n.missed} on the test split."),
    ("pooled dice of eye-base", "value K1 of M1", "eye-base: Dice (pooled) {eye-base pooled.dice} on the test split."),
    ("upper bound of the iou of eye-base", "value K1 of M1",
     "eye-base: IoU, upper bound {eye-base iou.ci_high} on the test split."),
    ("temperature of skin-base", "value K1 of M1",
     "skin-base: temperature {skin-base-calibration temperature} on the validation split."),
    ("iou of skin-balanced with blur 4", "value K1 of M1",
     "skin-balanced: IoU (blur 4) {skin-robustness blur|4|iou|mean} (95 % interval {skin-robustness blur|4|iou|ci_low} "
     "to {skin-robustness blur|4|iou|ci_high}) on the test split."),
    ("data faults of chart", "value K1 of T1", "chart: faults 0."),
    ("how many cases of skin-base", "count case of M1", "skin-base: 12 cases."),
    ("how many batches of chart-base", "count batch of M1", "chart-base: 7 batches."),
    ("how many cases of chart-base with dice of at least 0.995", "count case K1 least N1 of M1",
     "chart-base: 2 cases with Dice at least 0.995."),
    ("how many cases of chart-base with dice above 0.995", "count case K1 above N1 of M1",
     "chart-base: 0 cases with Dice above 0.995."),
    ("how many cases of chart-base with dice of at least 0.995 and recall above 2", "count case K1 least N1 of M1",
     "chart-base: 0 cases with Dice at least 0.995 and recall above 2."),
    ("cases of chart-base with dice of at least 0.995 and iou above 2", "list case K1 least N1 of M1",
     "chart-base: no cases with Dice at least 0.995 and IoU above 2."),
    ("cases of chart-base with dice of at least 0.995 and iou below 2", "list case K1 least N1 of M1",
     "chart-base: Dice by case (at least 0.995, with IoU below 2): case chart-test-0002 0.995, case chart-test-0004 "
     "0.995."),
    ("how many models of skin", "count model of T1", "4 models of task skin."),
    ("which batch is SKIN_0000004 in", "list batch in case C1", "skin-balanced: case SKIN_0000004 is in batch 1."),
    ("compare pooled dice of eye-base with that of all images", "compare K1 of M1",
     "eye-base: Dice (pooled) {eye-base pooled.dice} on the test split; eye-base: Dice {eye-base dice.mean} (95 % "
     "interval {eye-base dice.ci_low} to {eye-base dice.ci_high}) on the test split."),
    ("which batches are SKIN_0000004 and SKIN_0000000 in for skin-base", "list batch in case C1 C2 of M1",
     "skin-base: case SKIN_0000000 is in batch 0, case SKIN_0000004 is in batch 1."),
    ("best of skin-base and eye-base by missed lesions", "best model K1 of M1 M2",
     "skin-base and eye-base: the models with the best missed lesions: eye-base, skin-base, at 2."),
    ("which task has the most exact duplicates across splits", "max task K1",
     "all tasks: the tasks with the highest exact duplicates across splits: chart, eye, skin, at 2."),
    ("list the tasks", "list task", "Tasks: chart, eye, skin."),
    ("batches of eye-base", "list batch of M1", "eye-base: batches: batch 0, batch 1, batch 2."),
    ("best case of chart-base", "best case of M1",
     "chart-base: the cases with the best Dice: case chart-test-0002, case chart-test-0004, at 0.995."),
    ("highest missed lesions of any batch of chart-base", "max batch K1 of M1",
     "chart-base: the batches with the highest missed lesions: batch 1, batch 3, batch 5, at 1."),
    ("lowest detected lesion of any case of skin-base", "min case K1 of M1",
     "skin-base: the cases with the lowest detected: case SKIN_0000000, case SKIN_0000001, case SKIN_0000002, "
     "case SKIN_0000003, case SKIN_0000004 and others, 12 in all, at 1."),
    ("list the detected lesion of chart-base", "list case K1 of M1",
     "chart-base: detected by case: "
     + ", ".join(f"case chart-test-{number:04d} 1" for number in range(12)) + ", and more: 21 in all."),
]  # fmt: skip


def filled(sentence: str, metrics: Path) -> str:
    """The sentence with each number read from its file and rounded to four decimals."""

    def looked_up(found: re.Match[str]) -> str:
        name, *place = found[1].split()
        if len(place) == 2:
            with (metrics / f"{name}.csv").open(newline="") as file:
                value = float(list(csv.DictReader(file))[int(place[0]) - 1][place[1]])
        else:
            tree: Any = json.loads((metrics / f"{name}.json").read_text())
            value = float(reduce(lambda node, key: node[key], re.split(r"[.|]", place[0]), tree))
        return re.sub(r"\.?0+$", "", f"{value:.4f}")

    return re.sub(r"\{(.*?)\}", looked_up, sentence)


@pytest.mark.parametrize(("question", "line", "expected"), SENTENCES)
def test_the_sentence_tells_the_numbers_of_the_files(
    metrics: Path, readings: Read, question: str, line: str, expected: str
) -> None:
    """Each with its name, place, interval and split; ties are all told, or the first few and how many."""
    assert [found.told.text for found in readings(question, line)] == [filled(expected, metrics)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5, "0.5"), (0.12345, "0.1235"), (3, "3"), (3.0, "3"), (-0.0219, "-0.0219"), (0.00001234, "1.2e-05"), (0.0, "0"),
     (12.34567, "12.3457"), (1e-4, "0.0001"), (0.99999, "1")],
)  # fmt: skip
def test_a_number_is_told_with_four_decimals_at_most(value: float, expected: str) -> None:
    """Without noughts at its end, and never as nought where it is none."""
    assert shown(value) == expected


NOTHING = [
    ("cases of skin-base with dice above 2", "list case K1 above N1 of M1", "skin-base: no cases", "above 2"),
    ("batches of skin-base with dice below 0.0001", "list batch K1 below N1 of M1",
     "skin-base: no batches", "below 0.0001"),
    ("precision on SKIN_0000001 of skin-base", "value X1 in case C1 of M1", "skin-base, case SKIN_0000001: no", ""),
    ("precision on SKIN_0000001 of skin-base", "mean case X1 in case C1 of M1", "skin-base, case SKIN_0000001: no", ""),
    ("precision on SKIN_0000001 and SKIN_0000002 of skin-base", "difference X1 in case C1 C2 of M1", "skin-base", "no"),
    ("precision on SKIN_0000001 of skin-base", "max model X1 in case C1 of M1", "skin-base", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "start", "part"), NOTHING)
def test_nothing_found_is_said(readings: Read, question: str, line: str, start: str, part: str) -> None:
    """An undefined number and a condition that no row holds give a sentence, with no number that was not asked with."""
    [found] = readings(question, line)
    assert found.told.text.startswith(start) and part in found.told.text


SIGNIFICANT = [
    ("skin-balanced and skin-precision", "dice", "skin-precision minus skin-balanced: -0.0183 (95 % interval -0.0219 "
     "to -0.0147, which excludes zero: significant)."),
    ("skin-recall and skin-balanced", "dice", "skin-recall minus skin-balanced: -0.0021 (95 % interval -0.0063 to "
     "0.0017, which includes zero: not significant)."),
    ("skin-recall and skin-balanced", "iou", "which excludes zero: significant)."),
    ("skin-balanced and skin-precision", "iou", "which includes zero: not significant)."),
    ("skin-balanced and skin-base", "dice", "No paired difference of these is recorded"),
    ("skin-recall and skin-precision", "dice", "No paired difference of these is recorded"),
    ("eye-recall and eye-balanced", "dice", "No paired difference of these is recorded"),
    ("skin-recall and eye-balanced", "dice", "No paired difference of these is recorded"),
    ("skin-balanced and skin-recall", "hd95", "No paired difference of these is recorded"),
]  # fmt: skip


@pytest.mark.parametrize(("models", "metric", "expected"), SIGNIFICANT)
def test_significance_is_told_from_the_record_alone(readings: Read, models: str, metric: str, expected: str) -> None:
    """Never from two intervals: without a recorded paired difference of the two, it is said to be unknown."""
    [found] = readings(f"{metric} of {models}", "compare K1 of M1 M2")
    assert expected in found.told.text
    assert ("significant)" in found.told.text) == ("significant)" in expected)


@pytest.mark.parametrize("place", ["in batch N1", "in case C1"])
def test_one_place_has_no_significance(readings: Read, place: str) -> None:
    """The recorded difference is of the whole split: of a batch or a case it says nothing."""
    [found] = readings("dice of skin-balanced and skin-recall on batch 2 or case 7", f"compare K1 {place} of M1 M2")
    assert "signific" not in found.told.text and "Paired" not in found.told.text


BETTER = [
    ("dice of skin-base and skin-recall", "compare K1 of M1 M2", "skin-base skin-recall", "dice.mean", max),
    ("hd95 of skin-base and skin-recall", "compare K1 of M1 M2", "skin-base skin-recall", "hd95_px.mean", min),
    ("hd95 of eye-base and eye-recall and eye-precision", "compare K1 of M1 M2 M3", "eye-base eye-recall eye-precision",
     "hd95_px.mean", min),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "models", "metric", "best"), BETTER)
def test_the_better_one_is_named(
    metrics: Path, readings: Read, question: str, line: str, models: str, metric: str, best: Callable[..., str]
) -> None:
    """By the direction of the metric."""
    values = {model: float(filled(f"{{{model} {metric}}}", metrics)) for model in models.split()}
    [found] = readings(question, line)
    assert f" Better: {best(values, key=values.__getitem__)}." in found.told.text


def test_where_neither_is_better_the_higher_one_is_named(readings: Read, catalogue: Catalogue) -> None:
    """Of a temperature it is not known which way it is better."""
    [found] = readings("temperature of skin-base and skin-recall", "compare K1 of M1 M2")
    for model in ("skin-base", "skin-recall"):
        rows = [{**row, "value": 1.5 if row["model"] == model else 1.2} for row in found.told.rows]
        assert f" Higher: {model}." in sentence(found.query, rows, catalogue)


def test_the_better_place_is_named(metrics: Path, readings: Read) -> None:
    """Of two batches the batch, of two cases the case: not the batch that the case is in."""
    [batches] = readings("dice of skin-base on batch 1 and 2", "compare K1 in batch N1 N2 of M1")
    first, second = (float(filled(f"{{batches/skin-base {row} dice}}", metrics)) for row in (2, 3))
    assert f"Better: batch {1 if first > second else 2}." in batches.told.text
    [cases] = readings("dice of skin-base on SKIN_0000001 and SKIN_0000002", "compare K1 in case C1 C2 of M1")
    first, second = (float(filled(f"{{cases/skin-base {row} dice}}", metrics)) for row in (2, 3))
    better = cases.told.text.partition("Better:")[2]
    assert f"SKIN_000000{1 if first > second else 2}" in better and "batch" not in better


def test_two_metrics_are_not_held_against_each_other(readings: Read) -> None:
    """Which model has the higher Dice is not told by its IoU: one winner over two metrics at once means nothing."""
    [found] = readings("dice and hd95 of skin-base and skin-recall", "compare K1 K2 of M1 M2")
    assert found.told.text.count("Better:") != 1


def test_equals_are_told_to_be_equal(readings: Read) -> None:
    """No winner where both have the same number."""
    [found] = readings("failure rate of skin-base and skin-recall", "compare K1 of M1 M2")
    assert "They are equal." in found.told.text and "Better" not in found.told.text


@pytest.mark.parametrize("place", ["in batch N1", "in case C1"])
def test_a_model_is_named_where_one_is_asked_for(readings: Read, place: str) -> None:
    """Which model is best in a batch or on a case: a model, not the batch or the case once more."""
    [found] = readings("best dice of skin on batch 2 or SKIN_0000007", f"max model K1 {place} of T1")
    assert re.search(rf"highest Dice: .*{found.told.rows[0]['model']}", found.told.text)


def test_every_file_is_named(readings: Read) -> None:
    """The sources are all files whose rows were read, with the row where there is one."""
    [one] = readings("dice of skin-base on batch 2", "value K1 in batch N1 of M1")
    assert one.told.sources == ("metrics/batches/skin-base.csv row 3",)
    [mean] = readings("mean dice over batches of skin-base", "mean batch K1 of M1")
    assert mean.told.sources == ("metrics/batches/skin-base.csv",)
    [both] = readings("dice of skin-base and skin-recall on batch 2", "value K1 in batch N1 of M1 M2")
    assert both.told.sources == ("metrics/batches/skin-base.csv row 3", "metrics/batches/skin-recall.csv row 3")


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NAME = re.compile(r"SKIN_\d+|(?:chart|eye)-test-\d+|blur \d|HD95 \(px\)")
COMPARED = ("is skin-balanced better than skin-recall on iou", "compare K1 of M1 M2", "")


def given_numbers(found: Reading) -> Iterator[float]:
    """Every number that the sentence may hold, collected without the verifier."""
    rows = found.told.rows
    yield from (float(value) for row in rows for value in row.values() if isinstance(value, int | float))
    yield from (*found.query.bounds, *found.query.batches, len(rows), found.query.limit or 0)


def is_among(token: str, values: Iterator[float]) -> bool:
    half = 0.5 * 10.0 ** -len(token.partition(".")[2])
    return any(abs(float(token) - value) <= half * 1.00001 for value in values)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_digit_is_caught(readings: Read, data: st.DataObject) -> None:
    """Any digit of any number in a told sentence made another one: unverified, unless the rows have that number too."""
    question, line, _ = data.draw(st.sampled_from([*SENTENCES, COMPARED]))
    [found] = readings(question, line)
    text = found.told.text
    names = {at for name in NAME.finditer(text) for at in range(*name.span())}
    at = data.draw(st.sampled_from([at for at, sign in enumerate(text) if sign.isdigit() and at not in names] or [-1]))
    assume(at >= 0)
    changed = (
        text[:at] + data.draw(st.sampled_from([sign for sign in "0123456789" if sign != text[at]])) + text[at + 1 :]
    )
    [token] = (number[0] for number in NUMBER.finditer(changed) if number.start() <= at < number.end())
    assume(not is_among(token, given_numbers(found)))
    with pytest.raises(Unverified):
        verify(changed, found.query, found.told.rows)


@pytest.mark.parametrize(
    ("old", "new"), [("0.", "1."), ("0.", "-0."), (".", ". 7 "), ("95 %", "90 %"), ("skin", "8 skin")]
)
def test_an_added_or_altered_number_is_caught(readings: Read, old: str, new: str) -> None:
    """A sign, a number more, another level of the interval."""
    [found] = readings("dice of skin-base", "value K1 of M1")
    assert old in found.told.text
    with pytest.raises(Unverified):
        verify(found.told.text.replace(old, new, 1), found.query, found.told.rows)


@pytest.mark.parametrize("case", ["SKIN_0000001", "eye-test-0001"])
def test_a_case_of_another_number_is_caught(readings: Read, case: str) -> None:
    """The digits of a case's name are no others than those of the rows."""
    model = f"{case[:4].rstrip('-').lower()}-base"
    [found] = readings(f"dice of {case} for {model}", "value K1 in case C1 of M1")
    with pytest.raises(Unverified):
        verify(found.told.text.replace(case, f"{case[:-1]}7"), found.query, found.told.rows)


LINES = [
    "value K1 in case C1 of M1",
    "max case K1 of M1",
    "list case K1 of M1",
    "mean case K1 of M1",
    "worst batch of M1",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("names", [("1", "2"), ("0012", "7"), ("0", "00")])
def test_names_that_are_numbers_can_be_told(tmp_path: Path, names: tuple[str, str], line: str) -> None:
    """A case named by a number, as many data sets name theirs, is no reason to withhold a true sentence."""
    folder, path = tmp_path / "metrics", tmp_path / "index.sqlite"
    (folder / "cases").mkdir(parents=True)
    (folder / "batches").mkdir()
    (folder / "cases/m-base.csv").write_text(f"case,batch,dice\n{names[0]},0,0.8123\n{names[1]},0,0.7012\n")
    (folder / "batches/m-base.csv").write_text("batch,dice\n0,0.7568\n")
    path.write_bytes(index.build(folder, {"m-base": "m"}, ["m"], {"m-base": "base"}))
    with closing(index.open_index(path)) as opened:
        catalogue = load(opened)
        text = "worst batch of m-base" if line.startswith("worst") else f"dice of case {names[0]} of m-base"
        linked = link(text, phrases.of(catalogue), catalogue, frozenset(["case", "batch"]))
        [query] = resolve(parse(line), linked, catalogue)
        rows = statement(query, catalogue).run(opened)
        assert re.search(r"0\.(8123|7012|7568)", tell(query, rows, catalogue).text)


def test_a_wrong_number_beside_a_name_that_is_one_is_caught(readings: Read) -> None:
    """Rows whose names hold digits don't excuse those digits elsewhere in the sentence."""
    [found] = readings("dice of skin-base on batch 2", "value K1 in batch N1 of M1")
    rows: list[Mapping[str, Any]] = [dict(row) | {"case_name": "1"} for row in found.told.rows]
    with pytest.raises(Unverified):
        verify("skin-base, case 1: Dice 11.", found.query, rows)  # type: ignore[arg-type]
