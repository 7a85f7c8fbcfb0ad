"""A GGUF with a part of its vocabulary and faster weights; all else is byte for byte as it was.

The embedding loses rows, and weights of Q5_0 become Q4_0 (pipeline/llm/quantize.py).

The layout is version 3 of docs/gguf.md in ggml: counts, fields, what the
tensors are, and the tensors themselves, each padded to ALIGNMENT. The gguf
package would make objects of a million entries, in 16 seconds and 700 MB.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.errors import ModelError
from pipeline.llm.quantize import BLOCK, Q4_0, Q5_0, Q5_BYTES, four_bits

EMBEDDING = b"token_embd.weight"  # tied: it is the output head too
OF_EACH_TOKEN = (b"tokenizer.ggml.tokens", b"tokenizer.ggml.scores", b"tokenizer.ggml.token_type")
TOKEN_ID = b"_token_id"  # ends the key of a field that holds a token's number
ALIGNMENT = 32  # bytes
STRING, ARRAY = 8, 9
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of the other types
RESTORE = "restore it: git checkout -- models"


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about the model: a value, or a list of values, as bytes."""

    key: bytes
    kind: int  # type of a value
    values: Sequence[bytes]
    is_list: bool

    def __bytes__(self):
        kind = struct.pack("<IIQ", ARRAY, self.kind, len(self.values)) if self.is_list else struct.pack("<I", self.kind)
        return b"".join([sized(self.key), kind, *self.values])


@dataclass(frozen=True, slots=True)
class Tensor:
    """A table of weights."""

    name: bytes
    shape: tuple[int, ...]  # the number of rows is last
    kind: int
    data: memoryview | np.ndarray  # padding included

    def entry(self, offset: int) -> bytes:
        """What the header says of it."""
        shape = struct.pack(f"<I{len(self.shape)}Q", len(self.shape), *self.shape)
        return sized(self.name) + shape + struct.pack("<IQ", self.kind, offset)


class Scan:
    """Reads a GGUF from front to back."""

    def __init__(self, data: memoryview):
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def numbers(self, form: str) -> tuple[int, ...]:
        """Numbers in the notation of `struct`."""
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))

    def string(self) -> bytes:
        return self.take(*self.numbers("Q"))

    def value(self, kind: int) -> bytes:
        return sized(self.string()) if kind == STRING else self.take(SIZES[kind])

    def field(self) -> Field:
        key, (kind,) = self.string(), self.numbers("I")
        if kind != ARRAY:
            return Field(key, kind, [self.value(kind)], is_list=False)
        kind, count = self.numbers("IQ")
        return Field(key, kind, [self.value(kind) for _ in range(count)], is_list=True)

    def tensors(self, count: int) -> list[Tensor]:
        """All tensors, which stand in the order of their entries."""
        entries = []
        for _ in range(count):
            name, (dimensions,) = self.string(), self.numbers("I")
            entries.append((name, self.numbers(f"{dimensions}Q"), *self.numbers("IQ")))
        weights = self.data[padded(self.at) :]
        ends = [offset for *_, offset in entries[1:]] + [len(weights)]
        return [Tensor(*facts, weights[offset:end]) for (*facts, offset), end in zip(entries, ends, strict=True)]


def write_trimmed(base: Path, vocabulary: Path, target: Path) -> None:
    """Write `base` to `target` with only those tokens whose bit is set in `vocabulary`, in their old order, and
    with its Q5_0 weights as Q4_0.

    Raises ModelError if the vocabulary cannot be read or is not one of `base`,
    OSError if another file cannot be read or written.
    """
    try:
        bits = np.unpackbits(np.fromfile(vocabulary, np.uint8))
    except OSError as error:
        raise ModelError(f"{vocabulary}: cannot read the model's vocabulary ({error.strerror}); {RESTORE}") from error
    kept = {int(old): new for new, old in enumerate(np.flatnonzero(bits))}
    scan = Scan(memoryview(np.memmap(base, np.uint8, "r")))
    start = scan.take(8)  # "GGUF" and its version
    tensor_count, field_count = scan.numbers("QQ")
    fields = [scan.field() for _ in range(field_count)]
    tensors = scan.tensors(tensor_count)
    tokens = next(len(field.values) for field in fields if field.key == OF_EACH_TOKEN[0])
    if tokens != len(bits):
        raise ModelError(f"{vocabulary}: chooses among {len(bits)} tokens, but {base} has {tokens}; {RESTORE}")
    try:
        fields = [trimmed_field(field, kept) for field in fields]
    except KeyError as error:
        raise ModelError(f"{vocabulary}: leaves out token {error} of {base}, a special one; {RESTORE}") from error
    tensors = [trimmed_rows(tensor, kept) if tensor.name == EMBEDDING else faster(tensor) for tensor in tensors]
    write(target, start, fields, tensors)


def write(target: Path, start: bytes, fields: Sequence[Field], tensors: Sequence[Tensor]) -> None:
    """Write a GGUF."""
    with target.open("wb") as file:
        file.write(start + struct.pack("<QQ", len(tensors), len(fields)))
        file.writelines(map(bytes, fields))
        offset = 0
        for tensor in tensors:
            file.write(tensor.entry(offset))
            offset += padded(len(tensor.data))
        for tensor in tensors:
            pad(file)
            file.write(tensor.data)
        pad(file)


def trimmed_field(field: Field, kept: dict[int, int]) -> Field:
    """The field with the kept tokens' new numbers. Raises KeyError if it names a token that is not kept."""
    if field.key in OF_EACH_TOKEN:
        return replace(field, values=[field.values[old] for old in kept])
    if field.key.endswith(TOKEN_ID):
        return replace(field, values=[struct.pack("<I", kept[old]) for old in struct.unpack("<I", *field.values)])
    return field


def trimmed_rows(tensor: Tensor, kept: dict[int, int]) -> Tensor:
    """The tensor with the rows of the kept tokens."""
    *width, rows = tensor.shape
    size = len(tensor.data) // rows  # the padding is less than a byte a row
    table = np.frombuffer(tensor.data, np.uint8, size * rows).reshape(rows, size)
    return replace(tensor, shape=(*width, len(kept)), data=table[list(kept)].reshape(-1))


def faster(tensor: Tensor) -> Tensor:
    """The tensor itself, or with Q4_0 weights if they were Q5_0."""
    if tensor.kind != Q5_0:
        return tensor
    size = math.prod(tensor.shape) // BLOCK * Q5_BYTES
    return replace(tensor, kind=Q4_0, data=four_bits(np.frombuffer(tensor.data, np.uint8, size)))


def sized(text: bytes) -> bytes:
    """A string of GGUF: its length before it."""
    return struct.pack("<Q", len(text)) + text


def padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def pad(file) -> None:
    """Go on at a multiple of ALIGNMENT."""
    file.write(bytes(padded(file.tell()) - file.tell()))
