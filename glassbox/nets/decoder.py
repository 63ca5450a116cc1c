"""A small decoder of the Llama architecture: token ids to logits of the next token, read top to bottom.

Touvron 2023 (arXiv:2302.13971): each block adds causal self-attention, then a gated feed-forward layer, to what it is
given, each behind a normalisation; no biases. Root mean square normalisation (Zhang 2019, arXiv:1910.07467), rotary
positions (Su 2021, arXiv:2104.09864), SwiGLU (Shazeer 2020, arXiv:2002.05202), heads that share keys and values
(Ainslie 2023, arXiv:2305.13245), one matrix for input and output (Press 2017, arXiv:1608.05859).

It computes what llama.cpp computes for a GGUF file of the architecture `llama`, so that the weights trained here run
there: `weights` gives them by llama.cpp's names and in its layout.
"""

from typing import Annotated, Self

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops
from pydantic import Field, model_validator

from glassbox.artifacts import LlamaShape
from glassbox.params import Block, Count

EPSILON = 1e-5  # of the normalisation, Llama 2's
BASE = 10000.0  # of the rotary frequencies
INITIAL = "lecun_normal"  # of what reads the residual stream: variance 1 / fan-in, whatever stands beside it
FORBIDDEN = -1e9  # the score of a later position: its weight is exactly 0 in float32


class Architecture(Block):
    """The shape of the decoder.

    `vocabulary`: tokens; `width`: of the residual stream; `depth`: blocks; `heads`: of the attention; `kv_heads`: how
    many of keys and values, each shared by `heads / kv_heads` heads; `hidden`: width of the feed-forward layer;
    `context`: the longest sequence, in tokens; `dropout`: rate of it behind each attention and feed-forward layer.
    """

    vocabulary: Count
    width: Count
    depth: Count
    heads: Count
    kv_heads: Count
    hidden: Count
    context: Count
    dropout: Annotated[float, Field(ge=0, lt=1)]

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} for {self.heads} heads|a width of an even number of channels a head")
        if self.heads % self.kv_heads:
            raise ValueError(f"kv_heads {self.kv_heads} does not divide heads, {self.heads}|a divisor of it")
        return self


def build(architecture: Architecture) -> keras.Model:
    """The untrained decoder: tokens `(N, T) int32` to logits `(N, T, V) float32` of the token that follows each.

    T is free up to `context`. What stands at the right of a position does not reach it, so that shorter sequences can
    be padded there with any token.
    """
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    embedding = layers.ReversibleEmbedding(
        architecture.vocabulary,
        architecture.width,
        embeddings_initializer=keras.initializers.RandomNormal(stddev=architecture.width**-0.5),
        name="embedding",
    )
    x = embedding(tokens)  # (N, T, W)
    for number in range(architecture.depth):
        x = _block(x, architecture, f"block{number}")
    x = layers.RMSNormalization(epsilon=EPSILON, name="output_norm")(x)
    return keras.Model(tokens, embedding(x, reverse=True), name="decoder")


