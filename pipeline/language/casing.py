"""English capitals: as a sentence has them, not as a title."""

from __future__ import annotations

import calendar
import re
from functools import cache

from pipeline.language.glossary import Glossary

WORD = re.compile(r"[A-Za-z][\w'’-]*")
CAPITALISED = re.compile(r"[A-Z][a-z]+(?:[-'’][A-Za-z]?[a-z]*)*$")  # no AI, no iPhone
TITLE = 0.6  # of the longer words behind the first, with a capital, in a title
SHORT = 3  # letters; titles print such words small


def sentence_case(text: str, glossary: Glossary) -> str:
    """A title in the capitals of a sentence: only names keep theirs. What is no title stays as it is."""
    first = WORD.search(text)
    behind = [w for w in WORD.findall(text)[1:] if len(w) > SHORT]
    if len(behind) < 2 or sum(w[0].isupper() for w in behind) < TITLE * len(behind):
        return text
    names = capitals(glossary)
    small = lambda m: m.group().lower() if CAPITALISED.match(m.group()) and m.group() not in names else m.group()
    return text[: first.end()] + WORD.sub(small, text[first.end() :])


@cache
def capitals(glossary: Glossary) -> frozenset[str]:
    """Words that always have a capital: of places of one word, countries and peoples, months and days."""
    sections = glossary.sections
    names = [en for en in sections["places"].values() if " " not in en]
    names += [*sections["countries"].values(), *sections["demonyms"].values()]
    words = {word for name in names for word in WORD.findall(name) if word[0].isupper()}
    return frozenset(words | {*calendar.month_name[1:], *calendar.day_name})
