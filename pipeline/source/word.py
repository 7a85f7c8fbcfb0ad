"""A Word file becomes text: headings, numbers, lists, tables, notes and text boxes, in reading order.

The document is read as a stream: no more of it than one paragraph or table is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

from pipeline.errors import SourceError
from pipeline.source.blocks import LEVELS, Block, row, with_levels, write
from pipeline.source.bounds import Reading, bounded
from pipeline.source.word_numbers import Numbering
from pipeline.source.word_package import PARSE, W, attribute, is_on, open_package
from pipeline.source.word_styles import Style, read_styles, size_of

P, TABLE, ROW, CELL, RUN, BOX, TEXT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "txbxContent", "t"))
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOTE_CALLS = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
BREAKS = ("page", "column")
PIECES = {TEXT, MATH, BOX, *SIGNS, *NOTE_CALLS}
WITHOUT_WORDS = {  # properties, what was deleted or moved away, readings over characters, second copies
    *(f"{W}{name}" for name in ("pPr", "rPr", "tblPr", "trPr", "tcPr", "del", "moveFrom", "rt", "instrText")),
    FALLBACK,
}
MOST_ELEMENTS = 1_000_000  # of one paragraph or table, which is the most that is held
POWERS = {"2": "²", "3": "³"}


@dataclass
class Document:
    """What the text of a document refers to, and how far it has counted."""

    styles: dict[str, Style]
    numbering: Numbering
    notes: dict[str, dict[str, str]]  # by kind and id
    called: int = 0  # notes so far


@dataclass
class Words:
    """The words of a paragraph, and what stands beside them."""

    text: str = ""
    notes: list[Block] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)  # characters of each size
    light: int = 0  # characters that are not bold


def read_word(raw: bytes, path: Path) -> Reading:
    """The text of a .docx file. Raises SourceError if it is none, is damaged, encrypted or too large."""
    with open_package(raw, path) as package:
        notes = {kind: _notes(package.tree(kind)) for kind in NOTE_CALLS.values()}
        document = Document(read_styles(package.tree("styles")), Numbering(package.tree("numbering")), notes)
        with package.open_document() as part:
            blocks = list(bounded(_blocks(document, part, path), path))
    if not any(block.level for block in blocks):
        blocks = with_levels(blocks)
    return Reading(write(blocks)[0])


def _notes(tree: etree._Element | None) -> dict[str, str]:
    """The notes of one kind by id, each on one line; the rule above them, which has a type, left out."""
    notes = [] if tree is None else [note for note in tree if not note.get(f"{W}type")]
    return {note.get(f"{W}id", ""): " ".join("".join(note.itertext(TEXT)).split()) for note in notes}


def _blocks(document: Document, part: IO[bytes], path: Path) -> Iterator[Block]:
    held = 0
    for _, element in etree.iterparse(part, events=("end",), **PARSE):
        held += 1
        if held > MOST_ELEMENTS:
            raise SourceError(f"{path}: a paragraph or table of more than {MOST_ELEMENTS:,} elements; split it")
        if element.tag not in (P, TABLE) or next(element.iterancestors(P, TABLE), None) is not None:
            continue
        yield from _block(document, element)
        element.clear()
        while (before := element.getprevious()) is not None:
            element.getparent().remove(before)
        held = 0


def _block(document: Document, element: etree._Element) -> Iterator[Block]:
    yield from _paragraph(document, element) if element.tag == P else _table(document, element)


def _paragraph(document: Document, p: etree._Element) -> Iterator[Block]:
    """A paragraph with its number, the notes that it calls, and what stands in text boxes beside it."""
    named = document.styles.get(attribute(p.find(f"{W}pPr"), "pStyle"), document.styles[""])
    style = named.over(p)
    words = _words(document, p, style)
    text = words.text.strip(" \n")
    label = document.numbering.label(style) if text else ""
    if label:
        text = label + (" " if label[-1].isascii() else "") + text
    size = words.sizes.most_common(1)[0][0] if words.sizes else 0.0
    yield Block(text, min(style.level, LEVELS), size=size, bold=bool(text) and not words.light)
    yield from words.notes
    for box in words.boxes:
        for inner in _outermost(box, P, TABLE):
            yield from _block(document, inner)


def _words(document: Document, p: etree._Element, style: Style) -> Words:
    words = Words()
    text = [""]
    for run, child in _pieces(p, None):
        if child.tag == BOX:
            words.boxes.append(child)
        elif child.tag in NOTE_CALLS:
            if note := document.notes[NOTE_CALLS[child.tag]].get(child.get(f"{W}id", "")):
                document.called += 1
                text.append(f"<sup>{document.called}</sup>")
                words.notes.append(Block(f"<sup>{document.called}</sup> {note}", kind="note"))
        elif child.get(f"{W}type") not in BREAKS:
            piece = SIGNS.get(child.tag) or child.text or ""
            properties = None if run is None else run.find(f"{W}rPr")
            words.sizes[size_of(properties) or style.size] += len(piece.strip())
            words.light += 0 if is_on(properties, "b", style.bold) else len(piece.strip())
            raised = attribute(properties, "vertAlign") == "superscript"
            text.append(_raised(piece, text[-1]) if raised else piece)
    words.text = "".join(text)
    return words


def _pieces(element: etree._Element, run: etree._Element | None) -> Iterator[tuple]:
    """The pieces of text, calls of notes and text boxes under an element, each with its run."""
    for child in element:
        if child.tag in PIECES:
            yield run, child
        elif child.tag not in WITHOUT_WORDS:
            yield from _pieces(child, child if child.tag == RUN else run)


def _raised(piece: str, before: str) -> str:
    """A raised number: behind a letter a power, else the call of a note."""
    if piece in POWERS and before[-1:].isascii() and before[-1:].isalpha():
        return POWERS[piece]
    return f"<sup>{piece.strip()}</sup>" if piece.strip().isdecimal() else piece


def _table(document: Document, table: etree._Element) -> Iterator[Block]:
    """Its rows; a table of one column only frames its paragraphs."""
    rows = [list(_outermost(tr, CELL)) for tr in _outermost(table, ROW)]
    framed = all(len(cells) < 2 for cells in rows)
    for cells in rows:
        found = [[b for inner in _outermost(cell, P, TABLE) for b in _block(document, inner)] for cell in cells]
        if framed:
            yield from (block for blocks in found for block in blocks)
            continue
        if any(block.text for blocks in found for block in blocks):
            yield row(" ".join(map(_in_cell, blocks)) for blocks in found)
        yield from (block for blocks in found for block in blocks if block.kind == "note")


def _in_cell(block: Block) -> str:
    """What a block adds to the words of its cell."""
    if block.kind == "row":  # of a table inside the cell
        return block.text.strip("| ").replace(" | ", " ")
    return "" if block.kind == "note" else block.text


def _outermost(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements with one of these tags that lie in no other of them."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in WITHOUT_WORDS:
            yield from _outermost(child, *tags)
