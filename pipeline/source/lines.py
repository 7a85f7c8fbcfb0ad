"""Lines of a text: their spans and, for headings, their level.

Numbering beats Markdown marks, since conversion from PDF keeps the first and
guesses the second: 第一章 is over 一、, which is over （一）, which is over 1.
"""

from __future__ import annotations

import re

from pipeline.records import Line, Span

HEADING_CHARACTERS = 60  # a longer line is a paragraph, whatever stands before it
SENTENCE_END = re.compile(r"[。！？；;.!?]$")
PRINTED = re.compile(r"[^\n]*\S[^\n]*")
MARK = re.compile(r"^(#{1,6})\s+")
BOLD = re.compile(r"^\*\*(.+?)\*\*[:：]?$")
NUMBERING = (  # level, pattern of the text behind Markdown marks
    (2, re.compile(r"^第[一二三四五六七八九十]+[章部篇]")),
    (2, re.compile(r"^[一二三四五六七八九十]+、")),
    (3, re.compile(r"^第[一二三四五六七八九十]+节")),
    (3, re.compile(r"^[（(][一二三四五六七八九十]+[）)]")),
    (3, re.compile(r"^\d{1,2}\.\d{1,2}(?!\.?\d)")),
    (4, re.compile(r"^\d{1,2}\.\d{1,2}\.\d{1,2}")),
)


def printed_lines(text: str, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """The lines of `text[start:end]` that are not blank, as spans of `text`."""
    lines = []
    for match in PRINTED.finditer(text, start, len(text) if end is None else end):
        printed = match.group()
        left = match.start() + len(printed) - len(printed.lstrip())
        line = printed.strip()
        lines.append(Line(Span(left, left + len(line)), heading_level(line)))
    return tuple(lines)


def heading_level(line: str) -> int:
    """The level of a heading, 1 the highest; 0 if the line is no heading."""
    mark = MARK.match(line) if line.startswith("#") else None
    bare = heading_text(line)
    if not bare or len(bare) > HEADING_CHARACTERS:
        return 0
    if not mark and SENTENCE_END.search(bare):
        return 0
    for level, pattern in NUMBERING:
        if pattern.match(bare):
            return level
    if mark:
        return len(mark.group(1))
    return 4 if BOLD.match(line) else 0


def heading_text(line: str) -> str:
    """A heading's words without Markdown marks."""
    bare = MARK.sub("", line) if line.startswith("#") else line
    return bare.replace("**", "").strip()
