"""The parts of a Word file: XML in a ZIP package (ECMA-376, parts 1 and 2).

Only parts with text are unpacked, so that neither pictures nor a bomb fill the memory.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lxml import etree

from pipeline.errors import SourceError

MOST_BYTES = 1 << 27  # of the document, which is read as a stream; 2,000 papers take 80 MB
MOST_TREE = 1 << 24  # bytes of any other part
OLE = b"\xd0\xcf\x11\xe0"  # the old binary format, which is also the wrapping of an encrypted file
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONGEST_INTEGER = 6  # digits
PARSE = {"resolve_entities": False, "no_network": True, "load_dtd": False}


class Package:
    """An open Word file. `path` is for messages."""

    def __init__(self, archive: zipfile.ZipFile, path: Path):
        self.archive = archive
        self.path = path
        self.document = self._related("", "officeDocument") or "word/document.xml"

    def open_document(self) -> IO[bytes]:
        """The part that holds the text. Raises SourceError if there is none or it is too large."""
        if self.document not in self.archive.NameToInfo:
            raise SourceError(f"{self.path}: no Word file, it has no {self.document}; save it as .docx")
        return self._open(self.document, MOST_BYTES)

    def tree(self, kind: str) -> etree._Element | None:
        """The part that the document names as its "styles", "numbering" and so on; None if it names none."""
        return self._tree(self._related(self.document, kind))

    def _open(self, name: str, most: int) -> IO[bytes]:
        size = self.archive.getinfo(name).file_size  # zipfile unpacks no more than this
        if size > most:
            raise SourceError(
                f"{self.path}: {name} unpacks to {size >> 20} MB, the most is {most >> 20} MB; split the volume"
            )
        return self.archive.open(name)

    def _tree(self, name: str) -> etree._Element | None:
        if name not in self.archive.NameToInfo:
            return None
        with self._open(name, MOST_TREE) as part:
            return etree.parse(part, etree.XMLParser(**PARSE)).getroot()

    def _related(self, name: str, kind: str) -> str:
        """The part that `name` is related to; "" if there is none. The whole package is the name ""."""
        folder, file = posixpath.split(name)
        relations = self._tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        for relation in relations.iterfind(RELATION) if relations is not None else ():
            if relation.get("Type") == OFFICE + kind and relation.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        return ""


@contextmanager
def open_package(raw: bytes, path: Path) -> Iterator[Package]:
    """The parts of a Word file; inside the block, faults of the package and of its XML become SourceErrors."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield Package(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, etree.XMLSyntaxError, UnicodeDecodeError) as error:
        if raw.startswith(OLE):
            how = "save it as .docx without a password"
            raise SourceError(f"{path}: an encrypted file, or one of the old .doc format; {how}") from error
        what = str(error).splitlines()[0]
        raise SourceError(f"{path}: no Word file, or a damaged one ({what}); save it anew in Word") from error
    except (RuntimeError, NotImplementedError, OSError) as error:  # a password, a way of packing, an encoding of XML
        raise SourceError(f"{path}: cannot be unpacked ({error}); save it as .docx without a password") from error


def attribute(element: etree._Element | None, name: str) -> str:
    """The value of a child element; "" where there is none."""
    child = None if element is None else element.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")


def integer(element: etree._Element | None, name: str) -> int | None:
    """The value of a child element that is a number; None where there is none."""
    value = attribute(element, name)
    return int(value) if value.isdecimal() and len(value) <= LONGEST_INTEGER else None


def is_on(properties: etree._Element | None, name: str, otherwise: bool) -> bool:
    """Whether a property that is on or off is on."""
    element = None if properties is None else properties.find(f"{W}{name}")
    return otherwise if element is None else element.get(f"{W}val", "1") not in ("0", "false", "off")
