"""How fast the engine is: beside llama-cpp-python one by one, and beside what llama.cpp itself can do.

    python -m benchmarks.engine VOLUME               every request of a run on the volume
    python -m benchmarks.engine VOLUME --limit 32    so many of each kind

README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import json
import pickle
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import llama_cpp

from pipeline import run as product
from pipeline.account import peak_memory_mb
from pipeline.config import load_config
from pipeline.llm.context import Context, Row
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Completion, Engine, Progress, Quotes, Request, Slots
from pipeline.llm.gbnf import slot_gbnf
from pipeline.llm.open import open_writer, threads_of, writer_files
from pipeline.llm.prompt import load_task
from pipeline.llm.schedule import Job, Schedule, groups_by_prefix
from pipeline.llm.selftest import processor
from pipeline.llm.wire import without_quotes
from pipeline.progress import progress_for

KINDS = ("digests", "extraction", "translation")
ALONE_CONTEXT = 4096  # tokens, for llama-cpp-python, which has one prompt in it at a time
FILLER = 1000  # a token that stands for any
Kinds = dict[str, list[Request]]


@dataclass(frozen=True, slots=True)
class Took:
    """What requests of one kind took, and the tokens that were written."""

    seconds: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Done:
    """A request that the engine has served."""

    request: Request
    prompt: list[int]  # token ids
    completion: Completion


class Recorder:
    """An engine that passes requests on and keeps them."""

    def __init__(self, engine: Engine):
        self.name, self.context_tokens, self.count_tokens = engine.name, engine.context_tokens, engine.count_tokens
        self.asked: list[Request] = []
        self._engine = engine

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        self.asked += requests
        return self._engine.complete(requests, progress)


# Variants. Each runs in a process of its own, so that its memory is its own; its result goes through JSON.


def whole_run(volume: Path, limit: int, folder: Path) -> dict[str, Any]:
    """Brief the volume; what it asked the engine for, by kind, is kept for the other variants."""
    recorders: list[Recorder] = []
    real = product.cached

    def recorded(*arguments):
        models = real(*arguments)
        recorders.append(Recorder(models.engine))
        return replace(models, engine=recorders[0])

    with mock.patch.object(product, "cached", recorded):
        started = time.perf_counter()
        product.run(volume, folder / "briefs", load_config(), progress_for())
        seconds = time.perf_counter() - started
    save(folder / "requests", sampled(recorders[0].asked, limit))
    files = sorted(p for p in (folder / "briefs").rglob("*") if p.is_file() and p.name != "run.json")
    return {"seconds": seconds, "peak_mb": peak_memory_mb(), "made": digest(p.read_bytes() for p in files)}


def sampled(asked: Sequence[Request], limit: int) -> Kinds:
    """Requests by kind, `limit` of each from the whole volume, in their order; 0 is all."""
    digesting = {f"{load_task(product.PROMPTS, f'digest/{own}').instruction}\n" for own in ("zh", "en")}

    def kind(request: Request) -> str:
        match request.constraint:
            case Quotes():
                return "extraction"
            case Slots():
                return "translation"
        return "digests" if request.instruction in digesting else ""

    found = {name: [request for request in asked if kind(request) == name] for name in KINDS}
    return {
        name: [of[at * len(of) // limit] for at in range(limit)] if 0 < limit < len(of) else of
        for name, of in found.items()
    }


def this_engine(volume: Path, limit: int, folder: Path) -> dict[str, Any]:
    """Our engine as a run has it: a call for each kind."""
    wanted = load_config().model
    writer, _ = open_writer(*writer_files(wanted, embedded_model()), wanted)
    engine, done = writer.engine, {}

    def complete(requests: list[Request]) -> int:
        completions = engine.complete(requests)
        done[len(done)] = completions
        return sum(completion.completion_tokens for completion in completions)

    engine.model.grammars  # noqa: B018 (made once a run, whatever the number of requests)
    kinds: Kinds = load(folder / "requests")
    result = measured(kinds, complete)
    served = {
        name: [Done(r, engine.prompt_tokens(r), c) for r, c in zip(of, completions, strict=True)]
        for (name, of), completions in zip(kinds.items(), done.values(), strict=True)
    }
    save(folder / "served", served)
    return {**result, "made": digest(repr(c).encode() for of in done.values() for c in of)}


def one_by_one(volume: Path, limit: int, folder: Path) -> dict[str, Any]:
    """llama-cpp-python's own completion, with its own grammar, which knows no quotes."""
    wanted = load_config().model
    path, adapter = writer_files(wanted, embedded_model())
    threads = threads_of(wanted)
    model = llama_cpp.Llama(
        str(path), n_ctx=ALONE_CONTEXT, n_threads=threads, n_threads_batch=threads, n_gpu_layers=wanted.gpu_layers,
        lora_path=str(adapter) if adapter else None, verbose=False,
    )  # fmt: skip

    def complete(served: list[Done]) -> int:
        tokens = 0
        for one in served:
            request = one.request
            reply = model.create_completion(
                one.prompt, max_tokens=request.max_tokens, temperature=0, stop=list(request.stop), grammar=own(request)
            )
            tokens += reply["usage"]["completion_tokens"]
        return tokens

    return measured(load(folder / "served"), complete)


