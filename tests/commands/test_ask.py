"""`glassbox ask` answers from an index with a model of the project, alone or in a conversation, and tells mistakes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from glassbox import artifacts
from glassbox.cli import app
from glassbox.commands import ask
from glassbox.llm import index, teach
from glassbox.llm.intents import lessons
from glassbox.llm.linker import Linked
from glassbox.llm.runner import Runner
from glassbox.llm.wordings import Wording
from glassbox.nets import decoder, intents

TRAINED = Path(__file__).parents[2] / "models" / "ask.gguf"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "gguf" / "llama-2-tiny-random.gguf"
MODELS = {"lung-balanced": "lung", "lung-recall": "lung"}
PURPOSES = {"lung-balanced": "balanced", "lung-recall": "recall"}
KNOWN = [Wording("", "what was is the of on in batch which did do worst best and for better than model variant")]
QUESTION = "What was the recall of the lung-recall model in batch 1?"
LINE = "value X1 in batch N1 of M1"
KEYS = {"status", "answer", "line", "read_as", "readings", "query", "sql", "parameters", "rows", "sources"}
ANSWER = "lung-recall, batch 1: recall 0.875."
SOURCE = "metrics/batches/lung-recall.csv row 2"
Run = Callable[..., Any]
Refused = Callable[..., None]


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the records of two models, their index, and a language model that was never trained."""
    paths = artifacts.Paths(tmp_path_factory.mktemp("asking"))
    for number, model in enumerate(MODELS):
        artifacts.write_json(paths.metrics(model), {"recall": {"mean": 0.625 + number / 4}})
        table = paths.recorded() / "batches" / f"{model}.csv"
        artifacts.write_bytes(table, f"batch,dice,recall\n0,0.5,0.25\n1,0.75,{0.75 + number / 8}\n".encode())
    artifacts.write_bytes(paths.index(), index.build(paths.recorded(), MODELS, ["lung"], PURPOSES))
    pieces = teach.vocabulary(KNOWN)
    keras.utils.set_random_seed(3)
    sizes = {"width": 32, "depth": 1, "heads": 1, "kv_heads": 1, "hidden": 32, "context": 96}
    shape = decoder.Architecture(vocabulary=len(pieces), dropout=0.0, **sizes)
    made = decoder.build(shape)
    artifacts.write_gguf(paths.reader(), decoder.weights(made, shape), decoder.shape(shape), pieces[3:])
    told(paths, "refuse", "none")
    return paths.root


def told(paths: artifacts.Paths, shape: str, keys: str) -> None:
    """Let the network of intents tell this one whatever is asked: it knows no other."""
    sizes = intents.Sizes(buckets=8, width=4, filters=2, runs=2, dropout=0.0)
    labels = {"shape": [shape], "keys": [keys]}
    network = intents.build(sizes, {"shape": 1, "keys": 1})
    artifacts.write_arrays(paths.intents(), intents.weights(network) | lessons.named(labels))


