"""Whether this build of llama.cpp runs a model on this machine, tried in a child process.

Native code that was built for other instructions, or has a fault on this CPU,
ends the process that calls it. So a child tries first, and the answer is kept
until the library, the CPU or the model changes.

    python -m pipeline.llm.selftest MODEL [--threads N] [--gpu-layers N] [--no-extra-bufts]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import distribution
from pathlib import Path

from platformdirs import user_cache_dir

from pipeline.errors import ModelError

PROMPT_TOKENS = 512
DECODE_TOKENS = 32
TIMEOUT_SECONDS = 600  # a model of 20 GB from a slow disk
CHILD = "pipeline.llm.selftest"


@dataclass(frozen=True, slots=True)
class BuildCheck:
    """A setting that works, and how fast it is with one request at a time."""

    use_extra_bufts: bool  # of the model parameters; False where repacked weights crash
    prompt_rate: float  # tokens read a second
    decode_rate: float  # tokens written a second


def check_build(model: Path, threads: int = os.cpu_count() or 1, gpu_layers: int = 0) -> BuildCheck:
    """Try the build once on `model`, `gpu_layers` of it on the GPU; later calls answer from the user's cache folder.

    Raises ModelError if the build crashes whatever the setting, or the model
    cannot be loaded.
    """
    kept = Path(user_cache_dir("briefing")) / "selftest" / f"{fingerprint(model, threads, gpu_layers)}.json"
    if check := recall(kept):
        return check
    for use_extra_bufts in (True, False):
        if check := try_in_child(model, threads, gpu_layers, use_extra_bufts):
            remember(kept, check)
            return check
    where = f"this processor ({processor()}) " + (f"and {gpu_layers} layers on the GPU " if gpu_layers else "")
    raise ModelError(
        f"llama.cpp {distribution('llama-cpp-python').version} crashes on {where}with {model}; "
        "rebuild: make rebuild-llama"
    )


def try_in_child(model: Path, threads: int, gpu_layers: int, use_extra_bufts: bool) -> BuildCheck | None:
    """Run the trial in a child process; None if native code ends it."""
    command = [sys.executable, "-m", CHILD, str(model.resolve())]
    command += ["--threads", str(threads), "--gpu-layers", str(gpu_layers)]
    if not use_extra_bufts:
        command.append("--no-extra-bufts")
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, cwd=Path(__file__).parents[2]
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"{model}: the self-test did not end in {TIMEOUT_SECONDS} s; "
            "use a smaller model, or rebuild: make rebuild-llama"
        ) from error
    if child.returncode < 0:
        return None
    if child.returncode:
        reason = (child.stderr.strip() or "no message").splitlines()[-1]
        raise ModelError(f"the self-test of llama.cpp fails: {reason}")
    return BuildCheck(**json.loads(child.stdout))


def fingerprint(model: Path, threads: int, gpu_layers: int) -> str:
    """A file name that changes with the library, its build, the processor, the model and what of it is on the GPU."""
    facts = [*build_facts(threads), gpu_layers, *stamps([model.resolve()])]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def build_facts(threads: int) -> list:
    """The library, its build, the processor and the threads: with another, the last digits of scores differ."""
    library = distribution("llama-cpp-python")
    files = sorted(Path(library.locate_file("llama_cpp/lib")).glob("*"))
    return [library.version, processor(), threads, *stamps(files)]


def stamps(files: Iterable[Path]) -> list:
    """Path, size and time of each file that is there."""
    statuses = [(str(path), path.stat()) for path in files if path.exists()]
    return [[path, status.st_size, status.st_mtime_ns] for path, status in statuses]


def processor() -> str:
    """The CPU model, as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def recall(path: Path) -> BuildCheck | None:
    """A remembered answer; None if there is none that can be read."""
    try:
        return BuildCheck(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # a miss costs seconds, a wrong answer a run


def remember(path: Path, check: BuildCheck) -> None:
    """Keep an answer; it appears complete or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(asdict(check), file)
        os.replace(file.name, path)
    except OSError as error:
        raise ModelError(f"{path}: cannot keep the self-test's answer ({error.strerror}); make room there") from error


def trial(model: Path, threads: int, gpu_layers: int, use_extra_bufts: bool) -> BuildCheck:
    """Read a prompt and write a reply in this process, and time both."""
    from pipeline.llm.context import Context, Row  # here: the parent must not load native code
    from pipeline.llm.model import load_model

    loaded = load_model(model, gpu_layers, use_extra_bufts)
    context = Context(loaded, None, PROMPT_TOKENS + DECODE_TOKENS, sequences=1, outputs=1, threads=threads)
    prompt = loaded.prompt_tokens("The meeting is held in the morning. " * PROMPT_TOKENS)[:PROMPT_TOKENS]
    started = time.perf_counter()
    context.decode([Row(token, at, 0, at == len(prompt) - 1) for at, token in enumerate(prompt)])
    token = int(context.scores(len(prompt) - 1).argmax())
    read = time.perf_counter()
    for at in range(len(prompt), len(prompt) + DECODE_TOKENS):
        context.decode([Row(token, at, 0, True)])
        token = int(context.scores(0).argmax())
    written = time.perf_counter()
    context.close()
    return BuildCheck(use_extra_bufts, len(prompt) / (read - started), DECODE_TOKENS / (written - read))


def main() -> int:
    """The child: print a BuildCheck as JSON, or one line on standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gpu-layers", type=int, default=0)
    parser.add_argument("--no-extra-bufts", action="store_true")
    options = parser.parse_args()
    try:
        check = trial(options.model, options.threads, options.gpu_layers, not options.no_extra_bufts)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(asdict(check)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
