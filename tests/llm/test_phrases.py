"""glassbox.llm.phrases: what may be said for the names of an index."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.llm import lexicon, phrases, world
from glassbox.llm.catalogue import Catalogue, Entry, Known
from glassbox.llm.phrases import Meaning, Phrases

KEYS = (
    *(
        "dice.mean",
        "recall.mean",
        "hd95_px.mean",
        "n.missed",
        "cases.train",
        "after.ece",
        "tta.iou.mean",
        "gloss_index",
    ),
    *("contrast.low.dice.mean", "noise.0.03.dice.mean", "blur.4.iou.mean", "size.high.iou.mean", "model.seconds"),
)
MODELS = {"lung-base": Known("lung", "base"), "lung-recall": Known("lung", "recall"), "odd_One.2": Known("odd", None)}


def test_classes_points_and_tasks_go_by_their_own_names() -> None:
    """The number of cases of a class is asked for as a count under it, and not by its bare name."""
    models = {"chest-xray-base": Known("chest-xray", "base")}
    found = of("n.sick", "n.cases", "per_class.sick.recall", "points.rule-in.npv.mean", "recall.mean", models=models)
    sick, rule_in = {("per_class", "sick")}, {("points", "rule-in")}
    for phrase, conditions in (
        ("sick", sick),
        ("sick class", sick),
        ("at rule in", rule_in),
        ("rule in point", rule_in),
    ):
        assert found.meanings[phrases.words(phrase)] == Meaning(conditions=conditions), phrase
    assert found.meanings[phrases.words("chest x ray")] == Meaning(tasks={"chest-xray"})
    assert of("n.sick", "recall.mean").meanings[("sick",)] == Meaning(metrics={("sick",)})


def test_a_name_of_the_lexicon_has_one_meaning() -> None:
    """No phrase stands for two metrics or two conditions, or for one of each, but for those that other words tell."""
    apart = {part: names for part, names in lexicon.SYNONYMS.items() if part not in lexicon.TELLING}
    sections = [names for named in (apart, lexicon.CONDITIONS) for names in named.values()]
    times = Counter(phrase for names in sections for phrase in {phrases.words(name) for name in names})
    assert [phrase for phrase, count in times.items() if count > 1] == []


def of(
    *keys: str, models: dict[str, Known] = MODELS, cases: tuple[str, ...] = (), tabled: tuple[str, ...] = ()
) -> Phrases:
    """The phrases of an index whose models all have these keys."""
    entries = [
        Entry(name, known.task, "test", key, "a.json", "whole") for name, known in models.items() for key in keys
    ]
    entries += [
        Entry(name, known.task, "test", key, "a.csv", "case") for name, known in models.items() for key in tabled
    ]
    tasks = tuple(sorted({known.task for known in models.values()}))
    return phrases.of(Catalogue(models, tasks, tuple(entries), {}, dict.fromkeys(tasks, cases)))


SMALL = of(*KEYS, cases=("LUNG_0012", "x-12", "nameless"), tabled=("recall",))

WORDS = [
    ("isic-2018-base", ("isic", "2018", "base")),
    ("hd95_px", ("hd95", "px")),
    ("Surface Dice (2 px)", ("surface", "dice", "2", "px")),
    ("noise 0.03", ("noise", "0.03")),
    ("odd_One.2", ("odd", "one", "2")),
    ("", ()),
    ("-- ?", ()),
    ("Größe", ("größe",)),
]


@pytest.mark.parametrize(("name", "found"), WORDS)
def test_a_name_in_words(name: str, found: tuple[str, ...]) -> None:
    """Lower case, without signs; a decimal number is one word."""
    assert phrases.words(name) == found


MEANT = [
    ("lung base", "M", Meaning(models={"lung-base"})),
    ("odd one 2", "M", Meaning(models={"odd_One.2"})),
    ("lung", "T", Meaning(tasks={"lung"})),
    ("baseline", "P", Meaning(purposes={"base"})),
    ("recall", "X", Meaning(purposes={"recall"}, metrics={("recall",)})),
    ("high recall", "P", Meaning(purposes={"recall"})),
    ("sensitivity", "K", Meaning(metrics={("recall",)})),
    ("dice", "K", Meaning(metrics={("dice",)})),
    ("hd95 px", "K", Meaning(metrics={("hd95_px",)})),
    ("hd95", "K", Meaning(metrics={("hd95_px",)})),
    ("hausdorff distance", "K", Meaning(metrics={("hd95_px",)})),
    ("missed lesions", "K", Meaning(metrics={("missed",)})),
    ("gloss index", "K", Meaning(metrics={("gloss_index",)})),
    ("tta", "Q", Meaning(conditions={("tta",)})),
    ("after calibration", "Q", Meaning(conditions={("after",)})),
    ("low contrast", "Q", Meaning(conditions={("contrast", "low")})),
    ("faint lesions", "Q", Meaning(conditions={("contrast", "low")})),
    ("noise 0.03", "Q", Meaning(conditions={("noise", "0.03")})),
    ("gaussian noise of 0.03", "Q", Meaning(conditions={("noise", "0.03")})),
    ("blur strength 4", "Q", Meaning(conditions={("blur", "4")})),
    ("blur", "Q", Meaning(conditions={("blur",)})),
    ("upper bound", "Q", Meaning(conditions={("ci_high",)})),
    ("validation split", "S", Meaning(splits={"val"})),
    ("lung 0012", "C", Meaning(cases={"LUNG_0012"})),
    ("nameless", "C", Meaning(cases={"nameless"})),
    ("learning rate", "U", Meaning(unrecorded=True)),
    ("kappa", "U", Meaning(unrecorded=True)),
]


@pytest.mark.parametrize(("phrase", "kind", "meaning"), MEANT)
def test_what_a_phrase_means(phrase: str, kind: str, meaning: Meaning) -> None:
    """Names by their words, metrics and conditions by the field's other names too."""
    assert SMALL.meanings[tuple(phrase.split())] == meaning
    assert meaning.kind == kind


