"""A Source becomes a Volume of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import SourceError
from pipeline.records import Line, Paper, Source
from pipeline.source.correct import corrected
from pipeline.source.corrections import NONE, Corrections
from pipeline.source.front import english_title, host_of, volume_title
from pipeline.source.letters import letters
from pipeline.source.lines import MARK, heading_text, printed_lines
from pipeline.source.openings import Opening
from pipeline.source.papers import make_paper
from pipeline.source.regions import Region, find_regions

AFTERWORD = re.compile(  # what editors print behind the last paper
    r"^(?:(?:附\s*[录件]?\s*[一二三\d]?\s*[:：]?\s*)?(?:编\s*后\s*[记语]|编\s*者\s*后\s*记|后\s*记|出版后记|会\s*议\s*[日议]\s*程"
    r"|(?:顾问|代表|专家|作者|参会|与会)[^，。]{0,6}名[单录])"
    r"|(?:appendix:? )?(?:afterword|list of (?:advisers|authors|members|participants|delegates)|programme))$",
    re.I,
)
SUBTITLES = re.compile(r"——|[:：?？ ]")  # what may stand before a sub-title


@dataclass(frozen=True)
class Volume:
    """What was found in a source, and in what it differs from its own contents page."""

    title: str
    host: str  # the city or province advised; "" where nothing tells
    papers: tuple[Paper, ...]
    warnings: tuple[str, ...]
    title_en: str = ""  # as a Chinese cover prints it


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
        "" if corrections.title else english_title(front),
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
            marked = bool(MARK.match(printed[opening.end - 1]))
            end = _afterword(printed, opening.end, stop, marked) if stop == region.stop else stop
            papers.append(make_paper(source, lines[opening.first : end], printed[opening.first : end], opening, number))
    return papers


def _afterword(printed: Sequence[str], first: int, stop: int, marked: bool) -> int:
    """Where the editors' own afterword begins behind the last paper, marked as its title is; else `stop`."""
    for index in range(first, stop):
        if bool(MARK.match(printed[index])) == marked and AFTERWORD.match(heading_text(printed[index])):
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
    openings = [opening for region in regions if region.contents for opening in region.openings]
    where = dict(zip(openings, _places(source, [lines[opening.first].span.start for opening in openings]), strict=True))
    for region in regions:
        if not region.openings:
            yield f"{source.place(lines[region.front_end].span.start).file}: no paper found in this file"
        for entry in region.missing:
            if entry.number not in corrections.papers:
                title = " ".join(entry.parts)
                yield f"the contents page promises paper {entry.number}, “{title}”; the text has no such title"
        for opening in region.openings if region.contents else ():
            yield from _difference(opening, where[opening], corrections)


def _places(source: Source, offsets: Iterable[int]) -> Iterator[str]:
    """The line of each of the ascending offsets, and of which file if there are several, in one pass over the text."""
    begins = {place.file: place.start for place in reversed(source.places)}
    file, line, reached = "", 1, 0
    for offset in offsets:
        if (here := source.place(offset).file) != file:
            file, line, reached = here, 1, begins.get(here, 0)
        line, reached = line + source.text.count("\n", reached, offset), offset
        yield f"line {line} of {file}" if len(begins) > 1 else f"line {line}"


def _is_promised(opening: Opening) -> bool:
    """Whether a contents page prints the title of a paper, be it without its sub-title."""
    parts = [part for part in SUBTITLES.split(opening.title) if part]
    return any(letters("".join(parts[:count])) == letters(opening.promised) for count in range(1, len(parts) + 1))


def _difference(opening: Opening, where: str, corrections: Corrections) -> Iterator[str]:
    if opening.entry is None:
        yield f"the paper “{opening.title}” at {where} is not on the contents page"
    elif not opening.is_matter and not _is_promised(opening):
        number = opening.entry.number
        if number not in corrections.papers:
            yield f"paper {number}: “{opening.promised}” on the contents page, “{opening.title}” in the text"
