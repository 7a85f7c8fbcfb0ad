"""One llama.cpp context: the memory of several sequences, and batches over them."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import llama_cpp
import numpy as np

from pipeline.errors import ModelError
from pipeline.llm.model import Model, check_gguf, first_reason
from pipeline.llm.sizes import BATCH_TOKENS

CELLS_PADDING = 256  # llama.cpp pads the context to it


class Row(NamedTuple):
    """One token of a batch."""

    token: int
    position: int  # in its sequence, from 0
    sequence: int
    output: bool  # whether the scores of the next token are wanted


class Context:
    """Memory of `cells` tokens that `sequences` sequences share.

    `outputs` is the most rows of a batch whose scores are wanted. `windowed`
    keeps, for blocks of local attention, only the tokens that it sees: faster
    and smaller, but no prefix can be shared. An adapter (LoRA) changes this
    context only, not the model. Raises ModelError if the
    memory does not suffice or the adapter is not of this model.
    """

    def __init__(
        self,
        model: Model,
        adapter: Path | None,
        cells: int,
        sequences: int,
        outputs: int,
        threads: int,
        windowed: bool = False,
        batch_tokens: int = BATCH_TOKENS,
    ):
        self.model = model
        self.sequences = sequences
        self.batch_tokens = batch_tokens
        self.cells = -(-cells // CELLS_PADDING) * CELLS_PADDING
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = self.cells
        parameters.n_batch = batch_tokens
        parameters.n_ubatch = min(batch_tokens, BATCH_TOKENS)
        parameters.n_seq_max = sequences
        # Without this, room for the scores of a whole batch: half a gigabyte for a large vocabulary.
        parameters.n_outputs_max = max(outputs, sequences)  # fewer than sequences ends the process
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.kv_unified = True  # copies of a prefix then take no memory
        parameters.swa_full = not windowed
        pointer = llama_cpp.llama_init_from_model(model.pointer, parameters)
        if not pointer:
            raise ModelError(
                f"{model.path}: no context of {self.cells} tokens ({first_reason() or 'no reason given'}); "
                "lower model.context_tokens in config.toml or use a smaller model"
            )
        self.pointer = pointer
        self._free = weakref.finalize(self, llama_cpp.llama_free, pointer)
        self._memory = llama_cpp.llama_get_memory(pointer)
        self._batch = llama_cpp.llama_batch_init(batch_tokens, 0, 1)
        self._free_batch = weakref.finalize(self, llama_cpp.llama_batch_free, self._batch)
        if adapter is not None:
            self._apply(adapter)

    def _apply(self, adapter: Path) -> None:
        check_gguf(adapter, "adapter", "restore it from the repository")
        lora = llama_cpp.llama_adapter_lora_init(self.model.pointer, str(adapter).encode())
        if not lora:
            raise ModelError(
                f"{adapter}: the adapter does not fit {self.model.path} ({first_reason() or 'no reason given'}); "
                "use it with the model that it was trained on"
            )
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(lora)
        scales = (ctypes.c_float * 1)(1.0)
        if llama_cpp.llama_set_adapters_lora(self.pointer, adapters, 1, scales):
            raise ModelError(f"{adapter}: llama.cpp refuses the adapter ({first_reason() or 'no reason given'})")

    def decode(self, rows: Sequence[Row]) -> None:
        """Compute one batch of at most `batch_tokens` rows.

        Raises ModelError if llama.cpp fails.
        """
        batch = self._batch
        batch.n_tokens = len(rows)
        for i, row in enumerate(rows):
            batch.token[i] = row.token
            batch.pos[i] = row.position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = row.sequence
            batch.logits[i] = row.output
        if status := llama_cpp.llama_decode(self.pointer, batch):
            raise ModelError(
                f"{self.model.path}: llama.cpp stops in decoding with status {status} "
                f"({first_reason() or 'no reason given'}); run: briefing doctor"
            )

    def scores(self, index: int) -> np.ndarray:
        """Scores (vocabulary size) of the token that follows row `index`; valid until the next batch."""
        pointer = llama_cpp.llama_get_logits_ith(self.pointer, index)
        return np.ctypeslib.as_array(pointer, shape=(self.model.vocabulary_size,))

    def copy(self, source: int, target: int) -> None:
        """Let sequence `target` begin with all that `source` holds; it takes no memory."""
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def forget(self, sequence: int) -> None:
        """Empty a sequence."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def clear(self) -> None:
        """Empty all sequences; what follows is computed as in a new context."""
        llama_cpp.llama_memory_clear(self._memory, True)

    def close(self) -> None:
        """Give the memory back; the model stays loaded for others."""
        self._free_batch()
        self._free()
