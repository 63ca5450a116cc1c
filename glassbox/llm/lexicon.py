"""What the field calls things: other names of recorded metrics and conditions, and what is often asked for.

The index says which metrics there are; this says how people name them. A metric or condition that is not here can be
asked for by the words of its own name, so that a new one needs no entry.
"""

import re
from importlib.resources import files


def read(text: str) -> dict[str, tuple[str, ...]]:
    """The sections of a file of names: in brackets what is named, below it its names, with commas between.

    >>> read("[iou] jaccard, jaccard index, jac [dice] dsc")
    {'iou': ('jaccard', 'jaccard index', 'jac'), 'dice': ('dsc',)}
    """
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    parts = re.split(r"\[([^\]]+)\]", " ".join(lines))[1:]
    names = ([name.strip() for name in names.split(",")] for names in parts[1::2])
    return {part: tuple(filter(None, found)) for part, found in zip(parts[::2], names, strict=True)}


def _file(name: str) -> dict[str, tuple[str, ...]]:
    return read((files(__package__) / "names" / name).read_text(encoding="utf-8"))


# Part of a recorded key: other names, in words. The part's own words always count.
SYNONYMS = _file("metrics.txt")

# Conditions under which a metric was taken: the parts of a key, and how people name them.
CONDITIONS = {tuple(parts.split()): names for parts, names in _file("conditions.txt").items()}
ORDINARY = frozenset({
    "model", "without", "n", "samples", "review", "error", "dead", "alignment", "worst", "none", "weights",
    "constant", "coarse", "stem", "size", "edge", "before", "after", "cases", "pixels", "excludes_zero",
    "precision", "recall", "uncertainty", "width_px", "height_px", "classes",
    "share", "limit", "truth", "predicted", "correct", "points",
})  # fmt: skip

# Between the kind of a corruption and its strength: `blur of 4`.
STRENGTH = (
    "of", "at", "strength", "level", "with", "sigma", "quality", "at strength", "of strength", "with strength",
    "at level", "of sigma", "with sigma", "at sigma", "at quality", "of quality", "by", "strength of", "level of",
    "sigma of", "is", "corruption at", "corruption", "changed by", "are changed by", "is changed by", "was changed by",
    "were changed by", "shifted by",
    "is shifted by", "was shifted by", "drops to", "set to",
    "quality of", "down to",
)  # fmt: skip
SIGNS = {"jpeg": ("q",)}  # written at a strength: `jpeg q50`
# A group that is told by whether something is in the picture.
PRESENT: dict[str, tuple[str, ...]] = {
    "yes": (
        "with {}", "with a {}", "{} present", "{} are present", "{} is present", "{} are there", "{} are visible",
        "{} is visible", "{} is there", "{} visible", "show {}", "show a {}", "show the {}", "showing {}",
        "showing a {}", "have {}", "have a {}", "containing {}", "containing a {}", "there is a {}", "there are {}",
        "with the {}", "with visible {}",
    ),
    "no": (
        "without {}", "without a {}", "no {}", "{} absent", "{} is absent", "{} are absent", "lacking {}",
        "lacking a {}", "free of {}", "without any {}", "with no {}", "do not show {}", "do not show a {}",
        "without the {}",
    ),
}  # fmt: skip

