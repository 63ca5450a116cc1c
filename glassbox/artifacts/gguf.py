"""A language model of the Llama architecture as a GGUF file, which llama.cpp runs.

The format: github.com/ggml-org/ggml/blob/master/docs/gguf.md. Matrices are stored as float16, normalisations as
float32. No date, host or path gets in, so that the same weights give the same bytes in any process.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glassbox.artifacts.files import write_bytes
from glassbox.errors import GlassboxError

if TYPE_CHECKING:
    from gguf import GGUFWriter

RARE_WORDS = "glassbox.rare_words"  # the header's entry for words without a token
GGUF_NAME = "glassbox-ask"  # general.name: by it the reader knows a model that was trained here
SPECIAL = ("<unk>", "<s>", "</s>")  # ids 0, 1, 2
SPACE = "\u2581"  # how SentencePiece writes a space


@dataclass(frozen=True)
class LlamaShape:
    """What llama.cpp must know to compute a Llama: the sizes, the normalisation's epsilon and the rotary base."""

    vocabulary: int
    width: int
    depth: int
    heads: int
    kv_heads: int
    hidden: int
    context: int
    epsilon: float
    rope_base: float

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Every weight by llama.cpp's name, with its shape: `(out, in)` for a matrix.

        Without an `output.weight` llama.cpp takes `token_embd.weight` for it. Rows of queries and keys stand in the
        order in which neighbours `(2 i, 2 i + 1)` are turned together.
        """
        width, hidden, shared = self.width, self.hidden, self.width // self.heads * self.kv_heads
        block: dict[str, tuple[int, ...]] = {
            "attn_norm": (width,),
            "attn_q": (width, width),
            "attn_k": (shared, width),
            "attn_v": (shared, width),
            "attn_output": (width, width),
            "ffn_norm": (width,),
            "ffn_gate": (hidden, width),
            "ffn_up": (hidden, width),
            "ffn_down": (width, hidden),
        }
        blocks = {f"blk.{n}.{name}.weight": size for n in range(self.depth) for name, size in block.items()}
        return {"token_embd.weight": (self.vocabulary, width), **blocks, "output_norm.weight": (width,)}


def write_gguf(
    path: Path, weights: Mapping[str, np.ndarray], shape: LlamaShape, pieces: Sequence[str], rare: Sequence[str] = ()
) -> None:
    """Write weights, by the names and in the shapes of `shape.tensors()`, with the text of every token.

    `pieces` are the texts of tokens 3 and up; 0 is `<unk>`, 1 `<s>` and 2 `</s>`. A space in a piece is a space of the
    text. `rare` words are told in the header: words, though none of them is a token. Raises `GlassboxError`, and writes
    nothing, where pieces or weights do not fit the shape, a piece is empty or comes twice, or a weight is beyond
    float16's range.
    """
    from gguf import GGUFWriter

    tokens = [*SPECIAL, *(piece.replace(" ", SPACE) for piece in pieces)]
    _check(path, weights, shape, tokens)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.gguf"
        writer = GGUFWriter(plain, "llama")
        _describe(writer, shape)
        writer.add_string(RARE_WORDS, " ".join(rare))
        _spell(writer, tokens)
        for name in shape.tensors():
            writer.add_tensor(name, _stored(name, weights[name]))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        content = plain.read_bytes()
    write_bytes(path, content)


def _check(path: Path, weights: Mapping[str, np.ndarray], shape: LlamaShape, tokens: Sequence[str]) -> None:
    if len(tokens) != shape.vocabulary:
        raise GlassboxError(path, f"{len(tokens)} tokens, specials included", f"a vocabulary of {shape.vocabulary}")
    for token, times in Counter(tokens).items():
        if times > 1 or not token:  # llama.cpp would end the process
            raise GlassboxError(path, f"token {token!r} {times} times", "each token with a text of its own")
    for name, size in shape.tensors().items():
        found = weights[name].shape if name in weights else "none"
        if found != size:
            raise GlassboxError(path, f"weight {name} {found}", f"shape {size}")


def _describe(writer: "GGUFWriter", shape: LlamaShape) -> None:
    """The model's sizes."""
    from gguf import LlamaFileType

    writer.add_name(GGUF_NAME)
    writer.add_file_type(LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.depth)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.rope_base)


def _spell(writer: "GGUFWriter", tokens: Sequence[str]) -> None:
    """The tokens' texts, as a SentencePiece vocabulary whose earlier pieces are preferred."""
    from gguf import TokenType

    kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL, *[TokenType.NORMAL] * (len(tokens) - 3)]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0 if kind != TokenType.NORMAL else float(-i) for i, kind in enumerate(kinds)])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)


def _stored(name: str, weight: np.ndarray) -> np.ndarray:
    """A matrix as float16, a normalisation as float32."""
    if not np.abs(weight).max(initial=0) <= np.finfo(np.float16).max:  # so, for NaN too
        raise GlassboxError(f"weight {name}", "beyond float16's range", "a training that converged")
    return np.ascontiguousarray(weight, np.float16 if weight.ndim == 2 else np.float32)
