"""The block `augment`: what the augmentation plan draws from."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from glassbox.params.block import Block, Count, Positive, Share


class Passes(Block):
    """A stretch of passes over the training split.

    `count` passes, each with `samples` of every case; a sample is a window of `share` of the picture's sides, placed
    anywhere in it, at a size in pixels. 1.0 is the whole picture; below it, samples are patches. `without` names the
    transforms that the stretch leaves out.
    """

    count: Count
    samples: Count
    share: Annotated[float, Field(gt=0, le=1)]
    height: Count
    width: Count
    without: list[str]


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

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = [name for name in type(self).model_fields if name != "passes"]
        for number, stretch in enumerate(self.passes):
            for name in set(stretch.without) - set(known):
                raise ValueError(f"passes.{number}.without '{name}'|some of {', '.join(known)}")
        return self
