"""An office's own Word file, filled: its page, head, foot and styles, and the brief's text where {{brief}} stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from lxml import etree

from pipeline.config import BriefConfig
from pipeline.errors import ConfigError
from pipeline.output.styles import WORD

TEXT = "brief"  # the mark whose paragraph gives way to the text
FIELDS = ("title", "office", "date", "issue", "classification", "recipients")
MARK = re.compile(r"\{\{\s*(\w*)\s*\}\}")
W = f"{{{WORD}}}"


def check_templates(letterhead: BriefConfig) -> None:
    """Raise ConfigError if a template that the settings name cannot be filled; before the long work begins."""
    for path in (letterhead.template, letterhead.template_en):
        if path:
            open_template(Path(path))


def open_template(path: Path) -> Document:
    """The Word file at `path`. Raises ConfigError unless it can be filled."""
    try:
        document = docx.Document(str(path))
    except PackageNotFoundError as error:
        raise ConfigError(f"{path}: no Word file; name a .docx in [brief] template") from error
    except (BadZipFile, KeyError, ValueError, etree.XMLSyntaxError, OSError) as error:
        raise ConfigError(f"{path}: not a Word document; save the template as .docx") from error
    marks = {match[1] for root in roots(document) for p in root.iter(f"{W}p") for match in MARK.finditer(own_text(p))}
    if unknown := sorted(marks - {TEXT, *FIELDS}):
        known = ", ".join(f"{{{{{name}}}}}" for name in (TEXT, *FIELDS))
        raise ConfigError(f"{path}: {{{{{unknown[0]}}}}} is no mark; known: {known}")
    place(document, path)
    return document


def place(document: Document, path: Path | None = None) -> etree._Element:
    """The paragraph that gives way to the text. Raises ConfigError if there is not one."""
    found = [p for p in document.element.body if p.tag == f"{W}p" and own_text(p).strip() == f"{{{{{TEXT}}}}}"]
    if len(found) != 1:
        raise ConfigError(f"{path}: {len(found)} paragraphs are {{{{{TEXT}}}}} alone; put one where the text goes")
    return found[0]


def section_of(paragraph: etree._Element) -> etree._Element:
    """The properties of the section in which a paragraph of the body stands."""
    later = (p.find(f"{W}pPr/{W}sectPr") if p.tag == f"{W}p" else None for p in paragraph.itersiblings())
    last = paragraph.getparent().find(f"{W}sectPr")
    return next((section for section in later if section is not None), last)


def text_width(section: etree._Element) -> int:
    """How wide the type area of a section is, in twips."""
    page, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    sides = sum(int(margins.get(f"{W}{side}", 0)) for side in ("left", "right", "gutter"))
    return int(page.get(f"{W}w")) - sides


def section_like(section: etree._Element, columns: int, continuous: bool) -> str:
    """The properties of a section on the same page, in columns."""
    copy = deepcopy(section)
    for old in (*copy.findall(f"{W}cols"), *(copy.findall(f"{W}type") if continuous else ())):
        copy.remove(old)
    new = [parse_xml(f'<w:cols xmlns:w="{WORD}" w:num="{columns}" w:space="425"/>')]
    if continuous:
        new.append(parse_xml(f'<w:type xmlns:w="{WORD}" w:val="continuous"/>'))
    for element in new:
        copy.insert(position(copy, element.tag), element)
    return etree.tostring(copy, encoding="unicode")


# Of a section's properties, in the order of the schema (ECMA-376 Part 1, 17.6.17).
SECTION = (
    "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols"
)


def position(section: etree._Element, tag: str) -> int:
    """Where a property belongs in a section."""
    before = [f"{W}{name}" for name in SECTION.split()]
    before = before[: before.index(tag)]
    return sum(child.tag in before for child in section)


def fill(document: Document, values: Mapping[str, str]) -> None:
    """Put values in the place of their marks, wherever they stand: text, tables, text boxes, heads and feet."""
    for root in roots(document):
        for paragraph in root.iter(f"{W}p"):
            for match in reversed([*MARK.finditer(own_text(paragraph))]):
                if match[1] != TEXT:
                    replace(texts(paragraph), *match.span(), values[match[1]])


def replace(nodes: list[etree._Element], start: int, end: int, value: str) -> None:
    """Replace the characters `start` to `end` of the text that nodes hold together; Word may part a mark at will."""
    at = 0
    for node in nodes:
        text = node.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            node.text = f"{text[:first]}{value if at <= start else ''}{text[last:]}"
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        at += len(text)


def roots(document: Document) -> Iterator[etree._Element]:
    """The text of the file, then its heads and feet."""
    yield document.element
    for part in document.part.package.iter_parts():
        if part.content_type.endswith((".header+xml", ".footer+xml")):
            yield part.element


def texts(paragraph: etree._Element) -> list[etree._Element]:
    """The pieces of text of a paragraph, without those of text boxes in it."""
    return [t for t in paragraph.iter(f"{W}t") if next(t.iterancestors(f"{W}p")) is paragraph]


def own_text(paragraph: etree._Element) -> str:
    return "".join(t.text or "" for t in texts(paragraph))


def add_styles(document: Document, styles: str) -> dict[str, str]:
    """Add the styles that the template has not; returns the id of each of ours there, by our own.

    A style that has the name of one of ours stays as the office has it.
    """
    there = document.styles.element
    known = {s.find(f"{W}name").get(f"{W}val").lower(): s.get(f"{W}styleId") for s in there.findall(f"{W}style")}
    taken, ids, new = set(known.values()), {}, []
    for style in parse_xml(styles).findall(f"{W}style"):
        name, own = style.find(f"{W}name").get(f"{W}val").lower(), style.get(f"{W}styleId")
        ids[own] = known.get(name) or (f"Brief{own}" if own in taken else own)
        if name not in known:
            new.append(style)
    for style in new:
        style.set(f"{W}styleId", ids[style.get(f"{W}styleId")])
        style.attrib.pop(f"{W}default", None)
        if (base := style.find(f"{W}basedOn")) is not None:
            base.set(f"{W}val", ids[base.get(f"{W}val")])
        there.append(style)
    return ids


def highest_id(document: Document) -> int:
    """The highest number of a bookmark or a drawing, so that ours come after."""
    numbers = [e.get(f"{W}id") for e in document.element.iter(f"{W}bookmarkStart")]
    numbers += [e.get("id") for e in document.element.iter("{*}docPr")]
    return max((int(n) for n in numbers if n and n.isdigit()), default=0)
