"""The weights and the vocabulary of a GGUF, loaded once and shared by its contexts."""

from __future__ import annotations

import ctypes
import weakref
from collections import deque
from functools import cached_property, lru_cache
from pathlib import Path

import llama_cpp

from pipeline.errors import ModelError
from pipeline.llm.constrain import Grammars

GGUF_MAGIC = b"GGUF"
PIECE_BYTES = 512  # no vocabulary has a longer token
LOGGED_ERROR = 4  # GGML_LOG_LEVEL_ERROR

_reasons: deque[str] = deque(maxlen=1)


@llama_cpp.llama_log_callback
def _keep_errors(level, text, _):
    """llama.cpp logs hundreds of lines a load; only its last error is of use, as our message's reason."""
    if level == LOGGED_ERROR:
        _reasons.append(text.decode(errors="replace").strip())


# The module keeps the callback: ctypes does not, and llama.cpp calls it to the end.
llama_cpp.llama_log_set(_keep_errors, ctypes.c_void_p(0))
llama_cpp.llama_backend_init()


def last_reason() -> str:
    """llama.cpp's last error message, once; "" if it gave none."""
    return _reasons.pop() if _reasons else ""


class Model:
    """A loaded GGUF. Engines and readers of the same model share one."""

    def __init__(self, pointer, path: Path):
        self.pointer = pointer
        self.path = path
        self.name = path.stem
        self.vocabulary = llama_cpp.llama_model_get_vocab(pointer)
        self.vocabulary_size: int = llama_cpp.llama_vocab_n_tokens(self.vocabulary)
        self.trained_context: int = llama_cpp.llama_model_n_ctx_train(pointer)  # tokens; 0 if the file does not say
        self.piece = lru_cache(maxsize=None)(self._piece)
        # Freed when no engine or reader refers to it any more.
        weakref.finalize(self, llama_cpp.llama_model_free, pointer)

    def tokenize(self, text: str) -> list[int]:
        """Token ids of `text` alone: no begin of sequence, and what looks like a special token is text."""
        data = text.encode()
        room = len(data) + 2
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocabulary, data, len(data), tokens, room, False, False)
        if count < 0:
            raise ModelError(f"{self.path}: the tokenizer fails on {text[:30]!r}; use another model")
        return tokens[:count]

    def prompt_tokens(self, text: str) -> list[int]:
        """`text` as a prompt: behind the begin of sequence, if the model was trained with one."""
        if llama_cpp.llama_vocab_get_add_bos(self.vocabulary):
            return [llama_cpp.llama_vocab_bos(self.vocabulary), *self.tokenize(text)]
        return self.tokenize(text)

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        count = llama_cpp.llama_token_to_piece(self.vocabulary, token, buffer, PIECE_BYTES, 0, False)
        if count < 0:
            raise ModelError(f"{self.path}: token {token} is longer than {PIECE_BYTES} bytes; use another model")
        return buffer.raw[:count]

    @cached_property
    def grammars(self) -> Grammars:
        """The compiler of grammars over this vocabulary; making it takes seconds."""
        return Grammars(self.vocabulary, sorted(self.ends))

    @cached_property
    def ends(self) -> frozenset[int]:
        """Tokens with which the model ends a reply."""
        vocabulary = self.vocabulary
        return frozenset(t for t in range(self.vocabulary_size) if llama_cpp.llama_vocab_is_eog(vocabulary, t))


def load_model(path: Path, gpu_layers: int, use_extra_bufts: bool = True) -> Model:
    """Load a GGUF, `gpu_layers` of it on the GPU (-1: all).

    `use_extra_bufts=False` avoids repacked weights, with which some builds
    crash (see selftest.py). Raises ModelError if the file is missing, no GGUF,
    or of an architecture that this llama.cpp does not know.
    """
    check_gguf(path, "model", "give its path in model.path of config.toml")
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = gpu_layers
    parameters.use_extra_bufts = use_extra_bufts
    pointer = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if not pointer:
        raise ModelError(f"{path}: llama.cpp cannot load it ({last_reason() or 'no reason given'}); "
                         "fetch the file again, use another model, or fewer GPU layers")  # fmt: skip
    if not llama_cpp.llama_model_has_decoder(pointer):
        llama_cpp.llama_model_free(pointer)
        raise ModelError(f"{path}: the model cannot write text; use a language model with a decoder")
    return Model(pointer, path)


def check_gguf(path: Path, what: str, remedy: str) -> None:
    """Raise ModelError unless `path` is a file that begins as a GGUF does."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no {what} file; {remedy}") from error
    except OSError as error:
        raise ModelError(f"{path}: cannot read the {what} file ({error.strerror}); {remedy}") from error
    if magic != GGUF_MAGIC:
        raise ModelError(f"{path}: the {what} is not a GGUF file; {remedy}")
