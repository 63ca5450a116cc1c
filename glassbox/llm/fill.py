"""Names for the placeholders of a wording, out of an invented index, in the words in which people say them."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from glassbox.llm import lexicon, phrases, world
from glassbox.llm.catalogue import Catalogue, Entry, Level
from glassbox.llm.numbers import COUNTED
from glassbox.llm.phrases import Phrases

NOUNS = ("variant", "model", "network", "version", "net", "one")
SHOWN = ("case", "image", "picture", "case", "lesion", "sample")
BATCH = (
    "batch {}", "batch {}", "batch {}", "batch number {}", "batch #{}", "batch no. {}", "batch-{}", "the batch {}",
    "batch nr {}", "batch{}",
)  # fmt: skip
BEFORE = ("pooled", "test", "validation", "mean", "average", "overall", "recorded", "measured")  # a metric's name
BEHIND = ("on the test set", "on the validation split", "in the test split", "on test images")
UNDER = ("for", "on", "in", "under", "with", "at", "for", "on", "where the lesion", "when there is", "among", "given",
         "for the", "of the", "if", "where", "once")  # fmt: skip
BARE = ("count", "group", "corruption")  # `how many dark skins`, `which skin tone`: no preposition
LIMITS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
Wanted = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Place:
    """One invented index with its phrases."""

    catalogue: Catalogue
    phrases: Phrases

    @cached_property
    def conditions(self) -> dict[str, list[str]]:
        """How the conditions of a metric are called, by their kind, such as contrast."""
        found: dict[str, list[str]] = {}
        for words, meaning in self.phrases.meanings.items():
            if meaning.kind == "Q" and len(words) < 5 and not meaning.each:
                found.setdefault(sorted(meaning.conditions)[0][0], []).append(" ".join(words))
        return {kind: sorted(names) for kind, names in found.items()}


@dataclass
class Filled:
    """What was put in the place of each placeholder: its text, and how its tag is recognised in the linked question."""

    texts: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, Wanted] = field(default_factory=dict)


def places(seed: int, count: int) -> list[Place]:
    """Invented indexes to ask about."""
    rng = random.Random(seed)
    made = [world.invent(rng) for _ in range(count)]
    return [Place(catalogue, phrases.of(catalogue)) for catalogue in made]


def fill(pattern: str, names: Sequence[str], place: Place, rng: random.Random) -> Filled | None:
    """A text for every placeholder; None where this index has too little for them, or two would be the same."""
    catalogue, filled = place.catalogue, Filled()
    models = _models(catalogue, rng)
    task = catalogue.models[models[0]].task
    metrics = _metrics(pattern, names, catalogue, models[0], rng)
    if len(metrics) < max(2, sum(name[0] == "K" for name in names)) or ("M3" in names and len(models) < 3):
        return None
    conditions = _conditions(place, pattern, rng)
    bare = pattern.startswith(("compare", "difference", "again"))
    for name in names:
        number = int(name[1:] or 1) - 1
        match name[0]:
            case "K":
                found = _metric(metrics[number], place, rng)
            case "M":
                found = _model(models[number], catalogue, bare, "T" in names, rng)
            case "Q":
                found = conditions[number], ()
            case _:
                found = _other(name[0], place, models[0], task, rng)
        filled.texts[name], filled.wanted[name] = found
    return filled if len(set(filled.texts.values())) == len(filled.texts) else None


def _other(kind: str, place: Place, model: str, task: str, rng: random.Random) -> tuple[str, Wanted]:
    """The text of a task, batch, case or number, or of what is not recorded."""
    match kind:
        case "T":
            return _task(task, rng), (("task", task),)
        case "B":
            batch = rng.choice(place.catalogue.batches[model])
            return _batch(batch, rng), (("number", float(batch)),)
        case "C":
            case = rng.choice(place.catalogue.cases[task])
            return _case(case, rng), (("case", case),)
        case "I":
            count = rng.choice(LIMITS)
            return _counted(count, rng), (("number", float(count)),)
        case "N":
            return _bound(rng)
    return unrecorded(place, rng), ()


def _models(catalogue: Catalogue, rng: random.Random) -> list[str]:
    """Models to ask about, mostly of one task."""
    models = rng.sample(sorted(catalogue.models), min(3, len(catalogue.models)))
    if rng.random() < 0.7:
        models = [*catalogue.of_task(catalogue.models[models[0]].task), *models]
        rng.shuffle(models)
    return models


def _metrics(pattern: str, names: Sequence[str], catalogue: Catalogue, model: str, rng: random.Random) -> list[Entry]:
    """Three metrics, or as many as there are, that the model has at the level that the pattern asks about."""
    level: Level = "batch" if "B" in names else "case" if "C" in names else "whole"
    if " case" in pattern or " batch" in pattern:
        level = "case" if " case" in pattern else "batch"
    owned = catalogue.owned(model, catalogue.models[model].task, level)
    entries = [entry for entry in owned if len(entry.parts) == 1]
    return rng.sample(entries, min(3, len(entries)))


def _metric(entry: Entry, place: Place, rng: random.Random) -> tuple[str, Wanted]:
    """A metric by one of its names, now and then with a condition or a split around it."""
    own = entry.measure.replace("_", rng.choice((" ", " ", "_", "-")))
    names = [own, *lexicon.SYNONYMS.get(entry.measure, ())]
    name = rng.choice([names[0], rng.choice(names)])
    drawn = rng.random()
    if drawn < 0.04:
        name = f"{rng.choice(BEFORE)} {name}"
    elif drawn < 0.08:
        name = f"{name} {rng.choice(BEHIND)}"
    elif drawn < 0.13:
        name = f"{name} {_condition(place, rng)}"
    elif drawn < 0.15:
        end = rng.choice(lexicon.STATISTICS[rng.choice(("ci_low", "ci_high"))])
        name = f"{end} of {rng.choice(('the ', ''))}{name}"
    return name, (("metric", entry.measure),)


def _condition(place: Place, rng: random.Random) -> str:
    name = rng.choice(place.conditions[rng.choice(sorted(place.conditions))])
    return f"{rng.choice(UNDER)} {name}"


def _conditions(place: Place, pattern: str, rng: random.Random) -> list[str]:
    """One condition after its preposition; as it is where the pattern asks for its pictures or its kinds.

    Where it names two, they are of one kind, such as low and high contrast.
    """
    if "{Q2}" in pattern:
        kinds = [kind for kind in sorted(place.conditions) if len(place.conditions[kind]) > 2]
        return rng.sample(place.conditions[rng.choice(kinds)], 2)
    if any(unit in pattern.split() for unit in BARE):
        return [rng.choice(place.conditions[rng.choice(sorted(place.conditions))])]
    return [_condition(place, rng)]


def _model(name: str, catalogue: Catalogue, bare: bool, task_named: bool, rng: random.Random) -> tuple[str, Wanted]:
    """A model by its name, or by its purpose with or without its task."""
    known = catalogue.models[name]
    if known.purpose is None or rng.random() < 0.4:
        forms = [name, name, name, name.replace("-", "_"), f"the {name} model", f"model {name}", f"{name} variant"]
        return rng.choice(forms), (("model", name),)
    purpose, task, noun = known.purpose, known.task, rng.choice(NOUNS[:4])
    forms = [f"the {purpose} {noun}", f"{purpose} {noun}", f"the {purpose}-tuned {noun}"]
    if task_named or rng.random() < 0.6:
        alone = (
            [purpose, purpose] if bare or purpose in ("base", "balanced") else [f"the {purpose} {rng.choice(NOUNS)}"]
        )
        return rng.choice([*forms, *alone]), (("purpose", purpose),)
    forms = [f"{form} {rng.choice(('on', 'for', 'of', 'in'))} {_task(task, rng)}" for form in forms]
    forms += [f"the {task} {purpose} {noun}", f"{task} {purpose}", f"{task}'s {purpose} {noun}"]
    forms += [f"{task} {purpose} {noun}", f"{purpose} ({task})", f"{purpose} of {task}"]
    return rng.choice(forms), (("purpose", purpose), ("task", task))


def _task(task: str, rng: random.Random) -> str:
    if task == "isic" and rng.random() < 0.3:
        task = "isic 2017"
    return rng.choice(
        (task, task, f"the {task} task", f"the {task} data", f"{task.upper()}", f"the {task} data set", f"task {task}")
    )


def _batch(batch: int, rng: random.Random) -> str:
    if rng.random() < 0.05 and (batch % 10 > 3 or batch in (0, 11, 12, 13)):
        return f"the {batch}th batch"
    return rng.choice(BATCH).format(batch)


def _case(case: str, rng: random.Random) -> str:
    noun = rng.choice(SHOWN)
    return rng.choice((case, case, f"{noun} {case}", f"{noun} {case}", f"the {noun} {case}", case.lower()))


def _counted(count: int, rng: random.Random) -> str:
    spelt = next((word for word, number in COUNTED.items() if number == count), str(count))
    return spelt if rng.random() < 0.4 else str(count)


def _bound(rng: random.Random) -> tuple[str, Wanted]:
    share = rng.randint(5, 99)
    if rng.random() < 0.15:
        return f"{share}{rng.choice((' %', '%', ' percent'))}", (("number", share / 100),)
    value = rng.choice((share / 100, share / 100, round(rng.random(), 3), float(rng.randint(1, 60))))
    text = f"{value:g}"
    return text.removeprefix("0") if rng.random() < 0.1 and text.startswith("0.") else text, (("number", value),)


def unrecorded(place: Place, rng: random.Random) -> str:
    """The name of something that the index does not hold."""
    if rng.random() < 0.25:
        return " ".join(world.word(rng) for _ in range(rng.choice((1, 1, 2))))
    if rng.random() < 0.15:
        return f"{rng.choice(world.WORLDLY)}-{world.word(rng)}"
    asked = [
        name for name in rng.sample(lexicon.OFTEN_ASKED, 8) if place.phrases.meanings[phrases.words(name)].unrecorded
    ]
    return asked[0] if asked else "kappa"


def stranger(place: Place, rng: random.Random) -> str:
    """A model that is not there."""
    name, task, number = world.word(rng), rng.choice(place.catalogue.tasks), rng.randint(2, 99)
    forms = (
        f"{task}-{name}",
        f"the {name} variant",
        f"the {name} model",
        f"{name}-{number}",
        f"the {task} {name} model",
    )
    return rng.choice(forms)


def plural(sentence: str, filled: Filled, place: Place, several: bool, rng: random.Random) -> str:
    """`batches 3 and 5` for `batch 3 and batch 5`, in many; with `several` often more of them, told with the first."""
    for name, word in (("B", "batches"), ("C", "cases")):
        pair = re.search(rf"\{{{name}\}}(,| and| or| to| versus| vs|, and) \{{{name}2\}}", sentence)
        if not pair or rng.random() < 0.4:
            continue
        for each in (name, f"{name}2"):
            last = filled.texts[each].split()[-1].lstrip("#-")
            filled.texts[each] = last.removeprefix("batch-").removeprefix("batch")
        sentence = sentence.replace(pair[0], f"{word} {pair[0]}")
        if name == "B" and several and rng.random() < 0.5:
            _more(filled, place, rng)
    return sentence


def _more(filled: Filled, place: Place, rng: random.Random) -> None:
    """One to three batches more."""
    had = [value for each in ("B", "B2") for _, value in filled.wanted[each]]
    known = sorted(place.catalogue.numbers_of_batches - {int(float(str(value))) for value in had})
    further = rng.sample(known, min(rng.randint(1, 3), len(known)))
    filled.texts["B"] = ", ".join([filled.texts["B"], *map(str, further)])
    filled.wanted["B"] = (*filled.wanted["B"], *(("number", float(batch)) for batch in further))
