"""Quantities in Chinese and English text, and the same value in the other language.

Values are exact decimals: nothing is rounded, whatever the scale word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.language.dates import Date, chinese_date, dates, english_date
from pipeline.language.numerals import (
    CHINESE_SCALES,
    ENGLISH_SCALES,
    ENGLISH_UNITS,
    chinese_number,
    chinese_value,
    english_number,
    english_value,
)
from pipeline.language.patterns import (
    CODES,
    CURRENCIES,
    EN_AMOUNT,
    EN_FRACTION,
    EN_TENTHS,
    EN_WORDS,
    FRACTIONS,
    RATIO,
    ZH_AMOUNT,
    ZH_FRACTION,
    ZH_TENTHS,
)
from pipeline.records import Language

Kind = Literal["number", "percent", "points", "money", "multiple", "fraction", "ratio", "date"]

FROM = re.compile("(?:[由从]|[Ff]rom )$")  # the first of two figures, not of a range
SMALL = 10  # a number up to this in words is part of the sentence, not a figure


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit words, a range of two, or a date, at `text[start:end]`."""

    start: int
    end: int
    kind: Kind
    values: tuple[Decimal, ...] = ()  # one; two of a range; the terms of a ratio or fraction
    unit: str = ""  # of money: the ISO code of its currency
    date: Date | None = None
    more: bool = False  # 2000多亿: above the value
    figure: bool = True  # False for a small number in words, which stays in the sentence
    bare: tuple[int, int] | None = None  # the part of the span without currency and unit

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The plain numbers stated: of a date its year, month and day; of a fraction its per cent."""
        if self.date:
            return tuple(map(Decimal, self.date.numbers()))
        if self.kind == "fraction":
            return (self.values[0] / self.values[1] * 100,)
        return self.values


def quantities(text: str, language: Language, ranges: bool = True) -> list[Quantity]:
    """Every quantity of a text in order, none overlapping.

    Small numbers in words (两家, seven) are given with `figure` False.
    Without `ranges`, the ends of a range are two quantities.
    """
    taken: list[Quantity] = []
    for found in _readings(text, language, ranges):
        if all(found.end <= q.start or q.end <= found.start for q in taken):
            taken.append(found)
    return sorted(taken, key=lambda q: q.start)


def _readings(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    """Readings that may overlap, the better ones first."""
    for start, end, date in dates(text, language, ranges):
        yield Quantity(start, end, "date", date=date)
    for match in RATIO.finditer(text):
        terms = re.split("[:：∶]", match.group())
        yield Quantity(*match.span(), "ratio", tuple(Decimal(t.strip()) for t in terms))
    yield from (_chinese if language == "zh" else _english)(text, ranges)


def _chinese(text: str, ranges: bool) -> Iterator[Quantity]:
    for match in ZH_TENTHS.finditer(text):
        tens, ones = (chinese_value(match[g].replace("半", "五")) or Decimal(0) for g in "th")
        yield Quantity(*match.span(), "percent", (tens * 10 + ones,))
    for match in ZH_FRACTION.finditer(text):
        parts = chinese_value(match["n"]), chinese_value(match["d"])
        if parts[1] == 100 and parts[0]:
            yield Quantity(*match.span(), "percent", parts[:1])
        elif all(parts):
            yield Quantity(*match.span(), "fraction", parts)
    yield from _amounts(ZH_AMOUNT, text, ranges, CHINESE_SCALES)


def _english(text: str, ranges: bool) -> Iterator[Quantity]:
    yield from _amounts(EN_AMOUNT, text, ranges, ENGLISH_SCALES)
    for match in EN_TENTHS.finditer(text):
        yield Quantity(*match.span(), "percent", (english_value(match["t"]) * 10,))
    for match in EN_FRACTION.finditer(text):
        parts = english_value(match["n"]) or Decimal(1), Decimal(FRACTIONS[match["d"].lower()])
        figure = parts[1] > 2 and (match["n"].lower() not in ("a", "an") or match["of"] is not None)
        yield Quantity(*match.span(), "fraction", parts, figure=figure)
    for match in EN_WORDS.finditer(text):
        value = english_value(match["b"])
        if value:
            kind, unit = _unit(None, match["bu"])
            if kind == "multiple" and value <= SMALL:  # six times a day
                kind = "number"
            figure = value > SMALL or kind != "number"
            span = match.span("b") if kind == "number" else match.span()
            yield Quantity(*span, kind, (value,), unit if kind == "money" else "", figure=figure, bare=match.span("b"))


def _amounts(pattern: re.Pattern, text: str, ranges: bool, scales: dict[str, int]) -> Iterator[Quantity]:
    for match in pattern.finditer(text):
        first, last = (_value(match[n], match[n + "s"], scales) for n in "ab")
        if last is None or _is_word(text, match):
            continue
        # 6000至7000亿元: the first end takes scale and unit of the second, unless it has one.
        if first and not (match["as"] or match["au"]) and first < _value(match["b"], None, scales):
            first *= scales.get(match["bs"], 1)
        kind, unit = _unit(match["sign"], match["bu"])
        scaled = match["bs"] or len(match["b"]) > 1 and match["b"][-1] in "万亿"
        figure = match["b"][0].isdigit() or last > SMALL or kind != "number" or bool(scaled)
        more, bare = bool(match["more"]), (match.start("b"), max(match.end("b"), match.end("bs")))
        if not first:
            yield Quantity(*match.span(), kind, (last,), unit, more=more, figure=figure, bare=bare)
            continue
        own = _unit(match["sign"], match["au"]) if match["au"] else (kind, unit)
        # Up by 8 points to 33%: ends of two kinds are no range, as those of a fall are none.
        if ranges and first < last and own == (kind, unit) and not FROM.search(text[: match.start()]):
            bare = (match.start("a"), bare[1])
            yield Quantity(*match.span(), kind, (first, last), unit, more=more, figure=figure, bare=bare)
        else:
            end = max(match.end(g) for g in ("a", "as", "au"))
            yield Quantity(match.start(), end, own[0], (first,), own[1], figure=figure)
            yield Quantity(match.start("second"), match.end(), kind, (last,), unit, more=more, figure=figure, bare=bare)


def _value(number: str | None, scale: str | None, scales: dict[str, int]) -> Decimal | None:
    if not number:
        return None
    value = Decimal(re.sub(r"[,，\s]", "", number)) if number[0].isdigit() else chinese_value(number)
    return value * scales[scale] if value is not None and scale else value


# Numerals inside ordinary words, names of plans and rough counts.
_WORD_AFTER = re.compile("[几多余来]|五”|五规划|五时期|五期间|大报告|届")
_WORD_BEFORE = re.compile("[第几数上成“‘统唯专单]$")


def _is_word(text: str, match: re.Match) -> bool:
    """Whether a Chinese numeral is no figure: 第三, 数十, 万物, 十四五, 十几."""
    numeral = match["b"]
    if numeral[0].isdigit():
        return False
    if _WORD_BEFORE.search(text[: match.start("b")]) or _WORD_AFTER.match(text, match.end("b")):
        return True
    if re.search("[一二两三四五六七八九十]", numeral):
        return False
    return len(numeral) == 1 or not match["bu"]  # 百, 万元 in a table's head; 千万 the adverb


def _unit(sign: str | None, word: str | None) -> tuple[Kind, str]:
    word = re.sub(r"\s+", " ", word or "")
    if code := CODES.get(word) or CODES.get(word.lower()) or CODES.get(sign or ""):
        return "money", code
    word = word.lower()
    if word in ("%", "％", "per cent", "percent"):
        return "percent", ""
    if "百分点" in word or "point" in word:
        return "points", ""
    if word in ("倍", "times", "fold", "-fold"):
        return "multiple", ""
    return "number", word  # ‰ stays as printed


def render(quantity: Quantity, language: Language) -> str:
    """The quantity as an editor writes it in `language`: RMB 200 billion, 2000亿元."""
    if quantity.date:
        return english_date(quantity.date) if language == "en" else chinese_date(quantity.date)
    return _render_en(quantity) if language == "en" else _render_zh(quantity)


def _render_en(q: Quantity) -> str:
    numbers = [english_number(v) for v in q.values]
    if q.kind == "ratio":
        return ":".join(n.replace(",", "") for n in numbers)
    if q.kind == "fraction":
        return _english_fraction(*q.values)
    if len(numbers) == 2 and numbers[0].partition(" ")[2] == numbers[1].partition(" ")[2]:
        numbers[0] = numbers[0].partition(" ")[0]
    sign = CURRENCIES[q.unit][1] if q.kind == "money" else ""
    joined = "–".join(numbers) if " " not in numbers[0] else f" to {sign}".join(numbers)
    one = q.values == (Decimal(1),)
    after = {"percent": "%", "points": " percentage point" + "s" * (not one), "multiple": " times"}
    tail = after.get(q.kind, q.unit if q.kind == "number" else "")
    return ("over " if q.more else "") + sign + joined + tail


def _english_fraction(part: Decimal, whole: Decimal) -> str:
    names = {n: word for word, n in FRACTIONS.items() if word != "fourth"}
    if whole not in names or part > 9:
        return f"{english_number(part)} in {english_number(whole)}"
    count = [*ENGLISH_UNITS][int(part) - 1]
    return f"{count}-{names[int(whole)]}" + "s" * (part > 1)


def _render_zh(q: Quantity) -> str:
    numbers = [chinese_number(v) for v in q.values]
    if q.kind == "ratio":
        return ":".join(numbers)
    if q.kind == "fraction" and q.values[1] == 10:
        return f"{_numeral(q.values[0])}成"
    if q.kind == "fraction":
        return "{}分之{}".format(*(_numeral(v) for v in reversed(q.values)))
    if q.kind == "percent":
        return "至".join(f"{n}%" for n in numbers)
    after = {"points": "个百分点", "multiple": "倍", "money": CURRENCIES.get(q.unit, ("",))[0]}
    return "至".join(numbers) + after.get(q.kind, q.unit)


def _numeral(value: Decimal) -> str:
    small = "零一二三四五六七八九十"
    scales = {100: "百", 1000: "千", 10_000: "万"}
    return scales.get(int(value)) or (small[int(value)] if value <= 10 else str(value))


def in_words(value: Decimal, language: Language) -> str | None:
    """A count up to ten in words (两, two); None for any other number."""
    if value != int(value) or not 1 <= value <= SMALL:
        return None
    if language == "en":
        return [*ENGLISH_UNITS][int(value) - 1]
    return "两" if value == 2 else _numeral(value)
