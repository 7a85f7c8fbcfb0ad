"""Dates in Chinese and English text: years, months, days, and parts of a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.language.numerals import CHINESE_DIGITS, chinese_value

MONTHS = "January February March April May June July August September October November December".split()
ORDINALS = ("first", "second", "third", "fourth")
PART_ZH = {"end": "底", "start": "初", "middle": "年中", "H1": "上半年", "H2": "下半年"}
PART_ZH |= {f"Q{i}": f"{c}季度" for i, c in enumerate("一二三四", 1)}
ZH_PARTS = {"底": "end", "末": "end", "初": "start", "中": "middle"}
YEAR = r"(?:1[89]|20|21)\d\d"
DASH = r"\s?(?:至|到|-|－|—|–|~|～)\s?"

_ZH = (
    rf"(?P<y>(?<!\d){YEAR})\s?年?{DASH}(?P<y2>{YEAR})\s?年",
    rf"(?P<y>(?<!\d){YEAR})\s?年(?:年?(?P<half>[上下])半年"
    r"|第?(?P<quarter>[一二三四1-4])季度(?P<close>[末底](?!端))?"
    r"|\s?(?P<m>1[0-2]|0?[1-9])\s?月份?(?:\s?(?P<d>[0-3]?\d)\s?[日号])?(?P<mp>[底末初](?![步级]))?"
    r"|年?(?P<p>底(?![层线盘])|末(?!端)|初(?![步级创始])|中(?=[，。、,前]|$))"
    r"|度(?![假过]))?",
    r"(?P<yz>[一二][〇零一二三四五六七八九]{3})年"
    r"(?:(?P<mz>十[一二]|[一二三四五六七八九十])月(?:(?P<dz>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日)?)?",
    r"(?:(?P<c>\d\d)\s?世纪|上世纪)\s?(?P<dec>\d0)\s?年代",
    r"(?P<decade>(?:19|20)\d0)\s?年代",
    rf"(?<![\d.])(?P<m>1[0-2]|0?[1-9])(?={DASH}(?:1[0-2]|0?[1-9])\s?月)",
    r"(?<![第零一二三四五六七八九十年])(?P<mz>十[一二]|[一二三四五六七八九十])月份?(?!度)",
    r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s?月份?(?:\s?(?P<d>[0-3]?\d)\s?[日号])?(?P<mp>[底末初](?![步级]))?",
    # Of a year that is not said; 前三季度 is three of them.
    r"(?<![前\d连续个每各后])第?(?P<quarter>[一二三四1-4])季度(?P<close>[末底](?!端))?",
    r"(?<![每个])(?P<half>[上下])半年(?!度)",
    r"(?<![\d一二三四五六七八九十几数多])年(?P<p>[底末](?![端线层])|中(?=[，。、,前]|$))",
)
_MONTH = "|".join(MONTHS)
_BEFORE = "|".join(f"(?<={w} )" for w in "in In by By of to from From between Between since Since until every".split())
_EN = (
    rf"(?<![\w,.$€£])(?P<y>{YEAR})\s?(?:to|–|—|-|~|through|until)\s?(?P<y2>{YEAR})(?![\w,]\d|\w)",
    rf"(?<=[Bb]etween )(?P<y>{YEAR}) and (?P<y2>{YEAR})(?!\w)",
    rf"(?:the )?(?P<edge>end|close|beginning|start|middle) of (?:(?P<m>{_MONTH}),? )?(?P<y>{YEAR})(?!\w)",
    rf"(?:the )?(?P<edge>end|beginning|start) of (?P<m>{_MONTH})\b",
    rf"(?:the )?(?P<half>first|second) half of (?P<y>{YEAR})(?!\w)",
    rf"(?:the )?(?P<close>end of (?:the )?)?(?P<quarter>first|second|third|fourth) quarter of (?P<y>{YEAR})(?!\w)",
    rf"(?P<q>Q[1-4]|H[12]),? (?:of )?(?P<y>{YEAR})(?!\w)",
    rf"(?P<edge>end|mid)-(?P<y>{YEAR})(?!\w)",
    rf"(?P<edge>year-end) (?P<y>{YEAR})(?!\w)",
    rf"(?<!\d)(?P<d>[0-3]?\d) (?P<m>{_MONTH})(?:,? (?P<y>{YEAR}))?(?!\w)",
    rf"\b(?P<m>{_MONTH}) (?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?:,? (?P<y>{YEAR}))?(?![\w,]\d|\w)",
    rf"\b(?P<m>{_MONTH}),? (?P<y>{YEAR})(?!\w)",
    r"(?:the )?(?P<decade>(?:1[89]|20)\d0)s\b",
    rf"\b(?P<m>{_MONTH.replace('|May', '').replace('|March', '')})\b",
    rf"(?:{_BEFORE})(?P<m>May|March)\b",
    rf"(?<![\w,.$€£/])(?<!RMB )(?<!yuan )(?P<y>{YEAR})"
    r"(?![\w%]|[,.]\d|-\w| (?:yuan|per cent|percent|million|billion))",
    r"\b(?:the )?(?P<close>end of (?:the )?)?(?P<quarter>first|second|third|fourth) quarter\b",
    r"\b(?:the )?(?P<half>first|second) half(?= (?:year|of the year)\b|[,.;]|$)(?: (?:year|of the year)\b)?",
    r"\b(?:the )?(?P<edge>end) of the year\b|\b(?P<edge2>mid)-year\b",
)
_PATTERNS = {
    "zh": tuple(re.compile(p) for p in _ZH),
    "en": tuple(re.compile(p) for p in _EN),
}


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is said: 0 is a year, month or day that is not."""

    year: int = 0
    month: int = 0
    day: int = 0
    part: str = ""  # end, start, middle, H1, H2, Q1 to Q4, Q1 end to Q4 end, decade
    until: int = 0  # last year of a period that starts with `year`

    def numbers(self) -> tuple[int, ...]:
        """The numbers that the date states."""
        return tuple(n for n in (self.year, self.until, self.month, self.day) if n)


