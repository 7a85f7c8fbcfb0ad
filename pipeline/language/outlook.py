"""Whether a text tells what is, what is foreseen or what is aimed at."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.language.lexicon import Words
from pipeline.language.wording import Wording

Outlook = Literal["forecast", "target"]
TARGET: Words = {
    "zh": re.compile(
        "目标|力争|争取|(?<![统策])规划(?![设院局建])|计划(?!单列)|(?<![模虚])拟(?![定订合人真])|打算|确保|要求.{0,12}达到"
    ),
    "en": re.compile(
        r"\b(?:targets?|targeted|goal|aims?|aiming|plan(?:s|ned)? to|intends? to|striv\w+|seeks? to)\b", re.I
    ),
}
FORECAST: Words = {
    "zh": re.compile("预[计测期]|有望|届时|料将|将(?=[于在会达突超增升降减逐有占从由进是为])|展望"),
    "en": re.compile(
        r"\b(?:forecast\w*|expect(?:s|ed)?|project(?:s|ed)|predict\w*|estimates? that by|will|set to|due to reach)\b",
        re.I,
    ),
}


def outlook(said: Wording) -> Outlook | None:
    """What the clauses that have figures tell, or lead up to; None of what is."""
    found = [head(said.text, quantity.start) for quantity in said.figures]
    for name, words in (("target", TARGET), ("forecast", FORECAST)):
        if any(words[said.language].search(text) for text in found):
            return name
    return None


def head(text: str, at: int) -> str:
    """The sentence up to a figure, to the end of its own clause."""
    start = max((m.end() for m in re.finditer(r"[。！？；]|[.!?;](?=\s)", text[:at])), default=0)
    end = re.search(r"[，。；]|[,.;](?=\s)|$", text[at:]).start() + at
    return text[start:end]
