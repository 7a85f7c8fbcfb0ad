"""Regions of a source that are read alike: what one contents page governs, or a file without any."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from pipeline.records import Line, Source
from pipeline.source.contents import Contents, Entry, contents_pages
from pipeline.source.front import COLLECTION, MEETING
from pipeline.source.letters import letters
from pipeline.source.lines import MARK, heading_text
from pipeline.source.looks import find_alone, find_unpromised, is_title
from pipeline.source.openings import Opening
from pipeline.source.over import find_under_authors, lines_over, lines_under, with_lines_over
from pipeline.source.promised import Titles

MOST_VOLUMES = 1_000  # in one source
LONGEST_COVER = 40  # lines
LONGEST_COVER_LINE = 80  # characters
LEAST_LOOKS = 2  # papers that looks must find before they are believed
LOWEST = 7  # a level below those of Markdown, for titles without marks
SECTIONS = 2  # times as many titles without author lines as with them, from which on they are sections


@dataclass(frozen=True)
class Region:
    """Lines up to `stop`, with the titles in them in the order of the text, front and back matter among them."""

    front_end: int  # the line at which cover and preface end
    stop: int
    openings: tuple[Opening, ...]
    contents: Contents | None = None

    @property
    def missing(self) -> list[Entry]:
        """The papers that the contents page promises and the region does not hold."""
        found = {opening.entry for opening in self.openings}
        return [e for e in self.contents.entries if e.number and e not in found] if self.contents else []


def find_regions(source: Source, lines: Sequence[Line], printed: Sequence[str]) -> list[Region]:
    """The regions of a source in the order of the text. One without openings holds no paper."""
    return [_with_lines_over(printed, region) for region in _regions(source, lines, printed)]


def _with_lines_over(printed: Sequence[str], region: Region) -> Region:
    """A region whose papers begin with their author lines, if those stand over the titles."""
    floor = region.contents.end if region.contents else 0
    openings = with_lines_over(printed, region.openings, floor)
    return replace(region, openings=openings, front_end=min([region.front_end, *(o.first for o in openings)]))


def _regions(source: Source, lines: Sequence[Line], printed: Sequence[str]) -> list[Region]:
    files = _files(source, lines)
    pages = list(islice(contents_pages(printed), MOST_VOLUMES))
    if len(files) == 1:
        return _volumes(printed, *files[0], pages) or [_whole(printed, pages)]
    by_file = [[page for page in pages if first <= page.first < stop] for first, stop in files]
    regions = [
        region
        for (first, stop), own in zip(files, by_file, strict=True)
        for region in _volumes(printed, first, stop, own) or [_one_file(printed, first, stop)]
    ]
    return _listed_together(printed, files, pages, regions)


def _files(source: Source, lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Each file as its first line and the one behind its last."""
    starts = [line.span.start for line in lines]
    begun = {place.file: bisect_left(starts, place.start) for place in reversed(source.places)}
    firsts = sorted({0, *begun.values()} - {len(lines)}) or [0]
    return list(zip(firsts, [*firsts[1:], len(lines)], strict=True))


def _volumes(printed: Sequence[str], first: int, stop: int, pages: Sequence[Contents]) -> list[Region]:
    """The volumes that follow one another in a file; [] where no contents page lists papers with author lines.

    Other contents pages are papers' own. Behind a volume's own may stand such
    ones, so only a further one is judged by what stands before the next.
    """
    ends = [stop, *(page.first for page in pages[2:]), stop]
    governing = [
        page for page, end in zip(pages, ends, strict=False) if _lists_papers(printed, _governed(printed, page, end))
    ]
    if not governing:
        return []
    covers = [*(_cover(printed, page.first) for page in governing), stop]
    before = _by_looks(printed, first, covers[0])
    return ([before] if len(before.openings) >= LEAST_LOOKS else []) + [
        _governed(printed, page, end) for page, end in zip(governing, covers[1:], strict=True)
    ]


def _lists_papers(printed: Sequence[str], region: Region) -> bool:
    """Whether half of the promised papers are found with author lines under their titles."""
    papers = sum(entry.number > 0 for entry in region.contents.entries)
    promised = [opening for opening in region.openings if opening.entry and not opening.is_matter]
    return 2 * sum(_has_author(printed, opening) for opening in promised) >= papers


def _has_author(printed: Sequence[str], opening: Opening) -> bool:
    return lines_under(printed, opening) > 0 or lines_over(printed, opening) > 0


def _cover(printed: Sequence[str], first: int) -> int:
    """Where the cover begins that stands before the contents page of a further volume."""
    begins = index = first
    while index > max(0, first - LONGEST_COVER) and len(printed[index - 1]) <= LONGEST_COVER_LINE:
        index -= 1
        words = heading_text(printed[index])
        if words.endswith(("。", ".")):
            break
        if MEETING.search(words) or COLLECTION.search(words):
            begins = index
    return begins


