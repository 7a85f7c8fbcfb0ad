"""The models of a run: the writer that the user chose, and our reader beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.config import Config
from pipeline.llm.cache import Cache, CachedEngine, CachedReader
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Engine, Reader
from pipeline.llm.llamacpp import LlamaCppEngine
from pipeline.llm.model import load_model
from pipeline.llm.reader import open_reader
from pipeline.llm.selftest import build_facts, check_build
from pipeline.llm.server import ServerEngine, open_server

ADAPTERS = Path(__file__).parent.parent.parent / "models"


@dataclass(frozen=True, slots=True)
class Models:
    """What a run asks."""

    engine: Engine
    reader: Reader
    trained: bool  # the engine carries the writer adapter, so prompts need no examples
    record: dict  # names and hashes, for run.json


@contextmanager
def open_models(config: Config) -> Iterator[Models]:
    """The writer of the settings and the reader on the embedded model, closed at the end.

    The build of llama.cpp is tried in a child process first. Raises ModelError.
    """
    opened = served_models if config.model.engine == "server" else local_models
    with opened(config) as models:
        yield models


@contextmanager
def local_models(config: Config) -> Iterator[Models]:
    """Writer and reader in this process."""
    wanted, base = config.model, embedded_model()
    path = Path(wanted.path) if wanted.path else base
    embedded = path.exists() and path.samefile(base)
    threads = wanted.threads or os.cpu_count() or 1
    check = check_build(path, threads)
    model = load_model(path, wanted.gpu_layers, check.use_extra_bufts)
    # The reader is ours and always the embedded model; as the writer it is loaded once for both.
    reading = model if embedded else load_model(base, wanted.gpu_layers, check_build(base, threads).use_extra_bufts)
    trained = embedded and wanted.adapters == "auto"
    adapter = ADAPTERS / "writer" / "adapter.gguf" if trained else None
    reader = open_reader(reading, ADAPTERS / "reader", threads)
    try:
        engine = LlamaCppEngine(model, adapter, wanted.sequences, wanted.context_tokens, threads)
        try:
            yield Models(engine, reader, trained, record(engine.name, path, base, adapter, check.use_extra_bufts))
        finally:
            engine.close()
    finally:
        reader.close()


@contextmanager
def served_models(config: Config) -> Iterator[Models]:
    """The writer on a server, which is asked first, and the reader in this process."""
    with open_server(config.server) as engine:
        base = embedded_model()
        threads = config.model.threads or os.cpu_count() or 1
        check = check_build(base, threads)
        reader = open_reader(
            load_model(base, config.model.gpu_layers, check.use_extra_bufts), ADAPTERS / "reader", threads
        )
        try:
            yield Models(engine, reader, False, served_record(engine, base, check.use_extra_bufts))
        finally:
            reader.close()


def record(name: str, path: Path, base: Path, adapter: Path | None, use_extra_bufts: bool) -> dict:
    """Names and SHA-256 of every file of weights."""
    return {
        "name": name,
        **hashes({"writer": path, "writer_adapter": adapter, **reader_files(base)}),
        "engine": "llama.cpp",
        "use_extra_bufts": use_extra_bufts,
        "sampling": "greedy",
    }


def served_record(engine: ServerEngine, base: Path, use_extra_bufts: bool) -> dict:
    """What the server is and was asked for, and the files of the reader; a server tells no hash of its weights."""
    return {
        "name": engine.name,
        "writer": engine.record,
        **hashes(reader_files(base)),
        "engine": "server",
        "use_extra_bufts": use_extra_bufts,
        "sampling": "greedy",
    }


def reader_files(base: Path) -> dict[str, Path | None]:
    return {"reader": base, "reader_adapter": ADAPTERS / "reader" / "adapter.gguf"}


def hashes(files: dict[str, Path | None]) -> dict[str, dict[str, str]]:
    """Name and SHA-256 of each file by its role."""
    return {role: {"file": path.name, "sha256": sha256(path)} for role, path in files.items() if path}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cached(models: Models, cache: Cache, config: Config) -> Models:
    """The same models, asked only for what the cache does not hold."""
    wanted, about = config.model, models.record
    of_reader = {role: about[role] for role in about if role.startswith("reader")}
    of_writer = {role: about[role] for role in about if role not in of_reader}
    batches = (wanted.sequences, wanted.context_tokens)
    return replace(
        models,
        engine=CachedEngine(models.engine, cache, identity(of_writer, config, *batches)),
        reader=CachedReader(models.reader, cache, identity(of_reader, config)),
    )


def identity(weights: Mapping[str, Any], config: Config, *settings: int) -> str:
    """One SHA-256 over what answers depend on besides their questions: weights, settings, build and our code."""
    code = [*sorted(Path(__file__).parent.glob("*.py")), ADAPTERS / "reader" / "labels.toml"]
    facts = [
        sorted(weights.items()),
        [config.model.gpu_layers, *settings],
        build_facts(config.model.threads or os.cpu_count() or 1),
        [version(library) for library in ("llguidance", "numpy")],
        [path.read_bytes() for path in code],
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
