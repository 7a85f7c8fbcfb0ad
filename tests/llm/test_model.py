"""Models that cannot be used, each by its own fault."""

import struct
from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.llm import model as models
from pipeline.llm.model import Model, load_model


def header(architecture):
    """A GGUF that names an architecture and has nothing else (docs/gguf.md of ggml)."""
    text = lambda words: struct.pack("<Q", len(words)) + words.encode()
    return (
        b"GGUF"
        + struct.pack("<IQQ", 3, 0, 1)
        + text("general.architecture")
        + struct.pack("<I", 8)
        + text(architecture)
    )


def test_an_unknown_architecture_is_named(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(header("perceptron"))
    with pytest.raises(ModelError, match="model.gguf: llama.cpp cannot load it .*perceptron.*; .* use another model"):
        load_model(path, gpu_layers=0)


def with_ends(*ends):
    """A model of which only the ends of a reply are known."""
    model = object.__new__(Model)
    model.path, model.vocabulary, model.ends = Path("m.gguf"), None, frozenset(ends)
    return model


def test_a_vocabulary_without_an_end_is_named():
    with pytest.raises(ModelError, match="m.gguf: its vocabulary has no token that ends a reply; use another model"):
        with_ends().grammars  # noqa: B018


def test_a_vocabulary_that_grammars_cannot_use_is_named(monkeypatch):
    def refuse(*_):
        raise ValueError("token 7 has no bytes")

    monkeypatch.setattr(models, "Grammars", refuse)
    with pytest.raises(ModelError, match="m.gguf: its vocabulary serves no grammar .token 7 has no bytes."):
        with_ends(1).grammars  # noqa: B018
