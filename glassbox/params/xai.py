"""The block `xai`: how explanations are made, drawn and checked."""

from typing import Annotated, Literal

from pydantic import Field

from glassbox.params.block import Block, Count, NotNegative, Positive, Share


class Trust(Block):
    """What `xai-check` measures, and on how many cases.

    `cases` test images for faithfulness and localisation, hidden or shown in `steps` parts, against `orders` random
    orders; `perturbations` of uniform noise up to `radius` for the maximum sensitivity; below `alike`, the rank
    correlation of a map with that of a network of random weights, a method has noticed them.
    """

    cases: Count
    steps: Count
    orders: Count
    perturbations: Count
    radius: Positive
    alike: Share


class Xai(Block):
    """Parameters of every method of explanation.

    `methods` are drawn by `xai-render` beside Grad-CAM, those `beside` each other for the variants by `xai-compare`;
    `region` is what they explain, `layers` those of Grad-CAM. `steps` of integrated gradients from `baseline`;
    `samples` of SmoothGrad and VarGrad at `noise`, a share of the image's range; hidden pixels show `fill`; `blur` is
    the sigma of a blurred baseline or fill, a share of the longer side. Occlusion hides squares of `window`, a share of
    the shorter side, half of it apart. `masked` pictures a case for RISE, on `cells` x `cells` cells `kept` with that
    probability, and for LIME, whose samples lose weight with `kernel`. Superpixels: about `segments`, of a
    `compactness`. Maps are drawn with `opacity` over their picture, blurred by `smoothing`, a sigma as a share of the
    longer side, in colours that end at the percentile `scale`; numbers are of the maps as they are.
    """

    methods: Annotated[list[str], Field(min_length=1)]
    beside: Annotated[list[str], Field(min_length=1)]
    region: str
    layers: str
    steps: Count
    baseline: Literal["zero", "mean", "blurred"]
    samples: Count
    noise: NotNegative
    fill: Literal["zero", "mean", "blurred"]
    blur: Positive
    window: Annotated[float, Field(gt=0, le=1)]
    masked: Annotated[int, Field(ge=2)]
    cells: Annotated[int, Field(ge=2)]
    kept: Annotated[float, Field(gt=0, lt=1)]
    kernel: Positive
    segments: Count
    compactness: Positive
    opacity: Share
    smoothing: NotNegative
    scale: Annotated[float, Field(gt=0, le=100)]
    trust: Trust
