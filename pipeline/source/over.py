"""Author lines over a title, where a volume prints them there and not under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.source.byline import MOST_LINES, read_byline
from pipeline.source.lines import heading_text
from pipeline.source.looks import is_title
from pipeline.source.openings import OPEN_END, SUBTITLE, Opening, join_title

MOST_OVER = 3  # author lines over a title


def lines_over(printed: Sequence[str], opening: Opening, floor: int = 0) -> int:
    """How many author lines stand right over a title, none of them above line `floor`; 0 if none do."""
    for count in range(min(MOST_OVER, opening.first - floor), 0, -1):
        byline = read_byline(printed[opening.first - count : opening.first], opening.beside)
        if byline.lines == count and byline.authors and (byline.position or byline.organisation):
            return count
    return 0


def lines_under(printed: Sequence[str], opening: Opening) -> int:
    """How many author lines stand right under a title."""
    return read_byline(printed[opening.end : opening.end + MOST_LINES], opening.beside).lines


def with_lines_over(printed: Sequence[str], openings: Sequence[Opening], floor: int) -> tuple[Opening, ...]:
    """The same openings, those with author lines over their titles begun there, if most have them there alone.

    In any other volume such lines are the signature of the paper before.
    """
    floors = [floor, *(opening.end for opening in openings)]
    over = [lines_over(printed, opening, floor) for opening, floor in zip(openings, floors, strict=False)]
    papers = [count and not lines_under(printed, o) for o, count in zip(openings, over, strict=True) if not o.is_matter]
    if 2 * sum(map(bool, papers)) <= len(papers):
        return tuple(openings)
    return tuple(replace(o, first=o.first - count, over=count) for o, count in zip(openings, over, strict=True))


def find_under_authors(printed: Sequence[str], start: int, stop: int) -> list[Opening]:
    """Titles by their looks that stand under a name with a position or an organisation."""
    found = []
    index = start
    while index < stop:
        byline = read_byline(printed[index : min(stop, index + MOST_LINES)])
        title = index + byline.lines
        if byline.authors and (byline.position or byline.organisation) and title < stop and is_title(printed[title]):
            further = title + 1 < stop and (
                SUBTITLE.match(heading_text(printed[title + 1])) or OPEN_END.search(heading_text(printed[title]))
            )
            end = title + 1 + bool(further)
            found.append(Opening(title, end, join_title(printed[title:end])))
            index = end
        else:
            index += max(1, byline.lines)
    return found
