"""The bytes of a text file become Unicode, or one line that says why not."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from pipeline.errors import SourceError

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# GB18030 decodes almost any bytes. In real Chinese text nearly every character is
# punctuation or one of the 3,755 common ones, which GB 2312 keeps in rows A1-A9 and B0-D7.
COMMON_SHARE = 0.85


def decode(raw: bytes, path: Path) -> str:
    """The text in UTF-8, UTF-16 with its mark, or GB18030; `path` is for messages.

    Raises SourceError for bytes that are no text, or whose encoding cannot be told.
    """
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
            raise SourceError(f"{path}: this is a binary file; give the volume as Markdown, text, Word or PDF")
        if encoding != "gb18030" or _is_common_chinese(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    if b"\0" in raw:
        raise SourceError(f"{path}: this is a binary file; give the volume as Markdown, text, Word or PDF")
    raise SourceError(f"{path}: its encoding is neither UTF-8, UTF-16 with a mark nor GB18030; save it as UTF-8")


def _is_common_chinese(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    common = sum(_is_common(character) for character in foreign)
    return common >= COMMON_SHARE * len(foreign)


def _is_common(character: str) -> bool:
    code = character.encode("gb18030")
    if len(code) == 4:  # with digits at fixed places, which other encodings hardly have by chance
        return True
    if code[0] in (0xA8, 0xA9):  # dashes and Latin letters stand in the lower half of these rows too
        return True
    return code[1] >= 0xA1 and (0xA1 <= code[0] <= 0xA7 or 0xB0 <= code[0] <= 0xD7)
