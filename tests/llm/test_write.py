"""glassbox.llm.write: a refusal that the model is not sure of is written again."""

import numpy as np
import pytest

from glassbox.llm import language
from glassbox.llm.linker import Linked
from glassbox.llm.phrases import Meaning
from glassbox.llm.runner import Logits
from glassbox.llm.write import SURE, writer

PIECES = ("<unk>", "<s>", "</s>", "<asked>", " refuse", " value", *(f" {tag}" for tag in ("K1", "M1", "U1", "X1")))


class Stub:
    """A runner that refuses, as sure as it is told to be, and writes a value where it may not refuse."""

    is_embedded = True

    def __init__(self, sure: float, line: str = " refuse") -> None:
        self.sure, self.line = sure, line
        self.grammars: list[str] = []

    def vocabulary(self) -> tuple[str, ...]:
        return PIECES

    def decode(self, prompt: list[int], grammar: str, most: int) -> str:
        self.grammars.append(grammar)
        return " value K1 of M1" if "refuse" not in grammar else self.line

    def logits(self, prompt: list[int]) -> Logits:
        """Of every position; the last alone tells the token that comes next."""
        rest = (1 - self.sure) / (len(PIECES) - 1)
        last = np.log([self.sure if piece == " refuse" else rest for piece in PIECES]) + 3
        return np.stack([np.zeros(len(PIECES)), last])


def question(*tags: str) -> Linked:
    meanings = {tag: Meaning(metrics={("dice",)} if tag[0] == "K" else set()) for tag in tags}
    return Linked(tags, tags, meanings, {}, ())


@pytest.mark.parametrize(
    ("sure", "tags", "line"),
    [
        (SURE - 0.05, ("K1", "M1"), " value K1 of M1"),
        (SURE - 0.05, ("X1", "M1"), " value K1 of M1"),
        (SURE + 0.05, ("K1", "M1"), " refuse"),
        (0.1, ("K1", "M1", "U1"), " refuse"),  # something that is not recorded
        (0.1, ("K1",), " refuse"),  # no model
        (0.1, ("M1",), " refuse"),  # no metric
    ],
)
def test_a_refusal_that_is_not_sure_is_written_again(sure: float, tags: tuple[str, ...], line: str) -> None:
    """Where a metric and a model are named, and nothing that is not recorded: then without the choice to refuse."""
    runner, linked = Stub(sure), question(*tags)
    assert writer(runner)(linked, language.grammar(linked)) == line  # type: ignore[arg-type]
    again = [language.grammar(linked, refusing=False)] if line != " refuse" else []
    assert runner.grammars == [language.grammar(linked), *again]


def test_any_other_line_stays() -> None:
    runner, linked = Stub(0.1, " value K1"), question("K1", "M1")
    assert writer(runner)(linked, language.grammar(linked)) == " value K1"  # type: ignore[arg-type]
    assert len(runner.grammars) == 1


def test_the_grammar_of_one_that_asks_holds_no_refusal() -> None:
    """And every rule of the other."""
    linked = question("K1", "M1")
    asking, both = (language.grammar(linked, refusing=refusing).splitlines() for refusing in (False, True))
    assert not any(word in "".join(asking) for word in ("refuse", "help"))
    assert [line for line in both if line not in asking] == [line for line in both if line.startswith("root ")]
