"""Every method of this room behind one call: `explain("integrated-gradients", model, images, operator, settings)`.

A method is given a network, its images and what is explained, and gives maps the size of the images. Its parameters
come from one block of settings, so that `params.yaml`, the command line and a test speak of the same numbers.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassbox.errors import GlassboxError
from glassbox.params import Xai
from glassbox.xai import perturb
from glassbox.xai.baseline import baseline
from glassbox.xai.gates import attention_gates, gates
from glassbox.xai.gradcam import DEAD_REASON, find_layers, grad_cam
from glassbox.xai.gradient import Floats, gradients
from glassbox.xai.guided import check_guided, guided_backpropagation
from glassbox.xai.integrated import integrated_gradients
from glassbox.xai.members import merged
from glassbox.xai.operator import Operator
from glassbox.xai.pixel import check_pixelwise, confidence, uncertainty
from glassbox.xai.saliency import saliency
from glassbox.xai.smooth import Noisy, noisy_gradients
from glassbox.xai.superpixel import superpixels


@dataclass(frozen=True, eq=False)
class Explained:
    """maps          by title, (N, H, W) float32; one map a method, or one a layer
    completeness  (N,) where the method has an error of completeness, else None
    """

    maps: dict[str, Floats]
    completeness: NDArray[np.float64] | None = None

    @property
    def one(self) -> Floats:
        """One map an image: the last, where the method gives one a layer."""
        return list(self.maps.values())[-1]


@dataclass(frozen=True)
class Given:
    """What a method is given: network, images (N, H, W, C), operator, settings, and the seed of what is drawn."""

    model: keras.Model
    images: Floats
    operator: Operator
    settings: Xai
    seed: int

    def start(self, kind: str) -> Floats:
        """The images' baseline of a kind."""
        return baseline(kind, self.images, self.settings.blur)

    @cached_property
    def superpixels(self) -> NDArray[np.int32]:
        """(N, H, W) labels; a picture of one channel is taken for grey."""
        shown = np.rint(np.clip(self.images, 0, 1) * 255).astype(np.uint8)
        shown = np.repeat(shown, 3, axis=-1) if shown.shape[-1] == 1 else shown
        return np.stack([superpixels(image, self.settings.segments, self.settings.compactness) for image in shown])

    @cached_property
    def noisy(self) -> Noisy:
        """Gradients under noise, which two methods share."""
        drawn = self.settings.samples, self.settings.noise, self.seed
        return noisy_gradients(self.model, self.images, self.operator, *drawn)


def _any_network(model: keras.Model, settings: Xai) -> None:
    """The check of a method that takes every network."""


@dataclass(frozen=True)
class Method:
    """A way to explain.

    told    what it tells, in a few words
    signed  whether its maps speak for and against
    run     the function
    check   raises `GlassboxError` for a network that can't be asked
    dead    the likely reason of a map of zeros
    """

    told: str
    signed: bool
    run: Callable[[Given], Explained] = field(repr=False)
    check: Callable[[keras.Model, Xai], object] = field(default=_any_network, repr=False)
    dead: str = "the gradient is zero everywhere, as where every ReLU on the way is closed"


def explain(
    name: str, model: keras.Model, images: ArrayLike, operator: Operator, settings: Xai, seed: int = 0
) -> Explained:
    """The maps of one method of `METHODS`. Raises `GlassboxError` for another name, and as the method does."""
    ((_, found),) = explain_each([name], model, images, operator, settings, seed)
    return found


def explain_each(
    names: Iterable[str], model: keras.Model, images: ArrayLike, operator: Operator, settings: Xai, seed: int = 0
) -> Iterator[tuple[str, Explained]]:
    """Several methods, one by one; what two of them need is computed once."""
    given = Given(model, np.asarray(images), operator, settings, seed)
    for name in names:
        yield name, method(name).run(given)


def method(name: str) -> Method:
    """The method of a name; `GlassboxError` with the names there are for another."""
    if name not in METHODS:
        near = difflib.get_close_matches(name, METHODS, n=1, cutoff=0.6)
        wanted = [*near, *(each for each in METHODS if each not in near)]
        raise GlassboxError(f"method {name}", "no such method", f"one of {', '.join(wanted)}")
    return METHODS[name]


def fitting(model: keras.Model, settings: Xai) -> list[str]:
    """The methods that a network can be asked by: gates need gates, guided backpropagation a ReLU."""
    found = []
    for name, each in METHODS.items():
        try:
            each.check(model, settings)
        except GlassboxError:
            continue
        found.append(name)
    return found


def _saliency(given: Given) -> Explained:
    return Explained({"saliency": saliency(given.model, given.images, given.operator)})


