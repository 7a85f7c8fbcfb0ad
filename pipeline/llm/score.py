"""How likely a model finds given continuations of a prompt: a choice without writing.

A model prefers some words whatever it is asked. `calibrated` takes that
preference away, as a prompt without content shows it (Zhao et al., Calibrate
Before Use, ICML 2021, https://arxiv.org/abs/2102.09690).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.errors import ModelError
from pipeline.llm.context import Context, Row
from pipeline.llm.engine import Request
from pipeline.llm.llamacpp import LlamaCppEngine
from pipeline.llm.reply import log_probability
from pipeline.llm.schedule import common_length

# Sequences: what all prompts begin with, the prompt that is asked, and the first of those of continuations.
HOLDER, ASKED, FIRST = 0, 1, 2


def choose(
    engine: LlamaCppEngine, requests: Sequence[Request], options: Sequence[str], neutral: Request
) -> list[list[float]]:
    """The probability of each option as the reply to each request, calibrated against `neutral`.

    `neutral` is the same task on an input without content, for instance "N/A".
    Raises ModelError, before anything runs, if a request cannot fit.
    """
    plain, *asked = log_likelihoods(engine, [neutral, *requests], options)
    return [calibrated(scores, plain) for scores in asked]


def calibrated(scores: Sequence[float], neutral: Sequence[float]) -> list[float]:
    """Probabilities, of sum 1, from log-likelihoods and from those without content."""
    lifted = [score - plain for score, plain in zip(scores, neutral, strict=True)]
    powers = [math.exp(score - max(lifted)) for score in lifted]
    return [power / sum(powers) for power in powers]


def log_likelihoods(
    engine: LlamaCppEngine, requests: Sequence[Request], continuations: Sequence[str]
) -> list[list[float]]:
    """The natural logarithm of the probability of each continuation after each request's prompt.

    What all prompts begin with is computed once, and the continuations of a
    prompt together. Raises ModelError, before anything runs, if a request
    cannot fit or a continuation is empty.
    """
    prompts = [engine.prompt_tokens(request) for request in requests]
    texts = [engine.model.tokenize(text) for text in continuations]
    check(engine.context.cells, prompts, texts)
    context, shared = engine.context, common_length(prompts)
    context.clear()
    read(context, prompts[0][:shared], 0, HOLDER)
    result = []
    for prompt in prompts:
        context.copy(HOLDER, ASKED)
        first = read(context, prompt[shared:], shared, ASKED)
        totals = [log_probability(first, tokens[0]) for tokens in texts]
        for numbers in split(range(len(texts)), context.sequences - FIRST):
            follow(context, len(prompt), texts, numbers, totals)
        context.forget(ASKED)
        result.append(totals)
    return result


def check(cells: int, prompts: Sequence[Sequence[int]], texts: Sequence[Sequence[int]]) -> None:
    """Raise ModelError if anything is empty or does not fit."""
    if not texts or not all(texts):
        raise ModelError("a continuation to score is empty; name at least one word")
    needed = max(map(len, prompts)) + sum(map(len, texts))
    if needed > cells:
        raise ModelError(
            f"a prompt and its continuations of {needed} tokens exceed the context of {cells}; "
            "raise model.context_tokens in config.toml"
        )


def read(context: Context, tokens: Sequence[int], position: int, sequence: int) -> np.ndarray | None:
    """Compute tokens of a sequence; the result are the scores of the one that follows, None if there are no tokens."""
    last = None
    for piece in split(range(len(tokens)), context.batch_tokens):
        rows = [Row(tokens[at], position + at, sequence, output=at == len(tokens) - 1) for at in piece]
        context.decode(rows)
        last = len(rows) - 1
    return None if last is None else context.scores(last)


def follow(context: Context, start: int, texts: Sequence[Sequence[int]], numbers: range, totals: list[float]) -> None:
    """Add what the tokens behind the first of these texts score, a step for all of them at a time."""
    sequence = {number: FIRST + number - numbers[0] for number in numbers}
    for number in numbers:
        context.copy(ASKED, sequence[number])
    for step in range(max(len(texts[number]) for number in numbers) - 1):
        going = [number for number in numbers if step + 1 < len(texts[number])]
        context.decode([Row(texts[number][step], start + step, sequence[number], True) for number in going])
        for row, number in enumerate(going):
            totals[number] += log_probability(context.scores(row), texts[number][step + 1])
    for number in numbers:
        context.forget(sequence[number])


def split(numbers: range, size: int) -> Iterator[range]:
    """A range in pieces of at most `size`."""
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
