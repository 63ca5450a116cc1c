"""glassbox.llm.called: what a classifier called a case, and which class is taken for which, against the table."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from glassbox.llm import index
from glassbox.llm.ask import Answer, Session

CLASSES = ("mucus", "debris", "stroma")
Asked = Callable[[str, str], Answer]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Forty slides of three classes; stroma is called debris more often than mucus."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 40)
    said = np.where(rng.random(40) < 0.6, truth, np.array([1, 2, 1])[truth])
    columns = {"case": [f"slide-{at:05d}" for at in range(40)], "batch": np.arange(40) // 8, "truth": truth}
    columns |= {"predicted": said, "correct": (truth == said).astype(int), "probability": np.full(40, 0.6)}
    return pd.DataFrame(columns | {f"p_{name}": (said == at) * 0.6 for at, name in enumerate(CLASSES)})


@pytest.fixture(scope="module")
def asked(table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory, every_word: frozenset[str]) -> Iterator[Asked]:
    """A question with the line that is written of it, answered from `histo-base` and from a model that outlines."""
    folder = tmp_path_factory.mktemp("called") / "metrics"
    (folder / "cases").mkdir(parents=True)
    table.to_csv(folder / "cases" / "histo-base.csv", index=False)
    recall = {name: {"recall": 0.5, "support": int((table["truth"] == at).sum())} for at, name in enumerate(CLASSES)}
    (folder / "histo-base.json").write_text(json.dumps({"accuracy": 0.6, "per_class": recall}))
    (folder / "skin-base.json").write_text(json.dumps({"dice": 0.9}))
    models = {"histo-base": "histo", "skin-base": "skin"}
    path = folder.parent / "index.sqlite"
    path.write_bytes(index.build(folder, models, ["histo", "skin"], dict.fromkeys(models, "base")))
    with closing(index.open_index(path)) as opened:
        yield lambda question, line: Session(opened, every_word, lambda *_: line).ask(question)


@pytest.mark.parametrize("line", ["value in case C1 of M1", "refuse", "list case of M1"])
def test_what_a_case_is_called(asked: Asked, table: pd.DataFrame, line: str) -> None:
    """Both classes by name, of every case alike, whatever line was written; in the row they stand, with the source."""
    for row in table.itertuples():
        found = asked(f"what did histo-base call {row.case}", line)
        truth, said = CLASSES[row.truth], CLASSES[row.predicted]
        assert found.text == f"histo-base: case {row.case} is called {said}, in truth {truth}."
        assert found.readings[0].told.sources == (f"metrics/cases/histo-base.csv row {row.Index + 1}",)


@pytest.mark.parametrize(("truth", "said"), [*permutations(CLASSES, 2)])
def test_how_often_one_class_is_taken_for_another(asked: Asked, table: pd.DataFrame, truth: str, said: str) -> None:
    """A cell of the confusion matrix; with `really` between them the second is the truth."""
    wanted = int(((table["truth"] == CLASSES.index(truth)) & (table["predicted"] == CLASSES.index(said))).sum())
    cases = "case" if wanted == 1 else "cases"
    for question in (
        f"how many {truth} slides did histo-base call {said}",
        f"how many slides did histo-base call {said} which are really {truth}",
        f"how often is {truth} taken for {said} by histo-base",
    ):
        found = asked(question, "count case of M1")
        assert found.text == f"histo-base: {wanted} {cases} of {truth} called {said}."


def test_those_that_are_taken_for_another(asked: Asked, table: pd.DataFrame) -> None:
    wanted = table[(table["truth"] == 2) & (table["predicted"] == 1)]["case"]
    found = asked("which stroma slides did histo-base call debris", "list case of M1")
    assert [row["case_name"] for row in found.readings[0].told.rows] == list(wanted)
    assert len(wanted) > 0 and all(name in found.text for name in wanted[:12])


def test_what_a_class_is_most_often_confused_with(asked: Asked, table: pd.DataFrame) -> None:
    wrong = table[(table["truth"] == 2) & (table["predicted"] != 2)]["predicted"].value_counts()
    found = asked("what is stroma most often confused with by histo-base", "refuse")
    assert found.text.endswith(f"is most often called {CLASSES[wrong.index[0]]}: {wrong.iloc[0]}.")


@pytest.mark.parametrize("name", CLASSES)
def test_how_many_are_wrongly_called_a_class(asked: Asked, table: pd.DataFrame, name: str) -> None:
    """What stands behind the verb is what they were called; before it, what they are."""
    at = CLASSES.index(name)
    called = int(((table["truth"] != at) & (table["predicted"] == at)).sum())
    found = asked(f"how many slides were wrongly called {name} by histo-base", "count case of M1")
    assert found.readings[0].told.rows[0]["value"] == called
    missed = int(((table["truth"] == at) & (table["predicted"] != at)).sum())
    found = asked(f"how many {name} slides were wrongly labelled by histo-base", "count case of M1")
    assert found.readings[0].told.rows[0]["value"] == missed


OTHERS = [
    ("what is the recall of stroma for histo-base", "value X1 of M1", "histo-base: recall (class stroma) 0.5"),
    ("how many stroma slides has histo-base", "count case of M1", "histo-base: support (class stroma) "),
]


@pytest.mark.parametrize(("question", "line", "told"), OTHERS)
def test_other_questions_are_left_alone(asked: Asked, question: str, line: str, told: str) -> None:
    found = asked(question, line.replace("X1", "K1"))
    assert found.text.startswith(told) and [reading.query.called for reading in found.readings] == [None]


def test_a_model_that_outlines_calls_nothing(asked: Asked) -> None:
    assert asked("what did skin-base call slide-00003", "value in case C1 of M1").status == "refusal"


BEYOND = [
    "how many tiles called debris were stroma in histo-base",
    "how often does histo-base confuse stroma and debris",
    "which class is most often mistaken for stroma by histo-base",
    "what is stroma second most often confused with by histo-base",
    "what share of stroma was taken for debris by histo-base",
    "how many stroma slides were not called debris by histo-base",
    "how many stroma slides were called debris or mucus by histo-base",
    "in which batch is stroma most often confused with debris by histo-base",
]


@pytest.mark.parametrize("question", BEYOND)
def test_what_can_not_be_told_is_refused(asked: Asked, question: str) -> None:
    """And not answered with the number of cases of the class, or the other way round."""
    assert asked(question, "count case of M1").status == "refusal"


def test_how_many_are_called_a_class(asked: Asked, table: pd.DataFrame) -> None:
    found = asked("how many slides did histo-base call stroma", "count case of M1")
    assert found.readings[0].told.rows[0]["value"] == int((table["predicted"] == 2).sum())


@pytest.mark.parametrize(
    ("said", "right"), [("recognise", True), ("find", True), ("get wrong", False), ("miss", False)]
)
def test_how_many_of_a_class_were_recognised(asked: Asked, table: pd.DataFrame, said: str, right: bool) -> None:
    """And how many were not: of that class alone, and not the number of all there are."""
    of_class = table[table["truth"] == 2]
    wanted = int((of_class["correct"] == int(right)).sum())
    found = asked(f"how many stroma slides did histo-base {said}", "count case of M1")
    assert found.text.startswith(f"histo-base: {wanted} case")
    assert 0 < wanted < len(of_class)
