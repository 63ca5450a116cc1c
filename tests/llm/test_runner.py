"""glassbox.llm.runner: llama.cpp computes what Keras does, only the grammar's texts come out, bad files are told."""

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from glassbox.artifacts import write_gguf
from glassbox.errors import GlassboxError
from glassbox.llm.runner import Runner
from glassbox.nets import decoder

SHARED = Path(__file__).parents[3] / "shared" / "data" / "gguf"
FOREIGN = [
    pytest.param(
        SHARED / name,
        id=name,
        marks=pytest.mark.skipif(not (SHARED / name).is_file(), reason=f"{SHARED / name} is absent"),
    )
    for name in ("stories260K.gguf", "llama-2-tiny-random.gguf")
]
WORDS = ["find", "count", "dice", "iou", " dice", " of", " model", " case", "1", "2", "12", ".", "isic", "-recall"]
PIECES = [*WORDS, *(f" word{i}" for i in range(277 - len(WORDS)))]
MESSAGES = [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Which dice? ü"}]
Write = Callable[..., Path]


def architecture(**changes: int) -> decoder.Architecture:
    sizes = {"vocabulary": 280, "width": 96, "depth": 3, "heads": 3, "kv_heads": 3, "hidden": 256, "context": 96}
    return decoder.Architecture(**{**sizes, **changes}, dropout=0.0)


def trained(shape: decoder.Architecture, seed: int = 0) -> keras.Model:
    """Random weights of the size that training gives, rounded to what the file can hold."""
    keras.utils.set_random_seed(seed)
    model = decoder.build(shape)
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        value = np.array(variable)
        if variable.name == "scale":
            value = rng.uniform(0.5, 1.5, variable.shape)
        variable.assign(value.astype(np.float16).astype(np.float32))
    return model


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Stores a decoder of random weights and tells where."""

    def stored(seed: int = 0, **changes: int) -> Path:
        shape = architecture(**changes)
        path = tmp_path_factory.mktemp("gguf") / "model.gguf"
        write_gguf(path, decoder.weights(trained(shape, seed), shape), decoder.shape(shape), PIECES)
        return path

    return stored


@pytest.fixture(scope="module")
def path(write: Write) -> Path:
    return write()


@pytest.fixture(scope="module")
def runner(path: Path) -> Runner:
    return Runner(path)


def test_rare_words_are_read_from_the_header(tmp_path: Path, runner: Runner) -> None:
    """As many as there are; a model without any has none."""
    shape, words = architecture(), [f"rare{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]
    write_gguf(tmp_path / "a.gguf", decoder.weights(trained(shape, 0), shape), decoder.shape(shape), PIECES, words)
    assert Runner(tmp_path / "a.gguf").rare == frozenset(words)
    assert runner.rare == frozenset()


@pytest.mark.parametrize("changes", [{}, {"kv_heads": 1}, {"width": 160, "heads": 5, "kv_heads": 5, "depth": 5}])
def test_llama_cpp_computes_what_keras_does(write: Write, changes: dict[str, int]) -> None:
    """Logits at every position of a sequence as long as a question agree to 0.02, and to 0.003 on average."""
    found = Runner(write(**changes))
    tokens = np.random.default_rng(1).integers(0, 280, 45).astype(np.int32)
    expected = np.asarray(trained(architecture(**changes))(tokens[None]))[0]
    logits = found.logits(tokens.tolist())
    assert expected.std() > 0.9
    assert logits.shape == expected.shape
    assert np.abs(logits - expected).max() < 0.02
    assert np.sqrt(((logits - expected) ** 2).mean()) < 0.003
    np.testing.assert_array_equal(found.logits(tokens.tolist()), logits)


def test_what_it_knows_of_the_embedded_model(runner: Runner) -> None:
    """Its pieces with their spaces, the length of its context, and that it was trained here."""
    assert runner.vocabulary() == ["<unk>", "<s>", "</s>", *PIECES]
    assert runner.context == 96
    assert runner.is_embedded


GRAMMARS = [
    ('root ::= "find dice of" (" model" | " case")', r"find dice of (model|case)"),
    ('root ::= ("1" | "2")+ "."', r"[12]+\."),
    ('root ::= word (" of" word)*\nword ::= "dice" | "iou"', r"(dice|iou)( of(dice|iou))*"),
    ('root ::= "isic" ("-recall")?', r"isic(-recall)?"),
    (r"root ::= [a-z]+ [ ] [a-z]+ [0-9]+ [.]", r"[a-z]+ [a-z]+[0-9]+\."),
]


@pytest.mark.parametrize(("grammar", "pattern"), GRAMMARS)
@pytest.mark.parametrize("seed", range(4))
def test_only_the_grammar_s_texts_come_out(write: Write, seed: int, grammar: str, pattern: str) -> None:
    """Whatever the weights; where the text was cut, some whole text begins with it."""
    found = Runner(write(seed))
    for question in ([1], [1, 5, 9, 200], list(range(1, 40))):
        text = found.decode(question, grammar, 30)
        assert text
        if not re.fullmatch(pattern, text):
            ends = ["", ".", " of", " 1.", "1.", " a1.", "dice", " ofdice"]
            cut = [end for end in ends if re.fullmatch(pattern, text + end)]
            assert cut, text
            assert len(text) >= 30
        assert found.decode(question, grammar, 30) == text


def test_the_likeliest_token_is_taken(path: Path, runner: Runner) -> None:
    """Under a grammar that allows any token's text the answer is that of the highest logits, one after the other."""
    tokens, said = [1, 40, 7], []
    for _ in range(5):
        logits = runner.logits(tokens)[-1].copy()
        logits[[0, 1, 2]] = -np.inf  # their names hold what the grammar leaves out
        tokens.append(int(logits.argmax()))
        said.append(runner.vocabulary()[tokens[-1]])
    assert runner.decode([1, 40, 7], "root ::= [a-z0-9. -]{200}", 5) == "".join(said)


def test_a_cut_answer_is_the_beginning_of_a_longer_one(runner: Runner) -> None:
    """`most` tokens, none of them changed."""
    long = runner.decode([1, 4], "root ::= [a-z0-9. -]{200}", 12)
    short = runner.decode([1, 4], "root ::= [a-z0-9. -]{200}", 6)
    assert long.startswith(short)
    assert len(long) > len(short)


NOT_POSSIBLE = [
    ([1], 'root ::= "zebra"', 4, r"grammar: nothing that this model could say next; expected texts made of its tokens"),
    ([1], "root ::= nowhere", 4, r"grammar: not usable.*; expected GBNF"),
    ([1], 'root ::= "a', 4, r"grammar: not usable.*; expected GBNF"),
    ([1], 'root ::= root "1" | "2"', 4, r"grammar: not usable.*; expected GBNF"),
    ([1], 'begin ::= "1"', 4, r"grammar: not usable.*; expected GBNF"),
    ([1], "", 4, r"grammar: not usable.*; expected GBNF"),
    ([], 'root ::= "1"', 4, r".*model.gguf: 0 tokens and up to 4 more; expected 1 to 96 tokens in all"),
    ([1] * 93, 'root ::= "1"', 4, r".*model.gguf: 93 tokens and up to 4 more; expected 1 to 96 tokens in all"),
    ([1, 280], 'root ::= "1"', 4, r".*model.gguf: token ids beyond the vocabulary; expected 0 to 279"),
    ([1, -1], 'root ::= "1"', 4, r".*model.gguf: token ids beyond the vocabulary; expected 0 to 279"),
    ("find", 'root ::= "1"', 4, r".*model.gguf: text to go on from; expected token ids.*"),
]


@pytest.mark.parametrize(("tokens", "grammar", "most", "told"), NOT_POSSIBLE)
def test_what_can_not_be_decoded_is_told_in_one_line(
    runner: Runner, capfd: pytest.CaptureFixture[str], tokens: list[int] | str, grammar: str, most: int, told: str
) -> None:
    """Nothing else is printed, and the next question is answered as if nothing had been."""
    with pytest.raises(GlassboxError) as caught:
        runner.decode(tokens, grammar, most)
    assert re.match(told, str(caught.value))
    assert "\n" not in str(caught.value)
    assert runner.decode([1], 'root ::= "1"', 4) == "1"
    assert capfd.readouterr() == ("", "")


def test_the_longest_question_fits(runner: Runner) -> None:
    """Question and answer fill the context to the last token."""
    assert runner.decode([1] * 92, "root ::= [12]+", 4)


BROKEN = [
    (lambda _: b"", "an empty file"),
    (lambda _: b"{}", "not a GGUF file"),
    (lambda _: b"PK\x03\x04 a zip", "not a GGUF file"),
    (lambda whole: whole[:4], "not usable"),
    (lambda whole: whole[:30], "not usable"),
    (lambda whole: whole[:3000], "not usable"),
    (lambda whole: whole[: len(whole) // 2], "not usable"),
    (lambda whole: whole[:-5000], "not usable"),
    (lambda whole: whole[:4] + b"\xff" * 20 + whole[24:], "not usable"),
    (lambda whole: whole.replace(b"llama", b"lmama"), "not usable"),
    (lambda whole: whole.replace(b"blk.0.attn_q", b"blk.0.attn_x"), "not usable"),
]


@pytest.mark.parametrize(("broken", "told"), BROKEN)
def test_a_file_that_is_no_model_is_told_in_one_line(
    path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], broken: Callable[[bytes], bytes], told: str
) -> None:
    """With what mends it; llama.cpp says nothing by itself."""
    (tmp_path / "a.gguf").write_bytes(broken(path.read_bytes()))
    with pytest.raises(GlassboxError) as caught:
        Runner(tmp_path / "a.gguf", "dvc repro train-ask")
    line = str(caught.value)
    assert line.startswith(f"{tmp_path / 'a.gguf'}: {told}")
    assert line.endswith("; expected a language model as a GGUF file that llama.cpp reads; run: dvc repro train-ask")
    assert "\n" not in line
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("make", "told"), [(lambda _: None, "no such file"), (Path.mkdir, "not readable")])
def test_a_path_without_a_file_is_told(tmp_path: Path, make: Callable[[Path], object], told: str) -> None:
    """Nothing there, or a folder."""
    make(tmp_path / "a.gguf")
    with pytest.raises(GlassboxError, match=rf"a\.gguf: {told}.*; expected a language model as a GGUF file"):
        Runner(tmp_path / "a.gguf")


def test_opening_and_answering_is_quick_and_quiet(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Under two seconds and half a second, on a busy machine."""
    started = time.monotonic()
    found = Runner(path)
    opened = time.monotonic()
    found.decode(list(range(1, 40)), "root ::= [a-z]{100}", 16)
    assert opened - started < 2
    assert time.monotonic() - opened < 0.5
    assert capfd.readouterr() == ("", "")


def test_a_closed_model_gives_its_memory_back(path: Path) -> None:
    """A hundred models opened one after the other do not pile up."""
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(100):
        Runner(path).decode([1], 'root ::= "1"', 2)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 60e6


def test_importing_it_does_not_load_llama_cpp() -> None:
    """Only opening a model does."""
    code = "import sys, glassbox.llm.runner; print('llama_cpp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_model_from_elsewhere_runs(foreign: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file not written here, from text, under a grammar, and as a chat model without a template."""
    found = Runner(foreign)
    assert not found.is_embedded
    grammar = 'root ::= "{" [a-z]{1,8} "}"'
    assert re.fullmatch(r"\{[a-z]{1,8}\}", found.decode("Once upon a time", grammar, 40))
    assert re.fullmatch(r"\{[a-z]{1,8}\}", found.chat(MESSAGES, grammar, 40))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("foreign", FOREIGN[:1])
def test_a_story_goes_on(foreign: Path) -> None:
    """A model trained on stories, left to its own, says English words."""
    told = Runner(foreign).decode("Once upon a time, there was", "root ::= [^\\x00]*", 24)
    assert {"a", "little", "girl", "named"} & set(told.split())


TEMPLATES = [
    ("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}", "<system>You answer.<user>Which dice? ü"),
    (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "{{ bos_token }}[{{ m.role }}] {{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}",
        "<s>[user] You answer.\n\nWhich dice? ü[assistant]",
    ),
]


@pytest.mark.parametrize("foreign", FOREIGN[:1])
@pytest.mark.parametrize(("template", "prompt"), TEMPLATES)
def test_a_chat_model_is_asked_in_its_own_template(foreign: Path, tmp_path: Path, template: str, prompt: str) -> None:
    """Also one that knows no system message; `<s>` is put before it once, whether the template does or not."""
    command = [sys.executable, "-m", "gguf.scripts.gguf_new_metadata", "--chat-template", template, str(foreign)]
    subprocess.run([*command, str(tmp_path / "chat.gguf")], capture_output=True, check=True)
    found = Runner(tmp_path / "chat.gguf")
    expected = found.tokens(prompt.removeprefix("<s>"))
    assert expected[0] == 1
    grammar = "root ::= [a-z ]{12}"
    assert found.chat(MESSAGES, grammar, 40) == found.decode(expected, grammar, 40)
    assert found.tokens(found._rendered(template, MESSAGES), special=True) == expected


@pytest.mark.parametrize("template", ["{% for %}", "{{ nothing.here }}", "{{ raise_exception('not today') }}"])
def test_a_template_that_fails_is_told_in_one_line(runner: Runner, template: str) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(GlassboxError) as caught:
        runner._rendered(template, MESSAGES)
    assert "model.gguf: its chat template fails" in str(caught.value)
    assert "\n" not in str(caught.value)
