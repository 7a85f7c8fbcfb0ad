"""Papers as they are after a user's corrections."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, islice

from pipeline.errors import SourceError
from pipeline.records import Line, Paper, Source
from pipeline.source.contents import Entry
from pipeline.source.corrections import Correction, Corrections
from pipeline.source.letters import letters
from pipeline.source.lines import MARK, heading_text
from pipeline.source.looks import find_alone
from pipeline.source.openings import Opening
from pipeline.source.over import lines_over
from pipeline.source.papers import make_paper
from pipeline.source.promised import Titles


def corrected(
    source: Source, lines: Sequence[Line], printed: Sequence[str], papers: Sequence[Paper], corrections: Corrections
) -> list[Paper]:
    """The papers after corrections, in the order of the text; `lines` and `printed` are the source's.

    A corrected paper takes its lines from uncorrected neighbours. Raises
    SourceError for a line that is not there, and for corrected papers that overlap.
    """
    draft = Draft(source, lines, printed, corrections)
    held = {paper.number: paper for paper in papers}
    ranges = {number: draft.lines_of(paper) for number, paper in held.items()}
    for number, correction in corrections.papers.items():
        if number not in ranges and (correction.begin is None or correction.drop):
            raise draft.fault(number, "the volume has no such paper; to add it, say where it begins")
        if correction.drop:
            del ranges[number], held[number]
        elif correction.moves:
            ranges[number] = draft.moved(number, correction, ranges)
    draft.cut_overlaps(ranges)
    order = sorted(ranges, key=lambda number: ranges[number].start)
    return [draft.paper(number, ranges[number], held.get(number)) for number in order]


@dataclass(frozen=True)
class Draft:
    """Papers as ranges of printed lines, while they are corrected."""

    source: Source
    lines: Sequence[Line]
    printed: Sequence[str]
    corrections: Corrections

    def fault(self, number: int, what: str) -> SourceError:
        return SourceError(f"{self.corrections.path}: [papers.{number}] {what}")

    def at(self, offset: int) -> int:
        """The first printed line that begins at or behind an offset."""
        return bisect_left(self.lines, offset, key=lambda line: line.span.start)

    def lines_of(self, paper: Paper) -> range:
        return range(self.at(paper.span.start), self.at(paper.span.end))

    def moved(self, number: int, correction: Correction, ranges: dict[int, range]) -> range:
        """The lines of a paper whose begin or end is corrected; an added one ends where the next begins."""
        old = ranges.get(number)
        begin = old.start if correction.begin is None else self.line(number, correction.begin, 0, old)
        if correction.end is not None:
            stop = 1 + self.line(number, correction.end, begin, old)
        elif old:
            stop = old.stop
        else:
            stop = min((r.start for r in ranges.values() if r.start > begin), default=len(self.lines))
        if stop <= begin:
            raise self.fault(number, "ends before it begins; correct begin or end")
        return range(begin, stop)

    def line(self, number: int, wanted: int | str, first: int, old: range | None) -> int:
        """A printed line, given by its number or by its first words; not before the line `first`.

        A number counts in the file that holds the lines `old`, in which the paper was found.
        """
        if isinstance(wanted, int):
            start, end = self.file(number, old)
            breaks = (match.end() for match in re.finditer("\n", self.source.text[start:end]))
            offset = next(islice(chain([0], breaks), wanted - 1, None), None) if wanted > 0 else None
            if offset is not None and (index := self.at(start + offset)) < self.at(end):
                return index
            raise self.fault(number, f"line {wanted} is not in the text; briefing inspect shows what lines are")
        words = letters(wanted)
        found = [i for i in range(first, len(self.printed)) if words and letters(self.printed[i]).startswith(words)]
        if not found:
            raise self.fault(number, f"no line begins with “{wanted}”; give its first words as they are printed")
        # A contents page repeats a title; the title itself is a heading, or stands alone.
        return min(found, key=lambda i: (not MARK.match(self.printed[i]), letters(self.printed[i]) != words, i))

    def file(self, number: int, old: range | None) -> tuple[int, int]:
        """Where the file begins and ends that holds the lines `old`."""
        starts = sorted({place.file: place.start for place in reversed(self.source.places)}.values()) or [0]
        if len(starts) > 1 and old is None:
            raise self.fault(number, "several files have a line of this number; give its first words")
        at = bisect_right(starts, self.lines[old.start].span.start) if old else 1
        return starts[at - 1], [*starts, len(self.source.text)][at]

    def cut_overlaps(self, ranges: dict[int, range]) -> None:
        """Cut the papers that overlap a corrected one."""
        moved = {number for number, correction in self.corrections.papers.items() if correction.moves}
        order = sorted(ranges, key=lambda number: (ranges[number].start, number in moved))
        for before, after in zip(order, order[1:], strict=False):
            first, second = ranges[before], ranges[after]
            if first.stop <= second.start:
                continue
            if before in moved and after in moved:
                raise self.fault(after, f"overlaps paper {before}; correct where they begin or end")
            if after in moved:
                ranges[before] = range(first.start, second.start)
            else:
                ranges[after] = range(first.stop, second.stop)
            for number in (before, after):
                if not ranges[number]:
                    raise self.fault(number, "has no lines left; drop it, or correct where it begins or ends")

    def paper(self, number: int, here: range, old: Paper | None) -> Paper:
        """A paper with its corrections; made anew if its lines have changed."""
        correction = self.corrections.papers.get(number, Correction())
        paper = old
        if old is None or self.lines_of(old) != here:
            opening = self.opening(here, correction.title or (old.title if old else ""))
            lines, printed = (all_[here.start : here.stop] for all_ in (self.lines, self.printed))
            paper = make_paper(self.source, lines, printed, opening, number)
        said = {f.name: getattr(correction, f.name) for f in fields(Paper) if hasattr(correction, f.name)}
        return replace(paper, **{name: value for name, value in said.items() if value is not None})

    def opening(self, here: range, title: str) -> Opening:
        """The title at the beginning of a paper."""
        first = here.start
        if title:
            found = Titles(self.printed, first, here.stop).find(Entry(1, title))
        else:
            found = find_alone(self.printed, first, here.stop)
        over = found.first - first if found else 0
        if found and over in (0, lines_over(self.printed, found, first)):
            return Opening(first, found.end, title or found.title, over=over)
        return Opening(first, first + 1, title or heading_text(self.printed[first]))
