"""The engine in process: llama.cpp with many requests in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ModelError, RequestError
from pipeline.llm.chat import TEMPLATE_TOKENS
from pipeline.llm.context import Context
from pipeline.llm.engine import Completion, Progress, Request
from pipeline.llm.model import Model
from pipeline.llm.reply import Reply
from pipeline.llm.schedule import Job, Schedule, groups_by_prefix
from pipeline.llm.sizes import BATCH_TOKENS

SHOWN = 40  # characters of a prompt in a message


class LlamaCppEngine:
    """Completes prompts with a model of this process; an `Engine`.

    Greedy and with a fixed schedule: the same requests give the same bytes.
    """

    def __init__(
        self,
        model: Model,
        adapter: Path | None,
        sequences: int,
        context_tokens: int,
        threads: int,
        batch_tokens: int = BATCH_TOKENS,
    ):
        """`sequences` requests at a time share `context_tokens` tokens of memory.

        A chat model is asked in turns, unless an adapter was trained without them.
        Raises ModelError if the adapter does not fit the model or the memory does not suffice.
        """
        self.name = model.name if adapter is None else f"{model.name} with {adapter.stem}"
        self.model = model
        self.sequences = sequences
        self._chats = adapter is None and model.chat_template is not None
        # One sequence more holds the prefix that requests share; scoring (score.py) wants three.
        self.context = Context(
            model, adapter, context_tokens, max(sequences, 2) + 1, sequences, threads, batch_tokens=batch_tokens
        )
        self._longest = min(self.context.cells, model.trained_context or self.context.cells)
        self.context_tokens = self._longest - (TEMPLATE_TOKENS if self._chats else 0)

    def count_tokens(self, text: str) -> int:
        """The length of `text` in the model's own tokens."""
        return len(self.model.tokenize(text))

    def prompt_tokens(self, request: Request) -> list[int]:
        """The prompt as the model reads it."""
        if self._chats:
            return self.model.chat_tokens(request)
        return self.model.prompt_tokens(request.prefix + request.body)

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        """Reply to every request, in their order.

        Raises RequestError, before anything runs, if a request cannot fit or
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
        Schedule(self.context, self.sequences, groups).run(done)
        return completions

    def _job(self, index: int, request: Request) -> Job:
        name = f"request {index + 1} ({request.body[:SHOWN].strip()!r})"
        prompt = self.prompt_tokens(request)
        if not prompt or request.max_tokens < 1:
            raise RequestError(f"{name} has no prompt or asks for no token; mend its task in prompts/")
        if len(prompt) + request.max_tokens > self._longest:
            raise RequestError(
                f"{name}: prompt of {len(prompt)} and reply of {request.max_tokens} tokens exceed the context of "
                f"{self._longest}; raise model.context_tokens in config.toml or use a model of longer context"
            )
        try:
            constraint = self.model.grammars.constraint(request)
        except ModelError as error:
            raise RequestError(f"{name}: {error}; mend its grammar or schema in prompts/") from error
        return Job(index, prompt, request.max_tokens, Reply(self.model, request, constraint, self._chats))

    def close(self) -> None:
        """Give the context's memory back; the model stays loaded for others."""
        self.context.close()
