"""The augmentation plan: every random choice of training, drawn beforehand into one table.

A row is one training sample of one pass; `glassbox.data.augment` replays it. The plan is a file one can read: the exact
picture a network saw at any step can be made again from its row.
"""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassbox.data.sample import STAINS
from glassbox.errors import GlassboxError
from glassbox.params import Augment, ClassifyAugment, Passes, Stain

Columns = dict[str, npt.NDArray[np.generic]]
Plan = pd.DataFrame

MEAN_DENSITY = 0.02  # of a stain in a slide, about, in the units of scikit-image

# The number of a transform names its random stream: never renumber, only append.
STREAMS = (
    "order",
    "flip",
    "rotate",
    "scale",
    "shift",
    "elastic",
    "crop",
    "brightness",
    "contrast",
    "colour",
    "blur",
    "noise",
    "jpeg",
    "hair",
    "cutout",
    "mix",
    "fade",
    "stain",
)


def draw(cases: Sequence[str], augment: Augment, seed: int) -> pd.DataFrame:
    """Draw the plan: a row a training sample a pass, in training order.

    Each pass holds every case as often as its stretch has `samples`, in a fresh order. Columns: `pass` int16, `case`
    category, `share` float32 (of the picture's sides that a sample shows), then the fields of `augment.Recipe`: `index`
    int32 (the case's position in `cases`), `height` and `width` int16 (pixels of the sample made), and the transforms:
    bool, float32, integers; neutral values where one is off. A patch, and a crop inside it, is the recipe's window.

    Every transform of every pass has a random stream of its own, `default_rng([seed, pass, number])`: adding passes
    leaves the earlier ones as they were, and switching a transform off, for a stretch or for all, leaves the others.

    Raises `GlassboxError` when a case is named twice or none is given.

    >>> import yaml
    >>> from pathlib import Path
    >>> from glassbox import params
    >>> plan = draw(["a", "b"], params.load(Path("params.yaml")).tasks["phantom"].augment, seed=1)
    >>> sorted(plan.loc[plan["pass"] == 3, "case"])
    ['a', 'b']
    """
    if len(set(cases)) != len(cases) or not cases:
        raise GlassboxError("augmentation plan", f"{len(cases)} cases, {len(set(cases))} distinct", "distinct cases")
    stretches = [stretch for stretch in augment.passes for _ in range(stretch.count)]
    drawn = [_pass(number, stretch, len(cases), augment, seed) for number, stretch in enumerate(stretches)]
    table = {name: np.concatenate([columns[name] for columns in drawn]) for name in drawn[0]}
    plan = pd.DataFrame(table)
    codes = np.asarray(table["index"], np.int32)
    plan.insert(1, "case", pd.Series(pd.Categorical.from_codes(codes, pd.Index(list(cases)))))
    return plan


def without(augment: Augment, names: Collection[str]) -> Augment:
    """The same settings with the named transforms off."""
    off = {name: getattr(augment, name).model_copy(update={"enabled": False}) for name in names}
    return augment.model_copy(update=off)


def _pass(number: int, stretch: Passes, cases: int, augment: Augment, seed: int) -> Columns:
    """The rows of one pass."""
    n, augment = cases * stretch.samples, without(augment, stretch.without)
    rng = {name: np.random.default_rng([seed, number, stream]) for stream, name in enumerate(STREAMS)}
    columns: Columns = {
        "pass": np.full(n, number, np.int16),
        "share": np.full(n, stretch.share, np.float32),
        "index": (rng["order"].permutation(n) % cases).astype(np.int32),
        "height": np.full(n, stretch.height, np.int16),
        "width": np.full(n, stretch.width, np.int16),
    }
    columns |= _geometry(rng, n, augment, stretch.share) | _tones(rng, n, augment) | _artefacts(rng, n, augment)
    if isinstance(augment, ClassifyAugment):
        columns |= _stains(rng["stain"], n, augment.stain)
    return columns


def _geometry(rng: dict[str, np.random.Generator], n: int, augment: Augment, share: float) -> Columns:
    """Flip, rotate, scale, shift, crop and elastic: what moves picture and mask together."""
    flip, rotate, scale, shift, crop, elastic = (
        augment.flip,
        augment.rotate,
        augment.scale,
        augment.shift,
        augment.crop,
        augment.elastic,
    )
    mirrored = rng["flip"].random((2, n)) < np.array([[flip.horizontal], [flip.vertical]]) * flip.enabled
    turned = _where(rng["rotate"], n, rotate.enabled, rotate.rate)
    angle = rng["rotate"].uniform(-rotate.degrees, rotate.degrees, n)
    log_zoom = rng["scale"].uniform(np.log(scale.low), np.log(scale.high), n) * scale.enabled
    log_aspect = rng["scale"].uniform(-1, 1, n) * np.log1p(scale.aspect) * scale.enabled
    moved = rng["shift"].uniform(-shift.share, shift.share, (2, n)) * shift.enabled
    cropped = _where(rng["crop"], n, crop.enabled, crop.rate)
    side = share * np.where(cropped, rng["crop"].uniform(crop.low, crop.high, n), 1)
    corner = rng["crop"].random((2, n)) * (1 - side)
    bent = _where(rng["elastic"], n, elastic.enabled, elastic.rate)
    return {
        "flip_x": mirrored[0],
        "flip_y": mirrored[1],
        "angle_deg": _float(np.where(turned, angle, 0)),
        "zoom_x": _float(np.exp(log_zoom + log_aspect / 2)),
        "zoom_y": _float(np.exp(log_zoom - log_aspect / 2)),
        "shift_x": _float(moved[0]),
        "shift_y": _float(moved[1]),
        "crop_x": _float(corner[0]),
        "crop_y": _float(corner[1]),
        "crop_w": _float(side),
        "crop_h": _float(side),
        "elastic_amplitude": _float(np.where(bent, elastic.amplitude, 0)),
        "elastic_smoothness": _float(np.where(bent, elastic.smoothness, 0)),
        "elastic_seed": _seeds(rng["elastic"], bent),
    }


