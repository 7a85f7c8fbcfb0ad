"""Chinese texts as words, by jieba and its dictionary."""

from __future__ import annotations

import jieba

jieba.setLogLevel(60)


def cut(text: str) -> list[str]:
    """All of the text, as words and what stands between them."""
    return jieba.lcut(text)


def word_ends(text: str) -> set[int]:
    """After how many characters words of the text end."""
    at, ends = 0, set()
    for word in cut(text):
        at += len(word)
        ends.add(at)
    return ends


def occurrences(word: str) -> int:
    """How often the corpus of jieba's dictionary has the word; 0 for one that it does not know."""
    return jieba.dt.FREQ.get(word, 0)