@pytest.fixture
def place(asking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> artifacts.Paths:
    """A copy of it as the working directory."""
    shutil.copytree(asking, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return artifacts.Paths()


@pytest.fixture
def scripted(place: artifacts.Paths, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the model write these lines, one a question."""

    def write(*lines: str) -> None:
        left = list(lines)
        monkeypatch.setattr(ask, "writer", lambda runner: lambda linked, grammar: left.pop(0))

    return write


def talk(typed: str, *arguments: str) -> Any:  # noqa: ANN401 - typer's result
    """A conversation: what is typed, line by line."""
    return CliRunner().invoke(app, ["ask", *arguments], input=typed)


def test_a_question_has_its_answer_and_where_it_stands(scripted: Callable[..., None], run: Run) -> None:
    """The sentence, then the file and row of its number; nothing on stderr."""
    scripted(LINE)
    result = run("ask", QUESTION)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [ANSWER, f"  from {SOURCE}"]


def test_words_need_no_quotes(scripted: Callable[..., None], run: Run) -> None:
    """Several arguments are one question."""
    scripted(LINE)
    assert ANSWER in run("ask", *QUESTION.split()).stdout


def test_json_is_all_that_is_on_stdout(scripted: Callable[..., None], run: Run) -> None:
    """One JSON object whose SQL, run on the index, gives its rows."""
    scripted(LINE)
    result = run("ask", QUESTION, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, told["status"], told["answer"]) == (0, "", "answer", ANSWER)
    [reading] = told["readings"]
    with closing(sqlite3.connect(artifacts.Paths().index())) as opened:
        [row] = opened.execute(reading["sql"], reading["parameters"])
    assert list(row) == list(reading["rows"][0].values())
    assert reading["sources"] == [SOURCE]


def test_a_question_that_was_read_otherwise_is_told_so(
    place: artifacts.Paths, scripted: Callable[..., None], run: Run
) -> None:
    """The plain words of the second reader, then their answer."""
    told(place, "value batch in batch", "recall")
    scripted("refuse", LINE)
    lines = run("ask", "What did lung-recall unearth in batch 1?").stdout.splitlines()
    assert lines == ["Read as: recall of lung-recall in batch 1", ANSWER, f"  from {SOURCE}"]


ENDS = [("value X1 in batch N1", "ambiguous"), ("refuse", "refusal"), ("help", "answer"), ("again", "refusal")]


@pytest.mark.parametrize(("line", "status"), ENDS)
def test_json_of_any_end(scripted: Callable[..., None], run: Run, line: str, status: str) -> None:
    """Ambiguous and refused questions have the same keys, and exit code 0: they were understood."""
    scripted(line)
    result = run("ask", "recall in batch 1", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, set(told)) == (0, KEYS)
    assert told["status"] == status


def test_all_models_makes_it_an_answer(scripted: Callable[..., None], run: Run) -> None:
    """A line for each model that has the number."""
    scripted("value X1 in batch N1")
    result = run("ask", "recall in batch 1", "--all-models")
    assert result.stdout.splitlines()[:2] == ["lung-balanced, batch 1: recall 0.75.", ANSWER]


def test_a_conversation_follows_on(scripted: Callable[..., None]) -> None:
    """Line by line; one that is no question is told on stderr and does not end it, an empty one is passed over."""
    scripted(LINE, "again in batch N1", "again of M1")
    typed = f"{QUESTION}\nand in batch 0?\n{'x' * 401}\n\nand lung-balanced?\n"
    result = talk(typed)
    told = [line for line in result.stdout.splitlines() if not line.startswith("  from ")]
    assert told == [ANSWER, "lung-recall, batch 0: recall 0.25.", "lung-balanced, batch 0: recall 0.25."]
    assert result.exit_code == 0
    assert "401 characters" in result.stderr and len(result.stderr.splitlines()) == 1


def test_a_conversation_in_json_is_one_object_a_line(scripted: Callable[..., None]) -> None:
    """JSON Lines, the end of input the end."""
    scripted(LINE, "again in batch N1")
    told = [json.loads(line) for line in talk(f"{QUESTION}\nand in batch 0?", "--json").stdout.splitlines()]
    assert [entry["answer"] for entry in told] == [ANSWER, "lung-recall, batch 0: recall 0.25."]


def test_the_model_is_asked_with_tags_alone(place: artifacts.Paths, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a value nor a name of the records comes before it."""
    seen: list[Linked] = []

    def write(linked: Linked, grammar: str) -> str:
        seen.append(linked)
        return LINE

    monkeypatch.setattr(ask, "writer", lambda runner: write)
    run("ask", QUESTION)
    assert " ".join(seen[0].tokens) == "what was the X1 of the M1 model in batch N1 ?"


BAD = [
    ("", "empty"), (" \t", "empty"), ("d" * 401, "401 characters"), ("dice\x07", "not text"),
    ("\udcff\udcfe", "not text"), ("wer gewann gestern das Spiel", "words unknown"),
]  # fmt: skip


@pytest.mark.parametrize("flag", [[], ["--json"]])
@pytest.mark.parametrize(("question", "told"), BAD)
def test_what_is_no_question_is_told(
    place: artifacts.Paths, refused: Refused, question: str, told: str, flag: list[str]
) -> None:
    """In one line on stderr, exit code 2."""
    refused(["ask", question, *flag], "question: ", told)


def test_a_project_without_an_index_says_what_makes_it(place: artifacts.Paths, refused: Refused) -> None:
    """One line with the stage."""
    place.index().unlink()
    refused(["ask", QUESTION], "index.sqlite: no such index", "run: dvc repro --single-item llm-index")


@pytest.mark.parametrize("found", [1, index.FORMAT + 1])
def test_an_index_of_another_format_is_told(place: artifacts.Paths, refused: Refused, found: int) -> None:
    """Older or newer: with both formats and the stage."""
    with closing(sqlite3.connect(place.index())) as opened:
        opened.execute("UPDATE meta SET value = ?", (found,))
        opened.commit()
    refused(
        ["ask", QUESTION],
        f"index format {found}",
        f"expected index format {index.FORMAT}",
        "dvc repro --single-item llm-index",
    )


@pytest.mark.parametrize("content", [b"", b"no index", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_index_is_told(place: artifacts.Paths, refused: Refused, content: bytes) -> None:
    """Never a traceback."""
    place.index().write_bytes(content)
    refused(["ask", QUESTION], "index.sqlite: ", "dvc repro --single-item llm-index")


DAMAGED = {"absent": None, "empty": b"", "cut": b"GGUF\x03\0\0\0", "other": b"PK\x03\x04 a zip", "text": b"hello" * 99}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_model_is_told_with_what_mends_it(
    place: artifacts.Paths, refused: Refused, content: bytes | None
) -> None:
    """One line, with the command that brings it back."""
    place.reader().unlink()
    if content is not None:
        place.reader().write_bytes(content)
    refused(["ask", QUESTION], "models/ask.gguf: ", "run: git checkout -- models/ask.gguf, or dvc repro")


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_network_of_intents_is_told(place: artifacts.Paths, refused: Refused, content: bytes | None) -> None:
    place.intents().unlink()
    if content is not None:
        place.intents().write_bytes(content)
    refused(["ask", QUESTION], "models/ask-intents.npz: ", "run: git checkout -- models/ask-intents.npz, or dvc repro")


def test_a_file_of_other_arrays_is_no_network_of_intents(place: artifacts.Paths, refused: Refused) -> None:
    artifacts.write_arrays(place.intents(), {"gain": np.ones(())})
    refused(["ask", QUESTION], "models/ask-intents.npz: damaged (no array ")


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_model_of_the_users_own_is_told(
    place: artifacts.Paths, run: Run, refused: Refused, content: bytes | None
) -> None:
    """By its name, and without a command, as none of ours would bring it back."""
    if content is not None:
        Path("other.gguf").write_bytes(content)
    refused(
        ["ask", QUESTION, "--model", "other.gguf"], "error: other.gguf: ", "expected a language model as a GGUF file"
    )
    assert "run:" not in run("ask", QUESTION, "--model", "other.gguf").stderr


@pytest.mark.skipif(not SHARED.is_file(), reason=f"{SHARED} is absent")
def test_any_chat_model_can_be_asked(place: artifacts.Paths, run: Run) -> None:
    """Its weights are random: what it writes is a line all the same, and is answered or refused."""
    result = run("ask", QUESTION, "--model", SHARED, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["status"] in ("answer", "ambiguous", "refusal")


def test_an_untrained_model_makes_no_number_up(place: artifacts.Paths, run: Run) -> None:
    """Whatever the weights are: the line is one of the grammar's, and every number told is in the rows."""
    told = json.loads(run("ask", QUESTION, "--json").stdout)
    for reading in told["readings"]:
        with closing(sqlite3.connect(place.index())) as opened:
            opened.row_factory = sqlite3.Row
            assert [dict(row) for row in opened.execute(reading["sql"], reading["parameters"])] == reading["rows"]


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own, its input read as in a UTF-8 locale."""
    command = [sys.executable, "-c", "from glassbox.cli import main; main()", "ask", *arguments]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe)


def test_two_at_once_answer_alike_and_leave_all_as_it_was(place: artifacts.Paths) -> None:
    """Reading needs no lock: same answer, nothing on stderr, no byte changed, no file left beside it."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    running = [started(QUESTION, "--json") for _ in range(2)]
    (first, noise), (second, more) = (process.communicate(timeout=120) for process in running)
    assert [process.returncode for process in running] == [0, 0], noise
    assert first == second and json.loads(first)
    assert noise == more == b""
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_bytes_that_are_no_text_are_told(place: artifacts.Paths) -> None:
    """In a conversation, piped or pasted: one line and exit code 2, or one line and the next question; no traceback."""
    process = started()
    out, told = process.communicate(b"\xff\xfe\x80\nwhat was the recall of lung-recall?\n", timeout=120)
    assert len(told.splitlines()) == 1 and b"question: " in told
    assert (process.returncode, bool(out)) in ((0, True), (2, False))


@pytest.mark.skipif(not TRAINED.is_file(), reason=f"{TRAINED} is absent: dvc repro llm-train")
def test_the_trained_model_answers(place: artifacts.Paths, run: Run) -> None:
    """The file of the repository, asked about records that it has never seen."""
    shutil.copy(TRAINED, place.reader())
    assert run("ask", QUESTION).stdout.splitlines() == [ANSWER, f"  from {SOURCE}"]
    typed = talk(f"{QUESTION}\nand for batch 0?\n").stdout
    assert "lung-recall, batch 0: recall 0.25." in typed
    assert Runner(place.reader()).is_embedded
