"""A second way to read a question: what it asks for as a whole, told by a network, and put in plain words.

The language model reads a question by its words between the names that the linker found. Where a name is one that the
linker has never met, this reader may still know what is meant: it has seen how tens of thousands of questions were
put. What it gives is again a question, in the words of the records, and is read and held to every rule like any other.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from glassbox.artifacts import SPLITS
from glassbox.llm.catalogue import COUNTS, INTERVAL, PART, Catalogue
from glassbox.llm.intents.classifier import KEYS, SHAPES, Classifier
from glassbox.llm.intents.heeded import EITHER, OF_A_CLASS, Heeded, in_a_key
from glassbox.llm.intents.intent import AMBIGUOUS, CLASS, REFUSE, STRENGTH, Intent
from glassbox.llm.intents.plain import Unfit, plain
from glassbox.llm.intents.slots import CASE, Names, Slotted
from glassbox.llm.intents.slots import CLASS as CLASSES
from glassbox.llm.linker import NETWORKS, Linked
from glassbox.llm.measures import HIGHER, LOWER, SPLIT_NAMES
from glassbox.llm.phrases import Parts
from glassbox.llm.typed import Query

EXCLUDING = {"besides", "except", "excepting", "excluding", "barring", "exclude", "excluded", "omitting", "ignoring"}
LEAVING_OUT = {
    ("other", "than"), ("apart", "from"), ("aside", "from"), ("but", "not"), ("outside", "of"), ("outside", "batch"),
    ("all", "but"), ("leaving", "out"), ("anything", "but"),
}  # fmt: skip
# What the network's file holds.
ARRAYS = (
    "gain", "pieces", "run1.kernel", "run1.bias", "shape.kernel", "shape.bias", "keys.kernel", "keys.bias",
    SHAPES, KEYS,
)  # fmt: skip
OTHERWISE = {  # what the two classes of a chest X-ray are called where no class is named
    "normal": {"healthy", "sound", "clean", "clear", "unaffected"},
    "pneumonia": {"sick", "ill", "infected", "diseased", "infection", "infections"},
}
AVERAGED = {  # over cases: the mean of these is what is recorded of the whole
    "dice", "iou", "precision", "recall", "specificity", "accuracy", "hd95_px", "surface_dice_2px",
}  # fmt: skip
TEST_SPLIT = re.compile(  # a `test` alone may be of anything
    r"\btest (?:set|split|part|data|pictures|images|photos|cases|films|tiles)\b|\bon (?:the )?test(?= [?.,;)]|$)"
)
UNSAID = {*SPLITS, *INTERVAL, COUNTS, CLASS, STRENGTH, "classes"}  # parts of a key that a query's entries need not hold


@dataclass(frozen=True)
class Reworded:
    """A question in plain words, the intent that it was read by, and how probable that is."""

    text: str
    intent: Intent
    share: float
    names: frozenset[str]  # of models and cases: each has to be the query's


@dataclass(frozen=True)
class Reader:
    """The network, and the names of the day."""

    classifier: Classifier
    catalogue: Catalogue

    @cached_property
    def names(self) -> Names:
        return Names(self.catalogue)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every recorded key, by the parts that tell it from others."""
        return frozenset(".".join(entry.parts) for entry in self.catalogue.entries)

    def reworded(self, question: str, spelt: str, linked: Linked) -> Reworded | None:
        """The question in plain words.

        None where it asks for nothing, where something is excluded, for a place of a ranking behind the first, and for
        batches from one to another.

        What it asks for is told from its own words; its numbers are those of `spelt`, where `eighty percent` is 80 %,
        and its names those that the linker found there.
        """
        told = self.classifier.told(self.names.slotted(question).text)
        intent, share = _likeliest(_agreeing(told, linked))
        if intent.verb in (REFUSE, AMBIGUOUS) or linked.ranges or linked.rank > 1 or _excludes(linked):
            return None
        asked = _with_classes(self.names.slotted(spelt), intent, linked)
        if not Heeded(intent, asked, linked).all_heeded:
            return None
        try:
            owners = self._owners(intent, linked)
            text = f"{plain(intent, asked, owners, self.keys.__contains__)}{_split(intent, asked, linked)}"
        except Unfit:
            return None
        named = {*asked.held[CASE], *(name for name in owners if name in self.catalogue.models)}
        return Reworded(text, intent, share, frozenset(named))

    def nothing(self, question: str) -> float:
        """How probable it is that a question asks for nothing that is recorded."""
        told = self.classifier.told(self.names.slotted(question).text)
        return sum(share for intent, share in told if intent.verb == REFUSE)

    def _owners(self, intent: Intent, linked: Linked) -> list[str]:
        """The models that are named, a variant by its purpose and task too, or else the tasks."""
        found: list[str] = []
        named = [linked.meanings[tag].tasks for tag in linked.tags("T")]
        tasks = [name for of in named if len(of) == 1 for name in of]
        for tag in linked.tags("MPX"):
            meaning = linked.meanings[tag]
            found += sorted(meaning.models)
            if meaning.purposes and (tag[0] == "P" or _is_a_variant(intent, linked, tag)):
                of = {name for p in meaning.purposes for name in self.catalogue.with_purpose(p, tasks).values()}
                if tasks and len(of) != 1:
                    raise Unfit
                found += sorted(of) if len(of) == 1 else [f"{min(meaning.purposes)} variant"]
        return list(dict.fromkeys(found or tasks))


