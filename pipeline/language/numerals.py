"""Numerals written in words, and exact decimal writing. No unit, no context."""

from __future__ import annotations

import re
from decimal import Context, Decimal

CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE_SCALES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8}
CHINESE_SCALES |= {"千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100}
ENGLISH_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
ENGLISH_SCALES |= {"trillion": 10**12, "mn": 10**6, "bn": 10**9, "tn": 10**12, "m": 10**6}
ENGLISH_UNITS = {
    word: i
    for i, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split(),
        1,
    )
}
LONGEST_NUMERAL = 40  # characters; what is longer is no number
ENGLISH_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)


def chinese_value(numeral: str) -> Decimal | None:
    """The value of 五千亿, 三十 or 零点五; None for what is no single number (三五, 万亿万)."""
    numeral, _, decimals = numeral.partition("点")
    if decimals:
        tail = "".join(str(CHINESE_DIGITS[c]) for c in decimals)
        return (chinese_value(numeral) or Decimal(0)) + Decimal(f"0.{tail}")
    if len(numeral) > LONGEST_NUMERAL or re.search("[一二三四五六七八九两][一二三四五六七八九两]", numeral):
        return None
    total = section = digit = 0
    for c in numeral:
        if c in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[c]
        elif c in "十百千":
            section += (digit or 1) * 10 ** ("十百千".index(c) + 1)
            digit = 0
        else:
            total = ((total + section + digit) or 1) * (10**4 if c == "万" else 10**8)
            section = digit = 0
    return Decimal(total + section + digit) or None


def english_value(words: str) -> Decimal | None:
    """The value of "twenty-three" or "two hundred thousand"; None for what is no number."""
    total = section = 0
    for word in re.findall("[a-z]+", words.lower()):
        if word in ENGLISH_UNITS or word in ENGLISH_TENS:
            section += ENGLISH_UNITS.get(word) or ENGLISH_TENS[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in ENGLISH_SCALES:
            total += (section or 1) * ENGLISH_SCALES[word]
            section = 0
        elif word not in ("and", "a", "an"):
            return None
    return Decimal(total + section) or None


def plain(value: Decimal) -> str:
    """The digits of a number without exponent and trailing zeros: 1E+3 is "1000"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Decimal, places: int) -> Decimal:
    """The value with so many decimals, however many digits it has before them."""
    context = Context(prec=max(28, value.adjusted() + places + 2))
    return value.quantize(Decimal(1).scaleb(-places), context=context)


def _scaled(value: Decimal, scale: int, places: int) -> Decimal | None:
    """value / scale if it is at least 1 and needs at most `places` decimals."""
    quotient = value / scale
    exact = quotient * scale == value and quotient == rounded(quotient, places)
    return quotient if quotient >= 1 and exact else None


def english_number(value: Decimal) -> str:
    """2540000 is "2.54 million", 953000 is "953,000"."""
    for word in ("trillion", "billion", "million"):
        if quotient := _scaled(value, ENGLISH_SCALES[word], 3):
            return f"{plain(quotient)} {word}"
    whole, _, decimals = plain(value).partition(".")
    return f"{Decimal(whole):,f}" + (f".{decimals}" if decimals else "")


def chinese_number(value: Decimal) -> str:
    """2540000 is "254万", 200000000000 is "2000亿"."""
    for word, places in (("万亿", 4), ("亿", 4), ("万", 2)):
        if quotient := _scaled(value, CHINESE_SCALES[word], places):
            return f"{plain(quotient)}{word}"
    return plain(value)
