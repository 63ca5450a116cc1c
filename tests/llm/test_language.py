"""glassbox.llm.language: what can be written about a question, and taken apart again."""

import random
import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.llm import language
from glassbox.llm.language import Line, parse
from glassbox.llm.linker import Linked
from glassbox.llm.numbers import Number
from glassbox.llm.phrases import Meaning

KINDS = "MPXTKQSCNU"
WRITTEN = "MPXTKCN"  # the rest steer the query, and are never written


def linked(*tags: str) -> Linked:
    """A question of nothing but these tags."""
    meanings = {tag: Meaning() for tag in tags if tag[0] != "N"}
    return Linked(tags, tags, meanings, {tag: Number(float(tag[1]), False) for tag in tags if tag[0] == "N"}, ())


LINES = [
    ("refuse", Line("refuse")),
    ("help", Line("help")),
    ("again", Line("again")),
    ("value X1 in batch N1 of X1", Line("value", metrics=("X1",), place="batch", at=("N1",), models=("X1",))),
    ("value K1 K2 K3 of M1 P1", Line("value", metrics=("K1", "K2", "K3"), models=("M1", "P1"))),
    ("worst batch of X1", Line("worst", unit="batch", models=("X1",))),
    ("min case K1", Line("min", unit="case", metrics=("K1",))),
    ("count case K1 below N1 of M1", Line("count", "case", ("K1",), test="below", bounds=("N1",), models=("M1",))),
    ("count model K1 between N1 N2", Line("count", "model", ("K1",), test="between", bounds=("N1", "N2"))),
    ("list batch K1 worst N1 of M1", Line("list", "batch", ("K1",), order="worst", limit="N1", models=("M1",))),
    ("list case max in batch N2", Line("list", "case", order="max", place="batch", at=("N2",))),
    ("list case K1 most N1", Line("list", "case", ("K1",), test="most", bounds=("N1",))),
    (
        "list case K1 least N9 in batch N1",
        Line("list", "case", ("K1",), test="least", bounds=("N9",), place="batch", at=("N1",)),
    ),
    ("compare K1 of P1 X1", Line("compare", metrics=("K1",), models=("P1", "X1"))),
    (
        "difference K1 in case C1 C2 of M1",
        Line("difference", metrics=("K1",), place="case", at=("C1", "C2"), models=("M1",)),
    ),
    ("again in batch N1", Line("again", place="batch", at=("N1",))),
    ("again worst batch K1", Line("again", "batch", ("K1",), order="worst")),
    ("again mean", Line("again", order="mean")),
    ("again of T1", Line("again", models=("T1",))),
    ("list task", Line("list", "task")),
    ("best corruption K1 of T1", Line("best", "corruption", ("K1",), models=("T1",))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), LINES)
def test_a_line_is_taken_apart(text: str, line: Line) -> None:
    """Every part lands where it is meant, and together they say the same again."""
    assert parse(text) == line
    assert said(line) == text


@pytest.mark.parametrize(
    "text", ["", "  ", "K1 of M1", "Value K1", "value dice", "value K1 of isic", "value K1 in", "value K1 of M1 K2",
             "best batch K1 worst N1", "value K1 KK", "refuse please", "of M1"],
)  # fmt: skip
def test_what_is_no_line_is_refused(text: str) -> None:
    """A `ValueError`, whatever the fault."""
    with pytest.raises(ValueError):
        parse(text)


def said(line: Line) -> str:
    """A line in words again."""
    first = [line.verb, *([line.order] if line.verb == "again" else []), line.unit, *line.metrics]
    ranked = [line.order, line.limit] if line.verb != "again" else []
    place = ["in", line.place, *line.at] if line.place else []
    models = ["of", *line.models] if line.models else []
    return " ".join(word for word in [*first, *ranked, line.test, *line.bounds, *place, *models] if word)


def rules_of(grammar: str) -> dict[str, str]:
    return dict(line.split(" ::= ", 1) for line in grammar.splitlines())


def written(name: str, rules: Mapping[str, str], rng: random.Random) -> str:
    """One text that a rule of GBNF lets through, drawn."""
    tokens = re.findall(r'"[^"]*"|[a-z]+|\S', rules[name])
    assert "".join(tokens).replace(" ", "") == rules[name].replace(" ", "")
    text = _branch(tokens, rules, rng)
    assert not tokens, f"{name}: {tokens} is left over"
    return text


