"""The contents page: what a volume promises, in whatever layout it is printed.

An entry keeps its words in the printed order. Which of them are the title is
not guessed here: the heading over the paper itself tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.source.letters import Heads, letters, prefix_match
from pipeline.source.lines import MARK, heading_text

PART = "　"  # between the parts of an entry: title, organisation, author
LONGEST_CONTENTS = 5_000  # lines
LONGEST_HEAD = 40  # characters of the line that heads a contents page
STARTS = 3  # numbers from which a count may begin
LONGEST_ENTRY = 200  # characters; a longer line is text
SHORTEST = 4  # letters that tell one entry from another
LONGEST_GAP = 3  # lines without a page number inside an entry

CONTENTS = re.compile(r"^(?:(?:论文|文章|报告)?目[录錄次]|(?:tableof)?contents)$", re.I)
LEADER = re.compile(r"\s*(?:([.．·・。])(?:\s*\1){2,}\s*|[…‥⋯]{2,}\s*)+")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
ROMAN = r"(?-i:(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))"
PAGE = re.compile(rf"(?:(?:^|\s)(?:第?\d{{1,5}}页?|p+\.?\s?\d{{1,5}}|{ROMAN})|[（(]\s*\d{{1,5}}\s*[)）])\s*$", re.I)
NUMBER = re.compile(r"^(?:[（(]?(\d{1,4})\s*[)）.．、:：]|(\d{1,4})\s)\s*(?=\S)")
CELL = re.compile(r"\s*(?:</t[dh]>\s*<t[dh][^>]*>|\||\t|　| {2,})\s*")
BLANKS = re.compile(r"\s{3,}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
TABLE = re.compile(r"^\s*\||</td>")
RULE = re.compile(r"^[\s|:\-]+$")
HEAD = re.compile(
    r"^(?:(?:序号|编号|论文题目|题目|标题|作者单位|作者|单位|机构|页码|页"
    r"|no|title|paper|authors?|organi[sz]ation|page)　?)+$",
    re.I,
)
# What stands on a contents page and is no adviser's paper.
MATTER = re.compile(
    r"(?:致辞|讲话|贺信|综述|议程|日程|名单|名录|序言|前言|后记|附录|编后语?|编者的?话|会议概况|会议简介|出版说明|编辑说明)$"
    r"|^序[一二三]?$|^代序"
    r"|^(?:preface|foreword|afterword|appendix|programme|acknowledge?ments?|list of|opening (?:address|remarks)"
    r"|editor)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A promised paper; `number` 0 marks front or back matter."""

    number: int
    text: str  # without number, leaders and page, its parts separated by PART

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.text.split(PART) if part.strip())


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents page as lines `first` to `end` (excluded) of the volume, and its entries."""

    first: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row; `number` is 0 where none is printed."""

    text: str
    number: int
    paged: bool
    table: bool


def contents_pages(printed: Sequence[str]) -> Iterator[Contents]:
    """The contents pages of a volume, or of the several volumes in one file."""
    after = 0
    for index, line in enumerate(printed):
        if index < after or len(line) > LONGEST_HEAD:
            continue
        if CONTENTS.match(re.sub(r"[\s【】\[\]]", "", heading_text(line))):
            after = _end(printed, index + 1)
            entries = _entries([row for line in printed[index + 1 : after] for row in _rows(line)])
            if sum(entry.number > 0 for entry in entries) > 1:
                yield Contents(index, after, entries)


def _end(printed: Sequence[str], first: int) -> int:
    """Where the contents page that begins at line `first` ends: at the line that repeats an entry as a title."""
    seen = Seen()
    since_page = 0
    any_page = False
    for index in range(first, min(len(printed), first + LONGEST_CONTENTS)):
        line = printed[index]
        rows = _rows(line) if len(line) <= LONGEST_ENTRY or TABLE.search(line) else [Row(line, 0, False, False)]
        paged = any(row.paged for row in rows)
        since_page = 0 if paged else since_page + 1
        any_page = any_page or paged
        if any_page and since_page > LONGEST_GAP:
            return index + 1 - since_page
        if not paged and (seen.repeats(line) or (len(line) > LONGEST_ENTRY and not (rows and rows[0].table))):
            return index
        for row in rows:
            seen.add(row.text)
    return min(len(printed), first + LONGEST_CONTENTS)


class Seen:
    """The entries that stand above a line."""

    def __init__(self):
        self.entries: list[str] = []
        self.heads = Heads()

    def add(self, text: str) -> None:
        self.heads.add(letters(text), len(self.entries))
        self.entries.append(letters(text))

    def repeats(self, line: str) -> bool:
        """Whether a line begins an entry; an unmarked line equal to one may be an organisation's."""
        title = letters(heading_text(line))
        if len(title) < SHORTEST:
            return False
        alike = (self.entries[key] for key in self.heads.alike(title))
        return any(prefix_match(title, entry) for entry in alike if MARK.match(line) or entry != title)


def _rows(line: str) -> list[Row]:
    """The rows that a printed line holds: one, or those of a table set in HTML."""
    rows = []
    for printed in re.split(r"</tr>\s*", BLANKS.sub("  ", line)):
        table = printed.lstrip().startswith("|") or "</td>" in printed
        cells = CELL.sub(PART, heading_text(LINK.sub(r"\1", printed)).strip("|- *"))
        words = TAG.sub("", LEADER.sub(PART, cells)).strip(PART + " ")
        if not words or RULE.match(printed) or HEAD.match(words):
            continue
        page = PAGE.search(words)
        words = words[: page.start()].strip(PART + " ") if page else words
        number = NUMBER.match(words)
        paged = bool(page or LEADER.search(cells))
        if words:
            rows.append(Row(words, int(number[1] or number[2]) if number else 0, paged, table))
    return rows


def _entries(rows: list[Row]) -> tuple[Entry, ...]:
    numbered = _numbered(rows)
    rows = numbered or rows
    entries: list[Entry] = []
    papers = 0
    for group in _groups(rows, bool(numbered)):
        text = PART.join(row.text for row in group)
        if numbered and group[0].number:
            text = NUMBER.sub("", text).lstrip(PART + " ")
        is_paper = (group[0].number > 0) if numbered else not MATTER.search(text.split(PART)[0].strip())
        papers += is_paper
        entries.append(Entry((group[0].number if numbered else papers) if is_paper else 0, text))
    return tuple(entries)


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """The rows with the numbers that count them, and no others such as a year; [] if nothing counts them."""
    best: list[Row] = []
    count = 1
    for start in [at for at, row in enumerate(rows) if row.number][:STARTS]:
        wanted = rows[start].number
        counted = []
        for at, row in enumerate(rows):
            counts = at >= start and row.number == wanted
            wanted += counts
            counted.append(row if counts else replace(row, number=0))
        found = sum(row.number > 0 for row in counted)
        if found > count:
            best, count = counted, found
    return best if 3 * count >= len(rows) else []


def _groups(rows: list[Row], numbered: bool) -> list[list[Row]]:
    """Rows of one entry together: its title, organisation and author may stand on lines of their own."""
    groups: list[list[Row]] = []
    paged_first = bool(rows) and rows[0].paged
    any_paged = any(row.paged for row in rows)
    for row in rows:
        previous = groups[-1] if groups else []
        closed = any(member.paged for member in previous)
        if numbered:
            begins = bool(row.number) or (row.paged and closed)
        elif row.table or not any_paged:
            begins = True
        else:
            begins = row.paged if paged_first else closed
        if begins or not previous:
            groups.append([row])
        else:
            previous.append(row)
    return groups
