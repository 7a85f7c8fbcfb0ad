"""What a file of a run may hold, whatever the papers say. Each function gives the faults that it finds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
import openpyxl
from lxml import etree
from markdown_it import MarkdownIt

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_TAGS = {  # all that our briefs are made of
    *"body p pPr pStyle r rPr rStyle rFonts t tab br hyperlink bookmarkStart bookmarkEnd fldSimple sectPr".split(),
    *"document tbl tblPr tblW tblBorders top left bottom right insideH insideV tblLayout tblCellMar tblLook".split(),
    *"tblCaption tblGrid gridCol tr trPr cantSplit tblHeader tc tcPr tcW gridSpan vAlign drawing".split(),
    *"footerReference type pgSz pgMar cols docGrid txbxContent".split(),
}
FIELD = re.compile(r" SEQ (?:表|图|Table|Figure) \\\* ARABIC ")
ANCHOR = re.compile(r"(?:src|cite)_\d+|item_\d+_\d+")
# What alters how the text around it is shown, or is not shown itself: controls, bidirectional marks, tags.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
MARKDOWN_BLOCKS = {"heading", "paragraph", "inline", "bullet_list", "list_item", "blockquote"}
MARKDOWN_INLINES = {"text", "text_special", "softbreak", "hardbreak", "strong_open", "strong_close"}
SECTIONS = {"摘要 Summary", "关键事实 Key facts", "建议 Recommendations", "摘要的依据 Evidence of the summary"}
PLACE = re.compile(r"L\d+(?:–\d+)?：")


def markdown_faults(text: str) -> Iterator[str]:
    """Anything that a viewer of Markdown takes for more than our own headings, lists, quotes and bold print."""
    viewer = MarkdownIt("gfm-like", {"linkify": True})
    viewer.linkify.set({"fuzzy_link": False})  # as VS Code does, else volume.md is an address
    tokens = viewer.parse(text)
    for number, token in enumerate(tokens):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind not in MARKDOWN_BLOCKS:
            yield f"Markdown has a {token.type}: {token.content[:60]!r}"
        if token.type == "heading_open":
            words = tokens[number + 1].content
            fits = {
                "h1": re.match(r"\d+\.( |$)", words),
                "h2": words in SECTIONS,
                "h3": re.match(r"\d+\.\d+( |$)", words),
            }
            if not fits.get(token.tag):
                yield f"Markdown has a strange heading: {words[:60]!r}"
        if token.type == "blockquote_open" and not PLACE.match(tokens[number + 2].content):
            yield f"Markdown has a strange quote: {tokens[number + 2].content[:60]!r}"
        for inline in token.children or ():
            if inline.type not in MARKDOWN_INLINES:
                yield f"Markdown has a {inline.type}: {(inline.content or inline.attrs)!r}"
    if unseen := UNSEEN.search(text):
        yield f"Markdown has an unseen {unseen.group()!r}"


def word_faults(data: bytes) -> Iterator[str]:
    """Anything in a Word file but our own paragraphs, tables, pictures, bookmarks and links inside the file."""
    docx.Document(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(part, etree.XMLParser(resolve_entities=False))
            if root.getroottree().docinfo.doctype:
                yield f"{name} has a document type"
            yield from (f"{name} leads outside" for r in root.iter("{*}Relationship") if r.get("TargetMode"))
    body = etree.fromstring(parts["word/document.xml"])
    for element in body.iter(f"{W}*"):
        if (kind := etree.QName(element).localname) not in WORD_TAGS:
            yield f"Word has a <{kind}>"
    anchors = {element.get(f"{W}name") for element in body.iter(f"{W}bookmarkStart")}
    yield from (f"Word has a bookmark {name!r}" for name in anchors if not ANCHOR.fullmatch(name))
    for link in body.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor") not in anchors or len(link.attrib) != 2:
            yield f"Word has a link {dict(link.attrib)}"
    for field in body.iter(f"{W}fldSimple"):
        if not FIELD.fullmatch(field.get(f"{W}instr")):
            yield f"Word has a field {field.get(f'{W}instr')!r}"
    yield from (f"Word has an unseen {u!r}" for u in UNSEEN.findall("".join(body.itertext())))


def workbook_faults(data: bytes) -> Iterator[str]:
    """Any cell that is not text, and anything that leads out of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    if len(book.worksheets) != 1 or book.defined_names:
        yield "the workbook has more than our sheet"
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value is not None and (cell.data_type != "s" or not isinstance(cell.value, str)):
                yield f"{cell.coordinate} is no text: {cell.value!r}"
            if cell.row > 1 and cell.value and not cell.quotePrefix:
                yield f"{cell.coordinate} would be read anew when it is edited"
            if cell.hyperlink:
                yield f"{cell.coordinate} has a link"
            yield from (f"{cell.coordinate} has an unseen {u!r}" for u in UNSEEN.findall(str(cell.value or "")))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if re.search("externalLink|connections|vba|drawing", name):
                yield f"the workbook has {name}"
            if name.endswith(".rels") and b"TargetMode" in package.read(name):
                yield f"{name} leads outside"