def dates(text: str, language: str, periods: bool = True) -> Iterator[tuple[int, int, Date]]:
    """(start, end, date) of each date, in no order; may overlap, the better reading first.

    Without `periods`, 2026至2028年 is read as its second year only.
    """
    for pattern in _PATTERNS[language][0 if periods else _periods(language) :]:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), _date(match.groupdict())


def _periods(language: str) -> int:
    """The number of patterns of periods, which come first."""
    return 1 if language == "zh" else 2


def _date(found: dict[str, str | None]) -> Date:
    get = {k: v for k, v in found.items() if v}
    month = get.get("m") or str(chinese_value(get["mz"]) if "mz" in get else 0)
    return Date(
        year=_year(get),
        month=MONTHS.index(month) + 1 if month in MONTHS else int(month),
        day=int(get.get("d") or (chinese_value(get["dz"]) if "dz" in get else 0)),
        part=_part(get),
        until=int(get.get("y2", 0)),
    )


def _year(get: dict[str, str]) -> int:
    if "yz" in get:
        return int("".join(str(CHINESE_DIGITS[c]) for c in get["yz"]))
    if "dec" in get:
        return (int(get.get("c", 20)) - 1) * 100 + int(get["dec"])
    return int(get.get("decade") or get.get("y", 0))


def _part(get: dict[str, str]) -> str:
    if "half" in get:
        return "H1" if get["half"] in ("上", "first") else "H2"
    if "quarter" in get:
        quarter = get["quarter"]
        place = ORDINALS if quarter in ORDINALS else "1234" if quarter in "1234" else "一二三四"
        return f"Q{place.index(quarter) + 1}" + " end" * ("close" in get)
    if "decade" in get or "dec" in get:
        return "decade"
    if edge := get.get("edge") or get.get("edge2"):
        return {"beginning": "start", "start": "start", "mid": "middle", "middle": "middle"}.get(edge, "end")
    return get.get("q") or ZH_PARTS.get(get.get("p") or get.get("mp") or "", "")


def english_date(date: Date) -> str:
    """Date(2026, 6, part="end") is "the end of June 2026"."""
    if date.part == "decade":
        return f"the {date.year}s"
    if date.until:
        return f"{date.year} to {date.until}"
    words = (str(date.day or ""), MONTHS[date.month - 1] if date.month else "", str(date.year or ""))
    bare = " ".join(word for word in words if word)
    if not date.part:
        return bare
    if date.part[0] in "QH":
        name = "quarter" if date.part[0] == "Q" else "half"
        close = "the end of " * date.part.endswith(" end")
        return f"{close}the {ORDINALS[int(date.part[1]) - 1]} {name}" + f" of {bare}" * bool(bare)
    return f"the {date.part} of {bare or 'the year'}"


def chinese_date(date: Date) -> str:
    """Date(2026, 6, part="end") is "2026年6月底"."""
    if date.part == "decade":
        return f"{date.year // 100 + 1}世纪{date.year % 100:02}年代"
    if date.until:
        return f"{date.year}年至{date.until}年"
    bare = "".join(f"{n}{unit}" for n, unit in ((date.year, "年"), (date.month, "月"), (date.day, "日")) if n)
    part = PART_ZH.get(date.part.removesuffix(" end") or date.part, "") + "末" * date.part.endswith(" end")
    bare = bare or "年" * (date.part in ("end", "start"))
    return bare.removesuffix("年") + part if part.startswith("年") else bare + part
