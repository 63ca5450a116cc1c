"""`glassbox ask` on the reference questions: the model trained here, keywords in its place, and any GGUF file named.

    python -m benchmarks.ask [--model FILE] [--questions odd|even|all] [--show] [--write] [--markdown]

Each question of tests/reference/ was written by a hand that has seen no wording of the training, and
its answer is worked out by tests/reference/oracle.py, which shares no code with GlassBox. Reported for each way to
write the query line, under the same linker, grammar, rules, SQL and templates:

    valid       query lines that the language takes
    queries     answerable questions whose typed query is the expected one
    answers     answerable questions that are answered, with the expected numbers and names
    wrong       cells told, in any answer, that the file named as their source does not hold there; means, sums and
                counts are held against the expected answer alone
    false refusals   answerable questions that are refused, or are told to be ambiguous
    refusals    unanswerable questions that are refused
    ambiguous   ambiguous questions told to be so, or answered with every reading
    ms          median milliseconds a question, the model loaded
"""

import argparse
import csv
import json
import math
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from glassbox.artifacts import Paths, read_arrays, write_csv
from glassbox.errors import GlassboxError
from glassbox.llm import language, teach
from glassbox.llm.ask import Answer, Session, Writer
from glassbox.llm.described import describe
from glassbox.llm.index import open_index
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.linker import Linked
from glassbox.llm.runner import Runner
from glassbox.llm.write import pieces, writer
from tests.reference.oracle import Records, expected

REFERENCE = Path("tests/reference/questions.jsonl")
RESULT = Path("benchmarks/ask.csv")
EVERYDAY = Path("tests/reference/everyday.jsonl")  # metrics and groups in everyday words; no one looked at these
FRESH = Path("tests/reference/fresh.jsonl")  # by eight voices, a third in everyday words; no one looked at these either
EVALUATORS = Path("tests/reference/evaluators.jsonl")  # by ten voices, to judge with; no one looked at these either
ALONE = "language model alone"  # without the second reader
UNSEEN = "trained here, even numbers"  # the half of the questions that no one looked at while mending


def keywords(linked: Linked, grammar: str) -> str:
    """A query line by the first keyword that is met: what one would write in an hour without a model."""
    words = set(linked.spelt)
    metrics, models = linked.tags("KX"), linked.tags("MPXT")
    models = [tag for tag in models if tag not in metrics or words & {"variant", "model"}]
    if len(metrics) > 1 and metrics[0] in models:
        metrics = metrics[1:]
    extreme = next((name for name, said in EXTREME.items() if words & said), None)
    if linked.tags("U") or words & {"why", "will", "should", "would"} or not (metrics or extreme or models):
        return " refuse"
    place = _place(linked, words)
    verb = _verb(linked, words, extreme, bool(place), len(models))
    if not metrics and verb.split()[0] in ("value", "mean", "count"):
        return " refuse"
    head, _, tail = verb.partition("|")
    metric = f" {metrics[0]}" if metrics else ""
    return f" {head}{metric}{tail}{place}{f' of {chr(32).join(models)}' if models else ''}"


def _verb(linked: Linked, words: set[str], extreme: str | None, placed: bool, models: int) -> str:
    """The beginning of the line, with a bar where the metric goes."""
    unit = next((unit for unit in UNITS if words & _called(unit)), None)
    numbers = linked.tags("N")
    if "many" in words and numbers and words & {"below", "under", "above", "over"}:
        return f"count {unit or 'case'}| {'below' if words & {'below', 'under'} else 'above'} {numbers[0]}"
    if words & {"better", "compare", "versus", "vs"} and models > 1:
        return "compare"
    if words & {"difference", "gap"} and models > 1:
        return "difference"
    if extreme and numbers and not placed and unit in ("batch", "case"):
        return f"list {unit}| {extreme} {numbers[0]}"
    if extreme and unit in ("batch", "case", "model"):
        return f"{extreme} {unit}"
    return f"mean {unit}" if words & {"average", "mean"} and unit in ("batch", "case") and not placed else "value"


def _place(linked: Linked, words: set[str]) -> str:
    numbers, cases = linked.tags("N"), linked.tags("C")
    if numbers and words & {"batch", "batches"}:
        return f" in batch {numbers[0]}"
    return f" in case {cases[0]}" if cases else ""


UNITS = ("batch", "case", "model", "group", "method", "corruption")
EXTREME = {
    "best": {"best"},
    "worst": {"worst"},
    "max": {"highest", "largest", "maximum", "max"},
    "min": {"lowest", "smallest", "minimum", "min"},
}
CALLED = {
    "case": {"image", "lesion", "picture", "images", "lesions", "pictures"},
    "group": {"subgroup"},
    "model": {"variant"},
}


