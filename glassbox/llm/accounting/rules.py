"""Words that change what is asked: each must be taken up by the line, or the question is refused.

A small model leaves out in silence what a line can't hold. Names and numbers aside, few words of English decide what a
question about records asks: what is counted or ranked (`which batch`, `how many cases`), ends (`worst`), statistics
(`median`), comparisons (`than its overall Dice`), distances (`closest to`), changes (`got worse after`), what is left
out (`all but`), and a second question. Each rule looks for one kind, and says what can be asked instead.
"""

from glassbox.llm.accounting import ends, half, lost, numbered, others, outside, things
from glassbox.llm.accounting.question import Question
from glassbox.llm.asked import Unanswerable
from glassbox.llm.language import Line
from glassbox.llm.linker import Linked

RULES = (*lost.RULES, *numbered.RULES, *things.RULES, *ends.RULES, *others.RULES, *outside.RULES, *half.RULES)


def refuse_unaccounted(line: Line, linked: Linked) -> None:
    """Raises `Unanswerable` for the first word that no part of the line takes up."""
    if line.apart or line.sized or line.verb in ("help", "refuse", "again"):
        return  # these take their questions up whole
    question = Question(line, linked)
    if question.follows:
        return
    for rule in RULES:
        if told := rule(question):
            raise Unanswerable(told)