def _tones(rng: dict[str, np.random.Generator], n: int, augment: Augment) -> Columns:
    """Brightness, contrast and gains: what a table of 256 entries a channel can do; and the fading of the target."""
    brightness, contrast, colour, fade = augment.brightness, augment.contrast, augment.colour, augment.fade
    faded = _where(rng["fade"], n, fade.enabled, fade.rate)
    added = rng["brightness"].uniform(-brightness.amount, brightness.amount, n)
    factor = rng["contrast"].uniform(contrast.low, contrast.high, n)
    gains = 1 + rng["colour"].uniform(-colour.gain, colour.gain, (3, n)) * colour.enabled
    return {
        "brightness": _float(added * brightness.enabled),
        "contrast": _float(factor if contrast.enabled else np.ones(n)),
        "gain_r": _float(gains[0]),
        "gain_g": _float(gains[1]),
        "gain_b": _float(gains[2]),
        "fade": _float(np.where(faded, rng["fade"].uniform(fade.low, fade.high, n), 0)),
        "fade_smoothness": _float(np.where(faded, rng["fade"].uniform(0, fade.smoothness, n), 0)),
    }


def _artefacts(rng: dict[str, np.random.Generator], n: int, augment: Augment) -> Columns:
    """Blur, noise, JPEG, hairs and cutout, which leave the mask as it is; and mixing with the next sample."""
    blur, noise, jpeg, hair, cutout = augment.blur, augment.noise, augment.jpeg, augment.hair, augment.cutout
    blurred = _where(rng["blur"], n, blur.enabled, blur.rate)
    noisy = _where(rng["noise"], n, noise.enabled, noise.rate)
    packed = _where(rng["jpeg"], n, jpeg.enabled, jpeg.rate)
    hairy = _where(rng["hair"], n, hair.enabled, hair.rate)
    cut = _where(rng["cutout"], n, cutout.enabled, cutout.rate)
    sides = np.where(cut, rng["cutout"].uniform(0, cutout.share, (2, n)), 0)
    corner = np.where(cut, rng["cutout"].random((2, n)) * (1 - sides), 0)
    weight = rng["mix"].beta(augment.mix.alpha, augment.mix.alpha, n)
    return {
        "blur_sigma_px": _float(np.where(blurred, rng["blur"].uniform(0, blur.sigma_px, n), 0)),
        "noise_sigma": _float(np.where(noisy, rng["noise"].uniform(0, noise.sigma, n), 0)),
        "noise_seed": _seeds(rng["noise"], noisy),
        "jpeg_quality": np.where(packed, rng["jpeg"].integers(jpeg.low, jpeg.high + 1, n), 0).astype(np.uint8),
        "hair_count": np.where(hairy, rng["hair"].integers(1, hair.most + 1, n), 0).astype(np.int16),
        "hair_seed": _seeds(rng["hair"], hairy),
        "cutout_x": _float(corner[0]),
        "cutout_y": _float(corner[1]),
        "cutout_w": _float(sides[0]),
        "cutout_h": _float(sides[1]),
        "mix": _float(np.minimum(weight, 1 - weight) * augment.mix.enabled),
    }


def _stains(rng: np.random.Generator, n: int, stain: Stain) -> Columns:
    """How much of each stain: columns that only tasks which tell pictures apart have."""
    hit = _where(rng, n, stain.enabled, stain.rate)
    factors = 1 + rng.uniform(-stain.amount, stain.amount, (len(STAINS), n)) * hit
    shifts = MEAN_DENSITY * rng.uniform(-stain.amount, stain.amount, (len(STAINS), n)) * hit
    named = zip(STAINS, factors, shifts, strict=True)
    return {
        f"{name}_{what}": _float(values)
        for name, factor, shift in named
        for what, values in (("factor", factor), ("shift", shift))
    }


def _where(rng: np.random.Generator, n: int, enabled: bool, rate: float) -> npt.NDArray[np.bool_]:
    """The rows that get a transform. Drawn even when it is off, so that a stream's later draws stay put."""
    hit: npt.NDArray[np.bool_] = rng.random(n) < rate
    return hit & enabled


def _seeds(rng: np.random.Generator, on: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """A seed above 0 where `on`, else 0."""
    return np.where(on, rng.integers(1, 2**32, len(on), dtype=np.uint32), 0).astype(np.uint32)


def _float(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return (values + 0.0).astype(np.float32)  # no -0.0 where a transform is off
