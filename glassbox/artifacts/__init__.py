"""The only place that knows file names and byte formats. Every write is atomic and byte-stable.

A reader sees the old file or the new one, never half of one; the same content always gives the same bytes.
"""

from glassbox.artifacts.files import (
    array_bytes,
    read_arrays,
    read_csv,
    read_json,
    read_manifest,
    read_parquet,
    write_arrays,
    write_bytes,
    write_csv,
    write_json,
    write_parquet,
    write_text,
)
from glassbox.artifacts.gguf import GGUF_NAME, RARE_WORDS, LlamaShape, write_gguf
from glassbox.artifacts.labelled import LabelledSplit, read_labelled, write_labelled
from glassbox.artifacts.network import read_model, write_model
from glassbox.artifacts.paths import Paths
from glassbox.artifacts.split import SPLITS, Split, read_split, write_split

__all__ = [
    "GGUF_NAME",
    "RARE_WORDS",
    "SPLITS",
    "LabelledSplit",
    "LlamaShape",
    "Paths",
    "Split",
    "array_bytes",
    "read_arrays",
    "read_csv",
    "read_json",
    "read_labelled",
    "read_manifest",
    "read_model",
    "read_parquet",
    "read_split",
    "write_arrays",
    "write_bytes",
    "write_csv",
    "write_gguf",
    "write_json",
    "write_labelled",
    "write_model",
    "write_parquet",
    "write_split",
    "write_text",
]
