"""The models of a run: the writer that the user chose, and our reader beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from pipeline.config import ModelConfig
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Engine, Reader
from pipeline.llm.llamacpp import LlamaCppEngine
from pipeline.llm.model import load_model
from pipeline.llm.reader import open_reader
from pipeline.llm.selftest import check_build

ADAPTERS = Path(__file__).parent.parent.parent / "models"


@dataclass(frozen=True, slots=True)
class Models:
    """What a run asks."""

    engine: Engine
    reader: Reader
    trained: bool  # the engine carries the writer adapter, so prompts need no examples
    record: dict  # names and hashes, for run.json


@contextmanager
def open_models(config: ModelConfig) -> Iterator[Models]:
    """The writer of the settings and the reader on the embedded model, closed at the end.

    The build of llama.cpp is tried in a child process first. Raises ModelError.
    """
    base = embedded_model()
    path = Path(config.path) if config.path else base
    embedded = path.exists() and path.samefile(base)
    threads = config.threads or os.cpu_count() or 1
    check = check_build(path, threads)
    model = load_model(path, config.gpu_layers, check.use_extra_bufts)
    # The reader is ours and always the embedded model; as the writer it is loaded once for both.
    reading = model if embedded else load_model(base, config.gpu_layers, check_build(base, threads).use_extra_bufts)
    trained = embedded and config.adapters == "auto"
    adapter = ADAPTERS / "writer" / "adapter.gguf" if trained else None
    reader = open_reader(reading, ADAPTERS / "reader", threads)
    try:
        engine = LlamaCppEngine(model, adapter, config.sequences, config.context_tokens, threads)
        try:
            yield Models(engine, reader, trained, record(engine.name, path, base, adapter, check.use_extra_bufts))
        finally:
            engine.close()
    finally:
        reader.close()


def record(name: str, path: Path, base: Path, adapter: Path | None, use_extra_bufts: bool) -> dict:
    """Names and SHA-256 of every file of weights."""
    files = {
        "writer": path,
        "writer_adapter": adapter,
        "reader": base,
        "reader_adapter": ADAPTERS / "reader" / "adapter.gguf",
    }
    return {
        "name": name,
        **{role: {"file": p.name, "sha256": sha256(p)} for role, p in files.items() if p},
        "engine": "llama.cpp",
        "use_extra_bufts": use_extra_bufts,
        "sampling": "greedy",
    }


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
