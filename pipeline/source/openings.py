"""Where papers begin: titles, found by what the contents page promises and by their looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.source.byline import Byline, read_byline
from pipeline.source.contents import MATTER, PART, Entry
from pipeline.source.letters import letters, located, prefix_match
from pipeline.source.lines import MARK, NUMBERING, heading_text

LONGEST_TITLE = 140  # characters of one printed line
MOST_TITLE_LINES = 3
LEAST_COVER = 0.55  # of the letters of an entry's title that a heading must hold
SUBTITLE = re.compile(r"^\s*(?:[—–―-]{1,3}|[~～])\s*(?=\S)")
OPEN_END = re.compile(r"[:：,，—–]$")
SECTION = re.compile(
    r"^(?:前\s*言|序\s*言?|引\s*言|引\s*子|导\s*言|导\s*论|摘\s*要|内容\s*提要|内容摘要|执行摘要|概\s*[要述]|提\s*要|要\s*[点旨]|核心观点|先说结论"
    r"|背\s*景|结\s*语|结\s*论|结束语|总\s*结|余\s*论|尾\s*声|附\s*[录件]|参考(?:文献|资料)|关键词|致\s*谢|目\s*[录次]|[图表]\s*\d"
    r"|\d{1,2}(?:[.．、\s]|$)|[ivxⅠ-Ⅻ]+[.．、\s]|\(?\d|part\s|chapter\s|section\s|abstract|summary|executive summary|introduction|background"
    r"|conclusions?|references|contents|preface|foreword|at a glance|in brief|key )",
    re.I,
)
ABSTRACT = re.compile(r"^\W*(?:内\s*容\s*)?(?:执\s*行\s*)?(?:摘\s*要|提\s*要|要\s*旨|abstract|summary|executive\s+summary)", re.I)


@dataclass(frozen=True, slots=True)
class Opening:
    """A title as the lines `first` to `end` (excluded) of the volume."""

    first: int
    end: int
    title: str
    entry: Entry | None  # what the contents page promises of it
    beside: str = ""  # words of the entry beside the title: organisation, author

    @property
    def is_matter(self) -> bool:
        """Whether the contents page lists it as front or back matter."""
        return self.entry is not None and self.entry.number == 0


def find_promised(entry: Entry, printed: Sequence[str], start: int) -> Opening | None:
    """The title that an entry promises: the lines at or after `start` that cover most of it."""
    target = located(entry.text)
    origins = [len(letters(PART.join(entry.parts[:index]))) for index in range(len(entry.parts))]
    best, best_cover = None, (0.0, False)
    for first in range(start, len(printed)):
        title = _title_letters(printed[first])
        if not title:
            continue
        for origin, part in zip(origins, entry.parts, strict=True):
            reached = prefix_match(title, target.letters, origin)
            if not reached:
                continue
            end, reached = _extend(printed, first + 1, target.letters, reached, origin + len(letters(part)))
            least = LEAST_COVER * len(letters(part)) if len(entry.parts) > 1 else LEAST_COVER * len(target.letters) * 0.8
            cover = (reached - origin, bool(MARK.match(printed[first])))
            if reached - origin >= least and cover > best_cover:
                best, best_cover = _opening(entry, printed, first, end, target.text, target.offset(origin), target.offset(reached)), cover
    return best


def _title_letters(line: str) -> str:
    """Letters of a line that may be a title; "" for any other line."""
    if len(line) > LONGEST_TITLE or line.startswith("|"):
        return ""
    return letters(heading_text(line))


def _extend(printed: Sequence[str], index: int, target: str, reached: int, part_end: int) -> tuple[int, int]:
    """Further lines of a broken title: those that go on with the entry, and a sub-title behind a dash."""
    for _ in range(MOST_TITLE_LINES - 1):
        if index >= len(printed) or not (title := _title_letters(printed[index])):
            break
        further = prefix_match(title, target, reached)
        if further and (further <= part_end or (MARK.match(printed[index]) and further < len(target))):
            reached = further
        elif not SUBTITLE.match(heading_text(printed[index])):
            break
        index += 1
    return index, reached


def _opening(entry: Entry, printed: Sequence[str], first: int, end: int, text: str, left: int, right: int) -> Opening:
    before, after = text[:left].strip(PART + " "), text[right:].lstrip(PART + " —–-～~:：,，|/").strip()
    title = join_title(printed[first:end], text[left:right])
    # A closing mark of the title itself, 〞or ), is no word beside it.
    after = re.sub(r"^[”’」』）)》】?？!！]+[\s　]*", "", after)
    return Opening(first, end, title, entry, PART.join(part for part in (before, after) if part))


def join_title(lines: Sequence[str], promised: str = "") -> str:
    """One title of its printed lines: a sub-title behind ——, a broken line behind a blank."""
    title = ""
    for line in lines:
        words = re.sub(r"\s+", " ", heading_text(line)).strip("* ")
        if not title:
            title = words
        elif SUBTITLE.match(words):
            title += "——" + SUBTITLE.sub("", words).rstrip("~～ ")
        elif re.search(r"[：，、—]$", title):
            title += words
        else:
            title += _joint(title, promised) + words
    return re.sub(r"(?<=[，：；、])\s+", "", title)


def _joint(title: str, promised: str) -> str:
    """What the contents page prints between this part of a title and the next."""
    whole = located(promised)
    reached = prefix_match(letters(title), whole.letters)
    mark = re.match(r"\s*(——|—|:\s|：)", promised[whole.offset(reached) :]) if reached else None
    return {"——": "——", "—": "——", "：": "："}.get(mark[1], ": ") if mark else " "


def find_unpromised(printed: Sequence[str], start: int, end: int, level: int | None = None) -> list[Opening]:
    """Titles by their looks: a heading that is no section's, with author lines or an abstract under it.

    `level` asks for that Markdown level. Without marks anywhere, a title must
    have both a name and a position or an organisation under it.
    """
    found = []
    index = start
    while index < end:
        opening = _looks_like_title(printed, index, end, level)
        if opening:
            found.append(opening)
        index = opening.end if opening else index + 1
    return found


def _looks_like_title(printed: Sequence[str], first: int, end: int, level: int | None) -> Opening | None:
    mark = MARK.match(printed[first])
    if level is not None and (not mark or len(mark[1]) != level):
        return None
    words = heading_text(printed[first])
    if not 4 <= len(words) <= 60 or not _is_title(words):
        return None
    if not mark and re.search(r"[。；;，,、.!！]$", words):
        return None
    after = first + 1
    for _ in range(MOST_TITLE_LINES):
        byline = read_byline(printed[after:end]) if after < end else Byline()
        if _proves(byline, bool(mark)) or (mark and after < end and level is not None and ABSTRACT.match(heading_text(printed[after]))):
            return Opening(first, after, join_title(printed[first:after]), None)
        if after >= end or not _may_continue(printed[after - 1], printed[after], bool(mark)):
            return None
        after += 1
    return None


def _is_title(words: str) -> bool:
    return not (SECTION.match(words) or MATTER.search(words) or any(pattern.match(words) for _, pattern in NUMBERING))


def _proves(byline: Byline, marked: bool) -> bool:
    known = bool(byline.authors) + bool(byline.position) + bool(byline.organisation)
    return known >= 1 if marked else known >= 2 and bool(byline.authors)


def _may_continue(previous: str, line: str, marked: bool) -> bool:
    words = heading_text(line)
    if SUBTITLE.match(words):
        return True
    if not _is_title(words) or len(words) > 60 or re.search(r"[。；;，,]$", words):
        return False
    return bool(MARK.match(line)) or bool(OPEN_END.search(heading_text(previous))) or marked