BOOST = 5.0  # how much likelier an intent is that holds what the linker found


def _agreeing(told: Sequence[tuple[Intent, float]], linked: Linked) -> list[tuple[Intent, float]]:
    """The intents with their probabilities, given the conditions that the linker found in the question."""
    found = [linked.meanings[tag].conditions for tag in dict.fromkeys(linked.tags("Q"))]
    if not found:
        return list(told)
    weighed = [(intent, share * (BOOST if _holds(intent, found) else 1.0)) for intent, share in told]
    whole = sum(share for _, share in weighed) + 1 - sum(share for _, share in told)
    return sorted(((intent, share / whole) for intent, share in weighed), key=lambda one: -one[1])


def _holds(intent: Intent, conditions: Sequence[Collection[Parts]]) -> bool:
    """Whether the keys of an intent hold each of the conditions, in one of its readings."""
    keys = [key.split(".") for key in intent.keys]
    return all(any(in_a_key(parts) <= {*key} for parts in readings for key in keys) for readings in conditions)


def _with_classes(asked: Slotted, intent: Intent, linked: Linked) -> Slotted:
    """With the classes that are told in other words, where none is told by its name: `fat tissue`, `immune cells`."""
    if asked.held[CLASSES]:
        return asked
    readings = [parts for tag in dict.fromkeys(linked.tags("Q")) for parts in linked.meanings[tag].conditions]
    classes = [parts[-1] for parts in readings if parts[0] == OF_A_CLASS]
    if not classes and any(CLASS in key.split(".") for key in intent.keys):
        classes = [name for name, words in OTHERWISE.items() if words & {*asked.words}]
    return replace(asked, held={**asked.held, CLASSES: list(dict.fromkeys(classes))})


def meant(intent: Intent) -> Intent:
    """The same for all that ask for the same.

    `worst case` by HD95 is `max case`, the mean over all cases what is recorded of the whole, the order of keys none.
    """
    keys = tuple(sorted(intent.keys))
    if (intent.verb, intent.unit, intent.batched) == ("mean", "case", False) and {*keys} <= AVERAGED:
        return replace(intent, verb="value", unit=None, keys=keys)
    measures = {key.rsplit(".", 1)[-1] for key in keys}
    if not measures or not (measures <= HIGHER - EITHER or measures <= LOWER):
        return replace(intent, keys=keys)
    ends = {"best": "max", "worst": "min"} if measures <= HIGHER else {"best": "min", "worst": "max"}
    order = ends.get(intent.order, intent.order) if intent.order else None
    return replace(intent, verb=ends.get(intent.verb, intent.verb), order=order, keys=keys)


def _likeliest(told: Sequence[tuple[Intent, float]]) -> tuple[Intent, float]:
    """The intent that is likeliest, together with all that ask for the same, in the likeliest of their words."""
    shares: dict[Intent, float] = {}
    for intent, share in told:
        shares[meant(intent)] = shares.get(meant(intent), 0.0) + share
    same, share = max(shares.items(), key=lambda one: one[1])
    return next(intent for intent, _ in told if meant(intent) == same), share


def _split(intent: Intent, asked: Slotted, linked: Linked) -> str:
    """The split that a question names, where no key tells it. Raises `Unfit` for two."""
    told = {part for key in intent.keys for part in key.split(".")}
    named = {split for tag in linked.tags("S") for split in linked.meanings[tag].splits}
    if told & {*SPLITS, "before", "after"} or not named or (named == {"test"} and not TEST_SPLIT.search(asked.text)):
        return ""
    if len(named) > 1:
        raise Unfit
    return f" on the {SPLIT_NAMES[named.pop()]} split"


def _excludes(linked: Linked) -> bool:
    """`Besides skin-base`, `outside of batch 3`: what is named is not what is asked about."""
    words = {*linked.spelt}
    return bool(words & EXCLUDING) or bool({*pairwise(linked.spelt)} & LEAVING_OUT)


def fits(told: Reworded, query: Query) -> bool:
    """Whether a query asks for what the intent does, of the models and cases that the question names."""
    intent = told.intent
    if not told.names <= {*query.models, *query.cases}:
        return False
    verbs = {query.verb, query.order, query.asked}
    placed = query.unit is None and (query.batches or query.cases)
    if intent.verb not in verbs or not (placed or intent.unit in (None, query.unit)):
        return False
    parts = {part for entry in (*query.entries, *query.also) for part in entry.parts}
    return {part for key in intent.keys for part in PART.findall(key)} - UNSAID <= parts


def _is_a_variant(intent: Intent, linked: Linked, tag: str) -> bool:
    """`The recall variant`, `Dice of isic recall`: what may be a metric is a model's purpose."""
    spelt: Sequence[str] = ("", *linked.spelt, "")
    places = [at for at in range(1, len(spelt) - 1) if spelt[at] == tag]
    measured = {part for key in intent.keys for part in key.split(".")} & linked.meanings[tag].purposes
    return any(spelt[at + 1] in NETWORKS or (spelt[at - 1][:1] == "T" and not measured) for at in places)
