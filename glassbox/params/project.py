"""The whole of `params.yaml`: tasks, models and how they stand to each other."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from glassbox.params.ask import Ask
from glassbox.params.block import Block, Count, Identifier, Index, Loader, Net, Settings, Share
from glassbox.params.classify import Classify, Points
from glassbox.params.intents import Intents
from glassbox.params.loss import AnyLoss, CrossEntropy, Loss
from glassbox.params.task import Task


class Base(Block):
    """A network trained from scratch. `base` is its own name, so that every model can be asked for its base."""

    task: Identifier
    base: Identifier
    net: Net
    architecture: Settings
    loss: AnyLoss


class Variant(Block):
    """A base model fine-tuned with another loss."""

    task: Identifier
    base: Identifier
    loss: Loss


class Work(Block):
    """What works on the models of one kind of task: scripts, modules and columns, as `dvc.yaml` names them.

    `scripts` and `folder` are where the stages' scripts lie, as a package and as a folder. `replays` makes the samples
    that `fit` trains on; `also` is one more file that training depends on. `inference` runs the network; `calibrates`,
    `scores` and `matrix` calibrate, score and count; `truths` is one more file that calibration depends on. `watched`,
    `case_score` and `threshold_score` are the columns that charts of a history, of a table of cases and of one of
    thresholds show.
    """

    scripts: str
    folder: str
    replays: str
    fit: str
    also: str
    inference: str
    truths: str
    calibrates: str
    scores: str
    matrix: str
    watched: str
    case_score: str
    threshold_score: str


class Kinds(Block):
    """What works on each kind of task."""

    segment: Work
    classify: Work


class WorkedBase(Base, Work):
    """A base with what works on it."""


class WorkedVariant(Variant, Work):
    """A variant with what works on it."""


class Purpose(Block):
    """Where a model's probability is cut: the best mean Dice among thresholds whose mean `keep` is at least `least`."""

    keep: Literal["dice", "precision", "recall"]
    least: Share


def _operates(raw: Any) -> str:  # noqa: ANN401 - what stands in the file, or a block made of it
    """Which type an entry of `operating` is meant to be: a fault in it is told of that type."""
    points = isinstance(raw, Points) or (isinstance(raw, Mapping) and bool({"points", "default"} & set(raw)))
    return "Points" if points else "Purpose"


Operating = Annotated[
    Annotated[Purpose, Tag("Purpose")] | Annotated[Points, Tag("Points")],
    Discriminator(_operates),
]


class Comparison(Block):
    """A task's models by purpose; `balanced` is the reference."""

    precision: Identifier
    balanced: Identifier
    recall: Identifier
    base: Identifier


class Cue(Block):
    """A task whose `loader` plants a cue, and two models: one learned it, the one `without` had nothing to learn."""

    loader: Loader
    model: Identifier
    without: Identifier


