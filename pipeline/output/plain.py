"""Source text as it is printed: one line, without Markdown marks, fit for XML, whole or abridged."""

from __future__ import annotations

import re

from pipeline.records import Language
from pipeline.source.text import UNSEEN

WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—]"
MARK = re.compile(r"^\s*(?:#{1,6}\s+|[-*]\s+)|\*\*", re.MULTILINE)
WIDE_GAP = re.compile(rf"(?<={WIDE})\s+(?={WIDE})")
GAP = re.compile(r"\s+")
# In XML 1.0, or to a terminal.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN = re.compile(r"[A-Za-z]")
WIDE_LETTER = re.compile(WIDE)
WORD_START = re.compile(r"[A-Za-z0-9.]+$")
ESCAPE = re.compile(r"\\([*_#\[\]()~`>+.!|\\-])")
RAISED = re.compile(r"<sup>([0-9+-]{1,4})</sup>", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
TAG = re.compile(r"</?(?:sup|sub|b|i|u|em|strong|br)\s*/?>", re.IGNORECASE)
OMITTED = {"zh": "……", "en": " …"}
UNCLOSED = re.compile(r"[“（《‘(][^”）》’)]*$")
CLAUSE_ENDS = {"zh": "，；：。", "en": ",;:."}


def plain(text: str) -> str:
    """`text` on one line; what XML cannot hold becomes U+FFFD, so that damage stays visible.

    Raised figures get signs of their own: km<sup>2</sup> is km². Characters that are not seen are left out.
    """
    text = UNSEEN.sub("", text)
    text = RAISED.sub(lambda match: match[1].translate(SUPERSCRIPTS), text)
    text = MARK.sub("", ESCAPE.sub(r"\1", TAG.sub("", text)))
    text = ILLEGAL.sub("\ufffd", text)
    text = WIDE_GAP.sub("", text.strip())
    return GAP.sub(" ", text)


def width(text: str) -> float:
    """How many Chinese characters wide `text` is; a Latin letter is half of one."""
    return sum(1 if WIDE_LETTER.match(letter) else 0.5 for letter in text)


def abridged(text: str, most: int) -> str:
    """The first and the last words of `text`, with …… between them, if it is wider than `most`."""
    if width(text) <= most + 2:  # nothing is won by …… itself
        return text
    head = most * 3 // 5
    tail = leading(text[::-1], most - head)[::-1]
    return f"{leading(text, head).rstrip()}……{tail.lstrip()}"


def leading(text: str, most: float) -> str:
    """The longest start of `text` that is no wider than `most` and breaks no Latin word, if one fits."""
    end, total = 0, 0.0
    while end < len(text) and total + width(text[end]) <= most:
        total += width(text[end])
        end += 1
    if WORD_START.match(text[end : end + 1]):
        return WORD_START.sub("", text[:end]) or text[:end]
    return text[:end]


def clauses(text: str, most: int, language: Language) -> str:
    """The first clauses of `text` within `most` Chinese characters or English words, marked where it goes on.

    A clause that alone is longer is broken off after `most`.
    """
    words = list(text) if language == "zh" else text.split()
    if len(words) <= most:
        return text
    ends = [n for n in range(most // 2, most + 1) if words[n - 1][-1] in CLAUSE_ENDS[language]]
    start = ("" if language == "zh" else " ").join(words[: ends[-1] if ends else most])
    start = UNCLOSED.sub("", start) or start
    return start.rstrip(CLAUSE_ENDS[language]) + OMITTED[language]


def within(items: list[str], most: int, language: Language) -> int:
    """How many of the first `items` have no more than `most` Chinese characters or English words; one at least."""
    total = 0
    for count, item in enumerate(items):
        total += len(item) if language == "zh" else len(item.split())
        if count and total > most:
            return count
    return len(items)
