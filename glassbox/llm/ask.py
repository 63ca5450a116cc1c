"""One question, from its words to an answer whose every number stands in the records.

The question is spelt as the records spell (`spelling`). The linker finds names, a small language model writes the query
line under a grammar, the line becomes typed queries, each query one SQL statement, its rows a sentence, and the
sentence is verified. The model never sees a value. What the question's words plainly say is held against the line
(`sense`, `accounting`) and against what the query tells (`unlike`), and where the model refuses, a question that can
only ask for a value is read as one (`plainly`), or is asked again without what is said around it (`remarks`). Beside
the language model a second reader (`intents`) tells what a question asks for as a whole: where it is sure and the model
has no answer, or surer and that one says otherwise, its plain words are asked.
"""

import gc
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from glassbox.errors import GlassboxError
from glassbox.llm import answer, language, phrases
from glassbox.llm.accounting.half import without_interval
from glassbox.llm.accounting.unlike import unlike
from glassbox.llm.answer import Told
from glassbox.llm.asked import Unanswerable
from glassbox.llm.called import called
from glassbox.llm.catalogue import POINT, Catalogue, load
from glassbox.llm.corrected import corrected
from glassbox.llm.english import checked, in_english
from glassbox.llm.entries import INSTEAD
from glassbox.llm.followup import ASKING, merged
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.reader import Reader, fits
from glassbox.llm.labels import MOVED_TO
from glassbox.llm.language import Line
from glassbox.llm.linker import Linked, link
from glassbox.llm.measures import LABELS
from glassbox.llm.phrases import Phrases
from glassbox.llm.places import without_asides
from glassbox.llm.plainly import plainly
from glassbox.llm.query import resolve
from glassbox.llm.remarks import renamed, without_remarks
from glassbox.llm.spelling import as_written
from glassbox.llm.sql import Statement, statement
from glassbox.llm.synonyms import widened
from glassbox.llm.twofold import both_ends, both_ranks
from glassbox.llm.typed import Query

APART = frozenset(("apart", "spread", "gap", "difference", "range", "distance", "between"))
HELP = "Ask for a recorded number, a best or worst batch or case, a count, a list, a difference or a comparison."
SURE = 0.3  # how probable an intent is at least, for its answer in place of a refusal
SURER = 0.5  # and in place of another answer
NOTHING = 0.6  # how probable it is at least that nothing is asked for, for a refusal of what the model could not read
FOLLOWING = frozenset(("those", "these", "there", "them", "it", "its", "same", "that"))  # in a conversation
LEADING = frozenset(("and", "or", "but", "also", "then", "same", "those", "these", "that"))  # at the head alone
LEADS = frozenset((("the", "same"), ("what", "about"), ("how", "about"), ("now", "for"), ("likewise", "for")))
OF_ITS_OWN = ("again", "help")  # lines of what is no question by itself
REFUSED = "That is not something the records can answer."
Writer = Callable[[Linked, str], str]  # tagged question and grammar to query line


@dataclass(frozen=True)
class Reading:
    """One way to read the question, with what it gives."""

    query: Query
    statement: Statement
    told: Told


@dataclass(frozen=True)
class Answer:
    """`status` is `answer`, `ambiguous` (several readings, each told) or `refusal`; `line` what the model wrote.

    `read_as` are the plain words in which the second reader put the question, where it is that one's answer.
    """

    status: str
    text: str
    line: str
    readings: tuple[Reading, ...] = ()
    read_as: str = ""


@dataclass(frozen=True)
class Sure:
    """An answer of the second reader, and how probable the intent is that it was read by."""

    answer: Answer
    share: float


