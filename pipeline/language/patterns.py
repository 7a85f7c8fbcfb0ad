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
_DIGIT = "[零〇一二三四五六七八九]"
_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]+"
# 零点五 is a number, 三点五 only before a unit: 下午三点五十, 一点一滴.
_DECIMAL = (
    rf"零点{_DIGIT}+(?![\d十刻分])"
    rf"|[一二两三四五六七八九十]+点{_DIGIT}+(?=[倍％%万亿元吨折亩度米]|个百分点|个?小时|公[里斤顷])"
)
_SIGN = r"人民币|RMB|Rmb|CNY|USD|US\$|HK\$|NZ\$|[SAC]\$|EUR|GBP|JPY|KRW|CHF|[$€£¥￥]"
_SCALE_ZH = "(?:万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|(?<!\\s)千(?![瓦米克伏卡焦帕升赫])|(?<!\\s)百(?!分))"
_MONEY_ZH = _any(w for w in CODES if re.match("[一-鿿]", w) and w not in ("元", "人民币"))
_MONEY_EN = _any(w for w in CODES if re.fullmatch("[A-Za-z ]+", w))
_UNIT_ZH = rf"个?百分点|[%％‰]|倍|{_MONEY_ZH}|元(?![素件器宇数组旦])"
_SCALE_WORDS = [w for w in ENGLISH_SCALES if w != "m"]  # m is million after a currency sign only
_SCALE_EN = f"(?i:{_any(_SCALE_WORDS)})"  # RMB 100 Billion in a title
_UNIT_EN = (
    r"%|per ?cent\b|percentage[ -]points?\b|points\b|times\b(?! an? | per | daily| over)|-?fold\b"
    rf"|(?:{_MONEY_EN})\b"
)
_DASH = r"\s?(?:至|到|[-‐‑–—―－~～〜])\s?"
_CODE = r"(?![GDKC](?![A-Za-z])|[A-Z]+\d)"  # 5G, 3D, 4K are names
_FREE = r"(?<![\d.A-Za-z])(?:(?<![A-Za-z]-)|(?<=-in-))(?<!ISO )(?<!IEC )(?<!GB )(?<!GB/T )"
_WORD = _any([*ENGLISH_UNITS, *ENGLISH_TENS])
_JOINT = r"(?:[ -]|(?<=hundred) and |(?<=thousand) and |(?<=million) and )"
_WORDS = rf"(?:{_WORD}|an?(?= (?:{_SCALE_EN})))(?:{_JOINT}(?:{_WORD}|{_SCALE_EN})\b)*"
_WORDS += rf"|(?:(?<=\bper )|(?<=\bevery ))(?:{_SCALE_EN})(?: {_SCALE_EN})?\b"
FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
FRACTIONS |= {"eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100}

RATIO = re.compile(rf"{_FREE}\d+(?:\.\d+)?(?:\s?[:：∶]\s?\d+(?:\.\d+)?)+")
TO_ONE = re.compile(
    r"(?<![\d.])(\d+\.\d+|(?<=ratio of )\d+) to (1)(?![\d.,]\d|\d)|(?<![\d.])(\d+(?:\.\d+)?)比(\d+(?:\.\d+)?)"
)
_NUMBER_ZH = rf"(?:{_SPACED}|{_NUMBER}|{_DECIMAL}|{_NUMERAL})"
_M = r"m(?= sq)|(?(sign)m|(?!))"
ZH_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s?)?{_FREE}"
    rf"(?:(?P<a>{_NUMBER_ZH})\s?(?P<as>{_SCALE_ZH})?\s?(?P<au>{_UNIT_ZH})?{_DASH})?"
    rf"(?P<second>(?:{_SIGN})?(?P<b>{_NUMBER_ZH}){_CODE}"
    rf"(?:\s?(?P<more>[多余])?(?P<bs>{_SCALE_ZH}))?(?:\s?(?P<bu>{_UNIT_ZH})(?P<half>(?<=倍)半)?(?P<over>(?<=[倍元％%半])[多余])?)?)"
)
EN_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s?)?{_FREE}"
    rf"(?:(?P<a>{_NUMBER})(?:[ -]?(?P<as>{_SCALE_EN})\b)?\s?(?P<au>{_UNIT_EN})?(?:\s?[-–—~]\s?| to ))?"
    rf"(?P<second>(?:(?:{_SIGN})\s?)?(?P<b>{_NUMBER}){_CODE}"
    rf"(?:[ -]?(?P<bs>{_SCALE_EN}|{_M})\b)?(?:[ -]?(?P<bu>{_UNIT_EN}))?)(?P<more>(?!))?"
)
EN_WORDS = re.compile(rf"\b(?P<b>{_WORDS})\b(?:[ -]?(?P<bu>{_UNIT_EN}))?", re.IGNORECASE)
_TENTH = r"[一二两三四五六七八九]|(?<![\d.])\d(?:\.\d)?"
_HALF_TENTH = r"[一二三四五六七八九](?=[的，。、；：）,以左上至到和与]|\d|$)|半"
# 三成员 is no share, 统一成为 and 之一成 neither.
_SHARE_END = "(?!立(?![即刻])|员(?!工)|长(?!期)|本(?![地市省区县国])|分(?![布值])|不变|[果绩功熟型形])"
ZH_TENTHS = re.compile(
    rf"(?<![一二三四五六七八九十百几数之第点])(?:(?P<a>{_TENTH})(?:成(?P<ah>{_HALF_TENTH})?)?(?:{_DASH}))?"
    rf"(?P<near>[一二两三四五六七八](?=[二三四五六七八九]成))?(?P<t>{_TENTH})(?<![统合专单唯同归划万]一)"
    rf"成(?P<h>{_HALF_TENTH})?(?P<more>[多余])?{_SHARE_END}"
)
ZH_NEAR = re.compile(  # 二三十家
    r"(?<![一二三四五六七八九十百千])(?P<a>[一二两三四五六七八])(?P<b>[二三四五六七八九])(?P<s>[十百千万亿]+)(?!年代)"
)
ZH_DISCOUNT = re.compile(
    r"(?<![一二三四五六七八九十百曲骨\d.])(?P<n>[一二三四五六七八九]{1,2}|(?<=[打按享])对|[1-9](?:\.?\d)?)"
    "折(?![叠旧算合页线射现回返中腾断痕子])"
)
ZH_FRACTION = re.compile(
    rf"(?P<d>{_NUMERAL})分之(?P<n>{_NUMERAL}(?:点{_DIGIT}+)?|{_NUMBER})(?:{_DASH}(?:(?P=d)分之)?(?P<n2>{_NUMERAL}(?![成个])|{_NUMBER}))?"
    "(?P<more>[多余])?"
)
ZH_HALF = re.compile("半数|过半|一半")
EN_HALF = re.compile(r"\bhalf(?= of\b)", re.IGNORECASE)
# A half third-party is none, "two quarters" and "the first three quarters" are time.
EN_FRACTION = re.compile(
    rf"(?<!first )(?<!last )(?<!past )(?<!next )\b(?P<n>{_any(ENGLISH_UNITS)}|an?)[- ]"
    rf"(?:(?P<d>(?!quarter)(?:{_any(FRACTIONS)}))s?"
    r"|(?P<q>(?<!in one.)(?<=one.)quarter|(?<=\ba.)quarter|(?<=three.)quarters(?! running| in a row)))\b(?!-[A-Za-z])"
    r"(?P<of>(?= of\b| as\b))?",
    re.IGNORECASE,
)
EN_TENTHS = re.compile(
    rf"\b(?P<t>{_any(ENGLISH_UNITS)}) (?:in|out of) (?:every )?ten\b(?! (?:thousand|million))", re.IGNORECASE
)
_WHOLE = r"(?:an? |one |ten )?(?:hundred|thousand|million)\b|1,?000|10,?000|100,?000|100"
EN_IN = re.compile(  # but 4.3 per 10,000 residents is two figures
    rf"(?<![\d.,])(?P<n>{_NUMBER}|\b(?:{_any(ENGLISH_UNITS)})) "
    rf"(?:in|out of|per(?= (?:{_WHOLE})(?: of\b| a (?:day|week|month|year)\b|[,.;]|$))) "
    rf"(?P<d>{_WHOLE})(?![\d,]\d)",
    re.IGNORECASE,
)
EN_TIMES = re.compile(
    r"\b(?P<twice>twice)(?= (?:the|as|that|those|its|their|what)\b)|\b(?P<fold>[a-z]+)fold\b"
    rf"|\b(?P<half>{_any(ENGLISH_UNITS)}) and a half times\b",
    re.IGNORECASE,
)
# What has grown, as a verb: the times that are added.
GROWTH = {
    "zh": re.compile("翻[了上]?(?P<n>[一两三四])番|(?:翻[番倍]|倍增)"),
    "en": re.compile(r"\b(?:(?P<v1>doubl)|(?P<v2>tripl|trebl)|(?P<v3>quadrupl))(?:e[sd]?|ing)\b", re.IGNORECASE),
}

