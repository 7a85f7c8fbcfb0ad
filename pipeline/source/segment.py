"""A Source becomes a Volume of papers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import SourceError
from pipeline.records import Language, Line, Paper, Source, Span
from pipeline.source.byline import Byline, line_pieces, read_byline
from pipeline.source.contents import PART, Contents, find_contents
from pipeline.source.front import host_of, volume_title
from pipeline.source.letters import letters
from pipeline.source.lines import MARK, heading_text, printed_lines
from pipeline.source.openings import Opening, find_promised, find_unpromised, title_letters

CJK = re.compile(r"[\u3400-\u9fff]")
CHINESE_SHARE = 0.2  # of Chinese characters, from which on a paper is Chinese
AFTERWORD = re.compile(r"^(?:编\s*后\s*[记语]|编\s*者\s*后\s*记|后\s*记|出版后记|afterword)$", re.I)
DATE = re.compile(r"^(?:\D{0,12})?(?:(?:19|20)\d\d|[二〇零一九]{4})\s*年.{0,20}$|^\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d$")
SIGNATURE_LINES = 3


@dataclass(frozen=True)
class Volume:
    """What was found in a source, and in what it differs from its own contents page."""

    title: str
    host: str  # the city or province advised; "" where nothing tells
    papers: tuple[Paper, ...]
    warnings: tuple[str, ...]


def segment(source: Source) -> Volume:
    """The papers of a volume, in the order of the text.

    Raises SourceError if there is none.
    """
    lines = printed_lines(source.text)
    printed = [source.slice(line.span) for line in lines]
    contents = find_contents(source.text, lines)
    openings = _openings(contents, printed)
    papers = _papers(source, lines, printed, openings)
    if not papers:
        raise SourceError(
            f"{source.path}: no paper found; a volume needs a contents page, or titles with author lines under them"
        )
    front = printed[: contents.first if contents else openings[0].first]
    warnings = _warnings(source, contents, openings, lines)
    return Volume(volume_title(front) or source.path.stem, host_of(front, source.text), tuple(papers), tuple(warnings))


def _openings(contents: Contents | None, printed: Sequence[str]) -> list[Opening]:
    """All titles in the order of the text, front and back matter among them."""
    start = contents.end if contents else 0
    titles = [title_letters(line) for line in printed]
    promised = [find_promised(entry, printed, titles, start) for entry in contents.entries] if contents else []
    openings = _distinct([opening for opening in promised if opening])
    if openings:
        level = _usual_level(openings, printed)
        # A section may be headed like an appendix; the volume's own is headed like a paper.
        openings = [old for old in openings if not old.is_matter or _level(printed[old.first]) == level]
        taken = [range(opening.first, opening.end) for opening in openings]
        unpromised = find_unpromised(printed, start, level)
        openings += [new for new in unpromised if not any(new.first in old or new.end - 1 in old for old in taken)]
    else:
        marked = any(MARK.match(line) for line in printed)
        openings = find_unpromised(printed, start, level=1 if marked else None)
    return sorted(openings, key=lambda opening: opening.first)


def _distinct(openings: Sequence[Opening]) -> list[Opening]:
    """One opening a line: of two entries that claim it, the one whose title is longer."""
    by_line: dict[int, Opening] = {}
    for opening in openings:
        held = by_line.get(opening.first)
        if held is None or len(letters(opening.title)) > len(letters(held.title)):
            by_line[opening.first] = opening
    return list(by_line.values())


def _usual_level(openings: Sequence[Opening], printed: Sequence[str]) -> int | None:
    """The Markdown level that most titles of papers have; None if they have no marks."""
    levels = Counter(_level(printed[opening.first]) for opening in openings if not opening.is_matter)
    return levels.most_common(1)[0][0] if levels else None


def _level(line: str) -> int | None:
    mark = MARK.match(line)
    return len(mark[1]) if mark else None


def _papers(source: Source, lines: Sequence[Line], printed: Sequence[str], openings: Sequence[Opening]) -> list[Paper]:
    papers: list[Paper] = []
    spare = max((opening.entry.number for opening in openings if opening.entry), default=0)
    for index, opening in enumerate(openings):
        end = openings[index + 1].first if index + 1 < len(openings) else _end_of_last(printed, opening)
        if opening.is_matter:
            continue
        if opening.entry:
            number = opening.entry.number
        else:
            spare += 1
            number = spare
        papers.append(_paper(source, lines[opening.first : end], printed[opening.first : end], opening, number))
    return papers


def _end_of_last(printed: Sequence[str], opening: Opening) -> int:
    """The volume's end, or the editors' own afterword."""
    for index in range(opening.end, len(printed)):
        if MARK.match(printed[index]) and AFTERWORD.match(heading_text(printed[index])):
            return index
    return len(printed)


def _paper(source: Source, lines: Sequence[Line], printed: Sequence[str], opening: Opening, number: int) -> Paper:
    span = Span(lines[0].span.start, lines[-1].span.end)
    after_title = opening.end - opening.first
    byline = read_byline(printed[after_title:], opening.beside)
    beside = _beside(opening.beside)
    signed = byline if byline.authors else _signature(printed[after_title:], opening.beside)
    return Paper(
        number=number,
        title=opening.title,
        organisation=_organisation(beside, byline, signed),
        authors=byline.authors or signed.authors,
        position=byline.position or signed.position,
        language=_language(source.slice(span)),
        span=span,
        lines=tuple(lines),
        body=after_title + byline.lines,
    )


def _organisation(beside: Byline, byline: Byline, signed: Byline) -> str:
    """As the contents page prints it, unless it prints the author alone."""
    if beside.organisation and beside.organisation not in (byline.authors + signed.authors):
        return beside.organisation
    return byline.organisation or signed.organisation


def _beside(words: str) -> Byline:
    """What the contents page prints beside a title, read as an author line."""
    if not words:
        return Byline()
    pieces = line_pieces(words, "", False)
    organisation = next((piece for kind, piece in pieces if kind == "organisation"), "")
    authors = tuple(piece for kind, piece in pieces if kind == "name")
    if organisation:
        return Byline(organisation, authors)
    if "," in words and not CJK.search(words):  # Jane Roe, Northfield
        return Byline(words.rsplit(",", 1)[1].strip(), authors)
    return Byline(words.split(PART)[0].strip(), ())


def _signature(printed: Sequence[str], known: str) -> Byline:
    """The author of a letter, who signs at its end, above or below the date."""
    tail = list(printed[-SIGNATURE_LINES:])
    if not any(DATE.match(line) for line in tail):
        return Byline()
    tail = [line for line in tail if not DATE.match(line)]
    for start in range(len(tail)):
        byline = read_byline(tail[start:], known)
        if byline.lines == len(tail) - start:
            return byline
    return Byline()


def _language(text: str) -> Language:
    return "zh" if len(CJK.findall(text)) > CHINESE_SHARE * len(text) else "en"


def _warnings(
    source: Source, contents: Contents | None, openings: Sequence[Opening], lines: Sequence[Line]
) -> list[str]:
    if not contents:
        return ["no contents page found; papers are the titles that have author lines or an abstract under them"]
    found = {opening.entry.number for opening in openings if opening.entry}
    warnings = [
        f"the contents page promises paper {entry.number}, “{' '.join(entry.parts)}”; the text has no such title"
        for entry in contents.entries
        if entry.number and entry.number not in found
    ]
    for opening in openings:
        if opening.entry is None:
            line = source.line_number(lines[opening.first].span.start)
            warnings.append(f"the paper “{opening.title}” at line {line} is not on the contents page")
        elif letters(opening.title) != letters(opening.promised):
            number = opening.entry.number
            warnings.append(f"paper {number}: “{opening.promised}” on the contents page, “{opening.title}” in the text")
    return warnings
