"""Printed lines become paragraphs, rows of tables and notes, over the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.source.blocks import LARGER, SAME_SIZE, Block
from pipeline.source.contents import CONTENTS
from pipeline.source.lines import NUMBERING
from pipeline.source.pdf_margins import Margins, margins_of
from pipeline.source.pdf_notes import part_notes
from pipeline.source.pdf_pages import HYPHEN, WIDE, Page, PrintedLine
from pipeline.source.text import ITEM, LINE_END

SPACING = 1.35  # times the usual distance of lines, from which on a paragraph ends
HEADING_SPACING = 2.2  # times its size, the distance of the lines of one heading
INDENT = 0.8  # widths of a character
REACH = 2.5  # lines that a cell may begin above those to its left
DOTS = r"(?:[.．·…⋯。]\s?){4,}|…{2,}"
LEADER = re.compile(DOTS)
PAGED = re.compile(rf"(?:{DOTS}.*|\t\W?)\d{{1,4}}\W?$")  # an entry of a contents page that is complete
PAGE_NUMBER = re.compile(r"\d{1,4}\W?$")
LONGEST_ENTRY = 6  # lines
OPEN = re.compile(rf"(?:{DOTS})$")
CLOSING = re.compile(rf"[，。、；：？！）》”’』」】]|{DOTS}")  # no line of its own begins with it
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
LATIN = re.compile(r"[!-~\u00c0-\u024f]+")
DIVIDED = re.compile(rf"([A-Za-z]+)[-{HYPHEN}]$")


@dataclass
class Paragraph:
    """Lines that belong together, as they are gathered."""

    lines: list[PrintedLine]
    page: int  # of the last line
    text: str
    indent: float  # of the last line
    room: float  # behind the last line, up to the margin
    cells: int = 1  # from 2 on it is a row of a table
    listed: bool = False  # on a contents page
    pages: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1]


@dataclass(frozen=True)
class Print:
    """What is usual in a document."""

    size: float  # of running text
    leading: float  # distance of its lines, in parts of the size
    words: frozenset[str]  # in small letters, those at a line's end left out


def paragraphs(pages: Sequence[Page]) -> list[Block]:
    """The paragraphs of a document, each with the pages that it stands on."""
    usual = _print(pages)
    blocks: list[Block] = []
    gathered: Paragraph | None = None
    notes: list[Block] = []  # of pages on which the paragraph began, which they must not part
    since = LONGEST_ENTRY  # lines since the last one of a contents page
    for page in pages:
        lines, found = part_notes(page, usual.size)
        margins = margins_of(lines, page.width, usual.size)
        for line in lines:
            since = 0 if _is_listed(line, since) else since + 1
            if gathered and _takes(gathered, line, page.number, margins, usual):
                continue
            if gathered:
                blocks += [_block(gathered, usual), *notes]
                notes = []
            gathered = _begin(line, page.number, margins)
            gathered.listed = since < LONGEST_ENTRY
        notes += found
    return blocks + ([_block(gathered, usual)] if gathered else []) + notes


def _is_listed(line: PrintedLine, since: int) -> bool:
    """Whether a line is the head of a contents page, or ends an entry of one."""
    words = re.sub(r"[\s【】\[\]]", "", line.text)
    return bool(CONTENTS.match(words) or (since < LONGEST_ENTRY and PAGE_NUMBER.search(words)))


def _print(pages: Sequence[Page]) -> Print:
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = _most(sizes, 10.0)
    drops = Counter(
        round((line.base - after.base) / size, 1)
        for page in pages
        for line, after in zip(page.lines, page.lines[1:], strict=False)
        if line.size == after.size == size and 0.8 * size < line.base - after.base < 3 * size
    )
    words = frozenset(word.lower() for line in lines for word in WORD.findall(line.text.rpartition(" ")[0]))
    return Print(size, _most(drops, 1.5), words)


def _most(counts: Counter[float], otherwise: float) -> float:
    return counts.most_common(1)[0][0] if counts else otherwise


def _begin(line: PrintedLine, page: int, margins: Margins) -> Paragraph:
    return Paragraph([line], page, line.text, margins.indent(line), margins.room(line), pages=[(0, page)])


def _takes(paragraph: Paragraph, line: PrintedLine, page: int, margins: Margins, usual: Print) -> bool:
    """Add a line to a paragraph if it goes on with it, and say whether it does."""
    drop = paragraph.last.base - line.base if page == paragraph.page else None
    joint = "" if drop is None else _joint_of_cells(paragraph, line, drop, usual)
    if joint:
        paragraph.cells += joint == "\t"
    elif paragraph.cells > 1 or abs(line.size - paragraph.last.size) > SAME_SIZE or _is_entry(paragraph):
        return False
    elif line.size > LARGER * usual.size:
        if drop is None or not 0 < drop < HEADING_SPACING * line.size or any(n.match(line.text) for _, n in NUMBERING):
            return False
        joint = "\n" if paragraph.room > 2 * line.size else ""
    elif not _goes_on(paragraph, line, drop, margins, usual):
        return False
    if paragraph.listed and PAGE_NUMBER.fullmatch(line.text):
        joint = "\t"
    text = _joined(paragraph.text, joint, line.text, usual.words)
    if page != paragraph.page:
        paragraph.pages.append((len(text) - len(line.text), page))
    paragraph.lines.append(line)
    paragraph.text, paragraph.page = text, page
    paragraph.indent, paragraph.room = margins.indent(line), margins.room(line)
    return True


def _is_entry(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a complete entry of a contents page."""
    return bool(PAGED.search(paragraph.text) or (paragraph.listed and PAGE_NUMBER.search(paragraph.text)))


