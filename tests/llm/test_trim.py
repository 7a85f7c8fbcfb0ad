"""Trimming, on a GGUF of a few bytes."""

import struct

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.llm.quantize import Q4_0, Q5_0
from pipeline.llm.trim import Scan, Tensor, write, write_trimmed

TOKENS = ["<pad>", "<eos>", "<bos>", "<0x0A>", *"abcdefghijkl"]
ROW = 34  # bytes: 32 weights of Q8_0


def string(text):
    return struct.pack("<Q", len(text.encode())) + text.encode()


def listed(kind, values):
    return struct.pack("<IIQ", 9, kind, len(values)) + b"".join(values)


def padding(content):
    return bytes(-len(content) % 32)


def gguf(numbers, bos):
    """A model that knows the tokens of these numbers, each row full of its token's number."""
    fields = {
        "general.architecture": struct.pack("<I", 8) + string("gemma3"),
        "general.tags": listed(8, [string("文本"), string("")]),
        "tokenizer.ggml.tokens": listed(8, [string(TOKENS[n]) for n in numbers]),
        "tokenizer.ggml.scores": listed(6, [struct.pack("<f", -n / 7) for n in numbers]),
        "tokenizer.ggml.token_type": listed(5, [struct.pack("<i", n % 6) for n in numbers]),
        "tokenizer.ggml.bos_token_id": struct.pack("<II", 4, bos),
        "tokenizer.ggml.add_bos_token": struct.pack("<I?", 7, True),
        "gemma3.rope.freq_base": struct.pack("<If", 6, 1e6),
        "general.size": struct.pack("<IQ", 10, 2**40),
    }
    tensors = [
        ("output_norm.weight", [3], 0, struct.pack("<3f", 1, 2, 3)),
        ("token_embd.weight", [32, len(numbers)], 8, b"".join(bytes([n]) * ROW for n in numbers)),
        ("blk.0.attn_norm.weight", [5], 0, struct.pack("<5f", 4, 5, 6, 7, 8)),
    ]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields))
    head += b"".join(string(key) + value for key, value in fields.items())
    weights = b""
    for name, shape, kind, data in tensors:
        head += string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, len(weights))
        weights += data + padding(data)
    return head + padding(head) + weights


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "base.gguf"
    path.write_bytes(gguf(range(16), bos=2))
    return path


def vocabulary(tmp_path, numbers, tokens=16):
    path = tmp_path / "vocabulary.bin"
    np.packbits([n in numbers for n in range(tokens)]).tofile(path)
    return path


@pytest.mark.parametrize("numbers, bos", [((0, 2, 3, 7, 15), 1), ((2,), 0), (tuple(range(16)), 2)])
def test_only_rows_and_numbers_change(tmp_path, base, numbers, bos):
    write_trimmed(base, vocabulary(tmp_path, numbers), tmp_path / "small.gguf")
    assert (tmp_path / "small.gguf").read_bytes() == gguf(numbers, bos)


@pytest.mark.parametrize(
    "numbers, tokens, reason",
    [
        ((2, 3), 24, "vocabulary.bin: chooses among 24 tokens, but .*base.gguf has 16; restore it: git"),
        ((0, 3), 16, "vocabulary.bin: leaves out token 2 of .*base.gguf, a special one; restore it: git"),
    ],
)
def test_a_vocabulary_that_does_not_fit(tmp_path, base, numbers, tokens, reason):
    with pytest.raises(ModelError, match=reason):
        write_trimmed(base, vocabulary(tmp_path, numbers, tokens), tmp_path / "small.gguf")
    assert not (tmp_path / "small.gguf").exists()


def test_a_missing_vocabulary(tmp_path, base):
    with pytest.raises(ModelError, match="vocabulary.bin: cannot read .*No such file.*; restore it: git checkout"):
        write_trimmed(base, tmp_path / "vocabulary.bin", tmp_path / "small.gguf")


def test_five_bit_weights_become_four_bit_ones(tmp_path, base):
    five = np.concatenate([np.float16([0.25]).view(np.uint8), np.zeros(4, np.uint8), np.full(16, 0x88, np.uint8)])
    scan = Scan(memoryview(base.read_bytes()))
    scan.take(8)
    tensor_count, field_count = scan.numbers("QQ")
    fields = [scan.field() for _ in range(field_count)]
    weights = Tensor(b"blk.0.ffn_up.weight", (32, 2), Q5_0, np.concatenate([five, five, np.zeros(20, np.uint8)]))
    write(base, b"GGUF" + struct.pack("<I", 3), fields, [*scan.tensors(tensor_count), weights])
    write_trimmed(base, vocabulary(tmp_path, range(16)), tmp_path / "small.gguf")
    made = (tmp_path / "small.gguf").read_bytes()
    four = np.concatenate([np.float16([0.25]).view(np.uint8), np.zeros(16, np.uint8)])  # all are -8 times a quarter
    assert made[-64:-28] == bytes(np.concatenate([four, four]))
    assert b"blk.0.ffn_up.weight" + struct.pack("<IQQI", 2, 32, 2, Q4_0) in made
