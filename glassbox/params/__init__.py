"""The typed form of `params.yaml`, and the only reader of YAML in GlassBox.

Every model is frozen, forbids unknown keys and has no defaults: a number that can change a result stands in the file or
the file is refused, in one line that names the key's full path.
"""

from glassbox.params.ask import Ask, Teach
from glassbox.params.augment import Augment, Passes
from glassbox.params.block import Block, Count, Share
from glassbox.params.classify import (
    Category,
    Classes,
    Classify,
    ClassifyAugment,
    ClassifyPreprocess,
    Form,
    Point,
    Points,
    Stain,
)
from glassbox.params.intents import Intents
from glassbox.params.loss import LOSSES, CrossEntropy, Dice, Loss, Tversky
from glassbox.params.project import Base, Params, Purpose, Variant, Work
from glassbox.params.reading import AnyBlock, load, parse, read_yaml
from glassbox.params.task import Evaluate, Finetune, Preprocess, Schedule, Task, Tracing
from glassbox.params.xai import Xai

__all__ = [
    "LOSSES",
    "AnyBlock",
    "Ask",
    "Augment",
    "Base",
    "Block",
    "Category",
    "Classes",
    "Classify",
    "ClassifyAugment",
    "ClassifyPreprocess",
    "Count",
    "CrossEntropy",
    "Dice",
    "Evaluate",
    "Finetune",
    "Form",
    "Intents",
    "Loss",
    "Params",
    "Passes",
    "Point",
    "Points",
    "Preprocess",
    "Purpose",
    "Schedule",
    "Share",
    "Stain",
    "Task",
    "Teach",
    "Tracing",
    "Tversky",
    "Variant",
    "Work",
    "Xai",
    "load",
    "parse",
    "read_yaml",
]
