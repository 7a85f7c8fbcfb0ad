"""A file becomes a Source: Unicode text, or one line that says why not."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.records import Source

TEXT_SUFFIXES = {".md", ".markdown", ".txt", ".text", ""}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# GB18030 decodes almost any bytes. In real Chinese text nearly every character is
# punctuation or one of the 3,755 common ones, which GB 2312 keeps in rows A1-A9 and B0-D7.
COMMON_SHARE = 0.85


def read(path: Path) -> Source:
    """The text of a Markdown or text file in UTF-8, UTF-16 with its mark, or GB18030.

    Raises SourceError if the path holds no file, a file of another kind, no
    words, or bytes whose encoding cannot be told.
    """
    path = Path(path)
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise SourceError(f"{path}: {path.suffix} files cannot be read yet; save the volume as Markdown or text")
    raw = _bytes(path)
    text = _decode(raw, path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError(f"{path}: the file is empty; give a volume with text in it")
    return Source(path=path, text=text, sha256=hashlib.sha256(raw).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file; check the path of the volume") from error
    except IsADirectoryError as error:
        raise SourceError(f"{path}: this is a folder; give the volume's file") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the file and its permissions") from error


def _decode(raw: bytes, path: Path) -> str:
    if raw.startswith(UTF16_MARKS):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text):
            raise SourceError(f"{path}: this is a binary file; give the volume as Markdown or text")
        if encoding != "gb18030" or _is_common_chinese(text):
            return text
    if b"\0" in raw:
        raise SourceError(f"{path}: this is a binary file; give the volume as Markdown or text")
    raise SourceError(f"{path}: its encoding is neither UTF-8, UTF-16 with a mark nor GB18030; save it as UTF-8")


def _is_common_chinese(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    common = sum(_is_common(character) for character in foreign)
    return common >= COMMON_SHARE * len(foreign)


def _is_common(character: str) -> bool:
    code = character.encode("gb18030")
    return len(code) == 2 and code[1] >= 0xA1 and (0xA1 <= code[0] <= 0xA9 or 0xB0 <= code[0] <= 0xD7)
