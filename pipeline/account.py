"""What happened in a run, for `run.json` and the accounting page of the briefs."""

from __future__ import annotations

import hashlib
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from pipeline.config import Config
from pipeline.llm.engine import Completion, Engine, Progress, Request
from pipeline.records import Brief, Chunk, Span
from pipeline.stages.summarize import Digest

PACKAGES = ("briefing", "llama-cpp-python", "llguidance", "langchain-text-splitters", "python-docx", "jinja2", "jieba")


class Counted(Protocol):
    """Anything that counts what it does."""

    count: Counter[str]


class MeteredEngine:
    """An engine that counts what passes through it."""

    def __init__(self, engine: Engine, count: Counter[str]):
        self.engine = engine
        self.name = engine.name
        self.context_tokens = engine.context_tokens
        self.count = count

    def count_tokens(self, text: str) -> int:
        return self.engine.count_tokens(text)

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        completions = self.engine.complete(requests, progress)
        self.count["requests"] += len(requests)
        self.count["prompt_tokens"] += sum(c.prompt_tokens for c in completions)
        self.count["completion_tokens"] += sum(c.completion_tokens for c in completions)
        self.count["cut_at_limit"] += sum(c.finish_reason == "length" for c in completions)
        return completions


class Account:
    """Seconds, tokens and memory of each stage, as they happen."""

    def __init__(self):
        self.started = time.localtime()
        self.stages: dict[str, dict] = {}
        self._since = time.monotonic()  # which no setting of the clock moves
        self._current = ""
        self._chunks = Counter(chunks=0, chunks_read=0, chunks_truncated=0, chunks_failed=0)
        self._chunks.update(characters_read=0, characters_digested=0)

    def current(self) -> str:
        """The stage that began last."""
        return self._current

    @contextmanager
    def stage(self, name: str, counted: Counted | None = None) -> Iterator[None]:
        """Measure what the block does, to its end or to where it raises; a stage may go on later."""
        self._current = name
        before, since = (counted.count.copy() if counted else Counter()), time.monotonic()
        try:
            yield
        finally:
            entry = Counter(self.stages.get(name, {}))
            entry["seconds"] = round(entry["seconds"] + time.monotonic() - since, 2)
            entry["peak_memory_mb"] = peak_memory_mb()
            if counted:
                entry.update({key: counted.count[key] - before[key] for key in sorted(counted.count)})
            self.stages[name] = dict(entry)

    def read(self, chunks: Sequence[Chunk], shown: Sequence[Sequence[Span]], digests: Sequence[Digest]) -> None:
        """Count what was read of papers that are in the briefs; `shown` are the lines that digests were made from."""
        self._chunks.update(
            chunks=len(chunks),
            chunks_read=len(digests),
            chunks_truncated=sum(d.finish_reason == "length" for d in digests),
            chunks_failed=sum(d.failed for d in digests),
            characters_read=sum(len(chunk.span) for chunk in chunks),
            characters_digested=sum(len(line) for lines in shown for line in lines),
        )

    def record(
        self,
        brief: Brief,
        model: dict,
        config: Config,
        prompts: Path,
        warnings: Iterable[str],
    ) -> dict:
        """All that `run.json` holds."""
        return {
            "input": {
                "file": brief.source.path.name,
                "sha256": brief.source.sha256,
                "characters": len(brief.source.text),
            },
            "model": model,
            "config": asdict(config),
            "prompts_sha256": folder_hash(prompts),
            "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
            "started": time.strftime("%Y-%m-%dT%H:%M:%S%z", self.started),
            "seconds": round(time.monotonic() - self._since, 1),
            "peak_memory_mb": peak_memory_mb(),
            "stages": self.stages,
            "reused": reused(self.stages),
            "accounting": accounting(brief, self._chunks),
            "warnings": list(warnings),
        }


def reused(stages: Mapping[str, dict]) -> dict[str, int]:
    """What earlier runs had computed: completions of the writer, and lines that the reader had labelled."""
    count = {name: stage.get("reused", 0) for name, stage in stages.items()}
    return {"completions": sum(count.values()) - count["label"], "lines": count["label"]}


def accounting(brief: Brief, chunks: Mapping[str, int]) -> dict:
    """Papers, chunks and claims: how many, and what became of them."""
    rejections = [r for p in brief.papers for r in p.rejections]
    found = [r for p in brief.papers for r in p.recommendations]
    kept = sum(len(p.summary.statements) + len(p.key_facts) for p in brief.papers)
    kept += sum(1 + len(r.measures) for r in found)
    contradictions = [c for p in brief.papers for c in p.contradictions]
    kept += sum(len(c.sides) for c in contradictions)
    return {
        "papers": len(brief.papers),
        "papers_left_out": [asdict(fault) for fault in brief.faults],
        "papers_without_recommendation": [p.paper.number for p in brief.papers if not p.recommendations],
        **chunks,
        "retried": sum(r.replacement == "second try" for r in rejections),
        "claims": kept + len(rejections),
        "statements": kept,
        "recommendations": len(found),
        "contradictions": len(contradictions),
        "repeats_merged": sum(len(r.title.evidence) - 1 for r in found),
        "rejections": len(rejections),
        "rejections_by_stage": dict(sorted(Counter(f"{r.stage}: {r.replacement}" for r in rejections).items())),
        "rejected_claims": [asdict(r) for r in rejections],
    }


def folder_hash(folder: Path) -> str:
    """One SHA-256 over the names and bytes of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def peak_memory_mb() -> int:
    """The most memory that this process has held, in MB (getrusage counts KB on Linux, bytes on macOS)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