def _block(x: keras.KerasTensor, architecture: Architecture, name: str) -> keras.KerasTensor:
    """One block, `(N, T, W)` to the same."""
    a, onto = architecture, keras.initializers.VarianceScaling(0.5 / architecture.depth)  # their sum keeps its size
    y = layers.RMSNormalization(epsilon=EPSILON, name=f"{name}_attention_norm")(x)
    y = Attention(a.heads, a.kv_heads, a.width // a.heads, a.context, f"{name}_attention")(y)
    y = layers.Dense(a.width, use_bias=False, kernel_initializer=onto, name=f"{name}_attention_output")(y)
    x = layers.Add(name=f"{name}_attention_add")([x, layers.Dropout(a.dropout, name=f"{name}_attention_dropout")(y)])
    y = layers.RMSNormalization(epsilon=EPSILON, name=f"{name}_feed_norm")(x)
    read = {"use_bias": False, "kernel_initializer": INITIAL}
    gate = layers.Dense(a.hidden, activation="silu", name=f"{name}_feed_gate", **read)(y)
    up = layers.Dense(a.hidden, name=f"{name}_feed_up", **read)(y)
    y = layers.Multiply(name=f"{name}_feed_product")([gate, up])
    y = layers.Dense(a.width, use_bias=False, kernel_initializer=onto, name=f"{name}_feed_output")(y)
    return layers.Add(name=f"{name}_feed_add")([x, layers.Dropout(a.dropout, name=f"{name}_feed_dropout")(y)])


class Attention(layers.Layer):  # type: ignore[misc]  # Keras brings no types
    """Causal self-attention with rotary positions, without the matrix behind it: `(N, T, W)` to `(N, T, H C)`.

    Head h gives position t `sum_s softmax_s(q_t . k_s / sqrt(C)) v_s` over s up to t, queries and keys turned by their
    positions. `context` is the longest sequence.
    """

    def __init__(self, heads: int, kv_heads: int, channels: int, context: int, name: str) -> None:
        super().__init__(name=name)
        self.heads, self.kv_heads, self.channels = heads, kv_heads, channels
        self.cosine, self.sine = rotation(context, channels)
        self.forbidden = np.triu(np.full((context, context), FORBIDDEN, np.float32), 1)

    def build(self, shape: tuple[int | None, ...]) -> None:
        """One matrix for queries, keys and values, side by side."""
        columns = (self.heads + 2 * self.kv_heads) * self.channels
        self.kernel = self.add_weight((shape[-1], columns), initializer=INITIAL, name="kernel")

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """All heads side by side."""
        length, kinds = ops.shape(x)[1], self.heads + 2 * self.kv_heads
        cosine, sine, forbidden = (ops.convert_to_tensor(each) for each in (self.cosine, self.sine, self.forbidden))
        y = ops.reshape(ops.matmul(x, self.kernel), (-1, length, kinds, self.channels))  # (N, T, H + 2 K, C)
        y = ops.transpose(y, (0, 2, 1, 3))  # (N, H + 2 K, T, C)
        both, v = ops.split(y, [self.heads + self.kv_heads], axis=1)  # not slices: their gradients are slow
        q, k = ops.split(turn(both, cosine[:length], sine[:length]), [self.heads], axis=1)
        if self.kv_heads < self.heads:
            k, v = (ops.repeat(each, self.heads // self.kv_heads, axis=1) for each in (k, v))  # (N, H, T, C)
        scores = ops.matmul(q * self.channels**-0.5, ops.transpose(k, (0, 1, 3, 2)))  # (N, H, T, T)
        shares = ops.softmax(scores + forbidden[:length, :length], axis=-1)
        seen = ops.transpose(ops.matmul(shares, v), (0, 2, 1, 3))  # (N, T, H, C)
        return ops.reshape(seen, (-1, length, self.heads * self.channels))


def rotation(context: int, channels: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Cosine and sine of each position's angles `t * BASE ** (-2 i / C)`, twice each: `(T, C)`."""
    angles = np.outer(np.arange(context), BASE ** (-np.arange(0, channels, 2) / channels)).repeat(2, axis=1)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def turn(x: keras.KerasTensor, cosine: keras.KerasTensor, sine: keras.KerasTensor) -> keras.KerasTensor:
    """Turn each pair of neighbouring channels `(2 i, 2 i + 1)` of `(..., T, C)` by its angle, as llama.cpp does.

    `(a, b)` becomes `(a cos - b sin, a sin + b cos)`. The pair `(-b, a)` is a product with a constant matrix: faster
    than taking every second channel.
    """
    swap = np.zeros((x.shape[-1], x.shape[-1]), np.float32)
    even = np.arange(0, x.shape[-1], 2)
    swap[even, even + 1], swap[even + 1, even] = 1, -1
    return x * cosine + ops.matmul(x, swap) * sine


def shape(architecture: Architecture) -> LlamaShape:
    """What llama.cpp must know of the decoder."""
    sizes = architecture.model_dump(exclude={"dropout"})
    return LlamaShape(**sizes, epsilon=EPSILON, rope_base=BASE)


def weights(model: keras.Model, architecture: Architecture) -> dict[str, npt.NDArray[np.float32]]:
    """The decoder's weights by llama.cpp's names, matrices as `(out, in)`, as `write_gguf` takes them."""
    width, shared = architecture.width, architecture.width // architecture.heads * architecture.kv_heads

    def of(layer: str) -> npt.NDArray[np.float32]:
        [weight] = model.get_layer(layer).get_weights()
        return np.asarray(weight.T)

    found = {"token_embd": of("embedding").T, "output_norm": of("output_norm")}
    for number in range(architecture.depth):
        name, here = f"block{number}", f"blk.{number}"
        q, k, v = np.split(of(f"{name}_attention"), [width, width + shared])
        found |= {f"{here}.attn_q": q, f"{here}.attn_k": k, f"{here}.attn_v": v}
        found |= {f"{here}.ffn_gate": of(f"{name}_feed_gate"), f"{here}.ffn_up": of(f"{name}_feed_up")}
        found |= {f"{here}.attn_output": of(f"{name}_attention_output"), f"{here}.ffn_down": of(f"{name}_feed_output")}
        found |= {f"{here}.attn_norm": of(f"{name}_attention_norm"), f"{here}.ffn_norm": of(f"{name}_feed_norm")}
    return {f"{name}.weight": weight for name, weight in found.items()}
