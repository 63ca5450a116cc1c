"""A block of `tasks` whose pictures are told apart instead of outlined."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from glassbox.params.augment import Augment
from glassbox.params.block import Block, Count, Loader, Settings, Share
from glassbox.params.task import Preprocess, Schedule
from glassbox.params.xai import Xai

MOST = 20  # classes: more can't be read in one table, nor drawn in one matrix
Form = Literal["binary", "multi-class", "multi-label", "ordinal"]


class Category(Block):
    """A class: its name, and a sentence on it for a reader who has never met it."""

    name: str
    about: str


class Classes(Block):
    """What pictures are told to be.

    `form`: `binary`, whose second class is the positive one; `multi-class`, one of several; `multi-label`, any number
    of several; `ordinal`, one of several grades in their order.
    """

    form: Form
    classes: Annotated[list[Category], Field(min_length=1, max_length=MOST)]

    @property
    def names(self) -> list[str]:
        """The classes' names, in order."""
        return [category.name for category in self.classes]

    @model_validator(mode="after")
    def _fit_the_form(self) -> Self:
        count, least = len(self.classes), 1 if self.form == "multi-label" else 2
        if "cases" in self.names:
            raise ValueError("a class named cases|another name: records count all cases under that one")
        if len(set(self.names)) < count:
            raise ValueError("classes of one name|a name of its own for each")
        if count < least or (self.form == "binary" and count > 2):
            expected = "two" if self.form == "binary" else f"at least {least}"
            raise ValueError(f"form '{self.form}' with {count} classes|{expected}")
        return self


class ClassifyPreprocess(Preprocess):
    """As for segmentation, and the `channels` that the network is given: 1 where colour says nothing."""

    channels: Literal[1, 3]


class Stain(Block):
    """Colour deconvolution into haematoxylin, eosin and a residual (Ruifrok 2001), each changed by itself.

    With probability `rate`, each density is multiplied by a factor from 1 +- `amount`, and shifted by up to `amount`
    of a usual one, up or down.
    """

    enabled: bool
    rate: Share
    amount: Share


class ClassifyAugment(Augment):
    """What the plan of a classification task draws from: all that segmentation's does, and stains."""

    stain: Stain


class ClassifyCalibrate(Block):
    """Bins of the reliability plot; `familiar`: the share of validation pictures that pass as like those trained on."""

    bins: Count
    familiar: Share


class ClassifyEvaluate(Block):
    """The number of cases a batch, of bootstrap resamples, and of cases that a gallery shows."""

    batch: Count
    resamples: Count
    shown: Count


class Classify(Block):
    """A data set whose pictures are told apart, and everything done to it that does not depend on a model."""

    kind: Literal["classify"]
    loader: Loader
    source: Settings
    labels: Classes
    preprocess: ClassifyPreprocess
    augment: ClassifyAugment
    train: Schedule
    finetune: None
    calibrate: ClassifyCalibrate
    evaluate: ClassifyEvaluate
    xai: Xai

    @model_validator(mode="after")
    def _trains_as_it_can(self) -> Self:
        if self.train.monitor != "val_loss":
            raise ValueError(f"train.monitor '{self.train.monitor}'|'val_loss', which every form of labels has")
        return self

    @model_validator(mode="after")
    def _plan_is_long_enough(self) -> Self:
        drawn = sum(stretch.count for stretch in self.augment.passes)
        if self.train.first_pass + self.train.passes > drawn:
            raise ValueError(
                f"train replays passes {self.train.first_pass} to {self.train.first_pass + self.train.passes - 1}"
                f"|passes below {drawn}, which is what augment.passes draws"
            )
        return self


class Point(Block):
    """An operating point: the threshold of the highest `best` among those whose `keep` is at least `least`.

    All are of the validation split. `youden` is sensitivity + specificity - 1 (Youden 1950).
    """

    best: Literal["youden", "sensitivity", "specificity", "accuracy", "f1"]
    keep: Literal["sensitivity", "specificity", "precision"]
    least: Share


class Points(Block):
    """The operating points of a binary classifier by name, and the `default` one; none and null for other forms."""

    default: str | None
    points: dict[str, Point]

    @model_validator(mode="after")
    def _default_is_one(self) -> Self:
        if self.default is None and self.points:
            raise ValueError(f"default null|one of {', '.join(self.points)}")
        if self.default is not None and self.default not in self.points:
            raise ValueError(f"default '{self.default}'|one of {', '.join(self.points) or 'no points: null'}")
        return self
