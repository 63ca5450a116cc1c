"""Records of models that tell pictures apart are asked of like any other, with the names that they have there."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from glassbox.llm import index
from glassbox.llm.ask import Answer, Session
from glassbox.llm.linker import Linked

Asked = Callable[[str, str], Answer]
AT = {
    "screening": {"threshold": 0.28, "sensitivity": {"mean": 0.995, "ci_low": 0.98, "ci_high": 1.0}},
    "rule-in": {"threshold": 0.4, "sensitivity": {"mean": 0.96, "ci_low": 0.93, "ci_high": 0.98}},
}
RECORD = {
    "n": {"cases": 10, "normal": 4, "sick": 6},
    "auroc": {"mean": 0.985, "ci_low": 0.97, "ci_high": 0.99},
    "nll": {"mean": 0.312, "ci_low": 0.26, "ci_high": 0.36},
    "points": AT,
    "per_class": {"normal": {"recall": 0.75, "support": 4}, "sick": {"recall": 0.97, "support": 6}},
    "macro": {"recall": 0.88, "precision": 0.9},
}
CALIBRATED = {"before": {"nll": 0.417}, "after": {"nll": 0.408}}
OUTLINER = {"recall": {"mean": 0.9, "ci_low": 0.8, "ci_high": 0.95}}


@pytest.fixture
def asked(tmp_path: Path, words: frozenset[str]) -> Iterator[Asked]:
    """A question with the line that is written of it, `K1` for its first metric, answered from both records."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    for name, content in (("chest-base", RECORD), ("chest-base-calibration", CALIBRATED), ("skin-base", OUTLINER)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    models = {"chest-base": "chest", "skin-base": "skin"}
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(folder, models, ["chest", "skin"], dict.fromkeys(models, "base")))
    with closing(index.open_index(path)) as opened:

        def ask(question: str, line: str) -> Answer:
            def write(linked: Linked, _: str) -> str:
                return line.replace("K1", "".join(linked.tags("KX")[:1]))

            return Session(opened, words, write).ask(question)

        yield ask


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("What is the sensitivity of chest-base?", ["0.995", "0.96"], ["0.88"]),
        ("What is the sensitivity of skin-base?", ["0.9 "], []),
        ("What is the AUROC of chest-base?", ["0.985"], ["0.9 "]),
        ("What is the nll of chest-base before and after calibration?", ["0.417", "0.408"], ["0.312"]),
        ("What is the nll of chest-base before calibration?", ["0.417"], ["0.312", "0.408"]),
        ("What is the nll of chest-base?", ["0.312"], ["0.417"]),
        ("What is the sensitivity of chest-base at the screening point?", ["0.995"], ["0.96", "0.88"]),
        ("What is the sensitivity of chest-base when used to rule in?", ["0.96"], ["0.995", "0.88"]),
        ("What is the recall of the sick class for chest-base?", ["0.97"], ["0.88", "0.75"]),
    ],
)
def test_a_metric_is_told_by_the_name_it_is_recorded_under(
    asked: Asked, question: str, told: list[str], untold: list[str]
) -> None:
    """Sensitivity is another word for recall, but not where a model has a number of that very name."""
    found = asked(question, "value K1 of M1")
    assert found.status in ("answer", "ambiguous"), found.text
    assert all(number in found.text for number in told), found.text
    assert not any(number in found.text for number in untold), found.text


@pytest.mark.parametrize(
    ("question", "line", "told"),
    [
        ("How many sick cases has chest-base?", "count case of M1", "chest-base: support (class sick) 6"),
        ("Which class does chest-base do worst on by recall?", "worst group K1 of M1", "recall: normal, at 0.75."),
        ("List the classes of chest-base", "list group of M1", "chest-base: groups: normal, sick."),
    ],
)
def test_classes_are_told_apart_from_other_groups(asked: Asked, question: str, line: str, told: str) -> None:
    """They are counted, ranked and listed by name."""
    found = asked(question, line)
    assert found.status == "answer"
    assert told in found.text


@pytest.mark.parametrize(
    ("question", "line", "told"),
    [
        ("how many pictures does film-base classify wrongly", "count case of M1",
         "film-base: 4 cases classified wrongly."),
        ("how many pictures does film-base classify correctly", "count case of M1",
         "film-base: 12 cases classified correctly."),
        ("how many detected lesion cases of lung-balanced equal 0", "count case K1 equal N1 of M1",
         "lung-balanced: 1 case not detected."),
    ],
)  # fmt: skip
def test_a_column_of_yes_and_no_is_told_in_words(
    told_of_film: Callable[[str, str], list[str]], question: str, line: str, told: str
) -> None:
    assert told_of_film(question, line) == [told]
