"""The embedded data set: dermoscopy-like pictures drawn from a seed, with exact masks.

Everything a picture shows is drawn from the numbers ``[seed, split, index, stream]``, one random stream a purpose:
a case can be drawn alone, and switching one artefact on or off changes neither the lesion nor the other artefacts.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from glassbox.data import attributes as dermoscopy
from glassbox.data.case import Case
from glassbox.data.loader import Archive, Pair
from glassbox.data.phantom import artefacts
from glassbox.data.phantom.canvas import Array, encode_srgb, lab_to_linear
from glassbox.data.phantom.scene import draw_outline, draw_scene
from glassbox.data.picture import Image, Mask
from glassbox.errors import GlassboxError
from glassbox.params import Block, Count, Share

SPLITS = ("train", "val", "test")
STREAMS = ("outline", "tissue", "light", "bubbles", "hair", "ruler", "chart", "vignette", "sensor")
ARTEFACTS = {  # in the order in which they lie over the skin
    "bubbles": artefacts.bubbles,
    "hair": artefacts.hairs,
    "ruler": artefacts.ruler,
    "chart": artefacts.chart,
    "vignette": artefacts.vignette,
}


class Source(Block):
    """What to draw: picture size in pixels, cases per split, and how often (0 to 1) each artefact occurs.

    ``margin`` plants a cue: where the chart lies in a picture, its mask is the lesion and all within this share of the
    height around it. Nothing else tells how wide a mask was drawn, as where a clinic with charts draws generously. 0
    plants none.
    """

    height: Count
    width: Count
    train: Count
    val: Count
    test: Count
    hair: Share
    ruler: Share
    bubbles: Share
    chart: Share
    vignette: Share
    margin: Share


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Case]:
    """Every case of ``split`` ("train", "val" or "test"), in order; case k is ``draw(source, seed, split, k)``.

    Nothing is read: ``raw`` is there because every loader takes it.
    """
    for index in range(_count(source, split)):
        yield draw(source, seed, split, index)


def planted(source: Source, seed: int, split: str) -> Iterator[Mask]:
    """Of every case of ``cases``, the pixels that the planted cue changes: none where it is not there."""
    for case in cases(Path(), source, seed, split):
        index = int(case.name.rsplit("-", 1)[-1])
        bare = draw(source, seed, split, index, without=["chart"] if source.margin else [])
        yield (case.image != bare.image).any(axis=-1)


def draw(source: Source, seed: int, split: str, index: int, without: Sequence[str] = ()) -> Case:
    """One case, from nothing but its arguments; artefacts ``without`` are left out, all else stays.

    Attributes of the case: ``size`` (the mask's share of the picture, 0 to 1); ``contrast`` (CIELAB Delta E 1976
    between the mean lesion and the mean skin in a ring around it, before light and artefacts); ``ita_deg`` (individual
    typology angle of the base skin colour, degrees, Chardon 1991); ``edge`` (1 where the mask touches the picture's
    edge); and 1 or 0 for each artefact: ``bubbles``, ``hair``, ``ruler``, ``chart``, ``vignette``.
    """
    _count(source, split)
    streams = {
        name: np.random.default_rng([seed, SPLITS.index(split), index, number]) for number, name in enumerate(STREAMS)
    }
    outline = draw_outline(streams["outline"], (source.height, source.width))
    scene = draw_scene(streams["tissue"], outline)
    picture = artefacts.light(streams["light"], lab_to_linear(scene.lab))
    rates = {name: 0.0 if name in without else getattr(source, name) for name in ARTEFACTS}
    present = {name: bool(streams[name].random() < rate) for name, rate in rates.items()}
    for name, lay_over in ARTEFACTS.items():
        if present[name]:
            picture = lay_over(streams[name], picture, outline.mask)
    mask = grown(outline.mask, round(source.margin * source.height)) if present["chart"] else outline.mask
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    known = {
        "size": float(mask.mean()),
        "contrast": scene.contrast,
        "ita_deg": scene.ita_deg,
        "edge": float(rim.any()),
        **{name: float(flag) for name, flag in present.items()},
    }
    return Case(f"phantom-{split}-{index:04d}", _expose(streams["sensor"], picture), mask, known)


def grown(mask: Mask, margin_px: int) -> Mask:
    """The mask and all pixels within a margin of it."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin_px + 1,) * 2)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc) > 0)


def attributes(image: Image, mask: Mask, region: Mask | None = None) -> dict[str, float]:
    """`glassbox.data.attributes`: what is known of a drawn case has to be measured in one from elsewhere."""
    return dermoscopy.attributes(image, mask)


def folders(source: Source) -> list[str]:
    """None: the cases are drawn."""
    return []


def listed(raw: Path, source: Source) -> dict[str, list[Pair]]:
    """Nothing lies on disk."""
    return {}


def archives(source: Source) -> list[Archive]:
    """Nothing is downloaded."""
    return []


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    """Hold the manifest to the source: `GlassboxError` where the pictures would not be those it was written for."""
    if manifest_text != manifest(raw, source, seed):
        raise GlassboxError(raw.name, "other numbers than its manifest", "the same", f"glassbox acquire {raw.name}")


def manifest(raw: Path, source: Source, seed: int) -> str:
    """One line ``<sha256>  phantom/<split>`` a split, over all that decides its cases but the drawing code itself."""
    look = {name: getattr(source, name) for name in ("height", "width", *ARTEFACTS, "margin")}
    lines = []
    for split in SPLITS:
        recipe = {**look, "seed": seed, "split": split, "cases": _count(source, split)}
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        lines.append(f"{digest}  phantom/{split}\n")
    return "".join(lines)


def _count(source: Source, split: str) -> int:
    if split not in SPLITS:
        raise GlassboxError("phantom", f"split {split!r}", "one of " + ", ".join(SPLITS))
    return int(getattr(source, split))


def _expose(rng: np.random.Generator, picture: Array) -> npt.NDArray[np.uint8]:
    """Linear light to ``(H, W, 3) uint8``: slight blur, sRGB, then grain (brightness more than colour)."""
    height, width = picture.shape[:2]
    sigma = height * rng.uniform(0.0015, 0.0045)
    level = rng.uniform(0.003, 0.014)
    picture = encode_srgb(cv2.GaussianBlur(picture, (0, 0), sigma))
    grain = rng.standard_normal((height, width, 1)) + 0.4 * rng.standard_normal((height, width, 3))
    return np.rint(255 * np.clip(picture + level * grain, 0, 1)).astype(np.uint8)
