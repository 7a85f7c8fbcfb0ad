"""Grammars in llama.cpp's own notation, for its server (GBNF: grammars/README.md of llama.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

# As in grammar.py, in ranges: GBNF knows no classes of Unicode, and a long list would slow every token. Left out:
# digits of any width, raised and ringed ones, and the Greek small letters, which may serve as slots.
CHINESE = r"[^\x00-\x1F0-9²³¹α-ω①-⓿❶-➓\uFF10-\uFF19\u2028\u2029\uFFFD]"
ENGLISH = r"[\x20-\x2F:-~À-ɏ–—‘’“”…·•€£¥°]"


def slot_gbnf(glyphs: Sequence[str], chinese: bool) -> str:
    """A reply of one line without numbers, in which glyphs stand for them.

    How often a glyph occurs is left to the checks of the reply: GBNF has no `and`.
    """
    letter = (CHINESE if chinese else ENGLISH) + (f" | [{''.join(glyphs)}]" if glyphs else "")
    return f'root ::= ({letter})+ "\\n"?'
