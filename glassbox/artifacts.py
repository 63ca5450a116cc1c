"""The only place that knows file names and byte formats. Every write is atomic and byte-stable.

A reader sees the old file or the new one, never half of one; the same content always gives the same bytes.
"""

import errno
import hashlib
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import h5py
import numpy as np
import pandas as pd

from glassbox.errors import GlassboxError

if TYPE_CHECKING:
    import keras

T = TypeVar("T")
SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Paths:
    """Every file of the pipeline, by what it holds.

    `root` is the project's top folder. `code` is a hash of the code that a stage runs: part of the name of an
    unfinished training's state, so that other code starts anew.
    """

    root: Path = field(default_factory=Path)
    code: str = ""

    def params(self) -> Path:
        """Every number that can change a result."""
        return self.root / "params.yaml"

    def pipeline(self) -> Path:
        """The stages, their files and their parameters."""
        return self.root / "dvc.yaml"

    def raw(self, task: str) -> Path:
        """The task's data as it was brought in; never in git."""
        return self.root / "data" / "raw" / task

    def manifest(self, task: str) -> Path:
        """What `raw` must hold: one checksum a file."""
        return self.root / "data" / f"{task}.sha256"

    def split(self, task: str, split: str) -> Path:
        """One split, ready for the network."""
        return self.root / "data" / task / f"{split}.npz"

    def plan(self, task: str) -> Path:
        """The augmentation plan."""
        return self.root / "data" / task / "plan.parquet"

    def census(self, task: str) -> Path:
        """Counts, duplicates and sizes of the task's data."""
        return self.root / "metrics" / f"{task}-data.json"

    def alignment(self, task: str) -> Path:
        """How well augmented masks agree with their pictures."""
        return self.root / "metrics" / f"{task}-augment.json"

    def model(self, model: str) -> Path:
        """A trained network."""
        return self.root / "models" / f"{model}.keras"

    def history(self, model: str) -> Path:
        """Its training, one row a pass."""
        return self.root / "models" / f"{model}-history.csv"

    def metrics(self, model: str) -> Path:
        """Its scores on the test split."""
        return self.root / "metrics" / f"{model}.json"

    def calibration(self, model: str) -> Path:
        """Its temperature and operating threshold, chosen on the validation split."""
        return self.root / "metrics" / f"{model}-calibration.json"

    def subgroups(self, model: str) -> Path:
        """Its scores on the test split, by lesion size, contrast, skin tone and the like."""
        return self.root / "metrics" / f"{model}-subgroups.json"

    def uncertainty(self, model: str) -> Path:
        """How it predicts its own quality, and how many failures that finds."""
        return self.root / "metrics" / f"{model}-uncertainty.json"

    def quality(self, model: str) -> Path:
        """Its predicted quality, one row a test case."""
        return self.root / "metrics" / "quality" / f"{model}.csv"

    def cases(self, model: str) -> Path:
        """Its scores, one row a test case."""
        return self.root / "metrics" / "cases" / f"{model}.csv"

    def batches(self, model: str) -> Path:
        """Its scores, one row a batch of test cases."""
        return self.root / "metrics" / "batches" / f"{model}.csv"

    def comparison(self, task: str) -> Path:
        """Paired differences between the task's variants."""
        return self.root / "metrics" / f"{task}-compare.json"

    def threshold(self, task: str) -> Path:
        """Scores of the task's balanced model with its threshold moved to a variant's purpose."""
        return self.root / "metrics" / f"{task}-threshold.json"

    def robustness(self, task: str) -> Path:
        """Scores of the task's balanced model on corrupted test pictures."""
        return self.root / "metrics" / f"{task}-robustness.json"

    def plots(self, name: str) -> Path:
        """The pictures of a task or model."""
        return self.root / "plots" / name

    def index(self) -> Path:
        """Every recorded number, searchable."""
        return self.root / "data" / "index.sqlite"

    def recorded(self) -> Path:
        """The folder of all metrics."""
        return self.root / "metrics"

    def resume(self, model: str, digest: str) -> Path:
        """An unfinished training's state: outside DVC's outputs, which are deleted before a stage runs."""
        name = hashlib.sha256(f"{digest} {self.code}".encode()).hexdigest()[:16]
        return self.root / ".glassbox" / "resume" / f"{model}-{name}.npz"


