"""Patterns of numbers with their units. Data, no logic: `numbers.py` reads the matches.

Groups: sign, a currency before the number; a, as, au the first end of a range with its scale
and unit; b, bs, bu the number itself, or the last end; more, 多 or 余 before a scale.
"""

from __future__ import annotations

import re

from pipeline.language.numerals import ENGLISH_SCALES, ENGLISH_TENS, ENGLISH_UNITS

CURRENCIES = {  # code: Chinese unit, English prefix, what either language prints
    "CNY": ("元", "RMB ", "人民币 元 RMB Rmb CNY ¥ ￥ yuan renminbi"),
    "USD": ("美元", "US$", "美元 美金 US$ USD $ US-dollars dollars dollar"),
    "EUR": ("欧元", "€", "欧元 EUR € euros euro"),
    "GBP": ("英镑", "£", "英镑 GBP £ pounds"),
    "JPY": ("日元", "JPY ", "日元 JPY yen"),
    "HKD": ("港元", "HK$", "港元 港币 HK$ HKD"),
    "SGD": ("新元", "S$", "新加坡元 新元 S$ SGD Singapore-dollars"),
    "AUD": ("澳元", "A$", "澳元 A$ AUD"),
    "CAD": ("加元", "C$", "加元 C$ CAD"),
    "NZD": ("新西兰元", "NZ$", "新西兰元 NZ$ NZD"),
    "KRW": ("韩元", "KRW ", "韩元 KRW won"),
    "CHF": ("瑞士法郎", "CHF ", "瑞士法郎 CHF francs"),
}
CODES = {word.replace("-", " "): code for code, row in CURRENCIES.items() for word in row[2].split()}


def _any(words) -> str:
    """An alternation, the longest word first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_SPACED = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?=\s?[一-鿿%％])"  # 1 146 处; digits alone may be table cells
_NUMBER = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]+"
_SIGN = r"人民币|RMB|Rmb|CNY|USD|US\$|HK\$|NZ\$|[SAC]\$|EUR|GBP|JPY|KRW|CHF|[$€£¥￥]"
_SCALE_ZH = "(?:万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|(?<!\\s)千(?![瓦米克伏卡焦帕])|(?<!\\s)百(?!分))"
_MONEY_ZH = _any(w for w in CODES if re.match("[一-鿿]", w) and w not in ("元", "人民币"))
_MONEY_EN = _any(w for w in CODES if re.fullmatch("[A-Za-z ]+", w))
_UNIT_ZH = rf"个?百分点|[%％‰]|倍|{_MONEY_ZH}|元(?![素件器宇数组旦])"
_SCALE_WORDS = [w for w in ENGLISH_SCALES if w != "m"]  # m is million after a currency sign only
_SCALE_EN = _any(_SCALE_WORDS)
_UNIT_EN = (
    r"%|per ?cent\b|percentage[ -]points?\b|points\b|times\b(?! an? | per | daily| over)|-?fold\b"
    rf"|(?:{_MONEY_EN})\b"
)
_DASH = r"\s?(?:至|到|-|－|—|–|~|～)\s?"
_CODE = r"(?![GDKC](?![A-Za-z])|[A-Z]+\d)"  # 5G, 3D, 4K are names
_FREE = r"(?<![\d.A-Za-z])(?<![A-Za-z]-)(?<!ISO )(?<!IEC )(?<!GB )(?<!GB/T )"
_WORD = _any([*ENGLISH_UNITS, *ENGLISH_TENS])
_JOINT = r"(?:[ -]|(?<=hundred) and |(?<=thousand) and |(?<=million) and )"
_WORDS = rf"(?:{_WORD}|an?(?= (?:{_SCALE_EN})))(?:{_JOINT}(?:{_WORD}|{_SCALE_EN})\b)*"
FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
FRACTIONS |= {"eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100}

RATIO = re.compile(rf"{_FREE}\d+(?:\.\d+)?(?:\s?[:：∶]\s?\d+(?:\.\d+)?)+")
_NUMBER_ZH = rf"(?:{_SPACED}|{_NUMBER}|{_NUMERAL})"
_M = r"m(?= sq)|(?(sign)m|(?!))"
ZH_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s?)?{_FREE}"
    rf"(?:(?P<a>{_NUMBER_ZH})\s?(?P<as>{_SCALE_ZH})?\s?(?P<au>{_UNIT_ZH})?{_DASH})?"
    rf"(?P<second>(?:{_SIGN})?(?P<b>{_NUMBER_ZH}){_CODE}"
    rf"(?:\s?(?P<more>[多余])?(?P<bs>{_SCALE_ZH}))?(?:\s?(?P<bu>{_UNIT_ZH}))?)"
)
EN_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s?)?{_FREE}"
    rf"(?:(?P<a>{_NUMBER})(?:[ -]?(?P<as>{_SCALE_EN})\b)?\s?(?P<au>{_UNIT_EN})?(?:\s?[-–—~]\s?| to ))?"
    rf"(?P<second>(?:(?:{_SIGN})\s?)?(?P<b>{_NUMBER}){_CODE}"
    rf"(?:[ -]?(?P<bs>{_SCALE_EN}|{_M})\b)?(?:[ -]?(?P<bu>{_UNIT_EN}))?)(?P<more>(?!))?"
)
EN_WORDS = re.compile(rf"\b(?P<b>{_WORDS})\b(?:[ -]?(?P<bu>{_UNIT_EN}))?", re.IGNORECASE)
ZH_TENTHS = re.compile(
    "(?<![一二三四五六七八九几数])(?P<t>[一二两三四五六七八九])成(?P<h>[一二三四五六七八九半]?)"
    "(?![不员立为长本果绩功熟型形])"  # 三成员 is no share
)
ZH_FRACTION = re.compile(rf"(?P<d>{_NUMERAL})分之(?P<n>{_NUMERAL})")
EN_FRACTION = re.compile(
    rf"\b(?P<n>{_any(ENGLISH_UNITS)}|an?)[- ](?P<d>{_any(FRACTIONS)})s?\b(?P<of>(?= of\b| as\b))?", re.IGNORECASE
)
EN_TENTHS = re.compile(rf"\b(?P<t>{_any(ENGLISH_UNITS)}) (?:in|out of) (?:every )?ten\b", re.IGNORECASE)
