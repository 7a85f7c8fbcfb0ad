"""The weights and the vocabulary of a GGUF, loaded once and shared by its contexts."""

from __future__ import annotations

import ctypes
import weakref
from functools import cached_property, lru_cache
from pathlib import Path

import llama_cpp

from pipeline.errors import ModelError
from pipeline.llm.chat import ChatTemplate
from pipeline.llm.constrain import Grammars
from pipeline.llm.engine import Request
from pipeline.llm.sizes import Shape, shape_of

GGUF_MAGIC = b"GGUF"
PIECE_BYTES = 512  # no vocabulary has a longer token
FACT_BYTES = 4096  # a longer fact is none that we ask for
LOGGED_ERROR = 4  # GGML_LOG_LEVEL_ERROR

_reasons: list[str] = []


@llama_cpp.llama_log_callback
def _keep_errors(level, text, _):
    """llama.cpp logs hundreds of lines a load; only its errors are of use, as our message's reason."""
    if level == LOGGED_ERROR:
        _reasons.append(text.decode(errors="replace").strip())


# The module keeps the callback: ctypes does not, and llama.cpp calls it to the end.
llama_cpp.llama_log_set(_keep_errors, ctypes.c_void_p(0))
llama_cpp.llama_backend_init()


def first_reason() -> str:
    """The first of llama.cpp's errors since the last call, from which the others follow; "" if there is none."""
    reason = _reasons[0] if _reasons else ""
    _reasons.clear()
    return reason


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

    def tokenize(self, text: str, special: bool = False) -> list[int]:
        """Token ids of `text` alone: no begin of sequence, and unless `special` what looks like a mark is text."""
        data = text.encode()
        room = len(data) + 2
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocabulary, data, len(data), tokens, room, False, special)
        if count < 0:
            raise ModelError(f"{self.path}: the tokenizer fails on {text[:30]!r}; use another model")
        return tokens[:count]

    def prompt_tokens(self, text: str) -> list[int]:
        """`text` as a prompt: behind the begin of sequence, if the model was trained with one."""
        return self._begun(self.tokenize(text))

    def chat_tokens(self, request: Request) -> list[int]:
        """The request as a prompt in the model's own chat template. Raises ModelError if that refuses it."""
        pieces = self.chat_template.pieces(request)
        return self._begun([token for text, own in pieces for token in self.tokenize(text, special=own)])

    def _begun(self, tokens: list[int]) -> list[int]:
        begin = llama_cpp.llama_vocab_bos(self.vocabulary)
        # Some chat templates write it themselves.
        if llama_cpp.llama_vocab_get_add_bos(self.vocabulary) and tokens[:1] != [begin]:
            return [begin, *tokens]
        return tokens

    @cached_property
    def chat_template(self) -> ChatTemplate | None:
        """What an instruct model takes its prompts in; None for a base model. Raises ModelError if it is faulty."""
        source = llama_cpp.llama_model_chat_template(self.pointer, None)
        if not source:
            return None
        ends = (llama_cpp.llama_vocab_bos(self.vocabulary), llama_cpp.llama_vocab_eos(self.vocabulary))
        return ChatTemplate(source.decode(), *(self._mark(token) for token in ends))

    def _mark(self, token: int) -> str:
        return llama_cpp.llama_vocab_get_text(self.vocabulary, token).decode() if token >= 0 else ""

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        count = llama_cpp.llama_token_to_piece(self.vocabulary, token, buffer, PIECE_BYTES, 0, False)
        if count < 0:
            raise ModelError(f"{self.path}: token {token} is longer than {PIECE_BYTES} bytes; use another model")
        return buffer.raw[:count]

    @cached_property
    def shape(self) -> Shape:
        """What of the model decides over memory. Raises ModelError if its file does not say it."""
        return shape_of(facts(self.pointer), self.path.stat().st_size)

    @cached_property
    def grammars(self) -> Grammars:
        """The compiler of grammars over this vocabulary; making it takes seconds.

        Raises ModelError if the vocabulary lacks what grammars need.
        """
        if not self.ends:
            raise ModelError(f"{self.path}: its vocabulary has no token that ends a reply; use another model")
        try:
            return Grammars(self.vocabulary, sorted(self.ends))
        except ValueError as error:
            raise ModelError(f"{self.path}: its vocabulary serves no grammar ({error}); use another model") from error

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
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = gpu_layers
    parameters.use_extra_bufts = use_extra_bufts
    pointer = loaded(path, parameters)
    if not llama_cpp.llama_model_has_decoder(pointer):
        llama_cpp.llama_model_free(pointer)
        raise ModelError(f"{path}: the model cannot write text; use a language model with a decoder")
    return Model(pointer, path)


def read_shape(path: Path) -> Shape:
    """The shape of a GGUF, without its weights. Raises ModelError as load_model does."""
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    pointer = loaded(path, parameters)
    try:
        return shape_of(facts(pointer), path.stat().st_size)
    finally:
        llama_cpp.llama_model_free(pointer)


def loaded(path: Path, parameters) -> int:
    """llama.cpp's pointer to a model. Raises ModelError if the file cannot be loaded."""
    check_gguf(path, "model", "give its path in model.path of config.toml")
    _reasons.clear()
    pointer = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if not pointer:
        raise ModelError(f"{path}: llama.cpp cannot load it ({first_reason() or 'no reason given'}); "
                         "fetch the file again, use another model, or fewer GPU layers")  # fmt: skip
    return pointer


def facts(pointer) -> dict[str, str]:
    """The facts of the GGUF's header by their keys, as llama.cpp prints them."""
    buffer, found = ctypes.create_string_buffer(FACT_BYTES), {}
    for index in range(llama_cpp.llama_model_meta_count(pointer)):
        llama_cpp.llama_model_meta_key_by_index(pointer, index, buffer, FACT_BYTES)
        key = buffer.value.decode()
        llama_cpp.llama_model_meta_val_str_by_index(pointer, index, buffer, FACT_BYTES)
        found[key] = buffer.value.decode(errors="replace")
    return found


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
