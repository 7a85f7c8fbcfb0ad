"""A Word file: blocks in, bytes out.

Blocks are written as WordprocessingML, since python-docx has no calls for
bookmarks, internal links, East Asian hints or alt text, and is slow on long
tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Mm
from lxml import etree

from pipeline.output import template as office
from pipeline.output.blocks import PLACE, Blocks, around, place
from pipeline.output.plain import CHINESE, LATIN, plain
from pipeline.output.styles import (
    NAMESPACES,
    PAGES,
    RELATIONSHIPS,
    WORD,
    font_table_xml,
    section_xml,
    settings_xml,
    styles_xml,
)
from pipeline.output.textbox import text_box_xml
from pipeline.records import Language

TEMPLATE_LEFTOVERS = ("thumbnail", "stylesWithEffects", "customXml", "webSettings", "numbering", "theme")
CLOSE_MARGINS = (  # in the cells of a list in small type
    '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
)
MARKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
MARK = re.compile(r"([\t\n])")
LONGEST_PROPERTY = 255  # characters that python-docx takes
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
APP_XML = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Microsoft Office Word</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that lead a paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """A superscript number that opens its source."""

    number: int


@dataclass(frozen=True, slots=True)
class SourceMark:
    """The number of an entry of the source list, where citations lead; it leads back to the first of them."""

    number: int


@dataclass(frozen=True, slots=True)
class ItemMark:
    """The number of a recommendation in the full list, where its links lead."""

    id: str


@dataclass(frozen=True, slots=True)
class ItemLink:
    """The number of a recommendation that opens it in the full list."""

    id: str


Inline = str | Strong | Cite | SourceMark | ItemMark | ItemLink
Inlines = Sequence[Inline]


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself."""

    title: str
    subject: str
    author: str
    day: Date


