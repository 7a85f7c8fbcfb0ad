"""Titles by their looks: lines that are no section's heading, with author lines under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.source.byline import CACHED, CJK, CLOSED, MOST_LINES, line_pieces, read_byline
from pipeline.source.contents import MATTER
from pipeline.source.lines import MARK, NUMBERING, heading_text
from pipeline.source.openings import MOST_TITLE_LINES, OPEN_END, SHORTEST_TITLE, SUBTITLE, Opening, join_title

WIDEST_TITLE = 120  # columns of a title; a Chinese character takes two
LONGEST_LINE = WIDEST_TITLE + 20  # characters, with Markdown marks
LONGEST_NAME = 20  # characters of an organisation that stands alone
LONGEST_FRONT = 30  # lines before the title in the file of one paper
SECTION = re.compile(
    r"^(?:前\s*言|序\s*言?|引\s*言|引\s*子|导\s*言|导\s*论|摘\s*要|内容\s*提要|内容摘要|执行摘要|概\s*[要述]|提\s*要|要\s*[点旨]|核心观点|先说结论"
    r"|背\s*景|结\s*语|结\s*论|结束语|总\s*结|余\s*论|尾\s*声|附\s*[录件]|参考(?:文献|资料)|关键词|致\s*谢|目\s*[录次]|[图表]\s*\d"
    r"|(?:19|20)\d\d|[〇零一二三四五六七八九十]{4}年|\d{1,2}(?:[.．、\s]|$)|[ivxⅠ-Ⅻ]+[.．、\s]|[（(\[【]"
    r"|part\s|chapter\s|section\s|abstract|summary|executive summary|introduction|background"
    r"|conclusions?|references|contents|preface|foreword|at a glance|in brief|key )",
    re.I,
)
NO_TITLE = re.compile(r"[。；;.!！]$|https?:|www\.")
COVER = re.compile(
    r"(?:会\s*议|论\s*坛|峰\s*会|年\s*会|集|编|papers|proceedings|meeting|conference|summit|session)$", re.I
)
FIRST_SECTION = re.compile(
    r"^(?:第一[章部节]|一、|（一）|[1１][.．、\s]|摘\s*要|提\s*要|引\s*言|导\s*言|前\s*言|背\s*景|要\s*点|abstract|introduction|background"
    r"|(?:executive )?summary)",
    re.I,
)
SALUTATION = re.compile(r"^(?:(?:尊敬的|敬爱的|各位|致).{0,30}[:：]|(?:Dear|To)\b.{0,60}[,:])$")
ABSTRACT = re.compile(
    r"^\W*(?:内\s*容\s*|执\s*行\s*)?(?:摘\s*要|提\s*要|要\s*旨|abstract|(?:executive\s+)?summary)", re.I
)


def find_unpromised(printed: Sequence[str], start: int, stop: int, level: int | None) -> list[Opening]:
    """Titles by their looks: a line that is no section's heading, with author lines under it.

    Under a heading of Markdown level `level` any author line, or an abstract,
    is proof enough; elsewhere it takes a name with a position or an organisation.
    `level` None says that the volume marks no headings.
    """
    found = []
    index = start
    while index < stop:
        if opening := _by_looks(printed, index, level):
            found.append(opening)
            index = opening.end + read_byline(printed[opening.end : opening.end + MOST_LINES]).lines
        else:
            index += 1
    return found


def find_alone(printed: Sequence[str], first: int, stop: int) -> Opening | None:
    """The title of the one paper that a file holds; None if the file is a preface or the like, or has no title."""
    front = range(first, min(stop, first + LONGEST_FRONT))
    if MATTER.search(heading_text(printed[first])):
        return None
    for index in front:
        mark = MARK.match(printed[index])
        if opening := _by_looks(printed, index, len(mark[1]) if mark else None):
            return opening
    for index in front:
        if is_title(printed[index]):
            end = index + 1 + (index + 1 < stop and bool(SUBTITLE.match(heading_text(printed[index + 1]))))
            return Opening(index, end, join_title(printed[index:end]))
    return None


def _by_looks(printed: Sequence[str], first: int, level: int | None) -> Opening | None:
    mark = MARK.match(printed[first])
    usual = bool(mark) and len(mark[1]) == level
    overlong = usual and len(printed[first]) > LONGEST_LINE and first + 1 < len(printed)
    if overlong and _proves(printed, first + 1, usual=False, unmarked=False):  # else the paper before goes on with it
        return Opening(first, first + 1, join_title(printed[first : first + 1])[:LONGEST_LINE])
    if not is_title(printed[first]) or SUBTITLE.match(heading_text(printed[first])):
        return None
    named_alike = _is_author_line(printed[first])  # Smart Logistics may be a title or an organisation
    if named_alike and not usual:
        return None
    for end in range(first + 1, min(first + 1 + MOST_TITLE_LINES, len(printed))):
        if _proves(printed, end, usual and not named_alike, unmarked=level is None):
            return Opening(first, end, join_title(printed[first:end]))
        if not _goes_on(printed[end - 1], printed[end], bool(mark), level):
            return None
    return None


@lru_cache(CACHED)
def is_title(line: str) -> bool:
    """Whether a line looks like a paper's title, and not like a section's, a sentence or a cover."""
    if len(line) > LONGEST_LINE:
        return False
    words = heading_text(line)
    width = len(words) + len(CJK.findall(words))
    if len(words) < SHORTEST_TITLE or width > WIDEST_TITLE or NO_TITLE.search(words):
        return False
    if any(pattern.match(words) for _, pattern in NUMBERING):
        return False
    return not any((SECTION.match(words), SALUTATION.match(words), MATTER.search(words), COVER.search(words)))


def _proves(printed: Sequence[str], first: int, usual: bool, unmarked: bool) -> bool:
    """Whether what begins at line `first` shows that a title stands above it."""
    words = heading_text(printed[first])
    if usual and (ABSTRACT.match(words) or SALUTATION.match(words) or _is_lone_name(printed, first)):
        return True
    byline = read_byline(printed[first : first + MOST_LINES])
    if not byline.lines:
        return False
    if not byline.authors and any(COVER.search(heading_text(line)) for line in printed[first : first + byline.lines]):
        return False  # the meeting that the volume comes from
    known = bool(byline.authors) + bool(byline.position or byline.organisation)
    if unmarked and known and first + byline.lines < len(printed):  # an organisation, and then the first section
        usual = bool(FIRST_SECTION.match(heading_text(printed[first + byline.lines])))
    return known >= 1 if usual else known == 2


def _is_lone_name(printed: Sequence[str], index: int) -> bool:
    """Whether a few words stand alone between a title and the first section, as a firm does that nothing else tells."""
    line, after = printed[index], printed[index + 1] if index + 1 < len(printed) else ""
    is_short = len(line) <= LONGEST_NAME and not MARK.match(line) and not CLOSED.search(line)
    return is_short and bool(MARK.match(after)) and bool(FIRST_SECTION.match(heading_text(after)))


def _goes_on(previous: str, line: str, marked: bool, level: int | None) -> bool:
    """Whether a line may be a further line of the title above it."""
    if MARK.match(line) and not marked:
        return False
    if SUBTITLE.match(heading_text(line)) or OPEN_END.search(heading_text(previous)):
        return True
    return (marked or level is None) and is_title(line)


def _is_author_line(line: str) -> bool:
    return any(kind in ("position", "organisation") for kind, _ in line_pieces(line, "", follows=False))
