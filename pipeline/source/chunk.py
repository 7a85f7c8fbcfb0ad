"""A paper in pieces that fit a prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from pipeline.records import Chunk, Line, Paper, Source, Span
from pipeline.source.lines import heading_text

# Paragraphs, lines, sentences, clauses, words; a character is the last resort.
SEPARATORS = [r"\n\s*\n", r"\n", r"[。！？][”’）」』]?|[!?.][\"')]?\s", r"[；;，,、]", r"\s", ""]
HEADROOM = 0.9  # the splitter adds up the tokens of pieces, which is not the tokens of their sum


def chunk_paper(source: Source, paper: Paper, budget_tokens: int, count_tokens: Callable[[str], int]) -> list[Chunk]:
    """Split at headings, then paragraphs, then sentences; the chunks tile `paper.span`.

    No chunk counts more than `budget_tokens`. Raises ValueError if the budget
    is not positive, or smaller than a single character.
    """
    if budget_tokens <= 0:
        raise ValueError(f"budget of {budget_tokens} tokens; it must be positive")
    spans: list[Span] = []
    for piece in _pieces(source, paper, budget_tokens, count_tokens):
        joined = Span(spans[-1].start, piece.end) if spans else piece
        if spans and count_tokens(source.slice(joined)) <= budget_tokens:
            spans[-1] = joined
        else:
            spans.append(piece)
    return [Chunk(paper.number, index, _path(source, paper, span.start), span) for index, span in enumerate(spans)]


def _pieces(source: Source, paper: Paper, budget: int, count: Callable[[str], int]) -> Iterator[Span]:
    """Spans within the budget that tile the paper; none reaches over a section's end."""
    for section in _sections(paper):
        start = section.start
        for piece in _split(source.slice(section), budget, budget, count):
            yield Span(start, start + len(piece))
            start += len(piece)


def _sections(paper: Paper) -> Iterator[Span]:
    """Stretches that begin with a heading and hold some text, so that no heading is left behind."""
    start = paper.span.start
    has_text = False
    for line in paper.lines:
        if line.level and has_text:
            yield Span(start, line.span.start)
            start, has_text = line.span.start, False
        has_text = has_text or not line.level
    yield Span(start, paper.span.end)


def _split(text: str, size: int, budget: int, count: Callable[[str], int]) -> list[str]:
    if count(text) <= budget:
        return [text]
    if len(text) == 1:
        raise ValueError(f"budget of {budget} tokens; the character {text!r} alone needs {count(text)}")
    size = max(1, int(size * HEADROOM))
    splitter = RecursiveCharacterTextSplitter(
        separators=SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=size,
        chunk_overlap=0,  # offsets are running sums only while chunks tile
        length_function=count,
    )
    pieces = splitter.split_text(text)
    if len(pieces) == 1:
        half = len(text) // 2
        pieces = [text[:half], text[half:]]
    return [part for piece in pieces for part in _split(piece, size, budget, count)]


def _path(source: Source, paper: Paper, offset: int) -> tuple[str, ...]:
    """The headings that stand over a character, the highest first."""
    path: list[Line] = []
    for line in paper.lines[paper.body :]:
        if line.span.start > offset:
            break
        if line.level:
            path = [above for above in path if above.level < line.level]
            path += [line] if line.span.start < offset else []
    return tuple(heading_text(source.slice(line.span)) for line in path)
