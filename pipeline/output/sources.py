"""The numbered list of sources: which number the evidence of a statement has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.records import Evidence, Source, Span, Statement

JOINED_CHARACTERS = 400  # of a quote within which a place is found at sight; evidence inside it shares its number


@dataclass(frozen=True, slots=True)
class Where:
    """Where in the volume a quote stands: its pages if the file has pages, else its lines."""

    unit: Literal["page", "line"]
    first: int  # of the file, 1-based
    last: int
    file: str  # its name if the volume has several; else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered source: a quoted place of the volume."""

    number: int  # from 1, in the order of the volume
    paper: int
    evidence: Evidence
    where: Where


@dataclass(frozen=True, slots=True)
class SourceList:
    """All sources of a brief, and the number of each piece of evidence."""

    entries: tuple[Entry, ...]
    numbers: dict[Span, int]

    def of(self, *statements: Statement) -> list[int]:
        """The numbers that statements rest on, each once, ascending."""
        return sorted({self.numbers[e.span] for s in statements for e in s.evidence})


def list_sources(source: Source, printed: Mapping[int, Iterable[Statement]]) -> SourceList:
    """Number the evidence of what a brief prints of each paper, in the order of the volume."""
    entries: list[Entry] = []
    numbers: dict[Span, int] = {}
    for paper, statements in printed.items():
        evidence = {e.span: e for s in statements for e in s.evidence}
        for span in sorted(evidence, key=lambda s: (s.start, -s.end)):
            if not (entries and shares(span, entries[-1].evidence.span)):
                entries.append(Entry(len(entries) + 1, paper, evidence[span], where(source, span)))
            numbers[span] = entries[-1].number
    return SourceList(tuple(entries), numbers)


def where(source: Source, span: Span) -> Where:
    """The pages or lines that hold a span of the source."""
    first, last = source.place(span.start), source.place(span.end - 1)
    file = first.file if len({place.file for place in source.places}) > 1 else ""
    if first.page:
        return Where("page", first.page, last.page, file)
    return Where("line", source.line_number(span.start), source.line_number(span.end - 1), file)


def shares(span: Span, earlier: Span) -> bool:
    """Whether `span` lies in an earlier quote that is short enough to find it in."""
    inside = earlier.start <= span.start and span.end <= earlier.end
    return inside and (span == earlier or len(earlier) <= JOINED_CHARACTERS)
