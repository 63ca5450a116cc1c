"""The block of the small network behind `glassbox ask` that tells what a question asks for."""

from typing import Annotated

from pydantic import Field

from glassbox.params.block import Block, Count, Index, NotNegative, Positive, Settings


class Intents(Block):
    """One training of the network: `passes` over all questions, in batches of `batch`.

    The learning rate rises in a straight line to `learning_rate` over `warmup_steps`, then falls along a cosine to
    nothing. `smoothing` is what every wrong label has of the target together with the right one's share, `thinned` the
    share of a question's words that a batch leaves out. Of the questions the share `held_out` is never learned from and
    tells in the history how many are read right. `architecture` belongs to the network, which holds its type.
    """

    passes: Count
    batch: Count
    learning_rate: Positive
    warmup_steps: Index
    weight_decay: NotNegative
    smoothing: Annotated[float, Field(ge=0, lt=1)]
    thinned: Annotated[float, Field(ge=0, lt=1)]
    held_out: Annotated[float, Field(gt=0, lt=1)]
    architecture: Settings
