"""A block of `tasks`: a data set and everything done to it that does not depend on a model."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from glassbox.params.augment import Augment
from glassbox.params.block import Block, Count, Index, Loader, NotNegative, Odd, Positive, Settings, Share
from glassbox.params.xai import Xai

Strengths = list[NotNegative]


class ColourConstancy(Block):
    """Shades of grey with Minkowski norm `p` (Finlayson and Trezzi 2004)."""

    enabled: bool
    p: Count


class HairRemoval(Block):
    """DullRazor (Lee 1997): closing by `kernel_px`, hair above `threshold` grey levels, inpainted."""

    enabled: bool
    kernel_px: Odd
    threshold: Count
    inpaint_radius_px: Count


class Clahe(Block):
    """Contrast-limited adaptive histogram equalisation on lightness, `tiles` x `tiles`."""

    enabled: bool
    clip: Positive
    tiles: Count


class Preprocess(Block):
    """The network's input size in pixels and the steps before it."""

    height: Count
    width: Count
    colour_constancy: ColourConstancy
    hair_removal: HairRemoval
    clahe: Clahe


class Schedule(Block):
    """One training: which passes of the plan it replays and how the optimiser moves through them.

    `average` is the decay, a batch, of the running average of the weights that is judged and kept (Polyak 1992); at 0
    it is the weights themselves.

    The weights kept are those of the pass with the highest `val_dice` or the lowest `val_loss`; training stops when
    `patience` passes at the last size bring nothing better.
    """

    first_pass: Index
    passes: Count
    batch: Count
    optimizer: Literal["adamw", "muon"]
    learning_rate: Positive
    final_learning_rate: Positive
    warmup_passes: Index
    weight_decay: NotNegative
    clip_norm: Positive
    average: Annotated[float, Field(ge=0, lt=1)]
    patience: Count
    monitor: Literal["val_dice", "val_loss"]


class Finetune(Schedule):
    """A variant's training. `base_share` is how much of the base's weights the stored ones hold, 0 none."""

    base_share: Share


class Tracing(Block):
    """How an outline that was traced by hand is told from one that was grown from a seed, at the network's size.

    Its `raggedness`, at a smoothing of `smooth_px`, is less than `below`. `fewest` cases of a kind speak for it.
    """

    smooth_px: Positive
    below: Positive
    fewest: Count


class Calibrate(Block):
    """Bins of the reliability plot and of the expected calibration error; how the truth was outlined.

    Where a threshold is chosen, outlines traced by hand and the others count alike, however many there are of each;
    with `tracing` null kinds of outlines are not told apart, and each case counts alike.
    """

    bins: Count
    tracing: Tracing | None


class Evaluate(Block):
    """How masks are cleaned and scored.

    `least_part` drops every part of a mask that weighs less than that share of its weightiest part, by area and by how
    sure the network is of it (`metrics.segment.outline`): 0 keeps all, 1 the weightiest alone, unless no part weighs
    anything. `fill` fills holes.
    `failure_at` is the Jaccard index below which a mask has failed, `review` the share of cases that a person will look
    at; then the number of cases a batch, of bootstrap resamples, and of worst cases shown.
    """

    least_part: Share
    fill: bool
    failure_at: Share
    review: Share
    batch: Count
    resamples: Count
    worst: Count


class Robustness(Block):
    """How much worse test pictures are made, kind by kind; the units are those of `glassbox.data.corruption.KINDS`.

    No strength leaves a kind out.
    """

    blur: Strengths
    noise: Strengths
    jpeg: Strengths
    brightness: Strengths
    colour: Strengths
    hair: Strengths


class Labels(Block):
    """What the two kinds of pixels are called: those inside the mask and those outside."""

    target: str
    background: str


class Task(Block):
    """A data set and everything done to it that does not depend on a model.

    `finetune` is null where no variant is trained.
    """

    kind: Literal["segment"]
    loader: Loader
    source: Settings
    labels: Labels
    preprocess: Preprocess
    augment: Augment
    train: Schedule
    finetune: Finetune | None
    calibrate: Calibrate
    evaluate: Evaluate
    robustness: Robustness
    xai: Xai

    @model_validator(mode="after")
    def _plan_is_long_enough(self) -> Self:
        drawn = sum(stretch.count for stretch in self.augment.passes)
        for name in ("train", "finetune"):
            block = getattr(self, name)
            if block is not None and block.first_pass + block.passes > drawn:
                raise ValueError(
                    f"{name} replays passes {block.first_pass} to {block.first_pass + block.passes - 1}"
                    f"|passes below {drawn}, which is what augment.passes draws"
                )
        return self
