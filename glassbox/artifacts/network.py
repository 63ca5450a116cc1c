"""Networks as canonical `.keras` files."""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np

from glassbox.artifacts.files import write_bytes
from glassbox.artifacts.paths import mend
from glassbox.errors import GlassboxError

if TYPE_CHECKING:
    import keras


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
        raise GlassboxError(path, "no such model", "a .keras file", mend(path))
    if not zipfile.is_zipfile(path):
        raise GlassboxError(path, "not a model, or cut off", "a .keras file", mend(path))
    try:
        return keras.saving.load_model(path, compile=False)
    except (ValueError, OSError, KeyError, TypeError, zipfile.BadZipFile) as error:
        found = f"not readable as a model ({str(error).splitlines()[0][:80]})"
        raise GlassboxError(path, found, "a .keras file", mend(path)) from None


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