def own(request: Request) -> llama_cpp.LlamaGrammar | None:
    """The nearest to a request's constraint that llama-cpp-python has."""
    match request.constraint:
        case Quotes(schema):
            return own_json(schema)
        case Slots(glyphs, language):
            return llama_cpp.LlamaGrammar.from_string(slot_gbnf(glyphs, chinese=language == "zh"), verbose=False)
    return None


@cache
def own_json(schema: str) -> llama_cpp.LlamaGrammar:
    return llama_cpp.LlamaGrammar.from_json_schema(json.dumps(without_quotes(json.loads(schema))), verbose=False)


def bare_decoding(volume: Path, limit: int, folder: Path) -> dict[str, Any]:
    """llama_decode alone on as many tokens: no score looked at, no grammar, and each batch filled beforehand."""
    wanted = load_config().model
    writer, _ = open_writer(*writer_files(wanted, embedded_model()), wanted)
    plans = {}
    for name, served in load(folder / "served").items():
        plan = Plan(writer.engine.context)
        lengths = [max(1, one.completion.completion_tokens) for one in served]
        jobs = [
            Job(i, one.prompt, length, Countdown(length))
            for i, (one, length) in enumerate(zip(served, lengths, strict=True))
        ]
        groups = groups_by_prefix(jobs, [one.request.prefix for one in served])
        Schedule(plan, writer.sizes.sequences, groups).run(lambda job: None)
        plans[name] = (plan, sum(lengths))

    def decode(planned: tuple[Plan, int]) -> int:
        for step in planned[0].steps:
            step()
        return planned[1]

    return measured(plans, decode)


class Countdown:
    """A reply of so many tokens, whatever the scores."""

    def __init__(self, length: int):
        self.left = length
        self.finish = None

    def extend(self, _: None) -> list[int]:
        self.left -= 1
        self.finish = None if self.left else "length"
        return [FILLER] if self.left else []


class Plan:
    """Keeps what a schedule asks of a context, ready to be done without any Python between."""

    def __init__(self, context: Context):
        self.cells, self.batch_tokens = context.cells, context.batch_tokens
        self.steps: list[Callable[[], object]] = []
        self._context = context

    def decode(self, rows: Sequence[Row]) -> None:
        batch = llama_cpp.llama_batch_init(len(rows), 0, 1)
        batch.n_tokens = len(rows)
        for i, row in enumerate(rows):
            batch.token[i], batch.pos[i], batch.logits[i] = row.token, row.position, row.output
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, row.sequence
        self.steps.append(partial(decoded, self._context.pointer, batch))

    def scores(self, index: int) -> None:
        return None

    def clear(self) -> None:
        self.steps.append(self._context.clear)

    def copy(self, source: int, target: int) -> None:
        self.steps.append(partial(self._context.copy, source, target))

    def forget(self, sequence: int) -> None:
        self.steps.append(partial(self._context.forget, sequence))


def decoded(pointer, batch) -> None:
    """Compute a batch and wait for it."""
    if status := llama_cpp.llama_decode(pointer, batch):
        raise RuntimeError(f"llama_decode: status {status}")
    llama_cpp.llama_synchronize(pointer)