def _gradient_input(given: Given) -> Explained:
    _, gradient = gradients(given.model, given.images, given.operator)
    return Explained({"gradient x input": (gradient * given.images).sum(axis=-1)})


def _smooth_grad(given: Given) -> Explained:
    return Explained({"SmoothGrad": np.abs(given.noisy.mean).max(axis=-1)})


def _var_grad(given: Given) -> Explained:
    return Explained({"VarGrad": given.noisy.variance.max(axis=-1)})


def _guided(given: Given) -> Explained:
    gradient = guided_backpropagation(given.model, given.images, given.operator)
    return Explained({"guided backpropagation": np.abs(gradient).max(axis=-1)})


def _integrated(given: Given) -> Explained:
    start = given.start(given.settings.baseline)
    found = integrated_gradients(given.model, given.images, given.operator, start, given.settings.steps)
    return Explained({"integrated gradients": found.maps.sum(axis=-1)}, found.completeness)


def _cam(given: Given, title: str, hires: bool) -> Explained:
    made = grad_cam(given.model, given.images, given.operator, given.settings.layers, hires)
    return Explained({f"{title}\n{layer}": values for layer, values in merged(made).items()})


def _gates(given: Given) -> Explained:
    return Explained(merged(attention_gates(given.model, given.images)))


def _occlusion(given: Given) -> Explained:
    window = max(round(given.settings.window * min(given.images.shape[1:3])), 1)
    fill, stride = given.start(given.settings.fill), max(window // 2, 1)
    return Explained({"occlusion": perturb.occlusion(given.model, given.images, given.operator, fill, window, stride)})


def _rise(given: Given) -> Explained:
    settings, fill = given.settings, given.start(given.settings.fill)
    drawn = settings.masked, settings.cells, settings.kept, given.seed
    maps = perturb.rise(given.model, given.images, given.operator, fill, *drawn)
    # Every mean has the score of a half hidden picture in common, which says nothing of a place.
    return Explained({"RISE": maps - maps.mean(axis=(1, 2), keepdims=True)})


def _lime(given: Given) -> Explained:
    settings, fill = given.settings, given.start(given.settings.fill)
    drawn = given.superpixels, settings.masked, settings.kernel, given.seed
    return Explained({"LIME": perturb.lime(given.model, given.images, given.operator, fill, *drawn)})


def _confidence(given: Given) -> Explained:
    return Explained({"superpixel confidence": confidence(given.model, given.images, given.superpixels)})


def _uncertainty(given: Given) -> Explained:
    return Explained({"uncertainty, bits": uncertainty(given.model, given.images)})


def _layers(model: keras.Model, settings: Xai) -> object:
    return find_layers(model, settings.layers)


HIDING = "hiding any part of the picture leaves the score as it is"
METHODS = {
    "saliency": Method("how much the score moves when a pixel does", False, _saliency),
    "gradient-input": Method("each value times its gradient", True, _gradient_input),
    "smooth-grad": Method("saliency of the mean gradient under noise", False, _smooth_grad),
    "var-grad": Method("variance of the gradient under noise", False, _var_grad),
    "guided-backpropagation": Method(
        "gradient through what speaks for the score alone",
        False,
        _guided,
        lambda model, _: check_guided(model),
        "nothing that speaks for the score gets through the ReLUs",
    ),
    "integrated-gradients": Method("each pixel's part of the difference from a baseline", True, _integrated),
    "grad-cam": Method(
        "features weighed by their mean gradient",
        False,
        lambda given: _cam(given, "Grad-CAM", False),
        _layers,
        DEAD_REASON,
    ),
    "hires-cam": Method(
        "features times their own gradient",
        False,
        lambda given: _cam(given, "HiResCAM", True),
        _layers,
        DEAD_REASON,
    ),
    "attention-gates": Method(
        "what the network's gates let pass", False, _gates, lambda model, _: gates(model), "every gate is shut"
    ),
    "occlusion": Method("fall of the score when a square is hidden", True, _occlusion, dead=HIDING),
    "rise": Method("rise of the mean score of masked pictures in which a pixel stays", True, _rise, dead=HIDING),
    "lime": Method("weight of each superpixel in a linear stand-in", True, _lime, dead=HIDING),
    "superpixel-confidence": Method(
        "mean probability of each superpixel",
        False,
        _confidence,
        lambda model, _: check_pixelwise(model),
        "every probability is zero",
    ),
    "uncertainty": Method(
        "entropy of the mean over mirror images",
        False,
        _uncertainty,
        lambda model, _: check_pixelwise(model),
        "every probability is 0 or 1",
    ),
}