def _whole(printed: Sequence[str], pages: Sequence[Contents]) -> Region:
    """A file in which no contents page lists papers with author lines.

    It is read by its looks if it has no contents page, or one that stands
    behind a paper's title and author and so is that paper's own.
    """
    looks = _by_looks(printed, 0, len(printed))
    if not pages or (looks.openings and looks.openings[0].first < pages[0].first):
        return looks
    return _governed(printed, pages[0], len(printed))


def _one_file(printed: Sequence[str], first: int, stop: int) -> Region:
    """A file of a folder without a contents page: one paper, or several by their looks."""
    looks = _by_looks(printed, first, stop)
    if len(looks.openings) < LEAST_LOOKS:
        alone = find_alone(printed, first, stop)
        return Region(alone.first if alone else first, stop, (alone,) if alone else ())
    return looks


def _listed_together(
    printed: Sequence[str], files: Sequence[tuple[int, int]], pages: Sequence[Contents], regions: list[Region]
) -> list[Region]:
    """Files under one contents page that lists the papers of all of them; where none does, `regions`."""
    if not pages or any(region.contents for region in regions):
        return regions
    listed = _governed(printed, pages[0], len(printed))
    if 2 * len(listed.missing) >= len(listed.contents.entries):
        return regions
    holding = {bisect_left([stop for _, stop in files], opening.first + 1) for opening in listed.openings}
    others = [
        opening
        for at, (first, stop) in enumerate(files)
        if at not in holding and first > pages[0].first
        if (opening := find_alone(printed, first, stop))
    ]
    return [replace(listed, openings=tuple(sorted((*listed.openings, *others), key=lambda opening: opening.first)))]


def _governed(printed: Sequence[str], contents: Contents, stop: int) -> Region:
    """What a contents page promises up to `stop`, and titles by their looks that it does not promise."""
    titles = Titles(printed, contents.end, stop)
    promised = _distinct(titles.find_all(contents.entries))
    contents, promised = _without_sections(printed, contents, promised)
    if promised:
        level = _usual_level(promised, printed)
        # A section may be headed like an appendix; the volume's own is headed like a paper.
        promised = [old for old in promised if not old.is_matter or _level(printed[old.first]) == level]
        taken = {index for opening in promised for index in range(opening.first, opening.end)}
        looks = find_unpromised(printed, contents.end, stop, level or 0)
        found = promised + [new for new in looks if not taken & {new.first, new.end - 1}]
    else:
        found = list(_by_looks(printed, contents.end, stop).openings)
    return Region(contents.first, stop, tuple(sorted(found, key=lambda opening: opening.first)), contents)


def _by_looks(printed: Sequence[str], first: int, stop: int) -> Region:
    """Titles by their looks alone, at the level that most of those have whose authors are beyond doubt."""
    sure = find_unpromised(printed, first, stop, level=0)
    level = _usual_level(sure, printed) if sure else 1 if any(map(MARK.match, printed[first:stop])) else None
    openings = find_unpromised(printed, first, stop, level)
    if len(openings) < LEAST_LOOKS:
        openings = max(openings, find_under_authors(printed, first, stop), key=len)
    return Region(openings[0].first if openings else first, stop, tuple(openings))


def _distinct(openings: Sequence[Opening]) -> list[Opening]:
    """One opening a line: of two entries that claim it, the one whose title is longer."""
    by_line: dict[int, Opening] = {}
    for opening in openings:
        held = by_line.get(opening.first)
        if held is None or len(letters(opening.title)) > len(letters(held.title)):
            by_line[opening.first] = opening
    return list(by_line.values())


def _without_sections(
    printed: Sequence[str], contents: Contents, openings: Sequence[Opening]
) -> tuple[Contents, list[Opening]]:
    """Without what a contents page in several levels lists inside the papers: lower titles that have no authors."""
    authored = [opening for opening in openings if _has_author(printed, opening)]
    firsts = {opening.first for opening in authored}
    level = _usual_level(authored, printed) or 0
    others = [opening for opening in openings if opening.first not in firsts and not opening.is_matter]
    sections = {opening.entry for opening in others if (_level(printed[opening.first]) or LOWEST) > level}
    found = {opening.entry for opening in openings}
    sections |= {e for e in contents.entries if e.number and e not in found and not is_title(e.text)}
    if not authored or len(sections) < SECTIONS * len(authored):
        return contents, list(openings)
    numbers = count(1)
    entries = {
        entry: replace(entry, number=next(numbers) if entry.number else 0)
        for entry in contents.entries
        if entry not in sections
    }
    papers = [replace(opening, entry=entries[opening.entry]) for opening in openings if opening.entry in entries]
    return replace(contents, entries=tuple(entries.values())), papers


def _usual_level(openings: Sequence[Opening], printed: Sequence[str]) -> int | None:
    """The Markdown level that most titles of papers have; None if they have no marks."""
    levels = Counter(_level(printed[opening.first]) for opening in openings if not opening.is_matter)
    return levels.most_common(1)[0][0] if levels else None


def _level(line: str) -> int | None:
    mark = MARK.match(line)
    return len(mark[1]) if mark else None
