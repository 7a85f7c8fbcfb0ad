"""How much a context holds: chosen from the model, the free memory and the settings.

Which requests then go together, the schedule decides from their lengths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.config import ModelConfig
from pipeline.errors import ModelError

SEQUENCES = 16  # decode four times as fast as 1 on a processor; more gain little there
GPU_SEQUENCES = 32
BATCH_TOKENS = 512  # a step: long enough to use a processor fully, short enough that replies go on
GPU_BATCH_TOKENS = 2048
TOKENS_EACH = 512  # of context for a sequence
LEAST_TOKENS = 2048  # of context; below it no prompt of ours fits
SHARE = 0.5  # of the free memory; the rest is for buffers and for others
GPU_RESERVE = 800_000_000  # bytes of buffers on a card

NUMBERS = re.compile(r"\d+|\[\d+(, ?\d+)*\]")  # as llama.cpp prints them


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of one context."""

    sequences: int  # requests that are decoded together
    context_tokens: int  # that they share
    batch_tokens: int  # of one step


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model decides over memory."""

    layers: int
    token_bytes: int  # of context, for one token
    file_bytes: int


def shape_of(facts: Mapping[str, str], file_bytes: int) -> Shape:
    """The shape from the facts of a GGUF (docs/gguf.md of ggml), whose lists stand for layers that differ.

    A model without attention keeps no tokens. Raises ModelError if the number of layers is missing.
    """
    prefix = f"{facts.get('general.architecture', '')}."
    of = {key.removeprefix(prefix): largest(text) for key, text in facts.items() if NUMBERS.fullmatch(text)}
    if "block_count" not in of:
        raise ModelError("the model's file does not say its block_count; use another model")
    layers, heads = of["block_count"], of.get("attention.head_count", 0)
    if not heads:
        return Shape(layers, 0, file_bytes)
    width = of.get("attention.key_length") or of.get("embedding_length", 0) // heads
    # Keys and values, two bytes a number.
    return Shape(layers, layers * of.get("attention.head_count_kv", heads) * width * 2 * 2, file_bytes)


def largest(numbers: str) -> int:
    """A number, or the largest of a list."""
    return max(map(int, numbers.strip("[]").split(",")))


def sizes_for(config: ModelConfig, shape: Shape, free_bytes: int, on_gpu: bool) -> Sizes:
    """The sizes of the settings, and where they leave it open what has room in `free_bytes`.

    In halves, so that the same machine comes to the same sizes, and a run to
    the same bytes, while its memory is not nearly used up. Raises ModelError
    if there is too little.
    """
    sequences = config.sequences or (GPU_SEQUENCES if on_gpu else SEQUENCES)
    batch = config.batch_tokens or (GPU_BATCH_TOKENS if on_gpu else BATCH_TOKENS)
    if config.context_tokens:
        return Sizes(sequences, config.context_tokens, batch)
    tokens = max(sequences * TOKENS_EACH, LEAST_TOKENS)
    while tokens * shape.token_bytes > SHARE * free_bytes and tokens > LEAST_TOKENS:
        tokens = max(tokens // 2, LEAST_TOKENS)
    if tokens * shape.token_bytes > free_bytes:
        needed, free = tokens * shape.token_bytes // 1_000_000, free_bytes // 1_000_000
        raise ModelError(
            f"a context of {tokens} tokens takes {needed} MB and {free} MB are free; "
            "close other programs, use a smaller model, or set model.context_tokens in config.toml"
        )
    return Sizes(config.sequences or min(sequences, max(1, tokens // TOKENS_EACH)), tokens, batch)


def gpu_context_tokens(config: ModelConfig) -> int:
    """The context that a model wholly on a card is to have."""
    return config.context_tokens or (config.sequences or GPU_SEQUENCES) * TOKENS_EACH


def layers_that_fit(shape: Shape, context_tokens: int, free_bytes: int) -> int:
    """How many layers have room in `free_bytes` of a card with their part of the context.

    The last one, which scores the vocabulary, counts as llama.cpp counts it: as one more.
    """
    each = shape.file_bytes / (shape.layers + 1) + context_tokens * shape.token_bytes / shape.layers
    return max(0, min(shape.layers + 1, int((free_bytes - GPU_RESERVE) / each)))
