"""What a question says has to be taken up by the intent that the second reader gives it: each twist, beside none."""

import sqlite3
from dataclasses import dataclass

import pytest

from glassbox.llm.ask import Answer, Session
from glassbox.llm.catalogue import load
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.heeded import Heeded
from glassbox.llm.intents.intent import Intent
from glassbox.llm.intents.slots import Names
from glassbox.llm.linker import link
from glassbox.llm.phrases import of

TWISTED = [  # intent, a question that it may be of, and one that it is not of
    ("value", "recall", "what share of the spot is found", "what share of the spot is missed"),
    ("value", "recall", "how much does it cover", "how much does it fail to cover"),
    ("value", "specificity", "how much healthy skin stays unmarked", "how much healthy skin does not stay so"),
    ("value", "per_class.@.precision", "what share of debris calls is right", "what share of debris calls is wrong"),
    ("value", "n.failures", "how many fail", "how many do not fail"),
    ("list model above 0", "n.missed", "which models missed a lesion", "which models missed no lesion"),
    ("count case between N N", "dice", "how many from 0.7 to 0.8", "how many outside 0.7 to 0.8"),
    ("value", "hair.yes.dice", "dice with hair", "dice without hair"),
    ("value", "fn", "how many dots did it not find", "how many dots did it not miss"),
    ("value", "points.rule-in.fp", "how many false alarms at rule-in", "what share of false alarms at rule-in"),
    ("list model best N", "failure_rate", "the 2 best models", "models, the 2 worst"),
    ("value", "dice recall", "dice and recall of skin-base", "dice and precision of skin-base"),
    ("min model", "after.ece", "lowest calibration error after the fix", "lowest expected calibration error"),
    ("max case", "fp", "which case has the most false dots", "which case has the fewest false dots"),
    ("best model", "after.ece", "the model of smallest gap when corrected", "the model of largest gap when corrected"),
    ("best model", "recall", "which finds most", "which finds worst"),
    ("max task", "cases.test", "which has the largest test set", "which has the smallest test set"),
    ("worst model", "failure_rate", "the worst of all", "the best of all"),
    ("max case", "fp", "which has the most", "which has the least"),
    ("best method", "sensitivity", "the method of lowest sensitivity", "the worst method by sensitivity"),
    ("best model", "temperature", "the best of all", "the worst of all"),
    ("value", "before.ece after.ece", "both calibration errors", "the upper bound of the calibration error"),
    ("max batch", "nll", "which batch has the highest nll", "which batch has the lowest nll"),
    ("value", "recall", "how many per cent of the spot", "how many dots of the spot"),
    ("count batch least N", "accuracy", "how many batches reach 0.9", "what share of batches reaches 0.9"),
    ("value", "dice.ci_low", "lower bound of dice", "dice"),
    ("value", "duplicates.near_across", "how many near copies", "how many duplicates"),
    ("count case above N", "nll", "how many above 2", "how many above two and a half"),
    ("value", "caught", "caught when a fifth is reviewed", "caught when half is reviewed"),
    ("worst case", "dice", "the worst case", "the 10th worst case"),
    ("best model", "after.ece", "best calibrated of all", "best calibrated segmentation model"),
    ("value", "dice", "dice of skin-base", "relative dice of skin-base"),
    ("max model", "dice", "the best skin model", "the best skin model after skin-base"),
    ("count case between N N", "dice", "between 0.1 and 0.2", "within 0.1 of 0.2"),
    ("worst corruption", "dice", "which corruption hurts dice", "which corruption hurts dice least"),
    ("value", "specificity", "healthy share left alone", "false negative rate"),
    ("value", "per_class.@.f1", "f1 of debris", "f1 of debris at rule-in"),
    ("value", "threshold", "threshold used", "threshold before calibration"),
    ("value", "cases.train", "how many for training", "how many test pictures are also in training"),
    ("max case", "nll", "the largest surprise", "the largest surprise among correctly classified tiles"),
    ("count case above N", "nll", "how many above 2", "how many debris tiles above 2"),
    ("value", "tta.dice", "flips averaged", "recall with flips averaged"),
    ("value", "f1", "f1 score", "f2 score"),
    ("value", "per_class.@.support", "how many tiles are debris", "how many tiles are called debris"),
    ("value", "points.rule-in.fp", "false alarms at rule-in", "errors of both kinds at rule-in"),
]  # fmt: skip


@pytest.fixture(scope="module")
def heeded(records: sqlite3.Connection, words: frozenset[str]) -> "Ask":
    return Ask(records, words)


@dataclass(frozen=True)
class Ask:
    """Whether all is heeded in a question, with a class `debris` beside the invented records."""

    records: sqlite3.Connection
    words: frozenset[str]

    def __call__(self, shape: str, keys: str, question: str) -> bool:
        catalogue = load(self.records)
        names = Names(catalogue)
        names.known["debris"] = ("<class>", "debris")  # type: ignore[index]
        linked = link(question, of(catalogue), catalogue, self.words)
        return Heeded(Intent.read(shape, keys), names.slotted(question), linked).all_heeded


@pytest.mark.parametrize(
    ("shape", "keys", "question"),
    [("count case most N", "dice", "how many do not pass 0.5"), ("value", "hair.no.dice", "dice without hair"),
     ("count case equal 0", "detected", "how many were not found")],
)  # fmt: skip
def test_an_intent_may_deny_by_itself(heeded: Ask, shape: str, keys: str, question: str) -> None:
    assert heeded(shape, keys, question)


@pytest.mark.parametrize(("shape", "keys", "plain", "twisted"), TWISTED)
def test_a_twist_is_not_lost(heeded: Ask, shape: str, keys: str, plain: str, twisted: str) -> None:
    if keys == "dice.ci_low":  # a bound may be told of more than was asked, and not the other way round
        assert heeded(shape, keys, plain) and not heeded(shape, "dice", plain)
        return
    assert heeded(shape, keys, plain)
    assert not heeded(shape, keys, twisted)


def test_two_conditions_have_to_stand_in_the_keys(heeded: Ask) -> None:
    question = "dice of contrast low and size low"
    assert not heeded("value", "contrast.low.dice", question)
    assert heeded("value", "contrast.low.dice size.low.dice", question)


def test_a_question_whose_twist_is_lost_is_left_to_the_first_reader(
    records: sqlite3.Connection, words: frozenset[str]
) -> None:
    @dataclass(frozen=True)
    class Told(Classifier):
        def told(self, text: str) -> list[tuple[Intent, float]]:
            return [(Intent.read("value", "dice"), 0.99)]

    def asked(question: str) -> Answer:
        write = lambda linked, _: "value K1 of M1" if linked.tags("K") else "refuse"  # noqa: E731
        return Session(records, words, write, intents=Told({})).ask(question)

    assert asked("How snugly do the shapes of skin-base sit?").status == "answer"
    assert asked("How snugly do shapes of skin-base that are not failures sit?").status == "refusal"
