"""The printed lines of a PDF, each with its place, size and weight."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.errors import SourceError
from pipeline.source.bounds import MOST_CHARACTERS

MOST_PAGES = 20_000
UNREADABLE_SHARE = 0.3  # of characters without a meaning, from which on a text layer is of no use
GAP = 2.0  # widths of a character, from which on a gap parts columns of a table or of a page
OVERPRINT = 0.1  # widths of a character, in which the same one is printed again
WORD_GAP = 0.2  # widths of a character, from which on a gap parts two words
WIDE_GAP = 0.8  # likewise, two parts of an author line, as a full-width blank does
BOLD_WEIGHT = 600
SMALL, RISE = 0.9, 0.2  # size and rise over the base line of a note's number, in parts of the line's size
DIVIDES = "\x02\ufffe"  # what PDFium gives for a hyphen that divides a word
WIDE_BLANK = "\u3000"
BLANKS = f" \t{WIDE_BLANK}\xa0"
HYPHEN = "\u00ad"  # what stands for it in a line
CJK = re.compile(r"[\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef]")
CHINESE = re.compile(rf"{CJK.pattern}|[—‘’“”…]")  # with the marks that it shares with English
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
    bold: bool = False  # all of it
    opens_bold: bool = False


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
    run: int | None  # what was printed at once, by its address


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


def _glyphs(textpage: c.FPDF_TEXTPAGE, count: int, turned) -> Iterator[Glyph]:
    """The characters of a page in the order of the file."""
    box, matrix, x, y = c.FS_RECTF(), c.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    seen, size, base, bold = None, 0.0, 0.0, False
    for index in range(count):
        character = chr(c.FPDFText_GetUnicode(textpage, index))
        if character in "\r\n" or (character == " " and c.FPDFText_IsGenerated(textpage, index)):
            continue  # PDFium's own, in the order of the file
        run = c.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(run.contents) if run else None
        if address and address != seen:
            seen = address
            c.FPDFText_GetMatrix(textpage, index, matrix)
            c.FPDFText_GetCharOrigin(textpage, index, x, y)
            size = round(c.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d), 1)
            base = turned(x.value, y.value)[1]
            bold = _is_bold(textpage, index, run)
        c.FPDFText_GetLooseCharBox(textpage, index, box)
        (left, _), (right, _) = turned(box.left, box.bottom), turned(box.right, box.top)
        yield Glyph(character, min(left, right), max(left, right), base, size, bold, address)


def _is_bold(textpage: c.FPDF_TEXTPAGE, index: int, run: c.FPDF_PAGEOBJECT) -> bool:
    """Whether a run's font is bold, or its outlines are drawn too, as is done where a font has no bold cut."""
    outlined = c.FPDFTextObj_GetTextRenderMode(run) == c.FPDF_TEXTRENDERMODE_FILL_STROKE
    if outlined or c.FPDFText_GetFontWeight(textpage, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    c.FPDFFont_GetBaseFontName(c.FPDFTextObj_GetFont(run), name, 128)
    return bool(re.search(rb"bold|black|heavy", name.value, re.I))


def _lines(glyphs: Iterator[Glyph]) -> Iterator[PrintedLine]:
    """Lines in the order of the file, each from left to right and parted at wide gaps."""
    row: list[Glyph] = []
    for glyph in glyphs:
        if row and abs(glyph.base - row[0].base) > max(glyph.size, row[0].size) / 2:
            yield from _line(row)
            row = []
        row.append(glyph)
    yield from _line(row)


def _line(row: list[Glyph]) -> Iterator[PrintedLine]:
    """The parts of a row that stand in columns of their own. Pieces in other fonts may be out of order in the file."""
    pieces: list[list[Glyph]] = []
    for glyph in sorted(row, key=lambda glyph: glyph.left):
        last = pieces[-1][-1] if pieces else None
        if last and _is_overprint(last, glyph):
            continue
        if pieces and glyph.left - pieces[-1][-1].right <= GAP * glyph.size:
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
    gaps = [after[0].left - before[-1].right for before, after in pairwise(pieces)]
    if len(gaps) > 1 and max(gaps) - min(gaps) < 1:  # so even are only the gaps of a line that was stretched
        pieces = [[glyph for piece in pieces for glyph in piece]]
    for piece in pieces:
        yield from _part(piece)


def _is_overprint(last: Glyph, glyph: Glyph) -> bool:
    """Whether a character is printed twice, to look bold. The two f of a ligature have one place, and one run."""
    again = glyph.character == last.character and glyph.run != last.run
    return again and glyph.left - last.left < OVERPRINT * glyph.size


def _part(glyphs: Sequence[Glyph]) -> Iterator[PrintedLine]:
    printed = [glyph for glyph in glyphs if glyph.character not in BLANKS]
    if not printed:
        return
    size = Counter(glyph.size for glyph in printed).most_common(1)[0][0]
    base = Counter(glyph.base for glyph in printed if glyph.size == size).most_common(1)[0][0]
    text = _text(glyphs, size, base).strip()
    if text:
        left, right = min(glyph.left for glyph in printed), max(glyph.right for glyph in printed)
        yield PrintedLine(text, left, right, base, size, all(glyph.bold for glyph in printed), printed[0].bold)


def _text(glyphs: Sequence[Glyph], size: float, base: float) -> str:
    """The words of a line, with raised numbers marked as calls of notes."""
    text = raised = ""
    stretch = _stretch(glyphs)
    before: Glyph | None = None
    for glyph in glyphs:
        if glyph.size <= SMALL * size and glyph.base > base + RISE * size and glyph.character not in BLANKS:
            raised += _plain(glyph.character)
        else:
            blank = _blank(before, glyph, stretch) if before else ""
            text, raised = text + _call(raised, text) + blank + _plain(glyph.character), ""
        before = glyph
    return text + _call(raised, text)


def _stretch(glyphs: Sequence[Glyph]) -> float:
    """The gap that a justified line has between its Chinese characters."""
    gaps = [after.left - before.right for before, after in pairwise(glyphs) if _are_chinese(before, after)]
    return max(0.0, median(gaps)) if gaps else 0.0


def _are_chinese(before: Glyph, glyph: Glyph) -> bool:
    return bool(CHINESE.match(before.character) and CHINESE.match(glyph.character))


def _blank(before: Glyph, glyph: Glyph, stretch: float) -> str:
    """The blank that a gap stands for which no character fills; "" if it stands for none."""
    if before.character in BLANKS or glyph.character in BLANKS:
        return ""
    gap = glyph.left - before.right - (stretch if _are_chinese(before, glyph) else 0.0)
    return WIDE_BLANK if gap > WIDE_GAP * glyph.size else " " if gap > WORD_GAP * glyph.size else ""


def _plain(character: str) -> str:
    if character in DIVIDES:
        return HYPHEN
    if character == WIDE_BLANK:
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