# What is named alone after its container: a class, and an operating point.
BY_NAME: dict[str, tuple[str, ...]] = {
    "per_class": ("{}", "{} class", "class {}", "class of {}", "{} tissue", "{} category"),
    "points": (
        "{} point", "{} operating point", "at {}", "used to {}", "used for {}", "{} setting",
        "operating point {}", "operating point for {}", "{} mode", "point {}", "set to {}", "for {}",
    ),
}  # fmt: skip
TASKS: dict[str, tuple[str, ...]] = {
    "isic": (
        "isic 2017", "isic2017", "isic17", "2017 isic", "2017 edition", "2017 images", "2017 pictures", "2017 data",
        "2017 set", "2017 challenge", "2017 one", "2017 model", "2017 network", "isic dermoscopy", "dermoscopy model",
        "dermoscopy network", "dermoscopy task",
    ),
    "isic-2018": (
        "dermoscopy model", "dermoscopy network", "dermoscopy task",
        "isic18", "isic2018", "2018 edition", "2018 images", "2018 pictures", "2018 data", "2018 set", "2018 challenge",
        "2018 skin", "2018 model", "2018 network", "2018 skin lesion"),
    "drive": (
        "retinal vessels", "retinal vessel", "retina", "fundus", "eye vessel", "eye vessels", "eye network",
        "eye model", "retinal images", "vessel model", "vessel network", "vessel segmenter", "vessels model",
        "vessels network", "retinal set", "retinal data", "retinal task", "retinal network", "retinal model",
        "retinal image", "retinal picture", "retinal photograph", "retinal photographs", "retinal photo",
        "eye scans", "eye pictures", "eye images", "eye photographs", "eye photos",
        "vessel picture", "vessel image", "vessel pictures", "vessel images", "vessel set", "vessel data",
    ),
    "chest-xray": (
        "chest x ray", "chest x rays", "chest xrays", "chest radiographs", "chest radiograph", "chest film",
        "chest films", "chestxray", "chest model", "chest network", "chest net", "chest classifier",
        "chest", "pneumonia classifier", "pneumonia classifiers", "pneumonia model", "pneumonia models",
        "pneumonia detector", "pneumonia detectors", "pneumonia networks", "pneumonia network", "pneumonia nets",
    ),
    "phantom-chart": ("chart trained phantom", "chart trained", "chart trained model", "chart trained network"),
    "phantom-cue": (
        "cue trained phantom", "cue trained", "cue trained model", "cue trained network",
        "phantom cue test", "phantom cue check", "phantom cue experiment", "planted cue", "cue test", "cue experiment",
        "planted cue test", "cue check", "planted cue check",
    ),
    "pathmnist": (
        "path mnist", "colon tissue", "histology", "tissue model", "tissue network", "tissue net", "tissue task",
        "tissue classifier",
        "colon", "histopathology", "pathology network", "pathology net", "pathology model", "pathology classifier",
        "pathology tiles",
        "pathology slides", "tissue slides", "tissue tiles", "tissue patches",
    ),
    "pneumoniamnist": (
        "pneumonia mnist", "chest", "pneumonia classifier", "pneumonia classifiers", "pneumonia model",
        "pneumonia models", "pneumonia detector", "pneumonia detectors", "pneumonia networks", "pneumonia network",
        "pneumonia nets",
    ),
}  # fmt: skip

# Where a name stands for several recorded parts, the words beside it by which one of them is meant.
TELLING = {
    "exact_across": ("across", "between"), "exact_within": ("within", "inside"),
    "near_across": ("across", "between"), "near_within": ("within", "inside"),
    "false_positive_percent": ("mark", "marks", "marked", "positive", "outline", "outlines", "call", "calls", "flag",
                               "paints", "paint", "painted"),
    "false_negative_percent": ("leave", "leaves", "left", "miss", "misses", "missed", "negative", "overlook", "omit"),
}  # fmt: skip
# Two conditions named together, both of them meant.
SIDES = dict.fromkeys(
    (
        "before and after", "before and after calibration", "before and after temperature scaling",
        "before and after scaling", "with and without calibration", "before vs after calibration",
        "before versus after calibration", "before vs after", "before after", "before to after",
        "before n after", "temp scaling", "scaling", "did scaling",
        "does scaling", "scaling make", "by temperature scaling",
        "by calibration",
        "through calibration", "from calibration", "temperature scaling", "thanks to calibration",
        "pre post calibration", "pre and post calibration", "pre vs post calibration", "before as well as after",
        "before as well as after scaling",
        "before and then after calibration", "pre and post scaling",
        "prior to and following calibration", "prior to and after calibration", "before as well as after calibration",
        "with and without temperature scaling", "calibrated and uncalibrated", "uncalibrated and calibrated",
        "before calibration and after", "before calibration and after it", "did calibration", "does calibration",
        "did recalibration", "does recalibration", "did calibrating", "does calibrating", "calibrating",
        "calibration lower", "calibration lowers", "calibration reduce", "calibration reduces", "calibration change",
        "calibration changes", "calibration improve", "calibration improves", "calibration help", "calibration helps",
    ),
    ("before calibration", "after calibration"),
)  # fmt: skip

STATISTICS: dict[str, tuple[str, ...]] = {
    "ci_low": (
        "lower bound", "lower limit", "lower end", "ci low", "lower confidence bound", "lower confidence limit",
        "lower ci", "bottom of the interval", "lower bound of the interval", "lower end of the interval", "low end",
        "lower bound of the confidence interval", "lower bound of the 95 % interval", "lower edge",
    ),
    "ci_high": (
        "upper bound", "upper limit", "upper end", "ci high", "upper confidence bound", "upper confidence limit",
        "upper ci", "top of the interval", "upper bound of the interval", "upper end of the interval", "high end",
        "upper edge", "upper bound of the confidence interval", "upper bound of the 95 % interval",
    ),
    "median": ("median image", "middle value"),
}  # fmt: skip

SPLITS: dict[str, tuple[str, ...]] = {
    "train": (
        "training split", "training set", "train set", "train split", "training data", "training", "train",
        "training part",
    ),
    "val": (
        "validation split", "validation set", "val set", "val split", "validation", "val", "validation data",
        "dev set", "validation part",
    ),
    "test": (
        "test split", "test set", "testing set", "held out set", "test", "test data", "official test split",
        "testing", "test part",
    ),
}  # fmt: skip