@dataclass
class Session:
    """An open index and a model that writes query lines; the last line is kept for follow-ups."""

    index: sqlite3.Connection
    vocabulary: frozenset[str]
    write: Writer
    rare: frozenset[str] = frozenset()
    intents: Classifier | None = None
    catalogue: Catalogue = field(init=False)
    phrases: Phrases = field(init=False)
    second: Reader | None = field(init=False, default=None)
    before: tuple[Line, Linked] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.catalogue = load(self.index)
        self.second = Reader(self.intents, self.catalogue) if self.intents else None
        with _no_collection():
            self.phrases = widened(phrases.of(self.catalogue), self.catalogue)

    def ask(self, question: str, every: bool = False) -> Answer:
        """Answer one question; with `every`, one that names no model is asked of each.

        Raises `GlassboxError` for one that is empty, too long, not text, or not English.
        """
        asked = as_written(corrected(checked(question)))
        before = self.before
        found = self._first(asked, every)
        after, self.before = self.before, before
        line = found.line.strip()
        other = self._reworded(question, asked, every) if not line.startswith(OF_ITS_OWN) else None
        unread = found.status != "answer" or line.startswith("refuse")  # by the model: read by its plain words alone
        sure = other and (unread or other.share >= SURER)
        if other and sure and (found.status != "answer" or not _as_good(found, other.answer)):
            return other.answer
        if unread and found.status == "answer" and self.second and self.second.nothing(question) >= NOTHING:
            return _refusal(f"{REFUSED} {self.scope()}", found.line)
        self.before = after
        return found

    def _first(self, question: str, every: bool) -> Answer:
        """The answer as the language model reads the question."""
        found = self._answered(question, every)
        if found.status != "refusal" or not (other := self._otherwise(question, every)):
            return found
        return replace(other, line=other.line or found.line)

    def _reworded(self, question: str, spelt: str, every: bool) -> Sure | None:
        """The answer to the question as the second reader puts it, where that one is sure of it."""
        linked = self._link(spelt)
        if self.before and _points_back(linked):
            return None
        told = self.second.reworded(question, spelt, linked) if self.second and not linked.missing else None
        if told is None or told.share < SURE:
            return None
        found = self._tried(told.text, every)
        queries = [reading.query for reading in found.readings]
        right = all(fits(told, query) and not unlike(question, query) for query in queries)
        return Sure(replace(found, read_as=told.text), told.share) if found.status == "answer" and right else None

    def _otherwise(self, question: str, every: bool) -> Answer | None:
        """The answer to a refused question: by its plain words, without its remarks, or with one name for a metric."""
        if (found := self._tried(question, every, plain=True)).status != "refusal":
            return found
        without = without_remarks(question, self._link)
        if without and (found := self._tried(without, every)).status != "refusal":
            return found
        for said, names in renamed(question, self._link):
            found = self._tried(said, every)
            told = {entry.measure for reading in found.readings for entry in reading.query.entries}
            if found.readings and told <= names:
                return found
        return None

    def _tried(self, said: str, every: bool, plain: bool = False) -> Answer:
        """The answer to a part of a question, which by itself may be no English."""
        try:
            return self._answered(said, every, plain)
        except GlassboxError:
            return _refusal(REFUSED, "")

    def _answered(self, question: str, every: bool, plain: bool = False) -> Answer:
        """The answer to these words; with `plain`, by what they plainly say alone."""
        linked = self._link(question)
        in_english(linked)
        if linked.missing:
            return _refusal(f"The records hold nothing named {', '.join(linked.missing)}. {self.scope()}", "")
        text, line = self._written(linked) if not plain else ("", plainly(linked) or Line("refuse"))
        if line.verb == "help":
            return Answer("answer", f"{HELP} {self.scope()}", text)
        try:
            if line.verb == "refuse" and not plain:
                line = plainly(linked) or Line("list" if called(Line("list"), linked, self.catalogue) else "refuse")
            if line.verb == "refuse":
                return _refusal(f"{REFUSED} {self.scope()}", text)
            if line.verb == "again":
                line, linked = self._follow_up(line, linked)
            ends = [
                resolve(each, of_rank, self.catalogue, every)
                for each in both_ends(line, linked)
                for of_rank in both_ranks(each, linked)
            ]
            queries = [query for of in ends for query in of]
            lacking = [without_interval(linked, query, self.catalogue) or unlike(question, query) for query in queries]
            if lacking and all(lacking):
                raise Unanswerable(str(lacking[0]))
            readings = tuple(self._reading(query) for query in queries)
        except Unanswerable as error:
            return _refusal(error.told, text)
        except answer.Unverified as error:
            return _refusal(f"The answer could not be verified ({error}), so it is not told.", text)
        if linked.rank > 1 and any(not reading.told.rows for reading in readings):
            return _refusal("There are not so many to rank: ask for the best or the worst.", text)
        if len(readings) == 2 == len(ends) and {*linked.spelt} & APART:
            readings += tuple(self._reading(query) for query in _between(readings))
        self.before = line, linked
        told = every or (len(ends) > 1 and all(len(queries) == 1 for queries in ends))
        return _told(readings, text, told, _left_out(line, linked, readings))

    def _written(self, linked: Linked) -> tuple[str, Line]:
        """What the model writes, and its line; another model's may be too long, cut off, and none."""
        text = self.write(linked, language.grammar(linked)).strip()
        try:
            return text, language.parse(text)
        except ValueError:
            return text, Line("refuse")

    def _link(self, question: str) -> Linked:
        return without_asides(link(question, self.phrases, self.catalogue, self.vocabulary, self.rare))

    def scope(self) -> str:
        """What can be asked about, in one sentence."""
        names = ", ".join(self.catalogue.models)
        return f"Recorded are scores, such as Dice, IoU, precision and recall, whole, by batch and by case, of {names}."

    def _follow_up(self, line: Line, linked: Linked) -> tuple[Line, Linked]:
        if self.before is None and line.metrics and line.models and not line.order:  # it follows on nothing
            return replace(line, verb="value", unit=None), linked
        if not (linked.meanings or linked.numbers or {*linked.spelt} & ASKING):
            raise Unanswerable("Say what is asked: a metric, a model, a batch or a case.")
        if self.before is None:
            raise Unanswerable("That follows on a question, and none was asked before.")
        return merged(line, linked, self.before, self.catalogue)

    def _reading(self, query: Query) -> Reading:
        made = statement(query, self.catalogue)
        return Reading(query, made, answer.tell(query, made.run(self.index), self.catalogue))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the garbage collector: it would look through tens of thousands of phrases that all stay."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _between(readings: Sequence[Reading]) -> Iterator[Query]:
    """How far the two ends of a ranking are apart: of batches or cases, the difference of the two."""
    first, second = (reading.told.rows[0] for reading in readings)
    query = replace(readings[0].query, verb="difference", order=None, asked=None)
    if query.unit == "batch" and first["batch"] != second["batch"]:
        yield replace(query, unit=None, batches=(first["batch"], second["batch"]))
    if query.unit == "case" and first["case_name"] != second["case_name"]:
        yield replace(query, unit=None, cases=(first["case_name"], second["case_name"]))