class WordFile:
    """One brief in the making; blocks appear in the order of the calls."""

    def __init__(self, language: Language, fonts: str, properties: Properties, template: Path | None = None):
        """Raises ConfigError if `template`, the office's own file, cannot be filled."""
        self.language = language
        self._fonts = fonts
        self._properties = properties
        self._document = office.open_template(template) if template else docx.Document()
        self._cited: set[int] = set()
        ids: dict[str, str] = {}
        if template:
            ids = office.add_styles(self._document, styles_xml(language, fonts))
            self._office_section = office.section_of(office.place(self._document))
            self.width = office.text_width(self._office_section)
            self._ids = office.highest_id(self._document)
            self._section = etree.tostring(self._office_section, encoding="unicode")
        else:
            self._office_section = None
            self.width = PAGES[language].text_width
            self._ids = 0
            self._footers = self._write_footers()
            self._section = section_xml(self.language, self._footers)
        self._blocks = Blocks(self._document.element, ids)

    def paragraph(self, style: str, *inlines: Inline) -> None:
        self._blocks.add(self._paragraph_xml(style, inlines))

    def columns(self, count: int) -> None:
        """What follows stands in `count` columns on the same page; the block before must be a paragraph."""
        self._blocks.end_section(self._section)
        if self._office_section is not None:
            self._section = office.section_like(self._office_section, count, continuous=True)
        else:
            self._section = section_xml(self.language, self._footers, count, continuous=True)

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values in the place of the marks of the template."""
        office.fill(self._document, {name: plain(value) for name, value in values.items()})

    def caption(self, style: str, kind: str, number: int, text: str) -> None:
        """A caption whose number Word can count anew; `kind` is 表, 图, Table or Figure."""
        gap = "" if self.language == "zh" else " "
        space = "　" if self.language == "zh" else ". "
        field = f'<w:fldSimple w:instr=" SEQ {kind} \\* ARABIC ">{self._run_xml(str(number))}</w:fldSimple>'
        runs = self._run_xml(kind + gap) + field + self._run_xml(space + plain(text))
        self._blocks.add(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>')

    def table(
        self,
        title: str,
        shares: Sequence[float],
        head: Sequence[str],
        rows: Iterable[Sequence[Sequence[Inlines]]],
        styles: Sequence[str],
    ) -> None:
        """A table as wide as the text: rows of cells of paragraphs of inlines.

        `shares` are the parts of the width, `styles` the paragraph style of each column. A row of one cell
        is a heading of the rows under it and as wide as the table.
        """
        widths = [round(self.width * share / sum(shares)) for share in shares]
        widths[-1] += self.width - sum(widths)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head_style = "ListHead" if "ListText" in styles else "TableHead"
        head_row = self._row_xml(widths, [[[text]] for text in head], [head_style] * len(head), repeats=True)
        margins = CLOSE_MARGINS if "ListText" in styles else ""
        properties = (
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{self._borders_xml()}<w:tblLayout w:type="fixed"/>{margins}'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
            f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={quoteattr(plain(title))}/>'
        )
        frame = f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head_row}{PLACE}</w:tbl>"
        self._blocks.add_table(frame, (self._row_xml(widths, row, styles) for row in rows))

    def picture(self, png: bytes, width_mm: float, title: str, alt: str) -> None:
        """A picture in a paragraph of its own, with alternative text."""
        inline = self._document.part.new_pic_inline(BytesIO(png), width=Mm(width_mm))
        properties = inline.docPr
        properties.set("id", str(self._new_id()))
        properties.set("name", f"Picture {properties.get('id')}")
        properties.set("title", plain(title))
        properties.set("descr", plain(alt))
        drawing = etree.tostring(inline, encoding="unicode")
        self._blocks.add(
            f'<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing>{drawing}</w:drawing></w:r></w:p>'
        )

    def at_foot(self, paragraphs: Sequence[tuple[str, str]], height: int, title: str) -> None:
        """Paragraphs (style, text) at the foot of the type area of the page on which the text ends.

        `height` is theirs, in twips; `title` says what they are to who cannot see them.
        """
        content = "".join(self._paragraph_xml(style, [text]) for style, text in paragraphs)
        box = text_box_xml(content, self.width, height, self._new_id(), plain(title))
        self._blocks.add(f'<w:p><w:pPr><w:pStyle w:val="FootAnchor"/></w:pPr><w:r>{box}</w:r></w:p>')

    def to_bytes(self) -> bytes:
        """The finished file; the same blocks give the same bytes."""
        if self._office_section is not None:
            mark, old = office.place(self._document), self._office_section
            mark.getparent().replace(mark, place())
            old.getparent().replace(old, parse_xml(self._section))
        else:
            replace_children(self._document.element.body, f"<w:body {NAMESPACES}>{PLACE}{self._section}</w:body>")
            replace_children(self._document.styles.element, styles_xml(self.language, self._fonts))
            replace_children(self._document.settings.element, settings_xml(self.language))
            self._drop_leftovers()
        self._describe()
        stream = BytesIO()
        self._document.save(stream)
        return repacked(stream, self._document.part.partname.membername, self._blocks)

    def _new_id(self) -> int:
        self._ids += 1
        return self._ids

    def _paragraph_xml(self, style: str, inlines: Inlines) -> str:
        runs = "".join(map(self._inline_xml, inlines))
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'

    def _inline_xml(self, inline: Inline) -> str:
        match inline:
            case Strong(text):
                return self._run_xml(text, "Strong")
            case Cite(number):
                link = self._link_xml(f"src_{number}", f"[{number}]", "Citation")
                if number in self._cited:
                    return link
                self._cited.add(number)
                return self._bookmark_xml(f"cite_{number}", link)
            case SourceMark(number):
                cited = number in self._cited
                link = (
                    self._link_xml(f"cite_{number}", f"[{number}]", "Link") if cited else self._run_xml(f"[{number}]")
                )
                return self._bookmark_xml(f"src_{number}", link)
            case ItemMark(id):
                return self._bookmark_xml(item_anchor(id), self._run_xml(id))
            case ItemLink(id):
                return self._link_xml(item_anchor(id), id, "Link")
            case _:
                return self._run_xml(inline)

    def _run_xml(self, text: str, style: str = "") -> str:
        # Without the hint Word draws “ ” … — in Chinese text with the Latin font, half as wide.
        chinese = bool(CHINESE.search(text)) or (self.language == "zh" and not LATIN.search(text))
        hint = '<w:rFonts w:hint="eastAsia"/>' if chinese else ""
        look = (f'<w:rStyle w:val="{style}"/>' if style else "") + hint
        properties = f"<w:rPr>{look}</w:rPr>" if look else ""
        pieces = [
            MARKS.get(piece, f'<w:t xml:space="preserve">{escape(piece)}</w:t>') for piece in MARK.split(text) if piece
        ]
        return f"<w:r>{properties}{''.join(pieces)}</w:r>"

    def _link_xml(self, anchor: str, text: str, style: str) -> str:
        return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{self._run_xml(text, style)}</w:hyperlink>'

    def _bookmark_xml(self, name: str, content: str) -> str:
        number = self._new_id()
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'

    def _row_xml(self, widths: Sequence[int], cells, styles: Sequence[str], repeats: bool = False) -> str:
        header, span = "<w:tblHeader/>" if repeats else "", ""
        if len(cells) == 1 < len(widths):
            span = f'<w:gridSpan w:val="{len(widths)}"/>'
            widths, styles = [sum(widths)], ["ListGroup"]
        centred = self.language == "zh" and "ListText" not in styles
        look = span + ('<w:vAlign w:val="center"/>' if centred else "")
        columns = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>'
            f"{''.join(self._paragraph_xml(style, inlines) for inlines in cell)}</w:tc>"
            for width, cell, style in zip(widths, cells, styles, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{columns}</w:tr>"

    def _borders_xml(self) -> str:
        line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="{}"/>'
        if self.language == "zh":
            sides = "".join(
                line.format(side, "000000") for side in ("top", "left", "bottom", "right", "insideH", "insideV")
            )
        else:
            sides = "".join(line.format(side, "B1B4B6") for side in ("top", "bottom", "insideH"))
        return f"<w:tblBorders>{sides}</w:tblBorders>"

    def _write_footers(self) -> str:
        """Write the page numbers; return the references to them."""
        section = self._document.sections[0]
        if PAGES[self.language].numbers_alternate:
            self._document.settings.odd_and_even_pages_header_footer = True
            odd = '<w:ind w:rightChars="100" w:right="280" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="right"/>'
            even = '<w:ind w:leftChars="100" w:left="280" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/>'
            self._fill_footer(section.footer, odd, "— ", " —")
            self._fill_footer(section.even_page_footer, even, "— ", " —")
        else:
            self._fill_footer(section.footer, "", "", "")
        references = section._sectPr.findall(f"{{{WORD}}}footerReference")
        keys = [(r.get(f"{{{WORD}}}type"), r.get(f"{{{RELATIONSHIPS}}}id")) for r in references]
        return "".join(f'<w:footerReference w:type="{kind}" r:id="{key}"/>' for kind, key in keys)

    def _fill_footer(self, footer, layout: str, before: str, after: str) -> None:
        footer.is_linked_to_previous = False
        field = "".join(
            f"<w:r>{piece}</w:r>"
            for piece in (
                '<w:fldChar w:fldCharType="begin"/>',
                '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
                '<w:fldChar w:fldCharType="separate"/>',
                "<w:t>1</w:t>",
                '<w:fldChar w:fldCharType="end"/>',
            )
        )
        opening, closing = (self._run_xml(text) if text else "" for text in (before, after))
        paragraph = f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{layout}</w:pPr>{opening}{field}{closing}</w:p>'
        replace_children(footer._element, f'<w:ftr xmlns:w="{WORD}">{paragraph}</w:ftr>')

    def _drop_leftovers(self) -> None:
        """Remove what python-docx's template brings along and no brief uses."""
        part = self._document.part
        for relationships in (part.rels, part.package.rels):
            for key in [k for k, r in relationships.items() if r.reltype.rsplit("/", 1)[-1] in TEMPLATE_LEFTOVERS]:
                del relationships[key]
        part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = font_table_xml(self._fonts).encode()
        part.package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)._blob = APP_XML

    def _describe(self) -> None:
        core, wanted = self._document.core_properties, self._properties
        core.title, core.subject = plain(wanted.title)[:LONGEST_PROPERTY], plain(wanted.subject)[:LONGEST_PROPERTY]
        core.author = core.last_modified_by = plain(wanted.author)[:LONGEST_PROPERTY]
        core.language = "zh-CN" if self.language == "zh" else "en-GB"
        core.comments = core.keywords = core.category = ""
        core.revision = 1
        core.created = core.modified = datetime.combine(wanted.day, time())


def item_anchor(id: str) -> str:
    """The bookmark of a recommendation."""
    return f"item_{id.replace('.', '_')}"


def replace_children(element, xml: str) -> None:
    """Give `element` the children that `xml` has."""
    for child in list(element):
        element.remove(child)
    for child in parse_xml(xml):
        element.append(child)


def repacked(data: BytesIO, main: str, blocks: Blocks) -> bytes:
    """The same zip without the time of writing, and with the blocks in their place in the part `main`."""
    stream = BytesIO()
    with ZipFile(data) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, ZIP_DATE)
            info.compress_type = ZIP_DEFLATED
            before, behind = around(old.read(name)) if name == main else (old.read(name), b"")
            with new.open(info, "w") as part:
                part.write(before)
                for piece in blocks.pieces() if name == main else ():
                    part.write(piece)
                part.write(behind)
    return stream.getvalue()
