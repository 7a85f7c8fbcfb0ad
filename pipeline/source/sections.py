"""The sections of a paper, as its headings make them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.records import Line, Paper, Span


@dataclass
class Section:
    """A heading and what stands under it, up to the next heading that is not lower."""

    heading: Line
    span: Span
    parts: list[Section] = field(default_factory=list)


def sections(paper: Paper) -> list[Section]:
    """The highest sections of a paper, in order, each with its parts.

    A level that a paper leaves out leaves no gap: what is under a heading is its part.
    """
    top: list[Section] = []
    path: list[Section] = []
    headings = [line for line in paper.lines[paper.body :] if line.level]
    for heading, end in zip(headings, _ends(headings, paper.span.end), strict=True):
        section = Section(heading, Span(heading.span.start, end))
        while path and path[-1].heading.level >= heading.level:
            path.pop()
        (path[-1].parts if path else top).append(section)
        path.append(section)
    return top


def _ends(headings: list[Line], end: int) -> list[int]:
    """Where the section of each heading ends."""
    ends: list[int] = []
    follows: dict[int, int] = {}  # of each level, where the next heading begins
    for heading in reversed(headings):
        ends.append(min((start for level, start in follows.items() if level <= heading.level), default=end))
        follows[heading.level] = heading.span.start
    return ends[::-1]