PURPOSES: dict[str, tuple[str, ...]] = {
    "base": ("base", "baseline"),
    "balanced": ("balanced",),
    "precision": ("precision", "high precision"),
    "recall": ("recall", "high recall"),
}  # fmt: skip

EVERY_TASK = (
    "all models", "all recorded models", "all networks", "all the models", "every model", "any model",
    "all the networks", "all data sets", "all datasets", "all tasks", "every data set", "every dataset",
    "every task", "any task", "any data set", "across tasks", "across data sets", "across datasets", "all data",
    "across everything", "across everything recorded", "across all tasks", "across all models",
)  # fmt: skip

NETWORK_NOUNS = ("model", "network", "net")
# All tasks of one kind, and whether what is named so are networks.
SEGMENTING = (
    "segmenters", "segmenter", "segmentation models", "segmentation model", "segmentation networks",
    "segmentation network", "segmentation nets", "segmentation tasks", "outlining networks", "outlining models",
    "segmentation variants", "segmenting networks", "networks that segment", "models that segment",
    "networks that outline", "models that outline", "network that draws outlines", "networks that draw outlines",
    "models that draw outlines", "every network that draws outlines", "every network that outlines", "outliners",
    "outlining model", "outlining network",
)  # fmt: skip
CLASSIFYING = (
    "classifiers", "classifier", "classification models", "classification model", "classification networks",
    "classification network", "classification nets", "classification tasks", "networks that classify",
    "models that classify", "classifying networks", "classifying models",
)  # fmt: skip

CORRUPTIONS = ("blur", "noise", "jpeg", "brightness", "colour", "hair")
LESS_IS_STRONGER = ("jpeg",)  # a quality
STRONGEST = tuple(
    f"{the}{word}{{}}{end}"
    for the in ("", "the ")
    for word, end in [
        *((f"{word} ", "") for word in ("strongest", "heaviest", "most severe", "worst", "maximum", "greatest",
                                             "maximal", "highest")),
        *(("", f" at its {word}") for word in ("strongest", "worst", "heaviest")),
        ("", " at the strongest level"), ("", " at the highest strength"), ("strongest level of ", ""),
        ("highest strength of ", ""), ("strongest strength of ", ""), ("", " at full strength"),
    ]
)  # fmt: skip
MILDEST = tuple(
    f"{the}{word} {{}}"
    for the in ("", "the ")
    for word in ("mildest", "weakest", "lightest", "gentlest", "faintest", "slightest", "least", "minimal", "minimum",
                 "mildest level of",
                 "lowest strength of", "weakest level of")
)  # fmt: skip
MIDDLE = tuple(f"{the}{word} {{}}" for the in ("", "the ") for word in ("middle", "medium", "moderate", "intermediate"))
# The balanced model with its threshold moved until it does what the variant of a purpose does.
MOVES = ("moved", "shifted", "set", "lowered", "raised", "adjusted", "changed", "tuned", "pushed", "turned")
AIMS = (
    "to", "to match", "to mimic", "to imitate", "to equal", "to reach", "to copy", "until it matches", "to behave like",
    "until it equals", "so that it matches", "to that of", "to act like", "to do what", "to be like", "for", "to meet",
)  # fmt: skip
LIKE = (
    "to mimic", "to imitate", "to match", "to copy", "mimics", "imitates", "mimic", "imitate", "mimicking", "imitating",
    "copying", "to behave like", "behave like", "behaves like",
    "act like", "acts like", "standing in for", "stands in for", "in place of", "instead of", "replacing",
)  # fmt: skip


def moved(purpose: str) -> list[str]:
    """What is said of the balanced model's threshold moved to another purpose."""
    tails = [
        f"{purpose} variant s {purpose}",
        f"the {purpose} variant s {purpose}",
        f"{purpose} variant",
        f"the {purpose} variant",
        f"the {purpose} model",
        f"the {purpose} setting",
    ]
    names, forms = ("threshold", "cutoff", "cut off"), ("", " is", " was")
    heads = [f"{name}{form} {move}" for name in names for form in forms for move in MOVES]
    heads += [
        f"{move} {its} threshold" for move in ("moving", "shifting", "lowering", "raising") for its in ("the", "its")
    ]
    said = [f"{head} {aim} {tail}" for head in heads for aim in AIMS for tail in tails]
    said += [
        f"{head} {aim}{purpose}{end}" for head in heads for aim in ("for ", "to ") for end in ("", " setting", " level")
    ]
    said += [f"threshold shift to {purpose}", f"threshold shift for {purpose}", f"moved to {purpose} threshold"]
    return said + [f"{like} {tail}" for like in LIKE for tail in tails]


# What is often asked for and may not be recorded: named, so that it is not taken for something else.
UNRECORDED = _file("unrecorded.txt")
OFTEN_ASKED = UNRECORDED["quantity"]
