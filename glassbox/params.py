"""The typed form of `params.yaml`, and the only reader of YAML in GlassBox.

Every model is frozen, forbids unknown keys and has no defaults: a number that can change a result stands in the file or
the file is refused, in one line that names the key's full path.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from glassbox.errors import GlassboxError

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Index = Annotated[int, Field(ge=0)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Inside = Annotated[float, Field(gt=0, lt=1)]
ROOM = Path(__file__).parent


def _module_of(room: str, offers: str) -> AfterValidator:
    """A check that a name is that of a module of `room` with a function `offers`; modules are read, not imported."""

    def check(name: str) -> str:
        files = sorted((ROOM / room).glob("*.py" if room != "data" else "*/loader.py"))
        texts = {file.stem if room != "data" else file.parent.name: file.read_text(encoding="utf-8") for file in files}
        valid = [stem for stem, text in texts.items() if f"\ndef {offers}(" in text]
        if name not in valid:
            raise ValueError(f"'{name}'|one of {', '.join(valid)}, the modules of glassbox/{room} with {offers}()")
        return name

    return AfterValidator(check)


def _odd(pixels: int) -> int:
    if pixels % 2 == 0:
        raise ValueError(f"{pixels}|an odd number of pixels")
    return pixels


Loader = Annotated[str, _module_of("data", "cases")]
Net = Annotated[str, _module_of("nets", "build")]
LossModule = Annotated[str, _module_of("losses", "build")]
Settings = dict[str, Any]  # a block that belongs to a loader or a network, which holds its type: see `parse`


class Block(BaseModel):
    """One mapping of `params.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ColourConstancy(Block):
    """Shades of grey with Minkowski norm `p` (Finlayson and Trezzi 2004)."""

    enabled: bool
    p: Count


class HairRemoval(Block):
    """DullRazor (Lee 1997): closing by `kernel_px`, hair above `threshold` grey levels, inpainted."""

    enabled: bool
    kernel_px: Annotated[int, Field(ge=3), AfterValidator(_odd)]
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


class Passes(Block):
    """A stretch of passes over the training split.

    `count` passes, each with `samples` of every case; a sample is a window of `share` of the picture's sides, placed
    anywhere in it, at a size in pixels. 1.0 is the whole picture; below it, samples are patches.
    """

    count: Count
    samples: Count
    share: Annotated[float, Field(gt=0, le=1)]
    height: Count
    width: Count


class Flip(Block):
    """Probability of each mirror."""

    enabled: bool
    horizontal: Share
    vertical: Share


class Rotate(Block):
    """With probability `rate`, an angle drawn evenly from +-`degrees`."""

    enabled: bool
    rate: Share
    degrees: Annotated[float, Field(ge=0, le=180)]


class Scale(Block):
    """Magnification drawn log-evenly from `low` to `high`; the sides differ by up to `aspect`."""

    enabled: bool
    low: Positive
    high: Positive
    aspect: Share


class Shift(Block):
    """A shift drawn evenly from +-`share` of each side."""

    enabled: bool
    share: Share


class Elastic(Block):
    """A smooth random displacement (Simard 2003); `amplitude` and `smoothness` are shares of the longer side."""

    enabled: bool
    rate: Share
    amplitude: Share
    smoothness: Share


class Crop(Block):
    """A window of a side between `low` and `high` of the picture's, placed anywhere inside it."""

    enabled: bool
    rate: Share
    low: Positive
    high: Positive


class Brightness(Block):
    """Added to every value, drawn evenly from +-`amount` (pictures are in [0, 1])."""

    enabled: bool
    amount: Share


class Range(Block):
    """A factor drawn evenly from `low` to `high`."""

    enabled: bool
    low: Positive
    high: Positive


class Colour(Block):
    """A gain for each channel, drawn evenly from 1 +- `gain`."""

    enabled: bool
    gain: Share


class Blur(Block):
    """Gaussian blur, sigma drawn evenly from 0 to `sigma_px`."""

    enabled: bool
    rate: Share
    sigma_px: Positive


class Noise(Block):
    """Gaussian noise, sigma drawn evenly from 0 to `sigma` (pictures are in [0, 1])."""

    enabled: bool
    rate: Share
    sigma: Share


class Jpeg(Block):
    """JPEG at a quality drawn from `low` to `high`."""

    enabled: bool
    rate: Share
    low: Annotated[int, Field(ge=1, le=100)]
    high: Annotated[int, Field(ge=1, le=100)]


class Hair(Block):
    """Between 1 and `most` drawn hairs."""

    enabled: bool
    rate: Share
    most: Count


class Cutout(Block):
    """A grey rectangle of sides up to `share` of the picture's (DeVries 2017); the mask stays."""

    enabled: bool
    rate: Share
    share: Share


class Fade(Block):
    """Takes a share between `low` and `high` of the colour between target and its surroundings away.

    The target's edge is softened by a sigma of up to `smoothness`, a share of the longer side.
    """

    enabled: bool
    rate: Share
    low: Share
    high: Share
    smoothness: Share


class Mix(Block):
    """Mixup (Zhang 2018): the batch's next sample shines through, its weight the smaller side of Beta(alpha, alpha)."""

    enabled: bool
    alpha: Positive


class Augment(Block):
    """What the augmentation plan draws from."""

    passes: Annotated[list[Passes], Field(min_length=1)]
    flip: Flip
    rotate: Rotate
    scale: Scale
    shift: Shift
    elastic: Elastic
    crop: Crop
    brightness: Brightness
    contrast: Range
    colour: Colour
    blur: Blur
    noise: Noise
    jpeg: Jpeg
    hair: Hair
    cutout: Cutout
    mix: Mix
    fade: Fade

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("scale", "crop", "contrast", "jpeg", "fade"):
            block = getattr(self, name)
            if block.low > block.high:
                raise ValueError(f"{name}.low {block.low} above {name}.high {block.high}|low at most high")
        return self


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


class Evaluate(Block):
    """How masks are cleaned and scored.

    `least_part` drops every part of a mask below that share of its largest part's area: 0 keeps all, 1 the largest
    alone. `fill` fills holes. `failure_at` is the Jaccard index below
    which a mask has failed, `review` the share of cases that a person will look at; then the number of cases a batch,
    of bootstrap resamples, and of worst cases shown.
    """

    least_part: Share
    fill: bool
    failure_at: Share
    review: Share
    batch: Count
    resamples: Count
    worst: Count


class Purpose(Block):
    """Where a model's probability is cut: the best mean Dice among thresholds whose mean `keep` is at least `least`."""

    keep: Literal["dice", "precision", "recall"]
    least: Share


class Calibrate(Block):
    """Bins of the reliability plot and of the expected calibration error."""

    bins: Count


Strengths = list[NotNegative]


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


class Xai(Block):
    """What `xai-render` draws: Grad-CAM layers, integrated-gradients steps, SLIC segments, overlay opacity."""

    layers: str
    steps: Count
    segments: Count
    compactness: Positive
    opacity: Share


class _Loss(Block):
    module: LossModule
    pixel: NotNegative
    smooth: Positive


class Dice(_Loss):
    """Soft Dice plus `pixel` times cross-entropy."""

    name: Literal["dice"]


class _Weighed(_Loss):
    alpha: NotNegative
    beta: NotNegative

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.alpha + self.beta == 0:
            raise ValueError("alpha + beta = 0|at least one of them above 0")
        return self


class Tversky(_Weighed):
    """Tversky: `alpha` weighs false positives, `beta` false negatives."""

    name: Literal["tversky"]


class Hybrid(_Weighed):
    """`dice` times soft Dice plus `tversky` times Tversky."""

    name: Literal["hybrid"]
    dice: NotNegative
    tversky: NotNegative


class FocalTversky(_Weighed):
    """`(1 - Tversky index) ** gamma`."""

    name: Literal["focal-tversky"]
    gamma: Positive


Loss = Annotated[Dice | Tversky | Hybrid | FocalTversky, Field(discriminator="name")]


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
    finetune: Schedule | None
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


class Comparison(Block):
    """A task's models by purpose; `balanced` is the reference."""

    precision: Identifier
    balanced: Identifier
    recall: Identifier
    base: Identifier


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
        return self


AnyBlock = TypeVar("AnyBlock", bound=Block)


def load(path: Path) -> Params:
    """Read and check `params.yaml`.

    Raises `GlassboxError` naming the first faulty key by its full path, what stands there and what may.
    """
    return parse(Params, read_yaml(path), str(path))


def parse(block: type[AnyBlock], raw: Mapping[str, Any], where: str) -> AnyBlock:
    """Check one mapping against its type.

    Loaders and networks bring the type of their own block (`Source`, `Architecture`), so that adding one changes
    nothing here. `where` is the file, or the file and the key, that errors name.
    """
    try:
        return block.model_validate(raw)
    except ValidationError as error:
        raise _told(block, where, error) from None


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, but a key that comes twice is an error: otherwise the second would win, unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        own = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in map(str, own) if list(map(str, own)).count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"key {min(twice)} comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Mapping[str, Any]:
    """A YAML file whose top level is a mapping."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise GlassboxError(path, "no such file", "the project's top folder as working directory") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GlassboxError(path, f"not readable as YAML ({error})", "a YAML mapping, each key once") from None
    if not isinstance(raw, dict):
        raise GlassboxError(path, f"a {type(raw).__name__} at the top", "a YAML mapping")
    return raw


def _told(block: type[Block], where: str, error: ValidationError) -> GlassboxError:
    """The first fault in one line: the key's full path, what stands there, what may."""
    faults = error.errors(include_url=False)
    # `models` repeats `bases` and `variants`: tell a fault where it was written.
    fault = next((fault for fault in faults if fault["loc"][:1] != ("models",)), faults[0])
    found, expected = repr(fault["input"]), fault["msg"].removeprefix("Input should be ")
    location, around = _walk(block, fault["loc"])
    match fault["type"]:
        case "missing":
            found, expected = "missing", "a value: no parameter has a default"
        case "extra_forbidden":
            found, expected = "unknown key", "only " + ", ".join(around.model_fields)
        case "union_tag_invalid" | "union_tag_not_found":
            location.append("name")
            found, expected = repr(fault["input"].get("name")), "one of " + ", ".join(LOSSES)
        case "value_error":  # raised in this file as "found|expected"
            found, _, expected = fault["msg"].removeprefix("Value error, ").partition("|")
    key = ".".join(map(str, location))
    return GlassboxError(": ".join(filter(None, (where, key))), found, expected)


def _walk(block: Any, location: tuple[str | int, ...]) -> tuple[list[str | int], type[Block]]:  # noqa: ANN401 - types
    """The keys that `location` leads through, without pydantic's union tags, and the block around the last one."""
    keys: list[str | int] = []
    around = block
    for part in location:
        if isinstance(block, type) and issubclass(block, BaseModel):
            around, field = block, block.model_fields.get(str(part))
            block = field.annotation if field else Any
        elif get_origin(block) in (dict, list):
            block = get_args(block)[-1]
        elif part in UNION_TAGS:  # the choice that was made, which is no key
            block = UNION_TAGS[str(part)]
            continue
        keys.append(part)
    return keys, around


LOSSES: dict[str, type[Block]] = {
    "dice": Dice,
    "tversky": Tversky,
    "hybrid": Hybrid,
    "focal-tversky": FocalTversky,
}
UNION_TAGS: dict[str, type[Block]] = {**LOSSES, "Base": Base, "Variant": Variant}
