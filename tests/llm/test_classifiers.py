"""Records of models that tell pictures apart are asked of like any other, with the names that they have there."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from glassbox.llm import index
from glassbox.llm.ask import Session

AT = {
    "screening": {"threshold": 0.28, "sensitivity": {"mean": 0.995, "ci_low": 0.98, "ci_high": 1.0}},
    "rule-in": {"threshold": 0.4, "sensitivity": {"mean": 0.96, "ci_low": 0.93, "ci_high": 0.98}},
}
RECORD = {
    "n": {"cases": 10, "normal": 4, "sick": 6},
    "auroc": {"mean": 0.985, "ci_low": 0.97, "ci_high": 0.99},
    "points": AT,
    "macro": {"recall": 0.88, "precision": 0.9},
}
OUTLINER = {"recall": {"mean": 0.9, "ci_low": 0.8, "ci_high": 0.95}}


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("What is the sensitivity of chest-base?", ["0.995", "0.96"], ["0.88"]),
        ("What is the sensitivity of skin-base?", ["0.9 "], []),
        ("What is the AUROC of chest-base?", ["0.985"], ["0.9 "]),
        ("How many sick cases has chest-base?", ["6"], ["10", "4 "]),
    ],
)
def test_a_metric_is_told_by_the_name_it_is_recorded_under(
    question: str, told: list[str], untold: list[str], tmp_path: Path, words: frozenset[str]
) -> None:
    """Sensitivity is another word for recall, but not where a model has a number of that very name."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    for name, content in (("chest-base", RECORD), ("skin-base", OUTLINER)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    models = {"chest-base": "chest", "skin-base": "skin"}
    path = tmp_path / "index.sqlite"
    path.write_bytes(index.build(folder, models, ["chest", "skin"], dict.fromkeys(models, "base")))
    with closing(index.open_index(path)) as opened:
        session = Session(opened, words, lambda linked, rules: f"value {linked.tags('KX')[0]} of M1")
        found = session.ask(question)
    assert found.status in ("answer", "ambiguous"), found.text
    assert all(number in found.text for number in told), found.text
    assert not any(number in found.text for number in untold), found.text
