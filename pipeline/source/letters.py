"""Texts compared by their letters and digits alone, as damaged prints must be."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

SLACK = 3  # letters that a damaged copy may have more or less
HEAD = 4  # letters at the beginning of a copy, of which half must be right
LONG_HEAD = 8  # letters that are alike in undamaged copies
MOST_ALIKE = 200
ALIKE = 85.0  # per cent of letters in order that two copies of a title share


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of `text`, and where in `text` each of them stands."""

    text: str
    letters: str
    at: tuple[int, ...]

    def offset(self, position: int) -> int:
        """Where in `text` the first `position` letters end."""
        return self.at[position - 1] + 1 if position else 0


def letters(text: str) -> str:
    """Lower-case letters and digits of `text`, full-width forms made narrow."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def located(text: str) -> Letters:
    pairs = [(letter, at) for at, character in enumerate(text) for letter in letters(character)]
    return Letters(text, "".join(letter for letter, _ in pairs), tuple(at for _, at in pairs))


class Heads:
    """Texts by their first letters, so that copies of one are found without comparing it with all of them.

    Of texts that begin with the same letters only the first MOST_ALIKE are
    found, so that time does not grow with the square of a crafted text.
    """

    def __init__(self):
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._pairs: dict[str, list[int]] = defaultdict(list)

    def add(self, text: str, key: int) -> None:
        """Remember a text of letters; keys ascend."""
        for keys in (self._exact[text[:LONG_HEAD]], *(self._pairs[pair] for pair in _pairs(text))):
            if text and len(keys) < MOST_ALIKE:
                keys.append(key)

    def alike(self, text: str) -> list[int]:
        """The keys of texts that `prefix_match` may find a copy of at the beginning of `text`, ascending."""
        found = {key for length in range(1, LONG_HEAD + 1) for key in self._exact.get(text[:length], ())}
        found.update(key for pair in _pairs(text) for key in self._pairs.get(pair, ()))
        return sorted(found)


def _pairs(text: str) -> set[str]:
    """Two letters in order: heads of which half is alike share a pair."""
    head = text[:HEAD]
    return {a + b for at, a in enumerate(head) for b in head[at + 1 :]}


def prefix_match(part: str, whole: str, start: int = 0) -> int:
    """Where in `whole` a copy of `part` that begins at `start` ends; 0 where none does."""
    if not part or len(part) > len(whole) - start + SLACK:
        return 0
    if whole.startswith(part, start):
        return start + len(part)
    # A copy begins alike, or it is the same words further on.
    if fuzz.ratio(part[:HEAD], whole[start : start + HEAD]) < 50:
        return 0
    if fuzz.ratio(part, whole[start : start + len(part)]) < ALIKE - 10:
        return 0
    ends = range(max(start + 1, start + len(part) - SLACK), min(len(whole), start + len(part) + SLACK) + 1)
    ratio, end = max((fuzz.ratio(part, whole[start:end]), end) for end in ends)
    return end if ratio >= ALIKE else 0
