"""Where papers begin: titles, found by what the contents page promises and by their looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.source.byline import Byline, line_pieces, read_byline
from pipeline.source.contents import MATTER, PART, Entry
from pipeline.source.letters import Letters, letters, located, prefix_match
from pipeline.source.lines import MARK, NUMBERING, heading_text

LONGEST_TITLE = 140  # characters of one printed line
WIDEST_TITLE = 120  # columns of a title that no contents page promises; a Chinese character takes two
MOST_TITLE_LINES = 3
SHORTEST_TITLE = 4  # letters
LEAST_COVER = 0.55  # of the letters of an entry's main title that a heading must hold
SUBTITLE = re.compile(r"^\s*(?:[—–―-]{1,3}|[~～])\s*(?=\S)")
CLOSING = re.compile(r"^[”’」』）)》】?？!！]+\s*")
OPEN_END = re.compile(r"[:：,，、—–]$")
CJK = re.compile(r"[\u3400-\u9fff]")
SECTION = re.compile(
    r"^(?:前\s*言|序\s*言?|引\s*言|引\s*子|导\s*言|导\s*论|摘\s*要|内容\s*提要|内容摘要|执行摘要|概\s*[要述]|提\s*要|要\s*[点旨]|核心观点|先说结论"
    r"|背\s*景|结\s*语|结\s*论|结束语|总\s*结|余\s*论|尾\s*声|附\s*[录件]|参考(?:文献|资料)|关键词|致\s*谢|目\s*[录次]|[图表]\s*\d"
    r"|(?:19|20)\d\d|[〇零一二三四五六七八九十]{4}年|\d{1,2}(?:[.．、\s]|$)|[ivxⅠ-Ⅻ]+[.．、\s]|[（(\[【]"
    r"|part\s|chapter\s|section\s|abstract|summary|executive summary|introduction|background"
    r"|conclusions?|references|contents|preface|foreword|at a glance|in brief|key )",
    re.I,
)
NO_TITLE = re.compile(r"[。；;.!！]$|https?:|www\.")
COVER = re.compile(r"(?:会\s*议|论\s*坛|峰\s*会|年\s*会|集|编|papers|proceedings)$", re.I)
ABSTRACT = re.compile(
    r"^\W*(?:内\s*容\s*|执\s*行\s*)?(?:摘\s*要|提\s*要|要\s*旨|abstract|(?:executive\s+)?summary)", re.I
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A title as the lines `first` to `end` (excluded) of the volume."""

    first: int
    end: int
    title: str
    entry: Entry | None = None  # what the contents page promises of it
    promised: str = ""  # the title as the contents page prints it
    beside: str = ""  # words of the entry beside the title: organisation, author

    @property
    def is_matter(self) -> bool:
        """Whether the contents page lists it as front or back matter."""
        return self.entry is not None and self.entry.number == 0


