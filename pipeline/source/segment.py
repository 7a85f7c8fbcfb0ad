"""A Source becomes a Volume of papers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import SourceError
from pipeline.records import Line, Paper, Source
from pipeline.source.correct import corrected
from pipeline.source.corrections import NONE, Corrections
from pipeline.source.front import host_of, volume_title
from pipeline.source.letters import letters
from pipeline.source.lines import MARK, heading_text, printed_lines
from pipeline.source.openings import Opening
from pipeline.source.papers import make_paper
from pipeline.source.regions import Region, find_regions

AFTERWORD = re.compile(r"^(?:编\s*后\s*[记语]|编\s*者\s*后\s*记|后\s*记|出版后记|afterword)$", re.I)


@dataclass(frozen=True)
class Volume:
    """What was found in a source, and in what it differs from its own contents page."""

    title: str
    host: str  # the city or province advised; "" where nothing tells
    papers: tuple[Paper, ...]
    warnings: tuple[str, ...]


def segment(source: Source, corrections: Corrections = NONE) -> Volume:
    """The papers of a volume, in the order of the text.

    A contents page says how many there are and what they are called; where
    there is none, titles are told by the author lines under them. Of several
    files, or several volumes in one file, each is read by its own contents
    page. Raises SourceError if there is no paper, or corrections do not fit.
    """
    lines = printed_lines(source.text)
    printed = [source.slice(line.span) for line in lines]
    regions = find_regions(source, lines, printed)
    papers = corrected(source, lines, printed, _papers(source, lines, printed, regions), corrections)
    if not papers:
        raise SourceError(
            f"{source.path}: no paper found; a volume needs a contents page, or titles with author lines under them"
        )
    front = printed[: next((region.front_end for region in regions if region.openings), 0)]
    return Volume(
        corrections.title or volume_title(front) or source.path.stem,
        corrections.host or host_of(front, source.text),
        tuple(papers),
        tuple(_warnings(source, lines, regions, corrections)),
    )


def _papers(source: Source, lines: Sequence[Line], printed: Sequence[str], regions: Sequence[Region]) -> list[Paper]:
    """Numbered as the contents page does, or in the order of the text where there are several or none."""
    papers: list[Paper] = []
    listed = [opening.entry.number for region in regions for opening in region.openings if opening.entry]
    spare = max(listed, default=0) if len(regions) == 1 else 0
    for region in regions:
        stops = [opening.first for opening in region.openings[1:]] + [region.stop]
        for opening, stop in zip(region.openings, stops, strict=False):
            if opening.is_matter:
                continue
            if opening.entry and len(regions) == 1:
                number = opening.entry.number
            else:
                spare += 1
                number = spare
            end = _afterword(printed, opening.end, stop) if stop == region.stop else stop
            papers.append(make_paper(source, lines[opening.first : end], printed[opening.first : end], opening, number))
    return papers


def _afterword(printed: Sequence[str], first: int, stop: int) -> int:
    """Where the editors' own afterword begins behind the last paper; `stop` if there is none."""
    for index in range(first, stop):
        if MARK.match(printed[index]) and AFTERWORD.match(heading_text(printed[index])):
            return index
    return stop


def _warnings(
    source: Source, lines: Sequence[Line], regions: Sequence[Region], corrections: Corrections
) -> Iterator[str]:
    """What was not read, in what the text differs from its contents pages, and what was corrected."""
    yield from source.warnings
    if corrections.papers:
        yield f"{corrections.path.name} corrects papers {', '.join(map(str, sorted(corrections.papers)))}"
    if len(regions) == 1 and not regions[0].contents:
        yield "no contents page found; papers are the titles that have author lines or an abstract under them"
    line, reached = 1, 0
    for region in regions:
        if not region.openings:
            yield f"{source.place(lines[region.front_end].span.start).file}: no paper found in this file"
        for entry in region.missing:
            if entry.number not in corrections.papers:
                title = " ".join(entry.parts)
                yield f"the contents page promises paper {entry.number}, “{title}”; the text has no such title"
        for opening in region.openings if region.contents else ():
            start = lines[opening.first].span.start
            line, reached = line + source.text.count("\n", reached, start), start
            yield from _difference(opening, line, corrections)


def _difference(opening: Opening, line: int, corrections: Corrections) -> Iterator[str]:
    if opening.entry is None:
        yield f"the paper “{opening.title}” at line {line} is not on the contents page"
    elif letters(opening.title) != letters(opening.promised) and not opening.is_matter:
        number = opening.entry.number
        if number not in corrections.papers:
            yield f"paper {number}: “{opening.promised}” on the contents page, “{opening.title}” in the text"
