"""What a run needs, looked at one by one: is it here, does it work, what to do if not."""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import BriefingError
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Engine, Request

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
    model = guarded("model", lambda: model_file(config.model.path))
    yield model
    if build.remedy or model.remedy:
        return
    selftest = run_selftest(Path(model.state))
    yield selftest
    if selftest.remedy:
        return
    yield guarded("speed", lambda: speed(config))


def guarded(name: str, look: Callable[[], str]) -> Finding:
    """A look whose named fault becomes the finding."""
    try:
        return Finding(name, look())
    except BriefingError as error:
        return fault(name, str(error))


def fault(name: str, message: str) -> Finding:
    """A finding from a message, in which the remedy stands behind a semicolon."""
    state, _, remedy = message.partition("; ")
    return Finding(name, state, remedy or "name another model in model.path of config.toml")


def data_files() -> Finding:
    """The prompts and the reader's adapter, which travel with the project."""
    wanted = (ROOT / "prompts" / "themes.toml", ROOT / "models" / "reader" / "labels.toml")
    missing = [str(path) for path in wanted if not path.is_file()]
    if missing:
        return Finding("data", f"missing: {', '.join(missing)}", "restore the files: git checkout -- prompts models")
    return Finding("data", "prompts, themes, labels of the reader")


def llama_cpp_build(gpu_layers: int) -> Finding:
    """The binding, and whether it can use a GPU if one is asked for."""
    try:
        release = version("llama-cpp-python")
        import llama_cpp  # only here: its native library may be missing
    except (PackageNotFoundError, ImportError, OSError, RuntimeError) as error:
        return Finding("llama.cpp", f"cannot be loaded: {error}", "build it: make setup")
    gpu = bool(llama_cpp.llama_supports_gpu_offload())
    if gpu_layers > 0 and not gpu:
        remedy = "build it for the card: make setup GPU=cuda (or vulkan, metal), or set model.gpu_layers = 0"
        return Finding("llama.cpp", f"{release}, without GPU; model.gpu_layers is {gpu_layers}", remedy)
    return Finding("llama.cpp", f"{release}, {'with' if gpu else 'without'} GPU")


def model_file(path: str) -> str:
    """The model that writes: the named one, or the embedded one, which is put together if need be."""
    return str(Path(path) if path else embedded_model())


def run_selftest(model: Path) -> Finding:
    """Whether this build runs this model, tried in a process of its own since a native crash ends the process."""
    command = [sys.executable, "-m", "pipeline.llm.selftest", str(model)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return Finding("self-test", "the build runs this model")
    if done.returncode < 0:
        remedy = "remove the built wheel (~/.cache/briefing/wheels), then: make clean setup"
        return Finding("self-test", f"the process was killed by signal {-done.returncode}", remedy)
    lines = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
    return fault("self-test", lines[-1])


def speed(config: Config) -> str:
    """Tokens a second of a short reply to as many requests as are decoded together."""
    from pipeline.llm.open import open_models

    with open_models(config.model) as models:
        tokens, seconds = timed(models.engine, config.model.sequences)
        return (
            f"{tokens / seconds:.0f} tokens a second, {config.model.sequences} requests at once, {models.engine.name}"
        )


def timed(engine: Engine, sequences: int) -> tuple[int, float]:
    """Tokens that were written, and the seconds that it took to read the prompts and write them."""
    requests = [Request(prefix=PROBE, body=f"\n{index}", max_tokens=PROBE_TOKENS) for index in range(sequences)]
    started = time.perf_counter()
    completions = engine.complete(requests)
    return sum(completion.completion_tokens for completion in completions), time.perf_counter() - started
