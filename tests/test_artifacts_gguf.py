"""Language models as files: the same weights are the same bytes, and what does not fit is refused."""

import hashlib
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader

from glassbox import artifacts
from glassbox.artifacts import LlamaShape
from glassbox.errors import GlassboxError

SHAPE = LlamaShape(
    vocabulary=6, width=8, depth=2, heads=2, kv_heads=1, hidden=12, context=16, epsilon=1e-5, rope_base=10000.0
)
PIECES = ["find", " best", "ü "]
PLANNED = LlamaShape(3000, 160, 5, 5, 5, 448, 96, 1e-5, 10000.0)


def weights(shape: LlamaShape = SHAPE) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal(size).astype(np.float32) for name, size in shape.tensors().items()}


def test_a_file_holds_the_weights_and_what_llama_cpp_must_know(tmp_path: Path) -> None:
    """Matrices rounded to float16, normalisations as they are; sizes, tokens with their kinds, and nothing else."""
    artifacts.write_gguf(tmp_path / "a.gguf", weights(), SHAPE, PIECES)
    reader = GGUFReader(tmp_path / "a.gguf")
    stored = {tensor.name: tensor for tensor in reader.tensors}
    assert list(stored) == list(SHAPE.tensors())
    for name, weight in weights().items():
        kind = GGMLQuantizationType.F16 if weight.ndim == 2 else GGMLQuantizationType.F32
        assert stored[name].tensor_type == kind
        expected = weight.astype(np.float16) if weight.ndim == 2 else weight
        np.testing.assert_array_equal(stored[name].data, expected)
    found = {name: field.contents() for name, field in reader.fields.items() if not name.startswith("GGUF.")}
    tokens = found.pop("tokenizer.ggml.tokens")
    assert tokens == ["<unk>", "<s>", "</s>", "find", "▁best", "ü▁"]
    assert found.pop("tokenizer.ggml.token_type") == [2, 3, 3, 1, 1, 1]
    scores = found.pop("tokenizer.ggml.scores")
    assert scores[3:] == sorted(set(scores[3:]), reverse=True)
    assert found == {
        "general.architecture": "llama",
        "general.name": artifacts.GGUF_NAME,
        "general.file_type": 1,
        "llama.vocab_size": 6,
        "llama.context_length": 16,
        "llama.embedding_length": 8,
        "llama.block_count": 2,
        "llama.feed_forward_length": 12,
        "llama.attention.head_count": 2,
        "llama.attention.head_count_kv": 1,
        "llama.attention.layer_norm_rms_epsilon": pytest.approx(1e-5),
        "llama.rope.dimension_count": 4,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_space_prefix": False,
    }


WRITE = """
from pathlib import Path
import numpy as np
from glassbox.artifacts import LlamaShape, write_gguf
shape = LlamaShape(6, 8, 2, 2, 1, 12, 16, 1e-5, 10000.0)
rng = np.random.default_rng(0)
weights = {name: rng.standard_normal(size).astype(np.float32) for name, size in shape.tensors().items()}
write_gguf(Path("b.gguf"), dict(reversed(weights.items())), shape, ["find", " best", "ü "])
"""


def test_the_same_weights_are_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """A second later, in another folder, process and order of the weights."""
    artifacts.write_gguf(tmp_path / "a.gguf", weights(), SHAPE, PIECES)
    time.sleep(1.1)
    done = subprocess.run([sys.executable, "-c", WRITE], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    a, b = (hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.gguf", "b.gguf"))
    assert a == b
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gguf", "b.gguf"]


def test_the_planned_file_is_small(tmp_path: Path) -> None:
    """At most 5 MB, of which the pieces take little."""
    pieces = [f" piece{i}" for i in range(2997)]
    artifacts.write_gguf(tmp_path / "a.gguf", weights(PLANNED), PLANNED, pieces)
    assert sum(np.prod(size) for size in PLANNED.tensors().values()) < 2_300_000
    assert (tmp_path / "a.gguf").stat().st_size < 4_300_000


FAULTS = [
    (["find", " best"], {}, "5 tokens, specials included; expected a vocabulary of 6"),
    (["find", "", "best"], {}, "token '' 1 times; expected each token with a text of its own"),
    (["find", "best", "find"], {}, "token 'find' 2 times; expected each token with a text of its own"),
    (["find", "best", "<s>"], {}, "token '<s>' 2 times; expected each token with a text of its own"),
    (PIECES, {"blk.1.attn_k.weight": np.zeros((8, 8))}, "weight blk.1.attn_k.weight (8, 8); expected shape (4, 8)"),
    (PIECES, {"output_norm.weight": None}, "weight output_norm.weight none; expected shape (8,)"),
]


@pytest.mark.parametrize(("pieces", "changed", "told"), FAULTS)
def test_what_does_not_fit_the_shape_is_refused(
    tmp_path: Path, pieces: list[str], changed: dict[str, np.ndarray | None], told: str
) -> None:
    """In one line, before anything is written: llama.cpp would end the process over some of it."""
    given = {name: weight for name, weight in (weights() | changed).items() if weight is not None}
    with pytest.raises(GlassboxError) as caught:
        artifacts.write_gguf(tmp_path / "a.gguf", given, SHAPE, pieces)
    assert str(caught.value) == f"{tmp_path / 'a.gguf'}: {told}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [1e6, -1e6, np.nan, np.inf])
@pytest.mark.parametrize("name", ["blk.0.ffn_up.weight", "blk.0.ffn_norm.weight"])
def test_a_weight_that_float16_can_not_hold_is_refused(tmp_path: Path, name: str, value: float) -> None:
    """Too large, infinite or NaN: a training that went wrong is not stored."""
    given = weights()
    given[name][..., 0] = value
    with pytest.raises(GlassboxError, match=f"^weight {name}: beyond float16's range"):
        artifacts.write_gguf(tmp_path / "a.gguf", given, SHAPE, PIECES)
    assert list(tmp_path.iterdir()) == []


def test_tensors_follow_the_shape() -> None:
    """Shared heads make keys and values smaller; each block brings nine weights."""
    assert len(replace(SHAPE, depth=3).tensors()) == 2 + 3 * 9
    assert replace(SHAPE, heads=4).tensors()["blk.0.attn_v.weight"] == (2, 8)