@dataclass(frozen=True, slots=True)
class Match:
    """Lines `first` to `end` that repeat the letters `left` to `right` of an entry."""

    first: int
    end: int
    left: int
    right: int
    marked: bool

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The longest is the title, then the one with Markdown marks, then the earliest."""
        return self.right - self.left, self.marked, -self.first


def find_promised(entry: Entry, printed: Sequence[str], titles: Sequence[str], start: int) -> Opening | None:
    """The title that an entry promises: the lines at or after `start` that cover most of it.

    `titles` are the `title_letters` of the lines. A title may stand in any part
    of its entry, since some contents pages print the organisation first.
    """
    target = located(entry.text)
    matches = []
    left = 0
    for part in entry.parts:
        part_end = left + len(letters(part))
        least = max(SHORTEST_TITLE, LEAST_COVER * len(letters(_main_title(part))))
        for first in range(start, len(printed)):
            if right := prefix_match(titles[first], target.letters, left):
                end, right = _extend(printed, titles, first + 1, target.letters, right, part_end)
                if right - left >= least:
                    matches.append(Match(first, end, left, right, bool(MARK.match(printed[first]))))
        left = part_end
    best = max(matches, key=lambda match: match.rank, default=None)
    return _opening(entry, printed, target, best) if best else None


def _main_title(part: str) -> str:
    """A part without its sub-title, and without an organisation that only a blank or a dash divides from it."""
    return re.split(r"\s*[—–]+\s*|\s" if CJK.search(part) else r"\s+[—–-]+\s+", part.strip())[0]


def title_letters(line: str) -> str:
    """Letters of a line that may be a title; "" for any other line."""
    if len(line) > LONGEST_TITLE or line.startswith("|"):
        return ""
    return letters(heading_text(line))


def _extend(
    printed: Sequence[str], titles: Sequence[str], index: int, target: str, reached: int, part_end: int
) -> tuple[int, int]:
    """Further lines of a broken title: those that go on with the entry, and a sub-title behind a dash."""
    for _ in range(MOST_TITLE_LINES - 1):
        if index >= len(printed) or not titles[index]:
            break
        further = prefix_match(titles[index], target, reached)
        if further and _belongs(printed[index], reached, further, target, part_end):
            reached = further
        elif not SUBTITLE.match(heading_text(printed[index])):
            break
        index += 1
    return index, reached


def _belongs(line: str, reached: int, further: int, target: str, part_end: int) -> bool:
    """Whether a line that goes on with an entry from `reached` to `further` is title, not what stands beside it."""
    if MARK.match(line):
        return further <= part_end or further < len(target)
    if further <= part_end < len(target):
        return True
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


def join_title(lines: Sequence[str], promised: str = "") -> str:
    """One title of its printed lines: a sub-title behind ——, a broken line behind a blank."""
    title = ""
    for line in lines:
        words = re.sub(r"\s+", " ", heading_text(line)).strip("* ")
        if not title:
            title = words
        elif SUBTITLE.match(words):
            title += "——" + SUBTITLE.sub("", words).rstrip("~～ ")
        elif OPEN_END.search(title):
            title += words if CJK.search(title) else " " + words
        else:
            title += _joint(title, promised) + words
    return re.sub(r"(?<=[，：；、])\s+", "", title)


def _joint(title: str, promised: str) -> str:
    """What the contents page prints between this part of a title and the next."""
    whole = located(promised)
    reached = prefix_match(letters(title), whole.letters)
    if not reached or reached == len(whole.letters):
        return " "
    between = promised[whole.offset(reached) : whole.at[reached]]
    mark = next((mark for mark in ("——", "—", "～", "：", ":") if mark in between), "")
    if mark == ":":
        return ": "
    return {"—": "——", "～": "——"}.get(mark, mark) or ("" if CJK.search(title) and not between else " ")


def find_unpromised(printed: Sequence[str], start: int, level: int | None) -> list[Opening]:
    """Titles by their looks: a line that is no section's heading, with author lines under it.

    Under a heading of Markdown level `level` any author line, or an abstract,
    is proof enough; elsewhere it takes a name with a position or an organisation.
    `level` None says that the volume marks no headings.
    """
    found = []
    index = start
    while index < len(printed):
        opening = _by_looks(printed, index, level)
        if opening:
            found.append(opening)
        index = opening.end if opening else index + 1
    return found


def _by_looks(printed: Sequence[str], first: int, level: int | None) -> Opening | None:
    mark = MARK.match(printed[first])
    usual = bool(mark) and len(mark[1]) == level
    if not _is_title(printed[first]) or SUBTITLE.match(heading_text(printed[first])) or _is_author_line(printed[first]):
        return None
    for end in range(first + 1, min(first + 1 + MOST_TITLE_LINES, len(printed))):
        abstract = usual and ABSTRACT.match(heading_text(printed[end]))
        if abstract or _proves(read_byline(printed[end:]), usual):
            return Opening(first, end, join_title(printed[first:end]))
        if not _goes_on(printed[end - 1], printed[end], bool(mark), level):
            return None
    return None


def _is_title(line: str) -> bool:
    words = heading_text(line)
    width = len(words) + len(CJK.findall(words))
    if len(words) < SHORTEST_TITLE or width > WIDEST_TITLE or NO_TITLE.search(words):
        return False
    if any(pattern.match(words) for _, pattern in NUMBERING):
        return False
    return not (SECTION.match(words) or MATTER.search(words) or COVER.search(words))


def _proves(byline: Byline, usual: bool) -> bool:
    known = bool(byline.authors) + bool(byline.position or byline.organisation)
    return known >= 1 if usual else known == 2


def _goes_on(previous: str, line: str, marked: bool, level: int | None) -> bool:
    """Whether a line may be a further line of the title above it."""
    if MARK.match(line) and not marked:
        return False
    if SUBTITLE.match(heading_text(line)) or OPEN_END.search(heading_text(previous)):
        return True
    return (marked or level is None) and _is_title(line)


def _is_author_line(line: str) -> bool:
    return any(kind in ("position", "organisation") for kind, _ in line_pieces(line, "", follows=False))
