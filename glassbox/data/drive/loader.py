"""Loader of DRIVE (retinal vessels; Staal 2004, doi:10.1109/TMI.2004.825627), in the layout of the official archives.

Each of the folders ``training`` and ``test`` holds ``images/<number>_<folder>.tif``, the field of view in
``mask/<number>_<folder>_mask.gif`` and the first observer's vessels in ``1st_manual/<number>_manual1.gif``. Scores are
taken inside the field of view, as is the custom on this set.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from glassbox.data import acquire
from glassbox.data.case import Case
from glassbox.data.loader import Archive, Pair
from glassbox.data.picture import Image, Mask, read_image, read_mask
from glassbox.data.split import holdout
from glassbox.errors import GlassboxError
from glassbox.params import Block, Share

OFFICIAL = {"train": "training", "test": "test"}


class Source(Block):
    """``holdout``: share of the training pictures that validate; the official set has no validation split."""

    holdout: Share


def folders(source: Source) -> list[str]:
    """The two official folders."""
    return list(OFFICIAL.values())


def archives(source: Source) -> list[Archive]:
    """None: the archives are handed out after registration."""
    return []


def listed(raw: Path, source: Source) -> dict[str, list[Pair]]:
    """Every number of each official split, sorted; where a picture or mask is absent, the path at which it is expected.

    Raises `GlassboxError` for a folder that is missing or holds no picture.
    """
    return {split: _listed(raw, folder) for split, folder in OFFICIAL.items()}


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Case]:
    """Read the cases of ``train``, ``val`` or ``test`` one by one, sorted by name, each with its field of view."""
    for pair in _assigned(raw, source, seed, split):
        image = read_image(pair.image).pixels
        size = (image.shape[0], image.shape[1])
        mask, region = (read_mask(path, like=size) for path in pair.files[1:])
        yield Case(pair.name, image, mask, attributes(image, mask, region), region)


def attributes(image: Image, mask: Mask, region: Mask | None = None) -> dict[str, float]:
    """``size``: share of the field of view that is vessel; ``contrast``: CIELAB Delta E 1976 of vessels and the rest.

    Without a ``region`` the whole picture is the field. ``contrast`` is nan where one of the two is empty.
    """
    region = np.ones_like(mask) if region is None else region
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    means = [lab[part].mean(axis=0, dtype=np.float64) for part in (mask & region, region & ~mask) if part.any()]
    contrast = float(np.linalg.norm(means[0] - means[1])) if len(means) == 2 else float("nan")
    return {"size": float(mask[region].mean()), "contrast": contrast}


def manifest(raw: Path, source: Source, seed: int) -> str:
    """One checksum a file that the loader reads."""
    return acquire.manifest(raw, files(raw, source))


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    """Hold the raw folder to its manifest; `GlassboxError` names the first file missing, changed or extra."""
    acquire.verify(raw, manifest_text, files(raw, source))


def files(raw: Path, source: Source) -> list[Path]:
    """Every file the loader reads, relative to ``raw``, sorted: pictures, vessels and fields of view."""
    found = [pair for folder in OFFICIAL.values() for pair in _pairs(raw, folder)]
    return sorted(path.relative_to(raw) for pair in found for path in pair.files)


def _assigned(raw: Path, source: Source, seed: int, split: str) -> list[Pair]:
    """The pairs of a split; ``val`` is a seeded share of training."""
    if split == "test":
        return _pairs(raw, OFFICIAL["test"])
    found = _pairs(raw, OFFICIAL["train"])
    train, val = holdout([pair.name for pair in found], None, source.holdout, seed)
    chosen = set(train if split == "train" else val)
    return [pair for pair in found if pair.name in chosen]


def _pairs(raw: Path, folder: str) -> list[Pair]:
    """Every pair of an official folder; `GlassboxError` names the first file that is missing."""
    found = _listed(raw, folder)
    for pair in found:
        for path in pair.files:
            if not path.exists():
                expected = "picture, vessels and field of view of every number"
                raise GlassboxError(path, "no such file", expected, _mend(raw))
    return found


def _listed(raw: Path, folder: str) -> list[Pair]:
    images, vessels, fields = (raw / folder / name for name in ("images", "1st_manual", "mask"))
    image_ending, mask_ending = f"_{folder}.tif", "_manual1.gif"
    numbers = {path.name.removesuffix(image_ending) for path in images.glob(f"[0-9]*{image_ending}")}
    numbers |= {path.name.removesuffix(mask_ending) for path in vessels.glob(f"[0-9]*{mask_ending}")}
    if not numbers:
        raise GlassboxError(raw / folder, "no picture in it", f"files images/NN{image_ending}", _mend(raw))
    return [
        Pair(
            f"{folder}-{number}",
            images / f"{number}{image_ending}",
            vessels / f"{number}{mask_ending}",
            fields / f"{number}_{folder}_mask.gif",
        )
        for number in sorted(numbers)
    ]


def _mend(raw: Path) -> str:
    return f"glassbox acquire {raw.name} --from PATH"  # raw folders are named after their task