class Params(Block):
    """All of `params.yaml`.

    `models` is every base and variant with what works on its kind of task; `networks` are the bases among them,
    `outlining` and `classifying` the bases by the kind of their task, `segmenters` all models that outline.
    """

    format: Count
    seed: Index
    tasks: dict[Identifier, Annotated[Task | Classify, Field(discriminator="kind")]]
    bases: dict[Identifier, Base]
    variants: dict[Identifier, Variant]
    kinds: Kinds
    outlining: dict[Identifier, WorkedBase]
    classifying: dict[Identifier, WorkedBase]
    networks: dict[Identifier, WorkedBase]
    segmenters: dict[Identifier, WorkedBase | WorkedVariant]
    models: dict[Identifier, WorkedBase | WorkedVariant]
    operating: dict[Identifier, Operating]
    comparisons: dict[Identifier, Comparison]
    cues: dict[Identifier, Cue]
    ask: Ask
    intents: Intents

    @property
    def _entries(self) -> dict[str, Base | Variant]:
        """Every model's entry, as it was written."""
        return {**self.bases, **self.variants}

    @model_validator(mode="after")
    def _names_meet(self) -> Self:
        if set(self.operating) != set(self._entries):
            odd = sorted(set(self.operating) ^ set(self._entries))[0]
            raise ValueError(f"operating and models differ in '{odd}'|one purpose a model")
        for name, model in self._entries.items():
            if model.task not in self.tasks:
                raise ValueError(f"models.{name}.task '{model.task}'|one of {', '.join(self.tasks)}")
            if model.base not in self.bases:
                raise ValueError(f"models.{name}.base '{model.base}'|one of {', '.join(self.bases)}")
            if self.bases[model.base].task != model.task:
                raise ValueError(
                    f"models.{name}.base of task '{self.bases[model.base].task}'|a base of task '{model.task}'"
                )
        for name, variant in self.variants.items():
            if self.tasks[variant.task].finetune is None:
                raise ValueError(f"tasks.{variant.task}.finetune null|a schedule, which variant '{name}' needs")
        outlined = [name for name, block in self.tasks.items() if isinstance(block, Task)]
        for name, comparison in self.comparisons.items():
            if name not in outlined:
                raise ValueError(f"comparisons.{name}|the name of a task: {', '.join(outlined)}")
            for purpose, asked in comparison:
                if asked not in self._entries or self._entries[asked].task != name:
                    raise ValueError(f"comparisons.{name}.{purpose} '{asked}'|a model of task '{name}'")
        for name, cue in self.cues.items():
            if name not in outlined:
                raise ValueError(f"cues.{name}|the name of a task: {', '.join(outlined)}")
            if cue.loader != self.tasks[name].loader:
                raise ValueError(f"cues.{name}.loader '{cue.loader}'|the task's own: {self.tasks[name].loader}")
            for role, asked in (("model", cue.model), ("without", cue.without)):
                if asked not in self._entries:
                    raise ValueError(f"cues.{name}.{role} '{asked}'|one of {', '.join(self._entries)}")
        return self

    @model_validator(mode="after")
    def _models_are_worked_by_their_kind(self) -> Self:
        kind_of = {name: self.tasks[model.task].kind for name, model in self._entries.items()}
        outlining = {name for name in self.bases if kind_of[name] == "segment"}
        holds = {
            "outlining": outlining,
            "classifying": set(self.bases) - outlining,
            "networks": set(self.bases),
            "segmenters": outlining | set(self.variants),
            "models": set(kind_of),
        }
        for block, names in holds.items():
            found: dict[str, WorkedBase | WorkedVariant] = getattr(self, block)
            if set(found) != names:
                odd = sorted(set(found) ^ names)[0]
                raise ValueError(f"{block} and the models it gathers differ in '{odd}'|{', '.join(sorted(names))}")
            for name, entry in found.items():
                source = self.bases[name] if name in self.bases else self.variants[name]
                if entry.model_dump() != source.model_dump() | getattr(self.kinds, kind_of[name]).model_dump():
                    raise ValueError(f"{block}.{name} other than its entry|that and kinds.{kind_of[name]} merged")
        return self

    @model_validator(mode="after")
    def _blocks_fit_the_kind(self) -> Self:
        for name, model in self._entries.items():
            task, points = self.tasks[model.task], self.operating[name]
            if isinstance(task, Task) != isinstance(points, Purpose):
                raise ValueError(
                    f"operating.{name} of another kind of task|keep and least to outline, points to classify"
                )
            if isinstance(task, Task) == isinstance(model.loss, CrossEntropy):
                raise ValueError(f"models.{name}.loss '{model.loss.name}'|a loss for a task of kind {task.kind}")
            if isinstance(task, Classify) and isinstance(points, Points):
                form, flags = task.labels.form, model.loss.name == "binary-cross-entropy"
                if (form == "multi-class") == flags:
                    raise ValueError(
                        f"models.{name}.loss '{model.loss.name}'|the other cross-entropy, for {form} labels"
                    )
                if (form == "binary") != bool(points.points):
                    raise ValueError(f"operating.{name} for {form} labels|points where labels are binary, else none")
        return self
