"""glassbox.llm.linker: the names of the index in a question become tags, and nothing else does."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glassbox.llm import phrases
from glassbox.llm.catalogue import Catalogue, Entry, Known
from glassbox.llm.linker import Linked, link

MODELS = {f"lung-{purpose}": Known("lung", purpose) for purpose in ("balanced", "base", "precision", "recall")} | {
    "lung-2018-base": Known("lung-2018", "base"),
    "eye-base": Known("eye", "base"),
    "odd-one": Known("eye", None),
}
TABLED = ("dice", "iou", "precision", "recall", "hd95_px", "gloss_index")
WHOLE = (
    "n.missed", "failure_rate", "after.ece", "temperature", "contrast.low.dice.mean", "contrast.high.dice.mean",
    "blur.2.dice.mean", "ruler.yes.dice.mean", "ruler.no.dice.mean",
)  # fmt: skip
CASES = {"lung": ("LUNG_0000007", "LUNG_0012086"), "eye": ("eye-test-0003", "eye-test-0012", "eye-test-0103")}
SENTENCE = """
    a above after and any are as at average batch batches below best better between by case cases compare did difference
    do does equal for from had has have highest how image images in interval is it least less list lowest many mean
    model models more most no number of on one or over set task test than the there 's top variant was what which with
    worst network wise tuned trained confidence percent reset ? , two three dozen fifteen half
