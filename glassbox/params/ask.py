"""The blocks of `glassbox ask`: how the small decoder that reads questions is trained."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from glassbox.params.block import Block, Count, Index, NotNegative, Positive, Settings


class Teach(Block):
    """One training of the decoder: `steps` batches of `batch` questions each.

    The learning rate rises in a straight line to `learning_rate` over `warmup_steps`, then falls along a cosine to
    `final_learning_rate`. `beta_2` is the decay of AdamW's mean squared gradient, a step; `clip_norm` the longest
    gradient. Every `report_steps` steps, and after the last, the history gets a row.
    """

    steps: Count
    batch: Count
    learning_rate: Positive
    final_learning_rate: Positive
    warmup_steps: Index
    weight_decay: NotNegative
    beta_2: Annotated[float, Field(gt=0, lt=1)]
    clip_norm: Positive
    report_steps: Count

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.warmup_steps >= self.steps:
            raise ValueError(f"warmup_steps {self.warmup_steps}|below steps, {self.steps}")
        return self


class Ask(Block):
    """The small decoder behind `glassbox ask`, and what it learns from.

    `places` invented indexes, about which `questions` are asked, each seen several times; `held_out` others, never
    learned from, tell in the history how many whole query lines are right. `architecture` belongs to the network, which
    holds its type; the vocabulary follows from the wordings.
    """

    places: Count
    questions: Count
    held_out: Count
    architecture: Settings
    teach: Teach
