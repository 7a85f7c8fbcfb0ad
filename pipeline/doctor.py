"""What a run needs, looked at one by one: is it here, does it work, what to do if not."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path

from pipeline.config import Config, ServerConfig
from pipeline.errors import BriefingError
from pipeline.llm.embedded import VOCABULARY, embedded_model
from pipeline.llm.engine import Engine, Request
from pipeline.llm.selftest import check_build
from pipeline.llm.server import open_server

ROOT = Path(__file__).parent.parent
PROBE = "\n".join(str(number) for number in range(1, 60))  # text that needs no language
PROBE_TOKENS = 48  # of each reply


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do about it if it is at fault."""

    name: str
    state: str
    remedy: str = ""  # "" where all is well

    def __str__(self):
        mark, advice = ("fault", f"\n{'':8}{'':12}→ {self.remedy}") if self.remedy else ("ok", "")
        return f"{mark:8}{self.name:12}{self.state}{advice}"


def examine(config: Config) -> Iterator[Finding]:
    """Look at everything that a run with these settings needs; the costly looks come last.

    What stands on a faulty thing is not looked at.
    """
    yield Finding("python", platform.python_version())
    yield data_files()
    build = llama_cpp_build(config.model.gpu_layers)
    yield build
    if build.remedy:
        return
    try:
        name = "model"
        model = Path(config.model.path) if config.model.path else embedded_model()
        yield Finding(name, str(model))
        name = "self-test"
        yield selftest(model, config.model.threads)
        if config.model.engine == "server":
            name = "server"
            yield server(config.server)
        name = "speed"
        yield speed(config)
    except BriefingError as error:
        # Messages carry their remedy behind a semicolon.
        state, _, remedy = str(error).partition("; ")
        yield Finding(name, state, remedy or "name another model in model.path of config.toml")


def data_files() -> Finding:
    """The prompts, the reader's labels and the model's vocabulary, which travel with the project."""
    wanted = (ROOT / "prompts" / "themes.toml", ROOT / "models" / "reader" / "labels.toml", VOCABULARY)
    missing = [str(path) for path in wanted if not path.is_file()]
    if missing:
        return Finding("data", f"missing: {', '.join(missing)}", "restore the files: git checkout -- prompts models")
    return Finding("data", "prompts, themes, labels of the reader, vocabulary")


def llama_cpp_build(gpu_layers: int) -> Finding:
    """The binding, and whether it can use a GPU if one is asked for."""
    try:
        release = version("llama-cpp-python")
        import llama_cpp  # only here: its native library may be missing
    except (PackageNotFoundError, ImportError, OSError, RuntimeError) as error:
        return Finding("llama.cpp", f"cannot be loaded: {error}", "build it: make setup")
    gpu = bool(llama_cpp.llama_supports_gpu_offload())
    if gpu_layers > 0 and not gpu:
        remedy = "build it for the card: make setup GPU=cuda (vulkan, metal), or set model.gpu_layers = 0"
        return Finding("llama.cpp", f"{release}, without GPU; model.gpu_layers is {gpu_layers}", remedy)
    return Finding("llama.cpp", f"{release}, {'with' if gpu else 'without'} GPU")


def selftest(model: Path, threads: int) -> Finding:
    """Whether this build runs this model, tried in a process of its own since a native crash ends the process."""
    if check_build(model, threads or cpu_count() or 1).use_extra_bufts:
        return Finding("self-test", "this build runs this model")
    return Finding("self-test", "crashes with repacked weights, so it runs slowly", "make rebuild-llama")


def server(config: ServerConfig) -> Finding:
    """What the model server is, and what of our wishes it takes."""
    with open_server(config) as engine:
        said = engine.record
        takes = f"takes {', '.join(said['extras'])}" if said["extras"] else "takes no schema and no grammar"
        return Finding("server", f"{said['server']} serves {engine.name}: {said['api']}, {takes}")


def speed(config: Config) -> Finding:
    """Tokens a second of a short reply to as many requests as are decoded together."""
    from pipeline.llm.open import open_models  # here, since it needs the native library

    with open_models(config) as models:
        tokens, seconds = timed(models.engine, models.together)
        together = f"{models.together} requests at once"
        return Finding("speed", f"writes {tokens / seconds:.0f} tokens a second, {together}, with {models.engine.name}")


def timed(engine: Engine, sequences: int) -> tuple[int, float]:
    """Tokens that were written, and the seconds that it took to read the prompts and write them."""
    requests = [Request(instruction=PROBE, body=f"\n{index}", max_tokens=PROBE_TOKENS) for index in range(sequences)]
    started = time.perf_counter()
    completions = engine.complete(requests)
    return sum(completion.completion_tokens for completion in completions), time.perf_counter() - started