"""
VOCABULARY = frozenset(SENTENCE.split())
TAG = re.compile(r"[MPXTKQSCNU][1-9]")


def entries(model: str, task: str) -> list[Entry]:
    tables = [
        Entry(model, task, "test", key, f"{level}/{model}.csv", level) for key in TABLED for level in ("batch", "case")
    ]
    keys = [*(f"{key}.mean" for key in TABLED), *WHOLE]
    return tables + [Entry(model, task, "test", key, f"{model}.json", "whole") for key in keys]


CATALOGUE = Catalogue(
    MODELS,
    ("eye", "lung", "lung-2018"),
    tuple(entry for model, known in MODELS.items() for entry in entries(model, known.task)),
    {model: tuple(range(20)) for model in MODELS},
    CASES,
)
PHRASES = phrases.of(CATALOGUE)


def tagged(question: str) -> Linked:
    return link(question, PHRASES, CATALOGUE, VOCABULARY)


NAMES = [
    ("what is the dice of lung-recall", "what is the K1 of M1"),
    ("lung_recall: dice", "M1 K1"),
    ("`LUNG-Recall` DICE?", "M1 K1 ?"),
    ("“lung-base” and lung base", "M1 and M1"),
    ("lung-base and eye-base", "M1 and M2"),
    ("lung-base's dice", "M1 's K1"),
    ("odd one", "M1"),
    ("lung base or odd-one, lung-base", "M1 or M2 , M1"),
    ("lung-2018-base", "M1"),
    ("lung 2018 base", "M1"),
    ("the balanced model", "the P1 model"),
    ("the base network of eye", "the P1 network of T1"),
    ("lung's baseline and the base", "T1 's P1 and the P1"),
    ("recall of the recall variant", "X1 of the X1 variant"),
    ("recall of lung recall", "X1 of T1 X1"),
    ("recall of lung-recall", "X1 of M1"),
    ("precision and recall of balanced", "X1 and X2 of P1"),
    ("sensitivity of precision", "K1 of X1"),
    ("the recall-tuned network", "the X1 tuned network"),
    ("lung and eye", "T1 and T2"),
    ("lung-2018", "T1"),
    ("lung 2018 or lung", "T1 or T2"),
    ("lung 2101", "T1 N1"),
    ("dice in 2018", "K1 in N1"),
    ("eye, 2017", "T1 , N1"),
]
METRICS = [
    ("Jaccard and IoU, iou", "K1 and K1 , K1"),
    ("hd95 and Hausdorff distance", "K1 and K1"),
    ("95 % hausdorff distance of lung-base", "K1 of M1"),
    ("gloss index / gloss_index / Gloss-Index", "K1 K1 K1"),
    ("intersection over union", "K1"),
    ("dice-wise", "K1 wise"),
    ("missed lesions of the base", "K1 of the P1"),
    ("how many cases", "how many cases"),
    ("dice in low-contrast lesions", "K1 in Q1"),
    ("dice with blur 2 or blur of 2", "K1 with Q1 or Q1"),
    ("ece after calibration and calibrated ece", "K1 Q1 and Q1 K1"),
    ("dice in high and low contrast lesions", "K1 in Q1 and Q2"),
    ("low or high contrast", "Q1 or Q2"),
    ("dice with or without a ruler", "K1 Q1 or Q2"),
    ("low, high and low contrast", "Q1 , Q2 and Q1"),
    ("which and low contrast", "which and Q1"),  # no noun to share
    ("dice high and", "K1 <unk> and"),
    ("lower bound of dice", "Q1 of K1"),
    ("dice on the validation split or val set", "K1 on the S1 or S1"),
    ("training set and test set", "S1 and S2"),
    ("learning rate of lung-base", "U1 of M1"),
    ("kappa", "U1"),
]
PLACES = [
    ("dice on case LUNG_0012086", "K1 on case C1"),
    ("lung_0012086", "C1"),
    ("LUNG 0012086", "C1"),
    ("image 12086 and case 0012086", "image C1 and case C1"),
    ("0012086", "C1"),
    ("case 3", "case C1"),
    ("case no. 103", "case no C1"),
    ("images 3 and eye-test-0003", "images C1 and C1"),
    ("case 3 and case 12", "case C1 and case C2"),
    ("eye-test-0012", "C1"),
    ("batch 12", "batch N1"),
    ("batch12 / batch-12 / batch #12 / Batch_12", "batch N1 batch N1 batch N1 batch N1"),
    ("batch no. 3 or batch number 3", "batch no N1 or batch number N1"),
    ("the 12th batch", "the N1 batch"),
    ("difference between the two ?", "difference between the ?"),
    ("the two worst cases", "the N1 worst cases"),
    ("batches 3, 5 and the 12th", "batches N1 , N2 and the N3"),
    ("mean dice over the 3 cases", "mean K1 over the cases"),  # all of them
    ("the 3 cases with the lowest dice", "the N1 cases with the lowest K1"),
    ("the 3 batches", "the N1 batches"),  # there are 20
    ("how many x-rays", "how many pictures"),
    ("batches 3 and 5, 3", "batches N1 and N2 , N1"),
    ("batch 3 of case 3", "batch N1 of case C1"),
    ("three worst cases", "N1 worst cases"),
    ("above 12086 false positives", "above N1 <unk> <unk>"),
    ("batch 0's dice", "batch N1 's K1"),
]
WORN = [
    ("diec of lung-base", "K1 of M1"),
    ("jacard", "K1"),
    ("jaccardd", "K1"),
    ("the blanced modle", "the P1 model"),
    ("recal of precison", "X1 of X2"),
    ("wosrt btach", "worst batch"),
    ("dic", "<unk>"),
    ("zzyzx", "<unk>"),
    ("the bogus model", "the U1 model"),
    ("what's", "what 's"),
    ("what’s", "what 's"),
    ("how're it", "<unk> it"),
    ("IoU 和 dice", "K1 <unk> K2"),
    ("Ｄｉｃｅ", "K1"),
    ("lung‑base", "M1"),
    ("lung‑recall", "M1"),
    ("", ""),
    ("!!! ... ;;; ((", ""),
    ("dice?, ?", "K1 ? , ?"),
    ("%", ""),
    ("Dice.What is it", "K1 what is it"),
]


@pytest.mark.parametrize(("question", "tokens"), [*NAMES, *METRICS, *PLACES, *WORN])
def test_names_become_tags(question: str, tokens: str) -> None:
    """By name, purpose, task, number or word; the same name has the same tag, and nothing is said to be missing."""
    found = tagged(question)
    assert " ".join(found.tokens) == tokens
    assert found.missing == ()


MEANT = [
    ("lung-recall", "models", {"lung-recall"}),
    ("the baseline", "purposes", {"base"}),
    ("recall", "metrics", {("recall",)}),
    ("recall", "purposes", {"recall"}),
    ("lung 2018", "tasks", {"lung-2018"}),
    ("lung 2017", "tasks", {"lung"}),
    ("jaccard", "metrics", {("iou",)}),
    ("hausdorff", "metrics", {("hd95_px",)}),
    ("case 12086", "cases", {"LUNG_0012086"}),
    ("case 3", "cases", {"eye-test-0003"}),
    ("blur 2", "conditions", {("blur", "2")}),
    ("low contrast", "conditions", {("contrast", "low")}),
    ("calibrated", "conditions", {("after",)}),
    ("upper bound", "conditions", {("ci_high",)}),
    ("validation set", "splits", {"val"}),
]


@pytest.mark.parametrize(("question", "read", "meant"), MEANT)
def test_what_a_tag_means(question: str, read: str, meant: set[object]) -> None:
    """Its meaning holds the names of the index, as the index spells them."""
    [meaning] = tagged(question).meanings.values()
    assert getattr(meaning, read) == meant


NUMBERS = [
    ("below 0.65", [0.65]),
    ("below .5", [0.5]),
    ("90 %, 90% or 90 percent", [0.9]),
    ("below 90 per cent", [0.9]),
    ("12.5%", [0.125]),
    ("between 0.5 and 0.75", [0.5, 0.75]),
    ("0.50 or 0.5", [0.5]),
    ("12 and 12.0", [12]),
    ("1st 2nd 3rd 11th", [1, 2, 3, 11]),
    ("two dozen fifteen half", [2, 12, 15, 0.5]),
    ("top3 or top 3 or three", [3]),
    ("3worst", []),
    ("more than 1,000", [1000]),
    ("above -0.5", [-0.5]),
    ("below 1e-3", [0.001]),
    ("95 % confidence interval", []),
    ("²", [2]),
]


@pytest.mark.parametrize(("question", "values"), NUMBERS)
def test_numbers(question: str, values: list[float]) -> None:
    """Decimals, per cent, ordinals and words, each value once."""
    found = tagged(question)
    assert [number.value for number in found.numbers.values()] == pytest.approx(values)
    assert found.missing == ()


WHOLES = [("12", 12), ("12.0", 12), ("0", 0), ("0.5", None), ("12%", None), ("100 %", None), ("3rd", 3), ("half", None)]


@pytest.mark.parametrize(("question", "whole"), WHOLES)
def test_a_batch_or_count_is_whole(question: str, whole: int | None) -> None:
    """No share is one, even of 100 per cent."""
    [number] = tagged(question).numbers.values()
    assert number.whole == whole


MISSING = [
    ("dice of lung-quux", ["lung-quux"]),
    ("dice of lung-base-2", ["lung-base-2"]),
    ("LUNG_Quux_3", ["lung-quux-3"]),
    ("quux-9 and lung-base", ["quux-9"]),
    ("image LUNG_0099999", ["lung-0099999"]),
    ("eye-test-0999", ["eye-test-0999"]),
    ("case 0099999", ["case 0099999"]),
    ("batch 78", ["batch 78"]),
    ("batches 3 and 78", ["batch 78"]),
    ("the 78th batch", ["batch 78"]),
    ("lung-quux or lung-zyx", ["lung-quux", "lung-zyx"]),
    ("dice of resnet-50", ["resnet-50"]),
]


@pytest.mark.parametrize(("question", "missing"), MISSING)
def test_names_that_are_not_there(question: str, missing: list[str]) -> None:
    """What looks like a name of a model, case or batch and is none is told, and not taken for one that is near."""
    assert list(tagged(question).missing) == missing


UNRECORDED = ["resnet50", "the quux model", "quux network", "f2 score", "training time"]


@pytest.mark.parametrize("question", UNRECORDED)
def test_what_is_named_and_not_recorded(question: str) -> None:
    """Has a tag of its own, that nothing can be asked of."""
    found = tagged(question)
    assert found.tags("U") and not found.tags("MPXTKCN")
    assert all(found.meanings[tag].unrecorded for tag in found.tags("U"))


def test_tags_come_in_the_order_of_the_question() -> None:
    """By kind."""
    found = tagged("dice and iou of lung-base and precision on batch 3 and case 12, 5 of them")
    assert found.tags("K") == ["K1", "K2"]
    assert found.tags("MX") == ["M1", "X1"]
    assert found.tags("N") == ["N1", "N2"]
    assert found.tags("KXMC") == ["K1", "K2", "M1", "X1", "C1"]
    assert found.tags("TPU") == []


@pytest.mark.parametrize("least", [1, 100])
def test_a_tag_stands_for_one_name(least: int) -> None:
    """Also of more names than there are tags: those left over are not taken for others."""
    numbers = range(least, least + 12)
    found = tagged(" ".join(map(str, numbers)))
    meant = [found.numbers[token].value if token in found.numbers else None for token in found.tokens]
    assert all(value in (None, number) for value, number in zip(meant, numbers, strict=True))
    assert meant[:8] == list(numbers)[:8]


PIECES = [
    *MODELS, *CASES["eye"], *TABLED, *VOCABULARY, "lung", "2017", "12", "0.5", ".", "-", "_", "'s", "’", "%", "١٢", "Ⅷ",
    "ß", "İ",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "-", "_", ".", ", "]))).map(
        lambda pairs: "".join(map("".join, pairs))[:400]
    ),
    st.text("0123456789.-%e, ", max_size=400),
)


@given(TEXTS)
@example("9" * 400)
@example("batch " + "9" * 309)
@example("-" * 400)
@example("0." + "0" * 398)
def test_any_text_is_linked(question: str) -> None:
    """Never an error; every token is a word that the model knows, unknown, or a tag that stands for something."""
    found = tagged(question)
    assert len(found.tokens) == len(found.spelt)
    tags = [token for token in found.tokens if TAG.fullmatch(token)]
    assert set(tags) == {*found.meanings, *found.numbers}
    assert set(found.tokens) <= {*tags, *VOCABULARY, "<unk>"}
    assert all(token in (spelt, "<unk>") for token, spelt in zip(found.tokens, found.spelt, strict=True))
    assert all(meaning.kind == tag[0] for tag, meaning in found.meanings.items())
    assert found == tagged(question)
    for kind in "MPXTKQSCNU":
        of_kind = list(dict.fromkeys(tag for tag in tags if tag[0] == kind))
        assert of_kind == [f"{kind}{number}" for number in range(1, len(of_kind) + 1)] == found.tags(kind)
    keys = [(tag[0], meaning.key) for tag, meaning in found.meanings.items()]
    assert len(set(keys)) == len(keys)
    assert len(set(found.numbers.values())) == len(found.numbers)


@given(
    word=st.sampled_from(["hausdorff", "jaccard", "temperature"]),
    at=st.integers(0, 6),
    letter=st.sampled_from("aeioqxz"),
    slip=st.sampled_from(["lose", "double", "swap", "change", "add"]),
)
def test_one_slip_of_the_finger_is_forgiven(word: str, at: int, letter: str, slip: str) -> None:
    """Wherever it is: a letter lost, doubled, changed, added, or exchanged with its neighbour."""
    left, here, right = word[:at], word[at], word[at + 1 :]
    worn = {
        "lose": left + right, "double": left + here + here + right, "swap": left + right[:1] + here + right[1:],
        "change": left + letter + right, "add": left + letter + here + right,
    }  # fmt: skip
    assert tagged(worn[slip]).tokens == ("K1",)
    assert tagged(worn[slip]).meanings == tagged(word).meanings


def test_a_rare_word_is_no_slip_of_the_finger() -> None:
    """It is unknown, and stays so, however near it is to a name."""
    assert tagged("jaccart").tokens == ("K1",)
    assert link("jaccart", PHRASES, CATALOGUE, VOCABULARY, frozenset(["jaccart"])).tokens == ("<unk>",)


@given(st.sampled_from([question for question, _ in (*NAMES, *METRICS, *PLACES)]))
def test_case_does_not_matter(question: str) -> None:
    """A question in capitals is the same question."""
    assert tagged(question.upper()) == tagged(question) == tagged(question.lower())
