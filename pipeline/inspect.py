"""What a volume is read as, before any model runs: its papers, their sections, and what is doubtful."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.cells import cell_len, set_cell_size

from pipeline.errors import SourceError
from pipeline.records import Paper, Span
from pipeline.source.corrections import load_corrections
from pipeline.source.lines import heading_text
from pipeline.source.read import read
from pipeline.source.sections import Section, sections
from pipeline.source.segment import segment

COLUMNS = ("no.", "title", "organisation", "author", "place", "characters", "sections", "doubts")
WIDTHS = (4, 44, 22, 18, 32, 10, 8, 60)  # columns of a terminal, of which a Chinese character takes two
TO_THE_RIGHT = ("no.", "characters", "sections")
SHORT, LONG = 0.2, 4  # times the median length of the papers, from which on one is doubtful


class Inspection:
    """A volume as it is read, with the corrections beside it.

    Raises SourceError if it cannot be read.
    """

    def __init__(self, path: Path):
        self.source = read(path)
        self.volume = segment(self.source, load_corrections(path))
        self._breaks = [match.start() for match in re.finditer("\n", self.source.text)]
        self._files = {place.file: place.start for place in reversed(self.source.places)}
        self._usual = median(len(paper.span) for paper in self.volume.papers)

    def table(self) -> Iterator[str]:
        """The papers, one a line, and under them what is amiss with the volume."""
        papers = self.volume.papers
        yield " | ".join(filter(None, (self.volume.title, self.volume.host, f"{len(papers)} papers")))
        yield from aligned([COLUMNS, *(self._row(paper) for paper in papers)])
        yield from (f"! {warning}" for warning in self.volume.warnings)

    def tree(self, number: int) -> Iterator[str]:
        """One paper and its sections, each with the line that it begins at.

        Raises SourceError if the volume has no such paper.
        """
        paper = self._paper(number)
        yield f"{paper.number}. {paper.title}"
        yield " | ".join(
            filter(None, (paper.organisation, "、".join(paper.authors), paper.position, self._place(paper.span)))
        )
        yield from (f"! {doubt}" for doubt in self._doubts(paper))
        yield from self._branches(sections(paper), "  ")

    def values(self, number: int | None = None) -> dict[str, Any]:
        """All papers, or one with its sections, as plain values.

        Spans are half-open ranges of characters. Raises SourceError if the volume has no such paper.
        """
        if number is not None:
            paper = self._paper(number)
            return {**self._values(paper), "tree": list(map(self._section, sections(paper)))}
        return {
            "file": self.source.path.name,
            "sha256": self.source.sha256,
            "characters": len(self.source.text),
            "title": self.volume.title,
            "host": self.volume.host,
            "papers": list(map(self._values, self.volume.papers)),
            "warnings": list(self.volume.warnings),
        }

    def _paper(self, number: int) -> Paper:
        for paper in self.volume.papers:
            if paper.number == number:
                return paper
        numbers = ", ".join(str(paper.number) for paper in self.volume.papers)
        raise SourceError(f"{self.source.path}: no paper {number}; its papers are {numbers}")

    def _line(self, offset: int) -> int:
        """The 1-based line of its file, as `Source.line_number` but at once."""
        start = self._files[self.source.place(offset).file]
        return bisect_right(self._breaks, offset - 1) - bisect_right(self._breaks, start - 1) + 1

    def _place(self, span: Span) -> str:
        """The file if there are several; the pages, or else the lines."""
        first, last = self.source.place(span.start), self.source.place(span.end - 1)
        file = f"{first.file}, " if len(self._files) > 1 else ""
        if first.page:
            return f"{file}pages {first.page}–{last.page}"
        return f"{file}lines {self._line(span.start)}–{self._line(span.end - 1)}"

    def _doubts(self, paper: Paper) -> list[str]:
        """What a user should look at before a long run."""
        found = {
            "no organisation": not paper.organisation,
            "no author": not paper.authors,
            "no text": paper.body >= len(paper.lines),
            "very short": len(paper.span) < SHORT * self._usual,
            "very long": len(paper.span) > LONG * self._usual,
        }
        return [doubt for doubt, holds in found.items() if holds]

    def _row(self, paper: Paper) -> tuple[str, ...]:
        headings = sum(line.level > 0 for line in paper.lines[paper.body :])
        return (
            str(paper.number),
            paper.title,
            paper.organisation,
            "、".join(paper.authors),
            self._place(paper.span),
            f"{len(paper.span):,}",
            str(headings),
            ", ".join(self._doubts(paper)),
        )

    def _branches(self, found: Sequence[Section], indent: str) -> Iterator[str]:
        for section in found:
            words = heading_text(self.source.slice(section.heading.span))
            start = section.span.start
            place = self.source.place(start)
            where = f"page {place.page}" if place.page else f"line {self._line(start)}"
            yield f"{indent}{words}  ({where}, {len(section.span):,} characters)"
            yield from self._branches(section.parts, indent + "  ")

    def _values(self, paper: Paper) -> dict[str, Any]:
        first, last = self.source.place(paper.span.start), self.source.place(paper.span.end - 1)
        return {
            "number": paper.number,
            "title": paper.title,
            "organization": paper.organisation,
            "authors": list(paper.authors),
            "position": paper.position,
            "language": paper.language,
            "file": first.file,
            "pages": [first.page, last.page] if first.page else None,
            "lines": [self._line(paper.span.start), self._line(paper.span.end - 1)],
            "span": {"start": paper.span.start, "end": paper.span.end},
            "characters": len(paper.span),
            "sections": sum(line.level > 0 for line in paper.lines[paper.body :]),
            "doubts": self._doubts(paper),
        }

    def _section(self, section: Section) -> dict[str, Any]:
        return {
            "heading": heading_text(self.source.slice(section.heading.span)),
            "level": section.heading.level,
            "line": self._line(section.span.start),
            "page": self.source.place(section.span.start).page or None,
            "span": {"start": section.span.start, "end": section.span.end},
            "parts": list(map(self._section, section.parts)),
        }


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines whose cells stand under one another, long ones cut."""
    widths = [
        min(most, max(map(cell_len, column))) for most, column in zip(WIDTHS, zip(*rows, strict=True), strict=True)
    ]
    for row in rows:
        cells = [cut(cell, width, name in TO_THE_RIGHT) for cell, width, name in zip(row, widths, COLUMNS, strict=True)]
        yield "  ".join(cells).rstrip()


def cut(cell: str, width: int, to_the_right: bool) -> str:
    """A cell of exactly `width` columns."""
    if cell_len(cell) > width:
        return set_cell_size(cell, width - 1) + "…"
    blank = " " * (width - cell_len(cell))
    return blank + cell if to_the_right else cell + blank
