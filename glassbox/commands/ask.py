"""`glassbox ask`: questions about the recorded metrics, one or a conversation."""

import io
import json
import sys
from contextlib import closing
from pathlib import Path

from glassbox.artifacts import Paths, read_arrays
from glassbox.artifacts.paths import mend
from glassbox.commands import screen
from glassbox.errors import GlassboxError
from glassbox.llm import teach
from glassbox.llm.ask import Answer, Session
from glassbox.llm.described import as_json
from glassbox.llm.index import open_index
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.reader import ARRAYS
from glassbox.llm.runner import Runner
from glassbox.llm.write import pieces, writer

PROMPT = "ask> "
SHOWN = 6  # sources below an answer


def run(question: str, asked: bool, model: Path | None, every: bool, json_wanted: bool) -> None:
    """Answer `question`, or, where none was `asked`, every line of standard input.

    Raises `GlassboxError` for a question that is none, and for an index or a model that is absent, damaged or of
    another kind. In a conversation such a question is told and the next one read.
    """
    paths = Paths()
    with closing(open_index(paths.index())) as index:
        embedded = Runner(paths.reader(), mend(paths.reader()))
        words = teach.question_words(pieces(embedded))
        write = writer(Runner(model) if model else embedded)
        session = Session(index, words, write, embedded.rare, Classifier(read_arrays(paths.intents(), ARRAYS)))
        if asked:
            _tell(session.ask(question, every), json_wanted)
        else:
            _converse(session, every, json_wanted)


def _converse(session: Session, every: bool, json_wanted: bool) -> None:
    typed = sys.stdin.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is not text is told as such, line by line
    if typed:
        screen.say("Ask about the recorded metrics; an empty line ends.")
    while (line := _next(typed)) is not None:
        if not line and typed:
            break
        try:
            if line:
                _tell(session.ask(line, every), json_wanted)
        except GlassboxError as error:
            screen.note(f"error: {error}")


def _next(typed: bool) -> str | None:
    """The next line; None at the end."""
    try:
        line = input(PROMPT) if typed else sys.stdin.readline()
    except EOFError:
        return None
    return line.strip() if line or typed else None


def _tell(answer: Answer, json_wanted: bool) -> None:
    if json_wanted:
        screen.say(json.dumps(as_json(answer), ensure_ascii=False))
        return
    if answer.read_as:
        screen.say(f"Read as: {answer.read_as}")
    screen.say(answer.text)
    sources = list(dict.fromkeys(source for reading in answer.readings for source in reading.told.sources))
    if sources:
        more = f" and {len(sources) - SHOWN} more" if len(sources) > SHOWN else ""
        screen.say(f"  from {', '.join(sources[:SHOWN])}{more}")
