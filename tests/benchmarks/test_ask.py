"""benchmarks.ask: its judge, and what no model can make `ask` say."""

import json
import random
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks import ask
from glassbox import params
from glassbox.artifacts import Paths, write_bytes
from glassbox.llm import index, teach, wordings
from glassbox.llm.ask import Answer, Session
from glassbox.llm.linker import Linked, link
from glassbox.llm.runner import Runner
from glassbox.llm.write import pieces, writer
from tests.reference.oracle import Records

ROOT = Path(__file__).parents[2]
FOREIGN = [ROOT.parent / "shared" / "data" / "gguf" / name for name in ("stories260K.gguf", "llama-2-tiny-random.gguf")]
ASKED = [json.loads(line) for line in (ROOT / ask.REFERENCE).read_text(encoding="utf-8").splitlines()]
QUESTION = "What was the recall of isic-recall on batch 78?"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The committed records, and the words that the model trained here knows; what writes lines is set by the test."""
    content = params.load(ROOT / "params.yaml")
    models = {name: entry.task for name, entry in content.models.items()}
    roles = {model: role for block in content.comparisons.values() for role, model in dict(block).items()}
    place = tmp_path_factory.mktemp("records") / "index.sqlite"
    purposes = dict.fromkeys(content.bases, "base") | roles
    write_bytes(place, index.build(ROOT / "metrics", models, list(content.tasks), purposes))
    words = teach.question_words(pieces(Runner(Paths(ROOT).reader())))
    with closing(index.open_index(place)) as opened:
        yield Session(opened, words, lambda linked, grammar: " refuse")


def answered(session: Session, line: str, question: str = QUESTION) -> Answer:
    session.write = lambda linked, grammar: line
    return session.ask(question)


WANTED = {
    "verb": "value", "unit": "batch", "metrics": ["recall"], "models": ["isic-recall"], "task": "isic", "split": "test",
    "batches": [78], "cases": [], "condition": None, "order": None, "limit": None,
}  # fmt: skip
JUDGED = [  # kind, its query, the line that was written, whether that is right
    ("answer", WANTED, "value X1 in batch N1 of M1", True),
    ("answer", WANTED, "value X1 of M1", False),
    ("answer", WANTED | {"batches": [77]}, "value X1 in batch N1 of M1", False),
    ("answer", WANTED, "refuse", False),
    ("refuse", None, "refuse", True),
    ("refuse", None, "value X1 in batch N1 of M1", False),
    ("ambiguous", {"readings": [WANTED]}, "refuse", False),
    ("ambiguous", {"readings": [WANTED | {"batches": [3]}]}, "value X1 in batch N1 of M1", False),
]


@pytest.mark.parametrize(("kind", "query", "line", "right"), JUDGED)
def test_an_answer_is_judged_by_its_kind(
    session: Session, monkeypatch: pytest.MonkeyPatch, kind: str, query: dict[str, Any] | None, line: str, right: bool
) -> None:
    """Numbers and names must be there; a refusal is right for what can't be answered, and for that alone."""
    monkeypatch.chdir(ROOT)
    asked = {"expect": kind, "query": query}
    question = f"why {QUESTION}" if line == "refuse" else QUESTION  # a plain one is answered though the model refuses
    assert ask.judge(asked, answered(session, line, question), Records(ROOT / "metrics")) is right


def test_a_false_number_is_seen(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that its source does not hold is told apart from one that it does."""
    monkeypatch.chdir(ROOT)
    found = answered(session, "value X1 in batch N1 of M1")
    assert list(ask.false_numbers(found)) == []
    found.readings[0].told.rows[0]["value"] += 0.01
    assert len(list(ask.false_numbers(found))) == 1


def test_keywords_write_lines_that_the_grammar_allows(session: Session) -> None:
    """The baseline is held to the same language: every line of it can be taken apart."""

    def write(linked: Linked, grammar: str) -> str:
        line = ask.keywords(linked, grammar)
        assert ask._valid(line.strip()), line
        return line

    session.write = write
    for each in ASKED[::7]:
        ask._asked(session, each["question"])


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_a_model_that_follows_no_instruction_says_nothing_false(
    session: Session, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    """Whatever it writes under the grammar, each number told stands in the file that is named as its source."""
    if not path.is_file():
        pytest.skip(f"{path.name} is not at hand: shared data are absent")
    monkeypatch.chdir(ROOT)
    session.write = writer(Runner(path))
    answers = [ask._asked(session, each["question"]) for each in ASKED[::40]]
    assert [number for found in answers if found for number in ask.false_numbers(found)] == []
    assert {found.status for found in answers if found} <= {"answer", "ambiguous", "refusal"}


def test_the_questions_are_not_those_that_were_learned_from(session: Session) -> None:
    """With tags for its names, hardly a question is one that the wordings make; `dice of isic-base` is bound to be."""
    files = sorted(Paths(ROOT).wordings().glob("*.txt"))
    known = [each for path in files for each in wordings.read(path.read_text(encoding="utf-8"), path.name)]
    drawn = teach.lessons(known, session.vocabulary, teach.places(5, 10), random.Random(5))
    learned = {" ".join(token for token in each.question if token not in "?,") for each in islice(drawn, 20000)}
    alike = 0
    for each in ASKED:
        linked = link(each["question"], session.phrases, session.catalogue, session.vocabulary)
        alike += " ".join(token for token in linked.tokens if token not in "?,") in learned
    assert alike / len(ASKED) < 0.1