# Clock times; 10:30 without a sign of one is read as a ratio.
CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>0\d|1?\d|2[0-4]):(?P<m>[0-5]\d)(?![\d:])(?:(?<=:00)|(?<=0\d:..)|(?=\s?[ap]\.?m\b))"
)
_HOUR = r"(?<![\d.])(?:[01]?\d|2[0-4])|(?<![一二三四五六七八九十])(?:零|二?十?[一二三四五六七八九]|二?十)"
ZH_CLOCK = re.compile(
    rf"(?P<h>{_HOUR})(?:[时点](?:(?P<m>[0-5]?\d|[一二三四五]?十?[一二三四五六七八九]|[一二三四五]?十)分|(?P<half>半)|[整钟])"
    r"|(?<=\d)时(?=[至到前后起止许，。、；）—-]|以[前后]|$))"
)

# Names that hold digits: plans by their number, documents, hotlines, round the clock. Group n is the number.
_PLAN_NUMBER = "十[一二三四五六七八九]|[一二三四五六七八九]"
PLANS = {
    "zh": re.compile(
        rf"[“‘](?P<n>{_PLAN_NUMBER})五[”’](?:规划)?|(?P<n2>十[一二三四五六七八九])五(?:规划|(?=[时期]|以来))"
        rf"|第(?P<n3>{_PLAN_NUMBER})个五年(?:规划|计划)"
    ),
    "en": re.compile(r"(?:\b[Tt]he )?\b(?P<n>\d\d?)(?:st|nd|rd|th) [Ff]ive-[Yy]ear [Pp]lan\b"),
}
CALLED = {  # what a number calls, and never counts: verbatim, or by a word of the other language
    "zh": re.compile(
        r"(?P<n>(?<!\d)\d{3,6})(?=[一-鿿”]{0,8}热线)|(?P<clock>7\s?[×xX*＊]\s?24(?:\s?小时)?)"
        r"|(?P<document>[一1]号文(?:件(?!夹))?)"
    ),
    "en": re.compile(
        r"(?P<n>(?<![\d.,])\d{3,6})(?=(?: [a-z-]+){0,3} hotline)|(?P<clock>\b24/7\b)"
        r"|(?P<document>\b(?:the )?No\. ?1 (?:central )?[Dd]ocument\b|\b(?:[Cc]entral )?[Dd]ocument No\. ?1\b)"
    ),
}
