"""Loader of the paediatric chest X-rays of Kermany 2018 (doi:10.1016/j.cell.2018.02.010), in their official layout.

The folder ``chest_xray`` holds ``train`` and ``test``, each with ``NORMAL`` and ``PNEUMONIA`` of ``*.jpeg``. Class 0 is
normal, 1 pneumonia; a file's name tells the patient and whether a pneumonia was bacterial or viral. Some copies
also have a folder ``val`` of 16 pictures: too few to choose anything by, so they join train.

Patients are numbered within train and within test: 170 numbers occur in both, and nobody can tell whether those are
the same children. ``glassbox check`` reports them; no picture is dropped, so that scores stay comparable with others'.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glassbox.data import acquire
from glassbox.data.labelled import Entry, Labelled, tone
from glassbox.data.loader import Archive
from glassbox.data.picture import Image, read_image
from glassbox.data.split import holdout
from glassbox.errors import GlassboxError
from glassbox.params import Block, Share

TOP = "chest_xray"
OFFICIAL = {"train": ("train", "val"), "test": ("test",)}  # official split: the folders whose pictures it has
CLASSES = ("NORMAL", "PNEUMONIA")
NAMES = {
    "NORMAL": re.compile(r"(?P<patient>(?:NORMAL\d*-)?IM-\d+)-[\d-]+"),
    "PNEUMONIA": re.compile(r"(?P<patient>person\d+)_(?P<kind>bacteria|virus)_[\d_]+"),
}
EXAMPLES = {"NORMAL": "IM-0115-0001.jpeg", "PNEUMONIA": "person1_virus_6.jpeg"}


class Source(Block):
    """``holdout``: share of the training pictures that validate."""

    holdout: Share


@dataclass(frozen=True)
class Radiograph:
    """One file: the folder it lies in, its class's index, what its name tells (``kind``: normal, bacteria, virus)."""

    path: Path
    folder: str
    label: int
    kind: str
    patient: str

    @property
    def name(self) -> str:
        """Unique among all folders, such as ``train-normal-IM-0115-0001``."""
        return f"{self.folder}-{CLASSES[self.label].lower()}-{self.path.stem}"

    def read(self) -> Labelled:
        """The case. ``bacteria`` and ``virus`` are flags of the pneumonia's kind, both 0.0 where there is none."""
        image = read_image(self.path).pixels
        kinds = {kind: float(self.kind == kind) for kind in ("bacteria", "virus")}
        return Labelled(self.name, image, (self.label,), {**kinds, **attributes(image)}, self.patient)


def folders(source: Source) -> list[str]:
    """The official folder."""
    return [TOP]


def archives(source: Source) -> list[Archive]:
    """None: the archive is handed out after registration."""
    return []


def listed(raw: Path, source: Source) -> dict[str, list[Entry]]:
    """Every picture of each official split, sorted by name.

    Raises `GlassboxError` for a folder of a class that is missing or holds no picture, and for a name that does not
    tell the patient.
    """
    return {
        split: [Entry(each.name, (each.label,), each.patient, each.path, each.read) for each in _found(raw, split)]
        for split in OFFICIAL
    }


def cases(raw: Path, source: Source, seed: int, split: str) -> Iterator[Labelled]:
    """Read the cases of ``train``, ``val`` or ``test`` one by one, sorted by name.

    The official test folder stays as it is. ``val`` is a seeded share ``source.holdout`` of training at the same share
    of normal, bacterial and viral pictures, and no patient of it is in ``train``.
    """
    for radiograph in _assigned(raw, source, seed, split):
        yield radiograph.read()


def attributes(image: Image) -> dict[str, float]:
    """``brightness`` and ``contrast`` of `glassbox.data.labelled.tone`."""
    return tone(image)


def manifest(raw: Path, source: Source, seed: int) -> str:
    """One checksum a picture."""
    return acquire.manifest(raw, files(raw))


def verify(raw: Path, source: Source, seed: int, manifest_text: str) -> None:
    """Hold the raw folder to its manifest; `GlassboxError` names the first picture missing, changed or extra."""
    acquire.verify(raw, manifest_text, files(raw))


def files(raw: Path) -> list[Path]:
    """Every picture the loader reads, relative to ``raw``."""
    return sorted(each.path.relative_to(raw) for split in OFFICIAL for each in _found(raw, split))


def _assigned(raw: Path, source: Source, seed: int, split: str) -> list[Radiograph]:
    if split not in ("train", "val", "test"):
        raise GlassboxError("split", f"'{split}'", "one of train, val, test")
    if split == "test":
        return _found(raw, "test")
    found = _found(raw, "train")
    columns = ([each.name for each in found], [each.patient for each in found])
    train, val = holdout(*columns, source.holdout, seed, [each.kind for each in found])
    if not val:
        told = f"{source.holdout:g} of {len(found)} training pictures"
        raise GlassboxError("source.holdout", told, "a share that leaves pictures to validate by")
    chosen = set(train if split == "train" else val)
    return [each for each in found if each.name in chosen]


def _found(raw: Path, split: str) -> list[Radiograph]:
    """The pictures of an official split, sorted by name."""
    present = [folder for folder in OFFICIAL[split] if folder != "val" or (raw / TOP / folder).is_dir()]
    found = [each for folder in present for label in range(len(CLASSES)) for each in _in_folder(raw, folder, label)]
    return sorted(found, key=lambda each: each.name)


def _in_folder(raw: Path, folder: str, label: int) -> Iterator[Radiograph]:
    """The visible pictures of one class in one folder."""
    place = raw / TOP / folder / CLASSES[label]
    if not place.is_dir():
        raise GlassboxError(place, "no such folder", "chest_xray/{train,test}/{NORMAL,PNEUMONIA}", _mend(raw))
    pictures = [path for path in place.glob("*.jpeg") if not path.name.startswith(".")]
    if not pictures:
        raise GlassboxError(place, "no picture in it", f"files like {EXAMPLES[CLASSES[label]]}", _mend(raw))
    for path in pictures:
        told = NAMES[CLASSES[label]].fullmatch(path.stem)
        if told is None:
            expected = f"a patient's number, as in {EXAMPLES[CLASSES[label]]}"
            raise GlassboxError(path, "a name that does not tell the patient", expected, _mend(raw))
        yield Radiograph(path, folder, label, told.groupdict().get("kind", "normal"), told["patient"])


def _mend(raw: Path) -> str:
    return f"glassbox acquire {raw.name} --from PATH"  # raw folders are named after their task
