"""Find the mask of each picture in any two folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glassbox.errors import GlassboxError

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif"})
MASK_ENDINGS = ("_segmentation", "_mask", "_lesion", "-mask")
NOT_IMAGES = ("_superpixels",)  # the ISIC archives hold one beside each picture


@dataclass(frozen=True)
class Pair:
    """A picture, its mask, and the name they share."""

    name: str
    image: Path
    mask: Path


def pair(images: Path, masks: Path) -> list[Pair]:
    """The pairs of two folders, which may be one, sorted by name.

    A mask belongs to the picture of the same stem, or of its own stem without `_segmentation`, `_mask`, `_lesion` or
    `-mask` (in any case). Hidden files, other files than pictures and ISIC's superpixels are passed over.

    Raises `GlassboxError` for a folder that is absent or holds no picture, a name that comes twice, a picture without a
    mask and a mask without a picture.
    """
    in_one = images.resolve() == masks.resolve()
    files = _pictures(images)
    by_name = _distinct((path.stem, path) for path in files if not (in_one and _ending(path.stem)))
    candidates = [path for path in _pictures(masks) if not in_one or _ending(path.stem)]
    masks_by_name = _distinct((_name(path.stem, by_name), path) for path in candidates)
    _refuse_alone(by_name, masks_by_name, "image without a mask", f"its mask in {masks}")
    _refuse_alone(masks_by_name, by_name, "mask without an image", f"its image in {images}")
    if not by_name:
        raise GlassboxError(images, "no pictures and masks", "pairs such as a.jpg and a_mask.png")
    return [Pair(name, by_name[name], masks_by_name[name]) for name in sorted(by_name)]


def of_names(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """The mask in `folder` of each name, told apart as `pair` tells masks; `GlassboxError` where one has none."""
    wanted = dict.fromkeys(names, folder)
    found = _distinct((_name(path.stem, wanted), path) for path in _pictures(folder))
    missing = sorted(set(names) - set(found))
    if missing:
        raise GlassboxError(folder, f"no region of '{missing[0]}'", "one of each picture")
    return {name: found[name] for name in names}


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise GlassboxError(folder, "no such folder", "a folder of pictures")
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURES and not path.name.startswith(".") and not path.stem.endswith(NOT_IMAGES)
    )
    if not found:
        raise GlassboxError(folder, "no picture in it", f"files ending in {', '.join(sorted(PICTURES))}")
    return found


def _ending(stem: str) -> str:
    """The part of a stem that says it is a mask; empty where there is none."""
    return next((stem[-len(end) :] for end in MASK_ENDINGS if stem.lower().endswith(end)), "")


def _name(stem: str, images: dict[str, Path]) -> str:
    return stem if stem in images else stem.removesuffix(_ending(stem))


def _distinct(named: Iterable[tuple[str, Path]]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name, path in named:
        if name in found:
            raise GlassboxError(path, f"a second file for '{name}', beside {found[name].name}", "one file a name")
        found[name] = path
    return found


def _refuse_alone(these: dict[str, Path], others: dict[str, Path], what: str, expected: str) -> None:
    alone = sorted(these.keys() - others.keys())
    if alone:
        more = f" ({len(alone)} of {len(these)})" if len(alone) > 1 else ""
        raise GlassboxError(these[alone[0]], f"{what}{more}", expected)
