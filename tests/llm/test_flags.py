"""glassbox.llm.flags: cases by what a column of theirs says, beside what is asked of them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
Told = Callable[[str, str], list[str]]
OF_LUNG = [  # of four cases the first is not detected
    ("which lesions did lung-balanced miss", "value K1 of M1",
     "lung-balanced: cases not detected: case lung-balanced-0000."),
    ("how many lesions did lung-balanced detect", "count case of M1", "lung-balanced: 3 cases detected."),
    ("among those that it did find the worst dice of a lung-balanced case", "min case K1 of M1",
     "lung-balanced, of those detected: the case with the lowest Dice: case lung-balanced-0001 (batch 0), at 0.2."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "line", "told"), OF_LUNG)
def test_cases_by_whether_they_were_found(told_of_film: Told, question: str, line: str, told: str) -> None:
    [found] = told_of_film(question, line)
    assert found == told


NOT_DETECTED = (
    "how large a share of lesions did lung-balanced detect",
    "how many lesions did lung-balanced not detect",
)


@pytest.mark.parametrize("question", NOT_DETECTED)
def test_shares_and_the_others_are_not_the_detected(told_of_film: Told, question: str) -> None:
    with pytest.raises(Unanswerable):
        told_of_film(question, "count case of M1")


def test_which_models_missed_one(metrics: Path, answered: Read) -> None:
    """Every model of these records missed two, and none of them none."""
    [found] = answered("which skin models missed a lesion", "min model K1 of T1")
    assert {row["model"] for row in found.told.rows} == {path.stem for path in (metrics / "cases").glob("skin-*.csv")}
    [none] = answered("which skin models missed no lesion", "min model K1 of T1")
    assert list(none.told.rows) == []


def test_what_is_true_of_the_worst_case_of_another(metrics: Path, answered: Read) -> None:
    """`On the worst case of` names whose worst it is, and the value of the other is told."""
    cases = {
        name: pd.read_csv(metrics / "cases" / f"{name}.csv").set_index("case") for name in ("skin-base", "skin-recall")
    }
    worst = cases["skin-base"]["dice"].idxmin()
    assert worst != cases["skin-recall"]["dice"].idxmin()
    for question in (
        "dice of skin-recall on the worst case of skin-base",
        "skin-recall's dice in skin-base's worst case",
    ):
        [found] = answered(question, "worst case K1 of M1 M2")
        assert worst in found.told.text
        assert f"Dice of skin-recall there: {cases['skin-recall']['dice'][worst]:.4f}".rstrip("0") in found.told.text


@pytest.mark.parametrize(("word", "sign"), [("worse", -1), ("better", 1), ("improved", 1)])
def test_from_one_to_the_other_is_told_of_the_other(metrics: Path, answered: Read, word: str, sign: int) -> None:
    base, recall = (pd.read_csv(metrics / "cases" / f"skin-{name}.csv")["dice"] for name in ("base", "recall"))
    [found] = answered(f"how many cases get {word} from skin-base to skin-recall in dice", "difference K1 of M1 M2")
    expected = int((sign * (recall - base) > 0).sum())
    assert expected != int((sign * (base - recall) > 0).sum())
    assert f"in {expected} of 12" in found.told.text


def test_by_names_what_ranks(metrics: Path, answered: Read) -> None:
    """`The recall of the worst batch by Dice`: the Dice ranks, wherever the recall stands."""
    batches = pd.read_csv(metrics / "batches" / "skin-base.csv").set_index("batch")
    worst = int(batches["dice"].idxmin())
    assert worst != int(batches["iou"].idxmin())
    [found] = answered("iou of the worst batch of skin-base by dice", "worst batch K1 K2 of M1")
    assert found.told.rows[0]["batch"] == worst


def test_every_case_named_is_told(metrics: Path, answered: Read) -> None:
    cases = pd.read_csv(metrics / "cases" / "skin-base.csv")
    names = list(cases["case"][:3])
    [found] = answered(f"dice of {', '.join(names)} of skin-base", "value K1 in case C1 C2 of M1")
    assert [row["case_name"] for row in found.told.rows] == names
    [mean] = answered(f"mean dice of {names[0]} and {names[1]} of skin-base", "value K1 in case C1 C2 of M1")
    assert mean.told.rows[0]["value"] == pytest.approx(cases["dice"][:2].mean())


def test_ranked_without_an_end_is_best_first(metrics: Path, answered: Read) -> None:
    [found] = answered("rank the skin models by hd95", "list model K1 of T1")
    distances = [row["value"] for row in found.told.rows]
    assert distances == sorted(distances)
    assert distances != sorted(distances, reverse=True)


SPLITS = [
    ("how many normal films of film are in the train and val sets", [40, 4]),
    ("how many normal films of film are there altogether", [40, 4, 10]),
    ("how many normal films of film are there", [10]),
]


@pytest.mark.parametrize(("question", "counts"), SPLITS)
def test_a_class_is_counted_in_every_split_asked_for(told_of_film: Told, question: str, counts: list[int]) -> None:
    [found] = told_of_film(question, "count case of T1")
    assert [int(word) for word in found.replace(";", "").split() if word.isdigit()] == counts


IN_BATCHES = [
    ("how many cases of skin-base have a dice above 0.5 in batches 1 and 2", "count batch K1 between N1 N2 of M1"),
    (
        "how many cases of skin-base in batch 1 or batch 2 have a dice above 0.5",
        "count case K1 above N2 in batch N1 of M1",
    ),
    ("how many cases of batches 1 and 2 have a dice above 0.5 for skin-base", "count batch K1 above N3 of M1"),
]


@pytest.mark.parametrize(("question", "line"), IN_BATCHES)
def test_numbers_of_batches_are_no_bounds(metrics: Path, answered: Read, question: str, line: str) -> None:
    """The cases of those batches are counted, whatever the model took for the bound."""
    cases = pd.read_csv(metrics / "cases" / "skin-base.csv")
    expected = int(((cases["dice"] > 0.5) & cases["batch"].isin([1, 2])).sum())
    [found] = answered(question, line)
    assert found.told.rows[0]["value"] == expected != int((cases["dice"] > 0.5).sum())


LEFT_OUT = [
    "how many cases of skin-base have a dice above 0.5 not counting batch 2",
    "how many cases of skin-base not in batch 2 have a dice above 0.5",
]


@pytest.mark.parametrize("question", LEFT_OUT)
def test_batches_left_out_are_not_looked_into(answered: Read, question: str) -> None:
    number = "N2" if question.endswith("2") else "N1"
    with pytest.raises(Unanswerable, match="left out"):
        answered(question, f"count case K1 above N1 in batch {number} of M1")


@pytest.mark.parametrize("line", ["mean batch K1 of M1", "value K1 of M1"])
def test_a_number_that_a_batch_has(metrics: Path, answered: Read, line: str) -> None:
    """`I mean` asks for no mean, and the batch is not left out."""
    batches = pd.read_csv(metrics / "batches" / "skin-base.csv").set_index("batch")
    [found] = answered("the batch i mean is the one numbered 2 and the dice is of skin-base", line)
    assert found.told.rows[0]["value"] == batches["dice"][2]