NONE = ["specificity", "brier", "jpeg", "dark skin", "high contrast", "blur 2", "cases", "model", "size", "after", ""]


@pytest.mark.parametrize("phrase", NONE)
def test_what_is_no_phrase(phrase: str) -> None:
    """What is not recorded has no other name; parts of keys that are words of any sentence name nothing alone."""
    assert tuple(phrase.split()) not in SMALL.meanings


def test_recall_is_a_metric_or_a_purpose_or_both() -> None:
    """As the index has it."""
    base = {"lung-base": Known("lung", "base")}
    assert of("dice").meanings[("recall",)].kind == "P"
    assert of("recall.mean", models=base, tabled=("recall",)).meanings[("recall",)].kind == "K"
    assert ("recall",) not in of("dice", models=base).meanings


def test_what_is_often_asked_and_recorded_is_recorded() -> None:
    """An index that has a kappa answers for it."""
    assert of("kappa").meanings[("kappa",)] == Meaning(metrics={("kappa",)})


def test_ends_of_case_names() -> None:
    """By their number, leading zeros aside: several cases may end alike, and a name without a number has no end."""
    assert SMALL.tails == {12: {"LUNG_0012", "x-12"}}


def test_the_longest_phrase_that_begins_with_a_word() -> None:
    """As many words as any phrase with that first word has."""
    for first, most in SMALL.longest.items():
        assert most == max(len(phrase) for phrase in SMALL.meanings if phrase[0] == first)
    assert {word for phrase in SMALL.meanings for word in phrase} == SMALL.words


@pytest.mark.parametrize("measure", lexicon.SYNONYMS)
def test_every_other_name_of_a_metric_is_one(measure: str) -> None:
    """Where the metric is recorded, each of its synonyms means it, and is short enough to be found."""
    found = of(f"{measure}.mean", models={"a-b": Known("a", None)})
    for name in lexicon.SYNONYMS[measure]:
        phrase = phrases.words(name)
        assert (measure,) in found.meanings[phrase].metrics, name
        assert len(phrase) <= phrases.LONGEST


@pytest.mark.parametrize("parts", lexicon.CONDITIONS)
def test_every_other_name_of_a_condition_is_one(parts: tuple[str, ...]) -> None:
    """Where a number is recorded under it."""
    found = of(".".join((*parts, "dice", "mean")))
    for name in lexicon.CONDITIONS[parts]:
        assert parts in found.meanings[phrases.words(name)].conditions, name


def check(found: Phrases) -> None:
    """Every phrase has words and means something."""
    assert () not in found.meanings
    empty = {phrase for phrase, meaning in found.meanings.items() if not any(meaning.key) and not meaning.unrecorded}
    assert empty == set()
    assert set(found.longest) == {phrase[0] for phrase in found.meanings}


@settings(max_examples=12)
@given(st.integers(0, 10**6))
def test_every_phrase_of_an_invented_index_means_something(seed: int) -> None:
    """And each model, task and case has one that means it, with no doubt about which."""
    made = world.invent(random.Random(seed))
    found = phrases.of(made)
    check(found)
    assert all(found.meanings[phrases.words(name)].models == {name} for name in made.models)
    assert all(name in found.meanings[phrases.words(name)].tasks for name in made.tasks)
    assert all(name in found.meanings[phrases.words(name)].cases for names in made.cases.values() for name in names)


