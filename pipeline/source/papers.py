"""What stands between two openings becomes a paper: its author lines, its language, its body."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.records import Language, Line, Paper, Source, Span
from pipeline.source.byline import CJK, Byline, line_pieces, read_byline
from pipeline.source.contents import PART
from pipeline.source.letters import letters
from pipeline.source.openings import Opening

CHINESE_SHARE = 0.2  # of Chinese characters, from which on a paper is Chinese
CHINESE = re.compile(f"{CJK.pattern}+")
DIVIDED = re.compile(rf"{PART}|(?<={CJK.pattern})\s+(?={CJK.pattern})")
DATE = re.compile(r"^(?:\D{0,12})?(?:(?:19|20)\d\d|[二〇零一九]{4})\s*年.{0,20}$|^\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d$")
SIGNATURE_LINES = 3


def make_paper(source: Source, lines: Sequence[Line], printed: Sequence[str], opening: Opening, number: int) -> Paper:
    """The paper that an opening begins; `lines` and their texts reach from its title to its end."""
    span = Span(lines[0].span.start, lines[-1].span.end)
    after_title = opening.end - opening.first
    below = read_byline(printed[after_title:], opening.beside)
    byline = read_byline(printed[: opening.over], opening.beside) if opening.over else below
    signed = byline if byline.authors else _signature(printed[after_title:], opening.beside)
    beside = _beside(opening.beside, {letters(author) for author in byline.authors + signed.authors})
    return Paper(
        number=number,
        title=opening.title,
        organisation=_organisation(beside, byline, signed),
        authors=byline.authors or signed.authors,
        position=byline.position or signed.position,
        language=_language(source.slice(span)),
        span=span,
        lines=tuple(lines),
        body=after_title + (0 if opening.over else below.lines),
    )


def _organisation(beside: Byline, byline: Byline, signed: Byline) -> str:
    """As the contents page prints it, unless it prints the author alone."""
    return beside.organisation or byline.organisation or signed.organisation


def _beside(printed: str, authors: Collection[str]) -> Byline:
    """What the contents page prints beside a title, read as an author line; `authors` by the letters of their names."""
    words = PART.join(part for part in printed.split(PART) if letters(part) not in authors)
    if not words:
        return Byline()
    pieces = line_pieces(words, "", False)
    organisation = next((piece for kind, piece in pieces if kind == "organisation"), "")
    authors = tuple(piece for kind, piece in pieces if kind == "name")
    if organisation:
        return Byline(organisation, authors)
    if "," in words and not CJK.search(words):  # Jane Roe, Northfield
        return Byline(words.rsplit(",", 1)[1].strip(), authors)
    return Byline(DIVIDED.split(words)[0].strip(), ())


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
    return "zh" if len(text) - len(CHINESE.sub("", text)) > CHINESE_SHARE * len(text) else "en"