def _called(unit: str) -> set[str]:
    return {unit, f"{unit}s", f"{unit}es", *CALLED.get(unit, set())}


def measured(session: Session, questions: Sequence[Mapping[str, Any]], show: Callable[[str], None]) -> dict[str, float]:
    """The scores of one way to write lines."""
    records, seconds = Records(Paths().recorded()), []
    kinds = {kind: sum(asked["expect"] == kind for asked in questions) for kind in ("answer", "refuse", "ambiguous")}
    found = dict.fromkeys(("valid", "queries", "answers", "wrong", "false_refusals", "refusals", "ambiguous"), 0)
    for asked in questions:
        began = time.perf_counter()
        answer = _asked(session, asked["question"])
        seconds.append(time.perf_counter() - began)
        found["valid"] += answer is not None and _valid(answer.line)
        found["wrong"] += sum(1 for _ in false_numbers(answer)) if answer else 0
        right = judge(asked, answer, records)
        if asked["expect"] == "answer":
            found["answers"] += right
            found["queries"] += bool(
                answer and answer.readings and same(asked["query"], describe(answer.readings[0].query))
            )
            found["false_refusals"] += answer is None or answer.status != "answer"
        else:
            found["refusals" if asked["expect"] == "refuse" else "ambiguous"] += right
        if not right:
            told = (answer.line, answer.text) if answer else ("", "no question")
            show(" | ".join([str(asked["id"]), asked["expect"], asked["question"], *told]))
    answerable = dict.fromkeys(("queries", "answers", "false_refusals"), kinds["answer"])
    shares = answerable | {"valid": len(questions), "refusals": kinds["refuse"], "ambiguous": kinds["ambiguous"]}
    scores = {name: round(found[name] / whole, 4) if whole else math.nan for name, whole in shares.items()}
    return scores | {
        "wrong": found["wrong"],
        "ms": round(1000 * statistics.median(seconds), 1),
        "questions": len(questions),
    }


def _asked(session: Session, question: str) -> Answer | None:
    """The answer to a question by itself, as of a new conversation; None where the question is refused as none."""
    session.before = None
    try:
        return session.ask(question)
    except GlassboxError:
        return None


def _valid(line: str) -> bool:
    try:
        language.parse(line or "refuse")
    except ValueError:
        return False
    return True


def judge(asked: Mapping[str, Any], answer: Answer | None, records: Records) -> bool:
    """Whether the answer is the right one for the kind of question."""
    if asked["expect"] == "refuse":
        return answer is None or answer.status == "refusal" or answer.line.strip() == "help"
    if answer is None or not answer.readings:
        return False
    if asked["expect"] == "ambiguous":
        readings = asked["query"].get("readings") or asked.get("readings", [])
        return answer.status == "ambiguous" or all(holds(answer, reading, records) for reading in readings)
    return answer.status == "answer" and holds(answer, asked["query"], records)


def holds(answer: Answer, query: Mapping[str, Any], records: Records) -> bool:
    """Whether the answer has the numbers and names that the query must give."""
    wanted = expected(records, query)
    rows = [row for reading in answer.readings for row in reading.told.rows]
    numbers = [float(row[key]) for row in rows for key in row if isinstance(row[key], int | float) and key != "row"]
    text = plain(answer.text if query["verb"] == "compare" else f"{answer.text} {json.dumps(rows)}")
    if query["verb"] == "compare":
        text = text.partition("better ")[2]
    signed = [abs(number) for number in numbers] if query["verb"] == "difference" else numbers
    return all(
        any(abs((abs(number) if query["verb"] == "difference" else number) - have) <= 1.01e-4 for have in signed)
        for number in wanted.numbers
    ) and all(set(plain(name).split()) <= set(text.split()) for name in wanted.names)


def plain(text: str) -> str:
    """Words alone."""
    return re.sub(r"[^a-z0-9.]+|\.(?![0-9])", " ", text.lower().replace("skin tone (ita)", "ita deg"))


