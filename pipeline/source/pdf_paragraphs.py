"""Printed lines become paragraphs, rows of tables and notes, over the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from pipeline.source.blocks import LARGER, SAME_SIZE, Block
from pipeline.source.contents import CONTENTS, PART
from pipeline.source.lines import NUMBERING
from pipeline.source.pdf_margins import Margins, margins_of
from pipeline.source.pdf_notes import part_notes
from pipeline.source.pdf_pages import CHINESE, CJK, HYPHEN, Page, PrintedLine
from pipeline.source.pdf_tables import Row, with_rows
from pipeline.source.text import ITEM, LINE_END

SPACING = 1.35  # times the usual distance of lines, from which on a paragraph ends
HEADING_SPACING = 2.2  # times its size, the distance of the lines of one heading
USUAL_SHARE = 0.1  # of the distances between lines, that a usual one has
INDENT = 0.8  # widths of a character
LONGEST_ENTRY = 6  # lines
DOTS = r"(?:[.．·…⋯。]\s?){4,}|…{2,}"
LEADER = re.compile(DOTS)
PAGED = re.compile(rf"(?:{DOTS}).*\d{{1,4}}\W?$")  # an entry of a contents page that is complete
PAGE_NUMBER = re.compile(r"\d{1,4}\W?$")
OPEN = re.compile(rf"(?:{DOTS})$")
CLOSING = re.compile(rf"[，。、；：？！）》”’』」】]|{DOTS}")  # no line of its own begins with it
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
LATIN = re.compile(r"[!-~\u00c0-\u024f]+")
DIVIDED = re.compile(rf"([A-Za-z]+)[-{HYPHEN}]$")


@dataclass(frozen=True)
class Print:
    """What is usual in a document."""

    size: float  # of running text
    leading: float  # distance of its lines, in parts of the size
    is_spaced: bool  # whether paragraphs stand further apart than lines
    words: frozenset[str]  # in small letters, those at a line's end left out


@dataclass
class Paragraph:
    """Lines that belong together, as they are gathered."""

    lines: list[PrintedLine]
    page: int  # of the last line
    text: str
    indent: float  # of the last line
    room: float  # behind the last line, up to the margin
    listed: bool  # on a contents page
    is_row: bool = False  # of a table
    pages: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1]

    @property
    def is_entry(self) -> bool:
        """Whether it is a complete entry of a contents page."""
        return bool(PAGED.search(self.text) or (self.listed and PAGE_NUMBER.search(self.text)))


def paragraphs(pages: Sequence[Page]) -> list[Block]:
    """The paragraphs of a document, each with the pages that it stands on."""
    gathering = Gathering(_usual(pages))
    for page in pages:
        gathering.add_page(page)
    gathering.end_paragraph()
    return gathering.blocks


class Gathering:
    """The paragraphs of a document so far, and the one that may go on."""

    def __init__(self, usual: Print):
        self.usual = usual
        self.blocks: list[Block] = []
        self.paragraph: Paragraph | None = None
        self.notes: list[Block] = []  # of pages on which the paragraph stands, which they must not part
        self.noted = 0  # notes so far, which most documents count through
        self.since = LONGEST_ENTRY  # lines since the last one of a contents page

    def add_page(self, page: Page) -> None:
        lines, notes = part_notes(page, self.usual.size, self.usual.leading, self.noted)
        self.noted += len(notes)
        rows = list(with_rows(lines))
        margins = margins_of([line for line in rows if isinstance(line, PrintedLine)], page.width, self.usual.size)
        for line in rows:
            if isinstance(line, Row):
                self._add_row(line, page.number)
            else:
                self._add_line(line, page.number, margins)
        self.notes += notes

    def end_paragraph(self) -> None:
        if self.paragraph:
            self.blocks.append(_block(self.paragraph, self.usual))
        self.blocks += self.notes
        self.paragraph, self.notes = None, []

    def _add_row(self, row: Row, page: int) -> None:
        """A row goes on only where it is an entry of a contents page that a line of its own ends."""
        self.end_paragraph()
        text = row.text(partial(_joined, joint="", words=self.usual.words))
        last = row.cells[-1][-1]
        self.paragraph = Paragraph([last], page, text, 0.0, 0.0, self.since < LONGEST_ENTRY, True, [(0, page)])
        self._count(text)

    def _add_line(self, line: PrintedLine, page: int, margins: Margins) -> None:
        self._count(line.text)
        joint = self._joint(self.paragraph, line, page, margins) if self.paragraph else None
        if joint is None:
            self.end_paragraph()
            listed = self.since < LONGEST_ENTRY
            room = margins.room(line)
            self.paragraph = Paragraph([line], page, line.text, margins.indent(line), room, listed, False, [(0, page)])
            return
        paragraph = self.paragraph
        paragraph.text = _joined(paragraph.text, line.text, joint, self.usual.words)
        if page != paragraph.page:
            paragraph.pages.append((len(paragraph.text) - len(line.text), page))
        paragraph.lines.append(line)
        paragraph.page, paragraph.indent, paragraph.room = page, margins.indent(line), margins.room(line)

    def _count(self, text: str) -> None:
        """Count the lines since a contents page's head, or an entry of it that ends with a page."""
        words = re.sub(r"[\s【】\[\]]", "", text)
        listed = CONTENTS.match(words) or (self.since < LONGEST_ENTRY and PAGE_NUMBER.search(words))
        self.since = 0 if listed else self.since + 1

    def _joint(self, paragraph: Paragraph, line: PrintedLine, page: int, margins: Margins) -> str | None:
        """What joins a line to a paragraph beyond what its words need; None if the paragraph does not go on."""
        drop = paragraph.last.base - line.base if page == paragraph.page else None
        if abs(line.size - paragraph.last.size) > SAME_SIZE or paragraph.is_entry:
            return None
        if paragraph.last.bold and not line.opens_bold:  # a heading, since words that run on seldom end with the line
            return None
        is_near = drop is not None and 0 < drop < SPACING * self.usual.leading * line.size
        if paragraph.is_row:
            return "" if paragraph.listed and is_near else None
        if line.size > LARGER * self.usual.size:
            follows = drop is not None and 0 < drop < HEADING_SPACING * line.size
            if not follows or any(pattern.match(line.text) for _, pattern in NUMBERING):
                return None
            return "\n" if paragraph.room > 2 * line.size else ""
        if paragraph.listed and is_near and self._is_broken_entry(paragraph, line):
            return PART
        if not _goes_on(paragraph, line, drop, margins, self.usual):
            return None
        return PART if paragraph.listed and PAGE_NUMBER.fullmatch(line.text) else ""

    def _is_broken_entry(self, paragraph: Paragraph, line: PrintedLine) -> bool:
        """Whether an entry of a contents page goes on although it left room, as before a long row of dots."""
        return self.usual.is_spaced and paragraph.room > _least_room(line) and not CONTENTS.match(paragraph.text)