def _branch(tokens: list[str], rules: Mapping[str, str], rng: random.Random) -> str:
    branches = [""]
    while tokens and tokens[0] != ")":
        token = tokens.pop(0)
        if token == "|":
            branches.append("")
            continue
        if token == "(":
            piece = _branch(tokens, rules, rng)
            assert tokens.pop(0) == ")"
        else:
            piece = token[1:-1] if token[0] == '"' else written(token, rules, rng)
        if tokens and tokens[0] == "?":
            piece = piece if rng.random() < 0.5 else ""
            tokens.pop(0)
        branches[-1] += piece
    return rng.choice(branches)


TAGS = st.sets(st.sampled_from([f"{kind}{number}" for kind in KINDS for number in (1, 2, 9)]))


@given(tags=TAGS, seed=st.integers(0, 2**32))
def test_every_line_of_the_grammar_is_taken_apart(tags: set[str], seed: int) -> None:
    """And says the same again; it begins with a space, as the pieces of the vocabulary do."""
    rng, rules = random.Random(seed), rules_of(language.grammar(linked(*sorted(tags))))
    for _ in range(10):
        text = written("root", rules, rng)
        assert re.fullmatch(r"( \w+)+", text)
        assert said(parse(text)) == text[1:]


@given(TAGS)
def test_a_grammar_holds_the_tags_of_its_question_alone(tags: set[str]) -> None:
    """Each that can be written, and no other; no name, no digit and nothing quoted but words of the language."""
    quoted = set(re.findall(r'"([^"]*)"', language.grammar(linked(*sorted(tags)))))
    words = {f" {word}" for word in language.WORDS}
    assert quoted - words == {f" {tag}" for tag in tags if tag[0] in WRITTEN}
    assert {" refuse", " help"} <= quoted


@given(TAGS)
def test_a_grammar_is_whole(tags: set[str]) -> None:
    """Every rule that is named is there, every rule is reached from the root, and none is given twice."""
    text = language.grammar(linked(*sorted(tags)))
    rules = rules_of(text)
    assert len(rules) == len(text.splitlines())
    reached, waiting = set[str](), ["root"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += re.findall(r"[a-z]+", re.sub(r'"[^"]*"', "", rules[name]))
    assert reached == set(rules)


CAN = [
    ("K1 M1", "value K1 of M1"),
    ("K1", "value K1"),
    ("X1", "value X1 of X1"),
    ("X1 T1 N1", "worst batch X1 in batch N1 of T1 X1"),
    ("K1 K2 K3 N1 N2 M1 M2 P1 T1", "value K1 K2 K3 in batch N1 N2 of M1 M2 P1 T1"),
    ("M1", "worst batch of M1"),
    ("", "list model"),
    ("", "count task"),
    ("K1 N1 N2 M1", "count case K1 between N1 N2 of M1"),
    ("K1 N1 M1", "list batch K1 worst N1 of M1"),
    ("K1 N1 N2 M1", "list case K1 below N1 in batch N2 of M1"),
    ("K1 C1 M1 M2", "compare K1 in case C1 of M1 M2"),
    ("M1 M2", "compare of M1 M2"),
    ("K1 M1", "min group K1 of M1"),
    ("K1 M1", "median batch K1 of M1"),
    ("N1", "again in batch N1"),
    ("", "again worst"),
]
CANNOT = [
    ("", "value"),
    ("", "value K1"),
    ("K1", "value K2"),
    ("K1", "value K1 of M1"),
    ("K1 N1", "value K1 of N1"),
    ("M1 N1", "count case below N1"),
    ("K1", "mean K1"),
    ("K1 M1", "value M1 of K1"),
    ("P1", "value P1"),
    ("K1 N1", "value K1 in case N1"),
    ("K1 Q1 S1 U1", "value Q1"),
    ("K1 M1", "refuse K1"),
]


def pattern(name: str, rules: Mapping[str, str]) -> str:
    """A rule as a regular expression: no rule holds itself."""

    def token(found: re.Match[str]) -> str:
        if found[1]:
            return found[1].replace(" ", r"\s")
        return f"(?:{pattern(found[2], rules)})" if found[2] else "(?:"

    return re.sub(r'"([^"]*)"|([a-z]+)|\(', token, rules[name]).replace(" ", "")


@pytest.mark.parametrize(
    ("tags", "line", "writable"), [*((*can, True) for can in CAN), *((*cannot, False) for cannot in CANNOT)]
)
def test_what_can_be_written(tags: str, line: str, writable: bool) -> None:
    """A line that the question's tags allow, and none that lacks what it needs or names what is not there."""
    grammar = pattern("root", rules_of(language.grammar(linked(*tags.split()))))
    assert bool(re.fullmatch(grammar, f" {line}")) == writable
