"""The seams between the stages and any model: an engine that writes, a reader that labels.

A stage hands over all its requests at once. What serves them, a batch in
process, a server or a script in a test, is not the stage's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pipeline.records import Language

Progress = Callable[[int, int], None]  # requests done, requests in all


@dataclass(frozen=True, slots=True)
class Quotes:
    """The reply is JSON of a schema, and the strings that the schema marks `"quote": true` are
    contiguous pieces of one of `texts`, without line breaks, quotation marks or backslashes.

    `"type": ["string", "null"]` lets the reply be null where there is nothing
    to quote. `{"enum": [...]}` is a choice from a list.
    """

    schema: str  # JSON text
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slots:
    """The reply is one line without digits; of all slot glyphs only `glyphs` occur.

    An English reply holds no Chinese character.
    """

    glyphs: tuple[str, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Example:
    """An input as the task puts it, and the reply to it."""

    input: str
    reply: str


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt and the limits of its reply.

    As one text the prompt is prefix + body; a chat takes its parts as turns.
    """

    instruction: str
    body: str
    max_tokens: int
    stop: tuple[str, ...] = ()
    constraint: Quotes | Slots | None = None
    examples: tuple[Example, ...] = ()

    @property
    def prefix(self) -> str:
        """What the prompts of a task begin with, instruction and examples; an engine may compute it once."""
        return prompt_prefix(self.instruction, self.examples)


def prompt_prefix(instruction: str, examples: Sequence[Example]) -> str:
    """Instruction and examples as one text."""
    return instruction + "".join(f"{example.input}{example.reply}\n\n" for example in examples)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model replied, without the stop string."""

    text: str
    finish_reason: Literal["stop", "length"]
    prompt_tokens: int
    completion_tokens: int
    confidence: float = 1.0  # geometric mean of the probabilities of its tokens; 1 if the engine does not say


class Engine(Protocol):
    """Anything that completes prompts."""

    name: str  # of the model, for the record
    context_tokens: int  # that prompt and reply of one request share

    def count_tokens(self, text: str) -> int:
        """The length of `text` in the model's own tokens."""
        ...

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        """Reply to every request, in their order.

        Raises RequestError, before anything runs, if a request cannot fit or
        its grammar does not compile; ModelError if the model fails.
        """
        ...


PaperLines = tuple[str, Sequence[str], Sequence[str]]  # title, headings, all lines of one paper


@dataclass(frozen=True, slots=True)
class LineLabels:
    """Probabilities of the answers to each question about one line; those of a question sum to 1."""

    kind: dict[str, float]  # outside, begins, continues
    fact: dict[str, float]  # no, yes
    theme: dict[str, float]  # keys of prompts/themes.toml
    addressee: dict[str, float]  # values of records.Addressee
    gist: dict[str, float]  # no, yes: whether a digest needs the line


class Reader(Protocol):
    """Anything that says of each line of a paper whether it recommends something or holds a fact."""

    def read_all(self, papers: Sequence[PaperLines], progress: Progress | None = None) -> list[list[LineLabels]]:
        """The labels of each line of each paper."""
        ...
