"""Paragraphs of a laid-out document, and how they are written into a volume's text.

The text is the Markdown that volumes come in: `#` before headings, `|` between
the cells of a row, `<sup>1</sup>` where a note is called and before the note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.source.lines import HEADING_CHARACTERS
from pipeline.source.text import LINE_END

LEVELS = 6  # of Markdown headings
LARGER = 1.08  # times the size of running text, from which on a short paragraph is a heading
SAME_SIZE = 0.6  # points in which headings of one level may differ
LONGEST_HEADING = 2 * HEADING_CHARACTERS  # characters; a paper's title may be longer than a section's
NO_HEADING = re.compile(r"[。；;，,]$")
BLANK = re.compile(r"[^\S\n]*\n\s*")

Kind = Literal["text", "row", "note"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a row of a table or a note; line breaks inside are the author's."""

    text: str
    level: int = 0  # of a heading, 1 the highest; 0 is running text
    kind: Kind = "text"
    size: float = 0.0  # points, of most of its characters
    bold: bool = False  # all of it
    pages: tuple[tuple[int, int], ...] = ()  # (offset in `text`, page that begins there)


def row(cells: Iterable[str]) -> Block:
    """A row of a table."""
    words = (" ".join(cell.replace("|", r"\|").split()) for cell in cells)
    return Block("| " + " | ".join(words) + " |", kind="row")


def with_levels(blocks: Sequence[Block]) -> list[Block]:
    """Headings by their looks: short and larger than running text, the largest the highest; bold ones lowest."""
    body = _usual_size(blocks)
    candidates = [_is_heading(block) and block.size > LARGER * body for block in blocks]
    sizes = sorted({block.size for block, is_candidate in zip(blocks, candidates, strict=True) if is_candidate})
    levels = _levels(sizes)
    looked = []
    for block, is_candidate in zip(blocks, candidates, strict=True):
        if is_candidate:
            block = replace(block, level=levels[block.size])
        elif block.bold and _is_heading(block) and len(block.text) <= HEADING_CHARACTERS:
            block = replace(block, text=f"**{block.text}**", pages=tuple((o + 2 * (o > 0), p) for o, p in block.pages))
        looked.append(block)
    return looked


def _usual_size(blocks: Iterable[Block]) -> float:
    """The size that most characters of running text have."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.kind == "text":
            sizes[block.size] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_heading(block: Block) -> bool:
    return block.kind == "text" and 0 < len(block.text) <= LONGEST_HEADING and not NO_HEADING.search(block.text)


def _levels(sizes: Sequence[float]) -> dict[float, int]:
    """A level for each of the ascending sizes; sizes that hardly differ share one."""
    levels: dict[float, int] = {}
    level, reached = 0, 0.0
    for size in reversed(sizes):
        if not level or reached - size > SAME_SIZE:
            level, reached = min(LEVELS, level + 1), size
        levels[size] = level
    return levels


def write(blocks: Iterable[Block]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of a document, and the offsets from which on it stands on another page.

    Notes stand behind the paragraph that calls them, or where a title or an
    author line calls one, behind the first paragraph of the text.
    """
    parts: list[str] = []
    pages: list[tuple[int, int]] = []
    length = 0
    previous: Block | None = None
    for block in _notes_behind(blocks):
        if not block.text.strip():
            continue
        gap = "" if previous is None else "\n" if previous.kind == block.kind == "row" else "\n\n"
        mark = "#" * block.level + " " if block.level else ""
        words = block.text if not mark else BLANK.sub("\n" + mark, block.text)
        length += len(gap)
        for offset, page in block.pages:
            if not pages or page != pages[-1][1]:
                pages.append((length + (offset and offset + len(mark)), page))
        parts += [gap, mark, words]
        length += len(mark) + len(words)
        previous = block
    return "".join(parts) + "\n", tuple(pages)


def _notes_behind(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks, each note moved behind a paragraph that ends, so that it parts no title and no sentence."""
    waiting: list[Block] = []
    last = Block("")
    for block in blocks:
        if block.kind == "note":
            waiting.append(block)
        else:
            if block.level and not last.level:
                yield from waiting
                waiting = []
            yield block
            last = block
        if _ends(last):
            yield from waiting
            waiting = []
    yield from waiting


def _ends(block: Block) -> bool:
    return block.kind == "text" and not block.level and bool(LINE_END.search(block.text))
