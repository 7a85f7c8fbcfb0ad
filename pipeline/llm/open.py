"""The models of a run: the writer that the user chose, and our reader beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.config import Config, ModelConfig
from pipeline.llm.cache import Cache, CachedEngine, CachedReader
from pipeline.llm.catalog import free_memory_mb
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Engine, Reader
from pipeline.llm.gpu import free_gpu_bytes, with_fewer
from pipeline.llm.llamacpp import LlamaCppEngine
from pipeline.llm.model import Model, load_model, read_shape
from pipeline.llm.reader import open_reader
from pipeline.llm.selftest import BuildCheck, build_facts, check_build
from pipeline.llm.server import ServerEngine, open_server
from pipeline.llm.sizes import Sizes, gpu_context_tokens, layers_that_fit, sizes_for

ADAPTERS = Path(__file__).parent.parent.parent / "models"


@dataclass(frozen=True, slots=True)
class Models:
    """What a run asks."""

    engine: Engine
    reader: Reader
    trained: bool  # the engine carries the writer adapter, so prompts need no examples
    record: dict  # names, hashes and sizes, for run.json
    together: int = 1  # requests that the engine serves at a time
    notices: tuple[str, ...] = ()  # what runs otherwise than wanted


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
    path, adapter = writer_files(wanted, base)
    writer, notices = open_writer(path, adapter, wanted)
    try:
        # The reader is ours and always the embedded model; as the writer it is loaded once for both.
        reading, more = (writer.model, []) if path.samefile(base) else open_base(base, wanted)
        reader = open_reader(reading, ADAPTERS / "reader", threads_of(wanted))
        try:
            about = record(writer, path, base, adapter)
            trained = adapter is not None
            yield Models(writer.engine, reader, trained, about, writer.sizes.sequences, (*notices, *more))
        finally:
            reader.close()
    finally:
        writer.engine.close()


@contextmanager
def served_models(config: Config) -> Iterator[Models]:
    """The writer on a server, which is asked first, and the reader in this process."""
    with open_server(config.server) as engine:
        base = embedded_model()
        model, notices = open_base(base, config.model)
        reader = open_reader(model, ADAPTERS / "reader", threads_of(config.model))
        try:
            about = served_record(engine, base)
            yield Models(engine, reader, False, about, config.server.parallel, tuple(notices))
        finally:
            reader.close()


def writer_files(wanted: ModelConfig, base: Path) -> tuple[Path, Path | None]:
    """The GGUF that writes, and our adapter where it was trained on this one."""
    path = Path(wanted.path) if wanted.path else base
    trained = wanted.adapters == "auto" and path.exists() and path.samefile(base)
    return path, ADAPTERS / "writer" / "adapter.gguf" if trained else None


@dataclass(frozen=True, slots=True)
class Writer:
    """An engine on a model of this process, and with what settings it came to run."""

    model: Model
    engine: LlamaCppEngine
    sizes: Sizes
    check: BuildCheck
    gpu_layers: int


def open_writer(path: Path, adapter: Path | None, wanted: ModelConfig) -> tuple[Writer, list[str]]:
    """The engine on a GGUF, with as much of it on the GPU as fits, and notices. Raises ModelError."""

    def made(layers: int) -> Writer:
        check = check_build(path, threads_of(wanted), layers)
        model = load_model(path, layers, check.use_extra_bufts)
        whole = layers > model.shape.layers
        free = free_gpu_bytes() if whole else free_memory_mb() * 1_000_000
        sizes = sizes_for(wanted, model.shape, free, on_gpu=whole)
        engine = LlamaCppEngine(
            model, adapter, sizes.sequences, sizes.context_tokens, threads_of(wanted), sizes.batch_tokens
        )
        return Writer(model, engine, sizes, check, layers)

    return with_fewer(layers_wanted(path, wanted), made)


def open_base(base: Path, wanted: ModelConfig) -> tuple[Model, list[str]]:
    """The reader's model, with as much of it on the GPU as fits, and notices. Raises ModelError."""

    def made(layers: int) -> Model:
        return load_model(base, layers, check_build(base, threads_of(wanted), layers).use_extra_bufts)

    return with_fewer(layers_wanted(base, wanted), made)


def layers_wanted(path: Path, wanted: ModelConfig) -> int:
    """The layers to have on the GPU: as set, else all that fit into its free memory. Raises ModelError."""
    free = free_gpu_bytes()
    if not free or wanted.gpu_layers >= 0:
        return wanted.gpu_layers if free else 0
    return layers_that_fit(read_shape(path), gpu_context_tokens(wanted), free)


def threads_of(wanted: ModelConfig) -> int:
    return wanted.threads or os.cpu_count() or 1


def record(writer: Writer, path: Path, base: Path, adapter: Path | None) -> dict:
    """Names and SHA-256 of every file of weights, and the settings that the model came to run with."""
    return {
        "name": writer.engine.name,
        **hashes({"writer": path, "writer_adapter": adapter, **reader_files(base)}),
        "engine": "llama.cpp",
        **asdict(writer.sizes),
        "gpu_layers": writer.gpu_layers,
        "use_extra_bufts": writer.check.use_extra_bufts,
        "sampling": "greedy",
    }


def served_record(engine: ServerEngine, base: Path) -> dict:
    """What the server is and was asked for, and the files of the reader; a server tells no hash of its weights."""
    return {
        "name": engine.name,
        "writer": engine.record,
        **hashes(reader_files(base)),
        "engine": "server",
        "sampling": "greedy",
    }


def reader_files(base: Path) -> dict[str, Path | None]:
    return {"reader": base, "reader_adapter": ADAPTERS / "reader" / "adapter.gguf"}


def hashes(files: dict[str, Path | None]) -> dict[str, dict[str, str]]:
    """Name and SHA-256 of each file by its role; a file that has two is read once."""
    known = {path: sha256(path) for path in set(files.values()) if path}
    return {role: {"file": path.name, "sha256": known[path]} for role, path in files.items() if path}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cached(models: Models, cache: Cache, config: Config) -> Models:
    """The same models, asked only for what the cache does not hold."""
    wanted, about = config.model, models.record
    of_reader = {role: about[role] for role in about if role.startswith("reader")}
    of_writer = {role: about[role] for role in about if role not in of_reader}
    batches = (wanted.sequences, wanted.context_tokens, wanted.batch_tokens)
    return replace(
        models,
        engine=CachedEngine(models.engine, cache, identity(of_writer, config, *batches)),
        reader=CachedReader(models.reader, cache, identity(of_reader, config)),
    )


def identity(about: Mapping[str, Any], config: Config, *settings: int) -> str:
    """One SHA-256 over what answers depend on besides their questions: weights, sizes, settings, build and our code."""
    code = [*sorted(Path(__file__).parent.glob("*.py")), ADAPTERS / "reader" / "labels.toml"]
    facts = [
        sorted(about.items()),
        [config.model.gpu_layers, *settings],
        build_facts(threads_of(config.model)),
        [version(library) for library in ("llguidance", "numpy")],
        [path.read_bytes() for path in code],
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
