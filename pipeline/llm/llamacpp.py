"""The engine in process: llama.cpp with many requests in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.llm.context import Context
from pipeline.llm.engine import Completion, Progress, Request
from pipeline.llm.model import Model
from pipeline.llm.reply import Reply
from pipeline.llm.schedule import Job, Schedule, groups_by_prefix

SHOWN = 40  # characters of a prompt in a message


class LlamaCppEngine:
    """Completes prompts with a model of this process; an `Engine`.

    Greedy and with a fixed schedule: the same requests give the same bytes.
    """

    def __init__(self, model: Model, adapter: Path | None, sequences: int, context_tokens: int, threads: int):
        """`sequences` requests at a time share `context_tokens` tokens of memory.

        Raises ModelError if the adapter does not fit the model or the memory does not suffice.
        """
        self.name = model.name if adapter is None else f"{model.name} with {adapter.stem}"
        self._model = model
        self._sequences = sequences
        # One sequence more holds the prefix that requests share.
        self._context = Context(model, adapter, context_tokens, sequences + 1, outputs=sequences, threads=threads)
        self.context_tokens = min(self._context.cells, model.trained_context or self._context.cells)

    def count_tokens(self, text: str) -> int:
        """The length of `text` in the model's own tokens."""
        return len(self._model.tokenize(text))

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        """Reply to every request, in their order.

        Raises ModelError, before anything runs, if a request cannot fit or
        its grammar does not compile.
        """
        jobs = [self._job(index, request) for index, request in enumerate(requests)]
        completions: list[Completion | None] = [None] * len(jobs)
        ended = 0

        def done(job: Job) -> None:
            nonlocal ended
            completions[job.index] = job.reply.completion(len(job.prompt))
            ended += 1
            if progress is not None:
                progress(ended, len(jobs))

        groups = groups_by_prefix(jobs, [request.prefix for request in requests])
        Schedule(self._context, self._sequences, groups).run(done)
        return completions

    def _job(self, index: int, request: Request) -> Job:
        name = f"request {index + 1} ({request.body[:SHOWN].strip()!r})"
        prompt = self._model.prompt_tokens(request.prefix + request.body)
        if not prompt or request.max_tokens < 1:
            raise ModelError(f"{name} has no prompt or asks for no token; mend its task in prompts/")
        if len(prompt) + request.max_tokens > self.context_tokens:
            raise ModelError(
                f"{name}: prompt of {len(prompt)} and reply of {request.max_tokens} tokens exceed the context of "
                f"{self.context_tokens}; raise model.context_tokens in config.toml or use a model of longer context"
            )
        try:
            constraint = self._model.grammars.constraint(request)
        except ModelError as error:
            raise ModelError(f"{name}: {error}; mend its grammar or schema in prompts/") from error
        return Job(index, prompt, request.max_tokens, Reply(self._model, request, constraint))

    def close(self) -> None:
        """Give the context's memory back; the model stays loaded for others."""
        self._context.close()