def _refusal(text: str, line: str) -> Answer:
    return Answer("refusal", text, line)


def _left_out(line: Line, linked: Linked, readings: Sequence[Reading]) -> str:
    """The metrics asked for beside others that no reading holds, since they are not recorded there."""
    queries = [reading.query for reading in readings]
    told = {entry.measure for query in queries for entry in (*query.entries, *query.also)}
    told |= {entry.measure for query in queries for held in query.held for entry in held.entries}
    told |= {entry.measure for query in queries if query.within for entry in query.within.entries}
    asked = {tag: {parts[-1] for parts in linked.meanings[tag].metrics} for tag in line.metrics}
    told |= {f"tta_{entry.measure}" for query in queries for entry in query.entries if entry.parts[0] == "tta"}
    told |= {
        "threshold"
        for query in queries
        for entry in query.entries
        if entry.source.endswith(MOVED_TO) or (entry.parts[0] == POINT and query.unit == "group")
    }
    same = (*INSTEAD.items(), ("missed", "detected"), ("recall", "sensitivity"))
    told |= {one for one, other in same if other in told}
    told |= {"cases"} if any(query.verb == "count" for query in queries) else set()
    lost = [min(names) for names in asked.values() if not names & told]
    if len(asked) < 2 or not lost or any(query.apart for query in queries):
        return ""
    return f" Not recorded there: {', '.join(LABELS.get(name, name.replace('_', ' ')) for name in lost)}."


def _told(readings: Sequence[Reading], line: str, together: bool, left_out: str) -> Answer:
    if len(readings) == 1 or together:
        told = "\n".join(reading.told.text for reading in readings)
        return Answer("answer", f"{told}{left_out}", line, tuple(readings))
    told = "\n".join(f"  {reading.told.text}" for reading in readings)
    return Answer("ambiguous", f"That can be read in {len(readings)} ways:\n{told}{left_out}", line, tuple(readings))


def _as_good(found: Answer, other: Answer) -> bool:
    """Whether an answer says what the other does, or how far apart two are that the other one compares."""
    first, second = ([reading.query for reading in answer.readings] for answer in (found, other))
    apart = len(first) == len(second) == 1 and (first[0].verb, second[0].verb) == ("difference", "compare")
    return found.text == other.text or (apart and first[0] == replace(second[0], verb="difference"))


def _points_back(linked: Linked) -> bool:
    """Whether a question goes on from the one before: `and for batch 12`, `is it better there`, `those of it`."""
    unnamed = not linked.tags("MPT")
    leads = bool({*linked.spelt[:1]} & LEADING) or linked.spelt[:2] in LEADS
    return leads or (unnamed and bool({*linked.spelt} & FOLLOWING))
