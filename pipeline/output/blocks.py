"""The body of a Word file as a stream.

A brief of thousands of papers has a body of a hundred megabytes, and several
times that as a tree. So what is finished is kept as the bytes that it is in
the file, compressed, and goes into the file piece by piece.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

from docx.oxml import parse_xml
from lxml import etree

from pipeline.output.styles import NAMESPACES, WORD

ROOM = 200_000  # characters of XML that wait until they become bytes together
PLACE = "<?blocks here?>"  # where, in a file or a table, blocks or rows go
W = f"{{{WORD}}}"


def place() -> etree._Element:
    """PLACE as an element."""
    return etree.ProcessingInstruction("blocks", "here")


def around(data: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind PLACE in serialised XML."""
    before, behind = data.split(PLACE.encode())
    return before, behind


class Blocks:
    """Paragraphs and tables in their order; the same give the same bytes as one tree of all would."""

    def __init__(self, root: etree._Element, styles: Mapping[str, str]):
        """`root` is the file's, whose namespaces hold; `styles` are the ids of ours there, {} where they are ours."""
        self._root = root
        self._styles = styles
        self._waiting: list[str] = []
        self._size = 0
        self._finished: list[bytes] = []

    def add(self, block: str) -> None:
        """The next block as WordprocessingML with the prefixes w and r."""
        self._waiting.append(block)
        self._size += len(block)
        if self._size > ROOM:
            self._finish(self._waiting.pop())

    def end_section(self, section: str) -> None:
        """End a section with the last block, which must be a paragraph."""
        self._waiting[-1] = self._waiting[-1].replace("</w:pPr>", f"{section}</w:pPr>", 1)

    def add_table(self, frame: str, rows: Iterable[str]) -> None:
        """A table: its XML with PLACE for the rows, of which few are in memory at a time."""
        self._finish()
        opening, closing = around(self._serialised(frame))
        self._keep(opening)
        for row in rows:
            self.add(row)
        self._finish()
        self._keep(closing)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of all blocks, piece by piece."""
        self._finish()
        return map(zlib.decompress, self._finished)

    def _finish(self, last: str = "") -> None:
        """Make bytes of what waits; `last` waits on."""
        if self._waiting:
            self._keep(self._serialised("".join(self._waiting)))
        self._waiting = [last] if last else []
        self._size = len(last)

    def _keep(self, data: bytes) -> None:
        self._finished.append(zlib.compress(data))

    def _serialised(self, blocks: str) -> bytes:
        """Blocks as they are serialised in the file."""
        body = parse_xml(f"<w:body {NAMESPACES}>{blocks}</w:body>")
        if self._styles:
            for used in (*body.iter(f"{W}pStyle"), *body.iter(f"{W}rStyle")):
                used.set(f"{W}val", self._styles[used.get(f"{W}val")])
        # In a root with the file's namespaces, so that lxml declares anew only what the file does not.
        root = etree.Element(self._root.tag, nsmap=self._root.nsmap)
        root.extend(list(body))
        return etree.tostring(root, encoding="UTF-8").partition(b">")[2].rpartition(b"</")[0]
