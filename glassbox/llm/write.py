"""Two ways to have a query line written: by the model trained here, on tokens, and by any chat model, on a prompt.

Both see the question with tags for its names and are held by the same grammar, so neither can write a name or a number
that the question does not hold.
"""

from collections.abc import Sequence

import numpy as np

from glassbox.llm import language, teach
from glassbox.llm.ask import Writer
from glassbox.llm.linker import Linked
from glassbox.llm.runner import Logits, Runner

MOST = 24  # tokens of a line, with some to spare
MOST_CHAT = 96  # another model's tokens are smaller
REFUSE = "refuse"
SURE = 0.75  # how probable a refusal is at least, where a question names a metric and a model and nothing unrecorded
TASK = (
    "You turn a question about recorded metrics of image models into one line of a query language. Names and "
    "numbers of the question are replaced by tags: M a model, P or X a model's purpose, X or K a metric, T a "
    "task, N a number, C a case, Q a condition, S a split, U something that is not recorded. Use the tags as they "
    "stand. Answer with the line alone; write refuse where the question can't be answered from recorded numbers."
)
EXAMPLES = (
    ("what was the X1 of the X1 variant on batch N1 ?", "value X1 in batch N1 of X1"),
    ("which batch did the X1 model do worst on ?", "worst batch of X1"),
    ("is P1 better than X1 on K1 , and is the difference significant ?", "compare K1 of P1 X1"),
    ("mean K1 of M1", "value K1 of M1"),
    ("how many images of M1 have K1 below N1", "count case K1 below N1 of M1"),
    ("the N1 best cases of M1 by K1", "list case K1 best N1 of M1"),
    ("average K1 over all batches of the P1 model on T1", "mean batch K1 of P1 T1"),
    ("by how much does M1 beat M2 in K1", "difference K1 of M1 M2"),
    ("K1 of C1 with M1", "value K1 in case C1 of M1"),
    ("which model has the highest K1 on T1", "max model K1 of T1"),
    ("and for batch N1 ?", "again in batch N1"),
    ("what was the U1 of M1", "refuse"),
    ("why is K1 so low", "refuse"),
    ("tell me a joke", "refuse"),
    ("what can i ask you", "help"),
)


def writer(runner: Runner) -> Writer:
    """How this model is asked for a line."""
    return _embedded(runner) if runner.is_embedded else _chat(runner)


def _embedded(runner: Runner) -> Writer:
    number = {piece: at for at, piece in enumerate(pieces(runner))}

    def write(linked: Linked, grammar: str) -> str:
        prompt, _ = teach.encoded(linked.tokens, (), number)
        line = runner.decode(prompt, grammar, MOST)
        named = linked.tags("KX") and linked.tags("MPXT") and not linked.tags("U")
        if line.strip() != REFUSE or not named or _share(runner.logits(prompt)[-1], number[f" {REFUSE}"]) >= SURE:
            return line
        return runner.decode(prompt, language.grammar(linked, refusing=False), MOST)

    return write


def _share(logits: Logits, token: int) -> float:
    """The softmax of the logits ``(V,)`` at a token."""
    return float(np.exp(logits[token] - np.logaddexp.reduce(logits)))


def _chat(runner: Runner) -> Writer:
    shots = [message for question, line in EXAMPLES for message in _exchange(question, line)]

    def write(linked: Linked, grammar: str) -> str:
        messages = [{"role": "system", "content": TASK}, *shots, {"role": "user", "content": " ".join(linked.spelt)}]
        return runner.chat(messages, grammar, MOST_CHAT)

    return write


def _exchange(question: str, line: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": f" {line}"}]


def pieces(runner: Runner) -> Sequence[str]:
    """The vocabulary of a model trained here, as `teach` made it."""
    return runner.vocabulary()