def _usual(pages: Sequence[Page]) -> Print:
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    drops = Counter(
        round((line.base - after.base) / size, 1)
        for page in pages
        for line, after in pairwise(page.lines)
        if line.size == after.size == size and 0.8 * size < line.base - after.base < 3 * size
    )
    usual = [drop for drop, count in drops.items() if count >= USUAL_SHARE * drops.total()] or [1.5]
    words = frozenset(word.lower() for line in lines for word in WORD.findall(line.text.rpartition(" ")[0]))
    return Print(size, min(usual), max(usual) > SPACING * min(usual), words)


def _goes_on(paragraph: Paragraph, line: PrintedLine, drop: float | None, margins: Margins, usual: Print) -> bool:
    """Whether a line of running text goes on with a paragraph; `drop` is how far it stands below it on the page."""
    if CLOSING.match(line.text) or OPEN.search(paragraph.text):
        return True
    if DIVIDED.search(paragraph.text) and line.text[0].islower():
        return True
    if drop is not None and drop > SPACING * usual.leading * line.size:
        return False
    if paragraph.room > _least_room(line):
        return False
    if ITEM.match(line.text) and LINE_END.search(paragraph.last.text):
        return False
    more = margins.indent(line) - paragraph.indent
    if more > INDENT * line.size:  # indented further: a new paragraph, or the second line of an item
        return len(paragraph.lines) == 1 and bool(ITEM.match(paragraph.text))
    # Two lines that are both set in by themselves are two paragraphs.
    return len(paragraph.lines) > 1 or more < -INDENT * line.size or margins.indent(line) < INDENT * line.size


def _least_room(line: PrintedLine) -> float:
    """The room that the first word of a line needs: behind a line that leaves more, its author broke off."""
    word = LATIN.match(line.text)
    return (len(word[0]) + 1) * (line.right - line.left) / len(line.text) if word else 2 * line.size


def _joined(text: str, further: str, joint: str, words: frozenset[str]) -> str:
    """Two lines as one: a divided word made whole, no blank beside Chinese."""
    if joint:
        return text + joint + further
    divided = DIVIDED.search(text)
    if divided and (rest := WORD.match(further)) and further[0].islower():
        whole, compound = (f"{divided[1]}{mark}{rest[0]}".lower() for mark in ("", "-"))
        keeps = compound in words and whole not in words
        return text[:-1] + ("-" if keeps else "") + further
    beside_chinese = CJK.match(text[-1]) or CJK.match(further) or (CHINESE.match(text[-1]) and CHINESE.match(further))
    return text + further if beside_chinese else f"{text} {further}"


def _block(paragraph: Paragraph, usual: Print) -> Block:
    sizes: Counter[float] = Counter()
    for line in paragraph.lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    is_heading = size > LARGER * usual.size
    is_row = not is_heading and (paragraph.is_row or bool(LEADER.search(paragraph.text)))
    return Block(
        paragraph.text.replace(HYPHEN, "-").replace("\t", PART if is_heading else "\t"),
        kind="row" if is_row else "text",
        size=size,
        bold=all(line.bold for line in paragraph.lines),
        pages=tuple(paragraph.pages),
    )
