"""An engine that a test scripts: it answers what it is told to and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.llm.engine import Completion, Progress, Request


class ScriptedEngine:
    """Answers each request with `reply(request)`; a reply that ends in ✂ was cut at its limit."""

    name = "scripted"

    def __init__(self, reply: Callable[[Request], str], context_tokens: int = 4096):
        self.reply = reply
        self.context_tokens = context_tokens
        self.asked: list[Request] = []

    def count_tokens(self, text: str) -> int:
        return len(text)

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        self.asked += requests
        completions = []
        for done, request in enumerate(requests, 1):
            said = self.reply(request)
            reason = "length" if said.endswith("✂") else "stop"
            prompt = self.count_tokens(request.prefix + request.body)
            completions.append(Completion(said.rstrip("✂"), reason, prompt, len(said)))
            if progress:
                progress(done, len(requests))
        return completions