@dataclass(frozen=True)
class Split:
    """One split of a segmentation task.

    `images`: `(N, H, W, 3) uint8` RGB at the network's size; `masks`: `(N, H, W) uint8` of 0 and 1 at that size, for
    training; `truths`: N masks at the pictures' own sizes as PNG, for scoring; `attributes`: one row a case; `regions`:
    where scores are taken, N masks as the truths are, or none for whole pictures.
    """

    cases: tuple[str, ...]
    images: np.ndarray
    masks: np.ndarray
    truths: tuple[bytes, ...]
    attributes: pd.DataFrame
    regions: tuple[bytes, ...] = ()

    def inputs(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """`(n, H, W, 3) float32 in [0, 1]`: what the network is given."""
        return self.images[start:stop].astype(np.float32) / 255.0

    def of(self, names: Sequence[str]) -> "Split":
        """The part of the split that holds the named cases, in that order."""
        at = [self.cases.index(name) for name in names]
        truths, regions = (tuple(each[i] for i in at if each) for each in (self.truths, self.regions))
        return Split(tuple(names), self.images[at], self.masks[at], truths, self.attributes.iloc[at], regions)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all. A full disk is a `GlassboxError`."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise GlassboxError(path, "the disk is full", f"{len(content):,} free bytes") from None
        raise
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text."""
    write_bytes(path, text.encode())


def read_manifest(path: Path) -> str:
    """Read a task's checksums; where there are none, the error says what writes them."""
    if not path.is_file():
        raise GlassboxError(path, "no such file", "the task's checksums", f"glassbox acquire {path.stem}")
    return _decoded(path, lambda file: file.read().decode())


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON in the given order. NaN and infinity are refused: `dvc metrics` can't read them."""
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote."""
    content: dict[str, Any] = _decoded(path, json.load)
    return content


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table without its index."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))


def read_csv(path: Path) -> pd.DataFrame:
    """Read what `write_csv` wrote; names of cases stay text, `0012` and `NA` too."""
    return _decoded(path, lambda file: pd.read_csv(file, dtype={"case": str}, keep_default_na=False, na_values=[""]))


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a large table, compressed."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    write_bytes(path, buffer.getvalue())


def read_parquet(path: Path) -> pd.DataFrame:
    """Read what `write_parquet` wrote."""
    return _decoded(path, pd.read_parquet)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays as `.npz`, uncompressed: pictures hardly shrink, and reading is ten times faster."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_bytes(path, buffer.getvalue())


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read what `write_arrays` wrote."""
    return _decoded(path, lambda file: dict(np.load(file, allow_pickle=False)))


def write_split(path: Path, split: Split) -> None:
    """Write a split; the PNG masks, then the regions, stand end to end, with the offset at which each begins."""
    drawn = [*split.truths, *split.regions]
    offsets = np.cumsum([0, *map(len, drawn)])
    columns = {f"attribute_{name}": split.attributes[name].to_numpy() for name in split.attributes}
    write_arrays(
        path,
        {
            "cases": np.array(split.cases),
            "images": split.images,
            "masks": split.masks,
            "truths": np.frombuffer(b"".join(drawn), np.uint8),
            "offsets": offsets,
            **columns,
        },
    )


def read_split(path: Path) -> Split:
    """Read what `write_split` wrote."""
    return _decoded(path, _split)


def _split(file: io.BytesIO) -> Split:
    arrays = dict(np.load(file, allow_pickle=False))
    joined, offsets = arrays["truths"].tobytes(), arrays["offsets"]
    prefix = "attribute_"
    columns = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    drawn, n = tuple(joined[a:b] for a, b in pairwise(offsets)), len(arrays["cases"])
    return Split(
        cases=tuple(map(str, arrays["cases"])),
        images=arrays["images"],
        masks=arrays["masks"],
        truths=drawn[:n],
        attributes=pd.DataFrame(columns, index=arrays["cases"]),
        regions=drawn[n:],
    )


def write_model(path: Path, model: "keras.Model") -> None:
    """Write a network as a canonical `.keras` file with float16 weights and no optimizer.

    Keras stamps its files with the date, numbers shared objects by their address in memory, and stores the optimizer of
    a compiled model. Date and optimizer are left out, shared objects are counted from 0, members are sorted and carry
    one fixed date, so that the same weights give the same bytes in any process. A weight beyond float16's range is an
    error, not an infinity.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.keras"
        model.save(plain)
        with zipfile.ZipFile(plain) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    for name, keys in (("metadata.json", ["date_saved"]), ("config.json", ["compile_config"])):
        content = json.loads(members[name])
        text = json.dumps({k: v for k, v in content.items() if k not in keys}, sort_keys=True)
        members[name] = _renumber(text).encode()
    members["model.weights.h5"] = _half(members["model.weights.h5"])
    write_bytes(path, _zip(members))


def read_model(path: Path) -> "keras.Model":
    """Read a network, uncompiled. A file that is no model is a `GlassboxError`."""
    import keras

    if not path.is_file():
        raise GlassboxError(path, "no such model", "a .keras file", _mend(path))
    if not zipfile.is_zipfile(path):
        raise GlassboxError(path, "not a model, or cut off", "a .keras file", _mend(path))
    try:
        return keras.saving.load_model(path, compile=False)
    except (ValueError, OSError, KeyError, TypeError, zipfile.BadZipFile) as error:
        found = f"not readable as a model ({str(error).splitlines()[0][:80]})"
        raise GlassboxError(path, found, "a .keras file", _mend(path)) from None


def _renumber(config: str) -> str:
    """The same configuration with its shared objects counted in the order in which they occur."""
    seen: dict[str, int] = {}
    return re.sub(r'(?<="shared_object_id": )\d+', lambda address: str(seen.setdefault(address[0], len(seen))), config)


def _half(weights: bytes) -> bytes:
    """The same HDF5 file with float32 arrays as float16, without the optimizer's and without running numbers."""
    buffer = io.BytesIO()
    with h5py.File(io.BytesIO(weights)) as source, h5py.File(buffer, "w") as target:

        def copy(name: str, node: h5py.Group | h5py.Dataset) -> None:
            if name.split("/")[0] == "optimizer":
                return
            if isinstance(node, h5py.Group):
                made = target.require_group(name)
            else:
                values = node[()]
                if values.dtype == np.float32:
                    if not np.abs(values).max(initial=0) <= np.finfo(np.float16).max:  # so, for NaN too
                        raise GlassboxError(f"weight {name}", "beyond float16's range", "a training that converged")
                    values = values.astype(np.float16)
                made = target.create_dataset(name, data=values)
            for key in sorted(set(node.attrs) - {"name"}):  # `softmax_2`, by what the process built before; never read
                made.attrs[key] = node.attrs[key]

        source.visititems(copy)
    return buffer.getvalue()


def _zip(members: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on its content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), members[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise GlassboxError(path, "no such file", "an output of the pipeline", _mend(path)) from None


def _decoded(path: Path, decode: Callable[[io.BytesIO], T]) -> T:
    """What a file holds; `GlassboxError` for one that is absent or damaged."""
    try:
        return decode(io.BytesIO(_read(path)))
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        found = f"damaged ({str(error).splitlines()[0][:80]})" if str(error) else "damaged"
        raise GlassboxError(path, found, "an output of the pipeline", _mend(path)) from None


def _mend(path: Path) -> str:
    """The command that brings a file of the pipeline back: git where git holds it, else the stage that makes it."""
    folder = path.parent.name
    if "models" in path.parts or "metrics" in path.parts:
        return f"git checkout -- {path}, or dvc repro"
    if path.suffix in (".npz", ".parquet") and path.parent.parent.name == "data":
        return f"dvc repro augment@{folder}"
    return "dvc repro"
