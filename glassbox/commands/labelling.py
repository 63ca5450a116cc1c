"""Find the label of each picture: by the folder it lies in, or by a table of files and labels."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from glassbox.commands.pairing import PICTURES
from glassbox.data.dicom import is_dicom
from glassbox.errors import GlassboxError
from glassbox.params import Classes

DICOM_ENDINGS = (".dcm", ".dicom")
SEVERAL = "|"  # between the labels of one picture
COLUMNS = ("file", "label")


@dataclass(frozen=True)
class Known:
    """A picture and its label, as `glassbox.data.labelled.Labelled` has it; `name` is unique among all."""

    name: str
    image: Path
    label: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """Every labelled picture, and what a user should know of how they were found, a line each."""

    pictures: list[Known]
    notes: list[str]


def known(images: Path, table: Path | None, labels: Classes) -> Found:
    """The pictures of a folder with their labels, by `table` where one is given, else by their folders.

    Raises `GlassboxError` where `images` is no folder, and as `by_folder` and `by_table` do.
    """
    if not images.is_dir():
        raise GlassboxError(images, "no such folder", "a folder of pictures")
    found = by_folder(images, labels) if table is None else by_table(images, table, labels)
    return Found(found.pictures, [*found.notes, *_missing(found.pictures, labels)])


def by_folder(images: Path, labels: Classes) -> Found:
    """The pictures of one folder a class, named after it in any case, with `_` or a space for `-`; sorted by name.

    Hidden files and folders and files that are no pictures are passed over. Raises `GlassboxError` for pictures of
    several labels each, no folder, a folder of no class, a second one for a class and one without a picture.
    """
    if labels.form == "multi-label":
        raise GlassboxError(images, "folders, though a picture has several labels", "a table of them, as --labels FILE")
    folders = [path for path in sorted(images.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    if not folders:
        raise GlassboxError(images, "no folder in it", f"one a class ({', '.join(labels.names)}), or --labels FILE")
    pictures: list[Known] = []
    classes: dict[int, Path] = {}
    for folder in folders:
        index = _class_of_folder(folder, labels)
        if index in classes:
            found = f"a second folder of {labels.names[index]}, beside {classes[index].name}"
            raise GlassboxError(folder, found, "one folder a class")
        classes[index] = folder
        pictures += [Known(f"{folder.name}/{path.name}", path, (index,)) for path in _pictures(folder)]
    loose = sum(_is_picture(path) for path in images.iterdir())
    return Found(pictures, [f"{images}: {loose} pictures outside the folders of classes, left out"] if loose else [])


def by_table(images: Path, table: Path, labels: Classes) -> Found:
    """The pictures that a CSV with the columns `file` and `label` lists, in its order; `file` is below `images`.

    A label is a class's name in any case, or its index from 0; for several labels a picture, names with `|` between
    them, and nothing for none. Raises `GlassboxError`, with the line, for a table that is absent, no CSV, empty or
    without these columns, a label of no class, and a file that is absent or listed twice.
    """
    pictures: list[Known] = []
    lines: dict[str, int] = {}
    for line, file, told in _rows(table):
        where = f"{table}: line {line}"
        if file in lines:
            raise GlassboxError(where, f"{file} a second time, after line {lines[file]}", "each file once")
        if not file or not (images / file).is_file():
            raise GlassboxError(where, f"no file {images / file}" if file else "no file", f"a picture below {images}")
        lines[file] = line
        pictures.append(Known(file, images / file, _label(told, labels, where)))
    return Found(pictures, [])


def class_index(told: str, names: Sequence[str]) -> int | None:
    """The class that a name in any case, or an index from 0, stands for; a name comes first.

    >>> class_index("Tumour_Epithelium", ["mucus", "tumour-epithelium"]), class_index("0", ["mucus"])
    (1, 0)
    >>> class_index("2", ["mucus"]) is None
    True
    """
    plain = [_plain(name) for name in names]
    if _plain(told) in plain:
        return plain.index(_plain(told))
    return int(told) if told.strip().isdecimal() and int(told) < len(names) else None


def _plain(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def _class_of_folder(folder: Path, labels: Classes) -> int:
    plain = [_plain(name) for name in labels.names]
    if _plain(folder.name) not in plain:
        raise GlassboxError(folder, "a folder of no class", f"one of {', '.join(labels.names)}, or --labels FILE")
    return plain.index(_plain(folder.name))


def _pictures(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.iterdir()) if _is_picture(path)]
    if not found:
        expected = f"files ending in {', '.join(sorted(PICTURES))}, .dcm, or no folder where there is no case"
        raise GlassboxError(folder, "no picture in it", expected)
    return found


def _is_picture(path: Path) -> bool:
    """By its ending; a file without one is looked into, since DICOM files often have none."""
    if path.name.startswith(".") or not path.is_file():
        return False
    ending = path.suffix.lower()
    return ending in PICTURES or ending in DICOM_ENDINGS or (not ending and is_dicom(path))


def _rows(table: Path) -> list[tuple[int, str, str]]:
    """Each row's line, file and label; empty lines are passed over."""
    if not table.is_file():
        raise GlassboxError(table, "a folder" if table.is_dir() else "no such file", "a CSV of file and label")
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = [name.strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = header
            rows = [(reader.line_num, row.get("file") or "", row.get("label") or "") for row in reader]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise GlassboxError(table, f"can't be read ({str(fault)[:80]})", "a CSV of file and label, in UTF-8") from None
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        found = f"no column {missing[0]}" if header else "empty"
        raise GlassboxError(table, found, f"the columns {' and '.join(COLUMNS)}, with commas between")
    if not rows:
        raise GlassboxError(table, "no row", "a row a picture")
    return [(line, file.strip(), label.strip()) for line, file, label in rows]


def _label(told: str, labels: Classes, where: str) -> tuple[int, ...]:
    """One class's index, or a flag a class."""
    names = [part for part in told.split(SEVERAL) if part.strip()]
    found = [class_index(name, labels.names) for name in names]
    for name, index in zip(names, found, strict=True):
        if index is None:
            raise GlassboxError(where, f"label '{name.strip()}'", f"one of {', '.join(labels.names)}, or its index")
    if labels.form == "multi-label":
        return tuple(int(index in found) for index in range(len(labels.names)))
    if len(found) != 1 or found[0] is None:
        raise GlassboxError(where, f"{len(found)} labels", f"one of {', '.join(labels.names)}, or its index")
    return (found[0],)


def _missing(pictures: Sequence[Known], labels: Classes) -> Iterator[str]:
    """What can't be measured on pictures that do not have every class."""
    several = labels.form == "multi-label"
    held = Counter(
        index
        for picture in pictures
        for index in ([at for at, flag in enumerate(picture.label) if flag] if several else picture.label)
    )
    absent = [name for index, name in enumerate(labels.names) if not held[index]]
    if not several and len(held) == 1:
        (index,) = held
        yield f"pictures of one class only, {labels.names[index]}: AUROC and AUPRC are undefined"
    elif absent:
        yield f"no picture of {', '.join(absent)}: left out of means over classes"