def _joint_of_cells(paragraph: Paragraph, line: PrintedLine, drop: float, usual: Print) -> str:
    """A tab before a further cell of a row, a blank before a further line of its last cell; "" if it is neither."""
    reach = paragraph.lines[0].base + REACH * usual.leading * line.size
    if line.left >= max(held.right for held in paragraph.lines) - 1:
        if abs(drop) < line.size / 3 or drop < 0 and line.base < reach:
            return "\t"
    below = 0 < drop < SPACING * usual.leading * line.size
    return " " if paragraph.cells > 1 and below and abs(line.left - paragraph.last.left) < line.size / 2 else ""


def _goes_on(paragraph: Paragraph, line: PrintedLine, drop: float | None, margins: Margins, usual: Print) -> bool:
    """Whether a line of running text goes on with a paragraph."""
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


def _joined(text: str, joint: str, further: str, words: frozenset[str]) -> str:
    """Two lines as one: a divided word made whole, no blank beside Chinese."""
    if joint in ("\t", "\n"):
        return text + joint + further
    divided = DIVIDED.search(text)
    if divided and (rest := WORD.match(further)) and further[0].islower():
        whole, compound = (f"{divided[1]}{mark}{rest[0]}".lower() for mark in ("", "-"))
        keeps = compound in words and whole not in words
        return text[:-1] + ("-" if keeps else "") + further
    if re.search(rf"[{WIDE}]$", text) or re.match(rf"[{WIDE}]", further):
        return text + further
    return f"{text} {further}"


def _block(paragraph: Paragraph, usual: Print) -> Block:
    sizes: Counter[float] = Counter()
    for line in paragraph.lines:
        sizes[line.size] += len(line.text)
    size = _most(sizes, 0.0)
    is_row = size <= LARGER * usual.size and (paragraph.cells > 1 or bool(LEADER.search(paragraph.text)))
    return Block(
        paragraph.text.replace(HYPHEN, "-"),
        kind="row" if is_row else "text",
        size=size,
        bold=all(line.bold for line in paragraph.lines),
        pages=tuple(paragraph.pages),
    )