def same(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether two typed queries ask for the same."""
    stems = [{re.sub(r"^n\.(?!$)|\.mean$", "", metric) for metric in query["metrics"]} for query in (wanted, found)]
    alike = stems[0] == stems[1] or not wanted["metrics"] or wanted["unit"] in ("group", "method", "corruption")
    turned = {wanted["verb"], found["aggregate"]} <= {"best", "worst", "max", "min"} or wanted["verb"] == found[
        "aggregate"
    ]
    models = set(wanted["models"]) <= set(found["models"])
    places = (list(map(int, wanted["batches"])), wanted["cases"]) == (found["batches"], found["cases"])
    tests = [list(condition) if condition else None for condition in (wanted["condition"], found["condition"])]
    return alike and turned and models and places and tests[0] == tests[1] and wanted["limit"] == found["limit"]


def false_numbers(answer: Answer) -> Iterator[str]:
    """Values in an answer's rows that their source, read again without the index, does not hold."""
    for reading in answer.readings:
        for row in reading.told.rows:
            if "metric" in row and "first" not in row and not _stands(row, row["value"]):
                yield f"{row['source']} {row['metric']}: {row['value']}"
            for prefix, value in (("", "first"), ("other_", "second")):
                if value in row and not _stands(
                    {k: row[f"{prefix}{k}"] for k in ("source", "metric", "row")}, row[value]
                ):
                    yield f"{row[f'{prefix}source']}: {row[value]}"


def _stands(row: Mapping[str, Any], value: float) -> bool:
    path = Path(row["source"])
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            cells = list(csv.DictReader(file))[row["row"] - 1]
        return float(cells[row["metric"]]) == value
    return any(
        key == row["metric"] and float(number) == value
        for key, number in _leaves(json.loads(path.read_text(encoding="utf-8")), "")
    )


def _leaves(node: object, key: str) -> Iterator[tuple[str, float]]:
    if isinstance(node, dict):
        for name, below in node.items():
            yield from _leaves(below, f"{key}.{name}" if key else name)
    elif isinstance(node, int | float):
        yield key, node


def main() -> None:
    """Print a line for each way to write query lines; with `--write`, keep them beside this file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("of", nargs="?", help="ignored: the table is one")
    parser.add_argument("--model", type=Path, action="append", default=[])
    parser.add_argument("--questions", choices=("odd", "even", "all"), default="all")
    parser.add_argument("--show", action="store_true", help="print every question that goes wrong")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="print the kept table and run nothing")
    options = parser.parse_args()
    if not options.markdown:
        _run(options)
    elif RESULT.exists():
        _print(pd.read_csv(RESULT))


def _run(options: argparse.Namespace) -> None:
    paths = Paths()
    asked = _read(REFERENCE)
    if options.questions != "all":
        asked = _half(asked, options.questions)
    embedded = Runner(paths.reader())
    known = teach.question_words(pieces(embedded))
    second = Classifier(read_arrays(paths.intents()))
    both = writer(embedded), second
    ways: dict[str, tuple[Writer, Classifier | None, Sequence[Mapping[str, Any]]]] = {"trained here": (*both, asked)}
    if options.questions == "all":
        ways[UNSEEN] = *both, _half(asked, "even")
        ways["trained here, everyday names"] = *both, _read(EVERYDAY)
        ways["trained here, fresh"] = *both, _read(FRESH)
        ways["trained here, evaluators"] = *both, _read(EVALUATORS)
        ways[f"{ALONE}, even numbers"] = writer(embedded), None, _half(asked, "even")
        ways[f"{ALONE}, fresh"] = writer(embedded), None, _read(FRESH)
        ways[f"{ALONE}, evaluators"] = writer(embedded), None, _read(EVALUATORS)
    ways[ALONE] = writer(embedded), None, asked
    ways["keywords"] = keywords, None, asked
    ways |= {path.name: (writer(Runner(path)), second, asked) for path in options.model}
    rows = []
    with closing(open_index(paths.index())) as index:
        for name, (write, reader, questions) in ways.items():
            show = _shown if options.show and name == "trained here" else _kept_quiet
            session = Session(index, known, write, embedded.rare, reader)
            rows.append({"lines by": name} | measured(session, questions, show))
    table = pd.DataFrame(rows)
    if options.write:
        write_csv(RESULT, table)
    _print(table)


def _read(path: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _half(asked: Sequence[Mapping[str, Any]], which: str) -> list[Mapping[str, Any]]:
    return [each for each in asked if each["id"] % 2 == (which == "odd")]


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1%}"


def _shown(line: str) -> None:
    print(line, file=sys.stderr)


def _kept_quiet(line: str) -> None:
    """Say nothing."""


def _print(table: pd.DataFrame) -> None:
    heads = {
        "answers": "right answers", "refusals": "right refusals", "false_refusals": "false refusals",
        "queries": "right queries", "valid": "valid lines", "wrong": "wrong numbers", "ms": "ms a question",
    }  # fmt: skip
    shares = ("answers", "refusals", "ambiguous", "false_refusals", "queries", "valid")
    columns = ["lines by", "answers", "refusals", "ambiguous", "wrong", "false_refusals", "queries", "valid", "ms"]
    print(f"| {' | '.join(heads.get(name, name) for name in columns)} |\n|{' --- |' * len(columns)}")
    for row in table.to_dict("records"):
        cells = [_share(row[name]) if name in shares else str(row[name]) for name in columns]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
