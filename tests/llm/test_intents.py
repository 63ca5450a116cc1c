"""Intents: slots, labels, plain questions, and the network computed with NumPy alone."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.artifacts import Paths
from glassbox.errors import GlassboxError
from glassbox.llm.catalogue import Catalogue, Entry, Known
from glassbox.llm.intents import features, heard, lessons
from glassbox.llm.intents.classifier import Classifier
from glassbox.llm.intents.intent import Intent
from glassbox.llm.intents.plain import Unfit, plain
from glassbox.llm.intents.reader import meant
from glassbox.llm.intents.slots import Names
from glassbox.nets import intents
from glassbox.params import Intents as Plan
from glassbox.training import determinism, fit_intents

TOP = Path(__file__).parents[2]
SIZES = intents.Sizes(buckets=64, width=8, filters=5, runs=4, dropout=0.3)


@pytest.fixture(scope="module")
def names() -> Names:
    """Two models of one task, a classifier with two classes, three cases."""
    of_class = ("debris", "cancer-stroma")
    entries = tuple(
        Entry("tissue-base", "tissue", "test", f"per_class.{name}.recall", "metrics/tissue-base.json", "whole")
        for name in of_class
    )
    models = {
        "skin-base": Known("skin", "base"),
        "skin-recall": Known("skin", "recall"),
        "tissue-base": Known("tissue", "base"),
    }
    cases = {"skin": ("ISIC_0012", "ISIC_0034"), "tissue": ("test-007",)}
    return Names(Catalogue(models, ("skin", "tissue"), entries, {}, cases))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Dice of SKIN-RECALL on isic_0012?", "dice of <model> on <case> ?"),
        ("skin: more than 2,000 moles, or .5?", "<task> : more than # moles , or # ?"),
        ("recall of cancer stroma in test-007", "recall of <class> in <case>"),
        ("# of batches, the 3 best", "number of batches , the # best"),
        ("a 40-hair picture, 80% or jpeg50", "a # - hair picture , # % or jpeg50"),
        ("skin-based skins", "skin-based skins"),
    ],
)
def test_names_and_numbers_give_way_to_slots(names: Names, question: str, text: str) -> None:
    assert names.slotted(question).text == text


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("batches 3 and 14, above 80 percent", [("3", False, True), ("14", False, True), ("80", True, False)]),
        ("the three best above .75", [("3", False, False), ("0.75", False, False)]),
        ("batch number 8 with 2,500 pixels", [("8", False, True), ("2500", False, False)]),
        ("no number", []),
    ],
)
def test_a_number_is_kept_with_what_it_is_of(
    names: Names, question: str, numbers: list[tuple[str, bool, bool]]
) -> None:
    assert [(n.text, n.percent, n.of_batch) for n in names.slotted(question).numbers] == numbers


@pytest.mark.parametrize(
    "label",
    ["value", "value in batch", "count case below N", "count case equal 0", "list batch worst N", "list group max",
     "count case between N N", "count case least N in batch", "compare", "refuse", "ambiguous"],
)  # fmt: skip
def test_a_shape_reads_back_as_it_is_written(label: str) -> None:
    assert Intent.read(label, "dice iou").shape == label


@pytest.mark.parametrize("label", ["dance", "value everywhere", "count case below N somewhere", "value in case"])
def test_a_shape_that_is_none_is_refused(label: str) -> None:
    with pytest.raises(GlassboxError, match="intent"):
        Intent.read(label, "dice")


@pytest.mark.parametrize(
    ("shape", "keys", "same", "so"),
    [
        ("worst case", "hd95_px", "max case", "hd95_px"),  # less is better
        ("best model", "dice", "max model", "dice"),
        ("list batch worst N", "contrast.low.iou", "list batch min N", "contrast.low.iou"),
        ("difference", "iou dice", "difference", "dice iou"),
        ("max group", "dice", "max group", "dice"),
        ("value", "recall", "mean case", "recall"),
    ],
)
def test_intents_that_ask_for_the_same_mean_the_same(shape: str, keys: str, same: str, so: str) -> None:
    assert meant(Intent.read(shape, keys)) == meant(Intent.read(same, so))


@pytest.mark.parametrize(
    ("shape", "keys", "other", "of"),
    [
        ("worst case", "hd95_px", "min case", "hd95_px"),
        ("best method", "sensitivity", "max method", "sensitivity"),  # of explanations less is better
        ("best model", "temperature", "max model", "temperature"),  # neither is better
        ("worst batch", "dice", "worst case", "dice"),
        ("value", "dice", "mean batch", "dice"),
        ("value", "fn", "mean case", "fn"),  # of a whole split they are added up
        ("worst group", "dice.ci_low", "min group", "dice.ci_low"),
    ],
)
def test_intents_that_ask_for_another_thing_do_not(shape: str, keys: str, other: str, of: str) -> None:
    assert meant(Intent.read(shape, keys)) != meant(Intent.read(other, of))


RECORDED = {"dice", "jpeg.25.dice", "jpeg.50.dice", "noise.0.12.dice", "none.dice"}


@pytest.mark.parametrize(
    ("shape", "keys", "question", "said"),
    [
        ("value", "dice", "overlap of skin-base", "dice of skin-base"),
        ("value in batch", "dice", "overlap in batch 7", "dice of skin-base in batch 7"),
        ("value case", "dice", "overlap on ISIC_0012", "dice of skin-base in case ISIC_0012"),
        ("value", "jpeg.#.dice", "overlap at jpeg 25", "dice jpeg 25 of skin-base"),
        ("value", "noise.#.dice", "overlap under noise of .12", "dice noise 0.12 of skin-base"),
        ("difference", "none.dice jpeg.#.dice", "what jpeg 50 costs",
         "difference between dice none and dice jpeg 50 of skin-base"),
        ("value", "before.ece", "ece before scaling", "ece before calibration of skin-base"),
        ("value", "dice.ci_low dice.ci_high", "95 % bounds", "dice of skin-base"),
        ("value", "dice.ci_low", "the lower bound", "dice lower bound of skin-base"),
        ("value", "per_class.@.recall", "cancer stroma found", "recall of cancer-stroma of skin-base"),
        ("count case below N", "dice", "how many under 80 %", "how many cases of skin-base have dice below 80 %"),
        ("count case between N N", "dice", "80 to 90 %", "how many cases of skin-base have dice between 80 % and 90 %"),
        ("count case equal 0", "detected", "how many lost", "how many cases of skin-base were not detected"),
        ("list case equal 1", "correct", "which are right",
         "list the cases of skin-base that were classified correctly"),
        ("list batch worst N", "dice", "three weakest", "list the 3 worst batches of skin-base by dice"),
        ("list batch max N", "fn", "3 with most lost", "list the 3 highest batches of skin-base by fn"),
        ("list task above N", "cases.test", "over 600",
         "list the tasks of skin-base with more than 600 test cases"),
        ("max task", "cases.train", "largest", "which task has the most train cases"),
        ("worst batch", "hd95_px", "farthest off", "which batch of skin-base has the worst hd95 px"),
        ("mean batch", "dice", "on average", "the mean dice over the batches of skin-base"),
        ("sum batch in batch", "fp", "in batches 3 and 4", "the sum fp of skin-base in batch 3 and batch 4"),
        ("compare in batch", "dice", "batch 3 or 4", "compare dice between batch 3 and batch 4 of skin-base"),
        ("count group", "none", "how many strata", "how many groups of skin-base are there"),
        ("value", "hd95_px", "95 % Hausdorff in 2018", "hd95 px of skin-base"),
        ("count case most N", "dice", "how many do not pass 0.5", "how many cases of skin-base have dice at most 0.5"),
        ("count case between N N", "dice", "0.5-0.7", "how many cases of skin-base have dice between 0.5 and 0.7"),
        ("count case below N", "gain", "under -0.1", "how many cases of skin-base have gain below -0.1"),
        ("list case worst N", "dice", "the three worst of the two sets", "list the 3 worst cases of skin-base by dice"),
        ("max task", "duplicates.exact_across", "most in two sets",
         "which task has the most exact duplicates across splits"),
        ("value", "caught", "caught by one in five", "caught of skin-base"),
        ("value", "recall", "how many in every hundred", "recall of skin-base"),
        ("value", "samples", "how many are planned", "samples in the augmentation plan of skin-base"),
        ("count case above N", "fn", "over forty dots", "how many cases of skin-base have fn above 40"),
    ],
)  # fmt: skip
def test_an_intent_is_put_in_plain_words(names: Names, shape: str, keys: str, question: str, said: str) -> None:
    intent = Intent.read(shape, keys)
    assert plain(intent, names.slotted(question), ["skin-base"], RECORDED.__contains__) == said


@pytest.mark.parametrize(
    ("shape", "keys", "question"),
    [
        ("value", "dice", "dice of 7 models"),  # a number that no place is for
        ("count case below N", "dice", "how many are poor"),  # a bound that is not told
        ("count case below N", "dice", "how many under 0.5 or 0.6"),
        ("value", "jpeg.#.dice", "dice at jpeg 30"),  # a strength that is not recorded
        ("value in batch", "dice", "dice of the batch"),
        ("list case worst N", "dice", "the worst above 0.5"),
        ("value", "per_class.@.recall", "recall of a class"),
        ("count case below N", "none", "how many under 0.5"),
        ("value", "none", "what of it"),
        ("difference in batch", "dice", "batch 3 and 4, and ISIC_0012"),  # three places
        ("worst case in batch", "dice", "in batches 3 and 4"),  # of which one would be told
        ("count case below N in batch", "dice", "under 0.5 in batch 3 and batch 4"),
        ("count case below N", "dice", "how many did not fall below 0.5"),
        ("count case equal 1", "correct", "how many were not right"),
        ("count case above 1000", "fn", "how many are large"),  # a bound that nobody told
        ("count task above N", "cases.test", "over fifteen hundred"),
        ("value", "recall", "how many of three hundred"),
        ("count batch below N", "dice", "with five pictures under 0.8"),  # a second number
        ("list case worst N below N", "dice", "the 3 worst under 0.5"),
        ("min case below N", "dice", "lowest under 0.5"),
        ("value", "per_class.@.recall", "recall of debris and of cancer stroma"),
        ("compare", "dice", "is it better"),  # than what
        ("max case", "dice iou", "where both are highest"),
    ],
)
def test_names_and_numbers_that_do_not_fit_give_no_plain_question(
    names: Names, shape: str, keys: str, question: str
) -> None:
    with pytest.raises(Unfit):
        plain(Intent.read(shape, keys), names.slotted(question), ["skin-base"], RECORDED.__contains__)


@given(st.text(max_size=80))
def test_any_text_is_encoded_into_its_buckets(text: str) -> None:
    pieces = features.encoded(text, 64)
    assert pieces.shape[1] == features.PIECES and len(pieces) <= features.LONGEST
    assert ((pieces >= 0) & (pieces < 64)).all() and (pieces[:, 0] > 0).all()


def test_a_slip_of_the_finger_leaves_most_of_a_word() -> None:
    """Against another word of the same length."""
    right, slip, other = (set(features.encoded(word, 8192)[0]) for word in ("sensitivity", "sensitivty", "probability"))
    assert len(right & slip) > 2 * len(right & other)


@pytest.mark.parametrize("text", ["dice of <model>", "a", "", "how much of the lesion does <model> find in batch # ?"])
def test_numpy_computes_what_the_network_does(text: str) -> None:
    """From the stored half-precision weights, on both sides."""
    keras.utils.set_random_seed(3)
    network = intents.build(SIZES, {"shape": 6, "keys": 9})
    stored = {name: value.astype(np.float32) for name, value in intents.weights(network).items()}
    network.get_layer("pieces").embeddings.assign(stored["pieces"])
    for name in stored:
        layer, _, kind = name.partition(".")
        if kind:
            getattr(network.get_layer(layer), kind).assign(stored[name])
    pieces = features.encoded(text, SIZES.buckets)
    wanted = network.predict_on_batch(fit_intents.stacked([pieces]))
    shape, keys = Classifier(stored).logits(text)
    assert np.allclose(shape, wanted["shape"][0], atol=1e-5) and np.allclose(keys, wanted["keys"][0], atol=1e-5)


def questions() -> list[lessons.Heard]:
    told = {"dice": "how well do outlines overlap", "recall": "how much is found", "ece": "how honest are its chances"}
    return [
        (Intent.read(shape, key), f"{begin} {said} {end}")
        for key, said in told.items()
        for shape, begin in (("value", "tell me"), ("worst batch", "in which batch is worst"))
        for end in ("", "please", "of <model>", "for <task>", "now")
    ]


def taught(seed: int) -> tuple[Classifier, fit_intents.Questions, keras.Model]:
    determinism.pin(seed)
    labels = lessons.labels(questions())
    model = intents.build(SIZES.model_copy(update={"buckets": 512}), {head: len(of) for head, of in labels.items()})
    known = fit_intents.Questions(*lessons.encoded(questions(), labels, 512))
    plan = PLAN.model_copy(update={"passes": 60})
    history = fit_intents.fit(model, plan, known, known, seed, lambda line: None)
    assert list(history.columns) == ["pass", "loss", "exact"] and len(history) == 60
    return Classifier(intents.weights(model) | lessons.named(labels)), known, model


PLAN = Plan(
    passes=1, batch=6, learning_rate=0.01, warmup_steps=5, weight_decay=0.0, smoothing=0.0, thinned=0.05, held_out=0.1,
    architecture={},
)  # fmt: skip


def test_a_network_learns_what_questions_ask_for_and_does_so_again() -> None:
    """Every question it was taught, told with NumPy; the same bits from the same seed."""
    told, known, model = taught(5)
    assert fit_intents.exact(model, known) == 1.0
    for intent, text in questions():
        (found, share), *others = told.told(text)
        assert sum(left for _, left in others) < share + sum(left for _, left in others) <= 1.001
        assert (found.shape, found.keys) == (intent.shape, intent.keys) and 0.3 < share <= 1
    again, _, _ = taught(5)
    assert all((told.arrays[name] == again.arrays[name]).all() for name in told.arrays)


def test_held_out_questions_are_none_of_those_that_are_learned_from() -> None:
    first, second = lessons.split(questions(), 0.2, 1)
    assert len(second) == 6 and len(first) == 24
    assert not {text for _, text in first} & {text for _, text in second}
    assert lessons.split(questions(), 0.2, 1) == (first, second) != lessons.split(questions(), 0.2, 2)


def test_a_label_of_one_question_is_not_learned() -> None:
    rare = [*questions(), (Intent.read("median case", "nll"), "the middle one")]
    labels = lessons.labels(rare)
    assert "median case" not in labels["shape"] and "nll" not in labels["keys"]
    assert len(lessons.encoded(rare, labels, 64)[0]) == len(questions())


@pytest.mark.parametrize("text", ["how much\n", "[dance | dice]\nhow much\n"])
def test_a_question_below_no_intent_is_refused(text: str) -> None:
    with pytest.raises(GlassboxError, match=re.escape("some.txt: line")):
        list(heard.read(text, "some.txt"))


def test_the_questions_heard_hold_slots_in_the_place_of_names() -> None:
    """No name of a model, of a task or of a case, none twice, and every file is read whole."""
    found = [
        one
        for path in sorted(Paths(TOP).heard().glob("*.txt"))
        for one in heard.read(path.read_text("utf-8"), path.name)
    ]
    assert len(found) > 50_000
    assert len({(intent, text) for intent, text in found}) == len(found)
    named = re.compile(r"\b(isic|phantom|drive|pathmnist|pneumoniamnist|chest-xray)\b")
    assert not [text for _, text in found if named.search(text)]
