"""Source text as it is printed: one line, without Markdown marks, fit for XML."""

from __future__ import annotations

import re

WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—]"
MARK = re.compile(r"^\s*(?:#{1,6}\s+|[-*]\s+)|\*\*", re.MULTILINE)
WIDE_GAP = re.compile(rf"(?<={WIDE})\s+(?={WIDE})")
GAP = re.compile(r"\s+")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN = re.compile(r"[A-Za-z]")


def plain(text: str) -> str:
    """`text` on one line; what XML cannot hold becomes U+FFFD, so that damage stays visible."""
    text = MARK.sub("", text)
    text = ILLEGAL.sub("\ufffd", text)
    text = WIDE_GAP.sub("", text.strip())
    return GAP.sub(" ", text)


def abridged(text: str, most: int) -> str:
    """`text`, its middle replaced by …… if it is longer than `most` characters."""
    if len(text) <= most:
        return text
    head = most * 2 // 3
    return f"{text[:head].rstrip()}……{text[-(most - head) :].lstrip()}"