def measured(kinds: dict[str, Any], work: Callable[[Any], int]) -> dict[str, Any]:
    """Seconds and written tokens of each kind, and the memory of this process after all."""
    took = {}
    for name, of in kinds.items():
        started = time.perf_counter()
        tokens = work(of)
        took[name] = asdict(Took(time.perf_counter() - started, tokens))
    return {"kinds": took, "peak_mb": peak_memory_mb()}


VARIANTS = {
    "whole run": whole_run,
    "this engine": this_engine,
    "one by one": one_by_one,
    "bare decoding": bare_decoding,
}


def in_child(variant: str, volume: Path, limit: int, folder: Path) -> dict[str, Any]:
    """The result of a variant in a process of its own, whose errors and progress are seen."""
    command = [sys.executable, "-m", "benchmarks.engine", str(volume), "--limit", str(limit)]
    child = subprocess.run([*command, "--child", variant, str(folder)], stdout=subprocess.PIPE, check=True)
    return json.loads(child.stdout)


def table(results: dict[str, dict[str, Any]], counts: dict[str, int]) -> Iterator[str]:
    """One row a variant: seconds and written tokens a second of each kind and of all, and peak memory."""
    rows = {name: {k: Took(**t) for k, t in result["kinds"].items()} for name, result in results.items()}
    for took in rows.values():
        took["all"] = Took(sum(t.seconds for t in took.values()), sum(t.tokens for t in took.values()))
    heads = [*(f"{counts[kind]} {kind}" for kind in KINDS), "all"]
    yield f"{'':24}" + "".join(f"{head:>20}" for head in heads) + f"{'peak':>10}"
    for name, took in rows.items():
        cells = (f"{t.seconds:.1f} s {t.tokens / t.seconds:4.0f} /s" for t in took.values())
        yield f"{name:24}" + "".join(f"{cell:>20}" for cell in cells) + f"{results[name]['peak_mb']:>7} MB"
    engine = rows["this engine"]
    for title, other, ratio in (
        ("one by one takes", "one by one", lambda ours, its: f"{its / ours:.1f} times"),
        ("of bare decoding", "bare decoding", lambda ours, its: f"{100 * its / ours:.0f} %"),
    ):
        cells = (ratio(engine[kind].seconds, rows[other][kind].seconds) for kind in engine)
        yield f"{title:24}" + "".join(f"{cell:>20}" for cell in cells)


def report(volume: Path, limit: int, folder: Path) -> Iterator[str]:
    """Measure all variants, one after another."""
    threads, versions = threads_of(load_config().model), (llama_cpp.__version__, platform.python_version())
    yield f"{volume.name} on {processor()}, {threads} threads; llama-cpp-python {versions[0]}, Python {versions[1]}"
    child = lambda variant: in_child(variant, volume, limit, folder)
    first, second = child("whole run"), child("whole run")
    ours, again, alone, bare = map(child, ("this engine", "this engine", "one by one", "bare decoding"))
    counts = {kind: len(of) for kind, of in load(folder / "requests").items()}
    yield from table({"this engine": ours, "again": again, "one by one": alone, "bare decoding": bare}, counts)
    same = lambda one, other: "identical" if one["made"] == other["made"] else "DIFFERENT"
    yield f"replies of the repeat: {same(ours, again)}"
    yield (
        f"whole run {first['seconds']:.0f} s and {first['peak_mb']} MB; again, from the cache, "
        f"{second['seconds']:.1f} s and {second['peak_mb']} MB, files {same(first, second)}"
    )


def digest(parts: Iterator[bytes]) -> str:
    return sha256(b"\0".join(parts)).hexdigest()


def save(path: Path, value: Any) -> None:
    path.write_bytes(pickle.dumps(value))


def load(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("volume", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="requests of each kind (default: all)")
    parser.add_argument("--child", nargs=2, metavar=("VARIANT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        variant, folder = options.child
        print(json.dumps(VARIANTS[variant](options.volume, options.limit, Path(folder))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for line in report(options.volume, options.limit, Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