def test_a_small_index_has_no_empty_phrases() -> None:
    """Also where of two groups only one is recorded, or neither."""
    check(of("dice"))
    check(SMALL)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8)


@settings(max_examples=60)
@given(keys=st.lists(NAMES, max_size=5), case=NAMES)
def test_any_name_may_stand_in_an_index(keys: list[str], case: str) -> None:
    """Keys and cases are whatever a file holds, and none of them breaks the rest."""
    found = of(*keys, "dice", cases=(case,))
    assert found.meanings[("dice",)].metrics >= {("dice",)}
    assert all(found.longest.values())


@pytest.mark.parametrize("key", ["curve.0", "dice.curve.12", "0"])
def test_a_number_is_no_phrase(key: str) -> None:
    """A list in a file has numbers for keys: `batch 12` still is a batch."""
    assert not [phrase for phrase in of(key).meanings if len(phrase) == 1 and phrase[0].isdigit()]


def test_a_strength_has_a_name_of_its_own() -> None:
    """The mildest and the strongest of those recorded; a low JPEG quality is a strong corruption."""
    found = of("blur.1.dice.mean", "blur.2.dice.mean", "blur.4.dice.mean", "jpeg.10.dice.mean", "jpeg.50.dice.mean")
    for phrase, parts in (
        ("strongest blur", ("blur", "4")), ("the heaviest blur", ("blur", "4")), ("mildest blur", ("blur", "1")),
        ("medium blur", ("blur", "2")), ("strongest jpeg", ("jpeg", "10")), ("mildest jpeg", ("jpeg", "50")),
    ):  # fmt: skip
        assert found.meanings[phrases.words(phrase)].conditions == {parts}, phrase


def test_a_threshold_that_is_moved_to_another_purpose() -> None:
    """Recorded below that purpose's name; `recall` alone stays a metric and a purpose."""
    found = of("recall.mean", "recall.threshold", "recall.dice.mean", models=MODELS)
    for phrase in (
        "threshold moved to match the recall variant",
        "cutoff is raised to the recall model",
        "to mimic the recall variant",
    ):
        assert found.meanings[phrases.words(phrase)].conditions == {("recall",)}, phrase
    assert found.meanings[("recall",)].kind == "X"


def test_a_measure_behind_a_condition_is_no_name_of_both() -> None:
    """`Pooled dice` is the Dice, pooled, though a key has the one behind the other."""
    found = of("pooled.dice", "recall.pooled.dice", "lime.pointing.mean", "saliency.lime.pointing.mean")
    assert ("pooled", "dice") not in found.meanings
    assert found.meanings[("pooled",)].conditions == {("pooled",)}


def test_what_is_not_recorded_is_named_where_no_index_has_it() -> None:
    """A condition by its own words; a quantity that an index does record is its metric."""
    assert of("dice.mean").meanings[phrases.words("on the foot")].unknown == "on the foot"
    assert of("dice.mean").meanings[("kappa",)] == Meaning(unrecorded=True)
    assert of("kappa.mean").meanings[("kappa",)] == Meaning(metrics={("kappa",)})


def test_networks_of_one_kind_are_all_tasks_of_it() -> None:
    """Those with a Dice outline, the others classify; one task alone of a kind has no such name."""
    models = {f"{name}-base": Known(name, "base") for name in ("a", "b", "c", "d")}
    entries = [
        Entry(f"{name}-base", name, "test", "dice.mean" if name in "ab" else "auroc.mean", "x.json", "whole")
        for name in "abcd"
    ]
    found = phrases.of(Catalogue(models, ("a", "b", "c", "d"), tuple(entries), {}, {}))
    assert found.meanings[("segmenters",)].tasks == {"a", "b"}
    assert found.meanings[("classifiers",)].tasks == {"c", "d"}
    fewer = phrases.of(
        Catalogue(
            {"a-base": Known("a", "base"), "c-base": Known("c", "base")}, ("a", "c"), (entries[0], entries[2]), {}, {}
        )
    )
    assert ("segmenters",) not in fewer.meanings


def test_a_task_behind_another_goes_by_its_last_word() -> None:
    """`The cue network` is of phantom-cue, where there is a phantom."""
    models = {"phantom-base": Known("phantom", "base"), "phantom-cue-base": Known("phantom-cue", "base")}
    found = of("dice.mean", models=models)
    for phrase in (("cue", "network"), ("cue", "phantom"), ("cue", "model")):
        assert found.meanings[phrase].tasks == {"phantom-cue"}
