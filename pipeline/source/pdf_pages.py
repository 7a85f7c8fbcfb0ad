"""The printed lines of a PDF, each with its place, size and weight."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.errors import SourceError
from pipeline.source.bounds import MOST_CHARACTERS

MOST_PAGES = 20_000
UNREADABLE_SHARE = 0.3  # of characters without a meaning, from which on a text layer is of no use
GAP = 2.0  # widths of a character, from which on a gap parts columns of a table or of a page
WORD_GAP = 0.5  # widths of a character, up to which a gap in Chinese only justifies a line
BOLD_WEIGHT = 600
SMALL, RISE = 0.9, 0.2  # size and rise over the base line of a note's number, in parts of the line's size
DIVIDES = "\x02\ufffe"  # what PDFium gives for a hyphen that divides a word
BLANKS = " \0\t\u3000\xa0"
GENERATED = "\0"  # a blank that no one typed
HYPHEN = "\u00ad"  # what stands for it in a line
WIDE = r"\u2014\u2018-\u201d\u2026\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef"
CHINESE = re.compile(rf"[{WIDE}]")
NUMBER = re.compile(r"^[\d,，、\-–*†‡①-⑳\[\]]+$")
UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]")
# Radicals and compatibility forms, which some fonts name in place of the character that they print.
SUBSTITUTE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
POWERS = {"2": "²", "3": "³"}


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, or the part of one that stands in one column. Places are points from the page's lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is printed."""

    number: int  # from 1
    width: float  # points
    lines: tuple[PrintedLine, ...]
    is_scanned: bool = False  # shows a picture and no text


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character."""

    character: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


def printed_pages(raw: bytes, path: Path) -> list[Page]:
    """All pages of a PDF. Raises SourceError if it cannot be opened, is too long, or has no text that can be read."""
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY):
            raise SourceError(f"{path}: is encrypted; save it without a password") from error
        raise SourceError(f"{path}: no PDF, or a damaged one; export it anew") from error
    pages: list[Page] = []
    characters = unreadable = 0
    for index in range(len(document)):
        pages.append(_page(document, index))
        characters += sum(len(line.text) for line in pages[-1].lines)
        unreadable += sum(len(UNREADABLE.findall(line.text)) for line in pages[-1].lines)
        if characters > MOST_CHARACTERS or index >= MOST_PAGES:
            raise SourceError(f"{path}: has more than {MOST_PAGES:,} pages or {MOST_CHARACTERS:,} characters; split it")
    document.close()
    if not characters:
        raise SourceError(f"{path}: a scan without a text layer; recognise its text first, for instance with ocrmypdf")
    if unreadable > UNREADABLE_SHARE * characters:
        raise SourceError(
            f"{path}: its fonts do not say which characters they print; export it anew, or recognise its text"
        )
    return pages


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    try:
        page = document[index]
        textpage = page.get_textpage()
    except pdfium.PdfiumError:  # named by the file, but not in it
        return Page(index + 1, 0.0, (), is_scanned=True)
    width, height = page.get_width(), page.get_height()
    turned = _turned(page.get_rotation(), width, height)
    lines = tuple(_lines(_glyphs(textpage.raw, textpage.count_chars(), turned)))
    images = () if lines else page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    scanned = next(iter(images), None) is not None
    textpage.close()
    page.close()
    return Page(index + 1, width, lines, scanned)


def _turned(rotation: int, width: float, height: float):
    """The function from a point of the unturned page to where it is seen on a page of this width and height."""
    return {
        90: lambda x, y: (y, height - x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (width - y, x),
    }.get(rotation, lambda x, y: (x, y))


def _glyphs(textpage: c.FPDF_TEXTPAGE, count: int, turned) -> Iterator[Glyph | None]:
    """The characters of a page in the order of the file; None ends a line."""
    box, matrix, x, y = c.FS_RECTF(), c.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    seen, size, base, bold = None, 0.0, 0.0, False
    for index in range(count):
        character = chr(c.FPDFText_GetUnicode(textpage, index))
        if character == "\n":
            yield None
        if character in "\r\n":
            continue
        run = c.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(run.contents) if run else None
        if address and address != seen:
            seen = address
            c.FPDFText_GetMatrix(textpage, index, matrix)
            c.FPDFText_GetCharOrigin(textpage, index, x, y)
            size = round(c.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d), 1)
            base = turned(x.value, y.value)[1]
            bold = _is_bold(textpage, index, run)
        if character == " " and c.FPDFText_IsGenerated(textpage, index):
            character = GENERATED
        c.FPDFText_GetLooseCharBox(textpage, index, box)
        (left, _), (right, _) = turned(box.left, box.bottom), turned(box.right, box.top)
        yield Glyph(character, min(left, right), max(left, right), base, size, bold)


def _is_bold(textpage: c.FPDF_TEXTPAGE, index: int, run: c.FPDF_PAGEOBJECT) -> bool:
    """Whether a run's font is bold, or its outlines are drawn too, as is done where a font has no bold cut."""
    outlined = c.FPDFTextObj_GetTextRenderMode(run) == c.FPDF_TEXTRENDERMODE_FILL_STROKE
    if outlined or c.FPDFText_GetFontWeight(textpage, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    c.FPDFFont_GetBaseFontName(c.FPDFTextObj_GetFont(run), name, 128)
    return bool(re.search(rb"bold|black|heavy", name.value, re.I))


def _lines(glyphs: Iterator[Glyph | None]) -> Iterator[PrintedLine]:
    """Lines in the order of the file, parted at wide gaps."""
    pieces: list[list[Glyph]] = []  # of one line
    ends = False
    for glyph in glyphs:
        if glyph is None:
            ends = True
            continue
        last = pieces[-1][-1] if pieces else None
        if last and not _is_beside(last, glyph):
            yield from _line(pieces)
            pieces, last = [], None
        gap = WORD_GAP if ends and last and glyph.base == last.base else GAP  # PDFium saw a new line: a cell begins
        if last and glyph.left - last.right <= gap * glyph.size:
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
        ends = False
    yield from _line(pieces)


def _is_beside(glyph: Glyph, further: Glyph) -> bool:
    """Whether a character stands in one line with another, be it raised."""
    rise = abs(further.base - glyph.base)
    return rise < max(glyph.size, further.size) / 2 and further.left > glyph.right - further.size / 4


def _line(pieces: Sequence[list[Glyph]]) -> Iterator[PrintedLine]:
    """The parts of a line that stand in columns of their own."""
    gaps = [after[0].left - before[-1].right for before, after in zip(pieces, pieces[1:], strict=False)]
    if len(gaps) > 1 and max(gaps) - min(gaps) < 1:  # so even are only the gaps of a line that was stretched
        pieces = [[glyph for piece in pieces for glyph in piece]]
    for piece in pieces:
        yield from _part(piece)


def _part(glyphs: Sequence[Glyph]) -> Iterator[PrintedLine]:
    printed = [glyph for glyph in glyphs if glyph.character not in BLANKS]
    if not printed:
        return
    size = Counter(glyph.size for glyph in printed).most_common(1)[0][0]
    base = Counter(glyph.base for glyph in printed if glyph.size == size).most_common(1)[0][0]
    text = _text(glyphs, size, base).strip()
    if text:
        left, right = min(glyph.left for glyph in printed), max(glyph.right for glyph in printed)
        yield PrintedLine(text, left, right, base, size, all(glyph.bold for glyph in printed))


def _text(glyphs: Sequence[Glyph], size: float, base: float) -> str:
    """The words of a line, with raised numbers marked as calls of notes."""
    text = raised = ""
    for at, glyph in enumerate(glyphs):
        if glyph.character == GENERATED:
            character = _blank(glyphs, at)
        else:
            character = _plain(glyph.character)
        if glyph.size <= SMALL * size and glyph.base > base + RISE * size and character.strip():
            raised += character
        else:
            text, raised = text + _call(raised, text) + character, ""
    return text + _call(raised, text)


def _blank(glyphs: Sequence[Glyph], at: int) -> str:
    """What PDFium's own blank stands for: in Chinese, a narrow one only justifies the line."""
    if not 0 < at < len(glyphs) - 1:
        return ""
    before, after = glyphs[at - 1], glyphs[at + 1]
    is_narrow = after.left - before.right < WORD_GAP * after.size
    return "" if is_narrow and CHINESE.match(before.character) and CHINESE.match(after.character) else " "


def _plain(character: str) -> str:
    if character in DIVIDES:
        return HYPHEN
    if character == "\u3000":
        return character
    if character.isspace():
        return " "
    if SUBSTITUTE.match(character):
        return unicodedata.normalize("NFKC", character)
    return "" if unicodedata.category(character) in ("Cc", "Cs", "Cn") else character


def _call(raised: str, before: str) -> str:
    """Raised characters: the number of a note, behind a letter a power, or words set higher."""
    if raised in POWERS and before[-1:].isascii() and before[-1:].isalpha():
        return POWERS[raised]
    return f"<sup>{raised}</sup>" if NUMBER.match(raised) else raised
