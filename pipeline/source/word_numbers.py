"""Numbers that Word counts by itself: the 一、 of a heading, the (2) of a list.

They stand nowhere in the text of a file; ECMA-376, 17.9, says how to count them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from pipeline.source.word_package import W, attribute, integer
from pipeline.source.word_styles import Style

DEEPEST = 9  # levels of a list
DEPTHS = tuple("012345678")
COUNT = re.compile(r"%([1-9])")
CHINESE = "〇一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BULLET = "-"  # whatever the glyph, which is often one of a symbol font


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted and printed."""

    form: str = "decimal"  # a value of ST_NumberFormat
    pattern: str = ""  # with %1 for the count of the highest level
    start: int = 1
    style: str = ""  # of paragraphs that are of this level without saying so


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, tree: etree._Element | None):
        self.lists: dict[str, tuple[str, dict[int, Level]]] = {}  # by numId: what they count together, and levels
        self.counts: dict[tuple[str, int], int] = {}
        if tree is not None:
            self._read(tree)

    def _read(self, tree: etree._Element) -> None:
        abstract: dict[str, dict[int, Level]] = {}
        for element in tree.iterfind(f"{W}abstractNum"):
            abstract[element.get(f"{W}abstractNumId", "")] = levels(element)
        for element in tree.iterfind(f"{W}num"):
            number, shared = element.get(f"{W}numId", ""), attribute(element, "abstractNumId")
            own = {}
            restarts = False
            for override in element.iterfind(f"{W}lvlOverride"):
                own |= levels(override)
                restarts = restarts or override.find(f"{W}startOverride") is not None
            self.lists[number] = (number if restarts else shared, abstract.get(shared, {}) | own)

    def label(self, style: Style) -> str:
        """Count a paragraph, and return what Word prints before it; "" if no list counts it."""
        shared, found = self.lists.get(style.number, ("", {}))
        depth = style.depth
        if depth is None:
            depth = next((at for at, level in found.items() if level.style == style.name), 0)
        if depth not in found:
            return ""
        level = found[depth]
        self.counts[shared, depth] = self.counts.get((shared, depth), level.start - 1) + 1
        for deeper in range(depth + 1, DEEPEST):
            self.counts.pop((shared, deeper), None)
        if level.form == "bullet":
            return BULLET
        return COUNT.sub(lambda match: self._count(shared, found, int(match[1]) - 1), level.pattern).strip()

    def _count(self, shared: str, found: dict[int, Level], depth: int) -> str:
        level = found.get(depth, Level())
        return FORMS.get(level.form, str)(self.counts.get((shared, depth), level.start))


def levels(element: etree._Element) -> dict[int, Level]:
    """The levels from 0 that a list defines or overrides."""
    found = {}
    for level in element.iterfind(f"{W}lvl"):
        form, start = attribute(level, "numFmt") or "decimal", integer(level, "start")
        pattern = "" if form == "none" else attribute(level, "lvlText")
        depth = level.get(f"{W}ilvl", "")
        if depth in DEPTHS:
            found[int(depth)] = Level(form, pattern, 1 if start is None else start, attribute(level, "pStyle"))
    return found


def chinese(number: int) -> str:
    """1 to 99 as they are counted: 二十三; other numbers by their digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return digits(number)
    return ("" if tens < 2 else CHINESE[tens]) + ("十" if tens else "") + (CHINESE[ones] if ones else "")


def digits(number: int) -> str:
    return "".join(CHINESE[int(digit)] for digit in str(number))


def roman(number: int) -> str:
    letters = ""
    for value, letter in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        letters += letter * (number // value)
        number %= value
    return letters


def letter(number: int) -> str:
    """A to Z, then AA, BB and so on."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= 20 else f"({number})"


FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": digits,
    "ideographTraditional": lambda number: STEMS[(number - 1) % 10],
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "decimalZero": lambda number: f"{number:02d}",
    "upperLetter": letter,
    "lowerLetter": lambda number: letter(number).lower(),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
}
