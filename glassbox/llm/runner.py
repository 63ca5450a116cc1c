"""Run a language model from a GGUF file with llama.cpp: greedily, and only what a grammar allows.

At each step every token whose text the grammar can't go on with is struck out, and the likeliest of the others is
taken. So whatever the weights are, the text is one of the grammar's (GBNF: llama.cpp's `grammars/README.md`) or, cut
off after `most` tokens, the beginning of one.
"""

import ctypes
import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.artifacts import GGUF_NAME, RARE_WORDS
from glassbox.errors import GlassboxError

MAGIC = b"GGUF"
THREADS = 2
SMALL = 30_000_000  # weights: below, handing work to a second thread takes longer than doing it
HEADER = 1 << 18  # bytes of one entry of a file's header, at most
LONGEST = 4096  # tokens a sequence may have, at most: memory grows with it
ERROR = 3  # llama.cpp's level of a log line
EXPECTED = "a language model as a GGUF file that llama.cpp reads"
CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])  # llama.cpp's llama_token_data
_errors: list[str] = []  # what llama.cpp said went wrong while it was last silenced

Logits = npt.NDArray[np.float32]


class Runner:
    """An open language model.

    `is_embedded` tells a model that GlassBox trained; `context` is the number of tokens a sequence may have. Raises
    `GlassboxError`, which names `mend` as what to run, for a file that is absent, damaged or no language model.
    """

    def __init__(self, path: Path, mend: str = "") -> None:
        self._path, self._open = path, ExitStack()
        weakref.finalize(self, self._open.close)
        with _silence():
            fault = _fault(path) or self._load()
        if fault:
            raise GlassboxError(path, fault, EXPECTED, mend)
        self._pieces = [self._piece(token) for token in range(self._llama.llama_vocab_n_tokens(self._vocab))]
        self._ends = {token for token in range(len(self._pieces)) if self._llama.llama_vocab_is_eog(self._vocab, token)}
        self.is_embedded = self._told("general.name") == GGUF_NAME

    def vocabulary(self) -> list[str]:
        """The text of every token; of `<s>` and its like the name; of part of a character a replacement sign."""
        return [piece.decode(errors="replace") for piece in self._pieces]

    @property
    def rare(self) -> frozenset[str]:
        """Words that a model trained here knows to be words, and has no token for."""
        return frozenset(self._told(RARE_WORDS).split())

    def tokens(self, text: str, special: bool = False) -> list[int]:
        """The text as the model's own tokenizer splits it; with `special`, `<s>` and its like in it are tokens too.

        What the model wants at the start of a sequence is put there, unless the text begins with it.
        """
        llama, content, start = self._llama, text.encode(), self._name(self._llama.llama_vocab_bos)
        if not self._spells():
            raise GlassboxError(self._path, "text to go on from", "token ids: not every text has tokens of this model")
        added = not (special and start and text.startswith(start))
        room = (llama.llama_token * (len(content) + 8))()
        count = llama.llama_tokenize(self._vocab, content, len(content), room, len(room), added, special)
        return list(room[:count])

    def decode(self, tokens: Sequence[int] | str, grammar: str, most: int) -> str:
        """What the model says after `tokens` under `grammar`, whose first rule is `root`.

        It ends where the grammar does; where the grammar might go on too, when the model ends it; at the latest after
        `most` tokens. Raises `GlassboxError` for a grammar that can't be read, for more tokens than the context holds,
        and where no token of the model goes on as the grammar wants.
        """
        prompt = self._fitting(self.tokens(tokens) if isinstance(tokens, str) else tokens, most)
        said: list[bytes] = []
        with self._grammar(grammar) as rules:
            logits = self._begin(prompt)
            for _ in range(most):
                token = self._likeliest(logits, rules)
                if token is None or token in self._ends:
                    break
                said.append(self._pieces[token])
                self._llama.llama_sampler_accept(rules, token)
                logits = self._go_on([token])
        return b"".join(said).decode(errors="replace")

    def chat(self, messages: Sequence[Mapping[str, str]], grammar: str, most: int) -> str:
        """`decode` after messages, each a `role` (system, user, assistant) and a `content`, in the model's template.

        A file without a template gets the contents one below the other. Where the template refuses a system message, it
        goes before the first user's.
        """
        template = self._llama.llama_model_chat_template(self._model, None)
        if not template:
            return self.decode("\n\n".join(message["content"] for message in messages) + "\n\n", grammar, most)
        prompt = self._rendered(template.decode(), [dict(message) for message in messages])
        return self.decode(self.tokens(prompt, special=True), grammar, most)

    def logits(self, tokens: Sequence[int]) -> Logits:
        """`(T, V)`: of the token that follows each."""
        first, *others = self._fitting(tokens, 0)
        return np.stack([self._begin([first]), *(self._go_on([token]) for token in others)])

    def _load(self) -> str:
        """Open the model; what is wrong with it, if anything is."""
        llama = self._llama = _library()
        settings, sizes = llama.llama_model_default_params(), llama.llama_context_default_params()
        settings.n_gpu_layers = 0
        self._model = llama.llama_model_load_from_file(str(self._path).encode(), settings)
        if not self._model:
            return _reason()
        self._open.callback(llama.llama_model_free, self._model)
        self._vocab = llama.llama_model_get_vocab(self._model)
        if llama.llama_vocab_type(self._vocab) == llama.LLAMA_VOCAB_TYPE_NONE:
            return "a model without a vocabulary"
        self.context = sizes.n_ctx = sizes.n_batch = min(llama.llama_model_n_ctx_train(self._model), LONGEST)
        threads = 1 if llama.llama_model_n_params(self._model) < SMALL else THREADS
        sizes.n_threads = sizes.n_threads_batch = threads
        self._state = llama.llama_init_from_model(self._model, sizes)
        if not self._state:
            return _reason()
        self._open.callback(llama.llama_free, self._state)
        return ""

    def _piece(self, token: int) -> bytes:
        """The token's text, as the grammar sees it."""
        for size in (64, 4096):
            buffer = ctypes.create_string_buffer(size)
            count = self._llama.llama_token_to_piece(self._vocab, token, buffer, size, 0, True)
            if count >= 0:
                break
        return buffer.raw[: max(count, 0)]

    def _name(self, special: Any) -> str:  # noqa: ANN401 - a function of llama.cpp
        """The text of a special token, such as `<s>`; none where the model has none."""
        token = special(self._vocab)
        return self._pieces[token].decode(errors="replace") if token >= 0 else ""

    def _spells(self) -> bool:
        """Whether any text can be split: without tokens for bytes, llama.cpp ends the process on an unknown letter."""
        llama = self._llama
        return llama.llama_vocab_type(self._vocab) != llama.LLAMA_VOCAB_TYPE_SPM or any(
            llama.llama_vocab_get_attr(self._vocab, token) & llama.LLAMA_TOKEN_ATTR_BYTE
            for token in range(len(self._pieces))
        )

    def _told(self, key: str) -> str:
        """An entry of the file's header; empty where it has none."""
        buffer = ctypes.create_string_buffer(HEADER)
        self._llama.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode(errors="replace")

    def _fitting(self, tokens: Sequence[int], most: int) -> list[int]:
        """The tokens, if they and `most` more fit into the context."""
        if not 0 < len(tokens) <= self.context - most:
            raise GlassboxError(
                self._path, f"{len(tokens)} tokens and up to {most} more", f"1 to {self.context} tokens in all"
            )
        if not all(0 <= token < len(self._pieces) for token in tokens):
            raise GlassboxError(self._path, "token ids beyond the vocabulary", f"0 to {len(self._pieces) - 1}")
        return list(tokens)

    def _begin(self, tokens: Sequence[int]) -> Logits:
        """`(V,)`: of the token that follows these, which start a sequence."""
        self._llama.llama_memory_clear(self._llama.llama_get_memory(self._state), True)
        return self._go_on(tokens)

    def _go_on(self, tokens: Sequence[int]) -> Logits:
        """`(V,)`: of the token that follows these, which go on with the sequence."""
        llama = self._llama
        content = (llama.llama_token * len(tokens))(*tokens)
        failed = llama.llama_decode(self._state, llama.llama_batch_get_one(content, len(tokens)))
        found = None if failed else llama.llama_get_logits_ith(self._state, -1)
        if not found:
            raise GlassboxError(self._path, "no prediction of the next token", EXPECTED)
        return np.ctypeslib.as_array(found, (len(self._pieces),)).copy()

    @contextmanager
    def _grammar(self, text: str) -> Iterator[Any]:
        """A grammar at its beginning."""
        with _silence():
            rules = self._llama.llama_sampler_init_grammar(self._vocab, text.encode(), b"root") if text else None
        if not rules:
            raise GlassboxError("grammar", _reason(), "GBNF with a rule `root` that begins without itself")
        try:
            yield rules
        finally:
            self._llama.llama_sampler_free(rules)

    def _likeliest(self, logits: Logits, rules: Any) -> int | None:  # noqa: ANN401 - a pointer of llama.cpp
        """The token of the highest logit among those that the grammar can go on with.

        None where there is none, for a model that has no token to end with.
        """
        llama, candidates = self._llama, np.zeros(len(logits), CANDIDATE)
        candidates["id"], candidates["logit"] = np.arange(len(logits)), logits
        data = candidates.ctypes.data_as(ctypes.POINTER(llama.llama_token_data))
        llama.llama_sampler_apply(rules, ctypes.byref(llama.llama_token_data_array(data, len(logits), -1, False)))
        allowed = np.nan_to_num(candidates["logit"], nan=-np.inf, neginf=-np.inf)
        token = int(allowed.argmax())
        if allowed[token] > -np.inf:
            return token
        if self._ends:
            raise GlassboxError("grammar", "nothing that this model could say next", "texts made of its tokens")
        return None

    def _rendered(self, template: str, messages: list[dict[str, str]]) -> str:
        """The messages as one prompt."""
        from jinja2 import TemplateError
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        faults = (TemplateError, TypeError, ValueError)
        ends, starts = (self._name(getattr(self._llama, f"llama_vocab_{each}")) for each in ("eos", "bos"))
        try:
            formatter = Jinja2ChatFormatter(template, ends, starts)
            try:
                return str(formatter(messages=messages).prompt)
            except faults:
                return str(formatter(messages=_without_system(messages)).prompt)
        except faults as error:
            raise GlassboxError(self._path, f"its chat template fails ({error})", "a chat model") from None


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same messages with what the system says before what the user says first."""
    told = [message["content"] for message in messages if message["role"] == "system"]
    first, *others = (message for message in messages if message["role"] != "system")
    return [{**first, "content": "\n\n".join([*told, first["content"]])}, *others]


def _fault(path: Path) -> str:
    """What is wrong with a file that llama.cpp need not see."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        return "no such file" if isinstance(error, FileNotFoundError) else f"not readable ({error.strerror})"
    if magic == MAGIC:
        return ""
    return "not a GGUF file" if magic else "an empty file"


def _reason() -> str:
    """What llama.cpp said went wrong."""
    return f"not usable ({_errors[0][:120]})" if _errors else "not usable"


@cache
def _library() -> Any:  # noqa: ANN401 - llama_cpp brings types for half of what it does
    """llama.cpp, which keeps quiet from now on: what goes wrong is kept for `_reason`."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that wait by spinning starve where others work too
    import llama_cpp

    llama_cpp.llama_log_set(_log(llama_cpp), ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    return llama_cpp


@cache
def _log(llama: Any) -> Any:  # noqa: ANN401 - a function of llama.cpp, which must not be collected
    def keep(level: int, text: bytes, _: object) -> None:
        if level == ERROR:
            _errors.append(text.decode(errors="replace").partition(": ")[2].strip())

    return llama.llama_log_callback(keep)


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing on stderr, where llama.cpp writes without asking; its errors are kept anew."""
    _errors.clear()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
