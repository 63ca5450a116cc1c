"""Loader of ISIC Task 1 (lesion segmentation), editions 2016, 2017 and 2018, in the layout of the official archives.

An official folder also holds superpixel pictures, licences and tables; only ``ISIC_*.jpg`` and their masks are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from glassbox.data import acquire
from glassbox.data import attributes as dermoscopy
from glassbox.data.case import Case
from glassbox.data.loader import Archive, Pair
from glassbox.data.picture import Image, Mask, read_image, read_mask
from glassbox.data.split import holdout
from glassbox.errors import GlassboxError
from glassbox.params import Block, Share

ISIC = "https://isic-archive.s3.amazonaws.com/challenges"
MASK_ENDING = "_segmentation.png"  # 2016 writes _Segmentation.png


class Source(Block):
    """``edition``: 2016, 2017 or 2018; ``holdout``: share of training held out where no official split validates."""

    edition: Literal[2016, 2017, 2018]
    holdout: Share


@dataclass(frozen=True)
class Part:
    """Official folder names (and archive names, with ``.zip``) of one split: images and masks."""

    images: str
    masks: str


EDITIONS: dict[int, dict[str, Part]] = {
    2016: {
        "train": Part("ISBI2016_ISIC_Part1_Training_Data", "ISBI2016_ISIC_Part1_Training_GroundTruth"),
        "test": Part("ISBI2016_ISIC_Part1_Test_Data", "ISBI2016_ISIC_Part1_Test_GroundTruth"),
    },
    2017: {
        "train": Part("ISIC-2017_Training_Data", "ISIC-2017_Training_Part1_GroundTruth"),
        "val": Part("ISIC-2017_Validation_Data", "ISIC-2017_Validation_Part1_GroundTruth"),
        "test": Part("ISIC-2017_Test_v2_Data", "ISIC-2017_Test_v2_Part1_GroundTruth"),
    },
    # The 2018 challenge kept its test masks back: its validation split is what can be scored on.
    2018: {
        "train": Part("ISIC2018_Task1-2_Training_Input", "ISIC2018_Task1_Training_GroundTruth"),
        "test": Part("ISIC2018_Task1-2_Validation_Input", "ISIC2018_Task1_Validation_GroundTruth"),
    },
}


def folders(source: Source) -> list[str]:
    """The official folder names of the edition's Task 1: what `glassbox.data.acquire.bring` looks for."""
    _part(source.edition, "train")
    return [folder for part in EDITIONS[source.edition].values() for folder in (part.images, part.masks)]


def archives(source: Source) -> list[Archive]:
    """The archives of the edition's Task 1, one an official folder; ISIC publishes no checksums.

    >>> archives(Source(edition=2017, holdout=0.1))[0].url
    'https://isic-archive.s3.amazonaws.com/challenges/2017/ISIC-2017_Training_Data.zip'
    """
    return [Archive(f"{ISIC}/{source.edition}/{folder}.zip") for folder in folders(source)]


def listed(raw: Path, source: Source) -> dict[str, list[Pair]]:
    """Every name of each official split, sorted; where a picture or mask is absent, the path at which it is expected.

    Raises `GlassboxError` for an unknown edition and for a folder that is missing or holds no picture.
    """
    _part(source.edition, "train")
    return {split: _listed(raw, source.edition, split) for split in EDITIONS[source.edition]}


def pairs(raw: Path, edition: int, split: str) -> list[Pair]:
    """Images and masks of an official split, sorted by name.

    Raises `GlassboxError` as `listed` does, for an unknown split, an image without a mask and a mask without an image.
    """
    found = _listed(raw, edition, split)
    for pair in found:
        if not pair.mask.exists():
            raise GlassboxError(pair.image, "image without a mask", str(pair.mask), _mend(raw))
        if not pair.image.exists():
            raise GlassboxError(pair.mask, "mask without an image", str(pair.image), _mend(raw))
    return found


def _listed(raw: Path, edition: int, split: str) -> list[Pair]:
    part = _part(edition, split)
    images = _by_name(raw, part.images, (".jpg", ".jpeg"))
    masks = _by_name(raw, part.masks, (MASK_ENDING,))
    return [
        Pair(
            name,
            images.get(name, raw / part.images / f"{name}.jpg"),
            masks.get(name, raw / part.masks / f"{name}{MASK_ENDING}"),
        )
        for name in sorted(images.keys() | masks.keys())
    ]


def assigned(raw: Path, source: Source, seed: int, split: str) -> list[Pair]:
    """The pairs of ``train``, ``val`` or ``test``.

    Official splits are kept. Editions 2016 and 2018 have no validation split with masks of its own: there ``val`` is a
    seeded share ``source.holdout`` of training, and ``train`` the rest. No patient numbers come with Task 1.
    """
    official = EDITIONS.get(source.edition, {})
    if split == "test" or split not in ("train", "val") or "val" in official or not official:
        return pairs(raw, source.edition, split)
    found = pairs(raw, source.edition, "train")
    train, val = holdout([pair.name for pair in found], None, source.holdout, seed)
    chosen = set(train if split == "train" else val)
    return [pair for pair in found if pair.name in chosen]


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Case]:
    """Read the cases of ``train``, ``val`` or ``test`` one by one, sorted by name."""
    for pair in assigned(raw, source, seed, split):
        image = read_image(pair.image).pixels
        mask = read_mask(pair.mask, like=(image.shape[0], image.shape[1]))
        yield Case(pair.name, image, mask, attributes(image, mask))


def attributes(image: Image, mask: Mask, region: Mask | None = None) -> dict[str, float]:
    """`glassbox.data.attributes`: size, edge, contrast, skin tone and hair; dermoscopy has no field of view."""
    return dermoscopy.attributes(image, mask)


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    """Hold the raw folder to its manifest; `GlassboxError` names the first file missing, changed or extra."""
    acquire.verify(raw, manifest_text, files(raw, source))


def manifest(raw: Path, source: Source, seed: int) -> str:
    """One checksum a file that the loader reads."""
    return acquire.manifest(raw, files(raw, source))


def files(raw: Path, source: Source) -> list[Path]:
    """Every file the loader reads, relative to ``raw``, sorted: what the manifest covers."""
    _part(source.edition, "train")
    found = [pair for split in EDITIONS[source.edition] for pair in pairs(raw, source.edition, split)]
    return sorted(path.relative_to(raw) for pair in found for path in pair.files)


def _part(edition: int, split: str) -> Part:
    if edition not in EDITIONS:
        raise GlassboxError("edition", str(edition), f"one of {', '.join(map(str, EDITIONS))}")
    if split not in EDITIONS[edition]:
        raise GlassboxError("split", f"{split!r} of ISIC {edition}", f"one of {', '.join(EDITIONS[edition])}")
    return EDITIONS[edition][split]


def _by_name(raw: Path, folder: str, endings: tuple[str, ...]) -> dict[str, Path]:
    """Case name to file for the visible files of one official folder whose names end so, in any case."""
    if not (raw / folder).is_dir():
        raise GlassboxError(raw / folder, "no such folder", "a folder of the official ISIC archives", _mend(raw))
    found: dict[str, Path] = {}
    for path in sorted((raw / folder).iterdir()):
        ending = next((end for end in endings if path.name.lower().endswith(end)), None)
        if ending and path.name.startswith("ISIC_"):
            found[path.name[: -len(ending)]] = path
    if not found:
        raise GlassboxError(raw / folder, "no picture in it", f"files ISIC_*{endings[0]}", _mend(raw))
    return found


def _mend(raw: Path) -> str:
    return f"glassbox acquire {raw.name} --from PATH"  # raw folders are named after their task
