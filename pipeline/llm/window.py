"""What the reader sees of a paper: windows of lines behind the paper's outline.

A language model reads forwards only, so each window begins with what a human
reader would have in mind: the title, the headings of the whole paper (where is
the section of advice?) and the lines just before. Training and use share this
module: a reader must see in use what it saw in training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

BEGIN = 2  # <bos> of the base model, which reads badly without it
READ_TOKENS = 4000  # lines that a window labels: most papers whole, so no line is shown twice
BEFORE_TOKENS = 120  # lines shown again from the window before
OUTLINE_TOKENS = 160
HEADING_CHARACTERS = 24  # of each heading in the outline
LINE_TOKENS = 900  # a longer line keeps its head and its tail

Tokenize = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids, and where in them the label of which line is read."""

    tokens: tuple[int, ...]
    reads: tuple[tuple[int, int], ...]  # (index in tokens of the line's newline, index of the line)


def windows(
    title: str,
    headings: Sequence[str],
    lines: Sequence[str],
    tokenize: Tokenize,
    room: int = READ_TOKENS,
    first: int | None = None,
) -> list[Window]:
    """Cut `lines` into windows; every line is read in exactly one of them.

    `room` is what a window labels, in tokens; `first` that of the first one
    (`room` if None), which training varies so that windows break elsewhere in
    each epoch.
    """
    newline = tokenize("\n")
    head = [BEGIN] + outline(title, headings, tokenize) + newline
    encoded = [clipped(tokenize(line)) + newline for line in lines]
    result, start, left = [], 0, first or room
    while start < len(encoded):
        end, used = start, 0
        while end < len(encoded) and (end == start or used + len(encoded[end]) <= left):
            used += len(encoded[end])
            end += 1
        before, shown = start, 0
        while before > 0 and shown + len(encoded[before - 1]) <= BEFORE_TOKENS:
            before -= 1
            shown += len(encoded[before])
        tokens, reads = list(head), []
        for index in range(before, end):
            tokens += encoded[index]
            if index >= start:
                reads.append((len(tokens) - 1, index))
        result.append(Window(tuple(tokens), tuple(reads)))
        start, left = end, room
    return result


def outline(title: str, headings: Sequence[str], tokenize: Tokenize) -> list[int]:
    """Title and headings, one a line, as many as have room."""
    newline = tokenize("\n")
    tokens = tokenize(title) + newline
    for heading in headings:
        more = tokenize(heading[:HEADING_CHARACTERS]) + newline
        if len(tokens) + len(more) > OUTLINE_TOKENS:
            break
        tokens += more
    return tokens


def clipped(tokens: list[int]) -> list[int]:
    """A line of at most LINE_TOKENS: its head and its tail."""
    if len(tokens) <= LINE_TOKENS:
        return tokens
    return tokens[: LINE_TOKENS // 2] + tokens[-LINE_TOKENS // 2 :]
