"""models/ask.gguf, the committed model: llama.cpp computes with it what Keras computes."""

from pathlib import Path

import keras
import numpy as np
import pytest
from gguf import GGUFReader

from glassbox.artifacts import Paths
from glassbox.llm import teach
from glassbox.llm.runner import Runner
from glassbox.nets import decoder
from glassbox.params import load, parse

ROOT = Path(__file__).parents[2]
STORED = {  # the decoder's layer, and what llama.cpp calls its weight
    "attention_norm": "attn_norm", "attention_output": "attn_output", "feed_norm": "ffn_norm", "feed_gate": "ffn_gate",
    "feed_up": "ffn_up", "feed_output": "ffn_down",
}  # fmt: skip
SAID = [
    ("what was the X1 of the X1 variant on batch N1 ?", "value X1 in batch N1 of X1"),
    ("which batch of M1 has the lowest K1", "min batch K1 of M1"),
    ("is P1 better than X1 on K1 ?", "compare K1 of P1 X1"),
    ("how many cases of M1 have a K1 below N1", "count case K1 below N1 of M1"),
    ("why is K1 so low", "refuse"),
]


@pytest.fixture(scope="module")
def opened() -> Runner:
    return Runner(Paths(ROOT).reader())


@pytest.fixture(scope="module")
def rebuilt(opened: Runner) -> keras.Model:
    """The decoder in Keras, with the weights of the file."""
    ask = load(ROOT / "params.yaml").ask
    sizes = ask.architecture | {"vocabulary": len(opened.vocabulary())}
    architecture = parse(decoder.Architecture, sizes, "ask")
    model = decoder.build(architecture)
    stored = {
        t.name.removesuffix(".weight"): np.array(t.data, np.float32) for t in GGUFReader(Paths(ROOT).reader()).tensors
    }
    model.get_layer("embedding").set_weights([stored["token_embd"]])
    model.get_layer("output_norm").set_weights([stored["output_norm"]])
    for number in range(architecture.depth):
        for layer, name in STORED.items():
            model.get_layer(f"block{number}_{layer}").set_weights([stored[f"blk.{number}.{name}"].T])
        joined = np.concatenate([stored[f"blk.{number}.attn_{part}"] for part in "qkv"])
        model.get_layer(f"block{number}_attention").set_weights([joined.T])
    return model


@pytest.mark.parametrize(("question", "line"), SAID)
def test_its_logits_agree_with_those_of_keras(opened: Runner, rebuilt: keras.Model, question: str, line: str) -> None:
    """To 1e-2 at every position of a question and its line, and the likeliest token is the same."""
    number = {piece: at for at, piece in enumerate(opened.vocabulary())}
    tokens, _ = teach.encoded(question.split(), line.split(), number)
    expected, found = rebuilt.predict_on_batch(np.array([tokens]))[0], opened.logits(tokens)
    assert np.abs(found - expected).max() < 1e-2
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()
