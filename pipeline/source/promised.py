"""Titles that a contents page promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.source.byline import CJK, MOST_LINES, line_pieces, read_byline
from pipeline.source.contents import PART, Entry
from pipeline.source.letters import Heads, Letters, letters, located, prefix_match
from pipeline.source.lines import MARK, heading_text
from pipeline.source.looks import is_title
from pipeline.source.openings import MOST_TITLE_LINES, OPEN_END, SHORTEST_TITLE, SUBTITLE, Opening, join_title
from pipeline.source.text import LINK

LONGEST_TITLE = 140  # characters of one printed line
LEAST_COVER = 0.55  # of the letters of an entry's main title that a heading must hold
CLOSING = re.compile(r"^[”’」』）)》】?？!！]+\s*")


@dataclass(frozen=True, slots=True)
class Match:
    """Lines `first` to `end` that repeat the letters `left` to `right` of an entry."""

    first: int
    end: int
    left: int
    right: int
    marked: bool

    @property
    def rank(self) -> tuple[int, bool]:
        """The longest is the title, then the one with Markdown marks."""
        return self.right - self.left, self.marked


class Titles:
    """Lines of a volume that may be titles, and where in them a promised title is printed."""

    def __init__(self, printed: Sequence[str], start: int, end: int):
        self.printed = printed
        self.letters = {index: title_letters(printed[index]) for index in range(start, end)}
        self.heads = Heads()
        for index, title in self.letters.items():
            self.heads.add(title, index)
        self._best: dict[str, list[Match]] = {}  # by entry, those that are left

    def find_all(self, entries: Sequence[Entry]) -> list[Opening]:
        """The titles that a contents page promises, as far as they are printed.

        A paper may print the title and the author of another. Of equal places with author lines the
        promised paper begins at the last one before the next paper; a running head has no author line.
        """
        texts = Counter(entry.text for entry in entries)
        stop = len(self.printed)
        for entry in reversed(entries):
            places = self._places(entry, located(entry.text).letters)
            if texts[entry.text] == 1 and len(places) > 1:
                places[:] = [m for m in places if m.first < stop and self._has_author(m)][-1:] or places
            stop = min(stop, places[0].first) if places else stop
        return [opening for entry in entries if (opening := self.find(entry))]

    def _has_author(self, match: Match) -> bool:
        return read_byline(self.printed[match.end : match.end + MOST_LINES]).lines > 0

    def find(self, entry: Entry) -> Opening | None:
        """The title that an entry promises: the lines that cover most of it.

        A title may stand in any part of its entry, since some contents pages
        print the organisation first. Entries that do not differ find one title
        each, in the order of the text.
        """
        target = located(entry.text)
        equal = self._places(entry, target.letters)
        return _opening(entry, self.printed, target, equal.pop(0)) if equal else None

    def _places(self, entry: Entry, target: str) -> list[Match]:
        """The matches of an entry that are left."""
        if entry.text not in self._best:
            self._best[entry.text] = self._matches(entry, target)
        return self._best[entry.text]

    def _matches(self, entry: Entry, target: str) -> list[Match]:
        """The places that repeat most of an entry, and all of them equally well."""
        matches: list[Match] = []
        left = 0
        for part in entry.parts:
            part_end = left + len(letters(part))
            least = max(SHORTEST_TITLE, LEAST_COVER * len(letters(_main_title(part))))
            for first in self.heads.alike(target[left:]):
                if right := prefix_match(self.letters[first], target, left):
                    end, right = self._extend(first + 1, target, right, part_end)
                    if right - left >= least:
                        matches.append(Match(first, end, left, right, bool(MARK.match(self.printed[first]))))
            left = part_end
        best = max((match.rank for match in matches), default=None)
        return sorted((match for match in matches if match.rank == best), key=lambda match: match.first)

    def _extend(self, index: int, target: str, reached: int, part_end: int) -> tuple[int, int]:
        """Further lines of a broken title: those that go on with the entry, and a sub-title behind a dash."""
        for _ in range(MOST_TITLE_LINES - 1):
            if not self.letters.get(index):
                break
            further = prefix_match(self.letters[index], target, reached)
            if further and _belongs(self.printed[index], reached, further, target, part_end):
                reached = further
            elif not (SUBTITLE.match(heading_text(self.printed[index])) or self._is_awaited(index)):
                break
            index += 1
        return index, reached

    def _is_awaited(self, index: int) -> bool:
        """Whether the line before breaks off, as at a colon, and this one may be the rest of its title."""
        return bool(OPEN_END.search(heading_text(self.printed[index - 1]))) and is_title(self.printed[index])


def _main_title(part: str) -> str:
    """A part without its sub-title, and without an organisation that only a blank or a dash divides from it."""
    return re.split(r"\s*[—–]+\s*|\s" if CJK.search(part) else r"\s+[—–-]+\s+", part.strip())[0]


def title_letters(line: str) -> str:
    """Letters of a line that may be a title; "" for any other line."""
    if len(line) > LONGEST_TITLE or line.startswith("|"):
        return ""
    return letters(LINK.sub(r"\1", heading_text(line)))  # as the contents page is read


def _belongs(line: str, reached: int, further: int, target: str, part_end: int) -> bool:
    """Whether a line that goes on with an entry from `reached` to `further` is title, not what stands beside it."""
    if MARK.match(line):
        return further <= part_end or further < len(target)
    if further <= part_end < len(target):
        return not line_pieces(line, "", follows=False)
    # Nothing divides this entry: a short last word, or an author line, is no title.
    is_rest = further == len(target) and 2 * (further - reached) < reached
    return further <= part_end and not is_rest and not line_pieces(line, "", follows=False)


def _opening(entry: Entry, printed: Sequence[str], target: Letters, match: Match) -> Opening:
    left, right = target.offset(match.left), target.offset(match.right)
    title = join_title(printed[match.first : match.end], target.text[left:right])
    before = target.text[:left].strip(PART + " ")
    # Closing marks of the title itself are no words beside it; an organisation may stand in brackets.
    after = CLOSING.sub("", target.text[right:]).lstrip(PART + " —–-～~:：,，|/").strip()
    after = re.sub(r"^[（(](.+)[）)]$", r"\1", after)
    beside = PART.join(part for part in (before, after) if part)
    return Opening(match.first, match.end, title, entry, target.text[left:right].strip(PART + " "), beside)
