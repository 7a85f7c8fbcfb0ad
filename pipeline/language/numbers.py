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
    CHINESE_DIGITS,
    CHINESE_SCALES,
    ENGLISH_SCALES,
    ENGLISH_UNITS,
    chinese_number,
    chinese_value,
    english_number,
    english_value,
    plain,
)
from pipeline.language.patterns import (
    CALLED,
    CLOCK,
    CODES,
    CURRENCIES,
    EN_AMOUNT,
    EN_FRACTION,
    EN_HALF,
    EN_IN,
    EN_TENTHS,
    EN_TIMES,
    EN_WORDS,
    FRACTIONS,
    GROWTH,
    PLANS,
    RATIO,
    TO_ONE,
    ZH_AMOUNT,
    ZH_CLOCK,
    ZH_DISCOUNT,
    ZH_FRACTION,
    ZH_HALF,
    ZH_NEAR,
    ZH_TENTHS,
)
from pipeline.records import Language

Kind = Literal[
    "number", "percent", "points", "money", "multiple", "growth", "discount", "fraction", "ratio", "time", "date"
]

HIDDEN = "\ue000"  # of no language: stands for what is read already
FROM = re.compile("(?:[由从]|[Ff]rom )$")  # the first of two figures, not of a range
SMALL = 10  # a number up to this in words is part of the sentence, not a figure
# Behind these 一倍 is what is added, 100%, and not the whole, as in 是…的两倍.
ADDED = re.compile(
    "(?:增[加长多]?|提[高升]|高出?|多出?|[上攀]升|上?涨|扩大|快|[贵长大]|超出|放大|延长|加价|相差)[了出]?"
    "(?:近|将近|约|大约|逾|超过?|不到|不止|至少|整整)?$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit words, a range of two, a date or a clock time, at `text[start:end]`.

    Of a discount (八折) the value is the per cent that are taken off, of growth (增长两倍) the times that are added.
    """

    start: int
    end: int
    kind: Kind
    values: tuple[Decimal, ...] = ()  # one; two of a range; the terms of a ratio, fraction or time
    unit: str = ""  # of money: the ISO code of its currency
    date: Date | None = None
    more: bool = False  # 2000多亿: above the value
    figure: bool = True  # False for a small number in words, which stays in the sentence
    bare: tuple[int, int] | None = None  # the part of the span without currency and unit

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The plain numbers stated: of a date its year, month and day; of a fraction or growth its per cent."""
        if self.date:
            return tuple(map(Decimal, self.date.numbers()))
        if self.kind == "fraction":
            return (self.values[0] / self.values[1] * 100,)
        if self.kind == "growth":
            return tuple(value * 100 for value in self.values)
        if self.kind in ("ratio", "time"):  # 9 is 9:00
            return tuple(filter(None, self.values)) or self.values[:1]
        return self.values


def quantities(text: str, language: Language, ranges: bool = True) -> list[Quantity]:
    """Every quantity of a text in order, none overlapping.

    Small numbers in words (两家, seven) are given with `figure` False.
    Without `ranges`, the ends of a range are two quantities.
    """
    taken: list[Quantity] = []
    text = PLANS[language].sub(_blank, CALLED[language].sub(_blank, text))
    for reading in READINGS[language]:
        # What is read is hidden from what is read after it: in "2020 to 3.1 million" the year is no end of a range.
        hidden = list(text)
        for found in taken:
            hidden[found.start : found.end] = HIDDEN * (found.end - found.start)
        for found in reading("".join(hidden), language, ranges):
            if all(found.end <= q.start or q.end <= found.start for q in taken):
                taken.append(found)
    return sorted(taken, key=lambda q: q.start)


def _blank(match: re.Match) -> str:
    return HIDDEN * len(match.group())


def _dates(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    for start, end, date in dates(text, language, ranges):
        figure = bool(date.numbers()) or any(c.isdigit() for c in text[start:end])  # 上半年 stays in the sentence
        yield Quantity(start, end, "date", date=date, figure=figure)


def _ratios(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    for match in CLOCK.finditer(text):
        yield Quantity(*match.span(), "time", (Decimal(match["h"]), Decimal(match["m"])))
    for match in TO_ONE.finditer(text) if ranges else ():
        yield Quantity(*match.span(), "ratio", tuple(map(Decimal, filter(None, match.groups()))))
    for match in RATIO.finditer(text):
        terms = re.split("[:：∶]", match.group())
        yield Quantity(*match.span(), "ratio", tuple(Decimal(t.strip()) for t in terms))


def _grown(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    """Verbs that say how often something has doubled: parts of the sentence."""
    for match in GROWTH[language].finditer(text):
        if language == "zh":
            times = 2 ** int(chinese_value(match["n"] or "一")) - 1
        else:
            times = int(match.lastgroup[1:])
        yield Quantity(*match.span(), "growth", (Decimal(times),), figure=False)


def _chinese_shares(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    for match in ZH_TENTHS.finditer(text):
        last = _tenths(match["t"], match["h"])
        first = _tenths(match["a"] or match["near"] or "", match["ah"]) or last
        if match["near"] and last != first + 10:
            continue
        if ranges and first < last:
            yield Quantity(*match.span(), "percent", (first, last), more=bool(match["more"]))
            continue
        yield Quantity(match.start("t"), match.end(), "percent", (last,), more=bool(match["more"]))
        if match["a"] or match["near"]:
            yield Quantity(match.start(), match.start("t"), "percent", (first,))
    for match in ZH_DISCOUNT.finditer(text):
        tenths = Decimal("".join(str(CHINESE_DIGITS.get(c, c)) for c in match["n"].replace("对", "五") if c != "."))
        yield Quantity(*match.span(), "discount", (100 - tenths * (10 if tenths < 10 else 1),))
    for match in ZH_FRACTION.finditer(text):
        yield from _chinese_fraction(match)
    for match in ZH_HALF.finditer(text):
        yield Quantity(*match.span(), "fraction", (Decimal(1), Decimal(2)), figure=False)


def _chinese_fraction(match: re.Match) -> Iterator[Quantity]:
    whole, more = _value(match["d"], None, CHINESE_SCALES), bool(match["more"])
    parts = [value for g in ("n", "n2") if (value := _value(match[g], None, CHINESE_SCALES))]
    if whole == 100 and parts:
        yield Quantity(*match.span(), "percent", tuple(parts), more=more)
    elif whole and len(parts) == 1:
        yield Quantity(*match.span(), "fraction", (parts[0], whole), more=more)


def _tenths(tens: str, ones: str | None) -> Decimal:
    """The per cent of 三成, 3.5成 or 六成半."""
    value = _value(tens, None, CHINESE_SCALES) or Decimal(0)
    return value * 10 + (_value(ones.replace("半", "五"), None, CHINESE_SCALES) if ones else 0)


def _chinese_counts(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    for match in ZH_CLOCK.finditer(text):
        hour, minute = (_value(match[g], None, CHINESE_SCALES) or Decimal(0) for g in ("h", "m"))
        yield Quantity(*match.span(), "time", (hour, Decimal(30) if match["half"] else minute))
    for match in ZH_NEAR.finditer(text):
        first, last = (_value(match[g] + match["s"], None, CHINESE_SCALES) for g in "ab")
        if ranges and first and last and CHINESE_DIGITS[match["b"]] == CHINESE_DIGITS[match["a"]] + 1:
            yield Quantity(*match.span(), "number", (first, last), bare=match.span())
    yield from _amounts(ZH_AMOUNT, text, ranges, CHINESE_SCALES)


def _english_counts(text: str, language: Language, ranges: bool) -> Iterator[Quantity]:
    for match in EN_IN.finditer(text):
        parts = _english_value(match["n"]), _english_value(match["d"])
        if all(parts):
            yield Quantity(*match.span(), "fraction", parts)
    yield from _amounts(EN_AMOUNT, text, ranges, ENGLISH_SCALES)
    for match in EN_TENTHS.finditer(text):
        yield Quantity(*match.span(), "percent", (english_value(match["t"]) * 10,))
    for match in EN_FRACTION.finditer(text):
        whole = (match["d"] or "quarter").lower()
        parts = english_value(match["n"]) or Decimal(1), Decimal(FRACTIONS[whole])
        figure = parts[1] > 2 and (match["n"].lower() not in ("a", "an") or match["of"] is not None)
        yield Quantity(*match.span(), "fraction", parts, figure=figure)
    for match in EN_HALF.finditer(text):
        yield Quantity(*match.span(), "fraction", (Decimal(1), Decimal(2)), figure=False)
    for match in EN_TIMES.finditer(text):
        times = Decimal(2) if match["twice"] else english_value(match["fold"] or match["half"])
        if times:
            times += Decimal("0.5") * (match["half"] is not None)
            yield Quantity(*match.span(), "multiple", (times,), figure=False)
    for match in EN_WORDS.finditer(text):
        value = english_value(match["b"])
        if value:
            kind, unit = _unit(None, match["bu"])
            if kind == "multiple" and value <= SMALL:  # six times a day
                kind = "number"
            figure = value > SMALL or kind != "number"
            span = match.span("b") if kind == "number" else match.span()
            yield Quantity(*span, kind, (value,), unit if kind == "money" else "", figure=figure, bare=match.span("b"))


def _english_value(number: str) -> Decimal | None:
    return _value(number, None, ENGLISH_SCALES) if number[0].isdigit() else english_value(number)


def _amounts(pattern: re.Pattern, text: str, ranges: bool, scales: dict[str, int]) -> Iterator[Quantity]:
    for match in pattern.finditer(text):
        first, last = (_value(match[n], match[n + "s"], scales) for n in "ab")
        use = _use(text, match)
        if last is None or use is None:
            continue
        found = match.groupdict()
        if found.get("half"):  # 一倍半
            last += Decimal("0.5")
        # 6000至7000亿元: the first end takes scale and unit of the second, unless it has one.
        if first and not (match["as"] or match["au"]) and first < _value(match["b"], None, scales):
            first *= scales[match["bs"].lower()] if match["bs"] else 1
        kind, unit = _unit(match["sign"], match["bu"])
        if use == "money":
            kind, unit = "money", "CNY"
        if kind == "multiple" and scales is CHINESE_SCALES and ADDED.search(text[: match.start()]):
            kind = "growth"
        scaled = match["bs"] or len(match["b"]) > 1 and match["b"][-1] in "万亿"
        figure = match["b"][0].isdigit() or last > SMALL or kind != "number" or bool(scaled) or "点" in match["b"]
        figure = figure and use != "word"
        more = bool(match["more"] or found.get("over"))
        bare = (match.start("b"), max(match.end("b"), match.end("bs")))
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
    return value * scales[scale.lower()] if value is not None and scale else value


# Numerals inside ordinary words and names of plans.
_WORD_AFTER = re.compile("几|五”|五规划|五时期|五期间|(?<=万一)(?![一-鿿]?[千百十元])")
_WORD_BEFORE = re.compile("(?:[几数“‘统唯专单]|(?<![形建达])成)$")
# Counted in the sentence, though the other language may print digits: 第十四位, 二十大, 四十多家, 十余项.
_SPOKEN_BEFORE = re.compile("(?:第|党的)$")
_SPOKEN_AFTER = re.compile("[多余来]|届|大报告")
# A scale alone is a number behind a bound or "every", before a level, and as the base of a rate.
_BOUND_BEFORE = re.compile("(?:[近约逾达足满破上]|超过?|(?<![通经超])过|不到|高达)$")
_EVERY = re.compile("每$")
_NO_MEASURE = re.compile("[分瓦克米卡伏焦赫升方年]")
_LEVEL = re.compile("(?:吨|辆|台|人|户|千瓦|平方米)?级")
_INDUSTRY = re.compile("(?:元?级)?(?:[一-鿿]{0,8}?(?:产业|集群|市场|园区|赛道|企业)|GDP)")
_OUTPUT = re.compile("产值|GDP|国内生产总值|地区生产总值|生产总值|(?:工业)?增加值|营[业收]|收入|投入|投资额|销售额")
_COUNTED = re.compile("亩|吨|人|户|公顷|平方|公里|标箱|[辆台名家个]|千瓦")

Use = Literal["figure", "money", "word"]


def _use(text: str, match: re.Match) -> Use | None:
    """How a number stands: money without a unit (千亿级产业), in words as part of the sentence, or as no number.

    None for what only looks like one: 数十, 万物, 十四五, 十几, 千万不要.
    """
    numeral, before, end = match["b"], text[: match.start("b")], match.end()
    if numeral[0].isdigit():
        return "figure"
    if _WORD_AFTER.match(text, match.end("b")):
        return None
    if _EVERY.search(before) and not _NO_MEASURE.match(text, end):
        return "figure"
    spoken = _SPOKEN_BEFORE.search(before) or _SPOKEN_AFTER.match(text, match.end("b"))
    if re.search("[一二两三四五六七八九十]", numeral):
        return None if _WORD_BEFORE.search(before) else "word" if spoken else "figure"
    return _use_of_scale(text, match, bool(spoken))


def _use_of_scale(text: str, match: re.Match, spoken: bool) -> Use | None:
    """How 百, 千亿 or 万元 stands, which has no digit."""
    numeral, unit, before, end = match["b"], match["bu"], text[: match.start("b")], match.end()
    bound = _BOUND_BEFORE.search(before)
    if _WORD_BEFORE.search(before):
        return None
    if numeral[-1] == "亿" and len(numeral) > 1 and not unit and _INDUSTRY.match(text, end):
        return "money"
    if _LEVEL.match(text, end) or unit and _OUTPUT.match(text, end):
        return "figure"
    if len(numeral) > 1 or bound and (unit or numeral == "亿"):
        return "figure" if unit or bound else None  # 千万 the adverb
    if unit:
        return None  # 万元 in a table's head
    return "word" if bound or spoken or _COUNTED.match(text, end) else None


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
    numbers = [english_number(v) for v in (q.numbers if q.kind == "growth" else q.values)]
    if q.kind == "time":
        return _clock(q)
    if q.kind == "multiple" and q.values == (2,):
        return "over " * q.more + "twice"
    if q.kind == "ratio":
        return ":".join(n.replace(",", "") for n in numbers)
    if q.kind == "fraction":
        return _english_fraction(*q.values)
    if len(numbers) == 2 and numbers[0].partition(" ")[2] == numbers[1].partition(" ")[2]:
        numbers[0] = numbers[0].partition(" ")[0]
    sign = CURRENCIES[q.unit][1] if q.kind == "money" else ""
    joined = "–".join(numbers) if " " not in numbers[0] else f" to {sign}".join(numbers)
    one = q.values == (Decimal(1),)
    after = {"percent": "%", "growth": "%", "discount": "% off", "multiple": " times"}
    after["points"] = " percentage point" + "s" * (not one)
    tail = after.get(q.kind, q.unit if q.kind == "number" else "")
    return ("over " if q.more else "") + sign + joined + tail


def _clock(q: Quantity) -> str:
    return f"{q.values[0]}:{int(q.values[1]):02}"


def _english_fraction(part: Decimal, whole: Decimal) -> str:
    names = {n: word for word, n in FRACTIONS.items() if word != "fourth"}
    if whole not in names or part > 9:
        return f"{english_number(part)} in {english_number(whole)}"
    count = [*ENGLISH_UNITS][int(part) - 1]
    return f"{count}-{names[int(whole)]}" + "s" * (part > 1)


def _render_zh(q: Quantity) -> str:
    numbers = [chinese_number(v) for v in q.values]
    if q.kind == "time":
        return _clock(q)
    if q.kind == "multiple" and q.values == (2,):
        return "两倍"
    if q.kind == "discount":
        return f"{plain(10 - q.values[0] / 10)}折"
    if q.kind == "ratio":
        return ":".join(numbers)
    if q.kind == "fraction" and q.values[1] == 10:
        return f"{numeral(q.values[0])}成"
    if q.kind == "fraction":
        return "{}分之{}".format(*(numeral(v) for v in reversed(q.values)))
    if q.kind == "percent":
        return "至".join(f"{n}%" for n in numbers)
    after = {"points": "个百分点", "multiple": "倍", "growth": "倍", "money": CURRENCIES.get(q.unit, ("",))[0]}
    return "至".join(numbers) + after.get(q.kind, q.unit)


READINGS = {  # the better ones first
    "zh": (_dates, _ratios, _grown, _chinese_shares, _chinese_counts),
    "en": (_dates, _ratios, _grown, _english_counts),
}


def numeral(value: Decimal) -> str:
    """A whole number in Chinese characters where it is short, else in digits: 十五, 千, 37."""
    small = "零一二三四五六七八九十"
    if 10 < value < 20:
        return f"十{small[int(value) - 10]}"
    scales = {100: "百", 1000: "千", 10_000: "万"}
    return scales.get(int(value)) or (small[int(value)] if value <= 10 else str(value))


def in_words(value: Decimal, language: Language) -> str | None:
    """A count up to ten in words (两, two); None for any other number."""
    if value != int(value) or not 1 <= value <= SMALL:
        return None
    if language == "en":
        return [*ENGLISH_UNITS][int(value) - 1]
    return "两" if value == 2 else numeral(value)
