"""The whole of `params.yaml`: tasks, models and how they stand to each other."""

from typing import Literal, Self

from pydantic import model_validator

from glassbox.params.ask import Ask
from glassbox.params.block import Block, Count, Identifier, Index, Loader, Net, Settings, Share
from glassbox.params.loss import Loss
from glassbox.params.task import Task


class Base(Block):
    """A network trained from scratch. `base` is its own name, so that every model can be asked for its base."""

    task: Identifier
    base: Identifier
    net: Net
    architecture: Settings
    loss: Loss


class Variant(Block):
    """A base model fine-tuned with another loss."""

    task: Identifier
    base: Identifier
    loss: Loss


class Purpose(Block):
    """Where a model's probability is cut: the best mean Dice among thresholds whose mean `keep` is at least `least`."""

    keep: Literal["dice", "precision", "recall"]
    least: Share


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
    """All of `params.yaml`."""

    format: Count
    seed: Index
    tasks: dict[Identifier, Task]
    bases: dict[Identifier, Base]
    variants: dict[Identifier, Variant]
    models: dict[Identifier, Base | Variant]
    operating: dict[Identifier, Purpose]
    comparisons: dict[Identifier, Comparison]
    cues: dict[Identifier, Cue]
    ask: Ask

    @model_validator(mode="after")
    def _names_meet(self) -> Self:
        if set(self.models) != set(self.bases) | set(self.variants):
            raise ValueError("other models than bases and variants|models to merge exactly those two")
        if set(self.operating) != set(self.models):
            odd = sorted(set(self.operating) ^ set(self.models))[0]
            raise ValueError(f"operating and models differ in '{odd}'|one purpose a model")
        for name, model in self.models.items():
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
        for name, comparison in self.comparisons.items():
            if name not in self.tasks:
                raise ValueError(f"comparisons.{name}|the name of a task: {', '.join(self.tasks)}")
            for purpose, model in comparison:
                if model not in self.models or self.models[model].task != name:
                    raise ValueError(f"comparisons.{name}.{purpose} '{model}'|a model of task '{name}'")
        for name, cue in self.cues.items():
            if name not in self.tasks:
                raise ValueError(f"cues.{name}|the name of a task: {', '.join(self.tasks)}")
            if cue.loader != self.tasks[name].loader:
                raise ValueError(f"cues.{name}.loader '{cue.loader}'|the task's own: {self.tasks[name].loader}")
            for role, asked in (("model", cue.model), ("without", cue.without)):
                if asked not in self.models:
                    raise ValueError(f"cues.{name}.{role} '{asked}'|one of {', '.join(self.models)}")
        return self
